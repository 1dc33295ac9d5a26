//! The limit of the number of bots that a build may remove: a list from another system can arrive
//! truncated.

use std::path::Path;
use std::str::FromStr;

use super::error::{BotsFault, Error, Refusal};
use super::manifest::Manifest;
use super::tree::Tree;
use crate::hole::roster::Share;

/// The number of bots that may always be removed.
// A tenth of a list of nine bots is none, so that no bot could ever be removed.
const FEW: usize = 10;

/// How many bots of the last build may lose their pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaving {
    /// Ten, or a tenth of them.
    #[default]
    Few,
    /// At most this number.
    UpTo(usize),
    /// Any number, all included.
    All,
}

impl FromStr for Leaving {
    type Err = String;

    /// Reads a number or `all`.
    fn from_str(text: &str) -> Result<Leaving, String> {
        match text {
            "all" => Ok(Leaving::All),
            _ => text
                .parse()
                .map(Leaving::UpTo)
                .map_err(|_| "write a number of bots, or `all`".to_owned()),
        }
    }
}

impl Leaving {
    fn permits(self, gone: usize, had: usize) -> bool {
        match self {
            Leaving::Few => gone <= FEW || gone <= had / 10,
            Leaving::UpTo(most) => gone <= most,
            Leaving::All => true,
        }
    }
}

/// Refuses to replace the files of `old` in `dir` by `tree` if more bots would lose their pages
/// than `leaving` permits.
///
/// For a shard the whole list is checked too: a small shard loses few bots even if the list loses
/// nearly all.
pub(super) fn judge(
    leaving: Leaving,
    dir: &Path,
    old: &Manifest,
    tree: &Tree<'_>,
) -> Result<(), Error> {
    let refuse = |fault| {
        let dir = dir.to_owned();
        Err(Refusal::Bots { dir, fault }.into())
    };
    let had = old.bots.count;
    if leaving == Leaving::All || had == 0 && old.share.is_none() {
        return Ok(());
    }
    // A bot with a broken record in the list keeps its pages, and has not left.
    let roster = tree.roster();
    let is_wanted = |key| roster.is_some_and(|roster| roster.has(key) || roster.spares(key));
    let mut gone = 0;
    // By hashes, not by counts: added bots must not hide removed ones.
    for bot in old.bots.iter() {
        let bot = bot.map_err(|error| Error::Failed(error.into()))?;
        gone += usize::from(!is_wanted(bot.key));
    }
    let is_asked_for = matches!(leaving, Leaving::UpTo(most) if gone <= most);
    if !tree.has_list() {
        if gone == 0 || is_asked_for {
            return Ok(());
        }
        return refuse(BotsFault::NoList { had });
    }
    let (from, to) = (old.share, tree.share());
    let shard = |share: Option<Share>| share.map(|share| share.shard);
    // Another shard in the place of this one: the bots that go may all be in the list.
    if let (Some(to), from) = (shard(to), shard(from))
        && from != Some(to)
        && gone > 0
        && !is_asked_for
    {
        return refuse(BotsFault::OtherPart {
            from,
            to,
            gone,
            had,
        });
    }
    // Of a site in one part, the part is the whole.
    let whole_had = from.map_or(had, |share| share.whole);
    let has = roster.map_or(0, |roster| roster.len() + roster.skipped());
    let has = to.map_or(has, |share| share.whole);
    let of_whole = (whole_had.saturating_sub(has), whole_had);
    for ((gone, had), is_whole) in [((gone, had), false), (of_whole, true)] {
        if !leaving.permits(gone, had) {
            return refuse(BotsFault::Shrunk {
                gone,
                had,
                is_whole,
            });
        }
    }
    Ok(())
}
