//! Random histories of a folder that a person and botdocs both change.

use std::collections::BTreeMap;
use std::fs;

use super::{Project, snapshot, tree};
use crate::output::{Error, Leaving, WriteOptions, write};

const PATHS: [&str; 15] = [
    "a",
    "b",
    "c/d",
    "c/e",
    "c/f/g",
    "c/f/h",
    "i/j",
    "k",
    "a-b",
    "i.x",
    "bots/ada/x",
    "bots/ada/y",
    "bots/bob/x",
    "bots/bob/y",
    "bots/cem/x",
];
const CONTENTS: [&str; 4] = ["", "one", "two", "a longer text"];
/// Where a person puts a file, or edits or deletes one of ours.
const PERSONS: [&str; 20] = [
    "a",
    "b",
    "c/d",
    "c/e",
    "c/f/g",
    "i/j",
    "k",
    "CNAME",
    "c/notes",
    "c/f/notes",
    "new/x",
    "i/x/y",
    "a-b",
    "i",
    "bots/ada/x",
    "bots/bob/x",
    "bots/cem/x",
    "bots/cem/notes",
    "bots/cem",
    "bots",
];

/// A generator of numbers that are random enough (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// The files of a site.
    fn files(&mut self) -> Ours {
        let mut files = Ours::new();
        for path in PATHS {
            if self.below(3) > 0 {
                files.insert(path.to_owned(), self.pick(&CONTENTS).to_owned());
            }
        }
        files
    }
}

/// What botdocs wrote last at each path; with another content it is a person's.
type Ours = BTreeMap<String, String>;

#[test]
fn no_file_of_a_person_is_ever_lost() {
    let mut refused = 0;
    let mut written = 0;
    for seed in 1..=120 {
        let mut random = Random(u64::wrapping_mul(seed, 0x9e37_79b9_7f4a_7c15));
        let project = Project::new();
        let mut ours = Ours::new();
        for _ in 0..12 {
            for _ in 0..random.below(3) {
                act(&project, &mut random);
            }
            if build(&project, &mut random, &mut ours, seed) {
                written += 1;
            } else {
                refused += 1;
            }
        }
    }
    // Neither half of the test is idle.
    assert!(
        refused > 100 && written > 300,
        "{refused} refused, {written} written"
    );
}

/// A person writes, edits or deletes a file.
fn act(project: &Project, random: &mut Random) {
    let name = random.pick(&PERSONS);
    let path = project.path("site").join(name);
    if random.below(2) == 0 {
        let _ = fs::remove_file(path);
    } else if fs::create_dir_all(path.parent().unwrap()).is_ok() && !path.is_dir() {
        let content = match random.below(2) {
            0 => random.pick(&CONTENTS).to_owned(),
            _ => format!("by hand {}", random.below(1000)),
        };
        let _ = fs::write(path, content);
    }
}

/// Builds once, and returns whether that was not refused.
fn build(project: &Project, random: &mut Random, ours: &mut Ours, seed: u64) -> bool {
    let files = random.files();
    let listed: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    let tree = tree(&listed);
    let options = WriteOptions {
        leaving: Leaving::All,
        force: false,
        verify: random.below(2) == 0,
        unsynced: false,
        threads: None,
    };
    let site = project.path("site");
    let before = snapshot(project.temp.path());
    let done = write(&tree, &site, &[], &options);
    let after = snapshot(project.temp.path());
    match done {
        Ok(_) => {}
        Err(Error::Refused(_)) => {
            assert_eq!(after, before, "seed {seed}");
            return false;
        }
        Err(Error::Failed(error)) => panic!("{error:#} with seed {seed}"),
    }
    for (path, text) in &before {
        let name = path
            .strip_prefix("site/")
            .expect("nothing is beside the site");
        if name == "botdocs-manifest.json" || name.is_empty() || name.ends_with('/') {
            continue;
        }
        if ours.get(name) != Some(text) {
            assert_eq!(
                after.get(path),
                Some(text),
                "{path} was lost with seed {seed}"
            );
        } else if !files.contains_key(name) {
            assert_eq!(after.get(path), None, "{path} was left with seed {seed}");
        }
    }
    for (path, text) in &files {
        let found = after
            .get(&format!("site/{path}"))
            .map_or("missing", String::as_str);
        // Without `verify` an edit that keeps the size is not seen, and not lost.
        let is_unseen = !options.verify && found.len() == text.len();
        assert!(
            found == text || is_unseen,
            "{path} is `{found}` with seed {seed}"
        );
    }
    assert!(
        after.keys().all(|path| path.starts_with("site/")),
        "{after:?}"
    );
    *ours = files;
    true
}
