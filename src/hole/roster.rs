//! The bots of a build in little memory: the ID, the choice of endpoints and the values of each.
//!
//! A bot takes 32 bytes of memory; its values are appended to a [`Spool`] and read when its pages
//! are filled. Bots are sorted by a hash of their IDs, the only form in which the output
//! directory's manifest lists them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;
use std::{fmt, io};

use crate::hole::spool::Spool;
use crate::hole::{Values, VariableId};

/// The context of the hash of a bot's ID, so that it equals no other hash of the same ID.
const KEY_CONTEXT: &str = "botdocs 2026-11 bot of a manifest";

/// A bot as pages need it, reused for one bot after another.
#[derive(Debug)]
pub struct Bot {
    /// Its ID.
    pub id: String,
    /// The values for the holes of its pages.
    pub values: Values,
    /// The number of its choice of endpoints.
    pub choice: usize,
    /// A hash of its values.
    pub hash: u64,
    record: Vec<u8>,
}

/// One of several parts of all bots: its number, from 1, and the number of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    of: usize,
}

/// The part of a list that a build contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The part of the list.
    pub shard: Shard,
    /// The number of bots in the whole list.
    pub whole: usize,
    /// A digest of the whole list: of the bots, their values and their endpoints, in any order.
    pub digest: u128,
}

/// Bots that were left out for their errors, and whose files stay.
#[derive(Debug, Default)]
struct Skipped {
    /// The hashes of their IDs.
    keys: BTreeSet<u128>,
    /// The number of those whose ID is unknown: any bot may be one of them.
    nameless: usize,
}

/// Bots with different IDs, all of which are valid names of folders.
#[derive(Debug)]
pub struct Roster {
    skipped: Skipped,
    /// The part of all bots, if it is not the whole list.
    share: Option<Share>,
    /// The variables' names, in the project's order.
    names: Vec<String>,
    /// The index of the ID among them.
    id: usize,
    entries: Vec<BotEntry>,
    records: Spool,
    choices: Vec<Option<BTreeSet<String>>>,
}

/// The entry of a bot: its key, the place of its values, and its choice of endpoints.
#[derive(Clone, Copy, Debug)]
struct BotEntry {
    // 16 bytes of key, 8 of place, 4 of length and 4 of choice: 32, so 3.2 MB for 100,000 bots.
    key: u128,
    at: u64,
    length: u32,
    choice: u32,
}

/// Builds a list of bots.
pub struct RosterBuilder {
    roster: Roster,
    /// The line of each ID, by a hash of the ID in lower case.
    seen: HashMap<[u8; 16], u32>,
    numbers: HashMap<Option<BTreeSet<String>>, u32>,
    record: Vec<u8>,
}

/// Returns the hash of a bot's ID, by which a manifest lists it.
pub fn key_of(id: &str) -> u128 {
    let hash = blake3::derive_key(KEY_CONTEXT, id.as_bytes());
    u128::from_be_bytes(first_half(&hash))
}

/// Returns a hash that is the same for IDs that differ only in case.
fn case_key(id: &str) -> [u8; 16] {
    let hash = blake3::hash(id.to_ascii_lowercase().as_bytes());
    first_half(hash.as_bytes())
}

impl Shard {
    /// Returns the part with this number of `of` parts, if there is one.
    pub fn new(number: usize, of: usize) -> Option<Shard> {
        (1..=of).contains(&number).then_some(Shard { number, of })
    }

    /// Returns the number of the part, from 1.
    pub fn number(self) -> usize {
        self.number
    }

    /// Returns the number of parts.
    pub fn of(self) -> usize {
        self.of
    }

    fn has(self, key: u128) -> bool {
        // The hash is spread evenly, so the high bits of a product select the part without a
        // remainder. Each part is a range of hashes, which keeps the order of the output.
        ((key >> 64) * self.of as u128) >> 64 == self.number as u128 - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Parses `K/N`; the error is the reason.
    fn from_str(text: &str) -> Result<Shard, String> {
        let (number, of) = text.split_once('/').ok_or("write K/N, such as 2/8")?;
        let parse = |part: &str| {
            part.parse()
                .map_err(|_| format!("`{part}` is not a number"))
        };
        let (number, of) = (parse(number)?, parse(of)?);
        if of == 0 {
            return Err("N is at least 1".to_owned());
        }
        Shard::new(number, of).ok_or_else(|| format!("the parts are 1/{of} to {of}/{of}"))
    }
}

/// Returns the hash of a bot's choice of endpoints, or of all endpoints.
fn choice_hash(choice: &Option<BTreeSet<String>>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[u8::from(choice.is_some())]);
    for id in choice.iter().flatten() {
        hasher.update(id.as_bytes()).update(b"\n");
    }
    hasher.finalize()
}

fn first_half(hash: &[u8; 32]) -> [u8; 16] {
    *hash.first_chunk().expect("a half of 32 bytes is 16")
}

impl Roster {
    /// Creates an empty list.
    pub fn empty() -> Roster {
        RosterBuilder::new(&[""], "", Spool::in_memory()).finish()
    }

    /// Returns the number of bots.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the ID's variable.
    pub fn id_variable(&self) -> Option<VariableId> {
        VariableId::new(self.id)
    }

    /// Returns the different choices of endpoints by their numbers; `None` is all endpoints.
    pub fn choices(&self) -> &[Option<BTreeSet<String>>] {
        &self.choices
    }

    /// Returns the hash of a bot's ID; it increases with the bot's number.
    pub fn key(&self, bot: usize) -> u128 {
        self.entries[bot].key
    }

    /// Returns whether a bot with this hash is in the list.
    pub fn has(&self, key: u128) -> bool {
        self.find(key).is_some()
    }

    /// Returns the number of the bot with this hash.
    pub fn find(&self, key: u128) -> Option<usize> {
        self.entries
            .binary_search_by_key(&key, |entry| entry.key)
            .ok()
    }

    /// Returns the number of bots that were left out for their errors.
    pub fn skipped(&self) -> usize {
        self.skipped.keys.len() + self.skipped.nameless
    }

    /// Returns whether the ID of one of them is unknown.
    pub fn skips_nameless(&self) -> bool {
        self.skipped.nameless > 0
    }

    /// Returns whether a bot with this hash, which is not in the list, may be one of them.
    pub fn spares(&self, key: u128) -> bool {
        let is_in_part = self.share.is_none_or(|share| share.shard.has(key));
        let is_skipped = || self.skipped.nameless > 0 || self.skipped.keys.contains(&key);
        is_in_part && is_skipped() && !self.has(key)
    }

    /// Returns the part that the list was cut to.
    pub fn share(&self) -> Option<Share> {
        self.share
    }

    /// Removes all bots but those of one part.
    ///
    /// The part depends on the bot's hash alone, so a change of the list moves no other bot.
    ///
    /// # Errors
    /// If the values of bots can't be read again.
    pub fn cut(&mut self, shard: Shard) -> io::Result<()> {
        let whole = self.entries.len() + self.skipped();
        let digest = self.digest()?;
        self.share = (shard.of > 1).then_some(Share {
            shard,
            whole,
            digest,
        });
        // Parts by the index in the list were refused: an added bot would move all bots after it.
        self.entries.retain(|entry| shard.has(entry.key));
        // Choices that no bot of the shard has are not rendered.
        let mut numbers = BTreeMap::new();
        for entry in &mut self.entries {
            let next = numbers.len() as u32;
            entry.choice = *numbers.entry(entry.choice).or_insert(next);
        }
        let mut kept: Vec<_> = numbers.into_iter().collect();
        kept.sort_unstable_by_key(|&(_, new)| new);
        let kept = kept.into_iter();
        let kept = kept.map(|(old, _)| std::mem::take(&mut self.choices[old as usize]));
        self.choices = kept.collect();
        Ok(())
    }

    /// Returns a digest of the list, including the bots that were left out.
    fn digest(&self) -> io::Result<u128> {
        // In the order of the hashes, so lists with the same bots in another order have one digest,
        // and their parts may be joined.
        let choices: Vec<_> = self.choices.iter().map(choice_hash).collect();
        let mut hasher = blake3::Hasher::new();
        let mut bot = self.blank();
        for number in 0..self.len() {
            self.read(number, &mut bot)?;
            hasher.update(&self.key(number).to_le_bytes());
            hasher.update(&bot.hash.to_le_bytes());
            hasher.update(choices[bot.choice].as_bytes());
        }
        for key in &self.skipped.keys {
            hasher.update(&key.to_le_bytes());
        }
        hasher.update(&(self.skipped.nameless as u64).to_le_bytes());
        Ok(u128::from_be_bytes(first_half(
            hasher.finalize().as_bytes(),
        )))
    }

    /// Returns an empty bot for [`read`](Self::read).
    pub fn blank(&self) -> Bot {
        let names = self.names.iter();
        Bot {
            id: String::new(),
            values: Values::new(names.map(|name| (name.clone(), String::new()))),
            choice: 0,
            hash: 0,
            record: Vec::new(),
        }
    }

    /// Reads a bot by its number.
    pub fn read(&self, number: usize, bot: &mut Bot) -> io::Result<()> {
        let entry = self.entries[number];
        bot.record.resize(entry.length as usize, 0);
        self.records.read_at(entry.at, &mut bot.record)?;
        bot.choice = entry.choice as usize;
        // Half of a hash is enough: it only decides whether a page is filled again, and a bot gains
        // nothing from a collision of its own values.
        let hash = blake3::hash(&bot.record);
        let half = hash.as_bytes().first_chunk().expect("32 bytes hold 8");
        bot.hash = u64::from_be_bytes(*half);
        let mut rest = bot.record.as_slice();
        for variable in 0..self.names.len() {
            let value = cut_value(&mut rest).ok_or(io::ErrorKind::InvalidData)?;
            bot.values.set(variable, value);
            if variable == self.id {
                bot.id.clear();
                bot.id.push_str(value);
            }
        }
        Ok(())
    }
}

/// Splits the first value off the rest of a record.
fn cut_value<'r>(rest: &mut &'r [u8]) -> Option<&'r str> {
    let (length, after) = rest.split_first_chunk()?;
    let (value, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *rest = after;
    std::str::from_utf8(value).ok()
}

impl RosterBuilder {
    /// Starts a list; `names` are the variables' names in the project's order, `id` that of the ID.
    pub fn new(names: &[&str], id: &str, records: Spool) -> RosterBuilder {
        let roster = Roster {
            skipped: Skipped::default(),
            share: None,
            names: names.iter().map(|&name| name.to_owned()).collect(),
            id: names.iter().position(|&name| name == id).unwrap_or(0),
            entries: Vec::new(),
            records,
            choices: Vec::new(),
        };
        RosterBuilder {
            roster,
            seen: HashMap::new(),
            numbers: HashMap::new(),
            record: Vec::new(),
        }
    }

    /// Returns whether no bot was added.
    pub fn is_empty(&self) -> bool {
        self.roster.is_empty()
    }

    /// Records the line of an ID; returns the line of an earlier one that is the same or differs
    /// only in case.
    pub fn enter(&mut self, id: &str, line: u32) -> Option<u32> {
        match self.seen.entry(case_key(id)) {
            std::collections::hash_map::Entry::Occupied(first) => Some(*first.get()),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(line);
                None
            }
        }
    }

    /// Adds a bot by its values, one for each variable in the project's order.
    pub fn add<'v>(
        &mut self,
        values: impl Iterator<Item = &'v str>,
        endpoints: Option<BTreeSet<String>>,
    ) -> io::Result<()> {
        let roster = &mut self.roster;
        self.record.clear();
        let mut key = 0;
        for (variable, value) in values.enumerate() {
            // Length-prefixed: a value can contain any character, so none is free as a separator.
            let length = u32::try_from(value.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
            self.record.extend_from_slice(&length.to_le_bytes());
            self.record.extend_from_slice(value.as_bytes());
            if variable == roster.id {
                key = key_of(value);
            }
        }
        let choice = match self.numbers.get(&endpoints) {
            Some(&number) => number,
            None => {
                let number = u32::try_from(roster.choices.len()).expect("choices fit in memory");
                roster.choices.push(endpoints.clone());
                self.numbers.insert(endpoints, number);
                number
            }
        };
        roster.entries.push(BotEntry {
            key,
            at: roster.records.append(&self.record)?,
            length: self.record.len() as u32,
            choice,
        });
        Ok(())
    }

    /// Records a bot that is left out for its errors, by its ID if that is known.
    pub fn skip(&mut self, id: Option<&str>) {
        let skipped = &mut self.roster.skipped;
        match id {
            Some(id) => {
                skipped.keys.insert(key_of(id));
            }
            None => skipped.nameless += 1,
        }
    }

    /// Sorts and returns the list.
    pub fn finish(self) -> Roster {
        let mut roster = self.roster;
        // Not a stable sort, which would allocate a copy: all keys differ.
        roster.entries.sort_unstable_by_key(|entry| entry.key);
        roster.entries.shrink_to_fit();
        roster
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_one_of_at_least_one() {
        let error = |text: &str| text.parse::<Shard>().err().unwrap_or_default();
        for (text, reason) in [
            ("1/1", ""),
            ("1/0", "N is at least 1"),
            ("0/0", "N is at least 1"),
            ("0/2", "the parts are 1/2 to 2/2"),
            ("3/2", "the parts are 1/2 to 2/2"),
            ("1", "write K/N, such as 2/8"),
        ] {
            assert_eq!(error(text), reason, "{text}");
        }
    }

    #[test]
    fn gives_back_each_bot_once_in_the_order_of_hashes() {
        let mut builder = RosterBuilder::new(&["bot_name", "bot_id"], "bot_id", Spool::in_memory());
        for number in 0..50 {
            let (name, id) = (format!("Bot {number}"), format!("b{number}"));
            let chosen = BTreeSet::from([format!("e{}", number % 3)]);
            let endpoints = (number % 3 > 0).then_some(chosen);
            assert_eq!(builder.enter(&id, number), None);
            let values = [name.as_str(), &id].into_iter();
            builder.add(values, endpoints).unwrap();
        }
        assert_eq!(builder.enter("B7", 60), Some(7));
        let roster = builder.finish();
        assert_eq!((roster.len(), roster.choices().len()), (50, 3));
        let mut bot = roster.blank();
        let mut found = BTreeSet::new();
        for number in 0..roster.len() {
            roster.read(number, &mut bot).unwrap();
            assert_eq!(roster.key(number), key_of(&bot.id));
            assert!(number == 0 || roster.key(number - 1) < roster.key(number));
            let of: u32 = bot.id[1..].parse().unwrap();
            let expected =
                (!of.is_multiple_of(3)).then(|| BTreeSet::from([format!("e{}", of % 3)]));
            assert_eq!(roster.choices()[bot.choice], expected);
            found.insert(bot.id.clone());
            assert!(roster.has(key_of(&bot.id)) && !roster.has(key_of("other")));
        }
        assert_eq!(found.len(), 50);
    }

    #[test]
    fn shards_are_disjoint_and_together_the_whole() {
        let roster = || {
            let mut builder = RosterBuilder::new(&["bot_id"], "bot_id", Spool::in_memory());
            for number in 0..300 {
                let chosen = BTreeSet::from([format!("e{}", number % 5)]);
                let endpoints = (number % 5 > 0).then_some(chosen);
                builder
                    .add([format!("b{number}").as_str()].into_iter(), endpoints)
                    .unwrap();
            }
            builder.finish()
        };
        let all = |roster: &Roster| {
            let mut bot = roster.blank();
            let read = |number| {
                roster.read(number, &mut bot).unwrap();
                (bot.id.clone(), roster.choices()[bot.choice].clone())
            };
            (0..roster.len()).map(read).collect::<Vec<_>>()
        };
        for of in [1, 2, 7] {
            let mut found = Vec::new();
            for number in 1..=of {
                let mut shard = roster();
                shard.cut(Shard::new(number, of).unwrap()).unwrap();
                assert!(shard.len() > 200 / of && shard.choices().len() <= 5);
                found.extend(all(&shard));
            }
            assert_eq!(found, all(&roster()));
        }
        let mut none = roster();
        none.cut(Shard::new(300_000, 300_000).unwrap()).unwrap();
        assert_eq!((none.len(), none.choices().len()), (0, 0));
    }

    #[test]
    fn tells_other_values_by_their_hash() {
        let hash = |values: [&str; 2]| {
            let mut builder = RosterBuilder::new(&["bot_id", "x"], "bot_id", Spool::in_memory());
            builder.add(values.into_iter(), None).unwrap();
            let roster = builder.finish();
            let mut bot = roster.blank();
            roster.read(0, &mut bot).unwrap();
            bot.hash
        };
        assert_eq!(hash(["a", "b"]), hash(["a", "b"]));
        assert_ne!(hash(["a", "b"]), hash(["a", "c"]));
        assert_ne!(hash(["a", "bc"]), hash(["ab", "c"]));
    }
}
