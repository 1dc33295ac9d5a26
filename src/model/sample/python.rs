//! Samples in Python, by `requests`, as Black formats them.

pub(super) mod urllib;

use serde_json::Value;

use super::literal::{Syntax, literal};
use super::pen::Pen;
use super::quote::python as quote;
use super::request::{by_name, repeats};
use super::stream::{Action, Case, ItemTest, PathStep, StreamReader};
use super::{Credentials, Payload, Request};
use crate::model::StreamFormat;
use crate::rich::code::{ClassedCode, MultipartPart};

const SYNTAX: Syntax = Syntax {
    string: quote,
    key: |name| format!("{}: ", quote(name)),
    map: ["{", "}"],
    empty_map: "{}",
    words: ["None", "False", "True"],
    unit: "    ",
    last_comma: true,
    width: 0,
};

pub(super) fn print(request: &Request) -> ClassedCode {
    let mut pen = Pen::new("    ");
    imports(&mut pen, request, "sys");
    pen.line("import requests").line("");
    let method = request.method.as_str().to_lowercase();
    // The method's own function, as in the manual of `requests`.
    pen.add("response = requests.")
        .add(&method)
        .line("(")
        .indent();
    pen.string(&quote(&request.url)).line(",");
    credentials(&mut pen, request);
    payload(&mut pen, &request.payload.for_literals());
    // Without it `requests` reads the whole body before it returns.
    if request.stream.is_some() {
        pen.line("stream=True,");
    }
    pen.dedent().line(")");
    pen.line("if not response.ok:").indent();
    pen.line(r#"sys.exit(f"{response.status_code}: {response.text}")"#)
        .dedent();
    // Not `response.text`: without a charset `requests` decodes a text as ISO-8859-1. `raw` returns
    // lines as they arrive, where `iter_lines` waits for 512 bytes.
    answer(&mut pen, request, "response.raw", "response.content");
    pen.finish()
}

/// Writes the code for the answer: `lines` is an expression for the lines of a stream, `body` for
/// all bytes.
fn answer(pen: &mut Pen, request: &Request, lines: &str, body: &str) {
    match (&request.stream, &request.save_as) {
        (Some(reader), _) => read(pen, reader, lines),
        (None, Some(file)) => {
            pen.add("with open(")
                .string(&quote(file))
                .add(", ")
                .string("\"wb\"")
                .line(") as file:");
            pen.indent().line(&format!("file.write({body})")).dedent();
        }
        (None, None) => {
            pen.line(&format!("print({body}.decode())"));
        }
    }
}

/// Writes the modules of the standard library, in alphabetical order, and an empty line.
fn imports(pen: &mut Pen, request: &Request, always: &str) {
    let reader = request.stream.as_ref();
    let mut modules = always.split(' ').collect::<Vec<_>>();
    if reader.is_some_and(StreamReader::may_miss) {
        modules.push("contextlib");
    }
    if reader.is_some_and(StreamReader::parses) {
        modules.push("json");
    }
    if reader.is_some_and(|reader| reader.format == StreamFormat::Text) {
        modules.push("codecs");
    }
    if request.credentials != Credentials::None {
        modules.push("os");
    }
    modules.sort_unstable();
    modules.dedup();
    for module in modules {
        pen.line(&format!("import {module}"));
    }
    pen.line("");
}

/// Writes the arguments for authentication and headers.
fn credentials(pen: &mut Pen, request: &Request) {
    match &request.credentials {
        Credentials::Basic { user, password } => {
            pen.line(&format!(
                "auth=(os.environ[\"{user}\"], os.environ[\"{password}\"]),"
            ));
        }
        Credentials::Query { name, key } => {
            pen.add("params={")
                .string(&quote(name))
                .line(&format!(": os.environ[\"{key}\"]}},"));
        }
        Credentials::None | Credentials::Bearer(_) | Credentials::Header { .. } => {}
    }
    let headers = headers(request);
    if !headers.is_empty() {
        pen.line("headers={").indent();
        for (name, value) in headers {
            pen.string(&quote(&name)).add(": ").string(&value).line(",");
        }
        pen.dedent().line("},");
    }
}

/// Returns the headers, their values as expressions.
fn headers(request: &Request) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    match &request.credentials {
        Credentials::Bearer(key) => headers.push((
            "Authorization".to_owned(),
            format!("f\"Bearer {{os.environ['{key}']}}\""),
        )),
        Credentials::Header { name, key } => {
            headers.push((name.clone(), format!("os.environ[\"{key}\"]")));
        }
        Credentials::None | Credentials::Basic { .. } | Credentials::Query { .. } => {}
    }
    // `json=` sets this header itself.
    let is_usual = |value: &str| {
        matches!(request.payload.for_literals(), Payload::Json { .. })
            && value == "application/json"
    };
    let others = request.all_headers().into_iter();
    let others = others.filter(|(name, value)| name != "Content-Type" || !is_usual(value));
    headers.extend(others.map(|(name, value)| (name, quote(&value))));
    headers
}

fn payload(pen: &mut Pen, payload: &Payload) {
    match payload {
        Payload::None => {}
        Payload::Json { value, .. } => {
            let value = literal(value, &SYNTAX, pen.depth(), 0);
            pen.add("json=").string(&value).line(",");
        }
        Payload::Text { text, .. } => {
            // As bytes, since the encoding of a `str` depends on the version of urllib3, and
            // `requests` encodes a text as ISO-8859-1.
            pen.add("data=").string(&quote(text)).line(".encode(),");
        }
        Payload::File { file, .. } => {
            pen.add("data=open(")
                .string(&quote(file))
                .add(", ")
                .string("\"rb\"")
                .line("),");
        }
        Payload::Form(pairs) => {
            let map = map_of(pairs, pen.depth());
            pen.add("data=").string(&map).line(",");
        }
        Payload::Parts(parts) => push_parts(pen, parts),
    }
}

fn push_parts(pen: &mut Pen, parts: &[MultipartPart]) {
    let has_files = parts
        .iter()
        .any(|part| matches!(part, MultipartPart::File { .. }));
    let texts = parts.iter().filter_map(|part| match part {
        MultipartPart::Text { name, value } => Some((name.clone(), value.clone())),
        MultipartPart::File { .. } => None,
    });
    let texts: Vec<_> = texts.collect();
    if has_files && !texts.is_empty() {
        let map = map_of(&texts, pen.depth());
        pen.add("data=").string(&map).line(",");
    }
    let files = parts
        .iter()
        .filter(|part| !has_files || matches!(part, MultipartPart::File { .. }));
    let files: Vec<&MultipartPart> = files.collect();
    // A map has a name only once.
    let [open, before, between, after, close] = if repeats(files.iter().map(|it| it.name())) {
        ["[", "(", ", ", "),", "],"]
    } else {
        ["{", "", ": ", ",", "},"]
    };
    pen.line(&format!("files={open}")).indent();
    for part in files {
        pen.add(before).string(&quote(part.name())).add(between);
        match part {
            MultipartPart::File { file, .. } => {
                pen.add("open(").string(&quote(file)).add(", ");
                pen.string("\"rb\"").add(")");
            }
            // Parts without a file's name are texts for `requests`.
            MultipartPart::Text { value, .. } => {
                pen.add("(None, ").string(&quote(value)).add(")");
            }
        }
        pen.line(after);
    }
    pen.dedent().line(close);
}

/// Writes names and values as a map, in which a repeated name has a list.
fn map_of(pairs: &[(String, String)], depth: usize) -> String {
    let names = by_name(pairs);
    let members = names.into_iter().map(|(name, mut values)| {
        let value = match values.len() {
            1 => Value::String(values.remove(0)),
            _ => values.into(),
        };
        (name.to_owned(), value)
    });
    literal(&Value::Object(members.collect()), &SYNTAX, depth, 0)
}

/// Reads a stream from an expression that yields its lines as bytes.
fn read(pen: &mut Pen, reader: &StreamReader, lines: &str) {
    match reader.format {
        StreamFormat::Text => {
            pen.line("")
                // A character of several bytes may be cut between two chunks.
                .line("decoder = codecs.getincrementaldecoder(\"utf-8\")()");
            // Chunks as they arrive: lines would wait for their ends, and a chunk may end inside a
            // character.
            match lines {
                "response.raw" => pen.line("for chunk in response.iter_content(None):"),
                _ => pen.line("while chunk := response.read1():"),
            };
            pen.indent()
                .line("print(decoder.decode(chunk), end=\"\", flush=True)")
                .dedent();
        }
        StreamFormat::JsonLines => {
            pen.line("").line(&format!("for line in {lines}:")).indent();
            if reader.parses() {
                pen.line("item = json.loads(line)");
            }
            for list in [&reader.named, &reader.valued] {
                cases(
                    pen,
                    list,
                    "line.decode()",
                    "item",
                    "line.decode(), end=\"\"",
                );
            }
            pen.dedent();
        }
        StreamFormat::Sse => events(pen, reader, lines),
    }
    if !reader.prints_lines {
        pen.line("print()");
    }
}

/// Reads server-sent events by the rules of the HTML standard.
fn events(pen: &mut Pen, reader: &StreamReader, lines: &str) {
    let named = reader.has_names;
    let (start, result) = if named {
        ("event, data = \"message\", []", "event, \"\\n\".join(data)")
    } else {
        ("data = []", "\"\\n\".join(data)")
    };
    pen.line("").line("").line("def events(lines):").indent();
    pen.line(start).line("for line in lines:").indent();
    // A field, a colon, and one space that is no part of the value (HTML standard, 9.2.6). Only the
    // line ends of the wire are removed: `strip()` would remove blanks of the data.
    pen.line(r#"field, _, value = line.decode().rstrip("\r\n").partition(":")"#);
    if named {
        pen.line("if field == \"event\":").indent();
        pen.line("event = value.removeprefix(\" \")").dedent();
    }
    pen.line(if named {
        "elif field == \"data\":"
    } else {
        "if field == \"data\":"
    });
    pen.indent()
        .line("data.append(value.removeprefix(\" \"))")
        .dedent();
    pen.line(r#"elif not line.rstrip(b"\r\n"):"#).indent();
    pen.line("if data:")
        .indent()
        .line(&format!("yield {result}"))
        .dedent();
    pen.line(start).dedent().dedent().dedent();
    pen.line("").line("");
    let names = if named { "event, data" } else { "data" };
    pen.line(&format!("for {names} in events({lines}):"))
        .indent();
    let printed = if reader.prints_names() {
        "f\"{event}: {data}\""
    } else {
        "data"
    };
    if reader.valued.is_empty() {
        cases(pen, &reader.named, "data", "json.loads(data)", printed);
    } else {
        for case in &reader.named {
            pen.line(&format!("if {}:", condition(case))).indent();
            act(pen, &case.action, "data", "json.loads(data)", printed);
            if !case.action.ends() {
                pen.line("continue");
            }
            pen.dedent();
        }
        pen.line("item = json.loads(data)");
        cases(pen, &reader.valued, "data", "item", printed);
    }
    pen.dedent();
}

/// Writes the first case that matches an item. `data` is its text, `item` its JSON, `printed` the
/// expression that is printed of it on a line.
fn cases(pen: &mut Pen, cases: &[Case], data: &str, item: &str, printed: &str) {
    for (index, case) in cases.iter().enumerate() {
        if case.tests.is_empty() && index == 0 {
            return act(pen, &case.action, data, item, printed);
        }
        let word = if index == 0 { "if" } else { "elif" };
        if case.tests.is_empty() {
            pen.line("else:")
        } else {
            pen.line(&format!("{word} {}:", condition(case)))
        };
        pen.indent();
        act(pen, &case.action, data, item, printed);
        pen.dedent();
    }
}

fn condition(case: &Case) -> String {
    let test = |test: &ItemTest| match test {
        ItemTest::Name(name) => format!("event == {}", quote(name)),
        ItemTest::Data(text) => format!("data == {}", quote(text)),
        ItemTest::Value(path, value) => {
            // Black accepts both, but linters do not: E711 and E712 of pycodestyle.
            let sign = match value {
                // `is`, since `1 == True` in Python.
                Value::Null | Value::Bool(_) => "is",
                _ => "==",
            };
            format!(
                "{} {sign} {}",
                tolerant(path),
                literal(value, &SYNTAX, 0, 0)
            )
        }
    };
    case.tests
        .iter()
        .map(test)
        .collect::<Vec<_>>()
        .join(" and ")
}

fn act(pen: &mut Pen, action: &Action, data: &str, item: &str, printed: &str) {
    match action {
        Action::Line => pen.line(&format!("print({printed}, flush=True)")),
        Action::LastLine => pen
            .line(&format!("print({printed}, flush=True)"))
            .line("break"),
        Action::Print => pen.line(&format!("print({data}, end=\"\", flush=True)")),
        Action::PrintAt { path, always: true } => {
            let text = at(item, path);
            pen.line(&format!("print({text}, end=\"\", flush=True)"))
        }
        Action::PrintAt { path, .. } => {
            // Items of other kinds lack the place, or have `None` on the path to it. A piece may be
            // missing in one item: the sample continues instead of ending.
            pen.line("with contextlib.suppress(LookupError, TypeError):")
                .indent();
            let text = at(item, path);
            pen.line(&format!("print({text} or \"\", end=\"\", flush=True)"))
                .dedent()
        }
        Action::Stop => pen.line("break"),
        Action::Fail => pen.line(&format!("sys.exit({data})")),
        Action::Skip => pen,
    };
}

/// Returns a place in a value, which must exist.
fn at(item: &str, path: &[PathStep]) -> String {
    let mut out = item.to_owned();
    for step in path {
        match step {
            PathStep::Index(at) => out.push_str(&format!("[{at}]")),
            PathStep::Key(key) => out.push_str(&format!("[{}]", quote(key))),
        }
    }
    out
}

/// Returns a place in `item`, whose last part may be missing.
fn tolerant(path: &[PathStep]) -> String {
    let mut out = String::from("item");
    for (index, step) in path.iter().enumerate() {
        match step {
            PathStep::Index(at) => out.push_str(&format!("[{at}]")),
            PathStep::Key(key) if index + 1 == path.len() => {
                out.push_str(&format!(".get({})", quote(key)))
            }
            PathStep::Key(key) => out.push_str(&format!(".get({}, {{}})", quote(key))),
        }
    }
    out
}
