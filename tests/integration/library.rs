//! The library: its public names, and the example that serves bots.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use botdocs::{BotDocs, Docs, PageError, ValueErrorKind};
use regex::Regex;

use crate::project::{Project, TWO_ENDPOINTS, difference, repository, small, updates_expectations};

/// The public names and signatures of the library: whoever changes one changes this file.
const NAMES: &str = "tests/integration/public-names.txt";

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

/// The public items of a file, without their bodies, each on a line.
fn signatures(text: &str) -> Vec<String> {
    let production = text.split("#[cfg(test)]").next().unwrap();
    let item = Regex::new(
        r"(?m)^((?:#\[(?:derive|non_exhaustive)[^\n]*\n)*(?:impl[^{]*|    pub fn [^{]*|pub (?:struct|type|trait|fn|const) [^{;]*|pub use [^;]*|pub enum \w+ \{[^}]*))[{;}]",
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
#[allow(dead_code, reason = "the tests call what answers")]
mod server;

/// A whole request over a socket gets its head, and a body where one is due.
#[test]
fn the_example_answers_over_a_socket() {
    let project = small();
    let docs = Docs::load(project.path()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(70_000));
    for (request, status, has_body) in [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "200 OK", true),
        ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "200 OK", false),
        (
            "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
            "405 Method Not Allowed",
            true,
        ),
        ("GET\r\n\r\n", "400 Bad Request", true),
        (&long, "431 Request Header Fields Too Large", true),
    ] {
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.write_all(request.as_bytes()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        server::serve(&docs, &stream).unwrap();
        drop(stream);
        let mut answer = Vec::new();
        // What is unread of a head that is too long may reset the connection after the response.
        let _ = client.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{head}"
        );
        assert_eq!(!body.is_empty(), has_body, "{request}");
        let length = head.split_once("Content-Length: ").unwrap().1;
        let length: usize = length.lines().next().unwrap().parse().unwrap();
        assert!(body.is_empty() || body.len() == length, "{head}");
        assert_eq!(head.contains("Allow: GET, HEAD"), status.starts_with("405"));
    }
}

/// A project with two bots, and a file whose name is escaped in addresses.
fn two_bots() -> Project {
    Project::new()
        .file("spec/guide.md", "---\ntitle: Guide\n---\n\nHello {{ bot_name }}.\n")
        .file(
            "spec/site.yaml",
            "title: Docs\nnavigation: [api, guide]\nvariables:\n  bot_id: {placeholder: YOUR_BOT_ID}\n  bot_name: {placeholder: Your Bot}\n",
        )
        .file("static/my picture ä.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        .file("bots.yaml", "- bot_id: one\n- bot_id: two-2\n")
}

#[test]
fn a_server_fills_pages_as_a_build_writes_them() {
    let project = two_bots();
    project
        .run(&["build", "--bots", "bots.yaml", "--out", "out"])
        .exits(0);
    let docs = Docs::load(project.path()).unwrap();
    let (mut compared, mut escaped) = (0, 0);
    for (path, written) in project.tree("out") {
        // The next build reads it; no browser does.
        if path == "botdocs-manifest.json" {
            continue;
        }
        let target = path.replace(' ', "%20").replace('ä', "%C3%A4");
        let response = server::respond(&docs, &format!("/{target}"));
        assert_eq!(response.status, "200 OK", "{path}");
        assert!(response.body == written, "{path}");
        compared += 1;
        escaped += usize::from(path != target);
    }
    assert_eq!(escaped, 1);
    // Each file that the library lists was compared.
    let bots = ["one", "two-2"].map(|id| docs.bot([("bot_id", id)]).unwrap().paths().count());
    assert_eq!(compared, docs.paths().count() + bots[0] + bots[1]);
}

#[test]
fn the_example_answers_each_path_with_the_headers_of_its_file() {
    let docs = Docs::load(two_bots().path()).unwrap();
    let style = docs.paths().find(|path| path.ends_with(".css")).unwrap();
    let style = format!("/{style}");
    let responds = |path: &str| {
        let response = server::respond(&docs, path);
        let headers = response.headers.into_iter();
        let headers = headers.map(|(name, value)| format!("{name}: {value}"));
        (response.status, headers.collect::<Vec<_>>().join("\n"))
    };
    let (status, headers) = responds("/bots/one/");
    assert_eq!(status, "200 OK");
    for part in [
        "Content-Type: text/html; charset=utf-8",
        "Cache-Control: no-cache",
        "X-Robots-Tag: noindex",
        "frame-ancestors 'self'",
    ] {
        assert!(headers.contains(part), "{headers}");
    }
    let (status, headers) = responds("/bots/one?plan=gold");
    assert_eq!(status, "308 Permanent Redirect");
    assert!(
        headers.contains("Location: /bots/one/?plan=gold"),
        "{headers}"
    );
    for (path, part) in [
        ("/llms.txt", "Content-Type: text/markdown; charset=utf-8"),
        ("/index.md", "Content-Type: text/markdown; charset=utf-8"),
        (&style, "Cache-Control: public, max-age=31536000, immutable"),
        ("http://localhost:8000/", "Content-Type: text/html"),
    ] {
        let (status, headers) = responds(path);
        assert_eq!(status, "200 OK", "{path}");
        assert!(headers.contains(part), "{path}: {headers}");
        assert_eq!(
            headers
                .lines()
                .filter(|line| line.starts_with("Content-Type:"))
                .count(),
            1,
            "{headers}"
        );
    }
    for missing in [
        "/none",
        "/bots/",
        "/bots/index.html/",
        "/bots/-x",
        "/bots/one/none",
        "/bots/one//",
        "/bots/%3Cscript%3E/index.html",
    ] {
        let (status, headers) = responds(missing);
        assert_eq!(status, "404 Not Found", "{missing}");
        assert!(headers.contains("text/html"), "{headers}");
    }
    assert_eq!(responds("/%FF").0, "400 Bad Request");
    // The page for missing addresses has links from the root of its site.
    let page = String::from_utf8(docs.not_found("/docs/").unwrap()).unwrap();
    assert!(page.contains("href=\"/docs/assets/"), "{page}");
}

fn bot_of<'d>(docs: &'d Docs, id: &str, plan: &str) -> BotDocs<'d> {
    docs.bot([("bot_id", id), ("plan", plan)]).unwrap()
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
    // A server finds the index of a bot without all endpoints in the bot's folder.
    let bot = bot_of(&docs, "two", "free");
    let index = bot.paths().find(|path| path.starts_with("search."));
    let index = index.unwrap().to_owned();
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
                bot_of(&docs, id, plan).file(page)
            }
            None if path == index => bot_of(&docs, "two", "free").file(&index),
            None => docs.file(&path).map(Cow::into_owned),
        };
        let written = String::from_utf8(written).unwrap();
        let written = written.replace(&format!("../../{index}"), &index);
        assert!(made == Ok(written.into_bytes()), "{path}");
        indexes += usize::from(path.starts_with("search."));
    }
    assert_eq!(indexes, 2);
    let bot = bot_of(&docs, "two", "free");
    assert!(bot.paths().any(|path| path == "index.html"));
    assert_eq!(bot.file("extra.html"), Err(PageError::NotFound));
    // Named endpoints count whatever the conditions are.
    let named = |endpoints: &[&'static str]| {
        let values = [("bot_id", "two"), ("plan", "free")];
        docs.bot_with_endpoints(values, endpoints.iter().copied())
    };
    let bot = named(&["extra"]).unwrap();
    assert!(bot.paths().any(|path| path == "index.html"));
    assert!(
        String::from_utf8(bot.file("index.html").unwrap())
            .unwrap()
            .contains("/extra")
    );
    assert_eq!(named(&[]).unwrap().paths().count(), 0);
    let error = named(&["extra", "xtra"]).err().unwrap();
    assert_eq!(error.kind(), ValueErrorKind::Unknown);
    assert_eq!(error.to_string(), "`endpoints`: unknown endpoint `xtra`");
}

/// One template with an error takes no other page of a bot down, and is reported.
#[test]
fn a_page_that_fails_for_some_bots_takes_no_other_page_down() {
    let project = Project::new()
        .file(
            "spec/site.yaml",
            "title: Docs\nnavigation: [api, guide]\nvariables: {plan: {placeholder: gold}}\n",
        )
        .file("spec/guide.md", "---\ntitle: Guide\n---\n\nHello.\n")
        .file("spec/api.yaml", TWO_ENDPOINTS)
        .file(
            "templates/api.html",
            "{% extends \"base.html\" %}{% block main %}{{ endpoints[1].id }}{% endblock %}",
        );
    let docs = Docs::load(project.path()).unwrap();
    let bot = |plan| docs.bot([("bot_id", "two"), ("plan", plan)]).unwrap();
    assert!(bot("gold").file("index.html").is_ok());
    let Err(PageError::Template(report)) = bot("free").file("index.html") else {
        panic!("the page has an error");
    };
    assert!(report.contains("templates/api.html:1:"), "{report}");
    assert!(bot("free").file("guide.html").is_ok());
}

#[test]
fn values_that_a_variable_refuses_have_no_pages() {
    let docs = Docs::load(repository()).unwrap();
    let error = |values: &[(&str, &str)]| docs.bot(values.iter().copied()).err();
    let id = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";
    assert_eq!(error(&[("bot_id", id)]), None);
    for (values, kind, part) in [
        (
            &[][..],
            ValueErrorKind::Missing,
            "`bot_id`: it has no value",
        ),
        (
            &[("bot_id", "no UUID")],
            ValueErrorKind::Refused,
            "`bot_id`",
        ),
        (
            &[("bot_id", id), ("bot_di", "x")],
            ValueErrorKind::Unknown,
            "did you mean `bot_id`?",
        ),
    ] {
        let error = error(values).unwrap();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(part), "{error}");
        assert!(!error.reason().starts_with('`'), "{error}");
    }
    assert!(docs.variables().any(|name| name == "bot_id"));
}

#[test]
fn a_project_with_errors_does_not_load() {
    let project = Project::new().file("spec/site.yaml", "title: Docs\nnavigaton: [api]\n");
    let error = Docs::load(project.path()).err().unwrap().to_string();
    let printed = project.run(&["check"]).exits(1).stderr;
    assert!(error.starts_with("error[unknown-key]"), "{error}");
    assert!(printed.starts_with(&error), "{error}\n{printed}");
    assert!(Docs::load(project.path().join("none")).is_err());
}
