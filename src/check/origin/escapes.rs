//! A text with the escapes of YAML, JSON, HTML and shells read, as one layer of each.

use std::borrow::Cow;

/// Named character references of what makes up an address or a variable.
const NAMED: [(&str, char); 10] = [
    ("sol", '/'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("period", '.'),
    ("commat", '@'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("lowbar", '_'),
];

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
        let (mark, after) = rest[at..].split_at(1);
        let escape = match mark {
            "&" => reference(after),
            _ => backslash(after),
        };
        match escape {
            Some((character, length)) => {
                read.extend(character);
                rest = &after[length..];
            }
            None => {
                read.push_str(mark);
                rest = after;
            }
        }
    }
    read.push_str(rest);
    read
}

/// What stands behind a backslash: a character, or none where a line goes on; and its length.
fn backslash(after: &str) -> Option<(Option<char>, usize)> {
    let first = after.chars().next()?;
    let digits = match first {
        'x' => 2,
        'u' if after.starts_with("u{") => {
            let end = after.bytes().take(11).position(|byte| byte == b'}')?;
            return Some((Some(hexadecimal(&after[2..end])?), end + 1));
        }
        'u' => 4,
        'U' => 8,
        '\n' => {
            let next = after.trim_start();
            return Some((None, after.len() - next.len()));
        }
        _ if first.is_ascii_punctuation() => return Some((Some(first), 1)),
        _ => return None,
    };
    let character = hexadecimal(after.get(1..=digits)?)?;
    Some((Some(character), 1 + digits))
}

/// The character that a reference such as `&#47;` stands for, behind its `&`, and its length.
fn reference(after: &str) -> Option<(Option<char>, usize)> {
    let end = after.bytes().take(12).position(|byte| byte == b';')?;
    let name = &after[..end];
    let character = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => hexadecimal(digits),
            None => number.parse().ok().and_then(char::from_u32),
        },
        None => NAMED
            .iter()
            .find_map(|(known, character)| (*known == name).then_some(*character)),
    };
    Some((Some(character?), end + 1))
}

fn hexadecimal(digits: &str) -> Option<char> {
    u32::from_str_radix(digits, 16)
        .ok()
        .and_then(char::from_u32)
}
