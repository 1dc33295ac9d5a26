//! The entries of the output directory before a change, except in the folders of bots.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::ops::Bound;

use super::folder::Folder;
use super::manifest::Manifest;
use super::path::{self, TreePath};
use super::reserved::{self, BOTS};
use super::system::{Kind, Stat};
use super::tree::Tree;

/// The entries of the output directory, as far as a change concerns them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// The entries at the paths of files that we wrote or want to write.
    pub(super) found: BTreeMap<TreePath, Stat>,
    /// All other paths; of a folder without files of ours only the folder itself.
    pub(super) foreign: BTreeSet<String>,
}

impl Survey {
    /// Lists everything in `root` except in the folders of bots.
    pub(super) fn of(root: &Folder, old: &Manifest, tree: &Tree<'_>) -> anyhow::Result<Survey> {
        let folders = old.folders();
        let mut survey = Survey::default();
        Surveyor { old, tree, folders }.visit(root, "", &mut survey)?;
        Ok(survey)
    }
}

/// Searches the entries of a survey.
struct Surveyor<'a> {
    old: &'a Manifest,
    tree: &'a Tree<'a>,
    /// The folders of the files that we wrote.
    folders: BTreeSet<&'a str>,
}

impl Surveyor<'_> {
    fn visit(&self, folder: &Folder, above: &str, survey: &mut Survey) -> anyhow::Result<()> {
        for (name, kind) in folder.entries()? {
            let path = format!("{above}{}", name.to_string_lossy());
            // A name that is not valid on every system is not that of a file of ours.
            let known = name
                .to_str()
                .and_then(|_| TreePath::new(path.as_str()).ok());
            let Some(known) = known else {
                survey.foreign.insert(path);
                continue;
            };
            let is_folder = self.folders.contains(path.as_str()) || self.tree.has_folder(&path);
            if kind == Kind::Folder && path == BOTS && is_folder {
                // Bots are compared one by one.
                continue;
            }
            if kind == Kind::Folder && is_folder {
                self.visit_inner(folder, &name, &path, survey)?;
                continue;
            }
            let is_file = self.old.files.contains_key(&known) || self.tree.get(&path).is_some();
            let is_manifest = path == reserved::MANIFEST;
            if !is_file && !is_manifest {
                survey.foreign.insert(path);
            }
            if !is_file && !is_folder {
                continue;
            }
            let Some(stat) = folder.stat(&name)? else {
                continue;
            };
            survey.found.insert(known, stat);
        }
        Ok(())
    }
}

impl Surveyor<'_> {
    /// Lists a folder in which files of ours are or will be.
    fn visit_inner(
        &self,
        above: &Folder,
        name: &OsStr,
        path: &str,
        survey: &mut Survey,
    ) -> anyhow::Result<()> {
        let Some(folder) = above.child(name)? else {
            return Ok(());
        };
        // An empty folder may be ours and have lost its files; one that we did not make must stay.
        let is_kept = !self.folders.contains(path) && folder.entries()?.is_empty();
        if is_kept || folder.is_mount() {
            survey.foreign.insert(path.to_owned());
        }
        self.visit(&folder, &format!("{path}/"), survey)
    }
}

impl Survey {
    /// Iterates over the foreign paths at `path` or below it.
    pub(super) fn foreign_in(&self, path: &TreePath) -> impl Iterator<Item = &str> {
        let path = path.as_str();
        let below = self
            .foreign
            .range::<str, _>((Bound::Included(path), Bound::Unbounded));
        below
            .map(String::as_str)
            .take_while(move |foreign| foreign.starts_with(path))
            .filter(move |foreign| {
                *foreign == path || path::folders(foreign).any(|folder| folder == path)
            })
    }
}
