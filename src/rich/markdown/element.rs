//! The HTML elements that a text may use: `<br>`, `<kbd>`, `<sub>`, `<sup>`, and `<details>` with
//! a `<summary>`.
//!
//! They are read strictly and become events with a canonical tag, for which the writer has markup
//! of its own: nothing that an author writes becomes markup. All other HTML is text.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::document::{Parsed, Placed, inside};

/// The beginning of a callout's title; no author can write this tag.
pub(super) const TITLE: &str = "<callout title>";
/// The end of a callout's title.
pub(super) const TITLE_END: &str = "</callout title>";

const DETAILS: &str = "<details>";
const OPEN_DETAILS: &str = "<details open>";
const DETAILS_END: &str = "</details>";
const SUMMARY: &str = "<summary>";
const SUMMARY_END: &str = "</summary>";

/// The elements within a line: their start and end tags.
const INLINE: [(&str, &str); 3] = [
    ("<kbd>", "</kbd>"),
    ("<sub>", "</sub>"),
    ("<sup>", "</sup>"),
];

/// The canonical tags, each with the markup that a page has for it.
const TAGS: [(&str, &str); 13] = [
    ("<kbd>", "<kbd>"),
    ("</kbd>", "</kbd>"),
    ("<sub>", "<sub>"),
    ("</sub>", "</sub>"),
    ("<sup>", "<sup>"),
    ("</sup>", "</sup>"),
    (DETAILS, "<details class=fold>\n"),
    (OPEN_DETAILS, "<details class=fold open>\n"),
    (DETAILS_END, "</details>\n"),
    (SUMMARY, "<summary>"),
    (SUMMARY_END, "</summary>\n"),
    (TITLE, "<p class=\"title\">"),
    (TITLE_END, "</p>\n"),
];

/// Markup that a page does not show as it is meant, such as an element that is not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkupFault {
    /// Its place.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Cow<'static, str>,
}

/// Returns the markup of a canonical tag.
pub(super) fn markup(tag: &str) -> Option<&'static str> {
    let found = TAGS.iter().find(|(canonical, _)| *canonical == tag);
    found.map(|&(_, markup)| markup)
}

/// Returns whether a canonical tag separates lines of text.
pub(super) fn is_block(tag: &str) -> bool {
    markup(tag).is_some_and(|markup| markup.ends_with('\n'))
}

/// Reads the elements of a text; returns the events with canonical tags, and the faults.
pub(super) fn read_elements<'a>(
    text: &'a str,
    events: Vec<Placed<'a>>,
) -> (Vec<Placed<'a>>, Vec<MarkupFault>) {
    if !text.contains('<') {
        return (events, Vec::new());
    }
    let mut reader = ElementReader {
        text,
        out: Vec::with_capacity(events.len()),
        open: Vec::new(),
        faults: Vec::new(),
    };
    let mut events = events.into_iter();
    while let Some((event, range)) = events.next() {
        if !matches!(event, Event::Start(Tag::HtmlBlock)) {
            reader.event(event, range);
            continue;
        }
        let mut block = vec![(event, range)];
        for placed in events.by_ref() {
            let is_end = matches!(placed.0, Event::End(TagEnd::HtmlBlock));
            block.push(placed);
            if is_end {
                break;
            }
        }
        reader.block(block);
    }
    reader.close_all(0);
    (reader.out, reader.faults)
}

struct ElementReader<'a> {
    text: &'a str,
    out: Vec<Placed<'a>>,
    open: Vec<OpenElement>,
    faults: Vec<MarkupFault>,
}

/// An element that is open.
enum OpenElement {
    /// One of Markdown.
    Markdown,
    /// One of the elements above: the index of its start tag among the events, and its end tag.
    Element { at: usize, end: &'static str },
}

impl<'a> ElementReader<'a> {
    fn fault(&mut self, range: Range<usize>, message: String, help: &'static str) {
        self.faults.push(MarkupFault {
            range,
            message,
            help: help.into(),
        });
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match &event {
            Event::Start(_) => self.open.push(OpenElement::Markdown),
            Event::End(_) => {
                let start = |open: &OpenElement| matches!(open, OpenElement::Markdown);
                let from = self.open.iter().rposition(start).unwrap_or(0);
                self.close_all(from + 1);
                self.open.pop();
            }
            Event::InlineHtml(html) => {
                let tag = html.to_ascii_lowercase();
                return self.inline(&tag, event, range);
            }
            _ => {}
        }
        self.out.push((event, range));
    }

    fn inline(&mut self, tag: &str, event: Event<'a>, range: Range<usize>) {
        if matches!(tag, "<br>" | "<br/>" | "<br />") {
            return self.out.push((Event::HardBreak, range));
        }
        if let Some(&(start, end)) = INLINE.iter().find(|(start, _)| *start == tag) {
            return self.start(start, end, range);
        }
        if let Some(&(_, end)) = INLINE.iter().find(|(_, end)| *end == tag) {
            return self.end(end, range);
        }
        if markup(tag).is_some() || tag.starts_with("<details") {
            let message = format!("`{tag}` within a line");
            let help = "begin a line with the tag, after an empty line";
            return self.as_text(range, message, help);
        }
        self.out.push((event, range));
    }

    /// Shows a tag as text and reports it.
    fn as_text(&mut self, range: Range<usize>, message: String, help: &'static str) {
        let written = CowStr::from(&self.text[range.clone()]);
        self.out.push((Event::Text(written), range.clone()));
        self.fault(range, message, help);
    }

    fn start(&mut self, start: &'static str, end: &'static str, range: Range<usize>) {
        let at = self.out.len();
        self.open.push(OpenElement::Element { at, end });
        self.out.push((Event::InlineHtml(start.into()), range));
    }

    fn end(&mut self, end: &'static str, range: Range<usize>) {
        match self.open.last() {
            Some(&OpenElement::Element { at, end: expected }) if expected == end => {
                self.open.pop();
                if end == DETAILS_END && !self.has_summary(at) {
                    let place = self.out[at].1.clone();
                    let message = "`<details>` without a `<summary>`".to_owned();
                    let help = "in the line below it, write <summary>what readers click</summary>";
                    self.fault(place, message, help);
                }
                self.out.push((Event::InlineHtml(end.into()), range));
            }
            _ => {
                let message = format!("`{end}` that closes nothing here");
                let help = "open and close an element in the same paragraph, cell, item or quote, the inner one first";
                self.as_text(range, message, help);
            }
        }
    }

    fn has_summary(&self, details: usize) -> bool {
        let after = self.out.get(details + 1);
        after.is_some_and(|(event, _)| matches!(event, Event::InlineHtml(tag) if **tag == *SUMMARY))
    }

    /// Reports the elements that are still open from a depth on, and makes text of their tags.
    fn close_all(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(OpenElement::Element { at, end }) = self.open.pop() else {
                continue;
            };
            let range = self.out[at].1.clone();
            self.out[at].0 = Event::Text(CowStr::from(&self.text[range.clone()]));
            let message = format!("missing `{end}`");
            let help = if end == DETAILS_END {
                "close it on a line of its own, after an empty line, in the same list item or quote"
            } else if is_end_escaped(&self.text[range.end..], end) {
                "write two backslashes for one before it: `\\` alone makes text of the next character"
            } else {
                "close it in the same paragraph or cell"
            };
            self.fault(range, message, help);
        }
    }

    /// Reads a block of HTML: tags of `details` and `summary`, or text.
    fn block(&mut self, block: Vec<Placed<'a>>) {
        let lines = || {
            block
                .iter()
                .filter(|(event, _)| matches!(event, Event::Html(_)))
        };
        let is_ours = lines().any(|(event, _)| match event {
            Event::Html(html) => begins_fold(html),
            _ => false,
        });
        if !is_ours {
            return self.out.extend(block);
        }
        let mut lines: Vec<Range<usize>> = lines().map(|(_, range)| range.clone()).collect();
        lines.reverse();
        while let Some(line) = lines.pop() {
            self.fold_line(line, &mut lines);
        }
    }

    /// Reads a line of a block of HTML; `later` are the lines after it, the next one last.
    fn fold_line(&mut self, line: Range<usize>, later: &mut Vec<Range<usize>>) {
        let text = self.text;
        let mut at = line.start;
        loop {
            let rest = &text[at..line.end];
            at += rest.len() - rest.trim_start().len();
            let rest = text[at..line.end].trim_end();
            if rest.is_empty() {
                return;
            }
            if rest.starts_with("<!--") {
                match rest.find("-->") {
                    Some(end) => at += end + "-->".len(),
                    None => return skip_comment(text, later),
                }
                continue;
            }
            let Some(tag) = rest.find('>').map(|end| &rest[..=end]) else {
                return self.beside(at..at + rest.len());
            };
            let place = at..at + tag.len();
            at = place.end;
            match &*tag.to_ascii_lowercase() {
                DETAILS => self.start(DETAILS, DETAILS_END, place),
                OPEN_DETAILS | "<details open=\"\">" => {
                    self.start(OPEN_DETAILS, DETAILS_END, place);
                }
                DETAILS_END => self.end(DETAILS_END, place),
                SUMMARY => return self.summary(place, line.end, later),
                // Read without its attributes, so that its end has no report of its own.
                tag if tag.starts_with("<details ") => {
                    let help = "write <details> or <details open>, without other attributes";
                    self.fault(
                        place.clone(),
                        "an attribute of `<details>`".to_owned(),
                        help,
                    );
                    self.start(DETAILS, DETAILS_END, place);
                }
                tag if tag.starts_with("<summary ") => {
                    let help = "write <summary>, without attributes";
                    self.fault(
                        place.clone(),
                        "an attribute of `<summary>`".to_owned(),
                        help,
                    );
                    return self.summary(place, line.end, later);
                }
                _ => return self.beside(place.start..place.start + rest.len()),
            }
        }
    }

    /// Shows the rest of a line as text and reports it.
    fn beside(&mut self, range: Range<usize>) {
        let is_details = self.text[range.clone()].starts_with("<details");
        let (message, help) = if is_details {
            (
                "an attribute of `<details>`",
                "write <details> or <details open>, without other attributes",
            )
        } else {
            (
                "text beside a tag of `<details>`, which Markdown does not read",
                "leave an empty line between the tag and the text",
            )
        };
        self.as_text(range, message.to_owned(), help);
    }

    /// Reads a summary after its start tag, and the rest of its last line.
    fn summary(&mut self, tag: Range<usize>, line_end: usize, later: &mut Vec<Range<usize>>) {
        let is_first = matches!(self.open.last(), Some(&OpenElement::Element { at, end })
            if end == DETAILS_END && at + 1 == self.out.len());
        let mut content = tag.end..line_end;
        // The words may stand between the two tags on a line of their own.
        if self.text[content.clone()].trim().is_empty()
            && let Some(next) = later.pop()
        {
            content = next;
        }
        let closes = |range: &Range<usize>| {
            let line = &self.text[range.clone()];
            let mut ends = line.match_indices("</").map(|(at, _)| at);
            let end = ends.find(|&at| {
                let tag = line.as_bytes()[at..].get(..SUMMARY_END.len());
                tag.is_some_and(|tag| tag.eq_ignore_ascii_case(SUMMARY_END.as_bytes()))
            });
            end.map(|at| range.start + at)
        };
        let mut rest = content.end;
        let end = closes(&content).or_else(|| {
            let next = later.last()?;
            let at = closes(next)?;
            let is_alone = self.text[next.start..at].trim().is_empty();
            rest = next.end;
            is_alone.then_some(at)
        });
        let (Some(end), true) = (end, is_first) else {
            let (message, help) = if is_first {
                (
                    "a `<summary>` that is not closed on its line",
                    "write it on one line: <summary>what readers click</summary>",
                )
            } else {
                (
                    "a `<summary>` that is not the first in a `<details>`",
                    "write one <summary> directly after <details>",
                )
            };
            let line = self.text[..line_end].trim_end().len().max(tag.end);
            return self.as_text(tag.start..line, message.to_owned(), help);
        };
        if end > content.end {
            later.pop();
        }
        let place = end..end + SUMMARY_END.len();
        self.start(SUMMARY, SUMMARY_END, tag);
        self.words(content.start..end.min(content.end));
        let depth = self.open.iter().rposition(
            |open| matches!(open, OpenElement::Element { end, .. } if *end == SUMMARY_END),
        );
        self.close_all(depth.map_or(self.open.len(), |depth| depth + 1));
        self.end(SUMMARY_END, place.clone());
        // More after the end tag, on its line.
        if place.end < rest {
            later.push(place.end..rest);
        }
    }

    /// Reads the words of a summary as a paragraph.
    fn words(&mut self, range: Range<usize>) {
        let text = self.text;
        let words = text[range.clone()].trim();
        let from = range.end - text[range].trim_start().len();
        let whole = from..from + words.len();
        let mut parsed = Parsed::parse_any_script(words);
        if !is_paragraph(&parsed.events) {
            // A letter before `1.` or `#` makes a paragraph of what begins as a list or a heading.
            let begun = format!("x{words}");
            let Parsed {
                events, undefined, ..
            } = Parsed::parse_any_script(&begun);
            let events = events.into_iter().map(|(event, place)| {
                let event = match event {
                    Event::Text(text) if place.start == 0 => {
                        Event::Text(text[1..].to_owned().into())
                    }
                    event => event,
                };
                let start = place.start.saturating_sub(1);
                (event.into_static(), start..place.end.saturating_sub(1))
            });
            parsed.events = events.collect();
            parsed.undefined = undefined;
        }
        let has_footnote =
            |(event, _): &Placed<'a>| matches!(event, Event::Text(text) if text.contains("[^"));
        if !parsed.undefined.is_empty() || parsed.events.iter().any(has_footnote) {
            let message = "a reference or a footnote in a `<summary>`".to_owned();
            let help =
                "write the address beside the words, as in [text](page), and a footnote below";
            self.fault(whole.clone(), message, help);
        }
        if !is_paragraph(&parsed.events) {
            return self.out.push((Event::Text(words.into()), whole));
        }
        let last = parsed.events.len() - 1;
        for (event, place) in parsed.events.into_iter().take(last).skip(1) {
            self.event(event, from + place.start..from + place.end);
        }
    }
}

/// Returns whether events are those of one paragraph.
fn is_paragraph(events: &[Placed<'_>]) -> bool {
    matches!(events, [(Event::Start(Tag::Paragraph), _), after @ ..]
        if inside(after).len() + 1 == after.len())
}

/// Returns whether a line of HTML begins with a tag of `details` or `summary`, perhaps after
/// comments.
fn begins_fold(html: &str) -> bool {
    let mut left = html.trim_start();
    while let Some((_, after)) = left
        .strip_prefix("<!--")
        .and_then(|it| it.split_once("-->"))
    {
        left = after.trim_start();
    }
    let name = left.trim_start_matches(['<', '/']);
    let name: String = name
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    left.starts_with('<') && matches!(&*name.to_ascii_lowercase(), "details" | "summary")
}

/// Skips the lines of a comment; what follows it on its last line stays.
fn skip_comment(text: &str, later: &mut Vec<Range<usize>>) {
    while let Some(line) = later.pop() {
        if let Some(end) = text[line.clone()].find("-->") {
            return later.push(line.start + end + "-->".len()..line.end);
        }
    }
}
/// Returns whether a backslash makes text of the next end tag, as in `<kbd>\</kbd>`.
fn is_end_escaped(after: &str, end: &str) -> bool {
    // Limited, so that a long line of tags takes linear time.
    let near: String = after.chars().take(100).collect();
    let Some((inner, rest)) = near.split_once("\\<") else {
        return false;
    };
    !inner.contains('<') && rest.starts_with(end.trim_start_matches('<'))
}
