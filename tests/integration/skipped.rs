//! `build --skip-bad-bots`: bots with faults keep their last pages, whatever else changes.

use std::collections::BTreeMap;

use crate::project::Project;
use crate::support::bots::project;

const SKIP: [&str; 5] = ["build", "--strict", "--bots", "bots.csv", "--skip-bad-bots"];

/// The files of a site by their paths.
fn files(project: &Project) -> BTreeMap<String, Vec<u8>> {
    project.tree("site").into_iter().collect()
}

fn of_bot<'f>(files: &'f BTreeMap<String, Vec<u8>>, id: &str) -> BTreeMap<&'f str, &'f [u8]> {
    let of = format!("bots/{id}/");
    let own = files.iter().filter(|(path, _)| path.starts_with(&of));
    own.map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect()
}

/// Three bots are built, then the list and the style change.
fn changed(list: &str) -> (Project, BTreeMap<String, Vec<u8>>) {
    let project = project();
    let first = "bot_id,bot_name,endpoints\nada,Ada,\nbob,Bob,chat\ncem,Cem,\n";
    let build = ["build", "--strict", "--bots", "bots.csv"];
    project.write_and_run("bots.csv", first, &build).exits(0);
    let before = files(&project);
    project.write("bots.csv", list);
    // Another accent is another style sheet.
    let site = project.read("spec/site.yaml");
    project.write("spec/site.yaml", format!("{site}accent: \"#3350cf\"\n"));
    let guide = project.read("spec/guide.md");
    project.write("spec/guide.md", guide.replace("can [chat]", "may [chat]"));
    (project, before)
}

#[test]
fn a_bad_bot_keeps_its_last_pages_and_what_they_need() {
    let long = "x".repeat(50);
    let list =
        format!("bot_id,bot_name,endpoints\nada,Ada,\nbob,{long},chat\nnew,{long},\ndan,Dan,\n");
    let (project, before) = changed(&list);
    // Without the flag nothing is built.
    project.run(&["build", "--bots", "bots.csv"]).exits(1);
    assert!(files(&project) == before);
    let ran = project.run(&SKIP).exits(4);
    for told in [
        "warning[invalid-variable-value]: bot `bob`",
        "bots.csv:3:1",
        "bots.csv:4:1",
        "2 bots skipped: their last pages stay",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    let after = files(&project);
    assert_eq!(of_bot(&after, "bob"), of_bot(&before, "bob"));
    assert_ne!(of_bot(&after, "ada"), of_bot(&before, "ada"));
    assert!(!of_bot(&after, "dan").is_empty());
    assert!(of_bot(&after, "new").is_empty() && of_bot(&after, "cem").is_empty());
    // What its pages name is there still.
    let page = String::from_utf8(after["bots/bob/index.html"].clone()).unwrap();
    let mut named = 0;
    for link in page.split("../../").skip(1) {
        let path = link.split(['"', '?', '#', ' ']).next().unwrap();
        if path.starts_with("assets/") {
            assert!(after.contains_key(path), "{path}");
            named += 1;
        }
    }
    assert!(named > 1, "{page}");
    let left = before.keys().filter(|path| path.starts_with("assets/"));
    let newer = String::from_utf8(after["bots/ada/index.html"].clone()).unwrap();
    let mut only_its = left.filter(|path| page.contains(*path) && !newer.contains(*path));
    assert!(only_its.next().is_some());
    // Again it is the same, and nothing is written.
    let again = project.run(&SKIP).exits(4);
    assert!(
        again.stderr.contains("nothing to change"),
        "{}",
        again.stderr
    );
    assert!(files(&project) == after);
    project.run(&[&SKIP[..], &["--verify"]].concat()).exits(4);
    assert!(files(&project) == after);
    // The bot is mended: the site is that of a folder without a past.
    let right = list.replace(&long, "Right");
    project.write("bots.csv", right);
    project.run(&SKIP).exits(0);
    let mended = files(&project);
    std::fs::remove_dir_all(project.path().join("site")).unwrap();
    project.run(&SKIP).exits(0);
    assert!(files(&project) == mended);
    // And it can go for good.
    project.write("bots.csv", "bot_id\nada\n");
    project.run(&SKIP).exits(0);
    assert!(of_bot(&files(&project), "bob").is_empty());
}

#[test]
fn files_that_a_skipped_bot_links_stay_whatever_their_form() {
    let names = ["terms.txt", "terms.md", "terms.html", "terms.pdf"];
    let links = names
        .map(|name| format!("[{name}](files/{name})"))
        .join(" ");
    for more in [&[][..], &["--gzip", "beside"], &["--gzip", "only"]] {
        let build = [&SKIP[..], more].concat();
        let project = project();
        let guide = project.read("spec/guide.md");
        project.write("spec/guide.md", format!("{guide}\n{links}\n"));
        let publish = |text: &str| {
            for name in names {
                project.write(&format!("spec/files/{name}"), text.repeat(50));
            }
        };
        publish("The first terms. ");
        let list = "bot_id,bot_name\nada,Ada\nbob,Bob\n";
        project.write_and_run("bots.csv", list, &build).exits(0);
        let before = files(&project);
        publish("The second terms. ");
        let site = project.read("spec/site.yaml");
        let site = site.replace("site_url: https://docs.example.com/\n", "");
        project.write("spec/site.yaml", site);
        let list = list.replace("Bob", &"x".repeat(50));
        project.write_and_run("bots.csv", &list, &build).exits(4);
        let after = files(&project);
        assert_eq!(of_bot(&after, "bob"), of_bot(&before, "bob"));
        let assets = before.keys().filter(|path| path.starts_with("assets/"));
        let mut terms = 0;
        for path in assets {
            assert!(after.contains_key(path), "{path}");
            terms += usize::from(path.contains("terms"));
        }
        assert!(terms >= names.len(), "{before:?}");
        // Of the site itself stays what it has, alone.
        let sitemaps = |files: &BTreeMap<String, Vec<u8>>| {
            let names = files.keys().filter(|path| path.starts_with("sitemap"));
            names.count()
        };
        assert!(sitemaps(&before) > 0 && sitemaps(&after) == 0, "{more:?}");
    }
}

#[test]
fn where_an_id_can_t_be_read_no_bot_loses_its_pages() {
    for row in [
        "\"bob,Bob,chat\n",
        "bob,Bob\n",
        ",Bob,chat\n",
        "b ob,Bob,chat\n",
        "\"bob\"x,Bob,chat\n",
    ] {
        let (project, before) = changed(&format!("bot_id,bot_name,endpoints\nada,Ada,\n{row}"));
        let ran = project.run(&SKIP).exits(4);
        let told = "1 bot skipped, not all with a readable ID: no bot lost its pages";
        assert!(ran.stderr.contains(told), "{row}: {}", ran.stderr);
        assert!(ran.stderr.contains("bots.csv:3:"), "{row}: {}", ran.stderr);
        let after = files(&project);
        for id in ["bob", "cem"] {
            assert_eq!(of_bot(&after, id), of_bot(&before, id), "{row}");
        }
        assert_ne!(of_bot(&after, "ada"), of_bot(&before, "ada"));
    }
    for line in [
        "{",
        "[1]",
        "{\"bot_id\": null}",
        "{\"bot_id\": \"bob\", \"bot_id\": \"cem\"}",
    ] {
        let (project, before) = changed("");
        project.write("bots.jsonl", format!("{{\"bot_id\": \"ada\"}}\n{line}\n"));
        let build = ["build", "--bots", "bots.jsonl", "--skip-bad-bots"];
        project.run(&build).exits(4);
        let after = files(&project);
        for id in ["bob", "cem"] {
            assert_eq!(of_bot(&after, id), of_bot(&before, id), "{line}");
        }
    }
}

#[test]
fn what_is_wrong_with_the_list_as_a_whole_is_never_skipped() {
    let long = "x".repeat(50);
    for list in [
        // No bot is right, a column is wrong, the text ends in no text, an ID is there twice.
        format!("bot_id,bot_name\nada,{long}\n"),
        format!("bot_id,name\nada,{long}\nbob,\n"),
        "bot_name\nada\n".to_owned(),
        "bot_id,bot_name\nada,Ada\nada,Bob\n".to_owned(),
        format!("bot_id,bot_name\nada,Ada\nADA,{long}\n"),
    ] {
        let (project, before) = changed(&list);
        project.run(&SKIP).exits(1);
        assert!(files(&project) == before, "{list}");
    }
    let (project, before) = changed("");
    project.write("bots.csv", b"bot_id\nada\n\xff\n");
    project.run(&SKIP).exits(1);
    // So many faults are no fault of bots.
    let rows: String = (0..1100).map(|bot| format!("b{bot},{long}\n")).collect();
    project.write("bots.csv", format!("bot_id,bot_name\nada,Ada\n{rows}"));
    project.run(&SKIP).exits(1);
    assert!(files(&project) == before);
}

#[test]
fn bots_that_are_skipped_count_as_there_for_the_guard() {
    let project = project();
    let row = |bot: usize, name: &str| format!("b{bot},{name}\n");
    let list = |name: &str, bad: usize| {
        let rows = (0..60).map(|bot| row(bot, if bot < bad { name } else { "Name" }));
        format!("bot_id,bot_name\n{}", rows.collect::<String>())
    };
    for more in [&[][..], &["--shard", "1/2", "--out", "part"]] {
        let build = [&SKIP[..], more].concat();
        project
            .write_and_run("bots.csv", &list("Name", 0), &build)
            .exits(0);
        let long = "x".repeat(50);
        project
            .write_and_run("bots.csv", &list(&long, 40), &build)
            .exits(4);
        let gone = list("Name", 0)
            .replace("b1", "c1")
            .replace("b2", "c2")
            .replace("b3", "c3");
        project.write_and_run("bots.csv", &gone, &build).exits(1);
    }
}

#[test]
fn the_flag_is_for_a_list_and_a_folder() {
    let project = project();
    project.write("bots.csv", "bot_id\nada\n");
    for more in [
        &["--archive", "x.tar"][..],
        &["--bot", "ada"],
        &["--generic"],
    ] {
        let build = [&["build", "--skip-bad-bots"][..], more].concat();
        project.run(&build).exits(2);
    }
}

#[test]
fn clean_reports_of_how_many_bots_the_pages_went() {
    let project = project();
    let list = "bot_id\nada\nbob\n";
    let build = ["build", "--bots", "bots.csv"];
    project.write_and_run("bots.csv", list, &build).exits(0);
    let ran = project.run(&["clean"]).exits(0);
    let told = "files with the pages of 2 bots, deleted in site";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    project.run(&["build"]).exits(0);
    let ran = project.run(&["clean"]).exits(0);
    assert!(!ran.stderr.contains("bots"), "{}", ran.stderr);
}

/// The parts of several machines, of which one has skipped a bot, join to what one build of all writes.
#[test]
fn parts_that_skip_bots_are_merged_with_what_these_keep() {
    let long = "x".repeat(50);
    let bots = ["ada", "bob", "cem", "dan", "eve", "fay"];
    let list = |bad: &[&str]| {
        let name = |bot| {
            if bad.contains(&bot) {
                long.as_str()
            } else {
                bot
            }
        };
        let rows = bots.map(|bot| format!("{bot},{}\n", name(bot)));
        format!("bot_id,bot_name\n{}", rows.concat())
    };
    let builds = [
        (&["--out", "site"][..], "site"),
        (&["--shard", "1/2", "--out", "part-1"], "part-1"),
        (&["--shard", "2/2", "--out", "part-2"], "part-2"),
    ];
    for last in [list(&["bob", "eve"]), format!("{}b ad,Bad\n", list(&[]))] {
        let project = project();
        for (more, _) in builds {
            let build = [&SKIP[..], more].concat();
            project
                .write_and_run("bots.csv", &list(&[]), &build)
                .exits(0);
        }
        let site = project.read("spec/site.yaml");
        project.write("spec/site.yaml", format!("{site}accent: \"#3350cf\"\n"));
        let before = files(&project);
        for (more, _) in builds {
            let build = [&SKIP[..], more].concat();
            project.write_and_run("bots.csv", &last, &build).exits(4);
        }
        let merge = ["merge", "part-1", "part-2", "--verify", "--out", "all"];
        project.run(&merge).exits(0);
        let merged: BTreeMap<_, _> = project.tree("all").into_iter().collect();
        let whole = files(&project);
        let (merged_names, whole_names): (Vec<_>, Vec<_>) =
            (merged.keys().collect(), whole.keys().collect());
        assert_eq!(merged_names, whole_names);
        assert!(merged == whole, "{last}");
        for bot in ["bob", "eve"].into_iter().filter(|_| last.contains(&long)) {
            assert_eq!(of_bot(&merged, bot), of_bot(&before, bot));
        }
        // The joined site knows what it holds: the next build of all changes nothing.
        let again = [&SKIP[..], &["--out", "all"]].concat();
        let ran = project.run(&again).exits(4);
        assert!(ran.stderr.contains("nothing to change"), "{}", ran.stderr);
    }
}
