//! Live keys in what is published and in no file as it is written: put together by a template, or in
//! the name of a page.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Report};
use crate::explain::Code;
use crate::load::Inputs;
use crate::model::{KEY_HELP_IN_TEXT, Public};
use crate::render::Rendered;
use crate::secret;
use crate::source::Span;
use crate::twin::LLMS_FULL;

/// Reports each key once, with the first page that shows it and the line that it comes from, where a
/// part of it is written in one.
///
/// Assets are looked at as files, before they get their names; the search index and the file of all
/// twins repeat what pages show.
pub(super) fn keys(rendered: &Rendered, public: &Public, inputs: &Inputs, report: &mut Report) {
    let mut told = BTreeSet::new();
    for page in rendered.pages.iter().filter(|page| page.path != LLMS_FULL) {
        let of_name = secret::in_published("", &page.path);
        for key in page.body.keys(&page.path).iter().chain(&of_name) {
            if public.has(key) || !told.insert(secret::joined(key)) {
                continue;
            }
            let diagnostic = live_key(&page.path, key, inputs);
            // Pages of bots repeat most of the generic ones.
            if report.iter().all(|known| *known != diagnostic) {
                report.push(diagnostic);
            }
        }
    }
}

fn live_key(path: &str, key: &str, inputs: &Inputs) -> Diagnostic {
    let shown = secret::beginning(key, &(0..key.len()));
    let mut texts = inputs.texts();
    let part = texts.find_map(|file| {
        let text = &inputs.sources.get(file).text;
        Some(Span::new(file, secret::part_of(key, text)?))
    });
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
