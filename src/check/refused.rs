//! What authors want pages to load, and the pages' policy refuses.

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::source::Span;
use crate::rich::picture;
use crate::rich::policy::{self, Loaded};

/// Returns whether a template of the project sets a policy of its own: then the author has decided
/// what pages load.
pub fn has_own_policy(inputs: &Inputs) -> bool {
    own_policy(inputs).is_some()
}

/// Returns the policy that the templates of a project set in place of that of botdocs.
pub fn own_policy(inputs: &Inputs) -> Option<String> {
    let text = |file| inputs.sources.get(file).text.as_str();
    let own = inputs.templates.iter();
    let mut own = own.flat_map(|&(_, file)| policy::written_in(text(file)));
    own.find(|it| !it.is_computed).map(|it| it.text)
}

/// Returns the error of a picture in Markdown that no page loads.
pub(super) fn picture(destination: &str, shown: &str, span: Span) -> Option<Diagnostic> {
    // An address that begins with a variable is that of another host too.
    let is_variable = destination.starts_with(|c| crate::hole::Hole::from_marker(c).is_some());
    if !is_variable && !Loaded::Picture.is_refused(destination) {
        return None;
    }
    let message = format!("the policy of the page refuses a picture of another host: `{shown}`");
    let help = "put the picture into the spec's folder and name it by its path, such as `images/badge.svg`: then readers see it, and no other host sees which pages they read";
    Some(Diagnostic::error(Code::RefusedByPolicy, span, message).help(help))
}

/// Returns the error of a file that browsers do not show as a picture.
pub(super) fn no_picture(path: &str, bytes: &[u8], span: Span) -> Option<Diagnostic> {
    if picture::is_shown(path, bytes) {
        return None;
    }
    if picture::media_type(path).is_none() {
        let endings: Vec<&str> = picture::TYPES.iter().map(|(ending, _)| *ending).collect();
        let message = format!("`{path}` can't be shown as a picture");
        let help = format!(
            "write a link to it, without the `!`; a picture has one of these extensions: .{}",
            endings.join(", .")
        );
        return Some(Diagnostic::error(Code::InvalidValue, span, message).help(help));
    }
    let message = if bytes.is_empty() {
        format!("`{path}` is empty")
    } else {
        format!("`{path}` is not a picture that browsers read")
    };
    let help = "use a file whose content matches its extension";
    Some(Diagnostic::error(Code::InvalidValue, span, message).help(help))
}

/// Returns the error of an address in `site.yaml` in place of a file.
pub(super) fn address(written: &str, what: &str, span: Span) -> Option<Diagnostic> {
    let message = format!("{what} is a file of the project, not an address");
    let help = "put the picture into the spec's folder or into `static/`, and name it by its path relative to that folder: the policy of the page refuses pictures of other hosts";
    policy::is_address(written)
        .then(|| Diagnostic::error(Code::RefusedByPolicy, span, message).help(help))
}
