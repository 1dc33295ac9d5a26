//! Reports as people see them: `tests/diagnostics/*.md` each hold a project and its report.
//!
//! `UPDATE_GOLDEN=1` writes the reports anew; read the difference before it goes in.

use std::collections::BTreeSet;
use std::fs;

use botdocs::input::explain::Code;

use super::blocks::{blocks, bots, project};
use super::project::{repository, updates_expectations};

#[test]
fn every_report_reads_as_it_is_written_down() {
    let update = updates_expectations();
    let folder = repository().join("tests/diagnostics");
    let mut differing = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, content) in super::project::tree(&folder) {
        let text = String::from_utf8(content).unwrap();
        let blocks = blocks(&text);
        let (reports, inputs): (Vec<_>, Vec<_>) = blocks
            .into_iter()
            .partition(|block| block.language == "report");
        let project = project(&inputs);
        let ran = project.without_powers(&[&["check"], bots(&project).as_slice()].concat());
        assert_eq!(ran.stdout, "", "{name}");
        let report = format!("{}\n", ran.stderr.trim_end());
        let is_error = report.contains("\nerror[") || report.starts_with("error[");
        assert_eq!(ran.code, Some(i32::from(is_error)), "{name}\n{report}");
        seen.extend(codes(&report));
        let expected: Vec<&str> = reports.iter().map(|block| block.content.as_str()).collect();
        if expected == [&report] {
            continue;
        }
        if update {
            let before = text.split("\n```report\n").next().unwrap().trim_end();
            let text = format!("{before}\n\n```report\n{report}```\n");
            fs::write(folder.join(&name), text).unwrap();
        } else {
            let expected = expected.join("\n(and another)\n");
            differing.push(format!("{name}: expected\n{expected}\ngot\n{report}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !seen.contains(code.as_str()))
        .collect();
    assert!(missing.is_empty(), "no report shows {missing:?}");
}

/// The codes in a report's headlines.
fn codes(report: &str) -> impl Iterator<Item = String> {
    report.lines().filter_map(|line| {
        let rest = line
            .strip_prefix("error[")
            .or_else(|| line.strip_prefix("warning["))?;
        Some(rest.split(']').next()?.to_owned())
    })
}
