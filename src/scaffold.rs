//! New files in a project's folder: those of `init` and of `theme eject`.
//!
//! A file that is there already is never touched without `force`, and each appears whole.

#![allow(
    clippy::disallowed_methods,
    reason = "putting files into a project is what this module is for"
)]

use std::borrow::Cow;
use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use tempfile::{Builder, PersistError};

use crate::diagnostic::printable_path;

/// A file to put into a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its path below the project's folder, with `/`.
    pub path: String,
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
}

/// Why files were not put into a project.
#[derive(Debug)]
pub enum Error {
    /// These are there already, by their paths below the folder; nothing has changed.
    InTheWay(Vec<String>),
    /// The machine failed.
    Failed(anyhow::Error),
}

/// Whether a folder is free for a new project: not there yet, or with nothing in it but `.git`.
pub fn is_free(folder: &Path) -> anyhow::Result<bool> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Ok(false),
        Err(error) => return Err(error).with_context(|| cannot("read", folder)),
    };
    for entry in entries {
        let entry = entry.with_context(|| cannot("read", folder))?;
        if entry.file_name() != ".git" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Puts files below a folder, which is made if need be.
pub fn write(folder: &Path, files: &[NewFile], force: bool) -> Result<(), Error> {
    let is_there = |file: &&NewFile| fs::symlink_metadata(folder.join(&file.path)).is_ok();
    if !force {
        let there = files.iter().filter(is_there);
        let there: Vec<_> = there.map(|file| file.path.clone()).collect();
        if !there.is_empty() {
            return Err(Error::InTheWay(there));
        }
    }
    for file in files {
        write_one(&folder.join(&file.path), file, force)?;
    }
    Ok(())
}

fn write_one(path: &Path, file: &NewFile, force: bool) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| {
        Error::Failed(anyhow::Error::new(error).context(cannot("write", path)))
    };
    fs::create_dir_all(parent).map_err(failed)?;
    let mut builder = Builder::new();
    // What the user's mask leaves of it, as for files that editors make.
    builder
        .prefix(".botdocs-")
        .permissions(Permissions::from_mode(0o666));
    let mut temporary = builder.tempfile_in(parent).map_err(failed)?;
    temporary.write_all(&file.bytes).map_err(failed)?;
    let persisted = match force {
        true => temporary.persist(path),
        // Someone else may have been faster since we looked.
        false => temporary.persist_noclobber(path),
    };
    match persisted {
        Ok(_) => Ok(()),
        Err(PersistError { error, .. }) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Error::InTheWay(vec![file.path.clone()]))
        }
        Err(PersistError { error, .. }) => Err(failed(error)),
    }
}

fn cannot(what: &str, path: &Path) -> String {
    format!("cannot {what} {}", printable_path(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &'static str) -> NewFile {
        NewFile {
            path: path.to_owned(),
            bytes: text.as_bytes().into(),
        }
    }

    #[test]
    fn what_is_there_stays_and_then_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let old = [file("a/old", "old")];
        write(folder.path(), &old, false).unwrap();
        let files = [file("a/new", "new"), file("a/old", "newer")];
        let refused = write(folder.path(), &files, false).unwrap_err();
        assert!(matches!(refused, Error::InTheWay(paths) if paths == ["a/old"]));
        assert!(!folder.path().join("a/new").try_exists().unwrap());
        write(folder.path(), &files, true).unwrap();
        let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
        assert_eq!(
            (read("a/old"), read("a/new")),
            ("newer".into(), "new".into())
        );
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 2);
    }

    #[test]
    fn a_dangling_link_is_in_the_way_too() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("a")).unwrap();
        let refused = write(folder.path(), &[file("a", "x")], false).unwrap_err();
        assert!(matches!(refused, Error::InTheWay(_)));
    }

    #[test]
    fn a_folder_with_nothing_but_a_repository_is_free() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_free(&folder.path().join("none")).unwrap());
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert!(is_free(folder.path()).unwrap());
        fs::write(folder.path().join("README.md"), "").unwrap();
        assert!(!is_free(folder.path()).unwrap());
        assert!(!is_free(&folder.path().join("README.md")).unwrap());
    }
}
