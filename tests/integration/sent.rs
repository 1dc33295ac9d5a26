//! Hostile names and values in every place of a request: `check` refuses those that no client sends
//! unchanged. `tests/tools/sent.rs` checks that the others arrive.

use serde_json::{Map, Value, json};

use crate::support::sent::{api, endpoint, fits_schema, project};

#[test]
fn what_can_not_be_sent_as_it_is_is_refused() {
    let dots = "a part of the path that is only dots";
    let blanks = "blanks around the value of a header";
    let ascii = "a character beyond ASCII in a header";
    let refused = [
        ("path", "", "an empty part of the path"),
        ("path", ".", dots),
        ("path", "..", dots),
        ("header", " a", blanks),
        ("header", "a ", blanks),
        ("header", "é", ascii),
        ("header", "日本", ascii),
        (
            "header",
            "a\nb",
            "a line end or control character in a header",
        ),
        ("cookie", "é", ascii),
        ("cookie", " a", blanks),
        ("cookie", "a;b", "a semicolon in the value of a cookie"),
    ];
    for (place, text, message) in refused {
        let pair = [("x".to_owned(), text.to_owned())];
        // The text is the example, and the only value of `enum`.
        is_refused_in(2, endpoint("e", place, &pair, |it| it.into()), message);
    }
    for place in ["header", "cookie"] {
        let pair = [("__proto__".to_owned(), "x".to_owned())];
        let shown = "`__proto__` can't name a header or cookie";
        is_refused(endpoint("e", place, &pair, |it| it.into()), shown);
    }
    for name in ["x=@/etc/hostname;a", "a\"b", "a\\", " a", "a="] {
        let pair = [(name.to_owned(), "x".to_owned())];
        let shown = format!("`{name}` can't name a part of multipart/form-data");
        let mut part = endpoint("e", "multipart", &pair, |it| it.into());
        is_refused(part.clone(), &shown);
        // Also where only the fields have it.
        part["request"]["fields"][name] = json!({"type": "string"});
        part["request"]["example"] = json!({});
        is_refused(part, &shown);
    }
    let odd = "a character that is not allowed in the path of a URL";
    let parts = ["/a/../b", "/./b", "/a/%2e%2E/b", "/.%2e", "/%2E"];
    let parts = parts.map(|path| (path, dots));
    let characters = ["/é", "/a\"b", "/`id`", "/[1-3]", "/a|b"].map(|path| (path, odd));
    for (path, message) in parts.into_iter().chain(characters) {
        let mut endpoint = endpoint("e", "query", &[], |it| it.into());
        endpoint["path"] = path.into();
        is_refused(endpoint, message);
        let mut endpoint = self::endpoint("e", "query", &[], |it| it.into());
        endpoint["servers"] = json!([{"url": format!("https://api.example{path}")}]);
        is_refused(endpoint, message);
    }
    let user = "a user's name in a base URL";
    let braces = "braces in a base URL";
    let host = "a host that is neither a name nor an address";
    for (url, message) in [
        ("https://ada@api.example", user),
        ("https://ada:pass@api.example/v1", user),
        ("https://api.example/{a,b}", braces),
        ("https://{a,b}.example", braces),
        ("https://api.example\"", host),
        ("https://$(id).example/v1", host),
        ("https://api.example`id`", host),
    ] {
        let mut endpoint = endpoint("e", "query", &[], |it| it.into());
        endpoint["servers"] = json!([{"url": url}]);
        is_refused(endpoint, message);
    }
    for content_type in ["text/plain\nX-Evil: 1", "text/plain; a=é", " text/plain"] {
        let mut text = endpoint("e", "json", &[], |it| it.into());
        text["request"] = json!({"content_type": content_type, "example": "x"});
        is_refused(text, " is not a media type");
    }
}

#[track_caller]
fn is_refused(endpoint: Value, message: &str) {
    is_refused_in(1, endpoint, message);
}

#[track_caller]
fn is_refused_in(places: usize, endpoint: Value, message: &str) {
    let endpoints = Map::from_iter([("e".to_owned(), endpoint)]);
    assert!(
        !fits_schema(&api(&endpoints)),
        "the schema takes: {message}"
    );
    let ran = project(&json!("python"), &json!({}), &endpoints).run(&["check"]);
    let ran = ran.exits(1);
    let told = ran.stderr.lines().filter(|line| line.starts_with("error["));
    let told: Vec<&str> = told.collect();
    assert!(
        told.len() == places && told.iter().all(|one| one.contains(message)),
        "{message}: {told:?}"
    );
}

/// What a stream adds to a form is sent as the form is.
#[test]
fn no_patch_of_a_form_brings_a_name_that_clients_read_as_syntax() {
    for name in ["a=@/etc/hostname;type", "a\"b", " a"] {
        let pair = [("x".to_owned(), "y".to_owned())];
        let mut form = endpoint("e", "multipart", &pair, |it| it.into());
        form["stream"] = json!({"format": "text", "request": {name: "x"}, "example": "a"});
        let endpoints = Map::from_iter([("e".to_owned(), form)]);
        let ran = project(&json!("python"), &json!({}), &endpoints).run(&["check"]);
        let shown = format!("`{name}` can't name a part of multipart/form-data");
        assert!(ran.stderr.contains(&shown), "{name}: {}", ran.stderr);
        assert_eq!(ran.code, Some(1));
    }
}

/// A value of a variable where it is a whole part of a path.
#[test]
fn no_value_of_a_variable_leads_to_another_path() {
    let places = [
        json!({"path": "/a/{{ x }}/b"}),
        json!({"path": "/a/{{ x }}"}),
        json!({"path": "/a/.{{ x }}"}),
        json!({"path": "/a/{{ x }}{{ y }}"}),
        json!({"servers": [{"url": "https://api.example/{{ x }}/v1"}]}),
        json!({"servers": [{"url": "https://api.example/v1/{{ x }}"}]}),
        json!({"path": "/a/{p}", "parameters": {"path": {"p": {"type": "string", "example": "{{ x }}"}}}}),
    ];
    for place in places {
        let mut endpoint = endpoint("e", "query", &[], |it| it.into());
        for (key, value) in place.as_object().unwrap() {
            endpoint[key] = value.clone();
        }
        let endpoints = Map::from_iter([("e".to_owned(), endpoint)]);
        let with = |x: Value| {
            let variables = json!({"x": x, "y": {"pattern": "[a-z.]*", "example": "b"}});
            project(&json!("python"), &variables, &endpoints)
        };
        let plain = json!({"pattern": "[a-z.]+", "example": "a"});
        let right = with(plain.clone());
        right.run(&["check"]).exits(0);
        right.run(&["build", "--set", "x=a..b"]).exits(0);
        for value in [".", ".."] {
            let set = format!("x={value}");
            for arguments in [["build", "--set", &set], ["mock", "--set", &set]] {
                let ran = right.run(&arguments).exits(2);
                assert!(ran.stderr.contains("clients resolve"), "{place}: {ran:?}");
            }
            right.write(
                "bots.jsonl",
                json!({"bot_id": "ada", "x": value}).to_string() + "\n",
            );
            let ran = right.run(&["check", "--bots", "bots.jsonl"]).exits(1);
            assert!(ran.stderr.contains("clients resolve"), "{place}: {ran:?}");
            for key in ["example", "default", "placeholder"] {
                let mut wrong = plain.clone();
                wrong[key] = value.into();
                let ran = with(wrong).run(&["check"]).exits(1);
                assert!(
                    ran.stderr.contains("clients resolve"),
                    "{key}: {place}: {ran:?}"
                );
            }
        }
    }
    // Elsewhere dots are a text like any other.
    let pair = [("x".to_owned(), "..".to_owned())];
    let endpoint = endpoint("e", "query", &pair, |_| "a {{ x }}".into());
    let endpoints = Map::from_iter([("e".to_owned(), endpoint)]);
    let variables = json!({"x": {"example": "..", "placeholder": ".."}});
    let ran = project(&json!("python"), &variables, &endpoints).run(&["check"]);
    assert!(!ran.stderr.contains("clients resolve"), "{ran:?}");
}
