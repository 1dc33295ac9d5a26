//! A published page as a reader reads and copies it, with `{{ name }}` where a link's value may go.
//!
//! A value from a link can change only what the theme's script fills: `data` elements, and
//! attributes beside a recipe. So both are read from the published page, whatever a template did to
//! print it.
//!
//! Reading the templates instead would not do: filters, macros and conditions can put a name
//! together in ways that no list ends.

use serde_json::Value;

use crate::input::escape::escape;
use crate::rich::markup::{self, MarkupPart, Tag};

/// Elements at which a word ends: blocks, line breaks, and replaced elements.
const BLOCKS: [&str; 56] = [
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "img",
    "input",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "search",
    "section",
    "select",
    "summary",
    "svg",
    "table",
    "textarea",
    "title",
    "tr",
    "ul",
    "video",
];

/// Elements that contain the value beside a name, as in a table of headers.
const CELLS: [&str; 3] = ["dd", "td", "th"];

/// Mark the edges of code within a line. They are noncharacters of Unicode; if a page holds them,
/// they are dropped.
const OPEN: char = '\u{fdd0}';
const CLOSE: char = '\u{fdd1}';

/// Returns the text of a page, and then each attribute that is filled, on a line of its own; none
/// where no input takes a value.
pub(super) fn printed(page: &str) -> Option<String> {
    let mut printed = PrintedParts::default();
    markup::for_each_part(page, |part| match part {
        MarkupPart::Tag(tag) => printed.start(&tag),
        MarkupPart::Text(range, None) => printed.text(&page[range]),
        // In `title` and the like there are no elements to fill.
        MarkupPart::Text(_, Some(_)) => {}
        MarkupPart::Other(range) => printed.end(&page[range]),
    });
    printed.takes_values.then(|| {
        let mut text = quoted(&printed.text);
        text.push('\n');
        text.push_str(&printed.attributes);
        text
    })
}

#[derive(Default)]
struct PrintedParts {
    text: String,
    attributes: String,
    /// Whether it has an input for which the script reads values from links.
    takes_values: bool,
    /// The number of open elements that preserve white space.
    preformatted: usize,
    /// The number of open `data` elements, from one that is filled: its content is replaced.
    filled: usize,
}

impl PrintedParts {
    fn start(&mut self, tag: &Tag) {
        for it in &tag.attributes {
            // The theme's script reads values of links only for inputs with rules.
            self.takes_values |= it.name == "data-rules";
            if it.name.starts_with("data-fill-")
                && let Ok(Value::Array(recipe)) = serde_json::from_str(&it.value)
            {
                push_recipe(&recipe, &mut self.attributes);
            }
        }
        // The script replaces the content of the outer element, so inner ones only count for
        // nesting.
        let is_data = tag.name == "data";
        let classes = tag.attribute("class").map_or("", |it| &*it.value);
        if is_data && self.filled > 0 {
            self.filled += 1;
        } else if is_data && classes.split_ascii_whitespace().any(|it| it == "hole") {
            push_name(
                tag.attribute("value").map_or("", |it| &it.value),
                &mut self.text,
            );
            self.filled = 1;
        } else {
            self.edge(&tag.name, true);
        }
    }

    /// Reads an end tag; skips a comment.
    fn end(&mut self, source: &str) {
        // The tokenizer returns end tags and comments alike as other markup.
        let Some(name) = source.strip_prefix("</") else {
            return;
        };
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        match &*name {
            "data" => self.filled = self.filled.saturating_sub(1),
            name => self.edge(name, false),
        }
    }

    fn edge(&mut self, name: &str, is_start: bool) {
        if name == "pre" {
            self.preformatted = if is_start {
                self.preformatted + 1
            } else {
                self.preformatted.saturating_sub(1)
            };
        }
        let is_block = BLOCKS.contains(&name);
        if is_block || CELLS.contains(&name) {
            // A block ends a `data` element that was never closed.
            self.filled = 0;
        }
        match name {
            // A name and its value are one line, so `dd` does not begin a new one.
            "dt" if !is_start => {}
            // A copy button takes the text content of `pre`, in which blocks add no line ends.
            _ if is_block && self.preformatted > 0 && name != "pre" => {}
            _ if is_block => self.text.push('\n'),
            _ if CELLS.contains(&name) && is_start => self.text.push_str(" | "),
            "code" if self.preformatted == 0 && self.filled == 0 => {
                self.text.push(if is_start { OPEN } else { CLOSE });
            }
            _ => {}
        }
    }

    fn text(&mut self, source: &str) {
        let mut rest = if self.filled > 0 { "" } else { source };
        while let Some(character) = rest.chars().next() {
            // Character references as browsers decode them: a template may print `&#47;` for a
            // slash.
            let read = (character == '&').then(|| escape(rest)).flatten();
            let (length, meant) = read.unwrap_or((character.len_utf8(), Some(character)));
            rest = &rest[length..];
            match meant {
                // Invisible: soft hyphens, joiners, isolates of directions.
                Some('\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' | '\u{feff}') => {
                }
                Some(OPEN | CLOSE) | None => {}
                Some(c) if c.is_whitespace() && self.preformatted == 0 => {
                    if !self.text.ends_with(char::is_whitespace) {
                        self.text.push(' ');
                    }
                }
                // Braces on a page are no variable.
                Some('{') if self.text.ends_with('{') => self.text.push_str(" {"),
                Some(c) => self.text.push(c),
            }
        }
    }
}

/// Appends the parts of a recipe, from which the script writes an attribute.
fn push_recipe(recipe: &[Value], text: &mut String) {
    for part in recipe {
        match part {
            Value::String(words) => text.push_str(&words.replace("{{", "{ {")),
            _ => push_name(
                part.get(0).and_then(Value::as_str).unwrap_or_default(),
                text,
            ),
        }
    }
    text.push('\n');
}

fn push_name(name: &str, text: &mut String) {
    // Anything else is not a variable's name, and could close the braces.
    let is_of_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if !name.is_empty() && name.bytes().all(is_of_name) {
        let gap = if text.ends_with('{') { " " } else { "" };
        text.extend([gap, "{{ ", name, " }}"]);
    }
}

/// Returns the text with code in back quotes, as in Markdown, so that no command continues beyond
/// them; code that continues as a word before or after it gets none, since readers copy the word as
/// one.
fn quoted(text: &str) -> String {
    let edges: Vec<_> = text.match_indices([OPEN, CLOSE]).collect();
    let mut is_quote = vec![false; edges.len()];
    let mut opened = Vec::new();
    for (number, &(at, edge)) in edges.iter().enumerate() {
        if edge.starts_with(OPEN) {
            opened.push((number, at));
        } else if let Some((open, from)) = opened.pop() {
            let is_joint = |c: char| c.is_alphanumeric() || "/.:@-_}".contains(c);
            let behind = &text[at + edge.len()..];
            let behind = behind.strip_prefix(['.', ':', '-']).unwrap_or(behind);
            let goes_on = behind.starts_with(char::is_alphanumeric) || behind.starts_with("{{");
            let is_apart = !text[..from].ends_with(is_joint) && !goes_on;
            (is_quote[open], is_quote[number]) = (is_apart, is_apart);
        }
    }
    let mut quoted = String::with_capacity(text.len());
    let mut from = 0;
    for ((at, edge), is_quote) in edges.into_iter().zip(is_quote) {
        quoted.push_str(&text[from..at]);
        quoted.push_str(if is_quote { "`" } else { "" });
        from = at + edge.len();
    }
    quoted.push_str(&text[from..]);
    quoted
}

#[cfg(test)]
mod tests {
    use super::printed;

    const INPUT: &str = "<input data-rules='{}'>";

    #[test]
    fn a_page_is_read_as_it_is_copied() {
        let hole = "<data class=hole value=x>YOUR_X</data>";
        for (page, wanted) in [
            ("<p>a\n  b</p>c", "\na b\nc"),
            ("<pre><div>a</div><div>HOLE</div></pre>", "\na{{ x }}\n"),
            ("<pre>a\n  b</pre>", "\na\n  b\n"),
            (
                "<p>https:&#47;&#x2f;HOLE.b&amp;</p>",
                "\nhttps://{{ x }}.b&\n",
            ),
            ("<b>https://</b><i>HOLE</i>.<wbr>b", "https://{{ x }}.b"),
            (
                "a<!-- c --><DATA value='x' class='a hole'>b<data>c</data>d</DATA>e",
                "a{{ x }}e",
            ),
            ("<p>a<data class=hole value=x></p>b", "\na{{ x }}\nb"),
            ("<p>a <data value=x>b</data>", "\na b"),
            ("a<code>HOLE</code> <code>b</code>, c", "a{{ x }} `b`, c"),
            ("https://<code>HOLE</code>.b", "https://{{ x }}.b"),
            ("<code>HOLE</code>.b", "{{ x }}.b"),
            ("<code>curl</code> HOLE", "`curl` {{ x }}"),
            ("<pre><code>curl HOLE</code></pre>", "\ncurl {{ x }}\n"),
            ("<dt>Host</dt> <dd>a-HOLE</dd>", "\nHost  | a-{{ x }}"),
            ("<tr><td>Host</td><td>HOLE", "\n | Host | {{ x }}"),
            ("\u{2068}HOLE\u{2069}.b", "{{ x }}.b"),
            ("{{ x }} {HOLE}", "{ { x }} { {{ x }}}"),
            ("<title>HOLE</title>", "\n\n"),
            ("<data class=hole value='}} {{ y'>b</data>c", "c"),
        ] {
            let page = page.replace("HOLE", hole);
            let page = format!("{page}{INPUT}");
            let wanted = format!("{wanted}\n\n");
            assert_eq!(printed(&page).as_deref(), Some(&*wanted), "{page}");
        }
    }

    #[test]
    fn a_page_without_inputs_takes_no_values() {
        let page = "<p>https://<data class=hole value=x>a</data>";
        assert_eq!(printed(page), None);
        assert!(printed(&format!("{page}{INPUT}")).is_some());
    }

    #[test]
    fn attributes_that_are_filled_stand_behind_the_text() {
        let recipe = "[&quot;https://{{&quot;,[&quot;x&quot;,&quot;url&quot;],&quot;.b&quot;]";
        let page =
            format!("https://<a data-fill-href=\"{recipe}\" data-fill-title='wrong'>c</a>{INPUT}");
        let wanted = "https://c\n\nhttps://{ { {{ x }}.b\n";
        assert_eq!(printed(&page).as_deref(), Some(wanted));
    }
}
