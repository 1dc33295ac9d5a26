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

/// The name aside of what the step takes away that deletes `path`.
fn aside_of(project: &Project, path: &str) -> String {
    let journal = fs::read_to_string(project.path("site/.botdocs-journal/journal.jsonl")).unwrap();
    let mut asides = journal.lines().filter_map(|line| {
        let step: serde_json::Value = serde_json::from_str(line).ok()?;
        let deletes = step.get("remove").or_else(|| step.get("clear"))?;
        let is_it = deletes["path"] == path;
        is_it.then(|| deletes["aside"].as_str().unwrap().to_owned())
    });
    asides.next().unwrap()
}

/// How the names of what is staged begin.
fn letters_of_stage(project: &Project) -> String {
    let mut entries = fs::read_dir(project.path("site/.botdocs-journal")).unwrap();
    let letters = entries.find_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        Some(name.strip_prefix("stage-")?.to_owned())
    });
    letters.unwrap()
}

/// Files of another program in the folder of the journal, under names that look as if they were
/// ours.
const NOT_STAGED: [&str; 12] = [
    "0",
    "1",
    "12",
    "taken-0",
    "taken-1",
    "taken-12",
    "0-old",
    "0123456789abcdef-taken-0",
    "journal.new",
    "0123456789abcdef-0",
    "0123456789abcdef-journal",
    "notes",
];

#[test]
fn what_no_journal_names_stays_in_its_folder() {
    let put = |project: &Project| {
        for name in NOT_STAGED {
            project.put(&format!("site/.botdocs-journal/{name}"), name);
        }
    };
    let check = |project: &Project, place: &str| {
        let found = project.snapshot();
        for name in NOT_STAGED {
            let path = format!("site/.botdocs-journal/{name}");
            assert_eq!(found.get(&path).map(String::as_str), Some(name), "{place}");
        }
        found.len() - NOT_STAGED.len()
    };
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    put(&project);
    project.write(OLD).unwrap();
    check(&project, "no change");
    project.write(NEW).unwrap();
    assert_eq!(check(&project, "a change"), NEW.len() + 1);
    leave_journal_of(&project, OLD);
    project.write(OLD).unwrap();
    assert_eq!(check(&project, "a recovery"), OLD.len() + 1);
    // A kill came before the journal had its name.
    leave_journal(&project);
    fs::remove_file(project.path("site/.botdocs-journal/journal.jsonl")).unwrap();
    project.write(OLD).unwrap();
    assert_eq!(check(&project, "no journal"), OLD.len() + 1);
    project.put("site/index.html", "edited");
    project.refuse(NEW);
    check(&project, "a refusal");
    project.put("site/index.html", "old");
    remove(&project.path("site"), &[], false).unwrap();
    assert_eq!(check(&project, "clean"), 0);
}

/// Another program puts a file under the journal's own name after its last check.
#[test]
fn a_journal_takes_no_name_that_is_taken() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    let root = Folder::open(&project.path("site")).unwrap();
    let stage = Stage::new(&root);
    let draft = stage.draft().unwrap();
    project.put("site/.botdocs-journal/journal.jsonl", "mine");
    assert!(draft.commit().is_err());
    stage.discard();
    let found = project.snapshot();
    assert_eq!(found["site/.botdocs-journal/journal.jsonl"], "mine");
    assert_eq!(found.len(), OLD.len() + 2);
}

/// Where another file system is mounted, a file is kept beside the pages there.
#[test]
fn what_is_kept_beside_pages_is_named_until_it_is_gone() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    let site = project.path("site");
    let root = Folder::open(&site).unwrap();
    project.put("site/a/.botdocs-journal-7", "mine");
    let a = root.child("a").unwrap().unwrap();
    let kept = rescue::keep(&a, ".botdocs-journal-7").unwrap();
    let files = vec![("a/b.html".to_owned(), kept)];
    let done = rescue::report(&root, &site, files, Goal::Site, Ok(Summary::default()));
    let beside = "site/a/.botdocs-journal-kept-1";
    let first = message(&project, done);
    assert!(
        first.ends_with(&format!("\n  a/b.html: now in `{beside}`")),
        "{first}"
    );
    for files in [NEW, OLD, OLD] {
        let done = message(&project, project.write(files));
        assert!(done.ends_with("\n  .botdocs-journal/kept-1"), "{done}");
        assert_eq!(fs::read_to_string(project.path(beside)).unwrap(), "mine");
    }
    fs::remove_file(project.path(beside)).unwrap();
    project.write_and_check(OLD, &[]);
    assert!(fs::symlink_metadata(project.path("site/.botdocs-journal")).is_err());
}

#[test]
fn a_build_goes_on_after_a_recovery_that_keeps_a_file() {
    for is_clean in [false, true] {
        let project = Project::new();
        project.write_and_check(OLD, &[]);
        leave_journal(&project);
        // A kill came behind the move of a file, in the place of which there is another one now.
        let aside = aside_of(&project, "a/b/c.html");
        project.put(&format!("site/.botdocs-journal/{aside}"), "foreign");
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
        // The report is true.
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
    let letters = letters_of_stage(&project);
    let foreign = [
        (format!("{letters}-1"), "one"),
        (format!("{letters}-taken-7"), "two"),
        (format!("{letters}-2-old"), "three"),
    ];
    for (name, text) in &foreign {
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
        BTreeSet::from(["one", "two", "three"].map(str::to_owned))
    );
    fs::remove_dir_all(project.path("site/.botdocs-journal")).unwrap();
    project.write_and_check(NEW, &[]);
    assert_eq!(found.len(), NEW.len() + 1);
}
