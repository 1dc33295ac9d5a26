//! The project's files exactly as written: trees with places, and guides split from their front
//! matter.

use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
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

/// Returns the front matter between two lines of `---`, and the Markdown after it.
fn split_front_matter(sources: &Sources, file: Span, report: &mut Report) -> Option<(Span, Span)> {
    let text = sources.text(file);
    let fault = |start: usize, message: &str| {
        Diagnostic::error(
            Code::MissingKey,
            Span::new(file.file, start..start),
            message,
        )
        .help("begin the file with a line `---`, a line `title: …`, and a line `---`")
    };
    // The two lines are Jekyll's format, not YAML's document markers: Markdown may contain further
    // lines `---`, which are rules there.
    let Some(front) = text.strip_prefix("---\n") else {
        report.push(fault(0, "a guide without front matter"));
        return None;
    };
    let mut offset = 4;
    for line in front.split_inclusive('\n') {
        // Editors leave invisible spaces at ends of lines.
        if line.trim_end() == "---" {
            let front = Span::new(file.file, 4..offset);
            return Some((front, Span::new(file.file, offset + line.len()..text.len())));
        }
        offset += line.len();
    }
    report.push(fault(0, "front matter that never ends"));
    None
}
