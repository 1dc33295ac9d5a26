//! The built-in theme as files that a project can take over, and its version.
//!
//! A file that was taken over has its version in the first line, so that `check` can warn when the
//! built-in theme has changed.

use crate::input::load::MESSAGES;
use crate::pages::asset::Assets;
use crate::pages::template::Templates;
use crate::rich::messages::Messages;

/// The version of what a project's own templates and style sheets rely on.
///
/// It goes up by one only when a file that was right before may no longer be: a field, a block, a
/// partial, a class or an id is gone, has another name, or means something else. Additions don't
/// raise it, so a warning always means work.
pub const VERSION: u32 = 2;

/// A file of the built-in theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeFile {
    /// The folder of a project where it goes: `templates` or `static`.
    pub folder: &'static str,
    /// Its path below that folder.
    pub name: String,
    /// The content.
    pub bytes: &'static [u8],
}

/// Returns the files of the built-in theme: templates, messages, then static files, each by name.
pub fn files() -> impl Iterator<Item = ThemeFile> {
    let templates = Templates::built_in().map(|(name, text)| ThemeFile {
        folder: "templates",
        name: name.to_owned(),
        bytes: text.as_bytes(),
    });
    let messages = Messages::built_in().map(|(name, text)| ThemeFile {
        folder: "templates",
        name: format!("{MESSAGES}{name}"),
        bytes: text.as_bytes(),
    });
    templates
        .chain(messages)
        .chain(Assets::built_in().map(|(name, bytes)| ThemeFile {
            folder: "static",
            name: name.to_owned(),
            bytes,
        }))
}

impl ThemeFile {
    /// Returns its path below a project's folder.
    pub fn path(&self) -> String {
        format!("{}/{}", self.folder, self.name)
    }

    /// Returns its bytes below a line with the theme's version, if the format has comments.
    pub fn ejected(&self) -> Vec<u8> {
        let line = match self.name.rsplit_once('.') {
            Some((_, "html")) => format!("{{# botdocs theme {VERSION} #}}\n"),
            Some((_, "ftl")) => format!("# botdocs theme {VERSION}\n\n"),
            Some((_, "css" | "js")) => format!("/* botdocs theme {VERSION} */\n"),
            _ => String::new(),
        };
        [line.as_bytes(), self.bytes].concat()
    }
}

/// Returns the version in a file's first line.
pub fn version_of(text: &str) -> Option<u32> {
    // Editors may add a byte order mark or carriage returns.
    let line = text.lines().next()?.trim_start_matches('\u{feff}').trim();
    let inner = ["{#- -#}", "{# #}", "/* */", "# "]
        .iter()
        .find_map(|pair| {
            let (open, close) = pair.split_once(' ')?;
            line.strip_prefix(open)?.strip_suffix(close)
        })?;
    let number = inner.trim().strip_prefix("botdocs theme ")?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_over_says_its_version() {
        let mut count = 0;
        for file in files() {
            let ejected = file.ejected();
            let version = version_of(std::str::from_utf8(&ejected).unwrap());
            assert_eq!(
                version,
                (!file.name.ends_with(".svg")).then_some(VERSION),
                "{}",
                file.path()
            );
            assert!(ejected.ends_with(file.bytes));
            assert_eq!(version_of(std::str::from_utf8(file.bytes).unwrap()), None);
            count += usize::from(version.is_some());
        }
        assert!(count > 5);
    }

    #[test]
    fn a_version_is_read_from_a_comment_in_the_first_line_alone() {
        for (text, version) in [
            ("{# botdocs theme 12 #}\r\n<p>", Some(12)),
            ("{#- botdocs theme 12 -#}", Some(12)),
            ("/* botdocs theme 0 */\nbody {}", Some(0)),
            ("botdocs theme 1", None),
            ("{# botdocs theme one #}", None),
            ("<p>\n{# botdocs theme 1 #}", None),
            ("", None),
        ] {
            assert_eq!(version_of(text), version, "{text}");
        }
    }
}
