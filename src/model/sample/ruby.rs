//! Samples in Ruby, by its `Net::HTTP`, in the style that RuboCop asks for.

use super::literal::{Syntax, literal};
use super::pen::Pen;
use super::quote::ruby as quote;
use super::request::by_name;
use super::stream::{Action, Case, ItemTest, PathStep, StreamReader};
use super::{Credentials, Payload, Request};
use crate::model::StreamFormat;
use crate::rich::code::{ClassedCode, MultipartPart};

const SYNTAX: Syntax = Syntax {
    string: quote,
    key: |name| {
        if is_symbol(name) {
            format!("{name}: ")
        } else {
            format!("{} => ", quote(name))
        }
    },
    map: ["{", "}"],
    empty_map: "{}",
    words: ["nil", "false", "true"],
    unit: "  ",
    last_comma: false,
    width: 0,
};

pub(super) fn print(request: &Request) -> ClassedCode {
    let mut pen = Pen::new("  ");
    let payload = request.payload.for_literals();
    let stream = request.stream.as_ref().map(StreamReader::until_closed);
    let parses = stream.as_ref().is_some_and(StreamReader::parses);
    if parses || matches!(payload, Payload::Json { .. }) {
        pen.add("require ").string("'json'").end();
    }
    pen.add("require ").string("'net/http'").end().line("");
    pen.add("uri = URI(").string(&quote(&request.url)).line(")");
    if let Credentials::Query { name, key } = &request.credentials {
        pen.add("uri.query = [uri.query, URI.encode_www_form(")
            .string(&quote(name));
        pen.line(&format!(" => ENV.fetch('{key}'))].compact.join('&')"));
    }
    let method = request.method.as_str();
    // `Net::HTTP` has a class for each method.
    let class = format!("{}{}", &method[..1], method[1..].to_lowercase());
    pen.line(&format!("request = Net::HTTP::{class}.new(uri)"));
    credentials(&mut pen, request);
    push_payload(&mut pen, &payload);
    pen.line("");
    // `Net::HTTP` ignores the scheme.
    let connect = "Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') do |http|";
    match &stream {
        Some(reader) => {
            // Ruby buffers standard output unless it is a terminal: pieces would appear at the end.
            pen.line("$stdout.sync = true").line(connect).indent();
            pen.line("http.request(request) do |response|").indent();
            pen.line("abort \"#{response.code}: #{response.read_body}\" unless response.is_a?(Net::HTTPSuccess)");
            pen.line("");
            read(&mut pen, reader);
            pen.dedent().line("end").dedent().line("end");
            if !reader.prints_lines {
                pen.line("puts");
            }
        }
        None => {
            pen.line(&format!("response = {connect}")).indent();
            pen.line("http.request(request)").dedent().line("end");
            pen.line("abort \"#{response.code}: #{response.body}\" unless response.is_a?(Net::HTTPSuccess)");
            pen.line("");
            match &request.save_as {
                Some(file) => pen
                    .add("File.binwrite(")
                    .string(&quote(file))
                    .line(", response.body)"),
                None => pen.line("puts response.body"),
            };
        }
    }
    pen.finish()
}

fn credentials(pen: &mut Pen, request: &Request) {
    match &request.credentials {
        Credentials::Bearer(key) => {
            pen.add("request[").string("'Authorization'").add("] = ");
            pen.string(&format!("\"Bearer #{{ENV.fetch('{key}')}}\""))
                .end();
        }
        Credentials::Basic { user, password } => {
            pen.line(&format!(
                "request.basic_auth(ENV.fetch('{user}'), ENV.fetch('{password}'))"
            ));
        }
        Credentials::Header { name, key } => {
            pen.add("request[")
                .string(&quote(name))
                .line(&format!("] = ENV.fetch('{key}')"));
        }
        Credentials::None | Credentials::Query { .. } => {}
    }
    for (name, value) in request.all_headers() {
        pen.add("request[")
            .string(&quote(&name))
            .add("] = ")
            .string(&quote(&value))
            .end();
    }
}

fn push_payload(pen: &mut Pen, payload: &Payload) {
    match payload {
        Payload::None => {}
        Payload::Json { value, .. } => {
            let is_container = value.is_array() || value.is_object();
            let value = literal(value, &SYNTAX, 0, 0);
            if is_container {
                pen.add("request.body = ").string(&value).line(".to_json")
            } else {
                pen.add("request.body = JSON.generate(")
                    .string(&value)
                    .line(")")
            };
        }
        Payload::Text { text, .. } => {
            pen.add("request.body = ").string(&quote(text)).end();
        }
        Payload::File { file, .. } => {
            pen.add("request.body = File.binread(")
                .string(&quote(file))
                .line(")");
        }
        Payload::Form(pairs) => {
            pen.line("request.set_form_data(").indent();
            // A hash has each name once; `set_form_data` repeats a name whose value is a list.
            let names = by_name(pairs);
            for (index, (name, values)) in names.iter().enumerate() {
                let comma = if index + 1 == names.len() { "" } else { "," };
                pen.string(&quote(name)).add(" => ");
                match values.as_slice() {
                    [value] => pen.string(&quote(value)),
                    values => {
                        let values = values.iter().map(|value| quote(value));
                        pen.string(&format!("[{}]", values.collect::<Vec<_>>().join(", ")))
                    }
                };
                pen.line(comma);
            }
            pen.dedent().line(")");
        }
        Payload::Parts(parts) => {
            pen.line("request.set_form(").indent().line("[").indent();
            for (index, part) in parts.iter().enumerate() {
                let comma = if index + 1 == parts.len() { "" } else { "," };
                match part {
                    MultipartPart::Text { name, value } => {
                        pen.add("[")
                            .string(&quote(name))
                            .add(", ")
                            .string(&quote(value));
                        pen.line(&format!("]{comma}"));
                    }
                    MultipartPart::File { name, file } => {
                        pen.add("[").string(&quote(name)).add(", File.open(");
                        pen.string(&quote(file)).line(&format!(")]{comma}"));
                    }
                }
            }
            pen.dedent()
                .line("],")
                .string("'multipart/form-data'")
                .end()
                .dedent()
                .line(")");
        }
    }
}

fn is_symbol(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn read(pen: &mut Pen, reader: &StreamReader) {
    if reader.format == StreamFormat::Text {
        pen.line("response.read_body { |chunk| print chunk }");
        return;
    }
    // `+''`, since a literal may be frozen.
    pen.line("buffer = +''")
        .line("response.read_body do |chunk|")
        .indent();
    pen.line("buffer << chunk");
    if reader.format == StreamFormat::JsonLines {
        pen.line("while (line = buffer.slice!(/.*\\n/))").indent();
        if reader.parses() {
            pen.line("item = JSON.parse(line)");
        }
        for list in [&reader.named, &reader.valued] {
            cases(pen, list, "line", "item", "line");
        }
    } else {
        // A blank line ends an event (HTML standard, 9.2.6); servers end lines with LF or CR LF.
        // Not greedy, and across lines: the first empty line ends the event.
        pen.line("while (block = buffer.slice!(/.*?\\r?\\n\\r?\\n/m))")
            .indent();
        pen.line("data = block.scan(/^data: ?([^\\r\\n]*)/)");
        pen.line("next if data.empty?").line("");
        pen.line("data = data.join(\"\\n\")");
        if reader.has_names {
            pen.line("event = block[/^event: ?([^\\r\\n]*)/, 1] || 'message'");
        }
        let printed = if reader.prints_names() {
            "\"#{event}: #{data}\""
        } else {
            "data"
        };
        if reader.valued.is_empty() {
            cases(pen, &reader.named, "data", "JSON.parse(data)", printed);
        } else {
            for case in &reader.named {
                let condition = condition(case);
                match case.action {
                    Action::Stop | Action::Skip => pen.line(&format!("next if {condition}")),
                    _ => {
                        pen.line(&format!("if {condition}")).indent();
                        act(pen, &case.action, "data", "JSON.parse(data)", printed);
                        pen.line("next").dedent().line("end")
                    }
                };
            }
            pen.line("").line("item = JSON.parse(data)");
            cases(pen, &reader.valued, "data", "item", printed);
        }
    }
    pen.dedent().line("end").dedent().line("end");
}

/// Writes the first case that matches. A case that ends the stream is omitted, since the server
/// closes the connection, unless all other items are printed. `data` is the item's text, `item` its
/// JSON, `printed` the expression that is printed of it on a line.
fn cases(pen: &mut Pen, cases: &[Case], data: &str, item: &str, printed: &str) {
    let quiet = |case: &&Case| matches!(case.action, Action::Stop | Action::Skip);
    let (quiet, cases): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(quiet);
    let prints_others = cases.last().is_some_and(|case| case.tests.is_empty());
    for case in quiet.into_iter().filter(|_| prints_others) {
        pen.line(&format!("next if {}", condition(case))).line("");
    }
    for (index, case) in cases.iter().enumerate() {
        if case.tests.is_empty() && index == 0 {
            return act(pen, &case.action, data, item, printed);
        }
        let word = if index == 0 { "if" } else { "elsif" };
        if case.tests.is_empty() {
            pen.line("else")
        } else {
            pen.line(&format!("{word} {}", condition(case)))
        };
        pen.indent();
        act(pen, &case.action, data, item, printed);
        pen.dedent();
    }
    if !cases.is_empty() {
        pen.line("end");
    }
}

fn condition(case: &Case) -> String {
    let test = |test: &ItemTest| match test {
        ItemTest::Name(name) => format!("event == {}", quote(name)),
        ItemTest::Data(text) => format!("data == {}", quote(text)),
        ItemTest::Value(path, value) => {
            format!("{} == {}", at("item", path), literal(value, &SYNTAX, 0, 0))
        }
    };
    case.tests.iter().map(test).collect::<Vec<_>>().join(" && ")
}

fn act(pen: &mut Pen, action: &Action, data: &str, item: &str, printed: &str) {
    match action {
        Action::Line | Action::LastLine => pen.line(&format!("puts {printed}")),
        Action::Print => pen.line(&format!("print {data}")),
        Action::PrintAt { path, .. } => pen.line(&format!("print {}", at(item, path))),
        Action::Fail => pen.line(&format!("abort {data}")),
        Action::Stop | Action::Skip => pen,
    };
}

/// Returns a place in the item; `nil` if the item does not have it.
fn at(item: &str, path: &[PathStep]) -> String {
    let steps = path.iter().map(|step| match step {
        PathStep::Index(at) => at.to_string(),
        PathStep::Key(key) => quote(key),
    });
    let steps: Vec<String> = steps.collect();
    match steps.as_slice() {
        [] => item.to_owned(),
        [one] => format!("{item}[{one}]"),
        // `dig` returns `nil` if a step is missing.
        several => format!("{item}.dig({})", several.join(", ")),
    }
}
