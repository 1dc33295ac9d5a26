//! The lists of a manifest for a tree.

use super::manifest::{Entry, ListedPage, Manifest, number_in};
use super::tree::{BotFolders, BotPage, FileContent, Tree};

impl Manifest {
    /// Lists the files of `tree` outside the folders of bots.
    pub(super) fn of(tree: &Tree<'_>) -> Manifest {
        let mut buffer = Vec::new();
        let mut entry = |content: &FileContent<'_>| {
            let bytes = content.bytes(&mut buffer);
            Entry {
                size: bytes.len() as u64,
                hash: blake3::hash(bytes),
            }
        };
        let files = tree
            .iter()
            .map(|(path, content)| (path.clone(), entry(content)))
            .collect();
        Manifest {
            share: tree.share(),
            files,
            ..Manifest::empty()
        }
    }
}

/// Returns the lists of pages of all choices, each list once, and for each choice of the roster the
/// number of its list.
pub(super) fn listed_choices(bots: Option<&BotFolders<'_>>) -> (Vec<Vec<ListedPage>>, Vec<u32>) {
    let listed = |pages: &Vec<BotPage<'_>>| -> Vec<ListedPage> {
        let pages = pages.iter();
        pages
            .map(|page| ListedPage {
                name: page.name.clone(),
                hash: page.hash,
            })
            .collect()
    };
    let of_roster: Vec<_> =
        bots.map_or_else(Vec::new, |bots| bots.choices.iter().map(listed).collect());
    // Sorted, so that the published order reveals nothing about the order of the bots.
    let mut choices = of_roster.clone();
    choices.sort_unstable();
    choices.dedup();
    let number = |pages| number_in(&choices, pages).expect("each choice is among all");
    let numbers = of_roster.iter().map(number).collect();
    (choices, numbers)
}
