//! A text with the names of its variables, as in a spec.

use super::Holed;

impl Holed {
    /// Returns the text with `{{ name }}` in each hole; its own braces are escaped.
    pub fn named(&self, names: &[&str]) -> String {
        // Braces of the text itself would be read as a variable.
        let own = |from: usize, to: usize| self.literal[from..to].replace("{{", "{ {");
        let mut named = String::with_capacity(self.literal.len());
        let mut from = 0;
        for &(to, hole) in &self.places {
            named.push_str(&own(from, to));
            let gap = if named.ends_with('{') { " " } else { "" };
            let name = names[self.holes[hole].variable.index()];
            named.extend([gap, "{{ ", name, " }}"]);
            from = to;
        }
        named.push_str(&own(from, self.literal.len()));
        named
    }
}

#[cfg(test)]
mod tests {
    use crate::hole::{Encoding, Hole, Holed, VariableId};

    #[test]
    fn each_hole_has_its_name() {
        let hole = Hole::new(VariableId::new(1).unwrap());
        let url = hole.inside(Encoding::Url).marker();
        let text = format!("{{{{ a }}}} {{{}}} {url}.b", hole.marker());
        let named = Holed::cut(&text, &["a", "x"]).named(&["a", "x"]);
        assert_eq!(named, "{ { a }} { {{ x }}} {{ x }}.b");
    }
}
