//! Pipes, devices and files without an end in the place of a project's files.

use std::fs;

use crate::support::inside::{no_archive_takes_the_place_of, project};
use crate::tool::tool;

#[test]
fn no_archive_takes_the_place_of_a_pipe() {
    no_archive_takes_the_place_of("pipe", &|at| {
        let made = tool("mkfifo").arg(at).status().unwrap();
        assert!(made.success());
    });
}

#[test]
fn site_yaml_is_read_as_every_file_is() {
    let small = "ulimit -v 286720; exec timeout 60 botdocs";
    for (make, fault) in [
        ("mkfifo docs/spec/site.yaml", "not-a-file"),
        ("ln -s /dev/zero docs/spec/site.yaml", "not-a-file"),
        ("truncate -s 300M docs/spec/site.yaml", "input-too-large"),
        ("mkdir docs/spec/site.yaml", "missing-input"),
    ] {
        let project = project();
        fs::remove_file(project.path().join("docs/spec/site.yaml")).unwrap();
        project.shell(make).exits(0);
        for command in ["check", "build", "clean", "mock"] {
            let ran = project.shell(&format!("{small} {command} docs")).exits(1);
            assert!(ran.stderr.contains(fault), "{command}: {}", ran.stderr);
        }
    }
}
