//! Lists of bots in JSON Lines: a fast path for correct lines; any other line is parsed again with
//! its places.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::io::{self, BufRead, Read as _};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::limit::LONGEST_RECORD;
use super::reader::{ENDPOINTS, ListFormat, ListReader, is_integer};
use super::tree::tree;
use crate::input::diagnostic::Report;
use crate::input::explain::Code;
use crate::input::source::Span;

/// The key under which serde_json hands over a number, to keep the digits that were written.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads a list line by line; its errors are those of the text.
pub(super) fn read(reader: &mut ListReader<'_>, text: impl BufRead) -> io::Result<()> {
    let mut text = text;
    let (mut bytes, mut number) = (Vec::new(), 0);
    loop {
        bytes.clear();
        // One more for the line's end.
        let mut within = text.by_ref().take(LONGEST_RECORD as u64 + 1);
        if within.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        number += 1;
        if bytes.len() > LONGEST_RECORD && bytes.last() != Some(&b'\n') {
            reader.endless(&bytes, number);
            return Ok(());
        }
        let Some(line) = reader.text(&bytes, number) else {
            return Ok(());
        };
        if line.trim().is_empty() {
            continue;
        }
        // Borrowed from the line: a value without escapes is not copied.
        match serde_json::from_str::<Object<'_>>(line) {
            Ok(object) if take(reader, &object, number) => {}
            Ok(_) => reader.excerpt(line.trim_end(), number, |reader, span| {
                let mut syntax = Report::default();
                let node = tree(line.trim_end(), span, &mut syntax);
                reader.read_node(&node, ListFormat::JsonLines, syntax);
            }),
            Err(error) => not_json(reader, line, number, &error),
        }
    }
}

/// Adds a correct bot and returns true; else the line must be parsed again with places.
fn take(reader: &mut ListReader<'_>, object: &Object<'_>, line: u32) -> bool {
    let mut values: Vec<Option<&str>> = vec![None; reader.names.len()];
    let mut chosen = None;
    let mut known: HashSet<&str> = HashSet::with_capacity(object.0.len());
    for (key, item) in &object.0 {
        // RFC 8259, section 4, leaves the meaning of repeated names open; the slow path reports
        // them.
        if !known.insert(key) {
            return false;
        }
        let variable = reader.names.iter().position(|name| name == key);
        match (variable, item) {
            (_, BotItem::Null) if **key == *ENDPOINTS || variable.is_some() => {}
            (Some(variable), BotItem::Text(text)) => values[variable] = Some(text),
            (Some(variable), BotItem::Integer(digits)) => values[variable] = Some(digits),
            (None, BotItem::Text(name)) if *key == ENDPOINTS => {
                chosen = Some(vec![&**name]);
            }
            (None, BotItem::List(names)) if *key == ENDPOINTS => {
                chosen = Some(names.iter().map(|name| &**name).collect());
            }
            _ if reader.is_ignored(key) => {}
            _ => return false,
        }
    }
    reader.enlist(&values, chosen, line)
}

fn not_json(reader: &mut ListReader<'_>, line: &str, number: u32, error: &serde_json::Error) {
    let shown = line.trim_end();
    let at = error.column().saturating_sub(1).min(shown.len());
    reader.excerpt(shown, number, |reader, span| {
        // Columns count bytes, and may point into a character.
        let place = shown.floor_char_boundary(at)..shown.ceil_char_boundary(at + 1);
        // serde_json ends its messages with a line and column, which are those of the excerpt and
        // not of the list.
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        reader.record(None, |reader| {
            reader.error(
                Code::InvalidJson,
                Span::new(span.file, place),
                format!("not JSON: {message}"),
                "each line of JSON Lines is one object",
            );
        });
    });
}

/// The keys and values in the written order, duplicates included; a value that is not an object
/// gives one invalid entry.
pub(super) struct Object<'a>(pub(super) Vec<(Cow<'a, str>, BotItem<'a>)>);

/// A possible value of a bot.
pub(super) enum BotItem<'a> {
    Null,
    Text(Cow<'a, str>),
    /// The digits of an integer.
    Integer(String),
    List(Vec<Cow<'a, str>>),
    Other,
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Object<'de>, D::Error> {
        match from.deserialize_any(AnyVisitor)? {
            Any::Object(entries) => Ok(Object(entries)),
            _ => Ok(Object(vec![(Cow::Borrowed(""), BotItem::Other)])),
        }
    }
}

/// Any value of JSON, as far as it concerns bots.
enum Any<'a> {
    Null,
    Text(Cow<'a, str>),
    Integer(String),
    List(Vec<Cow<'a, str>>),
    Object(Vec<(Cow<'a, str>, BotItem<'a>)>),
    Other,
}

impl<'de> Deserialize<'de> for Any<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Any<'de>, D::Error> {
        from.deserialize_any(AnyVisitor)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Any<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Any<'de>, E> {
        Ok(Any::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Any<'de>, E> {
        Ok(Any::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Any<'de>, E> {
        Ok(Any::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Any<'de>, E> {
        Ok(Any::Other)
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Any<'de>, E> {
        Ok(Any::Integer(integer.to_string()))
    }

    fn visit_u64<E>(self, integer: u64) -> Result<Any<'de>, E> {
        Ok(Any::Integer(integer.to_string()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Any<'de>, E> {
        Ok(Any::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Any<'de>, A::Error> {
        let (mut texts, mut is_texts) = (Vec::new(), true);
        while let Some(item) = items.next_element::<Any<'de>>()? {
            match item {
                Any::Text(text) => texts.push(text),
                _ => is_texts = false,
            }
        }
        Ok(if is_texts {
            Any::List(texts)
        } else {
            Any::Other
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Any<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Any<'de>>()? {
            let Any::Text(key) = key else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            // The feature `arbitrary_precision`, by which `1e400` in an example keeps its digits,
            // represents numbers as an object with this key.
            if key == NUMBER {
                let digits: String = map.next_value()?;
                return Ok(if is_integer(&digits) {
                    Any::Integer(digits)
                } else {
                    Any::Other
                });
            }
            let item = match map.next_value::<Any<'de>>()? {
                Any::Null => BotItem::Null,
                Any::Text(text) => BotItem::Text(text),
                Any::Integer(digits) => BotItem::Integer(digits),
                Any::List(texts) => BotItem::List(texts),
                Any::Object(_) | Any::Other => BotItem::Other,
            };
            entries.push((key, item));
        }
        Ok(Any::Object(entries))
    }
}
