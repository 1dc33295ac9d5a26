//! HTML as a browser's tokenizer reads it, with the place of everything.
//!
//! It knows of no tree and of no template: a text goes in, its tags, texts and comments come out.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// A part of an HTML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkupPart {
    /// A start tag.
    Tag(Tag),
    /// Text; of `script`, `style` and the like, where it is no HTML, with the element's name.
    Text(Range<usize>, Option<String>),
    /// An end tag, a comment, a doctype.
    Other(Range<usize>),
}

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The element, in small letters.
    pub name: String,
    /// All of it.
    pub range: Range<usize>,
    /// Every attribute that is written, doubles too.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name, in small letters.
    pub name: String,
    /// Where the name is written.
    pub at: Range<usize>,
    /// Its value without entities.
    pub value: String,
    /// Where the value is written, without its quotes.
    pub range: Range<usize>,
    /// Whether it stands in quotes.
    pub is_quoted: bool,
}

impl Tag {
    /// The value of an attribute; of equal ones a browser takes the first.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|it| it.name == name)
    }
}

/// Elements whose text is no HTML (HTML standard, section 13.1.2: raw text and escapable raw text).
const RAW: [&str; 8] = [
    "iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp",
];

/// Reads a text; whatever it is, a browser makes something of it, and so does this.
pub fn read(text: &str) -> Vec<MarkupPart> {
    let mut reader = MarkupReader {
        text,
        parts: Vec::new(),
        raw: None,
    };
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| {
        reader.event(&event, span.start..span.end);
        None::<Infallible>
    });
    // The tokenizer alone does not know which elements hold raw text; a tree would, which would
    // lose the places of what it moves.
    emitter.naively_switch_states(true);
    // All that there is goes to the reader: no token comes out, and no error.
    let nothing = Tokenizer::new_with_emitter(text, emitter).next();
    debug_assert!(nothing.is_none());
    reader.parts
}

struct MarkupReader<'t> {
    text: &'t str,
    parts: Vec<MarkupPart>,
    /// The element whose text comes.
    raw: Option<String>,
}

impl MarkupReader<'_> {
    fn event(&mut self, event: &CallbackEvent<'_>, range: Range<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                let (name, attributes) = (lossless(name), Vec::new());
                self.parts.push(MarkupPart::Tag(Tag {
                    name,
                    range,
                    attributes,
                }));
            }
            CallbackEvent::AttributeName { name } => {
                let attribute = Attribute {
                    name: lossless(name),
                    value: String::new(),
                    range: range.end..range.end,
                    at: range,
                    is_quoted: false,
                };
                if let Some(MarkupPart::Tag(tag)) = self.parts.last_mut() {
                    tag.attributes.push(attribute);
                }
            }
            CallbackEvent::AttributeValue { value } => {
                // The tokenizer's span is of the value without its quotes. Only quoted values are
                // safe, so what stands before it decides.
                let before = self.text.as_bytes().get(range.start.wrapping_sub(1));
                let is_quoted = matches!(before, Some(b'"' | b'\''));
                if let Some(MarkupPart::Tag(tag)) = self.parts.last_mut()
                    && let Some(last) = tag.attributes.last_mut()
                {
                    (last.value, last.range, last.is_quoted) = (lossless(value), range, is_quoted);
                }
            }
            CallbackEvent::CloseStartTag { .. } => {
                if let Some(MarkupPart::Tag(tag)) = self.parts.last_mut() {
                    tag.range.end = range.end;
                    self.raw = RAW.contains(&&*tag.name).then(|| tag.name.clone());
                }
            }
            CallbackEvent::String { .. } => {
                self.parts.push(MarkupPart::Text(range, self.raw.clone()))
            }
            CallbackEvent::EndTag { .. } => {
                self.raw = None;
                self.parts.push(MarkupPart::Other(range));
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => {
                self.parts.push(MarkupPart::Other(range));
            }
            CallbackEvent::Error(_) => {}
        }
    }
}

/// What was UTF-8 still is.
fn lossless(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether an attribute's value is an address that runs (URL standard, section 4.4: control
/// characters and spaces before it, and tabs and line ends in it, count for nothing).
pub fn is_script(value: &str) -> bool {
    let written = value.trim_start_matches(|c: char| c <= ' ');
    let scheme = written.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r'));
    let scheme: String = scheme.take("javascript:".len()).collect();
    scheme.eq_ignore_ascii_case("javascript:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_place() {
        let text = "<!doctype html>\n<p ID=a title='x &amp; \u{F0000}' hidden lang=\"\">é<br/><!-- c -->\
                    <script>if (a<b) {}</script><TITLE>a&lt;</TITLE></p>";
        let mut said = Vec::new();
        for part in read(text) {
            match part {
                MarkupPart::Tag(tag) => {
                    said.push(format!("tag {} {}", tag.name, &text[tag.range.clone()]));
                    said.extend(tag.attributes.iter().map(|it| {
                        let (at, range) = (&text[it.at.clone()], &text[it.range.clone()]);
                        format!("{at} = {} ({}) {range}", it.name, it.is_quoted)
                    }));
                }
                MarkupPart::Text(range, raw) => said.push(format!("text {} {raw:?}", &text[range])),
                MarkupPart::Other(range) => said.push(format!("other {}", &text[range])),
            }
        }
        let wanted = [
            "other <!doctype html>",
            "text \n None",
            "tag p <p ID=a title='x &amp; \u{f0000}' hidden lang=\"\">",
            "ID = id (false) a",
            "title = title (true) x &amp; \u{f0000}",
            "hidden = hidden (false) ",
            "lang = lang (false) ",
            "text é None",
            "tag br <br/>",
            "other <!-- c -->",
            "tag script <script>",
            "text if (a<b) {} Some(\"script\")",
            "other </script>",
            "tag title <TITLE>",
            "text a&lt; Some(\"title\")",
            "other </TITLE>",
            "other </p>",
        ];
        assert_eq!(said, wanted);
    }
}
