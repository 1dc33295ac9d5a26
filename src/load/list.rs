//! Lists of bots: which one a build takes, and which file `site.yaml` names as one.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Folders, Inputs, display, unreadable};
use crate::diagnostic::{Diagnostic, Report};
use crate::source::{FileId, Sources, Span};
use crate::yaml::{self, Value};

/// The key of `site.yaml` that names a list of bots.
const KEY: &str = "bots";

/// Which list of bots is taken.
#[derive(Clone, Debug, Default)]
pub enum ListChoice {
    /// The one that `site.yaml` names, if it names one.
    #[default]
    OfSite,
    /// This file, `-` for standard input.
    File(PathBuf),
    /// None.
    None,
}

/// A list of bots, which is read when it is needed: it can be long.
#[derive(Debug)]
pub struct BotList {
    /// Its path in messages.
    pub shown: String,
    /// Where it is; `-` for standard input.
    path: PathBuf,
    /// The `site.yaml` that names it, if one does.
    named_by: Option<FileId>,
    /// Whether it is read again and again, which a pipe can't be.
    is_watched: bool,
    /// A hash of what is in it, where changes are looked for.
    pub(super) hash: Option<[u8; 32]>,
}

impl BotList {
    /// Opens the list. What `site.yaml` names, or what is watched, is a file; what a flag names may be
    /// a pipe.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        if self.path == Path::new("-") {
            return Ok(Box::new(std::io::stdin().lock()));
        }
        let kind = std::fs::metadata(&self.path)?.file_type();
        if kind.is_dir() {
            return Err(io::Error::other("a folder, where a list of bots must be"));
        }
        if !kind.is_file() && (self.named_by.is_some() || self.is_watched) {
            return Err(io::Error::other("a pipe or a device, where a file must be"));
        }
        Ok(Box::new(std::fs::File::open(&self.path)?))
    }

    /// Where it is, `-` for standard input.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A hash of what is in it, if changes are looked for and it can be read.
    pub fn hash(&self) -> Option<[u8; 32]> {
        self.hash
    }

    /// Why it can't be read, at the place in `site.yaml` that names it, if one does.
    pub fn unreadable(&self, error: &io::Error, sources: &Sources) -> Diagnostic {
        let fault = unreadable(self.shown.clone(), Some(error), false);
        let site = self.named_by;
        let Some((_, place)) = site.and_then(|site| named(sources, site)) else {
            return fault;
        };
        let message = format!("`{}`: {}", self.shown, fault.message);
        let help = "name a file by its path from the project's folder; `--bots` names another, and `--generic` none";
        Diagnostic::error(fault.code, place, message).help(help)
    }
}

/// Notes where the list of bots is that is taken.
pub fn bots(choice: &ListChoice, folders: &Folders, inputs: &mut Inputs) {
    let (path, shown, named_by) = match choice {
        ListChoice::None => return,
        ListChoice::File(path) if path == Path::new("-") => {
            (path.clone(), "standard input".to_owned(), None)
        }
        ListChoice::File(path) => (path.clone(), path.to_string_lossy().into_owned(), None),
        ListChoice::OfSite => match &inputs.list_of_site {
            Some(path) => (path.clone(), display(folders, path), inputs.site),
            None => return,
        },
    };
    inputs.bots = Some(BotList {
        shown,
        path,
        named_by,
        is_watched: false,
        hash: None,
    });
}

/// Like [`bots`], and reads the list to see later whether it has changed; reports why it can't be
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
    let mut hasher = blake3::Hasher::new();
    match list
        .open()
        .and_then(|list| hasher.update_reader(list).map(|_| ()))
    {
        Ok(()) => list.hash = Some(*hasher.finalize().as_bytes()),
        Err(error) => report.push(list.unreadable(&error, &inputs.sources)),
    }
}

/// Whether a path of `site.yaml` leads to something inside the project.
pub fn is_inside(path: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    !path.contains('\\') && path.split('/').all(plain)
}

/// The list of bots that `site.yaml` names; faults of the file are reported where it is checked.
///
/// It must be known before the folders are read: wherever the list lies, it is neither a page nor
/// published.
pub(super) fn of_site(folders: &Folders) -> Option<PathBuf> {
    let text = std::fs::read_to_string(folders.spec.join("site.yaml")).ok()?;
    if !text.contains(KEY) {
        return None;
    }
    let mut sources = Sources::default();
    let file = sources.add("site.yaml", text.as_str());
    let (path, _) = named(&sources, file)?;
    is_inside(&path).then(|| folders.project.join(path))
}

/// The path that a `site.yaml` names as the list of bots, and where it stands.
fn named(sources: &Sources, site: FileId) -> Option<(String, Span)> {
    let site = yaml::parse(sources, site, &mut Report::default())?;
    let node = site.value.get(KEY)?;
    let file = match &node.value {
        Value::Mapping(_) => node.value.get("file")?,
        _ => node,
    };
    match &file.value {
        Value::String(path) => Some((path.clone(), file.span)),
        _ => None,
    }
}
