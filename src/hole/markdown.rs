//! Escapes text for Markdown, so that CommonMark and GitHub's Markdown render exactly that text.
//!
//! Characters that are markup everywhere are always escaped, others only where they would be
//! markup, so that ordinary words stay readable. The neighbours of a value are unknown, so the
//! escapes assume the worst ones.

use super::{Encoding, Hole};

/// Appends `text` to `out` on one line; `after` is the character behind it, if known.
///
/// If it is unknown, spaces at both ends are encoded so that they are not stripped.
pub fn push_markdown(text: &str, after: Option<char>, out: &mut String) {
    let mut before = None;
    // Whether the text so far can be empty, or be the digits of a list's number.
    let mut start = Start::Empty;
    let mut characters = text.chars().peekable();
    let mut is_first = true;
    while let Some(character) = characters.next() {
        if let Some(hole) = Hole::from_marker(character) {
            out.push(hole.inside(Encoding::Markdown).marker());
            before = None;
            is_first = false;
            continue;
        }
        let next = characters.peek().copied().or(after);
        let known = next.filter(|&c| Hole::from_marker(c).is_none());
        // An entity is `&`, letters, digits or `#`, and `;` (CommonMark 0.31, 2.5); any other `&`
        // stays readable.
        let ends_entity = || {
            let mut rest = characters.clone().chain(after);
            let end = rest.find(|&c| c != '#' && !c.is_ascii_alphanumeric());
            end.is_none_or(|c| c == ';' || Hole::from_marker(c).is_some())
        };
        match character {
            ' ' | '\t' | '\n' | '\r' => {
                // Spaces at the ends of a line are stripped (CommonMark 0.31, 4.8) and two at its
                // end are a break (6.7); a numeric reference is decoded after both.
                let is_edge = is_first || characters.peek().is_none();
                out.push_str(if is_edge && after.is_none() {
                    "&#32;"
                } else {
                    " "
                });
            }
            _ => {
                let is_markup = match character {
                    '&' => ends_entity(),
                    _ => is_markup(character, before, known, start),
                };
                if is_markup {
                    out.push('\\');
                }
                out.push(character);
            }
        }
        start = start.followed_by(character);
        before = Some(character);
        is_first = false;
    }
}

/// The text before a character, as far as it decides about markup at the start of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// Only values that may be empty.
    Empty,
    /// Only digits, and values that may be digits or empty.
    Digits,
    /// Anything else.
    Over,
}

impl Start {
    fn followed_by(self, character: char) -> Start {
        match self {
            Start::Empty | Start::Digits if character.is_ascii_digit() => Start::Digits,
            _ => Start::Over,
        }
    }
}

/// Returns whether a character between two others could be markup; `None` is an unknown neighbour.
fn is_markup(character: char, before: Option<char>, next: Option<char>, start: Start) -> bool {
    let is_fresh = start == Start::Empty;
    let ends_word = next.is_none_or(char::is_whitespace);
    match character {
        // The sections are those of CommonMark 0.31. `|` and `~` are GitHub's tables and
        // strikethrough; `"` ends the title of a link (6.3).
        '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '"' => true,
        // Within a word `_` opens no emphasis (6.2), so `bot_id` stays as it is.
        '_' => ![before, next]
            .iter()
            .all(|c| c.is_some_and(char::is_alphanumeric)),
        // An image (6.4); after the end of a text, `[` may follow.
        '!' => next.is_none_or(|c| c == '['),
        // A row of `#` opens a heading at the start of a line, and behind a space it closes one
        // (4.2).
        '#' => before.is_none_or(char::is_whitespace),
        // A quotation (5.1), an item of a list (5.2), the line below a heading (4.3), and behind
        // `]` a link (6.3).
        '>' | '+' | '-' | '=' | '(' => is_fresh,
        // Behind `]` the definition of a link (4.7); `:-` is a part of the row that aligns a
        // table's columns.
        ':' => is_fresh && (before.is_none() && ends_word || next.is_none_or(|c| c == '-')),
        // Only digits precede this character in the marker of an ordered list (5.2).
        '.' | ')' => start != Start::Over && ends_word,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;
    use crate::hole::{Values, VariableId};

    const HOSTILE: &[&str] = &[
        "Ada & Co's \"bot\"",
        "# Not a heading",
        "- no item",
        "+ none",
        "1. none",
        "1) none",
        "12.",
        "> no quotation",
        "***",
        "---",
        "===",
        "```",
        "~~~ x",
        "`` a ``",
        "<b>bold</b><!-- c -->",
        "[a](javascript:alert(1))",
        "![a](b.png)",
        "[a]: b",
        "](https://evil.example)",
        "(https://evil.example)",
        ": https://evil.example",
        "|a|b|",
        ":-",
        "&copy; &#65; &amp",
        "amp;",
        "a \\ b \\",
        "_a_ *b* ~~c~~ snake_case",
        "  two spaces  ",
        "    four",
        "Hi!",
        "C #",
        "https://a.example/_x_",
        "x\\\\*y*",
        "{#id}",
        "",
    ];

    /// Returns the text that a reader sees, and whether there is anything besides paragraphs.
    fn read(markdown: &str) -> (String, bool) {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_GFM;
        let (mut text, mut is_plain) = (String::new(), true);
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                _ => is_plain = false,
            }
        }
        (text, is_plain)
    }

    fn fill(template: &str, value: &str) -> String {
        let marker = Hole::new(VariableId::new(0).unwrap())
            .inside(Encoding::Markdown)
            .marker();
        let values = Values::new([("x".to_owned(), value.to_owned())]);
        values.fill(&template.replace('@', &marker.to_string()))
    }

    #[test]
    fn values_are_text_wherever_they_stand() {
        for value in HOSTILE {
            for (template, before, after) in [
                ("@", "", ""),
                ("@ follows", "", " follows"),
                ("see @", "see ", ""),
                ("see @[^1]", "see ", "[^1]"),
                ("a (@)", "a (", ")"),
            ] {
                let markdown = fill(template, value);
                let (text, is_plain) = read(&markdown);
                assert!(is_plain, "{markdown:?}");
                let expected = format!("{before}{value}{after}");
                let trimmed = if value.is_empty() {
                    expected.trim()
                } else {
                    &expected
                };
                assert_eq!(text, trimmed, "{markdown:?}");
            }
        }
    }

    #[test]
    fn values_stay_inside_the_markup_around_them() {
        for value in HOSTILE.iter().filter(|value| !value.trim().is_empty()) {
            for (template, expected) in [
                ("# @", "h"),
                ("- @", "l"),
                ("> @", "q"),
                ("[@](x)", "a"),
                ("<code>@</code>", "c"),
                ("| @ |\n|---|\n", "t"),
                ("[x](y \"@\")", "title"),
                ("x\n@", "softbreak"),
            ] {
                let markdown = fill(template, value);
                let mut seen = String::new();
                let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
                for event in Parser::new_ext(&markdown, options) {
                    match event {
                        Event::Text(part) => seen.push_str(&part),
                        Event::Start(Tag::Link { title, .. }) if expected == "title" => {
                            seen.clear();
                            seen.push_str(&title);
                            break;
                        }
                        _ => {}
                    }
                }
                let wanted = if expected == "softbreak" {
                    format!("x{value}")
                } else {
                    (*value).to_owned()
                };
                assert_eq!(seen.trim(), wanted.trim(), "{markdown:?}");
            }
        }
    }

    #[test]
    fn line_ends_become_spaces() {
        assert_eq!(fill("@", "a\nb\r\nc"), "a b  c");
    }

    #[test]
    fn ordinary_words_stay_as_they_are() {
        for text in [
            "Ada & Co's bot: 2.0 (beta) - 100% snake_case, C# a>b #1? Yes!",
            "2.0 or 1.5",
            "What’s next?",
        ] {
            let mut out = String::new();
            push_markdown(text, Some('\n'), &mut out);
            assert_eq!(out.replace("\\#", "#"), text);
        }
    }

    #[test]
    fn what_stands_beside_a_value_is_escaped_where_the_value_could_complete_it() {
        let marker = Hole::new(VariableId::new(0).unwrap()).marker();
        let mut out = String::new();
        push_markdown(
            &format!("{marker}. a &{marker}; b_{marker}"),
            Some('\n'),
            &mut out,
        );
        let values = |value: &str| Values::new([("x".to_owned(), value.to_owned())]).fill(&out);
        assert_eq!(read(&values("1")), ("1. a &1; b_1".to_owned(), true));
        assert_eq!(
            read(&values("amp")),
            ("amp. a &amp; b_amp".to_owned(), true)
        );
    }
}
