//! Replaces and deletes files without losing one that another program changed.
//!
//! Between the inspection of a file and its deletion, another program can put a new file there. So
//! a file in the output directory is first moved aside: renamed, in one step, to a name that only
//! we use. It is read there, and deleted only there. If it is not the file that the plan saw, it is
//! moved back.

use std::io::{self, ErrorKind};

use serde::{Deserialize, Serialize};

use super::checksum::Checksum;
use super::error::IoContext;
use super::folder::Folder;
use super::rescue::{self, Rescued};
use super::system::Kind;

/// The entry that the plan saw at a path and decided to lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Was {
    /// A regular file.
    File(Checksum),
    /// A link or a device, which is lost only by `--force`.
    Other,
}

impl Was {
    /// Reads the entry `name` of `folder`.
    pub(super) fn at(folder: &Folder, name: &str) -> anyhow::Result<Option<Was>> {
        Ok(match folder.stat(name)? {
            Some(_) => Some(folder.checksum(name)?.map_or(Was::Other, Was::File)),
            None => None,
        })
    }
}

/// The entries that may be lost at a path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// This entry, or none if none was there.
    Was(Option<Was>),
    /// Any entry but a folder: `--force` gives up what was changed meanwhile.
    Any,
}

/// A path in the output directory, and the name aside of its file: in a folder of ours, where files
/// wait before they are put into place and after they are taken away.
pub(super) struct Spot<'a> {
    /// The folder of ours.
    pub(super) holder: &'a Folder,
    /// The name in it.
    pub(super) aside: &'a str,
    /// The folder of the path.
    pub(super) folder: &'a Folder,
    /// The last part of the path.
    pub(super) name: &'a str,
}

impl Spot<'_> {
    /// Moves the new file from aside to its place, and deletes the file that was there.
    ///
    /// If it is no longer aside, this was done before.
    pub(super) fn put(
        &self,
        expected: Expected,
        new: Checksum,
    ) -> Result<Option<Rescued>, DisplaceError> {
        let is_vacant = matches!(expected, Expected::Was(None));
        // Each way is one step, so that readers always find the old file or the new one: an
        // exchange where a file is expected, a rename to a free name where none is. Other programs
        // can add and remove the file between two tries; so the other way comes after each failure.
        loop {
            if !is_vacant {
                match self.holder.exchange(self.aside, self.folder, self.name) {
                    Ok(()) => return Ok(self.settle(expected, Some(new))?),
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) if error.kind() == ErrorKind::Unsupported => {
                        // NFS and some file systems of FUSE exchange nothing: for a moment, readers
                        // find no file there.
                        if self.holder.stat(self.aside)?.is_none() {
                            return Ok(None);
                        }
                        // A folder is never taken away.
                        if self.is_folder()? {
                            self.holder.remove_file(self.aside)?;
                            return Ok(Some(Rescued::InPlace));
                        }
                        // An earlier command was killed between the link and the removal of the old
                        // name.
                        let is_done = self.folder.checksum(self.name)? == Some(new);
                        let rescued = if is_done { None } else { self.clear(expected)? };
                        if is_done || rescued.is_some() {
                            self.holder.remove_file(self.aside)?;
                            return Ok(rescued);
                        }
                    }
                    Err(error) => return Err(self.fault(error)),
                }
            }
            match self.holder.rename_new(self.aside, self.folder, self.name) {
                Ok(()) => return Ok(None),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && is_vacant => {
                    let is_same = self.folder.checksum(self.name)? == Some(new);
                    self.holder.remove_file(self.aside)?;
                    return Ok((!is_same).then_some(Rescued::InPlace));
                }
                // Another program was faster.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(self.fault(error)),
            }
        }
    }

    /// Deletes the file at the path, unless it is gone or a folder.
    ///
    /// A file that a killed command left aside is settled first.
    pub(super) fn take(&self, expected: Expected) -> Result<Option<Rescued>, DisplaceError> {
        if self.holder.stat(self.aside)?.is_some() {
            let rescued = self.settle(expected, None)?;
            if rescued.is_some() {
                return Ok(rescued);
            }
        }
        if self.is_folder()? {
            return Ok(None);
        }
        match self.folder.rename_aside(self.name, self.holder, self.aside) {
            Ok(()) => Ok(self.settle(expected, None)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.fault(error)),
        }
    }

    /// Takes the old file away before the new one comes, where the system can't exchange two files.
    fn clear(&self, expected: Expected) -> Result<Option<Rescued>, DisplaceError> {
        let aside = self.cleared();
        Spot {
            aside: &aside,
            ..*self
        }
        .take(expected)
    }

    /// Settles an old file that [`clear`](Self::clear) took away before the command was killed.
    pub(super) fn settle_cleared(&self, expected: Expected) -> anyhow::Result<Option<Rescued>> {
        let aside = self.cleared();
        let spot = Spot {
            aside: &aside,
            ..*self
        };
        match self.holder.stat(&aside)? {
            Some(_) => spot.settle(expected, None),
            None => Ok(None),
        }
    }

    /// Returns the name aside of the old file while the new one is aside too.
    fn cleared(&self) -> String {
        format!("{}-old", self.aside)
    }

    /// Deletes the file that was moved aside if it may be lost; otherwise moves it back.
    ///
    /// `new` is our file that is in its place now, if one is.
    pub(super) fn settle(
        &self,
        expected: Expected,
        new: Option<Checksum>,
    ) -> anyhow::Result<Option<Rescued>> {
        if self.may_be_lost(expected, new)? {
            self.holder.remove_file(self.aside)?;
            return Ok(None);
        }
        // The file goes back to its path if that is free. If our new file is there, the two are
        // exchanged; if yet another file is, the one that is aside is kept.
        loop {
            match self.holder.rename_new(self.aside, self.folder, self.name) {
                Ok(()) => return Ok(Some(Rescued::InPlace)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && new.is_some() => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    return rescue::keep(self.holder, self.aside).map(Some);
                }
                Err(error) => return Err(error).at("move back", self.folder.path_of(self.name)),
            }
            match self.holder.exchange(self.aside, self.folder, self.name) {
                Ok(()) => break,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) if error.kind() == ErrorKind::Unsupported => {
                    return rescue::keep(self.holder, self.aside).map(Some);
                }
                Err(error) => return Err(error).at("move back", self.folder.path_of(self.name)),
            }
        }
        // The exchange brought our new file aside, unless that was changed too.
        if new.is_some() && self.holder.checksum(self.aside)? == new {
            self.holder.remove_file(self.aside)?;
            return Ok(Some(Rescued::InPlace));
        }
        rescue::keep(self.holder, self.aside).map(Some)
    }

    /// Returns whether the file that is aside may be deleted; one with the bytes of our `new` file
    /// always may.
    fn may_be_lost(&self, expected: Expected, new: Option<Checksum>) -> anyhow::Result<bool> {
        let Some(stat) = self.holder.stat(self.aside)? else {
            return Ok(true);
        };
        let found = match stat.kind {
            Kind::Folder => return Ok(false),
            _ if matches!(expected, Expected::Any) => return Ok(true),
            Kind::File => self.holder.checksum(self.aside)?.map(Was::File),
            Kind::Other => Some(Was::Other),
        };
        let is_expected = matches!(expected, Expected::Was(was) if was == found);
        Ok(found.is_some() && (is_expected || found == new.map(Was::File)))
    }

    /// Returns whether a folder is at the path.
    fn is_folder(&self) -> anyhow::Result<bool> {
        let stat = self.folder.stat(self.name)?;
        Ok(stat.is_some_and(|stat| stat.kind == Kind::Folder))
    }

    fn fault(&self, error: io::Error) -> DisplaceError {
        if error.kind() == ErrorKind::CrossesDevices {
            return DisplaceError::OtherDisk(error);
        }
        let failed: io::Result<()> = Err(error);
        let failed = failed.at("replace", self.folder.path_of(self.name));
        DisplaceError::Failed(failed.expect_err("it is an error"))
    }
}

/// Why a file could not be moved.
pub(super) enum DisplaceError {
    /// The folder of ours is on another file system than the path.
    OtherDisk(io::Error),
    /// The machine failed.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for DisplaceError {
    fn from(error: anyhow::Error) -> DisplaceError {
        DisplaceError::Failed(error)
    }
}
