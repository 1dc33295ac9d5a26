//! Validates the records of a list one by one, in any format of list.

use std::collections::{BTreeSet, HashSet};

use crate::hole::roster::RosterBuilder;
use crate::hole::variable::BOT_ID;
use crate::hole::{Values, VariableId};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load;
use crate::input::meant::{nearest, those};
use crate::input::secret;
use crate::input::source::{Sources, Span};
use crate::input::yaml::{MapEntry, Node, Value};
use crate::model::{KEY_HELP, Model};

use super::limit::{LONGEST_RECORD, LONGEST_TREE, MOST_EXCERPTS};
use super::quote::wrong_quote;

/// The key under which a bot names its endpoints.
pub(super) const ENDPOINTS: &str = "endpoints";

/// How many errors of a list are kept with their lines; the others are counted.
const MOST_KEPT: usize = 1000;

/// How much is shown of a record that is too long.
const BEGINNING: usize = 100;

/// How a list of bots is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// A list of maps.
    Yaml,
    /// RFC 4180, the first line names the variables.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

impl ListFormat {
    /// Returns the format that a file's extension names, if any.
    pub fn of_name(name: &str) -> Option<ListFormat> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(ListFormat::Yaml),
            "csv" => Some(ListFormat::Csv),
            "jsonl" | "ndjson" => Some(ListFormat::JsonLines),
            _ => None,
        }
    }

    /// Returns the format of a list without a name, by how it begins.
    pub fn guess(text: &str) -> ListFormat {
        let text = text.trim_start();
        if text.starts_with('{') {
            ListFormat::JsonLines
        } else if text.starts_with(['-', '#', '[']) {
            ListFormat::Yaml
        } else {
            ListFormat::Csv
        }
    }
}

/// One value of a bot as it was written.
pub(super) struct Written<'a> {
    pub(super) name: &'a str,
    pub(super) name_span: Span,
    pub(super) text: &'a str,
    pub(super) span: Span,
}

/// Checks the records of a list, and adds the correct ones to the roster.
pub(super) struct ListReader<'a> {
    pub(super) path: &'a str,
    pub(super) model: &'a Model,
    /// The variables' names, in the project's order.
    pub(super) names: &'a [&'a str],
    /// The ignored keys and columns.
    pub(super) ignored: HashSet<&'a str>,
    pub(super) skips: bool,
    /// How many errors the report had before the current record.
    pub(super) first: usize,
    /// The values used where a bot has none.
    pub(super) stand_ins: Values,
    pub(super) endpoints: BTreeSet<&'a str>,
    pub(super) sources: &'a mut Sources,
    pub(super) report: &'a mut Report,
    pub(super) roster: RosterBuilder,
    /// How many errors were kept with their lines.
    pub(super) kept: usize,
    /// How many bytes of the list were kept with them.
    pub(super) kept_bytes: usize,
    pub(super) failed: Option<anyhow::Error>,
}

impl ListReader<'_> {
    pub(super) fn error(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report
            .push(Diagnostic::error(code, span, message).help(help));
    }

    /// Adds a part of the list to the sources, and runs `work`, which reports its errors; beyond a
    /// limit, the errors are only counted.
    pub(super) fn excerpt(&mut self, text: &str, line: u32, work: impl FnOnce(&mut Self, Span)) {
        // A list in which every record is wrong must not fill the memory with excerpts; their
        // number is enough to go on.
        let is_counted = self.kept >= MOST_KEPT || self.kept_bytes > MOST_EXCERPTS;
        let (mut sources, mut report) = (Sources::default(), self.report.part());
        if is_counted {
            std::mem::swap(self.sources, &mut sources);
        }
        std::mem::swap(self.report, &mut report);
        let file = self.sources.add_excerpt(self.path, text, line);
        work(self, Span::new(file, 0..text.len()));
        std::mem::swap(self.report, &mut report);
        let (errors, warnings) = report.counts();
        if is_counted {
            std::mem::swap(self.sources, &mut sources);
            self.report.leave_out(errors + warnings);
            let spent = report.part();
            self.report.extend(spent);
        } else {
            self.kept += errors + warnings;
            self.kept_bytes += text.len();
            self.report.extend(report);
        }
    }

    /// Returns bytes as text; invalid UTF-8 is reported and ends the list.
    pub(super) fn text<'t>(&mut self, bytes: &'t [u8], line: u32) -> Option<&'t str> {
        match std::str::from_utf8(bytes) {
            Ok(text) if load::begins_side(text) => {
                let file = self.sources.add_excerpt(self.path, text, line);
                let marker = text.lines().next().unwrap_or_default();
                let marker = Span::new(file, 0..marker.len());
                self.report.push(load::unresolved(marker));
                None
            }
            Ok(text) => Some(text),
            Err(error) => {
                let fault = load::not_text(self.path, bytes, &error, line as usize);
                self.report.push(fault);
                None
            }
        }
    }

    /// Validates a record; `syntax` contains the errors found before.
    pub(super) fn read_node(&mut self, node: &Node, format: ListFormat, syntax: Report) {
        let id = match node.value.get(BOT_ID).map(|node| &node.value) {
            // Of two IDs in one record, either may be the right one.
            _ if syntax.has_errors() => None,
            Some(Value::String(id) | Value::Number(id)) => Some(id.as_str()),
            _ => None,
        };
        self.record(id, |reader| {
            reader.report.extend(syntax);
            reader.judge_node(node, format);
        });
    }

    /// Checks a record with `work`, and adds the bot's name to the reported messages. With `skips`,
    /// a record with errors is skipped.
    pub(super) fn record(&mut self, id: Option<&str>, work: impl FnOnce(&mut Self)) {
        let first = self.report.len();
        self.first = first;
        work(self);
        if let Some(id) = id {
            self.report.name_since(first, id);
        }
        if !self.skips || !self.report.has_errors_since(first) {
            return;
        }
        // Two records for one bot, or for one folder, stay an error: which of them to skip is
        // unknown.
        self.report.allow_since(first, &[Code::DuplicateId]);
        let is_id = |id: &&str| {
            let variables = &self.model.variables;
            let variable = variables.find(BOT_ID);
            variable.is_some_and(|variable| variables.get(variable).refuses(id).is_none())
        };
        self.roster.skip(id.filter(is_id));
    }

    fn judge_node(&mut self, node: &Node, format: ListFormat) {
        let Value::Mapping(entries) = &node.value else {
            let message = format!("expected a bot, found {}", kind(&node.value, format));
            let help = match format {
                ListFormat::JsonLines => "a bot is an object: {\"bot_id\": …}",
                ListFormat::Yaml | ListFormat::Csv => "a bot is a map: {bot_id: …}",
            };
            self.error(Code::WrongType, node.span, message, help);
            return;
        };
        let mut values = Vec::new();
        let mut endpoints = None;
        for entry in entries {
            match &entry.value.value {
                _ if self.is_ignored(&entry.key) => {}
                Value::Sequence(items) if entry.key == ENDPOINTS => {
                    let names = items.iter().filter_map(|item| match &item.value {
                        Value::String(name) => Some((name.as_str(), item.span)),
                        _ => {
                            self.not_text(item, format);
                            None
                        }
                    });
                    let names: Vec<_> = names.collect();
                    endpoints = Some(self.choose(&names, entry.value.span));
                }
                Value::String(text) if entry.key == ENDPOINTS => {
                    let place = entry.value.span;
                    endpoints = Some(self.choose(&[(text, place)], place));
                }
                Value::String(text) => values.push(Written {
                    name: &entry.key,
                    name_span: entry.key_span,
                    text,
                    span: entry.value.span,
                }),
                Value::Number(number) if entry.key != ENDPOINTS && is_integer(number) => {
                    values.push(Written {
                        name: &entry.key,
                        name_span: entry.key_span,
                        text: number,
                        span: entry.value.span,
                    });
                }
                Value::Null => {}
                _ if !self.known(&entry.key, entry.key_span) => {}
                _ => self.not_text(&entry.value, format),
            }
        }
        let has_id = |key: &str| key == BOT_ID;
        let is_id =
            |entry: &MapEntry| has_id(&entry.key) && !matches!(entry.value.value, Value::Null);
        if entries.iter().any(is_id) && !values.iter().any(|value| has_id(value.name)) {
            // The value of its ID is not text, which is reported above.
            return;
        }
        self.add(&values, endpoints, node.span);
    }

    fn not_text(&mut self, node: &Node, format: ListFormat) {
        let help = match &node.value {
            Value::Number(number) => format!("put it in quotes: \"{number}\""),
            Value::Bool(value) => format!("put it in quotes: \"{value}\""),
            _ => "a value of a bot is text".to_owned(),
        };
        let message = format!("expected text, found {}", kind(&node.value, format));
        self.error(Code::WrongType, node.span, message, help);
    }

    /// Adds a bot if it is valid; `values` are indexed by variable.
    pub(super) fn enlist(
        &mut self,
        values: &[Option<&str>],
        chosen: Option<Vec<&str>>,
        line: u32,
    ) -> bool {
        let (variables, public) = (&self.model.variables, &self.model.site.public);
        // The fast path: no places, no allocation for a message. Most lists have no error, and a
        // million records pass here.
        let is_right = variables.iter().zip(values).all(|(variable, value)| {
            let is_right = |value| {
                variable.refuses(value).is_none() && public.key_in(&variable.name, value).is_none()
            };
            value.is_none_or(is_right) && (variable.name != BOT_ID || value.is_some())
        });
        let mut names = chosen.iter().flatten();
        if !is_right || !names.all(|name| self.endpoints.contains(name)) {
            return false;
        }
        let id = self.names.iter().position(|&name| name == BOT_ID);
        let Some(id) = id.and_then(|id| values[id]) else {
            return false;
        };
        let chosen = chosen.map(|names| names.into_iter().map(str::to_owned).collect());
        let chosen = chosen.or_else(|| self.given(values));
        if chosen.as_ref().is_some_and(BTreeSet::is_empty) && self.has_no_guide() {
            return false;
        }
        // Last: the slow path enters the ID itself, and must not find an entry of the fast path.
        if self.roster.enter(id, line).is_some() {
            return false;
        }
        self.push(values, chosen);
        true
    }

    /// Returns the endpoints that a bot has for its values.
    fn given(&self, values: &[Option<&str>]) -> Option<BTreeSet<String>> {
        let value = |variable: VariableId| {
            let own = values.get(variable.index()).copied().flatten();
            Some(own.unwrap_or_else(|| self.stand_ins.get(variable)))
        };
        self.model.choice(value)
    }

    /// Adds a bot to the roster.
    fn push(&mut self, values: &[Option<&str>], chosen: Option<BTreeSet<String>>) {
        let stand_ins = &self.stand_ins;
        let stand_in = |at| VariableId::new(at).map_or("", |id| stand_ins.get(id));
        let values = values.iter().enumerate();
        let values = values.map(|(at, value)| value.unwrap_or_else(|| stand_in(at)));
        if let Err(error) = self.roster.add(values, chosen) {
            self.failed.get_or_insert(error.into());
        }
    }

    /// Returns whether a bot without endpoints has no page.
    fn has_no_guide(&self) -> bool {
        let mut pages = self.model.pages.iter();
        pages.all(|page| page.api().is_some())
    }

    /// Returns the endpoints of a bot, listed at a place; reports unknown names.
    pub(super) fn choose(&mut self, names: &[(&str, Span)], place: Span) -> BTreeSet<String> {
        if names.is_empty() && self.has_no_guide() {
            let help = "list its endpoints, omit `endpoints` to include all, or remove the bot";
            let message = "a bot without endpoints has no page";
            self.error(Code::EmptyValue, place, message, help);
        }
        for &(name, span) in names {
            if self.model.internal_endpoints.contains(name) {
                let message = format!("unknown endpoint `{name}`: it is internal");
                let help = "remove it here, or `internal: true` there; `--internal` includes internal endpoints";
                self.error(Code::UnknownEndpoint, span, message, help);
            } else if !self.endpoints.contains(name) {
                let mut diagnostic = Diagnostic::error(
                    Code::UnknownEndpoint,
                    span,
                    format!("unknown endpoint `{name}`"),
                );
                let known = self.endpoints.iter().copied();
                if let Some(meant) = self.report.nearest(name, known.clone()) {
                    diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
                }
                self.report.push(diagnostic.help(those("endpoints", known)));
            }
        }
        names.iter().map(|&(name, _)| name.to_owned()).collect()
    }

    /// Returns whether a column or key is ignored.
    pub(super) fn is_ignored(&self, name: &str) -> bool {
        self.ignored.contains(name)
    }

    pub(super) fn known(&mut self, name: &str, span: Span) -> bool {
        if name == ENDPOINTS || self.is_ignored(name) || self.model.variables.find(name).is_some() {
            return true;
        }
        let names = self.model.variables.names();
        let mut diagnostic = Diagnostic::error(
            Code::UnknownVariable,
            span,
            format!("unknown variable `{name}`"),
        );
        if let Some(meant) = nearest(name, names.iter().copied().chain([ENDPOINTS])) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        let ignored = if is_plain(name) {
            format!("`--ignore-columns {name}`")
        } else {
            "`ignore` beside the list's `file` in site.yaml".to_owned()
        };
        let help = format!(
            "a bot has `{ENDPOINTS}` and the variables of site.yaml: {}; {ignored} ignores it",
            names.join(", ")
        );
        self.report.push(diagnostic.help(help));
        false
    }

    pub(super) fn add(
        &mut self,
        written: &[Written<'_>],
        endpoints: Option<BTreeSet<String>>,
        span: Span,
    ) {
        for value in written {
            if self.known(value.name, value.name_span) {
                self.judge(value);
            }
        }
        let Some(id) = written.iter().find(|value| value.name == BOT_ID) else {
            self.error(
                Code::MissingKey,
                span,
                "missing key `bot_id` in a bot",
                "add it: the bot's pages are in bots/ID/",
            );
            return;
        };
        let (line, _) = self
            .sources
            .get(id.span.file)
            .position(id.span.range().start);
        // Folders of bots are compared without case: macOS and Windows treat `Ada` and `ada` as
        // one.
        if let Some(first) = self.roster.enter(id.text, line as u32) {
            let message = format!("duplicate bot `{}`", id.text);
            let diagnostic = Diagnostic::error(Code::DuplicateId, id.span, message)
                .label(format!("first on line {first}"))
                .help("IDs that differ only in case are equal, since they are names of folders");
            self.report.push(diagnostic);
            return;
        }
        let of = |name: &&str| written.iter().find(|value| value.name == *name);
        let values: Vec<_> = self.names.iter().map(|name| Some(of(name)?.text)).collect();
        let is_named = endpoints.is_some();
        let endpoints = endpoints.or_else(|| self.given(&values));
        if !is_named && endpoints.as_ref().is_some_and(BTreeSet::is_empty) && self.has_no_guide() {
            let help = "`when` of every endpoint requires other values; change the bot's values, or remove the bot";
            let message = "a bot without endpoints has no page";
            self.error(Code::EmptyValue, span, message, help);
        }
        if !self.skips || !self.report.has_errors_since(self.first) {
            self.push(&values, endpoints);
        }
    }

    fn judge(&mut self, value: &Written<'_>) {
        let Some(id) = self.model.variables.find(value.name) else {
            return;
        };
        if let Some(key) = self.model.site.public.key_in(value.name, value.text) {
            let written = self.sources.text(value.span).find(&value.text[key.clone()]);
            let place = written.map_or(value.span, |at| {
                let start = value.span.range().start + at;
                Span::new(value.span.file, start..start + key.len())
            });
            let (shown, name) = (secret::beginning(value.text, &key), value.name);
            let message = format!("{shown} in `{name}` looks like a live key");
            self.error(Code::LiveSecret, place, message, KEY_HELP);
        } else if let Some(reason) = self.model.variables.get(id).refuses(value.text) {
            let message = format!("`{}` is not a valid value of `{}`", value.text, value.name);
            self.error(Code::InvalidVariableValue, value.span, message, reason);
        }
    }

    /// Reports a record that has no end within the limit, which ends the list; `bytes` are its
    /// first ones.
    pub(super) fn endless(&mut self, bytes: &[u8], line: u32) {
        // A binary file, such as a ZIP archive, is reported as invalid UTF-8 and not as a long
        // record.
        if let Err(error) = std::str::from_utf8(bytes)
            && error.error_len().is_some()
        {
            let fault = load::not_text(self.path, bytes, &error, line as usize);
            self.report.push(fault);
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let quote = wrong_quote(&text).map(|(at, _)| at);
        let quote = quote.filter(|&at| at < BEGINNING && !text.starts_with(['{', '[']));
        let beginning = &text[..text.floor_char_boundary(BEGINNING)];
        let (from, help) = match quote {
            Some(at) => (at, "close the quote that begins here, or shorten the value"),
            None => (
                0,
                "a bot is a line of CSV or JSON Lines: end the line, or shorten its values",
            ),
        };
        self.excerpt(beginning, line, |reader, span| {
            let place = Span::new(span.file, from..beginning.len());
            let message = format!("a record of more than {LONGEST_RECORD} bytes");
            reader.error(Code::InputTooLarge, place, message, help);
        });
    }

    /// Reports a list that is too long to be in memory as a whole.
    pub(super) fn too_long(&mut self) {
        let message = format!("a list of more than {LONGEST_TREE} bytes in YAML or JSON");
        let fault = Diagnostic::about_file(Code::InputTooLarge, self.path, message);
        let help = "write it as CSV or JSON Lines, which are read bot by bot";
        self.report.push(fault.help(help));
    }
}

/// Returns whether a name is one word of a command line as it is, and one name of several with
/// commas.
fn is_plain(name: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.chars().all(is_plain) && !name.is_empty() && !name.starts_with('-')
}

/// Returns whether a number is written in decimal digits alone: only then are its digits the text
/// that the author means.
pub(super) fn is_integer(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain && !digits.is_empty() && (!digits.starts_with('0') || number == "0")
}

/// Returns the name of a value's type in the terms of the list's format.
fn kind(value: &Value, format: ListFormat) -> &'static str {
    match (format, value) {
        (ListFormat::JsonLines, Value::Mapping(_)) => "an object",
        (ListFormat::JsonLines, Value::Sequence(_)) => "an array",
        (_, value) => value.kind(),
    }
}
