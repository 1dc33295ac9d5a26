//! Constructs of other Markdown dialects, which a page would show as text.
//!
//! One list: a construct has a name, the dialects that have it, a function that finds it in a line
//! of words, and what to write instead. Code, links and what is escaped are no words, so a text
//! that is about a construct can name it.

mod boxes;
pub(super) mod code;
mod comment;
mod html;
mod image;
mod indentation;
mod inline;
mod jsx;
mod line;
mod link;
mod math;
mod symbols;
pub(super) mod words;

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
    /// The words of the line before, if it is a line of the same paragraph.
    before: Option<&'t str>,
    /// Whether nothing but white space and the text's beginning precede the line.
    is_first: bool,
}

/// The place of a construct in its line, and what to write instead.
type Found = (Range<usize>, Cow<'static, str>);

/// What follows the help for words that could be meant as such.
const AS_TEXT: &str =
    "; if the characters are meant as text, write them as code, or write \\ before the first";

/// Finds the constructs of other dialects in a text.
pub(super) fn find(text: &str, document: &Document<'_>) -> Vec<ForeignMarkup> {
    let mut found = Vec::new();
    in_events(text, document, &mut found);
    in_words(text, document, &mut found);
    found.extend(
        document
            .comments
            .iter()
            .filter_map(|&at| comment::command(text, at)),
    );
    found.sort_by_key(|it: &ForeignMarkup| it.range.start);
    found
}

/// Finds constructs in HTML, in fences and in code.
fn in_events(text: &str, document: &Document<'_>, found: &mut Vec<ForeignMarkup>) {
    let ended = end_tags(text, document);
    // An end tag is reported with its start tag.
    let mut opened = HashSet::new();
    for (index, (event, range)) in document.events.iter().enumerate() {
        match event {
            Event::InlineHtml(tag) if closes(tag, &opened) => {}
            Event::InlineHtml(tag) => {
                let fault = html::tag(text, tag, range, &ended);
                opened.extend(fault.is_some().then(|| html::name(tag)));
                found.extend(fault);
            }
            Event::Start(Tag::Image {
                dest_url, title, ..
            }) => found.extend(image::find(text, range, dest_url, title)),
            Event::Start(Tag::Link { title, .. }) => {
                found.extend(image::option(text, range, title));
            }
            Event::Code(code) => found.extend(code::inline(text, range, code)),
            Event::Start(Tag::HtmlBlock) => {
                let lines = inside(&document.events[index + 1..]);
                let first = lines.iter().find_map(|(event, range)| match event {
                    Event::Html(html) if !closes(html, &opened) => {
                        Some((html::tag(text, html, range, &ended)?, html::name(html)))
                    }
                    _ => None,
                });
                if let Some((fault, name)) = first {
                    opened.insert(name);
                    found.push(fault);
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let lines = inside(&document.events[index + 1..]);
                let next = document.events.get(index + 2 + lines.len());
                let is_before_list =
                    next.is_some_and(|(next, _)| matches!(next, Event::Start(Tag::List(Some(_)))));
                let language = match kind {
                    CodeBlockKind::Fenced(written) => {
                        in_info(text, written, range, found);
                        info::read(written).language
                    }
                    CodeBlockKind::Indented => "",
                };
                for (event, range) in lines {
                    if matches!(event, Event::Text(_)) {
                        found.extend(code::find(text, range, language, is_before_list));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Returns the names of the end tags in a text.
fn end_tags(text: &str, document: &Document<'_>) -> HashSet<String> {
    if !text.contains("</") {
        return HashSet::new();
    }
    let tags = document.events.iter().filter_map(|(event, _)| match event {
        Event::InlineHtml(html) | Event::Html(html) => Some(html),
        _ => None,
    });
    tags.flat_map(|html| {
        html.match_indices("</")
            .map(|(at, _)| html::name(&html[at..]))
    })
    .collect()
}

/// Returns whether HTML begins with an end tag whose start tag is reported.
fn closes(html: &str, opened: &HashSet<String>) -> bool {
    html.trim_start().starts_with("</") && opened.contains(&html::name(html))
}

/// Finds attributes of other tools after the backticks of a fence.
fn in_info(text: &str, written: &str, range: &Range<usize>, found: &mut Vec<ForeignMarkup>) {
    let line = text[range.clone()].lines().next().unwrap_or_default();
    let info_at = line.find(written);
    for (part, help) in info::read(written).foreign {
        // The part is a piece of what is written, which may stand in it more than once.
        let offset = (part.as_ptr() as usize).saturating_sub(written.as_ptr() as usize);
        let place = info_at.map_or(0..line.len(), |at| at + offset..at + offset + part.len());
        found.push(ForeignMarkup {
            range: range.start + place.start..range.start + place.end,
            name: "an attribute of a fence",
            dialects: "Docusaurus, MkDocs, Mintlify, Starlight and VitePress",
            help,
        });
    }
}

/// Returns whether a text has what constructs begin with; most lines have none of it.
fn may_have_a_construct(words: &str, source: &str) -> bool {
    words.contains(words::SIGNS)
        || source.contains('\\')
        || ["import ", "export ", "///", "##"]
            .iter()
            .any(|start| words.contains(start))
}

/// Finds constructs in lines of words.
fn in_words(text: &str, document: &Document<'_>, found: &mut Vec<ForeignMarkup>) {
    if !may_have_a_construct(text, text) {
        return;
    }
    let Some(words) = Words::read(text, document) else {
        return;
    };
    let (mut before, mut is_first) = (None, true);
    for (at, line) in words.lines() {
        let mut blank = line.len() - line.trim_start_matches(words::BLANK).len();
        // The backslash before a line's first character belongs to the line, too.
        let is_escaped = line[blank..].starts_with('\u{1}') && text[..at + blank].ends_with('\\');
        blank -= usize::from(is_escaped && blank > 0);
        let read = Line {
            words: &line[blank..],
            source: &text[at + blank..at + line.len()],
            before,
            is_first,
        };
        let has_words = !read.words.trim().is_empty();
        before = has_words.then_some(read.words);
        is_first &= !has_words;
        if has_words && may_have_a_construct(line, read.source) {
            in_line(text, &read, at + blank, found);
        }
    }
}

/// Returns the tables of constructs, in the order in which they are tried.
fn tables() -> impl Iterator<Item = &'static [Construct]> {
    [boxes::BOXES, line::CONSTRUCTS, inline::CONSTRUCTS].into_iter()
}

/// Returns what to write instead of a container with this name.
pub(super) fn container(name: &str) -> Cow<'static, str> {
    boxes::box_of(name)
}

/// Returns whether a line begins a box of another dialect.
pub(super) fn begins_box(line: &str) -> bool {
    let line = Line {
        words: line,
        source: line,
        before: None,
        is_first: false,
    };
    boxes::BOXES.iter().any(|it| (it.find)(&line).is_some())
}

fn in_line(text: &str, line: &Line<'_>, at: usize, found: &mut Vec<ForeignMarkup>) {
    let from = found.len();
    let boxes = boxes::BOXES.len();
    for (index, construct) in tables().flatten().enumerate() {
        let mut rest = Cow::Borrowed(line.words);
        // A line may have a few of one kind; the number is limited, so that a long line of them
        // takes linear time.
        for _ in 0..MOST_OF_A_KIND {
            let read = Line {
                words: &rest,
                ..*line
            };
            let Some((place, mut help)) = (construct.find)(&read) else {
                break;
            };
            let mut range = at + place.start..at + place.end;
            if index < boxes {
                help = indentation::help(text, &range, help);
            }
            if construct.name == line::STATEMENT {
                range.end = line::end_of_statement(text, &range);
            }
            // The first row that finds something names it.
            let is_new = |other: &ForeignMarkup| {
                range.end <= other.range.start || other.range.end <= range.start
            };
            if found[from..].iter().all(is_new) {
                // What begins with an escaped character needs another cure, which its help has.
                let is_escape = ["\\(", "\\["]
                    .iter()
                    .any(|start| text[range.start..].starts_with(start));
                let as_text = if is_escape { "" } else { AS_TEXT };
                found.push(ForeignMarkup {
                    range,
                    name: construct.name,
                    dialects: construct.dialects,
                    help: format!("{help}{as_text}"),
                });
            }
            if place.is_empty() || index < boxes {
                break;
            }
            let filler = "\u{1}".repeat(place.len());
            rest.to_mut().replace_range(place, &filler);
        }
    }
}

/// How many constructs of one kind are reported in a line.
const MOST_OF_A_KIND: usize = 8;

#[cfg(test)]
mod tests;
