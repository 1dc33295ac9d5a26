//! Schemas and fields, in JSON Schema's words.

use crate::diagnostic::{Diagnostic, nearest};
use crate::explain::Code;
use crate::model::{
    Additional, Deprecated, Field, Limit, LimitKeyword, Location, NamedSchema, Schema, Type,
};
use crate::source::Span;
use crate::yaml::{Entry, Node, Value};

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
pub(super) enum Place {
    /// By itself: `required` and `example` mean nothing.
    Alone,
    /// In `fields`: it may be `required`.
    Field,
    /// As a parameter or a response's header: it may be `required` and have an `example`.
    Parameter(Location),
}

/// The names of a page's `schemas`, which references lead to.
pub(super) struct SchemaNames<'n>(&'n [Entry]);

impl<'n> SchemaNames<'n> {
    /// The names in a page's `schemas`, if it has any.
    pub(super) fn of(node: Option<&'n Node>) -> SchemaNames<'n> {
        match node.map(|node| &node.value) {
            Some(Value::Mapping(entries)) => SchemaNames(entries),
            _ => SchemaNames(&[]),
        }
    }

    fn names(&self) -> impl Iterator<Item = &'n str> {
        self.0.iter().map(|entry| entry.key.as_str())
    }
}

impl Reader<'_> {
    /// A page's named schemas; references that lead in circles are reported.
    pub(super) fn named_schemas(&mut self, names: &SchemaNames<'_>) -> Vec<NamedSchema> {
        let mut schemas = Vec::new();
        for entry in names.0 {
            // A schema that is broken keeps its place, so that references count right.
            let schema = self
                .schema(&entry.value, Place::Alone, names)
                .unwrap_or_default();
            schemas.push(NamedSchema {
                name: entry.key.clone(),
                schema,
            });
        }
        self.report_cycles(&schemas, names);
        schemas
    }

    fn report_cycles(&mut self, schemas: &[NamedSchema], names: &SchemaNames<'_>) {
        let mut is_settled = vec![false; schemas.len()];
        for start in 0..schemas.len() {
            // The way to here, each schema with those that it is one of and that were not yet seen.
            let mut way: Vec<(usize, Vec<usize>)> = Vec::new();
            let mut next = Some(start);
            loop {
                if let Some(index) = next.filter(|&index| !is_settled[index]) {
                    is_settled[index] = true;
                    let mut stands_for = Vec::new();
                    referred(&schemas[index].schema, &mut stands_for);
                    stands_for.reverse();
                    way.push((index, stands_for));
                } else if let Some(first) = way.iter().position(|&(index, _)| Some(index) == next) {
                    let circle: Vec<usize> = way[first..].iter().map(|&(index, _)| index).collect();
                    self.report_circle(&circle, schemas, names);
                }
                let Some((_, stands_for)) = way.last_mut() else {
                    break;
                };
                next = stands_for.pop();
                if next.is_none() {
                    way.pop();
                }
            }
        }
    }

    fn report_circle(
        &mut self,
        circle: &[usize],
        schemas: &[NamedSchema],
        names: &SchemaNames<'_>,
    ) {
        let shown: Vec<&str> = circle
            .iter()
            .take(8)
            .map(|&index| schemas[index].name.as_str())
            .collect();
        let dots = if circle.len() > 8 { " → …" } else { "" };
        let message = format!(
            "references in a circle: {}{dots} → {}",
            shown.join(" → "),
            shown[0]
        );
        self.error(
            Code::CyclicReference,
            names.0[circle[0]].key_span,
            message,
            "a schema must be something besides a reference to another; a field or an item may lead back",
        );
    }

    /// A schema.
    pub(super) fn schema(
        &mut self,
        node: &Node,
        place: Place,
        names: &SchemaNames<'_>,
    ) -> Option<Schema> {
        let mut known = SCHEMA_KEYS.to_vec();
        if place != Place::Alone {
            known.push("required");
        }
        if let Place::Parameter(_) = place {
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
            schema.items = self.schema(items, Place::Alone, names).map(Box::new);
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
            schema.fields = self.fields(fields, Place::Field, names);
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
                .schema(node, Place::Alone, names)
                .map_or(Additional::Unsaid, |schema| {
                    Additional::Like(Box::new(schema))
                }),
        };
    }

    fn alternatives(&mut self, map: &Map<'_>, schema: &mut Schema, names: &SchemaNames<'_>) {
        if let Some(node) = map.get("oneOf")
            && let Some(items) = self.list(node)
        {
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
                .filter_map(|item| self.schema(item, Place::Alone, names))
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
        place: Place,
        names: &SchemaNames<'_>,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        for entry in self.entries(node).unwrap_or_default() {
            self.field_name(entry, place);
            let example = match place {
                Place::Parameter(location) => {
                    let example = entry.value.value.get("example");
                    example.map(|node| self.parameter_example(node, location))
                }
                Place::Alone | Place::Field => None,
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

    fn field_name(&mut self, entry: &Entry, place: Place) {
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
        } else if let Place::Parameter(Location::Header | Location::Cookie) = place {
            self.header_name(&entry.key, entry.key_span);
        }
    }

    /// Reports what HTTP can't send as the name of a header or cookie (RFC 9110, section 5.6.2).
    pub(super) fn header_name(&mut self, name: &str, span: Span) {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(fits) {
            let help = "write letters, digits and hyphens, as in X-Request-Id";
            let message = format!("`{name}` can't name a header or cookie");
            self.error(Code::InvalidId, span, message, help);
        }
    }

    fn reference(&mut self, node: &Node, names: &SchemaNames<'_>) -> Option<usize> {
        let written = self.word(node)?;
        let Some(name) = written.strip_prefix("#/schemas/") else {
            let help = "write \"#/schemas/NAME\" for a schema of this page's `schemas`; other files and addresses are never read";
            self.error(
                Code::UnknownReference,
                node.span,
                format!("`{written}` leads out of the page"),
                help,
            );
            return None;
        };
        let index = names.names().position(|known| known == name);
        if index.is_none() {
            let mut diagnostic = Diagnostic::error(
                Code::UnknownReference,
                node.span,
                format!("no schema `{name}`"),
            );
            if let Some(meant) = nearest(name, names.names()) {
                diagnostic = diagnostic.label(format!("did you mean `#/schemas/{meant}`?"));
            }
            let known: Vec<_> = names.names().collect();
            let help = match known.is_empty() {
                true => "this page has no `schemas`; add one, or write the schema here".to_owned(),
                false => format!("the schemas of this page are: {}", known.join(", ")),
            };
            self.report.push(diagnostic.help(help));
        }
        index
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
        for item in items {
            let value = self.json(item);
            let first = values.iter().position(|other| *other == value);
            if first.is_some() {
                self.second_time(
                    item,
                    items,
                    first,
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

    /// Whether a schema does not fill a page: references multiply where they nest.
    pub(super) fn is_reasonable_size(
        &mut self,
        schema: &Schema,
        schemas: &[NamedSchema],
        place: Span,
    ) -> bool {
        let mut rows = 0;
        count_rows(schema, schemas, &mut Vec::new(), &mut rows);
        self.rows += rows;
        let (most, what) = match rows > MOST_IN_SCHEMA {
            true => (MOST_IN_SCHEMA, "in one schema"),
            false if self.rows > MOST_ON_PAGE => (MOST_ON_PAGE, "on this page"),
            false => return true,
        };
        self.error(
            Code::InputTooLarge,
            place,
            format!("more than {most} fields {what} when all references are followed"),
            "describe deep parts in words, or in a guide of their own",
        );
        false
    }
}

/// The named schemas that a value has to fit by fitting this one: what it refers to, and of its
/// alternatives.
fn referred(schema: &Schema, indexes: &mut Vec<usize>) {
    indexes.extend(schema.reference);
    for alternative in &schema.one_of {
        referred(alternative, indexes);
    }
}

/// How many fields, items and alternatives a schema may have in all.
const MOST_IN_SCHEMA: usize = 2_000;

/// How many all schemas of a page may have together.
const MOST_ON_PAGE: usize = 20_000;

/// Counts the fields that a page would show, as the page shows them: a schema inside itself once.
fn count_rows(schema: &Schema, schemas: &[NamedSchema], open: &mut Vec<usize>, rows: &mut usize) {
    if *rows > MOST_IN_SCHEMA {
        return;
    }
    if let Some(index) = schema.reference {
        if !open.contains(&index) {
            open.push(index);
            count_rows(&schemas[index].schema, schemas, open, rows);
            open.pop();
        }
        return;
    }
    *rows += 1;
    let like = match &schema.additional {
        Additional::Like(schema) => Some(&**schema),
        _ => None,
    };
    let parts = schema.fields.iter().map(|field| &field.schema);
    for part in parts
        .chain(schema.items.as_deref())
        .chain(like)
        .chain(&schema.one_of)
    {
        count_rows(part, schemas, open, rows);
    }
}
