//! A server that fills a bot's page on request, with the standard library and `percent-encoding`.
//!
//! ```sh
//! cargo run --locked --example server --no-default-features -- . 8000
//! ```
//!
//! `/` and the paths below it are the site's files; `/bots/ID/` has the pages of the bot `ID`. A
//! server of your own needs only what [`respond`] contains.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example prints where it listens and what went wrong"
)]

use std::borrow::Cow;
use std::error::Error;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use botdocs::{Docs, PageError};
use percent_encoding::percent_decode_str;

/// The longest head of a request that is read, in bytes.
const MAX_HEAD: u64 = 64 * 1024;

/// How long one read or one write may wait for a client.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let project = arguments.next().unwrap_or_else(|| ".".to_owned());
    let port = arguments
        .next()
        .unwrap_or_else(|| "8000".to_owned())
        .parse()?;
    let docs = match Docs::load(project) {
        Ok(docs) => docs,
        Err(error) => {
            // `main` would print the error by `Debug`, without its lines.
            eprint!("{error}");
            return Ok(ExitCode::FAILURE);
        }
    };
    eprint!("{}", docs.warnings());
    let docs = Arc::new(docs);
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    println!("http://{}/", listener.local_addr()?);
    for stream in listener.incoming() {
        let docs = Arc::clone(&docs);
        // A thread for each connection keeps the example short; a busy server has a pool of them.
        let served = stream.and_then(|stream| {
            thread::Builder::new().spawn(move || {
                if let Err(error) = serve(&docs, &stream) {
                    eprintln!("a connection ended early: {error}");
                }
            })
        });
        if let Err(error) = served {
            eprintln!("a connection was refused: {error}");
            // While the process has no file descriptor or thread left, each attempt fails at once.
            thread::sleep(Duration::from_millis(100));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the head of a request, and answers it.
pub(crate) fn serve(docs: &Docs, mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut head = BufReader::new(stream).take(MAX_HEAD);
    let mut line = String::new();
    head.read_line(&mut line)?;
    // If a server closes a connection before it has read the head, the client may lose the response.
    let mut field = String::new();
    while head.read_line(&mut field)? > 2 {
        field.clear();
    }
    let mut words = line.split_whitespace();
    let response = match (words.next(), words.next()) {
        // Browsers open connections that they may not use.
        (None, _) => return Ok(()),
        _ if head.limit() == 0 => {
            let status = "431 Request Header Fields Too Large";
            Response::text(status, "the head of the request is too long\n")
        }
        (Some("GET" | "HEAD"), Some(target)) => respond(docs, target),
        (Some("GET" | "HEAD"), None) => Response::text("400 Bad Request", "no target\n"),
        _ => Response::text("405 Method Not Allowed", "this server only reads\n")
            .with("Allow", "GET, HEAD".to_owned()),
    };
    let mut answer = format!("HTTP/1.1 {}\r\n", response.status);
    for (name, value) in &response.headers {
        answer += &format!("{name}: {value}\r\n");
    }
    let length = response.body.len();
    answer += &format!("Content-Length: {length}\r\nConnection: close\r\n\r\n");
    let mut answer = answer.into_bytes();
    if !line.starts_with("HEAD ") {
        answer.extend_from_slice(&response.body);
    }
    stream.write_all(&answer)
}

/// A response without its length.
pub(crate) struct Response<'d> {
    pub(crate) status: &'static str,
    pub(crate) headers: Vec<(&'d str, Cow<'d, str>)>,
    pub(crate) body: Cow<'d, [u8]>,
}

impl Response<'_> {
    fn text(status: &'static str, text: &'static str) -> Response<'static> {
        Response {
            status,
            headers: vec![("Content-Type", "text/plain; charset=utf-8".into())],
            body: text.as_bytes().into(),
        }
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Returns the response for the target of a request.
pub(crate) fn respond<'d>(docs: &'d Docs, target: &str) -> Response<'d> {
    // A client may send the whole address (RFC 9112, section 3.2.2).
    let target = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => target,
    };
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let Ok(path) = percent_decode_str(path).decode_utf8() else {
        return Response::text("400 Bad Request", "the path is not UTF-8\n");
    };
    let path = path.strip_prefix('/').unwrap_or(&path);
    // The path of a folder shows its `index.html`.
    let file = match path {
        "" => "index.html".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        file => file.to_owned(),
    };
    let body = match path.strip_prefix("bots/") {
        None => docs.file(&file),
        Some(below) => {
            let (id, _) = below.split_once('/').unwrap_or((below, ""));
            // A server of your own looks the bot up first, and adds the values of its variables.
            match docs.bot([("bot_id", id)]) {
                Ok(_) if id == below => return moved(path, query),
                Ok(bot) => bot
                    .file(&file["bots/".len() + id.len() + 1..])
                    .map(Cow::Owned),
                // No bot has an ID that the pattern of the variable refuses.
                Err(_) => Err(PageError::NotFound),
            }
        }
    };
    // This server has the site at `/`.
    let body = body.map(|body| ("200 OK", file, body));
    let body = body.or_else(|error| match error {
        PageError::NotFound => {
            let page = docs.not_found("/")?.into();
            Ok(("404 Not Found", "404.html".to_owned(), page))
        }
        error => Err(error),
    });
    match body {
        Ok((status, path, body)) => Response {
            status,
            headers: docs
                .headers(&path)
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            body,
        },
        Err(error) => {
            eprint!("{error}");
            Response::text("500 Internal Server Error", "this page has an error\n")
        }
    }
}

/// Returns the redirect to the folder of a bot, whose ID needs no escapes.
fn moved(path: &str, query: Option<&str>) -> Response<'static> {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Response::text("308 Permanent Redirect", "the pages are in a folder\n")
        .with("Location", format!("/{path}/{query}"))
}
