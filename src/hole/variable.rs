//! The values that differ from bot to bot: the rules of each, and its placeholder.

use std::ops::Range;

use serde::Serialize;

use crate::hole::file_name::is_device;
use crate::hole::pattern::{self, Pattern, PatternShape};
use crate::hole::{Hole, MAX_VARIABLES, Values, VariableId, is_reserved};

/// The variable that every project has.
pub const BOT_ID: &str = "bot_id";

/// The pattern of every bot's ID, which is the name of a folder.
pub const BOT_ID_PATTERN: &str = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";

/// The schemes that the value of a variable of type `url` may have.
// No other scheme is HTTP, and `javascript:` in a link of a page would run code.
const URL_SCHEMES: [&str; 2] = ["https://", "http://"];

/// A variable of the project.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The name in `{{ name }}`.
    pub name: String,
    /// The name for people.
    pub title: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// The text of the generic site in its place.
    pub placeholder: String,
    /// The value of a bot that has none of its own.
    pub default: Option<String>,
    /// A value for the proof and for tests.
    pub example: Option<String>,
    /// Whether its values are addresses.
    pub is_url: bool,
    /// The pattern of its values.
    pub pattern: Option<Pattern>,
    /// The greatest number of characters of its values.
    pub max_length: Option<usize>,
    /// Whether a link to the page may set it: never if it decides where an address leads.
    pub from_link: bool,
    /// Why no link may set it although links set variables by default.
    pub not_linked: Option<String>,
    /// Whether it may be a whole segment of a path.
    pub is_segment: bool,
}

/// The rules by which the page checks values as [`Variable::refuses`] does.
#[derive(Clone, Debug, Serialize)]
pub struct VariableRules<'a> {
    /// Whether the value names a bot's folder.
    pub id: bool,
    /// Whether the value is an address.
    pub url: bool,
    /// The greatest number of characters.
    pub longest: Option<usize>,
    /// The pattern, for people.
    pub pattern: Option<&'a str>,
    /// The pattern.
    pub shape: Option<&'a PatternShape>,
    /// Whether a link to the page may set it.
    pub linkable: bool,
    /// Whether it may be a whole segment of a path.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub segment: bool,
}

impl Variable {
    /// Returns the `bot_id` of a project that does not define it.
    pub fn plain_bot_id() -> Variable {
        Variable {
            name: BOT_ID.to_owned(),
            title: None,
            description: None,
            placeholder: "YOUR_BOT_ID".to_owned(),
            default: None,
            example: None,
            is_url: false,
            pattern: None,
            max_length: None,
            // As for any variable: `check` keeps those out of links that decide where an address
            // leads (decision 17).
            from_link: true,
            not_linked: None,
            is_segment: false,
        }
    }

    /// Returns the rules by which the page checks values.
    ///
    /// The author of a link chooses its values, so no value that could send a reader's key to
    /// another host is read from a link.
    pub fn rules(&self) -> VariableRules<'_> {
        let pattern = self.pattern.as_ref();
        let is_id = self.name == BOT_ID;
        let source = pattern.map(|pattern| pattern.source.as_str());
        VariableRules {
            id: is_id,
            url: self.is_url,
            longest: self.max_length,
            pattern: source.or(is_id.then_some(BOT_ID_PATTERN)),
            shape: pattern.map(|pattern| &pattern.shape),
            linkable: self.from_link,
            segment: self.is_segment,
        }
    }

    /// Returns the reason why a value is invalid, if it is.
    pub fn refuses(&self, value: &str) -> Option<String> {
        if let Some(character) = value.chars().find(|&c| is_reserved(c)) {
            return Some(format!(
                "it contains the reserved character U+{:04X}",
                character as u32
            ));
        }
        if self.name == BOT_ID && !is_folder_name(value) {
            return Some(format!(
                "a bot's ID names a folder: letters, digits, `-` and `_`, at most 63, as in {BOT_ID_PATTERN}"
            ));
        }
        if self.name == BOT_ID && is_device(value) {
            return Some(
                "a bot's ID names a folder, and on Windows this names a device".to_owned(),
            );
        }
        if let Some(pattern) = &self.pattern
            && !pattern.matches(value)
        {
            return Some(format!("it does not match the pattern {}", pattern.source));
        }
        if let Some(most) = self.max_length
            && value.chars().count() > most
        {
            return Some(format!("it has more than {most} characters"));
        }
        if self.is_url {
            return refused_url(value);
        }
        self.refuses_as_segment(value)
    }

    /// Returns the reason why a value or a placeholder can't be a part of a path, if it can't.
    pub fn refuses_as_segment(&self, value: &str) -> Option<String> {
        // A client removes such parts before it sends the request (RFC 3986, 5.2.4), which would
        // reach another path.
        let leads_elsewhere = self.is_segment && matches!(value, "." | "..");
        leads_elsewhere
            .then(|| "it is a part of a path, and clients resolve `.` and `..` there".to_owned())
    }

    /// Returns whether none of its values needs quoting in any code.
    pub fn is_plain(&self) -> bool {
        let values = [
            Some(&self.placeholder),
            self.default.as_ref(),
            self.example.as_ref(),
        ];
        let pattern = self.pattern.as_ref().is_some_and(Pattern::is_plain);
        (pattern || self.name == BOT_ID)
            && values
                .into_iter()
                .flatten()
                .all(|value| pattern::is_plain(value))
    }

    /// Returns the value of a bot without an own one.
    fn stand_in(&self) -> &str {
        self.default.as_deref().unwrap_or(&self.placeholder)
    }
}

/// Returns whether an ID is within [`BOT_ID_PATTERN`].
fn is_folder_name(value: &str) -> bool {
    let body = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=63).contains(&value.len())
        && value.bytes().all(body)
        && value.as_bytes()[0].is_ascii_alphanumeric()
}

/// Returns whether clients resolve a part of a path as `.` or `..`; the part is in its encoded
/// form.
pub(crate) fn is_dots(part: &str) -> bool {
    // A longer one can't be.
    part.len() <= "%2e%2e".len() && {
        // `%2e` is a dot too in the path of a URL (WHATWG URL, 4.1, "double-dot URL path segment").
        let part = part.to_ascii_lowercase().replace("%2e", ".");
        matches!(part.as_str(), "." | "..")
    }
}

fn refused_url(value: &str) -> Option<String> {
    let rest = URL_SCHEMES
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme));
    let Some(rest) = rest else {
        return Some("an address begins with https:// or http://".to_owned());
    };
    // Clients rewrite other characters, each in its own way, so the page would show another address
    // than the one that is called.
    let printable = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    if !rest.bytes().all(printable) {
        return Some(
            "an address contains no spaces, quotes or letters beyond ASCII; write them as %XX"
                .to_owned(),
        );
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    if path.split('/').any(is_dots) {
        return Some("an address with `.` or `..` in its path, which clients resolve".to_owned());
    }
    let authority = path.split('/').next().unwrap_or_default();
    // `https://bank.example@evil.example` names a host that readers do not notice (RFC 3986, 7.6).
    if authority.contains('@') {
        return Some("an address with a user's name or password".to_owned());
    }
    (!is_host(authority)).then(|| "the address names no host".to_owned())
}

/// Returns whether a text is a host with an optional port: a name, or an IPv6 address in brackets.
fn is_host(text: &str) -> bool {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let inside = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
    let bracketed = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    let (is_right, port) = match bracketed {
        Some((address, rest)) => (!address.is_empty() && address.bytes().all(inside), rest),
        None => {
            let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (!host.is_empty() && host.bytes().all(name), port)
        }
    };
    let is_port = |port: &str| {
        (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    is_right && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

/// The variables of the project, in the order they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables(Vec<Variable>);

/// Text in which variables are markers, with the places of its parts in the source.
#[derive(Clone, Debug, Default)]
pub struct ResolvedText {
    /// The text with markers.
    pub text: String,
    /// After each replaced part: its end in `text`, and its end in the source.
    shifts: Vec<(usize, usize)>,
}

impl ResolvedText {
    /// Returns a text without variables, in which braces are text.
    pub fn literal(text: &str) -> ResolvedText {
        ResolvedText {
            text: text.to_owned(),
            shifts: Vec::new(),
        }
    }

    /// Returns the range in the source of a range of this text.
    pub fn written(&self, range: Range<usize>) -> Range<usize> {
        let back = |offset: usize| {
            let index = self.shifts.partition_point(|&(end, _)| end <= offset);
            let (end, written) = index
                .checked_sub(1)
                .map_or((0, 0), |last| self.shifts[last]);
            written + (offset - end)
        };
        back(range.start)..back(range.end)
    }
}

/// An error in the braces of a text.
#[derive(Debug, PartialEq, Eq)]
pub struct TextFault {
    /// Its place in the text.
    pub range: Range<usize>,
    /// The text between the braces; none if they are not closed.
    pub name: Option<String>,
}

impl Variables {
    /// Takes the project's variables; `None` if there are more than [`MAX_VARIABLES`].
    pub fn new(variables: Vec<Variable>) -> Option<Variables> {
        (variables.len() <= MAX_VARIABLES).then_some(Variables(variables))
    }

    /// Iterates over the variables in order.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.0.iter()
    }

    /// Returns the names, in order.
    pub fn names(&self) -> Vec<&str> {
        self.0
            .iter()
            .map(|variable| variable.name.as_str())
            .collect()
    }

    /// Returns the variable with an ID.
    pub fn get(&self, id: VariableId) -> &Variable {
        &self.0[id.index()]
    }

    /// Returns the ID of the variable with a name.
    pub fn find(&self, name: &str) -> Option<VariableId> {
        let index = self.0.iter().position(|variable| variable.name == name)?;
        VariableId::new(index)
    }

    /// Returns the values of the generic site.
    pub fn placeholders(&self) -> Values {
        self.values(|_| None)
    }

    /// Returns a value for each variable: the given one, else its default or placeholder.
    pub fn values(&self, given: impl Fn(&str) -> Option<String>) -> Values {
        Values::new(self.0.iter().map(|variable| {
            let value = given(&variable.name).unwrap_or_else(|| variable.stand_in().to_owned());
            (variable.name.clone(), value)
        }))
    }

    /// Returns the value that a variable has on the generic site: that of `set`, else its default.
    pub fn known<'v>(&'v self, id: VariableId, set: &'v [(String, String)]) -> Option<&'v str> {
        let variable = self.get(id);
        let mut set = set.iter();
        let given = set.find(|(name, _)| *name == variable.name);
        let given = given.map(|(_, value)| value.as_str());
        given.or(variable.default.as_deref())
    }

    /// Returns the values of a bot, or of the generic site, with those of `set` by name.
    pub fn values_of(&self, bot: Option<&str>, set: &[(String, String)]) -> Values {
        self.values(|name| match name {
            BOT_ID => bot.map(str::to_owned),
            _ => {
                let set = set.iter().find(|(other, _)| other == name);
                set.map(|(_, value)| value.clone())
            }
        })
    }

    /// Replaces each `{{ name }}` by its marker and each `\{{` by `{{`; reports all other braces.
    pub fn resolve(&self, written: &str, faults: &mut Vec<TextFault>) -> ResolvedText {
        let mut resolved = ResolvedText::default();
        let mut from = 0;
        // No braces close after the last `}}`, so it is searched only once.
        let last_close = written.rfind("}}");
        while let Some(open) = written[from..].find("{{").map(|at| from + at) {
            let escaped = written[from..open].ends_with('\\');
            resolved
                .text
                .push_str(&written[from..open - usize::from(escaped)]);
            let (part, end) = if escaped {
                ("{{".to_owned(), open + 2)
            } else {
                let closes = last_close.is_some_and(|last| open <= last);
                let close = closes.then(|| written[open..].find("}}").map(|at| open + at));
                self.resolve_one(written, open, close.flatten(), faults)
            };
            resolved.text.push_str(&part);
            resolved.shifts.push((resolved.text.len(), end));
            from = end;
        }
        resolved.text.push_str(&written[from..]);
        resolved
    }

    fn resolve_one(
        &self,
        written: &str,
        open: usize,
        close: Option<usize>,
        faults: &mut Vec<TextFault>,
    ) -> (String, usize) {
        let Some(close) = close else {
            faults.push(TextFault {
                range: open..open + 2,
                name: None,
            });
            return ("{{".to_owned(), open + 2);
        };
        let name = written[open + 2..close].trim();
        match self.find(name) {
            Some(id) => (Hole::new(id).marker().to_string(), close + 2),
            None => {
                faults.push(TextFault {
                    range: open..close + 2,
                    name: Some(name.to_owned()),
                });
                (written[open..close + 2].to_owned(), close + 2)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        Variables::new(vec![Variable::plain_bot_id()]).unwrap()
    }

    #[test]
    fn variables_become_markers_and_places_are_kept() {
        let mut faults = Vec::new();
        let resolved = variables().resolve(r"é {{ bot_id }} \{{ x }} {{bot_id}}!", &mut faults);
        assert_eq!(faults, []);
        let marker = Hole::new(VariableId::new(0).unwrap()).marker();
        assert_eq!(resolved.text, format!("é {marker} {{{{ x }}}} {marker}!"));
        let end = resolved.text.len();
        assert_eq!(resolved.written(end - 1..end), 35..36);
        assert_eq!(resolved.written(0..2), 0..2);
    }

    #[test]
    fn anything_else_between_braces_is_a_fault() {
        for text in ["{{ 7*7 }}", "{{}}", "{{ bot_di }}", "{{ open"] {
            let mut faults = Vec::new();
            assert_eq!(variables().resolve(text, &mut faults).text, text);
            assert_eq!(faults.len(), 1, "{text}");
        }
    }

    #[test]
    fn a_bot_id_that_could_leave_its_folder_is_refused() {
        let variables = variables();
        let bot_id = variables.iter().next().unwrap();
        let long = "a".repeat(64);
        for id in [
            "", ".", "..", "../x", "a/b", "/abs", "con", "AUX", "com1", "a b", "é", "-a", &long,
            "a\0",
        ] {
            assert!(bot_id.refuses(id).is_some(), "{id}");
        }
        for id in [
            "a",
            "019dd3d4-4b7e-71eb-9561-5cf790a5da57",
            "A_1",
            "console",
            "com10",
        ] {
            assert_eq!(bot_id.refuses(id), None, "{id}");
        }
    }

    /// A row of `tests/values.json`, which the browser's test reads too.
    #[derive(serde::Deserialize)]
    struct Row {
        name: String,
        #[serde(default)]
        url: bool,
        pattern: Option<String>,
        max_length: Option<usize>,
        #[serde(default)]
        segment: bool,
        right: Vec<String>,
        wrong: Vec<String>,
    }

    #[test]
    fn values_are_judged_as_the_table_says() {
        let rows: Vec<Row> = serde_json::from_str(include_str!("../../tests/values.json")).unwrap();
        for row in rows {
            let variable = Variable {
                name: row.name,
                is_url: row.url,
                pattern: row.pattern.map(|source| Pattern::parse(&source).unwrap()),
                max_length: row.max_length,
                is_segment: row.segment,
                ..Variable::plain_bot_id()
            };
            for value in row.right {
                assert_eq!(
                    variable.refuses(&value),
                    None,
                    "{}: {value:?}",
                    variable.name
                );
            }
            for value in row.wrong {
                assert!(
                    variable.refuses(&value).is_some(),
                    "{}: {value:?}",
                    variable.name
                );
            }
        }
    }

    #[test]
    fn an_address_keeps_to_its_schemes() {
        let url = Variable {
            is_url: true,
            name: "u".to_owned(),
            ..variables().0.remove(0)
        };
        for value in [
            "javascript:alert(1)",
            "ftp://x",
            "https://",
            "https:///x",
            "https://a b",
            "https://\"x",
        ] {
            assert!(url.refuses(value).is_some(), "{value}");
        }
        assert_eq!(url.refuses("https://a.example/%20?x=1&y#z"), None);
    }
}
