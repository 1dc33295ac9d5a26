//! The state that all checks of several pages share.

use crate::hole::variable::Variables;
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::source::{Sources, Span};

/// The texts, the variables, and where to report. It contains no reader, so it can't lower
/// anything.
pub(in crate::check) struct Joiner<'a> {
    pub(in crate::check) sources: &'a Sources,
    pub(in crate::check) variables: &'a Variables,
    pub(in crate::check) report: &'a mut Report,
}

impl Joiner<'_> {
    /// Reports an error.
    pub(super) fn error(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::error(code, span, message);
        self.report.push(diagnostic.help(help));
    }
}
