//! Bytes that are kept in the order they come: in memory while they are few, then in a file.
//!
//! The file has no name and is gone with the process; who makes a [`Spool`] says how it is made.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// How many bytes stay in memory.
const IN_MEMORY: usize = 16 << 20;

/// How many bytes go to the file at once.
const AT_ONCE: usize = 256 << 10;

/// How a file without a name is made.
pub type MakeFile = Arc<dyn Fn() -> io::Result<File> + Send + Sync>;

/// Bytes that are kept in the order they come.
pub struct Spool {
    file: Option<File>,
    /// How many bytes are in the file; those in memory come after them.
    in_file: u64,
    memory: Vec<u8>,
    in_memory: usize,
    make_file: MakeFile,
}

impl Spool {
    /// Keeps nothing yet.
    pub fn new(make_file: &MakeFile) -> Spool {
        Spool {
            file: None,
            in_file: 0,
            memory: Vec::new(),
            in_memory: IN_MEMORY,
            make_file: Arc::clone(make_file),
        }
    }

    /// One that needs no file, for few bytes.
    pub fn in_memory() -> Spool {
        let make_file: MakeFile = Arc::new(|| Err(io::ErrorKind::OutOfMemory.into()));
        Spool {
            in_memory: usize::MAX,
            ..Spool::new(&make_file)
        }
    }

    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        self.in_file + self.memory.len() as u64
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds bytes, and says where they begin.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.len();
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > self.in_memory {
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

    /// Reads bytes that begin at `at`, as many as there is room for.
    pub fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let in_file = self.in_file.saturating_sub(at).min(into.len() as u64);
        let (first, rest) = into.split_at_mut(in_file as usize);
        if let (Some(file), false) = (&self.file, first.is_empty()) {
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
