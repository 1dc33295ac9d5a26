//! Values that look like live keys, which must not be published.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::explain::Code;
use crate::load::Inputs;
use crate::secret;
use crate::source::{FileId, Span};

use super::page::Checked;
use super::reader::Reader;

/// A value that the author says is no secret.
#[derive(Clone, Debug)]
pub(super) struct Waiver {
    /// The value.
    pub(super) value: String,
    /// Where it is waived.
    pub(super) span: Span,
}

/// Where in a text what looks like a key stands.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    secret::find(text).collect()
}

impl Reader<'_> {
    /// Reports all that looks like a key and is not waived, and waivers that nothing needs;
    /// `waivers` are those of `site.yaml`.
    pub(super) fn all_secrets(
        &mut self,
        inputs: &Inputs,
        mut waivers: Vec<Waiver>,
        checked: &[Arc<Checked>],
    ) {
        waivers.extend(checked.iter().flat_map(|page| page.waivers.iter().cloned()));
        let mut used = vec![0; waivers.len()];
        if let Some(site) = inputs.site {
            let found = find(&self.sources.get(site).text);
            self.secrets(site, &found, &waivers, &mut used);
        }
        for page in checked {
            self.secrets(page.span.file, &page.secrets, &waivers, &mut used);
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
            let value = &text[range.clone()];
            let mut known = waivers.iter();
            if let Some(index) = known.position(|waiver| waiver.value.contains(value)) {
                used[index] += 1;
                continue;
            }
            let shown = &text[range.start..secret::hidden(range).start];
            let message = format!("`{shown}…` looks like a live key");
            let help = "write a placeholder such as YOUR_API_KEY; if it is no secret, say so in `waivers`: {code: live-secret, value: …, reason: …}";
            let span = Span::new(file, range.clone());
            self.report
                .push(Diagnostic::error(Code::LiveSecret, span, message).help(help));
        }
    }
}
