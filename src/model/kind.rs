//! The types of values in JSON Schema.

use serde_json::Value;

use super::Type;

impl Type {
    /// Returns the type of a value; a whole number is an integer.
    pub fn of(value: &Value) -> Type {
        match value {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Boolean,
            // By the written form: for JSON Schema 2020-12 (Validation §6.1.1) `1.0` is an integer,
            // but its author means a number.
            Value::Number(number) if number.is_i64() || number.is_u64() => Type::Integer,
            Value::Number(_) => Type::Number,
            Value::String(_) => Type::String,
            Value::Array(_) => Type::Array,
            Value::Object(_) => Type::Object,
        }
    }

    /// Returns its name in JSON Schema's `type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Type::String => "string",
            Type::Number => "number",
            Type::Integer => "integer",
            Type::Boolean => "boolean",
            Type::Object => "object",
            Type::Array => "array",
            Type::Null => "null",
        }
    }
}
