//! Renders Markdown to HTML, and lists what others check in it.
//!
//! CommonMark with tables, footnotes, task lists, strikethrough and GitHub's admonitions; a
//! heading may end in `{#id}`. The text contains markers for its variables. No text can become
//! markup that Markdown does not describe: HTML is shown as text, destinations of links are
//! allow-listed, every text and attribute goes through [`Html`].
//!
//! Errors of a text (a dead link, an unknown language) are not reported here: [`outline()`]
//! returns the places, and `check`, which has the project, checks them. Rendering only omits such
//! links.

mod address;
mod callout;
mod dialect;
mod document;
mod east_asian;
mod element;
mod footnotes;
mod info;
mod marks;
mod misread;
mod outline;
mod pattern;
mod rewrite;
mod url;
mod write;

use pulldown_cmark::{Event, Tag};

use crate::hole::VariableId;
use crate::rich::highlight::Highlighter;
use crate::rich::html::Html;
use crate::rich::messages::Messages;
pub use dialect::ForeignMarkup;
use document::{Document, inside};
pub use document::{Heading, Labelled};
pub use element::MarkupFault;
pub use outline::{Fence, MarkdownLink, Passage, TextOutline, outline, passages};
pub use rewrite::{
    Surroundings, begins_with_words, code_span, inline_link, is_paragraph, longest_run, to_markdown,
};
pub use url::{is_safe, write as write_url};

/// The context of the page in which Markdown is rendered.
pub struct MarkdownOptions<'a> {
    /// Highlights code.
    pub highlighter: &'a Highlighter,
    /// The messages for admonitions, footnotes and the like.
    pub messages: &'a Messages,
    /// The level of the text's highest headings; the others keep their distance.
    pub top_level: u8,
    /// The prefix of generated IDs, so that several texts can share a page.
    ///
    /// An ID written as `{#id}` has no prefix, unless the prefix begins with `_`: then nothing can
    /// link to the headings.
    pub id_prefix: &'a str,
    /// The prefix of the IDs of footnotes and of references to them.
    pub footnotes: &'a str,
    /// Resolves a link or an image by its destination as written.
    pub resolve: &'a dyn Fn(LinkKind, &str) -> ResolvedLink,
    /// Returns whether a variable is a whole URL, which may begin a destination.
    pub is_url: &'a dyn Fn(VariableId) -> bool,
}

/// The kind of element that a destination belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// A link that a reader follows.
    Link,
    /// An image in the page.
    Image,
}

/// The target of a destination, seen from the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedLink {
    /// The destination as written.
    AsWritten,
    /// This URL, whose holes are encoded already.
    Url(String),
    /// An image whose size in pixels is known, so that the page does not move when it loads.
    Image {
        /// The URL of the file.
        url: String,
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// No target: only the text is shown.
    Nowhere,
}

/// Renders Markdown.
pub fn to_html(text: &str, options: &MarkdownOptions<'_>) -> Html {
    let document = Document::parse(text, options.id_prefix);
    write::write(&document, &document.events, options)
}

/// Renders Markdown; a single paragraph has no `p`, so that it can be part of a line.
pub fn inline_to_html(text: &str, options: &MarkdownOptions<'_>) -> Html {
    let document = Document::parse(text, options.id_prefix);
    let events = match document.events.as_slice() {
        [(Event::Start(Tag::Paragraph), _), after @ ..] => match inside(after) {
            words if words.len() + 1 == after.len() => words,
            _ => &document.events,
        },
        events => events,
    };
    write::write(&document, events, options)
}

/// Returns the plain text of a Markdown text.
pub fn to_text(text: &str) -> String {
    document::plain(&Document::parse(text, "").events)
}

#[cfg(test)]
mod tests;
