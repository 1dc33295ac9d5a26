//! Constructs of other Markdown dialects, which a page would show as text.
//!
//! One list: a construct has a name, the dialects that have it, a function that finds it in a line
//! of words, and what to write instead. Code, links and what is escaped are no words, so a text
//! that is about a construct can name it.

mod html;
mod inline;
mod line;
mod symbols;
mod words;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::document::{Document, inside};
use super::info;
use words::Words;

/// A construct of another Markdown dialect in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignMarkup {
    /// Its place.
    pub range: Range<usize>,
    /// Its name, with an article.
    pub name: &'static str,
    /// The dialects that have it.
    pub dialects: &'static str,
    /// What to write instead.
    pub help: String,
}

/// A row of the list.
struct Construct {
    name: &'static str,
    dialects: &'static str,
    find: fn(&Line<'_>) -> Option<Found>,
}

/// A line of words; everything else in it is a filler.
struct Line<'t> {
    /// The line, without what precedes its first word.
    words: &'t str,
    /// The same bytes as written.
    source: &'t str,
    /// Whether the line before is a line of the same paragraph.
    is_continued: bool,
    /// Whether nothing but white space and the text's beginning precede the line.
    is_first: bool,
}

/// The place of a construct in its line, and what to write instead.
type Found = (Range<usize>, Cow<'static, str>);

/// Finds the constructs of other dialects in a text.
pub(super) fn find(text: &str, document: &Document<'_>) -> Vec<ForeignMarkup> {
    let mut found = Vec::new();
    in_events(text, document, &mut found);
    in_words(text, document, &mut found);
    found.sort_by_key(|it: &ForeignMarkup| it.range.start);
    found
}

/// Finds constructs in HTML, in fences and in code.
fn in_events(text: &str, document: &Document<'_>, found: &mut Vec<ForeignMarkup>) {
    // An end tag is reported with its start tag.
    let mut opened = HashSet::new();
    for (index, (event, range)) in document.events.iter().enumerate() {
        match event {
            Event::InlineHtml(tag) if closes(tag, &opened) => {}
            Event::InlineHtml(tag) => {
                let fault = html::tag(text, tag, range);
                opened.extend(fault.is_some().then(|| html::name(tag)));
                found.extend(fault);
            }
            Event::Start(Tag::HtmlBlock) => {
                let lines = inside(&document.events[index + 1..]);
                let first = lines.iter().find_map(|(event, range)| match event {
                    Event::Html(html) if !closes(html, &opened) => {
                        Some((html::tag(text, html, range)?, html::name(html)))
                    }
                    _ => None,
                });
                if let Some((fault, name)) = first {
                    opened.insert(name);
                    found.push(fault);
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                if let CodeBlockKind::Fenced(written) = kind {
                    in_info(text, written, range, found);
                }
                let lines = inside(&document.events[index + 1..]);
                for (event, range) in lines {
                    if matches!(event, Event::Text(_)) {
                        found.extend(in_code(text, range));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Returns whether HTML begins with an end tag whose start tag is reported.
fn closes(html: &str, opened: &HashSet<String>) -> bool {
    html.trim_start().starts_with("</") && opened.contains(&html::name(html))
}

/// Finds attributes of other tools after the backticks of a fence.
fn in_info(text: &str, written: &str, range: &Range<usize>, found: &mut Vec<ForeignMarkup>) {
    let line = text[range.clone()].lines().next().unwrap_or_default();
    for (part, help) in info::read(written).foreign {
        let place = line
            .find(part)
            .map_or(0..line.len(), |at| at..at + part.len());
        found.push(ForeignMarkup {
            range: range.start + place.start..range.start + place.end,
            name: "an attribute of a fence",
            dialects: "Docusaurus, MkDocs, Mintlify, Starlight and VitePress",
            help,
        });
    }
}

/// Finds comments in code that mark lines, and lines that include files.
fn in_code(text: &str, range: &Range<usize>) -> Option<ForeignMarkup> {
    let code = &text[range.clone()];
    let place = |at: usize, length: usize| range.start + at..range.start + at + length;
    if let Some(at) = code.find("[!code ") {
        let length = code[at..].find(']').map_or("[!code".len(), |end| end + 1);
        return Some(ForeignMarkup {
            range: place(at, length),
            name: "a comment that marks a line of code",
            dialects: "Shiki in VitePress and Mintlify",
            help: "remove it, and write the number of the line after the language: ```js {3}"
                .to_owned(),
        });
    }
    let mut start = 0;
    for line in code.split_inclusive('\n') {
        let blank = line.len() - line.trim_start().len();
        let written = line.trim();
        if written.starts_with("--8<-- \"") {
            return Some(ForeignMarkup {
                range: place(start + blank, written.len()),
                name: "the inclusion of a file",
                dialects: "MkDocs",
                help: "copy the code into the fence".to_owned(),
            });
        }
        start += line.len();
    }
    None
}

/// Returns whether a text has what constructs begin with; most lines have none of it.
fn may_have_a_construct(text: &str) -> bool {
    text.contains(words::SIGNS) || text.contains("import ") || text.contains("export ")
}

/// Finds constructs in lines of words.
fn in_words(text: &str, document: &Document<'_>, found: &mut Vec<ForeignMarkup>) {
    if !may_have_a_construct(text) {
        return;
    }
    let Some(words) = Words::read(text, document) else {
        return;
    };
    let (mut is_continued, mut is_first) = (false, true);
    for (at, line) in words.lines() {
        let blank = line.len() - line.trim_start_matches(words::BLANK).len();
        let read = Line {
            words: &line[blank..],
            source: &text[at + blank..at + line.len()],
            is_continued,
            is_first,
        };
        is_continued = !read.words.trim().is_empty();
        is_first &= !is_continued;
        if is_continued && may_have_a_construct(line) {
            in_line(&read, at + blank, found);
        }
    }
}

fn in_line(line: &Line<'_>, at: usize, found: &mut Vec<ForeignMarkup>) {
    let from = found.len();
    for construct in line::CONSTRUCTS.iter().chain(inline::CONSTRUCTS) {
        let Some((place, help)) = (construct.find)(line) else {
            continue;
        };
        let range = at + place.start..at + place.end;
        // The first row that finds something names it.
        let is_new = |other: &ForeignMarkup| {
            range.end <= other.range.start || other.range.end <= range.start
        };
        if found[from..].iter().all(is_new) {
            found.push(ForeignMarkup {
                range,
                name: construct.name,
                dialects: construct.dialects,
                help: help.into_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests;
