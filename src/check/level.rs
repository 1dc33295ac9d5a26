//! The levels of warnings in `site.yaml`.

use crate::input::diagnostic::{Diagnostic, Levels, WARNINGS, WarningLevel};
use crate::input::explain::Code;
use crate::input::meant::nearest;
use crate::input::yaml::{MapEntry, Node};

use super::reader::Reader;

/// Lowers the levels of warnings by code.
pub(super) fn lower(reader: &mut Reader<'_>, node: &Node) -> Levels {
    let mut levels = Levels::new();
    for entry in reader.entries(node).unwrap_or_default() {
        let code = code(reader, entry);
        let level = reader.choice(&entry.value, "level", &WarningLevel::ALL);
        if let (Some(code), Some(level)) = (code, level) {
            levels.insert(code, level);
        }
    }
    levels
}

/// Returns the code of a level, if it is one of warnings.
fn code(reader: &mut Reader<'_>, entry: &MapEntry) -> Option<Code> {
    let name = entry.key.as_str();
    let names = || WARNINGS.iter().map(|code| code.as_str());
    let all = names().collect::<Vec<_>>().join(", ");
    let code = Code::parse(name);
    if code.is_some_and(|code| WARNINGS.contains(&code)) {
        return code;
    }
    let diagnostic = match code {
        Some(_) => {
            let message = format!("a level of `{name}`, which is always an error");
            let help = format!(
                "remove it and correct the errors; a waiver can accept a finding of the proof; levels are for the warnings: {all}"
            );
            Diagnostic::error(Code::InvalidValue, entry.key_span, message).help(help)
        }
        None => {
            let message = format!("unknown code `{name}`");
            let diagnostic = Diagnostic::error(Code::UnknownValue, entry.key_span, message);
            let help = format!("the codes of warnings are: {all}");
            match nearest(name, names()) {
                Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")),
                None => diagnostic,
            }
            .help(help)
        }
    };
    reader.report.push(diagnostic);
    None
}
