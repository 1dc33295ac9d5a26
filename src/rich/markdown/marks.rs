//! Marks of Markdown that the parser reads otherwise than their author means: tables and emphasis
//! that stay text, headings without a blank, and text that becomes a list, a quote or emphasis.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::dialect::words::{BLANK, Words};
use super::document::{Document, inside};
use super::element::MarkupFault;
use crate::hole::Hole;

const AS_CODE: &str = "write it as code, in backticks";

/// Finds the marks in a text.
pub(super) fn find(text: &str, document: &Document<'_>) -> Vec<MarkupFault> {
    let mut faults = Vec::new();
    for (index, (event, range)) in document.events.iter().enumerate() {
        faults.extend(in_event(text, document, index, event, range));
    }
    if text.contains(['|', '#'])
        || text.contains("**")
        || text.contains("__")
        || text.contains(")[")
        || text.contains("] (")
        || text.contains("\\\\")
    {
        in_lines(text, document, &mut faults);
    }
    faults
}

fn fault(
    range: Range<usize>,
    message: &str,
    help: impl Into<std::borrow::Cow<'static, str>>,
) -> MarkupFault {
    MarkupFault {
        range,
        message: message.to_owned(),
        help: help.into(),
    }
}

/// Names of Python between two pairs of underscores, which are bold as words.
const DUNDERS: &str = "init main name file dict class call str repr len doc all enter exit version new del iter next getitem setitem getattr setattr slots future pycache eq hash bool add contains author module path import builtins annotations aenter aexit aiter anext post_init typename schema type";

/// Returns the fault in an element that was not meant.
fn in_event(
    text: &str,
    document: &Document<'_>,
    index: usize,
    event: &Event<'_>,
    range: &Range<usize>,
) -> Option<MarkupFault> {
    let written = &text[range.clone()];
    let line =
        || range.start..range.start + written.lines().next().unwrap_or_default().trim_end().len();
    match event {
        Event::Start(Tag::BlockQuote(None)) => {
            let rest = written.strip_prefix(">=")?;
            rest.starts_with([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
                .then(|| {
                    fault(
                        line(),
                        "a quote that begins with `=`",
                        "write `>=` as code, in backticks, or write \\ before it",
                    )
                })
        }
        Event::Start(Tag::Item) => {
            let rest = written.strip_prefix("* * * * ")?;
            // Of more lists within lists nothing is shown but dots.
            let parent = index.checked_sub(2).map(|before| &document.events[before]);
            let is_inner = matches!(parent, Some((Event::Start(Tag::Item), _)));
            (!rest.trim().is_empty() && !is_inner).then(|| {
                fault(
                    line(),
                    "five lists, one in the other, of the characters `* * * * *`",
                    AS_CODE,
                )
            })
        }
        Event::Start(Tag::Strong) => {
            let name = written.strip_prefix("__")?.strip_suffix("__")?;
            DUNDERS.split(' ').any(|it| it == name).then(|| {
                fault(
                    range.clone(),
                    "a name that is shown in bold, without its underscores",
                    format!("write it as code: `{written}`"),
                )
            })
        }
        Event::Start(Tag::Emphasis) if written.starts_with('*') => {
            let inner = written.get(1..written.len() - 1)?;
            // `COUNT(*) and SUM(*)`; `*.md, *.js`.
            let is_call = inner.starts_with(')') && inner.ends_with('(');
            let is_pattern = inner.starts_with(['.', '/'])
                && inner.contains(", ")
                && inside(&document.events[index + 1..]).len() < 4;
            (is_call || is_pattern).then(|| {
                fault(
                    range.clone(),
                    "asterisks that are read as emphasis",
                    AS_CODE,
                )
            })
        }
        _ => None,
    }
}

/// Finds marks that the parser left in words.
fn in_lines(text: &str, document: &Document<'_>, faults: &mut Vec<MarkupFault>) {
    let Some(words) = Words::read(text, document) else {
        return;
    };
    let mut lines = words.lines().peekable();
    let mut before: Option<(&str, &str)> = None;
    let mut is_table = false;
    while let Some((at, line)) = lines.next() {
        let blank = line.len() - line.trim_start_matches(BLANK).len();
        // The backslash before a first character that is escaped belongs to the line.
        let is_escaped = line[blank..].starts_with('\u{1}') && text[..at + blank].ends_with('\\');
        let blank = blank - usize::from(is_escaped && blank > 0);
        let written = line[blank..].trim_end_matches(['\r', '\0', ' ', '\t']);
        let at = at + blank;
        let next = lines
            .peek()
            .map_or("", |(_, next)| next.trim_matches(BLANK).trim_end());
        if written.is_empty() {
            (before, is_table) = (None, false);
            continue;
        }
        let place = at..at + written.len();
        // One report for a table.
        let source = &text[place.clone()];
        if let Some((message, help)) = table(before, written, next).filter(|_| !is_table) {
            is_table = true;
            faults.push(fault(place, &message, help));
        } else if let Some((message, help)) = heading(before, written, next) {
            faults.push(fault(place, message, help));
        } else {
            for (range, message, help) in emphasis(written) {
                faults.push(fault(at + range.start..at + range.end, message, help));
            }
            for (range, help) in exchanged(source, written) {
                let message = "a link whose brackets are exchanged, which is text";
                faults.push(fault(at + range.start..at + range.end, message, help));
            }
            for (range, help) in apart(source, written) {
                let message = "a link with a blank between its brackets, which is text";
                faults.push(fault(at + range.start..at + range.end, message, help));
            }
            if let Some(range) = network_path(source, written) {
                let message = "a path of Windows, of which the page shows one backslash less";
                faults.push(fault(at + range.start..at + range.end, message, AS_CODE));
            }
        }
        before = Some((written, source));
    }
}

/// Returns how many cells a line of a table has.
fn cells(line: &str) -> usize {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    inner.matches('|').count() + 1
}

/// Returns the fault in a line of a table that stays text; lines are words, perhaps with what is
/// written.
fn table(before: Option<(&str, &str)>, line: &str, next: &str) -> Option<(String, String)> {
    let is_row = |line: &str| {
        line.len() > 4 && line.starts_with('|') && line.ends_with('|') && cells(line) > 1
    };
    let is_rule = |line: &str| {
        let of_rule = |c: char| matches!(c, '|' | ':' | '-' | '—' | '–' | '=' | ' ' | '\t' | '\0');
        line.contains('|') && line.contains(['-', '—', '–', '=']) && line.chars().all(of_rule)
    };
    let message = "a table that the page shows as text".to_owned();
    let is_below =
        |head: &str| is_rule(line) && head.contains('|') && (is_row(head) || line.starts_with('|'));
    if let Some((head, written)) = before.filter(|(head, _)| is_below(head)) {
        // By GitHub's Markdown (§4.10), a pipe ends a cell in code, too.
        let is_in_code =
            written.replace("\\|", "").matches('|').count() > head.matches('|').count();
        let (count, own) = (cells(head), cells(line));
        let rule = "| --- ".repeat(count.min(12)) + "|";
        let help = if count != own {
            format!("below its head, write a line with as many cells as the head: {rule}")
        } else if is_in_code {
            "write \\| for a pipe in code, which ends a cell, too".to_owned()
        } else {
            format!("write --- into each cell of the line below its head: {rule}")
        };
        return Some((message, help));
    }
    // Without the line below the head.
    let is_table = before.is_none()
        && is_row(line)
        && is_row(next)
        && cells(line) == cells(next)
        && !is_rule(next)
        && !is_rule(line);
    is_table.then(|| {
        let rule = "| --- ".repeat(cells(line).min(12)) + "|";
        (message, format!("write a line below its head: {rule}"))
    })
}

/// Returns the fault in a heading that stays text.
fn heading(before: Option<(&str, &str)>, line: &str, next: &str) -> Option<(&'static str, String)> {
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    if before.is_some() || level == 0 {
        return None;
    }
    if level > 6 && words.starts_with(' ') {
        let help = format!("write at most six `#`: ###### {}", words.trim());
        return Some(("a heading of a seventh level, which is text", help));
    }
    // `#General is a channel.` is a sentence, and `#1` a number.
    let is_title = level == 1
        && next.is_empty()
        && words.starts_with(char::is_uppercase)
        && words.contains(' ')
        && line.len() < 80
        && !words.ends_with(['.', ',', ';', ':', '!', '?']);
    is_title.then(|| {
        let help =
            format!("write a blank after `#`: # {words}; if it is text, write \\ before `#`");
        ("a heading without a blank after `#`, which is text", help)
    })
}

/// Finds `**` and `__` that stay text, though they are meant as marks.
fn emphasis(line: &str) -> Vec<(Range<usize>, &'static str, String)> {
    let mut found = Vec::new();
    for mark in ["**", "__"] {
        let starts: Vec<usize> = line.match_indices(mark).map(|(at, _)| at).collect();
        // Each two that follow each other, so that a long line takes linear time.
        for pair in starts.windows(2) {
            let (open, close) = (pair[0], pair[1]);
            let (inner, after) = (&line[open + 2..close], &line[close + 2..]);
            let is_free = line[..open]
                .chars()
                .next_back()
                .is_none_or(|c| matches!(c, ' ' | '\0' | '('));
            let is_apart = after
                .chars()
                .next()
                .is_none_or(|c| !c.is_alphanumeric() && c != '*' && c != '_');
            let has_word = inner
                .split(' ')
                .any(|word| word.len() > 2 && word.chars().all(char::is_alphabetic));
            let is_text = !inner.contains(['*', '\u{1}', '=', '/', '(']) || inner.ends_with(')');
            let range = open..close + 2;
            // `**Note:**text`: by CommonMark, a mark between punctuation and a letter opens.
            let is_closed_so = inner.ends_with([':', '.', '!', '?', ')', '"', '”', '’', '»'])
                && inner.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '“' | '«'))
                && after.starts_with(char::is_alphanumeric);
            if is_free && is_closed_so && is_text && mark == "**" {
                let help = format!("write a blank after the second mark: {mark}{inner}{mark} …");
                found.push((range, "bold text whose marks the page shows", help));
                continue;
            }
            let is_padded =
                inner.starts_with(' ') && inner.ends_with(' ') && inner.trim().len() > 2;
            // Within a line, `base ** exponent ** n` is a power.
            if open == 0 && is_apart && is_padded && is_text && has_word {
                let help = format!("write no blank inside the marks: **{}**", inner.trim());
                found.push((range, "bold text whose marks the page shows", help));
            }
        }
    }
    found
}

/// The longest text of a link in brackets, and the longest address after it, in bytes.
const LONGEST_TEXT: usize = 200;
const LONGEST_ADDRESS: usize = 2000;

/// Returns where the bracket opens that closes at `end`; in `words`, code and what is escaped are
/// blanked out.
fn opening(words: &str, end: usize, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0;
    let before = words.as_bytes()[..=end].iter().enumerate().rev();
    for (at, &byte) in before.take(LONGEST_TEXT) {
        if byte == close {
            depth += 1;
        } else if byte == open {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Returns where the bracket closes that opens at `start`.
fn closing(source: &str, start: usize, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0;
    let after = source.bytes().enumerate().skip(start);
    for (at, byte) in after.take(LONGEST_ADDRESS) {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Returns the help for a link that is no link.
fn as_link(mark: &str, text: &str, address: &str) -> String {
    let written = match Hole::first_in(&format!("{text}{address}")) {
        // The marker of a variable is not what its author wrote.
        Some(_) => format!("{mark}[text](address)"),
        None => format!("{mark}[{text}]({address})"),
    };
    format!("write {written}, or a backslash before the first bracket if it is text")
}

/// Returns whether text after a bracket is an address on the web.
fn is_on_the_web(address: &str) -> bool {
    let mut schemes = ["https://", "http://", "mailto:"].iter();
    schemes.any(|scheme| address.starts_with(scheme))
}

/// Finds each `(text)[https://example.com]`.
fn exchanged(source: &str, words: &str) -> Vec<(Range<usize>, String)> {
    let found = words.match_indices(")[").filter_map(|(at, _)| {
        let start = opening(words, at, b'(', b')')?;
        let end = closing(source, at + 1, b'[', b']')?;
        let (text, address) = (&source[start + 1..at], &source[at + 2..end]);
        is_on_the_web(address).then(|| (start..end + 1, as_link("", text, address)))
    });
    found.collect()
}

/// Finds each `[text] (https://example.com)`, and images alike.
fn apart(source: &str, words: &str) -> Vec<(Range<usize>, String)> {
    let found = words.match_indices("] (").filter_map(|(at, _)| {
        let start = opening(words, at, b'[', b']')?;
        let end = closing(source, at + 2, b'(', b')')?;
        let (text, address) = (&source[start + 1..at], &source[at + 3..end]);
        let path = address.split('#').next().unwrap_or_default();
        let is_file = ["./", "../"].iter().any(|begin| path.starts_with(begin))
            || [".md", ".yaml"].iter().any(|ending| path.ends_with(ending));
        let is_address = is_on_the_web(address) || is_file;
        let before = source[..start].chars().next_back();
        // `a[0] (…)` is an item of a list in a program.
        let is_item = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ']' | ')' | '_'));
        if text.is_empty() || address.contains(' ') || !is_address || is_item {
            return None;
        }
        let (mark, start) = match before {
            Some('!') => ("!", start - 1),
            _ => ("", start),
        };
        Some((start..end + 1, as_link(mark, text, address)))
    });
    found.collect()
}

/// Finds a path such as `\\server\share`, whose first backslash escapes the second one.
fn network_path(source: &str, words: &str) -> Option<Range<usize>> {
    let (at, _) = source.match_indices("\\\\").find(|&(at, _)| {
        let name = source[at + 2..].trim_start_matches(|c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
        });
        let is_name = name.len() + at + 2 < source.len();
        let is_apart =
            !source[..at].ends_with(|c: char| c.is_alphanumeric() || "\\:\"'`".contains(c));
        let is_path = name
            .strip_prefix('\\')
            .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        // In code, the backslashes are shown.
        let is_word = words
            .get(at..at + 2)
            .is_some_and(|it| it.starts_with(['\0', '\u{1}']));
        is_name && is_apart && is_path && is_word
    })?;
    let length = source[at..]
        .find(char::is_whitespace)
        .unwrap_or(source.len() - at);
    Some(at..at + length)
}

#[cfg(test)]
mod tests {
    use crate::rich::markdown::outline;

    fn found(text: &str) -> Vec<String> {
        let faults = outline(text, "").faults;
        faults
            .iter()
            .map(|it| text[it.range.clone()].to_owned())
            .collect()
    }

    #[test]
    fn marks_that_stay_text_are_found() {
        for (text, written) in [
            ("| a | b |\n|---|\n| 1 | 2 |", "|---|"),
            ("| a | b |\n|---|---|---|\n| 1 | 2 |", "|---|---|---|"),
            ("| a | b |\n|—|—|\n| 1 | 2 |", "|—|—|"),
            ("| a | b |\n| -- | == |\n| 1 | 2 |", "| -- | == |"),
            ("> | a | b |\n> | 1 | 2 |", "| a | b |"),
            ("- | a | b |\n  |---|\n", "|---|"),
            ("#Heading without space\n\ntext", "#Heading without space"),
            ("####### seven", "####### seven"),
            ("**Note:**text", "**Note:**"),
            ("- **key:**value", "**key:**"),
            ("see **\"q\"**text", "**\"q\"**"),
            ("** bold **", "** bold **"),
            ("__ bold __", "__ bold __"),
            (">= 5 and more", ">= 5 and more"),
            ("Use __init__ here", "__init__"),
            ("__main__.py", "__main__"),
            ("* * * * * runs each minute", "* * * * * runs each minute"),
            ("COUNT(*) and SUM(*)", "*) and SUM(*"),
            ("see \\\\server\\share\\x here", "\\\\server\\share\\x"),
            ("\\\\server\\share\\*", "\\\\server\\share\\*"),
            ("see (docs)[https://x.com] x", "(docs)[https://x.com]"),
            ("see (us)[mailto:a@b.example] x", "(us)[mailto:a@b.example]"),
            ("see [a b] (https://x.com) x", "[a b] (https://x.com)"),
            ("see [a b] (chat.md#x).", "[a b] (chat.md#x)"),
            (
                "`[a] (https://x.com)`, [b] (https://x.com)",
                "[b] (https://x.com)",
            ),
            ("see ![a] (./a.png)", "![a] (./a.png)"),
            ("[a] (https://x.com/A_(b))", "[a] (https://x.com/A_(b))"),
            ("(a (b))[https://x.com]", "(a (b))[https://x.com]"),
            ("| `a|b` | c |\n|---|---|\n", "|---|---|"),
        ] {
            let found = found(text);
            assert_eq!(found.first().map(String::as_str), Some(written), "{text}");
        }
    }

    #[test]
    fn ordinary_text_has_no_such_marks() {
        for text in [
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "a | b\n--|--\n1 | 2",
            "the norm |x| and |y|, a || b, x | y",
            "|x| is positive\n|y| is not",
            "# a\n\n#1 in the list\n\n#hashtag of mine\n\n#General is a channel.\n\n#Release",
            "**a**b, **Note:** text, **注意：**必ず, f(*args, **kwargs), **kwargs,**options",
            "2**3 and 4**5, a ** b ** c, base ** exponent ** n, **/*.js and src/**/x",
            "`** bold **`, \\*\\* bold \\*\\*, Price** and tax**",
            "> 5 items\n\n> = 5",
            "__bold__ and __two words__, `__init__`",
            "* a\n* b\n\n* * *\n\n* * c",
            "*emphasis* (*x*), *.env*, *a, b*",
            "C:\\dir\\x, `\\\\server\\share`, \\\\ alone, a\\\\b\\c, \\\\frac{a}",
            "a[0] (https://x.com), [optional] (#name), (a)[http_status: 200]",
            "fixed [bug] (#123), `[a] (https://x.com)`, \\[a] (https://x.com), a[0] (see b)",
            "<< HEAD, >>>>>>> not\n\n > >>>>>> x",
            "Title\n=======\n\ntext",
            "```\n|x|y|\n|z|w|\n** bold **\n#A b\n```",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn definitions_that_nothing_refers_to_are_found() {
        for (text, labels) in [
            ("[200]: OK\n[404]: missing", vec!["200", "404"]),
            ("- [200]: OK\n\n> [ERROR]: timeout", vec!["200", "ERROR"]),
            ("[//]: # (ZZ)\n\n[comment]: <> (ZZ)", vec!["//", "comment"]),
            ("> [!WARNING]: Title\n> x", vec!["!WARNING"]),
            ("a\n\n[^un]: text", vec!["^un"]),
            (
                "[a], [B][], [c  d][], ![e][E]\n\n[A]: /a\n[b]: /b\n[c d]: /c\n[e]: /e",
                vec![],
            ),
            ("a[^1] b[^X]\n\n[^1]: c\n\n[^x]: d", vec![]),
            ("注意[**あ**][r]。\n\n[r]: /r", vec![]),
            ("\\[200]: OK", vec![]),
        ] {
            let unused = outline(text, "").unused;
            let found: Vec<_> = unused.iter().map(|it| it.label.as_str()).collect();
            assert_eq!(found, labels, "{text}");
        }
    }
}
