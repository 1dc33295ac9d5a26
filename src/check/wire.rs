//! Texts that HTTP, or a tool that sends them, would reject or change.

use std::collections::HashSet;

use crate::hole::Hole;
use crate::hole::variable::{Variables, is_dots};
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::Location;

use super::address::{self, WireFault};
use super::reader::Reader;
use super::reference::SchemaNames;

/// Reports a text that the value of a parameter can't be where it is sent.
pub(super) fn sent_text(reader: &mut Reader<'_>, node: &Node, text: &str, location: Location) {
    if let Location::Header | Location::Cookie = location {
        reader.only_plain_variables(text, node.span, "a header");
    }
    if let Some(fault) = sent_fault(text, location, reader.variables) {
        reader.error(Code::InvalidValue, node.span, fault.message, fault.help);
    }
}

/// Returns why a text can't be the value of a parameter where it is sent.
fn sent_fault(text: &str, location: Location, variables: &Variables) -> Option<WireFault> {
    match location {
        // A query is percent-encoded, so it can contain anything.
        Location::Query => None,
        Location::Path => segment_fault(text, variables),
        Location::Header | Location::Cookie => header_fault(text, location, variables),
    }
}

/// Reports the default, the constant and the values of `enum` in the schema of a parameter or header
/// that can't be sent; those of a referenced schema where the reference is.
pub(super) fn parameter_values(
    reader: &mut Reader<'_>,
    schema: &Node,
    location: Location,
    names: &SchemaNames<'_>,
) {
    for node in values_of(schema) {
        if let Value::String(text) = &node.value {
            // Errors inside braces are reported where the value is read.
            let text = reader.variables.resolve(text, &mut Vec::new()).text;
            sent_text(reader, node, &text, location);
        }
    }
    let Some(reference) = schema.value.get("$ref") else {
        return;
    };
    let Value::String(name) = &reference.value else {
        return;
    };
    let named = names.node(name);
    let fault = named.into_iter().flat_map(values_of).find_map(|node| {
        let Value::String(text) = &node.value else {
            return None;
        };
        let text = reader.variables.resolve(text, &mut Vec::new()).text;
        Some((node.span, sent_fault(&text, location, reader.variables)?))
    });
    if let Some((value, fault)) = fault {
        let diagnostic = Diagnostic::error(Code::InvalidValue, reference.span, fault.message);
        let diagnostic = diagnostic.and(value, "the value of the schema");
        reader.report.push(diagnostic.help(fault.help));
    }
}

/// Reports the schema of a parameter without an example whose values no parameter can send.
pub(super) fn parameter_schema(reader: &mut Reader<'_>, schema: &Node, names: &SchemaNames<'_>) {
    let of_reference = |node: &Node| match node.value.get("$ref").map(|node| &node.value) {
        Some(Value::String(name)) => names.node(name),
        _ => None,
    };
    let is = |node: &Node, wanted: &str| {
        let node = of_reference(node).unwrap_or(node);
        let keys: &[&str] = match wanted {
            "object" => &["fields", "additionalProperties"],
            _ => &["items"],
        };
        let kind = node.value.get("type").map(|node| &node.value);
        matches!(kind, Some(Value::String(kind)) if kind == wanted)
            || keys.iter().any(|key| node.value.get(key).is_some())
    };
    let own = of_reference(schema).unwrap_or(schema);
    let items = own.value.get("items");
    if is(schema, "object") || items.is_some_and(|it| is(it, "object") || is(it, "array")) {
        reader.error(Code::InvalidValue, schema.place, NESTED, BY_PARTS);
    }
}

/// Returns the values that a schema itself names: its own, and those of its items and alternatives.
fn values_of(schema: &Node) -> Vec<&Node> {
    let items = |key: &str| match schema.value.get(key).map(|node| &node.value) {
        Some(Value::Sequence(items)) => items.as_slice(),
        _ => &[],
    };
    let default = schema.value.get("default");
    // An empty default is that of a header which is left out.
    let is_empty = |node: &&Node| matches!(&node.value, Value::String(text) if text.is_empty());
    let default = default.filter(|node| !is_empty(node));
    let single = default.into_iter().chain(schema.value.get("const"));
    let mut values: Vec<&Node> = single.chain(items("enum")).collect();
    // A default that is a list is sent item by item.
    let lists = values.iter().filter_map(|node| match &node.value {
        Value::Sequence(items) => Some(items),
        _ => None,
    });
    let of_lists: Vec<&Node> = lists.flatten().collect();
    values.extend(of_lists);
    let parts = schema.value.get("items").into_iter().chain(items("oneOf"));
    values.extend(parts.flat_map(values_of));
    values
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

/// The message about a value with parts, and its help.
const NESTED: &str = "an object or nested array, which a parameter can't send";
const BY_PARTS: &str = "describe each part as a parameter of its own, such as `filter[status]`, or write its text in quotes";

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
        reader.error(Code::InvalidValue, node.place, NESTED, BY_PARTS);
    }
    // A list of nothing adds no parameter to a query, and to a path an empty part.
    if value.as_array().is_some_and(Vec::is_empty) {
        let message = "an empty list, of which nothing is sent";
        let help = "write an item, as in [a, b], or remove the example";
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

/// Returns the entries of a mapping, none of anything else.
pub(super) fn entries(node: &Node) -> &[MapEntry] {
    match &node.value {
        Value::Mapping(entries) => entries,
        _ => &[],
    }
}

/// Returns the error in the value of a header or cookie, if any.
fn header_fault(text: &str, location: Location, variables: &Variables) -> Option<WireFault> {
    // RFC 9110, section 5.5: other bytes are opaque, so each client encodes or rejects them in its
    // own way.
    let is_sent = |c: char| c.is_ascii() || Hole::from_marker(c).is_some();
    // RFC 9110, section 5.5: CR, LF and NUL are dangerous, other control characters invalid.
    if text.contains(char::is_control) {
        let message = "a line end or control character in a header";
        return Some(WireFault::new(
            message,
            "a header is one line, without tabs",
        ));
    }
    // curl reads `X-A:` as the removal of the header.
    if text.trim().is_empty() && location == Location::Header {
        let message = "an empty value of a header";
        let help = "write a value, or remove the header: some clients do not send it without one";
        return Some(WireFault::new(message, help));
    }
    // RFC 9110, section 5.5: whitespace around a field value is not a part of it.
    if text.trim() != text {
        let message = "blanks around the value of a header";
        let help = "remove them: HTTP drops blanks around the value of a header";
        return Some(WireFault::new(message, help));
    }
    // RFC 9110, section 5.5, limits new fields to US-ASCII. Python encodes Latin-1, `fetch` throws
    // beyond U+00FF, curl sends the bytes of the command line.
    if !text.chars().all(is_sent) {
        let message = "a character beyond ASCII in a header";
        let help = "encode it as the API expects it, such as %C3%A9 for é: clients send it in different ways, or refuse it";
        return Some(WireFault::new(message, help));
    }
    if location == Location::Cookie
        && let Some(character) = not_in_cookie(text)
    {
        let (what, escape) = match character {
            ';' => ("a semicolon", "%3B"),
            ',' => ("a comma", "%2C"),
            ' ' => ("a blank", "%20"),
            '"' => ("a quote", "%22"),
            _ => ("a backslash", "%5C"),
        };
        let message = format!("{what} in the value of a cookie");
        let help = format!(
            "encode it as the API expects it, such as {escape}: servers end the value there, or drop the cookie"
        );
        return Some(WireFault::new(message, help));
    }
    // The templates of links are sent with their braces (RFC 9652, Link-Template).
    let is_template = |name: &str| text.starts_with(['/', '<']) && variables.find(name).is_none();
    if address::braced_name(text).is_some_and(is_template) {
        return None;
    }
    braces_fault(text, "the value of a header", variables)
}

/// Returns the first character that the value of a cookie can't contain.
fn not_in_cookie(text: &str) -> Option<char> {
    // RFC 6265, section 4.1.1: a cookie-octet excludes these; quotes may be around all of it.
    let quoted = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let mut characters = quoted.unwrap_or(text).chars();
    characters.find(|character| ";, \"\\".contains(*character))
}

/// Returns the error in a name in single braces, which is sent as it is.
fn braces_fault(text: &str, place: &str, variables: &Variables) -> Option<WireFault> {
    let name = address::braced_name(text)?;
    let message = format!("`{{{name}}}` in {place}, which is no variable");
    Some(WireFault::new(
        message,
        address::as_variable(name, variables),
    ))
}

/// Returns the error in the value of a path parameter, if any.
fn segment_fault(text: &str, variables: &Variables) -> Option<WireFault> {
    let help = "write a value with other characters: clients remove such a part of a path";
    match text {
        "" => Some(WireFault::new("an empty part of the path", help)),
        // RFC 3986, section 5.2.4: clients remove dot segments; by the WHATWG URL standard also
        // `%2e`.
        "." | ".." => Some(WireFault::new(DOTS, help)),
        _ => braces_fault(text, "the value of a parameter", variables),
    }
}

/// Returns the error in how a path writes its parameters, whose names these are, if any.
pub(super) fn template_fault(path: &str, names: &[&str]) -> Option<WireFault> {
    let mut seen = HashSet::new();
    if let Some(name) = names.iter().find(|name| !seen.insert(**name)) {
        let message = format!("the path has `{{{name}}}` twice");
        let help = "give each parameter a name of its own, such as {chat_id} and {message_id}";
        return Some(WireFault::new(message, help));
    }
    let as_braces = |name: &str| format!("write the parameter as {{{name}}}");
    if let Some((_, rest)) = path.split_once("${") {
        let name = rest.split('}').next().unwrap_or_default();
        let message = format!("`${{{name}}}` in a path, where `$` is a character of the path");
        return Some(WireFault::new(message, as_braces(name)));
    }
    // A colon inside of a segment begins a verb of Google's APIs, as in `/items/{id}:cancel`.
    let mut names = path.split('/').filter_map(|part| part.strip_prefix(':'));
    let name =
        names.find(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))?;
    let message = format!("`:{name}` in a path, which is no parameter");
    let help = format!("{}, or a colon at the beginning as `%3A`", as_braces(name));
    Some(WireFault::new(message, help))
}

/// The message about a segment that clients resolve.
const DOTS: &str = "a part of the path that is only dots";

/// Returns the error in a base URL from its host on, if any.
pub(super) fn server_fault(url: &str, variables: &Variables) -> Option<WireFault> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    // RFC 9110, section 4.2.4, deprecates user information in http URIs; `fetch` throws on it.
    if host.contains('@') {
        let help = "describe it under `auth`: clients send it in different ways, or refuse it";
        return Some(WireFault::new("a user's name in a base URL", help));
    }
    if let Some(fault) = braces_fault(rest, "a base URL", variables) {
        return Some(fault);
    }
    if rest.contains(['{', '}']) {
        let help = "write the address itself, or a variable of site.yaml as {{ name }}: clients read braces as their own syntax";
        return Some(WireFault::new("braces in a base URL", help));
    }
    if host.contains(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !".-_:[]".contains(c))
    {
        let help = "write the name of a host, perhaps with a port";
        let message = "a host that is neither a name nor an address";
        return Some(WireFault::new(message, help));
    }
    address::host_fault(host).or_else(|| path_fault(rest.strip_prefix(host).unwrap_or_default()))
}

/// Returns the error in a path outside of parameters in braces and variables, if any (RFC 3986,
/// section 3.3).
pub(super) fn path_fault(path: &str) -> Option<WireFault> {
    if path.split('/').any(is_dots) {
        let help = "write the path that is requested: clients resolve `.` and `..`";
        return Some(WireFault::new(DOTS, help));
    }
    if path.contains("//") {
        let help = "write one slash: servers and proxies join them, or answer with another page";
        return Some(WireFault::new("an empty part of the path", help));
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
    if path.contains(is_odd) {
        let other = ["[]", "<>"].iter().find_map(|signs| {
            let (open, close) = signs.split_at(1);
            let (name, _) = path.split_once(open)?.1.split_once(close)?;
            // Flask writes a type before the name, and Next.js three dots.
            let name = name.rsplit(['.', ':']).next().unwrap_or(name);
            let fits = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
            let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            (begins && name.chars().all(fits)).then_some(name)
        });
        if let Some(name) = other {
            let message = "brackets in a path, which other programs read as a parameter";
            return Some(WireFault::new(
                message,
                format!("write the parameter as {{{name}}}"),
            ));
        }
        let message = "a character that is not allowed in the path of a URL";
        let help = "write it as %XX of its bytes in UTF-8, such as %C3%A9 for é";
        return Some(WireFault::new(message, help));
    }
    let is_escape = |after: &str| {
        let digits = after.get(..2);
        digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    if path.split('%').skip(1).any(|after| !is_escape(after)) {
        let message = "a `%` without two hexadecimal digits after it";
        return Some(WireFault::new(
            message,
            "write `%25` for the percent sign itself",
        ));
    }
    None
}
