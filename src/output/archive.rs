//! Writing a site as one archive, for upload steps that take one: a tar, as a stream.
//!
//! Its files are those of the output directory, the manifest last, and unpacked it is one. It has no
//! times and no owners, and bots stand in the order of the hashes of their IDs.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context as _;
use tar::Header;

use super::bots::{self, Pass, Target};
use super::error::{At, Error, PlaceFault, Refusal};
use super::manifest::{self, Draft, Manifest};
use super::tree::Tree;
use super::{Summary, WriteOptions, place};
use crate::spool::MakeFile;

/// The size of tar's blocks.
const BLOCK: usize = 512;

/// How many empty blocks end an archive.
const END: usize = 2;

/// Where an archive comes from.
pub struct Archive<'a> {
    /// The files.
    pub tree: &'a Tree<'a>,
    /// How they are written: with how many threads.
    pub options: &'a WriteOptions,
    /// How files for what memory should not hold are made.
    pub make_file: &'a MakeFile,
    /// What wants to know how many bots are done.
    pub tell: &'a dyn Fn(usize),
}

impl Archive<'_> {
    /// Writes the archive to the file `path`, which is there as a whole or not at all.
    ///
    /// One that is there is replaced by force only. It may not lie in one of `inputs`.
    pub fn write_file(&self, path: &Path, inputs: &[&Path]) -> Result<Summary, Error> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        for &input in inputs {
            if place::lies_in(&std::path::absolute(folder).at("find", folder)?, input)? {
                let (dir, input) = (path.to_owned(), input.to_owned());
                let fault = PlaceFault::Overlap { input };
                return Err(Refusal::Place { dir, fault }.into());
            }
        }
        let is_there = path.symlink_metadata().is_ok();
        if is_there && !self.options.force {
            let path = path.to_owned();
            return Err(Refusal::Exists { path }.into());
        }
        let mut temporary = tempfile::Builder::new();
        let temporary = temporary.prefix(".botdocs-").permissions(read_by_all());
        let mut file = temporary.tempfile_in(folder).at("write in", folder)?;
        let mut buffered = BufWriter::with_capacity(1 << 20, &mut file);
        let summary = self.write(&mut buffered)?;
        buffered.flush().at("write", path)?;
        drop(buffered);
        file.as_file().sync_all().at("write", path)?;
        file.persist(path)
            .map_err(|error| error.error)
            .at("write", path)?;
        Ok(summary)
    }

    /// Writes the archive.
    pub fn write(&self, mut to: impl Write) -> anyhow::Result<Summary> {
        let Archive { tree, options, .. } = self;
        let new = Manifest::of(tree);
        let (choices, numbers) = bots::listed_choices(tree.bots());
        let mut draft = Draft::new(new.shard, &new.files, &choices, self.make_file)?;
        let mut summary = Summary::default();
        let (mut buffer, mut entry) = (Vec::new(), Vec::new());
        for (path, content) in tree.iter() {
            let content = content.bytes(&mut buffer);
            entry.clear();
            push(path.as_str(), content, &mut entry)?;
            to.write_all(&entry).context(CANNOT)?;
            summary.written += 1;
            summary.bytes += content.len() as u64;
        }
        let nothing = Manifest::empty();
        let bots = (tree.bots(), numbers);
        let pass = Pass::new(bots, &nothing, None, Target::Archive, options);
        let mut done = 0;
        pass.run(|part| {
            to.write_all(&part.entries).context(CANNOT)?;
            draft.push_bots(&part.lines)?;
            summary.add(&part.summary);
            done += part.bots;
            (self.tell)(done);
            Ok(())
        })?;
        let text = draft.finish()?;
        to.write_all(header(manifest::NAME, text.len())?.as_bytes())
            .context(CANNOT)?;
        std::io::copy(&mut text.reader(), &mut to).context(CANNOT)?;
        let rest = padding(text.len() as usize) + END * BLOCK;
        to.write_all(&vec![0; rest]).context(CANNOT)?;
        to.flush().context(CANNOT)?;
        Ok(summary)
    }
}

const CANNOT: &str = "cannot write the archive";

/// Adds a file to a part of an archive.
pub(super) fn push(path: &str, content: &[u8], entries: &mut Vec<u8>) -> anyhow::Result<()> {
    let header = header(path, content.len() as u64)?;
    entries.extend_from_slice(header.as_bytes());
    entries.extend_from_slice(content);
    entries.resize(entries.len() + padding(content.len()), 0);
    Ok(())
}

fn header(path: &str, size: u64) -> anyhow::Result<Header> {
    let mut header = Header::new_ustar();
    let named = header.set_path(path);
    named.with_context(|| format!("the path `{path}` is too long for an archive"))?;
    header.set_size(size);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    Ok(header)
}

/// How much fills the last block.
fn padding(length: usize) -> usize {
    length.next_multiple_of(BLOCK) - length
}

/// What the umask takes from is what a new file would have.
fn read_by_all() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o666)
}
