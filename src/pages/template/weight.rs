//! The weight of values that a template makes: lists that double, or that nest.
//!
//! The engine counts one step for joining a list to itself, however long the list gets, and it
//! visits all of them to compare or free nested lists. So a page whose own templates could make
//! such lists is printed by their watched form first, where each inspected item is a step.

use std::{fmt, io};

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, State, Value};

use super::growth::Growth;
use super::operations::Inspected;
use super::watched::{WatchedPlace, watched};
use super::{Looks, TemplateError, Templates, line_blocks};
use crate::input::explain::Code;

/// The greatest depth of lists and maps: the engine recurses to free them.
const MOST_NESTED: usize = 500;

/// The steps of an item: the watched form has twice the steps of a page, so an item costs one of
/// them in effect.
const STEPS_OF_ITEM: u64 = 2;

/// The steps of a list that is a view of another (a slice, a repetition): some thousands of them,
/// nested, overflow the stack, so 16 million steps allow at most 1,000.
const STEPS_OF_VIEW: u64 = 16_000;

/// The message and the help about values that are too heavy.
const TOO_HEAVY: (&str, &str) = (
    "lists of more than 8,000,000 steps for one page, or lists nested more than 500 deep",
    "do not join a list with itself repeatedly, and do not put a list into itself",
);

/// The message and the help about templates without a watched form.
const UNKNOWN: (&str, &str) = (
    "lists that may grow, in templates that can't be analysed",
    "break expressions of more than 10,000 characters into lines, and rename everything called `botdocs_look`",
);

/// The values of a page are too heavy: at a place, if it is known.
#[derive(Clone, Debug)]
pub(super) struct TooHeavy(pub(super) Option<WatchedPlace>);

/// Templates that have no watched form.
#[derive(Debug)]
pub(super) struct Unwatched {
    /// Whether the project's own templates may make values that grow.
    pub(super) may_grow: bool,
}

impl fmt::Display for TooHeavy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TOO_HEAVY.0)
    }
}

impl std::error::Error for TooHeavy {}

impl Templates {
    /// Refuses a page for which the project's own templates make values that are too heavy.
    pub(super) fn weigh(&self, name: &str, seen: &Value) -> Result<(), TemplateError> {
        let may_grow = || match self.watched() {
            Ok(watched) => watched.may_grow,
            Err(unwatched) => unwatched.may_grow,
        };
        // Only a project's own templates can make such lists: else no page is printed twice.
        if !self.own.is_empty() && may_grow() {
            self.watch(name, seen, io::sink())?;
        }
        Ok(())
    }

    /// Renders a page by the templates in their watched form, and returns what they inspect;
    /// nothing if they can't print it.
    ///
    /// # Errors
    /// If the project's own templates make values that are too heavy.
    pub(super) fn watch(
        &self,
        name: &str,
        seen: &Value,
        out: impl io::Write,
    ) -> Result<Option<Looks>, TemplateError> {
        let (site, (message, help)) = match self.watched() {
            Ok(watched) => match watched.make(name, seen, out) {
                // Templates that can't grow ran out of steps otherwise: printing the page reports
                // that.
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

    /// Returns whether the project's own templates may make values that grow, if no watched form
    /// could be made.
    pub(super) fn may_grow(&self) -> bool {
        let (mut sites, mut growth) = (Vec::new(), Growth::default());
        self.own.iter().any(|name| {
            let text = &self.sources[name];
            let written = watched(name, text, line_blocks(), &mut sites, &mut growth);
            written.is_err() || growth.is_unbounded()
        })
    }
}

/// Counts the steps of an inspected value.
///
/// # Errors
/// If none are left, or the value is too deep.
pub(super) fn weigh(state: &State<'_, '_>, at: &Inspected, value: &Value) -> Result<(), Error> {
    let is_list = || matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    match at {
        // The engine counts a step for each round of a loop itself.
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
    // As if no steps were left: the page is refused with the same message.
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
