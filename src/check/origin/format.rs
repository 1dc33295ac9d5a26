//! Placeholders without a name that a function fills: `"https://%s" % host`,
//! `"https://{}".format(host)`.

use super::around::is_quote;

/// How many bytes on each side of a placeholder are searched.
const MOST_OF_TEXT: usize = 256;

/// Returns the length of such a placeholder: `{}`, `{0}`, `%s`, `%[1]s`.
pub(super) fn length_of_hole(text: &str) -> Option<usize> {
    let (inside, ends): (_, &[char]) = match text.as_bytes().first()? {
        b'{' => (&text[1..], &['}']),
        b'%' => (&text[1..], &['s', 'v', 'd', '@']),
        _ => return None,
    };
    let number = inside.trim_start_matches(|c: char| c.is_ascii_digit() || "[]$".contains(c));
    let length = text.len() - number.len();
    number.starts_with(ends).then_some(length + 1)
}

/// Returns the argument that fills the placeholder at an offset of a text; `None` if it can't be
/// known.
pub(super) fn argument(text: &str, at: usize, length: usize) -> Option<&str> {
    let hole = &text[at..at + length];
    let near = &text[text.ceil_char_boundary(at.saturating_sub(MOST_OF_TEXT))..at];
    let open = near.rfind(is_quote)?;
    let (head, literal) = (&near[..open], &near[open + 1..]);
    let quote = &near[open..=open];
    let behind = &text[at + length..];
    let end = behind[..behind.floor_char_boundary(MOST_OF_TEXT)].find(quote)?;
    let (tail, behind) = (&behind[..end], &behind[end + 1..]);
    if literal.contains('\n') || tail.contains(['\n', '\\']) {
        return None;
    }
    let index = index(hole, literal)?;
    let behind = behind.trim_start();
    if let Some(operand) = behind.strip_prefix('%')
        && hole.starts_with('%')
    {
        let operand = operand.trim_start();
        return match operand.strip_prefix(['(', '[']) {
            Some(arguments) => nth(arguments, index),
            None => (index == 0).then(|| first(operand))?,
        };
    }
    let methods = [".format(", ".formatted("];
    if let Some(arguments) = methods.iter().find_map(|name| behind.strip_prefix(name)) {
        return nth(arguments, index);
    }
    let arguments = behind.strip_prefix(',')?;
    is_format(head).then(|| nth(arguments, index))?
}

/// Returns the index of a placeholder among those of its text.
fn index(hole: &str, before: &str) -> Option<usize> {
    let digits = hole.trim_matches(|c: char| !c.is_ascii_digit());
    if !digits.is_empty() {
        let number: usize = digits.parse().ok()?;
        return number.checked_sub(usize::from(hole.starts_with('%')));
    }
    let mark = &hole[..1];
    let mut count = 0;
    let mut rest = before;
    while let Some(at) = rest.find(mark) {
        rest = &rest[at..];
        let escaped = [mark, mark].concat();
        let length = match length_of_hole(rest) {
            Some(length) => {
                count += 1;
                length
            }
            None if rest.starts_with(&escaped) => 2,
            // A named placeholder takes no positional argument.
            None if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) && mark == "{" => 1,
            None => return None,
        };
        rest = &rest[length..];
    }
    Some(count)
}

/// Returns whether the following text in quotes is the format of a function: `fmt.Sprintf(`,
/// `String.format(`.
fn is_format(head: &str) -> bool {
    let Some((callee, arguments)) = head.rsplit_once('(') else {
        return false;
    };
    let callee = callee.trim_end_matches('!');
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
    let name = callee[callee.trim_end_matches(is_part).len()..].to_ascii_lowercase();
    let is_named = arguments.trim_end().ends_with("format:");
    !arguments.contains(is_quote)
        && (is_named || name.contains("format") || name.contains("printf"))
}

/// Returns the operand that a text begins with.
fn first(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|first| is_quote(*first));
    match quote {
        Some(quote) => text[1..].split(quote).next(),
        None => text.split([' ', '\n', ';', ')', ',']).next(),
    }
}

/// Returns one of the arguments of a call, by its number.
fn nth(arguments: &str, index: usize) -> Option<&str> {
    let near = &arguments[..arguments.floor_char_boundary(2 * MOST_OF_TEXT)];
    let mut quote = None;
    let mut depth = 0;
    let mut from = 0;
    let mut number = 0;
    for (at, character) in near.char_indices() {
        match (quote, character) {
            (Some(open), _) => quote = (open != character).then_some(open),
            (None, _) if is_quote(character) => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth > 0 => depth -= 1,
            (None, ',' | ')' | ']') if depth == 0 => {
                let argument = near[from..at].trim();
                // What is unpacked, or has a name, is at no place that can be counted.
                let is_counted = !argument.is_empty()
                    && !argument.starts_with(['*', '.'])
                    && !argument.ends_with("...")
                    && !is_keyword(argument);
                if !is_counted {
                    return None;
                }
                if number == index {
                    return Some(argument);
                }
                if character != ',' {
                    return None;
                }
                number += 1;
                from = at + 1;
            }
            _ => {}
        }
    }
    None
}

fn is_keyword(argument: &str) -> bool {
    let name = argument.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    name.trim_start().starts_with('=')
}

#[cfg(test)]
mod tests {
    use super::{argument, length_of_hole};

    #[test]
    fn the_argument_at_the_place_of_a_hole_is_found() {
        for (code, wanted) in [
            ("'https://@' % (a, b)", None),
            ("'https://%s' % a", Some("a")),
            ("'%d %s' % (a, b[1, 2])", Some("a")),
            ("'100%% {}'.format(f(a, ','), b)", Some("f(a, ',')")),
            ("'{1}'.format(a, 'b')", Some("'b'")),
            ("Sprintf(w, '%[2]s', a, b)", Some("b")),
            ("String(format: '%@', a)", Some("a")),
            ("format!('{}', a)", Some("a")),
            ("'%s %s' % [a, 'b']", Some("a")),
            ("'%s' % (*a, b)", None),
            ("'{}'.format(a=b)", None),
            ("'{}'.format(", None),
            ("log('%s', a)", None),
            ("'%s", None),
        ] {
            let mut holes = code.char_indices();
            let hole = holes.find_map(|(at, _)| Some((at, length_of_hole(&code[at..])?)));
            let found = hole.and_then(|(at, length)| argument(code, at, length));
            assert_eq!(found, wanted, "{code}");
        }
    }
}
