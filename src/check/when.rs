//! Which bots have an endpoint: conditions on the values of variables.

use crate::hole::variable::{BOT_ID, Variable};
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::meant::nearest;
use crate::input::name::normal;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::Condition;

use super::reader::Reader;

/// Lowers the conditions of an endpoint, which must all be true.
pub(super) fn lower(reader: &mut Reader<'_>, node: &Node) -> Vec<Condition> {
    let Some(entries) = reader.entries(node) else {
        return Vec::new();
    };
    if entries.is_empty() {
        let help = "name a variable of site.yaml and its values: {plan: [pro, team]}";
        reader.error(
            Code::EmptyValue,
            node.place,
            "`when` without a variable",
            help,
        );
    }
    let conditions = entries.iter().map(|entry| condition(reader, entry));
    conditions
        .collect::<Vec<_>>()
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the help for a value that is an expression in the conditions of other programs.
fn expression(value: &str) -> Option<String> {
    if let Some(other) = value.strip_prefix('!') {
        let other = other.trim();
        return Some(format!(
            "list the values with which a bot has the endpoint; there is no negation, as in all but `{other}`"
        ));
    }
    if value == "*" {
        return Some("remove the condition: then each bot has the endpoint".to_owned());
    }
    if value.trim().is_empty() {
        return Some("write the value with which a bot has the endpoint; a bot without a value in its list has the `default`".to_owned());
    }
    if let Some(other) = value.strip_prefix(['<', '>', '=', '~', '^']) {
        let other = other.trim_start_matches(['=', '~']).trim();
        return Some(format!(
            "write each value with which a bot has the endpoint, as in [{other}, …]; conditions do not compare numbers"
        ));
    }
    for separator in ['|', ','] {
        let parts: Vec<&str> = value.split(separator).map(str::trim).collect();
        if parts.len() > 1 && !parts.contains(&"") {
            return Some(format!("write a list: [{}]", parts.join(", ")));
        }
    }
    (value.trim() != value).then(|| "remove the blanks around it".to_owned())
}

/// Returns a value of the variable in `site.yaml` that differs from another one in case alone.
fn in_other_case<'v>(value: &str, variable: &'v Variable) -> Option<&'v str> {
    let known = [&variable.default, &variable.example];
    let mut known = known.into_iter().flatten().map(String::as_str);
    known.find(|other| *other != value && other.to_lowercase() == value.to_lowercase())
}

fn condition(reader: &mut Reader<'_>, entry: &MapEntry) -> Option<Condition> {
    let name = entry.key.as_str();
    // Bots are customers: their IDs belong in the list of bots, which is not published.
    if name == BOT_ID {
        let help = "name the endpoints of a single bot in the list of bots";
        let message = "a condition on the ID of a bot";
        reader.error(Code::InvalidKey, entry.key_span, message, help);
        return None;
    }
    let Some(variable) = reader.variables.find(name) else {
        let mut diagnostic = Diagnostic::error(
            Code::UnknownVariable,
            entry.key_span,
            format!("unknown variable `{name}`"),
        );
        let names = reader.variables.names();
        let names = names.into_iter().filter(|&name| name != BOT_ID);
        if let Some(meant) = nearest(name, names) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        let help = "a condition names `variables` of site.yaml";
        reader.report.push(diagnostic.help(help));
        return None;
    };
    let items = match &entry.value.value {
        Value::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.value),
    };
    if items.is_empty() {
        let help = "list the values with which a bot has the endpoint";
        let message = format!("no value of `{name}`, so no bot has the endpoint");
        reader.error(Code::EmptyValue, entry.value.place, message, help);
    }
    let mut values = Vec::new();
    for item in items {
        let Some(value) = reader.word(item).map(str::to_owned) else {
            continue;
        };
        // A variable of free text may have such a value, which its author names in `site.yaml`.
        let known = reader.variables.get(variable);
        let mut named = [&known.default, &known.example].into_iter().flatten();
        let refused = known.refuses(&value);
        let is_known = named.any(|it| *it == value) || known.pattern.is_some();
        let is_meant = is_known && refused.is_none();
        if let Some(help) = expression(&value).filter(|_| !is_meant) {
            let message = format!("`{value}` in a condition, which compares whole values");
            reader.error(Code::InvalidVariableValue, item.span, message, help);
        } else if let Some(reason) = refused {
            // No bot can have such a value, so the endpoint would be missing for all of them.
            let message = format!("`{value}` is not a valid value of `{name}`");
            reader.error(Code::InvalidVariableValue, item.span, message, reason);
        } else if let Some(other) = in_other_case(&value, known) {
            let message =
                format!("`{value}` in a condition, where `{name}` is `{other}` in site.yaml");
            let help = format!("write `{other}`: conditions distinguish capital and small letters");
            reader.error(Code::InvalidVariableValue, item.span, message, help);
        }
        values.push(normal(&value).into_owned());
    }
    Some(Condition { variable, values })
}
