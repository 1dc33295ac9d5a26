//! A lowered schema that is ready to judge values by.
//!
//! The parts of a schema are nodes. What a keyword says of one value alone is held by the crate
//! `jsonschema`; what leads to other nodes (fields, items, alternatives, references) is followed by
//! [`Walk`].

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value};

use crate::explain::Code;

use super::finding::{Finding, Pointer};
use super::held::Walk;
use super::lower::{DISCRIMINATOR, name_of, origin};
use super::value::quoted;

/// How many characters a number may have; what the crate reckons with it takes their square.
pub(super) const MOST_DIGITS: usize = 1_000;

/// The greatest power of ten that a number may name.
const MOST_EXPONENT: u32 = 1_000;

/// The keywords that lead to other nodes, or mean something only to us.
const FOLLOWED: [&str; 9] = [
    "$ref",
    "$defs",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "unevaluatedProperties",
    "oneOf",
    DISCRIMINATOR,
];

/// A schema that is ready to judge values by.
#[derive(Debug)]
pub struct Rule {
    /// The first one is the schema itself.
    pub(super) nodes: Vec<Node>,
    at: Pointer,
}

/// A part of a schema.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Where it stands in the lowered schema.
    pub(super) at: String,
    /// What it is called among alternatives.
    pub(super) called: String,
    /// What is said of the value alone.
    pub(super) limits: Option<Arc<Validator>>,
    /// Whether these compare what stands inside the value, too.
    looks_inside: bool,
    /// Whether it names its values, by `const` or `enum`.
    pub(super) is_telling: bool,
    /// The node that it is, if it is nothing but a reference.
    pub(super) reference: Option<usize>,
    pub(super) items: Option<usize>,
    pub(super) fields: Map<String, Value>,
    /// The node of each field, in the order of `fields`.
    field_nodes: Vec<usize>,
    pub(super) required: Vec<String>,
    pub(super) rest: Rest,
    /// Whether the rest is what the alternatives leave, too.
    pub(super) is_unevaluated: bool,
    pub(super) one_of: Vec<usize>,
    discriminator: Option<String>,
}

/// What an object may hold beside its fields.
#[derive(Debug, Default)]
pub(super) enum Rest {
    #[default]
    Anything,
    Nothing,
    Like(usize),
}

impl Node {
    pub(super) fn discriminator(&self) -> Option<&str> {
        self.discriminator.as_deref()
    }

    /// Whether its limits would reckon with a number that is too long.
    pub(super) fn is_too_long(&self, value: &Value) -> bool {
        match self.looks_inside {
            true => holds_too_long(value),
            false => self.limits.is_some() && is_too_long(value),
        }
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, usize)> {
        let names = self.fields.keys().map(String::as_str);
        names.zip(self.field_nodes.iter().copied())
    }
}

impl Rule {
    /// Makes a lowered schema ready, which stands at a place; one that can't be is a finding.
    pub fn new(lowered: &Value, at: &Pointer) -> Result<Rule, Box<Finding>> {
        let mut making = Making {
            nodes: Vec::new(),
            validators: HashMap::new(),
            named: BTreeMap::new(),
            at,
        };
        let definitions = lowered.get("$defs").and_then(Value::as_object);
        let definitions: Vec<_> = definitions.into_iter().flatten().collect();
        // The root comes first, then the named ones, so that a reference knows its number.
        making.nodes.push(Node::default());
        for (name, _) in &definitions {
            let index = making.nodes.len();
            making.nodes.push(Node::default());
            making.named.insert((*name).clone(), index);
        }
        making.fill(0, lowered, &Pointer::page())?;
        for (index, (name, schema)) in definitions.into_iter().enumerate() {
            let place = Pointer::from("/$defs").to(name);
            making.fill(index + 1, schema, &place)?;
        }
        Ok(Rule {
            nodes: making.nodes,
            at: at.clone(),
        })
    }

    pub(super) fn at(&self) -> &Pointer {
        &self.at
    }

    pub(super) fn walk(&self) -> Walk<'_> {
        Walk::new(self)
    }
}

/// A rule while it is made.
struct Making<'a> {
    nodes: Vec<Node>,
    /// What says the same of a value is made once.
    validators: HashMap<String, Arc<Validator>>,
    named: BTreeMap<String, usize>,
    at: &'a Pointer,
}

impl Making<'_> {
    fn node(&mut self, schema: &Value, place: &Pointer) -> Result<usize, Box<Finding>> {
        let index = self.nodes.len();
        self.nodes.push(Node::default());
        self.fill(index, schema, place)?;
        Ok(index)
    }

    fn fill(&mut self, index: usize, schema: &Value, place: &Pointer) -> Result<(), Box<Finding>> {
        let mut node = Node {
            at: place.as_str().to_owned(),
            ..Node::default()
        };
        let part = |name: &str| schema.get(name);
        if let Some(reference) = part("$ref").and_then(Value::as_str) {
            let fragment = percent_encoding::percent_decode_str(reference).decode_utf8_lossy();
            let name = Pointer::from(fragment.as_ref()).steps().nth(1);
            node.reference = name.and_then(|name| self.named.get(&name).copied());
        }
        node.limits = self.limits(schema, place)?;
        node.is_telling = part("const").or(part("enum")).is_some();
        node.looks_inside = node.is_telling || part("uniqueItems").is_some();
        if let Some(items) = part("items") {
            node.items = Some(self.node(items, &place.to("items"))?);
        }
        if let Some(fields) = part("properties").and_then(Value::as_object) {
            let place = place.to("properties");
            for (name, field) in fields {
                node.field_nodes.push(self.node(field, &place.to(name))?);
                node.fields.insert(name.clone(), Value::Null);
            }
        }
        let required = part("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        node.required = required.map(str::to_owned).collect();
        node.is_unevaluated = part("unevaluatedProperties").is_some();
        node.rest = match part("additionalProperties").or(part("unevaluatedProperties")) {
            None => Rest::Anything,
            Some(Value::Bool(false)) => Rest::Nothing,
            Some(like) => Rest::Like(self.node(like, &place.to("additionalProperties"))?),
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

    /// What a schema says of the value alone.
    fn limits(
        &mut self,
        schema: &Value,
        place: &Pointer,
    ) -> Result<Option<Arc<Validator>>, Box<Finding>> {
        let keywords = schema.as_object().into_iter().flatten();
        let keywords = keywords.filter(|(key, _)| !FOLLOWED.contains(&key.as_str()));
        let keywords = keywords.filter(|(key, _)| *key != "title");
        let limits: Map<String, Value> = keywords.map(|(k, v)| (k.clone(), v.clone())).collect();
        if limits.is_empty() {
            return Ok(None);
        }
        let long = limits.iter().find(|(_, limit)| holds_too_long(limit));
        if let Some((keyword, limit)) = long {
            let at = origin(place.to(keyword).as_str(), self.at);
            let message = format!("`{keyword}` can't be {}", quoted(limit));
            let help = format!("write at most {MOST_DIGITS} digits, and a small exponent");
            let finding = Finding::error(Code::InvalidValue, at, message).help(help);
            return Err(Box::new(finding));
        }
        let limits = Value::Object(limits);
        let key = limits.to_string();
        if let Some(known) = self.validators.get(&key) {
            return Ok(Some(Arc::clone(known)));
        }
        let options = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .with_pattern_options(PatternOptions::regex());
        let validator = options.build(&limits);
        let validator = validator.map_err(|error| Box::new(not_ready(&error, place, self.at)))?;
        let validator = Arc::new(validator);
        self.validators.insert(key, Arc::clone(&validator));
        Ok(Some(validator))
    }
}

/// Whether a number has more digits than we reckon with.
fn is_too_long(value: &Value) -> bool {
    let Value::Number(number) = value else {
        return false;
    };
    let written = number.as_str();
    let exponent = written.split_once(['e', 'E']).map(|(_, exponent)| exponent);
    let is_great = |exponent: &str| {
        let digits = exponent.trim_start_matches(['+', '-']);
        digits.parse().map_or(true, |it: u32| it > MOST_EXPONENT)
    };
    written.len() > MOST_DIGITS || exponent.is_some_and(is_great)
}

/// Whether such a number stands anywhere in a value.
fn holds_too_long(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(holds_too_long),
        Value::Object(members) => members.values().any(holds_too_long),
        value => is_too_long(value),
    }
}

/// Why a schema can't be judged by.
fn not_ready(error: &ValidationError<'_>, place: &Pointer, at: &Pointer) -> Finding {
    let at = origin(place.below(error.instance_path().as_str()).as_str(), at);
    let keyword = at.steps().last().unwrap_or_default();
    let value = quoted(error.instance());
    let (code, message, help) = match keyword.as_str() {
        "pattern" => (
            Code::InvalidPattern,
            format!("{value} is no regular expression"),
            "write one that needs neither look-around nor back-references".to_owned(),
        ),
        keyword => (
            Code::InvalidValue,
            format!("`{keyword}` can't be {value}"),
            "JSON Schema's validation vocabulary says what it may be".to_owned(),
        ),
    };
    Finding::error(code, at, message).help(help)
}
