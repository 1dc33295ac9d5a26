//! Filled pages in gzip's format (RFC 1952) for the price of a copy: the text between the holes is
//! compressed once, and joined for each bot.
//!
//! The data of a page is a sequence of DEFLATE blocks (RFC 1951). The text between two holes is
//! compressed with the page before it as the dictionary and ends on a byte boundary, so anything
//! can follow it; a value is a stored block, which contains it unchanged. Any program decompresses
//! the result.
//!
//! A back reference across a hole counts its bytes. So the texts are compressed once for each
//! combination of lengths, and only holes whose lengths don't vary much are counted: those of the
//! variables that the caller calls steady, such as `bot_id`. No reference crosses any other hole,
//! so its length is free. The output depends on the page and the values alone.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use flate2::{Compress, Compression, FlushCompress, GzBuilder, Status};

use super::{Holed, Values, VariableId};

/// The window of DEFLATE: the greatest distance of a back reference.
const WINDOW: usize = 32 << 10;

/// The greatest length of a stored block, a field of two bytes (RFC 1951, section 3.2.4).
const MAX_STORED: usize = 0xffff;

/// The header of every member: DEFLATE, no flags, no time, the best compression, an unknown system.
// With no time and an unknown system (RFC 1952, 2.3.1) a text has the same bytes on every machine.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

/// An empty block with fixed codes and the flag of the last block.
const LAST: [u8; 2] = [3, 0];

/// The number of bytes after the last block: checksum and length.
const END: usize = 8;

/// The number of bytes before the value in a stored block.
const STORED_HEAD: usize = 5;

/// The byte in place of a value in the dictionary: no text contains it, so no reference leads to
/// it.
const IN_A_HOLE: u8 = 0;

/// A page to fill in gzip's format.
#[derive(Debug)]
pub struct Gzip<'a> {
    page: &'a Holed,
    /// For each hole of the page, whether its length is counted.
    is_steady: Vec<bool>,
    /// The texts between the holes, compressed, by the lengths of the steady holes.
    compressed: Mutex<HashMap<Vec<usize>, Arc<Compressed>>>,
}

/// The texts between the holes of a page, in order, each a whole number of bytes.
#[derive(Debug, Default)]
struct Compressed {
    bytes: Vec<u8>,
    /// The end of each text in `bytes`.
    ends: Vec<usize>,
}

/// Compresses a text in gzip's format, without a name, a time or a system.
pub fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    let written = encoder.write_all(text).and_then(|()| encoder.finish());
    written.expect("memory takes all bytes")
}

impl<'a> Gzip<'a> {
    /// Takes a page; `is_steady` selects the variables whose values have few different lengths.
    pub fn new(page: &'a Holed, is_steady: impl Fn(VariableId) -> bool) -> Gzip<'a> {
        // Not all holes are counted: two with twenty lengths each would be 400 combinations to
        // compress, at 3.5 ms each.
        let steady = page.holes.iter().map(|hole| is_steady(hole.variable));
        Gzip {
            page,
            is_steady: steady.collect(),
            compressed: Mutex::default(),
        }
    }

    /// Appends the page with a bot's values to `out`, and uncompressed to `plain`.
    pub fn fill_into(&self, values: &Values, plain: &mut Vec<u8>, out: &mut Vec<u8>) {
        let encoded = self.page.encoded(values);
        let start = plain.len();
        self.page.fill_with(&encoded, plain);
        let plain = &plain[start..];
        let compressed = self.compressed_for(&encoded);
        out.reserve(HEAD.len() + compressed.bytes.len() + 64 * self.page.places.len());
        out.extend_from_slice(&HEAD);
        let mut from = 0;
        let values = self.page.places.iter().map(|&(_, hole)| &*encoded[hole]);
        for (&to, value) in compressed.ends.iter().zip(values.chain([""])) {
            out.extend_from_slice(&compressed.bytes[from..to]);
            // A value is stored, since a block with codes ends within a byte and would shift all
            // later bytes by bits for each bot. It costs 5 bytes.
            push_stored(value.as_bytes(), out);
            from = to;
        }
        out.extend_from_slice(&LAST);
        out.extend_from_slice(&crc32fast::hash(plain).to_le_bytes());
        // The length modulo 2^32, as the format requires.
        out.extend_from_slice(&(plain.len() as u32).to_le_bytes());
    }

    /// Returns the size of the page with a bot's values in gzip's format.
    pub fn filled_size(&self, values: &Values) -> usize {
        let encoded = self.page.encoded(values);
        let values = self.page.places.iter();
        let values = values.map(|&(_, hole)| stored_size(encoded[hole].len()));
        let texts = self.compressed_for(&encoded).bytes.len();
        HEAD.len() + texts + values.sum::<usize>() + LAST.len() + END
    }

    fn compressed_for(&self, encoded: &[String]) -> Arc<Compressed> {
        let steady = self.is_steady.iter().zip(encoded);
        let lengths: Vec<usize> = steady
            .filter(|(is_steady, _)| **is_steady)
            .map(|(_, value)| value.len())
            .collect();
        let known = self
            .compressed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(compressed) = known.get(&lengths) {
            return Arc::clone(compressed);
        }
        // Unlocked, since others need not wait: two threads that compress the same text get the
        // same bytes.
        drop(known);
        let compressed = Arc::new(self.compress(encoded));
        let mut known = self
            .compressed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(lengths).or_insert(compressed))
    }

    fn compress(&self, encoded: &[String]) -> Compressed {
        let mut compressed = Compressed::default();
        let mut compress = Compress::new(Compression::best(), false);
        let mut before = Vec::new();
        let mut from = 0;
        let page = self.page;
        let ends = page.places.iter().map(|&(to, hole)| (to, Some(hole)));
        for (to, hole) in ends.chain([(page.literal.len(), None)]) {
            let text = &page.literal.as_bytes()[from..to];
            push_compressed(text, &before, &mut compress, &mut compressed.bytes);
            compressed.ends.push(compressed.bytes.len());
            before.extend_from_slice(text);
            match hole {
                Some(hole) if self.is_steady[hole] => {
                    // As long as the value, or references across the hole would miss their targets;
                    // after any other hole the dictionary starts again.
                    before.resize(before.len() + encoded[hole].len(), IN_A_HOLE);
                }
                _ => before.clear(),
            }
            from = to;
        }
        compressed
    }
}

/// Compresses a text, which can refer back to `before`, up to a byte boundary.
///
/// A page has a hundred texts, and the state of `compress` is a quarter of a megabyte: so it is
/// reused for each.
fn push_compressed(text: &[u8], before: &[u8], compress: &mut Compress, out: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    compress.reset();
    let window = &before[before.len().saturating_sub(WINDOW)..];
    if !window.is_empty() {
        compress
            .set_dictionary(window)
            .expect("a new raw stream takes a dictionary");
    }
    let mut taken = 0;
    loop {
        out.reserve(text.len() / 2 + 64);
        let full = out.capacity();
        // `Sync` ends with an empty stored block on a byte boundary (RFC 1951, 3.2.4). `Full` drops
        // the dictionary: 13.6 kB instead of 9.5 kB for a page of 60 kB (2026-11-22).
        let status = compress.compress_vec(&text[taken..], out, FlushCompress::Sync);
        assert!(
            matches!(status, Ok(Status::Ok | Status::BufError)),
            "memory to memory can't fail"
        );
        taken = usize::try_from(compress.total_in()).expect("no more than the text");
        // Unused room in the buffer means that no output is pending.
        if taken == text.len() && out.len() < full {
            return;
        }
    }
}

/// Returns the size of a value as stored blocks.
fn stored_size(length: usize) -> usize {
    length + length.div_ceil(MAX_STORED) * STORED_HEAD
}

/// Appends a value as stored blocks.
fn push_stored(value: &[u8], out: &mut Vec<u8>) {
    for part in value.chunks(MAX_STORED) {
        let length = u16::try_from(part.len()).expect("chunks are no longer");
        out.push(0);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests;
