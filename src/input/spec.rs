//! The project's files exactly as written: trees with places, and guides split from their front
//! matter.

use crate::input::diagnostic::Report;
use crate::input::front_matter::split_front_matter;
use crate::input::load::PageFile;
use crate::input::page_kind::PageKind;
use crate::input::source::{Sources, Span};
use crate::input::yaml::{self, Node};

/// A page as written.
#[derive(Debug)]
pub struct PageSpec {
    /// The file name without its extension.
    pub name: String,
    /// Its content.
    pub body: PageBody,
}

/// The content of a page's file.
#[derive(Debug)]
pub enum PageBody {
    /// An API page.
    Api(Node),
    /// A guide: its front matter, and the place of its Markdown.
    Guide(Node, Span),
}

/// Parses a page's file; reports errors in its syntax.
pub fn parse_page(sources: &Sources, page: &PageFile, report: &mut Report) -> Option<PageSpec> {
    let span = Span::new(page.file, 0..sources.get(page.file).text.len());
    let body = match page.kind {
        PageKind::Api => PageBody::Api(yaml::parse(sources, page.file, report)?),
        PageKind::Guide => {
            let (front, markdown) = split_front_matter(sources, span, report)?;
            PageBody::Guide(yaml::parse_part(sources, front, report)?, markdown)
        }
    };
    Some(PageSpec {
        name: page.name.clone(),
        body,
    })
}

/// Parses the front matter of a page's file; returns `None` if the page has none.
pub fn front_matter(sources: &Sources, page: &PageFile) -> Option<Node> {
    if page.kind != PageKind::Guide {
        return None;
    }
    let span = Span::new(page.file, 0..sources.get(page.file).text.len());
    // `parse_page` reports the errors.
    let mut report = Report::default();
    let (front, _) = split_front_matter(sources, span, &mut report)?;
    yaml::parse_part(sources, front, &mut report)
}
