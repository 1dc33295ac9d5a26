//! Scripts in SVG images: an image that is opened by itself is a document of the site.

use roxmltree::{Attribute, Document, Node};

use crate::rich::markup::is_script;
use crate::rich::picture::{UnreadDrawing, drawing};
use crate::rich::policy::{self, Loaded};
use crate::rich::style_sheet;

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

/// The findings in an SVG image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Findings {
    /// Whether it has a script.
    pub(super) script: Script,
    /// The first of its parts that no page shows.
    pub(super) lost: Option<LostPart>,
}

/// A part of an SVG image that browsers do not show in a picture of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LostPart {
    /// A file of another host, with the place of its address in words.
    OfHost(String),
    /// Another file of the site, with the place of its address in words.
    OfSite(String),
    /// All of it: its elements are not those of SVG.
    Everything,
}

/// Searches an SVG image.
pub(super) fn search(bytes: &[u8]) -> Findings {
    // Parsed as XML, as browsers do for image/svg+xml. A search of the text would miss entities and
    // namespaces.
    match drawing(bytes) {
        Ok(document) => Findings {
            script: script_in(&document),
            lost: lost_in(&document),
        },
        Err(why) => Findings {
            script: Script::Unknown(why),
            lost: None,
        },
    }
}

/// The namespace without which a browser shows a tree of elements (SVG 2, 5.1.3).
const SVG: &str = "http://www.w3.org/2000/svg";

/// Attributes whose values are those of CSS, and may contain an address (SVG 2, 6.6).
const PAINTED: [&str; 12] = [
    "clip-path",
    "color-profile",
    "cursor",
    "fill",
    "filter",
    "marker",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "stroke",
    "style",
];

/// Elements that show what an address leads to.
const LOADING: [&str; 5] = ["feImage", "image", "mpath", "textPath", "use"];

/// Returns the first part of an image that a browser does not show.
///
/// In an `<img>` it loads nothing at all, and opened by itself nothing that the policy refuses.
fn lost_in(document: &Document<'_>) -> Option<LostPart> {
    if document.root_element().tag_name().namespace() != Some(SVG) {
        return Some(LostPart::Everything);
    }
    let line = |offset: usize| document.text_pos_at(offset).row;
    let of_sheet = |text: &str| {
        let addresses = style_sheet::addresses(text);
        let mut addresses = addresses.iter();
        // The policy of a page is not that of a picture: its embedded fonts are shown too.
        addresses.any(|it| !policy::is_data(&it.address) && it.loads.is_refused(&it.address))
    };
    document.descendants().find_map(|node| {
        let name = node.tag_name().name();
        // Names of licences and the like are addresses that nothing loads.
        let is_data = node
            .ancestors()
            .any(|it| it.tag_name().name() == "metadata");
        if is_data {
            return None;
        }
        if name == "style" && node.text().is_some_and(of_sheet) {
            let place = format!("`<style>` in line {}", line(node.range().start));
            return Some(LostPart::OfHost(place));
        }
        let lost = |attribute: Attribute<'_, '_>| {
            let value = attribute.value();
            let place = || {
                let line = line(attribute.range().start);
                format!("`{}` in line {line}", attribute.name())
            };
            let is_of_host = match attribute.name() {
                "href" => !matches!(name, "a" | "script") && Loaded::Picture.is_refused(value),
                name => PAINTED.contains(&name) && of_sheet(value),
            };
            // An address with a scheme that is not refused contains its bytes.
            let is_file = !value.trim().is_empty()
                && !value.trim_start().starts_with('#')
                && !policy::is_address(value);
            if is_of_host {
                Some(LostPart::OfHost(place()))
            } else if attribute.name() == "href" && LOADING.contains(&name) && is_file {
                Some(LostPart::OfSite(place()))
            } else {
                None
            }
        };
        node.attributes().find_map(lost)
    })
}

/// Returns the first script of an SVG image.
fn script_in(document: &Document<'_>) -> Script {
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
        match search(text.as_bytes()).script {
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
    fn what_a_drawing_loads_from_other_hosts_is_found() {
        let found = |inside: &str| {
            let text = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n{inside}\n</svg>"
            );
            match search(text.as_bytes()).lost {
                Some(LostPart::OfHost(place)) => Some(place),
                Some(LostPart::OfSite(place)) => Some(format!("{place}, beside it")),
                Some(LostPart::Everything) => Some("all".to_owned()),
                None => None,
            }
        };
        let bare = search(b"<svg viewBox=\"0 0 1 1\"><path/></svg>").lost;
        assert_eq!(bare, Some(LostPart::Everything));
        for (inside, place) in [
            (
                "<image xlink:href=\"photo.png\"/>",
                "`href` in line 2, beside it",
            ),
            ("<use href=\"b.svg#c\"/>", "`href` in line 2, beside it"),
            (
                "<image href=\"https://a.example/b.png\"/>",
                "`href` in line 2",
            ),
            (
                "<image xlink:href=\"//a.example/b.png\"/>",
                "`href` in line 2",
            ),
            (
                "<use\nhref=\"http://a.example/b.svg#c\"/>",
                "`href` in line 3",
            ),
            (
                "<g filter=\"url(https://a.example/f.svg#x)\"/>",
                "`filter` in line 2",
            ),
            (
                "<g style=\"fill:url('https://a.example/f.svg')\"/>",
                "`style` in line 2",
            ),
            (
                "<style>@import 'https://fonts.example/css';</style>",
                "`<style>` in line 2",
            ),
            (
                "<style><![CDATA[@font-face{src:url(//a.example/f)}]]></style>",
                "`<style>` in line 2",
            ),
        ] {
            assert_eq!(found(inside).as_deref(), Some(place), "{inside}");
        }
        for inside in [
            "<a href=\"https://a.example/\"/>",
            "<image href=\"data:image/png;base64,\"/>",
            "<use href=\"#a\"/>",
            "<g fill=\"url(#b)\"/>",
            "<metadata><x href=\"https://a.example/\"/></metadata>",
            "<style>@namespace url(http://www.w3.org/2000/svg);a{fill:url(#b)}</style>",
            "<text>url(https://a.example/)</text>",
        ] {
            assert_eq!(found(inside), None, "{inside}");
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
            assert!(
                matches!(search(&bytes).script, Script::Unknown(_)),
                "{bytes:?}"
            );
        }
    }
}
