//! Caches what was read last, so that unchanged files are not read again.
//!
//! A file is unchanged if its device, inode, size and both of its times are. The time of the last
//! change of any kind (`ctime`) is set by the system alone: a program that writes other bytes of
//! the same size into a file and restores its modification time can't restore that one. But it
//! does not advance between two ticks of the clock; so a file that had changed just before it was
//! read is read again the next time, as Git does with entries that it calls racy.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::SettingsFile;
use crate::input::source::{FileId, SourceFile, Sources};
use crate::input::system::{FileNumber, FileState};

/// For how long, in seconds, a change of a file may still be followed by one with the same time:
/// file systems count in up to two seconds, and a server's clock may differ from ours.
const UNSETTLED: i64 = 2;

/// The files as read last.
#[derive(Debug, Default)]
pub struct FileCache {
    ids: HashMap<String, FileId>,
    files: HashMap<PathBuf, KnownFile>,
    /// `site.yaml`, and the text that it was parsed from.
    site: Option<(Arc<SourceFile>, SettingsFile)>,
}

/// A file that was read.
#[derive(Debug)]
struct KnownFile {
    /// None if changes can't be detected.
    stamp: Option<Stamp>,
    content: ReadContent,
}

#[derive(Clone, Debug)]
enum ReadContent {
    Text(Arc<SourceFile>),
    Bytes(Arc<[u8]>),
}

/// The metadata by which an unchanged file is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    state: FileState,
    /// Whether its last change was so long ago that another change would have another time.
    is_settled: bool,
}

impl Stamp {
    pub(super) fn new(metadata: &Metadata) -> Stamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        // A clock before 1970 gives 0, with which no file has settled: then all files are read
        // each time.
        let now = now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        let state = FileState::of(metadata);
        let last = state.changed.0.max(state.modified.0);
        Stamp {
            state,
            is_settled: last < now.saturating_sub(UNSETTLED),
        }
    }

    /// Returns whether it is the stamp of this file.
    pub(super) fn is_of(&self, file: FileNumber) -> bool {
        self.state.file == file
    }

    /// Returns whether it is the stamp of the same file, which had settled when it was read.
    fn is_same(&self, then: &Stamp) -> bool {
        // The older stamp decides: a file that was read while it could still change at the same
        // tick is never trusted.
        then.is_settled && self == then
    }
}

/// One pass over the files, which replaces what was cached by the pass before.
pub(super) struct ReadPass<'m> {
    ids: &'m mut HashMap<String, FileId>,
    before: HashMap<PathBuf, KnownFile>,
    now: &'m mut HashMap<PathBuf, KnownFile>,
    site: &'m mut Option<(Arc<SourceFile>, SettingsFile)>,
}

impl FileCache {
    /// Begins another pass; files that it does not find are dropped from the cache.
    pub(super) fn next(&mut self) -> ReadPass<'_> {
        ReadPass {
            // Files that were read in the last pass but not in this one are dropped with `before`,
            // so memory does not grow with files that come and go.
            before: std::mem::take(&mut self.files),
            now: &mut self.files,
            ids: &mut self.ids,
            site: &mut self.site,
        }
    }
}

impl ReadPass<'_> {
    /// Returns the ID of the text file with this path in messages.
    pub(super) fn id(&mut self, shown: &str) -> FileId {
        if let Some(&id) = self.ids.get(shown) {
            return id;
        }
        let id = FileId::new(self.ids.len());
        self.ids.insert(shown.to_owned(), id);
        id
    }

    /// Reserves the IDs of deleted files, which may come back.
    pub(super) fn keep_ids(&self, sources: &mut Sources) {
        sources.reserve(self.ids.len());
    }

    /// Returns the parsed `site.yaml`, parsed again if its text changed.
    pub(super) fn site(&mut self, file: FileId, sources: &Sources) -> SettingsFile {
        let text = sources.get(file);
        let known = self.site.take();
        // Compared by the address of the text, the key of all caches of what is derived from a
        // text.
        let known = known.filter(|(known, _)| Arc::ptr_eq(known, text));
        let known = known.unwrap_or_else(|| (Arc::clone(text), SettingsFile::parse(file, sources)));
        self.site.insert(known).1.clone()
    }

    fn same(&mut self, file: &Path, stamp: Option<Stamp>) -> Option<ReadContent> {
        let known = self.before.get(file)?;
        if !stamp?.is_same(known.stamp.as_ref()?) {
            return None;
        }
        let content = known.content.clone();
        let known = self.before.remove(file)?;
        self.now.insert(file.to_owned(), known);
        Some(content)
    }

    /// Returns the cached text of a file, if it is certainly unchanged.
    pub(super) fn text(&mut self, file: &Path, stamp: Option<Stamp>) -> Option<Arc<SourceFile>> {
        match self.same(file, stamp)? {
            ReadContent::Text(text) => Some(text),
            ReadContent::Bytes(_) => None,
        }
    }

    /// Returns the cached bytes of a file, if it is certainly unchanged.
    pub(super) fn bytes(&mut self, file: &Path, stamp: Option<Stamp>) -> Option<Arc<[u8]>> {
        match self.same(file, stamp)? {
            ReadContent::Bytes(bytes) => Some(bytes),
            ReadContent::Text(_) => None,
        }
    }

    /// Returns a text that was read, or the cached equal one, so that what was derived from it can
    /// be reused.
    pub(super) fn same_or(&self, file: &Path, text: SourceFile) -> Arc<SourceFile> {
        // The texts are compared, so a file that was only touched, or saved without a change, is
        // recognised.
        match self.before.get(file).map(|known| &known.content) {
            Some(ReadContent::Text(before)) if before.text == text.text => Arc::clone(before),
            _ => Arc::new(text),
        }
    }

    pub(super) fn keep_text(&mut self, file: &Path, stamp: Option<Stamp>, text: Arc<SourceFile>) {
        let content = ReadContent::Text(text);
        self.now
            .insert(file.to_owned(), KnownFile { stamp, content });
    }

    /// Caches bytes; returns the cached ones if they are equal.
    pub(super) fn keep_bytes(
        &mut self,
        file: PathBuf,
        stamp: Option<Stamp>,
        bytes: Arc<[u8]>,
    ) -> Arc<[u8]> {
        let bytes = match self.before.remove(&file).map(|known| known.content) {
            Some(ReadContent::Bytes(before)) if before == bytes => before,
            _ => bytes,
        };
        let content = ReadContent::Bytes(Arc::clone(&bytes));
        self.now.insert(file, KnownFile { stamp, content });
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(is_settled: bool) -> Stamp {
        let state = FileState {
            file: FileNumber::new(1, 2),
            size: 3,
            modified: (4, 5),
            changed: (6, 7),
        };
        Stamp { state, is_settled }
    }

    #[test]
    fn a_file_is_the_same_only_if_nothing_could_have_happened_to_it() {
        let then = stamp(true);
        assert!(stamp(true).is_same(&then));
        let others = [(1, 3), (2, 2)].map(|(device, number)| FileState {
            file: FileNumber::new(device, number),
            ..then.state
        });
        let times = [((4, 6), (6, 7)), ((4, 5), (6, 8))];
        let times = times.map(|(modified, changed)| FileState {
            modified,
            changed,
            ..then.state
        });
        let size = FileState {
            size: 4,
            ..then.state
        };
        for state in others.into_iter().chain(times).chain([size]) {
            let other = Stamp { state, ..then };
            assert!(!other.is_same(&then), "{other:?}");
        }
        assert!(
            !stamp(false).is_same(&stamp(false)),
            "it had changed just before it was read"
        );
    }

    #[test]
    fn an_id_stays_with_its_path() {
        let mut memory = FileCache::default();
        let first = memory.next().id("spec/a.yaml");
        let other = memory.next().id("spec/b.yaml");
        assert_ne!(first, other);
        let mut pass = memory.next();
        assert_eq!(pass.id("spec/b.yaml"), other);
        let mut sources = Sources::default();
        pass.keep_ids(&mut sources);
        let added = sources.add("bots.csv", "");
        assert!(![first, other].contains(&added));
    }
}
