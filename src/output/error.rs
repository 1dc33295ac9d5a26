//! Why the output was not written: a file that is not ours to change, or a failure of the machine.

use std::fmt;
use std::path::{Path, PathBuf};

use super::parts::{PartsFault, bots};
use super::reserved::JOURNAL;
use crate::hole::roster::Shard;
use crate::input::diagnostic::printable_path;

/// The number of files that a message names.
const NAMED: usize = 20;

/// Why the output directory was not written.
#[derive(Debug)]
pub enum Error {
    /// The user asked for something that would destroy what is not ours; nothing has changed.
    Refused(Refusal),
    /// The machine failed: no space, no permission, a broken disk.
    Failed(anyhow::Error),
}

/// A change that botdocs refuses to make.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The output directory may not be this folder.
    Place {
        /// The output directory as it was given.
        dir: PathBuf,
        /// The reason.
        fault: PlaceFault,
    },
    /// The archive may not be in this folder.
    Archive {
        /// The archive as it was given.
        path: PathBuf,
        /// The folder around it.
        fault: ArchiveFault,
    },
    /// The folder contains files, but no manifest of ours.
    NotOurs {
        /// The output directory as it was given.
        dir: PathBuf,
    },
    /// The manifest or the journal cannot be trusted.
    Damaged {
        /// The damaged file.
        path: PathBuf,
        /// The error in it.
        fault: String,
    },
    /// Files are in the way that we did not write, or that were changed since.
    Files {
        /// The output directory as it was given.
        dir: PathBuf,
        /// The files by their path below it, sorted.
        files: Vec<(String, FileFault)>,
    },
    /// More bots would lose their pages than allowed.
    Bots {
        /// The output directory as it was given.
        dir: PathBuf,
        /// The numbers of bots.
        fault: BotsFault,
    },
    /// Files were put or changed here during the command, and are kept.
    Kept {
        /// The output directory as it was given.
        dir: PathBuf,
        /// The files by their path below it, and where each is, if it is elsewhere.
        files: Vec<(String, Option<PathBuf>)>,
        /// The state of all other files.
        rest: OtherFiles,
    },
    /// There is a file at the archive's path.
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The archive can't replace what is at its path: a link, a pipe, a device, a folder.
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The parts of a site can't be joined.
    Parts {
        /// The reason.
        fault: PartsFault,
    },
}

/// The state of all files that were not kept.
#[derive(Debug, PartialEq, Eq)]
pub enum OtherFiles {
    /// They are those of the build.
    Written,
    /// Those that botdocs wrote are deleted.
    Deleted,
    /// The command was refused.
    Refused(Box<Refusal>),
}

/// Why a folder may never be the output directory.
#[derive(Debug, PartialEq, Eq)]
pub enum PlaceFault {
    /// It is the root of the file system.
    Root,
    /// It is the home folder, or contains it.
    Home,
    /// It is the root of a repository, and we have not written to it before.
    Repository,
    /// It contains an input, or an input contains it.
    Overlap {
        /// The input as it was given.
        input: PathBuf,
    },
    /// It is a symbolic link.
    Link,
    /// `site.yaml` names it, and a symbolic link leads to it, which can lead out of the project.
    BehindLink {
        /// The link.
        link: PathBuf,
    },
    /// It is not a folder, or is below an entry that is none.
    NotAFolder,
    /// It has `..` after a folder that does not exist.
    Unresolved,
}

/// The kinds of folders that may not contain an archive.
#[derive(Debug, PartialEq, Eq)]
pub enum ArchiveFault {
    /// An input, with which the archive would be published.
    Input {
        /// The input as it was given.
        input: PathBuf,
    },
    /// A folder that botdocs wrote.
    Site {
        /// The folder.
        site: PathBuf,
    },
}

/// How bots would lose their pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotsFault {
    /// The folder has pages of bots, and the build has no list.
    NoList {
        /// How many bots the folder has.
        had: usize,
    },
    /// The folder contains one part of the list, and the build makes another.
    OtherPart {
        /// The part in the folder; none for all bots.
        from: Option<Shard>,
        /// The part of the build.
        to: Shard,
        /// How many bots would lose their pages here.
        gone: usize,
        /// How many bots the folder has.
        had: usize,
    },
    /// The list has many bots fewer.
    Shrunk {
        /// How many are gone.
        gone: usize,
        /// How many there were.
        had: usize,
        /// Whether these are counts of the whole list, of which the folder contains a shard.
        is_whole: bool,
    },
}

/// Why a file in the output directory is not ours to replace or delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileFault {
    /// We did not write it.
    Foreign,
    /// It was changed since we wrote it.
    Edited,
    /// It is a link to a folder, or a file, where we need a folder.
    NotAFolder,
    /// It is a folder, or is in one, where we need a file.
    NotAFile,
}

impl Refusal {
    /// Lists files in `dir` that are not ours to change, with the reasons.
    pub(super) fn files(
        dir: &Path,
        files: impl IntoIterator<Item = (String, FileFault)>,
    ) -> Refusal {
        Refusal::Files {
            dir: dir.to_owned(),
            files: files.into_iter().collect(),
        }
    }

    /// Returns the advice for the user.
    pub fn help(&self) -> &'static str {
        match self {
            Refusal::Kept {
                rest: OtherFiles::Refused(refusal),
                ..
            } => refusal.help(),
            Refusal::Kept { files, .. }
                if files
                    .iter()
                    .all(|(path, elsewhere)| is_aside(path, elsewhere.as_deref())) =>
            {
                "move them away and run the command again"
            }
            Refusal::Kept { .. } => {
                "move them away and run the command again, or pass `--force` to overwrite or delete them"
            }
            Refusal::Place { fault, .. } => fault.help(),
            Refusal::Archive { .. } => "name a file outside of it",
            Refusal::NotOurs { .. } => {
                "name an empty or new folder, or pass `--force` to write into this one; files that are not in the way stay"
            }
            Refusal::Damaged { .. } => {
                "restore the file, or pass `--force` to `build`, which then ignores the file"
            }
            Refusal::Files { files, .. } if files.iter().any(|(_, fault)| fault.yields()) => {
                "move them away, or pass `--force` to overwrite or delete them"
            }
            Refusal::Files { .. } => "move them away",
            Refusal::Bots { fault, .. } => fault.help(),
            Refusal::Exists { .. } => "name another file, or pass `--force` to replace it",
            Refusal::NotAFile { .. } => {
                "name another file; `--archive -` writes to standard output, and so into a pipe"
            }
            Refusal::Parts { fault } => fault.help(),
        }
    }
}

/// Returns whether a kept file is in the folder of the journal, which `--force` does not empty.
fn is_aside(path: &str, elsewhere: Option<&Path>) -> bool {
    elsewhere.is_some() || path.starts_with(JOURNAL)
}

impl BotsFault {
    fn help(&self) -> &'static str {
        match self {
            BotsFault::NoList { .. } => {
                "name the list with `--bots FILE`, or pass `--generic` to build without bots and delete their pages; for the site of one bot, name another folder with `--out`"
            }
            BotsFault::OtherPart { .. } => {
                "name a folder of its own for each part with `--out`, or pass `--remove-up-to N` or `--remove-up-to all` to delete their pages here"
            }
            BotsFault::Shrunk { .. } => {
                "check that the list is complete; to delete their pages, pass `--remove-up-to N` or `--remove-up-to all`"
            }
        }
    }
}

impl fmt::Display for BotsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BotsFault::NoList { had } => {
                let had = bots(*had);
                write!(f, "has the pages of {had}, and this build has no list")
            }
            BotsFault::OtherPart {
                from,
                to,
                gone,
                had,
            } => {
                let from = from.map_or("the whole list".to_owned(), |from| format!("shard {from}"));
                write!(
                    f,
                    "holds {from}, and this build is shard {to}: it would lose the pages of {gone} of its {}",
                    bots(*had)
                )
            }
            BotsFault::Shrunk {
                gone,
                had,
                is_whole: false,
            } => write!(f, "would lose the pages of {gone} of its {}", bots(*had)),
            BotsFault::Shrunk {
                gone,
                had,
                is_whole: true,
            } => write!(
                f,
                "was built with a list of {}, which now lacks at least {gone}",
                bots(*had)
            ),
        }
    }
}

impl PlaceFault {
    fn help(&self) -> &'static str {
        match self {
            PlaceFault::Repository => {
                "name a folder inside of it; to publish from this repository's root, build into a new folder and move everything in that here, the manifest included"
            }
            PlaceFault::Link => "name the folder that the link leads to",
            PlaceFault::BehindLink { .. } => {
                "name the folder that the link leads to with `--out`, or put a folder in its place"
            }
            _ => "name another folder with `--out`",
        }
    }
}

impl FileFault {
    /// Returns whether `--force` may overwrite or delete such a file.
    pub(super) fn yields(self) -> bool {
        matches!(self, FileFault::Foreign | FileFault::Edited)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Error {
        Error::Failed(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refusal) => refusal.fmt(f),
            Error::Failed(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Place { dir, fault } => {
                write!(f, "the output directory `{}` {fault}", printable_path(dir))
            }
            Refusal::Archive { path, fault } => {
                write!(f, "the archive `{}` lies in {fault}", printable_path(path))
            }
            Refusal::NotOurs { dir } => write!(
                f,
                "the folder `{}` is not empty and botdocs did not write it",
                printable_path(dir)
            ),
            Refusal::Damaged { path, fault } => {
                write!(f, "the file `{}` is damaged: {fault}", printable_path(path))
            }
            Refusal::Bots { dir, fault } => {
                write!(f, "`{}` {fault}; nothing has changed", printable_path(dir))
            }
            Refusal::Exists { path } => {
                write!(f, "the file `{}` is there already", printable_path(path))
            }
            Refusal::NotAFile { path } => write!(
                f,
                "`{}` is not a regular file, so no archive replaces it",
                printable_path(path)
            ),
            Refusal::Parts { fault } => write!(f, "the parts can't be joined: {fault}"),
            Refusal::Kept { dir, files, rest } => {
                let count = files.len();
                let dir = printable_path(dir);
                if let OtherFiles::Refused(refusal) = rest {
                    writeln!(f, "{refusal}")?;
                }
                match count {
                    1 => write!(
                        f,
                        "1 file in `{dir}` was changed by another program while botdocs wrote there, and is kept"
                    )?,
                    _ => write!(
                        f,
                        "{count} files in `{dir}` were changed by another program while botdocs wrote there, and are kept"
                    )?,
                }
                f.write_str(match rest {
                    OtherFiles::Written => "; all other files are up to date",
                    OtherFiles::Deleted => "; all other files of botdocs are deleted",
                    OtherFiles::Refused(_) => "",
                })?;
                for (path, elsewhere) in files.iter().take(NAMED) {
                    write!(f, "\n  {}", path.escape_debug())?;
                    if let Some(elsewhere) = elsewhere {
                        write!(f, ": now in `{}`", printable_path(elsewhere))?;
                    }
                }
                count_more(f, count)
            }
            Refusal::Files { dir, files } => {
                let count = files.len();
                let noun = if count == 1 { "file" } else { "files" };
                write!(
                    f,
                    "{count} {noun} in `{}` would be lost; nothing has changed",
                    printable_path(dir)
                )?;
                for (path, fault) in files.iter().take(NAMED) {
                    write!(f, "\n  {}: {fault}", path.escape_debug())?;
                }
                count_more(f, count)
            }
        }
    }
}

/// Counts the files beyond those that are named.
fn count_more(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    match count.saturating_sub(NAMED) {
        0 => Ok(()),
        more => write!(f, "\n  and {more} more"),
    }
}

impl fmt::Display for PlaceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlaceFault::Root => f.write_str("is the root of the file system"),
            PlaceFault::Home => f.write_str("is or contains the home folder"),
            PlaceFault::Repository => f.write_str("is the root of a repository"),
            PlaceFault::Overlap { input } => {
                write!(f, "overlaps the input `{}`", printable_path(input))
            }
            PlaceFault::Link => f.write_str("is a symbolic link"),
            PlaceFault::BehindLink { link } => {
                write!(
                    f,
                    "is reached by the symbolic link `{}`",
                    printable_path(link)
                )
            }
            PlaceFault::NotAFolder => f.write_str("is not a folder"),
            PlaceFault::Unresolved => f.write_str("has `..` after a folder that does not exist"),
        }
    }
}

impl fmt::Display for ArchiveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArchiveFault::Input { input } => write!(f, "the input `{}`", printable_path(input)),
            ArchiveFault::Site { site } => {
                write!(f, "the output directory `{}`", printable_path(site))
            }
        }
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileFault::Foreign => "botdocs did not write it",
            FileFault::Edited => "changed since botdocs wrote it",
            FileFault::NotAFolder => "stands where a folder is needed",
            FileFault::NotAFile => "stands where a file is needed",
        })
    }
}

/// Adds the purpose to a failed system call.
pub(super) trait IoContext<T> {
    /// Adds that the system could not `verb` the entry at `path`.
    fn at(self, verb: &str, path: impl AsRef<Path>) -> anyhow::Result<T>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn at(self, verb: &str, path: impl AsRef<Path>) -> anyhow::Result<T> {
        self.map_err(|error| {
            let what = format!("cannot {verb} `{}`", printable_path(path.as_ref()));
            anyhow::Error::new(error).context(what)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_twenty_files_and_counts_the_rest() {
        let files = (0..23)
            .map(|n| (format!("{n:02}.html"), FileFault::Edited))
            .collect();
        let dir = PathBuf::from("site");
        let message = Refusal::Files { dir, files }.to_string();
        assert!(message.starts_with(
            "23 files in `site` would be lost; nothing has changed\n  00.html: changed since botdocs wrote it\n"
        ));
        assert!(message.ends_with("  19.html: changed since botdocs wrote it\n  and 3 more"));
        let files = (0..23).map(|n| (format!("{n:02}.html"), None)).collect();
        let dir = PathBuf::from("site");
        let rest = OtherFiles::Deleted;
        let message = Refusal::Kept { dir, files, rest }.to_string();
        assert!(message.contains("; all other files of botdocs are deleted\n  00.html\n"));
        assert!(message.ends_with("\n  19.html\n  and 3 more"), "{message}");
    }

    #[test]
    fn one_bot_is_one_bot() {
        let shard = |text: &str| text.parse().unwrap();
        let (gone, had) = (1, 1);
        for fault in [
            BotsFault::NoList { had },
            BotsFault::OtherPart {
                from: None,
                to: shard("1/2"),
                gone,
                had,
            },
            BotsFault::Shrunk {
                gone,
                had,
                is_whole: false,
            },
            BotsFault::Shrunk {
                gone,
                had,
                is_whole: true,
            },
        ] {
            let message = fault.to_string();
            assert!(message.contains("1 bot"), "{message}");
            assert!(!message.contains("1 bots"), "{message}");
        }
    }

    #[test]
    fn promises_no_force_where_it_does_not_help() {
        let refusal = |fault| Refusal::Files {
            dir: PathBuf::from("site"),
            files: vec![("a".to_owned(), fault)],
        };
        assert!(refusal(FileFault::Foreign).help().contains("--force"));
        assert!(!refusal(FileFault::NotAFolder).help().contains("--force"));
    }

    #[test]
    fn a_failure_names_the_path_and_the_reason() {
        let failed: std::io::Result<()> = Err(std::io::Error::from_raw_os_error(28));
        let failed = failed.at("write", "site/index.html");
        assert_eq!(
            Error::from(failed.unwrap_err()).to_string(),
            "cannot write `site/index.html`: No space left on device (os error 28)"
        );
    }
}
