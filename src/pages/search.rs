//! The search index: everything that a reader may look for, as one JSON file for the browser.
//!
//! It is made from the model, like the twins, and holds each text once: an entry names the entry
//! that contains it, from which the browser makes the trail and the link of a result. All pages
//! with the same endpoints share one index, so it contains no value of a bot: a variable is
//! replaced by its default or placeholder.
//!
//! The file is a list of rows, one for each entry:
//!
//! - how many rows before it the containing row is, 0 for a page: so the rows of a page are the
//!   same anywhere in the file;
//! - its kind and its title;
//! - its address: a page's file, else an anchor on that page; empty if it is the containing row's
//!   address, a dot and the title;
//! - its text;
//! - for an endpoint its method and path, else an empty text if a column follows;
//! - the words that its place shows and that no other row of the page has, for the search alone.
//!
//! The last row has the synonyms of the site, if there are any.
//!
//! The browser indexes the rows with MiniSearch when the search is opened, in less than half a
//! second for a thousand endpoints. So the file is small and independent of a library's format, and
//! there is no second implementation of the index in Rust.

mod known;
mod shown;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};

use crate::hole::Values;
use crate::model::anchor::{self, FieldNode, Inside};
use crate::model::wording;
use crate::model::{
    Api, Auth, AuthScheme, Body, Content, Deprecated, Endpoint, EventData, Markdown, Outline, Page,
    Response, Schema, Server, Stream, StreamFormat,
};
use crate::rich::address::{anchor_of, fragment};
use crate::rich::markdown::{self, Passage};
use crate::rich::messages::Messages;
use crate::rich::phrase::Phrase;

use known::KnownWords;
pub(super) use shown::words;

/// Returns the path of the index in the output directory, by the choice of endpoints that it
/// covers.
///
/// Unlike the names of assets it has no hash of the content: every page names the index, so every
/// page would change with any text of any other. Hosts revalidate it as they do pages, since it is
/// not in `assets/`. Another form of the rows would need another name, for pages that a browser has
/// cached.
pub fn path(choice: Option<&BTreeSet<String>>) -> String {
    let Some(ids) = choice else {
        return "search.json".to_owned();
    };
    let mut hasher = blake3::Hasher::new();
    // The set is sorted, so the name does not depend on the order in a list of bots.
    for id in ids {
        hasher.update(id.as_bytes()).update(b"\n");
    }
    format!("search.{}.json", &hasher.finalize().to_hex()[..8])
}

/// Returns whether a file of the output directory is an index, of whatever choice, compressed or
/// not.
pub fn is_index(path: &str) -> bool {
    let middle = path.strip_prefix("search.").and_then(|rest| {
        rest.strip_suffix(".gz")
            .unwrap_or(rest)
            .strip_suffix("json")
    });
    let is_choice = |name: &str| name.len() == 8 && name.bytes().all(|c| c.is_ascii_hexdigit());
    middle
        .is_some_and(|middle| middle.is_empty() || middle.strip_suffix('.').is_some_and(is_choice))
}

/// Returns the index of the rows of its pages. If endpoints are not published, it has only the
/// synonyms that lead to a word of the rows: the others may be theirs.
pub fn index<'r>(rows: impl IntoIterator<Item = &'r str>, outline: &Outline) -> String {
    let rows: Vec<&str> = rows.into_iter().collect();
    let synonyms = outline.site.synonyms.as_slice();
    let is_whole = outline.internal_endpoints.is_empty();
    let known = match synonyms {
        [_, ..] if !is_whole => KnownWords::of(&rows),
        _ => KnownWords::default(),
    };
    let also: serde_json::Map<String, Value> = synonyms
        .iter()
        .filter_map(|synonym| {
            let also = synonym
                .also
                .iter()
                .filter(|phrase| is_whole || known.has(phrase));
            let also: Vec<&String> = also.collect();
            (!also.is_empty()).then(|| (synonym.word.clone(), json!(also)))
        })
        .collect();
    let last = json!([0, "synonyms", "", "", "", "", also]).to_string();
    // One row a line, so that a diff of two sites shows which entries differ.
    let mut rows = rows;
    if !also.is_empty() {
        rows.push(&last);
    }
    format!("[\n{}\n]\n", rows.join(",\n"))
}

/// Returns the rows of a page in the output file `file`, in the words of the pages; `html` is the
/// page without its holes.
pub fn rows(
    page: &Page,
    file: String,
    html: &str,
    outline: &Outline,
    messages: &Messages,
) -> String {
    let mut writer = IndexWriter {
        messages,
        entries: Vec::new(),
    };
    writer.page(page, file);
    let values = outline.variables.placeholders();
    writer.shown(html, &values);
    let rows = writer.entries.iter().enumerate().map(|(at, entry)| {
        let outer = entry.within.map(|row| (at - row, &writer.entries[row]));
        entry.row(outer, &values).to_string()
    });
    rows.collect::<Vec<_>>().join(",\n")
}

/// The place of an entry in the index.
type IndexRow = usize;

/// A search result, with holes.
struct SearchEntry {
    /// The row that contains it; none for a page.
    within: Option<IndexRow>,
    kind: EntryKind,
    title: String,
    address: String,
    /// Its text, piece by piece.
    text: Vec<String>,
    /// The method and the path of an endpoint.
    call: Option<String>,
    /// The words that its place shows beside all this.
    words: String,
}

/// What an entry is; the browser weighs results by its name.
#[derive(Clone, Copy)]
enum EntryKind {
    Page,
    Heading,
    Endpoint,
    /// A part of an endpoint, such as its request body.
    Part,
    Response,
    Event,
    Field,
}

impl EntryKind {
    fn name(self) -> &'static str {
        match self {
            EntryKind::Page => "page",
            EntryKind::Heading => "heading",
            EntryKind::Endpoint => "endpoint",
            EntryKind::Part => "part",
            EntryKind::Response => "response",
            EntryKind::Event => "event",
            EntryKind::Field => "field",
        }
    }
}

impl SearchEntry {
    /// Writes its row; `outer` is the row that contains it, and how many rows before.
    fn row(&self, outer: Option<(usize, &SearchEntry)>, values: &Values) -> Value {
        let words = |text: &str| {
            let filled = values.fill(text);
            filled.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // White space is collapsed, since the file is downloaded and no layout is left in it.
        let text = self.text.iter().map(|text| words(beginning(text)));
        let text: Vec<String> = text.filter(|text| !text.is_empty()).collect();
        let title = words(&self.title);
        // Most addresses follow from the containing row, so they cost no bytes.
        let follows = |outer: &SearchEntry| self.address == format!("{}.{title}", outer.address);
        let address = match outer {
            Some((_, outer)) if follows(outer) => "",
            _ => &self.address,
        };
        let mut row = vec![
            json!(outer.map_or(0, |(distance, _)| distance)),
            json!(self.kind.name()),
            json!(title),
            json!(address),
            json!(text.join(" · ")),
        ];
        let call = self.call.as_deref().map(words);
        let call = call.or_else(|| (!self.words.is_empty()).then(String::new));
        row.extend(call.map(Value::String));
        if !self.words.is_empty() {
            row.push(json!(self.words));
        }
        Value::Array(row)
    }
}

/// The greatest number of indexed characters of a text: enough for a long page between two
/// headings, but not for a pasted megabyte, which every reader would load and nobody searches.
const LONGEST_TEXT: usize = 20_000;

/// Returns the indexed part of a text.
fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST_TEXT);
    end.map_or(text, |(end, _)| &text[..end])
}

/// Adds a word to those that are known, in whatever case; returns whether it was not among them.
fn is_new(known: &mut HashSet<String>, word: &str) -> bool {
    let is_lower = |c: u8| c.is_ascii() && !c.is_ascii_uppercase();
    let lower = match word.bytes().all(is_lower) {
        true => Cow::Borrowed(word),
        false => Cow::Owned(word.to_lowercase()),
    };
    !known.contains(&*lower) && known.insert(lower.into_owned())
}

/// Collects the entries of a page in reading order.
struct IndexWriter<'a> {
    messages: &'a Messages,
    entries: Vec<SearchEntry>,
}

impl IndexWriter<'_> {
    fn add(
        &mut self,
        within: IndexRow,
        kind: EntryKind,
        title: &str,
        anchor: &str,
        text: Vec<String>,
    ) -> IndexRow {
        self.push(SearchEntry {
            within: Some(within),
            kind,
            title: title.to_owned(),
            address: fragment(anchor),
            text,
            call: None,
            words: String::new(),
        })
    }

    fn push(&mut self, entry: SearchEntry) -> IndexRow {
        self.entries.push(entry);
        self.entries.len() - 1
    }

    /// Adds text to an entry, also after entries that it contains were added.
    fn add_text(&mut self, row: IndexRow, text: impl IntoIterator<Item = String>) {
        self.entries[row].text.extend(text);
    }

    fn page(&mut self, page: &Page, file: String) {
        let row = self.push(SearchEntry {
            within: None,
            kind: EntryKind::Page,
            title: page.title.clone(),
            address: file,
            text: page.description.iter().cloned().collect(),
            call: None,
            words: String::new(),
        });
        match &page.content {
            Content::Guide(body) => self.prose(row, body, ""),
            Content::Api(api) => self.api(row, api),
        }
    }

    fn api(&mut self, page: IndexRow, api: &Api) {
        self.servers(page, &api.servers, "_");
        self.auth(page, &api.auth, "authentication-none", "_");
        if let Some(intro) = &api.intro {
            self.prose(page, intro, "");
        }
        for endpoint in &api.endpoints {
            self.endpoint(page, api, endpoint);
        }
        for section in &api.sections {
            let heading = EntryKind::Heading;
            let row = self.add(page, heading, &section.title, &section.id, Vec::new());
            self.prose(row, &section.body, "");
        }
    }

    /// Adds an entry for the base URLs of an API or of an endpoint.
    fn servers(&mut self, within: IndexRow, servers: &[Server], prefix: &str) {
        let texts = servers.iter().flat_map(|server| {
            let title = server.title.iter().chain([&server.url]).cloned();
            title.chain(server.description.as_ref().map(plain))
        });
        let texts: Vec<String> = texts.collect();
        if !texts.is_empty() {
            let (title, id) = (self.messages.text("base-url"), format!("{prefix}base-url"));
            self.add(within, EntryKind::Part, &title, &id, texts);
        }
    }

    /// Adds an entry for the authentication of an API or of an endpoint; `none` is the message if it
    /// needs none.
    fn auth(&mut self, within: IndexRow, auth: &Auth, none: &str, prefix: &str) {
        let mut text = vec![match auth.scheme {
            AuthScheme::None => self.messages.text(none),
            _ => wording::auth(auth).to_text().to_owned(),
        }];
        text.extend(auth.description.as_ref().map(plain));
        let title = self.messages.text("authentication");
        let id = format!("{prefix}authentication");
        self.add(within, EntryKind::Part, &title, &id, text);
    }

    /// Adds what the finished page shows and no entry has: each word once, at its first place.
    fn shown(&mut self, html: &str, values: &Values) {
        let places: HashMap<String, IndexRow> = self
            .entries
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(row, entry)| {
                // The page's own address is its file.
                entry.within?;
                let fragment = entry.address.strip_prefix('#')?;
                Some((anchor_of(fragment).into_owned(), row))
            })
            .collect();
        let page = shown::read(html, &|id| places.contains_key(id));
        let row = |place: &Option<String>| {
            let place = place.as_ref().and_then(|id| places.get(id));
            place.copied().unwrap_or_default()
        };
        let mut samples = HashSet::new();
        for sample in &page.samples {
            let within = row(&sample.place);
            // The other examples of an endpoint have the same languages.
            if samples.insert((within, &sample.language)) {
                self.add(
                    within,
                    EntryKind::Part,
                    &sample.language,
                    &sample.id,
                    Vec::new(),
                );
            }
        }
        let mut known = HashSet::new();
        for entry in &self.entries {
            // What a row leaves out of a long text is not known.
            let text = entry.text.iter().map(|text| beginning(text));
            let title = entry.title.as_str();
            for text in text.chain([title]).chain(entry.call.as_deref()) {
                for word in shown::words(&values.fill(text)) {
                    is_new(&mut known, word);
                }
            }
        }
        for text in &page.texts {
            let words = &mut self.entries[row(&text.place)].words;
            for word in shown::words(&text.text) {
                if words.len() < LONGEST_TEXT && is_new(&mut known, word) {
                    if !words.is_empty() {
                        words.push(' ');
                    }
                    words.push_str(word);
                }
            }
        }
    }

    /// Adds an entry for each heading of a text; text before the first heading goes to `within`.
    fn prose(&mut self, within: IndexRow, text: &Markdown, id_prefix: &str) {
        // The open headings, each below the one before it, with their levels.
        let mut above: Vec<(u8, IndexRow)> = Vec::new();
        for Passage { heading, text } in markdown::passages(&text.0, id_prefix) {
            let Some(heading) = heading else {
                self.add_text(within, [text]);
                continue;
            };
            above.retain(|&(level, _)| level < heading.level);
            let outer = above.last().map_or(within, |&(_, row)| row);
            let kind = EntryKind::Heading;
            let row = self.add(outer, kind, &heading.title, &heading.id, vec![text]);
            above.push((heading.level, row));
        }
    }

    fn endpoint(&mut self, page: IndexRow, api: &Api, endpoint: &Endpoint) {
        let row = self.push(SearchEntry {
            within: Some(page),
            kind: EntryKind::Endpoint,
            title: endpoint.title.clone(),
            address: fragment(&endpoint.id),
            text: endpoint.summary.iter().cloned().collect(),
            call: Some(format!("{} {}", endpoint.method.as_str(), endpoint.path)),
            words: String::new(),
        });
        self.add_text(
            row,
            endpoint.deprecated.as_ref().map(|d| self.deprecated(d)),
        );
        // As the page, which shows them only if they differ from those of the API.
        let prefix = format!("_{}.", endpoint.id);
        if endpoint.servers != api.servers {
            self.servers(row, &endpoint.servers, &prefix);
        }
        if endpoint.auth != api.auth {
            self.auth(row, &endpoint.auth, "authentication-none-here", &prefix);
        }
        if let Some(description) = &endpoint.description {
            self.prose(row, description, &anchor::description_prefix(endpoint));
        }
        for (location, title) in wording::PARAMETERS {
            let nodes = anchor::parameters(api, endpoint, location);
            if !nodes.is_empty() {
                let id = anchor::part(endpoint, location.as_str());
                let part = self.add(
                    row,
                    EntryKind::Part,
                    &self.messages.text(title),
                    &id,
                    Vec::new(),
                );
                self.fields(part, api, &nodes);
            }
        }
        if let Some(body) = &endpoint.request {
            let id = anchor::part(endpoint, "request");
            let title = self.messages.text("request-body");
            self.body(row, EntryKind::Part, api, &title, &id, body);
        }
        let responses = anchor::part(endpoint, "response");
        let title = self.messages.text("responses");
        let part = self.add(row, EntryKind::Part, &title, &responses, Vec::new());
        for response in &endpoint.responses {
            self.response(part, api, response, &responses);
        }
        if let Some(stream) = &endpoint.stream {
            self.stream(row, api, stream, &anchor::part(endpoint, "stream"));
        }
    }

    /// Adds a body with fields: that of a request, or of a response.
    fn body(
        &mut self,
        within: IndexRow,
        kind: EntryKind,
        api: &Api,
        title: &str,
        id: &str,
        body: &Body,
    ) -> IndexRow {
        let mut text = vec![body.content_type.name.clone()];
        text.extend(body.description.iter().map(plain));
        text.extend(
            body.schema
                .iter()
                .flat_map(|schema| self.meaning(api, schema)),
        );
        let row = self.add(within, kind, title, id, text);
        if let Some(schema) = &body.schema {
            self.inside(row, api, &anchor::inside(api, schema, id));
        }
        row
    }

    fn response(&mut self, within: IndexRow, api: &Api, response: &Response, outer: &str) {
        let id = anchor::inner(outer, &response.status.to_string());
        let title = wording::status(self.messages, response.status);
        let row = self.body(
            within,
            EntryKind::Response,
            api,
            &title,
            &id,
            &response.body,
        );
        self.fields(row, api, &anchor::headers(api, &response.headers, &id));
    }

    fn stream(&mut self, endpoint: IndexRow, api: &Api, stream: &Stream, id: &str) {
        let format = wording::format(self.messages, stream.format);
        let mut text = vec![format, stream.content_type.clone()];
        text.extend(stream.description.iter().map(plain));
        let title = self.messages.text("stream");
        let part = self.add(endpoint, EntryKind::Part, &title, id, text);
        // Short names of the formats, which the pages write out.
        self.entries[part].words = match stream.format {
            StreamFormat::Sse => "SSE".to_owned(),
            StreamFormat::JsonLines => "JSONL NDJSON".to_owned(),
            StreamFormat::Text => String::new(),
        };
        for event in &stream.events {
            let id = anchor::inner(id, &event.label);
            let name = wording::event_name(event);
            // Readers know the event by either name.
            let label = Some(event.label.clone()).filter(|label| label != name);
            let mut text: Vec<String> = label.into_iter().collect();
            text.extend(event.description.iter().map(plain));
            let facts = wording::event_facts(self.messages, api, event);
            text.extend(facts.into_iter().map(Phrase::into_text));
            let row = self.add(part, EntryKind::Event, name, &id, text);
            if let EventData::Json(Some(schema)) = &event.data {
                self.inside(row, api, &anchor::inside(api, schema, &id));
            }
        }
    }

    fn fields(&mut self, within: IndexRow, api: &Api, nodes: &[FieldNode<'_>]) {
        for node in nodes {
            let other = || self.messages.text("any-other-name");
            let name = node.name.map_or_else(other, str::to_owned);
            let mut text = self.meaning(api, node.schema);
            let facts = wording::field_facts(self.messages, api, node);
            text.extend(facts.into_iter().map(Phrase::into_text));
            let row = self.add(within, EntryKind::Field, &name, &node.anchor, text);
            self.inside(row, api, &node.inside);
        }
    }

    fn inside(&mut self, within: IndexRow, api: &Api, inside: &Inside<'_>) {
        for variant in &inside.variants {
            let text = self.meaning(api, variant.schema);
            let title = wording::variant(self.messages, variant);
            let row = self.add(within, EntryKind::Part, &title, &variant.anchor, text);
            self.inside(row, api, &variant.inside);
        }
        self.fields(within, api, &inside.fields);
    }

    /// Returns the text about a schema: whether it is deprecated, and its descriptions.
    fn meaning(&self, api: &Api, schema: &Schema) -> Vec<String> {
        let marks = wording::Marks::of(api, schema);
        let old = marks.deprecated.map(|old| self.deprecated(old));
        let descriptions = wording::descriptions(api, schema).into_iter().map(plain);
        old.into_iter().chain(descriptions).collect()
    }

    fn deprecated(&self, deprecated: &Deprecated) -> String {
        let note = deprecated.note.as_deref().unwrap_or_default();
        format!("{} {note}", self.messages.text("deprecated"))
    }
}

fn plain(text: &Markdown) -> String {
    markdown::to_text(&text.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_known_by_its_name() {
        let own = path(Some(&BTreeSet::from(["chat".to_owned()])));
        for name in [path(None), own] {
            assert!(is_index(&name) && is_index(&format!("{name}.gz")), "{name}");
        }
        for name in [
            "search.html",
            "search.md",
            "search.txt.json",
            "search.12345678.js",
            "researchjson",
            "search.json.gz.gz",
            "a/search.json",
        ] {
            assert!(!is_index(name), "{name}");
        }
    }
}
