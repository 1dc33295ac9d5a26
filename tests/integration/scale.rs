//! Many bots: work for what changed alone, compressed files, archives, and parts of several machines.

use std::os::unix::fs::MetadataExt as _;

use crate::project::Project;
use crate::support::bots::{list, project, project_of_parts};

#[test]
fn a_change_writes_what_shows_it_and_looks_at_the_rest() {
    let project = Project::new();
    project.write("bots.csv", list(500));
    let build = ["build", "--bots", "bots.csv"];
    project.run(&build).exits(0);
    let first = format!("{:08x}-bot-0", 0);
    let times = |bot: &str| {
        let path = format!("site/bots/{bot}/index.html");
        let meta = std::fs::metadata(project.path().join(path)).unwrap();
        (meta.ino(), meta.ctime(), meta.ctime_nsec())
    };
    let before = times(&first);
    let told = |list: &str| {
        project.write("bots.csv", list);
        let ran = project.run(&build).exits(0);
        let told = ran.stderr.lines().next().unwrap().to_owned();
        told.split_once(": ")
            .unwrap()
            .1
            .rsplit_once(", ")
            .unwrap()
            .0
            .to_owned()
    };
    assert_eq!(told(&list(500)), "nothing to change");
    // HTML, Markdown and the list of pages of the one that came.
    let more = told(&list(501));
    assert!(more.starts_with("3 files written"), "{more}");
    assert!(told(&list(499)).starts_with("6 files removed"));
    assert_eq!(times(&first), before);
}

/// Values that memory should not hold stand in a file that has no name.
#[test]
fn a_long_list_leaves_nothing_behind() {
    let project = Project::new();
    let site = "title: Docs\nnavigation: [api]\nvariables: {bot_name: {}, note: {}}\n";
    project.write("spec/site.yaml", site);
    let note = "x".repeat(40_000);
    let rows = (0..500).map(|bot| format!("bot-{bot},{note}{bot}\n"));
    let rows: String = rows.collect();
    project.write("bots.csv", format!("bot_id,note\n{rows}"));
    project.run(&["build", "--bots", "bots.csv"]).exits(0);
    let mut names: Vec<_> = std::fs::read_dir(project.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["bots.csv", "site", "spec"]);
    assert!(
        project
            .path()
            .join("site/bots/bot-499/index.html")
            .is_file()
    );
}

/// A list of many faults is read to its end, and as many are kept as anybody reads.
#[test]
fn of_many_faults_the_first_are_shown_and_all_are_counted() {
    for (name, header, row) in [
        ("bots.csv", "bot_id\n", "a/b\n"),
        ("bots.jsonl", "", "{\"bot_id\": \"a/b\", \"other\": \"\"}\n"),
    ] {
        let project = Project::new();
        project.write(name, format!("{header}{}", row.repeat(3_000)));
        let ran = project.run(&["build", "--bots", name]).exits(1);
        let faults = ran.stderr.lines().last().unwrap().to_owned();
        // Each line has two or three of them, but for one that the first can't have.
        let all = if header.is_empty() { "8,999" } else { "5,999" };
        let expected = format!("{all} errors; nothing was written");
        assert_eq!(faults, expected);
        assert_eq!(ran.stderr.matches("error[").count(), 100);
        let line = if header.is_empty() { 1 } else { 2 };
        assert!(
            ran.stderr.contains(&format!("{name}:{line}:")),
            "{}",
            ran.stderr
        );
    }
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes);
    std::io::Read::read_to_end(&mut decoder, &mut plain).unwrap();
    plain
}

/// Any program reads what `--gzip` writes, and finds there what is written without.
#[test]
fn compressed_files_hold_what_plain_ones_do() {
    let site = "title: Docs of {{ bot_name }}\nnavigation: [api]\nvariables: {bot_name: {}}\n";
    let project = Project::new().file("spec/site.yaml", site);
    // IDs and names of many lengths, and characters that are encoded on the way.
    let rows = (0..60).map(|bot| {
        format!(
            "b{},{}\n",
            "-x".repeat(bot % 9) + &bot.to_string(),
            "<&é>".repeat(bot % 5)
        )
    });
    project.write(
        "bots.csv",
        format!("bot_id,bot_name\n{}", rows.collect::<String>()),
    );
    let build = |out: &str, more: &[&str]| {
        let arguments = [&["build", "--bots", "bots.csv", "--out", out], more].concat();
        project.run(&arguments).exits(0);
        let mut tree = project.tree(out);
        tree.retain(|(path, _)| path != "botdocs-manifest.json");
        tree
    };
    let plain = build("plain", &[]);
    let (mut beside, mut packed) = (Vec::new(), 0);
    for (path, bytes) in build("beside", &["--gzip", "beside"]) {
        match path.strip_suffix(".gz") {
            None => beside.push((path, bytes)),
            Some(of) => {
                let (_, whole) = plain.iter().find(|(path, _)| path == of).unwrap();
                assert!(unpacked(&bytes) == *whole, "{path}");
                packed += 1;
            }
        }
    }
    assert!(beside == plain && packed > 180, "{packed}");
    let only = build("only", &["--gzip", "only"]);
    let texts = only
        .iter()
        .filter(|(path, _)| path.ends_with(".gz"))
        .count();
    assert_eq!(texts, packed);
    let mut unpacked: Vec<_> = only
        .into_iter()
        .map(|(path, bytes)| match path.strip_suffix(".gz") {
            Some(of) => (of.to_owned(), unpacked(&bytes)),
            None => (path, bytes),
        })
        .collect();
    unpacked.sort();
    assert!(unpacked == plain);
    let again = project.run(&[
        "build", "--bots", "bots.csv", "--out", "only", "--gzip", "only",
    ]);
    assert!(again.exits(0).stderr.contains("nothing to change"));
}

#[test]
fn more_than_a_host_takes_is_told_and_strictly_not_written() {
    let project = Project::new();
    // Three files each, and those of the generic site.
    project.write("bots.csv", list(6_700));
    let build = [
        "build",
        "--bots",
        "bots.csv",
        "--archive",
        "site.tar",
        "--hosting",
    ];
    let ran = project.run(&[&build[..], &["cloudflare-pages", "--strict"]].concat());
    let told = ran.exits(1).stderr;
    assert!(
        told.contains("error: the site has 20,1") && told.ends_with("nothing was written\n"),
        "{told}"
    );
    assert!(!project.path().join("site.tar").exists());
    let told = project
        .run(&[&build[..], &["gitlab-pages", "--strict"]].concat())
        .exits(0)
        .stderr;
    assert!(!told.contains("the site has"), "{told}");
    let warned = [&build[..], &["cloudflare-pages", "--force"]].concat();
    let told = project.run(&warned).exits(0).stderr;
    let archive = std::fs::File::open(project.path().join("site.tar")).unwrap();
    // The manifest is one of them: hosts count it too.
    let files = tar::Archive::new(archive).entries().unwrap().count();
    let expected = format!(
        "warning: the site has {},{:03} files; the limit of Cloudflare Pages is 20,000 files",
        files / 1000,
        files % 1000
    );
    assert!(told.contains(&expected), "{told}");
}

#[test]
fn an_archive_is_not_written_under_the_name_of_another_form() {
    let project = Project::new();
    for name in ["site.tar.gz", "site.tgz", "site.ZIP", "site.tar.zst"] {
        let ran = project.run(&["build", "--archive", name]).exits(2);
        assert!(
            ran.stderr.contains("--archive - | gzip > FILE"),
            "{}",
            ran.stderr
        );
        assert!(!project.path().join(name).exists());
    }
    // A site without plain pages has nothing that a browser could open from disk.
    let open = "open site/index.html";
    assert!(project.run(&["build"]).exits(0).stderr.contains(open));
    let only = project.run(&["build", "--gzip", "only"]).exits(0);
    assert!(!only.stderr.contains("open "), "{}", only.stderr);
}

#[test]
fn parts_are_disjoint_and_joined_they_are_the_whole() {
    let project = project_of_parts();
    let whole = project.tree("whole");
    for parts in [1, 2, 5] {
        let names: Vec<String> = (1..=parts)
            .map(|part| format!("{part}-of-{parts}"))
            .collect();
        let mut bots = 0;
        for (at, name) in names.iter().enumerate() {
            let shard = format!("{}/{parts}", at + 1);
            let build = [
                "build", "--bots", "bots.csv", "--shard", &shard, "--out", name,
            ];
            project.run(&build).exits(0);
            let folder = project.path().join(name).join("bots");
            bots += std::fs::read_dir(folder).unwrap().count();
            assert!(
                project
                    .tree(name)
                    .iter()
                    .any(|(path, _)| path == "index.html")
            );
            assert!(project.run(&build).stderr.contains("nothing to change"));
        }
        assert_eq!(bots, 200);
        let out = format!("joined-{parts}");
        let merge: Vec<&str> = ["merge", "--out", &out]
            .into_iter()
            .chain(names.iter().map(String::as_str))
            .collect();
        project.run(&merge).exits(0);
        assert!(project.tree(&out) == whole, "{parts} parts");
        let again = project.run(&["build", "--bots", "bots.csv", "--out", &out]);
        assert!(
            again.stderr.contains("nothing to change"),
            "{}",
            again.stderr
        );
        let ran = project.run(&merge).exits(0);
        assert!(ran.stderr.contains("nothing to change"), "{}", ran.stderr);
        assert!(project.tree(&out) == whole, "{parts} parts, again");
    }
}

#[test]
fn parts_that_do_not_fit_together_are_refused() {
    let project = project_of_parts();
    let build = |shard: &str, out: &str| {
        let build = [
            "build", "--bots", "bots.csv", "--shard", shard, "--out", out,
        ];
        project.run(&build).exits(0);
    };
    build("1/2", "one");
    build("2/2", "two");
    build("1/3", "third");
    build("1/2", "again");
    let refused = |parts: &[&str], said: &str| {
        let arguments = [&["merge", "--out", "joined"], parts].concat();
        let ran = project.run(&arguments).exits(1);
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
        assert!(!project.path().join("joined").exists());
    };
    refused(
        &["one", "two", "third"],
        "`one` is shard 1/2, and `third` is shard 1/3",
    );
    refused(&["one"], "shard 2/2 is missing");
    refused(&["third"], "shard 2/3 is missing, and 1 more");
    refused(&["one", "again"], "`one` and `again` are both shard 1/2");
    project
        .run(&["build", "--bots", "bots.csv", "--out", "whole"])
        .exits(0);
    refused(
        &["whole", "one"],
        "`one` is shard 1/2, and `whole` is no shard",
    );
    project
        .run(&["build", "--bots", "bots.csv", "--out", "twin"])
        .exits(0);
    refused(&["whole", "twin"], "is in two parts");
    refused(&["one", "spec"], "`spec` has no manifest of botdocs");
    let page = project.path().join("two/bots");
    let page = std::fs::read_dir(page)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = std::fs::read(page.join("index.html")).unwrap();
    project.write("kept", &text);
    std::fs::write(page.join("index.html"), "edited").unwrap();
    refused(&["one", "two"], "is not as botdocs wrote it");
    // Of the same size.
    for path in [
        page.join("index.html"),
        project.path().join("one/index.html"),
    ] {
        let text = std::fs::read(&path).unwrap();
        let edited = String::from_utf8_lossy(&text).replace("Chat", "CHAT");
        std::fs::write(&path, edited).unwrap();
        refused(&["--verify", "one", "two"], "is not as botdocs wrote it");
        std::fs::write(&path, text).unwrap();
    }
    std::fs::write(page.join("index.html"), text).unwrap();
    std::fs::create_dir(project.path().join("two/.botdocs-journal")).unwrap();
    refused(&["one", "two"], "`two` is only half updated");
    std::fs::remove_dir(project.path().join("two/.botdocs-journal")).unwrap();
    project.write("spec/guide.md", "---\ntitle: Guide\n---\nAnother one.\n");
    build("1/2", "one");
    refused(&["one", "two"], "is another file in `two`");
    build("2/2", "two");
    project
        .run(&["merge", "--out", "joined", "one", "two"])
        .exits(0);
    for (shard, said) in [
        ("0/2", "1/2 to 2/2"),
        ("3/2", "1/2 to 2/2"),
        ("1", "write K/N"),
        ("a/2", "is not a number"),
    ] {
        let ran = project.run(&["build", "--bots", "bots.csv", "--shard", shard]);
        assert!(ran.exits(2).stderr.contains(said));
    }
}

/// A part has the bots of some hashes, so of a list that lacks others nothing is missing in it.
#[test]
fn parts_of_different_lists_are_refused_and_named() {
    let project = project();
    let row = |bot: usize| format!("b{bot},Name,\n");
    let list = |rows: String| format!("bot_id,bot_name,endpoints\n{rows}");
    let all = list((0..20).map(row).collect());
    let build = |list: &str, shard: &str, out: &str, more: &[&str]| {
        project.write("bots.csv", list);
        let build = [
            "build", "--bots", "bots.csv", "--shard", shard, "--out", out,
        ];
        project.run(&[&build[..], more].concat()).exits(0);
    };
    build(&all, "2/2", "two", &[]);
    let same = "`one` and `two` were built with different lists or values of bots";
    for (at, (other, set, said)) in [
        (
            list((0..5).map(row).collect()),
            &[][..],
            "`one` was built with a list of 5 bots, and `two` with one of 20 bots",
        ),
        (
            list(row(0)),
            &[],
            "`one` was built with a list of 1 bot, and `two` with one of 20 bots",
        ),
        // As long, with another bot, another value or other endpoints.
        (all.replace("b7,", "c7,"), &[], same),
        (all.replace("b7,Name", "b7,Other"), &[], same),
        (all.replace("b7,Name,", "b7,Name,chat"), &[], same),
        (
            all.replace("b7,Name", "b7,"),
            &["--set", "bot_name=X"],
            same,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let _ = std::fs::remove_dir_all(project.path().join("one"));
        build(&other, "1/2", "one", set);
        for parts in [["one", "two"], ["two", "one"]] {
            let merge = [&["merge", "--out", "joined"], &parts[..]].concat();
            let ran = project.run(&merge).exits(1);
            assert!(ran.stderr.contains("`one`"), "{at}: {}", ran.stderr);
            assert!(ran.stderr.contains("`two`"), "{at}: {}", ran.stderr);
            assert!(
                parts[0] != "one" || ran.stderr.contains(said),
                "{at}: {}",
                ran.stderr
            );
            assert!(!project.path().join("joined").exists());
        }
    }
    // The order of a list is no difference.
    let _ = std::fs::remove_dir_all(project.path().join("one"));
    let turned = list((0..20).rev().map(row).collect());
    build(&turned, "1/2", "one", &[]);
    project
        .run(&["merge", "--out", "joined", "one", "two"])
        .exits(0);
}
