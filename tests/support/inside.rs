//! A project with a folder beside it, which no file of the project may lead to.

use std::fs;
use std::path::Path;

use super::project::{API, Project, SITE};

/// What stands in files outside the project, and must get nowhere.
pub(crate) const OUTSIDE: &str = "outside-of-the-project";

/// A project in `docs/`, and a folder beside it.
pub(crate) fn project() -> Project {
    Project::empty()
        .file("docs/spec/site.yaml", SITE)
        .file("docs/spec/api.yaml", API)
        .file("outside/static/note.txt", OUTSIDE)
        .file("outside/templates/robots.html", OUTSIDE)
        .file("outside/spec/site.yaml", SITE)
        .file("outside/spec/api.yaml", API)
        .file(
            "outside/bots.csv",
            format!("bot_id,{OUTSIDE}\nada,{OUTSIDE}\n"),
        )
}

/// Puts something that is not a regular file at a path.
pub(crate) type Put<'p> = &'p dyn Fn(&Path);

/// Puts something in the place of an archive, which a build must leave there.
pub(crate) fn no_archive_takes_the_place_of(kind: &str, put: Put<'_>) {
    let project = project();
    let at = project.path().join("site.tar");
    let target = project.path().join("target");
    fs::write(&target, OUTSIDE).unwrap();
    put(&at);
    let was = fs::symlink_metadata(&at).unwrap().file_type();
    for flags in [&[][..], &["--force"]] {
        let build = ["build", "docs", "--archive", "site.tar"];
        let ran = project.run(&[&build, flags].concat()).exits(2);
        assert!(ran.stderr.contains("not a regular file"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("--force"), "{}", ran.stderr);
        let is = fs::symlink_metadata(&at).unwrap().file_type();
        assert!(is == was, "{kind}");
    }
    assert_eq!(fs::read_to_string(&target).unwrap(), OUTSIDE);
}
