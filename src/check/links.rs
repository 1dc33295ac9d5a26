//! Markdown of the spec: its code is judged, and its links and headings are noted.

use std::ops::Range;

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

use super::locator::Locator;
use super::reader::Reader;

/// A link that the spec holds.
#[derive(Debug)]
pub(super) struct LinkUse {
    pub(super) destination: String,
    pub(super) span: Span,
    pub(super) is_image: bool,
}

impl Reader<'_> {
    /// Notes a link, to be judged when every page is known.
    pub(super) fn link_use(&mut self, destination: &str, span: Span, is_image: bool) {
        self.links.push(LinkUse {
            destination: destination.to_owned(),
            span,
            is_image,
        });
    }

    /// Markdown of a value, whose links and code are checked.
    pub(super) fn markdown(&mut self, node: &Node) -> Option<Markdown> {
        let Value::String(written) = &node.value else {
            // The fault is that of a text; `word` words it.
            self.word(node);
            return None;
        };
        if written.trim().is_empty() {
            self.error(
                Code::EmptyValue,
                node.place,
                "an empty text",
                "write it, or remove the key",
            );
            return None;
        }
        Some(self.markdown_text(node, written))
    }

    /// Markdown whose text stands in a node, or is the body of a guide.
    pub(super) fn markdown_text(&mut self, node: &Node, written: &str) -> Markdown {
        let locator = self.locator(node, written);
        for (range, character) in references_to_reserved(written) {
            let span = locator.place(range);
            self.report.push(reserved_character(character, span));
        }
        let resolved = self.resolve(node, written);
        let outline = markdown::outline(&resolved.text, "");
        for link in &outline.links {
            let span = locator.place(resolved.written(link.range.clone()));
            let is_image = link.kind == markdown::LinkKind::Image;
            if is_image && link.text.trim().is_empty() {
                let help = "describe the image between the brackets: ![what it shows](…)";
                self.report.push(
                    Diagnostic::warning(Code::MissingAltText, span, "an image without a text")
                        .help(help),
                );
            }
            self.link_use(&link.destination, span, is_image);
        }
        for code in &outline.codes {
            self.note_page_name(&resolved, code.clone(), &locator);
        }
        for heading in outline
            .headings
            .iter()
            .filter(|heading| heading.is_explicit)
        {
            let range = resolved.written(heading.range.clone());
            let span = locator.place(range);
            self.note_place(&heading.id, span);
        }
        for heading in &outline.headings {
            if let Some(id) = no_anchor(&heading.title) {
                let span = locator.place(resolved.written(heading.range.clone()));
                let message = format!("`{{#{id}}}` is no anchor, and stands on the page as it is");
                let help = "write letters, digits, `-`, `_` and `.`, and do not begin with `_`; or write \\{ for a brace itself";
                let diagnostic = Diagnostic::warning(Code::InvalidId, span, message);
                self.report.push(diagnostic.help(help));
            }
        }
        self.structure(&outline, &resolved, &locator);
        for fence in outline.fences {
            if let Some(opening) = &fence.never_closed {
                let signs = &resolved.text[opening.clone()];
                let help = format!(
                    "below its code, write {signs} on a line of its own; else all to the end is code"
                );
                let span = locator.place(resolved.written(opening.clone()));
                let message = "a code fence that is never closed";
                self.report
                    .push(Diagnostic::warning(Code::OpenFence, span, message).help(help));
            }
            let code_span = locator.place(resolved.written(fence.range.clone()));
            self.only_plain_variables(&fence.code, code_span, "code");
            let title_span = locator.place(resolved.written(fence.title_range.clone()));
            self.only_plain_variables(&fence.title, title_span, "the title of code");
            let language_span = locator.place(resolved.written(fence.language_range.clone()));
            self.fence(&fence, language_span);
        }
        Markdown(resolved.text)
    }

    /// Reports labels that are defined nowhere or twice, and what is too deep.
    fn structure(&mut self, outline: &TextOutline, resolved: &ResolvedText, locator: &Locator<'_>) {
        if let Some(range) = &outline.too_deep {
            let span = locator.place(resolved.written(range.clone()));
            let message = "quotes, lists, emphasis or links more than 64 deep in each other";
            let help = "write what is that deep beside the rest";
            self.error(Code::InputTooLarge, span, message, help);
        }
        for undefined in &outline.undefined {
            let span = locator.place(resolved.written(undefined.range.clone()));
            let message = format!("no definition of `{}`", undefined.label);
            let help = format!(
                "add a line `[{}]: …`, or write \\[ for a bracket itself",
                undefined.label
            );
            self.error(Code::DeadLink, span, message, help);
        }
        for repeated in &outline.repeated {
            let span = locator.place(resolved.written(repeated.range.clone()));
            let message = format!("a second footnote `[{}]`", repeated.label);
            self.error(
                Code::DuplicateId,
                span,
                message,
                "give one of the two another label",
            );
        }
    }

    fn fence(&mut self, fence: &markdown::Fence, span: Span) {
        let (code, message, help) = match highlight::language(&fence.language) {
            Ok(language) if highlight::is_too_long(&fence.code, language) => (
                Code::NotHighlighted,
                "code that is too long to be highlighted".to_owned(),
                "break long lines, show less of it, or write `text` if plain is fine".to_owned(),
            ),
            Ok(_) => return,
            Err(meant) => (
                Code::UnknownLanguage,
                format!("no highlighting for `{}`", fence.language),
                match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "the code is shown without colours; write `text` if that is meant"
                        .to_owned(),
                },
            ),
        };
        self.report
            .push(Diagnostic::warning(code, span, message).help(help));
    }
}

/// What a heading has at its end in the form of an anchor that is none.
fn no_anchor(title: &str) -> Option<&str> {
    let (_, id) = title.strip_suffix('}')?.rsplit_once("{#")?;
    Some(id)
}

/// References such as `&#xF0000;` to characters that no text may hold.
fn references_to_reserved(text: &str) -> Vec<(Range<usize>, char)> {
    let references = text.match_indices("&#").filter_map(|(start, _)| {
        // What never ends is not looked through.
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
