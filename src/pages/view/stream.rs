//! Streams: what events there are, and how they belong to the response.

use serde::Serialize;

use super::field::{self, InsideView};
use super::{Context, phrase, phrases};
use crate::model::anchor;
use crate::model::wording;
use crate::model::{Api, Event, EventData, Stream};
use crate::rich::address::fragment;
use crate::rich::html::Html;

/// How a response streams.
#[derive(Debug, Serialize)]
pub struct StreamView {
    /// Its anchor.
    pub id: String,
    /// Its format, in words.
    pub format: String,
    /// Its media type.
    pub content_type: Html,
    /// Its description.
    pub description: Option<Html>,
    /// The place in the response of the joined text, if the stream is plain text.
    pub joins: Option<Html>,
    /// Its events.
    pub events: Vec<EventView>,
}

/// One event of a stream.
#[derive(Debug, Serialize)]
pub struct EventView {
    /// Its anchor.
    pub anchor: String,
    /// The link to it.
    pub href: String,
    /// Its name in the stream, or its label if it has no name there.
    pub name: Html,
    /// The kind of its data, in words.
    pub data: String,
    /// How often or when it occurs, in words.
    pub occurs: String,
    /// Whether it reports a failure.
    pub fails: bool,
    /// Its description.
    pub description: Option<Html>,
    /// How clients recognise it, and which values of the response it contains.
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
