//! Server-sent events: writing `text/event-stream` as the WHATWG HTML standard says (9.2.5, 9.2.6).

use serde_json::Value;

use crate::code::{self, Class, Code};
use crate::hole::Encoding;

/// One thing in a stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// An event that a client dispatches.
    Event {
        /// The event's type; without one it is a `message`.
        name: Option<String>,
        /// What a client sends as `Last-Event-ID` when it comes back.
        id: Option<String>,
        /// After how many milliseconds a client may come back.
        retry: Option<u64>,
        /// What the event carries.
        data: Data,
    },
    /// A line that clients skip, sent to keep the connection open.
    Comment(String),
}

/// What an event carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Text, which may have several lines.
    Text(String),
    /// JSON on one line.
    Json(Value),
    /// An empty text.
    Empty,
}

/// Writes a stream: each item is a few lines and a blank one.
///
/// Names, IDs and comments have one line; a line end in one is written as a space.
pub fn print(items: &[Item]) -> Code {
    let mut code = Code::new();
    for item in items {
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
    }
    code
}

fn push_field(code: &mut Code, name: &str, class: Class, value: &str) {
    code.push(Class::Key, name);
    code.push_plain(": ");
    code.push(class, value);
    code.push_plain("\n");
}

fn push_data(code: &mut Code, data: &Data) {
    match data {
        Data::Empty => push_data_line(code, &Code::new()),
        Data::Json(value) => push_data_line(code, &code::json_line(value)),
        Data::Text(text) => {
            for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
                push_data_line(code, &Code::plain(&Encoding::Sse.encode(line)));
            }
        }
    }
}

/// Writes a `data` line; clients drop one space after the colon, so a text may begin with its own.
fn push_data_line(code: &mut Code, line: &Code) {
    code.push(Class::Key, "data");
    let is_empty = line.to_text().is_empty();
    code.push_plain(if is_empty { ":" } else { ": " });
    code.append(line);
    code.push_plain("\n");
}

fn one_line(text: &str) -> String {
    Encoding::Sse.encode(&text.replace(['\r', '\n'], " "))
}
