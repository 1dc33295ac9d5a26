//! Redirects of renamed pages and anchors.

use std::collections::HashMap;

use crate::check::id;
use crate::check::noted::RedirectUse;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::model::{Redirect, Target};
use crate::rich::address;

use super::joiner::Joiner;
use super::pages::{Pages, WRITTEN, device};

/// Returns the redirects that lead from an old page or anchor to an existing one.
pub(super) fn join(
    joiner: &mut Joiner<'_>,
    written: &[RedirectUse<'_>],
    pages: &Pages<'_>,
) -> Vec<Redirect> {
    let mut redirects: Vec<Redirect> = Vec::new();
    let mut seen: HashMap<Target, Span> = HashMap::new();
    for entry in written {
        let (from, to) = (target(entry.from), target(entry.to));
        if let Some(fault) = misnamed(entry, &from.page) {
            joiner.report.push(fault);
            continue;
        }
        // `old` and `old.md` are one page.
        if let Some(first) = seen.insert(from.clone(), entry.from_span) {
            let message = format!("duplicate redirect from `{}`", joiner.sources.text(first));
            let fault = Diagnostic::error(Code::InvalidRedirect, entry.from_span, message);
            let fault = fault.and(first, "the other one");
            joiner.report.push(fault.help("remove one of them"));
            continue;
        }
        // The redirect would have the page's own path.
        if pages.has(&from) {
            let help =
                "a redirect leads from an old address; remove it, or rename the page or anchor";
            joiner.error(
                Code::InvalidRedirect,
                entry.from_span,
                format!("`{}` still exists", entry.from),
                help,
            );
            continue;
        }
        if from.anchor.is_some()
            && !pages.by_name.contains_key(from.page.as_str())
            && !pages.left_out.contains(from.page.as_str())
        {
            let help = "redirect the page itself; links to its anchors lead to the same anchors on the new page";
            joiner.error(
                Code::InvalidRedirect,
                entry.from_span,
                format!("unknown page `{}` in a redirect from an anchor", from.page),
                help,
            );
            continue;
        }
        // Only to existing pages, so there are no chains or circles of redirects.
        if !pages.has(&to)
            && !pages.is_broken(&to.page)
            && !pages.left_out.contains(to.page.as_str())
        {
            let written = joiner.sources.text(entry.to_span);
            let message = format!("a redirect to `{written}`, which does not exist");
            let mut diagnostic = Diagnostic::error(Code::InvalidRedirect, entry.to_span, message);
            if let Some(meant) = pages.nearest(&to, joiner.report) {
                diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
            }
            joiner
                .report
                .push(diagnostic.help("name a page, or page#anchor, that exists"));
            continue;
        }
        redirects.push(Redirect { from, to });
    }
    redirects
}

/// Returns why no page can have had a name, if none can.
fn misnamed(entry: &RedirectUse<'_>, page: &str) -> Option<Diagnostic> {
    let fault = |message: String, help: &str| {
        Diagnostic::error(Code::InvalidRedirect, entry.from_span, message).help(help)
    };
    if !id::is_safe_id(page) {
        let message = format!("`{}` is not the old name of a page", entry.from);
        let help = "write the page's old name, or name#anchor; write the rule for any other old address into `root/_redirects`, as hosts read it: /old/path /page.html 301";
        return Some(fault(message, help));
    }
    if WRITTEN.contains(&page) {
        let message = format!("`{page}` is a page of every site");
        let help = "every site has this page itself; remove the redirect";
        return Some(fault(message, help));
    }
    // A page at the old name leads to the new one.
    let what = "the old name of a page";
    device(Code::InvalidRedirect, page, what, entry.from_span)
}

/// Parses a page or anchor, written as in a link.
fn target(written: &str) -> Target {
    let (page, anchor) = match written.split_once('#') {
        Some((page, anchor)) => (page, Some(address::anchor_of(anchor).into_owned())),
        None => (written, None),
    };
    let page = page
        .strip_suffix(".yaml")
        .or_else(|| page.strip_suffix(".md"))
        .unwrap_or(page);
    Target {
        page: address::path_of(page).into_owned(),
        anchor,
    }
}
