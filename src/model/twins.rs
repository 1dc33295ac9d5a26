//! The part of the model for which pages have twins.

/// Which pages have twins, their Markdown versions. Fewer twins are for hosts that limit the number
/// of files: a bot's folder has two files for each page with a twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twins {
    /// All.
    All,
    /// Those of the site itself, not those in the folders of bots.
    Generic,
    /// None.
    None,
}
