//! A file that is served, and its tag.

use std::sync::{Arc, OnceLock};

use hyper::body::Bytes;

/// The bytes of a file, which answers share, and their tag, which is computed once.
#[derive(Clone)]
pub(super) struct SharedFile {
    bytes: Bytes,
    tag: Arc<OnceLock<String>>,
}

impl SharedFile {
    pub(super) fn new(bytes: impl Into<Bytes>) -> SharedFile {
        SharedFile {
            bytes: bytes.into(),
            tag: Arc::default(),
        }
    }

    /// Returns its bytes.
    pub(super) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns its bytes for modification, without a copy if nothing else shares them.
    pub(super) fn into_vec(self) -> Vec<u8> {
        self.bytes.into()
    }

    /// Returns the tag of its content.
    pub(super) fn tag(&self) -> &str {
        self.tag_by(tag_of)
    }

    fn tag_by(&self, make: impl FnOnce(&[u8]) -> String) -> &str {
        self.tag.get_or_init(|| make(&self.bytes))
    }
}

/// Computes the tag of a content, which also depends on the version of botdocs.
fn tag_of(bytes: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    // The script that is inserted into pages changes with the version, so the tag of a page with
    // the same bytes must change too.
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(bytes);
    format!("\"{}\"", &hasher.finalize().to_hex()[..20])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_a_file_are_hashed_once_for_all_answers() {
        let kept = SharedFile::new("a file");
        let mut hashed = 0;
        for answer in [kept.clone(), kept.clone(), kept] {
            let tag = answer.tag_by(|bytes| {
                hashed += 1;
                tag_of(bytes)
            });
            assert_eq!(tag, tag_of(b"a file"));
        }
        assert_eq!(hashed, 1);
        assert_ne!(SharedFile::new("another").tag(), tag_of(b"a file"));
    }
}
