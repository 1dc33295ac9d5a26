//! Streams that nobody reads, or that cannot be written.

use std::fs::File;
use std::process::Stdio;

use super::{BUILD, Scene, Stage, Version, assert_same, site};
use crate::tool::tool;

/// A pipe whose reader has gone.
fn broken() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    Stdio::from(writer)
}

fn full() -> Stdio {
    Stdio::from(File::options().write(true).open("/dev/full").unwrap())
}

/// Makes a stream.
type Make = fn() -> Stdio;

const KINDS: [(&str, Make); 3] = [("broken", broken), ("full", full), ("none", Stdio::null)];

/// What a build says has no say in whether the site is whole.
#[test]
fn a_build_that_nobody_listens_to_is_done_all_the_same() {
    for scene in Scene::ALL {
        let stage = Stage::new(scene);
        for (on_stdout, stdout) in KINDS {
            for (on_stderr, stderr) in KINDS {
                let project = stage.project();
                let mut command = project.command(scene.build());
                let status = command.stdout(stdout()).stderr(stderr()).status().unwrap();
                let what = format!("{scene:?}: {on_stdout} stdout, {on_stderr} stderr");
                assert_eq!(status.code(), Some(0), "{what}");
                stage.judge(&project, status.code(), &what);
            }
        }
    }
}

/// Where a stream is closed, no file of the site gets its number.
#[test]
fn closed_streams_get_no_file_of_the_site() {
    let stage = Stage::new(Scene::Owned);
    for close in ["<&- >&- 2>&-", ">&-", "2>&-"] {
        let project = stage.project();
        let mut command = tool("sh");
        let script = format!("exec \"$0\" build --bots bots.csv {close}");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_botdocs")]);
        project.prepare_tool(&mut command);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        stage.judge(&project, status.unwrap().code(), close);
        assert_same(&site(&project), &stage.new, close);
    }
}

/// Results that are lost are an error, but a reader that has gone, as `head` does, is none.
#[test]
fn results_that_cannot_be_written_are_the_machine_s_fault() {
    let stage = Stage::new(Scene::Owned);
    for (kind, stdout, faulty, right) in [("full", full as Make, 3, 3), ("broken", broken, 1, 0)] {
        let project = stage.project();
        let check = |project: &super::Project| {
            let mut command = project.command(&["check", "--format", "json"]);
            command
                .stdout(stdout())
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .code()
        };
        assert_eq!(check(&project), Some(right), "{kind}");
        let in_workflow = |project: &super::Project| {
            let mut command = project.command(&BUILD);
            command.env("GITHUB_ACTIONS", "true");
            command
                .stdout(stdout())
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .code()
        };
        // Without a fault there is nothing to say.
        assert_eq!(in_workflow(&project), Some(0), "{kind}");
        assert_same(&site(&project), &stage.new, kind);
        project.write("spec/api.yaml", "title: [\n");
        assert_eq!(check(&project), Some(faulty), "{kind}");
        assert_eq!(in_workflow(&project), Some(faulty), "{kind}");
        assert_same(&site(&project), &stage.new, kind);
        Version::Old.write(&project);
    }
}
