//! The quoted names in templates, by which templates and messages are used.
//!
//! Texts are split at quotes instead of parsed: a name that is put together at run time is found in
//! neither way, and a quote too many only hides a warning.

use std::collections::HashMap;

/// The quoted names in some texts, and the texts that contain each.
pub struct Quoted<'t>(HashMap<&'t str, In>);

/// The numbers of the texts that contain a name.
enum In {
    One(usize),
    Several,
}

impl<'t> Quoted<'t> {
    /// Collects the quoted names of texts.
    pub fn new(texts: impl IntoIterator<Item = &'t str>) -> Quoted<'t> {
        let mut names = HashMap::new();
        for (number, text) in texts.into_iter().enumerate() {
            for quote in ['"', '\''] {
                let mut parts = text.split(quote);
                // The parts before the first quote and after the last are outside. Parts between
                // two strings count as names too, which is harmless.
                parts.next();
                parts.next_back();
                for name in parts {
                    let place = names.entry(name).or_insert(In::One(number));
                    if !matches!(place, In::One(known) if *known == number) {
                        *place = In::Several;
                    }
                }
            }
        }
        Quoted(names)
    }

    /// Returns whether a text contains a name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns whether a text other than this one, given by its number, contains a name.
    pub fn has_beside(&self, text: usize, name: &str) -> bool {
        match self.0.get(name) {
            Some(In::One(only)) => *only != text,
            Some(In::Several) => true,
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Quoted;

    #[test]
    fn names_are_found_in_both_quotes() {
        let quoted = Quoted::new([
            "{% include \"a.html\" %} b \"",
            "it's 'c' \"a.html\"",
            "'d'",
        ]);
        assert!(quoted.has("a.html") && quoted.has("c") && quoted.has("d"));
        assert!(!quoted.has("b") && !quoted.has("it"));
        assert!(quoted.has_beside(0, "a.html") && quoted.has_beside(0, "d"));
        assert!(!quoted.has_beside(2, "d") && !quoted.has_beside(2, "e"));
    }
}
