//! One version of the site, as it is shown.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::Report;
use crate::hole::Values;
use crate::output::BOTS;
use crate::render::{Options, Page};
use crate::site::{Project, Site};
use crate::variable::BOT_ID;
use crate::watch::Look;

/// A site in memory: its pages are filled when they are asked for, and a bot's are rendered when
/// the first bot is asked for.
pub struct Shown {
    look: Arc<Look>,
    project: Project,
    site: Site,
    options: Options,
    /// The values of the pages at the root.
    values: Values,
    /// The values for all bots.
    set: Vec<(String, String)>,
    names: HashMap<String, Name>,
    of_bots: OnceLock<HashMap<String, Page>>,
}

/// What a path of the site is.
#[derive(Clone, Copy)]
enum Name {
    Page(usize),
    File(usize),
}

/// What there is at a path.
pub(super) enum Found<'a> {
    /// A file.
    File(Cow<'a, [u8]>),
    /// A folder, whose path ends in `/`.
    Folder(String),
}

impl Shown {
    /// Takes a site that was rendered from what was read, and the values to fill it with.
    pub fn new(
        look: Arc<Look>,
        project: Project,
        site: Site,
        options: Options,
        values: Values,
        set: Vec<(String, String)>,
    ) -> Shown {
        let pages = site
            .pages
            .iter()
            .map(|page| &page.path)
            .zip((0..).map(Name::Page));
        let files = site
            .files
            .iter()
            .map(|(path, _)| path)
            .zip((0..).map(Name::File));
        let names = pages.chain(files).map(|(path, name)| (path.clone(), name));
        Shown {
            names: names.collect(),
            look,
            project,
            site,
            options,
            values,
            set,
            of_bots: OnceLock::new(),
        }
    }

    /// How many HTML pages it has, and how many of them are not as in another, but for the names
    /// of files that changed: the index of the search does with every text.
    pub fn compare(&self, other: Option<&Shown>) -> (usize, usize) {
        let pages = self.site.pages.iter().filter(|page| page.is_html());
        let count = pages.clone().count();
        let Some(other) = other else {
            return (count, count);
        };
        let renamed = self.renamed(other);
        let is_changed = |page: &&Page| match other.names.get(&page.path) {
            Some(Name::Page(index)) => {
                let before = &other.site.pages[*index];
                before.body != page.body
                    && self.text_of(page) != replaced(other.text_of(before), &renamed)
            }
            _ => true,
        };
        (count, pages.filter(is_changed).count())
    }

    fn text_of(&self, page: &Page) -> String {
        String::from_utf8_lossy(&filled(page, &self.values)).into_owned()
    }

    /// The files that have another hash in their names than in `other`, as that and this name.
    fn renamed<'a>(&'a self, other: &'a Shown) -> Vec<(&'a str, &'a str)> {
        let new = |one: &'a Shown, without: &'a Shown| {
            let paths = one.site.files.iter().map(|(path, _)| path.as_str());
            paths.filter(|path| !without.names.contains_key(*path))
        };
        let of_now: HashMap<String, &str> = new(self, other)
            .map(|path| (without_hash(path), path))
            .collect();
        let of_then = new(other, self);
        of_then
            .filter_map(|then| Some((then, *of_now.get(&without_hash(then))?)))
            .collect()
    }

    /// What there is at a path, without the slash that it begins with.
    pub(super) fn get(&self, path: &str) -> Option<Found<'_>> {
        let below = path.strip_prefix(BOTS);
        if let Some(of_bot) = below.and_then(|path| path.strip_prefix('/')) {
            return self.of_bot(of_bot);
        }
        let path = if path.is_empty() { "index.html" } else { path };
        Some(Found::File(match *self.names.get(path)? {
            Name::Page(index) => filled(&self.site.pages[index], &self.values),
            Name::File(index) => Cow::Borrowed(self.site.files[index].1.as_slice()),
        }))
    }

    /// A file of the site that is not filled, such as `_headers`.
    pub(super) fn text(&self, path: &str) -> &str {
        match self.names.get(path) {
            Some(Name::File(index)) => {
                std::str::from_utf8(&self.site.files[*index].1).unwrap_or_default()
            }
            _ => "",
        }
    }

    fn of_bot(&self, path: &str) -> Option<Found<'_>> {
        let (id, path) = match path.split_once('/') {
            Some((id, path)) => (id, Some(path)),
            None => (path, None),
        };
        let variables = &self.project.model.variables;
        let variable = variables.find(BOT_ID)?;
        if variables.get(variable).refuses(id).is_some() {
            return None;
        }
        let Some(path) = path else {
            return Some(Found::Folder(format!("/{BOTS}/{id}/")));
        };
        let pages = self.of_bots.get_or_init(|| {
            // Its faults would be those of the generic pages, which are told already.
            let mut report = Report::default();
            let inputs = &self.look.inputs;
            let pages = self
                .project
                .pages_of_bots(&self.options, inputs, &mut report);
            let pages = pages.unwrap_or_default().into_iter();
            pages.map(|page| (page.path.clone(), page)).collect()
        });
        let page = pages.get(if path.is_empty() { "index.html" } else { path })?;
        let values = variables.values_of(Some(id), &self.set);
        Some(Found::File(filled(page, &values)))
    }
}

fn filled(page: &Page, values: &Values) -> Cow<'static, [u8]> {
    let mut bytes = Vec::new();
    page.body.fill_into(values, &mut bytes);
    Cow::Owned(bytes)
}

fn replaced(text: String, pairs: &[(&str, &str)]) -> String {
    pairs
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

/// A path without the part of its name that is a hash of what is in it.
fn without_hash(path: &str) -> String {
    let is_hash = |part: &&str| part.len() == 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let parts = path.split('.').filter(|part| !is_hash(part));
    parts.collect::<Vec<_>>().join(".")
}
