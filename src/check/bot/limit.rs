//! How long a list of bots and each record of it may be, so that none without an end fills the memory.

use super::ListReader;
use super::table::wrong_quote;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::load;
use crate::input::source::Span;

/// How many bytes a record of CSV or JSON Lines may have.
pub(super) const LONGEST_RECORD: usize = 1 << 20;

/// How many bytes a list in YAML or JSON may have, which is held as a whole.
pub(super) const LONGEST_TREE: u64 = 64 << 20;

/// How many bytes of records with faults are kept; of more the faults are counted.
pub(super) const MOST_EXCERPTS: usize = 16 << 20;

/// How much is shown of a record that is too long.
const BEGINNING: usize = 100;

impl ListReader<'_> {
    /// Reports a record that has no end within the limit, which ends the list; `bytes` are its first ones.
    pub(super) fn endless(&mut self, bytes: &[u8], line: u32) {
        if let Err(error) = std::str::from_utf8(bytes)
            && error.error_len().is_some()
        {
            let fault = load::not_text(self.path, bytes, &error, line as usize);
            self.report.push(fault);
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let quote = wrong_quote(&text).map(|(at, _)| at);
        let quote = quote.filter(|&at| at < BEGINNING && !text.starts_with(['{', '[']));
        let beginning = &text[..text.floor_char_boundary(BEGINNING)];
        let (from, help) = match quote {
            Some(at) => (at, "close the quote that begins here, or shorten the value"),
            None => (
                0,
                "a bot is a line of CSV or JSON Lines: end the line, or shorten its values",
            ),
        };
        self.excerpt(beginning, line, |reader, span| {
            let place = Span::new(span.file, from..beginning.len());
            let message = format!("a record of more than {LONGEST_RECORD} bytes");
            reader.error(Code::InputTooLarge, place, message, help);
        });
    }

    /// Reports a list that is too long to be held as a whole.
    pub(super) fn too_long(&mut self) {
        let message = format!("a list of more than {LONGEST_TREE} bytes in YAML or JSON");
        let fault = Diagnostic::about_file(Code::InputTooLarge, self.path, message);
        let help = "write it as CSV or JSON Lines, which are read bot by bot";
        self.report.push(fault.help(help));
    }
}
