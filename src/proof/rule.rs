//! A lowered schema that is ready to judge values by, and what does not fit it.
//!
//! The parts of a schema are nodes. What a keyword says of one value alone is held by the crate
//! `jsonschema`; what leads to other nodes (fields, items, alternatives, references) is followed here.
//! Each value is held to each node once, so alternatives that hold themselves cost no more the deeper
//! they are: the steps are at most the values times the nodes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value};

use crate::explain::Code;

use super::finding::{Finding, Pointer};
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
    nodes: Vec<Node>,
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
    limits: Option<Arc<Validator>>,
    /// Whether it names its values, by `const` or `enum`.
    is_telling: bool,
    reference: Option<usize>,
    items: Option<usize>,
    fields: Map<String, Value>,
    /// The node of each field, in the order of `fields`.
    field_nodes: Vec<usize>,
    required: Vec<String>,
    rest: Rest,
    /// Whether the rest is what the alternatives leave, too.
    is_unevaluated: bool,
    pub(super) one_of: Vec<usize>,
    discriminator: Option<String>,
}

/// What an object may hold beside its fields.
#[derive(Debug, Default)]
enum Rest {
    #[default]
    Anything,
    Nothing,
    Like(usize),
}

impl Node {
    pub(super) fn discriminator(&self) -> Option<&str> {
        self.discriminator.as_deref()
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
        Walk {
            nodes: &self.nodes,
            known: HashMap::new(),
            steps: 0,
        }
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
        let long = limits.iter().find(|(_, limit)| is_too_long(limit));
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

/// What does not fit, and where.
pub(super) struct Fault<'a> {
    pub(super) node: usize,
    pub(super) value: &'a Value,
    pub(super) path: Pointer,
    pub(super) what: What<'a>,
}

/// What does not fit.
pub(super) enum What<'a> {
    /// A field that is required.
    Missing(&'a str),
    /// A key that no field has.
    Undocumented(&'a str),
    /// A number that we do not reckon with.
    TooLong,
    NoAlternative,
    SeveralAlternatives,
    /// What is said of the value alone.
    Limit(ValidationError<'a>),
}

/// One value held to a rule.
pub(super) struct Walk<'a> {
    pub(super) nodes: &'a [Node],
    /// Whether a value fits a node, by their places; while it is asked, it does.
    known: HashMap<(usize, *const Value), bool>,
    /// How many times a value was held to a node.
    pub(super) steps: usize,
}

impl<'a> Walk<'a> {
    /// Whether a value fits a node.
    pub(super) fn is_valid(&mut self, index: usize, value: &'a Value) -> bool {
        let key = (index, std::ptr::from_ref(value));
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        self.known.insert(key, true);
        self.steps += 1;
        let fits = self.fits(index, value);
        self.known.insert(key, fits);
        fits
    }

    fn fits(&mut self, index: usize, value: &'a Value) -> bool {
        let node = &self.nodes[index];
        let is_limited = node.limits.is_some();
        if is_limited && is_too_long(value) {
            return false;
        }
        if node.limits.as_ref().is_some_and(|it| !it.is_valid(value)) {
            return false;
        }
        if let Some(object) = value.as_object()
            && node.required.iter().any(|name| !object.contains_key(name))
        {
            return false;
        }
        // What names its values is looked at first: an alternative that is not meant ends here.
        for is_telling in [true, false] {
            for (name, field) in node.fields() {
                if self.nodes[field].is_telling == is_telling
                    && let Some(value) = value.as_object().and_then(|it| it.get(name))
                    && !self.is_valid(field, value)
                {
                    return false;
                }
            }
        }
        if let Some(reference) = node.reference
            && !self.is_valid(reference, value)
        {
            return false;
        }
        if let (Some(items), Some(list)) = (node.items, value.as_array())
            && !list.iter().all(|item| self.is_valid(items, item))
        {
            return false;
        }
        if !node.one_of.is_empty() && self.fitting(index, value) != 1 {
            return false;
        }
        match node.rest {
            Rest::Anything => true,
            Rest::Nothing => self.left(index, value).is_empty(),
            Rest::Like(like) => {
                let left = self.left(index, value);
                left.into_iter()
                    .all(|(_, value)| self.is_valid(like, value))
            }
        }
    }

    /// How many alternatives a value fits.
    fn fitting(&mut self, index: usize, value: &'a Value) -> usize {
        let nodes = self.nodes;
        let alternatives = nodes[index].one_of.iter();
        alternatives
            .filter(|&&one| self.is_valid(one, value))
            .count()
    }

    /// What of an object is neither a field of a node nor, where that is meant, of the alternative
    /// that it fits or names.
    fn left(&mut self, index: usize, value: &'a Value) -> Vec<(&'a str, &'a Value)> {
        let Some(object) = value.as_object() else {
            return Vec::new();
        };
        let node = &self.nodes[index];
        let mut seen = HashSet::new();
        let is_all = node.is_unevaluated
            && node
                .one_of
                .iter()
                .any(|&one| self.is_valid(one, value) && self.evaluated(one, value, &mut seen, 0));
        if is_all {
            return Vec::new();
        }
        let members = object.iter();
        let left = members
            .filter(|(name, _)| !node.fields.contains_key(*name) && !seen.contains(name.as_str()));
        left.map(|(name, value)| (name.as_str(), value)).collect()
    }

    /// Adds the fields of a node and of what it leads to; whether it takes all others, too.
    fn evaluated(
        &mut self,
        index: usize,
        value: &'a Value,
        seen: &mut HashSet<&'a str>,
        depth: usize,
    ) -> bool {
        let node = &self.nodes[index];
        seen.extend(node.fields.keys().map(String::as_str));
        if !matches!(node.rest, Rest::Anything) {
            return true;
        }
        if depth > self.nodes.len() {
            return false;
        }
        let next = node
            .reference
            .into_iter()
            .chain(node.one_of.iter().copied());
        for one in next.collect::<Vec<_>>() {
            if self.is_valid(one, value) && self.evaluated(one, value, seen, depth + 1) {
                return true;
            }
        }
        false
    }

    /// The alternative that is meant: the one that the `discriminator` names; without one, the only
    /// one whose type is right, or whose fields of named values are all there.
    pub(super) fn meant(&mut self, index: usize, value: &'a Value) -> Option<usize> {
        let nodes = self.nodes;
        let node = &nodes[index];
        let only = |found: Vec<usize>| match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let alternatives = node.one_of.iter().copied();
        if let Some(name) = node.discriminator() {
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
            let fields = &nodes[self.resolved(one)];
            let mut tellers = fields
                .fields()
                .filter(|&(_, field)| nodes[field].is_telling);
            let mut told = tellers.by_ref().peekable();
            let all = |(name, field): (&str, usize)| {
                value
                    .get(name)
                    .is_some_and(|value| self.is_valid(field, value))
            };
            told.peek().is_some() && told.all(all)
        });
        only(named.collect())
    }

    /// The node that references lead to.
    fn resolved(&self, index: usize) -> usize {
        let mut at = index;
        for _ in 0..self.nodes.len() {
            match self.nodes[at].reference {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// Whether the field that tells alternatives apart may be what it is, by one of them.
    fn is_named(&mut self, index: usize, name: &str, value: &'a Value) -> bool {
        let node = &self.nodes[self.resolved(index)];
        let Some(teller) = value.get(name) else {
            return !node.required.iter().any(|required| required == name);
        };
        let field = node.fields().find(|(field, _)| *field == name);
        field.is_none_or(|(_, field)| self.is_valid(field, teller))
    }

    fn is_of_type(&self, index: usize, value: &Value) -> bool {
        use jsonschema::error::ValidationErrorKind as Kind;
        let limits = self.nodes[self.resolved(index)].limits.as_ref();
        let wrong = |error: &ValidationError<'_>| matches!(error.kind(), Kind::Type { .. });
        !limits.is_some_and(|it| it.iter_errors(value).any(|error| wrong(&error)))
    }

    /// The first faults of a value by a node; into alternatives it does not look.
    pub(super) fn faults(
        &mut self,
        index: usize,
        value: &'a Value,
        path: &Pointer,
        most: usize,
    ) -> Vec<Fault<'a>> {
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
        faults: &mut Vec<Fault<'a>>,
    ) {
        if faults.len() >= most || self.is_valid(index, value) {
            return;
        }
        self.steps += 1;
        let nodes = self.nodes;
        let node = &nodes[index];
        let fault = |what: What<'a>| Fault {
            node: index,
            value,
            path: path.clone(),
            what,
        };
        if let Some(limits) = &node.limits {
            match is_too_long(value) {
                true => faults.push(fault(What::TooLong)),
                false => faults.extend(limits.iter_errors(value).map(|it| fault(What::Limit(it)))),
            }
        }
        if let Some(reference) = node.reference {
            self.find(reference, value, path, most, faults);
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
        let fitting = match node.one_of.is_empty() {
            true => 1,
            false => self.fitting(index, value),
        };
        match fitting {
            0 => faults.push(fault(What::NoAlternative)),
            1 => {}
            _ => faults.push(fault(What::SeveralAlternatives)),
        }
        // Where no alternative fits, nobody knows what it would leave.
        if node.is_unevaluated && fitting == 0 {
            return;
        }
        match node.rest {
            Rest::Anything => {}
            Rest::Nothing => {
                let left = self.left(index, value).into_iter().take(most);
                faults.extend(left.map(|(name, _)| fault(What::Undocumented(name))));
            }
            Rest::Like(like) => {
                for (name, value) in self.left(index, value) {
                    if faults.len() < most && !self.is_valid(like, value) {
                        self.find(like, value, &path.to(name), most, faults);
                    }
                }
            }
        }
    }
}
