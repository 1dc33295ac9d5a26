//! What other programs put into the output directory at every single moment of a command is not
//! lost.
//!
//! The command is stopped behind its system calls in turn: those next to a change, and in the full
//! form of `./test` some of the others too, evenly and of each kind. Then files are put, replaced
//! or edited, folders are renamed, and the command goes on. Nothing here depends on time.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::disk::Disk;
use super::faults::{CHANGED, CHANGED_BOTS, CLEANED, Call, FRESH, MOUNTED, RECOVERY, Scene};
use super::*;

/// What another program does while the command is stopped; returns what it has written, by path.
type Deed = fn(&Path) -> Vec<(String, String)>;

/// The files that our commands write, replace, keep or delete in any of the scenes.
const OURS: [&str; 11] = [
    "index.html",
    "a/b/c.html",
    "a/d.html",
    "a/e.html",
    "x",
    "x/y.html",
    "z",
    "bots/ada/index.html",
    "bots/cem/index.html",
    "bots/eve/index.html",
    "botdocs-manifest.json",
];

/// Puts new files beside ours, into every folder that is there, and into that of the journal.
fn put_beside(site: &Path) -> Vec<(String, String)> {
    let folders = ["", "a/", "a/b/", "x/", "bots/", "bots/ada/", "bots/cem/"];
    let files = folders.map(|folder| (folder, "foreign"));
    let names = ["0", "3", "taken-0", "taken-1", "taken-5", "journal.new"];
    let numbers = names.map(|name| (".botdocs-journal/", name));
    let files = files.iter().chain(&numbers);
    let there = files.filter(|(folder, _)| site.join(folder).is_dir());
    let put = there.filter_map(|(folder, name)| {
        let path = format!("{folder}{name}");
        let text = format!("{name} in {folder}");
        fs::write(site.join(&path), &text).ok()?;
        Some((path, text))
    });
    put.collect()
}

/// Writes over our files, in the same file.
fn edit(site: &Path) -> Vec<(String, String)> {
    let there = OURS.iter().filter(|path| site.join(path).is_file());
    let edited = there.map(|path| {
        let text = format!("edited {path}");
        fs::write(site.join(path), &text).unwrap();
        ((*path).to_owned(), text)
    });
    edited.collect()
}

/// Puts new files in the place of ours, whether those are there or not.
fn replace(site: &Path) -> Vec<(String, String)> {
    let put = OURS.iter().filter_map(|path| {
        let text = format!("replaced {path}");
        let (beside, path) = (site.with_file_name("beside"), (*path).to_owned());
        fs::write(&beside, &text).unwrap();
        fs::rename(&beside, site.join(&path))
            .is_ok()
            .then_some((path, text))
    });
    let put = put.collect();
    let _ = fs::remove_file(site.with_file_name("beside"));
    put
}

/// Renames folders with files of its own in them.
fn move_folders(site: &Path) -> Vec<(String, String)> {
    let mut put = Vec::new();
    for folder in ["a", "x", "bots"] {
        let moved = format!("moved-{folder}");
        if site.join(folder).is_dir() {
            let path = format!("{moved}/foreign");
            fs::write(site.join(folder).join("foreign"), &path).unwrap();
            fs::rename(site.join(folder), site.join(&moved)).unwrap();
            put.push((path.clone(), path));
        }
    }
    put
}

/// Puts folders in the place of our files, with a file in each.
fn put_folders(site: &Path) -> Vec<(String, String)> {
    let there = OURS.iter().filter(|path| site.join(path).is_file());
    let put = there.map(|path| {
        fs::remove_file(site.join(path)).unwrap();
        fs::create_dir(site.join(path)).unwrap();
        let put = format!("{path}/foreign");
        fs::write(site.join(&put), &put).unwrap();
        (put.clone(), put)
    });
    put.collect()
}

/// How many moments between two calls that only look the full form of `./test` tries, of each scene
/// and deed, beside the first call of each name.
///
/// All of them are 8,000 runs, which took hours; these are 3,000, of 0.2 s of a processor each.
const LOOKS: usize = 20;

/// Whether the full form of `./test` runs.
pub(super) fn is_full() -> bool {
    std::env::var_os("BOTDOCS_TESTS_FULL").is_some()
}

impl Scene {
    /// Runs the command, and does the deed behind one of its calls.
    fn interrupt(
        &self,
        project: &Project,
        call: &Call,
        deed: Deed,
    ) -> (Output, Vec<(String, String)>) {
        let temp = tempfile::tempdir().unwrap();
        let Call { name, number, .. } = call;
        let trace = self.tracing(name);
        let inject = format!("inject={name}:signal=STOP:when={number}");
        let mut command = self.command(project, temp.path(), &["-e", &trace, "-e", &inject]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        let log = temp.path().join("log");
        let stopped = loop {
            let text = fs::read_to_string(&log).unwrap_or_default();
            let stop = text
                .lines()
                .find(|line| line.contains("stopped by SIGSTOP"));
            if let Some(stop) = stop {
                break stop.split(' ').next().unwrap().to_owned();
            }
            let ended = running.try_wait().unwrap();
            assert!(ended.is_none(), "it never stopped: {}", call.text);
            std::thread::sleep(std::time::Duration::from_millis(1));
        };
        let put = deed(&project.path("site"));
        let stopped = Pid::from_raw(stopped.parse().unwrap()).unwrap();
        kill_process(stopped, Signal::CONT).unwrap();
        (running.wait_with_output().unwrap(), put)
    }

    /// The calls behind which deeds are done: those before a change, and with `looks` those after a
    /// change and so many others as well.
    ///
    /// What is done before a call that only looks is seen by that call, or is there as well before
    /// the next change.
    fn moments(&self, calls: &[Call], looks: usize) -> BTreeSet<usize> {
        let changes = |turn: usize| calls.get(turn).is_some_and(Call::changes);
        let can = |turn: &usize| self.can_fail_at(&calls[*turn]);
        // Not each call can be stopped at: of those before a change, the last one that can.
        let before = (0..calls.len()).filter(|&turn| changes(turn));
        let mut moments: BTreeSet<usize> = before
            .filter_map(|turn| (0..turn).rev().find(can))
            .collect();
        if looks == 0 {
            return moments;
        }
        let (after, others): (Vec<usize>, Vec<usize>) = (0..calls.len())
            .filter(|turn| can(turn) && !moments.contains(turn))
            .partition(|&turn| changes(turn));
        moments.extend(after);
        let mut names = BTreeSet::new();
        let is_first = |turn: &&usize| names.insert(&calls[**turn].name);
        let firsts: Vec<usize> = others.iter().filter(is_first).copied().collect();
        let evenly = (0..looks).filter_map(|at| others.get(at * others.len() / looks));
        moments.extend(evenly.copied().chain(firsts));
        moments
    }

    /// Does the deed at every moment in turn.
    fn race(&self, deed: Deed) {
        if !self.disk.is_here() {
            return;
        }
        let mut done = 0;
        let calls = self.trace();
        for turn in self.moments(&calls, if is_full() { LOOKS } else { 0 }) {
            let call = &calls[turn];
            let project = self.project();
            let (output, put) = self.interrupt(&project, call, deed);
            let place = &call.text;
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            self.check_put(&project, &put, output.status.success(), &said, place);
            done += put.len();
            // The next command loses nothing either, whether it is refused or not.
            let next = self.write_next(&project, false);
            let said = format!("{said}{}", next.as_ref().err().map_or("", |error| error));
            self.check_put(
                &project,
                &put,
                next.is_ok(),
                &said,
                &format!("the command after {place}"),
            );
        }
        assert!(done > 5, "only {done} files were put");
    }

    /// Each file that was put is where it was put, or the command failed and named it.
    fn check_put(
        &self,
        project: &Project,
        put: &[(String, String)],
        is_done: bool,
        said: &str,
        place: &str,
    ) {
        let found = project.snapshot();
        for (path, text) in put {
            let is_there = found.get(&format!("site/{path}")) == Some(text);
            let is_kept = found.values().any(|found| found == text);
            let is_named = !is_done && said.contains(path.as_str());
            assert!(
                is_there || is_kept && is_named,
                "`{path}` is lost, behind {place}: {found:#?}\n{said}"
            );
        }
    }
}

#[test]
fn a_file_put_beside_ours_at_any_moment_stays() {
    for scene in [FRESH, CHANGED, CLEANED, RECOVERY, CHANGED_BOTS] {
        scene.race(put_beside);
    }
}

#[test]
fn an_edit_of_our_file_at_any_moment_stays() {
    for scene in [CHANGED, CLEANED, RECOVERY, CHANGED_BOTS] {
        scene.race(edit);
    }
}

#[test]
fn a_file_put_in_the_place_of_ours_at_any_moment_stays() {
    for scene in [CHANGED, CLEANED, RECOVERY, CHANGED_BOTS] {
        scene.race(replace);
    }
}

#[test]
fn a_file_put_in_the_place_of_ours_stays_on_every_disk() {
    for scene in [CHANGED.on(Disk::PlainRenames), MOUNTED] {
        scene.race(replace);
    }
    if is_full() {
        for scene in [CLEANED, RECOVERY, CHANGED_BOTS] {
            scene.on(Disk::PlainRenames).race(replace);
        }
    }
}

/// Where no two names can be exchanged, a folder in the way must not be waited for.
#[test]
fn a_folder_put_in_the_place_of_ours_at_any_moment_stays() {
    for scene in [CHANGED, CHANGED.on(Disk::PlainRenames)] {
        scene.race(put_folders);
    }
}

#[test]
fn the_full_form_tries_every_kind_of_call_and_a_bounded_number() {
    if !CHANGED.disk.is_here() {
        return;
    }
    for scene in [CHANGED, CLEANED, CHANGED_BOTS] {
        let calls = scene.trace();
        let [few, many] = [0, LOOKS].map(|looks| scene.moments(&calls, looks));
        let names = |turns: &mut dyn Iterator<Item = usize>| -> BTreeSet<String> {
            let can = turns.filter(|&turn| scene.can_fail_at(&calls[turn]));
            can.map(|turn| calls[turn].name.clone()).collect()
        };
        let all = names(&mut (0..calls.len()));
        assert_eq!(names(&mut many.iter().copied()), all);
        assert!(few.is_subset(&many) && many.len() >= few.len() + LOOKS);
        let changes = calls.iter().filter(|call| call.changes()).count();
        assert!(many.len() <= 2 * changes + LOOKS + all.len());
    }
}

/// In the full form of `./test` only.
#[test]
fn other_deeds_at_any_moment_lose_nothing_on_any_disk() {
    if !is_full() {
        return;
    }
    for scene in [CHANGED, CLEANED, RECOVERY, CHANGED_BOTS] {
        let plain = scene.on(Disk::PlainRenames);
        plain.race(put_beside);
        plain.race(edit);
    }
    for deed in [put_beside, edit, move_folders] {
        MOUNTED.race(deed);
    }
}

#[test]
fn a_folder_renamed_at_any_moment_loses_nothing() {
    for scene in [CHANGED, CLEANED, CHANGED_BOTS] {
        scene.race(move_folders);
    }
}
