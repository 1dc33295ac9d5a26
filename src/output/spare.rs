//! Bots that a list skips for their faults: their files stay, with those that their pages need.

use std::collections::BTreeSet;

use super::manifest::{ListedBot, Manifest, listed_choices};
use super::path::TreePath;
use super::tree::Tree;
use crate::roster::Roster;

/// What the manifest will list where bots of the last build stay as they are.
pub(super) struct Spared {
    /// The new manifest, without its bots.
    pub(super) manifest: Manifest,
    /// The number in it of each choice of the roster.
    pub(super) numbers: Vec<u32>,
    /// The number in it of each choice of the old manifest, of those that stay.
    pub(super) kept: Vec<u32>,
}

/// The bots of the last build that stay as they are.
#[derive(Clone, Copy, Default)]
pub(super) struct Kept<'a> {
    /// The list that skips them.
    pub(super) roster: Option<&'a Roster>,
    /// The number in the new manifest of each choice that the last build listed.
    pub(super) numbers: &'a [u32],
}

impl Kept<'_> {
    /// Whether a bot that is not in the list keeps its files.
    pub(super) fn has(&self, key: u128) -> bool {
        self.roster.is_some_and(|roster| roster.spares(key))
    }

    /// A bot of the last build as it is listed now.
    pub(super) fn listed(&self, old: &ListedBot) -> ListedBot {
        ListedBot {
            choice: self.numbers[old.choice as usize],
            ..old.clone()
        }
    }
}

/// What stays of `old` beside the files of `tree`, if a bot does.
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
    let mut choices: Vec<_> = own.iter().chain(stay).cloned().collect();
    choices.sort_unstable();
    choices.dedup();
    let number = |pages| choices.binary_search(pages).unwrap_or_default() as u32;
    let numbers = numbers.iter().map(|&at| number(&own[at as usize]));
    let numbers = numbers.collect();
    let kept = old.choices.iter().map(number).collect();
    let mut manifest = Manifest::of(tree);
    for (path, entry) in &old.files {
        // Of another case of the same name the new one stands there.
        if !is_page(path) && !tree.has_name(path) {
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

/// Whether a file is a page or its twin, which others may name and none needs.
fn is_page(path: &TreePath) -> bool {
    let plain = path.as_str().trim_end_matches(".gz");
    [".html", ".md", ".txt"]
        .iter()
        .any(|ending| plain.ends_with(ending))
}
