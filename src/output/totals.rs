//! What a tree comes to: files, folders, bytes, as hosts count them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use super::path;
use super::tree::Tree;

/// What a tree comes to, without its manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The number of files.
    pub files: u64,
    /// The number of folders in the output directory.
    pub folders: u64,
    /// The number of entries of the folder that has most.
    pub most_in_folder: u64,
    /// The size of all files.
    pub bytes: u64,
    /// The size of the largest file.
    pub largest: u64,
}

impl Totals {
    /// Counts a tree; the pages of bots are filled for it, but not written.
    pub fn of(tree: &Tree<'_>) -> anyhow::Result<Totals> {
        let mut totals = Totals::default();
        let mut buffer = Vec::new();
        let mut entries: BTreeMap<&str, u64> = BTreeMap::new();
        let mut folders = BTreeSet::new();
        for (path, content) in tree.iter() {
            totals.add(content.bytes(&mut buffer).len());
            *entries
                .entry(path.folders().next().unwrap_or(""))
                .or_default() += 1;
            folders.extend(path.folders());
        }
        for &folder in &folders {
            let above = path::folders(folder).next();
            *entries.entry(above.unwrap_or("")).or_default() += 1;
        }
        totals.folders = folders.len() as u64;
        totals.most_in_folder = entries.values().copied().max().unwrap_or(0);
        let Some(bots) = tree.bots() else {
            return Ok(totals);
        };
        let count = bots.roster.len() as u64;
        // Theirs, and the one that they are in.
        totals.folders += count + 1;
        totals.most_in_folder = totals.most_in_folder.max(count);
        let (mut bot, mut plain, mut page) = (bots.roster.blank(), Vec::new(), Vec::new());
        for number in 0..bots.roster.len() {
            let read = bots.roster.read(number, &mut bot);
            read.context("cannot read the values of a bot again")?;
            for wanted in &bots.choices[bot.choice] {
                page.clear();
                wanted.body.fill(&bot.values, &mut plain, &mut page)?;
                totals.add(page.len());
            }
        }
        Ok(totals)
    }

    fn add(&mut self, size: usize) {
        self.files += 1;
        self.bytes += size as u64;
        self.largest = self.largest.max(size as u64);
    }
}
