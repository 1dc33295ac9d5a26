//! Values that look like live keys, which must not be published.

use crate::diagnostic::Diagnostic;
use crate::explain::Code;
use crate::secret;
use crate::source::{FileId, Span};

use super::reader::Reader;

/// A value that the author says is no secret.
pub(super) struct Waiver {
    /// The value.
    pub(super) value: String,
    /// Where it is waived.
    pub(super) span: Span,
}

impl Reader<'_> {
    /// Reports all that looks like a key in a file; notes which waivers were needed.
    pub(super) fn secrets(&mut self, file: FileId, waivers: &[Waiver], used: &mut Vec<usize>) {
        let text = &self.sources().get(file).text;
        for range in secret::find(text) {
            let value = &text[range.clone()];
            if let Some(index) = waivers
                .iter()
                .position(|waiver| waiver.value.contains(value))
            {
                used.push(index);
                continue;
            }
            let shown = &text[range.start..secret::hidden(&range).start];
            let message = format!("`{shown}…` looks like a live key");
            let help = "write a placeholder such as YOUR_API_KEY; if it is no secret, say so in `waivers`: {code: live-secret, value: …, reason: …}";
            let span = Span::new(file, range);
            self.report
                .push(Diagnostic::error(Code::LiveSecret, span, message).help(help));
        }
    }
}
