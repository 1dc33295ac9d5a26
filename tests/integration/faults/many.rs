//! Builds at once into one folder.

use std::process::{Command, Stdio};

use super::{CANARIES, Project, Version, assert_same, snapshot};

#[test]
fn eight_builds_at_once_leave_one_whole_site() {
    let both = Project::empty();
    let versions = [Version::Old, Version::New];
    let projects = versions.map(|version| {
        let project = Project::empty();
        version.write(&project);
        project
    });
    let expected = projects.each_ref().map(|project| {
        project
            .run(&["build", "--bots", "bots.csv", "--out", "site"])
            .exits(0);
        snapshot(&project.path().join("site"))
    });
    assert!(expected[0] != expected[1]);
    let (mut first, mut second) = (0, 0);
    for round in 0..50 {
        // Where there is no site, where there is one, and where others keep files in it.
        let (out, foreign) = match round % 5 {
            0 => (format!("fresh{round}"), false),
            1 | 2 => ("again".to_owned(), false),
            _ => ("shared".to_owned(), true),
        };
        let folder = both.path().join(&out);
        if foreign {
            for (path, content) in CANARIES {
                let below = path.strip_prefix("site/").unwrap();
                if !both.path().join("shared/botdocs-manifest.json").exists() {
                    break;
                }
                both.write(&format!("shared/{below}"), content);
            }
        }
        let children: Vec<_> = (0..8)
            .map(|number| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_botdocs"));
                let project = &projects[(number + round) % 2];
                project.prepare(&mut command);
                command
                    .args(["build", "--bots", "bots.csv", "--out"])
                    .arg(&folder);
                command
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for child in children {
            super::ran(child.wait_with_output().unwrap()).exits(0);
        }
        let mut found = snapshot(&folder);
        if foreign && round > 3 {
            for (path, content) in CANARIES {
                let below = path.strip_prefix("site/").unwrap();
                assert_eq!(found.remove(below).unwrap(), content.as_bytes(), "{below}");
            }
            let own = |path: &String| expected.iter().any(|site| site.contains_key(path));
            found.retain(|path, _| own(path) || !path.ends_with('/'));
        }
        let is = |site: &super::Snapshot| {
            // A folder in which another's file stands stays, and is of either version then.
            let files = |site: &super::Snapshot| {
                let files = site.clone().into_iter();
                files
                    .filter(|(path, _)| !path.ends_with('/'))
                    .collect::<super::Snapshot>()
            };
            if foreign {
                files(&found) == files(site)
            } else {
                found == *site
            }
        };
        first += usize::from(is(&expected[0]));
        second += usize::from(is(&expected[1]));
        assert_eq!(
            first + second,
            round + 1,
            "round {round}: the site is of neither version"
        );
        let names: Vec<String> = std::fs::read_dir(both.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with('.'))
            .collect();
        assert_eq!(names, [] as [String; 0], "round {round}");
    }
    assert!(first > 0 && second > 0, "{first} and {second}");
    for project in &projects {
        project.run(&["build", "--bots", "bots.csv"]).exits(0);
    }
    assert_same(
        &snapshot(&projects[0].path().join("site")),
        &expected[0],
        "alone",
    );
}
