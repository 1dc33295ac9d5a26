//! Links that open a file in an editor, at a line.

use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Editors and the URLs that they open.
const KNOWN: [(&str, &str); 14] = [
    ("vscode", "vscode://file{file}:{line}:{column}"),
    ("code", "vscode://file{file}:{line}:{column}"),
    (
        "vscode-insiders",
        "vscode-insiders://file{file}:{line}:{column}",
    ),
    ("codium", "vscodium://file{file}:{line}:{column}"),
    ("cursor", "cursor://file{file}:{line}:{column}"),
    ("windsurf", "windsurf://file{file}:{line}:{column}"),
    ("zed", "zed://file{file}:{line}:{column}"),
    (
        "idea",
        "idea://open?file={file}&line={line}&column={column}",
    ),
    (
        "phpstorm",
        "phpstorm://open?file={file}&line={line}&column={column}",
    ),
    (
        "webstorm",
        "webstorm://open?file={file}&line={line}&column={column}",
    ),
    (
        "pycharm",
        "pycharm://open?file={file}&line={line}&column={column}",
    ),
    (
        "subl",
        "subl://open?url=file://{file}&line={line}&column={column}",
    ),
    (
        "mate",
        "txmt://open?url=file://{file}&line={line}&column={column}",
    ),
    (
        "mvim",
        "mvim://open?url=file://{file}&line={line}&column={column}",
    ),
];

/// The characters of a path that are escaped in a URL.
// `&` and `+` too, which separate values or mean a space in the queries of some of these URLs.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// An editor that opens files by links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    template: String,
}

impl Editor {
    /// Parses an editor's name, or a URL with `{file}`, and optionally `{line}` and `{column}`.
    pub fn parse(text: &str) -> Result<Editor, String> {
        if let Some((_, template)) = KNOWN.iter().find(|(name, _)| *name == text) {
            return Ok(Editor {
                template: (*template).to_owned(),
            });
        }
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        let is_scheme = |scheme: &str| {
            scheme.starts_with(|c: char| c.is_ascii_lowercase())
                && scheme
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
                // A link with such a scheme runs code in the page.
                && !["javascript", "data"].contains(&scheme)
        };
        if scheme.is_some_and(is_scheme) && text.contains("{file}") {
            return Ok(Editor {
                template: text.to_owned(),
            });
        }
        let names: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
        Err(format!(
            "expected a URL such as my-editor://open?file={{file}}&line={{line}}, or one of: {}",
            names.join(", ")
        ))
    }

    /// Returns the editor of a command from the environment, if it opens files by links.
    pub fn of_command(command: &str) -> Option<Editor> {
        let program = command.split_whitespace().next()?;
        let name = Path::new(program).file_stem()?.to_str()?;
        Editor::parse(name).ok()
    }

    /// Returns the link to a place in a file, given by its absolute path.
    pub fn link(&self, file: &Path, line: usize, column: usize) -> String {
        let file = file.to_string_lossy().replace('\\', "/");
        let file = utf8_percent_encode(&file, IN_PATH).to_string();
        self.template
            .replace("{line}", &line.to_string())
            .replace("{column}", &column.to_string())
            // The file is replaced last: its name may contain `{line}`.
            .replace("{file}", &file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_editors_and_own_addresses_become_links() {
        let link = |editor: &str| {
            let editor = Editor::parse(editor).unwrap();
            editor.link(Path::new("/docs/a b&{line}.yaml"), 3, 5)
        };
        assert_eq!(
            link("vscode"),
            "vscode://file/docs/a%20b%26%7Bline%7D.yaml:3:5"
        );
        assert_eq!(
            link("idea"),
            "idea://open?file=/docs/a%20b%26%7Bline%7D.yaml&line=3&column=5"
        );
        assert_eq!(
            link("x-me://{file}@{line}"),
            "x-me:///docs/a%20b%26%7Bline%7D.yaml@3"
        );
    }

    #[test]
    fn what_is_no_editor_or_would_run_in_the_page_is_refused() {
        for text in [
            "notepad",
            "vscode://file",
            "javascript://{file}",
            "data://{file}",
            "{file}",
            "://{file}",
        ] {
            assert!(Editor::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_environments_editor_is_taken_if_it_has_links() {
        assert_eq!(
            Editor::of_command("/usr/bin/code --wait"),
            Editor::parse("vscode").ok()
        );
        assert_eq!(Editor::of_command("vim"), None);
        assert_eq!(Editor::of_command(""), None);
    }
}
