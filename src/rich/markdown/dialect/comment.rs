//! Comments of HTML that are commands to other tools; a page shows nothing in their place.
//!
//! Authors write notes to each other in comments, so only the exact syntax of a tool counts.

use super::ForeignMarkup;

/// A command: whether the words of a comment are one, its name, the tools, and what to write
/// instead.
struct CommentCommand {
    is: fn(&str) -> bool,
    name: &'static str,
    dialects: &'static str,
    help: &'static str,
}

const COMMANDS: &[CommentCommand] = &[
    CommentCommand {
        is: |words| {
            let starts = [
                "@include:",
                "@include ",
                "@import ",
                "!include ",
                "include:",
                "embedme ",
            ];
            let path = starts.iter().find_map(|start| words.strip_prefix(start));
            path.is_some_and(is_path)
                || ["#include virtual=", "#include file=", "include("]
                    .iter()
                    .any(|start| words.starts_with(start))
        },
        name: "a comment that includes a file",
        dialects: "VitePress, Docsify and Apache",
        help: "copy the text of the file, or link to its page",
    },
    CommentCommand {
        is: |words| {
            let words = words.strip_suffix(" -").unwrap_or(words);
            matches!(
                words,
                "tabs:start"
                    | "tabs:end"
                    | "select:start"
                    | "select:end"
                    | "type: tab"
                    | "type: tab-end"
            ) || words
                .strip_prefix("tab:")
                .is_some_and(|title| title.starts_with(char::is_alphanumeric))
        },
        name: "a comment that makes tabs",
        dialects: "Docsify and Stoplight",
        help: "remove it, and write headings, or fences one after the other with a title after the language: ```sh npm",
    },
    CommentCommand {
        is: |words| {
            let panel = words.strip_prefix("div:");
            matches!(words, "panels:start" | "panels:end")
                || panel.is_some_and(|panel| panel.ends_with("-panel"))
        },
        name: "a comment that makes columns",
        dialects: "Docsify",
        help: "remove it: the text of a page has one column",
    },
    CommentCommand {
        is: |words| {
            let kind = words.strip_prefix("theme: ");
            kind.is_some_and(|kind| {
                matches!(kind, "success" | "info" | "warning" | "danger" | "neutral")
            })
        },
        name: "a comment that makes a callout",
        dialects: "Stoplight",
        help: "write a callout: > [!NOTE], and `> ` before each of its lines",
    },
    CommentCommand {
        is: |words| {
            ["md:", "material/"].iter().any(|start| {
                let name = words.strip_prefix(start);
                name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
            })
        },
        name: "a comment that inserts text",
        dialects: "MkDocs",
        help: "write the text that it stands for",
    },
];

/// Returns whether words are the path of one file.
fn is_path(words: &str) -> bool {
    let path = words.trim().trim_matches(['"', '\'']);
    !path.is_empty() && path.contains(['.', '/']) && !path.contains(char::is_whitespace)
}

/// Returns the fault in a comment that begins at a place, if it is a command.
pub(super) fn command(text: &str, at: usize) -> Option<ForeignMarkup> {
    let content = text[at..].strip_prefix("<!--")?;
    // Commands are short; a search for the end of each comment could take quadratic time.
    let line = content.split('\n').next().unwrap_or_default();
    let end = line.bytes().take(300).position(|byte| byte == b'>');
    let words = line[..end.unwrap_or(line.len())]
        .trim_end_matches('-')
        .trim();
    let command = COMMANDS.iter().find(|command| (command.is)(words))?;
    let length = end.map_or(line.trim_end().len(), |end| end + 1);
    Some(ForeignMarkup {
        range: at..at + "<!--".len() + length,
        name: command.name,
        dialects: command.dialects,
        help: command.help.to_owned(),
    })
}
