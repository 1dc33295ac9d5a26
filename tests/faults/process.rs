//! What Linux reports about a process, and processes with fewer rights than their user.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::Stdio;

use crate::project::{Project, Ran};
use crate::support::running::Running;
use crate::tool::tool;

/// The most memory that a process had, in MB.
pub(crate) fn peak(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() / 1024
}

/// The memory that a process has now, in KB.
pub(crate) fn resident(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let mut lines = status.lines();
    let now = lines.find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    now.trim().trim_end_matches(" kB").parse().unwrap()
}

/// The processor time that a process took so far, in hundredths of a second.
pub(crate) fn ticks(id: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split(' ').collect();
    fields[12].parse::<u64>().unwrap() + fields[13].parse::<u64>().unwrap()
}

/// Starts the program with a limit of open files.
pub(crate) fn start_with_files(project: &Project, most: usize, arguments: &[&str]) -> Running {
    let mut command = tool("sh");
    let line = format!("ulimit -n {most}; exec \"$0\" \"$@\"");
    command.args(["-c", &line, env!("CARGO_BIN_EXE_botdocs")]);
    project.prepare_tool(command.args(arguments));
    Running::start(command)
}

/// Whether this runs as root, who may write everywhere and make namespaces.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

impl Project {
    /// Runs the program as a user for whom permissions hold: root reads all, whatever they say.
    pub(crate) fn without_powers(&self, arguments: &[&str]) -> Ran {
        let command = self.command(arguments);
        let mut wrapped = tool("setpriv");
        wrapped
            .arg("--bounding-set=-dac_override,-dac_read_search")
            .arg(command.get_program())
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::null());
        let owner = fs::metadata(self.path()).unwrap().uid();
        match owner {
            0 => Ran::of(wrapped.output().unwrap()),
            _ => self.run(arguments),
        }
    }
}
