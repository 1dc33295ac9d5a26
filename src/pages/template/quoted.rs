//! The names that templates have in quotes, as what uses a template or a message has.

use std::collections::HashMap;

/// What stands in quotes in some texts, and in which.
pub struct Quoted<'t>(HashMap<&'t str, In>);

/// The texts that have a name, by their number.
enum In {
    One(usize),
    Several,
}

impl<'t> Quoted<'t> {
    /// Reads texts.
    pub fn new(texts: impl IntoIterator<Item = &'t str>) -> Quoted<'t> {
        let mut names = HashMap::new();
        for (number, text) in texts.into_iter().enumerate() {
            for quote in ['"', '\''] {
                let mut parts = text.split(quote);
                // What stands before the first and behind the last is in none.
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

    /// Whether a text has a name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether another text than one, by its number, has a name.
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
