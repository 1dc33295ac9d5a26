//! The JSON Schema and the parser, held to each other.
//!
//! Good files are changed at every place in every simple way: a key dropped, misspelt, or added, a
//! value of another type, a word that is not on its list. For each the schema must refuse what the
//! parser refuses for its structure, and nothing else.

use std::collections::BTreeMap;

use botdocs::check::{CheckCache, check};
use botdocs::cli::json_schema::{self, SchemaKind};
use botdocs::input::diagnostic::Report;
use botdocs::input::explain::Code;
use botdocs::input::load::{Inputs, PageFile, SettingsFile};
use botdocs::input::page_kind::PageKind;
use botdocs::input::yaml::{Node, Value as Yaml};
use botdocs::model::Language;
use jsonschema::Validator;
use regex::Regex;
use serde_json::{Value, json};

use crate::project::{repository, updates_expectations};

/// Faults in the structure of a file, which a schema can see.
const STRUCTURAL: [Code; 7] = [
    Code::UnknownKey,
    Code::MissingKey,
    Code::WrongType,
    Code::UnknownValue,
    Code::ConflictingKeys,
    Code::EmptyValue,
    Code::InvalidId,
];

/// Faults with a structural code that need more than the file's own structure: the code, a part of
/// the message, a part of the changed place, and what they need.
const BEYOND: [(Code, &str, &str, &str); 7] = [
    (
        Code::UnknownKey,
        " parameter `",
        "",
        "the endpoint's parameters",
    ),
    (
        Code::ConflictingKeys,
        "a patch of a body",
        "",
        "the media type of the body that is patched",
    ),
    (
        Code::ConflictingKeys,
        "data for `",
        "",
        "the kind of the event that an item names",
    ),
    (
        Code::MissingKey,
        "missing key `data` in an item",
        "",
        "the kind of the event that an item names",
    ),
    (
        Code::WrongType,
        "expected text",
        "/data/becomes",
        "the kind of the event that an item names",
    ),
    (
        Code::MissingKey,
        "missing key `id` in a section",
        "",
        "the letters of the section's title",
    ),
    (
        Code::InvalidId,
        "can't be a page's name",
        "",
        "the name of the file",
    ),
];

/// Faults of other codes that the schema sees as well: forms that it can say.
const SEEN_TOO: [Code; 4] = [
    Code::InvalidValue,
    Code::DuplicateId,
    Code::InvalidNumber,
    Code::InvalidVariable,
];

/// What the parser and the schema say of one file.
struct Judged {
    /// Faults in its structure.
    structural: Vec<String>,
    /// Whether there are faults that only the parser can find.
    beyond: bool,
    /// Whether there are faults that the schema may find or not.
    either: bool,
}

fn schema(kind: SchemaKind) -> Validator {
    let schema: Value = serde_json::from_str(&json_schema::of(kind)).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// A YAML file as JSON, by our own parser.
fn read(path: &str) -> Value {
    let text = std::fs::read_to_string(repository().join(path)).unwrap();
    let mut inputs = Inputs::default();
    let file = inputs.sources.add(path, &text);
    let mut report = Report::default();
    let node = botdocs::input::yaml::parse(&inputs.sources, file, &mut report);
    assert!(report.is_empty(), "{path}");
    to_json(&node.unwrap())
}

fn to_json(node: &Node) -> Value {
    match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Number(written) => serde_json::from_str(written).unwrap(),
        Yaml::String(text) => json!(text),
        Yaml::Sequence(items) => items.iter().map(to_json).collect(),
        Yaml::Mapping(entries) => {
            let pairs = entries.iter().map(|e| (e.key.clone(), to_json(&e.value)));
            Value::Object(pairs.collect())
        }
    }
}

/// What the parser says of a file; JSON is YAML.
fn judge(kind: SchemaKind, what: &str, value: &Value) -> Judged {
    let text = serde_json::to_string_pretty(value).unwrap();
    let mut inputs = Inputs::default();
    let site =
        "title: Docs\nnavigation: [page]\nvariables: {bot_name: {}, docs_url: {type: url}}\n";
    let site = if kind == SchemaKind::Site {
        &text
    } else {
        site
    };
    let site = inputs.sources.add("site.yaml", site);
    inputs.site = Some(SettingsFile::parse(site, &inputs.sources));
    let (kind, page) = match kind {
        SchemaKind::Site => return structure(&inputs, what),
        SchemaKind::Page(kind @ PageKind::Api) => (kind, text),
        SchemaKind::Page(kind @ PageKind::Guide) => (kind, format!("---\n{text}\n---\nText.\n")),
    };
    let file = inputs.sources.add("page", &page);
    let name = "page".to_owned();
    inputs.pages.push(PageFile { name, kind, file });
    structure(&inputs, what)
}

fn structure(inputs: &Inputs, what: &str) -> Judged {
    let mut report = Report::default();
    check(inputs, &mut CheckCache::default(), &mut report);
    let is_beyond = |code: Code, message: &str| {
        let mut known = BEYOND.iter();
        known.any(|(other, part, place, _)| {
            *other == code && message.contains(part) && what.contains(place)
        })
    };
    let mut judged = Judged {
        structural: Vec::new(),
        beyond: false,
        either: false,
    };
    for diagnostic in report.iter() {
        let said = format!("{}: {}", diagnostic.code.as_str(), diagnostic.message);
        judged.either |= SEEN_TOO.contains(&diagnostic.code);
        if !STRUCTURAL.contains(&diagnostic.code) {
            continue;
        }
        match is_beyond(diagnostic.code, &diagnostic.message) {
            true => judged.beyond = true,
            false => judged.structural.push(said),
        }
    }
    judged
}

/// Every change of a value: what was done, and the value that it makes.
fn changes(value: &Value) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    let others = [
        json!(null),
        json!(true),
        json!(7),
        json!("nonsense"),
        json!([]),
        json!({}),
        json!(["a", "b"]),
        json!({"a": {}}),
    ];
    for other in others {
        if other != *value {
            changes.push((format!("becomes {other}"), other));
        }
    }
    match value {
        Value::Object(map) => {
            let mut more = map.clone();
            more.insert("unknown_one".to_owned(), json!(1));
            changes.push(("an unknown key".to_owned(), Value::Object(more)));
            for key in map.keys() {
                let mut fewer = map.clone();
                let old = fewer.shift_remove(key).unwrap();
                changes.push((format!("without {key}"), Value::Object(fewer.clone())));
                fewer.insert(format!("{key}x"), old);
                changes.push((format!("{key} misspelt"), Value::Object(fewer)));
            }
            for (key, inner) in map {
                for (what, changed) in changes_of(inner) {
                    let mut outer = map.clone();
                    outer.insert(key.clone(), changed);
                    changes.push((format!("{key}/{what}"), Value::Object(outer)));
                }
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                for (what, changed) in changes_of(inner) {
                    let mut outer = items.clone();
                    outer[index] = changed;
                    changes.push((format!("{index}/{what}"), Value::Array(outer)));
                }
            }
        }
        _ => {}
    }
    changes
}

/// The changes inside of a value; an indirection, so that the recursion reads as one.
fn changes_of(value: &Value) -> Vec<(String, Value)> {
    changes(value)
}

/// Judges a value by both and says where they differ.
fn difference(schema: &Validator, value: &Value, judged: &Judged) -> Option<String> {
    let error = schema.iter_errors(value).next();
    match (judged.structural.first(), error) {
        (Some(said), None) => Some(format!("the schema accepts what has {said}")),
        (None, Some(error)) if !judged.either && !judged.beyond => Some(format!(
            "the parser accepts what the schema refuses: {error} at {}",
            error.instance_path()
        )),
        _ => None,
    }
}

const GOOD: [(&str, SchemaKind); 10] = [
    ("spec/site.yaml", SchemaKind::Site),
    ("spec/integration.yaml", SchemaKind::Page(PageKind::Api)),
    ("starter/spec/site.yaml", SchemaKind::Site),
    ("starter/spec/chat.yaml", SchemaKind::Page(PageKind::Api)),
    ("tests/golden/everything/spec/site.yaml", SchemaKind::Site),
    (
        "tests/golden/everything/spec/chat.yaml",
        SchemaKind::Page(PageKind::Api),
    ),
    (
        "tests/golden/everything/spec/documents.yaml",
        SchemaKind::Page(PageKind::Api),
    ),
    ("tests/golden/bot/spec/site.yaml", SchemaKind::Site),
    (
        "tests/golden/bot/spec/api.yaml",
        SchemaKind::Page(PageKind::Api),
    ),
    (
        "tests/golden/german/spec/gespraeche.yaml",
        SchemaKind::Page(PageKind::Api),
    ),
];

#[test]
fn good_files_are_good_by_the_schema_too() {
    let whole: Value = serde_json::from_str(json_schema::SCHEMA).unwrap();
    jsonschema::meta::validate(&whole).unwrap();
    let whole = jsonschema::validator_for(&whole).unwrap();
    for (path, kind) in GOOD {
        let value = read(path);
        for schema in [&schema(kind), &whole] {
            let errors: Vec<_> = schema
                .iter_errors(&value)
                .map(|e| format!("{}: {e}", e.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{path}: {errors:#?}");
        }
    }
}

/// Each file gives thousands of changes; of those of large files one in so many is taken, which
/// steps through all places and all kinds of change. (All 22,953 agreed in November 2026, in 108 s.)
#[test]
fn the_schema_refuses_what_the_parser_refuses_for_its_structure() {
    const MOST: usize = 250;
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    let (mut accepted, mut refused) = (0, 0);
    for (path, kind) in GOOD {
        let schema = schema(kind);
        let all = changes(&read(path));
        // Not divisible by the number of kinds of change, so that it meets all of them.
        let step = (all.len() / MOST).max(1) | 1;
        for (what, value) in all.iter().step_by(step) {
            let judged = judge(kind, what, value);
            match judged.structural.is_empty() {
                true => accepted += 1,
                false => refused += 1,
            }
            if let Some(difference) = difference(&schema, value, &judged) {
                wrong
                    .entry(difference)
                    .or_insert_with(|| format!("{path}: {what}"));
            }
        }
    }
    println!("{accepted} accepted, {refused} refused");
    assert!(wrong.is_empty(), "{} differ: {wrong:#?}", wrong.len());
    assert!(
        accepted >= 300 && refused >= 300,
        "{accepted} accepted, {refused} refused"
    );
}

/// The schema's list of languages, and which clients each has, are those of the table;
/// `UPDATE_GOLDEN=1` writes them.
#[test]
fn the_schema_has_the_languages_of_samples() {
    let path = repository().join("schema/botdocs.schema.json");
    let written = std::fs::read_to_string(&path).unwrap();
    let quoted = |names: &[&str]| format!("\"{}\"", names.join("\", \""));
    let one_of = |names: &[&str]| match names {
        [name] => format!("{{\"const\": \"{name}\"}}"),
        names => format!("{{\"enum\": [{}]}}", quoted(names)),
    };
    let clients = |language: Language| -> Vec<&str> {
        let clients = language.clients().into_iter();
        clients.map(|(name, _)| name).collect()
    };
    let groups = Language::ALL.chunk_by(|one, next| clients(*one) == clients(*next));
    let rules = groups.map(|group| {
        let names: Vec<&str> = group.iter().map(|language| language.name()).collect();
        format!(
            "        {{\n          \"if\": {{\"required\": [\"language\"], \
             \"properties\": {{\"language\": {}}}}},\n          \
             \"then\": {{\"properties\": {{\"client\": {}}}}}\n        }}",
            one_of(&names),
            one_of(&clients(group[0]))
        )
    });
    let rules = rules.collect::<Vec<_>>().join(",\n");
    let names = quoted(&Language::ALL.map(Language::name));
    let put = |text: &str, place: &str, content: &str| {
        let place = Regex::new(place).unwrap();
        assert!(place.is_match(text), "{place}");
        let put = |found: &regex::Captures<'_>| format!("{}{content}{}", &found[1], &found[2]);
        place.replace(text, put).into_owned()
    };
    let place = r#"(?s)("sample-language": \{.*?"enum": \[)[^\]]*(\])"#;
    let expected = put(&written, place, &names);
    let place = r#"(?s)("sample-choice": \{.*?"allOf": \[\n).*?(\n      \]\n)"#;
    let expected = put(&expected, place, &rules);
    if updates_expectations() {
        std::fs::write(&path, &expected).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written, expected);
}
