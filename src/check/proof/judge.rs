//! Validates values against schemas, and reports errors with the names of the spec.

mod words;

use std::collections::HashMap;
use std::rc::Rc;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::input::explain::Code;
use crate::input::meant::{list, nearest};
use crate::input::yaml::boolean_of_yaml_1_1;
use crate::model::{Api, Schema, Type};

use super::finding::{Finding, Pointer};
use super::held::{Mismatch, Walk, What};
use super::limits::MOST_DIGITS;
use super::lower::origin;
use super::rule::{Rule, ValueSet};
use super::rules::Rules;
use super::value::{Filling, kind, kind_of, quoted, shortened, shown};

use words::{limit_words, listed_first, named, not_among_words, one_of, reason, types};

/// How many findings of one value are reported; later ones mostly repeat these.
const MOST_FINDINGS: usize = 100;

/// How many values of an `enum` are compared with one that is not among them.
const MOST_SUGGESTED: usize = 1_000;

impl Rule {
    /// Returns the errors in a value, each with its place there.
    pub fn judge(&self, value: &Value, role: Role<'_>) -> Vec<Finding> {
        self.judge_counted(value, role, MOST_FINDINGS).0
    }

    /// Returns the first error in a value.
    pub fn first_fault(&self, value: &Value, role: Role<'_>) -> Option<Finding> {
        let (findings, _) = self.judge_counted(value, role, 1);
        findings.into_iter().next()
    }

    /// Returns the errors and the number of steps: one for each value and node.
    pub(super) fn judge_counted(
        &self,
        value: &Value,
        role: Role<'_>,
        most: usize,
    ) -> (Vec<Finding>, usize) {
        let mut reporter = Reporter {
            walk: Walk::new(self),
            at: self.at(),
            role,
            most,
            findings: Vec::new(),
            are_more: false,
        };
        // Validity first: most values are valid, and collecting messages takes longer than
        // validating.
        if !reporter.walk.is_valid(0, value) && !reporter.walk.is_spent() {
            reporter.report_all(0, value);
        }
        if reporter.walk.is_spent() {
            // Findings after the limit of steps are not reliable.
            reporter.findings.clear();
            reporter.are_more = false;
            let path = Pointer::page();
            let (node, what) = (0, What::TooMuch);
            reporter.report(&Mismatch {
                node,
                value,
                path,
                what,
            });
        }
        if let (true, Some(last)) = (reporter.are_more, reporter.findings.last_mut()) {
            let role = role.as_str();
            let more = format!("the {role} has more than {most} errors; the others are not listed");
            last.help = match &*last.help {
                "" => more,
                help => format!("{help}; {more}"),
            };
        }
        (reporter.findings, reporter.walk.steps)
    }
}

/// Validates the values of a page.
pub(super) struct Judge<'a> {
    pub(super) api: &'a Api,
    pub(super) filling: Rc<Filling<'a>>,
    pub(super) findings: Vec<Finding>,
    /// The indices of the findings, by their places.
    by_place: HashMap<Pointer, Vec<usize>>,
    rules: Rules<'a>,
    /// The parts that could not be proven, with the reasons.
    pub(super) unproven: Vec<(Pointer, String)>,
}

/// A value and its place.
#[derive(Clone, Copy)]
pub(super) struct Judged<'v> {
    /// The value of the model, with holes.
    pub(super) value: &'v Value,
    pub(super) at: &'v Pointer,
    /// Its role.
    pub(super) role: Role<'v>,
}

/// The role of a value.
#[derive(Clone, Copy)]
pub enum Role<'a> {
    /// An example.
    Example,
    /// The value that a server uses if none is sent.
    Default,
    /// The body of a request.
    Body,
    /// A parameter, by its name.
    Parameter(&'a str),
}

impl Role<'_> {
    fn as_str(self) -> &'static str {
        match self {
            Role::Example => "example",
            Role::Default => "default",
            Role::Body => "body",
            Role::Parameter(_) => "parameter",
        }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(api: &'a Api, filling: Rc<Filling<'a>>) -> Judge<'a> {
        Judge {
            api,
            rules: Rules::new(api, Rc::clone(&filling)),
            filling,
            findings: Vec::new(),
            by_place: HashMap::new(),
            unproven: Vec::new(),
        }
    }

    /// Adds a finding, unless its place has one: one value may be validated twice, and by several
    /// rules. Only missing fields can be several at one place.
    pub(super) fn push(&mut self, finding: Finding) {
        // Indexed by place: a page can have thousands of findings, so a linear search would be
        // quadratic.
        let there = self.by_place.entry(finding.at.clone()).or_default();
        let is_same = |&index: &usize| {
            let other = &self.findings[index];
            let is_there = other.within == finding.within;
            is_there && (other.code != finding.code || other.message == finding.message)
        };
        if !there.iter().any(is_same) {
            there.push(self.findings.len());
            self.findings.push(finding);
        }
    }

    /// Returns the compiled rule of a schema; one that does not compile is a finding.
    pub(super) fn rule(&mut self, schema: &'a Schema, at: &Pointer) -> Option<Rc<Rule>> {
        let rule = self.rules.rule(schema, at);
        rule.unwrap_or_else(|why| {
            self.push(why.finding);
            None
        })
    }

    /// Compiles a schema that has no example; a schema that exceeds a limit is not a finding then.
    pub(super) fn prepare(&mut self, schema: &'a Schema, at: &Pointer) {
        match self.rules.rule(schema, at) {
            Ok(_) => {}
            Err(why) if why.is_right => {
                let Finding { at, message, .. } = why.finding;
                self.unproven.push((at, message));
            }
            Err(why) => self.push(why.finding),
        }
    }

    /// Validates a value, and adds the findings.
    pub(super) fn judge(&mut self, judged: Judged<'_>, by: &Rule) {
        for finding in self.found(judged, by) {
            self.push(finding);
        }
    }

    /// Returns the findings in a value, without adding them.
    pub(super) fn found(&mut self, judged: Judged<'_>, by: &Rule) -> Vec<Finding> {
        let mut found = Vec::new();
        let filled = self.filling.value(judged.value);
        for mut finding in by.judge(&filled, judged.role) {
            let original = judged.value.pointer(finding.at.as_str());
            finding.at = judged.at.below(finding.at.as_str());
            // A wrong type or key is wrong with any value of the variable; the rest may be right
            // with another value.
            let is_of_value = !matches!(finding.code, Code::ExampleType | Code::UndocumentedField);
            match original.and_then(|value| self.filling.unknown_in(value)) {
                Some(variable) if is_of_value => {
                    let why = format!("the variable `{variable}` has no `example`");
                    self.unproven.push((finding.at, why));
                }
                _ => found.push(finding),
            }
        }
        found
    }
}

/// Collects the findings in one value.
struct Reporter<'a> {
    walk: Walk<'a>,
    at: &'a Pointer,
    role: Role<'a>,
    /// How many findings it may have.
    most: usize,
    findings: Vec<Finding>,
    /// Whether there are more than `most`.
    are_more: bool,
}

impl<'a> Reporter<'a> {
    /// Collects the errors below a node, up to `most`. If one alternative is the intended one, its
    /// errors replace that of the `oneOf`; they may contain others, so they wait on a stack.
    fn report_all(&mut self, node: usize, value: &'a Value) {
        let mut open = self.faults(node, value, &Pointer::page());
        while let Some(fault) = open.pop() {
            if self.walk.is_spent() {
                return;
            }
            if self.findings.len() == self.most {
                self.are_more = true;
                return;
            }
            let meant = match fault.what {
                What::NoAlternative => self.walk.meant(fault.node, fault.value),
                _ => None,
            };
            match meant {
                Some(meant) => open.extend(self.faults(meant, fault.value, &fault.path)),
                None => self.report(&fault),
            }
        }
        if self.findings.is_empty() {
            // The depth limit is reported for the value as a whole, not for its innermost values.
            self.report(&Mismatch {
                node,
                value,
                path: Pointer::page(),
                what: What::TooDeep,
            });
        }
    }

    /// Returns the errors of a value that may still be reported, the last first.
    fn faults(&mut self, node: usize, value: &'a Value, path: &Pointer) -> Vec<Mismatch<'a>> {
        let left = self.most.saturating_sub(self.findings.len());
        // One more than can be reported shows that there are more.
        let mut faults = self.walk.faults(node, value, path, left + 1);
        faults.reverse();
        faults
    }

    fn unjudged(&mut self, what: &str, help: String, at: Pointer) {
        let finding = Finding::error(Code::ExampleValue, at, format!("{what} to be validated"));
        self.findings.push(finding.help(help));
    }

    fn report(&mut self, fault: &Mismatch<'a>) {
        let (at, value) = (fault.path.clone(), fault.value);
        let path = fault.path.as_str();
        let (name, role) = (named(path, self.role), self.role.as_str());
        let node = &self.walk.nodes[fault.node];
        let field = |keyword: &str| origin(&format!("{}/{keyword}", node.at), self.at);
        match &fault.what {
            What::Missing(property) => {
                let field = field("required");
                self.findings
                    .push(missing(property, &name, role, at, &field));
            }
            What::Undocumented(key) => {
                let known: Vec<String> = node.fields().map(|(name, _)| name.to_owned()).collect();
                let field = field("additionalProperties");
                self.findings
                    .push(undocumented(key, &known, role, at.to(key), &field));
            }
            What::TooLong => {
                let is = if value.is_number() { "is" } else { "contains" };
                let help = format!("write at most {MOST_DIGITS} digits, and a small exponent");
                self.unjudged(
                    &format!("{name} {is} a number with too many digits"),
                    help,
                    at,
                );
            }
            What::TooDeep => {
                let help = format!("nest fewer values and alternatives, or correct the {role}");
                self.unjudged(&format!("{name} is nested too deeply"), help, at);
            }
            What::TooMuch => {
                let help = format!(
                    "shorten the {role}, or distinguish alternatives by a required field with a `const`"
                );
                self.unjudged(&format!("{name} takes too many steps"), help, at);
            }
            What::NotConstant(constant) => {
                let constant = listed_first(constant);
                let must = format!("always {constant}");
                let message = format!("{name} is {}, and must always be {constant}", quoted(value));
                let finding = Finding::error(Code::ExampleValue, at, message);
                let finding = finding.help(format!("correct the {role}, or the field's schema"));
                self.findings.push(finding.and(field("const"), must));
            }
            What::NotAmong(values) => {
                let finding = not_among(values, value, &name, at);
                self.findings.push(finding.and(field("enum"), "the values"));
            }
            What::Repeated => {
                let message = format!("{name} has a duplicate item");
                let finding = Finding::error(Code::ExampleValue, at, message);
                let finding = finding.help(format!("correct the {role}, or the field's schema"));
                let field = field("uniqueItems");
                self.findings.push(finding.and(field, "each only once"));
            }
            What::NoAlternative => self.no_alternative(fault),
            What::SeveralAlternatives => {
                let message = format!("{name} fits more than one alternative of `oneOf`");
                let help =
                    "distinguish them by a `const` and a `discriminator`, or by `required` fields";
                let finding = Finding::error(Code::NoAlternative, at, message).at_key();
                self.findings
                    .push(finding.and(field("oneOf"), "the alternatives").help(help));
            }
            What::Limit(error) => {
                let field = origin(&format!("{}{}", node.at, error.schema_path()), self.at);
                if let Kind::Type { kind: wanted } = error.kind() {
                    self.findings
                        .push(wrong_type(value, wanted, &name, role, at, field));
                    return;
                }
                let (message, note) = limit_words(error.kind(), &name, value);
                let finding = Finding::error(Code::ExampleValue, at, message);
                let finding = finding.help(format!("correct the {role}, or the field's schema"));
                self.findings.push(finding.and(field, note));
            }
        }
    }

    /// Reports why no alternative fits, if none is the intended one.
    fn no_alternative(&mut self, fault: &Mismatch<'a>) {
        let (path, value) = (&fault.path, fault.value);
        let nodes = self.walk.nodes;
        let node = &nodes[fault.node];
        let name = named(path.as_str(), self.role);
        let (message, at) = match node.discriminator() {
            Some(discriminator) => match value.get(discriminator) {
                Some(value) => (
                    format!(
                        "{} selects no alternative by `{discriminator}`",
                        quoted(value)
                    ),
                    path.to(discriminator),
                ),
                None => (
                    format!("missing discriminator `{discriminator}` in {name}"),
                    path.clone(),
                ),
            },
            None => (
                format!("{name} fits no alternative of `oneOf`"),
                path.clone(),
            ),
        };
        let mut reasons = Vec::new();
        for &one in &node.one_of {
            let first = self.walk.faults(one, value, path, 1);
            if let Some(first) = first.first() {
                let why = reason(first, self.role);
                reasons.push(format!("{} ({why})", nodes[one].called));
            }
        }
        let field = origin(&format!("{}/oneOf", node.at), self.at);
        let choice = format!("the alternatives are: {}", reasons.join(", "));
        let finding = Finding::error(Code::NoAlternative, at, message).at_key();
        self.findings
            .push(finding.and(field, "the alternatives").choice(choice));
    }
}

fn missing(property: &str, name: &str, role: &str, at: Pointer, field: &Pointer) -> Finding {
    // In the spec, the keyword is at the field itself.
    let object: Vec<String> = field.steps().collect();
    let mut at_field = Pointer::page();
    for step in &object[..object.len().saturating_sub(1)] {
        at_field = at_field.to(step);
    }
    let at_field = at_field.to("fields").to(property).to("required");
    Finding::error(
        Code::MissingField,
        at,
        format!("missing field `{property}` in {name}"),
    )
    .at_key()
    .and(at_field, format!("`{property}` is required here"))
    .help(format!("add it to the {role}, or remove `required`"))
}

fn undocumented(key: &str, known: &[String], role: &str, at: Pointer, field: &Pointer) -> Finding {
    let object: Vec<String> = field.steps().collect();
    let mut fields = Pointer::page();
    for step in &object[..object.len().saturating_sub(1)] {
        fields = fields.to(step);
    }
    let finding = Finding::error(
        Code::UndocumentedField,
        at,
        format!("`{}` is in the {role}, but not documented", shortened(key)),
    );
    let finding = finding
        .at_key()
        .and(fields.to("fields"), "the documented fields");
    let finding = match nearest(key, known.iter().map(String::as_str)) {
        Some(meant) => finding.label(format!("did you mean `{meant}`?")),
        None => finding,
    };
    match known {
        [] => finding.help("document it in `fields`, or write `additionalProperties: true`"),
        known => finding
            .choice(format!(
                "the fields are: {}",
                list(known.iter().map(String::as_str))
            ))
            .help("document it, or write `additionalProperties: true`"),
    }
}

fn wrong_type(
    value: &Value,
    wanted: &TypeKind,
    name: &str,
    role: &str,
    at: Pointer,
    field: Pointer,
) -> Finding {
    let wanted = types(wanted);
    let words: Vec<&str> = wanted.iter().map(|&one| kind_of(one)).collect();
    let listed = one_of(&words);
    let help = match value {
        Value::Null => "give it a value, or allow `null`: type: [string, \"null\"]".to_owned(),
        Value::String(text) if reads_as(text, &wanted) => "remove the quotes".to_owned(),
        Value::String(text) if wanted == [Type::Boolean] => match boolean_of_yaml_1_1(text) {
            Some(boolean) => format!("write `{boolean}`"),
            None => format!("correct the {role}, or the field's `type`"),
        },
        Value::Number(_) | Value::Bool(_) if wanted == [Type::String] => {
            format!("put it in quotes: \"{value}\"")
        }
        _ => format!("correct the {role}, or the field's `type`"),
    };
    let message = format!("{name} is {}, expected {listed}", kind(value));
    Finding::error(Code::ExampleType, at, message)
        .and(field, format!("declared as {listed} here"))
        .help(help)
}

/// Returns whether a text without its quotes is a value of one of some types.
fn reads_as(text: &str, wanted: &[Type]) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    match value {
        Value::Bool(_) => wanted.contains(&Type::Boolean),
        Value::Number(_) => wanted.contains(&Type::Number) || wanted.contains(&Type::Integer),
        Value::Null => wanted.contains(&Type::Null),
        Value::String(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Returns the finding for a value that is not allowed, with the most similar allowed one.
fn not_among(values: &ValueSet, value: &Value, name: &str, at: Pointer) -> Finding {
    let message = not_among_words(name, value);
    let finding = Finding::error(Code::ExampleValue, at, message);
    let options = values.listed.iter().take(MOST_SUGGESTED);
    let words: Vec<String> = options.map(shown).collect();
    let meant = value
        .as_str()
        .and_then(|text| nearest(text, words.iter().map(String::as_str)));
    let finding = match meant {
        Some(meant) => finding.label(format!("did you mean `{meant}`?")),
        None => finding,
    };
    // Values of which only the number is reported need no text.
    let rest = std::iter::repeat_n("", values.listed.len() - words.len());
    let all = words.iter().map(String::as_str).chain(rest);
    finding.choice(format!("its values are: {}", list(all)))
}

#[cfg(test)]
mod tests;
