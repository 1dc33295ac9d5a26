//! The library: its public names, and the example that serves bots.

use botdocs::{Docs, PageError};
use regex::Regex;

use crate::project::{Project, difference, repository, updates_expectations};

/// The public names and signatures of the library: whoever changes one changes this file.
const NAMES: &str = "tests/integration/public-names.txt";

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

/// The public items of a file, without their bodies, each on a line.
fn signatures(text: &str) -> Vec<String> {
    let production = text.split("#[cfg(test)]").next().unwrap();
    let item = Regex::new(
        r"(?m)^(impl[^{]*|    pub fn [^{]*|pub (?:struct|type|trait|fn|const) [^{;]*|pub use [^;]*|pub enum \w+ \{[^}]*)[{;}]",
    );
    let mut owner = String::new();
    let mut found = Vec::new();
    for item in item.unwrap().captures_iter(production) {
        let lines = item[1]
            .lines()
            .filter(|line| !line.trim().starts_with("///"));
        let words = lines.flat_map(str::split_whitespace).collect::<Vec<_>>();
        let words = words.join(" ");
        if words.starts_with("impl") {
            owner = words;
            // What a type can do by a trait is a public name too.
            if owner.contains(" for ") {
                found.push(owner.clone());
            }
        } else if item[1].starts_with(' ') {
            found.push(format!("{owner}: {words}"));
        } else {
            found.push(words);
        }
    }
    found
}

#[test]
fn the_public_names_are_those_of_the_committed_list() {
    let library = read("src/lib.rs");
    // A module that is public for the program, benchmarks and tests is hidden from documentation.
    for (at, line) in library.lines().enumerate() {
        if line.starts_with("pub mod ") {
            let before = library.lines().take(at).collect::<Vec<_>>();
            let mut attributes = before
                .iter()
                .rev()
                .take_while(|line| line.starts_with("#["));
            let is_hidden = attributes.any(|line| *line == "#[doc(hidden)]");
            assert!(is_hidden, "src/lib.rs:{}: {line}", at + 1);
        }
    }
    let mut names = signatures(&library);
    names.retain(|name| name.starts_with("pub use"));
    names.extend(signatures(&read("src/docs.rs")));
    let names = names.join("\n") + "\n";
    if updates_expectations() {
        std::fs::write(repository().join(NAMES), &names).unwrap();
    }
    let expected = read(NAMES);
    assert!(names == expected, "{}", difference(&expected, &names));
}

#[path = "../../examples/server.rs"]
#[allow(dead_code, reason = "the test calls what answers, without a socket")]
mod server;

#[test]
fn a_server_fills_pages_as_a_build_writes_them() {
    let project = Project::new()
        .file("spec/guide.md", "---\ntitle: Guide\n---\n\nHello {{ bot_name }}.\n")
        .file(
            "spec/site.yaml",
            "title: Docs\nnavigation: [api, guide]\nvariables:\n  bot_id: {placeholder: YOUR_BOT_ID}\n  bot_name: {placeholder: Your Bot}\n",
        )
        .file("bots.yaml", "- bot_id: one\n- bot_id: two-2\n");
    project
        .run(&["build", "--bots", "bots.yaml", "--out", "out"])
        .exits(0);
    let docs = Docs::load(project.path()).unwrap();
    let mut compared = 0;
    for (path, written) in project.tree("out") {
        // Files that tell a host or the next build what to do are not served.
        if path.starts_with(['.', '_']) || path == "botdocs-manifest.json" {
            continue;
        }
        let (status, _, body) = server::answer(&docs, &format!("/{path}"));
        assert_eq!(status, "200 OK", "{path}");
        assert!(body == written, "{path}");
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
    let status = |path| server::answer(&docs, path).0;
    assert_eq!(status("/bots/one/"), "200 OK");
    for missing in [
        "/none",
        "/bots/one/none",
        "/bots/%3Cscript%3E/index.html",
        "/bots/one",
    ] {
        assert_eq!(status(missing), "404 Not Found", "{missing}");
    }
}

/// Bots with other values have other endpoints, and so other pages and another search index.
#[test]
fn a_bot_has_the_endpoints_that_its_values_give_it() {
    const EXTRA: &str = "\
title: Extra
servers: [{url: https://api.example.com}]
endpoints:
  extra:
    title: Extra
    method: GET
    path: /extra
    when: {plan: [gold]}
    responses: {204: {description: Done.}}
";
    let project = Project::new()
        .file("spec/extra.yaml", EXTRA)
        .file(
            "spec/site.yaml",
            "title: Docs\nnavigation: [api, extra]\nvariables: {plan: {placeholder: gold}}\n",
        )
        .file(
            "bots.yaml",
            "- {bot_id: one, plan: gold}\n- {bot_id: two, plan: free}\n",
        );
    project
        .run(&["build", "--bots", "bots.yaml", "--out", "out"])
        .exits(0);
    let docs = Docs::load(project.path()).unwrap();
    let plans = [("one", "gold"), ("two", "free")];
    let mut indexes = 0;
    for (path, written) in project.tree("out") {
        if path == "botdocs-manifest.json" {
            continue;
        }
        let of_bot = path.strip_prefix("bots/");
        let of_bot = of_bot.and_then(|path| path.split_once('/'));
        let made = match of_bot {
            Some((id, page)) => {
                let (_, plan) = plans.iter().find(|(other, _)| *other == id).unwrap();
                docs.bot([("bot_id", id), ("plan", plan)])
                    .unwrap()
                    .page(page)
            }
            None => docs.file(&path),
        };
        assert!(made.as_ref() == Ok(&written), "{path}");
        indexes += usize::from(path.starts_with("search."));
    }
    assert_eq!(indexes, 2);
    let bot = docs.bot([("bot_id", "two"), ("plan", "free")]).unwrap();
    assert!(bot.paths().unwrap().any(|path| path == "index.html"));
    assert_eq!(bot.page("extra.html"), Err(PageError::NotFound));
}

#[test]
fn values_that_a_variable_refuses_have_no_pages() {
    let docs = Docs::load(repository()).unwrap();
    let error = |values: &[(&str, &str)]| docs.bot(values.iter().copied()).err();
    let id = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";
    assert_eq!(error(&[("bot_id", id)]), None);
    for (values, is_unknown, part) in [
        (&[][..], false, "`bot_id`"),
        (&[("bot_id", "no UUID")], false, "`bot_id`"),
        (
            &[("bot_id", id), ("bot_di", "x")],
            true,
            "did you mean `bot_id`?",
        ),
    ] {
        let error = error(values).unwrap();
        assert_eq!(error.is_unknown_variable(), is_unknown, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn a_project_with_errors_does_not_load() {
    let project = Project::new().file("spec/site.yaml", "title: Docs\nnavigaton: [api]\n");
    let error = Docs::load(project.path()).err().unwrap().to_string();
    let printed = project.run(&["check"]).exits(1).stderr;
    let first = error.lines().next().unwrap();
    assert!(printed.contains(first), "{error}\n{printed}");
    assert!(Docs::load(project.path().join("none")).is_err());
}
