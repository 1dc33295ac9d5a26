//! The same project gives the same bytes, wherever and whenever it is built.

use std::fs;

use crate::project::{Project, Ran, tree};
use crate::support::everything::{BOTS, KINDS, build, everything};

#[test]
fn folder_and_environment_leave_no_trace() {
    let expected = KINDS.map(|kind| build(&everything(), kind));
    assert!(expected[0].len() > 8 && expected[1].len() > expected[0].len());
    let environments: [&[(&str, &str)]; 5] = [
        &[
            ("TZ", "Pacific/Kiritimati"),
            ("LANG", "tr_TR.UTF-8"),
            ("LC_ALL", "tr_TR.UTF-8"),
        ],
        &[
            ("HOME", "/"),
            ("USER", "someone"),
            ("HOSTNAME", "elsewhere"),
            ("COLUMNS", "20"),
        ],
        &[("SOURCE_DATE_EPOCH", "1"), ("TMPDIR", "/")],
        &[
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("NO_COLOR", "1"),
        ],
        &[
            ("RAYON_NUM_THREADS", "1"),
            ("TERM", "xterm-256color"),
            ("CLICOLOR_FORCE", "1"),
        ],
    ];
    for environment in environments {
        for (kind, expected) in KINDS.iter().zip(&expected) {
            let project = everything();
            let mut command = project.command(&["build", "--out", "out"]);
            command.args(kind).envs(environment.iter().copied());
            Ran::of(command.output().unwrap()).exits(0);
            assert!(
                project.tree("out") == *expected,
                "{environment:?} changed the output of {kind:?}"
            );
        }
    }
}

#[test]
fn it_does_not_matter_from_where_the_project_is_named() {
    KINDS.into_iter().for_each(name_it_from_elsewhere);
}

fn name_it_from_elsewhere(kind: [&str; 2]) {
    let project = everything();
    let expected = build(&project, kind);
    let bots = project.path().join("bots.csv");
    let kind = kind.map(|part| match part {
        "bots.csv" => bots.to_str().unwrap(),
        part => part,
    });
    let full = project.path().join("full");
    let here = project.path().to_str().unwrap();
    project.write("elsewhere/empty", "");
    let mut command = project.command(&[
        "build",
        here,
        kind[0],
        kind[1],
        "--out",
        full.to_str().unwrap(),
    ]);
    command.current_dir(project.path().join("elsewhere"));
    Ran::of(command.output().unwrap()).exits(0);
    assert!(
        project.tree("full") == expected,
        "an absolute path changed the output"
    );
    let mut command = project.command(&[
        "build",
        "../",
        kind[0],
        kind[1],
        "--out",
        "../below/deep/er",
    ]);
    command.current_dir(project.path().join("elsewhere"));
    Ran::of(command.output().unwrap()).exits(0);
    assert!(
        project.tree("below/deep/er") == expected,
        "`..` changed the output"
    );
}

/// Folders give their entries in an order that depends on when they were made.
#[test]
fn the_order_in_which_files_were_made_does_not_matter() {
    let original = everything();
    let expected = KINDS.map(|kind| build(&original, kind));
    let files = original.tree("spec");
    let orders: [Vec<usize>; 2] = [
        (0..files.len()).rev().collect(),
        (0..files.len())
            .map(|index| (index * 5 + 3) % files.len())
            .collect(),
    ];
    for order in orders {
        let project = Project::empty();
        for index in &order {
            let (path, content) = &files[*index];
            project.write(&format!("spec/{path}"), content);
        }
        // Whatever the second order leaves out.
        for (path, content) in &files {
            project.write(&format!("spec/{path}"), content);
        }
        project.write("bots.csv", BOTS);
        for (kind, expected) in KINDS.iter().zip(&expected) {
            assert!(
                build(&project, *kind) == *expected,
                "{order:?} changed the output of {kind:?}"
            );
        }
    }
}

#[test]
fn a_second_build_writes_nothing_and_an_update_equals_a_fresh_build() {
    KINDS.into_iter().for_each(build_again);
}

fn build_again(kind: [&str; 2]) {
    let project = everything();
    let build = |project: &Project| build(project, kind);
    let first = build(&project);
    let times = |project: &Project| {
        let stamp = |path: &str| {
            fs::metadata(project.path().join("out").join(path))
                .unwrap()
                .modified()
                .unwrap()
        };
        tree(&project.path().join("out"))
            .into_iter()
            .map(|(path, _)| stamp(&path))
            .collect::<Vec<_>>()
    };
    let before = times(&project);
    assert!(build(&project) == first);
    assert!(
        times(&project) == before,
        "an unchanged file was written again"
    );

    let text = project.read("spec/tone.md");
    project.write("spec/tone.md", text.clone() + "\nOne more paragraph.\n");
    let changed = build(&project);
    assert!(changed != first);
    fs::remove_dir_all(project.path().join("out")).unwrap();
    assert!(
        build(&project) == changed,
        "an update differs from a fresh build"
    );
    project.write("spec/tone.md", text);
    assert!(
        build(&project) == first,
        "going back differs from never having left"
    );
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Pages, guides, pictures and bots that come, change, go and are renamed: what an update leaves is what
/// a build from nothing gives, and no page is stale.
#[test]
fn five_hundred_random_edits_leave_what_a_fresh_build_gives() {
    const EDITS: usize = 500;
    let mut numbers = Numbers(20_261_122);
    let project = Project::new();
    let mut guides: Vec<usize> = Vec::new();
    let mut bots: Vec<usize> = vec![0];
    let mut pages_seen = std::collections::BTreeSet::new();
    for edit in 0..EDITS {
        let number = numbers.below(8);
        match numbers.below(6) {
            0 if !guides.contains(&number) => guides.push(number),
            1 => guides.retain(|other| *other != number),
            2 if !bots.contains(&number) => bots.push(number),
            3 if bots.len() > 1 => bots.retain(|other| *other != number),
            _ => {
                // As long as before and as old as before: only its bytes tell.
                let path = project.path().join("spec/api.yaml");
                let before = fs::metadata(&path).unwrap().modified().unwrap();
                let letter = char::from(b'a' + numbers.below(26) as u8);
                let text = project.read("spec/api.yaml");
                let at = text.find("The answe").unwrap() + "The answe".len();
                project.write(
                    "spec/api.yaml",
                    format!("{}{letter}{}", &text[..at], &text[at + 1..]),
                );
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(before).unwrap();
            }
        }
        // Four edits a build.
        if edit % 4 != 3 {
            continue;
        }
        for other in 0..8 {
            let _ = fs::remove_file(project.path().join(format!("spec/guide-{other}.md")));
        }
        for guide in &guides {
            let text = format!(
                "---\ntitle: Guide {guide}\n---\n[The chat](api#chat) of {{{{ bot_id }}}}.\n"
            );
            project.write(&format!("spec/guide-{guide}.md"), text);
        }
        let names: String = guides
            .iter()
            .map(|guide| format!(", guide-{guide}"))
            .collect();
        project.write(
            "spec/site.yaml",
            format!("title: Docs\nnavigation: [api{names}]\n"),
        );
        let list: String = bots
            .iter()
            .map(|bot| format!("- {{bot_id: bot-{bot}}}\n"))
            .collect();
        project.write("bots.yaml", list);
        let build = |out: &str| {
            project
                .run(&["build", "--bots", "bots.yaml", "--out", out])
                .exits(0);
            project.tree(out)
        };
        let fresh = build("fresh");
        // In one site others keep a file.
        let whole = build("whole");
        let mut shared = build("shared");
        project.write("shared/CNAME", "docs.example.com");
        shared.retain(|(path, _)| path != "CNAME");
        for (what, found) in [("whole", whole), ("shared", shared)] {
            let names = |tree: &[(String, Vec<u8>)]| -> Vec<String> {
                tree.iter().map(|(path, _)| path.clone()).collect()
            };
            assert_eq!(names(&found), names(&fresh), "{what} after {edit} edits");
            assert!(found == fresh, "{what} after {edit} edits");
        }
        pages_seen.extend(fresh.into_iter().map(|(path, _)| path));
        fs::remove_dir_all(project.path().join("fresh")).unwrap();
    }
    assert!(pages_seen.len() > 80, "{}", pages_seen.len());
}
