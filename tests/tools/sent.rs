//! Hostile names and values in every place of a request and in every language: they arrive byte for
//! byte. The mock holds what arrives to an `enum` of the one right value.

use serde_json::{Map, Value, json};

use crate::mock::test_command;
use crate::project::Project;
use crate::support::sent::{api, clients, endpoint, fits_schema, project};

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
        // Servers end or drop other values (RFC 6265, section 4.1.1), and `check` refuses them.
        "cookie" => is_line && !text.contains([';', ',', '\\', '"', ' ']),
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
