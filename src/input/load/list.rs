//! Lists of bots: which one a build uses, and which file `site.yaml` names as one.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Folders, Inputs, SettingsFile, display, is_inside, link_on_way, unreadable};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::source::Span;
use crate::input::system::{FileNumber, file_of};
use crate::input::yaml::Value;

/// The key of `site.yaml` that names a list of bots.
const KEY: &str = "bots";

/// Which list of bots to use.
#[derive(Clone, Debug, Default)]
pub enum ListChoice {
    /// The list that `site.yaml` names, if any.
    #[default]
    OfSite,
    /// This file, `-` for standard input.
    File(PathBuf),
    /// None.
    None,
}

/// The list of bots that `site.yaml` names.
#[derive(Clone, Debug)]
pub struct ListOfSite {
    /// Its path below the project's folder.
    below: PathBuf,
    project: PathBuf,
    /// Where `site.yaml` names it.
    place: Span,
}

/// A list of bots, which is read only when needed: it can be long.
#[derive(Debug)]
pub struct BotList {
    /// Its path in messages.
    pub shown: String,
    /// Where it is; `-` for standard input.
    path: PathBuf,
    /// Its entry in `site.yaml`, if `site.yaml` names it.
    of_site: Option<ListOfSite>,
    /// Whether it is read repeatedly, which a pipe can't be.
    is_watched: bool,
    /// A hash of its content, in watch mode.
    pub(super) hash: Option<[u8; 32]>,
}

impl BotList {
    /// Opens the list. A list that `site.yaml` names, or that is watched, must be a file; one that
    /// a flag names may be a pipe.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        if self.path == Path::new("-") {
            return Ok(Box::new(std::io::stdin().lock()));
        }
        if self.of_site.as_ref().is_some_and(ListOfSite::is_linked) {
            return Err(io::Error::other(
                "reached by a symbolic link, which can lead out of the project",
            ));
        }
        // The metadata of the target is read before the file is opened: opening a pipe waits for a
        // writer.
        let kind = std::fs::metadata(&self.path)?.file_type();
        if kind.is_dir() {
            return Err(io::Error::other("expected a list of bots, found a folder"));
        }
        if !kind.is_file() && (self.of_site.is_some() || self.is_watched) {
            return Err(io::Error::other(
                "expected a file, found a pipe or a device",
            ));
        }
        Ok(Box::new(File::open(&self.path)?))
    }

    /// Returns its location, `-` for standard input.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a hash of its content, in watch mode and if it can be read.
    pub fn hash(&self) -> Option<[u8; 32]> {
        self.hash
    }

    /// Returns the error that it can't be read, at the place in `site.yaml` that names it, if one
    /// does.
    pub fn unreadable(&self, error: &io::Error) -> Diagnostic {
        let fault = unreadable(self.shown.clone(), Some(error), false);
        let Some(ListOfSite { place, .. }) = &self.of_site else {
            return fault;
        };
        let message = format!("`{}`: {}", self.shown, fault.message);
        let help = "name a file by its path from the project's folder; `--bots` names another, and `--generic` none";
        Diagnostic::error(fault.code, *place, message).help(help)
    }
}

impl ListOfSite {
    /// Returns the list that `site.yaml` names; errors of the file are reported by `check`.
    pub(super) fn of(site: &SettingsFile, folders: &Folders) -> Option<ListOfSite> {
        // Only this key is read here. `check` reports its errors with all others of the file.
        let node = site.tree.as_ref()?.value.get(KEY)?;
        let file = match &node.value {
            Value::Mapping(_) => node.value.get("file")?,
            _ => node,
        };
        match &file.value {
            Value::String(path) if is_inside(path) => Some(ListOfSite {
                below: PathBuf::from(path),
                project: folders.project.clone(),
                place: file.span,
            }),
            _ => None,
        }
    }

    fn path(&self) -> PathBuf {
        self.project.join(&self.below)
    }

    /// Returns whether its path contains a link.
    fn is_linked(&self) -> bool {
        link_on_way(&self.project, &self.below).is_some()
    }
}

impl ListChoice {
    /// Returns the files that are lists of bots: the chosen one and the one that `site.yaml`
    /// names. Wherever they are, and under any name, they are neither pages nor published.
    pub(super) fn lists(&self, of_site: Option<&ListOfSite>) -> Vec<FileNumber> {
        let taken = match self {
            ListChoice::File(path) if path == Path::new("-") => {
                // In `--bots - < spec/customers.csv` the file of standard input is a list too, and
                // would be published.
                let stdin = file_of(io::stdin());
                stdin.and_then(|stdin| stdin.metadata()).ok()
            }
            ListChoice::File(path) => std::fs::metadata(path).ok(),
            ListChoice::OfSite | ListChoice::None => None,
        };
        // Identified by device and inode, not by path: a list has several spellings, and may have
        // a hard link in `static/`.
        let of_site = of_site.and_then(|list| std::fs::metadata(list.path()).ok());
        let both = [taken, of_site].into_iter().flatten();
        both.map(|list| FileNumber::of(&list)).collect()
    }
}

/// Stores the location of the chosen list of bots.
pub fn bots(choice: &ListChoice, folders: &Folders, inputs: &mut Inputs) {
    let (path, shown, of_site) = match choice {
        ListChoice::None => return,
        ListChoice::File(path) if path == Path::new("-") => {
            (path.clone(), "standard input".to_owned(), None)
        }
        ListChoice::File(path) => (path.clone(), path.to_string_lossy().into_owned(), None),
        ListChoice::OfSite => match &inputs.list_of_site {
            Some(list) => {
                let path = list.path();
                let shown = display(folders, &path);
                (path, shown, Some(list.clone()))
            }
            None => return,
        },
    };
    inputs.bots = Some(BotList {
        shown,
        path,
        of_site,
        is_watched: false,
        hash: None,
    });
}

/// Finds the list as [`bots`] does, and hashes it to detect later changes; reports why it can't be
/// read.
pub fn watched_bots(
    choice: &ListChoice,
    folders: &Folders,
    inputs: &mut Inputs,
    report: &mut Report,
) {
    bots(choice, folders, inputs);
    let Some(list) = &mut inputs.bots else {
        return;
    };
    list.is_watched = true;
    // Changes are detected by 32 bytes instead of by a copy of a list that can be long.
    let mut hasher = blake3::Hasher::new();
    match list
        .open()
        .and_then(|list| hasher.update_reader(list).map(|_| ()))
    {
        Ok(()) => list.hash = Some(*hasher.finalize().as_bytes()),
        Err(error) => report.push(list.unreadable(&error)),
    }
}
