//! Which variables are a part of an address's scheme, host or port, or a whole part of its path.
//!
//! Read from the texts as they were written, and as they are with their escapes read, wherever the
//! address stands: a base URL, a link, a sample, a command, a header that names a host, prose. It errs to the safe side: a
//! variable that may decide an origin does.

mod assigned;
mod command;
mod escapes;
mod header;

use std::borrow::Cow;

pub(super) use header::{is_in_host, names_host};

/// What stands for another variable in the text around one.
const OTHER: char = '\u{fffc}';

/// Endings of files that are no top-level domain: `{{ bot_id }}.json` is no host.
const FILES: [&str; 24] = [
    "cfg", "conf", "crt", "css", "csv", "env", "gif", "htm", "html", "jpeg", "jpg", "js", "json",
    "jsonl", "key", "log", "ndjson", "pem", "pdf", "png", "txt", "xml", "yaml", "yml",
];

/// Names of what is an address or leads to one; a variable that is called so decides where it leads.
const NAMES: [&str; 9] = [
    "host",
    "hostname",
    "domain",
    "subdomain",
    "origin",
    "url",
    "uri",
    "proxy",
    "scheme",
];

/// Names of settings and functions that take an address.
const TAKERS: [&str; 4] = ["base", "server", "endpoint", "fetch"];

/// Whether a name such as `api_host` or `baseUrl` has one of the words in it.
fn is_named(name: &str, words: &[&str]) -> bool {
    let mut before = '_';
    let begins_word = |character: char| {
        let last = std::mem::replace(&mut before, character);
        "_-.".contains(character) || character.is_ascii_uppercase() && last.is_ascii_lowercase()
    };
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in name.match_indices(begins_word) {
        parts.push(&name[from..at]);
        from = at;
    }
    parts.push(&name[from..]);
    let part = |part: &&str| {
        part.trim_start_matches(['_', '-', '.'])
            .to_ascii_lowercase()
    };
    parts.iter().map(part).any(|part| words.contains(&&*part))
}

/// Whether a variable's own name says that it is a part of an address.
pub(super) fn is_of_address(name: &str) -> bool {
    is_named(name, &NAMES)
}

/// The text as it is written, and where that is another, as it is with its escapes read and with the
/// names followed that hold a variable's value.
pub(super) fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let mut readings = vec![Cow::Borrowed(text)];
    readings.extend(escapes::unescaped(text).map(Cow::Owned));
    let followed: Vec<_> = readings
        .iter()
        .filter_map(|text| assigned::followed(text))
        .collect();
    readings.extend(followed.into_iter().map(Cow::Owned));
    readings
}

/// Whether a variable decides, in a text, where an address leads.
pub(super) fn decides(text: &str, name: &str) -> bool {
    text.match_indices("{{").any(|(open, _)| {
        // A name ends at its braces, or in a template at a filter.
        let inside = &text[open + 2..];
        let Some(end) = inside.find(['{', '}', '|']) else {
            return false;
        };
        let written = inside[..end].trim();
        // In a template the bot's ID is a value of the page's frame.
        let written = written.strip_prefix("site.").unwrap_or(written);
        // What is too long to be looked through may be one.
        let behind = &inside[end..];
        let near = &behind[..behind.floor_char_boundary(MOST_OF_ADDRESS)];
        let run = || {
            let after = run_after(&behind[near.find("}}")? + 2..])?;
            Some((run_before(&text[..open])?, after))
        };
        written == name
            && (run().is_none_or(|(before, after)| is_in_origin(&before, &after))
                || is_value_of_address(&text[..open])
                || header::is_value(&text[..open])
                || command::is_operand(&text[..open]))
    })
}

/// Whether what follows is the whole value of something that takes an address: `HOST=`, `"url": "`,
/// `--proxy `, `fetch("`, or is joined to a scheme in code: `"https://" + "`.
fn is_value_of_address(before: &str) -> bool {
    let is_quote = |c: char| "\"'`".contains(c);
    let joined = before.trim_end_matches(|c| is_quote(c) || " +.,&".contains(c));
    if joined.ends_with("://") {
        return true;
    }
    let open = before.trim_end_matches(is_quote);
    let named = open
        .trim_end_matches([' ', '=', ':', '('])
        .trim_end_matches(is_quote);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let name = &named[named.trim_end_matches(is_part).len()..];
    let is_setting = open[named.len()..].contains(['=', ':', '(']) || name.starts_with('-');
    is_setting && (is_named(name, &NAMES) || is_named(name, &TAKERS))
}

/// Whether a variable may be, in a text, a whole part of a path, where `..` would be resolved: between
/// slashes, alone or beside dots and other variables, or alone as the example of a parameter.
pub(super) fn is_segment(text: &str, name: &str) -> bool {
    text.match_indices("{{").any(|(open, _)| {
        let (before, inside) = (&text[..open], &text[open + 2..]);
        inside.find(['{', '}']).is_some_and(|end| {
            inside[..end].trim() == name
                && inside[end..].strip_prefix("}}").is_some_and(|after| {
                    is_example(before) || begins_segment(before) && ends_segment(after)
                })
        })
    })
}

fn is_example(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '"', '\'']);
    before.ends_with("example:") || before.ends_with("example\":")
}

fn begins_segment(before: &str) -> bool {
    let before = before.trim_end_matches('.');
    // Another variable may be empty.
    before.ends_with(['/', '\\']) || before.ends_with("}}")
}

fn ends_segment(after: &str) -> bool {
    let after = after.trim_start_matches('.');
    let goes_on = |c: char| c.is_alphanumeric() || "-_~%!$&*+=:@".contains(c);
    after.starts_with("{{") || !after.starts_with(goes_on)
}

/// How many characters of an address are looked through on each side of a variable.
const MOST_OF_ADDRESS: usize = 4096;

/// What stands before a variable in the same address, with [`OTHER`] for each other variable; none
/// where that is too long.
fn run_before(text: &str) -> Option<String> {
    let mut run = Vec::new();
    let mut depth = 0;
    for (looked_at, character) in text.chars().rev().enumerate() {
        if looked_at == MOST_OF_ADDRESS {
            return None;
        }
        match character {
            '}' => {
                depth += 1;
                if depth == 2 {
                    run.push(OTHER);
                }
            }
            '{' => depth = (depth - 1).max(0),
            _ if depth > 0 && character != '\n' => {}
            _ if is_end(character) => break,
            // As browsers read an address; YAML and JSON may also write `\/` for a slash.
            '\\' => run.push('/'),
            _ => run.push(character),
        }
    }
    Some(run.iter().rev().collect())
}

/// The same of what stands behind it.
fn run_after(text: &str) -> Option<String> {
    let mut run = String::new();
    let mut depth = 0;
    for (looked_at, character) in text.chars().enumerate() {
        if looked_at == MOST_OF_ADDRESS {
            return None;
        }
        match character {
            '{' => {
                depth += 1;
                if depth == 2 {
                    run.push(OTHER);
                }
            }
            '}' => depth = (depth - 1).max(0),
            _ if depth > 0 && character != '\n' => {}
            _ if is_end(character) => break,
            '\\' => run.push('/'),
            _ => run.push(character),
        }
    }
    Some(run)
}

/// Whether no address goes on over a character.
fn is_end(character: char) -> bool {
    character.is_whitespace() || "\"'`<>".contains(character)
}

fn is_in_origin(before: &str, after: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || "+.-_".contains(c) || c == OTHER;
    // Text between a variable and the end of the host.
    let rest = after.trim_start_matches(word);
    // Clients and browsers read `https:/host` and `https:host` alike.
    let slashes = before
        .rsplit_once("//")
        .or_else(|| before.rsplit_once(":/"));
    match slashes.or_else(|| {
        before
            .rsplit_once("http:")
            .or_else(|| before.rsplit_once("https:"))
    }) {
        // What follows is a host, a port, or a user's name; a mark of the path ends it.
        Some((_, authority)) => !authority.contains(['/', '?', '#']),
        // `{{ scheme }}://`, `{{ host }}/v1`, `{{ host }}:8080`, `{{ region }}.example.com/`.
        None => {
            let around = |c: char| "()[]|,;=".contains(c);
            let before = before.rsplit(around).next().unwrap_or_default();
            let after = after.split(around).next().unwrap_or_default();
            before.chars().all(word)
                && (begins_path(rest) || is_domain(before, after) || is_joined(before, after))
        }
    }
}

/// Whether a variable makes one word with another, as in `{{ region }}.{{ domain }}`: neither need
/// name a host for both to do so.
fn is_joined(before: &str, after: &str) -> bool {
    before.trim_end_matches('.').ends_with(OTHER)
        || after.trim_start_matches(['.', ':']).starts_with(OTHER)
}

/// Whether a host could end before this text.
fn begins_path(rest: &str) -> bool {
    let port = rest.strip_prefix(':').unwrap_or_default();
    rest.starts_with(['/', '@']) || port.starts_with("//") || {
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        digits > 1
    }
}

/// Whether a variable is a label of a name such as `{{ region }}.api.example.com`.
fn is_domain(before: &str, after: &str) -> bool {
    let name = after.trim_end_matches('.');
    let labels = |text: &str| text.matches('.').count();
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_file = labels(before) + labels(name) == 1 && FILES.contains(&last);
    name.contains('.')
        && !is_file
        && last.len() > 1
        && last.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::{decides, is_of_address, is_segment, readings};

    /// Whether a variable decides in one of the readings of a text.
    fn decides_once(text: &str) -> bool {
        readings(text).iter().any(|text| decides(text, "x"))
    }

    #[test]
    fn what_is_a_part_of_an_origin_is_found_wherever_it_stands() {
        for text in [
            "url: https://{{ x }}.example.com",
            "url: \"https://{{x}}/v1\"",
            "url: https://api.example.com{{ x }}/v1",
            "url: https://api.example.com:{{ x }}/v1",
            "url: https://api.example.com:443{{ x }}",
            "url: https://key={{ x }}@api.example.com",
            "url: https://{{ x }}@api.example.com",
            "url: https://api.{{ y }}.{{ x }}/v1",
            "url: {{ x }}://api.example.com/",
            "url: http{{ x }}://api.example.com/",
            "url: //{{ x }}/v1",
            r#""https:\/\/{{ x }}\/v1""#,
            r"https:\\{{ x }}\v1",
            "[a](https://a-{{ x }}.example.com)",
            "<https://{{ x }}>",
            "curl -H a {{ x }}/v1/chat",
            "curl '{{ x }}:8080/v1'",
            "--url={{ x }}.api.example.com",
            "see https://a.example/b//{{ x }}",
            "href=\"https://{{ site.x }}.example.com\"",
        ] {
            assert!(decides(text, "x"), "{text}");
        }
    }

    #[test]
    fn what_is_an_address_alone_or_with_others_decides() {
        for text in [
            "curl {{ x }}",
            "curl '{{ x }}'",
            "sh -c \"curl -sS {{ x }}\"",
            "ssh box 'curl {{ x }}'",
            "subprocess.run(\"curl -s {{ x }}\", shell=True)",
            "TOKEN=$(curl -s {{ x }} | jq -r .token)",
            "TOKEN=\"$(curl -s {{ x }})\"",
            "true;curl {{ x }}",
            "/usr/bin/curl {{ x }}",
            "curl.exe {{ x }}",
            "curl --retry-connrefused {{ x }}",
            "`curl -sS {{ x }}` prints",
            "$ curl -X POST -H \"Authorization: Bearer $KEY\" -d @a {{ x }}",
            "curl -d {{ y }} --url-query a=b {{ x }}",
            "curl https://api.example.com/v1 {{ x }}",
            "curl -x {{ x }} https://api.example.com/v1",
            "curl --connect-to {{ x }} https://api.example.com/v1",
            "http POST {{ x }}",
            "wget -q {{ x }}",
            "wget -O out {{ x }}",
            "http --json {{ x }}",
            "curl -H A:\\ -1 -d -x {{ x }}",
            "Invoke-RestMethod -Method Post -Uri {{ x }}",
            "irm {{ x }}",
            "HOST={{ x }}",
            "export API_HOST=\"{{ x }}\"",
            "const baseUrl = \"{{ x }}\";",
            "\"host\": \"{{ x }}\"",
            "--proxy {{ x }}",
            "fetch('{{ x }}')",
            "new URL(\"{{ x }}\")",
            "-H \"Host: {{ x }}\"",
            "-H \"Host: api.{{ x }}\"",
            "Host: {{ x }}.example.com",
            "Host: a-{{ x }}",
            ":authority: {{ x }}",
            "X-Forwarded-Host: {{ y }}-{{ x }}",
            "Forwarded: for=192.0.2.1;host=a-{{ x }}",
            "Referer: {{ x }}",
            "Referer: https://{{ x }}/",
            "curl -e {{ x }} https://api.example.com/v1",
            "curl --referer {{ x }} https://api.example.com/v1",
            "headers: {\"Origin\": \"bot-{{ x }}\"}",
            "post(\"https://\" + \"{{ x }}\" + path)",
            "'https://' . '{{ x }}'",
            "client = Client(base_url=\"{{ x }}\")",
            "{{ x }}{{ y }}",
            "{{ y }}{{ x }}",
            "{{ x }}.{{ y }}",
            "{{ y }}.{{ x }}",
            "{{ x }}:{{ y }}",
            "https:/{{ x }}/v1",
            "https:{{ x }}",
            "{{ x | lower }}.example.com/",
            "wscat -c {{ x }}.app",
            "requests.post(\"{{ x }}.app\")",
        ] {
            assert!(decides(text, "x"), "{text}");
        }
    }

    #[test]
    fn escapes_hide_no_origin() {
        for text in [
            r#"url: "https:\x2f\x2f{{ x }}""#,
            r#"url: "https:\u002f\U0000002f{{ x }}""#,
            r#"url: "https://\x7b{ x }}""#,
            "url: \"https://\\\n  {{ x }}\"",
            "curl https://\\\n{{ x }}",
            "curl -sS \\\n  {{ x }}",
            "[a](https:&#47;&#x2F;{{ x }})",
            "[a](https:&sol;&sol;{{ x }})",
            "[a](https&colon;//{{ x }})",
        ] {
            assert!(decides_once(text), "{text}");
        }
    }

    #[test]
    fn a_name_in_code_hides_no_origin() {
        for text in [
            "A={{ x }}\ncurl -H \"Authorization: Bearer $KEY\" $A",
            "BOT=\"{{ x }}\"\ncurl \"https://$BOT.example.com/v1\"",
            "BOT={{ x }}\nH=$BOT.example.com\ncurl https://$H/v1",
            r#"bot = "{{ x }}"; post(f"https://{bot}.example.com/v1")"#,
            r#"const bot = "{{ x }}"; fetch(`https://${bot}.example.com`)"#,
            r#"bot := "{{ x }}"; http.Get(fmt.Sprintf("https://%s.example.com", bot))"#,
        ] {
            assert!(decides_once(text), "{text}");
        }
        for text in [
            "BOT={{ x }}\ncurl https://api.example.com/bots/$BOT",
            "HOST=api.example.com BOT={{ x }}\ncurl \"https://$HOST/bots/${BOT}/chat\"",
            r#"bot = "{{ x }}"; post(f"https://{host}/bots/{bot}")"#,
            r#"bot = "{{ x }}"; get("https://api.example.com/bots/" + bot + "/chat")"#,
            "bot_id: \"{{ x }}\"\npath: /bots/{bot_id}/chat",
            r#"{"bot_id": "{{ x }}"} and the bot's `bot_id`"#,
        ] {
            assert!(!decides_once(text), "{text}");
        }
    }

    #[test]
    fn a_name_that_says_so_is_of_an_address() {
        for name in ["host", "api_host", "subdomain", "base_url", "api_url_2"] {
            assert!(is_of_address(name), "{name}");
        }
        for name in ["bot_id", "ghost", "hosting_plan", "curl", "server", "x"] {
            assert!(!is_of_address(name), "{name}");
        }
    }

    #[test]
    fn what_stands_behind_the_host_or_in_no_address_decides_none() {
        for text in [
            "url: https://api.example.com/v1/{{ x }}",
            "url: https://api.example.com/{{ x }}.json",
            "url: https://api.example.com?bot={{ x }}",
            "url: https://api.example.com/#{{ x }}",
            "path: /bots/{{ x }}/chat",
            "bot_id: {{ x }}",
            "Your bot is {{ x }}.",
            "the file {{ x }}.json, or {{ x }}-1",
            r#"{"bot_id": "{{ x }}", "a": 1}"#,
            "https://{{ y }}.example.com/{{ x }}",
            "https://example.com and {{ x }}",
            "{{ y }}/{{ x }}",
            "/bots/{{ y }}{{ x }}",
            "curl -d {{ x }} https://api.example.com/v1",
            "curl -sSu {{ x }} https://api.example.com/v1",
            "curl -d 'bot={{ x }}' https://api.example.com/v1",
            "curl https://api.example.com/v1 -d '{\"bot_id\": \"{{ x }}\"}'",
            "curl --data-urlencode {{ x }} https://api.example.com/v1",
            "Use curl for the bot {{ x }}.",
            "`curl` sends {{ x }}",
            "The host of {{ x }}",
            "BOT_ID={{ x }}",
            "bots.get(\"{{ x }}\")",
            "// {{ x }}",
            "{{ y }} {{ x }}",
            "{{ y }}-{{ x }}",
        ] {
            assert!(!decides_once(text), "{text}");
        }
    }

    #[test]
    fn variables_that_may_be_a_whole_part_of_a_path_are_found() {
        for text in [
            "/a/{{ x }}/b",
            "/a/{{x}}",
            "/a/.{{ x }}",
            "/a/{{ x }}.",
            "/a/{{ y }}{{ x }}",
            "/a/{{ x }}{{ y }}",
            "\"https://h/{{ x }}\"",
            "example: \"{{ x }}\"",
            "{\"example\":\"{{ x }}\"}",
            "https://h/{{ x }}?a",
        ] {
            assert!(is_segment(text, "x"), "{text}");
        }
        for text in [
            "/a/{{ y }}",
            "a {{ x }} b",
            "/a/b{{ x }}",
            "/a/{{ x }}-b",
            "k: \"{{ x }}\"",
        ] {
            assert!(!is_segment(text, "x"), "{text}");
        }
    }
}
