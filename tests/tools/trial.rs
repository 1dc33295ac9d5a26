//! `test` with tools that are not what they should be: what it finds, what it says, and what it
//! leaves behind. That every right sample runs is held in `mock.rs`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::project::Project;
use crate::support::running::Running;

/// A project whose samples are of JavaScript alone, run by a script that stands in for `node`.
struct Stage {
    project: Project,
    bin: TempDir,
    temporary: TempDir,
}

impl Stage {
    /// `node` is what a shell does for `node FILE`, with the real one in `$NODE`.
    fn new(node: &str) -> Stage {
        let project = Project::copy_of_folders(&["spec"]);
        let site = project.read("spec/site.yaml");
        project.write("spec/site.yaml", format!("{site}\nsamples: [javascript]\n"));
        let stage = Stage {
            project,
            bin: TempDir::new().unwrap(),
            temporary: TempDir::new().unwrap(),
        };
        if !node.is_empty() {
            stage.put("node", node);
        }
        stage
    }

    fn put(&self, name: &str, script: &str) {
        let path = self.bin.path().join(name);
        let version = "[ \"$1\" != --version ] || exit 0";
        fs::write(&path, format!("#!/bin/sh\n{version}\n{script}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// The command; scripts find shared notes in `$NOTES`.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command(&[&["test"], arguments].concat());
        let real = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join("node"))
            .find(|node| node.exists())
            .expect("run ./test, which installs what the tests need");
        let bin = self.bin.path().display();
        command
            .env("PATH", format!("{bin}:/usr/bin:/bin"))
            .env("NODE", real)
            .env("NOTES", self.bin.path())
            .env("TMPDIR", self.temporary.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        self.has_left_nothing();
        output
    }

    #[track_caller]
    fn has_left_nothing(&self) {
        let left: Vec<_> = fs::read_dir(self.temporary.path()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn a_right_sample_is_a_line_without_colours() {
    let (code, stdout, stderr) = said(&Stage::new("exec \"$NODE\" \"$@\"").run(&[]));
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    let lines: Vec<&str> = stdout.lines().collect();
    assert!(lines.len() >= 5, "{stdout}");
    assert_eq!(lines[0], "ok      chat-completion: JavaScript (node)");
    assert!(
        lines.contains(&"ok      chat-completion: JavaScript, streaming (node)"),
        "{stdout}"
    );
    assert!(!format!("{stdout}{stderr}").contains('\u{1b}'));
    assert!(
        stderr.ends_with(&format!("{} samples ran, none failed\n", lines.len())),
        "{stderr}"
    );
}

#[test]
fn a_wrong_sample_fails_and_shows_the_difference() {
    let stage = Stage::new("\"$NODE\" \"$@\" | sed -u s/Choose/Pick/");
    let (code, stdout, stderr) = said(&stage.run(&[]));
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(
        stdout.contains("failed  chat-completion: JavaScript, streaming (node)\n"),
        "{stdout}"
    );
    let difference = "        its output differs from line 1 on (- the example, + the output)\n        \
                      - Choose “Forgot password?” on the sign-in page and follow the link that we send you.\n        \
                      + Pick “Forgot password?” on the sign-in page and follow the link that we send you.\n";
    assert!(stdout.contains(difference), "{stdout}");
    assert!(stderr.contains(" failed\n"), "{stderr}");
}

#[test]
fn a_sample_that_fails_shows_what_it_said() {
    let (code, stdout, _) =
        said(&Stage::new("echo partly; echo no such thing >&2; exit 7").run(&[]));
    assert_eq!(code, Some(1), "{stdout}");
    assert!(
        stdout.contains(
            "`node sample.mjs` failed (exit status: 7)\n        no such thing\n        partly\n"
        ),
        "{stdout}"
    );
}

#[test]
fn a_stream_that_is_printed_at_its_end_fails() {
    let stage = Stage::new("\"$NODE\" \"$@\" > all && cat all");
    let (code, stdout, stderr) = said(&stage.run(&[]));
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    for line in stdout.lines().filter(|line| !line.starts_with(' ')) {
        let is_ok = line.starts_with("ok ");
        assert_eq!(is_ok, !line.contains(", streaming"), "{stdout}");
    }
    assert!(
        stdout.contains("        nothing was printed before the last item was sent\n"),
        "{stdout}"
    );
}

#[test]
fn a_stream_that_is_not_read_to_its_end_fails() {
    // The first piece alone, in time.
    let stage = Stage::new("\"$NODE\" \"$@\" | head -c 8");
    let (code, stdout, _) = said(&stage.run(&[]));
    assert_eq!(code, Some(1), "{stdout}");
    assert!(
        stdout.contains("failed  chat-completion: JavaScript, streaming (node)"),
        "{stdout}"
    );
}

#[test]
fn a_tool_that_is_missing_is_said() {
    let stage = Stage::new("exit 9");
    let site = stage.project.read("spec/site.yaml");
    let site = site.replace("samples: [javascript]", "samples: [javascript, powershell]");
    stage.project.write("spec/site.yaml", site);
    stage.put("node", "exec \"$NODE\" \"$@\"");
    stage.put("pwsh", "exit 9");
    let (code, _, stderr) = said(&stage.run(&[]));
    assert_eq!(code, Some(0), "{stderr}");
    assert!(
        stderr.contains("not run: PowerShell: `pwsh -Version` does not work on this machine\n"),
        "{stderr}"
    );
    stage.put("node", "exit 9");
    let broken = fs::read_to_string(stage.bin.path().join("node")).unwrap();
    fs::write(
        stage.bin.path().join("node"),
        broken.replace("exit 0", "exit 1"),
    )
    .unwrap();
    let (code, stdout, stderr) = said(&stage.run(&[]));
    assert_eq!((code, &*stdout), (Some(3), ""), "{stderr}");
    assert!(
        stderr.ends_with("error: no sample could be run on this machine\n"),
        "{stderr}"
    );
}

#[test]
fn samples_run_side_by_side() {
    // Each notes how many there are while it runs.
    let node = "echo > \"$NOTES/runs.$$\"; ls \"$NOTES\" | grep -c runs >> \"$NOTES/most\"\n\
                \"$NODE\" \"$@\"; rm \"$NOTES/runs.$$\"";
    for (jobs, least, most) in [("1", 1, 1), ("4", 2, 4)] {
        let stage = Stage::new(node);
        let (code, stdout, stderr) = said(&stage.run(&["--jobs", jobs]));
        assert_eq!(code, Some(0), "{stdout}{stderr}");
        let counts = fs::read_to_string(stage.bin.path().join("most")).unwrap();
        let found = counts
            .lines()
            .map(|line| line.parse::<u32>().unwrap())
            .max()
            .unwrap();
        assert!((least..=most).contains(&found), "{jobs} jobs: {found}");
    }
}

#[test]
fn what_the_mock_answers_is_what_a_sample_must_print() {
    let stage = Stage::new("exec \"$NODE\" \"$@\"");
    fs::remove_dir_all(stage.project.path().join("spec")).unwrap();
    let site = "title: Docs\nnavigation: [api]\nsamples: [javascript]\n";
    stage.project.write("spec/site.yaml", site);
    let page = r#"title: API
servers: [{url: https://api.example.com}]
endpoints:
  made:
    title: The higher status first
    method: POST
    path: /made
    request: {example: {a: 1}}
    responses:
      201: {description: Made., example: {made: true}}
      200: {description: There., example: {there: true}}
  later:
    title: The example of the name in a later success
    method: POST
    path: /later
    request: {examples: {one: {a: 1}, two: {a: 2}}}
    responses:
      2XX: {description: Some., examples: {two: {second: true}}}
      200: {description: There., examples: {one: {first: true}}}
  none:
    title: A first success without a body, and no body to send
    method: GET
    path: /none
    responses:
      404: {description: None., examples: {z: {error: true}, a: {error: 2}}}
      204: {description: Nothing.}
      200: {description: There., examples: {b: {b: true}, a: {a: true}}}
"#;
    stage.project.write("spec/api.yaml", page);
    let (code, stdout, stderr) = said(&stage.run(&[]));
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    assert_eq!(stdout.lines().count(), 3, "{stdout}");
}

#[test]
fn no_value_makes_an_example_name_another_file() {
    let stage = Stage::new("exec \"$NODE\" \"$@\"");
    fs::remove_dir_all(stage.project.path().join("spec")).unwrap();
    let site = "title: Docs\nnavigation: [api]\nsamples: [javascript]\n\
                variables:\n  plan: {placeholder: one, example: one}\n";
    stage.project.write("spec/site.yaml", site);
    let page = "title: API\nservers: [{url: https://api.example.com}]\nendpoints:\n  upload:\n    \
                title: Upload\n    method: POST\n    path: /files\n    request:\n      \
                content_type: multipart/form-data\n      \
                fields: {plan: {type: string, format: binary}}\n      \
                example: {plan: \"{{ plan }}\"}\n    responses: {200: {description: Done.}}\n";
    stage.project.write("spec/api.yaml", page);
    let victim = stage.project.path().join("victim.txt");
    fs::write(&victim, "dear").unwrap();
    let set = format!("plan={}", victim.display());
    let (code, stdout, stderr) = said(&stage.run(&["--set", &set]));
    assert_eq!(fs::read_to_string(&victim).unwrap(), "dear");
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(
        stderr.contains("`plan` can change this into the name of another file"),
        "{stderr}"
    );
    let plain = site.replace("{placeholder", "{pattern: \"[a-z]+\", placeholder");
    stage.project.write("spec/site.yaml", &plain);
    let behind = page.replace("\"{{ plan }}\"", "\"plan-{{ plan }}.png\"");
    stage.project.write("spec/api.yaml", &behind);
    let (code, stdout, stderr) = said(&stage.run(&["--set", "plan=other"]));
    assert_eq!(code, Some(0), "{stdout}{stderr}");
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn ctrl_c_ends_all_that_was_started_and_leaves_nothing() {
    // A sample that never ends, with a process of its own below it.
    let stage = Stage::new("sleep 600 & echo $! > \"$NOTES/pid.$$\"; wait");
    let running = Running::start(stage.command(&["--jobs", "2"]));
    let pids = || -> Vec<String> {
        let files = fs::read_dir(stage.bin.path())
            .unwrap()
            .map(|file| file.unwrap().path());
        let pids = files.filter(|path| path.to_string_lossy().contains("/pid."));
        let pids = pids.map(|path| fs::read_to_string(path).unwrap().trim().to_owned());
        pids.filter(|pid| !pid.is_empty()).collect()
    };
    wait_for("two samples that run", || pids().len() == 2);
    assert_eq!(running.stop(Signal::INT), Some(3));
    stage.has_left_nothing();
    let is_over = |pid: &String| {
        let stat = fs::read_to_string(Path::new("/proc").join(pid).join("stat"));
        stat.is_err() || stat.is_ok_and(|stat| stat.contains(") Z "))
    };
    wait_for("the end of what samples started", || {
        pids().iter().all(is_over)
    });
}
