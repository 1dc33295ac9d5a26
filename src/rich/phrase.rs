//! A phrase, some words of which are code.
//!
//! The markup around the code, elements or backticks, is added by the caller.

use serde_json::Value;

use crate::rich::code;

/// A phrase about a value, some words of which are code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
// Neither HTML nor Markdown: a page and its Markdown version contain the same phrase, each in its
// own format.
pub struct Phrase(Vec<PhrasePart>);

/// A part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhrasePart {
    /// Text with the spaces around it.
    Words(String),
    /// Code.
    Code(String),
}

impl Phrase {
    /// Creates a phrase of words alone.
    pub fn words(words: &str) -> Phrase {
        let mut phrase = Phrase::default();
        phrase.push_words(words);
        phrase
    }

    /// Creates a phrase of code alone.
    pub fn code(code: &str) -> Phrase {
        Phrase(vec![PhrasePart::Code(code.to_owned())])
    }

    /// Creates a phrase of a value as JSON.
    pub fn value(value: &Value) -> Phrase {
        Phrase::code(code::json_line(value).to_text())
    }

    /// Creates a phrase of values as JSON, separated by spaces.
    pub fn values(values: &[Value]) -> Phrase {
        let mut phrase = Phrase::default();
        for value in values {
            if !phrase.0.is_empty() {
                phrase.push_words(" ");
            }
            phrase.push(Phrase::value(value));
        }
        phrase
    }

    /// Adds words.
    pub fn push_words(&mut self, words: &str) {
        match self.0.last_mut() {
            _ if words.is_empty() => {}
            Some(PhrasePart::Words(last)) => last.push_str(words),
            _ => self.0.push(PhrasePart::Words(words.to_owned())),
        }
    }

    /// Adds the parts of another phrase.
    pub fn push(&mut self, other: Phrase) {
        for part in other.0 {
            match part {
                PhrasePart::Words(words) => self.push_words(&words),
                code @ PhrasePart::Code(_) => self.0.push(code),
            }
        }
    }

    /// Returns the parts in order.
    pub fn parts(&self) -> &[PhrasePart] {
        &self.0
    }

    /// Returns the text of words and code.
    pub fn into_text(self) -> String {
        let text = self.0.into_iter().map(|part| match part {
            PhrasePart::Words(text) | PhrasePart::Code(text) => text,
        });
        text.collect()
    }

    /// Returns whether it begins and ends with code, which isolates its own direction.
    pub(crate) fn is_code(&self) -> bool {
        matches!(
            self.0.as_slice(),
            [PhrasePart::Code(_), .., PhrasePart::Code(_)] | [PhrasePart::Code(_)]
        )
    }
}
