//! Values of examples: fills their holes with the variables' examples, quotes and compares them.

use serde_json::{Number, Value};

use crate::hole::variable::{BOT_ID, Variables};
use crate::hole::{Hole, Values};
use crate::model::Type;

/// How many characters of a value are quoted.
const MOST_QUOTED: usize = 40;

/// How many bytes of a value are searched for keys before they are quoted.
const MOST_MASKED: usize = 1024;

/// Replaces holes by the variables' examples.
pub(super) struct Filling<'a> {
    variables: &'a Variables,
    values: Values,
}

impl<'a> Filling<'a> {
    pub(super) fn new(variables: &'a Variables) -> Filling<'a> {
        let example = |name: &str| {
            let variable = variables.iter().find(|variable| variable.name == name)?;
            variable.example.clone()
        };
        Filling {
            variables,
            values: variables.values(example),
        }
    }

    pub(super) fn text(&self, text: &str) -> String {
        self.values.fill(text)
    }

    pub(super) fn value(&self, value: &Value) -> Value {
        self.values.fill_value(value)
    }

    /// Returns the first variable that can turn the name of a file into a path, or into the name of
    /// a hidden file.
    pub(super) fn misnames(&self, file: &str) -> Option<&'a str> {
        let variable = |c: char| Some(self.variables.get(Hole::from_marker(c)?.variable));
        let variables: Vec<_> = file.chars().filter_map(variable).collect();
        // The ID of a bot begins with a letter or a digit too.
        let begins = file.chars().next().is_some_and(|first| {
            variable(first).map_or(first.is_alphanumeric(), |it| it.name == BOT_ID)
        });
        let has_text = file.chars().any(|c| variable(c).is_none());
        let wrong = variables.iter().find(|variable| !variable.is_plain());
        let first = variables.first().filter(|_| !begins || !has_text);
        wrong.or(first).map(|variable| variable.name.as_str())
    }

    /// Returns the first variable in a text that has no example, so its value is unknown.
    pub(super) fn unknown_in(&self, value: &Value) -> Option<&'a str> {
        let holes = value.as_str()?.chars().filter_map(Hole::from_marker);
        let mut variables = holes.map(|hole| self.variables.get(hole.variable));
        let unknown = variables.find(|variable| variable.example.is_none());
        unknown.map(|variable| variable.name.as_str())
    }
}

/// Returns the name of a value's type, with its article.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if is_whole(number) => "an integer",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Returns the name of a type, with its article.
pub(super) fn kind_of(wanted: Type) -> &'static str {
    match wanted {
        Type::String => "a string",
        Type::Number => "a number",
        Type::Integer => "an integer",
        Type::Boolean => "a boolean",
        Type::Object => "an object",
        Type::Array => "an array",
        Type::Null => "null",
    }
}

/// Returns a value as it is quoted in a message.
pub(super) fn quoted(value: &Value) -> String {
    format!("`{}`", shown(value))
}

/// Returns a value as messages show it, so that different values look different: as JSON, but a text
/// without its quotes where no other value looks like it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if !looks_like_another(text) => shortened(text),
        other => shortened(&with_escapes(&other.to_string())),
    }
}

/// Returns whether a text without quotes could be another value, or can't be seen.
fn looks_like_another(text: &str) -> bool {
    // A text that is cut is not complete in either form.
    text.len() <= MOST_MASKED
        && (text.trim() != text
            || text.is_empty()
            || text.contains(|c| c == '⏎' || is_unseen(c))
            || serde_json::from_str::<Value>(text).is_ok())
}

/// Returns JSON with escapes for characters that can't be seen.
fn with_escapes(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unseen(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Returns whether a character looks like a space or like nothing.
fn is_unseen(character: char) -> bool {
    // Zero-width characters, and those that change the direction of the text after them.
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
        || character.is_whitespace() && !matches!(character, ' ' | '\n')
        || character.is_control() && character != '\n'
}

/// Returns a text of one line that is short enough to be read at a glance.
pub(super) fn shortened(text: &str) -> String {
    // The quoted part of a key no longer has the shape of a key, so keys are masked in a longer
    // part.
    let near = &text[..text.floor_char_boundary(MOST_MASKED)];
    let line = crate::input::secret::masked(near).replace('\n', "⏎");
    match line.char_indices().nth(MOST_QUOTED) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None if near.len() < text.len() => format!("{line}…"),
        None => line,
    }
}

/// Returns whether a number has no fraction, in any notation.
pub(super) fn is_whole(number: &Number) -> bool {
    !decimal(number).exponent.starts_with('-')
}

/// A number as it is compared, so that equal ones are equal however they are written, and no digit
/// gets lost.
#[derive(PartialEq)]
struct Decimal {
    is_negative: bool,
    /// The digits without leading and trailing zeros.
    digits: String,
    /// The power of ten after them. One beyond an `i64` stays as written, with the shift added to
    /// it, so such numbers are equal only if they are written alike.
    exponent: String,
}

fn decimal(number: &Number) -> Decimal {
    // Compared by digits: as `f64`, 9007199254740993 and 9007199254740992 are equal (RFC 8259,
    // section 6, leaves the precision to each parser).
    let written = number.to_string();
    let (is_negative, written) = match written.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, written.as_str()),
    };
    let (mantissa, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let all = all.trim_start_matches('0');
    // Not a float: an ID of twenty digits would equal its neighbour.
    let digits = all.trim_end_matches('0');
    if digits.is_empty() {
        return Decimal {
            is_negative: false,
            digits: String::new(),
            exponent: "0".to_owned(),
        };
    }
    let shift = all.len() as i64 - digits.len() as i64 - fraction.len() as i64;
    let sum = exponent
        .parse::<i64>()
        .ok()
        .and_then(|it| it.checked_add(shift));
    let beyond = || {
        let sign = if exponent.starts_with('-') { "-" } else { "" };
        let power = exponent
            .trim_start_matches(['+', '-'])
            .trim_start_matches('0');
        format!("{sign}{power}{shift:+}")
    };
    Decimal {
        is_negative,
        digits: digits.to_owned(),
        exponent: sum.map_or_else(beyond, |sum| sum.to_string()),
    }
}

/// Returns whether two values are equal as JSON's are: numbers by their value, objects in any
/// order.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    first_difference(one, other).is_none()
}

/// Returns a key that is the same for values that are equal in JSON: numbers by their value,
/// objects in any order.
pub fn key(value: &Value) -> String {
    key_within(value, usize::MAX).unwrap_or_default()
}

/// Returns the key of a value if it has at most this many bytes; stops at the limit.
pub(super) fn key_within(value: &Value, most: usize) -> Option<String> {
    let mut key = String::new();
    push_key(value, most, &mut key)?;
    Some(key)
}

fn push_key(value: &Value, most: usize, key: &mut String) -> Option<()> {
    match value {
        Value::Number(number) => {
            let number = decimal(number);
            let sign = if number.is_negative { "-" } else { "" };
            key.push_str(&format!("{sign}{}e{}", number.digits, number.exponent));
        }
        Value::Array(items) => {
            key.push('[');
            for item in items {
                push_key(item, most, key)?;
                key.push(',');
            }
            key.push(']');
        }
        Value::Object(members) => {
            if members.len() > most {
                return None;
            }
            let mut members: Vec<_> = members.iter().collect();
            // RFC 8259, section 1: an object is an unordered collection.
            members.sort_unstable_by_key(|(name, _)| *name);
            key.push('{');
            for (name, value) in members {
                push_text(name, most, key)?;
                push_key(value, most, key)?;
                key.push(',');
            }
            key.push('}');
        }
        Value::String(text) => push_text(text, most, key)?,
        Value::Null | Value::Bool(_) => key.push_str(&value.to_string()),
    }
    (key.len() <= most).then_some(())
}

/// Returns a text after its length, so that no other one reads the same.
fn push_text(text: &str, most: usize, key: &mut String) -> Option<()> {
    if text.len() > most {
        return None;
    }
    // With the length, `["a,b"]` and `["a","b"]` have different keys.
    key.push_str(&format!("\"{}:{text}", text.len()));
    Some(())
}

/// Returns the first place at which two values differ, and both values there; `None` for a missing
/// one.
pub(super) fn first_difference(one: &Value, other: &Value) -> Option<Difference> {
    let part = |step: &str, one: Option<&Value>, other: Option<&Value>| match (one, other) {
        (Some(one), Some(other)) => first_difference(one, other).map(|found| Difference {
            at: format!(
                "/{}{}",
                step.replace('~', "~0").replace('/', "~1"),
                found.at
            ),
            ..found
        }),
        (one, other) => Some(Difference {
            at: format!("/{}", step.replace('~', "~0").replace('/', "~1")),
            one: one.cloned(),
            other: other.cloned(),
        }),
    };
    let here = || {
        Some(Difference {
            at: String::new(),
            one: Some(one.clone()),
            other: Some(other.clone()),
        })
    };
    match (one, other) {
        (Value::Number(a), Value::Number(b)) if decimal(a) == decimal(b) => None,
        (Value::Array(a), Value::Array(b)) => {
            let mut steps = 0..a.len().max(b.len());
            steps.find_map(|index| part(&index.to_string(), a.get(index), b.get(index)))
        }
        (Value::Object(a), Value::Object(b)) => {
            let only_there = b.keys().filter(|key| !a.contains_key(*key));
            let mut keys = a.keys().chain(only_there);
            keys.find_map(|key| part(key, a.get(key), b.get(key)))
        }
        _ if one == other => None,
        _ => here(),
    }
}

/// Where two values differ.
#[derive(Debug, PartialEq)]
pub(super) struct Difference {
    /// A JSON pointer into both.
    pub(super) at: String,
    /// The first value there.
    pub(super) one: Option<Value>,
    /// The second value there.
    pub(super) other: Option<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_are_equal_by_their_value() {
        for (one, other, expected) in [
            ("1.10", "1.1", true),
            ("1e2", "100", true),
            ("100", "1.00e2", true),
            ("-0", "0.0", true),
            ("9007199254740993", "9007199254740992", false),
            ("0.1", "0.10000000000000000001", false),
            ("-1", "1", false),
            ("1e99999999999999999999", "1e99999999999999999998", false),
            ("1e-99999999999999999999", "1e-99999999999999999998", false),
            ("1e99999999999999999999", "1e2147483647", false),
            ("1.0e99999999999999999999", "1e+099999999999999999999", true),
            ("10e9223372036854775807", "1e9223372036854775807", false),
            ("0e99999999999999999999", "0", true),
        ] {
            assert_eq!(same(&json(one), &json(other)), expected, "{one} {other}");
            let is_one_key = key(&json(one)) == key(&json(other));
            assert_eq!(is_one_key, expected, "{one} {other}");
        }
        for (number, whole) in [
            ("1.0", true),
            ("1e-1", false),
            ("10e-1", true),
            ("0.5", false),
            ("1.5e99999999999999999999", true),
            ("1e-99999999999999999999", false),
        ] {
            let Value::Number(number) = json(number) else {
                unreachable!()
            };
            assert_eq!(is_whole(&number), whole, "{number}");
        }
    }

    #[test]
    fn the_first_difference_is_where_one_would_look() {
        let one = json(r#"{"a": [1, {"b/c": 2}], "d": 1}"#);
        let found = |other: &str| first_difference(&one, &json(other)).map(|found| found.at);
        assert_eq!(found(r#"{"d": 1, "a": [1, {"b/c": 2.0}]}"#), None);
        let turned = json(r#"{"d": 1, "a": [1, {"b/c": 2.0}]}"#);
        assert_eq!(key(&one), key(&turned));
        assert_eq!(
            found(r#"{"a": [1, {"b/c": 3}], "d": 1}"#),
            Some("/a/1/b~1c".into())
        );
        assert_eq!(found(r#"{"a": [1], "d": 1}"#), Some("/a/1".into()));
        assert_eq!(
            found(r#"{"a": [1, {"b/c": 2}], "d": 1, "e": 0}"#),
            Some("/e".into())
        );
    }
}
