//! Which file systems others change too, without a message to this system's watcher.

use std::path::Path;

/// Returns the kind of file system that a folder is on, if other machines, or the host of a
/// container, change it.
#[cfg(target_os = "linux")]
pub(super) fn kind_of_remote(folder: &Path) -> Option<&'static str> {
    kind_of(rustix::fs::statfs(folder).ok()?.f_type as u32)
}

/// Returns nothing on systems other than Linux: their watchers report what they can.
#[cfg(not(target_os = "linux"))]
pub(super) fn kind_of_remote(_: &Path) -> Option<&'static str> {
    None
}

/// Returns the kind by the number that `statfs(2)` gives such a file system.
#[cfg(target_os = "linux")]
fn kind_of(magic: u32) -> Option<&'static str> {
    // The numbers of `statfs(2)` and `linux/magic.h`: inotify only reports changes through this
    // machine's own kernel.
    match magic {
        0x6969 => Some("a network file system (NFS)"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("a network file system (SMB)"),
        0x0102_1997 => Some("a shared file system (9P)"),
        0x6573_5546 => Some("a file system of a program (FUSE)"),
        0x786f_4256 | 0x7c7c_6673 => Some("a folder shared with the host"),
        0x5346_414f | 0x6b41_4653 | 0x00c3_6400 => Some("a network file system"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    use super::kind_of;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_is_on_a_network_by_the_number_of_its_file_system() {
        assert_eq!(kind_of(0x6969), Some("a network file system (NFS)"));
        // ext, tmpfs, overlay, btrfs.
        for local in [0xef53, 0x0102_1994, 0x794c_7630, 0x9123_683e] {
            assert_eq!(kind_of(local), None);
        }
    }
}
