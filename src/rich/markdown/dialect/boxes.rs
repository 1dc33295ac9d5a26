//! Constructs that put the text below them into a box, a tab or a fold.

use std::borrow::Cow;

use super::line::{directive, whole, word};
use super::{Construct, Found, Line};
use crate::rich::markdown::callout;

/// The constructs, the narrower before the wider.
pub(super) const BOXES: &[Construct] = &[
    Construct {
        name: "a group of code blocks",
        dialects: "VitePress",
        find: |line| {
            let is_group = directive(line.words, ":::").is_some_and(|it| it == "code-group");
            is_group.then(|| whole(line, FENCES))
        },
    },
    Construct {
        name: "the documentation of a module",
        dialects: "mkdocstrings in MkDocs",
        find: |line| {
            let name = directive(line.words, "::: ")?;
            let is_member = line.words[":::".len()..].trim_start()[name.len()..].starts_with('.');
            is_member.then(|| whole(line, "describe the module in a text, or link to its pages"))
        },
    },
    Construct {
        name: "a container",
        dialects: "Docusaurus, VitePress and Starlight",
        find: |line| {
            let name = directive(line.words, ":::")?;
            Some(whole(line, box_of(name)))
        },
    },
    Construct {
        name: "a container",
        dialects: "MyST, Quarto and Pandoc",
        find: |line| {
            let rest = line.words.strip_prefix(":::")?.trim_start_matches(':');
            let name = rest.trim_start().strip_prefix('{')?;
            let name = word(name.trim_start_matches('.'));
            let kind = name.strip_prefix("callout-").unwrap_or(name);
            (!name.is_empty()).then(|| whole(line, box_of(kind)))
        },
    },
    Construct {
        name: "the end of a container",
        dialects: "Docusaurus, VitePress and Starlight",
        find: |line| {
            let is_end =
                line.words.starts_with(":::") && line.words.trim_matches(':').trim().is_empty();
            is_end.then(|| whole(line, END))
        },
    },
    Construct {
        name: "a block",
        dialects: "PyMdown in MkDocs",
        find: |line| {
            let rest = line.words.strip_prefix("///")?;
            let rest = rest.trim_start_matches('/').strip_prefix(' ')?;
            let name = word(rest.trim_start());
            (!name.is_empty()).then(|| whole(line, box_of(name)))
        },
    },
    Construct {
        name: "the end of a block",
        dialects: "PyMdown in MkDocs",
        find: |line| alone(line, "///").then(|| whole(line, END)),
    },
    Construct {
        name: "an admonition",
        dialects: "MkDocs and Retype",
        find: admonition,
    },
    Construct {
        name: "the end of an admonition",
        dialects: "Retype",
        find: |line| alone(line, "!!!").then(|| whole(line, END)),
    },
    Construct {
        name: "a callout",
        dialects: "Docsify",
        find: |line| {
            let is_callout = line.words.starts_with("!> ") || line.words.starts_with("?> ");
            is_callout.then(|| whole(line, box_of("note")))
        },
    },
    Construct {
        name: "a tab",
        dialects: "MkDocs",
        find: |line| {
            let rest = ["=== ", "===! ", "===+ "]
                .into_iter()
                .find_map(|start| line.words.strip_prefix(start))?;
            // `=== "text" ===` is decoration.
            let rest = rest.trim();
            let is_title = ['"', '\''].into_iter().any(|quote| {
                let inner = rest.strip_prefix(quote);
                inner.is_some_and(|inner| inner.ends_with(quote))
            });
            is_title.then(|| whole(line, FENCES))
        },
    },
    Construct {
        name: "a tab",
        dialects: "VitePress",
        find: |line| {
            // `== text ==` is decoration, and an operator stands within a text.
            let title = line.words.strip_prefix("== ")?.trim();
            let is_tab = line.before.is_none() && title.starts_with(char::is_alphanumeric);
            (is_tab && !title.ends_with('=')).then(|| whole(line, FENCES))
        },
    },
    Construct {
        name: "a tab",
        dialects: "Retype and VuePress",
        find: |line| {
            let starts = ["+++ ", "@tab ", "@tab:active "];
            let rest = starts
                .into_iter()
                .find_map(|start| line.words.strip_prefix(start))?;
            // `+++ b/file` begins a file of a patch.
            let is_title = !rest.trim().is_empty() && !rest.contains(['/', '\\']);
            is_title.then(|| whole(line, FENCES))
        },
    },
    Construct {
        name: "the end of a tab",
        dialects: "Retype",
        find: |line| (!line.is_first && alone(line, "+++")).then(|| whole(line, REMOVE)),
    },
    Construct {
        name: "a column",
        dialects: "Retype",
        find: |line| {
            let is_column = line.words.starts_with("||| ") || alone(line, "|||");
            is_column.then(|| whole(line, "remove it: the text of a page has one column"))
        },
    },
    Construct {
        name: "a panel",
        dialects: "Retype",
        find: |line| {
            let starts = ["==- ", "==+ "];
            let is_panel = starts.into_iter().any(|it| line.words.starts_with(it));
            is_panel.then(|| whole(line, FOLD))
        },
    },
    Construct {
        name: "a second callout in one quote",
        dialects: "Obsidian",
        find: |line| {
            // The first line of a quote is read by the parser.
            let name = word(line.words.strip_prefix("[!")?);
            let is_ours = callout::is_kind(name);
            let is_second = line.before.is_some() && is_ours;
            is_second.then(|| {
                let help = "leave an empty line before it, without `>`: a quote has one kind, in its first line";
                (0.."[!]".len() + name.len(), help.into())
            })
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
                let ours = callout_of(name);
                let help = match kind[name.len() + 1..].chars().next() {
                    Some('-' | '+') => format!(
                        "write {ours} without the sign of a fold, which is always open; or {FOLD}"
                    )
                    .into(),
                    _ => Cow::Owned(format!("write the kind alone: {ours}")),
                };
                (0..length, help)
            })
        },
    },
];

const FENCES: &str =
    "write a title after the language of each fence, such as ```sh npm, one fence after the other";

pub(super) const FOLD: &str = "write <details>, below it <summary>the title</summary>, an empty line, the text, an empty line, and </details>";

const END: &str = "remove it: the first line without `> ` ends a callout";

const REMOVE: &str = "remove it";

/// Finds `!!! note`, `??? note` and `!!!note`.
fn admonition(line: &Line<'_>) -> Option<Found> {
    let rest = ["!!!", "???+", "???"]
        .into_iter()
        .find_map(|start| line.words.strip_prefix(start))?;
    let is_fold = line.words.starts_with('?');
    let title = rest.trim();
    // A box without a kind has a title alone.
    if title.len() > 2 && title.starts_with('"') && title.ends_with('"') && rest.starts_with(' ') {
        let help = if is_fold { FOLD.into() } else { box_of("note") };
        return Some(whole(line, help));
    }
    let name = word(rest.trim_start());
    // Without a blank, other texts begin so, too: `!!!include(a.md)!!!`.
    let after = &rest.trim_start()[name.len()..];
    let is_near = name.starts_with(|c: char| c.is_ascii_lowercase())
        && (after.trim().is_empty() || after.starts_with(' '));
    // `!!! Attention !!!` is emphasis.
    let is_text = after.trim_end().ends_with(['!', '?']);
    let is_admonition = !name.is_empty() && !is_text && (rest.starts_with(' ') || is_near);
    is_admonition.then(|| {
        let help = if is_fold { FOLD.into() } else { box_of(name) };
        whole(line, help)
    })
}

/// Returns whether a line has nothing but a mark, perhaps with more of its last character.
fn alone(line: &Line<'_>, mark: &str) -> bool {
    let words = line.words.trim_end_matches(['\0', ' ', '\t', '\r']);
    let rest = words.strip_prefix(mark);
    rest.is_some_and(|rest| rest.bytes().all(|byte| mark.as_bytes().contains(&byte)))
}

/// Returns how to write a container of another dialect.
pub(super) fn box_of(name: &str) -> Cow<'static, str> {
    match &*name.to_ascii_lowercase() {
        "details" | "dropdown" | "expandable" | "accordion" | "collapse" | "toggle" => FOLD.into(),
        "tabs" | "tab" | "tab-item" | "tab-set" | "tabitem" | "code-group" | "codegroup"
        | "code-tabs" | "panel-tabset" => FENCES.into(),
        "v-pre" => REMOVE.into(),
        "steps" | "step" => "write a numbered list: 1. the first step".into(),
        "code-block" | "code" | "sourcecode" => {
            "write a fence: ``` and the language, the code, and ```".into()
        }
        "image" | "figure" => "write ![what it shows](file.png)".into(),
        "toctree" | "toc" | "contents" => "remove it: each page lists its headings itself".into(),
        "include" | "literalinclude" => "copy the text of the file, or link to its page".into(),
        "columns" | "column" | "grid" | "cards" | "card" | "row" | "col" | "html" | "div"
        | "center" | "raw" => {
            "write its content in Markdown: a list, a table, links or images".into()
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
