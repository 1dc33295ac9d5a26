//! Names in the prose that look like the page's own but are not.
//!
//! A name is code in a text: `` `chat_id` ``, `` `usage.total` ``, `` `POST /chat` ``. It is told of
//! only where one can be sure: it differs from a name of the page by a letter or in its spelling
//! (`chatId`), or the text calls it a field, an event, a parameter or an endpoint. Names of other
//! things stand in prose too, so a name that resembles none of the page's is no finding.

use std::collections::BTreeSet;

use pulldown_cmark::{Event as Piece, Parser};
use serde_json::Value;

use crate::explain::Code;
use crate::model::{Additional, Api, AuthScheme, EventData, Markdown, Match, Schema, StreamItem};
use crate::variable::Variables;

use super::Prover;
use super::finding::{Finding, Pointer};

/// What a text calls the names of a page.
const KINDS: [&str; 4] = ["field", "event", "parameter", "endpoint"];

impl Prover<'_> {
    pub(super) fn prose(&mut self, api: &Api, variables: &Variables) {
        let names = Names::of(api, variables);
        let mut texts = Texts(Vec::new());
        texts.page(api);
        for (at, text) in texts.0 {
            for (name, kind) in code(text) {
                if let Some(finding) = names.judge(name, kind, &at) {
                    self.judge.push(finding);
                }
            }
        }
    }
}

/// The code in a text, and what the text calls it.
fn code(text: &str) -> Vec<(&str, Option<&'static str>)> {
    let pieces = Parser::new(text).into_offset_iter();
    let found = pieces.filter_map(|(piece, range)| {
        let Piece::Code(_) = piece else {
            return None;
        };
        let name = text[range.clone()].trim_matches('`').trim();
        let (before, after) = (
            text[..range.start].trim_end(),
            text[range.end..].trim_start(),
        );
        let is_called = |kind: &&str| {
            let rest = after.strip_prefix(*kind);
            let behind = rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            let head = before.strip_suffix(*kind);
            behind || head.is_some_and(|head| !head.ends_with(char::is_alphanumeric))
        };
        Some((name, KINDS.into_iter().find(is_called)))
    });
    found.collect()
}

/// All that has a name on a page.
struct Names<'a> {
    /// Fields, parameters, events: what prose is about.
    own: BTreeSet<&'a str>,
    /// Values, keys of examples, and other words that may stand as code.
    known: BTreeSet<&'a str>,
    /// Methods and paths.
    calls: Vec<String>,
}

impl<'a> Names<'a> {
    fn of(api: &'a Api, variables: &'a Variables) -> Names<'a> {
        let mut names = Names {
            own: BTreeSet::new(),
            known: variables.names().into_iter().collect(),
            calls: Vec::new(),
        };
        for endpoint in &api.endpoints {
            let call = format!("{} {}", endpoint.method.as_str(), endpoint.path);
            names.calls.push(call);
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
        names
    }

    fn auth(&mut self, scheme: &'a AuthScheme, env: Option<&'a str>) {
        self.known.extend(env);
        match scheme {
            AuthScheme::ApiKey { name, .. } => drop(self.known.insert(name)),
            AuthScheme::Basic { username_env } => self.known.extend(username_env.as_deref()),
            AuthScheme::None | AuthScheme::Bearer => {}
        }
    }

    fn stream(&mut self, stream: &'a crate::model::Stream) {
        stream.request.iter().for_each(|patch| self.value(patch));
        for event in &stream.events {
            self.own.insert(&event.label);
            self.own.extend(event.wire_name.as_deref());
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

    /// Values and keys of an example are words that prose may show.
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

    fn judge(&self, name: &str, kind: Option<&'static str>, at: &Pointer) -> Option<Finding> {
        if let Some((method, _)) = name.split_once(" /")
            && method.bytes().all(|byte| byte.is_ascii_uppercase())
        {
            return self.judge_call(name, at);
        }
        let is_name = |text: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            !text.is_empty()
                && text.chars().all(fits)
                && text.contains(|c: char| c.is_ascii_lowercase())
        };
        // `usage.total` and `choices[0].delta` are as right as their parts.
        let mut parts = name
            .split(['.', '[', ']'])
            .filter(|part| part.parse::<u32>().is_err());
        if parts.clone().filter(|part| !part.is_empty()).count() > 1 {
            let first = parts.next().unwrap_or_default();
            if self.own.contains(name) || !self.own.contains(first) {
                return None;
            }
            let mut rest = parts.filter(|part| is_name(part));
            let wrong = rest.find(|part| !self.is_known(part) && self.near(part).is_some())?;
            return Some(finding(wrong, name, at, self.near(wrong), None));
        }
        if !is_name(name) || self.is_known(name) {
            return None;
        }
        let near = self.near(name);
        (near.is_some() || kind.is_some()).then(|| finding(name, name, at, near, kind))
    }

    fn is_known(&self, name: &str) -> bool {
        self.own.contains(name) || self.known.contains(name)
    }

    fn judge_call(&self, name: &str, at: &Pointer) -> Option<Finding> {
        if self.calls.iter().any(|call| call == name) {
            return None;
        }
        let path = |call: &str| call.split_once(' ').map(|(_, path)| path.to_owned());
        let is_near = |call: &&String| {
            // Another method, or a slip; an endpoint of another page is neither.
            path(call) == path(name) || strsim::damerau_levenshtein(call, name) <= 2
        };
        let meant = self.calls.iter().find(is_near)?;
        let finding = Finding::error(
            Code::UnknownName,
            at.clone(),
            format!("no endpoint `{name}` on this page"),
        );
        let finding = finding
            .within(name)
            .label(format!("did you mean `{meant}`?"));
        Some(finding.help("write the method and the path as the endpoint has them"))
    }

    /// The name of the page that another was most likely meant to be.
    fn near(&self, name: &str) -> Option<&'a str> {
        let plain = |text: &str| text.replace(['_', '-'], "").to_ascii_lowercase();
        let capital = |text: &str| text.starts_with(|c: char| c.is_ascii_uppercase());
        let is_near = |own: &&&str| {
            // A plural, or a capital at the beginning, is how sentences bend a word.
            let is_bent =
                name.strip_suffix('s') == Some(own) || own.strip_suffix('s') == Some(name);
            let is_spelt = plain(own) == plain(name) && capital(own) == capital(name);
            let most = match name.len().min(own.len()) {
                0..5 => 0,
                5..10 => 1,
                _ => 2,
            };
            !is_bent && (is_spelt || strsim::damerau_levenshtein(own, name) <= most)
        };
        self.own.iter().find(is_near).copied()
    }
}

fn finding(
    name: &str,
    shown: &str,
    at: &Pointer,
    near: Option<&str>,
    kind: Option<&str>,
) -> Finding {
    let what = kind.unwrap_or("field or event");
    let message = format!("no {what} `{name}` on this page");
    let finding = Finding::error(Code::UnknownName, at.clone(), message).within(shown);
    let finding = match near {
        Some(meant) => finding.label(format!("did you mean `{meant}`?")),
        None => finding,
    };
    finding.help("write the name as it is sent, or say in `waivers` what it is")
}

/// Every text of a page that is prose, and where it stands.
struct Texts<'a>(Vec<(Pointer, &'a str)>);

impl<'a> Texts<'a> {
    fn add(&mut self, at: &Pointer, key: &str, text: Option<&'a Markdown>) {
        self.0
            .extend(text.map(|text| (at.to(key), text.0.as_str())));
    }

    fn page(&mut self, api: &'a Api) {
        let page = Pointer::page();
        self.add(&page, "intro", api.intro.as_ref());
        self.add(
            &page.to("auth"),
            "description",
            api.auth.description.as_ref(),
        );
        for endpoint in &api.endpoints {
            let at = page.to("endpoints").to(&endpoint.id);
            self.0.extend(
                endpoint
                    .summary
                    .as_deref()
                    .map(|text| (at.to("summary"), text)),
            );
            self.add(&at, "description", endpoint.description.as_ref());
            for parameter in &endpoint.parameters {
                let place = at.to("parameters").to(parameter.location.as_str());
                self.schema(&parameter.field.schema, &place.to(&parameter.field.name));
            }
            if let Some(body) = &endpoint.request {
                self.add(&at.to("request"), "description", body.description.as_ref());
                body.schema
                    .iter()
                    .for_each(|schema| self.schema(schema, &at.to("request").to("schema")));
            }
            for response in &endpoint.responses {
                let at = at.to("responses").to(response.status);
                self.add(&at, "description", response.body.description.as_ref());
                for header in &response.headers {
                    self.schema(&header.schema, &at.to("headers").to(&header.name));
                }
                response
                    .body
                    .schema
                    .iter()
                    .for_each(|schema| self.schema(schema, &at.to("schema")));
            }
            if let Some(stream) = &endpoint.stream {
                let at = at.to("stream");
                self.add(&at, "description", stream.description.as_ref());
                for event in &stream.events {
                    let at = at.to("events").to(&event.label);
                    self.add(&at, "description", event.description.as_ref());
                    if let EventData::Json(Some(schema)) = &event.data {
                        self.schema(schema, &at.to("schema"));
                    }
                }
            }
        }
        for named in &api.schemas {
            self.schema(&named.schema, &page.to("schemas").to(&named.name));
        }
        for (index, section) in api.sections.iter().enumerate() {
            self.add(&page.to("sections").to(index), "body", Some(&section.body));
        }
    }

    fn schema(&mut self, schema: &'a Schema, at: &Pointer) {
        self.add(at, "description", schema.description.as_ref());
        for field in &schema.fields {
            self.schema(&field.schema, &at.to("fields").to(&field.name));
        }
        if let Some(items) = &schema.items {
            self.schema(items, &at.to("items"));
        }
        if let Additional::Like(like) = &schema.additional {
            self.schema(like, &at.to("additionalProperties"));
        }
        for (index, one) in schema.one_of.iter().enumerate() {
            self.schema(one, &at.to("oneOf").to(index));
        }
    }
}
