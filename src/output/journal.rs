//! Changes the output directory in place, so that an interrupted change can be completed.
//!
//! New files are staged in a folder inside the output directory, and a journal beside them lists
//! where each goes. Until the journal has its name, nothing has changed, and the next command
//! deletes the stage. From then on all remaining work is in the journal, can be done twice without
//! harm, and is done by the next command if not by this one.
//!
//! A journal has a line for each step, and a checksum as its last line; it is written and read as a
//! stream.
//!
//! The names of files that are staged or moved aside begin with random letters, which are kept in
//! the name of an empty folder. So a file that another program puts there is never taken for one of
//! ours.

use std::collections::BTreeSet;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use blake3::Hasher;
use serde::{Deserialize, Serialize};

use super::carry::{beside, draft, put, take};
use super::checksum::Checksum;
use super::cursor::{Cursor, Deleter};
use super::displace::{Expected, Spot, Was};
use super::error::{Error, FileFault, IoContext, Refusal};
use super::folder::Folder;
use super::path::TreePath;
use super::plan::Losses;
use super::rescue::{self, Rescued};
use super::reserved::JOURNAL;
use super::staged::{DRAFT, MARK, StageNames, TAKEN};
use super::system::{self, Kind};
use crate::hole::spool::Spool;
use crate::input::diagnostic::printable_path;

/// The name of the journal in its folder.
const NAME: &str = "journal.jsonl";

/// A change of one file; doing it twice does no harm.
///
/// The steps of a journal are done kind by kind, in the order of these variants and not in their
/// own: at any moment, all that a page needs is there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Step {
    /// Delete a file that is in the way of a new one.
    Clear {
        path: TreePath,
        /// The name for the deleted file in the folder of the journal.
        aside: String,
        /// The file that is lost, if one is there.
        was: Option<Was>,
    },
    /// Move a staged file into place.
    Write {
        path: TreePath,
        /// The name of the staged file.
        from: String,
        /// Its checksum.
        new: Checksum,
        /// The file that is lost, if one is there.
        was: Option<Was>,
    },
    /// Delete a file that no page needs any more.
    Remove {
        path: TreePath,
        /// The name for the deleted file in the folder of the journal.
        aside: String,
        /// The file that is lost, if one is there.
        was: Option<Was>,
    },
}

impl Step {
    /// Adds the step's line to `lines`.
    pub(super) fn push_to(&self, lines: &mut Vec<u8>) -> anyhow::Result<()> {
        serde_json::to_writer(&mut *lines, self)?;
        lines.push(b'\n');
        Ok(())
    }

    /// Returns the files that the step moves.
    fn moves(self) -> Moves {
        let (path, aside, was, new) = match self {
            Step::Clear { path, aside, was } | Step::Remove { path, aside, was } => {
                (path, aside, was, None)
            }
            Step::Write {
                path,
                from,
                new,
                was,
            } => (path, from, was, Some(new)),
        };
        let asides = [(format!("{aside}-old"), None), (aside, new)];
        Moves { path, asides, was }
    }
}

/// Which files a step moves.
struct Moves {
    path: TreePath,
    /// The names in the folder of the journal, each with our file of that name before the step.
    asides: [(String, Option<Checksum>); 2],
    /// The file that is lost.
    was: Option<Was>,
}

/// The new files and the journal of a change, before any is in its place.
///
/// Its folder is created when it is first needed: a build that changes nothing writes nothing.
pub(super) struct Stage<'a> {
    /// The output directory.
    pub(super) root: &'a Folder,
    folder: OnceLock<Folder>,
    /// The start of the names of its files.
    letters: String,
    next: AtomicU64,
}

impl<'a> Stage<'a> {
    pub(super) fn new(root: &'a Folder) -> Stage<'a> {
        Stage {
            root,
            folder: OnceLock::new(),
            // The only randomness of the standard library; it reaches no file that is published.
            // Not the ID of the process, which occurs again after a restart.
            letters: format!("{:016x}", RandomState::new().hash_one(())),
            next: AtomicU64::new(0),
        }
    }

    fn folder(&self) -> anyhow::Result<&Folder> {
        if let Some(folder) = self.folder.get() {
            return Ok(folder);
        }
        // Two threads that come here at once open the same folder.
        self.root.make(JOURNAL)?;
        let opened = open_stage(self.root)?;
        opened.make(format!("{MARK}{}", self.letters))?;
        Ok(self.folder.get_or_init(|| opened))
    }

    /// Returns a new name for a staged file.
    fn name(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("{}-{number}", self.letters)
    }

    /// Returns a new name for a file that will be moved aside.
    pub(super) fn aside(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("{}-{TAKEN}{number}", self.letters)
    }

    /// Stages a file, and returns its name.
    pub(super) fn put(&self, content: &[u8]) -> anyhow::Result<String> {
        let name = self.name();
        self.folder()?.create(&name, content)?;
        Ok(name)
    }

    /// Stages a long text, and returns its name and checksum.
    pub(super) fn put_text(&self, text: &Spool) -> anyhow::Result<(String, Checksum)> {
        let name = self.name();
        self.folder()?.create_from(&name, text)?;
        let checksum = Checksum::of_reader(text.reader()).context("cannot read the manifest")?;
        Ok((name, checksum))
    }

    /// Begins the journal.
    pub(super) fn draft(&self) -> anyhow::Result<JournalDraft<'_>> {
        let folder = self.folder()?;
        let name = format!("{}-{DRAFT}", self.letters);
        Ok(JournalDraft {
            folder,
            file: BufWriter::new(folder.create_file(&name)?),
            name,
            hasher: Hasher::new(),
        })
    }

    /// Deletes the staged files after an error or a refusal; if that fails, the next command does
    /// it.
    pub(super) fn discard(&self) {
        let _ = discard(self.root);
    }
}

/// A journal that is being written.
pub(super) struct JournalDraft<'a> {
    folder: &'a Folder,
    name: String,
    file: BufWriter<File>,
    hasher: Hasher,
}

impl JournalDraft<'_> {
    /// Adds steps, as [`Step::push_to`] writes them.
    pub(super) fn push(&mut self, lines: &[u8]) -> anyhow::Result<()> {
        self.hasher.update(lines);
        let written = self.file.write_all(lines);
        written.at("write", self.folder.path_of(&self.name))
    }

    /// Gives the journal its name: from here on the change will be completed.
    pub(super) fn commit(mut self) -> anyhow::Result<()> {
        let checksum = self.hasher.finalize();
        let ended = writeln!(self.file, "{checksum}").and_then(|()| self.file.flush());
        ended.at("write", self.folder.path_of(&self.name))?;
        // A journal promises that its staged files are there; so they are on the disk before it has
        // its name, and the name is on the disk before the first file moves.
        self.folder.sync_disk()?;
        let named = self.folder.rename_new(&self.name, self.folder, NAME);
        named.at("name", self.folder.path_of(&self.name))?;
        self.folder.sync()
    }
}

/// A complete journal, whose steps may have been done already.
struct Journal {
    file: BufReader<File>,
    /// Its last line, the checksum.
    end: String,
}

impl Journal {
    /// Opens the journal in `stage`, if there is one; the inner error is why it is damaged.
    fn open(stage: &Folder) -> anyhow::Result<Option<Result<Journal, String>>> {
        let Some(mut file) = stage.reader(NAME)? else {
            return Ok(None);
        };
        // Read to its end before any step is done: a truncated journal would delete files and not
        // write the new ones.
        let mut hasher = Hasher::new();
        let (mut line, mut next) = (Vec::new(), Vec::new());
        loop {
            next.clear();
            let read = file.read_until(b'\n', &mut next);
            if read.at("read", stage.path_of(NAME))? == 0 {
                break;
            }
            // The last line is the checksum of those before it.
            hasher.update(&line);
            std::mem::swap(&mut line, &mut next);
        }
        let end = format!("{}\n", hasher.finalize());
        Ok(Some(if line == end.as_bytes() {
            Ok(Journal { file, end })
        } else {
            Err("its checksum does not match".to_owned())
        }))
    }

    /// Calls `work` with each step from the first one.
    fn each(&mut self, mut work: impl FnMut(Step) -> anyhow::Result<()>) -> anyhow::Result<()> {
        self.file.rewind().context("cannot read the journal")?;
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.file.read_line(&mut line);
            if read.context("cannot read the journal")? == 0 || line == self.end {
                return Ok(());
            }
            let step = serde_json::from_str(&line);
            work(step.context("the journal has an invalid step")?)?;
        }
    }

    /// Does the steps and removes the journal; adds to `rescued` the files that another program
    /// changed since.
    fn complete(
        &mut self,
        root: &Folder,
        dir: &Path,
        force: bool,
        rescued: &mut Vec<(String, Rescued)>,
    ) -> Result<(), Error> {
        let applied = self.apply(root, force, rescued).with_context(|| {
            let dir = printable_path(dir);
            format!("`{dir}` is only half updated; run the command again to complete it")
        });
        Ok(applied?)
    }

    fn apply(
        &mut self,
        root: &Folder,
        force: bool,
        rescued: &mut Vec<(String, Rescued)>,
    ) -> anyhow::Result<()> {
        let expect = |was| {
            if force {
                Expected::Any
            } else {
                Expected::Was(was)
            }
        };
        // At any moment a page finds its style sheet and scripts: what is in the way of a new file
        // goes, then new files come, then changed ones, the pages of bots and the manifest, and at
        // last what no page needs any more goes. Where a file system takes two names in different
        // case for one, the file with the one name goes before the file with the other comes.
        let stage = open_stage(root)?;
        self.delete(root, &stage, rescued, |step| match step {
            Step::Clear { path, aside, was } => Some((path, aside, expect(was))),
            Step::Write { .. } | Step::Remove { .. } => None,
        })?;
        let mut cursor = Cursor::new(root);
        self.each(|step| match step {
            Step::Write {
                path,
                from,
                new,
                was,
            } => {
                let folder = cursor.make(&path)?;
                let put = put(&stage, &from, folder, &path, expect(was), new)?;
                rescued.extend(put.map(|put| (path.to_string(), put)));
                Ok(())
            }
            Step::Clear { .. } | Step::Remove { .. } => Ok(()),
        })?;
        self.delete(root, &stage, rescued, |step| match step {
            Step::Remove { path, aside, was } => Some((path, aside, expect(was))),
            Step::Clear { .. } | Step::Write { .. } => None,
        })?;
        // After a power cut the steps are repeated from the journal; so it goes last.
        root.sync_disk()?;
        stage.remove_file(NAME)?;
        discard(root)
    }

    /// Deletes the files of the steps that `of` selects.
    fn delete(
        &mut self,
        root: &Folder,
        stage: &Folder,
        rescued: &mut Vec<(String, Rescued)>,
        of: impl Fn(Step) -> Option<(TreePath, String, Expected)>,
    ) -> anyhow::Result<()> {
        let mut deleter = Deleter::new(root);
        self.each(|step| match of(step) {
            Some((path, aside, expected)) => deleter.delete(&path, |folder| {
                let taken = take(Some(stage), &aside, folder, &path, expected)?;
                rescued.extend(taken.map(|taken| (path.to_string(), taken)));
                Ok(())
            }),
            None => Ok(()),
        })?;
        deleter.finish()
    }

    /// Completes steps that a kill interrupted between the move of a file and its inspection; adds
    /// to `rescued` the files that stay aside.
    fn settle(
        &mut self,
        root: &Folder,
        stage: &Folder,
        rescued: &mut Vec<(String, Rescued)>,
    ) -> anyhow::Result<()> {
        let mut settled = |path: &TreePath, settled| {
            if let Some(aside @ Rescued::Aside(_)) = settled {
                rescued.push((path.to_string(), aside));
            }
        };
        let mut cursor = Cursor::new(root);
        self.each(|step| {
            let Moves { path, asides, was } = step.moves();
            for (aside, new) in &asides {
                let is_there = stage.stat(aside)?.is_some();
                if is_there && (new.is_none() || stage.checksum(aside)? != *new) {
                    let spot = Spot {
                        holder: stage,
                        aside,
                        folder: cursor.make(&path)?,
                        name: path.name(),
                    };
                    settled(&path, spot.settle(Expected::Was(was), *new)?);
                }
            }
            // On a file system that is mounted inside, the file was moved aside in its own folder.
            let Some(folder) = cursor.reach(&path)? else {
                return Ok(());
            };
            for (aside, new) in &asides {
                let aside = &beside(aside);
                folder.remove_file(draft(aside))?;
                // A copy that may be incomplete is copied again.
                if folder.stat(aside)?.is_some() {
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
        })
    }

    /// Finds files that would be lost and were changed since the journal was written.
    fn faults(&mut self, root: &Folder, stage: &Folder) -> anyhow::Result<Losses> {
        let mut faults = BTreeSet::new();
        let mut cursor = Cursor::new(root);
        self.each(|step| {
            let (path, was, new) = match step {
                Step::Clear { path, was, .. } | Step::Remove { path, was, .. } => (path, was, None),
                Step::Write {
                    path,
                    from,
                    new,
                    was,
                } => {
                    if stage.stat(&from)?.is_none() {
                        // The step was done already; later edits of the file stay.
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
            let is_known = match folder.checksum(path.name())? {
                // The file may have its new content already: then nothing is lost.
                Some(found) => was == Some(Was::File(found)) || new == Some(found),
                None => was == Some(Was::Other),
            };
            if stat.kind != Kind::Folder && !is_known {
                faults.insert((path.to_string(), FileFault::Edited));
            }
            Ok(())
        })?;
        Ok(faults)
    }
}

/// Does the steps of the journal that was just committed; adds to `rescued` the files that another
/// program changed meanwhile.
pub(super) fn complete(
    root: &Folder,
    dir: &Path,
    rescued: &mut Vec<(String, Rescued)>,
) -> Result<(), Error> {
    let stage = open_stage(root)?;
    match Journal::open(&stage)? {
        Some(Ok(mut journal)) => journal.complete(root, dir, false, rescued),
        _ => {
            let failed = Err(system::not_readable());
            Ok(failed.at("read", stage.path_of(NAME))?)
        }
    }
}

/// Does steps that only delete, without a journal: after a kill the next command compares again
/// what is left.
///
/// Adds to `rescued` the files that another program changed meanwhile.
pub(super) fn delete(
    stage: &Stage<'_>,
    steps: &[u8],
    rescued: &mut Vec<(String, Rescued)>,
) -> anyhow::Result<()> {
    let root = stage.root;
    // A full disk may have no room for a folder either: then files are moved aside where they are.
    let stage = stage.folder().ok();
    let mut deleter = Deleter::new(root);
    for step in steps.split_inclusive(|&byte| byte == b'\n') {
        let step: Step = serde_json::from_slice(step)?;
        let Moves { path, asides, was } = step.moves();
        let [_, (aside, _)] = asides;
        deleter.delete(&path, |folder| {
            let expected = Expected::Was(was);
            let taken = take(stage, &aside, folder, &path, expected)?;
            rescued.extend(taken.map(|taken| (path.to_string(), taken)));
            Ok(())
        })?;
    }
    deleter.finish()?;
    root.sync_disk()?;
    discard(root)
}

/// Completes the change that an earlier command began, or deletes what it staged; adds to `rescued`
/// the files that another program changed since.
pub(super) fn recover(
    root: &Folder,
    dir: &Path,
    force: bool,
    rescued: &mut Vec<(String, Rescued)>,
) -> Result<(), Error> {
    let Some(stage) = root.child(JOURNAL)? else {
        return Ok(());
    };
    let mut journal = match Journal::open(&stage)? {
        None => return Ok(discard(root)?),
        Some(Ok(journal)) => journal,
        Some(Err(_)) if force => {
            keep_unknown(&stage)?;
            stage.remove_file(NAME)?;
            return Ok(discard(root)?);
        }
        Some(Err(fault)) => {
            let path = dir.join(JOURNAL).join(NAME);
            return Err(Refusal::Damaged { path, fault }.into());
        }
    };
    // First: a file that is aside is at none of the paths that the next line compares.
    journal.settle(root, &stage, rescued)?;
    if !force {
        let files = journal.faults(root, &stage)?;
        if !files.is_empty() {
            return Err(Refusal::files(dir, files).into());
        }
    }
    journal.complete(root, dir, force, rescued)
}

fn open_stage(root: &Folder) -> anyhow::Result<Folder> {
    let stage = root.child(JOURNAL)?.ok_or_else(system::not_a_folder);
    stage.at("open the folder", root.path_of(JOURNAL))
}

/// Keeps the files that a damaged journal had staged or moved aside, except those that its lines
/// show to be ours.
///
/// After an exchange, the name of a staged file can be that of a file that another program changed.
fn keep_unknown(stage: &Folder) -> anyhow::Result<()> {
    if let Some(journal) = stage.reader(NAME)? {
        for line in journal.split(b'\n') {
            let line = line.at("read", stage.path_of(NAME))?;
            let Ok(step) = serde_json::from_slice::<Step>(&line) else {
                continue;
            };
            let Moves { asides, was, .. } = step.moves();
            for (aside, new) in asides {
                let found = Was::at(stage, &aside)?;
                if found.is_some() && (found == was || found == new.map(Was::File)) {
                    stage.remove_file(aside)?;
                }
            }
        }
    }
    let there = StageNames::of(stage)?;
    for name in there.names.iter().filter(|name| there.is_staged(name)) {
        rescue::keep(stage, name)?;
    }
    Ok(())
}

/// Removes the journal, if it is ours, and then its staged files.
///
/// A file that is still aside may not be ours, and is kept.
fn discard(root: &Folder) -> anyhow::Result<()> {
    let Some(stage) = root.child(JOURNAL)? else {
        return Ok(());
    };
    if let Some(Ok(_)) = Journal::open(&stage)? {
        stage.remove_file(NAME)?;
    }
    let there = StageNames::of(&stage)?;
    for name in &there.names {
        if there.is_staged(name) || there.is_draft(name) {
            stage.remove_file(name)?;
        } else if there.is_taken(name) {
            rescue::keep(&stage, name)?;
        }
    }
    for letters in there.letters {
        stage.remove_folder(format!("{MARK}{letters}"))?;
    }
    root.remove_folder(JOURNAL)
}
