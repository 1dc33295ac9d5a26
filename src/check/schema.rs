//! Schemas and fields, in JSON Schema's words.

use std::collections::HashMap;

use crate::check::proof::key;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{Additional, Deprecated, Field, Limit, LimitKeyword, Location, Schema, Type};

use super::named::SchemaNames;
use super::reader::{Map, Reader};

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

/// Where a schema stands, which decides the keys that it may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaRole {
    /// By itself: `required` and `example` mean nothing.
    Alone,
    /// In `fields`: it may be `required`.
    Field,
    /// As a parameter or a response's header: it may be `required` and have an `example`.
    Parameter(Location),
}

impl Reader<'_> {
    /// A schema.
    pub(super) fn schema(
        &mut self,
        node: &Node,
        place: SchemaRole,
        names: &SchemaNames<'_>,
    ) -> Option<Schema> {
        let mut known = SCHEMA_KEYS.to_vec();
        if place != SchemaRole::Alone {
            known.push("required");
        }
        if let SchemaRole::Parameter(_) = place {
            known.push("example");
        }
        let map = self.map(node, "a schema", &known)?;
        let mut schema = Schema {
            reference: map.get("$ref").and_then(|node| self.reference(node, names)),
            title: map.get("title").and_then(|node| self.text(node)),
            description: map.get("description").and_then(|node| self.markdown(node)),
            types: map
                .get("type")
                .map(|node| self.types(node))
                .unwrap_or_default(),
            format: map
                .get("format")
                .and_then(|node| self.word(node))
                .map(str::to_owned),
            constant: map.get("const").map(|node| self.json(node)),
            values: map
                .get("enum")
                .map(|node| self.enum_values(node))
                .unwrap_or_default(),
            default: map.get("default").map(|node| self.json(node)),
            limits: self.limits(&map),
            deprecated: self.deprecated(&map),
            since: map.get("since").and_then(|node| self.text(node)),
            ..Schema::default()
        };
        self.parts_of_objects(&map, &mut schema, names);
        if let Some(items) = map.get("items") {
            schema.items = self.schema(items, SchemaRole::Alone, names).map(Box::new);
        }
        self.alternatives(&map, &mut schema, names);
        self.types_that_fit(&map, &mut schema);
        Some(schema)
    }

    pub(super) fn parts_of_objects(
        &mut self,
        map: &Map<'_>,
        schema: &mut Schema,
        names: &SchemaNames<'_>,
    ) {
        if let Some(fields) = map.get("fields") {
            schema.fields = self.fields(fields, SchemaRole::Field, names);
        }
        schema.additional = match map.get("additionalProperties") {
            None => Additional::Unsaid,
            Some(Node {
                value: Value::Bool(true),
                ..
            }) => Additional::Allowed,
            Some(Node {
                value: Value::Bool(false),
                ..
            }) => Additional::Forbidden,
            Some(node) => self
                .schema(node, SchemaRole::Alone, names)
                .map_or(Additional::Unsaid, |schema| {
                    Additional::Like(Box::new(schema))
                }),
        };
    }

    fn alternatives(&mut self, map: &Map<'_>, schema: &mut Schema, names: &SchemaNames<'_>) {
        if let Some(node) = map.get("oneOf")
            && let Some(items) = self.list(node)
        {
            if !self.is_few(items.len(), MOST_FORMS, "alternatives", node.place) {
                return;
            }
            if items.len() < 2 {
                self.error(
                    Code::EmptyValue,
                    node.place,
                    "`oneOf` with fewer than two schemas",
                    "list the alternatives, or write the one schema itself",
                );
            }
            schema.one_of = items
                .iter()
                .filter_map(|item| self.schema(item, SchemaRole::Alone, names))
                .collect();
        }
        if let Some(node) = map.get("discriminator") {
            if map.get("oneOf").is_none() {
                self.error(
                    Code::ConflictingKeys,
                    node.place,
                    "a `discriminator` without `oneOf`",
                    "remove it, or add the alternatives that it tells apart",
                );
            }
            schema.discriminator = self.word(node).map(str::to_owned);
        }
    }

    /// Infers the type that keywords imply, and reports keywords that exclude each other.
    fn types_that_fit(&mut self, map: &Map<'_>, schema: &mut Schema) {
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
            if let Some(other) = beside.copied().find_map(|key| map.get(key)) {
                self.report.push(
                    Diagnostic::error(Code::ConflictingKeys, other.place, "a reference with a schema beside it")
                        .and(node.place, "the reference")
                        .help("only title, description, default, required, deprecated and since can stand beside `$ref`"),
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
                schema.types.push(implied);
            } else if !schema.types.is_empty() && !schema.types.contains(&implied) {
                let message = format!("`{key}` in what is no {}", implied.as_str());
                let help = format!("write `type: {}`, or remove `{key}`", implied.as_str());
                self.error(Code::ConflictingKeys, node.place, message, help);
            }
        }
    }

    /// The fields of an object, or parameters or headers.
    pub(super) fn fields(
        &mut self,
        node: &Node,
        place: SchemaRole,
        names: &SchemaNames<'_>,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        for entry in self.entries(node).unwrap_or_default() {
            self.field_name(entry, place);
            let example = match place {
                SchemaRole::Parameter(location) => {
                    let example = entry.value.value.get("example");
                    example.map(|node| self.parameter_example(node, location))
                }
                SchemaRole::Alone | SchemaRole::Field => None,
            };
            if let Some(schema) = self.schema(&entry.value, place, names) {
                let required = entry
                    .value
                    .value
                    .get("required")
                    .and_then(|node| self.boolean(node));
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

    fn field_name(&mut self, entry: &MapEntry, place: SchemaRole) {
        let odd = entry.key.is_empty()
            || entry
                .key
                .chars()
                .any(|c| c.is_control() || super::is_invisible(c));
        if odd || entry.key.contains("{{") {
            let help = "a field's name is what is sent: visible characters, no variables";
            self.error(
                Code::InvalidId,
                entry.key_span,
                match entry.key.as_str() {
                    "" => "an empty name for a field".to_owned(),
                    name => format!("`{name}` can't name a field"),
                },
                help,
            );
        } else if let SchemaRole::Parameter(Location::Header | Location::Cookie) = place {
            self.header_name(&entry.key, entry.key_span);
        }
    }

    /// Reports what HTTP can't send as the name of a header or cookie (RFC 9110, section 5.6.2).
    pub(super) fn header_name(&mut self, name: &str, span: Span) {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        // JavaScript's `fetch` leaves that name out, however it is given.
        if name.is_empty() || !name.bytes().all(fits) || name == "__proto__" {
            let help = "write letters, digits and hyphens, as in X-Request-Id";
            let message = format!("`{name}` can't name a header or cookie");
            self.error(Code::InvalidId, span, message, help);
        }
    }

    fn types(&mut self, node: &Node) -> Vec<Type> {
        let items = match &node.value {
            Value::Sequence(items) => items.as_slice(),
            Value::Null => {
                self.error(
                    Code::WrongType,
                    node.place,
                    "nothing where a type must stand",
                    "for the type null write \"null\" in quotes",
                );
                return Vec::new();
            }
            _ => std::slice::from_ref(node),
        };
        let mut types = Vec::new();
        for item in items {
            if matches!(item.value, Value::Null) {
                self.error(
                    Code::WrongType,
                    item.span,
                    "nothing where a type must stand",
                    "write the type null in quotes: [string, \"null\"]",
                );
                continue;
            }
            if let Some(found) = self.choice(item, "type", TYPES) {
                if types.contains(&found) {
                    let first = types.iter().position(|&other| other == found);
                    let message = format!("the type `{}` a second time", found.as_str());
                    self.second_time(item, items, first, message);
                }
                types.push(found);
            }
        }
        types
    }

    fn enum_values(&mut self, node: &Node) -> Vec<serde_json::Value> {
        let Some(items) = self.list(node) else {
            return Vec::new();
        };
        if items.is_empty() {
            self.error(
                Code::EmptyValue,
                node.place,
                "an `enum` without values",
                "list the values, or remove `enum`",
            );
        }
        let mut values: Vec<serde_json::Value> = Vec::new();
        let mut places = HashMap::new();
        for item in items {
            let value = self.json(item);
            let place = *places.entry(key(&value)).or_insert(values.len());
            if place < values.len() {
                self.second_time(
                    item,
                    items,
                    Some(place),
                    "the same value a second time".to_owned(),
                );
            }
            values.push(value);
        }
        values
    }

    fn second_time(&mut self, item: &Node, items: &[Node], first: Option<usize>, message: String) {
        let mut diagnostic = Diagnostic::error(Code::DuplicateId, item.span, message);
        if let Some(first) = first.and_then(|index| items.get(index)) {
            diagnostic = diagnostic.and(first.span, "first here");
        }
        self.report.push(diagnostic.help("remove one of the two"));
    }

    fn limits(&mut self, map: &Map<'_>) -> Vec<Limit> {
        let mut limits = Vec::new();
        for &keyword in LIMITS {
            let Some(node) = map.get(keyword.as_str()) else {
                continue;
            };
            if let Some(value) = self.limit(keyword, node) {
                limits.push(Limit { keyword, value });
            }
        }
        limits
    }

    fn limit(&mut self, keyword: LimitKeyword, node: &Node) -> Option<serde_json::Value> {
        use LimitKeyword as L;
        match keyword {
            L::Minimum | L::ExclusiveMinimum | L::Maximum | L::ExclusiveMaximum | L::MultipleOf => {
                match node.value {
                    Value::Number(_) => Some(self.json(node)),
                    _ => {
                        let help = format!("`{}` is a number", keyword.as_str());
                        self.error(
                            Code::WrongType,
                            node.span,
                            format!("{} where a number must stand", node.value.kind()),
                            help,
                        );
                        None
                    }
                }
            }
            L::MinLength | L::MaxLength | L::MinItems | L::MaxItems => {
                self.count(node).map(|_| self.json(node))
            }
            L::Pattern => self.word(node).map(Into::into),
            L::UniqueItems => self.boolean(node).filter(|&unique| unique).map(Into::into),
        }
    }

    /// `deprecated: true`, or what to use instead.
    pub(super) fn deprecated(&mut self, map: &Map<'_>) -> Option<Deprecated> {
        let node = map.get("deprecated")?;
        match &node.value {
            Value::Bool(false) => None,
            Value::Bool(true) => Some(Deprecated { note: None }),
            _ => self.text(node).map(|note| Deprecated { note: Some(note) }),
        }
    }
}

/// How many alternatives `oneOf` may have; a value may be any of them.
const MOST_FORMS: usize = 200;
