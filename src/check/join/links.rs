//! Checks links when every page is known, and collects the files that they lead to.

use std::collections::BTreeSet;

use crate::check::address::{self as addresses, as_variable, braced_host};
use crate::check::noted::LinkUse;
use crate::check::page::Checked;
use crate::check::refused;
use crate::input::diagnostic::{Diagnostic, Report, Severity};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::meant::those;
use crate::input::page_kind::PageKind;
use crate::model::belongs;
use crate::model::link::Destination;
use crate::rich::{address, markdown};

use super::in_folder::PageInFolder;
use super::joiner::Joiner;
use super::pages::Pages;

/// The files that links lead to, in order.
#[derive(Default)]
pub(super) struct LinkedFiles<'p> {
    /// Those to which a text leads that is published.
    pub(super) public: BTreeSet<&'p str>,
    /// Those to which an internal page or endpoint leads.
    pub(super) internal: BTreeSet<&'p str>,
}

/// Validates the links of all pages and those of `site.yaml`, which are on every page; returns the
/// files that they lead to.
pub(super) fn judge<'p>(
    joiner: &mut Joiner<'_>,
    of_site: &[LinkUse],
    pages: &Pages<'p>,
) -> LinkedFiles<'p> {
    let mut linked = LinkedFiles::default();
    let of_pages = pages.checked.iter().map(|it| (Some(&**it), &*it.links));
    for (here, links) in of_pages.chain([(None, of_site)]) {
        for link in links {
            let file = judge_link(joiner, link, here, pages);
            let files = if link.is_internal {
                &mut linked.internal
            } else {
                &mut linked.public
            };
            files.extend(file);
        }
    }
    linked
}

/// Warns of files in the spec's folder that no page shows or links to: they are not published,
/// since a file may be there by accident and be private.
pub(super) fn warn_of_unused(joiner: &mut Joiner<'_>, inputs: &Inputs, used: &[String]) {
    if joiner.report.has_errors() {
        return;
    }
    for file in &inputs.files {
        if used.binary_search(&file.path).is_err() {
            if let Some(page) = PageInFolder::of(file) {
                joiner.report.push(page.unused(file));
                continue;
            }
            let message = "no page shows this file or links to it: it is not published";
            let mut diagnostic = Diagnostic::about_file(Code::UnusedFile, &*file.shown, message);
            diagnostic.severity = Severity::Warning;
            joiner
                .report
                .push(diagnostic.help("link to it, or move it out of the spec's folder"));
        }
    }
}

/// Checks a link that is on one page, or on all; returns the file that it leads to.
fn judge_link<'p>(
    joiner: &mut Joiner<'_>,
    link: &LinkUse,
    here: Option<&Checked>,
    pages: &Pages<'p>,
) -> Option<&'p str> {
    let is_url = |id| joiner.variables.get(id).is_url;
    if link.is_image
        && !pages.has_own_policy
        && let Some(fault) =
            refused::picture(&link.destination, &shown(&link.destination), link.span)
    {
        joiner.report.push(fault);
        return None;
    }
    // A `javascript:` link would run in the site's origin.
    if !markdown::is_safe(&link.destination, &is_url) {
        let help = if link.is_image {
            "put the picture into the spec's folder and name it by its path, such as `images/badge.svg`"
        } else {
            "a link is relative, or begins with https:, http:, mailto: or tel:, or with a variable of `type: url`"
        };
        let message = format!(
            "a link to `{}`, whose scheme is not allowed",
            shown(&link.destination)
        );
        joiner.error(Code::UnsafeLink, link.span, message, help);
        return None;
    }
    if let Some(name) = addresses::beginning_variable(&link.destination, joiner.variables) {
        let message =
            format!("a link that begins with `{{{{ {name} }}}}`, which is not an address");
        let help = format!(
            "write what comes before the value, such as `https://example.com/{{{{ {name} }}}}`; only a variable of `type: url` is the beginning of a link"
        );
        joiner.error(Code::UnsafeLink, link.span, message, help);
        return None;
    }
    match Destination::parse(&link.destination) {
        Destination::External(address) => judge_external(joiner, link, address),
        Destination::Anchor(anchor) => match here {
            Some(here) => judge_anchor(joiner, link, here, &anchor),
            None => {
                let help = "name the page too: page#anchor";
                joiner.error(
                    Code::DeadLink,
                    link.span,
                    format!("`#{anchor}` in a link that is on every page"),
                    help,
                );
            }
        },
        Destination::Page(name, anchor) if !link.is_image => {
            let Some(there) = pages.by_name.get(&*name) else {
                if !pages.left_out.contains(&*name) {
                    dead_link(joiner, link, &name, pages);
                }
                return None;
            };
            if there.page.as_ref().is_some_and(|page| page.internal) {
                internal_link(joiner, link, &format!("the page `{name}`"));
            }
            if let Some(anchor) = anchor {
                judge_anchor(joiner, link, there, &anchor);
            }
        }
        Destination::Page(path, _) | Destination::File(path) => {
            let file = pages.has_file.get(&*path).copied();
            let Some(file) = file else {
                dead_link(joiner, link, &path, pages);
                return None;
            };
            if let Some(fault) = refused_file(link, file, pages) {
                joiner.report.push(fault);
                return None;
            }
            return Some(file);
        }
    }
    None
}

/// Checks a link to another site.
fn judge_external(joiner: &mut Joiner<'_>, link: &LinkUse, address: &str) {
    if let Some(name) = braced_host(address) {
        let message = format!("`{{{name}}}` in the host of a link, which is no variable");
        let help = as_variable(name, joiner.variables);
        joiner.error(Code::DeadLink, link.span, message, help);
    } else if addresses::has_credentials(address) {
        let message = "a user's name or password in the address of a link";
        joiner.error(
            Code::UnsafeLink,
            link.span,
            message,
            addresses::NO_CREDENTIALS,
        );
    } else if let Some(fault) = addresses::link_fault(address) {
        joiner.error(Code::DeadLink, link.span, fault.message, fault.help);
    }
}

/// Returns the error of a file that a link does not publish.
fn refused_file(link: &LinkUse, file: &str, pages: &Pages<'_>) -> Option<Diagnostic> {
    if link.is_image {
        let content = pages.content(file)?;
        return refused::no_picture(file, &content.bytes, link.span);
    }
    let page = pages.in_folder.get(file)?;
    Some(page.not_published(link.span))
}

/// Reports a link to no page or file; `wanted` is the decoded name.
fn dead_link(joiner: &mut Joiner<'_>, link: &LinkUse, wanted: &str, pages: &Pages<'_>) {
    let (written, place) = match link.destination.find('#') {
        Some(at) => link.destination.split_at(at),
        None => (link.destination.as_str(), ""),
    };
    let message = format!("unknown page or file `{}`", shown(written));
    let mut diagnostic = Diagnostic::error(Code::DeadLink, link.span, message);
    if let Some(help) = elsewhere(written, wanted, pages).filter(|_| !link.is_image) {
        joiner.report.push(diagnostic.help(help));
        return;
    }
    // A file whose name has an escape, such as `a%20b.png`, is probably meant as it is written.
    let name = if link.is_image || pages.has_file.contains(written) {
        None
    } else {
        let name = PageKind::meant_by(wanted).filter(|_| !wanted.contains('/'));
        let name = name.map_or(wanted, |(_, name)| name);
        if pages.left_out.contains(name) {
            // Its file has a report.
            return;
        }
        joiner.report.nearest(name, pages.names())
    };
    let file = |report: &mut Report| match pages.has_file.get(written) {
        Some(file) => Some(*file),
        None => pages.nearest_file(&wanted.replace("%2F", "/"), report),
    };
    let meant = name.map(str::to_owned);
    // Written so that a copy of it works.
    let meant = meant.or_else(|| Some(address::destination(file(joiner.report)?)));
    if let Some(meant) = meant {
        let meant = meant + if name.is_some() { place } else { "" };
        diagnostic = diagnostic.label(format!("did you mean `{}`?", shown(&meant)));
    } else if let Some(meant) = addresses::without_scheme(&link.destination) {
        diagnostic = diagnostic.label(format!("did you mean `{}`?", shown(&meant)));
        let help = "the address of another site begins with https:// or http://; without it, a link names a page or a file of this site";
        joiner.report.push(diagnostic.help(help));
        return;
    }
    let help = if wanted.starts_with('/') {
        "links are relative, so that the site works under any address: name the page, such as `integration`"
    } else {
        "a link names a page (`integration`), an anchor on it (`integration#credentials`), or a file in the spec's folder"
    };
    joiner.report.push(diagnostic.help(help));
}

/// Returns how to link to what a link to no page or file names, if it is in a place to which no link
/// leads.
fn elsewhere(written: &str, wanted: &str, pages: &Pages<'_>) -> Option<String> {
    let path = written.strip_prefix("./").unwrap_or(written);
    let is_html = path.ends_with(".html") && !path.contains('/');
    if is_html && pages.has_file.contains(path) {
        // The only ending of a file that is that of a page in the browser too.
        return Some(format!(
            "directly in the spec's folder, a link to `{path}` is one to the page `{wanted}`: move the file into a folder, and link to `files/{path}`"
        ));
    }
    let of_root = path.trim_start_matches('/');
    if pages.at_root.contains(of_root) {
        let site = pages.site_url.unwrap_or("https://docs.example.com/");
        return Some(format!(
            "`root/{of_root}` is not below the spec's folder: write its whole address, `{site}{}`",
            address::of_path(of_root)
        ));
    }
    PageInFolder::named(wanted, pages.spec_files).map(|page| page.as_page())
}

/// Reports a link from a published text to a page or an endpoint that is not published.
fn internal_link(joiner: &mut Joiner<'_>, link: &LinkUse, what: &str) {
    if !link.is_internal {
        let message = format!("a published text links to {what}, which is internal");
        let help = "remove the link, remove `internal: true` there, or make the page or endpoint with the link internal too";
        joiner.error(Code::InternalLink, link.span, message, help);
    }
}

fn judge_anchor(joiner: &mut Joiner<'_>, link: &LinkUse, there: &Checked, anchor: &str) {
    // A page with errors may lack anchors that it will have once they are corrected.
    let Some(page) = there.page.as_ref().filter(|_| !there.is_broken) else {
        return;
    };
    if there.anchors.has(anchor) {
        let mut endpoints = page.api().into_iter().flat_map(|api| &api.endpoints);
        let endpoint = endpoints.find(|it| it.internal && belongs(anchor, &it.id));
        if let Some(endpoint) = endpoint.filter(|_| !page.internal) {
            internal_link(joiner, link, &format!("the endpoint `{}`", endpoint.id));
        }
        return;
    }
    let message = format!(
        "the page `{}` has no anchor `#{}`",
        page.name,
        shown(anchor)
    );
    let mut diagnostic = Diagnostic::error(Code::DeadLink, link.span, message);
    if let Some(meant) = joiner.report.nearest(anchor, there.anchors.iter()) {
        let meant = address::fragment(meant);
        diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
    }
    // Anchors of fields have dots; sections and endpoints are the likelier targets.
    let first = there.anchors.iter().filter(|a| !a.contains('.')).take(12);
    let first: Vec<_> = first.map(address::fragment).collect();
    let first = first.iter().map(|fragment| &fragment[1..]);
    let help = those("anchors on that page", first);
    joiner.report.push(diagnostic.help(help));
}

/// Returns a destination in a message: its variables as dots, and not too long.
fn shown(text: &str) -> String {
    let marked = |c: char| {
        if crate::hole::Hole::from_marker(c).is_some() {
            '…'
        } else {
            c
        }
    };
    let text = crate::input::secret::masked(text);
    let shown: String = text.chars().map(marked).take(80).collect();
    if text.chars().count() > 80 {
        format!("{shown}…")
    } else {
        shown
    }
}
