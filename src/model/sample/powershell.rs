//! Samples in PowerShell: `Invoke-RestMethod`, and .NET's `HttpClient` for streams, since
//! `Invoke-RestMethod` returns only when the answer is complete.

use serde_json::Value;

use super::pen::Pen;
use super::quote::powershell as quote;
use super::request::{by_name, repeats};
use super::stream::{Action, Case, ItemTest, PathStep, StreamReader};
use super::{Credentials, Payload, Request};
use crate::hole::Encoding;
use crate::model::StreamFormat;
use crate::rich::code::{self, ClassedCode, MultipartPart};

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn print(request: &Request) -> ClassedCode {
    let mut pen = Pen::new("    ");
    match &request.stream {
        None => whole(&mut pen, request),
        Some(reader) => {
            send(&mut pen, request);
            read(&mut pen, reader);
        }
    }
    pen.finish()
}

fn whole(pen: &mut Pen, request: &Request) {
    let mut rows: Vec<(&str, String)> = Vec::new();
    let method = request.method.as_str();
    // The enumeration `WebRequestMethod` has `Post`, not `POST`.
    let method = format!("{}{}", &method[..1], method[1..].to_lowercase());
    rows.push(("Method", quote(&method)));
    rows.push(("Uri", address(request)));
    let headers = headers(request);
    if !headers.is_empty() {
        let headers = headers
            .iter()
            .map(|(name, value)| format!("{} = {value}", key(name)));
        rows.push(("Headers", table(&headers.collect::<Vec<_>>())));
    }
    rows.extend(payload(&request.payload));
    if let Some(file) = &request.save_as {
        rows.push(("OutFile", quote(file)));
    }
    // Aligned, as PSScriptAnalyzer (`PSAlignAssignmentStatement`) formats a hash table.
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    pen.line("$request = @{").indent();
    for (name, value) in rows {
        pen.add(&format!("{name:width$} = ")).string(&value).end();
    }
    pen.dedent().line("}");
    match request.save_as {
        Some(_) => pen.line("Invoke-RestMethod @request"),
        // Objects would be printed as tables. The default depth of `ConvertTo-Json` is 2.
        None => pen.line("Invoke-RestMethod @request | ConvertTo-Json -Depth 10"),
    };
}

/// Returns the names of a form in lower case: keys of a hash table ignore case.
fn lower_case(pairs: &[(String, String)]) -> Vec<String> {
    pairs.iter().map(|(name, _)| name.to_lowercase()).collect()
}

/// Returns the address as an expression.
fn address(request: &Request) -> String {
    let Credentials::Query { name, key } = &request.credentials else {
        return quote(&request.url);
    };
    // The key is encoded at run time, since it may contain any character; an interpolated one would
    // end at `&`.
    let sign = if request.url.contains('?') { '&' } else { '?' };
    let start = format!("{}{sign}{}=", request.url, Encoding::Url.encode(name));
    format!("{} + [uri]::EscapeDataString($env:{key})", quote(&start))
}

/// Returns a hash table: on one line if it has one member, else on several.
fn table(members: &[String]) -> String {
    match members {
        [one] => format!("@{{ {one} }}"),
        several => {
            let lines = several.iter().map(|member| format!("        {member}\n"));
            format!("@{{\n{}    }}", lines.collect::<String>())
        }
    }
}

/// Returns a member's name, quoted only if necessary.
fn key(name: &str) -> String {
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_word {
        name.to_owned()
    } else {
        quote(name)
    }
}

/// Returns the headers except `Content-Type`, which has a parameter of its own; their values as
/// expressions.
fn headers(request: &Request) -> Vec<(String, String)> {
    let credentials = match &request.credentials {
        Credentials::Bearer(key) => {
            Some(("Authorization".to_owned(), format!("\"Bearer $env:{key}\"")))
        }
        Credentials::Basic { user, password } => {
            let text =
                format!("[Text.Encoding]::UTF8.GetBytes(\"${{env:{user}}}:${{env:{password}}}\")");
            let value = format!("'Basic ' + [Convert]::ToBase64String({text})");
            Some(("Authorization".to_owned(), value))
        }
        Credentials::Header { name, key } => Some((name.clone(), format!("$env:{key}"))),
        Credentials::None | Credentials::Query { .. } => None,
    };
    let accept = request.accept.iter();
    let accept = accept.map(|value| ("Accept".to_owned(), quote(value)));
    let others = request
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), quote(value)));
    credentials
        .into_iter()
        .chain(accept)
        .chain(others)
        .collect()
}

/// Adds the charset UTF-8 to a media type that names none.
// Windows PowerShell 5.1 encodes texts as ISO-8859-1 unless the media type names another charset.
fn in_utf8(content_type: &str) -> String {
    if content_type.contains("charset") {
        content_type.to_owned()
    } else {
        format!("{content_type}; charset=utf-8")
    }
}

/// Writes JSON as a here-string, which leaves it unchanged.
fn here_string(value: &Value) -> String {
    // A here-string ends at `'@` at the beginning of a line; lines of JSON begin with blanks,
    // brackets or quotes.
    format!("@'\n{}\n'@", code::json(value).to_text())
}

fn payload(payload: &Payload) -> Vec<(&'static str, String)> {
    let typed = |content_type: &str| ("ContentType", quote(content_type));
    match payload {
        Payload::None => Vec::new(),
        Payload::Json {
            content_type,
            value,
        } => {
            vec![typed(&in_utf8(content_type)), ("Body", here_string(value))]
        }
        Payload::Text { content_type, text } => {
            vec![typed(&in_utf8(content_type)), ("Body", quote(text))]
        }
        Payload::File { content_type, file } => vec![typed(content_type), ("InFile", quote(file))],
        // A hash table has each name once, whatever its case.
        Payload::Form(pairs) if repeats(lower_case(pairs).iter().map(String::as_str)) => {
            let form = code::urlencoded(pairs);
            vec![typed(FORM), ("Body", quote(form.to_text()))]
        }
        Payload::Form(pairs) => {
            let members = pairs
                .iter()
                .map(|(name, value)| format!("{} = {}", key(name), quote(value)));
            vec![("Body", table(&members.collect::<Vec<_>>()))]
        }
        Payload::Parts(parts) => {
            let parts = parts.iter().map(|part| match part {
                MultipartPart::Text { name, value } => (name.clone(), quote(value)),
                MultipartPart::File { name, file } => {
                    (name.clone(), format!("Get-Item {}", quote(file)))
                }
            });
            let parts: Vec<(String, String)> = parts.collect();
            let members = by_name(&parts).into_iter().map(|(name, values)| {
                let value = match values.as_slice() {
                    [value] => value.clone(),
                    // Each item of a list is sent as a part of its own.
                    values => {
                        let values = values.iter().map(|value| format!("({value})"));
                        values.collect::<Vec<_>>().join(", ")
                    }
                };
                format!("{} = {value}", key(name))
            });
            vec![("Form", table(&members.collect::<Vec<_>>()))]
        }
    }
}

/// Sends the request so that its answer can be read while it arrives.
// `Invoke-RestMethod` returns only the complete answer, so a stream goes through .NET's client.
fn send(pen: &mut Pen, request: &Request) {
    // Windows PowerShell 5.1 does not load the assembly by default.
    pen.line("Add-Type -AssemblyName System.Net.Http");
    pen.add("$request = [Net.Http.HttpRequestMessage]::new(");
    pen.string(&quote(request.method.as_str()))
        .add(", ")
        .string(&address(request))
        .line(")");
    for (name, value) in headers(request) {
        pen.add("$request.Headers.Add(")
            .string(&quote(&name))
            .add(", ")
            .string(&value)
            .line(")");
    }
    // `ResponseHeadersRead` returns before the body, which is then read as it arrives.
    content(pen, &request.payload);
    pen.lines(&[
        "$client = [Net.Http.HttpClient]::new()",
        "$response = $client.SendAsync($request, 'ResponseHeadersRead').GetAwaiter().GetResult()",
        "$stream = $response.Content.ReadAsStreamAsync().GetAwaiter().GetResult()",
        "$reader = [IO.StreamReader]::new($stream)",
        "if (-not $response.IsSuccessStatusCode) {",
        "    throw \"$([int]$response.StatusCode): $($reader.ReadToEnd())\"",
        "}",
    ]);
}

fn content(pen: &mut Pen, payload: &Payload) {
    let mut text = |value: &str, content_type: &str| {
        // `StringContent` adds the charset itself and refuses a media type with parameters.
        let plain = content_type.split(';').next().unwrap_or_default().trim();
        pen.add("$request.Content = [Net.Http.StringContent]::new(")
            .string(value);
        pen.add(", [Text.Encoding]::UTF8, ")
            .string(&quote(plain))
            .line(")");
    };
    match payload {
        Payload::None => {}
        Payload::Json {
            content_type,
            value,
        } => text(&here_string(value), content_type),
        Payload::Text {
            content_type,
            text: value,
        } => text(&quote(value), content_type),
        Payload::Form(pairs) => {
            let form = code::urlencoded(pairs);
            text(&quote(form.to_text()), FORM);
        }
        Payload::File { content_type, file } => {
            pen.add("$request.Content = [Net.Http.StreamContent]::new([IO.File]::OpenRead(");
            pen.string(&quote(file)).line("))");
            pen.add("$request.Content.Headers.ContentType = ")
                .string(&quote(content_type))
                .end();
        }
        Payload::Parts(parts) => {
            pen.line("$request.Content = [Net.Http.MultipartFormDataContent]::new()");
            for part in parts {
                match part {
                    MultipartPart::Text { name, value } => {
                        pen.add("$request.Content.Add([Net.Http.StringContent]::new(");
                        pen.string(&quote(value))
                            .add("), ")
                            .string(&quote(name))
                            .line(")");
                    }
                    MultipartPart::File { name, file } => {
                        pen.add("$file = [Net.Http.StreamContent]::new([IO.File]::OpenRead(");
                        pen.string(&quote(file)).line("))");
                        pen.add("$request.Content.Add($file, ")
                            .string(&quote(name))
                            .add(", ");
                        pen.string(&quote(file)).line(")");
                    }
                }
            }
        }
    }
}

fn read(pen: &mut Pen, reader: &StreamReader) {
    if reader.format == StreamFormat::Text {
        pen.lines(&[
            "$buffer = [char[]]::new(1024)",
            "while (($count = $reader.Read($buffer, 0, $buffer.Length)) -gt 0) {",
            "    Write-Host -NoNewline ([string]::new($buffer, 0, $count))",
            "}",
            "Write-Host",
        ]);
        return;
    }
    pen.line("");
    let is_sse = reader.format == StreamFormat::Sse;
    if is_sse {
        pen.line(start(reader));
    }
    pen.line("while ($null -ne ($line = $reader.ReadLine())) {")
        .indent();
    if is_sse {
        events(pen, reader);
    } else {
        if reader.parses() {
            pen.line("$item = $line | ConvertFrom-Json");
        }
        for list in [&reader.named, &reader.valued] {
            cases(pen, list, "$line", "$line");
        }
    }
    pen.dedent().line("}");
    if !reader.prints_lines {
        pen.line("Write-Host");
    }
}

fn start(reader: &StreamReader) -> &'static str {
    if reader.has_names {
        "$name, $data = 'message', @()"
    } else {
        "$data = @()"
    }
}

fn events(pen: &mut Pen, reader: &StreamReader) {
    // At most two parts: a value may contain a colon too.
    pen.line("$field, $value = $line -split ': ?', 2");
    if reader.has_names {
        pen.line("if ($field -eq 'event') { $name = $value }");
    }
    pen.line("if ($field -eq 'data') { $data += $value }");
    pen.line("if ($line) { continue }");
    pen.line("$text = $data -join \"`n\"");
    pen.line("if ($data.Count -gt 0) {").indent();
    let printed = if reader.prints_names() {
        "\"${name}: $text\""
    } else {
        "$text"
    };
    cases(pen, &reader.named, "$text", printed);
    if !reader.valued.is_empty() {
        let has_others = !reader.named.is_empty();
        if has_others {
            pen.line("else {").indent();
        }
        pen.line("$item = $text | ConvertFrom-Json");
        cases(pen, &reader.valued, "$text", printed);
        if has_others {
            pen.dedent().line("}");
        }
    }
    pen.dedent().line("}");
    pen.line(start(reader));
}

/// Writes the action for an item: that of the first case that matches. `data` is its text,
/// `printed` the expression that is printed of it on a line.
fn cases(pen: &mut Pen, cases: &[Case], data: &str, printed: &str) {
    for (index, case) in cases.iter().enumerate() {
        if case.tests.is_empty() && index == 0 {
            return act(pen, case, data, printed);
        }
        let word = if index == 0 { "if" } else { "elseif" };
        if case.tests.is_empty() {
            pen.line("else {")
        } else {
            pen.line(&format!("{word} ({}) {{", condition(case)))
        };
        pen.indent();
        act(pen, case, data, printed);
        pen.dedent().line("}");
    }
}

fn condition(case: &Case) -> String {
    let test = |test: &ItemTest| match test {
        // `-ceq`: `-eq` compares texts without case.
        ItemTest::Name(name) => format!("$name -ceq {}", quote(name)),
        ItemTest::Data(text) => format!("$text -ceq {}", quote(text)),
        ItemTest::Value(path, value) => match value {
            // `$null` on the left, since an array on the left is filtered instead of compared.
            Value::Null => format!("$null -eq {}", at("$item", path)),
            Value::Bool(value) => format!("{} -eq ${value}", at("$item", path)),
            Value::String(text) => format!("{} -ceq {}", at("$item", path), quote(text)),
            other => format!("{} -eq {other}", at("$item", path)),
        },
    };
    case.tests
        .iter()
        .map(test)
        .collect::<Vec<_>>()
        .join(" -and ")
}

fn act(pen: &mut Pen, case: &Case, data: &str, printed: &str) {
    let is_named = !case
        .tests
        .iter()
        .any(|test| matches!(test, ItemTest::Value(..)));
    match &case.action {
        Action::Print => pen.line(&format!("Write-Host -NoNewline {data}")),
        Action::PrintAt { path, .. } => {
            let item = if is_named && !case.tests.is_empty() {
                format!("({data} | ConvertFrom-Json)")
            } else {
                "$item".to_owned()
            };
            pen.line(&format!("Write-Host -NoNewline {}", at(&item, path)))
        }
        Action::Line => pen.line(&format!("Write-Host {printed}")),
        Action::LastLine => pen.line(&format!("Write-Host {printed}")).line("break"),
        Action::Stop => pen.line("break"),
        Action::Fail => pen.line(&format!("throw {data}")),
        Action::Skip => pen,
    };
}

fn at(item: &str, path: &[PathStep]) -> String {
    let mut out = item.to_owned();
    for step in path {
        match step {
            PathStep::Index(at) => out.push_str(&format!("[{at}]")),
            PathStep::Key(name) => out.push_str(&format!(".{}", key(name))),
        }
    }
    out
}
