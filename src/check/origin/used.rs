//! Uses of names in code: where a name is replaced by its value at run time.

use super::around::{
    Assignments, before_joint, behind_joint, behind_scheme, is_end, is_in_host_of, is_of_name,
    is_quote, run_before, variable,
};
use super::{command, format, name};

/// How many bytes the values may add to a text.
const MOST_ADDED: usize = 1 << 20;

/// How long an expression in braces may be.
const MOST_OF_EXPRESSION: usize = 256;

/// How expressions in a text begin, with the sign that closes them.
const EXPRESSIONS: [(&str, char, char); 7] = [
    ("${", '{', '}'),
    ("#{", '{', '}'),
    ("$(", '(', ')'),
    ("\\(", '(', ')'),
    ("%<", '<', '>'),
    ("%(", '(', ')'),
    ("{", '{', '}'),
];

/// Returns a text with each use of a name replaced by one of its values, and with the variables in
/// place of each nameless placeholder in a host whose argument is not known; and the greatest
/// number of values of a used name. `None` if the text gets too long.
pub(super) fn replaced(
    text: &str,
    names: &Assignments,
    all: &[&str],
    choice: usize,
) -> Option<(String, usize)> {
    let mut reading = OriginScan {
        names,
        choice,
        replaced: String::with_capacity(text.len()),
        most: 0,
        is_host: false,
    };
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        if reading.replaced.len() > text.len() + MOST_ADDED {
            return None;
        }
        let word = rest.len() - rest.trim_start_matches(is_of_name).len();
        at += if word > 0 {
            word + reading.name(&rest[..word], &rest[word..])
        } else if let Some(length) = variable(rest) {
            reading.replaced.push_str(&rest[..length]);
            length
        } else if let Some(length) = reading.hole(text, at, all) {
            length
        } else if let Some(length) = reading.expression(rest) {
            length
        } else {
            reading.push(character);
            character.len_utf8()
        };
    }
    Some((reading.replaced, reading.most))
}

struct OriginScan<'n> {
    names: &'n Assignments,
    choice: usize,
    replaced: String,
    most: usize,
    /// Whether what follows is in the host of an address.
    is_host: bool,
}

impl OriginScan<'_> {
    fn push(&mut self, character: char) {
        self.is_host = match character {
            '/' => self.replaced.ends_with(":/"),
            '?' | '#' => false,
            _ => self.is_host && !is_end(character),
        };
        self.replaced.push(character);
    }

    /// Appends one of the values in place of the name.
    fn choose<V: AsRef<str>>(&mut self, values: &[V]) {
        self.most = self.most.max(values.len());
        let value = values[self.choice % values.len()].as_ref();
        self.is_host &= !value.contains(['/', '?', '#']);
        self.replaced.push_str(value);
    }

    /// Replaces a nameless placeholder by its argument, and in a host, if that is unknown, by every
    /// variable; returns the placeholder's length.
    fn hole(&mut self, text: &str, at: usize, all: &[&str]) -> Option<usize> {
        let length = format::length_of_hole(&text[at..])?;
        // `"{}.example.com".format(bot)` may be a host too.
        let is_label = text[at + length..].starts_with('.');
        let argument = (self.is_host || is_label).then(|| format::argument(text, at, length))?;
        match argument {
            Some(argument) => match &*values(argument, self.names) {
                [] => self.replaced.push_str(&text[at..at + length]),
                values => self.choose(values),
            },
            None if self.is_host => self.replaced.extend(all.iter().copied()),
            None => return None,
        }
        Some(length)
    }

    /// Puts what an expression in a host may be in its place; returns how long it is.
    fn expression(&mut self, rest: &str) -> Option<usize> {
        let length = self.is_host.then(|| length_of_expression(rest))??;
        let expression = &rest[..length];
        match &*values(expression, self.names) {
            [] => self.replaced.push_str(expression),
            values => self.choose(values),
        }
        Some(length)
    }

    /// Appends a name, or its value; returns how much of the text after it belongs to it.
    fn name(&mut self, name: &str, behind: &str) -> usize {
        let names = self.names;
        let values = names.get(name);
        let used = values.and_then(|values| Some((values, used(&self.replaced, behind)?)));
        let Some((values, (before, after))) = used else {
            self.replaced.push_str(name);
            return 0;
        };
        if before < self.replaced.len() {
            self.replaced.truncate(before);
            // A joined text continues the text in quotes before it.
            self.is_host = run_before(&self.replaced).is_none_or(|run| is_in_host_of(&run));
        }
        self.choose(values);
        after
    }
}

/// Returns the possible values of an expression: the variables in it, and the values of its names.
fn values<'v>(expression: &'v str, names: &'v Assignments) -> Vec<&'v str> {
    let variables = expression.match_indices("{{").filter_map(|(open, _)| {
        let hole = &expression[open..];
        Some(&hole[..variable(hole)?])
    });
    let words = expression.split(|c| !is_of_name(c));
    let held = words.filter_map(|name| names.get(name)).flatten();
    variables.chain(held.map(String::as_str)).collect()
}

/// Returns the length of the expression at the beginning of a text: `${cfg.bot}`,
/// `{os.environ['BOT']}`, `%<bot>s`.
fn length_of_expression(text: &str) -> Option<usize> {
    let kinds = EXPRESSIONS.iter();
    let (mark, open, close) = kinds.copied().find(|kind| text.starts_with(kind.0))?;
    let inside = length_to_close(&text[mark.len()..], open, close)?;
    // An expression of a template may go over lines.
    if mark != "${" && text[mark.len()..mark.len() + inside].contains('\n') {
        return None;
    }
    let length = mark.len() + inside + 1;
    let kind = usize::from(mark.starts_with('%') && text[length..].starts_with('s'));
    Some(length + kind)
}

/// Returns the offset of the closing bracket.
fn length_to_close(text: &str, open: char, close: char) -> Option<usize> {
    let near = &text[..text.floor_char_boundary(MOST_OF_EXPRESSION)];
    let mut depth = 0;
    for (at, character) in near.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close && depth == 0 {
            return Some(at);
        } else if character == close {
            depth -= 1;
        }
    }
    None
}

/// Returns, for a name that is used for its value (with a sigil or in braces, joined to a text in
/// quotes, or as an argument), how much of the text before it stays, and how much after it is
/// dropped.
fn used(before: &str, behind: &str) -> Option<(usize, usize)> {
    let inner = before.trim_end();
    for open in ["${", "{$", "#{", "%{", "{"] {
        // `{{ name }}` is a variable of the project, which need not have this name's value.
        let stem = inner.strip_suffix(open).filter(|stem| !stem.ends_with('{'));
        let Some(stem) = stem else { continue };
        let end = length_to_close(behind, '{', '}').filter(|end| {
            let other = behind[..*end].trim();
            other.is_empty() || is_of_expression(open, other)
        });
        let Some(end) = end.map(|end| end + 1) else {
            continue;
        };
        if open == "{" && is_prose(stem, &behind[end..]) {
            return None;
        }
        let (before, after) = joints(stem, &behind[end..]);
        return Some((before, end + after));
    }
    let pairs = [
        ("$($", ")"),
        ("$env:", ""),
        ("%<", ">s"),
        ("%(", ")s"),
        ("%", "%"),
        ("!", "!"),
        ("$", ""),
    ];
    for (open, close) in pairs {
        if let Some(stem) = before.strip_suffix(open)
            && behind.starts_with(close)
        {
            let (before, after) = joints(stem, &behind[close.len()..]);
            return Some((before, close.len() + after));
        }
    }
    if let Some(stem) = behind_scheme(before)
        && before[stem..].contains(is_quote)
        && (!before.ends_with(is_quote) || before.trim_end_matches(is_quote).ends_with(['[', '(']))
    {
        return Some((stem, joints(before, behind).1));
    }
    let (stem, after) = joints(before, behind);
    let is_joined = stem < before.len() || after > 0;
    let is_whole = is_joined || is_argument(before, behind) || is_alias(before, behind);
    is_whole.then_some((stem, after))
}

/// Returns whether the text after a name in braces belongs to an expression: `${NAME:-other}`,
/// `{name!r}`, `{name:>5}`, `{name.lower()}`.
fn is_of_expression(open: &str, other: &str) -> bool {
    if open == "${" {
        return true;
    }
    // In `{id: id}` it is the name of a key.
    let is_part = |c: char| is_of_name(c) || ".()!<>=^+-%[]".contains(c);
    other.starts_with([':', '!', '.', ',', '[']) && other[1..].chars().all(is_part)
}

/// Returns whether a name in braces is in prose, as the path `{bot}/messages` is.
fn is_prose(before: &str, behind: &str) -> bool {
    let begins = |c: char| c.is_whitespace() || "`(*>|".contains(c);
    behind.starts_with('/')
        && before.chars().next_back().is_none_or(begins)
        && !command::is_operand(before)
}

/// Returns whether a name is the argument of a function that takes an address.
fn is_argument(before: &str, behind: &str) -> bool {
    let is_part = |c: char| is_of_name(c) || c == '.';
    let callee = before.strip_suffix('(').unwrap_or_default();
    let callee = &callee[callee.trim_end_matches(is_part).len()..];
    // A member of what has this name has another value.
    !behind.starts_with('.') && name::may_take_address(callee)
}

/// Returns whether a name is the value of another in code, with blanks around the sign or with the
/// other as an argument or a key: `host = bot`, `format(host=bot)`, `{ host: bot }`.
fn is_alias(before: &str, behind: &str) -> bool {
    let ends = behind.trim_start_matches(' ');
    let argument = before.strip_suffix('=').unwrap_or_default();
    let argument = argument.trim_end_matches(is_of_name).trim_end_matches(' ');
    let is_argument = argument.ends_with(['(', ',']);
    match ends.chars().next() {
        None | Some('\n' | ';' | ',' | ')') if before.ends_with("= ") || is_argument => true,
        None | Some(',' | '}' | '\n') => is_value_of_key(before),
        _ => false,
    }
}

/// Returns whether the following text is the value of a key of an object: `{ host: bot }`.
fn is_value_of_key(before: &str) -> bool {
    let key = before.strip_suffix(": ").unwrap_or_default();
    let key = key.trim_end_matches(is_quote).trim_end_matches(is_of_name);
    let object = key.trim_end_matches(is_quote).trim_end();
    object.len() < before.len() && object.ends_with(['{', ','])
}

/// Takes away what joins a name to the texts in quotes beside it: `" + name + "`, `'.$name.'`.
fn joints(before: &str, behind: &str) -> (usize, usize) {
    let (stem, rest) = (before_joint(before), behind_joint(behind));
    (
        stem.map_or(before.len(), str::len),
        rest.map_or(0, |rest| behind.len() - rest.len()),
    )
}
