//! The model to pages with holes.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::asset::{Asset, Assets};
use crate::highlight::Highlighter;
use crate::hole::Holed;
use crate::model::{Content, Model, Target};
use crate::search;
use crate::template::{TemplateError, Templates};
use crate::twin;
use crate::view::{ApiPage, Context, GuidePage, NotFoundPage, RedirectPage};

pub use crate::view::Options;

/// A page of the site, with its holes.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it stands in the output directory, or in a bot's folder.
    pub path: String,
    /// Whether search engines shall find it.
    pub indexed: bool,
    /// Its HTML, or Markdown.
    pub body: Holed,
}

/// The pages of a site, or of the bots with the same endpoints, and what goes with them.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The pages.
    pub pages: Vec<Page>,
    /// The search index over them, which holds no value of a bot.
    pub index: Asset,
}

impl Page {
    /// Whether it is for browsers: no twin, and no list of twins.
    pub fn is_html(&self) -> bool {
        self.path.ends_with(".html")
    }
}

/// Renders every page: those of the model with their twins and the list of these, one for each old
/// name, and one for missing addresses; and the search index over them.
///
/// Pages in a bot's folder have none for missing addresses, since a host shows one for all, and no
/// file of all twins.
///
/// # Errors
/// With the fault of each template that has one, each fault once.
pub fn render(
    model: &Model,
    templates: &Templates,
    assets: &Assets,
    highlighter: &Highlighter,
    options: &Options,
) -> Result<Rendered, Vec<TemplateError>> {
    let index = Asset::new(
        search::NAME,
        search::index(model, templates.messages())
            .into_bytes()
            .into(),
    );
    let context = Context {
        model,
        assets,
        highlighter,
        messages: templates.messages(),
        options,
        index: &index,
        page: "",
        pages_at: "",
    };
    let mut writer = Writer {
        templates,
        names: model.variables.names(),
        for_bot: options.for_bot,
        pages: Vec::new(),
        errors: Vec::new(),
    };
    for page in &model.pages {
        let path = model.file_name(page);
        let context = context.of_page(page);
        let twin = twin::twin(&context, page);
        let holes = (!options.for_bot)
            .then(|| Holed::cut(&twin, &writer.names).recipe(&model.variables.placeholders()))
            .filter(|holes| !holes.is_empty());
        match &page.content {
            Content::Api(api) => {
                let mut view = ApiPage::new(&context, page, api);
                view.page.twin_holes = holes;
                writer.add(path, "api.html", &view);
            }
            Content::Guide(text) => {
                let mut view = GuidePage::new(&context, page, text);
                view.page.twin_holes = holes;
                writer.add(path, "guide.html", &view);
            }
        }
        writer.add_text(context.twin_link(page), &twin);
    }
    writer.add_text(twin::LLMS.to_owned(), &twin::llms(&context));
    for (from, to) in old_pages(model) {
        let view = RedirectPage::new(&context, from, to);
        writer.add(format!("{from}.html"), "redirect.html", &view);
    }
    if options.root.is_empty() {
        writer.add_text(twin::LLMS_FULL.to_owned(), &twin::llms_full(&context));
        let root = url_path(options.site_url.as_deref());
        let options = Options {
            root: root.to_owned(),
            ..options.clone()
        };
        let context = Context {
            options: &options,
            pages_at: root,
            ..context
        };
        writer.add(
            "404.html".to_owned(),
            "404.html",
            &NotFoundPage::new(&context),
        );
    }
    if writer.errors.is_empty() {
        Ok(Rendered {
            pages: writer.pages,
            index,
        })
    } else {
        Err(writer.errors)
    }
}

struct Writer<'a> {
    templates: &'a Templates,
    names: Vec<&'a str>,
    for_bot: bool,
    pages: Vec<Page>,
    errors: Vec<TemplateError>,
}

impl Writer<'_> {
    fn add_text(&mut self, path: String, text: &str) {
        self.pages.push(Page {
            path,
            indexed: false,
            body: Holed::cut(text, &self.names),
        });
    }

    fn add(&mut self, path: String, template: &str, view: &impl Serialize) {
        match self.templates.render(template, view) {
            Ok(text) => {
                let indexed = !self.for_bot && matches!(template, "api.html" | "guide.html");
                let body = Holed::cut(&text, &self.names);
                self.pages.push(Page {
                    path,
                    indexed,
                    body,
                });
            }
            Err(error) if self.errors.contains(&error) => {}
            Err(error) => self.errors.push(error),
        }
    }
}

/// The names of pages that are gone, and where each leads: where the page itself went, else where
/// its first anchor went.
fn old_pages(model: &Model) -> impl Iterator<Item = (&str, &Target)> {
    let gone = model
        .redirects
        .iter()
        .filter(|redirect| model.page(&redirect.from.page).is_none());
    let names: BTreeSet<&str> = gone.map(|redirect| redirect.from.page.as_str()).collect();
    names.into_iter().filter_map(|name| {
        let mut of_page = model
            .redirects
            .iter()
            .filter(|redirect| redirect.from.page == name);
        let first = of_page.clone().next();
        let whole = of_page.find(|redirect| redirect.from.anchor.is_none());
        Some((name, &whole.or(first)?.to))
    })
}

/// The path of the site's address: `/sub/` of `https://docs.example.com/sub/`.
fn url_path(site_url: Option<&str>) -> &str {
    let after_scheme = site_url
        .and_then(|url| url.split_once("://"))
        .map(|(_, rest)| rest);
    after_scheme
        .and_then(|rest| rest.find('/').map(|slash| &rest[slash..]))
        .unwrap_or("/")
}

#[cfg(test)]
mod tests;
