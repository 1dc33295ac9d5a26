//! Which system calls a command makes, in which order, and on what; and which it can do without.

use super::NEW;
use super::faults::{CHANGED, CHANGED_BOTS, FRESH, FRESH_BOTS, Scene};

/// A finished command survives a power cut: the contents are synced before the change, the folder
/// after.
#[test]
fn syncs_once_before_and_once_after() {
    if !CHANGED.disk.is_here() {
        return;
    }
    let syncs = |scene: &Scene| -> Vec<String> {
        let names = scene.trace().into_iter().map(|call| call.name);
        let is_sync = |name: &String| name.contains("sync") || name.starts_with("rename");
        names.filter(is_sync).collect()
    };
    assert_eq!(syncs(&FRESH), ["syncfs", "renameat", "fsync"]);
    assert_eq!(
        syncs(&CHANGED),
        [
            "syncfs",
            "renameat2",
            "fsync",
            "renameat2",
            "renameat2",
            "renameat2",
            "renameat2",
            "renameat2",
            "renameat2",
            "syncfs"
        ]
    );
}

/// Entries are made, changed and deleted only through the handle of a folder that is ours to
/// change.
#[test]
fn touches_nothing_elsewhere() {
    if !CHANGED.disk.is_here() {
        return;
    }
    const CHANGES: [&str; 6] = ["O_WRONLY", "O_RDWR", "O_CREAT", "mkdir", "rename", "unlink"];
    for scene in [FRESH, CHANGED, FRESH_BOTS, CHANGED_BOTS] {
        for call in scene.trace() {
            let text = &call.text;
            let is_change =
                CHANGES.iter().any(|change| text.contains(change)) || call.name == "linkat";
            // A missing parent folder is made by its path.
            let is_above = call.name == "mkdir" && text.contains("EEXIST");
            let leads_out =
                text.contains("\"/") || text.contains("..") || text.contains("AT_FDCWD");
            assert!(!is_change || is_above || !leads_out, "{text}");
        }
    }
}

/// Where links or locks are not known, copies and luck do.
#[test]
fn links_and_locks_are_not_needed() {
    if !CHANGED.disk.is_here() {
        return;
    }
    for inject in ["inject=linkat:error=EPERM", "inject=flock:error=ENOLCK"] {
        let project = CHANGED.project();
        let (status, _) = CHANGED.run(&project, &["-e", inject]);
        assert!(status.success(), "{inject}");
        assert_eq!(project.snapshot(), CHANGED.expected(NEW), "{inject}");
    }
}
