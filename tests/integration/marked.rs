//! No keyword of a schema is accepted and shown nowhere.

use std::collections::BTreeSet;

use botdocs::Docs;
use serde_json::Value;

use crate::project::{Project, repository};

/// Each keyword: a schema without it, and the same with it.
const KEYWORDS: &[(&str, &str, &str)] = &[
    ("$ref", "title: Base", "$ref: '#/schemas/Other'"),
    ("type", "title: Base", "title: Base, type: integer"),
    (
        "type",
        "title: Base, type: object, fields: {a: {type: string}}",
        "title: Base, type: [object, 'null'], fields: {a: {type: string}}",
    ),
    ("title", "type: string", "type: string, title: Canary"),
    (
        "title",
        "$ref: '#/schemas/Other'",
        "$ref: '#/schemas/Other', title: Canary",
    ),
    (
        "description",
        "type: string",
        "type: string, description: Canary.",
    ),
    (
        "description",
        "$ref: '#/schemas/Other'",
        "$ref: '#/schemas/Other', description: Canary.",
    ),
    ("format", "title: Base", "title: Base, format: uuid"),
    ("format", "type: string", "type: string, format: uuid"),
    ("format", "type: string", "type: string, format: binary"),
    (
        "enum",
        "type: string",
        "type: string, enum: [canary, other]",
    ),
    ("const", "type: string", "type: string, const: canary"),
    ("default", "type: string", "type: string, default: canary"),
    (
        "default",
        "$ref: '#/schemas/Other'",
        "$ref: '#/schemas/Other', default: canary",
    ),
    ("minimum", "type: integer", "type: integer, minimum: 77"),
    (
        "exclusiveMinimum",
        "type: integer",
        "type: integer, exclusiveMinimum: 77",
    ),
    ("maximum", "type: integer", "type: integer, maximum: 77"),
    (
        "exclusiveMaximum",
        "type: integer",
        "type: integer, exclusiveMaximum: 77",
    ),
    (
        "multipleOf",
        "type: integer",
        "type: integer, multipleOf: 77",
    ),
    ("minLength", "type: string", "type: string, minLength: 77"),
    ("maxLength", "type: string", "type: string, maxLength: 77"),
    ("pattern", "type: string", "type: string, pattern: c+"),
    (
        "items",
        "type: array",
        "type: array, items: {type: integer}",
    ),
    (
        "minItems",
        "type: array, items: {type: integer}",
        "type: array, items: {type: integer}, minItems: 77",
    ),
    (
        "maxItems",
        "type: array, items: {type: integer}",
        "type: array, items: {type: integer}, maxItems: 77",
    ),
    (
        "uniqueItems",
        "type: array, items: {type: integer}",
        "type: array, items: {type: integer}, uniqueItems: true",
    ),
    (
        "fields",
        "type: object",
        "type: object, fields: {canary: {type: string}}",
    ),
    (
        "additionalProperties",
        "type: object",
        "type: object, additionalProperties: true",
    ),
    (
        "additionalProperties",
        "type: object",
        "type: object, additionalProperties: false",
    ),
    (
        "additionalProperties",
        "type: object",
        "type: object, additionalProperties: {type: integer}",
    ),
    (
        "oneOf",
        "title: Base",
        "title: Base, oneOf: [{type: integer}, {type: boolean}]",
    ),
    (
        "discriminator",
        "oneOf: [{title: A, fields: {k: {const: a}}}, {title: B, fields: {k: {const: b}}}]",
        "discriminator: k, oneOf: [{title: A, fields: {k: {const: a}}}, {title: B, fields: {k: {const: b}}}]",
    ),
    (
        "deprecated",
        "type: string",
        "type: string, deprecated: true",
    ),
    (
        "deprecated",
        "type: string, deprecated: true",
        "type: string, deprecated: Canary",
    ),
    (
        "deprecated",
        "$ref: '#/schemas/Other'",
        "$ref: '#/schemas/Other', deprecated: true",
    ),
    ("since", "type: string", "type: string, since: '7.7'"),
    (
        "since",
        "$ref: '#/schemas/Other'",
        "$ref: '#/schemas/Other', since: '7.7'",
    ),
];

/// Each place of a schema, which is `SCHEMA`, in an endpoint.
const PLACES: &[(&str, &str)] = &[
    ("field", "request: {fields: {a: {SCHEMA}}}"),
    (
        "form",
        "request: {fields: {a: {oneOf: [{SCHEMA}, {type: 'null'}]}}}",
    ),
    (
        "items",
        "request: {fields: {a: {type: array, items: {SCHEMA}}}}",
    ),
    (
        "form of items",
        "request: {fields: {a: {type: array, items: {oneOf: [{SCHEMA}, {type: 'null'}]}}}}",
    ),
    (
        "items of items",
        "request: {fields: {a: {type: array, items: {type: array, items: {SCHEMA}}}}}",
    ),
    (
        "any other field",
        "request: {fields: {a: {additionalProperties: {SCHEMA}}}}",
    ),
    (
        "behind a reference",
        "request: {fields: {a: {$ref: '#/schemas/This'}}}",
    ),
    ("body", "request: {schema: {SCHEMA}}"),
    (
        "items of a body",
        "request: {schema: {type: array, items: {SCHEMA}}}",
    ),
    (
        "form of a body",
        "request: {schema: {oneOf: [{SCHEMA}, {type: 'null'}]}}",
    ),
    ("parameter", "parameters: {query: {a: {SCHEMA}}}"),
    (
        "field of an event",
        "stream: {format: sse, events: {e: {fields: {a: {SCHEMA}}}}}",
    ),
];

/// Returns the page of a place.
fn page(name: &str, place: &str, schema: &str) -> String {
    let part = place.replace("SCHEMA", schema);
    format!(
        "title: Page\nservers: [{{url: https://a.example}}]\nendpoints:\n  call:\n    title: Call\n    method: POST\n    \
         path: /{name}\n    {part}\n    responses: {{204: {{description: Done.}}}}\nschemas:\n  \
         Other: {{type: string, title: Other title}}\n  This: {{{schema}}}\n"
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "a place for each kind of schema")]
fn each_keyword_of_a_schema_is_shown_wherever_it_is_accepted() {
    let json = std::fs::read_to_string(repository().join("schema/botdocs.schema.json")).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    let known = json["$defs"]["schema"]["properties"].as_object().unwrap();
    let known: BTreeSet<&str> = known.keys().map(String::as_str).collect();
    assert_eq!(
        known,
        KEYWORDS.iter().map(|&(keyword, ..)| keyword).collect()
    );
    let mut names: Vec<String> = Vec::new();
    let mut project = Project::empty();
    for (at, (_, without, with)) in KEYWORDS.iter().enumerate() {
        for (place, (_, text)) in PLACES.iter().enumerate() {
            for (side, schema) in [("x", without), ("y", with)] {
                let name = format!("q{at}q{place}{side}");
                project = project.file(&format!("spec/{name}.yaml"), page(&name, text, schema));
                names.push(name);
            }
        }
    }
    let site = |names: &[String]| {
        format!(
            "title: Docs\nsamples: [curl]\nnavigation: [{}]\n",
            names.join(", ")
        )
    };
    let ran = project.write_and_run(
        "spec/site.yaml",
        &site(&names),
        &["check", "--format", "json"],
    );
    // What is refused is not shown.
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let report = report
        .get("diagnostics")
        .unwrap_or(&report)
        .as_array()
        .unwrap();
    let errors = report.iter().filter(|it| it["severity"] == "error");
    let refused: BTreeSet<String> = errors
        .map(|it| {
            it["file"]
                .as_str()
                .unwrap()
                .replace("spec/", "")
                .replace(".yaml", "")
        })
        .collect();
    for name in &refused {
        std::fs::remove_file(project.path().join(format!("spec/{name}.yaml"))).unwrap();
    }
    names.retain(|name| !refused.contains(name));
    project.write("spec/site.yaml", site(&names));
    let docs = Docs::load(project.path()).unwrap();
    let read = |name: &str, ending: &str| {
        let first = names.first().is_some_and(|first| first == name);
        let path = format!("{}.{ending}", if first { "index" } else { name });
        let text = String::from_utf8(docs.file(&path).unwrap().into_owned()).unwrap();
        let text = text.replace(&path, "").replace(name, "");
        let main = text.split_once("<main").map_or(&*text, |(_, main)| main);
        main.split("<footer").next().unwrap().to_owned()
    };
    let (mut lost, mut compared) = (Vec::new(), 0);
    for (at, (keyword, _, with)) in KEYWORDS.iter().enumerate() {
        for (place, (where_, _)) in PLACES.iter().enumerate() {
            let [x, y] = ["x", "y"].map(|side| format!("q{at}q{place}{side}"));
            if refused.contains(&x) || refused.contains(&y) {
                continue;
            }
            compared += 1;
            for ending in ["html", "md"] {
                if read(&x, ending) == read(&y, ending) {
                    lost.push(format!("{keyword} in {where_}, .{ending}: {with}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "shown nowhere:\n{}", lost.join("\n"));
    // Most are accepted, or the table compares nothing.
    let all = KEYWORDS.len() * PLACES.len();
    assert!(
        compared * 4 > all * 3,
        "{compared} of {all}; refused: {refused:?}\n{}",
        ran.stderr
    );
}
