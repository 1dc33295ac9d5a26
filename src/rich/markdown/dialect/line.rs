//! Other constructs that begin a line.

use std::borrow::Cow;
use std::ops::Range;

use super::boxes::box_of;
use super::{Construct, Found, Line};

/// The name of a construct that may take more lines.
pub(super) const STATEMENT: &str = "an `import` or `export`";

/// The constructs, the narrower before the wider.
pub(super) const CONSTRUCTS: &[Construct] = &[
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
                "{@include",
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
        name: STATEMENT,
        dialects: "MDX in Docusaurus, Mintlify and Starlight",
        find: |line| {
            let words = line.words.trim_end_matches([';', ' ', '\0', '\r']);
            // Statements begin a block; in the middle of prose it is a word.
            let begins = ["import ", "export "];
            let is_within = |before: &str| !begins.iter().any(|begin| before.starts_with(begin));
            if line.before.is_some_and(is_within) {
                return None;
            }
            let ends_in_quote = words.ends_with(['\'', '"']);
            let is_import = words.starts_with("import ")
                && (begins_import(words)
                    || (ends_in_quote
                        && (words.contains(" from '")
                            || words.contains(" from \"")
                            || words.starts_with("import '")
                            || words.starts_with("import \""))));
            let is_export = words.strip_prefix("export ").is_some_and(is_export);
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
            (starts && line.before.is_some())
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
            is_directive.then(|| whole(line, box_of(name)))
        },
    },
    Construct {
        name: "a heading without a blank",
        dialects: "older Markdown",
        find: |line| {
            // `#word` is a tag of many services.
            let words = line.words.trim_start_matches('#');
            let level = line.words.len() - words.len();
            let is_heading = (2..=6).contains(&level) && words.starts_with(char::is_alphabetic);
            is_heading.then(|| {
                let title = words
                    .trim_end_matches(['#', ' ', '\0', '\r'])
                    .replace('\0', "");
                whole(line, format!("write {} {title}", "#".repeat(level)))
            })
        },
    },
    Construct {
        name: "a grid table",
        dialects: "Pandoc and reStructuredText",
        find: |line| {
            // Its first border alone is reported.
            let is_border =
                is_border(line.words) && !line.before.is_some_and(|it| it.starts_with(['|', '+']));
            is_border.then(|| {
                let help =
                    "write a table: the head | a | b |, below it | --- | --- |, and then the rows";
                whole(line, help)
            })
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

/// Returns whether words begin an import whose names are in the lines below: `import X, {`.
fn begins_import(words: &str) -> bool {
    let names = words
        .strip_prefix("import ")
        .and_then(|names| names.strip_suffix('{'));
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    names.is_some_and(|names| {
        let name = names.trim().trim_end_matches(',');
        name.chars().all(of_name)
    })
}

/// Returns where a statement of JavaScript that begins at the end of a line ends.
pub(super) fn end_of_statement(text: &str, range: &Range<usize>) -> usize {
    if !text[range.clone()].ends_with(['{', '(', '[']) {
        return range.end;
    }
    // Limited, so that many of them take linear time.
    let mut at = range.end;
    for (index, line) in text[range.end..]
        .split_inclusive('\n')
        .take(100)
        .enumerate()
    {
        at += line.len();
        if index > 0 && line.starts_with(['}', ')', ']']) {
            return at - (line.len() - line.trim_end().len());
        }
    }
    range.end
}

/// Returns whether words after `export` are of JavaScript; it is a word of English, too.
fn is_export(words: &str) -> bool {
    let declared = ["const ", "let ", "var "]
        .into_iter()
        .find_map(|kind| words.strip_prefix(kind));
    if let Some(declared) = declared {
        return declared.contains('=') || declared.trim_end().ends_with(['{', '[']);
    }
    let function = ["function ", "async function ", "class "]
        .into_iter()
        .find_map(|kind| words.strip_prefix(kind));
    if let Some(function) = function {
        return function.contains(['(', '{']);
    }
    if let Some(value) = words.strip_prefix("default ") {
        // `export default settings as JSON.` is a sentence.
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        return value.contains(['(', '{', '['])
            || value.contains("=>")
            || value.chars().all(is_name);
    }
    words.starts_with('{') || (words.starts_with("* ") && words.contains(" from "))
}

/// Returns the name of a directive after its colons.
pub(super) fn directive<'t>(words: &'t str, colons: &str) -> Option<&'t str> {
    let rest = words.strip_prefix(colons)?.trim_start_matches(':');
    let name = word(rest.trim_start());
    // `::` alone is an operator of many languages.
    let is_near = colons.len() > 2 || rest.starts_with(name);
    (is_near && !name.is_empty()).then_some(name)
}

/// Returns the first word of a text: letters, digits and hyphens.
pub(super) fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    &text[..end.unwrap_or(text.len())]
}

/// Returns whether a line is the border of a grid table, such as `+---+---+`.
fn is_border(words: &str) -> bool {
    let words = words.trim_end_matches(['\0', ' ', '\t', '\r']);
    let is_of_border = |c: char| matches!(c, '+' | '-' | '=' | ':');
    words.len() > 4
        && words.starts_with('+')
        && words.ends_with('+')
        && words.contains(['-', '='])
        && words.chars().all(is_of_border)
}

/// Returns a construct that takes the whole line.
pub(super) fn whole(line: &Line<'_>, help: impl Into<Cow<'static, str>>) -> Found {
    let place: Range<usize> = 0..line.words.trim_end_matches(['\0', ' ', '\t', '\r']).len();
    (place, help.into())
}
