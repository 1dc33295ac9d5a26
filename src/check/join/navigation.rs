//! The navigation: the pages that it names, in its order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::check::id::{is_safe_id, slug};
use crate::check::limit;
use crate::check::noted::{PageUse, WrittenNavigation};
use crate::check::page::Checked;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::load::{Inputs, StaticFile};
use crate::input::meant::those;
use crate::input::source::Span;
use crate::model::{Group, Page};

use super::in_folder::PageInFolder;
use super::joiner::Joiner;

/// Returns the sidebar, and the pages in its order; pages that are not in it come last.
pub(super) fn join(
    joiner: &mut Joiner<'_>,
    navigation: &WrittenNavigation<'_>,
    inputs: &Inputs,
    checked: &[Arc<Checked>],
) -> (Vec<Arc<Page>>, Vec<Group>) {
    let mut named: HashMap<String, (usize, Span)> = HashMap::new();
    let mut groups: Vec<(Option<String>, Vec<String>)> = Vec::new();
    let mut all_known = true;
    // A page that is left out for its errors has its own report.
    let files = inputs.pages.iter().map(|page| &page.name);
    let known = KnownPages::new(files.chain(&inputs.unread).map(String::as_str), inputs);
    if let Some(place) = navigation.place {
        limit::is_few(
            known.in_order.len(),
            MOST_PAGES,
            "pages",
            place,
            joiner.report,
        );
    }
    for written in &navigation.groups {
        let mut group = Vec::new();
        for page in &written.pages {
            let page = page.as_ref();
            let page = page.and_then(|page| named_page(joiner, page, &known, &mut named));
            all_known &= page.is_some();
            group.extend(page);
        }
        let title = &written.title;
        match groups.last_mut() {
            Some((None, pages)) if title.is_none() => pages.extend(group),
            _ => groups.push((title.clone(), group)),
        }
    }
    if all_known {
        // Otherwise the page that seems to be missing may be the intended one.
        unlisted(joiner, checked, &named);
    }
    let pages = checked.iter().filter_map(|checked| checked.page.clone());
    in_order(pages.collect(), &named, groups)
}

fn named_page(
    joiner: &mut Joiner<'_>,
    page: &PageUse<'_>,
    known: &KnownPages<'_>,
    named: &mut HashMap<String, (usize, Span)>,
) -> Option<String> {
    let name = page
        .written
        .strip_suffix(".yaml")
        .or_else(|| page.written.strip_suffix(".md"))
        .unwrap_or(page.written);
    if !known.names.contains(name) {
        if known.right_names.contains(name) {
            // The report names that file already.
            return None;
        }
        let message = format!("unknown page `{name}`");
        let mut diagnostic = Diagnostic::error(Code::UnknownPage, page.span, message);
        if let Some(page) = PageInFolder::named(name, known.files) {
            joiner.report.push(diagnostic.help(page.as_page()));
            return None;
        }
        if let Some(meant) = joiner.report.nearest(name, known.in_order.iter().copied()) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        let mut help = those("pages in the spec's folder", known.in_order.iter().copied());
        if known.in_order.is_empty() {
            help = format!(
                "{help}; write one: `spec/{name}.md` for a guide, `spec/{name}.yaml` for endpoints"
            );
        }
        if name.contains("://") || name.starts_with("mailto:") {
            help = format!(
                "the navigation names pages of this site; write a link into `header` or `footer`: [{{title: …, url: \"{name}\"}}]"
            );
        }
        if let Some(stem) = name
            .strip_suffix(".mdx")
            .or_else(|| name.strip_suffix(".markdown"))
        {
            help = format!(
                "write the name of the page alone, `{stem}`; a guide is a file `spec/{stem}.md`, in Markdown without MDX"
            );
        }
        joiner.report.push(diagnostic.help(help));
        return None;
    }
    if let Some((_, first)) = named.get(name) {
        let diagnostic = Diagnostic::error(
            Code::DuplicateId,
            page.span,
            format!("duplicate page `{name}`"),
        );
        joiner.report.push(
            diagnostic
                .and(*first, "first here")
                .help("remove one of the two; a page has one place in the menu"),
        );
        return None;
    }
    named.insert(name.to_owned(), (named.len(), page.span));
    Some(name.to_owned())
}

fn unlisted(
    joiner: &mut Joiner<'_>,
    checked: &[Arc<Checked>],
    named: &HashMap<String, (usize, Span)>,
) {
    if named.is_empty() {
        return;
    }
    for checked in checked {
        let page = checked.page.as_ref();
        if let Some(page) = page.filter(|page| !named.contains_key(&page.name)) {
            let message = format!("the navigation does not contain the page `{}`", page.name);
            let diagnostic = Diagnostic::warning(Code::UnlistedPage, checked.start(), message);
            joiner.report.push(
                diagnostic.help(
                    "it is built, but no menu leads to it; add it to `navigation` in site.yaml",
                ),
            );
        }
    }
}

/// How many pages a site may have: each shows the navigation, so that the site grows with the
/// square.
// 2,000 pages contain four million links.
const MOST_PAGES: usize = 2_000;

/// The pages that have a file.
struct KnownPages<'a> {
    in_order: Vec<&'a str>,
    names: HashSet<&'a str>,
    /// Returns the correct names of pages whose files have invalid names.
    right_names: HashSet<String>,
    /// The other files of the spec's folder.
    files: &'a [StaticFile],
}

impl<'a> KnownPages<'a> {
    fn new(names: impl Iterator<Item = &'a str>, inputs: &'a Inputs) -> KnownPages<'a> {
        let in_order: Vec<&str> = names.collect();
        let misnamed = in_order.iter().filter(|name| !is_safe_id(name));
        KnownPages {
            names: in_order.iter().copied().collect(),
            right_names: misnamed.map(|name| slug(name)).collect(),
            files: &inputs.files,
            in_order,
        }
    }
}

/// Sorts the pages by the navigation and resolves its names to indices.
fn in_order(
    mut pages: Vec<Arc<Page>>,
    named: &HashMap<String, (usize, Span)>,
    groups: Vec<(Option<String>, Vec<String>)>,
) -> (Vec<Arc<Page>>, Vec<Group>) {
    let rank = |page: &Page| named.get(&page.name).map_or(usize::MAX, |&(rank, _)| rank);
    pages.sort_by(|a, b| (rank(a), &a.name).cmp(&(rank(b), &b.name)));
    let places = pages.iter().enumerate();
    // Of two files for one page, which is an error, the first.
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
