//! A type for safe HTML, and the only writer of it.
//!
//! Nothing else escapes HTML. Text and attribute values go through [`Encoding`], so that their
//! holes record where they are. Elements are written by [`Element`], which quotes every attribute.

use serde::{Serialize, Serializer};

use crate::hole::{Encoding, Hole};

/// HTML that can be inserted into a page as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Creates empty HTML.
    pub fn new() -> Html {
        Html::default()
    }

    /// Escapes `text`; its holes become elements that the browser can find.
    pub fn text(text: &str) -> Html {
        Html(Encoding::Text.encode(text))
    }

    /// Appends `text`, escaped.
    pub fn push_text(&mut self, text: &str) {
        Encoding::Text.encode_into(text, &mut self.0);
    }

    /// Appends `text`, escaped; invisible characters are named and isolated.
    ///
    /// They stay in the text, so that a copy is exact, but inside a `bdi` element, which limits
    /// changes of direction: code and prose look like what they are (CVE-2021-42574).
    pub fn push_visible(&mut self, text: &str) {
        let mut rest = text;
        // Escaping them instead would change the text that a reader copies.
        while let Some((at, unseen)) = rest.char_indices().find(|&(_, c)| is_unseen(c)) {
            self.push_text(&rest[..at]);
            self.element("bdi")
                .attribute("class", "control")
                .attribute("title", &format!("U+{:04X}", u32::from(unseen)))
                .text(unseen.encode_utf8(&mut [0; 4]));
            rest = &rest[at + unseen.len_utf8()..];
        }
        self.push_text(rest);
    }

    /// Appends HTML.
    pub fn push(&mut self, html: &Html) {
        self.0.push_str(&html.0);
    }

    /// Appends markup from our source, such as `"<p>"`.
    pub fn push_markup(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Begins an element; attributes follow, and [`Element::open`] or [`Element::text`] ends it.
    pub fn element(&mut self, name: &'static str) -> Element<'_> {
        self.0.push('<');
        self.0.push_str(name);
        Element { html: self, name }
    }

    /// Returns spare memory of megabytes: a long text would keep as much as it is long.
    pub fn shrunk(mut self) -> Html {
        if self.0.capacity() - self.0.len() > 1 << 20 {
            self.0.shrink_to_fit();
        }
        self
    }

    /// Returns the markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns whether a character is a control, invisible, or changes the direction of the text after
/// it.
///
/// Scripts and emoji need the joiners U+200C and U+200D and the marks U+200E, U+200F and U+061C.
fn is_unseen(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => false,
        '\u{180e}' | '\u{200b}' | '\u{feff}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        _ => character.is_control(),
    }
}

impl Serialize for Html {
    /// Serializes as a string that templates don't escape again.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The engine's own mark of safe text passes serde, so a struct with a field of this type
        // needs no filter `safe`.
        minijinja::Value::from_safe_string(self.0.clone()).serialize(serializer)
    }
}

/// A start tag being written.
#[must_use = "an element must be opened"]
pub struct Element<'a> {
    html: &'a mut Html,
    name: &'static str,
}

impl Element<'_> {
    /// Adds an attribute whose value is escaped and quoted.
    ///
    /// A value with holes is followed by `data-fill-NAME`, a JSON list of texts and `[variable,
    /// encoding …]`, from which the browser of a generic site rebuilds the value.
    pub fn attribute(self, name: &'static str, value: &str) -> Self {
        let out = &mut self.html.0;
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        Encoding::Attribute.encode_into(value, out);
        out.push('"');
        // The attribute contains the value itself for readers without JavaScript; the list beside
        // it is for the script, which can't find the places of a value in a finished text.
        if Hole::is_in(value) {
            out.push_str(" data-fill-");
            out.push_str(name);
            out.push_str("=\"");
            Encoding::Attribute.encode_into(&fill_recipe(value), out);
            out.push('"');
        }
        self
    }

    /// Adds an attribute if there is a value.
    pub fn attribute_if(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    /// Adds a boolean attribute, if it is set.
    pub fn flag_if(self, name: &'static str, is_set: bool) -> Self {
        if is_set {
            self.html.0.push(' ');
            self.html.0.push_str(name);
        }
        self
    }

    /// Ends the start tag.
    pub fn open(self) {
        self.html.0.push('>');
    }

    /// Ends the start tag, writes escaped text and the end tag.
    pub fn text(self, text: &str) {
        let Element { html, name } = self;
        html.0.push('>');
        html.push_text(text);
        html.0.push_str("</");
        html.0.push_str(name);
        html.0.push('>');
    }
}

/// Returns the parts of an attribute's value as JSON: `["https://a/", ["bot_id", "url"], "?x=1"]`.
fn fill_recipe(value: &str) -> String {
    let mut parts = Vec::new();
    let mut text = String::new();
    for character in value.chars() {
        let Some(hole) = Hole::from_marker(character) else {
            text.push(character);
            continue;
        };
        if !text.is_empty() {
            parts.push(serde_json::Value::from(std::mem::take(&mut text)));
        }
        let name = Hole::new(hole.variable)
            .inside(Encoding::Name)
            .marker()
            .to_string();
        let encodings = hole.encodings().map(|encoding| encoding.name().to_owned());
        parts.push(std::iter::once(name).chain(encodings).collect());
    }
    if !text.is_empty() {
        parts.push(text.into());
    }
    serde_json::Value::from(parts).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hole::VariableId;

    fn marker() -> char {
        Hole::new(VariableId::new(0).unwrap()).marker()
    }

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut html = Html::new();
        html.element("a").attribute("title", "\"'<&>").text("<&>\"");
        assert_eq!(
            html.as_str(),
            "<a title=\"&quot;&#39;&lt;&amp;&gt;\">&lt;&amp;&gt;\"</a>"
        );
    }

    #[test]
    fn a_hole_in_an_attribute_comes_with_its_recipe() {
        let mut html = Html::new();
        let url = format!("https://x/{}", Encoding::Url.encode(&marker().to_string()));
        html.element("a").attribute("href", &url).open();
        let names = ["bot_id"];
        let values = crate::hole::Values::new([("bot_id".to_owned(), "a \"b\"".to_owned())]);
        let mut out = Vec::new();
        crate::hole::Holed::cut(html.as_str(), &names).fill_into(&values, &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "<a href=\"https://x/a%20%22b%22\" data-fill-href=\"[&quot;https://x/&quot;,[&quot;bot_id&quot;,&quot;url&quot;]]\">"
        );
    }
}
