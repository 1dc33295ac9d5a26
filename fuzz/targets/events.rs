//! What an event stream carries is what a reader by the WHATWG HTML standard gets of it.
#![no_main]

use botdocs::hole::is_reserved;
use botdocs::rich::sse::{Data, Item, print};
use libfuzzer_sys::fuzz_target;

/// An event as a client has it.
#[derive(Debug, PartialEq)]
struct Event {
    name: String,
    last_id: String,
    data: String,
}

fuzz_target!(|text: &str| {
    if text.contains(is_reserved) {
        return;
    }
    let items: Vec<Item> = text.split("\n%%\n").map(item).collect();
    let mut last_id = String::new();
    let mut expected = Vec::new();
    for item in &items {
        let Item::Event { name, id, data, .. } = item else {
            continue;
        };
        if let Some(id) = id {
            last_id = one_line(id);
        }
        let name = name.as_deref().map(one_line).unwrap_or_default();
        let name = if name.is_empty() {
            "message".to_owned()
        } else {
            name
        };
        let last_id = last_id.clone();
        let data = match data {
            Data::Text(text) => text.replace("\r\n", "\n").replace('\r', "\n"),
            Data::Json(value) => value.to_string(),
            Data::Empty => String::new(),
        };
        expected.push(Event {
            name,
            last_id,
            data,
        });
    }
    let code = print(&items);
    let mut found = read(code.to_text());
    assert_eq!(found.len(), expected.len(), "{}", code.to_text());
    for (found, item) in found
        .iter_mut()
        .zip(items.iter().filter(|item| is_event(item)))
    {
        if let Item::Event {
            data: Data::Json(_),
            ..
        } = item
        {
            let value: serde_json::Value = serde_json::from_str(&found.data).expect("JSON");
            found.data = value.to_string();
        }
    }
    assert_eq!(found, expected, "{}", code.to_text());
});

fn is_event(item: &Item) -> bool {
    matches!(item, Item::Event { .. })
}

/// An item of a text: its kind in one character, then name, ID and data between bars.
fn item(text: &str) -> Item {
    let mut characters = text.chars();
    let kind = characters.next();
    let rest = characters.as_str();
    if kind == Some('c') {
        return Item::Comment(rest.to_owned());
    }
    let mut parts = rest.splitn(3, '|');
    let mut optional = || parts.next().filter(|part| *part != "-").map(str::to_owned);
    let (name, id) = (optional(), optional());
    let data = parts.next().unwrap_or_default();
    let data = match (kind, serde_json::from_str(data)) {
        (Some('j'), Ok(value)) => Data::Json(value),
        (Some('e'), _) => Data::Empty,
        _ => Data::Text(data.to_owned()),
    };
    let retry = (kind == Some('r')).then_some(rest.len() as u64);
    Item::Event {
        name,
        id,
        retry,
        data,
    }
}

fn one_line(text: &str) -> String {
    text.replace("\r\n", "  ").replace(['\r', '\n'], " ")
}

/// Interprets a stream as section 9.2.6 says, word by word.
fn read(stream: &str) -> Vec<Event> {
    let (mut events, mut name, mut data) = (Vec::new(), String::new(), String::new());
    let mut last_id = String::new();
    for line in stream.replace("\r\n", "\n").split(['\n', '\r']) {
        if line.is_empty() {
            if data.is_empty() {
                name.clear();
                continue;
            }
            data.pop();
            let name = std::mem::take(&mut name);
            let name = if name.is_empty() {
                "message".to_owned()
            } else {
                name
            };
            let data = std::mem::take(&mut data);
            let last_id = last_id.clone();
            events.push(Event {
                name,
                last_id,
                data,
            });
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => name = value.to_owned(),
            "data" => data.extend([value, "\n"]),
            "id" => last_id = value.to_owned(),
            "retry" => assert!(value.bytes().all(|byte| byte.is_ascii_digit()), "{value}"),
            "" => {}
            _ => panic!("the field {field} in {stream}"),
        }
    }
    events
}
