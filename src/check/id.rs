//! IDs: names that are valid in file names and addresses on every system.

use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::name::is_mark;
use crate::input::source::Span;
use crate::rich::address::{anchor_of_title, has_ascii_letters};

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

/// The greatest number of characters of an ID.
const LONGEST: usize = 128;

/// Reports an anchor that is not letters of any script, digits and single hyphens.
pub(super) fn check_anchor(id: &str, span: Span, what: &str, report: &mut Report) {
    // The pattern of the JSON Schema; a pattern of all letters takes milliseconds to compile.
    let is_of_anchor =
        |c: char| (c.is_alphanumeric() || is_mark(c)) && c.to_lowercase().eq(std::iter::once(c));
    let mut parts = id.split('-');
    let is_anchor = parts.all(|part| !part.is_empty() && part.chars().all(is_of_anchor));
    if is_anchor && id.chars().count() <= LONGEST {
        return;
    }
    let better = of_section(id);
    let parts: Vec<_> = better.split('-').filter(|part| !part.is_empty()).collect();
    let better = parts.join("-");
    let is_better = !better.is_empty() && better != id && better.chars().count() <= LONGEST;
    let help = "write lower-case letters, digits and hyphens";
    let help = if is_better {
        format!("{help}: `{better}`")
    } else {
        help.to_owned()
    };
    let message = format!("`{id}` can't be {what}");
    report.push(Diagnostic::error(Code::InvalidId, span, message).help(help));
}

/// Returns the anchor of a section, from its title.
pub(super) fn of_section(title: &str) -> String {
    let anchor = if has_ascii_letters(title) {
        // Published anchors have a hyphen for punctuation too.
        slug(title)
    } else {
        anchor_of_title(title)
    };
    match anchor.trim_matches('-') {
        // As that of a heading in Markdown without letters.
        "" => "section".to_owned(),
        anchor => anchor.to_owned(),
    }
}

/// Returns whether an ID is lower-case letters, digits and single hyphens between them.
pub(super) fn is_safe_id(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id.split('-').all(|part| !part.is_empty())
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Makes an ID of ASCII alone from a title.
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

/// Returns whether a character steers a terminal, or changes the direction of all text after it
/// (CVE-2021-42574). Marks of direction, and joiners, are parts of words in many scripts.
pub(super) fn is_steering(character: char) -> bool {
    character.is_control() && character != '\t'
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether a character is invisible, or changes the direction of the text after it
/// (CVE-2021-42574).
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}
