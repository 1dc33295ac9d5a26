//! What is on a page is in its twin, and a reader of Markdown gets it as it was meant; and a site has
//! the twins that it wants, no others.

use std::collections::BTreeMap;

use botdocs::input::diagnostic::Report;
use botdocs::input::load::{FileCache, Folders, ListChoice, load};
use botdocs::input::spec::{self, PageBody};
use botdocs::input::yaml::{Node, Value};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

use crate::holes::{self, decode, hostile, in_code, places, written};
use crate::page::{Element, Page};
use crate::project::{Project, repository};
use crate::support::preview::{Preview, without_client};

const PROJECTS: [&str; 2] = [".", "tests/golden/everything"];

/// A twin as its reader sees it.
#[derive(Default)]
struct Twin {
    /// Words and code.
    text: String,
    /// Level and words of each heading.
    headings: Vec<(u8, String)>,
    /// Where links and images lead.
    links: Vec<String>,
    /// The titles of links.
    titles: Vec<String>,
    /// The code within lines.
    spans: Vec<String>,
    /// The code in blocks.
    blocks: Vec<String>,
}

impl Twin {
    fn read(markdown: &str) -> Twin {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_GFM;
        let mut twin = Twin::default();
        let (mut heading, mut is_block, mut is_span) = (None, false, false);
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = Some(twin.text.len());
                    twin.headings.push((level as u8, String::new()));
                }
                Event::End(TagEnd::Heading(_)) => {
                    let words = twin.text[heading.take().unwrap()..].to_owned();
                    twin.headings.last_mut().unwrap().1 = words;
                    twin.text.push('\n');
                }
                Event::Start(Tag::BlockQuote(Some(kind))) => {
                    twin.text += &format!("{kind:?}\n");
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    is_block = true;
                    if let CodeBlockKind::Fenced(info) = kind
                        && let Some((_, title)) = info.split_once(' ')
                    {
                        twin.text += &format!("{title}\n");
                    }
                    twin.blocks.push(String::new());
                }
                Event::End(TagEnd::CodeBlock) => is_block = false,
                Event::Start(
                    Tag::Link {
                        dest_url, title, ..
                    }
                    | Tag::Image {
                        dest_url, title, ..
                    },
                ) => {
                    twin.links.push(dest_url.into_string());
                    twin.titles.push(title.into_string());
                }
                Event::Text(text) => {
                    if is_block {
                        twin.blocks.last_mut().unwrap().push_str(&text);
                    }
                    if is_span {
                        twin.spans.last_mut().unwrap().push_str(&text);
                    }
                    twin.text.push_str(&text);
                }
                Event::Code(code) => {
                    twin.text.push_str(&code);
                    twin.spans.push(code.into_string());
                }
                Event::InlineHtml(html) => match &*html {
                    "<code>" => {
                        is_span = true;
                        twin.spans.push(String::new());
                    }
                    "</code>" => is_span = false,
                    html => assert!(is_element_of_texts(html), "{html} in a twin"),
                },
                Event::Html(html) => {
                    for part in html.split_inclusive('>') {
                        let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
                        let is_known = tag.is_empty() || is_element_of_texts(tag);
                        assert!(is_known, "{html} in a twin");
                        twin.text.push_str(text);
                    }
                }
                Event::SoftBreak
                | Event::HardBreak
                | Event::Start(Tag::List(_))
                | Event::End(_) => twin.text.push('\n'),
                _ => {}
            }
        }
        twin
    }
}

/// The pages of a built project: HTML and Markdown by name.
fn pages(project: &Project) -> BTreeMap<String, (String, String)> {
    let files: BTreeMap<_, _> = project.tree("out").into_iter().collect();
    let text = |path: &str| String::from_utf8(files[path].clone()).unwrap();
    let twins = files.keys().filter_map(|path| path.strip_suffix(".md"));
    let pages = twins.map(|name| {
        let (html, markdown) = (format!("{name}.html"), format!("{name}.md"));
        (name.to_owned(), (text(&html), text(&markdown)))
    });
    pages.collect()
}

fn built(path: &str, flags: &[&str]) -> Project {
    let project = match path {
        "." => Project::copy_of_folders(&["spec"]),
        path => Project::copy_of(path),
    };
    project
        .run(&[&["build", "--out", "out"], flags].concat())
        .exits(0);
    project
}

/// Text without what is not the same in a page and its twin: white space, and commas between values.
fn squeezed(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && *c != ',');
    kept.flat_map(char::to_lowercase).collect()
}

/// The words of a text, each between spaces.
fn words(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |all, word| all + word + " ")
}

/// Every key and text of a tree, and the pieces of it that Markdown and variables leave together.
fn strings(node: &Node, found: &mut Vec<String>) {
    match &node.value {
        Value::String(text) => {
            let variable = Regex::new(r"\\?\{\{.*?\}\}").unwrap();
            for piece in variable.split(text) {
                found.push(piece.to_owned());
                found.push(
                    serde_json::Value::from(piece)
                        .to_string()
                        .trim_matches('"')
                        .to_owned(),
                );
                let words =
                    Parser::new_ext(piece, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES);
                found.extend(words.filter_map(|event| match event {
                    Event::Text(text) | Event::Code(text) => Some(text.into_string()),
                    _ => None,
                }));
            }
        }
        Value::Number(digits) => found.push(digits.clone()),
        Value::Sequence(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Mapping(entries) => {
            for entry in entries {
                found.push(entry.key.clone());
                strings(&entry.value, found);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The strings of each page's file, by the page's name.
fn strings_of_spec(path: &str) -> BTreeMap<String, Vec<String>> {
    let mut report = Report::default();
    let inputs = load(
        &Folders::of_project(&repository().join(path)),
        &ListChoice::OfSite,
        &mut FileCache::default(),
        &mut report,
    );
    let site = inputs.site.as_ref().unwrap().tree.as_ref().unwrap();
    let site = &site.value;
    let first = match &site.get("navigation").unwrap().value {
        Value::Sequence(items) => items[0].value.clone(),
        _ => unreachable!("a list"),
    };
    // The banner stands on every page. (So does the form of the reader's values, of which a twin names
    // those that it uses.)
    let mut of_site = Vec::new();
    if let Some(banner) = site.get("banner") {
        strings(banner, &mut of_site);
    }
    let files = inputs.pages.iter();
    let parsed = files.filter_map(|file| spec::parse_page(&inputs.sources, file, &mut report));
    let parsed: Vec<_> = parsed.collect();
    let pages = parsed.iter().map(|page| {
        let mut found = of_site.clone();
        match &page.body {
            PageBody::Api(node) => strings(node, &mut found),
            PageBody::Guide(front, body) => {
                strings(front, &mut found);
                let text = inputs.sources.get(body.file).text[body.range()].to_owned();
                strings(
                    &Node {
                        value: Value::String(text),
                        ..front.clone()
                    },
                    &mut found,
                );
            }
        }
        let is_first = matches!(&first, Value::String(name) if *name == page.name);
        (
            if is_first {
                "index".to_owned()
            } else {
                page.name.clone()
            },
            found,
        )
    });
    pages.collect()
}

/// Returns whether a tag is one of the elements that Markdown texts may have.
fn is_element_of_texts(tag: &str) -> bool {
    let name = tag.trim_matches(['<', '>', '/']);
    tag.starts_with('<')
        && [
            "br",
            "kbd",
            "sub",
            "sup",
            "details",
            "details open",
            "summary",
        ]
        .contains(&name)
}

#[test]
fn every_string_of_the_spec_that_is_on_a_page_is_in_its_twin() {
    for path in PROJECTS {
        let strings = strings_of_spec(path);
        let mut count = 0;
        for (name, (html, markdown)) in pages(&built(path, &[])) {
            // The search and the like are in the page's words, not the spec's.
            let is_around = |element: &Element| {
                let is_sample = element
                    .attribute("data-sample")
                    .is_some_and(|name| !name.is_empty());
                is_sample
                    || ["head", "header", "nav", "dialog", "footer"]
                        .contains(&element.name().as_str())
            };
            let page = words(&Page::parse(&html).text_without(&is_around));
            let twin = words(&Twin::read(&markdown).text);
            for string in &strings[&name] {
                let string = words(string);
                if !string.trim().is_empty() && page.contains(&string) {
                    assert!(
                        twin.contains(&string),
                        "{path}, {name}.md has no {string:?}"
                    );
                    count += 1;
                }
            }
        }
        assert!(count > 500, "{count}");
    }
}

/// Names of fields, events and forms in the order of the page, what is said of them, and all code.
#[test]
fn a_twin_has_the_fields_facts_and_examples_of_its_page() {
    let item = Regex::new(r"(?m)^ *- (.+?) \(").unwrap();
    for path in PROJECTS {
        for (name, (html, markdown)) in
            pages(&built(path, &["--bot", BOT[usize::from(path == ".")]]))
        {
            let page = Page::parse(&html);
            let main = page.all("main").remove(0);
            let twin = Twin::read(&markdown);
            let with_class = |name: &str, class: &str| {
                let mut all = main.all(name);
                all.retain(|element| element.attribute("class").as_deref() == Some(class));
                all
            };
            let mut items = item
                .captures_iter(&markdown)
                .map(|found| found[1].replace('`', ""));
            for line in with_class("p", "line") {
                let first = ["a", "em", "strong"].map(|name| line.all(name)).concat()[0].text();
                assert!(
                    items.any(|item| item == first),
                    "{name}.md: {first}, or not in order"
                );
            }
            let text = squeezed(&twin.text);
            for facts in with_class("p", "facts") {
                for fact in facts.all("span") {
                    let fact = squeezed(&fact.text());
                    assert!(text.contains(&fact), "{name}.md: {fact}");
                }
            }
            for status in main.all("a").iter().filter(|a| {
                a.attribute("class")
                    .is_some_and(|class| class.starts_with("status"))
            }) {
                let is_it = |(level, words): &(u8, String)| {
                    *level == 4 && squeezed(words) == squeezed(&status.text())
                };
                assert!(
                    twin.headings.iter().any(is_it),
                    "{name}.md: {}",
                    status.text()
                );
            }
            // Samples have an `id`, and the twin has those of the languages that the site chose.
            let codes = main.all("pre").into_iter().chain(with_class("p", "to"));
            let (samples, codes): (Vec<_>, Vec<_>) =
                codes.partition(|code| code.attribute("id").is_some());
            let text = |code: &Element| code.text().trim_end().to_owned();
            let samples: Vec<_> = samples.iter().map(text).collect();
            // Joined text of several lines is a block of the twin.
            let joined = with_class("p", "joined").into_iter();
            let joined = joined.map(|line| line.all("span")[0].text().trim().to_owned());
            let joined = joined.filter(|text| text.contains('\n'));
            let mut on_page: Vec<_> = codes.iter().map(text).chain(joined).collect();
            let in_twin = twin.blocks.iter().map(|code| code.trim_end().to_owned());
            let (own, mut in_twin): (Vec<_>, Vec<_>) =
                in_twin.partition(|code| samples.contains(code));
            assert_eq!(own.is_empty(), samples.is_empty(), "{name}.md");
            on_page.sort_unstable();
            in_twin.sort_unstable();
            assert_eq!(on_page, in_twin, "{name}.md");
        }
    }
}

/// A bot of the golden project, and one of the shipped spec.
const BOT: [&str; 2] = ["ada-2", "019dd3d4-4b7e-71eb-9561-5cf790a5da57"];

#[test]
fn twins_have_one_title_and_an_outline_without_gaps() {
    for path in PROJECTS {
        for (name, (_, markdown)) in pages(&built(path, &[])) {
            let headings = Twin::read(&markdown).headings;
            let levels: Vec<_> = headings.iter().map(|&(level, _)| level).collect();
            assert_eq!(levels[0], 1, "{name}");
            assert!(
                levels[1..].iter().all(|&level| level > 1),
                "{name}: {headings:?}"
            );
            for pair in levels.windows(2) {
                assert!(pair[1] <= pair[0] + 1, "{name}: {headings:?}");
            }
        }
    }
}

#[test]
fn links_of_twins_lead_to_files_and_places_that_are_there() {
    for path in PROJECTS {
        let project = built(path, &[]);
        let mut texts: Vec<(String, String)> = pages(&project)
            .into_iter()
            .map(|(name, (_, markdown))| (format!("{name}.md"), markdown))
            .collect();
        for list in ["llms.txt", "llms-full.txt"] {
            texts.push((list.to_owned(), project.read(&format!("out/{list}"))));
        }
        let mut count = 0;
        for (from, markdown) in texts {
            for link in Twin::read(&markdown).links {
                let link = link
                    .strip_prefix("https://docs.parley.example/help/")
                    .unwrap_or(&link);
                if link.contains([':', '@']) {
                    continue;
                }
                count += 1;
                let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                let file = if file.is_empty() { &from } else { file };
                // Only samples stand on the page alone.
                let is_sample = anchor.starts_with('_') && anchor.contains("request.");
                assert_eq!(file.ends_with(".html"), is_sample, "{from}: {link}");
                if !anchor.is_empty() && from != "llms-full.txt" {
                    let html = project.read(&format!("out/{}", file.replace(".md", ".html")));
                    assert!(html.contains(&format!("id=\"{anchor}\"")), "{from}: {link}");
                }
                assert!(
                    project.path().join("out").join(file).is_file(),
                    "{from}: {link}"
                );
            }
        }
        assert!(count > 20, "{count}");
    }
}

#[test]
fn pages_name_their_twins_and_twins_are_tidy() {
    for (name, (html, markdown)) in pages(&built("tests/golden/everything", &[])) {
        let alternate =
            format!("<link rel=\"alternate\" type=\"text/markdown\" href=\"{name}.md\">");
        assert!(html.contains(&alternate), "{name}");
        assert!(
            markdown.starts_with("> ") && markdown.lines().next().unwrap().contains("llms.txt")
        );
        assert!(
            markdown.ends_with('\n') && !markdown.ends_with("\n\n"),
            "{name}"
        );
        let code = Twin::read(&markdown).blocks.concat();
        for line in markdown
            .lines()
            .filter(|line| line.ends_with(char::is_whitespace))
        {
            assert!(code.lines().any(|code| code == line), "{name}: {line:?}");
        }
    }
}

#[test]
fn llms_txt_has_the_form_of_llmstxt_org() {
    let list = built("tests/golden/everything", &[]).read("out/llms.txt");
    let blocks: Vec<_> = list.trim_end().split("\n\n").collect();
    assert_eq!(blocks[0], "# Parley");
    assert!(blocks[1].starts_with("> A made-up chat platform"));
    let sections = &blocks[blocks
        .iter()
        .position(|block| block.starts_with("## "))
        .unwrap()..];
    let titles: Vec<_> = sections.iter().step_by(2).copied().collect();
    assert_eq!(titles, ["## Pages", "## API", "## Guides", "## Optional"]);
    let link = Regex::new(r"^- \[.+\]\(.+\)(: .+)?$").unwrap();
    for section in sections.iter().skip(1).step_by(2) {
        assert!(section.lines().all(|line| link.is_match(line)), "{section}");
    }
    assert!(
        sections[3]
            .starts_with("- [Chat](https://docs.parley.example/help/chat.md): Talk to a bot")
    );
}

/// The values of `holes.rs`, read from Markdown.
#[test]
fn hostile_values_arrive_intact_in_twins() {
    let project = holes::project();
    let mut shapes = BTreeMap::new();
    for value in hostile() {
        let set = format!("wild={value}");
        project
            .run(&["build", "--bot", "ada", "--set", &set, "--out", "out"])
            .exits(0);
        let list = Twin::read(&project.read("out/llms.txt"));
        for (file, sources) in [
            ("index.md", [holes::SITE, holes::API]),
            ("guide.md", [holes::SITE, holes::GUIDE]),
        ] {
            let markdown = project.read(&format!("out/{file}"));
            let twin = Twin::read(&markdown);
            let levels: Vec<_> = twin.headings.iter().map(|&(level, _)| level).collect();
            let shape = (levels, twin.blocks.len(), twin.links.len());
            let other = shapes.entry(file).or_insert(shape.clone());
            assert_eq!(*other, shape, "{file} with {value:?}");
            let found: Vec<_> = found(&twin).into_iter().chain(found(&list)).collect();
            let mut missing = written(&sources);
            missing.retain(|place| found.iter().all(|(other, _, _)| other != place));
            assert!(
                missing.is_empty(),
                "{file}: not found: {missing:?} with {value:?}\n{markdown}"
            );
            for (place, arrived, is_line) in found {
                // Words are on one line, and a line end of code is Markdown's.
                let sent = match is_line {
                    true => value.replace(['\n', '\r', '\t'], " "),
                    false => value.replace("\r\n", "\n").replace('\r', "\n"),
                };
                assert!(
                    arrived == sent,
                    "{file}, {place}:\n  sent    {sent:?}\n  arrived {arrived:?}"
                );
            }
        }
    }
}

/// Places of a twin, with the value there and whether it is in a line of words.
fn found(twin: &Twin) -> Vec<(String, String, bool)> {
    let mut found = Vec::new();
    let mut words = twin.text.clone();
    for block in &twin.blocks {
        found.extend(
            in_code(block)
                .into_iter()
                .map(|(place, value)| (place, value, false)),
        );
        words = words.replacen(block.as_str(), "", 1);
    }
    for span in twin.spans.iter().filter(|span| span.starts_with('"')) {
        found.extend(
            in_code(span)
                .into_iter()
                .map(|(place, value)| (place, value, false)),
        );
        words = words.replacen(span.as_str(), "", 1);
    }
    for link in &twin.links {
        found.extend(
            places(link)
                .into_iter()
                .map(|(place, value)| (place, decode(&value), false)),
        );
    }
    for text in twin.titles.iter().chain([&words]) {
        found.extend(
            places(text)
                .into_iter()
                .map(|(place, value)| (place, value, true)),
        );
    }
    found
}

#[test]
fn a_bots_twins_have_its_endpoints_and_values_alone() {
    let project = Project::copy_of("tests/golden/everything").file(
        "bots.yaml",
        "- {bot_id: ada-2, bot_name: Ada, endpoints: [say, list-documents]}\n",
    );
    project
        .run(&["build", "--bots", "bots.yaml", "--out", "out"])
        .exits(0);
    let own = project.read("out/bots/ada-2/chat.md");
    assert!(own.contains("\n## Say\n") && !own.contains("\n## Complete\n"));
    // A link to what the bot doesn't have is words alone.
    assert!(own.contains("| [Say](#say) |") && own.contains("| Complete |"));
    assert!(own.contains("\"text\": \"I am Ada. Nice to meet you!\""));
    assert!(own.contains("> For the bot `ada-2`.\n") && !own.contains("your-bot"));
    let list = project.read("out/bots/ada-2/llms.txt");
    assert!(list.contains("- [Chat](chat.md): ") && !project.read("out/llms.txt").contains("ada"));
}

/// What lists and holds twins.
fn is_for_twins(path: &str) -> bool {
    path.ends_with(".md") || path.contains("llms")
}

/// A project with a bot and with links of all kinds; its twins as `site.yaml` says.
fn with_twins(said: &str) -> Project {
    let project = Project::copy_of("tests/golden/everything").file("bots.csv", "bot_id\nada\n");
    let site = project.read("spec/site.yaml");
    // An address at which files are edited may end like one of a twin.
    let lines = site.lines().filter(|line| !line.starts_with("edit_url"));
    let lines: Vec<_> = lines.filter(|line| !line.starts_with("twins")).collect();
    project.write("spec/site.yaml", format!("{}\n{said}", lines.join("\n")));
    project
}

#[test]
fn a_site_has_the_twins_that_it_wants() {
    let of = |said: &str, flags: &[&str]| {
        let project = with_twins(said);
        let build = [&["build", "--out", "out"], flags].concat();
        project.run(&build).exits(0);
        let files = project.tree("out").into_iter().map(|(path, _)| path);
        files.filter(|path| is_for_twins(path)).collect::<Vec<_>>()
    };
    let root = [
        "chat.md",
        "ci.md",
        "documents.md",
        "index.md",
        "llms-full.txt",
        "llms.txt",
        "tone.md",
    ];
    let folder = [
        "chat.md",
        "ci.md",
        "documents.md",
        "index.md",
        "llms.txt",
        "tone.md",
    ];
    let folder = folder.map(|path| format!("bots/ada/{path}"));
    let bots = ["--bots", "bots.csv"];
    let both: Vec<_> = folder.into_iter().chain(root.map(str::to_owned)).collect();
    assert_eq!(of("", &bots), both);
    assert_eq!(of("twins: all", &bots), both);
    assert_eq!(of("twins: generic", &bots), root);
    assert!(of("twins: none", &bots).is_empty());
    // One bot's site is a site by itself: there are no generic twins beside it.
    assert_eq!(of("twins: generic", &["--bot", "ada"]), root);
    assert!(of("twins: none", &["--bot", "ada"]).is_empty());
    assert_eq!(of("twins: generic", &[]), root);
    assert!(of("twins: none", &[]).is_empty());
}

#[test]
fn a_page_without_a_twin_names_none() {
    for (said, folder) in [("twins: generic", "out/bots/ada"), ("twins: none", "out")] {
        let project = with_twins(said);
        let build = ["build", "--bots", "bots.csv", "--out", "out"];
        project.run(&build).exits(0);
        let pages = project.tree(folder).into_iter();
        let pages: Vec<_> = pages.filter(|(path, _)| path.ends_with(".html")).collect();
        assert!(pages.len() > 3, "{pages:?}");
        for (path, bytes) in pages {
            let text = String::from_utf8(bytes).unwrap();
            let page = Page::parse(&text);
            // What the texts of this project never say.
            for word in [
                "type=\"text/markdown",
                " as Markdown",
                "-page=",
                "llms",
                "twin",
            ] {
                assert!(!text.contains(word), "{said}: {word} in {path}");
            }
            let at = project.path().join(folder).join(&path);
            for element in page.elements() {
                let link = element.attribute("href");
                let Some(link) = link.or_else(|| element.attribute("src")) else {
                    continue;
                };
                let file = link.split(['#', '?']).next().unwrap();
                // The page for missing addresses starts at the site's.
                let is_here = path != "404.html" && !file.contains(':') && !file.is_empty();
                let leads = at.parent().unwrap().join(file).is_file();
                assert!(!is_here || leads, "{said}: {link} on {path}");
            }
        }
    }
}

#[test]
fn hosts_are_told_of_twins_where_there_are_some() {
    let headers = |said| {
        let project = with_twins(said);
        project
            .run(&["build", "--bots", "bots.csv", "--out", "out"])
            .exits(0);
        project.read("out/_headers")
    };
    let all = headers("");
    assert_eq!(all.matches("text/markdown").count(), 3, "{all}");
    assert_eq!(headers("twins: generic"), all);
    let none = headers("twins: none");
    assert!(
        !none.contains("arkdown") && none.contains("/bots/*\n"),
        "{none}"
    );
}

#[test]
fn another_choice_of_twins_leaves_what_a_new_build_makes() {
    let project = Project::new().file("bots.csv", "bot_id\nada\nbob\n");
    let site = project.read("spec/site.yaml");
    let files = |folder: &str| {
        let files = project.tree(folder).into_iter().map(|(path, _)| path);
        files.collect::<Vec<_>>()
    };
    for (round, twins) in ["all", "generic", "none", "all", "none", "generic"]
        .iter()
        .enumerate()
    {
        project.write("spec/site.yaml", format!("{site}twins: {twins}\n"));
        let new = format!("new-{round}");
        for out in ["out", &new] {
            let build = ["build", "--bots", "bots.csv", "--out", out];
            project.run(&build).exits(0);
        }
        assert!(
            project.tree("out") == project.tree(&new),
            "{twins} in round {round}"
        );
        let again = project
            .run(&["build", "--bots", "bots.csv", "--out", "out"])
            .exits(0);
        assert!(
            again.stderr.contains("nothing to change"),
            "{}",
            again.stderr
        );
    }
    assert_eq!(files("out/bots/ada"), ["index.html"]);
    assert_eq!(files("out/bots"), ["ada/index.html", "bob/index.html"]);
}

/// A guide whose braces are text, in every place of it.
const LITERAL: &str = "---
title: Deploy {{ bot_id }}
description: Keys are ${{ secrets.KEY }}.
braces: literal
---

Write {{ bot_name }}, {{ and `\\{{ x }}`, and [{{ a }}](<https://x.example.com/{{ bot_id }}> \"{{ b }}\").

## Run {{ ci }}

```yaml {{ bot_name }}/docs.yml
key: ${{ github.sha }} {{ bot_id }} {{
```
";

#[test]
fn literal_braces_are_text_in_every_form_of_a_page() {
    let site =
        "title: Docs\nnavigation: [api, deploy]\nvariables: {bot_name: {placeholder: your bot}}\n";
    let project = Project::new()
        .file("spec/site.yaml", site)
        .file("spec/deploy.md", LITERAL)
        .file("bots.yaml", "- {bot_id: ada, bot_name: '{{ bot_id }}'}\n");
    let build = ["build", "--strict", "--bots", "bots.yaml", "--out"];
    project.run(&[&build[..], &["out"]].concat()).exits(0);
    for folder in ["", "bots/ada/"] {
        let html = project.read(&format!("out/{folder}deploy.html"));
        let page = Page::parse(&html);
        let main = page.all("main").remove(0);
        let text = main.text();
        for shown in [
            "Deploy {{ bot_id }}",
            "Write {{ bot_name }}, {{ and \\{{ x }}, and {{ a }}.",
            "Run {{ ci }}",
            "{{ bot_name }}/docs.yml",
            "key: ${{ github.sha }} {{ bot_id }} {{",
        ] {
            assert!(text.contains(shown), "{folder}: {shown}\n{text}");
        }
        assert!(main.all("data").is_empty(), "{folder}: a hole in\n{html}");
        assert!(!html.contains("data-fill"), "{folder}\n{html}");
        assert!(html.contains("<title>Deploy {{ bot_id }} · Docs</title>"));
        assert!(html.contains("content=\"Keys are ${{ secrets.KEY }}.\""));
        let links = main.all("a").into_iter();
        let links: Vec<_> = links.filter_map(|it| it.attribute("href")).collect();
        let address = "https://x.example.com/%7B%7B%20bot_id%20%7D%7D";
        assert!(links.iter().any(|link| link == address), "{links:?}");
    }
    let (_, body) = LITERAL.split_once("\n---\n").unwrap();
    for folder in ["", "bots/ada/"] {
        let twin = project.read(&format!("out/{folder}deploy.md"));
        assert!(twin.contains(body.trim()), "{twin}");
        assert!(twin.contains("\n# Deploy {{ bot_id }}\n"), "{twin}");
    }
    let files = project.tree("out").into_iter();
    let index = files
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .find(|(path, _)| path.starts_with("search") && path.ends_with(".json"));
    let (_, index) = index.expect("a search index");
    for found in [
        "Deploy {{ bot_id }}",
        "Run {{ ci }}",
        "Write {{ bot_name }}",
    ] {
        assert!(index.contains(found), "{found}\n{index}");
    }
    // Each page rendered for each bot is the same as one that is filled.
    project
        .run(&[&build[..], &["full", "--render", "full"]].concat())
        .exits(0);
    let pages = |folder: &str| {
        let mut files = project.tree(folder);
        files.retain(|(path, _)| path != "botdocs-manifest.json");
        files
    };
    assert!(pages("full") == pages("out"));
    let preview = Preview::start(&project, &["--bots", "bots.yaml"]);
    for path in ["deploy.html", "bots/ada/deploy.html"] {
        let served = preview.get(&format!("/{path}")).body;
        let built = project.read(&format!("out/{path}"));
        assert_eq!(String::from_utf8(without_client(&served)).unwrap(), built);
    }
}

/// A link may bring the ID, although the text of a page without variables has it in a host.
#[test]
fn literal_braces_decide_no_address() {
    let linkable = |guide: &str| {
        let project = Project::new()
            .file("spec/site.yaml", "title: Docs\nnavigation: [api, deploy]\n")
            .file("spec/deploy.md", guide);
        project.run(&["build", "--out", "out"]).exits(0);
        project
            .read("out/index.html")
            .contains("&quot;linkable&quot;:true")
    };
    let guide = |front: &str| {
        format!("---\ntitle: Guide\n{front}---\n`https://{{{{ bot_id }}}}.example.com/`\n")
    };
    assert!(linkable(&guide("braces: literal\n")));
    assert!(!linkable(&guide("")));
}

/// Dots are valid values, although the text of a page without variables has the variable in a path.
#[test]
fn literal_braces_make_no_segment() {
    let ran = |front: &str| {
        let site =
            "title: Docs\nnavigation: [api, deploy]\nvariables: {plan: {placeholder: \"..\"}}\n";
        let guide = format!("---\ntitle: Guide\n{front}---\n`path/{{{{ plan }}}}/x`\n");
        let project = Project::new()
            .file("spec/site.yaml", site)
            .file("spec/deploy.md", &guide);
        project.run(&["build", "--out", "out", "--set", "plan=.."])
    };
    ran("braces: literal\n").exits(0);
    let ran = ran("").exits(1);
    assert!(
        ran.stderr.contains("it is a part of a path"),
        "{}",
        ran.stderr
    );
}

/// The title of code stays in the twin's fence, and a variable in it is filled everywhere.
#[test]
fn the_title_of_code_is_filled_like_its_code() {
    let guide = "---\ntitle: Guide\n---\n\n```yaml {{ bot_id }}/<i>&lt;.yaml\nkey: value\n```\n\n~~~text a `b`\nc\n~~~\n";
    let project = Project::new()
        .file("spec/site.yaml", "title: Docs\nnavigation: [api, guide]\n")
        .file("spec/guide.md", guide);
    let build = ["build", "--strict", "--bot", "ada", "--out", "out"];
    project.run(&build).exits(0);
    let page = Page::parse(&project.read("out/guide.html"));
    let titles = page.all("figure").into_iter();
    let titles = titles.flat_map(|figure| figure.all("figcaption"));
    let titles: Vec<String> = titles.map(|title| title.text()).collect();
    assert_eq!(titles, ["ada/<i><.yaml", "a `b`"]);
    let twin = project.read("out/guide.md");
    assert!(
        twin.contains("```yaml ada/<i>&lt;.yaml\nkey: value\n```"),
        "{twin}"
    );
    assert!(twin.contains("~~~text a `b`\nc\n~~~"), "{twin}");
    project.run(&["build", "--out", "generic"]).exits(0);
    let html = project.read("generic/guide.html");
    let page = Page::parse(&html);
    let title = page.all("figcaption").remove(0);
    let hole = title.all("data").remove(0);
    assert_eq!(hole.attribute("value").as_deref(), Some("bot_id"), "{html}");
    assert_eq!(title.text(), "YOUR_BOT_ID/<i><.yaml");
}
