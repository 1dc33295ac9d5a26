//! A line of JSON Lines as far as it says a bot: what is anything else is looked at elsewhere.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The key under which serde_json hands over a number, to keep the digits that were written.
const NUMBER: &str = "$serde_json::private::Number";

/// The keys and values in the written order, equal keys too; none of what is no object.
pub(super) struct Object<'a>(pub(super) Vec<(Cow<'a, str>, Item<'a>)>);

/// What may be a value of a bot.
pub(super) enum Item<'a> {
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
            _ => Ok(Object(vec![(Cow::Borrowed(""), Item::Other)])),
        }
    }
}

/// Any value of JSON, as far as it concerns bots.
enum Any<'a> {
    Null,
    Text(Cow<'a, str>),
    Integer(String),
    List(Vec<Cow<'a, str>>),
    Object(Vec<(Cow<'a, str>, Item<'a>)>),
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
            if key == NUMBER {
                let digits: String = map.next_value()?;
                return Ok(match super::is_integer(&digits) {
                    true => Any::Integer(digits),
                    false => Any::Other,
                });
            }
            let item = match map.next_value::<Any<'de>>()? {
                Any::Null => Item::Null,
                Any::Text(text) => Item::Text(text),
                Any::Integer(digits) => Item::Integer(digits),
                Any::List(texts) => Item::List(texts),
                Any::Object(_) | Any::Other => Item::Other,
            };
            entries.push((key, item));
        }
        Ok(Any::Object(entries))
    }
}
