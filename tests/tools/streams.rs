//! Streams in every form, read by the samples of every language against the mock.

use crate::mock::test_command;
use crate::support::samples::quick_languages;
use crate::support::streams::{project, streams};

/// Each endpoint only streams, so each language has one sample of it.
#[test]
fn samples_read_streams_of_every_form() {
    let project = project();
    let site = project.read("spec/site.yaml");
    let mut languages = quick_languages();
    // cURL prints what arrives: it reads no stream.
    languages.retain(|name| *name != "curl");
    let samples = format!("{site}samples: [{}]\n", languages.join(", "));
    project.write("spec/site.yaml", samples);
    let output = test_command(&project)
        .args(["--jobs", "4"])
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = stdout.lines().collect();
    let ran = lines.iter().filter(|line| !line.starts_with(' '));
    let expected = streams().len() * languages.len();
    assert_eq!(ran.count(), expected, "{stdout}{stderr}");
    assert!(!stdout.contains(": Python (python3)"), "{stdout}");
    let late = "        nothing was printed before the last item was sent";
    for (index, line) in lines.iter().enumerate() {
        // That streams are read in time is held by other projects, of fewer samples.
        let is_late = lines.get(index + 1) == Some(&late);
        assert!(!line.starts_with("failed ") || is_late, "{stdout}{stderr}");
    }
}
