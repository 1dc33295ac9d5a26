//! The text around a variable: the rest of its address, quotes, and operators that join two texts.

use std::collections::HashMap;

use super::name;

/// The replacement of another variable in the text around one.
pub(super) const OTHER: char = '\u{fffc}';

/// How many function calls around a value are analysed.
pub(super) const MOST_CALLS: usize = 4;

/// Returns whether a character begins or ends a text in code.
pub(super) fn is_quote(character: char) -> bool {
    "\"'`".contains(character)
}

/// Returns whether no address continues across a character.
pub(super) fn is_end(character: char) -> bool {
    character.is_whitespace() || "\"'`<>".contains(character)
}

/// Returns the length of the text before an expression that is joined to a scheme: `"https://" + `,
/// `["https://", `, `"https://".concat(`, `"https://" + str(`, `"https://" + getenv("`.
pub(super) fn behind_scheme(before: &str) -> Option<usize> {
    let is_joint = |c: char| is_quote(c) || c.is_whitespace() || "+.,&(^|~".contains(c);
    let mut joined = before;
    for _ in 0..MOST_CALLS {
        let stem = joined.trim_end_matches(is_joint);
        let stem = stem
            .strip_suffix("<>")
            .map_or(stem, |stem| stem.trim_end_matches(is_joint));
        if ["://", "http:/", "https:/"]
            .iter()
            .any(|it| stem.ends_with(it))
        {
            return Some(stem.len());
        }
        let sign = &joined[stem.len()..];
        // `"https://" + config["`
        let indexed = stem.strip_suffix('[').unwrap_or(stem);
        let (owner, callee) = name::callee(indexed);
        let is_member = sign == "." || indexed.len() < stem.len();
        joined = match callee.strip_suffix("concat") {
            Some(_) if sign.starts_with('(') => stem.strip_suffix("concat")?,
            _ if sign.starts_with('(') && name::hands_on(callee) => owner,
            _ if is_member && !callee.is_empty() => owner.strip_suffix('$').unwrap_or(owner),
            _ => return None,
        };
    }
    None
}

/// The operators that join two texts in quotes.
const JOINTS: [&str; 8] = ["<>", "++", "..", "+", ".", "&", "^", "~"];

/// Returns the text before an operator that joins two texts in quotes; `None` without one.
pub(super) fn before_joint(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let stem = JOINTS.iter().find_map(|joint| text.strip_suffix(joint))?;
    stem.trim_end().strip_suffix(is_quote)
}

/// Returns the text after an operator that joins two texts in quotes; `None` without one.
pub(super) fn behind_joint(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let stem = JOINTS.iter().find_map(|joint| text.strip_prefix(joint))?;
    stem.trim_start().strip_prefix(is_quote)
}

/// How many characters of an address are analysed on each side of a variable.
pub(super) const MOST_OF_ADDRESS: usize = 4096;

/// Returns the text before a variable in the same address, with [`OTHER`] for each other variable;
/// `None` if it is too long.
pub(super) fn run_before(text: &str) -> Option<String> {
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
            // As browsers parse an address; YAML and JSON may also write `\/` for a slash.
            '\\' => run.push('/'),
            _ => run.push(character),
        }
    }
    Some(run.iter().rev().collect())
}

/// Returns the text after a variable in the same address, in the same way.
pub(super) fn run_after(text: &str) -> Option<String> {
    let mut run = String::new();
    let mut depth = 0;
    for (looked_at, (at, character)) in text.char_indices().enumerate() {
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
            '\\' => match is_slash(&text[at + 1..]) {
                Some(true) => run.push('/'),
                Some(false) => {}
                None => break,
            },
            _ => run.push(character),
        }
    }
    Some(run)
}

/// Returns whether a backslash before a text is a slash, or only an escape of the next character,
/// as in Markdown; `None` where no address continues: at an escape such as `\n`, and at the end of
/// the text in quotes.
fn is_slash(behind: &str) -> Option<bool> {
    let is_escape = |text: &str| {
        let next = text.chars().next();
        next.is_none_or(|next| is_end(next) || "0bfnrtux".contains(next))
    };
    match behind.strip_prefix('\\') {
        // A nested escape, such as of JSON in JSON.
        Some(behind) => (!is_escape(behind)).then_some(true),
        None if behind.starts_with('/') => Some(true),
        None => {
            let next = behind.chars().next()?;
            (next.is_ascii_punctuation() && !is_end(next)).then_some(false)
        }
    }
}

/// Returns the part of an address after its scheme; `None` without one.
pub(super) fn authority(run: &str) -> Option<&str> {
    // Clients and browsers treat `https:/host` and `https:host` as the same.
    let marks = ["//", ":/", "http:", "https:"];
    marks.iter().find_map(|mark| {
        let (scheme, authority) = run.rsplit_once(mark)?;
        // A scheme has more letters than `C:/` has.
        let is_drive = *mark == ":/"
            && scheme.ends_with(|c: char| c.is_ascii_alphabetic())
            && !scheme[..scheme.len() - 1].ends_with(char::is_alphanumeric);
        (!is_drive).then_some(authority)
    })
}

/// Returns whether the following text is a host, a port, or a user's name; a delimiter of the path
/// ends it.
pub(super) fn is_in_host_of(run: &str) -> bool {
    authority(run).is_some_and(|authority| !authority.contains(['/', '?', '#']))
}

/// The names that contain a variable's value, each with its values.
pub(super) type Assignments = HashMap<String, Vec<String>>;

/// Returns the length of the variable at the beginning of a text.
pub(super) fn variable(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("{{")?;
    let end = inside.find(['{', '}', '\n'])?;
    inside[end..].starts_with("}}").then_some(end + 4)
}

/// Returns whether a character can be part of a name in code.
pub(super) fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
