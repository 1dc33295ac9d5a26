//! The size of the automata of a page's patterns: a few letters, such as `\p{L}{200}`, can need
//! megabytes.
//!
//! The count estimates what the crate `regex` keeps in memory, some 60 bytes for each state: one
//! for each range of characters whose UTF-8 differs in its last bytes alone, with all repetitions
//! expanded.

use regex_syntax::hir::{Class, Hir, HirKind};
use regex_syntax::utf8::Utf8Sequences;

/// How many states the pattern of a field may have.
pub(super) const MOST_IN_PATTERN: usize = 500_000;

/// How many states all patterns of a page may have together.
pub(super) const MOST_ON_PAGE: usize = 5_000_000;

/// How deep groups of a pattern may be nested.
pub(super) const MOST_GROUPS: u32 = 250;

/// The states that the patterns of a page may still have.
#[derive(Debug)]
pub(super) struct States {
    /// `None` once a pattern needed more than were left.
    left: Option<usize>,
}

/// The limit that a pattern exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Excess {
    /// Its own states.
    OfPattern,
    /// States together with the patterns before it.
    OfPage,
    /// Nested groups.
    Groups,
}

impl States {
    /// Creates the budget of a page.
    pub(super) fn of_page() -> States {
        States {
            left: Some(MOST_ON_PAGE),
        }
    }

    /// Returns whether a pattern needed more states than were left.
    pub(super) fn are_used_up(&self) -> bool {
        self.left.is_none()
    }

    /// Adds the states of a pattern, and returns how many; an invalid pattern has none.
    pub(super) fn take(&mut self, pattern: &str) -> Result<usize, Excess> {
        let states = count(pattern)?;
        if states > MOST_IN_PATTERN {
            return Err(Excess::OfPattern);
        }
        self.left = self.left.and_then(|left| left.checked_sub(states));
        self.left.map(|_| states).ok_or(Excess::OfPage)
    }
}

/// Returns how many states a pattern has.
fn count(pattern: &str) -> Result<usize, Excess> {
    // As the crate `jsonschema` hands it to `regex`: `\d` and `\w` are those of ECMAScript.
    let handed = jsonschema_regex::to_rust_regex(pattern);
    let pattern = handed.unwrap_or(pattern.into());
    let mut parser = regex_syntax::ParserBuilder::new()
        .nest_limit(MOST_GROUPS)
        .build();
    match parser.parse(&pattern) {
        Ok(hir) => Ok(with_groups(&hir)),
        Err(regex_syntax::Error::Parse(error)) if is_too_deep(error.kind()) => Err(Excess::Groups),
        Err(_) => Ok(0),
    }
}

fn is_too_deep(error: &regex_syntax::ast::ErrorKind) -> bool {
    use regex_syntax::ast::ErrorKind::{CaptureLimitExceeded, NestLimitExceeded};
    matches!(error, NestLimitExceeded(_) | CaptureLimitExceeded)
}

/// Returns the states of a pattern; during a match, each of them can hold the positions of all
/// groups.
fn with_groups(hir: &Hir) -> usize {
    let states = states(hir);
    let groups = hir.properties().explicit_captures_len();
    states.saturating_add(states.saturating_mul(groups) / 4)
}

fn states(hir: &Hir) -> usize {
    let sum = |parts: &[Hir]| parts.iter().map(states).fold(1, usize::saturating_add);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Class(Class::Unicode(class)) => {
            // `regex` reads UTF-8 byte by byte: `[a-z]` is one sequence, `\p{L}` some eight
            // hundred.
            let sequences = class
                .iter()
                .map(|it| Utf8Sequences::new(it.start(), it.end()));
            sequences.map(Iterator::count).sum()
        }
        HirKind::Repetition(it) => {
            let times = it.max.unwrap_or(it.min.saturating_add(1)) as usize;
            states(&it.sub)
                .saturating_add(1)
                .saturating_mul(times.max(1))
        }
        HirKind::Capture(capture) => states(&capture.sub).saturating_add(2),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => sum(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_written_out_and_ranges_counted() {
        for (pattern, states) in [
            ("abc", 3),
            ("[a-z]{10}", 20),
            (r"\d", 1),
            ("é", 2),
            ("[éè]", 1),
            (".", 10),
            ("(?:a{100}){100}", 20_100),
            ("a*", 2),
            ("(a)(b)", 10),
            // An invalid pattern; the error is reported elsewhere.
            ("(?=a)", 0),
        ] {
            assert_eq!(count(pattern), Ok(states), "{pattern}");
        }
        let letters = count(r"\p{L}").unwrap();
        assert!((500..1_500).contains(&letters), "{letters}");
        let grouped = count(&r"(\p{L})?".repeat(100)).unwrap();
        assert!(grouped > 25 * 100 * letters, "{grouped}");
    }

    #[test]
    fn a_pattern_and_a_page_have_their_limits() {
        let mut states = States::of_page();
        let large = format!("a{{{}}}", MOST_IN_PATTERN / 2 + 1);
        assert_eq!(states.take(&large), Err(Excess::OfPattern));
        let deep = |groups| format!("{}a{}", "(".repeat(groups), ")".repeat(groups));
        assert_eq!(
            states.take(&deep(MOST_GROUPS as usize + 1)),
            Err(Excess::Groups)
        );
        assert!(states.take(&deep(MOST_GROUPS as usize)).is_ok());
        let largest = format!("a{{{}}}", MOST_IN_PATTERN / 2);
        let fitting = (0..).find(|_| states.take(&largest).is_err());
        assert_eq!(fitting, Some(MOST_ON_PAGE / MOST_IN_PATTERN - 1));
        assert!(states.are_used_up());
        assert_eq!(states.take("a"), Err(Excess::OfPage));
    }
}
