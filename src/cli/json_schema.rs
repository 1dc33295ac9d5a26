//! The JSON Schema of the spec format, with which editors complete, explain and check.
//!
//! It is written by hand; tests compare it with the parser's keys, and with what the parser
//! accepts and refuses. What a single document can't show, such as broken links and references, is
//! left to `check`.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use serde_json::{Map, Value, json};

use crate::input::page_kind::PageKind;

/// The schema of `site.yaml` and API pages; it recognises the kind of a file by its keys.
pub const SCHEMA: &str = include_str!("../../schema/botdocs.schema.json");

/// A kind of file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// `spec/site.yaml`.
    Site,
    /// A page of a kind; of a guide, its front matter.
    Page(PageKind),
}

impl SchemaKind {
    /// Returns its name in `--kind` and in the definitions of the schema.
    fn name(self) -> &'static str {
        match self {
            SchemaKind::Site => "site",
            SchemaKind::Page(kind) => kind.name(),
        }
    }

    /// Returns the help of `--kind`: every name, and what it is the schema of.
    pub(super) fn help() -> String {
        let pages = PageKind::ALL.map(|kind| format!("`{}` for {}", kind.name(), kind.checked()));
        format!(
            "Print the schema of one kind of file: `site` for site.yaml, {}",
            pages.join(", ")
        )
    }
}

impl ValueEnum for SchemaKind {
    fn value_variants<'a>() -> &'a [SchemaKind] {
        const ALL: [SchemaKind; PageKind::ALL.len() + 1] = {
            let mut all = [SchemaKind::Site; PageKind::ALL.len() + 1];
            let mut at = 0;
            while at < PageKind::ALL.len() {
                all[at + 1] = SchemaKind::Page(PageKind::ALL[at]);
                at += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Returns the schema of one kind of file.
pub fn of(kind: SchemaKind) -> String {
    let title = match kind {
        SchemaKind::Site => "botdocs site.yaml",
        SchemaKind::Page(kind) => kind.schema_title(),
    };
    let mut schema: Map<String, Value> =
        serde_json::from_str(SCHEMA).expect("the schema in the binary is JSON");
    // The shared schema decides by its keys whether a document is `site.yaml` or a page; the
    // schema of one kind needs no such condition.
    for key in ["description", "type", "if", "then", "else"] {
        schema.shift_remove(key);
    }
    let definitions = schema.shift_remove("$defs");
    schema.insert("title".to_owned(), title.into());
    schema.insert("$ref".to_owned(), json!(format!("#/$defs/{}", kind.name())));
    // The definitions come last, as in the shared file.
    schema.extend(definitions.map(|definitions| ("$defs".to_owned(), definitions)));
    format!("{:#}\n", Value::Object(schema))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_its_root_and_all_that_it_refers_to() {
        for &kind in SchemaKind::value_variants() {
            let schema: Value = serde_json::from_str(&of(kind)).unwrap();
            let root = schema["$ref"].as_str().unwrap();
            assert_eq!(root, format!("#/$defs/{}", kind.name()));
            assert!(schema.pointer(&root[1..]).is_some(), "{root}");
            assert!(schema.get("if").is_none());
            for reference in SCHEMA.split("\"$ref\": \"#").skip(1) {
                let pointer = reference.split('"').next().unwrap();
                assert!(schema.pointer(pointer).is_some(), "{pointer} leads nowhere");
            }
        }
    }

    #[test]
    fn every_key_has_a_description() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            let Some(properties) = definition["properties"].as_object() else {
                continue;
            };
            for (key, value) in properties {
                let mut at = Some(value);
                while let Some(inner) = at.filter(|at| at["description"].is_null()) {
                    let reference = inner["$ref"].as_str();
                    at = reference.and_then(|reference| schema.pointer(&reference[1..]));
                }
                assert!(at.is_some(), "`{key}` of {name}");
            }
        }
    }
}
