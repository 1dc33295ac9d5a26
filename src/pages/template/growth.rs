//! Whether the values that a template makes may grow beyond its length.

/// The number of values that templates may put into lists without being watched. The worst case of
/// 16 is four lists of four, nested, in which a value occurs 256 times.
const FEW: usize = 16;

/// The operations of templates that make values grow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Growth {
    /// The number of values that are put into lists and maps.
    made: usize,
    /// Whether the result can go through the same operation again: by a namespace, a macro, another
    /// template.
    repeats: bool,
}

impl Growth {
    /// Counts an expression that puts this many values into a list.
    pub(super) fn make(&mut self, values: usize) {
        self.made = self.made.saturating_add(values);
    }

    /// Records an operation that may run again on its own result.
    pub(super) fn repeat(&mut self, repeats: bool) {
        self.repeats |= repeats;
    }

    /// Returns whether values may grow beyond the length of the template.
    pub(super) fn is_unbounded(self) -> bool {
        self.made > FEW || self.made > 0 && self.repeats
    }
}
