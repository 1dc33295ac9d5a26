//! The path of a file below the output directory, valid on every system by construction.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest name of a file or folder that common file systems take, in bytes.
const LONGEST_NAME: usize = 255;

/// Names that Windows gives to devices, in any folder and before any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

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
        match path.split('/').find_map(fault) {
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

/// Returns what is wrong with one part of a path.
fn fault(part: &str) -> Option<&'static str> {
    let forbidden =
        |c: char| c.is_control() || matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*');
    if part.is_empty() {
        Some("has an empty part")
    } else if part == "." || part == ".." {
        Some("has a part `.` or `..`")
    } else if part.len() > LONGEST_NAME {
        Some("has a part longer than 255 bytes")
    } else if part.contains(forbidden) {
        Some(r#"has a control character or one of \ : < > " | ? *"#)
    } else if part.ends_with(['.', ' ']) {
        // Windows cuts them off: `a.` and `a` would be one file.
        Some("has a part that ends with a dot or a space")
    } else if is_device(part) {
        Some("has a part that is the name of a device on Windows")
    } else if part.eq_ignore_ascii_case(".git") {
        // On a system that ignores case, git takes `.GIT` for its own folder too (CVE-2014-9390).
        Some("has a part `.git`, where git keeps a repository")
    } else {
        None
    }
}

/// Returns whether Windows takes `part` for a device: `con`, `NUL.html`, `com1`, `LPT².txt`.
fn is_device(part: &str) -> bool {
    // `nul.tar.gz` is the device too: the name ends at the first dot, and spaces before that don't
    // count.
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ');
    let stem = stem.to_lowercase();
    let mut numbered = stem.chars();
    let digit = numbered.next_back();
    // The superscript digits of Latin-1 count as digits there.
    DEVICES.contains(&stem.as_str())
        || matches!(numbered.as_str(), "com" | "lpt")
            && digit.is_some_and(|digit| digit.is_ascii_digit() || "¹²³".contains(digit))
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
