//! The folders of all bots, compared by as many threads as there are processors.
//!
//! The bots of the last build and those of this one come in the order of the hashes of their IDs.
//! So both lists are read side by side, and no list of paths is ever in memory. Each thread takes a
//! chunk of bots at a time, and the outputs are put into order again: the bytes are the same with
//! any number of threads.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use anyhow::anyhow;

use super::bot::{BotChange, ChunkOutput, Comparison, Pair, Scratch, Sink};
use super::manifest::ListedBot;

/// The number of bots that a thread takes at once.
const CHUNK: usize = 64;

/// The same where the chunks' pages stay in memory until they are written.
// Up to three results for each thread wait: with 64 bots of three pages of 60 kB these would be
// 550 MB at 16 threads, with 8 bots they are 70 MB.
const ARCHIVED_CHUNK: usize = 8;

/// One way through all bots.
pub(super) struct Pass<'a> {
    comparison: Comparison<'a>,
    /// Buffers whose content was written, for entries of an archive to come.
    spare: Mutex<Vec<Vec<u8>>>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(change: BotChange<'a>) -> Pass<'a> {
        Pass {
            comparison: Comparison::new(change),
            spare: Mutex::default(),
        }
    }

    /// Compares all bots, and calls `take` with each chunk's output in the order of their hashes.
    pub(super) fn run(
        &self,
        mut take: impl FnMut(ChunkOutput) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let change = &self.comparison.change;
        let bots = change.new.map_or(0, |bots| bots.roster.len()) + change.old.bots.count;
        let threads = change.options.threads.map_or_else(processors, NonZero::get);
        let threads = threads.min(bots.div_ceil(CHUNK));
        let mut old = change.old.bots.iter().peekable();
        let mut next = 0;
        let chunks = std::iter::from_fn(|| self.chunk(&mut old, &mut next).transpose());
        if threads <= 1 {
            let mut scratch = self.comparison.scratch();
            for chunk in chunks {
                take(self.work(&chunk?, &mut scratch)?)?;
            }
            return Ok(());
        }
        let chunks = Mutex::new(chunks.enumerate());
        let is_over = AtomicBool::new(false);
        // Bounded, so that outputs don't fill the memory where the disk is slower than the
        // processors.
        let (send, receive) = mpsc::sync_channel(2 * threads);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (send, chunks, is_over) = (send.clone(), &chunks, &is_over);
                scope.spawn(move || {
                    let mut scratch = self.comparison.scratch();
                    while !is_over.load(Ordering::Relaxed) {
                        // Chunks are made one at a time, since they are read from one stream; the
                        // work on them is outside the lock.
                        let chunk = chunks.lock().unwrap_or_else(PoisonError::into_inner).next();
                        let Some((number, chunk)) = chunk else { break };
                        let part = chunk.and_then(|chunk| self.work(&chunk, &mut scratch));
                        if send.send((number, part)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            let taken = in_order(receive.iter(), &mut take);
            is_over.store(true, Ordering::Relaxed);
            // Threads that wait in `send` get an error now, and end.
            drop(receive);
            taken
        })
    }

    /// Takes back the entries of a part, whose memory serves for others.
    pub(super) fn reuse(&self, mut entries: Vec<u8>) {
        entries.clear();
        self.spare().push(entries);
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the next bots of both lists.
    fn chunk(
        &self,
        old: &mut Peekable<impl Iterator<Item = std::io::Result<ListedBot>>>,
        next: &mut usize,
    ) -> anyhow::Result<Option<Vec<Pair>>> {
        let mut chunk = Vec::new();
        let most = match self.comparison.change.target {
            Sink::Archive => ARCHIVED_CHUNK,
            _ => CHUNK,
        };
        while chunk.len() < most {
            let roster = self.comparison.change.new.map(|bots| bots.roster);
            let roster = roster.filter(|roster| *next < roster.len());
            let new = roster.map(|roster| roster.key(*next));
            let listed = match old.peek() {
                Some(Ok(bot)) => Some(bot.key),
                Some(Err(_)) => {
                    let error = old.next().and_then(Result::err);
                    return Err(error.map_or_else(|| anyhow!("no error"), Into::into));
                }
                None => None,
            };
            // The lower hash comes next; equal hashes are one bot, of both lists.
            let is_new = new.is_some_and(|new| listed.is_none_or(|listed| new <= listed));
            let is_old = listed.is_some_and(|listed| new.is_none_or(|new| listed <= new));
            if !is_new && !is_old {
                break;
            }
            chunk.push(Pair {
                new: is_new.then_some(*next),
                old: if is_old {
                    old.next().transpose()?
                } else {
                    None
                },
            });
            *next += usize::from(is_new);
        }
        Ok((!chunk.is_empty()).then_some(chunk))
    }

    fn work(&self, chunk: &[Pair], scratch: &mut Scratch) -> anyhow::Result<ChunkOutput> {
        let mut output = ChunkOutput {
            entries: self.spare().pop().unwrap_or_default(),
            ..ChunkOutput::default()
        };
        for pair in chunk {
            self.comparison.compare(pair, scratch, &mut output)?;
        }
        Ok(output)
    }
}

/// Calls `take` with numbered results in the order of their numbers.
fn in_order(
    parts: impl Iterator<Item = (usize, anyhow::Result<ChunkOutput>)>,
    take: &mut impl FnMut(ChunkOutput) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    // Few wait: each thread has one chunk at a time.
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for (number, part) in parts {
        waiting.insert(number, part?);
        while let Some(part) = waiting.remove(&next) {
            take(part)?;
            next += 1;
        }
    }
    Ok(())
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}
