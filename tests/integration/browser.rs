//! The tests of `tests/browser/`, in Chromium, most on the generic site of the shipped spec.

use std::fmt::Write as _;
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
    let bots = crate::bots::project().file("bots.yaml", "- {bot_id: ada, endpoints: [chat]}\n");
    bots.run(&["build", "--bots", "bots.yaml", "--out", "out"])
        .exits(0);
    let large = large();
    large.run(&["build", "--out", "out"]).exits(0);
    let output = Command::new("node")
        .args(["--test", "--test-reporter=spec"])
        .current_dir(folder)
        .env("SITE", project.path().join("out"))
        .env("RENAMED", renamed.path().join("out"))
        .env("LOOK", look.path().join("out"))
        .env("BOTS", bots.path().join("out"))
        .env("LARGE", large.path().join("out"))
        .output()
        .expect("node runs: ./test installs what is missing");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A thousand endpoints on twenty pages.
fn large() -> Project {
    let mut project = Project::empty();
    let mut names = Vec::new();
    for page in 0..20 {
        let mut text =
            format!("title: API {page}\nservers: [{{url: https://api.example.com}}]\nendpoints:\n");
        for number in page * 50..(page + 1) * 50 {
            let _ = write!(
                text,
                "  endpoint-{number}:\n    title: Endpoint {number}\n    method: POST\n    \
                 path: /things/{number}\n    request:\n      fields:\n        \
                 bot_id: {{type: string, required: true, description: The bot that answers.}}\n        \
                 limit_{number}: {{type: integer, minimum: 1, description: How many there are at most.}}\n        \
                 order: {{type: string, enum: [up, down], description: Which of them come first.}}\n        \
                 filter: {{type: object, description: Which of them are wanted., fields: {{state: {{type: string}}, since: {{type: string, format: date}}}}}}\n    \
                 responses:\n      \
                 200: {{description: The things., fields: {{things: {{type: array, items: {{type: object, fields: {{id: {{type: string}}, title: {{type: string}}}}}}}}, next: {{type: string}}}}}}\n      \
                 401: {{description: The key is missing or wrong., fields: {{message: {{type: string}}}}}}\n"
            );
        }
        names.push(format!("api-{page}"));
        project = project.file(&format!("spec/api-{page}.yaml"), text);
    }
    let navigation = names.join(", ");
    project.file(
        "spec/site.yaml",
        format!("title: Docs\nnavigation: [{navigation}]\n"),
    )
}
