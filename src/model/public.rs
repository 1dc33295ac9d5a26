//! Texts that look like live keys and that the author declared public.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use crate::input::secret::{self, PART};

/// The help about a text that looks like a live key.
pub const HELP_IN_TEXT: &str = "write a placeholder such as YOUR_API_KEY; if it is not a secret, add it to `waivers` of the API page or of site.yaml: {code: live-secret, value: …, reason: …}";

/// The help about a value that looks like a live key.
pub const HELP: &str = "leave it out, since pages are public; if it is not a secret, add it to `waivers` of site.yaml: {code: live-secret, value: …, reason: …}, with the value or, for all values of a variable, \"{{ NAME }}\"";

/// A text of fewer characters waives itself alone, not a longer text that begins with it.
// A short text such as `sk-` would waive every key that begins with it.
const LEAST: usize = 16;

/// The texts that look like live keys and may be published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Public {
    /// Texts that may be published, in the normal form of all ways to write a key.
    texts: Vec<String>,
    /// The texts that are whole keys, not only the beginning that many keys share.
    keys: HashSet<String>,
    /// The first index of each in `texts`.
    places: HashMap<String, usize>,
    /// The parts of texts, sorted, each with the index of its text: by them the texts that contain
    /// a key are found without reading all texts.
    parts: Vec<([u8; PART], usize)>,
    /// The lengths of the keys.
    lengths: BTreeSet<usize>,
    /// The names of variables all of whose values may be published.
    variables: BTreeSet<String>,
}

impl Public {
    /// Declares that these texts, and all values of these variables, may be published.
    pub fn new<'t>(texts: impl IntoIterator<Item = &'t str>, variables: Vec<String>) -> Public {
        let (texts, keys): (Vec<String>, Vec<Option<String>>) = texts
            .into_iter()
            .map(|text| {
                let joined = secret::joined(text);
                let is_key = joined.len() >= LEAST && secret::is_whole(text.trim());
                (joined.clone(), is_key.then_some(joined))
            })
            .unzip();
        // Reversed, since a map keeps the last entry of a key and the first text is wanted.
        let places = texts.iter().cloned().enumerate().rev();
        let parts = texts.iter().enumerate().flat_map(|(number, text)| {
            let parts = text.as_bytes().windows(PART);
            parts.filter_map(move |part| Some((part.try_into().ok()?, number)))
        });
        let mut parts: Vec<_> = parts.collect();
        parts.sort_unstable();
        parts.dedup();
        let keys: HashSet<String> = keys.into_iter().flatten().collect();
        Public {
            places: places.map(|(place, text)| (text, place)).collect(),
            parts,
            lengths: keys.iter().map(String::len).collect(),
            keys,
            texts,
            variables: variables.into_iter().collect(),
        }
    }

    /// Returns the index of the first text that contains a key, however it is written.
    pub fn text_with(&self, key: &str) -> Option<usize> {
        self.text_with_joined(&secret::joined(key))
    }

    fn text_with_joined(&self, key: &str) -> Option<usize> {
        let holds = |number: &usize| self.texts[*number].contains(key);
        let place = self.places.get(key).copied();
        let parts = key.as_bytes().windows(PART);
        // A text is searched only where the rarest twelve bytes of the key occur in it: thousands
        // of waivers beside thousands of findings took quadratic time.
        let rarest = parts
            .map(|part| self.texts_with(part))
            .min_by_key(|it| it.len());
        // A key that is shorter than a part has none, so all texts are read.
        place.or_else(|| match rarest {
            Some(texts) => texts.iter().map(|(_, number)| *number).find(holds),
            None => (0..self.texts.len()).find(holds),
        })
    }

    /// Returns the texts that contain a part.
    fn texts_with(&self, part: &[u8]) -> &[([u8; PART], usize)] {
        let from = self.parts.partition_point(|(known, _)| &known[..] < part);
        let length = self.parts[from..].partition_point(|(known, _)| known == part);
        &self.parts[from..from + length]
    }

    /// Returns whether a key may be published. On a page, text directly behind a key may look like
    /// more of it: that is allowed if it is a word, but not if it could be a part of another key.
    pub fn has(&self, key: &str) -> bool {
        let key = secret::joined(key);
        // A word, or the rest of a tag, can't belong to a key.
        let is_word = |more: &str| more.len() <= 2 || more.bytes().all(|b| b.is_ascii_lowercase());
        let goes_on = |length: &usize| {
            let parts = key.split_at_checked(*length);
            parts.is_some_and(|(known, more)| self.keys.contains(known) && is_word(more))
        };
        // By length, not by comparison with each key: the keys of one vendor are equally long, so
        // there are few lengths.
        let mut lengths = self.lengths.range(..=key.len());
        self.text_with_joined(&key).is_some() || lengths.any(goes_on)
    }

    /// Returns the place of the first live key in a variable's value that may not be published.
    pub fn key_in(&self, variable: &str, value: &str) -> Option<Range<usize>> {
        let keys = secret::find_in_value(variable, value);
        // The whole variable, since its values are not known when the waiver is written.
        let is_public = |key: &str| self.variables.contains(variable) || self.has(key);
        keys.into_iter().find(|key| !is_public(&value[key.clone()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: &str = "Xq3ZtV81mNcR5bYwKd7ePq2LsT9uHjF4";

    fn public(texts: &[&str]) -> Public {
        Public::new(texts.iter().copied(), Vec::new())
    }

    #[test]
    fn how_many_keys_begin_waives_none_of_them() {
        let head = ["-----BEGIN", " PRIVATE KEY"].concat();
        let body: Vec<&str> = (0..4).map(|at| &RANDOM[8 * at..8 * at + 8]).collect();
        let body = [body.join("\n"), body.join("\n")].join("\n");
        let private = format!("{head}-----\n{body}\n-----END PRIVATE KEY-----");
        let token = ["ey", "JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"].concat();
        let web = [&token, ".ey", "JzdWIiOiIxMjM0In0.", RANDOM].concat();
        let long = ["sk-", "ant-api03-", RANDOM, RANDOM].concat();
        let stripe = ["sk", "_live_", &RANDOM[..24]].concat();
        for (waived, text) in [
            (&head, &private),
            (&format!("{head}-----"), &private),
            (&token, &web),
            (&long[..26].to_owned(), &long),
            (&long[..45].to_owned(), &long),
            (&["sk", "_live_", &RANDOM[..16]].concat(), &stripe),
        ] {
            let public = public(&[waived]);
            let found = secret::find(text);
            assert_eq!(found.len(), 1, "{text}");
            let key = &text[found[0].clone()];
            assert!(!public.has(key), "{waived} waives {key}");
            assert!(public.key_in("value", text).is_some(), "{waived}");
            // The whole is waived by the whole, in which each other is named too.
            let whole = Public::new([text.as_str()], Vec::new());
            assert!(
                whole.has(key) && whole.key_in("value", text).is_none(),
                "{text}"
            );
        }
        assert!(public(&[&head]).has(&head));
    }

    #[test]
    fn a_word_behind_a_key_is_no_further_key() {
        let key = ["sk", "_live_", RANDOM].concat();
        let basic = ["Basic ", "YWRhOmh1bnRlcjJ4eXo="].concat();
        for (key, more) in [(&key, "andmore"), (&key, "2"), (&basic, "andmore")] {
            assert!(public(&[key]).has(&format!("{key}{more}")), "{key}{more}");
        }
    }
}
