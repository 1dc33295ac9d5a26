//! Values that look like live keys, which must not be published.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::explain::Code;
use crate::load::Inputs;
use crate::model::{KEY_HELP_IN_TEXT, Public};
use crate::secret;
use crate::source::{FileId, Span};

use super::page::Checked;
use super::published::Published;
use super::reader::Reader;

/// What the author says is no secret.
#[derive(Clone, Debug)]
pub(super) enum Waived {
    /// A value.
    Text(String),
    /// All values of a variable, by its name.
    Variable(String),
}

/// Something that the author says is no secret.
#[derive(Clone, Debug)]
pub(super) struct Waiver {
    /// What it is.
    pub(super) waived: Waived,
    /// Where it is waived.
    pub(super) span: Span,
}

impl Reader<'_> {
    /// Reports all that looks like a key and is not waived, in every file from which something gets
    /// to the site, and waivers that nothing needs; `waivers` are those of `site.yaml`, `files` what is
    /// published as it is. Gives what may be published of the values of variables, which come from
    /// elsewhere too: so where there is a list of bots, nobody knows here what is not needed.
    pub(super) fn all_secrets(
        &mut self,
        inputs: &Inputs,
        mut waivers: Vec<Waiver>,
        checked: &[Arc<Checked>],
        files: &[Arc<Published>],
    ) -> Public {
        waivers.extend(checked.iter().flat_map(|page| page.waivers.iter().cloned()));
        let (mut texts, mut variables) = (Vec::new(), Vec::new());
        for waiver in waivers {
            match waiver.waived {
                Waived::Text(text) => texts.push((text, waiver.span)),
                Waived::Variable(name) => variables.push(name),
            }
        }
        let public = Public::new(texts.iter().map(|(text, _)| text.as_str()), variables);
        let mut used = vec![0; texts.len()];
        if let Some(site) = &inputs.site {
            let found = secret::find(&self.sources.get(site.file).text);
            self.secrets(site.file, &found, &public, &mut used);
        }
        for page in checked {
            self.secrets(page.span.file, &page.secrets, &public, &mut used);
        }
        for (_, file) in inputs.templates.iter().chain(&inputs.messages) {
            let found = secret::find(&self.sources.get(*file).text);
            self.secrets(*file, &found, &public, &mut used);
        }
        for published in files {
            self.secrets_of_file(published, &public, &mut used);
        }
        let has_list = inputs.bots.is_some() || inputs.list_of_site.is_some();
        for ((text, span), used) in texts.iter().zip(used) {
            // Once in the waiver itself; a second time where the value is used.
            if used < 2 && !has_list && !self.has_part(inputs, text, *span) {
                let diagnostic = Diagnostic::warning(
                    Code::UnusedWaiver,
                    *span,
                    "a waiver for a value that nothing holds",
                );
                self.report.push(
                    diagnostic.help("remove it, or write the value as it stands in the example"),
                );
            }
        }
        public
    }

    /// Whether a key's beginning and another part of it stand in a file, elsewhere than in its waiver:
    /// it may be whole on a page only.
    fn has_part(&self, inputs: &Inputs, key: &str, waiver: Span) -> bool {
        let beginning = key.get(..3).unwrap_or(key);
        let mut files = inputs.texts();
        files.any(|file| {
            let text = &self.sources.get(file).text;
            let but = match file == waiver.file {
                true => waiver.range(),
                false => 0..0,
            };
            let mut rest = [&text[..but.start], &text[but.end..]].into_iter();
            rest.any(|text| text.contains(beginning) && secret::part_of(key, text).is_some())
        })
    }

    /// Reports what looks like a key in a file; counts how often each waiver was needed.
    fn secrets(
        &mut self,
        file: FileId,
        found: &[Range<usize>],
        public: &Public,
        used: &mut [usize],
    ) {
        let text = &self.sources.get(file).text;
        for range in found {
            if let Some(text) = public.text_with(&text[range.clone()]) {
                used[text] += 1;
            } else {
                let message = format!("{} looks like a live key", secret::beginning(text, range));
                let span = Span::new(file, range.clone());
                self.report.push(
                    Diagnostic::error(Code::LiveSecret, span, message).help(KEY_HELP_IN_TEXT),
                );
            }
        }
    }

    /// The same for a file that is published as it is.
    fn secrets_of_file(&mut self, published: &Published, public: &Public, used: &mut [usize]) {
        for key in &published.keys {
            if let Some(text) = public.text_with(&key.value) {
                used[text] += 1;
            } else {
                let shown = secret::beginning(&key.value, &(0..key.value.len()));
                let place = key.place.named();
                let message = format!("{shown} {place} looks like a live key");
                let shown = &*published.file.shown;
                let diagnostic = Diagnostic::about_file(Code::LiveSecret, shown, message);
                self.report.push(diagnostic.help(KEY_HELP_IN_TEXT));
            }
        }
    }
}
