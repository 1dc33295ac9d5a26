//! Bodies of requests and responses, and their examples.

use std::collections::HashSet;

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::meant::list;
use crate::input::source::Span;
use crate::input::yaml::{Node, Value};
use crate::model::{Body, Example, Location, MediaKind, MediaType, Response, Status, Stream};

use super::reader::{Map, Reader};
use super::reference::SchemaNames;
use super::schema;
use super::schema::SchemaRole;
use super::{header, id, markdown, wire};

pub(super) const BODY_KEYS: &[&str] = &[
    "content_type",
    "description",
    "fields",
    "additionalProperties",
    "schema",
    "example",
    "examples",
];

pub(super) const RESPONSE_KEYS: &[&str] = &[
    "content_type",
    "description",
    "headers",
    "fields",
    "additionalProperties",
    "schema",
    "example",
    "examples",
];

/// How many examples a body or a stream may have, which the page shows side by side.
const MOST_EXAMPLES: usize = 500;

/// Lowers the body of a request.
pub(super) fn lower(reader: &mut Reader<'_>, node: &Node, names: &SchemaNames<'_>) -> Option<Body> {
    let map = reader.map(node, "a request", BODY_KEYS)?;
    let body = body_of(reader, &map, names);
    // An invalid key that is present has been reported.
    let beside = ["content_type", "description"];
    let is_empty = reader
        .entries(node)?
        .iter()
        .all(|entry| beside.contains(&entry.key.as_str()));
    if is_empty {
        reader.error(
            Code::EmptyValue,
            map.place(),
            "a request without a description of its body",
            "add `fields`, or a `schema`, and an `example`",
        );
    }
    Some(body)
}

fn body_of(reader: &mut Reader<'_>, map: &Map<'_>, names: &SchemaNames<'_>) -> Body {
    let schema = schema_or_fields(reader, map, names);
    let content_type = media_type(reader, map).unwrap_or_else(|| MediaType {
        name: "application/json".to_owned(),
        kind: MediaKind::Json,
    });
    part_names(reader, map, content_type.kind);
    let examples = examples(reader, map, content_type.kind);
    Body {
        content_type,
        description: map
            .get("description")
            .and_then(|node| markdown::lower(reader, node)),
        schema,
        examples,
    }
}

/// Reports names of parts that a client reads as its own syntax: `curl -F` ends a name at the first
/// `=` and sends the file named after `=@`, and each client writes quotes differently.
fn part_names(reader: &mut Reader<'_>, map: &Map<'_>, kind: MediaKind) {
    if kind != MediaKind::Multipart {
        return;
    }
    let schema = map.get("schema");
    let fields = map.get("fields");
    let fields = fields.or_else(|| schema.and_then(|it| it.value.get("fields")));
    let examples = example_nodes(reader, map);
    let examples = examples.into_iter().map(|it| it.1);
    wire::names_of_parts(reader, fields.into_iter().chain(examples));
}

/// Lowers `schema`, or `fields` as the short form of an object's schema.
pub(super) fn schema_or_fields(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    names: &SchemaNames<'_>,
) -> Option<crate::model::Schema> {
    let short = ["fields", "additionalProperties"]
        .iter()
        .find_map(|key| map.get(key));
    match (map.get("schema"), short) {
        (Some(schema), Some(fields)) => {
            let diagnostic = Diagnostic::error(
                Code::ConflictingKeys,
                fields.place,
                "both `schema` and its short form",
            )
            .and(schema.place, "the schema")
            .help("`fields` is short for `schema: {type: object, fields: …}`; keep one of the two");
            reader.report.push(diagnostic);
            None
        }
        (Some(schema), None) => schema::lower(reader, schema, SchemaRole::Alone, names),
        (None, Some(_)) => {
            let mut schema = crate::model::Schema {
                types: vec![crate::model::Type::Object],
                ..Default::default()
            };
            schema::parts_of_objects(reader, map, &mut schema, names);
            Some(schema)
        }
        (None, None) => None,
    }
}

/// Returns the media type in `content_type`, if the key is present.
pub(super) fn media_type(reader: &mut Reader<'_>, map: &Map<'_>) -> Option<MediaType> {
    let node = map.get("content_type")?;
    let name = reader.word(node)?;
    // It is sent as a header: one line of visible characters.
    let fits = |c: char| c.is_ascii_graphic() || c == ' ';
    let kind = media_kind(name).filter(|_| name.chars().all(fits) && name.trim() == name);
    if kind.is_none() {
        reader.error(
            Code::InvalidValue,
            node.span,
            format!("`{name}` is not a media type"),
            "write one such as application/json or text/plain",
        );
    }
    Some(MediaType {
        name: name.to_owned(),
        kind: kind?,
    })
}

fn examples(reader: &mut Reader<'_>, map: &Map<'_>, kind: MediaKind) -> Vec<Example> {
    let written = example_nodes(reader, map);
    let examples = written.into_iter().filter_map(|(name, node)| {
        let value = example_value(reader, node, kind)?;
        Some(Example { name, value })
    });
    examples.collect()
}

/// Returns the values of `examples`, or of `example` as the short form of one named `default`.
pub(super) fn example_nodes<'n>(reader: &mut Reader<'_>, map: &Map<'n>) -> Vec<(String, &'n Node)> {
    match (map.get("example"), map.get("examples")) {
        (Some(one), Some(several)) => {
            let diagnostic = Diagnostic::error(
                Code::ConflictingKeys,
                one.place,
                "both `example` and `examples`",
            )
            .and(several.place, "the named ones")
            .help("`example` is short for `examples: {default: …}`; keep one of the two");
            reader.report.push(diagnostic);
            Vec::new()
        }
        (Some(node), None) => vec![("default".to_owned(), node)],
        (None, Some(node)) => {
            let entries = reader.entries(node).unwrap_or_default();
            if !reader.is_few(entries.len(), MOST_EXAMPLES, "examples", node.place) {
                return Vec::new();
            }
            for entry in entries {
                id::check(
                    &entry.key,
                    entry.key_span,
                    "an example's name",
                    reader.report,
                );
            }
            entries
                .iter()
                .map(|entry| (entry.key.clone(), &entry.value))
                .collect()
        }
        (None, None) => Vec::new(),
    }
}

fn example_value(
    reader: &mut Reader<'_>,
    node: &Node,
    kind: MediaKind,
) -> Option<serde_json::Value> {
    match (kind, &node.value) {
        (MediaKind::Json, _) | (MediaKind::Multipart | MediaKind::Form, Value::Mapping(_)) => {
            Some(reader.json(node))
        }
        (MediaKind::Text | MediaKind::Binary, Value::String(_)) => {
            let value = reader.json(node);
            reader.only_plain_variables(value.as_str().unwrap_or_default(), node.span, "raw text");
            Some(value)
        }
        _ => {
            let wanted = match kind {
                MediaKind::Multipart | MediaKind::Form => "a map of the parts",
                MediaKind::Binary => "the name of a file",
                _ => "text",
            };
            reader.error(
                Code::WrongType,
                node.place,
                format!("expected {wanted}, found {}", node.value.kind()),
                "write the example in the format of its `content_type`",
            );
            None
        }
    }
}

/// Returns the responses of an endpoint, by their status.
pub(super) fn responses(
    reader: &mut Reader<'_>,
    node: &Node,
    names: &SchemaNames<'_>,
) -> Vec<Response> {
    let entries = reader.entries(node).unwrap_or_default();
    if entries.is_empty() && matches!(node.value, Value::Mapping(_)) {
        reader.error(
            Code::EmptyValue,
            node.place,
            "no responses",
            "describe at least one: 200: {description: …}",
        );
    }
    let mut responses: Vec<Response> = Vec::new();
    for entry in entries {
        let Some(status) = status(&entry.key) else {
            let help = "a response's key is a code such as 200, a range such as 4XX, or `default`";
            reader.error(
                Code::InvalidId,
                entry.key_span,
                format!("`{}` is not a status", entry.key),
                help,
            );
            continue;
        };
        let Some(map) = reader.map(&entry.value, "a response", RESPONSE_KEYS) else {
            continue;
        };
        let headers = map
            .get("headers")
            .map(|node| {
                header::of_response(reader, node);
                schema::fields(reader, node, SchemaRole::Parameter(Location::Header), names)
            })
            .unwrap_or_default();
        if status.has_no_body() {
            no_body(reader, &map, &entry.key);
        }
        responses.push(Response {
            status,
            headers,
            body: body_of(reader, &map, names),
        });
    }
    responses
}

/// Reports a body of a response whose status allows none: no client would receive it.
fn no_body(reader: &mut Reader<'_>, map: &Map<'_>, status: &str) {
    let of_body = BODY_KEYS.iter().filter(|key| **key != "description");
    if let Some((key, node)) = of_body.filter_map(|key| Some((key, map.get(key)?))).next() {
        let message = format!("`{key}` of a response {status}, which has no body");
        let help = "remove what describes the body; if the API answers with a body, the status is another one, such as 200";
        reader.error(Code::ConflictingKeys, node.place, message, help);
    }
}

/// Reports names of examples that only one of request, responses and stream has: examples of one
/// name belong together.
pub(super) fn joined_examples(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    request: Option<&Body>,
    responses: &[Response],
    stream: Option<&Stream>,
) {
    let bodies = responses.iter().map(|response| &response.body);
    let bodies = bodies.chain(request).flat_map(|body| &body.examples);
    let streams = stream.iter().flat_map(|stream| &stream.examples);
    let names = bodies.map(|example| example.name.as_str());
    let names: HashSet<&str> = names.chain(streams.map(|it| it.name.as_str())).collect();
    let what = "names of examples in one endpoint";
    if !reader.is_few(names.len(), MOST_EXAMPLES, what, map.place()) {
        return;
    }
    let good = |response: &&Response| {
        matches!(response.status, Status::Code(200..=299) | Status::Range(2))
    };
    let answers: Vec<&str> = responses
        .iter()
        .filter(good)
        .flat_map(|r| &r.body.examples)
        .map(|e| e.name.as_str())
        .collect();
    let asked: Vec<&str> = request
        .iter()
        .flat_map(|body| &body.examples)
        .map(|e| e.name.as_str())
        .collect();
    let streamed: Vec<&str> = stream
        .iter()
        .flat_map(|stream| &stream.examples)
        .map(|e| e.name.as_str())
        .collect();
    // Without request examples, a stream's are compared with the responses' instead.
    let (answers_known, streams_known) = if asked.is_empty() {
        (Vec::new(), answers.clone())
    } else {
        (asked.clone(), asked)
    };
    for (key, names, known) in [
        ("responses", &answers, &answers_known),
        ("stream", &streamed, &streams_known),
    ] {
        for name in names
            .iter()
            .filter(|name| !known.is_empty() && !known.contains(name))
        {
            let place = map.get(key).and_then(|node| place_of_example(node, name));
            let span = place.unwrap_or_else(|| map.place());
            let help = format!(
                "examples of the same name belong together; the endpoint has: {}",
                list(known.iter().copied())
            );
            let diagnostic = Diagnostic::error(
                Code::UnmatchedExample,
                span,
                format!("no matching request example `{name}`"),
            );
            reader.report.push(diagnostic.help(help));
        }
    }
}

/// Returns the place of an example with a name below a response or stream.
fn place_of_example(node: &Node, name: &str) -> Option<Span> {
    let Value::Mapping(entries) = &node.value else {
        return None;
    };
    let here = node
        .value
        .get("examples")
        .and_then(|examples| examples.value.get(name));
    let short = node.value.get("example").filter(|_| name == "default");
    here.or(short).map(|node| node.place).or_else(|| {
        entries.iter().find_map(|entry| {
            let found = entry
                .value
                .value
                .get("examples")
                .and_then(|examples| examples.value.get(name));
            let short = entry
                .value
                .value
                .get("example")
                .filter(|_| name == "default");
            found.or(short).map(|node| node.place)
        })
    })
}

fn status(key: &str) -> Option<Status> {
    match key.as_bytes() {
        b"default" => Some(Status::Default),
        // Classes 1 to 5 and no others (RFC 9110, section 15).
        [hundred @ b'1'..=b'5', b'X', b'X'] => Some(Status::Range(hundred - b'0')),
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(Status::Code),
        _ => None,
    }
}

/// Returns how examples of a media type are written (names of RFC 6838); `None` if it is not a
/// media type.
fn media_kind(name: &str) -> Option<MediaKind> {
    // Media types are case-insensitive (RFC 9110, section 8.3.1).
    let essence = name.split(';').next().unwrap_or(name).trim();
    let essence = essence.to_ascii_lowercase();
    let (kind, subtype) = essence.split_once('/')?;
    let token = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    if !token(kind) || !token(subtype) {
        return None;
    }
    Some(match (kind, subtype) {
        ("application", "json") => MediaKind::Json,
        // Structured syntax suffixes (RFC 6838, section 4.2.8).
        (_, subtype) if subtype.ends_with("+json") => MediaKind::Json,
        ("multipart", "form-data") => MediaKind::Multipart,
        ("application", "x-www-form-urlencoded") => MediaKind::Form,
        ("text", _) => MediaKind::Text,
        (
            "application",
            "xml" | "yaml" | "javascript" | "graphql" | "x-ndjson" | "jsonl" | "sql",
        ) => MediaKind::Text,
        (_, subtype) if subtype.ends_with("+xml") => MediaKind::Text,
        // The registry of media types grows (RFC 6838), so an unknown one is kept.
        _ => MediaKind::Binary,
    })
}
