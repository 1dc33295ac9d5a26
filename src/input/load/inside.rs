//! Keeps paths in a project's files inside the project: no `..` and no link leads out of it.
//!
//! The author of a project's files need not be the user who builds it. Paths on the command line
//! may be links and lead anywhere.

use std::path::{Path, PathBuf};

use super::{Folders, display};
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;

/// A folder of inputs.
#[derive(Clone, Debug)]
pub enum Root {
    /// The folder of the usual name in the project, which must not be a link: that could lead out
    /// of the project.
    Own(PathBuf),
    /// A folder that the user named, which may be a link.
    Named(PathBuf),
}

impl Root {
    /// Returns its path.
    pub fn path(&self) -> &Path {
        match self {
            Root::Own(path) | Root::Named(path) => path,
        }
    }

    /// Returns whether it is a link that is not followed.
    fn is_link(&self) -> bool {
        matches!(self, Root::Own(path) if path.is_symlink())
    }

    /// Returns the error if it exists and is not a folder.
    pub(super) fn fault(&self, folders: &Folders) -> Option<Diagnostic> {
        let path = self.path();
        let shown = display(folders, path);
        if self.is_link() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let help = format!(
                "put the folder itself here, or pass the target of the link with `--{name}`"
            );
            let fault = Diagnostic::about_file(Code::NotAFile, shown, "a symbolic link");
            return Some(fault.help(help));
        }
        let is_folder = std::fs::metadata(path).map_or(true, |metadata| metadata.is_dir());
        // What can't be read counts as a folder here: the walk reports the reason.
        (!is_folder).then(|| {
            Diagnostic::about_file(Code::MissingInput, shown, "not a folder")
                .help("move it away, and put a folder here")
        })
    }
}

/// Returns whether a path in `site.yaml` stays inside the project, provided that it contains no
/// link.
pub fn is_inside(path: &str) -> bool {
    // A backslash is a separator on Windows, so the same `site.yaml` would name another file
    // there.
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    !path.contains('\\') && path.split('/').all(plain)
}

/// Returns the first symbolic link on the way from the project's folder to a path below it, if
/// there is one.
pub fn link_on_way(project: &Path, below: &Path) -> Option<PathBuf> {
    // Not `canonicalize`: it follows the very link that is searched, and fails where the output
    // folder does not exist yet.
    let mut way = project.to_owned();
    for part in below {
        way.push(part);
        if way.is_symlink() {
            return Some(way);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_way_is_looked_at_but_the_project_itself() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real");
        std::fs::create_dir_all(real.join("a/b")).unwrap();
        let project = folder.path().join("project");
        let link = |to: &str, from: &Path| std::os::unix::fs::symlink(to, from).unwrap();
        link("real", &project);
        let found = |below: &str| link_on_way(&project, Path::new(below));
        assert_eq!(found("a/b/missing/c"), None);
        link("b", &real.join("a/link"));
        link("nowhere", &real.join("dangling"));
        assert_eq!(found("a/link/c"), Some(project.join("a/link")));
        assert_eq!(found("a/link"), Some(project.join("a/link")));
        assert_eq!(found("dangling"), Some(project.join("dangling")));
    }
}
