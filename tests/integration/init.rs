//! New projects, and the small commands around a project.

use std::collections::BTreeSet;

use crate::project::{MANUAL_PAGES, Project};

#[test]
fn a_new_project_builds_at_once_and_has_no_faults() {
    let folder = Project::empty();
    folder.run(&["init", "docs"]).exits(0);
    let check = folder.run(&["check", "docs", "--strict"]).exits(0);
    assert_eq!(
        check.stderr,
        "2 pages, no errors or warnings\nproven: 5 examples, 8 of 9 fields, 2 of 2 events; not proven: 1 (in no example), listed by `botdocs check --format json`\n"
    );
    // The one that the comments name.
    let bot = "my-bot";
    folder.run(&["build", "docs", "--strict"]).exits(0);
    let built = ["build", "docs", "--strict", "--out", "out", "--bot", bot];
    folder.run(&built).exits(0);
    let page = folder.read("out/index.html");
    assert!(page.contains(bot) && page.contains("It left "), "{page}");
    // What is built is not committed.
    let ignored: BTreeSet<_> = folder
        .read("docs/.gitignore")
        .lines()
        .map(str::to_owned)
        .collect();
    assert!(ignored.contains("/site/") && !folder.tree("docs/site").is_empty());
}

#[test]
fn a_new_projects_files_name_the_schema_that_lies_beside_them() {
    let folder = Project::empty();
    folder.run(&["init", "docs"]).exits(0);
    for name in ["site", "chat"] {
        let text = folder.read(&format!("docs/spec/{name}.yaml"));
        let first = text.lines().next().unwrap();
        let path = first
            .strip_prefix("# yaml-language-server: $schema=")
            .unwrap();
        let schema = folder.read(&format!("docs/spec/{path}"));
        assert_eq!(schema, folder.run(&["schema"]).exits(0).stdout);
    }
}

#[test]
fn a_folder_with_files_is_left_alone() {
    let project = Project::new();
    let before = project.tree(".");
    let refused = project.run(&["init", "."]).exits(2);
    assert!(
        refused.stderr.contains("not an empty folder"),
        "{}",
        refused.stderr
    );
    project.run(&["init", "spec/site.yaml"]).exits(2);
    assert_eq!(project.tree("."), before);
    // A fresh repository is where many begin.
    let repository = Project::empty().file(".git/HEAD", "ref: refs/heads/main\n");
    repository.run(&["init", "."]).exits(0);
    repository.run(&["check", "--strict"]).exits(0);
}

#[test]
fn what_was_built_is_cleaned_away_and_nothing_else() {
    let project = Project::new();
    project.run(&["build"]).exits(0);
    project.write("site/CNAME", "docs.example.com\n");
    project.run(&["clean"]).exits(0);
    assert_eq!(project.tree("site").len(), 1);
    assert_eq!(project.read("site/CNAME"), "docs.example.com\n");
    assert!(project.read("spec/site.yaml").contains("Docs"));
    // The folder is found though a page is broken, and by another name.
    let project = project.file(
        "spec/site.yaml",
        "title: Docs\nnavigation: [api]\noutput: public\n",
    );
    project.run(&["build"]).exits(0);
    project.write("spec/api.yaml", "nonsense: [");
    project.run(&["clean"]).exits(0);
    assert!(!project.path().join("public").is_dir());
}

#[test]
fn taken_over_templates_change_no_page() {
    let project = Project::copy_of("tests/golden/everything");
    let built = |out: &str| {
        project.run(&["build", "--strict", "--out", out]).exits(0);
        project.tree(out)
    };
    let plain = built("plain");
    let templates: Vec<String> = project
        .run(&["theme", "list"])
        .exits(0)
        .stdout
        .lines()
        .filter(|path| path.starts_with("templates/"))
        .map(str::to_owned)
        .collect();
    let mut eject = vec!["theme", "eject"];
    eject.extend(templates.iter().map(String::as_str));
    project.run(&eject).exits(0);
    assert!(built("taken") == plain);
    // All others too: the page names them by their content, so that differs.
    project.run(&["theme", "eject", "--force"]).exits(0);
    assert_eq!(built("all").len(), plain.len());
}

#[test]
fn the_version_of_the_theme_is_in_what_is_taken_over() {
    let project = Project::new();
    project.run(&["theme", "eject"]).exits(0);
    let version = botdocs::pages::theme::VERSION;
    assert!(
        project
            .read("templates/base.html")
            .starts_with(&format!("{{# botdocs theme {version} #}}\n"))
    );
    assert!(
        project
            .read("static/style.css")
            .starts_with(&format!("/* botdocs theme {version} */\n"))
    );
    project.run(&["check", "--strict"]).exits(0);
    let older = project
        .read("static/style.css")
        .replace(&format!("theme {version}"), "theme 0");
    project.write("static/style.css", older);
    let told = project.run(&["check", "--strict"]).exits(1).stderr;
    assert!(
        told.contains("error[old-theme]") && told.contains("static/style.css"),
        "{told}"
    );
}

#[test]
fn every_shell_has_completions() {
    let project = Project::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = project.run(&["completions", shell]).exits(0).stdout;
        for word in ["init", "build", "theme", "site-url"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let project = Project::empty();
    for words in MANUAL_PAGES {
        let arguments: Vec<_> = ["man"].iter().chain(words).copied().collect();
        let page = project.run(&arguments).exits(0).stdout;
        let name = [&["botdocs"], words].concat().join("-");
        assert!(page.contains(&format!("\n.TH {name} 1 ")), "{page}");
        assert!(page.contains("\n.SH NAME\n") && page.contains("\n.SH SYNOPSIS\n"));
    }
    project.run(&["man", "biuld"]).exits(2);
}
