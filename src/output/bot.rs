//! The folder of one bot: compares its files with the pages that the bot should have.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

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
use super::{Summary, WriteOptions, tarball};
use crate::hole::Values;
use crate::hole::roster::{Bot, Roster, key_of};

/// The state that the folders of bots are compared with, and the destination of changes.
pub(super) struct BotChange<'a> {
    /// The bots that should be there, if any.
    pub(super) new: Option<&'a BotFolders<'a>>,
    /// The number in the new manifest of each choice of the roster.
    pub(super) numbers: &'a [u32],
    pub(super) spares: Spares<'a>,
    /// The manifest of the last build.
    pub(super) old: &'a Manifest,
    /// The present folder of bots, if there is one.
    pub(super) there: Option<&'a Folder>,
    pub(super) target: Sink<'a>,
    pub(super) options: &'a WriteOptions,
    /// Whether the change is refused already, so that only more errors are searched.
    pub(super) is_refused: bool,
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

/// The output of one chunk of bots, in the order of the bots.
#[derive(Default)]
pub(super) struct ChunkOutput {
    /// Their lines of the new manifest.
    pub(super) lines: String,
    /// Their steps of the journal.
    pub(super) steps: Vec<u8>,
    /// Their entries of an archive.
    pub(super) entries: Vec<u8>,
    /// Their files that would be lost.
    pub(super) faults: Vec<(String, FileFault)>,
    pub(super) summary: Summary,
    /// The number of bots of this build among them.
    pub(super) bots: usize,
}

/// A bot of this build by its number in the roster, of the last build, or of both.
pub(super) struct Pair {
    pub(super) new: Option<usize>,
    pub(super) old: Option<ListedBot>,
}

/// Memory that a thread uses for one bot after another.
pub(super) struct Scratch {
    bot: Bot,
    buffers: Buffers,
}

#[derive(Default)]
struct Buffers {
    /// A page as it should be.
    page: Vec<u8>,
    /// A file as it is, or a page before it is compressed.
    file: Vec<u8>,
}

/// Compares the folders of bots, by any number of threads.
pub(super) struct Comparison<'a> {
    pub(super) change: BotChange<'a>,
    /// Whether the change is refused: then nothing more is staged.
    is_refused: AtomicBool,
    gone: OnceLock<GoneFolders>,
}

/// The present folders of bots that are not in the new list.
struct GoneFolders {
    /// Their names by their hashes.
    names: HashMap<u128, String>,
    /// Whether the file system takes two names in different case for one.
    ignores_case: bool,
}

/// The entry at the place of a file.
enum AtPath {
    Nothing,
    Folder,
    File {
        size: u64,
    },
    /// A link, a pipe, a socket, a device.
    Other,
}

/// The change of a file of the last build.
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

/// A page that a bot should have.
struct WantedPage<'a> {
    place: &'a BotPlace<'a>,
    page: &'a BotPage<'a>,
    values: &'a Values,
    /// The file that the last build listed in its place.
    before: Option<ListedFile>,
}

/// The folder of one bot.
struct BotPlace<'a> {
    id: &'a str,
    /// The present folder, if there is one.
    folder: Option<Folder>,
    /// The folder of a new tree.
    made: Option<Folder>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(change: BotChange<'a>) -> Comparison<'a> {
        Comparison {
            is_refused: AtomicBool::new(change.is_refused),
            gone: OnceLock::new(),
            change,
        }
    }

    /// Creates the memory for a thread.
    pub(super) fn scratch(&self) -> Scratch {
        let bot = match self.change.new {
            Some(bots) => bots.roster.blank(),
            None => Roster::empty().blank(),
        };
        let buffers = Buffers::default();
        Scratch { bot, buffers }
    }

    /// Compares the folder of one bot.
    pub(super) fn compare(
        &self,
        Pair { new, old }: &Pair,
        scratch: &mut Scratch,
        output: &mut ChunkOutput,
    ) -> anyhow::Result<()> {
        let spares = &self.change.spares;
        match (new, old) {
            (Some(number), old) => {
                self.want(*number, old.as_ref(), scratch, output)?;
                output.bots += 1;
            }
            (None, Some(old)) if spares.has(old.key) => {
                bot_line(&spares.listed(old)?, &mut output.lines);
                output.summary.unchanged += old.files.len();
            }
            (None, Some(old)) => self.leave(old, &mut scratch.buffers.file, output)?,
            (None, None) => {}
        }
        Ok(())
    }

    /// Brings the folder of a bot to its pages.
    fn want(
        &self,
        number: usize,
        old: Option<&ListedBot>,
        scratch: &mut Scratch,
        output: &mut ChunkOutput,
    ) -> anyhow::Result<()> {
        let bots = self.change.new.context("a bot of no list")?;
        let Scratch { bot, buffers } = scratch;
        let read = bots.roster.read(number, bot);
        read.context("cannot read the values of a bot again")?;
        // The list was checked when it was read; here the ID becomes a path.
        TreePath::new(bot.id.as_str()).map_err(|error| anyhow!("{error}"))?;
        let mut place = self.place(&bot.id, output)?;
        if let Sink::Tree(tree) = self.change.target {
            tree.make(&bot.id)?;
            place.made = tree.child(&bot.id)?;
        }
        let pages = &bots.choices[bot.choice];
        let listed = old.map_or(&[][..], |old| &self.change.old.choices[old.choice as usize]);
        let hash = bots.hash(bot);
        let is_same_bot = old.is_some_and(|old| old.values == hash);
        let mut line = ListedBot {
            key: bots.roster.key(number),
            choice: self.change.numbers[bot.choice],
            values: hash,
            files: Vec::with_capacity(pages.len()),
        };
        for page in pages {
            let at = position(listed, &page.name);
            let before = at.zip(old).map(|(at, old)| ListedFile {
                checksum: old.files[at],
                is_same: is_same_bot && listed[at].hash == page.hash,
            });
            let wanted = WantedPage {
                place: &place,
                page,
                values: &bot.values,
                before,
            };
            line.files.push(self.want_page(&wanted, buffers, output)?);
        }
        if let Some(old) = old {
            // On a file system that ignores case, `A.html` of the last build is `a.html` of this
            // one.
            let fate = |name: &str| match pages
                .iter()
                .find(|page| page.name.eq_ignore_ascii_case(name))
            {
                Some(page) if page.name == name => Fate::Stays,
                Some(_) => Fate::GoesFirst,
                None => Fate::Goes,
            };
            self.drop_files(&place, old, fate, &mut buffers.file, output)?;
        }
        bot_line(&line, &mut output.lines);
        Ok(())
    }

    /// Brings one file to its page; returns the checksum of the page.
    fn want_page(
        &self,
        wanted: &WantedPage<'_>,
        buffers: &mut Buffers,
        output: &mut ChunkOutput,
    ) -> anyhow::Result<Checksum> {
        let (place, name) = (wanted.place, wanted.page.name.as_str());
        let Buffers { page, file } = buffers;
        if let Sink::Archive = self.change.target {
            // An archive has nothing to compare with, and a page is filled where it is written.
            let entries = &mut output.entries;
            let checksum = tarball::push(&place.path(name), entries, |out| wanted.fill(file, out))?;
            output.summary.written += 1;
            output.summary.bytes += checksum.size;
            return Ok(checksum);
        }
        // If neither the page nor the values changed, the file is neither filled nor read.
        // Otherwise size and CRC-32 show whether it is as the last build wrote it.
        let standing = place.look(name)?;
        if let (AtPath::File { size }, Some(before)) = (&standing, wanted.before)
            && *size == before.checksum.size
            && before.is_same
            && !self.change.options.verify
        {
            output.summary.unchanged += 1;
            return Ok(before.checksum);
        }
        page.clear();
        wanted.fill(file, page)?;
        let checksum = Checksum::of(page);
        let was = match (&standing, &place.folder) {
            (AtPath::File { .. }, Some(folder)) if folder.read_into(name, file)? => {
                // A file with the right bytes need not be written, unless this change deletes it as
                // that of an old bot whose ID differs only in case.
                if file == page && (wanted.before.is_some() || !self.is_of_another(place)?) {
                    output.summary.unchanged += 1;
                    return Ok(checksum);
                }
                Some(Was::File(Checksum::of(file)))
            }
            (AtPath::Nothing, _) => None,
            _ => Some(Was::Other),
        };
        let fault = match (&standing, wanted.before) {
            (AtPath::Nothing, _) => None,
            (AtPath::Folder, _) => Some(FileFault::NotAFile),
            (_, Some(before)) if was == Some(Was::File(before.checksum)) => None,
            (_, Some(_)) => Some(FileFault::Edited),
            (_, None) => Some(FileFault::Foreign),
        };
        if let Some(fault) = fault.filter(|fault| !self.change.options.force || !fault.yields()) {
            output.faults.push((place.path(name), fault));
            self.is_refused.store(true, Ordering::Relaxed);
            return Ok(checksum);
        }
        output.summary.written += 1;
        output.summary.bytes += checksum.size;
        match (&self.change.target, &place.made) {
            (Sink::Tree(_), Some(made)) => made.create(name, page)?,
            (Sink::Stage(stage), _) if !self.is_refused.load(Ordering::Relaxed) => {
                place.may_change(name)?;
                let from = stage.put(page)?;
                let path = place.tree_path(name)?;
                let new = checksum;
                let step = Step::Write {
                    path,
                    from,
                    new,
                    was,
                };
                step.push_to(&mut output.steps)?;
            }
            _ => {}
        }
        Ok(checksum)
    }

    /// Deletes the files of a bot that is no longer in the list.
    fn leave(
        &self,
        old: &ListedBot,
        file: &mut Vec<u8>,
        output: &mut ChunkOutput,
    ) -> anyhow::Result<()> {
        // A folder that is gone has no file to protect.
        let gone = self.gone()?;
        let Some(id) = gone.names.get(&old.key) else {
            return Ok(());
        };
        let place = self.place(id, &mut ChunkOutput::default())?;
        if place.folder.is_some() {
            // Where case does not count, the folder may be that of a new bot too.
            let fate = if gone.ignores_case {
                Fate::GoesFirst
            } else {
                Fate::Goes
            };
            self.drop_files(&place, old, |_| fate, file, output)?;
            output.summary.left += 1;
        }
        Ok(())
    }

    /// Plans the deletion of files that the last build listed, each by its fate.
    fn drop_files(
        &self,
        place: &BotPlace<'_>,
        old: &ListedBot,
        fate: impl Fn(&str) -> Fate,
        file: &mut Vec<u8>,
        output: &mut ChunkOutput,
    ) -> anyhow::Result<()> {
        let listed = &self.change.old.choices[old.choice as usize];
        for (ListedPage { name, .. }, checksum) in listed.iter().zip(&old.files) {
            // An old page with the same name was compared when the new one was.
            let fate = fate(name);
            if fate == Fate::Stays {
                continue;
            }
            let standing = place.look(name)?;
            let was = match (&standing, &place.folder) {
                // Another program's folder, in the place of a file that is gone already.
                (AtPath::Folder, _) => continue,
                (AtPath::File { .. }, Some(folder)) if folder.read_into(name, file)? => {
                    Some(Was::File(Checksum::of(file)))
                }
                (AtPath::Nothing, _) => None,
                _ => Some(Was::Other),
            };
            let is_there = was.is_some();
            if is_there && was != Some(Was::File(*checksum)) && !self.change.options.force {
                output.faults.push((place.path(name), FileFault::Edited));
                self.is_refused.store(true, Ordering::Relaxed);
                continue;
            }
            output.summary.removed += usize::from(is_there);
            let Sink::Stage(stage) = self.change.target else {
                continue;
            };
            place.may_change(name)?;
            let (path, aside) = (place.tree_path(name)?, stage.aside());
            let step = match fate {
                Fate::GoesFirst => Step::Clear { path, aside, was },
                Fate::Goes | Fate::Stays => Step::Remove { path, aside, was },
            };
            step.push_to(&mut output.steps)?;
        }
        Ok(())
    }

    /// Opens the folder of a bot as it is.
    fn place<'p>(&self, id: &'p str, output: &mut ChunkOutput) -> anyhow::Result<BotPlace<'p>> {
        let (made, Some(there)) = (None, self.change.there) else {
            let (folder, made) = (None, None);
            return Ok(BotPlace { id, folder, made });
        };
        // A file or a link with the name of the folder: through it, files elsewhere could be lost.
        let folder = there.child(id)?;
        if folder.is_none() && there.stat(id)?.is_some() {
            let path = format!("{BOTS}/{id}");
            output.faults.push((path, FileFault::NotAFolder));
            self.is_refused.store(true, Ordering::Relaxed);
        }
        Ok(BotPlace { id, folder, made })
    }

    /// Returns whether the folder of a new bot is that of an old one whose ID differs only in case.
    fn is_of_another(&self, place: &BotPlace<'_>) -> anyhow::Result<bool> {
        let gone = self.gone()?;
        let mut names = gone.names.values();
        Ok(gone.ignores_case && names.any(|name| name.eq_ignore_ascii_case(place.id)))
    }

    /// Returns the folders that are there of bots that are not in the list, listed when they are
    /// first needed.
    fn gone(&self) -> anyhow::Result<&GoneFolders> {
        // Listing a folder of 100,000 entries is slow. Most builds never need it: no bot is
        // removed, and no bot is new whose file exists already.
        if let Some(gone) = self.gone.get() {
            return Ok(gone);
        }
        let entries = match self.change.there {
            Some(there) => there.entries()?,
            None => Vec::new(),
        };
        let entries = entries.into_iter();
        let names: Vec<String> = entries
            .filter_map(|(name, _)| name.into_string().ok())
            .collect();
        let mut others = names.iter().filter_map(|name| in_other_case(name));
        // A name whose other case is not listed, but is found, is one name on this file system. The
        // file system is asked, since a mount can differ from what is usual on the system.
        let ignores_case = match (self.change.there, others.next()) {
            (Some(there), Some(other)) => !names.contains(&other) && there.stat(&other)?.is_some(),
            _ => false,
        };
        let is_wanted = |key| self.change.new.is_some_and(|bots| bots.roster.has(key));
        let names = names.into_iter().map(|name| (key_of(&name), name));
        let names = names.filter(|&(key, _)| !is_wanted(key)).collect();
        Ok(self.gone.get_or_init(|| GoneFolders {
            names,
            ignores_case,
        }))
    }
}

impl WantedPage<'_> {
    /// Writes the page with the bot's values to the end of `out`; `plain` is a buffer.
    fn fill(&self, plain: &mut Vec<u8>, out: &mut Vec<u8>) -> anyhow::Result<()> {
        let path = || self.place.path(&self.page.name);
        self.page.body.fill(self.values, path, plain, out)
    }
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

/// Returns the index of a page in a list.
fn position(listed: &[ListedPage], name: &str) -> Option<usize> {
    listed.binary_search_by(|page| (*page.name).cmp(name)).ok()
}

/// Returns the name with the case of its letters changed, if it has any.
fn in_other_case(name: &str) -> Option<String> {
    let others = [name.to_ascii_lowercase(), name.to_ascii_uppercase()];
    others.into_iter().find(|other| other != name)
}
