//! HTML elements that a text can't use, and the components of MDX.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::boxes::box_of;
use super::{AS_TEXT, ForeignMarkup, indentation};
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

/// Components that are a container, by the word of `callout`.
const COMPONENTS: &[(&str, &str)] = &[
    (
        "Note Info Callout Aside Admonition Banner Update Alert Message Hint",
        "note",
    ),
    ("Tip Check Success", "tip"),
    ("Warning Warn", "warning"),
    ("Danger Caution Error", "danger"),
    (
        "Accordion AccordionGroup AccordionItem Expandable Details Collapse",
        "details",
    ),
    (
        "Tabs Tab TabItem TabPanel CodeGroup CodeTabs PackageManagerTabs",
        "tabs",
    ),
    ("Steps Step", "steps"),
    ("CodeBlock", "code"),
    ("Image Img Frame ThemedImage Figure Zoom", "image"),
    ("TOC TOCInline TableOfContents", "toc"),
    ("Snippet Include Embed", "include"),
];

/// Other components that have a counterpart, and what to write.
const OTHERS: &[(&str, &str)] = &[
    (
        "Link NavLink RouterLink LinkButton A",
        "write [text](address)",
    ),
    (
        "Card LinkCard CardGroup CardGrid Cards Tile Tiles",
        "write a list of links: - [title](address): what it is about",
    ),
    (
        "Columns Column Grid Row Col Panel Fragment Head BrowserOnly Layout",
        "remove the tags, and write the text between two empty lines",
    ),
    (
        "Tooltip Icon Badge Highlight Term Chip Pill",
        "write the words alone",
    ),
    ("Kbd Key", "write <kbd>Ctrl</kbd>"),
    (
        "Video YouTube Youtube Vimeo Iframe Tweet",
        "write a link to it",
    ),
    (
        "ParamField ResponseField Param Property Properties Field",
        "describe the field in the API page, by its type, or write a table",
    ),
    (
        "RequestExample ResponseExample",
        "write the example in the API page, or as a fence",
    ),
    (
        "Mermaid Diagram",
        "save the diagram as SVG, and write ![what it shows](file.svg)",
    ),
    (
        "FileTree Folder File",
        "write a fence ```text with the tree",
    ),
];

/// The attributes that name the kind of a callout.
const KINDS: [&str; 6] = [
    "type=",
    "kind=",
    "variant=",
    "severity=",
    "intent=",
    "level=",
];

/// Elements whose name, without attributes and without an end, stands for a value: `<title>`.
const PLACEHOLDERS: &str = "title time link data label address object area track body head option source output base meta map param slot template var";

/// Returns the fault in a tag of HTML in a text, if it looks like a construct; `ended` has the
/// names of all end tags of the text.
pub(super) fn tag(
    text: &str,
    html: &str,
    range: &Range<usize>,
    ended: &HashSet<String>,
) -> Option<ForeignMarkup> {
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
            help: format!("{help}{AS_TEXT}"),
        })
    };
    if written.starts_with("<!--") {
        return found("an unclosed comment", "HTML", "close it with -->".into());
    }
    if written.starts_with("<?") || written.starts_with("<!") {
        return found("a declaration", "HTML and PHP", "remove it".into());
    }
    let (name, is_end) = match written.strip_prefix("</") {
        Some(rest) => (element_name(rest), true),
        None => (element_name(written.strip_prefix('<')?), false),
    };
    let lower = name.to_ascii_lowercase();
    let is_component = name.starts_with(|c: char| c.is_ascii_uppercase());
    let is_known = is_component && is_known_component(name);
    // `Array<String>` is a type.
    let is_type = text[..place.start].ends_with(|c: char| c.is_alphanumeric());
    if is_type && !is_end && !ended.contains(&lower) {
        return None;
    }
    let tag = &written[..end];
    // The attributes of a tag may be in the lines below.
    let has_more = tag.contains(['=', '{']) || tag.ends_with("/>") || !tag.ends_with('>') || is_end;
    let after = &tag[(tag.find(name)? + name.len()).min(tag.len())..];
    // `<Your Name>` stands for a name: a component has attributes with a value, or an end.
    let is_text = !has_more && !ended.contains(&lower) && (!is_known || has_words(after));
    let is_placeholder = PLACEHOLDERS.split(' ').any(|it| it == name);
    if is_text && (is_component || (is_placeholder && !at_line_start(text, place.start))) {
        return None;
    }
    if is_end {
        let help = "remove it, as its start tag".into();
        let (kind, dialects) = match is_component {
            true => (
                "the end of a component",
                "MDX in Docusaurus, Mintlify and Starlight",
            ),
            false => ("the end of an element", "HTML"),
        };
        return found(kind, dialects, help);
    }
    if let Some(help) = instead_of(&lower)
        && !is_known
    {
        return found("an element", "HTML", help.into());
    }
    if is_component {
        let dialects = "MDX in Docusaurus, Mintlify and Starlight";
        let help = component(name, tag);
        let help = match tag.ends_with('>') {
            true => indentation::help(text, &place, help),
            false => help,
        };
        return found("a component", dialects, help);
    }
    has_more.then(|| {
        found(
            "an element",
            "HTML and Vue",
            "write its content in Markdown".into(),
        )
    })?
}

/// Returns whether a place is the first of its line, where a tag begins a block.
fn at_line_start(text: &str, at: usize) -> bool {
    at == 0 || text[..at].ends_with('\n')
}

/// Returns whether words follow the name of a tag, none of which has a value.
pub(super) fn has_words(after: &str) -> bool {
    let words = after.trim_matches(['>', '/', ' ']);
    !words.is_empty() && !words.contains(['=', '{'])
}

/// Returns the name of the tag that HTML begins with.
pub(super) fn name(html: &str) -> String {
    element_name(html.trim_start().trim_start_matches(['<', '/'])).to_ascii_lowercase()
}

/// Returns the name that a text begins with.
pub(super) fn element_name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.'));
    &text[..end.unwrap_or(text.len())]
}

fn instead_of(name: &str) -> Option<&'static str> {
    among(ELEMENTS, name)
}

fn among(rows: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    let row = rows
        .iter()
        .find(|(names, _)| names.split(' ').any(|it| it == name));
    row.map(|&(_, word)| word)
}

pub(super) fn is_known_component(name: &str) -> bool {
    among(COMPONENTS, name).is_some() || among(OTHERS, name).is_some()
}

/// Returns what to write instead of an element or a component.
pub(super) fn help(name: &str, tag: &str) -> Cow<'static, str> {
    match instead_of(&name.to_ascii_lowercase()) {
        Some(help) if !is_known_component(name) => help.into(),
        _ => component(name, tag),
    }
}

fn component(name: &str, tag: &str) -> Cow<'static, str> {
    match (among(COMPONENTS, name), among(OTHERS, name)) {
        (Some("note"), _) => box_of(kind(tag).unwrap_or("note")),
        (Some(word), _) => box_of(word),
        (None, Some(help)) => help.into(),
        (None, None) => "write its content in Markdown: a list, a table, links or images".into(),
    }
}

/// Returns the kind of a callout, of `type="tip"` in its tag.
fn kind(tag: &str) -> Option<&str> {
    let value = KINDS
        .iter()
        .find_map(|key| tag.split_once(&format!(" {key}")))?;
    let kind = element_name(value.1.trim_start_matches(['"', '\'', '{', '`']));
    (!kind.is_empty()).then_some(kind)
}
