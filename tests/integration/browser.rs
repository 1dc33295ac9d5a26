//! The tests of `tests/browser/`, in Chromium, on the generic site of the shipped spec.

use std::process::Command;

use crate::project::{Project, repository};

#[test]
fn the_page_in_a_browser() {
    let folder = repository().join("tests/browser");
    assert!(
        folder.join("node_modules/playwright-core").is_dir(),
        "the browser tests need their packages: run ./test, or `npm ci` in tests/browser"
    );
    let project = Project::empty();
    let shipped = repository();
    project
        .run(&["build", shipped.to_str().unwrap(), "--out", "out"])
        .exits(0);
    let renamed = Project::new().file(
        "spec/site.yaml",
        "title: Docs\nnavigation: [api]\nredirects: {old: api}\n",
    );
    renamed.run(&["build", "--out", "out"]).exits(0);
    let look = Project::copy_of("tests/golden/everything");
    look.run(&["build", "--out", "out"]).exits(0);
    let output = Command::new("node")
        .args(["--test", "--test-reporter=spec"])
        .current_dir(folder)
        .env("SITE", project.path().join("out"))
        .env("RENAMED", renamed.path().join("out"))
        .env("LOOK", look.path().join("out"))
        .output()
        .expect("node runs: ./test installs what is missing");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
