//! Files of other programs that we moved aside and can't give back.
//!
//! Each has a name under which no command deletes it, and is named by every command until someone
//! takes it away: what is reported only once is forgotten after a kill.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::{Error, IoContext, OtherFiles, Refusal};
use super::folder::Folder;
use super::reserved::JOURNAL;
use super::{Goal, Summary};

/// What the names of kept files begin with; a number follows.
const PREFIX: &str = "kept-";

/// Where a file is that was not lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rescued {
    /// Where someone put it.
    InPlace,
    /// Here, since yet another file stands where someone put it.
    Aside(PathBuf),
}

/// Gives what is `aside` in `holder` a name under which no command deletes it.
pub(super) fn keep(holder: &Folder, aside: &str) -> anyhow::Result<Rescued> {
    // Beside pages, the name must be one of ours.
    let prefix = if aside.starts_with(JOURNAL) {
        format!("{JOURNAL}-{PREFIX}")
    } else {
        PREFIX.to_owned()
    };
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

/// Links to a kept file that is beside pages on a file system of its own, from the folder in which the
/// kept files are listed; where there are no links, it is named only once.
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
            // Not every file system knows links.
            _ => break,
        }
    }
    Ok(())
}

/// Adds to what a command did the files that were rescued, now or by an earlier command.
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
            // The refusal is about what stands in its place.
            files.retain(|(path, aside)| aside.is_some() || path.starts_with(JOURNAL));
            if files.is_empty() {
                return Err(refusal.into());
            }
            let rest = OtherFiles::Refused(Box::new(refusal));
            Err(Refusal::Kept { dir, files, rest }.into())
        }
        Err(failed) => Err(failed),
    }
}

/// The names of the kept files in the folder of the journal, sorted.
fn kept(root: &Folder) -> anyhow::Result<Vec<String>> {
    let Some(stage) = root.child(JOURNAL)? else {
        return Ok(Vec::new());
    };
    let names = stage.entries()?.into_iter();
    let names = names.filter_map(|(name, _)| name.into_string().ok());
    let mut kept = Vec::new();
    for name in names.filter(|name| name.starts_with(PREFIX)) {
        // A link of ours to what someone took away.
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
