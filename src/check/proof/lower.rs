//! Lowers the model's schemas to JSON Schema 2020-12, and maps pointers back to the spec's own
//! keys.
//!
//! An object is closed: an example may have only the keys in `fields`, unless
//! `additionalProperties` allows others. An object without `fields` is open. Fields beside `oneOf`
//! are closed together with the alternatives, so the alternatives are open then.

use serde_json::{Map, Value, json};

use crate::model::{Additional, Api, Schema, Type};

use super::finding::Pointer;

/// The key under which a lowered `oneOf` keeps its `discriminator`.
pub(super) const DISCRIMINATOR: &str = "x-discriminator";

/// The suffix of a named schema's open form. No name contains a line feed.
const OPEN: &str = "\nopen";

/// Lowers a schema, with all named schemas that it needs.
pub fn lower(api: &Api, schema: &Schema) -> Value {
    let mut lowering = Lowering {
        api,
        needed: Vec::new(),
    };
    let mut root = lowering.schema(schema, true);
    let mut definitions = Map::new();
    let mut next = 0;
    // A named schema may refer to others, and to itself.
    while let Some(&(index, closed)) = lowering.needed.get(next) {
        let definition = lowering.schema(&api.schemas[index].schema, closed);
        definitions.insert(lowering.name(index, closed), Value::Object(definition));
        next += 1;
    }
    if !definitions.is_empty() {
        root.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Value::Object(root)
}

struct Lowering<'a> {
    api: &'a Api,
    /// The required named schemas, each in its closed or open form, in the order of the first
    /// reference.
    needed: Vec<(usize, bool)>,
}

impl Lowering<'_> {
    fn name(&self, index: usize, closed: bool) -> String {
        let name = &self.api.schemas[index].name;
        format!("{name}{}", if closed { "" } else { OPEN })
    }

    fn schema(&mut self, schema: &Schema, closed: bool) -> Map<String, Value> {
        let mut map = Map::new();
        // The reference alone: the keywords allowed beside it do not restrict the value.
        if let Some(index) = schema.reference {
            if !self.needed.contains(&(index, closed)) {
                self.needed.push((index, closed));
            }
            let name = self.name(index, closed);
            let pointer = Pointer::from("#/$defs").to(name);
            // A fragment of a URI (RFC 6901, section 6), in which names are percent-encoded.
            map.insert("$ref".to_owned(), fragment(pointer.as_str()).into());
            return map;
        }
        if schema.format.as_deref() == Some("binary") {
            // An example of binary data is the name of a file, to which no keyword applies.
            map.insert("type".to_owned(), "string".into());
            return map;
        }
        match schema.types.as_slice() {
            [] => {}
            [one] => {
                map.insert("type".to_owned(), one.as_str().into());
            }
            several => {
                let names = several.iter().map(|kind| Value::from(kind.as_str()));
                map.insert("type".to_owned(), names.collect());
            }
        }
        if let Some(constant) = &schema.constant {
            map.insert("const".to_owned(), constant.clone());
        }
        if !schema.values.is_empty() {
            map.insert("enum".to_owned(), schema.values.clone().into());
        }
        for limit in &schema.limits {
            map.insert(limit.keyword.as_str().to_owned(), limit.value.clone());
        }
        // JSON Schema 2020-12 leaves it to the program whether formats are validated (Validation,
        // 7.2). They are here, or an example could contain an invalid date.
        if let Some(format) = &schema.format {
            format_of(format, schema, &mut map);
        }
        if let Some(items) = &schema.items {
            map.insert("items".to_owned(), self.schema(items, true).into());
        }
        self.object(schema, closed, &mut map);
        map
    }

    fn object(&mut self, schema: &Schema, closed: bool, map: &mut Map<String, Value>) {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in &schema.fields {
            let lowered = self.schema(&field.schema, true);
            properties.insert(field.name.clone(), lowered.into());
            if field.required {
                required.push(Value::from(field.name.clone()));
            }
        }
        if !properties.is_empty() {
            map.insert("properties".to_owned(), properties.into());
        }
        if !required.is_empty() {
            map.insert("required".to_owned(), required.into());
        }
        let beside_alternatives = !schema.fields.is_empty() && !schema.one_of.is_empty();
        let rest = match &schema.additional {
            Additional::Unspecified if closed && !schema.fields.is_empty() => {
                Some(Value::Bool(false))
            }
            Additional::Unspecified | Additional::Allowed => None,
            Additional::Forbidden => Some(Value::Bool(false)),
            Additional::Like(like) => Some(self.schema(like, true).into()),
        };
        if let Some(rest) = rest {
            // `additionalProperties` sees only the fields beside it (2020-12, 10.3.2.3);
            // `unevaluatedProperties` sees those of the alternative that is valid, too (11.3).
            let keyword = if beside_alternatives {
                "unevaluatedProperties"
            } else {
                "additionalProperties"
            };
            map.insert(keyword.to_owned(), rest);
        }
        if !schema.one_of.is_empty() {
            let closed = closed && !beside_alternatives;
            let alternatives = schema.one_of.iter();
            let alternatives = alternatives.map(|one| Value::from(self.schema(one, closed)));
            map.insert("oneOf".to_owned(), alternatives.collect());
        }
        if let Some(title) = &schema.title {
            map.insert("title".to_owned(), title.clone().into());
        }
        if let Some(name) = &schema.discriminator {
            map.insert(DISCRIMINATOR.to_owned(), name.clone().into());
        }
    }
}

/// Lowers a format; OpenAPI's formats of numbers become limits.
fn format_of(format: &str, schema: &Schema, map: &mut Map<String, Value>) {
    let range = match format {
        "int32" => (json!(i32::MIN), json!(i32::MAX)),
        "int64" => (json!(i64::MIN), json!(i64::MAX)),
        _ => {
            if schema.types.is_empty() || schema.types.contains(&Type::String) {
                map.insert("format".to_owned(), format.into());
            }
            return;
        }
    };
    map.entry("minimum").or_insert(range.0);
    map.entry("maximum").or_insert(range.1);
}

/// Encodes a pointer as a URI fragment.
fn fragment(pointer: &str) -> String {
    let encoded = percent_encoding::utf8_percent_encode(
        pointer.trim_start_matches('#'),
        percent_encoding::NON_ALPHANUMERIC,
    );
    // The slashes between steps stay; those inside a step are already `~1`.
    format!("#{}", encoded.to_string().replace("%2F", "/"))
}

/// Returns the name of the schema that a reference in a lowered schema leads to.
pub(super) fn name_of(reference: &str) -> Option<String> {
    let fragment = percent_encoding::percent_decode_str(reference).decode_utf8_lossy();
    let name = Pointer::from(fragment.as_ref()).steps().nth(1)?;
    Some(name.strip_suffix(OPEN).unwrap_or(&name).to_owned())
}

/// Returns the place in the page's file of the keyword at a pointer into the lowered schema.
pub(super) fn origin(lowered: &str, schema: &Pointer) -> Pointer {
    let mut steps = Pointer::from(lowered)
        .steps()
        .collect::<Vec<_>>()
        .into_iter()
        .peekable();
    let mut at = schema.clone();
    if steps.peek().is_some_and(|step| step == "$defs") {
        steps.next();
        let name = steps.next().unwrap_or_default();
        let name = name.strip_suffix(OPEN).unwrap_or(&name);
        at = Pointer::from("/schemas").to(name);
    }
    while let Some(step) = steps.next() {
        match step.as_str() {
            "properties" => at = at.to("fields").to(steps.next().unwrap_or_default()),
            "oneOf" => {
                at = at.to("oneOf");
                if let Some(index) = steps.next() {
                    at = at.to(index);
                }
            }
            "items" => at = at.to("items"),
            "additionalProperties" | "unevaluatedProperties" => at = at.to("additionalProperties"),
            keyword => at = at.to(keyword),
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_its_schema() {
        for (reference, expected) in [
            ("#/%24defs/User%5FMessage", "User_Message"),
            ("#/%24defs/A%7E1b%0Aopen", "A/b"),
        ] {
            assert_eq!(name_of(reference).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_place_in_the_lowered_schema_is_found_in_the_spec() {
        let here = Pointer::from("/endpoints/a/request/schema");
        for (lowered, expected) in [
            (
                "/properties/properties/items/type",
                "/endpoints/a/request/schema/fields/properties/items/type",
            ),
            (
                "/$defs/A~1b/oneOf/1/properties/c/enum",
                "/schemas/A~1b/oneOf/1/fields/c/enum",
            ),
            ("/$defs/A\nopen/minimum", "/schemas/A/minimum"),
        ] {
            assert_eq!(origin(lowered, &here).as_str(), expected);
        }
    }
}
