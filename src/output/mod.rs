//! Writing a built site to the output directory, and never anything else.
//!
//! [`write()`] is the entry. What it does, in order, and where:
//!
//! 1. refuse a folder where writing would endanger other files (`place`), and wait for other builds;
//! 2. complete a change that an earlier command began and could not finish (`journal`);
//! 3. read the list of the files that are ours (`manifest`) and look at what is there (`survey`);
//! 4. compare it with what shall be there, and refuse to lose what is not ours (`plan`);
//! 5. replace the folder as a whole (`exchange`), or where it holds other files too, is mounted, or
//!    must stay the same folder, change it in place (`journal`).
//!
//! Everything below the output directory is reached by folder handles and never through a link
//! (`folder`, `cursor`). After an error, a full disk or a kill at any moment, the tree is the old one
//! or the new one, or the next command makes it so.

#![allow(
    clippy::disallowed_methods,
    reason = "this is where the output directory is touched"
)]

mod cursor;
mod error;
mod exchange;
mod folder;
mod journal;
mod manifest;
mod path;
mod place;
mod plan;
mod survey;
#[cfg(test)]
mod tests;
mod tree;

use std::path::Path;

use self::exchange::Swap;
use self::folder::Folder;
use self::journal::Journal;
use self::manifest::Manifest;
use self::place::Place;
use self::plan::Plan;
use self::survey::Survey;

pub use self::error::{Error, FileFault, PlaceFault, Refusal};
pub use self::manifest::BOTS;
pub use self::path::{InvalidPath, TreePath};
pub use self::tree::{Collision, Content, Tree};

/// What the names of all files and folders begin with that we use while we work.
const OWN_PREFIX: &str = ".botdocs-";

/// How the output directory is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Overwrite or delete files that are in the way, though they are not ours or were edited.
    pub force: bool,
    /// Read the files that should be unchanged, where otherwise their size is enough.
    pub verify: bool,
    /// Keep the folder itself, for those who hold it open, and change what is in it.
    pub in_place: bool,
    /// Don't wait for the disk: after a power cut the last change may be lost, or half there.
    pub unsynced: bool,
}

/// What was done to the output directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were new or changed.
    pub written: usize,
    /// Files that were there already.
    pub unchanged: usize,
    /// Files that were deleted.
    pub removed: usize,
    /// The size of the files that were written.
    pub bytes: u64,
    /// Whether the manifest alone was not as it should be, and was written anew.
    pub relisted: bool,
}

/// Makes the output directory `dir` hold the files of `tree`.
///
/// Files in it that are not ours stay. The folder may neither contain one of `inputs` nor lie in one.
/// If all is there already, nothing is written.
pub fn write(
    tree: &Tree<'_>,
    dir: &Path,
    inputs: &[&Path],
    options: &WriteOptions,
) -> Result<Summary, Error> {
    let place = Place::find(dir, inputs, std::env::home_dir().as_deref())?;
    place.make_parent()?;
    let mut parent = place.open_parent()?;
    if options.unsynced {
        parent = parent.without_sync();
    }
    exchange::sweep(&parent, &place.name);
    let new = Manifest::of(tree);
    let manifest = new.to_bytes();
    let swap = Swap {
        parent: &parent,
        name: &place.name,
        tree,
        manifest: &manifest,
    };
    let job = Job {
        dir,
        options,
        new: &new,
        swap,
    };
    let mut in_place = options.in_place;
    loop {
        let done = match place::open_locked(&parent, &place.name)? {
            Some(root) => job.update(&root, in_place)?,
            None => job.begin()?,
        };
        match done {
            Some(summary) => return Ok(summary),
            // The folder cannot be exchanged, or someone else was at it: look again.
            None => in_place = true,
        }
    }
}

/// Deletes the files of the output directory `dir` that are ours, and the folder if it is empty then.
///
/// If one of them was edited since we wrote it, nothing is deleted unless `force` is set.
pub fn remove(dir: &Path, force: bool) -> Result<Summary, Error> {
    let place = Place::find(dir, &[], std::env::home_dir().as_deref())?;
    if !place.is_there()? {
        return Ok(Summary::default());
    }
    let parent = place.open_parent()?;
    exchange::sweep(&parent, &place.name);
    let Some(root) = place::open_locked(&parent, &place.name)? else {
        return Ok(Summary::default());
    };
    let options = WriteOptions {
        force,
        ..WriteOptions::default()
    };
    journal::recover(&root, dir, force)?;
    let (tree, new) = (Tree::default(), Manifest::default());
    let old = read_manifest(&root, dir, force)?;
    let survey = Survey::of(&root, &old, &tree)?;
    if survey.manifest.is_none() {
        return Ok(Summary::default());
    }
    let plan = Plan::make(&root, &survey, (&old, &new), &tree, (dir, &options))?;
    // The manifest goes last: when this is cut short, the next command knows what is left.
    cursor::delete(&root, plan.remove.keys(), |_, _| Ok(true))?;
    cursor::delete_if_empty(&root, old.folders())?;
    root.remove_file(manifest::NAME)?;
    parent.remove_folder(&place.name)?;
    let removed = plan.removed();
    Ok(Summary {
        removed,
        ..Summary::default()
    })
}

/// One call of [`write()`].
struct Job<'a> {
    /// The output directory as it was given.
    dir: &'a Path,
    options: &'a WriteOptions,
    new: &'a Manifest,
    swap: Swap<'a>,
}

impl Job<'_> {
    /// Makes an output directory that does not exist, unless another command does so first.
    fn begin(&self) -> Result<Option<Summary>, Error> {
        let written = self.swap.tree.iter().map(|(path, _)| path);
        let summary = self.summary(written, 0);
        Ok(self.swap.appear()?.then_some(summary))
    }

    /// Changes an output directory that exists, unless it must be looked at again.
    fn update(&self, root: &Folder, in_place: bool) -> Result<Option<Summary>, Error> {
        journal::recover(root, self.dir, self.options.force)?;
        let old = read_manifest(root, self.dir, self.options.force)?;
        let survey = Survey::of(root, &old, self.swap.tree)?;
        let manifests = (&old, self.new);
        let plan = Plan::make(
            root,
            &survey,
            manifests,
            self.swap.tree,
            (self.dir, self.options),
        )?;
        let mut summary = self.summary(plan.write.keys(), plan.removed());
        if plan.is_empty() {
            // Byte for byte: a manifest may say the same and still not be as we wrote it.
            if root.read(manifest::NAME)?.as_deref() == Some(self.swap.manifest) {
                return Ok(Some(summary));
            }
            summary.relisted = true;
        }
        if !in_place && survey.is_all_ours() && !root.is_mount() {
            let replaced = self.swap.replace(root, (&old, &survey), &plan)?;
            return Ok(replaced.then_some(summary));
        }
        if old.has_bots {
            // Of bots that are all gone the journal knows no file, and so not their folder.
            root.remove_folder(manifest::BOTS)?;
        }
        let journal = Journal::new(root, &plan)?;
        journal.commit(root, self.swap.tree, self.swap.manifest)?;
        journal.complete(root, self.dir)?;
        Ok(Some(summary))
    }

    fn summary<'p>(&self, written: impl Iterator<Item = &'p TreePath>, removed: usize) -> Summary {
        let mut summary = Summary {
            removed,
            ..Summary::default()
        };
        for path in written {
            summary.written += 1;
            summary.bytes += self.new.files[path].size;
        }
        summary.unchanged = self.new.files.len() - summary.written;
        summary
    }
}

/// Reads the manifest, and refuses a folder that holds files but no manifest.
fn read_manifest(root: &Folder, dir: &Path, force: bool) -> Result<Manifest, Error> {
    let Some(bytes) = root.read(manifest::NAME)? else {
        let dir = dir.to_owned();
        if root.stat(".git")?.is_some() {
            let fault = PlaceFault::Repository;
            return Err(Refusal::Place { dir, fault }.into());
        }
        if !force && !root.entries()?.is_empty() {
            return Err(Refusal::NotOurs { dir }.into());
        }
        return Ok(Manifest::default());
    };
    match Manifest::parse(&bytes, &manifest::bots(root)?) {
        Ok(manifest) => Ok(manifest),
        Err(_) if force => Ok(Manifest::default()),
        Err(fault) => {
            let path = dir.join(manifest::NAME);
            Err(Refusal::Damaged { path, fault }.into())
        }
    }
}
