//! `mock` over real sockets: what it answers, to whom, and what it withstands; `test`, which runs
//! samples against it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::project::{Project, repository};
use crate::watch::Running;

const LIMIT: Duration = Duration::from_secs(120);
const BOT: &str = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";

struct Mock {
    _running: Running,
    address: String,
}

/// An answer: its status, its head in lower case, and its body without chunks.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Mock {
    fn start(project: &Project, arguments: &[&str]) -> Mock {
        let arguments = [&["mock", "--port", "0"], arguments].concat();
        let mut running = Running::start(project.command(&arguments));
        let line = running.line("word that it listens", |line| line.contains(" at http://"));
        let address = line
            .split("http://")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap();
        Mock {
            address: address.to_owned(),
            _running: running,
        }
    }

    /// Sends a request, and reads until the connection is closed.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let length = body.len();
        let host = &self.address;
        let host = if headers.contains("Host:") {
            String::new()
        } else {
            format!("Host: {host}\r\n")
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        let _ = stream.write_all(request.as_bytes());
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        let text = String::from_utf8_lossy(&text).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let head = head.to_ascii_lowercase();
        let body = match head.contains("transfer-encoding: chunked") {
            true => unchunked(body),
            false => body.to_owned(),
        };
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0);
        Answer { status, head, body }
    }

    fn chat(&self, body: &Value, more: &str) -> Answer {
        let headers =
            format!("Authorization: Bearer any\r\nContent-Type: application/json\r\n{more}");
        self.ask("POST", "/api/chat/completion", &headers, &body.to_string())
    }
}

fn unchunked(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        out.push_str(&after[..size]);
        rest = &after[size + 2..];
    }
    out
}

fn shipped() -> Project {
    Project::copy_of_folders(&["spec"])
}

fn prompt(bot: &str) -> Value {
    json!({"bot_id": bot, "prompt": "How do I reset my password?", "stream": false})
}

#[test]
fn a_request_gets_the_example_that_it_is() {
    let project = shipped();
    let mock = Mock::start(&project, &[]);
    let answer = mock.chat(&prompt(BOT), "");
    assert_eq!(answer.status, 200);
    let reply: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(reply["response"].as_str().unwrap().starts_with("Choose"));
    let follow_up = json!({
        "bot_id": BOT, "prompt": "And where do I find that link?",
        "chat_id": "019dd3e1-7c20-7a3b-8f45-2b6d90c1e7aa", "stream": false,
        "enable_web_search": false, "temperature": 0.2,
    });
    let reply: Value = serde_json::from_str(&mock.chat(&follow_up, "").body).unwrap();
    assert_eq!(reply["response"], "Below the password field, to the right.");
    let named = mock.chat(&prompt(BOT), "Prefer: example=follow-up\r\n");
    assert!(named.body.contains("Below the password field"));
    let refused = mock.chat(&prompt(BOT), "Prefer: code=401\r\n");
    assert_eq!(
        (refused.status, refused.body.contains("Unauthenticated.")),
        (401, true)
    );
    let other = mock.chat(&prompt(BOT), "Prefer: code=503\r\n");
    assert_eq!(
        (other.status, other.body.contains("not found")),
        (503, true)
    );
}

#[test]
fn a_stream_comes_item_by_item_at_its_pace() {
    let project = shipped();
    let mock = Mock::start(&project, &["--pace", "150"]);
    let start = Instant::now();
    let mut body = prompt(BOT);
    body["stream"] = true.into();
    let answer = mock.chat(&body, "");
    assert!(
        answer.head.contains("content-type: text/event-stream"),
        "{}",
        answer.head
    );
    assert!(answer.head.contains("transfer-encoding: chunked"));
    let pieces = answer.body.split("event: message\ndata: ").skip(1);
    let joined: String = pieces
        .map(|piece| piece.split('\n').next().unwrap())
        .collect();
    assert_eq!(
        joined,
        "Choose “Forgot password?” on the sign-in page and follow the link that we send you."
    );
    assert!(answer.body.ends_with("event: __done__\ndata:\n\n"));
    // Six items, the first at once.
    assert!(
        start.elapsed() >= Duration::from_millis(5 * 150),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn what_is_wrong_is_said_in_the_documented_shape() {
    let project = shipped();
    let mock = Mock::start(&project, &[]);
    let message = |answer: &Answer| {
        let error: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let text = error.pointer("/error/message").or(error.get("message"));
        text.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let json = "Content-Type: application/json\r\n";
    let with_key = format!("Authorization: Bearer any\r\n{json}");
    let path = "/api/chat/completion";
    for (method, path, headers, body, status, says) in [
        ("POST", path, json, "{}", 401, "Authorization"),
        ("POST", path, &*with_key, "{", 400, "no JSON"),
        ("POST", path, &*with_key, "", 422, "body is missing"),
        ("POST", path, &*with_key, "{}", 422, "`bot_id` is missing"),
        (
            "POST",
            path,
            &*with_key,
            r#"{"bot_id": "x"}"#,
            422,
            "`prompt` is missing",
        ),
        (
            "POST",
            path,
            &*with_key,
            r#"{"bot_id": "x", "prompt": 1}"#,
            422,
            "`prompt` is no string",
        ),
        (
            "POST",
            path,
            "Authorization: Bearer x\r\nContent-Type: text/plain\r\n",
            "a",
            415,
            "Content-Type",
        ),
        ("GET", path, &*with_key, "", 405, "takes POST"),
        ("POST", "/api/nothing", &*with_key, "", 404, "/api/nothing"),
        (
            "POST",
            "/chat/completion",
            &*with_key,
            "",
            404,
            "no endpoint",
        ),
    ] {
        let answer = mock.ask(method, path, headers, body);
        assert_eq!(
            answer.status, status,
            "{method} {path} {body}: {}",
            answer.body
        );
        assert!(
            message(&answer).contains(says),
            "{method} {path} {body}: {}",
            answer.body
        );
    }
    let nested = r#"{"bot_id": "x", "source": "fluent_support", "prompt": "a", "ticket_conversation": [{"role": "bot", "message": ""}]}"#;
    let answer = mock.ask("POST", "/api/chat/fs", &with_key, nested);
    assert!(message(&answer).contains("`ticket_conversation[0].role` must be one of"));
    let allowed = mock.ask("DELETE", path, &with_key, "");
    assert!(allowed.head.contains("allow: post"));
}

#[test]
fn answers_name_the_callers_bot() {
    let project = Project::copy_of("tests/golden/everything");
    let mock = Mock::start(&project, &[]);
    // The ID stands in the path of one, and in nobody's answer by chance.
    let answer = mock.ask("GET", "/v2/bots/grace-7/story?about=tea", "", "");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(!answer.body.contains("your-bot"));
    let spec = project.read("spec/chat.yaml");
    let marked = spec.replace(
        "text: \"I am {{ bot_name }}. Nice",
        "text: \"I am {{ bot_id }}. Nice",
    );
    let marked = marked.replace("data: \"{{ bot_name }}\"", "data: \"{{ bot_id }}\"");
    project.write("spec/chat.yaml", marked);
    let mock = Mock::start(&project, &[]);
    let headers = "Authorization: Bearer x\r\nContent-Type: application/json\r\n";
    let body = r#"{"bot_id": "grace-7", "text": "Hi"}"#;
    let answer = mock.ask("POST", "/v2/chats/c/messages", headers, body);
    assert!(
        answer.body.contains("I am grace-7. Nice"),
        "{}",
        answer.body
    );
}

#[test]
fn only_this_machine_can_ask_and_not_too_much() {
    let project = shipped();
    let mock = Mock::start(&project, &[]);
    assert_eq!(mock.ask("GET", "/", "Host: evil.test\r\n", "").status, 421);
    let headers = "Authorization: Bearer x\r\nContent-Type: application/json\r\n";
    let long = format!("\"{}\"", "a".repeat(1024 * 1024));
    let status = mock.ask("POST", "/api/responses", headers, &long).status;
    assert!([0, 413].contains(&status), "{status}");
    // Who opens connections and says nothing keeps nobody out.
    let idle: Vec<_> = (0..400)
        .map(|_| TcpStream::connect(&mock.address).unwrap())
        .collect();
    assert_eq!(mock.chat(&prompt(BOT), "").status, 200);
    drop(idle);
}

/// A command with the tools that the tests bring: `requests` and `tsc`.
fn test_command(project: &Project) -> Command {
    let mut command = project.command(&["test"]);
    let tools: [PathBuf; 2] = [
        repository().join("target/samples/bin"),
        repository().join("tests/samples/node_modules/.bin"),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = tools.into_iter().chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(paths).unwrap());
    for name in ["HOME", "GOCACHE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Every language but PowerShell, which no registry has: its samples are parsed in `samples.rs`.
#[track_caller]
fn all_samples_run(project: &Project, least: usize) {
    let output = test_command(project).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    let ran = stdout
        .lines()
        .filter(|line| line.starts_with("ok "))
        .count();
    assert!(ran >= least, "{ran}\n{stdout}");
    let not_run: Vec<&str> = stderr
        .lines()
        .filter(|line| line.starts_with("not run"))
        .collect();
    assert!(
        not_run.iter().all(|line| line.contains("PowerShell")),
        "{not_run:?}: run ./test"
    );
    for tool in [
        "bash", "dash", "python3", "node", "tsc", "php", "go", "ruby",
    ] {
        let is_there = stdout.contains(&format!("({tool})"));
        assert!(
            is_there || project.read("spec/site.yaml").contains("samples:"),
            "{tool}\n{stdout}"
        );
    }
}

/// Runs a program of `tests/samples/` and gives what it prints.
#[track_caller]
fn client(program: &str, arguments: &[&str]) -> String {
    let root = repository();
    let tool = match program.ends_with(".py") {
        true => root.join("target/samples/bin/python"),
        false => PathBuf::from("node"),
    };
    let output = Command::new(tool)
        .arg(root.join("tests/samples").join(program))
        .args(arguments)
        .output()
        .expect("run ./test, which installs what the tests need");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn clients_of_others_get_the_documented_events() {
    let project = shipped();
    let mock = Mock::start(&project, &["--pace", "20"]);
    let address = format!("http://{}/api/chat/completion", mock.address);
    let mut body = prompt(BOT);
    body["stream"] = true.into();
    let expected = [
        json!(["chat_id", "019dd3e1-7c20-7a3b-8f45-2b6d90c1e7aa"]),
        json!(["message", "Choose “Forgot password?” "]),
        json!(["message", "on the sign-in page "]),
        json!(["message", "and follow the link that we send you."]),
        json!([
            "token_usage",
            "{\"input_tokens\": 186, \"output_tokens\": 19}"
        ]),
        json!(["__done__", ""]),
    ];
    for program in ["sse_client.py", "sse_client.mjs"] {
        let printed = client(program, &[&address, &body.to_string()]);
        let events: Vec<Value> = printed
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(events, expected, "{program}");
    }
}

#[test]
fn clients_of_openai_work_with_a_mock_of_their_shape() {
    let project = Project::copy_of("tests/samples/chat-completions");
    let mock = Mock::start(&project, &["--pace", "20"]);
    let base = format!("http://{}/v1", mock.address);
    for program in ["openai_client.py", "openai_client.mjs"] {
        let printed = client(program, &[&base]);
        let expected =
            "One, two, three.\n|One, |two, three.|\n`messages` must be at least 1 items\n";
        assert_eq!(printed, expected, "{program}");
    }
}

#[test]
fn every_sample_of_the_shipped_spec_runs() {
    all_samples_run(&shipped(), 40);
}

#[test]
fn every_sample_of_every_construct_runs() {
    let project = Project::copy_of("tests/golden/everything");
    all_samples_run(&project, 40);
    let site = project.read("spec/site.yaml");
    let start = site.find("samples:").unwrap();
    let end = site.find("\nredirects:").unwrap();
    project.write(
        "spec/site.yaml",
        format!("{}{}", &site[..start], &site[end..]),
    );
    all_samples_run(&project, 150);
}
