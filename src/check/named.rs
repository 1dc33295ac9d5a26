//! The named schemas of a page: references to them, circles of these, and how much they come to.

use std::collections::HashMap;

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::meant::list;
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{Additional, NamedSchema, Schema};

use super::reader::Reader;
use super::schema::SchemaRole;

/// The names of a page's `schemas`, which references lead to.
pub(super) struct SchemaNames<'n> {
    entries: &'n [MapEntry],
    /// Their places among these.
    places: HashMap<&'n str, usize>,
}

impl<'n> SchemaNames<'n> {
    /// The names in a page's `schemas`, if it has any.
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

    fn names(&self) -> impl Iterator<Item = &'n str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }
}

impl Reader<'_> {
    /// A page's named schemas; references that lead in circles are reported.
    pub(super) fn named_schemas(&mut self, names: &SchemaNames<'_>) -> Vec<NamedSchema> {
        let mut schemas = Vec::new();
        for entry in names.entries {
            // A schema that is broken keeps its place, so that references count right.
            let schema = self
                .schema(&entry.value, SchemaRole::Alone, names)
                .unwrap_or_default();
            schemas.push(NamedSchema {
                name: entry.key.clone(),
                schema,
            });
        }
        self.report_cycles(&schemas, names);
        self.report_depth(&schemas, names);
        schemas
    }

    /// Reports the first schema that is too deep to be followed, be it shown or not.
    fn report_depth(&mut self, schemas: &[NamedSchema], names: &SchemaNames<'_>) {
        for (named, entry) in schemas.iter().zip(names.entries) {
            let size = Size::of(&named.schema, schemas);
            if let Some(what) = size.too_deep() {
                self.is_too_deep = true;
                return self.too_large(&what, entry.key_span);
            }
        }
    }

    fn too_large(&mut self, what: &str, place: Span) {
        self.error(
            Code::InputTooLarge,
            place,
            format!("{what} when all references are followed"),
            "describe deep parts in words, or in a guide of their own",
        );
    }

    fn report_cycles(&mut self, schemas: &[NamedSchema], names: &SchemaNames<'_>) {
        let mut is_settled = vec![false; schemas.len()];
        // Of each schema its place on the way.
        let mut places: Vec<Option<usize>> = vec![None; schemas.len()];
        for start in 0..schemas.len() {
            // The way to here, each schema with those that it is one of and that were not yet seen.
            let mut way: Vec<(usize, Vec<usize>)> = Vec::new();
            let mut next = Some(start);
            loop {
                if let Some(index) = next.filter(|&index| !is_settled[index]) {
                    is_settled[index] = true;
                    let mut stands_for = Vec::new();
                    referred(&schemas[index].schema, &mut stands_for);
                    stands_for.reverse();
                    places[index] = Some(way.len());
                    way.push((index, stands_for));
                } else if let Some(first) = next.and_then(|index| places[index]) {
                    let circle: Vec<usize> = way[first..].iter().map(|&(index, _)| index).collect();
                    self.report_circle(&circle, schemas, names);
                }
                let Some((_, stands_for)) = way.last_mut() else {
                    break;
                };
                next = stands_for.pop();
                if next.is_none()
                    && let Some((index, _)) = way.pop()
                {
                    places[index] = None;
                }
            }
        }
    }

    fn report_circle(
        &mut self,
        circle: &[usize],
        schemas: &[NamedSchema],
        names: &SchemaNames<'_>,
    ) {
        let shown: Vec<&str> = circle
            .iter()
            .take(8)
            .map(|&index| schemas[index].name.as_str())
            .collect();
        let dots = if circle.len() > 8 { " → …" } else { "" };
        let message = format!(
            "references in a circle: {}{dots} → {}",
            shown.join(" → "),
            shown[0]
        );
        self.error(
            Code::CyclicReference,
            names.entries[circle[0]].key_span,
            message,
            "a schema must be something besides a reference to another; a field or an item may lead back",
        );
    }

    /// The named schema that a reference leads to.
    pub(super) fn reference(&mut self, node: &Node, names: &SchemaNames<'_>) -> Option<usize> {
        let written = self.word(node)?;
        let Some(name) = written.strip_prefix("#/schemas/") else {
            let help = "write \"#/schemas/NAME\" for a schema of this page's `schemas`; other files and addresses are never read";
            self.error(
                Code::UnknownReference,
                node.span,
                format!("`{written}` leads out of the page"),
                help,
            );
            return None;
        };
        let index = names.places.get(name).copied();
        if index.is_none() {
            let mut diagnostic = Diagnostic::error(
                Code::UnknownReference,
                node.span,
                format!("no schema `{name}`"),
            );
            if let Some(meant) = self.report.nearest(name, names.names()) {
                diagnostic = diagnostic.label(format!("did you mean `#/schemas/{meant}`?"));
            }
            let help = match names.names().next() {
                None => "this page has no `schemas`; add one, or write the schema here".to_owned(),
                Some(_) => format!("the schemas of this page are: {}", list(names.names())),
            };
            self.report.push(diagnostic.help(help));
        }
        index
    }

    /// Whether a schema does not fill a page: references multiply where they nest.
    pub(super) fn is_reasonable_size(
        &mut self,
        schema: &Schema,
        schemas: &[NamedSchema],
        place: Span,
    ) -> bool {
        let size = Size::of(schema, schemas);
        self.rows += size.rows;
        let what = if let Some(what) = size.too_deep() {
            if self.is_too_deep {
                // That was told of the named schema.
                return false;
            }
            what
        } else if size.rows > MOST_IN_SCHEMA {
            format!("more than {MOST_IN_SCHEMA} fields in one schema")
        } else if self.rows > MOST_ON_PAGE {
            format!("more than {MOST_ON_PAGE} fields on this page")
        } else {
            return true;
        };
        self.too_large(&what, place);
        false
    }
}

/// The named schemas that a value has to fit by fitting this one: what it refers to, and of its
/// alternatives.
fn referred(schema: &Schema, indexes: &mut Vec<usize>) {
    indexes.extend(schema.reference);
    for alternative in &schema.one_of {
        referred(alternative, indexes);
    }
}

/// How many fields, items and alternatives a schema may have in all.
const MOST_IN_SCHEMA: usize = 2_000;

/// How many all schemas of a page may have together.
const MOST_ON_PAGE: usize = 20_000;

/// How deep fields and alternatives may stand in each other.
const MOST_DEEP: usize = 32;

/// How many steps, of which references and items are some, may lead to the deepest part.
const MOST_STEPS: usize = 128;

/// How much a page would show of a schema, a schema inside itself once.
#[derive(Default)]
struct Size {
    rows: usize,
    is_deep: bool,
    is_long: bool,
    /// The named schemas on the way to what is counted.
    open: Vec<usize>,
    /// How many steps lead there.
    steps: usize,
}

impl Size {
    fn of(schema: &Schema, schemas: &[NamedSchema]) -> Size {
        let mut size = Size::default();
        size.add(schema, schemas, 0);
        size
    }

    fn too_deep(&self) -> Option<String> {
        if self.is_deep {
            return Some(format!("fields more than {MOST_DEEP} deep in each other"));
        }
        let what = format!("references more than {MOST_STEPS} deep in each other");
        self.is_long.then_some(what)
    }

    fn add(&mut self, schema: &Schema, schemas: &[NamedSchema], depth: usize) {
        self.is_deep |= depth > MOST_DEEP;
        self.is_long |= self.steps > MOST_STEPS;
        if self.is_deep || self.is_long || self.rows > MOST_IN_SCHEMA {
            return;
        }
        self.steps += 1;
        match schema.reference {
            Some(index) if self.open.contains(&index) => {}
            Some(index) => {
                self.open.push(index);
                self.add(&schemas[index].schema, schemas, depth);
                self.open.pop();
            }
            None => self.add_parts(schema, schemas, depth),
        }
        self.steps -= 1;
    }

    fn add_parts(&mut self, schema: &Schema, schemas: &[NamedSchema], depth: usize) {
        self.rows += 1;
        if let Some(items) = schema.items.as_deref() {
            self.add(items, schemas, depth);
        }
        let like = match &schema.additional {
            Additional::Like(schema) => Some(&**schema),
            _ => None,
        };
        let fields = schema.fields.iter().map(|field| &field.schema);
        for part in fields.chain(like).chain(&schema.one_of) {
            self.add(part, schemas, depth + 1);
        }
    }
}
