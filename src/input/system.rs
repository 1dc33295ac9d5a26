//! What the system knows of files and streams, where the standard library has no name for it that
//! all systems share.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt as _;

/// Which file or folder it is, under whatever name: the number of its device, and its own there.
///
/// Two paths can lead to one folder, by a second mount or in other case; a folder that was made
/// again under an old name is another one, unless the system gave it the old number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileNumber {
    device: u64,
    number: u64,
}

impl FileNumber {
    /// Creates the number of the file `number` on the device `device`.
    pub fn new(device: u64, number: u64) -> FileNumber {
        FileNumber { device, number }
    }

    /// Returns the number of the file that has this metadata.
    pub fn of(metadata: &Metadata) -> FileNumber {
        FileNumber::new(metadata.dev(), metadata.ino())
    }

    /// Returns the file's number on its device.
    pub fn on_device(self) -> u64 {
        self.number
    }
}

/// What the system knows of a file, and what changes when its content does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Which file it is.
    pub file: FileNumber,
    /// Its size in bytes.
    pub size: u64,
    /// The time of the last change of its content, in seconds and nanoseconds.
    pub modified: (i64, i64),
    /// The time of its last change of any kind, which only the system sets.
    pub changed: (i64, i64),
}

impl FileState {
    /// Returns the state of the file that has this metadata.
    pub fn of(metadata: &Metadata) -> FileState {
        FileState {
            file: FileNumber::of(metadata),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// Opens a standard stream as a file: with metadata, and without the buffer that searches for line
/// ends.
pub fn file_of(stream: impl AsFd) -> io::Result<File> {
    stream.as_fd().try_clone_to_owned().map(File::from)
}
