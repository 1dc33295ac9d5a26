//! Deletes all files that are ours, even on a full disk.

use std::io;
use std::path::Path;

use super::bot::{BotChange, Sink};
use super::bots::Pass;
use super::error::{Error, Refusal};
use super::folder::Folder;
use super::journal::{self, Stage};
use super::manifest::Manifest;
use super::place::{self, Place};
use super::plan::Plan;
use super::rescue::{self, Rescued};
use super::spare::Spares;
use super::survey::Survey;
use super::tree::Tree;
use super::{
    Goal, Job, PresentManifest, Summary, WriteOptions, appear, cursor, reserved, spool_files,
};

/// Deletes the files of the output directory `dir` that are ours, and the folder if it is empty
/// then.
///
/// The folder may neither contain one of `inputs` nor lie in one: a manifest that lists inputs
/// would delete them. If a file was edited since we wrote it, nothing is deleted unless `force` is
/// set.
pub fn remove(dir: &Path, inputs: &[&Path], force: bool) -> Result<Summary, Error> {
    let place = Place::find(dir, inputs, std::env::home_dir().as_deref())?;
    if !place.is_there()? {
        return Ok(Summary::default());
    }
    let parent = place.open_parent()?;
    appear::sweep(&parent, &place.name);
    let Some(root) = place::open_locked(&parent, &place.name)? else {
        return Ok(Summary::default());
    };
    let mut rescued = Vec::new();
    let options = WriteOptions {
        force,
        ..WriteOptions::default()
    };
    let job = Job {
        dir,
        options: &options,
        new: &Manifest::empty(),
        numbers: &[],
        spares: Spares::default(),
        make_file: &spool_files(dir),
        parent: &parent,
        place: &place,
        tree: &Tree::default(),
        progress: &|_| {},
    };
    let done = job.remove_from(&root, &mut rescued);
    rescue::report(&root, dir, rescued, Goal::Nothing, done)
}

impl Job<'_> {
    /// Deletes what is ours in `root`; adds to `rescued` the files that another program changed
    /// meanwhile.
    fn remove_from(
        &self,
        root: &Folder,
        rescued: &mut Vec<(String, Rescued)>,
    ) -> Result<Summary, Error> {
        journal::recover(root, self.dir, self.options.force, rescued)?;
        // A damaged manifest is refused even by force: without the list nothing could be deleted,
        // and the next build would take all files for those of others.
        let present = PresentManifest::read(root, self.dir, false)?;
        if present.file.is_none() {
            return Ok(Summary::default());
        }
        let old = &present.manifest;
        let survey = Survey::of(root, old, self.tree)?;
        let plan = Plan::make(root, &survey, old, self.new, self.tree, self.options)?;
        let done = self.change(root, &present, plan, Goal::Nothing, rescued)?;
        // Folders that other programs use stay, and so does the output directory with them.
        cursor::delete_if_empty(root, old.folders())?;
        self.parent.remove_folder(&self.place.name)?;
        Ok(done)
    }

    /// Deletes all that is ours without a journal, for which the disk has no room.
    ///
    /// The manifest goes last: after an interruption it still lists what is left.
    pub(super) fn delete(
        &self,
        root: &Folder,
        present: &PresentManifest,
        mut plan: Plan,
        rescued: &mut Vec<(String, Rescued)>,
    ) -> Result<Summary, Error> {
        let mut summary = self.summary(plan.write.keys(), plan.removed());
        let stage = Stage::new(root);
        let there = root.child(reserved::BOTS)?;
        // Steps that only delete are few bytes each, and memory is the only place left for them.
        let mut steps = Vec::new();
        let pass = Pass::new(BotChange {
            new: self.tree.bots(),
            numbers: self.numbers,
            spares: self.spares,
            old: &present.manifest,
            there: there.as_ref(),
            target: Sink::Stage(&stage),
            options: self.options,
            is_refused: false,
        });
        pass.run(|part| {
            summary.add(&part.summary);
            plan.faults.extend(part.faults);
            steps.extend(part.steps);
            Ok(())
        })?;
        if !plan.faults.is_empty() {
            return Err(Refusal::files(self.dir, plan.faults).into());
        }
        steps.extend(self.last_steps(present.file, None, &plan, &stage)?);
        if present.manifest.has_bots() {
            root.remove_folder(reserved::BOTS)?;
        }
        journal::delete(&stage, &steps, rescued)?;
        Ok(summary)
    }
}

/// Returns whether the cause of an error is a full disk, or the user's full quota.
pub(super) fn is_full(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    causes.any(|cause: &io::Error| {
        let kind = cause.kind();
        matches!(
            kind,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        )
    })
}
