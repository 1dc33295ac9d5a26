//! Markdown becomes the elements that we know, whatever it says.
#![no_main]

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::LazyLock;

use botdocs::hole::is_reserved;
use botdocs::rich::highlight::Highlighter;
use botdocs::rich::markdown::{
    LinkKind, MarkdownOptions, ResolvedLink, inline_to_html, outline, to_html, to_text,
};
use botdocs::rich::messages::Messages;
use html5ever::tendril::TendrilSink as _;
use libfuzzer_sys::fuzz_target;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Every element that Markdown can become.
const ELEMENTS: [&str; 45] = [
    "html",
    "head",
    "body",
    "p",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "br",
    "hr",
    "blockquote",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "img",
    "div",
    "span",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "sup",
    "sub",
    "kbd",
    "mark",
    "details",
    "summary",
    "aside",
    "input",
    "button",
    "figure",
    "figcaption",
    "b",
    "bdi",
    "i",
];

thread_local! {
    static HIGHLIGHTER: Highlighter = Highlighter::new();
    static MESSAGES: Rc<Messages> = Rc::new(Messages::new("en", []));
}

static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| ELEMENTS.into_iter().collect());

fuzz_target!(|text: &str| {
    if text.contains(is_reserved) {
        return;
    }
    // As when a file is read.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    outline(&text, "p.");
    to_text(&text);
    let messages = MESSAGES.with(Rc::clone);
    HIGHLIGHTER.with(|highlighter| {
        let options = MarkdownOptions {
            highlighter,
            messages: &messages,
            top_level: 2,
            id_prefix: "p.",
            footnotes: "_p.",
            resolve: &resolve,
            is_url: &|_| false,
        };
        for html in [to_html(&text, &options), inline_to_html(&text, &options)] {
            let parser = html5ever::parse_document(RcDom::default(), Default::default());
            let page = format!("<!doctype html><title>x</title><body>{}", html.as_str());
            judge(&parser.one(page).document, html.as_str());
        }
    });
});

fn resolve(_: LinkKind, destination: &str) -> ResolvedLink {
    match destination.len() % 3 {
        0 => ResolvedLink::Nowhere,
        _ => ResolvedLink::AsWritten,
    }
}

/// Fails if a node is an element that we do not know, or can run anything.
fn judge(node: &Handle, html: &str) {
    match &node.data {
        NodeData::Element { name, attrs, .. } if &*name.local != "title" => {
            assert!(KNOWN.contains(&*name.local), "<{}> in {html}", name.local);
            for attribute in attrs.borrow().iter() {
                let name = &*attribute.name.local;
                assert!(
                    !name.starts_with("on") && name != "style",
                    "{name} in {html}"
                );
                if name == "href" || name == "src" {
                    assert!(
                        is_harmless(&attribute.value),
                        "{} in {html}",
                        attribute.value
                    );
                }
            }
        }
        NodeData::Comment { .. } | NodeData::ProcessingInstruction { .. } => {
            panic!("a comment in {html}");
        }
        _ => {}
    }
    for child in node.children.borrow().iter() {
        judge(child, html);
    }
}

/// Whether a browser, which drops some characters, finds no scheme but those that are allowed.
fn is_harmless(url: &str) -> bool {
    let seen: String = url.chars().filter(|c| !"\t\n\r".contains(*c)).collect();
    let seen = seen
        .trim_start_matches(|c: char| c <= ' ')
        .to_ascii_lowercase();
    let Some((scheme, _)) = seen.split_once(':') else {
        return true;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    !is_scheme || ["http", "https", "mailto", "tel"].contains(&scheme)
}
