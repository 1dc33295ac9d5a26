//! The list of the files that we wrote, kept beside them in the output directory.
//!
//! What it lists and what was not changed since is ours to replace and delete; nothing else is. It
//! holds no time and no path of the machine, so that a site that is kept in a repository changes
//! only where a page does.

use std::collections::BTreeMap;
use std::fmt::Write;

use blake3::Hash;
use serde::Deserialize;

use super::path::TreePath;
use super::tree::Tree;

/// The name of the manifest in the output directory.
pub(super) const NAME: &str = "botdocs-manifest.json";

/// The version of the format that this code reads and writes.
const FORMAT: u32 = 1;

/// Tells a person what the file is.
const ABOUT: &str = "Files that botdocs wrote here, and may replace or delete. Keep this file beside them, unchanged.";

/// The files that we wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) files: BTreeMap<TreePath, Entry>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    path: TreePath,
    size: u64,
    blake3: String,
}

impl Manifest {
    /// Lists the files of `tree`.
    pub(super) fn of(tree: &Tree) -> Manifest {
        let entry = |content: &[u8]| Entry {
            size: content.len() as u64,
            hash: blake3::hash(content),
        };
        let files = tree
            .iter()
            .map(|(path, content)| (path.clone(), entry(content)))
            .collect();
        Manifest { files }
    }

    /// Lays the manifest out, one file a line.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut text = self.body();
        let checksum = blake3::hash(text.as_bytes()).to_hex();
        text.push_str(&format!("\"checksum\": \"{checksum}\"\n}}\n"));
        text.into_bytes()
    }

    /// Reads a manifest, or says what is wrong with it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Manifest, String> {
        let broken = |error: serde_json::Error| error.to_string();
        let version: Version = serde_json::from_slice(bytes).map_err(broken)?;
        if version.format != FORMAT {
            let format = version.format;
            return Err(format!(
                "it has format {format}, and this version of botdocs knows format {FORMAT}"
            ));
        }
        let document: Document = serde_json::from_slice(bytes).map_err(broken)?;
        let mut manifest = Manifest::default();
        for Line { path, size, blake3 } in document.files {
            let hash = Hash::from_hex(&blake3).map_err(|_| format!("no hash for `{path}`"))?;
            let twice = format!("it lists `{path}` twice");
            if manifest.files.insert(path, Entry { size, hash }).is_some() {
                return Err(twice);
            }
        }
        // Over what was read, not over the bytes: a formatter does no harm.
        let checksum = blake3::hash(manifest.body().as_bytes()).to_hex();
        if document.checksum != checksum.as_str() {
            return Err("its checksum does not fit".to_owned());
        }
        Ok(manifest)
    }

    /// Returns everything above the checksum.
    fn body(&self) -> String {
        let mut text =
            format!("{{\n\"about\": \"{ABOUT}\",\n\"format\": {FORMAT},\n\"files\": [\n");
        for (at, (path, Entry { size, hash })) in self.files.iter().enumerate() {
            let comma = if at == 0 { "" } else { ",\n" };
            let path = serde_json::Value::from(path.as_str());
            let hash = hash.to_hex();
            write!(
                text,
                "{comma}{{\"path\": {path}, \"size\": {size}, \"blake3\": \"{hash}\"}}"
            )
            .expect("writing to a string cannot fail");
        }
        text.push_str("\n],\n");
        text
    }
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
            assert_eq!(Manifest::parse(&manifest.to_bytes()), Ok(manifest));
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
        assert_eq!(Manifest::parse(&pretty), Ok(manifest()));
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
            ("\"c\"", "\"index.html\"", "it lists `index.html` twice"),
            ("\"format\": 1", "\"format\": 2", "it has format 2"),
            ("\"size\": 3", "\"size\": 3, \"x\": 1", "unknown field `x`"),
            ("\"\n}\n", "\"\n", "EOF"),
            ("{", "<<<<<<< HEAD\n{", "expected value"),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good);
            let error = Manifest::parse(bad.as_bytes()).unwrap_err();
            assert!(error.contains(fault), "{from} -> {to}: {error}");
        }
        assert!(Manifest::parse(&good.as_bytes()[..good.len() / 2]).is_err());
        assert!(Manifest::parse(b"").is_err());
    }
}
