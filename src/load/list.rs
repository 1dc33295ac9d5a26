//! Lists of bots: which one a build takes, and which file `site.yaml` names as one.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Folders, Inputs, display, unreadable};
use crate::diagnostic::Report;
use crate::source::Sources;
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
    /// A hash of what is in it, where changes are looked for.
    pub(super) hash: Option<[u8; 32]>,
}

impl BotList {
    /// Opens the list.
    pub fn open(&self) -> std::io::Result<Box<dyn Read>> {
        Ok(match self.path == Path::new("-") {
            true => Box::new(std::io::stdin().lock()),
            false => Box::new(std::fs::File::open(&self.path)?),
        })
    }

    /// Where it is, `-` for standard input.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Notes where the list of bots is that is taken.
pub fn bots(choice: &ListChoice, folders: &Folders, inputs: &mut Inputs) {
    let (path, shown) = match choice {
        ListChoice::None => return,
        ListChoice::File(path) if path == Path::new("-") => {
            (path.clone(), "standard input".to_owned())
        }
        ListChoice::File(path) => (path.clone(), path.to_string_lossy().into_owned()),
        ListChoice::OfSite => match &inputs.list_of_site {
            Some(path) => (path.clone(), display(folders, path)),
            None => return,
        },
    };
    let hash = None;
    inputs.bots = Some(BotList { shown, path, hash });
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
    let mut hasher = blake3::Hasher::new();
    match list
        .open()
        .and_then(|list| hasher.update_reader(list).map(|_| ()))
    {
        Ok(()) => list.hash = Some(*hasher.finalize().as_bytes()),
        Err(error) => report.push(unreadable(list.shown.clone(), Some(&error), false)),
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
    let site = yaml::parse(&sources, file, &mut Report::default())?;
    let node = site.value.get(KEY)?;
    let file = match &node.value {
        Value::Mapping(_) => node.value.get("file")?,
        _ => node,
    };
    match &file.value {
        Value::String(path) if is_inside(path) => Some(folders.project.join(path)),
        _ => None,
    }
}
