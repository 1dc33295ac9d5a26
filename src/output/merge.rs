//! Joins the parts of a site that several machines have built, each for some of the bots.
//!
//! Every part has the generic site and its own bots. The joined site and its manifest are, byte for
//! byte, those of a single build of all bots, so the next build knows its files. In a new folder
//! files are linked, not copied, where the file system has links. A folder that exists is updated
//! as by a build: the files of the parts are the tree, so the same code keeps what is not ours.
//!
//! The part of a bot depends on its ID and the number of parts alone, so parts are built
//! independently. All manifests list bots in the order of the hashes of their IDs, so joining them
//! is one merge.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::iter::Peekable;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::appear::{self, NewTree};
use super::checksum::Checksum;
use super::cursor::Cursor;
use super::error::{Error, Refusal};
use super::folder::Folder;
use super::manifest::{
    self, Entry, ListedBot, ListedPage, Manifest, ManifestDraft, bot_line, number_in,
};
use super::parts::PartsFault;
use super::path::TreePath;
use super::place::{self, Place};
use super::reserved::{self, BOTS};
use super::system::Kind;
use super::tree::{BuiltFiles, Tree};
use super::{Summary, WriteOptions, spool_files, write};
use crate::hole::roster::{Roster, RosterBuilder, Shard, key_of};
use crate::hole::spool::Spool;
use crate::hole::{Values, VariableId};

/// A part of a site.
#[derive(Debug)]
struct SitePart<'a> {
    path: &'a Path,
    root: Folder,
    manifest: Manifest,
    /// The folder of bots, and the names in it by their hashes.
    bots: Option<(Folder, HashMap<u128, String>)>,
    /// The number in the joined manifest of each of its choices.
    numbers: Vec<u32>,
}

/// Parts that fit together.
#[derive(Debug)]
struct JoinedParts<'a> {
    parts: Vec<SitePart<'a>>,
    /// The files outside the folders of bots.
    files: BTreeMap<TreePath, Entry>,
    /// The choices of all parts.
    choices: Vec<Vec<ListedPage>>,
}

/// Makes the folder `dir` the site of the `parts`; if they don't fit together, changes nothing.
///
/// In a folder that botdocs wrote, the changes are those of [`write()`], with its `options`. The
/// size of each file is compared with its part's manifest, and with `verify` the content. In a
/// folder that is updated, the files of bots that did not change are not read.
pub fn merge(parts: &[&Path], dir: &Path, options: &WriteOptions) -> Result<Summary, Error> {
    // No project is named here, and with `force` the files of its author would be replaced.
    let spec = dir.join("spec");
    let specs = [Some(dir), Some(&*spec), dir.parent()]
        .into_iter()
        .flatten();
    let specs = specs.filter(|folder| folder.join("site.yaml").is_file());
    let inputs: Vec<&Path> = parts.iter().copied().chain(specs).collect();
    let place = Place::find(dir, &inputs, std::env::home_dir().as_deref())?;
    let opened = parts
        .iter()
        .map(|path| SitePart::open(path))
        .collect::<Result<Vec<_>, _>>()?;
    // Refuses all that needs no reading of files before it creates a folder.
    let joined = JoinedParts::of(opened)?;
    place.make_parent()?;
    let parent = place.open_parent()?;
    let is_new = match place::open_locked(&parent, &place.name)? {
        None => true,
        Some(root) => root.entries()?.is_empty(),
    };
    if is_new {
        appear::sweep(&parent, &place.name);
        // None if another command put something there first.
        if let Some(summary) = joined.begin(dir, &parent, &place, options.verify)? {
            return Ok(summary);
        }
    }
    joined.update(parts, dir, options)
}

impl<'a> JoinedParts<'a> {
    /// Checks that the parts fit together.
    fn of(mut parts: Vec<SitePart<'a>>) -> Result<JoinedParts<'a>, Error> {
        if let Some(fault) = incomplete(&parts).or_else(|| of_other_list(&parts)) {
            return Err(Refusal::Parts { fault }.into());
        }
        let files = joined_files(&parts)?;
        let choices = joined_choices(&mut parts);
        Ok(JoinedParts {
            parts,
            files,
            choices,
        })
    }

    /// Makes the folder as a whole, unless another command does so first.
    fn begin(
        &self,
        dir: &Path,
        parent: &Folder,
        place: &Place,
        verify: bool,
    ) -> Result<Option<Summary>, Error> {
        let draft = ManifestDraft::new(None, &self.files, &self.choices, &spool_files(dir));
        let mut draft = draft.context("cannot write the manifest")?;
        let mut summary = Summary::default();
        let new = NewTree {
            parent,
            name: &place.name,
            tree: &Tree::default(),
        };
        let appeared = new.appear(|root| {
            join(self, verify, root, &mut draft, &mut summary)?;
            Ok(draft.finish()?)
        });
        Ok(appeared.map_err(refused)?.then_some(summary))
    }

    /// Updates the folder as a build does.
    fn update(
        &self,
        parts: &[&Path],
        dir: &Path,
        options: &WriteOptions,
    ) -> Result<Summary, Error> {
        let mut tree = Tree::default();
        for (path, entry) in &self.files {
            let has = |part: &&SitePart<'_>| part.manifest.files.contains_key(path);
            let part = self.parts.iter().find(has);
            let part = part.context("a file of no part")?;
            let mut cursor = Cursor::new(&part.root);
            let content = match cursor.reach(path)? {
                Some(folder) => folder.read(path.name())?,
                None => None,
            };
            let content = content.filter(|content| blake3::hash(content) == entry.hash);
            let content = content.ok_or_else(|| Refusal::Parts {
                fault: not_as_written(part, path.as_str()),
            })?;
            let inserted = tree.insert(path.clone(), content);
            inserted.map_err(|collision| anyhow!("{collision}"))?;
        }
        let roster = self.roster(dir).map_err(refused)?;
        // By the number that the roster gave to each choice.
        let choices = roster.choices().iter().map(|named| {
            let number = named.iter().flatten().next();
            let number = number.and_then(|number| number.parse::<usize>().ok());
            let choice = number.and_then(|number| self.choices.get(number));
            Ok(choice.context("a choice of no part")?.as_slice())
        });
        let choices: anyhow::Result<Vec<_>> = choices.collect();
        let inserted = tree.insert_built(&roster, self, choices?);
        inserted.map_err(|collision| anyhow!("{collision}"))?;
        write(&tree, dir, parts, options).map_err(|error| match error {
            Error::Failed(error) => refused(error),
            refusal => refusal,
        })
    }

    /// Returns the bots of all parts. The values of each are its ID, the number of its part, the
    /// hash of the values that its pages have, and the checksums of its files.
    fn roster(&self, dir: &Path) -> anyhow::Result<Roster> {
        let names = ["id", "part", "values", "files"];
        let mut builder = RosterBuilder::new(&names, "id", Spool::new(&spool_files(dir)));
        let mut lists: Vec<_> = self
            .parts
            .iter()
            .map(|part| part.manifest.bots.iter().peekable())
            .collect();
        let mut files = String::new();
        let mut last = None;
        while let Some((at, bot)) = next_of(&mut lists)? {
            let part = &self.parts[at];
            let (_, id) = part.folder_of(bot.key)?;
            self.check_order(id, bot.key, at, &mut last)?;
            files.clear();
            for Checksum { size, crc } in &bot.files {
                write!(files, "{size:016x}{crc:08x}").expect("writing to a string cannot fail");
            }
            let (number, hash) = (at.to_string(), bot.values.to_string());
            let values = [id, &number, &hash, &files].into_iter();
            let choice = part.numbers[bot.choice as usize].to_string();
            builder.add(values, Some(BTreeSet::from([choice])))?;
        }
        Ok(builder.finish())
    }

    /// Refuses a bot that an earlier part has too.
    fn check_order(
        &self,
        id: &str,
        key: u128,
        at: usize,
        last: &mut Option<(u128, usize)>,
    ) -> Result<(), PartsFault> {
        // Bots come in the order of their hashes, so the same bot of two parts comes twice in a
        // row.
        match last.replace((key, at)) {
            Some((before, one)) if before == key => Err(PartsFault::BotTwice {
                id: id.to_owned(),
                one: self.parts[one].path.to_owned(),
                other: self.parts[at].path.to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// The value of a bot of [`JoinedParts::roster`] by its place among the names.
fn value_of(bot: &Values, at: usize) -> &str {
    VariableId::new(at).map_or("", |id| bot.get(id))
}

impl BuiltFiles for JoinedParts<'_> {
    fn hash(&self, bot: &Values) -> u64 {
        value_of(bot, 2).parse().unwrap_or(0)
    }

    fn push_to(
        &self,
        bot: &Values,
        at: usize,
        name: &str,
        out: &mut Vec<u8>,
    ) -> anyhow::Result<()> {
        let id = value_of(bot, 0);
        let part = value_of(bot, 1).parse().ok();
        let part: Option<&SitePart<'_>> = part.and_then(|part: usize| self.parts.get(part));
        let part = part.context("a bot of no part")?;
        // Numbers of one length, so that the place of each follows from its number.
        let listed = value_of(bot, 3).get(24 * at..24 * (at + 1));
        let (size, crc) = listed.context("a file of no part")?.split_at(16);
        let number = |text| u64::from_str_radix(text, 16).ok();
        let (size, crc) = (number(size), number(crc));
        let folder = match &part.bots {
            Some((bots, _)) => bots.child(id)?,
            None => None,
        };
        let content = match folder {
            Some(folder) => folder.read(name)?,
            None => None,
        };
        let content = content.filter(|content| {
            let Checksum { size: its, crc: of } = Checksum::of(content);
            (Some(its), Some(u64::from(of))) == (size, crc)
        });
        let Some(content) = content else {
            return Err(not_as_written(part, &format!("{BOTS}/{id}/{name}")).into());
        };
        out.extend_from_slice(&content);
        Ok(())
    }
}

/// Returns a fault of the parts as a refusal, and any other error as it is.
fn refused(error: anyhow::Error) -> Error {
    match error.downcast() {
        Ok(fault) => Refusal::Parts { fault }.into(),
        Err(error) => error.into(),
    }
}

impl<'a> SitePart<'a> {
    fn open(path: &'a Path) -> Result<SitePart<'a>, Error> {
        let refuse = |fault| Err(Refusal::Parts { fault }.into());
        let part = path.to_owned();
        if !path.is_dir() {
            return refuse(PartsFault::Absent { part });
        }
        let root = Folder::open(path)?;
        if root.stat(reserved::JOURNAL)?.is_some() {
            return refuse(PartsFault::HalfUpdated { part });
        }
        let Some(text) = root.reader(reserved::MANIFEST)? else {
            return refuse(PartsFault::NoManifest { part });
        };
        let manifest = manifest::parse(text, &spool_files(path));
        let manifest = manifest.map_err(|fault| Refusal::Damaged {
            path: path.join(reserved::MANIFEST),
            fault,
        })?;
        let bots = match root.child(BOTS)? {
            None => None,
            Some(bots) => {
                let entries = bots.entries()?.into_iter();
                let names = entries.filter_map(|(name, _)| name.into_string().ok());
                let names = names.map(|name| (key_of(&name), name)).collect();
                Some((bots, names))
            }
        };
        Ok(SitePart {
            path,
            root,
            manifest,
            bots,
            numbers: Vec::new(),
        })
    }

    /// Returns the folder of bots, and the name in it of the folder of a bot.
    fn folder_of(&self, key: u128) -> Result<(&Folder, &str), PartsFault> {
        let found = self.bots.as_ref();
        let found = found.and_then(|(bots, names)| Some((bots, names.get(&key)?.as_str())));
        found.ok_or_else(|| PartsFault::NoFolder {
            part: self.path.to_owned(),
        })
    }
}

/// Returns what is wrong if a shard is missing or there twice; parts that are no shards are
/// complete.
fn incomplete(parts: &[SitePart<'_>]) -> Option<PartsFault> {
    let (first, whole) = parts
        .iter()
        .find_map(|part| Some((part, part.manifest.share?.shard)))?;
    let mut found: BTreeMap<usize, &SitePart<'_>> = BTreeMap::new();
    for part in parts {
        let is = part.manifest.share.map(|share| share.shard);
        let Some(shard) = is.filter(|shard| shard.of() == whole.of()) else {
            return Some(PartsFault::OtherShards {
                one: first.path.to_owned(),
                shard: whole,
                other: part.path.to_owned(),
                is,
            });
        };
        if let Some(other) = found.insert(shard.number(), part) {
            return Some(PartsFault::Twice {
                one: other.path.to_owned(),
                other: part.path.to_owned(),
                shard,
            });
        }
    }
    let mut missing = (1..=whole.of()).filter(|number| !found.contains_key(number));
    let shard = Shard::new(missing.next()?, whole.of())?;
    let more = missing.count();
    Some(PartsFault::Missing { shard, more })
}

/// Returns what is wrong if two shards were built from different lists.
///
/// Nothing else shows it: a bot that a list lacks may belong to another shard.
fn of_other_list(parts: &[SitePart<'_>]) -> Option<PartsFault> {
    let mut shares = parts
        .iter()
        .filter_map(|part| Some((part.path, part.manifest.share?)));
    let (one, list) = shares.next()?;
    let (other, of) = shares.find(|(_, share)| share.digest != list.digest)?;
    Some(PartsFault::OtherList {
        one: one.to_owned(),
        other: other.to_owned(),
        counts: (list.whole != of.whole).then_some((list.whole, of.whole)),
    })
}

/// Returns the files outside the folders of bots, which are the same in all parts that have them.
fn joined_files(parts: &[SitePart<'_>]) -> Result<BTreeMap<TreePath, Entry>, Error> {
    let mut files = BTreeMap::new();
    for part in parts {
        for (path, entry) in &part.manifest.files {
            // Every part has the generic site, since it can be published alone; parts with
            // different ones were built from different specs.
            if *files.entry(path.clone()).or_insert(*entry) != *entry {
                let fault = PartsFault::OtherFile {
                    path: path.to_string(),
                    part: part.path.to_owned(),
                };
                return Err(Refusal::Parts { fault }.into());
            }
        }
    }
    Ok(files)
}

/// Returns the choices of all parts, each once, in the order of a build of all bots.
fn joined_choices(parts: &mut [SitePart<'_>]) -> Vec<Vec<ListedPage>> {
    let choices = parts.iter().flat_map(|part| &part.manifest.choices);
    let mut choices: Vec<_> = choices.cloned().collect();
    choices.sort_unstable();
    choices.dedup();
    for part in parts {
        let number = |pages| number_in(&choices, pages).expect("each choice is among all");
        part.numbers = part.manifest.choices.iter().map(number).collect();
    }
    choices
}

/// Links all files into the new tree.
fn join(
    joined: &JoinedParts<'_>,
    verify: bool,
    root: &Folder,
    draft: &mut ManifestDraft,
    summary: &mut Summary,
) -> anyhow::Result<()> {
    let parts = &joined.parts;
    let mut new = Cursor::new(root);
    let mut old: Vec<_> = parts.iter().map(|part| Cursor::new(&part.root)).collect();
    for (path, entry) in &joined.files {
        let has = |part: &SitePart<'_>| part.manifest.files.contains_key(path);
        let at = parts.iter().position(has).context("a file of no part")?;
        let to = new.make(path)?;
        let is_same = |from: &Folder| anyhow::Ok(from.hash(path.name())? == Some(entry.hash));
        match old[at].reach(path)? {
            Some(from)
                if is_whole(from, path.name(), entry.size)? && (!verify || is_same(from)?) =>
            {
                // A link takes no space. No build writes into an existing file, so none changes the
                // part through the joined site.
                from.link_or_copy(path.name(), to, path.name())?;
            }
            _ => return Err(not_as_written(&parts[at], path.as_str()).into()),
        }
        summary.written += 1;
        summary.bytes += entry.size;
    }
    if !parts.iter().any(|part| part.manifest.has_bots()) {
        return Ok(());
    }
    root.make(BOTS)?;
    let bots_folder = root.child(BOTS)?.context("the folder of bots is gone")?;
    let mut lists: Vec<_> = parts
        .iter()
        .map(|part| part.manifest.bots.iter().peekable())
        .collect();
    let (mut line, mut last) = (String::new(), None);
    while let Some((at, bot)) = next_of(&mut lists)? {
        let part = &parts[at];
        let (folder, id) = part.folder_of(bot.key)?;
        joined.check_order(id, bot.key, at, &mut last)?;
        let folder = folder.child(id)?;
        bots_folder.make(id)?;
        let to = bots_folder
            .child(id)?
            .context("a folder that was made is gone")?;
        let pages = &part.manifest.choices[bot.choice as usize];
        for (page, file) in pages.iter().zip(&bot.files) {
            let is_same = |from: &Folder| anyhow::Ok(from.checksum(&page.name)? == Some(*file));
            match &folder {
                Some(from)
                    if is_whole(from, &page.name, file.size)? && (!verify || is_same(from)?) =>
                {
                    from.link_or_copy(&page.name, &to, &page.name)?;
                }
                _ => {
                    let path = format!("{BOTS}/{id}/{}", page.name);
                    return Err(not_as_written(part, &path).into());
                }
            }
            summary.written += 1;
            summary.bytes += file.size;
        }
        line.clear();
        let choice = part.numbers[bot.choice as usize];
        bot_line(&ListedBot { choice, ..bot }, &mut line);
        draft.push_bots(&line)?;
    }
    Ok(())
}

/// Takes the bot with the lowest hash from the lists; returns the number of its list with it.
fn next_of(
    lists: &mut [Peekable<impl Iterator<Item = std::io::Result<ListedBot>>>],
) -> anyhow::Result<Option<(usize, ListedBot)>> {
    // Parts are few, so a search of all is as fast as a heap.
    let mut first: Option<(u128, usize)> = None;
    for (at, list) in lists.iter_mut().enumerate() {
        let key = match list.peek() {
            Some(Ok(bot)) => bot.key,
            Some(Err(_)) => 0,
            None => continue,
        };
        if first.is_none_or(|(least, _)| key < least) {
            first = Some((key, at));
        }
    }
    let Some((_, at)) = first else {
        return Ok(None);
    };
    Ok(lists[at].next().transpose()?.map(|bot| (at, bot)))
}

/// Returns whether a file is there with the listed size.
fn is_whole(folder: &Folder, name: &str, size: u64) -> anyhow::Result<bool> {
    let stat = folder.stat(name)?;
    Ok(stat.is_some_and(|stat| stat.kind == Kind::File && stat.size == size))
}

fn not_as_written(part: &SitePart<'_>, path: &str) -> PartsFault {
    PartsFault::Edited {
        path: path.to_owned(),
        part: part.path.to_owned(),
    }
}
