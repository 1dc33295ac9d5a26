//! The whole build in memory, in the order of the picture in the crate's documentation.
//!
//! There is no incremental mode. Each build runs every stage, and takes from its cache the results
//! for the same inputs. So a build with a filled cache can't differ from one with an empty
//! cache.

mod cache;
mod lints;
mod lost;
mod printed;
mod published;
mod statics;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::check::{check, own_policy};
use crate::hole::roster::Roster;
use crate::hole::variable::BOT_ID;
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::model::{Audience, Model, Page};
use crate::pages::asset::Assets;
use crate::pages::hosting;
use crate::pages::render::{
    Edition, Fillable, HoledPage, IndexPlace, Leaf, PageFrame, Rendered, SearchIndex, ViewOptions,
};
use crate::pages::root::{self, SiteRoot};
use crate::pages::search;
use crate::pages::template::{TemplateError, Templates};
use crate::pages::view::url_path;
use crate::rich::highlight::Highlighter;
use crate::rich::policy;

pub use cache::SiteCache;
use cache::{KnownChoice, PartPages};
pub use lints::{in_template, slow_template};

/// The folder of the output directory that has a folder for each bot.
pub const BOTS: &str = "bots";

/// A project whose files have no errors, ready to be rendered.
pub struct Project {
    /// What is published of its checked spec: the part of it that bots with all endpoints have.
    pub model: Model,
    /// The part of it that the pages at the root show, if that is not all.
    of_root: Option<Model>,
    templates: Arc<Templates>,
    assets: Arc<Assets>,
    highlighter: Arc<Highlighter>,
    root_files: SiteRoot,
    /// The Content Security Policy of the pages, which hosts send too.
    policy: String,
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
/// The project is restricted to what everybody may see.
///
/// Results in the cache for unchanged files are reused.
pub fn project(inputs: &Inputs, cache: &mut SiteCache, report: &mut Report) -> Option<Project> {
    project_for(Audience::Public, inputs, cache, report)
}

/// Like [`project`], for an audience.
pub fn project_for(
    audience: Audience,
    inputs: &Inputs,
    cache: &mut SiteCache,
    report: &mut Report,
) -> Option<Project> {
    let model = check(inputs, &mut cache.pages, report);
    // Without a model the theme is still compiled, so that one run reports the errors of both.
    let language = model.as_ref().map_or("en", |model| &model.site.language);
    let templates = cache.templates(language, inputs, report);
    lints::old_theme(inputs, report);
    lints::refused_by_policy(inputs, report);
    lints::policies(inputs, report);
    lost::blocks(inputs, report);
    let base = model.as_ref().and_then(|model| model.site.url.as_deref());
    let used = statics::judge_sheets(inputs, url_path(base), report);
    let faults = report.counts().0;
    root::judge(model.as_ref(), inputs, report);
    let is_root_sound = report.counts().0 == faults;
    // Only after the lints: a project with errors gets all its reports at once.
    let whole = model?;
    statics::judge(&whole, inputs, used, report);
    if !is_root_sound {
        return None;
    }
    let mut model = whole.clone().for_audience(audience);
    cache.published = reuse(&whole, &mut model, &cache.published);
    if lints::prints_bot_id(inputs) {
        model
            .variables
            .find(BOT_ID)
            .into_iter()
            .for_each(|id| model.used.insert(id));
    }
    let mut project = Project {
        assets: cache.assets(inputs, &model.files, model.site.branding.accent.as_ref()),
        model,
        of_root: None,
        templates: templates?,
        highlighter: Arc::clone(&cache.highlighter),
        root_files: SiteRoot::new(&inputs.at_root, &inputs.sources),
        policy: own_policy(inputs).unwrap_or_else(policy::text),
    };
    let variables = project.model.variables.clone();
    let choice = project.model.choice(|id| variables.known(id, &[]));
    project.choose(choice.as_ref(), cache);
    Some(project)
}

/// Replaces pages of a part of the model by those of the last build, if the whole pages are the same;
/// returns each whole page by name, with its part.
///
/// Reusing the allocation keeps its address, by which the edition finds what it rendered before.
fn reuse(whole: &Model, part: &mut Model, last: &PartPages) -> PartPages {
    let by_name = whole.pages.iter().map(|page| (page.name.as_str(), page));
    let whole: HashMap<&str, &Arc<Page>> = by_name.collect();
    let mut pages = HashMap::new();
    for page in &mut part.pages {
        // Pages with all endpoints are shared with the model; the others are copies.
        let Some(&whole) = whole.get(page.name.as_str()) else {
            continue;
        };
        let known = last.get(&page.name);
        if let Some((_, same)) = known.filter(|(before, _)| Arc::ptr_eq(before, whole)) {
            *page = Arc::clone(same);
        }
        pages.insert(page.name.clone(), (Arc::clone(whole), Arc::clone(page)));
    }
    pages
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
        // A project with errors may have no page for another reason, which is reported.
        if self.root().pages.is_empty() && !report.has_errors() {
            let message = "the conditions (`when`) and `internal` leave the site no page";
            let path = inputs
                .site
                .as_ref()
                .map(|site| &inputs.sources.get(site.file).path);
            let path = path.map_or("site.yaml", String::as_str);
            let help = "add a guide, show an endpoint to everybody, build with `--internal`, or give the variables of `when` other values: by `default`, or by `--set`";
            let diagnostic = Diagnostic::about_file(Code::EmptyValue, path, message);
            report.push(diagnostic.help(help));
            return None;
        }
        let edition = self.edition(options, cache.edition.as_ref());
        let edition = cache.edition.insert(edition);
        let rendered = self.reported(edition.rendered(), options, inputs, report);
        let Rendered { pages, index } = rendered?;
        let mut files = self.files(options, edition);
        files.push((index.path, index.bytes.into_owned()));
        Some(Site { pages, files })
    }

    /// Returns the part of the model that the pages at the root show.
    fn root(&self) -> &Model {
        self.of_root.as_ref().unwrap_or(&self.model)
    }

    /// Returns the pages of the site, each rendered when it is requested; takes over unchanged ones
    /// from `before`.
    pub fn edition(&self, options: &ViewOptions, before: Option<&Edition>) -> Edition {
        let index = SearchIndex {
            path: search::path(None),
            place: IndexPlace::Root,
        };
        self.edition_of(self.root(), index, &self.with_url(options), before)
    }

    /// Returns the pages of a bot with these endpoints, or with all.
    pub fn edition_of_bots(
        &self,
        options: &ViewOptions,
        choice: Option<&BTreeSet<String>>,
    ) -> Edition {
        let chosen = choice.map(|ids| self.model.with_endpoints(ids));
        let model = chosen.as_ref().unwrap_or(&self.model);
        let index = self.index_of_bots(model, options);
        self.edition_of(model, index, &self.for_bots(options), None)
    }

    /// Returns the search index of the bots that have the endpoints of this model.
    fn index_of_bots(&self, model: &Model, options: &ViewOptions) -> SearchIndex {
        let ids = model.endpoint_ids();
        // Bots with the endpoints of the generic site share its index.
        if ids == self.root().endpoint_ids() {
            return SearchIndex {
                path: search::path(None),
                place: IndexPlace::Root,
            };
        }
        let ids = ids.into_iter().map(str::to_owned).collect();
        SearchIndex {
            path: search::path(Some(&ids)),
            place: options.index_of_some,
        }
    }

    /// Restricts the pages at the root to these endpoints, or to none. Returns whether a page is
    /// left.
    pub fn choose(&mut self, ids: Option<&BTreeSet<String>>, cache: &mut SiteCache) -> bool {
        let mut chosen = ids.map(|ids| self.model.with_endpoints(ids));
        let last = cache
            .of_root
            .take()
            .filter(|(before, _)| before.as_ref() == ids);
        if let Some(chosen) = &mut chosen {
            let last = last.map(|(_, pages)| pages).unwrap_or_default();
            let pages = reuse(&self.model, chosen, &last);
            cache.of_root = Some((ids.cloned(), pages));
        }
        self.of_root = chosen;
        let names = |model: &Model| -> Vec<String> {
            let pages = model.pages.iter();
            pages.map(|page| page.name.clone()).collect()
        };
        let of_root = names(self.root());
        let home = of_root.first().cloned().unwrap_or_default();
        let mut absent = names(&self.model);
        absent.retain(|name| !of_root.contains(name));
        for model in self.of_root.iter_mut().chain([&mut self.model]) {
            model.home.clone_from(&home);
            model.absent.clone_from(&absent);
        }
        !of_root.is_empty()
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
        let plain = hosting::files(
            &indexed,
            has_twins,
            options.site_url.as_deref(),
            &self.policy,
        );
        let plain = plain
            .into_iter()
            .chain(hosting::redirects(
                edition.outline(),
                options.site_url.as_deref(),
            ))
            .map(|(path, text)| (path.to_owned(), text.into_bytes()));
        let plain = self.root_files.join(plain.collect());
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
            let nothing = PartPages::new();
            let last = known.as_ref().map_or(&nothing, |known| &known.pages);
            // The same endpoints of the same page are the same page.
            let pages = chosen.as_mut().map(|part| reuse(&self.model, part, last));
            let model = chosen.as_ref().unwrap_or(&self.model);
            let before = known.as_ref().map(|known| &known.edition);
            let index = self.index_of_bots(model, &options);
            let edition = self.edition_of(model, index, &options, before);
            all.extend(self.reported(edition.rendered(), &options, inputs, report));
            // Choices that no bot has any more are dropped with `before`.
            let pages = pages.unwrap_or_default();
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
        if !options.for_bot {
            lost::text(pages, self.root(), inputs, report);
        }
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
        index: SearchIndex,
        options: &ViewOptions,
        before: Option<&Edition>,
    ) -> Edition {
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
