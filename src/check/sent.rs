//! The items of stream examples: written one by one, or as a client receives them.

use std::ops::Range;

use crate::hole::Hole;
use crate::hole::variable::ResolvedText;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::meant::{nearest, those};
use crate::input::source::Span;
use crate::input::yaml::{Node, Value};
use crate::model::{Event, EventData, Match, StreamFormat, StreamItem, matching_events};
use crate::rich::sse::{self, Received};

use super::locator::Locator;
use super::reader::{Map, Reader};

/// A stream example that is written as a client receives it.
struct Recording<'n> {
    node: &'n Node,
    resolved: ResolvedText,
    locator: Locator<'n>,
}

impl Recording<'_> {
    /// Returns where a part of the text is written.
    fn place(&self, range: Range<usize>) -> Span {
        self.locator.place(self.resolved.written(range))
    }
}

/// A received item: its name, if it has one, and its data.
struct ReceivedItem<'t> {
    name: Option<&'t str>,
    data: &'t str,
    place: Span,
}

/// Lowers the items of a stream example: a list of them, or text as it is received.
pub(super) fn lower(
    reader: &mut Reader<'_>,
    node: &Node,
    format: StreamFormat,
    events: &[Event],
) -> Option<Vec<StreamItem>> {
    let Value::String(text) = &node.value else {
        let items = reader.list(node)?.iter();
        return Some(
            items
                .filter_map(|node| item(reader, node, format, events))
                .collect(),
        );
    };
    let recording = Recording {
        node,
        resolved: reader.resolve(node, text),
        locator: reader.locator(node, text),
    };
    Some(match format {
        StreamFormat::Text => vec![StreamItem::Chunk(recording.resolved.text)],
        StreamFormat::Sse => recorded_events(reader, &recording, events),
        StreamFormat::JsonLines => recorded_lines(reader, &recording, events),
    })
}

fn recorded_events(
    reader: &mut Reader<'_>,
    recording: &Recording<'_>,
    events: &[Event],
) -> Vec<StreamItem> {
    // Parsed with the variables' markers in place: they are ordinary characters to the parser, so a
    // hole can't break a frame.
    let read = sse::parse(&recording.resolved.text);
    for (range, fault) in &read.faults {
        stream_fault(reader, recording.place(range.clone()), fault);
    }
    let mut items = Vec::new();
    for frame in &read.frames {
        if frame.is_joined {
            // Its data is that of several events.
            continue;
        }
        let place = recording.place(frame.range.clone());
        match &frame.received {
            Received::Comment(text) => {
                reader.only_plain_variables(text, place, "a comment");
                items.push(StreamItem::Comment(text.clone()));
            }
            Received::Event {
                name,
                id,
                retry,
                data,
            } => {
                let name = name.as_deref();
                let received = ReceivedItem { name, data, place };
                let recorded = recorded(reader, recording, &received, events);
                items.extend(recorded.map(|(event, data)| StreamItem::Event {
                    event,
                    id: id.clone(),
                    retry: *retry,
                    data,
                }));
            }
        }
    }
    items
}

fn recorded_lines(
    reader: &mut Reader<'_>,
    recording: &Recording<'_>,
    events: &[Event],
) -> Vec<StreamItem> {
    let text = &recording.resolved.text;
    let mut items = Vec::new();
    let first = text.lines().find(|line| !line.trim().is_empty());
    let is_of_sse = |line: &str| {
        let mut fields = ["data:", "event:", "id:", "retry:", ":"].iter();
        fields.any(|field| line.starts_with(field))
    };
    if let Some(first) = first.filter(|line| is_of_sse(line)) {
        let start = first.as_ptr() as usize - text.as_ptr() as usize;
        let place = recording.place(start..start + first.len());
        let message = "server-sent events in a stream of JSON Lines";
        let help =
            "write `format: sse` for this stream, or the JSON values alone, one on each line";
        reader.error(Code::StreamSyntax, place, message, help);
        return items;
    }
    for line in text.split_inclusive('\n') {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        let data = line.trim_end_matches(['\n', '\r']);
        let place = recording.place(start..start + data.len());
        if data.trim().is_empty() {
            let message = "an empty line, which is not JSON";
            reader.error(
                Code::StreamSyntax,
                place,
                message,
                "each line of JSON Lines is one JSON value",
            );
            continue;
        }
        let received = ReceivedItem {
            name: None,
            data,
            place,
        };
        let recorded = recorded(reader, recording, &received, events);
        items.extend(recorded.map(|(event, data)| StreamItem::Event {
            event,
            id: None,
            retry: None,
            data,
        }));
    }
    // Without it a client waits for the rest of the line until the connection closes.
    if !text.is_empty() && !text.ends_with('\n') {
        let last = text.rfind('\n').map_or(0, |at| at + 1);
        let place = recording.place(last..text.len());
        let help = "readers process a line only at its end; end the last one, in YAML with `|` instead of `|-`";
        reader.error(
            Code::StreamSyntax,
            place,
            "a last line without an end",
            help,
        );
    }
    items
}

/// Returns the event of a received item, and its data.
fn recorded(
    reader: &mut Reader<'_>,
    recording: &Recording<'_>,
    received: &ReceivedItem<'_>,
    events: &[Event],
) -> Option<(usize, serde_json::Value)> {
    let json: Option<serde_json::Value> = serde_json::from_str(received.data).ok();
    // Both readings, since `match` decides by the whole text or by pointers into JSON.
    let text = serde_json::Value::from(received.data);
    let taken = matching_events(events, received.name, |matching| match matching {
        Match::Whole(_) => matching.holds(&text),
        Match::Pointers(_) => json.as_ref().is_some_and(|json| matching.holds(json)),
    });
    let is_json = events
        .iter()
        .all(|event| matches!(event.data, EventData::Json(_)));
    if taken.is_empty() && is_json && json.is_none() {
        let help = match received.data {
            DONE => HELP_FOR_DONE,
            _ => "each line, or the data of each event, is one JSON value",
        };
        reader.error(
            Code::StreamSyntax,
            received.place,
            "data that is not JSON",
            help,
        );
        return None;
    }
    // The only kind of line needs no `match`.
    let alone = (events.len() == 1).then_some(0);
    let Some(event) = taken.first().copied().or(alone) else {
        unknown_item(reader, received, events);
        return None;
    };
    let label = &events[event].label;
    let data = match &events[event].data {
        EventData::Text => text,
        EventData::Empty if received.data.is_empty() => serde_json::Value::Null,
        EventData::Empty => {
            let message = format!("data for `{label}`, an event without data");
            let help = "give the event `data: text`, or correct the example";
            reader.error(Code::StreamSyntax, received.place, message, help);
            return None;
        }
        EventData::Json(_) => match json {
            Some(json) => json,
            None => {
                let message = format!("data of `{label}` that is not JSON");
                let help = "correct it, or give the event `data: text`";
                reader.error(Code::StreamSyntax, received.place, message, help);
                return None;
            }
        },
    };
    plain_names(reader, recording, received);
    Some((event, data))
}

/// Reports a variable in the name of an event.
fn plain_names(reader: &mut Reader<'_>, recording: &Recording<'_>, received: &ReceivedItem<'_>) {
    let name = received.name.unwrap_or_default();
    if name.contains(|c| Hole::from_marker(c).is_some()) {
        let help = "variables are allowed only in the data";
        reader.error(
            Code::VariableNotAllowed,
            recording.node.span,
            "a variable in an event's name",
            help,
        );
    }
}

fn unknown_item(reader: &mut Reader<'_>, received: &ReceivedItem<'_>, events: &[Event]) {
    let message = match received.name {
        Some(name) => format!("unknown event `{name}` in this stream"),
        None => "an item that matches no event of the stream".to_owned(),
    };
    let wires = events.iter().filter_map(|event| event.wire_name.as_deref());
    let mut diagnostic = Diagnostic::error(Code::UnknownEvent, received.place, message);
    if let Some(meant) = received
        .name
        .and_then(|name| reader.report.nearest(name, wires))
    {
        diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
    }
    let labels = events.iter().map(|event| event.label.as_str());
    let help = match received.data {
        DONE => HELP_FOR_DONE.to_owned(),
        _ => those("events of this stream", labels),
    };
    reader.report.push(diagnostic.help(help));
}

/// The data by which many APIs end a stream of events.
const DONE: &str = "[DONE]";

const HELP_FOR_DONE: &str = "describe the end of the stream as an event: events: {done: {data: text, match: \"[DONE]\", ends: true}}";

fn stream_fault(reader: &mut Reader<'_>, place: Span, fault: &sse::StreamLoss) {
    const FIELDS: [&str; 4] = ["event", "data", "id", "retry"];
    let (message, help) = match fault {
        sse::StreamLoss::UnknownField(name) => {
            let line = name.trim_start().starts_with(['{', '[', '<']);
            let meant = nearest(name.trim(), FIELDS);
            let help = match meant {
                Some(meant) => {
                    format!("did you mean `{meant}:`? clients ignore unknown fields")
                }
                None if line => "put `data: ` before it; clients ignore unknown fields".to_owned(),
                None => format!(
                    "the fields are: {}; a comment begins with a colon",
                    FIELDS.join(", ")
                ),
            };
            let shown: String = crate::input::secret::masked(name)
                .chars()
                .take(24)
                .collect();
            (format!("unknown field `{shown}` in an event stream"), help)
        }
        sse::StreamLoss::NoData => (
            "an event without a `data` line, which no client dispatches".to_owned(),
            "add `data:`, with nothing after it if the event has no data".to_owned(),
        ),
        sse::StreamLoss::Unfinished => (
            "an event without a blank line at its end, which no client dispatches".to_owned(),
            "end it with a blank line, in YAML with `|+` instead of `|`".to_owned(),
        ),
        sse::StreamLoss::NotEnded => (
            "an event without an empty line before the next one".to_owned(),
            "write an empty line before this line, and after each event: clients join all lines up to an empty one".to_owned(),
        ),
        sse::StreamLoss::BadRetry => (
            "a `retry` that is not a whole number of milliseconds".to_owned(),
            "write its digits alone".to_owned(),
        ),
        sse::StreamLoss::BadId => (
            "an `id` with the character NUL, which clients ignore".to_owned(),
            "remove the character".to_owned(),
        ),
    };
    reader.error(Code::StreamSyntax, place, message, help);
}

fn item(
    reader: &mut Reader<'_>,
    node: &Node,
    format: StreamFormat,
    events: &[Event],
) -> Option<StreamItem> {
    if format == StreamFormat::Text {
        let Value::String(_) = &node.value else {
            reader.word(node);
            return None;
        };
        let chunk = reader.json(node);
        return Some(StreamItem::Chunk(
            chunk.as_str().unwrap_or_default().to_owned(),
        ));
    }
    let known: &[&str] = match format {
        StreamFormat::Sse => &["event", "data", "id", "retry", "comment"],
        _ => &["event", "data"],
    };
    let map = reader.map(node, "an item of a stream", known)?;
    if let Some(comment) = map.get("comment") {
        for key in ["event", "data", "id", "retry"] {
            if let Some(other) = map.get(key) {
                reader.error(
                    Code::ConflictingKeys,
                    other.place,
                    format!("`{key}` beside a comment"),
                    "write the comment as an item of its own",
                );
            }
        }
        return match &comment.value {
            // The shortest keep-alive is a lone colon.
            Value::String(text) if text.is_empty() => Some(StreamItem::Comment(String::new())),
            _ => {
                let text = reader.text(comment)?;
                reader.only_plain_variables(&text, comment.span, "a comment");
                Some(StreamItem::Comment(text))
            }
        };
    }
    let label_node = reader.require(&map, "event")?;
    let label = reader.word(label_node)?;
    let Some(index) = events.iter().position(|event| event.label == label) else {
        unknown_event(reader, label_node, label, events);
        return None;
    };
    let id = map.get("id").and_then(|node| reader.text(node));
    if let (Some(id), Some(node)) = (&id, map.get("id")) {
        reader.only_plain_variables(id, node.span, "an event's id");
    }
    let retry = map.get("retry").and_then(|node| reader.count(node));
    let data = item_data(reader, &map, &events[index])?;
    Some(StreamItem::Event {
        event: index,
        id,
        retry,
        data,
    })
}

fn unknown_event(reader: &mut Reader<'_>, node: &Node, label: &str, events: &[Event]) {
    let labels = events.iter().map(|event| event.label.as_str());
    let mut diagnostic = Diagnostic::error(
        Code::UnknownEvent,
        node.span,
        format!("unknown event `{label}` in this stream"),
    );
    let wire = events
        .iter()
        .find(|event| event.wire_name.as_deref() == Some(label));
    let meant = wire
        .map(|event| event.label.as_str())
        .or_else(|| reader.report.nearest(label, labels.clone()));
    if let Some(meant) = meant {
        diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
    }
    reader
        .report
        .push(diagnostic.help(those("events of this stream", labels)));
}

fn item_data(reader: &mut Reader<'_>, map: &Map<'_>, event: &Event) -> Option<serde_json::Value> {
    let node = map.get("data");
    match (&event.data, node, &event.matching) {
        (EventData::Empty, None, _) => Some(serde_json::Value::Null),
        (EventData::Empty, Some(node), _) => {
            reader.error(
                Code::ConflictingKeys,
                node.place,
                format!("data for `{}`, an event without data", event.label),
                "remove it, or give the event `data: text`",
            );
            None
        }
        (EventData::Text, None, Some(Match::Whole(text))) => Some(text.clone().into()),
        (_, None, _) => {
            reader.require(map, "data");
            None
        }
        (EventData::Text, Some(node), _) => match node.value {
            Value::String(_) => Some(reader.json(node)),
            _ => {
                reader.word(node);
                None
            }
        },
        (EventData::Json(_), Some(node), _) => Some(reader.json(node)),
    }
}
