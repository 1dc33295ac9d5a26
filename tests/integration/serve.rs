//! `serve` over real sockets: what it shows, to whom, and what it withstands.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use botdocs::live::listen::Door;
use botdocs::live::serve::{Faults, PreviewServer};
use rustix::process::Signal;

use crate::project::{Project, SITE, TWO_ENDPOINTS, page, small, tree};
use crate::support::preview::{Preview, Versions, hash_of, with_file, without_client};
use crate::support::running::{PAGE, Running};

/// What must never be in an answer.
const CANARY: &str = "canary-4b7e71eb";

#[test]
fn what_is_served_is_what_is_built() {
    let project = small().file("spec/pictures/a.png", "no real picture");
    let before = project.tree(".");
    let preview = Preview::start(&project, &[]);
    let built = Project::empty();
    let out = built.path().join("out");
    project
        .run(&["build", "--out", out.to_str().unwrap()])
        .exits(0);
    let mut seen = 0;
    for (path, bytes) in tree(&out) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("_botdocs"),
            "{path}"
        );
        if path == "botdocs-manifest.json" {
            continue;
        }
        let answer = preview.get(&format!("/{path}"));
        assert_eq!(answer.status, 200, "{path}");
        let is_page = path.ends_with(".html");
        let body = if is_page {
            without_client(&answer.body)
        } else {
            answer.body
        };
        assert!(body == bytes, "{path}");
        seen += 1;
    }
    assert!(seen > 8);
    let home = preview.get("/");
    assert_eq!(
        without_client(&home.body),
        fs::read(out.join("index.html")).unwrap()
    );
    assert!(
        project.tree(".") == before,
        "serving wrote into the project"
    );
    assert_eq!(preview.running.stop(Signal::INT), Some(0));
}

#[test]
fn each_bots_pages_are_filled_when_they_are_asked_for() {
    let project = small().file("bots.csv", "bot_id\nada\nb-2\n");
    let preview = Preview::start(&project, &[]);
    project.run(&["build", "--bots", "bots.csv"]).exits(0);
    for path in [
        "bots/ada/index.html",
        "bots/b-2/index.html",
        "bots/ada/index.md",
    ] {
        let answer = preview.get(&format!("/{path}"));
        let is_page = path.ends_with(".html");
        let body = if is_page {
            without_client(&answer.body)
        } else {
            answer.body
        };
        assert!(
            body == project.read(&format!("site/{path}")).as_bytes(),
            "{path}"
        );
    }
    assert_eq!(preview.get("/bots/ada/").status, 200);
    let folder = preview.get("/bots/ada");
    assert_eq!(
        (folder.status, folder.header("location")),
        (308, Some("/bots/ada/"))
    );
    for path in [
        "/bots/",
        "/bots",
        "/bots//",
        "/bots/a%2fb/",
        "/bots/../",
        "/bots/-x/",
        "/bots/ada/nope",
    ] {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
    let own = Preview::start(&project, &["--bot", "cy"]);
    assert!(own.get("/").text().contains("cy"));
    assert!(own.get("/bots/dee/").text().contains("dee"));
    let refused = project.run(&["serve", "--bot", "no id"]).exits(2);
    assert!(
        refused.stderr.contains("error: --bot `no id`"),
        "{}",
        refused.stderr
    );
}

/// A list gives a bot only some endpoints: its pages have their own search index, at the root.
#[test]
fn the_search_index_of_a_bot_without_all_endpoints_is_served() {
    let project = Project::new()
        .file(
            "spec/site.yaml",
            "title: Docs\nnavigation: [api]\nvariables: {plan: {placeholder: gold}}\n",
        )
        .file("spec/api.yaml", TWO_ENDPOINTS)
        .file(
            "bots.csv",
            "bot_id,plan,endpoints\nada,gold,\nb-2,gold,one\n",
        );
    project.run(&["build", "--bots", "bots.csv"]).exits(0);
    let preview = Preview::start(&project, &["--bots", "bots.csv"]);
    let built = tree(&project.path().join("site"));
    let index = built
        .iter()
        .find(|(path, _)| path.starts_with("search.") && *path != "search.json");
    let (path, bytes) = index.unwrap();
    // A browser requests the index after the page that names it.
    let page = preview.get("/bots/b-2/").text();
    assert!(page.contains(path.as_str()), "{page}");
    assert!(preview.get(&format!("/{path}")).body == *bytes);
}

#[test]
fn pages_have_the_headers_of_the_published_site() {
    let project = small();
    let preview = Preview::start(&project, &[]);
    project.run(&["build"]).exits(0);
    let rules = project.read("site/_headers");
    let policy = rules
        .lines()
        .find_map(|line| line.trim().strip_prefix("Content-Security-Policy: "));
    let style = tree(&project.path().join("site"));
    let style = style
        .iter()
        .find(|(path, _)| path.ends_with(".css"))
        .unwrap()
        .0
        .clone();
    for (path, kind, cache) in [
        ("", "text/html; charset=utf-8", "no-cache"),
        ("index.md", "text/markdown; charset=utf-8", "no-cache"),
        ("llms.txt", "text/markdown; charset=utf-8", "no-cache"),
        ("robots.txt", "text/plain; charset=utf-8", "no-cache"),
        (
            &style,
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "_botdocs/client.js",
            "text/javascript; charset=utf-8",
            "no-cache",
        ),
        ("_botdocs/faults.json", "application/json", "no-cache"),
        ("nope.html", "text/html; charset=utf-8", "no-cache"),
    ] {
        let origin = "Origin: http://evil.test\r\nAccess-Control-Request-Method: GET\r\n";
        let answer = preview.request("GET", &format!("/{path}"), origin);
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        assert_eq!(answer.header("cache-control"), Some(cache), "{path}");
        assert_eq!(answer.header("content-security-policy"), policy, "{path}");
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert!(
            !answer.head.to_lowercase().contains("access-control"),
            "{}",
            answer.head
        );
    }
    assert_eq!(
        preview.get("/bots/ada/index.md").header("x-robots-tag"),
        Some("noindex")
    );
    let missing = preview.get("/nope.html");
    assert_eq!(missing.status, 404);
    assert_eq!(
        without_client(&missing.body),
        project.read("site/404.html").as_bytes()
    );
}

#[test]
fn what_a_browser_has_already_is_not_sent_again() {
    let big: String = (0..50_000).map(|number| format!("{number}\n")).collect();
    let preview = Preview::start(&with_file(&big), &[]);
    let path = format!("/assets/big.{}.csv", hash_of(&big));
    let whole = preview.get(&path);
    assert_eq!((whole.status, whole.body.len()), (200, big.len()));
    let tag = whole.header("etag").unwrap();
    for (headers, status, length) in [
        (format!("If-None-Match: {tag}\r\n"), 304, 0),
        (format!("If-None-Match: \"x\", W/{tag}\r\n"), 304, 0),
        ("If-None-Match: \"x\"\r\n".to_owned(), 200, big.len()),
        ("Range: bytes=10-19\r\n".to_owned(), 206, 10),
        ("Range: bytes=-5\r\n".to_owned(), 206, 5),
        (format!("Range: bytes=0-4\r\nIf-Range: {tag}\r\n"), 206, 5),
        (
            "Range: bytes=0-4\r\nIf-Range: \"x\"\r\n".to_owned(),
            200,
            big.len(),
        ),
        (format!("Range: bytes={}-\r\n", big.len()), 416, 0),
        ("Range: bytes=0-1,4-5\r\n".to_owned(), 200, big.len()),
    ] {
        let answer = preview.request("GET", &path, &headers);
        assert_eq!(
            (answer.status, answer.body.len()),
            (status, length),
            "{headers}"
        );
    }
    let part = preview.request("GET", &path, "Range: bytes=10-19\r\n");
    assert_eq!(part.body, &big.as_bytes()[10..20]);
    assert_eq!(
        part.header("content-range"),
        Some(&*format!("bytes 10-19/{}", big.len()))
    );
    for path in [path.as_str(), "/", "/nope"] {
        let (get, head) = (preview.get(path), preview.request("HEAD", path, ""));
        assert_eq!((get.status, head.body.len()), (head.status, 0));
        assert_eq!(
            head.header("content-length"),
            Some(&*get.body.len().to_string())
        );
    }
    let page = preview.get("/");
    let tag = page.header("etag").unwrap();
    assert_eq!(
        preview
            .request("GET", "/", &format!("If-None-Match: {tag}\r\n"))
            .status,
        304
    );
    assert!(page.text().contains(&format!("data-tag={tag}")));
}

/// Request targets, many of which have broken other preview servers, and what they get.
const TARGETS: [(&str, u16); 52] = [
    ("/", 200),
    ("/index.html", 200),
    ("/?x=1", 200),
    ("/index%2ehtml", 200),
    ("/../secret.txt", 404),
    ("/../../../../etc/passwd", 404),
    ("/..%2fsecret.txt", 404),
    ("/%2e%2e/secret.txt", 404),
    ("/%2e%2e%2fsecret.txt", 404),
    ("/%252e%252e%252fsecret.txt", 404),
    ("/..%5csecret.txt", 404),
    ("/..\\secret.txt", 404),
    ("/./index.html", 404),
    ("/index.html/.", 404),
    ("/index.html/", 404),
    ("/.env", 404),
    ("/.env/.", 404),
    ("/.ENV", 404),
    ("/INDEX.HTML", 404),
    ("/spec/api.yaml", 404),
    ("/spec/.hidden", 404),
    ("/secret.txt", 404),
    ("/../site-secret/x", 404),
    ("/site-secret/x", 404),
    ("/assets/../../secret.txt", 404),
    ("/assets", 404),
    ("/assets/", 404),
    ("/a/c:/windows/win.ini", 404),
    ("/c:/windows/win.ini", 404),
    ("/file:///etc/passwd", 404),
    ("/@fs/etc/passwd", 404),
    ("/index.html%00", 404),
    ("/%00", 404),
    ("/%ff", 400),
    ("/%", 404),
    ("/index.html;x", 404),
    ("//evil.test/%2e%2e", 404),
    ("//index.html", 404),
    ("/_botdocs/", 404),
    ("/_botdocs/../secret.txt", 404),
    ("/_botdocs/client.rs", 404),
    ("/botdocs-manifest.json", 404),
    ("http://evil.test/", 421),
    ("http://127.0.0.1/index.html", 200),
    ("*", 400),
    ("index.html", 400),
    ("", 400),
    ("/a b", 400),
    ("/\u{1}", 400),
    ("/\0", 400),
    ("/../secret.txt#/index.html", 404),
    ("/.env#.html", 404),
];

#[test]
fn no_request_reaches_what_is_not_on_the_list() {
    let project = small()
        .file("secret.txt", CANARY)
        .file("site-secret/x", CANARY)
        .file(".env", CANARY)
        .file("spec/.hidden", CANARY)
        .file("templates/_unused.html", format!("{{# {CANARY} #}}"));
    let preview = Preview::start(&project, &[]);
    let absolute = project.path().join("secret.txt");
    let absolute = absolute.to_str().unwrap();
    let host = preview.host();
    for (target, status) in TARGETS {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = preview.raw(request.as_bytes());
        assert_eq!(answer.status, status, "{target:?}: {}", answer.head);
        assert!(!answer.text().contains(CANARY), "{target:?}");
        assert!(!answer.text().contains("root:"), "{target:?}");
        assert!(answer.header("location").is_none(), "{target:?}");
    }
    assert_eq!(preview.get(absolute).status, 404);
    for (method, status) in [
        ("POST", 405),
        ("PUT", 405),
        ("DELETE", 405),
        ("OPTIONS", 405),
        ("TRACE", 405),
        ("PATCH", 405),
        ("get", 405),
        ("CONNECT", 405),
    ] {
        assert_eq!(preview.request(method, "/", "").status, status, "{method}");
    }
}

#[test]
fn only_who_names_this_machine_is_answered() {
    let preview = Preview::start(&small(), &["--allow-host", "docs.internal"]);
    let port = preview.port;
    let asked = |lines: &str| {
        preview
            .raw(format!("GET / HTTP/1.1\r\n{lines}Connection: close\r\n\r\n").as_bytes())
            .status
    };
    for (lines, status) in [
        (format!("Host: 127.0.0.1:{port}\r\n"), 200),
        (format!("Host: localhost:{port}\r\n"), 200),
        (format!("Host: [::1]:{port}\r\n"), 200),
        ("Host: docs.internal\r\n".to_owned(), 200),
        ("Host: evil.test\r\n".to_owned(), 421),
        (format!("Host: evil.test:{port}\r\n"), 421),
        ("Host: 127.0.0.1.evil.test\r\n".to_owned(), 421),
        ("Host: localhost.evil.test\r\n".to_owned(), 421),
        ("Host: 10.0.0.1\r\n".to_owned(), 421),
        ("Host: 0.0.0.0\r\n".to_owned(), 421),
        ("Host: \r\n".to_owned(), 421),
        (String::new(), 400),
        (
            format!("Host: localhost:{port}\r\nHost: evil.test\r\n"),
            400,
        ),
        (
            format!("Host: evil.test\r\nX-Forwarded-Host: localhost:{port}\r\n"),
            421,
        ),
    ] {
        assert_eq!(asked(&lines), status, "{lines}");
    }
    assert_eq!(preview.raw(b"GET / HTTP/1.0\r\n\r\n").status, 400);
    for path in [
        "/_botdocs/client.js",
        "/_botdocs/faults.json",
        "/_botdocs/versions",
        "/nope",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n");
        assert_eq!(preview.raw(request.as_bytes()).status, 421, "{path}");
    }
    // It listens at 127.0.0.1 alone, not at whatever leads to this machine.
    assert!(TcpStream::connect(("127.0.0.2", port)).is_err());
}

#[test]
fn only_own_pages_hear_of_changes() {
    let preview = Preview::start(&small(), &[]);
    let (host, port) = (preview.host(), preview.port);
    for (origin, status) in [
        (None, 403),
        (Some("null".to_owned()), 403),
        (Some("http://evil.test".to_owned()), 403),
        (Some(format!("http://127.0.0.1.evil.test:{port}")), 403),
        (Some("http://[::1]:9".to_owned()), 403),
        (Some(format!("http://127.0.0.1:{}", port ^ 1)), 403),
        (Some("http://127.0.0.1".to_owned()), 403),
        (Some(format!("https://{host}")), 403),
        (Some(format!("http://localhost:{port}")), 403),
        (Some(format!("http://{host}/")), 403),
        (
            Some(format!("http://{host}\r\nOrigin: http://evil.test")),
            403,
        ),
    ] {
        let line = origin.map_or_else(String::new, |origin| format!("Origin: {origin}\r\n"));
        let answer = preview.request("POST", "/_botdocs/versions", &line);
        assert_eq!(answer.status, status, "{line}");
    }
    let own = format!("Origin: http://{host}\r\n");
    assert_eq!(
        preview.request("GET", "/_botdocs/versions", &own).status,
        405
    );
    let with_body = format!("{own}Content-Length: 2\r\n\r\n{{}}");
    assert_eq!(
        preview
            .request("POST", "/_botdocs/versions", &with_body)
            .status,
        413
    );
    let mut stream = preview.connect();
    write!(
        stream,
        "POST /_botdocs/versions HTTP/1.1\r\nHost: {host}\r\n{own}Content-Length: 0\r\n\r\n"
    )
    .unwrap();
    let mut head = String::new();
    let mut lines = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        lines.read_line(&mut head).unwrap();
    }
    assert!(
        head.starts_with("HTTP/1.1 200") && head.contains("text/event-stream"),
        "{head}"
    );
    assert_eq!(Versions(lines).next(), 1);
}

#[test]
fn a_busy_port_moves_on_to_the_next() {
    let project = small();
    let first = Preview::start(&project, &[]);
    let mut second = Running::start(project.command(&["serve", "--port", &first.port.to_string()]));
    let line = second.line("word of the port", |line| line.starts_with("port "));
    assert!(
        line.starts_with(&format!("port {} is busy; using ", first.port)),
        "{line}"
    );
    second.line("word that it serves", |line| line.starts_with("serving "));
    assert_eq!(second.stop(Signal::TERM), Some(0));
}

#[test]
fn other_addresses_are_listened_at_with_a_warning() {
    let project = small();
    let serve = project.command(&["serve", "--port", "0", "--host", "0.0.0.0"]);
    let mut running = Running::start(serve);
    running.line("warning", |line| {
        line.starts_with("warning: everybody who can reach 0.0.0.0:")
    });
}

#[test]
fn faults_are_told_over_the_last_good_site() {
    let project = small();
    let preview = Preview::start(&project, &["--editor", "vscode"]);
    let mut versions = preview.versions();
    assert!(preview.faults().is_empty());
    let before = preview.get("/").body;
    project.write(PAGE, page("ok").replace("method: POST", "method: PSOT"));
    versions.until(|| !preview.faults().is_empty());
    assert!(preview.get("/").body == before, "the last good site stays");
    let fault = preview.faults()[0].clone();
    let terminal = project.run(&["check"]).exits(1).stderr;
    let text = fault["text"].as_str().unwrap();
    assert!(terminal.contains(text), "{text}\nis not in\n{terminal}");
    assert_eq!(fault["place"], "spec/api.yaml:6:13");
    let path = fs::canonicalize(project.path()).unwrap().join(PAGE);
    let link = fault["link"].as_str().unwrap();
    let (link, path) = (
        link.replace("/private", ""),
        path.to_string_lossy().replace("/private", ""),
    );
    assert_eq!(link, format!("vscode://file{path}:6:13"));
    project.write(PAGE, page("Mended."));
    versions.until(|| preview.faults().is_empty());
    assert!(preview.get("/").text().contains("Mended."));
    // A template's fault is told as one of the spec.
    project.write("templates/api.html", "{{ nope }}");
    versions.until(|| !preview.faults().is_empty());
    assert!(preview.get("/").text().contains("Mended."));
    fs::remove_file(project.path().join("templates/api.html")).unwrap();
    versions.until(|| preview.faults().is_empty());
}

#[test]
fn a_project_that_is_broken_at_the_start_shows_its_faults_as_text() {
    let project = small().file(
        PAGE,
        "title: A\nendpoints:\n  \"<img src=x onerror=alert(1)>\": {}\n",
    );
    let preview = Preview::start(&project, &[]);
    let answer = preview.get("/anything");
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("&lt;img src=x"), "{}", answer.text());
    assert!(!answer.text().contains("<img"));
    assert!(!answer.text().contains(project.path().to_str().unwrap()));
    assert!(preview.faults().iter().all(|fault| fault["link"].is_null()));
    let mut versions = preview.versions();
    project.write(PAGE, page("Mended."));
    versions.until(|| preview.get("/").status == 200);
    assert!(preview.get("/").text().contains("Mended."));
}

/// Who comes before there is a site is told so, and gets it by coming again.
#[test]
fn while_the_project_is_read_a_page_says_so() {
    let server = PreviewServer::bind([127, 0, 0, 1].into(), 0, Door::new(Vec::new())).unwrap();
    let address = server.address().unwrap();
    let publisher = server.publisher();
    std::thread::spawn(move || server.run().unwrap());
    let get = || {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let early = get();
    assert!(early.starts_with("HTTP/1.1 503 ") && early.contains("\r\nrefresh: 1\r\n"));
    assert!(early.contains("botdocs is reading the project.") && early.contains("client.js"));
    publisher.show_faults(Faults::default());
    assert!(get().contains("botdocs is reading the project."));
}

/// A template's fault may show on one page only, and that is not the one that somebody looks at.
#[test]
fn a_fault_of_a_template_is_told_wherever_it_shows() {
    let mut project = small();
    let mut navigation = String::new();
    for number in 0..40 {
        let text = format!("---\ntitle: Guide {number}\n---\nText.\n");
        project = project.file(&format!("spec/guide-{number}.md"), &text);
        navigation.push_str(&format!(", guide-{number}"));
    }
    let site = SITE.replace("navigation: [api", &format!("navigation: [api{navigation}"));
    let project = project.file("spec/site.yaml", &site);
    let mut preview = Preview::start(&project, &[]);
    let mut versions = preview.versions();
    let of = |number: usize| {
        format!(
            "{{# Mine. #}}\n{{% if page.title == 'Guide {number}' %}}{{{{ nope }}}}{{% endif %}}\n"
        )
    };
    let before = preview.get("/guide-32.html");
    // On a page that nobody has looked at, and not among the first.
    project.write("templates/_reader.html", of(33));
    versions.until(|| !preview.faults().is_empty());
    let fault = preview.faults()[0]["text"].as_str().unwrap().to_owned();
    assert!(fault.contains("`nope` is not defined here"), "{fault}");
    let line = |line: &str| line.contains("`nope` is not defined here");
    preview.running.line("the fault in the terminal", line);
    // The last good site is there again, as for every fault.
    assert_eq!(preview.get("/guide-32.html").body, before.body);
    assert_eq!(preview.get("/guide-33.html").status, 200);
    // It stays told when something else is saved, and is gone when it is mended.
    project.write(PAGE, page("Saved."));
    preview.running.line("the fault once more", line);
    assert!(!preview.faults().is_empty());
    assert!(!preview.get("/").text().contains("Saved."));
    project.write("templates/_reader.html", "{# Mine. #}\n");
    versions.until(|| preview.faults().is_empty());
    assert_eq!(preview.get("/guide-33.html").status, 200);
    assert!(preview.get("/").text().contains("Saved."));
    // On the page that somebody looks at, it never takes the last good page away.
    let good = preview.get("/guide-37.html");
    assert_eq!(good.status, 200);
    project.write("templates/_reader.html", of(37));
    versions.until(|| !preview.faults().is_empty());
    assert_eq!(preview.get("/guide-37.html").body, good.body);

    // Where there was no good site yet, what can be shown is.
    drop(preview);
    let mut preview = Preview::start(&project, &[]);
    preview.running.line("the fault at the start", line);
    assert_eq!(preview.get("/guide-32.html").status, 200);
    let broken = preview.get("/guide-37.html");
    assert_eq!(broken.status, 500);
    assert!(broken.text().contains("`nope` is not defined here"));
    assert!(broken.text().contains("client.js"));
}
