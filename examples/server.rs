//! A server that fills a bot's page on request, with the standard library alone.
//!
//! ```sh
//! cargo run --locked --example server --no-default-features -- . 8000
//! ```
//!
//! `/` and the paths below it are the site's files; `/bots/ID/` has the pages of the bot `ID`. A
//! server of your own takes the three calls of [`answer`]: `file`, `bot` and `page`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example prints where it listens and what went wrong"
)]

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use botdocs::{Docs, PageError, media_type};

/// The longest request line that is read, in bytes.
const MAX_LINE: u64 = 8192;

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
        std::thread::spawn(move || stream.and_then(|stream| serve(&docs, stream)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the line of a request, and answers it.
fn serve(docs: &Docs, mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut line = String::new();
    BufReader::new(&stream)
        .take(MAX_LINE)
        .read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let (status, kind, body) = match method {
        Some("GET") => answer(docs, path),
        _ => (
            "405 Method Not Allowed",
            "text/plain",
            b"GET only\n".to_vec(),
        ),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

/// The status, the media type and the body for a path.
pub(crate) fn answer(docs: &Docs, path: &str) -> (&'static str, &'static str, Vec<u8>) {
    let path = path.trim_start_matches('/');
    let of_bot = path
        .strip_prefix("bots/")
        .and_then(|path| path.split_once('/'));
    let (page, made) = match of_bot {
        Some((id, page)) => {
            let page = if page.is_empty() { "index.html" } else { page };
            // An ID that the variable's pattern refuses belongs to no bot.
            let bot = docs.bot([("bot_id", id)]);
            (
                page,
                bot.map_or(Err(PageError::NotFound), |bot| bot.page(page)),
            )
        }
        None => {
            let page = if path.is_empty() { "index.html" } else { path };
            (page, docs.file(page))
        }
    };
    match made {
        Ok(body) => ("200 OK", media_type(page), body),
        Err(PageError::NotFound) => {
            let body = docs.file("404.html").unwrap_or_default();
            ("404 Not Found", "text/html; charset=utf-8", body)
        }
        Err(PageError::Template(report)) => {
            eprint!("{report}");
            let body = b"this page can't be shown\n".to_vec();
            ("500 Internal Server Error", "text/plain", body)
        }
    }
}
