//! The path of a file below the output directory, valid on every system by construction.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::hole::file_name;

/// The path of a file or folder below the output directory, its parts separated by `/`.
///
/// Each part is a plain name on Linux, macOS and Windows: a site that was built on one of them can
/// be unpacked on the others, and no path leads out of the output directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TreePath(String);

/// A text that is no valid [`TreePath`], with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPath {
    /// The text as it was given.
    pub path: String,
    /// The reason, in words that follow the path.
    pub reason: &'static str,
}

impl TreePath {
    /// Checks `path`.
    pub fn new(path: impl Into<String>) -> Result<TreePath, InvalidPath> {
        let path = path.into();
        match path.split('/').find_map(file_name::fault) {
            None => Ok(TreePath(path)),
            Some(reason) => Err(InvalidPath { path, reason }),
        }
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the last part.
    pub fn name(&self) -> &str {
        self.0
            .rsplit_once('/')
            .map_or(self.as_str(), |(_, name)| name)
    }

    /// Iterates over the folders above the path, the innermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        folders(&self.0)
    }

    /// Returns the folder of the path, unless that is the output directory itself.
    pub fn folder(&self) -> Option<TreePath> {
        // A part of a valid path is valid.
        self.folders()
            .next()
            .map(|folder| TreePath(folder.to_owned()))
    }
}

/// Iterates over the folders above `path`, the innermost first.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(at, _)| &path[..at])
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for TreePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TreePath {
    type Error = InvalidPath;

    fn try_from(path: String) -> Result<TreePath, InvalidPath> {
        TreePath::new(path)
    }
}

impl From<TreePath> for String {
    fn from(path: TreePath) -> String {
        path.0
    }
}

impl fmt::Display for InvalidPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the path `{}` {}", self.path.escape_debug(), self.reason)
    }
}

impl std::error::Error for InvalidPath {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_every_system_takes() {
        for path in [
            "index.html",
            "bots/019dd3d4-4b7e/index.html",
            ".nojekyll",
            "_headers",
            ".well-known/security.txt",
            "assets/Übersicht 2.png",
            "console.html",
            "com10.txt",
            "com.txt",
            "lpt/com",
            "a..b",
            ".gitignore",
        ] {
            assert_eq!(
                TreePath::new(path).map(|path| path.0),
                Ok(path.to_owned()),
                "{path}"
            );
        }
    }

    #[test]
    fn refuses_the_rest() {
        let long = "x".repeat(256);
        for path in [
            "",
            "/",
            "/etc/passwd",
            "a/",
            "a//b",
            ".",
            "..",
            "a/../b",
            "./a",
            r"a\b",
            "c:",
            "a:b",
            "nul\0",
            "line\nbreak",
            "\u{85}",
            "what?",
            "a*",
            "con",
            "CON",
            "a/Con/b",
            "NUL.x",
            "nul .x",
            "aux.tar.gz",
            "com1",
            "com0",
            "COM¹",
            "lpt².txt",
            "conin$",
            "a.",
            "a ",
            "a./b",
            ".git",
            "x/.GIT/hooks",
            &long,
        ] {
            assert!(TreePath::new(path).is_err(), "{path:?} was taken");
        }
    }

    #[test]
    fn knows_its_parts() {
        let path = TreePath::new("a/b/c.html").unwrap();
        assert_eq!(path.name(), "c.html");
        assert_eq!(path.folders().collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(path.folder().unwrap().as_str(), "a/b");
        assert_eq!(TreePath::new("c.html").unwrap().folder(), None);
    }

    #[test]
    fn shows_control_characters_escaped() {
        let error = TreePath::new("a\u{1b}[2J").unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"the path `a\u{1b}[2J` has a control character or one of \ : < > " | ? *"#
        );
    }
}
