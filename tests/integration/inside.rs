//! What a project's files name stays inside the project: neither a link nor a list of ours leads a
//! command to other files. What the user names on the command line is the user's own word.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use crate::project::{Project, Ran, SITE};
use crate::support::inside::{OUTSIDE, Put, no_archive_takes_the_place_of, project};

fn link(project: &Project, to: &str, from: &str) {
    symlink(to, project.path().join(from)).unwrap();
}

/// Fails where something from outside stands in what was printed or built.
#[track_caller]
fn kept_outside(project: &Project, ran: &Ran) {
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(!said.contains(OUTSIDE), "{said}");
    if !project.path().join("docs/site").exists() {
        return;
    }
    for (path, bytes) in project.tree("docs/site") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(OUTSIDE), "{path}");
    }
}

#[test]
fn a_folder_of_the_project_that_is_a_link_is_not_read() {
    for name in ["spec", "templates", "static"] {
        for to in [
            format!("../outside/{name}"),
            "nowhere".to_owned(),
            name.to_owned(),
        ] {
            let project = project();
            if name == "spec" {
                fs::remove_dir_all(project.path().join("docs/spec")).unwrap();
            }
            link(&project, &to, &format!("docs/{name}"));
            for command in ["check", "build"] {
                let ran = project.run(&[command, "docs"]).exits(1);
                let fault = format!("error[not-a-file]: a symbolic link\n--> docs/{name}\n");
                assert!(ran.stderr.contains(&fault), "{}", ran.stderr);
                assert!(
                    ran.stderr.contains(&format!("`--{name}`")),
                    "{}",
                    ran.stderr
                );
                kept_outside(&project, &ran);
            }
        }
    }
}

#[test]
fn a_link_that_the_user_names_is_followed() {
    for name in ["spec", "templates", "static"] {
        let project = project();
        link(&project, &format!("outside/{name}"), "named");
        let flag = format!("--{name}");
        project.run(&["build", "docs", &flag, "named"]).exits(0);
    }
    let project = project();
    link(&project, "docs", "named");
    project.run(&["build", "named"]).exits(0);
    link(&project, "outside/bots.csv", "bots.csv");
    let site = format!("{SITE}variables: {{{OUTSIDE}: {{}}}}\n");
    let site = site.replace(OUTSIDE, "bot_name");
    project.write("docs/spec/site.yaml", site);
    project.write("outside/bots.csv", "bot_id,bot_name\nada,Ada\n");
    project
        .run(&["build", "docs", "--bots", "bots.csv"])
        .exits(0);
}

#[test]
fn what_stands_in_the_place_of_a_folder_is_reported() {
    for name in ["spec", "templates", "static"] {
        let project = project();
        let path = project.path().join("docs").join(name);
        let _ = fs::remove_dir_all(&path);
        fs::write(&path, "x").unwrap();
        let ran = project.run(&["check", "docs"]).exits(1);
        let fault = format!("error[missing-input]: not a folder\n--> docs/{name}\n");
        assert!(ran.stderr.contains(&fault), "{}", ran.stderr);
    }
}

#[test]
fn no_link_leads_to_the_list_of_site_yaml() {
    for (to, from, file) in [
        ("../outside/bots.csv", "docs/bots.csv", "bots.csv"),
        ("../outside", "docs/lists", "lists/bots.csv"),
        ("../../outside", "docs/spec/lists", "spec/lists/bots.csv"),
    ] {
        let project = project();
        project.write("docs/spec/site.yaml", format!("{SITE}bots: {file}\n"));
        link(&project, to, from);
        for command in ["check", "build"] {
            let ran = project.run(&[command, "docs"]).exits(1);
            assert!(ran.stderr.contains("symbolic link"), "{}", ran.stderr);
            kept_outside(&project, &ran);
        }
    }
}

#[test]
fn no_link_leads_to_the_output_of_site_yaml() {
    for (to, from, output) in [
        ("../outside", "docs/a", "a/site"),
        ("../../outside", "docs/b/a", "b/a/deep/site"),
        ("../outside", "docs/site", "site"),
    ] {
        let project = project();
        project.write("docs/spec/site.yaml", format!("{SITE}output: {output}\n"));
        fs::create_dir_all(project.path().join("docs/b")).unwrap();
        link(&project, to, from);
        let before = project.tree("outside");
        for command in ["build", "clean"] {
            let ran = project.run(&[command, "docs"]).exits(2);
            let fault = format!("is reached by the symbolic link `{from}`");
            assert!(ran.stderr.contains(&fault), "{}", ran.stderr);
            assert!(before == project.tree("outside"), "{command} {output}");
        }
        let named = format!("docs/{}", output.replace("site", "named"));
        if output != "site" {
            project.run(&["build", "docs", "--out", &named]).exits(0);
            project.run(&["clean", "docs", "--out", &named]).exits(0);
        }
        // An archive is written elsewhere.
        project
            .run(&["build", "docs", "--archive", "site.tar"])
            .exits(0);
    }
}

#[test]
fn an_archive_takes_the_place_of_regular_files_only() {
    let kinds: [(&str, Put<'_>); 4] = [
        ("link", &|at| symlink("target", at).unwrap()),
        ("dangling link", &|at| symlink("nowhere", at).unwrap()),
        ("socket", &|at| drop(UnixListener::bind(at).unwrap())),
        ("folder", &|at| fs::create_dir(at).unwrap()),
    ];
    for (kind, put) in kinds {
        no_archive_takes_the_place_of(kind, put);
    }
}

#[test]
fn an_archive_is_not_written_into_an_output_directory() {
    let project = project();
    project.run(&["build", "docs", "--out", "site"]).exits(0);
    fs::create_dir(project.path().join("site/own")).unwrap();
    symlink("site/own", project.path().join("link")).unwrap();
    let before = project.tree("site");
    for archive in [
        "site/index.html",
        "site/botdocs-manifest.json",
        "site/assets/x.tar",
        "site/x.tar",
        "site/own/x.tar",
        "link/x.tar",
    ] {
        for flags in [&[][..], &["--force"]] {
            let build = ["build", "docs", "--archive", archive];
            let ran = project.run(&[&build, flags].concat()).exits(2);
            let fault = format!("the archive `{archive}` lies in the output directory");
            assert!(ran.stderr.contains(&fault), "{}", ran.stderr);
            assert!(before == project.tree("site"), "{archive}");
        }
    }
}

#[test]
fn an_archive_is_not_written_among_the_projects_files() {
    let project = project();
    fs::create_dir(project.path().join("docs/spec/own")).unwrap();
    let before = project.tree("docs");
    for archive in ["docs/spec/x.tar", "docs/spec/own/x.tar"] {
        for flags in [&[][..], &["--force"]] {
            let build = ["build", "docs", "--archive", archive];
            let ran = project.run(&[&build, flags].concat()).exits(2);
            let fault = format!("error: the archive `{archive}` lies in the input `docs/spec`\n");
            assert!(ran.stderr.starts_with(&fault), "{}", ran.stderr);
            assert!(ran.stderr.ends_with("help: name a file outside of it\n"));
            assert!(before == project.tree("docs"), "{archive}");
        }
    }
}

/// Writes a manifest that lists files of a folder as botdocs' own.
fn forge(project: &Project, folder: &str, files: &[&str]) {
    let lines: Vec<String> = files
        .iter()
        .map(|path| {
            let bytes = fs::read(project.path().join(folder).join(path)).unwrap();
            let hash = blake3::hash(&bytes);
            format!(
                "{{\"path\": \"{path}\", \"size\": {}, \"blake3\": \"{hash}\"}}",
                bytes.len()
            )
        })
        .collect();
    let about = "Files that botdocs wrote here, and may replace or delete. Keep this file beside them, unchanged.";
    let text = format!(
        "{{\n\"about\": \"{about}\",\n\"format\": 2,\n\"files\": [\n{}\n],\n\"choices\": [\n\n],\n\"bots\": [\n\n],\n",
        lines.join(",\n")
    );
    let hash = blake3::hash(text.as_bytes());
    let manifest = format!("{text}\"checksum\": \"{hash}\"\n}}\n");
    project.write(&format!("{folder}/botdocs-manifest.json"), manifest);
}

#[test]
fn clean_deletes_nothing_where_the_projects_files_are() {
    for (folder, file) in [
        ("docs/spec", "api.yaml"),
        ("docs/templates", "own.html"),
        ("docs/static", "own.css"),
        ("docs/static/deep", "own.css"),
        ("docs", "spec/api.yaml"),
        ("docs", "README.md"),
        (".", "docs/spec/api.yaml"),
    ] {
        let project = project()
            .file("docs/README.md", "x")
            .file("docs/templates/own.html", "x")
            .file("docs/static/own.css", "x")
            .file("docs/static/deep/own.css", "x");
        forge(&project, folder, &[file]);
        for flags in [&[][..], &["--force"]] {
            let clean = ["clean", "docs", "--out", folder];
            let ran = project.run(&[&clean, flags].concat()).exits(2);
            assert!(
                ran.stderr.contains("overlaps the input"),
                "{folder}: {}",
                ran.stderr
            );
        }
        assert!(project.path().join(folder).join(file).exists(), "{folder}");
    }
    // A folder that has nothing of the project is cleaned by such a manifest.
    let project = project().file("other/file", "x");
    forge(&project, "other", &["file"]);
    project.run(&["clean", "docs", "--out", "other"]).exits(0);
    assert!(!project.path().join("other").exists());
}

#[test]
fn files_of_the_theme_are_copied_through_no_link() {
    for name in ["templates", "static"] {
        let project = project();
        link(
            &project,
            &format!("../outside/{name}"),
            &format!("docs/{name}"),
        );
        let before = project.tree("outside");
        for flags in [&[][..], &["--force"]] {
            let eject = ["theme", "eject", "--dir", "docs"];
            let ran = project.run(&[&eject, flags].concat()).exits(2);
            let fault = format!("{name}; nothing was written");
            assert!(ran.stderr.contains(&fault), "{}", ran.stderr);
            assert!(!ran.stderr.contains("--force"), "{}", ran.stderr);
            assert!(before == project.tree("outside"));
        }
    }
}

#[test]
fn the_list_that_is_taken_is_not_published() {
    let bots = "bot_id\nada\n";
    for path in ["docs/static/customers.csv", "docs/spec/customers.csv"] {
        for flag in [&["--bots", path][..], &["--bots", "link.csv"]] {
            let project = project().file(path, bots);
            link(&project, path, "link.csv");
            let build = ["build", "docs", "--strict"];
            project.run(&[&build, flag].concat()).exits(0);
            let found = project.tree("docs/site");
            let published = found.iter().find(|(_, bytes)| bytes == bots.as_bytes());
            assert!(published.is_none(), "{published:?}");
            let pages = found
                .iter()
                .filter(|(path, _)| path.starts_with("bots/ada/"));
            assert_ne!(pages.count(), 0);
            // Beside it the list of site.yaml is left out, too.
            project.write("docs/static/other.csv", "bot_id\nbob\n");
            let site = format!("{SITE}bots: static/other.csv\n");
            project.write("docs/spec/site.yaml", site);
            project.run(&[&build, flag].concat()).exits(0);
            let found = project.tree("docs/site");
            assert!(found.iter().all(|(path, _)| !path.ends_with(".csv")));
        }
        let project = project().file(path, bots);
        let list = fs::File::open(project.path().join(path)).unwrap();
        let mut command = project.command(&["build", "docs", "--strict", "--bots", "-"]);
        Ran::of(command.stdin(list).output().unwrap()).exits(0);
        let found = project.tree("docs/site");
        assert!(found.iter().all(|(path, _)| !path.ends_with(".csv")));
    }
}
