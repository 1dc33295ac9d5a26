//! What is wrong with the project's files, for the panel over the page.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::json;

use crate::input::diagnostic::{Diagnostic, HumanStyle, Report, Severity};
use crate::input::secret::masked;
use crate::input::source::Sources;

/// How wide the panel's lines are.
const STYLE: HumanStyle = HumanStyle {
    color: false,
    width: 100,
};

/// Every fault as it is told in the terminal, with a link to its place where there is an editor.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    faults: Vec<ShownFault>,
}

#[derive(Clone, Debug, Serialize)]
struct ShownFault {
    is_error: bool,
    /// The lines of the terminal.
    text: String,
    /// File, line and column.
    place: Option<String>,
    /// What opens it in an editor.
    link: Option<String>,
}

impl Faults {
    /// Lays a report out; `link` makes the link to a place by its path in messages.
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
                // A path that may not be shown may not stand in a link either.
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

    /// All of them as text.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self
            .faults
            .iter()
            .map(|fault| fault.text.as_str())
            .collect();
        texts.join("\n\n")
    }

    /// As the panel reads them.
    pub(super) fn to_json(&self, has_site: bool) -> String {
        json!({"has_site": has_site, "faults": self.faults}).to_string()
    }
}

/// Where to mend it; a file as a whole at its beginning.
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
