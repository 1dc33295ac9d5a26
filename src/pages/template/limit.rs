//! The limits of a template's text, and of the steps that one page may take.
//!
//! Loops in loops, or texts that double, would never end or would fill the memory; a watch or a
//! preview would hang with them. Steps are counted, not seconds, so the same project fails on every
//! machine.

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::TemplateError;
use crate::input::explain::Code;

/// The most lines of a template, and characters of a line: the lexer counts both in 16 bits,
/// which would overflow.
const MOST_COUNTED: usize = 65_000;

/// The most steps that the templates may take for a page. An instruction, an item, and 64 bytes of
/// text that are written, joined or filtered are one step each; the engine counts text before it
/// allocates.
const MOST_STEPS: u64 = 8_000_000;

/// The message and the help about a page that takes more steps.
pub(super) const TOO_MANY_STEPS: (&str, &str) = (
    "more than 8,000,000 steps for one page",
    "a part of an expression, an item of a loop, and 64 bytes of text are one step each: do not nest long loops, and do not join a text with itself repeatedly",
);

/// Limits the steps of an environment's pages.
pub(super) fn limit(environment: &mut minijinja::Environment<'_>) {
    environment.set_fuel(Some(MOST_STEPS));
}

/// Limits the steps of pages of watched templates, whose probes take steps too.
pub(super) fn limit_watched(environment: &mut minijinja::Environment<'_>) {
    environment.set_fuel(Some(2 * MOST_STEPS));
}

/// Returns the tokens of a template and their bytes, up to the first error; none of a template that
/// is beyond the limits of the lexer.
pub(super) fn tokens(
    text: &str,
    syntax: SyntaxConfig,
) -> impl Iterator<Item = (Token<'_>, Range<usize>)> {
    let is_counted = beyond(text, "").is_none();
    let tokens = is_counted.then(|| tokenize(text, false, syntax));
    let tokens = tokens.into_iter().flatten().map_while(Result::ok);
    tokens.map(|(token, span)| (token, span.start_offset as usize..span.end_offset as usize))
}

/// Returns the place where a template exceeds the limits of the lexer.
pub(super) fn beyond(text: &str, template: &str) -> Option<TemplateError> {
    let mut start = 0;
    let mut lines = text
        .split_inclusive('\n')
        .enumerate()
        .map(|(line, written)| {
            let begins = start;
            start += written.len();
            (line, begins, written)
        });
    let (range, message, help) = lines.find_map(|(line, begins, written)| {
        if line == MOST_COUNTED {
            let message = "more than 65,000 lines";
            return Some((
                begins..begins,
                message,
                "include parts of it from other files",
            ));
        }
        // Bytes are at least as many as characters, and known without decoding.
        let is_long = written.len() > MOST_COUNTED;
        let mut characters = written.trim_end_matches('\n').char_indices();
        let (at, character) = is_long.then(|| characters.nth(MOST_COUNTED))??;
        let place = begins + at..begins + at + character.len_utf8();
        let message = "a line of more than 65,000 characters";
        Some((
            place,
            message,
            "break the line, or move long data to a file in static/",
        ))
    })?;
    Some(TemplateError {
        template: template.to_owned(),
        range: Some(range),
        line: None,
        code: Code::InputTooLarge,
        message: message.to_owned(),
        help: Some(help.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::template::{Templates, refused};
    use crate::rich::messages::Messages;
    use serde_json::json;

    /// Returns why a template can't be read, or print a page: the code, and the text in the place.
    fn fault(text: &str) -> Option<(Code, String)> {
        let own = [("t.html".to_owned(), text.to_owned())];
        let error = match Templates::new(own, Messages::new("en", [])) {
            Ok(templates) => {
                let made = templates.render("t.html", &Templates::seen(&json!({"one": "a"})));
                made.err()?
            }
            Err(mut errors) => errors.remove(0),
        };
        let at = error.range.and_then(|range| text.get(range));
        Some((error.code, at.unwrap_or_default().to_owned()))
    }

    #[test]
    fn what_the_lexer_can_not_count_is_not_read() {
        for open in ["{#", "{% raw %}", "{{ one", "{% if", "{{ '"] {
            // At each column, where it is counted and where it would be counted again.
            for length in [64_990, 65_525, 65_533, 65_534, 65_535, 65_536, 131_071] {
                let text = format!("{}é{open}", "x".repeat(length));
                let (code, _) = fault(&text).unwrap();
                refused(&text);
                let is_long = text.chars().count() > MOST_COUNTED;
                let expected = if is_long {
                    Code::InputTooLarge
                } else {
                    Code::InvalidTemplate
                };
                assert_eq!(code, expected, "{length} {open}");
            }
        }
        let lines = "\n".repeat(MOST_COUNTED);
        assert_eq!(fault(&format!("{}{{# #}}", &lines[1..])), None);
        let more = fault(&format!("{lines}{{# #}}"));
        assert_eq!(more, Some((Code::InputTooLarge, String::new())));
        assert_eq!(fault(&"é".repeat(MOST_COUNTED)), None);
    }

    #[test]
    fn a_template_ends_within_its_steps() {
        let doubled = "{% set a = a ~ a %}".repeat(60);
        let called = (0..40).map(|i| {
            format!(
                "{{% macro m{}() %}}{{{{ m{i}() ~ m{i}() }}}}{{% endmacro %}}",
                i + 1
            )
        });
        let called: String = called.collect();
        let loops = "{% for i in range(9999) %}".repeat(5) + &"{% endfor %}".repeat(5);
        for endless in [
            format!("{{% set a = 'aaaaaaaa' %}}{doubled}{{{{ a }}}}"),
            format!("{{% macro m0() %}}text{{% endmacro %}}{called}{{{{ m40() }}}}"),
            loops,
            "{{ '%0999999999d'|format(1) }}".to_owned(),
            "{{ '%999999999s'|format(one) }}".to_owned(),
            "{{ 'a' * 9999999999 }}".to_owned(),
            "{{ [1] * 9999999999 }}".to_owned(),
            "{{ one|indent(9999999999, true) }}".to_owned(),
            "{{ (one * 400000)|replace('a', one * 400000) }}".to_owned(),
            "{{ range(99999)|map('string')|join(one * 40000) }}".to_owned(),
            "{% macro m(n) %}{{ m(n + 1) ~ m(n + 1) }}{% endmacro %}{{ m(0) }}".to_owned(),
        ] {
            let (code, _) = fault(&endless).unwrap_or_else(|| panic!("{endless:.80}"));
            let is_known = matches!(code, Code::InputTooLarge | Code::InvalidTemplate);
            assert!(is_known, "{endless:.80}");
        }
        // Its place is that of the step that is one too many.
        let text = "{{ one }}{{ 'a' * 9999999999 }}";
        assert_eq!(
            fault(text),
            Some((Code::InputTooLarge, "'a' * 9999999999".to_owned()))
        );
    }

    #[test]
    fn lists_that_grow_end_within_the_steps_too() {
        let repeated = |start: &str, round: &str, end: &str| {
            format!(
                "{{% set ns = namespace({start}) %}}{{% for i in range(90000) %}}{round}{{% endfor %}}{end}"
            )
        };
        let doubled = "{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}";
        let twice = "l=[one], m=[one]";
        let straight = "{% set l = [l, l] %}{% set m = [m, m] %}".repeat(60);
        for endless in [
            repeated(
                "l=[one]",
                "{% set ns.l = ns.l + ns.l %}",
                "{{ ns.l|length }}",
            ),
            repeated("l=[one]", "{% set ns.l = ns.l|chain(ns.l) %}", ""),
            repeated("l=[one]", "{% set ns.l = [ns.l] %}", ""),
            repeated("l=[one]", "{% set ns.l = {'a': ns.l} %}", ""),
            repeated("l=[one]", "{% set ns.l = dict(a=ns.l) %}", ""),
            repeated("l=[one]", "{% set ns.l = ns.l|batch(1)|list %}", ""),
            repeated(
                "l=[one]",
                "{% set ns.l = ns.l[0:] %}",
                "{% for x in ns.l %}{{ x }}{% endfor %}",
            ),
            repeated(twice, doubled, "{{ ns.l == ns.m }}"),
            repeated(
                "l=[one]",
                "{% set ns.l = ns.l|zip(ns.l)|list %}",
                "{{ ns.l|string }}",
            ),
            repeated("l=[one]", "{% set ns.l = [{'a': ns.l}]|groupby('a') %}", ""),
            format!("{{% set l = [one] %}}{{% set m = [one] %}}{straight}{{{{ l == m }}}}"),
            format!("{{% set l = [one] %}}{{% set m = [one] %}}{straight}{{{{ l|string }}}}"),
            format!(
                "{{% set l = [one] %}}{{% set m = [one] %}}{straight}{{{{ {{l: 1}}|length }}}}"
            ),
            "{% macro m(l) %}{{ m([l, l]) if l|string else '' }}{% endmacro %}{{ m([1]) }}"
                .to_owned(),
            "{% set ns = namespace(l=1) %}{% set ns.l = ns %}{{ ns == [ns, ns] }}".to_owned(),
            "{% set l = [one] %}{% set m = [one] %}{% block b %}{% set l = [l, l] %}{% set m = [m, m] %}\
             {{ l == m }}{{ self.b() }}{% endblock %}"
                .to_owned(),
        ] {
            let found = fault(&endless).map(|(code, _)| code);
            assert_eq!(found, Some(Code::InputTooLarge), "{endless:.120}");
        }
        // Its place is that of the list, and what can't be followed is refused.
        let text = repeated("l=[one]", "{% set ns.l = [ns.l] %}", "");
        assert_eq!(fault(&text).unwrap().1, "[ns.l]");
        let text = format!("botdocs_look {text}");
        assert_eq!(fault(&text), Some((Code::InputTooLarge, String::new())));
    }

    #[test]
    fn lists_that_templates_make_of_what_they_see_are_no_fault() {
        let collected = "{% set ns = namespace(l=[]) %}{% for i in range(2000) %}{% set ns.l = ns.l + [[i, one]] %}{% endfor %}";
        for end in [
            "{{ ns.l|length }}",
            "{% for x in ns.l[:9] %}{{ x[1] }}{% endfor %}",
            "{{ 'a' in ns.l }}",
            "{% for x in ns.l|sort|batch(3) %}{{ x|length }}{% endfor %}",
        ] {
            assert_eq!(fault(&format!("{collected}{end}")), None, "{end}");
        }
        // Of which the watched form is longer, and ends no lines where blocks do.
        for many in [
            "{% set a = [one] %}\n".repeat(4_000),
            "{{ [one]|length }}".repeat(3_400),
        ] {
            assert_eq!(fault(&many), None, "{many:.40}");
        }
    }

    #[test]
    fn a_long_page_is_within_the_steps() {
        let text = "{% for i in range(20000) %}<p title=\"{{ one }}\">{% for j in range(10) %}{{ j }}{% endfor %}</p>{% endfor %}{{ one * 16777216 }}";
        assert_eq!(fault(text), None);
    }
}
