//! Starts programs of this machine. The target `integration` does not include this file.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::blocks::{self, Block};
use crate::support::project::{Project, Ran};

/// What the programs that tests run take from the environment; the rest is the machine's own.
const KEPT: [&str; 4] = ["PATH", "TMPDIR", "CHROMIUM", "UPDATE_GOLDEN"];

/// A program of this machine in the same language, time zone and home folder on each, and without
/// the proxies, options and colours of whoever runs the tests.
pub(crate) fn tool(program: impl AsRef<OsStr>) -> Command {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    fs::create_dir_all(&home).unwrap();
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(
            KEPT.iter()
                .filter_map(|name| Some((name, std::env::var_os(name)?))),
        )
        .envs([("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC")])
        .env("HOME", home);
    command
}

impl Project {
    /// Runs a line of shell, in which `botdocs` is the program, in the project's folder.
    pub(crate) fn shell(&self, line: &str) -> Ran {
        let program = Path::new(env!("CARGO_BIN_EXE_botdocs"));
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", program.parent().unwrap().display());
        let mut command = tool("sh");
        command.args(["-c", line]);
        self.prepare(&mut command);
        Ran::of(command.env("PATH", path).output().unwrap())
    }

    /// Gives a program of this machine the project's folder and nothing of the environment but `PATH`.
    pub(crate) fn prepare_tool(&self, command: &mut Command) {
        self.prepare(command);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    }
}

/// The project of some blocks, whose `sh` a shell runs in its folder.
pub(crate) fn project(blocks: &[Block]) -> Project {
    blocks::project_by(blocks, run)
}

fn run(project: &Project, commands: &str) {
    let mut shell = tool("sh");
    shell
        .args(["-e", "-c", commands])
        .current_dir(project.path());
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{commands}\n{output:?}");
}
