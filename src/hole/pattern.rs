//! Patterns that mean the same in Rust and in the browser.
//!
//! A variable's pattern is tested here when a value is given, and by JavaScript when a reader
//! enters one. So it may use only syntax with the same meaning in both: JavaScript's is a regular
//! expression with the `u` flag, anchored as ours is. The page gets its [`PatternShape`] instead of
//! its source: a browser's `RegExp` backtracks, and can take years for a value of forty letters.

use regex::Regex;
use regex_syntax::ast::{self, Ast, ClassSetItem, visit};
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::Serialize;

/// The greatest number of states of a pattern with its repetitions expanded: the page visits each
/// of them for each character of a value.
const MOST_STATES: usize = 5_000;

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// One of the two languages does not parse it, or they differ in its meaning.
    NotShared(String),
    /// It has too many states.
    TooLarge,
}

/// A pattern that must match the whole value.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The pattern as written.
    pub source: String,
    /// The same as a tree, for the page.
    pub shape: PatternShape,
    regex: Regex,
    is_plain: bool,
}

/// A pattern as a tree, from which the page builds an automaton that reads a value once.
// As a tree in JSON, since a second parser of patterns in the page could differ from this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PatternShape {
    /// One character in one of these ranges: first and last code point of each, alternately.
    Of(Vec<u32>),
    /// All of these in sequence.
    All(Vec<PatternShape>),
    /// One of these.
    Any(Vec<PatternShape>),
    /// From the first to the second number of repetitions of this; without a second number, any
    /// number from the first.
    Repeat(Box<PatternShape>, u32, Option<u32>),
}

impl PatternShape {
    fn new(hir: &Hir) -> PatternShape {
        let list = |parts: &[Hir]| parts.iter().map(PatternShape::new).collect();
        match hir.kind() {
            // `CommonSyntax` refuses assertions.
            HirKind::Empty | HirKind::Look(_) => PatternShape::All(Vec::new()),
            HirKind::Literal(literal) => {
                let text = String::from_utf8_lossy(&literal.0);
                let one = |c: char| PatternShape::Of(vec![c.into(), c.into()]);
                PatternShape::All(text.chars().map(one).collect())
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.iter();
                PatternShape::Of(
                    ranges
                        .flat_map(|it| [it.start().into(), it.end().into()])
                        .collect(),
                )
            }
            HirKind::Class(Class::Bytes(class)) => {
                let ranges = class.iter();
                PatternShape::Of(
                    ranges
                        .flat_map(|it| [it.start().into(), it.end().into()])
                        .collect(),
                )
            }
            HirKind::Repetition(it) => {
                PatternShape::Repeat(PatternShape::new(&it.sub).into(), it.min, it.max)
            }
            HirKind::Capture(capture) => PatternShape::new(&capture.sub),
            HirKind::Concat(parts) => PatternShape::All(list(parts)),
            HirKind::Alternation(parts) => PatternShape::Any(list(parts)),
        }
    }

    /// Returns the number of states of the page's automaton with repetitions expanded; a state with
    /// many ranges counts as several.
    fn size(&self) -> usize {
        match self {
            PatternShape::Of(ranges) => 1 + ranges.len() / 32,
            PatternShape::All(parts) | PatternShape::Any(parts) => {
                let sizes = parts.iter().map(PatternShape::size);
                sizes.fold(1, usize::saturating_add)
            }
            PatternShape::Repeat(part, least, most) => {
                let times = most.unwrap_or(least.saturating_add(1)) as usize;
                part.size().saturating_add(1).saturating_mul(times.max(1))
            }
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.source == other.source
    }
}

impl Pattern {
    /// Compiles a pattern.
    pub fn parse(source: &str) -> Result<Pattern, PatternError> {
        let syntax = ast::parse::Parser::new().parse(source);
        let syntax = syntax.map_err(|error| PatternError::NotShared(error.kind().to_string()))?;
        visit(&syntax, CommonSyntax).map_err(PatternError::NotShared)?;
        let parse = |source: &str| {
            let hir = regex_syntax::parse(source);
            hir.map_err(|error| PatternError::NotShared(error.to_string()))
        };
        let shape = PatternShape::new(&parse(source)?);
        if shape.size() > MOST_STATES {
            return Err(PatternError::TooLarge);
        }
        // In a group, since in `^a|b$` each anchor belongs to one alternative only.
        let anchored = format!("^(?:{source})$");
        let regex = Regex::new(&anchored).map_err(|_| PatternError::TooLarge)?;
        let hir = parse(&anchored)?;
        Ok(Pattern {
            source: source.to_owned(),
            shape,
            regex,
            is_plain: matches_only_plain(&hir),
        })
    }

    /// Returns whether the pattern matches all of a value.
    pub fn matches(&self, value: &str) -> bool {
        self.regex.is_match(value)
    }

    /// Returns whether it matches only texts of `A-Z a-z 0-9 . _ -`, which no code needs to quote.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }
}

/// Returns whether a text consists of `A-Z a-z 0-9 . _ -` only.
pub fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn matches_only_plain(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).is_ok_and(is_plain),
        HirKind::Class(class) => class_is_plain(class),
        HirKind::Repetition(repetition) => matches_only_plain(&repetition.sub),
        HirKind::Capture(capture) => matches_only_plain(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().all(matches_only_plain)
        }
    }
}

fn class_is_plain(class: &regex_syntax::hir::Class) -> bool {
    let plain = |start: char, end: char| {
        end.is_ascii()
            && (start..=end).all(|character| is_plain(character.encode_utf8(&mut [0; 4])))
    };
    match class {
        regex_syntax::hir::Class::Unicode(class) => {
            class.iter().all(|range| plain(range.start(), range.end()))
        }
        regex_syntax::hir::Class::Bytes(class) => class
            .iter()
            .all(|range| plain(range.start().into(), range.end().into())),
    }
}

/// Refuses syntax that only one of the two languages has, or that differs between them.
struct CommonSyntax;

impl ast::Visitor for CommonSyntax {
    type Output = ();
    type Err = String;

    fn finish(self) -> Result<(), String> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), String> {
        match ast {
            Ast::Flags(_) => Err("flags such as `(?i)` are not in every language".to_owned()),
            // The characters of `\p{…}` depend on the version of Unicode in each browser and in
            // regex-syntax.
            Ast::ClassUnicode(_) => {
                Err("`\\p{…}` differs between languages; write the characters, such as `[a-z]`".to_owned())
            }
            // `\d` is all decimal digits of Unicode in regex-syntax and `[0-9]` in ECMAScript; `\w`
            // and `\s` differ in the same way.
            Ast::ClassPerl(_) => Err(
                "`\\d`, `\\w` and `\\s` match other characters in other languages; write `[0-9]`, `[A-Za-z0-9_]`"
                    .to_owned(),
            ),
            // With the `u` flag ECMAScript escapes `-` within a class only (22.2.1, ClassEscape).
            Ast::Literal(literal) if literal.c == '-' && literal.kind == ast::LiteralKind::Meta => {
                Err("`\\-` outside a class; write `-`".to_owned())
            }
            Ast::Literal(literal) => shared_literal(literal),
            Ast::Assertion(assertion) => match assertion.kind {
                ast::AssertionKind::StartLine | ast::AssertionKind::EndLine => {
                    Err("a pattern always matches the whole value; remove `^` and `$`".to_owned())
                }
                _ => Err("assertions such as `\\b` and `\\A` differ between languages".to_owned()),
            },
            Ast::Group(group) => match &group.kind {
                ast::GroupKind::CaptureIndex(_) => Ok(()),
                ast::GroupKind::CaptureName { .. } => Err("a group needs no name here".to_owned()),
                ast::GroupKind::NonCapturing(flags) if flags.items.is_empty() => Ok(()),
                ast::GroupKind::NonCapturing(_) => {
                    Err("flags such as `(?i:…)` are not in every language".to_owned())
                }
            },
            _ => Ok(()),
        }
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), String> {
        match item {
            ClassSetItem::Literal(literal) => shared_literal(literal),
            ClassSetItem::Range(range) => {
                shared_literal(&range.start)?;
                shared_literal(&range.end)
            }
            ClassSetItem::Empty(_) | ClassSetItem::Union(_) => Ok(()),
            ClassSetItem::Bracketed(_) => Err("a class inside a class; write `\\[`".to_owned()),
            ClassSetItem::Perl(_) | ClassSetItem::Unicode(_) | ClassSetItem::Ascii(_) => {
                Err("write the characters of a class themselves, such as `[a-z]`".to_owned())
            }
        }
    }

    fn visit_class_set_binary_op_pre(&mut self, _: &ast::ClassSetBinaryOp) -> Result<(), String> {
        Err("`&&`, `--` and `~~` in a class are not in every language".to_owned())
    }
}

fn shared_literal(literal: &ast::Literal) -> Result<(), String> {
    match literal.kind {
        // With the `u` flag a lone `{`, `}` or `]` is an error (ECMAScript, 22.2.1), and in
        // regex-syntax a literal.
        ast::LiteralKind::Verbatim if "{}]".contains(literal.c) => {
            Err(format!("write `\\{}` for the character itself", literal.c))
        }
        // JavaScript escapes its own syntax characters only.
        ast::LiteralKind::Meta if "#&~".contains(literal.c) => {
            Err(format!("`\\{}` needs no backslash", literal.c))
        }
        ast::LiteralKind::Verbatim | ast::LiteralKind::Meta => Ok(()),
        ast::LiteralKind::Superfluous => Err(format!("`\\{}` needs no backslash", literal.c)),
        _ => Err("write the character itself instead of its number".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_the_whole_value() {
        let pattern = Pattern::parse("[0-9a-f]{8}|x").unwrap();
        assert!(pattern.matches("0123abcd") && pattern.matches("x"));
        assert!(!pattern.matches("0123abcd ") && !pattern.matches("ax") && !pattern.matches("x\n"));
    }

    #[test]
    fn what_the_languages_read_in_two_ways_is_refused() {
        for source in [
            "(?i)a",
            r"\d+",
            r"\p{L}",
            "^a$",
            r"\bx",
            "(?P<n>a)",
            "[a[b]]",
            "[a&&b]",
            "[[:alpha:]]",
            r"\x41",
            "a{2}}",
            "(",
            r"\-",
        ] {
            assert!(Pattern::parse(source).is_err(), "{source}");
        }
    }

    #[test]
    fn what_repeats_counts_as_often_as_it_repeats() {
        for (source, fits) in [
            ("[A-Za-z0-9._-]{1,2048}", true),
            ("(?:[0-9a-f]{32}-?){1,50}", true),
            ("a{4000}", false),
            ("(a?){0,20000}", false),
            ("(a?){20000,}", false),
            ("((a{0,90}){0,90}){0,90}", false),
            ("(((((a{1000}){1000}){1000}){1000}){1000}){1000}", false),
            ("([a-z0-9]+-?)+", true),
        ] {
            let found = Pattern::parse(source);
            let expected = if fits {
                None
            } else {
                Some(PatternError::TooLarge)
            };
            assert_eq!(found.err(), expected, "{source}");
        }
        // However it is written.
        let written = format!("({})?", "a?".repeat(6_000));
        assert_eq!(Pattern::parse(&written).err(), Some(PatternError::TooLarge));
    }

    #[test]
    fn plain_patterns_are_recognised() {
        for (source, plain) in [
            ("[0-9a-f]{8}(-[0-9a-f]{4}){3}", true),
            (r"[A-Za-z0-9._-]*|v\.1", true),
            (".*", false),
            ("[^a]", false),
            ("[a-zé]", false),
            ("a/b", false),
        ] {
            assert_eq!(
                Pattern::parse(source).unwrap().is_plain(),
                plain,
                "{source}"
            );
        }
    }
}
