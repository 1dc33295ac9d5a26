//! The whole build in memory, in the order of the picture in the crate's documentation.
//!
//! There is no incremental mode. Each build runs every stage, and takes from its cache the results
//! for the same inputs. So a build with a filled cache can't differ from one with an empty
//! cache.

mod cache;
mod lints;
mod printed;
mod published;
mod statics;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::check::check;
use crate::hole::Values;
use crate::hole::roster::Roster;
use crate::input::diagnostic::Report;
use crate::input::load::Inputs;
use crate::model::Model;
use crate::pages::asset::Assets;
use crate::pages::hosting;
use crate::pages::render::{
    Edition, Fillable, HoledPage, IndexPlace, Leaf, PageFrame, Rendered, SearchIndex, ViewOptions,
};
use crate::pages::root::{self, SiteRoot};
use crate::pages::search;
use crate::pages::template::{TemplateError, Templates};
use crate::rich::highlight::Highlighter;

use cache::KnownChoice;
pub use cache::SiteCache;
pub use lints::{in_template, slow_template};

/// The folder of the output directory that has a folder for each bot.
pub const BOTS: &str = "bots";

/// A project whose files have no errors, ready to be rendered.
pub struct Project {
    /// Its checked spec.
    pub model: Model,
    templates: Arc<Templates>,
    assets: Arc<Assets>,
    highlighter: Arc<Highlighter>,
    root: SiteRoot,
}

/// A built site: pages with holes, and the files around them.
#[derive(Debug)]
pub struct Site {
    /// The pages.
    pub pages: Vec<HoledPage>,
    /// All other files by path: assets, the search index and files for hosts.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Checks a project's files and compiles its theme; reports every error, and returns none then.
///
/// Results in the cache for unchanged files are reused.
pub fn project(inputs: &Inputs, cache: &mut SiteCache, report: &mut Report) -> Option<Project> {
    let model = check(inputs, &mut cache.pages, report);
    // Without a model the theme is still compiled, so that one run reports the errors of both.
    let language = model.as_ref().map_or("en", |model| &model.site.language);
    let templates = cache.templates(language, inputs, report);
    lints::old_theme(inputs, report);
    lints::refused_by_policy(inputs, report);
    let used = statics::judge_sheets(inputs, report);
    // Only after the lints: a project with errors gets all its reports at once.
    let model = model?;
    statics::judge(&model, inputs, used, report);
    let faults = report.counts().0;
    root::judge(&model, inputs, report);
    if report.counts().0 > faults {
        return None;
    }
    Some(Project {
        assets: cache.assets(inputs, &model.files, model.site.branding.accent.as_ref()),
        model,
        templates: templates?,
        highlighter: Arc::clone(&cache.highlighter),
        root: SiteRoot::new(&inputs.at_root, &inputs.sources),
    })
}

impl Project {
    /// Renders the site, except pages in the cache; reports the errors of templates, and then
    /// returns none.
    pub fn site(
        &self,
        options: &ViewOptions,
        inputs: &Inputs,
        cache: &mut SiteCache,
        report: &mut Report,
    ) -> Option<Site> {
        let edition = self.edition(options, cache.edition.as_ref());
        let edition = cache.edition.insert(edition);
        let rendered = self.reported(edition.rendered(), options, inputs, report);
        let Rendered { pages, index } = rendered?;
        let mut files = self.files(options, edition);
        files.push((index.path, index.bytes.into_owned()));
        Some(Site { pages, files })
    }

    /// Returns the pages of the site, each rendered when it is requested; takes over unchanged ones
    /// from `before`.
    pub fn edition(&self, options: &ViewOptions, before: Option<&Edition>) -> Edition {
        self.edition_of(&self.model, None, &self.with_url(options), before)
    }

    /// Returns the pages of a bot with these endpoints, or with all.
    pub fn edition_of_bots(
        &self,
        options: &ViewOptions,
        choice: Option<&BTreeSet<String>>,
    ) -> Edition {
        let chosen = choice.map(|ids| self.model.with_endpoints(ids));
        let model = chosen.as_ref().unwrap_or(&self.model);
        self.edition_of(model, choice, &self.for_bots(options), None)
    }

    /// Restricts the model to the endpoints that these values choose. Returns false, and changes
    /// nothing, if no page would be left.
    pub fn choose(&mut self, values: &Values) -> bool {
        let ids = self.model.choice(|variable| values.get(variable));
        ids.is_none_or(|ids| self.choose_endpoints(&ids))
    }

    /// Restricts the model to these endpoints. Returns false, and changes nothing, if no page would
    /// be left.
    pub fn choose_endpoints(&mut self, ids: &BTreeSet<String>) -> bool {
        let chosen = self.model.with_endpoints(ids);
        let has_pages = !chosen.pages.is_empty();
        if has_pages {
            self.model = chosen;
        }
        has_pages
    }

    /// Renders the pages of a bot with all endpoints, to find errors of templates; returns none then.
    ///
    /// A bot's pages take other branches of templates than the generic pages, and a project may
    /// have no list of bots yet.
    pub fn try_bots(
        &self,
        options: &ViewOptions,
        inputs: &Inputs,
        report: &mut Report,
    ) -> Option<Rendered> {
        let rendered = self.edition_of_bots(options, None).rendered();
        self.reported(rendered, &self.for_bots(options), inputs, report)
    }

    /// Returns the files of the site beside its pages and their search index.
    pub fn files(&self, options: &ViewOptions, edition: &Edition) -> Vec<(String, Vec<u8>)> {
        let options = self.with_url(options);
        let (indexed, has_twins) = (edition.indexed(), edition.has_twins());
        let plain = hosting::files(&indexed, has_twins, options.site_url.as_deref());
        let plain = plain
            .into_iter()
            .chain(hosting::redirects(edition.outline()))
            .map(|(path, text)| (path.to_owned(), text.into_bytes()));
        let plain = self.root.join(plain.collect());
        let assets = self.assets.iter();
        let assets = assets.map(|asset| (asset.path.clone(), asset.bytes.to_vec()));
        plain.into_iter().chain(assets).collect()
    }

    /// Renders the pages of bots, once for each choice of endpoints, except those that the cache
    /// holds.
    pub fn bot_pages(
        &self,
        roster: &Roster,
        options: &ViewOptions,
        inputs: &Inputs,
        cache: &mut SiteCache,
        report: &mut Report,
    ) -> Vec<Rendered> {
        let options = self.for_bots(options);
        let mut all = Vec::new();
        let mut before = std::mem::take(&mut cache.of_bots);
        for choice in roster.choices() {
            let known = before.remove(choice);
            let mut chosen = choice.as_ref().map(|ids| self.model.with_endpoints(ids));
            let mut pages = HashMap::new();
            for page in chosen.iter_mut().flat_map(|model| &mut model.pages) {
                // Pages with all endpoints are shared with the model; `with_endpoints` copies the
                // others.
                let Some(whole) = self.model.pages.iter().find(|it| it.name == page.name) else {
                    continue;
                };
                let of_this = known.as_ref().and_then(|known| known.pages.get(&page.name));
                // The same endpoints of the same page are the same page. Reusing the allocation
                // keeps its address, by which the edition finds what it rendered before.
                if let Some((_, same)) = of_this.filter(|(before, _)| Arc::ptr_eq(before, whole)) {
                    *page = Arc::clone(same);
                }
                pages.insert(page.name.clone(), (Arc::clone(whole), Arc::clone(page)));
            }
            let model = chosen.as_ref().unwrap_or(&self.model);
            let before = known.as_ref().map(|known| &known.edition);
            let edition = self.edition_of(model, choice.as_ref(), &options, before);
            all.extend(self.reported(edition.rendered(), &options, inputs, report));
            // Choices that no bot has any more are dropped with `before`.
            let known = KnownChoice { pages, edition };
            cache.of_bots.insert(choice.clone(), known);
        }
        all
    }

    /// Returns the rendered pages, or none if a template has an error. Reports errors, live keys,
    /// link values that decide a host, and places that make pages slow.
    fn reported(
        &self,
        rendered: Result<Rendered, Vec<TemplateError>>,
        options: &ViewOptions,
        inputs: &Inputs,
        report: &mut Report,
    ) -> Option<Rendered> {
        match rendered {
            Ok(rendered) => {
                self.check_rendered(&rendered.pages, options, inputs, report);
                Some(rendered)
            }
            Err(errors) => {
                for error in errors {
                    report.push(in_template(error, inputs));
                }
                None
            }
        }
    }

    fn check_rendered(
        &self,
        pages: &[HoledPage],
        options: &ViewOptions,
        inputs: &Inputs,
        report: &mut Report,
    ) {
        let variables = &self.model.variables;
        for look in pages.iter().flat_map(|page| &page.body.looks().at) {
            report.push(slow_template(look, variables, inputs));
        }
        // After rendering, since templates can join parts of a key that no file contains as a whole.
        published::keys(pages, &self.model.site.public, inputs, report);
        published::deciding(pages, variables, options, inputs, report);
    }

    /// Renders one file of an edition of bots. Warnings are not reported.
    ///
    /// # Errors
    /// If a build with these bots would refuse the file: with the report of its errors.
    pub fn file_of_bots(
        &self,
        edition: &Edition,
        path: &str,
        leaf: &Leaf,
        options: &ViewOptions,
        inputs: &Inputs,
    ) -> Result<Arc<Fillable>, Report> {
        let mut report = Report::default();
        match edition.leaf(leaf) {
            Ok(body) => {
                let path = path.to_owned();
                let page = HoledPage { path, body };
                let pages = std::slice::from_ref(&page);
                self.check_rendered(pages, &self.for_bots(options), inputs, &mut report);
                if !report.has_errors() {
                    return Ok(page.body);
                }
            }
            Err(error) => report.push(in_template(error, inputs)),
        }
        Err(report)
    }

    /// Returns the same options for pages in `bots/ID/`: links are relative, so that pages work in
    /// any folder and from disk.
    fn for_bots(&self, options: &ViewOptions) -> ViewOptions {
        ViewOptions {
            for_bot: true,
            root: "../../".to_owned(),
            ..self.with_url(options)
        }
    }

    /// Returns the same options with the site's own address, unless the command line gives another.
    fn with_url(&self, options: &ViewOptions) -> ViewOptions {
        let site_url = options
            .site_url
            .clone()
            .or_else(|| self.model.site.url.clone());
        ViewOptions {
            site_url,
            ..options.clone()
        }
    }

    fn edition_of(
        &self,
        model: &Model,
        choice: Option<&BTreeSet<String>>,
        options: &ViewOptions,
        before: Option<&Edition>,
    ) -> Edition {
        // A choice of all endpoints shares the index of the generic site.
        let some = choice.filter(|_| !model.hidden.is_empty());
        let index = SearchIndex {
            path: search::path(some),
            place: some.map_or(IndexPlace::Root, |_| options.index_of_some),
        };
        let frame = PageFrame {
            outline: model.outline(),
            templates: Arc::clone(&self.templates),
            assets: Arc::clone(&self.assets),
            highlighter: Arc::clone(&self.highlighter),
            options: options.clone(),
            index,
        };
        Edition::new(frame, &model.pages, before)
    }
}
