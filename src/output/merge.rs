//! Joins the parts of a site that several machines have built, each for some of the bots.
//!
//! Every part has the generic site and its own bots. The joined site and its manifest are, byte for
//! byte, those of a single build of all bots, so the next build knows its files. Files are linked,
//! not copied, where the file system has links.
//!
//! The part of a bot depends on its ID and the number of parts alone, so parts are built
//! independently. All manifests list bots in the order of the hashes of their IDs, so joining them
//! is one merge.

use std::collections::{BTreeMap, HashMap};
use std::iter::Peekable;
use std::path::Path;

use anyhow::Context as _;

use super::appear::{self, NewTree};
use super::cursor::Cursor;
use super::error::{Error, Refusal, bots};
use super::folder::Folder;
use super::manifest::{
    self, Entry, ListedBot, ListedPage, Manifest, ManifestDraft, bot_line, number_in,
};
use super::path::TreePath;
use super::place::Place;
use super::reserved::{self, BOTS};
use super::system::Kind;
use super::tree::Tree;
use super::{Summary, spool_files};
use crate::hole::roster::key_of;
use crate::input::diagnostic::printable_path;

/// A part of a site.
struct SitePart<'a> {
    path: &'a Path,
    root: Folder,
    manifest: Manifest,
    /// The folder of bots, and the names in it by their hashes.
    bots: Option<(Folder, HashMap<u128, String>)>,
    /// The number in the joined manifest of each of its choices.
    numbers: Vec<u32>,
}

/// Creates the new folder `dir` with all files of the `parts`; if the parts don't fit together,
/// creates nothing.
///
/// The size of each file is compared with its part's manifest, and with `verify` the content.
pub fn merge(parts: &[&Path], dir: &Path, verify: bool) -> Result<Summary, Error> {
    let place = Place::find(dir, parts, std::env::home_dir().as_deref())?;
    let mut parts = parts
        .iter()
        .map(|path| SitePart::open(path))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(fault) = incomplete(&parts).or_else(|| of_other_list(&parts)) {
        return Err(Refusal::Parts { fault }.into());
    }
    // Refuses all that needs no reading of files before it creates a folder.
    let files = joined_files(&parts)?;
    let choices = joined_choices(&mut parts);
    place.make_parent()?;
    let parent = place.open_parent()?;
    appear::sweep(&parent, &place.name);
    let draft = ManifestDraft::new(None, &files, &choices, &spool_files(dir));
    let mut draft = draft.context("cannot write the manifest")?;
    let mut summary = Summary::default();
    let mut refusal = None;
    let new = NewTree {
        parent: &parent,
        name: &place.name,
        tree: &Tree::default(),
    };
    let appeared = new.appear(|root| {
        refusal = join(&parts, &files, verify, root, &mut draft, &mut summary)?;
        anyhow::ensure!(refusal.is_none(), "nothing was written");
        Ok(draft.finish()?)
    });
    match (refusal, appeared) {
        (Some(fault), _) => Err(Refusal::Parts { fault }.into()),
        (None, Ok(true)) => Ok(summary),
        (None, Ok(false)) => Err(Refusal::Parts {
            fault: format!("the folder `{}` is not empty", printable_path(dir)),
        }
        .into()),
        (None, Err(error)) => Err(error.into()),
    }
}

impl<'a> SitePart<'a> {
    fn open(path: &'a Path) -> Result<SitePart<'a>, Error> {
        let refuse = |fault: &str| Refusal::Parts {
            fault: format!("`{}` {fault}", printable_path(path)),
        };
        let root = Folder::open(path)?;
        if root.stat(reserved::JOURNAL)?.is_some() {
            return Err(refuse("is only half updated: build it again").into());
        }
        let Some(text) = root.reader(reserved::MANIFEST)? else {
            return Err(refuse("has no manifest of botdocs").into());
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
}

/// Returns a message if a shard is missing or there twice; parts that are no shards are complete.
fn incomplete(parts: &[SitePart<'_>]) -> Option<String> {
    let name = |part: &SitePart<'_>| format!("`{}`", printable_path(part.path));
    let (first, whole) = parts
        .iter()
        .find_map(|part| Some((part, part.manifest.share?.shard)))?;
    let mut found: BTreeMap<usize, &SitePart<'_>> = BTreeMap::new();
    for part in parts {
        let shard = part.manifest.share.map(|share| share.shard);
        let Some(shard) = shard.filter(|shard| shard.of() == whole.of()) else {
            let is = match shard {
                Some(shard) => format!("shard {shard}"),
                None => "no shard".to_owned(),
            };
            return Some(format!(
                "{} is shard {whole}, and {} is {is}",
                name(first),
                name(part)
            ));
        };
        if let Some(other) = found.insert(shard.number(), part) {
            return Some(format!(
                "{} and {} are both shard {shard}",
                name(other),
                name(part)
            ));
        }
    }
    let missing: Vec<String> = (1..=whole.of())
        .filter(|number| !found.contains_key(number))
        .map(|number| format!("{number}/{}", whole.of()))
        .collect();
    match missing.as_slice() {
        [] => None,
        [one] => Some(format!("shard {one} is missing")),
        [first, rest @ ..] => Some(format!("shard {first} is missing, and {} more", rest.len())),
    }
}

/// Returns a message if two shards were built from different lists.
///
/// Nothing else shows it: a bot that a list lacks may belong to another shard.
fn of_other_list(parts: &[SitePart<'_>]) -> Option<String> {
    let mut shares = parts
        .iter()
        .filter_map(|part| Some((printable_path(part.path), part.manifest.share?)));
    let (first, list) = shares.next()?;
    let (other, of) = shares.find(|(_, share)| share.digest != list.digest)?;
    Some(if list.whole == of.whole {
        format!("`{first}` and `{other}` were built with different lists or values of bots")
    } else {
        format!(
            "`{first}` was built with a list of {}, and `{other}` with one of {}",
            bots(list.whole),
            bots(of.whole)
        )
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
                let fault = format!(
                    "`{path}` is another file in `{}` than in a part before it",
                    printable_path(part.path)
                );
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

/// Links all files into the new tree; returns a message if a part lacks one.
fn join(
    parts: &[SitePart<'_>],
    files: &BTreeMap<TreePath, Entry>,
    verify: bool,
    root: &Folder,
    draft: &mut ManifestDraft,
    summary: &mut Summary,
) -> anyhow::Result<Option<String>> {
    let mut new = Cursor::new(root);
    let mut old: Vec<_> = parts.iter().map(|part| Cursor::new(&part.root)).collect();
    for (path, entry) in files {
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
            _ => return Ok(Some(not_as_written(&parts[at], path.as_str()))),
        }
        summary.written += 1;
        summary.bytes += entry.size;
    }
    if !parts.iter().any(|part| part.manifest.has_bots()) {
        return Ok(None);
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
        let id = part
            .bots
            .as_ref()
            .and_then(|(bots, names)| Some((bots, names.get(&bot.key)?)));
        let Some((folder, id)) = id else {
            let fault = format!(
                "a bot has no folder in `{}/{BOTS}`",
                printable_path(part.path)
            );
            return Ok(Some(fault));
        };
        // Bots come in the order of their hashes, so the same bot of two parts comes twice in a
        // row.
        if last.replace(bot.key) == Some(bot.key) {
            return Ok(Some(format!("the bot `{id}` is in two parts")));
        }
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
                    return Ok(Some(not_as_written(part, &path)));
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
    Ok(None)
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

fn not_as_written(part: &SitePart<'_>, path: &str) -> String {
    format!(
        "`{path}` in `{}` is not as botdocs wrote it",
        printable_path(part.path)
    )
}
