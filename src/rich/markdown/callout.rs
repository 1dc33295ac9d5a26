//! Callouts whose first line has a title: `> [!TIP] In production`.
//!
//! GitHub's Markdown, which the parser follows, has only callouts without one.

use pulldown_cmark::{BlockQuoteKind, Event, Tag, TagEnd};

use super::document::{Placed, inside};
use super::element::{TITLE, TITLE_END};

/// The kinds of callouts, by their words.
const KINDS: [(&str, BlockQuoteKind); 5] = [
    ("[!NOTE]", BlockQuoteKind::Note),
    ("[!TIP]", BlockQuoteKind::Tip),
    ("[!IMPORTANT]", BlockQuoteKind::Important),
    ("[!WARNING]", BlockQuoteKind::Warning),
    ("[!CAUTION]", BlockQuoteKind::Caution),
];

/// Returns whether a name is a kind of callouts.
pub(super) fn is_kind(name: &str) -> bool {
    let inner = |word: &'static str| word.trim_matches(['[', '!', ']']);
    KINDS
        .iter()
        .any(|&(word, _)| inner(word).eq_ignore_ascii_case(name))
}

/// Makes callouts of quotes that begin with a kind and a title.
pub(super) fn name_callouts(text: &str, events: &mut Vec<Placed<'_>>) {
    if !text.contains("[!") {
        return;
    }
    // Inserted at once: one insertion for each callout would take quadratic time.
    let mut ends = Vec::new();
    for start in 0..events.len() {
        if let Some((kind, length)) = kind_at(text, &events[start..]) {
            ends.extend(name(events, start, kind, length));
        }
    }
    if ends.is_empty() {
        return;
    }
    let mut ends = ends.into_iter().peekable();
    let named = std::mem::take(events);
    for (index, placed) in named.into_iter().enumerate() {
        if ends.next_if_eq(&index).is_some() {
            let end = Event::InlineHtml(TITLE_END.into());
            events.push((end, placed.1.clone()));
        }
        events.push(placed);
    }
}

/// Returns the kind of a quote that begins with a kind and more words, and how many bytes it takes.
fn kind_at(text: &str, events: &[Placed<'_>]) -> Option<(BlockQuoteKind, usize)> {
    let [
        (Event::Start(Tag::BlockQuote(None)), _),
        (Event::Start(Tag::Paragraph), _),
        (Event::Text(words), range),
        ..,
    ] = events
    else {
        return None;
    };
    // Escaped brackets are text.
    if text[..range.start].ends_with('\\') {
        return None;
    }
    let source = &text[range.clone()];
    let is_kind = |&&(word, _): &&(&str, BlockQuoteKind)| {
        let is_written = |text: &str| {
            let start = text.get(..word.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        is_written(source)
            && is_written(words)
            && words[word.len()..].starts_with(|c: char| c.is_whitespace())
    };
    let &(word, kind) = KINDS.iter().find(is_kind)?;
    let blank = &words[word.len()..];
    let length = word.len() + blank.len() - blank.trim_start().len();
    // A character reference is shorter as text.
    source
        .starts_with(&words[..length])
        .then_some((kind, length))
}

/// Changes a quote into a callout; the rest of its first line is the title.
///
/// Returns where the end of the title must be inserted, if a paragraph follows it.
fn name(
    events: &mut [Placed<'_>],
    start: usize,
    kind: BlockQuoteKind,
    length: usize,
) -> Option<usize> {
    let end = start + 1 + inside(&events[start + 1..]).len();
    events[start].0 = Event::Start(Tag::BlockQuote(Some(kind)));
    if let Some((event, _)) = events.get_mut(end) {
        *event = Event::End(TagEnd::BlockQuote(Some(kind)));
    }
    if let (Event::Text(words), range) = &mut events[start + 2] {
        *words = words[length..].to_owned().into();
        range.start += length;
    }
    let paragraph = start + 2 + inside(&events[start + 2..]).len();
    let line = &events[start + 2..paragraph];
    let line_end = end_of_line(line).map(|at| start + 2 + at);
    let place = events[start + 2].1.clone();
    events[start + 1] = (Event::InlineHtml(TITLE.into()), place.start..place.start);
    match line_end {
        Some(at) => events[at].0 = Event::Start(Tag::Paragraph),
        // The line is the whole paragraph.
        None => {
            if let Some((event, _)) = events.get_mut(paragraph) {
                *event = Event::InlineHtml(TITLE_END.into());
            }
        }
    }
    line_end
}

/// Finds the first line break that is not inside emphasis or a link.
fn end_of_line(words: &[Placed<'_>]) -> Option<usize> {
    let mut depth = 0_usize;
    words.iter().position(|(event, _)| {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(event, Event::SoftBreak | Event::HardBreak)
    })
}
