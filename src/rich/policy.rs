//! The Content Security Policy of every page: the one place that decides what pages can load.

use std::ops::Range;

use crate::rich::markup::{self, MarkupPart};

/// The directives of the policy, each with its sources.
///
/// Without `unsafe-inline` injected markup runs nothing, and `base-uri 'none'` keeps it from moving
/// links. `connect-src 'self'` is for the search index; `img-src data:` allows small pictures in a
/// project's own theme. With trusted types scripts write no HTML from text: a link's value that
/// became markup would be an error in the browser.
const DIRECTIVES: [(&str, &[&str]); 9] = [
    ("default-src", &["'none'"]),
    ("style-src", &["'self'"]),
    ("script-src", &["'self'"]),
    ("img-src", &["'self'", "data:"]),
    ("font-src", &["'self'"]),
    ("connect-src", &["'self'"]),
    ("base-uri", &["'none'"]),
    ("form-action", &["'none'"]),
    ("require-trusted-types-for", &["'script'"]),
];

/// What a page can load or send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// A style sheet.
    Style,
    /// A script.
    Script,
    /// A picture, an icon.
    Picture,
    /// A font.
    Font,
    /// A sound or a film, with its subtitles.
    Media,
    /// A page in a frame.
    Frame,
    /// A web app's manifest.
    Manifest,
    /// The target of a form.
    Form,
}

/// Where an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// To the site itself.
    Own,
    /// To the address itself, which contains the bytes.
    Data,
    /// To another host, or to an address of another scheme.
    Other,
}

/// Returns the text of the policy.
pub fn text() -> String {
    let directives = DIRECTIVES.map(|(name, sources)| format!("{name} {}", sources.join(" ")));
    directives.join("; ")
}

impl Loaded {
    /// Returns whether the policy refuses an address.
    pub fn is_refused(self, address: &str) -> bool {
        let source = match source(address) {
            Source::Own => "'self'",
            Source::Data => "data:",
            Source::Other => return true,
        };
        !self.sources().contains(&source)
    }

    /// Returns whether the policy refuses it wherever it is.
    pub fn is_refused_everywhere(self) -> bool {
        self.sources() == ["'none'"]
    }

    fn sources(self) -> &'static [&'static str] {
        let directive = match self {
            Loaded::Style => "style-src",
            Loaded::Script => "script-src",
            Loaded::Picture => "img-src",
            Loaded::Font => "font-src",
            Loaded::Media => "media-src",
            Loaded::Frame => "frame-src",
            Loaded::Manifest => "manifest-src",
            Loaded::Form => "form-action",
        };
        let of = |name: &str| DIRECTIVES.iter().find(|(known, _)| *known == name);
        // A directive that is missing has the sources of `default-src` (CSP 3, 6.1).
        let found = of(directive).or_else(|| of("default-src"));
        found.map_or(&[], |(_, sources)| sources)
    }
}

/// Returns whether a text is an address with a scheme or a host, and not the path of a file.
pub fn is_address(text: &str) -> bool {
    source(text) != Source::Own
}

/// Returns whether an address contains the bytes that it leads to.
pub fn is_data(address: &str) -> bool {
    source(address) == Source::Data
}

fn source(address: &str) -> Source {
    // The URL standard (§4.4) ignores controls and spaces around an address, and tabs and line ends
    // in it, and reads `\` as `/`.
    let address = address.trim_matches(|c: char| c <= ' ');
    let address: String = address
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .map(|c| if c == '\\' { '/' } else { c })
        .collect();
    if address.starts_with("//") {
        return Source::Other;
    }
    let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    match address.split_once(':') {
        Some((scheme, _))
            if scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(is_of_scheme) =>
        {
            if scheme.eq_ignore_ascii_case("data") {
                Source::Data
            } else {
                Source::Other
            }
        }
        _ => Source::Own,
    }
}

/// A policy that a template sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPolicy {
    /// Its text, on one line.
    pub text: String,
    /// The place of the text in the template.
    pub range: Range<usize>,
    /// Whether it contains an expression, whose value only a printed page has.
    pub is_computed: bool,
}

/// Returns the policies that a template sets in place of that of botdocs.
pub fn written_in(template: &str) -> Vec<WrittenPolicy> {
    let name = "content-security-policy";
    // Almost no template has one, and tokenizing takes longer than this search.
    if !template.to_ascii_lowercase().contains(name) {
        return Vec::new();
    }
    let parts = markup::read(&without_comments(template));
    let written = parts.iter().filter_map(|part| {
        let MarkupPart::Tag(tag) = part else {
            return None;
        };
        let equiv = tag.attribute("http-equiv")?;
        let content = tag.attribute("content")?;
        let words: Vec<&str> = content.value.split_whitespace().collect();
        let text = words.join(" ").trim_end_matches(';').to_owned();
        let is_ours = text.replace(' ', "") == "{{site.policy}}";
        (equiv.value.eq_ignore_ascii_case(name) && !is_ours).then(|| WrittenPolicy {
            is_computed: text.contains("{{") || text.contains("{%"),
            text,
            range: content.range.clone(),
        })
    });
    written.collect()
}

/// Returns a template with blanks in place of its comments, which set nothing.
fn without_comments(template: &str) -> String {
    let mut rest = template;
    let mut text = String::with_capacity(template.len());
    while let Some((before, behind)) = rest.split_once("{#") {
        let comment = behind.find("#}").map_or(behind.len(), |end| end + 2);
        text.push_str(before);
        text.push_str(&" ".repeat(comment + 2));
        rest = &behind[comment..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_loaded_comes_from_the_site() {
        for own in [
            "a.png",
            "./a.png",
            "/a.png",
            "?x",
            "a/b:c.png",
            "",
            "#x",
            "1:2",
        ] {
            assert!(!Loaded::Picture.is_refused(own), "{own}");
            assert!(!Loaded::Font.is_refused(own), "{own}");
            assert!(Loaded::Media.is_refused(own), "{own}");
        }
        for other in [
            "https://a/b.png",
            "HTTP://a",
            "//a/b.png",
            "\\\\a\\b.png",
            " \thttps://a",
            "ht\ntps://a",
            "/\t/a",
            "ftp://a",
            "blob:x",
            "mailto:a@b",
        ] {
            assert!(Loaded::Picture.is_refused(other), "{other}");
            assert!(Loaded::Style.is_refused(other), "{other}");
        }
        assert!(!Loaded::Picture.is_refused("data:image/png;base64,"));
        assert!(Loaded::Style.is_refused("data:text/css,"));
        assert!(Loaded::Font.is_refused("DATA:font/woff2,"));
        assert!(Loaded::Form.is_refused_everywhere() && Loaded::Frame.is_refused_everywhere());
        assert!(!Loaded::Script.is_refused_everywhere());
    }

    #[test]
    fn the_text_has_every_directive_once() {
        let text = text();
        for (name, _) in DIRECTIVES {
            assert_eq!(text.matches(name).count(), 1, "{name}");
        }
        assert!(text.starts_with("default-src 'none'; style-src 'self'; "));
    }

    #[test]
    fn a_template_can_have_a_policy_of_its_own() {
        let meta = |content: &str| {
            format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{content}\">")
        };
        let written = |template: &str| {
            let written = written_in(template).into_iter();
            written
                .map(|it| (it.text, it.is_computed))
                .collect::<Vec<_>>()
        };
        let own = ("img-src https:".to_owned(), false);
        assert_eq!(written(&meta("img-src\n  https:;")), [own]);
        let mixed = ("{{ x }}; img-src *".to_owned(), true);
        assert_eq!(written(&meta("{{ x }}; img-src *")), [mixed]);
        assert_eq!(written(&meta("{{ site.policy }}")), []);
        assert_eq!(written(&format!("{{# {} #}} {{#", meta("img-src *"))), []);
        assert_eq!(written("<p>Content-Security-Policy</p>"), []);
    }
}
