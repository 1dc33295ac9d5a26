//! Mathematics in the notation of LaTeX.

use std::borrow::Cow;

use super::inline::between;
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
    if let Some((at, inner)) = in_dollars(line.words) {
        return Some((at..at + inner.len() + 2, help()));
    }
    in_brackets(line)
}

/// Finds a formula between two dollar signs.
fn in_dollars(words: &str) -> Option<(usize, &str)> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '$' | '\0');
    let signs: Vec<usize> = words.match_indices('$').map(|(at, _)| at).collect();
    // Each two that follow each other, so that a long line takes linear time.
    let pairs = signs.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.into_iter().find_map(|(at, end)| {
        let (inner, after) = (&words[at + 1..end], &words[end + 1..]);
        let is_within = words[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '$');
        // `${BASE}/bots/${ID}` has the values of a shell.
        let is_value = is_value(&words[at + 1..]) || is_value(after);
        let is_beside = after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '$');
        if is_within
            || is_value
            || is_beside
            || inner.starts_with(is_end)
            || inner.ends_with(is_end)
        {
            return None;
        }
        let has_sign = inner.contains(['\\', '^', '_', '=', '+', '{', '\u{1}']);
        let is_letter = inner.chars().count() == 1 && inner.starts_with(char::is_alphabetic);
        // `$5` and `$HOME` are no mathematics.
        let is_price = inner.starts_with(|c: char| c.is_ascii_digit()) && inner.contains(' ');
        // A regular expression ends so, as in `^[a-z]+$`.
        let is_pattern = words[..at].ends_with(['+', '*', '?', ']', ')', '}', '.']);
        ((has_sign || is_letter || is_function(inner)) && !is_price && !is_pattern)
            .then_some((at, inner))
    })
}

/// Returns whether what follows a dollar sign is the name of a variable in braces.
fn is_value(after: &str) -> bool {
    let Some(name) = after.strip_prefix('{') else {
        return false;
    };
    let rest = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    // `${NAME:-default}`, `${list[@]}`.
    is_name && rest.starts_with(['}', ':', '[', '#', '%', '/', '.', '!'])
}

/// Returns whether a text is a function of mathematics, such as `O(n)`.
fn is_function(inner: &str) -> bool {
    let rest = inner.strip_prefix(|c: char| c.is_ascii_alphabetic());
    let argument = rest.and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'));
    argument.is_some_and(|it| {
        !it.is_empty() && it.chars().all(|c| c.is_alphanumeric() || ", ".contains(c))
    })
}

/// Finds a formula between escaped brackets.
fn in_brackets(line: &Line<'_>) -> Option<Found> {
    // Escaped brackets are text in Markdown; around a formula they are meant otherwise.
    for (open, close) in [("\\(", "\\)"), ("\\[", "\\]")] {
        let is_formula = |at: usize, inner: &str| {
            // The bracket is escaped rather than a backslash before it.
            let is_escaped = |at: usize| matches!(line.words.as_bytes().get(at + 1), Some(0 | 1));
            // `\( text \)` is text with escaped brackets.
            let letter = inner.trim();
            let is_letter = letter.len() < inner.len()
                && letter.chars().count() == 1
                && letter.starts_with(char::is_alphabetic);
            let has_sign = inner.contains(['\\', '^', '=']);
            is_escaped(at) && is_escaped(at + 2 + inner.len()) && (has_sign || is_letter)
        };
        if let Some((at, inner)) = between(line.source, (open, close), is_formula) {
            let help = "write it with characters of Unicode, <sup> and <sub>, or as code; if the brackets are meant as text, write them without `\\`";
            return Some((at..at + inner.len() + 4, help.into()));
        }
    }
    None
}
