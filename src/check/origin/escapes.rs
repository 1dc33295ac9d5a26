//! A text with the escapes of YAML, JSON, HTML and shells read, as one layer of each.

use std::borrow::Cow;

use crate::escape::escape;

/// The text as it is written, and where that is another, as it is with its escapes read.
pub(crate) fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let read = next(text).map(|_| unescaped(text));
    let read = read.filter(|read| read != text).map(Cow::Owned);
    [Some(Cow::Borrowed(text)), read]
        .into_iter()
        .flatten()
        .collect()
}

/// Where in a text the first sign stands that may begin an escape.
fn next(text: &str) -> Option<usize> {
    memchr::memchr2(b'\\', b'&', text.as_bytes())
}

fn unescaped(text: &str) -> String {
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
    read
}
