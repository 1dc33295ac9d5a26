//! Bots that a list skips for their errors: their files stay, and the files that their pages need.

use std::collections::BTreeSet;

use anyhow::Context as _;

use super::listing::listed_choices;
use super::manifest::{ListedBot, Manifest, number_in};
use super::path::TreePath;
use super::tree::Tree;
use crate::hole::roster::Roster;
use crate::{pages::asset, pages::search};

/// The lists of the new manifest if bots of the last build stay unchanged.
pub(super) struct Spared {
    /// The new manifest, without its bots.
    pub(super) manifest: Manifest,
    /// The number in it of each choice of the roster.
    pub(super) numbers: Vec<u32>,
    /// The number in it of each choice of the old manifest, if the choice stays.
    pub(super) kept: Vec<Option<u32>>,
}

/// The bots of the last build that stay as they are.
#[derive(Clone, Copy, Default)]
pub(super) struct Spares<'a> {
    /// The list that skips them.
    pub(super) roster: Option<&'a Roster>,
    /// The number in the new manifest of each choice of the old one, if the choice stays.
    pub(super) numbers: &'a [Option<u32>],
}

impl Spares<'_> {
    /// Returns whether a bot that is not in the list keeps its files.
    pub(super) fn has(&self, key: u128) -> bool {
        self.roster.is_some_and(|roster| roster.spares(key))
    }

    /// Returns a bot of the last build as the new manifest lists it.
    pub(super) fn listed(&self, old: &ListedBot) -> anyhow::Result<ListedBot> {
        let number = self.numbers.get(old.choice as usize).copied().flatten();
        Ok(ListedBot {
            choice: number.context("the pages of a bot that stays are not listed")?,
            ..old.clone()
        })
    }
}

/// Joins `old` and the files of `tree`, if a bot of `old` stays.
pub(super) fn spared(old: &Manifest, tree: &Tree<'_>) -> std::io::Result<Option<Spared>> {
    let Some(roster) = tree.roster().filter(|roster| roster.skipped() > 0) else {
        return Ok(None);
    };
    let mut used = BTreeSet::new();
    for bot in old.bots.iter() {
        let ListedBot { key, choice, .. } = bot?;
        if roster.spares(key) {
            used.insert(choice);
        }
    }
    if used.is_empty() {
        return Ok(None);
    }
    let (own, numbers) = listed_choices(tree.bots());
    let stay = used.iter().map(|&choice| &old.choices[choice as usize]);
    // In the order of a build that skips no bot, so that the manifest does not depend on the
    // skipped ones.
    let mut choices: Vec<_> = own.iter().chain(stay).cloned().collect();
    choices.sort_unstable();
    choices.dedup();
    let number = |pages| number_in(&choices, pages);
    let own = |&at: &u32| number(&own[at as usize]).expect("each choice is among all");
    let numbers = numbers.iter().map(own).collect();
    let kept = old.choices.iter().map(number).collect();
    let mut manifest = Manifest::of(tree);
    for (path, entry) in &old.files {
        // A name that differs from a new one only in case would be the same file on some systems.
        if is_needed(path) && !tree.has_name(path) {
            manifest.files.insert(path.clone(), *entry);
        }
    }
    manifest.choices = choices;
    Ok(Some(Spared {
        manifest,
        numbers,
        kept,
    }))
}

/// Returns whether pages of bots may need a file: published files of the project and search
/// indexes. All other files at the root belong to the site itself, and may go with its pages.
///
/// The pages are not searched for the names of files: the next build that skips no bot deletes
/// those that are no longer needed.
fn is_needed(path: &TreePath) -> bool {
    path.as_str().starts_with(asset::FOLDER) || search::is_index(path.as_str())
}
