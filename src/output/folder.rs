//! A folder held open, so that the meaning of a path cannot change during a command.
//!
//! Everything below the output directory is reached from its handle, one name at a time and never
//! through a symbolic link: a program that replaces a folder by a link at the wrong moment makes a
//! call fail, and cannot redirect it.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use blake3::Hash;

use super::checksum::Checksum;
use super::error::IoContext;
use super::system::{self, FolderHandle, Kind, Lock, Stat};
use crate::hole::spool::Spool;
use crate::input::diagnostic::printable_path;

/// A folder held open.
#[derive(Debug)]
pub(super) struct Folder {
    handle: FolderHandle,
    /// For messages only.
    path: PathBuf,
    /// Whether changes in it, and in the folders in it, must survive a power cut.
    is_durable: bool,
}

impl Folder {
    /// Opens the folder at `path`, through links if there are any.
    pub(super) fn open(path: &Path) -> anyhow::Result<Folder> {
        let handle = FolderHandle::open(path).at("open", path)?;
        Ok(Folder {
            handle,
            path: path.to_owned(),
            is_durable: true,
        })
    }

    /// Returns the same folder, whose changes do not wait for the disk.
    pub(super) fn without_sync(self) -> Folder {
        Folder {
            is_durable: false,
            ..self
        }
    }

    /// Returns the path of an entry, for messages.
    pub(super) fn path_of(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.path.join(name.as_ref())
    }

    /// Adds to a failed call what it was for: to `verb` the entry `name`.
    ///
    /// The path is built only for a failure: bots make a hundred thousand calls in one build.
    fn at<T>(
        &self,
        verb: &str,
        name: impl AsRef<OsStr>,
        result: io::Result<T>,
    ) -> anyhow::Result<T> {
        match result {
            Ok(value) => Ok(value),
            failed => failed.at(verb, self.path_of(name)),
        }
    }

    /// Opens the folder `name`, if there is one; a link to a folder is none.
    pub(super) fn child(&self, name: impl AsRef<OsStr>) -> anyhow::Result<Option<Folder>> {
        let path = self.path_of(&name);
        let handle = self.handle.child(name.as_ref());
        let handle = handle.at("open the folder", &path)?;
        Ok(handle.map(|handle| Folder {
            handle,
            path,
            is_durable: self.is_durable,
        }))
    }

    /// Creates the folder `name`; returns false if an entry of that name exists.
    pub(super) fn make(&self, name: impl AsRef<OsStr>) -> anyhow::Result<bool> {
        match self.handle.make_folder(name.as_ref()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error).at("make the folder", self.path_of(name)),
        }
    }

    /// Reads the metadata of the entry `name` itself, not of the target of a link.
    pub(super) fn stat(&self, name: impl AsRef<OsStr>) -> anyhow::Result<Option<Stat>> {
        self.at("inspect", &name, self.handle.stat(name.as_ref()))
    }

    /// Reads the metadata of the folder itself.
    pub(super) fn stat_self(&self) -> anyhow::Result<Stat> {
        self.handle.stat_self().at("inspect", &self.path)
    }

    /// Returns whether the folder has not been deleted since it was opened.
    pub(super) fn is_linked(&self) -> anyhow::Result<bool> {
        Ok(self.stat_self()?.is_linked)
    }

    /// Creates the symbolic link `name`; fails if an entry of that name exists.
    pub(super) fn link_to(&self, target: &Path, name: impl AsRef<OsStr>) -> io::Result<()> {
        self.handle.link_to(target, name.as_ref())
    }

    /// Returns the target of the symbolic link `name`, if it is one.
    pub(super) fn target(&self, name: impl AsRef<OsStr>) -> Option<PathBuf> {
        self.handle.target(name.as_ref())
    }

    /// Returns whether the symbolic link `name` leads to something, as far as that can be seen.
    pub(super) fn leads_to_something(&self, name: impl AsRef<OsStr>) -> bool {
        self.handle.leads_to_something(name.as_ref())
    }

    /// Lists the entries, in no order.
    pub(super) fn entries(&self) -> anyhow::Result<Vec<(OsString, Kind)>> {
        let mut entries = Vec::new();
        for entry in self.handle.entries().at("list", &self.path)? {
            let (name, kind) = entry.at("list", &self.path)?;
            let kind = match kind {
                Some(kind) => kind,
                None => match self.stat(&name)? {
                    Some(stat) => stat.kind,
                    None => continue,
                },
            };
            entries.push((name, kind));
        }
        Ok(entries)
    }

    /// Opens the file `name` for reading, if it is a regular file.
    fn open_file(&self, name: &OsStr) -> anyhow::Result<Option<File>> {
        let Some(file) = self.at("open", name, self.handle.open_file(name))? else {
            return Ok(None);
        };
        let stat = self.at("inspect", name, system::stat_of_file(&file))?;
        Ok((stat.kind == Kind::File).then_some(file))
    }

    /// Reads the file `name`, if it is a regular file.
    pub(super) fn read(&self, name: impl AsRef<OsStr>) -> anyhow::Result<Option<Vec<u8>>> {
        let mut content = Vec::new();
        let is_file = self.read_into(name, &mut content)?;
        Ok(is_file.then_some(content))
    }

    /// Reads the file `name` into `content`; returns false if it is no regular file.
    pub(super) fn read_into(
        &self,
        name: impl AsRef<OsStr>,
        content: &mut Vec<u8>,
    ) -> anyhow::Result<bool> {
        content.clear();
        let Some(mut file) = self.open_file(name.as_ref())? else {
            return Ok(false);
        };
        file.read_to_end(content).at("read", self.path_of(name))?;
        Ok(true)
    }

    /// Computes the checksum of the file `name`, if it is a regular file.
    pub(super) fn checksum(&self, name: &str) -> anyhow::Result<Option<Checksum>> {
        let Some(file) = self.reader(name)? else {
            return Ok(None);
        };
        Checksum::of_reader(file)
            .map(Some)
            .at("read", self.path_of(name))
    }

    /// Opens the file `name` as a buffered reader, if it is a regular file.
    pub(super) fn reader(
        &self,
        name: impl AsRef<OsStr>,
    ) -> anyhow::Result<Option<BufReader<File>>> {
        Ok(self.open_file(name.as_ref())?.map(BufReader::new))
    }

    /// Returns whether the file `name` has exactly these bytes.
    pub(super) fn holds(&self, name: impl AsRef<OsStr>, text: &Spool) -> anyhow::Result<bool> {
        let Some(file) = self.reader(&name)? else {
            return Ok(false);
        };
        same_bytes(file, text.reader()).at("read", self.path_of(name))
    }

    /// Hashes the file `name`, if it is a regular file.
    pub(super) fn hash(&self, name: impl AsRef<OsStr>) -> anyhow::Result<Option<Hash>> {
        let Some(file) = self.open_file(name.as_ref())? else {
            return Ok(None);
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(file).at("read", self.path_of(name))?;
        Ok(Some(hasher.finalize()))
    }

    /// Writes a new file; fails if the name is taken.
    pub(super) fn create(&self, name: impl AsRef<OsStr>, content: &[u8]) -> anyhow::Result<()> {
        // Closing may fail too, and safe Rust does not report it; `sync_disk` reports lost writes.
        let mut file = self.create_file(&name)?;
        file.write_all(content).at("write", self.path_of(name))
    }

    /// Writes a long text to a new file; fails if the name is taken.
    pub(super) fn create_from(&self, name: impl AsRef<OsStr>, text: &Spool) -> anyhow::Result<()> {
        let mut file = self.create_file(&name)?;
        let copied = io::copy(&mut text.reader(), &mut file);
        copied.map(|_| ()).at("write", self.path_of(name))
    }

    /// Creates a new file; fails if the name is taken.
    pub(super) fn create_file(&self, name: impl AsRef<OsStr>) -> anyhow::Result<File> {
        self.at("create", &name, self.handle.create_file(name.as_ref()))
    }

    /// Links the file `name` as `new` in the folder `to`, or copies it.
    pub(super) fn link_or_copy(&self, name: &str, to: &Folder, new: &str) -> anyhow::Result<()> {
        let (old_name, new_name) = (name.as_ref(), new.as_ref());
        if self.handle.link(old_name, &to.handle, new_name).is_ok() {
            return Ok(());
        }
        // Some file systems have no links, or allow them to a file's owner only.
        let content = self.read(name)?.ok_or_else(system::not_found);
        to.create(new, &content.at("read", self.path_of(name))?)
    }

    /// Renames `name` to `new` in the folder `to`, replacing a file of that name.
    pub(super) fn rename(&self, name: &str, to: &Folder, new: &OsStr) -> io::Result<()> {
        self.handle.rename(name.as_ref(), &to.handle, new)
    }

    /// Exchanges `name` with `other` in the folder `to` in one step, where the file system can.
    pub(super) fn exchange(&self, name: &str, to: &Folder, other: &str) -> io::Result<()> {
        let (name, other) = (name.as_ref(), other.as_ref());
        self.handle.exchange(name, &to.handle, other)
    }

    /// Renames `name` to `new` in the folder `to`; fails if an entry of that name exists.
    pub(super) fn rename_new(&self, name: &str, to: &Folder, new: &str) -> io::Result<()> {
        let (name, new) = (name.as_ref(), new.as_ref());
        self.handle.rename_new(name, &to.handle, new)
    }

    /// Renames `name`, which others use too, to `aside` in the folder `to`, which only we use and
    /// where no such entry may exist; one step on every file system.
    pub(super) fn rename_aside(&self, name: &str, to: &Folder, aside: &str) -> io::Result<()> {
        let (name, aside) = (name.as_ref(), aside.as_ref());
        self.handle.rename_aside(name, &to.handle, aside)
    }

    /// Removes the file or link `name`, if it exists.
    pub(super) fn remove_file(&self, name: impl AsRef<OsStr>) -> anyhow::Result<()> {
        self.at("delete", &name, self.handle.remove_file(name.as_ref()))
    }

    /// Removes the folder `name`, if it exists and is empty.
    pub(super) fn remove_folder(&self, name: impl AsRef<OsStr>) -> anyhow::Result<()> {
        let removed = self.handle.remove_folder(name.as_ref());
        self.at("delete the folder", &name, removed)
    }

    /// Waits for the lock of the folder; a file system without locks is no error.
    pub(super) fn lock(&self) -> Lock {
        self.handle.lock()
    }

    /// Takes the lock of the folder if it is free.
    pub(super) fn try_lock(&self) -> Lock {
        self.handle.try_lock()
    }

    /// Waits until this folder's own entries are on the disk.
    pub(super) fn sync(&self) -> anyhow::Result<()> {
        if !self.is_durable {
            return Ok(());
        }
        self.handle.sync().at("sync", &self.path)
    }

    /// Waits until all that was written to the folder's file system is on the disk, and reports
    /// writes that failed in the background.
    ///
    /// Syncing each of 200 files took 0.8 s, so 100,000 would take minutes; this is one call.
    pub(super) fn sync_disk(&self) -> anyhow::Result<()> {
        if !self.is_durable {
            return Ok(());
        }
        self.handle.sync_disk().at("sync", &self.path)
    }

    /// Fails if the entry `name` can't be made, moved or deleted, as far as can be known before.
    pub(super) fn may_change(&self, name: &str) -> anyhow::Result<()> {
        let permitted = self.handle.may_change();
        permitted.at("change the entries of", &self.path)?;
        let entry = self.handle.protection(name.as_ref());
        let why = match entry {
            _ if self.handle.protection_self().is_append_only => {
                "its folder is append-only (`chattr -a` permits it)"
            }
            _ if entry.is_immutable => "it is immutable (`chattr -i` permits it)",
            _ if entry.is_append_only => "it is append-only (`chattr -a` permits it)",
            _ if entry.is_mount => "it is a mount (`umount` permits it)",
            _ => return Ok(()),
        };
        let path = self.path_of(name);
        bail!("cannot replace `{}`: {why}", printable_path(&path))
    }

    /// Returns whether another file system, or another part of this one, is mounted here.
    pub(super) fn is_mount(&self) -> bool {
        // An older kernel reports no mounts; it refuses to remove the folder instead.
        self.handle.protection_self().is_mount
    }
}

/// Returns whether two texts are the same.
fn same_bytes(mut one: impl io::BufRead, mut other: impl io::BufRead) -> io::Result<bool> {
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let length = left.len().min(right.len());
        if left[..length] != right[..length] || length == 0 {
            return Ok(left.is_empty() && right.is_empty());
        }
        one.consume(length);
        other.consume(length);
    }
}
