//! Samples in Python by its standard library alone.

use super::{
    Credentials, Payload, Pen, Request, SYNTAX, answer, headers, imports, literal, map_of, quote,
    repeats,
};
use crate::rich::code::{ClassedCode, MultipartPart};

/// The width of Black's lines.
const WIDTH: usize = 88;

pub(in crate::model::sample) fn print(request: &Request) -> ClassedCode {
    let mut pen = Pen::new("    ");
    let payload = request.payload.for_literals();
    let mut modules = String::from("sys urllib.error urllib.request");
    if matches!(payload, Payload::Json { .. }) {
        modules.push_str(" json");
    }
    if matches!(payload, Payload::Form(_))
        || matches!(request.credentials, Credentials::Query { .. })
    {
        modules.push_str(" urllib.parse");
    }
    if matches!(payload, Payload::Parts(_)) {
        modules.push_str(" uuid");
    }
    if matches!(request.credentials, Credentials::Basic { .. }) {
        modules.push_str(" base64");
    }
    imports(&mut pen, request, &modules);
    if let Credentials::Basic { user, password } = &request.credentials {
        pen.line(&format!(
            "credentials = f\"{{os.environ['{user}']}}:{{os.environ['{password}']}}\""
        ));
    }
    push_parts(&mut pen, &payload);
    pen.line("request = urllib.request.Request(").indent();
    pen.string(&quote(&request.url));
    if let Credentials::Query { name, key } = &request.credentials {
        let sign = if request.url.contains('?') {
            "\"&\""
        } else {
            "\"?\""
        };
        // Joined by hand: `urllib` has no parameters.
        pen.end()
            .add("+ ")
            .string(sign)
            .end()
            .add("+ urllib.parse.urlencode({")
            .string(&quote(name));
        pen.add(&format!(": os.environ[\"{key}\"]}})"));
    }
    pen.line(",");
    // `urllib` chooses POST if there is a body, and never another method.
    if request.method.as_str() != "GET" {
        pen.line(&format!("method=\"{}\",", request.method.as_str()));
    }
    push_headers(&mut pen, request, &payload);
    push_payload(&mut pen, &payload);
    pen.dedent().line(")").line("try:").indent();
    pen.line("response = urllib.request.urlopen(request)")
        .dedent();
    // `urlopen` raises for statuses from 400 on; the body of the exception contains the reason.
    pen.line("except urllib.error.HTTPError as error:").indent();
    pen.line("sys.exit(f\"{error.code}: {error.read().decode()}\")")
        .dedent();
    answer(&mut pen, request, "response", "response.read()");
    pen.finish()
}

fn push_headers(pen: &mut Pen, request: &Request, payload: &Payload) {
    let mut headers = headers(request);
    if let Credentials::Basic { .. } = &request.credentials {
        let value = "f\"Basic {base64.b64encode(credentials.encode()).decode()}\"".to_owned();
        headers.insert(0, ("Authorization".to_owned(), value));
    }
    let content_type = match payload {
        Payload::Json { content_type, .. } if content_type == "application/json" => {
            Some(quote(content_type))
        }
        // The sample itself chooses the boundary.
        Payload::Parts(_) => Some("f\"multipart/form-data; boundary={boundary}\"".to_owned()),
        _ => None,
    };
    headers.extend(content_type.map(|value| ("Content-Type".to_owned(), value)));
    if !headers.is_empty() {
        pen.line("headers={").indent();
        for (name, value) in headers {
            pen.string(&quote(&name)).add(": ").string(&value).line(",");
        }
        pen.dedent().line("},");
    }
}

fn push_payload(pen: &mut Pen, payload: &Payload) {
    match payload {
        Payload::None => {}
        Payload::Json { value, .. } => {
            let is_container = value.is_array() || value.is_object();
            let value = literal(value, &SYNTAX, pen.depth() + usize::from(is_container), 0);
            if is_container {
                pen.line("data=json.dumps(")
                    .indent()
                    .string(&value)
                    .end()
                    .dedent();
                pen.line(").encode(),")
            } else {
                pen.add("data=json.dumps(")
                    .string(&value)
                    .line(").encode(),")
            };
        }
        Payload::Text { text, .. } => {
            pen.add("data=").string(&quote(text)).line(".encode(),");
        }
        Payload::File { file, .. } => {
            pen.add("data=open(")
                .string(&quote(file))
                .add(", ")
                .string("\"rb\"")
                .line(").read(),");
        }
        Payload::Form(pairs) => {
            pen.line("data=urllib.parse.urlencode(").indent();
            let map = map_of(pairs, pen.depth());
            pen.string(&map);
            if repeats(pairs.iter().map(|(name, _)| &**name)) {
                pen.line(",").line("doseq=True,")
            } else {
                pen.end()
            };
            pen.dedent().line(").encode(),");
        }
        Payload::Parts(_) => {
            pen.line("data=body,");
        }
    }
}

/// Writes the parts as they are sent: the standard library has no writer for them.
fn push_parts(pen: &mut Pen, payload: &Payload) {
    let Payload::Parts(parts) = payload else {
        return;
    };
    pen.line("boundary = uuid.uuid4().hex").line("body = b\"\"");
    for part in parts {
        let (name, file, content) = match part {
            MultipartPart::Text { name, value } => {
                (name, None, format!("{}.encode()", quote(value)))
            }
            MultipartPart::File { name, file } => (
                name,
                Some(file),
                format!("open({}, \"rb\").read()", quote(file)),
            ),
        };
        // The WHATWG HTML standard (§4.10.21.8) escapes a quote in a name in this way; a backslash
        // would be sent.
        let quoted = |text: &str| text.replace('"', "%22");
        let file = file
            .map(|file| format!("; filename=\"{}\"", quoted(file)))
            .unwrap_or_default();
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"{file}",
            quoted(name)
        );
        pen.line("body += f\"--{boundary}\\r\\n\".encode()");
        let head = quote(&format!("{head}\r\n\r\n"));
        let length = head.chars().count() + ".encode()".len();
        let is_long = "body += ".len() + length > WIDTH && "    ".len() + length <= WIDTH;
        if is_long {
            pen.line("body += (")
                .indent()
                .string(&head)
                .line(".encode()")
                .dedent()
                .line(")")
        } else {
            pen.add("body += ").string(&head).line(".encode()")
        };
        pen.add("body += ")
            .string(&content)
            .add(" + ")
            .string("b\"\\r\\n\"")
            .end();
    }
    pen.line("body += f\"--{boundary}--\\r\\n\".encode()")
        .line("");
}
