//! Bots, and lists of them: YAML, CSV with a header, or JSON Lines.
//!
//! A list gives each bot the values of variables, and perhaps the endpoints that it has. Every
//! fault is reported with its line; nothing is built of a list that has one.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::{Diagnostic, Report, nearest};
use crate::explain::Code;
use crate::hole::Values;
use crate::model::{Content, Model};
use crate::source::{FileId, Sources, Span};
use crate::variable::BOT_ID;
use crate::yaml::{self, Node, Value};

/// The key under which a bot names its endpoints.
const ENDPOINTS: &str = "endpoints";

/// A bot whose ID can name a folder, with a value for every variable.
#[derive(Clone, Debug)]
pub struct Bot {
    /// Its ID.
    pub id: String,
    /// What goes into the holes of its pages.
    pub values: Values,
    /// The endpoints that it has; all of them, where it names none.
    pub endpoints: Option<BTreeSet<String>>,
}

/// How a list of bots is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A list of maps.
    Yaml,
    /// RFC 4180, the first line names the variables.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

impl Format {
    /// The format that a file's name tells, if it tells one.
    pub fn of_name(name: &str) -> Option<Format> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Format::Yaml),
            "csv" => Some(Format::Csv),
            "jsonl" | "ndjson" => Some(Format::JsonLines),
            _ => None,
        }
    }

    /// The format of a list without a name, by how it begins.
    pub fn guess(text: &str) -> Format {
        let text = text.trim_start();
        if text.starts_with('{') {
            Format::JsonLines
        } else if text.starts_with(['-', '#', '[']) {
            Format::Yaml
        } else {
            Format::Csv
        }
    }
}

/// Reads a list of bots; reports every fault of it.
///
/// A variable that a bot gives no value for takes that of `set`, if it is there by name.
pub fn parse(
    sources: &Sources,
    file: FileId,
    format: Format,
    model: &Model,
    set: &[(String, String)],
    report: &mut Report,
) -> Vec<Bot> {
    let text = &sources.get(file).text;
    let endpoints = endpoint_ids(model);
    let (bots, seen) = (Vec::new(), HashMap::new());
    let mut list = List {
        model,
        set,
        endpoints,
        report,
        bots,
        seen,
    };
    match format {
        Format::Yaml => list.read_yaml(sources, file),
        Format::Csv => list.read_csv(text, file),
        Format::JsonLines => list.read_json_lines(sources, file),
    }
    if list.bots.is_empty() && !list.report.has_errors() {
        let span = Span::new(file, 0..0);
        let diagnostic = Diagnostic::error(Code::EmptyValue, span, "a list without bots");
        list.report
            .push(diagnostic.help("leave out `--bots` to build the generic site alone"));
    }
    list.bots
}

/// One value of a bot as it was written.
struct Written<'a> {
    name: &'a str,
    name_span: Span,
    text: &'a str,
    span: Span,
}

struct List<'a> {
    model: &'a Model,
    set: &'a [(String, String)],
    endpoints: BTreeSet<&'a str>,
    report: &'a mut Report,
    bots: Vec<Bot>,
    /// The IDs in lower case, and where each stands.
    seen: HashMap<String, Span>,
}

impl List<'_> {
    fn error(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report
            .push(Diagnostic::error(code, span, message).help(help));
    }

    fn read_yaml(&mut self, sources: &Sources, file: FileId) {
        let Some(node) = yaml::parse_list(sources, file, self.report) else {
            return;
        };
        match &node.value {
            Value::Sequence(items) => items.iter().for_each(|item| self.read_node(item)),
            _ => self.error(
                Code::WrongType,
                node.span,
                format!("{} where a list of bots must stand", node.value.kind()),
                "write a list of maps: - {bot_id: …}",
            ),
        }
    }

    fn read_json_lines(&mut self, sources: &Sources, file: FileId) {
        let text = &sources.get(file).text;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let range = start..start + line.trim_end().len();
            start += line.len();
            if line.trim().is_empty() {
                continue;
            }
            // JSON's grammar first, since YAML's is wider.
            if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(line) {
                let at = range.start + error.column().saturating_sub(1).min(range.len());
                // Columns count bytes, and may point into a character.
                let place = text.floor_char_boundary(at)..text.ceil_char_boundary(at + 1);
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or(&message);
                self.error(
                    Code::InvalidJson,
                    Span::new(file, place),
                    format!("not JSON: {message}"),
                    "each line of JSON Lines is one object",
                );
                continue;
            }
            if let Some(node) = yaml::parse_part(sources, Span::new(file, range), self.report) {
                self.read_node(&node);
            }
        }
    }

    fn read_node(&mut self, node: &Node) {
        let Value::Mapping(entries) = &node.value else {
            let message = format!("{} where a bot must stand", node.value.kind());
            self.error(
                Code::WrongType,
                node.span,
                message,
                "a bot is a map: {bot_id: …}",
            );
            return;
        };
        let mut values = Vec::new();
        let mut endpoints = None;
        for entry in entries {
            match &entry.value.value {
                Value::Sequence(items) if entry.key == ENDPOINTS => {
                    let names = items.iter().filter_map(|item| match &item.value {
                        Value::String(name) => Some((name.as_str(), item.span)),
                        _ => {
                            self.not_text(item);
                            None
                        }
                    });
                    let names: Vec<_> = names.collect();
                    endpoints = Some(self.choose(&names));
                }
                Value::String(text) if entry.key == ENDPOINTS => {
                    endpoints = Some(self.choose(&[(text, entry.value.span)]));
                }
                Value::String(text) => values.push(Written {
                    name: &entry.key,
                    name_span: entry.key_span,
                    text,
                    span: entry.value.span,
                }),
                Value::Null => {}
                _ => self.not_text(&entry.value),
            }
        }
        let has_id = |key: &str| key == BOT_ID;
        let is_told = entries.iter().any(|entry| has_id(&entry.key));
        if is_told && !values.iter().any(|value| has_id(value.name)) {
            // What stands for its ID is no text, which has been reported.
            return;
        }
        self.add(&values, endpoints, node.span);
    }

    fn not_text(&mut self, node: &Node) {
        let help = match &node.value {
            Value::Number(number) => format!("put it in quotes: \"{number}\""),
            Value::Bool(value) => format!("put it in quotes: \"{value}\""),
            _ => "a value of a bot is text".to_owned(),
        };
        let message = format!("{} where text must stand", node.value.kind());
        self.error(Code::WrongType, node.span, message, help);
    }

    fn read_csv(&mut self, text: &str, file: FileId) {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        let Ok(header) = reader.headers().cloned() else {
            return;
        };
        let header_span = line_span(text, file, 0);
        self.csv_header(&header, header_span);
        let mut record = csv::StringRecord::new();
        // The text is UTF-8 and lengths may differ, so no record is an error of the reader's.
        while reader.read_record(&mut record).unwrap_or(false) {
            let start = record
                .position()
                .map_or(0, |position| position.byte() as usize);
            let span = line_span(text, file, start);
            if record.len() != header.len() {
                let message = format!(
                    "{} values, where the header names {}",
                    record.len(),
                    header.len()
                );
                self.error(
                    Code::InvalidCsv,
                    span,
                    message,
                    "put a value that holds commas or line breaks in double quotes",
                );
                continue;
            }
            self.csv_record(&header, &record, span);
        }
    }

    fn csv_header(&mut self, header: &csv::StringRecord, span: Span) {
        for (index, name) in header.iter().enumerate() {
            if header.iter().take(index).any(|other| other == name) {
                self.error(
                    Code::DuplicateKey,
                    span,
                    format!("`{name}` stands in the header twice"),
                    "remove one of the columns",
                );
            }
        }
        if !header.iter().any(|name| name == BOT_ID) {
            self.error(
                Code::MissingKey,
                span,
                format!("no column `{BOT_ID}`"),
                "the first line names the columns: bot_id,…",
            );
        }
        for name in header {
            self.known(name, span);
        }
    }

    fn csv_record(&mut self, header: &csv::StringRecord, record: &csv::StringRecord, span: Span) {
        let mut values = Vec::new();
        let mut endpoints = None;
        for (name, text) in header.iter().zip(record) {
            if name == ENDPOINTS {
                let names: Vec<_> = text
                    .split([' ', ',', ';'])
                    .filter(|name| !name.is_empty())
                    .map(|name| (name, span))
                    .collect();
                endpoints = (!names.is_empty()).then(|| self.choose(&names));
            } else if !text.is_empty() && self.model.variables.find(name).is_some() {
                values.push(Written {
                    name,
                    name_span: span,
                    text,
                    span,
                });
            }
        }
        if header.iter().any(|name| name == BOT_ID) {
            self.add(&values, endpoints, span);
        }
    }

    /// The endpoints of a bot; reports names that no endpoint has.
    fn choose(&mut self, names: &[(&str, Span)]) -> BTreeSet<String> {
        for &(name, span) in names {
            if !self.endpoints.contains(name) {
                let mut diagnostic =
                    Diagnostic::error(Code::UnknownEndpoint, span, format!("no endpoint `{name}`"));
                if let Some(meant) = nearest(name, self.endpoints.iter().copied()) {
                    diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
                }
                let known: Vec<_> = self.endpoints.iter().copied().collect();
                self.report
                    .push(diagnostic.help(format!("the endpoints are: {}", known.join(", "))));
            }
        }
        names.iter().map(|&(name, _)| name.to_owned()).collect()
    }

    fn known(&mut self, name: &str, span: Span) -> bool {
        if name == ENDPOINTS || self.model.variables.find(name).is_some() {
            return true;
        }
        let names = self.model.variables.names();
        let mut diagnostic =
            Diagnostic::error(Code::UnknownVariable, span, format!("no variable `{name}`"));
        if let Some(meant) = nearest(name, names.iter().copied().chain([ENDPOINTS])) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        let help = format!(
            "a bot has `{ENDPOINTS}` and the variables of site.yaml: {}",
            names.join(", ")
        );
        self.report.push(diagnostic.help(help));
        false
    }

    fn add(&mut self, written: &[Written<'_>], endpoints: Option<BTreeSet<String>>, span: Span) {
        for value in written {
            if self.known(value.name, value.name_span) {
                self.judge(value);
            }
        }
        let Some(id) = written.iter().find(|value| value.name == BOT_ID) else {
            self.error(
                Code::MissingKey,
                span,
                "a bot without `bot_id`",
                "add it: its pages stand in bots/ID/",
            );
            return;
        };
        if let Some(&first) = self.seen.get(&id.text.to_ascii_lowercase()) {
            let diagnostic = Diagnostic::error(
                Code::DuplicateId,
                id.span,
                format!("the bot `{}` twice", id.text),
            )
            .and(first, "first here")
            .help("IDs that differ only in case count as one, since they name folders");
            self.report.push(diagnostic);
            return;
        }
        self.seen.insert(id.text.to_ascii_lowercase(), id.span);
        let given = |name: &str| {
            let own = written.iter().find(|value| value.name == name);
            let set = || {
                self.set
                    .iter()
                    .find(|(other, _)| other == name)
                    .map(|(_, value)| value.as_str())
            };
            own.map(|value| value.text).or_else(set).map(str::to_owned)
        };
        let values = self.model.variables.values(given);
        self.bots.push(Bot {
            id: id.text.to_owned(),
            values,
            endpoints,
        });
    }

    fn judge(&mut self, value: &Written<'_>) {
        let Some(id) = self.model.variables.find(value.name) else {
            return;
        };
        if let Some(reason) = self.model.variables.get(id).refuses(value.text) {
            let message = format!(
                "`{}` is no value that `{}` may have",
                value.text, value.name
            );
            self.error(Code::InvalidVariableValue, value.span, message, reason);
        }
    }
}

fn endpoint_ids(model: &Model) -> BTreeSet<&str> {
    let apis = model.pages.iter().filter_map(|page| match &page.content {
        Content::Api(api) => Some(api),
        Content::Guide(_) => None,
    });
    apis.flat_map(|api| &api.endpoints)
        .map(|endpoint| endpoint.id.as_str())
        .collect()
}

/// The line that an offset is in, without its end.
fn line_span(text: &str, file: FileId, start: usize) -> Span {
    let start = start.min(text.len());
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    Span::new(file, start..end)
}
