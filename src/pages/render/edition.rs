//! All pages for the same readers, each rendered when it is requested.
//!
//! A page follows from its own content and from its frame: what all pages show or are rendered
//! with. So an edition takes over from the one before it what was rendered of the same page in the
//! same frame, and renders the rest.
//!
//! The types make sure that the frame is complete: what renders a page has an
//! [`Outline`], in which other pages have names, titles and descriptions but no content.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;

use crate::model::{self, Content, Outline, Target};
use crate::pages::asset::{Asset, Assets};
use crate::pages::search;
use crate::pages::template::{Inspection, TemplateError, Templates};
use crate::pages::twin;
use crate::pages::view::{
    ApiPage, Context, GuidePage, NotFoundPage, RedirectPage, SearchIndex, ViewOptions, url_path,
};
use crate::rich::highlight::Highlighter;

use super::{Fillable, HoledPage, Rendered};

/// What every page shows or is rendered with.
#[derive(Clone)]
pub struct PageFrame {
    /// What any page may show of the project.
    pub outline: Outline,
    /// The templates, and their messages.
    pub templates: Arc<Templates>,
    /// The static files, for their names.
    pub assets: Arc<Assets>,
    /// Highlights code. Its cache changes no result, so it is not compared with that of another
    /// frame.
    pub highlighter: Arc<Highlighter>,
    /// The audience and the place of the pages.
    pub options: ViewOptions,
    /// The search index over the pages.
    pub index: SearchIndex,
}

impl PageFrame {
    /// Returns whether the same page is rendered the same in another frame.
    ///
    /// Templates and assets are compared by address, since their contents are large and the cache
    /// keeps them in place.
    fn is_same(&self, other: &PageFrame) -> bool {
        // The outline comes last: it is the only part whose comparison takes time.
        Arc::ptr_eq(&self.templates, &other.templates)
            && Arc::ptr_eq(&self.assets, &other.assets)
            && self.options == other.options
            && self.index == other.index
            && self.outline == other.outline
    }

    fn context(&self) -> Context<'_> {
        Context {
            outline: &self.outline,
            assets: &self.assets,
            highlighter: &self.highlighter,
            messages: self.templates.messages(),
            options: &self.options,
            index: &self.index,
            // Pages of the model set it by `of_page`; the page for missing addresses sets
            // `pages_at`.
            page: "",
            pages_at: "",
        }
    }

    /// Returns a page without a template.
    fn text(&self, text: &str) -> Arc<Fillable> {
        let names = self.outline.variables.names();
        Arc::new(Fillable::of_text(text, &names, self.options.making))
    }

    /// Returns the page that a template prints of a view.
    fn page(
        &self,
        template: &'static str,
        view: &impl Serialize,
    ) -> Result<Arc<Fillable>, TemplateError> {
        let (variables, making) = (&self.outline.variables, self.options.making);
        let body = Fillable::of_view(&self.templates, template, view, variables, making);
        body.map(Arc::new)
    }
}

/// The pages of a site, or of the bots with the same endpoints.
pub struct Edition {
    frame: Arc<PageFrame>,
    /// In the order of the outline.
    sheets: Vec<Arc<Sheet>>,
    /// Pages that templates print of the frame alone.
    others: Arc<Vec<Other>>,
}

/// The content of a page, and its rendered form in a frame.
struct Sheet {
    page: Arc<model::Page>,
    verdict: Verdict,
    html: OnceLock<Arc<Fillable>>,
    twin: OnceLock<Twin>,
    /// Its rows of the search index.
    rows: OnceLock<String>,
}

/// A page that is not in the model.
struct Other {
    path: String,
    leaf: Leaf,
    verdict: Verdict,
}

/// Whether the templates can print a page, as far as that was tried.
///
/// It is kept beside the page, not with its bytes: the preview drops pages that nobody looks at,
/// but reports their warnings after every save.
#[derive(Default)]
struct Verdict(Mutex<TemplateVerdict>);

/// The result of a try: an error, or the places in templates that inspect values.
#[derive(Clone, Default)]
enum TemplateVerdict {
    #[default]
    NotYet,
    Faulty,
    Sound(Vec<Inspection>),
}

impl Verdict {
    fn get(&self) -> TemplateVerdict {
        // The lock is held for a copy or an assignment, so a poisoned value is whole.
        let judged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        judged.clone()
    }

    fn set(&self, judged: TemplateVerdict) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = judged;
    }
}

/// The twin of a page.
#[derive(Clone)]
struct Twin {
    file: Arc<Fillable>,
    /// For the file of all twins.
    body: Arc<twin::MarkdownBody>,
}

/// One output file of an edition, by its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A page of the model, by its place there.
    Page(usize),
    /// Its twin.
    Twin(usize),
    /// The list of the twins.
    List,
    /// All twins in one file.
    AllTwins,
    /// The page at the old name of a page, and where that page is now.
    Old(String, Target),
    /// The page for missing addresses.
    NotFound,
}

impl Edition {
    /// Returns the edition of pages in a frame; takes over from `before` what is the same in this
    /// one.
    pub fn new(frame: PageFrame, pages: &[Arc<model::Page>], before: Option<&Edition>) -> Edition {
        // A frame is taken over as a whole or not at all: any page may show any part of it.
        let before = before.filter(|before| before.frame.is_same(&frame));
        let known: HashMap<*const model::Page, &Arc<Sheet>> = before
            .iter()
            .flat_map(|before| &before.sheets)
            // The check returns an unchanged page in the same allocation, so equal addresses are
            // equal pages. `before` keeps the allocation alive, so no other page can have its
            // address.
            .map(|sheet| (Arc::as_ptr(&sheet.page), sheet))
            .collect();
        let sheets = pages
            .iter()
            .map(|page| match known.get(&Arc::as_ptr(page)) {
                Some(sheet) => Arc::clone(sheet),
                None => Arc::new(Sheet {
                    page: Arc::clone(page),
                    verdict: Verdict::default(),
                    html: OnceLock::new(),
                    twin: OnceLock::new(),
                    rows: OnceLock::new(),
                }),
            });
        let sheets = sheets.collect();
        match before {
            Some(before) => Edition {
                sheets,
                others: Arc::clone(&before.others),
                frame: Arc::clone(&before.frame),
            },
            None => Edition {
                sheets,
                others: Arc::new(others(&frame)),
                frame: Arc::new(frame),
            },
        }
    }

    /// Returns all output files by path: the pages of the model, their twins and the lists of twins
    /// if it has twins, a page for each old name, and the page for missing addresses.
    ///
    /// A bot's folder has no page for missing addresses, since a host shows one for all, and no
    /// file of all twins, which would repeat the generic one.
    pub fn leaves(&self) -> Vec<(String, Leaf)> {
        let outline = &self.frame.outline;
        let context = self.frame.context();
        let mut leaves = Vec::new();
        for (at, page) in outline.pages.iter().enumerate() {
            leaves.push((outline.file_name(&page.name), Leaf::Page(at)));
            if self.has_twins() {
                // Links in the output directory's root are paths.
                leaves.push((context.twin_link(&page.name), Leaf::Twin(at)));
            }
        }
        if self.has_twins() {
            leaves.push((twin::LLMS.to_owned(), Leaf::List));
            if self.frame.options.root.is_empty() {
                leaves.push((twin::LLMS_FULL.to_owned(), Leaf::AllTwins));
            }
        }
        let others = self.others.iter();
        leaves.extend(others.map(|other| (other.path.clone(), other.leaf.clone())));
        leaves
    }

    /// Renders one output file, or returns the cached one.
    ///
    /// # Errors
    /// If its template has an error.
    pub fn leaf(&self, leaf: &Leaf) -> Result<Arc<Fillable>, TemplateError> {
        let frame = &self.frame;
        let text = match leaf {
            Leaf::Page(at) => return self.html(&self.sheets[*at]),
            Leaf::Twin(at) => return Ok(self.twin(&self.sheets[*at]).file),
            // Not cached: it consists of titles and descriptions.
            Leaf::List => twin::llms(&frame.context()),
            Leaf::AllTwins => {
                let twins = self.sheets.iter().map(|sheet| self.twin(sheet));
                let twins: Vec<_> = twins.collect();
                let bodies: Vec<_> = twins.iter().map(|twin| &*twin.body).collect();
                twin::llms_full(&frame.context(), &bodies)
            }
            Leaf::Old(from, to) => {
                let view = RedirectPage::new(&frame.context(), from, to);
                return frame.page("redirect.html", &view);
            }
            Leaf::NotFound => {
                return self.not_found(self.base());
            }
        };
        Ok(frame.text(&text))
    }

    /// Returns the path of the site's address.
    pub fn base(&self) -> &str {
        url_path(self.frame.options.site_url.as_deref())
    }

    /// Returns the page for missing addresses of a site at the path `root`. Hosts show it at any
    /// depth, so its links begin with the path.
    ///
    /// # Errors
    /// If its template has an error.
    pub fn not_found(&self, root: &str) -> Result<Arc<Fillable>, TemplateError> {
        let frame = &self.frame;
        let options = ViewOptions {
            root: root.to_owned(),
            ..frame.options.clone()
        };
        let context = Context {
            options: &options,
            pages_at: root,
            ..frame.context()
        };
        frame.page("404.html", &NotFoundPage::new(&context))
    }

    /// Returns the file of the search index over the pages.
    pub fn index_file(&self) -> &SearchIndex {
        &self.frame.index
    }

    /// Returns the search index over the pages.
    pub fn index(&self) -> Asset {
        let frame = &self.frame;
        let rows = self.sheets.iter().map(|sheet| {
            let rows = sheet.rows.get_or_init(|| {
                let file = frame.outline.file_name(&sheet.page.name);
                let messages = frame.templates.messages();
                // A template with an error has its own report; its page shows no words.
                let html = self.html(sheet).ok();
                let html = html.as_ref().map_or("", |html| html.holed().literal());
                search::rows(&sheet.page, file, html, &frame.outline, messages)
            });
            rows.as_str()
        });
        Asset {
            path: frame.index.path.clone(),
            bytes: search::index(rows, &frame.outline).into_bytes().into(),
        }
    }

    /// Renders all output files and keeps the pages, for this edition and those after it.
    ///
    /// # Errors
    /// With the error of each template that has one, each error once.
    pub fn rendered(&self) -> Result<Rendered, Vec<TemplateError>> {
        let mut errors: Vec<TemplateError> = Vec::new();
        let mut note = |error| {
            if !errors.contains(&error) {
                errors.push(error);
            }
        };
        for sheet in &self.sheets {
            if self.has_twins() {
                // Before the page, which prints a recipe of the twin's holes.
                sheet.twin.get_or_init(|| self.twin(sheet));
            }
            match self.html(sheet) {
                // An error is not stored, so every build that still has it reports it.
                Ok(html) => drop(sheet.html.set(html)),
                Err(error) => note(error),
            }
        }
        for other in self.others.iter() {
            if let Err(error) = self.leaf(&other.leaf) {
                note(error);
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        // Everything that has no cache is rendered here once more; these are few small pages.
        let pages = self.leaves().into_iter();
        let pages = pages.map(|(path, leaf)| {
            Ok(HoledPage {
                path,
                body: self.leaf(&leaf)?,
            })
        });
        Ok(Rendered {
            pages: pages
                .collect::<Result<_, _>>()
                .map_err(|error| vec![error])?,
            index: self.index(),
        })
    }

    /// Returns the part of the project that every page may show.
    pub fn outline(&self) -> &Outline {
        &self.frame.outline
    }

    /// Returns the paths of the pages for search engines: none of a bot's, which repeat the generic
    /// ones.
    pub fn indexed(&self) -> Vec<String> {
        let outline = &self.frame.outline;
        let pages = outline.pages.iter();
        let pages = pages.filter(|_| !self.frame.options.for_bot);
        pages.map(|page| outline.file_name(&page.name)).collect()
    }

    /// Returns whether its pages have twins.
    pub fn has_twins(&self) -> bool {
        self.frame.context().has_twins()
    }

    /// Returns a page, from the cache or rendered.
    fn html(&self, sheet: &Sheet) -> Result<Arc<Fillable>, TemplateError> {
        if let Some(html) = sheet.html.get() {
            return Ok(Arc::clone(html));
        }
        let frame = &self.frame;
        let page = &*sheet.page;
        let context = frame.context().of_page(page);
        let template = page.content.kind().template();
        match &page.content {
            Content::Api(api) => {
                let mut view = ApiPage::new(&context, page, api);
                view.page.twin_holes = self.twin_holes(sheet);
                frame.page(template, &view)
            }
            Content::Guide(text) => {
                let mut view = GuidePage::new(&context, page, text);
                view.page.twin_holes = self.twin_holes(sheet);
                frame.page(template, &view)
            }
        }
    }

    /// Returns the recipe by which the browser puts the reader's values into the twin of a page.
    fn twin_holes(&self, sheet: &Sheet) -> Option<String> {
        let frame = &self.frame;
        // In a bot's twin the values are filled in already.
        let is_open = self.has_twins() && !frame.options.for_bot;
        let placeholders = frame.outline.variables.placeholders();
        let holes = is_open.then(|| self.twin(sheet).file.holed().recipe(&placeholders));
        holes.filter(|holes| !holes.is_empty())
    }

    /// Returns the twin of a page, from the cache or rendered.
    fn twin(&self, sheet: &Sheet) -> Twin {
        let made = || {
            let context = self.frame.context().of_page(&sheet.page);
            let body = twin::body(&context, &sheet.page);
            Twin {
                file: self.frame.text(&twin::twin(&context, &body)),
                body: Arc::new(body),
            }
        };
        sheet.twin.get().cloned().unwrap_or_else(made)
    }

    /// Returns the number of pages for browsers, and how many of them may differ from those of
    /// `before`.
    pub fn count(&self, before: Option<&Edition>) -> (usize, usize) {
        let others = self.others.len();
        let all = self.sheets.len() + others;
        let Some(before) = before else {
            return (all, all);
        };
        // A sheet that was taken over is the same allocation, so what differs was rendered again.
        let known: HashSet<*const Sheet> = before.sheets.iter().map(Arc::as_ptr).collect();
        let sheets = self.sheets.iter().map(Arc::as_ptr);
        let new = sheets.filter(|sheet| !known.contains(sheet)).count();
        let is_same = Arc::ptr_eq(&self.others, &before.others);
        (all, new + if is_same { 0 } else { others })
    }

    /// Returns the pages that were not rendered yet or had an error: first pages with an error,
    /// then those at `paths`, then one of each template.
    ///
    /// The preview tries some of them before it shows a version. An error of a template usually
    /// shows on its first page, so one page of each template finds most errors early.
    pub fn unjudged(&self, paths: &[String]) -> Vec<Leaf> {
        let outline = &self.frame.outline;
        let mut templates = HashSet::new();
        let sheets = self.sheets.iter().enumerate().map(|(at, sheet)| {
            let path = outline.file_name(&sheet.page.name);
            (path, Leaf::Page(at), &sheet.verdict)
        });
        let others = self.others.iter();
        let others = others.map(|it| (it.path.clone(), it.leaf.clone(), &it.verdict));
        let mut all: Vec<_> = sheets
            .chain(others)
            .filter_map(|(path, leaf, verdict)| {
                let is_faulty = match verdict.get() {
                    TemplateVerdict::NotYet => false,
                    TemplateVerdict::Faulty => true,
                    TemplateVerdict::Sound(_) => return None,
                };
                let is_first = templates.insert(self.template(&leaf));
                // Pages with an error come first, since their author is working on them; `false`
                // sorts before `true`.
                let rank = (!is_faulty, !paths.contains(&path), !is_first);
                Some((rank, leaf))
            })
            .collect();
        all.sort_by_key(|(rank, _)| *rank);
        all.into_iter().map(|(_, leaf)| leaf).collect()
    }

    /// Returns the places in templates that inspect values, on the pages that were tried so far;
    /// each once.
    pub fn looks(&self) -> Vec<Inspection> {
        let sheets = self.sheets.iter().map(|sheet| &sheet.verdict);
        let verdicts = sheets.chain(self.others.iter().map(|other| &other.verdict));
        let mut all = Vec::new();
        for verdict in verdicts {
            let TemplateVerdict::Sound(looks) = verdict.get() else {
                continue;
            };
            for look in looks {
                if !all.contains(&look) {
                    all.push(look);
                }
            }
        }
        all
    }

    /// Renders a page, and remembers whether its template could print it.
    ///
    /// # Errors
    /// If its template has an error.
    pub fn prove(&self, leaf: &Leaf) -> Result<Arc<Fillable>, TemplateError> {
        let made = self.leaf(leaf);
        let other = || self.others.iter().find(|other| other.leaf == *leaf);
        let verdict = match leaf {
            Leaf::Page(at) => Some(&self.sheets[*at].verdict),
            _ => other().map(|other| &other.verdict),
        };
        if let Some(verdict) = verdict {
            verdict.set(match &made {
                Ok(page) => TemplateVerdict::Sound(page.looks().at.clone()),
                Err(_) => TemplateVerdict::Faulty,
            });
        }
        made
    }

    /// Returns the template of a page; none of a text.
    fn template(&self, leaf: &Leaf) -> &'static str {
        match leaf {
            Leaf::Page(at) => self.sheets[*at].page.content.kind().template(),
            Leaf::Old(..) => "redirect.html",
            Leaf::NotFound => "404.html",
            Leaf::Twin(_) | Leaf::List | Leaf::AllTwins => "",
        }
    }
}

fn others(frame: &PageFrame) -> Vec<Other> {
    let other = |path, leaf| Other {
        path,
        leaf,
        verdict: Verdict::default(),
    };
    let old = old_pages(&frame.outline).map(|(from, to)| {
        let leaf = Leaf::Old(from.to_owned(), to.clone());
        other(format!("{from}.html"), leaf)
    });
    // Hosts look for it at the root alone.
    let not_found = frame.options.root.is_empty();
    let not_found = not_found.then(|| other("404.html".to_owned(), Leaf::NotFound));
    old.chain(not_found).collect()
}

/// Returns the names of removed pages, and the target of each: that of the page itself, else that
/// of its first anchor.
fn old_pages(outline: &Outline) -> impl Iterator<Item = (&str, &Target)> {
    let gone = outline
        .redirects
        .iter()
        .filter(|redirect| outline.page(&redirect.from.page).is_none());
    let names: BTreeSet<&str> = gone.map(|redirect| redirect.from.page.as_str()).collect();
    names.into_iter().filter_map(|name| {
        let mut of_page = outline
            .redirects
            .iter()
            // A redirect of the page itself has no anchor; one of an anchor alone is a good guess.
            .filter(|redirect| redirect.from.page == name);
        let first = of_page.clone().next();
        let whole = of_page.find(|redirect| redirect.from.anchor.is_none());
        Some((name, &whole.or(first)?.to))
    })
}
