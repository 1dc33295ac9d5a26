//! What joins the pages: their names, links, and redirects, judged when every page is known.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::input::diagnostic::{Diagnostic, Report, Severity};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::source::Span;
use crate::input::yaml::Node;
use crate::model::link::Destination;
use crate::model::{Model, Redirect, Target};
use crate::rich::markdown;

use crate::check::markdown::LinkUse;
use crate::check::page::Checked;
use crate::check::reader::Reader;
use crate::check::{TAKEN, WRITTEN, start_of};

/// What links can lead to.
pub(in crate::check) struct Pages<'a> {
    /// What was found in all pages' files.
    checked: &'a [Arc<Checked>],
    /// The pages of the model, in its order.
    in_order: Vec<&'a str>,
    by_name: HashMap<&'a str, &'a Checked>,
    files: &'a [String],
    has_file: HashSet<&'a str>,
    /// Pages that have a file, but are left out for a fault of their own, which is enough to say.
    left_out: HashSet<String>,
}

impl<'a> Pages<'a> {
    /// Takes the pages of a model, and what was found in the files of all pages.
    pub(in crate::check) fn new(
        model: &'a Model,
        inputs: &'a Inputs,
        checked: &'a [Arc<Checked>],
    ) -> Pages<'a> {
        let pages = checked
            .iter()
            .filter_map(|it| Some((it.page.as_ref()?, it)));
        let by_name: HashMap<_, _> = pages
            .map(|(page, checked)| (page.name.as_str(), checked.as_ref()))
            .collect();
        let files = inputs.pages.iter().map(|page| &page.name);
        let left_out = files
            .chain(&inputs.unread)
            .map(String::as_str)
            .filter(|name| !by_name.contains_key(name))
            .map(str::to_owned);
        // A file whose name can't be a page's is told of itself; so its right name is no other fault.
        let misnamed = by_name
            .keys()
            .filter(|name| !crate::check::is_safe_id(name));
        let misnamed = misnamed.map(|name| crate::check::slug(name));
        Pages {
            checked,
            in_order: model.pages.iter().map(|page| page.name.as_str()).collect(),
            left_out: left_out.chain(misnamed).collect(),
            by_name,
            has_file: model.files.iter().map(String::as_str).collect(),
            files: &model.files,
        }
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.in_order.iter().copied()
    }

    /// The file that a path was most likely meant to be, the first of several.
    fn nearest_file(&self, path: &str, report: &mut Report) -> Option<&'a str> {
        report.nearest(path, self.files.iter().map(String::as_str))
    }

    fn has(&self, target: &Target) -> bool {
        let page = self.by_name.get(target.page.as_str());
        page.is_some_and(|page| match &target.anchor {
            Some(anchor) => page.anchors.has(anchor),
            None => true,
        })
    }

    fn is_broken(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|page| page.is_broken)
    }

    /// The page or place that a target was most likely meant to be.
    fn nearest(&self, target: &Target, report: &mut Report) -> Option<String> {
        let here = self.by_name.get(target.page.as_str());
        match (here, &target.anchor) {
            (Some(here), Some(anchor)) => {
                let meant = report.nearest(anchor, here.anchors.iter())?;
                Some(format!("{}#{meant}", target.page))
            }
            _ => report
                .nearest(&target.page, self.names())
                .map(str::to_owned),
        }
    }
}

impl Reader<'_> {
    /// Judges the names of pages, which are those of their files.
    pub(in crate::check) fn names_of_pages(&mut self, checked: &[Arc<Checked>]) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let pages = checked
            .iter()
            .filter_map(|it| Some((it.page.as_ref()?, it.span)));
        for (page, span) in pages {
            let span = start_of(span);
            self.safe_id(&page.name, span, "a page's name, which is its file's");
            if TAKEN.contains(&page.name.as_str()) {
                let help = format!("rename the file; taken are: {}", TAKEN.join(", "));
                self.error(
                    Code::InvalidId,
                    span,
                    format!("the name `{}` is taken", page.name),
                    help,
                );
            }
            if let Some(first) = seen.insert(&page.name, span) {
                let diagnostic = Diagnostic::error(
                    Code::DuplicateId,
                    span,
                    format!("two files for the page `{}`", page.name),
                );
                self.report.push(
                    diagnostic
                        .and(first, "the other one")
                        .help("rename one of them"),
                );
            }
        }
    }

    /// Judges the links of all pages, and those that this reader came upon; gives the files that
    /// they lead to.
    pub(in crate::check) fn judge_links<'p>(&mut self, pages: &Pages<'p>) -> BTreeSet<&'p str> {
        let mut linked = BTreeSet::new();
        for checked in pages.checked {
            for link in &checked.links {
                linked.extend(self.judge_link(link, Some(checked), pages));
            }
        }
        for link in std::mem::take(&mut self.links) {
            linked.extend(self.judge_link(&link, None, pages));
        }
        linked
    }

    /// Warns of the files of the spec's folder that no page shows or leads to: they are not
    /// published. What lies there by chance, or was left out by a fault, may be nobody's business.
    pub(in crate::check) fn unused_files(&mut self, inputs: &Inputs, used: &[String]) {
        if self.report.has_errors() {
            return;
        }
        for file in &inputs.files {
            if used.binary_search(&file.path).is_err() {
                let message = "no page shows this file or links to it: it is not published";
                let mut diagnostic =
                    Diagnostic::about_file(Code::UnusedFile, &*file.shown, message);
                diagnostic.severity = Severity::Warning;
                self.report
                    .push(diagnostic.help("link to it, or move it out of the spec's folder"));
            }
        }
    }

    /// Judges a link that stands on a page, or on all; gives the file that it leads to.
    fn judge_link<'p>(
        &mut self,
        link: &LinkUse,
        here: Option<&Checked>,
        pages: &Pages<'p>,
    ) -> Option<&'p str> {
        let is_url = |id| self.variables.get(id).is_url;
        if !markdown::is_safe(&link.destination, &is_url) {
            let help = "a link is relative, or begins with https:, http:, mailto: or tel:, or with a variable of `type: url`";
            let message = format!(
                "a link to `{}`, whose scheme is not allowed",
                shown(&link.destination)
            );
            self.error(Code::UnsafeLink, link.span, message, help);
            return None;
        }
        match Destination::parse(&link.destination) {
            Destination::External(_) => {}
            Destination::Anchor(anchor) => match here {
                Some(here) => self.judge_anchor(link, here, anchor),
                None => {
                    let help = "name the page too: page#place";
                    self.error(
                        Code::DeadLink,
                        link.span,
                        format!("`#{anchor}` in a link that is on every page"),
                        help,
                    );
                }
            },
            Destination::Page(name, anchor) if !link.is_image => {
                let Some(there) = pages.by_name.get(name) else {
                    if !pages.left_out.contains(name) {
                        let (path, _) = link
                            .destination
                            .split_once('#')
                            .unwrap_or((&link.destination, ""));
                        self.dead_link(link, path, pages);
                    }
                    return None;
                };
                if let Some(anchor) = anchor {
                    self.judge_anchor(link, there, anchor);
                }
            }
            Destination::Page(path, _) | Destination::File(path) => {
                let file = pages.has_file.get(path).copied();
                if file.is_none() {
                    self.dead_link(link, path, pages);
                }
                return file;
            }
        }
        None
    }

    fn dead_link(&mut self, link: &LinkUse, wanted: &str, pages: &Pages<'_>) {
        let mut diagnostic = Diagnostic::error(
            Code::DeadLink,
            link.span,
            format!("no page or file `{}`", shown(wanted)),
        );
        let name = wanted
            .strip_suffix(".md")
            .or_else(|| wanted.strip_suffix(".yaml"))
            .unwrap_or(wanted);
        let page = self.report.nearest(name, pages.names());
        if let Some(meant) = page.or_else(|| pages.nearest_file(wanted, self.report)) {
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

    fn judge_anchor(&mut self, link: &LinkUse, there: &Checked, anchor: &str) {
        // A page that is left out for a fault of its own has no places to tell of.
        let Some(page) = there.page.as_ref().filter(|_| !there.is_broken) else {
            return;
        };
        if there.anchors.has(anchor) {
            return;
        }
        let message = format!("the page `{}` has no place `#{}`", page.name, shown(anchor));
        let mut diagnostic = Diagnostic::error(Code::DeadLink, link.span, message);
        if let Some(meant) = self.report.nearest(anchor, there.anchors.iter()) {
            diagnostic = diagnostic.label(format!("did you mean `#{meant}`?"));
        }
        let first = there.anchors.iter().filter(|a| !a.contains('.')).take(12);
        let first: Vec<&str> = first.collect();
        self.report
            .push(diagnostic.help(format!("places on that page are: {}", first.join(", "))));
    }

    /// The redirects of renamed pages and anchors; none of more than are read.
    pub(in crate::check) fn redirects(&mut self, node: &Node, pages: &Pages<'_>) -> Vec<Redirect> {
        let mut redirects: Vec<Redirect> = Vec::new();
        let mut seen: HashMap<Target, Span> = HashMap::new();
        let entries = self.entries(node).unwrap_or_default();
        if !self.is_few(entries.len(), MOST_REDIRECTS, "redirects", node.place) {
            return redirects;
        }
        for entry in entries {
            let from = target(&entry.key);
            let Some(to) = self.word(&entry.value).map(target) else {
                continue;
            };
            if !crate::check::is_safe_id(&from.page) {
                let help = "write the page's old name, or name#anchor";
                self.error(
                    Code::InvalidRedirect,
                    entry.key_span,
                    format!("`{}` was no page's name", entry.key),
                    help,
                );
                continue;
            }
            if WRITTEN.contains(&from.page.as_str()) {
                let help = "every site has this page itself; remove the redirect";
                self.error(
                    Code::InvalidRedirect,
                    entry.key_span,
                    format!("`{}` is a page of every site", from.page),
                    help,
                );
                continue;
            }
            // `old` and `old.md` are one page.
            if let Some(first) = seen.insert(from.clone(), entry.key_span) {
                let message = format!("two redirects from `{}`", self.sources.text(first));
                let fault = Diagnostic::error(Code::InvalidRedirect, entry.key_span, message);
                let fault = fault.and(first, "the other one");
                self.report.push(fault.help("remove one of them"));
                continue;
            }
            if pages.has(&from) {
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
                && !pages.by_name.contains_key(from.page.as_str())
                && !pages.left_out.contains(from.page.as_str())
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
            if !pages.has(&to)
                && !pages.is_broken(&to.page)
                && !pages.left_out.contains(to.page.as_str())
            {
                let written = self.sources.text(entry.value.span);
                let message = format!("a redirect to `{written}`, which is not there");
                let mut diagnostic =
                    Diagnostic::error(Code::InvalidRedirect, entry.value.span, message);
                if let Some(meant) = pages.nearest(&to, self.report) {
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

/// How many redirects a site may have: each page looks through them for those that lead to it.
const MOST_REDIRECTS: usize = 2_000;

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
    let text = crate::input::secret::masked(text);
    let shown: String = text.chars().map(marked).take(80).collect();
    if text.chars().count() > 80 {
        format!("{shown}…")
    } else {
        shown
    }
}
