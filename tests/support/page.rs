//! A built page, read as a browser reads it.

use html5ever::tendril::TendrilSink as _;
use html5ever::{Attribute, ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// A page, parsed by the HTML standard's rules.
pub(crate) struct Page {
    root: Handle,
}

/// An element of a page.
#[derive(Clone)]
pub(crate) struct Element(Handle);

impl Page {
    /// Reads a page.
    pub(crate) fn parse(html: &str) -> Page {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        Page { root: dom.document }
    }

    /// All elements, in order.
    pub(crate) fn elements(&self) -> Vec<Element> {
        let mut found = Vec::new();
        collect(&self.root, &mut found);
        found
    }

    /// The elements of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<Element> {
        let mut all = self.elements();
        all.retain(|element| element.name() == name);
        all
    }

    /// The text of all elements, those of `head` too, but for what `leaves_out` names.
    pub(crate) fn text_without(&self, leaves_out: &dyn Fn(&Element) -> bool) -> String {
        let mut text = String::new();
        push_text(&self.root, leaves_out, &mut text);
        text
    }
}

impl Element {
    /// Its name.
    pub(crate) fn name(&self) -> String {
        match &self.0.data {
            NodeData::Element { name, .. } => name.local.to_string(),
            _ => unreachable!("only elements are collected"),
        }
    }

    /// Its attributes, in order.
    pub(crate) fn attributes(&self) -> Vec<(String, String)> {
        match &self.0.data {
            NodeData::Element { attrs, .. } => {
                let pair = |attribute: &Attribute| {
                    (
                        attribute.name.local.to_string(),
                        attribute.value.to_string(),
                    )
                };
                attrs.borrow().iter().map(pair).collect()
            }
            _ => unreachable!("only elements are collected"),
        }
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.attributes().into_iter();
        attributes
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
    }

    /// The elements of a name in it.
    pub(crate) fn all(&self, name: &str) -> Vec<Element> {
        let mut found = Vec::new();
        collect(&self.0, &mut found);
        found.retain(|element| element.name() == name);
        found
    }

    /// All text in it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        push_text(&self.0, &|_| false, &mut text);
        text
    }
}

fn collect(node: &Handle, found: &mut Vec<Element>) {
    if matches!(node.data, NodeData::Element { .. }) {
        found.push(Element(node.clone()));
    }
    for child in node.children.borrow().iter() {
        collect(child, found);
    }
}

fn push_text(node: &Handle, leaves_out: &dyn Fn(&Element) -> bool, text: &mut String) {
    match &node.data {
        NodeData::Text { contents } => text.push_str(&contents.borrow()),
        NodeData::Element { .. } if leaves_out(&Element(node.clone())) => return,
        _ => {}
    }
    for child in node.children.borrow().iter() {
        push_text(child, leaves_out, text);
    }
}
