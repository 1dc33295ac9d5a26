//! The part of the model that says how a response comes piece by piece.

use serde_json::Value;

use super::{Markdown, Schema};

/// How a response comes piece by piece.
#[derive(Clone, Debug)]
pub struct Stream {
    /// How the pieces are written.
    pub format: StreamFormat,
    /// The media type of the streaming response.
    pub content_type: String,
    /// What to know about it.
    pub description: Option<Markdown>,
    /// A merge patch (RFC 7396) of the request example's body that asks for the stream.
    pub request: Option<Value>,
    /// What items there are; none for plain text.
    pub events: Vec<Event>,
    /// Whether events that are no mere repetition come in the order of `events`.
    pub ordered: bool,
    /// Plain text: where in the response the joined chunks are, a JSON pointer.
    pub joins: Option<String>,
    /// The examples by name.
    pub examples: Vec<StreamExample>,
}

/// How the pieces of a stream are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFormat {
    /// Server-sent events of the WHATWG HTML standard.
    Sse,
    /// A JSON value a line.
    JsonLines,
    /// Text as it comes.
    Text,
}

/// A kind of item of a stream.
#[derive(Clone, Debug)]
pub struct Event {
    /// What the docs call it.
    pub label: String,
    /// The name on the wire (`sse`), where one is sent.
    pub wire_name: Option<String>,
    /// What tells it apart, where it is not the name.
    pub matching: Option<Match>,
    /// What it means.
    pub description: Option<Markdown>,
    /// What its data is.
    pub data: EventData,
    /// What its pieces join into.
    pub joins: Option<Join>,
    /// Values that are the response's.
    pub equals: Vec<Join>,
    /// How often it comes.
    pub occurs: Occurs,
    /// Whether it comes before all others.
    pub first: bool,
    /// Whether it is the last.
    pub ends: bool,
    /// Whether it tells of a failure.
    pub fails: bool,
}

/// What tells an item of a stream apart by its data.
#[derive(Clone, Debug, PartialEq)]
pub enum Match {
    /// The whole data.
    Whole(String),
    /// JSON pointers and the values at them, which must all hold.
    Pointers(Vec<(String, Value)>),
}

/// What an event's data is.
#[derive(Clone, Debug)]
pub enum EventData {
    /// Text as it is.
    Text,
    /// JSON of this schema.
    Json(Option<Box<Schema>>),
    /// Nothing.
    Empty,
}

/// A value of an event and where the response has it, as JSON pointers (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// In the event's data; empty for the whole.
    pub from: String,
    /// In the response example; empty for the whole.
    pub to: String,
}

/// How often an event comes in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurs {
    /// Exactly once.
    Once,
    /// Once or not at all.
    Optional,
    /// Any number of times.
    Repeats,
}

/// A named stream example.
#[derive(Clone, Debug)]
pub struct StreamExample {
    /// What joins it to the request and response of this name.
    pub name: String,
    /// What comes, in order.
    pub items: Vec<StreamItem>,
}

/// What comes in a stream example.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamItem {
    /// An event: an index into [`Stream::events`].
    Event {
        /// An index into [`Stream::events`].
        event: usize,
        /// The `id:` line.
        id: Option<String>,
        /// The `retry:` line, in milliseconds.
        retry: Option<u64>,
        /// Its data; a string where the event's data is text, null where it is empty.
        data: Value,
    },
    /// A comment line, which clients skip.
    Comment(String),
    /// A chunk of plain text.
    Chunk(String),
}

impl Match {
    /// Whether an item with this data is one of the event's.
    pub fn holds(&self, data: &Value) -> bool {
        match self {
            Match::Whole(text) => data.as_str() == Some(text),
            Match::Pointers(pointers) => pointers
                .iter()
                .all(|(pointer, value)| data.pointer(pointer) == Some(value)),
        }
    }
}

/// The events that an item of a name may be one of, as a client tells them apart: by the name, and
/// by what `holds` of the data.
pub fn matching_events(
    events: &[Event],
    wire_name: Option<&str>,
    holds: impl Fn(&Match) -> bool,
) -> Vec<usize> {
    let events = events.iter().enumerate();
    let named = events.filter(|(_, event)| event.wire_name.as_deref() == wire_name);
    let (matched, plain): (Vec<_>, Vec<_>) = named.partition(|(_, event)| event.matching.is_some());
    let matched: Vec<usize> = matched
        .into_iter()
        .filter(|(_, event)| event.matching.as_ref().is_some_and(&holds))
        .map(|(index, _)| index)
        .collect();
    if matched.is_empty() {
        plain.into_iter().map(|(index, _)| index).collect()
    } else {
        matched
    }
}
