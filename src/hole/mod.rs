//! Text with named holes, and fast filling of the holes.
//!
//! A **hole** is a variable and the encodings that its value needs in its place, from the inside
//! out: the bot's name inside a JSON string inside HTML is `name, [json, text]`. While a page is
//! rendered, each hole is one character, its [`marker`](Hole::marker), from the private-use planes
//! 15 and 16. A highlighter can't split one character, nothing can escape half of it, and every
//! encoder ([`Encoding::encode`]) recognises it and adds itself to the hole's encodings instead of
//! encoding the marker. Input with such a character is refused when it is read. The number of the
//! variable and that of its encodings (`nesting.rs`) are packed into the character.
//!
//! [`Holed::cut`] finds the markers of a rendered page once; [`Holed::fill_into`] puts one bot's
//! values in. The tests compare both with a slow, obvious form.

pub mod file_name;
pub mod pattern;
pub mod roster;
pub mod spool;
pub mod variable;

mod gzip;
mod markdown;
mod named;
mod nesting;
mod unmarked;

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

pub use gzip::{Gzip, gzipped};
pub use markdown::push_markdown;
pub use unmarked::Unmarked;

use nesting::Nesting;

/// The first character of the markers; input must not contain it or a later one.
// Private use (The Unicode Standard, 23.5): no standard assigns a meaning to these characters, so
// no encoder, highlighter or parser of Markdown treats one specially.
pub const FIRST_MARKER: char = '\u{F0000}';

/// Returns whether input may not contain a character: a marker, or NUL, which terminates C strings.
pub fn is_reserved(character: char) -> bool {
    character == '\0' || character >= FIRST_MARKER
}

/// The greatest number of variables of a project.
///
/// Planes 15 and 16 have 2^17 characters; each variable takes `nesting::ROOM` for its encodings.
pub const MAX_VARIABLES: usize = 256;

// So no hole has a marker beyond the last character.
const _: () = assert!(MAX_VARIABLES as u32 * nesting::ROOM <= 1 << 17);

/// The index of a variable in the project's list, below [`MAX_VARIABLES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableId(u8);

impl VariableId {
    /// Returns the ID of the variable at `index`, if a project can have that many.
    pub fn new(index: usize) -> Option<VariableId> {
        u8::try_from(index).ok().map(VariableId)
    }

    /// Returns the variable's index in the project's list.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One way to encode a value for the place around it.
///
/// The browser has encoders of the same names; `tests/encodings.json` tests both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Inside a JSON string (RFC 8259, section 7), and safe inside HTML's `script`.
    Json,
    /// A component of a URL: all but RFC 3986's unreserved characters as `%XX` of UTF-8.
    Url,
    /// The data of a server-sent event: each further line gets its own `data: `.
    Sse,
    /// HTML text; in a page the value is in a `data` element that the browser can find.
    Text,
    /// An HTML attribute in quotes, or text of an element that can't hold elements (`title`).
    Attribute,
    /// The variable's own name instead of its value: tells the browser which variable goes where.
    Name,
    /// Text of a twin, on one line, with the markup of Markdown escaped.
    Markdown,
    /// Code that is indented by four spaces in a twin: each further line gets them too.
    Indent,
    /// A string of a POSIX shell in single quotes.
    Shell,
    /// A string of PHP or Ruby in single quotes.
    Single,
    /// A string of PowerShell in single quotes.
    PowerShell,
    /// A raw string of Go in back quotes.
    GoRaw,
}

impl Encoding {
    /// All encodings, in the order of their numbers.
    pub const ALL: [Encoding; 12] = [
        Encoding::Json,
        Encoding::Url,
        Encoding::Sse,
        Encoding::Text,
        Encoding::Attribute,
        Encoding::Name,
        Encoding::Markdown,
        Encoding::Indent,
        Encoding::Shell,
        Encoding::Single,
        Encoding::PowerShell,
        Encoding::GoRaw,
    ];

    /// Returns the encoding's name in pages and in the browser's script.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Json => "json",
            Encoding::Url => "url",
            Encoding::Sse => "sse",
            Encoding::Text => "text",
            Encoding::Attribute => "attribute",
            Encoding::Name => "name",
            Encoding::Markdown => "markdown",
            Encoding::Indent => "indent",
            Encoding::Shell => "shell",
            Encoding::Single => "single",
            Encoding::PowerShell => "powershell",
            Encoding::GoRaw => "goraw",
        }
    }

    /// Encodes `text`; markers in it gain this encoding and are kept.
    pub fn encode(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 8);
        self.encode_into(text, &mut out);
        out
    }

    /// Appends the encoded `text` to `out`, as [`encode`](Self::encode) does.
    pub fn encode_into(self, text: &str, out: &mut String) {
        if self == Encoding::Markdown {
            return push_markdown(text, None, out);
        }
        let mut rest = text;
        let mut previous = None;
        loop {
            // Most of a text stays unchanged; reading each of its characters took 6 % of the
            // instructions of a compressed archive (2026-11-23).
            let left = self.left(rest);
            if left > 0 {
                out.push_str(&rest[..left]);
                previous = None;
            }
            let mut characters = rest[left..].chars();
            let Some(character) = characters.next() else {
                return;
            };
            match Hole::from_marker(character) {
                Some(hole) => out.push(hole.inside(self).marker()),
                // CR LF is one line end.
                None if previous == Some('\r') && character == '\n' && self.splits_lines() => {}
                None => self.push(character, out),
            }
            previous = Some(character);
            rest = characters.as_str();
        }
    }

    /// Returns the number of bytes at the start of any text that stay unchanged.
    fn left(self, text: &str) -> usize {
        let is_left = match self {
            // `Name` prints no text, and Markdown depends on several characters.
            Encoding::Name | Encoding::Markdown => return 0,
            Encoding::Text | Encoding::Attribute => &LEFT_IN_HTML,
            _ => &LEFT_EVERYWHERE,
        };
        let changed = text
            .as_bytes()
            .iter()
            .position(|&b| !is_left[usize::from(b)]);
        changed.unwrap_or(text.len())
    }

    /// Returns whether it encodes a string literal of a language.
    const fn is_of_strings(self) -> bool {
        use Encoding::{GoRaw, Json, PowerShell, Shell, Single};
        matches!(self, Json | Shell | Single | PowerShell | GoRaw)
    }

    fn splits_lines(self) -> bool {
        matches!(self, Encoding::Sse | Encoding::Indent)
    }

    fn push(self, character: char, out: &mut String) {
        match self {
            Encoding::Json => push_json(character, out),
            Encoding::Url => push_url(character, out),
            Encoding::Sse => match character {
                // The standard has all three line ends; a client returns each as a line feed.
                '\n' | '\r' => out.push_str("\ndata: "),
                _ => out.push(character),
            },
            Encoding::Text => match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '\r' => out.push_str("&#13;"),
                _ => out.push(character),
            },
            Encoding::Attribute => match character {
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                _ => Encoding::Text.push(character, out),
            },
            Encoding::Indent => match character {
                '\n' | '\r' => out.push_str("\n    "),
                _ => out.push(character),
            },
            Encoding::Shell => match character {
                '\'' => out.push_str(r"'\''"),
                _ => out.push(character),
            },
            Encoding::Single => match character {
                '\'' | '\\' => out.extend(['\\', character]),
                _ => out.push(character),
            },
            Encoding::PowerShell => match character {
                // PowerShell reads typographic quotes as the plain one.
                '\'' | '‘' | '’' | '‚' | '‛' => out.extend([character, character]),
                _ => out.push(character),
            },
            Encoding::GoRaw => match character {
                '`' => out.push_str("` + \"`\" + `"),
                _ => out.push(character),
            },
            // `Name` prints no text; `push_markdown` writes Markdown.
            Encoding::Name | Encoding::Markdown => {}
        }
    }
}

/// The bytes that no encoding of text changes.
static LEFT_EVERYWHERE: [bool; 256] = {
    let mut left = [false; 256];
    let mut byte = 0u8;
    while byte.is_ascii() {
        left[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        byte += 1;
    }
    left
};

/// The bytes that the encodings of HTML leave unchanged.
static LEFT_IN_HTML: [bool; 256] = {
    let mut left = [false; 256];
    let mut byte = 0u8;
    while byte.is_ascii() {
        left[byte as usize] = !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | b'\r');
        byte += 1;
    }
    left
};

fn push_json(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        // Invisible characters and line ends are escaped, so that they can be seen and copied.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
            let _ = write!(out, "\\u{:04x}", character as u32);
        }
        _ => out.push(character),
    }
}

fn push_url(character: char, out: &mut String) {
    match character {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~' => out.push(character),
        _ => {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

/// A variable and the encodings that its value needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hole {
    /// The variable.
    pub variable: VariableId,
    encodings: Nesting,
}

impl Hole {
    /// Creates a hole whose value is not encoded.
    pub fn new(variable: VariableId) -> Hole {
        Hole {
            variable,
            encodings: Nesting::NONE,
        }
    }

    /// Returns the character that represents this hole until the page is cut.
    pub fn marker(self) -> char {
        let place = u32::from(self.variable.0) * nesting::ROOM + self.encodings.number();
        let code = FIRST_MARKER as u32 + place;
        char::from_u32(code).expect("planes 15 and 16 hold no surrogates")
    }

    /// Returns the hole that a character represents, if it is a marker.
    pub fn from_marker(character: char) -> Option<Hole> {
        let place = (character as u32).checked_sub(FIRST_MARKER as u32)?;
        Some(Hole {
            variable: VariableId::new((place / nesting::ROOM) as usize)?,
            encodings: Nesting::of_number(place % nesting::ROOM)?,
        })
    }

    /// Returns whether a text contains a marker.
    pub fn is_in(text: &str) -> bool {
        Hole::first_in(text).is_some()
    }

    /// Returns the first marker in a text: its place and its hole.
    pub fn first_in(text: &str) -> Option<(usize, Hole)> {
        // The first bytes in UTF-8 of planes 15 and 16, and of some planes before.
        let mut starts = memchr::memchr2_iter(0xf3, 0xf4, text.as_bytes());
        starts.find_map(|at| Some((at, Hole::from_marker(text[at..].chars().next()?)?)))
    }

    /// Returns the hole with one more encoding around it.
    pub fn inside(self, encoding: Encoding) -> Hole {
        Hole {
            encodings: self.encodings.inside(encoding),
            ..self
        }
    }

    /// Returns the encodings from the inside out.
    pub fn encodings(self) -> impl Iterator<Item = Encoding> {
        self.encodings.encodings()
    }

    fn encode(self, value: &str, name: &str) -> String {
        let text = Cow::Borrowed(value);
        let encoded = self
            .encodings()
            .fold(text, |text, encoding| match encoding {
                Encoding::Name => Cow::Borrowed(name),
                // Quotes too, so that no value can leave an attribute if such HTML ever is in one.
                Encoding::Text => Cow::Owned(Encoding::Attribute.encode(&text)),
                _ => Cow::Owned(encoding.encode(&text)),
            });
        encoded.into_owned()
    }
}

/// The values for one bot's holes: a name and a value for each variable, in the project's order.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<(String, String)>);

impl Values {
    /// Creates values from the name and value of each variable, in the project's order.
    pub fn new(values: impl IntoIterator<Item = (String, String)>) -> Values {
        Values(values.into_iter().collect())
    }

    /// Replaces the value of the variable at an index in the project's order.
    pub fn set(&mut self, variable: usize, value: &str) {
        let (_, old) = &mut self.0[variable];
        old.clear();
        old.push_str(value);
    }

    /// Returns the unencoded value of a variable.
    pub fn get(&self, variable: VariableId) -> &str {
        self.0.get(variable.index()).map_or("", |(_, value)| value)
    }

    /// Returns the values with another one for a variable.
    pub fn with(&self, variable: VariableId, value: &Unmarked) -> Values {
        let mut values = self.clone();
        if let Some((_, own)) = values.0.get_mut(variable.index()) {
            value.as_str().clone_into(own);
        }
        values
    }

    fn encode(&self, hole: Hole) -> String {
        let (name, value) = &self.0[hole.variable.index()];
        hole.encode(value, name)
    }

    /// Replaces the markers of a short text by the encoded values.
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, hole)) = Hole::first_in(rest) {
            out.push_str(&rest[..at]);
            out.push_str(&self.encode(hole));
            rest = &rest[at + hole.marker().len_utf8()..];
        }
        out.push_str(rest);
        out
    }

    /// Replaces the markers in all texts of a JSON value.
    pub fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(items) => items.iter().map(|item| self.fill_value(item)).collect(),
            Value::Object(members) => {
                let members = members.iter();
                let filled = members.map(|(name, value)| (name.clone(), self.fill_value(value)));
                Value::Object(filled.collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    /// Fills an uncut page slowly; [`Holed`] must return the same.
    pub fn fill_html(&self, page: &str) -> String {
        let mut out = String::with_capacity(page.len());
        for character in page.chars() {
            let Some(hole) = Hole::from_marker(character) else {
                out.push(character);
                continue;
            };
            let is_wrapped = hole.encodings().last() == Some(Encoding::Text);
            if is_wrapped {
                open_data_element(&mut out, hole, &self.0[hole.variable.index()].0);
            }
            out.push_str(&self.encode(hole));
            if is_wrapped {
                out.push_str("</data>");
            }
        }
        out
    }
}

/// Opens the `data` element around a visible value.
fn open_data_element(out: &mut String, hole: Hole, name: &str) {
    let inner: Vec<&str> = hole
        .encodings()
        .filter(|&e| e != Encoding::Text)
        .map(Encoding::name)
        .collect();
    out.push_str("<data class=hole value=");
    out.push_str(name);
    if !inner.is_empty() {
        let _ = write!(out, " data-as=\"{}\"", inner.join(" "));
    }
    out.push('>');
}

/// A rendered page, cut at its holes.
///
/// One buffer and the offsets of the holes, not a string for each piece: filling is then a sequence
/// of copies into a reused buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holed {
    /// The page without its markers.
    literal: String,
    /// The different holes of the page, in the order of their first appearance.
    holes: Vec<Hole>,
    /// The places of holes in order: an offset in `literal` and an index in `holes`.
    places: Vec<(usize, usize)>,
}

impl Holed {
    /// Cuts a page at its markers; `names` are the variables' names in the project's order.
    ///
    /// A hole whose last encoding is [`Encoding::Text`] is wrapped in a `data` element, by which
    /// style sheet and browser find the reader's values.
    pub fn cut(page: &str, names: &[&str]) -> Holed {
        let mut holed = Holed {
            literal: String::with_capacity(page.len() + 512),
            holes: Vec::new(),
            places: Vec::new(),
        };
        let mut rest = page;
        while let Some((at, hole)) = Hole::first_in(rest) {
            holed.literal.push_str(&rest[..at]);
            rest = &rest[at + hole.marker().len_utf8()..];
            let wrapped = hole.encodings().last() == Some(Encoding::Text);
            if wrapped {
                open_data_element(&mut holed.literal, hole, names[hole.variable.index()]);
            }
            let place = holed.holes.iter().position(|&known| known == hole);
            let place = place.unwrap_or_else(|| {
                holed.holes.push(hole);
                holed.holes.len() - 1
            });
            holed.places.push((holed.literal.len(), place));
            if wrapped {
                holed.literal.push_str("</data>");
            }
        }
        holed.literal.push_str(rest);
        holed
    }

    /// Returns the text of the page without its holes.
    pub fn literal(&self) -> &str {
        &self.literal
    }

    /// Returns a hash of everything but the values that a filled page depends on; `names` are the
    /// variables' names in the project's order.
    pub fn hash(&self, names: &[&str]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let mut part = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        part(self.literal.as_bytes());
        for &(at, hole) in &self.places {
            let hole = self.holes[hole];
            part(&(at as u64).to_le_bytes());
            part(&[hole.variable.0]);
            // By names, not numbers: another version may assign the numbers to other encodings.
            let encodings: Vec<&str> = hole.encodings().map(Encoding::name).collect();
            part(encodings.join(" ").as_bytes());
            part(names[hole.variable.index()].as_bytes());
        }
        hasher.finalize()
    }

    /// Returns the places of the holes in a filled text, from which the browser fills it again.
    ///
    /// Each is the length of the text since the last value, the length of the value, its variable
    /// and the encodings: `120 11 bot_id json;4 11 bot_id`. Lengths are in UTF-16 units.
    pub fn recipe(&self, values: &Values) -> String {
        let length = |text: &str| text.encode_utf16().count();
        let mut recipe = String::new();
        let mut from = 0;
        for &(to, hole) in &self.places {
            let hole = self.holes[hole];
            if !recipe.is_empty() {
                recipe.push(';');
            }
            let before = length(&self.literal[from..to]);
            let value = length(&values.encode(hole));
            let (name, _) = &values.0[hole.variable.index()];
            let _ = write!(recipe, "{before} {value} {name}");
            for encoding in hole.encodings() {
                let _ = write!(recipe, " {}", encoding.name());
            }
            from = to;
        }
        recipe
    }

    /// Appends the page with a bot's values to `out`.
    pub fn fill_into(&self, values: &Values, out: &mut Vec<u8>) {
        self.fill_with(&self.encoded(values), out);
    }

    /// Returns the size of the page with a bot's values.
    pub fn filled_size(&self, values: &Values) -> usize {
        self.size_with(&self.encoded(values))
    }

    /// Returns the encoded value of each of the different holes.
    fn encoded(&self, values: &Values) -> Vec<String> {
        self.holes.iter().map(|&hole| values.encode(hole)).collect()
    }

    fn size_with(&self, encoded: &[String]) -> usize {
        let added = self.places.iter().map(|&(_, hole)| encoded[hole].len());
        self.literal.len() + added.sum::<usize>()
    }

    /// Fills each of the different holes with the text at its index.
    fn fill_with(&self, encoded: &[String], out: &mut Vec<u8>) {
        out.reserve(self.size_with(encoded));
        let mut from = 0;
        for &(to, hole) in &self.places {
            out.extend_from_slice(&self.literal.as_bytes()[from..to]);
            out.extend_from_slice(encoded[hole].as_bytes());
            from = to;
        }
        out.extend_from_slice(&self.literal.as_bytes()[from..]);
    }
}

#[cfg(test)]
mod tests;
