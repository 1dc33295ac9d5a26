//! Which headers of a request name a host, and whether a variable is in the value of one.
//!
//! A name and its value are next to each other in raw HTTP, commands and code: `Host: a-{{ x }}`,
//! `"Host": "a-{{ x }}"`, `set("Host", "a-{{ x }}")`, `'Host' => 'a-{{ x }}'`.

use super::around::OTHER;
use super::name::is_named;

/// Words in the names of headers whose values are hosts, or addresses.
// `Host` and `:authority` select the site on a shared server, and `Forwarded` the address in its
// answers (RFC 9110, section 7.2; RFC 7239, section 5.3).
const NAMES: [&str; 9] = [
    "authority",
    "domain",
    "forwarded",
    "host",
    "hostname",
    "origin",
    "referer",
    "referrer",
    "subdomain",
];

/// How many bytes before a variable are searched for the name of a header.
const MOST_BEFORE: usize = 256;

/// How many words of these: `proxy_set_header Host a-`, `"name": "Host", "value": "a-`.
const MOST_WORDS: usize = 5;

/// Keys for the value of a header whose name precedes them, as in
/// `"name": "Host", "value": "a-{{ x }}"`.
const VALUES: [&str; 2] = ["value", "example"];

/// Returns whether a header of this name contains the host that a request is for, or comes from.
pub(in crate::check) fn names_host(name: &str) -> bool {
    is_named(name, &NAMES)
}

/// Returns whether the following text in the value of such a header is a part of a host: no path
/// precedes it.
pub(in crate::check) fn is_in_host(before: &str) -> bool {
    // The slashes of an address in a query are escaped.
    let before = before.replace("%2F", "/").replace("%2f", "/");
    let authority = before
        .rsplit_once("//")
        .map_or(&*before, |(_, after)| after);
    !authority.contains(['/', '?', '#'])
}

/// Returns whether the end of a text is in the value of such a header.
pub(super) fn is_value(before: &str) -> bool {
    let near = before.len().saturating_sub(MOST_BEFORE);
    let near = masked(&before[before.ceil_char_boundary(near)..]);
    let near = last_words(&near);
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let mut rest = near;
    while let Some(start) = rest.find(is_of_name) {
        let begun = &rest[start..];
        let behind = begun.trim_start_matches(is_of_name);
        let name = &begun[..begun.len() - behind.len()];
        let line = &near[..near.len() - begun.len()];
        if value(line, behind).is_some_and(is_in_host) && names_host(name) {
            return true;
        }
        rest = behind;
    }
    false
}

/// Returns the text with a character for each variable in it.
fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("{{") {
        masked.push_str(before);
        let variable = inside.split_once("}}");
        let variable = variable.filter(|(name, _)| !name.contains(['{', '"', '\'', '\n']));
        masked.push(OTHER);
        rest = variable.map_or(inside, |(_, after)| after);
    }
    masked.push_str(rest);
    masked
}

/// Returns the last words of a text; the last one may continue.
fn last_words(text: &str) -> &str {
    let mut before = text;
    for _ in 0..MOST_WORDS {
        before = before.trim_end();
        before = before.trim_end_matches(|c: char| !c.is_whitespace());
    }
    &text[before.len()..]
}

/// Returns the value so far of a header whose name is between two texts, if all of the second is
/// between the name and the value, or in the value.
fn value<'t>(before: &str, behind: &'t str) -> Option<&'t str> {
    let quotes = ['"', '\'', '`'];
    let unquoted = behind.trim_start_matches(quotes);
    let is_quoted = unquoted.len() < behind.len();
    let sign = unquoted.trim_start_matches([' ', ']', ')', '*']);
    // A key of its own for the value.
    let pair = sign.trim_start_matches([',', '\n', ' ', '{', '"', '\'']);
    let key = VALUES.iter().find_map(|key| pair.strip_prefix(key));
    let after = match key {
        Some(after) => after.trim_start_matches(quotes).strip_prefix([':', '='])?,
        None => match sign.strip_prefix("=>") {
            Some(after) => after,
            None => match sign.strip_prefix([':', '=', '|']) {
                Some(after) => after,
                None if is_quoted => sign.strip_prefix(',')?,
                // `proxy_set_header Host a-{{ x }}`, `RequestHeader set Host "a-{{ x }}"`.
                None => {
                    let after = unquoted.strip_prefix(' ')?;
                    is_setting_of_header(before, after).then_some(after)?
                }
            },
        },
    };
    let after = after.trim_start_matches(' ');
    // `[]string{"a-{{ x }}"}`, `HeaderValue::from_static("a-{{ x }}")`.
    let wrapped = after.split_once(quotes).filter(|(wrapper, _)| {
        let is_wrapper = |c: char| c.is_ascii_alphanumeric() || "_.:[]({".contains(c);
        wrapper.is_empty() || wrapper.ends_with(['(', '{', '[']) && wrapper.chars().all(is_wrapper)
    });
    let value = wrapped.map_or(after, |(_, value)| value);
    let is_end = |c: char| c.is_whitespace() || quotes.contains(&c) || ",;&<>".contains(c);
    (!value.contains(is_end)).then_some(value)
}

/// Returns whether a line sets a header without a sign between its name and the next word.
fn is_setting_of_header(before: &str, after: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    !after.contains(char::is_whitespace) && line.to_ascii_lowercase().contains("header")
}

#[cfg(test)]
mod tests {
    use super::{is_in_host, is_value, names_host};

    #[test]
    fn headers_that_lead_to_a_host_are_known_by_their_names() {
        for name in [
            "Host",
            "HOST",
            "X-Forwarded-Host",
            "X-Forwarded-Server",
            "X-Original-Host",
            "X-Host",
            "Forwarded",
            "authority",
            "Origin",
            "Referer",
            "Proxy-Host",
            "X-Tenant-Domain",
            "HTTP_HOST",
        ] {
            assert!(names_host(name), "{name}");
        }
        for name in ["X-Bot-Id", "Authorization", "X-Ghost", "X-Hosting-Plan", ""] {
            assert!(!names_host(name), "{name}");
        }
        assert!(is_in_host("") && is_in_host("https://a-") && is_in_host("for=1;host="));
        for before in ["https://a.example/", "/bots/", "https%3A%2F%2Fa.example%2F"] {
            assert!(!is_in_host(before), "{before}");
        }
    }

    #[test]
    fn a_value_is_found_beside_the_name_of_its_header() {
        for before in [
            "Host: ",
            "Host:",
            "GET / HTTP/1.1\nHost: api.",
            "> Host: a-",
            ":authority: a-",
            "curl -H 'Host: a-",
            "curl -H \"X-Forwarded-Host: a-",
            "http POST https://api.example.com/v1 Host:a-",
            "{\"Host\": \"a-",
            "headers={'X-Original-Host': 'a-",
            "headers.set(\"Host\", \"a-",
            "[('Host', 'a-",
            "'Host' => 'a-",
            "Host => \"a-",
            "request[\"Host\"] = \"a-",
            "req.Host = \"a-",
            "@{ Host = 'a-",
            "{\"Host\": []string{\"a-",
            ".header(\"Host\", HeaderValue::from_static(\"a-",
            "proxy_set_header Host a-",
            "RequestHeader set Host \"a-",
            "{\"name\": \"Host\", \"value\": \"a-",
            "{\n  \"key\": \"Host\",\n          \"value\": \"a-",
            "| `Host` | `a-",
            "Referer: https://a-",
            "Origin: {{ y }}-",
            "f'{{\"Host\": \"a-",
            "Forwarded: for=1;host=a-",
            "Host: ${A}-",
        ] {
            assert!(is_value(before), "{before}");
        }
    }

    #[test]
    fn what_is_in_the_value_of_no_such_header_is_none() {
        for before in [
            "",
            "X-Bot-Id: a-",
            "Referer: https://a.example/bots/",
            "Referer: https://a.example?bot=",
            "https://a.example/v1?origin=web&bot_id=",
            "https://a.example/v1?origin=https%3A%2F%2Fb.example%2Fbots%2F",
            "HOST=a;BOT=",
            "Host: api.example.com\nX-Bot: a-",
            "Host: api.example.com\n\n{\"bot_id\": \"",
            "{\"Host\": \"a\", \"bot_id\": \"",
            "{\"host\": null, \"bot_id\": \"",
            "the host, ",
            "The host of the bot ",
            "Send `Origin` for the bot `",
            "{\"url\": \"/v1/bots/",
            "{\"url\": \"https://a.example/",
            "curl -H 'Host: a' -d bot=",
        ] {
            assert!(!is_value(before), "{before}");
        }
    }
}
