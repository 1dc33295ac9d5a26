//! Scripts in drawings: an SVG image that is opened by itself is a document of the site.

use std::sync::Arc;

use roxmltree::{Document, Node, ParsingOptions};

use crate::diagnostic::{Diagnostic, Severity};
use crate::explain::Code;
use crate::markup::is_script;
use crate::picture::is_readable;

use super::published::Published;
use super::reader::Reader;

impl Reader<'_> {
    /// Warns of the drawings among published files that hold a script.
    ///
    /// A page that shows a drawing runs nothing of it; whoever opens the drawing's own address does,
    /// where the host does not send the policy that pages bring along themselves.
    pub(super) fn active_drawings(&mut self, files: &[Arc<Published>]) {
        for Published { file, script, .. } in files.iter().map(Arc::as_ref) {
            let Some(script) = script else {
                continue;
            };
            let message = match script {
                Script::Found(what) => format!("a drawing that can run a script: {what}"),
                Script::Unknown => {
                    "a drawing with too many namespaces or attributes to look for a script"
                        .to_owned()
                }
            };
            let mut diagnostic = Diagnostic::about_file(Code::ActiveDrawing, &*file.shown, message);
            diagnostic.severity = Severity::Warning;
            let help = "remove it, or export the drawing as a plain picture: opened by itself it would run as a part of your site";
            self.report.push(diagnostic.help(help));
        }
    }
}

/// A script in a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Where it stands, as a person finds it in the file.
    Found(String),
    /// The drawing takes too long to look through.
    Unknown,
}

/// The first script of an SVG image; none in what is no XML.
pub(super) fn script_in(bytes: &[u8]) -> Option<Script> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    let text = std::str::from_utf8(bytes).ok()?;
    if !is_readable(text) {
        return Some(Script::Unknown);
    }
    let document = Document::parse_with_options(text, options).ok()?;
    let line = |offset: usize| document.text_pos_at(offset).row;
    let found = |node: Node<'_, '_>| {
        // XHTML has one too, and may stand in a drawing.
        if node.tag_name().name().eq_ignore_ascii_case("script") {
            return Some(format!("`<script>` in line {}", line(node.range().start)));
        }
        let mut attributes = node.attributes();
        let attribute = attributes.find(|attribute| {
            attribute.name().to_ascii_lowercase().starts_with("on") || is_script(attribute.value())
        })?;
        let line = line(attribute.range().start);
        Some(format!("`{}` in line {line}", attribute.name()))
    };
    document.descendants().find_map(found).map(Script::Found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(inside: &str) -> Option<String> {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">\n{inside}\n</svg>");
        match script_in(text.as_bytes()) {
            Some(Script::Unknown) => Some("unknown".to_owned()),
            Some(Script::Found(what)) => Some(what),
            None => None,
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
        ] {
            assert_eq!(script(inside), None, "{inside}");
        }
        let hidden = "<!DOCTYPE svg [<!ENTITY e '<script/>'>]>\n<svg>&e;</svg>";
        assert_eq!(
            script_in(hidden.as_bytes()),
            Some(Script::Found("`<script>` in line 1".to_owned()))
        );
        assert_eq!(script_in(b"no XML"), None);
        assert_eq!(script_in(b"\xff"), None);
    }
}
