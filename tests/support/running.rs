//! The program while it runs, and a build that watches a project.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::project::Project;

/// How often each way to save is tried.
pub(crate) const SAVES: usize = 100;

/// Longer than anything takes, also on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(120);

pub(crate) const PAGE: &str = "spec/api.yaml";

/// The program while it runs, and what it says.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    pub(crate) said: Vec<String>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Running {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let talk = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in talk.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Running {
            child,
            lines,
            said: Vec::new(),
        }
    }

    /// The next line, if one comes in time.
    pub(crate) fn line_within(&mut self, time: Duration) -> Option<String> {
        match self.lines.recv_timeout(time) {
            Ok(line) => {
                self.said.push(line.clone());
                Some(line)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("it ended:\n{}", self.said.join("\n")),
        }
    }

    /// Reads lines until `is_it` says that it is the one, and returns that.
    #[track_caller]
    pub(crate) fn line(&mut self, what: &str, is_it: impl Fn(&str) -> bool) -> String {
        loop {
            match self.line_within(LIMIT) {
                Some(line) if is_it(&line) => return line,
                Some(_) => {}
                None => panic!("no {what}:\n{}", self.said.join("\n")),
            }
        }
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Asks it to end, and returns its exit code.
    pub(crate) fn stop(mut self, signal: Signal) -> Option<i32> {
        self.signal(signal);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn watching(project: &Project, arguments: &[&str]) -> Running {
    let arguments = [&["build", "--watch"], arguments].concat();
    let mut running = Running::start(project.command(&arguments));
    running.line("word that it watches", |line| line.contains("Ctrl-C"));
    running
}

/// Waits until the site has the text.
#[track_caller]
pub(crate) fn sees(running: &mut Running, project: &Project, mark: &str) {
    while !fs::read_to_string(project.path().join("site/index.html"))
        .is_ok_and(|page| page.contains(mark))
    {
        running.line(&format!("build with {mark}"), |line| line.ends_with(" ms"));
    }
}

/// What a watched build left is what a build makes.
#[track_caller]
pub(crate) fn assert_is_a_plain_build(project: &Project) {
    project.run(&["build", "--out", "plain"]).exits(0);
    let names = |tree: &[(String, Vec<u8>)]| -> Vec<String> {
        tree.iter().map(|(path, _)| path.clone()).collect()
    };
    let (watched, plain) = (project.tree("site"), project.tree("plain"));
    assert_eq!(names(&watched), names(&plain));
    assert!(watched == plain, "the same files with other bytes");
}
