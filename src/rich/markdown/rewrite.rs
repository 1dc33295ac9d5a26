//! Rewrites Markdown for a larger document that other programs read.
//!
//! The author's text stays as written; only what has another meaning there is rewritten: levels of
//! headings, links and images, labels of footnotes, HTML (which we show as text), and everything
//! that contains a variable. Reference links become inline links, since two texts of one document
//! may use the same label.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag};

use super::document::{Document, Heading, Placed, inside, plain};
use super::element;
use super::url;
use super::{LinkKind, ResolvedLink};
use crate::hole::{Encoding, Hole, VariableId, push_markdown};

/// The context of the document that the Markdown becomes a part of.
pub struct Surroundings<'a> {
    /// The level of the text's highest headings; others follow without a gap.
    pub top_level: u8,
    /// The prefix of the labels of footnotes.
    pub label_prefix: &'a str,
    /// Resolves a link or an image by its destination as written.
    pub resolve: &'a dyn Fn(LinkKind, &str) -> ResolvedLink,
    /// Returns whether a variable is a whole URL, which may begin a destination.
    pub is_url: &'a dyn Fn(VariableId) -> bool,
    /// Returns whether the values of a variable can be inserted into any code as they are.
    pub is_plain: &'a dyn Fn(VariableId) -> bool,
}

/// Rewrites Markdown; the result has no empty lines or spaces at its ends.
pub fn to_markdown(text: &str, surroundings: &Surroundings<'_>) -> String {
    let document = Document::parse(text, "");
    let mut rewriter = Rewriter {
        text,
        surroundings,
        edits: Vec::new(),
        code: Vec::new(),
    };
    rewriter.headings(&document);
    rewriter.remove_definitions(&document.definitions);
    for index in 0..document.events.len() {
        rewriter.event(&document.events, index);
    }
    rewriter.trim_lines();
    let out = apply(text, rewriter.edits);
    out.trim_matches('\n').trim_end().to_owned()
}

/// Returns whether a text begins with words that can follow others on a line.
pub fn begins_with_words(text: &str) -> bool {
    let document = Document::parse(text, "");
    matches!(
        document.events.first(),
        Some((Event::Start(Tag::Paragraph), _))
    )
}

/// Returns whether a text is one paragraph.
pub fn is_paragraph(text: &str) -> bool {
    let document = Document::parse(text, "");
    match document.events.as_slice() {
        [(Event::Start(Tag::Paragraph), _), after @ ..] => inside(after).len() + 1 == after.len(),
        _ => false,
    }
}

/// Formats a text as inline code, for any values of its variables.
///
/// If a value could end a code span, the text becomes a `code` element.
pub fn code_span(text: &str, is_plain: &dyn Fn(VariableId) -> bool) -> String {
    let is_open = |c| Hole::from_marker(c).is_some_and(|hole| !is_plain(hole.variable));
    if text.chars().any(is_open) {
        return format!("<code>{}</code>", Encoding::Markdown.encode(text));
    }
    let text = text.replace(['\r', '\n'], " ");
    // A code span may be delimited by more backticks than it contains in a row (CommonMark 0.31.2
    // §6.1).
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    // Parsers remove one space on each side.
    let is_padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) || text.is_empty();
    if is_padded {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Formats an inline link of Markdown text to a URL whose holes are encoded.
pub fn inline_link(words: &str, url: &str) -> String {
    format!("[{words}]({})", destination_and_title(url, ""))
}

/// Returns the length of the longest run of a character.
pub fn longest_run(text: &str, of: char) -> usize {
    let runs = text.split(|c| c != of);
    runs.map(str::len).max().unwrap_or(0) / of.len_utf8()
}

type Edit = (Range<usize>, String);

struct Rewriter<'d> {
    text: &'d str,
    surroundings: &'d Surroundings<'d>,
    edits: Vec<Edit>,
    /// The places of code, whose lines are kept.
    code: Vec<Range<usize>>,
}

impl Rewriter<'_> {
    fn edit(&mut self, range: Range<usize>, new: impl Into<String>) {
        self.edits.push((range, new.into()));
    }

    fn event(&mut self, events: &[Placed<'_>], index: usize) {
        let (event, range) = &events[index];
        let after = &events[index + 1..];
        match event {
            Event::Start(Tag::CodeBlock(kind)) => self.code(kind, range),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                self.link(event, range, inside(after));
            }
            Event::Start(Tag::FootnoteDefinition(label)) | Event::FootnoteReference(label) => {
                let end = range.start + "[^]".len() + label.len();
                let label = format!("[^{}{label}]", self.surroundings.label_prefix);
                self.edit(range.start..end, label);
            }
            Event::InlineHtml(tag) if element::markup(tag).is_some() => {}
            Event::Html(html) | Event::InlineHtml(html) => {
                let lines = html.lines().map(|line| Encoding::Markdown.encode(line));
                let mut new = lines.collect::<Vec<_>>().join("\n");
                new.push_str(if html.ends_with('\n') { "\n" } else { "" });
                self.edit(range.clone(), new);
            }
            Event::Text(text) if Hole::is_in(text) && !self.is_code(range.start) => {
                self.words(text, range);
            }
            Event::Code(text) if Hole::is_in(text) => {
                self.edit(range.clone(), code_span(text, self.surroundings.is_plain));
            }
            // A hard line break of two spaces (CommonMark 0.31.2 §6.7) is removed by many editors.
            Event::HardBreak if !self.text[range.start..].starts_with(['\\', '<']) => {
                self.edit(range.clone(), "\\\n");
            }
            _ => {}
        }
    }

    fn is_code(&self, offset: usize) -> bool {
        self.code.last().is_some_and(|code| code.contains(&offset))
    }

    fn headings(&mut self, document: &Document<'_>) {
        let headings = &document.headings;
        let highest = headings.iter().map(|heading| heading.level).min();
        let mut previous = self.surroundings.top_level.saturating_sub(1);
        for heading in headings {
            let below = heading.level - highest.unwrap_or(1);
            // No level is skipped, since programs that read Markdown build an outline of headings.
            let level = (self.surroundings.top_level + below).min(previous + 1);
            previous = level.min(6);
            self.heading(heading, previous, document);
        }
    }

    fn heading(&mut self, heading: &Heading, level: u8, document: &Document<'_>) {
        let Range { start, end } = heading.range;
        let source = &self.text[start..end];
        let hashes = source.len() - source.trim_start_matches('#').len();
        let sign = "#".repeat(usize::from(level));
        if hashes > 0 {
            self.edit(start..start + hashes, sign);
        } else {
            // Underlined, perhaps over several lines.
            let at = document
                .events
                .partition_point(|(_, range)| range.start < start);
            let within = &document.events[at..];
            let words = within.iter().take_while(|(_, range)| range.start < end);
            let words: Vec<_> = words
                .skip(1)
                .map(|(event, range)| (event, range.clone()))
                .collect();
            self.edit(start..start, sign + " ");
            for pair in words.windows(2) {
                if matches!(pair[0].0, Event::SoftBreak | Event::HardBreak) {
                    self.edit(pair[0].1.start..pair[1].1.start, " ");
                }
            }
            let last = words
                .iter()
                .filter(|(event, _)| !matches!(event, Event::End(_)));
            let words_end = last.map(|(_, range)| range.end).max().unwrap_or(start);
            self.edit(words_end..start + source.trim_end().len(), "");
        }
        if heading.is_explicit
            && let Some(at) = source.rfind(&format!("{{#{}}}", heading.id))
        {
            let from = start + source[..at].trim_end().len();
            self.edit(from..start + at + heading.id.len() + "{#}".len(), "");
        }
    }

    /// Keeps the lines of a code block, and closes one that only the end of the text closes.
    fn code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        self.code.push(range.clone());
        let source = self.text[range.clone()].trim_end();
        let sign = source.chars().next().unwrap_or('`');
        let fence: String = source.chars().take_while(|&c| c == sign).collect();
        let is_last = self.text[range.end..].trim_start().is_empty();
        let last_line = source.lines().skip(1).last().unwrap_or_default().trim();
        let is_closed = last_line.len() >= fence.len() && last_line.chars().all(|c| c == sign);
        if matches!(kind, CodeBlockKind::Fenced(_)) && is_last && !is_closed {
            let line_end = if self.text[..range.end].ends_with('\n') {
                ""
            } else {
                "\n"
            };
            self.edit(range.end..range.end, format!("{line_end}{fence}"));
        }
    }

    /// Rewrites words with variables as text between their neighbours.
    fn words(&mut self, text: &str, range: &Range<usize>) {
        // The range of an escaped character begins after the backslash.
        let is_escape = self.text[..range.start].ends_with('\\');
        let from = range.start - usize::from(is_escape);
        let words = text.trim_matches(' ');
        let space = &text[..text.len() - text.trim_start_matches(' ').len()];
        let after = self.text[range.end..].chars().next().unwrap_or('\n');
        let mut new = space.to_owned();
        push_markdown(words, Some(after), &mut new);
        new.push_str(&text[space.len() + words.len()..]);
        self.edit(from..range.end, new);
    }

    fn link(&mut self, event: &Event<'_>, range: &Range<usize>, words: &[Placed<'_>]) {
        let (
            Event::Start(
                Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    ..
                }
                | Tag::Image {
                    link_type,
                    dest_url,
                    title,
                    ..
                },
            ),
            is_image,
        ) = (event, matches!(event, Event::Start(Tag::Image { .. })))
        else {
            return;
        };
        let kind = if is_image {
            LinkKind::Image
        } else {
            LinkKind::Link
        };
        let url = match (self.surroundings.resolve)(kind, dest_url) {
            ResolvedLink::Nowhere => None,
            ResolvedLink::Url(url) | ResolvedLink::Image { url, .. } => Some(url),
            ResolvedLink::AsWritten if self.can_stay(*link_type, dest_url, title) => return,
            ResolvedLink::AsWritten => Some(url::write(dest_url, self.surroundings.is_url)),
        };
        let target = url.map(|url| format!("]({})", destination_and_title(&url, title)));
        if matches!(link_type, LinkType::Autolink | LinkType::Email) {
            let words = Encoding::Markdown.encode(&plain(words));
            let link = target.map_or(words.clone(), |target| format!("[{words}{target}"));
            return self.edit(range.clone(), link);
        }
        // The parser's range of `[text][]` ends before the empty brackets.
        let is_collapsed = *link_type == LinkType::Collapsed;
        let has_brackets = is_collapsed && self.text[range.end..].starts_with("[]");
        let end = range.end + if has_brackets { "[]".len() } else { 0 };
        let open = range.start..range.start + if is_image { 2 } else { 1 };
        let words_end = words.last().map_or(open.end, |(_, last)| last.end);
        let close = self.text[words_end..range.end]
            .find(']')
            .map_or(range.end, |at| words_end + at);
        if target.is_none() {
            self.edit(open, "");
        }
        self.edit(close..end, target.unwrap_or_default());
    }

    fn can_stay(&self, link_type: LinkType, destination: &str, title: &str) -> bool {
        let is_inline = matches!(
            link_type,
            LinkType::Inline | LinkType::Autolink | LinkType::Email
        );
        is_inline && !Hole::is_in(destination) && !Hole::is_in(title)
    }

    /// Removes definitions of references, and one of the empty lines around each run of them.
    fn remove_definitions(&mut self, definitions: &[Range<usize>]) {
        let text = self.text;
        let follows = |a: &Range<usize>, b: &Range<usize>| text[a.end..b.start].trim().is_empty();
        for run in definitions.chunk_by(follows) {
            let [first, ..] = run else { continue };
            let end = run.last().map_or(first.end, |last| last.end);
            let after = text[end..].trim_start_matches([' ', '\t', '\r']);
            let line_end = usize::from(after.starts_with('\n'));
            if after[line_end..]
                .trim_start_matches([' ', '\t', '\r'])
                .starts_with('\n')
            {
                self.edit(text[..first.start].trim_end().len()..end, "");
            } else {
                self.edit(first.start..text.len() - after.len() + line_end, "");
            }
        }
    }

    /// Removes the spaces at the ends of lines, except in code.
    fn trim_lines(&mut self) {
        let edited = self.edits.iter().map(|(range, _)| range.clone());
        let mut kept: Vec<_> = edited.chain(self.code.iter().cloned()).collect();
        kept.sort_unstable_by_key(|range| range.start);
        let mut kept = kept.into_iter().peekable();
        // The end of the last code that begins before the end of the line.
        let mut kept_to = 0;
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let end = start + line.trim_end_matches(['\n', '\r']).len();
            let from = start + line.trim_end().len();
            start += line.len();
            while let Some(range) = kept.next_if(|range| range.start < end) {
                kept_to = kept_to.max(range.end);
            }
            if from < end && kept_to <= from {
                self.edit(from..end, "");
            }
        }
    }
}

/// Returns the text between the parentheses of a link.
fn destination_and_title(url: &str, title: &str) -> String {
    let mut url = url.replace('&', if url.contains(';') { "&amp;" } else { "&" });
    let first = url.chars().next();
    let whole = first
        .and_then(Hole::from_marker)
        .filter(|hole| hole.encodings().next().is_none());
    if let (Some(first), Some(hole)) = (first, whole) {
        // In angle brackets, since spaces and parentheses of a value would end a plain destination
        // (CommonMark 0.31.2 §6.3).
        let rest = &url[first.len_utf8()..];
        url = format!("<{}{rest}>", hole.inside(Encoding::Markdown).marker());
    } else if url.contains(['(', ')']) {
        url = format!("<{url}>");
    }
    match title {
        "" => url,
        title => format!("{url} \"{}\"", Encoding::Markdown.encode(title)),
    }
}

/// Applies edits; of two that overlap, the one that begins first is applied.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    // An edit inside another one (words of a replaced link) has no place any more.
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for (range, new) in edits {
        if range.start >= done {
            out.push_str(&text[done..range.start]);
            out.push_str(&new);
            done = range.end;
        }
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests;
