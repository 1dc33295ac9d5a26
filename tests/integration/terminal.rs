//! What the program prints steers no terminal, wherever the text comes from, and what can't be
//! printed is an error.

use crate::project::Project;

/// Characters that move a cursor, begin a sequence, or turn the direction of a line.
const ODD: &str = "a\u{1b}[31m\u{9b}1m\u{7f}\u{85}\u{202e}\u{2066}\u{2028}z";

#[track_caller]
fn steers_nothing(project: &Project, arguments: &[&str]) {
    let ran = project.run(arguments);
    for text in [&ran.stdout, &ran.stderr] {
        let odd = |c: char| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{2028}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let found = text.find(odd).map(|at| &text[..at + 4]);
        assert!(found.is_none(), "{arguments:?} prints {found:?}");
    }
    assert!(ran.code.is_some_and(|code| code < 4), "{ran:?}");
    assert!(!(ran.stdout + &ran.stderr).is_empty(), "{arguments:?}");
}

#[test]
fn no_argument_steers_a_terminal() {
    let project = Project::new();
    let flag = format!("--{ODD}");
    let set = format!("bot_id={ODD}");
    let variable = format!("{ODD}=x");
    let [bots, out] = ["bots", "out"].map(|it| format!("{ODD}{it}"));
    let (bots, out) = (bots.as_str(), out.as_str());
    project.write(&format!("{ODD}full/x"), "");
    let full = format!("{ODD}full");
    for arguments in [
        &[ODD][..],
        &[&flag],
        &["help", ODD],
        &["explain", ODD],
        &["man", ODD],
        &["schema", ODD],
        &["completions", ODD],
        &["theme", "eject", ODD],
        &["check", ODD],
        &["check", "--format", ODD],
        &["check", "--spec", ODD],
        &["check", "--bots", bots],
        &["build", &flag],
        &["build", "--bot", ODD],
        &["build", "--set", &set],
        &["build", "--set", &variable],
        &["build", "--shard", ODD],
        &["build", "--out", out],
        &["build", "--out", out],
        &["clean", "--out", out],
        &["build", "--out", &full],
        &["merge", ODD, &full, "--out", out],
        &["merge", &full, &full, "--out", out],
        &["init", &full],
        &["serve", "--port", ODD],
        &["serve", "--host", ODD],
        &["mock", "--host", ODD],
        &["test", "--jobs", ODD],
    ] {
        steers_nothing(&project, arguments);
    }
}

#[test]
fn no_file_steers_a_terminal() {
    let site = format!("title: Docs # {ODD}\nnavigation: [guide, other]\nunknown: 1 # {ODD}\r x\n");
    let guide = format!("---\ntitle: Guide\n---\n{ODD} [x](nowhere) <!-- {ODD} -->\n");
    let project = Project::empty()
        .file("spec/site.yaml", site)
        .file("spec/guide.md", guide)
        .file(format!("spec/{ODD}.md").as_str(), "x")
        .file(format!("spec/{ODD}.png").as_str(), "x")
        .file(format!("static/{ODD}.css").as_str(), "x")
        .file(format!("templates/{ODD}.html").as_str(), "x");
    for format in ["human", "json", "github"] {
        steers_nothing(&project, &["check", "--format", format]);
    }
    let project = Project::new()
        .file("bots.csv", format!("bot_id,x{ODD}\n{ODD},1\nb # {ODD},2\n"))
        .file("bots.jsonl", format!("{{\"bot_id\":\"{ODD}\"}}\n"))
        .file("bots.yaml", format!("- bot_id: \"!\" # {ODD}\n"));
    for list in ["bots.csv", "bots.jsonl", "bots.yaml"] {
        for format in ["human", "json", "github"] {
            steers_nothing(&project, &["check", "--bots", list, "--format", format]);
        }
    }
}

#[test]
fn a_full_device_is_an_error_of_every_command_that_prints_a_result() {
    let project = Project::new();
    for command in [
        "help",
        "help build",
        "--help",
        "--version",
        "build --help",
        "explain",
        "explain unknown-key",
        "completions bash",
        "man",
        "man build",
        "schema",
        "theme list",
        "check --format json",
    ] {
        let ran = project.shell(&format!("botdocs {command} > /dev/full"));
        let told = "error: cannot write to standard output: No space left on device";
        assert!(ran.stderr.starts_with(told), "{command}: {ran:?}");
        assert_eq!(ran.code, Some(3), "{command}");
        let line = format!("{{ botdocs {command}; echo $? >&2; }} | true");
        let ran = project.shell(&line);
        let is_quiet = ran.stderr.ends_with("0\n") && !ran.stderr.contains("error");
        assert!(is_quiet, "{command} with a closed pipe: {ran:?}");
    }
}
