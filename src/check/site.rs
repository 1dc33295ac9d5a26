//! `site.yaml`: what holds for every page, and the navigation.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::check::bot::{self, IGNORABLE};
use crate::hole::variable::Variables;
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::{self, Inputs};
use crate::input::meant::list;
use crate::input::source::Span;
use crate::input::yaml::{Node, Value};
use crate::model::{Group, Link, Page, Public, SampleChoice, SiteSettings, Twins};
use crate::rich::messages;

use super::page::Checked;
use super::reader::{Map, Reader};

pub(super) const SITE_KEYS: &[&str] = &[
    "title",
    "description",
    "language",
    "banner",
    "site_url",
    "edit_url",
    "accent",
    "logo",
    "favicon",
    "image",
    "output",
    "bots",
    "navigation",
    "header",
    "footer",
    "variables",
    "redirects",
    "samples",
    "twins",
    "waivers",
];

pub(super) const BOTS_KEYS: &[&str] = &["file", "ignore"];

/// Which pages have twins, by the words that say it.
const TWINS: &[(&str, Twins)] = &[
    ("all", Twins::All),
    ("generic", Twins::Generic),
    ("none", Twins::None),
];

/// The folder of the project that `build` writes, unless something else is said.
const USUAL_OUTPUT: &str = "site";

/// The folder that `build` writes, as `site.yaml` alone says it; reports a value that can't be one.
pub fn output_folder(inputs: &Inputs, report: &mut Report) -> Option<String> {
    let site = inputs.site.as_ref()?;
    report.extend(site.syntax.clone());
    let site = site.tree.as_ref()?;
    let none = Variables::default();
    let mut reader = Reader::new(&inputs.sources, &none, report);
    match site.value.get("output") {
        Some(node) => reader.output(node),
        None => Some(USUAL_OUTPUT.to_owned()),
    }
}

impl Reader<'_> {
    /// What holds for every page.
    pub(super) fn site(&mut self, map: &Map<'_>, inputs: &Inputs) -> Option<SiteSettings> {
        let language = map
            .get("language")
            .and_then(|node| self.language(node, inputs));
        let title = self.require(map, "title").and_then(|node| self.text(node));
        let description = map.get("description").and_then(|node| self.text(node));
        let banner = map.get("banner").and_then(|node| self.markdown(node));
        let url = map.get("site_url").and_then(|node| self.site_url(node));
        let output = map.get("output").and_then(|node| self.output(node));
        let ignored = map.get("bots").map(|node| self.list_of_bots(node));
        let header = map.get("header").map(|node| self.site_links(node));
        let footer = map.get("footer").map(|node| self.site_links(node));
        let edit_url = map.get("edit_url").and_then(|node| self.edit_url(node));
        let samples = map.get("samples").map(|node| self.samples(node));
        let twins = map
            .get("twins")
            .and_then(|node| self.choice(node, "choice of twins", TWINS));
        let look = self.look(map, title.as_deref().unwrap_or_default(), inputs);
        Some(SiteSettings {
            title: title?,
            description,
            language: language.unwrap_or_else(|| "en".to_owned()),
            banner,
            url,
            output: output.unwrap_or_else(|| USUAL_OUTPUT.to_owned()),
            header: header.unwrap_or_default(),
            footer: footer.unwrap_or_default(),
            edit_url,
            look,
            samples: samples.unwrap_or_else(SampleChoice::usual),
            twins: twins.unwrap_or(Twins::All),
            ignored_columns: ignored.unwrap_or_default(),
            public: Public::default(),
        })
    }

    /// The columns that are ignored of the list of bots, which is read elsewhere.
    fn list_of_bots(&mut self, node: &Node) -> Vec<String> {
        let (file, ignored) = match &node.value {
            Value::Mapping(_) => {
                let Some(map) = self.map(node, "the list of bots", BOTS_KEYS) else {
                    return Vec::new();
                };
                let ignored = map.get("ignore").and_then(|node| self.list(node));
                (self.require(&map, "file"), ignored.unwrap_or_default())
            }
            _ => (Some(node), &[][..]),
        };
        if let Some(file) = file
            && let Some(path) = self.word(file)
            && !load::is_inside(path)
        {
            let message = format!("`{path}` is no file of the project");
            let help =
                "name a file inside the project, such as `bots.csv`; `--bots` takes any file";
            self.error(Code::InvalidValue, file.span, message, help);
        }
        let mut names = Vec::new();
        for node in ignored {
            let Some(name) = self.word(node) else {
                continue;
            };
            if bot::is_column(name, self.variables) {
                let message = format!("`{name}` {IGNORABLE}");
                let help = "name columns that the list has and site.yaml does not";
                self.error(Code::InvalidValue, node.span, message, help);
            }
            names.push(name.to_owned());
        }
        names
    }

    fn output(&mut self, node: &Node) -> Option<String> {
        let path = self.word(node)?;
        if !load::is_inside(path) {
            let help = "name a folder inside the project, such as `site`; `--out` takes any folder";
            self.error(
                Code::InvalidValue,
                node.span,
                format!("`{path}` is no folder of the project"),
                help,
            );
        }
        Some(path.to_owned())
    }

    fn language(&mut self, node: &Node, inputs: &Inputs) -> Option<String> {
        let language = self.word(node)?;
        let subtag = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        if !language.split('-').all(subtag)
            || language
                .split('-')
                .next()
                .is_none_or(|first| !(2..=3).contains(&first.len()))
        {
            self.error(
                Code::InvalidValue,
                node.span,
                format!("`{language}` is no language tag"),
                "write a BCP 47 tag such as en, de or pt-BR",
            );
            return None;
        }
        let own = inputs.messages.iter().map(|(tag, _)| tag.as_str());
        if !messages::is_translated(language, own) {
            let message = format!("the words of pages are not there in the language `{language}`");
            let wide = language.split('-').next().unwrap_or(language);
            let help = format!(
                "they are shown in English; translate what `botdocs theme eject messages/en.ftl` \
                 writes, as templates/messages/{wide}.ftl"
            );
            let diagnostic = Diagnostic::warning(Code::MissingMessages, node.span, message);
            self.report.push(diagnostic.help(help));
        }
        Some(language.to_owned())
    }

    fn site_url(&mut self, node: &Node) -> Option<String> {
        let url = self.word(node)?;
        match normal_site_url(url) {
            Ok(url) => Some(url),
            Err(help) => {
                self.error(
                    Code::InvalidValue,
                    node.span,
                    format!("`{url}` is no site URL"),
                    help,
                );
                None
            }
        }
    }

    /// The pattern of addresses where pages can be edited.
    fn edit_url(&mut self, node: &Node) -> Option<String> {
        let pattern = self.word(node)?;
        let help = match pattern.match_indices("{path}").count() {
            1 => match normal_edit_url(pattern) {
                true => return Some(pattern.to_owned()),
                false => "it begins with https:// or http://, and holds no other braces",
            },
            0 => {
                "write {path} where a page's path below the spec's folder goes, as in https://github.com/o/r/edit/main/spec/{path}"
            }
            _ => "write {path} once",
        };
        let message = format!("`{pattern}` is no address to edit pages at");
        self.error(Code::InvalidValue, node.span, message, help);
        None
    }

    fn site_links(&mut self, node: &Node) -> Vec<Link> {
        let items = self.list(node).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| self.site_link(item))
            .collect()
    }

    fn site_link(&mut self, node: &Node) -> Option<Link> {
        let map = self.map(node, "a link", &["title", "url"])?;
        let title = self.require(&map, "title").and_then(|node| self.text(node));
        let url_node = self.require(&map, "url")?;
        let url = self.text(url_node)?;
        self.link_use(&url, url_node.span, false);
        Some(Link { title: title?, url })
    }

    /// The sidebar, and the pages in its order; pages that it leaves out come last.
    pub(super) fn navigation(
        &mut self,
        map: &Map<'_>,
        inputs: &Inputs,
        checked: &[Arc<Checked>],
    ) -> (Vec<Arc<Page>>, Vec<Group>) {
        let mut named: HashMap<String, (usize, Span)> = HashMap::new();
        let mut groups: Vec<(Option<String>, Vec<String>)> = Vec::new();
        let mut all_known = true;
        // Of a page that is left out for its faults, only those are to be told.
        let files = inputs.pages.iter().map(|page| &page.name);
        let known = KnownPages::new(files.chain(&inputs.unread).map(String::as_str));
        let node = self.require(map, "navigation");
        if let Some(node) = node {
            self.is_few(known.in_order.len(), MOST_PAGES, "pages", node.place);
        }
        if let Some(Node {
            value: Value::Sequence(items),
            place,
            ..
        }) = node
            && items.is_empty()
        {
            self.error(
                Code::EmptyValue,
                *place,
                "a navigation without pages",
                "name the pages in their order; the first is the index",
            );
        }
        for item in node.and_then(|node| self.list(node)).unwrap_or_default() {
            let (title, names) = match &item.value {
                Value::Mapping(_) => {
                    let Some(map) = self.map(item, "a group of pages", &["title", "pages"]) else {
                        continue;
                    };
                    let title = self.require(&map, "title").and_then(|node| self.text(node));
                    let list = self.require(&map, "pages").and_then(|node| self.list(node));
                    (title, list.unwrap_or_default())
                }
                _ => (None, std::slice::from_ref(item)),
            };
            let mut group = Vec::new();
            for name in names {
                let page = self.named_page(name, &known, &mut named);
                all_known &= page.is_some();
                group.extend(page);
            }
            match groups.last_mut() {
                Some((None, pages)) if title.is_none() => pages.extend(group),
                _ => groups.push((title, group)),
            }
        }
        if all_known {
            // Else the page that seems to be missing may be the one that was meant.
            self.unlisted(checked, &named);
        }
        let pages = checked.iter().filter_map(|checked| checked.page.clone());
        in_order(pages.collect(), &named, groups)
    }

    fn named_page(
        &mut self,
        node: &Node,
        known: &KnownPages<'_>,
        named: &mut HashMap<String, (usize, Span)>,
    ) -> Option<String> {
        let written = self.word(node)?;
        let name = written
            .strip_suffix(".yaml")
            .or_else(|| written.strip_suffix(".md"))
            .unwrap_or(written);
        if !known.names.contains(name) {
            if known.right_names.contains(name) {
                // That file's name is told of itself.
                return None;
            }
            let mut diagnostic =
                Diagnostic::error(Code::UnknownPage, node.span, format!("no page `{name}`"));
            if let Some(meant) = self.report.nearest(name, known.in_order.iter().copied()) {
                diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
            }
            self.report.push(diagnostic.help(format!(
                "the pages in the spec's folder are: {}",
                list(known.in_order.iter().copied())
            )));
            return None;
        }
        if let Some((_, first)) = named.get(name) {
            let diagnostic = Diagnostic::error(
                Code::DuplicateId,
                node.span,
                format!("the page `{name}` a second time"),
            );
            self.report.push(
                diagnostic
                    .and(*first, "first here")
                    .help("remove one of the two; a page has one place in the menu"),
            );
            return None;
        }
        named.insert(name.to_owned(), (named.len(), node.span));
        Some(name.to_owned())
    }

    fn unlisted(&mut self, checked: &[Arc<Checked>], named: &HashMap<String, (usize, Span)>) {
        if named.is_empty() {
            return;
        }
        for checked in checked {
            let page = checked.page.as_ref();
            if let Some(page) = page.filter(|page| !named.contains_key(&page.name)) {
                let message = format!("the navigation does not name the page `{}`", page.name);
                let diagnostic =
                    Diagnostic::warning(Code::UnlistedPage, super::start_of(checked.span), message);
                self.report.push(diagnostic.help(
                    "it is built, but no menu leads to it; add it to `navigation` in site.yaml",
                ));
            }
        }
    }
}

/// How many pages a site may have: each shows the navigation, so that the site grows with the square.
const MOST_PAGES: usize = 2_000;

/// The pages that have a file.
struct KnownPages<'a> {
    in_order: Vec<&'a str>,
    names: HashSet<&'a str>,
    /// What those should be called whose files have no right names.
    right_names: HashSet<String>,
}

impl<'a> KnownPages<'a> {
    fn new(names: impl Iterator<Item = &'a str>) -> KnownPages<'a> {
        let in_order: Vec<&str> = names.collect();
        let misnamed = in_order.iter().filter(|name| !super::is_safe_id(name));
        KnownPages {
            names: in_order.iter().copied().collect(),
            right_names: misnamed.map(|name| super::slug(name)).collect(),
            in_order,
        }
    }
}

/// Brings the pages into the navigation's order and turns its names into places.
fn in_order(
    mut pages: Vec<Arc<Page>>,
    named: &HashMap<String, (usize, Span)>,
    groups: Vec<(Option<String>, Vec<String>)>,
) -> (Vec<Arc<Page>>, Vec<Group>) {
    let rank = |page: &Page| named.get(&page.name).map_or(usize::MAX, |&(rank, _)| rank);
    pages.sort_by(|a, b| (rank(a), &a.name).cmp(&(rank(b), &b.name)));
    let places = pages.iter().enumerate();
    // Of two files for one page, which is a fault, the first.
    let places: HashMap<&str, usize> = places
        .rev()
        .map(|(place, page)| (page.name.as_str(), place))
        .collect();
    let place = |name: &String| places.get(name.as_str()).copied();
    let groups = groups.into_iter().map(|(title, names)| Group {
        title,
        pages: names.iter().filter_map(place).collect(),
    });
    let groups = groups.collect();
    (pages, groups)
}

/// Whether a pattern is an address, but for its placeholder.
fn normal_edit_url(pattern: &str) -> bool {
    let url = pattern.replacen("{path}", "path", 1);
    let schemes = ["https://", "http://"];
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let has_host = rest.is_some_and(|rest| !rest.starts_with(['/', '?', '#']) && !rest.is_empty());
    has_host
        && url
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&b))
}

/// A site URL that ends in `/`, or what is wrong with it.
pub fn normal_site_url(url: &str) -> Result<String, String> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default();
    let graphic = url
        .bytes()
        .all(|b| b.is_ascii_graphic() && !b"\"'<>\\^`{|}?#".contains(&b));
    if host.is_empty() || !graphic {
        return Err("write the address of the site's root, such as https://docs.example.com/ or https://example.com/docs/".to_owned());
    }
    Ok(format!("{}/", url.trim_end_matches('/')))
}
