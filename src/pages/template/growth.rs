//! Whether what a template makes may grow beyond what the template is long.

/// How many values may be put into lists that stand in each other without harm: with four in each of
/// four, a value is in it 256 times.
const FEW: usize = 16;

/// What in templates makes values grow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Growth {
    /// How many values are put into lists and maps.
    made: usize,
    /// Whether something can be made again of what came of it: by a namespace, a macro, another template.
    repeats: bool,
}

impl Growth {
    /// Notes an expression that puts so many values into a list.
    pub(super) fn make(&mut self, values: usize) {
        self.made = self.made.saturating_add(values);
    }

    /// Notes what may be run again with what came of it.
    pub(super) fn repeat(&mut self, repeats: bool) {
        self.repeats |= repeats;
    }

    /// Whether values may grow beyond what the template is long.
    pub(super) fn is_unbounded(self) -> bool {
        self.made > FEW || self.made > 0 && self.repeats
    }
}
