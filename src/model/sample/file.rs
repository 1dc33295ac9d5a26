//! The names of files that samples read and write.

use std::path::Path;

/// The name of a file, never a path to another folder: joined to a folder, it stays in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Accepts a text that is one plain name on every system.
    pub fn new(text: &str) -> Option<FileName> {
        // A colon names a drive on Windows, or a second stream of a file.
        let leads_away = |c: char| matches!(c, '/' | '\\' | ':') || c.is_control();
        let is_plain = !["", ".", ".."].contains(&text) && !text.contains(leads_away);
        is_plain.then(|| FileName(text.to_owned()))
    }

    /// Returns the name as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<Path> for FileName {
    fn as_ref(&self) -> &Path {
        Path::new(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_way_to_another_folder() {
        for text in [
            "",
            ".",
            "..",
            "/etc/passwd",
            "../x",
            "a/b",
            "a/",
            r"a\b",
            "C:x",
            "a\nb",
            "a\0",
            "a\u{85}",
        ] {
            assert_eq!(FileName::new(text), None, "{text:?}");
        }
        for text in ["plan.png", "...", "..x", "-", "a b", "Pläne.tar.gz"] {
            assert_eq!(FileName::new(text).unwrap().as_str(), text);
        }
    }
}
