//! Streams: what events there are, and how they belong to the response.

use serde::Serialize;

use super::field::{self, InsideView, fact, facts, words};
use super::{Context, fragment};
use crate::anchor;
use crate::html::Html;
use crate::model::{Api, Event, EventData, Match, Occurs, Stream, StreamFormat};

/// A stream.
#[derive(Debug, Serialize)]
pub struct StreamView {
    /// Its anchor.
    pub id: String,
    /// How it is written.
    pub format: &'static str,
    /// Its media type.
    pub content_type: Html,
    /// What to know about it.
    pub description: Option<Html>,
    /// Where the response has the joined text, for plain text.
    pub joins: Option<Html>,
    /// Its events.
    pub events: Vec<EventView>,
}

/// A kind of event.
#[derive(Debug, Serialize)]
pub struct EventView {
    /// Its anchor.
    pub anchor: String,
    /// The link to it.
    pub href: String,
    /// What it is called: its name on the wire, where it has one.
    pub name: Html,
    /// What its data is.
    pub data: &'static str,
    /// When it comes.
    pub occurs: &'static str,
    /// Whether it tells of a failure.
    pub fails: bool,
    /// What it means.
    pub description: Option<Html>,
    /// What tells it apart and what it is in the response.
    pub facts: Vec<Html>,
    /// The fields of its data.
    pub inside: InsideView,
}

impl StreamView {
    pub(super) fn new(context: &Context<'_>, api: &Api, stream: &Stream, id: String) -> StreamView {
        let event = |event| EventView::new(context, api, event, &id);
        StreamView {
            format: match stream.format {
                StreamFormat::Sse => "server-sent events",
                StreamFormat::JsonLines => "JSON Lines",
                StreamFormat::Text => "plain text",
            },
            content_type: Html::text(&stream.content_type),
            description: context.note(stream.description.as_ref(), &id),
            joins: stream
                .joins
                .as_deref()
                .map(|to| relation("", "joined, the pieces are", to)),
            events: stream.events.iter().map(event).collect(),
            id,
        }
    }
}

impl EventView {
    fn new(context: &Context<'_>, api: &Api, event: &Event, outer: &str) -> EventView {
        let anchor = anchor::inner(outer, &event.label);
        let (data, schema) = match &event.data {
            EventData::Text => ("text", None),
            EventData::Json(schema) => ("JSON", schema.as_deref()),
            EventData::Empty => ("no data", None),
        };
        let mut facts = schema.map(|schema| facts(api, schema)).unwrap_or_default();
        match &event.matching {
            Some(Match::Whole(text)) => facts.push(words("its data is", text)),
            Some(Match::Pointers(pairs)) => facts.extend(pairs.iter().map(|(pointer, value)| {
                let mut html = words("where", &place(pointer));
                html.push_text(" ");
                html.push(&fact("is", [value]));
                html
            })),
            None => {}
        }
        if let Some(join) = &event.joins {
            facts.push(relation(&join.from, "joined in order is", &join.to));
        }
        facts.extend(
            event
                .equals
                .iter()
                .map(|join| relation(&join.from, "equals", &join.to)),
        );
        EventView {
            href: fragment(&anchor),
            name: Html::text(event.wire_name.as_deref().unwrap_or(&event.label)),
            data,
            occurs: occurs(event),
            fails: event.fails,
            description: context.note(event.description.as_ref(), &anchor),
            facts,
            inside: field::body_inside(context, api, schema, &anchor),
            anchor,
        }
    }
}

fn occurs(event: &Event) -> &'static str {
    match event {
        Event { fails: true, .. } => "on failure",
        Event { ends: true, .. } => "last",
        Event { first: true, .. } => "first",
        Event {
            occurs: Occurs::Once,
            ..
        } => "once",
        Event {
            occurs: Occurs::Optional,
            ..
        } => "at most once",
        Event {
            occurs: Occurs::Repeats,
            ..
        } => "repeats",
    }
}

/// How a value of an event and one of the response belong together.
fn relation(from: &str, verb: &str, to: &str) -> Html {
    let mut html = Html::new();
    if !from.is_empty() {
        html.element("code").text(&place(from));
        html.push_text(" ");
    }
    html.push_text(verb);
    html.push_text(" ");
    match to {
        "" => html.push_text("the whole response"),
        to => {
            html.element("code").text(&place(to));
            html.push_text(" of the response");
        }
    }
    html
}

/// A JSON pointer as programmers write it: `choices[0].delta`.
pub(super) fn place(pointer: &str) -> String {
    let mut out = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str(&format!("[{part}]"));
        } else {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&part);
        }
    }
    out
}
