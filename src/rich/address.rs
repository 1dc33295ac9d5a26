//! Addresses: how botdocs writes one, and what one that an author wrote means.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::input::name::{is_mark, normal};

/// What is escaped in the path of an address: all but the unreserved characters and those that have
/// no meaning in a path (RFC 3986 §3.3). A colon would make the first part a scheme, and
/// parentheses and quotes end a destination in Markdown or in a style sheet.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What is escaped in a fragment: `%`, spaces, and the ASCII characters that are no URL code points
/// (URL Standard).
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Returns the address of a file by its path, in ASCII alone: sitemaps and headers of HTTP allow
/// nothing else.
pub fn of_path(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// Returns the fragment of a link to an anchor. Letters of any script stay, so that people can read
/// the address.
pub fn fragment(anchor: &str) -> String {
    format!("#{}", readable(anchor, FRAGMENT))
}

/// Returns the fragment of a link to an anchor, in ASCII alone.
pub fn ascii_fragment(anchor: &str) -> String {
    format!("#{}", utf8_percent_encode(anchor, FRAGMENT))
}

/// Returns the destination by which Markdown links to a file: what an author can copy.
pub fn destination(path: &str) -> String {
    let written = readable(path, PATH);
    // A colon in the first part looks like that of a scheme, though it is escaped.
    match path.split(['/', ':']).next() {
        Some(first) if path[first.len()..].starts_with(':') => format!("./{written}"),
        _ => written,
    }
}

/// Escapes the ASCII characters of a set.
fn readable(text: &str, set: &'static AsciiSet) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let mut bytes = [0; 4];
        let character = &*character.encode_utf8(&mut bytes);
        if character.is_ascii() {
            out.extend(utf8_percent_encode(character, set));
        } else {
            out.push_str(character);
        }
    }
    out
}

/// Returns the anchor that the fragment of a link means: its escapes are decoded once.
pub fn anchor_of(fragment: &str) -> Cow<'_, str> {
    decoded(fragment)
}

/// Returns the path that the path of a link means: its escapes are decoded once.
///
/// `%2F` stays: it is a character of a name (RFC 3986 §2.2), and no file's name contains a slash.
pub fn path_of(link: &str) -> Cow<'_, str> {
    if !link.contains('%') {
        return normal(link);
    }
    let parts = link.split('/').map(|part| match decoded(part) {
        name if name.contains('/') => Cow::Borrowed(part),
        name => name,
    });
    Cow::Owned(parts.collect::<Vec<_>>().join("/"))
}

/// Decodes escapes; a `%` that begins none stays (URL Standard), as does a text that would be no
/// UTF-8.
fn decoded(text: &str) -> Cow<'_, str> {
    match percent_decode_str(text).decode_utf8() {
        Ok(Cow::Owned(decoded)) => Cow::Owned(normal(&decoded).into_owned()),
        Ok(Cow::Borrowed(_)) | Err(_) => normal(text),
    }
}

/// Returns the anchor of a title, in GitHub's form, so that links from repositories lead to the same
/// place: lower case, no punctuation, hyphens for spaces. Letters of any script stay.
///
/// It is empty if the title has no letter or digit.
pub fn anchor_of_title(title: &str) -> String {
    let mut anchor = String::new();
    for character in normal(title).chars() {
        match character {
            // Anchors that begin with `_` belong to the theme.
            '_' if anchor.is_empty() => {}
            '-' | '_' => anchor.push(character),
            _ if character.is_whitespace() => anchor.push('-'),
            _ if character.is_alphanumeric() || is_mark(character) => {
                anchor.extend(character.to_lowercase());
            }
            _ => {}
        }
    }
    normal(&anchor).into_owned()
}

/// Returns whether ASCII alone can represent the letters of a title.
pub fn has_ascii_letters(title: &str) -> bool {
    let is_letter = |c: &char| c.is_alphanumeric() || is_mark(*c);
    title.chars().filter(is_letter).all(|c| c.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_a_path_arrives() {
        for (path, address) in [
            ("a/b.png", "a/b.png"),
            ("Plan%20A.png", "Plan%2520A.png"),
            ("a b?.png", "a%20b%3F.png"),
            ("x#y.svg", "x%23y.svg"),
            ("ü.png", "%C3%BC.png"),
            ("a+b&c=(1).png", "a+b&c=%281%29.png"),
        ] {
            assert_eq!(of_path(path), address);
            assert_eq!(path_of(address), path);
            assert_eq!(path_of(&destination(path)), path);
        }
    }

    #[test]
    fn a_link_is_decoded_once() {
        for (link, path) in [
            ("my%20page", "my page"),
            ("a+b", "a+b"),
            ("a%2Fb%20c/%64", "a%2Fb%20c/d"),
            ("%zz%", "%zz%"),
            ("50%25", "50%"),
            ("%2520", "%20"),
            ("%ff", "%ff"),
            ("gr%C3%B6%C3%9Fe", "größe"),
            ("u\u{308}", "ü"),
            ("u%CC%88", "ü"),
        ] {
            assert_eq!(path_of(link), path, "{link}");
        }
        assert_eq!(anchor_of("a%2Fb"), "a/b");
    }

    #[test]
    fn every_character_of_an_anchor_arrives() {
        for (anchor, written) in [
            ("größe", "#größe"),
            ("a.b%c d", "#a.b%25c%20d"),
            ("a[]{}", "#a%5B%5D%7B%7D"),
        ] {
            assert_eq!(fragment(anchor), written);
            assert_eq!(anchor_of(&written[1..]), anchor);
            assert_eq!(anchor_of(&ascii_fragment(anchor)[1..]), anchor);
            assert!(ascii_fragment(anchor).is_ascii());
        }
    }

    #[test]
    fn titles_of_any_script_have_anchors() {
        for (title, anchor) in [
            ("What’s *next*, `a_b`?", "whats-next-a_b"),
            ("Événements et délais", "événements-et-délais"),
            ("U\u{308}ber uns", "über-uns"),
            ("はじめに", "はじめに"),
            ("Привет, мир!", "привет-мир"),
            ("שלום עולם", "שלום-עולם"),
            ("हिन्दी", "हिन्दी"),
            ("เริ่มต้น", "เริ่มต้น"),
            ("ΟΔΟΣ", "οδοσ"),
            ("ＡＰＩ・概要", "ａｐｉ概要"),
            ("⚙\u{fe0f} Setup", "-setup"),
            ("_x_", "x_"),
            ("!", ""),
        ] {
            assert_eq!(anchor_of_title(title), anchor);
        }
    }
}
