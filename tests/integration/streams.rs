//! Streams in every form, read by the samples of every language: a table of all of them, each an
//! endpoint of one project, whose samples are formatted and compiled in `samples.rs`, and run here
//! against the mock.

use crate::mock::test_command;
use crate::project::Project;
use crate::samples::quick_languages;

/// How events are told apart.
const FORMS: [&str; 3] = ["named", "matched", "jsonl"];

/// What pieces carry, each with two of them.
const DATA: [(&str, [&str; 2]); 4] = [
    ("text", [r#""Hel""#, r#""lo \"you\"""#]),
    (
        "json",
        [
            "{type: part, at: [{text: Hel}]}",
            "{type: part, at: [{text: lo}]}",
        ],
    ),
    // A JSON string alone.
    ("word", [r#""Hel""#, r#""lo\nyou""#]),
    ("empty", ["", ""]),
];

/// What comes last.
const ENDS: [&str; 5] = ["empty", "json", "marker", "failure", "connection"];

/// The streams of the table, each after its name.
fn streams() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for form in FORMS {
        for (data, pieces) in DATA {
            for joins in [true, false] {
                for end in ENDS {
                    let stream = stream(form, data, &pieces, joins, end);
                    let way = if joins { "joined" } else { "lines" };
                    all.extend(stream.map(|it| (format!("{form}-{data}-{way}-{end}"), it)));
                }
            }
        }
    }
    let example = "  example: [Hel, \"lo \", you]\n";
    for (way, joins) in [("joined", "  joins: {to: \"\"}\n"), ("lines", "")] {
        all.push((
            format!("text-{way}"),
            format!("  format: text\n{joins}{example}"),
        ));
    }
    all
}

/// A stream, if there can be one of that kind.
fn stream(form: &str, data: &str, pieces: &[&str; 2], joins: bool, end: &str) -> Option<String> {
    let is_possible = match (form, data, end) {
        (_, "empty", _) => form == "named" && !joins,
        (_, "word", _) => form != "matched" && end == "connection",
        ("named", ..) => true,
        // What an event is told by must be in its data.
        ("matched", ..) => data == "json" && end != "empty",
        _ => data == "json" && !matches!(end, "empty" | "marker"),
    };
    if !is_possible {
        return None;
    }
    let kind = if data == "word" { "json" } else { data };
    let joins = match (joins, data) {
        (false, _) => "",
        (true, "json") => r#", joins: {from: /at/0/text, to: ""}"#,
        (true, _) => r#", joins: {to: ""}"#,
    };
    let told_by = |value: &str| match (form, data) {
        ("named", _) | (_, "word") => String::new(),
        _ => format!(", match: {{/type: {value}}}"),
    };
    let mut events = vec![format!(
        "piece: {{data: {kind}, occurs: repeats{joins}{}}}",
        told_by("part")
    )];
    let by_mark = r#"match: "[DONE]", data: text, ends: true"#;
    let by_json = format!("end: {{data: json, ends: true{}}}", told_by("end"));
    match end {
        "connection" => {}
        "empty" => events.push("end: {event: __end__, data: empty, ends: true}".to_owned()),
        "marker" if form == "named" => events.push(format!("end: {{event: message, {by_mark}}}")),
        "marker" => events.push(format!("end: {{{by_mark}}}")),
        "json" => events.push(by_json),
        _ => events.extend([
            by_json,
            format!(
                "fault: {{data: json, ends: true, fails: true{}}}",
                told_by("fault")
            ),
        ]),
    }
    let mut items = pieces.map(|piece| match piece {
        "" => "{event: piece}".to_owned(),
        _ => format!("{{event: piece, data: {piece}}}"),
    });
    let mut failing = String::new();
    if end == "failure" {
        let fault = "{event: fault, data: {type: fault, why: no more}}";
        failing = format!("    failing: [{}, {fault}]\n", items[0]);
    }
    items[1].push_str(match end {
        "connection" => "",
        "empty" | "marker" => ", {event: end}",
        _ => ", {event: end, data: {type: end, why: all said}}",
    });
    let format = if form == "jsonl" { "jsonl" } else { "sse" };
    Some(format!(
        "  format: {format}\n  events:\n    {}\n  examples:\n    default: [{}]\n{failing}",
        events.join("\n    "),
        items.join(", ")
    ))
}

/// A project of all of them.
pub(crate) fn project() -> Project {
    let mut spec = "title: Streams\nservers: [{url: https://api.example}]\nauth: {type: none}\n\
                    endpoints:\n"
        .to_owned();
    for (name, stream) in streams() {
        spec.push_str(&format!(
            "  {name}:\n    title: {name}\n    method: GET\n    path: /{name}\n    \
             responses: {{200: {{description: A stream.}}}}\n    stream:\n"
        ));
        for line in stream.lines() {
            spec.push_str(&format!("    {line}\n"));
        }
    }
    Project::empty()
        .file("spec/site.yaml", "title: Streams\nnavigation: [streams]\n")
        .file("spec/streams.yaml", spec)
}

/// Each endpoint only streams, so each language has one sample of it.
#[test]
fn samples_read_streams_of_every_form() {
    let project = project();
    let site = project.read("spec/site.yaml");
    let mut languages = quick_languages();
    // cURL prints what arrives: it reads no stream.
    languages.retain(|name| *name != "curl");
    let samples = format!("{site}samples: [{}]\n", languages.join(", "));
    project.write("spec/site.yaml", samples);
    let output = test_command(&project)
        .args(["--jobs", "4"])
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = stdout.lines().collect();
    let ran = lines.iter().filter(|line| !line.starts_with(' '));
    let expected = streams().len() * languages.len();
    assert_eq!(ran.count(), expected, "{stdout}{stderr}");
    assert!(!stdout.contains(": Python (python3)"), "{stdout}");
    let late = "        nothing was printed before the last item was sent";
    for (index, line) in lines.iter().enumerate() {
        // That streams are read in time is held by other projects, of fewer samples.
        let is_late = lines.get(index + 1) == Some(&late);
        assert!(!line.starts_with("failed ") || is_late, "{stdout}{stderr}");
    }
}

#[test]
fn an_endpoint_that_only_streams_has_one_request() {
    let project = project();
    let printed = crate::samples::printed_samples(project.path());
    let plain = printed.iter().find(|(name, _)| !name.ends_with(".stream"));
    assert!(plain.is_none(), "{plain:?}");
    project.run(&["build"]).exits(0);
    let page = project.read("site/index.html");
    assert!(!page.contains(">Request</"), "{page}");
    for (name, _) in streams() {
        let id = format!("id=\"_{name}.example.default.stream-request\"");
        assert_eq!(page.matches(&id).count(), 1, "{name}");
    }
    // Another answer can be asked for, by `Accept`.
    let spec = project.read("spec/streams.yaml");
    let with_plain =
        "responses: {200: {description: A text., content_type: text/plain, example: Hello}}";
    let (before, spec) = spec.split_once("  named-text-lines-empty:").unwrap();
    let spec = spec.replacen("responses: {200: {description: A stream.}}", with_plain, 1);
    let spec = format!("{before}  named-text-lines-empty:{spec}");
    project.write("spec/streams.yaml", spec);
    project.run(&["build"]).exits(0);
    let page = project.read("site/index.html");
    let id = "id=\"_named-text-lines-empty.example.default.request\"";
    assert_eq!(page.matches(id).count(), 1);
    assert_eq!(
        page.matches(".example.default.request\" data-copy").count(),
        1
    );
}

/// A printed sample of an endpoint of the table.
fn sample(endpoint: &str, language: &str) -> String {
    let name = format!("{endpoint}.{language}.stream");
    let printed = crate::samples::printed_samples(project().path());
    let sample = printed.into_iter().find(|(other, _)| *other == name);
    sample.expect(&name).1
}

#[test]
fn lines_have_the_events_name_and_stop_at_the_documented_end() {
    let python = sample("named-text-lines-marker", "python");
    let end = "for event, data in events(response.raw):\n    \
               if event == \"message\" and data == \"[DONE]\":\n        break\n    else:\n        \
               print(f\"{event}: {data}\", flush=True)\n";
    assert!(python.ends_with(end), "{python}");
    let python = sample("matched-json-lines-failure", "python");
    let end = "    item = json.loads(data)\n    if item.get(\"type\") == \"end\":\n        \
               print(data, flush=True)\n        break\n    elif item.get(\"type\") == \"fault\":\n        \
               sys.exit(data)\n    else:\n        print(data, flush=True)\n";
    assert!(python.ends_with(end), "{python}");
    let go = sample("named-text-lines-empty", "go");
    let end = "\t\tcase event == \"__end__\":\n\t\t\treturn\n\t\tdefault:\n\t\t\t\
               fmt.Printf(\"%s: %s\\n\", event, text)\n\t\t}\n";
    assert!(go.contains(end), "{go}");
}
