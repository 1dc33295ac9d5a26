//! Values arrive intact, wherever a variable stands.
//!
//! Each place of [`SITE`], [`API`] and [`GUIDE`] holds `b-PLACE-{{ wild }}-e-PLACE`. A page is built
//! with a hostile value, read as its reader reads it, and what stands between the two words must be
//! the value, byte for byte.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::page::{Element, Page};
use crate::project::Project;

pub(crate) const SITE: &str = r#"
title: b-brand-{{ wild }}-e-brand
description: b-site-{{ wild }}-e-site
banner: "b-banner-{{ wild }}-e-banner"
samples: []
navigation: [api, {title: "b-group-{{ wild }}-e-group", pages: [guide]}]
header: [{title: "b-header-{{ wild }}-e-header", url: "https://x.example/b-u1-{{ wild }}-e-u1?q=b-u2-{{ wild }}-e-u2"}]
footer:
  - {title: "b-footer-{{ wild }}-e-footer", url: "https://x.example/?a=b-u3-{{ wild }}-e-u3"}
  - {title: To a page, url: guide#part}
  - {title: To what a value says, url: "mailto:{{ wild }}"}
variables:
  bot_id: {placeholder: YOUR_BOT}
  wild: {pattern: "[^☃]*", placeholder: a placeholder}
"#;

pub(crate) const API: &str = r##"
title: b-title-{{ wild }}-e-title
description: b-meta-{{ wild }}-e-meta
intro: "Intro b-intro-{{ wild }}-e-intro, **b-strong-{{ wild }}-e-strong** and `b-span-{{ wild }}-e-span`."
servers: [{url: "https://api.example.com/{{ bot_id }}"}, {url: "https://test.example.com", title: "b-server-{{ wild }}-e-server", description: "b-about-server-{{ wild }}-e-about-server"}]
auth: {type: bearer, env: KEY, description: "b-auth-{{ wild }}-e-auth"}
endpoints:
  talk:
    title: b-endpoint-{{ wild }}-e-endpoint
    summary: b-summary-{{ wild }}-e-summary
    description: b-description-{{ wild }}-e-description
    deprecated: b-deprecated-{{ wild }}-e-deprecated
    since: b-since-{{ wild }}-e-since
    method: POST
    path: /talk/{room}
    parameters:
      path: {room: {type: string, description: "b-room-{{ wild }}-e-room", example: "b-p1-{{ wild }}-e-p1"}}
      query: {q: {type: string, example: "b-p2-{{ wild }}-e-p2"}}
    request:
      description: b-body-{{ wild }}-e-body
      fields:
        name: {type: string, description: "b-field-{{ wild }}-e-field"}
        list: {type: array, items: {type: object, additionalProperties: true}}
      example: {name: "b-json-{{ wild }}-e-json", list: [{x: "{{ wild }}", y: "b-deep-{{ wild }}-e-deep"}]}
    responses:
      200:
        description: b-response-{{ wild }}-e-response
        fields: {answer: {type: string}}
        example: {answer: "b-answer-{{ wild }}-e-answer"}
    stream:
      format: sse
      description: b-stream-{{ wild }}-e-stream
      events:
        data: {data: json, fields: {value: {type: string}}}
        text: {data: text, joins: {to: /answer}, ends: true, description: "b-event-{{ wild }}-e-event"}
      example:
        - {event: data, data: {value: "b-ssejson-{{ wild }}-e-ssejson"}}
        - {event: text, data: "b-answer-{{ wild }}-e-answer"}
  lines:
    title: Lines
    method: POST
    path: /lines
    request: {content_type: multipart/form-data, fields: {part: {type: string}}, example: {part: "b-part-{{ wild }}-e-part"}}
    responses: {200: {description: Yes.}}
    stream:
      format: jsonl
      events: {line: {match: {/type: line}, data: json, ends: true, fields: {type: {type: string}, value: {type: string}}}}
      example: [{event: line, data: {type: line, value: "b-jsonl-{{ wild }}-e-jsonl"}}]
  form:
    title: Form
    method: POST
    path: /form
    request: {content_type: application/x-www-form-urlencoded, fields: {field: {type: string}}, example: {field: "b-form-{{ wild }}-e-form"}}
    responses: {200: {description: Yes., content_type: text/plain}}
    stream: {format: text, example: ["b-chunk-{{ wild }}-e-chunk", " more"]}
sections: [{title: "b-section-{{ wild }}-e-section", body: "b-prose-{{ wild }}-e-prose"}]
"##;

pub(crate) const GUIDE: &str = r#"---
title: b-guide-{{ wild }}-e-guide
description: b-guidemeta-{{ wild }}-e-guidemeta
---
b-text-{{ wild }}-e-text, _b-em-{{ wild }}-e-em_, `b-span-{{ wild }}-e-span`,
[b-link-{{ wild }}-e-link](https://x.example/b-u4-{{ wild }}-e-u4?q=b-u5-{{ wild }}-e-u5#b-u6-{{ wild }}-e-u6 "b-tip-{{ wild }}-e-tip")
and ![b-alt-{{ wild }}-e-alt](dot.png).

## b-heading-{{ wild }}-e-heading {#part}

- [ ] b-task-{{ wild }}-e-task
- b-item-{{ wild }}-e-item[^1]

> [!NOTE]
> b-note-{{ wild }}-e-note

| b-head-{{ wild }}-e-head |
| --- |
| b-cell-{{ wild }}-e-cell |

[^1]: b-foot-{{ wild }}-e-foot
"#;

/// What a bot may well be called, if nobody forbids it.
pub(crate) fn hostile() -> Vec<String> {
    let long = "x".repeat(20_000) + "é";
    let values = [
        "\"'<>&;=` ",
        "</script><script>alert(1)</script>",
        "</data></title></textarea></code></pre>-->]]><!--",
        "\"><img src=x onerror=alert(1)>",
        "one\ntwo\n\nfour\n",
        "a\tb",
        "$(id) `id` ${HOME} $HOME !! \\",
        "\u{202e}right to left\u{202c} \u{2066}\u{2069}\u{200f}\u{200b}\u{feff}",
        "\u{2028}\u{2029}\u{85}\u{a0}",
        "100% %41 %zz %00",
        "&amp; &lt; &#x41; &copy &notit; &amp;lt;",
        "👩‍👩‍👧 e\u{301} é 漢字 \u{10ffff}",
        r#"C:\new\u0041 \" \\ \"#,
        "{{ bot_id }} {{ 7*7 }} {% raw %} {# c #} \\{{",
        "  spaces around  ",
        "\u{1}\u{8}\u{c}\u{7f}\u{1b}[31m",
        "[x](javascript:alert(1)) **b** `c` <b> ![i](x) | cell |\n# h\n```\n---\n",
        "data: x\n\nevent: y\ndata: z\n: c\nid: 1",
        "javascript:alert(1)//?#&=+/",
        "",
        long.as_str(),
    ];
    // U+10FFFF lies in what is reserved for markers, so it can't be in a value.
    values
        .iter()
        .map(|value| value.replace('\u{10ffff}', ""))
        .collect()
}

pub(crate) fn project() -> Project {
    Project::empty()
        .file("spec/site.yaml", SITE)
        .file("spec/api.yaml", API)
        .file("spec/guide.md", GUIDE)
        .file(
            "spec/dot.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01",
        )
}

/// What stands between the words of each place in a text.
pub(crate) fn places(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("b-") {
        rest = after;
        let Some((place, value)) = after.split_once('-') else {
            continue;
        };
        // Names of places have hyphens, too.
        let long = ["about-server"]
            .into_iter()
            .find(|name| after.starts_with(name));
        let (place, value) = match long {
            Some(name) => (name, &after[name.len() + 1..]),
            None => (place, value),
        };
        let is_name = place
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if let Some((value, after)) = value.split_once(&format!("-e-{place}")).filter(|_| is_name) {
            found.push((place.to_owned(), value.to_owned()));
            rest = after;
        }
    }
    found
}

/// All places of a page, each value as its reader gets it.
fn read(html: &str) -> BTreeMap<String, Vec<String>> {
    let page = Page::parse(html);
    let mut found: Vec<(String, String)> = Vec::new();
    let is_code = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    for element in page.elements() {
        for (name, value) in element.attributes() {
            if name.starts_with("data-fill-") {
                continue;
            }
            for (place, value) in places(&value) {
                let value = match name.as_str() {
                    "href" | "src" => decode(&value),
                    _ => value,
                };
                found.push((place, value));
            }
        }
    }
    // A parameter's example is shown as JSON, too.
    let is_literal = |element: &Element| {
        let text = element.text();
        element.name() == "code" && text.starts_with('"') && is_code(&text)
    };
    for code in page.all("code").iter().filter(|code| is_literal(code)) {
        found.extend(in_json(&serde_json::from_str(&code.text()).unwrap()));
    }
    for pre in page.all("pre") {
        found.extend(in_code(&pre.text()));
    }
    // An address shown has its escapes.
    let text = page.text_without(&|element| element.name() == "pre" || is_literal(element));
    found.extend(
        places(&text)
            .into_iter()
            .map(|(place, value)| match place.as_str() {
                "p1" | "p2" => (place, decode(&value)),
                _ => (place, value),
            }),
    );
    let mut by_place: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (place, value) in found {
        by_place.entry(place).or_default().push(value);
    }
    by_place
}

pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// The places of an example, each value as the program gets it that the example is meant for.
pub(crate) fn in_code(text: &str) -> Vec<(String, String)> {
    if let Ok(value) = serde_json::from_str(text) {
        return in_json(&value);
    }
    if text.contains("b-jsonl") {
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        return lines.flat_map(|value| in_json(&value)).collect();
    }
    if text.contains("data: ") && text.contains("event: ") && text.contains("ssejson") {
        let events = events(text).into_iter();
        let in_event = |event: String| match serde_json::from_str(&event) {
            Ok(value) => in_json(&value),
            Err(_) => places(&event),
        };
        return events.flat_map(in_event).collect();
    }
    let found = places(text).into_iter();
    let decoded = found.map(|(place, value)| match place.as_str() {
        "p1" | "p2" | "form" => (place, decode(&value)),
        _ => (place, value),
    });
    decoded.collect()
}

fn in_json(value: &Value) -> Vec<(String, String)> {
    match value {
        Value::String(text) => places(text),
        Value::Array(items) => items.iter().flat_map(in_json).collect(),
        Value::Object(members) => members.values().flat_map(in_json).collect(),
        _ => Vec::new(),
    }
}

/// The data of a stream's events, read as the HTML standard says (9.2.6).
fn events(stream: &str) -> Vec<String> {
    let stream = stream.strip_prefix('\u{feff}').unwrap_or(stream);
    let lines = stream.replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    let mut data = String::new();
    for line in lines.split('\n') {
        if line.is_empty() {
            if !data.is_empty() {
                data.truncate(data.len() - 1);
                events.push(std::mem::take(&mut data));
            }
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field == "data" {
            data += value.strip_prefix(' ').unwrap_or(value);
            data.push('\n');
        }
    }
    events
}

/// Every place that is written in the sources, without those of the other page.
pub(crate) fn written(sources: &[&str]) -> Vec<String> {
    let mut names: Vec<_> = sources
        .iter()
        .flat_map(|text| places(text))
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn every_hostile_value_arrives_intact_in_every_place() {
    let project = project();
    for value in hostile() {
        let set = format!("wild={value}");
        project
            .run(&["build", "--bot", "ada", "--set", &set, "--out", "out"])
            .exits(0);
        for (file, sources) in [("index.html", [SITE, API]), ("guide.html", [SITE, GUIDE])] {
            let found = read(&project.read(&format!("out/{file}")));
            let mut missing = written(&sources);
            // The page's own description stands before the site's.
            missing.retain(|place| place != "site" && !found.contains_key(place));
            assert!(
                missing.is_empty(),
                "{file}: not found: {missing:?} with {value:?}"
            );
            for (place, arrived) in found {
                for arrived in arrived {
                    assert!(
                        arrived == value,
                        "{file}, {place}:\n  sent    {value:?}\n  arrived {arrived:?}"
                    );
                }
            }
        }
        let whole = project.read("out/index.html");
        assert!(!whole.contains('\u{f0000}'), "a marker was left");
    }
}

/// A value is a part of an address, never the address itself, unless its variable is one.
#[test]
fn no_value_becomes_a_scheme() {
    let project = project();
    for value in [
        "javascript:alert(1)",
        "//evil.example",
        "data:text/html,x",
        "JaVaScRiPt:x",
        "/etc",
    ] {
        let set = format!("wild={value}");
        project
            .run(&["build", "--bot", "ada", "--set", &set, "--out", "out"])
            .exits(0);
        let page = Page::parse(&project.read("out/index.html"));
        let mut links = page
            .all("a")
            .into_iter()
            .filter_map(|link| link.attribute("href"));
        let link = links.find_map(|href| {
            let address = href.strip_prefix("mailto:")?;
            (decode(address) == value).then(|| address.to_owned())
        });
        let link = link.unwrap();
        assert!(!link.contains([':', '/']), "{link}");
        assert!(
            page.all("a")
                .iter()
                .any(|link| link.attribute("href").as_deref() == Some("guide.html#part"))
        );
    }
}

/// A carriage return can't be said in a stream of events: the reader turns it into a line feed.
#[test]
fn line_ends_of_all_kinds_stay_inside_their_event() {
    let project = project();
    let value = "one\rtwo\r\nthree\nfour";
    project
        .run(&[
            "build",
            "--bot",
            "ada",
            "--set",
            &format!("wild={value}"),
            "--out",
            "out",
        ])
        .exits(0);
    let found = read(&project.read("out/index.html"));
    assert_eq!(found["json"], [value]);
    assert_eq!(found["description"], [value]);
    assert_eq!(found["ssejson"], [value]);
    let page = Page::parse(&project.read("out/index.html"));
    let pre = page
        .all("pre")
        .into_iter()
        .map(|pre| pre.text())
        .find(|text| text.contains("ssejson"));
    assert_eq!(
        events(&pre.unwrap())[1],
        "b-answer-one\ntwo\nthree\nfour-e-answer"
    );
}

/// What the browser does with a generic page gives the bot's page: same holes, same encodings.
#[test]
fn filling_the_generic_page_in_the_browser_gives_the_bots_page() {
    let project = project().file("spec/site.yaml", SITE.replace("samples: []\n", ""));
    project.run(&["build", "--out", "generic"]).exits(0);
    for value in hostile() {
        let set = format!("wild={value}");
        project
            .run(&["build", "--bot", "ada", "--set", &set, "--out", "out"])
            .exits(0);
        for file in ["index.html", "guide.html"] {
            let generic = Page::parse(&project.read(&format!("generic/{file}")));
            let own = Page::parse(&project.read(&format!("out/{file}")));
            let holes = |page: &Page| {
                let holes = page.all("main").remove(0).all("data");
                assert!(holes.len() > 10, "{file}");
                holes
            };
            let (generic_holes, own_holes) = (holes(&generic), holes(&own));
            assert_eq!(generic_holes.len(), own_holes.len());
            for (hole, filled) in generic_holes.iter().zip(&own_holes) {
                assert_eq!(hole.attributes(), filled.attributes());
                let encodings = hole.attribute("data-as").unwrap_or_default();
                let expected = if hole.attribute("value").as_deref() == Some("wild") {
                    value.as_str()
                } else {
                    "ada"
                };
                let names = encodings.split(' ').map(str::to_owned).collect::<Vec<_>>();
                assert_eq!(
                    undo(&filled.text(), &names),
                    expected,
                    "{file}: {encodings}"
                );
            }
            recipes(&generic, &own, &value);
        }
    }
}

/// Attributes come with a recipe, from which the browser makes what the bot's page has.
fn recipes(generic: &Page, own: &Page, value: &str) {
    let with_recipes = |page: &Page| {
        let attributes = page.elements().into_iter().flat_map(|element| {
            let all = element.attributes();
            all.into_iter().filter_map(move |(name, recipe)| {
                let of = name.strip_prefix("data-fill-")?.to_owned();
                Some((recipe, element.attribute(&of).unwrap()))
            })
        });
        attributes.collect::<Vec<_>>()
    };
    let (generic, own) = (with_recipes(generic), with_recipes(own));
    assert!(generic.len() >= 2);
    assert_eq!(generic.len(), own.len());
    for ((recipe, _), (own_recipe, filled)) in generic.iter().zip(&own) {
        assert_eq!(recipe, own_recipe);
        let mut rest = filled.as_str();
        let parts: Vec<Value> = serde_json::from_str(recipe).unwrap();
        for (index, part) in parts.iter().enumerate() {
            match part {
                Value::String(text) => {
                    rest = rest
                        .strip_prefix(text.as_str())
                        .unwrap_or_else(|| panic!("{recipe}: {filled}"));
                }
                part => {
                    let part: Vec<String> = serde_json::from_value(part.clone()).unwrap();
                    let end = parts[index + 1..].iter().find_map(Value::as_str);
                    let end = end.map_or(rest.len(), |text| rest.find(text).unwrap());
                    let expected = if part[0] == "wild" { value } else { "ada" };
                    assert_eq!(
                        undo(&rest[..end], &part[1..]),
                        expected,
                        "{recipe}: {filled}"
                    );
                    rest = &rest[end..];
                }
            }
        }
        assert_eq!(rest, "");
    }
}

/// Takes encodings off a text, the outermost first, by other code than put them on.
fn undo(text: &str, encodings: &[String]) -> String {
    encodings
        .iter()
        .rev()
        .fold(text.to_owned(), |text, encoding| match encoding.as_str() {
            "json" => serde_json::from_str(&format!("\"{text}\"")).unwrap(),
            "url" => decode(&text),
            "shell" => text.replace("'\\''", "'"),
            "single" => text.replace("\\'", "'").replace("\\\\", "\\"),
            "powershell" => ["'", "‘", "’", "‚", "‛"]
                .iter()
                .fold(text, |text, quote| text.replace(&quote.repeat(2), quote)),
            "goraw" => text.replace("` + \"`\" + `", "`"),
            "sse" => text.replace("\ndata: ", "\n"),
            "" => text,
            other => panic!("an encoding {other:?} that the browser doesn't know"),
        })
}

/// Where a value could not arrive intact, only a variable of plain characters may stand.
#[test]
fn a_wild_value_is_refused_where_nothing_could_quote_it() {
    let header = "      query: {q: {type: string, example: \"b-p2-{{ wild }}-e-p2\"}}";
    let item = "        - {event: data, data";
    let places = [
        (
            header,
            "      header: {X-A: {type: string, example: \"{{ wild }}\"}}",
        ),
        (
            header,
            "      cookie: {a: {type: string, example: \"{{ wild }}\"}}",
        ),
        ("https://test.example.com", "https://{{ wild }}.example.com"),
        (
            item,
            "        - {comment: \"{{ wild }}\"}\n        - {event: data, data",
        ),
        (item, "        - {event: data, id: \"{{ wild }}\", data"),
        (
            "{data: text, joins",
            "{data: text, event: \"{{ wild }}\", joins",
        ),
        (
            "body: \"b-prose",
            "body: \"```sh\\necho {{ wild }}\\n```\\nb-prose",
        ),
        (
            "content_type: text/plain}",
            "content_type: text/plain, schema: {type: string}, example: \"{{ wild }}\"}",
        ),
    ];
    for (from, to) in places {
        assert!(API.contains(from), "{from}");
        let text = API.replacen(from, to, 1);
        let ran = project().write_and_run("spec/api.yaml", &text, &["check"]);
        assert_eq!(ran.code, Some(1), "{to}");
        assert!(
            ran.stderr.contains("error[variable-not-allowed]"),
            "{to}:\n{}",
            ran.stderr
        );
        // One of plain characters may stand there, or nowhere.
        let text = text.replace(to, &to.replace("wild", "bot_id"));
        let ran = project().write_and_run("spec/api.yaml", &text, &["check"]);
        assert!(
            ran.code == Some(0) || ran.stderr.contains("a variable is not allowed here"),
            "{to}:\n{}",
            ran.stderr
        );
    }
}

#[test]
fn the_text_of_a_spec_is_never_a_template() {
    let literal = r#"{% include "/etc/passwd" %} {# c #} {%- raw -%} ${x} <%= 1 %>"#;
    // In Markdown, what looks like a tag of another tool is escaped.
    let escaped = literal.replace('"', "\\\"");
    let escaped = escaped.replace("{%", "\\\\{%").replace("{#", "\\\\{#");
    let text = API.replace(
        "b-prose-{{ wild }}-e-prose",
        &format!("b-prose-{escaped}-e-prose"),
    );
    let project = project().file("spec/api.yaml", text);
    project.run(&["build", "--out", "out"]).exits(0);
    assert_eq!(read(&project.read("out/index.html"))["prose"], [literal]);

    for braces in [
        "{{ 7*7 }}",
        "{{ bot_id|upper }}",
        "{{ self }}",
        "{{ config.x }}",
        "{{",
        "{{}}",
    ] {
        let text = API.replace("b-prose-{{ wild }}-e-prose", braces);
        let project = project.write_and_run("spec/api.yaml", &text, &["check"]);
        let ran = project.exits(1);
        let refused = ["double braces", "unknown variable"];
        assert!(
            refused.iter().any(|message| ran.stderr.contains(message)),
            "{braces}: {}",
            ran.stderr
        );
    }
}

#[test]
fn nothing_of_the_environment_reaches_the_output() {
    let project = Project::copy_of_folders(&["spec", "templates", "static"]);
    let mut command = project.command(&["build", "--out", "out"]);
    let known = [
        "USER",
        "LOGNAME",
        "HOSTNAME",
        "PWD",
        "OLDPWD",
        "LANG",
        "LC_ALL",
        "TERM",
        "EDITOR",
        "SHELL",
        "MAIL",
        "FLUENTBOT_API_KEY",
        "API_KEY",
        "TOKEN",
        "GITHUB_TOKEN",
        "NPM_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "CARGO_HOME",
        "RUST_LOG",
        "HTTP_PROXY",
        "BOTDOCS_CONFIG",
        "BOT_ID",
        "bot_id",
        "SITE_URL",
        "OUT",
    ];
    let mut canaries = Vec::new();
    for index in 0..50 {
        let name = known
            .get(index)
            .map_or_else(|| format!("CANARY_{index}"), |name| (*name).to_owned());
        let canary = format!("canary-{index}-flies");
        command.env(name, &canary);
        canaries.push(canary);
    }
    let ran = crate::project::Ran::of(command.output().unwrap()).exits(0);
    let mut output = project.tree("out");
    output.push(("stdout".to_owned(), ran.stdout.into_bytes()));
    output.push(("stderr".to_owned(), ran.stderr.into_bytes()));
    for (path, bytes) in output {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("canary-"), "{path}");
        let here = project.path().to_str().unwrap();
        assert!(
            path == "stderr" || !text.contains(here),
            "{path} names the project's folder"
        );
    }
    assert_eq!(canaries.len(), 50);
}
