//! Schemas of the model: the part of JSON Schema that pages show, with references as indices.

use serde_json::Value;

use super::{Deprecated, Markdown};

/// A named value of an object, or a parameter or header.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name as it is sent.
    pub name: String,
    /// Whether it is required.
    pub required: bool,
    /// Its schema.
    pub schema: Schema,
    /// The value that examples give a parameter or header.
    pub example: Option<Value>,
}

/// A schema with its name.
#[derive(Clone, Debug)]
pub struct NamedSchema {
    /// Its key in `schemas`.
    pub name: String,
    /// What it describes.
    pub schema: Schema,
}

/// A schema, with the keywords of JSON Schema 2020-12 that pages show.
#[derive(Clone, Debug, Default)]
// Only the keywords that a page shows: `check` refuses all others of JSON Schema 2020-12 by name.
pub struct Schema {
    /// `$ref`, as an index into [`Api::schemas`](super::Api::schemas). Keywords beside it are shown
    /// before those of its target.
    pub reference: Option<usize>,
    /// A name for people, such as that of a `oneOf` alternative.
    pub title: Option<String>,
    /// Its meaning.
    pub description: Option<Markdown>,
    /// The types that it may have; empty for any.
    pub types: Vec<Type>,
    /// `format`, such as `uuid` or `date-time`.
    pub format: Option<String>,
    /// The only value.
    pub constant: Option<Value>,
    /// The only values.
    pub values: Vec<Value>,
    /// The value that applies if none is sent.
    pub default: Option<Value>,
    // A list, not a field each: they are only printed and proven, in this order.
    /// Limits in the order of JSON Schema's validation document, such as `minimum` and `0`.
    pub limits: Vec<Limit>,
    /// The schema of an array's items.
    pub items: Option<Box<Schema>>,
    /// An object's fields.
    pub fields: Vec<Field>,
    /// The values that an object may have beside its fields.
    pub additional: Additional,
    /// The schemas of which exactly one must match.
    pub one_of: Vec<Schema>,
    /// The field that distinguishes the alternatives.
    pub discriminator: Option<String>,
    /// Set if it should no longer be used, with what to use instead.
    pub deprecated: Option<Deprecated>,
    /// The version or day since which it exists.
    pub since: Option<String>,
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// Any number.
    Number,
    /// A number without a fraction.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Named values.
    Object,
    /// Values in order.
    Array,
    /// `null`.
    Null,
}

/// A bound on a value: the keyword and its value as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The keyword.
    pub keyword: LimitKeyword,
    /// A number, a pattern's text, or `true`.
    pub value: Value,
}

/// The bounds of JSON Schema (validation, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKeyword {
    /// `minimum`.
    Minimum,
    /// `exclusiveMinimum`.
    ExclusiveMinimum,
    /// `maximum`.
    Maximum,
    /// `exclusiveMaximum`.
    ExclusiveMaximum,
    /// `multipleOf`.
    MultipleOf,
    /// `minLength`.
    MinLength,
    /// `maxLength`.
    MaxLength,
    /// `pattern`.
    Pattern,
    /// `minItems`.
    MinItems,
    /// `maxItems`.
    MaxItems,
    /// `uniqueItems: true`.
    UniqueItems,
}

/// The values that an object may have beside its fields.
#[derive(Clone, Debug, Default)]
pub enum Additional {
    /// The spec is silent. The proof reads it as `false`, since a key that no table has is what
    /// drifts first.
    #[default]
    Unspecified,
    /// `additionalProperties: true`.
    Allowed,
    /// `additionalProperties: false`.
    Forbidden,
    /// Values that match this schema.
    Like(Box<Schema>),
}

impl LimitKeyword {
    /// Returns its name in JSON Schema.
    pub fn as_str(self) -> &'static str {
        match self {
            LimitKeyword::Minimum => "minimum",
            LimitKeyword::ExclusiveMinimum => "exclusiveMinimum",
            LimitKeyword::Maximum => "maximum",
            LimitKeyword::ExclusiveMaximum => "exclusiveMaximum",
            LimitKeyword::MultipleOf => "multipleOf",
            LimitKeyword::MinLength => "minLength",
            LimitKeyword::MaxLength => "maxLength",
            LimitKeyword::Pattern => "pattern",
            LimitKeyword::MinItems => "minItems",
            LimitKeyword::MaxItems => "maxItems",
            LimitKeyword::UniqueItems => "uniqueItems",
        }
    }
}
