//! A Markdown text as events, with what depends on the whole text: IDs of headings, comments.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};

use super::address::link_addresses;
use super::callout::name_callouts;
use super::east_asian;
use super::element::{self, MarkupFault, read_elements};
use crate::input::name::{is_mark, normal};
use crate::rich::address::anchor_of_title;

/// An event and the bytes of the text that it comes from.
pub(super) type Placed<'a> = (Event<'a>, Range<usize>);

/// A parsed text.
pub(super) struct Document<'a> {
    pub(super) events: Vec<Placed<'a>>,
    pub(super) headings: Vec<Heading>,
    pub(super) undefined: Vec<Labelled>,
    /// The places of link reference definitions, in order.
    pub(super) definitions: Vec<Range<usize>>,
    /// The link definitions and footnotes that nothing refers to.
    pub(super) unused: Vec<Labelled>,
    /// The first element that was left out, since it is nested too deep.
    pub(super) too_deep: Option<Range<usize>>,
    /// The faults in HTML elements.
    pub(super) elements: Vec<MarkupFault>,
    /// Where comments begin.
    pub(super) comments: Vec<usize>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its level as written, from 1.
    pub level: u8,
    /// Its anchor in the page.
    pub id: String,
    /// Whether the anchor was written, as `{#id}`.
    pub is_explicit: bool,
    /// Its plain text.
    pub title: String,
    /// The whole heading.
    pub range: Range<usize>,
}

/// A reference or a footnote, by its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The label; that of a footnote begins with `^`.
    pub label: String,
    /// The reference, or the footnote's label in its brackets.
    pub range: Range<usize>,
}

/// How deep elements may be nested: quotes, lists, emphasis, links.
// `inside` searches the end of each element from its start, which takes depth times length:
// thousands of `>` in a row took minutes. Chromium limits a tree to 512 levels.
const MOST_DEEP: usize = 64;

/// The parts of Markdown that the parser reads besides CommonMark.
// No `ENABLE_HEADING_ATTRIBUTES` (see `take_id`), no math and no smart punctuation, which would
// change quotes that readers copy.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// What the parser reads in a text.
pub(super) struct Parsed<'a> {
    pub(super) events: Vec<Placed<'a>>,
    /// The references without a definition.
    pub(super) undefined: Vec<Labelled>,
    definitions: Vec<Range<usize>>,
    unused: Vec<Labelled>,
    too_deep: Option<Range<usize>>,
}

/// Which labels a text refers to.
#[derive(Default)]
struct Uses {
    labels: HashSet<String>,
    /// The footnotes of the text.
    footnotes: Vec<Labelled>,
}

impl Uses {
    fn note(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. })
                if matches!(
                    link_type,
                    LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut
                ) =>
            {
                self.labels.insert(folded(id));
            }
            Event::FootnoteReference(label) => {
                self.labels.insert(folded(&format!("^{label}")));
            }
            Event::Start(Tag::FootnoteDefinition(label)) => self.footnotes.push(Labelled {
                label: format!("^{label}"),
                range: range.start..range.start + label.len() + "[^]".len(),
            }),
            _ => {}
        }
    }

    /// Returns the definitions and footnotes that nothing refers to, in order.
    fn unused(self, defined: Vec<Labelled>) -> Vec<Labelled> {
        let all = defined.into_iter().chain(self.footnotes);
        let mut unused: Vec<_> = all
            .filter(|it| !self.labels.contains(&folded(&it.label)))
            .collect();
        unused.sort_by_key(|it| it.range.start);
        unused
    }
}

/// Returns a label in the form in which labels are compared (CommonMark 0.31.2 §6.3).
fn folded(label: &str) -> String {
    let words: Vec<&str> = label.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

impl<'a> Parsed<'a> {
    fn parse(text: &'a str) -> Parsed<'a> {
        let mut undefined = Vec::new();
        let note = |link: BrokenLink<'_>| {
            // `[text]` alone is text, not an error.
            if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
                undefined.push(Labelled {
                    label: link.reference.to_string(),
                    range: link.span,
                });
            }
            None
        };
        let parser = Parser::new_with_broken_link_callback(text, options(), Some(note));
        let defined = parser.reference_definitions().iter();
        let defined: Vec<_> = defined
            .map(|(label, link)| Labelled {
                label: label.to_owned(),
                range: link.span.clone(),
            })
            .collect();
        let mut definitions: Vec<_> = defined.iter().map(|it| it.range.clone()).collect();
        definitions.sort_unstable_by_key(|range| range.start);
        let mut uses = Uses::default();
        let mut events = Vec::new();
        let (mut depth, mut too_deep) = (0, None);
        for event in TextMergeWithOffset::new(parser.into_offset_iter()) {
            uses.note(&event.0, &event.1);
            let (starts, ends) = match event.0 {
                Event::Start(_) => (1, 0),
                Event::End(_) => (0, 1),
                _ => (0, 0),
            };
            depth += starts;
            let is_too_deep = depth > MOST_DEEP;
            depth -= ends;
            if is_too_deep {
                too_deep.get_or_insert(event.1);
                continue;
            }
            // Grows by a quarter: doubled, the events of ten megabytes of text would take a
            // hundred.
            if events.len() == events.capacity() {
                events.reserve_exact(events.len() / 4 + 16);
            }
            events.push(event);
        }
        Parsed {
            events,
            undefined,
            definitions,
            unused: uses.unused(defined),
            too_deep,
        }
    }

    /// Parses a text, with emphasis beside East Asian characters as it is meant.
    pub(super) fn parse_any_script(text: &'a str) -> Parsed<'a> {
        let Some(signed) = east_asian::sign(text) else {
            return Parsed::parse(text);
        };
        let parsed = Parsed::parse(&signed.text);
        let place = |range: Range<usize>| signed.place(range);
        let events = parsed.events.into_iter();
        let labelled = |it: Labelled| Labelled {
            label: signed.strip(&it.label),
            range: place(it.range),
        };
        Parsed {
            events: events
                .map(|(event, range)| (signed.event(event), place(range)))
                .collect(),
            undefined: parsed.undefined.into_iter().map(labelled).collect(),
            unused: parsed.unused.into_iter().map(labelled).collect(),
            definitions: parsed.definitions.into_iter().map(place).collect(),
            too_deep: parsed.too_deep.map(place),
        }
    }
}

impl<'a> Document<'a> {
    pub(super) fn parse(text: &'a str, id_prefix: &str) -> Document<'a> {
        let Parsed {
            mut events,
            undefined,
            definitions,
            unused,
            too_deep,
        } = Parsed::parse_any_script(text);
        for (event, _) in &mut events {
            // In CommonMark 0.31.2 §6.5, the link of `<a@b.c>` contains the scheme; the parser
            // leaves that to the writer.
            name_mail_scheme(event);
        }
        let comments = find_comments(text, &events);
        let (mut events, elements) = read_elements(text, events);
        drop_comments(&mut events);
        name_callouts(text, &mut events);
        let mut events = link_addresses(text, events);
        let headings = find_headings(text, &mut events, id_prefix);
        Document {
            events,
            headings,
            undefined,
            definitions,
            unused,
            too_deep,
            elements,
            comments,
        }
    }
}

/// Adds the missing scheme to `<a@b.c>`.
fn name_mail_scheme(event: &mut Event<'_>) {
    if let Event::Start(Tag::Link {
        link_type: LinkType::Email,
        dest_url,
        ..
    }) = event
    {
        *dest_url = format!("mailto:{dest_url}").into();
    }
}

/// Returns where the HTML comments of a text begin.
fn find_comments(text: &str, events: &[Placed<'_>]) -> Vec<usize> {
    if !text.contains("<!--") {
        return Vec::new();
    }
    let html = events.iter().filter_map(|(event, range)| match event {
        Event::Html(_) | Event::InlineHtml(_) => Some(range),
        _ => None,
    });
    html.flat_map(|range| {
        let starts = text[range.clone()].match_indices("<!--");
        starts.map(|(at, _)| range.start + at)
    })
    .collect()
}

/// Removes HTML comments, which authors write for each other; the element around them stays.
fn drop_comments(events: &mut Vec<Placed<'_>>) {
    // Compacts in place, since a text may have many comments.
    let (mut at, mut to) = (0, 0);
    while at < events.len() {
        let mut next = at + 1;
        match &mut events[at].0 {
            Event::InlineHtml(html) if after_comments(html) == Some("") => *html = "".into(),
            Event::Start(Tag::HtmlBlock) => {
                let lines = at + 1..at + 1 + inside(&events[at + 1..]).len();
                let html = plain(&events[lines.clone()]);
                if let Some(left) = after_comments(&html)
                    && !lines.is_empty()
                {
                    events[at + 1] = (Event::Html(left.to_owned().into()), events[at].1.clone());
                    events.swap(to, at);
                    events.swap(to + 1, at + 1);
                    to += 2;
                    at = lines.end;
                    continue;
                }
                next = lines.end;
            }
            _ => {}
        }
        while at < next {
            events.swap(to, at);
            to += 1;
            at += 1;
        }
    }
    events.truncate(to);
}

/// Returns the text after leading comments, if there are any.
fn after_comments(html: &str) -> Option<&str> {
    let mut left = html.trim();
    while let Some(comment) = left.strip_prefix("<!--") {
        left = comment.split_once("-->")?.1.trim_start();
    }
    (left.len() < html.trim().len()).then_some(left)
}

fn find_headings(text: &str, events: &mut [Placed<'_>], id_prefix: &str) -> Vec<Heading> {
    let mut headings = Vec::new();
    for start in 0..events.len() {
        let (Event::Start(Tag::Heading { level, .. }), range) = &events[start] else {
            continue;
        };
        let (level, range) = (*level as u8, range.clone());
        let end = start + 1 + inside(&events[start + 1..]).len();
        let id = take_id(text, &mut events[end - 1]);
        // Nothing can link to the headings of a text that has no place of its own.
        let id = id.map(|id| {
            if id_prefix.starts_with('_') {
                format!("{id_prefix}{id}")
            } else {
                id
            }
        });
        headings.push(Heading {
            level,
            is_explicit: id.is_some(),
            id: id.unwrap_or_default(),
            title: plain(&events[start + 1..end]),
            range,
        });
    }
    name_headings(&mut headings, id_prefix);
    headings
}

/// Removes `{#id}` from the end of a heading's last text and returns it.
///
/// Not the parser's own attributes: they would take the `{id}` of `## GET /chats/{id}`.
fn take_id(source: &str, placed: &mut Placed<'_>) -> Option<String> {
    let (event, range) = placed;
    let Event::Text(text) = event else {
        return None;
    };
    let (before, id) = text.strip_suffix('}')?.rsplit_once("{#")?;
    let is_id = |c: char| c.is_alphanumeric() || is_mark(c) || matches!(c, '-' | '_' | '.');
    let is_written_so = source[range.clone()].ends_with(&format!("{{#{id}}}"));
    let is_escaped = source[range.clone()].ends_with(&format!("\\{{#{id}}}"));
    // IDs that begin with `_` belong to the theme.
    let is_ours = id.starts_with('_');
    if id.is_empty() || is_ours || !id.chars().all(is_id) || !is_written_so || is_escaped {
        return None;
    }
    let id = normal(id).into_owned();
    *text = before.trim_end().to_owned().into();
    Some(id)
}

/// Generates IDs for headings without one: their words in GitHub's form, each unique.
fn name_headings(headings: &mut [Heading], id_prefix: &str) {
    let explicit = headings.iter().filter(|heading| heading.is_explicit);
    let mut taken: HashSet<String> = explicit.map(|heading| heading.id.clone()).collect();
    let mut next_numbers: HashMap<String, usize> = HashMap::new();
    for heading in headings.iter_mut().filter(|heading| !heading.is_explicit) {
        let words = match anchor_of_title(&heading.title) {
            words if words.is_empty() => "section".to_owned(),
            words => words,
        };
        // Numbered as GitHub does: `usage`, `usage-1`.
        let slug = format!("{id_prefix}{words}");
        // Numbers are never tried again, which would take quadratic time.
        let next = next_numbers.entry(slug.clone()).or_insert(0);
        let mut id = slug.clone();
        while {
            if *next > 0 {
                id = format!("{slug}-{next}");
            }
            *next += 1;
            !taken.insert(id.clone())
        } {}
        heading.id = id;
    }
}

/// Returns the events up to the end of the element whose start precedes them.
pub(super) fn inside<'e, 'a>(events: &'e [Placed<'a>]) -> &'e [Placed<'a>] {
    let mut depth = 0;
    for (index, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => return &events[..index],
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    events
}

/// Returns the plain text of some events, with a space between blocks.
pub(super) fn plain(events: &[Placed<'_>]) -> String {
    let part = |words: &mut String, at: TagEnd| {
        if !is_within_line(at) && !words.ends_with(char::is_whitespace) {
            words.push(' ');
        }
    };
    let mut words = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(text),
            Event::InlineHtml(tag)
                if element::is_block(tag) && !words.ends_with(char::is_whitespace) =>
            {
                words.push(' ');
            }
            Event::InlineHtml(tag) if element::markup(tag).is_some() => {}
            Event::Html(text) | Event::InlineHtml(text) => words.push_str(text),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            // A list begins within an item, behind its words.
            Event::Start(tag) if !words.is_empty() => part(&mut words, tag.to_end()),
            Event::End(end) => part(&mut words, *end),
            _ => {}
        }
    }
    words.truncate(words.trim_end().len());
    words
}

fn is_within_line(end: TagEnd) -> bool {
    use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong};
    matches!(end, Emphasis | Image | Link | Strikethrough | Strong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let document = Document::parse(text, "");
        let found = document
            .headings
            .iter()
            .map(|h| (h.id.as_str(), h.title.as_str()));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn headings_have_ids_of_their_words() {
        check(
            "# What’s *next*, `a_b`?\n\nÜber\n===\n\n# !\n",
            &[
                ("whats-next-a_b", "What’s next, a_b?"),
                ("über", "Über"),
                ("section", "!"),
            ],
        );
    }

    #[test]
    fn equal_headings_are_numbered_and_written_ids_win() {
        check(
            "# A\n# A\n# A-1\n# B {#a-2}\n# A\n# C {#my_id.x} #\n",
            &[
                ("a", "A"),
                ("a-1", "A"),
                ("a-1-1", "A-1"),
                ("a-2", "B"),
                ("a-3", "A"),
                ("my_id.x", "C"),
            ],
        );
    }

    #[test]
    fn braces_that_are_no_id_stay() {
        check(
            "# GET /chats/{id}\n# A \\{#b}\n# {#c}\n# D `{#e}`\n# F {#g h}\n",
            &[
                ("get-chatsid", "GET /chats/{id}"),
                ("a-b", "A {#b}"),
                ("c", ""),
                ("d-e", "D {#e}"),
                ("f-g-h", "F {#g h}"),
            ],
        );
    }
}
