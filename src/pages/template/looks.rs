//! The values that templates inspect while they print a page.
//!
//! A page that inspects no value is the same for all bots except its holes. A page that does is
//! rendered again for each bot, which takes about a hundred times as long, so its author gets a
//! warning.
//!
//! The page is printed twice: by its templates, and by their [`watched`] form, which must print the
//! same. If it does not, or has no watched form, the page counts as one that inspects everything.
//! The probes record into the engine's state of the page, so pages can be watched in parallel.
//!
//! Comparing the pages of two values instead would not do: a template can compare with a third.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::growth::Growth;
use super::operations::Inspected;
use super::watched::{self, DELIMITERS, LOOK, WatchedPlace};
use super::weight::{TooHeavy, weigh};
use super::{TemplateError, Templates, innermost, limit};
use crate::hole::{Encoding, Hole, VariableId};

/// The values that a page depends on, beside those in its holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// The places that inspect values.
    pub at: Vec<Inspection>,
    /// Variables whose values a template tests for being empty.
    pub emptiness: BTreeSet<VariableId>,
}

/// One place that inspects values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The template's file name.
    pub template: String,
    /// The bytes of its text, if known.
    pub range: Option<Range<usize>>,
    /// The operation, as a part of a sentence.
    pub what: String,
    /// The variables whose values it inspects, if known.
    pub variables: BTreeSet<VariableId>,
}

impl Looks {
    /// Returns whether nothing depends on a value.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty() && self.emptiness.is_empty()
    }

    fn unknown(template: &str) -> Looks {
        let look = Inspection {
            template: template.to_owned(),
            range: None,
            what: "a template that cannot be analysed".to_owned(),
            variables: BTreeSet::new(),
        };
        Looks {
            at: vec![look],
            emptiness: BTreeSet::new(),
        }
    }
}

/// Templates in their watched form.
#[derive(Debug)]
pub(super) struct Watched {
    environment: Environment<'static>,
    sites: Arc<[WatchedPlace]>,
    /// Whether the templates of the project may make values that grow.
    pub(super) may_grow: bool,
}

/// The values inspected since the page began; the engine keeps them for each page.
#[derive(Debug, Default)]
struct Seen {
    at: BTreeMap<usize, BTreeSet<VariableId>>,
    emptiness: BTreeSet<VariableId>,
}

impl Templates {
    /// Renders a page as [`render`](Self::render) does, and returns what its templates inspect.
    ///
    /// # Errors
    /// If a template has an error.
    pub fn render_watched(
        &self,
        name: &str,
        seen: &Value,
    ) -> Result<(String, Looks), TemplateError> {
        let mut same = Vec::new();
        let looks = self.watch(name, seen, &mut same)?;
        let page = self.make(name, seen)?;
        // A difference would be a defect of the watched form: then the slow way is the right one.
        let looks = looks.filter(|_| same == page.as_bytes());
        Ok((page, looks.unwrap_or_else(|| Looks::unknown(name))))
    }
}

impl Watched {
    /// Re-prints templates with probes, given by name, text, and whether they are the project's
    /// own, in an `environment` like theirs.
    pub(super) fn new<'t>(
        mut environment: Environment<'static>,
        syntax: &SyntaxConfig,
        templates: impl Iterator<Item = (&'t str, &'t str, bool)>,
    ) -> Result<Watched, Error> {
        limit::limit_watched(&mut environment);
        let [block, variable, comment] = DELIMITERS;
        let mut own = SyntaxConfig::builder();
        own.block_delimiters(block.0, block.1)
            .variable_delimiters(variable.0, variable.1)
            .comment_delimiters(comment.0, comment.1)
            .keep_trailing_newline(true);
        environment.set_syntax(own.build()?);
        let (mut sites, mut growth) = (Vec::new(), Growth::default());
        for (name, text, is_own) in templates {
            // It could call the probe itself, with numbers of other places.
            if text.contains(LOOK) {
                return Err(ErrorKind::BadSerialization.into());
            }
            let mut of_theme = Growth::default();
            let growth = if is_own { &mut growth } else { &mut of_theme };
            let text = watched::watched(name, text, syntax.clone(), &mut sites, growth)?;
            // An expression of several lines becomes one line, which may be beyond the lexer's
            // limit.
            if limit::beyond(&text, name).is_some() {
                return Err(ErrorKind::BadSerialization.into());
            }
            environment.add_template_owned(name.to_owned(), text)?;
        }
        let sites: Arc<[WatchedPlace]> = sites.into();
        let note = {
            let sites = Arc::clone(&sites);
            move |state: &mut State<'_, '_>, number: usize, value: Value| {
                if let Some(site) = sites.get(number) {
                    weigh(state, &site.at, &value).map_err(|error| match error.kind() {
                        ErrorKind::OutOfFuel => error.with_source(TooHeavy(Some(site.clone()))),
                        // Other errors occur again, with their place, when the page is printed.
                        _ => error,
                    })?;
                    let seen = state.get_or_insert_extension_with(Seen::default);
                    seen.note(number, &site.at, &value);
                }
                Ok(value)
            }
        };
        // Filter blocks have no expression to wrap, so the probe is a filter there.
        let as_filter = note.clone();
        environment.add_filter(
            LOOK,
            move |state: &mut State<'_, '_>, value: Value, site: usize| {
                as_filter(state, site, value)
            },
        );
        environment.add_function(LOOK, note);
        Ok(Watched {
            environment,
            sites,
            may_grow: growth.is_unbounded(),
        })
    }

    /// Renders a page, and returns what its templates inspect; nothing if they have an error, which
    /// occurs again, with its place, when the page is printed.
    pub(super) fn make(
        &self,
        template: &str,
        view: &Value,
        out: impl io::Write,
    ) -> Result<Option<Looks>, TooHeavy> {
        let watched = self.environment.get_template(template);
        let made = watched.and_then(|watched| watched.render_captured_to(view, out));
        let error = match made {
            Ok(mut made) => {
                let seen = made.with_state_mut(|state| {
                    let seen = state.get_extension_mut::<Seen>();
                    seen.map(std::mem::take).unwrap_or_default()
                });
                return Ok(Some(self.looks(seen)));
            }
            Err(error) => error,
        };
        let error = innermost(&error);
        let source = std::error::Error::source(error);
        match source.and_then(|source| source.downcast_ref::<TooHeavy>()) {
            Some(heavy) => Err(heavy.clone()),
            None if error.kind() == ErrorKind::OutOfFuel => Err(TooHeavy(None)),
            None => Ok(None),
        }
    }

    fn looks(&self, seen: Seen) -> Looks {
        let look = |(site, variables)| {
            let site: &WatchedPlace = &self.sites[site];
            Inspection {
                template: site.template.clone(),
                range: Some(site.range.clone()),
                what: site.what.clone(),
                variables,
            }
        };
        Looks {
            at: seen.at.into_iter().map(look).collect(),
            emptiness: seen.emptiness,
        }
    }
}

impl Seen {
    fn note(&mut self, site: usize, at: &Inspected, value: &Value) {
        let mut variables = BTreeSet::new();
        match at {
            Inspected::Truth => return self.note_truth(value),
            Inspected::Content | Inspected::Repeated => holes(value, &mut variables),
            Inspected::Items | Inspected::Joined | Inspected::Sliced => {
                items(value, &mut variables)
            }
            Inspected::Made => {}
            Inspected::ItemsOfItems => {
                items(value, &mut variables);
                for item in members(value) {
                    items(&item, &mut variables);
                }
            }
            // The number of items matters as well as the attribute.
            Inspected::Attribute(path) => {
                items(value, &mut variables);
                for item in members(value) {
                    let attribute = path.split('.').try_fold(item, |of, name| of.get_attr(name));
                    attribute.iter().for_each(|it| holes(it, &mut variables));
                }
            }
            Inspected::Piece => piece(value, &mut variables),
            Inspected::Printed if value.kind() == ValueKind::String => {}
            Inspected::Printed => holes(value, &mut variables),
            Inspected::Pieces => {
                items(value, &mut variables);
                for item in members(value) {
                    piece(&item, &mut variables);
                }
            }
        }
        if !variables.is_empty() {
            self.at.entry(site).or_default().extend(variables);
        }
    }

    /// Records the variables of a text that is empty if they all are: one that consists of holes.
    fn note_truth(&mut self, value: &Value) {
        let text = value.as_str().unwrap_or_default();
        let is_never_empty = |character| match Hole::from_marker(character) {
            // As HTML it has an element around it, so it is never empty.
            Some(hole) => hole.encodings().last() == Some(Encoding::Text),
            None => true,
        };
        if !text.chars().any(is_never_empty) {
            let holes = text.chars().filter_map(Hole::from_marker);
            self.emptiness.extend(holes.map(|hole| hole.variable));
        }
    }
}

/// Adds the variables of the holes in a value, at any depth.
fn holes(value: &Value, found: &mut BTreeSet<VariableId>) {
    let in_text = |text: &str, found: &mut BTreeSet<VariableId>| {
        let holes = text.chars().filter_map(Hole::from_marker);
        found.extend(holes.map(|hole| hole.variable));
    };
    match value.kind() {
        ValueKind::String => in_text(value.as_str().unwrap_or_default(), found),
        ValueKind::Seq | ValueKind::Iterable => {
            members(value).iter().for_each(|item| holes(item, found));
        }
        ValueKind::Map => {
            for key in members(value) {
                holes(&key, found);
                let of_key = value.get_item(&key);
                of_key.iter().for_each(|item| holes(item, found));
            }
        }
        // Objects of the engine, such as macros, are printed as text.
        ValueKind::Plain => in_text(&value.to_string(), found),
        _ => {}
    }
}

/// Adds the variables that decide the number of a value's items, or the keys of a map.
fn items(value: &Value, found: &mut BTreeSet<VariableId>) {
    match value.kind() {
        ValueKind::String => holes(value, found),
        ValueKind::Map => members(value).iter().for_each(|key| holes(key, found)),
        _ => {}
    }
}

/// Adds the variables of a value that would be escaped, or printed differently, as a part of a
/// text.
fn piece(value: &Value, found: &mut BTreeSet<VariableId>) {
    if value.is_safe() || value.kind() != ValueKind::String {
        holes(value, found);
    }
}

/// Returns the items of a list, or the keys of a map.
fn members(value: &Value) -> Vec<Value> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => value
            .try_iter()
            .map_or_else(|_| Vec::new(), Iterator::collect),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::rich::messages::Messages;

    #[test]
    fn a_page_is_watched_while_another_is() {
        let own = [
            ("slow.html", "{{ a|upper }}{{ other() }}{{ a|lower }}"),
            (
                "quick.html",
                "{% macro m(l) %}{{ [l]|length }}{% endmacro %}{{ m(b) }}{{ b|upper }}",
            ),
        ];
        let own = own.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let templates = Arc::new(Templates::new(own, Messages::new("en", [])).unwrap());
        let [a, b] = [0, 1].map(|at| VariableId::new(at).unwrap());
        let text = |variable| Value::from(Hole::new(variable).marker().to_string());
        let variables = |looks: Looks| -> Vec<(String, BTreeSet<VariableId>)> {
            let looks = looks.at.into_iter();
            looks.map(|look| (look.what, look.variables)).collect()
        };
        let other = {
            let (templates, view) = (
                Arc::clone(&templates),
                Value::from(BTreeMap::from([("b", text(b))])),
            );
            move || {
                let (send, receive) = channel();
                let (templates, view) = (Arc::clone(&templates), view.clone());
                std::thread::spawn(move || {
                    let (_, looks) = templates.render_watched("quick.html", &view).unwrap();
                    let _ = send.send(looks);
                });
                let looks = receive.recv_timeout(Duration::from_secs(60));
                let looks = looks.expect("a page that waits for no other");
                let upper = ("the filter `upper`".to_owned(), BTreeSet::from([b]));
                assert_eq!(variables(looks), [upper]);
                ""
            }
        };
        let view = BTreeMap::from([("a", text(a)), ("other", Value::from_function(other))]);
        let (_, looks) = templates.render_watched("slow.html", &view.into()).unwrap();
        let both = ["the filter `upper`", "the filter `lower`"];
        let both = both.map(|what| (what.to_owned(), BTreeSet::from([a])));
        assert_eq!(variables(looks), both);
    }
}
