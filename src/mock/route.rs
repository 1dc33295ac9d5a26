//! What the mock answers to: the endpoints of all pages, and where a request names its bot.

use std::sync::Arc;

use serde_json::Value;

use super::judge::Rules;
use super::reply::{Reply, Streamed};
use crate::hole::{Hole, Unmarked, Values, VariableId};
use crate::model::{Api, AuthScheme, Body, Content, Endpoint, Method, Model, StreamFormat};
use crate::sample::plain;
use crate::variable::BOT_ID;

/// All that the mock answers to.
pub struct Routes {
    pub(super) routes: Vec<Route>,
    pub(super) values: Values,
    /// The variable of the bot.
    pub(super) bot: Option<VariableId>,
    /// The schemas that those of bodies refer to, by the page.
    pub(super) apis: Vec<Api>,
}

/// An endpoint at an address.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: Vec<Segment>,
    /// The index of its page in [`Routes::apis`], and its own there.
    pub(super) place: (usize, usize),
    pub(super) rules: Arc<Rules>,
    pub(super) replies: Vec<Reply>,
    pub(super) stream: Option<Streamed>,
}

/// A part of a path between two slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// As it is.
    Text(String),
    /// Any value; of the bot, where it is its ID.
    Any { is_bot: bool },
}

impl Routes {
    /// The endpoints of a model, with values for its variables.
    pub fn new(model: &Model, values: Values) -> Routes {
        let bot = model.variables.find(BOT_ID);
        let mut apis = Vec::new();
        let mut routes = Vec::new();
        for page in &model.pages {
            let Content::Api(api) = &page.content else {
                continue;
            };
            for (index, endpoint) in api.endpoints.iter().enumerate() {
                let place = (apis.len(), index);
                let rules = Arc::new(Rules::new(api, endpoint));
                let mut paths: Vec<Vec<Segment>> = Vec::new();
                for server in &endpoint.servers {
                    let base = base_path(&server.url, &values);
                    let path = segments(&format!("{base}{}", endpoint.path), bot, &values);
                    if !paths.contains(&path) {
                        routes.push(Route::new(api, endpoint, place, &rules, path.clone()));
                        paths.push(path);
                    }
                }
            }
            apis.push(Api::clone(api));
        }
        // Of two paths that fit, the one with more words of its own is meant.
        routes.sort_by_key(|route| {
            let any = |segment: &&Segment| matches!(segment, Segment::Any { .. });
            route.path.iter().filter(any).count()
        });
        Routes {
            routes,
            values,
            bot,
            apis,
        }
    }

    /// How many endpoints there are.
    pub fn len(&self) -> usize {
        self.apis.iter().map(|api| api.endpoints.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn endpoint(&self, route: &Route) -> (&Api, &Endpoint) {
        let (api, endpoint) = route.place;
        (&self.apis[api], &self.apis[api].endpoints[endpoint])
    }

    /// The values of the caller's bot.
    pub(super) fn values_for(&self, bot: Option<&Unmarked>) -> Values {
        match (self.bot, bot) {
            (Some(id), Some(bot)) => self.values.with(id, bot),
            _ => self.values.clone(),
        }
    }
}

impl Route {
    fn new(
        api: &Api,
        endpoint: &Endpoint,
        place: (usize, usize),
        rules: &Arc<Rules>,
        path: Vec<Segment>,
    ) -> Route {
        let replies = endpoint.responses.iter();
        Route {
            method: endpoint.method,
            path,
            place,
            rules: Arc::clone(rules),
            replies: replies
                .flat_map(|response| Reply::of(api, response))
                .collect(),
            stream: endpoint.stream.as_ref().map(Streamed::new),
        }
    }

    /// The bot that a path names, if the path is one of this route.
    pub(super) fn fits<'p>(&self, path: &[&'p str]) -> Option<Option<&'p str>> {
        if path.len() != self.path.len() {
            return None;
        }
        let mut bot = None;
        for (segment, part) in self.path.iter().zip(path) {
            match segment {
                Segment::Text(text) if text == part => {}
                Segment::Text(_) => return None,
                Segment::Any { .. } if part.is_empty() => return None,
                Segment::Any { is_bot: true } => bot = Some(*part),
                Segment::Any { is_bot: false } => {}
            }
        }
        Some(bot)
    }
}

/// The path of a base URL, without its host.
pub fn base_path(url: &str, values: &Values) -> String {
    let first = url.chars().next().and_then(Hole::from_marker);
    // An address from a variable is known; what follows may name the bot.
    let url = match first {
        Some(hole) => {
            let rest: String = url.chars().skip(1).collect();
            format!("{}{rest}", values.get(hole.variable))
        }
        None => url.to_owned(),
    };
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.trim_end_matches('/').to_owned()
}

fn segments(path: &str, bot: Option<VariableId>, values: &Values) -> Vec<Segment> {
    let segment = |part: &str| {
        let mut holes = part.chars().filter_map(Hole::from_marker);
        match holes.next() {
            Some(hole) if part.chars().count() == 1 => Segment::Any {
                is_bot: Some(hole.variable) == bot,
            },
            _ if part.contains('{') => Segment::Any { is_bot: false },
            _ => Segment::Text(values.fill(part)),
        }
    };
    path.split('/').skip(1).map(segment).collect()
}

/// The bot that a request names in its body: where the examples have it.
pub(super) fn bot_in_body(body: &Body, value: &Value, bot: Option<VariableId>) -> Option<String> {
    let marker = Hole::new(bot?).marker().to_string();
    let examples = body.examples.iter();
    let mut places = examples.filter_map(|example| pointer_to(&example.value, &marker));
    places.find_map(|pointer| Some(plain(value.pointer(&pointer)?)))
}

/// Where in a value a text stands, as a JSON pointer.
fn pointer_to(value: &Value, text: &str) -> Option<String> {
    match value {
        Value::String(found) => (found == text).then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| Some(format!("/{index}{}", pointer_to(item, text)?))),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            Some(format!("/{name}{}", pointer_to(member, text)?))
        }),
        _ => None,
    }
}

/// Whether an endpoint wants to know who asks.
pub(super) fn wants_proof(endpoint: &Endpoint) -> bool {
    endpoint.auth.scheme != AuthScheme::None
}

/// Whether comments can stand in a stream.
pub(super) fn takes_comments(format: StreamFormat) -> bool {
    format == StreamFormat::Sse
}
