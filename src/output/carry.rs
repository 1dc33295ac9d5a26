//! Carrying a file between the folder of the journal and its place, also where no rename reaches.
//!
//! Another file system may be mounted in the output directory. A new file is copied beside its place
//! there first, and what goes is moved aside there.

use super::checksum::Checksum;
use super::displace::{DisplaceError, Expected, Spot};
use super::error::IoContext;
use super::folder::Folder;
use super::path::TreePath;
use super::rescue::Rescued;
use super::reserved::JOURNAL;

/// The name in the folder of a path of what cannot be in the stage, on another file system.
pub(super) fn beside(aside: &str) -> String {
    format!("{JOURNAL}-{aside}")
}

/// The name of a copy that may not be whole yet.
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
        // A copy is whole; so this came out of an exchange, behind which a kill came.
        None => spot.settle(expected, Some(new))?,
    };
    stage.remove_file(staged)?;
    Ok(rescued)
}

/// Copies a staged file into `folder`; it has the name `beside` only once it is whole.
fn copy_beside(stage: &Folder, staged: &str, folder: &Folder, beside: &str) -> anyhow::Result<()> {
    let draft = draft(beside);
    folder.remove_file(&draft)?;
    let copied = stage
        .link_or_copy(staged, folder, &draft)
        .and_then(|()| folder.sync_disk());
    if copied.is_err() {
        // The space may be needed; what fails here the next command does.
        let _ = folder.remove_file(&draft);
        return copied;
    }
    let named = folder.rename(&draft, folder, beside.as_ref());
    named.at("name", folder.path_of(draft))
}

/// Deletes what stands at `path` in `folder`, if it is as expected; without a stage, beside it.
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

/// What is wrong when even two names of one folder are on two file systems.
fn on_one_disk(fault: DisplaceError) -> anyhow::Error {
    match fault {
        DisplaceError::Failed(error) => error,
        DisplaceError::OtherDisk(error) => error.into(),
    }
}
