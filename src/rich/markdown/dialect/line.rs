//! Constructs that begin a line.

use std::borrow::Cow;
use std::ops::Range;

use super::{Construct, Found, Line};

/// The constructs, the narrower before the wider.
pub(super) const CONSTRUCTS: &[Construct] = &[
    Construct {
        name: "a group of code blocks",
        dialects: "VitePress",
        find: |line| {
            let is_group = directive(line.words, ":::").is_some_and(|it| it == "code-group");
            is_group.then(|| whole(line, FENCES))
        },
    },
    Construct {
        name: "a container",
        dialects: "Docusaurus, VitePress and Starlight",
        find: |line| {
            let name = directive(line.words, ":::")?;
            Some(whole(line, callout(name)))
        },
    },
    Construct {
        name: "the end of a container",
        dialects: "Docusaurus, VitePress and Starlight",
        find: |line| {
            let is_end =
                line.words.starts_with(":::") && line.words.trim_matches(':').trim().is_empty();
            is_end.then(|| {
                whole(
                    line,
                    "remove it: the first line without `> ` ends a callout",
                )
            })
        },
    },
    Construct {
        name: "a directive",
        dialects: "Docusaurus and Starlight",
        find: |line| {
            let name = directive(line.words, "::")?;
            let after = line.words[2..].strip_prefix(name)?;
            after
                .starts_with(['{', '['])
                .then(|| whole(line, "write its content as text, a link or an image"))
        },
    },
    Construct {
        name: "an inclusion of a file",
        dialects: "MkDocs, VitePress, Docsify and GitLab",
        find: |line| {
            let starts = [
                "!!!include",
                "--8<--",
                "<<< ",
                "@include",
                "::include",
                "@[code",
                "{!",
            ];
            let start = starts
                .into_iter()
                .find(|start| line.words.starts_with(start))?;
            // `--8<--` at another place is found with the constructs within a line.
            let is_path = start == "--8<--" || line.words[start.len()..].contains(['(', '.', '/']);
            is_path.then(|| whole(line, "copy the text of the file, or link to its page"))
        },
    },
    Construct {
        name: "an admonition",
        dialects: "MkDocs",
        find: |line| {
            let rest = ["!!!", "???+", "???"]
                .into_iter()
                .find_map(|start| line.words.strip_prefix(start))?;
            let is_fold = line.words.starts_with('?');
            let rest = rest.strip_prefix(' ')?.trim_start();
            let name = word(rest);
            let help = if is_fold {
                Cow::Borrowed(FOLD)
            } else {
                callout(name)
            };
            (!name.is_empty()).then(|| whole(line, help))
        },
    },
    Construct {
        name: "a callout",
        dialects: "Docsify",
        find: |line| {
            let is_callout = line.words.starts_with("!> ") || line.words.starts_with("?> ");
            is_callout.then(|| whole(line, callout("note")))
        },
    },
    Construct {
        name: "a tab",
        dialects: "MkDocs",
        find: |line| {
            let rest = ["=== ", "===! ", "===+ "]
                .into_iter()
                .find_map(|start| line.words.strip_prefix(start))?;
            rest.starts_with(['"', '\'']).then(|| whole(line, FENCES))
        },
    },
    Construct {
        name: "a table of contents",
        dialects: "VitePress, Typora, GitLab and kramdown",
        find: |line| {
            let marks = [
                "[[toc]]",
                "[toc]",
                "${toc}",
                "{:toc}",
                "{{toc}}",
                "@[toc]",
                "{toc}",
                "1. toc {:toc}",
                "[[table of contents]]",
                "{: toc}",
            ];
            // Of `[[_TOC_]]`, the underscores are emphasis.
            let written = line.words.trim().to_ascii_lowercase();
            let written = written.replace(['\0', '_'], "");
            let is_mark = marks.contains(&&*written);
            is_mark.then(|| whole(line, "remove it: each page lists its headings itself"))
        },
    },
    Construct {
        name: "a callout of an unknown kind",
        dialects: "Obsidian, Azure and Quarto",
        find: |line| {
            let kind = line.words.strip_prefix("[!")?;
            let name = word(kind);
            kind[name.len()..].starts_with(']').then(|| {
                let length = "[!]".len() + name.len();
                let help = format!("write the kind alone: {}", callout_of(name));
                (0..length, Cow::Owned(help))
            })
        },
    },
    Construct {
        name: "front matter in TOML",
        dialects: "Hugo and Zola",
        find: |line| {
            let is_toml = line.is_first && line.words.trim() == "+++";
            is_toml.then(|| {
                whole(
                    line,
                    "write the keys in YAML between two lines `---`, at the beginning of the file",
                )
            })
        },
    },
    Construct {
        name: "a statement of JavaScript",
        dialects: "MDX in Docusaurus, Mintlify and Starlight",
        find: |line| {
            let words = line.words;
            let is_import = words.starts_with("import ")
                && (words.contains(" from '")
                    || words.contains(" from \"")
                    || words.starts_with("import '")
                    || words.starts_with("import \""));
            let exports = [
                "export const ",
                "export default ",
                "export function ",
                "export let ",
            ];
            let is_export = exports.into_iter().any(|start| words.starts_with(start));
            (is_import || is_export).then(|| {
                whole(
                    line,
                    "remove it, and write Markdown in place of the component",
                )
            })
        },
    },
    Construct {
        name: "an abbreviation",
        dialects: "MkDocs and PHP Markdown Extra",
        find: |line| {
            let rest = line.words.strip_prefix("*[")?;
            let end = rest.find("]:")?;
            (end > 0).then(|| {
                whole(
                    line,
                    "write the long form where the abbreviation is first used",
                )
            })
        },
    },
    Construct {
        name: "a definition list",
        dialects: "MkDocs, Hugo, kramdown and Pandoc",
        find: |line| {
            let starts = line.words.starts_with(": ") || line.words.starts_with(":   ");
            (starts && line.is_continued)
                .then(|| whole(line, "write a list: - **term**: its definition"))
        },
    },
    Construct {
        name: "a directive",
        dialects: "reStructuredText",
        find: |line| {
            let rest = line.words.strip_prefix(".. ")?;
            let name = word(rest);
            let is_directive = !name.is_empty() && rest[name.len()..].starts_with("::");
            is_directive.then(|| whole(line, callout(name)))
        },
    },
    Construct {
        name: "a block",
        dialects: "ReadMe",
        find: |line| {
            let is_block = line.words.starts_with("[block:") || line.words.starts_with("[/block]");
            is_block.then(|| {
                whole(
                    line,
                    "write it in Markdown: a callout, a table, an image or code",
                )
            })
        },
    },
];

const FENCES: &str =
    "write a title after the language of each fence, such as ```sh npm, one fence after the other";

const FOLD: &str = "write <details>, below it <summary>the title</summary>, an empty line, the text, an empty line, and </details>";

/// Returns the name of a directive after its colons.
fn directive<'t>(words: &'t str, colons: &str) -> Option<&'t str> {
    let rest = words.strip_prefix(colons)?.trim_start_matches(':');
    let name = word(rest.trim_start());
    // `::` alone is an operator of many languages.
    let is_near = colons.len() > 2 || rest.starts_with(name);
    (is_near && !name.is_empty()).then_some(name)
}

/// Returns the first word of a text: letters, digits and hyphens.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    &text[..end.unwrap_or(text.len())]
}

/// Returns how to write a container of another dialect.
pub(super) fn callout(name: &str) -> Cow<'static, str> {
    match &*name.to_ascii_lowercase() {
        "details" | "dropdown" | "expandable" | "accordion" | "collapse" => Cow::Borrowed(FOLD),
        "tabs" | "tab" | "tab-item" | "tabitem" | "code-group" | "codegroup" => {
            Cow::Borrowed(FENCES)
        }
        name => Cow::Owned(format!(
            "write a callout: {}, perhaps with a title after it, and `> ` before each of its lines",
            callout_of(name)
        )),
    }
}

/// Returns the first line of the callout that a kind of another dialect means.
fn callout_of(name: &str) -> &'static str {
    match &*name.to_ascii_lowercase() {
        "tip" | "hint" | "success" | "check" | "done" | "example" | "best-practice" => "> [!TIP]",
        "important" | "question" | "faq" | "help" => "> [!IMPORTANT]",
        "warning" | "warn" | "attention" => "> [!WARNING]",
        "caution" | "danger" | "error" | "failure" | "fail" | "bug" => "> [!CAUTION]",
        _ => "> [!NOTE]",
    }
}

/// Returns a construct that takes the whole line.
fn whole(line: &Line<'_>, help: impl Into<Cow<'static, str>>) -> Found {
    let place: Range<usize> = 0..line.words.trim_end_matches(['\0', ' ', '\t', '\r']).len();
    (place, help.into())
}
