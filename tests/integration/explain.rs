//! What `botdocs explain` says is true: each wrong example has the fault, each right one has none.

use std::collections::BTreeSet;

use botdocs::input::explain::Code;
use serde_json::Value;

use super::blocks::{blocks, bots, project};
use super::project::{Project, repository};

/// A code's title, wrong example and right example.
fn parts(code: Code) -> (&'static str, &'static str, &'static str) {
    let text = code.explanation();
    let (words, examples) = text.split_once("\n## Wrong\n").expect("a wrong example");
    let (wrong, right) = examples
        .split_once("\n## Right\n")
        .expect("a right example");
    (words, wrong, right)
}

/// The codes and severities that a check reports.
fn found(project: &Project) -> BTreeSet<(String, String)> {
    // A list of bots is checked where the example has one.
    let bots = bots(project);
    let check = |more: &[&str]| project.without_powers(&[more, &bots].concat());
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

#[test]
fn every_wrong_example_has_the_fault_and_every_right_one_has_none() {
    let mut wrong_ones = Vec::new();
    for &code in Code::ALL {
        let (_, wrong, right) = parts(code);
        let wrong = found(&project(&blocks(wrong)));
        let codes: BTreeSet<_> = wrong.iter().map(|(code, _)| code.as_str()).collect();
        if codes != BTreeSet::from([code.as_str()]) {
            wrong_ones.push(format!("{} wrong: {wrong:?}", code.as_str()));
        }
        let right = found(&project(&blocks(right)));
        if !right.is_empty() {
            wrong_ones.push(format!("{} right: {right:?}", code.as_str()));
        }
    }
    assert!(wrong_ones.is_empty(), "{wrong_ones:#?}");
}

#[test]
fn every_explanation_has_a_title_words_and_two_examples() {
    for &code in Code::ALL {
        let (words, wrong, right) = parts(code);
        let title = code.title();
        assert!(
            !title.is_empty() && !title.ends_with('.') && title.len() <= 80,
            "{title}"
        );
        let (heading, words) = words.split_once("\n\n").unwrap();
        assert_eq!(heading, format!("# {title}"));
        assert!(words.split_whitespace().count() > 15, "{title}: {words}");
        for example in [wrong, right] {
            assert!(!blocks(example).is_empty(), "{title}");
        }
    }
}

#[test]
fn every_code_is_raised_somewhere() {
    let mut text = String::new();
    for (path, content) in super::project::tree(&repository().join("src")) {
        if path.ends_with(".rs") && path != "explain.rs" {
            text.push_str(std::str::from_utf8(&content).unwrap());
        }
    }
    for code in Code::ALL {
        assert!(
            text.contains(&format!("Code::{code:?}")),
            "nothing raises {code:?}"
        );
    }
}

#[test]
fn every_explanation_belongs_to_a_code() {
    for (path, _) in super::project::tree(&repository().join("src/input/explain")) {
        let name = path.strip_suffix(".md").unwrap();
        assert!(Code::parse(name).is_some(), "no code {name}");
    }
}

#[test]
fn the_program_lists_and_tells_them() {
    let project = Project::empty();
    let list = project.run(&["explain"]).exits(0).stdout;
    assert_eq!(list.lines().count(), Code::ALL.len());
    for (line, code) in list.lines().zip(Code::ALL) {
        let (name, title) = line.split_once(' ').unwrap();
        assert_eq!((name, title.trim_start()), (code.as_str(), code.title()));
    }
    let one = project.run(&["explain", "dead-link"]).exits(0).stdout;
    assert_eq!(one, Code::DeadLink.explanation());
    let none = project.run(&["explain", "ded-link"]).exits(2).stderr;
    assert!(none.contains("did you mean `dead-link`?"), "{none}");
}
