//! Writes a site as one archive, for upload steps that take one: a tar, as a stream.
//!
//! Its files are those of the output directory, the manifest last: once unpacked, it is an output
//! directory that the next build knows. It has no times and no owners, and bots are in the order of
//! the hashes of their IDs.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::bot::{BotChange, Sink};
use super::bots::Pass;
use super::error::{ArchiveFault, Error, IoContext, Refusal};
use super::listing::listed_choices;
use super::manifest::{Manifest, ManifestDraft};
use super::spare::Spares;
use super::tarball::{self, CANNOT};
use super::tree::Tree;
use super::{Summary, WriteOptions, place, reserved, system};
use crate::hole::spool::MakeFile;

/// A tree to be written as an archive.
pub struct Archive<'a> {
    /// The files.
    pub tree: &'a Tree<'a>,
    /// The options, of which the number of threads and `force` apply.
    pub options: &'a WriteOptions,
    /// Creates the files for data that is too long for memory.
    pub make_file: &'a MakeFile,
    /// Called with the number of finished bots.
    pub progress: &'a dyn Fn(usize),
}

impl Archive<'_> {
    /// Writes the archive to the file `path`, which gets its name only when it is complete.
    ///
    /// An existing file is replaced only by force, and an entry of another kind never. The archive
    /// may not be in one of `inputs`, nor in an output directory, which contains only the files in
    /// its manifest.
    pub fn write_file(&self, path: &Path, inputs: &[&Path]) -> Result<Summary, Error> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        for &input in inputs {
            if place::lies_in(&std::path::absolute(folder).at("find", folder)?, input)? {
                let (path, input) = (path.to_owned(), input.to_owned());
                let fault = ArchiveFault::Input { input };
                return Err(Refusal::Archive { path, fault }.into());
            }
        }
        if let Some(site) = site_around(folder, inputs) {
            let path = path.to_owned();
            let fault = ArchiveFault::Site { site };
            return Err(Refusal::Archive { path, fault }.into());
        }
        self.may_replace(path)?;
        let file = system::temporary_file_in(folder).at("write in", folder)?;
        let summary = self.write(file.as_file())?;
        // A rename can reach the disk before the content does.
        file.as_file().sync_all().at("write", path)?;
        // Writing takes a while, in which another program can put a file there.
        self.may_replace(path)?;
        file.persist(path)
            .map_err(|error| error.error)
            .at("write", path)?;
        Ok(summary)
    }

    /// Refuses to replace what is at `path`, unless it is a file and `force` is set.
    fn may_replace(&self, path: &Path) -> Result<(), Error> {
        let path = path.to_owned();
        match path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Ok(Err(error).at("inspect", path)?),
            Ok(there) if !there.is_file() => Err(Refusal::NotAFile { path }.into()),
            Ok(_) if !self.options.force => Err(Refusal::Exists { path }.into()),
            Ok(_) => Ok(()),
        }
    }

    /// Writes the archive in parts that are large enough without a buffer.
    pub fn write(&self, mut to: impl Write) -> anyhow::Result<Summary> {
        let Archive { tree, options, .. } = self;
        let new = Manifest::of(tree);
        let (choices, numbers) = listed_choices(tree.bots());
        let mut draft = ManifestDraft::new(new.share, &new.files, &choices, self.make_file)?;
        let mut summary = Summary::default();
        let mut entry = Vec::new();
        for (path, content) in tree.iter() {
            entry.clear();
            let checksum = tarball::push(path.as_str(), &mut entry, |entry| {
                content.push_to(entry);
                Ok(())
            })?;
            to.write_all(&entry).context(CANNOT)?;
            summary.written += 1;
            summary.bytes += checksum.size;
        }
        // As into a new folder, since the content of an earlier archive is unknown.
        let nothing = Manifest::empty();
        let pass = Pass::new(BotChange {
            new: tree.bots(),
            numbers: &numbers,
            spares: Spares::default(),
            old: &nothing,
            there: None,
            target: Sink::Archive,
            options,
            is_refused: false,
        });
        let mut done = 0;
        pass.run(|part| {
            to.write_all(&part.entries).context(CANNOT)?;
            draft.push_bots(&part.lines)?;
            summary.add(&part.summary);
            done += part.bots;
            (self.progress)(done);
            pass.reuse(part.entries);
            Ok(())
        })?;
        // The last file, since it lists the results of the pass through the bots. A truncated
        // archive lacks it, so no build takes the unpacked folder for its own.
        let text = draft.finish()?;
        let head = tarball::head(reserved::MANIFEST, text.len())?;
        to.write_all(head.as_bytes()).context(CANNOT)?;
        std::io::copy(&mut text.reader(), &mut to).context(CANNOT)?;
        to.write_all(&tarball::end(text.len())).context(CANNOT)?;
        to.flush().context(CANNOT)?;
        Ok(summary)
    }
}

/// Returns the output directory that a folder is or is in. No folder above an input is one.
fn site_around(folder: &Path, inputs: &[&Path]) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let inputs: Vec<PathBuf> = inputs
        .iter()
        .filter_map(|it| it.canonicalize().ok())
        .collect();
    let mut above = folder
        .ancestors()
        .take_while(|above| !inputs.iter().any(|input| input.starts_with(above)));
    let site = above.find(|above| above.join(reserved::MANIFEST).exists());
    site.map(Path::to_owned)
}
