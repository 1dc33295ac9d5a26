//! The static files of a project: what its templates and style sheets name, and what nothing names.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::check;
use crate::input::diagnostic::{Diagnostic, Report, Severity};
use crate::input::explain::Code;
use crate::input::load::{Inputs, StaticFile};
use crate::input::meant::nearest;
use crate::input::source::{FileId, Span};
use crate::model::{Model, SiteFile};
use crate::pages::asset::{Assets, beside};
use crate::pages::hosting;
use crate::pages::template::{self, Quoted};
use crate::pages::twin::{LLMS, LLMS_FULL};
use crate::pages::view::url_path;
use crate::rich::address;
use crate::rich::policy::{self, Loaded};
use crate::rich::style_sheet::{self, SheetAddress};

/// Reports the addresses of style sheets that browsers do not load; returns the static files that
/// style sheets and the built-in theme name.
///
/// `base` is the path of the site's address.
pub(super) fn judge_sheets(inputs: &Inputs, base: &str, report: &mut Report) -> BTreeSet<String> {
    let mut used: BTreeSet<String> = Assets::built_in()
        .map(|(name, _)| name.to_owned())
        .collect();
    let sheets = inputs.statics.iter();
    for file in sheets.filter(|file| file.path.ends_with(".css")) {
        judge_sheet(file, inputs, base, &mut used, report);
    }
    used
}

/// Reports addresses in templates that lead to no file, and warns of static files that nothing
/// names: neither those in `used` nor those of templates and settings.
pub(super) fn judge(
    model: &Model,
    inputs: &Inputs,
    mut used: BTreeSet<String>,
    report: &mut Report,
) {
    let faults = report.counts().0;
    judge_templates(model, inputs, report);
    let branding = &model.site.branding;
    let pictures = branding.logo.iter().flat_map(|logo| {
        let dark = logo.dark.as_ref().map(|picture| &picture.file);
        std::iter::once(&logo.light.file).chain(dark)
    });
    let named = pictures.chain(&branding.favicon).chain(&branding.image);
    used.extend(named.filter_map(|file| match file {
        SiteFile::Static(path) => Some(path.clone()),
        SiteFile::Spec(_) => None,
    }));
    if report.counts().0 == faults {
        warn_of_unused(inputs, &used, report);
    }
}

/// Reports the addresses of a style sheet that browsers do not load, and collects the files that it
/// names.
fn judge_sheet(
    file: &StaticFile,
    inputs: &Inputs,
    base: &str,
    used: &mut BTreeSet<String>,
    report: &mut Report,
) {
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        return;
    };
    let is_free = check::has_own_policy(inputs);
    // Counted on from the last fault, so that many of them take linear time.
    let (mut line, mut counted) = (1, 0);
    for found in style_sheet::addresses(text) {
        let mut refuse = |code, message: String, help: String| {
            let start = found.range.start;
            line += text[counted..start].matches('\n').count();
            counted = start;
            let message = format!("line {line}: {message}");
            let diagnostic = Diagnostic::about_file(code, &*file.shown, message);
            report.push(diagnostic.help(help));
        };
        let address = &found.address;
        let shown = || shown(address);
        if found.loads == Loaded::Style && !(is_free && policy::is_address(address)) {
            let (code, reason) = match policy::is_address(address) {
                true => (
                    Code::RefusedByPolicy,
                    "the policy of the page refuses a sheet of another host",
                ),
                false => (
                    Code::DeadLink,
                    "the names of published files change with their content",
                ),
            };
            let message = format!("`@import` of `{}`", shown());
            let help = format!(
                "put the text of that style sheet into this one: {reason}, and another sheet delays the page"
            );
            refuse(code, message, help);
        } else if found.loads.is_refused(address) && !is_free {
            let message = format!("the policy of the page refuses `{}`", shown());
            let help = "put the file into `static/`, and name it by its path from this style sheet, as in `url(fonts/inter.woff2)`: then no other host sees which pages are read";
            refuse(Code::RefusedByPolicy, message, help.to_owned());
        } else if let Some(path) = from_root(address, base) {
            let mut at_root = inputs.at_root.files.iter();
            if !at_root.any(|file| file.path == path) {
                let message = format!("`{}` leads to no file of the site", shown());
                refuse(Code::DeadLink, message, FROM_ROOT.to_owned());
            }
        } else if let Some(name) = own_name(&file.path, &found) {
            if is_static(inputs, &name) {
                used.insert(name);
                continue;
            }
            let names = inputs.statics.iter().map(|file| file.path.as_str());
            let meant = nearest(&name, names).map(address::destination);
            let meant = meant.map_or_else(String::new, |meant| {
                format!("; did you mean `static/{meant}`?")
            });
            let message = format!("`{}` leads to no file{meant}", shown());
            let help = "name a file in `static/` by its path from this style sheet";
            refuse(Code::DeadLink, message, help.to_owned());
        }
    }
}

/// The help about an address from the root of the host.
const FROM_ROOT: &str = "put the file into `root/`, whose files stand at the root of the site; if another file of the host is meant, write the folder of the site on it as `site_url` in site.yaml";

/// Returns the path below the site of an address that begins at the root of its host; none for one
/// beside the site.
fn from_root<'a>(address: &'a str, base: &str) -> Option<Cow<'a, str>> {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let path = address[..end].strip_prefix(base)?;
    (!path.is_empty() && !path.starts_with(['/', '\\'])).then(|| address::path_of(path))
}

/// Returns the path below `static/` of the file that a style sheet names; none for an address that
/// is none of a file.
fn own_name(sheet: &str, found: &SheetAddress) -> Option<String> {
    let end = found.address.find(['?', '#']);
    let path = &found.address[..end.unwrap_or(found.address.len())];
    if path.is_empty() || policy::is_address(path) || path.starts_with('/') {
        return None;
    }
    Some(beside(sheet, &address::path_of(path)).unwrap_or_else(|| path.to_owned()))
}

fn is_static(inputs: &Inputs, name: &str) -> bool {
    let mut built_in = Assets::built_in();
    inputs.statics.iter().any(|file| file.path == name) || built_in.any(|(known, _)| known == name)
}

/// Reports addresses in a project's own templates that lead to no file.
fn judge_templates(model: &Model, inputs: &Inputs, report: &mut Report) {
    for &(_, file) in &inputs.templates {
        for found in template::written(&inputs.sources.get(file).text) {
            let end = found.address.find(['?', '#']);
            let path = &found.address[..end.unwrap_or(found.address.len())];
            if check::has_credentials(&found.address) {
                let message = "a user's name or password in the address of a link";
                let span = Span::new(file, found.range);
                let fault = Diagnostic::error(Code::UnsafeLink, span, message);
                report.push(fault.help(check::NO_CREDENTIALS));
                continue;
            }
            // A link may lead to another application on the host; its files are others' too, but
            // pages rarely load them.
            let base = url_path(model.site.url.as_deref());
            if let Some(name) = from_root(path, base).filter(|_| found.is_loaded)
                && !is_published(model, inputs, &name)
            {
                let message = format!("`{}` leads to no file of the site", shown(path));
                let fault =
                    Diagnostic::error(Code::DeadLink, Span::new(file, found.range), message);
                report.push(fault.help(FROM_ROOT));
                continue;
            }
            // Beside the site, other files of the host may be there; and a place on the page is no
            // file.
            let is_below = !path.starts_with(['/', '\\']) && !path.starts_with("..");
            if path.trim().is_empty() || policy::is_address(path) || !is_below {
                continue;
            }
            let name = address::path_of(path.strip_prefix("./").unwrap_or(path));
            if !name.is_empty() && !is_published(model, inputs, &name) {
                report.push(dead_address(&name, Span::new(file, found.range), inputs));
            }
        }
    }
}

fn dead_address(name: &str, span: Span, inputs: &Inputs) -> Diagnostic {
    let message = format!("`{}` leads to no file of the site", shown(name));
    let below = name.strip_prefix("static/").unwrap_or(name);
    let help = if is_static(inputs, below) {
        format!(
            "write `{{{{ asset(\"{below}\") }}}}`: the name of a published file changes with its content"
        )
    } else {
        "put the file into `static/`, and write `{{ asset(\"NAME\") }}` for its address; or put it into `root/`, whose files keep their names".to_owned()
    };
    Diagnostic::error(Code::DeadLink, span, message).help(help)
}

/// Returns whether the site has a file at a path.
fn is_published(model: &Model, inputs: &Inputs, path: &str) -> bool {
    let others = [LLMS, LLMS_FULL, "index.html", "404.html", "search.json"];
    let pages = model.pages.iter().map(|page| page.name.as_str());
    let redirects = model
        .redirects
        .iter()
        .map(|redirect| redirect.from.page.as_str());
    let mut pages = pages.chain(redirects);
    // Hosts serve pages with and without their endings.
    let page = path
        .strip_suffix(".html")
        .or_else(|| path.strip_suffix(".md"));
    others.contains(&path)
        || hosting::PLAIN.contains(&path)
        || pages.any(|name| name == page.unwrap_or(path))
        || inputs.at_root.files.iter().any(|file| file.path == path)
}

/// Warns of static files that no template, style sheet or setting names.
fn warn_of_unused(inputs: &Inputs, used: &BTreeSet<String>, report: &mut Report) {
    let text = |file: FileId| inputs.sources.get(file).text.as_str();
    let own = || inputs.templates.iter().map(|&(_, file)| text(file));
    // Any file may be the one that such a template names.
    if own().any(template::computes_assets) {
        return;
    }
    let quoted = Quoted::new(own());
    for file in &inputs.statics {
        if used.contains(&file.path) || quoted.has(&file.path) {
            continue;
        }
        let message = "no template, style sheet or setting names this file";
        let mut diagnostic = Diagnostic::about_file(Code::UnusedFile, &*file.shown, message);
        diagnostic.severity = Severity::Warning;
        let help = match file.path.rsplit_once('.') {
            Some((_, "css")) => format!(
                "link to it in a template: `<link rel=\"stylesheet\" href=\"{{{{ asset(\"{}\") }}}}\">`",
                file.path
            ),
            _ => format!(
                "name it in a template by `{{{{ asset(\"{}\") }}}}`; a file that programs look for at the root of the site, such as `robots.txt`, belongs into `root/`",
                file.path
            ),
        };
        report.push(diagnostic.help(help));
    }
}

/// Returns an address in a message: without keys, and not too long.
fn shown(address: &str) -> String {
    let address = crate::input::secret::masked(address);
    let shown: String = address.chars().take(80).collect();
    if shown.len() < address.len() {
        format!("{shown}…")
    } else {
        shown
    }
}
