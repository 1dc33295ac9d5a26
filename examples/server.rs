//! A server that fills a bot's page on request, with the standard library alone.
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

use botdocs::{Docs, PageError, media_type};
use percent_encoding::percent_decode_str;

/// The longest head of a request that is read, in bytes.
const MAX_HEAD: u64 = 64 * 1024;

/// How long a client may take to send or to receive anything.
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
fn serve(docs: &Docs, mut stream: &TcpStream) -> io::Result<()> {
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
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let response = match method {
        Some("GET" | "HEAD") => respond(docs, path),
        _ => Response {
            headers: vec![("Allow", "GET, HEAD".into())],
            ..Response::text("405 Method Not Allowed", "this server only reads\n")
        },
    };
    write!(stream, "HTTP/1.1 {}\r\n", response.status)?;
    for (name, value) in &response.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    let length = response.body.len();
    write!(
        stream,
        "Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    if method != Some("HEAD") {
        stream.write_all(&response.body)?;
    }
    Ok(())
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
}

/// Returns the response for a path, as the client sent it.
pub(crate) fn respond<'d>(docs: &'d Docs, target: &str) -> Response<'d> {
    let Ok(path) = percent_decode_str(target).decode_utf8() else {
        return Response::text("400 Bad Request", "the path is not UTF-8\n");
    };
    let path = path.strip_prefix('/').unwrap_or(&path);
    // The path of a folder shows its `index.html`.
    let path = match path {
        "" => "index.html".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        file => file.to_owned(),
    };
    let of_bot = path.strip_prefix("bots/");
    let body = match of_bot.map(|path| path.split_once('/')) {
        // A server of your own looks the bot up first, and adds the values of its other variables.
        Some(Some((id, file))) => match docs.bot([("bot_id", id)]) {
            Ok(bot) => bot.file(file).map(Cow::Owned),
            // No bot has an ID that the pattern of the variable refuses.
            Err(_) => Err(PageError::NotFound),
        },
        Some(None) => {
            return Response {
                headers: vec![("Location", format!("{target}/").into())],
                ..Response::text(
                    "308 Permanent Redirect",
                    "the pages of a bot are in a folder\n",
                )
            };
        }
        None => docs.file(&path),
    };
    let (status, path, body) = match body {
        Ok(body) => ("200 OK", path, body),
        Err(PageError::NotFound) => {
            // This server has the site at `/`.
            let page = docs.not_found("/").unwrap_or_default();
            ("404 Not Found", "404.html".to_owned(), page.into())
        }
        Err(error) => {
            eprint!("{error}");
            return Response::text("500 Internal Server Error", "this page has an error\n");
        }
    };
    let kind = ("Content-Type", media_type(&path).into());
    let others = docs
        .headers(&path)
        .filter(|(name, _)| *name != "Content-Type");
    let others = others.map(|(name, value)| (name, value.into()));
    Response {
        status,
        headers: std::iter::once(kind).chain(others).collect(),
        body,
    }
}
