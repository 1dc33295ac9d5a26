//! What looks like a live key in the values of variables and is none, by the author's word.

use std::ops::Range;

use crate::secret;

/// What to do where a value looks like a live key.
pub const HELP: &str = "leave it out, since pages are public; if it is no secret, say so in `waivers` of site.yaml: {code: live-secret, value: …, reason: …}, with the value or, for all values of a variable, \"{{ NAME }}\"";

/// A text that is shorter waives no more than what is whole in it.
const LEAST: usize = 16;

/// What looks like a live key and may be published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Public {
    /// Texts, which hold all that may be published of them.
    pub texts: Vec<String>,
    /// The names of variables of which all values may be published.
    pub variables: Vec<String>,
}

impl Public {
    /// Whether a key may be published, however it is written; what follows one on a page may look
    /// like more of it.
    pub fn has(&self, key: &str) -> bool {
        let key = secret::joined(key);
        let mut texts = self.texts.iter().map(|text| secret::joined(text));
        // All private keys begin alike.
        let is_prefix = |text: &str| text.len() >= LEAST && !text.starts_with("-----");
        texts.any(|text| text.contains(&key) || is_prefix(&text) && key.starts_with(&text))
    }

    /// Where in a variable's value there is a live key, as far as one can see.
    pub fn key_in(&self, variable: &str, value: &str) -> Option<Range<usize>> {
        let keys = secret::find_in_value(variable, value);
        let is_public =
            |key: &str| self.variables.iter().any(|name| name == variable) || self.has(key);
        keys.into_iter().find(|key| !is_public(&value[key.clone()]))
    }
}
