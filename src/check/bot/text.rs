//! The text of a list as a stream: line ends folded, a byte-order mark dropped, the last record
//! kept.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use super::limit::LONGEST_RECORD;

/// UTF-8's byte-order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes already read are kept before they are dropped together.
const KEPT: usize = 64 << 10;

/// A text in which each line ends with a line feed alone, and no byte-order mark comes first.
pub(super) struct Folded<R> {
    text: BufReader<io::Chain<Cursor<Vec<u8>>, R>>,
    folded: Vec<u8>,
    taken: usize,
    /// Whether the last byte was a carriage return, so that a line feed after it belongs to it.
    is_half: bool,
}

impl<R: Read> Folded<R> {
    pub(super) fn new(mut text: R) -> io::Result<Folded<R>> {
        let mut first = Vec::new();
        text.by_ref()
            .take(MARK.len() as u64)
            .read_to_end(&mut first)?;
        if first == MARK {
            first.clear();
        }
        Ok(Folded {
            text: BufReader::with_capacity(KEPT, Cursor::new(first).chain(text)),
            folded: Vec::new(),
            taken: 0,
            is_half: false,
        })
    }

    /// Returns the beginning of the text, up to its first visible character, within the length of a
    /// record.
    pub(super) fn beginning(&mut self) -> io::Result<&[u8]> {
        let is_open =
            |folded: &[u8]| folded.len() < LONGEST_RECORD && folded.trim_ascii().is_empty();
        // For detecting the format; a list that begins with a megabyte of blank lines has no
        // detectable one.
        while is_open(&self.folded) && self.fold_more()? {}
        Ok(&self.folded)
    }

    /// Reads more of the text; returns false at its end.
    fn fold_more(&mut self) -> io::Result<bool> {
        let bytes = self.text.fill_buf()?;
        let length = bytes.len();
        // The whole buffer at once if it contains no carriage return, as nearly always.
        if !self.is_half && !bytes.contains(&b'\r') {
            self.folded.extend_from_slice(bytes);
        } else {
            for &byte in bytes {
                match byte {
                    b'\r' => self.folded.push(b'\n'),
                    b'\n' if self.is_half => {}
                    byte => self.folded.push(byte),
                }
                self.is_half = byte == b'\r';
            }
        }
        self.text.consume(length);
        Ok(length > 0)
    }
}

impl<R: Read> BufRead for Folded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.folded.len() {
            self.folded.clear();
            self.taken = 0;
            while self.folded.is_empty() && self.fold_more()? {}
        }
        Ok(&self.folded[self.taken..])
    }

    fn consume(&mut self, count: usize) {
        self.taken += count;
    }
}

impl<R: Read> Read for Folded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

/// A text that keeps the last record, so that it can be read again; a record that is too long is
/// never read to its end.
pub(super) struct Kept<R> {
    text: R,
    kept: Vec<u8>,
    /// The offset in the text at which the kept part begins, and its line.
    from: u64,
    line: u32,
}

impl<R: Read> Kept<R> {
    pub(super) fn new(text: R) -> Kept<R> {
        Kept {
            text,
            kept: Vec::new(),
            from: 0,
            line: 1,
        }
    }

    /// Returns whether the kept part has reached the limit of a record, so that no more can be
    /// read.
    pub(super) fn is_full(&self) -> bool {
        self.kept.len() > LONGEST_RECORD
    }

    /// Returns the part already read of an unfinished record, and its line, and drops it.
    pub(super) fn cut_rest(&mut self) -> (Vec<u8>, u32) {
        self.cut(self.from, self.from + self.kept.len() as u64)
    }

    /// Returns the bytes of a record and its line, and drops everything before the record's end.
    pub(super) fn cut(&mut self, start: u64, end: u64) -> (Vec<u8>, u32) {
        let (start, end) = (start - self.from, end - self.from);
        let before = &self.kept[..start as usize];
        let bytes = &self.kept[start as usize..end as usize];
        // Empty lines before it are skipped.
        let empty = bytes.iter().take_while(|&&byte| byte == b'\n').count();
        let lines = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte == b'\n').count() as u32;
        let line = self.line + lines(before) + empty as u32;
        let record = bytes[empty..].trim_ascii_end().to_vec();
        self.line += lines(&self.kept[..end as usize]);
        self.kept.drain(..end as usize);
        self.from += end;
        (record, line)
    }
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_full() {
            return Err(io::Error::other("a record of too many bytes"));
        }
        let count = self.text.read(into)?;
        self.kept.extend_from_slice(&into[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &[u8]) -> Vec<u8> {
        let mut folded = Vec::new();
        let mut reader = Folded::new(text).unwrap();
        reader.read_to_end(&mut folded).unwrap();
        folded
    }

    #[test]
    fn line_ends_and_byte_order_marks_make_no_difference() {
        for text in ["a\nb\n", "a\r\nb\r\n", "a\rb\r", "\u{feff}a\nb\n"] {
            assert_eq!(folded(text.as_bytes()), b"a\nb\n");
        }
        for text in ["", "a", "\n\n", "\u{feff}"] {
            let expected = text.trim_start_matches('\u{feff}');
            assert_eq!(folded(text.as_bytes()), expected.as_bytes());
        }
    }

    #[test]
    fn a_line_end_may_stand_where_what_is_read_at_once_ends() {
        for length in KEPT - 3..KEPT + 3 {
            let text = [vec![b'x'; length], b"\r\ny".to_vec()].concat();
            let expected = [vec![b'x'; length], b"\ny".to_vec()].concat();
            assert_eq!(folded(&text), expected);
        }
    }

    #[test]
    fn records_have_their_text_and_line() {
        let text = "a,b\n\n1,\"x\ny\"\n\n\n2,z\n";
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(Kept::new(text.as_bytes()));
        let mut record = csv::ByteRecord::new();
        let mut found = Vec::new();
        while reader.read_byte_record(&mut record).unwrap() {
            let end = reader.position().byte();
            let start = record.position().unwrap().byte();
            found.push(reader.get_mut().cut(start, end));
        }
        let expected = [("a,b", 1), ("1,\"x\ny\"", 3), ("2,z", 7)];
        let expected = expected.map(|(text, line)| (text.as_bytes().to_vec(), line));
        assert_eq!(found, expected);
    }
}
