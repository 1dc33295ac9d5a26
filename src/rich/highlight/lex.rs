//! Lexers for the formats of chat-bot APIs: JSON, event streams and HTTP.
//!
//! They accept any text, valid or not (a writer may leave parts out with `…`), and read it once.

use crate::rich::code::{self, Class, ClassedCode};

/// Highlights JSON, JSON Lines, and JSON with comments.
pub(super) fn json(text: &str) -> ClassedCode {
    let mut code = ClassedCode::new();
    push_json(&mut code, text);
    code
}

fn push_json(code: &mut ClassedCode, text: &str) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = match first {
            '"' => {
                let length = string_length(rest);
                // Only the next character distinguishes a key from a string, and only up to the
                // colon: so the text is read once.
                let is_key = rest[length..].trim_start().starts_with(':');
                (
                    Some(if is_key { Class::Key } else { Class::String }),
                    length,
                )
            }
            '-' | '0'..='9' => (Some(Class::Number), run(rest, is_of_number)),
            'a'..='z' | 'A'..='Z' => {
                let length = run(rest, |c| c.is_ascii_alphanumeric());
                let is_literal = matches!(&rest[..length], "true" | "false" | "null");
                (is_literal.then_some(Class::Word), length)
            }
            '/' if rest.starts_with("//") => (Some(Class::Comment), run(rest, |c| c != '\n')),
            '/' if rest.starts_with("/*") => (
                Some(Class::Comment),
                rest.find("*/").map_or(rest.len(), |end| end + 2),
            ),
            _ => (None, first.len_utf8()),
        };
        let (piece, after) = rest.split_at(length);
        code.push_piece(class, piece);
        rest = after;
    }
}

/// Returns the length of the string at the start of `text`; it ends with its line at the latest.
// A string of JSON has no line end (RFC 8259 §7), so a forgotten quote colours only one line.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '\n' => return at,
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = character == '\\' && !is_escaped,
        }
    }
    text.len()
}

fn is_of_number(character: char) -> bool {
    matches!(character, '0'..='9' | '.' | '-' | '+' | 'e' | 'E')
}

/// Returns the length of the run at the start of `text`.
fn run(text: &str, is_in: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_in(c)).unwrap_or(text.len())
}

/// Highlights `text/event-stream`.
pub(super) fn event_stream(text: &str) -> ClassedCode {
    let mut code = ClassedCode::new();
    for line in text.split_inclusive('\n') {
        match line.split_once(':') {
            // A line that begins with a colon is a comment (WHATWG HTML §9.2.6).
            Some(("", _)) => code.push(Class::Comment, line),
            Some((field @ ("event" | "id" | "retry" | "data"), value)) => {
                code.push(Class::Key, field);
                code.push_plain(":");
                match field {
                    "event" => code.push(Class::Event, value),
                    "id" => code.push(Class::String, value),
                    "retry" => code.push(Class::Number, value),
                    _ => push_body(&mut code, value),
                }
            }
            _ => code.push_plain(line),
        }
    }
    code
}

/// Writes JSON, recognised by its first character, as JSON and other text plain.
fn push_body(code: &mut ClassedCode, text: &str) {
    if text.trim_start().starts_with(['{', '[', '"']) {
        push_json(code, text);
    } else {
        code.push_plain(text);
    }
}

/// Highlights a request or a response of HTTP: a first line, headers, and after a blank line a
/// body.
pub(super) fn http(text: &str) -> ClassedCode {
    let mut code = ClassedCode::new();
    let mut rest = text;
    let mut is_first = true;
    while let Some(line) = rest.split_inclusive('\n').next() {
        rest = &rest[line.len()..];
        let (content, end) = line.split_at(line.trim_end().len());
        match content.split_once(':') {
            // The first blank line ends the headers (RFC 9112 §2.1).
            _ if content.is_empty() && !is_first => {
                code.push_plain(end);
                push_body(&mut code, rest);
                return code;
            }
            _ if is_first => push_first_line(&mut code, content),
            Some((name, value)) => {
                code.push(Class::Key, name);
                code.push_plain(":");
                code.push(Class::String, value);
            }
            None => code.push_plain(content),
        }
        code.push_plain(end);
        is_first = false;
    }
    code
}

/// Highlights `GET /chats?limit=5 HTTP/1.1` or `HTTP/1.1 200 OK`.
fn push_first_line(code: &mut ClassedCode, line: &str) {
    for (index, word) in line.split_inclusive(' ').enumerate() {
        let (word, space) = word.split_at(word.trim_end().len());
        match index {
            _ if word.starts_with("HTTP/") => code.push_plain(word),
            0 => code.push(Class::Word, word),
            _ if word.parse::<u16>().is_ok() => code.push(Class::Number, word),
            1 => code::push_target(code, word),
            _ => code.push_plain(word),
        }
        code.push_plain(space);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &ClassedCode, expected: &[(Option<Class>, &str)]) {
        let pieces: Vec<_> = code.pieces().filter(|(class, _)| class.is_some()).collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn json_may_have_comments_and_be_unfinished() {
        let text = "{\"a\" : \"b\\\"c\", // 1\n \"d\": [-1.5e3, true, …], \"open\n nul /* x";
        let code = json(text);
        assert_eq!(code.to_text(), text);
        check(
            &code,
            &[
                (Some(Class::Key), "\"a\""),
                (Some(Class::String), "\"b\\\"c\""),
                (Some(Class::Comment), "// 1"),
                (Some(Class::Key), "\"d\""),
                (Some(Class::Number), "-1.5e3"),
                (Some(Class::Word), "true"),
                (Some(Class::String), "\"open"),
                (Some(Class::Comment), "/* x"),
            ],
        );
    }

    #[test]
    fn a_stream_has_fields_comments_and_data() {
        let text =
            ": keepalive\nevent: done\nid: 7\nretry: 50\ndata: {\"a\": 1}\ndata: It left\nfoo\n";
        let code = event_stream(text);
        assert_eq!(code.to_text(), text);
        check(
            &code,
            &[
                (Some(Class::Comment), ": keepalive\n"),
                (Some(Class::Key), "event"),
                (Some(Class::Event), " done\n"),
                (Some(Class::Key), "id"),
                (Some(Class::String), " 7\n"),
                (Some(Class::Key), "retry"),
                (Some(Class::Number), " 50\n"),
                (Some(Class::Key), "data"),
                (Some(Class::Key), "\"a\""),
                (Some(Class::Number), "1"),
                (Some(Class::Key), "data"),
            ],
        );
    }

    #[test]
    fn http_has_a_first_line_headers_and_a_body() {
        let text = "POST /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n{\"a\": 1}\n";
        let code = http(text);
        assert_eq!(code.to_text(), text);
        check(
            &code,
            &[
                (Some(Class::Word), "POST"),
                (Some(Class::Function), "/a"),
                (Some(Class::Key), "b"),
                (Some(Class::String), "c"),
                (Some(Class::Key), "Host"),
                (Some(Class::String), " x"),
                (Some(Class::Key), "\"a\""),
                (Some(Class::Number), "1"),
            ],
        );
        check(
            &http("HTTP/1.1 404 Not Found"),
            &[(Some(Class::Number), "404")],
        );
    }
}
