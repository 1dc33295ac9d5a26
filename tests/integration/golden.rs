//! Whole sites, byte for byte.
//!
//! A case is a folder of `tests/golden/`: a project, the flags in `args` (one a line), and what
//! `build` makes of the two in `expected/`. The committed `site/` is one more: the generic site of
//! this repository's `spec/`. `UPDATE_GOLDEN=1 cargo test golden` writes the expectations anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{Project, difference, repository, tree, updates_expectations};
use crate::support::golden::{CASES, build, cases};

#[test]
fn every_case_builds_what_it_expects() {
    let mut failures = Vec::new();
    for case in cases() {
        let expected = repository().join(CASES).join(&case).join("expected");
        failures.extend(compare(&expected, &build(&case)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn the_committed_site_is_the_generic_site_of_the_shipped_spec() {
    let project = Project::copy_of_folders(&["spec"]);
    project.run(&["build", "--strict", "--out", "out"]).exits(0);
    let failure = compare(&repository().join("site"), &project.tree("out"));
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}

/// Run in the repository, the built-in theme is the project's own, too.
#[test]
fn a_project_with_a_copy_of_the_built_in_theme_gives_the_same_site() {
    let [plain, themed] = [&["spec"][..], &["spec", "templates", "static"]].map(|folders| {
        let project = Project::copy_of_folders(folders);
        project.run(&["build", "--out", "out"]).exits(0);
        project.tree("out")
    });
    let differences = differences("the site without its own theme", &plain, &themed);
    assert_eq!(differences, None);
}

/// Compares a produced tree with the expected one, or replaces the expected one by it.
fn compare(expected: &Path, produced: &[(String, Vec<u8>)]) -> Option<String> {
    if updates_expectations() {
        update(expected, produced);
        return None;
    }
    let there = if expected.is_dir() {
        tree(expected)
    } else {
        Vec::new()
    };
    let name = expected.strip_prefix(repository()).unwrap().display();
    let found = differences(&name.to_string(), &there, produced)?;
    Some(format!(
        "{found}\nIf the new one is right: UPDATE_GOLDEN=1 cargo test golden"
    ))
}

/// What differs between two trees; of files that are in both, the first one's lines.
fn differences(
    name: &str,
    expected: &[(String, Vec<u8>)],
    produced: &[(String, Vec<u8>)],
) -> Option<String> {
    let expected: BTreeMap<_, _> = expected.iter().map(|(path, bytes)| (path, bytes)).collect();
    let produced: BTreeMap<_, _> = produced.iter().map(|(path, bytes)| (path, bytes)).collect();
    let mut out = Vec::new();
    for path in expected.keys().filter(|path| !produced.contains_key(*path)) {
        out.push(format!("{name}: expected and not produced: {path}"));
    }
    for path in produced.keys().filter(|path| !expected.contains_key(*path)) {
        out.push(format!("{name}: produced and not expected: {path}"));
    }
    let both = expected
        .iter()
        .filter_map(|(path, bytes)| Some((path, *bytes, *produced.get(path)?)));
    let mut changed = both.filter(|(_, before, now)| before != now);
    if let Some((path, before, now)) = changed.next() {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        out.push(format!(
            "{name}: {path} differs {}",
            difference(&text(before), &text(now))
        ));
    }
    out.extend(changed.map(|(path, ..)| format!("{name}: {path} differs, too")));
    (!out.is_empty()).then(|| out.join("\n"))
}

fn update(expected: &Path, produced: &[(String, Vec<u8>)]) {
    if expected.is_dir() {
        for (path, _) in tree(expected) {
            fs::remove_file(expected.join(path)).unwrap();
        }
    }
    for (path, bytes) in produced {
        let path: PathBuf = expected.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn what_differs_is_named_with_its_lines() {
    let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let expected = [file("a", "1\n2\n3\n"), file("gone", ""), file("same", "=")];
    let produced = [file("a", "1\nII\n3\n"), file("new", ""), file("same", "=")];
    assert_eq!(
        differences("case", &expected, &produced).unwrap(),
        "case: expected and not produced: gone\n\
         case: produced and not expected: new\n\
         case: a differs at line 2:\n    1\n  - 2\n  + II\n"
    );
    assert_eq!(differences("case", &expected, &expected), None);
}
