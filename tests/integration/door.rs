//! What the mock lets in, over real sockets: each place of a value and each scheme of a key by a
//! generated table, and requests that no client means well by.

use crate::project::Project;
use crate::support::mock::{Mock, with_endpoints};

/// Where a request has a value: the place's name, its method, and what its endpoint describes.
#[rustfmt::skip]
const PLACES: [(&str, &str, &str); 7] = [
    ("path", "GET", "parameters: {path: {n: {type: integer, example: 1}}}"),
    ("query", "GET", "parameters: {query: {n: {type: integer, required: true, example: 1}}}"),
    ("header", "GET", "parameters: {header: {X-N: {type: integer, required: true, example: 1}}}"),
    ("cookie", "GET", "parameters: {cookie: {n: {type: integer, required: true, example: 1}}}"),
    ("json", "POST", "request: {fields: {n: {type: integer, required: true}}, example: {n: 1}}"),
    ("form", "POST", "request: {content_type: application/x-www-form-urlencoded, \
        fields: {n: {type: integer, required: true}}, example: {n: 1}}"),
    ("part", "POST", "request: {content_type: multipart/form-data, \
        fields: {n: {type: integer, required: true}}, example: {n: 1}}"),
];

/// The schemes of keys that the format has: the scheme's name, and its `auth`.
const SCHEMES: [(&str, &str); 4] = [
    ("bearer", "{type: bearer}"),
    ("basic", "{type: basic}"),
    ("header", "{type: apiKey, in: header, name: X-Key}"),
    ("query", "{type: apiKey, in: query, name: key}"),
];

/// Path, headers and body of a request.
type Sent = (String, String, String);

/// A request that has a text as the value in a place, or none.
fn with_value(place: &str, text: Option<&str>) -> Sent {
    let path = |end: String| format!("/{place}{end}");
    let header = |line: String| format!("{line}\r\n");
    let (mut target, mut headers, mut body) = (path(String::new()), String::new(), String::new());
    match place {
        "path" => target = path(format!("/{}", text.unwrap_or(""))),
        "query" => target = path(text.map_or_else(String::new, |it| format!("?n={it}"))),
        "header" => headers = text.map_or_else(String::new, |it| header(format!("X-N: {it}"))),
        "cookie" => headers = text.map_or_else(String::new, |it| header(format!("Cookie: n={it}"))),
        "json" => {
            headers = header("Content-Type: application/json".to_owned());
            body = text.map_or("{}".to_owned(), |it| format!("{{\"n\": {it}}}"));
        }
        "form" => {
            headers = header("Content-Type: application/x-www-form-urlencoded".to_owned());
            body = text.map_or("&".to_owned(), |it| format!("n={it}"));
        }
        "part" => {
            headers = header("Content-Type: multipart/form-data; boundary=b".to_owned());
            let part =
                |it| format!("--b\r\nContent-Disposition: form-data; name=n\r\n\r\n{it}\r\n");
            body = text.map_or_else(String::new, part) + "--b--\r\n";
        }
        other => panic!("{other}"),
    }
    (target, headers, body)
}

#[test]
fn a_value_is_judged_in_each_place() {
    let endpoints: Vec<String> = PLACES
        .iter()
        .map(|(place, method, said)| {
            let end = if *place == "path" { "/{n}" } else { "" };
            format!(
                "  {place}:\n    title: A\n    method: {method}\n    path: \"/{place}{end}\"\n    \
                 {said}\n    responses: {{200: {{description: Done., example: {{ok: true}}}}}}\n"
            )
        })
        .collect();
    let project = with_endpoints(&endpoints.concat());
    let mock = Mock::start(&project, &[]);
    let mut wrong = Vec::new();
    for (place, method, _) in PLACES {
        // Without its value, a path is another.
        let missing = if place == "path" { 404 } else { 422 };
        let text = if place == "json" { "\"x\"" } else { "x" };
        for (value, expected) in [(None, missing), (Some(text), 422), (Some("7"), 200)] {
            let (path, headers, body) = with_value(place, value);
            let status = mock.ask(method, &path, &headers, &body).status;
            if status != expected {
                wrong.push(format!("{place} {value:?}: {status} and not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What of a request has a key by a scheme: its query and its headers.
fn with_key(scheme: &str, key: &str) -> (String, String) {
    match scheme {
        "bearer" => (String::new(), format!("Authorization: Bearer {key}\r\n")),
        "basic" => (String::new(), format!("Authorization: Basic {key}\r\n")),
        "header" => (String::new(), format!("X-Key: {key}\r\n")),
        "query" => (format!("?key={key}"), String::new()),
        other => panic!("{other}"),
    }
}

#[test]
fn a_key_is_asked_for_by_each_scheme() {
    let endpoints: Vec<String> = SCHEMES
        .iter()
        .map(|(scheme, auth)| {
            format!(
                "  {scheme}:\n    title: A\n    method: GET\n    path: /{scheme}\n    auth: {auth}\n    \
                 responses: {{200: {{description: Done., example: {{ok: true}}}}}}\n"
            )
        })
        .collect();
    let project = with_endpoints(&endpoints.concat());
    let mock = Mock::start(&project, &[]);
    let nothing = (String::new(), String::new());
    let mut wrong = Vec::new();
    for (scheme, _) in SCHEMES {
        let given = "YTpi";
        let mut cases = vec![
            (nothing.clone(), 401),
            (with_key(scheme, ""), 401),
            (with_key(scheme, given), 200),
        ];
        // A key where another scheme has it is none.
        let others = SCHEMES.iter().filter(|(other, _)| *other != scheme);
        cases.extend(others.map(|(other, _)| (with_key(other, given), 401)));
        match scheme {
            "bearer" | "basic" => {
                let header = |value: &str| (String::new(), format!("Authorization: {value}\r\n"));
                cases.push((header(""), 401));
                cases.push((header(scheme), 401));
                cases.push((header(&format!("{}   {given}", scheme.to_uppercase())), 200));
                cases.push((header(&format!("{scheme}{given}")), 401));
                // Of user and password one may be empty (RFC 7617).
                let basic = [("YTo=", 200), ("OmI=", 200), ("Og==", 401), ("YQ==", 401)];
                let basic = basic.into_iter().chain([("a:b", 401), ("YTp", 401)]);
                let basic = basic.filter(|_| scheme == "basic");
                cases.extend(basic.map(|(key, status)| (with_key(scheme, key), status)));
            }
            "query" => {
                let query = |query: &str| (query.to_owned(), String::new());
                let wrong = ["?key", "?key=%20", "?KEY=YTpi", "?key=&key=YTpi"];
                cases.extend(wrong.map(|one| (query(one), 401)));
            }
            _ => cases.push(((String::new(), "x-KEY:   \r\n".to_owned()), 401)),
        }
        for ((query, headers), expected) in cases {
            let path = format!("/{scheme}{query}");
            let status = mock.ask("GET", &path, &headers, "").status;
            if status != expected {
                wrong.push(format!("{path} {headers:?}: {status} and not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The start of a request for JSON, whose length or encoding follows.
fn json_head(host: &str, more: &str) -> Vec<u8> {
    format!(
        "POST /v1/json HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{more}\r\n"
    )
    .into_bytes()
}

/// A request with a whole body of JSON.
fn json(host: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let more = format!(
        "Connection: close\r\nContent-Length: {}\r\n{more}",
        body.len()
    );
    [&json_head(host, &more), body].concat()
}

/// A request with other headers, or another target.
fn get(host: &str, target: &str, more: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n").into_bytes()
}

/// A request that no client means well by: what it is, its bytes, and the status that it gets.
type Hostile = (&'static str, Vec<u8>, u16);

/// Requests with a hostile head.
fn hostile_heads(host: &str) -> Vec<Hostile> {
    let list = "/v1/list?tag=a";
    let lines: String = (0..200)
        .map(|number| format!("X-{number}: 1\r\n"))
        .collect();
    let cookie = format!("Cookie: session=abc; {}\r\n", "a=b; ".repeat(2_000));
    let query = format!("{list}&{}", "tag=a&".repeat(2_000));
    vec![
        ("many headers", get(host, list, &lines), 431),
        (
            "a huge header",
            get(host, list, &format!("X: {}\r\n", "x".repeat(1 << 20))),
            431,
        ),
        (
            "a huge target",
            get(host, &format!("/{}", "x".repeat(1 << 20)), ""),
            431,
        ),
        ("many cookies", get(host, list, &cookie), 200),
        (
            "many values",
            get(host, &query, "Cookie: session=abc\r\n"),
            422,
        ),
        (
            "a target for a proxy",
            get(host, &format!("https://{host}{list}"), ""),
            400,
        ),
        (
            "another's absolute target",
            get(host, &format!("http://evil.test{list}"), ""),
            421,
        ),
        (
            "an absolute target with a user",
            get(host, &format!("http://me@{host}{list}"), ""),
            421,
        ),
        (
            "an absolute target and two hosts",
            get(host, &format!("http://{host}{list}"), "Host: localhost\r\n"),
            400,
        ),
        (
            "a tunnel",
            format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes(),
            400,
        ),
        ("a target without a slash", get(host, "v1/list", ""), 400),
        ("an encoded NUL", get(host, "/v1/%00", ""), 404),
        ("a NUL in the target", get(host, "/v1/\0", ""), 400),
        ("a NUL in a header", get(host, list, "X-Ids: 1\0\r\n"), 400),
        ("two hosts", get(host, list, "Host: localhost\r\n"), 400),
        ("a header without a name", get(host, list, ": 1\r\n"), 400),
        (
            "a header on two lines",
            get(host, list, "X-A: 1\r\n 2\r\n"),
            400,
        ),
        (
            "no HTTP",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
            400,
        ),
    ]
}

/// Requests with a hostile body: the endpoint documents 422 alone, so that is the status of every
/// fault of a body that is read.
fn hostile_bodies(host: &str) -> Vec<Hostile> {
    let plain = |body: &str| json(host, "", body.as_bytes());
    let deep = |open: &str, close: &str| {
        let body = format!("{}{}", open.repeat(100_000), close.repeat(100_000));
        plain(&body)
    };
    vec![
        ("deep arrays", deep("[", "]"), 422),
        ("deep arrays that never end", deep("[", ""), 422),
        ("deep objects", deep("{\"a\":", "}"), 422),
        (
            "a key twice, the last one right",
            plain(r#"{"code": "abc", "code": "ABC"}"#),
            200,
        ),
        (
            "a key twice, the last one wrong",
            plain(r#"{"code": "ABC", "code": "abc"}"#),
            422,
        ),
        ("an escaped NUL", plain(r#"{"code": "A\u0000C"}"#), 422),
        ("a NUL in JSON", plain("{\"code\": \"A\0C\"}"), 422),
        (
            "half a character",
            json(host, "", b"{\"code\": \"\xff\"}"),
            422,
        ),
        (
            "half a pair of escapes",
            plain(r#"{"code": "\ud800"}"#),
            422,
        ),
        (
            "a number beyond all",
            plain(r#"{"step": 1e999999999}"#),
            422,
        ),
        (
            "a number of many digits",
            plain(&format!("{{\"step\": {}}}", "7".repeat(100_000))),
            422,
        ),
    ]
}

/// Requests whose body is coded, or has another length than the head gives it.
fn hostile_codings(host: &str) -> Vec<Hostile> {
    let chunked = |body: &str| {
        let head = json_head(host, "Connection: close\r\nTransfer-Encoding: chunked\r\n");
        [&head, body.as_bytes()].concat()
    };
    let coded = |name: &str| {
        json(
            host,
            &format!("Content-Encoding: {name}\r\n"),
            b"\x1f\x8b\x08",
        )
    };
    vec![
        ("a body that unpacks", coded("gzip"), 415),
        ("a body that unpacks twice", coded("identity, gzip"), 415),
        ("a body in capitals that unpacks", coded("GZIP"), 415),
        (
            "packed bytes that say so nowhere",
            json(host, "", b"\x1f\x8b\x08\0\0\0"),
            422,
        ),
        ("a chunk of no length", chunked("\r\n\r\n"), 400),
        (
            "a chunk longer than all",
            chunked("ffffffffffffffff\r\n{}"),
            408,
        ),
        (
            "a chunk of a negative length",
            chunked("-1\r\n{}\r\n0\r\n\r\n"),
            400,
        ),
        ("a chunk that lies", chunked("1\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunks of words", chunked("two\r\n{}\r\n"), 400),
        (
            "two lengths",
            json(host, "Content-Length: 3\r\n", b"{}"),
            400,
        ),
        (
            "no length at all",
            json_head(host, "Connection: close\r\nContent-Length: x\r\n"),
            400,
        ),
    ]
}

#[test]
fn no_request_ends_the_mock() {
    let project = Project::copy_of("tests/samples/strict");
    let mock = Mock::start(&project, &[]);
    let mut wrong = Vec::new();
    let host = &mock.address;
    let requests = [
        hostile_heads(host),
        hostile_bodies(host),
        hostile_codings(host),
    ];
    for (what, request, expected) in requests.into_iter().flatten() {
        let status = mock.raw(&request).status;
        if status != expected {
            wrong.push(format!("{what}: {status} and not {expected}"));
        }
        let after = mock.ask("GET", "/v1/list?tag=a", "Cookie: session=abc\r\n", "");
        assert_eq!(after.status, 200, "after {what}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn many_long_numbers_that_must_differ_are_answered() {
    let list = "{type: array, uniqueItems: true, items: {type: number}}";
    let responses = "responses: {200: {description: Done., example: {ok: true}}}";
    let project = with_endpoints(&format!(
        "  unique:\n    title: Unique\n    method: POST\n    path: /unique\n    \
         parameters: {{query: {{n: {list}}}}}\n    \
         request: {{fields: {{n: {list}}}, example: {{n: [1, 2]}}}}\n    {responses}\n"
    ));
    let mock = Mock::start(&project, &[]);
    let json = "Content-Type: application/json\r\n";
    for (count, more, status) in [(2_000, "1e-400", 200), (50_000, "10e99", 422)] {
        let numbers = (0..count).map(|number| format!("1e{}", 100 + number % 900));
        // Each has its own digits before the power of ten.
        let numbers = numbers
            .enumerate()
            .map(|(index, it)| format!("{index}{it}"));
        let list: Vec<String> = numbers.skip(1).collect();
        let body = format!("{{\"n\": [1e100, {}, {more}]}}", list.join(", "));
        let answer = mock.ask("POST", "/unique", json, &body);
        assert_eq!(answer.status, status, "{count}: {}", answer.text());
    }
    let query: Vec<String> = (100..1_000).map(|it| format!("n=1e{it}")).collect();
    let path = format!("/unique?{}", query.join("&"));
    let answer = mock.ask("POST", &path, json, "{\"n\": []}");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let twice = format!("{path}&n=10e998");
    let answer = mock.ask("POST", &twice, json, "{\"n\": []}");
    assert_eq!(answer.status, 422, "{}", answer.text());
}
