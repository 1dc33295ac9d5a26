//! The list of the files that we wrote, kept beside them in the output directory.
//!
//! What it lists and what was not changed since is ours to replace and delete; nothing else is. It
//! holds no time and no path of the machine, so that a site that is kept in a repository changes
//! only where a page does.
//!
//! A bot stands in it as a hash of its ID, since the manifest is published with the site and bots
//! are customers. The folders that are there tell which bot a hash stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use blake3::Hash;
use serde::Deserialize;

use super::folder::Folder;
use super::path::TreePath;
use super::tree::{Content, Tree};

/// The name of the manifest in the output directory.
pub(super) const NAME: &str = "botdocs-manifest.json";

/// The version of the format that this code reads and writes.
const FORMAT: u32 = 1;

/// The folder of the output directory that has a folder for each bot.
pub const BOTS: &str = "bots";

/// What the hash of a bot's ID is for, so that it is no other hash of the same ID.
const BOT_CONTEXT: &str = "botdocs 2026-11 bot of a manifest";

/// Tells a person what the file is.
const ABOUT: &str = "Files that botdocs wrote here, and may replace or delete. Keep this file beside them, unchanged.";

/// The files that we wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) files: BTreeMap<TreePath, Entry>,
    /// Whether bots are listed, some of whose folders may be gone.
    pub(super) has_bots: bool,
}

/// A file as we wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) size: u64,
    pub(super) hash: Hash,
}

/// What any version of the format has.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// The file as it is written. An unknown key is an error: it might be what keeps a file alive.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "about")]
    _about: String,
    #[serde(rename = "format")]
    _format: u32,
    files: Vec<Line>,
    checksum: String,
}

/// A file in the manifest as it is written.
#[derive(Clone, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The hash of the bot in whose folder the file is.
    #[serde(default)]
    bot: Option<String>,
    /// The path below that folder, else below the output directory.
    path: TreePath,
    size: u64,
    blake3: String,
}

impl Line {
    fn of(path: &TreePath, entry: &Entry) -> Line {
        let (bot, path) = match bot_of(path) {
            Some((bot, below)) => {
                let below = TreePath::new(below).expect("a part of a valid path is valid");
                (Some(hash_of(bot)), below)
            }
            None => (None, path.clone()),
        };
        Line {
            bot,
            path,
            size: entry.size,
            blake3: entry.hash.to_hex().to_string(),
        }
    }

    /// The path in the output directory; none if the bot's folder is not there any more.
    fn path_among(&self, bots: &BTreeMap<String, &str>) -> Option<TreePath> {
        let Some(bot) = &self.bot else {
            return Some(self.path.clone());
        };
        TreePath::new(format!("{BOTS}/{}/{}", bots.get(bot)?, self.path)).ok()
    }
}

/// The bot in whose folder a path is, and the path below that.
fn bot_of(path: &TreePath) -> Option<(&str, &str)> {
    let in_folder = path.as_str().strip_prefix(BOTS)?.strip_prefix('/')?;
    in_folder.split_once('/')
}

/// The hash under which a bot stands in the manifest.
fn hash_of(bot: &str) -> String {
    let hash = blake3::derive_key(BOT_CONTEXT, bot.as_bytes());
    Hash::from(hash).to_hex()[..32].to_owned()
}

/// The names of the bots' folders in the output directory, by which hashes are recognised.
pub(super) fn bots(root: &Folder) -> anyhow::Result<Vec<String>> {
    let Some(folder) = root.child(BOTS)? else {
        return Ok(Vec::new());
    };
    let entries = folder.entries()?.into_iter();
    Ok(entries
        .filter_map(|(name, _)| name.into_string().ok())
        .collect())
}

impl Manifest {
    /// Lists the files of `tree`.
    pub(super) fn of(tree: &Tree<'_>) -> Manifest {
        let mut buffer = Vec::new();
        let mut entry = |content: &Content<'_>| {
            let bytes = content.bytes(&mut buffer);
            Entry {
                size: bytes.len() as u64,
                hash: blake3::hash(bytes),
            }
        };
        let files: BTreeMap<TreePath, Entry> = tree
            .iter()
            .map(|(path, content)| (path.clone(), entry(content)))
            .collect();
        let has_bots = files.keys().any(|path| bot_of(path).is_some());
        Manifest { files, has_bots }
    }

    /// The folders of the files, also that of bots whose own are gone.
    pub(super) fn folders(&self) -> BTreeSet<&str> {
        let folders = self.files.keys().flat_map(TreePath::folders);
        folders.chain(self.has_bots.then_some(BOTS)).collect()
    }

    /// Lays the manifest out, one file a line.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut lines: Vec<Line> = self
            .files
            .iter()
            .map(|(path, entry)| Line::of(path, entry))
            .collect();
        // By hash, so that the order tells nothing of the IDs either.
        lines.sort_unstable();
        let mut text = body(&lines);
        let checksum = blake3::hash(text.as_bytes()).to_hex();
        text.push_str(&format!("\"checksum\": \"{checksum}\"\n}}\n"));
        text.into_bytes()
    }

    /// Reads a manifest, or says what is wrong with it; `bots` are the names of bots' folders.
    pub(super) fn parse(bytes: &[u8], bots: &[String]) -> Result<Manifest, String> {
        let broken = |error: serde_json::Error| error.to_string();
        let version: Version = serde_json::from_slice(bytes).map_err(broken)?;
        if version.format != FORMAT {
            let format = version.format;
            return Err(format!(
                "it has format {format}, and this version of botdocs knows format {FORMAT}"
            ));
        }
        let document: Document = serde_json::from_slice(bytes).map_err(broken)?;
        // Over what was read, not over the bytes: a formatter does no harm.
        let checksum = blake3::hash(body(&document.files).as_bytes()).to_hex();
        if document.checksum != checksum.as_str() {
            return Err("its checksum does not fit".to_owned());
        }
        let bots: BTreeMap<String, &str> = bots
            .iter()
            .map(|bot| (hash_of(bot), bot.as_str()))
            .collect();
        let mut files = BTreeMap::new();
        for line in &document.files {
            let hash =
                Hash::from_hex(&line.blake3).map_err(|_| format!("no hash for `{}`", line.path))?;
            // A file of a folder that is gone needs no protection.
            let Some(path) = line.path_among(&bots) else {
                continue;
            };
            if files
                .insert(
                    path,
                    Entry {
                        size: line.size,
                        hash,
                    },
                )
                .is_some()
            {
                return Err(format!("it lists `{}` twice", line.path));
            }
        }
        let has_bots = document.files.iter().any(|line| line.bot.is_some());
        Ok(Manifest { files, has_bots })
    }
}

/// Everything above the checksum.
fn body(lines: &[Line]) -> String {
    let mut text = format!("{{\n\"about\": \"{ABOUT}\",\n\"format\": {FORMAT},\n\"files\": [\n");
    for (
        at,
        Line {
            bot,
            path,
            size,
            blake3,
        },
    ) in lines.iter().enumerate()
    {
        text.push_str(if at == 0 { "{" } else { ",\n{" });
        if let Some(bot) = bot {
            let bot = serde_json::Value::from(bot.as_str());
            write!(text, "\"bot\": {bot}, ").expect("writing to a string cannot fail");
        }
        let path = serde_json::Value::from(path.as_str());
        write!(
            text,
            "\"path\": {path}, \"size\": {size}, \"blake3\": \"{blake3}\"}}"
        )
        .expect("writing to a string cannot fail");
    }
    text.push_str("\n],\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let mut tree = Tree::default();
        for (path, content) in [("index.html", "<p>"), ("bots/a \u{e9}.md", ""), ("c", "c")] {
            let path = TreePath::new(path).unwrap();
            tree.insert(path, content.as_bytes().to_vec()).unwrap();
        }
        Manifest::of(&tree)
    }

    #[test]
    fn reads_what_it_writes() {
        for manifest in [manifest(), Manifest::default()] {
            assert_eq!(Manifest::parse(&manifest.to_bytes(), &[]), Ok(manifest));
        }
    }

    #[test]
    fn has_these_bytes() {
        let text = String::from_utf8(manifest().to_bytes()).unwrap();
        let expected = r#"{
"about": "Files that botdocs wrote here, and may replace or delete. Keep this file beside them, unchanged.",
"format": 1,
"files": [
{"path": "bots/a é.md", "size": 0, "blake3": "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
{"path": "c", "size": 1, "blake3": "ea7aa1fc9efdbe106dbb70369a75e9671fa29d52bd55536711bf197477b8f021"},
{"path": "index.html", "size": 3, "blake3": "HASH"}
],
"checksum": "#;
        let hash = blake3::hash(b"<p>").to_hex();
        let expected = expected.replace("HASH", hash.as_str());
        let (body, checksum) = text.split_at(expected.len());
        assert_eq!(body, expected);
        assert_eq!(checksum.len(), "\"\"\n}\n".len() + 64);
    }

    #[test]
    fn forgives_a_formatter() {
        let value: serde_json::Value = serde_json::from_slice(&manifest().to_bytes()).unwrap();
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        assert_eq!(Manifest::parse(&pretty, &[]), Ok(manifest()));
    }

    #[test]
    fn notices_damage() {
        let good = String::from_utf8(manifest().to_bytes()).unwrap();
        let line = good.lines().nth(5).unwrap();
        for (from, to, fault) in [
            ("\"size\": 3", "\"size\": 4", "its checksum does not fit"),
            (line, "", "its checksum does not fit"),
            ("index.html", "index.htm", "its checksum does not fit"),
            ("index.html", "../index.html", "has a part `.` or `..`"),
            ("\"c\"", "\"index.html\"", "its checksum does not fit"),
            ("\"format\": 1", "\"format\": 2", "it has format 2"),
            ("\"size\": 3", "\"size\": 3, \"x\": 1", "unknown field `x`"),
            ("\"\n}\n", "\"\n", "EOF"),
            ("{", "<<<<<<< HEAD\n{", "expected value"),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good);
            let error = Manifest::parse(bad.as_bytes(), &[]).unwrap_err();
            assert!(error.contains(fault), "{from} -> {to}: {error}");
        }
        assert!(Manifest::parse(&good.as_bytes()[..good.len() / 2], &[]).is_err());
        assert!(Manifest::parse(b"", &[]).is_err());
    }

    #[test]
    fn knows_a_bot_by_its_folder_only() {
        let mut tree = Tree::default();
        for path in [
            "bots/ada/index.html",
            "bots/ada/deep/a.html",
            "bots/bob/index.html",
            "x",
        ] {
            tree.insert(TreePath::new(path).unwrap(), b"x".to_vec())
                .unwrap();
        }
        let manifest = Manifest::of(&tree);
        let bytes = manifest.to_bytes();
        let text = std::str::from_utf8(&bytes).unwrap();
        assert!(!text.contains("ada") && !text.contains("bob"), "{text}");
        let bots = ["ada", "eve", "bob"].map(str::to_owned);
        assert_eq!(Manifest::parse(&bytes, &bots), Ok(manifest));
        let left = Manifest::parse(&bytes, &bots[2..]).unwrap();
        let left: Vec<_> = left.files.keys().map(TreePath::as_str).collect();
        assert_eq!(left, ["bots/bob/index.html", "x"]);
    }
}
