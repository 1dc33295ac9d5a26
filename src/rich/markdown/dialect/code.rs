//! Constructs in code: comments that mark lines, annotations, inclusions of files.

use std::ops::Range;

use super::ForeignMarkup;
use crate::rich::highlight;

/// Comments that mark the line below them, or a line with them at its end.
const MARKS: [&str; 9] = [
    "highlight-next-line",
    "highlight-start",
    "highlight-end",
    "highlight-line",
    "highlight-range",
    "error-next-line",
    "error-start",
    "error-end",
    "focus-next-line",
];

/// What begins a comment, and what may end it.
const COMMENTS: [(&str, &str); 9] = [
    ("{/*", "*/}"),
    ("<!--", "-->"),
    ("/*", "*/"),
    ("//", ""),
    ("#", ""),
    ("--", ""),
    (";", ""),
    ("%", ""),
    ("'", ""),
];

/// Finds a language before code within a line, such as `#!python range(10)`.
pub(super) fn inline(text: &str, range: &Range<usize>, code: &str) -> Option<ForeignMarkup> {
    let (language, code) = code
        .strip_prefix("#!")
        .or_else(|| code.strip_prefix(":::"))?
        .split_once(' ')?;
    let is_word = language.starts_with(|c: char| c.is_ascii_lowercase());
    if !is_word || highlight::language(language).is_err() {
        return None;
    }
    let at = text[range.clone()].find(language)?;
    Some(ForeignMarkup {
        range: range.start..range.start + at + language.len(),
        name: "the language of code within a line",
        dialects: "MkDocs",
        help: format!("write the code alone, which has no colours within a line: `{code}`"),
    })
}

/// Returns the language that code by indentation begins with, such as `:::python`.
pub(in crate::rich::markdown) fn named_language(code: &str) -> Option<&str> {
    let line = code.lines().next()?;
    let language = line
        .strip_prefix("#!")
        .or_else(|| line.strip_prefix(":::"))?
        .trim_end();
    let is_word = language.starts_with(|c: char| c.is_ascii_lowercase());
    (is_word && highlight::language(language).is_ok()).then_some(language)
}

/// Finds the first construct in code; `language` is that of its fence, and `is_before_list` is
/// whether a numbered list follows it.
pub(super) fn find(
    text: &str,
    range: &Range<usize>,
    language: &str,
    is_before_list: bool,
) -> Option<ForeignMarkup> {
    if !may_have_a_construct(&text[range.clone()], is_before_list) {
        return None;
    }
    let mut start = range.start;
    for (index, line) in text[range.clone()].split_inclusive('\n').enumerate() {
        let found = in_line(line, index + 1, language, is_before_list);
        if let Some((place, name, dialects, help)) = found {
            return Some(ForeignMarkup {
                range: start + place.start..start + place.end,
                name,
                dialects,
                help,
            });
        }
        start += line.len();
    }
    None
}

/// The words of which each construct has one, except for annotations.
const SIGNS: [&str; 11] = [
    "[!code ",
    "--8<--",
    "<<< @/",
    "highlight-",
    "error-",
    "focus-",
    "!mark",
    "!focus",
    "!callout",
    "!className",
    "!diff",
];

/// Returns whether code has what constructs consist of; most code has none of it.
fn may_have_a_construct(code: &str, is_before_list: bool) -> bool {
    code.contains(")!")
        || (is_before_list && code.contains("(1)"))
        || SIGNS.iter().any(|sign| code.contains(sign))
}

type InLine = (Range<usize>, &'static str, &'static str, String);

fn in_line(line: &str, number: usize, language: &str, is_before_list: bool) -> Option<InLine> {
    const MARK: &str = "a comment that marks a line of code";
    let marked =
        format!("write the number of the line after the language: ```{language} {{{number}}}");
    if let Some(at) = line.find("[!code ") {
        let length = line[at..].find(']').map_or("[!code".len(), |end| end + 1);
        let is_change = line[at..].starts_with("[!code ++") || line[at..].starts_with("[!code --");
        let help = if is_change {
            "remove it, and write the code into a fence ```diff, with + or - before each changed line; or mark lines: ".to_owned()
                + &format!("```{language} {{{number}}}")
        } else {
            format!("remove it, and {marked}")
        };
        return Some((
            at..at + length,
            MARK,
            "Shiki in VitePress and Mintlify",
            help,
        ));
    }
    let blank = line.len() - line.trim_start().len();
    let written = line.trim();
    let whole = blank..blank + written.len();
    if written.starts_with("--8<-- \"") || written.starts_with("<<< @/") {
        let help = "copy the code into the fence".to_owned();
        return Some((
            whole,
            "the inclusion of a file",
            "MkDocs and VitePress",
            help,
        ));
    }
    let (at, comment) = comment(written)?;
    let place = blank + at..whole.end;
    if MARKS.contains(&comment) {
        let help = format!("remove the comment, and {marked}");
        return Some((place, MARK, "Docusaurus and Gatsby", help));
    }
    let kind = comment.strip_prefix('!').unwrap_or_default();
    if ["mark", "focus", "callout", "className", "diff"]
        .iter()
        .any(|word| {
            kind.strip_prefix(word)
                .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
        })
    {
        let help = format!("remove the comment, and {marked}");
        return Some((place, MARK, "Code Hike", help));
    }
    let inner = comment.strip_prefix('(')?;
    let (digits, after) = inner.split_once(')')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // With `!`, the comment is an annotation wherever it stands.
    let is_annotation = is_number && (after == "!" || (after.is_empty() && is_before_list));
    is_annotation.then(|| {
        let help = format!("remove it, and {marked}; then write the item of the list as a sentence that names the line");
        (place, "an annotation", "MkDocs", help)
    })
}

/// Returns the place and the words of a comment at the end of a line of code.
fn comment(line: &str) -> Option<(usize, &str)> {
    COMMENTS.iter().find_map(|(start, end)| {
        let line = line.strip_suffix(end)?;
        let at = line.rfind(start)?;
        // A comment stands alone, or after a blank.
        let is_apart = at == 0 || line[..at].ends_with([' ', '\t']);
        is_apart.then(|| (at, line[at + start.len()..].trim()))
    })
}
