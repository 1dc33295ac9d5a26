//! Bare addresses as links: GitHub's Markdown, section 6.9.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::document::Placed;
use super::east_asian::is_east_asian;
use crate::hole::Hole;
use crate::input::name::is_mark;

/// How many addresses of one text may be written with escapes.
const MOST_LOST: usize = 16;

/// Makes links of the addresses in a text's words.
pub(super) fn link_addresses<'a>(text: &str, events: Vec<Placed<'a>>) -> Vec<Placed<'a>> {
    if !text.contains("://") {
        return events;
    }
    let mut out = Vec::with_capacity(events.len());
    // How many links, images, and blocks of code or HTML are open, which contain no links.
    let mut closed = 0_usize;
    for (event, range) in events {
        match &event {
            Event::Start(tag) if has_no_links(&tag.to_end()) => closed += 1,
            Event::End(tag) if has_no_links(tag) => closed -= 1,
            Event::Text(words) if closed == 0 && words.contains("://") => {
                split(text, words, &range, &mut out);
                continue;
            }
            _ => {}
        }
        out.push((event, range));
    }
    out
}

fn has_no_links(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock | TagEnd::HtmlBlock
    )
}

/// Writes a text as words and links.
fn split<'a>(text: &str, words: &str, range: &Range<usize>, out: &mut Vec<Placed<'a>>) {
    let source = &text[range.clone()];
    let (mut done, mut done_at) = (0, 0);
    let (mut from, mut lost) = (0, 0);
    while let Some(found) = next_address(words, from) {
        from = found.end;
        // Each search of one that is not there goes through the whole text.
        if lost == MOST_LOST {
            break;
        }
        let address = &words[found.clone()];
        // An address with an escape or a character reference is not found so in the source, and
        // stays text: `https\://x` is how to write one without a link.
        let Some(at) = source[done_at..].find(address).map(|at| done_at + at) else {
            lost += 1;
            continue;
        };
        let place = range.start + at..range.start + at + address.len();
        if done < found.start {
            let before = words[done..found.start].to_owned();
            let before_place = range.start + done_at..place.start;
            out.push((Event::Text(before.into()), before_place));
        }
        let link = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: address.to_owned().into(),
            title: "".into(),
            id: "".into(),
        };
        out.push((Event::Start(link), place.clone()));
        out.push((Event::Text(address.to_owned().into()), place.clone()));
        out.push((Event::End(TagEnd::Link), place.clone()));
        (done, done_at) = (found.end, place.end - range.start);
    }
    if done < words.len() || words.is_empty() {
        let rest = words[done..].to_owned();
        out.push((Event::Text(rest.into()), range.start + done_at..range.end));
    }
}

/// Finds the next address from an offset on.
fn next_address(words: &str, from: usize) -> Option<Range<usize>> {
    let mut search = from;
    loop {
        let at = search + words[search..].find("://")?;
        search = at + "://".len();
        let scheme = ["https", "http"].into_iter().find(|scheme| {
            let start = at.checked_sub(scheme.len());
            let written = start.and_then(|start| words.get(start..at));
            written.is_some_and(|written| written.eq_ignore_ascii_case(scheme))
        });
        let Some(start) = scheme.map(|scheme| at - scheme.len()) else {
            continue;
        };
        let before = words[..start].chars().next_back();
        let is_within = |c: char| c.is_ascii_alphanumeric() || "+-./:@=&?%#".contains(c);
        if start < from || before.is_some_and(is_within) {
            continue;
        }
        // Most of what is no address is so by its host, and its end may be far away.
        let ends = |c: char| "/?#".contains(c) || is_end(c);
        let host = words[search..].find(ends);
        if !may_be_host(host.map_or(&words[search..], |end| &words[search..search + end])) {
            continue;
        }
        let end = search + end_of(&words[search..]);
        // A template of addresses, such as `https://x.io/{id}`, leads nowhere.
        if words[end..].starts_with('{') {
            continue;
        }
        let host = words[search..end].split(['/', '?', '#']).next();
        if is_host(host.unwrap_or_default()) {
            return Some(start..end);
        }
    }
}

/// Returns whether what follows a scheme may begin with a host: a name of one word, such as
/// `localhost`, is none that others can open.
fn may_be_host(words: &str) -> bool {
    words.split('.').filter(|label| !label.is_empty()).count() > 1 || words.chars().any(is_hole)
}

/// Returns whether others can open addresses of a host, perhaps with a user and a port: a valid
/// domain by GitHub's Markdown, section 6.9.
///
/// `https://*.example.com` and `https://api.example.com:PORT` are patterns of addresses.
fn is_host(written: &str) -> bool {
    let host = written.rsplit('@').next().unwrap_or_default();
    let (host, port) = host.split_once(':').unwrap_or((host, "0"));
    let is_port = !port.is_empty() && port.chars().all(|c| c.is_ascii_digit() || is_hole(c));
    let of_label =
        |c: char| c.is_alphanumeric() || is_mark(c) || matches!(c, '-' | '_') || is_hole(c);
    let are_labels = host
        .split('.')
        .all(|label| !label.is_empty() && label.chars().all(of_label));
    let is_numeric = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    // Browsers read a host that ends in a number as an address of IPv4.
    let is_number = host.rsplit('.').next().is_some_and(is_numeric);
    let is_address = host.split('.').filter(|label| is_numeric(label)).count() == 4;
    is_port && are_labels && may_be_host(host) && (!is_number || is_address)
}

fn is_hole(character: char) -> bool {
    Hole::from_marker(character).is_some()
}

/// Returns whether a character ends an address wherever it stands.
fn is_end(character: char) -> bool {
    let is_quote = matches!(
        character,
        '“' | '”' | '‘' | '’' | '«' | '»' | '„' | '"' | '`'
    );
    let is_over = matches!(character, '<' | '>' | '|' | '\\' | '{' | '}');
    character.is_whitespace() || character.is_control() || is_quote || is_over
}

/// Returns the length of an address after its scheme.
fn end_of(rest: &str) -> usize {
    let mut end = 0;
    let mut before = '/';
    for character in rest.chars() {
        // Text of scripts without spaces follows an address directly; it is a part of one that
        // has it at the start of a segment, as in `/wiki/日本`.
        let begins = "/=_-#?&".contains(before) || is_east_asian(before);
        let is_text = is_east_asian(character) && !(character.is_alphanumeric() && begins);
        if is_text || is_end(character) {
            break;
        }
        end += character.len_utf8();
        before = character;
    }
    let mut address = &rest[..end];
    let opened = address.matches(['(', '[']).count();
    let mut closed = address.matches([')', ']']).count();
    loop {
        let trimmed = match address.chars().next_back() {
            Some(')' | ']') if closed > opened => {
                closed -= 1;
                &address[..address.len() - 1]
            }
            _ => address.trim_end_matches(ENDS),
        };
        if trimmed.len() == address.len() {
            return address.len();
        }
        address = trimmed;
    }
}

/// Punctuation that ends a sentence rather than an address.
const ENDS: [char; 11] = ['?', '!', '.', ',', ':', ';', '*', '_', '~', '\'', '…'];

#[cfg(test)]
mod tests {
    use crate::rich::markdown::outline;

    #[test]
    fn bare_addresses_end_where_readers_see_their_end() {
        for (text, expected) in [
            ("See https://x.io/a_b_c.", &["https://x.io/a_b_c"][..]),
            ("(https://x.io/a(b)c)", &["https://x.io/a(b)c"]),
            ("[see https://x.io/a]", &["https://x.io/a"]),
            (
                "https://x.io/a, http://y.io/?q=1&r=2!",
                &["https://x.io/a", "http://y.io/?q=1&r=2"],
            ),
            ("**https://x.io/**", &["https://x.io/"]),
            (
                "\"https://x.io\" 'https://y.io'",
                &["https://x.io", "https://y.io"],
            ),
            ("詳細はhttps://x.io/a。次", &["https://x.io/a"]),
            ("（https://x.io/a）", &["https://x.io/a"]),
            ("https://x.io에서", &["https://x.io"]),
            (
                "https://x.io/wiki/日本語、次",
                &["https://x.io/wiki/日本語"],
            ),
            ("https://x.io…", &["https://x.io"]),
            ("HTTPS://X.IO/A", &["HTTPS://X.IO/A"]),
            ("| a |\n|---|\n| https://x.io/a |", &["https://x.io/a"]),
            ("# https://x.io", &["https://x.io"]),
            ("https://x.io/~a/*b*", &["https://x.io/~a/"]),
            ("http://localhost:8080/a", &[]),
            ("https:// and http://", &[]),
            ("https://x.io/{id}/a", &[]),
            (
                "https://*.example.com and https://$TENANT.example.com/x",
                &[],
            ),
            ("https://api.example.com:PORT/v1, https://api.exam…/v1", &[]),
            ("https://[tenant].example.com/x https://api-....com", &[]),
            (
                "https://v1.2 https://example..com https://.example.com",
                &[],
            ),
            ("https://1.2.3.4:80/a.", &["https://1.2.3.4:80/a"]),
            (
                "https://my_app.x-y.io:8443/a",
                &["https://my_app.x-y.io:8443/a"],
            ),
            (
                "https://bücher.example, https://例え.jp/a",
                &["https://bücher.example", "https://例え.jp/a"],
            ),
            ("https://u@x.io/a", &["https://u@x.io/a"]),
            ("ftp://x.io xhttps://x.io git+https://x.io", &[]),
            ("`https://x.io` https\\://x.io", &[]),
            ("```text\nhttps://x.io\n```", &[]),
            ("[https://x.io](https://y.io)", &["https://y.io"]),
            ("<https://x.io/a>", &["https://x.io/a"]),
            ("![https://x.io](a.png)", &["a.png"]),
        ] {
            let links = outline(text, "").links;
            let found: Vec<&str> = links.iter().map(|link| &*link.destination).collect();
            assert_eq!(found, expected, "{text}");
            for link in links {
                assert_eq!(&text[link.range.clone()], link.destination, "{text}");
            }
        }
    }
}
