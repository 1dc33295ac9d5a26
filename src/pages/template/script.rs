//! Addresses on a page that run as code.
//!
//! The check refuses such links in Markdown; here a template printed a text of the spec as an
//! address.

use super::guard::{Misplaced, is_address};
use crate::rich::markup::{self, MarkupPart, is_script};

/// Returns the addresses on a page that run as code.
pub(super) fn scripts(page: &str) -> Vec<Misplaced> {
    let mut misplaced = Vec::new();
    markup::for_each_part(page, |part| {
        let MarkupPart::Tag(tag) = part else { return };
        let runs = tag.attributes.iter();
        let runs = runs.filter(|it| is_address(&it.name) && is_script(&it.value));
        misplaced.extend(runs.map(|it| Misplaced {
            range: it.range.clone(),
            attribute: Some((tag.name.clone(), it.name.clone())),
            message: format!("a text of the spec runs as code in `{}`", it.name),
            help: "print an address that botdocs made, such as the `href` of a link, or write the beginning of the address out: `https://docs.example.com/`, `./`, `#`",
        }));
    });
    misplaced
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::pages::template::Templates;
    use crate::rich::messages::Messages;

    fn fault(template: &str, title: &str) -> Option<String> {
        let own = [("t.html".to_owned(), template.to_owned())];
        let templates = Templates::new(own, Messages::new("en", [])).unwrap();
        let seen = Templates::seen(&json!({ "title": title }));
        let page = templates.render("t.html", &seen).unwrap();
        let fault = templates.misplaced("t.html", &page, |_| false)?;
        Some(format!("{} {:?}", fault.message, &template[fault.range?]))
    }

    #[test]
    fn no_text_of_a_spec_runs_as_an_address() {
        for (element, attribute) in [
            ("a", "href"),
            ("area", "href"),
            ("form", "action"),
            ("button", "formaction"),
            ("iframe", "src"),
            ("object", "data"),
            ("use", "xlink:href"),
        ] {
            for text in [
                "javascript:alert(1)",
                "JavaScript:alert(1)",
                " \u{1}java\tscr\nipt:alert(1)",
            ] {
                let template = format!("<{element} {attribute}=\"{{{{ title }}}}\">x");
                let expected = format!(
                    "a text of the spec runs as code in `{attribute}` {:?}",
                    format!("{attribute}=\"{{{{ title }}}}")
                );
                assert_eq!(
                    fault(&template, text),
                    Some(expected),
                    "{template} {text:?}"
                );
            }
        }
        // In two parts, and behind what a browser leaves out.
        assert!(fault("<a href='java{{ title }}'>x</a>", "script:alert(1)").is_some());
        assert!(fault("<a href=' {{ title }}'>x</a>", "javascript:alert(1)").is_some());
    }

    #[test]
    fn other_addresses_and_words_stay() {
        for (template, text) in [
            (
                "<a href=\"{{ title }}\">x</a>",
                "https://a.example/javascript:",
            ),
            ("<a href=\"./{{ title }}\">x</a>", "javascript:alert(1)"),
            (
                "<a title=\"{{ title }}\">{{ title }}</a>",
                "javascript:alert(1)",
            ),
            ("<a href=\"javascript:x()\">{{ title }}</a>", "words"),
        ] {
            assert_eq!(fault(template, text), None, "{template}");
        }
    }
}
