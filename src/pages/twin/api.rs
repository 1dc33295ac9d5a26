//! The page of an API as Markdown.

use super::block::{Blocks, about, item};
use super::field::FieldOwner;
use super::{MarkdownWriter, capitalized};
use crate::model::anchor;
use crate::model::example::{self, Pane};
use crate::model::wording;
use crate::model::{
    Api, Auth, AuthScheme, Body, Endpoint, Event, EventData, Location, Response, Server, Stream,
};
use crate::rich::address::fragment;
use crate::rich::code::ClassedCode;

impl MarkdownWriter<'_> {
    /// Adds the content of an API page below its heading.
    pub(super) fn api(self, api: &Api, blocks: &mut Blocks) {
        if let Some(intro) = &api.intro {
            blocks.push(&self.prose(intro, 2, "intro."));
        }
        blocks.push(&self.connection(&api.servers, Some(&api.auth), 2));
        if api.endpoints.is_empty() {
            blocks.push(&self.message("no-endpoints", &[]));
        }
        for endpoint in &api.endpoints {
            self.endpoint(api, endpoint, blocks);
        }
        for section in &api.sections {
            blocks.heading(2, &self.words(&section.title));
            blocks.push(&self.prose(&section.body, 3, &format!("{}.", section.id)));
        }
    }

    /// Writes base URLs and authentication as a list.
    fn connection(self, servers: &[Server], auth: Option<&Auth>, level: u8) -> String {
        let base = self.message("base-url", &[]);
        let servers = servers.iter().enumerate().map(|(index, server)| {
            let title = server.title.as_deref().map(|title| self.words(title));
            let url = self.code(&server.url);
            let subject = match title {
                // The first server is the base URL of all calls.
                Some(title) if index == 0 => format!("{base} ({title}): {url}"),
                Some(title) => format!("{title}: {url}"),
                None => format!("{base}: {url}"),
            };
            let text = server.description.as_ref();
            let text = text.map(|text| self.prose(text, level, &format!("server-{index}.")));
            item(&sentences(&subject, text), "")
        });
        let auth = auth.map(|auth| {
            let text = auth.description.as_ref();
            let text = text.map(|text| self.prose(text, level, "auth."));
            item(&sentences(&self.authentication(auth), text), "")
        });
        servers.chain(auth).collect::<Vec<_>>().join("\n")
    }

    fn authentication(self, auth: &Auth) -> String {
        let authentication = self.message("authentication", &[]);
        let kind = match &auth.scheme {
            AuthScheme::None => {
                return format!("{authentication}: {}", self.message("twin-auth-none", &[]));
            }
            AuthScheme::Bearer => "twin-auth-bearer",
            AuthScheme::Basic { .. } => "twin-auth-basic",
            AuthScheme::ApiKey {
                location: Location::Query,
                ..
            } => "twin-auth-key-in-query",
            AuthScheme::ApiKey { .. } => "twin-auth-key-in-header",
        };
        let line = self.code(wording::auth(auth).to_text());
        format!("{authentication}: {}, {line}", self.message(kind, &[]))
    }

    fn endpoint(self, api: &Api, endpoint: &Endpoint, blocks: &mut Blocks) {
        blocks.heading(2, &self.words(&endpoint.title));
        let base = endpoint.servers.first().or(api.servers.first());
        let base = base.map_or("", |server| &server.url);
        let call = format!("{} {base}{}", endpoint.method.as_str(), endpoint.path);
        blocks.push(&self.code(&call));
        if let Some(summary) = &endpoint.summary {
            blocks.push(&self.words(summary));
        }
        if endpoint.internal {
            blocks.push(&format!("**{}**", self.message("internal", &[])));
        }
        if let Some(deprecated) = &endpoint.deprecated {
            let instead = self.instead(deprecated).unwrap_or_default();
            blocks.push(
                format!("**{}** {instead}", self.message("endpoint-deprecated", &[])).trim_end(),
            );
        }
        if let Some(since) = &endpoint.since {
            blocks.push(&format!("{}.", capitalized(&self.since(since))));
        }
        if let Some(description) = &endpoint.description {
            let prefix = anchor::description_prefix(endpoint);
            blocks.push(&self.prose(description, 3, &prefix));
        }
        let own_servers = if endpoint.servers == api.servers {
            &[][..]
        } else {
            &endpoint.servers
        };
        blocks.push(&self.connection(own_servers, endpoint.own_auth(api), 3));
        self.parameters(api, endpoint, blocks);
        if let Some(request) = &endpoint.request {
            blocks.heading(3, &self.message("request-body", &[]));
            let id = anchor::part(endpoint, "request");
            self.content(FieldOwner::sent(api, 4), request, &id, blocks);
        }
        blocks.heading(3, &self.message("responses", &[]));
        for response in &endpoint.responses {
            self.response(api, endpoint, response, blocks);
        }
        if let Some(stream) = &endpoint.stream {
            self.stream(api, endpoint, stream, blocks);
        }
        self.examples(api, endpoint, blocks);
    }

    fn parameters(self, api: &Api, endpoint: &Endpoint, blocks: &mut Blocks) {
        for (location, title) in wording::PARAMETERS {
            let nodes = anchor::parameters(api, endpoint, location);
            if nodes.is_empty() {
                continue;
            }
            blocks.heading(3, &self.message(title, &[]));
            blocks.push(&self.fields(FieldOwner::sent(api, 4), &nodes));
        }
    }

    /// Adds the content of a body: descriptions, media type and facts, fields.
    fn content(self, place: FieldOwner<'_>, body: &Body, id: &str, blocks: &mut Blocks) {
        let note = |text| self.prose(text, place.level, &format!("{id}."));
        if let Some(description) = &body.description {
            blocks.push(&note(description));
        }
        let mut line = self.content_type(&body.content_type.name);
        let Some(schema) = &body.schema else {
            if !body.examples.is_empty() {
                blocks.push(&(line + "."));
            }
            return;
        };
        for description in wording::descriptions(place.api, schema) {
            blocks.push(&note(description));
        }
        // The word `object` is omitted if the list of fields follows.
        if !wording::is_plain_object(place.api, schema) {
            line.push_str(&format!(", {}", self.types(place.api, schema)));
        }
        let facts = self.sentence(&wording::body_facts(
            self.context.messages,
            place.api,
            schema,
        ));
        blocks.push(format!("{line}. {facts}").trim_end());
        blocks.push(&self.inside(place, &anchor::inside(place.api, schema, id)));
    }

    fn content_type(self, name: &str) -> String {
        format!("{}: {}", self.message("content-type", &[]), self.code(name))
    }

    fn response(self, api: &Api, endpoint: &Endpoint, response: &Response, blocks: &mut Blocks) {
        let status = wording::status(self.context.messages, response.status);
        let id = anchor::inner(
            &anchor::part(endpoint, "response"),
            &response.status.to_string(),
        );
        let place = FieldOwner::received(api, 5);
        blocks.heading(4, &capitalized(&status));
        self.content(place, &response.body, &id, blocks);
        if !response.headers.is_empty() {
            blocks.push(&format!("{}:", self.message("response-headers", &[])));
            let headers = anchor::headers(api, &response.headers, &id);
            blocks.push(&self.fields(place, &headers));
        }
    }

    fn stream(self, api: &Api, endpoint: &Endpoint, stream: &Stream, blocks: &mut Blocks) {
        let id = anchor::part(endpoint, "stream");
        blocks.heading(3, &self.message("stream", &[]));
        if let Some(description) = &stream.description {
            blocks.push(&self.prose(description, 4, &format!("{id}.")));
        }
        let messages = self.context.messages;
        let format = wording::format(messages, stream.format);
        let joined = stream.joins.as_deref();
        let joined = joined.map(|to| wording::joined(messages, to));
        let joined = self.sentence(joined.as_slice());
        let line = format!(
            "{}, {format}. {joined}",
            self.content_type(&stream.content_type)
        );
        blocks.push(line.trim_end());
        let events = stream
            .events
            .iter()
            .map(|event| self.event(api, event, &id));
        blocks.push(&events.collect::<Vec<_>>().join("\n"));
    }

    fn event(self, api: &Api, event: &Event, outer: &str) -> String {
        let id = anchor::inner(outer, &event.label);
        let place = FieldOwner::received(api, 4);
        let messages = self.context.messages;
        let subject = format!(
            "{} ({}, {})",
            self.code(wording::event_name(event)),
            wording::event_data(messages, &event.data),
            wording::occurs(messages, event)
        );
        let description = event.description.as_ref();
        let description = description.map(|text| self.prose(text, 4, &format!("{id}.")));
        let facts = self.sentence(&wording::event_facts(messages, api, event));
        let inside = match &event.data {
            EventData::Json(Some(schema)) => self.inside(place, &anchor::inside(api, schema, &id)),
            EventData::Json(None) | EventData::Text | EventData::Empty => String::new(),
        };
        item(
            &about(&subject, &[description.unwrap_or_default(), facts]),
            &inside,
        )
    }

    fn examples(self, api: &Api, endpoint: &Endpoint, blocks: &mut Blocks) {
        let samples = &self.context.outline.site.samples;
        let groups = example::groups(self.context.messages, samples, api, endpoint);
        let several = groups.len() > 1;
        if several {
            blocks.heading(3, &self.message("examples", &[]));
        }
        // Several groups are below a heading of their own.
        let level = if several { 4 } else { 3 };
        for group in groups {
            blocks.heading(level, &self.words(&group.title));
            for pane in group.requests.iter().chain(&group.answers) {
                blocks.heading(level + 1, &pane.title);
                self.pane(pane, level + 1, blocks);
            }
        }
    }

    /// Writes links to the samples that only the page has: eight languages in each twin would be
    /// mostly code.
    fn other_samples(self, pane: &Pane) -> String {
        let page = self.context.outline.page(self.context.page);
        let page = page
            .map(|page| self.context.page_link(&page.name))
            .unwrap_or_default();
        let others = pane.samples.iter().filter(|sample| !sample.twin);
        let links = others.map(|sample| {
            let anchor = fragment(&format!("{}.{}", pane.id, sample.name));
            format!("[{}]({page}{anchor})", self.words(&sample.title))
        });
        match links.collect::<Vec<_>>().join(", ").as_str() {
            "" => String::new(),
            links => self.message("in-other-languages", &[("links", links)]),
        }
    }

    fn pane(self, pane: &Pane, level: usize, blocks: &mut Blocks) {
        let variables = &self.context.outline.variables;
        let is_plain = |id| variables.get(id).is_plain();
        if let Some(head) = &pane.head {
            blocks.code(head, "http", &is_plain);
        }
        blocks.code(&pane.code, pane.language, &is_plain);
        for sample in pane.samples.iter().filter(|sample| sample.twin) {
            blocks.heading(level + 1, &self.words(&sample.title));
            blocks.code(&sample.code, &sample.fence, &is_plain);
        }
        blocks.push(&self.other_samples(pane));
        if let Some(joined) = &pane.joined {
            let to = wording::example_joined(self.context.messages, joined.to.as_deref());
            let text = joined.text.trim();
            if text.contains('\n') {
                blocks.push(&format!("{}:", self.phrase(&to)));
                blocks.code(&ClassedCode::plain(text), "text", &is_plain);
            } else {
                blocks.push(&format!("{}: {}", self.phrase(&to), self.words(text)));
            }
        }
    }
}

/// Returns a subject as a sentence, and the text about it.
fn sentences(subject: &str, text: Option<String>) -> String {
    let text = text.unwrap_or_default();
    if crate::rich::markdown::begins_with_words(&text) {
        format!("{subject}. {text}")
    } else {
        format!("{subject}.\n\n{text}").trim_end().to_owned()
    }
}
