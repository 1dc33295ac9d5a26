//! Decodes one layer of the escapes of YAML, JSON, HTML and shells in a text.

use crate::input::escape::escape;

/// Returns the text with its escapes decoded; `None` if that changes nothing.
pub(super) fn unescaped(text: &str) -> Option<String> {
    next(text)?;
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next(rest) {
        read.push_str(&rest[..at]);
        // A sequence that is not an escape stays as it is.
        let (length, meant) = line_break(&rest[at..])
            .or_else(|| escape(&rest[at..]))
            .unwrap_or((1, rest[at..].chars().next()));
        read.extend(meant);
        rest = &rest[at + length..];
    }
    read.push_str(rest);
    (read != text).then_some(read)
}

/// Returns the character of an escaped line end or blank in a text in quotes, as of code in JSON.
fn line_break(text: &str) -> Option<(usize, Option<char>)> {
    match text.as_bytes() {
        [b'\\', b'n' | b'r', ..] => Some((2, Some('\n'))),
        [b'\\', b't', ..] => Some((2, Some('\t'))),
        _ => None,
    }
}

/// Returns the offset of the first character that may begin an escape.
fn next(text: &str) -> Option<usize> {
    memchr::memchr2(b'\\', b'&', text.as_bytes())
}
