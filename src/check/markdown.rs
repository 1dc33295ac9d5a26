//! Markdown of the spec: checks its structure and code, and notes its links, headings and names.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::check::proof::{NameKind, is_name};
use crate::hole::is_reserved;
use crate::hole::variable::ResolvedText;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::reserved_character;
use crate::input::yaml::{Node, Value};
use crate::model::Markdown;
use crate::rich::highlight;
use crate::rich::markdown::{self, TextOutline};

use super::dialect;
use super::locator::Locator;
use super::noted::{NameUse, page_name};
use super::reader::Reader;

/// Lowers a value to Markdown, whose links and code are checked.
pub(super) fn lower(reader: &mut Reader<'_>, node: &Node) -> Option<Markdown> {
    let Value::String(written) = &node.value else {
        // The error is the same as for a text; `word` words it.
        reader.word(node);
        return None;
    };
    if written.trim().is_empty() {
        reader.error(
            Code::EmptyValue,
            node.place,
            "an empty text",
            "write it, or remove the key",
        );
        return None;
    }
    if reader.is_boolean_word(node, written) {
        return None;
    }
    Some(lower_text(reader, node, written))
}

/// Lowers Markdown in a node, or in the body of a guide.
pub(super) fn lower_text(reader: &mut Reader<'_>, node: &Node, written: &str) -> Markdown {
    let locator = reader.locator(node, written);
    let (harmless, forged) = without_forged(reader, written, &locator);
    let resolved = reader.resolve(node, &harmless);
    // After resolving: a hole is one character, so no brace of a variable is parsed as Markdown,
    // and offsets map back by `written`.
    let outline = markdown::outline(&resolved.text, "");
    for link in &outline.links {
        let range = resolved.written(link.range.clone());
        // Where it leads is known when the reference is removed.
        let next = forged.partition_point(|it| it.start < range.start);
        let is_forged = forged.get(next).is_some_and(|it| it.end <= range.end);
        // The address of a definition stands elsewhere.
        if is_forged || !forged.is_empty() && link.destination.contains("?#") {
            continue;
        }
        let span = locator.place(range);
        let is_image = link.kind == markdown::LinkKind::Image;
        if is_image && link.text.trim().is_empty() {
            let help = "describe the image between the brackets: ![what it shows](…)";
            reader.report.push(
                Diagnostic::warning(
                    Code::MissingAltText,
                    span,
                    "an image without alternative text",
                )
                .help(help),
            );
        }
        reader.note_link(&link.destination, span, is_image);
    }
    for code in &outline.codes {
        note_page_name(reader, &resolved, code.clone(), &locator);
    }
    for heading in outline
        .headings
        .iter()
        .filter(|heading| heading.is_explicit)
    {
        let range = resolved.written(heading.range.clone());
        let span = locator.place(range);
        reader.note_place(&heading.id, span);
    }
    for heading in &outline.headings {
        let foreign = &outline.foreign;
        let next = foreign.partition_point(|it| it.range.start < heading.range.start);
        // Attributes of other tools, `{#id .class}`, have a report of their own.
        let is_foreign = foreign[next..].first().is_some_and(|it| {
            heading.range.contains(&it.range.start)
                && resolved.text[it.range.start..].starts_with("{#")
        });
        let no_anchor = no_anchor(&resolved.text[heading.range.clone()], &heading.title);
        if let Some(id) = no_anchor.filter(|_| !is_foreign) {
            let span = locator.place(resolved.written(heading.range.clone()));
            let message = format!("`{{#{id}}}` is not an anchor, and is shown as text");
            let help = "write letters, digits, `-`, `_` and `.`, and do not begin with `_`; or write \\{ for a brace itself";
            let diagnostic = Diagnostic::warning(Code::InvalidId, span, message);
            reader.report.push(diagnostic.help(help));
        }
    }
    structure(reader, &outline, &resolved, &locator);
    dialect::report(reader, &outline, &resolved, &locator);
    for fence in outline.fences {
        if let Some(opening) = &fence.never_closed {
            let signs = &resolved.text[opening.clone()];
            let help = format!(
                "after the code, write {signs} on a line of its own; otherwise all text to the end is code"
            );
            let span = locator.place(resolved.written(opening.clone()));
            let message = "an unclosed code fence";
            reader
                .report
                .push(Diagnostic::warning(Code::OpenFence, span, message).help(help));
        }
        let code_span = locator.place(resolved.written(fence.range.clone()));
        reader.only_plain_variables(&fence.code, code_span, "code");
        let title_span = locator.place(resolved.written(fence.title_range.clone()));
        reader.only_plain_variables(&fence.title, title_span, "the title of code");
        let language_span = locator.place(resolved.written(fence.language_range.clone()));
        judge_fence(reader, &fence, language_span);
    }
    Markdown(resolved.text)
}

/// Reports labels without a definition or with two, and nesting that is too deep.
fn structure(
    reader: &mut Reader<'_>,
    outline: &TextOutline,
    resolved: &ResolvedText,
    locator: &Locator<'_>,
) {
    if let Some(range) = &outline.too_deep {
        // CommonMark 0.31 sets no limit, and its parsers and printers recurse for each level.
        let span = locator.place(resolved.written(range.clone()));
        let message = "quotes, lists, emphasis or links nested more than 64 levels deep";
        let help = "nest fewer of them";
        reader.error(Code::InputTooLarge, span, message, help);
    }
    for undefined in &outline.undefined {
        let span = locator.place(resolved.written(undefined.range.clone()));
        let message = format!("missing definition of `{}`", undefined.label);
        let label = &undefined.label;
        let help = format!(
            "add a line `[{label}]: …`, or write \\[ for a bracket itself; write a pattern or code in backticks: `[{label}]`"
        );
        reader.error(Code::DeadLink, span, message, help);
    }
    for repeated in &outline.repeated {
        let span = locator.place(resolved.written(repeated.range.clone()));
        if dialect::is_comment(&repeated.label) {
            let (message, help) = dialect::unused_definition(&repeated.label);
            reader.error(Code::LostText, span, message, help);
            continue;
        }
        let message = format!("duplicate definition of `[{}]`", repeated.label);
        let help = "give one of the two another label: only the first one counts";
        reader.error(Code::DuplicateId, span, message, help);
    }
}

fn judge_fence(reader: &mut Reader<'_>, fence: &markdown::Fence, span: Span) {
    let (code, message, help) = match highlight::language(&fence.language) {
        Ok(language) if highlight::is_too_long(&fence.code, language) => (
            Code::NotHighlighted,
            "code that is too long to be highlighted".to_owned(),
            "break long lines, shorten the code, or write `text` for code without colours"
                .to_owned(),
        ),
        Ok(_) => return,
        Err(meant) => (
            Code::UnknownLanguage,
            format!("no highlighting for `{}`", fence.language),
            match (dialect::instead_of_fence(&fence.language), meant) {
                (Some(help), _) => help.to_owned(),
                (None, Some(meant)) => format!("did you mean `{meant}`?"),
                (None, None) => {
                    "the code is shown without colours; write `text` if that is intended".to_owned()
                }
            },
        ),
    };
    reader
        .report
        .push(Diagnostic::warning(code, span, message).help(help));
}

/// Notes code that a text calls a page, or that is the name of a page's file.
fn note_page_name(
    reader: &mut Reader<'_>,
    text: &ResolvedText,
    range: Range<usize>,
    locator: &Locator<'_>,
) {
    let (code, inner) = inside(&text.text, &range);
    let kind = NameKind::called(&text.text, &range);
    let is_file = page_name(code) != code;
    if (kind == Some(NameKind::Page) || is_file) && is_name(page_name(code)) {
        reader.names.push(NameUse {
            name: code.to_owned(),
            kind: Some(NameKind::Page),
            span: locator.place(text.written(inner)),
        });
    }
}

/// Notes code of a guide that could name a part of an API. Words that the guide's own code blocks
/// contain are the guide's.
pub(super) fn note_names(
    reader: &mut Reader<'_>,
    outline: &TextOutline,
    text: &str,
    locator: &Locator<'_>,
) {
    let fences = outline.fences.iter().map(|fence| fence.code.as_str());
    // A guide often shows code of the author's own program and then explains it; its names are no
    // names of the API.
    let own: HashSet<&str> = fences
        .flat_map(|code| code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .collect();
    for range in &outline.codes {
        let (name, inner) = inside(text, range);
        let kind = NameKind::called(text, range);
        let is_own = name.split('.').any(|part| own.contains(part));
        if kind != Some(NameKind::Page) && !is_own && page_name(name) == name {
            reader.names.push(NameUse {
                name: name.to_owned(),
                kind,
                span: locator.place(inner),
            });
        }
    }
}

/// Returns code without its backticks, and its place.
fn inside<'t>(text: &'t str, range: &Range<usize>) -> (&'t str, Range<usize>) {
    let code = &text[range.clone()];
    let name = code.trim_matches('`').trim();
    let start = range.start + code.find(name).unwrap_or(0);
    (name, start..start + name.len())
}

/// Returns an invalid anchor at the end of a heading.
fn no_anchor<'t>(written: &str, title: &'t str) -> Option<&'t str> {
    let (_, id) = title.strip_suffix('}')?.rsplit_once("{#")?;
    // Braces that are escaped or code are meant as text.
    let line = written.lines().next().unwrap_or_default();
    let line = line.trim_end_matches(['#', ' ', '\t']);
    let (before, rest) = line.rsplit_once("{#")?;
    let is_text = before.ends_with('\\') || rest.ends_with(['`', '\\']) || rest.ends_with("\\}");
    (!is_text).then_some(id)
}

/// Reports character references to reserved characters, and returns the text without their `&`, and
/// their places.
///
/// `&#xF0000;` becomes a marker's character after the check of raw text: it must be refused in both
/// forms, or an author could write a hole that no one checked. Without its `&` it is text, so no
/// later check looks up the variable of a marker, which may not exist.
fn without_forged<'w>(
    reader: &mut Reader<'_>,
    written: &'w str,
    locator: &Locator<'_>,
) -> (Cow<'w, str>, Vec<Range<usize>>) {
    let mut harmless = Cow::Borrowed(written);
    let mut places = Vec::new();
    for (range, character) in references_to_reserved(written) {
        harmless
            .to_mut()
            .replace_range(range.start..=range.start, "?");
        let span = locator.place(range.clone());
        reader.report.push(reserved_character(character, span));
        places.push(range);
    }
    (harmless, places)
}

/// Finds character references, such as `&#xF0000;`, to reserved characters.
fn references_to_reserved(text: &str) -> Vec<(Range<usize>, char)> {
    let references = text.match_indices("&#").filter_map(|(start, _)| {
        // Stop at the first character that can't be part of it: a search for the `;` would be
        // quadratic.
        let rest = &text[start + 2..];
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let number = rest[length..].starts_with(';').then(|| &rest[..length])?;
        let end = start + 2 + length + 1;
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let character = char::from_u32(code.ok()?)?;
        // Markdown makes U+FFFD of a reference to NUL.
        (character != '\0' && is_reserved(character)).then_some((start..end, character))
    });
    references.collect()
}
