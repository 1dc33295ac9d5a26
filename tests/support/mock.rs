//! The mock while it runs, and what it answers.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use serde_json::{Value, json};

use super::project::Project;
use super::running::{LIMIT, Running};

pub(crate) const BOT: &str = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";

pub(crate) struct Mock {
    pub(crate) running: Running,
    pub(crate) address: String,
}

/// An answer: its status, its head in lower case, and its body without chunks.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// All of it.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.head, self.body)
    }
}

impl Mock {
    pub(crate) fn start(project: &Project, arguments: &[&str]) -> Mock {
        let arguments = [&["mock", "--port", "0"], arguments].concat();
        Mock::of(Running::start(project.command(&arguments)))
    }

    /// A mock that has been started.
    pub(crate) fn of(mut running: Running) -> Mock {
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
            running,
        }
    }

    /// Sends a request, and reads until the connection is closed.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
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
        send(&self.address, request.as_bytes())
    }

    /// Sends bytes, and reads until the connection is closed.
    pub(crate) fn raw(&self, request: &[u8]) -> Answer {
        send(&self.address, request)
    }

    pub(crate) fn chat(&self, body: &Value, more: &str) -> Answer {
        let headers =
            format!("Authorization: Bearer any\r\nContent-Type: application/json\r\n{more}");
        self.ask("POST", "/api/chat/completion", &headers, &body.to_string())
    }
}

/// Sends bytes to an address, and reads until the connection is closed.
pub(crate) fn send(address: &str, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let _ = stream.write_all(request);
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

pub(crate) fn shipped() -> Project {
    Project::copy_of_folders(&["spec"])
}

pub(crate) fn prompt(bot: &str) -> Value {
    json!({"bot_id": bot, "prompt": "How do I reset my password?", "stream": false})
}

/// A project of one page without auth, with these endpoints.
pub(crate) fn with_endpoints(endpoints: &str) -> Project {
    let page =
        format!("title: API\nservers: [{{url: https://api.example.com}}]\nendpoints:\n{endpoints}");
    Project::new().file("spec/api.yaml", page)
}

/// Whether the other end has closed a connection.
pub(crate) fn is_closed(client: &mut TcpStream) -> bool {
    client.set_nonblocking(true).unwrap();
    let mut rest = [0; 1 << 16];
    loop {
        match client.read(&mut rest) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

/// Waits until something is so.
pub(crate) fn until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LIMIT);
        std::thread::yield_now();
    }
}

/// A project whose mock answers `GET /a` and `POST /b`.
pub(crate) fn get_and_post() -> Project {
    with_endpoints(
        "  get:\n    title: Get\n    method: GET\n    path: /a\n    \
         responses: {200: {description: Done., example: {ok: true}}}\n  \
         post:\n    title: Post\n    method: POST\n    path: /b\n    \
         request: {content_type: text/plain, schema: {type: string}, example: Hi}\n    \
         responses: {200: {description: Done., example: {ok: true}}}\n",
    )
}

/// A connection to a mock.
pub(crate) fn connect(mock: &Mock) -> TcpStream {
    TcpStream::connect(&mock.address).unwrap()
}

/// Whether a mock of [`get_and_post`] answers.
pub(crate) fn is_alive(mock: &Mock) -> bool {
    mock.ask("GET", "/a", "", "").status == 200
}
