//! The libraries of the search have the checksums that their comments name.

use std::io::Write;
use std::process::Stdio;

use regex::Regex;

use crate::project::repository;
use crate::tool::tool;

/// The SHA-256 of a text, by the tool that CONTRIBUTING.md names.
fn sha256(text: &str) -> String {
    let mut child = tool("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.split(' ').next().unwrap().to_owned()
}

#[test]
fn the_libraries_of_the_search_are_as_their_comments_declare() {
    let declared = Regex::new("SHA-256 of what follows this comment: ([0-9a-f]{64})").unwrap();
    for name in ["minisearch.js", "stemmer-de.js", "stemmer-en.js"] {
        let path = repository().join("static").join(name);
        let text = std::fs::read_to_string(path).unwrap();
        let (comment, library) = text.split_once("*/\n").unwrap();
        assert_eq!(
            declared.captures(comment).unwrap()[1],
            sha256(library),
            "{name}"
        );
        // The licence requires its text in every copy.
        assert!(comment.contains("Copyright"), "{name}");
    }
}
