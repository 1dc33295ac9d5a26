//! The frame of every page, and the pages without an API.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Context, IndexPlace};
use crate::hole::variable::{BOT_ID, Variable};
use crate::hole::{Hole, VariableId};
use crate::model::link::Destination;
use crate::model::wording;
use crate::model::{self, Logo, Markdown, Page, Picture, Redirect, SiteFile, Target};
use crate::rich::address::fragment;
use crate::rich::html::Html;
use crate::rich::markdown;
use crate::rich::messages::is_rtl;
use crate::rich::{picture, policy};

/// The built-in icon.
const ICON: &str = "favicon.svg";

/// The values for `base.html`, the frame of every page.
#[derive(Debug, Serialize)]
pub struct SiteView {
    /// The name of the documentation, for `<title>`.
    pub title: String,
    /// The same name as HTML, for the header.
    pub brand: Html,
    /// The language of the pages, a BCP 47 tag.
    pub language: String,
    /// Whether that language is written from right to left.
    pub rtl: bool,
    /// The line above every page.
    pub banner: Option<Html>,
    /// The Content Security Policy.
    pub policy: String,
    /// The link to the first page.
    pub home: String,
    /// The link to the style sheet.
    pub style: String,
    /// The link to the script that sets the chosen colours before the first paint.
    pub theme_script: String,
    /// The link to the script.
    pub script: String,
    /// The links to all static files by their paths below `static/`, for the function `asset`.
    pub assets: BTreeMap<String, String>,
    /// The link to the icon.
    pub icon: String,
    /// The icon's media type.
    pub icon_type: &'static str,
    /// The logo as `img` elements: none, one, or one each for light and dark pages.
    pub logo: Vec<Html>,
    /// Whether the logo replaces the title.
    pub logo_only: bool,
    /// The absolute address of the picture that chats show beside a link.
    pub image: Option<String>,
    /// The values for the search.
    pub search: Search,
    /// Links in the header, as `a` elements.
    pub header: Vec<Html>,
    /// Links in the footer, as `a` elements.
    pub footer: Vec<Html>,
    /// The list of pages, in groups.
    pub navigation: Vec<NavGroup>,
    /// Whether the pages are those of one bot.
    pub for_bot: bool,
    /// The ID of the bot; none on the generic site if no text contains it.
    pub bot_id: Option<Html>,
    /// The variables that readers of the generic site can set: those that texts contain.
    pub variables: Vec<VariableInput>,
}

/// The files of the search, and the beginning of its links.
#[derive(Debug, Serialize)]
pub struct Search {
    /// The link to its script.
    pub script: String,
    /// The link to its library.
    pub library: String,
    /// The link to the stemmer of the pages' language, if there is one.
    pub stemmer: Option<String>,
    /// The link to its index.
    pub index: String,
    /// The beginning of links to pages; usually empty.
    pub pages: String,
    /// The file of the open page, if the index contains it.
    pub here: Option<String>,
}

/// A group of pages in the sidebar.
#[derive(Debug, Serialize)]
pub struct NavGroup {
    /// Its heading.
    pub title: Option<Html>,
    /// Its pages.
    pub links: Vec<NavLink>,
}

/// A link in the sidebar.
#[derive(Debug, Serialize)]
pub struct NavLink {
    /// Its text.
    pub title: Html,
    /// The description of the page, if it has one; `404.html` shows it.
    pub description: Option<Html>,
    /// Its address.
    pub href: String,
    /// Whether it leads to the open page.
    pub current: bool,
}

/// A variable that the reader can set.
#[derive(Debug, Serialize)]
pub struct VariableInput {
    /// Its name in the spec.
    pub name: String,
    /// Its name for readers.
    pub title: String,
    /// Further information about it.
    pub description: Option<String>,
    /// The text in the holes of the variable until the reader enters a value.
    pub placeholder: String,
    /// The rules by which the script checks its values, as JSON.
    pub rules: String,
    /// The pattern that the whole value must match.
    pub pattern: Option<String>,
    /// The greatest number of characters of a value.
    pub max_length: Option<usize>,
    /// Whether its values are URLs.
    pub is_url: bool,
    /// An example of a value.
    pub example: Option<String>,
}

/// The values for the head of a page.
#[derive(Debug, Serialize)]
pub struct Head {
    /// The page's title, for `<title>`.
    pub title: String,
    /// Whether the site has the same title.
    pub is_titled_as_site: bool,
    /// The title as HTML, for the heading.
    pub heading: Html,
    /// The description for search engines.
    pub description: Option<String>,
    /// The canonical address of the page, absolute.
    pub canonical: Option<String>,
    /// The link to the twin, the Markdown version of the page, if it has one.
    pub twin: Option<String>,
    /// The places in the twin for the values of the reader, on a generic page.
    pub twin_holes: Option<String>,
    /// The address where its file can be edited.
    pub edit: Option<String>,
    /// The schema.org type of the page, if any.
    pub kind: Option<&'static str>,
    /// Whether search engines should not list the page.
    pub noindex: bool,
    /// Whether the page is left out of what is published.
    pub internal: bool,
    /// The renamed anchors, with their present places.
    pub moved: Vec<Moved>,
}

/// A renamed anchor.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// The old anchor.
    pub id: String,
    /// The link to the present place.
    pub href: String,
}

/// `guide.html`: a page made from Markdown.
#[derive(Debug, Serialize)]
pub struct GuidePage {
    /// The values for `base.html`, the frame of the page.
    pub site: SiteView,
    /// The values for the head.
    pub page: Head,
    /// Links to the sections, for the sidebar.
    pub contents: Vec<NavLink>,
    /// The text of the page.
    pub body: Html,
}

/// `404.html`: the page that hosts show for a missing address.
#[derive(Debug, Serialize)]
pub struct NotFoundPage {
    /// The values for `base.html`, the frame of the page.
    pub site: SiteView,
    /// The values for the head.
    pub page: Head,
    /// Always an empty list: the sidebar links to no parts of this page.
    pub contents: Vec<NavLink>,
}

/// `redirect.html`: the page at an old address; it redirects to the new address.
#[derive(Debug, Serialize)]
pub struct RedirectPage {
    /// The values for `base.html`, the frame of the page.
    pub site: SiteView,
    /// The values for the head.
    pub page: Head,
    /// Always an empty list: the sidebar links to no parts of this page.
    pub contents: Vec<NavLink>,
    /// The link to the new address.
    pub href: String,
}

impl SiteView {
    /// Returns the frame of the page `current`, or of one that is in no list.
    pub fn new(context: &Context<'_>, current: Option<&str>) -> SiteView {
        let model = context.outline;
        let site = &model.site;
        let home = model.pages.first();
        let home = home.map(|page| context.page_link(&page.name));
        // A value that is in no text is of no use to the reader of any page.
        let is_shown = |id: &VariableId| context.options.for_bot || model.used.has(*id);
        let bot_id = model.variables.find(BOT_ID).filter(is_shown);
        let favicon = site.branding.favicon.as_ref();
        let logo = site.branding.logo.as_ref();
        SiteView {
            title: site.title.clone(),
            brand: Html::text(&site.title),
            language: site.language.clone(),
            rtl: is_rtl(&site.language),
            banner: site.banner.as_ref().map(|banner| context.inline(banner)),
            policy: policy::text(),
            home: home.unwrap_or_default(),
            style: context.asset_link("style.css"),
            theme_script: context.asset_link("theme.js"),
            script: context.asset_link("script.js"),
            assets: context.asset_links(),
            icon: match &site.branding.favicon {
                Some(file) => format!("{}{}", context.options.root, context.file_address(file)),
                None => context.asset_link(ICON),
            },
            icon_type: picture::media_type(favicon.map_or(ICON, SiteFile::path))
                .unwrap_or_default(),
            logo: logo.map_or_else(Vec::new, |logo| pictures(context, logo)),
            logo_only: logo.is_some_and(|logo| logo.replaces_title),
            image: preview_image(context),
            search: Search::new(context, current),
            header: links(context, &site.header, current),
            footer: links(context, &site.footer, current),
            // The whole list on each page, so that it works without a script; it takes most of the
            // time of a page.
            navigation: model
                .navigation
                .iter()
                .map(|g| NavGroup::new(context, g, current))
                .collect(),
            for_bot: context.options.for_bot,
            bot_id: bot_id.map(|id| {
                let marker = Hole::new(id).marker();
                Html::text(marker.encode_utf8(&mut [0; 4]))
            }),
            variables: model
                .variables
                .iter()
                .enumerate()
                .filter(|(index, _)| VariableId::new(*index).is_some_and(|id| is_shown(&id)))
                .map(|(_, variable)| VariableInput::new(context, variable))
                .collect(),
        }
    }
}

/// Links of the header or the footer, except links to what a bot does not have.
fn links(context: &Context<'_>, links: &[model::Link], current: Option<&str>) -> Vec<Html> {
    let shown = links.iter().filter_map(|link| {
        let is_current = match Destination::parse(&link.url) {
            // A link to an anchor of the page is not the page, so it is never current.
            Destination::Page(name, None) => current == Some(&*name),
            _ => false,
        };
        let mut html = Html::new();
        html.element("a")
            .attribute("href", &context.link_url(&link.url)?)
            .attribute_if("aria-current", is_current.then_some("page"))
            .text(&link.title);
        Some(html)
    });
    shown.collect()
}

/// The height of the logo in the header, in pixels; the style sheet has the same value.
const LOGO_HEIGHT: f64 = 28.0;

/// Returns the logo's pictures. Their size is written out, so that nothing moves when they arrive.
fn pictures(context: &Context<'_>, logo: &Logo) -> Vec<Html> {
    let picture = |picture: &Picture, class, loading| {
        let address = context.file_address(&picture.file);
        // The attributes are integers (HTML standard, dimension attributes).
        let width = (LOGO_HEIGHT * picture.proportion).round().max(1.0);
        let mut html = Html::new();
        html.element("img")
            .attribute("class", class)
            .attribute("src", &format!("{}{address}", context.options.root))
            .attribute("alt", &logo.alt)
            .attribute("width", &width.to_string())
            .attribute("height", &LOGO_HEIGHT.to_string())
            // The style sheet hides the other palette's logo, and browsers fetch no hidden lazy
            // image.
            .attribute_if("loading", loading)
            .open();
        html
    };
    match &logo.dark {
        None => vec![picture(&logo.light, "logo", None)],
        Some(dark) => vec![
            picture(&logo.light, "logo light", None),
            picture(dark, "logo dark", Some("lazy")),
        ],
    }
}

/// Returns the absolute address of the picture for previews of links, which other hosts fetch.
fn preview_image(context: &Context<'_>) -> Option<String> {
    let image = context.outline.site.branding.image.as_ref()?;
    let url = context.options.site_url.as_ref()?;
    Some(format!("{url}{}", context.file_address(image)))
}

impl Search {
    fn new(context: &Context<'_>, current: Option<&str>) -> Search {
        Search {
            script: context.asset_link("search.js"),
            library: context.asset_link("minisearch.js"),
            stemmer: stemmer(context),
            index: match context.index.place {
                IndexPlace::Root => format!("{}{}", context.options.root, context.index.path),
                IndexPlace::Bot => context.index.path.clone(),
            },
            pages: context.pages_at.to_owned(),
            here: current.map(|page| context.outline.file_name(page)),
        }
    }
}

/// Returns the link to the stemmer of a site's language: a file of the theme has its name.
fn stemmer(context: &Context<'_>) -> Option<String> {
    let language = context.outline.site.language.split('-').next()?;
    let name = format!("stemmer-{}.js", language.to_lowercase());
    context.assets.get(&name)?;
    Some(context.asset_link(&name))
}

impl NavGroup {
    fn new(context: &Context<'_>, group: &model::Group, current: Option<&str>) -> NavGroup {
        let links = group.pages.iter().map(|&index| {
            let page = &context.outline.pages[index];
            NavLink {
                title: Html::text(&page.title),
                description: page.description.as_deref().map(Html::text),
                href: context.page_link(&page.name),
                current: current == Some(page.name.as_str()),
            }
        });
        NavGroup {
            title: group.title.as_deref().map(Html::text),
            links: links.collect(),
        }
    }
}

impl NavLink {
    /// Returns a link to a part of the page itself.
    pub fn to_anchor(title: &str, anchor: &str) -> NavLink {
        NavLink {
            title: Html::text(title),
            description: None,
            href: fragment(anchor),
            current: false,
        }
    }
}

impl VariableInput {
    fn new(context: &Context<'_>, variable: &Variable) -> VariableInput {
        let rules = variable.rules();
        VariableInput {
            name: variable.name.clone(),
            title: wording::variable(context.messages, variable),
            description: variable.description.clone(),
            placeholder: variable.placeholder.clone(),
            // As one attribute, since the page has no inline script; the script parses it.
            rules: serde_json::to_string(&rules).unwrap_or_default(),
            pattern: rules.pattern.map(str::to_owned),
            max_length: variable.max_length,
            is_url: variable.is_url,
            example: variable.example.clone(),
        }
    }
}

impl Head {
    /// Returns the head of a page of the model.
    pub fn new(context: &Context<'_>, page: &Page) -> Head {
        let description = page
            .description
            .as_ref()
            .or(context.outline.site.description.as_ref());
        Head {
            title: page.title.clone(),
            is_titled_as_site: page.title == context.outline.site.title,
            heading: Html::text(&page.title),
            description: description.cloned(),
            canonical: context.canonical(&page.name),
            twin: context.has_twins().then(|| context.twin_link(&page.name)),
            twin_holes: None,
            edit: context.edit_link(page),
            // Microdata, since a page has no inline script for JSON-LD. It marks what the page
            // shows anyway; authors and dates are not known, so they are not claimed.
            kind: Some(page.content.kind().item_type()),
            // A bot's pages repeat the generic ones, which search engines should find.
            noindex: context.options.for_bot,
            internal: page.internal,
            moved: moved(context, &page.name),
        }
    }

    fn plain(context: &Context<'_>, title: &str, canonical: Option<String>) -> Head {
        Head {
            title: title.to_owned(),
            is_titled_as_site: title == context.outline.site.title,
            heading: Html::text(title),
            description: None,
            canonical,
            twin: None,
            twin_holes: None,
            edit: None,
            kind: None,
            // Neither page has content that a search should find.
            noindex: true,
            internal: false,
            moved: Vec::new(),
        }
    }
}

/// Returns the renamed anchors of a page.
fn moved(context: &Context<'_>, page: &str) -> Vec<Moved> {
    let here = context
        .outline
        .redirects
        .iter()
        .filter(|redirect| redirect.from.page == page);
    here.filter_map(|Redirect { from, to }| {
        // A redirect of a whole page has a file of its own.
        let id = from.anchor.clone()?;
        let is_here = to.page == page;
        let href = match &to.anchor {
            Some(anchor) if is_here => fragment(anchor),
            _ => context.target_link(to),
        };
        Some(Moved { id, href })
    })
    .collect()
}

impl GuidePage {
    /// Returns the view of a guide.
    pub fn new(context: &Context<'_>, page: &Page, text: &Markdown) -> GuidePage {
        let headings = markdown::outline(&text.0, "").headings;
        // The sidebar lists the highest level that the guide uses, whichever it is.
        let top = headings
            .iter()
            .map(|heading| heading.level)
            .min()
            .unwrap_or(1);
        let contents = headings.iter().filter(|heading| heading.level == top);
        GuidePage {
            site: SiteView::new(context, Some(&page.name)),
            page: Head::new(context, page),
            contents: contents
                .map(|h| NavLink::to_anchor(&h.title, &h.id))
                .collect(),
            body: context.markdown(text, 2, ""),
        }
    }
}

impl NotFoundPage {
    /// Returns the view of the page for missing addresses.
    pub fn new(context: &Context<'_>) -> NotFoundPage {
        NotFoundPage {
            site: SiteView::new(context, None),
            page: Head::plain(context, &context.messages.text("not-found"), None),
            contents: Vec::new(),
        }
    }
}

impl RedirectPage {
    /// Returns the view of the page at the old name of a page; `to` is where the page is now.
    pub fn new(context: &Context<'_>, from: &str, to: &Target) -> RedirectPage {
        let page = context.outline.page(&to.page);
        let moved_away = context.messages.text("moved");
        let mut head = Head::plain(
            context,
            page.map_or(&moved_away, |page| &page.title),
            page.and_then(|page| context.canonical(&page.name)),
        );
        head.moved = moved(context, from);
        RedirectPage {
            site: SiteView::new(context, None),
            page: head,
            contents: Vec::new(),
            href: context.target_link(to),
        }
    }
}
