//! SVG images among the published files that contain a script.

use std::sync::Arc;

use crate::input::diagnostic::{Diagnostic, Severity};
use crate::input::explain::Code;
use crate::rich::picture::UnreadDrawing;

use super::active::Script;
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

/// Reports SVG images among the published files that load something from another host.
pub(super) fn refuse_addresses(joiner: &mut Joiner<'_>, files: &[Arc<Published>]) {
    for Published {
        file, elsewhere, ..
    } in files.iter().map(Arc::as_ref)
    {
        if let Some(place) = elsewhere {
            let message = format!("a drawing that loads a file of another host: {place}");
            let help = "export the drawing with its pictures and fonts embedded, or remove them: browsers load no other file for a picture of a page";
            let fault = Diagnostic::about_file(Code::RefusedByPolicy, &*file.shown, message);
            joiner.report.push(fault.help(help));
        }
    }
}

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
