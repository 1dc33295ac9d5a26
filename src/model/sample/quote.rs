//! A text as a string literal: one function for each language, tested by running the language in
//! `tests/tools/samples.rs`.
//!
//! A hole in the text gets the encoding of the quotes around it, which the browser has too, so its
//! value arrives intact. If a language has several quotes, the function takes those of its
//! formatter. A text with a hole gets the quotes whose encoding the browser has, whatever the
//! formatter does.

use std::fmt::Write as _;

use crate::hole::{Encoding, Hole};

/// Returns a word of a POSIX shell: bare if that is safe, else in single quotes.
pub fn shell(text: &str) -> String {
    // Characters that no POSIX shell expands anywhere in a word (2.2 Quoting); `~` and `#` are left
    // out, which it reads at its beginning.
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(is_safe) {
        text.to_owned()
    } else {
        format!("'{}'", Encoding::Shell.encode(text))
    }
}

/// Returns a string of PowerShell in single quotes, between which nothing is expanded.
pub fn powershell(text: &str) -> String {
    format!("'{}'", Encoding::PowerShell.encode(text))
}

/// Returns a string of Python.
pub fn python(text: &str) -> String {
    fewest_escapes(text)
}

/// Returns a string of JavaScript and TypeScript.
pub fn javascript(text: &str) -> String {
    fewest_escapes(text)
}

/// Returns a string of PHP: in double quotes if it has invisible characters, which need escapes.
pub fn php(text: &str) -> String {
    // The browser fills a hole by the encoding of single quotes. The value of a bot may contain
    // characters that `$` or a backslash would change, so a text with a hole stays in single
    // quotes.
    if !has_hidden(text) || Hole::is_in(text) {
        return format!("'{}'", Encoding::Single.encode(text));
    }
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' | '$' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                // PHP 7's escape by number; its other escapes lack some of these characters.
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    out + "\""
}

/// Returns an interpreted string of Go.
pub fn go(text: &str) -> String {
    format!("\"{}\"", Encoding::Json.encode(text))
}

/// Returns a raw string of Go, which may have several lines.
pub fn go_raw(text: &str) -> String {
    format!("`{}`", Encoding::GoRaw.encode(text))
}

/// Returns a string of Ruby: in double quotes if it has invisible characters, or an apostrophe.
pub fn ruby(text: &str) -> String {
    let has_apostrophe = text.contains('\'') && !text.contains('"');
    if Hole::is_in(text) || !(has_hidden(text) || has_apostrophe) {
        return format!("'{}'", Encoding::Single.encode(text));
    }
    // JSON's escapes are Ruby's too. `#{`, `#$` and `#@` interpolate in Ruby's double quotes, so
    // each `#` is escaped.
    format!("\"{}\"", Encoding::Json.encode(text).replace('#', "\\#"))
}

/// Returns a string in double quotes, unless single quotes need fewer escapes: as Black and
/// Prettier choose. The escapes of JSON are Python's and JavaScript's too.
fn fewest_escapes(text: &str) -> String {
    // The rule of both formatters: as few escapes as possible, double quotes if equal.
    let count = |quote| text.chars().filter(|&c| c == quote).count();
    // With a hole, double quotes: its value is encoded for them, whatever the value is.
    if count('"') <= count('\'') || Hole::is_in(text) {
        return format!("\"{}\"", Encoding::Json.encode(text));
    }
    let mut out = String::from("'");
    for character in text.chars() {
        match character {
            '"' => out.push('"'),
            '\'' => out.push_str("\\'"),
            c => Encoding::Json.encode_into(c.encode_utf8(&mut [0; 4]), &mut out),
        }
    }
    out + "'"
}

fn has_hidden(text: &str) -> bool {
    text.chars().any(is_hidden)
}

/// Returns whether editors and terminals change or hide a character: control characters, line
/// separators and the byte order mark.
fn is_hidden(c: char) -> bool {
    // U+2028 and U+2029 end a line in JavaScript before ES2019; many editors drop a byte order
    // mark.
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}
