//! The numbers of files, folders and bytes of a tree, as hosts count them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use super::checksum::Checksum;
use super::listing::listed_choices;
use super::manifest::{self, ListedBot, Manifest, bot_line};
use super::path;
use super::reserved::BOTS;
use super::tree::{BotFolders, Tree};

/// The totals of an output directory, including its manifest, which hosts count too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The number of files.
    pub files: u64,
    /// The number of folders in the output directory.
    pub folders: u64,
    /// The number of entries in the fullest folder.
    pub most_in_folder: u64,
    /// The size of all files.
    pub bytes: u64,
    /// The size of the largest file.
    pub largest: u64,
}

impl Totals {
    /// Counts what would be written; the sizes of bots' pages are computed without filling them.
    pub fn of(tree: &Tree<'_>) -> anyhow::Result<Totals> {
        let mut totals = Totals::default();
        let manifest = Manifest::of(tree);
        let mut entries: BTreeMap<&str, u64> = BTreeMap::new();
        let mut folders = BTreeSet::new();
        for (path, entry) in &manifest.files {
            totals.add(entry.size);
            *entries
                .entry(path.folders().next().unwrap_or(""))
                .or_default() += 1;
            folders.extend(path.folders());
        }
        // Not among the manifest's files: bots are counted without a path for each.
        folders.extend(tree.bots().is_some().then_some(BOTS));
        for &folder in &folders {
            let above = path::folders(folder).next();
            *entries.entry(above.unwrap_or("")).or_default() += 1;
        }
        // The manifest.
        *entries.entry("").or_default() += 1;
        totals.folders = folders.len() as u64;
        totals.most_in_folder = entries.values().copied().max().unwrap_or(0);
        let (choices, numbers) = listed_choices(tree.bots());
        let mut list = manifest::size_without_bots(manifest.share, &manifest.files, &choices);
        if let Some(bots) = tree.bots() {
            list += totals.add_bots(bots, &numbers)?;
        }
        totals.add(list as u64);
        Ok(totals)
    }

    /// Adds the folders of bots; returns the size of their lines in the manifest.
    fn add_bots(&mut self, bots: &BotFolders<'_>, numbers: &[u32]) -> anyhow::Result<usize> {
        let count = bots.roster.len() as u64;
        self.folders += count;
        self.most_in_folder = self.most_in_folder.max(count);
        let (mut bot, mut line) = (bots.roster.blank(), String::new());
        let mut lines = 0;
        for number in 0..bots.roster.len() {
            let read = bots.roster.read(number, &mut bot);
            read.context("cannot read the values of a bot again")?;
            let mut listed = ListedBot {
                key: bots.roster.key(number),
                choice: numbers[bot.choice],
                values: bots.hash(&bot),
                files: Vec::new(),
            };
            for page in &bots.choices[bot.choice] {
                let path = || format!("{BOTS}/{}/{}", bot.id, page.name);
                let size = page.body.size(&bot.values, path)? as u64;
                self.add(size);
                // Every CRC has the same number of digits.
                listed.files.push(Checksum { size, crc: 0 });
            }
            line.clear();
            bot_line(&listed, &mut line);
            lines += line.len();
        }
        Ok(lines - manifest::BETWEEN.len())
    }

    fn add(&mut self, size: u64) {
        self.files += 1;
        self.bytes += size;
        self.largest = self.largest.max(size);
    }
}
