//! The documented commands that build botdocs use the locked versions of its crates.

use regex::Regex;

use crate::project::{repository, tree};

#[test]
fn every_documented_command_builds_with_the_locked_versions() {
    let mut commands = Vec::new();
    let builds = Regex::new(r"cargo (?:install|run|build) [^`\n]+").unwrap();
    let mut look = |path: &str, text: &str| {
        for found in builds.find_iter(text) {
            commands.push(format!("{path}: {}", found.as_str()));
        }
    };
    for path in ["README.md", "CONTRIBUTING.md"] {
        look(
            path,
            &std::fs::read_to_string(repository().join(path)).unwrap(),
        );
    }
    for (path, bytes) in tree(&repository().join("docs")) {
        look(&path, &String::from_utf8_lossy(&bytes));
    }
    assert!(commands.len() > 5, "{commands:#?}");
    let unlocked: Vec<_> = commands
        .iter()
        .filter(|command| !command.contains("--locked"))
        .collect();
    assert!(unlocked.is_empty(), "{unlocked:#?}");
}
