//! Lists that shrank or were forgotten: no build takes the pages of many bots unasked.

use crate::project::Project;
use crate::support::bots::project;

fn list(bots: std::ops::Range<usize>) -> String {
    let rows = bots.map(|bot| format!("bot-{bot}\n"));
    format!("bot_id\n{}", rows.collect::<String>())
}

/// The number of bots that have pages in a folder.
fn bots_in(project: &Project, out: &str) -> usize {
    std::fs::read_dir(project.path().join(out).join("bots")).map_or(0, Iterator::count)
}

const BUILD: [&str; 4] = ["build", "--strict", "--bots", "bots.csv"];

/// A project whose folder `site` has so many bots.
fn built(bots: usize) -> Project {
    let project = project();
    project
        .write_and_run("bots.csv", &list(0..bots), &BUILD)
        .exits(0);
    project
}

#[test]
fn more_than_a_tenth_and_more_than_ten_bots_go_only_by_a_flag() {
    // Bots before; of which list; with which flag; whether it is refused.
    for (had, new, flag, is_refused) in [
        // A tenth is more than ten only of more than a hundred bots.
        (120, 0..108, "", false),
        (120, 0..107, "", true),
        (120, 0..1, "", true),
        // Others have come in their places.
        (120, 107..130, "", true),
        (120, 12..130, "", false),
        (12, 0..2, "", false),
        (12, 0..1, "", true),
        (11, 11..12, "", true),
        (10, 10..11, "", false),
        (12, 0..1, "--force", true),
        (12, 0..1, "--remove-up-to=10", true),
        (12, 0..1, "--remove-up-to=11", false),
        (12, 0..1, "--remove-up-to=all", false),
        (12, 0..11, "--remove-up-to=0", true),
    ] {
        let project = built(had);
        project.write("bots.csv", list(new.clone()));
        let arguments = [
            &BUILD[..],
            flag.split_terminator(' ').collect::<Vec<_>>().as_slice(),
        ]
        .concat();
        let before = project.read("site/botdocs-manifest.json");
        let ran = project.run(&arguments).exits(i32::from(is_refused));
        let stays = if is_refused { had } else { new.len() };
        assert_eq!(bots_in(&project, "site"), stays, "{had} {new:?} {flag}");
        if is_refused {
            let gone = (0..had).filter(|bot| !new.contains(bot)).count();
            let said =
                format!("would lose the pages of {gone} of its {had} bots; nothing has changed");
            assert!(ran.stderr.contains(&said), "{}", ran.stderr);
            assert!(ran.stderr.contains("--remove-up-to all"), "{}", ran.stderr);
            assert_eq!(project.read("site/botdocs-manifest.json"), before);
        }
    }
}

#[test]
fn a_list_that_is_no_longer_named_is_missed() {
    for (arguments, code) in [
        (&["build"][..], 1),
        (&["build", "--strict", "--force"], 1),
        (&["build", "--bot", "bot-1"], 1),
        (&["build", "--remove-up-to", "1"], 1),
        (&["build", "--remove-up-to", "2"], 0),
        (&["build", "--bot", "bot-1", "--remove-up-to", "all"], 0),
        (&["build", "--generic"], 0),
    ] {
        let project = built(2);
        let ran = project.run(arguments).exits(code);
        let stays = if code == 0 { 0 } else { 2 };
        assert_eq!(bots_in(&project, "site"), stays, "{arguments:?}");
        if code == 1 {
            let said = "site` has the pages of 2 bots, and this build has no list";
            assert!(ran.stderr.contains(said), "{}", ran.stderr);
            assert!(ran.stderr.contains("--generic"), "{}", ran.stderr);
            // Named again, nothing is amiss.
            project.run(&BUILD).exits(0);
        } else {
            project.run(arguments).exits(0);
        }
    }
}

#[test]
fn a_folder_of_one_part_is_not_made_into_another() {
    let shard = |project: &Project, shard: &str, code: i32| {
        let arguments = [&BUILD[..], &["--shard", shard]].concat();
        project.run(&arguments).exits(code).stderr
    };
    let project = built(12);
    let said = shard(&project, "1/4", 1);
    assert!(
        said.contains("holds the whole list, and this build is shard 1/4"),
        "{said}"
    );
    assert_eq!(bots_in(&project, "site"), 12);
    std::fs::remove_dir_all(project.path().join("site")).unwrap();
    shard(&project, "1/4", 0);
    let said = shard(&project, "2/4", 1);
    assert!(
        said.contains("holds shard 1/4, and this build is shard 2/4"),
        "{said}"
    );
    shard(&project, "1/4", 0);
    // No bot of a part is lost in the whole.
    project.run(&BUILD).exits(0);
    assert_eq!(bots_in(&project, "site"), 12);
}

#[test]
fn of_a_small_part_the_whole_list_counts() {
    let project = project();
    project.write("bots.csv", list(0..40));
    let build = [&BUILD[..], &["--shard", "1/8"]].concat();
    project.run(&build).exits(0);
    let had = bots_in(&project, "site");
    assert!((1..=10).contains(&had), "{had}");
    let ran = project
        .write_and_run("bots.csv", &list(0..29), &build)
        .exits(1);
    let said = "was built with a list of 40 bots, which now lacks at least 11";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    assert_eq!(bots_in(&project, "site"), had);
    project
        .write_and_run("bots.csv", &list(0..30), &build)
        .exits(0);
}
