//! Headers that a request or response has already, and headers that only a client's library sets.

use std::collections::HashMap;

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node};
use crate::model::{Auth, AuthScheme, Location};

use super::reader::Reader;
use super::wire::entries;

/// Headers that no parameter can set, and what to write instead.
// The Fetch standard forbids most of these to scripts of pages. Of other clients, some send the
// documented value, some their own, some both, and some refuse the request.
const OF_THE_CLIENT: [(&str, &str); 13] = [
    ("accept-encoding", ENCODING),
    ("connection", CONNECTION),
    ("content-length", LENGTH),
    (
        "content-type",
        "remove it: the samples send the `content_type` of the request",
    ),
    (
        "cookie",
        "write each cookie as a parameter of its own: parameters: {cookie: {session: {type: string}}}",
    ),
    (
        "expect",
        "remove it: a client's library decides when it waits for the server before it sends a body",
    ),
    (
        "host",
        "remove it: it is the host of the base URL in `servers`",
    ),
    ("keep-alive", CONNECTION),
    ("proxy-connection", CONNECTION),
    ("te", CONNECTION),
    ("trailer", CONNECTION),
    ("transfer-encoding", LENGTH),
    ("upgrade", CONNECTION),
];

const CONNECTION: &str =
    "remove it: it belongs to the connection, which a client's library opens and closes";
const ENCODING: &str = "remove it: a client's library requests the compressions that it can read";
const LENGTH: &str = "remove it: a client's library computes it from the body that it sends";

/// Reports headers of a request that its client sets, and those that differ in case only.
pub(super) fn of_request(reader: &mut Reader<'_>, headers: &Node) {
    for entry in entries(headers) {
        let name = entry.key.to_ascii_lowercase();
        if let Some((_, help)) = OF_THE_CLIENT.iter().find(|(known, _)| *known == name) {
            let message = format!("`{}` can't be a parameter", entry.key);
            reader.error(Code::ConflictingKeys, entry.key_span, message, *help);
        }
    }
    alike(reader, headers);
}

/// Reports the header of a key that a client sets itself.
pub(super) fn of_key(reader: &mut Reader<'_>, name: &str, span: Span) {
    let lower = name.to_ascii_lowercase();
    if !OF_THE_CLIENT.iter().any(|(known, _)| *known == lower) {
        return;
    }
    let message = format!("`{name}` can't be the header of a key: a client sets it itself");
    let help = match &*lower {
        "cookie" => {
            "write `auth: {type: none}`, and the cookie as a parameter: parameters: {cookie: {session: {type: string, required: true}}}"
        }
        _ => "write the header in which the API expects the key, such as X-Api-Key",
    };
    reader.error(Code::ConflictingKeys, span, message, help);
}

/// Reports headers of a response that it has already, and those that differ in case only.
// `Content-Length` and others that depend on the connection may be described: readers of an answer
// see them.
pub(super) fn of_response(reader: &mut Reader<'_>, headers: &Node) {
    for entry in entries(headers) {
        if entry.key.eq_ignore_ascii_case("content-type") {
            let help = "write its value as `content_type` of the response, beside `headers`";
            let message = format!("`{}` among the headers of a response", entry.key);
            reader.error(Code::ConflictingKeys, entry.key_span, message, help);
        }
    }
    alike(reader, headers);
}

/// Reports parameters by which the key of `auth` would be sent a second time.
pub(super) fn beside_auth(reader: &mut Reader<'_>, parameters: &Node, auth: &Auth) {
    let (location, name) = match &auth.scheme {
        AuthScheme::None => return,
        AuthScheme::Bearer | AuthScheme::Basic { .. } => (Location::Header, "Authorization"),
        AuthScheme::ApiKey { location, name } => (*location, name.as_str()),
    };
    let Some(at_place) = parameters.value.get(location.as_str()) else {
        return;
    };
    let is_same = |entry: &&MapEntry| match location {
        Location::Header => entry.key.eq_ignore_ascii_case(name),
        Location::Path | Location::Query | Location::Cookie => entry.key == name,
    };
    for entry in entries(at_place).iter().filter(is_same) {
        let message = format!("`{}` is sent by `auth` already", entry.key);
        let help = "remove the parameter, and describe the key in the `description` of `auth`; an endpoint without it has `auth: {type: none}`";
        reader.error(Code::ConflictingKeys, entry.key_span, message, help);
    }
}

/// Reports names that are one name (RFC 9110, section 5.1: names of fields have no case).
fn alike(reader: &mut Reader<'_>, headers: &Node) {
    let mut seen: HashMap<String, Span> = HashMap::new();
    for entry in entries(headers) {
        let name = entry.key.to_ascii_lowercase();
        if let Some(first) = seen.get(&name) {
            let message = format!("duplicate header `{}`", entry.key);
            let diagnostic = Diagnostic::error(Code::DuplicateKey, entry.key_span, message)
                .and(*first, "first here")
                .help("names of headers have no case; remove one of the two, or rename it");
            reader.report.push(diagnostic);
        } else {
            seen.insert(name, entry.key_span);
        }
    }
}
