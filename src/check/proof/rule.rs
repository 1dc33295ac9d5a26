//! A lowered schema, compiled to validate values.
//!
//! The parts of a schema are nodes. The crate `jsonschema` checks the keywords about one value
//! alone; keywords that compare values use their keys ([`key`]); keywords that lead to other nodes
//! (fields, items, alternatives, references) are followed by [`Walk`](super::held::Walk).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::finding::Pointer;
use super::limits::{Limits, NotReady, Validators, is_too_long};
use super::lower::{DISCRIMINATOR, name_of};
use super::value::{key, key_within};

/// A schema that is compiled to validate values.
#[derive(Debug)]
pub struct Rule {
    /// The first one is the schema itself.
    pub(super) nodes: Vec<SchemaNode>,
    at: Pointer,
}

/// A part of a schema.
#[derive(Debug, Default)]
pub(super) struct SchemaNode {
    /// Its place in the lowered schema.
    pub(super) at: String,
    /// Its name among alternatives.
    pub(super) called: String,
    /// The keywords about the value alone.
    pub(super) limits: Option<Arc<Limits>>,
    /// Its constant value.
    pub(super) constant: Option<ValueSet>,
    /// Its allowed values.
    pub(super) values: Option<ValueSet>,
    /// Whether its items must be unique.
    pub(super) is_unique: bool,
    /// The target, if the node is only a reference.
    pub(super) reference: Option<usize>,
    pub(super) items: Option<usize>,
    /// The node of each field.
    pub(super) fields: IndexMap<String, usize>,
    pub(super) required: Vec<String>,
    pub(super) rest: OtherFields,
    /// Whether the fields of the alternatives count as documented too.
    pub(super) is_unevaluated: bool,
    pub(super) one_of: Vec<usize>,
    /// The field that distinguishes the alternatives without validation.
    by_value: Option<AlternativeIndex>,
    discriminator: Option<String>,
}

/// Values that a schema names, indexed by their keys: a long number costs no more than its digits,
/// and many values no more than one.
#[derive(Debug)]
// The crate compares pairwise, and numbers by arithmetic that is quadratic in their digits. Equal
// values have equal keys, so one lookup in a set is enough.
pub(super) struct ValueSet {
    pub(super) listed: Vec<Value>,
    keys: HashSet<String>,
    longest_key: usize,
}

impl ValueSet {
    fn new(listed: &[Value]) -> ValueSet {
        let keys: HashSet<String> = listed.iter().map(key).collect();
        ValueSet {
            listed: listed.to_vec(),
            longest_key: keys.iter().map(String::len).max().unwrap_or(0),
            keys,
        }
    }

    pub(super) fn contain(&self, value: &Value) -> bool {
        let key = key_within(value, self.longest_key);
        key.is_some_and(|key| self.keys.contains(&key))
    }
}

/// A field that alternatives require and list the values of. An object can only be one of the
/// alternatives that list its value, so the others are skipped.
#[derive(Debug, Default)]
// The crate validates all alternatives and collects the errors of each, at every level: exponential
// where alternatives contain themselves.
struct AlternativeIndex {
    field: String,
    /// The alternatives that name a value, by its key.
    by_key: HashMap<String, Vec<usize>>,
    longest_key: usize,
    /// The alternatives that do not name its values.
    others: Vec<usize>,
}

/// The keys that an object may contain beside its fields.
#[derive(Debug, Default)]
pub(super) enum OtherFields {
    #[default]
    Anything,
    Nothing,
    Like(usize),
}

impl SchemaNode {
    pub(super) fn discriminator(&self) -> Option<&str> {
        self.discriminator.as_deref()
    }

    /// Returns whether its limits would compute with a number of too many digits.
    pub(super) fn is_too_long(&self, value: &Value) -> bool {
        self.limits.is_some() && is_too_long(value)
    }

    /// Returns whether it names its values, by `const` or `enum`.
    pub(super) fn names_values(&self) -> bool {
        self.constant.is_some() || self.values.is_some()
    }

    /// Returns whether a value is among its named values.
    pub(super) fn is_named(&self, value: &Value) -> bool {
        let mut named = self.constant.iter().chain(&self.values);
        named.all(|values| values.contain(value))
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, usize)> {
        self.fields
            .iter()
            .map(|(name, &node)| (name.as_str(), node))
    }

    /// Returns the nodes of the fields that an object contains; iterates over the smaller of the
    /// two.
    pub(super) fn fields_of<'v>(&self, object: &'v Map<String, Value>) -> Vec<(usize, &'v Value)> {
        if self.fields.len() <= object.len() {
            let fields = self.fields.iter();
            return fields
                .filter_map(|(name, &node)| Some((node, object.get(name)?)))
                .collect();
        }
        let members = object.iter();
        members
            .filter_map(|(name, value)| Some((*self.fields.get(name)?, value)))
            .collect()
    }

    /// Returns whether an object contains all required fields.
    pub(super) fn has_required(&self, object: &Map<String, Value>) -> bool {
        let required = &self.required;
        required.len() <= object.len() && required.iter().all(|name| object.contains_key(name))
    }

    /// Returns the alternatives that a value may fit: all except those that its discriminating
    /// field excludes.
    pub(super) fn candidates(&self, value: &Value) -> impl Iterator<Item = usize> {
        let (named, others) = match (&self.by_value, value) {
            (Some(by_value), Value::Object(object)) => (
                by_value.of(object.get(&by_value.field)),
                by_value.others.as_slice(),
            ),
            _ => (&[][..], self.one_of.as_slice()),
        };
        named.iter().chain(others).copied()
    }
}

impl AlternativeIndex {
    /// Returns the field that distinguishes the alternatives, if there is one: the field for which
    /// most of them list values.
    fn new(nodes: &[SchemaNode], one_of: &[usize]) -> Option<AlternativeIndex> {
        let mut counts: IndexMap<&str, usize> = IndexMap::new();
        for &one in one_of {
            for name in discriminating_fields(nodes, one) {
                *counts.entry(name).or_default() += 1;
            }
        }
        let (field, _) = counts.into_iter().max_by_key(|&(_, count)| count)?;
        let mut by_value = AlternativeIndex {
            field: field.to_owned(),
            ..AlternativeIndex::default()
        };
        for &one in one_of {
            if !discriminating_fields(nodes, one).any(|name| name == field) {
                by_value.others.push(one);
                continue;
            }
            let named = &nodes[resolved(nodes, nodes[resolved(nodes, one)].fields[field])];
            let values = named.constant.as_ref().or(named.values.as_ref());
            for key in values.into_iter().flat_map(|values| &values.keys) {
                by_value.longest_key = by_value.longest_key.max(key.len());
                by_value.by_key.entry(key.clone()).or_default().push(one);
            }
        }
        Some(by_value)
    }

    fn of(&self, value: Option<&Value>) -> &[usize] {
        let key = value.and_then(|value| key_within(value, self.longest_key));
        let found = key.and_then(|key| self.by_key.get(&key));
        found.map_or(&[], Vec::as_slice)
    }
}

/// Returns the fields that an alternative requires, and names the values of.
fn discriminating_fields(nodes: &[SchemaNode], one: usize) -> impl Iterator<Item = &str> {
    let node = &nodes[resolved(nodes, one)];
    let required = node.required.iter().map(String::as_str);
    required.filter(|&name| {
        let field = node.fields.get(name);
        field.is_some_and(|&field| nodes[resolved(nodes, field)].names_values())
    })
}

/// Returns the node that references lead to.
pub(super) fn resolved(nodes: &[SchemaNode], index: usize) -> usize {
    let mut at = index;
    // The check rejects circles of references; the bound is for callers that did not check.
    for _ in 0..nodes.len() {
        match nodes[at].reference {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

impl Rule {
    /// Compiles a lowered schema for a place.
    pub fn new(
        lowered: &Value,
        at: &Pointer,
        validators: &mut Validators,
    ) -> Result<Rule, Box<NotReady>> {
        let mut making = RuleDraft {
            nodes: Vec::new(),
            named: BTreeMap::new(),
            at,
            validators,
        };
        let definitions = lowered.get("$defs").and_then(Value::as_object);
        let definitions: Vec<_> = definitions.into_iter().flatten().collect();
        // The root comes first, then the named ones, so that a reference knows its number.
        making.nodes.push(SchemaNode::default());
        for (name, _) in &definitions {
            let index = making.nodes.len();
            making.nodes.push(SchemaNode::default());
            making.named.insert((*name).clone(), index);
        }
        making.fill(0, lowered, &Pointer::page())?;
        for (index, (name, schema)) in definitions.into_iter().enumerate() {
            let place = Pointer::from("/$defs").to(name);
            making.fill(index + 1, schema, &place)?;
        }
        let mut nodes = making.nodes;
        for index in 0..nodes.len() {
            nodes[index].by_value = AlternativeIndex::new(&nodes, &nodes[index].one_of);
        }
        Ok(Rule {
            nodes,
            at: at.clone(),
        })
    }

    pub(super) fn at(&self) -> &Pointer {
        &self.at
    }
}

/// A rule while it is compiled.
struct RuleDraft<'a> {
    nodes: Vec<SchemaNode>,
    named: BTreeMap<String, usize>,
    at: &'a Pointer,
    validators: &'a mut Validators,
}

impl RuleDraft<'_> {
    fn node(&mut self, schema: &Value, place: &Pointer) -> Result<usize, Box<NotReady>> {
        let index = self.nodes.len();
        self.nodes.push(SchemaNode::default());
        self.fill(index, schema, place)?;
        Ok(index)
    }

    fn fill(&mut self, index: usize, schema: &Value, place: &Pointer) -> Result<(), Box<NotReady>> {
        let mut node = SchemaNode {
            at: place.as_str().to_owned(),
            ..SchemaNode::default()
        };
        let part = |name: &str| schema.get(name);
        if let Some(reference) = part("$ref").and_then(Value::as_str) {
            let fragment = percent_encoding::percent_decode_str(reference).decode_utf8_lossy();
            let name = Pointer::from(fragment.as_ref()).steps().nth(1);
            node.reference = name.and_then(|name| self.named.get(&name).copied());
        }
        // All other keywords of this node go to the crate, without those that lead to other nodes.
        node.limits = self.validators.limits(schema, place, self.at)?;
        let constant = part("const").map(std::slice::from_ref);
        node.constant = constant.map(ValueSet::new);
        let values = part("enum").and_then(Value::as_array);
        node.values = values.map(|values| ValueSet::new(values));
        node.is_unique = part("uniqueItems") == Some(&Value::Bool(true));
        if let Some(items) = part("items") {
            node.items = Some(self.node(items, &place.to("items"))?);
        }
        if let Some(fields) = part("properties").and_then(Value::as_object) {
            let place = place.to("properties");
            for (name, field) in fields {
                let field = self.node(field, &place.to(name))?;
                node.fields.insert(name.clone(), field);
            }
        }
        let required = part("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        node.required = required.map(str::to_owned).collect();
        node.is_unevaluated = part("unevaluatedProperties").is_some();
        node.rest = match part("additionalProperties").or(part("unevaluatedProperties")) {
            None => OtherFields::Anything,
            Some(Value::Bool(false)) => OtherFields::Nothing,
            Some(like) => OtherFields::Like(self.node(like, &place.to("additionalProperties"))?),
        };
        let one_of = part("oneOf").and_then(Value::as_array);
        for (number, one) in one_of.into_iter().flatten().enumerate() {
            let inner = self.node(one, &place.to("oneOf").to(number))?;
            let name = one["$ref"].as_str().and_then(name_of);
            let called = name.or(one["title"].as_str().map(str::to_owned));
            self.nodes[inner].called = called.map_or_else(
                || format!("number {}", number + 1),
                |name| format!("`{name}`"),
            );
            node.one_of.push(inner);
        }
        let discriminator = part(DISCRIMINATOR).and_then(Value::as_str);
        node.discriminator = discriminator.map(str::to_owned);
        self.nodes[index] = node;
        Ok(())
    }
}
