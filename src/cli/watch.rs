//! What commands share that go on until they are stopped.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;

use super::signals::stop_by_signal;
use super::{Ending, talk};
use crate::input::diagnostic::printable;
use crate::input::load::{Folders, ListChoice};
use crate::live::watch::{InputsSnapshot, Watch};

/// A fault is told when the files have rested so long: half of a file is often wrong.
const SETTLE: Duration = Duration::from_millis(30);

/// How many files that changed are named.
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
    /// Look for changes every so many milliseconds [default: 500] instead of waiting for the system
    /// to tell; where it can't tell, this happens by itself
    #[arg(
        long, value_name = "MS", num_args = 0..=1, require_equals = true,
        default_missing_value = "500", value_parser = clap::value_parser!(u64).range(10..)
    )]
    poll: Option<u64>,
}

/// Why a list of bots can't be watched.
pub(super) fn unwatchable(bots: Option<&Path>) -> Option<&'static str> {
    let is_pipe = bots == Some(Path::new("-"));
    is_pipe.then_some("standard input can't be read again: name a file with `--bots` to watch")
}

impl Watching {
    pub(super) fn is_asked_for(&self) -> bool {
        self.watch
    }

    /// What is wrong with the flags beside each other.
    pub(super) fn fault(&self, bots: Option<&Path>) -> Option<&'static str> {
        match self.watch {
            true => unwatchable(bots),
            false if self.poll.poll.is_some() => Some("`--poll` is for `--watch`"),
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

/// The inputs of one build, and what it knows of those before it.
pub(super) struct Round<'a> {
    pub(super) look: Arc<InputsSnapshot>,
    pub(super) start: Instant,
    /// The files that changed since the last one, if there was one.
    pub(super) changed: Option<&'a [String]>,
    is_outdated: Option<&'a mut dyn FnMut() -> bool>,
}

impl Round<'_> {
    /// The only one.
    pub(super) fn only(look: InputsSnapshot) -> Round<'static> {
        Round {
            look: Arc::new(look),
            start: Instant::now(),
            changed: None,
            is_outdated: None,
        }
    }

    /// Waits a moment whether there are newer inputs, for which these need not be judged.
    pub(super) fn gets_outdated(self) -> bool {
        self.is_outdated.is_some_and(|is_outdated| is_outdated())
    }
}

/// Does `work` for the project as it is, and again after each change, until it is stopped; says
/// `hint` after the first time.
///
/// Only wrong usage ends it, since no change of a file mends that.
pub(super) fn after_each_change(
    watch: &mut Watch,
    hint: &str,
    mut work: impl FnMut(Round<'_>) -> anyhow::Result<Ending>,
) -> anyhow::Result<Ending> {
    let (mut is_first, mut was_fine) = (true, false);
    let mut changed = watch.wait();
    while let Some(mut names) = changed {
        watch.take_notes().iter().for_each(|note| talk(note));
        let mut newer = None;
        let ending = work(Round {
            look: watch.last(),
            start: Instant::now(),
            changed: (!is_first).then_some(names.as_slice()),
            is_outdated: Some(&mut || {
                newer = watch.wait_within(SETTLE);
                newer.is_some()
            }),
        });
        if let Some(more) = newer {
            // What was half saved is of no interest, but what changed then is.
            names.extend(more);
            names.sort_unstable();
            names.dedup();
            changed = Some(names);
            continue;
        }
        match ending {
            Ok(Ending::WrongUsage) if !was_fine => return Ok(Ending::WrongUsage),
            Ok(ending) => was_fine |= matches!(ending, Ending::Fine | Ending::Skipped),
            Err(error) => talk(&format!("error: {error:#}\n")),
        }
        if is_first {
            talk(hint);
        }
        is_first = false;
        changed = watch.wait();
    }
    Ok(Ending::Fine)
}

/// `spec/a.yaml, spec/b.md and 3 more`.
pub(super) fn named(files: &[String]) -> String {
    let shown = files.len().min(NAMED);
    let names = files[..shown].iter().map(|name| printable(name));
    let names = names.collect::<Vec<_>>().join(", ");
    match files.len() - shown {
        0 if names.is_empty() => "every file can be read now".to_owned(),
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
