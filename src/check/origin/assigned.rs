//! Names in code that hold a variable's value: where they stand, so does the variable.
//!
//! `BOT={{ bot_id }}` and `https://$BOT.example.com` put the variable into a host as
//! `https://{{ bot_id }}.example.com` does.

use std::collections::HashMap;

use crate::hole::MAX_VARIABLES;

use super::is_end;

/// How many names are followed: `A={{ x }}`, `B=$A`, `curl $B` are three rounds.
const ROUNDS: usize = 3;

/// How many bytes the values may add to a text; names behind that stay as they are.
const MOST_ADDED: usize = 1 << 20;

/// How many values of one name are followed: each example of a page may give it another.
const MOST_VALUES: usize = 8;

/// How many words before a sign may be the name: `const name: string =`.
const MOST_WORDS: usize = 3;

/// How long the value behind `:-` may be.
const MOST_OTHER: usize = 256;

/// Words that give a name a value without a sign between: `ENV BOT {{ bot_id }}`.
const GIVERS: [&str; 3] = ["ENV", "set", "setenv"];

/// A text with the variables in place of the names that hold their values, and of the nameless holes
/// in hosts that a function fills; none where there are none.
pub(super) fn followed(text: &str) -> Option<String> {
    let mut followed: Option<String> = None;
    for _ in 0..ROUNDS {
        let text = followed.as_deref().unwrap_or(text);
        let replaced = replace(text, &assigned(text), &variables(text));
        if replaced == text {
            break;
        }
        followed = Some(replaced);
    }
    followed
}

/// Each variable of a text, as it is written first.
fn variables(text: &str) -> String {
    let holes = text.match_indices("{{").filter_map(|(open, _)| {
        let end = text[open + 2..].find(['{', '}', '\n'])?;
        let hole = text.get(open..open + 2 + end + 2)?;
        hole.ends_with("}}").then_some(hole)
    });
    let mut all: Vec<_> = holes.collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MAX_VARIABLES);
    all.concat()
}

/// The names that are given a value with a variable in it, and these values.
fn assigned(text: &str) -> HashMap<&str, Vec<&str>> {
    let mut names: HashMap<_, Vec<_>> = HashMap::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at) {
        let begin = from + text[from..open].trim_end_matches(is_of_value).len();
        let value = &text[begin..][..length_of_value(&text[begin..])];
        let is_value = !value.is_empty() && !value.contains('\n');
        for name in names_before(&text[from..begin]).filter(|_| is_value) {
            let values = names.entry(name).or_default();
            if values.len() < MOST_VALUES && !values.contains(&value) {
                values.push(value);
            }
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
    // A name holds no braces; what never closes is not looked through.
    while let Some(inside) = rest.strip_prefix("{{")
        && let Some(end) = inside.find(['{', '}'])
        && let Some(behind) = inside[end..].strip_prefix("}}")
    {
        rest = behind.trim_start_matches(is_of_value);
    }
    text.len() - rest.len()
}

/// The names in `NAME=`, `name: "`, `$name = '`, `const name: string = "`, `ENV NAME `, and so on; a
/// type beside a name may be one too.
fn names_before(before: &str) -> impl Iterator<Item = &str> {
    let open = before.trim_end_matches(['"', '\'', '`']);
    let stem = open.trim_end_matches(' ');
    let has_sign = stem.ends_with(['=', ':']);
    let line = stem.rsplit('\n').next().unwrap_or_default();
    let giver = line.split_whitespace().next().unwrap_or_default();
    let is_given = stem.len() < open.len() && GIVERS.contains(&giver);
    let most = match has_sign {
        true => MOST_WORDS,
        false => usize::from(is_given),
    };
    let mut rest = line.trim_end_matches(['=', ':', ' ', '"', '\'']);
    let words = std::iter::from_fn(move || {
        let before = rest.trim_end_matches(is_of_name);
        let word = &rest[before.len()..];
        // Nothing but blanks and a colon stand between a name and its type.
        rest = before.trim_end_matches([' ', ':']);
        (!word.is_empty()).then_some(word)
    });
    // PowerShell's `$env:NAME` has its kind before it.
    let is_name = |word: &&str| *word != "env" && !word.starts_with(|c: char| c.is_ascii_digit());
    words.take(most).filter(is_name)
}

/// How long a nameless hole is that a function fills with a value: `{}`, `{0}`, `%s`, `%[1]s`.
fn length_of_hole(text: &str) -> Option<usize> {
    let (inside, ends): (_, &[char]) = match text.as_bytes().first()? {
        b'{' => (&text[1..], &['}']),
        b'%' => (&text[1..], &['s', 'v', 'd', '@']),
        _ => return None,
    };
    let number = inside.trim_start_matches(|c: char| c.is_ascii_digit() || "[]$".contains(c));
    let length = text.len() - number.len();
    number.starts_with(ends).then_some(length + 1)
}

/// The text with each use of a name replaced by its values, and with the variables in place of each
/// nameless hole in a host.
fn replace(text: &str, names: &HashMap<&str, Vec<&str>>, variables: &str) -> String {
    if variables.is_empty() {
        return text.to_owned();
    }
    let mut replaced = String::with_capacity(text.len());
    let mut is_host = false;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let word = rest.len() - rest.trim_start_matches(is_of_name).len();
        let is_small = replaced.len() < text.len() + MOST_ADDED;
        let hole = (is_small && is_host).then(|| length_of_hole(rest));
        if let Some(length) = hole.flatten() {
            replaced.push_str(variables);
            rest = &rest[length..];
        } else if word == 0 {
            is_host = match character {
                '/' => replaced.ends_with(":/"),
                '?' | '#' => false,
                _ => is_host && !is_end(character),
            };
            replaced.push(character);
            rest = &rest[character.len_utf8()..];
        } else {
            let (name, behind) = rest.split_at(word);
            rest = behind;
            let values = names.get(name).filter(|_| is_small);
            let used = values.and_then(|values| Some((values, used(&replaced, behind)?)));
            match used {
                Some((values, (before, after))) => {
                    replaced.truncate(before);
                    values.iter().for_each(|value| replaced.push_str(value));
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
    // `{ name }`, `{name!s}` and `${NAME:-other}` are the value too.
    let (inner, other) = (before.trim_end_matches(' '), behind.trim_start_matches(' '));
    let other = &other[..other.floor_char_boundary(MOST_OTHER)];
    let end = other
        .find('}')
        .filter(|end| *end == 0 || other.starts_with([':', '!']));
    let after = end.map(|end| behind.len() - behind.trim_start_matches(' ').len() + end + 1);
    for open in ["${", "{$", "#{", "{"] {
        // `{{ name }}` is a variable of the project, which need not have this name's value.
        let stem = inner.strip_suffix(open).filter(|stem| !stem.ends_with('{'));
        if let (Some(stem), Some(end)) = (stem, after) {
            let (before, after) = joints(stem, &behind[end..]);
            return Some((before, end + after));
        }
    }
    for (open, close) in [("$($", ")"), ("$env:", ""), ("%", "%"), ("$", "")] {
        if let Some(stem) = before.strip_suffix(open)
            && behind.starts_with(close)
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
            ("A={{ x }}\nA={{ y }}\ncurl $A", "curl {{ x }}{{ y }}"),
            ("A={{ x }}\ncurl ${A:-b}", "curl {{ x }}"),
            ("ENV A {{ x }}\ncurl $A", "curl {{ x }}"),
            ("const a: string = '{{ x }}';\nfetch(a)", "fetch({{ x }})"),
            (
                "f(a = '{{ x }}', f\"https://{a!s}.b.c\")",
                "f\"https://{{ x }}.b.c\")",
            ),
            (
                "a = `{{ x }}`\n`https://${ a }.b.c`",
                "`https://{{ x }}.b.c`",
            ),
            ("set A \"{{ x }}\"\ncurl $A", "curl {{ x }}"),
            (
                "$a = '{{ x }}'\nirm \"https://$($a).b.c\"",
                "irm \"https://{{ x }}.b.c\"",
            ),
            (
                "$a = '{{ x }}';\nf(\"https://{$a}.b.c\");",
                "f(\"https://{{ x }}.b.c\");",
            ),
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
    fn a_hole_that_a_function_fills_may_hold_any_variable() {
        for (code, wanted) in [
            ("f('https://{}.b.c', '{{ x }}')", "https://{{ x }}.b.c"),
            (
                "f('https://a-{0}.b.c', '{{ x }}', '{{ y }}')",
                "https://a-{{ x }}{{ y }}.b.c",
            ),
            ("f('https://%[1]s.b.c', '{{ x }}')", "https://{{ x }}.b.c"),
            ("f('https://%1$s.b.c', '{{ x }}')", "https://{{ x }}.b.c"),
        ] {
            let followed = followed(code).unwrap();
            assert!(followed.contains(wanted), "{code}: {followed}");
        }
        for code in [
            "f('https://a.b.c/{}', '{{ x }}')",
            "f('https://a.b.c?%s', '{{ x }}')",
        ] {
            assert_eq!(followed(code), None, "{code}");
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        for code in [
            "A={{ x }}\ncurl $AB",
            "{\"a\": \"{{ x }}\"} and \"a\", a, {{ a }}",
            "https://$A.b.c",
            "a {{ x }} = a(1)",
            "[a](chat.md), curl /chat -d '{\"a\": \"{{ x }}\"}'",
        ] {
            assert_eq!(followed(code), None, "{code}");
        }
    }
}
