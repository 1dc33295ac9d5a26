//! Parses the body of a request into a value that a schema can validate.

use std::collections::{BTreeMap, HashMap};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::judge::value_of;
use crate::model::{Api, Body, MediaKind, Schema};

/// Parses a body of an expected kind; returns nothing for bytes, which no schema describes.
pub(super) fn read(
    api: &Api,
    expected: &Body,
    content_type: &str,
    body: &[u8],
) -> Result<Option<Value>, String> {
    let text = || String::from_utf8_lossy(body);
    let schema = expected.schema.as_ref();
    Ok(match expected.content_type.kind {
        MediaKind::Json => {
            let read = serde_json::from_slice(body);
            Some(read.map_err(|error| format!("the body is not valid JSON: {error}"))?)
        }
        MediaKind::Form => Some(members(api, schema, &pairs(&text()))),
        MediaKind::Multipart => Some(members(api, schema, &parts(content_type, body)?)),
        MediaKind::Text => Some(Value::String(text().into_owned())),
        MediaKind::Binary => None,
    })
}

/// Parses the names and values of a query or a form, in their order; a plus is a space, as
/// browsers write it in both.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        // The plus is replaced first: `%2B` is a literal plus (WHATWG URL,
        // `application/x-www-form-urlencoded`).
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Builds an object of the names and values, with the types of its schema.
fn members(api: &Api, schema: Option<&Schema>, pairs: &[(String, String)]) -> Value {
    let fields = schema.map_or(&[][..], |schema| &api.resolve(schema).fields);
    let fields: HashMap<&str, &Schema> = fields
        .iter()
        .map(|field| (field.name.as_str(), &field.schema))
        .collect();
    let any = Schema::default();
    // A sorted map, so that a form with a thousand equal names takes no quadratic time.
    let mut sent: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, text) in pairs {
        sent.entry(name).or_default().push(text);
    }
    let member = |(name, texts): (&str, Vec<&str>)| {
        let schema = fields.get(name).copied().unwrap_or(&any);
        (name.to_owned(), value_of(api, schema, &texts))
    };
    Value::Object(sent.into_iter().map(member).collect())
}

/// Parses the parts of `multipart/form-data` (RFC 7578); the value of a file is its name.
fn parts(content_type: &str, body: &[u8]) -> Result<Vec<(String, String)>, String> {
    let boundary = parameter(content_type, "boundary");
    let boundary = boundary.ok_or("`Content-Type` has no boundary")?;
    // The line end before a boundary belongs to it, also to the first (RFC 2046 §5.1.1).
    let body = [b"\r\n", body].concat();
    let mark = format!("\r\n--{boundary}");
    let mut starts = find_all(&body, mark.as_bytes()).into_iter().peekable();
    let mut parts = Vec::new();
    while let Some(start) = starts.next() {
        let after = start + mark.len();
        if body[after..].starts_with(b"--") {
            return Ok(parts);
        }
        let end = *starts.peek().unwrap_or(&body.len());
        let part = &body[after..end];
        let head_end = find_all(part, b"\r\n\r\n").first().copied();
        let head_end = head_end.ok_or("a part of the body has no header")?;
        let head = String::from_utf8_lossy(&part[..head_end]);
        let disposition = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-disposition")
                .then_some(value)
        });
        let disposition = disposition.unwrap_or_default();
        let name = parameter(disposition, "name").ok_or("a part of the body has no name")?;
        // A schema specifies only that a file is one; its name is what samples and examples have
        // in common.
        let value = parameter(disposition, "filename")
            .unwrap_or_else(|| String::from_utf8_lossy(&part[head_end + 4..]).into_owned());
        parts.push((name, value));
    }
    Err("the body ends before its last boundary".to_owned())
}

/// Returns a parameter of a header, without its quotes.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut left = header;
    while let Some((_, after)) = left.split_once(';') {
        let after = after.trim_start();
        let (found, value) = after.split_once('=')?;
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted_text(quoted),
            None => {
                let end = value.find(';').unwrap_or(value.len());
                (value[..end].trim().to_owned(), &value[end..])
            }
        };
        if found.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        left = after;
    }
    None
}

/// Returns a text up to its closing quote, and what follows.
fn quoted_text(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (out, &text[at + 1..]),
            // The escapes of a quoted string (RFC 9110 §5.6.4). Browsers write `%22` in a name
            // instead, which stays as it is.
            '\\' => out.extend(characters.next().map(|(_, escaped)| escaped)),
            other => out.push(other),
        }
    }
    (out, "")
}

/// Returns all positions of a text in bytes.
fn find_all(bytes: &[u8], text: &[u8]) -> Vec<usize> {
    let windows = bytes.windows(text.len()).enumerate();
    let found = windows.filter(|(_, window)| *window == text);
    found.map(|(at, _)| at).collect()
}

/// Returns the essence of a media type, in lower case.
pub(super) fn essence(name: &str) -> String {
    let essence = name.split(';').next().unwrap_or("");
    essence.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_names_and_texts() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x;\\\"y.png\"\r\n\
                    Content-Type: image/png\r\n\r\n\u{1}\r\n--b--\r\n";
        let read = parts("multipart/form-data; boundary=b", body.as_bytes()).unwrap();
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read, [own("a", "one\r\ntwo"), own("f", "x;\"y.png")]);
        let quoted = parts("multipart/form-data; boundary=\"b\"", body.as_bytes());
        assert_eq!(quoted.unwrap(), read);
        for (content_type, body) in [
            ("multipart/form-data", body),
            ("multipart/form-data; boundary=other", body),
            (
                "multipart/form-data; boundary=b",
                "--b\r\n\r\n\r\nx\r\n--b--",
            ),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
            ),
        ] {
            assert!(
                parts(content_type, body.as_bytes()).is_err(),
                "{content_type} {body}"
            );
        }
    }
}
