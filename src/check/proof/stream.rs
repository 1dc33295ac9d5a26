//! A stream's examples: read as a client reads them, event by event, and as a whole.

use serde_json::Value;

use crate::input::explain::Code;
use crate::model::example::stream_text;
use crate::model::{
    Endpoint, EventData, Match, Stream, StreamExample, StreamFormat, StreamItem, matching_events,
};
use crate::rich::sse;

use super::coverage::{HELP, listed};
use super::finding::{Finding, Pointer};
use super::join::{self, Beside, response_of};
use super::prover::{Prover, Where};
use super::sequence::{SentEvent, Sequence};

/// Validates the examples of an endpoint's stream.
pub(super) fn prove<'a>(
    prover: &mut Prover<'a>,
    endpoint: &'a Endpoint,
    stream: &'a Stream,
    endpoint_at: &Pointer,
) {
    let at = endpoint_at.to("stream");
    let mut shown = vec![false; stream.events.len()];
    for example in &stream.examples {
        prover.examples += 1;
        let here = at.to("examples").to(&example.name);
        for item in &example.items {
            if let StreamItem::Event { event, .. } = item {
                shown[*event] = true;
            }
        }
        stream_example(prover, endpoint, stream, example, &here, endpoint_at);
    }
    if stream.examples.is_empty() {
        prover.unproven(at.clone(), "no example");
    }
    described(prover, stream, &at, &shown);
}

/// Checks the description of the events, and counts which of them an example shows.
fn described<'a>(prover: &mut Prover<'a>, stream: &'a Stream, at: &Pointer, shown: &[bool]) {
    let events_at = at.to("events");
    let ends = stream.events.iter().any(|event| event.ends);
    // Lines of JSON may end with the connection; a client of events opens it again.
    if stream.format == StreamFormat::Sse && !stream.events.is_empty() && !ends {
        let message = "a stream without an event that ends it";
        let finding = Finding::warning(Code::StreamEnd, events_at.clone(), message);
        let help = "write `ends: true` at the last event; if the stream ends with the connection, state that in `waivers`";
        prover.judge.push(finding.help(help));
    }
    // An example of a failing stream is rarely worth its space; clients are written for all other
    // events.
    let unseen = stream.events.iter().zip(shown);
    let unseen = unseen.filter(|(event, is_shown)| !**is_shown && !event.fails);
    let unseen: Vec<String> = unseen
        .map(|(event, _)| format!("`{}`", event.label))
        .collect();
    if !unseen.is_empty() && !stream.examples.is_empty() {
        let message = format!("no example shows the event {}", listed(&unseen));
        let warning = Finding::warning(Code::NotShown, events_at.clone(), message);
        let unseen = unseen.iter().map(|name| format!("the event {name}"));
        let warning = warning.missing(unseen.collect());
        prover.not_shown.push(warning.help(HELP));
    }
    for (event, &is_shown) in stream.events.iter().zip(shown) {
        let event_at = events_at.to(&event.label);
        prover.events.0 += 1;
        prover.events.1 += usize::from(is_shown);
        if !is_shown && !stream.examples.is_empty() {
            prover.unproven(event_at.clone(), "no example");
        }
        match &event.data {
            EventData::Json(Some(schema)) => prover.schemas.push(Where {
                schema,
                at: event_at.to("schema"),
                is_shown,
            }),
            EventData::Json(None) if is_shown => prover.unproven(event_at, "no schema"),
            _ => {}
        }
    }
}

fn stream_example<'a>(
    prover: &mut Prover<'a>,
    endpoint: &'a Endpoint,
    stream: &'a Stream,
    example: &'a StreamExample,
    at: &Pointer,
    endpoint_at: &Pointer,
) {
    let stream_at = endpoint_at.to("stream");
    let events_at = stream_at.to("events");
    if stream.format == StreamFormat::Sse {
        read_back(prover, stream, example, at);
    }
    let mut sent_data = Vec::new();
    for (index, item) in example.items.iter().enumerate() {
        if let StreamItem::Event { event, data, .. } = item {
            let place = at.to(index);
            report_ambiguity(prover, stream, *event, data, &place, &events_at);
            let described = &stream.events[*event];
            if let EventData::Json(Some(schema)) = &described.data {
                let schema_at = events_at.to(&described.label).to("schema");
                prover.value(data, &place.to("data"), schema, &schema_at);
            }
            sent_data.push((*event, index, prover.judge.filling.value(data)));
        }
    }
    let sent: Vec<SentEvent<'_>> = sent_data
        .iter()
        .map(|(event, index, data)| SentEvent {
            event: *event,
            index: *index,
            data,
        })
        .collect();
    let sequence = Sequence {
        stream,
        sent: &sent,
        at,
        events_at: &events_at,
    };
    for finding in sequence.findings() {
        prover.judge.push(finding);
    }
    // A failed stream does not contain the response.
    if sent.iter().any(|sent| stream.events[sent.event].fails) {
        return;
    }
    let Some((response, response_at)) = response_of(endpoint, &example.name, endpoint_at) else {
        let why = format!("no response example `{}` to join into", example.name);
        prover.unproven(at.clone(), why);
        return;
    };
    let joins = stream.joins.is_some() || stream.events.iter().any(|event| event.joins.is_some());
    let equals = stream.events.iter().any(|event| !event.equals.is_empty());
    if !joins && !equals {
        prover.unproven(
            at.clone(),
            "neither `joins` nor `equals` connects it to the response",
        );
    }
    let response = prover.judge.filling.value(&response.value);
    join::join(
        prover,
        &Beside {
            stream,
            sent: &sent,
            example,
            at,
            stream_at: &stream_at,
            response: &response,
            response_at,
        },
    );
}

/// Parses the printed stream as a client does, and reports events that arrive differently.
fn read_back(prover: &mut Prover<'_>, stream: &Stream, example: &StreamExample, at: &Pointer) {
    let printed = prover.judge.filling.text(&stream_text(stream, example));
    // The printed text is parsed, not the spec: a carriage return in the data changes nothing in
    // the model, but splits the line for a client.
    let read = sse::parse(&printed);
    let mut frames = read.frames.iter();
    for (index, item) in example.items.iter().enumerate() {
        let frame = frames.next().map(|frame| &frame.received);
        let arrives = match (item, frame) {
            (
                StreamItem::Event {
                    event, id, data, ..
                },
                Some(sse::Received::Event {
                    name,
                    id: read_id,
                    data: read_data,
                    ..
                }),
            ) => {
                let described = &stream.events[*event];
                let is_same = match &described.data {
                    EventData::Text => {
                        let filled = prover.judge.filling.value(data);
                        filled.as_str().is_none_or(|text| *read_data == text)
                    }
                    EventData::Json(_) => serde_json::from_str::<Value>(read_data).is_ok(),
                    EventData::Empty => read_data.is_empty(),
                };
                let id = id.as_ref().map(|id| prover.judge.filling.text(id));
                is_same && *name == described.wire_name && *read_id == id
            }
            (StreamItem::Comment(_), Some(sse::Received::Comment(_))) => true,
            _ => false,
        };
        if !arrives {
            let message = "an event that arrives with other data than written";
            let finding = Finding::error(Code::StreamSyntax, at.to(index).to("data"), message);
            let help = "a client reads a carriage return as a line end, and `id` is one line";
            prover.judge.push(finding.help(help));
            return;
        }
    }
}

/// Reports an item that a client would read as another event, or as none.
fn report_ambiguity(
    prover: &mut Prover<'_>,
    stream: &Stream,
    event: usize,
    data: &Value,
    at: &Pointer,
    events_at: &Pointer,
) {
    let described = &stream.events[event];
    let data = prover.judge.filling.value(data);
    let taken = matching_events(&stream.events, described.wire_name.as_deref(), |one| {
        one.holds(&data)
    });
    if taken == [event] {
        return;
    }
    let label = &described.label;
    let other = taken.iter().find(|&&other| other != event);
    let other = other.map(|&other| &stream.events[other].label);
    let message = match other {
        Some(other) if taken.contains(&event) => {
            format!("a client can't distinguish `{label}` from `{other}` here")
        }
        Some(other) => format!("a client reads this as `{other}`, not as `{label}`"),
        None => format!("a client does not recognise this as `{label}`"),
    };
    let key = if described.matching.is_some() {
        "match"
    } else {
        "event"
    };
    let wrong = match &described.matching {
        Some(Match::Pointers(pointers)) => {
            let mut pointers = pointers.iter();
            pointers.find(|(pointer, value)| data.pointer(pointer) != Some(value))
        }
        Some(Match::Whole(_)) | None => None,
    };
    let part = wrong.map_or("", |(pointer, _)| pointer.as_str());
    let finding = Finding::error(Code::UnmatchedEvent, at.to("data").below(part), message);
    let finding = finding.and(
        events_at.to(label).to(key),
        format!("this identifies `{label}`"),
    );
    prover
        .judge
        .push(finding.help("correct the data, the label of the item, or `match`"));
}
