//! The possible replies: the examples of responses and streams, with holes.

use std::sync::Arc;

use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;

use super::body::essence;
use crate::hole::{Hole, Unmarked, Values};
use crate::model::example;
use crate::model::sample::{Payload, texts};
use crate::model::{Api, Field, Response, Status, Stream, StreamFormat};
use crate::rich::code::{self, ClassedCode};

/// Headers that describe the transport of an answer: hyper sets those of ours, and a documented
/// value describes another answer.
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
    /// The example's name; none for a response without a body.
    pub(super) name: Option<String>,
    pub(super) content_type: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Text,
}

/// A text to send, as written in the spec.
pub(super) enum Text {
    /// The same for every bot: answers share the bytes.
    Same(Bytes),
    /// With markers: each answer has its own text.
    Marked(String),
}

// Bytes that are the same for all are reference-counted, not copied: a flood of requests for a
// large example needs little memory.
impl Text {
    pub(super) fn new(text: String) -> Text {
        match Hole::first_in(&text) {
            None => Text::Same(text.into()),
            Some(_) => Text::Marked(text),
        }
    }

    /// Returns the bytes for these values.
    pub(super) fn fill(&self, values: &Values) -> Bytes {
        match self {
            Text::Same(bytes) => bytes.clone(),
            Text::Marked(text) => values.fill(text).into(),
        }
    }
}

impl Reply {
    /// Returns the examples of a response.
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
            content_type: with_charset(&response.body.content_type.name),
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

    /// Returns the status code to send: of a range, its first.
    pub(super) fn code(&self) -> u16 {
        match self.status {
            Status::Code(code) => code,
            Status::Range(hundred) => u16::from(hundred) * 100,
            // A default response documents errors; a success would have its own code.
            Status::Default => 500,
        }
    }

    /// Returns whether this is the example of a name.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name.as_deref() == Some(name)
    }

    /// Returns whether this reply is for a status.
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
    /// The items of each example, by its name.
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
            content_type: with_charset(&stream.content_type),
            format: stream.format,
            examples: examples.collect(),
        }
    }
}

/// Returns a media type as it is sent: for text with a charset, without which clients read the bytes
/// as Latin-1 (RFC 2616) or guess.
fn with_charset(content_type: &str) -> String {
    let essence = essence(content_type);
    // Event streams and JSON are always UTF-8; other types of text name their charset inside.
    let is_bare = essence.starts_with("text/") && essence != "text/event-stream";
    let has_charset = content_type.to_ascii_lowercase().contains("charset=");
    if is_bare && !has_charset {
        format!("{content_type}; charset=utf-8")
    } else {
        content_type.to_owned()
    }
}

/// Adds a header, if it is valid.
pub(super) fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

/// Returns the text of an error in the shape of its example, with this message in place of the
/// example's.
pub(super) fn with_message(example: &[u8], message: &Unmarked) -> Option<String> {
    // The names of the message in the APIs of chat-bot platforms, the most specific first (RFC
    // 9457 has `detail`).
    let mut value: Value = serde_json::from_slice(example).ok()?;
    let names = [
        "message",
        "detail",
        "error_description",
        "description",
        "error",
        "title",
    ];
    let is_set = names
        .iter()
        .any(|name| set_message(&mut value, name, message.as_str()));
    is_set.then(|| code::json(&value).to_text().to_owned())
}

/// Replaces the text of a name by a message; returns whether the name was found.
fn set_message(value: &mut Value, name: &str, message: &str) -> bool {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut(name) {
                message.clone_into(text);
                return true;
            }
            members
                .values_mut()
                .any(|member| set_message(member, name, message))
        }
        Value::Array(items) => items
            .iter_mut()
            .any(|item| set_message(item, name, message)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_sent_with_its_charset() {
        for (documented, sent) in [
            ("text/plain", "text/plain; charset=utf-8"),
            (
                "text/csv; header=present",
                "text/csv; header=present; charset=utf-8",
            ),
            ("Text/HTML", "Text/HTML; charset=utf-8"),
            (
                "text/plain; charset=us-ascii",
                "text/plain; charset=us-ascii",
            ),
            (
                "text/plain;Charset=\"utf-8\"",
                "text/plain;Charset=\"utf-8\"",
            ),
            ("text/event-stream", "text/event-stream"),
            ("application/json", "application/json"),
            ("image/png", "image/png"),
        ] {
            assert_eq!(with_charset(documented), sent);
        }
    }
}
