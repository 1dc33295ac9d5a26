//! Every command that prints a result fails if it can't write it.

use crate::project::Project;

#[test]
fn a_full_device_is_an_error_of_every_command_that_prints_a_result() {
    let project = Project::new();
    for command in [
        "help",
        "help build",
        "--help",
        "--version",
        "build --help",
        "explain",
        "explain unknown-key",
        "completions bash",
        "man",
        "man build",
        "schema",
        "theme list",
        "check --format json",
    ] {
        let ran = project.shell(&format!("botdocs {command} > /dev/full"));
        let told = "error: cannot write to standard output: No space left on device";
        assert!(ran.stderr.starts_with(told), "{command}: {ran:?}");
        assert_eq!(ran.code, Some(3), "{command}");
        let line = format!("{{ botdocs {command}; echo $? >&2; }} | true");
        let ran = project.shell(&line);
        let has_error = ran.stderr.lines().any(|line| line.starts_with("error"));
        let is_quiet = ran.stderr.ends_with("0\n") && !has_error;
        assert!(is_quiet, "{command} with a closed pipe: {ran:?}");
    }
}
