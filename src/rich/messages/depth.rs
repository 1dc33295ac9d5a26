//! Checks how deep the braces of messages are nested, before a parser recurses into them.

use std::ops::Range;

/// How deep placeables and calls may be nested.
// Nested plurals of four things take eight; the parser would overflow its stack at some thousands.
const MOST: usize = 32;

/// An open construct around a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// An expression in braces.
    Placeable,
    /// Text of a variant, in the braces of its expression.
    Variant,
    /// Arguments in parentheses.
    Call,
}

/// Returns where a file of messages is nested too deep, if it is.
///
/// This counts what the parser follows. The parser abandons a message at its first error, and
/// nests nothing until the next message begins, so the count after an error does not matter.
pub(super) fn beyond(text: &str) -> Option<Range<usize>> {
    let mut open: Vec<Open> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // Within an expression this line would be an error.
        if begins_entry(line) {
            open.clear();
        }
        if !line.starts_with('#')
            && let Some(at) = line_beyond(line, &mut open)
        {
            return Some(start + at..start + at + 1);
        }
        start += line.len();
    }
    None
}

/// Returns whether a line begins a message, a term or a comment: the grammar has `=` after a name
/// nowhere else at the start of a line.
fn begins_entry(line: &str) -> bool {
    let name = line.strip_prefix('-').unwrap_or(line);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let behind = name.trim_start_matches(is_name).trim_start_matches(' ');
    let is_named = name.starts_with(|c: char| c.is_ascii_alphabetic());
    line.starts_with('#') || is_named && behind.starts_with('=')
}

/// Returns where a line is nested too deep, if it is; open constructs are kept for the next line.
fn line_beyond(line: &str, open: &mut Vec<Open>) -> Option<usize> {
    let mut characters = line.char_indices();
    while let Some((at, character)) = characters.next() {
        let is_expression = matches!(open.last(), Some(Open::Placeable | Open::Call));
        match character {
            '{' => open.push(Open::Placeable),
            '}' if open.last() != Some(&Open::Call) => drop(open.pop()),
            '(' if is_expression => open.push(Open::Call),
            ')' if open.last() == Some(&Open::Call) => drop(open.pop()),
            // The key of a variant ends.
            ']' if is_expression => {
                if let Some(last) = open.last_mut() {
                    *last = Open::Variant;
                }
            }
            // A string ends in its line.
            '"' if is_expression => {
                while let Some((_, inside)) = characters.next() {
                    match inside {
                        '\\' => drop(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        if open.len() > MOST {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::beyond;

    #[test]
    fn only_what_is_deep_is_refused() {
        let wide =
            "a = { $b } :( { \"{{{(\" } { $c -> [one] {d} 5\" :( *[other] {e} }\n".repeat(200);
        assert_eq!(beyond(&wide), None);
        let comments = "# {{{{\n".repeat(40);
        assert_eq!(beyond(&comments), None);
        let unclosed = "a = {\n".repeat(40);
        assert_eq!(beyond(&unclosed), None);
        let lines = format!("a =\n{}", "    {{ a\n b".repeat(40));
        for text in [
            format!("a = {}", "{".repeat(40)),
            format!("a = {{ {}", "NUMBER(".repeat(40)),
            format!("a = {}", "{ 1 ->\n *[a] ".repeat(40)),
            lines,
            // Text that looks like the end or the beginning of a string, but is not one.
            format!(r#"a = {{ "\"" }} {}"#, "{".repeat(40)),
            format!(r#"a = {{ "\\" }} {}"#, "{".repeat(40)),
            format!("a = 5\" {}", "{".repeat(40)),
            format!("a = {{ $b -> [one] 5\" {}", "{".repeat(40)),
            format!("a = {{ \"\nb = 5\" {}", "{".repeat(40)),
            // A line break within a placeable.
            format!("a = {{\n{}", "N({\n".repeat(40)),
            format!("a = {}", "{\n".repeat(40)),
        ] {
            assert!(beyond(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_let_through_is_parsed_without_a_deep_stack() {
        // Pieces that nest, close or hide, in every order of three, many times.
        let pieces = [
            "{", "}", "\"", "\\", "(", ")", "N(", "[", "]", "\n", "\na", "\na = ", "\n *[a] ",
            " 1 -> ", "#", "$b",
        ];
        let mut parsed = 0;
        for one in pieces {
            for two in pieces {
                for three in pieces {
                    let text = format!("a = {{ {}", [one, two, three].concat().repeat(2_000));
                    if beyond(&text).is_none() {
                        let _ = fluent_syntax::parser::parse(text);
                        parsed += 1;
                    }
                }
            }
        }
        assert!(parsed > 1_000, "{parsed}");
    }
}
