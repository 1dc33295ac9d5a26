//! The folders of bots: bot by bot, what stands there is compared with what shall stand there.
//!
//! The bots of the last build and those of this one come in the order of their hashes, so that both
//! lists are gone through side by side and no list of paths is ever held. Bots are taken in chunks
//! by as many threads as there are processors, and the results handed on in order: so the bytes are
//! the same with any number of threads.

use std::collections::{BTreeMap, HashMap};
use std::iter::Peekable;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, mpsc};

use anyhow::{Context as _, anyhow};

use super::checksum::Checksum;
use super::displace::Was;
use super::error::FileFault;
use super::folder::Folder;
use super::journal::{Stage, Step};
use super::manifest::{ListedBot, ListedPage, Manifest, bot_line};
use super::path::TreePath;
use super::reserved::BOTS;
use super::spare::Spares;
use super::system::Kind;
use super::tree::{BotFolders, BotPage};
use super::{Summary, WriteOptions, archive};
use crate::hole::roster::{Bot, Roster, key_of};

/// How many bots a thread takes at once.
const CHUNK: usize = 64;

/// The same where their pages are held until it is their turn.
const ARCHIVED_CHUNK: usize = 8;

/// One way through all bots.
pub(super) struct Pass<'a> {
    /// The bots that shall be there, if any.
    pub(super) new: Option<&'a BotFolders<'a>>,
    /// The number in the new manifest of each choice of the roster.
    pub(super) numbers: Vec<u32>,
    pub(super) spares: Spares<'a>,
    /// What the last build listed.
    pub(super) old: &'a Manifest,
    /// The folder of bots as it is there, if it is.
    pub(super) there: Option<&'a Folder>,
    pub(super) target: Sink<'a>,
    pub(super) options: &'a WriteOptions,
    /// Whether it is known that nothing will change, and faults alone are looked for.
    pub(super) is_refused: AtomicBool,
    /// Buffers whose content was written, for entries of an archive to come.
    spare: Mutex<Vec<Vec<u8>>>,
    gone: OnceLock<Gone>,
}

/// Where new files go.
pub(super) enum Sink<'a> {
    /// Into the folder of bots of a new tree.
    Tree(&'a Folder),
    /// Onto the stage of a journal.
    Stage(&'a Stage<'a>),
    /// Into an archive.
    Archive,
}

/// What came of some bots.
#[derive(Default)]
pub(super) struct Done {
    /// Their lines of the new manifest.
    pub(super) lines: String,
    /// Their steps of the journal.
    pub(super) steps: Vec<u8>,
    /// Their entries of an archive.
    pub(super) entries: Vec<u8>,
    pub(super) faults: Vec<(String, FileFault)>,
    pub(super) summary: Summary,
    /// How many bots they are.
    pub(super) bots: usize,
}

/// A bot of this build, of the last one, or of both.
struct Pair {
    new: Option<usize>,
    old: Option<ListedBot>,
}

/// What a thread uses again and again.
struct Scratch {
    bot: Bot,
    page: Vec<u8>,
    file: Vec<u8>,
}

/// The folders that are there of bots that are not in the new list.
struct Gone {
    /// Their names by their hashes.
    names: HashMap<u128, String>,
    /// Whether the file system takes a name in other case for the same one.
    ignores_case: bool,
}

/// What stands at the place of a file.
enum AtPath {
    Nothing,
    Folder,
    File {
        size: u64,
    },
    /// A link, a pipe, a socket, a device.
    Other,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        (new, numbers, spares): (Option<&'a BotFolders<'a>>, Vec<u32>, Spares<'a>),
        old: &'a Manifest,
        there: Option<&'a Folder>,
        target: Sink<'a>,
        options: &'a WriteOptions,
    ) -> Pass<'a> {
        Pass {
            new,
            numbers,
            spares,
            old,
            there,
            target,
            options,
            is_refused: AtomicBool::new(false),
            spare: Mutex::default(),
            gone: OnceLock::new(),
        }
    }

    /// Goes through all bots, and hands on what comes of them in the order of their hashes.
    pub(super) fn run(
        &self,
        mut take: impl FnMut(Done) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let bots = self.new.map_or(0, |bots| bots.roster.len()) + self.old.bots.count;
        let threads = self.options.threads.map_or_else(processors, NonZero::get);
        let threads = threads.min(bots.div_ceil(CHUNK));
        let mut old = self.old.bots.iter().peekable();
        let mut next = 0;
        let chunks = std::iter::from_fn(|| self.chunk(&mut old, &mut next).transpose());
        if threads <= 1 {
            let mut scratch = self.scratch();
            for chunk in chunks {
                take(self.work(&chunk?, &mut scratch)?)?;
            }
            return Ok(());
        }
        let chunks = Mutex::new(chunks.enumerate());
        let is_over = AtomicBool::new(false);
        let (send, receive) = mpsc::sync_channel(2 * threads);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (send, chunks, is_over) = (send.clone(), &chunks, &is_over);
                scope.spawn(move || {
                    let mut scratch = self.scratch();
                    while !is_over.load(Ordering::Relaxed) {
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
            // Threads that wait for their result to be taken go on, and see that it is over.
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

    fn scratch(&self) -> Scratch {
        Scratch {
            bot: match self.new {
                Some(bots) => bots.roster.blank(),
                None => Roster::empty().blank(),
            },
            page: Vec::new(),
            file: Vec::new(),
        }
    }

    /// The next bots of both lists.
    fn chunk(
        &self,
        old: &mut Peekable<impl Iterator<Item = std::io::Result<ListedBot>>>,
        next: &mut usize,
    ) -> anyhow::Result<Option<Vec<Pair>>> {
        let mut chunk = Vec::new();
        let most = match self.target {
            Sink::Archive => ARCHIVED_CHUNK,
            _ => CHUNK,
        };
        while chunk.len() < most {
            let roster = self.new.map(|bots| bots.roster);
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
            let is_new = new.is_some_and(|new| listed.is_none_or(|listed| new <= listed));
            let is_old = listed.is_some_and(|listed| new.is_none_or(|new| listed <= new));
            if !is_new && !is_old {
                break;
            }
            chunk.push(Pair {
                new: is_new.then_some(*next),
                old: match is_old {
                    true => old.next().transpose()?,
                    false => None,
                },
            });
            *next += usize::from(is_new);
        }
        Ok((!chunk.is_empty()).then_some(chunk))
    }

    fn work(&self, chunk: &[Pair], scratch: &mut Scratch) -> anyhow::Result<Done> {
        let mut part = Done {
            entries: self.spare().pop().unwrap_or_default(),
            ..Done::default()
        };
        for Pair { new, old } in chunk {
            match (new, old) {
                (Some(number), old) => {
                    self.want(*number, old.as_ref(), scratch, &mut part)?;
                    part.bots += 1;
                }
                (None, Some(old)) if self.spares.has(old.key) => {
                    bot_line(&self.spares.listed(old)?, &mut part.lines);
                    part.summary.unchanged += old.files.len();
                }
                (None, Some(old)) => self.leave(old, scratch, &mut part)?,
                (None, None) => {}
            }
        }
        Ok(part)
    }

    /// Makes the files of a bot stand where they shall.
    fn want(
        &self,
        number: usize,
        old: Option<&ListedBot>,
        scratch: &mut Scratch,
        part: &mut Done,
    ) -> anyhow::Result<()> {
        let bots = self.new.context("a bot of no list")?;
        let Scratch { bot, page, file } = scratch;
        let read = bots.roster.read(number, bot);
        read.context("cannot read the values of a bot again")?;
        // It was checked when the list was read; here it becomes a path.
        TreePath::new(bot.id.as_str()).map_err(|error| anyhow!("{error}"))?;
        let mut place = self.place(&bot.id, part)?;
        if let Sink::Tree(tree) = self.target {
            tree.make(&bot.id)?;
            place.made = tree.child(&bot.id)?;
        }
        let pages = &bots.choices[bot.choice];
        let listed = old.map_or(&[][..], |old| &self.old.choices[old.choice as usize]);
        let is_same_bot = old.is_some_and(|old| old.values == bot.hash);
        let mut line = ListedBot {
            key: bots.roster.key(number),
            choice: self.numbers[bot.choice],
            values: bot.hash,
            files: Vec::with_capacity(pages.len()),
        };
        for wanted in pages {
            let at = position(listed, &wanted.name);
            let before = at.zip(old).map(|(at, old)| ListedFile {
                checksum: old.files[at],
                is_same: is_same_bot && listed[at].hash == wanted.hash,
            });
            let fill = |plain: &mut Vec<u8>, page: &mut Vec<u8>| {
                let filled = wanted.body.fill(&bot.values, plain, page);
                filled.map_err(|fault| anyhow!(fault.of_page(&place.path(&wanted.name))))
            };
            let checksum = self.want_file(&place, wanted, before, fill, (page, file), part)?;
            line.files.push(checksum);
        }
        if let Some(old) = old {
            let fate = |name: &str| match pages
                .iter()
                .find(|page| page.name.eq_ignore_ascii_case(name))
            {
                Some(page) if page.name == name => Fate::Stays,
                Some(_) => Fate::GoesFirst,
                None => Fate::Goes,
            };
            self.drop_files(&place, old, fate, file, part)?;
        }
        bot_line(&line, &mut part.lines);
        Ok(())
    }

    /// Makes one file stand where it shall; `fill` makes its content.
    fn want_file(
        &self,
        place: &BotPlace<'_>,
        wanted: &BotPage<'_>,
        before: Option<ListedFile>,
        fill: impl Fn(&mut Vec<u8>, &mut Vec<u8>) -> anyhow::Result<()>,
        (page, file): (&mut Vec<u8>, &mut Vec<u8>),
        part: &mut Done,
    ) -> anyhow::Result<Checksum> {
        if let Sink::Archive = self.target {
            // Nothing stands there, and the page is made where it is written.
            let path = place.path(&wanted.name);
            let checksum = archive::push(&path, &mut part.entries, |out| fill(file, out))?;
            part.summary.written += 1;
            part.summary.bytes += checksum.size;
            return Ok(checksum);
        }
        let standing = place.look(&wanted.name)?;
        if let (AtPath::File { size }, Some(before)) = (&standing, before)
            && *size == before.checksum.size
            && before.is_same
            && !self.options.verify
        {
            part.summary.unchanged += 1;
            return Ok(before.checksum);
        }
        page.clear();
        fill(file, page)?;
        let checksum = Checksum::of(page);
        let was = match (&standing, &place.folder) {
            (AtPath::File { .. }, Some(folder)) if folder.read_into(&wanted.name, file)? => {
                if file == page && (before.is_some() || !self.is_of_another(place)?) {
                    part.summary.unchanged += 1;
                    return Ok(checksum);
                }
                Some(Was::File(Checksum::of(file)))
            }
            (AtPath::Nothing, _) => None,
            _ => Some(Was::Other),
        };
        let fault = match (&standing, before) {
            (AtPath::Nothing, _) => None,
            (AtPath::Folder, _) => Some(FileFault::NotAFile),
            (_, Some(before)) if was == Some(Was::File(before.checksum)) => None,
            (_, Some(_)) => Some(FileFault::Edited),
            (_, None) => Some(FileFault::Foreign),
        };
        if let Some(fault) = fault.filter(|fault| !self.options.force || !fault.yields()) {
            part.faults.push((place.path(&wanted.name), fault));
            self.is_refused.store(true, Ordering::Relaxed);
            return Ok(checksum);
        }
        part.summary.written += 1;
        part.summary.bytes += checksum.size;
        match (&self.target, &place.made) {
            (Sink::Tree(_), Some(made)) => made.create(&wanted.name, page)?,
            (Sink::Stage(stage), _) if !self.is_refused.load(Ordering::Relaxed) => {
                place.may_change(&wanted.name)?;
                let from = stage.put(page)?;
                let path = place.tree_path(&wanted.name)?;
                let new = checksum;
                let step = Step::Write {
                    path,
                    from,
                    new,
                    was,
                };
                step.push_to(&mut part.steps)?;
            }
            _ => {}
        }
        Ok(checksum)
    }

    /// Deletes the files of a bot that is in the list no more.
    fn leave(&self, old: &ListedBot, scratch: &mut Scratch, part: &mut Done) -> anyhow::Result<()> {
        // A file of a folder that is gone needs no protection.
        let gone = self.gone()?;
        let Some(id) = gone.names.get(&old.key) else {
            return Ok(());
        };
        let place = self.place(id, &mut Done::default())?;
        if place.folder.is_some() {
            let fate = match gone.ignores_case {
                // The folder may be that of a new bot too.
                true => Fate::GoesFirst,
                false => Fate::Goes,
            };
            self.drop_files(&place, old, |_| fate, &mut scratch.file, part)?;
            part.summary.left += 1;
        }
        Ok(())
    }

    /// Plans for files of ours that are no longer wanted.
    fn drop_files(
        &self,
        place: &BotPlace<'_>,
        old: &ListedBot,
        fate: impl Fn(&str) -> Fate,
        file: &mut Vec<u8>,
        part: &mut Done,
    ) -> anyhow::Result<()> {
        let listed = &self.old.choices[old.choice as usize];
        for (ListedPage { name, .. }, checksum) in listed.iter().zip(&old.files) {
            let fate = fate(name);
            if fate == Fate::Stays {
                continue;
            }
            let standing = place.look(name)?;
            let was = match (&standing, &place.folder) {
                // Someone else's folder, in the place of a file that is gone already.
                (AtPath::Folder, _) => continue,
                (AtPath::File { .. }, Some(folder)) if folder.read_into(name, file)? => {
                    Some(Was::File(Checksum::of(file)))
                }
                (AtPath::Nothing, _) => None,
                _ => Some(Was::Other),
            };
            let is_there = was.is_some();
            if is_there && was != Some(Was::File(*checksum)) && !self.options.force {
                part.faults.push((place.path(name), FileFault::Edited));
                self.is_refused.store(true, Ordering::Relaxed);
                continue;
            }
            part.summary.removed += usize::from(is_there);
            let Sink::Stage(stage) = self.target else {
                continue;
            };
            place.may_change(name)?;
            let (path, aside) = (place.tree_path(name)?, stage.aside());
            let step = match fate {
                Fate::GoesFirst => Step::Clear { path, aside, was },
                Fate::Goes | Fate::Stays => Step::Remove { path, aside, was },
            };
            step.push_to(&mut part.steps)?;
        }
        Ok(())
    }

    /// Opens the folder of a bot as it is.
    fn place<'p>(&self, id: &'p str, part: &mut Done) -> anyhow::Result<BotPlace<'p>> {
        let (made, Some(there)) = (None, self.there) else {
            let (folder, made) = (None, None);
            return Ok(BotPlace { id, folder, made });
        };
        let folder = there.child(id)?;
        if folder.is_none() && there.stat(id)?.is_some() {
            let path = format!("{BOTS}/{id}");
            part.faults.push((path, FileFault::NotAFolder));
            self.is_refused.store(true, Ordering::Relaxed);
        }
        Ok(BotPlace { id, folder, made })
    }

    /// Whether the folder of a bot that is not in the last list was that of one in other case.
    fn is_of_another(&self, place: &BotPlace<'_>) -> anyhow::Result<bool> {
        let gone = self.gone()?;
        let mut names = gone.names.values();
        Ok(gone.ignores_case && names.any(|name| name.eq_ignore_ascii_case(place.id)))
    }

    /// What is there of bots that are not in the list.
    fn gone(&self) -> anyhow::Result<&Gone> {
        if let Some(gone) = self.gone.get() {
            return Ok(gone);
        }
        let entries = match self.there {
            Some(there) => there.entries()?,
            None => Vec::new(),
        };
        let entries = entries.into_iter();
        let names: Vec<String> = entries
            .filter_map(|(name, _)| name.into_string().ok())
            .collect();
        let mut others = names.iter().filter_map(|name| in_other_case(name));
        let ignores_case = match (self.there, others.next()) {
            (Some(there), Some(other)) => !names.contains(&other) && there.stat(&other)?.is_some(),
            _ => false,
        };
        let is_wanted = |key| self.new.is_some_and(|bots| bots.roster.has(key));
        let names = names.into_iter().map(|name| (key_of(&name), name));
        let names = names.filter(|&(key, _)| !is_wanted(key)).collect();
        Ok(self.gone.get_or_init(|| Gone {
            names,
            ignores_case,
        }))
    }
}

/// A name that is the same but for the case of its letters, if it has any.
fn in_other_case(name: &str) -> Option<String> {
    let others = [name.to_ascii_lowercase(), name.to_ascii_uppercase()];
    others.into_iter().find(|other| other != name)
}

/// What becomes of a file of the last build.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    /// It goes when all new files are in their places.
    Goes,
    /// It goes before: it may be in the way of a new one.
    GoesFirst,
}

/// A file of the last build.
#[derive(Clone, Copy)]
struct ListedFile {
    checksum: Checksum,
    /// Whether neither page nor values changed since.
    is_same: bool,
}

/// The folder of one bot.
struct BotPlace<'a> {
    id: &'a str,
    /// As it is, if it is there.
    folder: Option<Folder>,
    /// That of a new tree.
    made: Option<Folder>,
}

impl BotPlace<'_> {
    /// Fails where a file can't be changed, as far as can be known before.
    fn may_change(&self, name: &str) -> anyhow::Result<()> {
        match &self.folder {
            Some(folder) => folder.may_change(name),
            None => Ok(()),
        }
    }

    fn look(&self, name: &str) -> anyhow::Result<AtPath> {
        let Some(folder) = &self.folder else {
            return Ok(AtPath::Nothing);
        };
        let Some(stat) = folder.stat(name)? else {
            return Ok(AtPath::Nothing);
        };
        Ok(match stat.kind {
            Kind::File => AtPath::File { size: stat.size },
            Kind::Folder => AtPath::Folder,
            Kind::Other => AtPath::Other,
        })
    }

    fn path(&self, name: &str) -> String {
        format!("{BOTS}/{}/{name}", self.id)
    }

    fn tree_path(&self, name: &str) -> anyhow::Result<TreePath> {
        TreePath::new(self.path(name)).map_err(|error| anyhow!("{error}"))
    }
}

/// Where a page stands in a list.
fn position(listed: &[ListedPage], name: &str) -> Option<usize> {
    listed.binary_search_by(|page| (*page.name).cmp(name)).ok()
}

/// Hands on numbered results in the order of their numbers.
fn in_order(
    parts: impl Iterator<Item = (usize, anyhow::Result<Done>)>,
    take: &mut impl FnMut(Done) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
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
