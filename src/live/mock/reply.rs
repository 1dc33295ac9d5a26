//! What can be answered: the examples of responses and streams, with holes.

use std::sync::Arc;

use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::hole::{Hole, Unmarked, Values};
use crate::model::example;
use crate::model::sample::{Payload, texts};
use crate::model::{Api, Field, Response, Status, Stream, StreamFormat};
use crate::rich::code::{self, ClassedCode};

/// Headers that say how an answer travels: hyper knows that of ours, and a documented value is that
/// of another.
// A client that waits for the documented `Content-Length` would wait for bytes that the example
// does not have.
const OF_THE_CONNECTION: [&str; 9] = [
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// An example of a response.
pub(super) struct Reply {
    pub(super) status: Status,
    /// The example's name; a response without a body has none.
    pub(super) name: Option<String>,
    pub(super) content_type: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Text,
}

/// A text that is sent, as the spec has it.
pub(super) enum Text {
    /// The same for every bot: answers share its bytes.
    Same(Bytes),
    /// With markers: each answer has one of its own.
    Marked(String),
}

// Bytes that are the same for all are counted, not copied: a flood of requests for a large example
// takes little memory.
impl Text {
    pub(super) fn new(text: String) -> Text {
        match Hole::first_in(&text) {
            None => Text::Same(text.into()),
            Some(_) => Text::Marked(text),
        }
    }

    /// The bytes that are sent to who has these values.
    pub(super) fn fill(&self, values: &Values) -> Bytes {
        match self {
            Text::Same(bytes) => bytes.clone(),
            Text::Marked(text) => values.fill(text).into(),
        }
    }
}

impl Reply {
    /// The examples of a response.
    pub(super) fn of(api: &Api, response: &Response) -> Vec<Reply> {
        let is_sent =
            |field: &&Field| !OF_THE_CONNECTION.contains(&&*field.name.to_ascii_lowercase());
        let headers = response.headers.iter().filter(is_sent);
        let headers = headers.filter_map(|field| {
            let texts = texts(field.example.as_ref()?);
            Some((field.name.clone(), texts.join(", ")))
        });
        let headers: Vec<_> = headers.collect();
        let reply = |name, body: ClassedCode| Reply {
            status: response.status,
            name,
            content_type: response.body.content_type.name.clone(),
            headers: headers.clone(),
            body: Text::new(body.to_text().to_owned()),
        };
        let mut replies = Vec::new();
        for example in &response.body.examples {
            let body = Payload::new(api, &response.body, &example.value).to_code();
            replies.push(reply(Some(example.name.clone()), body));
        }
        if replies.is_empty() {
            replies.push(reply(None, ClassedCode::new()));
        }
        replies
    }

    /// The number that is sent: of a range, its first.
    pub(super) fn code(&self) -> u16 {
        match self.status {
            Status::Code(code) => code,
            Status::Range(hundred) => u16::from(hundred) * 100,
            // A default response is documented for errors; a success would have its own number.
            Status::Default => 500,
        }
    }

    /// Whether it is the example of a name.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name.as_deref() == Some(name)
    }

    /// Whether it is for a status.
    pub(super) fn is_for(&self, code: u16) -> bool {
        match self.status {
            Status::Code(own) => own == code,
            Status::Range(hundred) => code / 100 == u16::from(hundred),
            Status::Default => true,
        }
    }
}

/// The examples of a stream.
pub(super) struct Streamed {
    pub(super) content_type: String,
    pub(super) format: StreamFormat,
    /// By name, each item.
    pub(super) examples: Vec<(String, Arc<[Text]>)>,
}

impl Streamed {
    pub(super) fn new(stream: &Stream) -> Streamed {
        let examples = stream.examples.iter().map(|example| {
            let items = example::items(stream, example).into_iter();
            let items = items.map(|code| Text::new(code.to_text().to_owned()));
            (example.name.clone(), items.collect())
        });
        Streamed {
            content_type: stream.content_type.clone(),
            format: stream.format,
            examples: examples.collect(),
        }
    }
}

/// Adds a header, if it is one.
pub(super) fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

/// The text of an error in the shape of its example: where its message stands, this one does.
pub(super) fn with_message(example: &[u8], message: &Unmarked) -> Option<String> {
    // The names that the APIs of chat-bot platforms use for it, the most specific first (RFC 9457
    // has `detail`).
    let mut value: Value = serde_json::from_slice(example).ok()?;
    let names = [
        "message",
        "detail",
        "error_description",
        "description",
        "error",
        "title",
    ];
    let is_said = names
        .iter()
        .any(|name| say(&mut value, name, message.as_str()));
    is_said.then(|| code::json(&value).to_text().to_owned())
}

/// Puts a message where a text of a name stands; says whether there is one.
fn say(value: &mut Value, name: &str, message: &str) -> bool {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut(name) {
                message.clone_into(text);
                return true;
            }
            members
                .values_mut()
                .any(|member| say(member, name, message))
        }
        Value::Array(items) => items.iter_mut().any(|item| say(item, name, message)),
        _ => false,
    }
}
