//! Reports different placeholders for one field: a reader who replaces one of them overlooks the
//! other.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::hole::Hole;
use crate::input::explain::Code;
use crate::model::{Api, StreamItem};

use super::finding::{Finding, Pointer};
use super::prover::Prover;

/// Reports fields that have two placeholders on the page.
pub(super) fn prove(prover: &mut Prover<'_>, api: &Api) {
    let mut found = Placeholders::default();
    for endpoint in &api.endpoints {
        let at = Pointer::from("/endpoints").to(&endpoint.id);
        for parameter in &endpoint.parameters {
            let (name, place) = (&parameter.field.name, parameter.location.as_str());
            let here = at.to("parameters").to(place).to(name).to("example");
            parameter
                .field
                .example
                .iter()
                .for_each(|value| found.value(name, value, &here));
        }
        let bodies = endpoint
            .responses
            .iter()
            .map(|one| (at.to("responses").to(one.status), &one.body));
        let request = endpoint.request.iter().map(|body| (at.to("request"), body));
        for (at, body) in request.chain(bodies) {
            for example in &body.examples {
                found.value("", &example.value, &at.to("examples").to(&example.name));
            }
        }
        for example in endpoint.stream.iter().flat_map(|stream| &stream.examples) {
            let at = at.to("stream").to("examples").to(&example.name);
            for (index, item) in example.items.iter().enumerate() {
                if let StreamItem::Event { data, .. } = item {
                    found.value("", data, &at.to(index).to("data"));
                }
            }
        }
    }
    for finding in found.findings {
        prover.judge.push(finding);
    }
}

/// The first placeholder of each field, by the field's name.
#[derive(Default)]
struct Placeholders<'a> {
    first: BTreeMap<&'a str, (&'a str, Pointer)>,
    findings: Vec<Finding>,
}

impl<'a> Placeholders<'a> {
    fn value(&mut self, name: &'a str, value: &'a Value, at: &Pointer) {
        // By the name of the field on the whole page: a reader replaces it in one example and
        // copies another.
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    self.value(name, value, &at.to(name));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(name, item, &at.to(index));
                }
            }
            Value::String(text) if !name.is_empty() && is_placeholder(text) => {
                self.placeholder(name, text, at);
            }
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn placeholder(&mut self, name: &'a str, text: &'a str, at: &Pointer) {
        let Some((first, place)) = self.first.get(name) else {
            self.first.insert(name, (text, at.clone()));
            return;
        };
        if *first == text {
            return;
        }
        let shown = |text: &str| {
            if is_variable(text) {
                "a variable".to_owned()
            } else {
                format!("`{text}`")
            }
        };
        let message = format!("another placeholder for `{name}`: {}", shown(text));
        let note = format!("{} here", shown(first));
        let finding = Finding::error(Code::TwoPlaceholders, at.clone(), message);
        let help = "write the same in both; a value that differs from bot to bot is a variable, {{ name }}";
        self.findings
            .push(finding.and(place.clone(), note).help(help));
    }
}

fn is_variable(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next().and_then(Hole::from_marker);
    first.is_some() && characters.next().is_none()
}

/// Returns whether a value is written as a placeholder for the reader's own.
fn is_placeholder(text: &str) -> bool {
    let upper = text.to_ascii_uppercase().replace('-', "_");
    let is_capitals = !text.contains(|c: char| c.is_ascii_lowercase());
    let is_word = upper
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let within = |open: char, close: char| {
        let inside = text
            .strip_prefix(open)
            .and_then(|text| text.strip_suffix(close));
        inside.is_some_and(|inside| {
            !inside.is_empty()
                && inside
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_- ".contains(c))
        })
    };
    let has_prefix = ["YOUR_", "REPLACE_", "INSERT_", "MY_"]
        .iter()
        .any(|word| upper.starts_with(word));
    let has_suffix = is_capitals
        && ["_HERE", "_GOES_HERE"]
            .iter()
            .any(|word| upper.ends_with(word));
    is_variable(text)
        || is_word && (has_prefix && (is_capitals || upper.starts_with("YOUR_")) || has_suffix)
        || within('<', '>')
        || within('{', '}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_values() {
        for text in [
            "YOUR_BOT_ID",
            "your-bot-id",
            "CHAT_ID_HERE",
            "<chat id>",
            "{chat_id}",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "your order is late",
            "here",
            "c-1042",
            "<b>bold</b>",
            "{\"a\": 1}",
            "my_bot",
            "OK",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
