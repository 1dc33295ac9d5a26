//! The search index: it leads to every place of the pages, and shows nothing of bots.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::page::{Element, Page};
use crate::project::{Project, tree};

/// An entry of an index, as the browser reads it.
#[derive(Debug)]
struct Entry {
    kind: String,
    title: String,
    file: String,
    anchor: String,
    text: String,
    /// The titles of what it stands in.
    path: Vec<String>,
}

fn read(index: &str) -> Vec<Entry> {
    let rows: Vec<Vec<Value>> = serde_json::from_str(index).unwrap();
    let mut entries: Vec<Entry> = Vec::new();
    for row in rows {
        let text = |column: usize| row[column].as_str().unwrap().to_owned();
        let (title, address) = (text(2), text(3));
        let back = row[0].as_u64().unwrap() as usize;
        let outer = (back > 0).then(|| &entries[entries.len() - back]);
        let (file, anchor, path) = match outer {
            None => (address, String::new(), Vec::new()),
            Some(outer) => {
                let anchor = match address.as_str() {
                    "" => format!("{}.{title}", outer.anchor),
                    _ => address,
                };
                let path = [outer.path.clone(), vec![outer.title.clone()]].concat();
                (outer.file.clone(), anchor, path)
            }
        };
        if text(1) == "synonyms" {
            continue;
        }
        assert!((if text(1) == "endpoint" { 6 } else { 5 }..=7).contains(&row.len()));
        entries.push(Entry {
            kind: text(1),
            title,
            file,
            anchor,
            text: text(4),
            path,
        });
    }
    entries
}

/// The paths of the indexes of a site.
fn indexes(project: &Project, out: &str) -> Vec<String> {
    let files = tree(&project.path().join(out)).into_iter();
    let paths = files.map(|(path, _)| path);
    let is_index = |path: &String| path.starts_with("search.") && path.ends_with(".json");
    paths
        .filter(is_index)
        .map(|path| format!("{out}/{path}"))
        .collect()
}

/// The index of a site that has one.
fn index(project: &Project, out: &str) -> Vec<Entry> {
    let indexes = indexes(project, out);
    let [path] = indexes.as_slice() else {
        panic!("{indexes:?}");
    };
    read(&project.read(path))
}

/// Where an address leads, without the escapes of a URL.
fn id(anchor: &str) -> String {
    let id = anchor.strip_prefix('#').unwrap();
    percent_encoding::percent_decode_str(id)
        .decode_utf8()
        .unwrap()
        .into_owned()
}

/// What a reader can look for and what a page has are the same, in both directions.
#[test]
fn the_index_leads_to_every_place_of_the_pages_and_to_nothing_else() {
    for case in ["everything", "german"] {
        let project = Project::copy_of(&format!("tests/golden/{case}"));
        project.run(&["build", "--out", "out"]).exits(0);
        let entries = index(&project, "out");
        let files: BTreeSet<&str> = entries.iter().map(|entry| entry.file.as_str()).collect();
        assert!(!files.is_empty());
        for file in files {
            let page = Page::parse(&project.read(&format!("out/{file}")));
            let here = || entries.iter().filter(|entry| entry.file == file);
            let found: BTreeSet<String> = here()
                .filter(|entry| !entry.anchor.is_empty())
                .map(|entry| id(&entry.anchor))
                .collect();
            let places = |element: &Element| {
                let id = element.attribute("id")?;
                let class = element.attribute("class").unwrap_or_default();
                let is_place = match element.name().as_str() {
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" => true,
                    "section" => !id.contains(".example"),
                    "div" => ["response", "form"].contains(&class.as_str()),
                    _ => false,
                };
                let is_footnote = element.name() == "li" && id.contains("fn");
                (is_place && !is_footnote && !id.starts_with('_')).then_some(id)
            };
            let places: BTreeSet<String> = page.elements().iter().filter_map(places).collect();
            let lost: Vec<_> = places.difference(&found).collect();
            assert!(
                lost.is_empty(),
                "{case}: {file} has {lost:?}, which nobody finds"
            );
            let all: BTreeSet<String> = page
                .elements()
                .iter()
                .filter_map(|e| e.attribute("id"))
                .collect();
            let dead: Vec<_> = found.difference(&all).collect();
            assert!(dead.is_empty(), "{case}: {file} has no {dead:?}");
        }
    }
}

#[test]
fn an_entry_says_what_it_is_where_it_stands_and_what_is_said_of_it() {
    let project = Project::new()
        .file("spec/site.yaml", "title: Docs\nnavigation: [api, guide]\nvariables:\n  bot_id: {placeholder: YOUR_BOT_ID}\n  name: {default: Ada}\n")
        .file("spec/guide.md", "---\ntitle: Guide\n---\nHello {{ name }}.\n\n## One\n\n`code` and *words*\n\n### Two\n\n- a\n- b\n\n## Three {#three}\n")
        .file("spec/api.yaml", "\
title: API
servers: [{url: https://api.example.com}]
endpoints:
  chat:
    title: Chat
    method: POST
    path: /chat/{{ bot_id }}
    deprecated: Use another.
    request:
      fields:
        turns:
          type: array
          items: {type: object, fields: {role: {type: string, enum: [user, bot], description: Who *speaks*.}}}
    responses:
      401: {description: No key.}
    stream:
      format: sse
      events:
        end: {event: __done__, data: empty, ends: true}
      examples: {default: [{event: end}]}
");
    project.run(&["build", "--out", "out"]).exits(0);
    let entries = index(&project, "out");
    let shown: Vec<String> = entries
        .iter()
        .map(|entry| {
            format!(
                "{} {} | {} | {}{} | {}",
                entry.kind,
                entry.title,
                entry.path.join(" > "),
                entry.file,
                entry.anchor,
                entry.text
            )
        })
        .collect();
    let expected = [
        "page API |  | index.html | ",
        "part Base URL | API | index.html#_base-url | https://api.example.com",
        "part Authentication | API | index.html#_authentication | None is needed.",
        "endpoint Chat | API | index.html#chat | deprecated Use another.",
        "part Request body | API > Chat | index.html#chat.request | application/json",
        "field turns | API > Chat > Request body | index.html#chat.request.turns | ",
        "field role | API > Chat > Request body > turns | index.html#chat.request.turns.role | Who speaks. · one of \"user\" \"bot\"",
        "part Responses | API > Chat | index.html#chat.response | ",
        "response 401 | API > Chat > Responses | index.html#chat.response.401 | application/json · No key.",
        "part Stream | API > Chat | index.html#chat.stream | server-sent events · text/event-stream",
        "event __done__ | API > Chat > Stream | index.html#chat.stream.end | end",
        "page Guide |  | guide.html | Hello Ada.",
        "heading One | Guide | guide.html#one | code and words",
        "heading Two | Guide > One | guide.html#two | a b",
        "heading Three | Guide | guide.html#three | ",
    ];
    assert_eq!(shown, expected, "{}", shown.join("\n"));
}

/// What a template adds and no row has is found too: each word once on a page, at its first place.
#[test]
fn an_index_has_the_words_of_templates_and_the_synonyms() {
    let project = Project::new()
        .file("spec/site.yaml", "title: Docs\nnavigation: [api]\nsearch: {synonyms: {SSE: [event stream, Streaming], log-in: [authentication]}}\n")
        .file("spec/api.yaml", "\
title: API
servers: [{url: https://api.example.com}]
endpoints:
  chat:
    title: Chat
    method: POST
    path: /chat
    request:
      fields: {zahl: {type: integer, required: true}, wort: {type: integer}}
      example: {zahl: 1}
    responses: {200: {description: The answer.}}
");
    project.run(&["build", "--out", "out"]).exits(0);
    let rows: Vec<Vec<Value>> = serde_json::from_str(&project.read("out/search.json")).unwrap();
    let of = |title: &str| {
        rows.iter()
            .find(|row| row[2] == title)
            .unwrap_or_else(|| panic!("no row {title}"))
    };
    assert_eq!(of("zahl")[6], "integer required");
    assert_eq!(of("wort")[6], "optional");
    assert_eq!(of("Python")[3], "#_chat.example.default.request.python");
    let also =
        serde_json::json!({"sse": ["event stream", "streaming"], "log in": ["authentication"]});
    assert_eq!(rows.last().unwrap()[1], "synonyms");
    assert_eq!(rows.last().unwrap()[6], also);
}

/// Bots with the same endpoints share an index; it holds neither their values nor what they lack.
#[test]
fn an_index_is_for_a_choice_of_endpoints_and_shows_no_bot() {
    let project = crate::support::bots::project();
    let list = "\
- {bot_id: bot-ada, bot_name: Ada & Co}
- {bot_id: bot-bob, bot_name: Bob & Co, endpoints: [chat]}
- {bot_id: bot-cem, bot_name: Cem & Co, endpoints: [chat]}
- {bot_id: bot-dea, endpoints: [call, search, chat]}
";
    project.write("bots.yaml", list);
    project
        .run(&["build", "--bots", "bots.yaml", "--out", "out"])
        .exits(0);
    let paths = indexes(&project, "out");
    assert_eq!(
        paths.len(),
        2,
        "one for all endpoints, one for `chat`: {paths:?}"
    );
    let named = |page: &str| {
        let html = Page::parse(&project.read(&format!("out/{page}")));
        html.all("dialog")[0].attribute("data-index").unwrap()
    };
    for path in &paths {
        let text = project.read(path);
        assert!(!text.contains("bot-") && !text.contains("& Co"), "{text}");
        assert!(text.contains("your bot can chat"), "{text}");
    }
    let all = named("index.html");
    for id in ["bot-ada", "bot-dea"] {
        assert_eq!(
            named(&format!("bots/{id}/guide.html")),
            format!("../../{all}")
        );
    }
    let few = named("bots/bot-bob/guide.html");
    assert_eq!(few, named("bots/bot-cem/index.html"));
    let few = project.read(&format!("out/bots/bot-bob/{few}"));
    let anchors: Vec<String> = read(&few).into_iter().map(|entry| entry.anchor).collect();
    assert!(anchors.contains(&"#chat".to_owned()));
    for hidden in ["#search", "#call"] {
        assert!(
            !anchors.iter().any(|anchor| anchor.starts_with(hidden)),
            "{anchors:?}"
        );
    }
    assert!(!few.contains("/search") && !few.contains("Tools"), "{few}");
    // A bot's own build shows as little.
    let arguments = [
        "build",
        "--bot",
        "bot-eve",
        "--set",
        "bot_name=Eve & Co",
        "--out",
        "eve",
    ];
    project.run(&arguments).exits(0);
    let path = indexes(&project, "eve").remove(0);
    assert_eq!(project.read(&path), project.read(&format!("out/{all}")));
}
