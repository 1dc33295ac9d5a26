//! SVG images among the published files that contain a script.

use std::sync::Arc;

use crate::input::diagnostic::{Diagnostic, Severity};
use crate::input::explain::Code;
use crate::rich::picture::UnreadDrawing;

use super::active::{LostPart, Script};
use super::joiner::Joiner;
use super::published::Published;

/// Warns of SVG images among the published files that contain, or may contain, a script.
///
/// An `<img>` on a page runs no script of the image. The image's own address does, unless the host
/// sends the content security policy as a header: pages carry it in a `<meta>` element, images
/// can't.
pub(super) fn warn_of_scripts(joiner: &mut Joiner<'_>, files: &[Arc<Published>]) {
    for Published { file, script, .. } in files.iter().map(Arc::as_ref) {
        let (message, help) = match script {
            Script::None => continue,
            Script::Found(what) => (
                format!("a drawing that can run a script: {what}"),
                "remove it, or export the drawing as a plain picture: opened by itself, the script would run as a part of your site",
            ),
            Script::Unknown(why) => (
                format!(
                    "a drawing that can't be checked for scripts: {}",
                    words(why)
                ),
                way_out(why),
            ),
        };
        let mut diagnostic = Diagnostic::about_file(Code::ActiveDrawing, &*file.shown, message);
        diagnostic.severity = Severity::Warning;
        joiner.report.push(diagnostic.help(help));
    }
}

/// Reports SVG images among the published files with parts that no page shows.
pub(super) fn refuse_lost_parts(joiner: &mut Joiner<'_>, files: &[Arc<Published>]) {
    for Published { file, lost, .. } in files.iter().map(Arc::as_ref) {
        let (code, message, help) = match lost {
            None => continue,
            Some(LostPart::OfHost(place)) => (
                Code::RefusedByPolicy,
                format!("a drawing that loads a file of another host: {place}"),
                EMBEDDED,
            ),
            Some(LostPart::OfSite(place)) => (
                Code::RefusedByPolicy,
                format!("a drawing that loads another file: {place}"),
                EMBEDDED,
            ),
            Some(LostPart::Everything) => (
                Code::InvalidValue,
                "a drawing without the namespace of SVG, which browsers do not show".to_owned(),
                "write `xmlns` into its first element: <svg xmlns=\"http://www.w3.org/2000/svg\">",
            ),
        };
        let fault = Diagnostic::about_file(code, &*file.shown, message);
        joiner.report.push(fault.help(help));
    }
}

/// The help about a file that a drawing loads.
const EMBEDDED: &str = "export the drawing with its pictures and fonts embedded, or remove them: browsers load no other file for a picture of a page";

/// Returns the reason why an SVG image can't be searched.
fn words(why: &UnreadDrawing) -> String {
    match why {
        UnreadDrawing::NotUtf8 => "it is not in UTF-8".to_owned(),
        UnreadDrawing::NotXml(error) => format!("it is not well-formed XML: {error}"),
        UnreadDrawing::Declares => "its DTD declares entities or attributes".to_owned(),
        UnreadDrawing::TooMuch => "it has too many namespaces or attributes".to_owned(),
    }
}

/// Returns how to make the image searchable.
fn way_out(why: &UnreadDrawing) -> &'static str {
    match why {
        UnreadDrawing::NotUtf8 => "save it as UTF-8, and name no other encoding in its first line",
        UnreadDrawing::NotXml(_) => {
            "correct it, or export it again: browsers run what comes before the error"
        }
        UnreadDrawing::Declares => {
            "export it as plain SVG, or write out their values and remove the DTD"
        }
        UnreadDrawing::TooMuch => "export it as plain SVG",
    }
}
