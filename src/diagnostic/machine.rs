//! Diagnostics for programs: JSON, and the commands of GitHub workflows.

use std::fmt::Write as _;

use serde_json::json;

use crate::source::Sources;

use super::{Diagnostic, printable, severity_name, visible};

pub(super) fn json_object(diagnostic: &Diagnostic, sources: &Sources) -> serde_json::Value {
    let labels = diagnostic.labels.iter().map(|label| {
        let file = sources.get(label.span.file);
        let (line, column) = file.position(label.span.range().start);
        let (end_line, end_column) = file.position(label.span.range().end);
        json!({
            "file": file.path, "line": line, "column": column,
            "end_line": end_line, "end_column": end_column, "text": label.text,
        })
    });
    let labels: Vec<_> = labels.collect();
    json!({
        "severity": severity_name(diagnostic.severity),
        "code": diagnostic.code.as_str(),
        "message": diagnostic.message,
        "file": diagnostic.path.clone().or_else(|| {
            let first = diagnostic.labels.first()?;
            Some(sources.get(first.span.file).path.clone())
        }),
        "labels": labels,
        "help": diagnostic.help,
    })
}

/// One line of the form `::error file=…,line=…,col=…,title=…::message`.
///
/// Source: GitHub's "Workflow commands" and the escapes of its toolkit (`command.ts`).
pub(super) fn github_command(
    diagnostic: &Diagnostic,
    sources: &Sources,
    locate: &dyn Fn(&str) -> String,
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
        data(&text).replace(':', "%3A").replace(',', "%2C")
    };
    let mut place = String::new();
    if let Some(label) = diagnostic.labels.first() {
        let file = sources.get(label.span.file);
        let (line, column) = file.position(label.span.range().start);
        let _ = write!(
            place,
            "file={},line={line},col={column},",
            property(&locate(&file.path))
        );
    } else if let Some(path) = &diagnostic.path {
        let _ = write!(place, "file={},", property(&locate(path)));
    }
    let mut message = printable(&diagnostic.message);
    for text in diagnostic
        .labels
        .first()
        .map(|label| &label.text)
        .into_iter()
        .chain(&diagnostic.help)
    {
        if !text.is_empty() {
            let _ = write!(message, "\n{}", printable(text));
        }
    }
    let severity = severity_name(diagnostic.severity);
    let title = property(diagnostic.code.as_str());
    format!("::{severity} {place}title={title}::{}\n", data(&message))
}
