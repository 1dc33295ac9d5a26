//! Values that look like live keys, which must not be published.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::explain::Code;
use crate::load::Inputs;
use crate::secret;
use crate::source::{FileId, Span};

use super::page::Checked;
use super::published::Published;
use super::reader::Reader;

/// A value that the author says is no secret.
#[derive(Clone, Debug)]
pub(super) struct Waiver {
    /// The value.
    pub(super) value: String,
    /// Where it is waived.
    pub(super) span: Span,
}

const HELP: &str = "write a placeholder such as YOUR_API_KEY; if it is no secret, say so in `waivers`: {code: live-secret, value: …, reason: …}";

/// Whether a value is no secret by a waiver, whose use is counted.
fn is_waived(value: &str, waivers: &[Waiver], used: &mut [usize]) -> bool {
    // A key of several lines may be written in other ways in the two places.
    let joined = |text: &str| -> String {
        let text = text.replace("\\n", "");
        let kept = text.chars().filter(|&c| !c.is_whitespace() && c != '\\');
        kept.collect()
    };
    let value = joined(value);
    let mut known = waivers.iter();
    let found = known.position(|waiver| joined(&waiver.value).contains(&value));
    found.is_some_and(|index| {
        used[index] += 1;
        true
    })
}

/// The beginning of a key, which says whose it is.
fn shown(text: &str, key: &Range<usize>) -> String {
    format!("`{}…`", &text[key.start..secret::hidden(key).start])
}

impl Reader<'_> {
    /// Reports all that looks like a key and is not waived, in every file from which something gets
    /// to the site, and waivers that nothing needs; `waivers` are those of `site.yaml`, `files` what is
    /// published as it is.
    pub(super) fn all_secrets(
        &mut self,
        inputs: &Inputs,
        mut waivers: Vec<Waiver>,
        checked: &[Arc<Checked>],
        files: &[Arc<Published>],
    ) {
        waivers.extend(checked.iter().flat_map(|page| page.waivers.iter().cloned()));
        let mut used = vec![0; waivers.len()];
        if let Some(site) = inputs.site {
            let found = secret::find(&self.sources.get(site).text);
            self.secrets(site, &found, &waivers, &mut used);
        }
        for page in checked {
            self.secrets(page.span.file, &page.secrets, &waivers, &mut used);
        }
        for (_, file) in inputs.templates.iter().chain(&inputs.messages) {
            let found = secret::find(&self.sources.get(*file).text);
            self.secrets(*file, &found, &waivers, &mut used);
        }
        for published in files {
            self.secrets_of_file(published, &waivers, &mut used);
        }
        for (waiver, used) in waivers.iter().zip(used) {
            // Once in the waiver itself; a second time where the value is used.
            if used < 2 {
                let diagnostic = Diagnostic::warning(
                    Code::UnusedWaiver,
                    waiver.span,
                    "a waiver for a value that nothing holds",
                );
                self.report.push(
                    diagnostic.help("remove it, or write the value as it stands in the example"),
                );
            }
        }
    }

    /// Reports what looks like a key in a file; counts how often each waiver was needed.
    fn secrets(
        &mut self,
        file: FileId,
        found: &[Range<usize>],
        waivers: &[Waiver],
        used: &mut [usize],
    ) {
        let text = &self.sources.get(file).text;
        for range in found {
            if !is_waived(&text[range.clone()], waivers, used) {
                let message = format!("{} looks like a live key", shown(text, range));
                let span = Span::new(file, range.clone());
                self.report
                    .push(Diagnostic::error(Code::LiveSecret, span, message).help(HELP));
            }
        }
    }

    /// The same for a file that is published as it is, if it is a text.
    fn secrets_of_file(&mut self, published: &Published, waivers: &[Waiver], used: &mut [usize]) {
        let file = &published.file;
        let Ok(text) = std::str::from_utf8(&file.bytes) else {
            return;
        };
        for range in &published.keys {
            if !is_waived(&text[range.clone()], waivers, used) {
                let line = 1 + text[..range.start].matches('\n').count();
                let shown = shown(text, range);
                let message = format!("{shown} in line {line} looks like a live key");
                let diagnostic = Diagnostic::about_file(Code::LiveSecret, &*file.shown, message);
                self.report.push(diagnostic.help(HELP));
            }
        }
    }
}
