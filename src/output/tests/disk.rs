//! The disks of the tests that inject faults, and `strace`, under which these tests run a command.
//!
//! Only this file starts programs other than the test itself. A test first asks whether they are here,
//! and is skipped if they are not.

use std::path::Path;
use std::process::Command;

use super::skip::skip;

/// What the file system of the output directory can do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Disk {
    /// All that we ask for.
    Usual,
    /// Neither exchange two names nor rename only to a free one, as over NFS.
    PlainRenames,
    /// Another file system is mounted at `a`, which no rename reaches.
    MountInside,
    /// Both.
    PlainMount,
}

/// What no rename can do on [`Disk::PlainRenames`].
const NO_RENAMEAT2: &str = "inject=renameat2:error=EINVAL";
/// Runs a command where a folder is a mount of its own.
const MOUNT_INSIDE: &str = r#"mount --bind "$0" "$0" && exec "$@""#;

impl Disk {
    pub(super) fn has_mount(self) -> bool {
        matches!(self, Disk::MountInside | Disk::PlainMount)
    }

    pub(super) fn is_plain(self) -> bool {
        matches!(self, Disk::PlainRenames | Disk::PlainMount)
    }

    /// Returns whether this machine can trace on such a disk; if not, the test is skipped.
    #[track_caller]
    pub(super) fn is_here(self) -> bool {
        let temp = tempfile::tempdir().unwrap();
        let mut traced = self.strace(temp.path());
        // Some containers have `strace`, but forbid it to trace.
        traced.arg("-o").arg(temp.path().join("log")).arg("true");
        let is_here = traced.output().is_ok_and(|ended| ended.status.success());
        if !is_here {
            let mounts = if self.has_mount() { " on a mount" } else { "" };
            skip(&format!("strace can't be run{mounts}"));
        }
        is_here
    }

    /// Begins a command of `strace`, to which options and a program are added. If the disk has a mount, it
    /// is at this folder.
    pub(super) fn strace(self, mount: &Path) -> Command {
        if !self.has_mount() {
            return Command::new("strace");
        }
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", MOUNT_INSIDE]);
        command.arg(mount).arg("strace");
        command
    }

    /// Returns the options of `strace` that make renames as plain as those of this disk.
    pub(super) fn options(self) -> &'static [&'static str] {
        if self.is_plain() {
            &["-e", NO_RENAMEAT2]
        } else {
            &[]
        }
    }
}
