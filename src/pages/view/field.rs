//! Fields as people read them: name, type, facts, and the fields inside.

use serde::Serialize;

use super::{Context, phrases};
use crate::model::anchor::{self, Again, FieldNode, Inside};
use crate::model::wording::{self, Marks, descriptions, facts, field_facts, types};
use crate::model::{Api, Deprecated, Schema};
use crate::rich::address::fragment;
use crate::rich::html::Html;

/// The depth to which fields are open without a click.
// With all open, a schema of a hundred fields is a wall; with all closed, nobody sees a name.
const OPEN_DEPTH: usize = 2;

/// A field, a parameter or a header.
#[derive(Debug, Serialize)]
pub struct FieldView {
    /// Its name; none in the row for all names that the schema does not list.
    pub name: Option<Html>,
    /// The `id` of its HTML element.
    pub anchor: String,
    /// The link to it.
    pub href: String,
    /// Its type, such as `array of objects`.
    pub types: String,
    /// The title of its schema.
    pub title: Option<Html>,
    /// Whether it is required.
    pub required: bool,
    /// Whether clients should no longer use it.
    pub deprecated: bool,
    /// What to use instead.
    pub instead: Option<Html>,
    /// The version or date that introduced it.
    pub since: Option<Html>,
    /// Its description.
    pub description: Option<Html>,
    /// Constraints on its value and its default, a few words each.
    pub facts: Vec<Html>,
    /// The fields inside it.
    pub inside: InsideView,
}

/// The fields inside a body, a field or an event.
#[derive(Debug, Default, Serialize)]
pub struct InsideView {
    /// The line that shows and hides the fields; empty if there are none.
    pub summary: String,
    /// Whether the fields are visible at first.
    pub open: bool,
    /// The fields.
    pub fields: Vec<FieldView>,
    /// The alternatives.
    pub variants: Vec<VariantView>,
    /// If the schema contains itself: the name of the outer schema that is repeated here.
    pub again: Option<Html>,
    /// The link to that schema.
    pub again_href: String,
}

/// One of several alternatives.
#[derive(Debug, Serialize)]
pub struct VariantView {
    /// Its name.
    pub title: Html,
    /// The `id` of its HTML element.
    pub anchor: String,
    /// Its type.
    pub types: String,
    /// Whether clients should no longer use it.
    pub deprecated: bool,
    /// What to use instead.
    pub instead: Option<Html>,
    /// The version or date that introduced it.
    pub since: Option<Html>,
    /// Its description.
    pub description: Option<Html>,
    /// Constraints on its value and its default, a few words each.
    pub facts: Vec<Html>,
    /// Its fields.
    pub inside: InsideView,
}

/// Returns the views of a list of fields.
pub(super) fn fields(
    context: &Context<'_>,
    api: &Api,
    nodes: &[FieldNode<'_>],
    depth: usize,
) -> Vec<FieldView> {
    nodes
        .iter()
        .map(|node| FieldView::new(context, api, node, depth))
        .collect()
}

impl FieldView {
    fn new(context: &Context<'_>, api: &Api, node: &FieldNode<'_>, depth: usize) -> FieldView {
        let schema = node.schema;
        let marks = Marks::of(api, schema);
        FieldView {
            name: node.name.map(Html::text),
            anchor: node.anchor.clone(),
            href: fragment(&node.anchor),
            types: types(context.messages, api, schema),
            title: marks.title.map(Html::text),
            required: node.required,
            deprecated: marks.deprecated.is_some(),
            instead: marks.deprecated.and_then(instead),
            since: marks.since.map(Html::text),
            description: description(context, api, schema, &node.anchor),
            facts: phrases(&field_facts(context.messages, api, node)),
            inside: InsideView::new(context, api, schema, &node.inside, depth + 1),
        }
    }
}

impl InsideView {
    /// Returns the inside of `schema`; `depth` is the number of fields around it.
    pub(super) fn new(
        context: &Context<'_>,
        api: &Api,
        schema: &Schema,
        inside: &Inside<'_>,
        depth: usize,
    ) -> InsideView {
        let variants = inside.variants.iter().map(|variant| {
            let marks = Marks::of(api, variant.schema);
            VariantView {
                title: Html::text(&wording::variant(context.messages, variant)),
                anchor: variant.anchor.clone(),
                types: types(context.messages, api, variant.schema),
                deprecated: marks.deprecated.is_some(),
                instead: marks.deprecated.and_then(instead),
                since: marks.since.map(Html::text),
                description: description(context, api, variant.schema, &variant.anchor),
                facts: phrases(&facts(context.messages, api, variant.schema)),
                inside: InsideView::new(context, api, variant.schema, &variant.inside, depth + 1),
            }
        });
        let again = inside.again.as_ref();
        InsideView {
            summary: summary(context, api, schema, inside),
            // Deeper fields are folded. `details` needs no script, and browsers' search opens it.
            open: depth <= OPEN_DEPTH,
            fields: fields(context, api, &inside.fields, depth),
            variants: variants.collect(),
            again: again.map(|Again { name, .. }| Html::text(name)),
            again_href: again
                .map(|again| fragment(&again.anchor))
                .unwrap_or_default(),
        }
    }
}

/// Returns the replacement of something deprecated.
pub(super) fn instead(deprecated: &Deprecated) -> Option<Html> {
    deprecated.note.as_deref().map(Html::text)
}

fn summary(context: &Context<'_>, api: &Api, schema: &Schema, inside: &Inside<'_>) -> String {
    let [forms, fields, others] = match api.resolve(schema).items {
        None => ["inside-forms", "inside-fields", "inside-other-fields"],
        Some(_) => [
            "inside-forms-of-item",
            "inside-fields-of-item",
            "inside-other-fields-of-item",
        ],
    };
    let count = |id, number: usize| context.messages.text_with(id, [("count", number.into())]);
    if !inside.variants.is_empty() {
        return count(forms, inside.variants.len());
    }
    let named = inside.fields.iter().filter(|field| field.name.is_some());
    match named.count() {
        // Without fields there is no summary.
        0 if inside.fields.is_empty() => String::new(),
        0 => context.messages.text(others),
        number => count(fields, number),
    }
}

/// Returns the description of a schema: that beside a reference, then that of its target.
pub(super) fn description(
    context: &Context<'_>,
    api: &Api,
    schema: &Schema,
    anchor: &str,
) -> Option<Html> {
    // Keywords beside `$ref` apply as well (JSON Schema 2020-12, section 8.2.3.1), so both are
    // shown.
    let texts = descriptions(api, schema).into_iter();
    let notes = texts.filter_map(|text| context.note(Some(text), anchor));
    notes.reduce(|mut all, note| {
        all.push(&note);
        all
    })
}

/// Returns an anchored node's fields where there are some; used for bodies.
pub(super) fn body_inside(
    context: &Context<'_>,
    api: &Api,
    schema: Option<&Schema>,
    outer: &str,
) -> InsideView {
    schema.map_or_else(InsideView::default, |schema| {
        InsideView::new(context, api, schema, &anchor::inside(api, schema, outer), 0)
    })
}
