//! Drawings among the published files that hold a script.

use std::sync::Arc;

use crate::input::diagnostic::{Diagnostic, Severity};
use crate::input::explain::Code;
use crate::rich::picture::UnreadDrawing;

use super::active::Script;
use super::joiner::Joiner;
use super::published::Published;

/// Warns of the drawings among published files that hold a script, or may hold one.
///
/// A page that shows a drawing runs nothing of it; whoever opens the drawing's own address does,
/// where the host does not send the policy that pages bring along themselves.
pub(super) fn warn_of_scripts(joiner: &mut Joiner<'_>, files: &[Arc<Published>]) {
    for Published { file, script, .. } in files.iter().map(Arc::as_ref) {
        let (message, help) = match script {
            Script::None => continue,
            Script::Found(what) => (
                format!("a drawing that can run a script: {what}"),
                "remove it, or export the drawing as a plain picture: opened by itself it would run as a part of your site",
            ),
            Script::Unknown(why) => (
                format!(
                    "a drawing that can't be looked through for a script: {}",
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

/// Why a drawing can't be looked through.
fn words(why: &UnreadDrawing) -> String {
    match why {
        UnreadDrawing::NotUtf8 => "it is not in UTF-8".to_owned(),
        UnreadDrawing::NotXml(error) => format!("it is not well-formed XML: {error}"),
        UnreadDrawing::Declares => "its DTD declares entities or attributes".to_owned(),
        UnreadDrawing::TooMuch => "it has too many namespaces or attributes".to_owned(),
    }
}

/// What makes it one that can be.
fn way_out(why: &UnreadDrawing) -> &'static str {
    match why {
        UnreadDrawing::NotUtf8 => "save it as UTF-8, and name no other encoding in its first line",
        UnreadDrawing::NotXml(_) => {
            "mend it, or export it again: browsers run what stands before the fault"
        }
        UnreadDrawing::Declares => {
            "export it as plain SVG, or write out what they stand for and remove the DTD"
        }
        UnreadDrawing::TooMuch => "export it as plain SVG",
    }
}
