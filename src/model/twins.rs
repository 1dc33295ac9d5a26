//! The part of the model that says which pages have twins.

/// Which pages have the same in Markdown beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twins {
    /// All.
    All,
    /// Those of the site itself, not those in the folders of bots.
    Generic,
    /// None.
    None,
}
