//! Files of other programs that were moved aside and can't be moved back.
//!
//! Each gets a name under which no command deletes it, and every command reports it until it is
//! gone: a report that is printed only once is lost if the command is killed.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::{Error, IoContext, OtherFiles, Refusal};
use super::folder::Folder;
use super::reserved::JOURNAL;
use super::{Goal, Summary};

/// The start of the names of kept files; a number follows.
const PREFIX: &str = "kept-";

/// The place of a file that was not lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rescued {
    /// The path where another program put it.
    InPlace,
    /// This path, since yet another file is where the program put it.
    Aside(PathBuf),
}

/// Gives what is `aside` in `holder` a name under which no command deletes it.
pub(super) fn keep(holder: &Folder, aside: &str) -> anyhow::Result<Rescued> {
    // In a folder of pages, the name must be one that no page can have.
    let prefix = if aside.starts_with(JOURNAL) {
        format!("{JOURNAL}-{PREFIX}")
    } else {
        PREFIX.to_owned()
    };
    // Numbers are tried, not looked up: another command could take a name in between.
    for number in 1.. {
        let name = format!("{prefix}{number}");
        match holder.rename_new(aside, holder, &name) {
            Ok(()) => return Ok(Rescued::Aside(holder.path_of(name))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).at("keep", holder.path_of(aside)),
        }
    }
    unreachable!("numbers have no end")
}

/// Links to a kept file on a file system that is mounted inside, from the folder where commands
/// look for kept files. On a file system without links, the file is reported only once.
fn list(root: &Folder, aside: &Path) -> anyhow::Result<()> {
    let Ok(path) = aside.strip_prefix(root.path_of("")) else {
        return Ok(());
    };
    if path.starts_with(JOURNAL) {
        return Ok(());
    }
    root.make(JOURNAL)?;
    let Some(stage) = root.child(JOURNAL)? else {
        return Ok(());
    };
    let target = Path::new("..").join(path);
    for number in 1.. {
        match stage.link_to(&target, format!("{PREFIX}{number}")) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            // Not every file system has links.
            _ => break,
        }
    }
    Ok(())
}

/// Adds the rescued files, of this and of earlier commands, to the result of a command.
pub(super) fn report(
    root: &Folder,
    dir: &Path,
    rescued: Vec<(String, Rescued)>,
    goal: Goal,
    done: Result<Summary, Error>,
) -> Result<Summary, Error> {
    let mut files: Vec<_> = rescued
        .into_iter()
        .map(|(path, rescued)| match rescued {
            Rescued::InPlace => (path, None),
            Rescued::Aside(aside) => (path, Some(aside)),
        })
        .collect();
    // Listed before this command's own files are linked there: each is reported once.
    let kept = kept(root)?;
    for aside in files.iter().filter_map(|(_, aside)| aside.as_ref()) {
        list(root, aside)?;
    }
    for name in kept {
        let aside = root.path_of(JOURNAL).join(&name);
        if !files.iter().any(|(_, at)| at.as_ref() == Some(&aside)) {
            files.push((format!("{JOURNAL}/{name}"), None));
        }
    }
    let dir = dir.to_owned();
    match done {
        Ok(summary) if files.is_empty() => Ok(summary),
        Ok(_) => {
            let rest = match goal {
                Goal::Site => OtherFiles::Written,
                Goal::Nothing => OtherFiles::Deleted,
            };
            Err(Refusal::Kept { dir, files, rest }.into())
        }
        Err(Error::Refused(refusal)) => {
            // The refusal names the files that are in their places.
            files.retain(|(path, aside)| aside.is_some() || path.starts_with(JOURNAL));
            if files.is_empty() {
                return Err(refusal.into());
            }
            let rest = OtherFiles::Refused(Box::new(refusal));
            Err(Refusal::Kept { dir, files, rest }.into())
        }
        // A failure of the machine is reported first; the next command reports the files.
        Err(failed) => Err(failed),
    }
}

/// Returns the names of the kept files in the folder of the journal, sorted.
fn kept(root: &Folder) -> anyhow::Result<Vec<String>> {
    let Some(stage) = root.child(JOURNAL)? else {
        return Ok(Vec::new());
    };
    let names = stage.entries()?.into_iter();
    let names = names.filter_map(|(name, _)| name.into_string().ok());
    let mut kept = Vec::new();
    for name in names.filter(|name| name.starts_with(PREFIX)) {
        // Our link to a kept file that is gone: the user has dealt with it.
        let target = stage.target(&name);
        let beside = format!("{JOURNAL}-{PREFIX}");
        let file = target.as_deref().and_then(Path::file_name);
        let is_ours = file.is_some_and(|file| file.to_string_lossy().starts_with(&beside));
        if is_ours && !stage.leads_to_something(&name) {
            stage.remove_file(name)?;
            root.remove_folder(JOURNAL)?;
        } else {
            kept.push(name);
        }
    }
    kept.sort_unstable();
    Ok(kept)
}
