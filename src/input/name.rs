//! The one form of a name: of a file, a page, an anchor, or what a link leads to.
//!
//! macOS stores `ü` as two characters in file names, and input methods differ too: without one form,
//! two names that look the same are two names.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Returns a name in Unicode's Normalization Form C (UAX #15).
pub fn normal(name: &str) -> Cow<'_, str> {
    match is_nfc_quick(name.chars()) {
        IsNormalized::Yes => Cow::Borrowed(name),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(name.nfc().collect()),
    }
}

/// Returns whether a character is a mark on a letter that has no composed form, such as the vowel
/// signs of Devanagari.
pub fn is_mark(character: char) -> bool {
    // The variation selectors are marks too, but invisible ones behind pictures.
    let selects = matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    is_combining_mark(character) && !selects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_the_same() {
        for (written, same) in [
            ("u\u{308}ber", "über"),
            ("\u{212b}", "Å"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("\u{304b}\u{3099}", "が"),
            ("chat", "chat"),
            ("\u{f0000}", "\u{f0000}"),
        ] {
            assert_eq!(normal(written), same);
        }
    }
}
