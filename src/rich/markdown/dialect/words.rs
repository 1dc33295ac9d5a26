//! The words of a text: what is neither code, nor a destination, nor HTML, nor escaped.

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::rich::markdown::document::Document;

/// The characters of which most constructs have one, at least.
pub(super) const SIGNS: [char; 15] = [
    ':', '!', '?', '=', '{', '[', '$', '^', '~', '+', '%', '<', '_', '|', '@',
];

/// The filler for marks of blocks and of emphasis.
pub(in crate::rich::markdown) const BLANK: [char; 3] = ['\0', ' ', '\t'];

/// The filler for what is text in any dialect: code, links, what is escaped.
const TEXT: u8 = 1;

/// The words of a text at their places.
pub(in crate::rich::markdown) struct Words(String);

impl Words {
    /// Reads the words of a document; nothing if it has none.
    pub(in crate::rich::markdown) fn read(text: &str, document: &Document<'_>) -> Option<Words> {
        let mut words = vec![0; text.len()];
        let (mut is_code, mut is_address) = (false, false);
        for (event, range) in &document.events {
            match event {
                Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => is_code = true,
                Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => is_code = false,
                Event::Start(Tag::Link {
                    link_type: LinkType::Autolink | LinkType::Email,
                    ..
                }) => is_address = true,
                Event::End(TagEnd::Link) => is_address = false,
                Event::Text(_) if !is_code && !is_address => {
                    words[range.clone()].copy_from_slice(&text.as_bytes()[range.clone()]);
                    hide_escapes(text, range.start, range.end, &mut words);
                }
                Event::Text(_) if is_address => words[range.clone()].fill(TEXT),
                Event::Code(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => {
                    words[range.clone()].fill(TEXT);
                }
                _ => {}
            }
        }
        // `{#id}` of a heading is ours.
        for heading in document.headings.iter().filter(|it| it.is_explicit) {
            let source = &text[heading.range.clone()];
            if let Some(at) = source.rfind("{#") {
                let at = heading.range.start + at;
                let end = text[at..].find('}').map_or(at, |end| at + end + 1);
                words[at..end].fill(TEXT);
            }
        }
        for (at, _) in text.match_indices('\n') {
            words[at] = b'\n';
        }
        String::from_utf8(words).ok().map(Words)
    }

    /// Returns the lines, each with its offset.
    pub(in crate::rich::markdown) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut at = 0;
        self.0.split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            (start, line.trim_end_matches('\n'))
        })
    }
}

/// Fills the escaped characters of a text, and their backslashes.
fn hide_escapes(text: &str, start: usize, end: usize, words: &mut [u8]) {
    let bytes = text.as_bytes();
    // The place of a text that begins with an escaped character begins after the backslash.
    let before = text[..start].len() - text[..start].trim_end_matches('\\').len();
    let mut at = start;
    if before % 2 == 1 && at < end {
        let first = text[at..].chars().next().map_or(1, char::len_utf8);
        words[at..at + first].fill(TEXT);
        at += first;
    }
    while at + 1 < end {
        if bytes[at] == b'\\' && bytes[at + 1].is_ascii_punctuation() {
            words[at..at + 2].fill(TEXT);
            at += 1;
        }
        at += 1;
    }
}
