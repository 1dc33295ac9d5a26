//! Checks names in prose that need all pages: names of pages anywhere, and in guides also names of
//! the APIs. `proof` checks the names that an API page's prose has of its own page.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::check::noted::{NameUse, NameWaiver, page_name};
use crate::check::page::Checked;
use crate::check::proof::{NameKind, NameSet, Names, Slip, is_call, is_name};
use crate::hole::variable::Variables;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::model::{Model, WaivedName};

use super::joiner::Joiner;

/// Reports names that are misspelt and not waived, and unused waivers; returns the waived names.
pub(super) fn judge(
    joiner: &mut Joiner<'_>,
    model: &Model,
    checked: &[Arc<Checked>],
    waivers: &[NameWaiver],
) -> Vec<WaivedName> {
    // The names on a page with errors are unknown: correct uses of them would be reported.
    if checked.iter().any(|page| page.is_broken) {
        return Vec::new();
    }
    let mut waived: Vec<WaivedName> = Vec::new();
    let mut used = HashSet::new();
    // The first of each name.
    let places = waivers.iter().enumerate().rev();
    let waiver_of: HashMap<&str, usize> = places
        .map(|(index, it)| (it.name.as_str(), index))
        .collect();
    let uses = || checked.iter().flat_map(|page| &page.names);
    // Most sites have no name to check; then the index of all names is not needed.
    let known = uses()
        .next()
        .map(|_| KnownNames::of(model, joiner.variables));
    for one in uses() {
        let Some(slip) = known.as_ref().and_then(|known| known.slip(one)) else {
            continue;
        };
        let place = match slip.what {
            "page" => "",
            _ => " on any API page",
        };
        let message = format!("no {} `{}`{place}", slip.what, slip.name);
        // By the misspelt part or by the whole name, as prose has it.
        let of = |name: &String| waiver_of.get(name.as_str()).copied();
        let found = [of(&slip.name), of(&one.name)].into_iter().flatten().min();
        if let Some(index) = found {
            let waiver = &waivers[index];
            if used.insert(waiver.name.as_str()) {
                waived.push(WaivedName {
                    name: waiver.name.clone(),
                    message,
                    reason: waiver.reason.clone(),
                });
            }
            continue;
        }
        let diagnostic = Diagnostic::error(Code::UnknownName, one.span, message);
        let diagnostic = match &slip.meant {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")),
            None => diagnostic,
        };
        let help = format!(
            "correct the name, or explain it in `waivers` of site.yaml: {{code: unknown-name, value: {}, reason: …}}",
            slip.name
        );
        joiner.report.push(diagnostic.help(help));
    }
    for waiver in waivers {
        if !used.contains(waiver.name.as_str()) {
            let message = "an unused waiver for a name: no text contains it, or it is correct";
            let diagnostic = Diagnostic::warning(Code::UnusedWaiver, waiver.span, message);
            let help = "remove it, or write the name as in the text";
            joiner.report.push(diagnostic.help(help));
        }
    }
    waived
}

/// All names that prose may use.
struct KnownNames<'a> {
    names: Names<'a>,
    pages: NameSet<'a>,
    /// New names of pages by the old ones.
    renamed: HashMap<&'a str, &'a str>,
    files: HashSet<&'a str>,
}

impl<'a> KnownNames<'a> {
    fn of(model: &'a Model, variables: &'a Variables) -> KnownNames<'a> {
        let mut names = Names::of(variables);
        for api in model.apis() {
            names.page(api);
        }
        let redirects = model.redirects.iter();
        let renamed = redirects.filter(|redirect| redirect.from.anchor.is_none());
        KnownNames {
            names,
            pages: model.pages.iter().map(|page| page.name.as_str()).collect(),
            renamed: renamed
                .map(|it| (it.from.page.as_str(), it.to.page.as_str()))
                .collect(),
            files: model.files.iter().map(String::as_str).collect(),
        }
    }

    fn slip(&self, one: &NameUse) -> Option<Slip<'a>> {
        match one.kind {
            Some(NameKind::Page) => self.slip_of_page(&one.name),
            kind if is_name(&one.name) || is_call(&one.name) || one.name.contains('.') => {
                self.names.slip_elsewhere(&one.name, kind)
            }
            _ => None,
        }
    }

    /// Returns a page's name that differs from one by a letter or in its spelling, or that is an
    /// old one.
    fn slip_of_page(&self, code: &str) -> Option<Slip<'a>> {
        let name = page_name(code);
        // `index` is the home page, whatever the name of its file.
        let is_there = self.pages.contains(name) || name == "index" || self.names.is_known(name);
        if is_there || self.files.contains(code) {
            return None;
        }
        let renamed = self.renamed.get(name).copied();
        let meant = renamed.or_else(|| self.pages.slipped(name))?;
        Some(Slip {
            what: "page",
            name: code.to_owned(),
            meant: Some(meant.into()),
        })
    }
}
