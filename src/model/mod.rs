//! The checked description: every value is present, every reference resolved, and nothing depends
//! on its files.
//!
//! Made from the spec by [`check`](crate::check), and read by all that comes after. Texts are
//! strings in which variables are markers (see [`hole`](crate::hole)); the ones named
//! [`Markdown`] are to be rendered as such. Maps are lists, in the order that the author chose.

pub mod anchor;
pub mod example;
pub mod link;
pub mod sample;
pub mod values;
pub mod wording;

mod answer;
mod branding;
mod choice;
mod kind;
mod language;
mod outline;
mod proven;
mod public;
mod schema;
mod stream;
mod twins;
mod used;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::hole::variable::Variables;
use crate::input::page_kind::PageKind;

pub use branding::{Branding, Logo, Picture, SiteFile};
pub use choice::{Audience, Condition};
pub use language::{
    Client, ClientRow, Language, LanguageRow, OwnSample, PrintedAnswer, Program, SampleChoice,
};
pub use outline::{Outline, OutlinePage, belongs};
pub use proven::{Proven, Unproven, Waived, WaivedName};
pub use public::{HELP as KEY_HELP, HELP_IN_TEXT as KEY_HELP_IN_TEXT, Public};
pub use schema::{Additional, Field, Limit, LimitKeyword, NamedSchema, Schema, Type};
pub use stream::{
    Event, EventData, Join, Match, Occurs, Stream, StreamExample, StreamFormat, StreamItem,
    matching_events,
};
pub use twins::Twins;
pub use used::UsedVariables;

/// A whole project, valid. `P` is a page: with its content, or in an [`Outline`] with its name
/// alone.
#[derive(Clone, Debug, PartialEq)]
// Pages are shared by address: the cache keeps the results for a page as long as its address is the
// same.
pub struct Model<P = Arc<Page>> {
    /// The settings of `site.yaml`.
    pub site: SiteSettings,
    /// The variables, whose values differ between bots.
    pub variables: Variables,
    /// The pages in the order of the navigation; the first is the index.
    pub pages: Vec<P>,
    /// The name of the generic site's index, which a bot may not have.
    pub home: String,
    /// The sidebar: groups of indices into `pages`; pages that no group names are in none.
    // Indices, not names: a page that is renamed in one place can't be missing in another.
    pub navigation: Vec<Group>,
    /// Old places, and the places of their content now.
    pub redirects: Vec<Redirect>,
    /// The files that pages show or link to, such as images, by their path below `spec/`, in order.
    pub files: Vec<String>,
    /// Endpoints that a bot does not have: links to them lead nowhere.
    // Kept by name, since prose of guides still links to them; such a link becomes plain text.
    pub hidden: Vec<Target>,
    /// The names of pages that the generic site does not have, so that they have no canonical
    /// address.
    pub absent: Vec<String>,
    /// Those of the files that only internal pages and endpoints show or link to, in order.
    pub internal_files: Vec<String>,
    /// The IDs of the endpoints that were left out because they are internal.
    pub internal_endpoints: BTreeSet<String>,
    /// The variables in texts that every page shows; in an [`Outline`] also those of all pages.
    pub used: UsedVariables,
    /// Names in prose that the author waived; no page shows them.
    pub waived: Vec<WaivedName>,
}

/// The settings that apply to every page.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteSettings {
    /// The name of the whole documentation.
    pub title: String,
    /// The description for search engines of pages without their own.
    pub description: Option<String>,
    /// The pages' language, a BCP 47 tag.
    pub language: String,
    /// A line above every page.
    pub banner: Option<Markdown>,
    /// The address of the site, ending in `/`; without it there is no sitemap and no canonical
    /// link.
    pub url: Option<String>,
    /// The output directory, relative to the project, with `/`.
    pub output: String,
    /// Links in the header.
    pub header: Vec<Link>,
    /// Links in the footer.
    pub footer: Vec<Link>,
    /// The address for editing a page's file, in which `{path}` is its path below `spec/`.
    pub edit_url: Option<String>,
    /// Its colour and pictures.
    pub branding: Branding,
    /// The languages of samples, in the order in which they are shown.
    pub samples: Vec<SampleChoice>,
    /// What the search also looks up for a word.
    pub synonyms: Vec<Synonym>,
    /// Which pages have twins.
    pub twins: Twins,
    /// Columns of a list of bots that are ignored.
    pub ignored_columns: Vec<String>,
    /// Texts that look like live keys and may be published.
    pub public: Public,
}

/// Words that a reader may type, and the words of the pages for them; all in lower case, with one
/// space between words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// What a reader types.
    pub word: String,
    /// What the search also looks up.
    pub also: Vec<String>,
}

/// A link with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its text.
    pub title: String,
    /// An address with an allowed scheme.
    pub url: String,
}

/// A run of pages in the sidebar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The group's heading; none for pages at the top.
    pub title: Option<String>,
    /// Indices into [`Model::pages`].
    pub pages: Vec<usize>,
}

/// The new place of an old place's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The old place.
    pub from: Target,
    /// The page and anchor that have the content now.
    pub to: Target,
}

/// A page, or an anchor on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The page's name.
    pub page: String,
    /// The anchor, without `#`.
    pub anchor: Option<String>,
}

/// Text in Markdown, with markers for variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markdown(pub String);

/// A page of the site.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file name without its ending: lower-case letters, digits, hyphens.
    pub name: String,
    /// The heading.
    pub title: String,
    /// One or two sentences for search engines.
    pub description: Option<String>,
    /// Its content.
    pub content: Content,
    /// The results of the proof of its examples.
    pub proven: Proven,
    /// Whether it is left out of what is published.
    pub internal: bool,
    /// The variables in its texts, but for those of its endpoints.
    pub used: UsedVariables,
}

/// The content of a page.
#[derive(Clone, Debug)]
pub enum Content {
    /// A page made from a spec.
    Api(Box<Api>),
    /// A page made from Markdown.
    Guide(Markdown),
}

impl Content {
    /// Returns the kind of page that has it.
    pub fn kind(&self) -> PageKind {
        match self {
            Content::Api(_) => PageKind::Api,
            Content::Guide(_) => PageKind::Guide,
        }
    }
}

impl Page {
    /// Returns the Markdown that is written for this page: the body of a guide; of an API, the
    /// descriptions of its endpoints, and its sections.
    pub fn prose(&self) -> Vec<&Markdown> {
        match &self.content {
            Content::Api(api) => {
                let endpoints = api.endpoints.iter();
                let descriptions = endpoints.filter_map(|endpoint| endpoint.description.as_ref());
                let sections = api.sections.iter().map(|section| &section.body);
                descriptions.chain(sections).collect()
            }
            Content::Guide(body) => vec![body],
        }
    }

    /// Returns the API that it describes, if it is an API page.
    pub fn api(&self) -> Option<&Api> {
        match &self.content {
            Content::Api(api) => Some(api),
            Content::Guide(_) => None,
        }
    }

    /// Returns the API that it describes, to be changed.
    pub fn api_mut(&mut self) -> Option<&mut Api> {
        match &mut self.content {
            Content::Api(api) => Some(api),
            Content::Guide(_) => None,
        }
    }
}

impl Model {
    /// Returns the APIs that its pages describe, in the order of the pages.
    pub fn apis(&self) -> impl Iterator<Item = &Api> {
        self.pages.iter().filter_map(|page| page.api())
    }
}

/// The endpoints that one page describes.
#[derive(Clone, Debug)]
pub struct Api {
    /// Prose before the endpoints.
    pub intro: Option<Markdown>,
    /// The base URLs, at least one; the first is the default.
    pub servers: Vec<Server>,
    /// How calls are authenticated, unless an endpoint has its own way.
    pub auth: Auth,
    /// The endpoints; none yet on a page that is being written.
    pub endpoints: Vec<Endpoint>,
    /// The named schemas, which [`Schema::reference`] counts into.
    // Indices are faster to follow than names, and can't be invalid.
    pub schemas: Vec<NamedSchema>,
    /// Prose after the endpoints.
    pub sections: Vec<Section>,
}

/// A base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The address, without a slash at its end.
    pub url: String,
    /// Its purpose, such as `Production`.
    pub title: Option<String>,
    /// Further information about it.
    pub description: Option<Markdown>,
}

/// The authentication of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// The way the credentials are sent.
    pub scheme: AuthScheme,
    /// The environment variable that holds the key or password.
    pub env: Option<String>,
    /// Where users get it and how they keep it.
    pub description: Option<Markdown>,
}

/// The way that a call's credentials are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthScheme {
    /// Nothing is sent.
    None,
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// `Authorization: Basic …`, with the environment variable of the user's name.
    Basic {
        /// The environment variable that holds the user's name.
        username_env: Option<String>,
    },
    /// The key as a header or a query parameter of this name.
    ApiKey {
        /// Its place: [`Location::Header`] or [`Location::Query`].
        location: Location,
        /// The header's or parameter's name.
        name: String,
    },
}

/// A way to call the API: a method and a path.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The tab's anchor, and the first part of every anchor inside it.
    pub id: String,
    /// The tab's name.
    pub title: String,
    /// Its use, in one line.
    pub summary: Option<String>,
    /// Further information about it.
    pub description: Option<Markdown>,
    /// The HTTP method.
    pub method: Method,
    /// The path after the base URL, with parameters as `{name}`.
    pub path: String,
    /// Set if it should no longer be used, with what to use instead.
    pub deprecated: Option<Deprecated>,
    /// The version or day since which it exists.
    pub since: Option<String>,
    /// The page's servers, or the endpoint's own.
    pub servers: Vec<Server>,
    /// The page's auth, or the endpoint's own.
    pub auth: Auth,
    /// Parameters in the order path, query, header, cookie.
    pub parameters: Vec<Parameter>,
    /// The request's body.
    pub request: Option<Body>,
    /// The responses in the order they were written, at least one.
    // In the order of the spec: the mock answers with the first success, and samples print it.
    pub responses: Vec<Response>,
    /// The stream of the response, if it streams.
    pub stream: Option<Stream>,
    /// Whether its request is shown as code in the site's languages.
    pub prints_samples: bool,
    /// Samples of the author's own, beside the printed ones.
    pub samples: Vec<OwnSample>,
    /// The conditions, all of which must hold where the variables have values, but for a bot that
    /// lists its endpoints.
    pub when: Vec<Condition>,
    /// Whether it is left out of what is published.
    pub internal: bool,
    /// The variables in its texts, and in those of schemas that it refers to.
    pub used: UsedVariables,
}

/// The deprecation of an endpoint or a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// What to use instead.
    pub note: Option<String>,
}

/// An HTTP method (RFC 9110, section 9, and RFC 5789).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads the head only.
    Head,
    /// Creates or does something.
    Post,
    /// Replaces.
    Put,
    /// Changes in part.
    Patch,
    /// Removes.
    Delete,
    /// Requests the possible methods.
    Options,
}

/// The place of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// In the path, as `{name}`.
    Path,
    /// After the question mark.
    Query,
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
}

/// A value outside the body.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its place.
    pub location: Location,
    /// Its name, type, facts and example.
    pub field: Field,
    /// The value in the streaming request, if it differs.
    pub stream_example: Option<Value>,
}

/// A request's body, or a response's.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its media type.
    pub content_type: MediaType,
    /// Its meaning.
    pub description: Option<Markdown>,
    /// Its schema; none for a body with an example alone.
    pub schema: Option<Schema>,
    /// The examples by name, in the order they were written.
    pub examples: Vec<Example>,
}

/// A media type, and how its examples are read and printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType {
    /// As written, such as `application/json`.
    pub name: String,
    /// The form in which its examples are read and printed.
    pub kind: MediaKind,
}

/// The form in which examples of a media type are read and printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// `application/json` and all `+json`: a JSON value.
    // RFC 6839 §3.1: the suffix `+json` marks a body of JSON.
    Json,
    /// `multipart/form-data`: an object of parts.
    Multipart,
    /// `application/x-www-form-urlencoded`: an object.
    Form,
    /// Any other text: a string.
    Text,
    /// Bytes: the name of a file.
    Binary,
}

/// A named example.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The name that it shares with other examples of the endpoint; often `default`.
    pub name: String,
    /// The value; for text a string, for binary a string that is a file's name.
    pub value: Value,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// `200`, `4XX`, or `default`.
    pub status: Status,
    /// Its headers.
    pub headers: Vec<Field>,
    /// Its body; one without schema and examples has none.
    pub body: Body,
}

/// The status codes that a response is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One code.
    Code(u16),
    /// A class of codes: `4XX` is 4.
    Range(u8),
    /// Every code without a response of its own.
    Default,
}

/// Prose after the endpoints.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its text.
    pub body: Markdown,
}

impl Api {
    /// Returns a schema, and those that it refers to, from the nearest on.
    pub fn chain<'a>(&'a self, schema: &'a Schema) -> impl Iterator<Item = &'a Schema> {
        // The check refuses chains that end in themselves, so this ends.
        std::iter::successors(Some(schema), |schema| {
            schema.reference.map(|index| &self.schemas[index].schema)
        })
    }

    /// Returns the schema itself: follows [`Schema::reference`] to one that is no reference.
    pub fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        // Not recursive: a chain may be as long as the page has schemas.
        let mut schema = schema;
        // The check refuses chains that end in themselves, so this ends.
        while let Some(index) = schema.reference {
            schema = &self.schemas[index].schema;
        }
        schema
    }
}

impl Method {
    /// Every method, for help texts.
    pub const ALL: [Method; 7] = [
        Method::Get,
        Method::Head,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
        Method::Options,
    ];

    /// Returns its name in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
        }
    }
}

impl Location {
    /// Returns its name in OpenAPI's `in`.
    pub fn as_str(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        }
    }
}

impl Endpoint {
    /// Returns its own auth, if it differs from the page's. That no authentication is needed is a fact
    /// for its callers, so it is left out for an endpoint without samples, such as a webhook.
    pub fn own_auth(&self, api: &Api) -> Option<&Auth> {
        // A webhook is called by the platform, so its readers need no key.
        let is_shown = self.prints_samples
            || self.auth.scheme != AuthScheme::None
            || self.auth.description.is_some();
        // An endpoint's own auth is shown only if it differs: the page shows its auth once, at the
        // top.
        (self.auth != api.auth && is_shown).then_some(&self.auth)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Status::Code(code) => write!(f, "{code}"),
            Status::Range(hundred) => write!(f, "{hundred}XX"),
            Status::Default => f.write_str("default"),
        }
    }
}
