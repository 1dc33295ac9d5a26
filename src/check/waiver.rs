//! Waivers: findings that are not errors, each with a reason.

use std::cell::Cell;
use std::collections::HashMap;

use crate::check::proof::{Finding, Pointer};
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::{Node, Value};

use super::noted::{KeyWaiver, NameWaiver, WaivedKey};
use super::reader::{Map, Reader};

/// Findings of the proof that can be waived.
// Only findings about which an author may know more than the proof; an error that breaks a page
// can't be waived.
const PROVEN: [Code; 13] = [
    Code::ExampleType,
    Code::ExampleValue,
    Code::MissingField,
    Code::UndocumentedField,
    Code::NoAlternative,
    Code::NotShown,
    Code::UnmatchedEvent,
    Code::StreamOrder,
    Code::StreamEnd,
    Code::StreamJoin,
    Code::StreamEquals,
    Code::UnknownName,
    Code::TwoPlaceholders,
];

/// The waivers of a file.
#[derive(Default)]
pub(super) struct Waivers {
    /// Values that look like keys and are none.
    pub(super) values: Vec<KeyWaiver>,
    /// Findings of the proof, on this page.
    pub(super) places: Vec<PlaceWaiver>,
    /// Names in prose, on all pages.
    pub(super) names: Vec<NameWaiver>,
}

/// Which file waives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Page,
    Site,
}

/// A place of the page where a finding of the proof is not an error.
pub(super) struct PlaceWaiver {
    code: Code,
    at: Pointer,
    /// Why, in the author's words.
    pub(super) reason: String,
    span: Span,
    /// Whether it was used.
    pub(super) is_used: Cell<bool>,
}

/// The waivers of a page, indexed by what they waive.
pub(super) struct Waiving<'w> {
    waivers: &'w [PlaceWaiver],
    /// The first of each code and place.
    first: HashMap<(&'static str, &'w str), usize>,
}

impl<'w> Waiving<'w> {
    pub(super) fn new(waivers: &'w [PlaceWaiver]) -> Waiving<'w> {
        let places = waivers.iter().enumerate().rev();
        // The first wins, so a second waiver for one place is reported as unused.
        let first = places.map(|(index, it)| ((it.code.as_str(), it.at.as_str()), index));
        Waiving {
            first: first.collect(),
            waivers,
        }
    }

    /// Returns the first that is for a finding: one of its code, at one of its two places or around
    /// it.
    pub(super) fn of(&self, finding: &Finding) -> Option<&'w PlaceWaiver> {
        let other = finding.other.as_ref().map(|(other, _)| other);
        let places = std::iter::once(&finding.at).chain(other);
        // Walks up from each place: the pointers of a finding are few, the waivers of a page may be
        // many.
        let found = places.flat_map(Pointer::holders).filter_map(|at| {
            let index = self.first.get(&(finding.code.as_str(), at));
            index.copied()
        });
        Some(&self.waivers[found.min()?])
    }
}

/// Lowers the waivers of a map.
pub(super) fn of_page(reader: &mut Reader<'_>, map: &Map<'_>) -> Waivers {
    waivers_of(reader, map, Scope::Page)
}

fn waivers_of(reader: &mut Reader<'_>, map: &Map<'_>, scope: Scope) -> Waivers {
    let mut waivers = Waivers::default();
    let node = map.get("waivers");
    for item in node.and_then(|node| reader.list(node)).unwrap_or_default() {
        waiver(reader, item, scope, &mut waivers);
    }
    waivers
}

/// Lowers the waivers of `site.yaml`: values and names anywhere in the project. A waiver of a
/// finding belongs to its page.
pub(super) fn of_site(reader: &mut Reader<'_>, map: &Map<'_>) -> Waivers {
    let waivers = waivers_of(reader, map, Scope::Site);
    for waiver in &waivers.places {
        let help = "write it in `waivers` of the page with the finding";
        reader.error(
            Code::InvalidValue,
            waiver.span,
            "`at` in a waiver of site.yaml, which is not a page",
            help,
        );
    }
    waivers
}

fn waiver(reader: &mut Reader<'_>, node: &Node, scope: Scope, waivers: &mut Waivers) -> Option<()> {
    let map = reader.map(node, "a waiver", &["code", "value", "at", "reason"])?;
    let codes = [Code::LiveSecret].into_iter().chain(PROVEN);
    let codes: Vec<_> = codes.map(|code| (code.as_str(), code)).collect();
    let code = reader
        .require(&map, "code")
        .and_then(|node| reader.choice(node, "waiver code", &codes));
    let reason = reader
        .require(&map, "reason")
        .and_then(|node| reader.text(node));
    let code = code?;
    let (key, other) = match (code, scope) {
        // By its text: keys and names have no place in the model. Findings have one, the pointer
        // that the report prints.
        (Code::LiveSecret, _) | (Code::UnknownName, Scope::Site) => ("value", "at"),
        _ => ("at", "value"),
    };
    if let Some(node) = map.get(other) {
        let message = format!("`{other}` in a waiver of `{}`", code.as_str());
        reader.error(
            Code::ConflictingKeys,
            node.place,
            message,
            format!("write `{key}`"),
        );
    }
    let node = reader.require(&map, key)?;
    if code == Code::LiveSecret
        && let Some(name) = named_variable(node)
    {
        let waived = WaivedKey::Variable(name.to_owned());
        match reader.variables.find(name) {
            Some(_) => waivers.values.push(KeyWaiver {
                waived,
                span: node.span,
            }),
            None => {
                let help = "name a variable of site.yaml";
                let message = format!("unknown variable `{name}`");
                reader.error(Code::UnknownVariable, node.span, message, help);
            }
        }
        return Some(());
    }
    let written = reader.word(node)?.to_owned();
    match (code, scope) {
        (Code::LiveSecret, _) => waivers.values.push(KeyWaiver {
            waived: WaivedKey::Text(written),
            span: node.span,
        }),
        (Code::UnknownName, Scope::Site) => waivers.names.push(NameWaiver {
            name: written,
            reason: reason?,
            span: node.span,
        }),
        (code, _) => waivers.places.push(PlaceWaiver {
            code,
            at: Pointer::from(written.as_str()),
            reason: reason?,
            span: node.span,
            is_used: Cell::new(false),
        }),
    }
    Some(())
}

/// Reports waivers without a finding. Parts that no example shows are reported only if the page has
/// no errors, so before that, whether their waivers are needed is unknown.
pub(super) fn report_unused(reader: &mut Reader<'_>, waivers: &[PlaceWaiver], is_sound: bool) {
    let is_open = |code: Code| !is_sound && matches!(code, Code::NotShown | Code::StreamEquals);
    let unused = waivers
        .iter()
        .filter(|waiver| !waiver.is_used.get() && !is_open(waiver.code));
    for waiver in unused {
        let message = format!("an unused waiver: `{}`", waiver.code.as_str());
        let diagnostic = Diagnostic::warning(Code::UnusedWaiver, waiver.span, message);
        let help = "remove it, or write the place as in the report";
        reader.report.push(diagnostic.help(help));
    }
}

/// Returns the variable if a text consists only of it, `{{ name }}`.
fn named_variable(node: &Node) -> Option<&str> {
    let Value::String(text) = &node.value else {
        return None;
    };
    let name = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    (!name.contains(['{', '}'])).then_some(name)
}
