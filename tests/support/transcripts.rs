//! The command line, as transcripts in `tests/cli/*.md`.
//!
//! A transcript is Markdown. A fence whose info string has a path (`` ```yaml spec/site.yaml ``)
//! writes that file; a `console` fence runs its `$ ` lines, one after the other, in a folder that holds
//! the smallest project. Below a command stands what it printed on stdout, then, each line after `! `,
//! what it printed on stderr, then its exit code.
//! Output that holds fences itself stands in a longer one.

use std::fs;

use regex::Regex;

use super::project::{Project, Ran, difference, repository, updates_expectations};

/// Runs a command line in a project's folder.
pub(crate) type Run = fn(&Project, &str) -> Ran;

/// Replays the transcripts that need a shell, or the others, and compares them with what is there.
pub(crate) fn check_transcripts(needs_shell: bool, run: Run) {
    let mut failures = Vec::new();
    let folder = repository().join("tests/cli");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.sort_unstable();
    let mut count = 0;
    for path in paths {
        let expected = fs::read_to_string(&path).unwrap();
        let mut commands = expected.lines().filter_map(|line| line.strip_prefix("$ "));
        if commands.any(|line| plain(line).is_none()) != needs_shell {
            continue;
        }
        count += 1;
        let found = replay(&expected, run);
        if updates_expectations() {
            fs::write(&path, found).unwrap();
        } else if found != expected {
            failures.push(format!(
                "{} differs {}",
                path.strip_prefix(repository()).unwrap().display(),
                difference(&expected, &found)
            ));
        }
    }
    let help = "If the new ones are right: UPDATE_GOLDEN=1 cargo test --test integration --test tools transcript";
    assert!(failures.is_empty(), "{}\n{help}", failures.join("\n"));
    assert!(count > 0);
}

/// Variables of the environment, and the words behind the program's name.
type Plain<'l> = (Vec<(&'l str, &'l str)>, Vec<&'l str>);

/// The parts of a line that is one command of botdocs and nothing else.
fn plain(line: &str) -> Option<Plain<'_>> {
    if line.contains(|c: char| !c.is_ascii_alphanumeric() && !" -_./:,=".contains(c)) {
        return None;
    }
    let mut words = line.split(' ');
    let mut variables = Vec::new();
    loop {
        match words.next()? {
            "botdocs" => return Some((variables, words.collect())),
            word => variables.push(word.split_once('=')?),
        }
    }
}

/// Runs a plain line without a shell.
pub(crate) fn run_plain(project: &Project, line: &str) -> Ran {
    let (variables, arguments) = plain(line).expect("a command of botdocs alone");
    let mut command = project.command(&arguments);
    Ran::of(command.envs(variables).output().unwrap())
}

/// Runs the commands of a transcript and returns it with what they printed.
pub(crate) fn replay(transcript: &str, run: Run) -> String {
    let project = Project::new();
    let mut out = String::new();
    let mut lines = transcript.lines();
    while let Some(line) = lines.next() {
        out += line;
        out.push('\n');
        let info = line.trim_start_matches('`');
        let fence = &line[..line.len() - info.len()];
        if fence.len() < 3 {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
        if info == "console" {
            for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
                out += &format!("$ {command}\n");
                out += &printed(&project, command, run);
            }
        } else {
            let text: String = block.iter().map(|line| format!("{line}\n")).collect();
            if let Some((_, path)) = info.split_once(' ') {
                project.write(path, &text);
            }
            out += &text;
        }
        out += &format!("{fence}\n");
    }
    out
}

/// Runs one command line and returns what it printed, with what differs from run to run left out.
fn printed(project: &Project, line: &str, run: Run) -> String {
    let ran = run(project, line);
    let mut out = String::new();
    for line in redact(project, &ran.stdout).lines() {
        out += &format!("{line}\n");
    }
    for line in redact(project, &ran.stderr).lines() {
        out += format!("! {line}").trim_end();
        out.push('\n');
    }
    out + &format!("exit {}\n", ran.code.unwrap())
}

/// A text without what differs from run to run.
pub(crate) fn redact(project: &Project, text: &str) -> String {
    let here = project.path().canonicalize().unwrap();
    let text = text
        .replace(here.to_str().unwrap(), "[here]")
        .replace(project.path().to_str().unwrap(), "[here]")
        .replace(env!("CARGO_PKG_VERSION"), "[version]")
        .replace('\u{1b}', "<ESC>");
    let rules = [(r"\d+ ms\b", "[n] ms"), (r"[\d,]+ kB\b", "[n] kB")];
    rules.iter().fold(text, |text, (pattern, by)| {
        Regex::new(pattern)
            .unwrap()
            .replace_all(&text, *by)
            .into_owned()
    })
}
