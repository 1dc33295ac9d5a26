//! The routes of the mock: the endpoints of all pages, and where a request names its bot.

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

/// All routes of the mock.
pub struct Routes {
    pub(super) routes: Vec<Route>,
    pub(super) values: Values,
    /// The variable of the bot.
    pub(super) bot: Option<(VariableId, Variable)>,
    /// The pages, whose schemas those of bodies reference.
    pub(super) apis: Vec<Api>,
}

/// An endpoint at a path.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: Vec<Segment>,
    /// The index of its page in [`Routes::apis`], and of the endpoint in that page.
    pub(super) place: (usize, usize),
    pub(super) rules: Arc<RequestRules>,
    pub(super) replies: Vec<Reply>,
    pub(super) stream: Option<Streamed>,
}

/// A segment of a path: text, and values with text after each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    start: String,
    values: Vec<(PathSlot, String)>,
}

/// The meaning of a value in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PathSlot {
    /// The value of a variable; any is accepted.
    Variable(VariableId),
    /// The value of a path parameter.
    Parameter(String),
}

/// The values that a path has for those of a route.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct InPath<'p> {
    /// The value of the bot's variable.
    pub(super) bot: Option<&'p str>,
    /// The values of parameters, by name.
    pub(super) parameters: Vec<(&'p str, &'p str)>,
}

impl Routes {
    /// Builds the routes of a model, with values for its variables.
    pub fn new(model: &Model, values: Values) -> Routes {
        let bot = model.variables.find(BOT_ID);
        let bot = bot.map(|id| (id, model.variables.get(id).clone()));
        let mut apis = Vec::new();
        let mut routes = Vec::new();
        for api in model.apis() {
            // One set per page, so that a schema that several endpoints share is compiled once.
            let mut validators = Validators::of_page();
            for (index, endpoint) in api.endpoints.iter().enumerate() {
                let place = (apis.len(), index);
                let rules = Arc::new(RequestRules::new(api, endpoint, &mut validators));
                let mut paths: Vec<Vec<Segment>> = Vec::new();
                for server in &endpoint.servers {
                    let base = base_path(&server.url, &values);
                    let path = segments(&format!("{base}{}", endpoint.path));
                    // Several base URLs often differ only in their host.
                    if !paths.contains(&path) {
                        routes.push(Route::new(api, endpoint, place, &rules, path.clone()));
                        paths.push(path);
                    }
                }
            }
            apis.push(Api::clone(api));
        }
        // Of two matching paths, the one with more literal text takes precedence.
        routes.sort_by_key(|route| route.path.iter().map(Segment::openness).sum::<usize>());
        Routes {
            routes,
            values,
            bot,
            apis,
        }
    }

    /// Returns the number of endpoints.
    pub fn len(&self) -> usize {
        self.apis.iter().map(|api| api.endpoints.len()).sum()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns method and path of each endpoint, with the values of variables; parameters by name.
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

    /// Returns the ID of the bot's variable.
    pub(super) fn bot_id(&self) -> Option<VariableId> {
        self.bot.as_ref().map(|(id, _)| *id)
    }

    /// Returns the values for the caller's bot.
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

    /// Matches a path against this route and returns the values in it; `bot` is the bot's
    /// variable.
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

    /// Parses a segment in which variables are markers and parameters are in braces.
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
        // Compared in decoded form, since clients may escape other characters than the spec.
        let decode =
            |text: &mut String| *text = percent_decode_str(text).decode_utf8_lossy().into();
        decode(&mut segment.start);
        segment.values.iter_mut().for_each(|(_, text)| decode(text));
        segment
    }

    /// Returns the last text.
    fn text(&mut self) -> &mut String {
        match self.values.last_mut() {
            Some((_, text)) => text,
            None => &mut self.start,
        }
    }

    /// Returns how general the segment is: a text least, then values with text around them.
    fn openness(&self) -> usize {
        let has_text = !self.start.is_empty() || self.values.iter().any(|(_, it)| !it.is_empty());
        match (self.values.is_empty(), has_text) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        }
    }

    /// Matches a decoded part and passes its values to `take`. No value is empty; each but the
    /// last ends where the text after it first occurs.
    fn fits<'p>(
        &'p self,
        part: &'p str,
        mut take: impl FnMut(&'p PathSlot, &'p str),
    ) -> Option<()> {
        let mut rest = part.strip_prefix(&*self.start)?;
        let Some(last) = self.values.len().checked_sub(1) else {
            return rest.is_empty().then_some(());
        };
        for (index, (slot, after)) in self.values.iter().enumerate() {
            let first = rest.chars().next()?.len_utf8();
            let end = if index == last {
                rest.len()
                    .checked_sub(after.len())
                    .filter(|&end| end >= first && rest.as_bytes().ends_with(after.as_bytes()))?
            } else {
                // The shortest match without backtracking: the time grows linearly with the length
                // of any path.
                first + rest[first..].find(&**after)?
            };
            take(slot, &rest[..end]);
            rest = &rest[end + after.len()..];
        }
        Some(())
    }
}

/// Returns the path of a base URL, without its host.
pub fn base_path(url: &str, values: &Values) -> String {
    let first = url.chars().next().and_then(Hole::from_marker);
    // A base URL from a variable is known; the text after it may contain the bot.
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

/// Returns the bot that a request names in its body, at the place where the examples have it.
pub(super) fn bot_in_body(body: &Body, value: &Value, bot: Option<VariableId>) -> Option<String> {
    let marker = Hole::new(bot?).marker().to_string();
    let examples = body.examples.iter();
    let mut places = examples.filter_map(|example| pointer_to(&example.value, &marker));
    places.find_map(|pointer| Some(plain(value.pointer(&pointer)?)))
}

/// Returns the place of a text in a value as a JSON pointer.
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

/// Returns whether an endpoint requires authentication.
pub(super) fn requires_auth(endpoint: &Endpoint) -> bool {
    endpoint.auth.scheme != AuthScheme::None
}

/// Returns whether a stream may contain comments.
pub(super) fn takes_comments(format: StreamFormat) -> bool {
    format == StreamFormat::Sse
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the values that a part of a path has for a segment.
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
