//! What YAML reads otherwise than its author meant it, near the place where the parser stops.

use std::ops::Range;

use crate::input::explain::Code;

/// What was found, by its place in the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misread {
    pub(super) place: Range<usize>,
    pub(super) code: Code,
    pub(super) message: &'static str,
    pub(super) help: String,
}

/// How many lines before the place where the parser stops are searched: the parser reads on to the
/// next key before it stops.
const LINES: usize = 3;

/// Returns what was misread around the place where the parser stopped.
pub(super) fn misread(text: &str, at: usize) -> Option<Misread> {
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |end| from + end);
    let mut start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    // The line itself, the lines before it, and the next one, in which a tab may be.
    let here = start..line_end(at);
    let mut lines = vec![here.clone()];
    for _ in 1..LINES {
        if start == 0 {
            break;
        }
        let end = start - 1;
        start = text[..end].rfind('\n').map_or(0, |end| end + 1);
        lines.push(start..end);
    }
    let next = lines[0].end + 1;
    if next < text.len() {
        lines.insert(1, next..line_end(next));
    }
    let mut blanks = lines.iter();
    blanks
        .find_map(|line| in_blanks(text, line.clone()))
        // Other lines may be text of a block or of quotes, in which these signs mean nothing.
        .or_else(|| in_value(text, here))
}

/// Returns a blank that is none of YAML's, in the indentation of a line or behind its key.
fn in_blanks(text: &str, line: Range<usize>) -> Option<Misread> {
    let written = &text[line.clone()];
    let place = |range: Range<usize>| line.start + range.start..line.start + range.end;
    let indented = written.len() - written.trim_start_matches([' ', '\t', '\u{a0}']).len();
    if written.trim_start().starts_with('#') {
        return None;
    }
    if let Some(tab) = written[..indented].find('\t') {
        return Some(Misread {
            place: place(tab..tab + 1),
            code: Code::InvalidYaml,
            message: "a tab in the indentation",
            help: "indent with spaces".to_owned(),
        });
    }
    let behind_colon = written.split_once(":\u{a0}");
    let behind_colon = behind_colon.filter(|(key, _)| is_key(key.trim_start()));
    let behind_colon = behind_colon.map(|(key, _)| key.len() + 1);
    if let Some(space) = written[..indented].find('\u{a0}').or(behind_colon) {
        return Some(Misread {
            place: place(space..space + '\u{a0}'.len_utf8()),
            code: Code::InvalidYaml,
            message: "a no-break space, U+00A0, where YAML has a space",
            help: "write a space in its place; some keyboards type it with a modifier key"
                .to_owned(),
        });
    }
    None
}

/// Returns a value that begins with a sign of YAML, though it was meant as text.
fn in_value(text: &str, line: Range<usize>) -> Option<Misread> {
    let written = &text[line.clone()];
    let place = |range: Range<usize>| line.start + range.start..line.start + range.end;
    if written.trim_start().starts_with('#') {
        return None;
    }
    let indented = written.len() - written.trim_start_matches(' ').len();
    let value = value(written, indented)?;
    let rest = written[value..].trim_end();
    let whole = place(value..value + rest.len());
    match rest.chars().next()? {
        '{' if rest.starts_with("{{") => {
            let end = rest.find("}}")? + 2;
            // What follows in a map or a list in brackets is not of this text.
            let in_brackets = written[..value].contains(['{', '[']);
            let more = &rest[end..];
            let more = match more.find([',', ']', '}']) {
                Some(end) if in_brackets => &more[..end],
                _ => more,
            };
            let text = format!("{}{}", &rest[..end], more.trim_end());
            (!more.trim().is_empty()).then(|| Misread {
                place: place(value..value + text.len()),
                code: Code::UnquotedVariable,
                message: "a variable that YAML reads as a map",
                help: format!("put the whole value in quotes: \"{text}\""),
            })
        }
        sign @ ('>' | '|') => {
            // The signs of a block, with its indentation and its end, and a comment.
            let more =
                rest[1..].trim_start_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
            let more = more.trim_start();
            (!more.is_empty() && !more.starts_with('#')).then(|| Misread {
                place: whole,
                code: Code::InvalidYaml,
                message: "text in the line of the sign that begins a block",
                help: format!(
                    "put the text in quotes, \"{}\", or write it into the lines after `{sign}`, indented",
                    rest.replace('"', "\\\"")
                ),
            })
        }
        sign @ ('-' | '?') if rest[1..].starts_with(' ') => {
            let help = match sign {
                '-' => "put the text in quotes, or write a list into the lines after the key",
                _ => "put the text in quotes",
            };
            Some(Misread {
                place: whole,
                code: Code::InvalidYaml,
                message: "a value that begins with a sign of YAML and a space",
                help: format!("{help}: \"{}\"", rest.replace('"', "\\\"")),
            })
        }
        _ => None,
    }
}

/// Returns where the value of a line begins: behind the last key before double braces, else behind
/// the first key.
fn value(written: &str, indented: usize) -> Option<usize> {
    if let Some(braces) = written.find("{{") {
        let before = written[..braces].trim_end();
        let begins = before.is_empty() || before.ends_with([':', '[', ',', '-', '{']);
        let is_quoted = written[..braces].matches('"').count() % 2 == 1
            || written[..braces].matches('\'').count() % 2 == 1;
        return (begins && !is_quoted).then_some(braces);
    }
    let content = &written[indented..];
    let (key, rest) = content.split_once(": ")?;
    let spaces = rest.len() - rest.trim_start().len();
    is_key(key).then_some(indented + key.len() + 2 + spaces)
}

/// Returns whether a text is a key without quotes, perhaps after the sign of an item.
fn is_key(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '.' | ' ');
    text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text that is misread before the `¦` of a text.
    fn found(text: &str) -> Option<String> {
        let at = text.find('¦').unwrap();
        let text = text.replace('¦', "");
        misread(&text, at).map(|found| text[found.place].to_owned())
    }

    #[test]
    fn what_is_misread_is_found_near_the_place_where_the_parser_stops() {
        for (text, place) in [
            ("title: {{ bot_id }} ¦chat\n", Some("{{ bot_id }} chat")),
            ("a: {b: {{ bot_id }} ¦hi, c: 1}\n", Some("{{ bot_id }} hi")),
            ("- {{ a }}¦/x\n", Some("{{ a }}/x")),
            ("a: \"{{ a }} x\"\nb¦: c: d\n", None),
            ("a: {{ a }}\nb¦: c: d\n", None),
            ("a: ¦> Chat\n", Some("> Chat")),
            ("a: >-\n  Chat\nb: c¦: d\n", None),
            ("a: |2 # x\n  Chat\nb: c¦: d\n", None),
            ("title: ¦- Chat\n", Some("- Chat")),
            ("title: ¦? Chat\n", Some("? Chat")),
            ("a:\n  b: A¦\n\tc: d\n", Some("\t")),
            ("a:\n  b: A\n \u{a0}c¦: d\n", Some("\u{a0}")),
            ("title:\u{a0}a\nservers¦: x\n", Some("\u{a0}")),
            ("# a:\u{a0}b\nservers¦: c: x\n", None),
            ("a¦: b: c", None),
            ("¦", None),
        ] {
            assert_eq!(found(text).as_deref(), place, "{text:?}");
        }
    }
}
