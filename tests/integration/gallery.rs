//! The gallery of faults: `tests/gallery/*.yaml` are small specs with one fault each, of a kind that
//! published API docs have, `*.md` are guides beside a spec, and `docs/proof.md` shows them by rule.
//!
//! The first line of a file (of a guide, of its front matter) says what is wrong, the second what must be found: severity, code, line
//! and column, the other place's line, and the message. From the third on it says what is right
//! instead of which lines. `UPDATE_GOLDEN=1` writes `docs/proof.md` anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;

use botdocs::input::explain::Code;
use regex::Regex;
use serde_json::Value;

use crate::project::{Project, repository, tree, updates_expectations};

const SITE: &str = "title: Docs\nnavigation: [api, getting-started]\n";
const GUIDE: &str = "---\ntitle: Getting started\n---\n\nAsk, and read the answer.\n";

/// The API beside the guides of the gallery.
const API: &str = "\
title: Chat
servers: [{url: https://api.example.com}]
endpoints:
  ask:
    title: Ask
    method: POST
    path: /ask
    request:
      fields: {question: {type: string, required: true}, chat_id: {type: string}}
      example: {question: Where is it?, chat_id: c-1042}
    responses:
      200:
        fields: {answer: {type: string, required: true}, token_usage: {type: integer, required: true}}
        example: {answer: Here., token_usage: 12}
    stream:
      format: sse
      events:
        message: {data: text, joins: {to: /answer}}
        token_usage: {data: json, schema: {type: integer}, equals: /token_usage}
        done: {event: __done__, data: empty, ends: true}
      example:
        - {event: message, data: Here.}
        - {event: token_usage, data: 12}
        - {event: done}
";

/// A file of the gallery.
struct Fault {
    name: String,
    title: String,
    /// The second line, as the report gives it.
    expected: String,
    code: String,
    /// The lines that are wrong, from 0, and what is right in their place.
    wrong: Range<usize>,
    right: Vec<String>,
    text: String,
}

fn gallery() -> Vec<Fault> {
    let head = Regex::new(r"^# (?:error|warning)\[([a-z-]+)\] ").unwrap();
    let lines =
        Regex::new(r"^# Right is, for (?:lines (\d+) to (\d+)|nothing before line (\d+)):$")
            .unwrap();
    let files = tree(&repository().join("tests/gallery")).into_iter();
    let faults = files.map(|(path, content)| {
        let text = String::from_utf8(content).unwrap();
        let mut rows = text.strip_prefix("---\n").unwrap_or(&text).lines();
        let title = rows.next().unwrap().trim_start_matches("# ").to_owned();
        let expected = rows.next().unwrap().to_owned();
        let code = head
            .captures(&expected)
            .unwrap_or_else(|| panic!("{path}: {expected}"))[1]
            .to_owned();
        let found = rows.next().unwrap();
        let found = lines
            .captures(found)
            .unwrap_or_else(|| panic!("{path}: {found}"));
        let number = |index: usize| {
            found
                .get(index)
                .map(|one| one.as_str().parse::<usize>().unwrap())
        };
        let wrong = match (number(1), number(2), number(3)) {
            (Some(first), Some(last), _) => first - 1..last,
            (_, _, Some(before)) => before - 1..before - 1,
            _ => unreachable!(),
        };
        let right = rows.map_while(|row| row.strip_prefix("#|"));
        let right = right.map(|row| row.strip_prefix(' ').unwrap_or(row).to_owned());
        Fault {
            name: path,
            title,
            expected,
            code,
            wrong,
            right: right.collect(),
            text: text.clone(),
        }
    });
    faults.collect()
}

impl Fault {
    fn mended(&self) -> String {
        let mut lines: Vec<&str> = self.text.split('\n').collect();
        lines.splice(self.wrong.clone(), self.right.iter().map(String::as_str));
        lines.join("\n")
    }
}

fn project(text: &str) -> Project {
    let (api, guide) = match text.starts_with("---\n") {
        true => (API, text),
        false => (text, GUIDE),
    };
    Project::new()
        .file("spec/site.yaml", SITE)
        .file("spec/api.yaml", api)
        .file("spec/getting-started.md", guide)
}

/// What a check finds, as the files of the gallery say it.
fn found(text: &str) -> Vec<String> {
    let ran = project(text).run(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    let diagnostics = report["diagnostics"].as_array().unwrap().iter();
    let said = diagnostics.map(|found| {
        let (first, second) = (&found["labels"][0], &found["labels"][1]);
        let other = match second["line"].as_u64() {
            Some(line) => format!(" and {line}"),
            None => String::new(),
        };
        let word = |key: &str| found[key].as_str().unwrap().to_owned();
        format!(
            "# {}[{}] {}:{}{other}: {}",
            word("severity"),
            word("code"),
            first["line"],
            first["column"],
            word("message"),
        )
    });
    said.collect()
}

#[test]
fn every_fault_of_the_gallery_is_found_where_it_is_and_nothing_else() {
    let gallery = gallery();
    assert!(gallery.len() >= 60, "{}", gallery.len());
    let mut wrong = Vec::new();
    for fault in &gallery {
        let found = found(&fault.text);
        if found != [fault.expected.as_str()] {
            wrong.push(format!(
                "{}: expected {}, found {found:#?}",
                fault.name, fault.expected
            ));
        }
        let rest = self::found(&fault.mended());
        if !rest.is_empty() {
            wrong.push(format!("{} mended: {rest:#?}", fault.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const HEAD: &str = "\
---
title: What is proven
description: The rules by which botdocs checks your examples, each with the errors that it finds.
braces: literal
---

`botdocs build` and `botdocs check` compare every example of a page with its description; [the reference](spec.md#proof) lists the rules.
Each rule has a code, and `botdocs explain CODE` explains it.
For each code, this page shows errors that occur in published API documentation, with the message of botdocs and the correction.

This page is generated from `tests/gallery/`, which contains the complete specs and guides.

## The report

The last line of `build` and `check` reports how many examples were proven, and how many of the documented fields and events an example shows.
It also counts the parts that could not be proven, and gives the reason for each count, so botdocs skips nothing silently.
`not proven: 20 (in no example)` means that 20 fields are in no example; if an example should show such a field, a warning reports it too.

A value that is valid against its schema passes, even if the API would send another value.
To restrict a value, use `const`, `enum`, a limit, `pattern` or `format`, and in a stream `joins` and `equals`.
If a field has none of these, botdocs does not notice another value of the same type.

`botdocs check --format json` prints the complete report:

```json
{
  \"version\": 1,
  \"diagnostics\": [],
  \"proof\": [
    {
      \"page\": \"api\",
      \"examples\": 3,
      \"fields\": {\"documented\": 5, \"shown\": 4},
      \"events\": {\"documented\": 2, \"shown\": 2},
      \"unproven\": [{\"at\": \"/endpoints/chat/responses/4XX\", \"why\": \"no example\"}],
      \"waived\": [{\"code\": \"not-shown\", \"at\": \"/schemas/Role/enum\", \"message\": \"no example shows `bot`\", \"reason\": \"It is internal.\"}]
    }
  ],
  \"waived\": [{\"code\": \"unknown-name\", \"value\": \"chat_uid\", \"message\": \"no field or event `chat_uid` on any API page\", \"reason\": \"A column of our own table.\"}],
  \"not_linked\": [{\"variable\": \"bot_id\", \"reason\": \"it can change the host of an address in spec/api.yaml:12\"}]
}
```

`diagnostics` contains all findings, each with `severity`, `code`, `message`, `file`, `labels` and `help`.
The first label is the place to correct, and the second is the other place of the finding.
A finding about several parts that no example shows has one label for each part.
`proof` lists the API pages, `waived` the names that `site.yaml` waives, and `not_linked` the variables that [a link can't set](spec.md#values-from-links) although it could by default.
All three are null if there are errors.
A place is a JSON Pointer into the file of the page in its long form, with `schema` instead of `fields`, and `examples` instead of `example`.
`version` is raised when a part of this format changes or is removed, but not when a part is added.

In a GitHub workflow, each finding appears at its line of the change; with `--strict`, a warning fails the job.
";

/// The rules by code, in the order of the codes, each with its faults.
fn document() -> String {
    let mut rules: BTreeMap<usize, Vec<Fault>> = BTreeMap::new();
    for fault in gallery() {
        let code = Code::parse(&fault.code).expect("a code that there is");
        let order = Code::ALL.iter().position(|&one| one == code).unwrap();
        rules.entry(order).or_default().push(fault);
    }
    let mut out = HEAD.to_owned();
    for (order, faults) in rules {
        let code = Code::ALL[order];
        let words = code.explanation().split("\n## Wrong\n").next().unwrap();
        let words = words.split_once("\n\n").unwrap().1.trim_end();
        let _ = write!(out, "\n## {}: {}\n\n{words}\n", code.as_str(), code.title());
        for fault in faults {
            let message = fault.expected.split_once(": ").unwrap().1;
            let _ = write!(
                out,
                "\n### {}\n\n> {message}\n\n```diff\n",
                fault.title.trim_end_matches('.')
            );
            let lines: Vec<&str> = fault.text.split('\n').collect();
            for line in &lines[fault.wrong.clone()] {
                let _ = writeln!(out, "-{line}");
            }
            for line in &fault.right {
                let _ = writeln!(out, "+{line}");
            }
            out.push_str("```\n");
        }
    }
    out
}

#[test]
fn the_document_shows_the_gallery() {
    let path = repository().join("docs/proof.md");
    let document = document();
    if updates_expectations() {
        fs::write(&path, &document).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), document);
}

#[test]
fn the_gallery_has_every_rule_of_the_proof() {
    let schema: Value = serde_json::from_str(botdocs::cli::json_schema::SCHEMA).unwrap();
    let codes = &schema["$defs"]["page-waivers"]["items"]["properties"]["code"]["enum"];
    let shown: Vec<String> = gallery().into_iter().map(|fault| fault.code).collect();
    for code in codes.as_array().unwrap().iter().filter_map(Value::as_str) {
        assert!(
            code == "live-secret" || shown.iter().any(|one| one == code),
            "{code}"
        );
    }
    assert!(shown.iter().any(|one| one == "stream-syntax"));
}

/// Three shapes of events, what was recorded as it came, JSON Lines, and plain text.
#[test]
fn every_shape_of_stream_has_several_kinds_of_fault() {
    let names: Vec<String> = gallery().into_iter().map(|fault| fault.name).collect();
    for shape in ["named", "chunks", "typed", "recorded", "lines", "plain"] {
        let of_shape = |name: &&String| name.starts_with(&format!("{shape}-"));
        let count = names.iter().filter(of_shape).count();
        assert!(count >= 3, "{shape}: {count}");
    }
}

/// What does not fit is told of at the example and at what it does not fit.
#[test]
fn what_a_schema_refuses_has_both_places() {
    for fault in gallery() {
        let by_schema = [
            "example-type",
            "example-value",
            "missing-field",
            "undocumented-field",
            "no-alternative",
            "unmatched-event",
            "stream-order",
            "stream-join",
            "stream-equals",
            "two-placeholders",
        ];
        if by_schema.contains(&fault.code.as_str()) {
            let place = fault.expected.split(": ").next().unwrap();
            assert!(place.contains(" and "), "{}: {place}", fault.name);
        }
    }
}
