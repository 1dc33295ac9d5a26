//! What has to change in the output directory, and what forbids it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use blake3::Hash;

use super::WriteOptions;
use super::cursor::Cursor;
use super::error::{Error, FileFault, Refusal};
use super::folder::Folder;
use super::manifest::{Entry, Manifest};
use super::path::TreePath;
use super::survey::{Found, Kind, Survey};
use super::tree::Tree;

/// What has to change in the output directory.
///
/// Each path comes with the hash of the file that stands there and will be lost.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The files to write; those of the tree that are not here stand there already.
    pub(super) write: BTreeMap<TreePath, Option<Hash>>,
    /// The files to delete.
    pub(super) remove: BTreeMap<TreePath, Option<Hash>>,
}

/// Makes the plan, file by file.
struct Planner<'a> {
    cursor: Cursor<'a>,
    survey: &'a Survey,
    old: &'a Manifest,
    options: &'a WriteOptions,
    plan: Plan,
    faults: BTreeSet<(String, FileFault)>,
}

impl Plan {
    /// Compares what stands in `root` with what shall stand there, and refuses to lose a file that
    /// is not ours.
    pub(super) fn make(
        root: &Folder,
        survey: &Survey,
        (old, new): (&Manifest, &Manifest),
        tree: &Tree<'_>,
        (dir, options): (&Path, &WriteOptions),
    ) -> Result<Plan, Error> {
        let mut planner = Planner {
            cursor: Cursor::new(root),
            survey,
            old,
            options,
            plan: Plan::default(),
            faults: BTreeSet::new(),
        };
        for (path, entry) in &new.files {
            planner.want(path, entry)?;
        }
        for (path, entry) in &old.files {
            if !new.files.contains_key(path) {
                planner.drop(path, entry)?;
            }
        }
        planner.check_folders(tree);
        if planner.faults.is_empty() {
            return Ok(planner.plan);
        }
        let dir = dir.to_owned();
        let files = planner.faults.into_iter().collect();
        Err(Refusal::Files { dir, files }.into())
    }

    /// Whether every file stands there already and none is too many.
    pub(super) fn is_empty(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty()
    }

    /// Counts the files that will be deleted, without those that are gone already.
    pub(super) fn removed(&self) -> usize {
        self.remove.values().flatten().count()
    }
}

impl Planner<'_> {
    /// Plans for a file that shall stand at `path`.
    fn want(&mut self, path: &TreePath, wanted: &Entry) -> anyhow::Result<()> {
        let survey = self.survey;
        let in_the_way = survey
            .foreign_in(path)
            .filter(|&foreign| foreign != path.as_str());
        let in_the_way = in_the_way.map(|foreign| (foreign.to_owned(), FileFault::NotAFile));
        self.faults.extend(in_the_way);

        let listed = self.old.files.get(path);
        let Some(found) = survey.found.get(path) else {
            self.plan.write.insert(path.clone(), None);
            return Ok(());
        };
        if found.kind == Kind::Folder {
            let fault = (path.to_string(), FileFault::NotAFile);
            self.faults.insert(fault);
            return Ok(());
        }
        let is_listed = listed == Some(wanted) && found.size == wanted.size;
        if is_listed && found.kind == Kind::File && !self.options.verify {
            return Ok(());
        }
        let hash = self.hash(path, found)?;
        if hash == Some(wanted.hash) {
            return Ok(());
        }
        self.check_loss(path, hash, listed);
        self.plan.write.insert(path.clone(), hash);
        Ok(())
    }

    /// Plans for a file of ours that is no longer wanted.
    fn drop(&mut self, path: &TreePath, listed: &Entry) -> anyhow::Result<()> {
        let hash = match self.survey.found.get(path) {
            // Someone else's folder, in the place of a file that is gone already.
            Some(found) if found.kind == Kind::Folder => return Ok(()),
            Some(found) => {
                let hash = self.hash(path, found)?;
                self.check_loss(path, hash, Some(listed));
                hash
            }
            None => None,
        };
        self.plan.remove.insert(path.clone(), hash);
        Ok(())
    }

    /// Objects to the loss of what stands at `path` unless we wrote it just so.
    fn check_loss(&mut self, path: &TreePath, hash: Option<Hash>, listed: Option<&Entry>) {
        let fault = match listed {
            Some(listed) if hash == Some(listed.hash) => return,
            Some(_) => FileFault::Edited,
            None => FileFault::Foreign,
        };
        if !self.options.force {
            self.faults.insert((path.to_string(), fault));
        }
    }

    /// Objects to what stands where the tree has a folder, unless it is a file that goes.
    fn check_folders(&mut self, tree: &Tree<'_>) {
        for (path, found) in &self.survey.found {
            let goes = self.plan.remove.contains_key(path);
            if tree.has_folder(path.as_str()) && found.kind != Kind::Folder && !goes {
                let fault = (path.to_string(), FileFault::NotAFolder);
                self.faults.insert(fault);
            }
        }
    }

    /// Hashes what stands at `path`; a link or a device has no hash.
    fn hash(&mut self, path: &TreePath, found: &Found) -> anyhow::Result<Option<Hash>> {
        match self.cursor.reach(path)? {
            Some(folder) if found.kind == Kind::File => folder.hash(path.name()),
            _ => Ok(None),
        }
    }
}
