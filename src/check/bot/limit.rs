//! How long a list of bots and each record of it may be, so that none without an end fills the
//! memory.

/// How many bytes a record of CSV or JSON Lines may have.
// Far more than the values of a bot need: only a missing line end or an open quote reaches it.
pub(super) const LONGEST_RECORD: usize = 1 << 20;

/// How many bytes a list in YAML or JSON may have, which is in memory as a whole.
// Its tree takes a multiple of the memory of its text; CSV and JSON Lines have no such limit.
pub(super) const LONGEST_TREE: u64 = 64 << 20;

/// How many bytes of records with errors are kept; errors in other records are only counted.
pub(super) const MOST_EXCERPTS: usize = 16 << 20;
