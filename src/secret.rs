//! Values that look like live keys, which must neither be published nor shown in a report.
//!
//! The shapes are the vendors' own prefixes. Placeholders such as `sk-your-key` are told from keys
//! by their letters: a key is random, a placeholder is words or one letter repeated.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The shapes of keys; a group within one is the random part.
static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    // The letters and digits of an escape are no part of a name either.
    let before =
        r"^|[^A-Za-z0-9_]|\\[0abefnrtv]|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2}";
    Regex::new(&format!(r"(?:{before})({})", WRITTEN.join("|"))).expect("the shapes are tested")
});

/// Each shape as it is written.
const WRITTEN: [&str; 34] = [
    r"sk-(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,}", // OpenAI, Anthropic, OpenRouter
    r"[spr]k_live_[A-Za-z0-9]{16,}",                         // Stripe
    r"whsec_[A-Za-z0-9+/]{24,}",                             // Stripe, Svix
    r"gh[pousr]_[A-Za-z0-9]{30,}",                           // GitHub
    r"github_pat_[A-Za-z0-9_]{40,}",
    r"glpat-[A-Za-z0-9_-]{20,}",       // GitLab
    r"xox[abeoprs]-[A-Za-z0-9-]{20,}", // Slack
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
    // With the lines of its body, as they are or as escapes of a text.
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?(?:-----(?:[ \t\r\n]+[A-Za-z-]+: [^\n]*)*(?:[ \t\r\n\\\x22',|>+]*[A-Za-z0-9+/=]{40,})+(?:[ \t\r\n\\\x22',|>+]*[A-Za-z0-9+/=]{1,76})?)?",
    r"(?i:bearer|api[_-]?key|secret|token)(?:\x22|')?\s*[:=]?\s*(?:\x22|')?([A-Za-z0-9_-]{32,}(?:[.+/=~]+[A-Za-z0-9_-]+)*)",
];

/// How much of a key is shown, in bytes: its vendor's prefix.
const SHOWN: usize = 6;

/// No key has fewer bytes.
const SHORTEST: usize = 20;

/// What makes a key of any random text that is given for it.
const NAMES: [&str; 6] = ["bearer", "api_key", "api-key", "apikey", "secret", "token"];

/// Where in a text what looks like a key stands, in the order of the text.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut keys = find_unbroken(text);
    let joined = Joined::new(text);
    if !joined.cuts.is_empty() {
        let broken = find_unbroken(&joined.text);
        let broken = broken.iter().map(|key| joined.written(key));
        keys.extend(broken.filter(|key| text[key.clone()].contains("\\\n")));
        keys.sort_by_key(|key| (key.start, std::cmp::Reverse(key.end)));
        let mut end = 0;
        keys.retain(|key| {
            let is_new = key.start >= end;
            end = end.max(key.end);
            is_new
        });
    }
    keys
}

fn find_unbroken(text: &str) -> Vec<Range<usize>> {
    let found = SHAPES.captures_iter(text).map(|found| {
        let key = found.iter().flatten().last();
        key.expect("a match is a group too")
    });
    found
        .filter(|key| is_random(key.as_str()) || key.as_str().starts_with(HEAD))
        .map(|key| key.range())
        .collect()
}

/// How a private key begins.
const HEAD: &str = "-----";

/// A text whose lines go on where a backslash ends them, as in YAML and in a shell.
struct Joined {
    text: String,
    /// Where it leaves something out, and how much it has left out up to there.
    cuts: Vec<(usize, usize)>,
}

impl Joined {
    fn new(written: &str) -> Joined {
        let mut text = String::new();
        let mut cuts = Vec::new();
        let mut rest = written;
        while let Some(at) = rest.find("\\\n") {
            text += &rest[..at];
            rest = rest[at + 2..].trim_start_matches([' ', '\t']);
            cuts.push((text.len(), written.len() - rest.len() - text.len()));
        }
        if !cuts.is_empty() {
            text += rest;
        }
        Joined { text, cuts }
    }

    /// Where a range of it is written.
    fn written(&self, range: &Range<usize>) -> Range<usize> {
        let at = |place: usize, next: usize| {
            let before = self.cuts.partition_point(|cut| cut.0 < place + next);
            place + before.checked_sub(1).map_or(0, |cut| self.cuts[cut].1)
        };
        at(range.start, 1)..at(range.end, 0)
    }
}

/// Whether a word that begins with these two bytes may be a key: so each of the shapes begins.
const fn may_begin(bytes: [u8; 2]) -> bool {
    #[rustfmt::skip]
    let is_exact = matches!(
        &bytes,
        b"sk" | b"pk" | b"rk" | b"wh" | b"gh" | b"gi" | b"gl" | b"xo" | b"ho" | b"AK" | b"AS" | b"AI"
            | b"ya" | b"GO" | b"SG" | b"ke" | b"AC" | b"SK" | b"np" | b"py" | b"do" | b"hf" | b"gs" | b"r8"
            | b"xa" | b"sh" | b"sq" | b"li" | b"fi" | b"NR" | b"PM" | b"AT" | b"dc" | b"hv" | b"ey" | b"--"
    );
    is_exact || begins_name(bytes)
}

/// Whether a word that begins with these two bytes may be a name before a key, in whatever case.
const fn begins_name(bytes: [u8; 2]) -> bool {
    matches!(
        &[bytes[0].to_ascii_lowercase(), bytes[1].to_ascii_lowercase()],
        b"be" | b"ap" | b"se" | b"to"
    )
}

/// How many bytes without a blank each key has: in the least of them, `-----BEGIN` of a private one.
const LONG: usize = 10;

/// The bytes of a word.
const OF_WORD: u8 = 1;
/// The bytes that a shape begins with, and those of an escape, behind which a word may begin within what
/// looks like one.
const BEGINS: u8 = 2;

/// What each byte is where no word goes on, and within a word: a list has millions of values, and each is
/// looked through byte by byte.
static KINDS: [[u8; 256]; 2] = {
    let mut kinds = [[0; 256]; 2];
    let mut byte = 0;
    while byte < 127 {
        let mut next = b'!';
        while next < 127 {
            if may_begin([byte, next]) {
                kinds[0][byte as usize] = BEGINS;
            }
            next += 1;
        }
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            kinds[0][byte as usize] |= OF_WORD;
            kinds[1][byte as usize] = OF_WORD;
        }
        byte += 1;
    }
    let mut row = 0;
    while row < 2 {
        kinds[row][b'%' as usize] = BEGINS;
        kinds[row][b'\\' as usize] = BEGINS;
        row += 1;
    }
    kinds
};

/// Whether a text may hold a key, by how its words begin.
fn may_hold(text: &str) -> bool {
    let bytes = text.as_bytes();
    // A key over several lines may have short words alone.
    let is_long = || has_long_word(bytes) || bytes.contains(&b'\n');
    if bytes.len() < SHORTEST || !is_long() {
        return false;
    }
    let mut row = &KINDS[0];
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        let kind = row[usize::from(byte)];
        if kind >= BEGINS && (matches!(byte, b'%' | b'\\') || begins_key(byte, rest.as_slice())) {
            return true;
        }
        row = &KINDS[usize::from(kind & OF_WORD)];
    }
    false
}

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

/// Whether a word of these bytes may be a key: a key has no blank, but before what follows a name, and
/// in the head of a private key.
fn begins_key(first: u8, rest: &[u8]) -> bool {
    let Some(&second) = rest.first() else {
        return false;
    };
    let two = [first, second];
    let has_blanks = two == *b"--" || begins_name(two);
    let is_long = || rest.get(..LONG).is_some_and(|word| !word.contains(&b' '));
    may_begin(two) && (has_blanks || is_long())
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
    if may_tell && value.len() >= SHORTEST && NAMES.iter().any(|word| ends_with(name, word)) {
        const BEFORE: &str = "token: ";
        let text = format!("{BEFORE}{value}");
        let own = |key: Range<usize>| {
            let start = key.start.checked_sub(BEFORE.len())?;
            Some(start..key.end - BEFORE.len())
        };
        return find(&text).into_iter().filter_map(own).collect();
    }
    let has_shape = || SHAPES.is_match(value) || value.contains("\\\n");
    match may_hold(value) && has_shape() {
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
        for key in find(text) {
            self.add_key(&text[key]);
        }
    }

    /// Knows a key too, whatever its shape.
    pub fn add_key(&mut self, key: &str) {
        // The head of a private key is the same for all.
        let body = key.strip_prefix(HEAD).map(|it| it.split_once(HEAD));
        let key = body.map_or(key, |body| body.map_or("", |body| body.1));
        let key = key.to_ascii_lowercase();
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
mod tests {
    use super::*;

    const RANDOM: &str = "Xq3ZtV81mNcR5bYwKd7ePq2LsT9uHjF4";

    #[test]
    fn no_shape_is_shorter_than_what_is_passed_over() {
        let shortest = ["AK", "IA", "Q3ZV81NC5BYW7K2L"].concat();
        assert_eq!(shortest.len(), SHORTEST);
        assert_eq!(find_in_value("x", &shortest), vec![0..SHORTEST]);
        let private = ["-----BEGIN", " PRIVATE KEY"].concat();
        assert_eq!(find_in_value("x", &private), vec![0..private.len()]);
    }

    /// The first two characters of what a shape matches; of groups and sets each.
    fn beginnings(shape: &str) -> Vec<String> {
        let open = shape.strip_prefix("(?i:").or(shape.strip_prefix("(?:"));
        if let Some(rest) = open {
            let (inner, _) = rest.split_once(')').unwrap();
            return inner.split('|').flat_map(beginnings).collect();
        }
        if let Some((set, rest)) = shape
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
        {
            let second = &rest[..1];
            return set
                .chars()
                .map(|first| format!("{first}{second}"))
                .collect();
        }
        match shape
            .get(1..2)
            .filter(|&second| second == "[" || second == "(")
        {
            Some(_) => {
                let second = shape[1..]
                    .trim_start_matches(['[', '('])
                    .trim_start_matches("?:");
                vec![format!("{}{}", &shape[..1], &second[..1])]
            }
            None => vec![shape[..2].to_owned()],
        }
    }

    #[test]
    fn every_shape_begins_as_a_glance_expects() {
        for shape in WRITTEN {
            for two in beginnings(shape) {
                assert!(
                    may_begin([two.as_bytes()[0], two.as_bytes()[1]]),
                    "{shape}: {two}"
                );
                let rest = "x".repeat(SHORTEST);
                for before in ["", "a ", "%20", "\\n", "é", "-"] {
                    assert!(may_hold(&format!("{before}{two}{rest}")), "{before}{two}");
                }
            }
        }
        for text in [
            "019dd3d4-4b7e-71eb-9561-5cf790a5da57",
            "Ada of the corner, number 7",
            "The assistant of the shop on the corner",
            "%20 a key of the shop of Ada",
        ] {
            assert!(!may_hold(text), "{text}");
        }
    }

    #[test]
    fn a_glance_misses_no_key_over_several_lines_or_behind_a_name() {
        let pieces: Vec<&str> = (0..8).map(|at| &RANDOM[4 * at..4 * at + 4]).collect();
        for text in [
            format!("sk_li\\\n ve_{}", pieces.join("\\\n ")),
            format!("see sk_live_{RANDOM}"),
            format!("the shop: sk_live_{RANDOM}"),
            format!("the token {RANDOM}"),
            "the head -----BEGIN PRIVATE KEY-----".to_owned(),
        ] {
            assert!(may_hold(&text), "{text}");
            assert!(!find_in_value("name", &text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_random_value_is_a_key_where_its_name_tells() {
        for (name, is_key) in [
            ("token", true),
            ("bot_token", true),
            ("API_KEY", true),
            ("tokens", false),
            ("bot_id", false),
            ("é", false),
        ] {
            let found = find_in_value(name, RANDOM);
            assert_eq!(found.first() == Some(&(0..32)), is_key, "{name}: {found:?}");
        }
        let key = ["sk", "_live_", RANDOM].concat();
        let all = 2..key.len() + 2;
        for name in ["bot_token", "bot_name"] {
            assert_eq!(
                find_in_value(name, &format!("a {key} b")),
                vec![all.clone()]
            );
        }
    }

    #[test]
    fn nothing_of_a_private_key_is_shown_but_that_it_is_one() {
        for end in ["\n", "\\n"] {
            let body = [RANDOM, RANDOM, end, RANDOM, "=="].concat();
            let key = ["-----BEGIN", " PRIVATE KEY-----", end, &body, end].concat();
            for text in [
                [key.as_str(), "-----END PRIVATE KEY-----", end, "and more"].concat(),
                [key.as_str(), "\" and more"].concat(),
            ] {
                let shown = masked(&text);
                assert!(!shown.contains(&RANDOM[..7]), "{shown}");
                assert!(shown.ends_with(" more"), "{shown}");
            }
        }
    }
}
