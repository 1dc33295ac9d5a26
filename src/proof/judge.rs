//! Holds values to schemas, and tells what does not fit in the words of the spec.

use std::collections::HashMap;
use std::rc::Rc;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, PatternOptions, ValidationError, Validator};
use serde_json::Value;

use crate::diagnostic::nearest;
use crate::explain::Code;
use crate::model::{Api, Schema, Type};

use super::finding::{Finding, Pointer};
use super::lower::{DISCRIMINATOR, lower, name_of, origin};
use super::value::{Filling, kind, kind_of, quoted};

/// A schema that is ready to judge values by.
#[derive(Debug)]
pub struct Rule {
    validator: Validator,
    lowered: Value,
    at: Pointer,
}

impl Rule {
    /// Makes a lowered schema ready, which stands at a place; one that can't be is a finding.
    pub fn new(lowered: Value, at: &Pointer) -> Result<Rule, Box<Finding>> {
        let options = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .with_pattern_options(PatternOptions::regex());
        match options.build(&lowered) {
            Ok(validator) => Ok(Rule {
                validator,
                lowered,
                at: at.clone(),
            }),
            Err(error) => Err(Box::new(not_ready(&error, at))),
        }
    }

    /// What does not fit in a value, each with its place there.
    pub fn judge(&self, value: &Value, role: Role<'_>) -> Vec<Finding> {
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        let mut telling = Telling {
            rule: self,
            role,
            findings: Vec::new(),
        };
        for error in self.validator.iter_errors(value) {
            telling.tell(&error);
        }
        telling.findings
    }
}

/// What judges the values of a page; a schema that has a name is compiled once.
pub(super) struct Judge<'a> {
    pub(super) api: &'a Api,
    pub(super) filling: Rc<Filling<'a>>,
    named: HashMap<usize, Option<Rc<Rule>>>,
    pub(super) findings: Vec<Finding>,
    /// What could not be judged, and why.
    pub(super) unproven: Vec<(Pointer, String)>,
}

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Judged<'v> {
    /// As it is in the model, with holes.
    pub(super) value: &'v Value,
    pub(super) at: &'v Pointer,
    /// What it is.
    pub(super) role: Role<'v>,
}

/// What a value is that is judged.
#[derive(Clone, Copy)]
pub enum Role<'a> {
    /// An example.
    Example,
    /// What is taken where nothing is sent.
    Default,
    /// The body of a request.
    Body,
    /// A parameter of a name.
    Parameter(&'a str),
}

impl Role<'_> {
    fn as_str(self) -> &'static str {
        match self {
            Role::Example => "example",
            Role::Default => "default",
            Role::Body => "body",
            Role::Parameter(_) => "parameter",
        }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(api: &'a Api, filling: Rc<Filling<'a>>) -> Judge<'a> {
        Judge {
            api,
            filling,
            named: HashMap::new(),
            findings: Vec::new(),
            unproven: Vec::new(),
        }
    }

    /// Adds a finding, unless its place has one: one value may be judged twice, and by several
    /// rules. An object may lack several fields.
    pub(super) fn push(&mut self, finding: Finding) {
        let tells_same = |other: &Finding| {
            let is_there = other.at == finding.at && other.within == finding.within;
            is_there && (other.code != finding.code || other.message == finding.message)
        };
        if !self.findings.iter().any(tells_same) {
            self.findings.push(finding);
        }
    }

    /// Makes a schema ready; one that can't be is a finding.
    pub(super) fn compiled(&mut self, schema: &Schema, at: &Pointer) -> Option<Rc<Rule>> {
        let Some(index) = schema.reference else {
            return self.compile(schema, at);
        };
        if let Some(known) = self.named.get(&index) {
            return known.clone();
        }
        let named = &self.api.schemas[index];
        let at = Pointer::from("/schemas").to(&named.name);
        let compiled = self.compile(&named.schema, &at);
        self.named.insert(index, compiled.clone());
        compiled
    }

    fn compile(&mut self, schema: &Schema, at: &Pointer) -> Option<Rc<Rule>> {
        let lowered = self.filling.value(&lower(self.api, schema));
        let rule = Rule::new(lowered, at).map_err(|finding| self.push(*finding));
        rule.ok().map(Rc::new)
    }

    /// Judges a value.
    pub(super) fn judge(&mut self, judged: Judged<'_>, by: &Rule) {
        let filled = self.filling.value(judged.value);
        for mut finding in by.judge(&filled, judged.role) {
            let original = judged.value.pointer(finding.at.as_str());
            finding.at = judged.at.below(finding.at.as_str());
            let is_of_value = !matches!(finding.code, Code::ExampleType | Code::UndocumentedField);
            match original.and_then(|value| self.filling.unknown_in(value)) {
                Some(variable) if is_of_value => {
                    let why = format!("the variable `{variable}` has no `example`");
                    self.unproven.push((finding.at, why));
                }
                _ => self.push(finding),
            }
        }
    }
}

/// What is found in one value, while it is told.
struct Telling<'a> {
    rule: &'a Rule,
    role: Role<'a>,
    findings: Vec<Finding>,
}

impl Telling<'_> {
    fn tell(&mut self, error: &ValidationError<'_>) {
        let path = error.instance_path().as_str();
        let at = Pointer::from(path);
        let value = error.instance();
        let field = origin(error.schema_path().as_str(), &self.rule.at);
        let (name, role) = (named(path, self.role), self.role.as_str());
        match error.kind() {
            Kind::Required { property } => {
                let property = property.as_str().unwrap_or_default();
                self.findings
                    .push(missing(property, &name, role, at, &field));
            }
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                let object = self
                    .rule
                    .lowered
                    .pointer(parent(error.schema_path().as_str()));
                for key in unexpected {
                    let known = keys(object);
                    self.findings
                        .push(undocumented(key, &known, role, at.to(key), &field));
                }
            }
            Kind::Type { kind: wanted } => {
                self.findings
                    .push(wrong_type(value, wanted, (&name, role), at, field))
            }
            Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
                self.no_alternative(error, context);
            }
            Kind::OneOfMultipleValid { .. } => {
                let message = format!("{name} fits more than one alternative of `oneOf`");
                let help =
                    "tell them apart: by a `const` and a `discriminator`, or by `required` fields";
                let finding = Finding::error(Code::NoAlternative, at, message).at_key();
                self.findings
                    .push(finding.and(field, "the alternatives").help(help));
            }
            other => {
                let (message, said) = limit_words(other, &name, value);
                let finding = Finding::error(Code::ExampleValue, at, message);
                self.findings
                    .push(in_words(finding, other, value, role).and(field, said));
            }
        }
    }

    /// Tells what the alternative that was meant lacks, or that none was.
    fn no_alternative(
        &mut self,
        error: &ValidationError<'_>,
        context: &[Vec<ValidationError<'static>>],
    ) {
        let path = error.instance_path().as_str();
        let at = Pointer::from(path);
        let field = origin(error.schema_path().as_str(), &self.rule.at);
        let holder = self
            .rule
            .lowered
            .pointer(parent(error.schema_path().as_str()));
        let discriminator = holder.and_then(|holder| holder.get(DISCRIMINATOR)?.as_str());
        let told_apart = discriminator.map(|name| Pointer::from(path).to(name));
        let is_at =
            |error: &&ValidationError<'_>, place: &str| error.instance_path().as_str() == place;
        // The alternative that is meant has the value of the field that tells them apart; without
        // one, it is the only one whose type is right.
        let meant: Vec<&Vec<_>> = match &told_apart {
            Some(place) => {
                let fits = |errors: &&Vec<ValidationError<'_>>| {
                    let names = |error: &&ValidationError<'_>| match error.kind() {
                        Kind::Required { property } => {
                            error.instance_path().as_str() == path
                                && property.as_str() == discriminator
                        }
                        _ => is_at(error, place.as_str()),
                    };
                    !errors.iter().any(|error| names(&error))
                };
                context.iter().filter(fits).collect()
            }
            None => {
                let fits = |errors: &&Vec<ValidationError<'_>>| {
                    let is_type = |error: &ValidationError<'_>| {
                        matches!(error.kind(), Kind::Type { .. }) && is_at(&error, path)
                    };
                    !errors.iter().any(is_type)
                };
                context.iter().filter(fits).collect()
            }
        };
        if let [errors] = meant.as_slice() {
            for error in *errors {
                self.tell(error);
            }
            return;
        }
        let value = error.instance();
        let (message, at) = match (discriminator, told_apart) {
            (Some(name), Some(place)) => match value.get(name) {
                Some(value) => (
                    format!("{} names no alternative of `{name}`", quoted(value)),
                    place,
                ),
                None => (
                    format!(
                        "no `{name}` in {}, which tells the alternatives apart",
                        named(path, self.role)
                    ),
                    at,
                ),
            },
            _ => (
                format!("{} fits no alternative of `oneOf`", named(path, self.role)),
                at,
            ),
        };
        let reasons: Vec<String> = context
            .iter()
            .enumerate()
            .filter_map(|(index, errors)| {
                let first = errors.first()?;
                let why = reason(first, self.role);
                Some(format!("{} ({why})", alternative(holder?, index)))
            })
            .collect();
        let choice = format!("the alternatives are: {}", reasons.join(", "));
        let finding = Finding::error(Code::NoAlternative, at, message).at_key();
        self.findings
            .push(finding.and(field, "the alternatives").choice(choice));
    }
}

/// What an alternative is called: its number, or the name of the schema that it is.
fn alternative(holder: &Value, index: usize) -> String {
    let one = &holder["oneOf"][index];
    let name = one["$ref"].as_str().and_then(name_of);
    let title = one["title"].as_str().map(str::to_owned);
    let called = name.or(title);
    called.map_or_else(
        || format!("number {}", index + 1),
        |name| format!("`{name}`"),
    )
}

/// Why a schema can't be judged by.
fn not_ready(error: &ValidationError<'_>, at: &Pointer) -> Finding {
    let at = origin(error.instance_path().as_str(), at);
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

fn missing(property: &str, name: &str, role: &str, at: Pointer, field: &Pointer) -> Finding {
    // The keyword stands at the field itself.
    let object: Vec<String> = field.steps().collect();
    let mut at_field = Pointer::page();
    for step in &object[..object.len().saturating_sub(1)] {
        at_field = at_field.to(step);
    }
    let at_field = at_field.to("fields").to(property).to("required");
    Finding::error(Code::MissingField, at, format!("no `{property}` in {name}"))
        .at_key()
        .and(at_field, format!("`{property}` is required here"))
        .help(format!("add it to the {role}, or remove `required`"))
}

fn undocumented(key: &str, known: &[String], role: &str, at: Pointer, field: &Pointer) -> Finding {
    let object: Vec<String> = field.steps().collect();
    let mut fields = Pointer::page();
    for step in &object[..object.len().saturating_sub(1)] {
        fields = fields.to(step);
    }
    let finding = Finding::error(
        Code::UndocumentedField,
        at,
        format!("`{key}` is in the {role}, but not documented"),
    );
    let finding = finding
        .at_key()
        .and(fields.to("fields"), "the documented fields");
    let finding = match nearest(key, known.iter().map(String::as_str)) {
        Some(meant) => finding.label(format!("did you mean `{meant}`?")),
        None => finding,
    };
    match known {
        [] => finding.help("document it in `fields`, or write `additionalProperties: true`"),
        known => finding
            .choice(format!("the fields are: {}", known.join(", ")))
            .help("document it, or write `additionalProperties: true`"),
    }
}

fn wrong_type(
    value: &Value,
    wanted: &TypeKind,
    (name, role): (&str, &str),
    at: Pointer,
    field: Pointer,
) -> Finding {
    let wanted = types(wanted);
    let words: Vec<&str> = wanted.iter().map(|&one| kind_of(one)).collect();
    let listed = one_of(&words);
    let help = match value {
        Value::Null => "give it a value, or allow `null`: type: [string, \"null\"]".to_owned(),
        Value::String(text) if reads_as(text, &wanted) => "remove the quotes".to_owned(),
        Value::Number(_) | Value::Bool(_) if wanted == [Type::String] => {
            format!("put it in quotes: \"{value}\"")
        }
        _ => format!("correct the {role}, or the field's `type`"),
    };
    let message = format!("{name} is {} where {listed} must stand", kind(value));
    Finding::error(Code::ExampleType, at, message)
        .and(field, format!("{listed}, it says here"))
        .help(help)
}

/// Whether a text without its quotes is a value of one of some types.
fn reads_as(text: &str, wanted: &[Type]) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    match value {
        Value::Bool(_) => wanted.contains(&Type::Boolean),
        Value::Number(_) => wanted.contains(&Type::Number) || wanted.contains(&Type::Integer),
        Value::Null => wanted.contains(&Type::Null),
        Value::String(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

fn types(wanted: &TypeKind) -> Vec<Type> {
    let of = |one: JsonType| match one {
        JsonType::Array => Type::Array,
        JsonType::Boolean => Type::Boolean,
        JsonType::Integer => Type::Integer,
        JsonType::Null => Type::Null,
        JsonType::Number => Type::Number,
        JsonType::Object => Type::Object,
        JsonType::String => Type::String,
    };
    match wanted {
        TypeKind::Single(one) => vec![of(*one)],
        TypeKind::Multiple(set) => set.iter().map(of).collect(),
    }
}

fn one_of(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// What is wrong with a value that has a right type, and what is said at the keyword.
fn limit_words(kind: &Kind, name: &str, value: &Value) -> (String, String) {
    let shown = quoted(value);
    let length = value.as_str().map_or(0, |text| text.chars().count());
    let items = value.as_array().map_or(0, Vec::len);
    let is = |limit: String| (format!("{name} is {shown}, and must be {limit}"), limit);
    let has = |count: usize, what: &str, limit: String| {
        (
            format!("{name} has {count} {what}, and must have {limit}"),
            limit,
        )
    };
    match kind {
        Kind::Enum { .. } => (
            format!("{name} is {shown}, which is not among its values"),
            "the values".to_owned(),
        ),
        Kind::Constant { expected_value } => is(format!("{} always", quoted(expected_value))),
        Kind::Minimum { limit } => is(format!("at least {limit}")),
        Kind::ExclusiveMinimum { limit } => is(format!("more than {limit}")),
        Kind::Maximum { limit } => is(format!("at most {limit}")),
        Kind::ExclusiveMaximum { limit } => is(format!("less than {limit}")),
        Kind::MultipleOf { multiple_of } => is(format!("a multiple of {multiple_of}")),
        Kind::MinLength { limit } => has(length, "characters", format!("at least {limit}")),
        Kind::MaxLength { limit } => has(length, "characters", format!("at most {limit}")),
        Kind::MinItems { limit } => has(items, "items", format!("at least {limit}")),
        Kind::MaxItems { limit } => has(items, "items", format!("at most {limit}")),
        Kind::UniqueItems => (
            format!("{name} has an item twice"),
            "each only once".to_owned(),
        ),
        Kind::Pattern { .. } => (
            format!("{name} is {shown}, which does not match its pattern"),
            "the pattern".to_owned(),
        ),
        Kind::Format { format } => (
            format!("{name} is {shown}, which is no {format}"),
            format!("{format}, it says here"),
        ),
        other => (
            format!("{name} does not fit `{}`", other.keyword()),
            "this".to_owned(),
        ),
    }
}

/// Adds what is likely meant, and what to do.
fn in_words(finding: Finding, kind: &Kind, value: &Value, role: &str) -> Finding {
    let Kind::Enum { options } = kind else {
        return finding.help(format!("correct the {role}, or what the field says"));
    };
    let options = options.as_array().map_or(&[][..], Vec::as_slice);
    let words: Vec<String> = options
        .iter()
        .map(|option| quoted(option).trim_matches('`').to_owned())
        .collect();
    let meant = value
        .as_str()
        .and_then(|text| nearest(text, words.iter().map(String::as_str)));
    let finding = match meant {
        Some(meant) => finding.label(format!("did you mean `{meant}`?")),
        None => finding,
    };
    finding.choice(format!("its values are: {}", words.join(", ")))
}

/// Why an alternative does not fit, in a few words.
fn reason(error: &ValidationError<'_>, role: Role<'_>) -> String {
    let name = named(error.instance_path().as_str(), role);
    match error.kind() {
        Kind::Required { property } => format!("no {}", quoted(property)),
        Kind::Type { kind } => {
            let words: Vec<&str> = types(kind).into_iter().map(kind_of).collect();
            format!("{name} is not {}", one_of(&words))
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            format!("`{}` is not documented", unexpected.join("`, `"))
        }
        kind => limit_words(kind, &name, error.instance()).0,
    }
}

/// What people call the value that a pointer leads to, in one of a role.
fn named(path: &str, role: Role<'_>) -> String {
    let steps: Vec<String> = Pointer::from(path).steps().collect();
    let index = |step: &String| step.parse::<usize>().ok();
    match steps.as_slice() {
        [] => match role {
            Role::Parameter(name) => format!("`{name}`"),
            role => format!("the {}", role.as_str()),
        },
        [.., holder, last] if index(last).is_some() && index(holder).is_none() => {
            let number = index(last).map_or(0, |index| index + 1);
            format!("item {number} of `{holder}`")
        }
        [.., last] => match index(last) {
            Some(index) => format!("item {}", index + 1),
            None => format!("`{last}`"),
        },
    }
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The names of an object's fields, in a lowered schema.
fn keys(object: Option<&Value>) -> Vec<String> {
    let properties = object.and_then(|object| object.get("properties")?.as_object());
    properties.map_or_else(Vec::new, |properties| properties.keys().cloned().collect())
}

#[cfg(test)]
mod tests;
