//! Escapes text from outside for printing, so that nothing in it steers a terminal and all of it
//! is visible.

use std::fmt::Write as _;
use std::path::Path;

/// Replaces control characters except line ends.
pub fn printable_lines(text: &str) -> String {
    let kept = |c: char| matches!(c, '\n' | '\t');
    let shown = text.chars().map(|c| if kept(c) { c } else { visible(c) });
    shown.collect()
}

/// Replaces control characters, which could steer a terminal (RUSTSEC-2025-0055).
pub fn printable(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// Formats a path in one line: file names can contain line ends, and a line of its own may be a
/// command of a CI service.
pub fn printable_path(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// Escapes characters of JSON that steer a terminal or are invisible, so that programs read the
/// same values.
pub fn printable_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || visible(character) == character {
            out.push(character);
        } else {
            // It is inside a string, where an escape is equivalent.
            let _ = write!(out, "\\u{:04x}", character as u32);
        }
    }
    out
}

/// Returns the character, or a visible substitute if it could steer a terminal or is invisible.
pub(super) fn visible(character: char) -> char {
    match character {
        // The pictures of control characters are in the same order from U+2400 on.
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        // A change of direction can show code in another order than it is executed in
        // (CVE-2021-42574); C1 controls steer terminals as ESC does.
        '\u{80}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => {
            '\u{fffd}'
        }
        // Invisible characters would make two names look alike; the joiner of emoji stays.
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{feff}' => {
            '\u{fffd}'
        }
        _ => character,
    }
}

/// Returns a character of a source line as it is drawn: line ends and tabs stay.
pub(super) fn in_source(character: char) -> char {
    match character {
        '\n' | '\r' | '\t' => character,
        other => visible(other),
    }
}

/// Returns the length in bytes of a part of a file as it is drawn; keys, which are masked, are
/// ASCII.
pub(super) fn drawn_length(text: &str) -> usize {
    text.chars().map(|c| in_source(c).len_utf8()).sum()
}
