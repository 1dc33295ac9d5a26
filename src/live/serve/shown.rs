//! One version of the site, as it is shown.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::file::SharedFile;
use crate::hole::Values;
use crate::hole::roster::{Roster, key_of};
use crate::hole::variable::BOT_ID;
use crate::input::diagnostic::Report;
use crate::live::watch::InputsSnapshot;
use crate::pages::few::Few;
use crate::pages::render::{Edition, Fillable, Leaf, ViewOptions};
use crate::pages::site::{self, BOTS, Project};
use crate::pages::template::TemplateError;

/// How many pages are rendered before a version is shown; the others are rendered afterwards.
// A template's error may occur on one page only, and rendering all pages would delay each save.
const PROVED_FIRST: usize = 16;

/// A site in memory: its pages are rendered on request.
pub struct Shown {
    snapshot: Arc<InputsSnapshot>,
    project: Project,
    edition: Edition,
    options: ViewOptions,
    /// The values of the pages at the root.
    values: Values,
    /// The values for all bots.
    set: Vec<(String, String)>,
    /// All files but pages; answers share their bytes.
    files: Vec<SharedFile>,
    /// The search index, once it was requested.
    index: OnceLock<SharedFile>,
    names: HashMap<String, PathMeaning>,
    /// The list of bots, if there is one: other bots then have no pages.
    roster: Option<Arc<Roster>>,
    /// The pages of bots by their endpoints.
    of_bots: Few<Option<BTreeSet<String>>, Arc<OfBots>>,
    /// The path of the page requested last.
    asked: Mutex<Option<String>>,
    /// The page rendered last, which will be requested again: a browser checks whether the page
    /// that it shows has changed, and then loads it.
    last: Mutex<Option<(Leaf, Arc<Fillable>)>>,
}

/// The pages of bots with the same endpoints.
struct OfBots {
    edition: Edition,
    leaves: HashMap<String, Leaf>,
}

/// What a path of the site leads to.
#[derive(Clone)]
enum PathMeaning {
    Leaf(Leaf),
    File(usize),
    Index,
}

/// The values of the bots below `bots/`.
pub struct ValuesOfBots {
    /// The list, if there is one: no other bot has pages then.
    pub roster: Option<Arc<Roster>>,
    /// Values for all bots, by variable.
    pub set: Vec<(String, String)>,
}

/// The content at a path.
pub(super) enum Resource {
    /// A file.
    File(SharedFile),
    /// A folder, whose path ends in `/`.
    Folder(String),
    /// A page that its template can't render, and the errors.
    Fault(Report),
}

impl Shown {
    /// Builds a site of a project, the values for its pages, and those of bots: the list, or the
    /// same values for each; `before` is the site shown last.
    pub fn new(
        snapshot: Arc<InputsSnapshot>,
        project: Project,
        options: ViewOptions,
        values: Values,
        bots: ValuesOfBots,
        before: Option<&Shown>,
    ) -> Shown {
        let edition = project.edition(&options, before.map(|before| &before.edition));
        let files = project.files(&options, &edition);
        let leaves = edition.leaves().into_iter();
        let leaves = leaves.map(|(path, leaf)| (path, PathMeaning::Leaf(leaf)));
        let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
        let files = files.into_iter().map(|(_, bytes)| SharedFile::new(bytes));
        let files: Vec<SharedFile> = files.collect();
        let index = (edition.index_file().path.clone(), PathMeaning::Index);
        Shown {
            names: leaves
                .chain(paths.into_iter().zip((0..).map(PathMeaning::File)))
                .chain([index])
                .collect(),
            // The page that is open in a browser is rendered first after the next save as well.
            asked: Mutex::new(before.and_then(Shown::asked)),
            last: Mutex::default(),
            snapshot,
            project,
            edition,
            options,
            values,
            set: bots.set,
            files,
            index: OnceLock::new(),
            roster: bots.roster,
            of_bots: Few::default(),
        }
    }

    /// Returns the inputs of this site.
    pub fn snapshot(&self) -> &Arc<InputsSnapshot> {
        &self.snapshot
    }

    /// Returns how many HTML pages the site has, and how many of them may differ from another
    /// site.
    pub fn compare(&self, other: Option<&Shown>) -> (usize, usize) {
        self.edition.count(other.map(|other| &other.edition))
    }

    /// Renders the pages that are not known to be free of errors, the likeliest to be viewed
    /// first: a few, or all until `is_outdated`. Reports errors of their templates, and warns of
    /// templates that are known by then to make pages slow for many bots.
    pub fn prove(&self, is_outdated: Option<&dyn Fn() -> bool>, report: &mut Report) {
        // In the order of interest: the page requested last, then one page of each template.
        let asked: Vec<String> = self.asked().into_iter().collect();
        let mut leaves = self.edition.unjudged(&asked);
        if is_outdated.is_none() {
            leaves.truncate(PROVED_FIRST);
        }
        let mut faults: Vec<TemplateError> = Vec::new();
        for leaf in leaves {
            // After a newer save, the results are useless.
            if is_outdated.is_some_and(|is_outdated| is_outdated()) {
                return;
            }
            match self.edition.prove(&leaf) {
                Ok(page) if self.is_asked(&leaf) => *locked(&self.last) = Some((leaf, page)),
                Err(fault) if !faults.contains(&fault) => faults.push(fault),
                _ => {}
            }
        }
        for fault in faults {
            report.push(site::in_template(fault, &self.snapshot.inputs));
        }
        // By now it is known which templates inspect values, so the warning costs nothing. Pages
        // that are not rendered yet are reported a moment later.
        let variables = &self.project.model.variables;
        for inspected in self.edition.looks() {
            report.push(site::slow_template(
                &inspected,
                variables,
                &self.snapshot.inputs,
            ));
        }
    }

    fn asked(&self) -> Option<String> {
        locked(&self.asked).clone()
    }

    /// Returns whether a page is the one requested last.
    fn is_asked(&self, leaf: &Leaf) -> bool {
        let asked = self.asked();
        let name = asked.and_then(|path| self.names.get(&path));
        matches!(name, Some(PathMeaning::Leaf(asked)) if asked == leaf)
    }

    /// Renders a requested page.
    fn page(&self, path: &str, leaf: &Leaf) -> Result<Arc<Fillable>, TemplateError> {
        if *leaf == Leaf::NotFound {
            // Its links start at the root of the site.
            return self.edition.not_found("/");
        }
        let last = locked(&self.last).clone();
        if let Some((_, page)) = last.filter(|(last, _)| last == leaf) {
            return Ok(page);
        }
        let page = self.edition.leaf(leaf)?;
        if path.ends_with(".html") {
            *locked(&self.asked) = Some(path.to_owned());
            *locked(&self.last) = Some((leaf.clone(), Arc::clone(&page)));
        }
        Ok(page)
    }

    /// Returns the content at a path, which is given without its leading slash.
    pub(super) fn get(&self, path: &str) -> Option<Resource> {
        let below = path.strip_prefix(BOTS);
        if let Some(of_bot) = below.and_then(|path| path.strip_prefix('/')) {
            return self.of_bot(of_bot);
        }
        let path = if path.is_empty() { "index.html" } else { path };
        let Some(meaning) = self.names.get(path) else {
            return self.index_of_bots(path).map(Resource::File);
        };
        Some(match meaning {
            PathMeaning::Leaf(leaf) => self.filled(self.page(path, leaf), &self.values),
            PathMeaning::File(index) => Resource::File(self.files[*index].clone()),
            PathMeaning::Index => {
                let index = || SharedFile::new(self.edition.index().bytes.into_owned());
                Resource::File(self.index.get_or_init(index).clone())
            }
        })
    }

    /// Returns the path of the site's address, with which the rules for hosts begin.
    pub(super) fn base(&self) -> &str {
        self.edition.base()
    }

    /// Returns the text of a file of the site that is not filled, such as `_headers`.
    pub(super) fn text(&self, path: &str) -> &str {
        match self.names.get(path) {
            Some(PathMeaning::File(index)) => {
                std::str::from_utf8(self.files[*index].bytes()).unwrap_or_default()
            }
            _ => "",
        }
    }

    fn of_bot(&self, path: &str) -> Option<Resource> {
        // An ID is checked before anything is computed for it, since the path is untrusted.
        let (id, path) = match path.split_once('/') {
            Some((id, path)) => (id, Some(path)),
            None => (path, None),
        };
        let variables = &self.project.model.variables;
        let variable = variables.find(BOT_ID)?;
        if variables.get(variable).refuses(id).is_some() {
            return None;
        }
        let roster = self.roster.as_ref();
        if roster.is_some_and(|roster| !roster.has(key_of(id))) {
            return None;
        }
        let Some(path) = path else {
            return Some(Resource::Folder(format!("/{BOTS}/{id}/")));
        };
        let (values, choice) = match &self.roster {
            None => {
                let choice = |values: &Values| {
                    let model = &self.project.model;
                    model.choice(|variable| Some(values.get(variable)))
                };
                let choice = choice(&variables.values_of(None, &self.set));
                (variables.values_of(Some(id), &self.set), choice)
            }
            Some(roster) => {
                let mut bot = roster.blank();
                roster.read(roster.find(key_of(id))?, &mut bot).ok()?;
                (bot.values, roster.choices()[bot.choice].clone())
            }
        };
        let of_bots = self.of_bots(&choice);
        let leaf = if path.is_empty() { "index.html" } else { path };
        let leaf = of_bots.leaves.get(leaf)?;
        Some(self.filled(of_bots.edition.leaf(leaf), &values))
    }

    /// Returns the pages of bots that have these endpoints, or all.
    fn of_bots(&self, choice: &Option<BTreeSet<String>>) -> Arc<OfBots> {
        self.of_bots.get(choice, || {
            let edition = self.project.edition_of_bots(&self.options, choice.as_ref());
            let leaves = edition.leaves().into_iter().collect();
            Arc::new(OfBots { edition, leaves })
        })
    }

    /// Returns the search index at a path, if it is over the pages of bots that were requested
    /// lately: a browser requests it after a page that links to it.
    fn index_of_bots(&self, path: &str) -> Option<SharedFile> {
        let is_this = |of_bots: &Arc<OfBots>| of_bots.edition.index_file().path == path;
        let index = self.of_bots.find(is_this)?.edition.index();
        Some(SharedFile::new(index.bytes.into_owned()))
    }

    fn filled(&self, page: Result<Arc<Fillable>, TemplateError>, values: &Values) -> Resource {
        let mut bytes = Vec::new();
        match page.and_then(|page| page.fill_into(values, &mut bytes)) {
            Ok(()) => Resource::File(SharedFile::new(bytes)),
            Err(fault) => {
                let mut report = Report::default();
                report.push(site::in_template(fault, &self.snapshot.inputs));
                Resource::Fault(report)
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
