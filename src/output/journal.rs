//! Changing the output directory in place, so that a change that is cut short can be completed.
//!
//! The new files are staged in a folder inside of the output directory, and a journal beside them
//! says which file goes where. Until the journal has its name, nothing has changed and the next
//! command throws the stage away. From then on everything that is left to do is in the journal, can
//! be done twice without harm, and is done by the next command if not by this one.
//!
//! A journal is a step a line, and at the end a checksum; it is written and read as a stream.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use blake3::Hasher;
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::checksum::Checksum;
use super::cursor::{Cursor, Deleter};
use super::displace::{Expected, Fault, Rescued, Spot, Was};
use super::error::{At, Error, FileFault, Refusal};
use super::folder::Folder;
use super::path::TreePath;
use super::plan::Faults;
use crate::diagnostic::printable_path;
use crate::spool::Spool;

/// The folder of the journal and the staged files.
pub(super) const FOLDER: &str = ".botdocs-journal";
/// The journal in it; the new files are beside it, each named by its number.
const NAME: &str = "journal.jsonl";
/// The journal before it is complete.
const DRAFT: &str = "journal.new";

/// A change of one file; doing it twice does no harm.
///
/// Whatever the order of the steps in a journal, they are done kind by kind, as they stand here: at
/// any moment all that a page shows is there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Step {
    /// Delete a file that is in the way of a new one.
    Clear {
        path: TreePath,
        /// The file that is lost, if there is one.
        was: Option<Was>,
    },
    /// Move a staged file into place.
    Write {
        path: TreePath,
        /// The number of the staged file.
        from: u64,
        /// What is in it.
        new: Checksum,
        /// The file that is lost, if there is one.
        was: Option<Was>,
    },
    /// Delete a file that no page shows any more.
    Remove {
        path: TreePath,
        /// The file that is lost, if there is one.
        was: Option<Was>,
    },
}

impl Step {
    /// Adds its line to `lines`.
    pub(super) fn push_to(&self, lines: &mut Vec<u8>) -> anyhow::Result<()> {
        serde_json::to_writer(&mut *lines, self)?;
        lines.push(b'\n');
        Ok(())
    }
}

/// The new files and the journal of a change, of which nothing is in its place yet.
///
/// There is no folder of it until it is needed: a build that changes nothing writes nothing.
pub(super) struct Stage<'a> {
    root: &'a Folder,
    folder: OnceLock<Folder>,
    next: AtomicU64,
}

impl<'a> Stage<'a> {
    pub(super) fn new(root: &'a Folder) -> Stage<'a> {
        Stage {
            root,
            folder: OnceLock::new(),
            next: AtomicU64::new(0),
        }
    }

    fn folder(&self) -> anyhow::Result<&Folder> {
        if let Some(folder) = self.folder.get() {
            return Ok(folder);
        }
        // Two that come here at once open the same folder.
        self.root.make(FOLDER)?;
        let opened = open_stage(self.root)?;
        Ok(self.folder.get_or_init(|| opened))
    }

    /// Stages a file, and returns its number.
    pub(super) fn put(&self, content: &[u8]) -> anyhow::Result<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder()?.create(number.to_string(), content)?;
        Ok(number)
    }

    /// Stages a long text, and returns its number and checksum.
    pub(super) fn put_text(&self, text: &Spool) -> anyhow::Result<(u64, Checksum)> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder()?.create_from(number.to_string(), text)?;
        let checksum = Checksum::of_reader(text.reader()).context("cannot read the manifest")?;
        Ok((number, checksum))
    }

    /// Begins the journal.
    pub(super) fn draft(&self) -> anyhow::Result<Draft<'_>> {
        let folder = self.folder()?;
        Ok(Draft {
            folder,
            file: BufWriter::new(folder.create_file(DRAFT)?),
            hasher: Hasher::new(),
        })
    }

    /// Throws away what was staged, after an error or a refusal; the next command tries again.
    pub(super) fn discard(&self) {
        let _ = discard(self.root);
    }
}

/// A journal that is being written.
pub(super) struct Draft<'a> {
    folder: &'a Folder,
    file: BufWriter<File>,
    hasher: Hasher,
}

impl Draft<'_> {
    /// Adds steps, as [`Step::push_to`] writes them.
    pub(super) fn push(&mut self, lines: &[u8]) -> anyhow::Result<()> {
        self.hasher.update(lines);
        let written = self.file.write_all(lines);
        written.at("write", self.folder.path_of(DRAFT))
    }

    /// Gives the journal its name: from here on it will be completed.
    pub(super) fn commit(mut self) -> anyhow::Result<()> {
        let checksum = self.hasher.finalize();
        let ended = writeln!(self.file, "{checksum}").and_then(|()| self.file.flush());
        ended.at("write", self.folder.path_of(DRAFT))?;
        self.folder.sync_disk()?;
        let named = self.folder.rename(DRAFT, self.folder, NAME.as_ref());
        named.at("name", self.folder.path_of(DRAFT))?;
        self.folder.sync()
    }
}

/// What is left to do, or may have been done already.
struct Journal {
    file: BufReader<File>,
    /// The checksum that ends it.
    end: String,
}

impl Journal {
    /// Opens the journal that is in `stage`, if one is; says what is wrong with it.
    fn open(stage: &Folder) -> anyhow::Result<Option<Result<Journal, String>>> {
        let Some(mut file) = stage.reader(NAME)? else {
            return Ok(None);
        };
        let mut hasher = Hasher::new();
        let (mut line, mut next) = (Vec::new(), Vec::new());
        loop {
            next.clear();
            let read = file.read_until(b'\n', &mut next);
            if read.at("read", stage.path_of(NAME))? == 0 {
                break;
            }
            // The last line is not one that it is the checksum of.
            hasher.update(&line);
            std::mem::swap(&mut line, &mut next);
        }
        let end = format!("{}\n", hasher.finalize());
        Ok(Some(match line == end.as_bytes() {
            true => Ok(Journal { file, end }),
            false => Err("its checksum does not fit".to_owned()),
        }))
    }

    /// Goes through the steps, with their numbers, from the first one.
    fn each(
        &mut self,
        mut work: impl FnMut(u64, Step) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.file.rewind().context("cannot read the journal")?;
        let mut line = String::new();
        for number in 0.. {
            line.clear();
            let read = self.file.read_line(&mut line);
            if read.context("cannot read the journal")? == 0 || line == self.end {
                return Ok(());
            }
            let step = serde_json::from_str(&line);
            work(number, step.context("the journal has a step that is none")?)?;
        }
        Ok(())
    }

    /// Does what the journal says, and removes it.
    ///
    /// `kept` are files that are aside already.
    fn complete(
        &mut self,
        root: &Folder,
        dir: &Path,
        force: bool,
        mut kept: Vec<(String, Rescued)>,
    ) -> Result<(), Error> {
        let applied = self.apply(root, force).with_context(|| {
            let dir = printable_path(dir);
            format!("`{dir}` is only half updated; run the command again to complete it")
        })?;
        kept.extend(applied);
        Refusal::kept(dir, kept).map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    fn apply(&mut self, root: &Folder, force: bool) -> anyhow::Result<Vec<(String, Rescued)>> {
        let mut kept = Vec::new();
        let expect = |was| match force {
            true => Expected::Any,
            false => Expected::Was(was),
        };
        let stage = open_stage(root)?;
        self.delete(root, &stage, &mut kept, |step| match step {
            Step::Clear { path, was } => Some((path, expect(was))),
            Step::Write { .. } | Step::Remove { .. } => None,
        })?;
        let mut cursor = Cursor::new(root);
        self.each(|_, step| match step {
            Step::Write {
                path,
                from,
                new,
                was,
            } => {
                let folder = cursor.make(&path)?;
                let put = put(&stage, &from.to_string(), folder, &path, (expect(was), new))?;
                kept.extend(put.map(|put| (path.to_string(), put)));
                Ok(())
            }
            Step::Clear { .. } | Step::Remove { .. } => Ok(()),
        })?;
        self.delete(root, &stage, &mut kept, |step| match step {
            Step::Remove { path, was } => Some((path, expect(was))),
            Step::Clear { .. } | Step::Write { .. } => None,
        })?;
        root.sync_disk()?;
        discard(root)?;
        Ok(kept)
    }

    /// Deletes the files of some of the steps.
    fn delete(
        &mut self,
        root: &Folder,
        stage: &Folder,
        kept: &mut Vec<(String, Rescued)>,
        of: impl Fn(Step) -> Option<(TreePath, Expected)>,
    ) -> anyhow::Result<()> {
        let mut deleter = Deleter::new(root);
        self.each(|number, step| match of(step) {
            Some((path, expected)) => deleter.delete(&path, |folder| {
                let taken = take(stage, &taken(number), folder, &path, expected)?;
                kept.extend(taken.map(|taken| (path.to_string(), taken)));
                Ok(())
            }),
            None => Ok(()),
        })?;
        deleter.finish()
    }

    /// Ends what a kill cut short between the move of a file and the look at it; returns the files
    /// that are aside since then.
    fn settle(&mut self, root: &Folder, stage: &Folder) -> anyhow::Result<Vec<(String, Rescued)>> {
        let mut kept = Vec::new();
        let mut settled = |path: &TreePath, rescued| {
            if let Some(aside @ Rescued::Aside(_)) = rescued {
                kept.push((path.to_string(), aside));
            }
        };
        let mut cursor = Cursor::new(root);
        self.each(|number, step| {
            let (path, aside, was, new) = match step {
                Step::Clear { path, was } | Step::Remove { path, was } => {
                    (path, taken(number), was, None)
                }
                Step::Write {
                    path,
                    from,
                    new,
                    was,
                } => (path, from.to_string(), was, Some(new)),
            };
            let asides = [(format!("{aside}-old"), None), (aside, new)];
            let is_cut_short = |holder: &Folder, aside: &str, new: Option<Checksum>| {
                let is_there = holder.stat(aside)?.is_some();
                anyhow::Ok(is_there && (new.is_none() || holder.checksum(aside)? != new))
            };
            for (aside, new) in &asides {
                if is_cut_short(stage, aside, *new)? {
                    let spot = Spot {
                        holder: stage,
                        aside,
                        folder: cursor.make(&path)?,
                        name: path.name(),
                    };
                    settled(&path, spot.settle(Expected::Was(was), *new)?);
                }
            }
            // Where no rename reaches from the stage, the same was done beside the file.
            let Some(folder) = cursor.reach(&path)? else {
                return Ok(());
            };
            for (aside, new) in &asides {
                let aside = &beside(aside);
                if is_cut_short(folder, aside, *new)? {
                    let spot = Spot {
                        holder: folder,
                        aside,
                        folder,
                        name: path.name(),
                    };
                    settled(&path, spot.settle(Expected::Was(was), *new)?);
                }
            }
            Ok(())
        })?;
        Ok(kept)
    }

    /// Finds files that were changed since the journal was written and would be lost.
    fn faults(&mut self, root: &Folder, stage: &Folder) -> anyhow::Result<Faults> {
        let mut faults = BTreeSet::new();
        let mut cursor = Cursor::new(root);
        self.each(|_, step| {
            let (path, was, new) = match step {
                Step::Clear { path, was } | Step::Remove { path, was } => (path, was, None),
                Step::Write {
                    path,
                    from,
                    new,
                    was,
                } => {
                    if stage.stat(from.to_string())?.is_none() {
                        // It is in its place already; what was done to it since is not undone.
                        return Ok(());
                    }
                    (path, was, Some(new))
                }
            };
            let Some(folder) = cursor.reach(&path)? else {
                return Ok(());
            };
            let Some(stat) = folder.stat(path.name())? else {
                return Ok(());
            };
            let kind = rustix::fs::FileType::from_raw_mode(stat.st_mode);
            let is_known = match folder.checksum(path.name())? {
                Some(found) => was == Some(Was::File(found)) || new == Some(found),
                None => was == Some(Was::Other),
            };
            if !kind.is_dir() && !is_known {
                faults.insert((path.to_string(), FileFault::Edited));
            }
            Ok(())
        })?;
        Ok(faults)
    }
}

/// Does what was just committed.
pub(super) fn complete(root: &Folder, dir: &Path) -> Result<(), Error> {
    let stage = open_stage(root)?;
    match Journal::open(&stage)? {
        Some(Ok(mut journal)) => journal.complete(root, dir, false, Vec::new()),
        _ => {
            let failed: Result<(), Errno> = Err(Errno::IO);
            Ok(failed.at("read", stage.path_of(NAME))?)
        }
    }
}

/// Completes the change that an earlier command began here, or throws away what it staged.
pub(super) fn recover(root: &Folder, dir: &Path, force: bool) -> Result<(), Error> {
    let Some(stage) = root.child(FOLDER)? else {
        return Ok(());
    };
    let mut journal = match Journal::open(&stage)? {
        None => return Ok(discard(root)?),
        Some(Ok(journal)) => journal,
        Some(Err(_)) if force => return Ok(discard(root)?),
        Some(Err(fault)) => {
            let path = dir.join(FOLDER).join(NAME);
            return Err(Refusal::Damaged { path, fault }.into());
        }
    };
    let kept = journal.settle(root, &stage)?;
    if !force {
        let files = journal.faults(root, &stage)?;
        if !files.is_empty() {
            return Err(Refusal::files(dir, files).into());
        }
    }
    journal.complete(root, dir, force, kept)
}

fn open_stage(root: &Folder) -> anyhow::Result<Folder> {
    let stage = root.child(FOLDER)?.ok_or(Errno::NOTDIR);
    stage.at("open the folder", root.path_of(FOLDER))
}

/// The name in the stage of the file that the step of this number deletes.
fn taken(number: u64) -> String {
    format!("taken-{number}")
}

/// The name in the folder of a path of what cannot be in the stage, on another file system.
fn beside(aside: &str) -> String {
    format!("{FOLDER}-{aside}")
}

/// Moves a staged file to `path` in `folder`, unless that was done before.
fn put(
    stage: &Folder,
    staged: &str,
    folder: &Folder,
    path: &TreePath,
    (expected, new): (Expected, Checksum),
) -> anyhow::Result<Option<Rescued>> {
    let mut spot = Spot {
        holder: stage,
        aside: staged,
        folder,
        name: path.name(),
    };
    match spot.put(expected, new) {
        Ok(kept) => return Ok(kept),
        Err(Fault::Failed(error)) => return Err(error),
        Err(Fault::OtherDisk) if stage.stat(staged)?.is_none() => return Ok(None),
        // Another file system is mounted in the output directory.
        Err(Fault::OtherDisk) => {}
    }
    let beside = beside(staged);
    spot.holder = folder;
    spot.aside = &beside;
    let cleared = spot.settle_cleared(expected)?;
    if cleared.is_none() && folder.stat(&beside)?.is_none() {
        copy_beside(stage, staged, folder, &beside)?;
    }
    let is_new = folder.checksum(&beside)? == Some(new);
    let rescued = match cleared {
        Some(_) => {
            folder.remove_file(&beside)?;
            cleared
        }
        None if is_new => spot.put(expected, new).map_err(on_one_disk)?,
        // A copy is whole; so this came out of an exchange, behind which a kill came.
        None => spot.settle(expected, Some(new))?,
    };
    stage.remove_file(staged)?;
    Ok(rescued)
}

/// Copies a staged file into `folder`; it has the name `beside` only once it is whole.
fn copy_beside(stage: &Folder, staged: &str, folder: &Folder, beside: &str) -> anyhow::Result<()> {
    let draft = format!("{beside}-copy");
    folder.remove_file(&draft)?;
    let copied = stage
        .link_or_copy(staged, folder, &draft)
        .and_then(|()| folder.sync_disk());
    if copied.is_err() {
        // The space may be needed; what fails here the next command does.
        let _ = folder.remove_file(&draft);
        return copied;
    }
    let named = folder.rename(&draft, folder, beside.as_ref());
    named.at("name", folder.path_of(draft))
}

/// Deletes what stands at `path` in `folder`, if it is as expected.
fn take(
    stage: &Folder,
    aside: &str,
    folder: &Folder,
    path: &TreePath,
    expected: Expected,
) -> anyhow::Result<Option<Rescued>> {
    let mut spot = Spot {
        holder: stage,
        aside,
        folder,
        name: path.name(),
    };
    match spot.take(expected) {
        Ok(kept) => return Ok(kept),
        Err(Fault::Failed(error)) => return Err(error),
        Err(Fault::OtherDisk) => {}
    }
    let beside = beside(aside);
    spot.holder = folder;
    spot.aside = &beside;
    spot.take(expected).map_err(on_one_disk)
}

/// What is wrong when even two names of one folder are on two file systems.
fn on_one_disk(fault: Fault) -> anyhow::Error {
    match fault {
        Fault::Failed(error) => error,
        Fault::OtherDisk => std::io::Error::from(Errno::XDEV).into(),
    }
}

/// Removes the journal first, then what was staged for it.
fn discard(root: &Folder) -> anyhow::Result<()> {
    let Some(stage) = root.child(FOLDER)? else {
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
