//! Writes a built site to the output directory, and nothing else.
//!
//! [`write()`] is the entry. Its steps, and the module of each:
//!
//! 1. refuse a folder where writing would endanger other files (`place`), and wait for other
//!    builds;
//! 2. complete a change that an earlier command began and could not finish (`journal`);
//! 3. read the list of the files that are ours (`manifest`), refuse to remove more bots than
//!    allowed (`leaving`), and list what is there (`survey`);
//! 4. compare that with the new tree, and refuse to lose what is not ours (`plan`, and for bots
//!    `bots` and `bot`);
//! 5. make a new folder as a whole (`appear`), or change an existing one file by file (`journal`,
//!    `carry`). A file is read and deleted only once no other program can reach it (`displace`).
//!    Deleting all that is ours is a separate change (`removal`);
//! 6. report the files of other programs that were moved aside and kept (`rescue`).
//!
//! Everything below the output directory is reached by folder handles and never through a link
//! (`folder`, `cursor`); the calls themselves are in `system`. After an error, a full disk or a
//! kill at any moment, the tree is the old one or the new one, or the next command completes it.

#![allow(
    clippy::disallowed_methods,
    reason = "this is where the output directory is touched"
)]

pub mod layout;

mod appear;
mod archive;
mod bot;
mod bots;
mod carry;
mod checksum;
mod cursor;
mod displace;
mod error;
mod folder;
mod journal;
mod leaving;
mod listing;
mod manifest;
mod merge;
mod parts;
mod path;
mod place;
mod plan;
mod removal;
mod rescue;
mod reserved;
mod spare;
mod staged;
mod survey;
mod system;
mod tarball;
#[cfg(test)]
mod tests;
mod totals;
mod tree;

use std::fs::File;
use std::io;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use self::appear::NewTree;
use self::bot::{BotChange, Sink};
use self::bots::Pass;
use self::checksum::Checksum;
use self::cursor::Cursor;
use self::displace::Was;
use self::folder::Folder;
use self::journal::{Stage, Step};
use self::manifest::{Manifest, ManifestDraft};
use self::place::Place;
use self::plan::Plan;
use self::rescue::Rescued;
use self::spare::Spares;
use self::survey::Survey;
use crate::hole::spool::{MakeFile, Spool};

pub use self::archive::Archive;
pub use self::error::{ArchiveFault, BotsFault, Error, FileFault, OtherFiles, PlaceFault, Refusal};
pub use self::leaving::Leaving;
pub use self::merge::merge;
pub use self::parts::PartsFault;
pub use self::path::{InvalidPath, TreePath};
pub use self::removal::remove;
pub use self::system::temporary_file_in;
pub use self::totals::Totals;
pub use self::tree::{Collision, FileContent, Form, Tree};
pub use crate::pages::site::BOTS;

/// How the output directory is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Overwrite or delete files that are in the way, even if they are not ours or were edited.
    pub force: bool,
    /// Also read the files that should be unchanged; otherwise only their size is compared.
    pub verify: bool,
    /// Don't wait for the disk: after a power cut the last change may be lost, or half written. A
    /// kill does no harm, since the journal is written all the same.
    pub unsynced: bool,
    /// How many bots of the last build may lose their pages.
    pub leaving: Leaving,
    /// The number of threads that write the pages of bots; by default that of the processors.
    pub threads: Option<NonZero<usize>>,
}

/// What a command changed in the output directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of new and changed files.
    pub written: usize,
    /// The number of files that were there already.
    pub unchanged: usize,
    /// The number of deleted files.
    pub removed: usize,
    /// The number of bots whose files were deleted.
    pub left: usize,
    /// The size of the written files.
    pub bytes: u64,
    /// Whether only the manifest differed, and was written again.
    pub relisted: bool,
}

/// Writes the files of `tree` to the output directory `dir`.
///
/// Files in it that are not ours stay. The folder may neither contain one of `inputs` nor lie in
/// one. If all files are there already, nothing is written.
pub fn write(
    tree: &Tree<'_>,
    dir: &Path,
    inputs: &[&Path],
    options: &WriteOptions,
) -> Result<Summary, Error> {
    write_with_progress(tree, dir, inputs, options, &|_| {})
}

/// Writes as [`write()`] does, and calls `progress` with the number of finished bots after each
/// chunk.
pub fn write_with_progress(
    tree: &Tree<'_>,
    dir: &Path,
    inputs: &[&Path],
    options: &WriteOptions,
    progress: &dyn Fn(usize),
) -> Result<Summary, Error> {
    let place = Place::find(dir, inputs, std::env::home_dir().as_deref())?;
    place.make_parent()?;
    let mut parent = place.open_parent()?;
    if options.unsynced {
        parent = parent.without_sync();
    }
    // First, since the containers that killed commands left take space that this command needs.
    appear::sweep(&parent, &place.name);
    let mut new = Manifest::of(tree);
    let (choices, numbers) = listing::listed_choices(tree.bots());
    new.choices = choices;
    let make_file = spool_files(dir);
    let job = Job {
        dir,
        options,
        new: &new,
        numbers: &numbers,
        spares: Spares::default(),
        make_file: &make_file,
        parent: &parent,
        place: &place,
        tree,
        progress,
    };
    // Another command can create or delete the folder in between: then start again.
    loop {
        let done = match place::open_locked(&parent, &place.name)? {
            Some(root) => Some(job.update(&root)?),
            // None if another command made it first.
            None => job.begin()?,
        };
        if let Some(summary) = done {
            return Ok(summary);
        }
    }
}

/// Returns a function that makes files without a name for a build into `dir`: in that folder, or in
/// the nearest existing one above it. The system's folder for temporary files may be small, or
/// memory.
pub fn spool_files(dir: &Path) -> MakeFile {
    let dir = dir.to_owned();
    Arc::new(move || make_spool_file(&dir))
}

fn make_spool_file(dir: &Path) -> io::Result<File> {
    let above = dir.ancestors().skip(1).map(|above| {
        if above == Path::new("") {
            Path::new(".")
        } else {
            above
        }
    });
    let mut failed = None;
    for folder in std::iter::once(dir).chain(above) {
        match tempfile::tempfile_in(folder) {
            Ok(file) => return Ok(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // The folder itself may be writable where the one above it is not.
            Err(error) if failed.is_none() => failed = Some(error),
            Err(_) => break,
        }
    }
    Err(failed.unwrap_or_else(|| io::ErrorKind::NotFound.into()))
}

/// What a command leaves in the output directory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// The tree, and a manifest of it.
    Site,
    /// No file of ours.
    Nothing,
}

/// One call of [`write()`].
struct Job<'a> {
    /// The output directory as it was given.
    dir: &'a Path,
    options: &'a WriteOptions,
    new: &'a Manifest,
    /// The number in the new manifest of each choice of the bots.
    numbers: &'a [u32],
    spares: Spares<'a>,
    make_file: &'a MakeFile,
    parent: &'a Folder,
    place: &'a Place,
    tree: &'a Tree<'a>,
    /// Called with the number of finished bots.
    progress: &'a dyn Fn(usize),
}

impl Job<'_> {
    /// Makes an output directory that does not exist, unless another command does so first.
    fn begin(&self) -> Result<Option<Summary>, Error> {
        let mut summary = self.summary(self.new.files.keys(), 0);
        let mut draft = self.draft()?;
        let nothing = Manifest::empty();
        let appeared = self.new_tree().appear(|root| {
            if let Some(bots) = self.tree.bots() {
                root.make(BOTS)?;
                let folder = root.child(BOTS)?.context("the folder of bots is gone")?;
                let pass = Pass::new(BotChange {
                    new: Some(bots),
                    numbers: self.numbers,
                    spares: self.spares,
                    old: &nothing,
                    there: None,
                    target: Sink::Tree(&folder),
                    options: self.options,
                    is_refused: false,
                });
                let mut done = 0;
                pass.run(|part| {
                    done += part.bots;
                    (self.progress)(done);
                    summary.add(&part.summary);
                    Ok(draft.push_bots(&part.lines)?)
                })?;
            }
            Ok(draft.finish()?)
        })?;
        Ok(appeared.then_some(summary))
    }

    /// Changes an output directory that exists.
    fn update(&self, root: &Folder) -> Result<Summary, Error> {
        // The folder stays, and its files change one by one. To exchange the folder for a new one
        // would switch the site as a whole, but a server, a container's mount or a program that
        // works in the folder would keep the old one, and what it put there after our last check
        // would go with it. The price is a moment in which files of both versions are there.
        let mut rescued = Vec::new();
        let done = self.update_in(root, &mut rescued);
        rescue::report(root, self.dir, rescued, Goal::Site, done)
    }

    fn update_in(
        &self,
        root: &Folder,
        rescued: &mut Vec<(String, Rescued)>,
    ) -> Result<Summary, Error> {
        // What this rescues does not stop the build: the change that was begun is complete then.
        journal::recover(root, self.dir, self.options.force, rescued)?;
        let present = PresentManifest::read(root, self.dir, self.options.force)?;
        let old = &present.manifest;
        leaving::judge(self.options.leaving, self.dir, old, self.tree)?;
        let spared = spare::spared(old, self.tree).map_err(anyhow::Error::from)?;
        let job = match &spared {
            None => Job { ..*self },
            Some(spared) => Job {
                new: &spared.manifest,
                numbers: &spared.numbers,
                spares: Spares {
                    roster: self.tree.roster(),
                    numbers: &spared.kept,
                },
                ..*self
            },
        };
        let survey = Survey::of(root, old, job.tree)?;
        let plan = Plan::make(root, &survey, old, job.new, job.tree, job.options)?;
        job.change(root, &present, plan, Goal::Site, rescued)
    }

    /// Changes an output directory through a journal.
    fn change(
        &self,
        root: &Folder,
        present: &PresentManifest,
        mut plan: Plan,
        goal: Goal,
        rescued: &mut Vec<(String, Rescued)>,
    ) -> Result<Summary, Error> {
        let stage = Stage::new(root);
        let done = self.stage(present, &mut plan, goal, &stage);
        // Without a journal nothing has changed, and the space of the staged files may be needed.
        if !matches!(done, Ok(Staged::Committed(_))) {
            stage.discard();
        }
        if goal == Goal::Nothing && done.as_ref().is_err_and(removal::is_full) {
            return self.delete(root, present, plan, rescued);
        }
        match done.context("nothing has changed")? {
            Staged::Refused(refusal) => Err(refusal.into()),
            Staged::Nothing(summary) => Ok(summary),
            Staged::Committed(summary) => {
                if present.manifest.has_bots() {
                    // If no bot had a file left, the journal has no step in the folder of bots.
                    root.remove_folder(BOTS)?;
                }
                journal::complete(root, self.dir, rescued)?;
                Ok(summary)
            }
        }
    }

    /// Stages all new files and writes the journal.
    fn stage(
        &self,
        present: &PresentManifest,
        plan: &mut Plan,
        goal: Goal,
        stage: &Stage<'_>,
    ) -> anyhow::Result<Staged> {
        let root = stage.root;
        let mut summary = self.summary(plan.write.keys(), plan.removed());
        let mut draft = self.draft()?;
        let mut journal = None;
        if !plan.is_empty() && plan.faults.is_empty() {
            let steps = self.first_steps(plan, stage)?;
            journal.insert(stage.draft()?).push(&steps)?;
        }
        let there = root.child(BOTS)?;
        let pass = Pass::new(BotChange {
            new: self.tree.bots(),
            numbers: self.numbers,
            spares: self.spares,
            old: &present.manifest,
            there: there.as_ref(),
            target: Sink::Stage(stage),
            options: self.options,
            is_refused: !plan.faults.is_empty(),
        });
        let mut done = 0;
        pass.run(|part| {
            done += part.bots;
            (self.progress)(done);
            summary.add(&part.summary);
            plan.faults.extend(part.faults);
            draft.push_bots(&part.lines)?;
            if !part.steps.is_empty() && plan.faults.is_empty() {
                let journal = match &mut journal {
                    Some(journal) => journal,
                    none => none.insert(stage.draft()?),
                };
                journal.push(&part.steps)?;
            }
            Ok(())
        })?;
        if !plan.faults.is_empty() {
            // All faults in one report: a user who forces one change should know the others.
            let faults = std::mem::take(&mut plan.faults);
            return Ok(Staged::Refused(Refusal::files(self.dir, faults)));
        }
        let manifest = draft.finish().context("cannot write the manifest")?;
        if goal == Goal::Site && plan.is_empty() && journal.is_none() {
            // Byte for byte: a manifest that was formatted again lists the same files.
            if root.holds(reserved::MANIFEST, &manifest)? {
                return Ok(Staged::Nothing(summary));
            }
            summary.relisted = true;
        }
        let mut journal = match journal {
            Some(journal) => journal,
            None => stage.draft()?,
        };
        let listed = (goal == Goal::Site).then_some(&manifest);
        journal.push(&self.last_steps(present.file, listed, plan, stage)?)?;
        journal.commit()?;
        Ok(Staged::Committed(summary))
    }

    /// Stages the files outside the folders of bots; returns the steps.
    ///
    /// New files come before changed ones: when a page that names a new style sheet is in its
    /// place, the style sheet is too.
    fn first_steps(&self, plan: &Plan, stage: &Stage<'_>) -> anyhow::Result<Vec<u8>> {
        let mut steps = Vec::new();
        let mut cursor = Cursor::new(stage.root);
        for path in plan.remove.keys().chain(plan.write.keys()) {
            cursor.may_change(path)?;
        }
        for (path, was) in &plan.remove {
            let (path, aside, was) = (path.clone(), stage.aside(), *was);
            if self.tree.needs_place_of(&path) {
                Step::Clear { path, aside, was }.push_to(&mut steps)?;
            }
        }
        let (new, changed): (Vec<_>, Vec<_>) =
            plan.write.iter().partition(|(_, was)| was.is_none());
        let mut buffer = Vec::new();
        for (path, was) in new.into_iter().chain(changed) {
            let content = self.tree.get(path.as_str());
            let content = content.context("a file to write is not in the tree")?;
            let bytes = content.bytes(&mut buffer);
            let step = Step::Write {
                path: path.clone(),
                from: stage.put(bytes)?,
                new: Checksum::of(bytes),
                was: *was,
            };
            step.push_to(&mut steps)?;
        }
        Ok(steps)
    }

    /// Stages the manifest, if there is a new one; returns its step and those of files that go
    /// last.
    fn last_steps(
        &self,
        was: Option<Was>,
        manifest: Option<&Spool>,
        plan: &Plan,
        stage: &Stage<'_>,
    ) -> anyhow::Result<Vec<u8>> {
        let mut steps = Vec::new();
        let path = TreePath::new(reserved::MANIFEST).expect("the manifest has a valid name");
        stage.root.may_change(reserved::MANIFEST)?;
        if let Some(manifest) = manifest {
            let (from, new) = stage.put_text(manifest)?;
            let path = path.clone();
            let step = Step::Write {
                path,
                from,
                new,
                was,
            };
            step.push_to(&mut steps)?;
        }
        for (path, was) in &plan.remove {
            let (path, aside, was) = (path.clone(), stage.aside(), *was);
            if !self.tree.needs_place_of(&path) {
                Step::Remove { path, aside, was }.push_to(&mut steps)?;
            }
        }
        if manifest.is_none() {
            // Last: until then the manifest lists what the next command has to delete.
            let aside = stage.aside();
            Step::Remove { path, aside, was }.push_to(&mut steps)?;
        }
        Ok(steps)
    }

    /// Returns the new manifest without its bots.
    fn draft(&self) -> anyhow::Result<ManifestDraft> {
        let Manifest {
            share,
            files,
            choices,
            ..
        } = self.new;
        ManifestDraft::new(*share, files, choices, self.make_file)
            .context("cannot write the manifest")
    }

    fn new_tree(&self) -> NewTree<'_> {
        NewTree {
            parent: self.parent,
            name: &self.place.name,
            tree: self.tree,
        }
    }

    /// Counts the changes to the files outside the folders of bots.
    fn summary<'p>(&self, written: impl Iterator<Item = &'p TreePath>, removed: usize) -> Summary {
        let mut summary = Summary {
            removed,
            ..Summary::default()
        };
        for path in written {
            summary.written += 1;
            summary.bytes += self.new.files[path].size;
        }
        summary.unchanged = self.new.files.len() - summary.written;
        summary
    }
}

/// The result of staging a change.
enum Staged {
    /// Something that is not ours would be lost.
    Refused(Refusal),
    /// All files are there already.
    Nothing(Summary),
    /// The journal is complete, and its steps have to be done.
    Committed(Summary),
}

impl Summary {
    fn add(&mut self, other: &Summary) {
        self.written += other.written;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
        self.left += other.left;
        self.bytes += other.bytes;
    }
}

/// The manifest that is there.
struct PresentManifest {
    manifest: Manifest,
    /// Its file, if there is one, as it was before it was read: an edit in between is not lost.
    file: Option<Was>,
}

impl PresentManifest {
    fn read(root: &Folder, dir: &Path, force: bool) -> Result<PresentManifest, Error> {
        let file = Was::at(root, reserved::MANIFEST)?;
        let manifest = read_manifest(root, dir, force)?;
        Ok(PresentManifest { manifest, file })
    }
}

/// Reads the manifest, and refuses a folder that has files but no manifest.
fn read_manifest(root: &Folder, dir: &Path, force: bool) -> Result<Manifest, Error> {
    let Some(text) = root.reader(reserved::MANIFEST)? else {
        let dir = dir.to_owned();
        if root.stat(".git")?.is_some() {
            let fault = PlaceFault::Repository;
            return Err(Refusal::Place { dir, fault }.into());
        }
        if !force && !root.entries()?.is_empty() {
            return Err(Refusal::NotOurs { dir }.into());
        }
        return Ok(Manifest::empty());
    };
    match manifest::parse(text, &spool_files(dir)) {
        Ok(manifest) => Ok(manifest),
        Err(_) if force => Ok(Manifest::empty()),
        Err(fault) => {
            let path = dir.join(reserved::MANIFEST);
            Err(Refusal::Damaged { path, fault }.into())
        }
    }
}
