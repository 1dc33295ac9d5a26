//! What botdocs keeps aside for other programs, and how it names that until it is gone.

use std::fs;

use super::*;

/// The refusal, without the folder above the site.
fn message(project: &Project, done: Result<Summary, Error>) -> String {
    match done {
        Err(Error::Refused(refusal)) => refusal
            .to_string()
            .replace(&project.path("").display().to_string(), ""),
        other => panic!("{other:?}"),
    }
}

/// The number of the step that deletes `path`.
fn step_that_deletes(project: &Project, path: &str) -> usize {
    let journal = fs::read_to_string(project.path("site/.botdocs-journal/journal.jsonl")).unwrap();
    let mut lines = journal.lines();
    let deletes = |line: &str| !line.contains("\"write\"") && line.contains(path);
    lines.position(deletes).unwrap()
}

#[test]
fn a_build_goes_on_after_a_recovery_that_keeps_a_file() {
    for is_clean in [false, true] {
        let project = Project::new();
        project.write_and_check(OLD, &[]);
        leave_journal(&project);
        // A kill came behind the move of a file, in the place of which there is another one now.
        let number = step_that_deletes(&project, "a/b/c.html");
        project.put(&format!("site/.botdocs-journal/taken-{number}"), "foreign");
        let kept = ("site/.botdocs-journal/kept-1", "foreign");
        let named = "  a/b/c.html: now in `site/.botdocs-journal/kept-1`";
        let start = "1 file in `site` was changed by another program while botdocs wrote there, and is kept";
        if is_clean {
            let done = message(&project, remove(&project.path("site"), &[], false));
            let rest = "; all other files of botdocs are deleted\n";
            assert_eq!(done, format!("{start}{rest}{named}"));
            let left = BTreeMap::from([(kept.0.to_owned(), kept.1.to_owned())]);
            assert_eq!(project.snapshot(), left);
            continue;
        }
        let done = message(&project, project.write(OLD));
        assert_eq!(
            done,
            format!("{start}; all other files are up to date\n{named}")
        );
        // What is said is true.
        let written = project.snapshot();
        assert_eq!(written["site/index.html"], "old");
        fs::remove_file(project.path(kept.0)).unwrap();
        assert_eq!(project.write_and_check(OLD, &[]), counts(0, 4, 0, 0));
    }
}

#[test]
fn what_is_kept_is_named_by_every_command_until_it_is_gone() {
    let mut project = Project::new();
    project.write_and_check(OLD, &[]);
    let kept = "site/.botdocs-journal/kept-1";
    project.put(kept, "mine");
    let named = "\n  .botdocs-journal/kept-1";
    for force in [false, true] {
        project.options.force = force;
        for files in [NEW, OLD, OLD] {
            let done = message(&project, project.write(files));
            assert!(
                done.contains("all other files are up to date") && done.ends_with(named),
                "{done}"
            );
            assert_eq!(project.snapshot()["site/index.html"], files[0].1);
        }
    }
    project.options.force = false;
    project.put("site/index.html", "edited");
    let refused = "1 file in `site` would be lost; nothing has changed\n  index.html: changed since botdocs wrote it\n";
    let done = project.refuse(NEW);
    assert!(done.starts_with(refused) && done.ends_with(named), "{done}");
    project.put("site/index.html", "old");
    let done = message(&project, remove(&project.path("site"), &[], false));
    assert!(done.ends_with(named), "{done}");
    let left = BTreeMap::from([(kept.to_owned(), "mine".to_owned())]);
    assert_eq!(project.snapshot(), left);
    fs::remove_dir_all(project.path("site/.botdocs-journal")).unwrap();
    project.write_and_check(NEW, &[]);
}

#[test]
fn a_damaged_journal_loses_nothing_by_force() {
    let mut project = Project::new();
    project.write_and_check(OLD, &[]);
    leave_journal(&project);
    let journal = fs::read_to_string(project.path("site/.botdocs-journal/journal.jsonl")).unwrap();
    project.put(
        "site/.botdocs-journal/journal.jsonl",
        &journal[..journal.len() - 9],
    );
    // As after an exchange, and after two moves from places of ours.
    let foreign = [("1", "one"), ("taken-7", "two"), ("2-old", "three")];
    for (name, text) in foreign {
        project.put(&format!("site/.botdocs-journal/{name}"), text);
    }
    project.force();
    let done = message(&project, project.write(NEW));
    assert!(done.starts_with("3 files in `site` were"), "{done}");
    let mut found = project.snapshot();
    let kept = [1, 2, 3].map(|number| {
        let name = format!(".botdocs-journal/kept-{number}");
        assert!(done.contains(&name), "{done}");
        found.remove(&format!("site/{name}")).unwrap()
    });
    assert_eq!(
        BTreeSet::from(kept),
        BTreeSet::from(foreign.map(|(_, text)| text.to_owned()))
    );
    fs::remove_dir_all(project.path("site/.botdocs-journal")).unwrap();
    project.write_and_check(NEW, &[]);
    assert_eq!(found.len(), NEW.len() + 1);
}
