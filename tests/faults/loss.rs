//! Nothing is lost, whatever fails: after an error of any call, a kill at any moment, a full disk or
//! eight builds at once, the output directory is the old one or the new one, or the next command
//! makes it so, and what others keep in it is as it was.

mod calls;
mod disk;
mod kills;
mod many;
mod streams;
mod verify;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::project::{Project, Ran, SITE};
use crate::tool::tool;

/// How many runs go on at once.
const THREADS: usize = 2;

/// Whether the full form of `./test` runs.
pub(crate) fn is_full() -> bool {
    std::env::var_os("BOTDOCS_TESTS_FULL").is_some()
}

/// Files by path; a link as its target, a folder as nothing with a slash.
pub(crate) type Snapshot = BTreeMap<String, Vec<u8>>;

/// The command that is tried, but for the scene without bots.
pub(crate) const BUILD: [&str; 3] = ["build", "--bots", "bots.csv"];

/// The two versions of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Old,
    New,
}

impl Version {
    /// Writes the inputs: from the old one to the new one files come, change, go and stay.
    pub(crate) fn write(self, project: &Project) {
        let (answer, bots, margin) = match self {
            Version::Old => ("The answer.", "bot_id\nada\nbob\ncem\n", 0),
            Version::New => ("An answer and more.", "bot_id\nada\nbob\neve\n", 1),
        };
        project.write("bots.csv", bots);
        project.write("spec/site.yaml", SITE);
        project.write(
            "spec/api.yaml",
            super::project::API.replace("The answer.", answer),
        );
        // Small ones, so that a run is quick.
        let style = format!("body {{ margin: {margin}px }}\n");
        project.write("static/style.css", style);
        project.write("static/script.js", "// nothing\n");
    }
}

/// A state to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// There is no site yet: the new one appears.
    Fresh,
    /// The site is all ours and has no bots: it is changed in place.
    Changed,
    /// The site is all ours and has bots: it is changed in place.
    Owned,
    /// Others keep files in the site: it is changed in place.
    Journal,
    /// As before, and a command was killed that had begun to change it.
    Recovery,
    /// The site is all ours and comes from two shards: `merge` changes it in place.
    Merged,
}

/// What others keep in the site.
const CANARIES: [(&str, &str); 6] = [
    ("site/CNAME", "docs.example.com\n"),
    ("site/.git/HEAD", "ref: refs/heads/main\n"),
    ("site/.git/objects/ab/cdef", "\u{1}object"),
    ("site/bots/ada/notes.txt", "mine"),
    ("site/bots/cem/notes.txt", "mine too"),
    ("site/mine/index.html", "<p>mine"),
];

/// What others keep beside the site.
const NEIGHBOURS: [(&str, &str); 4] = [
    ("site.old/index.html", "a backup"),
    (".site.botdocs-notes/mine", "no name of ours"),
    (".other.botdocs-abcdef/botdocs-build", "another site's"),
    ("sitemap.xml", "not the site's"),
];

impl Scene {
    pub(crate) const ALL: [Scene; 6] = [
        Scene::Fresh,
        Scene::Changed,
        Scene::Owned,
        Scene::Journal,
        Scene::Recovery,
        Scene::Merged,
    ];

    /// The files of others in this scene.
    fn canaries(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let inside = matches!(self, Scene::Journal | Scene::Recovery);
        let inside = inside.then_some(CANARIES).into_iter().flatten();
        NEIGHBOURS.into_iter().chain(inside)
    }

    /// The command that is tried.
    pub(crate) fn build(self) -> &'static [&'static str] {
        match self {
            Scene::Changed => &["build"],
            Scene::Merged => &["merge", "one", "two", "--out", "site"],
            _ => &BUILD,
        }
    }

    /// Writes the inputs of the command: those of the project, and for `merge` the shards.
    fn write(self, version: Version, project: &Project) {
        version.write(project);
        if self == Scene::Merged {
            for (shard, out) in [("1/2", "one"), ("2/2", "two")] {
                let build = [&BUILD[..], &["--shard", shard, "--out", out]].concat();
                project.run(&build).exits(0);
            }
        }
    }

    /// Whether the site is always the old or the new one as a whole.
    fn is_atomic(self) -> bool {
        self == Scene::Fresh
    }
}

/// A scene made once, and copied for each run.
pub(crate) struct Stage {
    pub(crate) scene: Scene,
    /// All files of the scene, with the inputs of the new version.
    start: Project,
    /// The site before and after, and all of it with the files of others.
    pub(crate) old: Snapshot,
    pub(crate) new: Snapshot,
}

impl Stage {
    pub(crate) fn new(scene: Scene) -> Stage {
        let start = Project::empty();
        scene.write(Version::Old, &start);
        if scene != Scene::Fresh {
            start.run(scene.build()).exits(0);
        }
        for (path, content) in scene.canaries() {
            start.write(path, content);
        }
        let old = site(&start);
        scene.write(Version::New, &start);
        if scene == Scene::Recovery {
            // Killed at the second file that it moved into place: the journal's own name comes first.
            let kill = "inject=renameat2:signal=KILL:when=3";
            let output = traced(scene, &start, &["-e", "trace=renameat2", "-e", kill]).0;
            assert!(!output.status.success());
            assert!(
                start
                    .path()
                    .join("site/.botdocs-journal/journal.jsonl")
                    .exists()
            );
            let mut moved = site(&start).into_keys().filter(|path| path.ends_with("-0"));
            assert_eq!(moved.next(), None, "the first file is in its place");
        }
        let mut stage = Stage {
            scene,
            start,
            old,
            new: Snapshot::new(),
        };
        let done = stage.project();
        done.run(scene.build()).exits(0);
        stage.new = site(&done);
        assert!(stage.new != stage.old && stage.new.len() > 10);
        stage
    }

    /// A copy to work on.
    pub(crate) fn project(&self) -> Project {
        let project = Project::empty();
        let copied = tool("cp")
            .args(["-a", "--reflink=auto", "."])
            .arg(project.path())
            .current_dir(self.start.path())
            .status();
        assert!(copied.unwrap().success());
        project
    }

    /// Looks at what a run left, then runs the plain command and looks again.
    pub(crate) fn judge(&self, project: &Project, code: Option<i32>, what: &str) {
        let found = site(project);
        if code == Some(0) {
            assert_same(&found, &self.new, &format!("{what}: reported as done"));
        }
        if self.scene.is_atomic() {
            let is_old = found == self.old || self.scene == Scene::Fresh && found.is_empty();
            assert!(
                is_old || found == self.new,
                "{what}: neither the old nor the new site"
            );
        }
        for (path, content) in found.iter().filter(|(path, _)| !is_work(path)) {
            let is_whole = [&self.old, &self.new]
                .iter()
                .any(|site| site.get(path) == Some(content));
            assert!(
                is_whole || path.ends_with('/'),
                "{what}: {path} is cut or mixed"
            );
        }
        judge_links(&found, what);
        self.judge_canaries(project, what);
        let ran = project.run(self.scene.build());
        assert_eq!(
            ran.code,
            Some(0),
            "the command after {what}:\n{}",
            ran.stderr
        );
        assert_same(
            &site(project),
            &self.new,
            &format!("the command after {what}"),
        );
        self.judge_canaries(project, &format!("the command after {what}"));
        let beside = fs::read_dir(project.path()).unwrap();
        let names = beside.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let ours: Vec<String> = names
            .filter(|name| name.starts_with(".site.botdocs-") && name != ".site.botdocs-notes")
            .collect();
        assert!(ours.is_empty(), "the command after {what} left {ours:?}");
    }

    /// What others keep is as it was.
    fn judge_canaries(&self, project: &Project, what: &str) {
        for (path, content) in self.scene.canaries() {
            let found = fs::read(project.path().join(path));
            assert!(
                found.is_ok_and(|found| found == content.as_bytes()),
                "{what}: {path} is not as it was"
            );
        }
    }
}

/// What a page needs to be read is there, whichever page it is: style and script.
fn judge_links(found: &Snapshot, what: &str) {
    for (path, page) in found.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8_lossy(page);
        let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
        for asset in page.split('"').filter(|part| part.contains("assets/")) {
            let here = folder.split('/').filter(|part| !part.is_empty());
            let up = asset.matches("../").count();
            let mut whole: Vec<&str> = match asset.strip_prefix('/') {
                Some(asset) => vec![asset],
                None => here.collect(),
            };
            if !asset.starts_with('/') {
                whole.truncate(whole.len() - up);
                whole.push(asset.trim_start_matches("../"));
            }
            let whole = whole.join("/");
            assert!(found.contains_key(&whole), "{what}: {path} shows {whole}");
        }
    }
}

/// Whether a path of the site is of a change that goes on.
fn is_work(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with(".botdocs-"))
}

/// What stands in the output directory.
pub(crate) fn site(project: &Project) -> Snapshot {
    snapshot(&project.path().join("site"))
}

/// What stands in a folder; nothing, if there is none.
pub(crate) fn snapshot(folder: &Path) -> Snapshot {
    let mut files = Snapshot::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.depth() == 0 => return files,
            Err(error) => panic!("{error}"),
        };
        let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap();
        if entry.file_type().is_dir() {
            files.insert(format!("{path}/"), Vec::new());
        } else if entry.file_type().is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            files.insert(
                path.to_owned(),
                format!("-> {}", target.display()).into_bytes(),
            );
        } else {
            files.insert(path.to_owned(), fs::read(entry.path()).unwrap());
        }
    }
    files
}

#[track_caller]
pub(crate) fn assert_same(found: &Snapshot, expected: &Snapshot, what: &str) {
    let differing: Vec<_> = found
        .keys()
        .chain(expected.keys())
        .filter(|path| found.get(*path) != expected.get(*path))
        .collect();
    assert!(differing.is_empty(), "{what}: {differing:?}");
}

/// Runs the command under `strace` with these options; gives the trace too.
pub(crate) fn traced(scene: Scene, project: &Project, options: &[&str]) -> (Output, String) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = tool("strace");
    command
        .args(["-f", "-y", "-qq", "-o"])
        .arg(log.path())
        .args(options)
        .arg(env!("CARGO_BIN_EXE_botdocs"))
        .args(scene.build());
    project.prepare_tool(&mut command);
    let output = command.output().expect("strace is installed");
    (output, fs::read_to_string(log.path()).unwrap())
}

/// Does `work` for each item, some at once.
pub(crate) fn for_each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done =
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(item)));
                    if let Err(panic) = done {
                        next.store(items.len(), Ordering::Relaxed);
                        *failed.lock().unwrap() = Some(panic);
                    }
                }
            });
        }
    });
    if let Some(panic) = failed.into_inner().unwrap() {
        std::panic::resume_unwind(panic);
    }
}

/// What a run gave.
pub(crate) fn ran(output: Output) -> Ran {
    Ran::of(output)
}
