//! `mock --cors`: which pages of other origins may read its answers.

use crate::support::mock::{Answer, BOT, Mock, prompt, shipped};

const PAGE: &str = "http://localhost:3000";

/// The values of a header, in the order in which they came.
fn values<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    let lines = lines.filter(|(other, _)| *other == name);
    lines.map(|(_, value)| value).collect()
}

fn from(origin: &str) -> String {
    format!("Origin: {origin}\r\n")
}

#[test]
fn a_page_of_a_permitted_origin_reads_each_answer() {
    let project = shipped();
    let arguments = ["--cors", PAGE, "--cors", "https://App.example.com:443/"];
    let mock = Mock::start(&project, &arguments);
    for origin in [PAGE, "https://app.example.com"] {
        let chat = mock.chat(&prompt(BOT), &from(origin));
        assert_eq!(chat.status, 200);
        let missing = mock.ask("GET", "/nowhere", &from(origin), "");
        assert_eq!(missing.status, 404);
        let long = format!(
            "POST /api/chat/completion HTTP/1.1\r\nHost: {}\r\n{}Content-Length: 99999999\r\n\r\n",
            mock.address,
            from(origin)
        );
        let unread = mock.raw(long.as_bytes());
        assert_eq!(unread.status, 413);
        let mut streaming = prompt(BOT);
        streaming["stream"] = true.into();
        let stream = mock.chat(&streaming, &from(origin));
        assert!(stream.body.contains("event: message"), "{}", stream.body);
        for answer in [&chat, &missing, &unread, &stream] {
            assert_eq!(values(answer, "access-control-allow-origin"), [origin]);
            assert_eq!(values(answer, "access-control-allow-credentials"), ["true"]);
            assert_eq!(values(answer, "vary"), ["origin"]);
            let exposed = values(answer, "access-control-expose-headers");
            assert!(exposed[0].contains("content-type"), "{exposed:?}");
        }
    }
}

#[test]
fn a_page_of_another_origin_reads_nothing() {
    let project = shipped();
    let mock = Mock::start(&project, &["--cors", PAGE]);
    for origin in [
        "http://localhost:3001",
        "https://localhost:3000",
        "http://127.0.0.1:3000",
        "null",
        "http://localhost:3000.evil.test",
    ] {
        let asking = format!("{}Access-Control-Request-Method: POST\r\n", from(origin));
        for answer in [
            mock.chat(&prompt(BOT), &from(origin)),
            mock.ask("OPTIONS", "/api/chat/completion", &asking, ""),
        ] {
            assert!(
                !answer.head.contains("access-control"),
                "{origin}: {}",
                answer.head
            );
            // A cache must not give this answer to the permitted page.
            assert_eq!(values(&answer, "vary"), ["origin"]);
        }
    }
    let closed = Mock::start(&project, &[]);
    let answer = closed.chat(&prompt(BOT), &from(PAGE));
    assert!(
        !answer.head.contains("access-control") && !answer.head.contains("vary"),
        "{}",
        answer.head
    );
}

#[test]
fn a_preflight_is_permitted_for_each_method_and_header() {
    let project = shipped();
    let mock = Mock::start(&project, &["--cors", PAGE]);
    let asking = format!(
        "{}Access-Control-Request-Method: PATCH\r\nAccess-Control-Request-Headers: authorization,x-any\r\n",
        from(PAGE)
    );
    let answer = mock.ask("OPTIONS", "/nowhere", &asking, "");
    assert_eq!((answer.status, &*answer.body), (204, ""));
    assert_eq!(values(&answer, "access-control-allow-origin"), [PAGE]);
    assert_eq!(values(&answer, "access-control-allow-methods"), ["patch"]);
    assert_eq!(
        values(&answer, "access-control-allow-headers"),
        ["authorization,x-any"]
    );
    // `OPTIONS` without the method that is asked for is a request as any other.
    let answer = mock.ask("OPTIONS", "/nowhere", &from(PAGE), "");
    assert_eq!(answer.status, 404);
    // No page reaches the mock under a foreign name, whatever its origin.
    let foreign = format!("Host: evil.test\r\n{asking}");
    let answer = mock.ask("OPTIONS", "/nowhere", &foreign, "");
    assert_eq!(answer.status, 421);
}

#[test]
fn what_is_no_origin_is_refused() {
    let project = shipped();
    for (typed, help) in [
        ("*", "once for each origin"),
        ("null", "has no origin"),
        ("localhost:3000", "http://localhost:3000"),
        ("https://a.example/docs", "write https://a.example"),
    ] {
        let ran = project.run(&["mock", "--port", "0", "--cors", typed]);
        assert_eq!(ran.code, Some(2), "{typed}");
        assert!(ran.stderr.contains(help), "{typed}: {}", ran.stderr);
    }
}
