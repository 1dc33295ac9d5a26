//! Every call that writes fails, in one of five ways, once and for ever; in `./test full`, in each.

use std::collections::BTreeMap;

use super::{Scene, Stage, for_each, is_full, ran, traced};

/// The calls that change what is on the disk or lead to where it is changed; `openat` too, see
/// [`calls`].
const WRITING: [&str; 12] = [
    "write",
    "mkdir",
    "mkdirat",
    "linkat",
    "unlinkat",
    "renameat",
    "renameat2",
    "fsync",
    "syncfs",
    "fchmod",
    "ftruncate",
    "openat",
];

/// One call of a run, by its name and its number among those of the name.
struct Call {
    name: String,
    number: usize,
    /// Its line in the trace.
    text: String,
}

/// The calls by which a run writes.
fn calls(stage: &Stage) -> Vec<Call> {
    let trace = format!("trace={}", WRITING.join(","));
    let (output, log) = traced(stage.scene, &stage.project(), &["-e", &trace]);
    ran(output).exits(0);
    let threads: std::collections::BTreeSet<_> =
        log.lines().map(|line| line.split(' ').next()).collect();
    assert_eq!(threads.len(), 1, "calls are counted by thread");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut calls = Vec::new();
    // Before the folder above is made or looked for, only inputs are read.
    let mut writes = false;
    for line in log.lines() {
        let text = line.split_once(' ').unwrap().1.trim_start();
        let Some((name, _)) = text.split_once('(') else {
            continue;
        };
        let count = counts.entry(name).or_default();
        *count += 1;
        writes |= name == "mkdir";
        if writes {
            let (name, number, text) = (name.to_owned(), *count, text.to_owned());
            calls.push(Call { name, number, text });
        }
    }
    assert!(calls.len() > 30, "{log}");
    calls
}

/// How the calls fail: the error, and how many fail from the Nth on.
#[derive(Clone, Copy, Debug)]
struct Fault {
    error: &'static str,
    /// As `strace` writes it, after the number of the first call.
    repeat: fn(usize) -> String,
}

fn once(first: usize) -> String {
    first.to_string()
}

fn for_ever(first: usize) -> String {
    format!("{first}+")
}

/// A storm of signals ends; one that never does stops any program.
fn thirty_times(first: usize) -> String {
    format!("{first}..{}", first + 29)
}

/// Injects faults at every call in turn.
///
/// Each call fails with one of the errors, and each name of a call with all of them; in `./test full`,
/// each call fails with all of them.
fn check(scene: Scene) {
    let stage = Stage::new(scene);
    let mut by_name: BTreeMap<String, Vec<Call>> = BTreeMap::new();
    for call in calls(&stage) {
        by_name.entry(call.name.clone()).or_default().push(call);
    }
    let mut runs = Vec::new();
    for calls in by_name.values() {
        for (turn, call) in calls.iter().enumerate() {
            for (number, faults) in FAULTS.iter().enumerate() {
                // Of fewer calls than errors, each has several.
                let turns = calls.len().min(FAULTS.len());
                if is_full() || number % turns == turn % FAULTS.len() {
                    runs.extend(faults.map(|fault| (call, fault)));
                }
            }
        }
    }
    for_each(&runs, |(call, fault)| fail(&stage, call, *fault));
}

fn fail(stage: &Stage, call: &Call, fault: Fault) {
    let Call { name, number, text } = call;
    let when = (fault.repeat)(*number);
    let inject = format!("inject={name}:error={}:when={when}", fault.error);
    let project = stage.project();
    let options = [
        "--seccomp-bpf",
        "-e",
        &format!("trace={name}"),
        "-e",
        &inject,
    ];
    let (output, log) = traced(stage.scene, &project, &options);
    let what = format!("{:?}, {} {when} at {text}", stage.scene, fault.error);
    assert!(log.contains("(INJECTED)"), "no fault was injected: {what}");
    let ran = ran(output);
    let is_talk = text.starts_with("write(2<");
    if fault.error == "EINTR" || is_talk {
        assert_eq!(ran.code, Some(0), "{what}:\n{}", ran.stderr);
    } else {
        assert!(matches!(ran.code, Some(0 | 3)), "{what}:\n{}", ran.stderr);
        let says = ran.stderr.starts_with("error: ") && ran.stderr.contains("(os error ");
        assert!(
            says || ran.code == Some(0) || name == "write",
            "{what}:\n{}",
            ran.stderr
        );
    }
    stage.judge(&project, ran.code, &what);
}

const fn fault(error: &'static str, repeat: fn(usize) -> String) -> Fault {
    Fault { error, repeat }
}

/// The errors, and how often each of them comes.
const FAULTS: [[Fault; 2]; 5] = [
    [fault("ENOSPC", once), fault("ENOSPC", for_ever)],
    [fault("EIO", once), fault("EIO", for_ever)],
    [fault("EACCES", once), fault("EACCES", for_ever)],
    [fault("EMFILE", once), fault("EMFILE", for_ever)],
    [fault("EINTR", once), fault("EINTR", thirty_times)],
];

#[test]
fn a_fresh_site_survives_every_error_of_every_call_that_writes() {
    check(Scene::Fresh);
}

#[test]
fn a_change_survives_every_error_of_every_call_that_writes() {
    check(Scene::Changed);
}

#[test]
fn a_change_of_bots_survives_every_error_of_every_call_that_writes() {
    check(Scene::Owned);
}

#[test]
fn a_journal_survives_every_error_of_every_call_that_writes() {
    check(Scene::Journal);
}

#[test]
fn a_recovery_survives_every_error_of_every_call_that_writes() {
    check(Scene::Recovery);
}

/// A disk that was full before the change leaves no trace, not only none that matters.
#[test]
fn a_write_that_fails_leaves_nothing_behind() {
    for scene in [Scene::Fresh, Scene::Changed, Scene::Owned, Scene::Journal] {
        let stage = Stage::new(scene);
        let calls = calls(&stage);
        let writes = calls
            .iter()
            .filter(|call| call.name == "write" && !call.text.starts_with("write(2<"));
        let writes: Vec<_> = writes.collect();
        assert!(writes.len() > 3);
        for_each(&writes, |call| {
            let project = stage.project();
            let before = super::snapshot(project.path());
            let inject = format!("inject=write:error=ENOSPC:when={}", call.number);
            let (output, _) = traced(stage.scene, &project, &["-e", "trace=write", "-e", &inject]);
            ran(output).exits(3);
            let found = super::snapshot(project.path());
            super::assert_same(&found, &before, &format!("{scene:?}, {}", call.text));
        });
    }
}
