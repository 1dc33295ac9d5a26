//! Which variables are a part of an address's scheme, host or port, or a whole part of its path.
//!
//! Read from the texts as they were written, wherever the address stands: a base URL, a link, a
//! sample, prose. It errs to the safe side: a variable that may decide an origin does.

/// Whether a variable decides, in a text, where an address leads.
pub(super) fn decides(text: &str, name: &str) -> bool {
    // Behind the last that close none do; it is looked for once.
    let Some(last) = text.rfind("}}") else {
        return false;
    };
    text[..last].match_indices("{{").any(|(open, _)| {
        let Some(close) = text[open..].find("}}").map(|at| open + at) else {
            return false;
        };
        let written = text[open + 2..close].trim();
        // In a template the bot's ID is a value of the page's frame.
        let written = written.strip_prefix("site.").unwrap_or(written);
        // What is too long to be looked through may be one.
        let run = || Some((run_before(&text[..open])?, run_after(&text[close + 2..])?));
        written == name && run().is_none_or(|(before, after)| is_in_origin(&before, &after))
    })
}

/// Whether a variable may be, in a text, a whole part of a path, where `..` would be resolved: between
/// slashes, alone or beside dots and other variables, or alone as the example of a parameter.
pub(super) fn is_segment(text: &str, name: &str) -> bool {
    let Some(last) = text.rfind("}}") else {
        return false;
    };
    text[..last].match_indices("{{").any(|(open, _)| {
        let close = text[open..].find("}}").map(|at| open + at);
        close.is_some_and(|close| {
            let (before, after) = (&text[..open], &text[close + 2..]);
            text[open + 2..close].trim() == name
                && (is_example(before) || begins_segment(before) && ends_segment(after))
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

/// What stands before a variable in the same address, without other variables; none where that is
/// too long.
fn run_before(text: &str) -> Option<String> {
    let mut run = Vec::new();
    let mut depth = 0;
    for (looked_at, character) in text.chars().rev().enumerate() {
        if looked_at == MOST_OF_ADDRESS {
            return None;
        }
        match character {
            '}' => depth += 1,
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
            '{' => depth += 1,
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
    let word = |c: char| c.is_ascii_alphanumeric() || "+.-_".contains(c);
    // Text between a variable and the end of the host.
    let rest = after.trim_start_matches(word);
    match before.rsplit_once("//") {
        // What follows is a host, a port, or a user's name; a mark of the path ends it.
        Some((_, authority)) => !authority.contains(['/', '?', '#']),
        // `{{ scheme }}://`, `{{ host }}/v1`, `{{ host }}:8080`, `{{ region }}.example.com/`.
        None => {
            let around = |c: char| "()[]|,;=".contains(c);
            let before = before.rsplit(around).next().unwrap_or_default();
            let after = after.split(around).next().unwrap_or_default();
            before.chars().all(word) && (begins_path(rest) || is_domain(before, after))
        }
    }
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
    labels(before) + labels(name) > 1
        && last.len() > 1
        && last.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::{decides, is_segment};

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
        ] {
            assert!(!decides(text, "x"), "{text}");
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
