//! The command line, as transcripts in `tests/cli/*.md`.
//!
//! A transcript is Markdown. A fence whose info string has a path (`` ```yaml spec/site.yaml ``)
//! writes that file; a `console` fence runs its `$ ` lines by `sh`, one after the other, in a
//! folder that holds the smallest project. Below a command stands what it printed on stdout, then,
//! each line after `! `, what it printed on stderr, then its exit code.
//! Output that holds fences itself stands in a longer one.
//!
//! `UPDATE_GOLDEN=1 cargo test cli` writes the transcripts anew.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use regex::Regex;

use crate::project::{
    Project, Ran, difference, is_root, repository, skip, tool, updates_expectations,
};

#[test]
fn every_transcript_is_what_happens() {
    let mut failures = Vec::new();
    let folder = repository().join("tests/cli");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.sort_unstable();
    assert!(!paths.is_empty());
    for path in paths {
        let expected = fs::read_to_string(&path).unwrap();
        let found = replay(&expected);
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
    let help = "If the new ones are right: UPDATE_GOLDEN=1 cargo test cli";
    assert!(failures.is_empty(), "{}\n{help}", failures.join("\n"));
}

/// Runs the commands of a transcript and returns it with what they printed.
fn replay(transcript: &str) -> String {
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
                out += &run(&project, command);
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
fn run(project: &Project, line: &str) -> String {
    let ran = project.shell(line);
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

fn redact(project: &Project, text: &str) -> String {
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

/// What stands in a transcript is fixed up to what the rules name.
#[test]
fn only_paths_times_and_sizes_are_left_out() {
    let project = Project::empty();
    let here = project.path().display();
    assert_eq!(
        redact(
            &project,
            &format!("{here}/site: 3 files, 12 kB, 7 ms \u{1b}[0m")
        ),
        "[here]/site: 3 files, [n] kB, [n] ms <ESC>[0m"
    );
}

#[test]
fn a_transcript_shows_streams_and_exit_code() {
    let transcript = "# T\n````console\n$ echo '```'; echo err >&2; exit 7\nold\n````\nend\n";
    assert_eq!(
        replay(transcript),
        "# T\n````console\n$ echo '```'; echo err >&2; exit 7\n```\n! err\nexit 7\n````\nend\n"
    );
}

/// What keeps a file where it is: the path, what is done to it before and after the build, and what is
/// printed; `{}` is the path.
const FIXED: [[&str; 4]; 7] = [
    [
        "site/404.html",
        "chattr +i {}",
        "chattr -i {}",
        "it is immutable",
    ],
    [
        "site/404.html",
        "chattr +a {}",
        "chattr -a {}",
        "it is append-only",
    ],
    [
        "site/bots/bob/index.html",
        "chattr +i {}",
        "chattr -i {}",
        "it is immutable",
    ],
    [
        "site/bots/bob",
        "chattr +i {}",
        "chattr -i {}",
        "Operation not permitted",
    ],
    [
        "site/bots/bob",
        "chattr +a {}",
        "chattr -a {}",
        "its folder is append-only",
    ],
    [
        "site/bots/bob/index.html",
        "cp -a {} copy && mount --bind copy {}",
        "umount {}",
        "it is a mount",
    ],
    [
        "site/bots/bob",
        "mount --bind {} {} && mount -o remount,bind,ro {}",
        "umount {}",
        "Read-only file system",
    ],
];

/// What a build can't change once its files are ready is found before it changes any.
#[test]
fn what_cannot_be_replaced_is_found_before_anything_changes() {
    if !is_root() {
        skip("only root can make files immutable and mount them");
        return;
    }
    let project = Project::new().file("bots.csv", "bot_id\nada\nbob\n");
    let build = ["build", "--out", "site", "--bots", "bots.csv"];
    project.run(&build).exits(0);
    let before = project.tree("site");
    let site = fs::read_to_string(project.path().join("spec/site.yaml")).unwrap();
    let site = site.replacen("title: ", "title: New ", 1);
    project.write("spec/site.yaml", site);
    for [path, fix, free, why] in FIXED {
        let [fix, free] = [fix, free].map(|line| line.replace("{}", path));
        let build = build.join(" ");
        let script = format!("{fix} || exit 99; \"$0\" {build}; code=$?; {free}; exit $code");
        let mut command = tool("unshare");
        command.args(["--mount", "sh", "-c", &script]);
        command.arg(env!("CARGO_BIN_EXE_botdocs"));
        project.prepare(&mut command);
        let ran = Ran::of(command.output().unwrap());
        if ran.code == Some(99) || ran.stderr.contains("unshare") {
            skip("nothing can be made immutable or mounted here");
            continue;
        }
        let ran = ran.exits(3);
        let said = ran.stderr.lines().last().unwrap();
        let start = "error: nothing has changed: cannot ";
        assert!(said.starts_with(start), "{said}");
        assert!(said.contains(path) && said.contains(why), "{fix}: {said}");
        assert!(project.tree("site") == before, "{fix}");
    }
    project.run(&build).exits(0);
    assert!(project.tree("site") != before);
}

/// Root may write everywhere, so a folder that can't be written to takes a file system of its own.
#[test]
fn an_output_that_cannot_be_written_is_the_machines_fault() {
    let project = Project::new();
    let folder = project.path().join("fixed");
    fs::create_dir(&folder).unwrap();
    let ran = if is_root() {
        let mut command = tool("unshare");
        let script =
            "mount -t tmpfs -o ro none fixed || exit 99; exec \"$0\" build --out fixed/site";
        command.args(["--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_botdocs")]);
        project.prepare(&mut command);
        Ran::of(command.output().unwrap())
    } else {
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        project.run(&["build", "--out", "fixed/site"])
    };
    if ran.code == Some(99) || ran.stderr.contains("unshare") {
        skip("root here may not mount a file system");
        return;
    }
    let ran = ran.exits(3);
    assert!(
        ran.stderr.starts_with("error: cannot make "),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("fixed"), "{}", ran.stderr);
}
