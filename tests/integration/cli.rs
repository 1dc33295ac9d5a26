//! The command line, as transcripts of commands that need no shell. The target `tools` replays the
//! others.
//!
//! `UPDATE_GOLDEN=1` writes the transcripts anew.

use crate::project::Project;
use crate::support::transcripts::{check_transcripts, redact, run_plain};

#[test]
fn every_plain_transcript_is_what_happens() {
    check_transcripts(false, run_plain);
}

/// What stands in a transcript is fixed up to what the rules name.
#[test]
fn only_paths_times_and_sizes_are_left_out() {
    let project = Project::empty();
    let here = project.path().display();
    assert_eq!(
        redact(
            &project,
            &format!("{here}/site: 3 files, 12 kB, 7 ms \u{1b}[0m")
        ),
        "[here]/site: 3 files, [n] kB, [n] ms <ESC>[0m"
    );
}
