//! Texts that HTTP, or a tool that sends them, would reject or change.

use std::collections::HashSet;

use crate::hole::Hole;
use crate::hole::variable::is_dots;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::Location;

use super::reader::Reader;

/// Reports a text that the value of a parameter can't be where it is sent.
pub(super) fn sent_text(reader: &mut Reader<'_>, node: &Node, text: &str, location: Location) {
    let fault = match location {
        // A query is percent-encoded, so it can contain anything.
        Location::Query => None,
        Location::Path => segment_fault(text),
        Location::Header | Location::Cookie => {
            reader.only_plain_variables(text, node.span, "a header");
            header_fault(text, location)
        }
    };
    if let Some((message, help)) = fault {
        reader.error(Code::InvalidValue, node.span, message, help);
    }
}

/// Reports what HTTP can't send as the name of a header or cookie (RFC 9110, section 5.6.2).
pub(super) fn header_name(reader: &mut Reader<'_>, name: &str, span: Span) {
    // Names of headers are tokens (RFC 9110, section 5.1).
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    // JavaScript's `fetch` leaves that name out, however it is given.
    if name.is_empty() || !name.bytes().all(fits) || name == "__proto__" {
        let help = "write letters, digits and hyphens, as in X-Request-Id";
        let message = format!("`{name}` can't name a header or cookie");
        reader.error(Code::InvalidId, span, message, help);
    }
}

/// Returns the example of a parameter or header.
pub(super) fn parameter_example(
    reader: &mut Reader<'_>,
    node: &Node,
    location: Location,
) -> serde_json::Value {
    let value = reader.json(node);
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    let is_nested = |value: &serde_json::Value| value.is_array() || value.is_object();
    // There is no common form: OpenAPI has several styles for objects in parameters, and a server
    // reads its own.
    if value.is_object() || items.iter().any(is_nested) {
        let help = "describe each part as a parameter of its own, such as `filter[status]`, or write its text in quotes";
        let message = "an object or nested array, which a parameter can't send";
        reader.error(Code::InvalidValue, node.place, message, help);
    }
    let texts = value.as_str().into_iter();
    for text in texts.chain(items.iter().filter_map(|item| item.as_str())) {
        sent_text(reader, node, text, location);
    }
    value
}

/// Reports keys of maps that can't name a part of multipart/form-data.
pub(super) fn names_of_parts<'n>(reader: &mut Reader<'_>, nodes: impl Iterator<Item = &'n Node>) {
    let mut reported = HashSet::new();
    for entry in nodes.flat_map(entries) {
        let name = entry.key.as_str();
        // Clients escape a quote in two ways: `%22` (HTML, multipart/form-data) and `\"` (RFC 9110,
        // section 5.6.4).
        let breaks = |c: char| matches!(c, '=' | '"' | '\\') || c.is_control();
        if (name.contains(breaks) || name.trim() != name) && reported.insert(name) {
            let message = format!("`{name}` can't name a part of multipart/form-data");
            let help = "write a name without `=`, quotes, backslashes and blanks around it: clients read them as their own syntax";
            reader.error(Code::InvalidId, entry.key_span, message, help);
        }
    }
}

fn entries(node: &Node) -> &[MapEntry] {
    match &node.value {
        Value::Mapping(entries) => entries,
        _ => &[],
    }
}

/// A message and its help.
type WireFault = (&'static str, &'static str);

/// Returns the error in the value of a header or cookie, if any.
fn header_fault(text: &str, location: Location) -> Option<WireFault> {
    // RFC 9110, section 5.5: other bytes are opaque, so each client encodes or rejects them in its
    // own way.
    let is_sent = |c: char| c.is_ascii() || Hole::from_marker(c).is_some();
    // RFC 9110, section 5.5: CR, LF and NUL are dangerous, other control characters invalid.
    if text.contains(char::is_control) {
        let message = "a line end or control character in a header";
        return Some((message, "a header is one line, without tabs"));
    }
    // RFC 9110, section 5.5: whitespace around a field value is not a part of it.
    if text.trim() != text {
        let message = "blanks around the value of a header";
        let help = "remove them: HTTP drops blanks around the value of a header";
        return Some((message, help));
    }
    // RFC 9110, section 5.5, limits new fields to US-ASCII. Python encodes Latin-1, `fetch` throws
    // beyond U+00FF, curl sends the bytes of the command line.
    if !text.chars().all(is_sent) {
        let message = "a character beyond ASCII in a header";
        let help = "encode it as the API expects it, such as %C3%A9 for é: clients send it in different ways, or refuse it";
        return Some((message, help));
    }
    // RFC 6265, section 4.1.1: a cookie-octet excludes it.
    if location == Location::Cookie && text.contains(';') {
        let message = "a semicolon in the value of a cookie";
        let help = "encode it as the API expects it, such as %3B: a semicolon ends the value";
        return Some((message, help));
    }
    None
}

/// Returns the error in the value of a path parameter, if any.
fn segment_fault(text: &str) -> Option<WireFault> {
    let help = "write a value with other characters: clients remove such a part of a path";
    match text {
        "" => Some(("an empty part of the path", help)),
        // RFC 3986, section 5.2.4: clients remove dot segments; by the WHATWG URL standard also
        // `%2e`.
        "." | ".." => Some(("a part of the path that is only dots", help)),
        _ => None,
    }
}

/// Returns the error in a base URL from its host on, if any.
pub(super) fn server_fault(url: &str) -> Option<WireFault> {
    if url.contains("{{") {
        // An unknown variable, which is reported at its place.
        return None;
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    // RFC 9110, section 4.2.4, deprecates user information in http URIs; `fetch` throws on it.
    if host.contains('@') {
        let help = "describe it under `auth`: clients send it in different ways, or refuse it";
        return Some(("a user's name in a base URL", help));
    }
    if rest.contains(['{', '}']) {
        let help = "write the address itself, or a variable of site.yaml: clients read braces as their own syntax";
        return Some(("braces in a base URL", help));
    }
    if host.contains(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !".-_:[]".contains(c))
    {
        let help = "write the name of a host, perhaps with a port";
        return Some(("a host that is neither a name nor an address", help));
    }
    path_fault(rest.strip_prefix(host).unwrap_or_default())
}

/// Returns the error in a path outside of parameters in braces and variables, if any (RFC 3986,
/// section 3.3).
pub(super) fn path_fault(path: &str) -> Option<WireFault> {
    let mut parts = path.split('/');
    if parts.any(is_dots) {
        let message = "a part of the path that is only dots";
        return Some((
            message,
            "write the path that is requested: clients resolve `.` and `..`",
        ));
    }
    let mut is_in_braces = false;
    let is_odd = |c: char| {
        match c {
            '{' => is_in_braces = true,
            '}' => is_in_braces = false,
            _ => {}
        }
        let fits = c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/%{}".contains(c);
        !(fits || is_in_braces || Hole::from_marker(c).is_some())
    };
    path.contains(is_odd).then_some((
        "a character that is not allowed in the path of a URL",
        "write it as %XX of its bytes in UTF-8, such as %C3%A9 for é",
    ))
}
