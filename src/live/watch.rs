//! Returns the project's inputs each time they have changed.
//!
//! An event only triggers a new read of all inputs. Each file is read again unless it is certainly
//! unchanged, and its content decides whether it changed. So superfluous events, such as those of
//! editors' temporary files or of our own reading, do no harm, and a save that writes other bytes
//! of the same size and time is detected all the same.
//!
//! A folder is watched before it is read, and read again if it was not watched before, so that no
//! change is lost between the two.

mod remote;
mod waker;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::input::diagnostic::Report;
use crate::input::load::{self, Folders, Inputs, ListChoice};

pub use waker::Stopper;
use waker::{Wake, Waker};

/// The inverse of the share of time that reading the files may take.
// Reading a network drive may take seconds; reading without a pause would keep the drive and a
// core busy.
const SHARE_OF_READING: u32 = 20;

/// Detects changes of a project's inputs.
pub struct Watch {
    folders: Folders,
    list: ListChoice,
    waker: Waker,
    /// The inputs as read last.
    last: Option<Arc<InputsSnapshot>>,
    cache: load::FileCache,
    notes: Vec<String>,
}

/// All inputs at one moment, and the errors of reading them.
#[derive(Debug, Default)]
pub struct InputsSnapshot {
    /// The inputs.
    pub inputs: Inputs,
    /// The errors of inputs that could not be read.
    pub report: Report,
}

impl Watch {
    /// Begins to watch a project and the chosen list of bots.
    ///
    /// With `poll`, it reads the inputs at this interval; else it waits for events of the system,
    /// and reads at an interval only where these are unreliable.
    pub fn new(folders: &Folders, list: ListChoice, poll: Option<Duration>) -> Watch {
        let (waker, note) = Waker::new(folders.roots().into_iter().map(load::absolute), poll);
        Watch {
            folders: folders.clone(),
            list,
            waker,
            last: None,
            cache: load::FileCache::default(),
            notes: note.into_iter().collect(),
        }
    }

    /// Returns a handle that ends the waiting from another thread.
    pub fn stopper(&self) -> Stopper {
        self.waker.stopper()
    }

    /// Returns the inputs as read last.
    ///
    /// # Panics
    /// Before the first call of [`wait`](Self::wait).
    pub fn last(&self) -> Arc<InputsSnapshot> {
        let last = self.last.as_ref();
        Arc::clone(last.expect("the inputs have been read"))
    }

    /// Returns the notes for users about how changes are detected, each once.
    pub fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Waits until the inputs differ from those read last, and returns the names of the changed
    /// files; at first all. Returns nothing if it was stopped.
    pub fn wait(&mut self) -> Option<Vec<String>> {
        if self.last.is_none() {
            return Some(self.read_again().unwrap_or_default());
        }
        loop {
            if self.waker.wait() == Wake::Stop {
                return None;
            }
            if let Some(changed) = self.read_again() {
                return Some(changed);
            }
        }
    }

    /// Waits as [`wait`](Self::wait) does, but returns nothing if the inputs stay the same for
    /// `time`.
    pub fn wait_within(&mut self, time: Duration) -> Option<Vec<String>> {
        let end = Instant::now() + time;
        while self.waker.wait_until(end) == Wake::Read {
            if let Some(changed) = self.read_again() {
                return Some(changed);
            }
        }
        None
    }

    /// Reads the inputs, and returns the changed files if there is a change.
    fn read_again(&mut self) -> Option<Vec<String>> {
        let start = Instant::now();
        let snapshot = self.snapshot();
        self.waker.set_pace(start.elapsed() * SHARE_OF_READING);
        let last = self.last.clone().unwrap_or_default();
        let changed = snapshot.inputs.changes_since(&last.inputs);
        // The report alone changes if a file can't be read any more.
        let is_same = changed.is_empty() && snapshot.report == last.report;
        self.notes.extend(self.waker.after_read(is_same));
        self.last = Some(Arc::new(snapshot));
        (!is_same).then_some(changed)
    }

    fn snapshot(&mut self) -> InputsSnapshot {
        loop {
            let mut snapshot = InputsSnapshot::default();
            let (cache, report) = (&mut self.cache, &mut snapshot.report);
            snapshot.inputs = load::load(&self.folders, &self.list, cache, report);
            let (inputs, report) = (&mut snapshot.inputs, &mut snapshot.report);
            load::watched_bots(&self.list, &self.folders, inputs, report);
            if let Some(list) = &snapshot.inputs.bots {
                self.waker.follow(load::absolute(list.path()));
            }
            let (is_new, note) = self.waker.watch(&self.around(&snapshot.inputs));
            self.notes.extend(note);
            // A folder that was not watched before may have changed after it was read, so
            // everything is read once more.
            if !is_new {
                return snapshot;
            }
        }
    }

    /// Returns the folders to watch: those that were read, and two above each input, where the
    /// creation, removal or replacement of a folder is visible.
    fn around(&self, read: &Inputs) -> BTreeSet<PathBuf> {
        let list = read.bots.as_ref().map(load::BotList::path);
        let inputs = self.folders.roots().into_iter().chain(list);
        let mut folders: BTreeSet<PathBuf> = read
            .folders
            .iter()
            .map(|folder| load::absolute(folder))
            .collect();
        // Two levels: replacing `spec/` changes its parent, and replacing the project changes the
        // folder above.
        for input in inputs {
            let input = load::absolute(input);
            folders.extend(input.ancestors().skip(1).take(2).map(Path::to_owned));
        }
        folders
    }
}
