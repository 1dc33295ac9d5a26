//! The words in which pages and their twins say what the model holds.
//!
//! A phrase is words and code; what stands around them, elements or backticks, is its reader's.

use serde_json::Value;

use crate::anchor::Node;
use crate::code::{self, Code};
use crate::model::{
    Additional, Api, Auth, AuthScheme, Deprecated, Event, EventData, LimitKeyword, Location,
    Markdown, Match, Occurs, Schema, Status, StreamFormat, Type,
};

/// A few words about a value, some of which are code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(Vec<Part>);

/// A part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text with the spaces around it.
    Words(String),
    /// Code.
    Code(String),
}

impl Phrase {
    /// A phrase of words alone.
    pub fn new(words: &str) -> Phrase {
        Phrase::default().words(words)
    }

    /// Adds words.
    #[must_use]
    pub fn words(mut self, words: &str) -> Phrase {
        if let Some(Part::Words(last)) = self.0.last_mut() {
            last.push_str(words);
        } else {
            self.0.push(Part::Words(words.to_owned()));
        }
        self
    }

    /// Adds code, with a space before it unless it comes first.
    #[must_use]
    pub fn code(mut self, code: &str) -> Phrase {
        if !self.0.is_empty() {
            self = self.words(" ");
        }
        self.0.push(Part::Code(code.to_owned()));
        self
    }

    /// Adds a value as JSON.
    #[must_use]
    pub fn value(self, value: &Value) -> Phrase {
        self.code(code::json_line(value).to_text())
    }

    /// Adds the parts of another phrase.
    #[must_use]
    fn phrase(self, other: Phrase) -> Phrase {
        other.0.into_iter().fold(self, |phrase, part| match part {
            Part::Words(words) => phrase.words(&words),
            Part::Code(code) => Phrase([phrase.0, vec![Part::Code(code)]].concat()),
        })
    }

    /// The parts in order.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }
}

/// The parameters' places in the order of the page, each with its heading.
pub const PARAMETERS: [(Location, &str); 4] = [
    (Location::Path, "Path parameters"),
    (Location::Query, "Query parameters"),
    (Location::Header, "Headers"),
    (Location::Cookie, "Cookies"),
];

/// What is sent as a proof of who calls, as one line of a request.
pub fn auth(auth: &Auth) -> Code {
    let key = auth.env.as_deref().unwrap_or("API_KEY");
    match &auth.scheme {
        AuthScheme::None => Code::new(),
        AuthScheme::Bearer => header("Authorization", &format!("Bearer ${key}")),
        AuthScheme::Basic { username_env } => {
            let user = username_env.as_deref().unwrap_or("USERNAME");
            header("Authorization", &format!("Basic base64(${user}:${key})"))
        }
        AuthScheme::ApiKey {
            location: Location::Query,
            name,
        } => Code::plain(&format!("?{name}=${key}")),
        AuthScheme::ApiKey { name, .. } => header(name, &format!("${key}")),
    }
}

fn header(name: &str, value: &str) -> Code {
    let mut line = Code::new();
    code::push_header(&mut line, name, value);
    line
}

/// A status as a heading.
pub fn status(status: Status) -> String {
    match status {
        Status::Default => "any other status".to_owned(),
        status => status.to_string(),
    }
}

/// Whether a status says that all went well.
pub fn is_success(status: Status) -> bool {
    matches!(status, Status::Code(200..300) | Status::Range(2))
}

/// The descriptions of a schema: what stands beside a reference, then what it refers to.
pub fn descriptions<'a>(api: &'a Api, schema: &'a Schema) -> Vec<&'a Markdown> {
    let resolved = api.resolve(schema);
    let referred = (!std::ptr::eq(resolved, schema)).then_some(resolved);
    let schemas = std::iter::once(schema).chain(referred);
    schemas
        .filter_map(|schema| schema.description.as_ref())
        .collect()
}

/// Whether, and in favour of what, a field should no longer be used.
pub fn deprecated<'a>(api: &'a Api, schema: &'a Schema) -> Option<&'a Deprecated> {
    let own = schema.deprecated.as_ref();
    own.or(api.resolve(schema).deprecated.as_ref())
}

/// The version or day that brought a field.
pub fn since<'a>(api: &'a Api, schema: &'a Schema) -> Option<&'a str> {
    let own = schema.since.as_deref();
    own.or(api.resolve(schema).since.as_deref())
}

/// The type in words: `string or null`, `array of objects`.
pub fn types(api: &Api, schema: &Schema) -> String {
    type_words(api, schema, false)
}

fn type_words(api: &Api, schema: &Schema, many: bool) -> String {
    let schema = api.resolve(schema);
    if schema.types.is_empty() {
        return match schema.one_of.len() {
            0 if many => "any values".to_owned(),
            0 => "any value".to_owned(),
            number => format!("one of {number} forms"),
        };
    }
    let words = schema.types.iter().map(|kind| match kind {
        Type::Array => array_words(api, schema, many),
        Type::Null => "null".to_owned(),
        Type::String if schema.format.as_deref() == Some("binary") => noun("file", many),
        kind => noun(kind.as_str(), many),
    });
    let words = words.collect::<Vec<_>>().join(" or ");
    match schema.format.as_deref() {
        None | Some("binary") => words,
        Some(format) => format!("{words} ({format})"),
    }
}

fn array_words(api: &Api, schema: &Schema, many: bool) -> String {
    let array = noun("array", many);
    match &schema.items {
        Some(items) => format!("{array} of {}", type_words(api, items, true)),
        None => array,
    }
}

fn noun(noun: &str, many: bool) -> String {
    format!("{noun}{}", if many { "s" } else { "" })
}

/// What values a schema takes, in the order in which people ask.
pub fn facts(api: &Api, schema: &Schema) -> Vec<Phrase> {
    let own_default = schema.default.as_ref();
    let schema = api.resolve(schema);
    let mut facts = Vec::new();
    if let Some(value) = &schema.constant {
        facts.push(fact("always", [value]));
    }
    if !schema.values.is_empty() {
        facts.push(fact("one of", &schema.values));
    }
    if let Some(value) = own_default.or(schema.default.as_ref()) {
        facts.push(fact("default", [value]));
    }
    facts.extend(ranges(schema));
    if let Some(field) = &schema.discriminator {
        facts.push(Phrase::new("told apart by").code(field));
    }
    if matches!(schema.additional, Additional::Allowed) {
        facts.push(Phrase::new("more fields allowed"));
    }
    if matches!(schema.additional, Additional::Forbidden) && !schema.fields.is_empty() {
        facts.push(Phrase::new("no other fields"));
    }
    if let Some(items) = &schema.items {
        let of_item = |fact| Phrase::new("each item: ").phrase(fact);
        facts.extend(self::facts(api, items).into_iter().map(of_item));
    }
    facts
}

/// A few words and the values that they are about.
pub fn fact<'a>(words: &str, values: impl IntoIterator<Item = &'a Value>) -> Phrase {
    values.into_iter().fold(Phrase::new(words), Phrase::value)
}

/// The limits in words: `from 0 to 2`, `at most 80 characters`.
fn ranges(schema: &Schema) -> Vec<Phrase> {
    use LimitKeyword as Key;
    let get = |keyword| {
        schema
            .limits
            .iter()
            .find(|l| l.keyword == keyword)
            .map(|l| &l.value)
    };
    let mut facts = Vec::new();
    match (get(Key::Minimum), get(Key::Maximum)) {
        (Some(low), Some(high)) => {
            facts.push(fact("from", [low]).words(" to").value(high));
        }
        (low, high) => {
            facts.extend(low.map(|low| fact("at least", [low])));
            facts.extend(high.map(|high| fact("at most", [high])));
        }
    }
    facts.extend(get(Key::ExclusiveMinimum).map(|low| fact("more than", [low])));
    facts.extend(get(Key::ExclusiveMaximum).map(|high| fact("less than", [high])));
    facts.extend(get(Key::MultipleOf).map(|step| fact("a multiple of", [step])));
    facts.extend(length(
        get(Key::MinLength),
        get(Key::MaxLength),
        "character",
    ));
    if let Some(Value::String(pattern)) = get(Key::Pattern) {
        facts.push(Phrase::new("matches").code(pattern));
    }
    facts.extend(length(get(Key::MinItems), get(Key::MaxItems), "item"));
    if get(Key::UniqueItems).is_some() {
        facts.push(Phrase::new("no two items alike"));
    }
    facts
}

/// How many of something there may be: `1 to 80 characters`.
fn length(low: Option<&Value>, high: Option<&Value>, noun: &str) -> Option<Phrase> {
    let plural = |value: &Value| if value.as_u64() == Some(1) { "" } else { "s" };
    let text = match (low, high) {
        (None, None) => return None,
        (Some(low), Some(high)) if low == high => format!("exactly {low} {noun}{}", plural(low)),
        (Some(low), Some(high)) => format!("{low} to {high} {noun}s"),
        (Some(low), None) => format!("at least {low} {noun}{}", plural(low)),
        (None, Some(high)) => format!("at most {high} {noun}{}", plural(high)),
    };
    Some(Phrase::new(&text))
}

/// The format of a stream.
pub fn format(format: StreamFormat) -> &'static str {
    match format {
        StreamFormat::Sse => "server-sent events",
        StreamFormat::JsonLines => "JSON Lines",
        StreamFormat::Text => "plain text",
    }
}

/// What an event is called: its name on the wire, where it has one.
pub fn event_name(event: &Event) -> &str {
    event.wire_name.as_deref().unwrap_or(&event.label)
}

/// What an event's data is.
pub fn event_data(data: &EventData) -> &'static str {
    match data {
        EventData::Text => "text",
        EventData::Json(_) => "JSON",
        EventData::Empty => "no data",
    }
}

/// When an event comes.
pub fn occurs(event: &Event) -> &'static str {
    match event {
        Event { fails: true, .. } => "on failure",
        Event { ends: true, .. } => "last",
        Event { first: true, .. } => "first",
        Event {
            occurs: Occurs::Once,
            ..
        } => "once",
        Event {
            occurs: Occurs::Optional,
            ..
        } => "at most once",
        Event {
            occurs: Occurs::Repeats,
            ..
        } => "repeats",
    }
}

/// What values an event's data takes, what tells it apart, and what it is in the response.
pub fn event_facts(api: &Api, event: &Event) -> Vec<Phrase> {
    let mut facts = match &event.data {
        EventData::Json(Some(schema)) => facts(api, schema),
        EventData::Json(None) | EventData::Text | EventData::Empty => Vec::new(),
    };
    match &event.matching {
        Some(Match::Whole(text)) => facts.push(Phrase::new("its data is").code(text)),
        Some(Match::Pointers(pairs)) => facts.extend(pairs.iter().map(|(pointer, value)| {
            let place = place(pointer);
            Phrase::new("where").code(&place).words(" is").value(value)
        })),
        None => {}
    }
    let joins = event.joins.iter();
    facts.extend(joins.map(|join| relation(&join.from, "joined in order is", &join.to)));
    let equals = event.equals.iter();
    facts.extend(equals.map(|join| relation(&join.from, "equals", &join.to)));
    facts
}

/// How a value of an event and one of the response belong together.
fn relation(from: &str, verb: &str, to: &str) -> Phrase {
    let phrase = match from {
        "" => Phrase::new(verb),
        from => Phrase::default().code(&place(from)).words(" ").words(verb),
    };
    match to {
        "" => phrase.words(" the whole response"),
        to => phrase.code(&place(to)).words(" of the response"),
    }
}

/// The facts of a field: those of its schema, and its own example.
pub fn field_facts(api: &Api, node: &Node<'_>) -> Vec<Phrase> {
    let example = node.example.map(|value| fact("example", [value]));
    facts(api, node.schema).into_iter().chain(example).collect()
}

/// What the pieces of a stream are when they are joined.
pub fn joined(to: &str) -> Phrase {
    relation("", "joined, the pieces are", to)
}

/// A JSON pointer as programmers write it: `choices[0].delta`.
pub fn place(pointer: &str) -> String {
    let mut out = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
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
mod tests {
    use super::*;
    use crate::model::{Field, Limit};

    fn api() -> Api {
        let scheme = AuthScheme::None;
        Api {
            intro: None,
            servers: Vec::new(),
            auth: Auth {
                scheme,
                env: None,
                description: None,
            },
            endpoints: Vec::new(),
            schemas: Vec::new(),
            sections: Vec::new(),
        }
    }

    fn of(types: &[Type]) -> Schema {
        Schema {
            types: types.to_vec(),
            ..Schema::default()
        }
    }

    fn shown(schema: &Schema) -> Vec<String> {
        let show = |fact: &Phrase| {
            let parts = fact.parts().iter().map(|part| match part {
                Part::Words(words) => words.clone(),
                Part::Code(code) => format!("`{code}`"),
            });
            parts.collect()
        };
        facts(&api(), schema).iter().map(show).collect()
    }

    fn limited(keyword: LimitKeyword, value: Value) -> Schema {
        Schema {
            limits: vec![Limit { keyword, value }],
            ..of(&[Type::String])
        }
    }

    #[test]
    fn types_read_as_words() {
        let words = |schema: &Schema| types(&api(), schema);
        assert_eq!(words(&of(&[Type::String, Type::Null])), "string or null");
        assert_eq!(words(&Schema::default()), "any value");
        let array = |items| Schema {
            items: Some(Box::new(items)),
            ..of(&[Type::Array])
        };
        assert_eq!(
            words(&array(array(of(&[Type::Number])))),
            "array of arrays of numbers"
        );
        let uuid = Schema {
            format: Some("uuid".to_owned()),
            ..of(&[Type::String])
        };
        assert_eq!(words(&uuid), "string (uuid)");
        let either = Schema {
            one_of: vec![of(&[]), of(&[])],
            ..Schema::default()
        };
        assert_eq!(words(&either), "one of 2 forms");
    }

    #[test]
    fn limits_read_as_words() {
        use LimitKeyword as Key;
        assert_eq!(
            shown(&limited(Key::MinLength, 1.into())),
            ["at least 1 character"]
        );
        assert_eq!(
            shown(&limited(Key::MaxItems, 2.into())),
            ["at most 2 items"]
        );
        assert_eq!(shown(&limited(Key::Maximum, 2.into())), ["at most `2`"]);
        let pattern = limited(Key::Pattern, "^<a>$".into());
        assert_eq!(shown(&pattern), ["matches `^<a>$`"]);
    }

    #[test]
    fn what_an_item_takes_is_said_of_the_item() {
        let items = Schema {
            values: vec!["a".into(), 1.into()],
            ..Schema::default()
        };
        let array = Schema {
            items: Some(Box::new(items)),
            ..of(&[Type::Array])
        };
        assert_eq!(shown(&array), ["each item: one of `\"a\"` `1`"]);
    }

    #[test]
    fn an_object_says_what_else_it_holds() {
        let field = Field {
            example: None,
            name: "a".to_owned(),
            required: true,
            schema: of(&[Type::String]),
        };
        let closed = Schema {
            fields: vec![field],
            additional: Additional::Forbidden,
            ..of(&[Type::Object])
        };
        assert_eq!(shown(&closed), ["no other fields"]);
    }
}
