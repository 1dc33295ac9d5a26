//! The `variables` of `site.yaml`: what each may be, and which a link to a page may bring.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::hole::pattern::{Pattern, PatternError};
use crate::hole::variable::{BOT_ID, Variable, Variables};
use crate::hole::{Hole, MAX_VARIABLES, VariableId};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::sample::{Payload, merged, names_files, texts};
use crate::model::{Api, Body, Content, Endpoint, Location, Parameter, Schema};

use super::origin;
use super::page::Checked;
use super::reader::{Braces, Map, Reader};

pub(super) const VARIABLE_KEYS: &[&str] = &[
    "title",
    "description",
    "type",
    "pattern",
    "max_length",
    "placeholder",
    "default",
    "example",
    "from_link",
];

/// Reads the variables, which all other texts may name; every project has `bot_id`.
pub(super) fn variables(site: &Node, inputs: &Inputs, report: &mut Report) -> Variables {
    let none = Variables::default();
    let mut reader = Reader::new(&inputs.sources, &none, report);
    let mut variables = Vec::new();
    let node = site.value.get("variables");
    let entries = node.and_then(|node| reader.entries(node));
    let entries = entries.unwrap_or_default();
    let place = node.map_or(site.place, |node| node.place);
    let says_bot_id = entries.iter().any(|entry| entry.key == BOT_ID);
    let count = entries.len() + usize::from(!says_bot_id);
    if !says_bot_id {
        variables.push(Variable::plain_bot_id());
    }
    reader.is_few(count, MAX_VARIABLES, "variables, `bot_id` included", place);
    // Those beyond are passed over, so that the names of the others are known.
    for entry in entries.iter().take(MAX_VARIABLES - variables.len()) {
        variables.extend(reader.variable(entry));
    }
    if !variables.iter().any(|variable| variable.name == BOT_ID) {
        // Its own entry has a fault.
        variables.truncate(MAX_VARIABLES - 1);
        variables.insert(0, Variable::plain_bot_id());
    }
    Variables::new(variables).unwrap_or_default()
}

/// The variables, of which a link brings none that decides where an address leads; reports one whose
/// `from_link` asks for that.
pub(super) fn kept_from_links(
    variables: &Variables,
    site: &Node,
    (inputs, pages): (&Inputs, &[Arc<Checked>]),
    report: &mut Report,
) -> Variables {
    let asked = site.value.get("variables").map(|node| &node.value);
    let sent: Vec<_> = pages.iter().flat_map(|page| sent(page)).collect();
    let mut variables: Vec<Variable> = variables.iter().cloned().collect();
    let literal = pages.iter().filter(|page| page.braces == Braces::Literal);
    let literal: HashSet<&str> = literal.map(|page| page.text.path.as_str()).collect();
    let files = inputs.sources.iter();
    let files = files.filter(|file| !literal.contains(file.path.as_str()));
    let readings = files.map(|file| (file, origin::readings(&file.text)));
    let readings: Vec<_> = readings.collect();
    let linked = variables.iter_mut().enumerate();
    for (index, variable) in linked.filter(|(_, variable)| variable.from_link) {
        let name = &variable.name;
        let place = |texts: &[Cow<'_, str>]| {
            let decides =
                |text: &Cow<'_, str>| Some(line(text, origin::decides(text, name)?, &texts[0]));
            texts.iter().find_map(decides)
        };
        let reason = match &*readings {
            _ if variable.is_url => Some("it is an address (`type: url`)".to_owned()),
            _ if origin::is_of_address(name) => Some("its name is one of an address".to_owned()),
            readings => readings
                .iter()
                .find_map(|(file, texts)| Some((&file.path, place(texts)?)))
                .map(|(path, line)| {
                    let place = line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
                    format!("it decides in {place} where an address leads")
                })
                .or_else(|| {
                    let of_variable = sent.iter().find(|(id, _)| id.index() == index);
                    of_variable.map(|(_, reason)| reason.clone())
                }),
        };
        let Some(reason) = reason else {
            continue;
        };
        variable.from_link = false;
        let written = asked.and_then(|asked| asked.get(name));
        if let Some(asked) = written.and_then(|node| node.value.get("from_link")) {
            let message = format!("no link may bring `{name}`: {reason}");
            let fault = Diagnostic::error(Code::ConflictingKeys, asked.span, message);
            report.push(fault.help("take `from_link` out: readers enter the value themselves, so that nobody else chooses where their keys go, or which of their files are sent"));
        } else {
            variable.not_linked = Some(reason);
        }
    }
    Variables::new(variables).unwrap_or_default()
}

/// The number of the line that an offset of a reading is in; none where the text itself has other lines.
fn line(reading: &str, at: usize, text: &str) -> Option<usize> {
    let lines = |text: &str| text.matches('\n').count();
    (lines(reading) == lines(text)).then(|| lines(&reading[..at]) + 1)
}

/// The variables that a link may bring and that decide, in the text of a page, where an address leads.
pub fn deciding<'v>(text: &str, variables: &'v Variables) -> Vec<&'v Variable> {
    let linked = variables.iter().filter(|it| it.from_link);
    let mut linked: Vec<_> = linked
        .filter(|it| text.contains(&format!("{{{{ {} }}}}", it.name)))
        .collect();
    if !linked.is_empty() {
        let readings = origin::readings(text);
        let decides = |name: &str| {
            readings
                .iter()
                .any(|text| origin::decides(text, name).is_some())
        };
        linked.retain(|it| decides(&it.name));
    }
    linked
}

/// The variables that decide what the requests of a page lead to or read, each with the reason why no
/// link brings it.
fn sent(page: &Checked) -> Vec<(VariableId, String)> {
    let Some(Content::Api(api)) = page.page.as_ref().map(|page| &page.content) else {
        return Vec::new();
    };
    let path = &page.text.path;
    let mut found = Vec::new();
    for endpoint in &api.endpoints {
        let headers = endpoint.parameters.iter().filter(|parameter| {
            parameter.location == Location::Header && origin::names_host(&parameter.field.name)
        });
        for header in headers {
            let name = &header.field.name;
            let reason = || format!("it names a host in {path}, in the header `{name}`");
            let hosts = in_hosts(header).into_iter();
            found.extend(hosts.map(|variable| (variable, reason())));
        }
        let reason = || format!("it names a file in {path} that samples send or write");
        let files = in_files(api, endpoint).into_iter();
        found.extend(files.map(|variable| (variable, reason())));
    }
    found
}

/// The variables in the values of a header that are a part of a host.
fn in_hosts(header: &Parameter) -> Vec<VariableId> {
    let Schema {
        constant,
        values,
        default,
        ..
    } = &header.field.schema;
    let sent = [
        &header.field.example,
        &header.stream_example,
        constant,
        default,
    ];
    let texts = sent.into_iter().flatten().chain(values).flat_map(texts);
    let mut found = Vec::new();
    for text in texts {
        found.extend(text.char_indices().filter_map(|(at, character)| {
            let hole = Hole::from_marker(character)?;
            origin::is_in_host(&text[..at]).then_some(hole.variable)
        }));
    }
    found
}

/// The variables in the names of the files that samples of an endpoint send, and write answers to.
fn in_files(api: &Api, endpoint: &Endpoint) -> BTreeSet<VariableId> {
    let mut found = BTreeSet::new();
    let mut see = |body: &Body, value: &Json| {
        for (_, file) in Payload::new(api, body, value).files() {
            let holes = file.chars().filter_map(Hole::from_marker);
            found.extend(holes.map(|hole| hole.variable));
        }
    };
    let patch = endpoint.stream.as_ref().and_then(|it| it.request.as_ref());
    for body in endpoint.request.iter().filter(|it| names_files(it)) {
        for example in &body.examples {
            see(body, &example.value);
            if let Some(patch) = patch {
                see(body, &merged(&example.value, patch));
            }
        }
    }
    let responses = endpoint.responses.iter().map(|response| &response.body);
    for body in responses.filter(|it| names_files(it)) {
        body.examples.iter().for_each(|it| see(body, &it.value));
    }
    found
}

impl Reader<'_> {
    fn variable(&mut self, entry: &MapEntry) -> Option<Variable> {
        let name = &entry.key;
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.bytes().all(fits) {
            let help =
                "a variable's name is lower-case letters, digits and `_`, and begins with a letter";
            self.error(
                Code::InvalidId,
                entry.key_span,
                format!("`{name}` can't name a variable"),
                help,
            );
            return None;
        }
        let map = self.map(&entry.value, "a variable", VARIABLE_KEYS)?;
        let types = [("string", false), ("url", true)];
        let word = |reader: &mut Self, key: &str| {
            map.get(key)
                .and_then(|node| reader.word(node))
                .map(str::to_owned)
        };
        let title = word(self, "title");
        let variable = Variable {
            name: name.clone(),
            description: word(self, "description"),
            placeholder: word(self, "placeholder")
                .unwrap_or_else(|| format!("YOUR_{}", name.to_uppercase())),
            default: word(self, "default"),
            example: word(self, "example"),
            is_url: map
                .get("type")
                .and_then(|node| self.choice(node, "type of variable", &types))
                .unwrap_or(false),
            pattern: map.get("pattern").and_then(|node| self.pattern(node)),
            max_length: map
                .get("max_length")
                .and_then(|node| self.count(node))
                .map(|count| count as usize),
            title,
            from_link: map
                .get("from_link")
                .and_then(|node| self.boolean(node))
                .unwrap_or(name == BOT_ID),
            not_linked: None,
            is_segment: self
                .sources
                .iter()
                .any(|file| origin::is_segment(&file.text, name)),
        };
        if let Some(reason) = variable.refuses_as_segment(&variable.placeholder) {
            let message = format!(
                "the placeholder of `{}` is no value that it may have",
                variable.name
            );
            let place = map
                .get("placeholder")
                .map_or(entry.key_span, |node| node.span);
            let fault = Diagnostic::error(Code::InvalidVariableValue, place, message);
            self.report.push(fault.help(reason));
        }
        for key in ["default", "example"] {
            self.variable_value(&variable, &map, key);
        }
        Some(variable)
    }

    fn variable_value(&mut self, variable: &Variable, map: &Map<'_>, key: &str) {
        let Some(node) = map.get(key) else { return };
        let Value::String(value) = &node.value else {
            return;
        };
        if let Some(reason) = variable.refuses(value) {
            let message = format!(
                "the {key} of `{}` is no value that it may have",
                variable.name
            );
            self.report.push(
                Diagnostic::error(Code::InvalidVariableValue, node.span, message).help(reason),
            );
        }
    }

    fn pattern(&mut self, node: &Node) -> Option<Pattern> {
        let source = self.word(node)?;
        match Pattern::parse(source) {
            Ok(pattern) => Some(pattern),
            Err(PatternError::NotShared(reason)) => {
                let message = "not a pattern that Rust and JavaScript read alike";
                self.error(Code::InvalidPattern, node.span, message, reason);
                None
            }
            Err(PatternError::TooLarge) => {
                let message =
                    "a pattern of more than 5,000 states, with its repetitions written out";
                let help =
                    "let it repeat less: a browser goes through its states for each character";
                self.error(Code::InputTooLarge, node.span, message, help);
                None
            }
        }
    }
}
