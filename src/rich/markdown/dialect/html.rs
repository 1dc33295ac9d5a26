//! HTML elements that a text can't use, and the components of MDX.

use std::borrow::Cow;
use std::ops::Range;

use super::line::callout;
use super::{ForeignMarkup, Found};
use crate::rich::markdown::element;

/// Elements of HTML, and what to write instead.
const ELEMENTS: &[(&str, &str)] = &[
    ("b strong", "write **text**"),
    ("i em cite dfn var", "write *text*"),
    ("code tt samp", "write `text`"),
    ("s del strike", "write ~~text~~"),
    (
        "u ins mark small big span font center q abbr time bdi bdo ruby rt rp wbr nobr data label",
        "write the text alone, or **text**",
    ),
    (
        "a",
        "write [text](address), or # headings with {#id} for an anchor",
    ),
    (
        "img picture source figure figcaption svg",
        "write ![what it shows](file.png)",
    ),
    (
        "p div section article header footer main nav aside address hgroup",
        "write the text between two empty lines",
    ),
    ("h1 h2 h3 h4 h5 h6", "write ## before the heading"),
    ("ul ol li dl dt dd menu", "write a list: - item"),
    (
        "table thead tbody tfoot tr td th caption colgroup col",
        "write a table with | between the cells",
    ),
    (
        "pre",
        "write a fence: ``` and the language, the code, and ```",
    ),
    ("blockquote", "write > before the line"),
    ("hr", "write --- between two empty lines"),
    (
        "kbd sub sup br",
        "write it within a line of text, without attributes",
    ),
    (
        "details summary",
        "begin a line with <details>, after an empty line",
    ),
    (
        "video audio iframe embed object param track canvas map area",
        "write a link to it",
    ),
    (
        "script style link meta base title html head body template slot noscript",
        "remove it: a page has the scripts and styles of its theme only",
    ),
    (
        "form input button select option textarea fieldset legend progress meter output datalist dialog",
        "remove it: a page has the controls of its theme only",
    ),
];

/// Components that have a counterpart, by the word of `callout`.
const COMPONENTS: &[(&str, &str)] = &[
    ("Note Info Callout Aside Admonition Banner Update", "note"),
    ("Tip Check Success", "tip"),
    ("Warning Warn", "warning"),
    ("Danger Caution Error", "danger"),
    (
        "Accordion AccordionGroup Expandable Details Collapse",
        "details",
    ),
    ("Tabs Tab TabItem CodeGroup CodeTabs", "tabs"),
];

/// Returns the fault in a tag of HTML in a text, if it looks like a construct.
pub(super) fn tag(text: &str, html: &str, range: &Range<usize>) -> Option<ForeignMarkup> {
    if element::markup(html).is_some() {
        return None;
    }
    let written = html.trim_start();
    let line = written.lines().next().unwrap_or_default();
    let end = line.find('>').map_or(line.trim_end().len(), |end| end + 1);
    // A comment is left out, and its place may be that of the whole block.
    let place = match text[range.clone()].find(written) {
        Some(at) => range.start + at..range.start + at + end,
        None => range.clone(),
    };
    let found = |name, dialects, help: Cow<'static, str>| {
        Some(ForeignMarkup {
            range: place.clone(),
            name,
            dialects,
            help: help.into_owned(),
        })
    };
    if written.starts_with("<!--") {
        return found("an unclosed comment", "HTML", "close it with -->".into());
    }
    if written.starts_with("<?") || written.starts_with("<!") {
        return found("a declaration", "HTML and PHP", "remove it".into());
    }
    let (name, is_end) = match written.strip_prefix("</") {
        Some(rest) => (word(rest), true),
        None => (word(written.strip_prefix('<')?), false),
    };
    let lower = name.to_ascii_lowercase();
    let is_component = name.starts_with(|c: char| c.is_ascii_uppercase());
    // `Array<String>` is a type.
    let is_type = text[..place.start].ends_with(|c: char| c.is_alphanumeric()) && !is_end;
    if let Some(help) = instead_of(&lower)
        && (!is_component || !is_known_component(name))
        && !is_type
    {
        return found("an element", "HTML", help.into());
    }
    if is_component && !is_type {
        let dialects = "MDX in Docusaurus, Mintlify and Starlight";
        return found("a component", dialects, component(name));
    }
    let tag = &written[..end];
    let has_more = tag.contains('=') || tag.ends_with("/>") || is_end;
    has_more.then(|| {
        found(
            "an element",
            "HTML and Vue",
            "write its content in Markdown".into(),
        )
    })?
}

/// Returns the name of the tag that HTML begins with.
pub(super) fn name(html: &str) -> String {
    word(html.trim_start().trim_start_matches(['<', '/'])).to_ascii_lowercase()
}

/// Finds a component that is no HTML, such as `<Card style={{a: 1}}>`.
pub(super) fn component_in_words(words: &str) -> Option<Found> {
    let mut from = 0;
    while let Some(found) = words[from..].find('<') {
        let at = from + found;
        from = at + 1;
        let rest = words[from..].trim_start_matches('/');
        let name = word(rest);
        let is_type = words[..at].ends_with(|c: char| c.is_alphanumeric());
        let is_component = name.starts_with(|c: char| c.is_ascii_uppercase());
        // To the next tag, so that a long line takes linear time.
        let after = rest[name.len()..].split('<').next().unwrap_or_default();
        let has_more = after.starts_with([' ', '/', '\n']) && after.contains(['=', '/', '{']);
        if is_component && !is_type && (has_more || is_known_component(name)) {
            let end = words[at..]
                .find('>')
                .map_or(words.trim_end().len(), |end| at + end + 1);
            return Some((at..end, component(name)));
        }
    }
    None
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.'));
    &text[..end.unwrap_or(text.len())]
}

fn instead_of(name: &str) -> Option<&'static str> {
    let row = ELEMENTS
        .iter()
        .find(|(names, _)| names.split(' ').any(|it| it == name));
    row.map(|&(_, help)| help)
}

fn counterpart(name: &str) -> Option<&'static str> {
    let row = COMPONENTS
        .iter()
        .find(|(names, _)| names.split(' ').any(|it| it == name));
    row.map(|&(_, word)| word)
}

fn is_known_component(name: &str) -> bool {
    counterpart(name).is_some()
}

fn component(name: &str) -> Cow<'static, str> {
    match counterpart(name) {
        Some(word) => callout(word),
        None => "write its content in Markdown: a list, a table, links or images".into(),
    }
}
