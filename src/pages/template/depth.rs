//! The limit of a template's nesting, counted on its tokens.
//!
//! The engine recurses over a template's structure. A template that is too deep would overflow the
//! stack, which ends the program and can't be caught.

use std::ops::Range;

use minijinja::machinery::Token;
use minijinja::syntax::SyntaxConfig;

use super::limit::tokens;

/// The greatest depth of blocks, and of the parts of one expression. In `a.b | c + d` each operator
/// contains the part before it, and `elif` is in the `else` of the `if` before it.
const MOST: usize = 200;

/// The blocks that have an end; `set` has one only without a value.
const BLOCKS: [&str; 9] = [
    "autoescape",
    "block",
    "call",
    "filter",
    "for",
    "if",
    "macro",
    "set",
    "with",
];

/// The message about a template that is deeper.
pub(super) const TOO_DEEP: &str = "nested more than 200 steps deep";

/// Returns the place where a template is too deep, if it is.
pub(super) fn beyond(text: &str, syntax: SyntaxConfig) -> Option<Range<usize>> {
    let mut blocks: Vec<usize> = Vec::new();
    // The steps around each open bracket, and those of the part that is read.
    let (mut around, mut steps): (Vec<usize>, usize) = (Vec::new(), 0);
    let mut is_first = false;
    let mut sets = false;
    for (token, range) in tokens(text, syntax) {
        let keyword = std::mem::take(&mut is_first);
        match token {
            Token::BlockStart | Token::VariableStart => {
                is_first = matches!(token, Token::BlockStart);
                (around, steps, sets) = (Vec::new(), 0, false);
            }
            Token::Ident("elif") if keyword => {
                blocks.last_mut().into_iter().for_each(|steps| *steps += 1);
            }
            Token::Ident(word) if keyword => {
                sets = word == "set";
                match word.strip_prefix("end") {
                    Some(word) if BLOCKS.contains(&word) => drop(blocks.pop()),
                    None if BLOCKS.contains(&word) => blocks.push(1),
                    _ => {}
                }
            }
            Token::Assign if sets && around.is_empty() => {
                sets = false;
                blocks.pop();
            }
            Token::Ident(word) => {
                let is_step = matches!(word, "not" | "and" | "or" | "is" | "in" | "if" | "else");
                steps += usize::from(is_step);
            }
            Token::BracketOpen | Token::ParenOpen | Token::BraceOpen => {
                around.push(steps);
                steps += 1;
            }
            Token::BracketClose | Token::ParenClose | Token::BraceClose => {
                steps = around.pop().unwrap_or_default() + 1;
            }
            // The next part is beside the last one, not inside it.
            Token::Comma => steps = around.last().map_or(0, |steps| steps + 1),
            Token::Str(_)
            | Token::String(_)
            | Token::Int(_)
            | Token::Int128(_)
            | Token::Float(_)
            | Token::Colon
            | Token::Assign
            | Token::TemplateData(_)
            | Token::BlockEnd
            | Token::VariableEnd => {}
            _ => steps += 1,
        }
        if steps > MOST || blocks.iter().sum::<usize>() > MOST {
            return Some(range);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_too_deep(text: &str) -> bool {
        beyond(text, SyntaxConfig::default()).is_some()
    }

    #[test]
    fn what_stands_beside_each_other_is_not_deep() {
        for text in [
            format!("{{{{ [{}1] }}}}", "1 + 1, ".repeat(5_000)),
            format!("{{{{ [{}1] }}}}", "{\"a\": [1, 2].b | c}, ".repeat(5_000)),
            "{{ a.b | c }}{% set d = 1 %}{% if a %}b{% elif c %}d{% endif %}".repeat(5_000),
        ] {
            assert!(!is_too_deep(&text), "{}", &text[..60]);
        }
    }

    #[test]
    fn every_chain_is_deep() {
        for (before, step, after) in [
            ("{{ 1", " + 1", " }}"),
            ("{{ a", ".b", " }}"),
            ("{{ a", "|b", " }}"),
            ("{{ a", "[0]", " }}"),
            ("{{ a", "()", " }}"),
            ("{{ ", "(", " }}"),
            ("{{ ", "not ", "a }}"),
            ("{{ ", "-", "1 }}"),
            ("{{ 1", " ~ a", " }}"),
            ("{{ 1", " ** 1", " }}"),
            ("{{ 1", " and 1", " }}"),
            ("{{ 1", " if a else 1", " }}"),
            ("{{ 1", " is defined", " }}"),
            ("{{ 1", " in 1", " }}"),
            ("{{ 1", " == 1", " }}"),
            ("{{ a(", "b, c(", " }}"),
            ("", "{% if a %}", ""),
            ("", "{% for a in b %}", ""),
            ("{% if a %}", "{% elif b %}", "{% endif %}"),
            ("", "{% if a %}{% elif b %}", ""),
        ] {
            let of = |number| format!("{before}{}{after}", step.repeat(number));
            assert!(!is_too_deep(&of(90)), "{step}");
            assert!(is_too_deep(&of(300)), "{step}");
        }
    }
}
