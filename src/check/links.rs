//! Links, anchors and redirects: what can be judged only when every page is known.

use std::ops::Range;

use crate::anchor;
use crate::diagnostic::{Diagnostic, nearest};
use crate::explain::Code;
use crate::highlight;
use crate::hole::is_reserved;
use crate::link::Destination;
use crate::load::reserved_character;
use crate::markdown;
use crate::model::{Content, Markdown, Model, Page, Redirect, Target};
use crate::source::Span;
use crate::yaml::{Node, Value};

use super::reader::Reader;

/// A link that the spec holds.
#[derive(Debug)]
pub(super) struct LinkUse {
    page: String,
    destination: String,
    span: Span,
    is_image: bool,
}

/// A page and the places on it that links can lead to.
struct Places<'m> {
    page: &'m Page,
    anchors: Vec<String>,
}

impl Reader<'_> {
    /// Notes a link, to be judged when every page is known.
    pub(super) fn link_use(&mut self, destination: &str, span: Span, is_image: bool) {
        let page = self.page.clone();
        self.links.push(LinkUse {
            page,
            destination: destination.to_owned(),
            span,
            is_image,
        });
    }

    /// Markdown of a value, whose links and code are checked.
    pub(super) fn markdown(&mut self, node: &Node) -> Option<Markdown> {
        let Value::String(written) = &node.value else {
            // The fault is that of a text; `word` words it.
            self.word(node);
            return None;
        };
        if written.trim().is_empty() {
            self.error(
                Code::EmptyValue,
                node.place,
                "an empty text",
                "write it, or remove the key",
            );
            return None;
        }
        Some(self.markdown_text(node, written))
    }

    /// Markdown whose text stands in a node, or is the body of a guide.
    pub(super) fn markdown_text(&mut self, node: &Node, written: &str) -> Markdown {
        let locator = self.locator(node, written);
        for (range, character) in references_to_reserved(written) {
            let span = locator.place(range);
            self.report.push(reserved_character(character, span));
        }
        let resolved = self.resolve(node, written);
        let outline = markdown::outline(&resolved.text, "");
        for link in outline.links {
            let span = locator.place(resolved.written(link.range));
            let is_image = link.kind == markdown::LinkKind::Image;
            if is_image && link.text.trim().is_empty() {
                let help = "describe the image between the brackets: ![what it shows](…)";
                self.report.push(
                    Diagnostic::warning(Code::MissingAltText, span, "an image without a text")
                        .help(help),
                );
            }
            self.link_use(&link.destination, span, is_image);
        }
        for heading in outline
            .headings
            .iter()
            .filter(|heading| heading.is_explicit)
        {
            let range = resolved.written(heading.range.clone());
            let span = locator.place(range);
            self.note_place(&heading.id, span);
        }
        for undefined in outline.undefined {
            let span = locator.place(resolved.written(undefined.range));
            let message = format!("no definition of `{}`", undefined.label);
            let help = format!(
                "add a line `[{}]: …`, or write \\[ for a bracket itself",
                undefined.label
            );
            self.error(Code::DeadLink, span, message, help);
        }
        for repeated in outline.repeated {
            let span = locator.place(resolved.written(repeated.range));
            let message = format!("a second footnote `[{}]`", repeated.label);
            self.error(
                Code::DuplicateId,
                span,
                message,
                "give one of the two another label",
            );
        }
        for fence in outline.fences {
            let code_span = locator.place(resolved.written(fence.range.clone()));
            self.only_plain_variables(&fence.code, code_span, "code");
            let language_span = locator.place(resolved.written(fence.language_range.clone()));
            self.fence(&fence, language_span);
        }
        Markdown(resolved.text)
    }

    fn fence(&mut self, fence: &markdown::Fence, span: Span) {
        let (code, message, help) = match highlight::language(&fence.language) {
            Ok(language) if highlight::is_too_long(&fence.code, language) => (
                Code::NotHighlighted,
                "code that is too long to be highlighted".to_owned(),
                "break long lines, show less of it, or write `text` if plain is fine".to_owned(),
            ),
            Ok(_) => return,
            Err(meant) => (
                Code::UnknownLanguage,
                format!("no highlighting for `{}`", fence.language),
                match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "the code is shown without colours; write `text` if that is meant"
                        .to_owned(),
                },
            ),
        };
        self.report
            .push(Diagnostic::warning(code, span, message).help(help));
    }

    /// Judges the links of all pages.
    pub(super) fn judge_links(&mut self, model: &Model) {
        let places = places(model);
        for link in std::mem::take(&mut self.links) {
            self.judge_link(&link, model, &places);
        }
    }

    fn judge_link(&mut self, link: &LinkUse, model: &Model, places: &[Places<'_>]) {
        let is_url = |id| self.variables.get(id).is_url;
        if !markdown::is_safe(&link.destination, &is_url) {
            let help = "a link is relative, or begins with https:, http:, mailto: or tel:, or with a variable of `type: url`";
            let message = format!(
                "a link to `{}`, whose scheme is not allowed",
                shown(&link.destination)
            );
            self.error(Code::UnsafeLink, link.span, message, help);
            return;
        }
        match Destination::parse(&link.destination) {
            Destination::External(_) => {}
            Destination::Anchor(anchor) => {
                let here = places.iter().find(|places| places.page.name == link.page);
                match here {
                    Some(here) => self.judge_anchor(link, here, anchor),
                    // The page is left out for a fault of its own.
                    None if !link.page.is_empty() => {}
                    None => {
                        let help = "name the page too: page#place";
                        self.error(
                            Code::DeadLink,
                            link.span,
                            format!("`#{anchor}` in a link that is on every page"),
                            help,
                        );
                    }
                }
            }
            Destination::Page(name, anchor) if !link.is_image => {
                let Some(there) = places.iter().find(|places| places.page.name == name) else {
                    if !self.is_left_out(name, model) {
                        let (path, _) = link
                            .destination
                            .split_once('#')
                            .unwrap_or((&link.destination, ""));
                        self.dead_link(link, path, model);
                    }
                    return;
                };
                if let Some(anchor) = anchor {
                    self.judge_anchor(link, there, anchor);
                }
            }
            Destination::Page(path, _) | Destination::File(path) => {
                if !model.files.iter().any(|file| file == path) {
                    self.dead_link(link, path, model);
                }
            }
        }
    }

    /// Whether a page has a file, but is left out for a fault of its own, which is enough to say.
    fn is_left_out(&self, name: &str, model: &Model) -> bool {
        let mut files = self.inputs.pages.iter().map(|page| &page.name);
        let has_file =
            files.any(|file| file == name) || self.inputs.unread.iter().any(|n| n == name);
        has_file && model.page(name).is_none()
    }

    fn dead_link(&mut self, link: &LinkUse, wanted: &str, model: &Model) {
        let pages = model.pages.iter().map(|page| page.name.as_str());
        let files = model.files.iter().map(String::as_str);
        let mut diagnostic = Diagnostic::error(
            Code::DeadLink,
            link.span,
            format!("no page or file `{}`", shown(wanted)),
        );
        let name = wanted
            .strip_suffix(".md")
            .or_else(|| wanted.strip_suffix(".yaml"))
            .unwrap_or(wanted);
        if let Some(meant) = nearest(name, pages).or_else(|| nearest(wanted, files)) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        let help = match wanted.starts_with('/') {
            true => {
                "links are relative, so that the site works under any address: name the page, such as `integration`"
            }
            false => {
                "a link names a page (`integration`), a place on it (`integration#credentials`), or a file below the spec's folder"
            }
        };
        self.report.push(diagnostic.help(help));
    }

    fn judge_anchor(&mut self, link: &LinkUse, there: &Places<'_>, anchor: &str) {
        let known = there.anchors.iter().any(|known| known == anchor);
        if known || self.broken.contains(&there.page.name) {
            return;
        }
        let message = format!(
            "the page `{}` has no place `#{}`",
            there.page.name,
            shown(anchor)
        );
        let mut diagnostic = Diagnostic::error(Code::DeadLink, link.span, message);
        if let Some(meant) = nearest(anchor, there.anchors.iter().map(String::as_str)) {
            diagnostic = diagnostic.label(format!("did you mean `#{meant}`?"));
        }
        let first: Vec<&str> = there
            .anchors
            .iter()
            .filter(|a| !a.contains('.'))
            .take(12)
            .map(String::as_str)
            .collect();
        self.report
            .push(diagnostic.help(format!("places on that page are: {}", first.join(", "))));
    }

    /// Reports anchors that two things of a page share.
    pub(super) fn judge_anchors(&mut self, model: &Model, spans: &[(String, Span)]) {
        for places in places(model) {
            let mut seen = std::collections::HashSet::new();
            let Some((_, span)) = spans.iter().find(|(name, _)| *name == places.page.name) else {
                continue;
            };
            for anchor in &places.anchors {
                if !seen.insert(anchor) {
                    self.collision(places.page, anchor, *span);
                }
            }
        }
    }

    /// Reports an anchor of two places, at the places where they are known, else at the page.
    fn collision(&mut self, page: &Page, anchor: &str, page_span: Span) {
        let help = match page.content {
            Content::Api(_) => {
                "give a section another `id`, an endpoint another key, or a heading an anchor of its own: {#id}"
            }
            Content::Guide(_) => "give one of the headings an anchor of its own: ## Title {#id}",
        };
        let mut found: Vec<Span> = self
            .places
            .iter()
            .filter(|(name, known, _)| *name == page.name && known == anchor)
            .map(|&(_, _, span)| span)
            .collect();
        found.sort();
        let last = found.pop().unwrap_or(page_span);
        let message = format!("two places on this page are `#{anchor}`");
        let mut diagnostic = Diagnostic::error(Code::AnchorCollision, last, message).help(help);
        if let Some(&first) = found.first() {
            diagnostic = diagnostic.label("again here").and(first, "first here");
        }
        self.report.push(diagnostic);
    }

    /// The redirects of renamed pages and anchors.
    pub(super) fn redirects(&mut self, node: &Node, model: &Model) -> Vec<Redirect> {
        let places = places(model);
        let mut redirects = Vec::new();
        for entry in self.entries(node).unwrap_or_default() {
            let from = target(&entry.key);
            let Some(to) = self.word(&entry.value).map(target) else {
                continue;
            };
            if !super::is_safe_id(&from.page) {
                let help = "write the page's old name, or name#anchor";
                self.error(
                    Code::InvalidRedirect,
                    entry.key_span,
                    format!("`{}` was no page's name", entry.key),
                    help,
                );
                continue;
            }
            if exists(&from, &places) {
                let help = "a redirect leads from an old place; remove it, or rename the place";
                self.error(
                    Code::InvalidRedirect,
                    entry.key_span,
                    format!("`{}` still exists", entry.key),
                    help,
                );
                continue;
            }
            if from.anchor.is_some()
                && !places.iter().any(|places| places.page.name == from.page)
                && !self.is_left_out(&from.page, model)
            {
                let help = "redirect the page itself; links to places on it lead to the same places on the new page";
                self.error(
                    Code::InvalidRedirect,
                    entry.key_span,
                    format!("no page `{}` that could have had a place", from.page),
                    help,
                );
                continue;
            }
            if !exists(&to, &places)
                && !self.broken.contains(&to.page)
                && !self.is_left_out(&to.page, model)
            {
                let written = self.sources().text(entry.value.span);
                let message = format!("a redirect to `{written}`, which is not there");
                let mut diagnostic =
                    Diagnostic::error(Code::InvalidRedirect, entry.value.span, message);
                if let Some(meant) = nearest_place(&to, &places) {
                    diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
                }
                self.report
                    .push(diagnostic.help("name a page, or page#place, that exists now"));
                continue;
            }
            redirects.push(Redirect { from, to });
        }
        redirects
    }
}

/// References such as `&#xF0000;` to characters that no text may hold.
fn references_to_reserved(text: &str) -> Vec<(Range<usize>, char)> {
    let references = text.match_indices("&#").filter_map(|(start, _)| {
        let number = text[start + 2..].split_once(';')?.0;
        let end = start + 2 + number.len() + 1;
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let character = char::from_u32(code.ok()?)?;
        // Markdown makes U+FFFD of a reference to NUL.
        (character != '\0' && is_reserved(character)).then_some((start..end, character))
    });
    references.collect()
}

fn places(model: &Model) -> Vec<Places<'_>> {
    model
        .pages
        .iter()
        .map(|page| Places {
            page,
            anchors: anchor::anchors(page),
        })
        .collect()
}

/// The page or place that a target was most likely meant to be.
fn nearest_place(target: &Target, places: &[Places<'_>]) -> Option<String> {
    let here = places.iter().find(|places| places.page.name == target.page);
    match (here, &target.anchor) {
        (Some(here), Some(anchor)) => {
            let meant = nearest(anchor, here.anchors.iter().map(String::as_str))?;
            Some(format!("{}#{meant}", target.page))
        }
        _ => nearest(
            &target.page,
            places.iter().map(|there| there.page.name.as_str()),
        )
        .map(str::to_owned),
    }
}

fn exists(target: &Target, places: &[Places<'_>]) -> bool {
    let page = places.iter().find(|places| places.page.name == target.page);
    page.is_some_and(|page| match &target.anchor {
        Some(anchor) => page.anchors.contains(anchor),
        None => true,
    })
}

fn target(written: &str) -> Target {
    let (page, anchor) = match written.split_once('#') {
        Some((page, anchor)) => (page, Some(anchor.to_owned())),
        None => (written, None),
    };
    let page = page
        .strip_suffix(".yaml")
        .or_else(|| page.strip_suffix(".md"))
        .unwrap_or(page);
    Target {
        page: page.to_owned(),
        anchor,
    }
}

/// A destination in a message: its variables as dots, and not too long.
fn shown(text: &str) -> String {
    let marked = |c: char| {
        if crate::hole::Hole::from_marker(c).is_some() {
            '…'
        } else {
            c
        }
    };
    let shown: String = text.chars().map(marked).take(80).collect();
    if text.chars().count() > 80 {
        format!("{shown}…")
    } else {
        shown
    }
}
