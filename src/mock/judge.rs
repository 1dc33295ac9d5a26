//! Whether a request is one that the spec describes; what is wrong is said by the field's name.

use serde_json::Value;

use crate::code;
use crate::model::{Additional, Api, LimitKeyword, Schema, Type};

/// The first thing in a value that its schema does not allow.
pub(super) fn fault(api: &Api, schema: &Schema, value: &Value, place: &str) -> Option<String> {
    let schema = api.resolve(schema);
    if !schema.types.is_empty() && !schema.types.iter().any(|&kind| is_of(kind, value)) {
        let names: Vec<&str> = schema.types.iter().map(|kind| kind.as_str()).collect();
        return Some(format!("{} is no {}", named(place), names.join(" or ")));
    }
    if value.is_null() && schema.types.contains(&Type::Null) {
        return None;
    }
    if let Some(constant) = &schema.constant
        && !is_same(constant, value)
    {
        return Some(format!("{} must be {constant}", named(place)));
    }
    if !schema.values.is_empty() && !schema.values.iter().any(|one| is_same(one, value)) {
        let values: Vec<String> = schema.values.iter().map(Value::to_string).collect();
        return Some(format!(
            "{} must be one of {}",
            named(place),
            values.join(", ")
        ));
    }
    limits(schema, value, place)
        .or_else(|| items(api, schema, value, place))
        .or_else(|| members(api, schema, value, place))
        .or_else(|| alternatives(api, schema, value, place))
}

fn named(place: &str) -> String {
    match place {
        "" => "the body".to_owned(),
        place => format!("`{place}`"),
    }
}

fn within(place: &str, name: &str) -> String {
    match place {
        "" => name.to_owned(),
        place => format!("{place}.{name}"),
    }
}

fn is_of(kind: Type, value: &Value) -> bool {
    match kind {
        Type::String => value.is_string(),
        Type::Number => value.is_number(),
        Type::Integer => number(value).is_some_and(|number| number.fract() == 0.0),
        Type::Boolean => value.is_boolean(),
        Type::Object => value.is_object(),
        Type::Array => value.is_array(),
        Type::Null => value.is_null(),
    }
}

/// A number of any form as a float, which is all that limits need.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

fn limits(schema: &Schema, value: &Value, place: &str) -> Option<String> {
    use LimitKeyword as Key;
    schema.limits.iter().find_map(|limit| {
        let bound = number(&limit.value);
        let characters = value.as_str().map(|text| text.chars().count() as f64);
        let items = value.as_array().map(|items| items.len() as f64);
        let (found, is_least, what) = match limit.keyword {
            Key::Minimum => (number(value)?, true, ""),
            Key::Maximum => (number(value)?, false, ""),
            Key::MinLength => (characters?, true, " characters"),
            Key::MaxLength => (characters?, false, " characters"),
            Key::MinItems => (items?, true, " items"),
            Key::MaxItems => (items?, false, " items"),
            // What else there is, is left to the API.
            Key::ExclusiveMinimum
            | Key::ExclusiveMaximum
            | Key::MultipleOf
            | Key::Pattern
            | Key::UniqueItems => return None,
        };
        let bound = bound?;
        let (is_wrong, words) = match is_least {
            true => (found < bound, "at least"),
            false => (found > bound, "at most"),
        };
        is_wrong.then(|| format!("{} must be {words} {}{what}", named(place), limit.value))
    })
}

fn items(api: &Api, schema: &Schema, value: &Value, place: &str) -> Option<String> {
    let of = schema.items.as_ref()?;
    let mut items = value.as_array()?.iter().enumerate();
    items.find_map(|(index, item)| fault(api, of, item, &format!("{place}[{index}]")))
}

fn members(api: &Api, schema: &Schema, value: &Value, place: &str) -> Option<String> {
    let members = value.as_object()?;
    let missing = schema
        .fields
        .iter()
        .find(|field| field.required && !members.contains_key(&field.name));
    if let Some(field) = missing {
        return Some(format!("`{}` is missing", within(place, &field.name)));
    }
    members.iter().find_map(|(name, value)| {
        let place = within(place, name);
        let known = schema.fields.iter().find(|field| field.name == *name);
        match (known, &schema.additional) {
            (Some(field), _) => fault(api, &field.schema, value, &place),
            (None, Additional::Like(like)) => fault(api, like, value, &place),
            (None, Additional::Forbidden) => Some(format!("`{place}` is not known here")),
            (None, Additional::Allowed | Additional::Unsaid) => None,
        }
    })
}

/// With a field that tells them apart, the fault of the one that is meant.
fn alternatives(api: &Api, schema: &Schema, value: &Value, place: &str) -> Option<String> {
    if schema.one_of.is_empty() {
        return None;
    }
    let faults = schema
        .one_of
        .iter()
        .map(|one| fault(api, one, value, place));
    let faults: Option<Vec<String>> = faults.collect();
    let faults = faults?;
    let told_apart = schema.discriminator.as_ref().and_then(|name| {
        let given = value.get(name)?;
        let is_meant = |one: &&Schema| {
            let fields = api.resolve(one).fields.iter();
            let mut own = fields.filter(|field| field.name == *name);
            own.any(|field| api.resolve(&field.schema).constant.as_ref() == Some(given))
        };
        let index = schema.one_of.iter().position(|one| is_meant(&one))?;
        faults.get(index).cloned()
    });
    told_apart.or_else(|| {
        Some(format!(
            "{} has none of the forms that it may have",
            named(place)
        ))
    })
}

/// A parameter's text as the value that its schema means.
pub(super) fn parameter_fault(
    api: &Api,
    schema: &Schema,
    text: &str,
    name: &str,
) -> Option<String> {
    let read = serde_json::from_str(text).ok();
    let text = Value::String(text.to_owned());
    let candidates = [Some(text), read];
    let mut faults = candidates
        .into_iter()
        .flatten()
        .map(|value| fault(api, schema, &value, name));
    let first = faults.next()??;
    match faults.next() {
        Some(None) => None,
        // What it says of the number is better than that it is no text.
        Some(Some(other)) if first.contains(" is no ") => Some(other),
        _ => Some(first),
    }
}

/// The text of an error in the shape of its example: where its message stands, this one does.
pub(super) fn with_message(example: &str, message: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(example).ok()?;
    let names = [
        "message",
        "detail",
        "error_description",
        "description",
        "error",
        "title",
    ];
    let is_said = names.iter().any(|name| say(&mut value, name, message));
    is_said.then(|| code::json(&value).to_text().to_owned())
}

/// Puts a message where a text of a name stands; says whether there is one.
fn say(value: &mut Value, name: &str, message: &str) -> bool {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut(name) {
                message.clone_into(text);
                return true;
            }
            members
                .values_mut()
                .any(|member| say(member, name, message))
        }
        Value::Array(items) => items.iter_mut().any(|item| say(item, name, message)),
        _ => false,
    }
}
