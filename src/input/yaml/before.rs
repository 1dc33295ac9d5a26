//! Finds the cause before a place where YAML breaks: an open quote or bracket, or another
//! indentation.
//!
//! The parser reports the place where it fails, which is often lines after the mistake. This scans
//! the lines before again, roughly, and returns nothing unless it is certain.

use std::ops::Range;

/// The cause found, by its place in the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// A bracket that is still open, though its map or list must have ended.
    Bracket(usize),
    /// Quotes that close only on a later line, with keys in between.
    LongQuote(Range<usize>),
    /// A quote within a text in the same quotes, which ends it.
    InnerQuote(Range<usize>),
    /// A key with another indentation than the one that the parser stopped at.
    Indentation {
        /// The key before, whose indentation differs.
        key: Range<usize>,
        /// Its indentation, in spaces.
        spaces: usize,
        /// The indentation of the line that the parser stopped at.
        here: usize,
        /// Whether that one is right: the line after has it too, and no line before has the key's.
        is_odd: bool,
    },
}

/// Returns the cause of a syntax error at an offset of a text.
pub(super) fn before(text: &str, at: usize) -> Option<Before> {
    // Nothing after the place is scanned for quotes and brackets: what is open there is what the
    // parser stopped at.
    let scan = Scan::of(&text[..at]);
    let here = line_around(text, at);
    let mut quotes = scan.quotes.iter();
    if let Some(quote) = quotes.find(|quote| holds_keys(text, quote)) {
        return Some(Before::LongQuote(quote.clone()));
    }
    if let Some(quote) = scan.quotes.last()
        && text[quote.end..at].trim_matches(' ').chars().count() <= 1
        && text[quote.end..].starts_with(char::is_alphanumeric)
    {
        return Some(Before::InnerQuote(quote.clone()));
    }
    if let Some(&bracket) = scan.brackets.last() {
        let line = line_around(text, bracket);
        let after = text[line.end..here.end].lines();
        let mut after = after.filter(|line| is_content(line));
        let has_ended = after.any(|other| {
            indentation(other) <= indentation(&text[line.clone()])
                // A closing bracket may be indented less than the line that opened it, as
                // formatters of JSON write it.
                && !other.trim_start().starts_with([']', '}'])
        });
        return has_ended.then_some(Before::Bracket(bracket));
    }
    other_indentation(text, here)
}

/// Returns whether a quoted text of several lines contains lines that look like keys or items of a
/// list, at the indentation of its first line.
fn holds_keys(text: &str, quote: &Range<usize>) -> bool {
    if !text[quote.clone()].contains('\n') {
        return false;
    }
    let indented = indentation(&text[line_around(text, quote.start)]);
    text[quote.clone()].lines().skip(1).any(|line| {
        let begins = line.trim_start().starts_with("- ") || key(line).is_some();
        begins && indentation(line) <= indented
    })
}

/// Returns the plain key at the start of a line.
fn key(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let (key, rest) = line.split_once(':')?;
    // Roughly YAML's plain scalars: with more characters, prose such as `Note: this` would count
    // as a key.
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '.');
    let is_key = !key.is_empty() && key.chars().all(is_plain);
    (is_key && (rest.is_empty() || rest.starts_with(' '))).then_some(key)
}

/// Returns the key before a line, if its indentation differs from the line's and neither contains
/// the other.
fn other_indentation(text: &str, here: Range<usize>) -> Option<Before> {
    let line = &text[here.clone()];
    key(line)?;
    let spaces = indentation(line);
    let above = text[..here.start].split_inclusive('\n').rev();
    let mut start = here.start;
    let mut above = above.map(|line| {
        start -= line.len();
        (start, line)
    });
    let (start, last) = above.find(|(_, line)| is_content(line))?;
    let name = key(last)?;
    let indented = indentation(last);
    let value = last.trim().strip_prefix(name)?.strip_prefix(':')?.trim();
    // A key without a value contains what is indented deeper.
    let holds = value.is_empty() || value.starts_with(['|', '>', '&', '!', '#']);
    if indented == spaces || indented < spaces && holds {
        return None;
    }
    let sibling = above
        .filter(|(_, line)| is_content(line))
        .find(|(_, line)| indentation(line) <= indented);
    let has_sibling = sibling.is_some_and(|(_, line)| indentation(line) == indented);
    let mut below = text[here.end..].lines().filter(|line| is_content(line));
    let is_common = below
        .next()
        .is_some_and(|line| indentation(line) == spaces && key(line).is_some());
    let begins = start + indented;
    Some(Before::Indentation {
        key: begins..begins + name.len(),
        spaces: indented,
        here: spaces,
        is_odd: is_common && !has_sibling && indented < spaces,
    })
}

/// Returns whether a line contains more than a comment.
fn is_content(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

/// Returns the number of leading spaces of a line.
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns the line that contains an offset, with its end.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    start..end
}

/// The brackets and quotes of the beginning of a text.
#[derive(Default)]
struct Scan {
    /// The places of open brackets.
    brackets: Vec<usize>,
    /// The quoted texts, including their quotes.
    quotes: Vec<Range<usize>>,
}

impl Scan {
    fn of(text: &str) -> Scan {
        let mut scan = Scan::default();
        let mut at = 0;
        while let Some(next) = text[at..].chars().next() {
            let rest = &text[at..];
            at += match next {
                ' ' | '\n' | '\t' | ',' | '?' | ':' => 1,
                '-' if rest[1..].starts_with([' ', '\n']) => 1,
                '#' => line_of(rest),
                '[' | '{' => {
                    scan.brackets.push(at);
                    1
                }
                ']' | '}' => {
                    scan.brackets.pop();
                    1
                }
                '"' | '\'' => match quoted(rest, next) {
                    Some(length) => {
                        scan.quotes.push(at..at + length);
                        length
                    }
                    None => rest.len(),
                },
                '|' | '>' if scan.brackets.is_empty() => block(text, at),
                _ => plain(rest, !scan.brackets.is_empty()),
            };
        }
        scan
    }
}

/// Returns the length up to the end of the line.
fn line_of(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// Returns the length of a quoted text; none if it does not close.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if quote == '"' => {
                characters.next();
            }
            '\'' if quote == '\'' && characters.peek().is_some_and(|&(_, next)| next == '\'') => {
                characters.next();
            }
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Returns the length of a block from its `|` or `>`: all lines that are indented deeper than its
/// key.
fn block(text: &str, at: usize) -> usize {
    let line = line_around(text, at);
    let before = &text[line.start..at];
    let mut indented = indentation(before);
    // The key of an item begins after the item's dash.
    while let Some(item) = before[indented..].strip_prefix("- ") {
        if item.trim().is_empty() {
            break;
        }
        indented += 2 + indentation(item);
    }
    let mut end = line.end.max(at + 1);
    for line in text[end..].split_inclusive('\n') {
        if !line.trim().is_empty() && indentation(line) <= indented {
            break;
        }
        end += line.len();
    }
    end - at
}

/// Returns the length of text without quotes: up to the end of its line, the colon of a key, or a
/// comment.
fn plain(rest: &str, in_brackets: bool) -> usize {
    let mut before = ' ';
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|&(_, next)| next);
        let ends_key = |c: char| {
            matches!(c, ' ' | '\n') || in_brackets && matches!(c, ',' | '[' | ']' | '{' | '}')
        };
        let ends = match character {
            '\n' => true,
            ':' => next.is_none_or(ends_key),
            '#' => before == ' ',
            ',' | '[' | ']' | '{' | '}' => in_brackets,
            _ => false,
        };
        if ends && at > 0 {
            return at;
        }
        before = character;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the cause found before the `¦` of a text.
    fn found(text: &str) -> Option<Before> {
        let at = text.find('¦').unwrap();
        before(&text.replace('¦', ""), at)
    }

    #[test]
    fn a_bracket_is_open_where_the_next_key_has_come() {
        assert_eq!(
            found("a:\n  type: [string, \"null\"\n  description¦: x\n"),
            Some(Before::Bracket(11))
        );
        assert_eq!(found("a: {b: 1\nc¦: 2\n"), Some(Before::Bracket(3)));
        assert_eq!(
            found("a: {b: [1, 2], c: {d: 1}\ne¦: 2\n"),
            Some(Before::Bracket(3))
        );
        // Maps and lists of several lines, blocks, comments and plain text are not open brackets.
        assert_eq!(found("a: {\n  b: 1\n  ¦c: 2}\n"), None);
        assert_eq!(found("a: [\n  b,\n] ¦]\n"), None);
        assert_eq!(found("- a: |\n    [ { \"\n  b: 1\n  c: ¦@\n"), None);
        assert_eq!(found("a: 1 # [ it's\nb: x [ it's \"\nc: ¦@\n"), None);
    }

    #[test]
    fn a_quote_is_long_where_keys_stand_in_it() {
        let text = "a: \"Where\nb: 1\nc: \"¦#/x\"\n";
        assert_eq!(found(text), Some(Before::LongQuote(3..19)));
        let text = "a: 'one\n  two: 2'\nb: 'three\n\n  four'\nc: ¦@\n";
        assert_eq!(found(text), None);
    }

    #[test]
    fn a_line_of_many_values_is_read_once() {
        let many = "1, \"a\", b, ".repeat(200_000);
        let text = format!("a: [{many}\nb¦: 2\n");
        assert_eq!(found(&text), Some(Before::Bracket(3)));
    }

    #[test]
    fn a_quote_in_quotes_ends_them() {
        assert_eq!(found("a: 'It'¦s'\n"), Some(Before::InnerQuote(3..7)));
        assert_eq!(
            found("a: \"say \"¦hi\"\"\n"),
            Some(Before::InnerQuote(3..9))
        );
        assert_eq!(found("a: 'It''s \\' ¦@\n"), None);
    }

    #[test]
    fn an_indentation_differs_from_the_one_before() {
        let odd = |text| match found(text) {
            Some(Before::Indentation {
                key,
                spaces,
                here,
                is_odd,
            }) => Some((text[key].to_owned(), spaces, here, is_odd)),
            _ => None,
        };
        assert_eq!(
            odd("chat:\n   title: Chat\n    summary¦: x\n    path: /\n"),
            Some(("title".to_owned(), 3, 4, true))
        );
        assert_eq!(
            odd("a: 1\ntitle: Chat\n  summary¦: x\n  path: /\n"),
            Some(("title".to_owned(), 0, 2, false))
        );
        assert_eq!(
            odd("auth:\n  type: bearer\n ¦env: KEY\n"),
            Some(("type".to_owned(), 2, 1, false))
        );
        assert_eq!(odd("a:\n  b¦: c: d\n"), None);
        assert_eq!(odd("a: 1\nb¦: c: d\n"), None);
    }
}
