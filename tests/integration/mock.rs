//! `mock` over real sockets: what it answers, to whom, and what it withstands; `test`, which runs
//! samples against it.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use botdocs::model::Language;
use serde_json::{Value, json};

use crate::project::{Project, repository, tool};
use crate::readers::rusts;
use crate::watch::Running;

const LIMIT: Duration = Duration::from_secs(120);
const BOT: &str = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";

pub(crate) struct Mock {
    pub(crate) running: Running,
    pub(crate) address: String,
}

/// An answer: its status, its head in lower case, and its body without chunks.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    body: String,
}

impl Answer {
    /// All of it.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.head, self.body)
    }
}

impl Mock {
    pub(crate) fn start(project: &Project, arguments: &[&str]) -> Mock {
        let arguments = [&["mock", "--port", "0"], arguments].concat();
        Mock::of(Running::start(project.command(&arguments)))
    }

    /// Starts the mock with a limit of open files.
    fn start_with_files(project: &Project, most: usize, arguments: &[&str]) -> Mock {
        let program = project.command(&[]);
        let mut command = tool("sh");
        let line = format!("ulimit -n {most}; exec \"$0\" mock --port 0 \"$@\"");
        command.args(["-c", &line]).arg(program.get_program());
        project.prepare(command.args(arguments));
        Mock::of(Running::start(command))
    }

    fn of(mut running: Running) -> Mock {
        let line = running.line("word that it listens", |line| line.contains(" at http://"));
        let address = line
            .split("http://")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap();
        Mock {
            address: address.to_owned(),
            running,
        }
    }

    /// Sends a request, and reads until the connection is closed.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let length = body.len();
        let host = &self.address;
        let host = if headers.contains("Host:") {
            String::new()
        } else {
            format!("Host: {host}\r\n")
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        send(&self.address, request.as_bytes())
    }

    /// Sends bytes, and reads until the connection is closed.
    pub(crate) fn raw(&self, request: &[u8]) -> Answer {
        send(&self.address, request)
    }

    /// The most memory that it had, in MB.
    pub(crate) fn peak(&self) -> u64 {
        peak(self.running.id())
    }

    fn chat(&self, body: &Value, more: &str) -> Answer {
        let headers =
            format!("Authorization: Bearer any\r\nContent-Type: application/json\r\n{more}");
        self.ask("POST", "/api/chat/completion", &headers, &body.to_string())
    }
}

/// Sends bytes to an address, and reads until the connection is closed.
pub(crate) fn send(address: &str, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let _ = stream.write_all(request);
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    let text = String::from_utf8_lossy(&text).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let head = head.to_ascii_lowercase();
    let body = match head.contains("transfer-encoding: chunked") {
        true => unchunked(body),
        false => body.to_owned(),
    };
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    Answer { status, head, body }
}

fn unchunked(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        out.push_str(&after[..size]);
        rest = &after[size + 2..];
    }
    out
}

fn shipped() -> Project {
    Project::copy_of_folders(&["spec"])
}

fn prompt(bot: &str) -> Value {
    json!({"bot_id": bot, "prompt": "How do I reset my password?", "stream": false})
}

#[test]
fn a_request_gets_the_example_that_it_is() {
    let project = shipped();
    let mock = Mock::start(&project, &[]);
    let answer = mock.chat(&prompt(BOT), "");
    assert_eq!(answer.status, 200);
    let reply: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(reply["response"].as_str().unwrap().starts_with("Choose"));
    let follow_up = json!({
        "bot_id": BOT, "prompt": "And where do I find that link?",
        "chat_id": "019dd3e1-7c20-7a3b-8f45-2b6d90c1e7aa", "stream": false,
        "enable_web_search": false, "temperature": 0.2,
    });
    let reply: Value = serde_json::from_str(&mock.chat(&follow_up, "").body).unwrap();
    assert_eq!(reply["response"], "Below the password field, to the right.");
    let named = mock.chat(&prompt(BOT), "Prefer: example=follow-up\r\n");
    assert!(named.body.contains("Below the password field"));
    let refused = mock.chat(&prompt(BOT), "Prefer: code=401\r\n");
    assert_eq!(
        (refused.status, refused.body.contains("Unauthenticated.")),
        (401, true)
    );
    let both = mock.chat(&prompt(BOT), "Prefer: code=\"200\"; example=follow-up\r\n");
    assert!(both.body.contains("Below the password field"));
    let other = mock.chat(&prompt(BOT), "Prefer: code=503\r\n");
    assert_eq!(
        (other.status, other.body.contains("not found")),
        (503, true)
    );
}

#[test]
fn a_stream_comes_item_by_item_at_its_pace() {
    let project = shipped();
    let mock = Mock::start(&project, &["--pace", "150"]);
    let start = Instant::now();
    let mut body = prompt(BOT);
    body["stream"] = true.into();
    let answer = mock.chat(&body, "");
    assert!(
        answer.head.contains("content-type: text/event-stream"),
        "{}",
        answer.head
    );
    assert!(answer.head.contains("transfer-encoding: chunked"));
    let pieces = answer.body.split("event: message\ndata: ").skip(1);
    let joined: String = pieces
        .map(|piece| piece.split('\n').next().unwrap())
        .collect();
    assert_eq!(
        joined,
        "Choose “Forgot password?” on the sign-in page and follow the link that we send you."
    );
    assert!(answer.body.ends_with("event: __done__\ndata:\n\n"));
    // Six items, the first at once.
    assert!(
        start.elapsed() >= Duration::from_millis(5 * 150),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn what_is_wrong_is_said_in_the_documented_shape() {
    let project = shipped();
    let mock = Mock::start(&project, &[]);
    let message = |answer: &Answer| {
        let error: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let text = error.pointer("/error/message").or(error.get("message"));
        text.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let json = "Content-Type: application/json\r\n";
    let with_key = format!("Authorization: Bearer any\r\n{json}");
    let path = "/api/chat/completion";
    for (method, path, headers, body, status, says) in [
        ("POST", path, json, "{}", 401, "Authorization"),
        ("POST", path, &*with_key, "{", 400, "no JSON"),
        ("POST", path, &*with_key, "", 422, "body is missing"),
        (
            "POST",
            path,
            &*with_key,
            "{}",
            422,
            "no `bot_id` in the body",
        ),
        (
            "POST",
            path,
            &*with_key,
            r#"{"bot_id": "019dd3d4-4b7e-71eb-9561-5cf790a5da57"}"#,
            422,
            "no `prompt` in the body",
        ),
        (
            "POST",
            path,
            &*with_key,
            r#"{"bot_id": "019dd3d4-4b7e-71eb-9561-5cf790a5da57", "prompt": 1}"#,
            422,
            "`prompt` is an integer where a string must stand",
        ),
        (
            "POST",
            path,
            "Authorization: Bearer x\r\nContent-Type: text/plain\r\n",
            "a",
            415,
            "Content-Type",
        ),
        ("GET", path, &*with_key, "", 405, "takes POST"),
        ("POST", "/api/nothing", &*with_key, "", 404, "/api/nothing"),
        (
            "POST",
            "/chat/completion",
            &*with_key,
            "",
            404,
            "no endpoint",
        ),
    ] {
        let answer = mock.ask(method, path, headers, body);
        assert_eq!(
            answer.status, status,
            "{method} {path} {body}: {}",
            answer.body
        );
        assert!(
            message(&answer).contains(says),
            "{method} {path} {body}: {}",
            answer.body
        );
    }
    let nested = r#"{"bot_id": "019dd3d4-4b7e-71eb-9561-5cf790a5da57", "source": "fluent_support", "prompt": "a", "ticket_conversation": [{"role": "bot", "message": ""}]}"#;
    let answer = mock.ask("POST", "/api/chat/fs", &with_key, nested);
    assert!(message(&answer).contains("(at `/ticket_conversation/0/role`); its values are: "));
    let allowed = mock.ask("DELETE", path, &with_key, "");
    assert!(allowed.head.contains("allow: post"));
}

fn strict() -> Project {
    Project::copy_of("tests/samples/strict")
}

#[test]
fn requests_are_judged_by_every_keyword_that_examples_are() {
    let project = strict();
    let mock = Mock::start(&project, &[]);
    let json = "Content-Type: application/json\r\n";
    for (body, says) in [
        (
            r#"{"code": "abc"}"#,
            "`code` is `abc`, which does not match its pattern",
        ),
        (r#"{"tags": ["a", "a"]}"#, "`tags` has an item twice"),
        (
            r#"{"tags": ["a", 1]}"#,
            "item 2 of `tags` is an integer where a string must stand (at `/tags/1`)",
        ),
        (r#"{"step": 0.7}"#, "a multiple of 0.5"),
        (r#"{"over": 0}"#, "more than 0"),
        (r#"{"over": 1}"#, "less than 1"),
        (r#"{"mail": "nobody"}"#, "which is no email"),
        (r#"{"part": {"type": "text"}}"#, "no `text` in `part`"),
        (
            r#"{"part": {"type": "sound"}}"#,
            "the alternatives are: `Text`",
        ),
        (
            r#"{"free": {"a": "b"}}"#,
            "`a` is a string where an integer must stand (at `/free/a`)",
        ),
        (
            r#"{"codes": "ABC"}"#,
            "`codes` is in the body, but not documented; did you mean `code`?",
        ),
        ("[]", "the body is an array where an object must stand"),
    ] {
        let answer = mock.ask("POST", "/v1/json", json, body);
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        let error: Value = serde_json::from_str(&answer.body).unwrap();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(says), "{body}: {message}");
    }
    let right = r#"{"code": "ABC", "tags": ["a", "b"], "step": 1.5, "over": 0.5, "bot": "grace-7",
        "mail": "a@example.com", "part": {"type": "image", "url": "x"}, "free": {"a": 1}}"#;
    let answer = mock.ask("POST", "/v1/json", json, right);
    assert_eq!(
        (answer.status, answer.body.contains("\"bot\": \"grace-7\"")),
        (200, true)
    );
}

/// Method, path, headers and body of a request; status of its answer, and what it says.
type Case<'a> = (&'a str, &'a str, &'a str, &'a str, u16, &'a str);

#[track_caller]
fn check_answers(mock: &Mock, cases: &[Case<'_>]) {
    for (method, path, headers, body, status, says) in cases {
        let answer = mock.ask(method, &format!("/v1/{path}"), headers, body);
        assert_eq!(answer.status, *status, "{path} {body}: {}", answer.body);
        // In the message, quotes are escaped.
        let found = answer.body.replace("\\\"", "\"");
        assert!(found.contains(says), "{path} {body}: {found}");
    }
}

#[test]
#[rustfmt::skip]
fn forms_and_parts_are_judged_too() {
    let project = strict();
    let mock = Mock::start(&project, &[]);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let multipart = "Content-Type: multipart/form-data; boundary=b\r\n";
    let head = "--b\r\nContent-Disposition: form-data; name=";
    let part = |name: &str, text: &str| format!("{head}\"{name}\"\r\n\r\n{text}\r\n");
    let file = format!("{head}\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{1}\r\n");
    let whole = format!("{file}{}{}--b--\r\n", part("kind", "plan"), part("bot", "grace-7"));
    let wrong = format!("{file}{}--b--\r\n", part("kind", "film"));
    let less = format!("{}--b--\r\n", part("kind", "plan"));
    check_answers(&mock, &[
        ("POST", "form", form, "count=9&who=Ada+%26+Co", 200, "ok"),
        ("POST", "form", form, "count=10", 422, "at most 9"),
        ("POST", "form", form, "who=Ada", 422, "no `count` in the body"),
        ("POST", "form", form, "count=three", 422, "`count` is a string where an integer must stand"),
        ("POST", "parts", multipart, &whole, 200, "\"for\": \"grace-7\""),
        ("POST", "parts", multipart, &wrong, 422, "its values are: photo, plan"),
        ("POST", "parts", multipart, &less, 422, "no `file` in the body"),
        ("POST", "parts", multipart, "--b\r\n", 400, "no head"),
        ("POST", "parts", "Content-Type: multipart/form-data\r\n", &whole, 400, "no boundary"),
    ]);
}

#[test]
#[rustfmt::skip]
fn texts_bytes_and_parameters_are_judged_too() {
    let project = strict();
    let mock = Mock::start(&project, &[]);
    let text = "Content-Type: text/plain; charset=utf-8\r\n";
    let cookie = "Cookie: theme=dark; session=abc\r\n";
    check_answers(&mock, &[
        ("POST", "text", text, "Hello", 200, "ok"),
        ("POST", "text", text, "Hello!", 422, "at most 5"),
        ("POST", "text", "Content-Type: text/plain\r\nPrefer: code=302\r\n", "Hello", 400,
            "no response 302 is documented; there are: 200"),
        ("POST", "text", "Content-Type: text/plain\r\nPrefer: example=none\r\n", "Hello", 400,
            "no example `none` is documented here; there are: default"),
        ("PUT", "bytes", "Content-Type: image/png\r\n", "\u{1}\u{2}", 200, "ok"),
        ("PUT", "bytes", "Content-Type: image/gif\r\n", "\u{1}\u{2}", 415, "image/png"),
        ("GET", "list?tag=a&tag=b&page=2", cookie, "", 200, "ok"),
        ("GET", "list?tag=a", cookie, "", 200, "ok"),
        ("GET", "list?tag=a&tag=c", cookie, "", 422, "which is not among its values"),
        ("GET", "list?tag=a&tag=b&tag=a", cookie, "", 422, "`tag` has 3 items"),
        ("GET", "list", cookie, "", 422, "the query parameter `tag` is missing"),
        ("GET", "list?tag=a&page=0", cookie, "", 422, "`page` is `0`, and must be at least 1"),
        ("GET", "list?tag=a", "", "", 422, "the cookie parameter `session` is missing"),
        ("GET", "list?tag=a", "Cookie: session=a\r\n", "", 422, "at least 3"),
        ("GET", "list?tag=a", "Cookie: session=abc\r\nX-Ids: 1, 2\r\n", "", 200, "ok"),
        ("GET", "list?tag=a", "Cookie: session=abc\r\nX-Ids: 1, x\r\n", "", 422, "an integer must stand"),
    ]);
}

#[test]
#[rustfmt::skip]
fn what_may_come_once_does_not_come_twice() {
    let strict = strict();
    let mock = Mock::start(&strict, &[]);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let text = "Content-Type: text/plain\r\n";
    let cookie = "Cookie: session=abc\r\n";
    let ids = format!("{cookie}X-Ids: 1\r\nX-Ids: 2, 3\r\n");
    check_answers(&mock, &[
        ("GET", "list?tag=a&page=1&page=1", cookie, "", 422, "`page` is an array where an integer must stand"),
        ("GET", "list?tag=a&page=0&page=1", cookie, "", 422, "`page` is an array"),
        ("GET", "list?tag=a", "Cookie: session=abc; session=a\r\n", "", 422, "`session` is an array"),
        ("GET", "list?tag=a", "Cookie: session=abc\r\nCookie: session=abc\r\n", "", 422, "`session` is an array"),
        ("POST", "form", form, "count=3&count=3", 422, "`count` is an array"),
        ("POST", "form", form, "count=3&who=a&who=b", 422, "`who` is an array"),
        ("POST", "text", &format!("{text}{text}"), "Hello", 422, "the header `Content-Type` comes 2 times"),
        ("POST", "text", &format!("{text}Content-Type: \u{e9}\r\n"), "Hello", 422, "comes 2 times"),
        // What is a list comes as often as it likes.
        ("GET", "list?tag=a&tag=b", &ids, "", 200, "ok"),
        ("GET", "list?tag=a", "Cookie: a=b\r\nCookie: session=abc\r\n", "", 200, "ok"),
    ]);
    let headers = with_endpoints(
        "  a:\n    title: A\n    method: GET\n    path: /a\n    \
         parameters: {header: {X-Limit: {type: integer, maximum: 3}}}\n    \
         responses: {200: {description: Done., example: {ok: true}}}\n",
    );
    let mock = Mock::start(&headers, &[]);
    let answer = |headers: &str| mock.ask("GET", "/a", headers, "");
    assert_eq!(answer("X-Limit: 3\r\n").status, 200);
    let twice = answer("X-Limit: 3\r\nX-Limit: 9\r\n");
    assert_eq!(twice.status, 422, "{}", twice.body);
    let keys = shipped();
    let mock = Mock::start(&keys, &[]);
    let twice = mock.chat(&prompt(BOT), "Authorization: Bearer other\r\n");
    assert_eq!(twice.status, 401, "{}", twice.body);
    assert!(twice.body.contains("the header `Authorization` comes 2 times"), "{}", twice.body);
}

#[test]
fn an_answer_is_no_longer_for_a_longer_request() {
    let project = strict();
    let mock = Mock::start(&project, &[]);
    let (json, parts) = (
        "Content-Type: application/json\r\n",
        "Content-Type: multipart/form-data; boundary=b\r\n",
    );
    let part = "--b\r\nContent-Disposition: form-data; name=";
    let long = "x".repeat(500_000);
    let body = format!(
        "{part}\"file\"; filename=\"a\"\r\n\r\na\r\n{part}\"kind\"\r\n\r\nphoto\r\n\
         {part}\"bot\"\r\n\r\nBOT\r\n--b--\r\n"
    );
    let of = |bot: &str| mock.ask("POST", "/v1/parts", parts, &body.replace("BOT", bot));
    assert!(of("zed-7").body.contains("zed-7"));
    // What no bot is called is in nobody's answer: `a b` is no name of a folder.
    let plain = mock.ask("POST", "/v1/parts", parts, &body.replace("BOT", ""));
    for bot in [&long, "a b", "..", "con"] {
        let answer = of(bot);
        assert_eq!((answer.status, &answer.body), (200, &plain.body));
    }
    for (path, headers, body) in [
        ("/v1/json", json, format!(r#"{{"code": "{long}"}}"#)),
        ("/v1/json", json, format!(r#"{{"bot": "{long}"}}"#)),
        ("/v1/json", json, format!(r#"{{"{long}": 1}}"#)),
        (
            "/v1/json",
            json,
            format!(r#"{{"part": {{"type": "{long}"}}}}"#),
        ),
        ("/v1/parts", parts, body.replace("photo", &long)),
    ] {
        let answer = mock.ask("POST", path, headers, &body);
        assert_eq!(answer.status, 422, "{path}");
        assert!(answer.body.len() < 5_000, "{} bytes", answer.body.len());
    }
}

/// Requests with a character in each place where a text can stand: whether it is for the strict
/// project, then method, path, headers and body.
#[rustfmt::skip]
fn with_character(one: char) -> Vec<(bool, &'static str, String, &'static str, String)> {
    let json = "Content-Type: application/json\r\n";
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let multipart = "Content-Type: multipart/form-data; boundary=b\r\n";
    let text = "Content-Type: text/plain; charset=utf-8\r\n";
    let part = "--b\r\nContent-Disposition: form-data; name=";
    let bytes = one.to_string();
    let percent: String = bytes.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let escaped: String = bytes.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let right = r#"{"bot_id": "a"}"#.to_owned();
    vec![
        (false, "POST", format!("/chat?bot={percent}"), json, right.clone()),
        (false, "POST", format!("/chat?{percent}"), json, right),
        (false, "POST", "/chat".to_owned(), json, format!(r#"{{"bot_id": "{escaped}"}}"#)),
        (false, "POST", "/chat".to_owned(), json, format!(r#"{{"bot_id": "a{one}"}}"#)),
        (false, "POST", "/chat".to_owned(), json, format!(r#"{{"bot_id": "a", "{one}": 1}}"#)),
        (false, "POST", "/chat".to_owned(), json, format!(r#"{{"bot_id": {{"{escaped}": []}}}}"#)),
        (false, "POST", format!("/{percent}"), json, String::new()),
        (false, "POST", format!("/chat/{percent}"), json, String::new()),
        (true, "POST", "/v1/form".to_owned(), form, format!("count=9&who={percent}")),
        (true, "POST", "/v1/form".to_owned(), form, format!("count=9&{percent}=a")),
        (true, "POST", "/v1/parts".to_owned(), multipart, format!("{part}\"{one}\"\r\n\r\na\r\n--b--\r\n")),
        (true, "POST", "/v1/parts".to_owned(), multipart, format!("{part}\"bot\"\r\n\r\n{one}\r\n--b--\r\n")),
        (true, "POST", "/v1/parts".to_owned(), multipart,
            format!("{part}\"file\"; filename=\"{one}\"\r\n\r\na\r\n--b--\r\n")),
        (true, "POST", "/v1/text".to_owned(), text, bytes),
    ]
}

#[test]
#[rustfmt::skip]
fn no_character_of_a_request_becomes_a_value_or_ends_the_mock() {
    let strict = strict();
    let chat = Project::new();
    let page = chat.read("spec/api.yaml").replace(
        "    responses:\n",
        "    parameters: {query: {bot: {type: string, example: \"{{ bot_id }}\"}}}\n    \
         responses:\n      400: {description: Wrong., example: {error: {message: Wrong.}}}\n",
    );
    chat.write("spec/api.yaml", page);
    let (strict, chat) = (Mock::start(&strict, &[]), Mock::start(&chat, &[]));
    let characters = (0xF0..=0x10F).flat_map(|high| {
        let lows = [0x000, 0x001, 0x010, 0x100, 0x111, 0x222, 0x4c3, 0xfff];
        lows.map(|low| char::from_u32((high << 12) + low).unwrap())
    });
    for one in characters {
        for (is_strict, method, path, headers, body) in with_character(one) {
            let mock = if is_strict { &strict } else { &chat };
            let answer = mock.ask(method, &path, headers, &body);
            assert_eq!(answer.status, 400, "{method} {path} {body}: {}", answer.body);
            let code = format!("U+{:04X}", one as u32);
            assert!(answer.body.contains(&code), "{path} {body}: {}", answer.body);
        }
        // Where bytes are no text of an answer, they may be any.
        let answer = strict.ask("PUT", "/v1/bytes", "Content-Type: image/png\r\n", &one.to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
        for header in ["Prefer", "Content-Type", "Authorization", "Cookie", "X-Ids"] {
            let headers = format!("{header}: example={one}\r\n");
            let answer = strict.ask("GET", "/v1/list?tag=a", &headers, "");
            assert!((400..500).contains(&answer.status), "{header}: {}", answer.status);
        }
    }
    let json = "Content-Type: application/json\r\n";
    assert_eq!(chat.ask("POST", "/chat?bot=b", json, r#"{"bot_id": "a"}"#).status, 200);
}

#[test]
fn the_callers_bot_is_found_wherever_the_example_has_it() {
    let endpoint = |id: &str, path: &str, parameters: &str| {
        format!(
            "  {id}:\n    title: {id}\n    method: POST\n    path: \"{path}\"\n    \
             parameters: {{{parameters}}}\n    \
             responses: {{200: {{description: Done., example: {{bot: \"{{{{ bot_id }}}}\"}}}}}}\n"
        )
    };
    let field = "{type: string, example: \"{{ bot_id }}\"}";
    let project = with_endpoints(
        &[
            endpoint(
                "a",
                "/bots/{bot_id}/chat",
                &format!("path: {{bot_id: {field}}}"),
            ),
            endpoint("b", "/by-header", &format!("header: {{X-Bot: {field}}}")),
            endpoint("c", "/by-cookie", &format!("cookie: {{bot: {field}}}")),
            endpoint("d", "/by-query", &format!("query: {{bot: {field}}}")),
            endpoint("e", "/bot-{{ bot_id }}/a", ""),
            endpoint("f", "/of/{{ bot_id }}", ""),
            endpoint(
                "g",
                "/v-{n}/{bot}.json",
                &format!("path: {{n: {{type: integer, example: 1}}, bot: {field}}}"),
            ),
        ]
        .concat(),
    );
    let mock = Mock::start(&project, &[]);
    let misleading = "bot_id: wrong\r\nn: wrong\r\n";
    for (path, headers) in [
        ("/bots/zed/chat", misleading),
        ("/by-header", "X-Bot: zed\r\n"),
        ("/by-cookie", "Cookie: a=b; bot=zed\r\n"),
        ("/by-query?bot=zed", ""),
        ("/bot-zed/a", misleading),
        ("/of/zed", misleading),
        ("/v-7/zed.json", misleading),
    ] {
        let answer = mock.ask("POST", path, headers, "");
        assert_eq!(
            (answer.status, &*answer.body),
            (200, "{\n  \"bot\": \"zed\"\n}"),
            "{path}"
        );
    }
    assert_eq!(mock.ask("POST", "/bot-/a", "", "").status, 404);
}

#[test]
fn path_parameters_are_judged_too() {
    let project = with_endpoints(
        "  nums:\n    title: Nums\n    method: GET\n    path: /nums/{n}\n    \
         parameters: {path: {n: {type: integer, minimum: 1, example: 1}}}\n    \
         responses: {200: {description: Done., example: {ok: true}}}\n  \
         tags:\n    title: Tags\n    method: GET\n    path: /tags/{list}\n    \
         parameters: {path: {list: {type: array, items: {type: string, enum: [a, b]}, example: [a, b]}}}\n    \
         responses: {200: {description: Done., example: {ok: true}}}\n",
    );
    let mock = Mock::start(&project, &[]);
    for (path, status, says) in [
        ("/nums/7", 200, "ok"),
        ("/nums/0", 422, "`n` is `0`, and must be at least 1"),
        ("/nums/abc", 422, "an integer must stand"),
        ("/nums/%ff", 422, "an integer must stand"),
        ("/nums/", 404, "no endpoint"),
        ("/tags/a,b", 200, "ok"),
        ("/tags/a,c", 422, "which is not among its values"),
    ] {
        let answer = mock.ask("GET", path, "", "");
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body.contains(says), "{path}: {}", answer.body);
    }
}

#[test]
#[rustfmt::skip]
fn clients_are_answered_as_servers_usually_do() {
    let project = with_endpoints(
        "  get:\n    title: Get\n    method: GET\n    path: /v1/items\n    \
         parameters: {query: {about: {type: string, enum: [tea time, a+b], example: a+b}}}\n    \
         responses: {200: {description: Done., example: {ok: true}}}\n  \
         post:\n    title: Post\n    method: POST\n    path: /v1/items\n    \
         request: {example: {a: 1}}\n    responses:\n      \
         200: {description: Done., example: {ok: true}}\n      \
         default: {description: Wrong., example: {message: Wrong.}}\n",
    );
    let mock = Mock::start(&project, &[]);
    let json = "Content-Type: application/json\r\n";
    let with = |header: &str| format!("{json}{header}\r\n");
    check_answers(&mock, &[
        // What URLSearchParams and forms write for a space.
        ("GET", "items?about=tea+time", "", "", 200, "ok"),
        ("GET", "items?about=tea%20time", "", "", 200, "ok"),
        ("GET", "items?about=a%2Bb", "", "", 200, "ok"),
        ("GET", "items?about=a+b", "", "", 422, "not among its values"),
        // Who asks for the head of what can be got gets it.
        ("HEAD", "items", "", "", 200, ""),
        ("HEAD", "items?about=no", "", "", 422, ""),
        ("HEAD", "nothing", "", "", 404, ""),
        ("PUT", "items", "", "", 405, "takes GET, HEAD, POST, not PUT"),
        ("POST", "items", &with("Content-Encoding: identity"), r#"{"a": 1}"#, 200, "ok"),
        ("POST", "items", &with("Content-Encoding: gzip"), "\u{1f}", 415, "`Content-Encoding: gzip`"),
        ("POST", "items", &with("Prefer: code=999"), r#"{"a": 1}"#, 400, "`999` is no status"),
        ("POST", "items", &with("Prefer: code=ok"), r#"{"a": 1}"#, 400, "`ok` is no status"),
        ("POST", "items", &with("Prefer: code=503"), r#"{"a": 1}"#, 503, "Wrong."),
    ]);
    assert_eq!(mock.ask("HEAD", "/v1/items", "", "").body, "");
}

/// A project of one page without auth, with these endpoints.
pub(crate) fn with_endpoints(endpoints: &str) -> Project {
    let page =
        format!("title: API\nservers: [{{url: https://api.example.com}}]\nendpoints:\n{endpoints}");
    Project::new().file("spec/api.yaml", page)
}

#[test]
fn the_first_success_with_an_example_of_the_name_answers() {
    let project = with_endpoints(
        "  a:\n    title: A\n    method: POST\n    path: /a\n    \
         request: {examples: {one: {a: 1}, two: {a: 2}, three: {a: 3}}}\n    responses:\n      \
         404: {description: None., examples: {gone: {message: None.}}}\n      \
         201: {description: Made., examples: {two: {made: 2}}}\n      \
         200: {description: There., examples: {one: {there: 1}, two: {there: 2}}}\n",
    );
    let mock = Mock::start(&project, &[]);
    let json = "Content-Type: application/json\r\n";
    for (body, prefer, status, says) in [
        (r#"{"a": 1}"#, "", 200, "\"there\": 1"),
        (r#"{"a": 2}"#, "", 201, "\"made\": 2"),
        (r#"{"a": 3}"#, "", 201, "\"made\": 2"),
        (r#"{"a": 9}"#, "", 200, "\"there\": 1"),
        (r#"{"a": 9}"#, "Prefer: example=two\r\n", 201, "\"made\": 2"),
        (
            r#"{"a": 9}"#,
            "Prefer: code=200, example=two\r\n",
            200,
            "\"there\": 2",
        ),
        (r#"{"a": 1}"#, "Prefer: example=gone\r\n", 404, "None."),
    ] {
        let answer = mock.ask("POST", "/a", &format!("{json}{prefer}"), body);
        assert_eq!(answer.status, status, "{body} {prefer}: {}", answer.body);
        assert!(
            answer.body.contains(says),
            "{body} {prefer}: {}",
            answer.body
        );
    }
}

#[test]
fn headers_that_say_how_an_answer_travels_follow_from_the_answer() {
    let header = |name: &str, value: &str| {
        format!("            {name}: {{type: string, example: \"{value}\"}}\n")
    };
    let framing = [
        ("Content-Length", "500"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "keep-alive"),
        ("Keep-Alive", "timeout=5"),
        ("Proxy-Connection", "keep-alive"),
        ("Content-Encoding", "gzip"),
        ("Trailer", "Expires"),
        ("Upgrade", "h2c"),
        ("TE", "trailers"),
    ];
    let headers: String = framing
        .iter()
        .map(|(name, value)| header(name, value))
        .collect();
    let headers = headers + &header("X-Left", "7");
    let project = with_endpoints(&format!(
        "  a:\n    title: A\n    method: GET\n    path: /a\n    responses:\n      200:\n        \
         description: Done.\n        headers:\n{headers}        example: {{ok: true}}\n"
    ));
    let mock = Mock::start(&project, &[]);
    let answer = mock.ask("GET", "/a", "", "");
    assert_eq!(
        (answer.status, &*answer.body),
        (200, "{\n  \"ok\": true\n}")
    );
    assert!(answer.head.contains("\r\nx-left: 7"), "{}", answer.head);
    for (name, value) in framing {
        let line = format!("\r\n{}: {value}", name.to_ascii_lowercase());
        assert!(!answer.head.contains(&line), "{}", answer.head);
    }
}

#[test]
fn answers_name_the_callers_bot() {
    let project = Project::copy_of("tests/golden/everything");
    let mut mock = Mock::start(&project, &[]);
    let is_told = |line: &str| line.starts_with("  GET /v2/bots/") && line.ends_with("/story");
    mock.running.line("what is there", is_told);
    // The ID stands in the path of one, and in nobody's answer by chance.
    let answer = mock.ask("GET", "/v2/bots/grace-7/story?about=tea", "", "");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(!answer.body.contains("your-bot"));
    let spec = project.read("spec/chat.yaml");
    let marked = spec.replace(
        "text: \"I am {{ bot_name }}. Nice",
        "text: \"I am {{ bot_id }}. Nice",
    );
    let marked = marked.replace("data: \"{{ bot_name }}\"", "data: \"{{ bot_id }}\"");
    project.write("spec/chat.yaml", marked);
    let mock = Mock::start(&project, &[]);
    let headers = "Authorization: Bearer x\r\nContent-Type: application/json\r\n";
    let body = r#"{"bot_id": "grace-7", "text": "Hi"}"#;
    let answer = mock.ask(
        "POST",
        "/v2/chats/019dd3e1-7c20-7a3b-8f45-2b6d90c1e7aa/messages",
        headers,
        body,
    );
    assert!(
        answer.body.contains("I am grace-7. Nice"),
        "{}",
        answer.body
    );
}

#[test]
fn only_this_machine_can_ask_and_not_too_much() {
    let project = shipped();
    let mock = Mock::start(&project, &[]);
    assert_eq!(mock.ask("GET", "/", "Host: evil.test\r\n", "").status, 421);
    let headers = "Authorization: Bearer x\r\nContent-Type: application/json\r\n";
    let long = format!("\"{}\"", "a".repeat(1024 * 1024));
    let status = mock.ask("POST", "/api/responses", headers, &long).status;
    assert!([0, 413].contains(&status), "{status}");
    // Who opens connections and says nothing keeps nobody out.
    let idle: Vec<_> = (0..400)
        .map(|_| TcpStream::connect(&mock.address).unwrap())
        .collect();
    assert_eq!(mock.chat(&prompt(BOT), "").status, 200);
    drop(idle);
}

/// The most memory that a process had, in MB.
pub(crate) fn peak(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() / 1024
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
    let peak = mock.peak();
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

/// Whether the other end has closed a connection.
pub(crate) fn is_closed(client: &mut TcpStream) -> bool {
    client.set_nonblocking(true).unwrap();
    let mut rest = [0; 1 << 16];
    loop {
        match client.read(&mut rest) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

#[test]
fn idle_clients_give_way_to_others_and_streams_stay() {
    let project = shipped();
    let mock = Mock::start_with_files(&project, 64, &["--pace", "60000"]);
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
    let mock = Mock::start_with_files(&project, 64, &["--pace", "60000"]);
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

/// Waits until something is so.
pub(crate) fn until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LIMIT);
        std::thread::yield_now();
    }
}

/// Whether the other end, on this machine too, has read all that was sent.
pub(crate) fn is_read(client: &TcpStream) -> bool {
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
    is_told(&answer(broken), "400", "its chunks are broken");
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
    let before = mock.peak();
    // Who leaves after the head takes along what was still to come.
    for _ in 0..2000 {
        drop(ask());
    }
    let after = mock.peak();
    assert!(after < before + 40, "{before} MB, then {after} MB");
    // And who stays shares it with the others.
    let stay: Vec<TcpStream> = (0..800).map(|_| ask()).collect();
    let with_many = mock.peak();
    assert!(with_many < before + 80, "{before} MB, then {with_many} MB");
    drop(stay);
}

/// A command with the tools that the tests bring: `requests` and `tsc`.
pub(crate) fn test_command(project: &Project) -> Command {
    let mut command = project.command(&["test"]);
    let tools: [PathBuf; 2] = [
        repository().join("target/samples/bin"),
        repository().join("tests/samples/node_modules/.bin"),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = tools.into_iter().chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(paths).unwrap());
    for name in ["HOME", "GOCACHE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Every language but PowerShell, which no registry has: its samples are parsed in `samples.rs`.
#[track_caller]
fn all_samples_run(project: &Project, least: usize) {
    let output = test_command(project).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    let ran = stdout
        .lines()
        .filter(|line| line.starts_with("ok "))
        .count();
    assert!(ran >= least, "{ran}\n{stdout}");
    let not_run: Vec<&str> = stderr
        .lines()
        .filter(|line| line.starts_with("not run") && !line.ends_with("in writing"))
        .collect();
    assert!(
        not_run.iter().all(|line| line.contains("PowerShell")),
        "{not_run:?}: run ./test"
    );
    let rows = Language::ALL.map(Language::row);
    let programs = rows.iter().flat_map(|row| row.programs);
    let programs = programs.map(|program| program.name);
    // `sh` is for machines without the other shells.
    for tool in programs.filter(|name| !["sh", "pwsh"].contains(name)) {
        let is_there = stdout.contains(&format!("({tool})"));
        assert!(
            is_there || project.read("spec/site.yaml").contains("samples:"),
            "{tool}\n{stdout}"
        );
    }
}

/// Runs a program of `tests/samples/` and gives what it prints.
#[track_caller]
fn client(program: &str, arguments: &[&str]) -> String {
    let root = repository();
    let mut command = match program.rsplit_once('.') {
        Some((_, "py")) => tool(root.join("target/samples/bin/python")),
        Some((_, "go")) => {
            let mut go = tool("go");
            // Debian's packages of Go's libraries stand there.
            go.envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode")])
                .arg("run");
            go
        }
        _ => tool("node"),
    };
    let output = command
        .arg(root.join("tests/samples").join(program))
        .args(arguments)
        .output()
        .expect("run ./test, which installs what the tests need");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn clients_of_others_get_the_documented_events() {
    let project = shipped();
    let mock = Mock::start(&project, &["--pace", "20"]);
    let address = format!("http://{}/api/chat/completion", mock.address);
    let mut body = prompt(BOT);
    body["stream"] = true.into();
    let expected = [
        json!(["chat_id", "019dd3e1-7c20-7a3b-8f45-2b6d90c1e7aa"]),
        json!(["message", "Choose “Forgot password?” "]),
        json!(["message", "on the sign-in page "]),
        json!(["message", "and follow the link that we send you."]),
        json!([
            "token_usage",
            "{\"input_tokens\": 186, \"output_tokens\": 19}"
        ]),
        json!(["__done__", ""]),
    ];
    for program in [
        "sse_client.py",
        "sseclient_client.py",
        "sse_client.mjs",
        "eventsource_client.mjs",
        "sse_client.go",
    ] {
        let printed = client(program, &[&address, &body.to_string()]);
        let events: Vec<Value> = printed
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(events, expected, "{program}");
    }
    // And Rust's, on the bytes as they came.
    let sent = mock.chat(&body, "").body;
    let events = rusts(&sent).into_iter();
    let events: Vec<Value> = events.map(|(name, data, _)| json!([name, data])).collect();
    assert_eq!(events, expected, "eventsource-stream");
}

#[test]
fn clients_of_openai_work_with_a_mock_of_their_shape() {
    let project = Project::copy_of("tests/samples/chat-completions");
    let mock = Mock::start(&project, &["--pace", "20"]);
    let base = format!("http://{}/v1", mock.address);
    for program in ["openai_client.py", "openai_client.mjs"] {
        let printed = client(program, &[&base]);
        let expected = "One, two, three.\n|One, |two, three.|\n`messages` has 0 items, and must have at least 1\n";
        assert_eq!(printed, expected, "{program}");
    }
}

#[test]
fn every_sample_of_the_shipped_spec_runs() {
    all_samples_run(&shipped(), 40);
}

#[test]
fn every_sample_of_every_construct_runs() {
    let project = Project::copy_of("tests/golden/everything");
    all_samples_run(&project, 40);
    let site = project.read("spec/site.yaml");
    let start = site.find("samples:").unwrap();
    let end = site.find("\nredirects:").unwrap();
    project.write(
        "spec/site.yaml",
        format!("{}{}", &site[..start], &site[end..]),
    );
    all_samples_run(&project, 150);
}
