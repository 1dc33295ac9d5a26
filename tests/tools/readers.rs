//! Real clients read every example of an event stream as our reader does: eventsource-parser for Node
//! and sseclient-py for Python.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::project::repository;
use crate::support::events::{Event, ours, streams};
use crate::tool::tool;

/// What a program reads.
fn theirs(command: &mut Command, streams: &[String]) -> Vec<Vec<Event>> {
    let mut child = command
        .current_dir(repository().join("tests/readers"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; run ./test, which installs it"));
    let input = serde_json::to_string(streams).unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}; run ./test, which installs what it needs"
    );
    serde_json::from_slice::<Value>(&output.stdout)
        .and_then(serde_json::from_value)
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn check(name: &str, read: &[Vec<Event>], streams: &[String]) {
    assert_eq!(read.len(), streams.len(), "{name}");
    for (read, text) in read.iter().zip(streams) {
        assert_eq!(read, &ours(text), "{name} reads otherwise:\n{text}");
    }
}

#[test]
fn node_reads_the_events_that_we_read() {
    let streams = streams();
    let read = theirs(tool("node").arg("read.mjs"), &streams);
    check("eventsource-parser", &read, &streams);
}

#[test]
fn python_reads_the_events_that_we_read() {
    let streams = streams();
    let python = repository().join("target/readers/bin/python");
    let program = if python.is_file() {
        python.as_path()
    } else {
        Path::new("python3")
    };
    let read = theirs(tool(program).arg("read.py"), &streams);
    check("sseclient-py", &read, &streams);
}
