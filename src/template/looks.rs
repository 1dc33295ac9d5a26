//! What the templates look at while they make a page.
//!
//! A page that looks at no value is the same for all bots but for its holes. One that does is made
//! anew for each of them, which takes some hundred times as long, so its author is told.
//!
//! The page is made twice: by its templates, and by their [`watched`] form, which must give the same.
//! If it does not, or can't be written, the page counts as one that looks at everything.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::operations::At;
use super::watched::{self, DELIMITERS, LOOK, Site};
use super::weight::{Growth, TooHeavy, weigh};
use super::{innermost, limit};
use crate::hole::{Encoding, Hole, VariableId};

/// What a page depends on beside what stands in its holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// The places that look at values.
    pub at: Vec<Look>,
    /// Variables of which a template asks whether their values are empty.
    pub emptiness: BTreeSet<VariableId>,
}

/// One place that looks at values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The template's file name.
    pub template: String,
    /// The bytes of its text; none where it is not known which they are.
    pub range: Option<Range<usize>>,
    /// What is done there, as a part of a sentence.
    pub what: String,
    /// Whose values it looks at; none where that is not known.
    pub variables: BTreeSet<VariableId>,
}

impl Looks {
    /// Whether nothing depends on a value.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty() && self.emptiness.is_empty()
    }

    pub(super) fn unknown(template: &str) -> Looks {
        let look = Look {
            template: template.to_owned(),
            range: None,
            what: "a template that cannot be followed".to_owned(),
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
    sites: Arc<Vec<Site>>,
    seen: Arc<Mutex<Seen>>,
    /// Whether the templates of the project may make values that grow.
    pub(super) may_grow: bool,
    /// One page is watched at a time.
    turn: Mutex<()>,
}

/// What was looked at since the page began.
#[derive(Debug, Default)]
struct Seen {
    at: BTreeMap<usize, BTreeSet<VariableId>>,
    emptiness: BTreeSet<VariableId>,
    /// The place whose value weighed too much.
    heavy: Option<usize>,
}

impl Watched {
    /// Writes templates anew, given by name, text, and whether they are the project's own;
    /// `environment` is as theirs, but for them.
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
            if text.contains(LOOK) {
                return Err(ErrorKind::BadSerialization.into());
            }
            let mut of_theme = Growth::default();
            let growth = if is_own { &mut growth } else { &mut of_theme };
            let text = watched::watched(name, text, syntax.clone(), &mut sites, growth)?;
            // Expressions of several lines are one there.
            if limit::beyond(&text, name).is_some() {
                return Err(ErrorKind::BadSerialization.into());
            }
            environment.add_template_owned(name.to_owned(), text)?;
        }
        let (sites, seen) = (Arc::new(sites), Arc::new(Mutex::new(Seen::default())));
        let note = {
            let (sites, seen) = (Arc::clone(&sites), Arc::clone(&seen));
            move |state: &State<'_, '_>, site: usize, value: Value| {
                if let Some(at) = sites.get(site).map(|site| &site.at) {
                    if let Err(error) = weigh(state, at, &value) {
                        // What else is wrong with a value is found where the page is made.
                        if error.kind() == ErrorKind::OutOfFuel {
                            locked(&seen).heavy.get_or_insert(site);
                        }
                        return Err(error);
                    }
                    locked(&seen).note(site, at, &value);
                }
                Ok(value)
            }
        };
        let as_filter = note.clone();
        environment.add_filter(
            LOOK,
            move |state: &State<'_, '_>, value: Value, site: usize| as_filter(state, site, value),
        );
        environment.add_function(LOOK, note);
        Ok(Watched {
            environment,
            sites,
            seen,
            may_grow: growth.is_unbounded(),
            turn: Mutex::new(()),
        })
    }

    /// Whether a template can make a page without values that weigh too much.
    pub(super) fn weigh(&self, template: &str, view: &Value) -> Result<(), TooHeavy> {
        let _turn = locked(&self.turn);
        *locked(&self.seen) = Seen::default();
        let watched = self.environment.get_template(template);
        let made = watched.and_then(|it| it.render_captured_to(view, &mut io::sink()).map(drop));
        let heavy = locked(&self.seen).heavy.take();
        match made {
            Err(_) if heavy.is_some() => Err(TooHeavy(heavy.map(|site| self.sites[site].clone()))),
            Err(error) if innermost(&error).kind() == ErrorKind::OutOfFuel => Err(TooHeavy(None)),
            // What else is wrong is found again, with its place.
            _ => Ok(()),
        }
    }

    /// What a template looks at while it makes a page, which must become `page`.
    pub(super) fn looks(&self, template: &str, view: &Value, page: &str) -> Looks {
        let _turn = locked(&self.turn);
        *locked(&self.seen) = Seen::default();
        let watched = self.environment.get_template(template);
        let mut rest = Rest(page.as_bytes());
        let made =
            watched.and_then(|watched| watched.render_captured_to(view, &mut rest).map(drop));
        if made.is_err() || !rest.0.is_empty() {
            return Looks::unknown(template);
        }
        let Seen { at, emptiness, .. } = std::mem::take(&mut *locked(&self.seen));
        let look = |(site, variables)| {
            let site: &Site = &self.sites[site];
            Look {
                template: site.template.clone(),
                range: Some(site.range.clone()),
                what: site.what.clone(),
                variables,
            }
        };
        Looks {
            at: at.into_iter().map(look).collect(),
            emptiness,
        }
    }
}

/// What is left of a page while it is made again; anything else is refused.
struct Rest<'a>(&'a [u8]);

impl io::Write for Rest<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .strip_prefix(bytes)
            .ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seen {
    fn note(&mut self, site: usize, at: &At, value: &Value) {
        let mut variables = BTreeSet::new();
        match at {
            At::Truth => return self.note_truth(value),
            At::Content | At::Repeated => holes(value, &mut variables),
            At::Items | At::Joined | At::Sliced => items(value, &mut variables),
            At::Made => {}
            At::ItemsOfItems => {
                items(value, &mut variables);
                for item in members(value) {
                    items(&item, &mut variables);
                }
            }
            At::Attribute(path) => {
                items(value, &mut variables);
                for item in members(value) {
                    let attribute = path.split('.').try_fold(item, |of, name| of.get_attr(name));
                    attribute.iter().for_each(|it| holes(it, &mut variables));
                }
            }
            At::Piece => piece(value, &mut variables),
            At::Printed if value.kind() == ValueKind::String => {}
            At::Printed => holes(value, &mut variables),
            At::Pieces => {
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

    /// A text is empty only if there is nothing in it but holes, and they all are.
    fn note_truth(&mut self, value: &Value) {
        let text = value.as_str().unwrap_or_default();
        let is_never_empty = |character| match Hole::from_marker(character) {
            // In a page it stands in an element.
            Some(hole) => hole.encodings().last() == Some(Encoding::Text),
            None => true,
        };
        if !text.chars().any(is_never_empty) {
            let holes = text.chars().filter_map(Hole::from_marker);
            self.emptiness.extend(holes.map(|hole| hole.variable));
        }
    }
}

/// The variables of the holes in a value, at any depth.
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
        ValueKind::Plain => in_text(&value.to_string(), found),
        _ => {}
    }
}

/// The variables that decide how many items a value has, or what the keys of a map are.
fn items(value: &Value, found: &mut BTreeSet<VariableId>) {
    match value.kind() {
        ValueKind::String => holes(value, found),
        ValueKind::Map => members(value).iter().for_each(|key| holes(key, found)),
        _ => {}
    }
}

/// The variables of what would be another text when it becomes a part of one.
fn piece(value: &Value, found: &mut BTreeSet<VariableId>) {
    if value.is_safe() || value.kind() != ValueKind::String {
        holes(value, found);
    }
}

/// The items of a list, or the keys of a map.
fn members(value: &Value) -> Vec<Value> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => value
            .try_iter()
            .map_or_else(|_| Vec::new(), Iterator::collect),
        _ => Vec::new(),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
