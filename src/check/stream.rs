//! Streams: events, and what their pieces join into.

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{
    Body, Event, EventData, Join, Match, MediaKind, Occurs, Parameter, Schema, Stream,
    StreamExample, StreamFormat,
};

use super::named::SchemaNames;
use super::reader::{Map, Reader};

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
const MOST_EVENTS: usize = 500;

impl Reader<'_> {
    /// A stream; gives the parameters their values in the streaming request.
    pub(super) fn stream(
        &mut self,
        node: &Node,
        names: &SchemaNames<'_>,
        request: Option<&Body>,
        parameters: &mut [Parameter],
    ) -> Option<Stream> {
        let map = self.map(node, "a stream", STREAM_KEYS)?;
        let formats = [
            ("sse", StreamFormat::Sse),
            ("jsonl", StreamFormat::JsonLines),
            ("text", StreamFormat::Text),
        ];
        let format = self
            .require(&map, "format")
            .and_then(|node| self.choice(node, "stream format", &formats))?;
        let content_type = self.media_type(&map).map(|media_type| media_type.name);
        if let Some(node) = map.get("parameters") {
            self.stream_parameters(node, parameters);
        }
        let events = self.events(&map, format, names);
        let orders = [("documented", true), ("any", false)];
        let ordered = map
            .get("order")
            .and_then(|node| self.choice(node, "order of events", &orders));
        let joins = self.text_joins(&map, format);
        let written = self.example_nodes(&map);
        let examples = written.into_iter().filter_map(|(name, node)| {
            let items = self.items(node, format, &events)?;
            Some(StreamExample { name, items })
        });
        let examples = examples.collect();
        Some(Stream {
            format,
            content_type: content_type.unwrap_or_else(|| default_type(format).to_owned()),
            description: map.get("description").and_then(|node| self.markdown(node)),
            request: map
                .get("request")
                .map(|node| self.request_patch(node, request)),
            events,
            ordered: ordered.unwrap_or(true),
            joins,
            examples,
        })
    }

    fn request_patch(&mut self, node: &Node, request: Option<&Body>) -> serde_json::Value {
        let patchable = request.is_some_and(|body| {
            matches!(
                body.content_type.kind,
                MediaKind::Json | MediaKind::Form | MediaKind::Multipart
            )
        });
        if !patchable {
            let help = "a patch changes a JSON body; write `parameters` for a stream that a parameter asks for";
            self.error(
                Code::ConflictingKeys,
                node.place,
                "a patch of a body that the endpoint doesn't have",
                help,
            );
        }
        if request.is_some_and(|body| body.content_type.kind == MediaKind::Multipart) {
            self.names_of_parts(std::iter::once(node));
        }
        self.json(node)
    }

    fn stream_parameters(&mut self, node: &Node, parameters: &mut [Parameter]) {
        for (location, node) in self.by_location(node, "`parameters` of a stream") {
            for entry in self.entries(node).unwrap_or_default() {
                let value = self.parameter_example(&entry.value, location);
                let mut here = parameters.iter_mut().filter(|p| p.location == location);
                match here.find(|parameter| parameter.field.name == entry.key) {
                    Some(parameter) => parameter.stream_example = Some(value),
                    None => {
                        let message = format!("no {} parameter `{}`", location.as_str(), entry.key);
                        self.error(
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

    fn text_joins(&mut self, map: &Map<'_>, format: StreamFormat) -> Option<String> {
        let node = map.get("joins")?;
        if format != StreamFormat::Text {
            self.error(
                Code::ConflictingKeys,
                node.place,
                "`joins` on a stream that has events",
                "write it on the event whose pieces are joined",
            );
            return None;
        }
        let map = self.map(node, "`joins`", &["to"])?;
        self.require(&map, "to").and_then(|node| self.pointer(node))
    }

    fn events(
        &mut self,
        map: &Map<'_>,
        format: StreamFormat,
        names: &SchemaNames<'_>,
    ) -> Vec<Event> {
        if format == StreamFormat::Text {
            if let Some(node) = map.get("events") {
                self.error(
                    Code::ConflictingKeys,
                    node.place,
                    "`events` in a stream of plain text",
                    "write `format: sse` or `jsonl`, or remove `events`",
                );
            }
            return Vec::new();
        }
        let Some(node) = self.require(map, "events") else {
            return Vec::new();
        };
        let entries = self.entries(node).unwrap_or_default();
        if entries.is_empty() && matches!(node.value, Value::Mapping(_)) {
            self.error(
                Code::EmptyValue,
                node.place,
                "a stream without events",
                "describe what it sends: events: {message: {data: text}}",
            );
        }
        if !self.is_few(entries.len(), MOST_EVENTS, "events", node.place) {
            return Vec::new();
        }
        let events: Vec<Event> = entries
            .iter()
            .filter_map(|entry| self.event(entry, format, names))
            .collect();
        self.events_told_apart(entries, &events, format);
        events
    }

    fn event(
        &mut self,
        entry: &MapEntry,
        format: StreamFormat,
        names: &SchemaNames<'_>,
    ) -> Option<Event> {
        self.event_label(entry);
        let map = self.map(&entry.value, "an event", EVENT_KEYS)?;
        let data = self.event_data(&map, format, names);
        let matching = map.get("match").and_then(|node| self.matching(node));
        let joins = map.get("joins").and_then(|node| self.joins(node));
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
                .and_then(|node| self.boolean(node))
                .unwrap_or(false)
        };
        let (first, ends, fails) = (flag("first"), flag("ends"), flag("fails"));
        let wire_name = self.wire_name(&map, &entry.key, format, matching.is_some());
        let description = map.get("description").and_then(|node| self.markdown(node));
        let data = data?;
        Some(Event {
            label: entry.key.clone(),
            wire_name,
            matching,
            description,
            equals: self.equals(&map, &data),
            data,
            joins,
            occurs: map
                .get("occurs")
                .and_then(|node| self.choice(node, "word for how often", &occurs))
                .unwrap_or(usual),
            first,
            ends,
            fails,
        })
    }

    fn event_label(&mut self, entry: &MapEntry) {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
        if entry.key.is_empty() || !entry.key.bytes().all(fits) {
            let help = "a label is letters, digits, `_`, `.` and `-`; the name on the wire goes to `event:`";
            self.error(
                Code::InvalidId,
                entry.key_span,
                format!("`{}` can't label an event", entry.key),
                help,
            );
        }
    }

    fn wire_name(
        &mut self,
        map: &Map<'_>,
        label: &str,
        format: StreamFormat,
        matched: bool,
    ) -> Option<String> {
        let node = map.get("event");
        if let Some(node) = node
            && format != StreamFormat::Sse
        {
            self.error(
                Code::ConflictingKeys,
                node.place,
                "`event` where no names are sent",
                "tell the items apart by `match`",
            );
            return None;
        }
        match node {
            Some(node) => {
                let name = self.word(node)?;
                if name.is_empty() || name.contains(char::is_control) {
                    let help = "write one line; clients take an empty name for `message`";
                    let message = "an event's name that no client would get";
                    self.error(Code::InvalidValue, node.span, message, help);
                }
                Some(name.to_owned())
            }
            None => (format == StreamFormat::Sse && !matched).then(|| label.to_owned()),
        }
    }

    fn event_data(
        &mut self,
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
            (None, StreamFormat::JsonLines) => DataKind::Json,
            (None, _) => {
                self.require(map, "data");
                return None;
            }
            (Some(node), _) => self.choice(node, "kind of data", &kinds)?,
        };
        let schema = self.schema_or_fields(map, names);
        let described = ["schema", "fields", "additionalProperties"]
            .iter()
            .find_map(|key| map.get(key));
        if let (Some(node), true) = (described, kind != DataKind::Json) {
            self.error(
                Code::ConflictingKeys,
                node.place,
                "a schema for data that is no JSON",
                "write `data: json`, or remove the schema",
            );
        }
        Some(match kind {
            DataKind::Text => EventData::Text,
            DataKind::Json => EventData::Json(schema.map(Box::new)),
            DataKind::Empty => EventData::Empty,
        })
    }

    fn matching(&mut self, node: &Node) -> Option<Match> {
        match &node.value {
            Value::Mapping(entries) => {
                let mut pointers = Vec::new();
                for entry in entries {
                    if !is_pointer(&entry.key) {
                        self.invalid_pointer(&entry.key, entry.key_span);
                    }
                    pointers.push((entry.key.clone(), self.json(&entry.value)));
                }
                Some(Match::Pointers(pointers))
            }
            _ => self.word(node).map(|text| Match::Whole(text.to_owned())),
        }
    }

    /// Reports events that a client could not tell apart.
    fn events_told_apart(&mut self, entries: &[MapEntry], events: &[Event], format: StreamFormat) {
        let entry_of = |label: &str| entries.iter().find(|entry| entry.key == label);
        for (index, event) in events.iter().enumerate() {
            let Some(entry) = entry_of(&event.label) else {
                continue;
            };
            if format == StreamFormat::JsonLines && events.len() > 1 && event.matching.is_none() {
                let help = "say what tells it apart: match: {/type: delta}";
                self.error(
                    Code::MissingKey,
                    entry.key_span,
                    format!(
                        "no `match` in `{}`, one of several kinds of line",
                        event.label
                    ),
                    help,
                );
            }
            let same = |other: &&Event| {
                other.wire_name == event.wire_name && other.matching == event.matching
            };
            if let Some(other) = events[..index].iter().find(same)
                && (event.wire_name.is_some() || event.matching.is_some())
            {
                let mut diagnostic = Diagnostic::error(
                    Code::DuplicateId,
                    entry.key_span,
                    "an event that can't be told from another",
                );
                if let Some(other) = entry_of(&other.label) {
                    diagnostic = diagnostic.and(other.key_span, "the other one");
                }
                self.report
                    .push(diagnostic.help("give one of them another `event` or `match`"));
            }
        }
    }

    fn joins(&mut self, node: &Node) -> Option<Join> {
        let map = self.map(node, "`joins`", &["from", "to"])?;
        let from = map
            .get("from")
            .and_then(|node| self.pointer(node))
            .unwrap_or_default();
        let to = self
            .require(&map, "to")
            .and_then(|node| self.pointer(node))?;
        Some(Join { from, to })
    }

    fn equals(&mut self, map: &Map<'_>, data: &EventData) -> Vec<Join> {
        let Some(node) = map.get("equals") else {
            return Vec::new();
        };
        let nodes = match &node.value {
            Value::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let joins = nodes.iter().filter_map(|node| match node.value {
            Value::Mapping(_) => self.joins(node),
            _ => {
                let to = self.pointer(node)?;
                Some(Join {
                    from: same_pointer(data, &to),
                    to,
                })
            }
        });
        joins.collect()
    }

    fn pointer(&mut self, node: &Node) -> Option<String> {
        if let Value::String(text) = &node.value
            && text.is_empty()
        {
            return Some(String::new());
        }
        let text = self.word(node)?;
        if !is_pointer(text) {
            self.invalid_pointer(text, node.span);
            return None;
        }
        Some(text.to_owned())
    }

    fn invalid_pointer(&mut self, text: &str, span: crate::input::source::Span) {
        let help =
            "write a path such as /choices/0/delta/content (RFC 6901); \"\" is the whole value";
        self.error(
            Code::InvalidValue,
            span,
            format!("`{text}` is no JSON pointer"),
            help,
        );
    }
}

fn default_type(format: StreamFormat) -> &'static str {
    match format {
        StreamFormat::Sse => "text/event-stream",
        StreamFormat::JsonLines => "application/x-ndjson",
        StreamFormat::Text => "text/plain",
    }
}

/// Whether text is a JSON pointer (RFC 6901): empty, or tokens that each begin with `/`.
fn is_pointer(text: &str) -> bool {
    let escapes = text
        .match_indices('~')
        .all(|(at, _)| matches!(text.as_bytes().get(at + 1), Some(b'0' | b'1')));
    text.is_empty() || text.starts_with('/') && escapes
}

/// What a lone pointer means in an event's data: the same place where its schema has one, else all.
fn same_pointer(data: &EventData, pointer: &str) -> String {
    let EventData::Json(Some(schema)) = data else {
        return String::new();
    };
    let first = pointer
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    let has = |schema: &Schema| schema.fields.iter().any(|field| field.name == first);
    if has(schema) {
        pointer.to_owned()
    } else {
        String::new()
    }
}
