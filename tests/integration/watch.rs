//! `build --watch` on a real file system: every save is seen, whatever way it is made, and nothing
//! else is taken for one.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use botdocs::input::diagnostic::Report;
use botdocs::input::load::{self, Folders, ListChoice};

use crate::project::{API, Project, SITE, tool, tree};

/// How often each way to save is tried.
const SAVES: usize = 100;

/// Longer than anything takes, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

const PAGE: &str = "spec/api.yaml";

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

    pub(crate) fn signal(&self, name: &str) {
        let sent = tool("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Asks it to end, and returns its exit code.
    pub(crate) fn stop(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.child.wait().unwrap().code()
    }

    /// The processor time that it took so far, in hundredths of a second.
    pub(crate) fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split(' ').collect();
        fields[12].parse::<u64>().unwrap() + fields[13].parse::<u64>().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The smallest project with a small theme, so that a build is quick.
pub(crate) fn small() -> Project {
    Project::new()
        .file("static/style.css", "body { margin: 0 }\n")
        .file("static/script.js", "// nothing\n")
}

/// The page with a text that tells one save from the next.
pub(crate) fn page(mark: &str) -> String {
    API.replace("The answer.", mark)
}

fn watching(project: &Project, arguments: &[&str]) -> Running {
    let arguments = [&["build", "--watch"], arguments].concat();
    let mut running = Running::start(project.command(&arguments));
    running.line("word that it watches", |line| line.contains("Ctrl-C"));
    running
}

/// Waits until the site has the text.
#[track_caller]
fn sees(running: &mut Running, project: &Project, mark: &str) {
    while !fs::read_to_string(project.path().join("site/index.html"))
        .is_ok_and(|page| page.contains(mark))
    {
        running.line(&format!("build with {mark}"), |line| line.ends_with(" ms"));
    }
}

/// Saves a hundred times in one way, and waits for each.
fn save_by(way: impl Fn(&Path, &str)) {
    let project = small();
    let mut running = watching(&project, &[]);
    for number in 0..SAVES {
        let mark = format!("save {number} of many.");
        way(project.path(), &page(&mark));
        sees(&mut running, &project, &mark);
        if number % 10 == 0 {
            // The folder may be another one now: it must be that one which is watched.
            let mark = format!("in place after {number}.");
            project.write(PAGE, page(&mark));
            sees(&mut running, &project, &mark);
        }
    }
    assert_eq!(running.stop("INT"), Some(0));
    assert_is_a_plain_build(&project);
}

/// What a watched build left is what a build makes.
#[track_caller]
fn assert_is_a_plain_build(project: &Project) {
    project.run(&["build", "--out", "plain"]).exits(0);
    let names = |tree: &[(String, Vec<u8>)]| -> Vec<String> {
        tree.iter().map(|(path, _)| path.clone()).collect()
    };
    let (watched, plain) = (project.tree("site"), project.tree("plain"));
    assert_eq!(names(&watched), names(&plain));
    assert!(watched == plain, "the same files with other bytes");
}

#[test]
fn saves_in_place_are_seen() {
    save_by(|project, text| fs::write(project.join(PAGE), text).unwrap());
}

#[test]
fn saves_in_two_halves_are_seen() {
    use std::io::Write as _;
    save_by(|project, text| {
        let (one, other) = text.split_at(text.len() / 2);
        let mut file = fs::File::create(project.join(PAGE)).unwrap();
        file.write_all(one.as_bytes()).unwrap();
        file.sync_data().unwrap();
        std::thread::yield_now();
        file.write_all(other.as_bytes()).unwrap();
    });
}

#[test]
fn saves_by_a_new_file_in_the_old_ones_place_are_seen() {
    save_by(|project, text| {
        let new = project.join("spec/.api.yaml.tmp");
        fs::write(&new, text).unwrap();
        fs::rename(new, project.join(PAGE)).unwrap();
    });
}

#[test]
fn saves_with_a_backup_are_seen() {
    save_by(|project, text| {
        fs::rename(project.join(PAGE), project.join("spec/api.yaml~")).unwrap();
        fs::write(project.join(PAGE), text).unwrap();
    });
}

#[test]
fn saves_that_delete_first_are_seen() {
    save_by(|project, text| {
        fs::remove_file(project.join(PAGE)).unwrap();
        fs::write(project.join(PAGE), text).unwrap();
    });
}

#[test]
fn saves_that_swap_the_folder_are_seen() {
    save_by(|project, text| {
        let (spec, new, old) = (
            project.join("spec"),
            project.join("spec.new"),
            project.join("spec.old"),
        );
        fs::create_dir(&new).unwrap();
        fs::write(new.join("site.yaml"), SITE).unwrap();
        fs::write(new.join("api.yaml"), text).unwrap();
        fs::rename(&spec, &old).unwrap();
        fs::rename(&new, &spec).unwrap();
        fs::remove_dir_all(old).unwrap();
    });
}

#[test]
fn saves_that_make_the_folder_anew_are_seen() {
    save_by(|project, text| {
        fs::remove_dir_all(project.join("spec")).unwrap();
        fs::create_dir(project.join("spec")).unwrap();
        fs::write(project.join("spec/site.yaml"), SITE).unwrap();
        fs::write(project.join(PAGE), text).unwrap();
    });
}

/// With the same size and time as before, as some tools restore them.
#[test]
fn saves_that_only_the_bytes_tell_are_seen() {
    save_by(|project, text| {
        let path = project.join(PAGE);
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, text).unwrap();
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(time)
            .unwrap();
    });
}

#[test]
fn changes_of_branch_are_seen() {
    let git = |project: &Path, arguments: &[&str]| {
        let done = tool("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args([
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "init.defaultBranch=one",
            ])
            .args(arguments)
            .current_dir(project)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    let project = small()
        .file(PAGE, page("Branch one."))
        .file(".gitignore", "site\nplain\n");
    git(project.path(), &["init", "-q"]);
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-qm", "one"]);
    git(project.path(), &["checkout", "-qb", "two"]);
    project.write(PAGE, page("Branch two."));
    project.write("spec/pictures/a.svg", "<svg/>");
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-qm", "two"]);
    let mut running = watching(&project, &[]);
    for number in 0..SAVES {
        let branch = ["one", "two"][number % 2];
        git(project.path(), &["checkout", "-q", branch]);
        sees(&mut running, &project, &format!("Branch {branch}."));
    }
    assert_eq!(running.stop("INT"), Some(0));
    assert_is_a_plain_build(&project);
}

/// A file in a folder that has just been made, a hundred folders.
#[test]
fn files_in_new_folders_are_seen() {
    // Of the spec's own folder only what a page shows is published.
    let project = small().file("static/own.css", "");
    let mut running = watching(&project, &[]);
    for number in 0..SAVES {
        project.write(
            &format!("static/pictures/{number}/deep/a{number}.svg"),
            "<svg/>",
        );
        while !tree(&project.path().join("site"))
            .iter()
            .any(|(path, _)| path.contains(&format!("/a{number}.")))
        {
            running.line("build with the file", |line| line.ends_with(" ms"));
        }
    }
    assert_eq!(running.stop("TERM"), Some(0));
    assert_is_a_plain_build(&project);
}

/// One change, one build; then silence, and no work either.
#[track_caller]
fn builds_once_and_rests(project: &Project, arguments: &[&str]) {
    let mut running = watching(project, arguments);
    for mark in ["First.", "Second."] {
        let before = running.said.len();
        project.write(PAGE, page(mark));
        let line = running.line("build", |line| line.ends_with(" ms"));
        assert!(line.starts_with("spec/api.yaml: "), "{line}");
        let ticks = running.ticks();
        let line = running.line_within(Duration::from_secs(2));
        assert_eq!(line, None);
        assert_eq!(running.said.len(), before + 1);
        let ticks = running.ticks() - ticks;
        assert!(
            ticks <= 3,
            "{ticks} hundredths of a second of work after it"
        );
    }
}

#[test]
fn an_output_folder_inside_the_project_starts_no_loop() {
    builds_once_and_rests(&small(), &[]);
}

#[test]
fn an_output_folder_through_a_link_starts_no_loop() {
    let project = small();
    fs::create_dir(project.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", project.path().join("link")).unwrap();
    builds_once_and_rests(&project, &["--out", "link/site"]);
}

#[test]
fn editors_temporary_files_start_no_build() {
    let project = small();
    let mut running = watching(&project, &[]);
    for name in [
        "api.yaml~",
        ".api.yaml.swp",
        "api.yaml.swx",
        "4913",
        ".#api.yaml",
        "#api.yaml#",
        "api.yaml___jb_tmp___",
        "api.yaml___jb_old___",
        "api.yaml.bck",
        "api.yaml.kate-swp",
        "api.yaml.orig",
        "api.yaml.rej",
        "api.yaml.bak",
        "api.yaml.tmp",
        ".DS_Store",
        ".git/index",
    ] {
        project.write(&format!("spec/{name}"), "x");
        fs::remove_file(project.path().join("spec").join(name)).unwrap();
    }
    project.write(PAGE, page("Saved."));
    let line = running.line("build", |line| line.ends_with(" ms"));
    assert!(line.starts_with("spec/api.yaml: "), "{line}");
    assert_eq!(running.line_within(Duration::from_secs(1)), None);
}

#[test]
fn faults_are_told_and_survived() {
    let project = small();
    let mut running = watching(&project, &[]);
    let before = project.tree("site");
    project.write(PAGE, "title: [\n");
    running.line("report", |line| line.starts_with("error["));
    running.line("summary", |line| line.ends_with("nothing was written"));
    assert!(project.tree("site") == before, "the last good site stays");
    project.write(PAGE, page("Mended."));
    sees(&mut running, &project, "Mended.");
    assert_eq!(running.stop("INT"), Some(0));
}

#[test]
fn a_project_that_is_broken_at_the_start_is_built_when_it_is_mended() {
    let project = small().file(PAGE, "title: [\n");
    let mut running = watching(&project, &[]);
    assert!(running.said.iter().any(|line| line.starts_with("error[")));
    project.write(PAGE, page("Mended."));
    sees(&mut running, &project, "Mended.");
    assert_eq!(running.stop("INT"), Some(0));
}

#[test]
fn templates_static_files_and_bots_are_watched_too() {
    let project = small().file("bots.csv", "bot_id\nada\n");
    let mut running = watching(&project, &["--bots", "bots.csv"]);
    let mut changed = |path: &str, content: &str| {
        project.write(path, content);
        let line = running.line("build", |line| line.ends_with(" ms"));
        assert!(line.starts_with(&format!("{path}: ")), "{line}");
    };
    changed("templates/_reader.html", "<p>mine</p>\n");
    changed("static/style.css", "body { margin: 1px }\n");
    changed("static/deep/er/x.txt", "x");
    changed("bots.csv", "bot_id\nada\nbob\n");
    assert!(
        project
            .read("site/bots/bob/index.html")
            .contains("<p>mine</p>")
    );
    assert!(project.path().join("site/bots/bob").is_dir());
}

/// Where the system can't tell, files are looked at again and again, and people are told.
#[test]
fn where_the_system_cannot_tell_files_are_looked_at() {
    for (fault, said) in [
        ("inotify_add_watch:error=ENOSPC", "max_user_watches"),
        ("inotify_init1:error=ENOSYS", "function not implemented"),
        ("inotify_init1:error=EMFILE", "too many open files"),
    ] {
        let project = small();
        let mut command = tool("strace");
        command
            .args([
                "-D",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=inotify_init1,inotify_add_watch",
            ])
            .args(["-e", &format!("inject={fault}")])
            .arg(env!("CARGO_BIN_EXE_botdocs"))
            .args(["build", "--watch"]);
        project.prepare(&mut command);
        let mut running = Running::start(command);
        let line = running.line("note", |line| line.starts_with("note: "));
        assert!(line.contains(said) && line.contains("500 ms"), "{line}");
        running.line("word that it watches", |line| line.contains("Ctrl-C"));
        project.write(PAGE, page("Seen all the same."));
        sees(&mut running, &project, "Seen all the same.");
        assert_eq!(running.stop("INT"), Some(0), "{fault}");
    }
}

#[test]
fn polling_that_is_asked_for_sees_changes() {
    let project = small();
    let mut running = watching(&project, &["--poll=20"]);
    for number in 0..20 {
        let mark = format!("save {number} of many.");
        project.write(PAGE, page(&mark));
        sees(&mut running, &project, &mark);
    }
    assert_eq!(running.stop("INT"), Some(0));
}

/// More changes than the system keeps while nobody reads them: what was lost is seen all the same.
#[test]
fn a_flood_of_changes_hides_none() {
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap();
    let limit: usize = limit.trim().parse().unwrap();
    let project = small();
    let mut running = watching(&project, &[]);
    running.signal("STOP");
    let flood = project.path().join("spec/flood.txt");
    for _ in 0..limit / 3 + 100 {
        fs::write(&flood, "x").unwrap();
        fs::remove_file(&flood).unwrap();
    }
    project.write(PAGE, page("After the flood."));
    running.signal("CONT");
    sees(&mut running, &project, "After the flood.");
    project.write(PAGE, page("And after that."));
    sees(&mut running, &project, "And after that.");
    assert_eq!(running.stop("INT"), Some(0));
}

/// No call that waits for the disk: that would cost more than all else of a rebuild.
#[test]
fn a_watched_build_does_not_wait_for_the_disk() {
    let project = small();
    let log = project.path().join("trace");
    let mut command = tool("strace");
    command
        .args([
            "-D",
            "-f",
            "-qq",
            "-e",
            "trace=fsync,fdatasync,syncfs,sync",
            "-o",
        ])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_botdocs"))
        .args(["build", "--watch", "--poll=20"]);
    project.prepare(&mut command);
    let mut running = Running::start(command);
    running.line("word that it watches", |line| line.contains("Ctrl-C"));
    project.write(PAGE, page("Saved."));
    sees(&mut running, &project, "Saved.");
    let calls = fs::read_to_string(log).unwrap();
    assert!(!calls.contains("sync"), "{calls}");
}

/// A clock that stands still between two ticks hides no save from the looks before and after it.
#[test]
fn saves_of_the_same_size_in_the_same_tick_as_a_look_are_seen() {
    let project = small();
    let folders = Folders::of_project(project.path());
    let file = project.path().join(PAGE);
    let mut memory = load::FileCache::default();
    let mut ids = BTreeSet::new();
    for number in 1000..3000 {
        let mark = format!("save {number}.");
        let time = fs::metadata(&file).unwrap().modified().unwrap();
        fs::write(&file, page(&mark)).unwrap();
        let written = fs::File::options().write(true).open(&file).unwrap();
        written.set_modified(time).unwrap();
        let inputs = load::load(
            &folders,
            &ListChoice::OfSite,
            &mut memory,
            &mut Report::default(),
        );
        let found = &inputs.pages[0];
        ids.insert(found.file);
        assert!(
            inputs.sources.get(found.file).text.contains(&mark),
            "{mark}"
        );
    }
    assert_eq!(ids.len(), 1, "the file keeps its ID");
}
