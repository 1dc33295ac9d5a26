//! Rewords the parser's syntax errors, with help.

use super::Composer;
use super::before::{Before, before};
use super::misread::misread;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;

impl Composer<'_> {
    pub(super) fn syntax_error(&mut self, error: &serde_saphyr::Error) {
        let error = error.without_snippet();
        let mut span = match error.location() {
            Some(location) => self.span(&location),
            None => Span::new(
                self.part.file,
                self.part.range().start..self.part.range().start,
            ),
        };
        if let Some(tag) = self.tag_before(span.range().start) {
            // The failed conversion matters less than that no tag is allowed there.
            return self.unknown_tag(tag, span);
        }
        if span.range().is_empty() {
            let start = span.range().start;
            let next = self.text[self.local(span).start..].chars().next();
            span = Span::new(span.file, start..start + next.map_or(0, char::len_utf8));
        }
        let message = error.to_string();
        let message = message
            .split(" at line ")
            .next()
            .unwrap_or(&message)
            .to_lowercase();
        // The parser returns messages without kinds for errors of its scanner. The version is
        // pinned (`~2.1`), and `tests/diagnostics/` shows changes of its messages.
        let known = TOO_LARGE.iter().find(|(words, ..)| message.contains(words));
        let (code, known) = match known {
            Some(known) => (Code::InputTooLarge, Some(known)),
            None => {
                let known = SYNTAX.iter().find(|(words, ..)| message.contains(words));
                (Code::InvalidYaml, known)
            }
        };
        let (message, help) = match known {
            Some(&(_, message, help)) => (message.to_owned(), Some(help.to_owned())),
            None => (format!("not YAML: {message}"), None),
        };
        if code == Code::InvalidYaml
            && let Some(found) = misread(self.text, self.local(span).start)
        {
            let base = self.part.range().start;
            let place = base + found.place.start..base + found.place.end;
            let place = Span::new(self.part.file, place);
            let diagnostic = Diagnostic::error(found.code, place, found.message);
            self.report.push(diagnostic.help(found.help));
            return;
        }
        let diagnostic = Diagnostic::error(code, span, message).maybe_help(help);
        let diagnostic = match code {
            Code::InvalidYaml => self.explained(diagnostic, span),
            _ => diagnostic,
        };
        self.report.push(diagnostic);
    }

    /// Adds the cause before the place that the parser reports, if it is certain.
    fn explained(&self, diagnostic: Diagnostic, span: Span) -> Diagnostic {
        let base = self.part.range().start;
        let place = |range: std::ops::Range<usize>| {
            Span::new(self.part.file, base + range.start..base + range.end)
        };
        let at = self.local(span).start;
        let Some(found) = before(self.text, at) else {
            return diagnostic;
        };
        match found {
            Before::Bracket(open) => {
                let partner = if self.text[open..].starts_with('[') {
                    "]"
                } else {
                    "}"
                };
                diagnostic
                    .and(place(open..open + 1), "opened here and not closed")
                    .help(format!("close it with `{partner}`"))
            }
            Before::LongQuote(quoted) => {
                let quote = &self.text[quoted.start..=quoted.start];
                diagnostic
                    .and(place(quoted.start..quoted.start + 1), "opened here")
                    .and(place(quoted.end - 1..quoted.end), "and closed only here")
                    .help(format!(
                        "close it with {quote} on the line where its text ends"
                    ))
            }
            Before::InnerQuote(quoted) => {
                let (quote, escaped) = if self.text[quoted.start..].starts_with('"') {
                    ("\"", "\\\"")
                } else {
                    ("'", "''")
                };
                diagnostic
                    .and(place(quoted.end - 1..quoted.end), "this ends the text")
                    .help(format!("write {quote} as {escaped} inside of {quote}"))
            }
            Before::Indentation {
                key,
                spaces,
                here,
                is_odd,
            } => {
                let help = if is_odd {
                    format!("indent `{}` by {here} spaces", &self.text[key.clone()])
                } else {
                    "the keys of one map begin in the same column".to_owned()
                };
                let spaces = match spaces {
                    0 => "not indented".to_owned(),
                    1 => "indented by 1 space".to_owned(),
                    _ => format!("indented by {spaces} spaces"),
                };
                let label = format!("indented by {here}");
                diagnostic.label(label).and(place(key), spaces).help(help)
            }
        }
    }
}

/// A part of the parser's message, our message, and the help.
type Rewording = (&'static str, &'static str, &'static str);

const TOO_LARGE: &[Rewording] = &[
    (
        "recursive references",
        "an alias to a value that contains it",
        "write the value out; a value can't contain itself",
    ),
    (
        "alias replay",
        "aliases that expand to more than 250,000 values, the limit of one file",
        "write the values out, or name a shared schema in `schemas`",
    ),
    (
        "aliases {",
        "more than 1,000 aliases in one file",
        "write the values out, or name a shared schema in `schemas`",
    ),
    (
        "nodes {",
        "more than 250,000 values in one file, what aliases repeat included",
        "split the page into several",
    ),
    (
        "depth {",
        "lists and maps nested more than 64 levels deep",
        "describe deep parts in words",
    ),
    (
        "recursion limit",
        "lists and maps nested more than 64 levels deep",
        "describe deep parts in words",
    ),
    (
        "budget",
        "more than the limit of one file",
        "split the page into several",
    ),
];

const SYNTAX: &[Rewording] = &[
    (
        "mapping values are not allowed",
        "a key's `:` where no key is allowed",
        "put text that contains `: ` in quotes, or check the indentation of this line",
    ),
    (
        "unexpected character: `@",
        "a value that begins with `@`",
        "put it in quotes",
    ),
    (
        "unexpected character: ``",
        "a value that begins with a backtick",
        "put it in quotes, or write longer text in a block after `|`",
    ),
    (
        "unexpected character: `%",
        "a value that begins with `%`",
        "put it in quotes",
    ),
    (
        "unexpected character: `\\u{",
        "a character that cannot be seen",
        "remove it; inside double quotes write it as \\u and four digits",
    ),
    (
        "unclosed quote",
        "quotes that never close",
        "end the text with the same quotes; in double quotes write \" as \\\", in single ones ' as ''",
    ),
    (
        "unclosed bracket",
        "a bracket that never closes",
        "add its partner, or put text that begins with a bracket in quotes",
    ),
    (
        "unknown anchor",
        "an alias to an unknown anchor",
        "put a value that begins with `*` in quotes",
    ),
    (
        "simple key expected",
        "a key without its `:`",
        "write `key: value`, and longer text in a block after `|`",
    ),
    (
        "illegal placement of ':'",
        "a key's `:` where no key is allowed",
        "put text that contains `: ` in quotes",
    ),
    (
        "comments must be separated",
        "text right after quotes that close",
        "put a space before the `#` of a comment; in double quotes write \" as \\\"",
    ),
    (
        "trailing content after single-quoted",
        "text right after quotes that close",
        "end the text with the same quotes, and put nothing after them",
    ),
    (
        "trailing content after double-quoted",
        "text right after quotes that close",
        "end the text with the same quotes, and put nothing after them",
    ),
    (
        "while parsing a flow",
        "a missing comma or bracket",
        "put text that contains brackets, braces or commas in quotes",
    ),
    (
        "did not find expected key",
        "a missing key",
        "check the indentation: the keys of one map begin in the same column",
    ),
    (
        "did not find expected '-'",
        "a missing `-`",
        "check the indentation: the `-` of one list begin in the same column",
    ),
    (
        "found a tab",
        "a tab before the next key",
        "indent with spaces",
    ),
    (
        "tabs disallowed",
        "a tab in the indentation",
        "indent with spaces",
    ),
    (
        "multiple yaml documents",
        "a second document in the file",
        "remove the line `---`; a file contains one document",
    ),
];
