//! Parameters of an endpoint, by the places where they are sent.

use crate::input::explain::Code;
use crate::input::yaml::{Node, Value};
use crate::model::{Location, Parameter};

use super::reader::{Map, Reader};
use super::reference::SchemaNames;
use super::schema::{self, SchemaRole};
use super::{header, wire};

const LOCATIONS: [Location; 4] = [
    Location::Path,
    Location::Query,
    Location::Header,
    Location::Cookie,
];

/// Returns the parameters of an endpoint.
pub(super) fn lower(
    reader: &mut Reader<'_>,
    node: &Node,
    names: &SchemaNames<'_>,
) -> Vec<Parameter> {
    if let Value::Sequence(items) = &node.value {
        let help = by_place(items.first());
        reader.error(
            Code::WrongType,
            node.place,
            "expected a map, found a list",
            help,
        );
        return Vec::new();
    }
    let mut parameters = Vec::new();
    for (location, node) in by_location(reader, node, "`parameters`") {
        if location == Location::Header {
            header::of_request(reader, node);
        }
        for mut field in schema::fields(reader, node, SchemaRole::Parameter(location), names) {
            // As in OpenAPI, a path parameter is always required.
            if location == Location::Path {
                field.required = true;
            }
            parameters.push(Parameter {
                location,
                field,
                stream_example: None,
            });
        }
    }
    parameters
}

/// Returns the help for a list of parameters, as OpenAPI has it: the lines for the first of them.
fn by_place(first: Option<&Node>) -> String {
    let word = |key: &str, usual: &'static str| match first.and_then(|it| it.value.get(key)) {
        Some(Node {
            value: Value::String(text),
            ..
        }) => text.clone(),
        _ => usual.to_owned(),
    };
    let (place, name) = (word("in", "query"), word("name", "limit"));
    format!("write a map of places: parameters: {{{place}: {{{name}: {{type: string}}}}}}")
}

/// Returns the values of a map whose keys are the places of parameters.
pub(super) fn by_location<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    what: &'static str,
) -> Vec<(Location, &'n Node)> {
    let map = reader.map(node, what, &LOCATIONS.map(Location::as_str));
    let of = |location: Location| Some((location, map.as_ref()?.get(location.as_str())?));
    LOCATIONS.into_iter().filter_map(of).collect()
}

/// Compares the braces of a path with the path parameters.
pub(super) fn path_parameters(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    map: &Map<'_>,
    parameters: &[Parameter],
) {
    let braced: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    // The braces come first: names from unpaired ones would give misleading reports.
    if path.matches('{').count() != braced.len() || path.matches('}').count() != braced.len() {
        reader.error(
            Code::PathParameter,
            node.span,
            "unpaired braces in the path",
            "write a parameter as {name}",
        );
        return;
    }
    if let Some(fault) = wire::template_fault(path, &braced) {
        reader.error(Code::PathParameter, node.span, fault.message, fault.help);
        return;
    }
    let declared = parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Path);
    let declared: Vec<&str> = declared
        .map(|parameter| parameter.field.name.as_str())
        .collect();
    for name in braced.iter().filter(|name| !declared.contains(name)) {
        let meant = reader.report.nearest(name, declared.iter().copied());
        let help = match meant {
            Some(meant) => format!("did you mean `{{{meant}}}`?"),
            None => {
                format!("add it: parameters: {{path: {{{name}: {{type: string, example: …}}}}}}")
            }
        };
        reader.error(
            Code::PathParameter,
            node.span,
            format!("the path's `{{{name}}}` is not among the path parameters"),
            help,
        );
    }
    for name in declared.iter().filter(|name| !braced.contains(name)) {
        let entry = map
            .get("parameters")
            .and_then(|node| node.value.get("path")?.value.get(name));
        let span = entry.map_or(node.span, |node| node.place);
        reader.error(
            Code::PathParameter,
            span,
            format!("the path has no `{{{name}}}`"),
            "add it to `path`, or remove the parameter",
        );
    }
}
