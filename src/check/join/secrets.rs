//! Values that look like live keys, which must not be published.

use std::ops::Range;
use std::sync::Arc;

use crate::check::noted::{KeyWaiver, WaivedKey};
use crate::check::page::Checked;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::secret::{self, BEGINNING, PART, Parts};
use crate::input::source::{FileId, Span};
use crate::model::{KEY_HELP_IN_TEXT, Public};

use super::joiner::Joiner;
use super::published::Published;

/// Reports texts that look like keys and are not waived, in every file that can contribute text to
/// the site, and unused waivers. `waivers` are those of `site.yaml`, `files` those published
/// unchanged. Returns the values of variables that may be published. These come from a list of bots
/// too; so with a list, an unused waiver can't be recognised here.
pub(super) fn judge(
    joiner: &mut Joiner<'_>,
    inputs: &Inputs,
    mut waivers: Vec<KeyWaiver>,
    checked: &[Arc<Checked>],
    files: &[Arc<Published>],
) -> Public {
    waivers.extend(checked.iter().flat_map(|page| page.waivers.iter().cloned()));
    let (mut texts, mut variables) = (Vec::new(), Vec::new());
    for waiver in waivers {
        match waiver.waived {
            WaivedKey::Text(text) => texts.push((text, waiver.span)),
            WaivedKey::Variable(name) => variables.push(name),
        }
    }
    let public = Public::new(texts.iter().map(|(text, _)| text.as_str()), variables);
    let mut used = vec![0; texts.len()];
    if let Some(site) = &inputs.site {
        let found = secret::find(&joiner.sources.get(site.file).text);
        secrets(joiner, site.file, &found, &public, &mut used);
    }
    for page in checked {
        secrets(joiner, page.span.file, &page.secrets, &public, &mut used);
    }
    // Templates and messages are text of every page.
    for (_, file) in inputs.templates.iter().chain(&inputs.messages) {
        let found = secret::find(&joiner.sources.get(*file).text);
        secrets(joiner, *file, &found, &public, &mut used);
    }
    for published in files {
        secrets_of_file(joiner, published, &public, &mut used);
    }
    if inputs.bots.is_none() && inputs.list_of_site.is_none() {
        // Once in the waiver itself; a second time where the value is used.
        let unused = texts.iter().zip(used).filter(|(_, used)| *used < 2);
        let unused: Vec<_> = unused.map(|((text, span), _)| (&**text, *span)).collect();
        unused_secrets(joiner, inputs, &unused);
    }
    public
}

/// Reports unused waivers of keys. If a key's beginning and another part of it are outside of its
/// waiver, only a rendered page may contain the whole key.
fn unused_secrets(joiner: &mut Joiner<'_>, inputs: &Inputs, waivers: &[(&str, Span)]) {
    if waivers.is_empty() {
        return;
    }
    let files: Vec<FileId> = inputs.texts().collect();
    let texts = || files.iter().map(|file| &*joiner.sources.get(*file).text);
    let beginning = |key: &'_ str| key.get(..BEGINNING).unwrap_or(key).to_owned();
    let keys = waivers.iter().map(|(key, _)| *key);
    let beginnings: Vec<String> = keys.clone().map(beginning).collect();
    let parts: Parts<PART> = Parts::new(keys, texts());
    let begun: Parts<BEGINNING> = Parts::new(beginnings.iter().map(String::as_str), texts());
    for ((key, span), beginning) in waivers.iter().zip(&beginnings) {
        let number = files.iter().position(|file| *file == span.file);
        let (number, range) = (number.unwrap_or(files.len()), span.range());
        let is_elsewhere = begun.stand_elsewhere(beginning, number, &range);
        if is_elsewhere && parts.stand_elsewhere(key, number, &range) {
            continue;
        }
        let message = "an unused waiver: no file contains the value";
        let diagnostic = Diagnostic::warning(Code::UnusedWaiver, *span, message);
        let help = "remove it, or write the value as in the example";
        joiner.report.push(diagnostic.help(help));
    }
}

/// Reports texts that look like keys in a file; counts how often each waiver was needed.
fn secrets(
    joiner: &mut Joiner<'_>,
    file: FileId,
    found: &[Range<usize>],
    public: &Public,
    used: &mut [usize],
) {
    let text = &joiner.sources.get(file).text;
    for range in found {
        if let Some(text) = public.text_with(&text[range.clone()]) {
            used[text] += 1;
        } else {
            let message = format!("{} looks like a live key", secret::beginning(text, range));
            let span = Span::new(file, range.clone());
            joiner
                .report
                .push(Diagnostic::error(Code::LiveSecret, span, message).help(KEY_HELP_IN_TEXT));
        }
    }
}

/// Reports texts that look like keys in a file that is published unchanged.
fn secrets_of_file(
    joiner: &mut Joiner<'_>,
    published: &Published,
    public: &Public,
    used: &mut [usize],
) {
    for key in &published.keys {
        if let Some(text) = public.text_with(&key.value) {
            used[text] += 1;
        } else {
            let shown = secret::beginning(&key.value, &(0..key.value.len()));
            let place = key.place.named();
            let message = format!("{shown} {place} looks like a live key");
            let shown = &*published.file.shown;
            let diagnostic = Diagnostic::about_file(Code::LiveSecret, shown, message);
            joiner.report.push(diagnostic.help(KEY_HELP_IN_TEXT));
        }
    }
}
