//! `build --watch` on a real file system: every save is seen, whatever way it is made, and nothing
//! else is taken for one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use botdocs::input::diagnostic::Report;
use botdocs::input::load::{self, Folders, ListChoice};
use rustix::process::Signal;

use crate::project::{SITE, page, small, tree};
use crate::support::running::{PAGE, SAVES, assert_is_a_plain_build, sees, watching};

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
    assert_eq!(running.stop(Signal::INT), Some(0));
    assert_is_a_plain_build(&project);
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

/// A file in a folder that has just been made, a hundred folders.
#[test]
fn files_in_new_folders_are_seen() {
    // Of the spec's own folder only what a page shows is published.
    let project = small().file("static/own.css", "");
    let mut running = watching(&project, &[]);
    for number in 0..SAVES {
        project.write(
            &format!("static/pictures/{number}/deep/a{number}.svg"),
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        );
        while !tree(&project.path().join("site"))
            .iter()
            .any(|(path, _)| path.contains(&format!("/a{number}.")))
        {
            running.line("build with the file", |line| line.ends_with(" ms"));
        }
    }
    assert_eq!(running.stop(Signal::TERM), Some(0));
    assert_is_a_plain_build(&project);
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
    assert_eq!(running.stop(Signal::INT), Some(0));
}

#[test]
fn a_project_that_is_broken_at_the_start_is_built_when_it_is_mended() {
    let project = small().file(PAGE, "title: [\n");
    let mut running = watching(&project, &[]);
    assert!(running.said.iter().any(|line| line.starts_with("error[")));
    project.write(PAGE, page("Mended."));
    sees(&mut running, &project, "Mended.");
    assert_eq!(running.stop(Signal::INT), Some(0));
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

#[test]
fn polling_that_is_asked_for_sees_changes() {
    let project = small();
    let mut running = watching(&project, &["--poll=20"]);
    for number in 0..20 {
        let mark = format!("save {number} of many.");
        project.write(PAGE, page(&mark));
        sees(&mut running, &project, &mark);
    }
    assert_eq!(running.stop(Signal::INT), Some(0));
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
