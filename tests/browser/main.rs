//! The tests of `tests/browser/`, in Chromium and by checkers of finished pages, on sites built here.
//! `tests/browser/README.md` says which file holds what.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, works on real files, and says what it can't try"
)]

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of what all share")]
mod support;
#[path = "../support/tool.rs"]
#[allow(dead_code, reason = "the browser tests need no shell")]
mod tool;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use botdocs::model::Language;

use crate::support::project::{Project, repository};
use crate::support::{golden, payloads};
use crate::tool::tool;

/// Held alone by what measures time, and together by all else that keeps the processor busy.
static QUIET: RwLock<()> = RwLock::new(());

/// The generic site of the shipped spec, with this repository's theme.
fn shipped() -> (Project, PathBuf) {
    let project = Project::empty();
    let repository = repository();
    let arguments = ["build", repository.to_str().unwrap(), "--out", "out"];
    project.run(&arguments).exits(0);
    let out = project.path().join("out");
    (project, out)
}

/// The same for two bots, at an address that is not the root of its host.
fn of_bots() -> Project {
    let ids = [
        "019dd3d4-4b7e-71eb-9561-5cf790a5da57",
        "019dd3d4-4b7e-71eb-9561-5cf790a5da58",
    ];
    let bots = ids.map(|id| format!("{{\"bot_id\": \"{id}\"}}\n")).concat();
    let project = Project::copy_of_folders(&["spec", "templates", "static"]);
    project.write("bots.jsonl", bots);
    let arguments = [
        "--bots",
        "bots.jsonl",
        "--site-url",
        "https://docs.example.com/x/",
    ];
    project
        .run(&[&["build", "--out", "out"][..], &arguments].concat())
        .exits(0);
    project
}

/// A site with a logo, links and German words in its header, for every reader or for a bot.
fn branded(bot: &[&str]) -> Project {
    let project = Project::copy_of("tests/browser/branded");
    project
        .run(&[&["build", "--out", "out"][..], bot].concat())
        .exits(0);
    project
}

/// A site with pictures and downloads whose names addresses must escape, and headings in four scripts.
fn named() -> Project {
    let names = [
        "Plan%20A",
        "a b",
        "x#y",
        "ü",
        "a+b&c;d=e@f!",
        "(1)[2]{3}",
        "50%",
        "it's so",
        "日本語",
        "a,b~c",
        "%",
        "`x^",
    ];
    let mut guide = "---\ntitle: Names\n---\n".to_owned();
    let mut project = Project::empty();
    for (number, name) in names.into_iter().enumerate() {
        let size = number + 1;
        let picture = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"9\"><path d=\"M0 0h9\"/></svg>"
        );
        let link: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let _ = writeln!(
            guide,
            "## Größe {number}\n\n![Number {number}]({link}.svg)\n\n[The file {number}]({link}.txt)\n"
        );
        project = project
            .file(&format!("spec/{name}.svg"), picture)
            .file(&format!("spec/{name}.txt"), format!("{number}"));
    }
    guide += "## はじめに\n\n## Ответ\n\n## أهلا\n\n[1](#größe-3) [2](#はじめに) [3](#%D0%BE%D1%82%D0%B2%D0%B5%D1%82) [4](#أهلا)\n";
    let project = project
        .file("spec/site.yaml", "title: Docs\nnavigation: [names]\n")
        .file("spec/names.md", guide);
    project.run(&["build", "--out", "out"]).exits(0);
    project
}

/// Forty endpoints of a usual size on one page.
fn many() -> Project {
    let endpoint = |number: usize| {
        let fields: String = (0..12)
            .map(|n| format!("field_{n}: {{type: string, description: \"Field {n}, of which there is a lot to say.\"}}, "))
            .collect();
        format!(
            "  call-{number}:
    title: Call number {number}
    summary: What the call number {number} is for.
    method: POST
    path: /call/{number}
    request:
      fields: {{bot_id: {{type: string, required: true}}, {fields}}}
      example: {{bot_id: \"{{{{ bot_id }}}}\", field_1: one, field_2: two}}
    responses:
      200: {{description: The answer., fields: {{response: {{type: string}}}}, example: {{response: Hello}}}}
      4XX: {{description: A fault., fields: {{error: {{type: string}}}}, example: {{error: No}}}}
"
        )
    };
    let endpoints: String = (0..40).map(endpoint).collect();
    let head = "title: Many\nservers: [{url: https://api.example.com}]\nendpoints:\n";
    let project = Project::new().file("spec/api.yaml", format!("{head}{endpoints}"));
    project.run(&["build", "--out", "out"]).exits(0);
    project
}

/// The golden sites as they are built now, each in the folder of its name.
fn goldens() -> Project {
    let sites = Project::empty();
    for case in golden::cases() {
        for (path, bytes) in golden::build(&case) {
            sites.write(&format!("{case}/{path}"), bytes);
        }
    }
    sites
}

/// Runs the tests of a file, with more sites than the shipped one if need be.
#[track_caller]
fn node(file: &str, sites: &[(&str, &Path)]) {
    let folder = repository().join("tests/browser");
    assert!(
        folder.join("node_modules/axe-core").is_dir(),
        "the browser tests need their packages: run ./test, or `npm ci` in tests/browser"
    );
    let (_project, shipped) = shipped();
    let goldens = goldens();
    let output = tool("node")
        .args(["--test", "--test-reporter=spec", "--test-timeout=900000"])
        .arg(format!("{file}.test.mjs"))
        .current_dir(folder)
        .env("SITE", shipped)
        .env("GOLDEN", goldens.path())
        .env("LANGUAGES", Language::ALL.map(Language::title).join(","))
        .envs(sites.iter().copied())
        .output()
        .expect("node runs: ./test installs what is missing");
    let stdout = String::from_utf8_lossy(&output.stdout);
    // With `--nocapture`: what was measured.
    eprintln!("{stdout}");
    assert!(
        output.status.success(),
        "tests/browser/{file}.test.mjs failed, see above\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The same, beside other tests of this module.
#[track_caller]
fn node_beside(file: &str, sites: &[(&str, &Path)]) {
    let _beside = QUIET.read().unwrap_or_else(|failed| failed.into_inner());
    node(file, sites);
}

/// The same, with the machine to itself as far as this module goes.
#[track_caller]
fn node_alone(file: &str, sites: &[(&str, &Path)]) {
    let _alone = QUIET.write().unwrap_or_else(|failed| failed.into_inner());
    node(file, sites);
}

#[test]
fn what_a_reader_does() {
    let renamed = Project::new().file(
        "spec/site.yaml",
        "title: Docs\nnavigation: [api]\nredirects: {old: api}\n",
    );
    renamed.run(&["build", "--out", "out"]).exits(0);
    node_beside("site", &[("RENAMED", &renamed.path().join("out"))]);
}

#[test]
fn streams_can_be_read_and_played() {
    node_beside("stream", &[]);
}

#[test]
fn samples_are_in_the_readers_language() {
    node_beside("samples", &[]);
}

#[test]
fn tabs_and_links_lead_to_their_places() {
    node_beside("tabs", &[]);
}

#[test]
fn keys_clicks_and_copies_are_taken_or_left() {
    node_beside("gestures", &[("BRANDED", &branded(&[]).path().join("out"))]);
}

#[test]
fn the_readers_values_fill_the_pages() {
    node_beside("reader", &[]);
}

#[test]
fn a_site_looks_as_it_says() {
    let look = Project::copy_of("tests/golden/everything");
    look.run(&["build", "--out", "out"]).exits(0);
    let crowded = Project::copy_of("tests/browser/crowded");
    crowded.run(&["build", "--strict", "--out", "out"]).exits(0);
    let branded = branded(&[]);
    let sites = [
        ("BRANDED", &*branded.path().join("out")),
        ("LOOK", &*look.path().join("out")),
        ("CROWDED", &*crowded.path().join("out")),
    ];
    node_beside("look", &sites);
}

#[test]
fn the_search_finds_what_is_there() {
    let bots =
        crate::support::bots::project().file("bots.yaml", "- {bot_id: ada, endpoints: [chat]}\n");
    bots.run(&["build", "--bots", "bots.yaml", "--out", "out"])
        .exits(0);
    let large = large();
    large.run(&["build", "--out", "out"]).exits(0);
    let sites = [
        ("BOTS", &*bots.path().join("out")),
        ("LARGE", &*large.path().join("out")),
    ];
    node_beside("search", &sites);
}

#[test]
fn every_word_is_found_and_readers_find_what_they_mean() {
    let japanese = japanese();
    node_beside("found", &[("JAPANESE", &japanese.path().join("out"))]);
}

#[test]
fn half_a_page_is_painted_in_the_chosen_colours() {
    node_beside("paint", &[]);
}

#[test]
fn colours_can_be_read() {
    node_beside("theme", &[]);
}

#[test]
fn axe_finds_nothing_in_any_state() {
    node_beside("axe", &[]);
}

#[test]
fn the_markup_is_valid() {
    node_beside("markup", &[("BOT_PAGES", &of_bots().path().join("out"))]);
}

#[test]
fn the_strict_policy_holds_while_every_control_is_used() {
    node_beside("policy", &[]);
}

#[test]
fn tabs_are_as_the_practices_say() {
    node_beside("practices", &[]);
}

#[test]
fn a_keyboard_is_enough() {
    node_beside("keyboard", &[]);
}

#[test]
fn the_page_adapts_to_its_reader() {
    let of_bot = branded(&["--bot", "019dd3d4-4b7e-71eb-9561-5cf790a5da57"]);
    let (bots, generic) = (of_bots(), branded(&[]));
    let sites = [
        ("BOT_PAGES", &*bots.path().join("out")),
        ("BRANDED", &*generic.path().join("out")),
        ("BRANDED_BOT", &*of_bot.path().join("out")),
    ];
    node_beside("adapts", &sites);
}

#[test]
fn paper_shows_everything() {
    node_beside("paper", &[]);
}

#[test]
fn hosts_and_tools_get_what_they_need() {
    let (bots, named) = (of_bots(), named());
    let sites = [
        ("BOT_PAGES", &*bots.path().join("out")),
        ("NAMED", &*named.path().join("out")),
    ];
    node_beside("files", &sites);
}

#[test]
fn no_link_is_dead() {
    node_beside("links", &[("BOT_PAGES", &of_bots().path().join("out"))]);
}

#[test]
fn what_a_screen_reader_is_told() {
    node_beside("tree", &[]);
}

#[test]
fn no_text_of_a_spec_does_anything() {
    let project = Project::empty();
    let payloads = payloads::payloads().into_iter().enumerate();
    let numbered = payloads.map(|(number, payload)| (number.to_string(), payload));
    let plain = ("plain".to_owned(), "plain".to_owned());
    for (name, text) in numbered.chain([plain]) {
        let hostile = payloads::project(&format!("w {text}"));
        let out = project.path().join(name);
        let arguments = ["build", "--out", out.to_str().unwrap()];
        hostile.run(&arguments).exits(0);
    }
    node_beside("hostile", &[("HOSTILE", project.path())]);
}

/// A site with a variable for each row of the table of values.
fn of_values() -> Project {
    let rows = include_str!("../values.json");
    let rows: Vec<serde_json::Value> = serde_json::from_str(rows).unwrap();
    let mut site = "title: Docs\nnavigation: [home]\nvariables:\n".to_owned();
    // The form has only variables that a text contains.
    let mut home = "---\ntitle: Home\n---\n\n`/{{ segment }}/`\n".to_owned();
    for row in rows {
        home += &format!(
            "\nA value is {{{{ {} }}}}.\n",
            row["name"].as_str().unwrap()
        );
        let mut keys = serde_json::Map::new();
        for key in ["pattern", "max_length"] {
            keys.extend(row.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        if row.get("url").is_some() {
            keys.insert("type".to_owned(), "url".into());
        }
        let keys = serde_json::Value::Object(keys);
        site += &format!("  {}: {keys}\n", row["name"].as_str().unwrap());
    }
    let project = Project::empty().file("spec/site.yaml", site);
    let project = project.file("spec/home.md", home);
    project.run(&["build", "--out", "out"]).exits(0);
    project
}

#[test]
fn no_address_leads_to_another_host() {
    let origins = Project::copy_of("tests/browser/origins");
    origins.run(&["build", "--out", "out"]).exits(0);
    let values = of_values();
    let sites = [
        ("ORIGINS", &*origins.path().join("out")),
        ("VALUES", &*values.path().join("out")),
    ];
    node_beside("brought", &sites);
}

#[test]
fn a_save_is_in_the_browser_at_once() {
    let program = Path::new(env!("CARGO_BIN_EXE_botdocs"));
    node_beside("preview", &[("BOTDOCS", program)]);
}

#[test]
fn a_permitted_page_reads_the_mock() {
    let program = Path::new(env!("CARGO_BIN_EXE_botdocs"));
    node_beside("cors", &[("BOTDOCS", program)]);
}

#[test]
fn pages_are_light_still_and_quick() {
    node_beside("speed", &[("MANY", &many().path().join("out"))]);
}

#[test]
fn lighthouse_gives_full_marks() {
    node_alone("lighthouse", &[]);
}

/// A site in a language without spaces between words.
fn japanese() -> Project {
    let site = "title: ボット\nlanguage: ja\nnavigation: [api, guide]\n";
    let guide = "---\ntitle: はじめに\n---\n\nチャットボットに質問を送る方法を説明します。\n\n## 認証\n\nAPIキーはサーバーに保存してください。\n\n| 項目 | 意味 |\n| --- | --- |\n| 温度 | 答えの自由さ |\n";
    let api = "title: 会話\nservers: [{url: https://api.example.jp}]\nauth: {type: bearer, description: 鍵は秘密です。}\nendpoints:\n  ask:\n    title: 質問する\n    method: POST\n    path: /ask\n    request: {fields: {question: {type: string, required: true, description: 利用者の質問。}}, example: {question: こんにちは}}\n    responses: {200: {description: 答え。}}\n";
    let project = Project::empty()
        .file("spec/site.yaml", site)
        .file("spec/guide.md", guide)
        .file("spec/api.yaml", api);
    project.run(&["build", "--out", "out"]).exits(0);
    project
}

/// A thousand endpoints on twenty pages.
fn large() -> Project {
    let mut project = Project::empty();
    let mut names = Vec::new();
    for page in 0..20 {
        let mut text =
            format!("title: API {page}\nservers: [{{url: https://api.example.com}}]\nendpoints:\n");
        for number in page * 50..(page + 1) * 50 {
            let _ = write!(
                text,
                "  endpoint-{number}:\n    title: Endpoint {number}\n    method: POST\n    \
                 path: /things/{number}\n    request:\n      fields:\n        \
                 bot_id: {{type: string, required: true, description: The bot that answers.}}\n        \
                 limit_{number}: {{type: integer, minimum: 1, description: How many there are at most.}}\n        \
                 order: {{type: string, enum: [up, down], description: Which of them come first.}}\n        \
                 filter: {{type: object, description: Which of them are wanted., fields: {{state: {{type: string}}, since: {{type: string, format: date}}}}}}\n    \
                 responses:\n      \
                 200: {{description: The things., fields: {{things: {{type: array, items: {{type: object, fields: {{id: {{type: string}}, title: {{type: string}}}}}}}}, next: {{type: string}}}}}}\n      \
                 401: {{description: The key is missing or wrong., fields: {{message: {{type: string}}}}}}\n"
            );
        }
        names.push(format!("api-{page}"));
        project = project.file(&format!("spec/api-{page}.yaml"), text);
    }
    let navigation = names.join(", ");
    project.file(
        "spec/site.yaml",
        format!("title: Docs\nnavigation: [{navigation}]\n"),
    )
}
