//! The page of an API.

use serde::Serialize;

use super::example::{GroupView, groups};
use super::field::{self, FieldView, InsideView, description};
use super::site::{Head, NavLink, SiteView};
use super::stream::StreamView;
use super::{Context, phrases};
use crate::model::anchor;
use crate::model::wording::{self, types};
use crate::model::{
    Api, Auth, AuthScheme, Body, Endpoint, Location, Method, Page, Response, Schema, Server,
};
use crate::rich::html::Html;

/// With more endpoints than this, the tabs are a list without their uses.
const MOST_TABS: usize = 5;

/// `api.html`: the page of an API, with its base URLs and endpoints.
#[derive(Debug, Serialize)]
pub struct ApiPage {
    /// The values for `base.html`, the frame of the page.
    pub site: SiteView,
    /// The values for the head.
    pub page: Head,
    /// Links to the parts of the page, for the sidebar.
    pub contents: Vec<NavLink>,
    /// The Markdown below the heading.
    pub intro: Option<Html>,
    /// The base URLs.
    pub servers: Vec<ServerView>,
    /// How clients authenticate.
    pub auth: AuthView,
    /// Whether there are too many endpoints for a row of tabs.
    pub many: bool,
    /// The endpoints.
    pub endpoints: Vec<EndpointView>,
    /// The sections after the endpoints.
    pub sections: Vec<SectionView>,
}

/// A base URL.
#[derive(Debug, Serialize)]
pub struct ServerView {
    /// Its name.
    pub title: Option<Html>,
    /// The URL.
    pub url: Html,
    /// Further information about it.
    pub description: Option<Html>,
}

/// How clients authenticate.
#[derive(Debug, Serialize)]
pub struct AuthView {
    /// Whether clients send no credentials.
    pub none: bool,
    /// Where clients send the credentials, in one or two words.
    pub place: String,
    /// The header or parameter with the credentials.
    pub line: Html,
    /// Further information about it.
    pub description: Option<Html>,
}

/// An endpoint: a tab and its panel.
#[derive(Debug, Serialize)]
pub struct EndpointView {
    /// Its anchor.
    pub id: String,
    /// Its name.
    pub title: Html,
    /// Its purpose.
    pub summary: Option<Html>,
    /// The HTTP method.
    pub method: &'static str,
    /// Whether the method changes data on the server.
    pub writes: bool,
    /// The base URL.
    pub base: Html,
    /// The path after it.
    pub path: Html,
    /// Further information about it.
    pub description: Option<Html>,
    /// Whether it is left out of what is published.
    pub internal: bool,
    /// Whether clients should no longer use it.
    pub deprecated: bool,
    /// What to use instead.
    pub instead: Option<Html>,
    /// The version or date that introduced it.
    pub since: Option<Html>,
    /// Its own authentication, if it differs from the page's.
    pub auth: Option<AuthView>,
    /// Its own base URLs, if they differ from the page's.
    pub servers: Vec<ServerView>,
    /// The parameters, grouped by place.
    pub parameters: Vec<ParameterGroup>,
    /// The body of the request.
    pub request: Option<BodyView>,
    /// The anchor of the responses.
    pub responses_id: String,
    /// The responses.
    pub responses: Vec<ResponseView>,
    /// The stream of the response.
    pub stream: Option<StreamView>,
    /// The examples, grouped by name.
    pub examples: Vec<GroupView>,
}

/// The parameters of one place, such as the query.
#[derive(Debug, Serialize)]
pub struct ParameterGroup {
    /// The anchor of the group.
    pub id: String,
    /// The heading.
    pub title: String,
    /// The parameters.
    pub fields: Vec<FieldView>,
}

/// The body of a request or a response.
#[derive(Debug, Serialize)]
pub struct BodyView {
    /// Its anchor.
    pub id: String,
    /// Its media type.
    pub content_type: Html,
    /// The type of the body in words; none for a plain object.
    pub types: Option<String>,
    /// Its description.
    pub description: Option<Html>,
    /// Constraints on its value and its default, a few words each.
    pub facts: Vec<Html>,
    /// Its fields.
    pub inside: InsideView,
}

/// One response.
#[derive(Debug, Serialize)]
pub struct ResponseView {
    /// `200`, `4XX`, or words for the default.
    pub status: String,
    /// Whether the status means success.
    pub ok: bool,
    /// Its headers.
    pub headers: Vec<FieldView>,
    /// Whether there is a body.
    pub has_body: bool,
    /// Its body.
    pub body: BodyView,
}

/// A section with a heading.
#[derive(Debug, Serialize)]
pub struct SectionView {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: Html,
    /// Its text.
    pub body: Html,
}

impl ApiPage {
    /// Returns the view of a page made from a spec.
    pub fn new(context: &Context<'_>, page: &Page, api: &Api) -> ApiPage {
        let endpoints = api
            .endpoints
            .iter()
            .map(|e| NavLink::to_anchor(&e.title, &e.id));
        let sections = api
            .sections
            .iter()
            .map(|s| NavLink::to_anchor(&s.title, &s.id));
        let section_views = api.sections.iter().map(|section| SectionView {
            id: section.id.clone(),
            title: Html::text(&section.title),
            body: context.section(section),
        });
        ApiPage {
            site: SiteView::new(context, Some(&page.name)),
            page: Head::new(context, page),
            contents: endpoints.chain(sections).collect(),
            intro: api
                .intro
                .as_ref()
                .map(|intro| context.markdown(intro, 2, "")),
            servers: servers(context, &api.servers),
            auth: AuthView::new(context, &api.auth),
            // Tabs of more endpoints would wrap into several rows on a usual screen.
            many: api.endpoints.len() > MOST_TABS,
            endpoints: api
                .endpoints
                .iter()
                .map(|e| EndpointView::new(context, api, e))
                .collect(),
            sections: section_views.collect(),
        }
    }
}

fn servers(context: &Context<'_>, servers: &[Server]) -> Vec<ServerView> {
    let view = |server: &Server| ServerView {
        title: server.title.as_deref().map(Html::text),
        url: Html::text(&server.url),
        description: server.description.as_ref().map(|text| context.inline(text)),
    };
    servers.iter().map(view).collect()
}

impl AuthView {
    fn new(context: &Context<'_>, auth: &Auth) -> AuthView {
        let place = match &auth.scheme {
            // A message for each place, since languages inflect the words around it.
            AuthScheme::None => "auth-place-none",
            AuthScheme::ApiKey {
                location: Location::Query,
                ..
            } => "auth-place-query",
            AuthScheme::Bearer | AuthScheme::Basic { .. } | AuthScheme::ApiKey { .. } => {
                "auth-place-header"
            }
        };
        AuthView {
            none: auth.scheme == AuthScheme::None,
            place: context.messages.text(place),
            line: wording::auth(auth).to_html(),
            description: auth.description.as_ref().map(|text| context.inline(text)),
        }
    }
}

impl EndpointView {
    fn new(context: &Context<'_>, api: &Api, endpoint: &Endpoint) -> EndpointView {
        let prefix = anchor::description_prefix(endpoint);
        // Lowering gives each endpoint a full list, so equality is the test for having none of its
        // own.
        let own_servers = if endpoint.servers == api.servers {
            &[][..]
        } else {
            &endpoint.servers
        };
        let base = endpoint.servers.first().or(api.servers.first());
        let responses_id = anchor::part(endpoint, "response");
        let response = |response| ResponseView::new(context, api, response, &responses_id);
        EndpointView {
            id: endpoint.id.clone(),
            title: Html::text(&endpoint.title),
            summary: endpoint.summary.as_deref().map(Html::text),
            method: endpoint.method.as_str(),
            // The safe methods of RFC 9110, section 9.2.1; OPTIONS is one of them, TRACE is not in
            // the model.
            writes: !matches!(
                endpoint.method,
                Method::Get | Method::Head | Method::Options
            ),
            base: base
                .map(|server| Html::text(&server.url))
                .unwrap_or_default(),
            path: path(&endpoint.path),
            description: endpoint
                .description
                .as_ref()
                .map(|d| context.markdown(d, 3, &prefix)),
            internal: endpoint.internal,
            deprecated: endpoint.deprecated.is_some(),
            instead: endpoint.deprecated.as_ref().and_then(field::instead),
            since: endpoint.since.as_deref().map(Html::text),
            auth: endpoint
                .own_auth(api)
                .map(|auth| AuthView::new(context, auth)),
            servers: servers(context, own_servers),
            parameters: parameters(context, api, endpoint),
            request: endpoint
                .request
                .as_ref()
                .map(|body| BodyView::new(context, api, body, anchor::part(endpoint, "request"))),
            responses: endpoint.responses.iter().map(response).collect(),
            stream: endpoint.stream.as_ref().map(|stream| {
                StreamView::new(context, api, stream, anchor::part(endpoint, "stream"))
            }),
            examples: groups(context, api, endpoint),
            responses_id,
        }
    }
}

/// Returns the path, with each parameter in an element.
fn path(path: &str) -> Html {
    let mut html = Html::new();
    let mut rest = path;
    while let Some((before, name, after)) = rest
        .split_once('{')
        .and_then(|(b, r)| r.split_once('}').map(|(n, a)| (b, n, a)))
    {
        html.push_text(before);
        html.element("var").text(&format!("{{{name}}}"));
        rest = after;
    }
    html.push_text(rest);
    html
}

fn parameters(context: &Context<'_>, api: &Api, endpoint: &Endpoint) -> Vec<ParameterGroup> {
    let groups = wording::PARAMETERS.into_iter().map(|(location, title)| {
        let nodes = anchor::parameters(api, endpoint, location);
        ParameterGroup {
            id: anchor::part(endpoint, location.as_str()),
            title: context.messages.text(title),
            fields: field::fields(context, api, &nodes, 0),
        }
    });
    groups.filter(|group| !group.fields.is_empty()).collect()
}

impl BodyView {
    fn new(context: &Context<'_>, api: &Api, body: &Body, id: String) -> BodyView {
        let schema = body.schema.as_ref();
        // The word `object` is omitted if the fields follow.
        let is_object = |schema: &Schema| wording::is_plain_object(api, schema);
        let mut text = context
            .note(body.description.as_ref(), &id)
            .unwrap_or_default();
        if let Some(more) = schema.and_then(|schema| description(context, api, schema, &id)) {
            text.push(&more);
        }
        BodyView {
            content_type: Html::text(&body.content_type.name),
            types: schema
                .filter(|schema| !is_object(schema))
                .map(|schema| types(context.messages, api, schema)),
            description: (!text.is_empty()).then_some(text),
            facts: schema
                .map(|schema| phrases(&wording::body_facts(context.messages, api, schema)))
                .unwrap_or_default(),
            inside: field::body_inside(context, api, schema, &id),
            id,
        }
    }
}

impl ResponseView {
    fn new(context: &Context<'_>, api: &Api, response: &Response, outer: &str) -> ResponseView {
        let id = anchor::inner(outer, &response.status.to_string());
        let headers = anchor::headers(api, &response.headers, &id);
        ResponseView {
            status: wording::status(context.messages, response.status),
            ok: response.status.is_success(),
            headers: field::fields(context, api, &headers, 0),
            has_body: response.body.schema.is_some() || !response.body.examples.is_empty(),
            body: BodyView::new(context, api, &response.body, id),
        }
    }
}
