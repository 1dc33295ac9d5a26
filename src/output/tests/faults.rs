//! What is left after an error or a kill at every single system call.
//!
//! A test runs itself again under `strace`, once for each system call that writing a site makes,
//! and there injects an error, an error of all calls of that name from there on, or a kill. Then it
//! checks what is left, and runs a plain second command.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus};

use super::disk::Disk;
use super::races::is_full;
use super::*;

/// Tells the child process what to write (`plain`, `inside`, `old` or `bots`, or `clean`), a folder
/// to warm up in, and the site.
const CHILD: &str = "BOTDOCS_TEST_CHILD";
/// A path that does not exist; looking at it marks in the trace where writing begins and ends.
const MARK: &str = "/botdocs-test-mark";
/// The calls that change what is on the disk, beside opening a new file.
const LASTING: [&str; 10] = [
    "write",
    "mkdir",
    "mkdirat",
    "linkat",
    "unlinkat",
    "renameat",
    "renameat2",
    "syncfs",
    "fsync",
    "fchmod",
];
/// How often the child writes a site to warm up.
const WARM_UPS: usize = 8;

/// Not a test by itself: what the child does.
///
/// A fault is injected at the Nth call of one name, counted in each thread. So that none hits the
/// thread of the test harness, the one that writes makes more calls than that before it begins.
#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "the environment carries the test's own parameter"
)]
fn child() {
    let Ok(task) = std::env::var(CHILD) else {
        return;
    };
    let [mode, warm, site] = task.split(':').collect::<Vec<_>>().try_into().unwrap();
    let new = match mode {
        "bots" => bots::NEW,
        "old" => OLD,
        "inside" => INSIDE,
        _ => NEW,
    };
    for number in 0..WARM_UPS {
        let site = Path::new(warm).join((number % 2).to_string());
        let tree = tree(if number % 4 < 2 { OLD } else { NEW });
        write(&tree, &site, &[], &WriteOptions::default()).unwrap();
    }
    let options = WriteOptions {
        leaving: Leaving::All,
        ..WriteOptions::default()
    };
    let tree = tree(new);
    let _ = fs::metadata(MARK);
    let done = match mode {
        "clean" => remove(Path::new(site), &[], false),
        _ => write(&tree, Path::new(site), &[], &options),
    };
    let _ = fs::metadata(MARK);
    done.unwrap();
}

/// A system call of the child.
pub(super) struct Call {
    pub(super) name: String,
    /// Its number among those of its name and thread.
    pub(super) number: usize,
    /// The line in the trace.
    pub(super) text: String,
}

impl Call {
    /// Whether it changes what is on the disk.
    pub(super) fn changes(&self) -> bool {
        LASTING.contains(&self.name.as_str()) || self.text.contains("O_CREAT")
    }
}

/// A state to begin with, and how the child writes.
#[derive(Clone, Copy)]
pub(super) struct Scene {
    pub(super) disk: Disk,
    mode: &'static str,
    prepare: fn(&Project),
    /// The files before and after.
    files: [Files<'static>; 2],
    /// Files of others.
    others: Files<'static>,
    /// Whether the site is always the old or the new one as a whole.
    is_atomic: bool,
}

impl Scene {
    /// The same on another disk.
    pub(super) fn on(self, disk: Disk) -> Scene {
        Scene { disk, ..self }
    }

    /// Whether a fault can be injected at the call.
    pub(super) fn can_fail_at(&self, call: &Call) -> bool {
        // The last is a check of the standard library in debug builds.
        let is_of_std = matches!(call.name.as_str(), "mmap" | "munmap" | "fcntl");
        // It fails already, and so changes nothing.
        let is_failing = self.disk.is_plain() && call.name == "renameat2";
        !is_of_std && !is_failing
    }

    /// The option by which calls of this name can be injected.
    pub(super) fn tracing(&self, name: &str) -> String {
        match self.disk.is_plain() {
            true => format!("trace={name},renameat2"),
            false => format!("trace={name}"),
        }
    }

    /// Runs the next command, which writes the old site or the new one.
    pub(super) fn write_next(&self, project: &Project, is_old: bool) -> Result<(), String> {
        if !self.disk.has_mount() {
            let next = self.files[usize::from(!is_old)];
            return match project.write(next) {
                Ok(_) => Ok(()),
                Err(error) => Err(error.to_string()),
            };
        }
        let temp = tempfile::tempdir().unwrap();
        let mode = if is_old { "old" } else { self.mode };
        let next = Scene { mode, ..*self };
        let output = next.command(project, temp.path(), &[]).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8(said).unwrap()),
        }
    }

    pub(super) fn project(&self) -> Project {
        let project = Project::new();
        (self.prepare)(&project);
        for (path, content) in self.others {
            project.put(path, content);
        }
        project
    }

    /// Runs the child under `strace` with these options, and returns the trace.
    pub(super) fn run(&self, project: &Project, options: &[&str]) -> (ExitStatus, String) {
        let temp = tempfile::tempdir().unwrap();
        let mut command = self.command(project, temp.path(), options);
        let output = command.output().unwrap();
        let log = fs::read_to_string(temp.path().join("log")).unwrap();
        (output.status, log)
    }

    /// Makes the command that runs the child; `temp` gets the trace, in the file `log`.
    pub(super) fn command(&self, project: &Project, temp: &Path, options: &[&str]) -> Command {
        let test = std::env::current_exe().unwrap();
        let site = project.path("site").display().to_string();
        let (warm, log) = (temp.join("warm"), temp.join("log"));
        let mut command = self.disk.strace(&project.path("site/a"));
        command.args(["-f", "-qq", "-o", log.to_str().unwrap()]);
        command
            .args(self.disk.options())
            .args(options)
            .arg(test)
            .args([
                "--exact",
                "output::tests::faults::child",
                "--test-threads=1",
            ])
            .env(CHILD, format!("{}:{}:{site}", self.mode, warm.display()))
            .env("RUST_BACKTRACE", "0")
            // Cargo names a folder there for every native library, and the loader looks into each.
            .env_remove("LD_LIBRARY_PATH");
        command
    }

    /// Returns the system calls of writing without a fault.
    pub(super) fn trace(&self) -> Vec<Call> {
        let (status, log) = self.run(&self.project(), &["-e", "trace=%file,%desc"]);
        assert!(status.success());
        let marked = log
            .lines()
            .find(|line| line.contains(MARK))
            .expect("the child ran");
        let writer = marked.split(' ').next().unwrap();
        let mut counts: BTreeMap<(bool, &str), usize> = BTreeMap::new();
        let mut calls = Vec::new();
        for line in log.lines() {
            let (thread, text) = line.split_once(' ').unwrap();
            let Some((name, _)) = text.trim_start().split_once('(') else {
                continue;
            };
            let count = counts.entry((thread == writer, name)).or_default();
            *count += 1;
            if thread == writer {
                let (name, text) = (name.to_owned(), text.trim_start().to_owned());
                calls.push(Call {
                    name,
                    number: *count,
                    text,
                });
            }
        }
        let of_writing = |calls: Vec<Call>| -> Vec<Call> {
            let calls = calls
                .into_iter()
                .skip_while(|call| !call.text.contains(MARK))
                .skip(1);
            calls.take_while(|call| !call.text.contains(MARK)).collect()
        };
        let calls = of_writing(calls);
        for call in &calls {
            let others = counts
                .get(&(false, &call.name))
                .copied()
                .unwrap_or_default();
            let is_of_memory = matches!(call.name.as_str(), "mmap" | "munmap");
            assert!(
                call.number > others || is_of_memory,
                "warm up more: {}",
                call.text
            );
        }
        calls
    }

    /// Injects a fault at every call in turn; of those that only look, at one of each name, and at all
    /// in `./test full`.
    fn check(&self, fault: &str) {
        if !self.disk.is_here() {
            return;
        }
        let (kind, repeat) = fault
            .split_once('+')
            .map_or((fault, ""), |(kind, _)| (kind, "+"));
        let mut failures = 0;
        let mut looked = BTreeSet::new();
        for (turn, call) in self.trace().into_iter().enumerate() {
            let Call { name, number, text } = &call;
            if !self.can_fail_at(&call) {
                continue;
            }
            if !call.changes() && !looked.insert(name.clone()) && !is_full() {
                continue;
            }
            let project = self.project();
            let old = project.snapshot();
            let inject = format!("inject={name}:{kind}:when={number}{repeat}");
            let trace = self.tracing(name);
            // A kill at a call that only looks leaves what a kill at the next change leaves.
            if kind == KILL && !call.changes() {
                continue;
            }
            // Faster by far, but it loses injected signals.
            let filter: &[&str] = if kind == KILL {
                &[]
            } else {
                &["--seccomp-bpf"]
            };
            let options = [filter, &["-e", &trace, "-e", &inject]].concat();
            let (status, log) = self.run(&project, &options);
            let place = format!("{fault} at {text}");
            let of_call = [format!("{name}("), format!("{name} resumed")];
            let mut lines = log
                .lines()
                .filter(|line| of_call.iter().any(|name| line.contains(name)));
            let is_felt =
                lines.any(|line| line.contains("(INJECTED)")) || status.signal() == Some(9);
            assert!(is_felt, "no fault was injected: {place}");
            failures += usize::from(!status.success());
            self.check_left(&old, &project, status.success(), &place);
            // The next command may also write the old site again.
            let is_old = turn % 2 == 0;
            self.write_next(&project, is_old)
                .unwrap_or_else(|error| panic!("{error} after {place}"));
            let found = project.snapshot();
            let next = self.files[usize::from(!is_old)];
            assert_eq!(found, self.expected(next), "after {place}");
        }
        assert!(
            failures > 10,
            "only {failures} faults made the command fail"
        );
    }

    /// Checks the folder as a reader of the site finds it after the fault.
    fn check_left(&self, old: &Snapshot, project: &Project, is_done: bool, place: &str) {
        let found = project.snapshot();
        let new = self.expected(self.files[1]);
        let in_site = |files: &Snapshot| -> Snapshot {
            let is_page = |path: &str| path.starts_with("site/") && !path.contains("/.botdocs-");
            files
                .clone()
                .into_iter()
                .filter(|(path, _)| is_page(path))
                .collect()
        };
        if is_done {
            assert_eq!(in_site(&found), in_site(&new), "reported as done: {place}");
        }
        if self.is_atomic {
            let found = in_site(&found);
            assert!(
                found == in_site(old) || found == in_site(&new),
                "{place}: {found:#?}"
            );
        }
        for (path, text) in in_site(&found) {
            let is_whole = [old, &new]
                .iter()
                .any(|files| files.get(&path) == Some(&text));
            assert!(
                is_whole || path.ends_with('/'),
                "{place}: {path} is `{text}`"
            );
        }
        for (path, text) in self.others {
            assert_eq!(found.get(*path).map(String::as_str), Some(*text), "{place}");
        }
    }

    pub(super) fn expected(&self, files: Files<'_>) -> Snapshot {
        let manifest = manifest_of(files);
        let site = files
            .iter()
            .map(|(path, text)| (format!("site/{path}"), (*text).to_owned()));
        let others = self
            .others
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let manifest = ("site/botdocs-manifest.json".to_owned(), manifest);
        site.chain(others).chain([manifest]).collect()
    }
}

type Snapshot = BTreeMap<String, String>;

/// A site that does not exist yet.
pub(super) const FRESH: Scene = Scene {
    disk: Disk::Usual,
    mode: "plain",
    prepare: |_| {},
    files: [OLD, NEW],
    others: &[],
    is_atomic: true,
};

/// A site with files of others.
pub(super) const CHANGED: Scene = Scene {
    disk: Disk::Usual,
    mode: "plain",
    prepare: |project| {
        project.write(OLD).unwrap();
    },
    files: [OLD, NEW],
    others: &[
        ("site/CNAME", "docs.example.com"),
        ("site/a/b/notes", "mine"),
    ],
    is_atomic: false,
};

/// Files that differ from the old ones below `a`.
const INSIDE: Files<'_> = &[
    ("index.html", "new!"),
    ("a/d.html", "new too"),
    ("a/e.html", "e"),
    ("x", "x"),
];

/// A site in which another file system is mounted.
pub(super) const MOUNTED: Scene = Scene {
    disk: Disk::MountInside,
    mode: "inside",
    files: [OLD, INSIDE],
    ..CHANGED
};

/// A site that is deleted.
pub(super) const CLEANED: Scene = Scene {
    mode: "clean",
    files: [OLD, &[]],
    others: &[],
    ..CHANGED
};

/// A site on which a command was killed that had begun to change it.
pub(super) const RECOVERY: Scene = Scene {
    prepare: |project| {
        project.write(OLD).unwrap();
        leave_journal(project);
    },
    ..CHANGED
};

/// A site with bots that does not exist yet.
pub(super) const FRESH_BOTS: Scene = Scene {
    mode: "bots",
    files: [bots::OLD, bots::NEW],
    ..FRESH
};

/// A site with bots.
pub(super) const CHANGED_BOTS: Scene = Scene {
    prepare: |project| {
        project.write(bots::OLD).unwrap();
    },
    others: &[
        ("site/bots/ada/notes", "mine"),
        ("site/bots/cem/notes", "mine too"),
    ],
    is_atomic: false,
    ..FRESH_BOTS
};

/// A site with bots that is deleted.
pub(super) const CLEANED_BOTS: Scene = Scene {
    mode: "clean",
    files: [bots::OLD, &[]],
    others: &[],
    ..CHANGED_BOTS
};

/// A site with bots on which a command was killed that had begun to change it.
const BOTS_RECOVERY: Scene = Scene {
    prepare: |project| {
        project.write(bots::OLD).unwrap();
        leave_journal_of(project, bots::NEW);
    },
    ..CHANGED_BOTS
};

const ERROR: &str = "error=ENOSPC";
const ERRORS: &str = "error=EIO+";
const KILL: &str = "signal=KILL";

#[test]
fn a_fresh_site_survives_an_error_at_every_call() {
    FRESH.check(ERROR);
}

#[test]
fn a_fresh_site_survives_a_kill_at_every_call() {
    FRESH.check(KILL);
}

#[test]
fn a_journal_survives_an_error_at_every_call() {
    CHANGED.check(ERROR);
}

#[test]
fn a_journal_survives_errors_from_every_call_on() {
    CHANGED.check(ERRORS);
}

#[test]
fn a_journal_survives_a_kill_at_every_call() {
    CHANGED.check(KILL);
}

#[test]
fn a_recovery_survives_an_error_at_every_call() {
    RECOVERY.check(ERROR);
}

#[test]
fn a_recovery_survives_a_kill_at_every_call() {
    RECOVERY.check(KILL);
}

#[test]
fn a_deletion_survives_a_kill_at_every_call() {
    CLEANED.check(KILL);
}

#[test]
fn a_mount_inside_survives_an_error_at_every_call() {
    MOUNTED.check(ERROR);
}

#[test]
fn a_mount_inside_survives_a_kill_at_every_call() {
    MOUNTED.check(KILL);
}

#[test]
fn plain_renames_survive_a_kill_at_every_call() {
    MOUNTED.on(Disk::PlainMount).check(KILL);
    let scenes = [CHANGED, CLEANED, RECOVERY, CHANGED_BOTS, BOTS_RECOVERY];
    let many = if is_full() { scenes.len() } else { 2 };
    for scene in &scenes[..many] {
        scene.on(Disk::PlainRenames).check(KILL);
    }
}

#[test]
fn fresh_bots_survive_an_error_at_every_call() {
    FRESH_BOTS.check(ERROR);
}

#[test]
fn changed_bots_survive_an_error_at_every_call() {
    CHANGED_BOTS.check(ERROR);
}

#[test]
fn changed_bots_survive_errors_from_every_call_on() {
    CHANGED_BOTS.check(ERRORS);
}

#[test]
fn changed_bots_survive_a_kill_at_every_call() {
    CHANGED_BOTS.check(KILL);
}

#[test]
fn a_recovery_of_bots_survives_a_kill_at_every_call() {
    BOTS_RECOVERY.check(KILL);
}

/// Where the system can neither exchange two names nor rename only to a free one.
#[test]
fn plain_renames_are_enough() {
    if !CHANGED.disk.is_here() {
        return;
    }
    for error in ["EINVAL", "ENOSYS"] {
        let project = CHANGED.project();
        let inject = format!("inject=renameat2:error={error}");
        let (status, _) = CHANGED.run(&project, &["-e", &inject]);
        assert!(status.success(), "{error}");
        assert_eq!(project.snapshot(), CHANGED.expected(NEW), "{error}");
    }
}

/// Where another file system is mounted in the output directory, a rename cannot reach.
#[test]
fn a_file_system_inside_is_reached_by_copies() {
    if !CHANGED.disk.is_here() {
        return;
    }
    let renames = CHANGED.trace().into_iter();
    // The journal gets its name within one folder.
    let is_move = |call: &Call| call.name == "renameat2" && !call.text.contains("journal.jsonl");
    let renames: Vec<_> = renames.filter(is_move).collect();
    for call in &renames {
        let project = CHANGED.project();
        let inject = format!("inject=renameat2:error=EXDEV:when={}", call.number);
        let (status, log) = CHANGED.run(&project, &["-e", &inject]);
        assert!(
            status.success() && log.contains("(INJECTED)"),
            "{}",
            call.text
        );
        assert_eq!(project.snapshot(), CHANGED.expected(NEW), "{}", call.text);
    }
}
