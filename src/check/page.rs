//! One page: the result of its file alone, and notes for checks that need the other pages.

use std::ops::Range;
use std::sync::Arc;

use crate::hole::variable::Variables;
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::{Inputs, PageFile};
use crate::input::source::{SourceFile, Span};
use crate::input::spec::{self, PageBody, PageSpec};
use crate::input::yaml::{Node, Value};
use crate::model::anchor;
use crate::model::{Content, Markdown, Page, Proven};
use crate::rich::markdown::outline;

use super::noted::{KeyWaiver, LinkUse, NameUse};
use super::reader::{Braces, Reader};
use super::{api, findings, markdown, waiver};

pub(super) const GUIDE_KEYS: &[&str] = &["title", "description", "braces", "internal"];

/// The result of a page's file: it depends only on the file's text and the variables, so it can be
/// remembered for as long as these stay the same.
#[derive(Debug)]
pub(super) struct Checked {
    /// The file.
    pub(super) text: Arc<SourceFile>,
    /// All of it.
    pub(super) span: Span,
    /// Its syntax errors.
    pub(super) syntax: Report,
    /// All other errors and warnings.
    pub(super) faults: Report,
    /// The page, unless too much is wrong.
    pub(super) page: Option<Arc<Page>>,
    /// Whether it has errors, so that some of its anchors may be unknown.
    pub(super) is_broken: bool,
    /// The places of its endpoints, in their order.
    pub(super) endpoints: Vec<Span>,
    /// What double braces are in it.
    pub(super) braces: Braces,
    /// Where links can lead to.
    pub(super) anchors: Anchors,
    /// Links in it.
    pub(super) links: Vec<LinkUse>,
    /// Names in its prose.
    pub(super) names: Vec<NameUse>,
    /// Its waivers of texts that look like keys.
    pub(super) waivers: Vec<KeyWaiver>,
    /// The ranges of texts that look like keys.
    pub(super) secrets: Vec<Range<usize>>,
}

/// The places of a page that links can lead to.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    in_order: Vec<String>,
    /// Indices into these, by name.
    sorted: Vec<usize>,
}

impl Anchors {
    fn new(in_order: Vec<String>) -> Anchors {
        let mut sorted: Vec<usize> = (0..in_order.len()).collect();
        // Indices, since both orders are needed and a page can have thousands of anchors.
        sorted.sort_by_key(|&index| &in_order[index]);
        Anchors { in_order, sorted }
    }

    /// Returns whether the page has an anchor.
    pub(super) fn has(&self, anchor: &str) -> bool {
        let found = self
            .sorted
            .binary_search_by(|&index| self.in_order[index].as_str().cmp(anchor));
        found.is_ok()
    }

    /// Returns all anchors in the order of the page.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.in_order.iter().map(String::as_str)
    }

    /// Returns the anchors that several things share, each once.
    fn repeated(&self) -> impl Iterator<Item = &str> {
        let name = |&index: &usize| self.in_order[index].as_str();
        let runs = self
            .sorted
            .chunk_by(move |one, next| name(one) == name(next));
        runs.filter(|run| run.len() > 1)
            .map(move |run| name(&run[0]))
    }
}

impl Checked {
    /// Returns where the page's file begins.
    pub(super) fn start(&self) -> Span {
        let start = self.span.range().start;
        Span::new(self.span.file, start..start)
    }

    /// Reads a page's file.
    pub(super) fn new(file: &PageFile, inputs: &Inputs, variables: &Variables) -> Checked {
        let sources = &inputs.sources;
        let text = Arc::clone(sources.get(file.file));
        let mut syntax = Report::default();
        // The tree is the spec as written. A second family of structs between it and the model was
        // refused: each key would be declared twice, and a struct that fails to parse hides the
        // errors beside it.
        let written = spec::parse_page(sources, file, &mut syntax);
        let mut faults = Report::default();
        // The reader sees this file and the variables only. What it sees decides what the cache may
        // keep.
        let mut reader = Reader::new(sources, variables, &mut faults);
        let mut waivers = Vec::new();
        let is_sound = !syntax.has_errors();
        let page = written.and_then(|written| lower(&mut reader, &written, is_sound, &mut waivers));
        let is_broken = reader.report.has_errors() || syntax.has_errors();
        let anchors = page.as_ref().map(anchor::anchors).unwrap_or_default();
        let anchors = Anchors::new(anchors);
        let span = Span::new(file.file, 0..text.text.len());
        // Anchors are compared on the finished page, since titles and fields generate some that
        // nobody writes; their places come from the notes.
        if let Some(page) = &page {
            for anchor in anchors.repeated() {
                collision(&mut reader, page, anchor, span);
            }
        }
        let api = page.as_ref().and_then(|page| page.api());
        let endpoints = api.iter().flat_map(|api| &api.endpoints);
        let endpoints = endpoints.map(|it| reader.place(&it.id).unwrap_or(span));
        let endpoints = endpoints.collect();
        let (links, names, braces) = (reader.links, reader.names, reader.braces);
        Checked {
            span,
            syntax,
            page: page.map(Arc::new),
            is_broken,
            endpoints,
            braces,
            anchors,
            links,
            names,
            waivers,
            // Depends on the text of the file alone, so the cache may keep it.
            secrets: crate::input::secret::find(&text.text),
            faults,
            text,
        }
    }
}

/// Returns the page of a file; its examples are proven if its syntax is sound and the rest of it
/// right.
fn lower(
    reader: &mut Reader<'_>,
    page: &PageSpec,
    is_sound: bool,
    waivers: &mut Vec<KeyWaiver>,
) -> Option<Page> {
    let (front, what, known) = match &page.body {
        PageBody::Api(node) => (node, "an API page", api::PAGE_KEYS),
        PageBody::Guide(node, _) => (node, "a guide's front matter", GUIDE_KEYS),
    };
    let map = reader.map(front, what, known)?;
    if let PageBody::Guide(..) = page.body {
        if let Some(node) = map.get("braces") {
            reader.choice(node, "`braces` value", &[("literal", ())]);
        }
        if is_literal(front) {
            reader.braces = Braces::Literal;
        }
    }
    let title = reader
        .require(&map, "title")
        .and_then(|node| reader.text(node));
    let description = map.get("description").and_then(|node| reader.text(node));
    let internal = map
        .get("internal")
        .and_then(|node| reader.boolean(node))
        .unwrap_or(false);
    let mut proven = Proven::default();
    let content = match &page.body {
        PageBody::Api(_) => {
            let waived = waiver::of_page(reader, &map);
            waivers.extend(waived.values);
            let api = api::lower(reader, &map)?;
            // On a page with other errors, a proof would report the same errors in other words.
            if is_sound && !reader.report.has_errors() {
                proven = findings::proven(reader, &map, &api, &waived.places);
            }
            Content::Api(Box::new(api))
        }
        PageBody::Guide(_, body) => {
            if reader.braces == Braces::Variables {
                reader.braces = Braces::VariablesOfGuide;
            }
            Content::Guide(guide(reader, *body, title.as_deref().unwrap_or_default()))
        }
    };
    if internal {
        reader.links.iter_mut().for_each(|it| it.is_internal = true);
    }
    Some(Page {
        name: page.name.clone(),
        title: title?,
        description,
        content,
        proven,
        internal,
        used: reader.used,
    })
}

/// Returns whether the front matter of a guide makes its double braces text.
// With any value: an invalid one has its own report, and `{{ … }}` on the page would cause more.
fn is_literal(front: &Node) -> bool {
    front.value.get("braces").is_some()
}

/// Returns whether a file is a guide in which double braces are text.
pub(super) fn has_literal_braces(file: &Arc<SourceFile>, inputs: &Inputs) -> bool {
    let sources = &inputs.sources;
    let mut pages = inputs.pages.iter();
    let page = pages.find(|page| Arc::ptr_eq(sources.get(page.file), file));
    let front = page.and_then(|page| spec::front_matter(sources, page));
    front.is_some_and(|front| is_literal(&front))
}

fn guide(reader: &mut Reader<'_>, body: Span, title: &str) -> Markdown {
    let written = reader.sources.text(body).to_owned();
    let node = Node {
        value: Value::Null,
        span: body,
        place: body,
    };
    let outline = outline(&written, "");
    let mut level = 1;
    let locator = reader.locator(&node, &written);
    for heading in &outline.headings {
        let span = locator.place(heading.range.clone());
        reader.note_place(&heading.id, span);
        if heading.level == 1 {
            let repeats = heading.title.trim().eq_ignore_ascii_case(title.trim());
            let (message, help) = if repeats {
                let help = "remove it: the page shows its title as the first heading";
                ("a heading that repeats the page's title", help)
            } else {
                let help = "the page's title is its first heading; begin headings with `##`";
                ("a second heading at the level of the page's title", help)
            };
            let diagnostic = Diagnostic::warning(Code::HeadingLevel, span, message);
            reader.report.push(diagnostic.help(help));
        } else if heading.level > level + 1 {
            let help = format!("write `{}`", "#".repeat(usize::from(level) + 1));
            reader.report.push(
                Diagnostic::warning(Code::HeadingLevel, span, "a heading that skips a level")
                    .help(help),
            );
        }
        level = heading.level;
    }
    markdown::note_names(reader, &outline, &written, &locator);
    markdown::lower_text(reader, &node, &written)
}

/// Reports an anchor that two parts share, at their places if known, else at the page.
fn collision(reader: &mut Reader<'_>, page: &Page, anchor: &str, page_span: Span) {
    let help = match page.content {
        Content::Api(_) => {
            "give a section another `id`, an endpoint another key, or a heading an anchor of its own: {#id}"
        }
        Content::Guide(_) => "give one of the headings an anchor of its own: ## Title {#id}",
    };
    let mut found = reader.places.get(anchor).cloned().unwrap_or_default();
    found.sort();
    let last = found.pop().unwrap_or(page_span);
    let message = format!("duplicate anchor `#{anchor}` on this page");
    let mut diagnostic = Diagnostic::error(Code::AnchorCollision, last, message).help(help);
    if let Some(&first) = found.first() {
        diagnostic = diagnostic.label("again here").and(first, "first here");
    }
    reader.report.push(diagnostic);
}
