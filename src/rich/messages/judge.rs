//! Checks a project's own files of messages.

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

/// How many missing messages are named.
const MOST_NAMES: usize = 20;

/// The messages of a file by name, each with the names of its arguments.
type KnownMessages = BTreeMap<String, BTreeSet<String>>;

/// Returns whether a language, or one that it is a variant of, has a file: a built-in one, or one
/// of these tags.
pub fn is_translated<'a>(language: &str, own: impl IntoIterator<Item = &'a str>) -> bool {
    let own: Vec<&str> = own.into_iter().collect();
    widened(language).into_iter().any(|tag| {
        built_in_text(tag).is_some() || own.iter().any(|other| other.eq_ignore_ascii_case(tag))
    })
}

/// Reports the errors in a project's own files, given by their tags, for a site in `language`.
///
/// `is_named` returns whether a template of the project names a message.
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

/// Reports the messages that are missing in a language, at the project's nearest file.
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

/// Returns the messages of a text, as far as it can be parsed.
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

/// A reference in a pattern.
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
    /// The messages and terms above, terms with their hyphen.
    above: BTreeSet<String>,
    report: &'a mut Report,
}

impl<'a> MessageReader<'a> {
    fn file(&mut self, is_named: &dyn Fn(&str) -> bool) {
        // Checked before the parser, which recurses into braces: some thousands of them would
        // overflow the stack.
        if let Some(range) = depth::beyond(self.text) {
            let message = "braces nested more than 32 levels deep".to_owned();
            let help = "write parts of the text as terms of their own, `-name = text`";
            return self.error(Span::new(self.file, range), message, help.to_owned());
        }
        let (resource, errors) = match parse_runtime(self.text) {
            Ok(resource) => (resource, Vec::new()),
            Err(found) => found,
        };
        for error in errors {
            let message = format!("syntax error: {}", lower(&error.kind.to_string()));
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
                            self.error(self.span(id), text, "write it after the `=`".to_owned());
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

    /// Records a name, which must be unique.
    fn name(&mut self, id: &Identifier<&str>, name: String) {
        if self.above.contains(&name) {
            let message = format!("duplicate `{name}`");
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

    /// Checks the references of a message or term.
    fn pattern(&mut self, id: &str, pattern: &Pattern<&'a str>) {
        let known = self.english.get(id);
        let mut given = BTreeSet::new();
        let mut faults = Vec::new();
        walk(pattern, &mut |reference| match reference {
            Reference::Argument(argument) => {
                given.insert(argument.name);
                if let Some(known) = known.filter(|known| !known.contains(argument.name)) {
                    let message = format!("`{id}` has no argument `${}`", argument.name);
                    let names = known.iter().map(|name| format!("`${name}`"));
                    let names = names.collect::<Vec<_>>();
                    let help = if names.is_empty() {
                        "it has no arguments".to_owned()
                    } else {
                        format!("its arguments: {}", names.join(", "))
                    };
                    faults.push((argument.name, message, help));
                }
            }
            Reference::Message(other) | Reference::Term(other) => {
                let name = match reference {
                    Reference::Term(_) => format!("-{}", other.name),
                    _ => other.name.to_owned(),
                };
                // Only messages and terms above may be referenced: so there are no cycles, and the
                // resolver terminates.
                if !self.above.contains(&name) || name == id {
                    let message = format!("no message or term `{name}` above");
                    let help = "define it above its uses, in the same file";
                    faults.push((other.name, message, help.to_owned()));
                }
            }
            Reference::Function(function) => {
                let message = format!("unknown function `{}`", function.name);
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
            let message = format!("`{id}` does not use `${name}`");
            let span = self.pattern_span(pattern);
            let diagnostic = Diagnostic::warning(Code::InvalidMessages, span, message);
            self.report
                .push(diagnostic.help("readers need it: write it where it belongs"));
        }
    }

    fn error(&mut self, span: Span, message: String, help: String) {
        let diagnostic = Diagnostic::error(Code::InvalidMessages, span, message);
        self.report.push(diagnostic.help(help));
    }

    fn span(&self, id: &Identifier<&str>) -> Span {
        self.place(id.name)
    }

    /// Returns the place of the first text of a pattern.
    fn pattern_span(&self, pattern: &Pattern<&str>) -> Span {
        let first = pattern.elements.iter().find_map(|element| match element {
            PatternElement::TextElement { value } => Some(value.trim_end()),
            PatternElement::Placeable { .. } => None,
        });
        first.map_or(Span::new(self.file, 0..0), |text| self.place(text))
    }

    /// Returns the place of a part of the text.
    fn place(&self, part: &str) -> Span {
        // The syntax tree has no places. Its names are slices of the text, so their addresses
        // determine the places.
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        Span::new(self.file, start..start + part.len())
    }
}

/// Visits all references of a pattern, in every variant.
fn walk<'t>(pattern: &Pattern<&'t str>, visit: &mut dyn FnMut(Reference<'_, 't>)) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            walk_expression(expression, visit);
        }
    }
}

fn walk_expression<'t>(expression: &Expression<&'t str>, visit: &mut dyn FnMut(Reference<'_, 't>)) {
    match expression {
        Expression::Inline(inline) => walk_inline(inline, visit),
        Expression::Select { selector, variants } => {
            walk_inline(selector, visit);
            variants
                .iter()
                .for_each(|variant| walk(&variant.value, visit));
        }
    }
}

fn walk_inline<'t>(inline: &InlineExpression<&'t str>, visit: &mut dyn FnMut(Reference<'_, 't>)) {
    match inline {
        InlineExpression::VariableReference { id } => visit(Reference::Argument(id)),
        InlineExpression::MessageReference { id, .. } => visit(Reference::Message(id)),
        InlineExpression::TermReference { id, arguments, .. } => {
            visit(Reference::Term(id));
            arguments
                .iter()
                .for_each(|arguments| walk_call(arguments, visit));
        }
        InlineExpression::FunctionReference { id, arguments } => {
            visit(Reference::Function(id));
            walk_call(arguments, visit);
        }
        InlineExpression::Placeable { expression } => walk_expression(expression, visit),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

fn walk_call<'t>(arguments: &CallArguments<&'t str>, visit: &mut dyn FnMut(Reference<'_, 't>)) {
    arguments
        .positional
        .iter()
        .for_each(|inline| walk_inline(inline, visit));
}

/// Changes the capital letter at the start of the parser's messages.
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
