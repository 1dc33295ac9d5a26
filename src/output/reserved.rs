//! The names in the output directory that botdocs keeps for its own use.

use super::path::TreePath;
pub(super) use crate::pages::site::BOTS;

/// The start of the names of all files and folders that exist only during a change.
pub(super) const PREFIX: &str = ".botdocs-";

/// The manifest.
pub(super) const MANIFEST: &str = "botdocs-manifest.json";

/// The folder of the journal and the staged files.
pub(super) const JOURNAL: &str = ".botdocs-journal";

/// Returns whether a path is, on a system that ignores case, one of these or lies in one.
pub(super) fn is_reserved(path: &TreePath) -> bool {
    let path = path.as_str().to_lowercase();
    let mut parts = path.split('/');
    path == MANIFEST
        || parts.clone().any(|part| part.starts_with(PREFIX))
        || parts.next() == Some(BOTS)
}
