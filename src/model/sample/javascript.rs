//! Samples in JavaScript and TypeScript by `fetch`, as Prettier formats them.

use serde_json::Value;

use super::literal::{Syntax, literal};
use super::pen::Pen;
use super::quote::javascript as quote;
use super::request::repeats;
use super::stream::{Action, Case, ItemTest, PathStep, StreamReader};
use super::{Credentials, Payload, Request};
use crate::model::{Method, StreamFormat};
use crate::rich::code::{ClassedCode, MultipartPart};

/// JavaScript or TypeScript: one printer, since they differ in a few annotations alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    JavaScript,
    TypeScript,
}

/// Prettier's default `printWidth`.
const WIDTH: usize = 80;

const SYNTAX: Syntax = Syntax {
    string: quote,
    key: |name| format!("{}: ", member(name)),
    map: ["{", "}"],
    empty_map: "{}",
    words: ["null", "false", "true"],
    unit: "  ",
    last_comma: true,
    width: WIDTH,
};

pub(super) fn print(request: &Request, dialect: Dialect) -> ClassedCode {
    let mut pen = Pen::new("  ");
    let payload = request.payload.for_literals();
    // Imports come first, so the need for them is known before anything is printed.
    let has_files = reads_files(&payload);
    let names = [
        (has_files, "readFile"),
        (request.save_as.is_some(), "writeFile"),
    ];
    let names: Vec<&str> = names
        .iter()
        .filter(|(used, _)| *used)
        .map(|(_, name)| *name)
        .collect();
    if !names.is_empty() {
        pen.add(&format!("import {{ {} }} from ", names.join(", ")));
        pen.string("\"node:fs/promises\"").line(";").line("");
    }
    let url = address(&mut pen, request, dialect);
    push_parts(&mut pen, &payload);
    call(&mut pen, request, &payload, &url, dialect);
    pen.line("if (!response.ok) {").indent();
    pen.line("throw new Error(`${response.status}: ${await response.text()}`);");
    pen.dedent().line("}");
    match (&request.stream, &request.save_as) {
        (Some(reader), _) => read(&mut pen, reader, dialect),
        (None, Some(file)) => {
            pen.add("await writeFile(").string(&quote(file));
            // `text()` would decode bytes as UTF-8 and lose them.
            pen.line(", Buffer.from(await response.arrayBuffer()));");
        }
        (None, None) => {
            pen.line("console.log(await response.text());");
        }
    }
    pen.finish()
}

fn reads_files(payload: &Payload) -> bool {
    match payload {
        Payload::File { .. } => true,
        Payload::Parts(parts) => parts
            .iter()
            .any(|part| matches!(part, MultipartPart::File { .. })),
        Payload::None | Payload::Json { .. } | Payload::Form(_) | Payload::Text { .. } => false,
    }
}

/// Returns the address as an expression; if a key is in its query, the name of a variable.
fn address(pen: &mut Pen, request: &Request, dialect: Dialect) -> String {
    let url = quote(&request.url);
    let Credentials::Query { name, key } = &request.credentials else {
        return url;
    };
    // Prettier breaks a call whose line is too long: its argument goes on a line of its own.
    let line = format!("const url = new URL({url});");
    if line.chars().count() <= WIDTH {
        pen.add("const url = new URL(").string(&url).line(");")
    } else {
        pen.line("const url = new URL(")
            .indent()
            .string(&url)
            .line(",")
            .dedent()
            .line(");")
    };
    pen.add("url.searchParams.set(").string(&quote(name));
    pen.line(&format!(", {});", environment(key, dialect)));
    "url".to_owned()
}

/// Returns an environment variable. For TypeScript it may be undefined, which `!` denies.
fn environment(key: &str, dialect: Dialect) -> String {
    let exclaim = if dialect == Dialect::TypeScript {
        "!"
    } else {
        ""
    };
    format!("process.env.{key}{exclaim}")
}

fn push_parts(pen: &mut Pen, payload: &Payload) {
    let Payload::Parts(parts) = payload else {
        return;
    };
    pen.line("const form = new FormData();");
    for part in parts {
        match part {
            MultipartPart::Text { name, value } => {
                pen.add("form.append(").string(&quote(name)).add(", ");
                pen.string(&quote(value)).line(");");
            }
            MultipartPart::File { name, file } => {
                let [name, file] = [quote(name), quote(file)];
                let line =
                    format!("form.append({name}, new Blob([await readFile({file})]), {file});");
                if line.chars().count() <= WIDTH {
                    pen.add("form.append(")
                        .string(&name)
                        .add(", new Blob([await readFile(");
                    pen.string(&file).add(")]), ").string(&file).line(");");
                } else {
                    pen.line("form.append(").indent().string(&name).line(",");
                    pen.add("new Blob([await readFile(")
                        .string(&file)
                        .line(")]),");
                    pen.string(&file).line(",").dedent().line(");");
                }
            }
        }
    }
}

fn call(pen: &mut Pen, request: &Request, payload: &Payload, url: &str, dialect: Dialect) {
    let headers = headers(request, dialect);
    let has_options =
        request.method != Method::Get || !matches!(payload, Payload::None) || !headers.is_empty();
    let start = "const response = await fetch(";
    let tail = if has_options { ", {" } else { ");" };
    let is_short = start.len() + url.chars().count() + tail.len() <= WIDTH;
    match (is_short, has_options) {
        (true, false) => {
            pen.add(start).string(url).line(tail);
        }
        (true, true) => {
            pen.add(start).string(url).line(", {").indent();
            options(pen, request, payload, &headers);
            pen.dedent().line("});");
        }
        (false, _) => {
            pen.line(start).indent().string(url).line(",");
            if has_options {
                pen.line("{").indent();
                options(pen, request, payload, &headers);
                pen.dedent().line("},");
            }
            pen.dedent().line(");");
        }
    }
}

fn options(pen: &mut Pen, request: &Request, payload: &Payload, headers: &[(String, String)]) {
    if request.method != Method::Get {
        pen.line(&format!("method: \"{}\",", request.method.as_str()));
    }
    if !headers.is_empty() {
        pen.line("headers: {").indent();
        for (name, value) in headers {
            let name = member(name);
            let line =
                SYNTAX.unit.len() * pen.depth() + format!("{name}: {value},").chars().count();
            // Prettier's rule: a string that does not fit beside a name goes below it, but not for
            // names of four letters or fewer.
            let is_below = value.starts_with(['"', '\'']) && name.len() > 4 && line > WIDTH;
            if is_below {
                pen.add(&name)
                    .line(":")
                    .indent()
                    .string(value)
                    .line(",")
                    .dedent()
            } else {
                pen.add(&name).add(": ").string(value).line(",")
            };
        }
        pen.dedent().line("},");
    }
    match payload {
        Payload::None => {}
        Payload::Json { value, .. } => {
            let start = "body: JSON.stringify(";
            let value = literal(value, &SYNTAX, pen.depth(), start.len() + 1);
            pen.add(start).string(&value).line("),");
        }
        Payload::Text { text, .. } => {
            pen.add("body: ").string(&quote(text)).line(",");
        }
        Payload::Form(pairs) => {
            let members = pairs.iter().cloned();
            // An object has a name only once, and takes `__proto__` for its prototype.
            let is_list = repeats(pairs.iter().map(|(name, _)| &**name))
                || pairs.iter().any(|(name, _)| name == "__proto__");
            let map: Value = if is_list {
                members.map(|(name, value)| vec![name, value]).collect()
            } else {
                Value::Object(members.map(|(name, it)| (name, it.into())).collect())
            };
            let map = literal(&map, &SYNTAX, pen.depth(), 0);
            pen.add("body: new URLSearchParams(")
                .string(&map)
                .line("),");
        }
        Payload::Parts(_) => {
            pen.line("body: form,");
        }
        Payload::File { file, .. } => {
            pen.add("body: await readFile(")
                .string(&quote(file))
                .line("),");
        }
    }
}

/// Returns the headers, their values as expressions.
fn headers(request: &Request, dialect: Dialect) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    match &request.credentials {
        Credentials::Bearer(key) => headers.push((
            "Authorization".to_owned(),
            format!("`Bearer ${{process.env.{key}}}`"),
        )),
        Credentials::Basic { user, password } => headers.push((
            "Authorization".to_owned(),
            // `btoa` accepts only Latin-1, which credentials of APIs are. RFC 7617 leaves the
            // encoding of other characters undefined.
            format!("`Basic ${{btoa(`${{process.env.{user}}}:${{process.env.{password}}}`)}}`"),
        )),
        Credentials::Header { name, key } => {
            headers.push((name.clone(), environment(key, dialect)))
        }
        Credentials::None | Credentials::Query { .. } => {}
    }
    let others = request.all_headers().into_iter();
    headers.extend(others.map(|(name, value)| (name, quote(&value))));
    headers
}

/// Returns a member's name, quoted only if necessary: Prettier's `quoteProps: "as-needed"`.
fn member(name: &str) -> String {
    if is_identifier(name) {
        name.to_owned()
    } else {
        quote(name)
    }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

fn read(pen: &mut Pen, reader: &StreamReader, dialect: Dialect) {
    let types = dialect == Dialect::TypeScript;
    let body = if types {
        "response.body!"
    } else {
        "response.body"
    };
    match reader.format {
        StreamFormat::Text => {
            // One decoder for all chunks: a character of several bytes may be cut between two.
            pen.line("").line("const decoder = new TextDecoder();");
            pen.line(&format!("for await (const chunk of {body}) {{"))
                .indent();
            // `stream: true`: a chunk may end inside a character.
            pen.line("process.stdout.write(decoder.decode(chunk, { stream: true }));");
            pen.dedent().line("}");
        }
        StreamFormat::JsonLines => {
            split(pen, "lines", "/\\r?\\n/", types);
            pen.indent()
                .indent()
                .line("yield* lines;")
                .dedent()
                .line("}");
            pen.line("if (buffer) yield buffer;")
                .dedent()
                .line("}")
                .line("");
            pen.line(&format!("for await (const line of lines({body})) {{"))
                .indent();
            if reader.parses() {
                pen.line("const item = JSON.parse(line);");
            }
            for list in [&reader.named, &reader.valued] {
                cases(pen, list, "line", "item", "line");
            }
            pen.dedent().line("}");
        }
        StreamFormat::Sse => events(pen, reader, body, types),
    }
    if !reader.prints_lines {
        pen.line("console.log();");
    }
}

/// Writes the beginning of a function that yields the parts of a stream's text.
fn split(pen: &mut Pen, name: &str, between: &str, types: bool) {
    let body = if types {
        "body: ReadableStream<Uint8Array>"
    } else {
        "body"
    };
    pen.line("")
        .line(&format!("async function* {name}({body}) {{"))
        .indent();
    pen.line("const decoder = new TextDecoder();")
        .line("let buffer = \"\";");
    pen.line("for await (const chunk of body) {").indent();
    pen.line("buffer += decoder.decode(chunk, { stream: true });");
    let parts = if name == "lines" { "lines" } else { "blocks" };
    pen.line(&format!("const {parts} = buffer.split({between});"));
    let exclaim = if types { "!" } else { "" };
    // The text after the last line end is the beginning of the next chunk.
    pen.line(&format!("buffer = {parts}.pop(){exclaim};"));
    pen.dedent().dedent();
}

/// Reads server-sent events: blocks of lines with an empty line after each.
fn events(pen: &mut Pen, reader: &StreamReader, body: &str, types: bool) {
    let named = reader.has_names;
    split(pen, "events", "/\\r?\\n\\r?\\n/", types);
    pen.indent()
        .indent()
        .line("for (const block of blocks) {")
        .indent();
    // With `m`, `^` matches at each line of the block; a line of a comment begins with a colon and
    // is skipped.
    pen.line("const data = [...block.matchAll(/^data: ?([^\\r\\n]*)/gm)].map((m) => m[1]);");
    if named {
        pen.line("const event = block.match(/^event: ?([^\\r\\n]*)/m)?.[1] ?? \"message\";");
        pen.line("if (data.length) yield { event, data: data.join(\"\\n\") };");
    } else {
        pen.line("if (data.length) yield data.join(\"\\n\");");
    }
    pen.dedent()
        .line("}")
        .dedent()
        .line("}")
        .dedent()
        .line("}")
        .line("");
    let item = if named { "{ event, data }" } else { "data" };
    pen.line(&format!("for await (const {item} of events({body})) {{"))
        .indent();
    let printed = if reader.prints_names() {
        "`${event}: ${data}`"
    } else {
        "data"
    };
    if reader.valued.is_empty() {
        cases(pen, &reader.named, "data", "JSON.parse(data)", printed);
    } else {
        for case in &reader.named {
            let condition = condition(case);
            match case.action {
                Action::Stop => {
                    pen.line(&format!("if ({condition}) break;"));
                }
                Action::Skip => {
                    pen.line(&format!("if ({condition}) continue;"));
                }
                _ => {
                    pen.line(&format!("if ({condition}) {{")).indent();
                    act(pen, &case.action, "data", "JSON.parse(data)", printed);
                    if !case.action.ends() {
                        pen.line("continue;");
                    }
                    pen.dedent().line("}");
                }
            }
        }
        pen.line("const item = JSON.parse(data);");
        cases(pen, &reader.valued, "data", "item", printed);
    }
    pen.dedent().line("}");
}

/// Writes the action for an item: that of the first case that matches. `data` is its text, `item`
/// its JSON, `printed` the expression that is printed of it on a line.
fn cases(pen: &mut Pen, cases: &[Case], data: &str, item: &str, printed: &str) {
    for (index, case) in cases.iter().enumerate() {
        if case.tests.is_empty() && index == 0 {
            return act(pen, &case.action, data, item, printed);
        }
        let start = if index == 0 { "" } else { "} else " };
        if case.tests.is_empty() {
            pen.line("} else {")
        } else {
            pen.line(&format!("{start}if ({}) {{", condition(case)))
        };
        pen.indent();
        act(pen, &case.action, data, item, printed);
        pen.dedent();
    }
    if !cases.is_empty() {
        pen.line("}");
    }
}

fn condition(case: &Case) -> String {
    let test = |test: &ItemTest| match test {
        ItemTest::Name(name) => format!("event === {}", quote(name)),
        ItemTest::Data(text) => format!("data === {}", quote(text)),
        ItemTest::Value(path, value) => {
            format!(
                "{} === {}",
                at("item", path, false),
                literal(value, &SYNTAX, 0, 0)
            )
        }
    };
    case.tests.iter().map(test).collect::<Vec<_>>().join(" && ")
}

fn act(pen: &mut Pen, action: &Action, data: &str, item: &str, printed: &str) {
    match action {
        Action::Line => pen.line(&format!("console.log({printed});")),
        Action::LastLine => pen.line(&format!("console.log({printed});")).line("break;"),
        Action::Print => pen.line(&format!("process.stdout.write({data});")),
        Action::PrintAt { path, always: true } => {
            pen.line(&format!("process.stdout.write({});", at(item, path, true)))
        }
        Action::PrintAt { path, .. } => {
            let text = at(item, path, false);
            pen.line(&format!("process.stdout.write({text} ?? \"\");"))
        }
        Action::Stop => pen.line("break;"),
        Action::Fail => pen.line(&format!("throw new Error({data});")),
        Action::Skip => pen,
    };
}

/// Returns a place in a value; if it may be missing, each step after the first is optional.
fn at(item: &str, path: &[PathStep], always: bool) -> String {
    let mut out = item.to_owned();
    // From the second step on, since the item itself always exists.
    for (index, step) in path.iter().enumerate() {
        let asks = !always && index > 0;
        let ask = if asks { "?." } else { "" };
        match step {
            PathStep::Index(at) => out.push_str(&format!("{ask}[{at}]")),
            PathStep::Key(key) if is_identifier(key) => {
                out.push_str(&format!("{}{key}", if asks { "?." } else { "." }));
            }
            PathStep::Key(key) => out.push_str(&format!("{ask}[{}]", quote(key))),
        }
    }
    out
}
