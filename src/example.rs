//! The examples of an endpoint: request, response and stream of one name stand together.

use serde_json::Value;

use crate::code::{self, Class, Code, Part};
use crate::hole::Encoding;
use crate::messages::Messages;
use crate::model::{
    Api, Body, Endpoint, EventData, Example, Location, MediaKind, MediaType, Parameter, Schema,
    Status, Stream, StreamExample, StreamFormat, StreamItem,
};
use crate::sse;
use crate::wording::{event_name, is_success, place};

/// The examples of one name.
#[derive(Debug)]
pub struct ExampleGroup {
    /// Its `id`.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The requests: as usual and, where it differs, for a stream.
    pub requests: Vec<Pane>,
    /// The answers: responses and the stream.
    pub answers: Vec<Pane>,
}

/// One piece of code with a title.
#[derive(Debug)]
pub struct Pane {
    /// Its `id`.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Whether it belongs to streaming; such panes are chosen together.
    pub streams: bool,
    /// Where the request goes, above its body.
    pub head: Option<Code>,
    /// The code.
    pub code: Code,
    /// The name of its language, as fences have it.
    pub language: &'static str,
    /// A stream's items one by one; together they are the code.
    pub items: Vec<SentItem>,
    /// What the pieces of a stream join into.
    pub joined: Option<Joined>,
}

/// An item of a stream as it is sent.
#[derive(Debug)]
pub struct SentItem {
    /// The name of the event, where the code doesn't say it.
    pub event: Option<String>,
    /// What is sent.
    pub code: Code,
    /// What it adds to the joined text; nothing where there is none.
    pub adds: String,
}

/// What the pieces of a stream join into.
#[derive(Debug)]
pub struct Joined {
    /// Where the response has it, if it is not all of it.
    pub to: Option<String>,
    /// The text: what the items add.
    pub text: String,
}

/// The examples of an endpoint by name, in the order in which names appear.
pub fn groups(messages: &Messages, api: &Api, endpoint: &Endpoint) -> Vec<ExampleGroup> {
    let mut names = names(endpoint);
    if names.is_empty() && endpoint.request.is_none() {
        // A request without a body is an example in itself.
        names.push("default");
    }
    let several = names.len() > 1;
    let group = |(index, name): (usize, &&str)| {
        let id = format!("_{}.example.{}", endpoint.id, part_of_id(name, index));
        let writer = Writer {
            messages,
            api,
            endpoint,
            name,
        };
        writer.group(id, several)
    };
    names.iter().enumerate().map(group).collect()
}

/// A name as it stands in an `id`; by number where it may hold what an `id` may not.
fn part_of_id(name: &str, index: usize) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_plain {
        name.to_owned()
    } else {
        index.to_string()
    }
}

fn names(endpoint: &Endpoint) -> Vec<&str> {
    let request = endpoint.request.iter().flat_map(|body| &body.examples);
    let responses = endpoint
        .responses
        .iter()
        .flat_map(|response| &response.body.examples);
    let bodies = request
        .chain(responses)
        .map(|example| example.name.as_str());
    let streams = endpoint.stream.iter().flat_map(|stream| &stream.examples);
    let mut names = Vec::new();
    for name in bodies.chain(streams.map(|example| example.name.as_str())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What the examples of one name are made from.
struct Writer<'a> {
    messages: &'a Messages,
    api: &'a Api,
    endpoint: &'a Endpoint,
    name: &'a str,
}

impl Writer<'_> {
    fn group(&self, id: String, several: bool) -> ExampleGroup {
        let stream = self.endpoint.stream.as_ref().and_then(|stream| {
            let mut examples = stream.examples.iter();
            Some((stream, examples.find(|example| example.name == self.name)?))
        });
        ExampleGroup {
            title: if several {
                title(self.name)
            } else {
                self.messages.text("example")
            },
            requests: self.requests(&id, stream.is_some()),
            answers: self.answers(&id, stream),
            id,
        }
    }

    fn requests(&self, id: &str, streams: bool) -> Vec<Pane> {
        let pane = |id, title, streaming| {
            let (head, code) = request(self.api, self.endpoint, self.name, streaming)?;
            let language = match &self.endpoint.request {
                Some(body) => language(&body.content_type),
                None => "http",
            };
            let pane = Pane::new(id, self.messages.text(title), code, language);
            Some(Pane { head, ..pane })
        };
        let Some(usual) = pane(format!("{id}.request"), "request", false) else {
            return Vec::new();
        };
        let id = format!("{id}.stream-request");
        let streaming = pane(id, "streaming-request", true)
            .filter(|pane| streams && (pane.code != usual.code || pane.head != usual.head))
            .map(|pane| Pane { streams, ..pane });
        [Some(usual), streaming].into_iter().flatten().collect()
    }

    /// The response, the stream, then what else may come.
    fn answers(&self, id: &str, stream: Option<(&Stream, &StreamExample)>) -> Vec<Pane> {
        let mut panes = Vec::new();
        let mut others = Vec::new();
        for response in &self.endpoint.responses {
            let named = |example: &&Example| example.name == self.name;
            let Some(example) = response.body.examples.iter().find(named) else {
                continue;
            };
            let code = body(self.api, &response.body, &example.value);
            let id = format!("{id}.{}", response.status);
            let panes = if is_success(response.status) {
                &mut panes
            } else {
                &mut others
            };
            let language = language(&response.body.content_type);
            let title = response_title(self.messages, response.status);
            panes.push(Pane::new(id, title, code, language));
        }
        if let Some((stream, example)) = stream {
            let language = match stream.format {
                StreamFormat::Sse => "sse",
                StreamFormat::JsonLines => "jsonl",
                StreamFormat::Text => "text",
            };
            let joined = joined(stream, example);
            let items = sent(stream, example, joined.is_some());
            let mut code = Code::new();
            for item in &items {
                code.append(&item.code);
            }
            let title = self.messages.text("stream");
            let pane = Pane::new(format!("{id}.stream"), title, code, language);
            panes.push(Pane {
                streams: true,
                items,
                joined,
                ..pane
            });
        }
        panes.append(&mut others);
        panes
    }
}

impl Pane {
    fn new(id: String, title: String, code: Code, language: &'static str) -> Pane {
        Pane {
            id,
            title,
            streams: false,
            head: None,
            code,
            language,
            items: Vec::new(),
            joined: None,
        }
    }
}

/// `follow-up` as `Follow up`, `with_tools` as `With tools`.
fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}", letters.as_str().replace(['_', '-'], " "))
}

fn response_title(messages: &Messages, status: Status) -> String {
    match status {
        Status::Code(200) => messages.text("response"),
        Status::Code(code @ 201..300) => {
            let status = code.to_string();
            messages.text_with("response-status", [("status", status.as_str().into())])
        }
        Status::Default => messages.text("other-status"),
        status => status.to_string(),
    }
}

/// The request of a name: its head where something stands outside the body, and the body; without
/// a body the head alone.
fn request(
    api: &Api,
    endpoint: &Endpoint,
    name: &str,
    streaming: bool,
) -> Option<(Option<Code>, Code)> {
    let head = head(endpoint, streaming);
    let Some(content) = &endpoint.request else {
        return Some((None, head));
    };
    let example = content
        .examples
        .iter()
        .find(|example| example.name == name)?;
    let patch = endpoint
        .stream
        .as_ref()
        .and_then(|stream| stream.request.as_ref());
    let value = match patch.filter(|_| streaming) {
        Some(patch) => merged(&example.value, patch),
        None => example.value.clone(),
    };
    let has_more = endpoint
        .parameters
        .iter()
        .any(|parameter| parameter.field.example.is_some());
    Some((has_more.then_some(head), body(api, content, &value)))
}

/// Where a request goes, with the examples of its parameters.
fn head(endpoint: &Endpoint, streaming: bool) -> Code {
    let example = |parameter: &Parameter| {
        let streamed = parameter.stream_example.as_ref().filter(|_| streaming);
        streamed.or(parameter.field.example.as_ref()).map(plain)
    };
    let at = |location| {
        endpoint
            .parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
            .filter_map(|parameter| Some((parameter.field.name.clone(), example(parameter)?)))
            .collect::<Vec<_>>()
    };
    let mut target = endpoint
        .servers
        .first()
        .map_or("", |server| &server.url)
        .to_owned();
    let mut path = endpoint.path.clone();
    for (name, value) in at(Location::Path) {
        path = path.replace(&format!("{{{name}}}"), &Encoding::Url.encode(&value));
    }
    target.push_str(&path);
    for (index, (name, value)) in at(Location::Query).iter().enumerate() {
        target.push(if index == 0 { '?' } else { '&' });
        target.push_str(&Encoding::Url.encode(name));
        target.push('=');
        target.push_str(&Encoding::Url.encode(value));
    }
    let mut headers = at(Location::Header);
    let cookies = at(Location::Cookie)
        .iter()
        .map(|(n, v)| format!("{n}={v}"))
        .collect::<Vec<_>>();
    if !cookies.is_empty() {
        headers.push(("Cookie".to_owned(), cookies.join("; ")));
    }
    code::http_head(endpoint.method.as_str(), &target, &headers)
}

/// A value as it stands in a URL, header or form: text without quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => code::json_line(value).to_text().to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A value with a merge patch (RFC 7396).
pub fn merged(value: &Value, patch: &Value) -> Value {
    let mut value = value.clone();
    merge(&mut value, patch);
    value
}

/// Applies a merge patch.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else {
        return;
    };
    for (name, value) in patch {
        if value.is_null() {
            target.shift_remove(name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// The example of a body as it is sent.
fn body(api: &Api, body: &Body, value: &Value) -> Code {
    let pairs = || {
        let members = value.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.clone(), plain(value)))
    };
    match body.content_type.kind {
        MediaKind::Json => code::json(value),
        MediaKind::Multipart => {
            let schema = body.schema.as_ref().map(|schema| api.resolve(schema));
            let parts = pairs().map(|(name, value)| match is_file(api, schema, &name) {
                true => Part::File { name, file: value },
                false => Part::Text { name, value },
            });
            code::multipart(&parts.collect::<Vec<_>>())
        }
        MediaKind::Form => code::urlencoded(&pairs().collect::<Vec<_>>()),
        MediaKind::Text | MediaKind::Binary => Code::plain(&plain(value)),
    }
}

/// The name of the language in which examples of a media type are written.
fn language(content_type: &MediaType) -> &'static str {
    let name = content_type.name.split(';').next().unwrap_or_default();
    match content_type.kind {
        MediaKind::Json => "json",
        MediaKind::Text if name.ends_with("xml") => "xml",
        MediaKind::Text if name == "text/markdown" => "markdown",
        MediaKind::Text if name == "text/html" => "html",
        MediaKind::Multipart | MediaKind::Form | MediaKind::Text | MediaKind::Binary => "text",
    }
}

fn is_file(api: &Api, schema: Option<&Schema>, name: &str) -> bool {
    let field = schema.and_then(|schema| schema.fields.iter().find(|field| field.name == name));
    let is_binary = |schema: &Schema| schema.format.as_deref() == Some("binary");
    field.is_some_and(|field| is_binary(api.resolve(&field.schema)))
}

/// A stream example as a client gets it, with holes.
pub fn stream_text(stream: &Stream, example: &StreamExample) -> String {
    let items = sent(stream, example, false);
    items.iter().map(|item| item.code.to_text()).collect()
}

/// A stream's items as they come over the wire.
fn sent(stream: &Stream, example: &StreamExample, joins: bool) -> Vec<SentItem> {
    let to = joined_place(stream, example);
    let sent = |item: &StreamItem| SentItem {
        event: match item {
            StreamItem::Event { event, .. } => Some(&stream.events[*event])
                .filter(|event| event.wire_name.is_none())
                .map(|event| event_name(event).to_owned()),
            StreamItem::Comment(_) | StreamItem::Chunk(_) => None,
        },
        code: item_code(stream, item),
        adds: if joins {
            piece(stream, item, to).to_owned()
        } else {
            String::new()
        },
    };
    example.items.iter().map(sent).collect()
}

fn item_code(stream: &Stream, item: &StreamItem) -> Code {
    match (stream.format, item) {
        (StreamFormat::Sse, item) => sse::print_item(&sse_item(stream, item)),
        (StreamFormat::JsonLines, StreamItem::Event { data, .. }) => {
            code::json_lines(std::slice::from_ref(data))
        }
        (StreamFormat::Text, StreamItem::Chunk(text)) => {
            let mut code = Code::new();
            code.push(Class::String, text);
            code
        }
        (StreamFormat::JsonLines | StreamFormat::Text, _) => Code::new(),
    }
}

fn sse_item(stream: &Stream, item: &StreamItem) -> sse::Item {
    match item {
        StreamItem::Event {
            event,
            id,
            retry,
            data,
        } => {
            let event = &stream.events[*event];
            sse::Item::Event {
                name: event.wire_name.clone(),
                id: id.clone(),
                retry: *retry,
                data: match event.data {
                    EventData::Text => sse::Data::Text(plain(data)),
                    EventData::Json(_) => sse::Data::Json(data.clone()),
                    EventData::Empty => sse::Data::Empty,
                },
            }
        }
        StreamItem::Comment(text) | StreamItem::Chunk(text) => sse::Item::Comment(text.clone()),
    }
}

/// The text that the pieces of a stream join into, and where the response has it; none of a stream
/// that fails, whose pieces are not the response.
fn joined(stream: &Stream, example: &StreamExample) -> Option<Joined> {
    let fails = |item: &StreamItem| match item {
        StreamItem::Event { event, .. } => stream.events[*event].fails,
        StreamItem::Comment(_) | StreamItem::Chunk(_) => false,
    };
    if example.items.iter().any(fails) {
        return None;
    }
    let to = joined_place(stream, example)?;
    let pieces = example.items.iter();
    let text: String = pieces.map(|item| piece(stream, item, Some(to))).collect();
    (!text.is_empty()).then(|| Joined {
        to: (!to.is_empty()).then(|| place(to)),
        text,
    })
}

/// Where the response has the joined text, a JSON pointer; of several such texts, the first.
fn joined_place<'a>(stream: &'a Stream, example: &StreamExample) -> Option<&'a str> {
    let mut events = example.items.iter().filter_map(|item| match item {
        StreamItem::Event { event, .. } => Some(&stream.events[*event]),
        StreamItem::Comment(_) | StreamItem::Chunk(_) => None,
    });
    let first = || events.find_map(|event| Some(event.joins.as_ref()?.to.as_str()));
    stream.joins.as_deref().or_else(first)
}

/// What an item adds to the text that the response has at `to`.
fn piece<'a>(stream: &Stream, item: &'a StreamItem, to: Option<&str>) -> &'a str {
    match item {
        StreamItem::Event { event, data, .. } => stream.events[*event]
            .joins
            .as_ref()
            .filter(|join| to == Some(&join.to))
            .and_then(|join| data.pointer(&join.from)?.as_str())
            .unwrap_or(""),
        StreamItem::Chunk(chunk) => chunk,
        StreamItem::Comment(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_merge_patch_adds_replaces_and_removes() {
        // The example of RFC 7396, section 3.
        let value = json!({"title": "Goodbye!", "author": {"givenName": "John", "familyName": "Doe"}, "tags": ["example", "sample"], "content": "This will be unchanged"});
        let patch = json!({"title": "Hello!", "phoneNumber": "+01-123-456-7890", "author": {"familyName": null}, "tags": ["example"]});
        assert_eq!(
            merged(&value, &patch),
            json!({"title": "Hello!", "author": {"givenName": "John"}, "tags": ["example"], "content": "This will be unchanged", "phoneNumber": "+01-123-456-7890"})
        );
    }

    #[test]
    fn names_of_examples_become_titles() {
        assert_eq!(title("follow-up"), "Follow up");
        assert_eq!(title("with_tools"), "With tools");
    }

    #[test]
    fn an_example_keeps_its_id_where_others_come() {
        assert_eq!(part_of_id("with-tools_2", 0), "with-tools_2");
        for name in ["", "a b", "2", "_a", "é", "a.b", "a\"b"] {
            assert_eq!(part_of_id(name, 3), "3", "{name}");
        }
    }
}
