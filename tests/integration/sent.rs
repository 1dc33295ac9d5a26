//! Hostile names and values in every place of a request and in every language: they arrive byte for
//! byte, or `check` refuses them. The mock holds what arrives to an `enum` of the one right value.

use botdocs::cli::json_schema::{self, SchemaKind};
use botdocs::input::page_kind::PageKind;
use serde_json::{Map, Value, json};

use crate::mock::test_command;
use crate::project::Project;
use crate::samples::quick_languages;

/// Texts that some tool, shell, language or part of HTTP reads as its own syntax.
const TEXTS: [&str; 48] = [
    "x=@/etc/hostname;a",
    "@/etc/hostname",
    "<file",
    "a;type=text/html",
    "\"q\"",
    "\\",
    "a\\",
    "-n",
    "--data",
    "[1-3]{a,b}",
    " blank ",
    "%41",
    "+",
    "a+b",
    "&",
    "#",
    "é",
    "🐈",
    "'",
    "$HOME",
    "`id`",
    "__proto__",
    "constructor",
    "-",
    "=a",
    "(x",
    "a,b",
    "?",
    "/",
    "~",
    "*",
    "!!",
    "{}",
    "#{1}",
    ":",
    "null",
    "1",
    "|",
    "<!--",
    "toString",
    "a.b",
    "a[b]",
    "a[]",
    "0",
    "$(id)",
    "%0d%0aX-Evil: 1",
    ".a",
    "^&%PATH%",
];

const PLACES: [&str; 7] = [
    "path",
    "query",
    "header",
    "cookie",
    "form",
    "multipart",
    "json",
];

/// How many variables a project of these may have.
const VARIABLES: usize = 24;

fn is_sent_in(place: &str, text: &str) -> bool {
    let is_line = text.trim() == text && text.is_ascii();
    match place {
        "header" => is_line,
        "cookie" => is_line && !text.contains(';'),
        _ => true,
    }
}

fn can_name(place: &str, name: &str) -> bool {
    match place {
        "query" | "form" | "json" => true,
        "multipart" => !name.contains(['=', '"', '\\']) && name.trim() == name,
        _ => false,
    }
}

/// An endpoint that takes one text for each name; `example` is how each is written.
fn endpoint(
    id: &str,
    place: &str,
    pairs: &[(String, String)],
    example: impl Fn(&str) -> Value,
) -> Value {
    let is_parameter = matches!(place, "path" | "query" | "header" | "cookie");
    let mut fields = Map::new();
    let mut values = Map::new();
    let mut path = format!("/{id}");
    for (name, text) in pairs {
        let mut field = json!({"type": "string", "enum": [text]});
        if place == "path" {
            path += &format!("/{{{name}}}");
        } else {
            field["required"] = true.into();
        }
        if is_parameter {
            field["example"] = example(text);
        }
        fields.insert(name.clone(), field);
        values.insert(name.clone(), example(text));
    }
    let taken = json!({"description": "Taken.", "content_type": "text/plain", "example": "taken"});
    let mut endpoint =
        json!({"title": id, "method": "GET", "path": path, "responses": {"200": taken}});
    if is_parameter {
        endpoint["parameters"] = json!({ place: fields });
        return endpoint;
    }
    let content_type = match place {
        "form" => "application/x-www-form-urlencoded",
        "multipart" => "multipart/form-data",
        _ => "application/json",
    };
    endpoint["method"] = "POST".into();
    endpoint["request"] =
        json!({"content_type": content_type, "fields": fields, "example": values});
    endpoint
}

/// An API page of endpoints.
fn api(endpoints: &Map<String, Value>) -> Value {
    json!({
        "title": "API", "servers": [{"url": "https://api.example"}], "auth": {"type": "none"},
        "endpoints": endpoints,
    })
}

/// Whether the JSON Schema takes an API page.
fn fits_schema(api: &Value) -> bool {
    let schema = serde_json::from_str(&json_schema::of(SchemaKind::Page(PageKind::Api))).unwrap();
    jsonschema::is_valid(&schema, api)
}

fn project(client: &Value, variables: &Value, endpoints: &Map<String, Value>) -> Project {
    let choice = |name| {
        if name == "python" {
            client.clone()
        } else {
            json!(name)
        }
    };
    let samples: Vec<Value> = quick_languages().into_iter().map(choice).collect();
    let site = json!({
        "title": "Docs", "navigation": ["api"], "samples": samples, "variables": variables,
    });
    let api = api(endpoints);
    // JSON is YAML; the keys of responses are texts of digits there.
    Project::empty()
        .file("spec/site.yaml", site.to_string())
        .file("spec/api.yaml", api.to_string())
}

#[track_caller]
fn all_arrive(project: &Project, endpoints: usize) {
    let output = test_command(project).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}{stderr}");
    // cURL in two shells.
    let ran = stdout.lines().filter(|line| line.starts_with("ok "));
    assert_eq!(ran.count(), endpoints * 7, "{stdout}{stderr}");
}

fn clients() -> [Value; 2] {
    [
        json!("python"),
        json!({"language": "python", "client": "urllib"}),
    ]
}

#[test]
fn hostile_names_and_values_arrive_in_every_place() {
    let mut endpoints = Map::new();
    for place in PLACES {
        let texts = TEXTS.iter().enumerate();
        let texts = texts.filter(|(_, text)| is_sent_in(place, text));
        let pairs: Vec<_> = texts
            .map(|(at, text)| (format!("X-{at}"), (*text).to_owned()))
            .collect();
        let id = format!("{place}-values");
        endpoints.insert(id.clone(), endpoint(&id, place, &pairs, |it| it.into()));
        let names = TEXTS.iter().enumerate();
        let names = names.filter(|(_, name)| can_name(place, name));
        let pairs: Vec<_> = names
            .map(|(at, name)| ((*name).to_owned(), format!("v{at}")))
            .collect();
        if !pairs.is_empty() {
            let id = format!("{place}-names");
            endpoints.insert(id.clone(), endpoint(&id, place, &pairs, |it| it.into()));
        }
    }
    let mut key = endpoint("key", "query", &[], |it| it.into());
    key["auth"] = json!({"type": "apiKey", "in": "query", "name": "a&b=#", "env": "KEY"});
    endpoints.insert("key".to_owned(), key);
    for client in clients() {
        let count = endpoints.len();
        assert_eq!(count, 7 + 4 + 1);
        assert!(fits_schema(&api(&endpoints)));
        all_arrive(&project(&client, &json!({}), &endpoints), count);
    }
}

/// Headers and cookies take variables only whose values are made of plain characters.
#[test]
fn hostile_values_of_variables_arrive() {
    for (client, texts) in clients().iter().cycle().zip(TEXTS.chunks(VARIABLES)) {
        let variable = |text: &str| {
            let at = texts.iter().position(|other| *other == text).unwrap();
            Value::from(format!("{{{{ v{at} }}}}"))
        };
        let variables = texts.iter().enumerate().map(|(at, text)| {
            let variable = json!({"type": "string", "example": text, "placeholder": text});
            (format!("v{at}"), variable)
        });
        let variables = Value::Object(variables.collect());
        let mut endpoints = Map::new();
        for place in ["path", "query", "form", "multipart", "json"] {
            let pairs = texts.iter().enumerate();
            let pairs: Vec<_> = pairs
                .map(|(at, text)| (format!("X-{at}"), (*text).to_owned()))
                .collect();
            endpoints.insert(place.to_owned(), endpoint(place, place, &pairs, variable));
        }
        all_arrive(&project(client, &variables, &endpoints), 5);
    }
}

/// What a tool takes for its standard input, another file, or more than a name.
#[test]
fn files_with_hostile_names_are_sent() {
    let names = ["-", "-n", "@x", "a;b.png", "<file", " blank ", "é.png"];
    let mut variables = Map::new();
    let plain = json!({"pattern": "[a-z.-]+", "example": "-n", "placeholder": "-n"});
    variables.insert("f".to_owned(), plain);
    let mut endpoints = Map::new();
    let mut part = |id: String, name: &str, written: &str| {
        let pair = [(id.clone(), name.to_owned())];
        let mut part = endpoint(&id, "multipart", &pair, |_| written.into());
        part["request"]["fields"][&id]["format"] = "binary".into();
        endpoints.insert(id, part);
    };
    // A value of a variable stands in the name of a file only behind other text.
    part("hole".to_owned(), "a-n", "a{{ f }}");
    for (at, name) in names.iter().enumerate() {
        part(format!("file-{at}"), name, name);
    }
    for (at, name) in names.iter().enumerate() {
        let id = format!("raw-{at}");
        let mut raw = endpoint(&id, "json", &[], |it| it.into());
        raw["request"] = json!({
            "content_type": "application/octet-stream",
            "schema": {"type": "string", "format": "binary"},
            "example": name,
        });
        endpoints.insert(id, raw);
    }
    let count = endpoints.len();
    let project = project(&json!("python"), &Value::Object(variables), &endpoints);
    all_arrive(&project, count);
}

#[test]
fn what_can_not_be_sent_as_it_is_is_refused() {
    let dots = "a part of the path that is only dots";
    let blanks = "blanks around the value of a header";
    let ascii = "a character beyond ASCII in a header";
    let refused = [
        ("path", "", "an empty text for a part of the path"),
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
        is_refused(endpoint("e", place, &pair, |it| it.into()), message);
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
    let odd = "a character in the path that a URL can't have";
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
    let host = "a host that is no name and no address";
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
        is_refused(text, " is no media type");
    }
}

#[track_caller]
fn is_refused(endpoint: Value, message: &str) {
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
        matches!(told[..], [one] if one.contains(message)),
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
