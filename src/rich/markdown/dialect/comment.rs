//! Comments of HTML that are commands to other tools; a page shows nothing in their place.

use super::ForeignMarkup;

/// How commands begin: the words, the name, the dialects, and what to write instead.
const COMMANDS: &[(&[&str], &str, &str, &str)] = &[
    (
        &[
            "@include:",
            "@import ",
            "#include ",
            "!include",
            "include:",
            "include(",
        ],
        "a comment that includes a file",
        "VitePress, Docsify and Apache",
        "copy the text of the file, or link to its page",
    ),
    (
        &[
            "snippet:",
            "snippet -->",
            "snippet-->",
            "snippet start",
            "endsnippet",
            "embedme ",
            "codeblock:",
        ],
        "a comment that includes a file",
        "MarkdownSnippets and embedme",
        "copy the code into a fence, and remove the comment",
    ),
    (
        &["tabs:", "tab:", "select:", "type: tab"],
        "a comment that makes tabs",
        "Docsify and Stoplight",
        "remove it, and write headings, or fences one after the other with a title after the language: ```sh npm",
    ),
    (
        &["panels:", "div:"],
        "a comment that makes columns",
        "Docsify",
        "remove it: the text of a page has one column",
    ),
    (
        &["theme:"],
        "a comment that makes a callout",
        "Stoplight",
        "write a callout: > [!NOTE], and `> ` before each of its lines",
    ),
    (
        &["md:", "material/"],
        "a comment that inserts text",
        "MkDocs",
        "write the text that it stands for",
    ),
];

/// Returns the fault in a comment that begins at a place, if it is a command.
pub(super) fn command(text: &str, at: usize) -> Option<ForeignMarkup> {
    let content = text[at..].strip_prefix("<!--")?;
    let words: String = content
        .chars()
        .take(20)
        .take_while(|&c| c != '\n')
        .flat_map(char::to_lowercase)
        .collect();
    let words = words.trim_start();
    let is_one = |starts: &[&str]| starts.iter().any(|start| words.starts_with(start));
    let (_, name, dialects, help) = COMMANDS.iter().find(|(starts, ..)| is_one(starts))?;
    // To the end of the comment or of the line.
    let end = content.find(['>', '\n']).unwrap_or(content.len());
    let end = end + usize::from(content[end..].starts_with('>'));
    Some(ForeignMarkup {
        range: at..at + "<!--".len() + end,
        name,
        dialects,
        help: (*help).to_owned(),
    })
}
