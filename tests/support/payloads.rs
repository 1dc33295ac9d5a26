//! Texts that have run as script somewhere, in every place of a spec.

use super::project::Project;

/// What has run as script somewhere, or broken out of where it stood. The browser tests have the
/// same list.
pub(crate) fn payloads() -> Vec<String> {
    let payloads: Vec<String> = serde_json::from_str(include_str!("../payloads.json")).unwrap();
    assert!(payloads.len() >= 60);
    payloads
}

pub(crate) const SITE: &str = r#"
title: @@
description: @@
banner: @@
navigation: [api, {title: @@, pages: [guide]}]
header: [{title: @@, url: "https://x.example/"}]
footer: [{title: @@, url: "https://x.example/"}]
variables:
  bot_id: {title: @@, description: @@, placeholder: YOUR_BOT}
  name: {title: @@, description: @@, placeholder: @@, default: @@, example: @@}
"#;

pub(crate) const API: &str = r##"
title: @@
description: @@
intro: @@
servers: [{url: "https://x.example"}, {url: "https://y.example", title: @@, description: @@}]
auth: {type: apiKey, in: header, name: X-Key, env: KEY, description: @@}
endpoints:
  talk:
    title: @@
    summary: @@
    description: @@
    deprecated: @@
    since: @@
    method: POST
    path: /talk/{room}
    parameters:
      path: {room: {type: string, description: @@, example: @@}}
      query: {q: {type: string, description: @@, default: @@, example: @@}}
      header: {X-H: {type: string, description: @@, example: plain}}
    request:
      description: @@
      fields:
        a: {type: string, title: @@, description: @@, default: @@, since: @@, deprecated: @@}
        b: {type: string, enum: [@@, other], description: @@}
        c: {type: string, const: @@}
        d: {oneOf: [{title: @@, description: @@, type: string}, {type: object, title: other, fields: {e: {type: string, description: @@}}}]}
        "name": {type: string}
      example: {a: @@, b: @@, c: @@, d: @@, name: "{{ name }}"}
    responses:
      200:
        description: @@
        headers: {X-R: {type: string, description: @@}}
        fields: {answer: {type: string, description: @@}}
        example: {answer: @@}
      default: {description: @@}
    stream:
      format: sse
      description: @@
      events:
        json: {data: json, event: wire, fields: {v: {type: string, description: @@}}}
        text: {data: text, joins: {to: /answer}, description: @@, ends: true}
      example: [{comment: @@}, {event: json, id: @@, data: {v: @@}}, {event: text, data: @@}]
  move:
    title: @@
    method: PUT
    path: /move
    parameters:
      cookie: {c: {type: string, description: @@, example: dark}}
    request:
      content_type: application/x-www-form-urlencoded
      fields: {f: {type: string, description: @@}}
      example: {f: @@}
    responses:
      200: {description: @@, content_type: text/plain, example: @@}
    stream:
      format: jsonl
      events:
        piece: {match: {/kind: @@}, description: @@, data: json, ends: true, schema: {$ref: "#/schemas/Piece"}}
      example: [{event: piece, data: {kind: @@}}]
  push:
    title: @@
    method: POST
    path: /push
    request:
      content_type: multipart/form-data
      fields: {f: {type: string, description: @@}}
      example: {f: @@}
    responses: {200: {description: @@}}
    stream: {format: text, description: @@, example: [@@, @@]}
schemas:
  Piece:
    type: object
    description: @@
    fields: {kind: {type: string, required: true}}
    additionalProperties: {type: array, description: @@, items: {type: string, description: @@}}
sections: [{title: @@, id: part, body: @@}]
"##;

pub(crate) const GUIDE: &str = "---
title: @@
description: @@
---
@#

## @# {#part}

> [!NOTE]
> w @#

- w @#

| @| | w |
| --- | --- |
| w | @| |

```js
@#
```
";

/// The keys whose values are Markdown.
// A description at the beginning of a line is that of a page, which is text.
const MARKDOWN: [&str; 4] = [" description", "{description", "intro", "body"];

/// Writes a text so that Markdown reads no HTML and no construct in it.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if matches!(character, '<' | '$' | '^' | '{') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// The templates with a text in every place, quoted as the place needs it: HTML in Markdown is
/// escaped there, since `check` refuses it otherwise.
pub(crate) fn project(text: &str) -> Project {
    let markdown = escaped(text);
    let quote = |text: &str| serde_json::Value::from(text).to_string();
    let fill = |template: &str| {
        let mut template = template.to_owned();
        // The descriptions of variables in `site.yaml` are text.
        let keys = if template.contains("navigation:") {
            &["banner"][..]
        } else {
            &MARKDOWN
        };
        for key in keys {
            let value = format!("{key}: {}", quote(&markdown));
            template = template.replace(&format!("{key}: @@"), &value);
        }
        // Code is not Markdown.
        let template = template.replace("```js\n@#", &format!("```js\n{text}"));
        let template = template
            .replace("@@", &quote(text))
            .replace("@#", &markdown);
        template.replace("@|", &markdown.replace('|', "\\|"))
    };
    Project::empty()
        .file("spec/site.yaml", fill(SITE))
        .file("spec/api.yaml", fill(API))
        .file("spec/guide.md", fill(GUIDE))
}
