//! What was read the last time, so that the same files need not be read again.
//!
//! A file is the same if its device, number, size and both of its times are. The time of its last
//! change of any kind (`ctime`) is the system's own: who puts other bytes of the same size into a
//! file and restores the time of its content can't restore that one. But it stands still between
//! two ticks of the clock; so a file that had changed just before it was read is read again the
//! next time, as Git does with what it calls racy.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::SettingsFile;
use crate::input::source::{FileId, SourceFile, Sources};
use crate::input::system::{FileNumber, FileState};

/// For how long, in seconds, a change of a file may still be followed by one at the same time: file
/// systems count in up to two seconds, and a server's clock may not be quite ours.
const UNSETTLED: i64 = 2;

/// The files as they were read the last time.
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
    /// None if that can't tell whether it changed.
    stamp: Option<Stamp>,
    content: ReadContent,
}

#[derive(Clone, Debug)]
enum ReadContent {
    Text(Arc<SourceFile>),
    Bytes(Arc<[u8]>),
}

/// What tells that a file is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    state: FileState,
    /// Whether its last change was long enough ago that another would have another time.
    is_settled: bool,
}

impl Stamp {
    pub(super) fn new(metadata: &Metadata) -> Stamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        let state = FileState::of(metadata);
        let last = state.changed.0.max(state.modified.0);
        Stamp {
            state,
            is_settled: last < now.saturating_sub(UNSETTLED),
        }
    }

    /// Whether it is of the file with this number.
    pub(super) fn is_of(&self, file: FileNumber) -> bool {
        self.state.file == file
    }

    /// Whether it is of the same file, which had settled when it was read.
    fn is_same(&self, then: &Stamp) -> bool {
        then.is_settled && self == then
    }
}

/// One look at the files, which replaces what was remembered of the look before.
pub(super) struct ReadPass<'m> {
    ids: &'m mut HashMap<String, FileId>,
    before: HashMap<PathBuf, KnownFile>,
    now: &'m mut HashMap<PathBuf, KnownFile>,
    site: &'m mut Option<(Arc<SourceFile>, SettingsFile)>,
}

impl FileCache {
    /// Begins another look; of files that it does not find nothing is kept.
    pub(super) fn next(&mut self) -> ReadPass<'_> {
        ReadPass {
            before: std::mem::take(&mut self.files),
            now: &mut self.files,
            ids: &mut self.ids,
            site: &mut self.site,
        }
    }
}

impl ReadPass<'_> {
    /// The ID of the text file with this path in messages.
    pub(super) fn id(&mut self, shown: &str) -> FileId {
        if let Some(&id) = self.ids.get(shown) {
            return id;
        }
        let id = FileId::new(self.ids.len());
        self.ids.insert(shown.to_owned(), id);
        id
    }

    /// Leaves the IDs of files that are gone, and may come back, to them.
    pub(super) fn keep_ids(&self, sources: &mut Sources) {
        sources.reserve(self.ids.len());
    }

    /// The syntax of `site.yaml`, read anew if it is another text now.
    pub(super) fn site(&mut self, file: FileId, sources: &Sources) -> SettingsFile {
        let text = sources.get(file);
        let known = self.site.take();
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

    /// What is in a text file, if that is certain.
    pub(super) fn text(&mut self, file: &Path, stamp: Option<Stamp>) -> Option<Arc<SourceFile>> {
        match self.same(file, stamp)? {
            ReadContent::Text(text) => Some(text),
            ReadContent::Bytes(_) => None,
        }
    }

    /// What is in another file, if that is certain.
    pub(super) fn bytes(&mut self, file: &Path, stamp: Option<Stamp>) -> Option<Arc<[u8]>> {
        match self.same(file, stamp)? {
            ReadContent::Bytes(bytes) => Some(bytes),
            ReadContent::Text(_) => None,
        }
    }

    /// A text that was read, or the one that was read before and says the same: what was made of
    /// that one is then of use.
    pub(super) fn same_or(&self, file: &Path, text: SourceFile) -> Arc<SourceFile> {
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

    /// Remembers bytes; gives those that were read before if they are the same.
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
        let mut look = memory.next();
        assert_eq!(look.id("spec/b.yaml"), other);
        let mut sources = Sources::default();
        look.keep_ids(&mut sources);
        let added = sources.add("bots.csv", "");
        assert!(![first, other].contains(&added));
    }
}
