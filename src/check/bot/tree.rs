//! A line of JSON as the tree that the YAML parser gives, so that errors have places.
//!
//! serde_json has parsed the line before, so this only finds where the parts begin and end.

use std::collections::HashMap;

use crate::hole::is_reserved;
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node, Value, duplicate_key, reserved_character};

/// Returns the tree of a line of valid JSON that begins at a place; reports characters that no
/// value may contain.
pub(super) fn tree(line: &str, at: Span, report: &mut Report) -> Node {
    let mut scanner = Scanner {
        line,
        at,
        next: 0,
        report,
    };
    scanner.node()
}

struct Scanner<'a> {
    line: &'a str,
    /// The place of the line.
    at: Span,
    /// The offset of the next unread byte.
    next: usize,
    report: &'a mut Report,
}

impl Scanner<'_> {
    /// Returns the next character that is neither whitespace nor a separator.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.line[self.next..];
        // Commas and colons are skipped like whitespace: the line is valid JSON, so they are where
        // they must be.
        let separates = |c| matches!(c, ' ' | '\t' | '\r' | '\n' | ',' | ':');
        self.next += rest.len() - rest.trim_start_matches(separates).len();
        self.line.as_bytes().get(self.next).copied()
    }

    fn span(&self, start: usize) -> Span {
        let from = self.at.range().start;
        Span::new(self.at.file, from + start..from + self.next)
    }

    fn node(&mut self) -> Node {
        let first = self.peek();
        let start = self.next;
        let value = match first {
            Some(b'{') => {
                self.next += 1;
                let begins = self.span(start);
                return node(self.object(), begins);
            }
            Some(b'[') => {
                self.next += 1;
                let begins = self.span(start);
                let mut items = Vec::new();
                while self.peek().is_some_and(|next| next != b']') {
                    items.push(self.node());
                }
                self.next += 1;
                return node(Value::Sequence(items), begins);
            }
            Some(b'"') => Value::String(self.string().0),
            _ => {
                let rest = &self.line[self.next..];
                let ends = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n' | ',' | ']' | '}');
                let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
                self.next += word.len();
                match word {
                    "null" => Value::Null,
                    "true" | "false" => Value::Bool(word == "true"),
                    number => Value::Number(number.to_owned()),
                }
            }
        };
        node(value, self.span(start))
    }

    fn object(&mut self) -> Value {
        let mut entries: Vec<MapEntry> = Vec::new();
        let mut known: HashMap<String, Span> = HashMap::new();
        while self.peek() == Some(b'"') {
            let (key, key_span) = self.string();
            let value = Node {
                place: key_span,
                ..self.node()
            };
            if let Some(&first) = known.get(&key) {
                let fault: Diagnostic = duplicate_key(&key, key_span, first);
                self.report.push(fault);
                continue;
            }
            known.insert(key.clone(), key_span);
            entries.push(MapEntry {
                key,
                key_span,
                value,
            });
        }
        self.next += 1;
        Value::Mapping(entries)
    }

    /// Returns a text, and its place including the quotes.
    fn string(&mut self) -> (String, Span) {
        let start = self.next;
        let mut is_escaped = false;
        let ends = self.line[start + 1..].find(|c| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        });
        self.next = ends.map_or(self.line.len(), |end| start + end + 2);
        let text: String = serde_json::from_str(&self.line[start..self.next]).unwrap_or_default();
        let span = self.span(start);
        if let Some(character) = text.chars().find(|&c| is_reserved(c)) {
            self.report.push(reserved_character(character, span));
        }
        (text, span)
    }
}

/// Returns a node for a value.
fn node(value: Value, span: Span) -> Node {
    Node {
        value,
        span,
        place: span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::source::Sources;

    #[test]
    fn every_part_stands_where_it_is_written() {
        let line = r#" {"a\"b" :"\ud83d\ude00\\", "<<": [1e5,true], "": {}}"#;
        let mut sources = Sources::default();
        let file = sources.add_excerpt("bots.jsonl", line, 1);
        let mut report = Report::default();
        let tree = tree(line, Span::new(file, 0..line.len()), &mut report);
        assert!(report.is_empty());
        let Value::Mapping(entries) = &tree.value else {
            panic!("{tree:?}")
        };
        let written = |span: Span| sources.text(span);
        let found: Vec<_> = entries
            .iter()
            .map(|entry| {
                (
                    entry.key.as_str(),
                    written(entry.key_span),
                    written(entry.value.span),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("a\"b", r#""a\"b""#, r#""\ud83d\ude00\\""#),
                ("<<", r#""<<""#, "["),
                ("", r#""""#, "{"),
            ]
        );
        let Value::Sequence(items) = &entries[1].value.value else {
            panic!("{tree:?}")
        };
        let items: Vec<_> = items.iter().map(|item| written(item.span)).collect();
        assert_eq!(items, ["1e5", "true"]);
    }
}
