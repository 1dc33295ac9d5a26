//! Finds the variables that are a part of an address's scheme, host or port, or a whole segment of
//! its path.
//!
//! Searches the texts as written and with their escapes decoded, wherever an address may be: a base
//! URL, a link, a sample, a command, a header that names a host, prose. It errs on the safe side: a
//! variable that may decide an origin counts as deciding it.

mod around;
mod assigned;
mod command;
mod escapes;
mod format;
mod header;
mod name;
mod used;

use std::borrow::Cow;

use around::{
    MOST_CALLS, MOST_OF_ADDRESS, OTHER, authority, before_joint, behind_scheme, is_in_host_of,
    is_quote, run_after, run_before,
};

pub(super) use header::{is_in_host, names_host};
pub(super) use name::is_of_address;

/// Extensions of files that are not top-level domains, or hardly ever: `{{ bot_id }}.json` is no
/// host.
const FILES: [&str; 17] = [
    "cfg", "conf", "crt", "css", "env", "htm", "html", "ini", "js", "json", "jsonl", "key",
    "ndjson", "toml", "xml", "yaml", "yml",
];

/// Further extensions, of files that no API has as the first segment of a path:
/// `{{ bot_id }}/plan.pdf`.
const DOCUMENTS: [&str; 35] = [
    "bak", "bin", "bmp", "csv", "db", "doc", "docx", "gif", "gz", "ico", "jpeg", "jpg", "jsx",
    "log", "md", "mdx", "ogg", "pdf", "pem", "php", "png", "pptx", "py", "sh", "sql", "svg", "tar",
    "ts", "tsv", "tsx", "txt", "wav", "webm", "webp", "zip",
];

/// Last words of topics and events that are not top-level domains: `{{ bot_id }}.message.created`.
const EVENTS: [&str; 16] = [
    "added",
    "changed",
    "completed",
    "created",
    "deleted",
    "delivered",
    "failed",
    "finished",
    "joined",
    "received",
    "removed",
    "sent",
    "started",
    "stopped",
    "updated",
    "uploaded",
];

/// Common ports of two digits.
const PORTS: [&str; 5] = ["21", "22", "25", "53", "80"];

/// Returns the text as written; if they differ, also the text with its escapes decoded; and each of
/// these with names replaced that contain a variable's value.
pub(super) fn readings(text: &str) -> Vec<Cow<'_, str>> {
    // Both readings: `{\"bot\": \"{{ bot_id }}\"}` is JSON inside JSON, and `\/` is a slash.
    let mut readings = vec![Cow::Borrowed(text)];
    readings.extend(escapes::unescaped(text).map(Cow::Owned));
    let followed: Vec<_> = readings
        .iter()
        .flat_map(|text| assigned::followed(text))
        .collect();
    readings.extend(followed.into_iter().map(Cow::Owned));
    readings
}

/// Returns the first offset in a text at which a variable decides the target of an address.
pub(super) fn decides(text: &str, name: &str) -> Option<usize> {
    let mut opens = text.match_indices("{{").map(|(open, _)| open);
    opens.find(|&open| {
        // A name ends at its braces, or in a template at a filter.
        let inside = &text[open + 2..];
        let Some(end) = inside.find(['{', '}', '|']) else {
            return false;
        };
        let written = inside[..end].trim();
        // In a template the bot's ID is available as a value of the page.
        let written = written.strip_prefix("site.").unwrap_or(written);
        // What is too long to analyse counts as an origin.
        let behind = &inside[end..];
        let near = &behind[..behind.floor_char_boundary(MOST_OF_ADDRESS)];
        let run = || {
            let after = run_after(&behind[near.find("}}")? + 2..])?;
            Some((run_before(&text[..open])?, after))
        };
        written == name
            && (run().is_none_or(|(before, after)| is_in_origin(&before, &after, &text[..open]))
                || is_value_of_address(&text[..open])
                || is_joined_to_host(&text[..open])
                || header::is_value(&text[..open])
                || command::is_operand(&text[..open]))
    })
}

/// Returns whether the following text is the whole value of something that takes an address:
/// `HOST=`, `"url": "`, `--proxy `, `fetch("`, or is joined to a scheme in code: `"https://" + "`.
fn is_value_of_address(before: &str) -> bool {
    let mut before = before;
    for _ in 0..MOST_CALLS {
        if behind_scheme(before).is_some() {
            return true;
        }
        let open = before.trim_end_matches(is_quote);
        let named = open
            .trim_end_matches([' ', '=', ':', '('])
            .trim_end_matches(is_quote);
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let name = &named[named.trim_end_matches(is_part).len()..];
        let sign = open[named.len()..].trim_start_matches(is_quote);
        let is_call = sign.starts_with('(');
        let is_setting = sign.contains(['=', ':', '(']) || name.starts_with('-');
        if is_setting && name::takes_address(name, is_call) {
            return true;
        }
        if !(is_call && name::keeps_value(name)) {
            return false;
        }
        before = &named[..named.len() - name.len()];
    }
    // An expression that is nested too deeply to be analysed may be an address.
    true
}

/// Returns whether the following text continues with a host in quotes of its own:
/// `"https://api-" + "`, `https://api-"`.
fn is_joined_to_host(before: &str) -> bool {
    let unquoted = before.trim_end_matches(|c| is_quote(c) || c == '\\');
    let stem = before_joint(unquoted).unwrap_or(unquoted);
    stem.len() < before.len() && run_before(stem).is_none_or(|run| is_in_host_of(&run))
}

/// Returns whether a variable may be a whole segment of a path in a text, where `..` would be
/// resolved: between slashes, alone or next to dots and other variables, or alone as the example of
/// a parameter.
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

fn is_in_origin(before: &str, after: &str, text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || "+.-_".contains(c) || c == OTHER;
    // Text between a variable and the end of the host.
    let rest = after.trim_start_matches(word);
    match authority(before) {
        Some(_) => is_in_host_of(before),
        // `{{ scheme }}://`, `{{ host }}/v1`, `{{ host }}:8080`, `{{ region }}.example.com/`.
        None => {
            let around = |c: char| "()[]|,;=".contains(c);
            let before = before.rsplit(around).next().unwrap_or_default();
            let after = after.split(around).next().unwrap_or_default();
            before.chars().all(word)
                && !is_mail(after)
                && !is_document(after)
                && !command::is_user(text)
                && (begins_path(rest) || is_domain(before, after) || is_joined(before, after))
        }
    }
}

/// Returns whether a variable is the name in an e-mail address: an address that a client requests
/// has a scheme, a port or a path, or is where a command or a setting takes an address.
fn is_mail(after: &str) -> bool {
    let is_of_domain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    after
        .strip_prefix('@')
        .is_some_and(|domain| domain.contains('.') && domain.chars().all(is_of_domain))
}

/// Returns whether a variable is the folder of a file such as `{{ bot_id }}/plan.pdf`.
fn is_document(after: &str) -> bool {
    let file = after.strip_prefix('/').unwrap_or_default();
    let file = file.trim_end_matches(['.', ':', '!', '?']);
    let is_of_file = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    file.chars().all(is_of_file)
        && file
            .rsplit_once('.')
            .is_some_and(|(_, ending)| DOCUMENTS.contains(&ending))
}

/// Returns whether a variable and another one together can be a host, as in
/// `{{ region }}.{{ domain }}`, whatever their names are.
fn is_joined(before: &str, after: &str) -> bool {
    before.trim_end_matches('.').ends_with(OTHER)
        || after.trim_start_matches(['.', ':']).starts_with(OTHER)
}

/// Returns whether a host could end before this text.
fn begins_path(rest: &str) -> bool {
    let port = rest.strip_prefix(':').unwrap_or_default();
    rest.starts_with(['/', '@']) || port.starts_with("//") || {
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, behind) = port.split_at(digits);
        digits.len() > 2
            || digits.len() == 2 && (behind.starts_with('/') || PORTS.contains(&digits))
    }
}

/// Returns whether a variable is a label of a name such as `{{ region }}.api.example.com`.
fn is_domain(before: &str, after: &str) -> bool {
    let name = after.trim_end_matches('.');
    let labels = |text: &str| text.matches('.').count();
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_ending = FILES.contains(&last) || DOCUMENTS.contains(&last);
    let is_file = is_ending && labels(before) + labels(name) == 1 || name == ".tar.gz";
    name.contains('.')
        && !is_file
        && !EVENTS.contains(&last)
        && last.len() > 1
        && last.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests;
