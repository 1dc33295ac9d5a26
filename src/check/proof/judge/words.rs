//! The words of messages about values that don't fit their schema.

use jsonschema::JsonType;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::model::Type;

use super::super::finding::Pointer;
use super::super::held::{Mismatch, What};
use super::super::rule::ValueSet;
use super::super::value::{kind_of, quoted, shortened};
use super::Role;

/// Returns the types that an error of the validator names.
pub(super) fn types(wanted: &TypeKind) -> Vec<Type> {
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

/// Joins words with commas and `or`.
pub(super) fn one_of(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Returns the message for a value of the right type, and the label at the keyword.
pub(super) fn limit_words(kind: &Kind, name: &str, value: &Value) -> (String, String) {
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
        Kind::Minimum { limit } => is(format!("at least {limit}")),
        Kind::ExclusiveMinimum { limit } => is(format!("more than {limit}")),
        Kind::Maximum { limit } => is(format!("at most {limit}")),
        Kind::ExclusiveMaximum { limit } => is(format!("less than {limit}")),
        Kind::MultipleOf { multiple_of } => is(format!("a multiple of {multiple_of}")),
        Kind::MinLength { limit } => has(length, "characters", format!("at least {limit}")),
        Kind::MaxLength { limit } => has(length, "characters", format!("at most {limit}")),
        Kind::MinItems { limit } => has(items, "items", format!("at least {limit}")),
        Kind::MaxItems { limit } => has(items, "items", format!("at most {limit}")),
        Kind::Pattern { .. } => (
            format!("{name} is {shown}, which does not match its pattern"),
            "the pattern".to_owned(),
        ),
        Kind::Format { format } => (
            format!("{name} is {shown}, which is not a valid {format}"),
            format!("declared as {format} here"),
        ),
        other => (
            format!("{name} does not fit `{}`", other.keyword()),
            "this".to_owned(),
        ),
    }
}

/// Returns the quoted value of a `const`.
pub(super) fn listed_first(constant: &ValueSet) -> String {
    constant.listed.first().map(quoted).unwrap_or_default()
}

/// Returns the message for a value that is not allowed.
pub(super) fn not_among_words(name: &str, value: &Value) -> String {
    format!("{name} is {}, which is not among its values", quoted(value))
}

/// Returns briefly why an alternative does not fit.
pub(super) fn reason(fault: &Mismatch<'_>, role: Role<'_>) -> String {
    let name = named(fault.path.as_str(), role);
    match &fault.what {
        What::Missing(property) => format!("missing field `{property}`"),
        What::Undocumented(key) => format!("`{}` is not documented", shortened(key)),
        What::TooLong => format!("{name} is a number with too many digits"),
        What::TooDeep => format!("{name} is nested too deeply"),
        What::TooMuch => format!("{name} takes too many steps"),
        What::NotConstant(constant) => format!(
            "{name} is {}, and must always be {}",
            quoted(fault.value),
            listed_first(constant)
        ),
        What::NotAmong(_) => not_among_words(&name, fault.value),
        What::Repeated => format!("{name} has a duplicate item"),
        What::NoAlternative | What::SeveralAlternatives => format!("{name} does not fit `oneOf`"),
        What::Limit(error) => match error.kind() {
            Kind::Type { kind } => {
                let words: Vec<&str> = types(kind).into_iter().map(kind_of).collect();
                format!("{name} is not {}", one_of(&words))
            }
            kind => limit_words(kind, &name, fault.value).0,
        },
    }
}

/// Returns how messages name the value at a pointer, in a value of a role.
pub(super) fn named(path: &str, role: Role<'_>) -> String {
    let steps: Vec<String> = Pointer::from(path).steps().collect();
    let index = |step: &String| step.parse::<usize>().ok();
    match steps.as_slice() {
        [] => match role {
            Role::Parameter(name) => format!("`{name}`"),
            role => format!("the {}", role.as_str()),
        },
        [.., holder, last] if index(last).is_some() && index(holder).is_none() => {
            let number = index(last).map_or(0, |index| index + 1);
            format!("item {number} of `{}`", shortened(holder))
        }
        [.., last] => match index(last) {
            Some(index) => format!("item {}", index + 1),
            None => format!("`{}`", shortened(last)),
        },
    }
}
