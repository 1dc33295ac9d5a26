//! Samples for POSIX shells, by cURL.

use super::pen::Pen;
use super::quote::shell;
use super::{Credentials, Payload, Request};
use crate::hole::{Encoding, Hole};
use crate::model::Method;
use crate::rich::code::{self, ClassedCode, MultipartPart};

pub(super) fn print(request: &Request) -> ClassedCode {
    let mut pen = Pen::new("  ");
    // `--fail` alone would drop the body of an error, which contains the reason (curl 7.76).
    pen.add("curl --fail-with-body");
    if request.stream.is_some() {
        // Without it curl buffers standard output, and the stream arrives in blocks.
        pen.add(" -N");
    }
    // curl expands these characters of an address into several addresses.
    if request.url.contains(['[', ']', '{', '}']) {
        pen.add(" --globoff");
    }
    if let Some(method) = method(request) {
        pen.add(" ").add(&method);
    }
    pen.add(" ").string(&shell(&request.url)).indent();
    for (option, value) in options(request) {
        pen.add(" \\").end().add(option).add(" ").string(&value);
    }
    pen.finish()
}

/// Returns the option that names the method, if curl would choose another one.
fn method(request: &Request) -> Option<String> {
    let has_body = !matches!(request.payload, Payload::None | Payload::File { .. });
    match (request.method, has_body) {
        // `-d`, `-F` and their like mean POST; `-X POST` beside them would be kept over a redirect.
        (Method::Get, false) | (Method::Post, true) => None,
        // `-X HEAD` would wait for the body that the head announces.
        (Method::Head, _) => Some("--head".to_owned()),
        (method, _) => Some(format!("-X {}", method.as_str())),
    }
}

/// Returns the options after the address, each with its quoted value.
fn options(request: &Request) -> Vec<(&'static str, String)> {
    let mut options = Vec::new();
    match &request.credentials {
        Credentials::None => {}
        // In double quotes, so that the shell inserts the key, which no literal contains.
        Credentials::Bearer(key) => {
            // The name of a variable needs no escape.
            options.push(("-H", format!("\"Authorization: Bearer ${key}\"")))
        }
        Credentials::Basic { user, password } => {
            options.push(("-u", format!("\"${user}:${password}\"")));
        }
        Credentials::Header { name, key } => {
            options.push(("-H", format!("\"{}: ${key}\"", expanded(name))));
        }
        Credentials::Query { name, key } => {
            // Since curl 7.87, the oldest version that docs/mock.md names.
            let name = expanded(&Encoding::Url.encode(name));
            // After an existing query, with the right sign (curl 7.87).
            options.push(("--url-query", format!("\"{name}=${key}\"")));
        }
    }
    for (name, value) in request.all_headers() {
        // `Name:` removes a header that curl sends by default; `Name;` sends it without a value.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        options.push(("-H", shell(&header)));
    }
    options.extend(payload(&request.payload));
    if let Some(file) = &request.save_as {
        options.push(("-o", shell(&path(file))));
    }
    options
}

fn payload(payload: &Payload) -> Vec<(&'static str, String)> {
    match payload {
        Payload::None => Vec::new(),
        // `-d` drops line ends of files only, and JSON never begins with `@`, which would name one.
        Payload::Json { value, .. } => vec![("-d", shell(code::json(value).to_text()))],
        // `-d` would read a text that begins with `@` as the name of a file.
        Payload::Text { text, .. } => vec![("--data-raw", shell(text))],
        // `-d @file` would drop line ends and NUL.
        Payload::File { file, .. } => vec![("--data-binary", shell(&format!("@{}", path(file))))],
        Payload::Form(pairs) => pairs
            .iter()
            .map(|(name, value)| {
                // The option encodes the text after the first `=` and leaves the name unchanged, so
                // the name is encoded here.
                let name = Encoding::Url.encode(name);
                ("--data-urlencode", shell(&format!("{name}={value}")))
            })
            .collect(),
        Payload::Parts(parts) => parts.iter().map(part).collect(),
    }
}

fn part(part: &MultipartPart) -> (&'static str, String) {
    match part {
        MultipartPart::File { name, file } => {
            // A comma or semicolon would end the file's name, also one in the value of a hole.
            let needs_quotes =
                Hole::is_in(file) || file.contains([',', ';', '"', '\\']) || file.trim() != file;
            let file = if needs_quotes {
                // Its escapes between quotes are those of JSON, so the value of a hole gets them
                // too.
                format!("\"{}\"", Encoding::Json.encode(&path(file)))
            } else {
                path(file)
            };
            ("-F", shell(&format!("{name}=@{file}")))
        }
        MultipartPart::Text { name, value } => {
            // `-F` reads values as files, types or quoted texts, and trims blanks.
            let is_plain = !Hole::is_in(value)
                && !value.contains(';')
                && !value.starts_with(['@', '<', '"', '(', '='])
                && value.trim() == value;
            let option = if is_plain { "-F" } else { "--form-string" };
            (option, shell(&format!("{name}={value}")))
        }
    }
}

/// Returns a file as curl reads and writes it: `-` alone would be standard input or output.
fn path(file: &str) -> String {
    // A value at the beginning may be `-` as well.
    let may_be_dash = file == "-" || file.chars().next().and_then(Hole::from_marker).is_some();
    if may_be_dash {
        format!("./{file}")
    } else {
        file.to_owned()
    }
}

/// Returns a text inside double quotes in which the shell expands a variable.
fn expanded(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if matches!(character, '$' | '`' | '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
