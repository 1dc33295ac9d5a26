//! Samples in Go, by `net/http`, as gofmt formats them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::pen::Pen;
use super::quote::{go as quote, go_raw};
use super::stream::{Action, Case, ItemTest, PathStep, StreamReader};
use super::{Credentials, Payload, Request};
use crate::hole::Encoding;
use crate::model::StreamFormat;
use crate::rich::code::{self, ClassedCode, MultipartPart};

pub(super) fn print(request: &Request) -> ClassedCode {
    let mut pen = Pen::new("\t");
    pen.line("package main").line("").line("import (").indent();
    for package in packages(request) {
        pen.string(&format!("\"{package}\"")).end();
    }
    pen.dedent()
        .line(")")
        .line("")
        .line("func main() {")
        .indent();
    let body = push_payload(&mut pen, request);
    pen.add("request, err := http.NewRequest(")
        .string(&quote(request.method.as_str()));
    pen.add(", ").string(&quote(&request.url));
    if let Credentials::Query { name, key } = &request.credentials {
        let sign = if request.url.contains('?') { '&' } else { '?' };
        pen.add("+")
            .string(&quote(&format!("{sign}{}=", Encoding::Url.encode(name))));
        pen.add(&format!("+url.QueryEscape(os.Getenv(\"{key}\"))"));
    }
    pen.line(&format!(", {body})"));
    check(&mut pen);
    headers(&mut pen, request);
    pen.line("response, err := http.DefaultClient.Do(request)");
    check(&mut pen);
    // `go vet` reports a body that is never closed.
    pen.line("defer response.Body.Close()");
    // `Do` returns an error only if there is no answer.
    pen.line("if response.StatusCode >= 400 {").indent();
    pen.line("message, _ := io.ReadAll(response.Body)");
    pen.line("log.Fatalf(\"%s: %s\", response.Status, message)")
        .dedent()
        .line("}");
    match (&request.stream, &request.save_as) {
        (Some(reader), _) => read(&mut pen, reader),
        (None, save_as) => {
            pen.line("answer, err := io.ReadAll(response.Body)");
            check(&mut pen);
            match save_as {
                None => {
                    pen.line("fmt.Println(string(answer))");
                }
                Some(file) => {
                    pen.add("if err := os.WriteFile(").string(&quote(file));
                    pen.line(", answer, 0o644); err != nil {").indent();
                    pen.line("log.Fatal(err)").dedent().line("}");
                }
            }
        }
    }
    pen.dedent().line("}");
    pen.finish()
}

fn check(pen: &mut Pen) {
    pen.line("if err != nil {")
        .indent()
        .line("log.Fatal(err)")
        .dedent()
        .line("}");
}

/// Returns the packages that the sample imports, in alphabetical order.
fn packages(request: &Request) -> BTreeSet<&'static str> {
    // Sorted, as gofmt requires; an unused import does not compile.
    let mut packages = BTreeSet::from(["io", "log", "net/http"]);
    if !request.credentials.variables().is_empty() {
        packages.insert("os");
    }
    match &request.payload {
        Payload::None => {}
        Payload::Json { .. } | Payload::Text { .. } => {
            packages.insert("strings");
        }
        Payload::Form(_) => packages.extend(["net/url", "strings"]),
        Payload::Parts(parts) => {
            packages.extend(["bytes", "mime/multipart"]);
            if parts
                .iter()
                .any(|part| matches!(part, MultipartPart::File { .. }))
            {
                packages.insert("os");
            }
        }
        Payload::File { .. } => {
            packages.insert("os");
        }
    }
    if matches!(request.credentials, Credentials::Query { .. }) {
        packages.insert("net/url");
    }
    match &request.stream {
        None if request.save_as.is_some() => {
            packages.insert("os");
        }
        None => {
            packages.insert("fmt");
        }
        Some(reader) if reader.format == StreamFormat::Text => packages.extend(["fmt", "os"]),
        Some(reader) => {
            packages.extend(["bufio", "fmt"]);
            if reader.format == StreamFormat::Sse {
                packages.insert("strings");
            }
            if reader.parses() {
                packages.insert("encoding/json");
            }
        }
    }
    packages
}

/// Writes the statements that make the body, and returns the expression for it.
fn push_payload(pen: &mut Pen, request: &Request) -> &'static str {
    match &request.payload {
        Payload::None => "nil",
        // A raw string, so that the JSON looks as on the page.
        Payload::Json { value, .. } => {
            pen.add("body := strings.NewReader(")
                // Its back quotes and carriage returns are concatenated.
                .string(&go_raw(code::json(value).to_text()));
            pen.line(")");
            "body"
        }
        Payload::Text { text, .. } => {
            pen.add("body := strings.NewReader(")
                .string(&quote(text))
                .line(")");
            "body"
        }
        Payload::Form(pairs) => {
            pen.line("form := url.Values{}");
            for (name, value) in pairs {
                // `Set` replaces the value of a name, so a repeated name takes `Add`.
                let is_again = pairs.iter().filter(|(other, _)| other == name).count() > 1;
                pen.add(if is_again { "form.Add(" } else { "form.Set(" })
                    .string(&quote(name))
                    .add(", ")
                    .string(&quote(value))
                    .line(")");
            }
            "strings.NewReader(form.Encode())"
        }
        Payload::File { file, .. } => {
            pen.add("body, err := os.Open(")
                .string(&quote(file))
                .line(")");
            check(pen);
            "body"
        }
        Payload::Parts(parts) => {
            push_parts(pen, parts);
            "&body"
        }
    }
}

fn push_parts(pen: &mut Pen, parts: &[MultipartPart]) {
    pen.line("var body bytes.Buffer")
        .line("form := multipart.NewWriter(&body)");
    for (index, part) in parts.iter().enumerate() {
        match part {
            MultipartPart::Text { name, value } => {
                pen.add("form.WriteField(").string(&quote(name)).add(", ");
                pen.string(&quote(value)).line(")");
            }
            MultipartPart::File { name, file } => {
                // `:=` without a new name does not compile.
                let has_before = parts[..index]
                    .iter()
                    .any(|part| matches!(part, MultipartPart::File { .. }));
                let sign = if has_before { "=" } else { ":=" };
                pen.add(&format!("content, err {sign} os.ReadFile("))
                    .string(&quote(file))
                    .line(")");
                check(pen);
                pen.add(&format!("part, err {sign} form.CreateFormFile("))
                    .string(&quote(name));
                pen.add(", ").string(&quote(file)).line(")");
                check(pen);
                pen.line("part.Write(content)");
            }
        }
    }
    pen.line("form.Close()");
}

fn headers(pen: &mut Pen, request: &Request) {
    let mut set = |name: &str, value: &dyn Fn(&mut Pen)| {
        pen.add("request.Header.Set(")
            .string(&quote(name))
            .add(", ");
        value(pen);
        pen.line(")");
    };
    match &request.credentials {
        Credentials::None | Credentials::Query { .. } => {}
        Credentials::Bearer(key) => set("Authorization", &|pen| {
            pen.string("\"Bearer \"")
                .add(&format!("+os.Getenv(\"{key}\")"));
        }),
        Credentials::Header { name, key } => set(name, &|pen| {
            pen.add(&format!("os.Getenv(\"{key}\")"));
        }),
        Credentials::Basic { user, password } => {
            pen.line(&format!(
                "request.SetBasicAuth(os.Getenv(\"{user}\"), os.Getenv(\"{password}\"))"
            ));
        }
    }
    let mut headers = request.all_headers();
    // `http.PostForm` would set it, but can't send other headers.
    if matches!(request.payload, Payload::Form(_)) {
        let form = "application/x-www-form-urlencoded".to_owned();
        headers.insert(0, ("Content-Type".to_owned(), form));
    }
    if matches!(request.payload, Payload::Parts(_)) {
        pen.line("request.Header.Set(\"Content-Type\", form.FormDataContentType())");
    }
    for (name, value) in headers {
        pen.add("request.Header.Set(")
            .string(&quote(&name))
            .add(", ")
            .string(&quote(&value));
        pen.line(")");
    }
}

fn read(pen: &mut Pen, reader: &StreamReader) {
    if reader.format == StreamFormat::Text {
        pen.line("if _, err := io.Copy(os.Stdout, response.Body); err != nil {")
            .indent();
        pen.line("log.Fatal(err)")
            .dedent()
            .line("}")
            .line("fmt.Println()");
        return;
    }
    pen.line("");
    if reader.format == StreamFormat::Sse {
        if reader.has_names {
            pen.line("event := \"message\"");
        }
        pen.line("var data []string");
    }
    // By default a scanner's lines have at most 64 KiB; an item of a stream may be longer.
    pen.line("lines := bufio.NewScanner(response.Body)")
        .line("lines.Buffer(nil, 1<<20)");
    pen.line("for lines.Scan() {").indent();
    match reader.format {
        StreamFormat::Sse => events(pen, reader),
        StreamFormat::JsonLines | StreamFormat::Text => {
            if reader.parses() {
                parse(pen, &reader.valued, "lines.Bytes()");
            }
            for list in [&reader.named, &reader.valued] {
                cases(pen, reader, list, "lines.Text()");
            }
        }
    }
    pen.dedent().line("}");
    pen.line("if err := lines.Err(); err != nil {").indent();
    pen.line("log.Fatal(err)").dedent().line("}");
    if !reader.prints_lines {
        pen.line("fmt.Println()");
    }
}

/// Reads server-sent events: one field a line, and an empty line after each event.
fn events(pen: &mut Pen, reader: &StreamReader) {
    pen.line("if lines.Text() != \"\" {").indent();
    pen.line("field, value, _ := strings.Cut(lines.Text(), \":\")");
    pen.line("value = strings.TrimPrefix(value, \" \")");
    if reader.has_names {
        pen.line("switch field {").line("case \"event\":").indent();
        pen.line("event = value")
            .dedent()
            .line("case \"data\":")
            .indent();
        pen.line("data = append(data, value)").dedent().line("}");
    } else {
        pen.line("if field == \"data\" {").indent();
        pen.line("data = append(data, value)").dedent().line("}");
    }
    pen.line("continue").dedent().line("}");
    // An event without data is not dispatched (WHATWG HTML §9.2.6), and its name is dropped.
    pen.line("if data == nil {").indent();
    if reader.has_names {
        pen.line("event = \"message\"");
    }
    pen.line("continue").dedent().line("}");
    pen.line("text := strings.Join(data, \"\\n\")");
    if reader.valued.is_empty() {
        cases(pen, reader, &reader.named, "text");
    } else {
        cases_then(pen, reader);
    }
    if reader.has_names {
        pen.line("event, data = \"message\", nil")
    } else {
        pen.line("data = nil")
    };
}

/// Writes the cases of items that their names identify first; only the others are parsed as JSON.
fn cases_then(pen: &mut Pen, reader: &StreamReader) {
    let inner = |pen: &mut Pen| {
        parse(pen, &reader.valued, "[]byte(text)");
        cases(pen, reader, &reader.valued, "text");
    };
    if reader.named.is_empty() {
        return inner(pen);
    }
    pen.line("switch {");
    for case in &reader.named {
        pen.line(&format!("case {}:", condition(case))).indent();
        act(pen, reader, &case.action, "text");
        pen.dedent();
    }
    pen.line("default:").indent();
    inner(pen);
    pen.dedent().line("}");
}

/// Writes the first case that matches an item, whose text is `data`.
fn cases(pen: &mut Pen, reader: &StreamReader, cases: &[Case], data: &str) {
    if let [case] = cases
        && case.tests.is_empty()
    {
        return act(pen, reader, &case.action, data);
    }
    if cases.is_empty() {
        return;
    }
    pen.line("switch {");
    for case in cases {
        if case.tests.is_empty() {
            pen.line("default:")
        } else {
            pen.line(&format!("case {}:", condition(case)))
        };
        pen.indent();
        let is_named = !case
            .tests
            .iter()
            .any(|test| matches!(test, ItemTest::Value(..)));
        if is_named && data == "text" && matches!(case.action, Action::PrintAt { .. }) {
            parse(pen, std::slice::from_ref(case), "[]byte(text)");
        }
        act(pen, reader, &case.action, data);
        pen.dedent();
    }
    pen.line("}");
}

fn condition(case: &Case) -> String {
    let test = |test: &ItemTest| match test {
        ItemTest::Name(name) => format!("event == {}", quote(name)),
        ItemTest::Data(text) => format!("text == {}", quote(text)),
        ItemTest::Value(path, value) => {
            let place = place(path);
            // An index beyond the end is a panic in Go.
            let guard = guards(path).into_iter().map(|guard| format!("{guard} && "));
            let guard: String = guard.collect();
            match value {
                Value::Bool(true) => format!("{guard}{place}"),
                Value::Bool(false) => format!("{guard}!{place}"),
                Value::Null => format!("{guard}{place} == nil"),
                Value::String(text) => format!("{guard}{place} == {}", quote(text)),
                other => format!("{guard}{place} == {other}"),
            }
        }
    };
    case.tests.iter().map(test).collect::<Vec<_>>().join(" && ")
}

fn act(pen: &mut Pen, reader: &StreamReader, action: &Action, data: &str) {
    match action {
        Action::Line | Action::LastLine => {
            if reader.prints_names() {
                pen.line(&format!("fmt.Printf(\"%s: %s\\n\", event, {data})"))
            } else {
                pen.line(&format!("fmt.Println({data})"))
            };
            if *action == Action::LastLine {
                pen.line("return");
            }
        }
        Action::Print => {
            pen.line(&format!("fmt.Print({data})"));
        }
        Action::PrintAt { path, .. } => {
            if !guards(path).is_empty() {
                pen.line(&format!("if {} {{", guards(path).join(" && ")))
                    .indent();
                pen.line(&format!("fmt.Print({})", place(path)))
                    .dedent()
                    .line("}");
            } else {
                pen.line(&format!("fmt.Print({})", place(path)));
            }
        }
        Action::Stop => {
            if !reader.prints_lines {
                pen.line("fmt.Println()");
            }
            pen.line("return");
        }
        Action::Fail => {
            pen.line(&format!("log.Fatal({data})"));
        }
        Action::Skip => {}
    }
}

/// Returns a place in the item's struct: `item.Choices[0].Delta`.
fn place(path: &[PathStep]) -> String {
    let mut out = String::from("item");
    for step in path {
        match step {
            PathStep::Index(at) => out.push_str(&format!("[{at}]")),
            PathStep::Key(key) => out.push_str(&format!(".{}", exported(key))),
        }
    }
    out
}

/// Returns the conditions for reading a place with indices: Go panics beyond the end of a slice.
fn guards(path: &[PathStep]) -> Vec<String> {
    let indices = path
        .iter()
        .enumerate()
        .filter_map(|(depth, step)| match step {
            PathStep::Index(at) => Some((depth, *at)),
            PathStep::Key(_) => None,
        });
    indices
        .map(|(depth, at)| format!("len({}) > {at}", place(&path[..depth])))
        .collect()
}

/// Returns a member's name as an exported name of Go.
fn exported(key: &str) -> String {
    let words = key
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let name: String = words
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect();
    // Only names with a capital first letter are exported, and `json.Unmarshal` ignores all others.
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("Field{name}")
    }
}

/// The part of an item that the cases compare.
enum MatchedPart {
    Leaf(&'static str),
    Object(Vec<(String, MatchedPart)>),
    List(Box<MatchedPart>),
}

impl MatchedPart {
    fn add(&mut self, path: &[PathStep], leaf: &'static str) {
        let is_empty = matches!(self, MatchedPart::Leaf(_));
        match path.split_first() {
            None => *self = MatchedPart::Leaf(leaf),
            Some((PathStep::Index(_), rest)) => {
                if is_empty {
                    *self = MatchedPart::List(Box::new(MatchedPart::Leaf("any")));
                }
                if let MatchedPart::List(inner) = self {
                    inner.add(rest, leaf);
                }
            }
            Some((PathStep::Key(key), rest)) => {
                if is_empty {
                    *self = MatchedPart::Object(Vec::new());
                }
                if let MatchedPart::Object(members) = self {
                    let known = members.iter().position(|(name, _)| name == key);
                    let at = known.unwrap_or_else(|| {
                        members.push((key.clone(), MatchedPart::Leaf("any")));
                        members.len() - 1
                    });
                    members[at].1.add(rest, leaf);
                }
            }
        }
    }

    /// Writes the type after the text of its line; `tag` follows its end.
    fn push(&self, pen: &mut Pen, tag: &str) {
        match self {
            MatchedPart::Leaf(name) => {
                pen.line(&format!("{name}{tag}"));
            }
            MatchedPart::List(inner) => {
                pen.add("[]");
                inner.push(pen, tag);
            }
            MatchedPart::Object(members) => {
                pen.line("struct {").indent();
                let width = |index: usize| aligned_width(members, index);
                for (index, (name, shape)) in members.iter().enumerate() {
                    let field = exported(name);
                    let (names, types) = width(index);
                    pen.add(&format!("{field:names$} "));
                    // gofmt aligns names, types and tags of neighbouring fields on single lines.
                    let pad = match shape {
                        MatchedPart::Leaf(leaf) => " ".repeat(types.saturating_sub(leaf.len())),
                        MatchedPart::Object(_) | MatchedPart::List(_) => String::new(),
                    };
                    shape.push(pen, &format!("{pad} `json:\"{name}\"`"));
                }
                pen.dedent().line(&format!("}}{tag}"));
            }
        }
    }
}

/// Returns the widths to which gofmt aligns the names and types of a field: those of its neighbours
/// on single lines.
fn aligned_width(members: &[(String, MatchedPart)], index: usize) -> (usize, usize) {
    let is_leaf = |at: usize| matches!(members[at].1, MatchedPart::Leaf(_));
    let mut from = index;
    while from > 0 && is_leaf(from - 1) {
        from -= 1;
    }
    let mut to = index;
    while is_leaf(to) && to + 1 < members.len() {
        to += 1;
    }
    let names = members[from..=to]
        .iter()
        .map(|(name, _)| exported(name).len());
    let types = members[from..=to].iter().map(|(_, shape)| match shape {
        MatchedPart::Leaf(leaf) => leaf.len(),
        MatchedPart::Object(_) | MatchedPart::List(_) => 0,
    });
    (names.max().unwrap_or(0), types.max().unwrap_or(0))
}

/// Reads JSON into a struct of the compared members.
// Only these members: `encoding/json` ignores all others. A map of `any` would need a type
// assertion for each step.
fn parse(pen: &mut Pen, cases: &[Case], bytes: &str) {
    let mut shape = MatchedPart::Object(Vec::new());
    for case in cases {
        for test in &case.tests {
            if let ItemTest::Value(path, value) = test {
                let leaf = match value {
                    Value::String(_) => "string",
                    Value::Bool(_) => "bool",
                    Value::Number(_) => "float64",
                    Value::Null | Value::Array(_) | Value::Object(_) => "any",
                };
                shape.add(path, leaf);
            }
        }
        if let Action::PrintAt { path, .. } = &case.action {
            shape.add(path, "string");
        }
    }
    pen.add("var item ");
    shape.push(pen, "");
    pen.line(&format!(
        "if err := json.Unmarshal({bytes}, &item); err != nil {{"
    ))
    .indent();
    pen.line("log.Fatal(err)").dedent().line("}");
}
