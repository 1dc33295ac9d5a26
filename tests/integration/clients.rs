//! Unusual requests: the mock answers them as HTTP requires.

use std::io::{Read as _, Write as _};

use crate::support::mock::{Mock, connect, get_and_post, is_alive};

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
