//! Values that look like live keys, which must neither be published nor shown in a report.
//!
//! The shapes are the vendors' own prefixes. Placeholders such as `sk-your-key` are told from keys
//! by their letters: a key is random, a placeholder is words or one letter repeated.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The shapes of keys; the first group, where there is one, is the random part.
static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    let shapes = [
        r"sk-(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,}", // OpenAI, Anthropic, OpenRouter
        r"[spr]k_live_[A-Za-z0-9]{16,}",                         // Stripe
        r"whsec_[A-Za-z0-9+/]{24,}",                             // Stripe, Svix
        r"gh[pousr]_[A-Za-z0-9]{30,}",                           // GitHub
        r"github_pat_[A-Za-z0-9_]{40,}",
        r"glpat-[A-Za-z0-9_-]{20,}",       // GitLab
        r"xox[abeoprs]-[A-Za-z0-9-]{20,}", // Slack
        r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}",
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
        r"-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP )?PRIVATE KEY",
        r"(?i:bearer|api[_-]?key|secret|token)(?:\x22|')?\s*[:=]?\s*(?:\x22|')?([A-Za-z0-9_-]{32,}(?:[.+/=~]+[A-Za-z0-9_-]+)*)",
    ];
    Regex::new(&format!(r"(?:^|[^A-Za-z0-9_])({})", shapes.join("|")))
        .expect("the shapes are tested")
});

/// How much of a key is shown, in bytes: its vendor's prefix.
const SHOWN: usize = 6;

/// Where in a text what looks like a key stands.
pub fn find(text: &str) -> impl Iterator<Item = Range<usize>> {
    let found = SHAPES.captures_iter(text).map(|found| {
        let key = found.get(2).or_else(|| found.get(1));
        key.expect("every shape is in a group")
    });
    found
        .filter(|key| is_random(key.as_str()) || key.as_str().starts_with("-----"))
        .map(|key| key.range())
}

/// The part of a key that is not shown.
pub fn hidden(key: &Range<usize>) -> Range<usize> {
    key.start + SHOWN..key.end
}

/// A text with the beginnings of its keys only, so that it can be shared.
pub fn masked(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut shown = 0;
    for key in find(text) {
        let hidden = hidden(&key);
        out += &text[shown..hidden.start];
        out.push('…');
        shown = hidden.end;
    }
    match shown {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(out + &text[shown..]),
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
