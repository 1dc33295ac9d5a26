//! The examples of an endpoint: request, response and stream of the same name form a group.

use std::collections::HashSet;

use crate::model::sample::{self, Payload, Request, Sample, always_streams, plain};
use crate::model::wording::{event_name, place};
use crate::model::{
    Api, Endpoint, EventData, Example, MediaKind, MediaType, SampleChoice, Status, Stream,
    StreamExample, StreamFormat, StreamItem,
};
use crate::rich::code::{self, Class, ClassedCode};
use crate::rich::messages::Messages;
use crate::rich::phrase::{Phrase, PhrasePart};
use crate::rich::sse;

/// The examples of one name.
#[derive(Debug)]
pub struct ExampleGroup {
    /// Its `id`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The requests: plain and, if it differs, for a stream; of an endpoint that only streams, the
    /// latter alone.
    pub requests: Vec<Pane>,
    /// The answers: responses and the stream.
    pub answers: Vec<Pane>,
}

/// One piece of code with a title.
#[derive(Debug)]
pub struct Pane {
    /// Its `id`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether it belongs to streaming; such panes are chosen together.
    pub streams: bool,
    /// The request line and headers, above the body.
    pub head: Option<ClassedCode>,
    /// The code.
    pub code: ClassedCode,
    /// The name of its language, as fences have it.
    pub language: &'static str,
    /// A stream's items, which together are the code.
    pub items: Vec<SentItem>,
    /// The joined pieces of a stream.
    pub joined: Option<Joined>,
    /// A request in the site's languages.
    pub samples: Vec<Sample>,
}

/// An item of a stream as it is sent.
#[derive(Debug)]
pub struct SentItem {
    /// The name of the event, if it is not sent.
    pub event: Option<String>,
    /// The sent text.
    pub code: ClassedCode,
    /// Its part of the joined text; empty if no text is joined.
    pub adds: String,
}

/// The joined pieces of a stream.
#[derive(Debug)]
pub struct Joined {
    /// Its place in the response, if it is not the whole response.
    pub to: Option<String>,
    /// The text: what the items add.
    pub text: String,
}

/// Returns the examples of an endpoint by name, in the order of the names' first use.
///
/// The first request that has an example is shown in the languages of `samples` too. Only the
/// first: eight languages of an endpoint with ten examples and a stream would be 160 samples, for
/// readers who take one and change it.
pub fn groups(
    messages: &Messages,
    samples: &[SampleChoice],
    api: &Api,
    endpoint: &Endpoint,
) -> Vec<ExampleGroup> {
    let mut names = names(endpoint);
    if names.is_empty() && endpoint.request.is_none() {
        // A request without a body is an example itself.
        names.push("default");
    }
    let several = names.len() > 1;
    let sampled = names
        .iter()
        .position(|&name| Some(name) == self::sampled(endpoint))
        .filter(|_| endpoint.prints_samples);
    let group = |(index, name): (usize, &&str)| {
        // The leading `_` keeps these IDs apart from anchors, whose names come from authors and the
        // spec.
        let id = format!("_{}.example.{}", endpoint.id, part_of_id(name, index));
        let writer = ExampleWriter {
            messages,
            api,
            endpoint,
            name,
            samples: (sampled == Some(index)).then_some(samples),
        };
        writer.group(id, several)
    };
    names.iter().enumerate().map(group).collect()
}

/// Returns a name as a part of an `id`, or its number if it holds characters that would need
/// escapes in a fragment.
fn part_of_id(name: &str, index: usize) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_plain {
        name.to_owned()
    } else {
        // An `id` is a part of a selector and of an address, in which a name such as `a b` is
        // invalid.
        index.to_string()
    }
}

/// Returns the name of the example whose request is shown as code: the first that has a request.
// One example of an endpoint has samples, the first: eight languages for each named example would
// be 160 samples on an endpoint with ten, for readers who take one and change it.
pub fn sampled(endpoint: &Endpoint) -> Option<&str> {
    let names = names(endpoint);
    let mut names = names.into_iter().filter(|name| has_request(endpoint, name));
    let usual = || endpoint.request.is_none().then_some("default");
    names.next().or_else(usual)
}

/// Returns the text that the pieces of a stream join into, if they do.
pub fn joined_text(stream: &Stream, example: &StreamExample) -> Option<String> {
    joined(stream, example).map(|joined| joined.text)
}

/// Returns whether a request can be sent with the examples of a name.
fn has_request(endpoint: &Endpoint, name: &str) -> bool {
    let request = endpoint.request.as_ref();
    request.is_none_or(|body| body.examples.iter().any(|example| example.name == name))
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
    let mut seen = HashSet::new();
    let names = bodies.chain(streams.map(|example| example.name.as_str()));
    // Requests first, then names that only answers have.
    names.filter(|name| seen.insert(*name)).collect()
}

/// Writes the examples of one name.
struct ExampleWriter<'a> {
    messages: &'a Messages,
    api: &'a Api,
    endpoint: &'a Endpoint,
    name: &'a str,
    /// The languages of samples; none if another example has the samples.
    samples: Option<&'a [SampleChoice]>,
}

impl ExampleWriter<'_> {
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
        let pane = |id: String, title, streaming| {
            let request = Request::new(self.api, self.endpoint, self.name, streaming)?;
            let (head, code) = self::request(self.messages, self.endpoint, &request);
            let language = match &self.endpoint.request {
                Some(body) => language(&body.content_type),
                None => "http",
            };
            let pane = Pane::new(id, self.messages.text(title), code, language);
            let samples = self.samples(&request);
            Some(Pane {
                head,
                samples,
                ..pane
            })
        };
        let streaming = pane(format!("{id}.stream-request"), "streaming-request", true);
        let streaming = streaming.map(|pane| Pane {
            streams: true,
            ..pane
        });
        // A request that is shown without its stream could not be sent: there is no other answer.
        if always_streams(self.endpoint) {
            return streaming.into_iter().collect();
        }
        let Some(usual) = pane(format!("{id}.request"), "request", false) else {
            return Vec::new();
        };
        // Two equal requests would only make the reader look for the difference.
        let differs = |pane: &Pane| {
            // With samples the panes differ even for equal requests, since the code reads a stream
            // in another way.
            pane.code != usual.code || pane.head != usual.head || !pane.samples.is_empty()
        };
        let streaming = streaming.filter(|pane| streams && differs(pane));
        [Some(usual), streaming].into_iter().flatten().collect()
    }

    /// Returns a request in the site's languages, then the author's own samples of it.
    fn samples(&self, request: &Request) -> Vec<Sample> {
        let Some(choices) = self.samples else {
            return Vec::new();
        };
        let printed = choices.iter().map(|choice| sample::print(request, choice));
        let own = self.endpoint.samples.iter().enumerate();
        // Then the author's samples need no `stream: true` to be shown.
        let is_only = always_streams(self.endpoint);
        let own = own.filter(|(_, own)| is_only || own.streams == request.stream.is_some());
        printed
            .chain(own.map(|(index, own)| sample::own(own, index)))
            .collect()
    }

    /// Returns the successful responses, the stream, then other responses.
    fn answers(&self, id: &str, stream: Option<(&Stream, &StreamExample)>) -> Vec<Pane> {
        // Responses, then the stream, then errors: the order in which a reader meets them.
        let mut panes = Vec::new();
        let mut others = Vec::new();
        for response in &self.endpoint.responses {
            let named = |example: &&Example| example.name == self.name;
            let Some(example) = response.body.examples.iter().find(named) else {
                continue;
            };
            let payload = Payload::new(self.api, &response.body, &example.value);
            let code = shown(self.messages, &payload);
            let id = format!("{id}.{}", response.status);
            // Success first, whatever the order in the spec: errors are looked up, not read.
            let panes = if response.status.is_success() {
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
            // The code is one text, byte for byte what a client receives; items only mark its
            // parts.
            let mut code = ClassedCode::new();
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
    fn new(id: String, title: String, code: ClassedCode, language: &'static str) -> Pane {
        Pane {
            id,
            title,
            streams: false,
            head: None,
            code,
            language,
            items: Vec::new(),
            joined: None,
            samples: Vec::new(),
        }
    }
}

/// Returns `follow-up` as `Follow up`, `with_tools` as `With tools`.
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
        // The usual case needs no number.
        Status::Code(200) => messages.text("response"),
        Status::Code(code @ 201..300) => {
            let status = code.to_string();
            messages.text_with("response-status", [("status", status.as_str().into())])
        }
        Status::Default => messages.text("other-status"),
        status => status.to_string(),
    }
}

/// Returns a request as shown: the head if something is outside the body, and the body; without a
/// body the head alone.
fn request(
    messages: &Messages,
    endpoint: &Endpoint,
    request: &Request,
) -> (Option<ClassedCode>, ClassedCode) {
    let head = code::http_head(request.method.as_str(), &request.url, &request.headers);
    if endpoint.request.is_none() {
        return (None, head);
    }
    // A head without parameters repeats the method and path above it, so a body alone is enough if
    // only the address and the key are outside of it.
    let has_more = endpoint
        .parameters
        .iter()
        .any(|parameter| parameter.field.example.is_some());
    (has_more.then_some(head), shown(messages, &request.payload))
}

/// Returns a body as shown; instead of bytes, the name of their file.
fn shown(messages: &Messages, payload: &Payload) -> ClassedCode {
    let Payload::File { file, .. } = payload else {
        return payload.to_code();
    };
    let phrase = messages.phrase("example-file", [("file", Phrase::code(file).into())]);
    let mut code = ClassedCode::new();
    for part in phrase.parts() {
        match part {
            PhrasePart::Words(words) => code.push_plain(words),
            PhrasePart::Code(name) => code.push(Class::String, name),
        }
    }
    code
}

/// Returns the language, for highlighting, of examples of a media type.
fn language(content_type: &MediaType) -> &'static str {
    let name = content_type.name.split(';').next().unwrap_or_default();
    match content_type.kind {
        MediaKind::Json => "json",
        // `application/atom+xml` and the like (RFC 7303).
        MediaKind::Text if name.ends_with("xml") => "xml",
        MediaKind::Text if name == "text/markdown" => "markdown",
        MediaKind::Text if name == "text/html" => "html",
        MediaKind::Multipart | MediaKind::Form | MediaKind::Text | MediaKind::Binary => "text",
    }
}

/// Returns a stream example as a client gets it, with holes.
pub fn stream_text(stream: &Stream, example: &StreamExample) -> String {
    let items = sent(stream, example, false);
    items.iter().map(|item| item.code.to_text()).collect()
}

/// Returns a stream's items as they are sent.
fn sent(stream: &Stream, example: &StreamExample, joins: bool) -> Vec<SentItem> {
    let to = joined_place(stream, example);
    let sent = |item: &StreamItem| SentItem {
        event: match item {
            // A sent name is a part of the code; only other names are shown beside it.
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

/// Returns the items of a stream's example, each as it is sent.
pub fn items(stream: &Stream, example: &StreamExample) -> Vec<ClassedCode> {
    let items = example.items.iter();
    items.map(|item| item_code(stream, item)).collect()
}

fn item_code(stream: &Stream, item: &StreamItem) -> ClassedCode {
    match (stream.format, item) {
        (StreamFormat::Sse, item) => sse::print_item(&sse_item(stream, item)),
        (StreamFormat::JsonLines, StreamItem::Event { data, .. }) => {
            code::json_lines(std::slice::from_ref(data))
        }
        (StreamFormat::Text, StreamItem::Chunk(text)) => {
            let mut code = ClassedCode::new();
            code.push(Class::String, text);
            code
        }
        (StreamFormat::JsonLines | StreamFormat::Text, _) => ClassedCode::new(),
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

/// Returns the text that the pieces of a stream join into, and its place in the response; none of a
/// stream that fails, whose pieces are not the response.
fn joined(stream: &Stream, example: &StreamExample) -> Option<Joined> {
    let fails = |item: &StreamItem| match item {
        StreamItem::Event { event, .. } => stream.events[*event].fails,
        StreamItem::Comment(_) | StreamItem::Chunk(_) => false,
    };
    // The pieces before a failure are the beginning of an answer, which no response contains.
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

/// Returns the place of the joined text in the response, a JSON pointer; of several such texts, the
/// first.
fn joined_place<'a>(stream: &'a Stream, example: &StreamExample) -> Option<&'a str> {
    let mut events = example.items.iter().filter_map(|item| match item {
        StreamItem::Event { event, .. } => Some(&stream.events[*event]),
        StreamItem::Comment(_) | StreamItem::Chunk(_) => None,
    });
    let first = || events.find_map(|event| Some(event.joins.as_ref()?.to.as_str()));
    stream.joins.as_deref().or_else(first)
}

/// Returns an item's part of the text that the response has at `to`.
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
