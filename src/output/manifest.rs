//! The list of the files that we wrote, kept beside them in the output directory.
//!
//! Files that it lists and that were not changed since are ours to replace and delete; no others
//! are. It has no time and no path of the machine, so a site that is kept in a repository changes
//! only where a page does.
//!
//! Each bot is a line. The pages are listed once for each choice of endpoints. A file is identified
//! by the hash of its page and the hash of the bot's values: if neither changed, the file is
//! neither filled nor read. A bot is listed under a hash of its ID, since the manifest is published
//! with the site and bots are customers; the names of the folders show which bot has which hash.
//!
//! It is written and read as a stream, and takes no memory for each bot.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, BufRead};

use blake3::{Hash, Hasher};

use super::checksum::Checksum;
use super::path::TreePath;
use super::reserved::BOTS;
use crate::hole::roster::Share;
use crate::hole::spool::{MakeFile, Spool};

mod parse;

pub(super) use parse::parse;

/// The version of the format that this code reads and writes. Version 1, which listed each file of
/// each bot, was never released.
const FORMAT: u32 = 2;

/// The purpose of the file, for its readers.
const ABOUT: &str = "Files that botdocs wrote here, and may replace or delete. Keep this file beside them, unchanged.";

/// The files that we wrote.
#[derive(Debug)]
pub(super) struct Manifest {
    /// The share of all bots that is listed, if it is a shard.
    pub(super) share: Option<Share>,
    pub(super) files: BTreeMap<TreePath, Entry>,
    /// The pages of each choice, in the order of their names.
    pub(super) choices: Vec<Vec<ListedPage>>,
    pub(super) bots: ListedBots,
}

/// A file as we wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) size: u64,
    pub(super) hash: Hash,
}

/// The hash of a page with holes, the same whatever is filled in.
pub(super) type PageHash = [u8; 16];

/// A page of bots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ListedPage {
    pub(super) name: String,
    pub(super) hash: PageHash,
}

/// The line of a bot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListedBot {
    /// The hash of its ID.
    pub(super) key: u128,
    /// The number of its choice.
    pub(super) choice: u32,
    /// The hash of its values.
    pub(super) values: u64,
    /// Its files, in the order of the choice's pages.
    pub(super) files: Vec<Checksum>,
}

/// The bots of a manifest in the order of their hashes.
#[derive(Debug)]
pub(super) struct ListedBots {
    records: Spool,
    pub(super) count: usize,
}

impl ListedBots {
    fn new(make_file: &MakeFile) -> ListedBots {
        let records = Spool::new(make_file);
        ListedBots { records, count: 0 }
    }

    fn push(&mut self, bot: &ListedBot) -> io::Result<()> {
        // In binary, as fixed fields: shorter than the line, and read without parsing. With three
        // pages a million bots take 68 MB, so the records are in a spool.
        let mut record = Vec::with_capacity(32 + 12 * bot.files.len());
        record.extend_from_slice(&bot.key.to_le_bytes());
        record.extend_from_slice(&bot.choice.to_le_bytes());
        record.extend_from_slice(&bot.values.to_le_bytes());
        record.extend_from_slice(&(bot.files.len() as u32).to_le_bytes());
        for file in &bot.files {
            record.extend_from_slice(&file.size.to_le_bytes());
            record.extend_from_slice(&file.crc.to_le_bytes());
        }
        self.count += 1;
        self.records.append(&record).map(|_| ())
    }

    /// Iterates over the bots.
    pub(super) fn iter(&self) -> impl Iterator<Item = io::Result<ListedBot>> + '_ {
        let mut reader = self.records.reader();
        (0..self.count).map(move |_| {
            Ok(ListedBot {
                key: u128::from_le_bytes(bytes(&mut reader)?),
                choice: u32::from_le_bytes(bytes(&mut reader)?),
                values: u64::from_le_bytes(bytes(&mut reader)?),
                files: {
                    let count = u32::from_le_bytes(bytes(&mut reader)?);
                    let file = |_| {
                        Ok(Checksum {
                            size: u64::from_le_bytes(bytes(&mut reader)?),
                            crc: u32::from_le_bytes(bytes(&mut reader)?),
                        })
                    };
                    (0..count).map(file).collect::<io::Result<_>>()?
                },
            })
        })
    }
}

fn bytes<const N: usize>(reader: &mut impl BufRead) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

impl Manifest {
    /// Returns a manifest without files.
    pub(super) fn empty() -> Manifest {
        let records = Spool::in_memory();
        Manifest {
            share: None,
            files: BTreeMap::new(),
            choices: Vec::new(),
            bots: ListedBots { records, count: 0 },
        }
    }

    /// Returns whether bots are listed, some of whose folders may be gone.
    pub(super) fn has_bots(&self) -> bool {
        self.bots.count > 0
    }

    /// Returns the folders of the files, and the folder of bots.
    pub(super) fn folders(&self) -> BTreeSet<&str> {
        let folders = self.files.keys().flat_map(TreePath::folders);
        folders.chain(self.has_bots().then_some(BOTS)).collect()
    }
}

/// Returns the number of a choice among sorted ones, if it is there.
pub(super) fn number_in(choices: &[Vec<ListedPage>], pages: &Vec<ListedPage>) -> Option<u32> {
    let number = choices.binary_search(pages).ok()?;
    u32::try_from(number).ok()
}

/// The text of a manifest that is being written.
#[derive(Debug)]
pub(super) struct ManifestDraft {
    text: Spool,
    hasher: Hasher,
    has_bots: bool,
}

impl ManifestDraft {
    /// Writes all but the bots.
    pub(super) fn new(
        share: Option<Share>,
        files: &BTreeMap<TreePath, Entry>,
        choices: &[Vec<ListedPage>],
        make_file: &MakeFile,
    ) -> io::Result<ManifestDraft> {
        let mut draft = ManifestDraft {
            text: Spool::new(make_file),
            hasher: Hasher::new(),
            has_bots: false,
        };
        for part in before_bots(share, files, choices) {
            draft.push(&part)?;
        }
        Ok(draft)
    }

    /// Adds lines of bots, in the order of their hashes, as [`bot_line`] writes them.
    pub(super) fn push_bots(&mut self, lines: &str) -> io::Result<()> {
        // Each begins with the separator from the line before it, which the first does not have.
        let lines = if self.has_bots {
            lines
        } else {
            lines.strip_prefix(BETWEEN).unwrap_or(lines)
        };
        self.has_bots |= !lines.is_empty();
        self.push(lines)
    }

    /// Writes the end, and returns the text.
    pub(super) fn finish(mut self) -> io::Result<Spool> {
        // At the end, so that a truncated manifest is noticed: the files that it lacks would be
        // taken for those of others, and stay for ever.
        self.push(AFTER_BOTS)?;
        let last = last_line(self.hasher.finalize());
        self.text.append(last.as_bytes())?;
        Ok(self.text)
    }

    fn push(&mut self, text: &str) -> io::Result<()> {
        self.hasher.update(text.as_bytes());
        self.text.append(text.as_bytes()).map(|_| ())
    }
}

/// Returns the size of a manifest without its lines of bots.
pub(super) fn size_without_bots(
    share: Option<Share>,
    files: &BTreeMap<TreePath, Entry>,
    choices: &[Vec<ListedPage>],
) -> usize {
    let before = before_bots(share, files, choices).map(|part| part.len());
    let any = blake3::hash(b"");
    before.sum::<usize>() + AFTER_BOTS.len() + last_line(any).len()
}

/// Returns the parts of a manifest's text before the lines of bots.
fn before_bots(
    share: Option<Share>,
    files: &BTreeMap<TreePath, Entry>,
    choices: &[Vec<ListedPage>],
) -> impl Iterator<Item = String> {
    let files = files.iter().enumerate();
    let files = files.map(|(at, (path, entry))| file_line(at == 0, path, entry));
    let choices = choices.iter().enumerate();
    let choices = choices.map(|(at, pages)| choice_line(at == 0, pages));
    std::iter::once(head(share))
        .chain(files)
        .chain([AFTER_FILES.to_owned()])
        .chain(choices)
        .chain([AFTER_CHOICES.to_owned()])
}

const AFTER_FILES: &str = "\n],\n\"choices\": [\n";
const AFTER_CHOICES: &str = "\n],\n\"bots\": [\n";
const AFTER_BOTS: &str = "\n],\n";
pub(super) const BETWEEN: &str = ",\n";

fn head(share: Option<Share>) -> String {
    let share = share.map_or_else(String::new, |share| {
        let Share {
            shard,
            whole,
            digest,
        } = share;
        format!("\"shard\": \"{shard}\",\n\"list\": {whole},\n\"digest\": \"{digest:032x}\",\n")
    });
    format!("{{\n\"about\": \"{ABOUT}\",\n\"format\": {FORMAT},\n{share}\"files\": [\n")
}

fn last_line(checksum: Hash) -> String {
    format!("\"checksum\": \"{}\"\n}}\n", checksum.to_hex())
}

fn file_line(is_first: bool, path: &TreePath, Entry { size, hash }: &Entry) -> String {
    let between = if is_first { "" } else { BETWEEN };
    let path = serde_json::Value::from(path.as_str());
    let hash = hash.to_hex();
    format!("{between}{{\"path\": {path}, \"size\": {size}, \"blake3\": \"{hash}\"}}")
}

fn choice_line(is_first: bool, pages: &[ListedPage]) -> String {
    let mut line = String::from(if is_first { "[" } else { ",\n[" });
    for (at, page) in pages.iter().enumerate() {
        let between = if at == 0 { "" } else { ", " };
        let name = serde_json::Value::from(page.name.as_str());
        let hash = u128::from_be_bytes(page.hash);
        write!(
            line,
            "{between}{{\"page\": {name}, \"hash\": \"{hash:032x}\"}}"
        )
        .expect("writing to a string cannot fail");
    }
    line.push(']');
    line
}

/// Adds the line of a bot to `lines`: the hash of its ID, its choice, the hash of its values, and
/// size and checksum of each file.
pub(super) fn bot_line(bot: &ListedBot, lines: &mut String) {
    let ListedBot {
        key,
        choice,
        values,
        files,
    } = bot;
    // A string, not an object, which would repeat four names for each of a million bots.
    write!(lines, "{BETWEEN}\"{key:032x} {choice} {values:016x}")
        .expect("writing to a string cannot fail");
    for file in files {
        write!(lines, " {file}").expect("writing to a string cannot fail");
    }
    lines.push('"');
}

#[cfg(test)]
mod tests;
