//! Why parts of a site can't be joined, and what to do about each reason.

use std::fmt;
use std::path::PathBuf;

use crate::hole::roster::Shard;
use crate::input::diagnostic::{printable, printable_path};

/// Why the parts of a site can't be joined.
#[derive(Debug, PartialEq, Eq)]
pub enum PartsFault {
    /// The build of a part was stopped.
    HalfUpdated {
        /// The part.
        part: PathBuf,
    },
    /// No folder.
    Absent {
        /// Its path.
        part: PathBuf,
    },
    /// A folder that botdocs did not write.
    NoManifest {
        /// The folder.
        part: PathBuf,
    },
    /// Two folders are not parts of the same number.
    OtherShards {
        /// A part.
        one: PathBuf,
        /// Its number.
        shard: Shard,
        /// The other folder.
        other: PathBuf,
        /// Its number, if it is a part.
        is: Option<Shard>,
    },
    /// Two folders are the same part.
    Twice {
        /// The first one.
        one: PathBuf,
        /// The second one.
        other: PathBuf,
        /// The number of both.
        shard: Shard,
    },
    /// No folder is this part.
    Missing {
        /// The first part that is missing.
        shard: Shard,
        /// How many others are missing.
        more: usize,
    },
    /// Two parts were built from different lists.
    OtherList {
        /// The first one.
        one: PathBuf,
        /// The second one.
        other: PathBuf,
        /// The numbers of bots in both lists, if they differ.
        counts: Option<(usize, usize)>,
    },
    /// A file of the generic site differs between the parts.
    OtherFile {
        /// The path below the part.
        path: String,
        /// The part that has another one than a part before it.
        part: PathBuf,
    },
    /// Two parts have the same bot.
    BotTwice {
        /// The bot.
        id: String,
        /// The first part.
        one: PathBuf,
        /// The second part.
        other: PathBuf,
    },
    /// A bot of the manifest has no folder.
    NoFolder {
        /// The part.
        part: PathBuf,
    },
    /// A file is not as botdocs wrote it.
    Edited {
        /// The path below the part.
        path: String,
        /// The part.
        part: PathBuf,
    },
}

impl PartsFault {
    /// Returns the advice for the user.
    pub(super) fn help(&self) -> &'static str {
        match self {
            PartsFault::HalfUpdated { .. } => "build this part again, then join the parts",
            PartsFault::Absent { .. } | PartsFault::NoManifest { .. } => {
                "name only folders that `botdocs build --shard K/N --out FOLDER` wrote"
            }
            PartsFault::OtherShards { .. } => {
                "name only the parts of one division: each is built with the same N in `--shard K/N`"
            }
            PartsFault::Twice { .. } => {
                "name each part once, and build each with its own K in `--shard K/N`"
            }
            PartsFault::Missing { .. } => {
                "build it with this number in `--shard`, and name the folders of all parts"
            }
            PartsFault::OtherList { .. } => {
                "build all parts with the same list of bots and the same `--set`"
            }
            PartsFault::OtherFile { .. } => {
                "build all parts from the same files of the project, with the same flags and the same version of botdocs"
            }
            PartsFault::BotTwice { .. } => {
                "build the parts with `--shard K/N`, which gives each bot to one part"
            }
            PartsFault::NoFolder { .. } | PartsFault::Edited { .. } => {
                "build this part again; no other program may change its files"
            }
        }
    }
}

impl fmt::Display for PartsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartsFault::HalfUpdated { part } => {
                write!(f, "`{}` is only half updated", printable_path(part))
            }
            PartsFault::Absent { part } => write!(f, "no folder `{}`", printable_path(part)),
            PartsFault::NoManifest { part } => {
                write!(f, "`{}` has no manifest of botdocs", printable_path(part))
            }
            PartsFault::OtherShards {
                one,
                shard,
                other,
                is,
            } => {
                let (one, other) = (printable_path(one), printable_path(other));
                write!(f, "`{one}` is shard {shard}, and `{other}` is ")?;
                match is {
                    Some(is) => write!(f, "shard {is}"),
                    None => f.write_str("no shard"),
                }
            }
            PartsFault::Twice { one, other, shard } => {
                let (one, other) = (printable_path(one), printable_path(other));
                write!(f, "`{one}` and `{other}` are both shard {shard}")
            }
            PartsFault::Missing { shard, more: 0 } => write!(f, "shard {shard} is missing"),
            PartsFault::Missing { shard, more } => {
                write!(f, "shard {shard} is missing, and {more} more")
            }
            PartsFault::OtherList { one, other, counts } => {
                let (one, other) = (printable_path(one), printable_path(other));
                match counts {
                    None => write!(
                        f,
                        "`{one}` and `{other}` were built with different lists or values of bots"
                    ),
                    Some((of_one, of_other)) => write!(
                        f,
                        "`{one}` was built with a list of {}, and `{other}` with one of {}",
                        bots(*of_one),
                        bots(*of_other)
                    ),
                }
            }
            PartsFault::OtherFile { path, part } => write!(
                f,
                "`{}` is another file in `{}` than in a part before it",
                printable(path),
                printable_path(part)
            ),
            PartsFault::BotTwice { id, one, other } => write!(
                f,
                "the bot `{}` is in two parts, `{}` and `{}`",
                printable(id),
                printable_path(one),
                printable_path(other)
            ),
            PartsFault::NoFolder { part } => {
                write!(f, "a bot has no folder in `{}/bots`", printable_path(part))
            }
            PartsFault::Edited { path, part } => write!(
                f,
                "`{}` in `{}` is not as botdocs wrote it",
                printable(path),
                printable_path(part)
            ),
        }
    }
}

impl std::error::Error for PartsFault {}

/// Returns a number of bots.
pub(super) fn bots(count: usize) -> String {
    match count {
        1 => "1 bot".to_owned(),
        _ => format!("{count} bots"),
    }
}
