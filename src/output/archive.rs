//! Writing a site as one archive, for upload steps that take one: a tar, as a stream.
//!
//! Its files are those of the output directory, the manifest last, and unpacked it is one. It has no
//! times and no owners, and bots stand in the order of the hashes of their IDs.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::Context as _;
use tar::{EntryType, Header};

use super::bots::{Pass, Sink};
use super::checksum::Checksum;
use super::error::{ArchiveFault, Error, IoContext, Refusal};
use super::listing::listed_choices;
use super::manifest::{Manifest, ManifestDraft};
use super::spare::Spares;
use super::tree::Tree;
use super::{Summary, WriteOptions, place, reserved, system};
use crate::hole::spool::MakeFile;

/// The size of tar's blocks.
const BLOCK: usize = 512;

/// How many bytes of a path a header has room for, wherever its folders end.
const LONGEST_NAME: usize = 100;

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
    /// One that is there is replaced by force only, and what is no regular file is not. It may not lie
    /// in one of `inputs`, nor in an output directory, which holds only what its manifest lists.
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
        file.as_file().sync_all().at("write", path)?;
        // Building it takes a while, in which another program can put something there.
        self.may_replace(path)?;
        file.persist(path)
            .map_err(|error| error.error)
            .at("write", path)?;
        Ok(summary)
    }

    /// Refuses to put the archive in the place of what stands at `path`, unless it may go.
    fn may_replace(&self, path: &Path) -> Result<(), Error> {
        let path = path.to_owned();
        match path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Ok(Err(error).at("look at", path)?),
            Ok(there) if !there.is_file() => Err(Refusal::NotAFile { path }.into()),
            Ok(_) if !self.options.force => Err(Refusal::Exists { path }.into()),
            Ok(_) => Ok(()),
        }
    }

    /// Writes the archive, in parts that are large enough to need no buffer.
    pub fn write(&self, mut to: impl Write) -> anyhow::Result<Summary> {
        let Archive { tree, options, .. } = self;
        let new = Manifest::of(tree);
        let (choices, numbers) = listed_choices(tree.bots());
        let mut draft = ManifestDraft::new(new.share, &new.files, &choices, self.make_file)?;
        let mut summary = Summary::default();
        let mut entry = Vec::new();
        for (path, content) in tree.iter() {
            entry.clear();
            let checksum = push(path.as_str(), &mut entry, |entry| {
                content.push_to(entry);
                Ok(())
            })?;
            to.write_all(&entry).context(CANNOT)?;
            summary.written += 1;
            summary.bytes += checksum.size;
        }
        let nothing = Manifest::empty();
        let bots = (tree.bots(), numbers, Spares::default());
        let pass = Pass::new(bots, &nothing, None, Sink::Archive, options);
        let mut done = 0;
        pass.run(|part| {
            to.write_all(&part.entries).context(CANNOT)?;
            draft.push_bots(&part.lines)?;
            summary.add(&part.summary);
            done += part.bots;
            (self.tell)(done);
            pass.reuse(part.entries);
            Ok(())
        })?;
        let text = draft.finish()?;
        let mut header = BLANK.clone();
        header.set_path(reserved::MANIFEST).context(CANNOT)?;
        header.set_size(text.len());
        header.set_cksum();
        to.write_all(header.as_bytes()).context(CANNOT)?;
        std::io::copy(&mut text.reader(), &mut to).context(CANNOT)?;
        let rest = padding(text.len()) + END * BLOCK;
        to.write_all(&vec![0; rest]).context(CANNOT)?;
        to.flush().context(CANNOT)?;
        Ok(summary)
    }
}

/// The output directory that a folder is or lies in; one never holds an input.
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

const CANNOT: &str = "cannot write the archive";

/// Adds a file to a part of an archive; `fill` writes its content to the end of what is there.
pub(super) fn push(
    path: &str,
    entries: &mut Vec<u8>,
    fill: impl FnOnce(&mut Vec<u8>) -> anyhow::Result<()>,
) -> anyhow::Result<Checksum> {
    let mut header = BLANK.clone();
    if header.set_path(path).is_err() {
        let (short, _) = path.split_at(path.floor_char_boundary(LONGEST_NAME));
        header
            .set_path(short.trim_end_matches('/'))
            .context(CANNOT)?;
        push_path(path, entries)?;
    }
    push_entry(header, entries, fill)
}

/// Adds the path of the next file, for which a header has no room, in the form of POSIX's pax.
fn push_path(path: &str, entries: &mut Vec<u8>) -> anyhow::Result<()> {
    let mut header = BLANK.clone();
    header.set_path("PaxHeader").context(CANNOT)?;
    header.set_entry_type(EntryType::XHeader);
    let record = format!(" path={path}\n");
    // The length of the record, its own digits included.
    let with = |digits: usize| record.len() + digits;
    let digits = (1..).find(|&digits| with(digits).to_string().len() == digits);
    let length = with(digits.context("a record of a path has a length")?);
    push_entry(header, entries, |entries| {
        Ok(write!(entries, "{length}{record}")?)
    })?;
    Ok(())
}

fn push_entry(
    mut header: Header,
    entries: &mut Vec<u8>,
    fill: impl FnOnce(&mut Vec<u8>) -> anyhow::Result<()>,
) -> anyhow::Result<Checksum> {
    let head = entries.len();
    let start = head + BLOCK;
    entries.resize(start, 0);
    fill(entries)?;
    let checksum = Checksum::of(&entries[start..]);
    header.set_size(checksum.size);
    header.set_cksum();
    entries[head..start].copy_from_slice(header.as_bytes());
    entries.resize(entries.len() + padding(checksum.size), 0);
    Ok(checksum)
}

/// What all headers have in common.
static BLANK: LazyLock<Header> = LazyLock::new(|| {
    let mut header = Header::new_ustar();
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header
});

/// How much fills the last block.
fn padding(size: u64) -> usize {
    (size.next_multiple_of(BLOCK as u64) - size) as usize
}
