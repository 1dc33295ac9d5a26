//! The JSON Schema of the spec format, with which editors complete, explain and check.
//!
//! It is written by hand; tests compare it with the parser's keys, and with what the parser
//! accepts and refuses. What a single document can't show, such as broken links and references, is
//! left to `check`.

use serde_json::{Map, Value, json};

/// The schema of `site.yaml` and API pages; it recognises the kind of a file by its keys.
pub const SCHEMA: &str = include_str!("../../schema/botdocs.schema.json");

/// A kind of file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// `spec/site.yaml`.
    Site,
    /// An API page.
    Api,
    /// The front matter of a guide.
    Guide,
}

/// Returns the schema of one kind of file.
pub fn of(kind: SchemaKind) -> String {
    let (name, title) = match kind {
        SchemaKind::Site => ("site", "botdocs site.yaml"),
        SchemaKind::Api => ("api", "botdocs API page"),
        SchemaKind::Guide => ("guide", "front matter of a botdocs guide"),
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
    schema.insert("$ref".to_owned(), json!(format!("#/$defs/{name}")));
    // The definitions come last, as in the shared file.
    schema.extend(definitions.map(|definitions| ("$defs".to_owned(), definitions)));
    format!("{:#}\n", Value::Object(schema))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_its_root_and_all_that_it_refers_to() {
        for (kind, root) in [
            (SchemaKind::Site, "#/$defs/site"),
            (SchemaKind::Api, "#/$defs/api"),
            (SchemaKind::Guide, "#/$defs/guide"),
        ] {
            let schema: Value = serde_json::from_str(&of(kind)).unwrap();
            assert_eq!(schema["$ref"], root);
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
