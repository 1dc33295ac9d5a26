//! Values that look like live keys, which must not be published.

use std::ops::Range;
use std::sync::Arc;

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::secret::{self, BEGINNING, PART, Parts};
use crate::input::source::{FileId, Span};
use crate::model::{KEY_HELP_IN_TEXT, Public};

use super::published::Published;
use crate::check::page::Checked;
use crate::check::reader::Reader;

/// What the author says is no secret.
#[derive(Clone, Debug)]
pub(in crate::check) enum WaivedKeys {
    /// A value.
    Text(String),
    /// All values of a variable, by its name.
    Variable(String),
}

/// Something that the author says is no secret.
#[derive(Clone, Debug)]
pub(in crate::check) struct Waiver {
    /// What it is.
    pub(in crate::check) waived: WaivedKeys,
    /// Where it is waived.
    pub(in crate::check) span: Span,
}

impl Reader<'_> {
    /// Reports all that looks like a key and is not waived, in every file from which something gets
    /// to the site, and waivers that nothing needs; `waivers` are those of `site.yaml`, `files` what is
    /// published as it is. Gives what may be published of the values of variables, which come from
    /// elsewhere too: so where there is a list of bots, nobody knows here what is not needed.
    pub(in crate::check) fn all_secrets(
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
                WaivedKeys::Text(text) => texts.push((text, waiver.span)),
                WaivedKeys::Variable(name) => variables.push(name),
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
        if inputs.bots.is_none() && inputs.list_of_site.is_none() {
            // Once in the waiver itself; a second time where the value is used.
            let unused = texts.iter().zip(used).filter(|(_, used)| *used < 2);
            let unused: Vec<_> = unused.map(|((text, span), _)| (&**text, *span)).collect();
            self.unused_secrets(inputs, &unused);
        }
        public
    }

    /// Reports waivers of keys that nothing needs. Where a key's beginning and another part of it stand
    /// elsewhere than in its waiver, it may be whole on a page only.
    fn unused_secrets(&mut self, inputs: &Inputs, waivers: &[(&str, Span)]) {
        if waivers.is_empty() {
            return;
        }
        let files: Vec<FileId> = inputs.texts().collect();
        let texts = || files.iter().map(|file| &*self.sources.get(*file).text);
        let beginning = |key: &'_ str| key.get(..BEGINNING).unwrap_or(key).to_owned();
        let keys = waivers.iter().map(|(key, _)| *key);
        let beginnings: Vec<String> = keys.clone().map(beginning).collect();
        let parts: Parts<PART> = Parts::new(keys, texts());
        let begun: Parts<BEGINNING> = Parts::new(beginnings.iter().map(String::as_str), texts());
        for ((key, span), beginning) in waivers.iter().zip(&beginnings) {
            let number = files.iter().position(|file| *file == span.file);
            let own = (number.unwrap_or(files.len()), &span.range());
            if begun.stand_elsewhere(beginning, own) && parts.stand_elsewhere(key, own) {
                continue;
            }
            let message = "a waiver for a value that nothing holds";
            let diagnostic = Diagnostic::warning(Code::UnusedWaiver, *span, message);
            let help = "remove it, or write the value as it stands in the example";
            self.report.push(diagnostic.help(help));
        }
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
