//! Folders held open on Linux, macOS and other systems of POSIX.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{self, Access, AtFlags, FileType, FlockOperation, Mode, OFlags, RenameFlags};
use rustix::io::{Errno, retry_on_intr};
use tempfile::NamedTempFile;

use super::{Kind, Lock, Protection, Stat};
use crate::input::system::FileNumber;
use crate::output::reserved;

/// A folder held open. Names are those of its entries, never paths.
#[derive(Debug)]
pub(in crate::output) struct FolderHandle(OwnedFd);

const OPEN: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

impl FolderHandle {
    /// Opens the folder at `path`, through links if there are any.
    pub(in crate::output) fn open(path: &Path) -> io::Result<FolderHandle> {
        let handle = retry_on_intr(|| fs::open(path, OPEN, Mode::empty()))?;
        Ok(FolderHandle(handle))
    }

    /// Opens the folder `name`, if there is one; a link to a folder is none.
    pub(in crate::output) fn child(&self, name: &OsStr) -> io::Result<Option<FolderHandle>> {
        // On a link, open(2) fails with LOOP, and with DIRECTORY on some systems with NOTDIR.
        let flags = OPEN | OFlags::NOFOLLOW;
        match retry_on_intr(|| fs::openat(&self.0, name, flags, Mode::empty())) {
            Ok(handle) => Ok(Some(FolderHandle(handle))),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Creates the folder `name`.
    pub(in crate::output) fn make_folder(&self, name: &OsStr) -> io::Result<()> {
        let mode = Mode::from_raw_mode(0o777);
        Ok(retry_on_intr(|| fs::mkdirat(&self.0, name, mode))?)
    }

    /// Reads the metadata of the entry `name` itself, not of the target of a link.
    pub(in crate::output) fn stat(&self, name: &OsStr) -> io::Result<Option<Stat>> {
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(Stat::from(stat))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the metadata of the folder itself.
    pub(in crate::output) fn stat_self(&self) -> io::Result<Stat> {
        Ok(fs::fstat(&self.0)?.into())
    }

    /// Creates the symbolic link `name`.
    pub(in crate::output) fn link_to(&self, target: &Path, name: &OsStr) -> io::Result<()> {
        Ok(retry_on_intr(|| fs::symlinkat(target, &self.0, name))?)
    }

    /// Returns the target of the symbolic link `name`, if it is one.
    pub(in crate::output) fn target(&self, name: &OsStr) -> Option<PathBuf> {
        let target = fs::readlinkat(&self.0, name, Vec::new()).ok()?;
        Some(OsString::from_vec(target.into_bytes()).into())
    }

    /// Returns whether the symbolic link `name` leads to something, as far as that can be seen.
    pub(in crate::output) fn leads_to_something(&self, name: &OsStr) -> bool {
        let seen = fs::statat(&self.0, name, AtFlags::empty());
        !matches!(seen, Err(Errno::NOENT | Errno::NOTDIR))
    }

    /// Lists the entries, in no order; not every file system lists their kinds.
    pub(in crate::output) fn entries(
        &self,
    ) -> io::Result<impl Iterator<Item = io::Result<(OsString, Option<Kind>)>>> {
        let entries = retry_on_intr(|| fs::Dir::read_from(&self.0))?;
        let entries = entries.map(|entry| {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes()).to_owned();
            let kind = match entry.file_type() {
                FileType::Unknown => None,
                file_type => Some(Kind::from(file_type)),
            };
            Ok((name, kind))
        });
        Ok(entries.filter(|entry| !matches!(entry, Ok((name, _)) if name == "." || name == "..")))
    }

    /// Opens the entry `name` for reading, if it is neither a link nor a socket.
    pub(in crate::output) fn open_file(&self, name: &OsStr) -> io::Result<Option<File>> {
        // Opening a pipe would wait for a writer without `NONBLOCK`.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        match retry_on_intr(|| fs::openat(&self.0, name, flags, Mode::empty())) {
            Ok(handle) => Ok(Some(File::from(handle))),
            // Nothing, a link, a socket.
            Err(Errno::NOENT | Errno::LOOP | Errno::NXIO) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Creates the new file `name`.
    pub(in crate::output) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        // The umask takes from these what the user does not want to give.
        let mode = Mode::from_raw_mode(0o666);
        let handle = retry_on_intr(|| fs::openat(&self.0, name, flags, mode))?;
        Ok(File::from(handle))
    }

    /// Gives the file `name` a second name: `new` in the folder `to`.
    pub(in crate::output) fn link(
        &self,
        name: &OsStr,
        to: &FolderHandle,
        new: &OsStr,
    ) -> io::Result<()> {
        Ok(self.try_link(name, to, new)?)
    }

    fn try_link(&self, name: &OsStr, to: &FolderHandle, new: &OsStr) -> Result<(), Errno> {
        retry_on_intr(|| fs::linkat(&self.0, name, &to.0, new, AtFlags::empty()))
    }

    /// Renames `name` to `new` in the folder `to`, replacing a file of that name.
    pub(in crate::output) fn rename(
        &self,
        name: &OsStr,
        to: &FolderHandle,
        new: &OsStr,
    ) -> io::Result<()> {
        Ok(retry_on_intr(|| fs::renameat(&self.0, name, &to.0, new))?)
    }

    /// Exchanges `name` with `other` in the folder `to` in one step.
    pub(in crate::output) fn exchange(
        &self,
        name: &OsStr,
        to: &FolderHandle,
        other: &OsStr,
    ) -> io::Result<()> {
        let flags = RenameFlags::EXCHANGE;
        match retry_on_intr(|| fs::renameat_with(&self.0, name, &to.0, other, flags)) {
            Err(error) if is_unsupported(error) => Err(io::ErrorKind::Unsupported.into()),
            exchanged => Ok(exchanged?),
        }
    }

    /// Renames `name` to `new` in the folder `to`; fails if an entry of that name exists.
    pub(in crate::output) fn rename_new(
        &self,
        name: &OsStr,
        to: &FolderHandle,
        new: &OsStr,
    ) -> io::Result<()> {
        let flags = RenameFlags::NOREPLACE;
        match retry_on_intr(|| fs::renameat_with(&self.0, name, &to.0, new, flags)) {
            // NFS and some file systems of FUSE have none of the flags of renameat2(2).
            Err(error) if is_unsupported(error) => {}
            renamed => return Ok(renamed?),
        }
        // A link never replaces an entry either; until the old name is gone, the file has both.
        match self.try_link(name, to, new) {
            Ok(()) => Ok(retry_on_intr(|| {
                fs::unlinkat(&self.0, name, AtFlags::empty())
            })?),
            // No links either: only a check of the new name before the rename is left.
            Err(Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS | Errno::MLINK) => {
                self.rename_after_look(name, to, new)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Renames `name`, which others use too, to `aside` in the folder `to`, which only we use and
    /// where no such entry may exist.
    pub(in crate::output) fn rename_aside(
        &self,
        name: &OsStr,
        to: &FolderHandle,
        aside: &OsStr,
    ) -> io::Result<()> {
        let flags = RenameFlags::NOREPLACE;
        match retry_on_intr(|| fs::renameat_with(&self.0, name, &to.0, aside, flags)) {
            // One step on every file system. After a link, another program could put a file in the
            // place of `name`, and that file would be unlinked.
            Err(error) if is_unsupported(error) => self.rename_after_look(name, to, aside),
            renamed => Ok(renamed?),
        }
    }

    /// Renames `name` to `new` in the folder `to`, after a check that no entry has that name.
    fn rename_after_look(&self, name: &OsStr, to: &FolderHandle, new: &OsStr) -> io::Result<()> {
        match fs::statat(&to.0, new, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => self.rename(name, to, new),
            Ok(_) => Err(Errno::EXIST.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the file or link `name`; what is gone, or a folder, is passed over.
    pub(in crate::output) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        match retry_on_intr(|| fs::unlinkat(&self.0, name, AtFlags::empty())) {
            Ok(()) | Err(Errno::NOENT | Errno::ISDIR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the folder `name`; what is gone, not empty, or no folder is passed over.
    pub(in crate::output) fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
        match retry_on_intr(|| fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)) {
            Ok(()) | Err(Errno::NOENT | Errno::NOTDIR | Errno::NOTEMPTY | Errno::EXIST) => Ok(()),
            // Another file system is mounted there: it is not empty to those who use it.
            Err(Errno::BUSY) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits for the lock of the folder.
    pub(in crate::output) fn lock(&self) -> Lock {
        self.flock(FlockOperation::LockExclusive)
    }

    /// Takes the lock of the folder if it is free.
    pub(in crate::output) fn try_lock(&self) -> Lock {
        self.flock(FlockOperation::NonBlockingLockExclusive)
    }

    fn flock(&self, operation: FlockOperation) -> Lock {
        // A lock of flock(2) is on the open folder. One of fcntl(2) needs a handle for writing,
        // which a folder has not, and ends when the process closes any other handle of the same
        // file.
        loop {
            match fs::flock(&self.0, operation) {
                Ok(()) => return Lock::Held,
                Err(Errno::INTR) => {}
                Err(Errno::WOULDBLOCK) => return Lock::Busy,
                Err(_) => return Lock::Unsupported,
            }
        }
    }

    /// Writes the folder's own entries to the disk.
    pub(in crate::output) fn sync(&self) -> io::Result<()> {
        tolerate_unsupported(retry_on_intr(|| fs::fsync(&self.0)))
    }

    /// Writes all that is in the folder's file system to the disk.
    ///
    /// Elsewhere than on Linux, `sync(2)` starts the writes and need not wait for the drive; macOS
    /// waits for one only with `F_FULLFSYNC`, file by file.
    pub(in crate::output) fn sync_disk(&self) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        let synced = retry_on_intr(|| fs::syncfs(&self.0));
        #[cfg(not(target_os = "linux"))]
        let synced = {
            fs::sync();
            Ok(())
        };
        tolerate_unsupported(synced)
    }

    /// Fails where the user may not make, move or delete entries.
    pub(in crate::output) fn may_change(&self) -> io::Result<()> {
        // Asked before anything changes, since a file that can't be replaced would leave the change
        // incomplete.
        let access = Access::WRITE_OK | Access::EXEC_OK;
        match fs::accessat(&self.0, ".", access, AtFlags::empty()) {
            Err(error @ (Errno::ACCESS | Errno::PERM | Errno::ROFS)) => Err(error.into()),
            // Any other obstacle shows only in the change itself.
            _ => Ok(()),
        }
    }

    /// Returns the protection of the entry `name`, as far as the system reports it.
    #[cfg(target_os = "linux")]
    pub(in crate::output) fn protection(&self, name: &OsStr) -> Protection {
        self.attributes(name, AtFlags::SYMLINK_NOFOLLOW)
    }

    /// Returns the protection of the folder itself.
    #[cfg(target_os = "linux")]
    pub(in crate::output) fn protection_self(&self) -> Protection {
        self.attributes(OsStr::new(""), AtFlags::EMPTY_PATH)
    }

    #[cfg(target_os = "linux")]
    fn attributes(&self, name: &OsStr, flags: AtFlags) -> Protection {
        use rustix::fs::{StatxAttributes, StatxFlags};
        // Linux reports mounts since 5.8, and attributes only for file systems that have them.
        let Ok(stat) = fs::statx(&self.0, name, flags, StatxFlags::empty()) else {
            return Protection::default();
        };
        let has = |attribute| stat.stx_attributes.contains(attribute);
        Protection {
            is_immutable: has(StatxAttributes::IMMUTABLE),
            is_append_only: has(StatxAttributes::APPEND),
            is_mount: has(StatxAttributes::MOUNT_ROOT),
        }
    }

    /// Returns no protection: other systems than Linux report none, so the change itself fails
    /// there.
    #[cfg(not(target_os = "linux"))]
    pub(in crate::output) fn protection(&self, _: &OsStr) -> Protection {
        Protection::default()
    }

    /// Returns the same of the folder itself.
    #[cfg(not(target_os = "linux"))]
    pub(in crate::output) fn protection_self(&self) -> Protection {
        Protection::default()
    }
}

/// Creates a file beside its later place, with the permissions of a new file: a temporary file has
/// those of its owner alone.
pub fn temporary_file_in(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(reserved::PREFIX)
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

/// Reads the metadata of an open file.
pub(in crate::output) fn stat_of_file(file: &File) -> io::Result<Stat> {
    Ok(fs::fstat(file)?.into())
}

/// Returns the error that a call reports where an entry is missing.
pub(in crate::output) fn not_found() -> io::Error {
    Errno::NOENT.into()
}

/// Returns the error that a call reports where an entry is no folder.
pub(in crate::output) fn not_a_folder() -> io::Error {
    Errno::NOTDIR.into()
}

/// Returns the error that a call reports where an entry can't be read.
pub(in crate::output) fn not_readable() -> io::Error {
    Errno::IO.into()
}

impl From<fs::Stat> for Stat {
    fn from(stat: fs::Stat) -> Stat {
        Stat {
            kind: FileType::from_raw_mode(stat.st_mode).into(),
            size: stat.st_size.unsigned_abs(),
            file: FileNumber::new(widened(stat.st_dev), stat.st_ino),
            is_linked: stat.st_nlink > 0,
        }
    }
}

/// Returns the number of a device, which is a `u64` on Linux and an `i32` on macOS.
fn widened(device: impl Into<i128>) -> u64 {
    device.into() as u64
}

impl From<FileType> for Kind {
    fn from(file_type: FileType) -> Kind {
        match file_type {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            _ => Kind::Other,
        }
    }
}

/// Returns whether the system, or the file system, lacks a call or one of its flags.
fn is_unsupported(error: Errno) -> bool {
    matches!(error, Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP)
}

/// Takes a file system that cannot sync a folder as one that needs no sync.
fn tolerate_unsupported(synced: Result<(), Errno>) -> io::Result<()> {
    match synced {
        // fsync(2) reports INVAL for what can't be synced, such as a folder on some network
        // systems.
        Err(error) if is_unsupported(error) => Ok(()),
        synced => Ok(synced?),
    }
}
