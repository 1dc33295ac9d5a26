//! Names of the files that are published, which must be plain names on every system.

use std::collections::HashMap;
use std::sync::Arc;

use crate::hole::file_name;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;

use super::joiner::Joiner;
use super::published::Published;

/// Reports the names of published files that not every system has, and names that differ in case
/// alone.
pub(super) fn judge(joiner: &mut Joiner<'_>, files: &[Arc<Published>]) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for published in files {
        let file = &published.file;
        let shown = file.shown.as_str();
        if let Some(reason) = file.path.split('/').find_map(file_name::fault) {
            let message = format!("its name {reason}");
            let diagnostic = Diagnostic::about_file(Code::MisnamedFile, shown, message);
            let help = "rename it: a site is a folder that every system can hold";
            joiner.report.push(diagnostic.help(help));
        }
        // Windows and macOS have one file for both.
        if let Some(first) = seen.insert(shown.to_lowercase(), shown) {
            let message = format!("its name differs from `{first}` in case alone");
            let diagnostic = Diagnostic::about_file(Code::MisnamedFile, shown, message);
            let help = "rename one of them: Windows and macOS have one file for both";
            joiner.report.push(diagnostic.help(help));
        }
    }
}
