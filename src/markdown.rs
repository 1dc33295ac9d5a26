//! Markdown to HTML, and what is in it to check.

use std::ops::Range;

use crate::highlight::Highlighter;
use crate::hole::VariableId;
use crate::html::Html;

/// What Markdown needs to know of the page around it.
pub struct Options<'a> {
    /// Colours the code in fences.
    pub highlighter: &'a Highlighter,
    /// The level that the text's highest headings get; the others keep their distance.
    pub top_level: u8,
    /// Stands before the IDs that are made here, so that two texts can share a page.
    pub id_prefix: &'a str,
    /// Where a link or an image goes.
    pub resolve: &'a dyn Fn(LinkKind, &str) -> Resolved,
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
pub enum Resolved {
    /// To what is written.
    AsWritten,
    /// To this URL.
    Url(String),
    /// To an image file whose size in pixels is known.
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
pub fn to_html(text: &str, _options: &Options<'_>) -> Html {
    Html::text(text)
}

/// Renders Markdown; a lone paragraph goes without its `p`.
pub fn inline_to_html(text: &str, _options: &Options<'_>) -> Html {
    Html::text(text)
}

/// The words of a Markdown text alone, for a description or the search.
pub fn to_text(text: &str) -> String {
    text.to_owned()
}

/// Whether a destination, as Markdown gives it, may stand in a page: relative, or of a safe scheme.
pub fn is_safe(_destination: &str, _is_url: &dyn Fn(VariableId) -> bool) -> bool {
    true
}

/// What a text holds that others check: ranges are bytes of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The headings in order.
    pub headings: Vec<Heading>,
    /// The links and images in order.
    pub links: Vec<Link>,
    /// The code in fences.
    pub fences: Vec<Fence>,
    /// HTML, which is shown as text.
    pub raw_html: Vec<Range<usize>>,
    /// References like `[text][name]` and `[^name]` to what is defined nowhere.
    pub undefined: Vec<Undefined>,
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
    /// Its words alone.
    pub title: String,
    /// The whole heading.
    pub range: Range<usize>,
}

/// A link or an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which of the two it is.
    pub kind: LinkKind,
    /// Where it goes, as written, without Markdown's escapes.
    pub destination: String,
    /// The words of the link, or the image's alternative text.
    pub text: String,
    /// The destination where it stands in the link, else the whole link.
    pub range: Range<usize>,
}

/// Code in a fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The language as written; empty if there is none.
    pub language: String,
    /// Where the language stands.
    pub language_range: Range<usize>,
    /// The code itself.
    pub code: String,
    /// Where the code stands, from its first character to its last.
    pub range: Range<usize>,
}

/// A reference without a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undefined {
    /// What is referred to.
    pub label: String,
    /// The whole reference.
    pub range: Range<usize>,
}

/// Finds what a text holds; `id_prefix` as in [`Options`].
pub fn outline(_text: &str, _id_prefix: &str) -> Outline {
    Outline::default()
}
