//! Folders and files that nobody can change: a command finds them before it changes any file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::process::is_root;
use crate::project::{Project, Ran};
use crate::support::skip::skip;
use crate::tool::tool;

/// What keeps a file where it is: the path, what is done to it before and after the build, and what is
/// printed; `{}` is the path.
const FIXED: [[&str; 4]; 7] = [
    [
        "site/404.html",
        "chattr +i {}",
        "chattr -i {}",
        "it is immutable",
    ],
    [
        "site/404.html",
        "chattr +a {}",
        "chattr -a {}",
        "it is append-only",
    ],
    [
        "site/bots/bob/index.html",
        "chattr +i {}",
        "chattr -i {}",
        "it is immutable",
    ],
    [
        "site/bots/bob",
        "chattr +i {}",
        "chattr -i {}",
        "Operation not permitted",
    ],
    [
        "site/bots/bob",
        "chattr +a {}",
        "chattr -a {}",
        "its folder is append-only",
    ],
    [
        "site/bots/bob/index.html",
        "cp -a {} copy && mount --bind copy {}",
        "umount {}",
        "it is a mount",
    ],
    [
        "site/bots/bob",
        "mount --bind {} {} && mount -o remount,bind,ro {}",
        "umount {}",
        "Read-only file system",
    ],
];

/// What a build can't change once its files are ready is found before it changes any.
#[test]
fn what_cannot_be_replaced_is_found_before_anything_changes() {
    if !is_root() {
        skip("only root can make files immutable and mount them");
        return;
    }
    let project = Project::new().file("bots.csv", "bot_id\nada\nbob\n");
    let build = ["build", "--out", "site", "--bots", "bots.csv"];
    project.run(&build).exits(0);
    let before = project.tree("site");
    let site = fs::read_to_string(project.path().join("spec/site.yaml")).unwrap();
    let site = site.replacen("title: ", "title: New ", 1);
    project.write("spec/site.yaml", site);
    for [path, fix, free, why] in FIXED {
        let [fix, free] = [fix, free].map(|line| line.replace("{}", path));
        let build = build.join(" ");
        let script = format!("{fix} || exit 99; \"$0\" {build}; code=$?; {free}; exit $code");
        let mut command = tool("unshare");
        command.args(["--mount", "sh", "-c", &script]);
        command.arg(env!("CARGO_BIN_EXE_botdocs"));
        project.prepare_tool(&mut command);
        let ran = Ran::of(command.output().unwrap());
        if ran.code == Some(99) || ran.stderr.contains("unshare") {
            skip("nothing can be made immutable or mounted here");
            continue;
        }
        let ran = ran.exits(3);
        let said = ran.stderr.lines().last().unwrap();
        let start = "error: nothing has changed: cannot ";
        assert!(said.starts_with(start), "{said}");
        assert!(said.contains(path) && said.contains(why), "{fix}: {said}");
        assert!(project.tree("site") == before, "{fix}");
    }
    project.run(&build).exits(0);
    assert!(project.tree("site") != before);
}

/// Root may write everywhere, so a folder that can't be written to takes a file system of its own.
#[test]
fn an_output_that_cannot_be_written_is_the_machines_fault() {
    let project = Project::new();
    let folder = project.path().join("fixed");
    fs::create_dir(&folder).unwrap();
    let ran = if is_root() {
        let mut command = tool("unshare");
        let script =
            "mount -t tmpfs -o ro none fixed || exit 99; exec \"$0\" build --out fixed/site";
        command.args(["--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_botdocs")]);
        project.prepare_tool(&mut command);
        Ran::of(command.output().unwrap())
    } else {
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        project.run(&["build", "--out", "fixed/site"])
    };
    if ran.code == Some(99) || ran.stderr.contains("unshare") {
        skip("root here may not mount a file system");
        return;
    }
    let ran = ran.exits(3);
    assert!(
        ran.stderr.starts_with("error: cannot make "),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("fixed"), "{}", ran.stderr);
}

#[test]
fn a_disk_that_cannot_be_written_is_the_machines_fault() {
    let folder = Project::empty();
    let ran = folder.run(&["init", "/proc/docs"]).exits(3);
    assert!(
        ran.stderr.contains("cannot write /proc/docs"),
        "{}",
        ran.stderr
    );
}
