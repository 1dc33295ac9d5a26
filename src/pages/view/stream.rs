//! Streams: what events there are, and how they belong to the response.

use serde::Serialize;

use super::field::{self, InsideView};
use super::{Context, fragment, phrase, phrases};
use crate::model::anchor;
use crate::model::wording;
use crate::model::{Api, Event, EventData, Stream};
use crate::rich::html::Html;

/// A stream.
#[derive(Debug, Serialize)]
pub struct StreamView {
    /// Its anchor.
    pub id: String,
    /// How it is written.
    pub format: String,
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
    pub data: String,
    /// When it comes.
    pub occurs: String,
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
            format: wording::format(context.messages, stream.format),
            content_type: Html::text(&stream.content_type),
            description: context.note(stream.description.as_ref(), &id),
            joins: stream
                .joins
                .as_deref()
                .map(|to| phrase(&wording::joined(context.messages, to))),
            events: stream.events.iter().map(event).collect(),
            id,
        }
    }
}

impl EventView {
    fn new(context: &Context<'_>, api: &Api, event: &Event, outer: &str) -> EventView {
        let anchor = anchor::inner(outer, &event.label);
        let schema = match &event.data {
            EventData::Json(schema) => schema.as_deref(),
            EventData::Text | EventData::Empty => None,
        };
        EventView {
            href: fragment(&anchor),
            name: Html::text(wording::event_name(event)),
            data: wording::event_data(context.messages, &event.data),
            occurs: wording::occurs(context.messages, event),
            fails: event.fails,
            description: context.note(event.description.as_ref(), &anchor),
            facts: phrases(&wording::event_facts(context.messages, api, event)),
            inside: field::body_inside(context, api, schema, &anchor),
            anchor,
        }
    }
}
