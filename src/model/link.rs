//! The meaning of a link's destination in the spec, before it is looked up.

use std::borrow::Cow;

use crate::rich::address;

/// The schemes that links may have. `javascript:` and `data:` run code or bring pages of their own.
pub const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// The destination of a link.
///
/// Names are decoded, and in one form of Unicode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination<'a> {
    /// An address with a scheme of [`SCHEMES`], or one that begins with a variable.
    External(&'a str),
    /// A place on the same page.
    Anchor(Cow<'a, str>),
    /// A page of this site, by its name or its source file, and perhaps a place on it.
    Page(Cow<'a, str>, Option<Cow<'a, str>>),
    /// A file below `spec/`.
    File(Cow<'a, str>),
}

impl<'a> Destination<'a> {
    /// Parses a destination; a name without an ending is that of a page.
    pub fn parse(written: &'a str) -> Destination<'a> {
        let starts_with_marker = written
            .chars()
            .next()
            .and_then(crate::hole::Hole::from_marker)
            .is_some();
        // A scheme ignores case (RFC 3986, section 3.1); the longest of these has seven bytes.
        let lower = written.get(..8).unwrap_or(written).to_ascii_lowercase();
        // A destination that begins with a variable is a whole URL, whose value is checked when it
        // is entered; the check refuses a variable within a scheme.
        if starts_with_marker || SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) {
            return Destination::External(written);
        }
        if let Some(anchor) = written.strip_prefix('#') {
            return Destination::Anchor(address::anchor_of(anchor));
        }
        // Before decoding: `%23` is a character of a name.
        let (path, anchor) = match written.split_once('#') {
            Some((path, anchor)) => (path, Some(address::anchor_of(anchor))),
            None => (written, None),
        };
        // Editors complete relative paths in this way.
        let path = address::path_of(path.strip_prefix("./").unwrap_or(path));
        let page = match path.rsplit_once('.') {
            // Authors link to the file that they see in the folder, `chat.md`, or to the page in
            // the browser, `chat.html`: both work on a code host and on the site.
            Some((name, "yaml" | "md" | "html")) if !name.contains('/') => Some(name.len()),
            None if !path.contains('/') => Some(path.len()),
            _ => None,
        };
        match (page, path) {
            (None, path) => Destination::File(path),
            (Some(end), Cow::Borrowed(path)) => {
                Destination::Page(Cow::Borrowed(&path[..end]), anchor)
            }
            (Some(end), Cow::Owned(mut path)) => {
                path.truncate(end);
                Destination::Page(Cow::Owned(path), anchor)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_told_apart() {
        for (written, meant) in [
            (
                "https://a.example/x.md",
                Destination::External("https://a.example/x.md"),
            ),
            ("MAILTO:a@b", Destination::External("MAILTO:a@b")),
            ("#top", Destination::Anchor("top".into())),
            ("integration", Destination::Page("integration".into(), None)),
            (
                "integration.yaml#credentials",
                Destination::Page("integration".into(), Some("credentials".into())),
            ),
            ("./sdk.md", Destination::Page("sdk".into(), None)),
            ("images/a.png", Destination::File("images/a.png".into())),
            ("a.png", Destination::File("a.png".into())),
            ("//evil.example", Destination::File("//evil.example".into())),
            ("Plan%20A.png", Destination::File("Plan A.png".into())),
            (
                "g.md#gr%C3%B6%C3%9Fe",
                Destination::Page("g".into(), Some("größe".into())),
            ),
            ("a%23b", Destination::Page("a#b".into(), None)),
            (
                "javascript:alert(1)",
                Destination::Page("javascript:alert(1)".into(), None),
            ),
        ] {
            assert_eq!(Destination::parse(written), meant, "{written}");
        }
    }
}
