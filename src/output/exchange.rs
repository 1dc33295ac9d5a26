//! Replacing the whole output directory at once.
//!
//! The new tree is built beside the output directory, in a folder that only we use, and then takes
//! its place in one step; at the end the old tree is deleted. A folder that a killed command left is
//! deleted by the next one: it holds a marker, and nobody has its lock.

use std::collections::hash_map::RandomState;
use std::ffi::OsStr;
use std::hash::{BuildHasher, Hasher};
use std::io::ErrorKind;
use std::sync::Arc;

use anyhow::Context;
use rustix::fs::Stat;
use rustix::io::Errno;

use super::cursor::{self, Cursor};
use super::error::At;
use super::folder::{self, Folder, Lock};
use super::manifest::{self, Manifest};
use super::path::TreePath;
use super::plan::Plan;
use super::survey::Survey;
use super::tree::Tree;
use crate::spool::{MakeFile, Spool};

/// The new tree in a [`Container`]; after the exchange the old one.
const TREE: &str = "tree";
/// A file in a [`Container`] that says whose it is, and which folder the new tree is.
const MARKER: &str = "botdocs-build";
/// The length of the part of a container's name that makes it unique.
const UNIQUE: usize = 6;

/// The new files and where they go.
pub(super) struct Swap<'a> {
    pub(super) parent: &'a Folder,
    /// The name of the output directory.
    pub(super) name: &'a OsStr,
    pub(super) tree: &'a Tree<'a>,
}

impl Swap<'_> {
    /// Makes the output directory with all its files, or says that another command was faster;
    /// `bots` writes the folders of bots into it and gives the manifest.
    pub(super) fn appear(
        &self,
        bots: impl FnOnce(&Folder) -> anyhow::Result<Spool>,
    ) -> anyhow::Result<bool> {
        let container = Container::create(self.parent, self.name)?;
        let tree = container.tree()?;
        let mut cursor = Cursor::new(&tree);
        let mut buffer = Vec::new();
        for (path, content) in self.tree.iter() {
            let folder = cursor.make(path)?;
            folder.create(path.name(), content.bytes(&mut buffer))?;
        }
        seal(&tree, &bots(&tree)?)?;
        match container.folder.rename(TREE, self.parent, self.name) {
            Ok(()) => {}
            Err(Errno::EXIST | Errno::NOTEMPTY) => return Ok(false),
            Err(error) => return Err(error).at("make the folder", self.parent.path_of(self.name)),
        }
        self.parent.sync()?;
        container.remove()?;
        Ok(true)
    }

    /// Replaces the output directory, all of which is ours, or says that it cannot be done so.
    ///
    /// There are no bots in it: to link and delete each of their files would take longer than all
    /// else, so a tree with bots is changed by a journal.
    pub(super) fn replace(
        &self,
        root: &Folder,
        (old, survey): (&Manifest, &Survey),
        plan: &Plan,
        manifest: &Spool,
    ) -> anyhow::Result<bool> {
        let before = root.stat_self()?;
        // The new tree stays open, and with it locked, until the old one is deleted.
        let built = self.build(root, &before, plan, manifest);
        let Some((container, _new)) = built.context("nothing has changed")? else {
            return Ok(false);
        };
        if !self.exchange(&container)? {
            return Ok(false);
        }
        self.parent.sync()?;
        // The old tree is out of reach now. What someone saved into it in the last moment would be
        // lost with it, so then it comes back.
        let moved = container.folder.stat(TREE)?;
        let is_root = moved.is_some_and(|moved| folder::same(&moved, &before));
        if !is_root || Survey::of(root, old, self.tree)? != *survey {
            self.exchange(&container)?;
            return Ok(false);
        }
        cursor::delete(root, survey.found.keys(), |_, _| Ok(true))
            .and_then(|()| cursor::delete_if_empty(root, old.folders()))
            .and_then(|()| root.remove_file(manifest::NAME))
            .and_then(|()| container.remove())
            .context("the new files are in place, but the old ones are not all deleted")?;
        Ok(true)
    }

    /// Builds the new tree beside the old one, unless the user may not do so.
    fn build(
        &self,
        root: &Folder,
        before: &Stat,
        plan: &Plan,
        manifest: &Spool,
    ) -> anyhow::Result<Option<(Container<'_>, Folder)>> {
        let container = match Container::create(self.parent, self.name) {
            Ok(container) => container,
            Err(error) if is_forbidden(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let tree = container.tree()?;
        let made = tree.stat_self()?;
        if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid) {
            // The output directory would change hands.
            return Ok(None);
        }
        self.fill(&tree, root, plan)?;
        tree.set_mode(before)?;
        seal(&tree, manifest)?;
        Ok(Some((container, tree)))
    }

    /// Writes the changed files to the new tree, and shares the others with the old one.
    fn fill(&self, tree: &Folder, root: &Folder, plan: &Plan) -> anyhow::Result<()> {
        let mut new = Cursor::new(tree);
        let mut old = Cursor::new(root);
        let mut buffer = Vec::new();
        for (path, content) in self.tree.iter() {
            let folder = new.make(path)?;
            let name = path.name();
            let is_kept = !plan.write.contains_key(path);
            match old.reach(path)?.filter(|_| is_kept) {
                Some(from) => from.share(name, folder, name)?,
                None => folder.create(name, content.bytes(&mut buffer))?,
            }
        }
        Ok(())
    }

    /// Exchanges the output directory with the tree in the container, if the system can.
    fn exchange(&self, container: &Container<'_>) -> anyhow::Result<bool> {
        match container.folder.exchange(TREE, self.parent, self.name) {
            Ok(()) => Ok(true),
            Err(
                // Not known to the system or the file system.
                Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP
                // A mount point, or a layer of an image.
                | Errno::BUSY | Errno::XDEV
                // Not allowed in the folder above.
                | Errno::PERM | Errno::ACCESS
                // Removed by another command.
                | Errno::NOENT,
            ) => Ok(false),
            Err(error) => Err(error).at("replace", self.parent.path_of(self.name)),
        }
    }
}

/// A folder beside the output directory that is ours alone.
struct Container<'a> {
    parent: &'a Folder,
    name: String,
    folder: Folder,
    is_removed: bool,
}

impl<'a> Container<'a> {
    /// Makes a container for the output directory `name`.
    fn create(parent: &'a Folder, name: &OsStr) -> anyhow::Result<Container<'a>> {
        loop {
            // Another command that sweeps may take a folder away that has no marker yet.
            if let Some(container) = Container::try_create(parent, unique(name))? {
                return Ok(container);
            }
        }
    }

    fn try_create(parent: &'a Folder, name: String) -> anyhow::Result<Option<Container<'a>>> {
        if !parent.make(&name)? {
            return Ok(None);
        }
        let Some(folder) = parent.child(&name)? else {
            return Ok(None);
        };
        let container = Container {
            parent,
            name,
            folder,
            is_removed: false,
        };
        // From here on an error removes it; and from the lock on nobody else does.
        if container.folder.try_lock() == Lock::Busy || !container.folder.is_linked()? {
            return Ok(None);
        }
        container.folder.make(TREE)?;
        let marker = marker(&container.tree()?.stat_self()?);
        container.folder.create(MARKER, marker.as_bytes())?;
        Ok(Some(container))
    }

    /// Opens the new tree.
    fn tree(&self) -> anyhow::Result<Folder> {
        let tree = self.folder.child(TREE)?.ok_or(Errno::NOENT);
        tree.at("open the folder", self.folder.path_of(TREE))
    }

    /// Removes the container with what is ours in it.
    fn remove(mut self) -> anyhow::Result<()> {
        self.is_removed = true;
        remove(self.parent, &self.name, &self.folder)
    }
}

impl Drop for Container<'_> {
    /// Removes the container after an error; what fails here the next command does.
    fn drop(&mut self) {
        if !self.is_removed {
            let _ = remove(self.parent, &self.name, &self.folder);
        }
    }
}

/// Adds the manifest to a new tree and makes all of it survive a power cut.
fn seal(tree: &Folder, manifest: &Spool) -> anyhow::Result<()> {
    tree.create_from(manifest::NAME, manifest)?;
    tree.sync_disk()?;
    // From the moment that the tree is in place other commands wait until we are done.
    tree.lock();
    Ok(())
}

/// Deletes what killed commands left beside the output directory `name`.
///
/// What cannot be deleted now is left to the next command: it harms no one.
pub(super) fn sweep(parent: &Folder, name: &OsStr) {
    for (entry, kind) in parent.entries().unwrap_or_default() {
        let Some(entry) = entry.to_str().filter(|entry| is_container(entry, name)) else {
            continue;
        };
        if !kind.is_dir() {
            continue;
        }
        // Without locks there is no telling whether the folder is in use.
        if let Ok(Some(folder)) = parent.child(entry)
            && folder.try_lock() == Lock::Held
        {
            let _ = remove(parent, entry, &folder);
        }
    }
}

/// Deletes a container with everything in it that is ours; the caller has its lock.
fn remove(parent: &Folder, name: &str, container: &Folder) -> anyhow::Result<()> {
    if let Some(tree) = container.child(TREE)? {
        match container.read(MARKER)? {
            Some(marked) if marked == marker(&tree.stat_self()?).as_bytes() => clear(&tree)?,
            Some(_) => remove_old(&tree)?,
            None => {}
        }
        drop(tree);
        container.remove_folder(TREE)?;
    }
    if container.stat(TREE)?.is_none() {
        container.remove_file(MARKER)?;
        parent.remove_folder(name)?;
    }
    Ok(())
}

/// Deletes everything in a new tree that never was in its place: nobody but us has put a file there.
fn clear(folder: &Folder) -> anyhow::Result<()> {
    for (name, kind) in folder.entries()? {
        match folder.child(&name)? {
            Some(inner) if kind.is_dir() => {
                clear(&inner)?;
                folder.remove_folder(&name)?;
            }
            _ => folder.remove_file(&name)?,
        }
    }
    Ok(())
}

/// Deletes the files of an old tree that are as its manifest says, or have another name elsewhere.
fn remove_old(tree: &Folder) -> anyhow::Result<()> {
    let Some(text) = tree.reader(manifest::NAME)? else {
        return Ok(());
    };
    // It never had bots, whose list could be too long to be kept in memory.
    let no_file: MakeFile = Arc::new(|| Err(ErrorKind::OutOfMemory.into()));
    let Ok(old) = manifest::parse(text, &no_file) else {
        return Ok(());
    };
    let is_ours = |folder: &Folder, path: &TreePath| {
        let is_shared = folder
            .stat(path.name())?
            .is_some_and(|stat| stat.st_nlink > 1);
        let hash = Some(old.files[path].hash);
        Ok(is_shared || folder.hash(path.name())? == hash)
    };
    cursor::delete(tree, old.files.keys(), is_ours)?;
    cursor::delete_if_empty(tree, old.folders())?;
    tree.remove_file(manifest::NAME)
}

/// Returns a name for a container of the output directory `name`, other than any before.
fn unique(name: &OsStr) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    // The only randomness of the standard library; it reaches no file that is published.
    let mut random = RandomState::new().build_hasher().finish();
    let mut text = prefix(name);
    for _ in 0..UNIQUE {
        text.push(char::from(DIGITS[(random % 32) as usize]));
        random /= 32;
    }
    text
}

/// Whether `entry` is a name that [`unique`] makes for the output directory `name`.
fn is_container(entry: &str, name: &OsStr) -> bool {
    let unique = entry.strip_prefix(&prefix(name));
    unique.is_some_and(|unique| {
        unique.len() == UNIQUE && unique.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn prefix(name: &OsStr) -> String {
    format!(".{}.botdocs-", name.to_string_lossy())
}

/// Returns the content of the marker for a new tree.
fn marker(tree: &Stat) -> String {
    let number = tree.st_ino;
    format!(
        "botdocs is building here, or was stopped; its next command deletes this folder.\n{number}\n"
    )
}

/// Whether the folder above may not be written to.
fn is_forbidden(error: &anyhow::Error) -> bool {
    let errno = error.downcast_ref().and_then(Errno::from_io_error);
    matches!(
        errno,
        Some(Errno::ACCESS | Errno::PERM | Errno::ROFS | Errno::NAMETOOLONG)
    )
}
