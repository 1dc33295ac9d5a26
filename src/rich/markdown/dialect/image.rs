//! What other tools read in the parts of an image or a link.

use std::ops::Range;

use super::ForeignMarkup;

/// The ends of addresses of images that only one of two colour schemes shows.
const SCHEMES: [&str; 4] = [
    "#only-light",
    "#only-dark",
    "#gh-light-mode-only",
    "#gh-dark-mode-only",
];

/// Finds a colour scheme, a size or an option in an image.
pub(super) fn find(
    text: &str,
    range: &Range<usize>,
    destination: &str,
    title: &str,
) -> Option<ForeignMarkup> {
    let scheme = SCHEMES
        .iter()
        .find_map(|scheme| destination.strip_suffix(scheme));
    if let Some(file) = scheme {
        return Some(ForeignMarkup {
            range: range.clone(),
            name: "an image for one colour scheme",
            dialects: "GitHub and MkDocs",
            help: format!(
                "write one image that can be seen on light and dark, and remove the other: ![what it shows]({file})"
            ),
        });
    }
    // `![text|300](a.png)`: the parser has no place for the text, so it is read as written.
    let words = text[range.clone()].strip_prefix("![")?;
    let words = words.split(']').next().unwrap_or_default();
    let size = words
        .rsplit_once('|')
        .map(|(words, size)| (words, size.trim()));
    let is_size = |size: &str| {
        let mut parts = size.split('x');
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
        parts.by_ref().take(2).all(is_number) && parts.next().is_none()
    };
    match size {
        Some((words, size)) if is_size(size) => Some(ForeignMarkup {
            range: range.start..range.start + "![|]".len() + words.len() + size.len(),
            name: "the size of an image",
            dialects: "Obsidian",
            help: format!("write it without the size, which is that of the file: ![{words}](…)"),
        }),
        _ => option(text, range, title),
    }
}

/// Finds an option in the place of a title, such as `':size=100'`.
pub(super) fn option(text: &str, range: &Range<usize>, title: &str) -> Option<ForeignMarkup> {
    let name = title.strip_prefix(':')?;
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.contains(' ') {
        return None;
    }
    let at = text[range.clone()].rfind(title);
    Some(ForeignMarkup {
        range: at.map_or(range.clone(), |at| {
            range.start + at..range.start + at + title.len()
        }),
        name: "an option of a link or an image",
        dialects: "Docsify",
        help: "remove it, with its quotation marks: the title of a link is words".to_owned(),
    })
}
