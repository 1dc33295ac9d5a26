//! Code as pieces with classes.
//!
//! Generated code (JSON, HTTP heads, event streams, samples) is built from classed pieces, so no
//! lexer has to guess later. [`ClassedCode::to_html`] and [`ClassedCode::to_text`] contain the
//! same characters: readers copy what they see.

use serde_json::Value;

use crate::hole::Encoding;
use crate::rich::html::Html;

/// The class of a piece of code; punctuation, operators and plain names have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The name of a member, header, form field, attribute or setting.
    Key,
    /// A string with its quotes, or another value written as text.
    String,
    /// A number.
    Number,
    /// A keyword or a literal of the language: `if`, `true`, an HTTP method, a tag.
    Word,
    /// A comment.
    Comment,
    /// A function's name where it is called or defined; the path of an HTTP request.
    Function,
    /// The name of a type, class or module.
    Type,
    /// A variable that the language marks as one: `$key`.
    Variable,
    /// The name of an event in a stream.
    Event,
    /// A line that a diff adds.
    Added,
    /// A line that a diff removes.
    Removed,
}

impl Class {
    /// Returns the start tag; `b` and an unquoted letter because a page contains thousands of
    /// them.
    // A page with samples in eight languages would have thousands of `span` elements: `<b
    // class=s>` saves 6 bytes of each, and unquoted attributes are valid HTML (WHATWG HTML
    // §13.1.2.3).
    fn tag(self) -> &'static str {
        match self {
            Class::Key => "<b class=k>",
            Class::String => "<b class=s>",
            Class::Number => "<b class=n>",
            Class::Word => "<b class=w>",
            Class::Comment => "<b class=c>",
            Class::Function => "<b class=f>",
            Class::Type => "<b class=t>",
            Class::Variable => "<b class=v>",
            Class::Event => "<b class=e>",
            Class::Added => "<b class=a>",
            Class::Removed => "<b class=r>",
        }
    }
}

/// Code in classed pieces; adjacent pieces of one class are merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassedCode {
    text: String,
    /// Where in `text` each piece ends, and its class.
    ends: Vec<(usize, Option<Class>)>,
}

impl ClassedCode {
    /// Creates empty code.
    pub fn new() -> ClassedCode {
        ClassedCode::default()
    }

    /// Creates code of one piece without a class.
    pub fn plain(text: &str) -> ClassedCode {
        let mut code = ClassedCode::new();
        code.push_plain(text);
        code
    }

    /// Appends a piece of a class.
    pub fn push(&mut self, class: Class, text: &str) {
        self.push_piece(Some(class), text);
    }

    /// Appends a piece without a class: punctuation, white space, plain names.
    pub fn push_plain(&mut self, text: &str) {
        self.push_piece(None, text);
    }

    /// Appends a piece of an optional class.
    pub fn push_piece(&mut self, class: Option<Class>, text: &str) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(text);
        match self.ends.last_mut() {
            Some((end, last)) if *last == class => *end = self.text.len(),
            _ => self.ends.push((self.text.len(), class)),
        }
    }

    /// Appends other code.
    pub fn append(&mut self, code: &ClassedCode) {
        for (class, text) in code.pieces() {
            self.push_piece(class, text);
        }
    }

    /// Returns the pieces in order.
    pub fn pieces(&self) -> impl Iterator<Item = (Option<Class>, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, class)| {
            let text = &self.text[start..end];
            start = end;
            (class, text)
        })
    }

    /// Returns the lines, each with its line end.
    pub fn lines(&self) -> Vec<ClassedCode> {
        let mut lines = Vec::new();
        let mut line = ClassedCode::new();
        for (class, piece) in self.pieces() {
            for part in piece.split_inclusive('\n') {
                line.push_piece(class, part);
                if part.ends_with('\n') {
                    lines.push(std::mem::take(&mut line));
                }
            }
        }
        if !line.text.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Returns the characters alone, with their markers.
    pub fn to_text(&self) -> &str {
        &self.text
    }

    /// Returns the same characters with `<b class=…>` around the classed ones.
    ///
    /// White space stays outside, unless it is between two pieces of one class on a line.
    pub fn to_html(&self) -> Html {
        let mut html = Html::new();
        self.write_to(&mut html);
        html
    }

    /// Appends the same as [`ClassedCode::to_html`], without a copy of it in between.
    pub fn write_to(&self, html: &mut Html) {
        let mut open = None;
        let mut written = 0;
        let mut start = 0;
        for &(end, class) in &self.ends {
            // White space outside of elements is appended to the text before it, instead of
            // getting tags of its own.
            let piece = &self.text[start..end];
            let from = end - piece.trim_start().len();
            let to = start + piece.trim_end().len();
            start = end;
            if from >= to {
                continue;
            }
            let space = &self.text[written..from];
            if class == open && !space.contains('\n') {
                html.push_visible(space);
            } else {
                change_class(html, open, space, class);
                open = class;
            }
            html.push_visible(&self.text[from..to]);
            written = to;
        }
        change_class(html, open, &self.text[written..], None);
    }
}

/// Closes a run of one class, writes the white space after it, and opens the next.
fn change_class(html: &mut Html, from: Option<Class>, space: &str, to: Option<Class>) {
    if from.is_some() {
        html.push_markup("</b>");
    }
    html.push_visible(space);
    if let Some(class) = to {
        html.push_markup(class.tag());
    }
}

/// Formats JSON over several lines, indented by two spaces, as `JSON.stringify(value, null, 2)`
/// does.
pub fn json(value: &Value) -> ClassedCode {
    let mut code = ClassedCode::new();
    push_json(&mut code, value, Some(0));
    code
}

/// Formats JSON on one line, with a space after each comma and colon.
pub fn json_line(value: &Value) -> ClassedCode {
    let mut code = ClassedCode::new();
    push_json(&mut code, value, None);
    code
}

/// Formats JSON Lines: each value on a line of its own.
pub fn json_lines(values: &[Value]) -> ClassedCode {
    let mut code = ClassedCode::new();
    for value in values {
        push_json(&mut code, value, None);
        code.push_plain("\n");
    }
    code
}

/// Writes a value; `depth` is its indentation, none for a single line.
fn push_json(code: &mut ClassedCode, value: &Value, depth: Option<usize>) {
    match value {
        Value::Null => code.push(Class::Word, "null"),
        Value::Bool(true) => code.push(Class::Word, "true"),
        Value::Bool(false) => code.push(Class::Word, "false"),
        // With the digits as written (`arbitrary-precision`): as floating point, `1.10` and
        // numbers of twenty digits would change.
        Value::Number(number) => code.push(Class::Number, &number.to_string()),
        Value::String(text) => push_json_string(code, Class::String, text),
        Value::Array(values) if values.is_empty() => code.push_plain("[]"),
        Value::Object(members) if members.is_empty() => code.push_plain("{}"),
        Value::Array(values) => {
            code.push_plain("[");
            for (index, value) in values.iter().enumerate() {
                push_json_break(code, index, depth);
                push_json(code, value, depth.map(|depth| depth + 1));
            }
            push_json_end(code, "]", depth);
        }
        Value::Object(members) => {
            code.push_plain("{");
            for (index, (key, value)) in members.iter().enumerate() {
                push_json_break(code, index, depth);
                push_json_string(code, Class::Key, key);
                code.push_plain(": ");
                push_json(code, value, depth.map(|depth| depth + 1));
            }
            push_json_end(code, "}", depth);
        }
    }
}

fn push_json_string(code: &mut ClassedCode, class: Class, text: &str) {
    code.push(class, "\"");
    code.push(class, &Encoding::Json.encode(text));
    code.push(class, "\"");
}

/// Writes what precedes the item at `index` of an array or object.
fn push_json_break(code: &mut ClassedCode, index: usize, depth: Option<usize>) {
    if index > 0 {
        code.push_plain(",");
    }
    match depth {
        Some(depth) => push_new_line(code, depth + 1),
        None if index > 0 => code.push_plain(" "),
        None => {}
    }
}

fn push_json_end(code: &mut ClassedCode, bracket: &str, depth: Option<usize>) {
    if let Some(depth) = depth {
        push_new_line(code, depth);
    }
    code.push_plain(bracket);
}

fn push_new_line(code: &mut ClassedCode, depth: usize) {
    code.push_plain("\n");
    for _ in 0..depth {
        code.push_plain("  ");
    }
}

/// Formats the head of an HTTP request: `GET /chats?limit=5`, then a line for each header.
///
/// `target` is a URL, or its path and query, already encoded.
pub fn http_head(method: &str, target: &str, headers: &[(String, String)]) -> ClassedCode {
    let mut code = ClassedCode::new();
    code.push(Class::Word, method);
    code.push_plain(" ");
    push_target(&mut code, target);
    for (name, value) in headers {
        code.push_plain("\n");
        push_header(&mut code, name, value);
    }
    code
}

/// Writes a URL with its query split into names and values.
pub fn push_target(code: &mut ClassedCode, target: &str) {
    // The first `?` begins the query, and later ones are a part of it (RFC 3986 §3.4).
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    code.push(Class::Function, path);
    let mut separator = "?";
    for pair in query.into_iter().flat_map(|query| query.split('&')) {
        code.push_plain(separator);
        separator = "&";
        push_pair(code, pair);
    }
}

fn push_pair(code: &mut ClassedCode, pair: &str) {
    match pair.split_once('=') {
        Some((name, value)) => {
            code.push(Class::Key, name);
            code.push_plain("=");
            code.push(Class::String, value);
        }
        None => code.push(Class::Key, pair),
    }
}

/// Writes one header without a line end.
pub fn push_header(code: &mut ClassedCode, name: &str, value: &str) {
    code.push(Class::Key, name);
    code.push_plain(": ");
    code.push(Class::String, value);
}

/// Formats a body as HTML forms send it: `name=value&…`, with names and values encoded here.
pub fn urlencoded(pairs: &[(String, String)]) -> ClassedCode {
    let mut code = ClassedCode::new();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            code.push_plain("&");
        }
        code.push(Class::Key, &Encoding::Url.encode(name));
        code.push_plain("=");
        code.push(Class::String, &Encoding::Url.encode(value));
    }
    code
}

/// One part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MultipartPart {
    /// A form field and its value.
    Text {
        /// The part's name.
        name: String,
        /// The value that is sent.
        value: String,
    },
    /// A file.
    File {
        /// The part's name.
        name: String,
        /// The file's name.
        file: String,
    },
}

impl MultipartPart {
    /// Returns the part's name.
    pub fn name(&self) -> &str {
        match self {
            MultipartPart::Text { name, .. } | MultipartPart::File { name, .. } => name,
        }
    }
}

/// Formats the parts of a multipart body as arguments of curl: `name=value` or `name=@file` per
/// line.
// Not as the raw body: it would contain boundaries, which no reader writes.
pub fn multipart(parts: &[MultipartPart]) -> ClassedCode {
    let mut code = ClassedCode::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            code.push_plain("\n");
        }
        let (name, sign, value) = match part {
            MultipartPart::Text { name, value } => (name, "=", value),
            MultipartPart::File { name, file } => (name, "=@", file),
        };
        code.push(Class::Key, name);
        code.push_plain(sign);
        code.push(Class::String, value);
    }
    code
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;
    use crate::hole::{Hole, Holed, Values, VariableId};

    /// Checks the size of the HTML of a typical sample against its budget; `design.md` relies on
    /// it.
    #[track_caller]
    pub(crate) fn check_size(code: &ClassedCode) {
        let classes: HashSet<Class> = code.pieces().filter_map(|(class, _)| class).collect();
        assert!(classes.len() >= 4, "{classes:?}");
        let ratio = code.to_html().as_str().len() as f64 / code.to_text().len() as f64;
        assert!(ratio <= 2.7, "{ratio}");
    }

    fn sample() -> Value {
        json!({
            "bot_id": "019dd3d4-4b7e-71eb-9561-5cf790a5da57",
            "prompt": "Draft a friendly reply.",
            "stream": true,
            "temperature": 0.2,
            "chat_id": null,
            "ticket_conversation": [{"role": "customer", "message": "Where is my order?"}],
            "seed_messages": [],
        })
    }

    #[test]
    fn json_is_indented_and_its_keys_are_told_from_strings() {
        let code = json(&json!({"a": [1, "b"], "c": {}, "d": {"e": []}}));
        assert_eq!(
            code.to_text(),
            "{\n  \"a\": [\n    1,\n    \"b\"\n  ],\n  \"c\": {},\n  \"d\": {\n    \"e\": []\n  }\n}"
        );
        assert_eq!(
            json_line(&json!({"a": ["b", 1.5, true]}))
                .to_html()
                .as_str(),
            "{<b class=k>\"a\"</b>: [<b class=s>\"b\"</b>, <b class=n>1.5</b>, <b class=w>true</b>]}"
        );
    }

    #[test]
    fn json_reads_back_as_what_it_was() {
        let value = sample();
        for code in [json(&value), json_line(&value)] {
            let back: Value = serde_json::from_str(code.to_text()).unwrap();
            assert_eq!(back, value);
        }
        assert_eq!(json_lines(&[json!(1), json!([2])]).to_text(), "1\n[2]\n");
    }

    #[test]
    fn numbers_keep_their_digits() {
        for number in [
            "9223372036854775808",
            "1.10",
            "1e400",
            "-0",
            "1253261109769874438",
        ] {
            // Parsing JSON text would normalise the exponent: `1e+400`.
            let number_as_written = serde_json::Number::from_string_unchecked(number.to_owned());
            assert_eq!(json(&number_as_written.into()).to_text(), number);
        }
    }

    #[test]
    fn a_hole_in_a_json_string_is_encoded_twice_and_coloured_once() {
        let marker = Hole::new(VariableId::new(0).unwrap()).marker();
        let code = json_line(&json!({"bot": format!("a {marker}")}));
        let mut out = Vec::new();
        let values = Values::new([("name".to_owned(), "\"<b>".to_owned())]);
        Holed::cut(code.to_html().as_str(), &["name"]).fill_into(&values, &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{<b class=k>\"bot\"</b>: <b class=s>\"a <data class=hole value=name \
             data-as=\"json\">\\&quot;&lt;b&gt;</data>\"</b>}"
        );
        assert_eq!(values.fill(code.to_text()), r#"{"bot": "a \"<b>"}"#);
    }

    #[test]
    fn html_holds_the_same_characters_as_text() {
        let mut code = ClassedCode::new();
        code.push(Class::Word, "not");
        code.push_plain(" ");
        code.push(Class::Word, "in ");
        code.push(Class::String, "\"<&>\"");
        code.push_plain("\n\n");
        assert_eq!(
            code.to_html().as_str(),
            "<b class=w>not in</b> <b class=s>\"&lt;&amp;&gt;\"</b>\n\n"
        );
        assert_eq!(code.to_text(), "not in \"<&>\"\n\n");
    }

    #[test]
    fn lines_are_the_same_pieces() {
        let mut code = ClassedCode::new();
        code.push(Class::String, "a\nb");
        code.push_plain("c\n\n");
        let lines: Vec<String> = code
            .lines()
            .iter()
            .map(|l| l.to_text().to_owned())
            .collect();
        assert_eq!(lines, ["a\n", "bc\n", "\n"]);
        let pieces = |code: &ClassedCode| {
            code.pieces()
                .map(|(c, t)| (c, t.to_owned()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            pieces(&code.lines()[1]),
            [
                (Some(Class::String), "b".to_owned()),
                (None, "c\n".to_owned())
            ]
        );
    }

    #[test]
    fn characters_that_hide_are_shown_and_kept() {
        let code = ClassedCode::plain("a\u{202e}b\u{7f}");
        assert_eq!(
            code.to_html().as_str(),
            "a<bdi class=\"control\" title=\"U+202E\">\u{202e}</bdi>b\
             <bdi class=\"control\" title=\"U+007F\">\u{7f}</bdi>"
        );
    }

    #[test]
    fn requests_are_told_apart_into_their_parts() {
        let headers = [("Accept".to_owned(), "text/event-stream".to_owned())];
        let code = http_head("GET", "/chats/x?limit=5&all", &headers);
        assert_eq!(
            code.to_html().as_str(),
            "<b class=w>GET</b> <b class=f>/chats/x</b>?<b class=k>limit</b>=<b class=s>5</b>\
             &amp;<b class=k>all</b>\n<b class=k>Accept</b>: <b class=s>text/event-stream</b>"
        );
        let pairs = [
            ("a b".to_owned(), "c&d".to_owned()),
            ("e".to_owned(), "é".to_owned()),
        ];
        assert_eq!(urlencoded(&pairs).to_text(), "a%20b=c%26d&e=%C3%A9");
        let text = MultipartPart::Text {
            name: "a".into(),
            value: "b".into(),
        };
        let file = MultipartPart::File {
            name: "c".into(),
            file: "d.pdf".into(),
        };
        assert_eq!(multipart(&[text, file]).to_text(), "a=b\nc=@d.pdf");
    }

    #[test]
    fn json_takes_little_html_for_its_colours() {
        check_size(&json(&sample()));
        check_size(&json_line(&sample()));
    }
}
