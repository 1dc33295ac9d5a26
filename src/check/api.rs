//! API pages: servers, auth, endpoints, their parameters, bodies and responses.

use std::collections::HashMap;
use std::ops::Range;

use crate::hole::{Encoding, Hole};
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::name::normal;
use crate::input::source::Span;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{
    Api, Auth, AuthScheme, Endpoint, EventData, Location, Method, Section, Server, UsedVariables,
};

use super::named::PageSchemas;
use super::reader::{Map, Reader};
use super::{
    address, body, header, id, markdown, parameter, route, sample, schema, shown, stream, when,
    wire,
};

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
    "internal",
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
    "internal",
];

/// What an endpoint inherits from its page.
struct Inherited {
    servers: Vec<Server>,
    auth: Auth,
}

/// Lowers the content of an API page.
pub(super) fn lower(reader: &mut Reader<'_>, map: &Map<'_>) -> Option<Api> {
    let mut schemas = PageSchemas::lower(reader, map.get("schemas"));
    let servers = reader
        .require(map, "servers")
        .map(|node| servers(reader, node))
        .unwrap_or_default();
    let auth = map
        .get("auth")
        .and_then(|node| auth(reader, node))
        .unwrap_or(NO_AUTH);
    let inherited = Inherited { servers, auth };
    let (mut endpoints, links) = endpoints(reader, map, &mut schemas, &inherited);
    shown::note(reader, &mut endpoints, links, &schemas);
    let sections = map
        .get("sections")
        .map(|node| sections(reader, node))
        .unwrap_or_default();
    Some(Api {
        intro: map
            .get("intro")
            .and_then(|node| markdown::lower(reader, node)),
        servers: inherited.servers,
        auth: inherited.auth,
        endpoints,
        schemas: schemas.schemas,
        sections,
    })
}

fn servers(reader: &mut Reader<'_>, node: &Node) -> Vec<Server> {
    if let Value::String(url) = &node.value
        && !url.contains('"')
    {
        let help = format!("write [{{url: \"{url}\"}}]");
        let message = "expected a list, found text";
        reader.error(Code::WrongType, node.span, message, help);
        return Vec::new();
    }
    let Some(items) = reader.list(node) else {
        return Vec::new();
    };
    if items.is_empty() {
        reader.error(
            Code::EmptyValue,
            node.place,
            "`servers` is empty",
            "add one: {url: https://api.example.com}",
        );
    }
    let mut servers: Vec<Server> = Vec::new();
    let mut places: HashMap<String, Span> = HashMap::new();
    for item in items {
        let Some(server) = server(reader, item) else {
            continue;
        };
        let place = item.value.get("url").map_or(item.span, |node| node.span);
        if let Some(&first) = places.get(&server.url) {
            let message = "the same base URL a second time";
            let diagnostic = Diagnostic::error(Code::DuplicateId, place, message);
            let diagnostic = diagnostic.and(first, "first here");
            reader.report.push(diagnostic.help("remove one of the two"));
        }
        places.entry(server.url.clone()).or_insert(place);
        servers.push(server);
    }
    servers
}

/// Reports a path that begins with the version that a base URL ends with: requests would have both.
fn path_of_server(reader: &mut Reader<'_>, node: &Node, path: &str, servers: &[Server]) {
    let first = path.trim_start_matches('/').split('/').next();
    // Another part may be there twice on purpose, as in `/chat/chat`.
    let is_version = |first: &&str| {
        let number = first.strip_prefix('v');
        number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
    };
    let Some(first) = first.filter(is_version) else {
        return;
    };
    let repeats = |server: &Server| {
        let rest = server.url.split_once("://").map_or("", |(_, rest)| rest);
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        path.rsplit('/').next() == Some(first)
    };
    if servers.iter().any(repeats) {
        let message = format!("`/{first}` is in the path and at the end of the base URL");
        let help = format!(
            "requests go to `…/{first}{}`: remove it from one of the two",
            written(node)
        );
        reader.error(Code::InvalidValue, node.span, message, help);
    }
}

fn server(reader: &mut Reader<'_>, node: &Node) -> Option<Server> {
    let map = reader.map(node, "a server", &["url", "title", "description"])?;
    let title = map.get("title").and_then(|node| reader.text(node));
    let description = map
        .get("description")
        .and_then(|node| markdown::lower(reader, node));
    let url_node = reader.require(&map, "url")?;
    let url = reader.text(url_node)?;
    let url = address::with_scheme_in_lower_case(&url).into_owned();
    // A variable of `type: url` may be the beginning of the address; its values are checked as URLs
    // where they come from.
    let first = url.chars().next().and_then(Hole::from_marker);
    let is_address = match first {
        Some(hole) => reader.variables.get(hole.variable).is_url,
        None => url.starts_with("https://") || url.starts_with("http://"),
    };
    if !is_address || url.contains(['?', '#', ' ']) {
        let help = "write an address such as https://api.example.com/v1, without a query";
        reader.error(
            Code::InvalidValue,
            url_node.span,
            format!("`{}` is not a base URL", written(url_node)),
            help,
        );
    } else if let Some(fault) = wire::server_fault(&url, reader.variables) {
        reader.error(Code::InvalidValue, url_node.span, fault.message, fault.help);
    }
    let rest: String = url.chars().skip(usize::from(first.is_some())).collect();
    // Not percent-encoded: a variable may be a host or a port, where `%2F` is invalid.
    reader.only_plain_variables(&rest, url_node.span, "a base URL");
    Some(Server {
        // Paths begin with a slash; `//` would be an empty segment (RFC 3986, section 3.3).
        url: url.trim_end_matches('/').to_owned(),
        title,
        description,
    })
}

fn auth(reader: &mut Reader<'_>, node: &Node) -> Option<Auth> {
    let known = ["type", "env", "username_env", "in", "name", "description"];
    let map = reader.map(node, "`auth`", &known)?;
    let types = [
        ("bearer", "bearer"),
        ("basic", "basic"),
        ("apiKey", "apiKey"),
        ("none", "none"),
    ];
    let kind = reader
        .require(&map, "type")
        .and_then(|node| reader.choice(node, "auth type", &types))?;
    let env = map
        .get("env")
        .and_then(|node| environment_variable(reader, node));
    let username_env = map
        .get("username_env")
        .and_then(|node| environment_variable(reader, node));
    for (key, only) in [
        ("username_env", "basic"),
        ("in", "apiKey"),
        ("name", "apiKey"),
    ] {
        if let Some(node) = map.get(key)
            && kind != only
        {
            let message = format!("`{key}` in auth of type {kind}");
            reader.error(
                Code::ConflictingKeys,
                node.place,
                message,
                format!("`{key}` belongs to `type: {only}`"),
            );
        }
    }
    if let (Some(env), Some(username)) = (&env, &username_env)
        && env == username
        && let Some(node) = map.get("username_env")
    {
        let message =
            "`username_env` is `env`: the samples would send the password as the user's name";
        let help =
            "write the environment variable that holds the user's name, such as EXAMPLE_USERNAME";
        reader.error(Code::ConflictingKeys, node.span, message, help);
    }
    let scheme = match kind {
        "bearer" => AuthScheme::Bearer,
        "basic" => AuthScheme::Basic { username_env },
        "apiKey" => api_key(reader, &map)?,
        _ => AuthScheme::None,
    };
    let description = map
        .get("description")
        .and_then(|node| markdown::lower(reader, node));
    Some(Auth {
        scheme,
        env,
        description,
    })
}

fn api_key(reader: &mut Reader<'_>, map: &Map<'_>) -> Option<AuthScheme> {
    let places = [("header", Location::Header), ("query", Location::Query)];
    let location = reader
        .require(map, "in")
        .and_then(|node| reader.choice(node, "key location", &places));
    let name = reader
        .require(map, "name")
        .and_then(|node| reader.word(node));
    if let (Some(Location::Header), Some(name), Some(node)) = (location, name, map.get("name")) {
        wire::header_name(reader, name, node.span);
        header::of_key(reader, name, node.span);
    }
    Some(AuthScheme::ApiKey {
        location: location?,
        name: name?.to_owned(),
    })
}

fn environment_variable(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let name = reader.word(node)?;
    // POSIX, Base Definitions 8.1: upper-case letters, digits and `_`. A key that an author pastes
    // here by mistake has other characters, and is rejected.
    let starts = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
    let body = name
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if !starts || !body {
        let help = "write the variable's name, such as EXAMPLE_API_KEY, never the key itself";
        reader.error(
            Code::InvalidValue,
            node.span,
            "not the name of an environment variable",
            help,
        );
        return None;
    }
    Some(name.to_owned())
}

/// Lowers the endpoints, each with the range of the links in its texts.
fn endpoints(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    schemas: &mut PageSchemas<'_>,
    inherited: &Inherited,
) -> (Vec<Endpoint>, Vec<Range<usize>>) {
    let Some(node) = reader.require(map, "endpoints") else {
        return Default::default();
    };
    let entries = reader.entries(node).unwrap_or_default();
    if entries.is_empty() && matches!(node.value, Value::Mapping(_)) {
        // A warning, so that `serve` shows the page while its author writes it.
        let diagnostic =
            Diagnostic::warning(Code::EmptyValue, node.place, "a page without endpoints");
        let help = "describe one, or make the page a guide in Markdown";
        reader.report.push(diagnostic.help(help));
    }
    let mut seen: HashMap<(&str, String), Span> = HashMap::new();
    let (mut endpoints, mut links) = (Vec::new(), Vec::new());
    for entry in entries {
        id::check(
            &entry.key,
            entry.key_span,
            "an endpoint's id",
            reader.report,
        );
        reader.note_place(&entry.key, entry.key_span);
        let first_link = reader.links.len();
        let of_page = std::mem::take(&mut reader.used);
        let lowered = endpoint(reader, entry, schemas, inherited);
        let used = std::mem::replace(&mut reader.used, of_page);
        let Some(mut endpoint) = lowered else {
            continue;
        };
        endpoint.used = used;
        let method = endpoint.method.as_str();
        let call = (method, route::without_names(&endpoint.path));
        if let Some(first) = seen.get(&call) {
            let path = entry
                .value
                .value
                .get("path")
                .map(|node| reader.sources.text(node.span));
            let message = format!(
                "duplicate endpoint `{method} {}`",
                path.unwrap_or_default().trim_matches('"')
            );
            let diagnostic = Diagnostic::error(Code::DuplicateEndpoint, entry.key_span, message)
                .and(*first, "the first one")
                .help("describe both uses in one endpoint with two named examples, or correct the path");
            reader.report.push(diagnostic);
        }
        seen.insert(call, entry.key_span);
        // An endpoint that is too large is omitted, so that no later stage traverses it.
        if is_reasonable(reader, &endpoint, schemas, entry.key_span) {
            endpoints.push(endpoint);
            links.push(first_link..reader.links.len());
        }
    }
    (endpoints, links)
}

/// Returns whether a page can show all fields of an endpoint; reports it if not.
fn is_reasonable(
    reader: &mut Reader<'_>,
    endpoint: &Endpoint,
    schemas: &mut PageSchemas<'_>,
    place: Span,
) -> bool {
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
    schemas_shown.all(|schema| schemas.is_reasonable_size(reader, schema, place))
}

fn endpoint(
    reader: &mut Reader<'_>,
    entry: &MapEntry,
    schemas: &PageSchemas<'_>,
    inherited: &Inherited,
) -> Option<Endpoint> {
    let names = &schemas.names;
    let map = reader.map(&entry.value, "an endpoint", ENDPOINT_KEYS)?;
    let title = reader
        .require(&map, "title")
        .and_then(|node| reader.text(node));
    let method = reader
        .require(&map, "method")
        .and_then(|node| method(reader, node));
    let path = reader
        .require(&map, "path")
        .and_then(|node| path(reader, node));
    let mut parameters = map
        .get("parameters")
        .map(|node| parameter::lower(reader, node, names))
        .unwrap_or_default();
    if let (Some(node), Some(path)) = (map.get("path"), &path) {
        parameter::path_parameters(reader, node, path, &map, &parameters);
    }
    let request = map
        .get("request")
        .and_then(|node| body::lower(reader, node, names));
    // RFC 9110, section 9.3.1: content of a GET request has no defined semantics; `fetch` throws.
    if let (Some(node), Some(Method::Get | Method::Head)) = (map.get("request"), method) {
        let help = "send the values as `parameters`, or use another method";
        reader.error(
            Code::ConflictingKeys,
            node.place,
            "a request body with a method that allows none",
            help,
        );
    }
    let responses = reader
        .require(&map, "responses")
        .map(|node| body::responses(reader, node, names))
        .unwrap_or_default();
    let stream = map
        .get("stream")
        .and_then(|node| stream::lower(reader, node, schemas, request.as_ref(), &mut parameters));
    body::joined_examples(reader, &map, request.as_ref(), &responses, stream.as_ref());
    let summary = map.get("summary").and_then(|node| reader.text(node));
    let description = map
        .get("description")
        .and_then(|node| markdown::lower(reader, node));
    let deprecated = schema::deprecated(reader, &map);
    let since = map.get("since").and_then(|node| reader.text(node));
    let servers = map.get("servers").map(|node| servers(reader, node));
    let servers = servers.unwrap_or_else(|| inherited.servers.clone());
    if let (Some(node), Some(path)) = (map.get("path"), &path) {
        path_of_server(reader, node, path, &servers);
    }
    let auth = map.get("auth").and_then(|node| auth(reader, node));
    let auth = auth.unwrap_or_else(|| inherited.auth.clone());
    if let Some(node) = map.get("parameters") {
        header::beside_auth(reader, node, &auth);
    }
    let samples = map
        .get("samples")
        .and_then(|node| sample::own(reader, node));
    let when = map.get("when").map(|node| when::lower(reader, node));
    let internal = map.get("internal").and_then(|node| reader.boolean(node));
    Some(Endpoint {
        id: entry.key.clone(),
        title: title?,
        summary,
        description,
        method: method?,
        path: path?,
        deprecated,
        since,
        servers,
        auth,
        parameters,
        request,
        responses,
        stream,
        // An empty list hides them.
        prints_samples: samples.as_ref().is_none_or(|own| !own.is_empty()),
        samples: samples.unwrap_or_default(),
        when: when.unwrap_or_default(),
        internal: internal.unwrap_or(false),
        used: UsedVariables::default(),
    })
}

fn method(reader: &mut Reader<'_>, node: &Node) -> Option<Method> {
    let methods = Method::ALL.map(|method| (method.as_str(), method));
    reader.choice(node, "method", &methods)
}

fn path(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    if matches!(node.value, Value::Mapping(_)) {
        reader.error(
            Code::WrongType,
            node.place,
            "expected a path, found a map",
            "put a path with braces in quotes",
        );
        return None;
    }
    let path = reader.text(node)?;
    if !path.starts_with('/') || path.contains(['?', '#', ' ', '\\']) {
        let help = "write the part after the base URL, such as /chat/{chat_id}; a query goes to `parameters`";
        reader.error(
            Code::InvalidValue,
            node.span,
            format!("`{}` is not a path", written(node)),
            help,
        );
    } else if let Some(fault) = wire::path_fault(&path) {
        reader.error(Code::InvalidValue, node.span, fault.message, fault.help);
    }
    // After the checks, which compare the path as written.
    Some(with_components(&path))
}

fn sections(reader: &mut Reader<'_>, node: &Node) -> Vec<Section> {
    let items = reader.list(node).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| section(reader, item))
        .collect()
}

fn section(reader: &mut Reader<'_>, node: &Node) -> Option<Section> {
    let map = reader.map(node, "a section", &["title", "id", "body"])?;
    let title = reader
        .require(&map, "title")
        .and_then(|node| reader.text(node));
    let body = reader
        .require(&map, "body")
        .and_then(|node| markdown::lower(reader, node));
    let id = match map.get("id") {
        Some(node) => {
            let id = reader.word(node)?;
            id::check_anchor(id, node.span, "a section's id", reader.report);
            let id = normal(id).into_owned();
            reader.note_place(&id, node.span);
            id
        }
        None => {
            let id = id::of_section(title.as_deref()?);
            let place = map.get("title").map_or(map.place(), |node| node.span);
            reader.note_place(&id, place);
            id
        }
    };
    Some(Section {
        id,
        title: title?,
        body: body?,
    })
}

const NO_AUTH: Auth = Auth {
    scheme: AuthScheme::None,
    env: None,
    description: None,
};

/// Returns a path whose variables are components of the URL, so that a value's `/` begins no
/// segment.
fn with_components(path: &str) -> String {
    let component = |character| match Hole::from_marker(character) {
        Some(hole) => hole.inside(Encoding::Url).marker(),
        None => character,
    };
    path.chars().map(component).collect()
}

/// Returns a text as the author wrote it, with its variables.
fn written(node: &Node) -> &str {
    match &node.value {
        Value::String(text) => text,
        _ => "",
    }
}
