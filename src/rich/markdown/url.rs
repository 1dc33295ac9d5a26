//! Destinations of links: which ones a page may contain, and how they are written.

use percent_encoding::percent_decode_str;

use crate::hole::{Encoding, Hole, VariableId};

/// The allowed schemes: besides pages, mail and telephone.
const SCHEMES: [&str; 4] = ["https", "http", "mailto", "tel"];

/// Returns whether a page may contain a destination, as parsed from Markdown.
///
/// It may be relative, of a known scheme, or begin with a variable that is a whole URL. Its
/// escapes are decoded first, and characters that browsers ignore are removed (`java\nscript:`). A
/// variable can't be part of a scheme, and `//host` is refused: it looks like a path and leads
/// elsewhere.
pub fn is_safe(destination: &str, is_url: &dyn Fn(VariableId) -> bool) -> bool {
    if begins_with_url(destination, is_url) {
        return true;
    }
    // The URL standard (§4.4) removes tabs and line ends from a URL, and reads `\` as `/`; a
    // filter on the text as written misses `java%0ascript:`.
    let decoded = percent_decode_str(destination).decode_utf8_lossy();
    let seen = decoded
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace());
    let seen: String = seen.map(|c| if c == '\\' { '/' } else { c }).collect();
    // A variable can be empty.
    let mut literal = seen.chars().filter(|&c| Hole::from_marker(c).is_none());
    if (literal.next(), literal.next()) == (Some('/'), Some('/')) {
        return false;
    }
    match seen.split_once([':', '/', '?', '#']) {
        Some((scheme, _)) if seen[scheme.len()..].starts_with(':') => {
            SCHEMES.contains(&scheme.to_ascii_lowercase().as_str())
        }
        _ => true,
    }
}

fn begins_with_url(destination: &str, is_url: &dyn Fn(VariableId) -> bool) -> bool {
    let first = destination.chars().next().and_then(Hole::from_marker);
    first.is_some_and(|hole| is_url(hole.variable))
}

/// Writes a destination as a URL: escapes stay, variables become components.
pub fn write(destination: &str, is_url: &dyn Fn(VariableId) -> bool) -> String {
    let mut out = String::with_capacity(destination.len());
    let mut rest = destination.chars();
    if begins_with_url(destination, is_url) {
        out.extend(rest.next());
    }
    while let Some(character) = rest.next() {
        // `%` of a valid escape stays, any other is escaped: an encoded URL is not encoded twice.
        let is_escape = character == '%' && is_hexadecimal_pair(rest.as_str());
        if is_escape || is_of_url(character) {
            out.push(character);
        } else {
            Encoding::Url.encode_into(character.encode_utf8(&mut [0; 4]), &mut out);
        }
    }
    out
}

fn is_hexadecimal_pair(text: &str) -> bool {
    let pair = text.as_bytes().get(..2);
    pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
}

/// Returns whether RFC 3986 allows a character in a URL.
fn is_of_url(character: char) -> bool {
    // The unreserved and the reserved characters of RFC 3986 §2.2 and §2.3.
    character.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(index: usize) -> char {
        Hole::new(VariableId::new(index).unwrap()).marker()
    }

    /// Variable 1 is a URL.
    fn is_url(variable: VariableId) -> bool {
        variable.index() == 1
    }

    #[test]
    fn only_known_schemes_and_relative_destinations_are_safe() {
        let name = marker(0);
        let safe = [
            "https://a/b",
            "HTTP://a",
            "mailto:a@b",
            "tel:+1",
            "a/b.md#c",
            "#a:b",
            "?a=b:c",
            "",
            "/a",
            "a/b:c",
            &format!("{name}/x"),
            &format!("https://a/{name}"),
            &format!("{}x", marker(1)),
        ];
        for destination in safe {
            assert!(is_safe(destination, &is_url), "{destination}");
        }
        let unsafe_ones = [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "\tjavascript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:x",
            "java\u{a0}script:x",
            "javascript%3Aalert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//evil",
            "\\\\evil",
            "/\\evil",
            " //evil",
            "/%2fevil",
            &format!("{name}:x"),
            &format!("java{name}script:x"),
            &format!("{name}//evil"),
            &format!("http{}s:x", marker(1)),
        ];
        for destination in unsafe_ones {
            assert!(!is_safe(destination, &is_url), "{destination}");
        }
    }

    #[test]
    fn urls_are_written_with_their_escapes() {
        let write = |destination: &str| write(destination, &is_url);
        assert_eq!(
            write("/a b/é?x=1&y=[2]#%20%zz"),
            "/a%20b/%C3%A9?x=1&y=[2]#%20%25zz"
        );
        assert_eq!(write("\"'<>`{}|\\^"), "%22'%3C%3E%60%7B%7D%7C%5C%5E");
        let name = Encoding::Url.encode(&marker(0).to_string());
        assert_eq!(
            write(&format!("https://a/{}", marker(0))),
            format!("https://a/{name}")
        );
        let url = marker(1);
        let encoded = Encoding::Url.encode(&url.to_string());
        assert_eq!(
            write(&format!("{url}/b?u={url}")),
            format!("{url}/b?u={encoded}")
        );
    }
}
