//! What `botdocs explain` says is true: each wrong example has the fault, each right one has none.

use botdocs::input::explain::Code;

use crate::blocks::{Needs, blocks, project};
use crate::project::{Project, repository};
use crate::support::reports::{Way, check_examples, parts};

#[test]
fn every_wrong_example_has_the_fault_and_every_right_one_has_none() {
    check_examples(Way {
        needs: Needs::Nothing,
        project,
        run: Project::run,
    });
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
        if path.ends_with(".rs") && path != "input/explain.rs" {
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
