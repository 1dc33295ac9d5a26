//! Folders of bots: the same promises as for all other files, and no work for what stays.

use super::*;
use crate::pages::render::Fillable;

const OLD_BOTS: Files<'_> = &[
    ("index.html", "old"),
    ("bots/ada/index.html", "I am ada"),
    ("bots/ada/more.md", "more of ada"),
    ("bots/bob/index.html", "I am bob"),
    ("bots/cem/index.html", "I am cem"),
    ("bots/cem/more.md", "more of cem"),
];
/// Another page for all, a bot that lost a page, one that left, one that came.
const NEW_BOTS: Files<'_> = &[
    ("index.html", "new"),
    ("bots/ada/index.html", "It is ada"),
    ("bots/bob/index.html", "It is bob"),
    ("bots/bob/more.md", "more of bob"),
    ("bots/eve/index.html", "It is eve"),
    ("bots/eve/more.md", "more of eve"),
];

pub(super) const OLD: Files<'_> = OLD_BOTS;
pub(super) const NEW: Files<'_> = NEW_BOTS;

#[test]
fn bots_appear_change_leave_and_come_back() {
    let project = Project::new();
    project.write_and_check(OLD_BOTS, &[]);
    assert_eq!(project.write_and_check(OLD_BOTS, &[]), counts(0, 6, 0, 0));
    let done = Summary {
        left: 1,
        ..counts(6, 0, 3, 52)
    };
    assert_eq!(project.write_and_check(NEW_BOTS, &[]), done);
    project.write_and_check(OLD_BOTS, &[]);
    // Neither is left of a folder of bots when there is none.
    project.write_and_check(super::OLD, &[]);
    project.write_and_check(OLD_BOTS, &[]);
}

#[test]
fn only_files_that_show_a_change_are_written() {
    let project = Project::new();
    project.write_and_check(OLD_BOTS, &[]);
    let kept = ["bots/ada/more.md", "bots/bob/index.html", "index.html"];
    let stat = |path: &&str| {
        let meta = fs::metadata(project.path("site").join(path)).unwrap();
        (meta.ino(), meta.ctime(), meta.ctime_nsec())
    };
    let before: Vec<_> = kept.iter().map(stat).collect();
    let changed: Vec<_> = OLD_BOTS
        .iter()
        .map(|&(path, text)| match path {
            "bots/ada/index.html" => (path, "I was ada"),
            _ => (path, text),
        })
        .collect();
    assert_eq!(project.write_and_check(&changed, &[]), counts(1, 5, 0, 9));
    assert_eq!(kept.iter().map(stat).collect::<Vec<_>>(), before);
    fs::remove_file(project.path("site/bots/cem/more.md")).unwrap();
    fs::remove_dir_all(project.path("site/bots/bob")).unwrap();
    assert_eq!(project.write_and_check(&changed, &[]), counts(2, 4, 0, 19));
}

#[test]
fn a_file_of_a_person_in_the_folder_of_a_bot_is_named_and_nothing_changes() {
    let lost = |path: &str, fault: &str| {
        format!("1 file in `site` would be lost; nothing has changed\n  {path}: {fault}")
    };
    let edited = "changed since botdocs wrote it";
    for path in [
        "bots/ada/index.html",
        "bots/ada/more.md",
        "bots/cem/more.md",
        "bots/bob/index.html",
    ] {
        for text in ["my own words, which are longer", "I am eve"] {
            let mut project = Project::new();
            project.write_and_check(OLD_BOTS, &[]);
            project.put(&format!("site/{path}"), text);
            assert_eq!(project.refuse(NEW_BOTS), lost(path, edited));
            project.force().write_and_check(NEW_BOTS, &[]);
        }
    }
    for (path, fault) in [
        ("bots/eve/index.html", "botdocs did not write it"),
        ("bots/bob/more.md", "botdocs did not write it"),
        ("bots/eve/index.html/mine", "stands where a file is needed"),
        ("bots/eve", "stands where a folder is needed"),
    ] {
        let project = Project::new();
        project.write_and_check(OLD_BOTS, &[]);
        project.put(&format!("site/{path}"), "mine");
        let named = path.strip_suffix("/mine").unwrap_or(path);
        assert_eq!(project.refuse(NEW_BOTS), lost(named, fault));
    }
}

#[test]
fn verify_reads_the_pages_of_bots() {
    let mut project = Project::new();
    project.write_and_check(OLD_BOTS, &[]);
    project.put("site/bots/ada/index.html", "I am eda");
    assert_eq!(project.write(OLD_BOTS).unwrap(), counts(0, 6, 0, 0));
    project.options.verify = true;
    let lost = "1 file in `site` would be lost; nothing has changed\n  \
                bots/ada/index.html: changed since botdocs wrote it";
    assert_eq!(project.refuse(OLD_BOTS), lost);
    project.force().write_and_check(OLD_BOTS, &[]);
}

#[test]
fn what_others_keep_among_bots_stays() {
    let others: Files<'_> = &[
        ("site/bots/ada/notes", "n"),
        ("site/bots/cem/notes", "n"),
        ("site/bots/zoe/index.html", "z"),
        ("site/bots/readme", "r"),
    ];
    let project = Project::new();
    project.write_and_check(OLD_BOTS, &[]);
    for (path, text) in others {
        project.put(path, text);
    }
    project.write_and_check(NEW_BOTS, others);
    project.write_and_check(super::OLD, others);
    let site = project.path("site");
    project.write_and_check(OLD_BOTS, others);
    let done = Summary {
        left: 3,
        ..counts(0, 0, 6, 0)
    };
    assert_eq!(remove(&site, &[], false).unwrap(), done);
    let left: BTreeMap<String, String> = others
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    assert_eq!(project.snapshot(), left);
}

#[test]
fn remove_spares_edited_pages_of_bots() {
    let project = Project::new();
    project.write_and_check(OLD_BOTS, &[]);
    project.put("site/bots/ada/more.md", "edited");
    let before = project.snapshot();
    let site = project.path("site");
    let refused = remove(&site, &[], false);
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::Files { .. }))
    ));
    assert_eq!(project.snapshot(), before);
    let done = Summary {
        left: 3,
        ..counts(0, 0, 6, 0)
    };
    assert_eq!(remove(&site, &[], true).unwrap(), done);
    assert_eq!(project.snapshot(), BTreeMap::new());
}

#[test]
fn a_link_among_bots_is_never_followed() {
    for path in ["bots", "bots/ada"] {
        let mut project = Project::new();
        project.write_and_check(OLD_BOTS, &[]);
        let link = project.path("site").join(path);
        fs::rename(&link, project.path("moved")).unwrap();
        std::os::unix::fs::symlink(project.path("moved"), &link).unwrap();
        let refused = project.refuse(NEW_BOTS);
        let named = format!("\n  {path}: stands where a folder is needed");
        assert!(refused.contains(&named), "{refused}");
        assert!(project.force().refuse(NEW_BOTS).contains(&named));
        project.options.force = false;
        let before = snapshot(&project.path("moved"));
        project.write(super::OLD).unwrap();
        assert_eq!(snapshot(&project.path("moved")), before);
    }
}

/// Many bots, so that there are many chunks.
fn many(values: impl Fn(usize) -> Option<String>) -> Tree<'static> {
    let mut tree = tree(&[("index.html", "generic")]);
    let names = ["bot_id", "bot_name"];
    let mut builder = RosterBuilder::new(&names, "bot_id", Spool::in_memory());
    for number in 0..200 {
        let id = format!("bot-{number}");
        if let Some(name) = values(number) {
            let chosen = (number % 3 == 0).then(BTreeSet::new);
            builder
                .add([id.as_str(), &name].into_iter(), chosen)
                .unwrap();
        }
    }
    let hole = |variable| Hole::new(VariableId::new(variable).unwrap()).marker();
    let page = |text: &str| -> &'static Fillable {
        Box::leak(Box::new(Fillable::from(Holed::cut(text, &names))))
    };
    let roster = Box::leak(Box::new(builder.finish()));
    let (one, other) = (
        page(&format!("<p>{} is {}</p>", hole(0), hole(1))),
        page(&format!("{}", hole(0))),
    );
    let choices = roster.choices().iter().map(|choice| {
        let mut pages = vec![("index.html".to_owned(), one, Form::Plain)];
        if choice.is_none() {
            pages.push(("more.md".to_owned(), other, Form::Plain));
            pages.push(("more.md.gz".to_owned(), other, Form::Gzip));
        }
        pages
    });
    tree.insert_bots(roster, &names, choices.collect::<Vec<_>>())
        .unwrap();
    tree
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let old = |number| Some(format!("Name {number}"));
    let new = |number| (number % 7 != 0).then(|| format!("Name {}", number / 2 * 2));
    let mut found = Vec::new();
    for threads in [1, 2, 16] {
        let project = Project::new();
        let options = WriteOptions {
            leaving: Leaving::All,
            threads: NonZero::new(threads),
            ..WriteOptions::default()
        };
        let write = |name, tree: &Tree<'_>| {
            let site = project.path(name);
            (write(tree, &site, &[], &options).unwrap(), snapshot(&site))
        };
        let (first, fresh) = write("site", &many(old));
        assert_eq!((first.written, first.unchanged), (467, 0));
        let (again, _) = write("site", &many(old));
        assert_eq!((again.written, again.unchanged), (0, 467));
        let (changed, in_place) = write("site", &many(new));
        // Only changed files are written.
        assert_eq!(write("other", &many(new)).1, in_place);
        found.push((first, changed, fresh, in_place));
    }
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]));
}

/// Hosts count all files and folders, the manifest and `bots/` included.
#[test]
fn totals_are_what_stands_there() {
    let project = Project::new();
    let values = |number: usize| Some("<é>".repeat(number % 50));
    let few: Files<'_> = &[
        ("index.html", "index"),
        ("a/b/c.css", "c"),
        ("a/d.css", "d"),
    ];
    for (name, tree) in [("many", many(values)), ("few", tree(few))] {
        let site = project.path(name);
        write(&tree, &site, &[], &project.options).unwrap();
        let mut expected = Totals::default();
        let mut entries = BTreeMap::new();
        for entry in walkdir::WalkDir::new(&site).min_depth(1) {
            let entry = entry.unwrap();
            *entries
                .entry(entry.path().parent().unwrap().to_owned())
                .or_default() += 1;
            if entry.file_type().is_dir() {
                expected.folders += 1;
                continue;
            }
            let size = entry.metadata().unwrap().len();
            expected.files += 1;
            expected.bytes += size;
            expected.largest = expected.largest.max(size);
        }
        expected.most_in_folder = entries.into_values().max().unwrap();
        assert_eq!(Totals::of(&tree).unwrap(), expected, "{name}");
    }
}

#[test]
fn a_journal_of_bots_does_not_overwrite_an_edit_after_a_kill() {
    let mut project = Project::new();
    project.write_and_check(OLD_BOTS, &[]);
    leave_journal_of(&project, NEW_BOTS);
    project.put("site/bots/ada/index.html", "edited after the kill");
    let lost = "1 file in `site` would be lost; nothing has changed\n  \
                bots/ada/index.html: changed since botdocs wrote it";
    assert_eq!(project.refuse(NEW_BOTS), lost);
    project.force().write_and_check(NEW_BOTS, &[]);
}
