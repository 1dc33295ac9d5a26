//! Projects that are made of what an input chooses, so that most of them are right: schemas with an
//! example of each, streams that join into their response, prose of sound pieces.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

use crate::NEXT_FILE;

/// Names of fields and parameters; no two are slips of each other.
const NAMES: [&str; 10] = [
    "bot_id", "text", "usage", "model", "turns", "x", "kind", "limit", "sources", "a.b",
];

/// Pieces of prose, each a block of Markdown.
const PIECES: [&str; 22] = [
    "Plain words, and *stress* on `code`.",
    "The bot is {{ bot_id }}, called {{ bot_name }}.",
    "[One](https://example.com/?a=b&c=d) and <https://example.com>.",
    "See [the page](api), [a guide](guide.md) and {{ docs_url }}.",
    "- one\n- two\n  - three",
    "1. one\n2. two",
    "> A quote\n> of two lines.",
    "> [!TIP]\n> A note with `code`.",
    "| a | b |\n| --- | :-: |\n| c | {{ bot_name }} |",
    "```json\n{\"bot\": \"{{ bot_id }}\", \"n\": [1, true, null]}\n```",
    "```sh\ncurl https://example.com | jq .\n```",
    "    indented code",
    "Braces that are none: \\{{ x }}.",
    "A \\<b>tag\\</b> as text, &amp; an entity, <!-- a comment -->.",
    "**Strong** ~~gone~~ a\\\nbreak.",
    "A note[^1].\n\n[^1]: Its text.",
    "- [ ] open\n- [x] done",
    "---",
    "Words in עברית and العربية, 日本語 and 🙂.",
    "Quotes \" ' ` and \\ a backslash.",
    "<!-- alone -->",
    "[a reference][r]\n\n[r]: https://example.com/r \"Title\"",
];

/// The texts of examples. None is a placeholder as a whole: a field has one on all of a page.
const TEXTS: [&str; 10] = [
    "Hello",
    "Bot {{ bot_id }} it is",
    "I am {{ bot_name }}.",
    "two\nlines\n",
    "\"quotes\" and 'more' \\ `",
    "é 🙂 ‘’",
    "a </script><b> c",
    "a\tb",
    "$HOME #{x} %s",
    "",
];

/// The files of a project, as [`project`](crate::project) reads them.
pub fn files(from: &mut Unstructured<'_>) -> Result<String> {
    let api = serde_json::to_string_pretty(&api(from)?).expect("values can be printed");
    let site = site(from)?;
    let guide = format!("---\ntitle: Guide\n---\n{}\n", guide(from)?);
    Ok([api, site.to_string(), guide].join(NEXT_FILE))
}

fn site(from: &mut Unstructured<'_>) -> Result<Value> {
    let mut site = json!({
        "title": "Docs of {{ bot_name }}",
        "navigation": ["api", {"title": "Guides", "pages": ["guide"]}],
        "variables": {
            "bot_id": {"placeholder": "YOUR_BOT_ID", "example": "ada"},
            "bot_name": {"placeholder": "your bot", "max_length": 40, "example": "Ada & Co"},
            "docs_url": {"type": "url", "default": "https://docs.example.com/"},
        },
    });
    let more = [
        ("description", json!("What it is.")),
        ("language", json!("de")),
        ("banner", json!("A *banner*.")),
        ("accent", json!("#3350cf")),
        ("site_url", json!("https://example.com/docs/")),
        ("edit_url", json!("https://example.com/edit/{path}")),
        (
            "header",
            json!([{"title": "Home", "url": "https://example.com"}]),
        ),
        ("footer", json!([{"title": "Guide", "url": "guide"}])),
        ("redirects", json!({"old": "guide", "api#gone": "guide"})),
        (
            "samples",
            json!(["curl", {"language": "python", "client": "urllib"}]),
        ),
        ("twins", json!("none")),
    ];
    for (key, value) in more {
        if from.ratio(1, 4)? {
            site[key] = value;
        }
    }
    Ok(site)
}

fn guide(from: &mut Unstructured<'_>) -> Result<String> {
    let mut blocks = vec!["Text.".to_owned()];
    let mut left = PIECES.to_vec();
    for number in 0..from.int_in_range(0..=4)? {
        blocks.push(format!("## Part {number}"));
        blocks.push(prose_of(&mut left, from)?);
    }
    Ok(blocks.join("\n\n"))
}

/// Some blocks of Markdown; a few are what the input itself says.
fn prose(from: &mut Unstructured<'_>) -> Result<String> {
    prose_of(&mut PIECES.to_vec(), from)
}

/// Takes each piece once: two footnotes, or two definitions of a link, of one label are a fault.
fn prose_of(left: &mut Vec<&str>, from: &mut Unstructured<'_>) -> Result<String> {
    let mut blocks = Vec::new();
    for _ in 0..from.int_in_range(1..=3)? {
        if from.ratio(1, 40)? {
            blocks.push(from.arbitrary::<&str>()?.replace(NEXT_FILE, ""));
        } else {
            let at = from.choose_index(left.len())?;
            blocks.push(left.swap_remove(at).to_owned());
        }
    }
    blocks.push("Text.".to_owned());
    Ok(blocks.join("\n\n"))
}

fn api(from: &mut Unstructured<'_>) -> Result<Value> {
    let mut endpoints = Map::new();
    for id in ["chat", "search", "files-list", "x"] {
        if endpoints.is_empty() || from.ratio(1, 2)? {
            endpoints.insert(id.to_owned(), endpoint(id, from)?);
        }
    }
    let mut api = json!({
        "title": "API",
        "servers": [{"url": "https://api.example.com/v1"}],
        "endpoints": endpoints,
    });
    let more = [
        ("description", json!("What it does.")),
        ("intro", json!(prose(from)?)),
        ("auth", json!({"type": "bearer", "env": "API_KEY"})),
        (
            "auth",
            json!({"type": "apiKey", "in": "header", "name": "X-Key"}),
        ),
        (
            "sections",
            json!([{"title": "More", "body": prose(from)?, "id": "more"}]),
        ),
    ];
    for (key, value) in more {
        if from.ratio(1, 3)? {
            api[key] = value;
        }
    }
    Ok(api)
}

fn endpoint(id: &str, from: &mut Unstructured<'_>) -> Result<Value> {
    let method = *from.choose(&["GET", "POST", "PUT", "PATCH", "DELETE"])?;
    let mut endpoint = json!({
        "title": format!("The {id} endpoint"),
        "method": method,
        "path": format!("/{}", id.replace('-', "/")),
        "responses": {"200": {"description": "Yes."}},
    });
    if from.ratio(1, 2)? {
        endpoint["description"] = json!(prose(from)?);
    }
    if from.ratio(1, 3)? {
        endpoint["path"] = json!(format!(
            "{}/{{id}}",
            endpoint["path"].as_str().unwrap_or_default()
        ));
        endpoint["parameters"] = json!({
            "path": {"id": {"type": "string", "example": "a b/c"}},
            "query": {"limit": {"type": "integer", "example": 5}, "tag": {"items": {"type": "string"}, "example": ["a", "b"]}},
            "header": {"X-Trace": {"type": "string"}},
        });
    }
    if method != "GET" && from.ratio(3, 4)? {
        let (fields, example) = fields(from, 3)?;
        endpoint["request"] = json!({"fields": fields, "example": example});
    }
    if from.ratio(1, 2)? {
        let (fields, example) = fields(from, 3)?;
        endpoint["responses"]["4XX"] = json!({"fields": fields, "example": example});
    }
    if from.ratio(1, 2)? {
        stream(&mut endpoint, from)?;
    } else {
        let (schema, example) = schema(from, 3)?;
        endpoint["responses"]["200"] = json!({"schema": schema, "example": example});
    }
    Ok(endpoint)
}

/// A stream whose pieces join into the text of the response.
fn stream(endpoint: &mut Value, from: &mut Unstructured<'_>) -> Result<()> {
    let mut pieces: Vec<&str> = Vec::new();
    for _ in 0..from.int_in_range(1..=4)? {
        pieces.push(from.choose(&[
            "Hi",
            ", ",
            "I, {{ bot_name }}!",
            "é🙂",
            "\n",
            " \"a\" ",
            "a <b> c",
        ])?);
    }
    let response = json!({
        "fields": {"text": {"type": "string"}, "usage": {"type": "integer"}},
        "example": {"text": pieces.concat(), "usage": 7},
    });
    endpoint["responses"]["200"] = response;
    let (format, events, example) = match from.int_in_range(0..=2)? {
        0 => (
            "sse",
            json!({
                "piece": {"data": "text", "joins": {"to": "/text"}},
                "usage": {"data": "json", "fields": {"n": {"type": "integer"}}, "equals": {"from": "/n", "to": "/usage"}},
                "done": {"event": "__done__", "data": "empty", "ends": true},
            }),
            pieces
                .iter()
                .map(|piece| json!({"event": "piece", "data": piece}))
                .chain([json!({"comment": "still here"})])
                .chain([
                    json!({"event": "usage", "data": {"n": 7}}),
                    json!({"event": "done"}),
                ])
                .collect::<Value>(),
        ),
        1 => (
            "jsonl",
            json!({
                "piece": {"match": {"/type": "piece"}, "fields": {"type": {"const": "piece"}, "text": {"type": "string"}}, "joins": {"from": "/text", "to": "/text"}},
                "done": {"match": {"/type": "done"}, "fields": {"type": {"const": "done"}, "usage": {"type": "integer"}}, "equals": "/usage", "ends": true},
            }),
            pieces
                .iter()
                .map(|piece| json!({"event": "piece", "data": {"type": "piece", "text": piece}}))
                .chain([json!({"event": "done", "data": {"type": "done", "usage": 7}})])
                .collect(),
        ),
        _ => (
            "text",
            Value::Null,
            pieces.iter().map(|piece| json!(piece)).collect(),
        ),
    };
    let mut stream = json!({"format": format, "example": example});
    match format {
        "text" => stream["joins"] = json!({"to": "/text"}),
        _ => stream["events"] = events,
    }
    if endpoint.get("request").is_some() {
        // The patch asks by a field that the request has.
        endpoint["request"]["fields"]["stream"] = json!({"type": "boolean"});
        stream["request"] = json!({"stream": true});
    }
    endpoint["stream"] = stream;
    Ok(())
}

/// Fields, and an example that shows each.
fn fields(from: &mut Unstructured<'_>, depth: usize) -> Result<(Value, Value)> {
    let (mut fields, mut example) = (Map::new(), Map::new());
    let mut left = NAMES.to_vec();
    for _ in 0..from.int_in_range(1..=3)? {
        let name = left.swap_remove(from.choose_index(left.len())?);
        let (mut schema, value) = schema(from, depth.saturating_sub(1))?;
        if from.arbitrary()? {
            schema["required"] = json!(true);
        }
        fields.insert(name.to_owned(), schema);
        example.insert(name.to_owned(), value);
    }
    Ok((fields.into(), example.into()))
}

/// A schema, and a value that fits it.
fn schema(from: &mut Unstructured<'_>, depth: usize) -> Result<(Value, Value)> {
    let kind = from.int_in_range(0..=if depth == 0 { 5 } else { 8 })?;
    let (mut schema, example) = match kind {
        0 => (json!({"type": "string"}), json!(from.choose(&TEXTS)?)),
        1 => {
            let number = i64::from(from.arbitrary::<i32>()?);
            (
                json!({"type": "integer", "minimum": number - 1}),
                json!(number),
            )
        }
        2 => (
            json!({"type": "boolean", "default": false}),
            json!(from.arbitrary::<bool>()?),
        ),
        3 => (
            json!({"enum": ["one", "two", 3]}),
            from.choose(&[json!("one"), json!(3)])?.clone(),
        ),
        4 => (
            json!({"type": ["string", "null"], "maxLength": 99}),
            Value::Null,
        ),
        5 => (json!({"type": "number", "multipleOf": 0.5}), json!(1.5)),
        6 => {
            let (items, value) = schema(from, depth - 1)?;
            let count = from.int_in_range(0..=2)?;
            (json!({"items": items}), vec![value; count].into())
        }
        7 => {
            let (one, value) = fields(from, depth - 1)?;
            let other = json!({"title": "Other", "fields": {"only_there": {"type": "string", "required": true}}});
            let one = json!({"title": "One", "fields": one});
            (json!({"oneOf": [one, other]}), value)
        }
        _ => {
            let (fields, value) = fields(from, depth - 1)?;
            (json!({"fields": fields}), value)
        }
    };
    if from.ratio(1, 3)? {
        schema["description"] = json!(prose(from)?);
    }
    Ok((schema, example))
}
