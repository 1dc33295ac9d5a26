//! A text with the escapes of YAML, JSON, HTML and shells read, as one layer of each.

use std::borrow::Cow;

use crate::escape::escape;

/// The text as it is written, and where that is another, as it is with its escapes read.
pub(crate) fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let read = text.contains(['\\', '&']).then(|| unescaped(text));
    let read = read.filter(|read| read != text).map(Cow::Owned);
    [Some(Cow::Borrowed(text)), read]
        .into_iter()
        .flatten()
        .collect()
}

fn unescaped(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '&']) {
        read.push_str(&rest[..at]);
        // What is no escape stands for itself.
        let (length, meant) = escape(&rest[at..]).unwrap_or((1, rest[at..].chars().next()));
        read.extend(meant);
        rest = &rest[at + length..];
    }
    read.push_str(rest);
    read
}
