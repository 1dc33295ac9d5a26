//! The keywords about one value alone, compiled by the crate `jsonschema`.

use std::collections::HashMap;
use std::sync::Arc;

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value};

use crate::input::explain::Code;

use super::finding::{Finding, Pointer};
use super::lower::{DISCRIMINATOR, origin};
use super::states::{Excess, MOST_GROUPS, MOST_IN_PATTERN, MOST_ON_PAGE, States};
use super::value::quoted;

/// How many digits a number may have: the crate's arithmetic takes time quadratic in them.
pub(super) const MOST_DIGITS: usize = 1_000;

/// The greatest power of ten that a number may name.
const MOST_EXPONENT: u32 = 1_000;

/// How many bytes an automaton of a pattern may take while it reads a text.
const LARGEST_AUTOMATON: usize = 2 << 20;

/// The keywords that lead to other nodes, compare values, or are botdocs' own.
// Followed by our own nodes: for nested alternatives the crate collects all errors at each level,
// which is exponential, and it compares `uniqueItems`, `enum` and `const` pairwise.
const FOLLOWED: [&str; 11] = [
    "const",
    "enum",
    "$ref",
    "$defs",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "unevaluatedProperties",
    "oneOf",
    DISCRIMINATOR,
];

/// How many bytes of a text or a number count as one step.
const BYTES_OF_STEP: usize = 64;

/// How many states of a pattern count as one step for each byte of a text: a large pattern has no
/// automaton, so its states are simulated one by one for each byte.
const STATES_OF_STEP: usize = 1_000;

/// The limits of a page's schemas: equal ones are compiled once.
#[derive(Debug)]
pub struct Validators {
    made: HashMap<String, Arc<Limits>>,
    states: States,
}

/// The keywords of a schema about a value alone.
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) validator: Validator,
    /// How many states its pattern has.
    states: usize,
}

/// Why a schema can't be compiled.
#[derive(Debug)]
pub struct NotReady {
    pub(super) finding: Finding,
    /// Whether it is valid JSON Schema that only exceeds a limit.
    pub(super) is_right: bool,
}

impl NotReady {
    fn wrong(finding: Finding) -> Box<NotReady> {
        Box::new(NotReady {
            finding,
            is_right: false,
        })
    }
}

impl Limits {
    /// Returns how many steps it takes to validate a value.
    pub(super) fn steps(&self, value: &Value) -> usize {
        let (length, states) = match value {
            Value::String(text) => (text.len(), self.states),
            Value::Number(number) => (number.as_str().len(), 0),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => (0, 0),
        };
        // A step is the validation of a value against a node; what takes longer in one call counts
        // for more.
        length / BYTES_OF_STEP + length.saturating_mul(states) / STATES_OF_STEP
    }
}

impl Validators {
    /// Creates an empty cache for a page.
    pub fn of_page() -> Validators {
        Validators {
            made: HashMap::new(),
            states: States::of_page(),
        }
    }

    /// Returns whether a pattern needed more states than the page has.
    pub(super) fn are_used_up(&self) -> bool {
        self.states.are_used_up()
    }

    /// Compiles the keywords of a schema about a value alone.
    pub(super) fn limits(
        &mut self,
        schema: &Value,
        place: &Pointer,
        at: &Pointer,
    ) -> Result<Option<Arc<Limits>>, Box<NotReady>> {
        let keywords = schema.as_object().into_iter().flatten();
        let keywords = keywords.filter(|(key, _)| !FOLLOWED.contains(&key.as_str()));
        // `title` is kept for messages, `uniqueItems` is checked by keys.
        let is_ours =
            |key: &str, value: &Value| key == "title" || key == "uniqueItems" && value.is_boolean();
        let keywords = keywords.filter(|(key, value)| !is_ours(key, value));
        let limits: Map<String, Value> = keywords.map(|(k, v)| (k.clone(), v.clone())).collect();
        if limits.is_empty() {
            return Ok(None);
        }
        let long = limits.iter().find(|(_, limit)| is_too_long(limit));
        if let Some((keyword, limit)) = long {
            let at = origin(place.to(keyword).as_str(), at);
            let message = format!("`{keyword}` can't be {}", quoted(limit));
            let help = format!("write at most {MOST_DIGITS} digits, and a small exponent");
            let finding = Finding::error(Code::InvalidValue, at, message).help(help);
            return Err(NotReady::wrong(finding));
        }
        let limits = Value::Object(limits);
        // Hundreds of fields on a page have the same few limits.
        let key = limits.to_string();
        if let Some(known) = self.made.get(&key) {
            return Ok(Some(Arc::clone(known)));
        }
        let states = match limits["pattern"].as_str() {
            // Counted before compiling, so that a large pattern takes no memory.
            Some(pattern) => self.states.take(pattern).map_err(|excess| {
                let at = origin(place.to("pattern").as_str(), at);
                too_large(excess, pattern, at)
            })?,
            None => 0,
        };
        let pattern = PatternOptions::regex()
            // Its states are counted.
            // The crate's own limit of 10 MB is for one pattern, and a page can have thousands.
            .size_limit(usize::MAX)
            .dfa_size_limit(LARGEST_AUTOMATON);
        // The draft is set and not detected from `$schema`, which a spec can't contain.
        let options = jsonschema::draft202012::options()
            .should_validate_formats(true)
            // In JSON Schema an unknown format is an annotation.
            .should_ignore_unknown_formats(true)
            .with_pattern_options(pattern);
        let validator = options.build(&limits);
        let validator = validator.map_err(|error| not_ready(&error, place, at))?;
        let limits = Arc::new(Limits { validator, states });
        self.made.insert(key, Arc::clone(&limits));
        Ok(Some(limits))
    }
}

/// Returns whether a number has more digits than the limit.
pub(super) fn is_too_long(value: &Value) -> bool {
    let Value::Number(number) = value else {
        return false;
    };
    let written = number.as_str();
    let exponent = written.split_once(['e', 'E']).map(|(_, exponent)| exponent);
    let is_great = |exponent: &str| {
        let digits = exponent.trim_start_matches(['+', '-']);
        digits.parse().map_or(true, |it: u32| it > MOST_EXPONENT)
    };
    written.len() > MOST_DIGITS || exponent.is_some_and(is_great)
}

/// Returns the error for a pattern that takes too much memory.
fn too_large(excess: Excess, pattern: &str, at: Pointer) -> Box<NotReady> {
    let pattern = quoted(&pattern.into());
    let (message, help) = match excess {
        Excess::OfPattern => (
            format!("the pattern {pattern} has more than {MOST_IN_PATTERN} states"),
            "use fewer repetitions: they count as if they were written out, and groups `(…)` more than `(?:…)`",
        ),
        Excess::OfPage => (
            format!("the patterns of this page have more than {MOST_ON_PAGE} states together"),
            "use fewer repetitions, or split the page; equal patterns count once",
        ),
        Excess::Groups => (
            format!("the pattern {pattern} nests groups more than {MOST_GROUPS} levels deep"),
            "nest fewer groups",
        ),
    };
    NotReady::wrong(Finding::error(Code::InputTooLarge, at, message).help(help.to_owned()))
}

/// Returns why limits can't be compiled.
fn not_ready(error: &ValidationError<'_>, place: &Pointer, at: &Pointer) -> Box<NotReady> {
    let at = origin(place.below(error.instance_path().as_str()).as_str(), at);
    let keyword = at.steps().last().unwrap_or_default();
    let value = quoted(error.instance());
    if keyword != "pattern" {
        let message = format!("`{keyword}` can't be {value}");
        let help = "the allowed values are in JSON Schema's validation vocabulary";
        return NotReady::wrong(Finding::error(Code::InvalidValue, at, message).help(help));
    }
    let pattern = error.instance().as_str().unwrap_or_default();
    // A pattern that JavaScript supports and the crate `regex` does not, such as look-ahead, is an
    // error only if an example needs it.
    let is_right = jsonschema_regex::is_valid_ecma_regex(pattern);
    let message = if is_right {
        format!("{value} is a regular expression that can't be evaluated")
    } else {
        format!("{value} is not a regular expression")
    };
    let finding = Finding::error(Code::InvalidPattern, at, message);
    // The parser's reason: an unclosed bracket has nothing to do with look-around.
    let reason = match regex_syntax::ast::parse::Parser::new().parse(pattern) {
        Err(error) if !is_right => error.kind().to_string(),
        _ => "use neither look-around nor back-references".to_owned(),
    };
    let finding = finding.help(reason);
    Box::new(NotReady { finding, is_right })
}
