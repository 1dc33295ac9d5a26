//! Keywords of a schema that contradict each other or its type: no value could be valid, or the
//! keyword would have no effect.

use std::cmp::Ordering;

use serde_json::Value as Json;

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::yaml::{Node, Value, boolean_of_yaml_1_1};
use crate::model::{Schema, Type};

use super::reader::{Map, Reader};

const NUMBERS: &[Type] = &[Type::Number, Type::Integer];
const TEXTS: &[Type] = &[Type::String];
const LISTS: &[Type] = &[Type::Array];

/// Keywords that JSON Schema ignores for values of other types, and the keywords with which authors
/// confuse them (for texts, numbers and lists).
// `fields`, `additionalProperties` and `items` imply their type, so they are checked with it.
const OF_TYPES: &[(&str, &[Type], [&str; 3])] = &[
    ("minimum", NUMBERS, ["minLength", "", "minItems"]),
    ("maximum", NUMBERS, ["maxLength", "", "maxItems"]),
    ("exclusiveMinimum", NUMBERS, ["minLength", "", "minItems"]),
    ("exclusiveMaximum", NUMBERS, ["maxLength", "", "maxItems"]),
    ("multipleOf", NUMBERS, ["", "", ""]),
    ("minLength", TEXTS, ["", "minimum", "minItems"]),
    ("maxLength", TEXTS, ["", "maximum", "maxItems"]),
    ("pattern", TEXTS, ["", "", ""]),
    ("minItems", LISTS, ["minLength", "minimum", ""]),
    ("maxItems", LISTS, ["maxLength", "maximum", ""]),
    ("uniqueItems", LISTS, ["", "", ""]),
];

/// Formats and their types: those of JSON Schema (validation, section 7.3), and of OpenAPI.
// `int64` is for texts too: JSON has no exact numbers of 64 bits, so APIs send them as texts.
const FORMATS: &[(&str, &[Type])] = &[
    ("date-time", TEXTS),
    ("date", TEXTS),
    ("time", TEXTS),
    ("duration", TEXTS),
    ("email", TEXTS),
    ("idn-email", TEXTS),
    ("hostname", TEXTS),
    ("idn-hostname", TEXTS),
    ("ipv4", TEXTS),
    ("ipv6", TEXTS),
    ("uri", TEXTS),
    ("uri-reference", TEXTS),
    ("uri-template", TEXTS),
    ("iri", TEXTS),
    ("iri-reference", TEXTS),
    ("uuid", TEXTS),
    ("json-pointer", TEXTS),
    ("relative-json-pointer", TEXTS),
    ("regex", TEXTS),
    ("byte", TEXTS),
    ("binary", TEXTS),
    ("password", TEXTS),
    ("int32", NUMBERS),
    ("float", NUMBERS),
    ("double", NUMBERS),
];

/// Pairs of keywords, of which the first is at most the second, and whether they can be equal.
const PAIRS: &[(&str, &str, bool)] = &[
    ("minimum", "maximum", true),
    ("exclusiveMinimum", "maximum", false),
    ("minimum", "exclusiveMaximum", false),
    ("exclusiveMinimum", "exclusiveMaximum", false),
    ("minLength", "maxLength", true),
    ("minItems", "maxItems", true),
];

/// Reports the keywords of a schema that contradict each other or its type.
pub(super) fn judge(reader: &mut Reader<'_>, map: &Map<'_>, schema: &Schema) {
    for &(keyword, types, others) in OF_TYPES {
        if let Some(node) = map.get(keyword)
            && !fits(&schema.types, types)
        {
            without_effect(reader, node, keyword, schema, types, others);
        }
    }
    if let (Some(node), Some(written)) = (map.get("format"), &schema.format) {
        format(reader, node, written, &schema.types);
    }
    for &(low, high, may_be_equal) in PAIRS {
        pair(reader, map, (low, high), may_be_equal);
    }
    if let Some(node) = map.get("multipleOf")
        && number(node).is_some_and(|number| number <= 0.0)
    {
        let help = "write the number of which values are multiples, such as 1 or 0.01";
        reader.error(
            Code::InvalidValue,
            node.span,
            "a `multipleOf` that is not greater than 0",
            help,
        );
    }
    if let (Some(node), Some(value)) = (map.get("const"), &schema.constant) {
        named_value(reader, node, value, schema);
    }
    if let Some(Value::Sequence(items)) = map.get("enum").map(|node| &node.value) {
        for (node, value) in items.iter().zip(&schema.values) {
            named_value(reader, node, value, schema);
        }
    }
}

/// Returns whether a schema of these types has values of one of the others.
fn fits(types: &[Type], others: &[Type]) -> bool {
    types.is_empty() || types.iter().any(|it| others.contains(it))
}

fn without_effect(
    reader: &mut Reader<'_>,
    node: &Node,
    keyword: &str,
    schema: &Schema,
    types: &[Type],
    others: [&str; 3],
) {
    let [of_text, of_number, of_list] = others;
    let meant = match schema.types.iter().find(|it| **it != Type::Null) {
        Some(Type::String) => of_text,
        Some(Type::Number | Type::Integer) => of_number,
        Some(Type::Array) => of_list,
        _ => "",
    };
    let message = format!("`{keyword}` has no effect on {}", named(&schema.types));
    let type_ = types.last().map_or("", |it| it.as_str());
    let help = match meant {
        "" => format!("remove it, or write `type: {type_}`"),
        meant => format!("write `{meant}`, or `type: {type_}`"),
    };
    reader.error(Code::ConflictingKeys, node.place, message, help);
}

/// Reports a format that is another one in other letters, and one of another type.
fn format(reader: &mut Reader<'_>, node: &Node, written: &str, types: &[Type]) {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['-', '_', ' '], "");
    let known = FORMATS.iter().find(|(name, _)| *name == written);
    let Some((_, of)) = known else {
        let meant = FORMATS
            .iter()
            .find(|(name, _)| plain(name) == plain(written));
        if let Some((meant, _)) = meant {
            let message = format!("unknown format `{written}`");
            let diagnostic = Diagnostic::error(Code::UnknownValue, node.span, message);
            let diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
            let help = format!("write `format: {meant}`: JSON Schema has this form of the name");
            reader.report.push(diagnostic.help(help));
        }
        return;
    };
    if !fits(types, of) {
        let type_ = of.last().map_or("", |it| it.as_str());
        let message = format!("`format: {written}` has no effect on {}", named(types));
        let help = format!("remove it, or write `type: {type_}`");
        reader.error(Code::ConflictingKeys, node.place, message, help);
    }
}

/// Reports a lower limit that is above the upper one.
fn pair(reader: &mut Reader<'_>, map: &Map<'_>, (low, high): (&str, &str), may_be_equal: bool) {
    let (Some(first), Some(second)) = (map.get(low), map.get(high)) else {
        return;
    };
    let (Some(least), Some(most)) = (number(first), number(second)) else {
        return;
    };
    let is_possible = match least.total_cmp(&most) {
        Ordering::Less => true,
        Ordering::Equal => may_be_equal,
        Ordering::Greater => false,
    };
    if !is_possible {
        let message = format!("no value is possible between this `{low}` and `{high}`");
        let diagnostic = Diagnostic::error(Code::InvalidValue, first.place, message);
        let diagnostic = diagnostic.and(second.place, "the other limit");
        let help = format!("write the lower limit as `{low}`, and the upper one as `{high}`");
        reader.report.push(diagnostic.help(help));
    }
}

/// Returns the number that a node has.
fn number(node: &Node) -> Option<f64> {
    match &node.value {
        // `-0` is 0.
        Value::Number(written) => written.parse().ok().map(|number: f64| number + 0.0),
        _ => None,
    }
}

/// Reports a value of `const` or `enum` that its type excludes.
fn named_value(reader: &mut Reader<'_>, node: &Node, value: &Json, schema: &Schema) {
    let types: &[Type] = match value {
        Json::Null => &[Type::Null],
        Json::Bool(_) => &[Type::Boolean],
        Json::Number(_) if is_whole(value) => &[Type::Integer, Type::Number],
        Json::Number(_) => &[Type::Number],
        Json::String(_) => TEXTS,
        Json::Array(_) => LISTS,
        Json::Object(_) => &[Type::Object],
    };
    if fits(&schema.types, types) {
        return;
    }
    let message = format!(
        "the value is {}, and the type {}",
        named(&types[..1]),
        schema
            .types
            .iter()
            .map(|it| it.as_str())
            .collect::<Vec<_>>()
            .join(" or ")
    );
    let wanted = schema.types.iter().find(|it| **it != Type::Null);
    let help = match (value, wanted) {
        (Json::Null, _) => with_null(&schema.types),
        (Json::String(text), Some(Type::Number | Type::Integer)) if text.parse::<f64>().is_ok() => {
            format!("write the number without quotes, or `type: string`: {text}")
        }
        (Json::String(text), Some(Type::Boolean)) => match boolean_of_yaml_1_1(text) {
            Some(boolean) => format!("write `{boolean}`, without quotes"),
            None => "write `true` or `false`, without quotes".to_owned(),
        },
        (Json::Number(_) | Json::Bool(_), Some(Type::String)) => {
            format!(
                "put it in quotes, \"{value}\", or write `type: {}`",
                types[0].as_str()
            )
        }
        _ => format!(
            "write a value of this type, or add {} to the types",
            types[0].as_str()
        ),
    };
    reader.error(Code::InvalidValue, node.span, message, help);
}

/// Returns the help for `null` among the values of other types.
fn with_null(types: &[Type]) -> String {
    let types = types.iter().map(|it| format!("{}, ", it.as_str()));
    let types: String = types.collect();
    format!("add null to the types, type: [{types}\"null\"], or remove the value")
}

fn is_whole(value: &Json) -> bool {
    value
        .as_f64()
        .is_some_and(|number| number.is_infinite() || number.fract() == 0.0)
}

/// Returns the names of types in a message.
fn named(types: &[Type]) -> String {
    let with_article = |it: &Type| match it {
        Type::String => "a string",
        Type::Number => "a number",
        Type::Integer => "an integer",
        Type::Boolean => "a boolean",
        Type::Object => "an object",
        Type::Array => "an array",
        Type::Null => "null",
    };
    let names: Vec<&str> = types.iter().map(with_article).collect();
    names.join(" or ")
}
