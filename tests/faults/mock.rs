//! The mock under floods of clients: its memory, its open files, and which clients it answers.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::json;

use crate::process::{peak, start_with_files};
use crate::project::Project;
use crate::support::mock::{BOT, Mock, is_closed, prompt, shipped, until, with_endpoints};
use crate::support::running::LIMIT;

/// Starts the mock with a limit of open files.
fn with_files(project: &Project, most: usize) -> Mock {
    let arguments = ["mock", "--port", "0", "--pace", "60000"];
    Mock::of(start_with_files(project, most, &arguments))
}

#[test]
fn a_flood_of_long_bodies_takes_little_memory_and_stops_nobody() {
    let project = shipped();
    let mock = Mock::start(&project, &["--pace", "60000"]);
    let host = &mock.address;
    let head = |path: &str, length: usize| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer x\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    // Four hundred clients send most of a long body each, and then nothing.
    let long = vec![b' '; 900_000];
    let mut clients = Vec::new();
    for _ in 0..400 {
        let mut client = TcpStream::connect(host).unwrap();
        client.set_nonblocking(true).unwrap();
        let request = [head("/api/responses", 1_000_000).as_bytes(), &long].concat();
        let _ = client.write(&request);
        clients.push((client, request));
    }
    // And four hundred ask for a stream that they don't read.
    let body = json!({"bot_id": BOT, "prompt": "Hi", "stream": true}).to_string();
    for _ in 0..400 {
        let mut client = TcpStream::connect(host).unwrap();
        let request = head("/api/chat/completion", body.len()) + &body;
        client.write_all(request.as_bytes()).unwrap();
        clients.push((client, Vec::new()));
    }
    for (client, request) in &mut clients {
        let _ = client.write(request);
    }
    assert_eq!(mock.chat(&prompt(BOT), "").status, 200);
    // Who had to wait for those that stopped would come after the last of them was refused.
    let (last, _) = &clients[399];
    let refused = last.peek(&mut [0]).map_err(|error| error.kind());
    assert_eq!(refused, Err(ErrorKind::WouldBlock));
    let peak = peak(mock.running.id());
    assert!(peak < 150, "{peak} MB");
}

/// Sends a request, and reads the start of its answer; the connection stays open.
fn begin(host: &str, request: &str) -> TcpStream {
    let mut client = TcpStream::connect(host).unwrap();
    client.set_read_timeout(Some(LIMIT)).unwrap();
    client.write_all(request.as_bytes()).unwrap();
    let mut start = [0; 12];
    client.read_exact(&mut start).unwrap();
    assert_eq!(String::from_utf8_lossy(&start), "HTTP/1.1 200");
    client
}

#[test]
fn idle_clients_give_way_to_others_and_streams_stay() {
    let project = shipped();
    let mock = with_files(&project, 64);
    let host = &mock.address;
    let request = |streams: bool| {
        let body = json!({"bot_id": BOT, "prompt": "Hi", "stream": streams}).to_string();
        format!(
            "POST /api/chat/completion HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer x\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let idle = |count: usize| -> Vec<TcpStream> {
        (0..count).map(|_| begin(host, &request(false))).collect()
    };
    // The streams stand between those that are idle, so that their age decides nothing.
    let mut older = idle(10);
    let mut streams: Vec<TcpStream> = (0..20).map(|_| begin(host, &request(true))).collect();
    let mut newer = idle(100);
    assert_eq!(mock.chat(&prompt(BOT), "").status, 200);
    assert!(!streams.iter_mut().any(is_closed), "a stream was closed");
    assert!(older.iter_mut().all(is_closed), "an older one was kept");
    assert!(
        !newer.iter_mut().rev().take(5).any(is_closed),
        "the newest was closed"
    );
}

#[test]
fn more_clients_than_open_files_stop_nobody() {
    let project = shipped();
    let mock = with_files(&project, 64);
    let body = json!({"bot_id": BOT, "prompt": "Hi", "stream": true}).to_string();
    let length = body.len();
    let host = &mock.address;
    let request = format!(
        "POST /api/chat/completion HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer x\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    // Each one asks for a stream, whose next item comes in a minute, and stays.
    let mut clients = Vec::new();
    for _ in 0..100 {
        let mut client = TcpStream::connect(host).unwrap();
        client.write_all(request.as_bytes()).unwrap();
        clients.push(client);
    }
    assert_eq!(mock.chat(&prompt(BOT), "").status, 200);
    assert_eq!(mock.chat(&prompt(BOT), "").status, 200);
}

/// Whether the other end, on this machine too, has read all that was sent.
fn is_read(client: &TcpStream) -> bool {
    let ports = [client.peer_addr(), client.local_addr()].map(|it| it.unwrap().port());
    let [own, other] = ports.map(|port| format!(":{port:04X}"));
    let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let mut sockets = sockets
        .lines()
        .map(|line| line.split_whitespace().collect());
    let is_it = |it: &Vec<&str>| it[1].ends_with(&own) && it[2].ends_with(&other);
    let its = sockets.find(is_it);
    its.is_some_and(|its: Vec<&str>| its[4].ends_with(":00000000"))
}

#[test]
fn a_body_that_cannot_be_read_is_told_by_what_is_wrong_with_it() {
    let project = with_endpoints(
        "  a:\n    title: A\n    method: POST\n    path: /a\n    \
         request: {content_type: text/plain, schema: {type: string}, example: Hi}\n    \
         responses:\n      200: {description: Done., example: {ok: true}}\n      \
         4XX: {description: Wrong., example: {fault: {detail: Wrong.}}}\n",
    );
    let mock = Mock::start(&project, &[]);
    let open = |length: &str, body: &[u8]| {
        let mut client = TcpStream::connect(&mock.address).unwrap();
        client.set_read_timeout(Some(LIMIT)).unwrap();
        let head = format!(
            "POST /a HTTP/1.1\r\nHost: {}\r\nContent-Type: text/plain\r\n{length}\r\n\r\n",
            mock.address
        );
        client.write_all(head.as_bytes()).unwrap();
        client.write_all(body).unwrap();
        client
    };
    let answer = |mut client: TcpStream| {
        let mut text = Vec::new();
        let _ = client.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    };
    let is_told = |answer: &str, status: &str, says: &str| {
        let has_shape = answer.contains("\"fault\": {\n    \"detail\": \"");
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert!(has_shape && answer.contains(says), "{answer}");
        assert!(
            answer.to_lowercase().contains("connection: close"),
            "{answer}"
        );
    };
    let broken = open("Transfer-Encoding: chunked", b"ZZ\r\n");
    is_told(&answer(broken), "400", "its chunks are malformed");
    let long = open("Transfer-Encoding: chunked", b"");
    let mut sender = long.try_clone().unwrap();
    let piece = [b"10000\r\n", &[b'a'; 0x10000][..], b"\r\n"].concat();
    for _ in 0..16 {
        sender.write_all(&piece).unwrap();
    }
    // One byte more, and nothing behind it: an answer may be lost where more was sent than was read.
    sender.write_all(b"1\r\na").unwrap();
    is_told(&answer(long), "413", "longer than 1 MB");
    // A slow client sends half, then as many others as may send long bodies stop in theirs.
    let half = [b'a'; 10_000];
    let mut patient = open("Connection: close\r\nContent-Length: 20000", &half);
    until(|| is_read(&patient));
    let stopped: Vec<TcpStream> = (0..32)
        .map(|_| open("Content-Length: 20000", &[b'a'; 17_000]))
        .collect();
    until(|| stopped.iter().all(is_read));
    patient.write_all(&half).unwrap();
    // It waits for them, longer than a body may take, which is no fault of its own.
    let told = answer(patient);
    assert!(told.starts_with("HTTP/1.1 200 "), "{told}");
    for client in stopped {
        is_told(&answer(client), "408", "took longer than 10 seconds");
    }
}

#[test]
fn a_stream_ends_with_its_connection() {
    let piece = "a".repeat(30_000);
    let project = with_endpoints(&format!(
        "  a:\n    title: A\n    method: GET\n    path: /a\n    responses: {{200: {{description: Done.}}}}\n    \
         stream: {{format: text, example: [\"{piece}\", \"{piece}\", \"{{{{ bot_id }}}}\"]}}\n"
    ));
    let mock = Mock::start(&project, &["--pace", "30000"]);
    let request = format!("GET /a HTTP/1.1\r\nHost: {}\r\n\r\n", mock.address);
    let ask = || {
        let mut client = TcpStream::connect(&mock.address).unwrap();
        client.set_read_timeout(Some(LIMIT)).unwrap();
        client.write_all(request.as_bytes()).unwrap();
        let mut head = [0; 64];
        client.read_exact(&mut head).unwrap();
        assert!(head.starts_with(b"HTTP/1.1 200"));
        client
    };
    drop(ask());
    let before = peak(mock.running.id());
    // Who leaves after the head takes along what was still to come.
    for _ in 0..2000 {
        drop(ask());
    }
    let after = peak(mock.running.id());
    assert!(after < before + 40, "{before} MB, then {after} MB");
    // And who stays shares it with the others.
    let stay: Vec<TcpStream> = (0..800).map(|_| ask()).collect();
    let with_many = peak(mock.running.id());
    assert!(with_many < before + 80, "{before} MB, then {with_many} MB");
    drop(stay);
}
