//! Many bots: memory that hardly grows with them, and work for what changed alone.

use std::fmt::Write as _;
use std::os::unix::fs::MetadataExt as _;

use crate::blocks::blocks;
use crate::docs::{botdocs_commands, parse};
use crate::project::{Project, repository, tool};

/// Runs a command and prints the most memory that it had, in KB.
const PEAK: &str = "
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
sys.exit(os.waitstatus_to_exitcode(status)) if status else print(usage.ru_maxrss)
";

fn list(bots: usize) -> String {
    let mut list = String::from("bot_id\n");
    for bot in 0..bots {
        let _ = writeln!(list, "{:08x}-bot-{bot}", bot.wrapping_mul(2_654_435_761));
    }
    list
}

/// The most memory that a build of so many bots takes, in KB.
fn peak(project: &Project, bots: usize) -> i64 {
    project.write("bots.csv", list(bots));
    let out = format!("site-{bots}");
    peak_of(project, &["build", "--bots", "bots.csv", "--out", &out])
}

/// The most memory that a command takes, in KB.
fn peak_of(project: &Project, arguments: &[&str]) -> i64 {
    let mut command = tool("python3");
    command.args(["-c", PEAK, env!("CARGO_BIN_EXE_botdocs")]);
    command.args(arguments);
    project.prepare(&mut command);
    let output = command.output().expect("Python is installed");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

/// The pages of each bot alone would take 40 MB.
#[test]
fn memory_hardly_grows_with_the_number_of_bots() {
    let project = Project::new();
    let few = peak(&project, 300);
    let many = peak(&project, 3_300);
    let each = (many - few) * 1024 / 3_000;
    assert!(each < 600, "{each} bytes a bot: {few} KB, then {many} KB");
    // And so it is where all is there already.
    let again = peak(&project, 3_300);
    let each = (again - few) * 1024 / 3_000;
    assert!(each < 900, "{each} bytes a bot: {few} KB, then {again} KB");
}

/// A million lines come to some hundred megabytes, however long their values are.
#[test]
fn a_long_list_is_read_in_little_memory() {
    let project = Project::new();
    let site = "title: Docs\nnavigation: [api]\nvariables: {note: {}}\n";
    project.write("spec/site.yaml", site);
    let note = "x".repeat(300);
    let peak = |bots: usize| {
        let rows = (0..bots).map(|bot| format!("bot-{bot},{note}\n"));
        project.write(
            "bots.csv",
            format!("bot_id,note\n{}", rows.collect::<String>()),
        );
        peak_of(&project, &["check", "--bots", "bots.csv"])
    };
    // Both have more values than are kept in memory.
    let (few, many) = (peak(100_000), peak(300_000));
    let each = (many - few) * 1024 / 200_000;
    assert!(each < 150, "{each} bytes a bot: {few} KB, then {many} KB");
}

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
    // The reference implementation reads them too.
    let tested =
        project.shell("gzip --test only/index.html.gz only/bots/*/*.gz beside/bots/*/*.gz");
    tested.exits(0);
}

/// An archive holds what a folder does, its manifest included, and is the same on standard output.
#[test]
fn an_archive_unpacked_is_the_folder() {
    let project = project_of_parts();
    for (more, out) in [(&[][..], "whole"), (&["--gzip", "only"], "packed")] {
        let build = [&["build", "--bots", "bots.csv"], more].concat();
        project
            .run(&[&build[..], &["--out", out]].concat())
            .exits(0);
        let file = format!("{out}.tar");
        let archive = [&build[..], &["--archive", &file]].concat();
        let ran = project.run(&archive).exits(0);
        assert!(
            ran.stderr.contains(&format!(" in {file}: ")),
            "{}",
            ran.stderr
        );
        let unpack =
            format!("mkdir from-{out} && tar --extract --file {file} --directory from-{out}");
        project.shell(&unpack).exits(0);
        assert!(
            project.tree(&format!("from-{out}")) == project.tree(out),
            "{out}"
        );
        let from = format!("from-{out}");
        let built = [&build[..], &["--out", &from]].concat();
        assert!(
            project
                .run(&built)
                .exits(0)
                .stderr
                .contains("nothing to change")
        );
        let line = format!(
            "botdocs {} --archive - > piped.tar && cmp piped.tar {file}",
            build.join(" ")
        );
        project.shell(&line).exits(0);
        // In a workflow, too, nothing else stands on standard output.
        project
            .shell(&format!("export GITHUB_ACTIONS=true\n{line}"))
            .exits(0);
    }
    let before = std::fs::read(project.path().join("whole.tar")).unwrap();
    let again = ["build", "--archive", "whole.tar"];
    assert!(
        project
            .run(&again)
            .exits(2)
            .stderr
            .contains("is there already")
    );
    assert!(std::fs::read(project.path().join("whole.tar")).unwrap() == before);
    project.run(&[&again[..], &["--force"]].concat()).exits(0);
    assert!(std::fs::read(project.path().join("whole.tar")).unwrap() != before);
    let into_inputs = project
        .run(&["build", "--archive", "spec/site.tar"])
        .exits(2);
    assert!(
        into_inputs.stderr.contains("lies in the input"),
        "{}",
        into_inputs.stderr
    );
    project
        .run(&["build", "--archive", "x.tar", "--out", "x"])
        .exits(2);
    // An archive that nobody takes, or for which there is no room, is an error and leaves nothing.
    assert_eq!(
        project.shell("botdocs build --archive - > /dev/full").code,
        Some(3)
    );
    assert_eq!(
        project.shell("botdocs build --archive missing/x.tar").code,
        Some(3)
    );
    let left = std::fs::read_dir(project.path()).unwrap();
    let mut left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.find(|name| name.starts_with('.')), None);
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
    let listed = project.shell("tar --list --file site.tar | wc -l");
    // The manifest is one of them: hosts count it too.
    let files: usize = listed.stdout.trim().parse().unwrap();
    let expected = format!(
        "warning: the site has {},{:03} files; the limit of Cloudflare Pages is 20,000 files",
        files / 1000,
        files % 1000
    );
    assert!(told.contains(&expected), "{told}");
}

/// Heads of files have room for a hundred bytes of a path, here and there for more.
#[test]
fn an_archive_holds_paths_of_any_length() {
    let mut guide = String::from("---\ntitle: Guide\n---\n\n");
    let project = crate::bots::project();
    let picture = std::fs::read(repository().join("tests/golden/everything/spec/images/icon.png"));
    let picture = picture.unwrap();
    for length in [95, 110, 190] {
        // A character of two bytes stands where a head ends, whatever is before it.
        for before in ["", "x"] {
            let name = format!("{before}{}.png", "é".repeat(length / 2));
            project.write(&format!("spec/{name}"), &picture);
            let _ = writeln!(guide, "![A dot]({name})");
        }
    }
    project.write("spec/guide.md", guide);
    project.run(&["build", "--out", "folder"]).exits(0);
    project.run(&["build", "--archive", "packed.tar"]).exits(0);
    let folder = project.tree("folder");
    assert!(folder.iter().any(|(path, _)| path.len() > 190));
    for unpack in [
        "tar --extract --file packed.tar --directory unpacked",
        "python3 -m tarfile --extract packed.tar unpacked",
    ] {
        project
            .shell(&format!("rm -rf unpacked; mkdir unpacked; {unpack}"))
            .exits(0);
        assert!(project.tree("unpacked") == folder, "{unpack}");
    }
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

/// Bots with all endpoints and with one, on two pages.
fn project_of_parts() -> Project {
    let project = crate::bots::project();
    let row = |bot: usize| {
        format!(
            "bot-{bot},Name {},{}\n",
            bot % 17,
            ["", "chat", "call"][bot % 3]
        )
    };
    let rows: String = (0..200).map(row).collect();
    project.write("bots.csv", format!("bot_id,bot_name,endpoints\n{rows}"));
    let all = ["build", "--bots", "bots.csv", "--out", "whole"];
    project.run(&all).exits(0);
    project
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
        let ran = project.run(&merge).exits(1);
        assert!(ran.stderr.contains("is not empty"), "{}", ran.stderr);
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
        ("a/2", "no number"),
    ] {
        let ran = project.run(&["build", "--bots", "bots.csv", "--shard", shard]);
        assert!(ran.exits(2).stderr.contains(said));
    }
}

/// A part has the bots of some hashes, so of a list that lacks others nothing is missing in it.
#[test]
fn parts_of_different_lists_are_refused_and_named() {
    let project = crate::bots::project();
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

/// A service, the variables of the job of a part, from 0, and the command that joins the parts.
type Service = (&'static str, fn(usize) -> String, &'static str);

/// The recipes are run with the variables that those services set, and what comes of it is compared
/// with a build of all bots on one machine.
#[test]
fn the_recipes_for_several_machines_give_the_whole() {
    let text = std::fs::read_to_string(repository().join("docs/scale.md")).unwrap();
    let services: [Service; 3] = [
        (
            "GitHub",
            |part| format!("PART={}", part + 1),
            "botdocs merge parts/part-* --out site",
        ),
        (
            "GitLab",
            |part| format!("CI_NODE_TOTAL=4 CI_NODE_INDEX={}", part + 1),
            "botdocs merge jobs/* --out public",
        ),
        (
            "Kubernetes",
            |part| format!("JOB_COMPLETION_INDEX={part}"),
            "botdocs merge pods/* --out public-docs",
        ),
    ];
    let recipes: Vec<_> = blocks(&text)
        .into_iter()
        .filter(|block| block.path.ends_with(".yml"))
        .collect();
    assert_eq!(recipes.len(), services.len());
    for (recipe, (service, variables, merge)) in recipes.iter().zip(services) {
        let project = project_of_parts();
        // As the guide has it: the list is named once, for all machines.
        let site = std::fs::read_to_string(project.path().join("spec/site.yaml")).unwrap();
        project.write("spec/site.yaml", format!("{site}bots: bots.csv\n"));
        let mut commands = Vec::new();
        botdocs_commands(&parse(&recipe.content), &mut commands);
        let build = commands
            .iter()
            .find(|command| command.contains("--shard"))
            .unwrap();
        assert!(text.contains(merge), "{service}");
        std::thread::scope(|scope| {
            for part in 0..4 {
                let project = &project;
                let line = format!("export {}\n{build}", variables(part));
                scope.spawn(move || project.shell(&line).exits(0));
            }
        });
        project.shell(merge).exits(0);
        let out = merge.rsplit(' ').next().unwrap();
        assert!(project.tree(out) == project.tree("whole"), "{service}");
    }
}
