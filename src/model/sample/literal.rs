//! A JSON value as a literal of a language.

use serde_json::Value;

/// The syntax of maps, lists and their contents in a language.
pub(super) struct Syntax {
    /// A text as a string.
    pub(super) string: fn(&str) -> String,
    /// The name of a member, with the separator before its value.
    pub(super) key: fn(&str) -> String,
    /// The delimiters of a map.
    pub(super) map: [&'static str; 2],
    /// A map without members.
    pub(super) empty_map: &'static str,
    /// The words for no value, false and true.
    pub(super) words: [&'static str; 3],
    /// The indentation of a block.
    pub(super) unit: &'static str,
    /// Whether a comma follows the last item too.
    pub(super) last_comma: bool,
    /// The last column of a list of plain values on one line, and of a text beside its name; 0 for
    /// no such rule.
    pub(super) width: usize,
}

/// Writes a value whose first line begins at a depth, after `before` columns of its line.
pub(super) fn literal(value: &Value, syntax: &Syntax, depth: usize, before: usize) -> String {
    let mut out = String::new();
    push(value, syntax, depth, before, &mut out);
    out
}

fn push(value: &Value, syntax: &Syntax, depth: usize, before: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str(syntax.words[0]),
        Value::Bool(value) => out.push_str(syntax.words[1 + usize::from(*value)]),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.push_str(&(syntax.string)(text)),
        // All languages here write an empty list alike.
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(members) if members.is_empty() => out.push_str(syntax.empty_map),
        Value::Array(items) => push_list(items, syntax, depth, before, out),
        Value::Object(members) => {
            let [open, close] = syntax.map;
            out.push_str(open);
            for (index, (name, value)) in members.iter().enumerate() {
                let key = (syntax.key)(name);
                push_break(syntax, depth + 1, index, out);
                out.push_str(&key);
                if is_put_below(&key, value, syntax, depth + 1) {
                    out.truncate(out.trim_end().len());
                    out.push('\n');
                    out.push_str(&syntax.unit.repeat(depth + 2));
                }
                push(value, syntax, depth + 1, key.chars().count(), out);
            }
            push_close(close, syntax, depth, out);
        }
    }
}

/// Returns whether a text goes below its name, since the line beside it would be too long: as
/// Prettier does, unless the name is hardly longer than the indentation of a line.
fn is_put_below(key: &str, value: &Value, syntax: &Syntax, depth: usize) -> bool {
    let Value::String(text) = value else {
        return false;
    };
    let (key, comma) = (key.chars().count(), 1);
    let is_short = key - ": ".len() < syntax.unit.len() + 3;
    let length = (syntax.string)(text).chars().count();
    let line = syntax.unit.len() * depth + key + length + comma;
    // Only Prettier has this rule; for the other formatters the width is 0.
    syntax.width > 0 && !is_short && line > syntax.width
}

fn push_list(items: &[Value], syntax: &Syntax, depth: usize, before: usize, out: &mut String) {
    let is_plain = |item: &Value| !matches!(item, Value::Array(_) | Value::Object(_));
    // Prettier fills a line with plain values; the others put each on its own line.
    if items.iter().all(is_plain) {
        let items = items.iter().map(|item| literal(item, syntax, 0, 0));
        let line = format!("[{}]", items.collect::<Vec<_>>().join(", "));
        let comma = 1;
        if syntax.unit.len() * depth + before + line.chars().count() + comma <= syntax.width {
            out.push_str(&line);
            return;
        }
    }
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        push_break(syntax, depth + 1, index, out);
        push(item, syntax, depth + 1, 0, out);
    }
    push_close("]", syntax, depth, out);
}

fn push_break(syntax: &Syntax, depth: usize, index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    out.push('\n');
    out.push_str(&syntax.unit.repeat(depth));
}

fn push_close(close: &str, syntax: &Syntax, depth: usize, out: &mut String) {
    if syntax.last_comma {
        out.push(',');
    }
    out.push('\n');
    out.push_str(&syntax.unit.repeat(depth));
    out.push_str(close);
}

/// Returns whether a value survives the literals of every language: numbers that a float holds, and
/// names that are not special. In JavaScript `__proto__` in a literal is no member, and PHP makes
/// integers of keys such as `"0"`, so that an object may become a list.
pub(super) fn survives(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => fits_float(&number.to_string()),
        Value::Array(items) => items.iter().all(survives),
        Value::Object(members) => members
            .iter()
            .all(|(name, value)| is_ordinary(name) && survives(value)),
    }
}

fn is_ordinary(name: &str) -> bool {
    // PHP makes an integer of the key `-5` too.
    let digits = name.strip_prefix('-').unwrap_or(name);
    // PHP turns a key of digits into a number, and JavaScript moves it before all others.
    name != "__proto__" && (digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Returns a number of at most fifteen digits, which a double holds exactly (DBL_DIG), in plain
/// notation.
// A double has fifteen exact decimal digits (IEEE 754 binary64), and drops a zero at the end.
fn fits_float(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = number
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    is_plain && digits <= 15 && number != "-0" && !number.ends_with('0') | !number.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_that_lose_digits_do_not_survive() {
        for (number, expected) in [
            ("0", true),
            ("-12", true),
            ("0.25", true),
            ("9007199254740993", false),
            ("1.10", false),
            ("1e400", false),
            ("-0", false),
        ] {
            assert_eq!(fits_float(number), expected, "{number}");
        }
        assert!(survives(&json!({"a": [1, {"b": null}]})));
        assert!(!survives(&json!({"a": {"__proto__": 1}})));
        assert!(!survives(&json!({"0": "a"})));
    }
}
