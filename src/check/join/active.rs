//! Scripts in SVG images: an image that is opened by itself is a document of the site.

use roxmltree::Node;

use crate::rich::markup::is_script;
use crate::rich::picture::{UnreadDrawing, drawing};

/// Whether a published file has a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// The file is not a drawing, or was read completely and has no script.
    None,
    /// The place of the script, in words.
    Found(String),
    /// The drawing could not be read.
    Unknown(UnreadDrawing),
}

/// Returns the first script of an SVG image.
pub(super) fn script_in(bytes: &[u8]) -> Script {
    // Parsed as XML, as browsers do for image/svg+xml. A search of the text would miss entities and
    // namespaces.
    let document = match drawing(bytes) {
        Ok(document) => document,
        Err(why) => return Script::Unknown(why),
    };
    let line = |offset: usize| document.text_pos_at(offset).row;
    let found = |node: Node<'_, '_>| {
        // XHTML has one too, and is allowed in a drawing.
        if node.tag_name().name().eq_ignore_ascii_case("script") {
            return Some(format!("`<script>` in line {}", line(node.range().start)));
        }
        if node
            .pi()
            .is_some_and(|it| is_transformed(it.target, it.value))
        {
            let line = line(node.range().start);
            return Some(format!("`<?xml-stylesheet?>` in line {line}"));
        }
        let mut attributes = node.attributes();
        let attribute =
            attributes.find(|attribute| is_active(attribute.name(), attribute.value()))?;
        let line = line(attribute.range().start);
        Some(format!("`{}` in line {line}", attribute.name()))
    };
    let found = document.descendants().find_map(found);
    found.map_or(Script::None, Script::Found)
}

/// Returns whether an attribute can run a script: an event handler, an embedded page, an address,
/// or one of the values of an animation.
fn is_active(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // An animation lists the values that it gives an attribute in turn; one of them may be
    // `javascript:`.
    name.starts_with("on") || name == "srcdoc" || value.split(';').any(is_script)
}

/// Returns whether a processing instruction transforms the document by a style sheet that is not
/// CSS: XSLT can insert scripts.
fn is_transformed(target: &str, value: Option<&str>) -> bool {
    let value = value.unwrap_or("");
    target == "xml-stylesheet" && !value.contains("\"text/css\"") && !value.contains("'text/css'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(inside: &str) -> Option<String> {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">\n{inside}\n</svg>");
        match script_in(text.as_bytes()) {
            Script::None => None,
            Script::Found(what) => Some(what),
            Script::Unknown(_) => Some("unknown".to_owned()),
        }
    }

    #[test]
    fn every_way_to_run_in_a_drawing_is_found() {
        for (inside, found) in [
            ("<g><script/></g>", "`<script>` in line 2"),
            (
                "<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\"/>",
                "`<script>` in line 2",
            ),
            ("<path\n onload=\"alert(1)\"/>", "`onload` in line 3"),
            ("<a href=\"javascript:alert(1)\"/>", "`href` in line 2"),
            (
                "<a href=\" &#32;Java&#9;Script:alert(1)\"/>",
                "`href` in line 2",
            ),
            ("<set to=\"javascript:alert(1)\"/>", "`to` in line 2"),
            (
                "<animate values=\"a; javascript:alert(1)\"/>",
                "`values` in line 2",
            ),
            ("<i srcdoc=\"&lt;script/>\"/>", "`srcdoc` in line 2"),
            (
                "<?xml-stylesheet href='a.xsl'?>",
                "`<?xml-stylesheet?>` in line 2",
            ),
        ] {
            assert_eq!(script(inside).as_deref(), Some(found), "{inside}");
        }
    }

    #[test]
    fn what_takes_too_long_to_look_through_is_reported() {
        for inside in [
            (0..300).map(|n| format!("<g xmlns:a{n}=\"b\"/>")).collect(),
            format!(
                "<g{}/>",
                (0..3_000)
                    .map(|n| format!(" a{n}=\"b\""))
                    .collect::<String>()
            ),
        ] {
            assert_eq!(script(&inside).as_deref(), Some("unknown"));
        }
    }

    #[test]
    fn plain_drawings_pass() {
        for inside in [
            "<path d=\"M0 0\" class=\"one\"/>",
            "<text>&lt;script></text>",
            "<a href=\"https://example.com/javascript:\"/>",
            "<title>javascript:</title>",
            "<?xml-stylesheet type=\"text/css\" href=\"a.css\"?>",
        ] {
            assert_eq!(script(inside), None, "{inside}");
        }
    }

    #[test]
    fn what_is_not_read_whole_is_never_without_a_script() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>";
        let wide = format!("\u{feff}{svg}")
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let declared = "<!DOCTYPE svg [<!ENTITY e '<script/>'>]>\n<svg>&e;</svg>";
        let broken = "<svg><script/><g></svg>";
        for bytes in [
            wide,
            declared.into(),
            broken.into(),
            b"\xff".to_vec(),
            b"".to_vec(),
        ] {
            assert!(matches!(script_in(&bytes), Script::Unknown(_)), "{bytes:?}");
        }
    }
}
