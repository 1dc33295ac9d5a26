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
            return Destination::Anchor(anchor);
        }
        let (path, anchor) = match written.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (written, None),
        };
        // Editors complete relative paths in this way.
        let path = path.strip_prefix("./").unwrap_or(path);
        match path.rsplit_once('.') {
            // Authors link to the file that they see in the folder, `chat.md`, or to the page in
            // the browser, `chat.html`: both work on a code host and on the site.
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
