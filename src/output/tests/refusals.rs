//! What botdocs refuses to do to files that are not its own.

use std::fs;
use std::os::unix::fs::symlink;

use super::*;

#[test]
fn a_foreign_file_in_the_way_is_refused_unless_forced() {
    let mut project = Project::new();
    project.write_and_check(&[("a", "a")], &[]);
    project.put("site/z", "mine").put("site/index.html", "mine");
    assert_eq!(
        project.refuse(NEW),
        "2 files in `site` would be lost; nothing has changed\n  \
         index.html: botdocs did not write it\n  z: botdocs did not write it"
    );
    project.force().write_and_check(NEW, &[]);
}

#[test]
fn an_edited_file_is_refused_unless_forced() {
    for path in ["index.html", "x", "a/b/c.html"] {
        let mut project = Project::new();
        project.write_and_check(OLD, &[]);
        project.put(&format!("site/{path}"), "my own words");
        let message = format!(
            "1 file in `site` would be lost; nothing has changed\n  {path}: changed since botdocs wrote it"
        );
        assert_eq!(project.refuse(NEW), message);
        project.force().write_and_check(NEW, &[]);
    }
}

#[test]
fn a_link_is_never_followed() {
    let mut project = Project::new();
    project.write_and_check(OLD, &[]);
    project
        .put("secret/d.html", "d")
        .put("secret/b/c.html", "c");
    fs::rename(project.path("site/a"), project.path("moved")).unwrap();
    symlink("../secret", project.path("site/a")).unwrap();
    let refused =
        "1 file in `site` would be lost; nothing has changed\n  a: stands where a folder is needed";
    assert_eq!(project.refuse(OLD), refused);
    assert_eq!(project.force().refuse(OLD), refused);
    project.options.force = false;
    // No page needs the folder any more.
    let others: Files<'_> = &[
        ("site/a", "-> ../secret"),
        ("secret/d.html", "d"),
        ("secret/b/c.html", "c"),
        ("moved/d.html", "d"),
        ("moved/b/c.html", "c"),
    ];
    project.write_and_check(&[("index.html", "i")], others);
}

#[test]
fn a_link_in_place_of_a_file_is_replaced_by_force_only() {
    let mut project = Project::new();
    project.write_and_check(OLD, &[]);
    project.put("secret", "new!");
    fs::remove_file(project.path("site/index.html")).unwrap();
    symlink("../secret", project.path("site/index.html")).unwrap();
    assert_eq!(
        project.refuse(NEW),
        "1 file in `site` would be lost; nothing has changed\n  index.html: changed since botdocs wrote it"
    );
    project.force().write_and_check(NEW, &[("secret", "new!")]);
}

#[test]
fn a_folder_in_place_of_a_file_is_refused_always() {
    let mut project = Project::new();
    project.write_and_check(&[("a", "a")], &[]);
    project.put("site/z/mine", "m");
    let refused =
        "1 file in `site` would be lost; nothing has changed\n  z: stands where a file is needed";
    assert_eq!(project.force().refuse(NEW), refused);
    project.put("site/x", "mine");
    fs::remove_dir_all(project.path("site/z")).unwrap();
    let refused =
        "1 file in `site` would be lost; nothing has changed\n  x: stands where a folder is needed";
    assert_eq!(project.force().refuse(NEW), refused);
}

#[test]
fn a_foreign_file_in_a_folder_that_becomes_a_file_is_refused() {
    let mut project = Project::new();
    project.write_and_check(&[("x/y", "y"), ("x-ray", "r")], &[]);
    project.put("site/x/mine", "m");
    let refused = "1 file in `site` would be lost; nothing has changed\n  x/mine: stands where a file is needed";
    assert_eq!(project.refuse(OLD), refused);
    assert_eq!(project.force().refuse(OLD), refused);
}

#[test]
fn a_folder_that_is_not_ours_is_refused_unless_forced() {
    let mut project = Project::new();
    project
        .put("site/index.html", "mine")
        .put("site/other", "o");
    assert_eq!(
        project.refuse(NEW),
        "the folder `site` is not empty and botdocs did not write it"
    );
    project.force().write_and_check(NEW, &[("site/other", "o")]);
}

#[test]
fn a_damaged_manifest_is_refused_unless_forced() {
    let mut project = Project::new();
    project.write_and_check(OLD, &[]);
    let manifest = fs::read_to_string(project.path("site/botdocs-manifest.json")).unwrap();
    project.put(
        "site/botdocs-manifest.json",
        &manifest.replace("index", "Index"),
    );
    assert_eq!(
        project.refuse(NEW),
        "the file `site/botdocs-manifest.json` is damaged: its checksum does not match"
    );
    // What nobody remembers is not deleted either, but a file where a folder must be is in the way.
    assert!(
        project
            .force()
            .refuse(NEW)
            .contains("x: stands where a folder is needed")
    );
    fs::remove_file(project.path("site/x")).unwrap();
    project.write_and_check(NEW, &[("site/a/b/c.html", "c")]);
}

#[test]
fn dangerous_places_are_refused() {
    let project = Project::new();
    project
        .put("spec/a.yaml", "")
        .put("file", "")
        .put("repo/.git/HEAD", "");
    project.put("site/index.html", "");
    symlink("site", project.path("link")).unwrap();
    symlink("spec", project.path("spec-link")).unwrap();
    let home = project.path("home");
    fs::create_dir(&home).unwrap();
    let refuse = |dir: &str| {
        let spec = project.path("spec");
        let missing = project.path("templates");
        let linked = project.path("spec-link");
        match Place::find(&project.path(dir), &[&spec, &missing, &linked], Some(&home)) {
            Err(Error::Refused(Refusal::Place { fault, .. })) => fault.to_string(),
            Err(other) => panic!("{other}"),
            Ok(_) => "fine".to_owned(),
        }
    };
    let root = project.path("").display().to_string();
    for (dir, fault) in [
        ("/", "is the root of the file system"),
        ("home", "is or contains the home folder"),
        ("home/../home/.", "is or contains the home folder"),
        ("home/site", "fine"),
        ("", "is or contains the home folder"),
        ("spec", "overlaps the input `ROOTspec`"),
        ("spec/site", "overlaps the input `ROOTspec`"),
        (
            "new/../spec/site",
            "has `..` after a folder that does not exist",
        ),
        ("home/../spec/new/site", "overlaps the input `ROOTspec`"),
        ("spec-link/site", "overlaps the input `ROOTspec`"),
        ("templates", "overlaps the input `ROOTtemplates`"),
        ("templates/site", "overlaps the input `ROOTtemplates`"),
        ("link", "is a symbolic link"),
        ("link/", "is a symbolic link"),
        ("link/.", "is a symbolic link"),
        ("file", "is not a folder"),
        ("file/site", "is not a folder"),
        ("link/new", "fine"),
        ("site", "fine"),
        ("new/deep/site", "fine"),
    ] {
        assert_eq!(refuse(dir), fault.replace("ROOT", &root), "{dir:?}");
    }
    fs::remove_dir(&home).unwrap();
    assert_eq!(refuse(""), format!("overlaps the input `{root}spec`"));

    for force in [false, true] {
        let options = WriteOptions {
            leaving: Leaving::All,
            force,
            ..WriteOptions::default()
        };
        let error = write(&tree(NEW), &project.path("repo"), &[], &options).unwrap_err();
        assert!(
            error.to_string().ends_with("is the root of a repository"),
            "{error}"
        );
    }
}

#[test]
fn a_repository_with_our_manifest_is_written() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    project.put("site/.git", "gitdir: elsewhere");
    project.write_and_check(NEW, &[("site/.git", "gitdir: elsewhere")]);
}

#[test]
fn an_edit_after_a_kill_is_not_overwritten_by_the_journal() {
    let mut project = Project::new();
    project.write_and_check(OLD, &[]);
    leave_journal(&project);
    project.put("site/index.html", "edited after the kill");
    project.put("site/x", "edited too");
    assert_eq!(
        project.refuse(NEW),
        "2 files in `site` would be lost; nothing has changed\n  \
         index.html: changed since botdocs wrote it\n  x: changed since botdocs wrote it"
    );
    project.force().write_and_check(NEW, &[]);
}

#[test]
fn a_damaged_journal_is_refused_unless_forced() {
    let mut project = Project::new();
    project.write_and_check(OLD, &[]);
    leave_journal(&project);
    let journal = project.path("site/.botdocs-journal/journal.jsonl");
    let damaged = fs::read_to_string(&journal).unwrap() + "\n";
    for damaged in ["0000\n{}", &damaged] {
        fs::write(&journal, damaged).unwrap();
        assert_eq!(
            project.refuse(NEW),
            "the file `site/.botdocs-journal/journal.jsonl` is damaged: its checksum does not match"
        );
    }
    project.force().write_and_check(NEW, &[]);
}
