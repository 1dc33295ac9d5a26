//! Streams in every form: a table of all of them, each an endpoint of one project.

use super::project::Project;

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
pub(crate) fn streams() -> Vec<(String, String)> {
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
