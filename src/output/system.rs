//! The output directory as the system sees it: the entries of a folder that is held open.
//!
//! All other files of `output` use the terms of this one, and only the file of a system below it
//! names that system's types. Errors are `std::io::Error`, by whose kind callers decide; a call
//! that the system or the file system lacks fails with `Unsupported`, and its caller has another
//! way.

#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub use self::unix::temporary_file_in;
#[cfg(unix)]
pub(super) use self::unix::{FolderHandle, not_a_folder, not_found, not_readable, stat_of_file};

use crate::input::system::FileNumber;

/// The kind of the entry at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, a pipe, a socket, a device.
    Other,
}

/// The metadata of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) kind: Kind,
    pub(super) size: u64,
    /// The identity of the file or folder, the same under all its names.
    pub(super) file: FileNumber,
    /// Whether a folder still has a name: it has not been deleted since it was opened.
    pub(super) is_linked: bool,
}

/// The result of a request for the lock of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// The lock is ours until the folder is closed.
    Held,
    /// Another process has the lock.
    Busy,
    /// The file system has no locks.
    Unsupported,
}

/// The protection of an entry against changes, as far as the system reports it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Protection {
    pub(super) is_immutable: bool,
    pub(super) is_append_only: bool,
    /// Whether another file system, or another part of this one, is mounted there.
    pub(super) is_mount: bool,
}
