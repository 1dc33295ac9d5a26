//! `merge` into a folder that exists: the same files as in a new folder, and nothing is lost that
//! botdocs did not write.

use std::fs;

use crate::project::{Project, Ran};
use crate::support::bots::project_of_parts;

/// Bots by number, all with the name of a version.
fn list(bots: impl Iterator<Item = usize>, version: &str) -> String {
    let row = |bot| {
        // Every third keeps its values.
        let name = if bot % 3 == 0 { "same" } else { version };
        let endpoints = ["", "chat", "call"][bot % 4 % 3];
        format!("bot-{bot},{name},{endpoints}\n")
    };
    let rows: String = bots.map(row).collect();
    format!("bot_id,bot_name,endpoints\n{rows}")
}

/// Builds the parts `part-1` to `part-3` of a list.
fn build(project: &Project, list: &str, more: &[&str]) {
    project.write("bots.csv", list);
    for part in 1..=3 {
        let (shard, out) = (format!("{part}/3"), format!("part-{part}"));
        let arguments = [
            "build",
            "--bots",
            "bots.csv",
            "--shard",
            &shard,
            "--out",
            &out,
            "--remove-up-to",
            "all",
        ];
        project.run(&[&arguments[..], more].concat()).exits(0);
    }
}

fn merge(project: &Project, out: &str, more: &[&str]) -> Ran {
    let arguments = ["merge", "part-1", "part-2", "part-3", "--out", out];
    project.run(&[&arguments[..], more].concat())
}

#[test]
fn no_spec_is_written_over() {
    let project = project_of_parts();
    build(&project, &list(0..6, "old"), &[]);
    let before = project.tree("spec");
    for out in ["spec", ".", "spec/new"] {
        for force in [&[][..], &["--force"]] {
            let ran = merge(&project, out, force).exits(2);
            assert!(ran.stderr.contains("overlaps the input"), "{}", ran.stderr);
        }
    }
    assert!(project.tree("spec") == before);
}

#[test]
fn parts_over_an_older_merge_give_what_a_new_folder_gives() {
    let project = project_of_parts();
    build(&project, &list(0..60, "old"), &[]);
    merge(&project, "site", &[]).exits(0);
    let parts = || ["part-1", "part-2", "part-3"].map(|part| project.tree(part));
    let guide = "---\ntitle: Guide\n---\nA new text for {{ bot_name }}.\n";
    let mut round = 0;
    for (bots, version, more) in [
        // Some bots left, some came, some have other values.
        (
            list((0..90).filter(|bot| bot % 12 != 5), "new"),
            "guide",
            &[][..],
        ),
        // The pages changed.
        (list(0..88, "new"), "page", &[]),
        // Nothing changed.
        (list(0..88, "new"), "same", &[]),
        // Each page has a compressed file beside it.
        (list(3..88, "newer"), "gzip", &["--gzip", "beside"]),
        (list(3..88, "newer"), "plain", &[]),
        // One bot is left.
        (list(7..8, "last"), "one", &[]),
    ] {
        round += 1;
        if version == "page" {
            project.write("spec/guide.md", guide);
        }
        build(&project, &bots, more);
        let before = parts();
        let remove = ["--remove-up-to", "all"];
        let ran = merge(&project, "site", &remove).exits(0);
        if version == "same" {
            assert!(ran.stderr.contains("nothing to change"), "{}", ran.stderr);
        }
        let fresh = format!("fresh-{round}");
        merge(&project, &fresh, &[]).exits(0);
        assert!(project.tree("site") == project.tree(&fresh), "{version}");
        // Links to files of the parts are replaced, and never written through.
        assert!(parts() == before, "{version}");
        let again = merge(&project, "site", &["--verify"]).exits(0);
        assert!(
            again.stderr.contains("nothing to change"),
            "{}",
            again.stderr
        );
        let whole = ["build", "--bots", "bots.csv", "--out", "site"];
        let ran = project.run(&[&whole[..], more].concat()).exits(0);
        assert!(
            ran.stderr.contains("nothing to change"),
            "{version}: {}",
            ran.stderr
        );
    }
}

#[test]
fn what_botdocs_did_not_write_stays() {
    let project = project_of_parts();
    build(&project, &list(0..30, "old"), &[]);
    merge(&project, "site", &[]).exits(0);
    project.write("site/notes.txt", "mine");
    project.write("site/bots/bot-1/notes.txt", "mine");
    build(&project, &list(0..30, "new"), &[]);
    merge(&project, "site", &[]).exits(0);
    assert_eq!(project.read("site/notes.txt"), "mine");
    assert_eq!(project.read("site/bots/bot-1/notes.txt"), "mine");
    // An edited page, and a file in the place of a new bot's page.
    let page = project.path().join("site/bots/bot-4/index.html");
    fs::remove_file(&page).unwrap();
    fs::write(&page, "mine").unwrap();
    project.write("site/bots/bot-30/index.html", "mine");
    build(&project, &list(0..31, "newer"), &[]);
    let before = project.tree("site");
    let ran = merge(&project, "site", &[]).exits(1);
    assert!(
        ran.stderr.contains("bots/bot-4/index.html: changed since"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("bots/bot-30/index.html: botdocs did not"),
        "{}",
        ran.stderr
    );
    assert!(project.tree("site") == before);
    merge(&project, "site", &["--force"]).exits(0);
    assert!(project.read("site/bots/bot-4/index.html").contains("newer"));
    // A folder of another program.
    project.write("other/notes.txt", "mine");
    let ran = merge(&project, "other", &[]).exits(2);
    assert!(
        ran.stderr.contains("botdocs did not write it"),
        "{}",
        ran.stderr
    );
    assert_eq!(project.tree("other").len(), 1);
    // An empty folder is as good as none.
    fs::create_dir(project.path().join("empty")).unwrap();
    merge(&project, "empty", &[]).exits(0);
}

#[test]
fn many_bots_leave_only_where_that_is_asked_for() {
    let project = project_of_parts();
    build(&project, &list(0..60, "old"), &[]);
    merge(&project, "site", &[]).exits(0);
    build(&project, &list(0..30, "old"), &[]);
    let before = project.tree("site");
    let ran = merge(&project, "site", &[]).exits(1);
    assert!(
        ran.stderr
            .contains("would lose the pages of 30 of its 60 bots"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("--remove-up-to"), "{}", ran.stderr);
    merge(&project, "site", &["--remove-up-to", "29"]).exits(1);
    assert!(project.tree("site") == before);
    merge(&project, "site", &["--remove-up-to", "30"]).exits(0);
    // Parts without any bot over a site with some.
    for part in 1..=3 {
        fs::remove_dir_all(project.path().join(format!("part-{part}"))).unwrap();
    }
    project
        .run(&["build", "--generic", "--out", "part-1"])
        .exits(0);
    let arguments = ["merge", "part-1", "--out", "site"];
    let ran = project.run(&arguments).exits(1);
    assert!(
        ran.stderr
            .contains("would lose the pages of 30 of its 30 bots"),
        "{}",
        ran.stderr
    );
    project
        .run(&[&arguments[..], &["--remove-up-to", "all"]].concat())
        .exits(0);
    assert!(project.tree("site") == project.tree("part-1"));
}

/// A folder that was joined, and parts of newer values.
struct Parts {
    project: Project,
    /// The joined folder.
    before: Vec<(String, Vec<u8>)>,
}

impl Parts {
    fn new() -> Parts {
        let project = project_of_parts();
        build(&project, &list(0..30, "old"), &[]);
        merge(&project, "site", &[]).exits(0);
        build(&project, &list(0..30, "new"), &[]);
        let before = project.tree("site");
        Parts { project, before }
    }

    /// Fails unless parts are refused for this reason and with this advice, and nothing changes in
    /// the joined folder, nor in a new one.
    fn are_refused(&self, parts: &[&str], told: &str, help: &str) {
        for out in ["site", "joined"] {
            let arguments = [&["merge", "--out", out], parts].concat();
            let ran = self.project.run(&arguments).exits(1);
            let (fault, advice) = ran.stderr.split_once("\nhelp: ").unwrap();
            assert!(fault.contains(told), "{told}: {fault}");
            assert!(advice.contains(help), "{help}: {advice}");
        }
        assert!(self.project.tree("site") == self.before, "{told}");
        assert!(!self.project.path().join("joined").exists(), "{told}");
    }
}

const ALL: [&str; 3] = ["part-1", "part-2", "part-3"];

#[test]
fn parts_that_do_not_fit_together_get_their_own_advice() {
    let parts = Parts::new();
    let project = &parts.project;
    let with_number = "with this number in `--shard`";
    parts.are_refused(&ALL[..2], "shard 3/3 is missing", with_number);
    let twice = ["part-1", "part-1"];
    parts.are_refused(&twice, "are both shard 1/3", "name each part once");
    let whole = ["part-1", "whole"];
    parts.are_refused(&whole, "`whole` is no shard", "the same N");
    let how = "`botdocs build --shard K/N --out FOLDER`";
    parts.are_refused(&["spec"], "`spec` has no manifest", how);
    parts.are_refused(&["nothing"], "no folder `nothing`", how);
    for out in ["other", "more"] {
        let build = ["build", "--bots", "bots.csv", "--out", out];
        project.run(&build).exits(0);
    }
    let told = "is in two parts, `other` and `more`";
    parts.are_refused(&["other", "more"], told, "gives each bot to one part");
    // Another page, and another list.
    let guide = "---\ntitle: Guide\n---\nAnother one.\n";
    project.write("spec/guide.md", guide);
    let shard = [
        "build", "--bots", "bots.csv", "--shard", "1/3", "--out", "part-1",
    ];
    project.run(&shard).exits(0);
    let told = "is another file in `part-2`";
    parts.are_refused(&ALL, told, "the same version of botdocs");
    project.write("bots.csv", list(0..31, "new"));
    project.run(&shard).exits(0);
    let told = "a list of 31 bots, and `part-2` with one of 30 bots";
    parts.are_refused(&ALL, told, "the same list");
    // A part is never its own target.
    let merge = [&["merge", "--out", "part-1"], &ALL[..]].concat();
    let ran = project.run(&merge).exits(2);
    assert!(ran.stderr.contains("overlaps the input `part-1`"));
}

#[test]
fn parts_that_changed_since_their_build_are_refused() {
    let parts = Parts::new();
    let project = &parts.project;
    let again = "build this part again";
    // A page that the joined folder does not have yet.
    let built = project.tree("part-2");
    let is_new = |content: &Vec<u8>| parts.before.iter().all(|(_, old)| old != content);
    let mut pages = built
        .iter()
        .filter(|(path, _)| path.starts_with("bots/") && path.ends_with(".html"));
    let (page, content) = pages.find(|(_, content)| is_new(content)).unwrap();
    let file = project.path().join("part-2").join(page);
    let told = format!("`{page}` in `part-2` is not as");
    // Not through a link.
    fs::remove_file(&file).unwrap();
    parts.are_refused(&ALL, &told, again);
    fs::write(&file, b"edited").unwrap();
    parts.are_refused(&ALL, &told, again);
    fs::write(&file, content).unwrap();
    let (folder, away) = (
        project.path().join("part-2/bots"),
        project.path().join("away"),
    );
    fs::rename(&folder, &away).unwrap();
    parts.are_refused(&ALL, "a bot has no folder in `part-2/bots`", again);
    fs::rename(&away, &folder).unwrap();
    let journal = project.path().join("part-2/.botdocs-journal");
    fs::create_dir(&journal).unwrap();
    parts.are_refused(&ALL, "`part-2` is only half updated", again);
    fs::remove_dir(&journal).unwrap();
    merge(project, "site", &[]).exits(0);
}
