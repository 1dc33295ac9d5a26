//! Describes to people how an output differs from the example.

/// How many lines of each text are shown, from the first difference on.
const SHOWN: usize = 4;

/// How many characters of a line are shown.
const WIDTH: usize = 160;

/// Describes the difference of two texts that are not equal.
pub(super) fn describe(expected: &str, printed: &str) -> String {
    if printed.trim().is_empty() {
        return format!(
            "it printed nothing; the example is\n{}",
            side('-', expected, 0, usize::MAX, false)
        );
    }
    let mut pairs = expected.lines().zip(printed.lines());
    let at = pairs.position(|(one, other)| one != other);
    let count = |text: &str| text.lines().count();
    let at = at.unwrap_or_else(|| count(expected).min(count(printed)));
    // Trailing spaces are invisible without quotes.
    let line = |text: &str| text.lines().nth(at).map(str::trim).map(str::to_owned);
    let quoted = line(expected) == line(printed);
    // Up to the line where both are equal again.
    let mut after = expected.lines().zip(printed.lines()).skip(at);
    let differing = after.position(|(one, other)| one == other);
    let most = differing.unwrap_or(usize::MAX).max(1);
    format!(
        "its output differs from line {} on (- the example, + the output)\n{}{}",
        at + 1,
        side('-', expected, at, most, quoted),
        side('+', printed, at, most, quoted)
    )
}

/// Returns at most `most` lines of a text from a line on, each after a sign.
fn side(sign: char, text: &str, from: usize, most: usize, quoted: bool) -> String {
    let hidden = text
        .lines()
        .skip(from)
        .take(most)
        .count()
        .saturating_sub(SHOWN);
    // Masked before it is cut: a part of a key is not recognised as one.
    let text = crate::input::secret::masked(text);
    let lines = text.lines().skip(from).take(most.min(SHOWN)).map(|line| {
        let line = if quoted {
            format!("{line:?}")
        } else {
            line.to_owned()
        };
        let short: String = line.chars().take(WIDTH).collect();
        let end = if short.len() < line.len() { "…" } else { "" };
        format!("{sign} {short}{end}\n")
    });
    let mut shown: String = lines.collect();
    if hidden > 0 {
        shown.push_str(&format!("{sign} … {hidden} more\n"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_shown() {
        let start = "its output differs from line ";
        let signs = " on (- the example, + the output)\n";
        for (expected, printed, expected_message) in [
            ("a\nb\nc", "a\nB\nc", format!("{start}2{signs}- b\n+ B\n")),
            ("a\nb", "a", format!("{start}2{signs}- b\n")),
            ("a", "a\nb", format!("{start}2{signs}+ b\n")),
            ("a", "a ", format!("{start}1{signs}- \"a\"\n+ \"a \"\n")),
            (
                "a",
                "\n",
                "it printed nothing; the example is\n- a\n".to_owned(),
            ),
        ] {
            assert_eq!(describe(expected, printed), expected_message);
        }
        let long = describe("1\n2\n3\n4\n5\n6", &"x".repeat(200));
        assert!(long.contains("- … 2 more"), "{long}");
        assert!(
            long.contains(&format!("+ {}…\n", "x".repeat(WIDTH))),
            "{long}"
        );
    }
}
