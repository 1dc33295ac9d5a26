//! Validates a request against the spec: its parts as values, checked against their schemas by the
//! rules that prove examples.

use std::collections::HashSet;

use serde_json::Value;

use crate::check::proof::{Finding, Pointer, Role, Rule, Validators, key, lower};
use crate::hole::{Hole, Values};
use crate::model::{Api, Endpoint, Location, Parameter, Schema, Type};

/// The rules for requests of an endpoint, built once.
pub(super) struct RequestRules {
    /// One rule for each parameter, in their order.
    parameters: Vec<Measure>,
    body: Option<Measure>,
}

/// A schema prepared for validation.
enum Measure {
    /// Valid for every bot.
    Ready(Box<Rule>),
    /// With markers, so that each bot has its own rule.
    OfBot(Value),
    /// With a pattern too expensive to check, against which no example is checked either.
    Unchecked,
}

impl RequestRules {
    pub(super) fn new(api: &Api, endpoint: &Endpoint, validators: &mut Validators) -> RequestRules {
        let parameters = endpoint.parameters.iter();
        let body = endpoint.request.as_ref();
        let body = body.and_then(|body| body.schema.as_ref());
        RequestRules {
            parameters: parameters
                .map(|parameter| Measure::new(api, &parameter.field.schema, validators))
                .collect(),
            body: body.map(|schema| Measure::new(api, schema, validators)),
        }
    }

    /// Returns the first error in a body.
    pub(super) fn body_fault(&self, value: &Value, values: &Values) -> Option<String> {
        self.body.as_ref()?.fault(value, Role::Body, values)
    }

    /// Returns the error in the texts that were sent for the `index`th parameter, if any.
    pub(super) fn parameter_fault(
        &self,
        index: usize,
        value: &Value,
        name: &str,
        values: &Values,
    ) -> Option<String> {
        self.parameters[index].fault(value, Role::Parameter(name), values)
    }
}

impl Measure {
    fn new(api: &Api, schema: &Schema, validators: &mut Validators) -> Measure {
        let lowered = lower(api, schema);
        let has_hole = |value: &Value| Hole::first_in(&value.to_string()).is_some();
        // A rule is built once for each endpoint. Only a schema that contains the bot is built for
        // each request, from the caller's value.
        if has_hole(&lowered) {
            return Measure::OfBot(lowered);
        }
        // The check of the spec has built each rule already, and reported all other errors.
        match Rule::new(&lowered, &Pointer::page(), validators) {
            Ok(rule) => Measure::Ready(Box::new(rule)),
            Err(_) => Measure::Unchecked,
        }
    }

    fn fault(&self, value: &Value, role: Role<'_>, values: &Values) -> Option<String> {
        let first = match self {
            Measure::Unchecked => None,
            Measure::Ready(rule) => rule.first_fault(value, role),
            Measure::OfBot(lowered) => {
                let lowered = values.fill_value(lowered);
                let rule =
                    Rule::new(&lowered, &Pointer::page(), &mut Validators::of_page()).ok()?;
                rule.first_fault(value, role)
            }
        };
        first.as_ref().map(words)
    }
}

/// Describes a finding to the client: what is wrong, where, and what is expected.
fn words(finding: &Finding) -> String {
    let mut words = finding.message.clone();
    // In nested values, the last name alone does not identify the place.
    if finding.at.steps().nth(1).is_some() {
        words.push_str(&format!(" (at `{}`)", finding.at));
    }
    let more = match &*finding.label {
        "" => finding.choice.as_deref(),
        label => Some(label),
    };
    more.map_or(words.clone(), |more| format!("{words}; {more}"))
}

/// Converts the texts of a parameter to the value that its schema describes; none if nothing was
/// sent.
pub(super) fn parameter_value(api: &Api, parameter: &Parameter, sent: &[&str]) -> Option<Value> {
    let schema = api.resolve(&parameter.field.schema);
    let is_list = schema.types.contains(&Type::Array);
    match (sent, parameter.location) {
        ([], _) => None,
        (texts, Location::Query) => Some(value_of(api, schema, texts)),
        // Outside the query, one text contains all items of an array.
        (texts, _) if is_list => {
            let texts = texts.iter().flat_map(|text| text.split(','));
            let texts: Vec<&str> = texts.map(str::trim).collect();
            Some(value_of(api, schema, &texts))
        }
        (texts, _) => Some(value_of(api, schema, texts)),
    }
}

/// Converts the texts of one name to the value that a schema describes.
pub(super) fn value_of(api: &Api, schema: &Schema, texts: &[&str]) -> Value {
    let schema = api.resolve(schema);
    let is_list = schema.types.contains(&Type::Array);
    // A repeated name is a list, even if its schema takes none: servers differ in which value they
    // use.
    if is_list || texts.len() > 1 {
        let any = Schema::default();
        let items = schema.items.as_deref().unwrap_or(&any);
        let items = if is_list || schema.types.is_empty() {
            api.resolve(items)
        } else {
            schema
        };
        let scalars = Scalars::new(items);
        return texts.iter().map(|text| scalars.value(text)).collect();
    }
    Scalars::new(schema).value(texts.first().unwrap_or(&""))
}

/// The types of a schema for texts.
struct Scalars<'a> {
    types: &'a [Type],
    /// The keys of its `enum` and `const` values, which decide where no type does.
    named: HashSet<String>,
}

impl Scalars<'_> {
    fn new(schema: &Schema) -> Scalars<'_> {
        let named = schema.values.iter().chain(&schema.constant);
        Scalars {
            types: &schema.types,
            named: if schema.types.is_empty() {
                named.map(key).collect()
            } else {
                HashSet::new()
            },
        }
    }

    /// Converts a text to a value of the schema's type; a text stays text where text is expected.
    fn value(&self, text: &str) -> Value {
        let as_text = || Value::String(text.to_owned());
        // `serde_json` decides, since the schema describes JSON's numbers and booleans: `01` and
        // `True` stay text.
        let Ok(read) = serde_json::from_str::<Value>(text) else {
            return as_text();
        };
        match self.types {
            [] if self.named.contains(&key(&read)) => read,
            [] => as_text(),
            types if types.contains(&Type::String) => as_text(),
            _ => read,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Auth, AuthScheme};

    fn of(types: &[Type]) -> Schema {
        Schema {
            types: types.to_vec(),
            ..Schema::default()
        }
    }

    #[test]
    fn texts_are_what_their_schema_means() {
        let api = Api {
            intro: None,
            servers: Vec::new(),
            auth: Auth {
                scheme: AuthScheme::None,
                description: None,
                env: None,
            },
            endpoints: Vec::new(),
            schemas: Vec::new(),
            sections: Vec::new(),
        };
        let numbers = Schema {
            items: Some(Box::new(of(&[Type::Integer]))),
            ..of(&[Type::Array])
        };
        let named = Schema {
            values: vec![json!("all"), json!(1.5), json!(2)],
            ..Schema::default()
        };
        for (schema, texts, expected) in [
            (&of(&[Type::Integer]), &["12"][..], json!(12)),
            (&named, &["2"], json!(2)),
            (&named, &["15e-1"], serde_json::from_str("15e-1").unwrap()),
            (&named, &["3"], json!("3")),
            (&named, &["all"], json!("all")),
            (&of(&[Type::Integer]), &["twelve"], json!("twelve")),
            (&of(&[Type::String]), &["12"], json!("12")),
            (&of(&[Type::String, Type::Null]), &["null"], json!("null")),
            (&of(&[]), &["true"], json!("true")),
            (&of(&[Type::Boolean]), &["true"], json!(true)),
            (&numbers, &["1", "2"], json!([1, 2])),
            (&numbers, &["1"], json!([1])),
            (&of(&[]), &["a", "b"], json!(["a", "b"])),
            (&of(&[Type::String]), &["a", "b"], json!(["a", "b"])),
            (&of(&[Type::Integer]), &["1", "1"], json!([1, 1])),
        ] {
            assert_eq!(value_of(&api, schema, texts), expected, "{texts:?}");
        }
    }
}
