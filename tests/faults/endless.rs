//! Lists of bots without an end, and pipes: each is refused in little memory.

use std::path::Path;

use crate::project::{Project, Ran};
use crate::support::bots::{is_refused_as_a_list, project};
use crate::tool::tool;

/// Runs `check` on what a shell prints, with a gigabyte of memory, which more than one list can't fill.
fn check(project: &Project, producer: &str, arguments: &str) -> Ran {
    let program = env!("CARGO_BIN_EXE_botdocs");
    let line = format!("ulimit -v 1000000; ({producer}) | '{program}' check {arguments}");
    project.shell(&line)
}

#[test]
fn a_record_without_an_end_is_refused() {
    const RECORD: &str = "error[input-too-large]: a record of more than 1048576 bytes";
    const LIST: &str = "error[input-too-large]: a list of more than 67108864 bytes in YAML or JSON";
    let project = project();
    for (producer, told) in [
        ("cat /dev/zero", &[RECORD, "standard input:1:1"][..]),
        ("yes | tr -d '\\n'", &[RECORD, "standard input:1:1"]),
        // Empty lines before a record are of it.
        ("yes ''", &[RECORD]),
        (
            "printf 'bot_id,bot_name\\nada,Ada\\nbob,\"Bob\\n'; yes",
            &[
                RECORD,
                "standard input:3:5",
                "close the quote that begins here",
            ],
        ),
        (
            "printf 'bot_id\\n'; yes , | tr -d '\\n'",
            &[RECORD, "standard input:2:1"],
        ),
        (
            "printf '{\"bot_id\": \"ada\"}\\n{\"bot_id\": \"'; yes | tr -d '\\n'",
            &[RECORD, "standard input:2:1", "a line of CSV or JSON Lines"],
        ),
        ("yes '{\"a\":' | tr -d '\\n'", &[RECORD]),
        (
            "printf '['; yes '{\"bot_id\":\"a\"},' | tr -d '\\n'",
            &[LIST],
        ),
        ("printf '['; yes '[' | tr -d '\\n'", &[LIST]),
        ("printf -- '- {bot_id: \"'; yes", &[LIST]),
        ("printf 'bot_id\\nada\\n' | gzip", &["compressed by gzip"]),
        (
            "printf '\\377\\376b\\0'; yes | tr -d '\\n'",
            &["it is UTF-16"],
        ),
        (
            "printf 'PK\\3\\4\\200\\n'",
            &["a ZIP archive or a spreadsheet"],
        ),
    ] {
        let ran = check(&project, producer, "--bots -").exits(1);
        for told in told {
            assert!(ran.stderr.contains(told), "{producer}: {}", ran.stderr);
        }
        assert!(
            ran.stderr.contains("\n1 error\n"),
            "{producer}: {}",
            ran.stderr
        );
    }
    let ran = check(&project, "true", "--bots /dev/zero").exits(1);
    assert!(ran.stderr.contains(RECORD), "{}", ran.stderr);
    // What comes after it is not known, so it is not skipped.
    let rows = format!("bot_id,bot_name\nada,Ada\nbob,\"{}", "x\n".repeat(600_000));
    let build = ["build", "--bots", "bots.csv", "--skip-bad-bots"];
    let ran = project.write_and_run("bots.csv", &rows, &build).exits(1);
    assert!(ran.stderr.contains(RECORD), "{}", ran.stderr);
    assert!(!project.path().join("site").exists());
}

/// Many long records with faults are not all kept for the report.
#[test]
fn long_records_with_faults_take_little_memory() {
    let project = project();
    let rows = "for bot in $(seq 900); do echo \"a b,$text\"; done";
    let text = "text=$(head -c 1000000 /dev/zero | tr '\\0' x)";
    let producer = format!("echo bot_id,text; {text}; {rows}");
    let ran = check(&project, &producer, "--bots - --ignore-columns text").exits(1);
    assert!(ran.stderr.contains("1,799 errors"), "{}", ran.stderr);
}

#[test]
fn a_pipe_is_refused_where_site_yaml_names_it() {
    let make = |at: &Path| assert!(tool("mkfifo").arg(at).status().unwrap().success());
    is_refused_as_a_list(
        &make,
        "`list.csv`: expected a file, found a pipe or a device",
    );
}
