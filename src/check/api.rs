//! API pages: servers, auth, endpoints, their parameters, bodies and responses.

use std::collections::HashMap;

use crate::hole::{Encoding, Hole};
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{
    Api, Auth, AuthScheme, Endpoint, EventData, Location, Method, NamedSchema, Parameter, Section,
    Server,
};

use super::named::SchemaNames;
use super::reader::{Map, Reader};
use super::schema::SchemaRole;

pub(super) const PAGE_KEYS: &[&str] = &[
    "title",
    "description",
    "intro",
    "servers",
    "auth",
    "endpoints",
    "schemas",
    "sections",
    "waivers",
];

pub(super) const ENDPOINT_KEYS: &[&str] = &[
    "title",
    "summary",
    "description",
    "method",
    "path",
    "deprecated",
    "since",
    "auth",
    "servers",
    "parameters",
    "request",
    "responses",
    "stream",
    "samples",
    "when",
];

const LOCATIONS: [Location; 4] = [
    Location::Path,
    Location::Query,
    Location::Header,
    Location::Cookie,
];

/// What an endpoint has from its page unless it says otherwise.
struct Inherited {
    servers: Vec<Server>,
    auth: Auth,
}

impl Reader<'_> {
    /// The content of an API page.
    pub(super) fn api(&mut self, map: &Map<'_>) -> Option<Api> {
        self.rows = 0;
        let names = SchemaNames::of(map.get("schemas"));
        if let Some(node) = map.get("schemas") {
            self.entries(node);
        }
        let schemas = self.named_schemas(&names);
        let servers = self
            .require(map, "servers")
            .map(|node| self.servers(node))
            .unwrap_or_default();
        let auth = map
            .get("auth")
            .and_then(|node| self.auth(node))
            .unwrap_or(NO_AUTH);
        let inherited = Inherited { servers, auth };
        let endpoints = self.endpoints(map, &names, &schemas, &inherited);
        let sections = map
            .get("sections")
            .map(|node| self.sections(node))
            .unwrap_or_default();
        Some(Api {
            intro: map.get("intro").and_then(|node| self.markdown(node)),
            servers: inherited.servers,
            auth: inherited.auth,
            endpoints,
            schemas,
            sections,
        })
    }

    fn servers(&mut self, node: &Node) -> Vec<Server> {
        let Some(items) = self.list(node) else {
            return Vec::new();
        };
        if items.is_empty() {
            self.error(
                Code::EmptyValue,
                node.place,
                "`servers` without a server",
                "add one: {url: https://api.example.com}",
            );
        }
        items.iter().filter_map(|item| self.server(item)).collect()
    }

    fn server(&mut self, node: &Node) -> Option<Server> {
        let map = self.map(node, "a server", &["url", "title", "description"])?;
        let title = map.get("title").and_then(|node| self.text(node));
        let description = map.get("description").and_then(|node| self.markdown(node));
        let url_node = self.require(&map, "url")?;
        let url = self.text(url_node)?;
        let first = url.chars().next().and_then(Hole::from_marker);
        let is_address = match first {
            Some(hole) => self.variables.get(hole.variable).is_url,
            None => url.starts_with("https://") || url.starts_with("http://"),
        };
        if !is_address || url.contains(['?', '#', ' ']) {
            let help = "write an address such as https://api.example.com/v1, without a query";
            self.error(
                Code::InvalidValue,
                url_node.span,
                format!("`{}` is no base URL", written(url_node)),
                help,
            );
        } else if let Some((message, help)) = super::wire::server_fault(&url) {
            self.error(Code::InvalidValue, url_node.span, message, help);
        }
        let rest: String = url.chars().skip(usize::from(first.is_some())).collect();
        self.only_plain_variables(&rest, url_node.span, "a base URL");
        Some(Server {
            url: url.trim_end_matches('/').to_owned(),
            title,
            description,
        })
    }

    fn auth(&mut self, node: &Node) -> Option<Auth> {
        let known = ["type", "env", "username_env", "in", "name", "description"];
        let map = self.map(node, "`auth`", &known)?;
        let types = [
            ("bearer", "bearer"),
            ("basic", "basic"),
            ("apiKey", "apiKey"),
            ("none", "none"),
        ];
        let kind = self
            .require(&map, "type")
            .and_then(|node| self.choice(node, "type of auth", &types))?;
        let env = map
            .get("env")
            .and_then(|node| self.environment_variable(node));
        let username_env = map
            .get("username_env")
            .and_then(|node| self.environment_variable(node));
        for (key, only) in [
            ("username_env", "basic"),
            ("in", "apiKey"),
            ("name", "apiKey"),
        ] {
            if let Some(node) = map.get(key)
                && kind != only
            {
                let message = format!("`{key}` in auth of type {kind}");
                self.error(
                    Code::ConflictingKeys,
                    node.place,
                    message,
                    format!("`{key}` belongs to `type: {only}`"),
                );
            }
        }
        let scheme = match kind {
            "bearer" => AuthScheme::Bearer,
            "basic" => AuthScheme::Basic { username_env },
            "apiKey" => self.api_key(&map)?,
            _ => AuthScheme::None,
        };
        let description = map.get("description").and_then(|node| self.markdown(node));
        Some(Auth {
            scheme,
            env,
            description,
        })
    }

    fn api_key(&mut self, map: &Map<'_>) -> Option<AuthScheme> {
        let places = [("header", Location::Header), ("query", Location::Query)];
        let location = self
            .require(map, "in")
            .and_then(|node| self.choice(node, "place of a key", &places));
        let name = self.require(map, "name").and_then(|node| self.word(node));
        if let (Some(Location::Header), Some(name), Some(node)) = (location, name, map.get("name"))
        {
            self.header_name(name, node.span);
        }
        Some(AuthScheme::ApiKey {
            location: location?,
            name: name?.to_owned(),
        })
    }

    fn environment_variable(&mut self, node: &Node) -> Option<String> {
        let name = self.word(node)?;
        let starts = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
        let body = name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if !starts || !body {
            let help = "write the variable's name, such as EXAMPLE_API_KEY, never the key itself";
            self.error(
                Code::InvalidValue,
                node.span,
                "no name of an environment variable",
                help,
            );
            return None;
        }
        Some(name.to_owned())
    }

    fn endpoints(
        &mut self,
        map: &Map<'_>,
        names: &SchemaNames<'_>,
        schemas: &[NamedSchema],
        inherited: &Inherited,
    ) -> Vec<Endpoint> {
        let Some(node) = self.require(map, "endpoints") else {
            return Vec::new();
        };
        let entries = self.entries(node).unwrap_or_default();
        if entries.is_empty() && matches!(node.value, Value::Mapping(_)) {
            // The page says so too, so that it can be looked at while it is being written.
            let diagnostic =
                Diagnostic::warning(Code::EmptyValue, node.place, "a page without endpoints");
            let help = "describe one, or make the page a guide in Markdown";
            self.report.push(diagnostic.help(help));
        }
        let mut seen: HashMap<(&str, String), Span> = HashMap::new();
        let mut endpoints = Vec::new();
        for entry in entries {
            self.safe_id(&entry.key, entry.key_span, "an endpoint's id");
            self.note_place(&entry.key, entry.key_span);
            let Some(endpoint) = self.endpoint(entry, names, inherited) else {
                continue;
            };
            let method = endpoint.method.as_str();
            let call = (method, endpoint.path.clone());
            if let Some(first) = seen.get(&call) {
                let path = entry
                    .value
                    .value
                    .get("path")
                    .map(|node| self.sources.text(node.span));
                let message = format!(
                    "a second endpoint for `{method} {}`",
                    path.unwrap_or_default().trim_matches('"')
                );
                let diagnostic = Diagnostic::error(Code::DuplicateEndpoint, entry.key_span, message)
                    .and(*first, "the first one")
                    .help("describe both uses in one endpoint with two named examples, or correct the path");
                self.report.push(diagnostic);
            }
            seen.insert(call, entry.key_span);
            // What is too large is left out, so that nothing walks through it.
            if self.is_reasonable(&endpoint, schemas, entry.key_span) {
                endpoints.push(endpoint);
            }
        }
        endpoints
    }

    /// Whether a page can show all of an endpoint's fields; reports it if not.
    fn is_reasonable(&mut self, endpoint: &Endpoint, schemas: &[NamedSchema], place: Span) -> bool {
        let bodies = endpoint
            .request
            .iter()
            .chain(endpoint.responses.iter().map(|response| &response.body));
        let events = endpoint.stream.iter().flat_map(|stream| &stream.events);
        let events = events.filter_map(|event| match &event.data {
            EventData::Json(schema) => schema.as_deref(),
            EventData::Text | EventData::Empty => None,
        });
        let headers = endpoint.responses.iter().flat_map(|r| &r.headers);
        let parameters = endpoint.parameters.iter().map(|parameter| &parameter.field);
        let fields = parameters.chain(headers).map(|field| &field.schema);
        let mut schemas_shown = bodies
            .filter_map(|body| body.schema.as_ref())
            .chain(events)
            .chain(fields);
        schemas_shown.all(|schema| self.is_reasonable_size(schema, schemas, place))
    }

    fn endpoint(
        &mut self,
        entry: &MapEntry,
        names: &SchemaNames<'_>,
        inherited: &Inherited,
    ) -> Option<Endpoint> {
        let map = self.map(&entry.value, "an endpoint", ENDPOINT_KEYS)?;
        let methods = Method::ALL.map(|method| (method.as_str(), method));
        let title = self.require(&map, "title").and_then(|node| self.text(node));
        let method = self
            .require(&map, "method")
            .and_then(|node| self.choice(node, "method", &methods));
        let path = self.require(&map, "path").and_then(|node| self.path(node));
        let mut parameters = map
            .get("parameters")
            .map(|node| self.parameters(node, names))
            .unwrap_or_default();
        if let (Some(node), Some(path)) = (map.get("path"), &path) {
            self.path_parameters(node, path, &map, &parameters);
        }
        let request = map.get("request").and_then(|node| self.body(node, names));
        if let (Some(node), Some(Method::Get | Method::Head)) = (map.get("request"), method) {
            let help = "send the values as `parameters`, or use another method";
            self.error(
                Code::ConflictingKeys,
                node.place,
                "a request body with a method that has none",
                help,
            );
        }
        let responses = self
            .require(&map, "responses")
            .map(|node| self.responses(node, names))
            .unwrap_or_default();
        let stream = map
            .get("stream")
            .and_then(|node| self.stream(node, names, request.as_ref(), &mut parameters));
        self.joined_examples(&map, request.as_ref(), &responses, stream.as_ref());
        let summary = map.get("summary").and_then(|node| self.text(node));
        let description = map.get("description").and_then(|node| self.markdown(node));
        let deprecated = self.deprecated(&map);
        let since = map.get("since").and_then(|node| self.text(node));
        let servers = map.get("servers").map(|node| self.servers(node));
        let auth = map.get("auth").and_then(|node| self.auth(node));
        let samples = map.get("samples").and_then(|node| self.own_samples(node));
        let when = map.get("when").map(|node| self.conditions(node));
        Some(Endpoint {
            id: entry.key.clone(),
            title: title?,
            summary,
            description,
            method: method?,
            path: path?,
            deprecated,
            since,
            servers: servers.unwrap_or_else(|| inherited.servers.clone()),
            auth: auth.unwrap_or_else(|| inherited.auth.clone()),
            parameters,
            request,
            responses,
            stream,
            // An empty list is what leaves them out.
            prints_samples: samples.as_ref().is_none_or(|own| !own.is_empty()),
            samples: samples.unwrap_or_default(),
            when: when.unwrap_or_default(),
        })
    }

    fn path(&mut self, node: &Node) -> Option<String> {
        if matches!(node.value, Value::Mapping(_)) {
            self.error(
                Code::WrongType,
                node.place,
                "a map where a path must stand",
                "put a path that holds braces in quotes",
            );
            return None;
        }
        let path = self.text(node)?;
        if !path.starts_with('/') || path.contains(['?', '#', ' ', '\\']) {
            let help = "write the part after the base URL, such as /chat/{chat_id}; a query goes to `parameters`";
            self.error(
                Code::InvalidValue,
                node.span,
                format!("`{}` is no path", written(node)),
                help,
            );
        } else if let Some((message, help)) = super::wire::path_fault(&path) {
            self.error(Code::InvalidValue, node.span, message, help);
        }
        Some(with_components(&path))
    }

    fn parameters(&mut self, node: &Node, names: &SchemaNames<'_>) -> Vec<Parameter> {
        if let Value::Sequence(_) = node.value {
            let help = "write a map of places: parameters: {query: {limit: {type: integer}}}";
            self.error(
                Code::WrongType,
                node.place,
                "a list where a map must stand",
                help,
            );
            return Vec::new();
        }
        let mut parameters = Vec::new();
        for (location, node) in self.by_location(node, "`parameters`") {
            for mut field in self.fields(node, SchemaRole::Parameter(location), names) {
                if location == Location::Path {
                    field.required = true;
                }
                parameters.push(Parameter {
                    location,
                    field,
                    stream_example: None,
                });
            }
        }
        parameters
    }

    /// The values of a map whose keys are the places of parameters.
    pub(super) fn by_location<'n>(
        &mut self,
        node: &'n Node,
        what: &'static str,
    ) -> Vec<(Location, &'n Node)> {
        let map = self.map(node, what, &LOCATIONS.map(Location::as_str));
        let of = |location: Location| Some((location, map.as_ref()?.get(location.as_str())?));
        LOCATIONS.into_iter().filter_map(of).collect()
    }

    /// The example of a parameter or header.
    pub(super) fn parameter_example(
        &mut self,
        node: &Node,
        location: Location,
    ) -> serde_json::Value {
        let value = self.json(node);
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        let is_nested = |value: &serde_json::Value| value.is_array() || value.is_object();
        if value.is_object() || items.iter().any(is_nested) {
            let help = "describe each part as a parameter of its own, such as `filter[status]`, or write its text in quotes";
            let message = "an object or nested array, which a parameter can't send";
            self.error(Code::InvalidValue, node.place, message, help);
        }
        let texts = value.as_str().into_iter();
        for text in texts.chain(items.iter().filter_map(|item| item.as_str())) {
            self.sent_text(node, text, location);
        }
        value
    }

    /// Holds the braces of a path and the path parameters to each other.
    fn path_parameters(
        &mut self,
        node: &Node,
        path: &str,
        map: &Map<'_>,
        parameters: &[Parameter],
    ) {
        let braced: Vec<&str> = path
            .split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect();
        if path.matches('{').count() != braced.len() || path.matches('}').count() != braced.len() {
            self.error(
                Code::PathParameter,
                node.span,
                "braces in the path that don't pair",
                "write a parameter as {name}",
            );
            return;
        }
        let declared = parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Path);
        let declared: Vec<&str> = declared
            .map(|parameter| parameter.field.name.as_str())
            .collect();
        for name in braced.iter().filter(|name| !declared.contains(name)) {
            let meant = self.report.nearest(name, declared.iter().copied());
            let help = match meant {
                Some(meant) => format!("did you mean `{{{meant}}}`?"),
                None => format!(
                    "add it: parameters: {{path: {{{name}: {{type: string, example: …}}}}}}"
                ),
            };
            self.error(
                Code::PathParameter,
                node.span,
                format!("the path's `{{{name}}}` is not among the path parameters"),
                help,
            );
        }
        for name in declared.iter().filter(|name| !braced.contains(name)) {
            let entry = map
                .get("parameters")
                .and_then(|node| node.value.get("path")?.value.get(name));
            let span = entry.map_or(node.span, |node| node.place);
            self.error(
                Code::PathParameter,
                span,
                format!("the path has no `{{{name}}}`"),
                "put it into `path`, or remove the parameter",
            );
        }
    }

    fn sections(&mut self, node: &Node) -> Vec<Section> {
        let items = self.list(node).unwrap_or_default();
        items.iter().filter_map(|item| self.section(item)).collect()
    }

    fn section(&mut self, node: &Node) -> Option<Section> {
        let map = self.map(node, "a section", &["title", "id", "body"])?;
        let title = self.require(&map, "title").and_then(|node| self.text(node));
        let body = self
            .require(&map, "body")
            .and_then(|node| self.markdown(node));
        let id = match map.get("id") {
            Some(node) => {
                let id = self.word(node)?;
                self.safe_id(id, node.span, "a section's id");
                self.note_place(id, node.span);
                id.to_owned()
            }
            None => {
                let id = super::slug(title.as_deref()?);
                let place = map.get("title").map_or(map.place(), |node| node.span);
                if id.is_empty() {
                    let help = "add `id: …`, lower-case letters, digits and hyphens";
                    let message = "no `id` in a section whose title makes none";
                    self.error(Code::MissingKey, place, message, help);
                }
                self.note_place(&id, place);
                id
            }
        };
        Some(Section {
            id,
            title: title?,
            body: body?,
        })
    }
}

const NO_AUTH: Auth = Auth {
    scheme: AuthScheme::None,
    env: None,
    description: None,
};

/// A path whose variables are components of the URL, so that a value's `/` begins no segment.
fn with_components(path: &str) -> String {
    let component = |character| match Hole::from_marker(character) {
        Some(hole) => hole.inside(Encoding::Url).marker(),
        None => character,
    };
    path.chars().map(component).collect()
}

/// A text as the author wrote it, with its variables.
fn written(node: &Node) -> &str {
    match &node.value {
        Value::String(text) => text,
        _ => "",
    }
}
