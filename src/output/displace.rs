//! Putting a file into its place and taking one away, without the loss of a file that someone changed.
//!
//! A look before a deletion can be outrun. So what stands in the output directory is first moved, in
//! one step, to a name that only we use; it is looked at there, and deleted only there. If it is not
//! the file that the plan saw, it goes back.

use std::io::{self, ErrorKind};

use serde::{Deserialize, Serialize};

use super::checksum::Checksum;
use super::error::IoContext;
use super::folder::Folder;
use super::rescue::{self, Rescued};
use super::system::Kind;

/// What the plan saw at a path, and decided to lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Was {
    /// A regular file.
    File(Checksum),
    /// A link or a device, which only `--force` gives up.
    Other,
}

impl Was {
    /// Looks at the entry `name` of `folder`.
    pub(super) fn at(folder: &Folder, name: &str) -> anyhow::Result<Option<Was>> {
        Ok(match folder.stat(name)? {
            Some(_) => Some(folder.checksum(name)?.map_or(Was::Other, Was::File)),
            None => None,
        })
    }
}

/// What may be lost at a path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// Just this, or nothing.
    Was(Option<Was>),
    /// All but a folder: the user said `--force` to what was changed meanwhile.
    Any,
}

/// A path in the output directory, and a name in a folder of ours through which files come and go.
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
    /// Moves the new file from aside to its place, and deletes what was there.
    ///
    /// A file that is no longer aside was moved before.
    pub(super) fn put(
        &self,
        expected: Expected,
        new: Checksum,
    ) -> Result<Option<Rescued>, DisplaceError> {
        let is_vacant = matches!(expected, Expected::Was(None));
        loop {
            if !is_vacant {
                match self.holder.exchange(self.aside, self.folder, self.name) {
                    Ok(()) => return Ok(self.settle(expected, Some(new))?),
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) if error.kind() == ErrorKind::Unsupported => {
                        if self.holder.stat(self.aside)?.is_none() {
                            return Ok(None);
                        }
                        // What is a folder now is never taken away.
                        if self.is_folder()? {
                            self.holder.remove_file(self.aside)?;
                            return Ok(Some(Rescued::InPlace));
                        }
                        // A kill came between the two steps by which a file gets a free name.
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

    /// Deletes what stands at the path; what is gone, or a folder now, is passed over.
    ///
    /// What a kill left aside is settled first.
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

    /// Where the system cannot exchange two files: takes the old one away before the new one comes.
    fn clear(&self, expected: Expected) -> Result<Option<Rescued>, DisplaceError> {
        let aside = self.cleared();
        Spot {
            aside: &aside,
            ..*self
        }
        .take(expected)
    }

    /// Ends what a kill cut short after the old file was taken away.
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

    /// The name aside of the old file, where the new one is aside as well.
    fn cleared(&self) -> String {
        format!("{}-old", self.aside)
    }

    /// Deletes what was moved aside if it may be lost, else gives it back.
    ///
    /// `new` is our file that stands in its place now, if one does.
    pub(super) fn settle(
        &self,
        expected: Expected,
        new: Option<Checksum>,
    ) -> anyhow::Result<Option<Rescued>> {
        if self.may_be_lost(expected, new)? {
            self.holder.remove_file(self.aside)?;
            return Ok(None);
        }
        loop {
            match self.holder.rename_new(self.aside, self.folder, self.name) {
                Ok(()) => return Ok(Some(Rescued::InPlace)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && new.is_some() => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    return rescue::keep(self.holder, self.aside).map(Some);
                }
                Err(error) => return Err(error).at("give back", self.folder.path_of(self.name)),
            }
            match self.holder.exchange(self.aside, self.folder, self.name) {
                Ok(()) => break,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) if error.kind() == ErrorKind::Unsupported => {
                    return rescue::keep(self.holder, self.aside).map(Some);
                }
                Err(error) => return Err(error).at("give back", self.folder.path_of(self.name)),
            }
        }
        // Our new file came out, unless that was changed too.
        if new.is_some() && self.holder.checksum(self.aside)? == new {
            self.holder.remove_file(self.aside)?;
            return Ok(Some(Rescued::InPlace));
        }
        rescue::keep(self.holder, self.aside).map(Some)
    }

    /// Whether what is aside may be deleted; what holds the bytes of our `new` file always may.
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

    /// Whether a folder stands at the path.
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
