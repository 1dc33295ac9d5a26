//! The preview while it runs, and what it answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::project::{Project, small};
use super::running::{LIMIT, Running};

/// A preview that runs.
pub(crate) struct Preview {
    pub(crate) running: Running,
    pub(crate) port: u16,
}

/// An answer, head and body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Preview {
    pub(crate) fn start(project: &Project, arguments: &[&str]) -> Preview {
        let arguments = [&["serve", "--port", "0"], arguments].concat();
        Preview::of(Running::start(project.command(&arguments)))
    }

    /// A preview that has been started.
    pub(crate) fn of(mut running: Running) -> Preview {
        let line = running.line("word that it serves", |line| line.starts_with("serving "));
        let address = line.split("http://").nth(1).unwrap();
        let address = address.split('/').next().unwrap();
        let port = address.rsplit_once(':').unwrap().1.parse().unwrap();
        Preview { running, port }
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream
    }

    /// Sends bytes and reads all that comes back.
    pub(crate) fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // The server may answer and close before it has read all.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|at| at == b"\r\n\r\n");
        let end = end.map_or(bytes.len(), |end| end + 4);
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Answer {
            status: status.unwrap_or(0),
            head,
            body: bytes[end..].to_vec(),
        }
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &str) -> Answer {
        let host = self.host();
        let text = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"
        );
        self.raw(text.as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, "")
    }

    /// Hears of versions, as a page of ours.
    pub(crate) fn versions(&self) -> Versions {
        let mut stream = self.connect();
        let host = self.host();
        write!(
            stream,
            "POST /_botdocs/versions HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: 0\r\n\r\n"
        )
        .unwrap();
        let mut versions = Versions(BufReader::new(stream));
        versions.next();
        versions
    }

    /// What the panel over the page tells.
    pub(crate) fn faults(&self) -> Vec<Value> {
        let json: Value = serde_json::from_slice(&self.get("/_botdocs/faults.json").body).unwrap();
        json["faults"].as_array().unwrap().clone()
    }
}

/// The stream of versions.
pub(crate) struct Versions(pub(crate) BufReader<TcpStream>);

impl Versions {
    pub(crate) fn next(&mut self) -> u64 {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(version) = line.trim().strip_prefix("data: ") {
                return version.parse().unwrap();
            }
        }
    }

    /// Waits until what is served is as wanted.
    #[track_caller]
    pub(crate) fn until(&mut self, is_there: impl Fn() -> bool) {
        while !is_there() {
            self.next();
        }
    }
}

/// A page as it was before the preview put its script in.
pub(crate) fn without_client(page: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(page.to_vec()).unwrap();
    let start = text
        .find("<script src=\"/_botdocs/")
        .expect("the script is there");
    let end = start + text[start..].find('\n').unwrap() + 1;
    format!("{}{}", &text[..start], &text[end..]).into_bytes()
}

/// A project with a file that a page leads to.
pub(crate) fn with_file(text: &str) -> Project {
    let guide = "---\ntitle: Guide\n---\n[A file](big.csv)\n";
    small()
        .file("spec/big.csv", text)
        .file("spec/guide.md", guide)
}

/// The part of a hash that stands in an asset's name, from a build.
pub(crate) fn hash_of(text: &str) -> String {
    let project = with_file(text);
    project.run(&["build"]).exits(0);
    let files = project.tree("site/assets");
    let name = files
        .iter()
        .find(|(path, _)| path.starts_with("big."))
        .unwrap();
    name.0.split('.').nth(1).unwrap().to_owned()
}
