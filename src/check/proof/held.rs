//! Validates one value against a rule: whether it is valid, and its first errors.
//!
//! Each value is validated against each node once, so alternatives that contain themselves cost no
//! more the deeper they are: the steps are at most the values times the nodes. Results that took
//! few steps are computed again instead of remembered, so that memory does not grow with that
//! product. After a maximal number of steps nothing more is validated.

use std::collections::{HashMap, HashSet};

use jsonschema::ValidationError;
use serde_json::Value;

use super::finding::Pointer;
use super::limits::Limits;
use super::rule::{OtherFields, Rule, SchemaNode, ValueSet, resolved};
use super::value::key;

/// A result that took more steps than this is remembered.
// `benches/judge.py` measures time and memory of both choices.
const FEW: usize = 16;

/// How many steps one value may take.
// A bound on time for any value and schema, since the mock validates requests that anybody sends.
pub(super) const MOST_STEPS: usize = 2_000_000;

/// How many nodes may be validated within each other; each takes a part of the stack.
// The limit comes from the stack of a thread, whose overflow ends the program.
pub(super) const MOST_WITHIN: usize = 400;

/// An error in a value, and its place.
pub(super) struct Mismatch<'a> {
    pub(super) node: usize,
    pub(super) value: &'a Value,
    pub(super) path: Pointer,
    pub(super) what: What<'a>,
}

/// The kind of an error in a value.
pub(super) enum What<'a> {
    /// A required field that is missing.
    Missing(&'a str),
    /// An undocumented key.
    Undocumented(&'a str),
    /// A number that is too long to compute with, or a value that contains one.
    TooLong,
    /// A value that is nested deeper, with its alternatives, than the limit.
    TooDeep,
    NoAlternative,
    SeveralAlternatives,
    /// More than can be validated within the limit of steps.
    TooMuch,
    /// Another value than its constant.
    NotConstant(&'a ValueSet),
    /// A value that is not in its `enum`.
    NotAmong(&'a ValueSet),
    /// A duplicate item.
    Repeated,
    /// A keyword about this value alone.
    Limit(ValidationError<'a>),
}

/// The validation of one value against a rule.
pub(super) struct Walk<'a> {
    pub(super) nodes: &'a [SchemaNode],
    /// Whether a value is valid by a node, by their addresses; true while it is being validated.
    known: HashMap<(usize, *const Value), bool>,
    /// Whether the items of a list are unique.
    unique: HashMap<*const Value, bool>,
    /// How many times a value was validated against a node; a long one counts more than once.
    pub(super) steps: usize,
    /// How many nodes are being validated, each inside the previous one.
    within: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(rule: &'a Rule) -> Walk<'a> {
        Walk {
            nodes: &rule.nodes,
            known: HashMap::new(),
            unique: HashMap::new(),
            steps: 0,
            within: 0,
        }
    }

    /// Returns the number of cached results.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.known.len()
    }

    /// Returns whether the limit of steps is reached: later results are not reliable.
    pub(super) fn is_spent(&self) -> bool {
        self.steps > MOST_STEPS
    }

    /// Returns whether a value fits a node.
    pub(super) fn is_valid(&mut self, index: usize, value: &'a Value) -> bool {
        self.steps += 1;
        let index = resolved(self.nodes, index);
        // By the address of the value and not by its content: the value outlives the walk.
        let key = (index, std::ptr::from_ref(value));
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        if self.within == MOST_WITHIN || self.is_spent() {
            return false;
        }
        let before = self.steps;
        // A circle of references that leads back to the same node and value adds no condition.
        self.known.insert(key, true);
        self.within += 1;
        let fits = self.fits(index, value);
        self.within -= 1;
        if self.steps - before > FEW {
            self.known.insert(key, fits);
        } else {
            self.known.remove(&key);
        }
        fits
    }

    fn fits(&mut self, index: usize, value: &'a Value) -> bool {
        let nodes = self.nodes;
        let node = &nodes[index];
        if !node.is_named(value) {
            return false;
        }
        if let Some(limits) = &node.limits {
            self.steps += limits.steps(value);
            if self.is_spent() || node.is_too_long(value) || !limits.validator.is_valid(value) {
                return false;
            }
        }
        if node.is_unique && !self.is_unique(value) {
            return false;
        }
        if let Some(object) = value.as_object() {
            if !node.has_required(object) {
                return false;
            }
            let fields = node.fields_of(object);
            self.steps += fields.len();
            // Named values are compared first: an unintended alternative ends here.
            for names_values in [true, false] {
                for &(field, value) in &fields {
                    if nodes[field].names_values() == names_values && !self.is_valid(field, value) {
                        return false;
                    }
                }
            }
        }
        if let (Some(items), Some(list)) = (node.items, value.as_array())
            && !list.iter().all(|item| self.is_valid(items, item))
        {
            return false;
        }
        // `oneOf`: exactly one (JSON Schema 2020-12, Core, 10.2.1.3).
        if !node.one_of.is_empty() && self.fitting(index, value) != 1 {
            return false;
        }
        match node.rest {
            OtherFields::Anything => true,
            OtherFields::Nothing => self.left(index, value).is_empty(),
            OtherFields::Like(like) => {
                let left = self.left(index, value);
                left.into_iter()
                    .all(|(_, value)| self.is_valid(like, value))
            }
        }
    }

    /// Returns whether no two items of a list are equal: computed once for all nodes.
    fn is_unique(&mut self, value: &'a Value) -> bool {
        let Value::Array(items) = value else {
            return true;
        };
        let is_unique = || {
            let mut keys = HashSet::new();
            // By keys, which equal items share: pairwise, ten thousand items are fifty million
            // comparisons.
            items.iter().all(|item| keys.insert(key(item)))
        };
        *self.unique.entry(value).or_insert_with(is_unique)
    }

    /// Returns how many alternatives a value fits.
    fn fitting(&mut self, index: usize, value: &'a Value) -> usize {
        let nodes = self.nodes;
        let alternatives = nodes[index].candidates(value);
        alternatives
            .filter(|&one| self.is_valid(one, value))
            .count()
    }

    /// Returns the keys of an object that are neither fields of a node nor of the alternative that
    /// it fits or names, if there is one.
    fn left(&mut self, index: usize, value: &'a Value) -> Vec<(&'a str, &'a Value)> {
        let Some(object) = value.as_object() else {
            return Vec::new();
        };
        self.steps += object.len();
        let nodes = self.nodes;
        let node = &nodes[index];
        let mut seen = HashSet::new();
        // `unevaluatedProperties` (JSON Schema 2020-12, Core, 11.3): a key that a valid alternative
        // evaluates is allowed.
        let is_all = node.is_unevaluated
            && node.candidates(value).any(|one| {
                self.is_valid(one, value)
                    && self.evaluated(one, value, &mut seen, &mut HashSet::new())
            });
        if is_all {
            return Vec::new();
        }
        let members = object.iter();
        let left = members
            .filter(|(name, _)| !node.fields.contains_key(*name) && !seen.contains(name.as_str()));
        left.map(|(name, value)| (name.as_str(), value)).collect()
    }

    /// Adds the fields of a node and of the nodes that it leads to; returns whether it accepts
    /// other keys too.
    fn evaluated(
        &mut self,
        index: usize,
        value: &'a Value,
        seen: &mut HashSet<&'a str>,
        visited: &mut HashSet<usize>,
    ) -> bool {
        let index = resolved(self.nodes, index);
        if !visited.insert(index) {
            return false;
        }
        let nodes = self.nodes;
        let node = &nodes[index];
        self.steps += node.fields.len();
        seen.extend(node.fields.keys().map(String::as_str));
        if !matches!(node.rest, OtherFields::Anything) {
            return true;
        }
        let mut alternatives = node.candidates(value);
        alternatives
            .any(|one| self.is_valid(one, value) && self.evaluated(one, value, seen, visited))
    }

    /// Returns the intended alternative: the one that the `discriminator` names; without one, the
    /// only one whose type is right, or whose fields of named values are all there.
    pub(super) fn meant(&mut self, index: usize, value: &'a Value) -> Option<usize> {
        let nodes = self.nodes;
        let node = &nodes[index];
        let only = |found: Vec<usize>| match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let alternatives = node.one_of.iter().copied();
        if let Some(name) = node.discriminator() {
            // The author chose the field that distinguishes them, so no heuristic is used.
            return only(
                alternatives
                    .filter(|&one| self.is_named(one, name, value))
                    .collect(),
            );
        }
        let of_type: Vec<usize> = alternatives
            .filter(|&one| self.is_of_type(one, value))
            .collect();
        if of_type.len() == 1 {
            return only(of_type);
        }
        let named = of_type.into_iter().filter(|&one| {
            let fields = &nodes[resolved(nodes, one)];
            let discriminating = fields
                .fields()
                .filter(|&(_, field)| nodes[field].names_values());
            let mut discriminating = discriminating.peekable();
            let all = |(name, field): (&str, usize)| {
                value
                    .get(name)
                    .is_some_and(|value| self.is_valid(field, value))
            };
            discriminating.peek().is_some() && discriminating.all(all)
        });
        only(named.collect())
    }

    /// Returns whether the field that distinguishes the alternatives is valid in one of them.
    fn is_named(&mut self, index: usize, name: &str, value: &'a Value) -> bool {
        let node = &self.nodes[resolved(self.nodes, index)];
        let Some(discriminator) = value.get(name) else {
            return !node.required.iter().any(|required| required == name);
        };
        let field = node.fields.get(name);
        field.is_none_or(|&field| self.is_valid(field, discriminator))
    }

    fn is_of_type(&self, index: usize, value: &Value) -> bool {
        use jsonschema::error::ValidationErrorKind as Kind;
        let node = &self.nodes[resolved(self.nodes, index)];
        let wrong = |error: &ValidationError<'_>| matches!(error.kind(), Kind::Type { .. });
        let is_wrong = |it: &Limits| it.validator.iter_errors(value).any(|error| wrong(&error));
        node.is_too_long(value) || !node.limits.as_ref().is_some_and(|it| is_wrong(it))
    }

    /// Returns the first errors of a value against a node, without those inside alternatives.
    pub(super) fn faults(
        &mut self,
        index: usize,
        value: &'a Value,
        path: &Pointer,
        most: usize,
    ) -> Vec<Mismatch<'a>> {
        let mut faults = Vec::new();
        self.find(index, value, path, most, &mut faults);
        faults.truncate(most);
        faults
    }

    fn find(
        &mut self,
        index: usize,
        value: &'a Value,
        path: &Pointer,
        most: usize,
        faults: &mut Vec<Mismatch<'a>>,
    ) {
        if faults.len() >= most || self.is_valid(index, value) {
            return;
        }
        let index = resolved(self.nodes, index);
        if self.within == MOST_WITHIN {
            let path = path.clone();
            faults.push(Mismatch {
                node: index,
                value,
                path,
                what: What::TooDeep,
            });
            return;
        }
        self.within += 1;
        self.find_in(index, value, path, most, faults);
        self.within -= 1;
    }

    /// Collects the first errors of a value that does not fit a node.
    fn find_in(
        &mut self,
        index: usize,
        value: &'a Value,
        path: &Pointer,
        most: usize,
        faults: &mut Vec<Mismatch<'a>>,
    ) {
        let nodes = self.nodes;
        let node = &nodes[index];
        let fault = |what: What<'a>| Mismatch {
            node: index,
            value,
            path: path.clone(),
            what,
        };
        if let Some(limits) = &node.limits {
            if node.is_too_long(value) {
                faults.push(fault(What::TooLong))
            } else {
                faults.extend(
                    limits
                        .validator
                        .iter_errors(value)
                        .map(|it| fault(What::Limit(it))),
                )
            }
        }
        if let Some(constant) = node.constant.as_ref().filter(|it| !it.contain(value)) {
            faults.push(fault(What::NotConstant(constant)));
        }
        if let Some(values) = node.values.as_ref().filter(|it| !it.contain(value)) {
            faults.push(fault(What::NotAmong(values)));
        }
        if node.is_unique && !self.is_unique(value) {
            faults.push(fault(What::Repeated));
        }
        if let (Some(items), Some(list)) = (node.items, value.as_array()) {
            for (number, item) in list.iter().enumerate() {
                if faults.len() < most && !self.is_valid(items, item) {
                    self.find(items, item, &path.to(number), most, faults);
                }
            }
        }
        if let Some(object) = value.as_object() {
            for (name, field) in node.fields() {
                self.steps += 1;
                if let Some(value) = object.get(name)
                    && !self.is_valid(field, value)
                {
                    self.find(field, value, &path.to(name), most, faults);
                }
            }
            let missing = node
                .required
                .iter()
                .filter(|name| !object.contains_key(*name));
            faults.extend(missing.map(|name| fault(What::Missing(name))));
        }
        let fitting = if node.one_of.is_empty() {
            1
        } else {
            self.fitting(index, value)
        };
        match fitting {
            0 => faults.push(fault(What::NoAlternative)),
            1 => {}
            _ => faults.push(fault(What::SeveralAlternatives)),
        }
        // If no alternative is valid, the remaining fields are unknown.
        if node.is_unevaluated && fitting == 0 {
            return;
        }
        match node.rest {
            OtherFields::Anything => {}
            OtherFields::Nothing => {
                let left = self.left(index, value).into_iter().take(most);
                faults.extend(left.map(|(name, _)| fault(What::Undocumented(name))));
            }
            OtherFields::Like(like) => {
                for (name, value) in self.left(index, value) {
                    if faults.len() < most && !self.is_valid(like, value) {
                        self.find(like, value, &path.to(name), most, faults);
                    }
                }
            }
        }
    }
}
