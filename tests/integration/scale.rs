//! Many bots: memory that hardly grows with them, and work for what changed alone.

use std::fmt::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::process::Command;

use crate::project::Project;

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
    let mut command = Command::new("python3");
    command.args(["-c", PEAK, env!("CARGO_BIN_EXE_botdocs")]);
    command.args(["build", "--bots", "bots.csv", "--out", &out]);
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
        let each = if header.is_empty() { 3 } else { 2 };
        let expected = format!("{} errors; nothing was written", 3_000 * each - 1);
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
