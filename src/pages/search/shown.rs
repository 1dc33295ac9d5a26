//! The words that a finished page shows, each with its place.
//!
//! The rows of the index are made from the model, with good titles and texts. What a template adds,
//! such as a heading or a type, is read from the page that it printed, so no word of a page can be
//! missing in the index. The body of code is left out: nobody looks up its keywords, and each
//! language repeats the same names.

use unicode_normalization::char::is_combining_mark;

use crate::rich::markup::{self, MarkupPart, Tag};

/// The text of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ShownPage {
    /// The texts in the order of the page.
    pub(super) texts: Vec<ShownText>,
    /// The code samples, each with its language.
    pub(super) samples: Vec<ShownSample>,
}

/// A text between two places.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShownText {
    /// The ID of the innermost place that contains it.
    pub(super) place: Option<String>,
    /// Its text.
    pub(super) text: String,
}

/// A code sample in a language.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShownSample {
    /// The ID of the innermost place that contains it.
    pub(super) place: Option<String>,
    /// The name of the language.
    pub(super) language: String,
    /// The ID of its code.
    pub(super) id: String,
}

/// Returns the words of a text of HTML: runs of letters, digits and marks, but no character
/// references.
pub(in crate::pages) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut pieces = text.split('&');
    let first = pieces.next();
    let pieces = first.into_iter().chain(pieces.map(after_reference));
    let words = pieces.flat_map(|piece| piece.split(|c| !is_in_word(c)));
    words.filter(|word| !word.is_empty())
}

/// Returns the rest of a text behind the character reference that begins it, whose `&` is gone.
fn after_reference(text: &str) -> &str {
    let is_reference = |name: &str| {
        let name = name.strip_prefix('#').unwrap_or(name);
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric())
    };
    match text.split_once(';') {
        Some((name, rest)) if is_reference(name) => rest,
        _ => text,
    }
}

/// Returns whether a character is a letter, a digit or a mark.
fn is_in_word(character: char) -> bool {
    character.is_alphanumeric() || (!character.is_ascii() && is_combining_mark(character))
}

/// Elements that are part of a line of text, so they end no word.
const INLINE: [&str; 23] = [
    "a", "abbr", "b", "bdi", "code", "data", "del", "em", "i", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "u", "var", "wbr", "time",
];

/// Elements without an end tag (HTML standard, 13.1.2: void elements).
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose text is no text of the page.
const SILENT: [&str; 5] = ["pre", "script", "style", "template", "svg"];

/// Reads a page: the text of its `main` element. `is_place` returns whether an ID is that of an
/// entry of the index.
pub(super) fn read(html: &str, is_place: &dyn Fn(&str) -> bool) -> ShownPage {
    let mut reader = ShownReader {
        is_place,
        page: ShownPage::default(),
        open: Vec::new(),
        summary: None,
    };
    let html = without_code(html);
    markup::for_each_part(&html, |part| match part {
        MarkupPart::Tag(tag) => reader.start(&tag),
        MarkupPart::Text(range, None) => reader.text(&html[range]),
        MarkupPart::Text(..) => {}
        MarkupPart::Other(range) => {
            if let Some(name) = html[range].strip_prefix("</") {
                reader.end(name.trim_end_matches('>').trim());
            }
        }
    });
    reader.page
}

/// Returns a page without the content of its `pre` elements: most tags of a page colour code, and
/// reading them all would take longer than printing them.
fn without_code(html: &str) -> String {
    let mut pieces = html.split("<pre");
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        kept.push_str("<pre");
        // The name of another element may begin so.
        let opened = piece.starts_with([' ', '>']).then(|| piece.find('>'));
        match (opened.flatten(), piece.find("</pre")) {
            (Some(opened), Some(end)) if opened < end => {
                kept.push_str(&piece[..=opened]);
                kept.push_str(&piece[end..]);
            }
            _ => kept.push_str(piece),
        }
    }
    kept
}

/// An open element.
struct OpenTag {
    name: String,
    /// The place of its text.
    place: Option<String>,
}

struct ShownReader<'p> {
    is_place: &'p dyn Fn(&str) -> bool,
    page: ShownPage,
    /// The open elements from `main` on.
    open: Vec<OpenTag>,
    /// The text of the last `summary` of a sample, which names its language.
    summary: Option<String>,
}

impl ShownReader<'_> {
    fn start(&mut self, tag: &Tag) {
        if self.open.is_empty() && tag.name != "main" {
            return;
        }
        let id = tag.attribute("id").map(|id| id.value.clone());
        let own = id.clone().filter(|id| (self.is_place)(id));
        if let (true, Some(id)) = (tag.name == "pre", id) {
            self.sample(id);
        }
        self.boundary(&tag.name);
        if tag.attribute("data-sample").is_some() {
            self.summary = None;
        }
        if tag.name == "summary" {
            self.summary = Some(String::new());
        }
        let outer = self.open.last().and_then(|outer| outer.place.clone());
        let is_heading = matches!(
            tag.name.as_str(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt"
        );
        if let (true, Some(id), Some(around)) = (is_heading, &own, self.open.last_mut()) {
            // What follows a heading is below it.
            around.place = Some(id.clone());
        }
        if !VOID.contains(&tag.name.as_str()) {
            self.open.push(OpenTag {
                name: tag.name.clone(),
                place: own.or(outer),
            });
        }
    }

    /// Notes a sample: code with an ID below the name of its language.
    fn sample(&mut self, id: String) {
        let summary = self.summary.as_deref().map(str::trim).unwrap_or_default();
        if summary.is_empty() {
            return;
        }
        self.page.samples.push(ShownSample {
            place: self.open.last().and_then(|outer| outer.place.clone()),
            language: summary.to_owned(),
            id,
        });
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|element| element.name == name) else {
            return;
        };
        self.boundary(name);
        self.open.truncate(at);
        if name == "details" {
            self.summary = None;
        }
    }

    /// Ends a word at an element that is no part of a line.
    fn boundary(&mut self, name: &str) {
        if !INLINE.contains(&name)
            && let Some(last) = self.page.texts.last_mut()
        {
            last.text.push('\n');
        }
    }

    fn text(&mut self, text: &str) {
        let Some(element) = self.open.last() else {
            return;
        };
        if self
            .open
            .iter()
            .any(|open| SILENT.contains(&open.name.as_str()))
        {
            return;
        }
        if let Some(summary) = &mut self.summary
            && element.name == "summary"
        {
            summary.push_str(text);
        }
        match self.page.texts.last_mut() {
            Some(last) if last.place == element.place => last.text.push_str(text),
            _ => self.page.texts.push(ShownText {
                place: element.place.clone(),
                text: text.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> ShownPage {
        super::read(html, &|id| ["one", "two", "field"].contains(&id))
    }

    fn texts(html: &str) -> Vec<(Option<String>, Vec<String>)> {
        let texts = read(html).texts.into_iter();
        let words = |text: &str| words(text).map(str::to_owned).collect();
        texts.map(|it| (it.place, words(&it.text))).collect()
    }

    #[test]
    fn text_belongs_to_the_heading_above_it_or_to_the_element_around_it() {
        let html = "<header>Menu</header><main><p>Before</p><h2 id=one>One</h2><p>below <b>o</b>ne</p>\
            <section id=none><h2 id=two>Two</h2><ul><li id=field>field</li><li>more</li></ul></section>\
            <p>after</p></main><footer>End</footer>";
        let owned = |place: Option<&str>, words: &[&str]| {
            (
                place.map(str::to_owned),
                words.iter().map(|word| (*word).to_owned()).collect(),
            )
        };
        let expected = [
            owned(None, &["Before"]),
            owned(Some("one"), &["One", "below", "one"]),
            owned(Some("two"), &["Two"]),
            owned(Some("field"), &["field"]),
            owned(Some("two"), &["more"]),
            owned(Some("one"), &["after"]),
        ];
        assert_eq!(texts(html), expected);
    }

    #[test]
    fn code_scripts_and_character_references_are_no_words() {
        let html = "<main>a&amp;b &#39;c&#x27; R&D<pre>let x</pre><script>var y</script>\
            <p>d<br>e <a href=f title=g>h</a><code>i</code></main>";
        assert_eq!(texts(html)[0].1, ["a", "b", "c", "R", "D", "d", "e", "hi"]);
    }

    #[test]
    fn a_sample_has_the_language_of_its_fold() {
        let html = "<main><section><h2 id=one>One</h2><details data-sample><summary>JSON</summary>\
            <pre>{}</pre></details><details data-sample=python><summary>Python</summary>\
            <pre id=_one.python>x</pre></details></section><pre id=other></pre></main>";
        let sample = ShownSample {
            place: Some("one".to_owned()),
            language: "Python".to_owned(),
            id: "_one.python".to_owned(),
        };
        assert_eq!(read(html).samples, [sample]);
    }
}
