//! Lists of bots that have no end, or are something else: each is refused in little memory.

use crate::bots::project;
use crate::project::{Project, Ran};

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

#[test]
fn a_record_may_be_as_long_as_the_limit() {
    let project = project();
    let most = 1 << 20;
    for (file, before, begins, ends) in [
        ("bots.csv", "bot_id,text\n", "ada,", ""),
        ("bots.jsonl", "", "{\"bot_id\":\"ada\",\"text\":\"", "\"}"),
    ] {
        for (more, code) in [(0, 0), (16 << 10, 1)] {
            let text = "x".repeat(most + more - begins.len() - ends.len());
            for after in ["", "\n", "\r\n"] {
                let list = format!("{before}{begins}{text}{ends}{after}");
                let check = ["check", "--bots", file, "--ignore-columns", "text"];
                project.write_and_run(file, &list, &check).exits(code);
            }
        }
    }
    // Lists are read record by record, so that their own length does not count.
    let row = |bot: usize| format!("bot-{bot},{}\n", "x".repeat(1 << 19));
    let list: String = (0..40).map(row).collect();
    let check = ["check", "--bots", "bots.csv", "--ignore-columns", "text"];
    let list = format!("bot_id,text\n{list}");
    project.write_and_run("bots.csv", &list, &check).exits(0);
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
fn what_is_no_file_is_refused_where_site_yaml_names_it() {
    for (make, told) in [
        ("true", "`list.csv`: no such file"),
        (
            "mkdir list.csv",
            "`list.csv`: expected a list of bots, found a folder",
        ),
        (
            "mkfifo list.csv",
            "`list.csv`: expected a file, found a pipe or a device",
        ),
        (
            "ln -s /dev/zero list.csv",
            "`list.csv`: reached by a symbolic link",
        ),
        (
            "ln -s list.csv list.csv",
            "`list.csv`: reached by a symbolic link",
        ),
    ] {
        for line in ["bots: list.csv", "bots: {ignore: [x], file: \"list.csv\"}"] {
            let project = project();
            let site = project.read("spec/site.yaml");
            project.write("spec/site.yaml", format!("{site}{line}\n"));
            project.shell(make).exits(0);
            let place = (site.lines().count() + 1, line.find("list.csv").unwrap());
            let column = place.1 + 1 - usize::from(line.contains('"'));
            let place = format!("spec/site.yaml:{}:{column}", place.0);
            for command in ["check", "build"] {
                let ran = project.run(&[command]).exits(1);
                assert!(ran.stderr.contains(told), "{make}: {}", ran.stderr);
                assert!(ran.stderr.contains(&place), "{place}: {}", ran.stderr);
            }
            // Who doesn't take the list doesn't miss it.
            project.run(&["build", "--generic", "--strict"]).exits(0);
        }
    }
    let project = project();
    project.shell("mkdir list.csv").exits(0);
    let ran = project.run(&["check", "--bots", "list.csv"]).exits(1);
    assert!(ran.stderr.contains("a folder, where"), "{}", ran.stderr);
}
