//! Builds at once into one folder.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{CANARIES, Project, Snapshot, Version, ran, snapshot};

/// Where the builds of a round meet: no site is there, one is, or one with files of others.
fn meeting(round: usize) -> (String, bool) {
    match round % 5 {
        0 => (format!("fresh{round}"), false),
        1 | 2 => ("again".to_owned(), false),
        _ => ("shared".to_owned(), true),
    }
}

#[test]
fn eight_builds_at_once_leave_one_whole_site() {
    let projects = [Version::Old, Version::New].map(|version| {
        let project = Project::empty();
        version.write(&project);
        project
    });
    let expected = projects.each_ref().map(|project| {
        build(project, &project.path().join("alone")).exits(0);
        files(&project.path().join("alone"))
    });
    assert!(expected[0] != expected[1]);
    let both = Project::empty();
    build(&projects[0], &both.path().join("shared")).exits(0);
    let canaries = CANARIES.map(|(path, content)| (path.replace("site/", "shared/"), content));
    for (path, content) in &canaries {
        both.write(path, content);
    }
    let mut seen = [0, 0];
    for round in 0..50 {
        let (out, is_shared) = meeting(round);
        let folder = both.path().join(&out);
        let children: Vec<_> = (0..8)
            .map(|number| start(&projects[(number + round) % 2], &folder))
            .collect();
        for child in children {
            ran(child.wait_with_output().unwrap()).exits(0);
        }
        let mut found = files(&folder);
        for (path, content) in canaries.iter().filter(|_| is_shared) {
            let canary = found.remove(path.strip_prefix("shared/").unwrap());
            assert_eq!(canary.unwrap(), content.as_bytes(), "{path}");
        }
        let version = expected.iter().position(|site| *site == found);
        seen[version.unwrap_or_else(|| panic!("round {round} left neither version"))] += 1;
        let left = std::fs::read_dir(both.path()).unwrap();
        let mut left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        assert_eq!(left.find(|name| name.starts_with('.')), None, "{round}");
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

fn command(project: &Project, out: &Path) -> Command {
    let mut command = project.command(&["build", "--bots", "bots.csv", "--out"]);
    command.arg(out);
    command
}

fn build(project: &Project, out: &Path) -> super::Ran {
    ran(command(project, out).output().unwrap())
}

fn start(project: &Project, out: &Path) -> std::process::Child {
    let mut command = command(project, out);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// What stands in a folder, without the folders: one in which another's file stands stays.
fn files(folder: &Path) -> Snapshot {
    let mut files = snapshot(folder);
    files.retain(|path, _| !path.ends_with('/'));
    files
}
