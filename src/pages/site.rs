//! The whole build in memory, in the order of the picture in the crate's documentation.

mod printed;
mod published;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::check::{self, check};
use crate::hole::Values;
use crate::hole::roster::Roster;
use crate::hole::variable::Variables;
use crate::input::diagnostic::{Diagnostic, Report, Severity};
use crate::input::explain::Code;
use crate::input::load::{Inputs, StaticFile};
use crate::input::meant::nearest;
use crate::input::source::{FileId, SourceFile, Span};
use crate::model::{self, Model};
use crate::pages::asset::Assets;
use crate::pages::hosting;
use crate::pages::render::{Edition, HoledPage, PageFrame, Rendered, ViewOptions};
use crate::pages::search;
use crate::pages::template::{self, Inspection, Quoted, TemplateError, Templates};
use crate::pages::theme;
use crate::rich::accent::Accent;
use crate::rich::highlight::Highlighter;
use crate::rich::messages::{self, Messages};

/// A project whose files are right, ready to be rendered.
pub struct Project {
    /// What its spec says.
    pub model: Model,
    templates: Arc<Templates>,
    assets: Arc<Assets>,
    highlighter: Arc<Highlighter>,
}

/// What was made of a project's files the last time, for the next.
///
/// It only saves time: what is built is the same without.
#[derive(Default)]
pub struct SiteCache {
    highlighter: Arc<Highlighter>,
    pages: check::CheckCache,
    templates: Option<KnownTemplates>,
    assets: Option<KnownAssets>,
    edition: Option<Edition>,
    /// The editions of bots, by the endpoints that they have.
    of_bots: BTreeMap<Option<BTreeSet<String>>, KnownChoice>,
}

/// What bots with the same endpoints have.
struct KnownChoice {
    /// By name each page of the model, and what they have of it.
    pages: HashMap<String, (Arc<model::Page>, Arc<model::Page>)>,
    edition: Edition,
}

/// Templates, and all that they were made of.
struct KnownTemplates {
    language: String,
    files: Vec<(String, Arc<SourceFile>)>,
    templates: Option<Arc<Templates>>,
    report: Report,
}

/// Assets, and all that they were made of.
struct KnownAssets {
    files: [Vec<(String, Arc<[u8]>)>; 2],
    accent: Option<Accent>,
    assets: Arc<Assets>,
}

/// A built site: pages with holes, and the files around them.
#[derive(Debug)]
pub struct Site {
    /// The pages.
    pub pages: Vec<HoledPage>,
    /// All else, by path: assets, the search index and files for hosts.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Reads and checks a project's files; reports every fault, and then gives none.
pub fn project(inputs: &Inputs, report: &mut Report) -> Option<Project> {
    project_again(inputs, &mut SiteCache::default(), report)
}

/// Like [`project`], but what was made before of the same is taken from a memory.
pub fn project_again(
    inputs: &Inputs,
    memory: &mut SiteCache,
    report: &mut Report,
) -> Option<Project> {
    let model = check(inputs, &mut memory.pages, report);
    let language = model.as_ref().map_or("en", |model| &model.site.language);
    let templates = memory.templates(language, inputs, report);
    old_theme(inputs, report);
    refused_by_policy(inputs, report);
    let model = model?;
    Some(Project {
        assets: memory.assets(inputs, &model.files, model.site.look.accent.as_ref()),
        model,
        templates: templates?,
        highlighter: Arc::clone(&memory.highlighter),
    })
}

impl SiteCache {
    fn templates(
        &mut self,
        language: &str,
        inputs: &Inputs,
        report: &mut Report,
    ) -> Option<Arc<Templates>> {
        let files = inputs.templates.iter().chain(&inputs.messages);
        let files = files.map(|(name, file)| (name.clone(), Arc::clone(inputs.sources.get(*file))));
        let files: Vec<_> = files.collect();
        let known = self.templates.take().filter(|known| {
            let mut pairs = known.files.iter().zip(&files);
            known.language == language
                && known.files.len() == files.len()
                && pairs.all(|((a, old), (b, new))| a == b && Arc::ptr_eq(old, new))
        });
        let known = known.unwrap_or_else(|| {
            let mut report = Report::default();
            KnownTemplates {
                language: language.to_owned(),
                files,
                templates: templates(language, inputs, &mut report).map(Arc::new),
                report,
            }
        });
        report.extend(known.report.clone());
        self.templates.insert(known).templates.clone()
    }

    /// The files beside the pages; of the spec's folder those that are `shown`, in order.
    fn assets(
        &mut self,
        inputs: &Inputs,
        shown: &[String],
        accent: Option<&Accent>,
    ) -> Arc<Assets> {
        let shared = |files: &mut dyn Iterator<Item = &StaticFile>| {
            let pairs = files.map(|file| (file.path.clone(), Arc::clone(&file.bytes)));
            pairs.collect::<Vec<_>>()
        };
        let is_shown = |file: &&StaticFile| shown.binary_search(&file.path).is_ok();
        let files = [
            shared(&mut inputs.statics.iter()),
            shared(&mut inputs.files.iter().filter(is_shown)),
        ];
        let are_same = |old: &[(String, Arc<[u8]>)], new: &[(String, Arc<[u8]>)]| {
            let mut pairs = old.iter().zip(new);
            old.len() == new.len()
                && pairs.all(|(old, new)| old.0 == new.0 && Arc::ptr_eq(&old.1, &new.1))
        };
        let known = self.assets.take().filter(|known| {
            let mut pairs = known.files.iter().zip(&files);
            known.accent.as_ref() == accent && pairs.all(|(old, new)| are_same(old, new))
        });
        let known = known.unwrap_or_else(|| {
            let owned = |files: &[(String, Arc<[u8]>)]| {
                let pairs = files
                    .iter()
                    .map(|(path, bytes)| (path.clone(), bytes.to_vec()));
                pairs.collect::<Vec<_>>()
            };
            KnownAssets {
                assets: Arc::new(Assets::new(owned(&files[0]), owned(&files[1]), accent)),
                accent: accent.cloned(),
                files,
            }
        });
        Arc::clone(&self.assets.insert(known).assets)
    }
}

impl Project {
    /// Renders the site; reports the faults of templates, and then gives none.
    pub fn site(
        &self,
        options: &ViewOptions,
        inputs: &Inputs,
        report: &mut Report,
    ) -> Option<Site> {
        self.site_again(options, inputs, &mut SiteCache::default(), report)
    }

    /// Like [`site`](Self::site), but pages that were made before are taken from a memory.
    pub fn site_again(
        &self,
        options: &ViewOptions,
        inputs: &Inputs,
        memory: &mut SiteCache,
        report: &mut Report,
    ) -> Option<Site> {
        let edition = self.edition(options, memory.edition.as_ref());
        let edition = memory.edition.insert(edition);
        let rendered = self.reported(edition.rendered(), options, inputs, report);
        let Rendered { pages, index } = rendered?;
        let mut files = self.files(options, edition);
        files.push((index.path, index.bytes.into_owned()));
        Some(Site { pages, files })
    }

    /// The pages of the site, to be made when they are asked for.
    pub fn edition(&self, options: &ViewOptions, before: Option<&Edition>) -> Edition {
        self.edition_of(&self.model, None, &self.with_url(options), before)
    }

    /// The pages of a bot that has these endpoints, or all.
    pub fn edition_of_bots(
        &self,
        options: &ViewOptions,
        choice: Option<&BTreeSet<String>>,
    ) -> Edition {
        let chosen = choice.map(|ids| self.model.with_endpoints(ids));
        let model = chosen.as_ref().unwrap_or(&self.model);
        self.edition_of(model, choice, &self.for_bots(options), None)
    }

    /// Keeps what a bot with these values has, unless it would have no page; says whether it has one.
    pub fn choose(&mut self, values: &Values) -> bool {
        let ids = self.model.choice(|variable| values.get(variable));
        ids.is_none_or(|ids| self.choose_endpoints(&ids))
    }

    /// Keeps what a bot with these endpoints has, unless it would have no page; says whether it has one.
    pub fn choose_endpoints(&mut self, ids: &BTreeSet<String>) -> bool {
        let chosen = self.model.with_endpoints(ids);
        let has_pages = !chosen.pages.is_empty();
        if has_pages {
            self.model = chosen;
        }
        has_pages
    }

    /// Renders the pages of a bot that has all endpoints, to find the faults of templates.
    pub fn try_bots(&self, options: &ViewOptions, inputs: &Inputs, report: &mut Report) {
        let rendered = self.edition_of_bots(options, None).rendered();
        self.reported(rendered, &self.for_bots(options), inputs, report);
    }

    /// The files of the site beside its pages and their search index.
    pub fn files(&self, options: &ViewOptions, edition: &Edition) -> Vec<(String, Vec<u8>)> {
        let options = self.with_url(options);
        let (indexed, has_twins) = (edition.indexed(), edition.has_twins());
        let plain = hosting::files(&indexed, has_twins, options.site_url.as_deref());
        let plain = plain
            .into_iter()
            .chain(hosting::redirects(edition.outline()))
            .map(|(path, text)| (path.to_owned(), text.into_bytes()));
        let assets = self.assets.iter();
        let assets = assets.map(|asset| (asset.path.clone(), asset.bytes.to_vec()));
        plain.chain(assets).collect()
    }

    /// Renders the pages of bots, once for each choice of endpoints; those that were made before are
    /// taken from a memory.
    pub fn bot_pages(
        &self,
        roster: &Roster,
        options: &ViewOptions,
        inputs: &Inputs,
        memory: &mut SiteCache,
        report: &mut Report,
    ) -> Vec<Rendered> {
        let options = self.for_bots(options);
        let mut all = Vec::new();
        let mut before = std::mem::take(&mut memory.of_bots);
        for choice in roster.choices() {
            let known = before.remove(choice);
            let mut chosen = choice.as_ref().map(|ids| self.model.with_endpoints(ids));
            let mut pages = HashMap::new();
            for page in chosen.iter_mut().flat_map(|model| &mut model.pages) {
                let Some(whole) = self.model.pages.iter().find(|it| it.name == page.name) else {
                    continue;
                };
                let of_this = known.as_ref().and_then(|known| known.pages.get(&page.name));
                // The same endpoints of the same page are the same.
                if let Some((_, same)) = of_this.filter(|(before, _)| Arc::ptr_eq(before, whole)) {
                    *page = Arc::clone(same);
                }
                pages.insert(page.name.clone(), (Arc::clone(whole), Arc::clone(page)));
            }
            let model = chosen.as_ref().unwrap_or(&self.model);
            let before = known.as_ref().map(|known| &known.edition);
            let edition = self.edition_of(model, choice.as_ref(), &options, before);
            all.extend(self.reported(edition.rendered(), &options, inputs, report));
            let known = KnownChoice { pages, edition };
            memory.of_bots.insert(choice.clone(), known);
        }
        all
    }

    /// What was rendered, or none where a template has a fault; reports faults, keys, values of links in
    /// hosts, and what makes it slow.
    fn reported(
        &self,
        rendered: Result<Rendered, Vec<TemplateError>>,
        options: &ViewOptions,
        inputs: &Inputs,
        report: &mut Report,
    ) -> Option<Rendered> {
        let errors = match rendered {
            Ok(rendered) => {
                for look in rendered.pages.iter().flat_map(|page| &page.body.looks().at) {
                    report.push(slow_template(look, &self.model.variables, inputs));
                }
                published::keys(&rendered, &self.model.site.public, inputs, report);
                let values = (&self.model.variables, options.for_bot);
                published::deciding(&rendered, values, inputs, report);
                return Some(rendered);
            }
            Err(errors) => errors,
        };
        for error in errors {
            report.push(in_template(error, inputs));
        }
        None
    }

    fn for_bots(&self, options: &ViewOptions) -> ViewOptions {
        ViewOptions {
            for_bot: true,
            root: "../../".to_owned(),
            ..self.with_url(options)
        }
    }

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
        let frame = PageFrame {
            outline: model.outline(),
            templates: Arc::clone(&self.templates),
            assets: Arc::clone(&self.assets),
            highlighter: Arc::clone(&self.highlighter),
            options: options.clone(),
            // Who chose all endpoints finds what everybody finds.
            index: search::path(choice.filter(|_| !model.hidden.is_empty())),
        };
        Edition::new(frame, &model.pages, before)
    }
}

fn templates(language: &str, inputs: &Inputs, report: &mut Report) -> Option<Templates> {
    let faults = report.counts().0;
    let messages = messages(language, inputs, report);
    let is_sound = report.counts().0 == faults;
    unused_templates(inputs, report);
    let own = inputs
        .templates
        .iter()
        .map(|(name, file)| (name.clone(), inputs.sources.get(*file).text.clone()));
    match Templates::new(own, messages) {
        // What is wrong with a message would be told again by the templates that say it.
        Ok(templates) => is_sound.then_some(templates),
        Err(errors) => {
            errors
                .into_iter()
                .for_each(|error| report.push(in_template(error, inputs)));
            None
        }
    }
}

/// The words of the pages; reports what is wrong with the project's own.
fn messages(language: &str, inputs: &Inputs, report: &mut Report) -> Messages {
    let text = |file: FileId| inputs.sources.get(file).text.as_str();
    let quoted = Quoted::new(inputs.templates.iter().map(|&(_, file)| text(file)));
    let is_named = |id: &str| quoted.has(id);
    messages::judge(
        language,
        &inputs.messages,
        &inputs.sources,
        &is_named,
        report,
    );
    let own = inputs.messages.iter();
    Messages::new(language, own.map(|(tag, file)| (tag.as_str(), text(*file))))
}

/// Warns of templates that replace no built-in one and that no other names: misspelt ones.
fn unused_templates(inputs: &Inputs, report: &mut Report) {
    let text = |file: FileId| inputs.sources.get(file).text.as_str();
    let built_in: Vec<(&str, &str)> = Templates::built_in().collect();
    let own = inputs.templates.iter().map(|&(_, file)| text(file));
    let quoted = Quoted::new(own.chain(built_in.iter().map(|&(_, text)| text)));
    for (number, (name, file)) in inputs.templates.iter().enumerate() {
        if quoted.has_beside(number, name) || built_in.iter().any(|(known, _)| known == name) {
            continue;
        }
        let start = Span::new(*file, 0..0);
        let message = format!("no page uses the template `{name}`");
        let mut diagnostic = Diagnostic::warning(Code::UnusedFile, start, message);
        let names = built_in.iter().map(|&(name, _)| name);
        if let Some(meant) = nearest(name, names.clone()) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        let names: Vec<&str> = names.collect();
        let help = format!(
            "rename it, or include it in another; the built-in templates are: {}",
            names.join(", ")
        );
        report.push(diagnostic.help(help));
    }
}

/// Warns of files of the theme that were made for another version of it.
fn old_theme(inputs: &Inputs, report: &mut Report) {
    for &(_, file) in inputs.templates.iter().chain(&inputs.messages) {
        let text = &inputs.sources.get(file).text;
        if let Some((message, help)) = other_version(text) {
            let line = Span::new(file, 0..text.lines().next().unwrap_or_default().len());
            report.push(Diagnostic::warning(Code::OldTheme, line, message).help(help));
        }
    }
    for file in &inputs.statics {
        let Ok(text) = std::str::from_utf8(&file.bytes) else {
            continue;
        };
        if let Some((message, help)) = other_version(text) {
            let mut diagnostic = Diagnostic::about_file(Code::OldTheme, &*file.shown, message);
            diagnostic.severity = Severity::Warning;
            report.push(diagnostic.help(help));
        }
    }
}

/// Warns of what a project's own templates ask for and browsers won't do.
fn refused_by_policy(inputs: &Inputs, report: &mut Report) {
    for &(_, file) in &inputs.templates {
        for refused in template::refused(&inputs.sources.get(file).text) {
            let span = Span::new(file, refused.range);
            let diagnostic = Diagnostic::warning(Code::RefusedByPolicy, span, refused.message);
            report.push(diagnostic.help(refused.help));
        }
    }
}

/// What to say of a text whose first line names another version of the theme.
fn other_version(text: &str) -> Option<(String, String)> {
    let (version, built_in) = (theme::version_of(text)?, theme::VERSION);
    let help = match version.cmp(&built_in) {
        Ordering::Equal => return None,
        Ordering::Less => format!(
            "compare it with what `botdocs theme eject --dir FOLDER` writes, then put {built_in} here"
        ),
        Ordering::Greater => "update botdocs: the file comes from a newer one".to_owned(),
    };
    let message =
        format!("made for version {version} of the theme; the built-in one is {built_in}");
    Some((message, help))
}

/// Warns of a place in a template for which its pages are made anew for each bot.
pub fn slow_template(look: &Inspection, variables: &Variables, inputs: &Inputs) -> Diagnostic {
    let names = look.variables.iter();
    let names: Vec<_> = names
        .map(|&variable| format!("`{}`", variables.get(variable).name))
        .collect();
    let of = match names.as_slice() {
        [] => "the values of bots".to_owned(),
        [name] => format!("the value of {name}"),
        names => format!("the values of {}", names.join(", ")),
    };
    let message = format!(
        "{} looks at {of}: its pages are made anew for each bot",
        look.what
    );
    let diagnostic = match own_template(&look.template, inputs) {
        Some(file) => {
            let place = Span::new(file, look.range.clone().unwrap_or(0..0));
            Diagnostic::warning(Code::SlowTemplate, place, message)
        }
        None => {
            let path = format!("built-in template {}", look.template);
            let mut diagnostic = Diagnostic::about_file(Code::SlowTemplate, path, message);
            diagnostic.severity = Severity::Warning;
            diagnostic
        }
    };
    diagnostic.help("a page that only prints values is made once and filled: see `botdocs explain slow-template`")
}

fn own_template(name: &str, inputs: &Inputs) -> Option<FileId> {
    let mut own = inputs.templates.iter();
    own.find(|(own, _)| own == name).map(|&(_, file)| file)
}

/// A template's fault in the project's own file, or by the name of a built-in one.
pub fn in_template(error: TemplateError, inputs: &Inputs) -> Diagnostic {
    let diagnostic = match own_template(&error.template, inputs) {
        Some(file) => {
            let text = inputs.sources.get(file);
            let line = || error.line.map(|line| text.lines(line - 1, line - 1));
            let range = error.range.clone().or_else(line).unwrap_or(0..0);
            Diagnostic::error(error.code, Span::new(file, range), error.message)
        }
        None => {
            let path = format!("built-in template {}", error.template);
            Diagnostic::about_file(error.code, path, error.message)
        }
    };
    diagnostic.maybe_help(error.help)
}
