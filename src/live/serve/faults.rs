//! The errors in the project's files, for the panel over the page.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::json;

use crate::input::diagnostic::{Diagnostic, HumanStyle, Report, Severity};
use crate::input::secret::masked;
use crate::input::source::Sources;

/// The style of the panel: its width, without colours.
const STYLE: HumanStyle = HumanStyle {
    color: false,
    width: 100,
};

/// All errors as in the terminal, each with a link to its place if there is an editor.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    faults: Vec<ShownFault>,
}

#[derive(Clone, Debug, Serialize)]
struct ShownFault {
    is_error: bool,
    /// The lines as printed in the terminal.
    text: String,
    /// File, line and column.
    place: Option<String>,
    /// The link that opens it in an editor.
    link: Option<String>,
}

impl Faults {
    /// Formats a report; `link` returns the link to a place by its path in messages.
    pub fn new(
        report: &Report,
        sources: &Sources,
        link: &dyn Fn(&str, usize, usize) -> Option<String>,
    ) -> Faults {
        let texts = report.each_to_human(sources, &STYLE);
        let faults = report.iter().zip(texts).map(|(diagnostic, text)| {
            let place = place(diagnostic, sources);
            ShownFault {
                is_error: diagnostic.severity == Severity::Error,
                text,
                // A path that must not be shown must not be in a link either.
                link: place
                    .as_ref()
                    .filter(|(path, _, _)| matches!(masked(path), Cow::Borrowed(_)))
                    .and_then(|(path, line, column)| link(path, *line, *column)),
                place: place.map(|(path, line, column)| {
                    let path = masked(&path);
                    format!("{path}:{line}:{column}")
                }),
            }
        });
        Faults {
            faults: faults.collect(),
        }
    }

    /// Returns all errors as text.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self
            .faults
            .iter()
            .map(|fault| fault.text.as_str())
            .collect();
        texts.join("\n\n")
    }

    /// Returns the JSON that the panel reads.
    pub(super) fn to_json(&self, has_site: bool) -> String {
        json!({"has_site": has_site, "faults": self.faults}).to_string()
    }
}

/// Returns the place to correct; a file as a whole has its beginning.
fn place(diagnostic: &Diagnostic, sources: &Sources) -> Option<(String, usize, usize)> {
    match diagnostic.labels.first() {
        Some(label) => {
            let file = sources.get(label.span.file);
            let (line, column) = file.position(label.span.range().start);
            Some((file.path.clone(), line, column))
        }
        None => Some((diagnostic.path.clone()?, 1, 1)),
    }
}
