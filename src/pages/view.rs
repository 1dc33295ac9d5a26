//! What templates may see: one struct per template.
//!
//! Each is made from the model by one constructor, in which Markdown and code become
//! [`Html`]. Content is `Html`, so that variables in it become elements that the browser's script
//! finds; strings are for attributes and for `<title>`, where no element can be.
//!
//! The comments of the fields are the list in docs/theme.md.

mod api;
mod example;
mod field;
mod site;
mod stream;

pub use api::ApiPage;
pub use site::{GuidePage, NotFoundPage, RedirectPage};

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::hole::VariableId;
use crate::model::link::Destination;
use crate::model::{Markdown, Outline, Page, Section, SiteFile, Target, Twins};
use crate::pages::asset::{Asset, Assets};
use crate::rich::address::{self, fragment};
use crate::rich::highlight::Highlighter;
use crate::rich::html::Html;
use crate::rich::markdown::{self, LinkKind, ResolvedLink};
use crate::rich::messages::Messages;
use crate::rich::phrase::{Phrase, PhrasePart};
use crate::rich::picture;

/// The audience of pages, and their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewOptions {
    /// Whether the pages are one bot's, not the generic ones into which readers enter their values.
    pub for_bot: bool,
    /// From a page's folder to the output directory: empty, or `../../`.
    pub root: String,
    /// The address of the site, ending in `/`.
    pub site_url: Option<String>,
    /// The way in which a bot's values get into a page.
    pub making: RenderMode,
    /// The place of the search index of bots that have not all endpoints.
    pub index_of_some: IndexPlace,
}

/// The file of a search index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchIndex {
    /// Its path in the folder at its place.
    pub path: String,
    /// Where it is.
    pub place: IndexPlace,
}

/// The place of a search index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IndexPlace {
    /// The root of the site: all bots with the same endpoints share it.
    #[default]
    Root,
    /// The folder of each bot: its path then contains the bot's ID.
    Bot,
}

/// The way in which a bot's values get into a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RenderMode {
    /// Rendered once and filled, unless its template inspects a value.
    #[default]
    Fill,
    /// Rendered again for each bot, which gives the same bytes: the oracle of the other way.
    Full,
}

/// The data that constructors of views need beside their part of the model.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The part of the project that every page may show.
    pub outline: &'a Outline,
    /// The static files, for their hashed names.
    pub assets: &'a Assets,
    /// Highlights code.
    pub highlighter: &'a Highlighter,
    /// The texts in the site's language.
    pub messages: &'a Messages,
    /// The audience and place of the pages.
    pub options: &'a ViewOptions,
    /// The name of the page, if it is in the model.
    pub page: &'a str,
    /// The search index over the pages.
    pub index: &'a SearchIndex,
    /// The beginning of links to pages; empty except on the page for missing addresses.
    pub pages_at: &'a str,
}

impl<'a> Context<'a> {
    /// Returns the same context for a page of the model.
    pub(crate) fn of_page(&self, page: &'a Page) -> Context<'a> {
        Context {
            page: &page.name,
            ..*self
        }
    }
}

impl Context<'_> {
    /// Returns the link to a page.
    pub(crate) fn page_link(&self, page: &str) -> String {
        format!("{}{}", self.pages_at, self.outline.file_name(page))
    }

    /// Returns the link to a page's twin.
    pub(crate) fn twin_link(&self, page: &str) -> String {
        to_twin(&self.page_link(page))
    }

    /// Returns whether its pages have twins: the one place that decides it, for views and for the
    /// list of files.
    pub(crate) fn has_twins(&self) -> bool {
        match self.outline.site.twins {
            Twins::All => true,
            // One bot's site is a site by itself; in a bot's folder the generic ones are at the
            // root.
            Twins::Generic => self.options.root.is_empty(),
            Twins::None => false,
        }
    }

    /// Returns the link to a page or an anchor of it.
    fn target_link(&self, target: &Target) -> String {
        let mut link = match self.outline.page(&target.page) {
            Some(page) => self.page_link(&page.name),
            None => format!("{}{}.html", self.pages_at, target.page),
        };
        if let Some(anchor) = &target.anchor {
            link.push_str(&fragment(anchor));
        }
        link
    }

    /// Returns the link to a static file of the theme; an unknown name leads nowhere.
    fn asset_link(&self, name: &str) -> String {
        let asset = self.assets.get(name);
        let address = asset.map_or_else(|| address::of_path(name), Asset::address);
        format!("{}{address}", self.options.root)
    }

    /// Returns the links to all static files of the theme, by their names.
    fn asset_links(&self) -> BTreeMap<String, String> {
        let link = |asset: &Asset| format!("{}{}", self.options.root, asset.address());
        let links = self.assets.theme();
        links
            .map(|(name, asset)| (name.to_owned(), link(asset)))
            .collect()
    }

    /// Returns the address of a file of the site's configuration below the output directory.
    fn file_address(&self, file: &SiteFile) -> String {
        let asset = match file {
            SiteFile::Spec(path) => self.assets.file(path),
            SiteFile::Static(path) => self.assets.get(path),
        };
        asset.map_or_else(|| address::of_path(file.path()), Asset::address)
    }

    /// Returns the absolute address of a page, if the site has one.
    fn canonical(&self, page: &str) -> Option<String> {
        // The home page has one address, `/`, although `/index.html` shows it as well.
        let url = self.options.site_url.as_ref()?;
        // A bot may have a page that the generic site has not.
        if self.outline.absent.iter().any(|absent| absent == page) {
            return None;
        }
        Some(if page == self.outline.home {
            url.clone()
        } else {
            format!("{url}{page}.html")
        })
    }

    /// Returns the address of a link outside Markdown, whose variables become components of it.
    ///
    /// None if a bot does not have what it leads to.
    pub(crate) fn link_url(&self, destination: &str) -> Option<String> {
        match self.resolve(LinkKind::Link, destination) {
            ResolvedLink::Url(url) | ResolvedLink::Image { url, .. } => Some(url),
            ResolvedLink::AsWritten => Some(markdown::write_url(destination, &|id| {
                self.outline.variables.get(id).is_url
            })),
            ResolvedLink::Nowhere => None,
        }
    }

    /// Returns the address at which a page's file can be edited, if `site.yaml` has `edit_url`.
    fn edit_link(&self, page: &Page) -> Option<String> {
        let ending = page.content.kind().ending();
        let pattern = self.outline.site.edit_url.as_ref()?;
        Some(pattern.replace("{path}", &format!("{}.{ending}", page.name)))
    }

    /// Renders Markdown whose highest headings get the level `top`.
    fn markdown(&self, text: &Markdown, top: u8, id_prefix: &str) -> Html {
        self.with_options(top, id_prefix, id_prefix, |options| {
            markdown::to_html(&text.0, options)
        })
    }

    /// Renders the text of a section, whose headings are places of the page.
    fn section(&self, section: &Section) -> Html {
        let footnotes = format!("{}.", section.id);
        self.with_options(3, "", &footnotes, |options| {
            markdown::to_html(&section.body.0, options)
        })
    }

    /// Renders Markdown that is usually one line.
    fn inline(&self, text: &Markdown) -> Html {
        self.with_options(6, "", "", |options| {
            markdown::inline_to_html(&text.0, options)
        })
    }

    /// Renders Markdown below the heading of something that has an anchor. Links can't lead to its
    /// own headings: as anchors they could collide with names of fields.
    fn note(&self, text: Option<&Markdown>, anchor: &str) -> Option<Html> {
        text.map(|text| self.markdown(text, 5, &format!("_{anchor}.")))
    }

    fn with_options(
        &self,
        top_level: u8,
        id_prefix: &str,
        footnotes: &str,
        render: impl Fn(&markdown::MarkdownOptions<'_>) -> Html,
    ) -> Html {
        render(&markdown::MarkdownOptions {
            highlighter: self.highlighter,
            messages: self.messages,
            top_level,
            id_prefix,
            footnotes: &format!("_{}", footnotes.trim_start_matches('_')),
            resolve: &|kind, destination| self.resolve(kind, destination),
            is_url: &|id: VariableId| self.outline.variables.get(id).is_url,
        })
    }

    /// Returns the target of a link or an image in a text, relative to the page.
    pub(crate) fn resolve(&self, kind: LinkKind, destination: &str) -> ResolvedLink {
        match Destination::parse(destination) {
            Destination::External(_) => ResolvedLink::AsWritten,
            // A bot without the endpoint gets the words without a link, since a dead link would be
            // worse.
            Destination::Anchor(anchor) if self.outline.is_hidden(self.page, &anchor) => {
                ResolvedLink::Nowhere
            }
            Destination::Anchor(anchor) => ResolvedLink::Url(fragment(&anchor)),
            Destination::Page(page, Some(anchor)) if self.outline.is_hidden(&page, &anchor) => {
                ResolvedLink::Nowhere
            }
            Destination::Page(page, anchor) => match self.outline.page(&page) {
                Some(_) => ResolvedLink::Url(self.target_link(&Target {
                    page: page.into_owned(),
                    anchor: anchor.map(Cow::into_owned),
                })),
                None => ResolvedLink::Nowhere,
            },
            Destination::File(path) => match self.assets.file(&path) {
                Some(asset) => self.file(kind, asset),
                None => ResolvedLink::Nowhere,
            },
        }
    }

    fn file(&self, kind: LinkKind, asset: &Asset) -> ResolvedLink {
        let url = format!("{}{}", self.options.root, asset.address());
        // With its size written out, a page does not move when the picture arrives.
        match (kind, picture::size(&asset.bytes)) {
            (LinkKind::Image, Some((width, height))) => ResolvedLink::Image { url, width, height },
            _ => ResolvedLink::Url(url),
        }
    }
}

/// Returns the link to a twin from the link to its page: `chat.md#say` from `chat.html#say`.
pub(crate) fn to_twin(page: &str) -> String {
    let (path, anchor) = page.split_at(page.find('#').unwrap_or(page.len()));
    format!("{}.md{anchor}", path.strip_suffix(".html").unwrap_or(path))
}

/// Returns a phrase with its code in elements.
fn phrase(phrase: &Phrase) -> Html {
    let mut html = Html::new();
    for part in phrase.parts() {
        match part {
            PhrasePart::Words(words) => html.push_text(words),
            PhrasePart::Code(code) => html.element("code").text(code),
        }
    }
    html
}

fn phrases(list: &[Phrase]) -> Vec<Html> {
    list.iter().map(phrase).collect()
}

/// Returns the path of the site's address: `/sub/` of `https://docs.example.com/sub/`.
pub fn url_path(site_url: Option<&str>) -> &str {
    let after_scheme = site_url
        .and_then(|url| url.split_once("://"))
        .map(|(_, rest)| rest);
    after_scheme
        .and_then(|rest| rest.find('/').map(|slash| &rest[slash..]))
        .unwrap_or("/")
}
