//! Mathematics in the notation of LaTeX.

use std::borrow::Cow;

use super::inline::{any, between, pair};
use super::{Found, Line};

/// Finds a formula, or a part of one.
pub(super) fn find(line: &Line<'_>) -> Option<Found> {
    let help = || Cow::Borrowed("write it with characters of Unicode, <sup> and <sub>, or as code");
    if let Some(at) = line.words.find("$$") {
        let end = line.words[at + 2..].find("$$").map_or(2, |end| end + 4);
        let is_alone = end > 2 || line.words.trim() == "$$";
        if is_alone {
            return Some((at..at + end, help()));
        }
    }
    // An environment of LaTeX, and the lines around a formula.
    if let Some(at) = line
        .words
        .find("\\begin{")
        .or_else(|| line.words.find("\\end{"))
    {
        let end = line.words[at..]
            .find('}')
            .map_or(line.words.len(), |end| at + end + 1);
        return Some((at..end, help()));
    }
    if matches!(line.source.trim(), "\\[" | "\\]") {
        return Some((0..2, help()));
    }
    if let Some((at, inner)) = pair(line.words, "$") {
        let has_sign = inner.contains(['\\', '^', '_', '=', '+', '{', '\u{1}']);
        let is_letter = inner.chars().count() == 1 && inner.starts_with(char::is_alphabetic);
        // `$5` and `$HOME` are no mathematics.
        let is_price = inner.starts_with(|c: char| c.is_ascii_digit()) && inner.contains(' ');
        // A regular expression ends so, as in `^[a-z]+$`.
        let is_end = line.words[..at].ends_with(['+', '*', '?', ']', ')', '}', '.']);
        if (has_sign || is_letter) && !is_price && !is_end {
            return Some((at..at + inner.len() + 2, help()));
        }
    }
    // Escaped parentheses are text in Markdown; around a formula they are meant otherwise.
    for (open, close) in [("\\(", "\\)"), ("\\[", "\\]")] {
        if let Some((at, inner)) = between(line.source, (open, close), any) {
            // At the beginning of a line, the filler for the backslash is another one.
            let is_escaped = matches!(line.words.as_bytes().get(at), Some(0 | 1));
            // `\[ \]` is an empty box.
            let is_apart = inner.starts_with(' ') && inner.ends_with(' ');
            let is_formula = inner.contains(['\\', '^', '='])
                || (is_apart && inner.contains(char::is_alphanumeric));
            if is_escaped && is_formula {
                return Some((at..at + inner.len() + 4, help()));
            }
        }
    }
    None
}
