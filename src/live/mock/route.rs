//! What the mock answers to: the endpoints of all pages, and where a request names its bot.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::judge::RequestRules;
use super::reply::{Reply, Streamed};
use crate::check::proof::Validators;
use crate::hole::variable::{BOT_ID, Variable};
use crate::hole::{Hole, Unmarked, Values, VariableId};
use crate::model::sample::plain;
use crate::model::{Api, AuthScheme, Body, Endpoint, Method, Model, StreamFormat};

/// All that the mock answers to.
pub struct Routes {
    pub(super) routes: Vec<Route>,
    pub(super) values: Values,
    /// The variable of the bot.
    pub(super) bot: Option<(VariableId, Variable)>,
    /// The schemas that those of bodies refer to, by the page.
    pub(super) apis: Vec<Api>,
}

/// An endpoint at an address.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: Vec<Segment>,
    /// The index of its page in [`Routes::apis`], and its own there.
    pub(super) place: (usize, usize),
    pub(super) rules: Arc<RequestRules>,
    pub(super) replies: Vec<Reply>,
    pub(super) stream: Option<Streamed>,
}

/// A part of a path between two slashes: text, and values with text after each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    start: String,
    values: Vec<(PathSlot, String)>,
}

/// What a value in a path is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PathSlot {
    /// Of a variable; any will do.
    Variable(VariableId),
    /// Of a path parameter.
    Parameter(String),
}

/// What a path has where a route's has values.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct InPath<'p> {
    /// The value of the bot's variable.
    pub(super) bot: Option<&'p str>,
    /// Those of parameters, by name.
    pub(super) parameters: Vec<(&'p str, &'p str)>,
}

impl Routes {
    /// The endpoints of a model, with values for its variables.
    pub fn new(model: &Model, values: Values) -> Routes {
        let bot = model.variables.find(BOT_ID);
        let bot = bot.map(|id| (id, model.variables.get(id).clone()));
        let mut apis = Vec::new();
        let mut routes = Vec::new();
        for api in model.apis() {
            let mut validators = Validators::of_page();
            for (index, endpoint) in api.endpoints.iter().enumerate() {
                let place = (apis.len(), index);
                let rules = Arc::new(RequestRules::new(api, endpoint, &mut validators));
                let mut paths: Vec<Vec<Segment>> = Vec::new();
                for server in &endpoint.servers {
                    let base = base_path(&server.url, &values);
                    let path = segments(&format!("{base}{}", endpoint.path));
                    if !paths.contains(&path) {
                        routes.push(Route::new(api, endpoint, place, &rules, path.clone()));
                        paths.push(path);
                    }
                }
            }
            apis.push(Api::clone(api));
        }
        // Of two paths that fit, the one with more words of its own is meant.
        routes.sort_by_key(|route| route.path.iter().map(Segment::openness).sum::<usize>());
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

    /// Method and path of each, with the values that stand in paths by themselves; parameters by name.
    pub fn addresses(&self) -> impl Iterator<Item = String> {
        self.routes.iter().map(|route| {
            let path = route.path.iter().map(|segment| segment.shown(&self.values));
            let path: Vec<String> = path.collect();
            format!("{} /{}", route.method.as_str(), path.join("/"))
        })
    }

    pub(super) fn endpoint(&self, route: &Route) -> (&Api, &Endpoint) {
        let (api, endpoint) = route.place;
        (&self.apis[api], &self.apis[api].endpoints[endpoint])
    }

    /// The ID of the variable of the bot.
    pub(super) fn bot_id(&self) -> Option<VariableId> {
        self.bot.as_ref().map(|(id, _)| *id)
    }

    /// The values of the caller's bot.
    pub(super) fn values_for(&self, bot: Option<&Unmarked>) -> Values {
        match (self.bot_id(), bot) {
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
        rules: &Arc<RequestRules>,
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

    /// What a path has in place of values, if it is one of this route; `bot` is the bot's variable.
    pub(super) fn fits<'p>(
        &'p self,
        path: &[&'p str],
        bot: Option<VariableId>,
    ) -> Option<InPath<'p>> {
        if path.len() != self.path.len() {
            return None;
        }
        let mut found = InPath::default();
        for (segment, part) in self.path.iter().zip(path) {
            segment.fits(part, |slot, value| match slot {
                PathSlot::Variable(id) if Some(*id) == bot => found.bot = Some(value),
                PathSlot::Variable(_) => {}
                PathSlot::Parameter(name) => found.parameters.push((name, value)),
            })?;
        }
        Some(found)
    }
}

impl Segment {
    fn shown(&self, values: &Values) -> String {
        let mut shown = self.start.clone();
        for (slot, after) in &self.values {
            match slot {
                PathSlot::Variable(id) => shown.push_str(values.get(*id)),
                PathSlot::Parameter(name) => {
                    shown.push('{');
                    shown.push_str(name);
                    shown.push('}');
                }
            }
            shown.push_str(after);
        }
        shown
    }

    /// Reads one of a path in which variables are markers and parameters stand in braces.
    fn new(part: &str) -> Segment {
        let mut segment = Segment {
            start: String::new(),
            values: Vec::new(),
        };
        let mut rest = part.chars();
        while let Some(character) = rest.next() {
            if let Some(hole) = Hole::from_marker(character) {
                let slot = PathSlot::Variable(hole.variable);
                segment.values.push((slot, String::new()));
            } else if let ('{', Some((name, after))) = (character, rest.as_str().split_once('}')) {
                let slot = PathSlot::Parameter(name.to_owned());
                segment.values.push((slot, String::new()));
                rest = after.chars();
            } else {
                segment.text().push(character);
            }
        }
        let decode =
            |text: &mut String| *text = percent_decode_str(text).decode_utf8_lossy().into();
        decode(&mut segment.start);
        segment.values.iter_mut().for_each(|(_, text)| decode(text));
        segment
    }

    /// The text that is last.
    fn text(&mut self) -> &mut String {
        match self.values.last_mut() {
            Some((_, text)) => text,
            None => &mut self.start,
        }
    }

    /// How much it fits: a text the least, then values with text around them.
    fn openness(&self) -> usize {
        let has_text = !self.start.is_empty() || self.values.iter().any(|(_, it)| !it.is_empty());
        match (self.values.is_empty(), has_text) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        }
    }

    /// Tells the values of a decoded part, none of which is empty; each but the last ends where the
    /// text after it begins first.
    fn fits<'p>(
        &'p self,
        part: &'p str,
        mut tell: impl FnMut(&'p PathSlot, &'p str),
    ) -> Option<()> {
        let mut rest = part.strip_prefix(&*self.start)?;
        let Some(last) = self.values.len().checked_sub(1) else {
            return rest.is_empty().then_some(());
        };
        for (index, (slot, after)) in self.values.iter().enumerate() {
            let first = rest.chars().next()?.len_utf8();
            let end = match index == last {
                true => rest
                    .len()
                    .checked_sub(after.len())
                    .filter(|&end| end >= first && rest.as_bytes().ends_with(after.as_bytes()))?,
                false => first + rest[first..].find(&**after)?,
            };
            tell(slot, &rest[..end]);
            rest = &rest[end + after.len()..];
        }
        Some(())
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

fn segments(path: &str) -> Vec<Segment> {
    path.split('/').skip(1).map(Segment::new).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a part of a path has in place of a segment's values.
    fn values<'p>(segment: &'p Segment, part: &'p str) -> Option<Vec<&'p str>> {
        let mut found = Vec::new();
        segment.fits(part, |_, value| found.push(value))?;
        Some(found)
    }

    #[test]
    fn values_stand_between_the_texts_of_a_segment() {
        for (written, part, expected) in [
            ("a", "a", Some(&[][..])),
            ("a", "ab", None),
            ("", "", Some(&[])),
            ("a%20b", "a b", Some(&[])),
            ("{x}", "é", Some(&["é"])),
            ("{x}", "", None),
            ("bot-{x}", "bot-7", Some(&["7"])),
            ("bot-{x}", "bot-", None),
            ("{x}.json", "a.json.json", Some(&["a.json"])),
            ("{x}.json", ".json", None),
            ("{x}.{y}", "a.b.c", Some(&["a", "b.c"])),
            ("{x}.{y}", "..a", Some(&[".", "a"])),
            ("{x}{y}", "éab", Some(&["é", "ab"])),
            ("{x}-{y}:go", "a-b:go:go", Some(&["a", "b:go"])),
            ("{x}é", "aé", Some(&["a"])),
            ("{x}é", "é", None),
            ("{x", "{x", Some(&[])),
        ] {
            let segment = Segment::new(written);
            let found = values(&segment, part);
            assert_eq!(found.as_deref(), expected, "{written} {part}");
        }
    }

    #[test]
    fn a_hole_in_a_segment_is_a_value() {
        let bot = VariableId::new(1).unwrap();
        let segment = Segment::new(&format!("bot-{}-{{n}}", Hole::new(bot).marker()));
        assert_eq!(values(&segment, "bot-zed-3"), Some(vec!["zed", "3"]));
        assert_eq!(segment.values[0].0, PathSlot::Variable(bot));
        assert_eq!(segment.values[1].0, PathSlot::Parameter("n".to_owned()));
    }
}
