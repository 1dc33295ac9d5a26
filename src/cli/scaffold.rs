//! Creates files in a project's folder, for `init` and `theme eject`.
//!
//! An existing file is never changed without `force`, and each file appears complete. Nothing is
//! written through a symbolic link, which can lead out of the project.

#![allow(
    clippy::disallowed_methods,
    reason = "this module writes files into a project"
)]

use std::borrow::Cow;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::Context as _;
use tempfile::PersistError;

use crate::input::diagnostic::printable_path;
use crate::output::temporary_file_in;

/// A file to create in a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its path below the project's folder, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
}

/// Why no file was created in a project.
#[derive(Debug)]
pub enum ScaffoldError {
    /// These files exist already, as paths below the folder; nothing was changed.
    InTheWay(Vec<String>),
    /// These paths below the folder exist and can't be overwritten: they are links, or not the
    /// folder or file needed there; nothing was changed.
    Blocked(Vec<String>),
    /// The machine failed.
    Failed(anyhow::Error),
}

/// Returns whether a folder is free for a new project: it does not exist, or contains nothing but
/// `.git`.
pub fn is_free(folder: &Path) -> anyhow::Result<bool> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Ok(false),
        Err(error) => return Err(error).with_context(|| cannot("read", folder)),
    };
    for entry in entries {
        let entry = entry.with_context(|| cannot("read", folder))?;
        // A newly created or cloned repository is free.
        if entry.file_name() != ".git" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Creates files below a folder, and the folder if it does not exist.
pub fn write(folder: &Path, files: &[NewFile], force: bool) -> Result<(), ScaffoldError> {
    let mut blocked: Vec<_> = files.iter().filter_map(|it| blocks(folder, it)).collect();
    if !blocked.is_empty() {
        blocked.dedup();
        return Err(ScaffoldError::Blocked(blocked));
    }
    // The metadata of the link itself: a dangling link is in the way, too.
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

/// Returns the first path on the way to a file that exists and is not a folder, or the file's own
/// path if it exists and is not a file.
fn blocks(folder: &Path, file: &NewFile) -> Option<String> {
    let ends = file.path.match_indices('/').map(|(at, _)| at);
    let mut ways = ends.chain([file.path.len()]).map(|end| &file.path[..end]);
    let way = ways.find(|way| {
        fs::symlink_metadata(folder.join(way)).is_ok_and(|there| {
            if *way == file.path {
                !there.is_file()
            } else {
                !there.is_dir()
            }
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
    // In the same folder, since a rename can't cross file systems.
    let mut temporary = temporary_file_in(parent).map_err(failed)?;
    temporary.write_all(&file.bytes).map_err(failed)?;
    let persisted = if force {
        temporary.persist(path)
    } else {
        // Another program may have created the file meanwhile.
        temporary.persist_noclobber(path)
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

    /// Creates something at a path that is not a file.
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
