//! The words about the model on pages and in twins, from the site's messages.
//!
//! Both take their words from here, as phrases of words and code, so they can't differ.

mod marks;

use serde_json::Value;

use crate::hole::variable::{BOT_ID, Variable};
use crate::model::anchor::{FieldNode, Variant};
use crate::model::{
    Additional, Api, Auth, AuthScheme, Event, EventData, LimitKeyword, Location, Match, Occurs,
    Schema, Status, StreamFormat, Type,
};
use crate::rich::code::{self, ClassedCode};
use crate::rich::messages::{Argument, Messages};
use crate::rich::phrase::Phrase;

pub use marks::{Marks, descriptions};

/// The places of parameters in the order of the page, each with the message of its heading.
// OpenAPI's places, in the order in which a request is written: first line, then headers.
pub const PARAMETERS: [(Location, &str); 4] = [
    (Location::Path, "path-parameters"),
    (Location::Query, "query-parameters"),
    (Location::Header, "header-parameters"),
    (Location::Cookie, "cookie-parameters"),
];

/// Returns a variable's name for people.
pub fn variable(messages: &Messages, variable: &Variable) -> String {
    match &variable.title {
        Some(title) => title.clone(),
        None if variable.name == BOT_ID => messages.text("bot-id"),
        None => variable.name.clone(),
    }
}

/// Returns a name for people of one of several forms.
pub fn variant(messages: &Messages, variant: &Variant<'_>) -> String {
    let number = variant.number;
    let unnamed = || messages.text_with("form", [("number", number.into())]);
    variant.title.clone().unwrap_or_else(unnamed)
}

/// Returns the header or query parameter that authenticates a request, as one line.
pub fn auth(auth: &Auth) -> ClassedCode {
    // The name that samples use, so the page and the code agree where `auth` names none.
    let key = auth.env.as_deref().unwrap_or("API_KEY");
    match &auth.scheme {
        AuthScheme::None => ClassedCode::new(),
        AuthScheme::Bearer => header("Authorization", &format!("Bearer ${key}")),
        AuthScheme::Basic { username_env } => {
            let user = username_env.as_deref().unwrap_or("USERNAME");
            // As RFC 7617 composes it, in the notation of shells.
            header("Authorization", &format!("Basic base64(${user}:${key})"))
        }
        AuthScheme::ApiKey {
            location: Location::Query,
            name,
        } => ClassedCode::plain(&format!("?{name}=${key}")),
        AuthScheme::ApiKey { name, .. } => header(name, &format!("${key}")),
    }
}

fn header(name: &str, value: &str) -> ClassedCode {
    let mut line = ClassedCode::new();
    code::push_header(&mut line, name, value);
    line
}

/// Returns a status as a heading.
pub fn status(messages: &Messages, status: Status) -> String {
    match status {
        Status::Default => messages.text("status-default"),
        status => status.to_string(),
    }
}

/// Returns whether a schema is an object whose fields follow, so that its type needs no word.
pub fn is_plain_object(api: &Api, schema: &Schema) -> bool {
    let schema = api.resolve(schema);
    !schema.fields.is_empty() && schema.types == [Type::Object] && schema.format.is_none()
}

/// Returns the type in words: `string or null`, `array of objects`.
pub fn types(messages: &Messages, api: &Api, schema: &Schema) -> String {
    type_words(messages, api, schema, &Arrays::default())
}

/// The greatest number of nested arrays in words; the items of deeper ones are omitted.
// Beyond it, `array of arrays of arrays of …` helps nobody, and an array that is its own item would
// have no end.
const MOST_ARRAYS: usize = 4;

/// The schemas of the arrays around a value, from the outside in. One may contain itself.
#[derive(Default)]
struct Arrays<'a>(Vec<&'a Schema>);

impl<'a> Arrays<'a> {
    /// Returns the items of an array, and the arrays around them; none if the array contains
    /// itself, or is in too many others.
    fn items(&self, api: &'a Api, array: &'a Schema) -> Option<(&'a Schema, Arrays<'a>)> {
        let items = api.resolve(array.items.as_deref()?);
        let around = self.0.iter().copied().chain([array]);
        let around: Vec<&Schema> = around.collect();
        // By address: two equal schemas in different places are no circle.
        let is_itself = around.iter().any(|outer| std::ptr::eq(*outer, items));
        (!is_itself && around.len() <= MOST_ARRAYS).then_some((items, Arrays(around)))
    }
}

/// Returns the type of one value, or of the items of arrays.
fn type_words<'a>(
    messages: &Messages,
    api: &'a Api,
    schema: &'a Schema,
    around: &Arrays<'a>,
) -> String {
    let schema = api.resolve(schema);
    // Plurals are separate messages, not formed by a rule: many languages inflect the word.
    let many = !around.0.is_empty();
    let one_or_many = |one: &str, more: &str| messages.text(if many { more } else { one });
    let types = match schema.types.as_slice() {
        [] => value_types(schema),
        types => types.to_vec(),
    };
    let any = || match schema.one_of.len() {
        0 => one_or_many("type-any", "type-anys"),
        number => messages.text_with("type-forms", [("count", number.into())]),
    };
    let words = types.iter().map(|kind| match kind {
        Type::Array => array_words(messages, api, schema, around),
        Type::Null => one_or_many("type-null", "type-nulls"),
        // OpenAPI's way to describe a file.
        Type::String if schema.format.as_deref() == Some("binary") => {
            one_or_many("type-file", "type-files")
        }
        Type::String => one_or_many("type-string", "type-strings"),
        Type::Number => one_or_many("type-number", "type-numbers"),
        Type::Integer => one_or_many("type-integer", "type-integers"),
        Type::Boolean => one_or_many("type-boolean", "type-booleans"),
        Type::Object => one_or_many("type-object", "type-objects"),
    });
    let either = |first: String, second: String| {
        let types = [
            ("first", first.as_str().into()),
            ("second", second.as_str().into()),
        ];
        messages.text_with("type-or", types)
    };
    let words = words.reduce(either).unwrap_or_else(any);
    match schema.format.as_deref() {
        None => words,
        // The type is a file.
        Some("binary") if types.contains(&Type::String) => words,
        Some(format) => {
            let parts = [("type", words.as_str().into()), ("format", format.into())];
            messages.text_with("type-format", parts)
        }
    }
}

/// Returns the types of the values that a schema lists: `const` and `enum` imply them.
fn value_types(schema: &Schema) -> Vec<Type> {
    let mut types = Vec::new();
    for value in schema.constant.iter().chain(&schema.values) {
        let found = Type::of(value);
        if !types.contains(&found) {
            types.push(found);
        }
    }
    // `number` includes `integer`.
    if types.contains(&Type::Number) {
        types.retain(|it| *it != Type::Integer);
    }
    types
}

fn array_words<'a>(
    messages: &Messages,
    api: &'a Api,
    schema: &'a Schema,
    around: &Arrays<'a>,
) -> String {
    let many = !around.0.is_empty();
    let Some((items, around)) = around.items(api, schema) else {
        return messages.text(if many { "type-arrays" } else { "type-array" });
    };
    let items = type_words(messages, api, items, &around);
    let items = [("items", items.as_str().into())];
    messages.text_with(
        if many {
            "type-arrays-of"
        } else {
            "type-array-of"
        },
        items,
    )
}

/// Returns the facts about a body: its marks, and those of its schema.
pub fn body_facts(messages: &Messages, api: &Api, schema: &Schema) -> Vec<Phrase> {
    let marks = Marks::of(api, schema).facts(messages);
    marks
        .into_iter()
        .chain(facts(messages, api, schema))
        .collect()
}

/// Returns the facts about a schema's values, the most asked for first.
pub fn facts(messages: &Messages, api: &Api, schema: &Schema) -> Vec<Phrase> {
    facts_of(messages, api, schema, &Arrays::default())
}

fn facts_of<'a>(
    messages: &Messages,
    api: &'a Api,
    schema: &'a Schema,
    around: &Arrays<'a>,
) -> Vec<Phrase> {
    // A default beside a reference is more specific than the target's, so it wins.
    let default = api.chain(schema).find_map(|it| it.default.as_ref());
    let schema = api.resolve(schema);
    let mut facts = Vec::new();
    if let Some(value) = &schema.constant {
        facts.push(fact(messages, "fact-always", value));
    }
    if !schema.values.is_empty() {
        let values = [("values", Phrase::values(&schema.values).into())];
        facts.push(messages.phrase("fact-one-of", values));
    }
    if let Some(value) = default {
        facts.push(fact(messages, "fact-default", value));
    }
    facts.extend(ranges(messages, schema));
    if let Some(field) = &schema.discriminator {
        let field = [("field", Phrase::code(field).into())];
        facts.push(messages.phrase("fact-told-apart", field));
    }
    if matches!(schema.additional, Additional::Allowed) {
        facts.push(messages.phrase("fact-more-fields", []));
    }
    if matches!(schema.additional, Additional::Forbidden) {
        facts.push(messages.phrase("fact-no-other-fields", []));
    }
    if let Some((items, around)) = around.items(api, schema) {
        let of_item = |fact: Phrase| messages.phrase("fact-of-item", [("fact", fact.into())]);
        // By the schema as written, beside whose reference there may be marks.
        let written = schema.items.as_deref().unwrap_or(items);
        let mut of_items = Marks::of(api, written).facts(messages);
        of_items.extend(facts_of(messages, api, written, &around));
        facts.extend(of_items.into_iter().map(of_item));
    }
    facts
}

/// Returns a message about one value.
fn fact(messages: &Messages, id: &str, value: &Value) -> Phrase {
    messages.phrase(id, [("value", Phrase::value(value).into())])
}

/// Returns the limits in words: `from 0 to 2`, `at most 80 characters`.
fn ranges(messages: &Messages, schema: &Schema) -> Vec<Phrase> {
    use LimitKeyword as Key;
    let get = |keyword| {
        schema
            .limits
            .iter()
            .find(|l| l.keyword == keyword)
            .map(|l| &l.value)
    };
    let mut facts = Vec::new();
    let mut push = |id, value: Option<&Value>| {
        facts.extend(value.map(|value| fact(messages, id, value)));
    };
    match (get(Key::Minimum), get(Key::Maximum)) {
        (Some(low), Some(high)) => {
            let ends = [low, high].map(|end| Argument::from(Phrase::value(end)));
            let [low, high] = ends;
            facts.push(messages.phrase("fact-range", [("low", low), ("high", high)]));
        }
        (low, high) => {
            push("fact-at-least", low);
            push("fact-at-most", high);
        }
    }
    let mut push = |id, value: Option<&Value>| {
        facts.extend(value.map(|value| fact(messages, id, value)));
    };
    push("fact-more-than", get(Key::ExclusiveMinimum));
    push("fact-less-than", get(Key::ExclusiveMaximum));
    push("fact-multiple-of", get(Key::MultipleOf));
    let [low, high] = [Key::MinLength, Key::MaxLength].map(get);
    facts.extend(length(messages, low, high, &CHARACTERS));
    if let Some(Value::String(pattern)) = get(Key::Pattern) {
        let pattern = [("pattern", Phrase::code(pattern).into())];
        facts.push(messages.phrase("fact-pattern", pattern));
    }
    let [low, high] = [Key::MinItems, Key::MaxItems].map(get);
    facts.extend(length(messages, low, high, &ITEMS));
    if get(Key::UniqueItems).is_some() {
        facts.push(messages.phrase("fact-unique-items", []));
    }
    facts
}

/// The messages for the limits of a length.
// Whole messages, not words to put together: plurals and order differ between languages.
struct Lengths {
    exactly: &'static str,
    range: &'static str,
    at_least: &'static str,
    at_most: &'static str,
}

const CHARACTERS: Lengths = Lengths {
    exactly: "characters-exactly",
    range: "characters-range",
    at_least: "characters-at-least",
    at_most: "characters-at-most",
};

const ITEMS: Lengths = Lengths {
    exactly: "items-exactly",
    range: "items-range",
    at_least: "items-at-least",
    at_most: "items-at-most",
};

/// Returns the limits of a length in words: `1 to 80 characters`.
fn length(
    messages: &Messages,
    low: Option<&Value>,
    high: Option<&Value>,
    ids: &Lengths,
) -> Option<Phrase> {
    // A number beyond the range of counts is printed as written, with the plural of many.
    let count = |value: &Value| match value.as_u64() {
        Some(count) => Argument::Count(count),
        None => Argument::from(value.to_string().as_str()),
    };
    let (id, value) = match (low, high) {
        (None, None) => return None,
        (Some(low), Some(high)) if low != high => {
            let ends = [("low", count(low)), ("high", count(high))];
            return Some(messages.phrase(ids.range, ends));
        }
        (Some(both), Some(_)) => (ids.exactly, both),
        (Some(low), None) => (ids.at_least, low),
        (None, Some(high)) => (ids.at_most, high),
    };
    Some(messages.phrase(id, [("count", count(value))]))
}

/// Returns the format of a stream.
pub fn format(messages: &Messages, format: StreamFormat) -> String {
    messages.text(match format {
        StreamFormat::Sse => "format-sse",
        StreamFormat::JsonLines => "format-jsonl",
        StreamFormat::Text => "format-text",
    })
}

/// Returns an event's name for people: the name that is sent, if there is one.
pub fn event_name(event: &Event) -> &str {
    event.wire_name.as_deref().unwrap_or(&event.label)
}

/// Returns the form of an event's data.
pub fn event_data(messages: &Messages, data: &EventData) -> String {
    messages.text(match data {
        EventData::Text => "data-text",
        EventData::Json(_) => "data-json",
        EventData::Empty => "data-empty",
    })
}

/// Returns when an event occurs.
pub fn occurs(messages: &Messages, event: &Event) -> String {
    messages.text(match event {
        // That an event is a failure matters more than that it ends the stream.
        Event { fails: true, .. } => "occurs-on-failure",
        Event { ends: true, .. } => "occurs-last",
        Event { first: true, .. } => "occurs-first",
        Event {
            occurs: Occurs::Once,
            ..
        } => "occurs-once",
        Event {
            occurs: Occurs::Optional,
            ..
        } => "occurs-optional",
        Event {
            occurs: Occurs::Repeats,
            ..
        } => "occurs-repeats",
    })
}

/// Returns the facts about an event: its values, the condition that identifies it, and its place in
/// the response.
pub fn event_facts(messages: &Messages, api: &Api, event: &Event) -> Vec<Phrase> {
    let mut facts = match &event.data {
        EventData::Json(Some(schema)) => facts(messages, api, schema),
        EventData::Json(None) | EventData::Text | EventData::Empty => Vec::new(),
    };
    match &event.matching {
        Some(Match::Whole(text)) => {
            let data = [("data", Phrase::code(text).into())];
            facts.push(messages.phrase("event-data-is", data));
        }
        Some(Match::Pointers(pairs)) => facts.extend(pairs.iter().map(|(pointer, value)| {
            let place = Phrase::code(&place(pointer)).into();
            let value = Phrase::value(value).into();
            messages.phrase("event-where", [("place", place), ("value", value)])
        })),
        None => {}
    }
    let joins = event.joins.iter();
    facts.extend(joins.map(|join| relation(messages, &join.from, &JOINS, &join.to)));
    let equals = event.equals.iter();
    facts.extend(equals.map(|join| relation(messages, &join.from, &EQUALS, &join.to)));
    facts
}

/// The messages for the relation of an event's values to the response.
// Whole messages, as for lengths.
struct Relation {
    /// A value of the data is one of the response.
    part_to_part: &'static str,
    part_to_whole: &'static str,
    /// The whole data is one of the response.
    whole_to_part: &'static str,
    whole_to_whole: &'static str,
}

const JOINS: Relation = Relation {
    part_to_part: "event-joins",
    part_to_whole: "event-joins-whole",
    whole_to_part: "event-data-joins",
    whole_to_whole: "event-data-joins-whole",
};

const EQUALS: Relation = Relation {
    part_to_part: "event-equals",
    part_to_whole: "event-equals-whole",
    whole_to_part: "event-data-equals",
    whole_to_whole: "event-data-equals-whole",
};

/// Returns the relation of a value of an event to one of the response.
fn relation(messages: &Messages, from: &str, ids: &Relation, to: &str) -> Phrase {
    let code = |pointer| Argument::from(Phrase::code(&place(pointer)));
    match (from, to) {
        ("", "") => messages.phrase(ids.whole_to_whole, []),
        ("", to) => messages.phrase(ids.whole_to_part, [("to", code(to))]),
        (from, "") => messages.phrase(ids.part_to_whole, [("from", code(from))]),
        (from, to) => {
            let ends = [("from", code(from)), ("to", code(to))];
            messages.phrase(ids.part_to_part, ends)
        }
    }
}

/// Returns the facts of a field: those of its schema, and its own example.
pub fn field_facts(messages: &Messages, api: &Api, node: &FieldNode<'_>) -> Vec<Phrase> {
    let example = node
        .example
        .map(|value| fact(messages, "fact-example", value));
    // An example is last, after the constraints.
    facts(messages, api, node.schema)
        .into_iter()
        .chain(example)
        .collect()
}

/// Returns the place in the response of a stream's joined pieces.
pub fn joined(messages: &Messages, to: &str) -> Phrase {
    match to {
        "" => messages.phrase("stream-joins-whole", []),
        to => messages.phrase("stream-joins", [("to", Phrase::code(&place(to)).into())]),
    }
}

/// Returns the same about an example, with the place as programmers write it.
pub fn example_joined(messages: &Messages, place: Option<&str>) -> Phrase {
    match place {
        None => messages.phrase("pieces-joined-whole", []),
        Some(place) => messages.phrase("pieces-joined", [("to", Phrase::code(place).into())]),
    }
}

/// Returns a JSON pointer as programmers write it: `choices[0].delta`.
pub fn place(pointer: &str) -> String {
    let mut out = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        // Digits are read as an index (RFC 6901 §4); only the value could decide.
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str(&format!("[{part}]"));
        } else {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&part);
        }
    }
    out
}

#[cfg(test)]
mod tests;
