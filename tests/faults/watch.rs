//! `build --watch` when the system reports no changes or too many, and its work when nothing changes.

use std::fs;
use std::time::Duration;

use rustix::process::Signal;

use crate::process::ticks;
use crate::project::{Project, page, small};
use crate::support::running::{PAGE, Running, assert_is_a_plain_build, sees, watching};
use crate::tool::tool;

/// One change, one build; then silence, and no work either.
#[track_caller]
fn builds_once_and_rests(project: &Project, arguments: &[&str]) {
    let mut running = watching(project, arguments);
    for mark in ["First.", "Second."] {
        let before = running.said.len();
        project.write(PAGE, page(mark));
        let line = running.line("build", |line| line.ends_with(" ms"));
        assert!(line.starts_with("spec/api.yaml: "), "{line}");
        let rested = ticks(running.id());
        let line = running.line_within(Duration::from_secs(2));
        assert_eq!(line, None);
        assert_eq!(running.said.len(), before + 1);
        let worked = ticks(running.id()) - rested;
        assert!(
            worked <= 3,
            "{worked} hundredths of a second of work after it"
        );
    }
}

#[test]
fn an_output_folder_inside_the_project_starts_no_loop() {
    builds_once_and_rests(&small(), &[]);
}

#[test]
fn an_output_folder_through_a_link_starts_no_loop() {
    let project = small();
    fs::create_dir(project.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", project.path().join("link")).unwrap();
    builds_once_and_rests(&project, &["--out", "link/site"]);
}

/// The folder of the files for the root may come after the watch has begun, and go again.
#[test]
fn files_for_the_root_are_seen() {
    let project = small();
    let mut running = watching(&project, &[]);
    let mut sees_file = |content: Option<&str>| {
        let site = project.path().join("site/humans.txt");
        while fs::read_to_string(&site).ok().as_deref() != content {
            running.line("build with the file", |line| line.ends_with(" ms"));
        }
    };
    for content in ["Ada\n", "Ada and Bob\n"] {
        project.write("root/humans.txt", content);
        sees_file(Some(content));
    }
    fs::remove_dir_all(project.path().join("root")).unwrap();
    sees_file(None);
    assert_eq!(running.stop(Signal::INT), Some(0));
    assert_is_a_plain_build(&project);
}

/// Where the system can't tell, files are looked at again and again, and people are told.
#[test]
fn where_the_system_cannot_tell_files_are_looked_at() {
    for (fault, said) in [
        ("inotify_add_watch:error=ENOSPC", "max_user_watches"),
        ("inotify_init1:error=ENOSYS", "function not implemented"),
        ("inotify_init1:error=EMFILE", "too many open files"),
    ] {
        let project = small();
        let mut command = tool("strace");
        command
            .args([
                "-D",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=inotify_init1,inotify_add_watch",
            ])
            .args(["-e", &format!("inject={fault}")])
            .arg(env!("CARGO_BIN_EXE_botdocs"))
            .args(["build", "--watch"]);
        project.prepare_tool(&mut command);
        let mut running = Running::start(command);
        let line = running.line("note", |line| line.starts_with("note: "));
        assert!(line.contains(said) && line.contains("500 ms"), "{line}");
        running.line("word that it watches", |line| line.contains("Ctrl-C"));
        project.write(PAGE, page("Seen all the same."));
        sees(&mut running, &project, "Seen all the same.");
        assert_eq!(running.stop(Signal::INT), Some(0), "{fault}");
    }
}

/// More changes than the system keeps while nobody reads them: what was lost is seen all the same.
#[test]
fn a_flood_of_changes_hides_none() {
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap();
    let limit: usize = limit.trim().parse().unwrap();
    let project = small();
    let mut running = watching(&project, &[]);
    running.signal(Signal::STOP);
    let flood = project.path().join("spec/flood.txt");
    for _ in 0..limit / 3 + 100 {
        fs::write(&flood, "x").unwrap();
        fs::remove_file(&flood).unwrap();
    }
    project.write(PAGE, page("After the flood."));
    running.signal(Signal::CONT);
    sees(&mut running, &project, "After the flood.");
    project.write(PAGE, page("And after that."));
    sees(&mut running, &project, "And after that.");
    assert_eq!(running.stop(Signal::INT), Some(0));
}

/// No call that waits for the disk: that would cost more than all else of a rebuild.
#[test]
fn a_watched_build_does_not_wait_for_the_disk() {
    let project = small();
    let log = project.path().join("trace");
    let mut command = tool("strace");
    command
        .args([
            "-D",
            "-f",
            "-qq",
            "-e",
            "trace=fsync,fdatasync,syncfs,sync",
            "-o",
        ])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_botdocs"))
        .args(["build", "--watch", "--poll=20"]);
    project.prepare_tool(&mut command);
    let mut running = Running::start(command);
    running.line("word that it watches", |line| line.contains("Ctrl-C"));
    project.write(PAGE, page("Saved."));
    sees(&mut running, &project, "Saved.");
    let calls = fs::read_to_string(log).unwrap();
    assert!(!calls.contains("sync"), "{calls}");
}
