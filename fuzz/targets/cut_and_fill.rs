//! Cutting a page at its holes and filling them equals replacing each marker, whatever of the
//! encodings stand around a value.
#![no_main]

use botdocs::hole::{Encoding, Hole, Holed, Values, VariableId, is_reserved};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 3] = ["bot_id", "bot_name", "docs_url"];

fuzz_target!(|text: &str| {
    if text.contains(is_reserved) {
        return;
    }
    // Three values, each up to a bar, then a page in which `{1jt}` is a hole.
    let parts: Vec<&str> = text.splitn(4, '|').collect();
    let [a, b, c, page] = parts[..] else {
        return;
    };
    let values = [a, b, c];
    let page = with_markers(page);
    let named = NAMES.iter().zip(values);
    let filling = Values::new(named.map(|(name, value)| ((*name).to_owned(), value.to_owned())));
    let mut filled = b"before".to_vec();
    Holed::cut(&page, &NAMES).fill_into(&filling, &mut filled);
    let filled = String::from_utf8(filled).expect("a page is text");
    assert_eq!(filled, format!("before{}", naive(&page, values)));
    assert_eq!(filling.fill(&page), plain(&page, values));
    // Cut by cut: what stands around a hole stays.
    assert!(!filled.contains(is_reserved));
});

/// Replaces `{`, a digit, up to eight letters and `}` by the marker that they mean.
fn with_markers(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out += before;
        match after
            .split_once('}')
            .and_then(|(hole, rest)| Some((marker(hole)?, rest)))
        {
            Some((marker, after)) => {
                out.push(marker);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

fn marker(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let index = characters.next()?.to_digit(3)?;
    let encodings = characters.as_str();
    if encodings.chars().count() > 8 {
        return None;
    }
    let mut hole = Hole::new(VariableId::new(index as usize)?);
    for letter in encodings.chars() {
        let mut all = Encoding::ALL.into_iter();
        hole = hole.inside(all.find(|&encoding| self::letter(encoding) == letter)?);
    }
    Some(hole.marker())
}

/// How an encoding is written; one that is new needs a letter here to be compiled.
fn letter(encoding: Encoding) -> char {
    match encoding {
        Encoding::Json => 'j',
        Encoding::Url => 'u',
        Encoding::Sse => 's',
        Encoding::Text => 't',
        Encoding::Attribute => 'a',
        Encoding::Name => 'n',
        Encoding::Markdown => 'm',
        Encoding::Indent => 'i',
        Encoding::Shell => 'h',
        Encoding::Single => 'q',
        Encoding::PowerShell => 'p',
        Encoding::GoRaw => 'g',
    }
}

/// The value as it goes into a hole.
fn encoded(hole: Hole, values: [&str; 3]) -> String {
    let index = hole.variable.index();
    let mut text = values[index].to_owned();
    for encoding in hole.encodings() {
        text = match encoding {
            Encoding::Name => NAMES[index].to_owned(),
            // The entities of HTML in the obvious way, a value's quotes wherever it stands; the
            // others have a table of their own.
            Encoding::Text | Encoding::Attribute => entities(&text),
            // A quote ends the string, one stands by itself, and another begins.
            Encoding::Shell => text.replace('\'', r"'\''"),
            Encoding::Single => text.replace('\\', r"\\").replace('\'', r"\'"),
            Encoding::GoRaw => text.replace('`', "` + \"`\" + `"),
            _ => encoding.encode(&text),
        };
    }
    text
}

fn entities(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let text = text.replace('\r', "&#13;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

fn plain(page: &str, values: [&str; 3]) -> String {
    replace(page, |hole| encoded(hole, values))
}

fn naive(page: &str, values: [&str; 3]) -> String {
    replace(page, |hole| {
        let text = encoded(hole, values);
        let encodings: Vec<Encoding> = hole.encodings().collect();
        if encodings.last() != Some(&Encoding::Text) {
            return text;
        }
        let inner = encodings
            .iter()
            .filter(|encoding| **encoding != Encoding::Text);
        let inner: Vec<&str> = inner.map(|encoding| encoding.name()).collect();
        let inner = match inner.is_empty() {
            true => String::new(),
            false => format!(" data-as=\"{}\"", inner.join(" ")),
        };
        let name = NAMES[hole.variable.index()];
        format!("<data class=hole value={name}{inner}>{text}</data>")
    })
}

fn replace(page: &str, with: impl Fn(Hole) -> String) -> String {
    let text =
        |character| Hole::from_marker(character).map_or_else(|| String::from(character), &with);
    page.chars().map(text).collect()
}
