//! The values that differ from bot to bot: what each may be, and what stands in for it.

use crate::hole::VariableId;

/// A variable of the project.
#[derive(Clone, Debug)]
pub struct Variable {
    /// What `{{ name }}` says.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// What the generic site shows in its place.
    pub placeholder: String,
    /// The value of a bot that has none of its own.
    pub default: Option<String>,
    /// A value for proof and tests.
    pub example: Option<String>,
    /// Whether its values are addresses.
    pub is_url: bool,
    /// What its values must match, as written, anchored.
    pub pattern: Option<String>,
    /// How many characters its values may have.
    pub max_length: Option<usize>,
}

/// The variables of the project, in the order they were written.
#[derive(Clone, Debug, Default)]
pub struct Variables(Vec<Variable>);

impl Variables {
    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.0.iter()
    }

    /// The variable of an ID.
    pub fn get(&self, id: VariableId) -> &Variable {
        &self.0[id.index()]
    }
}
