//! The places on a page that a link can lead to.
//!
//! `#fluent-support-chat.request.ticket_conversation.role` is a field of a field of a request. The
//! view takes its `id`s from here, and the check its list of valid anchors, so the two can't
//! differ. The walk follows references, goes through arrays to their items, and ends at a schema
//! inside itself.

use std::collections::HashSet;

use crate::input::name::normal;
use crate::model::{
    Additional, Api, Content, Endpoint, EventData, Field, Location, Markdown, Page, Schema,
};
use crate::rich::address::{anchor_of_title, has_ascii_letters};
use crate::rich::markdown;

/// A field and what is inside it.
#[derive(Debug)]
pub struct FieldNode<'a> {
    /// Its name; none for what `additionalProperties` allows beside the named ones.
    pub name: Option<&'a str>,
    /// Its anchor.
    pub anchor: String,
    /// Whether it is required.
    pub required: bool,
    /// Its schema as written, which may be a reference.
    pub schema: &'a Schema,
    /// The value that examples give it.
    pub example: Option<&'a serde_json::Value>,
    /// The fields of the object, or of the objects of the array, that it is.
    pub inside: Inside<'a>,
}

/// The inside of a schema.
#[derive(Debug, Default)]
pub struct Inside<'a> {
    /// The fields of the object.
    pub fields: Vec<FieldNode<'a>>,
    /// The alternatives of `oneOf`.
    pub variants: Vec<Variant<'a>>,
    /// The place of the same schema further out, if this one is inside itself.
    pub again: Option<Again<'a>>,
}

/// One alternative of `oneOf`.
#[derive(Debug)]
pub struct Variant<'a> {
    /// Its name for people, if it has one.
    pub title: Option<String>,
    /// Its number among the alternatives, from 1.
    pub number: usize,
    /// Its anchor.
    pub anchor: String,
    /// Its schema.
    pub schema: &'a Schema,
    /// Its fields.
    pub inside: Inside<'a>,
}

/// A schema inside itself.
#[derive(Debug, Clone)]
pub struct Again<'a> {
    /// The schema's name.
    pub name: &'a str,
    /// The anchor of its fields.
    pub anchor: String,
}

/// Returns the anchors of a page in the order of the page; equal ones are an error of the spec.
pub fn anchors(page: &Page) -> Vec<String> {
    let mut anchors = Vec::new();
    match &page.content {
        Content::Guide(text) => push_headings(text, "", &mut anchors),
        Content::Api(api) => push_api(api, &mut anchors),
    }
    anchors
}

/// Returns the anchor of an endpoint's part, such as `path`, `request` or `stream`.
pub fn part(endpoint: &Endpoint, name: &str) -> String {
    format!("{}.{name}", endpoint.id)
}

/// Returns the anchor of a part of another place: a field in an object, an event in a stream.
///
/// A dot in the name is doubled, or the field `a.b` would have the anchor of the field `b` of `a`.
pub fn inner(outer: &str, name: &str) -> String {
    // An `id` must not contain white space (HTML standard, 3.2.6), and `%20` in an address is hard
    // to read.
    let name = normal(name).replace(|character: char| character.is_whitespace(), "-");
    // Doubling is reversible, and leaves all names without a dot unchanged.
    format!("{outer}.{}", name.replace('.', ".."))
}

/// Returns the prefix of the anchors of headings in an endpoint's description.
pub fn description_prefix(endpoint: &Endpoint) -> String {
    format!("{}.about.", endpoint.id)
}

/// Returns the parameters of an endpoint at one place.
pub fn parameters<'a>(
    api: &'a Api,
    endpoint: &'a Endpoint,
    location: Location,
) -> Vec<FieldNode<'a>> {
    let outer = part(endpoint, location.as_str());
    let here = endpoint
        .parameters
        .iter()
        .filter(|parameter| parameter.location == location);
    here.map(|parameter| &parameter.field)
        .map(|it| field(api, it, inner(&outer, &it.name), &[]))
        .collect()
}

/// Returns the headers of a response, whose anchor is `outer`.
pub fn headers<'a>(api: &'a Api, headers: &'a [Field], outer: &str) -> Vec<FieldNode<'a>> {
    let outer = inner(outer, "header");
    headers
        .iter()
        .map(|header| field(api, header, inner(&outer, &header.name), &[]))
        .collect()
}

/// Returns the inside of the schema of a body or an event, whose anchor is `outer`.
pub fn inside<'a>(api: &'a Api, schema: &'a Schema, outer: &str) -> Inside<'a> {
    look_inside(api, schema, outer, &[])
}

fn field<'a>(api: &'a Api, field: &'a Field, anchor: String, path: &[SchemaStep]) -> FieldNode<'a> {
    let inside = look_inside(api, &field.schema, &anchor, path);
    FieldNode {
        name: Some(&field.name),
        anchor,
        required: field.required,
        schema: &field.schema,
        example: field.example.as_ref(),
        inside,
    }
}

/// A named schema around the walk's position, and its anchor.
#[derive(Clone)]
struct SchemaStep {
    schema: usize,
    anchor: String,
}

/// The anchors of the parts of one place, so far.
#[derive(Default)]
struct SiblingAnchors(HashSet<String>);

impl SiblingAnchors {
    /// Returns [`inner`], with a number if another name has the same anchor, such as `x y` and
    /// `x-y`.
    fn inner(&mut self, outer: &str, name: &str) -> String {
        let first = inner(outer, name);
        let mut anchor = first.clone();
        let mut number = 1;
        while !self.0.insert(anchor.clone()) {
            number += 1;
            anchor = format!("{first}-{number}");
        }
        anchor
    }
}

// `path` lists the references that were followed: it is as long as references are deep, 128 at
// most.
fn look_inside<'a>(
    api: &'a Api,
    schema: &'a Schema,
    anchor: &str,
    path: &[SchemaStep],
) -> Inside<'a> {
    let mut schema = schema;
    let mut path = path.to_vec();
    loop {
        if let Some(index) = schema.reference {
            let named = &api.schemas[index];
            // On a second visit its fields would contain themselves without end. A schema is shown
            // once on each path from the outside in, so a cycle ends, and the same schema beside
            // itself is still shown.
            if let Some(step) = path.iter().find(|step| step.schema == index) {
                let again = Again {
                    name: &named.name,
                    anchor: step.anchor.clone(),
                };
                return Inside {
                    again: Some(again),
                    ..Inside::default()
                };
            }
            path.push(SchemaStep {
                schema: index,
                anchor: anchor.to_owned(),
            });
            // References and arrays add nothing to an anchor: `items.name` is `name` of each item.
            schema = &named.schema;
        } else if let Some(items) = &schema.items {
            schema = items;
        } else {
            break;
        }
    }
    let mut anchors = SiblingAnchors::default();
    let mut fields: Vec<_> = schema
        .fields
        .iter()
        .map(|it| field(api, it, anchors.inner(anchor, &it.name), &path))
        .collect();
    if let Additional::Like(schema) = &schema.additional {
        let anchor = anchors.inner(anchor, "*");
        let inside = look_inside(api, schema, &anchor, &path);
        fields.push(FieldNode {
            name: None,
            anchor,
            required: false,
            schema,
            example: None,
            inside,
        });
    }
    let variants = schema.one_of.iter().enumerate();
    let variants = variants
        .map(|(index, one)| variant(api, index, one, anchor, &mut anchors, &path))
        .collect();
    Inside {
        fields,
        variants,
        again: None,
    }
}

fn variant<'a>(
    api: &'a Api,
    index: usize,
    schema: &'a Schema,
    outer: &str,
    anchors: &mut SiblingAnchors,
    path: &[SchemaStep],
) -> Variant<'a> {
    let title = title(api, schema);
    let number = index + 1;
    // By the title, so that a link stays valid when alternatives are added or moved.
    let name = title.as_ref().map(|title| {
        // Published anchors of forms contain the punctuation of their titles.
        if has_ascii_letters(title) {
            title.to_lowercase()
        } else {
            anchor_of_title(title)
        }
    });
    let anchor = anchors.inner(outer, &name.unwrap_or_else(|| format!("form {number}")));
    let inside = look_inside(api, schema, &anchor, path);
    Variant {
        title,
        number,
        anchor,
        schema,
        inside,
    }
}

/// Returns the name of a schema for people: its title, else the title or name of the schema it
/// refers to.
pub fn title(api: &Api, schema: &Schema) -> Option<String> {
    let referred = schema.reference.map(|index| &api.schemas[index]);
    let named = schema.title.clone();
    named.or_else(|| referred.map(|to| to.schema.title.clone().unwrap_or_else(|| to.name.clone())))
}

fn push_api(api: &Api, anchors: &mut Vec<String>) {
    if let Some(intro) = &api.intro {
        push_headings(intro, "", anchors);
    }
    for endpoint in &api.endpoints {
        push_endpoint(api, endpoint, anchors);
    }
    for section in &api.sections {
        anchors.push(section.id.clone());
        push_headings(&section.body, "", anchors);
    }
}

fn push_endpoint(api: &Api, endpoint: &Endpoint, anchors: &mut Vec<String>) {
    anchors.push(endpoint.id.clone());
    if let Some(description) = &endpoint.description {
        push_headings(description, &description_prefix(endpoint), anchors);
    }
    for location in [
        Location::Path,
        Location::Query,
        Location::Header,
        Location::Cookie,
    ] {
        let nodes = parameters(api, endpoint, location);
        if !nodes.is_empty() {
            anchors.push(part(endpoint, location.as_str()));
            push_nodes(nodes, anchors);
        }
    }
    if let Some(body) = &endpoint.request {
        push_body(
            api,
            body.schema.as_ref(),
            part(endpoint, "request"),
            anchors,
        );
    }
    // An endpoint always has at least one response.
    anchors.push(part(endpoint, "response"));
    for response in &endpoint.responses {
        let outer = inner(&part(endpoint, "response"), &response.status.to_string());
        let nodes = headers(api, &response.headers, &outer);
        push_body(api, response.body.schema.as_ref(), outer, anchors);
        push_nodes(nodes, anchors);
    }
    if let Some(stream) = &endpoint.stream {
        let outer = part(endpoint, "stream");
        anchors.push(outer.clone());
        for event in &stream.events {
            let schema = match &event.data {
                EventData::Json(schema) => schema.as_deref(),
                EventData::Text | EventData::Empty => None,
            };
            push_body(api, schema, inner(&outer, &event.label), anchors);
        }
    }
}

fn push_body(api: &Api, schema: Option<&Schema>, outer: String, anchors: &mut Vec<String>) {
    let inside = schema.map(|schema| inside(api, schema, &outer));
    anchors.push(outer);
    push_inside(inside.unwrap_or_default(), anchors);
}

fn push_inside(inside: Inside<'_>, anchors: &mut Vec<String>) {
    push_nodes(inside.fields, anchors);
    for variant in inside.variants {
        anchors.push(variant.anchor);
        push_inside(variant.inside, anchors);
    }
}

fn push_nodes(nodes: Vec<FieldNode<'_>>, anchors: &mut Vec<String>) {
    for node in nodes {
        anchors.push(node.anchor);
        push_inside(node.inside, anchors);
    }
}

fn push_headings(text: &Markdown, prefix: &str, anchors: &mut Vec<String>) {
    let outline = markdown::outline(&text.0, prefix);
    anchors.extend(outline.headings.into_iter().map(|heading| heading.id));
}
