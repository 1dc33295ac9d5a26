//! Reads values from the tree, and reports a diagnostic for each invalid one.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::hole::Hole;
use crate::hole::variable::{ResolvedText, Variable, Variables};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::meant::nearest;
use crate::input::source::{Sources, Span};
use crate::input::yaml::{
    MapEntry, Node, Value, boolean_of_yaml_1_1, is_block_scalar, one_of_two_spellings,
};
use crate::model::UsedVariables;

use super::foreign;
use super::id;
use super::limit;
use super::locator::Locator;
use super::noted::{LinkUse, NameUse};

/// The state of lowering: the texts, the variables, the report, and notes for joining.
///
/// It has nothing else, so the result for a page's file depends on nothing else.
pub(super) struct Reader<'a> {
    pub(super) sources: &'a Sources,
    /// The variables that texts may name; empty while the variables themselves are read.
    pub(super) variables: &'a Variables,
    /// Where to report: an error never ends the reading, so one run shows all of them.
    pub(super) report: &'a mut Report,
    /// Links, to be checked when every page is known.
    pub(super) links: Vec<LinkUse>,
    /// Names in prose, to be checked when every page is known.
    pub(super) names: Vec<NameUse>,
    /// Anchors and their places.
    pub(super) places: HashMap<String, Vec<Span>>,
    /// What double braces are in the page that is being read.
    pub(super) braces: Braces,
    /// The variables in the texts that were read.
    pub(super) used: UsedVariables,
}

/// What `{{ name }}` is in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Braces {
    /// A variable in YAML, also in the front matter of a guide.
    Variables,
    /// A variable in the Markdown of a guide, whose front matter could make it text.
    VariablesOfGuide,
    /// Text, by `braces: literal` in the front matter of the guide.
    Literal,
}

/// A map whose keys have been checked.
pub(super) struct Map<'n> {
    what: &'static str,
    node: &'n Node,
    /// Known keys that a misspelt one was probably meant to be.
    meant: Vec<&'static str>,
}

impl<'n> Map<'n> {
    /// Returns the value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.node.value.get(key)
    }

    /// Returns the map itself.
    pub(super) fn node(&self) -> &'n Node {
        self.node
    }

    /// Returns the place of the map's own key.
    pub(super) fn place(&self) -> Span {
        self.node.place
    }
}

const BOOLEAN: &str = "`true` or `false`";

impl<'a> Reader<'a> {
    pub(super) fn new(
        sources: &'a Sources,
        variables: &'a Variables,
        report: &'a mut Report,
    ) -> Reader<'a> {
        Reader {
            sources,
            variables,
            report,
            links: Vec::new(),
            names: Vec::new(),
            places: HashMap::new(),
            braces: Braces::Variables,
            used: UsedVariables::default(),
        }
    }

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

    /// Reports a value of the wrong kind.
    pub(super) fn wrong_type(&mut self, node: &Node, wanted: &str) {
        let empty = matches!(node.value, Value::Null);
        let span = if empty { node.place } else { node.span };
        let help = match (&node.value, wanted) {
            (Value::Number(number), "text") => format!("put it in quotes: \"{number}\""),
            (Value::Bool(value), "text") => format!("put it in quotes: \"{value}\""),
            (Value::Null, _) => "write a value, or remove the key".to_owned(),
            (Value::String(text), BOOLEAN) => match (text.as_str(), boolean_of_yaml_1_1(text)) {
                ("true" | "false", _) => "remove the quotes".to_owned(),
                (_, Some(boolean)) => format!("write `{boolean}`"),
                (_, None) => "only these two words are booleans".to_owned(),
            },
            (_, BOOLEAN) => "write `true` or `false`, without quotes".to_owned(),
            (_, "text") => "put text that begins with a bracket or a brace in quotes".to_owned(),
            (_, "a list") => {
                "write [one, two], or a line that begins with `- ` for each".to_owned()
            }
            (Value::Number(_), "a whole number") => {
                "write a number from 0 on, without a fraction".to_owned()
            }
            (_, "a map") => "write {key: value}, or a line `key: value` for each".to_owned(),
            _ => "write its digits alone, without quotes".to_owned(),
        };
        let found = match &node.value {
            Value::Number(number) if wanted == "a whole number" => number,
            value => value.kind(),
        };
        let message = format!("expected {wanted}, found {found}");
        self.error(Code::WrongType, span, message, help);
    }

    /// Returns a map that has only known keys.
    pub(super) fn map<'n>(
        &mut self,
        node: &'n Node,
        what: &'static str,
        known: &[&'static str],
    ) -> Option<Map<'n>> {
        let mut meant = Vec::new();
        if matches!(node.value, Value::Null) {
            let help = format!("the keys of {what} are: {}", sorted(known));
            self.error(
                Code::EmptyValue,
                node.place,
                format!("{what} without keys"),
                help,
            );
            return None;
        }
        if let Value::String(text) = &node.value
            && let Some(help) = foreign::filled(what, text)
        {
            let message = format!("expected a map, found {}", node.value.kind());
            self.error(Code::WrongType, node.span, message, help);
            return None;
        }
        for entry in self.entries(node)? {
            // Unknown keys are errors: a misspelt optional key would be lost silently.
            if !known.contains(&entry.key.as_str()) {
                meant.extend(self.unknown_key(entry, what, known));
            }
        }
        Some(Map { what, node, meant })
    }

    /// Reports an unknown key; returns the most similar known one.
    fn unknown_key(
        &mut self,
        entry: &MapEntry,
        what: &str,
        known: &[&'static str],
    ) -> Option<&'static str> {
        let key = &entry.key;
        // OpenAPI's words first: a search by edit distance finds none of them.
        let lines = foreign::lines(key, what);
        let meant = match (foreign::key(key, known), lines) {
            // The lines are for one map, and the key for any.
            (Some(ours), Some(lines)) => Some(ours).filter(|ours| lines.contains(ours)),
            (None, Some(_)) => None,
            (ours, None) => ours.or_else(|| nearest(key, known.iter().copied())),
        };
        let mut diagnostic = Diagnostic::error(
            Code::UnknownKey,
            entry.key_span,
            format!("unknown key `{key}` in {what}"),
        );
        if let Some(meant) = meant {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        let help = match lines {
            Some(lines) => lines.to_owned(),
            None => format!("the keys of {what} are: {}", sorted(known)),
        };
        self.report.push(diagnostic.help(help));
        meant
    }

    /// Returns the entries of a map whose keys are names of the author's.
    pub(super) fn entries<'n>(&mut self, node: &'n Node) -> Option<&'n [MapEntry]> {
        match &node.value {
            Value::Mapping(entries) => Some(entries),
            _ => {
                self.wrong_type(node, "a map");
                None
            }
        }
    }

    /// Returns the value of a required key; a misspelt one has been reported.
    pub(super) fn require<'n>(&mut self, map: &Map<'n>, key: &str) -> Option<&'n Node> {
        let node = map.get(key);
        // One mistake, one report: the misspelt key has its own.
        if node.is_none() && !map.meant.contains(&key) {
            let message = format!("missing key `{key}` in {}", map.what);
            self.error(
                Code::MissingKey,
                map.place(),
                message,
                format!("add `{key}: …`"),
            );
        }
        node
    }

    pub(super) fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        match &node.value {
            Value::Sequence(items) => Some(items),
            _ => {
                self.wrong_type(node, "a list");
                None
            }
        }
    }

    /// Returns text without variables: names, methods, patterns.
    pub(super) fn word<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let Value::String(text) = &node.value else {
            self.wrong_type(node, "text");
            return None;
        };
        if let Some(at) = text.find("{{") {
            let span = self.locator(node, text).place(at..text.len());
            let help = "variables are allowed only in texts and examples";
            self.error(
                Code::VariableNotAllowed,
                span,
                "a variable is not allowed here",
                help,
            );
            return None;
        }
        Some(text)
    }

    /// Returns a line of text, in which variables become markers.
    pub(super) fn text(&mut self, node: &Node) -> Option<String> {
        let Value::String(text) = &node.value else {
            self.wrong_type(node, "text");
            return None;
        };
        if text.trim().is_empty() || text.trim_end().contains('\n') {
            let (code, message) = if text.trim().is_empty() {
                (Code::EmptyValue, "an empty text")
            } else {
                (Code::InvalidValue, "expected one line, found several")
            };
            self.error(code, node.span, message, "write one line of text");
            return None;
        }
        if self.is_boolean_word(node, text) {
            return None;
        }
        if let Some(character) = text.trim_end().chars().find(|&c| id::is_steering(c)) {
            let message = format!(
                "the character U+{:04X}, which readers can't see and which changes what they see",
                character as u32
            );
            self.error(Code::InvalidValue, node.span, message, "remove it");
            return None;
        }
        // Braces that name no variable have their own report, and no other check reads them as
        // characters of a path or an address.
        let resolved = self.resolve_all(node, text).ok()?;
        Some(resolved.text.trim().to_owned())
    }

    /// Returns whether a text is a word without quotes that YAML 1.1 reads as a boolean, and
    /// reports it.
    // Its author may mean the boolean, and other programs that read the file get one.
    pub(super) fn is_boolean_word(&mut self, node: &Node, text: &str) -> bool {
        if boolean_of_yaml_1_1(text).is_none() {
            return false;
        }
        let file = &self.sources.get(node.span.file).text;
        let is_quoted = self.sources.text(node.span).starts_with(['"', '\'']);
        if is_quoted || is_block_scalar(file, node.span.range().start) {
            return false;
        }
        let message = format!("`{text}` is a boolean in YAML 1.1, and text in YAML 1.2");
        let help = one_of_two_spellings(text);
        self.error(Code::InvalidBoolean, node.span, message, help);
        true
    }

    pub(super) fn boolean(&mut self, node: &Node) -> Option<bool> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => {
                self.wrong_type(node, BOOLEAN);
                None
            }
        }
    }

    /// Returns a whole number that is not negative.
    pub(super) fn count(&mut self, node: &Node) -> Option<u64> {
        let count = match &node.value {
            Value::Number(written) => written.parse().ok(),
            _ => None,
        };
        if count.is_none() {
            self.wrong_type(node, "a whole number");
        }
        count
    }

    /// Returns the value of a word from a fixed list; `what` is a noun that the word can follow.
    pub(super) fn choice<T: Copy>(
        &mut self,
        node: &Node,
        what: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let names: Vec<&str> = choices.iter().map(|&(name, _)| name).collect();
        let word = match node.value {
            // `twins: false`, as a switch of another program.
            Value::Bool(true) if foreign::value("true", &names).is_some() => "true",
            Value::Bool(false) if foreign::value("false", &names).is_some() => "false",
            _ => self.word(node)?,
        };
        if let Some(&(_, value)) = choices.iter().find(|(name, _)| *name == word) {
            return Some(value);
        }
        let mut diagnostic = Diagnostic::error(
            Code::UnknownValue,
            node.span,
            format!("unknown {what} `{word}`"),
        );
        // `GET` and `get` before words of other formats, and these before edit distance: the surest
        // first.
        let same = names
            .iter()
            .copied()
            .find(|name| name.eq_ignore_ascii_case(word));
        let meant = same
            .or_else(|| foreign::value(word, &names))
            .or_else(|| nearest(word, names.iter().copied()));
        if let Some(meant) = meant {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        self.report
            .push(diagnostic.help(format!("it is one of: {}", names.join(", "))));
        None
    }

    /// Returns a value of an example as JSON, its texts with markers.
    pub(super) fn json(&mut self, node: &Node) -> Json {
        match &node.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            // The tree has numbers of JSON's grammar only; parsing them would rewrite `1e400`.
            Value::Number(written) => {
                Json::Number(serde_json::Number::from_string_unchecked(written.clone()))
            }
            Value::String(text) => Json::String(self.resolve(node, text).text),
            Value::Sequence(items) => items.iter().map(|item| self.json(item)).collect(),
            Value::Mapping(entries) => {
                let mut object = serde_json::Map::new();
                for entry in entries {
                    // A key has no place where the browser could fill a hole, and two keys could
                    // become equal for one bot.
                    if entry.key.contains("{{") {
                        let help = "variables are allowed only in values";
                        self.error(
                            Code::VariableNotAllowed,
                            entry.key_span,
                            "a variable in a key",
                            help,
                        );
                    }
                    object.insert(entry.key.clone(), self.json(&entry.value));
                }
                Json::Object(object)
            }
        }
    }

    /// Reports a count beyond a limit; returns whether it is within.
    pub(super) fn is_few(&mut self, count: usize, most: usize, what: &str, place: Span) -> bool {
        limit::is_few(count, most, what, place, self.report)
    }

    /// Replaces the variables of a node's text by markers, and reports errors inside braces.
    pub(super) fn resolve(&mut self, node: &Node, text: &str) -> ResolvedText {
        self.resolve_all(node, text)
            .unwrap_or_else(|resolved| resolved)
    }

    /// Replaces the variables of a node's text by markers; if there are errors inside braces,
    /// reports them, and returns the text with these braces as the error.
    fn resolve_all(&mut self, node: &Node, text: &str) -> Result<ResolvedText, ResolvedText> {
        if self.braces == Braces::Literal {
            return Ok(ResolvedText::literal(text));
        }
        let mut faults = Vec::new();
        // A marker is one private-use character. No highlighter splits it, and no template can
        // escape half of it; a word as a marker would need a rule for each language that it is used
        // in.
        let resolved = self.variables.resolve(text, &mut faults);
        // Most texts have no braces, and need no second search.
        if text.contains("{{") {
            self.used.insert_all_of(&resolved.text);
        }
        // Creating a locator searches the whole text; most texts have no error.
        if faults.is_empty() {
            return Ok(resolved);
        }
        let locator = self.locator(node, text);
        for fault in faults {
            let span = locator.place(fault.range);
            self.report
                .push(self.brace_fault(span, fault.name.as_deref()));
        }
        Err(resolved)
    }

    /// Notes a link, to be checked when every page is known.
    pub(super) fn note_link(&mut self, destination: &str, span: Span, is_image: bool) {
        self.links.push(LinkUse {
            destination: destination.to_owned(),
            span,
            is_image,
            is_internal: false,
        });
    }

    /// Returns the error in the text between double braces.
    fn brace_fault(&self, span: Span, name: Option<&str>) -> Diagnostic {
        let escape = match self.braces {
            Braces::VariablesOfGuide => {
                "write \\{{ for the braces themselves; if no braces on this page are a variable, write `braces: literal` in its front matter"
            }
            _ => "write \\{{ for the braces themselves (in YAML inside single quotes or a block)",
        };
        let Some(name) = name else {
            let message = "unclosed double braces";
            return Diagnostic::error(Code::InvalidVariable, span, message).help(escape);
        };
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !is_name {
            let message = "only the name of a variable is allowed between double braces";
            return Diagnostic::error(Code::InvalidVariable, span, message).help(escape);
        }
        let names = self.variables.names();
        let mut diagnostic = Diagnostic::error(
            Code::UnknownVariable,
            span,
            format!("unknown variable `{name}`"),
        );
        if let Some(meant) = nearest(name, names.iter().copied()) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        diagnostic.help(format!(
            "the variables of `site.yaml` are: {}; {escape}",
            names.join(", ")
        ))
    }

    /// Notes the place of an anchor of the current page.
    pub(super) fn note_place(&mut self, anchor: &str, span: Span) {
        self.places.entry(anchor.to_owned()).or_default().push(span);
    }

    /// Returns the place of an anchor that was noted.
    pub(super) fn place(&self, anchor: &str) -> Option<Span> {
        self.places.get(anchor)?.first().copied()
    }

    /// Finds the places in the file of parts of a node's text.
    pub(super) fn locator<'t>(&self, node: &Node, text: &'t str) -> Locator<'t>
    where
        'a: 't,
    {
        Locator::new(node.span, self.sources.text(node.span), text)
    }

    /// Reports variables that could not arrive intact where values go in as they are.
    pub(super) fn only_plain_variables(&mut self, text: &str, span: Span, place: &str) {
        // The encoders know JSON, URLs, HTML and the languages of samples. In other code a value
        // arrives as it is, so only a value without special characters arrives intact.
        if let Some(variable) = self.variable_that_is_not_plain(text) {
            let message = format!(
                "`{}` can contain characters that have a meaning in {place}",
                variable.name
            );
            let help = "a variable in this place needs a `pattern` of letters, digits, `.`, `_` and `-` alone, such as \"[a-z0-9-]{1,40}\", and a `placeholder`, `default` and `example` of these";
            let span = self.variable_in(span, &variable.name).unwrap_or(span);
            self.error(Code::VariableNotAllowed, span, message, help);
        }
    }

    /// Returns the first place of a variable in the written text.
    fn variable_in(&self, span: Span, name: &str) -> Option<Span> {
        let written = self.sources.text(span);
        let mut opens = written.match_indices("{{").map(|(open, _)| open);
        let range = opens.find_map(|open| {
            // A name contains no braces; without this rule an open brace would search to the end of
            // the text.
            let inside = &written[open + 2..];
            let end = inside.find(['{', '}'])?;
            let is_it = inside[end..].starts_with("}}") && inside[..end].trim() == name;
            is_it.then_some(open..open + 2 + end + 2)
        })?;
        let start = span.range().start;
        Some(Span::new(span.file, start + range.start..start + range.end))
    }

    fn variable_that_is_not_plain(&self, text: &str) -> Option<&'a Variable> {
        let holes = text.chars().filter_map(Hole::from_marker);
        holes
            .map(|hole| self.variables.get(hole.variable))
            .find(|variable| !variable.is_plain())
    }
}

fn sorted(keys: &[&str]) -> String {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.join(", ")
}
