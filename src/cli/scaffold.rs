//! New files in a project's folder: those of `init` and of `theme eject`.
//!
//! A file that is there already is never touched without `force`, and each appears whole. Nothing is
//! written through a link, which can lead out of the project.

#![allow(
    clippy::disallowed_methods,
    reason = "putting files into a project is what this module is for"
)]

use std::borrow::Cow;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::Context as _;
use tempfile::PersistError;

use crate::input::diagnostic::printable_path;
use crate::output::temporary_file_in;

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
pub enum ScaffoldError {
    /// These are there already, by their paths below the folder; nothing has changed.
    InTheWay(Vec<String>),
    /// These are there already, by their paths below the folder, and give way to nothing: they are links,
    /// or not what is needed there; nothing has changed.
    Blocked(Vec<String>),
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
pub fn write(folder: &Path, files: &[NewFile], force: bool) -> Result<(), ScaffoldError> {
    let mut blocked: Vec<_> = files.iter().filter_map(|it| blocks(folder, it)).collect();
    if !blocked.is_empty() {
        blocked.dedup();
        return Err(ScaffoldError::Blocked(blocked));
    }
    let is_there = |file: &&NewFile| fs::symlink_metadata(folder.join(&file.path)).is_ok();
    if !force {
        let there = files.iter().filter(is_there);
        let there: Vec<_> = there.map(|file| file.path.clone()).collect();
        if !there.is_empty() {
            return Err(ScaffoldError::InTheWay(there));
        }
    }
    for file in files {
        write_one(&folder.join(&file.path), file, force)?;
    }
    Ok(())
}

/// What stands on the way to a file and is no folder, or in its place and is no file.
fn blocks(folder: &Path, file: &NewFile) -> Option<String> {
    let ends = file.path.match_indices('/').map(|(at, _)| at);
    let mut ways = ends.chain([file.path.len()]).map(|end| &file.path[..end]);
    let way = ways.find(|way| {
        fs::symlink_metadata(folder.join(way)).is_ok_and(|there| match *way == file.path {
            true => !there.is_file(),
            false => !there.is_dir(),
        })
    });
    way.map(str::to_owned)
}

fn write_one(path: &Path, file: &NewFile, force: bool) -> Result<(), ScaffoldError> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| {
        ScaffoldError::Failed(anyhow::Error::new(error).context(cannot("write", path)))
    };
    fs::create_dir_all(parent).map_err(failed)?;
    let mut temporary = temporary_file_in(parent).map_err(failed)?;
    temporary.write_all(&file.bytes).map_err(failed)?;
    let persisted = match force {
        true => temporary.persist(path),
        // Someone else may have been faster since we looked.
        false => temporary.persist_noclobber(path),
    };
    match persisted {
        Ok(_) => Ok(()),
        Err(PersistError { error, .. }) if error.kind() == ErrorKind::AlreadyExists => {
            Err(ScaffoldError::InTheWay(vec![file.path.clone()]))
        }
        Err(PersistError { error, .. }) => Err(failed(error)),
    }
}

fn cannot(what: &str, path: &Path) -> String {
    format!("cannot {what} {}", printable_path(path))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    /// Puts something that is no file at a path.
    type Put<'p> = &'p dyn Fn(&Path);

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
        assert!(matches!(refused, ScaffoldError::InTheWay(paths) if paths == ["a/old"]));
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
    fn nothing_is_written_through_or_over_what_is_no_file() {
        let outside = tempfile::tempdir().unwrap();
        fs::create_dir(outside.path().join("b")).unwrap();
        let kinds: [(&str, Put<'_>); 4] = [
            ("dangling", &|at| symlink("nowhere", at).unwrap()),
            ("leading out", &|at| symlink(outside.path(), at).unwrap()),
            ("a loop", &|at| symlink(at, at).unwrap()),
            ("a socket", &|at| drop(UnixListener::bind(at).unwrap())),
        ];
        for (kind, put) in kinds {
            for (at, new) in [("a", "a"), ("a", "a/b/c"), ("a/b", "a/b/c")] {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join(at);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                put(&path);
                for force in [false, true] {
                    let files = [file("first", "x"), file(new, "x")];
                    let refused = write(folder.path(), &files, force).unwrap_err();
                    let named = matches!(&refused, ScaffoldError::Blocked(paths) if paths == &[at]);
                    assert!(named, "{kind} {at} {new}: {refused:?}");
                    assert!(!folder.path().join("first").exists());
                }
            }
        }
        assert_eq!(fs::read_dir(outside.path().join("b")).unwrap().count(), 0);
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        let refused = write(folder.path(), &[file("a", "x")], true).unwrap_err();
        assert!(matches!(refused, ScaffoldError::Blocked(_)));
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
