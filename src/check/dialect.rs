//! What a text takes from other Markdown dialects, and text of it that no page would show.

use std::ops::Range;

use crate::hole::variable::ResolvedText;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::rich::markdown::TextOutline;

use super::locator::Locator;
use super::reader::Reader;

/// Reports constructs of other dialects, faults in markup, cells without a column, and ranges of
/// lines that are none.
pub(super) fn report(
    reader: &mut Reader<'_>,
    outline: &TextOutline,
    resolved: &ResolvedText,
    locator: &Locator<'_>,
) {
    let span = |range: &Range<usize>| locator.place(resolved.written(range.clone()));
    for foreign in &outline.foreign {
        let message = format!("{} of {}, not of Markdown", foreign.name, foreign.dialects);
        let place = span(&foreign.range);
        reader.error(Code::UnknownMarkup, place, message, &foreign.help);
    }
    for fault in &outline.faults {
        let place = span(&fault.range);
        reader.error(Code::UnknownMarkup, place, &fault.message, &*fault.help);
    }
    for lost in &outline.lost_cells {
        let help = "write a cell for it in the head of the table, or \\| for a pipe that is text, in code too";
        let message = "a cell beyond the last column, which the page does not show";
        reader.error(Code::LostText, span(lost), message, help);
    }
    for unused in &outline.unused {
        let (message, help) = unused_definition(&unused.label);
        let place = span(&unused.range);
        if leads_somewhere(&resolved.text[unused.range.clone()]) {
            // What is left of a link that the text no longer has: no words are lost.
            let diagnostic = Diagnostic::warning(Code::LostText, place, message);
            reader.report.push(diagnostic.help("remove it"));
        } else {
            reader.error(Code::LostText, place, message, help);
        }
    }
    let ranges = outline.fences.iter().flat_map(|fence| &fence.bad_marks);
    for range in ranges {
        let help = "write numbers of lines of this code, from 1, such as {1,3-5}";
        let message = "lines to mark that the code does not have";
        reader.error(Code::InvalidValue, span(range), message, help);
    }
}

/// Returns whether the definition of a link has the form of an address, or of a file or an anchor,
/// rather than that of a word.
fn leads_somewhere(definition: &str) -> bool {
    let (label, destination) = definition.split_once("]:").unwrap_or_default();
    let destination = destination.split_whitespace().next().unwrap_or_default();
    let is_address = destination.contains("://") || destination.starts_with("mailto:");
    let is_path = destination.len() > 1
        && (destination.starts_with(['/', '#', '<']) || destination.ends_with(".md"));
    !label.starts_with("[!") && !destination.starts_with("<>") && (is_address || is_path)
}

/// Returns whether a label is one that authors write comments with: `[//]: # (…)`.
pub(super) fn is_comment(label: &str) -> bool {
    label.starts_with("//") || matches!(label, "comment" | "#")
}

/// Returns what is wrong with a link definition or a footnote that nothing refers to, and what to
/// write instead.
pub(super) fn unused_definition(label: &str) -> (&'static str, String) {
    if label.starts_with('^') {
        return (
            "a footnote that no text refers to",
            format!("write [{label}] where it belongs, or remove it"),
        );
    }
    if let Some(kind) = label.strip_prefix('!') {
        return (
            "a callout whose first line is lost, since `[…]:` is the definition of a link",
            format!("write the title without a colon: > [!{kind}] Title"),
        );
    }
    if is_comment(label) {
        return (
            "a comment as the definition of a link, which copies of the page as Markdown contain",
            "write a comment of HTML: <!-- … -->".to_owned(),
        );
    }
    (
        "the definition of a link that no text refers to; no page shows this line",
        "write \\[ if it is text; or remove it".to_owned(),
    )
}

/// Fences that other tools make pictures or boxes of, and what to write instead.
const FENCES: &[(&[&str], &str)] = &[
    (
        &[
            "mermaid",
            "plantuml",
            "puml",
            "dot",
            "graphviz",
            "d2",
            "ditaa",
            "flow",
            "sequence",
            "nomnoml",
            "vega",
            "vega-lite",
            "wavedrom",
            "bpmn",
            "excalidraw",
            "kroki",
        ],
        "save the diagram as SVG, and show the picture: ![what it shows](diagram.svg)",
    ),
    (
        &["math", "katex", "latex-math"],
        "write it with characters of Unicode, <sup> and <sub>, or name the language `text`",
    ),
    (
        &[
            "note",
            "tip",
            "warning",
            "danger",
            "info",
            "important",
            "caution",
            "admonish",
            "ad-note",
            "ad-tip",
            "ad-warning",
            "ad-info",
            "callout",
        ],
        "write a callout: > [!NOTE], and `> ` before each line of its text",
    ),
    (
        &[
            "tabs", "embed", "card", "cards", "youtube", "video", "query", "dataview", "toc",
            "include",
        ],
        "write its content in Markdown: a list, a table, links or images",
    ),
];

/// Returns what to write instead of a fence that is no code in another tool.
pub(super) fn instead_of_fence(language: &str) -> Option<&'static str> {
    let lower = language.to_ascii_lowercase();
    let row = FENCES.iter().find(|(words, _)| words.contains(&&*lower));
    row.map(|&(_, help)| help)
}
