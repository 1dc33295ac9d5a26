//! Streams: events, and what their pieces join into.

use std::collections::HashSet;

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{
    Body, Event, EventData, Join, Match, MediaKind, NamedSchema, Occurs, Parameter, Schema, Stream,
    StreamExample, StreamFormat,
};

use super::named::PageSchemas;
use super::reader::{Map, Reader};
use super::reference::SchemaNames;
use super::{body, markdown, parameter, sent, wire};

pub(super) const STREAM_KEYS: &[&str] = &[
    "format",
    "description",
    "content_type",
    "request",
    "parameters",
    "events",
    "order",
    "joins",
    "example",
    "examples",
];

pub(super) const EVENT_KEYS: &[&str] = &[
    "description",
    "event",
    "match",
    "data",
    "schema",
    "fields",
    "additionalProperties",
    "joins",
    "equals",
    "occurs",
    "first",
    "ends",
    "fails",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum DataKind {
    Text,
    Json,
    Empty,
}

/// How many kinds of item a stream may have; each item of an example may be any of them.
// Checking that each differs from all others is quadratic.
const MOST_EVENTS: usize = 500;

/// Lowers a stream; sets the values of the parameters in the streaming request.
pub(super) fn lower(
    reader: &mut Reader<'_>,
    node: &Node,
    schemas: &PageSchemas<'_>,
    request: Option<&Body>,
    parameters: &mut [Parameter],
) -> Option<Stream> {
    let map = reader.map(node, "a stream", STREAM_KEYS)?;
    let formats = [
        ("sse", StreamFormat::Sse),
        ("jsonl", StreamFormat::JsonLines),
        ("text", StreamFormat::Text),
    ];
    let format = reader
        .require(&map, "format")
        .and_then(|node| reader.choice(node, "stream format", &formats))?;
    let content_type = body::media_type(reader, &map).map(|media_type| media_type.name);
    if let Some(node) = map.get("parameters") {
        stream_parameters(reader, node, parameters);
    }
    let events = events(reader, &map, format, schemas);
    let orders = [("documented", true), ("any", false)];
    let ordered = map
        .get("order")
        .and_then(|node| reader.choice(node, "event order", &orders));
    let joins = text_joins(reader, &map, format);
    let written = body::example_nodes(reader, &map);
    let examples = written.into_iter().filter_map(|(name, node)| {
        let items = sent::lower(reader, node, format, &events)?;
        Some(StreamExample { name, items })
    });
    let examples = examples.collect();
    Some(Stream {
        format,
        content_type: content_type.unwrap_or_else(|| default_type(format).to_owned()),
        description: map
            .get("description")
            .and_then(|node| markdown::lower(reader, node)),
        request: map
            .get("request")
            .map(|node| request_patch(reader, node, request)),
        events,
        ordered: ordered.unwrap_or(true),
        joins,
        examples,
    })
}

fn request_patch(
    reader: &mut Reader<'_>,
    node: &Node,
    request: Option<&Body>,
) -> serde_json::Value {
    let patchable = request.is_some_and(|body| {
        matches!(
            body.content_type.kind,
            MediaKind::Json | MediaKind::Form | MediaKind::Multipart
        )
    });
    if !patchable {
        let help = "a patch changes a JSON body; write `parameters` for a stream that a parameter asks for";
        reader.error(
            Code::ConflictingKeys,
            node.place,
            "a patch of a body that the endpoint doesn't have",
            help,
        );
    }
    if request.is_some_and(|body| body.content_type.kind == MediaKind::Multipart) {
        wire::names_of_parts(reader, std::iter::once(node));
    }
    reader.json(node)
}

fn stream_parameters(reader: &mut Reader<'_>, node: &Node, parameters: &mut [Parameter]) {
    for (location, node) in parameter::by_location(reader, node, "`parameters` of a stream") {
        for entry in reader.entries(node).unwrap_or_default() {
            let value = wire::parameter_example(reader, &entry.value, location);
            let mut here = parameters.iter_mut().filter(|p| p.location == location);
            match here.find(|parameter| parameter.field.name == entry.key) {
                Some(parameter) => parameter.stream_example = Some(value),
                None => {
                    let message =
                        format!("unknown {} parameter `{}`", location.as_str(), entry.key);
                    reader.error(
                        Code::UnknownKey,
                        entry.key_span,
                        message,
                        "declare it in the endpoint's `parameters` first",
                    );
                }
            }
        }
    }
}

fn text_joins(reader: &mut Reader<'_>, map: &Map<'_>, format: StreamFormat) -> Option<String> {
    let node = map.get("joins")?;
    if format != StreamFormat::Text {
        reader.error(
            Code::ConflictingKeys,
            node.place,
            "`joins` on a stream that has events",
            "write it on the event whose pieces are joined",
        );
        return None;
    }
    let map = reader.map(node, "`joins`", &["to"])?;
    reader
        .require(&map, "to")
        .and_then(|node| pointer(reader, node))
}

fn events(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    format: StreamFormat,
    schemas: &PageSchemas<'_>,
) -> Vec<Event> {
    if format == StreamFormat::Text {
        if let Some(node) = map.get("events") {
            reader.error(
                Code::ConflictingKeys,
                node.place,
                "`events` in a stream of plain text",
                "write `format: sse` or `jsonl`, or remove `events`",
            );
        }
        return Vec::new();
    }
    let Some(node) = reader.require(map, "events") else {
        return Vec::new();
    };
    let entries = reader.entries(node).unwrap_or_default();
    if entries.is_empty() && matches!(node.value, Value::Mapping(_)) {
        reader.error(
            Code::EmptyValue,
            node.place,
            "a stream without events",
            "describe what it sends: events: {message: {data: text}}",
        );
    }
    if !reader.is_few(entries.len(), MOST_EVENTS, "events", node.place) {
        return Vec::new();
    }
    let events: Vec<Event> = entries
        .iter()
        .filter_map(|entry| event(reader, entry, format, schemas))
        .collect();
    indistinguishable_events(reader, entries, &events, format);
    events
}

fn event(
    reader: &mut Reader<'_>,
    entry: &MapEntry,
    format: StreamFormat,
    schemas: &PageSchemas<'_>,
) -> Option<Event> {
    event_label(reader, entry);
    let map = reader.map(&entry.value, "an event", EVENT_KEYS)?;
    let data = event_data(reader, &map, format, &schemas.names);
    let matching = map.get("match").and_then(|node| matching(reader, node));
    let joins = map.get("joins").and_then(|node| joins(reader, node));
    let occurs = [
        ("once", Occurs::Once),
        ("optional", Occurs::Optional),
        ("repeats", Occurs::Repeats),
    ];
    let usual = if joins.is_some() {
        Occurs::Repeats
    } else {
        Occurs::Optional
    };
    let mut flag = |key: &str| {
        map.get(key)
            .and_then(|node| reader.boolean(node))
            .unwrap_or(false)
    };
    let (first, ends, fails) = (flag("first"), flag("ends"), flag("fails"));
    let wire_name = wire_name(reader, &map, &entry.key, format, matching.is_some());
    let description = map
        .get("description")
        .and_then(|node| markdown::lower(reader, node));
    let data = data?;
    Some(Event {
        label: entry.key.clone(),
        wire_name,
        matching,
        description,
        equals: equals(reader, &map, &data, &schemas.schemas),
        data,
        joins,
        occurs: map
            .get("occurs")
            .and_then(|node| reader.choice(node, "event frequency", &occurs))
            .unwrap_or(usual),
        first,
        ends,
        fails,
    })
}

fn event_label(reader: &mut Reader<'_>, entry: &MapEntry) {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    if entry.key.is_empty() || !entry.key.bytes().all(fits) {
        let help =
            "a label is letters, digits, `_`, `.` and `-`; the name on the wire goes to `event:`";
        reader.error(
            Code::InvalidId,
            entry.key_span,
            format!("`{}` can't label an event", entry.key),
            help,
        );
    }
}

fn wire_name(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    label: &str,
    format: StreamFormat,
    matched: bool,
) -> Option<String> {
    let node = map.get("event");
    if let Some(node) = node
        && format != StreamFormat::Sse
    {
        reader.error(
            Code::ConflictingKeys,
            node.place,
            "`event` in a stream without event names",
            "distinguish the items by `match`",
        );
        return None;
    }
    match node {
        Some(node) => {
            let name = reader.word(node)?;
            // WHATWG HTML, 9.2.6: an empty event type is dispatched as `message`, and a line end
            // would end the field.
            if name.is_empty() || name.contains(char::is_control) {
                let help = "write one line; clients take an empty name for `message`";
                let message = "an event's name that no client receives";
                reader.error(Code::InvalidValue, node.span, message, help);
            }
            Some(name.to_owned())
        }
        None => (format == StreamFormat::Sse && !matched).then(|| label.to_owned()),
    }
}

fn event_data(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    format: StreamFormat,
    names: &SchemaNames<'_>,
) -> Option<EventData> {
    let kinds = [
        ("text", DataKind::Text),
        ("json", DataKind::Json),
        ("empty", DataKind::Empty),
    ];
    let kind = match (map.get("data"), format) {
        // Each line of JSON Lines is JSON; for server-sent events the author has to choose.
        (None, StreamFormat::JsonLines) => DataKind::Json,
        (None, _) => {
            reader.require(map, "data");
            return None;
        }
        (Some(node), _) => reader.choice(node, "data format", &kinds)?,
    };
    let schema = body::schema_or_fields(reader, map, names);
    let described = ["schema", "fields", "additionalProperties"]
        .iter()
        .find_map(|key| map.get(key));
    if let (Some(node), true) = (described, kind != DataKind::Json) {
        reader.error(
            Code::ConflictingKeys,
            node.place,
            "a schema for data that is not JSON",
            "write `data: json`, or remove the schema",
        );
    }
    Some(match kind {
        DataKind::Text => EventData::Text,
        DataKind::Json => EventData::Json(schema.map(Box::new)),
        DataKind::Empty => EventData::Empty,
    })
}

fn matching(reader: &mut Reader<'_>, node: &Node) -> Option<Match> {
    match &node.value {
        Value::Mapping(entries) => {
            let mut pointers = Vec::new();
            for entry in entries {
                if !is_pointer(&entry.key) {
                    invalid_pointer(reader, &entry.key, entry.key_span);
                }
                pointers.push((entry.key.clone(), reader.json(&entry.value)));
            }
            Some(Match::Pointers(pointers))
        }
        _ => reader.word(node).map(|text| Match::Whole(text.to_owned())),
    }
}

/// Reports events that a client can't distinguish.
fn indistinguishable_events(
    reader: &mut Reader<'_>,
    entries: &[MapEntry],
    events: &[Event],
    format: StreamFormat,
) {
    let entry_of = |label: &str| entries.iter().find(|entry| entry.key == label);
    for (index, event) in events.iter().enumerate() {
        let Some(entry) = entry_of(&event.label) else {
            continue;
        };
        if format == StreamFormat::JsonLines && events.len() > 1 && event.matching.is_none() {
            let help = "add what distinguishes it: match: {/type: delta}";
            reader.error(
                Code::MissingKey,
                entry.key_span,
                format!(
                    "missing key `match` in `{}`, one of several kinds of line",
                    event.label
                ),
                help,
            );
        }
        let same =
            |other: &&Event| other.wire_name == event.wire_name && other.matching == event.matching;
        if let Some(other) = events[..index].iter().find(same)
            && (event.wire_name.is_some() || event.matching.is_some())
        {
            let mut diagnostic = Diagnostic::error(
                Code::DuplicateId,
                entry.key_span,
                "an event that can't be distinguished from another",
            );
            if let Some(other) = entry_of(&other.label) {
                diagnostic = diagnostic.and(other.key_span, "the other one");
            }
            reader
                .report
                .push(diagnostic.help("give one of them another `event` or `match`"));
        }
    }
}

fn joins(reader: &mut Reader<'_>, node: &Node) -> Option<Join> {
    let map = reader.map(node, "`joins`", &["from", "to"])?;
    let from = map
        .get("from")
        .and_then(|node| pointer(reader, node))
        .unwrap_or_default();
    let to = reader
        .require(&map, "to")
        .and_then(|node| pointer(reader, node))?;
    Some(Join { from, to })
}

fn equals(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    data: &EventData,
    schemas: &[NamedSchema],
) -> Vec<Join> {
    let Some(node) = map.get("equals") else {
        return Vec::new();
    };
    let nodes = match &node.value {
        Value::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let joins = nodes.iter().filter_map(|node| match node.value {
        Value::Mapping(_) => joins(reader, node),
        _ => {
            let to = pointer(reader, node)?;
            Some(Join {
                from: same_pointer(data, schemas, &to),
                to,
            })
        }
    });
    joins.collect()
}

fn pointer(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    if let Value::String(text) = &node.value
        && text.is_empty()
    {
        return Some(String::new());
    }
    let text = reader.word(node)?;
    if !is_pointer(text) {
        invalid_pointer(reader, text, node.span);
        return None;
    }
    Some(text.to_owned())
}

fn invalid_pointer(reader: &mut Reader<'_>, text: &str, span: crate::input::source::Span) {
    let help = "write a path such as /choices/0/delta/content (RFC 6901); \"\" is the whole value";
    reader.error(
        Code::InvalidValue,
        span,
        format!("`{text}` is not a JSON pointer"),
        help,
    );
}

fn default_type(format: StreamFormat) -> &'static str {
    match format {
        StreamFormat::Sse => "text/event-stream",
        StreamFormat::JsonLines => "application/x-ndjson",
        StreamFormat::Text => "text/plain",
    }
}

/// Returns whether text is a JSON pointer (RFC 6901): empty, or tokens that each begin with `/`.
fn is_pointer(text: &str) -> bool {
    let escapes = text
        .match_indices('~')
        .all(|(at, _)| matches!(text.as_bytes().get(at + 1), Some(b'0' | b'1')));
    // RFC 6901, section 3: `~` only before `0` or `1`.
    text.is_empty() || text.starts_with('/') && escapes
}

/// Returns the place in an event's data for a lone pointer: the same one if the schema has it, else
/// the whole data.
fn same_pointer(data: &EventData, schemas: &[NamedSchema], pointer: &str) -> String {
    let EventData::Json(Some(schema)) = data else {
        return String::new();
    };
    let first = pointer
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    if has_field(schema, schemas, first, &mut HashSet::new()) {
        pointer.to_owned()
    } else {
        String::new()
    }
}

/// Returns whether a schema or one of its alternatives has a field; `seen` has the named schemas that
/// were looked at, each once.
fn has_field(
    schema: &Schema,
    schemas: &[NamedSchema],
    name: &str,
    seen: &mut HashSet<usize>,
) -> bool {
    if let Some(index) = schema.reference {
        return seen.insert(index) && has_field(&schemas[index].schema, schemas, name, seen);
    }
    let mut fields = schema.fields.iter();
    let mut alternatives = schema.one_of.iter();
    fields.any(|field| field.name == name)
        || alternatives.any(|one| has_field(one, schemas, name, seen))
}
