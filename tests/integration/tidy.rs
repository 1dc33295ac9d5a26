//! What holds for the code itself: its layers, its files, its manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use botdocs::input::page_kind::PageKind;
use botdocs::model::Language;
use regex::Regex;

use crate::project::{repository, tree};

/// A file of `src/` may be this long at most.
const MOST_LINES: usize = 600;

/// So many entries `src/` may have at most.
const MOST_IN_SRC: usize = 14;

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The Rust files of some folders, by path.
fn code(folders: &[&str]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in folders {
        let root = repository().join(folder);
        if !root.is_dir() {
            continue;
        }
        for (path, bytes) in tree(&root) {
            if path.ends_with(".rs") {
                files.push((
                    format!("{folder}/{path}"),
                    String::from_utf8(bytes).unwrap(),
                ));
            }
        }
    }
    assert!(!files.is_empty());
    files
}

/// The folders of `src/`, in the order of `lib.rs`.
fn groups() -> Vec<String> {
    public_modules("src/lib.rs")
}

/// The public modules that a file declares, in its order.
fn public_modules(path: &str) -> Vec<String> {
    let text = read(path);
    let modules = text.lines().filter_map(|line| {
        let rest = line.strip_prefix("pub mod ")?;
        rest.strip_suffix(';').map(str::to_owned)
    });
    modules.collect()
}

/// The module of each file of `src/`: a public one of its folder, or the folder's own.
fn module_of(path: &str) -> String {
    let mut parts = path.strip_prefix("src/").unwrap().splitn(3, ['/', '.']);
    let (group, module) = (parts.next().unwrap(), parts.next().unwrap_or_default());
    module_named(group, module)
}

fn module_named(group: &str, module: &str) -> String {
    let own = public_modules(&format!("src/{group}/mod.rs"));
    match own.iter().any(|name| name == module) {
        true => format!("{group}::{module}"),
        false => group.to_owned(),
    }
}

/// The paths in a text of Rust that begin with one of some names.
fn paths_from(text: &str, roots: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for root in roots {
        for (at, _) in text.match_indices(&format!("{root}::")) {
            let goes_on = |c: char| c.is_alphanumeric() || "_$:".contains(c);
            if !text[..at].ends_with(goes_on) {
                branches(&text[at..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

/// The code of a file without its comments and unit tests.
fn production(text: &str) -> String {
    let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = production
        .lines()
        .map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// Goes through a tree of imports, such as `a::{b, c::d}`; what follows it in the text.
fn branches<'t>(text: &'t str, before: &mut Vec<&'t str>, found: &mut Vec<Vec<String>>) -> &'t str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = branches(rest, &mut before.clone(), found).trim_start();
            match rest.strip_prefix(',') {
                Some(next) if !next.trim_start().starts_with('}') => rest = next,
                Some(next) => return next.trim_start().strip_prefix('}').unwrap_or(next),
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    before.push(name);
    if let Some(rest) = rest.strip_prefix("::") {
        return branches(rest, before, found);
    }
    found.push(before.iter().map(|&name| name.to_owned()).collect());
    rest
}

/// Those of some names that use each other in circles, or lie on a way between two circles.
fn in_circles(mut uses: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let before = uses.len();
        let names: BTreeSet<String> = uses.keys().cloned().collect();
        for used in uses.values_mut() {
            used.retain(|other| names.contains(other));
        }
        let used: BTreeSet<String> = uses.values().flatten().cloned().collect();
        uses.retain(|name, others| !others.is_empty() && used.contains(name));
        if uses.len() == before {
            return uses;
        }
    }
}

/// Which module names which in its code; comments and unit tests may name any.
fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let groups = groups();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in code(&["src"]) {
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        if is_test || !path["src/".len()..].contains('/') {
            continue;
        }
        let production = production(&text);
        let module = module_of(&path);
        let used = uses.entry(module.clone()).or_default();
        for names in paths_from(&production, &["crate"]) {
            let group = &names[1];
            assert!(groups.contains(group), "{path}: no folder `{group}`");
            used.insert(module_named(group, names.get(2).map_or("", String::as_str)));
        }
        // `super` leads out of a folder only from its own file, twice from those below, and so on.
        let depth = path.trim_end_matches("/mod.rs").matches('/').count();
        for names in paths_from(&production, &["super"]) {
            let ups = names.iter().take_while(|name| *name == "super").count();
            let leads_out = ups >= depth && names.get(ups).is_some_and(|it| groups.contains(it));
            let shown = names.join("::");
            assert!(!leads_out, "{path}: `{shown}` must begin with `crate::`");
        }
        used.remove(&module);
    }
    assert!(uses.len() > 40, "{uses:?}");
    uses
}

/// Folders stand in layers, in the order of `lib.rs`: a module uses what stands in a folder above its
/// own, or in its own, and nowhere is there a circle.
#[test]
fn modules_use_only_what_stands_above_them() {
    let (groups, uses) = (groups(), uses());
    let layer = |module: &str| {
        let group = module.split("::").next().unwrap();
        groups.iter().position(|name| name == group)
    };
    let mut wrong = Vec::new();
    for (module, used) in &uses {
        for other in used.iter().filter(|other| layer(other) > layer(module)) {
            wrong.push(format!("`{module}` uses `{other}`, which stands below it"));
        }
    }
    let circles = in_circles(uses);
    if !circles.is_empty() {
        wrong.push(format!("a circle among: {circles:#?}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Which file of a folder uses which, by its paths and by the methods that it calls.
fn uses_within(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let files = code(&[folder]).into_iter();
    let files = files.filter(|(path, _)| !path.contains("/tests/") && !path.ends_with("/tests.rs"));
    let visibility = Regex::new(r"pub\(in [\w:]+\)").unwrap();
    // By the names of their modules: `check/join/links`.
    let files: BTreeMap<String, String> = files
        .map(|(path, text)| {
            let module = path.strip_prefix("src/").unwrap().strip_suffix(".rs");
            let module = module.unwrap().trim_end_matches("/mod").to_owned();
            let text = visibility.replace_all(&production(&text), "").into_owned();
            (module, text)
        })
        .collect();
    let method = Regex::new(r"fn (\w+)(?:<[^>]*>)?\(\s*&?(?:'\w+ )?(?:mut )?self\b").unwrap();
    let mut methods: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (module, text) in &files {
        for found in method.captures_iter(text) {
            let (_, [name]) = found.extract();
            methods.entry(name).or_default().insert(module);
        }
    }
    let child = Regex::new(r"(?m)^(?:pub(?:\(\w+\))? )?mod (\w+);").unwrap();
    let call = Regex::new(r"\b(?:self|reader|joiner|prover)\s*\.(\w+)\(").unwrap();
    let mut uses = BTreeMap::new();
    for (module, text) in &files {
        let mut used = BTreeSet::new();
        let mut roots = vec!["crate", "super", "self"];
        roots.extend(child.captures_iter(text).map(|it| it.extract::<1>().1[0]));
        for path in paths_from(text, &roots) {
            let mut at = module.clone();
            for (index, name) in path.iter().enumerate() {
                let inner = format!("{at}/{name}");
                match name.as_str() {
                    "crate" => at = String::new(),
                    "super" => at = at.rsplit_once('/').map_or("", |it| it.0).to_owned(),
                    "self" if index == 0 => {}
                    name if at.is_empty() => at = name.to_owned(),
                    _ if files.contains_key(&inner) => at = inner,
                    _ => break,
                }
            }
            used.extend(files.contains_key(&at).then_some(at));
        }
        for found in call.captures_iter(text) {
            let (_, [name]) = found.extract();
            if let Some(defining) = methods.get(name)
                && defining.len() == 1
            {
                used.extend(defining.iter().map(|&file| file.to_owned()));
            }
        }
        used.remove(module);
        uses.insert(module.clone(), used);
    }
    let count: usize = uses.values().map(BTreeSet::len).sum();
    assert!(count > 50, "{uses:#?}");
    uses
}

/// Each file uses those below it, so that one can be read, and changed, without all.
#[test]
fn files_of_a_folder_use_each_other_in_no_circle() {
    let mut circles = BTreeMap::new();
    for folder in ["check", "output"] {
        let mut uses = uses_within(&format!("src/{folder}"));
        // The folder's own file joins the others.
        uses.remove(folder);
        for (module, used) in &mut uses {
            // A file may have its details in files below it, which use its types.
            used.retain(|other| !module.starts_with(&format!("{other}/")));
        }
        circles.extend(in_circles(uses));
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

/// `ls src` is the floor plan: a folder for each group, whose own file is its `mod.rs`.
#[test]
fn the_folders_of_the_source_are_its_groups() {
    let src = repository().join("src");
    let entries = fs::read_dir(&src).unwrap();
    let entries = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> = entries.collect();
    assert!(found.len() <= MOST_IN_SRC, "{found:?}");
    let mut expected: BTreeSet<String> = groups().into_iter().collect();
    for group in &expected {
        assert!(src.join(group).join("mod.rs").is_file(), "{group}");
    }
    expected.extend(["docs.rs", "lib.rs", "main.rs"].map(str::to_owned));
    assert_eq!(found, expected);
}

/// Names of types that stand for more than one thing, each with the reason.
const SHARED_NAMES: [(&str, &str); 1] = [(
    "Schema",
    "`cli::schema::Schema` is the command `schema`; each command's type has the command's name",
)];

/// A reader who searches a type's name finds one thing. A name within a function is seen whole.
#[test]
fn no_type_name_stands_for_two_things() {
    let definition = Regex::new(r"(?m)^(?:pub(?:\([^)]*\))? )?(?:struct|enum|trait|type) (\w+)");
    let definition = definition.unwrap();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in code(&["src"]) {
        if path.contains("/tests/") || path.ends_with("/tests.rs") {
            continue;
        }
        let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for found in definition.captures_iter(production) {
            places
                .entry(found[1].to_owned())
                .or_default()
                .push(path.clone());
        }
    }
    places.retain(|_, files| files.len() > 1);
    for (name, _) in SHARED_NAMES {
        assert!(
            places.remove(name).is_some(),
            "`{name}` stands for one thing: remove it here"
        );
    }
    assert!(places.is_empty(), "{places:#?}");
}

/// The files of `src/` whose code matches a pattern; comments and unit tests may name anything.
fn files_with(pattern: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).unwrap();
    let comment = Regex::new(r"(?m)^\s*//.*$|\s//\s.*$").unwrap();
    let files = code(&["src"]).into_iter().filter(|(path, text)| {
        let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        !is_test && pattern.is_match(&comment.replace_all(production, ""))
    });
    let mut paths: Vec<String> = files.map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths
}

/// A new kind of page changes these files, and has a view and a template of its own: its row, its
/// syntax, its check, its content in the model, its anchors, its rendering, its rows of the search
/// index, and its Markdown version.
#[test]
fn few_files_name_a_kind_of_page() {
    let kinds = PageKind::ALL.map(|kind| format!("{kind:?}")).join("|");
    let names = kinds.to_lowercase();
    let found = files_with(&format!(
        r#"\b(?:Content|PageBody|PageKind)::(?:{kinds})\b|"(?:{names})\.html"|\bis_guide\b"#,
    ));
    let expected = [
        "src/check/page.rs",
        "src/input/page_kind.rs",
        "src/input/spec.rs",
        "src/model/anchor.rs",
        "src/model/mod.rs",
        "src/pages/render/edition.rs",
        "src/pages/search.rs",
        "src/pages/twin.rs",
    ];
    assert_eq!(found, expected);
}

/// The files of `src/` that name a language of samples, or have its name for something else.
const NAMES_OF_LANGUAGES: [(&str, &str); 11] = [
    ("src/check/address.rs", "an ending of files"),
    ("src/check/body.rs", "a media type: `text/javascript`"),
    ("src/check/origin.rs", "an ending of files"),
    (
        "src/check/origin/command.rs",
        "a command that sends requests",
    ),
    ("src/hole/mod.rs", "an encoding: quotes of PowerShell"),
    ("src/live/serve/editor.rs", "a scheme of URLs"),
    ("src/model/language.rs", "the table of languages"),
    ("src/model/sample.rs", "the list of printers"),
    ("src/pages/template/guard.rs", "a media type of scripts"),
    ("src/rich/console.rs", "the prompts of programs"),
    (
        "src/rich/highlight/language.rs",
        "the table of highlighting",
    ),
];

/// A new language of samples is a row, a printer in a file of its own, and its line in the list of
/// printers.
#[test]
fn few_files_name_a_language_of_samples() {
    let variants = Language::ALL.map(|language| format!("{language:?}"));
    let names = Language::ALL.map(Language::name);
    let (variants, names) = (variants.join("|"), names.join("|"));
    let found = files_with(&format!(r#"\bLanguage::(?:{variants})\b|"(?:{names})""#));
    assert_eq!(found, NAMES_OF_LANGUAGES.map(|(path, _)| path));
}

/// The files that name types of the system, each with what it needs them for: what a port to another
/// system has to look at.
const FILES_OF_THE_SYSTEM: [(&str, &str); 7] = [
    ("src/cli/signals.rs", "what asks a process to end"),
    (
        "src/hole/spool.rs",
        "reading and writing at a place of a file",
    ),
    (
        "src/input/system.rs",
        "which file a path is, and when it changed",
    ),
    ("src/live/listen.rs", "the error of too many open files"),
    (
        "src/live/trial/tool.rs",
        "ending a sample with all that it started",
    ),
    ("src/live/watch/remote.rs", "the kind of a file system"),
    ("src/output/system/unix.rs", "folders held open"),
];

/// Unit tests may name any.
#[test]
fn few_files_name_types_of_the_system() {
    let types = r"\b(?:rustix|libc|signal_hook|OwnedFd|Errno)\b|\bstd::os::";
    let types = Regex::new(types).unwrap();
    let mut found = Vec::new();
    for (path, text) in code(&["src"]) {
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        if !is_test && types.is_match(&production(&text)) {
            found.push(path);
        }
    }
    assert_eq!(found, FILES_OF_THE_SYSTEM.map(|(path, _)| path));
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in code(&["src", "tests", "benches", "fuzz/src", "fuzz/targets"]) {
        assert!(
            text.starts_with("//! "),
            "{path} does not begin with `//! `"
        );
    }
}

#[test]
fn nothing_is_left_for_later() {
    // In two parts, so that this file passes.
    let words = [
        "TO\u{44}O",
        "FIX\u{4d}E",
        "XX\u{58}",
        "todo\u{21}(",
        "unimplemented\u{21}(",
        "dbg\u{21}(",
        "#\u{5b}ignore",
    ];
    let mut found = Vec::new();
    for (path, text) in code(&["src", "tests", "benches", "fuzz/src", "fuzz/targets"]) {
        for (index, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{path}:{}: {word}", index + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_changelog_has_a_part_for_the_next_version() {
    let changelog = read("CHANGELOG.md");
    let first = changelog.lines().find(|line| line.starts_with("## "));
    assert!(
        first.is_some_and(|line| line.contains("Unreleased")),
        "{first:?}"
    );
}

#[test]
fn no_file_is_too_long_to_read() {
    for (path, text) in code(&["src"]) {
        let lines = text.lines().count();
        assert!(
            lines <= MOST_LINES,
            "{path} has {lines} lines, more than {MOST_LINES}"
        );
    }
}

#[test]
fn every_dependency_says_why() {
    let manifest = read("Cargo.toml");
    let mut in_dependencies = false;
    let mut above = "";
    let mut count = 0;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
        } else if in_dependencies && line.contains(" = ") {
            count += 1;
            assert!(above.starts_with('#'), "no comment above: {line}");
            assert!(
                above.ends_with('.'),
                "above {line} ends without a full stop: {above}"
            );
        }
        above = line;
    }
    assert!(count > 10);
}

/// Each comment stands above one dependency: two in a row, and one of them has lost its own.
#[test]
fn no_dependency_took_anothers_reason() {
    let manifest = read("Cargo.toml");
    let dependencies = manifest.split("[dependencies]\n").nth(1).unwrap();
    let mut above = "";
    for line in dependencies.lines() {
        let both = above.starts_with('#') && line.starts_with('#');
        assert!(
            !both || !above.ends_with('.'),
            "two reasons in a row:\n{above}\n{line}"
        );
        above = line;
    }
}

/// Nothing that is built in, or that the tests use, can fetch; and no reader of YAML whose upkeep
/// has ended (RUSTSEC-2024-0320, 2025-0067, 2025-0068) or cleaner of HTML, whose place would be one
/// where nothing is dirty, comes along with something else.
#[test]
fn no_dependency_is_one_that_we_refuse() {
    let lock = read("Cargo.lock");
    let fetch = [
        "attohttpc",
        "curl",
        "hyper-rustls",
        "hyper-tls",
        "isahc",
        "minreq",
        "native-tls",
        "openssl",
        "reqwest",
        "rustls",
        "surf",
        "ureq",
    ];
    let dead = ["libyml", "serde_yaml", "serde_yml", "yaml-rust"];
    for name in [&fetch[..], &dead, &["ammonia"]].concat() {
        let entry = format!("name = \"{name}\"\n");
        assert!(
            !lock.contains(&entry),
            "Cargo.lock has {name}: find out who brings it"
        );
    }
}

/// The fuzz targets have a lock file of their own, which `fuzz/run` does not change.
#[test]
fn the_fuzz_targets_lock_every_dependency() {
    let manifest = read("Cargo.toml");
    let dependencies = manifest.split("[dependencies]\n").nth(1).unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    let lock = read("fuzz/Cargo.lock");
    let ours = lock.split("name = \"botdocs\"\n").nth(1).unwrap();
    let ours = ours.split("\n]").next().unwrap();
    let names = dependencies
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .filter(|(name, _)| !name.starts_with('#'));
    for (name, _) in names {
        assert!(
            ours.contains(&format!("\n \"{name}\",")),
            "fuzz/Cargo.lock lacks {name}: run cargo fetch --manifest-path fuzz/Cargo.toml"
        );
    }
}

/// Else `UPDATE_GOLDEN=0` updates in one place and compares in another.
#[test]
fn one_place_reads_whether_expectations_are_written_anew() {
    let reads = Regex::new("var(_os)?\\(\"UPDATE_GOLDEN").unwrap();
    let files = code(&["src", "tests", "benches", "fuzz/targets"]).into_iter();
    let files = files.filter(|(_, text)| reads.is_match(text));
    let paths: Vec<String> = files.map(|(path, _)| path).collect();
    assert_eq!(paths, ["tests/support/project.rs"]);
}

/// Else the language, the proxies or the options of one machine decide what a test sees.
#[test]
fn one_place_starts_the_programs_of_tests() {
    let starts = Regex::new(r"Command::\x6eew\(").unwrap();
    let files = code(&["tests"]).into_iter();
    let files = files.filter(|(_, text)| starts.is_match(text));
    let paths: Vec<String> = files.map(|(path, _)| path).collect();
    assert_eq!(paths, ["tests/support/project.rs", "tests/support/tool.rs"]);
}

/// `cargo test` passes on any system with Rust: its target starts no program but botdocs, and does not
/// read `/proc`. `Project::command` removes `PATH`, so that botdocs finds no program either.
#[test]
fn the_integration_tests_need_rust_alone() {
    const TOOL: &str = "tests/support/tool.rs";
    let main = read("tests/integration/main.rs");
    assert!(!main.contains("tool"), "`integration` includes `tool.rs`");
    let shared = read("tests/support/mod.rs");
    assert!(
        !shared.contains("mod tool;"),
        "`integration` includes `tool.rs`"
    );
    // In two parts, so that this file passes.
    let words = [
        "tool\u{28}",
        "shell\u{28}",
        "without_powers\u{28}",
        "Command::new\u{28}",
        "/pro\u{63}/",
    ];
    let of_botdocs = "Command::\u{6e}ew(env!(\"CARGO_BIN_EXE_botdocs\"))";
    let mut found = Vec::new();
    for (path, text) in code(&["tests/integration", "tests/support"]) {
        let text = text.replacen(of_botdocs, "", 1);
        for word in words.iter().filter(|word| text.contains(**word)) {
            found.push(format!("{path}: {word}"));
        }
    }
    found.retain(|line| !line.starts_with(TOOL));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The one file of unit tests that starts other programs; it skips the tests where these are missing.
const STARTS_PROGRAMS: &str = "src/output/tests/disk.rs";

/// `cargo test` also runs the unit tests, which start no program but those that a test can do without.
#[test]
fn the_unit_tests_need_rust_alone() {
    let words = Regex::new(r"\bCommand::new\(|/pro[c]/").unwrap();
    let mut found = Vec::new();
    for (path, text) in code(&["src"]) {
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        let own = text.split_once("#[cfg(test)]\nmod tests {");
        let tests = own.map_or("", |(_, tests)| tests);
        if words.is_match(if is_test { &text } else { tests }) {
            found.push(path);
        }
    }
    assert_eq!(found, [STARTS_PROGRAMS]);
    assert!(read(STARTS_PROGRAMS).contains(" skip("));
    let linux = "#[cfg(target_os = \"linux\")]\nmod disk;\n";
    assert!(read("src/output/tests.rs").contains(linux));
}

/// `./test` names each target that `cargo test` leaves out, for the tests and for the lints.
#[test]
fn every_test_target_runs_in_the_whole_test() {
    let manifest = read("Cargo.toml");
    let script = read("test");
    let mut names = Vec::new();
    for target in manifest.split("[[test]]\n").skip(1) {
        let target = target.split("\n[").next().unwrap();
        let name = target.split('"').nth(1).unwrap();
        names.push(name);
        let is_left_out = target.contains("\ntest = false\n");
        assert_eq!(is_left_out, name != "integration", "{name}");
        let runs = |command: &str| {
            let mut lines = script.lines().filter(|line| line.contains(command));
            lines.any(|line| line.contains(&format!("--test {name}")))
        };
        assert!(runs("cargo test "), "{name}");
        assert!(!is_left_out || runs("cargo clippy "), "{name}");
    }
    assert_eq!(names, ["integration", "tools", "browser", "faults"]);
}

/// All that is printed passes one module, which leaves nothing that steers a terminal.
#[test]
fn one_function_prints_paths() {
    for (path, text) in code(&["src"]) {
        let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        assert!(
            is_test || !production.contains(".display()"),
            "{path}: `printable_path` prints a path in one line"
        );
    }
}

#[test]
fn one_module_prints() {
    let prints = Regex::new(r"anstream::|e?print(ln)?!\(|error\.print\(").unwrap();
    let files = code(&["src"]).into_iter();
    let files = files.filter(|(_, text)| prints.is_match(text));
    let paths: Vec<String> = files.map(|(path, _)| path).collect();
    assert_eq!(paths, ["src/cli/print.rs"]);
}

/// Paths of one machine must not reach the repository.
#[test]
fn no_file_names_a_folder_of_one_machine() {
    let paths = Regex::new(
        r"(?m)(?:^|[\s`'=(\u{22}])/(?:root|home/[a-z]+|work|Users/[A-Za-z]+)/[A-Za-z0-9_.]",
    )
    .unwrap();
    let own = repository();
    let own = own.to_str().unwrap();
    let mut found = Vec::new();
    for folder in [
        "src",
        "spec",
        "templates",
        "static",
        "site",
        "tests",
        "benches",
        "docs",
        "examples",
        ".",
    ] {
        let root = repository().join(folder);
        let walk = walkdir::WalkDir::new(&root).max_depth(if folder == "." { 1 } else { 20 });
        let entries = walk.into_iter().filter_entry(|entry| {
            ![".git", "node_modules", "target", "__pycache__"]
                .iter()
                .any(|name| entry.file_name() == *name)
        });
        for entry in entries
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
        {
            let Ok(text) = fs::read_to_string(entry.path()) else {
                continue;
            };
            if text.contains(own) || paths.is_match(&text) {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found.sort_unstable();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
