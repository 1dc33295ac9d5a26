//! A request as it is sent: shown by examples and printed by samples.

use std::collections::BTreeSet;

use serde_json::Value;

use super::literal;
use super::stream::StreamReader;
use crate::hole::Encoding;
use crate::model::{
    Api, Auth, AuthScheme, Body, Endpoint, Location, MediaKind, Method, Parameter, Schema, Stream,
};
use crate::rich::code::{self, ClassedCode, MultipartPart};

/// The environment variables of auth that names none.
const USUAL_KEY: &str = "API_KEY";
const USUAL_USER: &str = "API_USER";

/// A request of an endpoint with the values of its example.
#[derive(Clone, Debug)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The address with path and query, as it is sent.
    pub url: String,
    /// The headers of parameters, as they are sent; cookies are one of them.
    pub headers: Vec<(String, String)>,
    /// The media type that asks for the stream, if nothing else in the request does.
    pub accept: Option<String>,
    /// How it is authenticated.
    pub credentials: Credentials,
    /// Its body.
    pub payload: Payload,
    /// The file for the answer's bytes, if they are no text.
    pub save_as: Option<String>,
    /// How its answer is read piece by piece, if it streams.
    pub stream: Option<StreamReader>,
}

/// How a request is authenticated; keys are names of environment variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// No authentication.
    None,
    /// `Authorization: Bearer KEY`.
    Bearer(String),
    /// `Authorization: Basic …`.
    Basic {
        /// The variable with the user's name.
        user: String,
        /// The variable with the password.
        password: String,
    },
    /// A header with the key alone.
    Header {
        /// The header.
        name: String,
        /// The variable.
        key: String,
    },
    /// A parameter of the query.
    Query {
        /// The parameter.
        name: String,
        /// The variable.
        key: String,
    },
}

/// The body of a request or an answer.
#[derive(Clone, Debug)]
pub enum Payload {
    /// No body.
    None,
    /// JSON.
    Json {
        /// The media type.
        content_type: String,
        /// The value, with markers.
        value: Value,
    },
    /// Names and values as HTML forms send them.
    Form(Vec<(String, String)>),
    /// Parts of `multipart/form-data`.
    Parts(Vec<MultipartPart>),
    /// Text.
    Text {
        /// The media type.
        content_type: String,
        /// The text, with markers.
        text: String,
    },
    /// The bytes of a file.
    File {
        /// The media type.
        content_type: String,
        /// The file's name.
        file: String,
    },
}

impl Request {
    /// Returns the request with the examples of a name, plain or for a stream; none if it needs a
    /// body and has no example of that name.
    pub fn new(api: &Api, endpoint: &Endpoint, name: &str, streaming: bool) -> Option<Request> {
        let payload = match &endpoint.request {
            None => Payload::None,
            Some(body) => {
                let mut examples = body.examples.iter();
                let mut value = examples.find(|example| example.name == name)?.value.clone();
                let stream = endpoint.stream.as_ref().filter(|_| streaming);
                // A merge patch, so that the spec has one request example instead of two that drift
                // apart.
                if let Some(patch) = stream.and_then(|stream| stream.request.as_ref()) {
                    merge(&mut value, patch);
                }
                Payload::new(api, body, &value)
            }
        };
        let stream = endpoint.stream.as_ref().filter(|_| streaming);
        Some(Request {
            method: endpoint.method,
            url: url(endpoint, streaming),
            headers: headers(endpoint, streaming),
            accept: stream.and_then(|stream| accept(endpoint, stream)),
            credentials: Credentials::new(&endpoint.auth),
            payload,
            save_as: save_as(endpoint, name),
            stream: stream.map(StreamReader::new),
        })
    }

    /// Returns the headers that a client must set, except those of authentication. Form data and
    /// its parts get their `Content-Type` from the client, which chooses the boundary.
    pub fn all_headers(&self) -> Vec<(String, String)> {
        // Without the content type of forms and parts, which clients set themselves, with the
        // boundary.
        let own = match &self.payload {
            Payload::Json { content_type, .. }
            | Payload::Text { content_type, .. }
            | Payload::File { content_type, .. } => Some(content_type),
            Payload::None | Payload::Form(_) | Payload::Parts(_) => None,
        };
        let own = own.map(|value| ("Content-Type".to_owned(), value.clone()));
        let accept = self
            .accept
            .iter()
            .map(|value| ("Accept".to_owned(), value.clone()));
        own.into_iter()
            .chain(accept)
            .chain(self.headers.iter().cloned())
            .collect()
    }
}

impl Credentials {
    fn new(auth: &Auth) -> Credentials {
        let key = auth.env.clone().unwrap_or_else(|| USUAL_KEY.to_owned());
        match &auth.scheme {
            AuthScheme::None => Credentials::None,
            AuthScheme::Bearer => Credentials::Bearer(key),
            AuthScheme::Basic { username_env } => Credentials::Basic {
                user: username_env
                    .clone()
                    .unwrap_or_else(|| USUAL_USER.to_owned()),
                password: key,
            },
            AuthScheme::ApiKey { location, name } => {
                let name = name.clone();
                match location {
                    Location::Query => Credentials::Query { name, key },
                    // The check admits a key in a header or the query only; a cookie would be a
                    // header here, too.
                    Location::Path | Location::Header | Location::Cookie => {
                        Credentials::Header { name, key }
                    }
                }
            }
        }
    }

    /// Returns the environment variables that it needs.
    pub fn variables(&self) -> Vec<&str> {
        match self {
            Credentials::None => Vec::new(),
            Credentials::Bearer(key)
            | Credentials::Header { key, .. }
            | Credentials::Query { key, .. } => vec![key],
            Credentials::Basic { user, password } => vec![user, password],
        }
    }
}

impl Payload {
    /// Returns a body with the value of an example.
    pub fn new(api: &Api, body: &Body, value: &Value) -> Payload {
        let content_type = body.content_type.name.clone();
        let pairs = || {
            let members = value.as_object().into_iter().flatten();
            members.flat_map(|(name, value)| {
                let texts = texts(value).into_iter();
                texts.map(|text| (name.clone(), text))
            })
        };
        match body.content_type.kind {
            MediaKind::Json => Payload::Json {
                content_type,
                value: value.clone(),
            },
            MediaKind::Form => Payload::Form(pairs().collect()),
            MediaKind::Multipart => {
                let schema = body.schema.as_ref().map(|schema| api.resolve(schema));
                let part = |(name, value): (String, String)| {
                    // OpenAPI describes a file as `format: binary`.
                    if is_file(api, schema, &name) {
                        MultipartPart::File { name, file: value }
                    } else {
                        MultipartPart::Text { name, value }
                    }
                };
                Payload::Parts(pairs().map(part).collect())
            }
            MediaKind::Text => Payload::Text {
                content_type,
                text: plain(value),
            },
            MediaKind::Binary => Payload::File {
                content_type,
                file: plain(value),
            },
        }
    }

    /// Returns the body as the page shows it.
    pub fn to_code(&self) -> ClassedCode {
        match self {
            Payload::None => ClassedCode::new(),
            Payload::Json { value, .. } => code::json(value),
            Payload::Form(pairs) => code::urlencoded(pairs),
            Payload::Parts(parts) => code::multipart(parts),
            Payload::Text { text, .. } => ClassedCode::plain(text),
            Payload::File { file, .. } => ClassedCode::plain(file),
        }
    }

    /// Returns the files that are sent, with markers: the part that each is, if there are parts,
    /// and its name.
    pub fn files(&self) -> Vec<(Option<&str>, &str)> {
        match self {
            Payload::File { file, .. } => vec![(None, file)],
            Payload::Parts(parts) => {
                let files = parts.iter().filter_map(|part| match part {
                    MultipartPart::File { name, file } => {
                        Some((Some(name.as_str()), file.as_str()))
                    }
                    MultipartPart::Text { .. } => None,
                });
                files.collect()
            }
            Payload::None | Payload::Json { .. } | Payload::Form(_) | Payload::Text { .. } => {
                Vec::new()
            }
        }
    }

    /// Returns the same, with JSON as text on one line if a language's own literal would not
    /// survive a round trip: a number of twenty digits, a member `__proto__`.
    pub(super) fn for_literals(&self) -> Payload {
        match self {
            Payload::Json {
                content_type,
                value,
            } if !literal::survives(value) => Payload::Text {
                content_type: content_type.clone(),
                // As text on one line, since the literal would change digits or lose a member.
                text: code::json_line(value).to_text().to_owned(),
            },
            other => other.clone(),
        }
    }
}

/// Returns the media type for `Accept`, if the answer may be plain or a stream and nothing else in
/// the request asks for the stream.
fn accept(endpoint: &Endpoint, stream: &Stream) -> Option<String> {
    // A request that asks for the stream in its body or query needs no `Accept`, which many servers
    // ignore.
    let is_needed = has_plain_answer(endpoint) && !is_asked_for(endpoint, stream);
    // `Accept` names a media type without its charset.
    let kind = stream.content_type.split(';').next()?;
    is_needed.then(|| kind.trim().to_owned())
}

/// Returns whether an endpoint only streams: nothing in the request asks for the stream, and no
/// other answer is documented.
pub fn always_streams(endpoint: &Endpoint) -> bool {
    let stream = endpoint.stream.as_ref();
    stream.is_some_and(|stream| !is_asked_for(endpoint, stream)) && !has_plain_answer(endpoint)
}

/// Returns whether something in the request asks for the stream.
fn is_asked_for(endpoint: &Endpoint, stream: &Stream) -> bool {
    let mut parameters = endpoint.parameters.iter();
    stream.request.is_some() || parameters.any(|it| it.stream_example.is_some())
}

/// Returns whether a successful response has an example of the whole answer.
fn has_plain_answer(endpoint: &Endpoint) -> bool {
    let mut responses = endpoint.responses.iter();
    responses.any(|response| response.status.is_success() && !response.body.examples.is_empty())
}

/// Returns the file for an answer of bytes: the one that its example names.
fn save_as(endpoint: &Endpoint, name: &str) -> Option<String> {
    let (response, example) = endpoint.answer_to(name)?;
    let is_binary = response.body.content_type.kind == MediaKind::Binary;
    is_binary.then(|| Some(plain(&example?.value)))?
}

fn url(endpoint: &Endpoint, streaming: bool) -> String {
    let server = endpoint.servers.first();
    let mut url = server.map_or("", |server| &server.url).to_owned();
    let mut path = endpoint.path.clone();
    for parameter in &endpoint.parameters {
        let field = &parameter.field;
        let has_example =
            field.example.is_some() || streaming && parameter.stream_example.is_some();
        if parameter.location == Location::Path && !has_example {
            // A placeholder in capitals is easier to notice than a brace, and stays a valid
            // address.
            path = path.replace(&format!("{{{}}}", field.name), &placeholder(&field.name));
        }
    }
    for (name, texts) in examples_at(endpoint, Location::Path, streaming) {
        let texts = texts.iter().map(|text| Encoding::Url.encode(text));
        // OpenAPI's style `simple` for paths and headers, and `form` with `explode` for queries
        // (OpenAPI 3.1 §4.8.12).
        let text = texts.collect::<Vec<_>>().join(",");
        path = path.replace(&format!("{{{name}}}"), &text);
    }
    url.push_str(&path);
    let mut sign = '?';
    for (name, texts) in examples_at(endpoint, Location::Query, streaming) {
        for text in texts {
            url.push(sign);
            url.push_str(&Encoding::Url.encode(name));
            url.push('=');
            url.push_str(&Encoding::Url.encode(&text));
            sign = '&';
        }
    }
    url
}

/// Returns the placeholder of a path parameter without an example: `ORGANISATION_ID` for
/// `organisationId`.
pub fn placeholder(name: &str) -> String {
    let mut out = String::new();
    let mut before = None;
    for character in name.chars() {
        let is_new_word = character.is_uppercase() && before.is_some_and(char::is_lowercase);
        if is_new_word || !character.is_alphanumeric() {
            out.push('_');
        }
        if character.is_alphanumeric() {
            out.extend(character.to_uppercase());
        }
        before = Some(character);
    }
    // The name may contain characters that are invalid in an address.
    Encoding::Url.encode(&out)
}

fn headers(endpoint: &Endpoint, streaming: bool) -> Vec<(String, String)> {
    let headers = examples_at(endpoint, Location::Header, streaming).into_iter();
    // RFC 9110 §5.3: a list may be one header, joined by commas.
    let headers = headers.map(|(name, texts)| (name.to_owned(), texts.join(",")));
    let mut headers: Vec<_> = headers.collect();
    let cookies = examples_at(endpoint, Location::Cookie, streaming).into_iter();
    let cookies = cookies.map(|(name, texts)| format!("{name}={}", texts.join(",")));
    // RFC 6265 §5.4: one header has all cookies.
    let cookies = cookies.collect::<Vec<_>>().join("; ");
    if !cookies.is_empty() {
        headers.push(("Cookie".to_owned(), cookies));
    }
    headers
}

/// Returns the parameters at a place that have an example, each with the texts that are sent for
/// it.
fn examples_at(endpoint: &Endpoint, place: Location, streaming: bool) -> Vec<(&str, Vec<String>)> {
    let example = |parameter: &Parameter| {
        let streamed = parameter.stream_example.as_ref().filter(|_| streaming);
        streamed.or(parameter.field.example.as_ref()).map(texts)
    };
    let parameters = endpoint.parameters.iter();
    parameters
        .filter(|parameter| parameter.location == place)
        .filter_map(|parameter| Some((parameter.field.name.as_str(), example(parameter)?)))
        .collect()
}

/// Returns pairs grouped by name, in the order of their first values.
pub(super) fn by_name(pairs: &[(String, String)]) -> Vec<(&str, Vec<String>)> {
    let mut names: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, value) in pairs {
        match names.iter_mut().find(|(other, _)| other == name) {
            Some((_, values)) => values.push(value.clone()),
            None => names.push((name, vec![value.clone()])),
        }
    }
    names
}

/// Returns whether a name occurs several times.
pub(super) fn repeats<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut known = BTreeSet::new();
    !names.into_iter().all(|name| known.insert(name))
}

/// Returns the texts that are sent for a parameter or a member of a form, by OpenAPI's default
/// styles: each item of an array. Queries and forms repeat the name for each (`form`, exploded);
/// other places join them with commas (`simple`).
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        other => vec![plain(other)],
    }
}

/// Returns a value as in a URL, header or form: text without quotes.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => code::json_line(value).to_text().to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn is_file(api: &Api, schema: Option<&Schema>, name: &str) -> bool {
    // Without a schema it is unknown whether this is a file's name, so it is sent as text.
    let field = schema.and_then(|schema| schema.fields.iter().find(|field| field.name == name));
    let is_binary = |schema: &Schema| schema.format.as_deref() == Some("binary");
    field.is_some_and(|field| {
        let schema = api.resolve(&field.schema);
        let items = schema.items.as_ref().map(|items| api.resolve(items));
        is_binary(schema) || items.is_some_and(is_binary)
    })
}

/// Returns whether the examples of a body name files, which samples read or write.
pub fn names_files(body: &Body) -> bool {
    let kind = body.content_type.kind;
    matches!(kind, MediaKind::Binary | MediaKind::Multipart)
}

/// Returns a value with a merge patch (RFC 7396).
pub fn merged(value: &Value, patch: &Value) -> Value {
    let mut value = value.clone();
    merge(&mut value, patch);
    value
}

/// Applies a merge patch.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    // RFC 7396, section 2: a value that is no object is first replaced by an empty one.
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else {
        return;
    };
    for (name, value) in patch {
        // `null` removes a member (RFC 7396, section 2).
        if value.is_null() {
            target.shift_remove(name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_become_placeholders() {
        assert_eq!(placeholder("organisation_id"), "ORGANISATION_ID");
        assert_eq!(placeholder("chatId"), "CHAT_ID");
        assert_eq!(placeholder("page-size"), "PAGE_SIZE");
        assert_eq!(placeholder("id"), "ID");
    }

    #[test]
    fn a_merge_patch_adds_replaces_and_removes() {
        // The example of RFC 7396, section 3.
        let mut value = json!({"title": "Goodbye!", "author": {"givenName": "John", "familyName": "Doe"}, "tags": ["example", "sample"], "content": "This will be unchanged"});
        let patch = json!({"title": "Hello!", "phoneNumber": "+01-123-456-7890", "author": {"familyName": null}, "tags": ["example"]});
        merge(&mut value, &patch);
        assert_eq!(
            value,
            json!({"title": "Hello!", "author": {"givenName": "John"}, "tags": ["example"], "content": "This will be unchanged", "phoneNumber": "+01-123-456-7890"})
        );
    }
}
