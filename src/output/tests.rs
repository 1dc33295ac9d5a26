//! What writing the output directory promises, over real folders.

mod bots;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod faults;
#[cfg(target_os = "linux")]
mod full;
#[cfg(target_os = "linux")]
mod races;
mod random;
mod refusals;
mod rescues;
#[cfg(target_os = "linux")]
#[path = "../../tests/support/skip.rs"]
mod skip;
#[cfg(target_os = "linux")]
mod traces;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::hole::roster::RosterBuilder;
use crate::hole::{Hole, Holed, VariableId};
use crate::pages::render::Fillable;

/// Files by path, in short.
type Files<'a> = &'a [(&'a str, &'a str)];

/// A project folder with an output directory `site` in it.
struct Project {
    temp: TempDir,
    options: WriteOptions,
}

impl Project {
    fn new() -> Project {
        let temp = tempfile::tempdir().unwrap();
        let options = WriteOptions {
            leaving: Leaving::All,
            ..WriteOptions::default()
        };
        Project { temp, options }
    }

    fn force(&mut self) -> &mut Project {
        self.options.force = true;
        self
    }

    fn path(&self, path: &str) -> PathBuf {
        self.temp.path().join(path)
    }

    fn put(&self, path: &str, content: &str) -> &Project {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn write(&self, files: Files<'_>) -> Result<Summary, Error> {
        write(&tree(files), &self.path("site"), &[], &self.options)
    }

    /// Writes files, and finds in the project nothing but these, the manifest and `others`.
    fn write_and_check(&self, files: Files<'_>, others: Files<'_>) -> Summary {
        let summary = self.write(files).unwrap();
        let site = files
            .iter()
            .map(|(path, text)| (format!("site/{path}"), *text));
        let others = others
            .iter()
            .map(|(path, text)| ((*path).to_owned(), *text));
        let expected: BTreeMap<String, String> = site
            .chain(others)
            .map(|(path, text)| (path, text.to_owned()))
            .collect();
        let mut found = self.snapshot();
        let manifest = found.remove("site/botdocs-manifest.json").unwrap();
        assert_eq!(found, expected);
        assert_eq!(manifest, manifest_of(files));
        summary
    }

    /// Returns the refusal of a write that leaves all as it was.
    fn refuse(&self, files: Files<'_>) -> String {
        let before = self.snapshot();
        let refusal = match self.write(files) {
            Err(Error::Refused(refusal)) => refusal.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(self.snapshot(), before);
        refusal.replace(&self.path("").display().to_string(), "")
    }

    fn snapshot(&self) -> BTreeMap<String, String> {
        snapshot(self.temp.path())
    }
}

/// A tree of files; those in folders of bots have holes in the place of `ID`.
fn tree(files: Files<'_>) -> Tree<'static> {
    let mut tree = Tree::default();
    let mut bots: BTreeMap<&str, Vec<(String, &'static Fillable, Form)>> = BTreeMap::new();
    for (path, content) in files {
        let in_bots = path.strip_prefix("bots/");
        if let Some((id, name)) = in_bots.and_then(|path| path.split_once('/')) {
            let hole = Hole::new(VariableId::new(0).unwrap()).marker();
            let page = content.replace(id, &hole.to_string());
            let page = Box::leak(Box::new(Fillable::from(Holed::cut(&page, &["bot_id"]))));
            bots.entry(id)
                .or_default()
                .push((name.to_owned(), page, Form::Plain));
            continue;
        }
        let path = TreePath::new(*path).unwrap();
        tree.insert(path, content.as_bytes().to_vec()).unwrap();
    }
    if !bots.is_empty() {
        let mut builder = RosterBuilder::new(&["bot_id"], "bot_id", Spool::in_memory());
        for id in bots.keys() {
            // As many choices as bots, some of which come to the same.
            let choice = BTreeSet::from([(*id).to_owned()]);
            builder.add([*id].into_iter(), Some(choice)).unwrap();
        }
        let roster = Box::leak(Box::new(builder.finish()));
        let choices = roster.choices().iter();
        let choices =
            choices.map(|ids| bots[ids.as_ref().unwrap().first().unwrap().as_str()].clone());
        tree.insert_bots(roster, &["bot_id"], choices).unwrap();
    }
    tree
}

/// The manifest of these files, as a build into a new folder writes it.
fn manifest_of(files: Files<'_>) -> String {
    let temp = tempfile::tempdir().unwrap();
    let site = temp.path().join("site");
    write(&tree(files), &site, &[], &WriteOptions::default()).unwrap();
    fs::read_to_string(site.join("botdocs-manifest.json")).unwrap()
}

/// Returns all files by path; a link as its target, an empty folder as nothing with a slash.
fn snapshot(root: &Path) -> BTreeMap<String, String> {
    fn visit(folder: &Path, root: &Path, into: &mut BTreeMap<String, String>) {
        let mut is_empty = true;
        for entry in fs::read_dir(folder).unwrap() {
            is_empty = false;
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            let meta = fs::symlink_metadata(&path).unwrap();
            if meta.is_symlink() {
                into.insert(
                    name,
                    format!("-> {}", fs::read_link(&path).unwrap().display()),
                );
            } else if meta.is_dir() {
                visit(&path, root, into);
            } else {
                let text = String::from_utf8(fs::read(&path).unwrap());
                let text = text.unwrap_or_else(|error| format!("{:?}", error.into_bytes()));
                into.insert(name, text);
            }
        }
        if is_empty && folder != root {
            let name = folder.strip_prefix(root).unwrap().display();
            into.insert(format!("{name}/"), String::new());
        }
    }
    let mut files = BTreeMap::new();
    visit(root, root, &mut files);
    files
}

fn counts(written: usize, unchanged: usize, removed: usize, bytes: u64) -> Summary {
    Summary {
        written,
        unchanged,
        removed,
        bytes,
        relisted: false,
        ..Summary::default()
    }
}

const OLD: Files<'_> = &[
    ("index.html", "old"),
    ("a/b/c.html", "c"),
    ("a/d.html", "d"),
    ("x", "x"),
];
const NEW: Files<'_> = &[
    ("index.html", "new!"),
    ("a/d.html", "d"),
    ("x/y.html", "y"),
    ("z", "z"),
];

#[test]
fn a_new_site_appears() {
    let project = Project::new();
    assert_eq!(project.write_and_check(OLD, &[]), counts(4, 0, 0, 6));
}

#[test]
fn a_changed_site_replaces_the_old_one() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    let before = fs::metadata(project.path("site")).unwrap().ino();
    let kept = fs::metadata(project.path("site/a/d.html")).unwrap().ino();
    assert_eq!(project.write_and_check(NEW, &[]), counts(3, 1, 2, 6));
    let after = fs::metadata(project.path("site")).unwrap().ino();
    // Who holds it open, or has mounted it elsewhere, sees the new site.
    assert_eq!(before, after);
    assert_eq!(
        fs::metadata(project.path("site/a/d.html")).unwrap().ino(),
        kept
    );
    assert_eq!(project.write_and_check(OLD, &[]), counts(3, 1, 2, 5));
}

#[test]
fn an_unchanged_site_is_not_touched() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    let stat = |path| {
        let meta = fs::metadata(project.path(path)).unwrap();
        (meta.ino(), meta.ctime(), meta.ctime_nsec())
    };
    let paths = [
        "",
        "site",
        "site/botdocs-manifest.json",
        "site/index.html",
        "site/a/b",
    ];
    let before = paths.map(stat);
    assert_eq!(project.write_and_check(OLD, &[]), counts(0, 4, 0, 0));
    assert_eq!(paths.map(stat), before);
}

#[test]
fn a_manifest_that_a_formatter_touched_is_written_anew() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    let manifest = project.path("site/botdocs-manifest.json");
    let ours = fs::read(&manifest).unwrap();
    fs::write(&manifest, [&ours[..], b"\n"].concat()).unwrap();
    let relisted = Summary {
        relisted: true,
        ..counts(0, 4, 0, 0)
    };
    assert_eq!(project.write_and_check(OLD, &[]), relisted);
    assert_eq!(fs::read(&manifest).unwrap(), ours);
    assert_eq!(project.write_and_check(OLD, &[]), counts(0, 4, 0, 0));
}

#[test]
fn a_missing_file_comes_back() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    fs::remove_dir_all(project.path("site/a/b")).unwrap();
    assert_eq!(project.write_and_check(OLD, &[]), counts(1, 3, 0, 1));
    fs::remove_file(project.path("site/a/b/c.html")).unwrap();
    assert_eq!(project.write_and_check(NEW, &[]), counts(3, 1, 1, 6));
}

#[test]
fn foreign_files_stay() {
    let others: Files<'_> = &[
        ("site/CNAME", "docs"),
        ("site/a/mine", "m"),
        ("site/.git/HEAD", "h"),
    ];
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    for (path, content) in others {
        project.put(path, content);
    }
    fs::create_dir(project.path("site/empty")).unwrap();
    let empty = [others, &[("site/empty/", "")]].concat();
    let before = fs::metadata(project.path("site")).unwrap().ino();
    project.write_and_check(NEW, &empty);
    project.write_and_check(&[], &empty);
    assert_eq!(fs::metadata(project.path("site")).unwrap().ino(), before);
}

#[test]
fn an_empty_folder_that_is_not_ours_stays() {
    for name in ["site/x", "site/a/b/e"] {
        let project = Project::new();
        project.write_and_check(&[("index.html", "i"), ("a/b/c", "c")], &[]);
        fs::create_dir(project.path(name)).unwrap();
        let other = format!("{name}/");
        let others: Files<'_> = &[(&other, "")];
        project.write_and_check(&[("index.html", "j")], others);
    }
}

#[test]
fn a_foreign_file_with_our_bytes_is_adopted() {
    let project = Project::new();
    project.write_and_check(&[("a", "a")], &[]);
    project.put("site/z", "z");
    let files: Files<'_> = &[("a", "a"), ("z", "z")];
    let adopted = Summary {
        relisted: true,
        ..counts(0, 2, 0, 0)
    };
    assert_eq!(project.write_and_check(files, &[]), adopted);
    assert_eq!(project.write_and_check(files, &[]), counts(0, 2, 0, 0));
    assert_eq!(
        project.write_and_check(&[("a", "a")], &[]),
        counts(0, 1, 1, 0)
    );
}

#[test]
fn an_edit_of_equal_size_survives_and_verify_finds_it() {
    let mut project = Project::new();
    project.write_and_check(OLD, &[]);
    project.put("site/a/d.html", "D");
    project.write(NEW).unwrap();
    assert_eq!(fs::read(project.path("site/a/d.html")).unwrap(), b"D");
    project.options.verify = true;
    assert_eq!(
        project.refuse(NEW),
        "1 file in `site` would be lost; nothing has changed\n  a/d.html: changed since botdocs wrote it"
    );
    project.force().write_and_check(NEW, &[]);
}

#[test]
fn an_edit_to_what_we_would_write_is_adopted() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    project.put("site/index.html", "new!");
    assert_eq!(project.write_and_check(NEW, &[]), counts(2, 2, 2, 2));
}

#[test]
fn an_empty_folder_is_taken() {
    let project = Project::new();
    fs::create_dir(project.path("site")).unwrap();
    project.write_and_check(NEW, &[]);
}

#[test]
fn permissions_follow_the_umask_and_the_folder_keeps_its_own() {
    let project = Project::new();
    project.write_and_check(OLD, &[]);
    let mode = |path| fs::metadata(project.path(path)).unwrap().mode() & 0o7777;
    project.put("plain", "");
    fs::create_dir(project.path("folder")).unwrap();
    assert_eq!(mode("site/index.html"), mode("plain"));
    assert_eq!(mode("site/a"), mode("folder"));
    fs::set_permissions(project.path("site"), fs::Permissions::from_mode(0o750)).unwrap();
    project.write_and_check(NEW, &[("plain", ""), ("folder/", "")]);
    assert_eq!(mode("site"), 0o750);
}

#[test]
fn remove_deletes_what_is_ours() {
    let project = Project::new();
    let site = project.path("site");
    assert_eq!(remove(&site, &[], false).unwrap(), counts(0, 0, 0, 0));
    project.write_and_check(OLD, &[]);
    assert_eq!(remove(&site, &[], false).unwrap(), counts(0, 0, 4, 0));
    assert!(!site.exists());

    project.write_and_check(OLD, &[]);
    project.put("site/a/mine", "m").put("site/x", "edited");
    let before = project.snapshot();
    assert!(matches!(
        remove(&site, &[], false),
        Err(Error::Refused(Refusal::Files { .. }))
    ));
    assert_eq!(project.snapshot(), before);
    assert_eq!(remove(&site, &[], true).unwrap(), counts(0, 0, 4, 0));
    assert_eq!(
        project.snapshot(),
        BTreeMap::from([("site/a/mine".into(), "m".into())])
    );
}

#[test]
fn the_folder_of_bots_that_are_all_gone_is_ours_still() {
    let files: Files<'_> = &[("index.html", "i"), ("bots/ada/index.html", "a")];
    let project = Project::new();
    project.write_and_check(files, &[]);
    fs::remove_dir_all(project.path("site/bots/ada")).unwrap();
    project.write_and_check(&[("index.html", "j")], &[]);
    project.write_and_check(files, &[]);
    // As after a kill on the way: the manifest no longer lists the bots.
    fs::remove_dir_all(project.path("site/bots/ada")).unwrap();
    remove(&project.path("site"), &[], false).unwrap();
    assert!(!project.path("site").exists());
}

#[test]
fn what_a_killed_command_left_is_swept_but_nothing_else() {
    let project = Project::new();
    project.put(".site.botdocs-abc234/tree/mine", "no marker");
    project.put(".site.botdocs-notes/mine", "no name of ours");
    project.put(".other.botdocs-abcdef/botdocs-build", "another site's");
    fs::create_dir_all(project.path(".site.botdocs-empty2/tree")).unwrap();
    let others: Files<'_> = &[
        (".site.botdocs-abc234/tree/mine", "no marker"),
        (".site.botdocs-notes/mine", "no name of ours"),
        (".other.botdocs-abcdef/botdocs-build", "another site's"),
    ];
    project.write_and_check(OLD, others);
    // A folder that once stood in the place of the site: none of our commands puts one there.
    let container = project.path(".site.botdocs-killed");
    fs::create_dir(&container).unwrap();
    project.put(".site.botdocs-killed/tree/late", "late");
    fs::write(container.join("botdocs-build"), "0").unwrap();
    let late: Files<'_> = &[
        (".site.botdocs-killed/tree/late", "late"),
        (".site.botdocs-killed/botdocs-build", "0"),
    ];
    project.write_and_check(OLD, &[others, late].concat());
}

#[test]
fn a_container_in_use_is_not_swept() {
    let project = Project::new();
    project.put(".site.botdocs-inused/botdocs-build", "");
    let others: Files<'_> = &[(".site.botdocs-inused/botdocs-build", "")];
    let busy = Folder::open(&project.path(".site.botdocs-inused")).unwrap();
    assert_eq!(busy.lock(), system::Lock::Held);
    project.write_and_check(OLD, others);
    drop(busy);
    project.write_and_check(OLD, &[]);
}

/// Commits the change to [`NEW`] and stops there, as if killed.
fn leave_journal(project: &Project) {
    leave_journal_of(project, NEW);
}

fn leave_journal_of(project: &Project, files: Files<'_>) {
    let site = project.path("site");
    let root = Folder::open(&site).unwrap();
    let present = PresentManifest::read(&root, &site, false).unwrap();
    let old = &present.manifest;
    with_job(project, &tree(files), |job| {
        let survey = Survey::of(&root, old, job.tree).unwrap();
        let plan = Plan::make(&root, &survey, old, job.new, job.tree, job.options);
        let stage = Stage::new(&root);
        let staged = job.stage(&present, &mut plan.unwrap(), Goal::Site, &stage);
        let staged = staged.unwrap();
        assert!(matches!(staged, Staged::Committed(_)));
    });
}

/// Does one step of writing a tree.
fn with_job<T>(project: &Project, tree: &Tree<'_>, work: impl FnOnce(&Job<'_>) -> T) -> T {
    let dir = project.path("site");
    let place = Place::find(&dir, &[], None).unwrap();
    let mut new = Manifest::of(tree);
    let (choices, numbers) = listing::listed_choices(tree.bots());
    new.choices = choices;
    work(&Job {
        dir: &dir,
        options: &project.options,
        new: &new,
        numbers: &numbers,
        spares: Spares::default(),
        make_file: &spool_files(&dir),
        parent: &place.open_parent().unwrap(),
        place: &place,
        tree,
        progress: &|_| {},
    })
}

#[test]
fn builds_at_once_leave_one_whole_site() {
    let project = Project::new();
    let sites: Vec<Vec<(String, String)>> = (0..6)
        .map(|build| {
            (0..=build)
                .map(|n| (format!("{n}/page.html"), format!("{build}")))
                .collect()
        })
        .collect();
    std::thread::scope(|scope| {
        for site in &sites {
            scope.spawn(|| {
                let files: Vec<_> = site.iter().map(|(p, c)| (p.as_str(), c.as_str())).collect();
                for _ in 0..8 {
                    project.write(&files).unwrap();
                }
            });
        }
    });
    let mut found = project.snapshot();
    found.remove("site/botdocs-manifest.json").unwrap();
    let found: Vec<_> = found.into_iter().collect();
    let prefix = |(path, content): &(String, String)| (format!("site/{path}"), content.clone());
    assert!(
        sites
            .iter()
            .any(|site| site.iter().map(prefix).collect::<Vec<_>>() == found),
        "{found:?}"
    );
}
