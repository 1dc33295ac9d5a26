//! The part of the model for which pages have twins.

/// Which pages have a Markdown version beside them. Fewer twins are for hosts that limit the number
/// of files: a bot's folder has two files a page with twins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twins {
    /// All.
    All,
    /// Those of the site itself, not those in the folders of bots.
    Generic,
    /// None.
    None,
}
