//! Changing the output directory in place, so that a change that is cut short can be completed.
//!
//! The new files are staged in a folder inside of the output directory, and a journal beside them
//! says which file goes where. Until the journal has its name, nothing has changed and the next
//! command throws the stage away. From then on everything that is left to do is in the journal, can
//! be done twice without harm, and is done by the next command if not by this one.

use std::path::Path;

use anyhow::Context;
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::cursor::{self, Cursor};
use super::error::{At, Error, FileFault, Refusal};
use super::folder::Folder;
use super::manifest;
use super::path::TreePath;
use super::plan::Plan;
use super::tree::Tree;

/// The folder of the journal and the staged files.
pub(super) const FOLDER: &str = ".botdocs-journal";
/// The journal in it; the new files are beside it, each named by its place in the list.
const NAME: &str = "journal.json";
/// The journal before it is complete.
const DRAFT: &str = "journal.new";

/// What is left to do, or may have been done already.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    remove: Vec<Step>,
    write: Vec<Step>,
}

/// A path, and the hash of the file there that is lost.
#[derive(Debug, Serialize, Deserialize)]
struct Step {
    path: TreePath,
    was: Option<String>,
}

impl Journal {
    /// Lists the changes, the manifest last.
    pub(super) fn new(root: &Folder, plan: &Plan) -> anyhow::Result<Journal> {
        let step = |(path, hash): (&TreePath, &Option<blake3::Hash>)| Step {
            path: path.clone(),
            was: hash.map(|hash| hash.to_string()),
        };
        let remove = plan.remove.iter().map(step).collect();
        let mut write: Vec<Step> = plan.write.iter().map(step).collect();
        let path = TreePath::new(manifest::NAME).expect("the manifest has a valid name");
        write.push(step((&path, &root.hash(manifest::NAME)?)));
        Ok(Journal { remove, write })
    }

    /// Stages the new files and gives the journal its name: from here on it will be completed.
    pub(super) fn commit(
        &self,
        root: &Folder,
        tree: &Tree<'_>,
        manifest: &[u8],
    ) -> anyhow::Result<()> {
        let staged = self.stage(root, tree, manifest);
        if staged.is_err() {
            // The error that is worth telling is the first one; the next command tries again.
            let _ = root
                .child(FOLDER)
                .and_then(|stage| discard(root, stage.as_ref()));
        }
        staged.context("nothing has changed")
    }

    fn stage(&self, root: &Folder, tree: &Tree<'_>, manifest: &[u8]) -> anyhow::Result<()> {
        root.make(FOLDER)?;
        let stage = open_stage(root)?;
        let mut buffer = Vec::new();
        for (number, step) in self.write.iter().enumerate() {
            let content = tree.get(step.path.as_str());
            let content = content.map_or(manifest, |content| content.bytes(&mut buffer));
            stage.create(number.to_string(), content)?;
        }
        stage.create(DRAFT, &self.to_bytes()?)?;
        stage.sync_disk()?;
        let named = stage.rename(DRAFT, &stage, NAME.as_ref());
        named.at("name", stage.path_of(DRAFT))?;
        stage.sync()
    }

    /// Does what the journal says, and removes it.
    pub(super) fn complete(&self, root: &Folder, dir: &Path) -> anyhow::Result<()> {
        self.apply(root).with_context(|| {
            let dir = dir.display();
            format!("`{dir}` is only half updated; run the command again to complete it")
        })
    }

    fn apply(&self, root: &Folder) -> anyhow::Result<()> {
        let stage = open_stage(root)?;
        // Deletions come first: the new file may be a folder of the old one's name, or on a system
        // that ignores case the old one itself.
        cursor::delete(root, self.remove.iter().map(|step| &step.path), |_, _| {
            Ok(true)
        })?;
        let mut cursor = Cursor::new(root);
        for (number, step) in self.write.iter().enumerate() {
            move_into_place(
                &stage,
                &number.to_string(),
                cursor.make(&step.path)?,
                &step.path,
            )?;
        }
        root.sync_disk()?;
        discard(root, Some(&stage))
    }

    /// Finds files that were changed since the journal was written and would be lost.
    fn faults(&self, root: &Folder, stage: &Folder) -> anyhow::Result<Vec<(String, FileFault)>> {
        let mut faults = Vec::new();
        let mut cursor = Cursor::new(root);
        let removed = self.remove.iter().map(|step| (step, None));
        let written = self.write.iter().enumerate();
        let written = written.map(|(number, step)| (step, Some(number.to_string())));
        for (step, staged) in removed.chain(written) {
            let new = staged.map(|name| stage.hash(name)).transpose()?;
            if new == Some(None) {
                // It is in its place already; what was done to it since is not undone.
                continue;
            }
            let Some(folder) = cursor.reach(&step.path)? else {
                continue;
            };
            let Some(stat) = folder.stat(step.path.name())? else {
                continue;
            };
            let hash = folder.hash(step.path.name())?;
            let is_folder = rustix::fs::FileType::from_raw_mode(stat.st_mode).is_dir();
            let is_old = hash.is_some() && hash.map(|hash| hash.to_string()) == step.was;
            let is_new = hash.is_some() && Some(hash) == new;
            if !is_folder && !is_old && !is_new {
                faults.push((step.path.to_string(), FileFault::Edited));
            }
        }
        faults.sort();
        Ok(faults)
    }

    /// Lays the journal out below a line with its checksum.
    fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        let body = serde_json::to_string(self)?;
        let checksum = blake3::hash(body.as_bytes());
        Ok(format!("{checksum}\n{body}").into_bytes())
    }

    /// Reads a journal, or says what is wrong with it.
    fn parse(bytes: &[u8]) -> Result<Journal, String> {
        let text = str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let (checksum, body) = text.split_once('\n').ok_or("it is cut short")?;
        if blake3::hash(body.as_bytes()).to_hex().as_str() != checksum {
            return Err("its checksum does not fit".to_owned());
        }
        serde_json::from_str(body).map_err(|error| error.to_string())
    }
}

/// Completes the change that an earlier command began here, or throws away what it staged.
pub(super) fn recover(root: &Folder, dir: &Path, force: bool) -> Result<(), Error> {
    let Some(stage) = root.child(FOLDER)? else {
        return Ok(());
    };
    let Some(bytes) = stage.read(NAME)? else {
        return Ok(discard(root, Some(&stage))?);
    };
    let journal = match Journal::parse(&bytes) {
        Ok(journal) => journal,
        Err(_) if force => return Ok(discard(root, Some(&stage))?),
        Err(fault) => {
            let path = dir.join(FOLDER).join(NAME);
            return Err(Refusal::Damaged { path, fault }.into());
        }
    };
    if !force {
        let files = journal.faults(root, &stage)?;
        if !files.is_empty() {
            let dir = dir.to_owned();
            return Err(Refusal::Files { dir, files }.into());
        }
    }
    Ok(journal.complete(root, dir)?)
}

fn open_stage(root: &Folder) -> anyhow::Result<Folder> {
    let stage = root.child(FOLDER)?.ok_or(Errno::NOTDIR);
    stage.at("open the folder", root.path_of(FOLDER))
}

/// Moves a staged file to `path` in `folder`, unless that was done before.
fn move_into_place(
    stage: &Folder,
    staged: &str,
    folder: &Folder,
    path: &TreePath,
) -> anyhow::Result<()> {
    match stage.rename(staged, folder, path.name().as_ref()) {
        Ok(()) | Err(Errno::NOENT) => return Ok(()),
        // Another file system is mounted in the output directory.
        Err(Errno::XDEV) => {}
        Err(error) => return Err(error).at("replace", folder.path_of(path.name())),
    }
    let beside = format!("{FOLDER}-{staged}");
    folder.remove_file(&beside)?;
    stage.share(staged, folder, &beside)?;
    folder.sync_disk()?;
    let renamed = folder.rename(&beside, folder, path.name().as_ref());
    renamed.at("replace", folder.path_of(path.name()))?;
    stage.remove_file(staged)
}

/// Removes the journal first, then what was staged for it.
fn discard(root: &Folder, stage: Option<&Folder>) -> anyhow::Result<()> {
    let Some(stage) = stage else {
        return Ok(());
    };
    stage.remove_file(NAME)?;
    for (name, _) in stage.entries()? {
        let is_staged = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
        if name
            .to_str()
            .is_some_and(|name| name == DRAFT || is_staged(name))
        {
            stage.remove_file(name)?;
        }
    }
    root.remove_folder(FOLDER)
}
