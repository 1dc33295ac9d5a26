//! The documents do what they say: every block of `README.md` and `docs/` that can run is run.
//!
//! A fence whose info string has a path is that file. YAML without one is a whole file or a part of
//! one, which is put where it belongs. Shell is run in a project, in the order of the document.
//! A block that can't run is in [`NOT_RUN`], with the reason.

use std::collections::BTreeSet;
use std::fs;

use botdocs::input::yaml::{Node, Value};
use regex::Regex;

use crate::blocks::{Block, blocks};
use crate::project::{API, Project, SITE};
use crate::support::documents::{botdocs_commands, documents, parse};
use crate::support::skip::skip;
use crate::tool::tool;

/// Blocks that are not run: the document, the block's beginning, and the reason.
const NOT_RUN: [(&str, &str, &str); 11] = [
    (
        "README.md",
        "cargo run --locked --release",
        "builds the program; CI runs it",
    ),
    ("README.md", "cargo test --locked", "is what runs this test"),
    (
        "docs/each-bot.md",
        "set -eu",
        "asks a server that is not there",
    ),
    (
        "docs/hosting.md",
        "npx wrangler",
        "publishes, with an account",
    ),
    (
        "docs/hosting.md",
        "netlify deploy",
        "publishes, with an account",
    ),
    (
        "docs/hosting.md",
        "# Assets first",
        "publishes, with an account",
    ),
    (
        "docs/hosting.md",
        "botdocs build --strict && rsync",
        "publishes, to a server",
    ),
    (
        "docs/preview.md",
        "botdocs serve --open",
        "goes on until it is stopped",
    ),
    (
        "docs/mock.md",
        "botdocs mock -p",
        "goes on until it is stopped; `mock.rs` runs it",
    ),
    (
        "docs/mock.md",
        "botdocs mock --cors",
        "goes on until it is stopped; `cors.rs` runs it",
    ),
    (
        "docs/mock.md",
        "botdocs test",
        "runs for minutes; `mock.rs` runs it",
    ),
];

/// A project with the variable that the documents' examples name.
fn project() -> Project {
    let site = format!("{SITE}variables: {{bot_name: {{placeholder: your bot}}}}\n");
    Project::new().file("spec/site.yaml", site)
}

/// The same with the pictures that they name, which are unused in other projects.
fn with_pictures() -> Project {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 3 1\"/>";
    let icon = include_bytes!("../golden/everything/spec/images/icon.png");
    project()
        .file("static/logo.svg", drawing)
        .file("static/logo-dark.svg", drawing)
        .file("static/favicon.png", icon)
}

#[test]
fn every_block_does_what_it_says() {
    let mut not_run = BTreeSet::new();
    let mut run = 0;
    for (path, text) in documents() {
        let project = project();
        for block in blocks(&text) {
            let known = NOT_RUN.iter().position(|(document, begin, _)| {
                *document == path && block.content.starts_with(begin)
            });
            if let Some(known) = known {
                assert!(
                    not_run.insert(known),
                    "{path}: two blocks begin with `{}`",
                    NOT_RUN[known].1
                );
                continue;
            }
            run += 1;
            do_block(&project, &path, &block);
        }
    }
    assert_eq!(
        not_run.len(),
        NOT_RUN.len(),
        "blocks that are no longer there"
    );
    assert!(run > 30, "only {run} blocks");
}

/// Does what a block says, and fails where that does not work.
fn do_block(project: &Project, document: &str, block: &Block) {
    let content = block.content.as_str();
    let told = || format!("{document}:\n{content}");
    match (block.language.as_str(), block.path.as_str()) {
        ("yaml", "") => good_yaml(project, document, content),
        ("yaml", path) if path.ends_with(".yml") => workflow(project, content),
        ("toml", _) => {
            let parse = "import sys, tomllib; tomllib.loads(sys.argv[1])";
            let output = tool("python3")
                .args(["-c", parse, content])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}{output:?}", told());
        }
        ("nginx", _) => good_nginx(content),
        ("markdown", _) => good_guide(content),
        ("html", "") => assert_eq!(
            botdocs::pages::theme::version_of(content),
            Some(botdocs::pages::theme::VERSION),
            "{}",
            told()
        ),
        ("html", path) => {
            let site = format!("{SITE}variables: {{bot_name: {{placeholder: your bot}}}}\n");
            let project = Project::new()
                .file("spec/site.yaml", site)
                .file(path, content);
            // The style sheet of the block below it.
            if content.contains("asset(\"brand.css\")") {
                project.write("static/brand.css", "");
            }
            project.run(&["check", "--strict"]).exits(0);
        }
        ("ftl", path) => {
            let tag = path
                .rsplit('/')
                .next()
                .unwrap()
                .strip_suffix(".ftl")
                .unwrap();
            let site = format!("{SITE}language: {tag}\n");
            let project = self::project()
                .file(path, content)
                .file("spec/site.yaml", site);
            let ran = project.run(&["check"]).exits(0);
            // A part of a language's messages is an example, too.
            assert!(!ran.stderr.contains("unused-message"), "{}", ran.stderr);
        }
        // Its message is compared in `readme.rs`.
        ("text", _) if document == "README.md" => {}
        ("css", path) => {
            let addresses = botdocs::rich::style_sheet::addresses(content);
            assert!(
                path.starts_with("static/") && !addresses.is_empty(),
                "{}",
                told()
            );
        }
        // Made from the gallery, whose specs `gallery.rs` checks whole.
        ("diff", _) if document == "docs/proof.md" => {}
        ("json", _) if document == "docs/proof.md" => {
            serde_json::from_str::<serde_json::Value>(content)
                .unwrap_or_else(|_| panic!("{}", told()));
        }
        ("console", "") => {
            for line in content.lines() {
                let command = line
                    .strip_prefix("$ ")
                    .unwrap_or_else(|| panic!("{}", told()));
                let ran = project.shell(command);
                // `diff` says by its code that there is a difference.
                let fine =
                    ran.code == Some(0) || command.starts_with("diff ") && ran.code == Some(1);
                assert!(fine, "{}\n{command}\n{ran:?}", told());
            }
        }
        ("sh", "") => drop(project.shell(&format!("set -e\n{content}")).exits(0)),
        ("csv" | "jsonl" | "yaml", path) if path.starts_with("bots.") => {
            project.write(path, content);
            let build = ["build", "--bots", path, "--out", "of-the-list"];
            project.run(&build).exits(0);
        }
        _ => panic!("{}\nof a language that no test knows", told()),
    }
}

/// Checks a YAML block: a whole file, or a part of one in the place where it belongs.
fn good_yaml(project: &Project, document: &str, content: &str) {
    let node = parse(content);
    let has = |key: &str| node.value.get(key).is_some();
    let indented = |by: &str| {
        content
            .lines()
            .map(|line| format!("{by}{line}\n"))
            .collect::<String>()
    };
    let whole = |path: &str, text: &str| {
        let checked = with_pictures().file(path, text);
        if let Some(navigation) = node.value.get("navigation") {
            stub_pages(&checked, navigation);
            fs::remove_file(checked.path().join("spec/api.yaml")).unwrap();
        }
        checked.run(&["check"]).exits(0);
    };
    if has("navigation") {
        whole("spec/site.yaml", content);
        if document == "README.md" {
            project.write("spec/site.yaml", content);
        }
    } else if has("endpoints") {
        whole("spec/api.yaml", content);
        if document == "README.md" {
            fs::remove_file(project.path().join("spec/api.yaml")).unwrap();
            project.write("spec/chat.yaml", content);
        }
    } else if has("bots") {
        // What comes after it in the document builds with that list.
        let site = project.read("spec/site.yaml");
        let site = site.lines().filter(|line| !line.starts_with("bots:"));
        let site: String = site.map(|line| format!("{line}\n")).collect();
        project.write("spec/site.yaml", format!("{site}{content}"));
        project.run(&["check"]).exits(0);
    } else if [
        "variables",
        "accent",
        "samples",
        "twins",
        "search",
        "levels",
    ]
    .into_iter()
    .any(has)
    {
        whole(
            "spec/site.yaml",
            &format!("title: Docs\nnavigation: [api]\n{content}"),
        );
    } else if has("waivers") {
        whole("spec/api.yaml", &format!("{API}{content}"));
    } else if has("parameters") || has("stream") {
        let mut page = API
            .replace("{response: {type", "{reply: {type")
            .replace("{response: Hello}", "{reply: Hi!}")
            .replace(
                "required: true}\n",
                "required: true}\n        stream: {type: boolean}\n",
            );
        if has("parameters") {
            page = page.replace("path: /chat\n", "path: /chat/{chat_id}\n");
        }
        whole("spec/api.yaml", &format!("{page}{}", indented("    ")));
    } else {
        panic!("{document}: no place for this YAML:\n{content}");
    }
}

/// Writes a guide for each page that a navigation names.
fn stub_pages(project: &Project, navigation: &Node) {
    match &navigation.value {
        Value::String(name) => {
            project.write(
                &format!("spec/{name}.md"),
                format!("---\ntitle: {name}\n---\nText.\n"),
            );
        }
        Value::Sequence(items) => items.iter().for_each(|item| stub_pages(project, item)),
        Value::Mapping(_) => stub_pages(project, navigation.value.get("pages").unwrap()),
        other => panic!("{other:?} in a navigation"),
    }
}

fn good_guide(content: &str) {
    let front = match content.starts_with("---\n") {
        true => "",
        false => "---\ntitle: Guide\n---\n",
    };
    let project = project()
        .file("spec/site.yaml", "title: Docs\nnavigation: [api, guide]\n")
        .file("spec/guide.md", format!("{front}{content}"));
    project.run(&["check", "--strict"]).exits(0);
}

/// Reads a workflow of GitHub or GitLab, and runs its commands that are botdocs's.
fn workflow(project: &Project, content: &str) {
    let mut commands = Vec::new();
    botdocs_commands(&parse(content), &mut commands);
    assert!(!commands.is_empty(), "{content}");
    let expression = Regex::new(r"\$\{\{[^}]*\}\}").unwrap();
    for command in commands {
        let command = expression.replace_all(&command, "example");
        // All shards, since they are joined after them.
        let shards = if command.contains("--shard") { 4 } else { 1 };
        for shard in 1..=shards {
            let environment = format!(
                "export BOT=ada CI_PAGES_URL=https://example.gitlab.io/docs PART={shard} \
                 CI_NODE_INDEX={shard} CI_NODE_TOTAL=4 JOB_COMPLETION_INDEX={}",
                shard - 1
            );
            project.shell(&format!("{environment}\n{command}")).exits(0);
        }
    }
}

/// Checks a configuration by nginx itself where it is there, and by its form everywhere.
fn good_nginx(content: &str) {
    assert!(
        content.contains(&botdocs::rich::policy::text()),
        "not the policy of the pages:\n{content}"
    );
    let mut depth = 0;
    for line in content.lines().map(str::trim) {
        depth += i32::from(line.ends_with('{')) - i32::from(line == "}");
        let complete = line.is_empty() || line.starts_with('#') || line.ends_with(['{', '}', ';']);
        assert!(complete && depth >= 0, "{line}");
    }
    assert_eq!(depth, 0);
    if tool("nginx").arg("-v").output().is_err() {
        skip("nginx is not installed");
        return;
    }
    let project = Project::empty().file("docs.conf", content);
    let here = project.path().display();
    let main = format!(
        "pid \"{here}/pid\";\nerror_log stderr;\nevents {{}}\nhttp {{\n  access_log off;\n  include \"{here}/docs.conf\";\n}}\n"
    );
    project.write("nginx.conf", main);
    project
        .shell(&format!("nginx -t -p '{here}' -c '{here}/nginx.conf'"))
        .exits(0);
}
