//! Creates a new output directory as a whole.
//!
//! The new tree is built beside its place, in a container: a folder that only we use. It gets its
//! name by one rename. The next command deletes a container that a killed command left: it has a
//! marker, and no process has its lock. An output directory is never moved back into a container,
//! so every file that is deleted here is ours.

use std::collections::hash_map::RandomState;
use std::ffi::OsStr;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, ErrorKind};

use super::cursor::Cursor;
use super::error::IoContext;
use super::folder::Folder;
use super::reserved;
use super::system::{self, Kind, Lock, Stat};
use super::tree::Tree;
use crate::hole::spool::Spool;

/// The new tree in a [`Container`].
const TREE: &str = "tree";
/// The file in a [`Container`] that names botdocs, and the number of the folder of the new tree.
const MARKER: &str = "botdocs-build";
/// The length of the part of a container's name that makes it unique.
const UNIQUE: usize = 6;

/// The new files and where they go.
pub(super) struct NewTree<'a> {
    pub(super) parent: &'a Folder,
    /// The name of the output directory.
    pub(super) name: &'a OsStr,
    pub(super) tree: &'a Tree<'a>,
}

impl NewTree<'_> {
    /// Creates the output directory with all its files; returns false if another command was
    /// faster.
    ///
    /// `bots` writes the folders of bots into it and returns the manifest.
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
        // A rename replaces an empty folder and fails on any other entry: no file is lost, and of
        // two commands that come here at once one is the first.
        match container.folder.rename(TREE, self.parent, self.name) {
            Ok(()) => {}
            Err(error) if is_occupied(&error) => return Ok(false),
            Err(error) => return Err(error).at("make the folder", self.parent.path_of(self.name)),
        }
        self.parent.sync()?;
        container.remove()?;
        Ok(true)
    }
}

/// Returns whether a rename failed because a file, or a folder that is not empty, has the name.
fn is_occupied(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty
    )
}

/// A folder beside the output directory that is ours alone.
struct Container<'a> {
    parent: &'a Folder,
    name: String,
    folder: Folder,
    is_removed: bool,
}

impl<'a> Container<'a> {
    /// Creates a container for the output directory `name`.
    fn create(parent: &'a Folder, name: &OsStr) -> anyhow::Result<Container<'a>> {
        loop {
            // The sweep of another command may delete a folder that has no marker yet.
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
        // From here on an error removes it, and from the lock on no other command does.
        if container.folder.try_lock() == Lock::Busy || !container.folder.is_linked()? {
            return Ok(None);
        }
        container.folder.make(TREE)?;
        // With the number of the folder: its name alone could be that of another program's folder.
        let marker = marker(&container.tree()?.stat_self()?);
        container.folder.create(MARKER, marker.as_bytes())?;
        Ok(Some(container))
    }

    /// Opens the new tree.
    fn tree(&self) -> anyhow::Result<Folder> {
        let tree = self.folder.child(TREE)?.ok_or_else(system::not_found);
        tree.at("open the folder", self.folder.path_of(TREE))
    }

    /// Removes the container with the files in it that are ours.
    fn remove(mut self) -> anyhow::Result<()> {
        self.is_removed = true;
        remove(self.parent, &self.name, &self.folder)
    }
}

impl Drop for Container<'_> {
    /// Removes the container after an error; if that fails, the next command does it.
    fn drop(&mut self) {
        if !self.is_removed {
            let _ = remove(self.parent, &self.name, &self.folder);
        }
    }
}

/// Adds the manifest to a new tree, and waits until all of it is on the disk.
fn seal(tree: &Folder, manifest: &Spool) -> anyhow::Result<()> {
    tree.create_from(reserved::MANIFEST, manifest)?;
    // Once for the whole tree and before it gets its name, so that a power cut leaves no incomplete
    // tree there.
    tree.sync_disk()?;
    // Once the tree is in its place, other commands wait until this one has ended.
    tree.lock();
    Ok(())
}

/// Deletes the containers that killed commands left beside the output directory `name`.
///
/// One that can't be deleted now does no harm, and is left to the next command.
pub(super) fn sweep(parent: &Folder, name: &OsStr) {
    for (entry, kind) in parent.entries().unwrap_or_default() {
        let Some(entry) = entry.to_str().filter(|entry| is_container(entry, name)) else {
            continue;
        };
        if kind != Kind::Folder {
            continue;
        }
        // On a file system without locks, the folder may be in use.
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
            // Another program's folder, or another tree.
            Some(_) | None => {}
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

/// Deletes everything in a new tree that was never in its place, where only we have put files.
fn clear(folder: &Folder) -> anyhow::Result<()> {
    for (name, kind) in folder.entries()? {
        match folder.child(&name)? {
            Some(inner) if kind == Kind::Folder => {
                clear(&inner)?;
                folder.remove_folder(&name)?;
            }
            _ => folder.remove_file(&name)?,
        }
    }
    Ok(())
}

/// Returns a new name for a container of the output directory `name`.
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

/// Returns whether `entry` is a name that [`unique`] makes for the output directory `name`.
fn is_container(entry: &str, name: &OsStr) -> bool {
    let unique = entry.strip_prefix(&prefix(name));
    // Every folder of this form is read, but only one with a marker and a free lock is deleted.
    unique.is_some_and(|unique| {
        unique.len() == UNIQUE && unique.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn prefix(name: &OsStr) -> String {
    format!(".{}.botdocs-", name.to_string_lossy())
}

/// Returns the content of the marker for a new tree.
fn marker(tree: &Stat) -> String {
    let number = tree.file.on_device();
    format!(
        "botdocs is building here, or was stopped; its next command deletes this folder.\n{number}\n"
    )
}
