//! Values that look like live keys, which must neither be published nor shown in a report.
//!
//! The shapes are the vendors' own prefixes. Placeholders such as `sk-your-key` are told from keys
//! by their letters: a key is random, a placeholder is words or one letter repeated.

mod part;
mod reading;

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

pub use part::{BEGINNING, PART, Parts, word_around};
use reading::Reading;

/// The shapes of keys; a group within one is the random part.
static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    // The letter of an escape is no part of a name either.
    let before = r"^|[^A-Za-z0-9_]|\\[0abefnrtv]";
    let all = [&WRITTEN[..], &WITHIN].concat();
    Regex::new(&format!(r"(?:{before})({})", all.join("|"))).expect("the shapes are tested")
});

/// Each shape as it is written.
const WRITTEN: [&str; 38] = [
    r"sk-(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,}", // OpenAI, Anthropic, OpenRouter
    r"[spr]k_live_[A-Za-z0-9]{16,}",                         // Stripe
    r"whsec_[A-Za-z0-9+/]{24,}",                             // Stripe, Svix
    r"gh[pousr]_[A-Za-z0-9]{30,}",                           // GitHub
    r"github_pat_[A-Za-z0-9_]{40,}",
    r"glpat-[A-Za-z0-9_-]{20,}",       // GitLab
    r"xox[abeoprs]-[A-Za-z0-9-]{20,}", // Slack
    r"xapp-[A-Za-z0-9-]{20,}",
    r"hooks\.slack\.com/services/(T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,})",
    r"(?:AKIA|ASIA)[A-Z0-9]{16}", // Amazon Web Services
    r"AIza[A-Za-z0-9_-]{35}",     // Google
    r"ya29\.[A-Za-z0-9_-]{30,}",
    r"GOCSPX-[A-Za-z0-9_-]{20,}",
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{30,}", // SendGrid
    r"key-[0-9a-f]{32}",                           // Mailgun
    r"(?:AC|SK)[0-9a-f]{32}",                      // Twilio
    r"npm_[A-Za-z0-9]{36}",
    r"pypi-[A-Za-z0-9_-]{40,}",
    r"dop_v1_[0-9a-f]{40,}", // DigitalOcean
    r"hf_[A-Za-z0-9]{30,}",  // Hugging Face
    r"gsk_[A-Za-z0-9]{40,}", // Groq
    r"r8_[A-Za-z0-9]{30,}",  // Replicate
    r"xai-[A-Za-z0-9]{40,}",
    r"pplx-[A-Za-z0-9]{40,}",              // Perplexity
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", // Shopify
    r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}",  // Square
    r"lin_api_[A-Za-z0-9]{30,}",           // Linear
    r"figd_[A-Za-z0-9_-]{30,}",            // Figma
    r"NRAK-[A-Z0-9]{27}",                  // New Relic
    r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",     // Postman
    r"ATATT[A-Za-z0-9_=-]{40,}",           // Atlassian
    r"dckr_pat_[A-Za-z0-9_-]{20,}",        // Docker
    r"hvs\.[A-Za-z0-9_-]{24,}",            // Vault
    r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}", // JSON Web Token
    // With the lines of its body, as they are or as escapes of a text. What stands before the body has
    // no five hyphens, with which another one begins: to look ahead past many, for each, takes too long.
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?(?:-----(?:[ \t\r\n]+[A-Za-z-]+: (?:-{0,4}[ -,.-~]+)*-{0,4}){0,4}(?:[ \t\r\n\\\x22',|>+#*]*[A-Za-z0-9+/=]{40,})+(?:[ \t\r\n\\\x22',|>+#*]*[A-Za-z0-9+/=]{1,76})?)?",
    r"(?i:basic)[ \t]+[A-Za-z0-9+/]{16,}={0,2}", // user and password
    r"(?i:aws_secret_access_key|secretaccesskey)(?:\x22|')?\s*[:=]?\s*(?:\x22|')?([A-Za-z0-9/+]{40})",
    r"(?i:bearer|api[_-]?key|secret|token)(?:\x22|')?\s*[:=]?\s*(?:\x22|')?([A-Za-z0-9_-]{32,}(?:[.+/=~]+[A-Za-z0-9_-]+)*)",
];

/// Shapes that begin as any word may.
const WITHIN: [&str; 3] = [
    r"(?:bot)?[0-9]{8,10}:AA[A-Za-z0-9_-]{32,}", // Telegram
    r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}", // Discord
    r"[a-z][a-z0-9+.-]*://[A-Za-z0-9._~%$&+-]*:[A-Za-z0-9._~!$&()*+,;=%-]{6,}@", // a password
];

/// How much of a key is shown, in bytes: its vendor's prefix.
const SHOWN: usize = 6;

/// No key has fewer bytes: the least is an address with a password, `a://:123456@`.
const SHORTEST: usize = 12;

/// What makes a key of any random text that is given for it.
const NAMES: [&str; 8] = [
    "aws_secret_access_key",
    "secretaccesskey",
    "bearer",
    "api_key",
    "api-key",
    "apikey",
    "secret",
    "token",
];

/// A key, and where it is written.
struct Found {
    written: Range<usize>,
    key: String,
}

/// Where in a text what looks like a key stands, in the order of the text: as it is written, and as
/// those read it who know its escapes.
pub fn find(text: &str) -> Vec<Range<usize>> {
    found(text).into_iter().map(|found| found.written).collect()
}

fn found(text: &str) -> Vec<Found> {
    let keys = as_written(text).map(|written| Found {
        key: text[written.clone()].to_owned(),
        written,
    });
    let mut keys: Vec<Found> = keys.collect();
    let Some(reading) = Reading::new(text) else {
        return keys;
    };
    for lines in reading.changed() {
        let text = &reading.text[lines.clone()];
        keys.extend(as_written(text).map(|key| Found {
            written: reading.written(&(lines.start + key.start..lines.start + key.end)),
            key: text[key].to_owned(),
        }));
    }
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
    let found = SHAPES.captures_iter(text).map(|found| {
        let key = found.iter().flatten().last();
        key.expect("a match is a group too")
    });
    found
        .filter(|key| is_key(key.as_str()))
        .map(|key| key.range())
}

/// How much of a text is read at once, which takes some dozen times as much memory, and how much of it
/// is read again with what follows: more than a key has.
const READ_AT_ONCE: usize = 1 << 20;
const READ_AGAIN: usize = 1 << 13;

/// The keys in what is published: the text of pages, what is in their tags, and texts of other kinds.
pub fn in_published(path: &str, text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut from = 0;
    loop {
        let end = text.floor_char_boundary(from + READ_AT_ONCE);
        let part = &text[from..end];
        let read = match path.ends_with(".html") {
            true => Cow::Owned(reading::of_html(part)),
            false => Cow::Borrowed(part),
        };
        let read = Reading::new(&read).map_or(read, |reading| Cow::Owned(reading.text));
        keys.extend(as_written(&read).map(|key| read[key].to_owned()));
        if end == text.len() {
            return keys;
        }
        from = text.floor_char_boundary(end - READ_AGAIN);
    }
}

/// A key without what may be written in several ways: ends of lines, blanks and escapes.
pub fn joined(key: &str) -> String {
    let key = key.replace("\\n", "");
    let key = Reading::new(&key).map_or(key, |reading| reading.text);
    let kept = key.chars().filter(|&c| !c.is_whitespace() && c != '\\');
    kept.collect()
}

/// How a private key begins.
const HEAD: &str = "-----";

/// Whether a word that begins with these two bytes may be a key: so each of the shapes begins.
fn may_begin(bytes: [u8; 2]) -> bool {
    #[rustfmt::skip]
    let is_exact = matches!(
        &bytes,
        b"sk" | b"pk" | b"rk" | b"wh" | b"gh" | b"gi" | b"gl" | b"xo" | b"ho" | b"AK" | b"AS" | b"AI"
            | b"ya" | b"GO" | b"SG" | b"ke" | b"AC" | b"SK" | b"np" | b"py" | b"do" | b"hf" | b"gs" | b"r8"
            | b"xa" | b"pp" | b"sh" | b"sq" | b"li" | b"fi" | b"NR" | b"PM" | b"AT" | b"dc" | b"hv" | b"ey" | b"--"
    );
    is_exact
        || matches!(
            &bytes.map(|byte| byte.to_ascii_lowercase()),
            b"be" | b"ap" | b"se" | b"to" | b"ba" | b"aw"
        )
}

/// How many bytes without a blank each key has: in the least of them, `-----BEGIN` of a private one.
const LONG: usize = 10;

/// Whether so many bytes without a blank stand somewhere.
fn has_long_word(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(word) = rest.get(..LONG) {
        match word.iter().rposition(|&byte| byte == b' ') {
            Some(blank) => rest = &rest[blank + 1..],
            None => return true,
        }
    }
    false
}

/// Whether a text may hold a key, by how its words begin, or by the signs within one.
fn may_hold(text: &str) -> bool {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut is_in_word = false;
    let mut dot = 0;
    // A key over several lines may have short words alone.
    let is_long = || has_long_word(text.as_bytes()) || text.contains('\n');
    let has_user = LazyCell::new(|| text.contains('@'));
    text.len() >= SHORTEST
        && is_long()
        && text.as_bytes().windows(2).enumerate().any(|(at, two)| {
            let begins = match two[0] {
                // Behind an escape a word may begin within what looks like one.
                b'%' | b'\\' => true,
                b':' => two[1] == b'/' && *has_user,
                b'.' => std::mem::replace(&mut dot, at) + 7 == at,
                b'0'..=b'9' if two[1] == b':' => true,
                _ => !is_in_word && may_begin([two[0], two[1]]),
            };
            is_in_word = is_of_word(two[0]);
            begins
        })
}

/// Where in a value what looks like a key stands, be it for the name of what has the value.
///
/// A list can have millions of values, and a glance at the words of most tells that there is none.
pub fn find_in_value(name: &str, value: &str) -> Vec<Range<usize>> {
    // So each of the names ends.
    let may_tell = matches!(
        name.bytes().next_back(),
        Some(b'R' | b'r' | b'Y' | b'y' | b'T' | b't' | b'N' | b'n')
    );
    if may_tell
        && value.len() >= SHORTEST
        && let Some(before) = NAMES.iter().find(|word| ends_with(name, word))
    {
        let text = format!("{before}: {value}");
        let own = |key: Range<usize>| {
            let from = before.len() + 2;
            Some(key.start.checked_sub(from)?..key.end - from)
        };
        return find(&text).into_iter().filter_map(own).collect();
    }
    let has_escapes = || value.contains(['\\', '%']);
    match may_hold(value) && (has_escapes() || SHAPES.is_match(value)) {
        true => find(value),
        false => Vec::new(),
    }
}

/// Whether a name ends with a word, in whatever case.
fn ends_with(name: &str, word: &str) -> bool {
    let from = name.len().checked_sub(word.len());
    from.is_some_and(|from| name.as_bytes()[from..].eq_ignore_ascii_case(word.as_bytes()))
}

/// The part of a key that is not shown.
fn hidden(key: &Range<usize>) -> Range<usize> {
    key.start + SHOWN..key.end
}

/// The beginning of a key, which tells whose it is.
pub fn beginning(text: &str, key: &Range<usize>) -> String {
    format!("`{}…`", &text[key.start..key.start + SHOWN])
}

/// A text with the beginnings of its keys only, so that it can be shared.
pub fn masked(text: &str) -> Cow<'_, str> {
    match Known::default().hidden(text)[..] {
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

/// The keys of some texts, to be hidden also where only a part of one is quoted, which has the
/// shape of no key.
#[derive(Debug, Default)]
pub struct Known {
    /// Where in a key each run of it stands that is longer than what is shown; in small letters.
    runs: HashMap<[u8; RUN], usize>,
}

/// More of a key than is shown, in bytes.
const RUN: usize = SHOWN + 1;

impl Known {
    /// Knows the keys of a text too.
    pub fn add(&mut self, text: &str) {
        for found in found(text) {
            self.add_key(&text[found.written]);
            self.add_key(&found.key);
        }
    }

    /// Knows a key too, whatever its shape.
    pub fn add_key(&mut self, key: &str) {
        let key = without_head(key).to_ascii_lowercase();
        for (at, run) in key.as_bytes().windows(RUN).enumerate() {
            if let Ok(run) = run.try_into() {
                self.runs.entry(run).or_insert(at);
            }
        }
    }

    /// What of a text is hidden, in the order of the text.
    pub fn hidden(&self, text: &str) -> Vec<Range<usize>> {
        let mut all: Vec<Range<usize>> = find(text).iter().map(hidden).collect();
        if self.runs.is_empty() {
            return all;
        }
        let small = text.to_ascii_lowercase();
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

    /// A text without what is hidden.
    pub fn masked(&self, text: &str) -> String {
        without(text, &self.hidden(text))
    }
}

/// A key without words before it that are the same for many.
fn without_head(key: &str) -> &str {
    if let Some(rest) = key.strip_prefix(HEAD) {
        return rest.split_once(HEAD).map_or("", |it| it.1);
    }
    let address = key.split_once("://").map(|it| it.1);
    address.or_else(|| credentials(key)).unwrap_or(key)
}

/// What stands behind `Basic`.
fn credentials(key: &str) -> Option<&str> {
    let (scheme, rest) = key.split_once([' ', '\t'])?;
    scheme
        .eq_ignore_ascii_case("basic")
        .then(|| rest.trim_start())
}

/// Whether what has the shape of a key is one, and no placeholder.
fn is_key(text: &str) -> bool {
    if text.starts_with(HEAD) {
        return true;
    }
    if let Some(address) = text.strip_suffix('@').and_then(|it| it.split_once("://")) {
        let password = address.1.split_once(':');
        return password.is_some_and(|it| is_password(it.1));
    }
    match credentials(text) {
        Some(credentials) => is_login(credentials),
        None => is_random(text),
    }
}

/// Whether the user and password of Basic are somebody's: the password is none that stands for one, or
/// one of the two is a key.
fn is_login(credentials: &str) -> bool {
    let written = credentials.trim_end_matches('=').as_bytes();
    let decoded = data_encoding::BASE64_NOPAD.decode(written).ok();
    let login = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let login = login.as_deref().and_then(|login| login.split_once(':'));
    login.is_some_and(|(user, password)| {
        is_password(password)
            || [user, password]
                .iter()
                .any(|it| as_written(it).next().is_some())
    })
}

/// Words in what stands for a password.
const STANDS_FOR: [&str; 8] = [
    "pass", "pwd", "secret", "token", "key", "your", "example", "user",
];

/// Whether a text is a password: letters and digits of several kinds, and no word for one.
fn is_password(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    let kinds: BTreeSet<u8> = text.bytes().collect();
    kinds.len() >= 6
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !text.contains(['$', '{', '%'])
        && !STANDS_FOR.iter().any(|word| small.contains(word))
}

/// Whether a text's characters are as mixed as a key's: at least 3.2 bits each, digits among them.
fn is_random(text: &str) -> bool {
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
    entropy >= 3.2 && text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
