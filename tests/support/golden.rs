//! The golden sites as they are built now.

use std::fs;

use super::project::{Project, repository, tree};

/// The folder of the cases.
pub(crate) const CASES: &str = "tests/golden";

/// The names of the cases.
pub(crate) fn cases() -> Vec<String> {
    let entries = fs::read_dir(repository().join(CASES)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut cases: Vec<String> = names.collect();
    cases.sort_unstable();
    assert!(!cases.is_empty());
    cases
}

/// What `build` makes of a case now.
pub(crate) fn build(case: &str) -> Vec<(String, Vec<u8>)> {
    let folder = repository().join(CASES).join(case);
    let project = Project::empty();
    for (path, content) in tree(&folder) {
        if !path.starts_with("expected/") && path != "args" {
            project.write(&path, content);
        }
    }
    let flags = fs::read_to_string(folder.join("args")).unwrap_or_default();
    let mut arguments = vec!["build", "--strict", "--out", "out"];
    arguments.extend(flags.lines());
    project.run(&arguments).exits(0);
    project.tree("out")
}
