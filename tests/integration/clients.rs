//! Clients of every manner: whoever is slow, silent, gone, or asks otherwise than most, the mock
//! answers the others and stays small.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use crate::support::mock::{Mock, connect, get_and_post, is_alive, until, with_endpoints};

/// The status lines of all answers to what is sent at once, until the connection is closed.
fn statuses(mock: &Mock, sent: &str) -> Vec<String> {
    let mut client = connect(mock);
    client.write_all(sent.as_bytes()).unwrap();
    let mut text = String::new();
    let _ = client.read_to_string(&mut text);
    let lines = text
        .match_indices("HTTP/1.")
        .map(|(at, _)| &text[at..at + 12]);
    lines.map(str::to_owned).collect()
}

/// What clients send seldom: what it is, its bytes, and how each of the answers begins.
type Seldom = (&'static str, String, &'static [&'static str]);

fn seldom(host: &str) -> Vec<Seldom> {
    let head = |line: &str, more: &str| {
        format!("{line}\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n")
    };
    let get = format!("GET /a HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let last = head("GET /a HTTP/1.1", "");
    let text = "Content-Type: text/plain\r\nExpect: 100-continue\r\n";
    let upgrade = |to: &str| {
        format!(
            "GET /a HTTP/1.1\r\nHost: {host}\r\nConnection: close, Upgrade\r\nUpgrade: {to}\r\n\r\n"
        )
    };
    vec![
        (
            "HTTP/1.0",
            format!("GET /a HTTP/1.0\r\nHost: {host}\r\n\r\n"),
            &["HTTP/1.0 200"][..],
        ),
        (
            "HTTP/1.0 without a host",
            "GET /a HTTP/1.0\r\n\r\n".to_owned(),
            &["HTTP/1.0 400"],
        ),
        (
            "HTTP/1.1 without a host",
            "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
            &["HTTP/1.1 400"],
        ),
        (
            "a whole address",
            head(&format!("GET http://{host}/a HTTP/1.1"), ""),
            &["HTTP/1.1 200"],
        ),
        (
            "a whole address in capitals",
            head("GET HTTP://LOCALHOST/a HTTP/1.1", ""),
            &["HTTP/1.1 200"],
        ),
        (
            "three at once",
            format!("{get}{get}{last}"),
            &["HTTP/1.1 200"; 3],
        ),
        (
            "a body that asks whether it may come",
            head("POST /b HTTP/1.1", &format!("{text}Content-Length: 2\r\n")) + "Hi",
            &["HTTP/1.1 100", "HTTP/1.1 200"],
        ),
        (
            "a long one that asks whether it may come",
            head(
                "POST /b HTTP/1.1",
                &format!("{text}Content-Length: 2000000\r\n"),
            ),
            &["HTTP/1.1 413"],
        ),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), &[]),
        ("an upgrade to HTTP/2", upgrade("h2c"), &["HTTP/1.1 200"]),
        (
            "an upgrade to WebSocket",
            upgrade("websocket"),
            &["HTTP/1.1 200"],
        ),
        ("HEAD", head("HEAD /a HTTP/1.1", ""), &["HTTP/1.1 200"]),
        (
            "OPTIONS",
            head("OPTIONS /a HTTP/1.1", ""),
            &["HTTP/1.1 405"],
        ),
        (
            "OPTIONS of all",
            head("OPTIONS * HTTP/1.1", ""),
            &["HTTP/1.1 404"],
        ),
        (
            "a method of its own",
            head("BREW /a HTTP/1.1", ""),
            &["HTTP/1.1 405"],
        ),
    ]
}

#[test]
fn who_asks_otherwise_than_most_gets_what_http_says() {
    let project = get_and_post();
    let mock = Mock::start(&project, &[]);
    for (what, sent, expected) in seldom(&mock.address) {
        assert_eq!(statuses(&mock, &sent), expected, "{what}");
        assert!(is_alive(&mock), "after {what}");
    }
}

#[test]
fn slow_silent_and_vanishing_clients_leave_nothing_behind() {
    let project = get_and_post();
    let mock = Mock::start(&project, &[]);
    let host = &mock.address;
    assert!(is_alive(&mock));
    let files = || {
        let folder = format!("/proc/{}/fd", mock.running.id());
        std::fs::read_dir(folder).unwrap().count()
    };
    let (before, memory) = (files(), mock.peak());
    let request = format!("GET /a HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let body = format!(
        "POST /b HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\nH"
    );
    let stay = |part: &str| {
        let mut client = connect(&mock);
        client.write_all(part.as_bytes()).unwrap();
        client
    };
    // Heads and bodies that stop, and others that only close their half of the connection.
    let mut stopped: Vec<TcpStream> = Vec::new();
    for _ in 0..200 {
        stopped.extend(["", "GET /a HT", &request[..30], &body].map(stay));
        let half = stay(&request);
        half.shutdown(Shutdown::Write).unwrap();
        stopped.push(half);
    }
    assert!(is_alive(&mock));
    // Ten thousand come and go: with nothing asked, half asked, and with the answer unread, which
    // resets the connection.
    for number in 0..10_000 {
        match number % 4 {
            0 => drop(connect(&mock)),
            1 => drop(stay(&request[..20])),
            2 => drop(stay(&body)),
            _ => drop(stay(&request)),
        }
    }
    assert!(is_alive(&mock));
    drop(stopped);
    until(|| files() <= before);
    let peak = mock.peak();
    assert!(peak < memory + 60, "{memory} MB, then {peak} MB");
}

/// A client that asks for what is at a path, and takes the head of the answer alone.
fn takes_the_head(mock: &Mock, path: &str) -> TcpStream {
    let mut client = connect(mock);
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", mock.address);
    client.write_all(request.as_bytes()).unwrap();
    let mut head = [0; 12];
    client.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    client
}

#[test]
fn who_never_reads_a_stream_takes_little_memory() {
    let piece = "a".repeat(30_000);
    let items = vec![format!("\"{piece}\""); 100].join(", ");
    let project = with_endpoints(&format!(
        "  a:\n    title: A\n    method: GET\n    path: /s\n    responses: {{200: {{description: Done.}}}}\n    \
         stream: {{format: text, example: [{items}]}}\n  \
         get:\n    title: Get\n    method: GET\n    path: /a\n    \
         responses: {{200: {{description: Done., example: {{ok: true}}}}}}\n"
    ));
    let mock = Mock::start(&project, &["--pace", "0"]);
    assert!(is_alive(&mock));
    let before = mock.peak();
    // Three hundred ask for 3 MB each.
    let clients: Vec<TcpStream> = (0..300).map(|_| takes_the_head(&mock, "/s")).collect();
    for _ in 0..20 {
        assert!(is_alive(&mock));
    }
    let after = mock.peak();
    assert!(after < before + 100, "{before} MB, then {after} MB");
    drop(clients);
}

#[test]
fn answers_that_nobody_reads_share_the_bytes_of_an_example() {
    // The system takes up to 4 MB of an answer from the mock.
    let long = "a".repeat(8_000_000);
    let whole = format!(
        "    responses: {{200: {{description: Done., content_type: text/plain, schema: {{type: string}}, example: {long}}}}}\n"
    );
    let streamed = format!(
        "    responses: {{200: {{description: Done.}}}}\n    stream: {{format: text, example: [{long}]}}\n"
    );
    for answer in [whole, streamed] {
        let project = with_endpoints(&format!(
            "  long:\n    title: Long\n    method: GET\n    path: /long\n{answer}  \
             get:\n    title: Get\n    method: GET\n    path: /a\n    \
             responses: {{200: {{description: Done., example: {{ok: true}}}}}}\n"
        ));
        let mock = Mock::start(&project, &["--pace", "0"]);
        assert!(mock.ask("GET", "/long", "", "").text().contains(&long));
        let before = mock.peak();
        let clients: Vec<TcpStream> = (0..80).map(|_| takes_the_head(&mock, "/long")).collect();
        assert!(is_alive(&mock));
        let after = mock.peak();
        assert!(after < before + 100, "{before} MB, then {after} MB");
        drop(clients);
    }
}
