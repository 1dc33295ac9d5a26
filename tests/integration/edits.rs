//! A site that was built again and again is the one that a build makes at once, byte for byte,
//! whatever happened to its files in between.

use rustix::process::Signal;
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use crate::project::{Project, SITE, page, small};
use crate::support::preview::{Preview, without_client};
use crate::support::running::Running;

/// How many scripts of edits are tried.
const SCRIPTS: u64 = 500;

/// How many of others with bots.
const WITH_BOTS: u64 = 60;

/// How many in the preview.
const PREVIEWED: u64 = 200;

/// Longer than anything takes, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// Numbers that look random and are the same in each run (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len() as u64) as usize]
    }
}

const GUIDES: [&str; 4] = ["one", "two", "three", "four"];

fn guide(random: &mut Random) -> String {
    let number = random.below(1_000_000);
    let code = random.of(&[
        "```js\nlet a = 1; // x\n```",
        "```json\n{\"a\": [1]}\n```",
        "| a | b |\n| - | - |\n| 1 | 2 |",
    ]);
    let link = random.of(&[
        "[the API](api)",
        "[a chat](api#chat)",
        "**words**",
        "a[^1]\n\n[^1]: Note.",
    ]);
    format!(
        "---\ntitle: Guide {number:06}\n---\n\nText {number:06} with {link}.\n\n## Part\n\n{code}\n"
    )
}

/// Does one thing to the project that a person or a tool might do.
fn edit(project: &Project, random: &mut Random) {
    let at = |name: &str| project.path().join(format!("spec/{name}.md"));
    let name = random.of(&GUIDES);
    match random.below(16) {
        0..=2 => fs::write(at(name), guide(random)).unwrap(),
        3 => drop(fs::remove_file(at(name))),
        4 => drop(fs::rename(at(name), at(random.of(&GUIDES)))),
        5 => {
            // The same size and the same time, and other bytes.
            if let Ok(text) = fs::read_to_string(at(name)) {
                let time = fs::metadata(at(name)).unwrap().modified().unwrap();
                let digit = random.of(&["1", "2", "3"]);
                let text = text.replacen(|c: char| c.is_ascii_digit(), digit, 3);
                fs::write(at(name), text).unwrap();
                let file = fs::File::options().write(true).open(at(name)).unwrap();
                file.set_modified(time).unwrap();
            }
        }
        6 => {
            let number = random.below(100);
            let text = format!("{{# Mine. #}}\n<p>reader {number} of {{{{ site.title }}}}</p>\n");
            project.write("templates/_reader.html", text);
        }
        7 => drop(fs::remove_dir_all(project.path().join("templates"))),
        8 => {
            let size = random.below(9);
            project.write("static/style.css", format!("body {{ margin: {size}px }}\n"));
        }
        9 => {
            let number = random.below(9);
            project.write(
                "spec/pictures/a.svg",
                format!("<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"a{number}\"/>"),
            );
        }
        10 => drop(fs::remove_dir_all(project.path().join("spec/pictures"))),
        11 => {
            let title = random.of(&["Docs", "Other Docs", "Docs & more"]);
            project.write("spec/site.yaml", SITE.replace("Docs", title));
        }
        12 => {
            // What every text is read with.
            let variables = random.of(&[
                "variables:\n  word: {default: chat}\n",
                "variables:\n  word: {default: talk}\n",
                "variables:\n  bot_id: {placeholder: YOURS}\n  word: {default: chat}\n",
                "redirects: {old: api, older: api#chat}\n",
                "language: de\n",
                "twins: generic\n",
                "twins: none\n",
            ]);
            project.write("spec/site.yaml", format!("{SITE}{variables}"));
        }
        13 => {
            let number = random.below(3);
            let text = format!("copy = Copy {number}\n");
            project.write("templates/messages/en.ftl", text);
        }
        14 => project.write("spec/api.yaml", page(&format!("{}.", random.below(3)))),
        _ => {
            let text = "---\ntitle: W\n---\nThe {{ word }}, [one](one#part).\n";
            fs::write(at("words"), text).unwrap();
        }
    }
}

/// Breaks the project, so that the next edits are made to one that can't be built.
fn break_it(project: &Project, random: &mut Random) {
    match random.below(4) {
        0 => project.write("spec/api.yaml", "title: [\n"),
        1 => project.write("templates/_reader.html", "{{ nope }}"),
        2 => project.write("spec/one.md", "no front matter"),
        _ => drop(fs::remove_file(project.path().join("spec/site.yaml"))),
    }
}

/// Mends what may be broken, and puts in what tells this script from the others.
fn mend(project: &Project, random: &mut Random, mark: &str) {
    if !project.path().join("spec/site.yaml").exists() {
        project.write("spec/site.yaml", SITE);
    }
    let reader = project.path().join("templates/_reader.html");
    if fs::read_to_string(&reader).is_ok_and(|text| text.contains("nope")) {
        fs::remove_file(reader).unwrap();
    }
    // It may have been renamed since.
    for name in GUIDES {
        let path = project.path().join(format!("spec/{name}.md"));
        if fs::read_to_string(&path).is_ok_and(|text| !text.starts_with("---")) {
            fs::write(path, guide(random)).unwrap();
        }
    }
    project.write("spec/api.yaml", page(mark));
    // This needs a variable and a page that may be gone.
    drop(fs::remove_file(project.path().join("spec/words.md")));
}

#[test]
fn five_hundred_scripts_of_edits_leave_what_a_build_makes() {
    let project = small();
    let mut running = Running::start(project.command(&["build", "--watch"]));
    running.line("word that it watches", |line| line.contains("Ctrl-C"));
    for seed in 0..SCRIPTS {
        let mut random = Random(seed);
        for _ in 0..=random.below(4) {
            edit(&project, &mut random);
            if random.below(5) == 0 {
                break_it(&project, &mut random);
                edit(&project, &mut random);
            }
            if random.below(3) == 0 {
                // Sometimes a build falls in between, and sometimes not.
                running.line_within(Duration::from_millis(random.below(40)));
            }
        }
        mend(&project, &mut random, &format!("script {seed}."));
        project.run(&["build", "--out", "plain"]).exits(0);
        let plain = project.tree("plain");
        let start = Instant::now();
        // While it is written, a file can be there for a moment and then not.
        while differs(&project, &plain) {
            running.line_within(Duration::from_millis(200));
            assert!(
                start.elapsed() < LIMIT,
                "script {seed}: not what a build makes"
            );
        }
    }
    assert_eq!(running.stop(Signal::INT), Some(0));
}

/// The same with bots, of which some have only some endpoints.
#[test]
fn scripts_of_edits_leave_the_pages_of_bots_that_a_build_makes() {
    let project = crate::support::bots::project();
    let list = "- {bot_id: ada}\n- {bot_id: bob, endpoints: [chat]}\n- {bot_id: cem, endpoints: [call, search]}\n";
    project.write("list.yaml", list);
    let arguments = ["build", "--bots", "list.yaml"];
    let mut running = Running::start(project.command(&[&arguments[..], &["--watch"]].concat()));
    running.line("word that it watches", |line| line.contains("Ctrl-C"));
    let files = ["spec/guide.md", "spec/api.yaml", "spec/tools.yaml"];
    let files: Vec<_> = files
        .into_iter()
        .filter(|file| project.path().join(file).exists())
        .collect();
    assert!(files.len() > 1, "{files:?}");
    let original: Vec<_> = files.iter().map(|file| project.read(file)).collect();
    let site = project.read("spec/site.yaml");
    for seed in 0..WITH_BOTS {
        let mut random = Random(2_000_000 + seed);
        for _ in 0..=random.below(2) {
            let at = random.below(files.len() as u64) as usize;
            let text = original[at].replacen("title: ", &format!("title: Script {seed} "), 1);
            match random.below(5) {
                // What all pages show, and what one does.
                0 => project.write(files[at], text),
                1 => project.write(
                    files[at],
                    original[at].replacen("summary: ", &format!("summary: Script {seed} "), 1),
                ),
                2 => {
                    let one = random.of(&["chat", "call"]);
                    project.write(
                        "list.yaml",
                        list.replace("[call, search]", &format!("[{one}]")),
                    );
                }
                3 => project.write("list.yaml", list),
                // Which files there are.
                _ => {
                    let twins = random.of(&["all", "generic", "none"]);
                    project.write("spec/site.yaml", format!("{site}twins: {twins}\n"));
                }
            }
            if random.below(2) == 0 {
                running.line_within(Duration::from_millis(random.below(60)));
            }
        }
        let file = files[(seed % 2) as usize];
        let marked = format!("{}\n# script {seed}\n", original[(seed % 2) as usize]);
        project.write(file, marked);
        let clean = [&arguments[..], &["--out", "plain"]].concat();
        project.run(&clean).exits(0);
        let plain = project.tree("plain");
        let start = Instant::now();
        while differs(&project, &plain) {
            running.line_within(Duration::from_millis(100));
            assert!(
                start.elapsed() < LIMIT,
                "script {seed}: not what a build makes"
            );
        }
    }
    assert_eq!(running.stop(Signal::INT), Some(0));
}

/// The preview answers with what a build makes, whatever it was asked in between; and with nothing
/// of what was there before.
#[test]
fn scripts_of_edits_leave_in_the_preview_what_a_build_makes() {
    let project = small();
    let preview = Preview::start(&project, &[]);
    let mut gone = BTreeSet::new();
    for seed in 0..PREVIEWED {
        let mut random = Random(1_000_000 + seed);
        for _ in 0..=random.below(4) {
            edit(&project, &mut random);
            if random.below(5) == 0 {
                break_it(&project, &mut random);
                edit(&project, &mut random);
            }
            if random.below(2) == 0 {
                let path = random.of(&[
                    "",
                    "one.html",
                    "two.md",
                    "search.json",
                    "llms-full.txt",
                    "bots/ada/",
                ]);
                preview.get(&format!("/{path}"));
            }
        }
        mend(&project, &mut random, &format!("preview {seed}."));
        project.run(&["build", "--out", "plain"]).exits(0);
        let mut plain = project.tree("plain");
        // It is for the next build alone.
        plain.retain(|(path, _)| path != "botdocs-manifest.json");
        let start = Instant::now();
        let serves = |(path, bytes): &(String, Vec<u8>)| {
            let served = preview.get(&format!("/{path}"));
            let body = match path.ends_with(".html") && served.status == 200 {
                true => without_client(&served.body),
                false => served.body,
            };
            served.status == 200 && body == *bytes
        };
        while !plain.iter().all(serves) {
            assert!(
                start.elapsed() < LIMIT,
                "script {seed}: not what a build makes"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        for (path, _) in &plain {
            gone.remove(path);
        }
        for path in &gone {
            let status = preview.get(&format!("/{path}")).status;
            assert_eq!(status, 404, "script {seed}: {path} is gone");
        }
        gone.extend(plain.into_iter().map(|(path, _)| path));
    }
}

fn differs(project: &Project, plain: &[(String, Vec<u8>)]) -> bool {
    let site = project.path().join("site");
    let is_same = |(path, bytes): &(String, Vec<u8>)| {
        fs::read(site.join(path)).is_ok_and(|found| found == *bytes)
    };
    if !plain.iter().all(is_same) {
        return true;
    }
    let found = walkdir::WalkDir::new(site)
        .into_iter()
        .filter_map(Result::ok);
    found.filter(|entry| entry.file_type().is_file()).count() != plain.len()
}
