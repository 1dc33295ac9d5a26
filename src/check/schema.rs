//! Schemas and fields, with JSON Schema's keywords.

use std::collections::HashMap;

use crate::check::proof::key;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{Additional, Deprecated, Field, Limit, LimitKeyword, Location, Schema, Type};

use super::reader::{Map, Reader};
use super::reference::{self, SchemaNames};
use super::{id, keywords, markdown, wire};

pub(super) const SCHEMA_KEYS: &[&str] = &[
    "$ref",
    "type",
    "title",
    "description",
    "format",
    "enum",
    "const",
    "default",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "fields",
    "additionalProperties",
    "oneOf",
    "discriminator",
    "deprecated",
    "since",
];

const TYPES: &[(&str, Type)] = &[
    ("string", Type::String),
    ("number", Type::Number),
    ("integer", Type::Integer),
    ("boolean", Type::Boolean),
    ("object", Type::Object),
    ("array", Type::Array),
    ("null", Type::Null),
];

const LIMITS: &[LimitKeyword] = &[
    LimitKeyword::Minimum,
    LimitKeyword::ExclusiveMinimum,
    LimitKeyword::Maximum,
    LimitKeyword::ExclusiveMaximum,
    LimitKeyword::MultipleOf,
    LimitKeyword::MinLength,
    LimitKeyword::MaxLength,
    LimitKeyword::Pattern,
    LimitKeyword::MinItems,
    LimitKeyword::MaxItems,
    LimitKeyword::UniqueItems,
];

/// The role of a schema, which decides its allowed keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaRole {
    /// By itself: `required` and `example` mean nothing.
    Alone,
    /// In `fields`: it may be `required`.
    Field,
    /// As a parameter or a response's header: it may be `required` and have an `example`.
    Parameter(Location),
}

/// Lowers a schema.
pub(super) fn lower(
    reader: &mut Reader<'_>,
    node: &Node,
    role: SchemaRole,
    names: &SchemaNames<'_>,
) -> Option<Schema> {
    let mut known = SCHEMA_KEYS.to_vec();
    if role != SchemaRole::Alone {
        known.push("required");
    }
    if let SchemaRole::Parameter(_) = role {
        known.push("example");
    }
    let map = reader.map(node, "a schema", &known)?;
    let mut schema = Schema {
        reference: map
            .get("$ref")
            .and_then(|node| reference::resolve(reader, node, names)),
        title: map.get("title").and_then(|node| reader.text(node)),
        description: map
            .get("description")
            .and_then(|node| markdown::lower(reader, node)),
        types: map
            .get("type")
            .map(|node| types(reader, node))
            .unwrap_or_default(),
        format: map
            .get("format")
            .and_then(|node| reader.word(node))
            .map(str::to_owned),
        constant: map.get("const").map(|node| reader.json(node)),
        values: map
            .get("enum")
            .map(|node| enum_values(reader, node))
            .unwrap_or_default(),
        default: map.get("default").map(|node| reader.json(node)),
        limits: limits(reader, &map),
        deprecated: deprecated(reader, &map),
        since: map.get("since").and_then(|node| reader.text(node)),
        ..Schema::default()
    };
    parts_of_objects(reader, &map, &mut schema, names);
    if let Some(items) = map.get("items") {
        schema.items = lower(reader, items, SchemaRole::Alone, names).map(Box::new);
    }
    alternatives(reader, &map, &mut schema, names);
    types_that_fit(reader, &map, &mut schema);
    keywords::judge(reader, &map, &schema);
    Some(schema)
}

/// Lowers `fields` and `additionalProperties` into a schema.
pub(super) fn parts_of_objects(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    schema: &mut Schema,
    names: &SchemaNames<'_>,
) {
    if let Some(node) = map.get("fields") {
        schema.fields = fields(reader, node, SchemaRole::Field, names);
    }
    schema.additional = match map.get("additionalProperties") {
        None => Additional::Unspecified,
        Some(Node {
            value: Value::Bool(true),
            ..
        }) => Additional::Allowed,
        Some(Node {
            value: Value::Bool(false),
            ..
        }) => Additional::Forbidden,
        Some(node) if node.value.is_boolean_word() => {
            reader.boolean(node);
            Additional::Unspecified
        }
        Some(node) => lower(reader, node, SchemaRole::Alone, names)
            .map_or(Additional::Unspecified, |schema| {
                Additional::Like(Box::new(schema))
            }),
    };
}

fn alternatives(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    schema: &mut Schema,
    names: &SchemaNames<'_>,
) {
    if let Some(node) = map.get("oneOf")
        && let Some(items) = reader.list(node)
    {
        if !reader.is_few(items.len(), MOST_FORMS, "alternatives", node.place) {
            return;
        }
        if items.len() < 2 {
            reader.error(
                Code::EmptyValue,
                node.place,
                "`oneOf` with fewer than two schemas",
                "list the alternatives, or write the one schema itself",
            );
        }
        schema.one_of = items
            .iter()
            .filter_map(|item| lower(reader, item, SchemaRole::Alone, names))
            .collect();
    }
    if let Some(node) = map.get("discriminator") {
        if map.get("oneOf").is_none() {
            reader.error(
                Code::ConflictingKeys,
                node.place,
                "a `discriminator` without `oneOf`",
                "remove it, or add the alternatives that it distinguishes",
            );
        }
        schema.discriminator = discriminator(reader, node);
    }
}

/// Lowers `discriminator`, the name of a field; OpenAPI's map has the line to write instead.
fn discriminator(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    if let Value::Mapping(_) = node.value {
        let property = node.value.get("propertyName");
        let name = match property.map(|node| &node.value) {
            Some(Value::String(name)) => name,
            _ => "type",
        };
        let message = "expected the name of a field, found a map";
        let help = format!(
            "write `discriminator: {name}`; each alternative has the value in its own fields: {{{name}: {{const: …}}}}"
        );
        reader.error(Code::WrongType, node.place, message, help);
        return None;
    }
    reader.word(node).map(str::to_owned)
}

/// Infers the type that keywords imply, and reports keywords that exclude each other.
fn types_that_fit(reader: &mut Reader<'_>, map: &Map<'_>, schema: &mut Schema) {
    if let Some(node) = map.get("$ref") {
        let allowed = [
            "$ref",
            "title",
            "description",
            "required",
            "deprecated",
            "since",
            "example",
            "default",
        ];
        let beside = SCHEMA_KEYS.iter().filter(|key| !allowed.contains(key));
        // JSON Schema 2020-12 applies keywords beside `$ref`, drafts up to 7 ignore them: such a
        // schema has two meanings.
        if let Some(other) = beside.copied().find_map(|key| map.get(key)) {
            reader.report.push(
                Diagnostic::error(Code::ConflictingKeys, other.place, "a reference with a schema beside it")
                    .and(node.place, "the reference")
                    .help("only title, description, default, required, deprecated and since are allowed beside `$ref`"),
            );
        }
        return;
    }
    let implied = [
        ("fields", Type::Object),
        ("additionalProperties", Type::Object),
        ("items", Type::Array),
    ];
    for (key, implied) in implied {
        let Some(node) = map.get(key) else { continue };
        if schema.types.is_empty() && map.get("type").is_none() {
            // In JSON Schema `properties` and `items` ignore values of other types, so without a
            // type a text would be valid.
            schema.types.push(implied);
        } else if !schema.types.is_empty() && !schema.types.contains(&implied) {
            let message = format!("`{key}` requires the type {}", implied.as_str());
            let help = format!("write `type: {}`, or remove `{key}`", implied.as_str());
            reader.error(Code::ConflictingKeys, node.place, message, help);
        }
    }
}

/// Lowers the fields of an object, or parameters or headers.
pub(super) fn fields(
    reader: &mut Reader<'_>,
    node: &Node,
    role: SchemaRole,
    names: &SchemaNames<'_>,
) -> Vec<Field> {
    let mut fields = Vec::new();
    for entry in reader.entries(node).unwrap_or_default() {
        field_name(reader, entry, role);
        let example = match role {
            SchemaRole::Parameter(location) => {
                wire::parameter_values(reader, &entry.value, location, names);
                let example = entry.value.value.get("example");
                if example.is_none() {
                    wire::parameter_schema(reader, &entry.value, names);
                }
                example.map(|node| wire::parameter_example(reader, node, location))
            }
            SchemaRole::Alone | SchemaRole::Field => None,
        };
        if let Some(schema) = lower(reader, &entry.value, role, names) {
            let required = entry
                .value
                .value
                .get("required")
                .and_then(|node| is_required(reader, node));
            fields.push(Field {
                name: entry.key.clone(),
                required: required.unwrap_or(false),
                schema,
                example,
            });
        }
    }
    fields
}

/// Lowers `required` of a field; OpenAPI's list of names has the lines to write instead.
fn is_required(reader: &mut Reader<'_>, node: &Node) -> Option<bool> {
    let Value::Sequence(_) = node.value else {
        return reader.boolean(node);
    };
    let message = "expected `true` or `false`, found a list";
    let help = "write `required: true` at each of these fields: fields: {name: {type: string, required: true}}";
    reader.error(Code::WrongType, node.span, message, help);
    None
}

fn field_name(reader: &mut Reader<'_>, entry: &MapEntry, role: SchemaRole) {
    let odd = entry.key.is_empty()
        || entry
            .key
            .chars()
            .any(|c| c.is_control() || id::is_invisible(c));
    if odd || entry.key.contains("{{") {
        let help = "a field's name is sent as it is: visible characters, no variables";
        reader.error(
            Code::InvalidId,
            entry.key_span,
            match entry.key.as_str() {
                "" => "an empty name for a field".to_owned(),
                name => format!("`{name}` can't name a field"),
            },
            help,
        );
    } else if let SchemaRole::Parameter(Location::Header | Location::Cookie) = role {
        wire::header_name(reader, &entry.key, entry.key_span);
    }
}

fn types(reader: &mut Reader<'_>, node: &Node) -> Vec<Type> {
    let items = match &node.value {
        Value::Sequence(items) if items.is_empty() => {
            let help = "name the types, as in [string, \"null\"], or remove the key for values of any type";
            reader.error(Code::EmptyValue, node.place, "a list of no types", help);
            return Vec::new();
        }
        Value::Sequence(items) => items.as_slice(),
        Value::Null => {
            reader.error(
                Code::WrongType,
                node.place,
                "a missing type",
                "for the type null write \"null\" in quotes",
            );
            return Vec::new();
        }
        _ => std::slice::from_ref(node),
    };
    let mut types = Vec::new();
    for item in items {
        if matches!(item.value, Value::Null) {
            reader.error(
                Code::WrongType,
                item.span,
                "a missing type",
                "write the type null in quotes: [string, \"null\"]",
            );
            continue;
        }
        if let Some(found) = reader.choice(item, "type", TYPES) {
            if types.contains(&found) {
                let first = types.iter().position(|&other| other == found);
                let message = format!("duplicate type `{}`", found.as_str());
                second_time(reader, item, items, first, message);
            }
            types.push(found);
        }
    }
    types
}

fn enum_values(reader: &mut Reader<'_>, node: &Node) -> Vec<serde_json::Value> {
    let Some(items) = reader.list(node) else {
        return Vec::new();
    };
    if items.is_empty() {
        reader.error(
            Code::EmptyValue,
            node.place,
            "an `enum` without values",
            "list the values, or remove `enum`",
        );
    }
    let mut values: Vec<serde_json::Value> = Vec::new();
    let mut places = HashMap::new();
    for item in items {
        let value = reader.json(item);
        // By keys: comparing each value with each other is quadratic, and `1` and `1.0` are equal
        // (JSON Schema 2020-12, 4.2.2).
        let place = *places.entry(key(&value)).or_insert(values.len());
        if place < values.len() {
            second_time(
                reader,
                item,
                items,
                Some(place),
                "duplicate value".to_owned(),
            );
        }
        values.push(value);
    }
    values
}

fn second_time(
    reader: &mut Reader<'_>,
    item: &Node,
    items: &[Node],
    first: Option<usize>,
    message: String,
) {
    let mut diagnostic = Diagnostic::error(Code::DuplicateId, item.span, message);
    if let Some(first) = first.and_then(|index| items.get(index)) {
        diagnostic = diagnostic.and(first.span, "first here");
    }
    reader.report.push(diagnostic.help("remove one of the two"));
}

fn limits(reader: &mut Reader<'_>, map: &Map<'_>) -> Vec<Limit> {
    let mut limits = Vec::new();
    for &keyword in LIMITS {
        let Some(node) = map.get(keyword.as_str()) else {
            continue;
        };
        if let Some(value) = limit(reader, keyword, node) {
            limits.push(Limit { keyword, value });
        }
    }
    limits
}

fn limit(reader: &mut Reader<'_>, keyword: LimitKeyword, node: &Node) -> Option<serde_json::Value> {
    use LimitKeyword as L;
    match keyword {
        L::Minimum | L::ExclusiveMinimum | L::Maximum | L::ExclusiveMaximum | L::MultipleOf => {
            match node.value {
                Value::Number(_) => Some(reader.json(node)),
                _ => {
                    let help = format!("`{}` is a number", keyword.as_str());
                    reader.error(
                        Code::WrongType,
                        node.span,
                        format!("expected a number, found {}", node.value.kind()),
                        help,
                    );
                    None
                }
            }
        }
        L::MinLength | L::MaxLength | L::MinItems | L::MaxItems => {
            reader.count(node).map(|_| reader.json(node))
        }
        // Not compiled here: patterns of a page have a common budget, which `proof` counts.
        L::Pattern => reader.word(node).map(Into::into),
        L::UniqueItems => reader
            .boolean(node)
            .filter(|&unique| unique)
            .map(Into::into),
    }
}

/// Lowers `deprecated: true`, or the text about what to use instead.
pub(super) fn deprecated(reader: &mut Reader<'_>, map: &Map<'_>) -> Option<Deprecated> {
    let node = map.get("deprecated")?;
    match &node.value {
        Value::Bool(false) => None,
        Value::Bool(true) => Some(Deprecated { note: None }),
        // In quotes they would be the text about what to use instead.
        Value::String(text) if matches!(text.as_str(), "true" | "false") => {
            reader.boolean(node);
            None
        }
        _ => reader
            .text(node)
            .map(|note| Deprecated { note: Some(note) }),
    }
}

/// How many alternatives `oneOf` may have; a value may be any of them.
const MOST_FORMS: usize = 200;
