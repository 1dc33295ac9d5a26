//! `mock` over real sockets: what it answers, and to whom.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::project::Project;
use crate::support::mock::{Answer, BOT, Mock, prompt, shipped, with_endpoints};

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
        ("POST", path, &*with_key, "{", 400, "not valid JSON"),
        ("POST", path, &*with_key, "", 422, "body is missing"),
        (
            "POST",
            path,
            &*with_key,
            "{}",
            422,
            "missing field `bot_id` in the body",
        ),
        (
            "POST",
            path,
            &*with_key,
            r#"{"bot_id": "019dd3d4-4b7e-71eb-9561-5cf790a5da57"}"#,
            422,
            "missing field `prompt` in the body",
        ),
        (
            "POST",
            path,
            &*with_key,
            r#"{"bot_id": "019dd3d4-4b7e-71eb-9561-5cf790a5da57", "prompt": 1}"#,
            422,
            "`prompt` is an integer, expected a string",
        ),
        (
            "POST",
            path,
            "Authorization: Bearer x\r\nContent-Type: text/plain\r\n",
            "a",
            415,
            "Content-Type",
        ),
        ("GET", path, &*with_key, "", 405, "supports POST"),
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
        (r#"{"tags": ["a", "a"]}"#, "`tags` has a duplicate item"),
        (
            r#"{"tags": ["a", 1]}"#,
            "item 2 of `tags` is an integer, expected a string (at `/tags/1`)",
        ),
        (r#"{"step": 0.7}"#, "a multiple of 0.5"),
        (r#"{"over": 0}"#, "more than 0"),
        (r#"{"over": 1}"#, "less than 1"),
        (r#"{"mail": "nobody"}"#, "which is not a valid email"),
        (
            r#"{"part": {"type": "text"}}"#,
            "missing field `text` in `part`",
        ),
        (
            r#"{"part": {"type": "sound"}}"#,
            "the alternatives are: `Text`",
        ),
        (
            r#"{"free": {"a": "b"}}"#,
            "`a` is a string, expected an integer (at `/free/a`)",
        ),
        (
            r#"{"codes": "ABC"}"#,
            "`codes` is in the body, but not documented; did you mean `code`?",
        ),
        ("[]", "the body is an array, expected an object"),
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
        ("POST", "form", form, "who=Ada", 422, "missing field `count` in the body"),
        ("POST", "form", form, "count=three", 422, "`count` is a string, expected an integer"),
        ("POST", "parts", multipart, &whole, 200, "\"for\": \"grace-7\""),
        ("POST", "parts", multipart, &wrong, 422, "its values are: photo, plan"),
        ("POST", "parts", multipart, &less, 422, "missing field `file` in the body"),
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
            "no response 302 is documented; available: 200"),
        ("POST", "text", "Content-Type: text/plain\r\nPrefer: example=none\r\n", "Hello", 400,
            "no example `none` is documented here; available: default"),
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
        ("GET", "list?tag=a", "Cookie: session=abc\r\nX-Ids: 1, x\r\n", "", 422, "expected an integer"),
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
        ("GET", "list?tag=a&page=1&page=1", cookie, "", 422, "`page` is an array, expected an integer"),
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
        ("/nums/abc", 422, "expected an integer"),
        ("/nums/%ff", 422, "expected an integer"),
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
        ("PUT", "items", "", "", 405, "supports GET, HEAD, POST, not PUT"),
        ("POST", "items", &with("Content-Encoding: identity"), r#"{"a": 1}"#, 200, "ok"),
        ("POST", "items", &with("Content-Encoding: gzip"), "\u{1f}", 415, "`Content-Encoding: gzip`"),
        ("POST", "items", &with("Prefer: code=999"), r#"{"a": 1}"#, 400, "`999` is not a status code"),
        ("POST", "items", &with("Prefer: code=ok"), r#"{"a": 1}"#, 400, "`ok` is not a status code"),
        ("POST", "items", &with("Prefer: code=503"), r#"{"a": 1}"#, 503, "Wrong."),
    ]);
    assert_eq!(mock.ask("HEAD", "/v1/items", "", "").body, "");
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
