//! The tools that run a language's samples on this machine.

#![expect(
    clippy::disallowed_methods,
    reason = "samples are files in a temporary folder"
)]

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::input::diagnostic::printable_path;
use crate::model::sample::FileName;
use crate::model::{Client, Language, Program};

/// How long a sample may take.
// The first `go build` on a machine compiles the standard library.
const LIMIT: Duration = Duration::from_secs(120);

/// A program that runs samples of a language.
pub(super) struct Tool {
    /// The program.
    pub(super) program: Program,
    /// The sample's file.
    file: &'static str,
}

/// What a sample printed.
pub(super) struct SampleOutput {
    pub(super) text: String,
    /// When the first byte arrived.
    pub(super) first: Option<Instant>,
}

impl Tool {
    /// Returns the installed programs for samples of a language with a client, or what is missing.
    pub(super) fn find(language: Language, client: Client, at: &Path) -> Result<Vec<Tool>, String> {
        let row = language.row();
        let mut programs: Vec<Program> = row.programs.to_vec();
        // The last is a shell that every system has, for machines without the others.
        let last = programs.pop();
        programs.retain(|program| works(&[program.name, "-c", "true"], at));
        if programs.is_empty() {
            programs.extend(last);
        }
        let mut needs = row.clients.iter().filter(|row| row.client == client);
        let mut needs = needs.next().into_iter().flat_map(|row| row.needs);
        if let Some(command) = needs.find(|command| !works(command, at)) {
            return Err(format!(
                "`{}` does not work on this machine",
                command.join(" ")
            ));
        }
        let file = row.file;
        Ok(programs
            .into_iter()
            .map(|program| Tool { program, file })
            .collect())
    }

    /// Runs a sample in its own folder, with environment variables.
    pub(super) fn run(
        &self,
        folder: &Path,
        code: &str,
        variables: &[(&str, &str)],
        stop: &AtomicBool,
    ) -> anyhow::Result<SampleOutput> {
        put(&folder.join(self.file), code)?;
        let mut printed = None;
        for step in self.program.steps {
            printed = Some(run(step, folder, variables, stop)?);
        }
        printed.context("nothing to run")
    }
}

fn works(command: &[&str], at: &Path) -> bool {
    let mut run = Command::new(command[0]);
    run.args(&command[1..]).current_dir(at);
    run.stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    run.status().is_ok_and(|status| status.success())
}

fn run(
    step: &[&str],
    folder: &Path,
    variables: &[(&str, &str)],
    stop: &AtomicBool,
) -> anyhow::Result<SampleOutput> {
    let program = match step[0].strip_prefix("./") {
        Some(name) => folder.join(name).into_os_string(),
        None => step[0].into(),
    };
    let mut command = Command::new(program);
    command
        .args(&step[1..])
        .current_dir(folder)
        .envs(variables.iter().copied())
        // Temporary files of tools are deleted with the folder.
        .env("TMPDIR", folder)
        // The user's settings for curl and proxies must not affect the sample.
        .env("CURL_HOME", folder.join("../.."))
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    group::lead(&mut command);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run `{}`", step[0]))?;
    let stderr = child.stderr.take();
    // Both pipes are read in parallel: a program that fills an unread pipe would block for ever.
    let stderr = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stderr.map(|mut stderr| stderr.read_to_end(&mut text));
        text
    });
    let stdout = child.stdout.take();
    let stdout = std::thread::spawn(move || {
        let (mut text, mut first) = (Vec::new(), None);
        let mut buffer = [0; 4096];
        if let Some(mut stdout) = stdout {
            while let Ok(count @ 1..) = stdout.read(&mut buffer) {
                first.get_or_insert_with(Instant::now);
                text.extend_from_slice(&buffer[..count]);
            }
        }
        (text, first)
    });
    let start = Instant::now();
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if stop.load(Ordering::Relaxed) => {
                group::end(&mut child)?;
                anyhow::bail!("it was stopped");
            }
            None if start.elapsed() > LIMIT => {
                group::end(&mut child)?;
                anyhow::bail!("it ran longer than {} seconds", LIMIT.as_secs());
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let (text, first) = stdout.join().unwrap_or_default();
    let stderr = stderr.join().unwrap_or_default();
    anyhow::ensure!(
        status.success(),
        "`{}` failed ({status})\n{}{}",
        step.join(" "),
        String::from_utf8_lossy(&stderr),
        String::from_utf8_lossy(&text)
    );
    let text = String::from_utf8_lossy(&text).into_owned();
    Ok(SampleOutput { text, first })
}

/// Process groups: a sample and all that it starts end together.
mod group {
    use std::process::{Child, Command};

    #[cfg(unix)]
    pub(super) fn lead(command: &mut Command) {
        // A group of its own, so that processes started by a shell end with it.
        std::os::unix::process::CommandExt::process_group(command, 0);
    }

    #[cfg(unix)]
    pub(super) fn end(child: &mut Child) -> std::io::Result<()> {
        use rustix::process::{Pid, Signal, kill_process_group};
        // All processes may have ended by themselves.
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
        child.wait().map(drop)
    }

    #[cfg(not(unix))]
    pub(super) fn lead(_: &mut Command) {}

    #[cfg(not(unix))]
    pub(super) fn end(child: &mut Child) -> std::io::Result<()> {
        child.kill()?;
        child.wait().map(drop)
    }
}

/// Prepares the folder that contains those of all samples.
pub(super) fn set_up(folder: &Path) -> anyhow::Result<()> {
    put(&folder.join(".curlrc"), "silent\nshow-error\n")
}

pub(super) fn make_folder(path: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(path).with_context(|| printable_path(path))
}

/// Writes a file of a sample into its folder and nowhere else.
pub(super) fn write(folder: &Path, file: &FileName, text: &str) -> anyhow::Result<()> {
    put(&folder.join(file), text)
}

/// Reads a file that a sample wrote.
pub(super) fn read(folder: &Path, file: &FileName) -> anyhow::Result<String> {
    let path = folder.join(file);
    std::fs::read_to_string(&path).with_context(|| printable_path(&path))
}

fn put(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| printable_path(path))
}
