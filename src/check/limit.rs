//! How many of something a project may have.

use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::source::Span;

/// Reports a count beyond a limit; returns whether it is within.
pub(super) fn is_few(
    count: usize,
    most: usize,
    what: &str,
    place: Span,
    report: &mut Report,
) -> bool {
    // Before anything is lowered: the size of a page grows with the square of some of these counts.
    if count > most {
        let message = format!("{count} {what}, more than the limit of {most}");
        let help = "keep those that readers need, and describe the others in words";
        report.push(Diagnostic::error(Code::InputTooLarge, place, message).help(help));
    }
    count <= most
}
