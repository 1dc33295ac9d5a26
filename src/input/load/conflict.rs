//! The markers that Git writes into a file that it could not merge.

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::{FileId, Span};

/// The beginning of the line before the first version of a part, and of the line after the last one
/// (gitformat, `git merge`, "How conflicts are presented").
// The line between them, `=======`, is a heading in Markdown.
const FIRST: &str = "<<<<<<< ";
const LAST: &str = ">>>>>>> ";

/// Returns the error for a text with an unresolved conflict.
pub(super) fn in_text(file: FileId, text: &str) -> Option<Diagnostic> {
    let at = first_marker(text)?;
    let line = text[at..].lines().next().unwrap_or_default();
    Some(unresolved(Span::new(file, at..at + line.len())))
}

/// Returns the error for a file that is copied as it is, if it is text with an unresolved conflict.
pub(super) fn in_bytes(shown: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let text = std::str::from_utf8(bytes).ok()?;
    let at = first_marker(text)?;
    let line = 1 + text[..at].matches('\n').count();
    let message = format!("{MESSAGE} in line {line}");
    Some(Diagnostic::about_file(Code::MergeConflict, shown, message).help(HELP))
}

/// Returns whether a record of a list is the first line of a conflict.
pub fn begins_side(record: &str) -> bool {
    record.starts_with(FIRST)
}

/// Returns the error for the first marker of a conflict.
pub fn unresolved(marker: Span) -> Diagnostic {
    Diagnostic::error(Code::MergeConflict, marker, MESSAGE).help(HELP)
}

const MESSAGE: &str = "an unresolved merge conflict";
const HELP: &str = "keep one of the two versions, or join them, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`; indent a line that shows such a marker";

/// Returns the offset of the first marker of a conflict.
fn first_marker(text: &str) -> Option<usize> {
    let start = begin_of_line(text, 0, FIRST)?;
    begin_of_line(text, start, LAST).map(|_| start)
}

/// Returns the offset of the first line from `from` on that begins with a marker.
fn begin_of_line(text: &str, from: usize, marker: &str) -> Option<usize> {
    let mut found = memchr::memmem::find_iter(&text.as_bytes()[from..], marker);
    let is_first = |&at: &usize| {
        matches!(
            text[..from + at].chars().next_back(),
            None | Some('\n' | '\r')
        )
    };
    found.find(is_first).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_has_two_markers_at_the_starts_of_lines() {
        for (text, at) in [
            (
                "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> topic\n",
                Some(5),
            ),
            (
                "<<<<<<< ours\r\nx\r\n||||||| base\r\n=======\r\ny\r\n>>>>>>> theirs",
                Some(0),
            ),
            ("Title\n=======\n\n>>>>>>> quoted\n", None),
            ("<<<<<<< HEAD\nx\n", None),
            (" <<<<<<< HEAD\n=======\n >>>>>>> topic\n", None),
            ("<<<<<<<HEAD\n>>>>>>> topic\n", None),
            ("a <<<<<<< HEAD\n>>>>>>> topic\n", None),
        ] {
            assert_eq!(first_marker(text), at, "{text:?}");
        }
        assert!(in_bytes("static/a.css", b"\xff<<<<<<< a\n>>>>>>> b").is_none());
    }
}
