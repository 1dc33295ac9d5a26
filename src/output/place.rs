//! The place of the output directory, which may endanger no other files.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::error::{Error, IoContext, PlaceFault, Refusal};
use super::folder::Folder;
use crate::input::system::FileNumber;

/// The place of an output directory, checked.
pub(super) struct Place {
    /// The folder that contains it.
    parent: PathBuf,
    /// Its name in there.
    pub(super) name: OsString,
}

impl Place {
    /// Finds the place of `dir`, and refuses one where writing would endanger other files.
    pub(super) fn find(dir: &Path, inputs: &[&Path], home: Option<&Path>) -> Result<Place, Error> {
        let refuse = |fault| Refusal::Place {
            dir: dir.to_owned(),
            fault,
        };
        let full = resolve(dir).map_err(|error| match error {
            Unresolved::Fault(fault) => Error::from(refuse(fault)),
            Unresolved::Failed(error) => Error::from(error),
        })?;
        let (Some(parent), Some(name)) = (full.parent(), full.file_name()) else {
            return Err(refuse(PlaceFault::Root).into());
        };
        // With `--force`, a build into the home folder could overwrite files of any program.
        let home = home.and_then(|home| fs::canonicalize(home).ok());
        if home.is_some_and(|home| home.starts_with(&full)) {
            return Err(refuse(PlaceFault::Home).into());
        }
        for &input in inputs {
            if overlap(&full, input)? {
                let input = input.to_owned();
                return Err(refuse(PlaceFault::Overlap { input }).into());
            }
        }
        let parent = parent.to_owned();
        let name = name.to_owned();
        Ok(Place { parent, name })
    }

    /// Creates the folder that contains the output directory, if it is missing.
    pub(super) fn make_parent(&self) -> anyhow::Result<()> {
        loop {
            match fs::create_dir_all(&self.parent) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                made => return made.at("make the folder", &self.parent),
            }
        }
    }

    /// Opens the folder that contains the output directory.
    pub(super) fn open_parent(&self) -> anyhow::Result<Folder> {
        Folder::open(&self.parent)
    }

    /// Returns whether the output directory exists.
    pub(super) fn is_there(&self) -> anyhow::Result<bool> {
        let path = self.parent.join(&self.name);
        path.try_exists().at("inspect", &path)
    }
}

/// Opens the folder `name` and waits until no other build writes to it.
///
/// The lock is on the folder itself: a file for it could be left behind. A build that ended while
/// we waited may have put another folder in its place; then we wait for that one.
pub(super) fn open_locked(parent: &Folder, name: &OsStr) -> anyhow::Result<Option<Folder>> {
    loop {
        let Some(root) = parent.child(name)? else {
            return Ok(None);
        };
        root.lock();
        let now = parent.stat(name)?;
        let opened = root.stat_self()?;
        if now.is_some_and(|now| now.file == opened.file) {
            return Ok(Some(root));
        }
    }
}

enum Unresolved {
    Fault(PlaceFault),
    Failed(anyhow::Error),
}

/// Returns the full path of `dir`, which need not exist, without links.
fn resolve(dir: &Path) -> Result<PathBuf, Unresolved> {
    // Without a slash at the end: the system follows a link that is written with one.
    let dir: PathBuf = Path::new(".").join(dir).components().collect();
    match fs::symlink_metadata(&dir) {
        Ok(meta) if meta.is_symlink() => return Err(Unresolved::Fault(PlaceFault::Link)),
        Ok(meta) if !meta.is_dir() => return Err(Unresolved::Fault(PlaceFault::NotAFolder)),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Unresolved::Fault(PlaceFault::NotAFolder));
        }
        _ => {}
    }
    // The part that exists is resolved by the system; in the missing rest, `..` has no meaning yet.
    for existing in dir.ancestors() {
        let full = match fs::canonicalize(existing) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            full => full.at("find", existing).map_err(Unresolved::Failed)?,
        };
        let missing = dir.strip_prefix(existing).unwrap_or(Path::new(""));
        let is_plain = |part| matches!(part, Component::Normal(_));
        if !missing.components().all(is_plain) {
            return Err(Unresolved::Fault(PlaceFault::Unresolved));
        }
        return Ok(full.join(missing).components().collect());
    }
    Err(Unresolved::Fault(PlaceFault::Unresolved))
}

/// Returns whether `dir` contains `input` or lies in it.
///
/// Folders are compared by what they are, not by name: a second mount or a system that ignores case
/// gives one folder several names.
fn overlap(dir: &Path, input: &Path) -> anyhow::Result<bool> {
    let found = match fs::canonicalize(input) {
        // A missing folder would become an input once the build has made it.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(
                resolve(input).is_ok_and(|input| input.starts_with(dir) || dir.starts_with(&input))
            );
        }
        found => found.at("find", input)?,
    };
    Ok(lies_in(dir, &found)? || lies_in(&found, dir)?)
}

/// Returns whether `path` is `folder` or lies in it; false if `folder` does not exist.
pub(super) fn lies_in(path: &Path, folder: &Path) -> anyhow::Result<bool> {
    let Some(folder) = identity(folder)? else {
        return Ok(false);
    };
    for above in path.ancestors() {
        if identity(above)? == Some(folder) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns which folder is at the path, if one is.
fn identity(path: &Path) -> anyhow::Result<Option<FileNumber>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        meta => Ok(Some(FileNumber::of(&meta.at("inspect", path)?))),
    }
}
