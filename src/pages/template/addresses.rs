//! The addresses that are written out in templates.

use std::ops::Range;

use minijinja::machinery::Token;

use super::guard::{TemplateHtml, is_address, loaded};
use super::limit::tokens;
use super::line_blocks;
use crate::rich::policy::Loaded;

/// An address that a template writes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenAddress {
    /// The address, without entities.
    pub address: String,
    /// Its bytes in the template.
    pub range: Range<usize>,
    /// Whether a browser loads it without an action of the reader.
    pub is_loaded: bool,
}

/// Returns the addresses in a template's attributes that contain no expression.
pub fn written(text: &str) -> Vec<WrittenAddress> {
    let html = TemplateHtml::new(text, line_blocks());
    let attributes = html
        .tags()
        .flat_map(|tag| tag.attributes.iter().map(move |it| (tag, it)));
    let written = attributes.filter(|(_, it)| {
        let is_printed = html.prints_in(&it.range) || html.has_block_in(&it.range);
        is_address(&it.name) && it.name != "cite" && !is_printed
    });
    let written = written.map(|(tag, it)| WrittenAddress {
        address: it.value.clone(),
        range: it.range.clone(),
        is_loaded: loaded(tag, &it.name).is_some_and(|it| it != Loaded::Form),
    });
    written.collect()
}

/// Returns whether a template calls `asset` with a name that is not written out.
pub fn computes_assets(text: &str) -> bool {
    let tokens: Vec<_> = tokens(text, line_blocks())
        .map(|(token, _)| token)
        .collect();
    tokens.windows(4).any(|tokens| {
        let [Token::Ident(name), Token::ParenOpen, rest @ ..] = tokens else {
            return false;
        };
        let is_literal = matches!(rest, [Token::Str(_) | Token::String(_), Token::ParenClose]);
        *name == "asset" && !is_literal
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_without_an_expression_are_found() {
        let text = "<link href=\"custom.css\"><a href='{{ x }}'>x</a><img src=a.png><p title=\"b\">\
                    <a href=\"{% if x %}c{% endif %}\">{# <a href=\"d\"> #}<use xlink:href=\"e.svg#f\">";
        let found = written(text).into_iter().map(|it| it.address);
        assert_eq!(
            found.collect::<Vec<_>>(),
            ["custom.css", "a.png", "e.svg#f"]
        );
    }

    #[test]
    fn computed_names_are_known() {
        for (text, is_computed) in [
            ("{{ asset(\"a.css\") }}", false),
            ("{{ asset('a.css') }}", false),
            ("{{ asset(name) }}", true),
            ("{{ asset(\"a\" ~ b) }}", true),
            ("asset(x)", false),
            ("{{ page.asset }}", false),
        ] {
            assert_eq!(computes_assets(text), is_computed, "{text}");
        }
    }
}
