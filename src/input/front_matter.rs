//! The front matter of a guide: the YAML between two lines `---`, and the Markdown after it.

use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::source::{Sources, Span};

/// Returns the front matter between two lines of `---`, and the Markdown after it; reports the cause
/// if there is none.
pub(super) fn split_front_matter(
    sources: &Sources,
    file: Span,
    report: &mut Report,
) -> Option<(Span, Span)> {
    let text = sources.text(file);
    let part = |start: usize, end: usize| Span::new(file.file, start..end);
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    // The two lines are Jekyll's format, not YAML's document markers: Markdown may contain further
    // lines `---`, which are rules there.
    if !is_rule(first) {
        report.push(not_begun(text, file));
        return None;
    }
    let begin = first.len();
    let mut offset = begin;
    for line in text[begin..].split_inclusive('\n') {
        if is_rule(line) {
            let markdown = part(offset + line.len(), text.len());
            return Some((part(begin, offset), markdown));
        }
        offset += line.len();
    }
    report.push(not_ended(text, begin, file));
    None
}

/// Returns whether a line is `---`; editors leave invisible spaces at ends of lines.
fn is_rule(line: &str) -> bool {
    line.trim_end() == "---"
}

/// Returns the error for a file that does not begin with front matter: a line near its beginning
/// that was meant to begin it, or that there is none.
fn not_begun(text: &str, file: Span) -> Diagnostic {
    let blank = text.len()
        - text
            .trim_start_matches(['\n', ' ', '\t', '\u{feff}', '\u{a0}'])
            .len();
    let line = text[blank..].lines().next().unwrap_or_default();
    let place = |start: usize, end: usize| Span::new(file.file, start..end);
    let whole = place(blank, blank + line.trim_end().len());
    let usual = "begin the file with a line `---`, a line `title: …`, and a line `---`";
    let (span, message, help) = if is_rule(line) && text[..blank].contains('\n') {
        let help = "remove the lines before it: front matter begins in the first line of the file";
        (whole, "front matter after empty lines".to_owned(), help)
    } else if is_rule(line) {
        let help = "remove the blanks before `---`";
        (
            whole,
            "front matter that begins with an indented line".to_owned(),
            help,
        )
    } else if line.starts_with("+++") || line.starts_with(";;;") || line.trim_end() == "{" {
        let help = "write YAML: a line `---`, a line `title: …`, and a line `---`";
        (whole, "front matter that is not YAML".to_owned(), help)
    } else if is_like_rule(line) {
        let help = "write three hyphens, `---`, and nothing else in the line";
        let message = format!("`{}` does not begin front matter", line.trim_end());
        (whole, message, help)
    } else if line.starts_with("title:") {
        let help = "put a line `---` before it, and one after the front matter";
        (
            whole,
            "front matter without a line `---` before it".to_owned(),
            help,
        )
    } else {
        (
            place(0, 0),
            "a guide without front matter".to_owned(),
            usual,
        )
    };
    Diagnostic::error(Code::MissingKey, span, message).help(help)
}

/// Returns the error for front matter without an end, at the line that was meant to end it.
fn not_ended(text: &str, begin: usize, file: Span) -> Diagnostic {
    let start = Span::new(file.file, 0..text[..begin].trim_end().len());
    let message = "front matter that never ends";
    let mut offset = begin;
    for line in text[begin..].split_inclusive('\n') {
        let shown = line.trim();
        let label = match shown {
            "---" => "this line is indented",
            "..." | "+++" => "this line does not end it",
            _ if is_like_rule(line) => "this line does not end it",
            // No key of a map begins so.
            _ if shown.is_empty() || shown.starts_with("# ") || shown.starts_with("## ") => {
                "here it could end"
            }
            _ => {
                offset += line.len();
                continue;
            }
        };
        let at = offset + line.len() - line.trim_start().len();
        let at = if shown.is_empty() { offset } else { at };
        let place = Span::new(file.file, at..at + shown.len());
        let help = "end it with a line `---`, three hyphens without blanks before them";
        return Diagnostic::error(Code::MissingKey, start, message)
            .label("begun here")
            .and(place, label)
            .help(help);
    }
    let help = "end it with a line `---` after its last key";
    Diagnostic::error(Code::MissingKey, start, message).help(help)
}

/// Returns whether a line consists of hyphens or dashes, as programs write `---` by themselves.
fn is_like_rule(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() >= 2 && line.chars().all(|c| matches!(c, '-' | '–' | '—' | ' '))
        || line == "—"
        || line.starts_with("---") && line.len() < 12 && !line.contains(':')
}
