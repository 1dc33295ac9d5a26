//! Codes for symbols, such as `:rocket:`.

use std::ops::Range;

/// The codes of GitHub that texts use most, one in each line with its symbol, or `-` if
/// Unicode has none.
///
/// A word in colons that is no code, such as `:id:`, stands for a value. So codes that are such
/// words, too, are left out.
const CODES: &str = concat!("\n", include_str!("symbols.txt"));

/// The beginnings of the icons of MkDocs.
const ICONS: [&str; 5] = [
    "material-",
    "fontawesome-",
    "octicons-",
    "simple-",
    "custom-",
];

/// Finds a code, and the symbol that it stands for.
pub(super) fn find(words: &str) -> Option<(Range<usize>, Option<&'static str>)> {
    let mut from = 0;
    while let Some(found) = words[from..].find(':') {
        let at = from + found;
        let rest = &words[at + 1..];
        from = at + 1;
        // Names are short; a search to the end of a long line would be quadratic.
        let length = rest.bytes().take(60).position(|byte| byte == b':');
        let Some(length) = length.filter(|&length| length > 0) else {
            continue;
        };
        let code = &rest[..length];
        // `a:b:c` is no code: words stand beside the colons. `/:id:/` is a part of a path.
        let before = words[..at].chars().next_back();
        let after = rest[length + 1..].chars().next();
        let is_word = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '_' | '\u{1}'))
        };
        if is_word(before) || is_word(after) {
            continue;
        }
        let symbol = symbol_of(code);
        if symbol.is_some() || is_icon(code) {
            let symbol = symbol.filter(|&symbol| symbol != "-");
            return Some((at..at + length + 2, symbol));
        }
    }
    None
}

/// Returns the symbol of a code, `-` if only a service has a picture for it.
fn symbol_of(code: &str) -> Option<&'static str> {
    let of_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_+-".contains(c);
    if !code.chars().all(of_code) {
        return None;
    }
    // One search for bytes: a comparison of all lines takes a hundred times as long.
    let line = format!("\n{code} ");
    let at = memchr::memmem::find(CODES.as_bytes(), line.as_bytes())? + line.len();
    CODES[at..].lines().next().map(str::trim)
}

/// Returns whether a code is that of an icon of MkDocs.
fn is_icon(code: &str) -> bool {
    let of_icon = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    ICONS.iter().any(|icon| code.starts_with(icon)) && code.chars().all(of_icon)
}
