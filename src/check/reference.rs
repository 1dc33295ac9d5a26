//! References to the named schemas of a page.

use std::collections::HashMap;

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::meant::list;
use crate::input::yaml::{MapEntry, Node, Value};

use super::reader::Reader;

/// Where OpenAPI 3, Swagger 2 and JSON Schema keep named schemas.
const FOREIGN: [&str; 3] = ["#/components/schemas/", "#/definitions/", "#/$defs/"];

/// The names of a page's `schemas`, which references lead to.
pub(super) struct SchemaNames<'n> {
    pub(super) entries: &'n [MapEntry],
    /// Their places among these.
    places: HashMap<&'n str, usize>,
}

impl<'n> SchemaNames<'n> {
    /// Returns the names in a page's `schemas`, if it has any.
    pub(super) fn of(node: Option<&'n Node>) -> SchemaNames<'n> {
        let entries = match node.map(|node| &node.value) {
            Some(Value::Mapping(entries)) => entries.as_slice(),
            _ => &[],
        };
        let names = entries.iter().map(|entry| entry.key.as_str());
        SchemaNames {
            entries,
            places: names.enumerate().map(|(at, name)| (name, at)).collect(),
        }
    }

    /// Returns the schema that a reference leads to.
    pub(super) fn node(&self, reference: &str) -> Option<&'n Node> {
        let name = reference.strip_prefix("#/schemas/")?;
        let &index = self.places.get(name)?;
        Some(&self.entries[index].value)
    }

    fn names(&self) -> impl Iterator<Item = &'n str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }
}

/// Returns the named schema that a reference leads to.
pub(super) fn resolve(
    reader: &mut Reader<'_>,
    node: &Node,
    names: &SchemaNames<'_>,
) -> Option<usize> {
    let written = reader.word(node)?;
    // Other files are never read: a page's cache depends on its own file, and `proof` needs no
    // other page.
    let Some(name) = written.strip_prefix("#/schemas/") else {
        let help = match FOREIGN.iter().find_map(|it| written.strip_prefix(it)) {
            Some(name) => format!("write \"#/schemas/{name}\", with the schema in `schemas` of this page"),
            None => "write \"#/schemas/NAME\" for a schema of this page's `schemas`; other files and addresses are never read".to_owned(),
        };
        reader.error(
            Code::UnknownReference,
            node.span,
            format!("`{written}` is not a reference within this page"),
            help,
        );
        return None;
    };
    let index = names.places.get(name).copied();
    if index.is_none() {
        let mut diagnostic = Diagnostic::error(
            Code::UnknownReference,
            node.span,
            format!("unknown schema `{name}`"),
        );
        if let Some(meant) = reader.report.nearest(name, names.names()) {
            diagnostic = diagnostic.label(format!("did you mean `#/schemas/{meant}`?"));
        }
        let help = match names.names().next() {
            None => "this page has no `schemas`; add one, or write the schema here".to_owned(),
            Some(_) => format!("the schemas of this page are: {}", list(names.names())),
        };
        reader.report.push(diagnostic.help(help));
    }
    index
}
