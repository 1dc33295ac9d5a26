//! The documents do what they say: every block of `README.md` and `docs/` that can run is run.
//!
//! A fence whose info string has a path is that file. YAML without one is a whole file or a part of
//! one, which is put where it belongs. Shell is run in a project, in the order of the document.
//! A block that can't run is in [`NOT_RUN`], with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use botdocs::input::diagnostic::Report;
use botdocs::input::load::Inputs;
use botdocs::input::yaml::{Node, Value};
use regex::Regex;

use crate::blocks::{Block, blocks};
use crate::page::Page;
use crate::project::{API, Project, SITE, repository, tool, tree};

/// Blocks that are not run: the document, the block's beginning, and the reason.
const NOT_RUN: [(&str, &str, &str); 10] = [
    (
        "README.md",
        "cargo run --locked --release",
        "builds the program; CI runs it",
    ),
    ("README.md", "./test", "is what runs this test"),
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
        "botdocs mock",
        "goes on until it is stopped; `mock.rs` runs it",
    ),
    (
        "docs/mock.md",
        "botdocs test",
        "runs for minutes; `mock.rs` runs it",
    ),
];

/// The documents by path, with what is in them.
fn documents() -> Vec<(String, String)> {
    let mut documents = vec!["README.md".to_owned()];
    let found = tree(&repository().join("docs")).into_iter();
    documents.extend(
        found
            .filter(|(path, _)| path.ends_with(".md"))
            .map(|(path, _)| format!("docs/{path}")),
    );
    let read = |path: String| {
        let text = fs::read_to_string(repository().join(&path)).unwrap();
        (path, text)
    };
    documents.into_iter().map(read).collect()
}

/// A project with what the documents' examples name.
fn project() -> Project {
    let site = format!("{SITE}variables: {{bot_name: {{placeholder: your bot}}}}\n");
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 3 1\"/>";
    Project::new()
        .file("spec/site.yaml", site)
        .file("static/logo.svg", drawing)
        .file("static/logo-dark.svg", drawing)
        .file("static/favicon.png", "")
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
                not_run.insert(known);
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
            let project = self::project().file(path, content);
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

/// Reads YAML by our own parser.
pub(crate) fn parse(content: &str) -> Node {
    let mut inputs = Inputs::default();
    let file = inputs.sources.add("block", content);
    let mut report = Report::default();
    let node = botdocs::input::yaml::parse(&inputs.sources, file, &mut report);
    let reports = report.iter().collect::<Vec<_>>();
    assert!(reports.is_empty(), "{content}\n{reports:?}");
    node.unwrap()
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
        let checked = self::project().file(path, text);
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
    } else if ["variables", "accent", "samples", "twins"]
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

/// The values of `run` and the items of `script` that begin with the program's name.
pub(crate) fn botdocs_commands(node: &Node, commands: &mut Vec<String>) {
    match &node.value {
        Value::String(text) if text.starts_with("botdocs ") => commands.push(text.clone()),
        Value::Sequence(items) => items
            .iter()
            .for_each(|item| botdocs_commands(item, commands)),
        Value::Mapping(entries) => {
            entries
                .iter()
                .for_each(|entry| botdocs_commands(&entry.value, commands));
        }
        _ => {}
    }
}

/// Checks a configuration by nginx itself where it is there, and by its form everywhere.
fn good_nginx(content: &str) {
    assert!(
        content.contains(botdocs::pages::view::POLICY),
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
        crate::project::skip("nginx is not installed");
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

/// A document without its code.
fn prose(text: &str) -> String {
    let fences = Regex::new(r"(?ms)^(```+).*?^```+$").unwrap();
    let code = Regex::new(r"`[^`\n]*`").unwrap();
    code.replace_all(&fences.replace_all(text, ""), "")
        .into_owned()
}

/// The anchor of a heading, as hosts of repositories make it.
fn anchors(text: &str) -> BTreeSet<String> {
    let fences = Regex::new(r"(?ms)^(```+).*?^```+$").unwrap();
    let text = fences.replace_all(text, "");
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let titles = headings.map(|line| line.trim_start_matches('#').trim());
    let anchor = |title: &str| -> String {
        let letters = title.chars().flat_map(char::to_lowercase);
        let kept = letters.filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    titles.map(anchor).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut documents = documents();
    for name in ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"] {
        documents.push((
            name.to_owned(),
            fs::read_to_string(repository().join(name)).unwrap(),
        ));
    }
    let mut dead = Vec::new();
    let mut count = 0;
    for (path, text) in &documents {
        let folder = repository().join(path);
        let folder = folder.parent().unwrap();
        for found in link.captures_iter(&prose(text)) {
            let target = &found[1];
            if target.starts_with("https://") {
                continue;
            }
            count += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let there = match file {
                "" => repository().join(path),
                file => folder.join(file),
            };
            let lives = there.exists()
                && (anchor.is_empty()
                    || anchors(&fs::read_to_string(there).unwrap()).contains(anchor));
            if !lives {
                dead.push(format!("{path}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(count > 60, "only {count} links");
}

#[test]
fn the_readme_names_every_document() {
    let documents = documents();
    let (_, readme) = &documents[0];
    for (path, _) in &documents[1..] {
        let is_decision = path.starts_with("docs/decisions/");
        assert!(
            is_decision || readme.contains(&format!("[{path}]({path})")),
            "{path}"
        );
    }
}

/// The index of the decisions.
const DECISIONS: &str = "docs/decisions.md";

/// Decisions are numbered without a gap, and the index has the title of each, in their order.
#[test]
fn the_index_of_decisions_names_each() {
    let mut documents = documents();
    let index = documents.iter().position(|(path, _)| path == DECISIONS);
    let (_, index) = documents.remove(index.unwrap());
    documents.retain(|(path, _)| path.starts_with("docs/decisions/"));
    documents.sort();
    let mut rows = String::new();
    for (number, (path, text)) in (1..).zip(&documents) {
        let file = path.rsplit('/').next().unwrap();
        assert!(file.starts_with(&format!("{number:04}-")), "{path}");
        let title = text.lines().next().unwrap();
        let title = title.strip_prefix(&format!("# {number}. ")).unwrap();
        rows += &format!("| [{number}](decisions/{file}) | {title} |\n");
    }
    assert!(
        index.ends_with(&format!("\n| --- | --- |\n{rows}")),
        "{rows}"
    );
}

/// Paths of the source and names of tests in `ARCHITECTURE.md` and the decisions are those that
/// there are.
#[test]
fn the_architecture_names_files_and_tests_that_exist() {
    let mut documents = documents();
    documents.retain(|(path, _)| path.starts_with("docs/decisions/"));
    let name = "ARCHITECTURE.md".to_owned();
    let text = fs::read_to_string(repository().join(&name)).unwrap();
    assert!(text.lines().count() <= 150, "{name} is a map, not a book");
    documents.push((name, text));
    let code = Regex::new(r"`([^`\n]+)`").unwrap();
    let test = Regex::new(r"^([a-z]+)::([a-z]+_[a-z_]+)$").unwrap();
    let file = Regex::new(r"^(?:src|tests|benches|schema|static)/[\w./-]*\w/?$").unwrap();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (path, text) in &documents {
        for found in code.captures_iter(text) {
            let span = &found[1];
            let there = if let Some(named) = test.captures(span) {
                let file = format!("tests/integration/{}.rs", &named[1]);
                let text = fs::read_to_string(repository().join(file));
                let is_test = |text: String| text.contains(&format!("fn {}()", &named[2]));
                text.is_ok_and(is_test)
            } else if file.is_match(span) && !span.contains("/CASE") {
                repository().join(span).exists()
            } else {
                continue;
            };
            count += 1;
            if !there {
                wrong.push(format!("{path}: {span}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 60, "only {count} names");
}

/// Each command of the program stands in some document.
#[test]
fn every_command_is_in_the_documents() {
    let help = Project::empty().run(&["--help"]).exits(0).stdout;
    let commands = help
        .split("Commands:\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let all: String = documents().into_iter().map(|(_, text)| text).collect();
    for line in commands.lines() {
        let name = line.split_whitespace().next().unwrap();
        assert!(
            all.contains(&format!("botdocs {name}")),
            "no document tells of `botdocs {name}`"
        );
    }
}

/// What to upload and which headers to send is told of every file that a build writes.
#[test]
fn the_guide_to_hosting_knows_every_file_and_header() {
    let guide = fs::read_to_string(repository().join("docs/hosting.md")).unwrap();
    let project = Project::new();
    let site = project.read("spec/site.yaml") + "redirects: {old: api}\n";
    project.write("spec/site.yaml", site);
    project.write("bots.yaml", "- {bot_id: ada}\n");
    let build = [
        "build",
        "--bots",
        "bots.yaml",
        "--site-url",
        "https://docs.example.com",
    ];
    project.run(&build).exits(0);
    for (path, _) in project.tree("site") {
        let name = match path.split_once('/') {
            Some((folder, _)) => format!("`{folder}/"),
            None => match path.rsplit_once('.') {
                Some((_, ending @ ("html" | "md"))) => format!("`*.{ending}`"),
                _ => format!("`{path}`"),
            },
        };
        assert!(guide.contains(&name), "{path}");
    }
    let headers = project.read("site/_headers");
    let nginx = guide
        .split("```nginx\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    for line in headers.lines().filter(|line| line.starts_with(' ')) {
        let (name, value) = line.trim().split_once(": ").unwrap();
        assert!(guide.contains(&format!("`{name}`")), "{name}");
        let value = value.split("; charset").next().unwrap();
        assert!(nginx.contains(value), "no {value} in:\n{nginx}");
    }
}

/// Where the links and pictures of a page lead, and the places that links can lead to.
fn links_and_places(html: &str) -> (Vec<String>, BTreeSet<String>) {
    let elements = Page::parse(html).elements();
    let links = elements.iter().flat_map(|element| {
        let link = |name| element.attribute(name);
        [link("href"), link("src")]
    });
    let places = elements.iter().filter_map(|it| it.attribute("id"));
    (links.flatten().collect(), places.collect())
}

/// The same files are read in the repository and as a site.
#[test]
fn the_documentation_is_a_site() {
    let project = Project::copy_of_folders(&["docs"]);
    let build = ["build", "--spec", "docs", "--strict", "--out", "out"];
    project.run(&build).exits(0);
    let files: BTreeMap<String, Vec<u8>> = project.tree("out").into_iter().collect();
    let text = |path: &str| String::from_utf8(files[path].clone()).unwrap();
    let html = files.keys().filter(|path| path.ends_with(".html"));
    let pages: BTreeMap<&str, _> = html
        .map(|path| (path.as_str(), links_and_places(&text(path))))
        .collect();
    for (path, _) in documents() {
        let name = path.strip_prefix("docs/");
        let Some(name) = name.filter(|name| !name.contains('/')) else {
            continue;
        };
        let page = name.replace(".md", ".html").replace("overview", "index");
        assert!(pages.contains_key(page.as_str()), "no {page}");
        assert!(
            files.contains_key(&page.replace(".html", ".md")),
            "no {name}"
        );
    }
    let mut count = 0;
    for (path, (links, _)) in &pages {
        for link in links.iter().filter(|link| !link.contains("://")) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            // The page for missing addresses names the site's root.
            let file = file.strip_prefix('/').unwrap_or(file);
            let file = if file.is_empty() { path } else { file };
            assert!(files.contains_key(file), "{path}: {link}");
            let has_place = |(_, places): &(_, BTreeSet<String>)| places.contains(place);
            assert!(
                place.is_empty() || pages.get(file).is_some_and(has_place),
                "{path}: {link}"
            );
            count += 1;
        }
    }
    assert!(count > 500, "only {count} links");
    // Each recipe shows the path of its file, and the braces that it contains.
    let recipes = text("each-bot.html");
    for shown in [
        "<figcaption>.github/workflows/docs.yml</figcaption>",
        "${{ github.run_id }}",
    ] {
        assert!(recipes.contains(shown), "{shown}");
    }
    assert!(text("troubleshooting.html").contains("bot_id: \"{{ bot_id }}\""));
}
