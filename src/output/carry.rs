//! Moves files between the folder of the journal and their places, also on a mounted file system.
//!
//! No rename leads to a file system that is mounted in the output directory. A new file is first
//! copied beside its place there, under a name that it has only once the copy is complete, and an
//! old file is moved aside there.

use super::checksum::Checksum;
use super::displace::{DisplaceError, Expected, Spot};
use super::error::IoContext;
use super::folder::Folder;
use super::path::TreePath;
use super::rescue::Rescued;
use super::reserved::JOURNAL;

/// Returns the name for a file that can't be in the stage, in the folder of its path.
pub(super) fn beside(aside: &str) -> String {
    format!("{JOURNAL}-{aside}")
}

/// Returns the name of a copy that may be incomplete.
pub(super) fn draft(beside: &str) -> String {
    format!("{beside}-copy")
}

/// Moves a staged file to `path` in `folder`, unless that was done before.
pub(super) fn put(
    stage: &Folder,
    staged: &str,
    folder: &Folder,
    path: &TreePath,
    expected: Expected,
    new: Checksum,
) -> anyhow::Result<Option<Rescued>> {
    let mut spot = Spot {
        holder: stage,
        aside: staged,
        folder,
        name: path.name(),
    };
    match spot.put(expected, new) {
        Ok(kept) => return Ok(kept),
        Err(DisplaceError::Failed(error)) => return Err(error),
        Err(DisplaceError::OtherDisk(_)) if stage.stat(staged)?.is_none() => return Ok(None),
        // Another file system is mounted in the output directory.
        Err(DisplaceError::OtherDisk(_)) => {}
    }
    let beside = beside(staged);
    spot.holder = folder;
    spot.aside = &beside;
    let cleared = spot.settle_cleared(expected)?;
    if cleared.is_none() && folder.stat(&beside)?.is_none() {
        copy_beside(stage, staged, folder, &beside)?;
    }
    let is_new = folder.checksum(&beside)? == Some(new);
    let rescued = match cleared {
        Some(_) => {
            folder.remove_file(&beside)?;
            cleared
        }
        None if is_new => spot.put(expected, new).map_err(on_one_disk)?,
        // A copy is complete; so this is an old file, and a command was killed after the exchange.
        None => spot.settle(expected, Some(new))?,
    };
    stage.remove_file(staged)?;
    Ok(rescued)
}

/// Copies a staged file into `folder`; it gets the name `beside` once it is complete.
fn copy_beside(stage: &Folder, staged: &str, folder: &Folder, beside: &str) -> anyhow::Result<()> {
    let draft = draft(beside);
    folder.remove_file(&draft)?;
    let copied = stage
        .link_or_copy(staged, folder, &draft)
        // On the disk before it gets its name, which promises that it is complete.
        .and_then(|()| folder.sync_disk());
    if copied.is_err() {
        // The space may be needed; if this fails, the next command does it.
        let _ = folder.remove_file(&draft);
        return copied;
    }
    let named = folder.rename(&draft, folder, beside.as_ref());
    named.at("name", folder.path_of(draft))
}

/// Deletes the file at `path` in `folder` if it is as expected; without a stage, it is moved aside
/// in its own folder.
pub(super) fn take(
    stage: Option<&Folder>,
    aside: &str,
    folder: &Folder,
    path: &TreePath,
    expected: Expected,
) -> anyhow::Result<Option<Rescued>> {
    let name = path.name();
    if let Some(holder) = stage {
        let spot = Spot {
            holder,
            aside,
            folder,
            name,
        };
        match spot.take(expected) {
            Ok(rescued) => return Ok(rescued),
            Err(DisplaceError::Failed(error)) => return Err(error),
            Err(DisplaceError::OtherDisk(_)) => {}
        }
    }
    let spot = Spot {
        holder: folder,
        aside: &beside(aside),
        folder,
        name,
    };
    spot.take(expected).map_err(on_one_disk)
}

/// Returns the error if even two names in one folder are on two file systems.
fn on_one_disk(fault: DisplaceError) -> anyhow::Error {
    match fault {
        DisplaceError::Failed(error) => error,
        DisplaceError::OtherDisk(error) => error.into(),
    }
}
