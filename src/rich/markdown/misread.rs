//! Text that Markdown reads otherwise than its author means: prose that is code by its
//! indentation, callouts whose text is beside them, link definitions that do not count.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::dialect;
use super::document::{Document, Labelled, inside};
use super::element::MarkupFault;

/// Finds code by indentation that is written as text, and callouts without text.
pub(super) fn find(text: &str, document: &Document<'_>) -> Vec<MarkupFault> {
    let mut faults = Vec::new();
    for (index, (event, range)) in document.events.iter().enumerate() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                let lines = inside(&document.events[index + 1..]);
                faults.extend(lines.first().and_then(|(event, range)| match event {
                    Event::Text(code) => indented(text, code, range),
                    _ => None,
                }));
            }
            Event::Start(Tag::BlockQuote(Some(_)))
                if matches!(
                    document.events.get(index + 1),
                    Some((Event::End(TagEnd::BlockQuote(_)), _))
                ) =>
            {
                let line = text[range.clone()].lines().next().unwrap_or_default();
                faults.push(MarkupFault {
                    range: range.start..range.start + line.trim_end().len(),
                    message: "a callout without text".to_owned(),
                    help: "write `> ` before each line of its text, without indentation".into(),
                });
            }
            _ => {}
        }
    }
    faults
}

/// Returns the fault in code by indentation, if it has signs of a text.
fn indented(text: &str, code: &str, range: &Range<usize>) -> Option<MarkupFault> {
    if let Some(language) = dialect::code::named_language(code) {
        let line = text[range.clone()].lines().next().unwrap_or_default();
        return Some(MarkupFault {
            range: range.start..range.start + line.trim_end().len(),
            message: "a language before code by indentation, which the page shows as code"
                .to_owned(),
            help: format!("write a fence without indentation: ```{language}, the code, and ```")
                .into(),
        });
    }
    let sign = sign_of_text(code)?;
    let line = text[range.clone()].lines().next().unwrap_or_default();
    Some(MarkupFault {
        range: range.start..range.start + line.trim_end().len(),
        message: format!("an indented {sign}, which the page shows as code"),
        help: "take the blanks before it away; if it is meant as code, write it into a fence: ```text, the code, and ```"
            .into(),
    })
}

/// Returns what code has that is of a text.
fn sign_of_text(code: &str) -> Option<&'static str> {
    let first = code.lines().next().unwrap_or_default();
    if is_heading(first) {
        return Some("heading");
    }
    let sign = code.lines().find_map(|line| {
        let line = line.trim_start();
        if line.starts_with("```") || line.starts_with("~~~") {
            return Some("fence");
        }
        if line.starts_with("> [!") {
            return Some("callout");
        }
        if dialect::begins_box(line) {
            return Some("construct of another dialect");
        }
        has_link(line).then_some("link")
    });
    sign.or_else(|| is_prose(code).then_some("sentence"))
        .or_else(|| is_list(code).then_some("list"))
}

/// Returns whether code is a list of at least two items of three words or more.
fn is_list(code: &str) -> bool {
    let mut count = 0;
    let is_item = |line: &str| {
        let words = ["- ", "* ", "+ "]
            .iter()
            .find_map(|mark| line.strip_prefix(mark));
        words.is_some_and(|words| {
            let is_word = |word: &str| {
                let word = word.trim_end_matches([',', '.']);
                !word.is_empty() && word.chars().all(char::is_alphabetic)
            };
            words.split(' ').count() > 2 && words.split(' ').all(is_word)
        })
    };
    // Such a list of YAML would have quotation marks, or keys.
    code.lines().all(|line| {
        count += 1;
        is_item(line.trim_end())
    }) && count > 1
}

/// Returns whether a line is a heading below the first level; `# ` begins comments, too.
fn is_heading(line: &str) -> bool {
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    (2..=6).contains(&level) && words.starts_with(' ')
}

/// Returns whether a line has a link or an image to an address or a page.
fn has_link(line: &str) -> bool {
    line.match_indices("](").any(|(at, _)| {
        // Both ways are limited, so that a long line of brackets takes linear time.
        let mut before = line.as_bytes()[..at].iter().rev().take(200);
        let Some(length) = before.position(|&byte| byte == b'[') else {
            return false;
        };
        let before = line[..at - length - 1].trim_end_matches('!');
        let address = line[at + 2..].split([')', ']']).next().unwrap_or_default();
        let is_address = address.starts_with("http")
            || address.starts_with(['/', '.', '#'])
            || address.ends_with(".md");
        // `items[0](x)` is code.
        let is_code = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        is_address && !is_code && line[at - length..].starts_with(char::is_alphabetic)
    })
}

/// Returns whether the first paragraph of code is a sentence.
fn is_prose(code: &str) -> bool {
    let paragraph = code.split("\n\n").next().unwrap_or_default().trim();
    let list = paragraph.trim_start_matches(['-', '*', '+', '>', ' ']);
    let number = list.trim_start_matches(|c: char| c.is_ascii_digit());
    let words = match number.strip_prefix(". ") {
        Some(words) if number.len() < list.len() => words,
        _ => list,
    };
    // Quotation marks, brackets and operators are of code, as are words with dots inside.
    let is_price = |after: &str| after.starts_with(|c: char| c.is_ascii_digit());
    let has_code = words.contains(['=', ';', '{', '}', '<', '>', '\\', '|', '@', '#'])
        || !words.split('$').skip(1).all(is_price)
        || words.contains("::")
        || words.contains("://");
    let is_word = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
    };
    let count = words.split_whitespace().filter(is_word).count();
    let is_sentence =
        words.starts_with(char::is_uppercase) && words.ends_with(['.', '!', '?', ':']) && count > 2;
    // Scripts without spaces have a full stop of their own.
    let is_wide = words.ends_with(['。', '！', '？']);
    !has_code && (is_sentence || is_wide)
}

/// Finds link definitions whose label is defined before; they have no effect.
pub(super) fn repeated(text: &str, document: &Document<'_>) -> Vec<Labelled> {
    if !text.contains("]:") {
        return Vec::new();
    }
    let counted: HashSet<usize> = document.definitions.iter().map(|it| it.start).collect();
    let mut blocks = document
        .events
        .iter()
        .filter_map(|(event, range)| match event {
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::CodeBlock(_)
                | Tag::HtmlBlock
                | Tag::Table(_),
            )
            | Event::Html(_)
            | Event::Text(_)
            | Event::InlineHtml(_)
            | Event::Code(_) => Some(range),
            _ => None,
        })
        .peekable();
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start_matches([' ', '\t', '>', '-', '*']).len();
        at += line.len();
        let written = &text[start..at];
        let Some(end) = written
            .find("]:")
            .filter(|&end| written.starts_with('[') && end > 1)
        else {
            continue;
        };
        // What is shown is no definition.
        while blocks.next_if(|range| range.end <= start).is_some() {}
        let is_shown = blocks.peek().is_some_and(|range| range.start <= start);
        let is_footnote = written.starts_with("[^");
        if !is_shown && !is_footnote && !counted.contains(&start) {
            found.push(Labelled {
                label: written[1..end].to_owned(),
                range: start..start + end + 1,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::rich::markdown::outline;

    #[test]
    fn code_by_indentation_that_is_a_text_is_found() {
        for (code, sign) in [
            ("```sh\n    npm i\n    ```", "fence"),
            ("Keep the key secret.", "sentence"),
            ("- Keep the key secret.", "sentence"),
            ("1. Open the page of the bot:", "sentence"),
            (
                "Dies ist ein Satz über Schlüssel.\n    Noch einer.",
                "sentence",
            ),
            ("これは文です。", "sentence"),
            ("Up to $5, then $0.01 per message.", "sentence"),
            ("a\n\n    see [the guide](https://a.io)", "link"),
            ("![a picture](a/b.png)\n    [guide](guide.md)", "link"),
            ("## Next", "heading"),
            ("> [!NOTE]\n    > x", "callout"),
            ("!!! note\n        x", "construct of another dialect"),
            (":::tip\n    x\n    :::", "construct of another dialect"),
            ("- the key of the bot\n    - its name, in English", "list"),
        ] {
            let faults = outline(&format!("a\n\n    {code}\n"), "").faults;
            let message = faults.first().map_or("", |it| &it.message);
            assert!(
                message.starts_with(&format!("an indented {sign},")),
                "{code}: {message}"
            );
        }
        for code in [
            "npm install\n    npm start",
            "const a = 1;\n\n    // Return the user.\n    return a;",
            "# Create the bot.\n    curl https://a.io",
            "def f(x):\n        \"\"\"Return the user.\"\"\"\n        Returns it here.",
            "items[0](a)\n    f[x](https.get)",
            "Server started on http://localhost:3000.",
            "{\"a\": \"This is a text.\"}",
            "- name: x\n      run: y",
            "Hello, World.",
            "- npm run build\n    - npm run test -- --all",
            "- the only item here",
            "x | y\n    --|--",
            "import a from 'b'",
            "<div class=\"a\">\n    </div>",
        ] {
            let faults = outline(&format!("a\n\n    {code}\n"), "").faults;
            assert_eq!(faults, [], "{code}");
        }
    }

    #[test]
    fn callouts_without_text_are_found() {
        for (text, count) in [
            ("> [!NOTE]\n\ntext", 1),
            ("> [!TIP]\n>\n\n    code", 1),
            ("> [!NOTE]\ntext", 0),
            ("> [!NOTE] Title\n", 0),
            ("> [!NOTE]\n>\n> - a", 0),
        ] {
            let faults = outline(text, "").faults;
            assert_eq!(faults.len(), count, "{text}");
        }
    }

    #[test]
    fn second_definitions_are_found() {
        for (text, labels) in [
            ("[a]: /x\n[a]: /y\n\n[a]", vec!["a"]),
            (
                "[a]: /x\n\n> [A]: /y\n\n- [b]: /z\n- [b]: /w\n",
                vec!["A", "b"],
            ),
            (
                "[a]: /x\n\n```\n[a]: /y\n```\n\n    [a]: /z\n\n`x`\n[a]: /w\n",
                vec![],
            ),
            ("[a]: /x\n\n<!--\n[a]: /y\n-->\n\n[c]: /z", vec![]),
            ("[a]: /x 'title'\n[b]:\n/y\n\n[a\\]]: /z", vec![]),
            ("[^a]: x\n[^b]: [c]: d\n\n[^a] [^b]", vec![]),
        ] {
            let repeated = outline(text, "").repeated;
            let found: Vec<_> = repeated.iter().map(|it| it.label.as_str()).collect();
            assert_eq!(found, labels, "{text}");
        }
    }
}
