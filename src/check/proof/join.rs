//! Compares the joined pieces of a stream, and the values that `equals` names, with the response.

use serde_json::Value;

use crate::input::explain::Code;
use crate::model::{Endpoint, Example, Stream, StreamExample, StreamItem};

use super::finding::{Finding, Pointer};
use super::prover::Prover;
use super::sequence::SentEvent;
use super::value::{first_difference, kind, quoted};

/// How many characters are shown before and after the place where two texts differ.
const AROUND: usize = 24;

/// A stream example with the response example of the same name.
pub(super) struct Beside<'a> {
    pub(super) stream: &'a Stream,
    pub(super) sent: &'a [SentEvent<'a>],
    pub(super) example: &'a StreamExample,
    /// The example's pointer, and the stream's.
    pub(super) at: &'a Pointer,
    pub(super) stream_at: &'a Pointer,
    pub(super) response: &'a Value,
    pub(super) response_at: Pointer,
}

/// A piece of a join, and its place.
struct JoinedPiece {
    text: String,
    at: Pointer,
}

/// Returns the example of a name in the response that answers its request.
pub(super) fn response_of<'a>(
    endpoint: &'a Endpoint,
    name: &str,
    at: &Pointer,
) -> Option<(&'a Example, Pointer)> {
    let (response, example) = endpoint.answer_to(name)?;
    let example = example.filter(|example| example.name == name)?;
    let at = at.to("responses").to(response.status);
    Some((example, at.to("examples").to(name)))
}

/// Compares the joined pieces, and the values that `equals` names, with the response.
pub(super) fn join(prover: &mut Prover<'_>, beside: &Beside<'_>) {
    let mut targets: Vec<&str> = Vec::new();
    let joins = beside
        .stream
        .events
        .iter()
        .filter_map(|event| event.joins.as_ref());
    for to in joins
        .map(|join| join.to.as_str())
        .chain(beside.stream.joins.as_deref())
    {
        if !targets.contains(&to) {
            targets.push(to);
        }
    }
    for to in targets {
        let pieces = pieces(prover, beside, to);
        joined(prover, beside, to, &pieces);
    }
    equal(prover, beside);
}

fn pieces(prover: &mut Prover<'_>, beside: &Beside<'_>, to: &str) -> Vec<JoinedPiece> {
    // Plain text has no events, so each chunk is a piece.
    if beside.stream.joins.is_some() {
        let items = beside.example.items.iter().enumerate();
        let chunks = items.filter_map(|(index, item)| match item {
            StreamItem::Chunk(text) => Some(JoinedPiece {
                text: prover.judge.filling.text(text),
                at: beside.at.to(index),
            }),
            StreamItem::Event { .. } | StreamItem::Comment(_) => None,
        });
        return chunks.collect();
    }
    let mut pieces = Vec::new();
    for sent in beside.sent {
        let event = &beside.stream.events[sent.event];
        let Some(join) = event.joins.as_ref().filter(|join| join.to == to) else {
            continue;
        };
        let at = beside.at.to(sent.index).to("data").below(&join.from);
        match sent.data.pointer(&join.from) {
            Some(Value::String(text)) => pieces.push(JoinedPiece {
                text: text.clone(),
                at,
            }),
            // Many APIs send null in the first and the last piece.
            None | Some(Value::Null) => {}
            Some(other) => {
                let message = format!("a piece that is {}, and can't be joined", kind(other));
                let joins = beside.stream_at.to("events").to(&event.label).to("joins");
                let finding = Finding::error(Code::StreamJoin, at, message);
                let help = "pieces are texts; correct the example, or `from`";
                prover
                    .judge
                    .push(finding.and(joins, "joined by this").help(help));
            }
        }
    }
    pieces
}

fn joined(prover: &mut Prover<'_>, beside: &Beside<'_>, to: &str, pieces: &[JoinedPiece]) {
    let event = beside
        .stream
        .events
        .iter()
        .find(|event| event.joins.as_ref().is_some_and(|join| join.to == to));
    let joins_at = match event {
        Some(event) => beside.stream_at.to("events").to(&event.label).to("joins"),
        None => beside.stream_at.to("joins"),
    };
    let target = beside.response_at.below(to);
    let joined: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let Some(value) = beside.response.pointer(to) else {
        let message = format!("the response example has nothing at `{to}`");
        let finding = Finding::error(Code::StreamJoin, joins_at.to("to"), message);
        let help = "correct the pointer, or the response example of the same name";
        prover.judge.push(
            finding
                .and(beside.response_at.clone(), "the response")
                .help(help),
        );
        return;
    };
    let expected = match value {
        Value::String(text) => text,
        // Pieces of JSON text, such as a tool's arguments, are parsed once they are joined.
        other => {
            let read = serde_json::from_str::<Value>(&joined).ok();
            if read.is_none_or(|read| first_difference(&read, other).is_some()) {
                let message = format!("the pieces don't join into {}", quoted(other));
                let at = pieces
                    .last()
                    .map_or(beside.at.clone(), |last| last.at.clone());
                let finding = Finding::error(Code::StreamJoin, at, message);
                let help = format!("joined they are {}", quoted(&joined.into()));
                prover
                    .judge
                    .push(finding.and(target, "the response").help(help));
            }
            return;
        }
    };
    if joined == *expected {
        return;
    }
    let parted = parting(&joined, expected);
    let piece = piece_at(pieces, parted);
    let here = around(&joined, parted);
    let there = around(expected, parted);
    let what = match event {
        Some(event) => format!("the pieces of `{}`", event.label),
        None => "the pieces".to_owned(),
    };
    let message = format!("{what} don't join into the response's text");
    let label = if parted == joined.len() {
        "the pieces end here".to_owned()
    } else {
        format!("joined, they continue with `{here}`")
    };
    let note = if parted == expected.len() {
        "the response ends here".to_owned()
    } else {
        format!("the response continues with `{there}`")
    };
    let at = piece.map_or(beside.at.clone(), |piece| piece.at.clone());
    let finding = Finding::error(Code::StreamJoin, at, message).label(label);
    let help = format!(
        "they differ after {} characters: `{here}` in the stream, `{there}` in the response",
        joined[..parted].chars().count()
    );
    prover.judge.push(finding.and(target, note).help(help));
}

fn equal(prover: &mut Prover<'_>, beside: &Beside<'_>) {
    for (index, event) in beside.stream.events.iter().enumerate() {
        let sent: Vec<_> = beside
            .sent
            .iter()
            .filter(|sent| sent.event == index)
            .collect();
        for equals in &event.equals {
            let declared_at = beside.stream_at.to("events").to(&event.label).to("equals");
            let here: Vec<_> = sent
                .iter()
                .filter_map(|sent| Some((sent.index, sent.data.pointer(&equals.from)?)))
                .collect();
            if let (false, Some(one)) = (!here.is_empty(), sent.first()) {
                // Only at the first event of this kind: the finding would be the same at each.
                let message = format!(
                    "nothing at `{}` in the data of `{}`",
                    equals.from, event.label
                );
                let at = beside.at.to(one.index).to("data");
                let finding = Finding::error(Code::StreamEquals, at, message);
                let help = "correct the pointer in `equals`, or the example";
                prover
                    .judge
                    .push(finding.and(declared_at, "declared here").help(help));
                continue;
            }
            let Some(expected) = beside.response.pointer(&equals.to) else {
                if !here.is_empty() {
                    let message = format!("the response example has nothing at `{}`", equals.to);
                    let finding = Finding::error(Code::StreamEquals, declared_at, message);
                    let help = "correct the pointer, or the response example of the same name";
                    prover.judge.push(
                        finding
                            .and(beside.response_at.clone(), "the response")
                            .help(help),
                    );
                }
                continue;
            };
            for (index, value) in here {
                let at = beside.at.to(index).to("data").below(&equals.from);
                let target = beside.response_at.below(&equals.to);
                pair(prover, &event.label, value, expected, &at, &target);
            }
            if sent.is_empty() && !is_empty(expected) && !receives(beside, &equals.to) {
                let (label, to) = (&event.label, &equals.to);
                let what = match to.as_str() {
                    "" => "the response".to_owned(),
                    to => format!("`{to}` of the response"),
                };
                let message = format!("no event in this stream contains {what}");
                let warning = Finding::warning(Code::StreamEquals, beside.at.clone(), message);
                let help =
                    format!("add `{label}`, or correct the response example of the same name");
                let note = format!("`{label}` would contain it");
                prover
                    .not_shown
                    .push(warning.and(declared_at, note).help(help));
            }
        }
    }
}

fn pair(
    prover: &mut Prover<'_>,
    label: &str,
    value: &Value,
    expected: &Value,
    at: &Pointer,
    target: &Pointer,
) {
    let as_text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    // The data of a text event contains a number or `null` without quotes.
    let is_text = value.is_string() && !expected.is_object() && !expected.is_array();
    if is_text && as_text(expected) == as_text(value) {
        return;
    }
    let Some(found) = first_difference(value, expected) else {
        return;
    };
    let shown = |value: &Option<Value>| match value {
        Some(value) => quoted(value),
        None => "nothing".to_owned(),
    };
    let (here, there) = (shown(&found.one), shown(&found.other));
    let place = match Pointer::from(found.at.as_str()).steps().last() {
        Some(last) => format!("`{last}` of `{label}`"),
        None => format!("`{label}`"),
    };
    let message = format!("{place} is {here} in the stream and {there} in the response");
    let finding = Finding::error(Code::StreamEquals, at.below(&found.at), message);
    let finding = if found.one.is_some() {
        finding
    } else {
        finding.at_key()
    };
    let help = "correct one of the two; `equals` requires that they are the same";
    let note = format!("{there} in the response");
    prover
        .judge
        .push(finding.and(target.below(&found.at), note).help(help));
}

/// Returns whether a received event has the response's value at a pointer, or a parent of it.
fn receives(beside: &Beside<'_>, pointer: &str) -> bool {
    let mut received = beside
        .sent
        .iter()
        .map(|sent| &beside.stream.events[sent.event]);
    received.any(|event| {
        let equal = event.equals.iter().map(|equals| &equals.to);
        let mut targets = equal.chain(event.joins.iter().map(|join| &join.to));
        targets.any(|to| Pointer::from(to.as_str()).holds(&pointer.into()))
    })
}

/// Returns whether a value is empty.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns after how many bytes two texts differ, at a character's boundary.
fn parting(one: &str, other: &str) -> usize {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    same.map(|(a, _)| a.len_utf8()).sum()
}

/// Returns the piece that contains an offset of the joined text; at the end, the last.
fn piece_at(pieces: &[JoinedPiece], place: usize) -> Option<&JoinedPiece> {
    let mut end = 0;
    let mut found = pieces.iter().find(|piece| {
        end += piece.text.len();
        end > place
    });
    if found.is_none() {
        found = pieces.last();
    }
    found
}

/// Returns the text around an offset.
fn around(text: &str, place: usize) -> String {
    let before: Vec<char> = text[..place].chars().rev().take(AROUND).collect();
    let from = if text[..place].chars().count() > AROUND {
        "…"
    } else {
        ""
    };
    let before: String = before.into_iter().rev().collect();
    let after: String = text[place..].chars().take(AROUND).collect();
    let to = if text[place..].chars().count() > AROUND {
        "…"
    } else {
        ""
    };
    format!("{from}{before}{after}{to}").replace('\n', "⏎")
}
