//! The meaning of a link's destination in the spec, before it is looked up.

/// The schemes that links may have. `javascript:` and `data:` run code or bring pages of their own.
pub const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// The destination of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination<'a> {
    /// An address with a scheme of [`SCHEMES`], or one that begins with a variable.
    External(&'a str),
    /// A place on the same page.
    Anchor(&'a str),
    /// A page of this site, by its name or its source file, and perhaps a place on it.
    Page(&'a str, Option<&'a str>),
    /// A file below `spec/`.
    File(&'a str),
}

impl<'a> Destination<'a> {
    /// Reads a destination; a name without an ending is a page's.
    pub fn parse(written: &'a str) -> Destination<'a> {
        let starts_with_marker = written
            .chars()
            .next()
            .and_then(crate::hole::Hole::from_marker)
            .is_some();
        // Schemes are case-insensitive (RFC 3986, section 3.1); the longest has seven characters.
        // Eight bytes hold the longest of the schemes. A scheme has no case (RFC 3986 §3.1).
        let lower = written.get(..8).unwrap_or(written).to_ascii_lowercase();
        // A value at the beginning may be a whole URL, which is judged when it is entered.
        // What begins with a variable is a whole address by the check; a variable within a scheme
        // was refused.
        if starts_with_marker || SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) {
            return Destination::External(written);
        }
        if let Some(anchor) = written.strip_prefix('#') {
            return Destination::Anchor(anchor);
        }
        let (path, anchor) = match written.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (written, None),
        };
        // Editors complete relative paths so.
        let path = path.strip_prefix("./").unwrap_or(path);
        match path.rsplit_once('.') {
            // The names that work on a code host and on the site lead to the same page.
            // Authors link to what they see in the folder, `chat.md`, and to what they see in the
            // browser, `chat.html`.
            Some((name, "yaml" | "md" | "html")) if !name.contains('/') => {
                Destination::Page(name, anchor)
            }
            None if !path.contains('/') => Destination::Page(path, anchor),
            _ => Destination::File(path),
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
            ("#top", Destination::Anchor("top")),
            ("integration", Destination::Page("integration", None)),
            (
                "integration.yaml#credentials",
                Destination::Page("integration", Some("credentials")),
            ),
            ("./sdk.md", Destination::Page("sdk", None)),
            ("images/a.png", Destination::File("images/a.png")),
            ("a.png", Destination::File("a.png")),
            ("//evil.example", Destination::File("//evil.example")),
            (
                "javascript:alert(1)",
                Destination::Page("javascript:alert(1)", None),
            ),
        ] {
            assert_eq!(Destination::parse(written), meant, "{written}");
        }
    }
}
