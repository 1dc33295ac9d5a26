//! Diagnostics about the project's files as data, and the only code that formats them.

mod level;
mod machine;
mod printable;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{
    AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, renderer::DecorStyle,
};

use crate::input::explain::Code;
use crate::input::meant::Suggestions;
use crate::input::secret::{self, KnownKeys};
use crate::input::source::{FileId, Sources, Span, Spans};

use machine::{github_command, json_object};
use printable::{drawn_length, in_source};

pub use level::{Levels, WARNINGS, WarningLevel};
pub use printable::{printable, printable_json, printable_lines, printable_path};

/// How severe a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No site is built.
    Error,
    /// The site is built, but probably not as intended; `--strict` makes it an error.
    Warning,
}

/// A place and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The text at the place; may be empty.
    pub text: String,
}

/// A message about the project's files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a diagnostic must be reported"]
pub struct Diagnostic {
    /// Its severity.
    pub severity: Severity,
    /// The kind of the error, for programs and for `botdocs explain`.
    pub code: Code,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// The places; the first is where to correct it, the others explain it.
    pub labels: Vec<Label>,
    /// A file that does not exist, or has no text to point into.
    pub path: Option<String>,
    /// How to correct it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Creates an error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        let label = Label {
            span,
            text: String::new(),
        };
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            labels: vec![label],
            path: None,
            help: None,
        }
    }

    /// Creates a warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, span, message)
        }
    }

    /// Creates an error about a file as a whole.
    pub fn about_file(
        code: Code,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            labels: Vec::new(),
            path: Some(path.into()),
            help: None,
        }
    }

    /// Sets the text of the first place.
    pub fn label(mut self, text: impl Into<String>) -> Diagnostic {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Adds another place.
    pub fn and(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Sets the help.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Sets the help, if there is one.
    pub fn maybe_help(mut self, help: Option<String>) -> Diagnostic {
        self.help = help.or(self.help);
        self
    }
}

/// All diagnostics of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    all: Vec<Diagnostic>,
    /// How many errors were counted without keeping them.
    left_out: usize,
    suggestions: Suggestions,
    leveled: level::Leveled,
}

impl Report {
    /// Adds a diagnostic, and masks the keys that it quotes. Paths are masked only when they are
    /// formatted, since an editor needs the real path.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        let texts = diagnostic.labels.iter_mut().map(|label| &mut label.text);
        for text in texts
            .chain([&mut diagnostic.message])
            .chain(&mut diagnostic.help)
        {
            if let Cow::Owned(masked) = secret::masked(text) {
                *text = masked;
            }
        }
        self.all.extend(self.leveled.at_level(diagnostic));
    }

    /// Returns an empty report that shares the limit of suggestions with this one, until it is
    /// added to it.
    pub fn part(&mut self) -> Report {
        Report {
            suggestions: std::mem::take(&mut self.suggestions),
            ..Report::default()
        }
    }

    /// Adds all diagnostics of another report.
    pub fn extend(&mut self, other: Report) {
        self.all.extend(other.all);
        self.left_out += other.left_out;
        self.suggestions.add(&other.suggestions);
        self.leveled.add(other.leveled);
        self.apply_levels();
    }

    /// Returns the candidate that a name was most likely meant to be, while the limit of work
    /// allows.
    pub fn nearest<'c>(
        &mut self,
        name: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        self.suggestions.nearest(name, candidates)
    }

    /// Returns whether it contains an error.
    pub fn has_errors(&self) -> bool {
        let mut all = self.all.iter();
        self.left_out > 0 || all.any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Returns the number of kept diagnostics.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns whether it contains an error from the `first` diagnostic on.
    pub fn has_errors_since(&self, first: usize) -> bool {
        let mut new = self.all[first..].iter();
        new.any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Turns errors from the `first` on into warnings, except those of these kinds.
    pub fn allow_since(&mut self, first: usize, but: &[Code]) {
        for diagnostic in &mut self.all[first..] {
            if !but.contains(&diagnostic.code) {
                diagnostic.severity = Severity::Warning;
            }
        }
    }

    /// Adds the name of a bot to the messages from the `first` on that don't contain it.
    pub fn name_since(&mut self, first: usize, bot: &str) {
        let bot = secret::masked(bot);
        let name = format!("`{bot}`");
        for diagnostic in &mut self.all[first..] {
            if !bot.is_empty() && !diagnostic.message.contains(&name) {
                diagnostic.message = format!("bot {name}: {}", diagnostic.message);
            }
        }
    }

    /// Counts errors without keeping them: a list of bots can have a million.
    pub fn leave_out(&mut self, errors: usize) {
        self.left_out += errors;
    }

    /// Returns whether it contains no diagnostic.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.left_out == 0
    }

    /// Returns the diagnostics, in the order they were added until [`sort`](Self::sort).
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// Returns the diagnostics that another report does not contain.
    pub fn without(&self, other: &Report) -> Report {
        let new = self.all.iter().filter(|it| !other.all.contains(it));
        Report {
            all: new.cloned().collect(),
            left_out: self.left_out.saturating_sub(other.left_out),
            ..Report::default()
        }
    }

    /// Turns each warning into an error.
    pub fn deny_warnings(&mut self) {
        for diagnostic in &mut self.all {
            diagnostic.severity = Severity::Error;
        }
    }

    /// Sorts by file and position, and removes duplicates.
    pub fn sort(&mut self, sources: &Sources) {
        let key = |diagnostic: &Diagnostic| {
            let first = diagnostic.labels.first();
            let path = first.map(|label| sources.get(label.span.file).path.clone());
            let path = path.or_else(|| diagnostic.path.clone()).unwrap_or_default();
            let range = first.map_or(0..0, |label| label.span.range());
            let line = first.map(|label| sources.get(label.span.file).first_line());
            (
                path,
                line,
                range.start,
                range.end,
                diagnostic.code.as_str(),
                diagnostic.message.clone(),
            )
        };
        for all in [&mut self.all, &mut self.leveled.off] {
            all.sort_by_cached_key(key);
            all.dedup();
        }
        self.drop_consequences();
    }

    /// Removes consequences of another error in the same text: what is not a number is not text
    /// either.
    fn drop_consequences(&mut self) {
        let causes = [
            Code::InvalidNumber,
            Code::InvalidBoolean,
            Code::UnknownTag,
            Code::UnquotedVariable,
        ];
        let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span);
        let causes = self.all.iter().filter(|one| causes.contains(&one.code));
        let causes: Spans = causes.filter_map(place).collect();
        self.all.retain(|diagnostic| {
            let follows = || place(diagnostic).is_some_and(|place| causes.contain(place));
            diagnostic.code != Code::WrongType || !follows()
        });
    }

    /// Returns the numbers of errors and of warnings.
    pub fn counts(&self) -> (usize, usize) {
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
        let errors = self.all.iter().filter(is_error).count();
        (errors + self.left_out, self.all.len() - errors)
    }

    /// Formats the report for people: source lines with carets, as rustc does.
    pub fn to_human(&self, sources: &Sources, style: &HumanStyle) -> String {
        let mut out = String::new();
        for text in self.each_to_human(sources, style) {
            out.push_str(&text);
            out.push_str("\n\n");
        }
        let rest = self.all.len().saturating_sub(SHOWN) + self.left_out;
        if rest > 0 {
            let _ = writeln!(out, "… and {rest} more; fix the ones above first");
        }
        out
    }

    /// Formats the report as [`to_human`](Self::to_human) does, with one text per diagnostic; a long
    /// report is truncated.
    pub fn each_to_human(&self, sources: &Sources, style: &HumanStyle) -> Vec<String> {
        let renderer = if style.color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer
            .decor_style(DecorStyle::Ascii)
            .term_width(style.width);
        let drawing = Drawing {
            renderer,
            width: style.width,
            sources,
            keys: keys(self.all.iter().take(SHOWN), sources),
        };
        let shown = self.all.iter().take(SHOWN);
        let drawn = shown.map(|diagnostic| drawing.human(diagnostic));
        // A carriage return inside a line would let the terminal overwrite the line.
        let lines = drawn.map(|text| text.replace("\r\n", "\n").replace('\r', "\u{240d}"));
        lines.collect()
    }

    /// Formats the report for programs: a JSON list with one object per diagnostic, in the order
    /// of files and places.
    ///
    /// ```json
    /// [
    ///   {
    ///     "severity": "error",
    ///     "code": "duplicate-key",
    ///     "message": "duplicate key `title`",
    ///     "file": "spec/api.yaml",
    ///     "labels": [
    ///       {
    ///         "file": "spec/api.yaml",
    ///         "line": 9, "column": 1, "end_line": 9, "end_column": 6,
    ///         "text": "again here"
    ///       }
    ///     ],
    ///     "help": "remove one of the two, or rename it"
    ///   }
    /// ]
    /// ```
    ///
    /// `severity` is `error` or `warning`. The first label is where to correct it; a diagnostic
    /// about a file as a whole has no label, only `file`. Lines and columns count from 1, columns
    /// in characters; the end is the first character after the place. `text` may be empty, `help`
    /// and `file` null. Keys may be added, never removed.
    pub fn to_json(&self, sources: &Sources) -> String {
        // Formatted one by one: a report can be long, and a tree of it takes ten times the memory.
        let mut out = String::from("[");
        let keys = keys(self.iter(), sources);
        for (index, diagnostic) in self.iter().enumerate() {
            out.push_str(if index == 0 { "\n  " } else { ",\n  " });
            let object = format!("{:#}", json_object(diagnostic, sources, &keys));
            out += &printable_json(&object.replace('\n', "\n  "));
        }
        out.push_str(if self.is_empty() { "]\n" } else { "\n]\n" });
        out
    }

    /// Formats the report as GitHub workflow commands, which show each message at its line;
    /// `locate` returns the path of a file in GitHub's workspace.
    pub fn to_github(&self, sources: &Sources, locate: &dyn Fn(&str) -> String) -> String {
        let keys = keys(self.iter(), sources);
        let shown = |text: &str| keys.masked(text);
        let commands = self.all.iter();
        commands
            .map(|diagnostic| github_command(diagnostic, sources, locate, &shown))
            .collect()
    }
}

/// How many bytes of source are drawn for one diagnostic.
const MOST_DRAWN: usize = 64 * 1024;

/// How many places of one diagnostic are drawn; programs get all of them.
const MOST_PLACES: usize = 3;

/// How many diagnostics are shown to people; the others are counted.
const SHOWN: usize = 100;

/// The style of a report on a terminal.
#[derive(Clone, Copy, Debug)]
pub struct HumanStyle {
    /// With colours.
    pub color: bool,
    /// The width in columns.
    pub width: usize,
}

/// Draws a report for people.
struct Drawing<'a> {
    renderer: Renderer,
    width: usize,
    sources: &'a Sources,
    /// The keys to mask.
    keys: KnownKeys,
}

/// Collects the keys of the files that some diagnostics point into: texts of the shape of a key,
/// and texts that a diagnostic reports as a key because of their name.
fn keys<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>, sources: &Sources) -> KnownKeys {
    let mut files = BTreeSet::new();
    let mut known = KnownKeys::default();
    for diagnostic in diagnostics {
        for label in &diagnostic.labels {
            let text = &sources.get(label.span.file).text;
            files.insert(label.span.file);
            if diagnostic.code == Code::LiveSecret
                && let Some(key) = text.get(label.span.range())
            {
                known.add_key(key);
            }
        }
    }
    for file in files {
        known.add(&sources.get(file).text);
    }
    known
}

impl Drawing<'_> {
    fn shown(&self, text: &str) -> String {
        printable(&self.keys.masked(text))
    }

    fn human(&self, diagnostic: &Diagnostic) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level
            .primary_title(self.shown(&diagnostic.message))
            .id(diagnostic.code.as_str());
        let mut group: Group<'_> = match &diagnostic.path {
            Some(path) => title.element(Origin::path(self.shown(path))),
            None => Group::with_title(title),
        };
        let mut drawn: Vec<FileId> = Vec::new();
        for label in diagnostic.labels.iter().take(MOST_PLACES) {
            if !drawn.contains(&label.span.file) {
                drawn.push(label.span.file);
                group = match self.snippet(diagnostic, label) {
                    Some(snippet) => group.element(snippet),
                    None => group.elements(self.bare_place(label)),
                };
            }
        }
        if let Some(help) = &diagnostic.help {
            // The width of the line number, ` = help: `, and a blank column.
            let width = self.width.saturating_sub(14).max(20);
            let help = wrapped(&self.shown(help), width);
            group = group.element(Element::from(Level::HELP.message(help)));
        }
        self.renderer.render(&[group])
    }

    /// Draws the lines with labels of one file, and passes only these on, so that a file of many
    /// megabytes costs no more than another. Returns nothing if they are too long to be drawn.
    fn snippet<'d>(
        &self,
        diagnostic: &'d Diagnostic,
        first: &Label,
    ) -> Option<Snippet<'d, annotate_snippets::Annotation<'d>>> {
        let file = self.sources.get(first.span.file);
        let labels = diagnostic
            .labels
            .iter()
            .take(MOST_PLACES)
            .filter(|label| label.span.file == first.span.file);
        let ranges = labels.clone().map(|label| label.span.range());
        let start = ranges.clone().map(|range| range.start).min().unwrap_or(0);
        let end = ranges.map(|range| range.start).max().unwrap_or(0);
        let (top, bottom) = (file.line_index(start), file.line_index(end));
        let window = file.lines(top, bottom);
        if window.len() > MOST_DRAWN {
            return None;
        }
        let annotations = labels.enumerate().map(|(index, label)| {
            let kind = if index == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let range = caret(&file.text, label.span);
            let drawn = |at: usize| drawn_length(&file.text[window.start..at]);
            let range = drawn(range.start)..drawn(range.end.min(window.end));
            let text = (!label.text.is_empty()).then(|| self.shown(&label.text));
            kind.span(range).label(text)
        });
        let annotations: Vec<_> = annotations.collect();
        let snippet = Snippet::source(self.without_secrets(first.span.file, window))
            .path(self.shown(&file.path))
            .line_start(file.first_line() + top)
            .annotations(annotations);
        Some(snippet)
    }

    /// Draws a place without its line.
    fn bare_place<'d>(&self, label: &Label) -> Vec<Element<'d>> {
        let file = self.sources.get(label.span.file);
        let (line, column) = file.position(label.span.range().start);
        let origin = Origin::path(self.shown(&file.path))
            .line(line)
            .char_column(column);
        let mut elements = vec![Element::from(origin)];
        if !label.text.is_empty() {
            elements.push(Level::NOTE.message(self.shown(&label.text)).into());
        }
        elements
    }

    /// Returns a part of a file with masked keys, so that a report can be shared.
    fn without_secrets(&self, id: FileId, window: Range<usize>) -> String {
        let text = &self.sources.get(id).text[window];
        let hidden = self.keys.hidden(text);
        let is_hidden = |at: usize| {
            // They are sorted and do not overlap.
            let next = hidden.partition_point(|hidden| hidden.end <= at);
            hidden.get(next).is_some_and(|hidden| hidden.contains(&at))
        };
        let shown = text.char_indices();
        shown
            .map(|(at, c)| {
                if is_hidden(at) && c != '\n' {
                    '*'
                } else {
                    in_source(c)
                }
            })
            .collect()
    }
}

/// Wraps text between words at a number of characters.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// Returns the range to underline: at most one line, and at least one character of it.
fn caret(text: &str, span: Span) -> Range<usize> {
    let start = span.range().start.min(text.len());
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = span.range().end.clamp(start, line_end);
    if end > start {
        return start..end;
    }
    let next = text[start..line_end]
        .chars()
        .next()
        .map_or(0, char::len_utf8);
    start..start + next
}
fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
