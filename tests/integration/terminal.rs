//! What the program prints steers no terminal, wherever the text comes from.

use regex::Regex;
use serde_json::Value;

use crate::project::{Project, Ran};

/// Characters that move a cursor, begin a sequence, or turn the direction of a line.
const ODD: &str = "a\u{1b}[31m\u{9b}1m\u{7f}\u{85}\u{202e}\u{2066}\u{2028}z";

/// What looks like a key, so that there is a fault to report.
const KEY: [&str; 3] = ["sk", "_live_", "Xq3ZtV81mNcR5bYwKd7e"];

/// Sequences that the program itself prints: colours, as on a terminal.
fn without_colours(text: &str) -> String {
    let colour = Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    colour.replace_all(text, "").into_owned()
}

/// Runs the program as in a pipe, where sequences are stripped, and as on a terminal.
#[track_caller]
fn steers_nothing(project: &Project, arguments: &[&str]) {
    for is_forced in [false, true] {
        let mut command = project.command(arguments);
        if is_forced {
            command.env("CLICOLOR_FORCE", "1");
        }
        let ran = Ran::of(command.output().unwrap());
        for text in [&ran.stdout, &ran.stderr] {
            // What the argument brings, red and bright, is no colour of ours.
            assert!(!text.contains("a\u{1b}[31m"), "{arguments:?}: {text:?}");
            let text = without_colours(text);
            let odd = |c: char| {
                c.is_control() && c != '\n'
                    || matches!(c, '\u{2028}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            let found = text.find(odd).map(|at| &text[at..]);
            assert!(found.is_none(), "{arguments:?} prints {found:?}");
            let commands = text.lines().filter(|line| line.starts_with("::error::pwn"));
            assert_eq!(commands.count(), 0, "{arguments:?}: {text}");
        }
        assert!(ran.code.is_some_and(|code| code < 4), "{ran:?}");
        assert!(!(ran.stdout + &ran.stderr).is_empty(), "{arguments:?}");
    }
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

/// A line of its own may be a command of a CI service.
#[test]
fn no_path_begins_a_line() {
    const BREAKS: &str = "x\n::error::pwn";
    let project = Project::new();
    let [part, other] = ["part", "other"].map(|it| format!("{it}\n::error::pwn"));
    project.write(&format!("{part}/x"), "");
    let format = format!("--format={BREAKS}");
    let ending = format!("{BREAKS}.zip");
    for arguments in [
        &["build", "--out", &other][..],
        &["build", "--out", &other],
        &["build", "--archive", &format!("{other}.tar")],
        &["build", "--archive", &format!("{other}.tar")],
        &["build", "--archive", &ending],
        &["build", "--out", &part],
        &["clean", "--out", &other],
        &["clean", "--out", &part],
        &["merge", &part, &other, "--out", "whole"],
        &["merge", BREAKS, "--out", "whole"],
        &["init", &part],
        &["check", BREAKS],
        &["check", &format],
        &["check", "--format", BREAKS],
        &["check", "--bots", BREAKS],
        &["build", "--shard", BREAKS],
        &["build", "--bot", BREAKS],
        &["build", BREAKS],
        &[BREAKS],
        &["explain", BREAKS],
        &["theme", "eject", BREAKS],
        &["theme", "eject", "--dir", BREAKS],
    ] {
        steers_nothing(&project, arguments);
    }
    let site = format!("title: Docs\nnavigation: [api]\noutput: {BREAKS:?}\n");
    let project = project.file("spec/site.yaml", site);
    for arguments in [
        &["build"][..],
        &["build"],
        &["check"],
        &["clean"],
        &["clean"],
    ] {
        steers_nothing(&project, arguments);
    }
}

/// Programs get what is there: an unseen character is escaped, and none is replaced.
#[test]
fn json_gives_names_as_they_are() {
    for odd in [
        "a\u{200b}b",
        "a\u{200e}b",
        "a\u{ad}b",
        "a\u{202e}b",
        "a\nb",
        "a\u{85}b",
    ] {
        let project = Project::new().file(format!("static/{odd}.txt").as_str(), KEY.concat());
        let ran = project.run(&["check", "--format", "json"]).exits(1);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        let named = &report["diagnostics"][0]["file"];
        assert_eq!(named, &format!("static/{odd}.txt"), "{}", ran.stdout);
        assert!(odd == "a\nb" || !ran.stdout.contains(odd), "{odd:?}");
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
