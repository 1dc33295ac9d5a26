//! Writes and parses server-sent events: `text/event-stream` of the WHATWG HTML standard (9.2.5,
//! 9.2.6).

mod read;

use serde_json::Value;

use crate::hole::Encoding;
use crate::rich::code::{self, Class, ClassedCode};

pub use read::{Dispatched, Frame, Read, Received, StreamLoss, dispatched, parse};

/// An item of a stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// An event that a client dispatches.
    Event {
        /// The event's type; the default is `message`.
        name: Option<String>,
        /// The `Last-Event-ID` that a client sends when it reconnects.
        id: Option<String>,
        /// After how many milliseconds a client may reconnect.
        retry: Option<u64>,
        /// The data of the event.
        data: Data,
    },
    /// A line that clients ignore, sent to keep the connection open.
    Comment(String),
}

/// The data of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Text, which may have several lines.
    Text(String),
    /// JSON on one line.
    Json(Value),
    /// An empty text.
    Empty,
}

/// Formats a stream: its items one after the other.
pub fn print(items: &[Item]) -> ClassedCode {
    let mut code = ClassedCode::new();
    for item in items {
        code.append(&print_item(item));
    }
    code
}

/// Formats an item of a stream: a few lines and a blank one.
///
/// Names, IDs and comments have one line; a line end in one is written as a space.
pub fn print_item(item: &Item) -> ClassedCode {
    let mut code = ClassedCode::new();
    match item {
        Item::Event {
            name,
            id,
            retry,
            data,
        } => {
            if let Some(name) = name {
                push_field(&mut code, "event", Class::Event, &one_line(name));
            }
            if let Some(id) = id {
                push_field(&mut code, "id", Class::String, &one_line(id));
            }
            if let Some(retry) = retry {
                push_field(&mut code, "retry", Class::Number, &retry.to_string());
            }
            push_data(&mut code, data);
        }
        Item::Comment(text) => {
            code.push(Class::Comment, &format!(": {}", one_line(text)));
            code.push_plain("\n");
        }
    }
    code.push_plain("\n");
    code
}

/// Writes a field; its name is the same in every event, so it has the class of a comment.
fn push_field(code: &mut ClassedCode, name: &str, class: Class, value: &str) {
    code.push(Class::Comment, name);
    code.push(Class::Comment, ":");
    code.push_plain(" ");
    code.push(class, value);
    code.push_plain("\n");
}

fn push_data(code: &mut ClassedCode, data: &Data) {
    match data {
        Data::Empty => push_data_line(code, &ClassedCode::new()),
        Data::Json(value) => push_data_line(code, &code::json_line(value)),
        Data::Text(text) => {
            // WHATWG HTML §9.2.6 ends lines at CR, LF and CRLF alike, so a text with any of them
            // becomes several `data` lines, which a client joins with LF.
            for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
                push_data_line(code, &ClassedCode::plain(&Encoding::Sse.encode(line)));
            }
        }
    }
}

/// Writes a `data` line; clients remove one space after the colon, so a text may begin with its
/// own.
fn push_data_line(code: &mut ClassedCode, line: &ClassedCode) {
    code.push(Class::Comment, "data:");
    // An empty line `data:` has no space: a client removes one only if there is one.
    if !line.to_text().is_empty() {
        code.push_plain(" ");
    }
    code.append(line);
    code.push_plain("\n");
}

fn one_line(text: &str) -> String {
    Encoding::Sse.encode(&text.replace(['\r', '\n'], " "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::hole::{Hole, Values, VariableId};

    /// Returns what a client dispatches: the events' names and data.
    fn dispatched(stream: &str) -> Vec<(String, String)> {
        let events = super::dispatched(&parse(stream)).into_iter();
        events.map(|event| (event.name, event.data)).collect()
    }

    fn event(name: &str, data: Data) -> Item {
        Item::Event {
            name: Some(name.to_owned()),
            id: None,
            retry: None,
            data,
        }
    }

    #[test]
    fn a_stream_is_written_field_by_field() {
        let items = [
            Item::Event {
                name: Some("message".into()),
                id: Some("7".into()),
                retry: Some(50),
                data: Data::Text(" and is".into()),
            },
            Item::Comment("keepalive".into()),
            event("usage", Data::Json(json!({"in": 1, "out": [2]}))),
            event("done", Data::Empty),
        ];
        assert_eq!(
            print(&items).to_text(),
            "event: message\nid: 7\nretry: 50\ndata:  and is\n\n: keepalive\n\n\
             event: usage\ndata: {\"in\": 1, \"out\": [2]}\n\nevent: done\ndata:\n\n"
        );
    }

    #[test]
    fn data_arrives_as_it_was() {
        for data in ["", " a", "a\n", "\n\nb", "a: b\n: c", "data: x"] {
            let stream = print(&[event("m", Data::Text(data.into()))]);
            let expected = [("m".to_owned(), data.to_owned())];
            assert_eq!(dispatched(stream.to_text()), expected, "{data:?}");
        }
        let stream = print(&[event("m", Data::Text("a\r\nb\rc".into()))]);
        assert_eq!(dispatched(stream.to_text())[0].1, "a\nb\nc");
    }

    #[test]
    fn a_value_with_several_lines_arrives_as_it_is() {
        let marker = Hole::new(VariableId::new(0).unwrap()).marker();
        let stream = print(&[event("m", Data::Text(format!("Hi {marker}!")))]);
        let values = Values::new([("name".to_owned(), "Ada\nLovelace".to_owned())]);
        let filled = values.fill(stream.to_text());
        assert_eq!(dispatched(&filled)[0].1, "Hi Ada\nLovelace!");
    }

    #[test]
    fn a_line_end_in_a_name_or_comment_makes_no_second_line() {
        let stream = print(&[
            event("a\ndata: b", Data::Empty),
            Item::Comment("x\r\ndata: y".into()),
        ]);
        assert_eq!(
            stream.to_text(),
            "event: a data: b\ndata:\n\n: x  data: y\n\n"
        );
    }

    #[test]
    fn streams_take_little_html_for_their_colours() {
        let mut items = Vec::new();
        for piece in ["It left our ", "warehouse today", " and is due on Friday."] {
            items.push(event("message", Data::Text(piece.into())));
            items.push(Item::Comment("keepalive".into()));
        }
        let usage = json!({"input_tokens": 412, "output_tokens": 14, "model": "small"});
        items.push(event("token_usage", Data::Json(usage)));
        items.push(event("__done__", Data::Empty));
        code::tests::check_size(&print(&items));
    }
}
