//! The marks of a schema: what is known about it beside its type and its constraints.

use crate::model::{Api, Deprecated, Markdown, Schema};
use crate::rich::messages::Messages;
use crate::rich::phrase::Phrase;

/// What pages and twins show of each schema beside its type and its facts, wherever it is: in a
/// field, an alternative, the items of an array or a body.
// One type for all of them, so that no keyword is shown at one place and lost at another.
pub struct Marks<'a> {
    /// Its name for people.
    pub title: Option<&'a str>,
    /// The version or day since which it exists.
    pub since: Option<&'a str>,
    /// Set if it should no longer be used, with what to use instead.
    pub deprecated: Option<&'a Deprecated>,
}

impl<'a> Marks<'a> {
    /// Returns the marks of a schema: those beside a reference, else the nearest behind it.
    pub fn of(api: &'a Api, schema: &'a Schema) -> Marks<'a> {
        let chain = || api.chain(schema);
        Marks {
            title: chain().find_map(|schema| schema.title.as_deref()),
            since: chain().find_map(|schema| schema.since.as_deref()),
            deprecated: chain().find_map(|schema| schema.deprecated.as_ref()),
        }
    }

    /// Returns the marks as facts, for places that have no line for them.
    pub fn facts(&self, messages: &Messages) -> Vec<Phrase> {
        let title = self.title.map(Phrase::words);
        let since = self.since.map(|since| {
            let version = [("version", since.into())];
            messages.phrase("since", version)
        });
        let deprecated = self.deprecated.map(|deprecated| match &deprecated.note {
            Some(note) => {
                let note = [("note", note.as_str().into())];
                messages.phrase("deprecated-with", note)
            }
            None => messages.phrase("deprecated", []),
        });
        title.into_iter().chain(since).chain(deprecated).collect()
    }
}

/// Returns the descriptions of a schema: the one beside a reference, those behind it, and those of
/// the items of an array.
pub fn descriptions<'a>(api: &'a Api, schema: &'a Schema) -> Vec<&'a Markdown> {
    let mut seen: Vec<&Schema> = Vec::new();
    let mut next = Some(schema);
    while let Some(schema) = next {
        // Both are shown: the words beside a `$ref` are about this field, those of the schema about
        // all that refer to it (JSON Schema 2020-12 §8.2.3.1 allows keywords beside `$ref`).
        // By address, since an array can contain itself.
        for schema in api.chain(schema) {
            if !seen.iter().any(|other| std::ptr::eq(*other, schema)) {
                seen.push(schema);
            }
        }
        let items = api.resolve(schema).items.as_deref();
        next = items.filter(|items| {
            let is_new = !seen.iter().any(|other| std::ptr::eq(*other, *items));
            is_new && seen.len() < MOST_SCHEMAS
        });
    }
    seen.into_iter()
        .filter_map(|schema| schema.description.as_ref())
        .collect()
}

/// How many schemas are searched for descriptions: an array in an array has more than two.
const MOST_SCHEMAS: usize = 16;
