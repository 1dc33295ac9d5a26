//! The pages of a site by their names, and the other targets of links.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::check::id::{self, is_safe_id, slug};
use crate::check::page::Checked;
use crate::check::refused::has_own_policy;
use crate::hole::file_name;
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::{Inputs, StaticFile};
use crate::input::source::Span;
use crate::model::{Model, Target};

use super::in_folder::PageInFolder;
use super::joiner::Joiner;

/// Names that pages can't have, since other parts of the output use them.
const TAKEN: [&str; 4] = ["bots", "assets", WRITTEN[0], WRITTEN[1]];

/// Names of pages that every site has, so that no redirect can begin there.
pub(super) const WRITTEN: [&str; 2] = ["404", "index"];

/// The possible targets of links.
pub(super) struct Pages<'a> {
    /// The results of all pages' files.
    pub(super) checked: &'a [Arc<Checked>],
    /// The pages of the model, in its order.
    in_order: Vec<&'a str>,
    pub(super) by_name: HashMap<&'a str, &'a Checked>,
    files: &'a [String],
    pub(super) has_file: HashSet<&'a str>,
    /// The other files of the spec's folder.
    pub(super) spec_files: &'a [StaticFile],
    by_path: HashMap<&'a str, &'a StaticFile>,
    /// Those that were meant as pages, read once, though many links may lead to them.
    pub(super) in_folder: HashMap<&'a str, PageInFolder<'a>>,
    /// The files that stand at the root of the site.
    pub(super) at_root: HashSet<&'a str>,
    /// The address of the site.
    pub(super) site_url: Option<&'a str>,
    /// Pages whose files have errors, which are reported there; these pages are omitted.
    pub(super) left_out: HashSet<String>,
    /// Whether a template decides what pages load, in place of the built-in policy.
    pub(super) has_own_policy: bool,
}

impl<'a> Pages<'a> {
    /// Creates it from the pages of a model and the results of all pages' files.
    pub(super) fn new(
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
        // A file whose name can't be a page's is reported there; links to its corrected name are no
        // further errors.
        let misnamed = by_name.keys().filter(|name| !is_safe_id(name));
        let misnamed = misnamed.map(|name| slug(name));
        Pages {
            checked,
            in_order: model.pages.iter().map(|page| page.name.as_str()).collect(),
            left_out: left_out.chain(misnamed).collect(),
            by_name,
            has_file: model.files.iter().map(String::as_str).collect(),
            files: &model.files,
            spec_files: &inputs.files,
            by_path: inputs
                .files
                .iter()
                .map(|file| (&*file.path, file))
                .collect(),
            in_folder: inputs
                .files
                .iter()
                .filter_map(|file| Some((&*file.path, PageInFolder::of(file)?)))
                .collect(),
            at_root: inputs
                .at_root
                .files
                .iter()
                .map(|file| &*file.path)
                .collect(),
            site_url: model.site.url.as_deref(),
            has_own_policy: has_own_policy(inputs),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.in_order.iter().copied()
    }

    /// Returns the file that a path was most likely meant to be, the first of several.
    pub(super) fn nearest_file(&self, path: &str, report: &mut Report) -> Option<&'a str> {
        report.nearest(path, self.files.iter().map(String::as_str))
    }

    /// Returns a file of the spec's folder by its path.
    pub(super) fn content(&self, path: &str) -> Option<&'a StaticFile> {
        self.by_path.get(path).copied()
    }

    pub(super) fn has(&self, target: &Target) -> bool {
        let page = self.by_name.get(target.page.as_str());
        page.is_some_and(|page| match &target.anchor {
            Some(anchor) => page.anchors.has(anchor),
            None => true,
        })
    }

    pub(super) fn is_broken(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|page| page.is_broken)
    }

    /// Returns the page or anchor that a target was most likely meant to be.
    pub(super) fn nearest(&self, target: &Target, report: &mut Report) -> Option<String> {
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

/// Returns the error for a name that Windows gives to a device, where no file can have it.
pub(super) fn device(code: Code, name: &str, what: &str, span: Span) -> Option<Diagnostic> {
    let help = "choose another name: on Windows it is the name of a device, with any extension";
    let message = format!("`{name}` can't be {what}");
    let fault = Diagnostic::error(code, span, message).help(help);
    file_name::is_device(name).then_some(fault)
}

/// Validates the names of pages, which are those of their files.
pub(super) fn judge_names_of(joiner: &mut Joiner<'_>, checked: &[Arc<Checked>]) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let pages = checked
        .iter()
        .filter_map(|it| Some((it.page.as_ref()?, it.start())));
    for (page, span) in pages {
        id::check(
            &page.name,
            span,
            "a page's name, which is its file's",
            joiner.report,
        );
        if let Some(fault) = device(Code::InvalidId, &page.name, "a page's name", span) {
            joiner.report.push(fault);
        }
        if TAKEN.contains(&page.name.as_str()) {
            let help = format!(
                "rename the file; the reserved names are: {}",
                TAKEN.join(", ")
            );
            joiner.error(
                Code::InvalidId,
                span,
                format!("the name `{}` is reserved", page.name),
                help,
            );
        }
        if let Some(first) = seen.insert(&page.name, span) {
            let diagnostic = Diagnostic::error(
                Code::DuplicateId,
                span,
                format!("two files for the page `{}`", page.name),
            );
            joiner.report.push(
                diagnostic
                    .and(first, "the other one")
                    .help("rename one of them"),
            );
        }
    }
}
