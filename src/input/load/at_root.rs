//! The files that stand at the root of the site as they are.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use super::memory::ReadPass;
use super::{FoundFile, StaticFile, is_dropping, read_file, read_text};
use crate::input::diagnostic::{Diagnostic, Report, Severity};
use crate::input::explain::Code;
use crate::input::source::{FileId, Sources};

/// The hidden folder whose files programs look for by their addresses (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

/// Hidden files of file managers and of git, which nobody means to publish.
const DROPPINGS: [&str; 6] = [
    ".DS_Store",
    ".directory",
    ".gitattributes",
    ".gitignore",
    ".gitkeep",
    ".keep",
];

/// The files of a project for the root of its site.
#[derive(Clone, Debug, Default)]
pub struct RootFiles {
    /// The files that are copied, sorted by path.
    pub files: Vec<StaticFile>,
    /// Its file `_headers`, which is joined with that of botdocs.
    pub headers: Option<FileId>,
    /// Its file `_redirects`, which is joined with that of botdocs.
    pub redirects: Option<FileId>,
}

/// Returns whether a walk of the folder leaves out a file or folder.
pub(super) fn is_left_out(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let is_hidden = name.starts_with('.');
    // macOS stores attributes in `._name`.
    let is_of_system = DROPPINGS.contains(&&*name) || name.starts_with("._");
    let is_of_editor = || is_dropping(OsStr::new(name.trim_start_matches('.')));
    is_of_system || is_of_editor() && !(is_hidden && name == WELL_KNOWN)
}

/// Reads the files that a walk found.
pub(super) fn load(
    found: Vec<FoundFile>,
    sources: &mut Sources,
    pass: &mut ReadPass<'_>,
    report: &mut Report,
) -> RootFiles {
    let mut root = RootFiles::default();
    let mut hidden = BTreeSet::new();
    for file in found {
        if let Some(name) = hidden_part(&file.path) {
            // One report for a folder such as `.git`.
            if hidden.insert(name.to_owned()) {
                let message = format!("`{name}` is hidden, and most hosts do not publish it");
                let help = "remove it, or name it without a dot; of hidden files only those in `.well-known/` are published";
                let fault = Diagnostic::about_file(Code::MisnamedFile, file.shown, message);
                report.push(fault.help(help));
            }
            continue;
        }
        match file.path.as_str() {
            "_headers" => root.headers = read_text(&file, sources, pass, report),
            "_redirects" => root.redirects = read_text(&file, sources, pass, report),
            _ => root.files.extend(read_file(file, pass, report)),
        }
    }
    root
}

/// Returns the files of `static/` that are not hidden, and warns of the others.
pub(super) fn without_hidden(found: Vec<FoundFile>, report: &mut Report) -> Vec<FoundFile> {
    let mut hidden = BTreeSet::new();
    let mut is_shown = |file: &FoundFile| {
        let mut parts = file.path.split('/');
        let Some(name) = parts.find(|part| part.starts_with('.')) else {
            return true;
        };
        // One report for a folder such as `.well-known`.
        if hidden.insert(name.to_owned()) {
            let message = format!("`{name}` is hidden, and not published");
            let help = match name {
                WELL_KNOWN => "move it into `root/`, whose files keep their names: programs look for it at the root of the site".to_owned(),
                ".nojekyll" => "remove it: botdocs writes this file at the root of the site".to_owned(),
                ".htaccess" => "remove it: write headers and redirects of the host into `root/_headers` and `root/_redirects`, or into the settings of the host".to_owned(),
                _ => format!("name it without the dot, or move it out of `static/`; only the folder `root/{WELL_KNOWN}/` has hidden files that are published"),
            };
            let mut warning = Diagnostic::about_file(Code::UnusedFile, &*file.shown, message);
            warning.severity = Severity::Warning;
            report.push(warning.help(help));
        }
        false
    };
    found.into_iter().filter(|file| is_shown(file)).collect()
}

/// Returns the first part of a path that is hidden and not published.
fn hidden_part(path: &str) -> Option<&str> {
    let mut parts = path.split('/').enumerate();
    let is_hidden = |(number, part): &(usize, &str)| {
        part.starts_with('.') && !(*number == 0 && *part == WELL_KNOWN)
    };
    parts.find(is_hidden).map(|(_, part)| part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_known_files_may_be_hidden() {
        for (path, hidden) in [
            ("robots.txt", None),
            (".well-known/security.txt", None),
            (".well-known/a/b", None),
            (".git/config", Some(".git")),
            ("a/.well-known/b", Some(".well-known")),
            (".well-known/.b", Some(".b")),
            (".htaccess", Some(".htaccess")),
        ] {
            assert_eq!(hidden_part(path), hidden, "{path}");
        }
        for (name, is_out) in [
            (".well-known", false),
            (".htaccess", false),
            (".DS_Store", true),
            (".robots.txt.swp", true),
            ("robots.txt~", true),
            ("robots.txt", false),
        ] {
            assert_eq!(is_left_out(OsStr::new(name)), is_out, "{name}");
        }
    }
}
