//! Samples in PHP, by its cURL functions, in the style of PSR-12.

use serde_json::Value;

use super::literal::{Syntax, literal};
use super::pen::Pen;
use super::quote::php as quote;
use super::request::repeats;
use super::stream::{Action, Case, ItemTest, PathStep, StreamReader};
use super::{Credentials, Payload, Request};
use crate::model::{Method, StreamFormat};
use crate::rich::code::{self, ClassedCode, MultipartPart};

const SYNTAX: Syntax = Syntax {
    string: quote,
    key: |name| format!("{} => ", quote(name)),
    map: ["[", "]"],
    // An empty array would be `[]` in JSON.
    empty_map: "new stdClass()",
    words: ["null", "false", "true"],
    unit: "    ",
    last_comma: true,
    width: 0,
};

pub(super) fn print(request: &Request) -> ClassedCode {
    let mut pen = Pen::new("    ");
    pen.line("<?php").line("");
    if let Credentials::Query { name, key } = &request.credentials {
        pen.add("$key = http_build_query([").string(&quote(name));
        pen.line(&format!(" => getenv('{key}')]);"));
        let sign = if request.url.contains('?') { '&' } else { '?' };
        let start = format!("{}{sign}", request.url);
        pen.add("$curl = curl_init(")
            .string(&quote(&start))
            .line(" . $key);");
    } else {
        pen.add("$curl = curl_init(")
            .string(&quote(&request.url))
            .line(");");
    }
    push_options(&mut pen, request);
    match &request.stream {
        // A write function can stop a transfer only by an error, so the sample reads to the end.
        Some(reader) => read(&mut pen, &reader.until_closed()),
        None => whole(&mut pen, request.save_as.as_deref()),
    }
    pen.finish()
}

fn push_options(pen: &mut Pen, request: &Request) {
    let payload = request.payload.for_literals();
    // An array of cURL's has each name once, so repeated parts are written by hand.
    let by_hand = parts_by_hand(&payload);
    if let Some(parts) = by_hand {
        push_body(pen, parts);
    }
    let is_plain = request.method == Method::Get && matches!(payload, Payload::None);
    let is_basic = matches!(request.credentials, Credentials::Basic { .. });
    if is_plain && !is_basic && headers(request).is_empty() && request.stream.is_some() {
        return;
    }
    pen.line("curl_setopt_array($curl, [").indent();
    match (request.method, &payload) {
        (Method::Get, Payload::None) => {}
        // `CURLOPT_CUSTOMREQUEST` with `HEAD` would wait for the body that the head announces.
        (Method::Head, _) => {
            pen.line("CURLOPT_NOBODY => true,");
        }
        // `CURLOPT_POSTFIELDS` means POST by itself.
        (Method::Post, payload) if !matches!(payload, Payload::None) => {}
        (method, _) => {
            pen.line(&format!("CURLOPT_CUSTOMREQUEST => '{}',", method.as_str()));
        }
    }
    if let Credentials::Basic { user, password } = &request.credentials {
        pen.line(&format!(
            "CURLOPT_USERPWD => getenv('{user}') . ':' . getenv('{password}'),"
        ));
    }
    let headers = headers(request);
    if !headers.is_empty() || by_hand.is_some() {
        pen.line("CURLOPT_HTTPHEADER => [").indent();
        if by_hand.is_some() {
            pen.string("'Content-Type: multipart/form-data; boundary='")
                .line(" . $boundary,");
        }
        for (text, variable) in headers {
            pen.string(&quote(&text));
            if let Some(variable) = variable {
                pen.add(&format!(" . getenv('{variable}')"));
            }
            pen.line(",");
        }
        pen.dedent().line("],");
    }
    match by_hand {
        Some(_) => {
            pen.line("CURLOPT_POSTFIELDS => $body,");
        }
        None => push_payload(pen, &payload),
    }
    // Without it `curl_exec` prints the answer instead of returning it.
    if request.stream.is_none() {
        pen.line("CURLOPT_RETURNTRANSFER => true,");
    }
    pen.dedent().line("]);");
}

/// Returns the headers as they are sent; some end with the value of an environment variable.
fn headers(request: &Request) -> Vec<(String, Option<&str>)> {
    let credentials = match &request.credentials {
        Credentials::Bearer(key) => Some(("Authorization: Bearer ".to_owned(), Some(key.as_str()))),
        Credentials::Header { name, key } => Some((format!("{name}: "), Some(key.as_str()))),
        Credentials::None | Credentials::Basic { .. } | Credentials::Query { .. } => None,
    };
    let others = request.all_headers().into_iter().map(|(name, value)| {
        if value.is_empty() {
            // For cURL, `Name:` removes a header; `Name;` sends it without a value.
            (format!("{name};"), None)
        } else {
            (format!("{name}: {value}"), None)
        }
    });
    credentials.into_iter().chain(others).collect()
}

/// Returns parts that PHP's cURL functions can't write: they take an array, which has each name
/// once.
fn parts_by_hand(payload: &Payload) -> Option<&[MultipartPart]> {
    match payload {
        Payload::Parts(parts) if repeats(parts.iter().map(MultipartPart::name)) => Some(parts),
        _ => None,
    }
}

/// Writes `$body`, parts between lines of `$boundary`.
// The names escape a quote as browsers do (WHATWG HTML §4.10.21.8).
fn push_body(pen: &mut Pen, parts: &[MultipartPart]) {
    pen.line("$boundary = bin2hex(random_bytes(16));");
    pen.line("$parts = [").indent();
    for part in parts {
        let escaped = |text: &str| text.replace('"', "%22");
        let name = format!("name=\"{}\"", escaped(part.name()));
        match part {
            MultipartPart::Text { value, .. } => {
                pen.add("[").string(&quote(&name)).add(", ");
                pen.string(&quote(value)).line("],");
            }
            MultipartPart::File { file, .. } => {
                let name = format!("{name}; filename=\"{}\"", escaped(file));
                pen.add("[")
                    .string(&quote(&name))
                    .add(", file_get_contents(");
                pen.string(&quote(file)).line(")],");
            }
        }
    }
    pen.dedent().line("];").line("$body = '';");
    pen.line("foreach ($parts as [$name, $content]) {").indent();
    pen.add("$body .= ")
        .string(r#""--$boundary\r\nContent-Disposition: form-data; $name\r\n\r\n$content\r\n""#)
        .line(";");
    pen.dedent().line("}");
    pen.add("$body .= ")
        .string(r#""--$boundary--\r\n""#)
        .line(";")
        .line("");
}

fn push_payload(pen: &mut Pen, payload: &Payload) {
    match payload {
        Payload::None => {}
        Payload::Json { value, .. } => {
            let value = literal(value, &SYNTAX, pen.depth(), 0);
            pen.add("CURLOPT_POSTFIELDS => json_encode(")
                .string(&value)
                .line("),");
        }
        Payload::Text { text, .. } => {
            pen.add("CURLOPT_POSTFIELDS => ")
                .string(&quote(text))
                .line(",");
        }
        Payload::File { file, .. } => {
            pen.add("CURLOPT_POSTFIELDS => file_get_contents(")
                .string(&quote(file))
                .line("),");
        }
        // `http_build_query` would write a repeated name as `name[0]`, `name[1]`.
        Payload::Form(pairs) if repeats(pairs.iter().map(|(name, _)| &**name)) => {
            pen.add("CURLOPT_POSTFIELDS => ")
                .string(&quote(code::urlencoded(pairs).to_text()))
                .line(",");
        }
        Payload::Form(pairs) => {
            let members = pairs
                .iter()
                .map(|(name, value)| (name.clone(), Value::String(value.clone())));
            let map = literal(&Value::Object(members.collect()), &SYNTAX, pen.depth(), 0);
            pen.add("CURLOPT_POSTFIELDS => http_build_query(")
                .string(&map)
                .line("),");
        }
        Payload::Parts(parts) => {
            pen.line("CURLOPT_POSTFIELDS => [").indent();
            for part in parts {
                match part {
                    MultipartPart::Text { name, value } => {
                        pen.string(&quote(name))
                            .add(" => ")
                            .string(&quote(value))
                            .line(",");
                    }
                    MultipartPart::File { name, file } => {
                        pen.string(&quote(name)).add(" => new CURLFile(");
                        pen.string(&quote(file)).line("),");
                    }
                }
            }
            pen.dedent().line("],");
        }
    }
}

fn whole(pen: &mut Pen, save_as: Option<&str>) {
    pen.lines(&[
        "$body = curl_exec($curl);",
        "$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);",
        "if ($body === false || $status >= 400) {",
        "    fwrite(STDERR, $body === false ? curl_error($curl) : \"$status: $body\");",
        "    exit(1);",
        "}",
    ]);
    match save_as {
        Some(file) => pen
            .add("file_put_contents(")
            .string(&quote(file))
            .line(", $body);"),
        None => pen.line("echo $body, PHP_EOL;"),
    };
}

fn read(pen: &mut Pen, reader: &StreamReader) {
    let between = match reader.format {
        StreamFormat::Sse => Some("'/\\r?\\n\\r?\\n/'"),
        StreamFormat::JsonLines => Some("'/\\r?\\n/'"),
        StreamFormat::Text => None,
    };
    pen.line("");
    let uses = if between.is_some() {
        " use (&$buffer)"
    } else {
        ""
    };
    if between.is_some() {
        pen.line("$buffer = '';");
    }
    pen.line(&format!(
        "$read = function ($curl, string $chunk){uses}: int {{"
    ))
    .indent();
    pen.line("if (curl_getinfo($curl, CURLINFO_RESPONSE_CODE) >= 400) {")
        .indent();
    pen.line("fwrite(STDERR, $chunk);").line("");
    // cURL treats a smaller number of bytes as an error, so the bytes of errors count as read too.
    pen.line("return strlen($chunk);").dedent().line("}");
    match between {
        None => {
            pen.line("echo $chunk;");
        }
        Some(between) => parts(pen, reader, between),
    }
    pen.line("")
        .line("return strlen($chunk);")
        .dedent()
        .line("};");
    pen.line("curl_setopt($curl, CURLOPT_WRITEFUNCTION, $read);");
    pen.line("if (!curl_exec($curl) || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) >= 400) {")
        .indent();
    pen.line("fwrite(STDERR, curl_error($curl));")
        .line("exit(1);")
        .dedent()
        .line("}");
    if !reader.prints_lines {
        pen.line("echo PHP_EOL;");
    }
}

fn parts(pen: &mut Pen, reader: &StreamReader, between: &str) {
    let (parts, part) = match reader.format {
        StreamFormat::Sse => ("$blocks", "$block"),
        StreamFormat::JsonLines | StreamFormat::Text => ("$lines", "$line"),
    };
    pen.line(&format!(
        "{parts} = preg_split({between}, $buffer . $chunk);"
    ));
    // The last part is incomplete, and stays for the next chunk.
    pen.line(&format!("$buffer = array_pop({parts});"));
    pen.line(&format!("foreach ({parts} as {part}) {{"))
        .indent();
    if reader.format == StreamFormat::JsonLines {
        if reader.parses() {
            pen.line("$item = json_decode($line, true);");
        }
        let all: Vec<&Case> = reader.cases().collect();
        cases(pen, &all, "$line", "$line");
        pen.dedent().line("}");
        return;
    }
    pen.line("if (!preg_match_all('/^data: ?([^\\r\\n]*)/m', $block, $found)) {")
        .indent();
    pen.line("continue;").dedent().line("}");
    pen.line("$data = implode(\"\\n\", $found[1]);");
    if reader.has_names {
        pen.line("preg_match('/^event: ?([^\\r\\n]*)/m', $block, $found);");
        pen.line("$event = $found[1] ?? 'message';");
    }
    if reader.parses() {
        pen.line("$item = json_decode($data, true);");
    }
    let printed = if reader.prints_names() {
        "\"$event: $data\""
    } else {
        "$data"
    };
    let all: Vec<&Case> = reader.cases().collect();
    cases(pen, &all, "$data", printed);
    pen.dedent().line("}");
}

/// Writes the first case that matches. A case that ends the stream is omitted, since the server
/// closes the connection, unless all other items are printed.
fn cases(pen: &mut Pen, cases: &[&Case], data: &str, printed: &str) {
    // A callback can't end the transfer without an error; the server ends it.
    let quiet = |case: &&&Case| matches!(case.action, Action::Stop | Action::Skip);
    let (quiet, cases): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(quiet);
    let prints_others = cases.last().is_some_and(|case| case.tests.is_empty());
    for case in quiet.into_iter().filter(|_| prints_others) {
        pen.line(&format!("if ({}) {{", condition(case))).indent();
        pen.line("continue;").dedent().line("}");
    }
    for (index, case) in cases.iter().enumerate() {
        if case.tests.is_empty() && index == 0 {
            return act(pen, &case.action, data, printed);
        }
        let start = if index == 0 { "" } else { "} else" };
        if case.tests.is_empty() {
            pen.line("} else {")
        } else {
            pen.line(&format!("{start}if ({}) {{", condition(case)))
        };
        pen.indent();
        act(pen, &case.action, data, printed);
        pen.dedent();
    }
    if !cases.is_empty() {
        pen.line("}");
    }
}

fn condition(case: &Case) -> String {
    let test = |test: &ItemTest| match test {
        ItemTest::Name(name) => format!("$event === {}", quote(name)),
        ItemTest::Data(text) => format!("$data === {}", quote(text)),
        ItemTest::Value(path, value) => {
            format!(
                "({} ?? null) === {}",
                at(path),
                literal(value, &SYNTAX, 0, 0)
            )
        }
    };
    case.tests.iter().map(test).collect::<Vec<_>>().join(" && ")
}

fn act(pen: &mut Pen, action: &Action, data: &str, printed: &str) {
    match action {
        Action::Line | Action::LastLine => pen.line(&format!("echo {printed}, PHP_EOL;")),
        Action::Print => pen.line(&format!("echo {data};")),
        Action::PrintAt { path, always: true } => pen.line(&format!("echo {};", at(path))),
        Action::PrintAt { path, .. } => pen.line(&format!("echo {} ?? '';", at(path))),
        Action::Fail => pen
            .line(&format!("fwrite(STDERR, {data});"))
            .line("exit(1);"),
        Action::Stop | Action::Skip => pen,
    };
}

/// Returns a place in the item.
fn at(path: &[PathStep]) -> String {
    let mut out = String::from("$item");
    for step in path {
        match step {
            PathStep::Index(at) => out.push_str(&format!("[{at}]")),
            PathStep::Key(key) => out.push_str(&format!("[{}]", quote(key))),
        }
    }
    out
}
