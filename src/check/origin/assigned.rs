//! Names in code that hold a variable's value: where they stand, so does the variable.
//!
//! `BOT={{ bot_id }}` and `https://$BOT.example.com` put the variable into a host as
//! `https://{{ bot_id }}.example.com` does.

use std::collections::HashMap;

/// How many names are followed: `A={{ x }}`, `B=$A`, `curl $B` are three rounds.
const ROUNDS: usize = 3;

/// How many bytes the values may add to a text; names behind that stay as they are.
const MOST_ADDED: usize = 1 << 20;

/// Holes of a function that formats a text, behind a scheme: which value they take can't be seen.
const FORMATS: [&str; 4] = ["%s", "%v", "{}", "{0}"];

/// A text with the variables in place of the names that hold their values; none where no name does.
pub(super) fn followed(text: &str) -> Option<String> {
    let mut followed: Option<String> = None;
    for _ in 0..ROUNDS {
        let text = followed.as_deref().unwrap_or(text);
        let names = assigned(text);
        let replaced = replace(text, &names);
        if replaced == text {
            break;
        }
        followed = Some(replaced);
    }
    followed
}

/// The names that are given a value with a variable in it, and that value.
fn assigned(text: &str) -> HashMap<&str, &str> {
    let mut names = HashMap::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at) {
        let begin = from + text[from..open].trim_end_matches(is_of_value).len();
        let value = &text[begin..][..length_of_value(&text[begin..])];
        if let Some(name) = name_before(&text[from..begin])
            && !value.contains('\n')
        {
            names.insert(name, value);
        }
        from = (begin + value.len()).max(open + 2);
    }
    names
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Whether a value goes on over a character outside a variable.
fn is_of_value(character: char) -> bool {
    !character.is_whitespace() && !"\"'`=;,()<>[]{}|".contains(character)
}

/// How long the value is that begins so.
fn length_of_value(text: &str) -> usize {
    let mut rest = text.trim_start_matches(is_of_value);
    while let Some(end) = rest.strip_prefix("{{").and_then(|hole| hole.find("}}")) {
        rest = rest[end + 4..].trim_start_matches(is_of_value);
    }
    text.len() - rest.len()
}

/// The name in `NAME=`, `name: "`, `$name = '`, and so on.
fn name_before(before: &str) -> Option<&str> {
    let before = before
        .trim_end_matches(['"', '\'', '`'])
        .trim_end_matches(' ');
    let before = before.strip_suffix(['=', ':'])?;
    let before = before.trim_end_matches([':', ' ', '"', '\'']);
    let name = &before[before.trim_end_matches(is_of_name).len()..];
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

/// The text with each use of a name replaced by its variable.
fn replace(text: &str, names: &HashMap<&str, &str>) -> String {
    let mut replaced = String::with_capacity(text.len());
    if names.is_empty() {
        return text.to_owned();
    }
    let all: String = {
        let mut holes: Vec<_> = names.values().copied().collect();
        holes.sort_unstable();
        holes.dedup();
        holes.concat()
    };
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.len() - rest.trim_start_matches(is_of_name).len();
        let format = FORMATS.iter().find(|format| rest.starts_with(**format));
        let is_small = replaced.len() < text.len() + MOST_ADDED;
        if let Some(format) = format.filter(|_| is_small && replaced.ends_with("://")) {
            replaced.push_str(&all);
            rest = &rest[format.len()..];
        } else if word == 0 {
            let next = rest.chars().next().map_or(1, char::len_utf8);
            replaced.push_str(&rest[..next]);
            rest = &rest[next..];
        } else {
            let (name, behind) = rest.split_at(word);
            rest = behind;
            let hole = names.get(name).filter(|_| is_small);
            let used = hole.and_then(|hole| Some((hole, used(&replaced, behind)?)));
            match used {
                Some((hole, (before, after))) => {
                    replaced.truncate(before);
                    replaced.push_str(hole);
                    rest = &behind[after..];
                }
                None => replaced.push_str(name),
            }
        }
    }
    replaced
}

/// How much of the text before a name stays, and how much behind it goes, where the name stands for
/// its value: with a sigil or in braces, joined to a text in quotes, or as an argument.
fn used(before: &str, behind: &str) -> Option<(usize, usize)> {
    for (open, close) in [
        ("${", "}"),
        ("#{", "}"),
        ("$env:", ""),
        ("{", "}"),
        ("%", "%"),
        ("$", ""),
    ] {
        // `{{ name }}` is a variable of the project, which need not have this name's value.
        let is_hole = open == "{" && before.ends_with("{{");
        if let Some(stem) = before.strip_suffix(open)
            && behind.starts_with(close)
            && !is_hole
        {
            let (before, after) = joints(stem, &behind[close.len()..]);
            return Some((before, close.len() + after));
        }
    }
    let (stem, after) = joints(before, behind);
    (stem < before.len() || after > 0 || before.ends_with('(')).then_some((stem, after))
}

/// Takes away what joins a name to the texts in quotes beside it: `" + name + "`, `'.$name.'`.
fn joints(before: &str, behind: &str) -> (usize, usize) {
    let is_quote = ['"', '\'', '`'];
    let is_joint = ['+', '.', '&'];
    let stem = before
        .trim_end_matches(' ')
        .strip_suffix(is_joint)
        .and_then(|stem| stem.trim_end_matches(' ').strip_suffix(is_quote));
    let rest = behind
        .trim_start_matches(' ')
        .strip_prefix(is_joint)
        .and_then(|rest| rest.trim_start_matches(' ').strip_prefix(is_quote));
    (
        stem.map_or(before.len(), str::len),
        rest.map_or(0, |rest| behind.len() - rest.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::followed;

    #[test]
    fn a_name_stands_for_what_it_holds() {
        for (code, wanted) in [
            ("A={{ x }}\ncurl $A", "curl {{ x }}"),
            ("A=\"{{ x }}\"\ncurl \"${A}/v1\"", "curl \"{{ x }}/v1\""),
            ("A={{ x }}\nB=$A\ncurl $B", "curl {{ x }}"),
            ("set A={{ x }}\ncurl %A%", "curl {{ x }}"),
            ("$env:A = '{{ x }}'\nirm $env:A", "irm {{ x }}"),
            (
                "a = \"{{ x }}\"\nf\"https://{a}.b.c\"",
                "f\"https://{{ x }}.b.c\"",
            ),
            (
                "a := \"{{ x }}\"\nf(\"https://\" + a + \".b.c\")",
                "f(\"https://{{ x }}.b.c\")",
            ),
            (
                "$a = '{{ x }}';\nf('https://'.$a.'.b.c');",
                "f('https://{{ x }}.b.c');",
            ),
            ("const a = '{{ x }}';\nfetch(a)", "fetch({{ x }})"),
            ("a = '{{ x }}'\npost(a + '.app')", "post({{ x }}.app')"),
            (
                "a = '{{ x }}'\n'https://{}.b.c'.format(a)",
                "'https://{{ x }}.b.c'.format({{ x }})",
            ),
            ("A=a-{{ y }}-{{ x }}\ncurl $A", "curl a-{{ y }}-{{ x }}"),
            ("env: {A: \"{{ x }}\"}\nrun: curl $A", "run: curl {{ x }}"),
        ] {
            let followed = followed(code).unwrap();
            assert_eq!(
                followed.split_once(wanted).map(|parts| parts.1),
                Some(""),
                "{code}: {followed}"
            );
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        for code in [
            "A={{ x }}\ncurl $AB",
            "{\"a\": \"{{ x }}\"} and \"a\", a, {{ a }}",
            "https://$A.b.c",
            "a {{ x }} = a(1)",
        ] {
            assert_eq!(followed(code), None, "{code}");
        }
    }
}
