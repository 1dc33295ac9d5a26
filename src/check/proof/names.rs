//! The names of an API, and names in prose that are misspellings of them.
//!
//! A name is code in a text: `` `chat_id` ``, `` `usage.total` ``, `` `POST /chat` ``. It is
//! reported only where the error is certain: it differs from a name of the page by a letter or in
//! its spelling (`chatId`), or the text calls it a field, an event, a parameter or an endpoint.
//! Prose contains names of other things too, so a name that resembles none is not an error.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use serde_json::Value;

use crate::hole::variable::Variables;
use crate::model::{Additional, Api, AuthScheme, EventData, Match, Schema, Stream, StreamItem};

use super::near::{NameSet, first_within};

/// The separators of the names in a path into a value.
const SEPARATORS: [char; 3] = ['.', '[', ']'];

/// The kind that a text gives a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A field.
    Field,
    /// An event of a stream.
    Event,
    /// A parameter.
    Parameter,
    /// An endpoint.
    Endpoint,
    /// A page of the site.
    Page,
}

impl NameKind {
    const WORDS: [(&str, NameKind); 6] = [
        ("field", NameKind::Field),
        ("event", NameKind::Event),
        ("parameter", NameKind::Parameter),
        ("endpoint", NameKind::Endpoint),
        ("page", NameKind::Page),
        ("guide", NameKind::Page),
    ];

    /// Returns the kind that a text gives the name at a place: the word before or after it.
    pub fn called(text: &str, place: &Range<usize>) -> Option<NameKind> {
        let (before, after) = (
            text[..place.start].trim_end(),
            text[place.end..].trim_start(),
        );
        let is_called = |(word, _): &(&str, NameKind)| {
            let rest = after.strip_prefix(word);
            let behind = rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            let head = before.strip_suffix(word);
            behind || head.is_some_and(|head| !head.ends_with(char::is_alphanumeric))
        };
        let word = NameKind::WORDS.into_iter().find(is_called);
        word.map(|(_, kind)| kind)
    }

    fn as_str(self) -> &'static str {
        match self {
            NameKind::Field => "field",
            NameKind::Event => "event",
            NameKind::Parameter => "parameter",
            NameKind::Endpoint => "endpoint",
            NameKind::Page => "page",
        }
    }
}

/// An unknown name.
#[derive(Debug, PartialEq)]
pub struct Slip<'a> {
    /// Its kind.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// The name that was most likely intended.
    pub meant: Option<Cow<'a, str>>,
}

impl<'a> Slip<'a> {
    fn new(name: &str, meant: Option<&'a str>, kind: Option<NameKind>) -> Slip<'a> {
        Slip {
            what: kind.map_or("field or event", NameKind::as_str),
            name: name.to_owned(),
            meant: meant.map(Cow::Borrowed),
        }
    }
}

/// Returns whether a name could be one of a field or event: letters, digits, hyphens, underscores.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    // A name in capitals alone mostly belongs to something else, such as `README` or an environment
    // variable.
    !text.is_empty() && text.chars().all(fits) && text.contains(|c: char| c.is_ascii_lowercase())
}

/// Returns whether a text names a call: a method and a path.
pub fn is_call(text: &str) -> bool {
    let method = text.split_once(" /").map(|(method, _)| method);
    method.is_some_and(|method| method.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// All names of one API page, or of several.
#[derive(Debug)]
pub struct Names<'a> {
    /// Fields, parameters, events: the subjects of prose.
    own: NameSet<'a>,
    /// Values, keys of examples, and other words that prose may show as code.
    known: BTreeSet<&'a str>,
    /// Methods and paths.
    calls: BTreeSet<String>,
    /// The first call of each path.
    paths: HashMap<&'a str, String>,
}

impl<'a> Names<'a> {
    /// Creates a set with only the names of the variables.
    pub fn of(variables: &'a Variables) -> Names<'a> {
        Names {
            own: NameSet::default(),
            known: variables.names().into_iter().collect(),
            calls: BTreeSet::new(),
            paths: HashMap::new(),
        }
    }

    /// Adds the names of a page.
    pub fn page(&mut self, api: &'a Api) {
        let names = self;
        for endpoint in &api.endpoints {
            let call = format!("{} {}", endpoint.method.as_str(), endpoint.path);
            let first = names.paths.entry(&endpoint.path);
            first.or_insert_with(|| call.clone());
            names.calls.insert(call);
            names.known.insert(&endpoint.id);
            names.auth(&endpoint.auth.scheme, endpoint.auth.env.as_deref());
            let headers = endpoint.responses.iter().flat_map(|one| &one.headers);
            let parameters = endpoint.parameters.iter().map(|one| &one.field);
            for field in parameters.chain(headers) {
                names.own.insert(&field.name);
                names.schema(&field.schema);
                field.example.iter().for_each(|value| names.value(value));
            }
            let bodies = endpoint.responses.iter().map(|one| &one.body);
            for body in bodies.chain(&endpoint.request) {
                body.schema.iter().for_each(|schema| names.schema(schema));
                body.examples.iter().for_each(|one| names.value(&one.value));
            }
            if let Some(stream) = &endpoint.stream {
                names.stream(stream);
            }
        }
        names.auth(&api.auth.scheme, api.auth.env.as_deref());
        for named in &api.schemas {
            names.known.insert(&named.name);
            names.schema(&named.schema);
        }
    }

    fn auth(&mut self, scheme: &'a AuthScheme, env: Option<&'a str>) {
        self.known.extend(env);
        match scheme {
            AuthScheme::ApiKey { name, .. } => drop(self.known.insert(name)),
            AuthScheme::Basic { username_env } => self.known.extend(username_env.as_deref()),
            AuthScheme::None | AuthScheme::Bearer => {}
        }
    }

    fn stream(&mut self, stream: &'a Stream) {
        stream.request.iter().for_each(|patch| self.value(patch));
        for event in &stream.events {
            self.own.insert(&event.label);
            if let Some(name) = &event.wire_name {
                self.own.insert(name);
            }
            match &event.matching {
                Some(Match::Whole(text)) => drop(self.known.insert(text)),
                Some(Match::Pointers(pointers)) => {
                    pointers.iter().for_each(|(_, value)| self.value(value));
                }
                None => {}
            }
            if let EventData::Json(Some(schema)) = &event.data {
                self.schema(schema);
            }
        }
        let items = stream.examples.iter().flat_map(|example| &example.items);
        for item in items {
            match item {
                StreamItem::Event { data, .. } => self.value(data),
                StreamItem::Comment(text) | StreamItem::Chunk(text) => {
                    self.known.insert(text);
                }
            }
        }
    }

    fn schema(&mut self, schema: &'a Schema) {
        self.known.extend(schema.title.as_deref());
        self.known.extend(schema.format.as_deref());
        let values = schema
            .values
            .iter()
            .chain(&schema.constant)
            .chain(&schema.default);
        values.for_each(|value| self.value(value));
        for field in &schema.fields {
            self.own.insert(&field.name);
            self.schema(&field.schema);
        }
        let like = match &schema.additional {
            Additional::Like(like) => Some(&**like),
            _ => None,
        };
        let parts = schema.items.as_deref().into_iter().chain(like);
        parts
            .chain(&schema.one_of)
            .for_each(|part| self.schema(part));
    }

    /// Adds the values and keys of an example, which are words that prose may show.
    fn value(&mut self, value: &'a Value) {
        match value {
            Value::String(text) => drop(self.known.insert(text)),
            Value::Array(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(members) => {
                for (name, value) in members {
                    self.known.insert(name);
                    self.value(value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Returns the error in a name, or that it is correct, independent of its place; `None` if that
    /// depends on the place.
    fn settled(&self, name: &str, kind: Option<NameKind>) -> Option<Option<Slip<'a>>> {
        if kind == Some(NameKind::Page) {
            Some(None)
        } else if is_call(name) {
            Some(self.slip_of_call(name))
        } else if name.contains(SEPARATORS) {
            Some(self.slip_in_path(name))
        } else {
            (!is_name(name) || self.is_known(name)).then_some(None)
        }
    }

    /// Returns the error in a name in the prose of the page itself: it resembles a name of the
    /// page, or the text calls it one.
    pub fn slip(&self, name: &str, kind: Option<NameKind>) -> Option<Slip<'a>> {
        if let Some(settled) = self.settled(name, kind) {
            return settled;
        }
        let meant = self.own.near(name);
        (meant.is_some() || kind.is_some()).then(|| Slip::new(name, meant, kind))
    }

    /// Returns the error in a name in a guide, which describes other programs too: only for a name
    /// that most likely means one of the API. A name of two words does, if it differs by a letter;
    /// `chatId` beside `chat_id` may be another program's, unless the text calls it a field.
    pub fn slip_elsewhere(&self, name: &str, kind: Option<NameKind>) -> Option<Slip<'a>> {
        if let Some(settled) = self.settled(name, kind) {
            return settled;
        }
        let meant = self.own.near(name)?;
        let is_called = kind.is_some_and(|kind| kind != NameKind::Endpoint);
        // A single word, such as `data` beside `date`, is too often a different word.
        let is_compound = |text: &str| text.contains('_');
        (is_called || is_compound(name) && is_compound(meant))
            .then(|| Slip::new(name, Some(meant), kind))
    }

    /// Returns whether the name is known.
    pub fn is_known(&self, name: &str) -> bool {
        self.own.contains(name) || self.known.contains(name)
    }

    /// Returns the first slip in the parts of a path, such as `usage.total` or `choices[0].delta`.
    fn slip_in_path(&self, name: &str) -> Option<Slip<'a>> {
        let mut parts = name
            .split(SEPARATORS)
            .filter(|part| part.parse::<u32>().is_err());
        let first = parts.next().unwrap_or_default();
        if self.own.contains(name) || !self.own.contains(first) {
            return None;
        }
        let mut rest = parts.filter(|part| is_name(part) && !self.is_known(part));
        rest.find_map(|part| Some(Slip::new(part, Some(self.own.near(part)?), None)))
    }

    fn slip_of_call(&self, name: &str) -> Option<Slip<'a>> {
        if self.calls.contains(name) {
            return None;
        }
        // Another method, or a misspelling; an endpoint of another page is neither.
        let (_, path) = name.split_once(' ')?;
        let other = self.paths.get(path);
        let meant = other.or_else(|| first_within(&self.calls, name, 2, |_| true))?;
        Some(Slip {
            what: "endpoint",
            name: name.to_owned(),
            meant: Some(Cow::Owned(meant.clone())),
        })
    }
}
