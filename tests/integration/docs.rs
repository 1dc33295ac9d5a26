//! The documents name what exists: links, documents, commands, files and headers. `tests/tools/docs.rs`
//! runs their blocks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use botdocs::model::Language;
use regex::Regex;

use crate::project::{Project, repository, tree};
use crate::support::documents::documents;
use crate::support::page::Page;

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
    for name in [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "tests/browser/README.md",
    ] {
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
                // A module of a target, or a target of one file.
                let files = [
                    "integration/{}.rs",
                    "tools/{}.rs",
                    "faults/{}.rs",
                    "{}/main.rs",
                ];
                files.iter().any(|file| {
                    let file = format!("tests/{}", file.replace("{}", &named[1]));
                    let text = fs::read_to_string(repository().join(file));
                    text.is_ok_and(|text| text.contains(&format!("fn {}()", &named[2])))
                })
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

/// Comments outside the source, and the guide for changes to it, name files of it.
#[test]
fn files_of_the_source_that_are_named_elsewhere_exist() {
    let named = Regex::new(r"(?m)(?:^|[\s`(])(src/[\w./-]*\w)").unwrap();
    let guide = fs::read(repository().join("CONTRIBUTING.md")).unwrap();
    let mut files = vec![("CONTRIBUTING.md".to_owned(), guide)];
    for folder in ["static", "templates", "benches"] {
        let found = tree(&repository().join(folder)).into_iter();
        files.extend(found.map(|(path, bytes)| (format!("{folder}/{path}"), bytes)));
    }
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (path, bytes) in &files {
        for found in named.captures_iter(&String::from_utf8_lossy(bytes)) {
            count += 1;
            if !repository().join(&found[1]).exists() {
                wrong.push(format!("{path}: {}", &found[1]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 8, "only {count} names");
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

/// Readers choose a language by these lists, so they are those of the table.
#[test]
fn the_documents_name_every_language_of_samples() {
    let text = |path: &str| fs::read_to_string(repository().join(path)).unwrap();
    let spec = text("docs/spec.md");
    let line = spec
        .lines()
        .find_map(|line| line.strip_prefix("The languages are "));
    let list = line.unwrap().split(';').next().unwrap();
    let names = Regex::new("`([a-z]+)`").unwrap();
    let found: Vec<&str> = names
        .captures_iter(list)
        .map(|it| it.get(1).unwrap().as_str())
        .collect();
    assert_eq!(found, Language::ALL.map(Language::name));
    let mock = text("docs/mock.md");
    let rows = mock.split("| language | needs |\n| --- | --- |\n").nth(1);
    let rows = rows
        .unwrap()
        .lines()
        .take_while(|line| line.starts_with("| "));
    let found: Vec<&str> = rows
        .map(|row| row[2..].split(" |").next().unwrap())
        .collect();
    assert_eq!(found, Language::ALL.map(Language::title));
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
