//! What looks like a live key in the values of variables and is none, by the author's word.

use std::collections::HashMap;
use std::ops::Range;

use crate::secret;

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
    /// The names of variables of which all values may be published.
    variables: Vec<String>,
}

impl Public {
    /// What may be published: these texts, and all values of these variables.
    pub fn new<'t>(texts: impl IntoIterator<Item = &'t str>, variables: Vec<String>) -> Public {
        let texts: Vec<String> = texts.into_iter().map(secret::joined).collect();
        let places = texts.iter().cloned().enumerate().rev();
        Public {
            places: places.map(|(place, text)| (text, place)).collect(),
            texts,
            variables,
        }
    }

    /// The first text, by its number, that a key is a part of, however it is written.
    pub fn text_with(&self, key: &str) -> Option<usize> {
        let key = secret::joined(key);
        let place = self.places.get(&key).copied();
        place.or_else(|| self.texts.iter().position(|text| text.contains(&key)))
    }

    /// Whether a key may be published; what follows one on a page may look like more of it.
    pub fn has(&self, key: &str) -> bool {
        // All private keys begin alike.
        let is_prefix = |text: &String| text.len() >= LEAST && !text.starts_with("-----");
        self.text_with(key).is_some() || {
            let key = secret::joined(key);
            let mut texts = self.texts.iter().filter(|text| is_prefix(text));
            texts.any(|text| key.starts_with(text))
        }
    }

    /// Where in a variable's value there is a live key, as far as one can see.
    pub fn key_in(&self, variable: &str, value: &str) -> Option<Range<usize>> {
        let keys = secret::find_in_value(variable, value);
        let is_public =
            |key: &str| self.variables.iter().any(|name| name == variable) || self.has(key);
        keys.into_iter().find(|key| !is_public(&value[key.clone()]))
    }
}
