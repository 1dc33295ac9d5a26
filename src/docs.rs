//! The library's entrance: a project is loaded and checked once, and any bot's pages are filled on
//! request.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::hole::Values;
use crate::hole::variable::BOT_ID;
use crate::input::diagnostic::{HumanStyle, Report};
use crate::input::load::{self, FileCache, Folders, Inputs, ListChoice};
use crate::model::values::{key_in_value, unknown_variable};
use crate::pages::asset::Asset;
use crate::pages::few::Few;
use crate::pages::render::{Fillable, ViewOptions};
use crate::pages::site::{self, Project, SiteCache};
use crate::pages::template::TemplateError;

/// How wide the lines of reports are, in columns: they go into logs.
const REPORT_WIDTH: usize = 100;

/// The documentation of one API: a checked project, and its pages.
///
/// [`load`](Docs::load) renders every page of the site. The first request for a bot renders the pages
/// of all bots with the same endpoints, which takes as long as loading; every other request copies a
/// page and puts the values in. A template that decides by a value is rendered for each request.
///
/// A `Docs` never changes, and threads can share it. When files change, load the project again and
/// replace the old `Docs`. In an asynchronous server, call `load` and `bot` where blocking is allowed.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let project = env!("CARGO_MANIFEST_DIR");
/// let docs = botdocs::Docs::load(project)?;
///
/// // The files of the site, for readers who enter their bot themselves.
/// let index = docs.file("index.html")?;
/// assert!(index.starts_with(b"<!doctype html>"));
///
/// // A page of one bot.
/// let bot = docs.bot([("bot_id", "019dd3d4-4b7e-71eb-9561-5cf790a5da57")])?;
/// let page = String::from_utf8(bot.page("index.html")?)?;
/// assert!(page.contains("019dd3d4-4b7e-71eb-9561-5cf790a5da57"));
/// # Ok(())
/// # }
/// ```
pub struct Docs {
    project: Project,
    inputs: Inputs,
    options: ViewOptions,
    files: BTreeMap<String, DocsFile>,
    warnings: String,
    /// The pages of bots by their endpoints: the last eight sets of endpoints that were requested.
    // Twenty conditions on different variables give a million sets.
    of_bots: Few<Option<BTreeSet<String>>, Result<Arc<FilesOfBots>, PageError>>,
}

/// The files of bots with the same endpoints.
struct FilesOfBots {
    /// The pages, by their paths in the folder of a bot.
    pages: BTreeMap<String, Arc<Fillable>>,
    /// The search index, which these bots share and which is a file of the site.
    index: Asset,
}

/// A file of the generic site.
enum DocsFile {
    Page(Arc<Fillable>),
    Other(Vec<u8>),
}

impl Docs {
    /// Loads and checks a project: a folder with `spec/` and, if it changes the theme, `templates/` and
    /// `static/`. A list of bots that `site.yaml` names is not read: each request has its values.
    ///
    /// # Errors
    /// If the project has errors: with the report of all of them, as `botdocs check` prints it.
    pub fn load(project: impl AsRef<Path>) -> Result<Docs, LoadError> {
        let folders = Folders::of_project(project.as_ref());
        let mut report = Report::default();
        let mut cache = SiteCache::default();
        let (list, files) = (ListChoice::None, &mut FileCache::default());
        let inputs = load::load(&folders, &list, files, &mut report);
        let options = ViewOptions::default();
        let project = site::project(&inputs, &mut cache, &mut report);
        let project = project.filter(|_| !report.has_errors());
        let site = project.as_ref().and_then(|project| {
            project.try_bots(&options, &inputs, &mut report);
            project.site(&options, &inputs, &mut cache, &mut report)
        });
        report.sort(&inputs.sources);
        let has_errors = report.has_errors();
        let report = printed(&report, &inputs);
        let (Some(project), Some(site), false) = (project, site, has_errors) else {
            return Err(LoadError { report });
        };
        let pages = site.pages.into_iter();
        let pages = pages.map(|page| (page.path, DocsFile::Page(page.body)));
        let others = site.files.into_iter();
        let others = others.map(|(path, bytes)| (path, DocsFile::Other(bytes)));
        Ok(Docs {
            files: pages.chain(others).collect(),
            project,
            inputs,
            options,
            warnings: report,
            of_bots: Few::default(),
        })
    }

    /// Returns the warnings about the project's files, as `botdocs check` prints them; empty if there
    /// are none.
    pub fn warnings(&self) -> &str {
        &self.warnings
    }

    /// Returns the paths of the site's files, sorted: pages, their Markdown versions, assets, the search
    /// index, and files for hosts such as `_headers`.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns the bytes of a file of the generic site, in which readers enter their bot, or of the
    /// search index of a bot's pages.
    ///
    /// # Errors
    /// If there is no file at that path, or its template fails.
    pub fn file(&self, path: &str) -> Result<Vec<u8>, PageError> {
        match self.files.get(path) {
            Some(DocsFile::Page(page)) => {
                let values = self.project.model.variables.placeholders();
                self.fill(page, &values)
            }
            Some(DocsFile::Other(bytes)) => Ok(bytes.clone()),
            None => self.index_of_bots(path).ok_or(PageError::NotFound),
        }
    }

    /// Checks a value of a variable of `site.yaml`, such as one that a form received.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docs = botdocs::Docs::load(env!("CARGO_MANIFEST_DIR"))?;
    /// assert!(docs.check_value("bot_id", "no UUID").is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If there is no such variable, if it does not take the value, or if the value looks like a live
    /// key, which no page may show.
    pub fn check_value(&self, variable: &str, value: &str) -> Result<(), ValueError> {
        let model = &self.project.model;
        let refused = |reason: String| ValueError {
            variable: variable.to_owned(),
            reason,
            is_unknown: false,
        };
        let Some(id) = model.variables.find(variable) else {
            return Err(ValueError {
                is_unknown: true,
                ..refused(unknown_variable(variable, &model.variables))
            });
        };
        if let Some(message) = key_in_value(&model.site.public, variable, value) {
            return Err(refused(message));
        }
        match model.variables.get(id).refuses(value) {
            Some(reason) => Err(refused(reason)),
            None => Ok(()),
        }
    }

    /// Checks the values of a bot, and returns its pages. `values` has the name and the value of each
    /// variable, `bot_id` among them; of equal names the last counts. A variable without a value gets
    /// its default or its placeholder. The conditions of the spec (`when`) decide by these values which
    /// endpoints the bot has.
    ///
    /// Any `bot_id` that the variable's pattern allows has pages: the server knows which bots exist.
    ///
    /// # Errors
    /// With the first value that [`check_value`](Self::check_value) refuses, and if there is no
    /// `bot_id`.
    pub fn bot<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<BotDocs<'_>, ValueError> {
        let mut given = BTreeMap::new();
        for (variable, value) in values {
            self.check_value(variable, value)?;
            given.insert(variable, value);
        }
        if !given.contains_key(BOT_ID) {
            return Err(ValueError {
                variable: BOT_ID.to_owned(),
                reason: "it has no value".to_owned(),
                is_unknown: false,
            });
        }
        let model = &self.project.model;
        let values = model
            .variables
            .values(|name| given.get(name).map(|&value| value.to_owned()));
        let endpoints = model.choice(|variable| values.get(variable));
        Ok(BotDocs {
            docs: self,
            files: self.files_of_bots(&endpoints),
            values,
        })
    }

    fn files_of_bots(
        &self,
        endpoints: &Option<BTreeSet<String>>,
    ) -> Result<Arc<FilesOfBots>, PageError> {
        self.of_bots.get(endpoints, || {
            let edition = self
                .project
                .edition_of_bots(&self.options, endpoints.as_ref());
            let has_pages = !edition.outline().pages.is_empty();
            let rendered = edition.rendered().map_err(|mut errors| {
                let error = errors.swap_remove(0);
                self.failed(error)
            })?;
            let pages = rendered.pages.into_iter().filter(|_| has_pages);
            let pages = pages.map(|page| (page.path, page.body));
            Ok(Arc::new(FilesOfBots {
                pages: pages.collect(),
                index: rendered.index,
            }))
        })
    }

    /// Returns the search index at a path, if pages with its endpoints were requested lately: a browser
    /// requests the index after a page.
    fn index_of_bots(&self, path: &str) -> Option<Vec<u8>> {
        self.of_bots.find(|files| {
            let index = &files.as_ref().ok()?.index;
            (index.path == path).then(|| index.bytes.to_vec())
        })
    }

    fn fill(&self, page: &Fillable, values: &Values) -> Result<Vec<u8>, PageError> {
        let mut bytes = Vec::new();
        match page.fill_into(values, &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn failed(&self, error: TemplateError) -> PageError {
        let mut report = Report::default();
        report.push(site::in_template(error, &self.inputs));
        PageError::Template(printed(&report, &self.inputs))
    }
}

/// Formats a report for a log.
fn printed(report: &Report, inputs: &Inputs) -> String {
    let style = HumanStyle {
        color: false,
        width: REPORT_WIDTH,
    };
    report.to_human(&inputs.sources, &style)
}

/// The pages of one bot, as `botdocs build --bots` writes them to `bots/ID/`.
///
/// Their links to assets begin with `../../`, so a server provides the pages two folders below the
/// files of the site, such as `/docs/bots/ID/index.html` for a site at `/docs/`.
pub struct BotDocs<'d> {
    docs: &'d Docs,
    files: Result<Arc<FilesOfBots>, PageError>,
    values: Values,
}

impl BotDocs<'_> {
    /// Returns the paths of the bot's pages in its folder, sorted; none if the conditions leave the bot
    /// no page.
    ///
    /// # Errors
    /// If the template of one of the pages fails.
    pub fn paths(&self) -> Result<impl Iterator<Item = &str>, PageError> {
        let files = self.files.as_ref().map_err(Clone::clone)?;
        Ok(files.pages.keys().map(String::as_str))
    }

    /// Returns the bytes of a page, such as `index.html`.
    ///
    /// # Errors
    /// If the bot has no page at that path, or the page's template fails.
    pub fn page(&self, path: &str) -> Result<Vec<u8>, PageError> {
        let files = self.files.as_ref().map_err(Clone::clone)?;
        let page = files.pages.get(path).ok_or(PageError::NotFound)?;
        self.docs.fill(page, &self.values)
    }
}

impl fmt::Debug for Docs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Docs").finish_non_exhaustive()
    }
}

impl fmt::Debug for BotDocs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotDocs").finish_non_exhaustive()
    }
}

/// Why a project could not be loaded; prints the report of all errors.
#[derive(Debug)]
pub struct LoadError {
    report: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report)
    }
}

impl std::error::Error for LoadError {}

/// Why a variable does not take a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    variable: String,
    reason: String,
    is_unknown: bool,
}

impl ValueError {
    /// Returns whether the project has no such variable: an error of the server, not of a reader.
    pub fn is_unknown_variable(&self) -> bool {
        self.is_unknown
    }

    /// Returns the name of the variable.
    pub fn variable(&self) -> &str {
        &self.variable
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.variable, self.reason)
    }
}

impl std::error::Error for ValueError {}

/// Why there is no file for a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageError {
    /// The site, or the bot, has no such file: status 404.
    NotFound,
    /// A template of the project fails with these values: status 500, and the report for a log.
    Template(String),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::NotFound => f.write_str("no file at this path"),
            PageError::Template(report) => f.write_str(report),
        }
    }
}

impl std::error::Error for PageError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_can_share_it() {
        fn assert_shared<T: Send + Sync>() {}
        assert_shared::<Docs>();
    }
}
