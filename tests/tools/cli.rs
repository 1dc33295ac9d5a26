//! The command line, as transcripts of a shell.

use crate::project::Project;
use crate::support::transcripts::{check_transcripts, replay};

#[test]
fn every_transcript_of_a_shell_is_what_happens() {
    check_transcripts(true, Project::shell);
}

#[test]
fn a_transcript_shows_streams_and_exit_code() {
    let transcript = "# T\n````console\n$ echo '```'; echo err >&2; exit 7\nold\n````\nend\n";
    assert_eq!(
        replay(transcript, Project::shell),
        "# T\n````console\n$ echo '```'; echo err >&2; exit 7\n```\n! err\nexit 7\n````\nend\n"
    );
}
