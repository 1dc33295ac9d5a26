//! The bytes of a manifest, and the errors of damaged ones.

use std::io::ErrorKind;
use std::sync::Arc;

use super::*;
use crate::output::tree::Tree;

fn no_file() -> MakeFile {
    Arc::new(|| Err(ErrorKind::OutOfMemory.into()))
}

fn read(bytes: &[u8]) -> Result<Manifest, String> {
    parse(bytes, &no_file())
}

fn files() -> BTreeMap<TreePath, Entry> {
    let mut tree = Tree::default();
    for (path, content) in [("index.html", "<p>"), ("a \u{e9}.md", ""), ("c", "c")] {
        let path = TreePath::new(path).unwrap();
        tree.insert(path, content.as_bytes().to_vec()).unwrap();
    }
    Manifest::of(&tree).files
}

fn choices() -> Vec<Vec<ListedPage>> {
    let page = |(name, byte): (&str, u8)| ListedPage {
        name: name.to_owned(),
        hash: [byte; 16],
    };
    vec![
        [("index.html", 1), ("index.md", 2)].map(page).to_vec(),
        [("index.html", 0xab)].map(page).to_vec(),
    ]
}

fn bots() -> Vec<ListedBot> {
    let bot = |key, choice, sizes: &[u64]| ListedBot {
        key,
        choice,
        values: 0x1234,
        files: sizes
            .iter()
            .map(|&size| Checksum { size, crc: 0xff })
            .collect(),
    };
    vec![bot(5, 1, &[70]), bot(u128::MAX, 0, &[1, 2])]
}

/// The text of a manifest with these bots.
fn text(bots: &[ListedBot]) -> String {
    let mut draft = ManifestDraft::new(None, &files(), &choices(), &no_file()).unwrap();
    for bot in bots {
        let mut line = String::new();
        bot_line(bot, &mut line);
        draft.push_bots(&line).unwrap();
    }
    let mut text = String::new();
    let spool = draft.finish().unwrap();
    io::Read::read_to_string(&mut spool.reader(), &mut text).unwrap();
    text
}

#[track_caller]
fn check_read(text: &str, bots: &[ListedBot]) {
    let manifest = read(text.as_bytes()).unwrap();
    assert_eq!((manifest.files, manifest.choices), (files(), choices()));
    let listed: Vec<ListedBot> = manifest.bots.iter().map(Result::unwrap).collect();
    assert_eq!(listed, bots);
}

#[test]
fn reads_what_it_writes() {
    check_read(&text(&[]), &[]);
    check_read(&text(&bots()), &bots());
}

#[test]
fn has_these_bytes() {
    let text = text(&bots());
    let expected = r#"{
"about": "Files that botdocs wrote here, and may replace or delete. Keep this file beside them, unchanged.",
"format": 2,
"files": [
{"path": "a é.md", "size": 0, "blake3": "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
{"path": "c", "size": 1, "blake3": "ea7aa1fc9efdbe106dbb70369a75e9671fa29d52bd55536711bf197477b8f021"},
{"path": "index.html", "size": 3, "blake3": "HASH"}
],
"choices": [
[{"page": "index.html", "hash": "01010101010101010101010101010101"}, {"page": "index.md", "hash": "02020202020202020202020202020202"}],
[{"page": "index.html", "hash": "abababababababababababababababab"}]
],
"bots": [
"00000000000000000000000000000005 1 0000000000001234 70-000000ff",
"ffffffffffffffffffffffffffffffff 0 0000000000001234 1-000000ff 2-000000ff"
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
    let value: serde_json::Value = serde_json::from_str(&text(&bots())).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    check_read(&pretty, &bots());
}

#[test]
fn notices_damage() {
    let good = text(&bots());
    let line = good.lines().nth(5).unwrap();
    let (first, second) = (good.lines().nth(13).unwrap(), good.lines().nth(14).unwrap());
    let swapped = format!("{second},\n{}", first.trim_end_matches(','));
    let fit = "its checksum does not match";
    for (from, to, fault) in [
        ("\"size\": 3", "\"size\": 4", fit),
        (line, "", fit),
        ("index.html\", \"size", "index.htm\", \"size", fit),
        (
            "\"index.html\", \"size",
            "\"../index.html\", \"size",
            "has a part `.` or `..`",
        ),
        ("\"c\"", "\"index.html\"", "it lists `index.html` twice"),
        (
            "\"format\": 2",
            "\"format\": 1",
            "it has format 1, and this version of botdocs knows format 2",
        ),
        ("\"format\": 2", "\"format\": 3", "it has format 3"),
        ("\"size\": 3", "\"size\": 3, \"x\": 1", "unknown field `x`"),
        ("70-000000ff", "70-000000fe", fit),
        ("70-000000ff", "71-000000ff", fit),
        ("5 1 0000000000001234", "5 1 0000000000001235", fit),
        (
            "70-000000ff",
            "70-000000ff 1-00",
            "the line of a bot is invalid",
        ),
        ("5 1 0", "5 2 0", "the line of a bot is invalid"),
        ("index.md", "../index.md", "has a part `.` or `..`"),
        ("\"index.md\"", "\"a/b\"", "no hash for `a/b`"),
        ("\"hash\": \"ab", "\"hash\": \"ac", fit),
        (
            &format!("{first}\n{second}"),
            &swapped,
            "its bots are not in order",
        ),
        (
            "\"choices\"",
            "\"bots\"",
            "`bots` stands where `choices` must stand",
        ),
        ("\"\n}\n", "\", \"x\": 1}", "unknown field `x`"),
        ("\"\n}\n", "\"\n", "EOF"),
        ("\"\n}\n", "\"\n} x", "trailing characters"),
        ("{\n\"about", "<<<<<<< HEAD\n{\n\"about", "expected value"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let error = read(bad.as_bytes()).unwrap_err();
        assert!(error.contains(fault), "{from} -> {to}: {error}");
    }
    assert!(read(&good.as_bytes()[..good.len() / 2]).is_err());
    assert!(read(b"").is_err());
}

#[test]
fn tells_of_which_shard_it_is() {
    let share = Share {
        shard: "2/3".parse().unwrap(),
        whole: 40,
        digest: 0xabc,
    };
    let draft = ManifestDraft::new(Some(share), &files(), &choices(), &no_file()).unwrap();
    let mut text = String::new();
    io::Read::read_to_string(&mut draft.finish().unwrap().reader(), &mut text).unwrap();
    assert_eq!(read(text.as_bytes()).unwrap().share, Some(share));
    assert!(
        text.contains(
            "\n\"shard\": \"2/3\",\n\"list\": 40,\n\"digest\": \"00000000000000000000000000000abc\",\n"
        ),
        "{text}"
    );
    let other = text.replace("2/3", "1/3");
    assert_eq!(
        read(other.as_bytes()).unwrap_err(),
        "its checksum does not match"
    );
    let none = text.replace("2/3", "4/3");
    assert_eq!(
        read(none.as_bytes()).unwrap_err(),
        "the parts are 1/3 to 3/3"
    );
}
