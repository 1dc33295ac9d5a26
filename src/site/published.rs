//! Live keys in what is published and in no file as it is written: put together by a template, or in
//! the name of a page.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Report};
use crate::explain::Code;
use crate::load::Inputs;
use crate::model::Public;
use crate::secret;
use crate::source::Span;

use super::Site;

const HELP: &str = "write a placeholder such as YOUR_API_KEY where the page gets it from; if it is no secret, say so in `waivers` of site.yaml: {code: live-secret, value: …, reason: …}";

/// Reports each key once, with the first file that shows it and the line that it comes from, where
/// a part of it is written in one.
///
/// Assets are looked at as files, before they get their names.
pub(super) fn keys(site: &Site, public: &Public, inputs: &Inputs, report: &mut Report) {
    let pages = site.pages.iter();
    let pages = pages.map(|page| (&page.path, page.body.holed().literal()));
    let files = site.files.iter();
    let files = files.filter(|(path, _)| !path.starts_with("assets/"));
    let files = files.filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)));
    let mut told = BTreeSet::new();
    for (path, text) in pages.chain(files) {
        let of_name = secret::in_published("", path);
        for key in secret::in_published(path, text).into_iter().chain(of_name) {
            if !public.has(&key) && told.insert(secret::joined(&key)) {
                report.push(live_key(path, &key, inputs));
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
    diagnostic.help(HELP)
}
