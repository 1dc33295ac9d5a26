//! How deep the braces of messages nest, before a parser would follow them down the stack.

use std::ops::Range;

/// How deep braces and parentheses may stand in each other.
const MOST: usize = 32;

/// Where a file of messages is too deep, if it is.
pub(super) fn beyond(text: &str) -> Option<Range<usize>> {
    let mut depth: usize = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // A message begins at the start of a line; in what is text, a parenthesis is one.
        if line.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '#')) {
            depth = 0;
        }
        let mut is_quoted = false;
        for (at, character) in line.char_indices() {
            match character {
                '"' if depth > 0 => is_quoted = !is_quoted,
                _ if is_quoted => {}
                '{' => depth += 1,
                '(' if depth > 0 => depth += 1,
                '}' | ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > MOST {
                return Some(start + at..start + at + 1);
            }
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::beyond;

    #[test]
    fn only_what_is_deep_is_refused() {
        let wide = "a = { $b } :( { \"{{{(\" } { $c -> [one] {d} *[other] {e} }\n".repeat(200);
        assert_eq!(beyond(&wide), None);
        let lines = format!("a =\n{}", "    {{ a\n b".repeat(40));
        for text in [
            format!("a = {}", "{".repeat(40)),
            format!("a = {{ {}", "NUMBER(".repeat(40)),
            format!("a = {}", "{ 1 ->\n *[a] ".repeat(40)),
            lines,
        ] {
            assert!(beyond(&text).is_some(), "{text}");
        }
    }
}
