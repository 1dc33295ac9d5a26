//! The levels of warnings: a project can make some of them errors, or leave them out.

use std::collections::BTreeMap;

use crate::input::explain::Code;

use super::{Diagnostic, Report, Severity};

/// What warnings of a kind are in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningLevel {
    /// They are left out of the report, and counted.
    Off,
    /// They are warnings.
    Warning,
    /// They are errors.
    Error,
}

impl WarningLevel {
    /// All levels, by the words for them.
    pub const ALL: [(&str, WarningLevel); 3] = [
        ("off", WarningLevel::Off),
        ("warning", WarningLevel::Warning),
        ("error", WarningLevel::Error),
    ];
}

/// The codes of warnings; some of them are also codes of errors.
// An error has no level: what is published would be wrong, or can't be built.
pub const WARNINGS: &[Code] = &[
    Code::ActiveDrawing,
    Code::EmptyValue,
    Code::HeadingLevel,
    Code::InvalidId,
    Code::InvalidMessages,
    Code::LostText,
    Code::MissingAltText,
    Code::MissingMessages,
    Code::NotHighlighted,
    Code::NotShown,
    Code::OldTheme,
    Code::OpenFence,
    Code::SlowTemplate,
    Code::StreamEnd,
    Code::StreamEquals,
    Code::UnknownLanguage,
    Code::UnlistedPage,
    Code::UnusedFile,
    Code::UnusedMessage,
    Code::UnusedWaiver,
];

/// The levels of a project, by code.
pub type Levels = BTreeMap<Code, WarningLevel>;

/// The levels of a report, and the warnings that they left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Leveled {
    levels: Levels,
    pub(super) off: Vec<Diagnostic>,
}

impl Leveled {
    /// Returns a diagnostic at its level, unless it is left out.
    pub(super) fn at_level(&mut self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if diagnostic.severity == Severity::Warning {
            match self.levels.get(&diagnostic.code) {
                None | Some(WarningLevel::Warning) => {}
                Some(WarningLevel::Error) => diagnostic.severity = Severity::Error,
                Some(WarningLevel::Off) => {
                    self.off.push(diagnostic);
                    return None;
                }
            }
        }
        Some(diagnostic)
    }

    /// Adds the levels of another report, and what they left out.
    pub(super) fn add(&mut self, other: Leveled) {
        self.levels.extend(other.levels);
        self.off.extend(other.off);
    }
}

impl Report {
    /// Sets the levels of warnings, also of those that were added before.
    pub fn set_levels(&mut self, levels: Levels) {
        self.leveled.levels = levels;
        self.apply_levels();
    }

    /// Gives all diagnostics their levels.
    pub(super) fn apply_levels(&mut self) {
        for diagnostic in std::mem::take(&mut self.all) {
            self.all.extend(self.leveled.at_level(diagnostic));
        }
    }

    /// Adds all diagnostics of another report as they are, whatever the levels.
    pub fn append(&mut self, other: Report) {
        self.all.extend(other.all);
        self.left_out += other.left_out;
    }

    /// Returns the number of warnings that the levels left out; before [`sort`](Self::sort), some
    /// may be counted twice.
    pub fn off(&self) -> usize {
        self.leveled.off.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::source::{FileId, Span};

    fn warning(code: Code) -> Diagnostic {
        let span = Span::new(FileId::new(0), 0..0);
        Diagnostic::warning(code, span, "message")
    }

    #[test]
    fn levels_change_warnings_added_before_and_after_and_no_errors() {
        let levels = [
            (Code::UnusedFile, WarningLevel::Off),
            (Code::NotShown, WarningLevel::Error),
            (Code::EmptyValue, WarningLevel::Off),
        ];
        let mut part = Report::default();
        part.push(warning(Code::UnusedFile));
        part.push(warning(Code::NotShown));
        let mut report = part.clone();
        report.set_levels(Levels::from(levels));
        assert_eq!((report.counts(), report.off()), ((1, 0), 1));
        report.extend(part);
        report.push(warning(Code::HeadingLevel));
        report.push(Diagnostic {
            severity: Severity::Error,
            ..warning(Code::EmptyValue)
        });
        assert_eq!((report.counts(), report.off()), ((3, 1), 2));
        // Its levels go along with it.
        let mut all = Report::default();
        all.push(warning(Code::NotShown));
        all.extend(report);
        assert_eq!((all.counts(), all.off()), ((4, 1), 2));
    }
}
