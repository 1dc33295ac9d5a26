//! The `variables` of `site.yaml`.

use crate::hole::MAX_VARIABLES;
use crate::hole::pattern::{Pattern, PatternError};
use crate::hole::variable::{BOT_ID, Variable, Variables};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::yaml::{MapEntry, Node, Value};

use super::reader::{Map, Reader};
use super::{origin, page};

pub(super) const VARIABLE_KEYS: &[&str] = &[
    "title",
    "description",
    "type",
    "pattern",
    "max_length",
    "placeholder",
    "default",
    "example",
    "from_link",
];

/// Reads the variables, which all other texts may name; every project has `bot_id`.
pub(super) fn variables(site: &Node, inputs: &Inputs, report: &mut Report) -> Variables {
    let none = Variables::default();
    let mut reader = Reader::new(&inputs.sources, &none, report);
    let mut variables = Vec::new();
    let node = site.value.get("variables");
    let entries = node.and_then(|node| reader.entries(node));
    let entries = entries.unwrap_or_default();
    let place = node.map_or(site.place, |node| node.place);
    let has_bot_id = entries.iter().any(|entry| entry.key == BOT_ID);
    let count = entries.len() + usize::from(!has_bot_id);
    if !has_bot_id {
        variables.push(Variable::plain_bot_id());
    }
    reader.is_few(count, MAX_VARIABLES, "variables, `bot_id` included", place);
    // Variables beyond the limit are skipped, so that the names of the others are known.
    for entry in entries.iter().take(MAX_VARIABLES - variables.len()) {
        variables.extend(variable(&mut reader, entry, inputs));
    }
    if !variables.iter().any(|variable| variable.name == BOT_ID) {
        // Its own entry has an error.
        variables.truncate(MAX_VARIABLES - 1);
        variables.insert(0, Variable::plain_bot_id());
    }
    Variables::new(variables).unwrap_or_default()
}

fn variable(reader: &mut Reader<'_>, entry: &MapEntry, inputs: &Inputs) -> Option<Variable> {
    let name = &entry.key;
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.bytes().all(fits) {
        let help =
            "a variable's name is lower-case letters, digits and `_`, and begins with a letter";
        reader.error(
            Code::InvalidId,
            entry.key_span,
            format!("`{name}` can't name a variable"),
            help,
        );
        return None;
    }
    let map = reader.map(&entry.value, "a variable", VARIABLE_KEYS)?;
    let types = [("string", false), ("url", true)];
    let word = |reader: &mut Reader<'_>, key: &str| {
        map.get(key)
            .and_then(|node| reader.word(node))
            .map(str::to_owned)
    };
    let title = word(reader, "title");
    for key in ["title", "placeholder"] {
        // Readers see these in place of a value.
        if let Some(node) = map.get(key)
            && matches!(&node.value, Value::String(text) if text.trim().is_empty())
        {
            let help = "write it, or remove the key: then its text is made from the name";
            let message = format!("an empty `{key}` of a variable");
            reader.error(Code::EmptyValue, node.place, message, help);
        }
    }
    if let Some(node) = map.get("max_length")
        && matches!(&node.value, Value::Number(number) if number == "0")
    {
        let help = "write the greatest number of characters of a value, or remove the key";
        let message = "a `max_length` of 0, which allows no value";
        reader.error(Code::InvalidValue, node.span, message, help);
    }
    let variable = Variable {
        name: name.clone(),
        description: word(reader, "description"),
        placeholder: word(reader, "placeholder")
            .unwrap_or_else(|| format!("YOUR_{}", name.to_uppercase())),
        default: word(reader, "default"),
        example: word(reader, "example"),
        is_url: map
            .get("type")
            .and_then(|node| reader.choice(node, "variable type", &types))
            .unwrap_or(false),
        pattern: map.get("pattern").and_then(|node| pattern(reader, node)),
        max_length: map
            .get("max_length")
            .and_then(|node| reader.count(node))
            .map(|count| count as usize),
        title,
        from_link: map
            .get("from_link")
            .and_then(|node| reader.boolean(node))
            // Whoever writes a link chooses the values in it. Only the ID is harmless by default; a
            // variable that decides an origin is never taken from a link.
            .unwrap_or(name == BOT_ID),
        not_linked: None,
        // `..` as a whole segment would be resolved by clients, and lead to another endpoint; so
        // such a variable refuses dots.
        is_segment: reader.sources.iter().any(|file| {
            // Front matter is parsed only where a segment is found: the pages are read later, with
            // all variables.
            origin::is_segment(&file.text, name) && !page::has_literal_braces(file, inputs)
        }),
    };
    if let Some(reason) = variable.refuses_as_segment(&variable.placeholder) {
        let message = format!(
            "the placeholder of `{}` is not a valid value of it",
            variable.name
        );
        let place = map
            .get("placeholder")
            .map_or(entry.key_span, |node| node.span);
        let fault = Diagnostic::error(Code::InvalidVariableValue, place, message);
        reader.report.push(fault.help(reason));
    }
    for key in ["default", "example"] {
        variable_value(reader, &variable, &map, key);
    }
    Some(variable)
}

fn variable_value(reader: &mut Reader<'_>, variable: &Variable, map: &Map<'_>, key: &str) {
    let Some(node) = map.get(key) else { return };
    let Value::String(value) = &node.value else {
        return;
    };
    if let Some(reason) = variable.refuses(value) {
        let message = format!(
            "the {key} of `{}` is not a valid value of it",
            variable.name
        );
        reader
            .report
            .push(Diagnostic::error(Code::InvalidVariableValue, node.span, message).help(reason));
    }
}

fn pattern(reader: &mut Reader<'_>, node: &Node) -> Option<Pattern> {
    let source = reader.word(node)?;
    match Pattern::parse(source) {
        Ok(pattern) => Some(pattern),
        // One pattern is checked in two places, by this program and in the reader's browser, so it
        // must have the same meaning in both.
        Err(PatternError::NotShared(reason)) => {
            let message = "not a pattern with the same meaning in Rust and JavaScript";
            reader.error(Code::InvalidPattern, node.span, message, reason);
            None
        }
        Err(PatternError::TooLarge) => {
            let message = "a pattern of more than 5,000 states, with its repetitions written out";
            let help = "use fewer repetitions: a browser evaluates all states for each character";
            reader.error(Code::InputTooLarge, node.span, message, help);
            None
        }
    }
}
