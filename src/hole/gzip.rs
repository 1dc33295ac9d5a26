//! Filled pages in gzip's form (RFC 1952) for the price of a copy: what stands between the holes is
//! compressed once, and joined for each bot.
//!
//! A page's data is a row of DEFLATE blocks (RFC 1951). The text between two holes is compressed
//! with the page before it as the dictionary and ends on a byte's border, so it can be followed by
//! anything; a value is a stored block, which holds it as it is. Any program reads the result.
//!
//! What refers back across a hole counts its bytes. So the texts are compressed once for each
//! combination of lengths, and only holes whose lengths don't vary much are counted: those of the
//! variables that the caller calls steady, such as `bot_id`. Across any other hole nothing refers
//! back, and its length is free. Which bytes come out depends on the page and the values alone.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use flate2::{Compress, Compression, FlushCompress, GzBuilder, Status};

use super::{Holed, Values, VariableId};

/// As far as DEFLATE refers back.
const WINDOW: usize = 32 << 10;

/// A stored block's length is two bytes (RFC 1951, section 3.2.4).
const MAX_STORED: usize = 0xffff;

/// The head of every member: DEFLATE, no flags, no time, the best compression, an unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

/// An empty block with fixed codes that says it is the last.
const LAST: [u8; 2] = [3, 0];

/// How many bytes are after the last block: checksum and length.
const END: usize = 8;

/// How many bytes of a stored block are before the value.
const STORED_HEAD: usize = 5;

/// What stands for a value in the dictionary: no text holds it, so nothing refers to it.
const IN_A_HOLE: u8 = 0;

/// A page to fill in gzip's form.
#[derive(Debug)]
pub struct Gzip<'a> {
    page: &'a Holed,
    /// For each of the page's holes whether its length is counted.
    is_steady: Vec<bool>,
    /// The texts between the holes, compressed, by the lengths of the steady ones.
    compressed: Mutex<HashMap<Vec<usize>, Arc<Compressed>>>,
}

/// The texts between the holes of a page, in order, each a whole number of bytes.
#[derive(Debug, Default)]
struct Compressed {
    bytes: Vec<u8>,
    /// Where each text ends in `bytes`.
    ends: Vec<usize>,
}

/// Returns a text in gzip's form, with no name, time or system in it.
pub fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    let written = encoder.write_all(text).and_then(|()| encoder.finish());
    written.expect("memory takes all bytes")
}

impl<'a> Gzip<'a> {
    /// Takes a page, and which variables have values of few different lengths.
    pub fn new(page: &'a Holed, is_steady: impl Fn(VariableId) -> bool) -> Gzip<'a> {
        let steady = page.holes.iter().map(|hole| is_steady(hole.variable));
        Gzip {
            page,
            is_steady: steady.collect(),
            compressed: Mutex::default(),
        }
    }

    /// Writes the page with a bot's values at the end of `out`, and as it is at the end of `plain`.
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
            push_stored(value.as_bytes(), out);
            from = to;
        }
        out.extend_from_slice(&LAST);
        out.extend_from_slice(&crc32fast::hash(plain).to_le_bytes());
        // The length modulo 2^32, as the format has it.
        out.extend_from_slice(&(plain.len() as u32).to_le_bytes());
    }

    /// How many bytes the page with a bot's values has in gzip's form.
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
        // Not while others wait: two that do it at once come to the same.
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
                    before.resize(before.len() + encoded[hole].len(), IN_A_HOLE);
                }
                _ => before.clear(),
            }
            from = to;
        }
        compressed
    }
}

/// Compresses a text that can refer back to what is `before` it, up to a byte's border.
///
/// A page has a hundred texts, and `compress` a quarter of a megabyte to be cleared: so it is used
/// again for each.
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
        let status = compress.compress_vec(&text[taken..], out, FlushCompress::Sync);
        assert!(
            matches!(status, Ok(Status::Ok | Status::BufError)),
            "memory to memory can't fail"
        );
        taken = usize::try_from(compress.total_in()).expect("no more than the text");
        // Room that is left over says that nothing waits for it.
        if taken == text.len() && out.len() < full {
            return;
        }
    }
}

/// How many bytes a value takes.
fn stored_size(length: usize) -> usize {
    length + length.div_ceil(MAX_STORED) * STORED_HEAD
}

/// Writes a value as it is.
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
