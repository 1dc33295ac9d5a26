//! What the page shows with each endpoint: its own texts, and those of the named schemas that it
//! refers to.

use std::ops::Range;

use crate::model::{Additional, Endpoint, EventData, NamedSchema, Schema};

use super::named::PageSchemas;
use super::reader::Reader;

/// Notes for each endpoint the variables of the schemas that it refers to, and for each link
/// whether no public endpoint shows it. `links` are those in the texts of each endpoint.
pub(super) fn note(
    reader: &mut Reader<'_>,
    endpoints: &mut [Endpoint],
    links: Vec<Range<usize>>,
    schemas: &PageSchemas<'_>,
) {
    for (endpoint, links) in endpoints.iter().zip(links) {
        if endpoint.internal {
            reader.links[links]
                .iter_mut()
                .for_each(|link| link.is_internal = true);
        }
    }
    let mut texts = schemas.texts.iter();
    // Mostly: then no reference has to be followed.
    if texts.all(|texts| texts.used.is_empty() && texts.links.is_empty()) {
        return;
    }
    let mut is_public = vec![false; schemas.schemas.len()];
    for endpoint in endpoints {
        for index in referred(endpoint, &schemas.schemas) {
            endpoint.used.extend(schemas.texts[index].used);
            is_public[index] |= !endpoint.internal;
        }
    }
    for (index, texts) in schemas.texts.iter().enumerate() {
        // No page shows a schema to which no endpoint refers.
        if !is_public[index] {
            reader.links[texts.links.clone()]
                .iter_mut()
                .for_each(|link| link.is_internal = true);
        }
    }
}

/// Returns the named schemas that an endpoint refers to, each once.
fn referred(endpoint: &Endpoint, schemas: &[NamedSchema]) -> Vec<usize> {
    let bodies = endpoint.responses.iter().map(|response| &response.body);
    let bodies = bodies.chain(&endpoint.request);
    let headers = endpoint.responses.iter().flat_map(|it| &it.headers);
    let parameters = endpoint.parameters.iter().map(|it| &it.field);
    let fields = headers.chain(parameters).map(|field| &field.schema);
    let events = endpoint.stream.iter().flat_map(|stream| &stream.events);
    let events = events.filter_map(|event| match &event.data {
        EventData::Json(schema) => schema.as_deref(),
        EventData::Text | EventData::Empty => None,
    });
    let mut found = Vec::new();
    let own = bodies.filter_map(|body| body.schema.as_ref());
    own.chain(fields)
        .chain(events)
        .for_each(|schema| push_references(schema, &mut found));
    let mut is_seen = vec![false; schemas.len()];
    let mut all = Vec::new();
    // Not recursive: a chain of references may be as long as the list of schemas.
    while let Some(index) = found.pop() {
        if !std::mem::replace(&mut is_seen[index], true) {
            all.push(index);
            push_references(&schemas[index].schema, &mut found);
        }
    }
    all
}

/// Appends the named schemas that a schema and its parts refer to.
fn push_references(schema: &Schema, found: &mut Vec<usize>) {
    found.extend(schema.reference);
    let like = match &schema.additional {
        Additional::Like(schema) => Some(&**schema),
        Additional::Unspecified | Additional::Allowed | Additional::Forbidden => None,
    };
    let fields = schema.fields.iter().map(|field| &field.schema);
    let parts = fields.chain(&schema.one_of).chain(like);
    for part in parts.chain(schema.items.as_deref()) {
        push_references(part, found);
    }
}
