//! Which parts of the schemas the examples show: reports required fields and values of an `enum`
//! that no example contains.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use crate::input::explain::Code;
use crate::model::{Additional, Api, Schema, Type};

use super::finding::{Finding, Pointer};
use super::held::MOST_WITHIN;
use super::value::{Filling, is_whole, key, quoted, same};

/// How many names are listed in one warning.
const MOST_LISTED: usize = 8;

/// The parts of schemas that the examples of a page have shown; schemas are identified by their
/// addresses in the model.
pub(super) struct Coverage<'a> {
    api: &'a Api,
    filling: Rc<Filling<'a>>,
    shown: HashSet<*const Schema>,
    values: HashSet<(*const Schema, usize)>,
    /// The named parts of each schema, indexed by name.
    named: HashMap<*const Schema, Rc<Named<'a>>>,
    /// Whether an object in the examples matches an alternative: computed once each, since
    /// alternatives may contain themselves.
    fitting: HashMap<(*const Schema, *const Value, Keys), bool>,
    /// How many times a value was validated against an alternative.
    #[cfg(test)]
    asked_fits: usize,
    /// How many schemas are being visited, each inside the previous one: validation stops at the
    /// same depth.
    within: usize,
    /// Schemas that were visited, so that each is reported once.
    asked: HashSet<*const Schema>,
    counted: HashSet<*const Schema>,
    pub(super) fields: usize,
    pub(super) fields_shown: usize,
}

/// The fields and values that a schema names.
struct Named<'a> {
    fields: HashMap<&'a str, &'a Schema>,
    /// The first place of each value in `enum`, by its [`key`].
    values: HashMap<String, usize>,
}

impl<'a> Coverage<'a> {
    pub(super) fn new(api: &'a Api, filling: Rc<Filling<'a>>) -> Coverage<'a> {
        Coverage {
            api,
            filling,
            shown: HashSet::new(),
            values: HashSet::new(),
            named: HashMap::new(),
            fitting: HashMap::new(),
            #[cfg(test)]
            asked_fits: 0,
            within: 0,
            asked: HashSet::new(),
            counted: HashSet::new(),
            fields: 0,
            fields_shown: 0,
        }
    }

    /// Notes which parts of its schema a value shows.
    pub(super) fn see(&mut self, schema: &'a Schema, value: &Value) {
        // The cache is by addresses within this value; the next value may reuse them.
        self.fitting.clear();
        self.see_part(schema, value);
    }

    fn see_part(&mut self, schema: &'a Schema, value: &Value) {
        if self.within == MOST_WITHIN {
            return;
        }
        self.within += 1;
        self.see_within(schema, value);
        self.within -= 1;
    }

    fn see_within(&mut self, schema: &'a Schema, value: &Value) {
        self.shown.insert(schema);
        let schema = self.api.resolve(schema);
        self.shown.insert(schema);
        let named = self.named(schema);
        let index = if named.values.is_empty() {
            None
        } else {
            named.values.get(&key(value))
        };
        self.values
            .extend(index.map(|&index| (schema as *const _, index)));
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match (named.fields.get(name.as_str()), &schema.additional) {
                        (Some(field), _) => self.see_part(field, value),
                        (None, Additional::Like(like)) => self.see_part(like, value),
                        (None, _) => {}
                    }
                }
            }
            Value::Array(values) => {
                if let Some(items) = &schema.items {
                    values.iter().for_each(|value| self.see_part(items, value));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        if let Some(one) = self.alternative(schema, value) {
            self.see_part(one, value);
        }
    }

    /// Returns the alternative that a value shows: of those that it matches, the one with most of its
    /// keys, the first of several.
    fn alternative(&mut self, schema: &'a Schema, value: &Value) -> Option<&'a Schema> {
        let keys = if has_other_keys(schema) {
            Keys::OfOthersToo
        } else {
            Keys::Own
        };
        let mut best: Option<(usize, &Schema)> = None;
        for one in &schema.one_of {
            if !self.fits(one, value, keys) {
                continue;
            }
            let named = self.named(self.api.resolve(one));
            let members = value.as_object().into_iter().flatten();
            let known = members.filter(|(name, _)| named.fields.contains_key(name.as_str()));
            let known = known.count();
            if best.is_none_or(|(most, _)| known > most) {
                best = Some((known, one));
            }
        }
        best.map(|(_, one)| one)
    }

    fn named(&mut self, schema: &'a Schema) -> Rc<Named<'a>> {
        let filling = &self.filling;
        let named = self.named.entry(schema).or_insert_with(|| {
            let fields = schema.fields.iter();
            let mut values = HashMap::new();
            for (index, value) in schema.values.iter().enumerate() {
                values.entry(key(&filling.value(value))).or_insert(index);
            }
            Rc::new(Named {
                fields: fields
                    .map(|field| (field.name.as_str(), &field.schema))
                    .collect(),
                values,
            })
        });
        Rc::clone(named)
    }

    /// Returns whether a value is one that the schema names.
    fn is(&self, named: &Value, value: &Value) -> bool {
        same(&self.filling.value(named), value)
    }

    /// Reports the parts of a schema that no example shows.
    pub(super) fn ask(&mut self, schema: &'a Schema, at: &Pointer, found: &mut Vec<Finding>) {
        if schema.deprecated.is_some() || !self.asked.insert(schema) {
            return;
        }
        if let Some(index) = schema.reference {
            let named = &self.api.schemas[index];
            return self.ask(
                &named.schema,
                &Pointer::from("/schemas").to(&named.name),
                found,
            );
        }
        if !self.shown.contains(&(schema as *const _)) {
            // Reports the outermost required parts that no example shows.
            if let Some(finding) = self.not_shown(schema, at) {
                found.push(finding);
                return;
            }
        }
        let is_seen = |index: usize| self.values.contains(&(schema as *const _, index));
        let values = schema.values.iter().enumerate();
        let unseen: Vec<_> = values
            .filter(|&(index, _)| !is_seen(index))
            .map(|(_, value)| quoted(&self.filling.value(value)))
            .collect();
        if !unseen.is_empty() {
            let message = format!("no example shows {}", listed(&unseen));
            let warning = Finding::warning(Code::NotShown, at.to("enum"), message);
            found.push(warning.missing(unseen).help(HELP));
        }
        for field in &schema.fields {
            self.ask(&field.schema, &at.to("fields").to(&field.name), found);
        }
        if let Some(items) = &schema.items {
            self.ask(items, &at.to("items"), found);
        }
        if let Additional::Like(like) = &schema.additional {
            self.ask(like, &at.to("additionalProperties"), found);
        }
        for (index, one) in schema.one_of.iter().enumerate() {
            let is_shown = self.shown.contains(&(one as *const _));
            let at = at.to("oneOf").to(index);
            if is_shown {
                self.ask(one, &at, found);
            } else if self.asked.insert(one) {
                let target = self.api.resolve(one);
                found.extend(self.not_shown(target, &at));
            }
        }
    }

    /// Returns the unseen parts of a schema of which no example has a value.
    fn not_shown(&self, schema: &Schema, at: &Pointer) -> Option<Finding> {
        let required = schema.fields.iter();
        let required = required.filter(|field| field.required && field.schema.deprecated.is_none());
        let names: Vec<_> = required.map(|field| format!("`{}`", field.name)).collect();
        let values = schema.values.iter();
        let values: Vec<_> = values
            .map(|value| quoted(&self.filling.value(value)))
            .collect();
        let missing = if names.is_empty() { values } else { names };
        if missing.is_empty() {
            return None;
        }
        let message = format!("no example shows {}", listed(&missing));
        let warning = Finding::warning(Code::NotShown, at.clone(), message);
        Some(warning.missing(missing).help(HELP))
    }

    /// Counts the fields of a schema, and collects those that no example shows.
    pub(super) fn count(&mut self, schema: &'a Schema, at: &Pointer, unseen: &mut Vec<Pointer>) {
        if let Some(index) = schema.reference {
            let named = &self.api.schemas[index];
            let at = Pointer::from("/schemas").to(&named.name);
            return self.count(&named.schema, &at, unseen);
        }
        if !self.counted.insert(schema) {
            return;
        }
        for field in &schema.fields {
            let at = at.to("fields").to(&field.name);
            let is_shown = self.shown.contains(&(&raw const field.schema));
            self.fields += 1;
            self.fields_shown += usize::from(is_shown);
            if !is_shown {
                unseen.push(at.clone());
            }
            self.count(&field.schema, &at, unseen);
        }
        if let Some(items) = &schema.items {
            self.count(items, &at.to("items"), unseen);
        }
        if let Additional::Like(like) = &schema.additional {
            self.count(like, &at.to("additionalProperties"), unseen);
        }
        for (index, one) in schema.one_of.iter().enumerate() {
            self.count(one, &at.to("oneOf").to(index), unseen);
        }
    }
}

/// Returns the help for parts that are not shown.
pub(super) const HELP: &str = "show it in an example, or state in `waivers` why none does";

/// Returns a list of names for a sentence; of many, only the first.
pub fn listed(names: &[String]) -> String {
    let shown = names.len().min(MOST_LISTED);
    let rest = names.len() - shown;
    let list = names[..shown].join(", ");
    match rest {
        0 => list,
        rest => format!("{list} and {rest} more"),
    }
}

impl<'a> Coverage<'a> {
    /// Returns whether a value matches an alternative, by types, constants and names alone.
    fn fits(&mut self, schema: &'a Schema, value: &Value, keys: Keys) -> bool {
        #[cfg(test)]
        {
            self.asked_fits += 1;
        }
        let schema = self.api.resolve(schema);
        if !value.is_object() {
            return self.fits_now(schema, value, keys);
        }
        let place = (std::ptr::from_ref(schema), std::ptr::from_ref(value), keys);
        if let Some(&known) = self.fitting.get(&place) {
            return known;
        }
        if self.within == MOST_WITHIN {
            return false;
        }
        // False during the computation, so that an alternative that contains itself ends.
        self.fitting.insert(place, false);
        self.within += 1;
        let fits = self.fits_now(schema, value, keys);
        self.within -= 1;
        self.fitting.insert(place, fits);
        fits
    }

    fn fits_now(&mut self, schema: &'a Schema, value: &Value, keys: Keys) -> bool {
        let named = self.named(schema);
        let of_type = |kind: &Type| match (kind, value) {
            (Type::Integer, Value::Number(number)) => is_whole(number),
            (Type::String, Value::String(_))
            | (Type::Number, Value::Number(_))
            | (Type::Boolean, Value::Bool(_))
            | (Type::Object, Value::Object(_))
            | (Type::Array, Value::Array(_))
            | (Type::Null, Value::Null) => true,
            _ => false,
        };
        if !schema.types.is_empty() && !schema.types.iter().any(of_type) {
            return false;
        }
        if !schema
            .constant
            .iter()
            .all(|constant| self.is(constant, value))
        {
            return false;
        }
        if !schema.values.is_empty() && !named.values.contains_key(&key(value)) {
            return false;
        }
        let Value::Object(members) = value else {
            return true;
        };
        let has_fields = schema
            .fields
            .iter()
            .all(|field| match members.get(&field.name) {
                Some(value) => self.fits(&field.schema, value, Keys::Own),
                None => !field.required,
            });
        let is_open = schema.fields.is_empty()
            || !schema.one_of.is_empty()
            || match schema.additional {
                Additional::Unspecified => keys == Keys::OfOthersToo,
                Additional::Forbidden => false,
                Additional::Allowed | Additional::Like(_) => true,
            };
        let known = |name: &String| named.fields.contains_key(name.as_str());
        has_fields
            && (is_open || members.keys().all(known))
            && (schema.one_of.is_empty() || self.alternative_in(schema, value, keys))
    }

    /// Returns whether a value matches an alternative of a schema that is an alternative itself.
    fn alternative_in(&mut self, schema: &'a Schema, value: &Value, keys: Keys) -> bool {
        let keys = if has_other_keys(schema) {
            Keys::OfOthersToo
        } else {
            keys
        };
        schema.one_of.iter().any(|one| self.fits(one, value, keys))
    }
}

/// The keys that an object may have to match an alternative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Keys {
    /// Those of the alternative.
    Own,
    /// Those of the fields beside the alternatives, too, as `lower.rs` lowers them.
    OfOthersToo,
}

/// Returns whether an object has other keys than those of its alternative.
fn has_other_keys(schema: &Schema) -> bool {
    !schema.fields.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hole::variable::Variables;
    use crate::model::{Auth, AuthScheme, Field, NamedSchema};

    /// Returns an API with one schema: alternatives of which each has the schema itself in a field,
    /// and one that ends it; the first of them may be the schema itself.
    fn api(is_own_alternative: bool) -> Api {
        let again = Schema {
            reference: Some(0),
            ..Schema::default()
        };
        let block = |number: usize| {
            let field = |name: String, required: bool, schema: Schema| Field {
                name,
                required,
                schema,
                example: None,
            };
            Schema {
                types: vec![Type::Object],
                fields: vec![
                    field("inner".to_owned(), false, again.clone()),
                    field(format!("text{number}"), number < 5, Schema::default()),
                ],
                ..Schema::default()
            }
        };
        let own = is_own_alternative.then(|| again.clone());
        Api {
            intro: None,
            servers: Vec::new(),
            auth: Auth {
                scheme: AuthScheme::None,
                description: None,
                env: None,
            },
            endpoints: Vec::new(),
            schemas: vec![NamedSchema {
                name: "Block".to_owned(),
                schema: Schema {
                    one_of: own.into_iter().chain((0..6).map(block)).collect(),
                    ..Schema::default()
                },
            }],
            sections: Vec::new(),
        }
    }

    fn nested(depth: usize, innermost: Value) -> Value {
        (0..depth).fold(innermost, |inner, _| serde_json::json!({ "inner": inner }))
    }

    fn seen(api: &Api, value: &Value) -> (usize, HashSet<*const Schema>) {
        let variables = Variables::default();
        let mut coverage = Coverage::new(api, Rc::new(Filling::new(&variables)));
        coverage.see(&api.schemas[0].schema, value);
        assert_eq!(coverage.within, 0);
        (coverage.asked_fits, coverage.shown)
    }

    #[test]
    fn what_is_shown_is_found_in_steps_that_grow_with_the_value() {
        let api = api(false);
        // No alternative fits the innermost, or its last one does.
        for innermost in [
            serde_json::json!({"txt": 1}),
            serde_json::json!({"text5": 1}),
        ] {
            let steps = [4, 8, 16].map(|depth| seen(&api, &nested(depth, innermost.clone())).0);
            let [one, two, four] = steps;
            assert!(
                one > 0 && two <= 2 * one + 20 && four <= 2 * two + 20,
                "{steps:?}"
            );
        }
        let last = &raw const api.schemas[0].schema.one_of[5];
        let right = nested(16, serde_json::json!({"text5": 1}));
        assert!(seen(&api, &right).1.contains(&last));
    }

    #[test]
    fn values_and_alternatives_without_an_end_are_left() {
        let own = api(true);
        let is_seen = |api: &Api, value: &Value| {
            let (_, shown) = seen(api, value);
            shown.contains(&(&raw const api.schemas[0].schema))
        };
        assert!(is_seen(&own, &serde_json::json!({"text5": 1})));
        let deep = nested(2_000, serde_json::json!({"text5": 1}));
        assert!(is_seen(&api(false), &deep));
    }
}
