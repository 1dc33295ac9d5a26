//! Checks the reports of the projects in `tests/diagnostics/` and of the examples that
//! `botdocs explain` prints. Each target checks the projects that it can make.

use std::collections::BTreeSet;
use std::fs;

use botdocs::input::explain::Code;
use serde_json::Value;

use super::blocks::{Block, Needs, blocks, bots};
use super::project::{Project, Ran, repository, tree, updates_expectations};

/// How a target makes a project of blocks, and runs the program on it.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) needs: Needs,
    pub(crate) project: fn(&[Block]) -> Project,
    pub(crate) run: fn(&Project, &[&str]) -> Ran,
}

/// The folder of the projects with their reports.
const DIAGNOSTICS: &str = "tests/diagnostics";

/// A project that is written down: its file, all of its text, and its blocks.
struct Written {
    name: String,
    text: String,
    reports: Vec<Block>,
    inputs: Vec<Block>,
}

fn written() -> impl Iterator<Item = Written> {
    let files = tree(&repository().join(DIAGNOSTICS)).into_iter();
    files.map(|(name, content)| {
        let text = String::from_utf8(content).unwrap();
        let is_report = |block: &Block| block.language == "report";
        let (reports, inputs) = blocks(&text).into_iter().partition(is_report);
        Written {
            name,
            text,
            reports,
            inputs,
        }
    })
}

/// Compares the reports of projects with what is written down, or writes it anew.
pub(crate) fn check_reports(way: Way) {
    let update = updates_expectations();
    let mut differing = Vec::new();
    let mut count = 0;
    for one in written().filter(|one| Needs::of(&one.inputs) == way.needs) {
        count += 1;
        let name = one.name;
        let project = (way.project)(&one.inputs);
        let ran = (way.run)(&project, &[&["check"], bots(&project).as_slice()].concat());
        assert_eq!(ran.stdout, "", "{name}");
        let report = format!("{}\n", ran.stderr.trim_end());
        let is_error = report.contains("\nerror[") || report.starts_with("error[");
        assert_eq!(ran.code, Some(i32::from(is_error)), "{name}\n{report}");
        let expected: Vec<&str> = one.reports.iter().map(|it| it.content.as_str()).collect();
        if expected == [&report] {
            continue;
        }
        if update {
            let before = one.text.split("\n```report\n").next().unwrap().trim_end();
            let text = format!("{before}\n\n```report\n{report}```\n");
            fs::write(repository().join(DIAGNOSTICS).join(&name), text).unwrap();
        } else {
            let expected = expected.join("\n(and another)\n");
            differing.push(format!("{name}: expected\n{expected}\ngot\n{report}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(count > 0, "no report needs {:?}", way.needs);
}

/// The codes of all reports that are written down.
pub(crate) fn reported() -> BTreeSet<String> {
    let reports = written().flat_map(|one| one.reports);
    reports.flat_map(|block| codes(&block.content)).collect()
}

/// The codes in a report's headlines.
fn codes(report: &str) -> Vec<String> {
    let codes = report.lines().filter_map(|line| {
        let rest = line
            .strip_prefix("error[")
            .or_else(|| line.strip_prefix("warning["))?;
        Some(rest.split(']').next()?.to_owned())
    });
    codes.collect()
}

/// Checks that each wrong example has its fault, and that each right one has none.
pub(crate) fn check_examples(way: Way) {
    let mut wrong_ones = Vec::new();
    let mut count = 0;
    for &code in Code::ALL {
        let (_, wrong, right) = parts(code);
        let right_codes = BTreeSet::new();
        let wrong_codes = BTreeSet::from([code.as_str().to_owned()]);
        for (kind, example, expected) in
            [("wrong", wrong, wrong_codes), ("right", right, right_codes)]
        {
            let blocks = blocks(example);
            if Needs::of(&blocks) != way.needs {
                continue;
            }
            count += 1;
            let found = found(way, &(way.project)(&blocks));
            let codes: BTreeSet<String> = found.iter().map(|(code, _)| code.clone()).collect();
            if codes != expected {
                wrong_ones.push(format!("{} {kind}: {found:?}", code.as_str()));
            }
        }
    }
    assert!(wrong_ones.is_empty(), "{wrong_ones:#?}");
    assert!(count > 0, "no example needs {:?}", way.needs);
}

/// A code's title, wrong example and right example.
pub(crate) fn parts(code: Code) -> (&'static str, &'static str, &'static str) {
    let text = code.explanation();
    let (words, examples) = text.split_once("\n## Wrong\n").expect("a wrong example");
    let (wrong, right) = examples
        .split_once("\n## Right\n")
        .expect("a right example");
    (words, wrong, right)
}

/// The codes and severities that a check reports.
fn found(way: Way, project: &Project) -> BTreeSet<(String, String)> {
    // A list of bots is checked where the example has one.
    let bots = bots(project);
    let check = |more: &[&str]| (way.run)(project, &[more, &bots].concat());
    let ran = check(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{error}\n{}\n{}", ran.stdout, ran.stderr));
    let text = |diagnostic: &Value, key: &str| diagnostic[key].as_str().unwrap().to_owned();
    let diagnostics = report["diagnostics"].as_array().unwrap().iter();
    let found: BTreeSet<_> = diagnostics
        .map(|diagnostic| (text(diagnostic, "code"), text(diagnostic, "severity")))
        .collect();
    let is_error = found.iter().any(|(_, severity)| severity == "error");
    let ran = ran.exits(i32::from(is_error));
    let strict = check(&["check", "--strict", "--format", "json"]);
    strict.exits(i32::from(!found.is_empty()));
    drop(ran);
    found
}
