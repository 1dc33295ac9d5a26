//! Errors that only the published pages show: live keys that a template put together or that are
//! the name of a page, and link values in the hosts of addresses.
//!
//! Keys are searched twice. In the files, where each has its place; and here, since templates,
//! loops and variables can join parts that are harmless alone.

use std::collections::{BTreeSet, HashSet};

use crate::check;
use crate::hole::variable::{Variable, Variables};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::secret::{self, PART, Parts};
use crate::input::source::{FileId, Span};
use crate::model::{KEY_HELP_IN_TEXT, Public};
use crate::pages::render::{Deciding, HoledPage, Rendered, ViewOptions};
use crate::pages::twin::{LLMS, LLMS_FULL};

use super::printed::printed;

/// The number of bytes on each side of a value in a report.
const MOST_AROUND: usize = 40;

/// Reports each key once, with the first page that shows it and the line that it comes from, where
/// a part of it is written in one.
///
/// Assets are searched as files, before they get their names; the search index and the file of all
/// twins repeat the texts of pages.
pub(super) fn keys(rendered: &Rendered, public: &Public, inputs: &Inputs, report: &mut Report) {
    let mut reported = BTreeSet::new();
    let mut found = Vec::new();
    // The file of all twins repeats the twins, and is as long as all of them.
    for page in rendered.pages.iter().filter(|page| page.path != LLMS_FULL) {
        // The name of a page is published in addresses.
        let of_name = secret::in_published("", &page.path);
        for key in page.body.keys(&page.path).iter().chain(&of_name) {
            // One key may be written in several ways, which have one joined form.
            if reported.insert(secret::joined(key)) && !public.has(key) {
                found.push((&page.path, key.clone()));
            }
        }
    }
    // Almost always: the search through all sources is only for the place of a key.
    if found.is_empty() {
        return;
    }
    let files: Vec<FileId> = inputs.texts().collect();
    let texts = files.iter().map(|file| &*inputs.sources.get(*file).text);
    let parts: Parts<PART> = Parts::new(found.iter().map(|(_, key)| &**key), texts);
    let identity = |it: &Diagnostic| {
        let place = it.labels.first().map(|label| label.span);
        (it.message.clone(), it.path.clone(), place)
    };
    let known = report.iter().filter(|it| it.code == Code::LiveSecret);
    let mut known: HashSet<_> = known.map(identity).collect();
    for (path, key) in &found {
        let part = parts.first(key).map(|(file, part)| {
            let text = &inputs.sources.get(files[file]).text;
            Span::new(files[file], secret::word_around(text, part))
        });
        let diagnostic = live_key(path, key, part);
        // The pages of bots repeat most of the generic pages.
        if known.insert(identity(&diagnostic)) {
            report.push(diagnostic);
        }
    }
}

/// Returns the diagnostic of a key on a page; `part` is where a file holds a part of it.
fn live_key(path: &str, key: &str, part: Option<Span>) -> Diagnostic {
    let shown = secret::beginning(key, &(0..key.len()));
    let diagnostic = match part {
        Some(part) => {
            let message = format!("{shown} looks like a live key in the published file `{path}`");
            Diagnostic::error(Code::LiveSecret, part, message).label("a part of it")
        }
        None => {
            let message = format!("{shown} looks like a live key");
            Diagnostic::about_file(Code::LiveSecret, format!("published file {path}"), message)
        }
    };
    diagnostic.help(KEY_HELP_IN_TEXT)
}

/// Reports each variable that a link can set and that can change the host of an address on a page
/// that takes readers' values, with the first such page.
///
/// The check finds this in the texts of the spec, beside which the built-in theme puts no text. A
/// project's own templates and messages can: with filters, macros and conditions there are too many
/// ways to write it, so their output is read.
///
/// It is an error, since pages carry the list of variables that a link may set: to remove a
/// variable from it would change all pages because of one.
pub(super) fn deciding(
    rendered: &Rendered,
    variables: &Variables,
    options: &ViewOptions,
    inputs: &Inputs,
    report: &mut Report,
) {
    // The built-in theme puts no text beside another, so the check of the spec is enough.
    if inputs.templates.is_empty() && inputs.messages.is_empty() {
        return;
    }
    for page in &rendered.pages {
        // Twins are written from messages, not from templates; the browser fills only those of
        // generic pages.
        let is_list = page.path == LLMS || page.path == LLMS_FULL;
        if !page.is_html() && (is_list || options.for_bot || inputs.messages.is_empty()) {
            continue;
        }
        for deciding in page.body.deciding(|| deciding_in(page, variables)) {
            let about = format!(
                "a link can set `{}`, which can change the host",
                deciding.name
            );
            let is_same = |it: &Diagnostic| it.message.starts_with(&about);
            if !report.iter().any(is_same) {
                report.push(decides(&about, &page.path, deciding, inputs));
            }
        }
    }
}

/// Returns the variables that can change the host of an address on a page.
fn deciding_in(page: &HoledPage, variables: &Variables) -> Vec<Deciding> {
    let text = if page.is_html() {
        let mut filled = Vec::new();
        // The error of a template that can't print the page is reported where the page is rendered.
        let _ = page.body.fill_into(&variables.placeholders(), &mut filled);
        printed(&String::from_utf8_lossy(&filled)).unwrap_or_default()
    } else {
        page.body.holed().named(&variables.names())
    };
    let found = check::deciding(&text, variables).into_iter();
    let found = found.map(|Variable { name, .. }| {
        let decides = |line: &&str| {
            let found = check::deciding(line, variables);
            found.iter().any(|it| it.name == *name)
        };
        Deciding {
            name: name.clone(),
            around: text.lines().find(decides).map(|line| around(line, name)),
        }
    });
    found.collect()
}

/// Returns the text around a variable in a line.
fn around(line: &str, name: &str) -> String {
    let hole = format!("{{{{ {name} }}}}");
    let at = line.find(&hole).unwrap_or_default();
    let from = line.ceil_char_boundary(at.saturating_sub(MOST_AROUND));
    let to = line.floor_char_boundary(at + hole.len() + MOST_AROUND);
    line[from..to].trim().to_owned()
}

/// Returns the error about a variable that can change the host of an address on the page at a path.
fn decides(
    about: &str,
    path: &str,
    Deciding { name, around }: &Deciding,
    inputs: &Inputs,
) -> Diagnostic {
    let shown = around.as_ref().map(|around| format!(": {around}"));
    let message = format!(
        "{about} of an address in the published file `{path}`{}",
        shown.unwrap_or_default()
    );
    let diagnostic = match own_place(name, around.as_deref(), inputs) {
        Some((file, Some(at))) => {
            let place = Span::new(file, at..at + name.len());
            Diagnostic::error(Code::ConflictingKeys, place, message)
        }
        Some((file, None)) => {
            let path = inputs.sources.get(file).path.as_str();
            Diagnostic::about_file(Code::ConflictingKeys, path, message)
        }
        None => {
            let path = format!("published file {path}");
            Diagnostic::about_file(Code::ConflictingKeys, path, message)
        }
    };
    diagnostic.help(format!(
        "write `{name}: {{from_link: false}}` under `variables` in site.yaml, so that readers enter it themselves and nobody else aims their keys at another host, or let no template or message print it into a scheme, host or port"
    ))
}

/// Returns the one of a project's own templates and messages that prints a variable, and the place,
/// as far as that can be known: the only one that names it, or that has the text beside it.
fn own_place(name: &str, around: Option<&str>, inputs: &Inputs) -> Option<(FileId, Option<usize>)> {
    let own = inputs.templates.iter().chain(&inputs.messages);
    let own: Vec<_> = own
        .map(|&(_, file)| (file, inputs.sources.get(file).text.as_str()))
        .collect();
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let places = |text: &str| {
        let places = text.match_indices(name).map(|(at, _)| at);
        let is_whole = |at: &usize| {
            !text[..*at].ends_with(is_of_name) && !text[at + name.len()..].starts_with(is_of_name)
        };
        places.filter(is_whole).take(2).collect::<Vec<_>>()
    };
    let named = own.iter().map(|&(file, text)| (file, places(text)));
    if let Some((file, places)) = named.into_iter().find(|(_, places)| !places.is_empty()) {
        // If several match, the place is unknown.
        let place = <[usize; 1]>::try_from(places).ok();
        return Some((file, place.map(|[at]| at)));
    }
    let (before, after) = around?.split_once(&format!("{{{{ {name} }}}}"))?;
    // As much of the line as one of them contains, else the word after it.
    let quotes = ['"', '\'', '`'];
    let before = before.trim_end_matches(quotes);
    let starts = before.match_indices(' ').map(|(at, _)| at + 1);
    let beside = std::iter::once(0).chain(starts).map(|at| &before[at..]);
    let behind = after.trim_start_matches(quotes).split(' ').next();
    let mut beside = beside.chain(behind).filter(|words| words.len() > 1);
    let found = beside.find_map(|words| own.iter().find(|(_, text)| text.contains(words)));
    found.map(|&(file, _)| (file, None))
}
