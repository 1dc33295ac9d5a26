//! The project's inputs, each time that they have changed.
//!
//! What tells of a change is only a reason to look: at all inputs, each of which is read again
//! unless it is certainly the same file as before; and what is in them decides whether they changed.
//! So it harms nobody when the system tells too much, such as of editors' temporary files or of our
//! own reading, and a save that puts other bytes of the same size and time into a file is seen all
//! the same.
//!
//! A folder is watched before it is read, and looked into again when it was not watched before: so
//! no change falls between the two.

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

/// A look at the files may take this part of the time between two looks.
const SHARE_OF_LOOKING: u32 = 20;

/// Sees the changes of a project's inputs.
pub struct Watch {
    folders: Folders,
    list: ListChoice,
    waker: Waker,
    /// What was there at the last look.
    last: Option<Arc<InputsSnapshot>>,
    memory: load::FileCache,
    notes: Vec<String>,
}

/// All inputs at one moment, and what could not be read of them.
#[derive(Debug, Default)]
pub struct InputsSnapshot {
    /// The inputs.
    pub inputs: Inputs,
    /// Why others could not be read.
    pub report: Report,
}

impl Watch {
    /// Begins to watch a project and the list of bots that is taken.
    ///
    /// With `poll` it looks again and again after that time; else it waits for the system to tell,
    /// and only where that can't be relied on, it does so too.
    pub fn new(folders: &Folders, list: ListChoice, poll: Option<Duration>) -> Watch {
        let (waker, note) = Waker::new(folders.roots().into_iter().map(load::absolute), poll);
        Watch {
            folders: folders.clone(),
            list,
            waker,
            last: None,
            memory: load::FileCache::default(),
            notes: note.into_iter().collect(),
        }
    }

    /// What ends the waiting, from another thread.
    pub fn stopper(&self) -> Stopper {
        self.waker.stopper()
    }

    /// The inputs as they were found last.
    ///
    /// # Panics
    /// Before the first change, which is the project as it is found.
    pub fn last(&self) -> Arc<InputsSnapshot> {
        let last = self.last.as_ref();
        Arc::clone(last.expect("something was looked at before"))
    }

    /// What people should be told of how changes are found, each once.
    pub fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Waits until the inputs are others than at the last look, and names the files that changed;
    /// at first all. Gives nothing when it was stopped.
    pub fn wait(&mut self) -> Option<Vec<String>> {
        if self.last.is_none() {
            return Some(self.look_again().unwrap_or_default());
        }
        loop {
            if self.waker.wait() == Wake::Stop {
                return None;
            }
            if let Some(changed) = self.look_again() {
                return Some(changed);
            }
        }
    }

    /// Like [`wait`](Self::wait), but gives nothing if the inputs stay the same for a while.
    pub fn wait_within(&mut self, time: Duration) -> Option<Vec<String>> {
        let end = Instant::now() + time;
        while self.waker.wait_until(end) == Wake::Look {
            if let Some(changed) = self.look_again() {
                return Some(changed);
            }
        }
        None
    }

    /// Reads the inputs, and says what changed if anything did.
    fn look_again(&mut self) -> Option<Vec<String>> {
        let start = Instant::now();
        let look = self.look();
        self.waker.set_pace(start.elapsed() * SHARE_OF_LOOKING);
        let last = self.last.clone().unwrap_or_default();
        let changed = look.inputs.changes_since(&last.inputs);
        let is_same = changed.is_empty() && look.report == last.report;
        self.notes.extend(self.waker.judge(is_same));
        self.last = Some(Arc::new(look));
        (!is_same).then_some(changed)
    }

    fn look(&mut self) -> InputsSnapshot {
        loop {
            let mut look = InputsSnapshot::default();
            let (memory, report) = (&mut self.memory, &mut look.report);
            look.inputs = load::load_again(&self.folders, &self.list, memory, report);
            let (inputs, report) = (&mut look.inputs, &mut look.report);
            load::watched_bots(&self.list, &self.folders, inputs, report);
            if let Some(list) = &look.inputs.bots {
                self.waker.follow(load::absolute(list.path()));
            }
            let (is_new, note) = self.waker.watch(&self.around(&look.inputs));
            self.notes.extend(note);
            if !is_new {
                return look;
            }
        }
    }

    /// The folders to watch: those that were read, and two above each input, where one sees that a
    /// folder comes, goes, or is another one now.
    fn around(&self, read: &Inputs) -> BTreeSet<PathBuf> {
        let list = read.bots.as_ref().map(load::BotList::path);
        let inputs = self.folders.roots().into_iter().chain(list);
        let mut folders: BTreeSet<PathBuf> = read
            .folders
            .iter()
            .map(|folder| load::absolute(folder))
            .collect();
        for input in inputs {
            let input = load::absolute(input);
            folders.extend(input.ancestors().skip(1).take(2).map(Path::to_owned));
        }
        folders
    }
}
