//! A text with the escapes of YAML, JSON, HTML and shells read, as one layer of each.

use crate::escape::escape;

/// The text with its escapes read; none where that changes nothing.
pub(super) fn unescaped(text: &str) -> Option<String> {
    next(text)?;
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next(rest) {
        read.push_str(&rest[..at]);
        // What is no escape stands for itself.
        let (length, meant) = escape(&rest[at..]).unwrap_or((1, rest[at..].chars().next()));
        read.extend(meant);
        rest = &rest[at + length..];
    }
    read.push_str(rest);
    (read != text).then_some(read)
}

/// Where in a text the first sign stands that may begin an escape.
fn next(text: &str) -> Option<usize> {
    memchr::memchr2(b'\\', b'&', text.as_bytes())
}
