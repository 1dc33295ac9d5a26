//! Reads a manifest as a stream, and checks its checksum.
//!
//! The checksum is that of the values in our own layout, not of the bytes: a formatter does no
//! harm.

use std::fmt;
use std::io::Read;
use std::marker::PhantomData;

use blake3::{Hash, Hasher};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    AFTER_BOTS, AFTER_CHOICES, AFTER_FILES, BETWEEN, Entry, FORMAT, ListedBot, ListedBots,
    ListedPage, Manifest, bot_line, choice_line, file_line, head,
};
use crate::hole::roster::Share;
use crate::hole::spool::MakeFile;
use crate::output::path::TreePath;

/// Reads a manifest; the error is the reason why it can't be read.
pub(in crate::output) fn parse(text: impl Read, make_file: &MakeFile) -> Result<Manifest, String> {
    let reading = ParsedLines {
        manifest: Manifest {
            bots: ListedBots::new(make_file),
            ..Manifest::empty()
        },
        hasher: Hasher::new(),
        last: None,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(text);
    let manifest = reading.deserialize(&mut deserializer);
    let manifest = manifest.and_then(|manifest| deserializer.end().map(|()| manifest));
    manifest.map_err(|error| {
        let message = error.to_string();
        if !error.is_data() {
            return message;
        }
        // A message of our own names what is wrong, and needs no line.
        let ours = message.split(" at line ").next();
        ours.unwrap_or(&message).to_owned()
    })
}

/// The lines that were read so far.
struct ParsedLines {
    manifest: Manifest,
    hasher: Hasher,
    /// The hash of the last bot's ID.
    last: Option<u128>,
}

impl<'de> DeserializeSeed<'de> for ParsedLines {
    type Value = Manifest;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Manifest, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ParsedLines {
    type Value = Manifest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a manifest")
    }

    /// Reads the values in the fixed order of the keys, so each is checked as it is read.
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Manifest, A::Error> {
        expect(&mut map, "about")?;
        map.next_value::<IgnoredAny>()?;
        expect(&mut map, "format")?;
        let format: u32 = map.next_value()?;
        if format != FORMAT {
            return Err(A::Error::custom(format!(
                "it has format {format}, and this version of botdocs knows format {FORMAT}"
            )));
        }
        let mut key: Option<String> = map.next_key()?;
        if key.as_deref() == Some("shard") {
            let shard: String = map.next_value()?;
            let shard = shard.parse().map_err(A::Error::custom)?;
            expect(&mut map, "list")?;
            let whole = map.next_value()?;
            expect(&mut map, "digest")?;
            let digest: String = map.next_value()?;
            let digest = u128::from_str_radix(&digest, 16).map_err(A::Error::custom)?;
            self.manifest.share = Some(Share {
                shard,
                whole,
                digest,
            });
            key = map.next_key()?;
        }
        self.hasher.update(head(self.manifest.share).as_bytes());
        is_key(key, "files")?;
        map.next_value_seed(each(|at, file: FileLine| self.file(at, file)))?;
        self.hasher.update(AFTER_FILES.as_bytes());
        expect(&mut map, "choices")?;
        map.next_value_seed(each(|at, pages: Vec<PageLine>| self.choice(at, pages)))?;
        self.hasher.update(AFTER_CHOICES.as_bytes());
        expect(&mut map, "bots")?;
        map.next_value_seed(each(|at, line: String| self.bot(at, &line)))?;
        self.hasher.update(AFTER_BOTS.as_bytes());
        expect(&mut map, "checksum")?;
        let checksum: String = map.next_value()?;
        if self.hasher.finalize().to_hex().as_str() != checksum {
            return Err(A::Error::custom("its checksum does not match"));
        }
        match map.next_key::<String>()? {
            Some(key) => Err(A::Error::custom(format!("unknown field `{key}`"))),
            None => Ok(self.manifest),
        }
    }
}

/// Reads the next key. An unknown key is an error: it could protect a file.
fn expect<'de, A: MapAccess<'de>>(map: &mut A, expected: &str) -> Result<(), A::Error> {
    is_key(map.next_key()?, expected)
}

fn is_key<E: serde::de::Error>(key: Option<String>, expected: &str) -> Result<(), E> {
    match key {
        Some(key) if key == expected => Ok(()),
        Some(key) => Err(E::custom(format!(
            "`{key}` stands where `{expected}` must stand"
        ))),
        None => Err(E::custom(format!("`{expected}` is missing"))),
    }
}

/// A file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLine {
    path: TreePath,
    size: u64,
    blake3: String,
}

/// A page of a choice as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageLine {
    page: String,
    hash: String,
}

impl ParsedLines {
    fn file(&mut self, at: usize, file: FileLine) -> Result<(), String> {
        let FileLine { path, size, blake3 } = file;
        let hash = Hash::from_hex(&blake3).map_err(|_| format!("no hash for `{path}`"))?;
        let entry = Entry { size, hash };
        self.hasher
            .update(file_line(at == 0, &path, &entry).as_bytes());
        let fault = format!("it lists `{path}` twice");
        match self.manifest.files.insert(path, entry) {
            Some(_) => Err(fault),
            None => Ok(()),
        }
    }

    fn choice(&mut self, at: usize, pages: Vec<PageLine>) -> Result<(), String> {
        let page = |PageLine { page, hash }: PageLine| {
            // A valid path without a folder can't lead out of the bot's folder.
            let path = TreePath::new(page).map_err(|error| error.to_string())?;
            let is_name = path.folder().is_none() && hash.len() == 32;
            let hash = u128::from_str_radix(&hash, 16).ok().filter(|_| is_name);
            let hash = hash.ok_or_else(|| format!("no hash for `{path}`"))?;
            let (name, hash) = (path.into(), hash.to_be_bytes());
            Ok(ListedPage { name, hash })
        };
        let pages: Vec<ListedPage> = pages.into_iter().map(page).collect::<Result<_, String>>()?;
        if !pages.is_sorted_by(|one, other| one.name < other.name) {
            return Err("its pages are not in order".to_owned());
        }
        self.hasher.update(choice_line(at == 0, &pages).as_bytes());
        self.manifest.choices.push(pages);
        Ok(())
    }

    fn bot(&mut self, at: usize, line: &str) -> Result<(), String> {
        let bot = parse_bot(line, &self.manifest.choices).ok_or("the line of a bot is invalid")?;
        if self.last.replace(bot.key) >= Some(bot.key) {
            return Err("its bots are not in order".to_owned());
        }
        let mut text = String::with_capacity(line.len() + 4);
        bot_line(&bot, &mut text);
        self.hasher
            .update(&text.as_bytes()[if at == 0 { BETWEEN.len() } else { 0 }..]);
        let pushed = self.manifest.bots.push(&bot);
        pushed.map_err(|error| error.to_string())
    }
}

/// Parses the line of a bot.
fn parse_bot(line: &str, choices: &[Vec<ListedPage>]) -> Option<ListedBot> {
    let mut parts = line.split(' ');
    let bot = ListedBot {
        key: u128::from_str_radix(parts.next()?, 16).ok()?,
        choice: parts.next()?.parse().ok()?,
        values: u64::from_str_radix(parts.next()?, 16).ok()?,
        files: parts.map(|file| file.parse().ok()).collect::<Option<_>>()?,
    };
    let pages = choices.get(bot.choice as usize)?;
    (pages.len() == bot.files.len()).then_some(bot)
}

/// A list whose items are handled one by one, each with its index.
struct Items<F, T>(F, PhantomData<T>);

fn each<F, T>(handle: F) -> Items<F, T>
where
    F: FnMut(usize, T) -> Result<(), String>,
{
    Items(handle, PhantomData)
}

impl<'de, T, F> DeserializeSeed<'de> for Items<F, T>
where
    T: Deserialize<'de>,
    F: FnMut(usize, T) -> Result<(), String>,
{
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T, F> Visitor<'de> for Items<F, T>
where
    T: Deserialize<'de>,
    F: FnMut(usize, T) -> Result<(), String>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut at = 0;
        while let Some(item) = items.next_element()? {
            (self.0)(at, item).map_err(A::Error::custom)?;
            at += 1;
        }
        Ok(())
    }
}
