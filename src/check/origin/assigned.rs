//! Names in code that contain a variable's value: a use of the name is a use of the variable.
//!
//! `BOT={{ bot_id }}` and `https://$BOT.example.com` put the variable into a host as
//! `https://{{ bot_id }}.example.com` does.

use crate::hole::MAX_VARIABLES;

use super::around::{Assignments, is_of_name, is_quote, variable};
use super::{name, used};

/// How many names are followed: `A={{ x }}`, `B=$A`, `curl $B` are three rounds.
const ROUNDS: usize = 4;

/// How many values of one name are followed: each example of a page may assign another.
const MOST_VALUES: usize = 8;

/// How many bytes all readings of a text may have beyond the text itself.
const MOST_READ: usize = 1 << 23;

/// How many words before an assignment sign may be the name: `var name string =`.
const MOST_WORDS: usize = 3;

/// How many bytes before a value are searched for its name.
const MOST_BEFORE: usize = 256;

/// How many parentheses, functions and alternatives around a value are analysed.
const MOST_AROUND: usize = 4;

/// Words that assign a value to a name without a sign between: `ENV BOT {{ bot_id }}`.
const GIVERS: [&str; 5] = ["ENV", "set", "setenv", "setx", "#define"];

/// The beginnings of names of functions that assign their second argument to the first.
const SETTERS: [&str; 3] = ["define", "put", "set"];

/// Words next to a name that declare its kind.
const KINDS: [&str; 28] = [
    "as",
    "auto",
    "char",
    "const",
    "dim",
    "env",
    "export",
    "final",
    "global",
    "let",
    "local",
    "my",
    "object",
    "our",
    "private",
    "protected",
    "public",
    "readonly",
    "set",
    "static",
    "str",
    "string",
    "the",
    "this",
    "val",
    "var",
    "with",
    "your",
];

/// Words that declare the name after them, with or without its type.
const DECLARERS: [&str; 5] = ["const", "dim", "let", "val", "var"];

/// Keys for the name of a value next to them: `{"name": "BOT", "value": "{{ x }}"}`.
const NAMERS: [&str; 2] = ["key", "name"];

/// Returns the texts with names replaced by the variables whose values they contain, and with the
/// nameless placeholders in hosts that a function fills replaced too; empty if there are none. A
/// name with several values gives several texts. A text that is too complex to follow gives one in
/// which every variable is a host.
pub(super) fn followed(text: &str) -> Vec<String> {
    let all = variables(text);
    if all.is_empty() {
        return Vec::new();
    }
    let mut names = Assignments::new();
    assign(&mut names, text);
    let mut last = Vec::new();
    for _ in 0..ROUNDS {
        let Some(texts) = readings(text, &names, &all) else {
            // A text that is too complex counts as unsafe: a false alarm costs a link's comfort, a
            // miss costs a key.
            return vec![aimed(&all)];
        };
        let known = names.len();
        last = texts
            .iter()
            .flat_map(|text| assign(&mut names, text))
            .collect();
        if last.is_empty() {
            return texts;
        }
        if names.len() > known {
            last.clear();
        }
    }
    if last.is_empty() {
        return vec![aimed(&all)];
    }
    // A name that is assigned its own value gets ever more values: it may contain any variable.
    for name in last {
        let values = names.entry(name).or_default();
        all.iter().for_each(|hole| values.push((*hole).to_owned()));
    }
    readings(text, &names, &all).unwrap_or_else(|| vec![aimed(&all)])
}

/// Returns a text in which each variable is a host.
fn aimed(all: &[&str]) -> String {
    all.iter().map(|hole| format!("https://{hole}\n")).collect()
}

/// Returns the text with the names replaced by their first values, by their second, and so on;
/// empty if no name is used, and `None` if the limit is exceeded.
fn readings(text: &str, names: &Assignments, all: &[&str]) -> Option<Vec<String>> {
    let (first, most) = used::replaced(text, names, all, 0)?;
    if first == text {
        return Some(Vec::new());
    }
    let most = most.max(1);
    if first.len() * most > text.len() + MOST_READ {
        return None;
    }
    let mut texts = vec![first];
    for choice in 1..most {
        texts.push(used::replaced(text, names, all, choice)?.0);
    }
    Some(texts)
}

/// Returns each variable of a text once, in its first notation.
fn variables(text: &str) -> Vec<&str> {
    let holes = text.match_indices("{{");
    let holes = holes.filter_map(|(open, _)| {
        let hole = &text[open..];
        Some(&hole[..variable(hole)?])
    });
    let mut all: Vec<_> = holes.collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MAX_VARIABLES);
    all
}

/// Adds the names to which a text assigns a value with a variable in it, with these values; returns
/// the names that have a new value.
fn assign(names: &mut Assignments, text: &str) -> Vec<String> {
    let mut grown = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at) {
        let begin = from + text[from..open].trim_end_matches(is_of_value).len();
        let value = &text[begin..][..length_of_value(&text[begin..])];
        let near = text.ceil_char_boundary(begin.saturating_sub(MOST_BEFORE));
        let near = &text[near..begin];
        if let Some((name, value)) = default(near, value) {
            let outer = names_before(&near[..near.len() - 2]);
            let all = outer.into_iter().chain([name]);
            grown.extend(all.filter_map(|name| give(names, name, value)));
        } else if !value.is_empty() && !value.contains('\n') {
            let before = names_before(near).into_iter();
            grown.extend(before.filter_map(|name| give(names, name, value)));
        }
        from = (begin + value.len()).max(open + 2);
    }
    grown
}

/// Adds a value of a name, and returns the name if the value is new. Beyond the limit of values,
/// only the variables are kept.
fn give(names: &mut Assignments, name: &str, value: &str) -> Option<String> {
    let is_name = !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit());
    if !is_name
        || names
            .get(name)
            .is_some_and(|it| it.iter().any(|it| it == value))
    {
        return None;
    }
    let values = names.entry(name.to_owned()).or_default();
    let count = values.len();
    if count < MOST_VALUES {
        values.push(value.to_owned());
    } else {
        for hole in variables(value) {
            if !values.iter().any(|it| it == hole) {
                values.push(hole.to_owned());
            }
        }
    }
    (values.len() > count).then(|| name.to_owned())
}

/// Returns whether a value continues across a character outside a variable.
fn is_of_value(character: char) -> bool {
    !character.is_whitespace() && !"\"'`=;,()<>[]{}|".contains(character)
}

/// Returns the length of the value at the beginning of a text.
fn length_of_value(text: &str) -> usize {
    let mut rest = text.trim_start_matches(is_of_value);
    while let Some(inside) = rest.strip_prefix("{{")
        && let Some(end) = inside.find(['{', '}'])
        && let Some(behind) = inside[end..].strip_prefix("}}")
    {
        rest = behind.trim_start_matches(is_of_value);
    }
    text.len() - rest.len()
}

/// Returns the name and the value in `${NAME:-value}`.
fn default<'t>(before: &str, value: &'t str) -> Option<(&'t str, &'t str)> {
    let (name, value) = before.ends_with("${").then(|| value.split_once('-'))??;
    Some((name.trim_end_matches(':'), value))
}

/// Returns the text before the last word, and that word.
fn last_word(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches(is_of_name).len())
}

/// Returns the names to which a text assigns the value after it: `NAME=`, `name: "`, `$name = '`.
fn names_before(before: &str) -> Vec<&str> {
    let names = names_of_value(before.trim_end_matches(is_quote));
    if !names.is_empty() {
        return names;
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    if let Some((_, each)) = line.rsplit_once("for ") {
        let end = each.find(" in ").or_else(|| each.find(" of "));
        return end.map_or_else(Vec::new, |end| vec![last_word(&each[..end]).1]);
    }
    // A word in a text in quotes.
    let quote = line.rfind(is_quote);
    quote.map_or_else(Vec::new, |at| names_of_value(&line[..at]))
}

/// Returns the names of a value that begins after a text: alone or in parentheses, in a function
/// such as `String(`, or as a fallback: `process.env.BOT || "`.
fn names_of_value(before: &str) -> Vec<&str> {
    // `f"`, `@"`
    let bare = before.trim_end_matches(|c: char| "fFrRbBuU@$".contains(c));
    let is_marked = before.len() - bare.len() < 3 && bare.ends_with([' ', '=', '(']);
    let mut open = if is_marked { bare } else { before };
    for _ in 0..MOST_AROUND {
        let stem = open.trim_end();
        if let Some(head) = stem.strip_suffix(['(', '[']) {
            let (before, callee) = name::callee(head);
            if !callee.is_empty() && !name::keeps_value(callee) {
                return Vec::new();
            }
            open = before.trim_end_matches('$');
        } else if let Some(command) = stem.strip_suffix("echo") {
            open = command;
        } else if let Some(comment) = stem.strip_suffix("*/") {
            open = &comment[..comment.rfind("/*").unwrap_or_default()];
        } else if let Some(other) = ["||", "??", " or"]
            .iter()
            .find_map(|or| stem.strip_suffix(or))
        {
            let is_part = |c: char| is_of_name(c) || is_quote(c) || ".()[]$:".contains(c);
            open = other.trim_end().trim_end_matches(is_part);
        } else if let Some(head) = stem.strip_suffix(',') {
            let (head, word) = last_word(head.trim_end().trim_end_matches(is_quote));
            let head = head.trim_end_matches(is_quote).strip_suffix('(');
            let (before, callee) = name::callee(head.unwrap_or_default());
            let member = callee.rsplit(['.', ':']).next().unwrap_or_default();
            let member = member.to_ascii_lowercase();
            if SETTERS.iter().any(|setter| member.starts_with(setter)) {
                return vec![word];
            }
            if !callee.to_ascii_lowercase().contains("env") {
                return several(stem);
            }
            open = before;
        } else if let Some(name) = chosen(stem) {
            return vec![name];
        } else {
            return named(open);
        }
    }
    Vec::new()
}

/// Returns the name that contains one of two values: `name = a ? "x" : `, `name = "x" if a else `.
fn chosen(before: &str) -> Option<&str> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let (name, value) = line.split_once('=')?;
    let is_second = before.ends_with(':') && value.contains(" ? ");
    let is_chosen = is_second || before.ends_with('?') || before.ends_with(" else");
    is_chosen.then(|| last_word(name.trim_end()).1)
}

/// Returns the names in `a, b = "x", `.
fn several(before: &str) -> Vec<&str> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let names = line.split('=').next().unwrap_or_default().trim();
    let declared = DECLARERS.iter().find_map(|it| names.strip_prefix(it));
    let names = declared.unwrap_or(names).trim_start();
    // `(a, b) =`, `const [a, b] =`
    let names = names.trim_start_matches(['(', '[', '{']);
    let names = names.trim_end_matches([')', ']', '}']);
    let is_part = |c: char| is_of_name(c) || " ,$:".contains(c);
    let is_several = names.len() < line.len() && names.contains(',') && names.chars().all(is_part);
    let names = names.split(|c| !is_of_name(c)).filter(|_| is_several);
    names.collect()
}

/// Returns the names before an assignment sign, with or without their kind; a type beside a name
/// may be taken for a name too.
fn named(before: &str) -> Vec<&str> {
    let stem = before.trim_end();
    let is_near = before[stem.len()..].matches('\n').count() < 2;
    let signs = ["<<<", "<-", "=>", "=", ":"];
    let Some(left) = signs.iter().find_map(|sign| stem.strip_suffix(sign)) else {
        let line = before.rsplit('\n').next().unwrap_or_default();
        let giver = line.split_whitespace().next().unwrap_or_default();
        let is_given = stem.len() < before.len() && GIVERS.contains(&giver);
        return is_given.then(|| last_word(stem).1).into_iter().collect();
    };
    if !is_near {
        return Vec::new();
    }
    // `||=`, `:=`, `?=`
    let of_sign = |c: char| "=:".contains(c) || stem.ends_with('=') && "|?+.&".contains(c);
    let left = left.trim_end_matches(of_sign).trim_end();
    // `name /* what it is */ =`
    let comment = left.strip_suffix("*/").and_then(|it| it.rsplit_once("/*"));
    let left = comment.map_or(left, |(before, _)| before);
    let line = left.rsplit('\n').next().unwrap_or_default();
    let mut names = several(&stem[stem.len().min(left.len() - line.len())..]);
    names.extend(typed(line).filter(|_| stem.ends_with('=')));
    // `a = b = "x"`
    let (chained, _) = last_word(left);
    if let Some(first) = chained.trim_end().strip_suffix('=') {
        names.push(last_word(first.trim_end()).1);
    }
    let is_closing = |c: char| is_quote(c) || " ])?".contains(c);
    let mut rest = left.trim_end_matches(is_closing);
    // `char name[64] =`
    let size = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    rest = size.strip_suffix('[').map_or(rest, str::trim_end);
    let words: Vec<_> = std::iter::from_fn(|| {
        let (before, word) = last_word(rest);
        // A command's option is not a name in code.
        let is_option = before.ends_with('-');
        rest = before.trim_end_matches(' ');
        (!word.is_empty() && !is_option).then_some(word)
    })
    .take(MOST_WORDS)
    .collect();
    let is_declared = words.get(2).is_some_and(|word| is_among(word, &DECLARERS));
    let words = words.iter().filter(|word| !is_among(word, &KINDS));
    names.extend(words.take(1 + usize::from(is_declared)));
    if names.contains(&"value") {
        names.extend(name_beside(left));
    }
    names
}

/// Returns the name in `name: type`.
fn typed(line: &str) -> Option<&str> {
    let (name, kind) = line.rsplit_once(':')?;
    let is_of_type = |c: char| is_of_name(c) || " &'|?[]<>.,".contains(c);
    let name = last_word(name.trim_end_matches([' ', '?'])).1;
    let is_name = !name.is_empty() && !is_among(name, &KINDS);
    (is_name && kind.chars().all(is_of_type)).then_some(name)
}

fn is_among(word: &str, words: &[&str]) -> bool {
    words.contains(&&*word.to_ascii_lowercase())
}

/// Returns the name next to a value: `- name: BOT`, then `value:`.
fn name_beside(before: &str) -> Option<&str> {
    let before = before.trim_end_matches(|c| is_quote(c) || c == ' ');
    let (before, _) = last_word(before);
    let is_between = |c: char| is_quote(c) || c.is_whitespace() || ",{".contains(c);
    let (before, name) = last_word(before.trim_end_matches(is_between));
    let sign = before.trim_end_matches(|c| is_quote(c) || c == ' ');
    let namer = sign.strip_suffix([':', '='])?;
    let namer = last_word(namer.trim_end_matches(|c| is_quote(c) || c == ' ')).1;
    NAMERS.contains(&namer).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::followed;

    #[test]
    fn a_name_stands_for_what_it_holds() {
        for (code, wanted) in [
            ("A={{ x }}\ncurl $A", "curl {{ x }}"),
            ("A={{ x }}\nA={{ y }}\ncurl $A", "curl {{ x }}"),
            ("A={{ x }}\nA={{ y }}\ncurl $A", "curl {{ y }}"),
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
            let followed = followed(code);
            assert!(
                followed.iter().any(|text| text.ends_with(wanted)),
                "{code}: {followed:?}"
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
            let followed = followed(code);
            assert!(followed[0].contains(wanted), "{code}: {followed:?}");
        }
        for code in [
            "f('https://a.b.c/{}', '{{ x }}')",
            "f('https://a.b.c?%s', '{{ x }}')",
        ] {
            assert_eq!(followed(code), [""; 0], "{code}");
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
            assert_eq!(followed(code), [""; 0], "{code}");
        }
    }
}
