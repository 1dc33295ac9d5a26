//! Texts from any source that contain no marker.

use std::fmt::Write as _;

use super::FIRST_MARKER;

/// A text without a marker: input, after its check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmarked(String);

impl Unmarked {
    /// Wraps a text; returns its first marker, assigned or not, if it contains one.
    pub fn new(text: impl Into<String>) -> Result<Unmarked, char> {
        let text = text.into();
        match text.chars().find(|&c| c >= FIRST_MARKER) {
            Some(marker) => Err(marker),
            None => Ok(Unmarked(text)),
        }
    }

    /// Wraps any text; a marker in it is replaced by its number, `U+F0000`.
    pub fn spelled(text: &str) -> Unmarked {
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                FIRST_MARKER.. => {
                    let _ = write!(out, "U+{:04X}", character as u32);
                }
                _ => out.push(character),
            }
        }
        Unmarked(out)
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_marker_gets_in() {
        for marker in ['\u{F0000}', '\u{F0111}', '\u{FFFFF}', '\u{10FFFF}'] {
            let text = format!("a{marker}b");
            assert_eq!(Unmarked::new(text.clone()), Err(marker));
            let spelled = Unmarked::spelled(&text);
            assert_eq!(spelled.as_str(), format!("aU+{:X}b", marker as u32));
        }
        for text in ["", "a\0b", "\u{EFFFF}", "{{ x }}"] {
            assert_eq!(Unmarked::new(text).unwrap().as_str(), text);
            assert_eq!(Unmarked::spelled(text).as_str(), text);
        }
    }
}
