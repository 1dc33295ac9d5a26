//! The named schemas of a page: circles of references between them, and how much all schemas show.

use std::ops::Range;

use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::Node;
use crate::model::{Additional, NamedSchema, Schema, UsedVariables};

use super::reader::Reader;
use super::reference::SchemaNames;
use super::schema::{self, SchemaRole};

/// What the texts of a named schema contain.
pub(super) struct SchemaTexts {
    pub(super) used: UsedVariables,
    /// Its links, among those of the page.
    pub(super) links: Range<usize>,
}

/// A page's named schemas, and how much the page shows of all its schemas.
pub(super) struct PageSchemas<'n> {
    pub(super) names: SchemaNames<'n>,
    /// In the order of their names.
    pub(super) schemas: Vec<NamedSchema>,
    /// Of each, what its texts contain.
    pub(super) texts: Vec<SchemaTexts>,
    /// How many fields the page has so far.
    rows: usize,
    /// Whether a named schema is too deep to be followed.
    is_too_deep: bool,
}

impl<'n> PageSchemas<'n> {
    /// Lowers a page's `schemas`; reports references that lead in circles.
    pub(super) fn lower(reader: &mut Reader<'_>, node: Option<&'n Node>) -> PageSchemas<'n> {
        let names = SchemaNames::of(node);
        if let Some(node) = node {
            reader.entries(node);
        }
        let (mut schemas, mut texts) = (Vec::new(), Vec::new());
        for entry in names.entries {
            let first_link = reader.links.len();
            let of_page = std::mem::take(&mut reader.used);
            // An invalid schema keeps its index, so that references stay correct.
            let schema = schema::lower(reader, &entry.value, SchemaRole::Alone, &names);
            texts.push(SchemaTexts {
                used: std::mem::replace(&mut reader.used, of_page),
                links: first_link..reader.links.len(),
            });
            schemas.push(NamedSchema {
                name: entry.key.clone(),
                schema: schema.unwrap_or_default(),
            });
        }
        report_cycles(reader, &schemas, &names);
        PageSchemas {
            is_too_deep: has_too_deep(reader, &schemas, &names),
            names,
            schemas,
            texts,
            rows: 0,
        }
    }

    /// Returns whether a page can show a schema: nested references multiply.
    pub(super) fn is_reasonable_size(
        &mut self,
        reader: &mut Reader<'_>,
        schema: &Schema,
        place: Span,
    ) -> bool {
        let size = Size::of(schema, &self.schemas);
        self.rows += size.rows;
        let what = if let Some(what) = size.too_deep() {
            if self.is_too_deep {
                // The named schema has that report already.
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
        too_large(reader, &what, place);
        false
    }
}

/// Reports the first schema that is too deep to be followed, whether the page shows it or not.
fn has_too_deep(reader: &mut Reader<'_>, schemas: &[NamedSchema], names: &SchemaNames<'_>) -> bool {
    for (named, entry) in schemas.iter().zip(names.entries) {
        if let Some(what) = Size::of(&named.schema, schemas).too_deep() {
            too_large(reader, &what, entry.key_span);
            return true;
        }
    }
    false
}

fn too_large(reader: &mut Reader<'_>, what: &str, place: Span) {
    reader.error(
        Code::InputTooLarge,
        place,
        format!("{what} when all references are followed"),
        "describe deep parts in words, or in a guide of their own",
    );
}

fn report_cycles(reader: &mut Reader<'_>, schemas: &[NamedSchema], names: &SchemaNames<'_>) {
    // Depth first and without recursion: a chain of references may be as long as the list of
    // schemas. Each schema is entered once, so the search is linear.
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
                report_circle(reader, &circle, schemas, names);
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
    reader: &mut Reader<'_>,
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
        "circular references: {}{dots} → {}",
        shown.join(" → "),
        shown[0]
    );
    reader.error(
        Code::CyclicReference,
        names.entries[circle[0]].key_span,
        message,
        "a schema can't consist only of references back to itself; a field or an item may refer back",
    );
}

/// Collects the named schemas that a value has to fit by fitting this one: the schema that it refers
/// to, and those of its alternatives.
// Only schemas that must fit the same value can form a circle: a field or an item that refers back
// is a tree, such as a list of comments.
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

/// How deep fields and alternatives may be nested.
// Each level is indented on the page, and processed by recursive functions.
const MOST_DEEP: usize = 32;

/// How many steps, including references and items, may lead to the deepest part.
const MOST_STEPS: usize = 128;

/// How much a page would show of a schema, a schema inside itself once.
#[derive(Default)]
struct Size {
    rows: usize,
    is_deep: bool,
    is_long: bool,
    /// The named schemas on the way to the current part.
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
            return Some(format!("fields nested more than {MOST_DEEP} levels deep"));
        }
        let what = format!("references nested more than {MOST_STEPS} levels deep");
        self.is_long.then_some(what)
    }

    fn add(&mut self, schema: &Schema, schemas: &[NamedSchema], depth: usize) {
        self.is_deep |= depth > MOST_DEEP;
        self.is_long |= self.steps > MOST_STEPS;
        // Stop at the first limit: references multiply, so a full count can take exponential time.
        if self.is_deep || self.is_long || self.rows > MOST_IN_SCHEMA {
            return;
        }
        self.steps += 1;
        match schema.reference {
            // A schema inside itself is shown once and then referred to by name, so it is counted
            // once.
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
