//! Texts as they are displayed: without escapes, tags and emphasis.

use crate::input::escape::escape;

/// A text without escapes and emphasis within words, and its places in the written text.
pub(super) struct BareText {
    /// The displayed text.
    pub(super) text: String,
    /// For each omission: its place in `text`, the number of bytes omitted up to there, and
    /// whether it belongs to the character before.
    cuts: Vec<(usize, usize, bool)>,
}

/// Returns whether a byte begins an escape or emphasis.
fn begins(byte: u8) -> bool {
    // `_` is kept: within a word it emphasises nothing (CommonMark 0.31.2 §6.2), and keys contain
    // it.
    matches!(byte, b'\\' | b'%' | b'&' | b'*')
}

impl BareText {
    /// Reads a text; returns nothing if it contains no escape or emphasis.
    pub(super) fn new(written: &str) -> Option<BareText> {
        let mut reading = BareText {
            text: String::new(),
            cuts: Vec::new(),
        };
        let mut from = 0;
        let mut at = 0;
        while let Some(next) = written.as_bytes()[at..].iter().position(|&b| begins(b)) {
            at += next;
            let emphasis = || emphasis(written.as_bytes(), at);
            let Some((length, meant)) = escape(&written[at..]).or_else(emphasis) else {
                at += 1;
                continue;
            };
            // Optional breaks within words are invisible.
            let meant = meant.filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'));
            reading.text += &written[from..at];
            reading.text.extend(meant.map(seen));
            at += length;
            from = at;
            let left_out = at - reading.text.len();
            reading
                .cuts
                .push((reading.text.len(), left_out, meant.is_some()));
        }
        // A large text without escapes is not copied.
        if reading.cuts.is_empty() {
            return None;
        }
        reading.text += &written[from..];
        Some(reading)
    }

    /// Returns the lines that contain an omission; adjacent lines are one range.
    pub(super) fn changed(&self) -> Vec<std::ops::Range<usize>> {
        let mut all: Vec<std::ops::Range<usize>> = Vec::new();
        for &(at, ..) in &self.cuts {
            if all.last().is_some_and(|last| at <= last.end) {
                continue;
            }
            let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
            let end = self.text[at..].find('\n');
            let end = end.map_or(self.text.len(), |end| at + end);
            match all.last_mut().filter(|last| last.end + 1 == start) {
                Some(last) => last.end = end,
                None => all.push(start..end),
            }
        }
        all
    }

    /// Returns the place of a range in the written text.
    pub(super) fn written(&self, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let left_out = |cuts: usize| cuts.checked_sub(1).map_or(0, |cut| self.cuts[cut].1);
        let is_before = |cut: &(usize, usize, bool)| cut.0 <= range.start;
        let start = range.start + left_out(self.cuts.partition_point(is_before));
        let is_within =
            |cut: &(usize, usize, bool)| cut.0 < range.end || cut.0 == range.end && cut.2;
        start..range.end + left_out(self.cuts.partition_point(is_within))
    }
}

/// How many stars emphasis has at most: more of them are text.
const MOST_STARS: usize = 3;

/// Recognises stars within a word, with which Markdown emphasises a part of it.
fn emphasis(text: &[u8], at: usize) -> Option<(usize, Option<char>)> {
    let is_of_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let before = text[..at].last().is_some_and(is_of_key);
    let stars = || {
        text[at..]
            .iter()
            .take(MOST_STARS + 1)
            .take_while(|&&byte| byte == b'*')
            .count()
    };
    let stars = if before { stars() } else { 0 };
    let is_within =
        (1..=MOST_STARS).contains(&stars) && text.get(at + stars).is_some_and(is_of_key);
    is_within.then_some((stars, None))
}

/// Returns a visible ASCII character, which all of a key are; a blank for any other.
fn seen(character: char) -> char {
    if character.is_ascii_graphic() {
        character
    } else {
        ' '
    }
}

/// Returns whether an element occurs within words.
fn is_within_words(name: &str) -> bool {
    matches!(
        name,
        "span"
            | "a"
            | "code"
            | "data"
            | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "cite"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "strong"
            | "sub"
            | "sup"
            | "u"
            | "var"
            | "wbr"
    )
}

/// Returns the text of a page, followed by the content of its tags, each on lines of its own.
pub(super) fn of_html(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut tags = String::new();
    let mut rest = page;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        text += &rest[..at];
        let end = memchr::memchr(b'>', &rest.as_bytes()[at..]);
        let end = end.map_or(rest.len(), |end| at + end);
        let tag = &rest[at + 1..end];
        let name = tag.trim_start_matches('/');
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        // A comment ends no word.
        if !is_within_words(&name[..length]) && !name.starts_with("!--") {
            text.push('\n');
        }
        // A tag without attributes contains no text, and a tag without a name is a comment.
        if length == 0 || tag.contains('=') {
            tags += tag;
            tags.push('\n');
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    text += rest;
    text.push('\n');
    text + &tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_what_they_mean_and_found_where_they_are_written() {
        for (written, read) in [
            (r"a\_b", "a_b"),
            (r"a\x5fb", "a_b"),
            (r"a\u005fb", "a_b"),
            (r"a\u{5f}b", "a_b"),
            (r"a\U0000005fb", "a_b"),
            (r"a\/b", "a/b"),
            ("a%5Fb", "a_b"),
            ("a&#95;b", "a_b"),
            ("a&#x5F;b", "a_b"),
            ("a&lowbar;b", "a_b"),
            ("a_\\\n   b", "a_b"),
            ("a_**b", "a_b"),
            (r"a\u0020b", "a b"),
            ("a%0Ab", "a b"),
        ] {
            let reading = BareText::new(written).unwrap();
            assert_eq!(reading.text, read, "{written}");
            assert_eq!(reading.written(&(0..3)), 0..written.len(), "{written}");
            assert_eq!(reading.written(&(0..1)), 0..1, "{written}");
            let last = written.len() - 1;
            assert_eq!(reading.written(&(2..3)), last..written.len(), "{written}");
        }
        let reading = BareText::new("\\_é\\_x").unwrap();
        assert_eq!(reading.text, "_é_x");
        assert_eq!(reading.written(&(3..5)), 4..7);
        for written in [
            "", "a", r"\n", r"\é", "%", "%é", "&", "&é;", r"\x", r"\u{", r"\u{}",
        ] {
            assert!(BareText::new(written).is_none(), "{written}");
        }
    }

    #[test]
    fn lines_that_are_written_in_another_way_are_read_together() {
        let reading = BareText::new("a\n\\_b\n\\_c\\_\nd\ne\\_").unwrap();
        let lines = reading.changed().into_iter();
        let lines: Vec<&str> = lines.map(|lines| &reading.text[lines]).collect();
        assert_eq!(lines, ["_b\n_c_", "e_"]);
    }

    #[test]
    fn a_page_is_read_without_its_tags_and_with_their_attributes() {
        let page = "<p title=\"x\">a<em>b</em>c<br>d</p><!-- e -->f<";
        let read = of_html(page);
        let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["abc", "d", "f", "p title=\"x\"", "!-- e --"]);
    }
}
