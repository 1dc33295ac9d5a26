//! The shapes of keys, and their matches in a text.
//!
//! Most texts contain no key, which a pre-check finds without a regular expression: after its
//! head, or after the name of what it is for, a key has many consecutive bytes.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A shape: the possible beginnings, and an expression for the bytes after them; a group in it is
/// the random part.
type KeyShape = (&'static [&'static str], &'static str);

/// The vendors' own shapes.
const OF_VENDORS: [KeyShape; 46] = [
    // OpenAI, Anthropic, OpenRouter
    (
        &["sk-"],
        r"(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,}",
    ),
    // Stripe
    (&["sk_live_", "pk_live_", "rk_live_"], r"[A-Za-z0-9]{16,}"),
    (&["whsec_"], r"[A-Za-z0-9+/]{24,}"), // Stripe, Svix
    // GitHub
    (
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        r"[A-Za-z0-9]{30,}",
    ),
    (&["github_pat_"], r"[A-Za-z0-9_]{40,}"),
    // GitLab
    (
        &[
            "glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glft-", "glffct-", "glimt-",
            "glagent-", "gloas-", "glsoat-",
        ],
        r"[A-Za-z0-9_-]{20,}",
    ),
    // Slack
    (
        &[
            "xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-",
        ],
        r"[A-Za-z0-9-]{20,}",
    ),
    (&["xapp-"], r"[A-Za-z0-9-]{20,}"),
    (
        &["hooks.slack.com/services/"],
        r"(T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,})",
    ),
    (&["AKIA", "ASIA"], r"[A-Z0-9]{16}"), // Amazon Web Services
    (&["AIza"], r"[A-Za-z0-9_-]{35}"),    // Google
    (&["ya29."], r"[A-Za-z0-9_-]{30,}"),
    (&["GOCSPX-"], r"[A-Za-z0-9_-]{20,}"),
    (&["SG."], r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{30,}"), // SendGrid
    (&["key-"], r"[0-9a-f]{32}"),                          // Mailgun
    (&["AC", "SK"], r"[0-9a-f]{32}"),                      // Twilio
    (&["npm_"], r"[A-Za-z0-9]{36}"),
    (&["pypi-"], r"[A-Za-z0-9_-]{40,}"),
    (&["dop_v1_"], r"[0-9a-f]{40,}"),            // DigitalOcean
    (&["hf_", "api_org_"], r"[A-Za-z0-9]{30,}"), // Hugging Face
    (&["nvapi-"], r"[A-Za-z0-9_-]{60,}"),        // NVIDIA
    (&["csk-"], r"[a-z0-9]{40,}"),               // Cerebras
    (&["sk_"], r"[0-9a-f]{48}"),                 // ElevenLabs
    (&["pcsk_"], r"[A-Za-z0-9_]{50,}"),          // Pinecone
    (&["tvly-"], r"(?:[a-z]{3,4}-)?[A-Za-z0-9]{32,}"), // Tavily
    (&["lsv2_pt_", "lsv2_sk_"], r"[0-9a-f]{32}_[0-9a-f]{10}"), // LangSmith
    (&["dapi"], r"[0-9a-f]{32}"),                // Databricks
    (&["ntn_"], r"[0-9]{11}[A-Za-z0-9]{35}"),    // Notion
    (&["EAA"], r"[A-Za-z0-9]{80,}"),             // Meta: Messenger, WhatsApp
    (
        &["discord.com/api/", "discordapp.com/api/"],
        r"(?:v[0-9]+/)?webhooks/([0-9]{15,20}/[A-Za-z0-9_-]{60,})",
    ),
    // Microsoft Teams
    (
        &["webhook.office.com/webhookb2/"],
        r"([0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36})",
    ),
    (&["gsk_"], r"[A-Za-z0-9]{40,}"), // Groq
    (&["r8_"], r"[A-Za-z0-9]{30,}"),  // Replicate
    (&["xai-"], r"[A-Za-z0-9]{40,}"),
    (&["pplx-"], r"[A-Za-z0-9]{40,}"), // Perplexity
    // Shopify
    (
        &["shpat_", "shpca_", "shppa_", "shpss_"],
        r"[0-9a-fA-F]{32}",
    ),
    (&["sq0atp-", "sq0csp-"], r"[A-Za-z0-9_-]{22,}"), // Square
    (&["lin_api_"], r"[A-Za-z0-9]{30,}"),             // Linear
    (&["figd_"], r"[A-Za-z0-9_-]{30,}"),              // Figma
    (&["NRAK-"], r"[A-Z0-9]{27}"),                    // New Relic
    (&["PMAK-"], r"[0-9a-f]{24}-[0-9a-f]{34}"),       // Postman
    (&["ATATT"], r"[A-Za-z0-9_=-]{40,}"),             // Atlassian
    (&["dckr_pat_"], r"[A-Za-z0-9_-]{20,}"),          // Docker
    (&["hvs."], r"[A-Za-z0-9_-]{24,}"),               // Vault
    // JSON Web Token
    (
        &["eyJ"],
        r"[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
    ),
    // With its body: `private::end`.
    (&[PRIVATE], r"(?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?"),
];

/// The beginning of a private key.
const PRIVATE: &str = "-----BEGIN ";

/// Shapes that are keys because of the word before them, in any case, and how many consecutive
/// bytes they have.
const NAMED: [(KeyShape, usize); 4] = [
    // user and password
    ((&["basic"], r"[ \t]+[A-Za-z0-9+/]{16,}={0,2}"), 16),
    // Azure
    (
        (
            &["accountkey", "sharedaccesskey"],
            r"=([A-Za-z0-9/+]{42,86}={1,2})",
        ),
        42,
    ),
    (
        (
            &["aws_secret_access_key", "secretaccesskey"],
            r"(?:\x22|')?\s*[:=]?\s*(?:\x22|')?([A-Za-z0-9/+]{40})",
        ),
        40,
    ),
    (
        (
            &["bearer", "api_key", "api-key", "apikey", "secret", "token"],
            r"(?:\x22|')?\s*[:=]?\s*(?:\x22|')?([A-Za-z0-9_-]{32,}(?:[.+/=~]+[A-Za-z0-9_-]+)*)",
        ),
        32,
    ),
];

/// Shapes without a distinctive beginning.
static WITHIN: [&str; 4] = [
    r"(?:bot)?[0-9]{8,10}:AA[A-Za-z0-9_-]{32,}", // Telegram
    r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}", // Discord
    r"[a-z][a-z0-9+.-]*://[A-Za-z0-9._~%$&+-]*(?::[A-Za-z0-9._~!$&()*+,;=%-]*)?@", // a password, or a token as the user
    r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}", // Microsoft Entra
];

/// Returns each of the shapes as a regular expression.
fn written() -> impl Iterator<Item = String> {
    let either = |heads: &[&str]| heads.join("|").replace('.', r"\.");
    let of_vendors = OF_VENDORS.iter();
    let of_vendors = of_vendors.map(move |(heads, rest)| format!("(?:{}){rest}", either(heads)));
    let named = NAMED.iter();
    let named = named.map(move |((heads, rest), _)| format!("(?i-u:{}){rest}", either(heads)));
    of_vendors.chain(named).chain(WITHIN.map(str::to_owned))
}

static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    // The letter of an escape is not a part of a name.
    let before = r"^|[^A-Za-z0-9_]|\\[0abefnrtv]";
    // One expression for all shapes, so that a text is read once, not once for each of them.
    let all: Vec<String> = written().collect();
    Regex::new(&format!(r"(?:{before})({})", all.join("|"))).expect("the shapes are tested")
});

/// Returns the parts of a text that have the shape of a key.
pub(super) fn shaped(text: &str) -> impl Iterator<Item = Range<usize>> {
    let found = may_hold(text).then(|| SHAPES.captures_iter(text));
    found.into_iter().flatten().map(|found| {
        let key = found.iter().flatten().last();
        key.expect("a match is a group too").range()
    })
}

/// Returns the word at the end of a name that makes any random text a key.
pub(super) fn named_by(name: &str) -> Option<&'static str> {
    // The credentials of Basic, and the keys of Azure, are recognised by their shape.
    let mut words = NAMED[2..].iter().flat_map(|((words, _), _)| *words);
    words.find(|word| ends_with(name.as_bytes(), word)).copied()
}

/// Returns whether a text ends with a word, in any case.
fn ends_with(text: &[u8], word: &str) -> bool {
    let from = text.len().checked_sub(word.len());
    from.is_some_and(|from| text[from..].eq_ignore_ascii_case(word.as_bytes()))
}

/// How many consecutive bytes each vendor's key has after its head, and the longest part of
/// Telegram's and Discord's.
const ROW: usize = 16;

/// How many bytes before a row a head with a dot, or two parts of a JSON Web Token shorter than a
/// row, may begin.
const BEFORE: usize = 20;

/// Returns whether a text may contain one of the shapes.
fn may_hold(text: &str) -> bool {
    // A build takes some 3 % fewer instructions with this pre-check, which passes a text to the
    // regular expressions only if it may contain a key.
    let bytes = text.as_bytes();
    rows(bytes).any(|row| may_be_key(bytes, &row))
        || text.contains(PRIVATE)
        // Words between `BEGIN` and `KEY` are not a row, nor are users and passwords of URLs and
        // keys of Microsoft Entra: each is recognised by its own character.
        || memchr::memchr_iter(b'@', bytes).any(|at| ends_with_user(&text[..at]))
        || memchr::memchr_iter(b'~', bytes).any(|at| bytes[..at].ends_with(b"Q"))
}

/// Returns whether a byte may occur in the longest part of a key.
fn is_of_row(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')
}

/// Returns the rows of at least [`ROW`] such bytes, each as long as possible.
fn rows(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        // A row begins here, or after the last byte that is not of a row.
        while let Some(start) = text.get(from..from + ROW) {
            match start.iter().rposition(|&byte| !is_of_row(byte)) {
                Some(end) => from += end + 1,
                None => {
                    let rest = text[from + ROW..].iter();
                    let end = from + ROW + rest.take_while(|&&byte| is_of_row(byte)).count();
                    return Some(std::mem::replace(&mut from, end)..end);
                }
            }
        }
        None
    })
}

/// Returns whether a row may belong to a key, by its beginning or the bytes around it.
fn may_be_key(text: &[u8], row: &Range<usize>) -> bool {
    let before = &text[..row.start];
    let is_of_telegram = before.ends_with(b":") && text[row.start..].starts_with(b"AA");
    let is_of_discord = row.len() >= 27 && matches!(before, [.., b'.', _, _, _, _, _, _, b'.']);
    let mut places = row.start.saturating_sub(BEFORE)..row.end - ROW;
    is_of_telegram
        || is_of_discord
        || places.any(|at| {
            let is_head = may_be_head([text[at], text[at + 1]]) && begins_word(text, at);
            is_head && has_head(text, row, at)
        })
        || is_named(text, row)
}

/// The first two bytes of heads and names, as bits.
// Instead of comparing each byte with some ninety heads: a table of all pairs of bytes takes 8 kB.
static BEGINNINGS: [u64; 1 << 10] = {
    let mut all = [0; 1 << 10];
    let mut shape = 0;
    while shape < OF_VENDORS.len() + NAMED.len() {
        let is_named = shape >= OF_VENDORS.len();
        let heads = if is_named {
            NAMED[shape - OF_VENDORS.len()].0.0
        } else {
            OF_VENDORS[shape].0
        };
        let mut head = 0;
        while head < heads.len() {
            let bytes = heads[head].as_bytes();
            // As written, and names in upper case too.
            let mut case = 0;
            while case < if is_named { 4 } else { 1 } {
                let first = if case & 1 == 0 {
                    bytes[0]
                } else {
                    bytes[0].to_ascii_uppercase()
                };
                let second = if case & 2 == 0 {
                    bytes[1]
                } else {
                    bytes[1].to_ascii_uppercase()
                };
                let two = u16::from_be_bytes([first, second]) as usize;
                all[two / 64] |= 1 << (two % 64);
                case += 1;
            }
            head += 1;
        }
        shape += 1;
    }
    all
};

/// Returns whether a head or a name begins with two bytes.
fn may_be_head(two: [u8; 2]) -> bool {
    let two = usize::from(u16::from_be_bytes(two));
    BEGINNINGS[two / 64] >> (two % 64) & 1 == 1
}

/// Returns whether a vendor's head or a name is at a place, in a row or just before it.
fn has_head(text: &[u8], row: &Range<usize>, at: usize) -> bool {
    let here = &text[at..row.end];
    let has_behind = |head: &str, least| row.end - row.start.max(at + head.len()) >= least;
    let is_head = |head: &&str| here.starts_with(head.as_bytes()) && has_behind(head, ROW);
    let is_name = |name: &str, least| {
        let is_here = |here: &[u8]| here.eq_ignore_ascii_case(name.as_bytes());
        here.get(..name.len()).is_some_and(is_here) && has_behind(name, least)
    };
    let mut named = NAMED.iter();
    OF_VENDORS
        .iter()
        .any(|(heads, _)| heads.iter().any(is_head))
        || at >= row.start
            && named.any(|((names, _), least)| names.iter().any(|name| is_name(name, *least)))
}

/// Returns whether a row follows the name of what it is for, with only quotes, blanks and a sign
/// between them.
fn is_named(text: &[u8], row: &Range<usize>) -> bool {
    // Bytes outside ASCII may belong to a blank.
    let is_between = |byte: u8| {
        byte.is_ascii_whitespace()
            || matches!(byte, b'\x0b' | b'"' | b'\'' | b':' | b'=')
            || !byte.is_ascii()
    };
    let before = &text[..row.start];
    let end = before.iter().rposition(|&byte| !is_between(byte));
    let before = &before[..end.map_or(0, |end| end + 1)];
    NAMED.iter().any(|((names, _), least)| {
        row.len() >= *least
            && names
                .iter()
                .any(|name| ends_with(before, name) && begins_word(text, before.len() - name.len()))
    })
}

/// Returns whether a word begins at a place, possibly after the letter of an escape.
fn begins_word(text: &[u8], at: usize) -> bool {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match text[..at] {
        [
            ..,
            b'\\',
            b'0' | b'a' | b'b' | b'e' | b'f' | b'n' | b'r' | b't' | b'v',
        ] => true,
        [.., before] => !is_of_word(before),
        [] => true,
    }
}

/// Returns whether a text ends with a user, or a user and a password, of a URL.
fn ends_with_user(text: &str) -> bool {
    let is_of = |signs: &str, c: char| c.is_ascii_alphanumeric() || signs.contains(c);
    let user = text.trim_end_matches(|c| is_of("._~!$&()*+,;=%-", c));
    let user = user.strip_suffix(':').unwrap_or(user);
    let scheme = user.trim_end_matches(|c| is_of("._~%$&+-", c));
    scheme.ends_with("://")
}

#[cfg(test)]
mod tests;
