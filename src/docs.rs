//! The library's entrance: a project is loaded and checked once, and any bot's pages are filled on
//! request.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread::ScopedJoinHandle;

use crate::hole::Values;
use crate::hole::variable::BOT_ID;
use crate::input::diagnostic::{HumanStyle, Report};
use crate::input::load::{self, FileCache, Folders, Inputs, ListChoice, RootFiles};
use crate::model::Audience;
use crate::model::values::{key_in_value, unknown_variable};
use crate::pages::few::Few;
use crate::pages::hosting::{headers_for, media_type};
use crate::pages::render::{Edition, Fillable, IndexPlace, Leaf, ViewOptions};
use crate::pages::site::{self, Project, SiteCache};
use crate::pages::template::TemplateError;

/// The size of the stack on which a project is loaded, in bytes.
// Without optimization, the YAML reader needs 2 MB at the greatest depth, which is all that a thread
// of the standard library has. The profiles of this crate do not apply to the build of its users.
const STACK: usize = 16 << 20;

/// How wide the lines of reports are, in columns: they go into logs.
const REPORT_WIDTH: usize = 100;

/// The documentation of one API: a checked project, and its pages.
///
/// [`load`](Docs::load) renders every page twice, for the site and for a bot, to report the errors of
/// all templates. A request then copies a page and puts the values in. Three cases take longer:
///
/// - If the conditions of the spec (`when`) leave a bot only some endpoints, the first request for a
///   page with these endpoints renders the page. The pages of the eight sets of endpoints requested
///   last are kept.
/// - A template that inspects a value is rendered for each request.
/// - [`not_found`](Docs::not_found) renders its page for each call, since the page depends on the path.
///
/// A `Docs` never changes, and threads can share it. When files change, load the project again and
/// replace the old `Docs`. In an asynchronous server, call `load`, `file` and the methods of
/// [`BotDocs`] where blocking is allowed.
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
/// let page = String::from_utf8(bot.file("index.html")?)?;
/// assert!(page.contains("019dd3d4-4b7e-71eb-9561-5cf790a5da57"));
/// # Ok(())
/// # }
/// ```
pub struct Docs {
    project: Project,
    /// For reports of errors in templates.
    inputs: Inputs,
    options: ViewOptions,
    files: BTreeMap<String, DocsFile>,
    /// The page for missing addresses, whose links begin with the path of the site.
    edition: Edition,
    warnings: String,
    /// The files of bots with all endpoints.
    of_all: Arc<FilesOfBots>,
    /// The files of other bots by their endpoints: the last eight sets that were requested.
    // Twenty conditions on different variables give a million sets.
    of_some: Few<BTreeSet<String>, Arc<FilesOfBots>>,
}

/// A file of the generic site.
enum DocsFile {
    Page(Arc<Fillable>),
    Other(Vec<u8>),
}

/// The files of bots with the same endpoints, by their paths in the folder of a bot.
struct FilesOfBots {
    edition: Edition,
    files: BTreeMap<String, FileOfBots>,
}

/// A file of bots with the same endpoints.
enum FileOfBots {
    /// A page, rendered at its first request.
    Page(Leaf, OnceLock<Result<Arc<Fillable>, PageError>>),
    /// The search index over the pages.
    Index,
}

impl FilesOfBots {
    fn new(edition: Edition) -> FilesOfBots {
        // Without pages there is nothing to list in `llms.txt`, and nothing to search.
        let has_pages = !edition.outline().pages.is_empty();
        let leaves = edition.leaves().into_iter().filter(|_| has_pages);
        let pages = leaves.map(|(path, leaf)| (path, FileOfBots::Page(leaf, OnceLock::new())));
        let index = edition.index_file();
        let has_index = has_pages && index.place == IndexPlace::Bot;
        let index = has_index.then(|| (index.path.clone(), FileOfBots::Index));
        FilesOfBots {
            files: pages.chain(index).collect(),
            edition,
        }
    }
}

impl Docs {
    /// Loads and checks a project: a folder with `spec/` and, if it changes the theme, `templates/` and
    /// `static/`. A list of bots that `site.yaml` names is not read: each request has its values.
    ///
    /// # Errors
    /// If the project has errors: with the report of all of them, as `botdocs check` prints it, with
    /// paths relative to the project. Only `check` reports errors of a list of bots, and names of files
    /// that some file systems cannot store.
    pub fn load(project: impl AsRef<Path>) -> Result<Docs, LoadError> {
        Docs::load_for(Audience::Public, project.as_ref())
    }

    /// Like [`load`](Docs::load), with the pages and endpoints that have `internal: true`, which are
    /// marked on the page: for the people of the project.
    ///
    /// # Errors
    /// As [`load`](Docs::load).
    pub fn load_with_internal(project: impl AsRef<Path>) -> Result<Docs, LoadError> {
        Docs::load_for(Audience::Internal, project.as_ref())
    }

    fn load_for(audience: Audience, project: &Path) -> Result<Docs, LoadError> {
        std::thread::scope(|scope| {
            let loading = std::thread::Builder::new().stack_size(STACK);
            let loading = loading.spawn_scoped(scope, || Docs::load_here(audience, project));
            match loading.map(ScopedJoinHandle::join) {
                Ok(Ok(docs)) => docs,
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                Err(error) => Err(LoadError {
                    report: format!("error: no thread to load the project: {error}\n"),
                }),
            }
        })
    }

    fn load_here(audience: Audience, project: &Path) -> Result<Docs, LoadError> {
        let folders = Folders::of_project(project);
        let mut report = Report::default();
        let mut cache = SiteCache::default();
        let (list, files) = (ListChoice::None, &mut FileCache::default());
        let mut inputs = load::load(&folders, &list, files, &mut report);
        let options = ViewOptions {
            // A request for an index at the root of the site would not name the bot, and so not the
            // endpoints.
            index_of_some: IndexPlace::Bot,
            ..ViewOptions::default()
        };
        let project = site::project_for(audience, &inputs, &mut cache, &mut report);
        let rendered = project.as_ref().and_then(|project| {
            let of_bots = project.try_bots(&options, &inputs, &mut report);
            let site = project.site(&options, &inputs, &mut cache, &mut report);
            of_bots.zip(site)
        });
        report.sort(&inputs.sources);
        let has_errors = report.has_errors();
        let report = printed(&report, &inputs);
        let (Some(project), Some((of_bots, site)), false) = (project, rendered, has_errors) else {
            return Err(LoadError { report });
        };
        let all = FilesOfBots::new(project.edition_of_bots(&options, None));
        for page in of_bots.pages {
            if let Some(FileOfBots::Page(_, kept)) = all.files.get(&page.path) {
                let _ = kept.set(Ok(page.body));
            }
        }
        let pages = site.pages.into_iter();
        let pages = pages.map(|page| (page.path, DocsFile::Page(page.body)));
        let others = site.files.into_iter();
        let others = others.map(|(path, bytes)| (path, DocsFile::Other(bytes)));
        let files: BTreeMap<_, _> = pages.chain(others).collect();
        // No report names these, and `files` contains what is published of them.
        inputs.files.clear();
        inputs.statics.clear();
        inputs.at_root = RootFiles::default();
        Ok(Docs {
            edition: project.edition(&options, None),
            files,
            project,
            inputs,
            options,
            warnings: report,
            of_all: Arc::new(all),
            of_some: Few::default(),
        })
    }

    /// Returns the warnings about the project's files, as `botdocs check` prints them, with paths
    /// relative to the project; empty if there are none.
    pub fn warnings(&self) -> &str {
        &self.warnings
    }

    /// Returns the paths of the site's files, sorted: pages, their Markdown versions, assets, the search
    /// index, and files for hosts such as `_headers`.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns the bytes of a file of the generic site, in which readers enter their bot. It has the
    /// endpoints whose conditions (`when`) allow the defaults of the variables. The path is
    /// decoded: `my picture.png`, not `my%20picture.png`.
    ///
    /// # Errors
    /// If there is no file at that path, or its template fails.
    pub fn file(&self, path: &str) -> Result<Cow<'_, [u8]>, PageError> {
        match self.files.get(path) {
            Some(DocsFile::Page(page)) => {
                let values = self.project.model.variables.placeholders();
                self.fill(page, &values).map(Cow::Owned)
            }
            Some(DocsFile::Other(bytes)) => Ok(Cow::Borrowed(bytes)),
            None => Err(PageError::NotFound),
        }
    }

    /// Returns the page for missing addresses of a site at a path such as `/docs/`. A server responds
    /// with it at any depth, so its links begin with that path. `404.html` among the files is the page
    /// for the path of the `url` of `site.yaml`, or for `/`.
    ///
    /// # Errors
    /// If its template fails.
    pub fn not_found(&self, root: &str) -> Result<Vec<u8>, PageError> {
        let page = self.edition.not_found(root);
        let page = page.map_err(|error| self.failed(error))?;
        self.fill(&page, &self.project.model.variables.placeholders())
    }

    /// Returns the names and values of the headers that a response needs, each name once, for a path
    /// below the site such as `index.html` or `bots/ID/index.html`: the rules of the file `_headers`,
    /// and `Content-Type` and `Cache-Control` where these rules leave them to the host.
    pub fn headers(&self, path: &str) -> Vec<(&str, &str)> {
        let rules = match self.files.get("_headers") {
            Some(DocsFile::Other(rules)) => str::from_utf8(rules).unwrap_or_default(),
            _ => "",
        };
        let kind = ("Content-Type", media_type(path));
        let mut headers = vec![kind, ("Cache-Control", "no-cache")];
        for (name, value) in headers_for(rules, self.edition.base(), path) {
            match headers.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => headers.push((name, value)),
            }
        }
        headers
    }

    /// Returns the names of the variables of `site.yaml`, `bot_id` among them.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let variables = &self.project.model.variables;
        variables.iter().map(|variable| variable.name.as_str())
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
        let error = |kind, reason| Err(ValueError::new(variable, kind, reason));
        let Some(id) = model.variables.find(variable) else {
            let reason = unknown_variable(variable, &model.variables);
            return error(ValueErrorKind::Unknown, reason);
        };
        if let Some(message) = key_in_value(&model.site.public, variable, value) {
            return error(ValueErrorKind::Refused, message);
        }
        match model.variables.get(id).refuses(value) {
            Some(reason) => error(ValueErrorKind::Refused, reason),
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
        let values = self.values(values)?;
        let endpoints = self.project.model.choice(|id| Some(values.get(id)));
        Ok(self.files_of_bot(values, &endpoints))
    }

    /// Returns the pages of a bot that has these endpoints, by their IDs, whatever the conditions of the
    /// spec: what the column `endpoints` of a list of bots is for.
    ///
    /// # Errors
    /// As [`bot`](Self::bot), and if there is no such endpoint.
    pub fn bot_with_endpoints<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
        endpoints: impl IntoIterator<Item = &'v str>,
    ) -> Result<BotDocs<'_>, ValueError> {
        let values = self.values(values)?;
        let mut chosen = BTreeSet::new();
        for id in endpoints {
            if !self.project.model.has_endpoint(id) {
                let reason = format!("unknown endpoint `{id}`");
                let kind = ValueErrorKind::Unknown;
                return Err(ValueError::new("endpoints", kind, reason));
            }
            chosen.insert(id.to_owned());
        }
        Ok(self.files_of_bot(values, &Some(chosen)))
    }

    /// Checks the values of a bot.
    fn values<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<Values, ValueError> {
        let mut given = BTreeMap::new();
        for (variable, value) in values {
            self.check_value(variable, value)?;
            given.insert(variable, value);
        }
        if !given.contains_key(BOT_ID) {
            let reason = "it has no value".to_owned();
            return Err(ValueError::new(BOT_ID, ValueErrorKind::Missing, reason));
        }
        let variables = &self.project.model.variables;
        Ok(variables.values(|name| given.get(name).map(|&value| value.to_owned())))
    }

    fn files_of_bot(&self, values: Values, endpoints: &Option<BTreeSet<String>>) -> BotDocs<'_> {
        let files = match endpoints {
            None => Arc::clone(&self.of_all),
            Some(endpoints) => self.of_some.get(endpoints, || {
                let options = &self.options;
                let edition = self.project.edition_of_bots(options, Some(endpoints));
                Arc::new(FilesOfBots::new(edition))
            }),
        };
        BotDocs {
            docs: self,
            files,
            values,
        }
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
///
/// One thing differs from a build: if the bot has only some endpoints, its search index is one of the
/// files here. A build writes it once for all bots with these endpoints.
pub struct BotDocs<'d> {
    docs: &'d Docs,
    files: Arc<FilesOfBots>,
    values: Values,
}

impl BotDocs<'_> {
    /// Returns the paths of the bot's files in its folder, sorted; none if the conditions leave the bot
    /// no page.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.files.keys().map(String::as_str)
    }

    /// Returns the bytes of a file, such as `index.html`.
    ///
    /// # Errors
    /// If the bot has no file at that path, or the page's template fails.
    pub fn file(&self, path: &str) -> Result<Vec<u8>, PageError> {
        let FilesOfBots { edition, files } = &*self.files;
        match files.get(path).ok_or(PageError::NotFound)? {
            FileOfBots::Page(leaf, kept) => {
                let docs = self.docs;
                let page = kept.get_or_init(|| {
                    let (options, inputs) = (&docs.options, &docs.inputs);
                    let page = docs
                        .project
                        .file_of_bots(edition, path, leaf, options, inputs);
                    page.map_err(|report| PageError::Template(printed(&report, inputs)))
                });
                docs.fill(page.as_ref().map_err(Clone::clone)?, &self.values)
            }
            FileOfBots::Index => Ok(edition.index().bytes.into_owned()),
        }
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

/// Why the values of a bot are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    variable: String,
    kind: ValueErrorKind,
    reason: String,
}

/// Who can correct a [`ValueError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueErrorKind {
    /// The project has no such variable or endpoint: an error of the server.
    Unknown,
    /// The server gave no value for `bot_id`.
    Missing,
    /// The variable does not take the value, which a reader may have entered.
    Refused,
}

impl ValueError {
    fn new(variable: &str, kind: ValueErrorKind, reason: String) -> ValueError {
        ValueError {
            variable: variable.to_owned(),
            kind,
            reason,
        }
    }

    /// Returns the name of the variable.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Returns who can correct the error.
    pub fn kind(&self) -> ValueErrorKind {
        self.kind
    }

    /// Returns the reason without the name of the variable, such as for a form beside its field.
    pub fn reason(&self) -> &str {
        &self.reason
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
#[non_exhaustive]
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
