//! Sleeps until something may have changed.
//!
//! It watches folders, not files: editors save by replacing the old file with a new one, and a
//! watch on the old file then reports nothing. Folders are replaced too, so a folder is identified
//! by its inode, not by its name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::remote::kind_of_remote;
use crate::input::diagnostic::printable_path;
use crate::input::load::is_dropping;
use crate::input::system::FileNumber;

/// Editors save in several steps, which are complete after this time without an event.
// Measured with inotify: an event comes 0.2 to 0.35 ms after a change; after a pause of 10 ms a
// file was found truncated, before its editor wrote it.
const QUIET: Duration = Duration::from_millis(12);

/// The longest wait for such a pause, if a program writes without one.
// A program that logs into the folder would otherwise delay the build for ever.
const LONGEST: Duration = Duration::from_millis(250);

/// How often to read the inputs where the system sends no events.
const USUAL_PACE: Duration = Duration::from_millis(500);

/// Why the waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// The inputs must be read: something happened, or the interval is over.
    Read,
    /// The time was up.
    Late,
    /// The watch must stop.
    Stop,
}

enum Signal {
    /// Something happened at these paths.
    Touched(Vec<PathBuf>),
    /// The system lost events.
    Lost,
    Stop,
}

/// Ends the waiting from another thread.
#[derive(Clone)]
pub struct Stopper(Sender<Signal>);

impl Stopper {
    /// Ends the current or the next waiting.
    pub fn stop(&self) {
        // A closed channel means that nobody waits any more.
        let _ = self.0.send(Signal::Stop);
    }
}

/// Wakes when something happens at one of its paths, or below.
pub(super) struct Waker {
    roots: Vec<PathBuf>,
    sender: Sender<Signal>,
    receiver: Receiver<Signal>,
    /// The source of the system's events, if there is one.
    events: Option<RecommendedWatcher>,
    /// The watched folders, each with its identity on the file system.
    watched: BTreeMap<PathBuf, FileNumber>,
    /// Watched folders that something happened to: a new folder can have the inode of the one
    /// before without being watched.
    stale: BTreeSet<PathBuf>,
    /// How often to read without events.
    pace: Option<Pace>,
    /// How often in a row events were lost without a change.
    lost: usize,
    is_lost: bool,
    is_stopped: bool,
}

/// How often to read.
struct Pace {
    every: Duration,
    /// Whether the user set the interval, so that it stays.
    is_fixed: bool,
}

impl Waker {
    /// Creates a waker that watches nothing yet; returns a note if the system can't send events.
    pub(super) fn new(
        roots: impl Iterator<Item = PathBuf>,
        poll: Option<Duration>,
    ) -> (Waker, Option<String>) {
        let (sender, receiver) = channel();
        let mut waker = Waker {
            roots: roots.collect(),
            sender: sender.clone(),
            receiver,
            events: None,
            watched: BTreeMap::new(),
            stale: BTreeSet::new(),
            pace: poll.map(|every| Pace {
                every,
                is_fixed: true,
            }),
            lost: 0,
            is_lost: false,
            is_stopped: false,
        };
        if poll.is_some() {
            return (waker, None);
        }
        // notify without its debouncer, which delivered an event 51 to 54 ms after a save at its
        // usual 50 ms.
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if let Some(signal) = signal(event) {
                // The waker is dropped: nobody receives the signal.
                let _ = sender.send(signal);
            }
        });
        let note = match watcher {
            Ok(events) => {
                waker.events = Some(events);
                None
            }
            Err(error) => Some(waker.poll(&reason(&error))),
        };
        (waker, note)
    }

    pub(super) fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }

    /// Watches these folders and no others.
    ///
    /// Returns whether a folder is watched now that was not before, and a note for users.
    pub(super) fn watch(&mut self, folders: &BTreeSet<PathBuf>) -> (bool, Option<String>) {
        let Some(events) = &mut self.events else {
            return (false, None);
        };
        let now: BTreeMap<PathBuf, FileNumber> = folders
            .iter()
            .filter_map(|folder| Some((folder.clone(), identity(folder)?)))
            .collect();
        let stale = std::mem::take(&mut self.stale);
        let mut taken: BTreeSet<FileNumber> = BTreeSet::new();
        self.watched.retain(|folder, id| {
            let stays = now.get(folder) == Some(id) && !stale.contains(folder);
            if stays {
                taken.insert(*id);
            } else {
                // It may be deleted, and then the system has removed the watch already.
                let _ = events.unwatch(folder);
            }
            stays
        });
        let mut is_new = false;
        for (folder, id) in now {
            // Watching the same folder by a second name would replace the first watch.
            if self.watched.contains_key(&folder) || !taken.insert(id) {
                continue;
            }
            // Folder by folder: a recursive watch of the project would include the output and
            // `node_modules`.
            match events.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    is_new = true;
                    self.watched.insert(folder.clone(), id);
                }
                Err(error) if is_gone(&error) => continue,
                Err(error) => return (true, Some(self.poll(&reason(&error)))),
            }
            if self.pace.is_none()
                && let Some(kind) = kind_of_remote(&folder)
            {
                self.pace = Some(Pace {
                    every: USUAL_PACE,
                    is_fixed: false,
                });
                let folder = printable_path(&folder);
                let note = format!(
                    "note: `{folder}` is on {kind}, where not every change is reported; \
                     checking every {} ms too\n",
                    USUAL_PACE.as_millis()
                );
                return (true, Some(note));
            }
        }
        (is_new, None)
    }

    /// Waits until there is a reason to read the inputs.
    pub(super) fn wait(&mut self) -> Wake {
        let end = self.pace.as_ref().map(|pace| Instant::now() + pace.every);
        match self.wait_for(end) {
            Wake::Late => Wake::Read,
            wake => wake,
        }
    }

    /// Waits as [`wait`](Self::wait) does, but until `end` at most; with an interval, the inputs are
    /// read then.
    pub(super) fn wait_until(&mut self, end: Instant) -> Wake {
        if Instant::now() >= end {
            return Wake::Late;
        }
        match self.wait_for(Some(end)) {
            Wake::Late if self.pace.is_some() => Wake::Read,
            wake => wake,
        }
    }

    fn wait_for(&mut self, end: Option<Instant>) -> Wake {
        if self.is_stopped {
            return Wake::Stop;
        }
        loop {
            match self.receive(end) {
                Ok(signal) if self.takes(&signal) => break,
                Ok(_) => {}
                Err(_) => return Wake::Late,
            }
        }
        let longest = Instant::now() + LONGEST;
        let mut quiet = Instant::now() + QUIET;
        while !self.is_stopped {
            match self.receive(Some(quiet.min(longest))) {
                Ok(signal) if self.takes(&signal) => quiet = Instant::now() + QUIET,
                Ok(_) => {}
                Err(_) => return Wake::Read,
            }
        }
        Wake::Stop
    }

    fn receive(&self, end: Option<Instant>) -> Result<Signal, RecvTimeoutError> {
        match end {
            Some(end) => {
                let left = end.saturating_duration_since(Instant::now());
                self.receiver.recv_timeout(left)
            }
            // The waker has a sender itself, so this waits for a signal.
            None => self
                .receiver
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Records a signal, and returns whether it concerns the inputs.
    fn takes(&mut self, signal: &Signal) -> bool {
        match signal {
            Signal::Touched(paths) => {
                let watched = paths.iter().filter(|path| self.watched.contains_key(*path));
                // The system may have removed the watch of a folder together with the event, so
                // none counts as watched.
                self.stale.extend(watched.cloned());
                paths.iter().any(|path| self.concerns(path))
            }
            Signal::Lost => {
                self.stale.extend(self.watched.keys().cloned());
                self.is_lost = true;
                true
            }
            Signal::Stop => {
                self.is_stopped = true;
                true
            }
        }
    }

    /// Returns whether a change at a path may be one of the inputs: on the way to a root or below
    /// it.
    ///
    /// Other systems than Linux report other names than those that were watched, so every path
    /// counts there.
    fn concerns(&self, path: &Path) -> bool {
        let below = |root: &PathBuf| {
            let below = path.strip_prefix(root).ok()?;
            Some(!below.iter().any(is_dropping))
        };
        let mut roots = self.roots.iter();
        !cfg!(target_os = "linux")
            || roots.any(|root| root.starts_with(path) || below(root).unwrap_or(false))
    }

    /// Adds a path to the inputs.
    pub(super) fn follow(&mut self, root: PathBuf) {
        if !self.roots.contains(&root) {
            self.roots.push(root);
        }
    }

    /// Sets the shortest interval, unless the user set one.
    pub(super) fn set_pace(&mut self, least: Duration) {
        if let Some(pace) = self.pace.as_mut().filter(|pace| !pace.is_fixed) {
            pace.every = least.max(USUAL_PACE);
        }
    }

    /// Takes the result of reading. Events that are lost twice in a row without a change are those
    /// of our own reading: then events are of no use here.
    pub(super) fn after_read(&mut self, is_same: bool) -> Option<String> {
        let is_lost = std::mem::take(&mut self.is_lost);
        self.lost = if is_lost && is_same { self.lost + 1 } else { 0 };
        // Twice, since one overflow may be caused by real changes that were reverted.
        (self.lost >= 2).then(|| self.poll("there are more changes than the system can report"))
    }

    /// Reads at an interval from now on, and returns a note about it.
    fn poll(&mut self, reason: &str) -> String {
        self.events = None;
        self.watched.clear();
        let every = self.pace.get_or_insert(Pace {
            every: USUAL_PACE,
            is_fixed: false,
        });
        format!(
            "note: can't wait for changes: {reason}; checking every {} ms instead\n",
            every.every.as_millis()
        )
    }
}

/// Converts an event to a signal; ignores those that reading causes too.
fn signal(event: notify::Result<Event>) -> Option<Signal> {
    match event {
        Ok(event) if event.need_rescan() => Some(Signal::Lost),
        // Opening and reading a file are events too, and reacting to our own reading would loop
        // for ever.
        Ok(event) => match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
                Some(Signal::Touched(event.paths))
            }
            EventKind::Access(_) => None,
            _ => Some(Signal::Touched(event.paths)),
        },
        Err(_) => Some(Signal::Lost),
    }
}

/// Returns the identity of the folder that has this name now.
fn identity(folder: &Path) -> Option<FileNumber> {
    let metadata = std::fs::metadata(folder).ok()?;
    metadata.is_dir().then(|| FileNumber::of(&metadata))
}

fn is_gone(error: &notify::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    match &error.kind {
        notify::ErrorKind::PathNotFound => true,
        notify::ErrorKind::Io(error) => matches!(error.kind(), NotFound | NotADirectory),
        _ => false,
    }
}

/// Describes why the system sends no events.
fn reason(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "the system's limit of watched folders is reached (on Linux `fs.inotify.max_user_watches`)"
                .to_owned()
        }
        notify::ErrorKind::Io(error) => {
            let reason = error.to_string();
            let reason = reason.split(" (os error").next().unwrap_or(&reason);
            reason.to_lowercase()
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, DataChange, Flag, ModifyKind};

    fn waker(roots: &[&str]) -> Waker {
        let poll = Some(Duration::from_secs(1));
        Waker::new(roots.iter().map(PathBuf::from), poll).0
    }

    #[test]
    fn reading_and_its_traces_are_no_change() {
        let touched = |kind| {
            let event = Event::new(kind).add_path(PathBuf::from("/p/spec/a.yaml"));
            matches!(signal(Ok(event)), Some(Signal::Touched(_)))
        };
        assert!(touched(EventKind::Create(CreateKind::File)));
        assert!(touched(EventKind::Modify(ModifyKind::Data(
            DataChange::Any
        ))));
        let close = |mode| EventKind::Access(AccessKind::Close(mode));
        assert!(touched(close(AccessMode::Write)));
        assert!(!touched(close(AccessMode::Read)));
        assert!(!touched(EventKind::Access(AccessKind::Open(
            AccessMode::Any
        ))));
    }

    #[test]
    fn an_overflow_is_a_reason_to_read() {
        let event = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(matches!(signal(Ok(event)), Some(Signal::Lost)));
    }

    #[test]
    fn what_happens_elsewhere_and_to_droppings_concerns_nobody() {
        let waker = waker(&["/p/spec", "/p/bots.csv"]);
        for (path, concerns) in [
            ("/p/spec", true),
            ("/p", true),
            ("/p/spec/chat.yaml", true),
            ("/p/spec/img/a.png", true),
            ("/p/bots.csv", true),
            ("/p/site", false),
            ("/p/spec2/chat.yaml", false),
            ("/p/bots.csv~", false),
            ("/p/spec/.chat.yaml.swp", false),
            ("/p/spec/4913", false),
            ("/p/spec/img/a.png~", false),
            ("/p/spec/.git/index", false),
        ] {
            assert_eq!(waker.concerns(Path::new(path)), concerns, "{path}");
        }
    }

    #[test]
    fn who_loses_events_by_reading_stops_listening() {
        let mut waker = waker(&["/p"]);
        waker.is_lost = true;
        assert_eq!(waker.after_read(true), None);
        waker.is_lost = true;
        assert_eq!(waker.after_read(false), None, "something had changed");
        waker.is_lost = true;
        assert_eq!(waker.after_read(true), None);
        waker.is_lost = true;
        assert!(waker.after_read(true).is_some());
    }

    #[test]
    fn a_stop_ends_this_waiting_and_all_others() {
        let mut waker = waker(&["/p"]);
        waker.stopper().stop();
        assert_eq!(waker.wait(), Wake::Stop);
        assert_eq!(waker.wait(), Wake::Stop);
    }
}
