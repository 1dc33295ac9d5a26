//! A folder held open, so that what a path means cannot change while we work.
//!
//! Everything below the output directory is reached from its handle, one name at a time and never
//! through a symbolic link: who swaps a folder for a link at the wrong moment makes a call fail, and
//! cannot lead us elsewhere.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use anyhow::bail;
use blake3::Hash;
use rustix::fs::{self, Access, AtFlags, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::{Errno, retry_on_intr};

use super::checksum::Checksum;
use super::error::IoContext;
use crate::hole::spool::Spool;
use crate::input::diagnostic::printable_path;

/// A folder held open.
#[derive(Debug)]
pub(super) struct Folder {
    handle: OwnedFd,
    /// For messages only.
    path: PathBuf,
    /// Whether what is done in it shall survive a power cut; holds for the folders in it too.
    is_durable: bool,
}

/// What came of asking for the lock of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// It is ours until the folder is closed.
    Held,
    /// Another process has it.
    Busy,
    /// The file system knows no locks.
    Unsupported,
}

const OPEN: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC);

impl Folder {
    /// Opens the folder at `path`, through links if there are any.
    pub(super) fn open(path: &Path) -> anyhow::Result<Folder> {
        let handle = retry_on_intr(|| fs::open(path, OPEN, Mode::empty())).at("open", path)?;
        Ok(Folder {
            handle,
            path: path.to_owned(),
            is_durable: true,
        })
    }

    /// The same folder, in which nothing waits for the disk.
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

    /// Opens the folder `name`, if there is one; a link to a folder is none.
    pub(super) fn child(&self, name: impl AsRef<OsStr>) -> anyhow::Result<Option<Folder>> {
        let path = self.path_of(&name);
        let flags = OPEN | OFlags::NOFOLLOW;
        match retry_on_intr(|| fs::openat(&self.handle, name.as_ref(), flags, Mode::empty())) {
            Ok(handle) => Ok(Some(Folder {
                handle,
                path,
                is_durable: self.is_durable,
            })),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(error) => Err(error).at("open the folder", path),
        }
    }

    /// Makes the folder `name`, or says that something of that name is there.
    pub(super) fn make(&self, name: impl AsRef<OsStr>) -> anyhow::Result<bool> {
        match retry_on_intr(|| fs::mkdirat(&self.handle, name.as_ref(), Mode::from_raw_mode(0o777)))
        {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(error).at("make the folder", self.path_of(name)),
        }
    }

    /// Looks at the entry `name` itself, not at what a link leads to.
    pub(super) fn stat(&self, name: impl AsRef<OsStr>) -> anyhow::Result<Option<Stat>> {
        match fs::statat(&self.handle, name.as_ref(), AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error).at("look at", self.path_of(name)),
        }
    }

    /// Looks at the folder itself.
    pub(super) fn stat_self(&self) -> anyhow::Result<Stat> {
        fs::fstat(&self.handle).at("look at", &self.path)
    }

    /// Whether the folder has not been deleted since it was opened.
    pub(super) fn is_linked(&self) -> anyhow::Result<bool> {
        Ok(self.stat_self()?.st_nlink > 0)
    }

    /// Makes the symbolic link `name`, where nothing of that name may be.
    pub(super) fn link_to(&self, target: &Path, name: impl AsRef<OsStr>) -> Result<(), Errno> {
        retry_on_intr(|| fs::symlinkat(target, &self.handle, name.as_ref()))
    }

    /// What the symbolic link `name` says, if it is one.
    pub(super) fn target(&self, name: impl AsRef<OsStr>) -> Option<PathBuf> {
        use std::os::unix::ffi::OsStringExt;
        let target = fs::readlinkat(&self.handle, name.as_ref(), Vec::new()).ok()?;
        Some(OsString::from_vec(target.into_bytes()).into())
    }

    /// Whether something is where the symbolic link `name` leads, as far as one can see.
    pub(super) fn leads_to_something(&self, name: impl AsRef<OsStr>) -> bool {
        let seen = fs::statat(&self.handle, name.as_ref(), AtFlags::empty());
        !matches!(seen, Err(Errno::NOENT | Errno::NOTDIR))
    }

    /// Lists the entries, in no order.
    pub(super) fn entries(&self) -> anyhow::Result<Vec<(OsString, FileType)>> {
        use std::os::unix::ffi::OsStrExt;
        let mut entries = Vec::new();
        for entry in retry_on_intr(|| fs::Dir::read_from(&self.handle)).at("list", &self.path)? {
            let entry = entry.at("list", &self.path)?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => match self.stat(name)? {
                    Some(stat) => FileType::from_raw_mode(stat.st_mode),
                    None => continue,
                },
                kind => kind,
            };
            entries.push((name.to_owned(), kind));
        }
        Ok(entries)
    }

    /// Opens the file `name` for reading, if it is a regular file.
    fn open_file(&self, name: &OsStr) -> anyhow::Result<Option<File>> {
        // Opening a pipe would wait for a writer without `NONBLOCK`.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        match retry_on_intr(|| fs::openat(&self.handle, name, flags, Mode::empty())) {
            Ok(handle) => {
                let stat = fs::fstat(&handle).at("look at", self.path_of(name))?;
                let is_file = FileType::from_raw_mode(stat.st_mode).is_file();
                Ok(is_file.then(|| File::from(handle)))
            }
            // Nothing, a link, a socket.
            Err(Errno::NOENT | Errno::LOOP | Errno::NXIO) => Ok(None),
            Err(error) => Err(error).at("open", self.path_of(name)),
        }
    }

    /// Reads the file `name`, if it is a regular file.
    pub(super) fn read(&self, name: impl AsRef<OsStr>) -> anyhow::Result<Option<Vec<u8>>> {
        let mut content = Vec::new();
        let is_file = self.read_into(name, &mut content)?;
        Ok(is_file.then_some(content))
    }

    /// Reads the file `name` into `content`, or says that it is no regular file.
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

    /// Sums up the file `name`, if it is a regular file.
    pub(super) fn checksum(&self, name: &str) -> anyhow::Result<Option<Checksum>> {
        let Some(file) = self.reader(name)? else {
            return Ok(None);
        };
        Checksum::of_reader(file)
            .map(Some)
            .at("read", self.path_of(name))
    }

    /// Opens the file `name` to be read bit by bit, if it is a regular file.
    pub(super) fn reader(
        &self,
        name: impl AsRef<OsStr>,
    ) -> anyhow::Result<Option<BufReader<File>>> {
        Ok(self.open_file(name.as_ref())?.map(BufReader::new))
    }

    /// Whether the file `name` holds just these bytes.
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

    /// Writes a new file; one that is there is an error.
    pub(super) fn create(&self, name: impl AsRef<OsStr>, content: &[u8]) -> anyhow::Result<()> {
        // Closing may fail too, and safe Rust cannot see it; `sync_disk` reports what was lost.
        let mut file = self.create_file(&name)?;
        file.write_all(content).at("write", self.path_of(name))
    }

    /// Writes a new file, bit by bit; one that is there is an error.
    pub(super) fn create_from(&self, name: impl AsRef<OsStr>, text: &Spool) -> anyhow::Result<()> {
        let mut file = self.create_file(&name)?;
        let copied = io::copy(&mut text.reader(), &mut file);
        copied.map(|_| ()).at("write", self.path_of(name))
    }

    /// Makes a new file; one that is there is an error.
    pub(super) fn create_file(&self, name: impl AsRef<OsStr>) -> anyhow::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        // The umask takes from these what the user does not want to give.
        let mode = Mode::from_raw_mode(0o666);
        let handle = retry_on_intr(|| fs::openat(&self.handle, name.as_ref(), flags, mode));
        Ok(File::from(handle.at("create", self.path_of(&name))?))
    }

    /// Puts the file `name` under `new` into the folder `to` as well: a link, else a copy.
    pub(super) fn link_or_copy(&self, name: &str, to: &Folder, new: &str) -> anyhow::Result<()> {
        let linked =
            retry_on_intr(|| fs::linkat(&self.handle, name, &to.handle, new, AtFlags::empty()));
        if linked.is_ok() {
            return Ok(());
        }
        // Some file systems have no links, or allow them to a file's owner only.
        let content = self.read(name)?.ok_or(Errno::NOENT);
        to.create(new, &content.at("read", self.path_of(name))?)
    }

    /// Renames `name` to `new` in the folder `to`, in place of a file that is there.
    pub(super) fn rename(&self, name: &str, to: &Folder, new: &OsStr) -> Result<(), Errno> {
        retry_on_intr(|| fs::renameat(&self.handle, name, &to.handle, new))
    }

    /// Exchanges `name` with `other` in the folder `to` in one step.
    pub(super) fn exchange(&self, name: &str, to: &Folder, other: &str) -> Result<(), Errno> {
        let flags = fs::RenameFlags::EXCHANGE;
        retry_on_intr(|| fs::renameat_with(&self.handle, name, &to.handle, other, flags))
    }

    /// Renames `name` to `new` in the folder `to`, where nothing of that name may be.
    pub(super) fn rename_new(&self, name: &str, to: &Folder, new: &str) -> Result<(), Errno> {
        let flags = fs::RenameFlags::NOREPLACE;
        match retry_on_intr(|| fs::renameat_with(&self.handle, name, &to.handle, new, flags)) {
            // Not known to the system or the file system.
            Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => {}
            renamed => return renamed,
        }
        match retry_on_intr(|| fs::linkat(&self.handle, name, &to.handle, new, AtFlags::empty())) {
            Ok(()) => retry_on_intr(|| fs::unlinkat(&self.handle, name, AtFlags::empty())),
            // No links either: a look is all that is left.
            Err(Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS | Errno::MLINK) => {
                self.rename_unseen(name, to, new)
            }
            Err(error) => Err(error),
        }
    }

    /// Renames `name`, which others use too, to `aside` in the folder `to`, which only we use and
    /// where nothing of that name may be.
    ///
    /// It is one step on every file system: after a link, another program could put a file in the
    /// place of `name`, which would be unlinked.
    pub(super) fn rename_aside(&self, name: &str, to: &Folder, aside: &str) -> Result<(), Errno> {
        let flags = fs::RenameFlags::NOREPLACE;
        match retry_on_intr(|| fs::renameat_with(&self.handle, name, &to.handle, aside, flags)) {
            Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => {
                self.rename_unseen(name, to, aside)
            }
            renamed => renamed,
        }
    }

    /// Renames `name` to `new` in the folder `to`, where a look finds nothing of that name.
    fn rename_unseen(&self, name: &str, to: &Folder, new: &str) -> Result<(), Errno> {
        match fs::statat(&to.handle, new, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => self.rename(name, to, new.as_ref()),
            Ok(_) => Err(Errno::EXIST),
            Err(error) => Err(error),
        }
    }

    /// Removes the file or link `name`, if it is there.
    pub(super) fn remove_file(&self, name: impl AsRef<OsStr>) -> anyhow::Result<()> {
        match retry_on_intr(|| fs::unlinkat(&self.handle, name.as_ref(), AtFlags::empty())) {
            Ok(()) | Err(Errno::NOENT | Errno::ISDIR) => Ok(()),
            Err(error) => Err(error).at("delete", self.path_of(name)),
        }
    }

    /// Removes the folder `name`, if it is there and empty.
    pub(super) fn remove_folder(&self, name: impl AsRef<OsStr>) -> anyhow::Result<()> {
        match retry_on_intr(|| fs::unlinkat(&self.handle, name.as_ref(), AtFlags::REMOVEDIR)) {
            Ok(()) | Err(Errno::NOENT | Errno::NOTDIR | Errno::NOTEMPTY | Errno::EXIST) => Ok(()),
            // Another file system is mounted there: it is not empty to those who use it.
            Err(Errno::BUSY) => Ok(()),
            Err(error) => Err(error).at("delete the folder", self.path_of(name)),
        }
    }

    /// Waits for the lock of the folder; without a word where the file system has none.
    pub(super) fn lock(&self) -> Lock {
        self.flock(FlockOperation::LockExclusive)
    }

    /// Takes the lock of the folder if it is free.
    pub(super) fn try_lock(&self) -> Lock {
        self.flock(FlockOperation::NonBlockingLockExclusive)
    }

    fn flock(&self, operation: FlockOperation) -> Lock {
        loop {
            match fs::flock(&self.handle, operation) {
                Ok(()) => return Lock::Held,
                Err(Errno::INTR) => {}
                Err(Errno::WOULDBLOCK) => return Lock::Busy,
                Err(_) => return Lock::Unsupported,
            }
        }
    }

    /// Makes this folder's own entries survive a power cut.
    pub(super) fn sync(&self) -> anyhow::Result<()> {
        if !self.is_durable {
            return Ok(());
        }
        tolerate_unsupported(retry_on_intr(|| fs::fsync(&self.handle))).at("sync", &self.path)
    }

    /// Makes all that was written to the folder's file system survive a power cut, and reports
    /// writes that failed in the background.
    ///
    /// Syncing each of 200 files took 0.8 s, so 100,000 would take minutes; this is one call.
    pub(super) fn sync_disk(&self) -> anyhow::Result<()> {
        if !self.is_durable {
            return Ok(());
        }
        #[cfg(target_os = "linux")]
        let synced = retry_on_intr(|| fs::syncfs(&self.handle));
        #[cfg(not(target_os = "linux"))]
        let synced = {
            fs::sync();
            Ok(())
        };
        tolerate_unsupported(synced).at("sync", &self.path)
    }

    /// Fails where the entry `name` can't be made, moved or deleted, as far as can be known before.
    pub(super) fn may_change(&self, name: &str) -> anyhow::Result<()> {
        let access = Access::WRITE_OK | Access::EXEC_OK;
        let permits = fs::accessat(&self.handle, ".", access, AtFlags::empty());
        // What else can't be known now is seen then.
        if let Err(error @ (Errno::ACCESS | Errno::PERM | Errno::ROFS)) = permits {
            Err(error).at("change what is in", &self.path)?;
        }
        let entry = self.attributes(name, AtFlags::SYMLINK_NOFOLLOW);
        let why = match entry {
            _ if self.attributes("", AtFlags::EMPTY_PATH).is_append_only => {
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

    /// Whether another file system, or another part of this one, is mounted here.
    pub(super) fn is_mount(&self) -> bool {
        // A kernel that does not know tells by refusing to remove the folder.
        self.attributes("", AtFlags::EMPTY_PATH).is_mount
    }

    /// What keeps an entry, or the folder itself, where it is.
    #[cfg(target_os = "linux")]
    fn attributes(&self, name: &str, flags: AtFlags) -> Attributes {
        use rustix::fs::{StatxAttributes, StatxFlags};
        let Ok(stat) = fs::statx(&self.handle, name, flags, StatxFlags::empty()) else {
            return Attributes::default();
        };
        let has = |attribute| stat.stx_attributes.contains(attribute);
        Attributes {
            is_immutable: has(StatxAttributes::IMMUTABLE),
            is_append_only: has(StatxAttributes::APPEND),
            is_mount: has(StatxAttributes::MOUNT_ROOT),
        }
    }

    /// The same; not known on this system.
    #[cfg(not(target_os = "linux"))]
    fn attributes(&self, _: &str, _: AtFlags) -> Attributes {
        Attributes::default()
    }
}

/// What keeps an entry where it is, as far as the system says.
#[derive(Clone, Copy, Default)]
struct Attributes {
    is_immutable: bool,
    is_append_only: bool,
    is_mount: bool,
}

/// Whether two texts are the same.
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

/// Whether two looks were at the same file or folder.
pub(super) fn same(one: &Stat, other: &Stat) -> bool {
    (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
}

/// Takes a file system that cannot sync a folder as one that needs no sync.
fn tolerate_unsupported(synced: Result<(), Errno>) -> Result<(), Errno> {
    match synced {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(()),
        synced => synced,
    }
}
