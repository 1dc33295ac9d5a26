//! The schemas of a page, each with its place.

use crate::model::{Additional, Api, EventData, Schema};

use super::finding::Pointer;

/// Visits every schema that is written on a page: those of parameters, headers, bodies and events,
/// the named ones, and all parts of these. References are not followed.
pub(super) fn schemas<'a>(api: &'a Api, look: &mut dyn FnMut(&'a Schema, &Pointer)) {
    used(api, &mut |schema, at| parts(schema, at, look));
    for named in &api.schemas {
        let at = Pointer::page().to("schemas").to(&named.name);
        parts(&named.schema, &at, look);
    }
}

/// Calls a function for the schemas that values of a page are validated against: those of
/// parameters, headers, bodies and events, each as a whole.
pub(super) fn used<'a>(api: &'a Api, look: &mut dyn FnMut(&'a Schema, &Pointer)) {
    for endpoint in &api.endpoints {
        let at = Pointer::from("/endpoints").to(&endpoint.id);
        for parameter in &endpoint.parameters {
            let place = at.to("parameters").to(parameter.location.as_str());
            let field = &parameter.field;
            look(&field.schema, &place.to(&field.name));
        }
        if let Some(schema) = endpoint.request.as_ref().and_then(|it| it.schema.as_ref()) {
            look(schema, &at.to("request").to("schema"));
        }
        for response in &endpoint.responses {
            let at = at.to("responses").to(response.status);
            for header in &response.headers {
                look(&header.schema, &at.to("headers").to(&header.name));
            }
            if let Some(schema) = &response.body.schema {
                look(schema, &at.to("schema"));
            }
        }
        for event in endpoint.stream.iter().flat_map(|stream| &stream.events) {
            if let EventData::Json(Some(schema)) = &event.data {
                let at = at.to("stream").to("events").to(&event.label);
                look(schema, &at.to("schema"));
            }
        }
    }
}

fn parts<'a>(schema: &'a Schema, at: &Pointer, look: &mut dyn FnMut(&'a Schema, &Pointer)) {
    look(schema, at);
    for field in &schema.fields {
        parts(&field.schema, &at.to("fields").to(&field.name), look);
    }
    if let Some(items) = &schema.items {
        parts(items, &at.to("items"), look);
    }
    if let Additional::Like(like) = &schema.additional {
        parts(like, &at.to("additionalProperties"), look);
    }
    for (index, one) in schema.one_of.iter().enumerate() {
        parts(one, &at.to("oneOf").to(index), look);
    }
}
