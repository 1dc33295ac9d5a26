//! Searches parts of keys in many texts at once: each text is read once, however many keys there
//! are.

use std::collections::HashMap;
use std::ops::Range;

/// How many consecutive bytes of a key do not occur elsewhere by chance.
pub const PART: usize = 12;

/// How many bytes identify the vendor of a key.
pub const BEGINNING: usize = 3;

/// A place: the number of the text, and the byte in it.
type TextPosition = (usize, usize);

/// The places of all parts of some keys that have this length.
#[derive(Debug)]
pub struct Parts<const LENGTH: usize> {
    /// The first and the last place of each part.
    places: HashMap<[u8; LENGTH], Option<(TextPosition, TextPosition)>>,
}

impl<const LENGTH: usize> Parts<LENGTH> {
    /// Searches the parts of these keys in these texts.
    pub fn new<'t>(
        keys: impl IntoIterator<Item = &'t str>,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Parts<LENGTH> {
        let parts = keys.into_iter().flat_map(of::<LENGTH>);
        let mut places: HashMap<_, _> = parts.map(|part| (part, None)).collect();
        for (number, text) in texts.into_iter().enumerate() {
            for (at, part) in of(text).enumerate() {
                if let Some(places) = places.get_mut(&part) {
                    let place = (number, at);
                    let (first, _) = places.unwrap_or((place, place));
                    *places = Some((first, place));
                }
            }
        }
        Parts { places }
    }

    /// Returns the number of the first text that contains a part of a key, and the place of the
    /// part.
    pub fn first(&self, key: &str) -> Option<(usize, Range<usize>)> {
        let places = of(key).filter_map(|part| Some((*self.places.get(&part)?)?.0));
        // The last part in it is the most specific: keys of a kind begin alike.
        let place = places.rev().min_by_key(|place| place.0)?;
        Some((place.0, place.1..place.1 + LENGTH))
    }

    /// Returns whether a part of a key occurs outside a range of a text.
    pub fn stand_elsewhere(&self, key: &str, number: usize, range: &Range<usize>) -> bool {
        let is_elsewhere = |(text, at): TextPosition| {
            text != number || at + LENGTH <= range.start || range.end <= at
        };
        // Places between two places in the range are in it too.
        of(key).any(|part| {
            let places = self.places.get(&part).copied().flatten();
            places.is_some_and(|(first, last)| is_elsewhere(first) || is_elsewhere(last))
        })
    }
}

/// Returns all parts of a text in their order.
fn of<const LENGTH: usize>(text: &str) -> impl DoubleEndedIterator<Item = [u8; LENGTH]> {
    let parts = text.as_bytes().windows(LENGTH);
    parts.map(|part| part.try_into().expect("a window has its length"))
}

/// Extends a range of a text to the next blanks.
pub fn word_around(text: &str, range: Range<usize>) -> Range<usize> {
    let (start, end) = (
        text.floor_char_boundary(range.start),
        text.ceil_char_boundary(range.end),
    );
    let before = text[..start].trim_end_matches(|c: char| !c.is_whitespace());
    let after = text[end..].find(char::is_whitespace);
    before.len()..after.map_or(text.len(), |at| end + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz";

    fn parts(texts: &[&str]) -> Parts<PART> {
        Parts::new([KEY], texts.iter().copied())
    }

    #[test]
    fn the_last_part_of_a_key_in_the_first_text_with_one_is_found() {
        let texts = ["abc", "é abcdefghijklmnop**q", KEY];
        let (text, at) = parts(&texts).first(KEY).unwrap();
        assert_eq!((text, &texts[1][at.clone()]), (1, "efghijklmnop"));
        assert_eq!(&texts[1][word_around(texts[1], at)], "abcdefghijklmnop**q");
        assert_eq!(parts(&texts[..1]).first(KEY), None);
    }

    #[test]
    fn a_word_ends_at_every_blank() {
        let text = "a\u{a0}b**defgh** c";
        assert_eq!(word_around(text, 6..8), 3..13);
        assert_eq!(word_around("abc", 0..3), 0..3);
    }

    #[test]
    fn what_stands_only_in_a_range_stands_nowhere_else() {
        let text = format!("{KEY} {KEY}");
        let whole = 0..text.len();
        let found = parts(&["", &text]);
        assert!(!found.stand_elsewhere(KEY, 1, &whole));
        assert!(found.stand_elsewhere(KEY, 1, &(0..KEY.len())));
        assert!(found.stand_elsewhere(KEY, 1, &(KEY.len() + 1..text.len())));
        assert!(found.stand_elsewhere(KEY, 0, &whole));
        assert!(!found.stand_elsewhere("0123456789abc", 0, &whole));
    }
}
