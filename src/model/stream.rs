//! The part of the model for responses that arrive piece by piece.

use serde_json::Value;

use super::{Markdown, Schema};

/// A response that arrives piece by piece.
#[derive(Clone, Debug)]
pub struct Stream {
    /// The form of the pieces.
    pub format: StreamFormat,
    /// The media type of the streaming response.
    pub content_type: String,
    /// Further information about it.
    pub description: Option<Markdown>,
    /// A merge patch (RFC 7396) of the request example's body that asks for the stream.
    pub request: Option<Value>,
    /// The kinds of its items; none for plain text.
    pub events: Vec<Event>,
    /// Whether events, apart from repetitions, arrive in the order of `events`.
    pub ordered: bool,
    /// Plain text: the place of the joined chunks in the response, a JSON pointer.
    pub joins: Option<String>,
    /// The examples by name.
    pub examples: Vec<StreamExample>,
}

/// The form of the pieces of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFormat {
    /// Server-sent events of the WHATWG HTML standard.
    Sse,
    /// One JSON value per line.
    JsonLines,
    /// Plain text in chunks.
    Text,
}

/// A kind of item of a stream.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name in the docs.
    pub label: String,
    /// The name that is sent, of server-sent events that have one.
    pub wire_name: Option<String>,
    /// The condition that identifies it, if the name does not.
    pub matching: Option<Match>,
    /// Its meaning.
    pub description: Option<Markdown>,
    /// The form of its data.
    pub data: EventData,
    /// The text in the response that its pieces join into.
    pub joins: Option<Join>,
    /// Values that equal values of the response.
    pub equals: Vec<Join>,
    /// How often it occurs.
    pub occurs: Occurs,
    /// Whether it is the first item.
    pub first: bool,
    /// Whether it ends the stream.
    pub ends: bool,
    /// Whether it reports a failure.
    pub fails: bool,
}

/// A condition on an item's data that identifies its event.
#[derive(Clone, Debug, PartialEq)]
pub enum Match {
    /// The whole data.
    Whole(String),
    /// JSON pointers and the values at them, all of which must match.
    Pointers(Vec<(String, Value)>),
}

/// The form of an event's data.
#[derive(Clone, Debug)]
pub enum EventData {
    /// Text as it is.
    Text,
    /// JSON of this schema.
    Json(Option<Box<Schema>>),
    /// Nothing.
    Empty,
}

/// A value of an event and its place in the response, as JSON pointers (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// In the event's data; empty for the whole.
    pub from: String,
    /// In the response example; empty for the whole.
    pub to: String,
}

/// How often an event occurs in a stream.
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
    /// The name that it shares with its request and response.
    pub name: String,
    /// Its items, in order.
    pub items: Vec<StreamItem>,
}

/// An item of a stream example.
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
    /// Returns whether an item with this data is one of the event's.
    pub fn holds(&self, data: &Value) -> bool {
        match self {
            // The whole text, not its beginning: `[DONE]` in a longer text is no end.
            Match::Whole(text) => data.as_str() == Some(text),
            Match::Pointers(pointers) => pointers
                .iter()
                .all(|(pointer, value)| data.pointer(pointer) == Some(value)),
        }
    }
}

/// Returns the events that an item with this name can be, as a client distinguishes them: by the
/// name, and by which conditions `holds` of the data. Events without a condition apply only if no
/// condition holds.
pub fn matching_events(
    events: &[Event],
    wire_name: Option<&str>,
    holds: impl Fn(&Match) -> bool,
) -> Vec<usize> {
    let events = events.iter().enumerate();
    let named = events.filter(|(_, event)| event.wire_name.as_deref() == wire_name);
    // A more specific event wins: of those with this name, one without `match` is the rest.
    let (matched, plain): (Vec<_>, Vec<_>) = named.partition(|(_, event)| event.matching.is_some());
    let matched: Vec<usize> = matched
        .into_iter()
        .filter(|(_, event)| event.matching.as_ref().is_some_and(&holds))
        .map(|(index, _)| index)
        .collect();
    // A condition is more specific than a name alone, so it wins.
    if matched.is_empty() {
        plain.into_iter().map(|(index, _)| index).collect()
    } else {
        matched
    }
}
