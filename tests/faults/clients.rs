//! Slow, silent and vanishing clients: the mock answers the others and needs little memory.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use crate::process::peak;
use crate::support::mock::{Mock, connect, get_and_post, is_alive, until, with_endpoints};

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
    let (before, memory) = (files(), peak(mock.running.id()));
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
    let peak = peak(mock.running.id());
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
    let before = peak(mock.running.id());
    // Three hundred ask for 3 MB each.
    let clients: Vec<TcpStream> = (0..300).map(|_| takes_the_head(&mock, "/s")).collect();
    for _ in 0..20 {
        assert!(is_alive(&mock));
    }
    let after = peak(mock.running.id());
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
        let before = peak(mock.running.id());
        let clients: Vec<TcpStream> = (0..80).map(|_| takes_the_head(&mock, "/long")).collect();
        assert!(is_alive(&mock));
        let after = peak(mock.running.id());
        assert!(after < before + 100, "{before} MB, then {after} MB");
        drop(clients);
    }
}
