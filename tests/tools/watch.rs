//! `build --watch` while git changes the files.

use std::path::Path;

use rustix::process::Signal;

use crate::project::{page, small};
use crate::support::running::{PAGE, SAVES, assert_is_a_plain_build, sees, watching};
use crate::tool::tool;

#[test]
fn changes_of_branch_are_seen() {
    let git = |project: &Path, arguments: &[&str]| {
        let done = tool("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args([
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "init.defaultBranch=one",
            ])
            .args(arguments)
            .current_dir(project)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    let project = small()
        .file(PAGE, page("Branch one."))
        .file(".gitignore", "site\nplain\n");
    git(project.path(), &["init", "-q"]);
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-qm", "one"]);
    git(project.path(), &["checkout", "-qb", "two"]);
    project.write(PAGE, page("Branch two."));
    project.write(
        "spec/pictures/a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-qm", "two"]);
    let mut running = watching(&project, &[]);
    for number in 0..SAVES {
        let branch = ["one", "two"][number % 2];
        git(project.path(), &["checkout", "-q", branch]);
        sees(&mut running, &project, &format!("Branch {branch}."));
    }
    assert_eq!(running.stop(Signal::INT), Some(0));
    assert_is_a_plain_build(&project);
}
