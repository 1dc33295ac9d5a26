//! Live keys in what is published and in no file as it is written: put together by a template, or in
//! the name of a page.

use std::collections::{BTreeSet, HashSet};

use crate::diagnostic::{Diagnostic, Report};
use crate::explain::Code;
use crate::load::Inputs;
use crate::model::{KEY_HELP_IN_TEXT, Public};
use crate::render::Rendered;
use crate::secret::{self, PART, Parts};
use crate::source::{FileId, Span};
use crate::twin::LLMS_FULL;

/// Reports each key once, with the first page that shows it and the line that it comes from, where a
/// part of it is written in one.
///
/// Assets are looked at as files, before they get their names; the search index and the file of all
/// twins repeat what pages show.
pub(super) fn keys(rendered: &Rendered, public: &Public, inputs: &Inputs, report: &mut Report) {
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for page in rendered.pages.iter().filter(|page| page.path != LLMS_FULL) {
        let of_name = secret::in_published("", &page.path);
        for key in page.body.keys(&page.path).iter().chain(&of_name) {
            if told.insert(secret::joined(key)) && !public.has(key) {
                found.push((&page.path, key.clone()));
            }
        }
    }
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
        // Pages of bots repeat most of the generic ones.
        if known.insert(identity(&diagnostic)) {
            report.push(diagnostic);
        }
    }
}

/// What is to be told of a key of a page, of which a part stands in a file.
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
