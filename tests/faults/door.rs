//! Requests that are slow to validate: other clients do not wait for them, and they need little memory.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::process::{peak, ticks};
use crate::project::Project;
use crate::support::mock::{Mock, with_endpoints};

/// Letters in no order, since an automaton remembers what comes again.
fn letters(length: usize) -> String {
    let mut state = 1_u32;
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if state >> 31 == 0 { 'a' } else { 'b' }
    };
    (0..length).map(|_| letter()).collect()
}

/// A request with a body of so many letters.
fn slow(mock: &Mock, length: usize) -> Vec<u8> {
    let (body, host) = (letters(length), &mock.address);
    let head = format!(
        "POST /slow HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
    );
    (head + &body).into_bytes()
}

/// A request with a parameter of so many letters.
fn slow_query(mock: &Mock, length: usize) -> Vec<u8> {
    let (value, host) = (letters(length), &mock.address);
    let head = format!("GET /slow?n={value} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    head.into_bytes()
}

/// Endpoints whose pattern takes a number of steps for each character of a body or a parameter.
fn with_slow_pattern(steps: usize) -> Project {
    let example = "b".repeat(steps);
    let schema = format!("type: string, pattern: \"^[ab]*a[ab]{{{steps}}}[^ab]\"");
    let responses = "responses: {200: {description: Done., example: {ok: true}}}";
    with_endpoints(&format!(
        "  slow:\n    title: Slow\n    method: POST\n    path: /slow\n    request:\n      \
         content_type: text/plain\n      schema: {{{schema}}}\n      \
         example: a{example}.\n    {responses}\n  \
         get:\n    title: Get\n    method: GET\n    path: /slow\n    \
         parameters: {{query: {{n: {{{schema}, example: a{example}.}}}}}}\n    {responses}\n"
    ))
}

/// A mock answers another client while it judges a request.
fn keeps_nobody_waiting(steps: usize, request: impl Fn(&Mock) -> Vec<u8>) {
    let project = with_slow_pattern(steps);
    let mock = Mock::start(&project, &[]);
    let before = ticks(mock.running.id());
    let mut long = TcpStream::connect(&mock.address).unwrap();
    long.write_all(&request(&mock)).unwrap();
    long.set_nonblocking(true).unwrap();
    let answered = |long: &TcpStream| long.peek(&mut [0]).map_err(|error| error.kind());
    let waits = Err(std::io::ErrorKind::WouldBlock);
    // It has come, and is judged, once it takes the processor.
    while ticks(mock.running.id()) < before + 20 {
        assert_eq!(answered(&long), waits, "it takes too few steps to be seen");
        std::thread::yield_now();
    }
    assert_eq!(
        mock.ask("POST", "/slow", "Content-Type: text/plain\r\n", "a")
            .status,
        422
    );
    let is_first = answered(&long);
    assert_eq!(is_first, waits, "the long one was answered first");
    long.set_nonblocking(false).unwrap();
    let mut answer = String::new();
    long.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 422 ") || answer.starts_with("HTTP/1.1 200 "),
        "{answer}"
    );
}

#[test]
fn a_long_body_that_is_judged_keeps_nobody_waiting() {
    keeps_nobody_waiting(200, |mock| slow(mock, 1_000_000));
}

#[test]
fn a_short_body_that_is_judged_keeps_nobody_waiting() {
    keeps_nobody_waiting(10_000, |mock| slow(mock, 16_000));
}

#[test]
fn a_parameter_that_is_judged_keeps_nobody_waiting() {
    keeps_nobody_waiting(10_000, |mock| slow_query(mock, 15_000));
}

#[test]
fn long_bodies_that_wait_to_be_judged_take_little_memory() {
    let project = with_slow_pattern(200);
    let mock = Mock::start(&project, &[]);
    let ask = || mock.ask("POST", "/slow", "Content-Type: text/plain\r\n", "a");
    assert_eq!(ask().status, 422);
    let before = peak(mock.running.id());
    // Each of three hundred clients sends a whole body of 1 MB, and three are judged at once.
    let request = slow(&mock, 1_000_000);
    let client = |_| {
        let client = TcpStream::connect(&mock.address).unwrap();
        client.set_nonblocking(true).unwrap();
        (client, &request[..])
    };
    let mut clients: Vec<(TcpStream, &[u8])> = (0..300).map(client).collect();
    for _ in 0..50 {
        for (client, left) in &mut clients {
            while !left.is_empty()
                && let Ok(sent) = client.write(left)
            {
                *left = &left[sent..];
            }
        }
        // Whatever it can read it has read before it answers.
        assert_eq!(ask().status, 422);
    }
    let after = peak(mock.running.id());
    assert!(after < before + 150, "{before} MB, then {after} MB");
}
