//! `site.yaml`: the settings of the site, and its navigation, redirects and waivers as written.

use crate::check::bot::{self, IGNORABLE};
use crate::hole::variable::Variables;
use crate::input::diagnostic::{Diagnostic, Levels, Report};
use crate::input::explain::Code;
use crate::input::load::{self, Inputs};
use crate::input::yaml::{Node, Value};
use crate::model::{Link, Markdown, Public, SampleChoice, SiteSettings, Twins, UsedVariables};
use crate::rich::markdown::outline;
use crate::rich::messages;

use super::address::{self, normal_site_url};
use super::noted::{LinkUse, RedirectUse, WrittenNavigation};
use super::reader::{Map, Reader};
use super::waiver::{self, Waivers};
use super::{branding, level, markdown, navigation, sample, synonyms};

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
    "search",
    "twins",
    "waivers",
    "levels",
];

pub(super) const BOTS_KEYS: &[&str] = &["file", "ignore"];

/// Which pages have twins, by the words for it.
const TWINS: &[(&str, Twins)] = &[
    ("all", Twins::All),
    ("generic", Twins::Generic),
    ("none", Twins::None),
];

/// The folders of other programs, which own everything in them.
const NOT_OF_A_SITE: [&str; 8] = [
    ".git",
    ".github",
    ".hg",
    ".idea",
    ".jj",
    ".svn",
    ".vscode",
    "node_modules",
];

/// The folder of the project that `build` writes by default.
const USUAL_OUTPUT: &str = "site";

/// Returns the folder that `build` writes, by `site.yaml` alone; reports an invalid value.
pub fn output_folder(inputs: &Inputs, report: &mut Report) -> Option<String> {
    let site = inputs.site.as_ref()?;
    report.extend(site.syntax.clone());
    let site = site.tree.as_ref()?;
    let none = Variables::default();
    let mut reader = Reader::new(&inputs.sources, &none, report);
    match site.value.get("output") {
        Some(node) => output(&mut reader, node),
        None => Some(USUAL_OUTPUT.to_owned()),
    }
}

/// The content of `site.yaml`.
pub(super) struct WrittenSite<'n> {
    /// The root of its tree.
    pub(super) node: &'n Node,
    /// The settings of every page, unless there are errors in required keys.
    pub(super) settings: Option<SiteSettings>,
    pub(super) navigation: WrittenNavigation<'n>,
    pub(super) redirects: Vec<RedirectUse<'n>>,
    pub(super) waivers: Waivers,
    /// Links on every page.
    pub(super) links: Vec<LinkUse>,
    /// The levels of warnings.
    pub(super) levels: Levels,
    /// The variables in texts of every page.
    pub(super) used: UsedVariables,
}

/// Lowers `site.yaml`; returns `None` if it is not a map.
pub(super) fn lower<'n>(
    mut reader: Reader<'_>,
    node: &'n Node,
    inputs: &Inputs,
) -> Option<WrittenSite<'n>> {
    let map = reader.map(node, "site.yaml", SITE_KEYS)?;
    let settings = settings(&mut reader, &map, inputs);
    let waivers = waiver::of_site(&mut reader, &map);
    let navigation = navigation::lower(&mut reader, &map);
    let levels = map
        .get("levels")
        .map(|node| level::lower(&mut reader, node));
    // Without settings there is no model, so redirects are not needed.
    let redirects = map.get("redirects").filter(|_| settings.is_some());
    let redirects = redirects.map(|node| redirect_uses(&mut reader, node));
    Some(WrittenSite {
        node,
        settings,
        navigation,
        redirects: redirects.unwrap_or_default(),
        waivers,
        levels: levels.unwrap_or_default(),
        links: reader.links,
        used: reader.used,
    })
}

/// Lowers the settings of every page.
fn settings(reader: &mut Reader<'_>, map: &Map<'_>, inputs: &Inputs) -> Option<SiteSettings> {
    let language = map
        .get("language")
        .and_then(|node| language(reader, node, inputs));
    let title = reader
        .require(map, "title")
        .and_then(|node| reader.text(node));
    let description = map.get("description").and_then(|node| reader.text(node));
    let banner = map.get("banner").and_then(|node| banner(reader, node));
    let url = map.get("site_url").and_then(|node| site_url(reader, node));
    let output = map.get("output").and_then(|node| output(reader, node));
    let ignored = map.get("bots").map(|node| list_of_bots(reader, node));
    let header = map.get("header").map(|node| site_links(reader, node));
    let footer = map.get("footer").map(|node| site_links(reader, node));
    let edit_url = map.get("edit_url").and_then(|node| edit_url(reader, node));
    let samples = map.get("samples").map(|node| sample::choices(reader, node));
    let synonyms = synonyms::lower(reader, map);
    let twins = map
        .get("twins")
        .and_then(|node| reader.choice(node, "`twins` value", TWINS));
    let branding = branding::lower(reader, map, title.as_deref().unwrap_or_default(), inputs);
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
        branding,
        samples: samples.unwrap_or_else(SampleChoice::usual),
        synonyms,
        twins: twins.unwrap_or(Twins::All),
        ignored_columns: ignored.unwrap_or_default(),
        public: Public::default(),
    })
}

/// Lowers the banner, which has no heading: its anchor could be that of another heading of a page.
fn banner(reader: &mut Reader<'_>, node: &Node) -> Option<Markdown> {
    let banner = markdown::lower(reader, node)?;
    if let Value::String(written) = &node.value
        && let Some(heading) = outline(written, "").headings.first()
    {
        let span = reader.locator(node, written).place(heading.range.clone());
        let help = format!(
            "write a line of bold text in its place: **{}**",
            heading.title
        );
        reader.error(
            Code::InvalidValue,
            span,
            "a heading in the banner, which is on every page",
            help,
        );
    }
    Some(banner)
}

/// Returns the ignored columns of the list of bots, which is read elsewhere.
fn list_of_bots(reader: &mut Reader<'_>, node: &Node) -> Vec<String> {
    let (file, ignored) = match &node.value {
        Value::Mapping(_) => {
            let Some(map) = reader.map(node, "the list of bots", BOTS_KEYS) else {
                return Vec::new();
            };
            let ignored = map.get("ignore").and_then(|node| reader.list(node));
            (reader.require(&map, "file"), ignored.unwrap_or_default())
        }
        _ => (Some(node), &[][..]),
    };
    if let Some(file) = file
        && let Some(path) = reader.word(file)
        // The file may come from elsewhere only by a flag, since a spec from a stranger must not
        // name files of the machine.
        && !load::is_inside(path)
    {
        let message = format!("`{path}` is not a file of the project");
        let help = "name a file inside the project, such as `bots.csv`; `--bots` takes any file";
        reader.error(Code::InvalidValue, file.span, message, help);
    }
    let mut names = Vec::new();
    for node in ignored {
        let Some(name) = reader.word(node) else {
            continue;
        };
        // An ignored variable would build every bot with its default, without a report.
        if bot::is_column(name, reader.variables) {
            let message = format!("`{name}` {IGNORABLE}");
            let help = "name columns of the list that are not in site.yaml";
            reader.error(Code::InvalidValue, node.span, message, help);
        }
        names.push(name.to_owned());
    }
    names
}

fn output(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let path = reader.word(node)?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let first = path.split('/').next().unwrap_or_default();
    if NOT_OF_A_SITE.contains(&first) {
        let message = format!(
            "`{path}` can't be the folder of the site: other programs keep their files there"
        );
        let help = "name a folder that only the site uses, such as `site`";
        reader.error(Code::InvalidValue, node.span, message, help);
        return None;
    }
    if !load::is_inside(path) {
        let help = "name a folder inside the project, such as `site`; `--out` takes any folder";
        reader.error(
            Code::InvalidValue,
            node.span,
            format!("`{path}` is not a folder of the project"),
            help,
        );
    }
    Some(path.to_owned())
}

fn language(reader: &mut Reader<'_>, node: &Node, inputs: &Inputs) -> Option<String> {
    let language = reader.word(node)?;
    // RFC 5646, section 2.1: primary subtags in use have 2 or 3 letters, no subtag more than 8.
    let subtag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if !language.split('-').all(subtag)
        || language
            .split('-')
            .next()
            .is_none_or(|first| !(2..=3).contains(&first.len()))
    {
        reader.error(
            Code::InvalidValue,
            node.span,
            format!("`{language}` is not a language tag"),
            "write a BCP 47 tag such as en, de or pt-BR",
        );
        return None;
    }
    let own = inputs.messages.iter().map(|(tag, _)| tag.as_str());
    // A warning only: English words are a page that works, and the tag is needed for the author's
    // texts.
    if !messages::is_translated(language, own) {
        let message =
            format!("the words of pages are not translated into the language `{language}`");
        let wide = language.split('-').next().unwrap_or(language);
        let help = format!(
            "they are shown in English; translate what `botdocs theme eject messages/en.ftl` \
             writes, as templates/messages/{wide}.ftl"
        );
        let diagnostic = Diagnostic::warning(Code::MissingMessages, node.span, message);
        reader.report.push(diagnostic.help(help));
    }
    Some(language.to_owned())
}

fn site_url(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let url = reader.word(node)?;
    match normal_site_url(url) {
        Ok(url) => Some(url),
        Err(help) => {
            reader.error(
                Code::InvalidValue,
                node.span,
                format!("`{}` is not a site URL", address::without_credentials(url)),
                help,
            );
            None
        }
    }
}

/// Lowers the pattern of addresses where pages can be edited.
fn edit_url(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let pattern = &*address::with_scheme_in_lower_case(reader.word(node)?);
    if address::has_credentials(pattern) {
        let message = "a user's name or password in the address for editing pages";
        reader.error(
            Code::UnsafeLink,
            node.span,
            message,
            address::NO_CREDENTIALS,
        );
        return None;
    }
    let fault = address::link_fault(pattern);
    if let Some(fault) = fault.filter(|_| normal_edit_url(pattern)) {
        reader.error(Code::InvalidValue, node.span, fault.message, fault.help);
        return None;
    }
    let help = match pattern.match_indices("{path}").count() {
        1 => {
            if normal_edit_url(pattern) {
                return Some(pattern.to_owned());
            } else {
                "it begins with https:// or http://, and contains no other braces"
            }
        }
        0 => {
            "write {path} where a page's path below the spec's folder goes, as in https://github.com/o/r/edit/main/spec/{path}"
        }
        _ => "write {path} once",
    };
    let message = format!("`{pattern}` is not an address for editing pages");
    reader.error(Code::InvalidValue, node.span, message, help);
    None
}

fn site_links(reader: &mut Reader<'_>, node: &Node) -> Vec<Link> {
    let items = reader.list(node).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| site_link(reader, item))
        .collect()
}

fn site_link(reader: &mut Reader<'_>, node: &Node) -> Option<Link> {
    let map = reader.map(node, "a link", &["title", "url"])?;
    let title = reader
        .require(&map, "title")
        .and_then(|node| reader.text(node));
    let url_node = reader.require(&map, "url")?;
    let url = reader.text(url_node)?;
    reader.note_link(&url, url_node.span, false);
    Some(Link { title: title?, url })
}

/// Lowers the redirects of renamed pages and anchors; none if they exceed the limit.
fn redirect_uses<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Vec<RedirectUse<'n>> {
    let entries = reader.entries(node).unwrap_or_default();
    if !reader.is_few(entries.len(), MOST_REDIRECTS, "redirects", node.place) {
        return Vec::new();
    }
    let redirects = entries.iter().filter_map(|entry| {
        Some(RedirectUse {
            from: &entry.key,
            from_span: entry.key_span,
            to: reader.word(&entry.value)?,
            to_span: entry.value.span,
        })
    });
    redirects.collect()
}

/// How many redirects a site may have: each page searches them for those that lead to it.
const MOST_REDIRECTS: usize = 2_000;

/// Returns whether a pattern is an address, but for its placeholder.
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
