//! IDs: names that are valid in file names and addresses on every system.

use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::source::Span;

/// Reports an ID that is not valid in file names and addresses on every system.
pub(super) fn check(id: &str, span: Span, what: &str, report: &mut Report) {
    if is_safe_id(id) {
        return;
    }
    let better = slug(id);
    let help = if id.is_ascii() && is_safe_id(&better) {
        format!("write lower-case letters, digits and hyphens: `{better}`")
    } else {
        "write lower-case letters, digits and hyphens".to_owned()
    };
    let message = format!("`{id}` can't be {what}");
    report.push(Diagnostic::error(Code::InvalidId, span, message).help(help));
}

/// Returns whether an ID is lower-case letters, digits and single hyphens between them.
pub(super) fn is_safe_id(id: &str) -> bool {
    (1..=80).contains(&id.len())
        && id.split('-').all(|part| !part.is_empty())
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Makes an ID from a title.
pub(super) fn slug(title: &str) -> String {
    let letters = title
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|&c| c != '\'' && c != '’');
    let spaced: String = letters
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    spaced
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Returns whether a character is invisible, or changes the direction of the text after it
/// (CVE-2021-42574).
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}
