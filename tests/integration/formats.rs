//! The reports that programs read: JSON, and the commands of GitHub's workflows.

use serde_json::{Value, json};

use super::project::{API, Project, SITE};

/// A project with an error at two places, one about a whole file, and a warning.
fn faulty() -> Project {
    Project::new()
        .file("spec/api.yaml", format!("{API}title: \"50%, a: b\"\n"))
        .file("spec/old.yml", "")
        .file("spec/guide.md", "---\ntitle: Guide\n---\nText\n")
}

#[test]
fn json_has_a_list_of_objects_of_one_shape() {
    let ran = faulty().run(&["check", "--format", "json"]).exits(1);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let wanted = json!([
        {
            "severity": "error",
            "code": "duplicate-key",
            "message": "duplicate key `title`",
            "file": "spec/api.yaml",
            "labels": [
                {
                    "file": "spec/api.yaml",
                    "line": 14, "column": 1, "end_line": 14, "end_column": 6,
                    "text": "again here",
                },
                {
                    "file": "spec/api.yaml",
                    "line": 1, "column": 1, "end_line": 1, "end_column": 6,
                    "text": "first here",
                },
            ],
            "help": "remove one of the two, or rename it",
        },
        {
            "severity": "warning",
            "code": "unlisted-page",
            "message": "the navigation does not contain the page `guide`",
            "file": "spec/guide.md",
            "labels": [{
                "file": "spec/guide.md",
                "line": 1, "column": 1, "end_line": 1, "end_column": 1,
                "text": "",
            }],
            "help": "it is built, but no menu leads to it; add it to `navigation` in site.yaml",
        },
        {
            "severity": "error",
            "code": "misnamed-file",
            "message": "a file that ends in `.yml`",
            "file": "spec/old.yml",
            "labels": [],
            "help": "rename it to `old.yaml`",
        },
    ]);
    assert_eq!(report["diagnostics"], wanted, "{}", ran.stdout);
    assert_eq!(ran.stderr, "2 errors and 1 warning\n");
}

#[test]
fn json_says_what_was_proven() {
    let ran = Project::new().run(&["check", "--format", "json"]).exits(0);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["diagnostics"], json!([]));
    assert_eq!(report["proof"][0]["page"], "api");
    assert_eq!(report["proof"][0]["examples"], 2);
    let faulty = faulty().run(&["check", "--format", "json"]).exits(1);
    let report: Value = serde_json::from_str(&faulty.stdout).unwrap();
    assert_eq!(report["proof"], Value::Null);
}

#[test]
fn strict_makes_errors_of_warnings_in_every_format() {
    let project = Project::new().file("spec/guide.md", "---\ntitle: Guide\n---\nText\n");
    for (format, word) in [
        ("json", "\"severity\": \"error\""),
        ("github", "::error file=spec/guide.md"),
    ] {
        let loose = project.run(&["check", "--format", format]).exits(0);
        assert!(!loose.stdout.contains(word), "{}", loose.stdout);
        let strict = project
            .run(&["check", "--format", format, "--strict"])
            .exits(1);
        assert!(strict.stdout.contains(word), "{}", strict.stdout);
    }
}

#[test]
fn github_gets_a_command_for_each_fault_with_its_place() {
    let wanted = "\
::error file=spec/api.yaml,line=14,col=1,title=duplicate-key::duplicate key `title`%0Aagain here%0Aremove one of the two, or rename it
::warning file=spec/guide.md,line=1,col=1,title=unlisted-page::the navigation does not contain the page `guide`%0Ait is built, but no menu leads to it; add it to `navigation` in site.yaml
::error file=spec/old.yml,title=misnamed-file::a file that ends in `.yml`%0Arename it to `old.yaml`
";
    let ran = faulty().run(&["check", "--format", "github"]).exits(1);
    assert_eq!(ran.stdout, wanted);
}

#[test]
fn github_is_the_usual_format_in_its_workflows() {
    let project = faulty();
    let asked = project.run(&["check", "--format", "github"]).stdout;
    let mut command = project.command(&["check"]);
    let unasked = command.env("GITHUB_ACTIONS", "true").output().unwrap();
    assert_eq!(String::from_utf8(unasked.stdout).unwrap(), asked);
    let mut command = project.command(&["check", "--format", "json"]);
    let json = command.env("GITHUB_ACTIONS", "true").output().unwrap();
    assert!(json.stdout.starts_with(b"{"));
    let mut command = project.command(&["build"]);
    let build = command.env("GITHUB_ACTIONS", "true").output().unwrap();
    assert_eq!(String::from_utf8(build.stdout).unwrap(), asked);
    assert!(!build.stderr.is_empty());
}

/// GitHub finds a file by its path in the workspace, wherever the command runs.
#[test]
fn github_is_told_the_path_in_its_workspace() {
    let project = Project::empty()
        .file("docs/spec/site.yaml", SITE)
        .file("docs/spec/api.yaml", API.replace("path:", "pth:"));
    let lines = |command: &mut std::process::Command| {
        let ran = command.env("GITHUB_ACTIONS", "true").output().unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    let wanted = "::error file=docs/spec/api.yaml,line=";
    let from_above = lines(
        project
            .command(&["check", "docs"])
            .env_remove("GITHUB_WORKSPACE"),
    );
    assert!(from_above.contains(wanted), "{from_above}");
    let mut inside = project.command(&["check"]);
    inside
        .current_dir(project.path().join("docs"))
        .env("GITHUB_WORKSPACE", project.path());
    let inside = lines(&mut inside);
    assert!(inside.contains(wanted), "{inside}");
    let mut elsewhere = project.command(&["check", "docs"]);
    let elsewhere = lines(elsewhere.env("GITHUB_WORKSPACE", "/nowhere"));
    assert!(
        elsewhere.contains("::error file=docs/spec/api.yaml,"),
        "{elsewhere}"
    );
}

#[test]
fn names_cannot_make_commands_of_their_own() {
    let api = API.replace("  chat:\n", "  \"50%,\\r\\n::error::x\":\n");
    let project = Project::new()
        .file("spec/api.yaml", api)
        .file("spec/a:b,c%\r\n::error::y.yml", "");
    let ran = project.run(&["check", "--format", "github"]).exits(1);
    let wanted = "\
::error file=spec/a%3Ab%2Cc%25%0D%0A%3A%3Aerror%3A%3Ay.yml,title=misnamed-file::a file that ends in `.yml`%0Arename it to `a:b,c%25␍␊::error::y.yaml`
::error file=spec/api.yaml,line=4,col=3,title=invalid-id::`50%25,␍␊::error::x` can't be an endpoint's id%0Awrite lower-case letters, digits and hyphens: `50-error-x`
";
    assert_eq!(ran.stdout, wanted);
}

#[test]
fn control_characters_reach_no_terminal() {
    let hostile = "\\e]0;owned\\a\\e[2J\\u009b2J\\u202e";
    let api = API
        .replace("  chat:\n", &format!("  \"{hostile}\":\n"))
        .replace(
            "title: Chat\n",
            &format!("title: \"{hostile}{{{{ x }}}}\"\n"),
        )
        .replace("method: POST", &format!("method: \"{hostile}\""));
    let project = Project::new()
        .file("spec/api.yaml", api)
        .file("spec/\u{1b}[2J.yml", "");
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["check", "--format", "github"],
        &["build"],
        &["build", "--bot", "\u{1b}[2J"],
        &["explain", "\u{1b}[2J"],
    ] {
        let ran = project.run(arguments);
        assert!(matches!(ran.code, Some(1 | 2)), "{ran:?}");
        for text in [&ran.stdout, &ran.stderr] {
            let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            let shown = text.replace("\\u202e", "");
            assert!(!shown.contains(steers), "{arguments:?}: {text:?}");
        }
    }
}
