//! Lists of bots at the limit of length, and lists that are no file.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::bots::{is_refused_as_a_list, project};

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

#[test]
fn what_is_no_file_is_refused_where_site_yaml_names_it() {
    is_refused_as_a_list(&|_| {}, "`list.csv`: no such file");
    is_refused_as_a_list(
        &|at| fs::create_dir(at).unwrap(),
        "`list.csv`: expected a list of bots, found a folder",
    );
    for to in ["/dev/zero", "list.csv"] {
        is_refused_as_a_list(
            &|at| symlink(to, at).unwrap(),
            "`list.csv`: reached by a symbolic link",
        );
    }
    let project = project();
    fs::create_dir(project.path().join("list.csv")).unwrap();
    let ran = project.run(&["check", "--bots", "list.csv"]).exits(1);
    assert!(ran.stderr.contains("found a folder"), "{}", ran.stderr);
    assert!(ran.stderr.contains("name a file"), "{}", ran.stderr);
}
