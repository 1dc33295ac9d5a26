//! Values that look like live keys, which must neither be published nor shown in a report.
//!
//! The shapes are the vendors' own prefixes. Placeholders such as `sk-your-key` are distinguished
//! from keys by their letters: a key is random, a placeholder consists of words or one repeated
//! letter.

mod part;
mod private;
mod reading;
mod shape;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

pub use part::{BEGINNING, PART, Parts, word_around};
use reading::BareText;
use shape::{named_by, shaped};

/// How much of a key is shown, in bytes: its vendor's prefix.
// Six bytes identify the vendor (`sk-ant`, `ghp_ab`), and leave so much unknown that a report can
// be shared.
const SHOWN: usize = 6;

/// A key, and where it is written.
struct FoundKey {
    written: Range<usize>,
    key: String,
}

/// Finds what looks like a key in a text, in the order of the text: as written, and with escapes
/// decoded.
pub fn find(text: &str) -> Vec<Range<usize>> {
    found(text).into_iter().map(|found| found.written).collect()
}

fn found(text: &str) -> Vec<FoundKey> {
    let keys = as_written(text).map(|written| FoundKey {
        key: text[written.clone()].to_owned(),
        written,
    });
    let mut keys: Vec<FoundKey> = keys.collect();
    // The second pass reads only lines with an escape: most of a text has none.
    if let Some(reading) = BareText::new(text) {
        for lines in reading.changed() {
            let text = &reading.text[lines.clone()];
            keys.extend(as_written(text).map(|key| FoundKey {
                written: reading.written(&(lines.start + key.start..lines.start + key.end)),
                key: text[key].to_owned(),
            }));
        }
    }
    // The lines of a private key may contain what looks like another key.
    keys.sort_by_key(|key| (key.written.start, std::cmp::Reverse(key.written.end)));
    let mut end = 0;
    keys.retain(|key| {
        let is_new = key.written.start >= end;
        end = end.max(key.written.end);
        is_new
    });
    keys
}

fn as_written(text: &str) -> impl Iterator<Item = Range<usize>> {
    let keys = shaped(text).filter(|key| is_key(&text[key.clone()]));
    keys.map(|key| {
        if text[key.clone()].starts_with(HEAD) {
            key.start..private::end(text, key.end)
        } else {
            key
        }
    })
}

/// How much of a text is read at once, which takes some dozen times as much memory, and how much
/// of it is read again with the next part: more than the length of a key, except for private keys
/// of over 10,000 bits.
const READ_AT_ONCE: usize = 1 << 20;
const READ_AGAIN: usize = 1 << 13;

/// Returns the keys in a published file: in the text of pages, in their tags, and in texts of
/// other kinds.
// Keys are searched twice: in the files, where each has its place, and here, where a template or a
// character reference may have assembled one.
pub fn in_published(path: &str, text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut from = 0;
    loop {
        let end = text.floor_char_boundary(from + READ_AT_ONCE);
        let part = &text[from..end];
        let read = if path.ends_with(".html") {
            Cow::Owned(reading::of_html(part))
        } else {
            Cow::Borrowed(part)
        };
        let read = BareText::new(&read).map_or(read, |reading| Cow::Owned(reading.text));
        keys.extend(as_written(&read).map(|key| read[key].to_owned()));
        if end == text.len() {
            return keys;
        }
        from = text.floor_char_boundary(end - READ_AGAIN);
    }
}

/// Returns whether a text is one key and nothing else.
pub fn is_whole(text: &str) -> bool {
    as_written(text).next() == Some(0..text.len())
}

/// Returns a key without what can be written in several ways: line ends, blanks and escapes.
pub fn joined(key: &str) -> String {
    let key = key.replace("\\n", "");
    let key = BareText::new(&key).map_or(key, |reading| reading.text);
    let kept = key.chars().filter(|&c| !c.is_whitespace() && c != '\\');
    kept.collect()
}

/// How a private key begins.
const HEAD: &str = "-----";

/// Finds what looks like a key in a value, also by the name that the value belongs to.
pub fn find_in_value(name: &str, value: &str) -> Vec<Range<usize>> {
    let Some(before) = named_by(name) else {
        return find(value);
    };
    let text = format!("{before}: {value}");
    let own = |key: Range<usize>| {
        let from = before.len() + 2;
        Some(key.start.checked_sub(from)?..key.end - from)
    };
    find(&text).into_iter().filter_map(own).collect()
}

/// Returns the part of a key that is not shown.
fn hidden(key: &Range<usize>) -> Range<usize> {
    key.start + SHOWN..key.end
}

/// Returns the beginning of a key, which identifies its vendor.
pub fn beginning(text: &str, key: &Range<usize>) -> String {
    format!("`{}…`", &text[key.start..key.start + SHOWN])
}

/// Returns a text with only the beginnings of its keys, so that it can be shared.
pub fn masked(text: &str) -> Cow<'_, str> {
    match KnownKeys::default().hidden(text)[..] {
        [] => Cow::Borrowed(text),
        ref hidden => Cow::Owned(without(text, hidden)),
    }
}

fn without(text: &str, hidden: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut shown = 0;
    for hidden in hidden {
        out += &text[shown..hidden.start];
        out.push('…');
        shown = hidden.end;
    }
    out + &text[shown..]
}

/// The keys of some texts, to mask also a part of a key that is quoted alone and does not have the
/// shape of one.
#[derive(Debug, Default)]
// Reports of files mask every part of a key in the files. Other output of the command line has no
// files, and is masked by the shapes of keys alone (`cli/print.rs`).
pub struct KnownKeys {
    /// The place in its key of each run that is longer than the shown part; in lower case.
    runs: HashMap<[u8; RUN], usize>,
}

/// The length of a run: one byte more than is shown.
const RUN: usize = SHOWN + 1;

impl KnownKeys {
    /// Adds the keys of a text.
    pub fn add(&mut self, text: &str) {
        for found in found(text) {
            self.add_key(&text[found.written]);
            self.add_key(&found.key);
        }
    }

    /// Adds a key of any shape.
    pub fn add_key(&mut self, key: &str) {
        // In lower case, since a file name or a header name may contain a key in another case.
        let key = without_head(key).to_ascii_lowercase();
        for (at, run) in key.as_bytes().windows(RUN).enumerate() {
            if let Ok(run) = run.try_into() {
                self.runs.entry(run).or_insert(at);
            }
        }
    }

    /// Returns the parts of a text to hide, in the order of the text.
    pub fn hidden(&self, text: &str) -> Vec<Range<usize>> {
        let mut all: Vec<Range<usize>> = find(text).iter().map(hidden).collect();
        let small = if self.runs.is_empty() {
            String::new()
        } else {
            text.to_ascii_lowercase()
        };
        for (at, run) in small.as_bytes().windows(RUN).enumerate() {
            let place = <[u8; RUN]>::try_from(run).ok();
            if let Some(&place) = place.and_then(|run| self.runs.get(&run)) {
                all.push(at + SHOWN.saturating_sub(place)..at + RUN);
            }
        }
        all.sort_by_key(|range| range.start);
        let mut merged: Vec<Range<usize>> = Vec::new();
        for range in all {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        merged
    }

    /// Returns a text without the parts to hide.
    pub fn masked(&self, text: &str) -> String {
        without(text, &self.hidden(text))
    }
}

/// Returns a key without the words before it that many keys share.
// Otherwise the common beginning of all private keys, or of all URLs of one host, would be masked
// in every text.
fn without_head(key: &str) -> &str {
    if let Some(rest) = key.strip_prefix(HEAD) {
        return rest.split_once(HEAD).map_or("", |it| it.1);
    }
    let address = key.split_once("://").map(|it| it.1);
    address.or_else(|| credentials(key)).unwrap_or(key)
}

/// Returns the text after `Basic`.
fn credentials(key: &str) -> Option<&str> {
    let (scheme, rest) = key.split_once([' ', '\t'])?;
    scheme
        .eq_ignore_ascii_case("basic")
        .then(|| rest.trim_start())
}

/// Returns whether a text of the shape of a key is one, and not a placeholder.
fn is_key(text: &str) -> bool {
    // The head alone is reported too: even without its body, it begins what must not be pasted
    // there.
    if text.starts_with(HEAD) {
        return true;
    }
    if let Some(address) = text.strip_suffix('@').and_then(|it| it.split_once("://")) {
        let (user, password) = address.1.split_once(':').unwrap_or((address.1, ""));
        return is_token(user) || is_of_login(user, password);
    }
    match credentials(text) {
        Some(credentials) => is_login(credentials),
        None => is_random(text),
    }
}

/// Returns whether the credentials of Basic are real, not placeholders.
fn is_login(credentials: &str) -> bool {
    let written = credentials.trim_end_matches('=').as_bytes();
    let decoded = data_encoding::BASE64_NOPAD.decode(written).ok();
    let login = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let login = login.as_deref().and_then(|login| login.split_once(':'));
    login.is_some_and(|(user, password)| is_of_login(user, password))
}

/// Returns whether the password is not a placeholder, or one of the two is a key.
fn is_of_login(user: &str, password: &str) -> bool {
    let holds_key = |text: &str| as_written(text).next().is_some();
    is_password(password) || holds_key(user) || holds_key(password)
}

/// Words in placeholders of passwords.
const STANDS_FOR: [&str; 8] = [
    "pass", "pwd", "secret", "token", "key", "your", "example", "user",
];

/// Returns whether a text is a password: several different letters and digits, and no word of a
/// placeholder.
fn is_password(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    // Placeholders such as `user:xxxx` have few different characters; `${PASSWORD}` and `%s` are
    // filled in later.
    let kinds: BTreeSet<u8> = text.bytes().collect();
    kinds.len() >= 6
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !text.contains(['$', '{', '%'])
        && !STANDS_FOR.iter().any(|word| small.contains(word))
}

/// Returns whether the user in a URL is a token: long, random, and neither an ID nor a
/// placeholder.
fn is_token(user: &str) -> bool {
    let small = user.to_ascii_lowercase();
    let is_id = || {
        user.len() == 36
            && user
                .bytes()
                .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
    };
    let is_placeholder =
        || STANDS_FOR.iter().any(|word| small.contains(word)) || user.contains(['$', '%']);
    // A name such as `deploy-production-eu-west-1` consists of short words.
    let has_long_part = user.split(['-', '.', '_']).any(|part| part.len() >= 16);
    user.len() >= 20 && has_long_part && is_random(user) && !is_id() && !is_placeholder()
}

/// Returns whether a text's characters are as mixed as a key's: at least 3.2 bits each, and digits
/// among them or letters of both cases as in random texts.
pub fn is_random(text: &str) -> bool {
    let mut counts = [0u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = text.len() as f64;
    let parts = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| f64::from(count) / length);
    let entropy: f64 = parts.map(|part| -part * part.log2()).sum();
    // Of 10,000 random keys, 99.6 % of those of 32 hexadecimal digits and all of those of 20
    // letters and digits have 3.2 bits or more; `sk-your-key-here-xxxxxxxx` has 2.9. Placeholders
    // of words alone can have more, so a digit or mixed case decides too: one random key of 32
    // letters and digits in 300 has no digit.
    entropy >= 3.2 && (text.bytes().any(|byte| byte.is_ascii_digit()) || is_random_case(text))
}

/// Returns whether letters of both cases are mixed as in no word: adjacent capitals, enough small
/// letters, and no word of a placeholder.
fn is_random_case(text: &str) -> bool {
    let are_capitals = |two: &&[u8]| two.iter().all(u8::is_ascii_uppercase);
    let capitals = text.as_bytes().windows(2).filter(are_capitals).count();
    let small = text.bytes().filter(u8::is_ascii_lowercase).count();
    let lower = text.to_ascii_lowercase();
    // Of 10,000 random texts of 40 letters, 95 % have so many adjacent capitals. CamelCase has
    // hardly any.
    let is_mixed = 8 * capitals >= text.len() && 4 * small >= text.len();
    text.len() >= 32 && is_mixed && !STANDS_FOR.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests;
