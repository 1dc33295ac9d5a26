//! Tokenizes HTML as a browser does, with the place of every token.
//!
//! It knows neither trees nor templates: it takes a text, and returns its tags, texts and
//! comments.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// A part of an HTML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkupPart {
    /// A start tag.
    Tag(Tag),
    /// Text; for the raw text of `script`, `style` and the like, with the element's name.
    Text(Range<usize>, Option<String>),
    /// An end tag, a comment, a doctype.
    Other(Range<usize>),
}

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The element, in lower case.
    pub name: String,
    /// The whole tag.
    pub range: Range<usize>,
    /// Every attribute as written, including duplicates.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name, in lower case.
    pub name: String,
    /// The place of the name.
    pub at: Range<usize>,
    /// Its value without entities.
    pub value: String,
    /// The place of the value, without its quotes.
    pub range: Range<usize>,
    /// Whether it is quoted.
    pub is_quoted: bool,
}

impl Tag {
    /// Returns the attribute of a name; of equal ones a browser uses the first.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|it| it.name == name)
    }
}

/// Elements whose text is not HTML (HTML standard, section 13.1.2: raw text and escapable raw
/// text).
const RAW: [&str; 8] = [
    "iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp",
];

/// Tokenizes any text, since a browser accepts any text too.
pub fn read(text: &str) -> Vec<MarkupPart> {
    let mut parts = Vec::new();
    for_each_part(text, |part| parts.push(part));
    parts
}

/// Calls `sink` with each part of a text, in order; the parts of a large page would fill the memory.
pub fn for_each_part(text: &str, sink: impl FnMut(MarkupPart)) {
    let mut reader = MarkupReader {
        text,
        sink,
        open: None,
        raw: None,
    };
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| {
        reader.event(&event, span.start..span.end);
        None::<Infallible>
    });
    // The tokenizer alone does not know which elements contain raw text; a tree would, but it
    // loses the places of elements that it moves.
    emitter.naively_switch_states(true);
    // The emitter receives everything: the iterator returns no token, and no error.
    let nothing = Tokenizer::new_with_emitter(text, emitter).next();
    debug_assert!(nothing.is_none());
    // A part of a template may end within a tag that another part closes.
    reader.close();
}

struct MarkupReader<'t, S> {
    text: &'t str,
    sink: S,
    /// The start tag that is being read.
    open: Option<Tag>,
    /// The element whose text follows.
    raw: Option<String>,
}

impl<S: FnMut(MarkupPart)> MarkupReader<'_, S> {
    fn event(&mut self, event: &CallbackEvent<'_>, range: Range<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.close();
                self.open = Some(Tag {
                    name: lossless(name),
                    range,
                    attributes: Vec::new(),
                });
            }
            CallbackEvent::AttributeName { name } => {
                let attribute = Attribute {
                    name: lossless(name),
                    value: String::new(),
                    range: range.end..range.end,
                    at: range,
                    is_quoted: false,
                };
                if let Some(tag) = &mut self.open {
                    tag.attributes.push(attribute);
                }
            }
            CallbackEvent::AttributeValue { value } => {
                // The tokenizer's span is that of the value without its quotes. Only quoted values
                // are safe, so the character before it decides.
                let before = self.text.as_bytes().get(range.start.wrapping_sub(1));
                let is_quoted = matches!(before, Some(b'"' | b'\''));
                if let Some(tag) = &mut self.open
                    && let Some(last) = tag.attributes.last_mut()
                {
                    (last.value, last.range, last.is_quoted) = (lossless(value), range, is_quoted);
                }
            }
            CallbackEvent::CloseStartTag { .. } => {
                if let Some(tag) = &mut self.open {
                    tag.range.end = range.end;
                    self.raw = RAW.contains(&&*tag.name).then(|| tag.name.clone());
                }
                self.close();
            }
            CallbackEvent::String { .. } => {
                self.close();
                (self.sink)(MarkupPart::Text(range, self.raw.clone()));
            }
            CallbackEvent::EndTag { .. } => {
                self.close();
                self.raw = None;
                (self.sink)(MarkupPart::Other(range));
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => {
                self.close();
                (self.sink)(MarkupPart::Other(range));
            }
            CallbackEvent::Error(_) => {}
        }
    }

    /// Hands on the start tag that was read.
    fn close(&mut self) {
        if let Some(tag) = self.open.take() {
            (self.sink)(MarkupPart::Tag(tag));
        }
    }
}

/// Converts bytes of a UTF-8 text, which are still UTF-8.
fn lossless(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns whether an attribute's value is a URL that runs code (URL standard, section 4.4:
/// control characters and spaces before it, and tabs and line ends in it, are ignored).
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
        let mut found = Vec::new();
        for part in read(text) {
            match part {
                MarkupPart::Tag(tag) => {
                    found.push(format!("tag {} {}", tag.name, &text[tag.range.clone()]));
                    found.extend(tag.attributes.iter().map(|it| {
                        let (at, range) = (&text[it.at.clone()], &text[it.range.clone()]);
                        format!("{at} = {} ({}) {range}", it.name, it.is_quoted)
                    }));
                }
                MarkupPart::Text(range, raw) => {
                    found.push(format!("text {} {raw:?}", &text[range]))
                }
                MarkupPart::Other(range) => found.push(format!("other {}", &text[range])),
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
        assert_eq!(found, wanted);
    }
}
