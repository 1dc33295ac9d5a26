//! Which names in the folder of the journal are ours.

use super::folder::Folder;

/// What the name of the empty folder begins with that keeps how the names of a stage begin.
pub(super) const MARK: &str = "stage-";
/// What the name of the journal before it is complete ends with, where staged files have a number.
pub(super) const DRAFT: &str = "journal";
/// What stands before the number in the name of what was moved aside to be deleted.
pub(super) const TAKEN: &str = "taken-";

/// What is in the folder of the journal.
pub(super) struct There {
    pub(super) names: Vec<String>,
    /// How the names of what is staged begin.
    pub(super) letters: Vec<String>,
}

impl There {
    /// Looks into it.
    pub(super) fn in_stage(stage: &Folder) -> anyhow::Result<There> {
        let names = stage.entries()?.into_iter();
        let names: Vec<String> = names
            .filter_map(|(name, _)| name.into_string().ok())
            .collect();
        let letters = names.iter().filter_map(|name| name.strip_prefix(MARK));
        let letters = letters.filter(|letters| {
            letters.len() == 16 && letters.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        Ok(There {
            letters: letters.map(str::to_owned).collect(),
            names,
        })
    }

    /// What stands in a name behind the letters of a stage.
    fn behind<'n>(&self, name: &'n str) -> Option<&'n str> {
        let mut letters = self.letters.iter();
        letters.find_map(|letters| name.strip_prefix(letters.as_str())?.strip_prefix('-'))
    }

    /// Whether a file that is staged has this name.
    pub(super) fn is_staged(&self, name: &str) -> bool {
        self.behind(name).is_some_and(is_number)
    }

    /// Whether a journal that is not complete has this name.
    pub(super) fn is_draft(&self, name: &str) -> bool {
        self.behind(name) == Some(DRAFT)
    }

    /// Whether what was taken away from its place has this name.
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
