//! Watch mode, which `build --watch` and `serve` share.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;

use super::signals::stop_by_signal;
use super::{Ending, message};
use crate::input::diagnostic::printable;
use crate::input::load::{Folders, ListChoice};
use crate::live::watch::{InputsSnapshot, Watch};

/// How long files must be unchanged before errors are reported: a half-saved file often has some.
// More than twice the pause that ends a change (12 ms), and too short to be noticed.
const SETTLE: Duration = Duration::from_millis(30);

/// How many changed files are named.
const NAMED: usize = 3;

/// `--watch` and `--poll`.
#[derive(Args)]
pub(super) struct Watching {
    /// Build again after each change, until Ctrl-C
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    poll: Poll,
}

/// `--poll`.
#[derive(Args)]
pub(super) struct Poll {
    /// Check for changes at this interval [default: 500] instead of waiting until the system
    /// reports them; without this flag, botdocs does this only where the system can't report
    /// changes
    #[arg(
        long, value_name = "MS", num_args = 0..=1, require_equals = true,
        default_missing_value = "500", value_parser = clap::value_parser!(u64).range(10..)
    )]
    poll: Option<u64>,
}

/// Returns why a list of bots can't be watched, if so.
pub(super) fn unwatchable(bots: Option<&Path>) -> Option<&'static str> {
    let is_pipe = bots == Some(Path::new("-"));
    is_pipe.then_some("standard input can't be read again: name a file with `--bots` to watch")
}

impl Watching {
    pub(super) fn is_asked_for(&self) -> bool {
        self.watch
    }

    /// Returns the error in the combination of flags, if any.
    pub(super) fn fault(&self, bots: Option<&Path>) -> Option<&'static str> {
        match self.watch {
            true => unwatchable(bots),
            false if self.poll.poll.is_some() => Some("`--poll` needs `--watch`"),
            _ => None,
        }
    }

    /// Begins to watch, until a signal ends it.
    pub(super) fn start(&self, folders: &Folders, list: ListChoice) -> anyhow::Result<Watch> {
        self.poll.start(folders, list)
    }
}

impl Poll {
    /// Begins to watch, until a signal ends it.
    pub(super) fn start(&self, folders: &Folders, list: ListChoice) -> anyhow::Result<Watch> {
        let watch = Watch::new(folders, list, self.poll.map(Duration::from_millis));
        let stopper = watch.stopper();
        stop_by_signal(move || stopper.stop()).context("cannot wait for signals")?;
        Ok(watch)
    }
}

/// The inputs of one build, and what changed since the one before.
pub(super) struct Round<'a> {
    pub(super) snapshot: Arc<InputsSnapshot>,
    pub(super) start: Instant,
    /// The files that changed since the last build; none for the first.
    pub(super) changed: Option<&'a [String]>,
    is_outdated: Option<&'a mut dyn FnMut() -> bool>,
}

impl Round<'_> {
    /// Returns the round of a build without `--watch`.
    pub(super) fn only(snapshot: InputsSnapshot) -> Round<'static> {
        Round {
            snapshot: Arc::new(snapshot),
            start: Instant::now(),
            changed: None,
            is_outdated: None,
        }
    }

    /// Waits briefly for newer inputs; returns true if there are some, and these need not be
    /// checked.
    pub(super) fn gets_outdated(self) -> bool {
        self.is_outdated.is_some_and(|is_outdated| is_outdated())
    }
}

/// Calls `work` for the project as it is, and again after each change, until it is stopped; prints
/// `hint` after the first time.
///
/// Only wrong usage ends the loop, since no change of a file corrects that.
pub(super) fn after_each_change(
    watch: &mut Watch,
    hint: &str,
    mut work: impl FnMut(Round<'_>) -> anyhow::Result<Ending>,
) -> anyhow::Result<Ending> {
    let (mut is_first, mut was_fine) = (true, false);
    let mut changed = watch.wait();
    while let Some(mut names) = changed {
        watch.take_notes().iter().for_each(|note| message(note));
        let mut newer = None;
        let ending = work(Round {
            snapshot: watch.last(),
            start: Instant::now(),
            changed: (!is_first).then_some(names.as_slice()),
            is_outdated: Some(&mut || {
                newer = watch.wait_within(SETTLE);
                newer.is_some()
            }),
        });
        if let Some(more) = newer {
            // Drop the half-saved snapshot, but keep its list of changed files.
            names.extend(more);
            names.sort_unstable();
            names.dedup();
            changed = Some(names);
            continue;
        }
        // After a successful build the flags are known to be right, so a later refusal is caused
        // by a file.
        match ending {
            Ok(Ending::WrongUsage) if !was_fine => return Ok(Ending::WrongUsage),
            Ok(ending) => was_fine |= matches!(ending, Ending::Fine | Ending::Skipped),
            // A failure of the machine (a full disk) may be gone at the next save.
            Err(error) => message(&format!("error: {error:#}\n")),
        }
        if is_first {
            message(hint);
        }
        is_first = false;
        changed = watch.wait();
    }
    Ok(Ending::Fine)
}

/// Formats a list of files: `spec/a.yaml, spec/b.md and 3 more`.
pub(super) fn named(files: &[String]) -> String {
    let shown = files.len().min(NAMED);
    let names = files[..shown].iter().map(|name| printable(name));
    let names = names.collect::<Vec<_>>().join(", ");
    match files.len() - shown {
        0 if names.is_empty() => "all files are readable again".to_owned(),
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
