//! Diagnostics for programs: JSON, and the commands of GitHub workflows.

use std::fmt::Write as _;

use serde_json::json;

use crate::input::secret::KnownKeys;
use crate::input::source::Sources;

use super::printable::{printable, visible};
use super::{Diagnostic, severity_name};

pub(super) fn json_object(
    diagnostic: &Diagnostic,
    sources: &Sources,
    keys: &KnownKeys,
) -> serde_json::Value {
    let shown = |text: &str| keys.masked(text);
    let labels = diagnostic.labels.iter().map(|label| {
        let file = sources.get(label.span.file);
        let (line, column) = file.position(label.span.range().start);
        let (end_line, end_column) = file.position(label.span.range().end);
        json!({
            "file": shown(&file.path), "line": line, "column": column,
            "end_line": end_line, "end_column": end_column, "text": shown(&label.text),
        })
    });
    let labels: Vec<_> = labels.collect();
    json!({
        "severity": severity_name(diagnostic.severity),
        "code": diagnostic.code.as_str(),
        "message": shown(&diagnostic.message),
        "file": diagnostic.path.as_deref().map(shown).or_else(|| {
            let first = diagnostic.labels.first()?;
            Some(shown(&sources.get(first.span.file).path))
        }),
        "labels": labels,
        "help": diagnostic.help.as_deref().map(shown),
    })
}

/// Formats one line `::error file=…,line=…,col=…,title=…::message`.
///
/// Source: GitHub's "Workflow commands" and the escapes of its toolkit (`command.ts`).
pub(super) fn github_command(
    diagnostic: &Diagnostic,
    sources: &Sources,
    locate: &dyn Fn(&str) -> String,
    shown: &dyn Fn(&str) -> String,
) -> String {
    let data = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let property = |text: &str| {
        let kept = |c| {
            if matches!(c, '\r' | '\n') {
                c
            } else {
                visible(c)
            }
        };
        let text: String = text.chars().map(kept).collect();
        // A comma ends a property, and a colon ends their list; the message itself may contain
        // both.
        data(&text).replace(':', "%3A").replace(',', "%2C")
    };
    let mut place = String::new();
    if let Some(label) = diagnostic.labels.first() {
        let file = sources.get(label.span.file);
        let (line, column) = file.position(label.span.range().start);
        let _ = write!(
            place,
            "file={},line={line},col={column},",
            property(&shown(&locate(&file.path)))
        );
    } else if let Some(path) = &diagnostic.path {
        let _ = write!(place, "file={},", property(&shown(&locate(path))));
    }
    let mut message = printable(&shown(&diagnostic.message));
    for text in diagnostic
        .labels
        .first()
        .map(|label| &label.text)
        .into_iter()
        .chain(&diagnostic.help)
    {
        if !text.is_empty() {
            let _ = write!(message, "\n{}", printable(&shown(text)));
        }
    }
    let severity = severity_name(diagnostic.severity);
    let title = property(diagnostic.code.as_str());
    format!("::{severity} {place}title={title}::{}\n", data(&message))
}
