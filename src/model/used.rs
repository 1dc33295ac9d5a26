//! Which variables the texts of a part of the project contain.

use crate::hole::{Hole, MAX_VARIABLES, VariableId};

/// The number of words that have a bit for each variable.
const WORDS: usize = MAX_VARIABLES.div_ceil(u64::BITS as usize);

/// The variables that some texts contain.
// Bits, since each endpoint has a set and a project can have thousands of endpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsedVariables([u64; WORDS]);

impl UsedVariables {
    /// Adds a variable.
    pub fn insert(&mut self, id: VariableId) {
        let (word, bit) = place(id);
        self.0[word] |= bit;
    }

    /// Adds the variables whose markers a text contains.
    pub fn insert_all_of(&mut self, text: &str) {
        let holes = text.chars().filter_map(Hole::from_marker);
        holes.for_each(|hole| self.insert(hole.variable));
    }

    /// Adds all variables of another set.
    pub fn extend(&mut self, other: UsedVariables) {
        let words = self.0.iter_mut().zip(other.0);
        words.for_each(|(word, other)| *word |= other);
    }

    /// Returns whether a variable is in the set.
    pub fn has(&self, id: VariableId) -> bool {
        let (word, bit) = place(id);
        self.0[word] & bit != 0
    }

    /// Returns whether no variable is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }
}

/// Returns the word and the bit of a variable.
fn place(id: VariableId) -> (usize, u64) {
    let bits = u64::BITS as usize;
    (id.index() / bits, 1 << (id.index() % bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variable_has_a_bit_of_its_own() {
        let ids = || (0..MAX_VARIABLES).filter_map(VariableId::new);
        for id in ids() {
            let mut used = UsedVariables::default();
            used.insert_all_of(&format!("a{}b", Hole::new(id).marker()));
            assert!(ids().all(|other| used.has(other) == (other == id)));
            assert!(!used.is_empty() && UsedVariables::default().is_empty());
        }
    }
}
