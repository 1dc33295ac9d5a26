//! The changes that the output directory needs, and what forbids them.

use std::collections::{BTreeMap, BTreeSet};

use blake3::Hash;

use super::WriteOptions;
use super::checksum::Checksum;
use super::cursor::Cursor;
use super::displace::Was;
use super::error::FileFault;
use super::folder::Folder;
use super::manifest::{Entry, Manifest};
use super::path::TreePath;
use super::survey::Survey;
use super::system::{Kind, Stat};
use super::tree::Tree;

/// The changes outside the folders of bots.
///
/// Each path comes with the present file that will be lost.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The files to write; the tree's other files are there already.
    pub(super) write: BTreeMap<TreePath, Option<Was>>,
    /// The files to delete.
    pub(super) remove: BTreeMap<TreePath, Option<Was>>,
    /// The files that would be lost and are not ours; if there is one, nothing may change.
    pub(super) faults: Losses,
}

/// Files that would be lost, each with the reason to keep it.
pub(super) type Losses = BTreeSet<(String, FileFault)>;

/// The hashes of a present regular file.
type PresentFile = Option<(Hash, Checksum)>;

/// Returns the entry that a change loses.
fn lost(standing: PresentFile) -> Was {
    standing.map_or(Was::Other, |(_, checksum)| Was::File(checksum))
}

/// Builds the plan, file by file.
struct Planner<'a> {
    cursor: Cursor<'a>,
    survey: &'a Survey,
    old: &'a Manifest,
    options: &'a WriteOptions,
    plan: Plan,
    buffer: Vec<u8>,
}

impl Plan {
    /// Compares the files in `root` with those of `tree`.
    pub(super) fn make(
        root: &Folder,
        survey: &Survey,
        old: &Manifest,
        new: &Manifest,
        tree: &Tree<'_>,
        options: &WriteOptions,
    ) -> anyhow::Result<Plan> {
        let mut planner = Planner {
            cursor: Cursor::new(root),
            survey,
            old,
            options,
            plan: Plan::default(),
            buffer: Vec::new(),
        };
        for (path, entry) in &new.files {
            // A file that is listed and not in the tree stays for bots that are skipped.
            if tree.get(path.as_str()).is_some() {
                planner.want(path, entry)?;
            }
        }
        for (path, entry) in &old.files {
            if !new.files.contains_key(path) {
                planner.drop(path, entry)?;
            }
        }
        planner.check_folders(tree);
        Ok(planner.plan)
    }

    /// Returns whether there is nothing to write and nothing to delete.
    pub(super) fn is_empty(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty()
    }

    /// Returns the number of files to delete, without those that are gone already.
    pub(super) fn removed(&self) -> usize {
        self.remove.values().flatten().count()
    }
}

impl Planner<'_> {
    /// Plans to write a file, unless it is there already.
    fn want(&mut self, path: &TreePath, wanted: &Entry) -> anyhow::Result<()> {
        let survey = self.survey;
        let in_the_way = survey
            .foreign_in(path)
            .filter(|&foreign| foreign != path.as_str());
        let in_the_way = in_the_way.map(|foreign| (foreign.to_owned(), FileFault::NotAFile));
        self.plan.faults.extend(in_the_way);

        let listed = self.old.files.get(path);
        let Some(found) = survey.found.get(path) else {
            self.plan.write.insert(path.clone(), None);
            return Ok(());
        };
        if found.kind == Kind::Folder {
            let fault = (path.to_string(), FileFault::NotAFile);
            self.plan.faults.insert(fault);
            return Ok(());
        }
        let is_listed = listed == Some(wanted) && found.size == wanted.size;
        if is_listed && found.kind == Kind::File && !self.options.verify {
            return Ok(());
        }
        // A file that is right although it is not listed so need not be written again: it may come
        // from a checkout of a repository.
        let standing = self.read(path, found)?;
        if standing.is_some_and(|(hash, _)| hash == wanted.hash) {
            return Ok(());
        }
        self.check_loss(path, standing, listed);
        let lost = Some(lost(standing));
        self.plan.write.insert(path.clone(), lost);
        Ok(())
    }

    /// Plans to delete a file of the last build.
    fn drop(&mut self, path: &TreePath, listed: &Entry) -> anyhow::Result<()> {
        let lost = match self.survey.found.get(path) {
            // Another program's folder, in the place of a file that is gone already.
            Some(found) if found.kind == Kind::Folder => return Ok(()),
            Some(found) => {
                let standing = self.read(path, found)?;
                self.check_loss(path, standing, Some(listed));
                Some(lost(standing))
            }
            None => None,
        };
        self.plan.remove.insert(path.clone(), lost);
        Ok(())
    }

    /// Refuses to lose what is at `path`, unless it is as the last build wrote it.
    fn check_loss(&mut self, path: &TreePath, standing: PresentFile, listed: Option<&Entry>) {
        let hash = standing.map(|(hash, _)| hash);
        let fault = match listed {
            Some(listed) if hash == Some(listed.hash) => return,
            Some(_) => FileFault::Edited,
            None => FileFault::Foreign,
        };
        if !self.options.force {
            self.plan.faults.insert((path.to_string(), fault));
        }
    }

    /// Refuses an entry that is where the tree has a folder, unless it is a file that goes.
    fn check_folders(&mut self, tree: &Tree<'_>) {
        for (path, found) in &self.survey.found {
            let goes = self.plan.remove.contains_key(path);
            if tree.has_folder(path.as_str()) && found.kind != Kind::Folder && !goes {
                let fault = (path.to_string(), FileFault::NotAFolder);
                self.plan.faults.insert(fault);
            }
        }
    }

    /// Hashes the file at `path`; a link or a device has no hash.
    fn read(&mut self, path: &TreePath, found: &Stat) -> anyhow::Result<PresentFile> {
        let Some(folder) = self.cursor.reach(path)? else {
            return Ok(None);
        };
        if found.kind != Kind::File || !folder.read_into(path.name(), &mut self.buffer)? {
            return Ok(None);
        }
        let bytes = &self.buffer;
        Ok(Some((blake3::hash(bytes), Checksum::of(bytes))))
    }
}
