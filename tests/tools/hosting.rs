//! The recipes of `docs/hosting.md`, run as they are printed by the programs that they are for: nginx,
//! and the command `aws` with a server of S3. Every header of every file is compared with what
//! `Docs::headers` gives, and that with the table of the document.

use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};

use botdocs::Docs;
use regex::Regex;
use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::project::{API, Project, repository};
use crate::support::mock::until;
use crate::support::skip::skip;
use crate::tool::tool;

const DOCUMENT: &str = "docs/hosting.md";

/// The program of a virtual environment of the tests.
const VENV: &str = "target/hosting/bin";

fn document() -> String {
    fs::read_to_string(repository().join(DOCUMENT)).unwrap()
}

/// The text of the first fence of a language after a heading.
fn fence(heading: &str, language: &str) -> String {
    let text = document();
    let after = text.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let block = after.split(&format!("```{language}\n")).nth(1).unwrap();
    block.split("```").next().unwrap().to_owned()
}

/// A site with a bot, a guide, files of its own and a sitemap, built into `site`.
fn project() -> Project {
    let site = "title: Docs\nsite_url: https://docs.example.com/\nnavigation: [api, guide]\nbots: bots.yaml\n";
    let project = Project::empty()
        .file("spec/site.yaml", site)
        .file("spec/api.yaml", API)
        .file("spec/guide.md", "---\ntitle: Guide\n---\nA guide.\n")
        .file("bots.yaml", "- bot_id: ada\n- bot_id: bob\n");
    project.run(&["build"]).exits(0);
    project
}

/// The files that a host sends: not those that configure it, and not the manifest.
fn sent(project: &Project) -> Vec<(String, Vec<u8>)> {
    let files = project.tree("site").into_iter();
    files
        .filter(|(path, _)| !path.starts_with(['_', '.']) && path != "botdocs-manifest.json")
        .collect()
}

/// The answer to a request.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: BTreeMap<String, String>,
    /// As a browser sees it, without compression.
    body: Vec<u8>,
}

impl Reply {
    fn get(address: &str, path: &str, compressed: bool) -> Reply {
        let mut curl = tool("curl");
        curl.args(["--silent", "--show-error", "--path-as-is", "--include"]);
        if compressed {
            curl.arg("--compressed");
        }
        let output = curl
            .arg(format!("http://{address}{path}"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{path}: {output:?}");
        let end = output
            .stdout
            .windows(4)
            .position(|four| four == b"\r\n\r\n");
        let (head, body) = output.stdout.split_at(end.unwrap() + 4);
        let head = String::from_utf8(head.to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        Reply {
            status: status.parse().unwrap(),
            headers: headers
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            body: body.to_vec(),
        }
    }

    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(&name.to_lowercase());
        value.map_or("", String::as_str)
    }
}

/// A port that is free now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A server, which ends with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(mut command: std::process::Command, port: u16) -> Server {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let address = format!("127.0.0.1:{port}");
        until(|| TcpStream::connect(&address).is_ok());
        Server {
            child: child.unwrap(),
            address,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = Pid::from_child(&self.child);
        let _ = kill_process(pid, Signal::TERM);
        let _ = self.child.wait();
    }
}

/// nginx with the recipe of the document, in which only the port and the folder differ.
fn nginx(project: &Project, more: &str) -> Server {
    let port = free_port();
    let here = project.path().display().to_string();
    let recipe = fence("nginx", "nginx");
    let mut recipe = recipe;
    for (printed, own) in [
        ("listen 80;", format!("listen 127.0.0.1:{port};")),
        ("root /var/www/docs;", format!("root \"{here}/site\";")),
        ("gzip on;", format!("gzip on;\n{more}")),
    ] {
        assert_eq!(recipe.matches(printed).count(), 1, "{printed}");
        recipe = recipe.replace(printed, &own);
    }
    project.write("docs.conf", recipe);
    // As Debian's own, with the folders of the test.
    let user = if geteuid().is_root() {
        "user root;\n"
    } else {
        ""
    };
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = folders.map(|it| format!("{it}_temp_path \"{here}/{it}\";\n"));
    project.write(
        "nginx.conf",
        format!(
            "{user}worker_processes 1;\npid \"{here}/pid\";\nerror_log \"{here}/error.log\" notice;\n\
             events {{}}\nhttp {{\n{}sendfile on;\nserver_tokens off;\n\
             include /etc/nginx/mime.types;\ndefault_type application/octet-stream;\n\
             access_log off;\ngzip on;\ninclude \"{here}/docs.conf\";\n}}\n",
            folders.concat()
        ),
    );
    let configuration = ["-p", &here, "-c", &format!("{here}/nginx.conf")].map(str::to_owned);
    let tested = tool("nginx")
        .arg("-t")
        .args(&configuration)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tested.stderr).into_owned();
    assert!(
        tested.status.success() && !said.contains("[warn]"),
        "{said}"
    );
    let mut command = tool("nginx");
    command.args(&configuration).args(["-g", "daemon off;"]);
    Server::start(command, port)
}

fn has_nginx() -> bool {
    let is_there = tool("nginx").arg("-v").output().is_ok();
    if !is_there {
        skip("nginx is not installed");
    }
    is_there
}

/// The directives that the document adds for a value of `--gzip`.
fn directives(option: &str) -> String {
    let text = document();
    let row = format!("| `--gzip {option}` | `gzip_static");
    let row = text.lines().find(|line| line.starts_with(&row)).unwrap();
    let code = row.split('|').nth(2).unwrap().split('`');
    code.skip(1).step_by(2).collect::<Vec<_>>().join("\n")
}

/// Fails unless nginx sends each file of the plain site as it should be.
fn sends_all(server: &Server, docs: &Docs, plain: &[(String, Vec<u8>)]) {
    let is_text = |path: &str| {
        let ending = path.rsplit('.').next().unwrap();
        ["css", "html", "js", "json", "md", "svg", "txt", "xml"].contains(&ending)
    };
    for (path, content) in plain {
        for compressed in [true, false] {
            let reply = Reply::get(&server.address, &format!("/{path}"), compressed);
            let told = format!("{path}, {compressed}: {:?}", reply.headers);
            assert_eq!(reply.status, 200, "{told}");
            assert!(reply.body == *content, "{told}");
            let expected = docs.headers(path);
            for (name, value) in &expected {
                assert_eq!(reply.header(name), *value, "{name} of {told}");
            }
            let has_robots = expected.iter().any(|(name, _)| *name == "X-Robots-Tag");
            assert_eq!(
                !reply.header("X-Robots-Tag").is_empty(),
                has_robots,
                "{told}"
            );
            // nginx compresses nothing shorter than 20 bytes.
            let varies = is_text(path) && content.len() >= 20;
            let is_gzip = reply.header("Content-Encoding") == "gzip";
            assert_eq!(is_gzip, varies && compressed, "{told}");
            let vary = if varies { "Accept-Encoding" } else { "" };
            assert_eq!(reply.header("Vary"), vary, "{told}");
        }
    }
}

/// Fails unless wrong addresses get the page for them, and folders their pages.
fn leads_on(server: &Server, plain: &[(String, Vec<u8>)]) {
    let file = |path: &str| &plain.iter().find(|(it, _)| it == path).unwrap().1;
    for path in [
        "/bots/",
        "/assets/",
        "/nothing.html",
        "/assets/none.css",
        "/bots/eve/",
        "/bots/eve/index.md",
        "/botdocs-manifest.json",
    ] {
        let reply = Reply::get(&server.address, path, true);
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.body == *file("404.html"), "{path}");
        assert_eq!(reply.header("Cache-Control"), "no-cache", "{path}");
        assert_eq!(reply.header("Content-Type"), "text/html; charset=utf-8");
        assert!(!reply.header("Content-Security-Policy").is_empty());
    }
    for (path, to) in [("/", "index.html"), ("/bots/ada/", "bots/ada/index.html")] {
        let reply = Reply::get(&server.address, path, true);
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.body == *file(to), "{path}");
    }
    let reply = Reply::get(&server.address, "/bots/ada", true);
    assert_eq!(
        (reply.status, reply.header("Location")),
        (301, "/bots/ada/")
    );
}

#[test]
fn nginx_sends_what_the_document_lists_with_and_without_compressed_files() {
    if !has_nginx() {
        return;
    }
    let project = project();
    let docs = Docs::load(project.path()).unwrap();
    let plain = sent(&project);
    assert!(plain.iter().any(|(path, _)| path == "bots/ada/index.md"));
    for (gzip, more) in [
        (None, String::new()),
        (Some("beside"), directives("beside")),
        (Some("only"), directives("only")),
    ] {
        let choice = gzip.map(|gzip| ["--gzip", gzip]);
        let arguments = [&["build"][..], choice.as_ref().map_or(&[], |it| it)].concat();
        project.run(&arguments).exits(0);
        let server = nginx(&project, &more);
        sends_all(&server, &docs, &plain);
        leads_on(&server, &plain);
        // A reload warns of nothing either.
        let log = || project.read("error.log");
        let started = || log().matches("start worker process ").count();
        let before = started();
        kill_process(Pid::from_child(&server.child), Signal::HUP).unwrap();
        until(|| started() > before);
        for level in ["[warn]", "[emerg]", "[alert]", "[crit]"] {
            assert!(!log().contains(level), "{}", log());
        }
    }
}

/// Each type that botdocs knows, whatever nginx knows.
#[test]
fn nginx_sends_the_types_that_botdocs_knows() {
    if !has_nginx() {
        return;
    }
    let project = project();
    let code = fs::read_to_string(repository().join("src/pages/hosting.rs")).unwrap();
    let types = code.split("pub fn media_type").nth(1).unwrap();
    let types = types.split("\n}\n").next().unwrap();
    let rows = Regex::new(r#"(?m)^        ((?:"\w+"(?: \| )?)+) => "#).unwrap();
    let mut paths = vec!["assets/x.unknown".to_owned()];
    for row in rows.captures_iter(types) {
        let endings = row[1]
            .split(" | ")
            .map(|it| it.trim_matches('"').to_owned());
        paths.extend(endings.map(|ending| format!("assets/x.{ending}")));
    }
    assert!(paths.len() > 25, "{paths:?}");
    for path in &paths {
        project.write(&format!("site/{path}"), "some content");
    }
    let docs = Docs::load(project.path()).unwrap();
    let server = nginx(&project, "");
    for path in &paths {
        let reply = Reply::get(&server.address, &format!("/{path}"), false);
        for (name, value) in docs.headers(path) {
            assert_eq!(reply.header(name), value, "{name} of {path}");
        }
    }
}

/// The table of the document is what `Docs::headers` gives.
#[test]
fn the_table_of_headers_is_what_botdocs_gives() {
    let project = project();
    let docs = Docs::load(project.path()).unwrap();
    let text = document();
    let table = text.split("\n## Headers\n").nth(1).unwrap();
    let table = table.split("\n\nScripts").next().unwrap();
    let style = sent(&project);
    let (style, _) = style
        .iter()
        .find(|(path, _)| path.ends_with(".css"))
        .unwrap();
    let mut rows = 0;
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let code = |cell: &str| -> Vec<String> {
            cell.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        };
        let (names, values) = (code(cells[1]), code(cells[2]));
        let paths = match names.get(1).map(String::as_str) {
            None if cells[1].contains("all other files") => vec!["index.html", "index.md"],
            None => vec!["index.html", "bots/ada/index.html", style.as_str()],
            Some("*.md") => vec!["index.md", "llms.txt", "llms-full.txt", "bots/ada/index.md"],
            Some("/bots/") => vec!["bots/ada/index.html", "bots/ada/index.md"],
            Some("/assets/") => vec![style.as_str()],
            Some(other) => panic!("{other}"),
        };
        for path in paths {
            let headers = docs.headers(path);
            let found = headers.iter().find(|(name, _)| *name == names[0]);
            match (names[0].as_str(), found) {
                // A host adds it to what it compresses.
                ("Vary", None) => {}
                ("Content-Security-Policy", Some((_, value))) => {
                    assert!(project.read("site/_headers").contains(value));
                }
                (_, Some((_, value))) => assert_eq!(*value, values[0], "{path}: {line}"),
                (_, None) => panic!("{path}: {line}"),
            }
        }
        rows += 1;
    }
    assert!(rows >= 8, "{table}");
}

#[test]
fn s3_gets_what_the_document_lists() {
    let program = |name: &str| repository().join(VENV).join(name);
    if !program("aws").exists() || !program("moto_server").exists() {
        skip("run ./test, which installs a server of S3");
        return;
    }
    let project = project();
    let docs = Docs::load(project.path()).unwrap();
    let port = free_port();
    let mut command = tool(program("moto_server"));
    command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
    let server = Server::start(command, port);
    let aws = |script: &str| {
        let mut shell = tool("sh");
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", repository().join(VENV).display());
        shell
            .args(["-e", "-c", script])
            .current_dir(project.path())
            .env("PATH", path)
            .env("AWS_ENDPOINT_URL", format!("http://{}", server.address))
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_DEFAULT_REGION", "us-east-1");
        let output = shell.output().unwrap();
        assert!(output.status.success(), "{script}\n{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let recipe = fence("Amazon S3", "sh").replace("BUCKET", "docs");
    aws("aws s3api create-bucket --bucket docs --acl public-read");
    // What an older site left, and what another program keeps beside the assets.
    aws(
        "echo old | aws s3 cp - s3://docs/old.html; echo old | aws s3 cp - s3://docs/assets/old.css",
    );
    aws(&recipe);
    let sent = sent(&project);
    for (path, content) in &sent {
        let reply = Reply::get(&server.address, &format!("/docs/{path}"), false);
        let told = format!("{path}: {:?}", reply.headers);
        assert!(reply.status == 200 && reply.body == *content, "{told}");
        let headers = docs.headers(path);
        let expected = |name: &str| headers.iter().find(|(it, _)| *it == name).unwrap().1;
        let found = reply.header("Cache-Control");
        assert_eq!(found, expected("Cache-Control"), "{told}");
        let (found, kind) = (reply.header("Content-Type"), expected("Content-Type"));
        match path.rsplit('.').next().unwrap() {
            "md" | "txt" => assert_eq!(found, kind, "{told}"),
            // A page names its character set itself, and style sheets and scripts take that of
            // the page; the name of the type of scripts depends on the machine.
            "html" | "css" => assert_eq!(found.split(';').next(), kind.split(';').next(), "{told}"),
            "js" | "mjs" => assert!(found.ends_with("/javascript"), "{told}"),
            _ => {}
        }
        assert_eq!(reply.header("Content-Encoding"), "", "{told}");
    }
    let keys = aws("aws s3 ls --recursive s3://docs | awk '{print $4}'");
    let keys: Vec<&str> = keys.lines().collect();
    assert!(
        !keys.contains(&"old.html") && keys.contains(&"assets/old.css"),
        "{keys:?}"
    );
    assert!(!keys.contains(&"botdocs-manifest.json"), "{keys:?}");
    // A second time nothing changed, and nothing is uploaded.
    assert!(!aws(&recipe).contains("upload:"));
}
