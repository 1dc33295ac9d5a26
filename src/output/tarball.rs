//! The entries of a tar.

use std::io::Write as _;
use std::sync::LazyLock;

use anyhow::Context as _;
use tar::{EntryType, Header};

use super::checksum::Checksum;

/// The context of each failure.
pub(super) const CANNOT: &str = "cannot write the archive";

/// The size of tar's blocks.
const BLOCK: usize = 512;

/// The length of a path that a header always has room for, wherever its folders end.
const LONGEST_NAME: usize = 100;

/// The size of the empty blocks that end a tar.
const END: usize = 2 * BLOCK;

/// Returns the head of an entry for a file whose content is `size` bytes.
pub(super) fn head(path: &str, size: u64) -> anyhow::Result<Header> {
    let mut header = BLANK.clone();
    header.set_path(path).context(CANNOT)?;
    header.set_size(size);
    header.set_cksum();
    Ok(header)
}

/// Returns the end of an archive, after the content of the last entry, which has `size` bytes.
pub(super) fn end(size: u64) -> Vec<u8> {
    vec![0; padding(size) + END]
}

/// Adds a file to a part of an archive; `fill` appends its content.
pub(super) fn push(
    path: &str,
    entries: &mut Vec<u8>,
    fill: impl FnOnce(&mut Vec<u8>) -> anyhow::Result<()>,
) -> anyhow::Result<Checksum> {
    let mut header = BLANK.clone();
    // A head has room for 100 bytes of a path, and 155 more if they end at a `/`. The short name in
    // the head is for programs that don't read pax records.
    if header.set_path(path).is_err() {
        let (short, _) = path.split_at(path.floor_char_boundary(LONGEST_NAME));
        header
            .set_path(short.trim_end_matches('/'))
            .context(CANNOT)?;
        push_path(path, entries)?;
    }
    push_entry(header, entries, fill)
}

/// Adds the path of the next file, for which a header has no room, in the form of POSIX's pax.
fn push_path(path: &str, entries: &mut Vec<u8>) -> anyhow::Result<()> {
    let mut header = BLANK.clone();
    header.set_path("PaxHeader").context(CANNOT)?;
    header.set_entry_type(EntryType::XHeader);
    let record = format!(" path={path}\n");
    // The length of the record, its own digits included.
    let with = |digits: usize| record.len() + digits;
    let digits = (1..).find(|&digits| with(digits).to_string().len() == digits);
    let length = with(digits.context("a record of a path has a length")?);
    push_entry(header, entries, |entries| {
        Ok(write!(entries, "{length}{record}")?)
    })?;
    Ok(())
}

fn push_entry(
    mut header: Header,
    entries: &mut Vec<u8>,
    fill: impl FnOnce(&mut Vec<u8>) -> anyhow::Result<()>,
) -> anyhow::Result<Checksum> {
    let head = entries.len();
    let start = head + BLOCK;
    entries.resize(start, 0);
    fill(entries)?;
    let checksum = Checksum::of(&entries[start..]);
    header.set_size(checksum.size);
    header.set_cksum();
    entries[head..start].copy_from_slice(header.as_bytes());
    entries.resize(entries.len() + padding(checksum.size), 0);
    Ok(checksum)
}

/// The fields that all headers share.
static BLANK: LazyLock<Header> = LazyLock::new(|| {
    let mut header = Header::new_ustar();
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header
});

/// Returns the number of bytes that fill the last block of a content.
fn padding(size: u64) -> usize {
    (size.next_multiple_of(BLOCK as u64) - size) as usize
}
