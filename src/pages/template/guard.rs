//! The places of a page where values may not be printed, and the markup in a template that the
//! policy of a page refuses.
//!
//! A value is escaped for text and for quoted attributes. Anywhere else, as a name, without quotes
//! or in a script, it could become markup or code, so it is refused there: in a template by the
//! places of expressions, and in a page by the places of holes, which covers includes and macros. A
//! tokenizer of the HTML standard reads both as a browser does.

use std::ops::Range;

use minijinja::machinery::Token;
use minijinja::syntax::SyntaxConfig;

use super::limit::tokens;
use crate::hole::{Encoding, Hole, VariableId};
use crate::rich::markup::{self, Attribute, MarkupPart, Tag, is_script};
use crate::rich::policy::Loaded;

/// A value in an unsafe place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// The bytes of the value.
    pub(super) range: Range<usize>,
    /// The element and the attribute that hold it, if it is in one.
    pub(super) attribute: Option<(String, String)>,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// Markup that a page's policy makes browsers ignore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its bytes in the template.
    pub range: Range<usize>,
    /// The message.
    pub message: String,
    /// The help.
    pub help: &'static str,
}

/// The HTML of a template, each byte at its place, so that places need no translation.
pub(super) struct TemplateHtml {
    parts: Vec<MarkupPart>,
    /// The bytes of expressions.
    printed: Vec<Range<usize>>,
    /// The bytes of blocks, such as conditions.
    blocks: Vec<Range<usize>>,
}

impl TemplateHtml {
    /// Replaces the expressions and blocks of a template without syntax errors.
    pub(super) fn new(text: &str, syntax: SyntaxConfig) -> TemplateHtml {
        // A printed value may be the name of a tag, so it becomes a letter; a block becomes a
        // space.
        let mut html = vec![b' '; text.len()];
        let mut printed: Vec<Range<usize>> = Vec::new();
        let (mut start, mut block, mut blocks) = (None, None, Vec::new());
        // The engine's own tokens, not a search for `{{`: comments, raw blocks and strings could
        // contain that.
        for (token, range) in tokens(text, syntax) {
            match token {
                Token::TemplateData(_) => {
                    html[range.clone()].copy_from_slice(&text.as_bytes()[range]);
                }
                Token::VariableStart => start = Some(range.start),
                Token::BlockStart => block = Some(range.start),
                Token::BlockEnd => {
                    blocks.extend(block.take().map(|start| start..range.end));
                }
                Token::VariableEnd => {
                    if let Some(start) = start.take() {
                        html[start..range.end].fill(b'x');
                        printed.push(start..range.end);
                    }
                }
                _ => {}
            }
        }
        let html = String::from_utf8(html).unwrap_or_default();
        // Browsers without scripts read elements there, and the tokenizer reads text.
        let html = html
            .replace("<noscript", "<nonscrip")
            .replace("</noscript", "</nonscrip");
        TemplateHtml {
            parts: markup::read(&html),
            printed,
            blocks,
        }
    }

    pub(super) fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.parts.iter().filter_map(|part| match part {
            MarkupPart::Tag(tag) => Some(tag),
            _ => None,
        })
    }

    pub(super) fn prints_in(&self, range: &Range<usize>) -> bool {
        self.printed.iter().any(|printed| is_within(printed, range))
    }

    pub(super) fn has_block_in(&self, range: &Range<usize>) -> bool {
        self.blocks.iter().any(|block| is_within(block, range))
    }
}

/// Returns the expressions of a template in unsafe places.
pub(super) fn in_template(text: &str, syntax: SyntaxConfig) -> Vec<Misplaced> {
    let source = TemplateHtml::new(text, syntax);
    let printed = source.printed.iter();
    printed
        .filter_map(|range| misplaced(&source.parts, range))
        .collect()
}

/// Returns the first hole of a page in an unsafe place; `is_url` is true for variables whose values
/// are addresses that can't be scripts.
pub(super) fn in_page(page: &str, is_url: impl Fn(VariableId) -> bool) -> Option<Misplaced> {
    let mut holes = page
        .char_indices()
        .filter_map(|(at, character)| {
            let hole = Hole::from_marker(character)?;
            Some((at..at + character.len_utf8(), hole))
        })
        .peekable();
    // Without a hole the page need not be tokenized.
    holes.peek()?;
    let parts = markup::read(page);
    holes.find_map(|(range, hole)| {
        // A whole URL was checked when it was entered; a component can't contain a slash or a
        // colon.
        let is_free = !is_url(hole.variable) && !hole.encodings().any(|it| it == Encoding::Url);
        misplaced(&parts, &range).or_else(|| misread(page, &parts, &range, hole, is_free))
    })
}

/// Returns the place where a template prints into an attribute of an element, if it does.
pub(super) fn attribute_in(
    text: &str,
    syntax: SyntaxConfig,
    element: &str,
    name: &str,
) -> Option<Range<usize>> {
    let source = TemplateHtml::new(text, syntax);
    let of_element = source.tags().filter(|tag| tag.name == element);
    let mut attributes = of_element.flat_map(|tag| &tag.attributes);
    let found = attributes.find(|it| it.name == name && source.prints_in(&it.range))?;
    Some(found.at.start..found.range.end)
}

/// Returns the error of any value in this place.
fn misplaced(parts: &[MarkupPart], value: &Range<usize>) -> Option<Misplaced> {
    let wrong = |message: String, help| {
        Some(Misplaced {
            range: value.clone(),
            attribute: None,
            message,
            help,
        })
    };
    match part_at(parts, value)? {
        MarkupPart::Text(_, None) => None,
        // Escapable raw text (HTML standard, 13.1.2): references are decoded, elements are not.
        MarkupPart::Text(_, Some(element)) if matches!(&**element, "title" | "textarea") => None,
        MarkupPart::Text(_, Some(element)) => wrong(
            format!("a value is printed into `<{element}>`"),
            "print it into a `data-` attribute, in quotes, and read that from static/script.js",
        ),
        MarkupPart::Other(end_tag) if end_tag.start + "</".len() == value.start => {
            wrong(IS_NAME.to_owned(), WRITE_NAME)
        }
        MarkupPart::Other(_) => None,
        MarkupPart::Tag(tag) => match attribute_at(tag, value) {
            None if tag.range.start + "<".len() == value.start => {
                wrong(IS_NAME.to_owned(), WRITE_NAME)
            }
            None => wrong(
                format!("a value is printed into a tag, `<{}>`", tag.name),
                WRITE_NAME,
            ),
            // Before the test for quotes, since quotes would not make it safe.
            Some(it) if is_code(&it.name) => wrong(
                format!("a value is printed into `{}`, which is code", it.name),
                "print it into a `data-` attribute, and read that from static/script.js; the policy of the page refuses code in attributes",
            ),
            Some(it) if !it.is_quoted => wrong(
                format!("a value is printed into `{}`, which has no quotes", it.name),
                "put quotes around the attribute's value: without them a space ends it",
            ),
            Some(_) => None,
        },
    }
}

const IS_NAME: &str = "a value is printed as the name of an element";
const WRITE_NAME: &str =
    "write names of elements and attributes out, with `{% if … %}` where one may be left out";

/// Returns the error of a hole in this place, by its encodings.
///
/// A value that `is_free` could be any address.
fn misread(
    page: &str,
    parts: &[MarkupPart],
    at: &Range<usize>,
    hole: Hole,
    is_free: bool,
) -> Option<Misplaced> {
    let is_html = hole.encodings().last() == Some(Encoding::Text);
    match part_at(parts, at)? {
        MarkupPart::Text(_, Some(element)) if is_html => Some(Misplaced {
            range: at.clone(),
            attribute: None,
            message: format!("HTML is printed into `<{element}>`, where no elements can be"),
            help: PRINT_TEXT,
        }),
        MarkupPart::Tag(tag) => {
            let it = attribute_at(tag, at)?;
            let (message, help) = if is_html {
                let message = format!("HTML is printed into the attribute `{}`", it.name);
                (message, PRINT_TEXT)
            } else if is_free && leads_anywhere(tag, it, &page[it.range.start..at.start]) {
                let message = format!(
                    "a bot's value decides where `{}` leads, or what it runs",
                    it.name
                );
                (
                    message,
                    "write the beginning of the address out, with its host: `https://docs.example.com/`, `./`, `#`",
                )
            } else {
                return None;
            };
            Some(Misplaced {
                range: at.clone(),
                attribute: Some((tag.name.clone(), it.name.clone())),
                message,
                help,
            })
        }
        _ => None,
    }
}

const PRINT_TEXT: &str = "print a value whose type is text; docs/theme.md lists the type of each";

/// Returns whether a value can choose the host or the scheme of an address, by the text `before`
/// it.
fn leads_anywhere(tag: &Tag, attribute: &Attribute, before: &str) -> bool {
    match &*attribute.name {
        // Lists of addresses, to which a value can add one.
        "imagesrcset" | "ping" | "srcset" => true,
        // `<meta http-equiv=refresh content="0; url=…">` leads away without a click.
        "content" => {
            let equiv = tag.attribute("http-equiv");
            let leads = equiv.is_some_and(|it| it.value.eq_ignore_ascii_case("refresh"));
            let address = before.rsplit_once('=').map_or("", |(_, address)| address);
            leads && is_open(address.trim_start_matches(['\'', '"']))
        }
        name => is_address(name) && is_open(before),
    }
}

/// Returns whether an address with this beginning can still lead to any host.
///
/// By the URL Standard `\` is read as `/` in special schemes, and two of them begin a host.
fn is_open(start: &str) -> bool {
    // After these characters nothing can change the host.
    if start.contains(['?', '#']) {
        return false;
    }
    let start = start.trim_start().replace('\\', "/");
    let (scheme, rest) = match start.split_once(':') {
        // A colon after a slash is a part of the path (WHATWG URL, 4.4).
        Some((scheme, rest)) if !scheme.contains('/') => (Some(scheme), rest),
        _ => (None, start.as_str()),
    };
    match (scheme, rest.strip_prefix("//")) {
        (_, Some(host)) => !host.contains('/'),
        // Without slashes too, if the page has another scheme (WHATWG URL, 4.4, "special authority
        // ignore slashes state").
        (Some("http" | "https" | "file"), None) => true,
        (Some(_), None) => false,
        (None, None) => matches!(rest, "" | "/"),
    }
}

/// Returns the markup in a template that the policy of a page refuses.
pub fn refused(text: &str) -> Vec<Refused> {
    let source = TemplateHtml::new(text, super::line_blocks());
    let mut refused = Vec::new();
    for tag in source.tags() {
        in_tag(&source, tag, &mut refused);
    }
    refused
}

fn in_tag(source: &TemplateHtml, tag: &Tag, refused: &mut Vec<Refused>) {
    let mut refuse = |range: Range<usize>, message: String, help| {
        refused.push(Refused {
            range,
            message,
            help,
        });
    };
    let is_data = tag.attribute("type").is_some_and(|it| {
        let media_type = it.value.to_ascii_lowercase();
        // A script of another type is a data block (HTML standard, 4.12.1), which does not run.
        // These two control scripts, and the policy refuses them as scripts.
        let is_control = matches!(&*media_type, "importmap" | "speculationrules");
        let is_script = is_control || media_type == "module" || media_type.contains("javascript");
        !media_type.is_empty() && !is_script
    });
    match &*tag.name {
        "script" if tag.attribute("src").is_none() && !is_data => refuse(
            tag.range.clone(),
            "the policy of the page refuses an inline script".to_owned(),
            "put it into static/script.js",
        ),
        "style" => refuse(
            tag.range.clone(),
            "the policy of the page refuses an inline style sheet".to_owned(),
            "put it into static/style.css",
        ),
        "base" | "embed" | "frame" | "iframe" | "object"
            if Loaded::Frame.is_refused_everywhere() =>
        {
            refuse(
                tag.range.clone(),
                format!("the policy of the page refuses `<{}>`", tag.name),
                "link to its content instead",
            );
        }
        _ => {}
    }
    for it in &tag.attributes {
        let range = it.at.start..it.range.end;
        if it.name == "style" {
            let message = "the policy of the page refuses an inline style";
            refuse(
                range,
                message.to_owned(),
                "give the element a class, and put the style into static/style.css",
            );
        } else if is_code(&it.name) && !source.prints_in(&it.range) {
            let message = format!("the policy of the page refuses code in `{}`", it.name);
            refuse(range, message, "put it into static/script.js");
        } else if is_address(&it.name) && is_script(&it.value) {
            let message = format!("the policy of the page refuses code in `{}`", it.name);
            refuse(
                range,
                message,
                "make it a button, and put its action into static/script.js",
            );
        } else if let Some(loaded) = loaded(tag, &it.name)
            && is_refused(loaded, &it.name, &it.value)
        {
            let (message, help) = match loaded {
                Loaded::Form => (
                    "the policy of the page lets no form be sent",
                    "link to a page with the form, or send it by static/script.js to the site itself",
                ),
                Loaded::Media | Loaded::Frame | Loaded::Manifest => (
                    "the policy of the page refuses such files",
                    "link to the file instead",
                ),
                _ => (
                    "the policy of the page refuses files of another host",
                    "put the file into static/ and load it from there: then no other host sees which pages are read",
                ),
            };
            refuse(range, message.to_owned(), help);
        }
    }
}

/// Returns whether an attribute's value is a program.
fn is_code(name: &str) -> bool {
    name.starts_with("on") || matches!(name, "style" | "srcdoc")
}

/// Returns whether an attribute's value is an address that a browser goes to or loads.
pub(super) fn is_address(name: &str) -> bool {
    matches!(
        name,
        "action" | "cite" | "data" | "formaction" | "href" | "poster" | "src" | "xlink:href"
    )
}

/// Returns what a browser loads from the address in an attribute without an action of the reader.
///
/// Forms too: the policy lets no form be sent.
pub(super) fn loaded(tag: &Tag, name: &str) -> Option<Loaded> {
    let of_link = || {
        let rel = tag.attribute("rel")?;
        let mut words = rel.value.split_ascii_whitespace();
        words.find_map(|word| match &*word.to_ascii_lowercase() {
            "stylesheet" => Some(Loaded::Style),
            "icon" | "apple-touch-icon" => Some(Loaded::Picture),
            "modulepreload" => Some(Loaded::Script),
            "manifest" => Some(Loaded::Manifest),
            "preload" => {
                let kind = tag.attribute("as").map(|it| it.value.to_ascii_lowercase());
                Some(match kind.as_deref() {
                    Some("style") => Loaded::Style,
                    Some("font") => Loaded::Font,
                    Some("script") => Loaded::Script,
                    _ => Loaded::Picture,
                })
            }
            _ => None,
        })
    };
    match (&*tag.name, name) {
        ("link", "href") => of_link(),
        ("image" | "use", "href" | "xlink:href") => Some(Loaded::Picture),
        ("script", "src") => Some(Loaded::Script),
        ("audio" | "source" | "track" | "video", "src") => Some(Loaded::Media),
        (_, "action" | "formaction") => Some(Loaded::Form),
        (_, "src" | "srcset" | "poster" | "data") => Some(Loaded::Picture),
        _ => None,
    }
}

/// Returns whether the policy refuses an address in an attribute, or one of several.
fn is_refused(loaded: Loaded, name: &str, value: &str) -> bool {
    if name != "srcset" {
        return loaded.is_refused(value);
    }
    let candidates = value.split(',').map(str::trim_start);
    candidates
        .filter_map(|it| it.split_whitespace().next())
        .any(|address| loaded.is_refused(address))
}

fn is_within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn part_at<'p>(parts: &'p [MarkupPart], value: &Range<usize>) -> Option<&'p MarkupPart> {
    let start = |part: &MarkupPart| match part {
        MarkupPart::Tag(tag) => tag.range.start,
        MarkupPart::Text(range, _) | MarkupPart::Other(range) => range.start,
    };
    let next = parts.partition_point(|part| start(part) <= value.start);
    parts.get(next.checked_sub(1)?)
}

fn attribute_at<'t>(tag: &'t Tag, value: &Range<usize>) -> Option<&'t Attribute> {
    let next = tag
        .attributes
        .partition_point(|it| it.range.start <= value.start);
    let last = tag.attributes.get(next.checked_sub(1)?)?;
    is_within(value, &last.range).then_some(last)
}

#[cfg(test)]
mod tests;
