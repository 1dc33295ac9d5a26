//! The names in the folder of the journal that are ours.

use super::folder::Folder;

/// The start of the name of the empty folder that keeps the letters of a stage.
pub(super) const MARK: &str = "stage-";
/// The end of the name of an incomplete journal; names of staged files end with a number.
pub(super) const DRAFT: &str = "journal";
/// The part before the number in the name of a file that was moved aside to be deleted.
pub(super) const TAKEN: &str = "taken-";

/// The names in the folder of the journal.
pub(super) struct StageNames {
    pub(super) names: Vec<String>,
    /// The letters of each stage, with which the names of its files begin.
    pub(super) letters: Vec<String>,
}

impl StageNames {
    /// Lists the folder `stage`.
    pub(super) fn of(stage: &Folder) -> anyhow::Result<StageNames> {
        let names = stage.entries()?.into_iter();
        let names: Vec<String> = names
            .filter_map(|(name, _)| name.into_string().ok())
            .collect();
        let letters = names.iter().filter_map(|name| name.strip_prefix(MARK));
        let letters = letters.filter(|letters| {
            // Any other name that begins like a mark belongs to another program, and stays.
            letters.len() == 16 && letters.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        Ok(StageNames {
            letters: letters.map(str::to_owned).collect(),
            names,
        })
    }

    /// Returns the part of a name after the letters of a stage.
    fn behind<'n>(&self, name: &'n str) -> Option<&'n str> {
        let mut letters = self.letters.iter();
        letters.find_map(|letters| name.strip_prefix(letters.as_str())?.strip_prefix('-'))
    }

    /// Returns whether this is the name of a staged file.
    pub(super) fn is_staged(&self, name: &str) -> bool {
        self.behind(name).is_some_and(is_number)
    }

    /// Returns whether this is the name of an incomplete journal.
    pub(super) fn is_draft(&self, name: &str) -> bool {
        self.behind(name) == Some(DRAFT)
    }

    /// Returns whether this is the name of a file that was taken away from its place.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        let number = self.behind(name).and_then(|behind| {
            let staged = behind.strip_suffix("-old");
            staged.or_else(|| behind.strip_prefix(TAKEN))
        });
        number.is_some_and(is_number)
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
