//! Answers a request: validates it against the spec, and returns the example that it asks for.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::{ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE};
use hyper::http::request::Parts;
use hyper::{Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::body::{self, essence};
use super::judge;
use super::refusal::{NO_KEY, Rejection, UnreadBody, WRONG, error, refusal, texts_of, unmarked};
use super::reply::{Reply, Streamed, Text, insert};
use super::route::{InPath, Route, Routes, bot_in_body, requires_auth, takes_comments};
use crate::hole::{Hole, Unmarked, Values};
use crate::model::example;
use crate::model::sample::{Payload, Request, placeholder, plain, texts};
use crate::model::{Api, AuthScheme, Endpoint, Location, MediaKind, Method, Parameter};

/// An answer of the mock.
pub(super) enum MockAnswer {
    /// A complete answer.
    Whole(Response<Bytes>),
    /// The head of a stream, and its items.
    Stream(Response<()>, StreamAnswer),
}

/// The items of a stream, each filled when it is sent: many clients share them.
pub(super) struct StreamAnswer {
    pub(super) items: Arc<[Text]>,
    pub(super) values: Values,
    pub(super) takes_comments: bool,
}

/// Answers a request that the door admitted.
pub(super) fn answer(routes: &Routes, head: &Parts, body: &[u8]) -> MockAnswer {
    let parts = parts_of(head);
    let (route, in_path) = match find(routes, head, &parts) {
        Ok(found) => found,
        Err(missed) => return MockAnswer::Whole(missed.answer(routes)),
    };
    let call = Call {
        routes,
        route,
        head,
        in_path,
        query: body::pairs(head.uri.query().unwrap_or("")),
    };
    match call.check(body) {
        Ok(body) => call.answer(&body),
        Err(why) => MockAnswer::Whole(error(routes, Some(route), &why)),
    }
}

/// Answers a request whose body could not be read; the unread rest ends the connection.
pub(super) fn unread(routes: &Routes, head: &Parts, unread: UnreadBody) -> Response<Bytes> {
    let parts = parts_of(head);
    let found = find(routes, head, &parts).ok().map(|(route, _)| route);
    let mut response = error(routes, found.or(routes.routes.first()), &unread.refusal());
    insert(response.headers_mut(), CONNECTION.as_str(), "close");
    response
}

/// Splits a path into its decoded segments.
fn parts_of(head: &Parts) -> Vec<Cow<'_, str>> {
    // Decoded after splitting: `%2F` is a character of a segment, not a separator (RFC 3986 §2.2).
    let parts = head.uri.path().split('/').skip(1);
    parts
        .map(|part| percent_decode_str(part).decode_utf8_lossy())
        .collect()
}

/// A request that matches no endpoint.
struct Missed<'a> {
    /// The endpoint whose documented errors determine the shape of the answer.
    like: Option<&'a Route>,
    why: Rejection,
    /// The methods that its path supports.
    methods: Option<String>,
}

impl Missed<'_> {
    fn answer(&self, routes: &Routes) -> Response<Bytes> {
        let mut response = error(routes, self.like, &self.why);
        if let Some(methods) = &self.methods {
            insert(response.headers_mut(), ALLOW.as_str(), methods);
        }
        response
    }
}

/// Finds the endpoint of a request by its path and method.
fn find<'a>(
    routes: &'a Routes,
    head: &Parts,
    parts: &'a [Cow<'_, str>],
) -> Result<(&'a Route, InPath<'a>), Missed<'a>> {
    let path = head.uri.path();
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    let mut fitting: Vec<(&Route, InPath<'_>)> = routes
        .routes
        .iter()
        .filter_map(|route| Some((route, route.fits(&parts, routes.bot_id())?)))
        .collect();
    let first = fitting.first().map(|(route, _)| *route);
    let missed = |why: Rejection| Missed {
        like: first.or(routes.routes.first()),
        why,
        methods: None,
    };
    unmarked("path", &parts).map_err(missed)?;
    if first.is_none() {
        let why = format!("there is no endpoint at {path}");
        return Err(missed(refusal(&[404], why)));
    }
    let takes = |method: &str| {
        let mut routes = fitting.iter();
        routes.position(|(route, _)| route.method.as_str() == method)
    };
    // A path that supports GET supports HEAD (RFC 9110, section 9.1); hyper then sends no body.
    let head_of = || (head.method == hyper::Method::HEAD).then(|| takes("GET"))?;
    if let Some(index) = takes(head.method.as_str()).or_else(head_of) {
        return Ok(fitting.swap_remove(index));
    }
    let methods = Method::ALL.map(Method::as_str).into_iter();
    let is_supported =
        |method: &&str| takes(method).is_some() || (*method == "HEAD" && takes("GET").is_some());
    let methods = methods.filter(is_supported).collect::<Vec<_>>().join(", ");
    // RFC 9110 §15.5.6 requires `Allow` in an answer with 405.
    let why = format!("{path} supports {methods}, not {}", head.method);
    Err(Missed {
        methods: Some(methods),
        ..missed(refusal(&[405], why))
    })
}

/// A request for an endpoint.
struct Call<'a> {
    routes: &'a Routes,
    route: &'a Route,
    head: &'a Parts,
    in_path: InPath<'a>,
    query: Vec<(String, String)>,
}

impl Call<'_> {
    /// Returns the values of the headers of a name in their order, a value that is not ASCII as an
    /// empty text; nothing if the only value is empty.
    fn headers(&self, name: &str) -> Vec<&str> {
        let values = self.head.headers.get_all(name).iter();
        let values: Vec<&str> = values.map(|value| value.to_str().unwrap_or("")).collect();
        // Most servers treat an empty header as missing, and a sample may send one for a variable
        // that is not set.
        match values[..] {
            [""] => Vec::new(),
            _ => values,
        }
    }

    /// Returns the value of a header that may occur once.
    fn header(&self, name: &str) -> Result<Option<&str>, Rejection> {
        once(&self.headers(name), WRONG, || {
            format!("the header `{name}`")
        })
    }

    /// Returns a header that contains a key, as [`header`](Self::header) does.
    fn header_of_key(&self, name: &str) -> Result<Option<&str>, Rejection> {
        once(&self.headers(name), NO_KEY, || {
            format!("the header `{name}`")
        })
    }

    /// Returns the values of a name in the query.
    fn in_query(&self, name: &str) -> Vec<&str> {
        let pairs = self.query.iter().filter(|(other, _)| other == name);
        pairs.map(|(_, value)| value.as_str()).collect()
    }

    /// Validates the whole request; returns the body as a value, if it can be parsed as one.
    fn check(&self, body: &[u8]) -> Result<Value, Rejection> {
        let (api, endpoint) = self.routes.endpoint(self.route);
        for (name, value) in &self.query {
            unmarked("query", &[name, value])?;
        }
        if requires_auth(endpoint) {
            self.judge_proof(endpoint)?;
        }
        for (index, parameter) in endpoint.parameters.iter().enumerate() {
            if let Some(fault) = self.parameter_fault(api, index, parameter) {
                return Err(refusal(WRONG, fault));
            }
        }
        self.judge_body(api, endpoint, body)
    }

    /// Returns the error in a parameter, if any.
    fn parameter_fault(&self, api: &Api, index: usize, parameter: &Parameter) -> Option<String> {
        let name = &parameter.field.name;
        let sent: Vec<&str> = self.sent(parameter);
        // The placeholder that samples send for a missing value is accepted as a value.
        let is_in_path = parameter.location == Location::Path;
        if is_in_path && parameter.field.example.is_none() && sent == [placeholder(name)] {
            return None;
        }
        match judge::parameter_value(api, parameter, &sent) {
            None => parameter.field.required.then(|| {
                let place = parameter.location.as_str();
                format!("the {place} parameter `{name}` is missing")
            }),
            Some(value) => {
                let values = self.routes.values_for(self.bot(&Value::Null).as_ref());
                self.route
                    .rules
                    .parameter_fault(index, &value, name, &values)
            }
        }
    }

    /// Returns the texts that are sent for a parameter.
    fn sent(&self, parameter: &Parameter) -> Vec<&str> {
        let name = &parameter.field.name;
        match parameter.location {
            Location::Path => {
                let pairs = self.in_path.parameters.iter();
                let pairs = pairs.filter(|(other, _)| other == name);
                pairs.map(|(_, value)| *value).collect()
            }
            Location::Query => self.in_query(name),
            Location::Header => self.headers(name),
            Location::Cookie => {
                let cookies = self.headers(COOKIE.as_str()).into_iter();
                let cookies = cookies.flat_map(|cookies| cookies.split(';'));
                let pairs = cookies.filter_map(|cookie| cookie.trim().split_once('='));
                pairs
                    .filter(|(other, _)| other == name)
                    .map(|(_, value)| value)
                    .collect()
            }
        }
    }

    fn judge_proof(&self, endpoint: &Endpoint) -> Result<(), Rejection> {
        let sent = self.header_of_key("Authorization")?;
        let given = |start: &str| {
            let (scheme, key) = sent?.split_once(' ')?;
            let key = key.trim();
            // Names of schemes are case-insensitive (RFC 9110 §11.1).
            (scheme.eq_ignore_ascii_case(start) && !key.is_empty()).then_some(key)
        };
        let missing = match &endpoint.auth.scheme {
            AuthScheme::None => return Ok(()),
            AuthScheme::Bearer if given("Bearer").is_some() => return Ok(()),
            AuthScheme::Bearer => "the header `Authorization: Bearer …`".to_owned(),
            AuthScheme::Basic { .. } if given("Basic").is_some_and(is_basic) => return Ok(()),
            AuthScheme::Basic { .. } => "the header `Authorization: Basic …`".to_owned(),
            AuthScheme::ApiKey {
                location: Location::Query,
                name,
            } => match once(&self.in_query(name), NO_KEY, || {
                format!("the query parameter `{name}`")
            })? {
                Some(key) if !key.trim().is_empty() => return Ok(()),
                _ => format!("the query parameter `{name}`"),
            },
            AuthScheme::ApiKey { name, .. } => match self.header_of_key(name)? {
                Some(_) => return Ok(()),
                None => format!("the header `{name}`"),
            },
        };
        Err(refusal(NO_KEY, format!("no key: {missing} is missing")))
    }

    fn judge_body(&self, api: &Api, endpoint: &Endpoint, body: &[u8]) -> Result<Value, Rejection> {
        let Some(expected) = &endpoint.request else {
            return Ok(Value::Null);
        };
        let name = &expected.content_type.name;
        let given = self.header("Content-Type")?.unwrap_or("");
        if body.is_empty() {
            return Err(refusal(WRONG, "the body is missing"));
        }
        // The parameters are not compared: `charset` and `boundary` differ from client to client.
        if essence(given) != essence(name) {
            let why = format!("`Content-Type` must be {name}");
            return Err(refusal(&[415, 400, 422], why));
        }
        // The schema can only be checked against an uncompressed body; RFC 9110 §15.5.16 specifies
        // 415 for others.
        let coding = self.headers(CONTENT_ENCODING.as_str()).join(", ");
        let is_plain = coding.is_empty() || coding.eq_ignore_ascii_case("identity");
        if expected.content_type.kind != MediaKind::Binary && !is_plain {
            let why = format!(
                "`Content-Encoding: {coding}` is not supported; send the body uncompressed"
            );
            return Err(refusal(&[415], why));
        }
        let value = body::read(api, expected, given, body);
        let value = value.map_err(|why| refusal(&[400, 422], why))?;
        let Some(value) = value else {
            return Ok(Value::Null);
        };
        let mut texts = Vec::new();
        texts_of(&value, &mut texts);
        unmarked("body", &texts)?;
        let values = self.routes.values_for(self.bot(&value).as_ref());
        match self.route.rules.body_fault(&value, &values) {
            Some(fault) => Err(refusal(WRONG, fault)),
            None => Ok(value),
        }
    }

    /// Returns the bot that the request names in its path, body or a parameter, if its variable
    /// accepts the value: an answer contains no other text of a request.
    fn bot(&self, body: &Value) -> Option<Unmarked> {
        let (_, endpoint) = self.routes.endpoint(self.route);
        let id = self.routes.bot_id();
        let marker = Hole::new(id?).marker().to_string();
        let is_bot = |parameter: &&Parameter| {
            let example = parameter.field.example.as_ref();
            example.is_some_and(|value| plain(value) == marker)
        };
        let in_body = || {
            let expected = endpoint.request.as_ref()?;
            bot_in_body(expected, body, id)
        };
        let in_parameter = || {
            let mut places = endpoint.parameters.iter().filter(is_bot);
            places.find_map(|place| self.sent(place).first().copied())
        };
        let bot = self.in_path.bot.map(str::to_owned);
        let bot = bot
            .or_else(in_body)
            .or_else(|| in_parameter().map(str::to_owned));
        let (_, variable) = self.routes.bot.as_ref()?;
        Unmarked::new(bot.filter(|bot| variable.refuses(bot).is_none())?).ok()
    }

    fn answer(&self, body: &Value) -> MockAnswer {
        let values = self.routes.values_for(self.bot(body).as_ref());
        let known = Preference::of(self.head).and_then(|prefer| match self.unknown(&prefer) {
            Some(why) => Err(why),
            None => Ok(prefer),
        });
        let prefer = match known {
            Ok(prefer) => prefer,
            Err(why) => {
                let why = refusal(&[400], why);
                return MockAnswer::Whole(error(self.routes, Some(self.route), &why));
            }
        };
        let (streams, meant) = self.meant(body, &values);
        let name = prefer.example.as_deref().or(meant).unwrap_or_default();
        if let (Some(stream), true, None) = (&self.route.stream, streams, prefer.code) {
            let mut examples = stream.examples.iter();
            let named = examples.find(|(other, _)| other == name);
            if let Some((_, items)) = named.or(stream.examples.first()) {
                return streamed(stream, items, values);
            }
        }
        let reply = match prefer.code {
            Some(code) => self.reply_of(code, name),
            None => self.reply_to(name, prefer.example.is_some()),
        };
        match reply.or(self.route.replies.first()) {
            Some(reply) => whole(reply, prefer.code, &values, self.route.method),
            None => MockAnswer::Whole(Response::new(Bytes::new())),
        }
    }

    /// Returns the example of a name, or the first, of the response for a status.
    fn reply_of(&self, code: u16, name: &str) -> Option<&Reply> {
        let replies = &self.route.replies;
        let for_code = || replies.iter().filter(|reply| reply.is_for(code));
        // An exact code takes precedence over a range, and a range over the default.
        let best = for_code().map(|reply| reply.status).min()?;
        let mut of_best = for_code().filter(|reply| reply.status == best);
        let named = of_best.clone().find(|reply| reply.is_named(name));
        named.or_else(|| of_best.next())
    }

    /// Returns the reply to the request example of a name; if it is asked for by name, it may be
    /// that of an error.
    fn reply_to(&self, name: &str, is_asked_for: bool) -> Option<&Reply> {
        let (_, endpoint) = self.routes.endpoint(self.route);
        let replies = &self.route.replies;
        let answer = endpoint.answer_to(name);
        let answer = answer.and_then(|(response, example)| {
            let example = example.map(|example| &example.name);
            let is_it = |it: &&Reply| it.status == response.status && it.name.as_ref() == example;
            replies.iter().find(is_it)
        });
        if is_asked_for && !answer.is_some_and(|answer| answer.is_named(name)) {
            let named = replies.iter().find(|reply| reply.is_named(name));
            return named.or(answer);
        }
        answer
    }

    /// Returns the message about a preference for what is not documented, if it is.
    fn unknown(&self, prefer: &Preference) -> Option<String> {
        let replies = &self.route.replies;
        if let Some(code) = prefer.code
            && !replies.iter().any(|reply| reply.is_for(code))
        {
            let mut codes: Vec<String> = replies.iter().map(|it| it.status.to_string()).collect();
            codes.dedup();
            let codes = codes.join(", ");
            return Some(format!(
                "no response {code} is documented; available: {codes}"
            ));
        }
        let name = prefer.example.as_ref()?;
        let replies = replies
            .iter()
            .filter(|it| prefer.code.is_none_or(|code| it.is_for(code)));
        let streams = self.route.stream.iter().flat_map(|stream| &stream.examples);
        let names = replies.filter_map(|reply| reply.name.as_ref());
        let mut names: Vec<&str> = names
            .chain(streams.map(|(name, _)| name))
            .map(String::as_str)
            .collect();
        if names.contains(&name.as_str()) {
            return None;
        }
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(*name));
        let names = names.join(", ");
        Some(format!(
            "no example `{name}` is documented here; available: {names}"
        ))
    }

    /// Returns whether a stream is asked for, and the name of the example whose request equals
    /// this one.
    fn meant(&self, body: &Value, values: &Values) -> (bool, Option<&str>) {
        let (api, endpoint) = self.routes.endpoint(self.route);
        let examples = endpoint.request.iter().flat_map(|body| &body.examples);
        let is_sent = |name: &str, streaming: bool| {
            let request = Request::new(api, endpoint, name, streaming);
            request.is_some_and(|request| match request.payload {
                // Compared as values: clients choose the order of members and the white space.
                Payload::Json { value, .. } => values.fill_value(&value) == *body,
                _ => false,
            })
        };
        let mut names = examples.map(|example| example.name.as_str());
        let name = names.find(|name| is_sent(name, false) || is_sent(name, true));
        // Any other request is answered like the one that samples send.
        let name = name.or_else(|| example::sampled(endpoint));
        (self.asks_for_stream(endpoint, body), name)
    }

    fn asks_for_stream(&self, endpoint: &Endpoint, body: &Value) -> bool {
        let Some(stream) = &endpoint.stream else {
            return false;
        };
        let mut parameters = endpoint.parameters.iter();
        let by_parameters = parameters.all(|parameter| match &parameter.stream_example {
            None => true,
            Some(value) => self.sent(parameter) == texts(value),
        });
        let has_parameter = endpoint
            .parameters
            .iter()
            .any(|it| it.stream_example.is_some());
        match &stream.request {
            Some(patch) => by_parameters && holds(body, patch),
            None if has_parameter => by_parameters,
            None => {
                let kind = stream.content_type.split(';').next().unwrap_or("");
                let mut accepts = self.headers("accept").into_iter();
                accepts.any(|accepts| accepts.contains(kind)) || !has_plain_answer(endpoint)
            }
        }
    }
}

/// Returns the only value; none if there is none, an error if there are several.
fn once<'t>(
    values: &[&'t str],
    statuses: &'static [u16],
    what: impl Fn() -> String,
) -> Result<Option<&'t str>, Rejection> {
    match values {
        [] => Ok(None),
        [value] => Ok(Some(value)),
        _ => Err(refusal(
            statuses,
            format!("{} comes {} times", what(), values.len()),
        )),
    }
}

/// Returns whether the credentials after `Basic` contain a user and a password (RFC 7617), of
/// which one may be empty.
fn is_basic(credentials: &str) -> bool {
    let decoded = data_encoding::BASE64.decode(credentials.as_bytes());
    decoded.is_ok_and(|decoded| decoded.contains(&b':') && decoded.len() > 1)
}

fn has_plain_answer(endpoint: &Endpoint) -> bool {
    let mut responses = endpoint
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    responses.any(|response| !response.body.examples.is_empty())
}

/// Returns whether a value contains all that a merge patch would put into it.
fn holds(value: &Value, patch: &Value) -> bool {
    match patch {
        // `null` in a merge patch removes a member (RFC 7396), so it must be absent.
        Value::Object(members) => members.iter().all(|(name, patch)| match patch {
            Value::Null => value.get(name).is_none_or(Value::is_null),
            patch => value.get(name).is_some_and(|value| holds(value, patch)),
        }),
        patch => value == patch,
    }
}

/// The contents of the header `Prefer` (RFC 7240): `code=404, example=none-found`.
#[derive(Default)]
struct Preference {
    code: Option<u16>,
    example: Option<String>,
}

impl Preference {
    /// Parses the headers; returns a message for an invalid preference.
    fn of(head: &Parts) -> Result<Preference, String> {
        let mut preference = Preference::default();
        let headers = head.headers.get_all("prefer").iter();
        for part in headers
            .filter_map(|it| it.to_str().ok())
            .flat_map(|it| it.split([',', ';']))
        {
            let Some((name, value)) = part.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "code" => {
                    let code = value.parse().ok().filter(|code| (200..600).contains(code));
                    let code =
                        code.ok_or_else(|| format!("`{value}` is not a status code of a response"));
                    preference.code = Some(code?);
                }
                "example" => preference.example = Some(value.to_owned()),
                _ => {}
            }
        }
        Ok(preference)
    }
}

fn whole(reply: &Reply, code: Option<u16>, values: &Values, method: Method) -> MockAnswer {
    let code = code.unwrap_or_else(|| reply.code());
    // RFC 9110 §15.3.5 and §15.4.5: such answers end after their head.
    let has_body = method != Method::Head && !matches!(code, 204 | 304);
    let body = if has_body {
        reply.body.fill(values)
    } else {
        Bytes::new()
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    if reply.name.is_some() {
        insert(headers, CONTENT_TYPE.as_str(), &reply.content_type);
    }
    for (name, value) in &reply.headers {
        insert(headers, name, &values.fill(value));
    }
    MockAnswer::Whole(response)
}

fn streamed(stream: &Streamed, items: &Arc<[Text]>, values: Values) -> MockAnswer {
    let mut response = Response::new(());
    let headers = response.headers_mut();
    insert(headers, CONTENT_TYPE.as_str(), &stream.content_type);
    // A cached stream would be replayed at once, not event by event.
    insert(headers, "cache-control", "no-cache");
    let stream = StreamAnswer {
        items: Arc::clone(items),
        values,
        takes_comments: takes_comments(stream.format),
    };
    MockAnswer::Stream(response, stream)
}
