//! A sequence of bytes: in memory while it is short, then in a file.
//!
//! The file has no name and ends with the process; the creator of a [`Spool`] provides a function
//! that creates it.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// The greatest number of bytes in memory.
// The values of 100,000 bots, at some 100 bytes each, stay in memory.
const IN_MEMORY: usize = 16 << 20;

/// The number of bytes in one write.
const AT_ONCE: usize = 256 << 10;

/// Creates a file without a name.
pub type MakeFile = Arc<dyn Fn() -> io::Result<File> + Send + Sync>;

/// A sequence of bytes that can only grow.
pub struct Spool {
    file: Option<File>,
    /// The number of bytes in the file; those in memory come after them.
    in_file: u64,
    memory: Vec<u8>,
    in_memory: usize,
    make_file: MakeFile,
}

impl Spool {
    /// Creates an empty sequence.
    pub fn new(make_file: &MakeFile) -> Spool {
        Spool {
            file: None,
            in_file: 0,
            memory: Vec::new(),
            in_memory: IN_MEMORY,
            make_file: Arc::clone(make_file),
        }
    }

    /// Creates a sequence that needs no file, for few bytes.
    pub fn in_memory() -> Spool {
        let make_file: MakeFile = Arc::new(|| Err(io::ErrorKind::OutOfMemory.into()));
        Spool {
            in_memory: usize::MAX,
            ..Spool::new(&make_file)
        }
    }

    /// Returns the number of bytes.
    pub fn len(&self) -> u64 {
        self.in_file + self.memory.len() as u64
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends bytes, and returns the offset of the first one.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.len();
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > self.in_memory {
            // Created only now: most lists never fill the memory, and build even where no file can
            // be created.
            let file = match self.file.take() {
                Some(file) => file,
                None => (self.make_file)()?,
            };
            file.write_all_at(&self.memory, self.in_file)?;
            self.file = Some(file);
            self.in_file += self.memory.len() as u64;
            self.memory.clear();
            self.memory.shrink_to(AT_ONCE);
            self.in_memory = AT_ONCE;
        }
        Ok(at)
    }

    /// Reads bytes from the offset `at` until `into` is full.
    pub fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let in_file = self.in_file.saturating_sub(at).min(into.len() as u64);
        let (first, rest) = into.split_at_mut(in_file as usize);
        if let (Some(file), false) = (&self.file, first.is_empty()) {
            // By offset, not with a cursor, which threads that read at the same time would share.
            file.read_exact_at(first, at)?;
        }
        let from = (at.max(self.in_file) - self.in_file) as usize;
        let kept = self.memory.get(from..from + rest.len());
        rest.copy_from_slice(kept.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    /// Reads all bytes from the first one.
    pub fn reader(&self) -> impl BufRead + '_ {
        BufReader::with_capacity(AT_ONCE, SpoolReader { spool: self, at: 0 })
    }
}

struct SpoolReader<'a> {
    spool: &'a Spool,
    at: u64,
}

impl Read for SpoolReader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = (self.spool.len() - self.at).min(into.len() as u64) as usize;
        self.spool.read_at(self.at, &mut into[..length])?;
        self.at += length as u64;
        Ok(length)
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spool of {} bytes", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_it_was_given_from_memory_and_file() {
        let make_file: MakeFile = Arc::new(tempfile::tempfile);
        for in_memory in [0, 10, 1000] {
            let mut spool = Spool::new(&make_file);
            spool.in_memory = in_memory;
            let records: Vec<Vec<u8>> = (0..100u8).map(|n| vec![n; usize::from(n % 7)]).collect();
            let places: Vec<u64> = records
                .iter()
                .map(|record| {
                    let at = spool.append(record).unwrap();
                    // As if the file had filled up again.
                    spool.in_memory = in_memory;
                    at
                })
                .collect();
            assert_eq!(spool.file.is_some(), in_memory < 1000);
            for (record, at) in records.iter().zip(places) {
                let mut found = vec![0; record.len()];
                spool.read_at(at, &mut found).unwrap();
                assert_eq!(&found, record);
            }
            let mut all = Vec::new();
            spool.reader().read_to_end(&mut all).unwrap();
            assert_eq!(all, records.concat());
            assert!(spool.read_at(spool.len(), &mut [0]).is_err());
        }
    }
}
