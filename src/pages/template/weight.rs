//! What the values weigh that a template makes: lists that double, or that stand in each other.
//!
//! The engine counts a step for a list that is joined to itself, however long it gets, and compares and
//! frees lists within lists by going through all of them. So a page whose templates could make such
//! lists is made by their watched form first, where each item that is looked at is a step.

use std::{fmt, io};

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, State, Value};

use super::growth::Growth;
use super::operations::Inspected;
use super::watched::{WatchedPlace, watched};
use super::{Looks, TemplateError, Templates, line_blocks};
use crate::input::explain::Code;

/// How many lists and maps may stand in each other.
const MOST_NESTED: usize = 500;

/// How many steps an item takes, of twice as many as templates have where they are not watched.
const STEPS_OF_ITEM: u64 = 2;

/// How many steps a list takes that is only read anew each time: some thousands of them in each other
/// are more than the machine's stack holds.
const STEPS_OF_VIEW: u64 = 16_000;

/// The message and the help about values that weigh too much.
const TOO_HEAVY: (&str, &str) = (
    "lists of more than 8,000,000 steps for one page, or more than 500 deep in each other",
    "join no list with itself again and again, and put none into itself",
);

/// The same about templates that can't be followed.
const UNKNOWN: (&str, &str) = (
    "lists that may grow, in templates that can't be followed",
    "break lines of expressions that have more than 10,000 characters, and rename what is called `botdocs_look`",
);

/// That a page's values weigh too much: at a place, if it is known.
#[derive(Clone, Debug)]
pub(super) struct TooHeavy(pub(super) Option<WatchedPlace>);

/// Templates that have no watched form.
#[derive(Debug)]
pub(super) struct Unwatched {
    /// Whether those of the project may make values that grow.
    pub(super) may_grow: bool,
}

impl fmt::Display for TooHeavy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TOO_HEAVY.0)
    }
}

impl std::error::Error for TooHeavy {}

impl Templates {
    /// Refuses a page for which the project's own templates make values that weigh too much.
    pub(super) fn weigh(&self, name: &str, seen: &Value) -> Result<(), TemplateError> {
        let may_grow = || match self.watched() {
            Ok(watched) => watched.may_grow,
            Err(unwatched) => unwatched.may_grow,
        };
        if !self.own.is_empty() && may_grow() {
            self.watch(name, seen, io::sink())?;
        }
        Ok(())
    }

    /// Makes a page by the templates in their watched form, and returns what they look at; none if
    /// they can't make it.
    ///
    /// # Errors
    /// Where the project's own templates make values that weigh too much.
    pub(super) fn watch(
        &self,
        name: &str,
        seen: &Value,
        out: impl io::Write,
    ) -> Result<Option<Looks>, TemplateError> {
        let (site, (message, help)) = match self.watched() {
            Ok(watched) => match watched.make(name, seen, out) {
                Err(TooHeavy(site)) if watched.may_grow => (site, TOO_HEAVY),
                made => return Ok(made.unwrap_or_default()),
            },
            Err(unwatched) if unwatched.may_grow => (None, UNKNOWN),
            Err(_) => return Ok(None),
        };
        Err(TemplateError {
            range: site.as_ref().map(|site| site.range.clone()),
            template: site.map_or_else(|| name.to_owned(), |site| site.template),
            line: None,
            code: Code::InputTooLarge,
            message: message.to_owned(),
            help: Some(help.to_owned()),
        })
    }

    /// Whether the project's own templates may make values that grow, where none is watched.
    pub(super) fn may_grow(&self) -> bool {
        let (mut sites, mut growth) = (Vec::new(), Growth::default());
        self.own.iter().any(|name| {
            let text = &self.sources[name];
            let written = watched(name, text, line_blocks(), &mut sites, &mut growth);
            written.is_err() || growth.is_unbounded()
        })
    }
}

/// Takes the steps of a value that is looked at.
///
/// # Errors
/// Where there are none left, or the value is too deep.
pub(super) fn weigh(state: &State<'_, '_>, at: &Inspected, value: &Value) -> Result<(), Error> {
    let is_list = || matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    match at {
        Inspected::Truth | Inspected::Items | Inspected::ItemsOfItems => return Ok(()),
        Inspected::Repeated | Inspected::Sliced if is_list() => {
            state.consume_fuel(STEPS_OF_VIEW)?
        }
        _ => {}
    }
    items(state, value, 0)
}

fn items(state: &State<'_, '_>, value: &Value, depth: usize) -> Result<(), Error> {
    if !matches!(
        value.kind(),
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map
    ) {
        return Ok(());
    }
    if depth == MOST_NESTED {
        return Err(ErrorKind::OutOfFuel.into());
    }
    for item in value.try_iter()? {
        state.consume_fuel(STEPS_OF_ITEM)?;
        if value.kind() == ValueKind::Map {
            items(state, &value.get_item(&item)?, depth + 1)?;
        }
        items(state, &item, depth + 1)?;
    }
    Ok(())
}
