//! The text files of a build in memory, and where their lines begin.
//!
//! A [`Span`] contains its file, so that a message about it needs nothing else. When a file is
//! added, line ends are folded to `\n` and one byte-order mark is dropped; lines and columns count
//! from 1, columns in characters.

use std::ops::Range;
use std::sync::Arc;

/// A file's place in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// Returns the ID of the file at an index.
    pub fn new(index: usize) -> FileId {
        FileId(u32::try_from(index).expect("fewer than four billion files"))
    }
}

/// A range of bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    start: u32,
    end: u32,
}

impl Span {
    /// Creates the span of a range of a file's text.
    pub fn new(file: FileId, range: Range<usize>) -> Span {
        // A text has at most 16 MiB; a list of bots is stored in excerpts. A clamped place is
        // wrong, but does not end the program.
        let offset = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Span {
            file,
            start: offset(range.start),
            end: offset(range.end),
        }
    }

    /// Returns whether another span is within it.
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// Returns the bytes that it covers.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A set of spans that finds whether one of them contains another span, however many there are.
#[derive(Debug)]
pub struct Spans {
    /// Sorted by file and start; each with the greatest end of those of its file up to it.
    all: Vec<Span>,
}

impl FromIterator<Span> for Spans {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Spans {
        let mut all: Vec<Span> = spans.into_iter().collect();
        all.sort_unstable_by_key(|span| (span.file, span.start));
        // With the greatest end so far, one binary search finds whether any span reaches beyond a
        // place. Comparing each span with each takes quadratic time in the errors of a file.
        for at in 1..all.len() {
            if all[at].file == all[at - 1].file {
                all[at].end = all[at].end.max(all[at - 1].end);
            }
        }
        Spans { all }
    }
}

impl Spans {
    /// Returns whether a span is within one of these.
    pub fn contain(&self, span: Span) -> bool {
        let begins_before = |it: &Span| (it.file, it.start) <= (span.file, span.start);
        let before = self.all.partition_point(begins_before);
        let last = before.checked_sub(1).map(|last| self.all[last]);
        last.is_some_and(|last| last.file == span.file && last.end >= span.end)
    }
}

/// A text file.
#[derive(Debug)]
pub struct SourceFile {
    /// Its path in messages: with `/`, relative to the working directory, or as it was given.
    pub path: String,
    /// Its content, with folded line ends.
    pub text: String,
    /// How many lines precede the text, if it is a part of a file.
    lines_before: usize,
    line_starts: Vec<usize>,
    /// How many characters begin before each [`STRIDE`]th byte: a line can have millions.
    characters: Vec<u32>,
}

// Counting the characters of a line from its beginning for each error takes quadratic time on a
// file that is one line of JSON.
const STRIDE: usize = 4096;

impl SourceFile {
    /// Creates a file from its text; folds line ends and drops one byte-order mark.
    pub fn new(path: impl Into<String>, text: &str) -> SourceFile {
        SourceFile::excerpt(path, text, 1)
    }

    /// Creates a part of a file that begins on the given line, from 1.
    fn excerpt(path: impl Into<String>, text: &str, line: u32) -> SourceFile {
        // The mark is dropped only once and at the beginning (YAML 1.2.2 §5.2): a second one is a
        // character of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = if text.contains('\r') {
            // YAML (1.2.2 §5.4), CommonMark (0.31.2 §2.1) and CSV end lines with any of the three;
            // later code needs to know only one.
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        };
        let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let line_starts = std::iter::once(0)
            .chain(ends.map(|(at, _)| at + 1))
            .collect();
        let mut counted = 0;
        let mut characters = vec![counted];
        for bytes in text.as_bytes().chunks(STRIDE) {
            counted += characters_in(bytes) as u32;
            characters.push(counted);
        }
        SourceFile {
            path: path.into(),
            text,
            lines_before: line.saturating_sub(1) as usize,
            line_starts,
            characters,
        }
    }

    /// Returns the number, from 1, of the first line.
    pub fn first_line(&self) -> usize {
        self.lines_before + 1
    }

    /// Returns the line of the text, from 0, that contains an offset.
    pub fn line_index(&self, offset: usize) -> usize {
        self.line_starts
            .partition_point(|&start| start <= offset)
            .saturating_sub(1)
    }

    /// Returns line and column of an offset, from 1, the column in characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.line_index(offset);
        let before =
            self.characters_before(offset) - self.characters_before(self.line_starts[line]);
        (self.lines_before + line + 1, before + 1)
    }

    fn characters_before(&self, offset: usize) -> usize {
        let stride = offset / STRIDE;
        let rest = &self.text.as_bytes()[stride * STRIDE..offset];
        self.characters[stride] as usize + characters_in(rest)
    }

    /// Returns the offset of a line and column, both from 1, the column in characters.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let line = line.saturating_sub(self.first_line());
        let Some(&start) = self.line_starts.get(line) else {
            return self.text.len();
        };
        let mut characters = self.text[start..].char_indices();
        characters
            .nth(column.saturating_sub(1))
            .map_or(self.text.len(), |(at, _)| start + at)
    }

    /// Returns the bytes of the lines from `first` to `last`, counted from 0, with their line
    /// ends.
    pub fn lines(&self, first: usize, last: usize) -> Range<usize> {
        let end = self
            .line_starts
            .get(last + 1)
            .copied()
            .unwrap_or(self.text.len());
        self.line_starts[first]..end
    }
}

/// Returns how many characters begin in some bytes of UTF-8 text.
fn characters_in(bytes: &[u8]) -> usize {
    // A byte `10xxxxxx` continues a character in UTF-8 (RFC 3629 §3).
    let begins = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
    bytes.iter().filter(begins).count()
}

/// The text files of a build.
///
/// A file that is read again keeps its ID, so there are IDs without a file.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Option<Arc<SourceFile>>>);

impl Sources {
    /// Adds a file with a new ID.
    pub fn add(&mut self, path: impl Into<String>, text: &str) -> FileId {
        self.add_excerpt(path, text, 1)
    }

    /// Adds a part of a file that begins on the given line, from 1, as [`add`](Self::add) does.
    pub fn add_excerpt(&mut self, path: impl Into<String>, text: &str, line: u32) -> FileId {
        let id = FileId::new(self.0.len());
        self.insert(id, Arc::new(SourceFile::excerpt(path, text, line)));
        id
    }

    /// Inserts a file at its ID.
    pub fn insert(&mut self, id: FileId, file: Arc<SourceFile>) {
        let index = id.0 as usize;
        if self.0.len() <= index {
            self.0.resize(index + 1, None);
        }
        self.0[index] = Some(file);
    }

    /// Reserves the IDs below `count`: files that are added get higher ones.
    pub fn reserve(&mut self, count: usize) {
        let count = count.max(self.0.len());
        self.0.resize(count, None);
    }

    /// Returns the file of an ID.
    ///
    /// # Panics
    /// If no file has it: IDs are created with their files.
    pub fn get(&self, id: FileId) -> &Arc<SourceFile> {
        let file = self.0.get(id.0 as usize).and_then(Option::as_ref);
        file.expect("an ID comes from the file that has it")
    }

    /// Returns all files.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.0.iter().flatten()
    }

    /// Returns the text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.range()).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "é: 1\nkey: ü x\n");
        let file = sources.get(id);
        assert_eq!(file.position(0), (1, 1));
        assert_eq!(file.position(2), (1, 2));
        let x = file.text.find('x').unwrap();
        assert_eq!(file.position(x), (2, 8));
        assert_eq!(file.offset(2, 8), x);
        assert_eq!(file.position(file.text.len()), (3, 1));
    }

    #[test]
    fn spans_contain_what_is_within_one_of_them() {
        let span = |file, range| Span::new(FileId::new(file), range);
        let spans = [
            span(1, 5..6),
            span(0, 20..30),
            span(0, 0..100),
            span(2, 7..7),
        ];
        let spans: Spans = spans.into_iter().collect();
        for within in [
            span(0, 0..100),
            span(0, 40..41),
            span(1, 5..6),
            span(2, 7..7),
        ] {
            assert!(spans.contain(within), "{within:?}");
        }
        for without in [
            span(0, 99..101),
            span(1, 4..6),
            span(1, 6..7),
            span(3, 0..0),
        ] {
            assert!(!spans.contain(without), "{without:?}");
        }
    }

    #[test]
    fn positions_in_long_lines_count_characters_too() {
        let mut sources = Sources::default();
        let id = sources.add("a", &"é".repeat(3 * STRIDE));
        let file = sources.get(id);
        for column in [
            1,
            STRIDE / 2,
            STRIDE / 2 + 1,
            2 * STRIDE,
            3 * STRIDE,
            3 * STRIDE + 1,
        ] {
            assert_eq!(file.position((column - 1) * 2), (1, column));
        }
    }

    #[test]
    fn line_ends_and_byte_order_marks_make_no_difference() {
        let mut sources = Sources::default();
        for text in ["a\nb\n", "a\r\nb\r\n", "a\rb\r", "\u{feff}a\nb\n"] {
            let id = sources.add("a", text);
            assert_eq!(sources.get(id).text, "a\nb\n");
        }
    }
}
