//! What looks like a live key in the values of variables and is none, by the author's word.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::secret::{self, PART};

/// What to do where a text looks like a live key.
pub const HELP_IN_TEXT: &str = "write a placeholder such as YOUR_API_KEY; if it is no secret, say so in `waivers` of the API page or of site.yaml: {code: live-secret, value: …, reason: …}";

/// What to do where a value looks like a live key.
pub const HELP: &str = "leave it out, since pages are public; if it is no secret, say so in `waivers` of site.yaml: {code: live-secret, value: …, reason: …}, with the value or, for all values of a variable, \"{{ NAME }}\"";

/// A text that is shorter waives no more than what is whole in it.
const LEAST: usize = 16;

/// What looks like a live key and may be published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Public {
    /// Texts, all of which may be published, without what may be written in several ways.
    texts: Vec<String>,
    /// Where in `texts` each stands first.
    places: HashMap<String, usize>,
    /// The parts of texts, and the number of the text of each; in order.
    parts: Vec<([u8; PART], usize)>,
    /// How long the texts are.
    lengths: BTreeSet<usize>,
    /// The names of variables of which all values may be published.
    variables: BTreeSet<String>,
}

impl Public {
    /// What may be published: these texts, and all values of these variables.
    pub fn new<'t>(texts: impl IntoIterator<Item = &'t str>, variables: Vec<String>) -> Public {
        let texts: Vec<String> = texts.into_iter().map(secret::joined).collect();
        let places = texts.iter().cloned().enumerate().rev();
        let parts = texts.iter().enumerate().flat_map(|(number, text)| {
            let parts = text.as_bytes().windows(PART);
            parts.filter_map(move |part| Some((part.try_into().ok()?, number)))
        });
        let mut parts: Vec<_> = parts.collect();
        parts.sort_unstable();
        parts.dedup();
        Public {
            places: places.map(|(place, text)| (text, place)).collect(),
            parts,
            lengths: texts.iter().map(String::len).collect(),
            texts,
            variables: variables.into_iter().collect(),
        }
    }

    /// The first text, by its number, that a key is a part of, however it is written.
    pub fn text_with(&self, key: &str) -> Option<usize> {
        self.text_with_joined(&secret::joined(key))
    }

    fn text_with_joined(&self, key: &str) -> Option<usize> {
        let holds = |number: &usize| self.texts[*number].contains(key);
        let place = self.places.get(key).copied();
        let parts = key.as_bytes().windows(PART);
        // Where the rarest of its parts stands nowhere, so does the key.
        let rarest = parts
            .map(|part| self.texts_with(part))
            .min_by_key(|it| it.len());
        place.or_else(|| match rarest {
            Some(texts) => texts.iter().map(|(_, number)| *number).find(holds),
            None => (0..self.texts.len()).find(holds),
        })
    }

    /// The texts that have a part.
    fn texts_with(&self, part: &[u8]) -> &[([u8; PART], usize)] {
        let from = self.parts.partition_point(|(known, _)| &known[..] < part);
        let length = self.parts[from..].partition_point(|(known, _)| known == part);
        &self.parts[from..from + length]
    }

    /// Whether a key may be published; what follows one on a page may look like more of it.
    pub fn has(&self, key: &str) -> bool {
        let key = secret::joined(key);
        let is_text = |length: &usize| {
            let beginning = key.get(..*length);
            beginning.is_some_and(|beginning| self.places.contains_key(beginning))
        };
        // All private keys begin alike.
        let may_go_on = !key.starts_with("-----");
        self.text_with_joined(&key).is_some()
            || may_go_on
                && self
                    .lengths
                    .range(LEAST..=key.len().max(LEAST))
                    .any(is_text)
    }

    /// Where in a variable's value there is a live key, as far as one can see.
    pub fn key_in(&self, variable: &str, value: &str) -> Option<Range<usize>> {
        let keys = secret::find_in_value(variable, value);
        let is_public = |key: &str| self.variables.contains(variable) || self.has(key);
        keys.into_iter().find(|key| !is_public(&value[key.clone()]))
    }
}
