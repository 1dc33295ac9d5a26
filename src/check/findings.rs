//! The findings of the proof with their places in the file: pointers are followed in the tree as
//! written.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use crate::check::proof::{Finding, Mark, Pointer, listed, prove};
use crate::input::diagnostic::{Diagnostic, Severity};
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{Api, Proven, Waived};
use crate::rich::sse;

use super::reader::{Map, Reader};
use super::waiver::{self, PlaceWaiver, Waiving};

/// Proves a page's examples and reports the findings that no waiver covers.
pub(super) fn proven(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    api: &Api,
    waivers: &[PlaceWaiver],
) -> Proven {
    let proof = prove(api, reader.variables);
    let is_sound = !proof
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    let mut proven = proof.proven;
    let tree = PageTree::new(map.node());
    let waiving = Waiving::new(waivers);
    let mut not_shown: BTreeMap<Pointer, Vec<Finding>> = BTreeMap::new();
    for finding in proof.findings {
        match waiving.of(&finding) {
            Some(waiver) => {
                waiver.is_used.set(true);
                // Waived findings stay in the result: `check` counts and lists them.
                proven.waived.push(Waived {
                    code: finding.code.as_str(),
                    at: finding.at.to_string(),
                    message: finding.message,
                    reason: waiver.reason.clone(),
                });
            }
            // A new page has many parts that no example shows: report one diagnostic for each
            // endpoint.
            None if finding.code == Code::NotShown => {
                let part = part_of_page(&finding.at);
                not_shown.entry(part).or_default().push(finding);
            }
            None => {
                let diagnostic = diagnostic(reader, &finding, &tree);
                reader.report.push(diagnostic);
            }
        }
    }
    for findings in not_shown.into_values() {
        let diagnostic = match findings.as_slice() {
            [finding] => diagnostic(reader, finding, &tree),
            findings => not_shown_together(reader, findings, &tree),
        };
        reader.report.push(diagnostic);
    }
    waiver::report_unused(reader, waivers, is_sound);
    proven
}

/// Returns one finding for all parts of an endpoint, or of the page's schemas, that no example
/// shows.
fn not_shown_together(
    reader: &Reader<'_>,
    findings: &[Finding],
    tree: &PageTree<'_>,
) -> Diagnostic {
    let places = findings.iter().map(|one| {
        (
            place_of(reader, tree, &one.at, one.mark),
            listed(&one.missing),
        )
    });
    let mut places: Vec<_> = places.collect();
    places.sort();
    let missing = findings.iter().flat_map(|one| one.missing.iter().cloned());
    let message = format!("no example shows {}", listed(&missing.collect::<Vec<_>>()));
    let mut at = findings[0].at.clone();
    while !findings.iter().all(|one| at.holds(&one.at)) {
        at = at.above();
    }
    let diagnostic = Diagnostic {
        labels: Vec::new(),
        ..Diagnostic::warning(Code::NotShown, places[0].0, message)
    };
    let diagnostic = places
        .into_iter()
        .fold(diagnostic, |diagnostic, (span, names)| {
            diagnostic.and(span, names)
        });
    diagnostic.help(format!(
        "show them in examples, or state in `waivers` why none does, here for all of them: {{code: not-shown, at: {at}, reason: …}}"
    ))
}

fn diagnostic(reader: &Reader<'_>, finding: &Finding, tree: &PageTree<'_>) -> Diagnostic {
    let span = place_of(reader, tree, &finding.at, finding.mark);
    let span = match &finding.within {
        Some(part) => part_of(reader, tree, &finding.at, part).unwrap_or(span),
        None => span,
    };
    let diagnostic = match finding.severity {
        Severity::Error => Diagnostic::error(finding.code, span, &finding.message),
        Severity::Warning => Diagnostic::warning(finding.code, span, &finding.message),
    };
    let diagnostic = match finding.label.as_str() {
        "" => diagnostic,
        label => diagnostic.label(label),
    };
    let diagnostic = match &finding.other {
        Some((at, text)) => {
            let other = place_of(reader, tree, at, Mark::Key);
            // The first label covers the same place.
            if other == span {
                diagnostic
            } else {
                diagnostic.and(other, text)
            }
        }
        None => diagnostic,
    };
    let help = match &finding.choice {
        Some(choice) if finding.help.is_empty() => choice.clone(),
        Some(choice) => format!("{choice}; {}", finding.help),
        None => finding.help.clone(),
    };
    match (help.as_str(), finding.code) {
        ("", _) => diagnostic,
        (help, Code::NotShown) => diagnostic.help(format!(
            "{help}: {{code: not-shown, at: {}, reason: …}}",
            finding.at
        )),
        (help, _) => diagnostic.help(help),
    }
}

/// Returns where a part of a text is written.
fn part_of(reader: &Reader<'_>, tree: &PageTree<'_>, at: &Pointer, part: &str) -> Option<Span> {
    let steps: Vec<String> = at.steps().collect();
    let node = tree.follow(tree.root, &steps).node;
    let Value::String(text) = &node.value else {
        return None;
    };
    let start = text.find(&format!("`{part}`"))? + 1;
    Some(reader.locator(node, text).place(start..start + part.len()))
}

/// Returns the span of the value at a pointer; of its nearest written parent, if the value itself
/// is not written.
fn place_of(reader: &Reader<'_>, tree: &PageTree<'_>, at: &Pointer, mark: Mark) -> Span {
    let steps: Vec<String> = at.steps().collect();
    let found = tree.follow(tree.root, &steps);
    if let (Value::String(text), Some(index)) = (&found.node.value, found.rest)
        && let Some(range) = recorded(text, index)
    {
        return reader.locator(found.node, text).place(range);
    }
    match mark {
        Mark::Value if found.is_whole => found.node.span,
        Mark::Value | Mark::Key => found.node.place,
    }
}

/// Returns the endpoint that contains a place, or else the top-level part of the page.
fn part_of_page(at: &Pointer) -> Pointer {
    let mut steps = at.steps();
    let first = steps.next().unwrap_or_default();
    let part = Pointer::page().to(&first);
    match steps.next() {
        Some(id) if first == "endpoints" => part.to(id),
        _ => part,
    }
}

/// The value that a pointer leads to, or the last one on the way to it.
struct PointedValue<'n> {
    node: &'n Node,
    is_whole: bool,
    /// The item of a list that is written as one text.
    rest: Option<usize>,
}

/// A page's tree with an index of its long maps: a page can have thousands of findings in a map of
/// thousands of endpoints, and a linear search for each would be quadratic.
// Pointers are followed on demand. A table of places would be kept for every value of every page,
// to be read for a few.
struct PageTree<'n> {
    root: &'n Node,
    /// The long maps that were searched, by the address of their entries.
    maps: RefCell<HashMap<*const MapEntry, HashMap<&'n str, &'n Node>>>,
}

/// A map of more entries is long.
const SHORT: usize = 16;

impl<'n> PageTree<'n> {
    fn new(root: &'n Node) -> PageTree<'n> {
        PageTree {
            root,
            maps: RefCell::default(),
        }
    }

    /// Returns the value of a key, in a map.
    fn get(&self, node: &'n Node, key: &str) -> Option<&'n Node> {
        let Value::Mapping(entries) = &node.value else {
            return None;
        };
        // For a few entries a linear search is enough.
        if entries.len() <= SHORT {
            return node.value.get(key);
        }
        let mut maps = self.maps.borrow_mut();
        let values = maps.entry(entries.as_ptr()).or_insert_with(|| {
            let values = entries.iter().map(|it| (it.key.as_str(), &it.value));
            values.collect()
        });
        values.get(key).copied()
    }

    /// Follows a pointer in its long form through a tree that may use the short forms.
    fn follow(&self, node: &'n Node, steps: &[String]) -> PointedValue<'n> {
        let Some((step, rest)) = steps.split_first() else {
            return PointedValue {
                node,
                is_whole: true,
                rest: None,
            };
        };
        let next = match &node.value {
            Value::Mapping(_) => self.get(node, step),
            Value::Sequence(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        if let Some(next) = next {
            return self.follow(next, rest);
        }
        // `example` is short for `examples: {default: …}`, and `fields` for `schema: {fields: …}`.
        // The model has only the long forms, so pointers have them too.
        if step == "examples"
            && let Some(short) = self.get(node, "example")
        {
            return self.follow(short, rest.get(1..).unwrap_or_default());
        }
        if step == "schema" && self.get(node, "fields").is_some() {
            return self.follow(node, rest);
        }
        // The finding's fields may be in the named schema, which is where the author edits them.
        if let Some(target) = self.get(node, "$ref")
            && let Value::String(target) = &target.value
            && let Some(name) = target.strip_prefix("#/schemas/")
            && let Some(all) = self.get(self.root, "schemas")
            && let Some(named) = self.get(all, name)
        {
            return self.follow(named, steps);
        }
        PointedValue {
            node,
            is_whole: false,
            rest: step.parse().ok(),
        }
    }
}

/// Returns the place of an item of a stream that is written as the received text.
fn recorded(text: &str, index: usize) -> Option<std::ops::Range<usize>> {
    // Lines of JSON have no event among them, even those that begin with no bracket.
    let is_json_lines = text.trim_start().starts_with(['{', '[']);
    let frames = sse::parse(text).frames;
    if !is_json_lines && !frames.is_empty() {
        return frames.into_iter().nth(index).map(|frame| frame.range);
    }
    let line = text.split('\n').nth(index)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    Some(start..start + line.len())
}
