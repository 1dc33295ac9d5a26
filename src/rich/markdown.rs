//! Markdown to HTML, and what is in it to check.
//!
//! CommonMark with tables, footnotes, task lists, strikethrough and GitHub's admonitions; a heading
//! may end in `{#id}`. The text holds markers for its variables. Nothing in it can become markup
//! that it doesn't describe: HTML is shown as text, destinations of links are allow-listed, every
//! text and attribute goes through [`Html`].
//!
//! What is wrong with a text (a dead link, an unknown language) is not said here: [`outline()`] has
//! the places, and whoever knows the project checks them. Rendering leaves out the link alone.

mod document;
mod footnotes;
mod outline;
mod rewrite;
mod url;
mod write;

use pulldown_cmark::{Event, Tag};

use crate::hole::VariableId;
use crate::rich::highlight::Highlighter;
use crate::rich::html::Html;
use crate::rich::messages::Messages;
use document::{Document, inside};
pub use document::{Heading, Labelled};
pub use outline::{Fence, MarkdownLink, Passage, TextOutline, outline, passages};
pub use rewrite::{
    Surroundings, begins_with_words, code_span, inline_link, is_paragraph, longest_run, to_markdown,
};
pub use url::{is_safe, write as write_url};

/// What Markdown needs to know of the page around it.
pub struct MarkdownOptions<'a> {
    /// Tells the pieces of code apart.
    pub highlighter: &'a Highlighter,
    /// The words of admonitions, footnotes and the like.
    pub messages: &'a Messages,
    /// The level that the text's highest headings get; the others keep their distance.
    pub top_level: u8,
    /// Stands before the IDs that are made here, so that several texts can share a page.
    ///
    /// An ID that is written as `{#id}` goes without it, unless it begins with `_`: then nothing
    /// can link to the headings.
    pub id_prefix: &'a str,
    /// Stands before the IDs of footnotes and of references to them.
    pub footnotes: &'a str,
    /// Where a link or an image goes, by its destination as written.
    pub resolve: &'a dyn Fn(LinkKind, &str) -> ResolvedLink,
    /// Whether a variable is a whole URL, which may begin a destination as it is.
    pub is_url: &'a dyn Fn(VariableId) -> bool,
}

/// What a destination belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// A link that a reader follows.
    Link,
    /// An image in the page.
    Image,
}

/// Where a destination leads, seen from the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedLink {
    /// To what is written.
    AsWritten,
    /// To this URL, whose holes are encoded already.
    Url(String),
    /// To an image whose size in pixels is known, so that the page needn't move when it comes.
    Image {
        /// Where the file is.
        url: String,
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// Nowhere: the text alone is shown.
    Nowhere,
}

/// Renders Markdown.
pub fn to_html(text: &str, options: &MarkdownOptions<'_>) -> Html {
    let document = Document::parse(text, options.id_prefix);
    write::write(&document, &document.events, options)
}

/// Renders Markdown; a lone paragraph goes without its `p`, so that it can stand in a line.
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

/// The words of a Markdown text alone.
pub fn to_text(text: &str) -> String {
    document::plain(&Document::parse(text, "").events)
}

#[cfg(test)]
mod tests;
