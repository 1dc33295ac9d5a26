//! YAML as a tree in which every key and value has its place.
//!
//! The parser is serde-saphyr, used by this module only. The tree keeps numbers as written, and
//! the maps' keys in order, also equal ones, so that a single pass finds all errors of a file;
//! only a syntax error ends it.

mod before;
mod misread;
mod raw;
mod syntax;
mod words;

use serde_saphyr::{Spanned, options::DuplicateKeyPolicy, options::MergeKeyPolicy};

use crate::hole::is_reserved;
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::name::normal;
use crate::input::source::{FileId, Sources, Span};

use raw::Raw;
pub use words::{boolean_of_yaml_1_1, is_block_scalar};

/// How deep lists and maps may be nested.
const MAX_DEPTH: usize = 64;

/// The stack of the reader, in bytes.
const STACK: usize = 8 << 20;

/// How many values a file may contain, aliases counted each time: about 4 MB of YAML, 0.2 s, 60
/// MB.
const MAX_NODES: usize = 250_000;

/// How many values a list of bots may contain.
const MAX_LIST_NODES: usize = 4_000_000;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it is written; a list's or map's is where it begins.
    pub span: Span,
    /// The place that messages about the whole value show: its key, else the value.
    pub place: Span,
}

/// The content of a value.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`, `~`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number of JSON's grammar, as it was written.
    Number(String),
    /// Text.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A map, in the written order; equal keys have been reported and the later ones left out.
    Mapping(Vec<MapEntry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct MapEntry {
    /// The key's text; a number as it was written.
    pub key: String,
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Value {
    /// Returns the value of a key, in a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Value::Mapping(entries) = self else {
            return None;
        };
        entries
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// Returns whether this is text that means a boolean in YAML 1.1, or in quotes.
    pub fn is_boolean_word(&self) -> bool {
        matches!(self, Value::String(text) if boolean_of_yaml_1_1(text).is_some())
    }

    /// Returns the name of this kind of value for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a map",
        }
    }
}

/// Parses a YAML file, or the part of it that begins at `offset`; reports every error.
///
/// Returns nothing if the syntax is broken, which is the one error that hides others.
pub fn parse(sources: &Sources, file: FileId, report: &mut Report) -> Option<Node> {
    let length = sources.get(file).text.len();
    parse_part(sources, Span::new(file, 0..length), report)
}

/// Returns the error for a character that would be taken for a variable, or would truncate a text.
pub fn reserved_character(character: char, span: Span) -> Diagnostic {
    let message = format!(
        "a file can't contain the character U+{:04X}",
        character as u32
    );
    Diagnostic::error(Code::ReservedCharacter, span, message)
        .help("remove it: NUL ends strings in C, and botdocs marks variables with planes 15 and 16")
}

/// Parses a YAML file that is a long list of small maps; reports every error.
pub fn parse_list(sources: &Sources, file: FileId, report: &mut Report) -> Option<Node> {
    let length = sources.get(file).text.len();
    parse_within(sources, Span::new(file, 0..length), MAX_LIST_NODES, report)
}

/// Parses the YAML in a part of a file, such as a guide's front matter.
pub fn parse_part(sources: &Sources, part: Span, report: &mut Report) -> Option<Node> {
    parse_within(sources, part, MAX_NODES, report)
}

fn parse_within(
    sources: &Sources,
    part: Span,
    max_nodes: usize,
    report: &mut Report,
) -> Option<Node> {
    let text = sources.text(part);
    let composer = &mut Composer { text, part, report };
    let raw = on_own_stack(|| {
        serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options(max_nodes))
    });
    match raw {
        Ok(raw) => Some(composer.node(raw)),
        Err(error) => {
            composer.syntax_error(&error);
            None
        }
    }
}

/// Returns how the reader reads YAML 1.2, and its limits.
fn options(max_nodes: usize) -> serde_saphyr::Options {
    // The reader's structs of options are non-exhaustive: its macros are the only way to build
    // them.
    serde_saphyr::options! {
        // Otherwise `no`, `on` and `y` are booleans, as in YAML 1.1; in 1.2.2 (§10.3.2) they are
        // text.
        strict_booleans: true,
        // Otherwise `012` is 12 here and 10, or text, for other parsers, and `1_000` is 1000.
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        // `.inf` and `.nan`, which JSON lacks, are numbers here, so that our own report has their
        // place.
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::PassThrough,
        // The parser would stop at the first of equal keys (YAML 1.2.2 §3.2.1.1 forbids them).
        // Here all of a file are found.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        // Merging by `<<` belongs to YAML 1.1. As an ordinary key it is reported, instead of
        // changing the map silently.
        merge_keys: MergeKeyPolicy::AsOrdinary,
        // `diagnostic` draws all lines of source, and masks the keys in them.
        with_snippet: false,
        // The parser's default budget lets an alias bomb (9 to the 12th values) run for 350 ms.
        // The depth also limits the stack: debug code needs 2 MB of it at 64 levels.
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: max_nodes,
            max_events: 4 * max_nodes,
            max_total_scalar_bytes: 64 << 20,
            max_aliases: 1000,
        },
    }
}

/// Runs the reader on a stack that suffices for the deepest file.
///
/// Code without optimization needs 2 MB at [`MAX_DEPTH`], which is the whole stack of a thread of a
/// test or of a server.
fn on_own_stack<T: Send>(read: impl Fn() -> T + Sync) -> T {
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK);
        match reader.spawn_scoped(scope, &read) {
            Ok(reader) => reader
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // Where the system starts no more threads, this stack suffices for most files.
            Err(_) => read(),
        }
    })
}

/// Returns the error for a key that a map contains twice.
pub fn duplicate_key(key: &str, again: Span, first: Span) -> Diagnostic {
    let message = format!("duplicate key `{key}`");
    Diagnostic::error(Code::DuplicateKey, again, message)
        .label("again here")
        .and(first, "first here")
        .help("remove one of the two, or rename it")
}

/// Builds nodes from raw values, and reports what YAML allows but the format does not.
struct Composer<'a> {
    text: &'a str,
    part: Span,
    report: &'a mut Report,
}

impl Composer<'_> {
    fn node(&mut self, raw: Spanned<Raw>) -> Node {
        // What an alias repeats is reported at its definition, where it can be corrected.
        let span = self.span(&raw.defined);
        Node {
            value: self.value(raw.value, span),
            span,
            place: span,
        }
    }

    fn value(&mut self, raw: Raw, span: Span) -> Value {
        match raw {
            Raw::Null => Value::Null,
            Raw::Bool => self.boolean(span),
            Raw::Number => self.number(span),
            Raw::String(text) => self.string(text, span),
            Raw::Sequence(items) => {
                Value::Sequence(items.into_iter().map(|item| self.node(item)).collect())
            }
            Raw::Mapping(entries) => self.mapping(entries, span),
            Raw::Tagged(raw) => self.tagged(*raw, span),
        }
    }

    /// Reports the tag, once: the value that it produces is not an error of its own.
    fn tagged(&mut self, raw: Raw, span: Span) -> Value {
        let tag = self.tag_before(span.range().start);
        self.unknown_tag(tag.unwrap_or(span), span);
        let written = &self.text[self.local(span)];
        match raw {
            Raw::Number if is_json_number(written) => Value::Number(written.to_owned()),
            Raw::Number => Value::String(written.to_owned()),
            Raw::String(text) => Value::String(self.without_reserved(text, span)),
            Raw::Bool => Value::Bool(written.contains("true")),
            raw => self.value(raw, span),
        }
    }

    fn unknown_tag(&mut self, tag: Span, value: Span) {
        let message = match &self.text[self.local(tag)] {
            written if written.starts_with('!') => format!("a tag, `{written}`"),
            _ => "a tag before this".to_owned(),
        };
        let help = "remove it; text that looks like a number or a boolean goes in quotes";
        let whole = Span::new(tag.file, tag.range().start..value.range().end);
        self.report
            .push(Diagnostic::error(Code::UnknownTag, whole, message).help(help));
    }

    /// Returns the tag right before a place of the file.
    fn tag_before(&self, start: usize) -> Option<Span> {
        let base = self.part.range().start;
        let mut before = self.text[..start - base].trim_end();
        let word = |text: &str| {
            text.rfind([' ', '\n', '[', '{', ','])
                .map_or(0, |at| at + 1)
        };
        if before[word(before)..].starts_with('&') {
            // An anchor can be between the two.
            before = before[..word(before)].trim_end();
        }
        let begin = word(before);
        let around = before[..begin].trim_end_matches(' ');
        let begins_value = around.is_empty()
            || around.ends_with([':', '-', '?', '[', '{', ',', '\n'])
            || around[word(around)..].starts_with('&');
        (begins_value && before[begin..].starts_with('!'))
            .then(|| Span::new(self.part.file, base + begin..base + before.len()))
    }

    fn mapping(&mut self, raw: Vec<(Spanned<Raw>, Spanned<Raw>)>, span: Span) -> Value {
        // `{{ name }}` without quotes is a map of one key, which is itself a map (YAML 1.2.2
        // §7.4.2); nothing else is written so.
        if let [(key, value)] = raw.as_slice()
            && matches!((&key.value, &value.value), (Raw::Mapping(_), Raw::Null))
        {
            self.report.push(
                Diagnostic::error(
                    Code::UnquotedVariable,
                    span,
                    "a variable that YAML reads as a map",
                )
                .label("this begins a map in YAML")
                .help("put the whole value in quotes: \"{{ name }}\""),
            );
            // As it was meant, so that a missing text is no second error.
            return Value::String(variable_of(&key.value));
        }
        let mut entries: Vec<MapEntry> = Vec::with_capacity(raw.len());
        // A hash map: comparing each key with all before it takes quadratic time in a map of
        // thousands of keys.
        let mut seen = std::collections::HashMap::with_capacity(raw.len());
        for (key, value) in raw {
            let key_span = self.span(&key.referenced);
            let value = Node {
                place: key_span,
                ..self.node(value)
            };
            let Some(key) = self.key(key, key_span) else {
                continue;
            };
            // Names that look the same are one name, however their letters are composed.
            let name = normal(&key);
            if let Some(&first) = seen.get(&*name) {
                let fault = duplicate_key(&key, key_span, first);
                let is_same = entries.iter().any(|entry| entry.key == key);
                self.report.push(if is_same {
                    fault
                } else {
                    fault.help("the two look the same, and differ only in their form of Unicode: remove one, or rename it")
                });
                continue;
            }
            seen.insert(name.into_owned(), key_span);
            entries.push(MapEntry {
                key,
                key_span,
                value,
            });
        }
        Value::Mapping(entries)
    }

    fn key(&mut self, raw: Spanned<Raw>, span: Span) -> Option<String> {
        match raw.value {
            Raw::String(text) if text == "<<" => {
                self.report.push(
                    Diagnostic::error(Code::InvalidKey, span, "`<<` merges maps only in YAML 1.1")
                        .help("write the keys out, or use `$ref` to a schema in `schemas`"),
                );
                None
            }
            Raw::String(text) => Some(self.without_reserved(text, span)),
            Raw::Number | Raw::Bool => Some(self.text[self.local(span)].to_owned()),
            Raw::Tagged(raw) => match self.tagged(*raw, span) {
                Value::String(text) | Value::Number(text) => Some(text),
                _ => None,
            },
            Raw::Null | Raw::Sequence(_) | Raw::Mapping(_) => {
                self.report.push(
                    Diagnostic::error(Code::InvalidKey, span, "a key must be text")
                        .help("put the key in quotes"),
                );
                None
            }
        }
    }

    fn boolean(&mut self, span: Span) -> Value {
        match &self.text[self.local(span)] {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            written => {
                self.report.push(
                    Diagnostic::error(
                        Code::InvalidBoolean,
                        span,
                        format!("`{written}` is not a boolean here"),
                    )
                    .help(one_of_two_spellings(written)),
                );
                Value::Bool(written.eq_ignore_ascii_case("true"))
            }
        }
    }

    fn number(&mut self, span: Span) -> Value {
        let written = &self.text[self.local(span)];
        if is_json_number(written) {
            return Value::Number(written.to_owned());
        }
        self.invalid_number(written, span);
        // Any number, so that the value's type is not reported as a second error of the same text.
        Value::Number("0".to_owned())
    }

    fn string(&mut self, text: String, span: Span) -> Value {
        let written = &self.text[self.local(span)];
        if looks_like_number(written) && !self.is_block_scalar(span) {
            self.invalid_number(written, span);
        }
        let text = self.without_reserved(text, span);
        self.lost_text(span);
        Value::String(text)
    }

    /// Warns of text after a value that YAML reads as a comment, though its author may not:
    /// `ticket #4711`.
    fn lost_text(&mut self, span: Span) {
        let range = self.local(span);
        let (written, rest) = (&self.text[range.clone()], &self.text[range.end..]);
        if written.starts_with(['"', '\'']) || self.is_block_scalar(span) {
            return;
        }
        let comment = rest.trim_start_matches([' ', '\t']);
        let spaces = rest.len() - comment.len();
        let is_word = |text: &str| text.starts_with(|c: char| !c.is_whitespace());
        let Some(after) = comment.strip_prefix('#').filter(|_| spaces > 0) else {
            return;
        };
        // Computed only now: a line can have a hundred thousand values.
        let comment = comment.lines().next().unwrap_or_default();
        if !is_word(after) && !is_name_with_hash(written, comment) {
            return;
        }
        let start = span.range().end + spaces;
        let lost = Span::new(span.file, start..start + comment.trim_end().len());
        let message = "text that YAML reads as a comment";
        let help = "put the whole value in quotes; a comment has a space after its `#`";
        self.report
            .push(Diagnostic::warning(Code::LostText, lost, message).help(help));
    }

    /// Reports a character that the file itself can't contain, but an escape such as `"\0"` can, and
    /// replaces each: a later check would read a marker as a variable, which may not exist.
    fn without_reserved(&mut self, text: String, span: Span) -> String {
        let Some(character) = text.chars().find(|&c| is_reserved(c)) else {
            return text;
        };
        self.report.push(reserved_character(character, span));
        text.replace(is_reserved, "\u{fffd}")
    }

    fn invalid_number(&mut self, written: &str, span: Span) {
        let message = format!("`{written}` is not a JSON number");
        self.report.push(
            Diagnostic::error(Code::InvalidNumber, span, message).help(format!(
                "put it in quotes if it is text (\"{written}\"), or write it as JSON does"
            )),
        );
    }

    /// Returns whether the text is a block after `|` or `>`.
    fn is_block_scalar(&self, span: Span) -> bool {
        is_block_scalar(self.text, self.local(span).start)
    }

    fn span(&self, location: &serde_saphyr::Location) -> Span {
        let span = location.span();
        let start = match span.byte_offset() {
            // The parser reports byte offsets for most places, and only line and column for some
            // errors.
            Some(offset) => offset as usize,
            None => self.offset(location.line(), location.column()),
        };
        let length = span.byte_len().unwrap_or(0) as usize;
        let start = start.min(self.text.len());
        let end = (start + length).min(self.text.len());
        let base = self.part.range().start;
        Span::new(self.part.file, base + start..base + end)
    }

    /// Returns the place in the parsed text of a span of its file.
    fn local(&self, span: Span) -> std::ops::Range<usize> {
        let base = self.part.range().start;
        span.range().start - base..span.range().end - base
    }

    /// Returns the offset of a line and column, both from 1, the column in characters.
    fn offset(&self, line: u64, column: u64) -> usize {
        let ends = self.text.match_indices('\n').map(|(at, _)| at + 1);
        let mut starts = std::iter::once(0).chain(ends);
        let start = starts
            .nth((line as usize).saturating_sub(1))
            .unwrap_or(self.text.len());
        let mut characters = self.text[start..].char_indices();
        let column = characters.nth((column as usize).saturating_sub(1));
        column.map_or(self.text.len(), |(at, _)| start + at)
    }
}

/// Returns a variable that was read as a map of one key, as its author wrote it.
fn variable_of(map: &Raw) -> String {
    match map {
        Raw::Mapping(entries) => match entries.first().map(|(key, _)| &key.value) {
            Some(Raw::String(name)) => format!("{{{{ {name} }}}}"),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// Returns the help for a word that some parsers read as a boolean: both spellings.
pub fn one_of_two_spellings(word: &str) -> String {
    let boolean = boolean_of_yaml_1_1(word).unwrap_or(word.eq_ignore_ascii_case("true"));
    format!("write `{boolean}` for the boolean, or \"{word}\" in quotes for the text")
}

/// Returns whether text is a number of JSON's grammar (RFC 8259, section 6).
pub fn is_json_number(text: &str) -> bool {
    // The crate accepts white space around a number, which RFC 8259 §6 does not include.
    !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// Returns whether the `#` of a comment is probably the end of a name such as `C #`.
fn is_name_with_hash(written: &str, comment: &str) -> bool {
    // Another one in the same text, as in `C # and F #`, but not the frame of a comment.
    let is_frame = comment.trim_end().ends_with("##");
    let has_another = comment.get(1..).is_some_and(|it| it.contains(" #")) && !is_frame;
    let last = written.rsplit_once(' ').map(|(_, last)| last);
    has_another || matches!(last, Some("C" | "F"))
}

/// Returns whether people or other YAML parsers would read unquoted text as a number: `012`,
/// `1_000`.
fn looks_like_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    unsigned.starts_with(|c: char| c.is_ascii_digit())
        && unsigned.chars().all(|c| c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests;
