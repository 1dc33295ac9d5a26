//! The footnotes of a text, numbered in the order of their first references.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag};

use super::MarkdownOptions;
use super::document::Placed;
use crate::rich::html::Html;

/// Numbers, counts of references, and texts; footnotes without a reference come last.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Each label's number, from 1; labels are case-insensitive.
    numbers: HashMap<String, usize>,
    /// How often each number has been referred to so far.
    times: Vec<usize>,
    /// The text of each number.
    bodies: Vec<(usize, Html)>,
}

impl Footnotes {
    pub(super) fn number(events: &[Placed<'_>]) -> Footnotes {
        let mut footnotes = Footnotes::default();
        for (event, _) in events {
            if let Event::FootnoteReference(label) = event {
                footnotes.number_of(label);
            }
        }
        for (event, _) in events {
            if let Event::Start(Tag::FootnoteDefinition(label)) = event {
                footnotes.number_of(label);
            }
        }
        footnotes
    }

    /// Returns the number of the footnote with a label.
    pub(super) fn number_of(&mut self, label: &str) -> usize {
        let next = self.numbers.len() + 1;
        // CommonMark 0.31.2 §6.3 compares labels case-insensitively, and so do GitHub's footnotes.
        let number = *self.numbers.entry(label.to_lowercase()).or_insert(next);
        self.times.resize(self.numbers.len(), 0);
        number
    }

    /// Stores the text of a footnote.
    pub(super) fn define(&mut self, number: usize, body: Html) {
        self.bodies.push((number, body));
    }

    /// Writes a reference to a footnote.
    pub(super) fn push_reference(
        &mut self,
        html: &mut Html,
        options: &MarkdownOptions<'_>,
        label: &str,
    ) {
        let prefix = options.footnotes;
        let number = self.number_of(label);
        self.times[number - 1] += 1;
        let name = options
            .messages
            .text_with("footnote", [("number", number.into())]);
        html.push_markup("<sup>");
        html.element("a")
            .attribute("class", "footnote")
            .attribute("href", &format!("#{prefix}fn-{number}"))
            .attribute("id", &reference_id(prefix, number, self.times[number - 1]))
            .attribute("aria-label", &name)
            .text(&number.to_string());
        html.push_markup("</sup>");
    }

    /// Writes the footnotes, each with links back to its references.
    pub(super) fn push_all(mut self, html: &mut Html, options: &MarkdownOptions<'_>) {
        let (messages, prefix) = (options.messages, options.footnotes);
        if self.bodies.is_empty() {
            return;
        }
        self.bodies.sort_by_key(|&(number, _)| number);
        html.element("div")
            .attribute("class", "footnotes")
            .attribute("role", "group")
            .attribute("aria-label", &messages.text("footnotes"))
            .open();
        html.push_markup("<ol>\n");
        for (number, body) in &self.bodies {
            html.element("li")
                .attribute("id", &format!("{prefix}fn-{number}"))
                .open();
            html.push(body);
            for time in 1..=self.times[number - 1] {
                let times = [("number", (*number).into()), ("time", time.into())];
                let way = match time {
                    1 => messages.text_with("footnote-back", [("number", (*number).into())]),
                    _ => messages.text_with("footnote-back-again", times),
                };
                html.element("a")
                    .attribute("class", "back")
                    .attribute("href", &format!("#{}", reference_id(prefix, *number, time)))
                    .attribute("aria-label", &way)
                    // U+FE0E selects the text form of the arrow: otherwise phones draw it as a
                    // coloured emoji.
                    .text("\u{21a9}\u{fe0e}");
            }
            html.push_markup("</li>\n");
        }
        html.push_markup("</ol></div>\n");
    }
}

fn reference_id(prefix: &str, number: usize, time: usize) -> String {
    match time {
        1 => format!("{prefix}fnref-{number}"),
        _ => format!("{prefix}fnref-{number}-{time}"),
    }
}
