//! Schemas of the model: the part of JSON Schema that pages show, with references as indices.

use serde_json::Value;

use super::{Deprecated, Markdown};

/// A named value of an object, or a parameter or header.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name as it is sent.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds.
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

/// What a value may be, in the words of JSON Schema.
#[derive(Clone, Debug, Default)]
// The keywords that a page shows, and no more: what JSON Schema 2020-12 has beside them, `check`
// refuses with its name.
pub struct Schema {
    /// A schema of [`Api::schemas`](super::Api::schemas) that this one is; what stands beside it here is shown first.
    pub reference: Option<usize>,
    /// A name for people, such as that of a `oneOf` alternative.
    pub title: Option<String>,
    /// What it means.
    pub description: Option<Markdown>,
    /// The types that it may have; empty for any.
    pub types: Vec<Type>,
    /// `format`, such as `uuid` or `date-time`.
    pub format: Option<String>,
    /// The only value.
    pub constant: Option<Value>,
    /// The only values.
    pub values: Vec<Value>,
    /// The value that is taken where none is sent.
    pub default: Option<Value>,
    /// Limits in the order of JSON Schema's validation document, such as `minimum` and `0`.
    pub limits: Vec<Limit>,
    /// What an array holds.
    pub items: Option<Box<Schema>>,
    /// An object's fields.
    pub fields: Vec<Field>,
    /// What an object may hold beside its fields.
    pub additional: Additional,
    /// The schemas of which exactly one fits.
    pub one_of: Vec<Schema>,
    /// The field that tells the alternatives apart.
    pub discriminator: Option<String>,
    /// Whether, and in favour of what, it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// The version or day that brought it.
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
    /// Which bound.
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

/// What an object may hold beside its fields.
#[derive(Clone, Debug, Default)]
pub enum Additional {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// `additionalProperties: true`.
    Allowed,
    /// `additionalProperties: false`.
    Forbidden,
    /// Values that fit this schema.
    Like(Box<Schema>),
}

impl LimitKeyword {
    /// As JSON Schema says it.
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
