//! What is wrong with a project's own files of messages.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, Identifier, InlineExpression, Pattern, PatternElement,
};
use fluent_syntax::parser::parse_runtime;

use super::depth;

use super::{ENGLISH, built_in_text, is_english, widened};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::meant::nearest;
use crate::input::source::{FileId, Sources, Span};

/// So many missing messages are named.
const MOST_NAMES: usize = 20;

/// The messages of a file by name, each with the names of its arguments.
type KnownMessages = BTreeMap<String, BTreeSet<String>>;

/// Whether a language, or one that it is a kind of, has a file: a built-in one, or of these tags.
pub fn is_translated<'a>(language: &str, own: impl IntoIterator<Item = &'a str>) -> bool {
    let own: Vec<&str> = own.into_iter().collect();
    widened(language).into_iter().any(|tag| {
        built_in_text(tag).is_some() || own.iter().any(|other| other.eq_ignore_ascii_case(tag))
    })
}

/// Reports what is wrong with a project's own files, given by their tags, for a site in `language`.
///
/// `is_named` says whether a template of the project's own names a message.
pub fn judge(
    language: &str,
    own: &[(String, FileId)],
    sources: &Sources,
    is_named: &dyn Fn(&str) -> bool,
    report: &mut Report,
) {
    if own.is_empty() {
        return;
    }
    let english = built_in_text(ENGLISH).map(known).unwrap_or_default();
    for &(_, file) in own {
        let mut reader = MessageReader {
            file,
            text: &sources.get(file).text,
            english: &english,
            above: BTreeSet::new(),
            report,
        };
        reader.file(is_named);
    }
    missing(language, own, sources, &english, report);
}

/// Reports the messages that a language lacks, at the project's file that comes nearest to it.
fn missing(
    language: &str,
    own: &[(String, FileId)],
    sources: &Sources,
    english: &KnownMessages,
    report: &mut Report,
) {
    let tags: Vec<&str> = widened(language);
    let of_tag = |tag: &&str| {
        own.iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(tag))
    };
    let Some(&(_, nearest)) = tags.iter().find_map(of_tag) else {
        return;
    };
    if tags.iter().any(|tag| is_english(tag)) {
        return;
    }
    let own = tags.iter().filter_map(of_tag);
    let texts = own.map(|&(_, file)| sources.get(file).text.as_str());
    let texts = texts.chain(tags.iter().filter_map(|tag| built_in_text(tag)));
    let there: BTreeSet<String> = texts.flat_map(|text| known(text).into_keys()).collect();
    let lacking = english.keys().filter(|id| !there.contains(*id));
    let lacking: Vec<String> = lacking.map(|id| format!("`{id}`")).collect();
    if lacking.is_empty() {
        return;
    }
    let message = match lacking.len() {
        1 => "a message is missing, and shown in English".to_owned(),
        number => format!("{number} messages are missing, and shown in English"),
    };
    let shown = &lacking[..lacking.len().min(MOST_NAMES)];
    let more = match lacking.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let start = Span::new(nearest, 0..0);
    report.push(
        Diagnostic::warning(Code::MissingMessages, start, message).help(format!(
            "translate {}{more}, as `botdocs theme eject messages/en.ftl` writes them",
            shown.join(", ")
        )),
    );
}

/// The messages of a text, as far as it can be read.
fn known(text: &str) -> KnownMessages {
    if depth::beyond(text).is_some() {
        return KnownMessages::new();
    }
    let (Ok(resource) | Err((resource, _))) = parse_runtime(text);
    let messages = resource.body.into_iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name.to_owned(), message.value?)),
        _ => None,
    });
    let with_arguments = messages.map(|(id, pattern)| {
        let mut names = BTreeSet::new();
        walk(&pattern, &mut |reference| {
            if let Reference::Argument(id) = reference {
                names.insert(id.name.to_owned());
            }
        });
        (id, names)
    });
    with_arguments.collect()
}

/// What a pattern refers to.
enum Reference<'r, 't> {
    Argument(&'r Identifier<&'t str>),
    Message(&'r Identifier<&'t str>),
    Term(&'r Identifier<&'t str>),
    Function(&'r Identifier<&'t str>),
}

struct MessageReader<'a> {
    file: FileId,
    text: &'a str,
    english: &'a KnownMessages,
    /// The messages and terms that stand above, terms with their hyphen.
    above: BTreeSet<String>,
    report: &'a mut Report,
}

impl<'a> MessageReader<'a> {
    fn file(&mut self, is_named: &dyn Fn(&str) -> bool) {
        // Before the parser, which follows braces down the stack: some thousands of them would end
        // the program.
        if let Some(range) = depth::beyond(self.text) {
            let message = "braces more than 32 deep in each other".to_owned();
            let help = "write parts of the text as terms of their own, `-name = text`";
            return self.error(Span::new(self.file, range), message, help.to_owned());
        }
        let (resource, errors) = match parse_runtime(self.text) {
            Ok(resource) => (resource, Vec::new()),
            Err(found) => found,
        };
        for error in errors {
            let message = format!("this can't be read: {}", lower(&error.kind.to_string()));
            let help = "a message is `name = text`, its further lines begin with spaces, and braces \
                        hold arguments";
            self.error(Span::new(self.file, error.pos), message, help.to_owned());
        }
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    let id = &message.id;
                    self.name(id, id.name.to_owned());
                    match &message.value {
                        Some(pattern) => self.pattern(id.name, pattern),
                        None => {
                            let text = format!("the message `{}` has no text", id.name);
                            self.error(self.span(id), text, "write it behind the `=`".to_owned());
                        }
                    }
                    if !self.english.contains_key(id.name) && !is_named(id.name) {
                        self.unused(id);
                    }
                }
                Entry::Term(term) => {
                    self.pattern("", &term.value);
                    self.name(&term.id, format!("-{}", term.id.name));
                }
                _ => {}
            }
        }
    }

    /// Notes a name, which may be given once.
    fn name(&mut self, id: &Identifier<&str>, name: String) {
        if self.above.contains(&name) {
            let message = format!("`{name}` a second time");
            self.error(self.span(id), message, "remove one of the two".to_owned());
        }
        self.above.insert(name);
    }

    fn unused(&mut self, id: &Identifier<&str>) {
        let message = format!("no page uses the message `{}`", id.name);
        let mut diagnostic = Diagnostic::warning(Code::UnusedMessage, self.span(id), message);
        if let Some(meant) = nearest(id.name, self.english.keys().map(String::as_str)) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        self.report.push(diagnostic.help(
            "remove it, or rename it; `botdocs theme eject messages/en.ftl` has all that are used",
        ));
    }

    /// Judges what a message or term refers to.
    fn pattern(&mut self, id: &str, pattern: &Pattern<&'a str>) {
        let known = self.english.get(id);
        let mut given = BTreeSet::new();
        let mut faults = Vec::new();
        walk(pattern, &mut |reference| match reference {
            Reference::Argument(argument) => {
                given.insert(argument.name);
                if let Some(known) = known.filter(|known| !known.contains(argument.name)) {
                    let message = format!("`{id}` is not given a value `${}`", argument.name);
                    let names = known.iter().map(|name| format!("`${name}`"));
                    let names = names.collect::<Vec<_>>();
                    let help = if names.is_empty() {
                        "it is given none".to_owned()
                    } else {
                        format!("it is given {}", names.join(", "))
                    };
                    faults.push((argument.name, message, help));
                }
            }
            Reference::Message(other) | Reference::Term(other) => {
                let name = match reference {
                    Reference::Term(_) => format!("-{}", other.name),
                    _ => other.name.to_owned(),
                };
                // Only what stands above may be referred to: so there are no circles, and the
                // resolver ends.
                if !self.above.contains(&name) || name == id {
                    let message = format!("nothing above is called `{name}`");
                    let help = "what others use stands above them in the same file";
                    faults.push((other.name, message, help.to_owned()));
                }
            }
            Reference::Function(function) => {
                let message = format!("there is no function `{}`", function.name);
                faults.push((
                    function.name,
                    message,
                    "numbers are shown as they are".to_owned(),
                ));
            }
        });
        let dropped = known.into_iter().flatten();
        let dropped: Vec<_> = dropped
            .filter(|name| !given.contains(name.as_str()))
            .collect();
        for (place, message, help) in faults {
            self.error(self.place(place), message, help);
        }
        for name in dropped {
            let message = format!("`{id}` leaves out `${name}`");
            let span = self.pattern_span(pattern);
            let diagnostic = Diagnostic::warning(Code::InvalidMessages, span, message);
            self.report
                .push(diagnostic.help("readers would miss it: write it where it belongs"));
        }
    }

    fn error(&mut self, span: Span, message: String, help: String) {
        let diagnostic = Diagnostic::error(Code::InvalidMessages, span, message);
        self.report.push(diagnostic.help(help));
    }

    fn span(&self, id: &Identifier<&str>) -> Span {
        self.place(id.name)
    }

    /// Where the first text of a pattern stands.
    fn pattern_span(&self, pattern: &Pattern<&str>) -> Span {
        let first = pattern.elements.iter().find_map(|element| match element {
            PatternElement::TextElement { value } => Some(value.trim_end()),
            PatternElement::Placeable { .. } => None,
        });
        first.map_or(Span::new(self.file, 0..0), |text| self.place(text))
    }

    /// Where a part of the text stands.
    fn place(&self, part: &str) -> Span {
        // The syntax tree has no places. Its names are slices of the text, so the addresses give
        // them.
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        Span::new(self.file, start..start + part.len())
    }
}

/// Says all that a pattern refers to, in every variant.
fn walk<'t>(pattern: &Pattern<&'t str>, say: &mut dyn FnMut(Reference<'_, 't>)) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            walk_expression(expression, say);
        }
    }
}

fn walk_expression<'t>(expression: &Expression<&'t str>, say: &mut dyn FnMut(Reference<'_, 't>)) {
    match expression {
        Expression::Inline(inline) => walk_inline(inline, say),
        Expression::Select { selector, variants } => {
            walk_inline(selector, say);
            variants
                .iter()
                .for_each(|variant| walk(&variant.value, say));
        }
    }
}

fn walk_inline<'t>(inline: &InlineExpression<&'t str>, say: &mut dyn FnMut(Reference<'_, 't>)) {
    match inline {
        InlineExpression::VariableReference { id } => say(Reference::Argument(id)),
        InlineExpression::MessageReference { id, .. } => say(Reference::Message(id)),
        InlineExpression::TermReference { id, arguments, .. } => {
            say(Reference::Term(id));
            arguments
                .iter()
                .for_each(|arguments| walk_call(arguments, say));
        }
        InlineExpression::FunctionReference { id, arguments } => {
            say(Reference::Function(id));
            walk_call(arguments, say);
        }
        InlineExpression::Placeable { expression } => walk_expression(expression, say),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

fn walk_call<'t>(arguments: &CallArguments<&'t str>, say: &mut dyn FnMut(Reference<'_, 't>)) {
    arguments
        .positional
        .iter()
        .for_each(|inline| walk_inline(inline, say));
}

/// The parser's words, which begin with a capital letter.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rich::messages::Messages;

    /// Every shipped language has the messages of the English file, with the same arguments.
    #[test]
    fn every_shipped_language_has_every_message() {
        let english = known(built_in_text(ENGLISH).unwrap());
        assert!(english.len() > 100);
        let mut others = 0;
        for (name, text) in Messages::built_in() {
            assert!(parse_runtime(text).is_ok(), "{name}");
            let own = known(text);
            let differs = |id: &&String| own.get(*id) != english.get(*id);
            let ids: BTreeSet<_> = own.keys().chain(english.keys()).collect();
            let differing: Vec<_> = ids.into_iter().filter(differs).collect();
            assert!(differing.is_empty(), "{name}: {differing:?}");
            others += usize::from(name != "en.ftl");
        }
        assert!(others > 0);
    }
}
