//! The state of a page's proof while it is computed.

use std::rc::Rc;

use serde_json::Value;

use crate::hole::variable::Variables;
use crate::input::diagnostic::Severity;
use crate::model::{Api, Proven, Schema, Unproven};

use super::coverage::Coverage;
use super::finding::{Finding, Pointer};
use super::judge::{Judge, Judged, Role};
use super::value::Filling;

/// The result of a proof: its findings and its coverage.
#[derive(Debug, Default)]
pub struct Proof {
    /// The findings, in the order of the page.
    pub findings: Vec<Finding>,
    /// The number of proven parts.
    pub proven: Proven,
}

/// A schema of a body or event, and its place.
pub(super) struct Where<'a> {
    pub(super) schema: &'a Schema,
    pub(super) at: Pointer,
    /// Whether there is an example that could show it.
    pub(super) is_shown: bool,
}

/// The proof of a page while it is computed.
pub(super) struct Prover<'a> {
    pub(super) judge: Judge<'a>,
    pub(super) coverage: Coverage<'a>,
    pub(super) schemas: Vec<Where<'a>>,
    pub(super) examples: usize,
    /// Parameters and headers: all, and those with an example.
    pub(super) fields: (usize, usize),
    /// Events: all, and those that a stream example has.
    pub(super) events: (usize, usize),
    /// Findings about values that no stream example shows: reported only if there are no errors.
    pub(super) not_shown: Vec<Finding>,
}

impl<'a> Prover<'a> {
    /// Creates an empty proof.
    pub(super) fn new(api: &'a Api, variables: &'a Variables) -> Prover<'a> {
        let filling = Rc::new(Filling::new(variables));
        Prover {
            judge: Judge::new(api, Rc::clone(&filling)),
            coverage: Coverage::new(api, filling),
            schemas: Vec::new(),
            examples: 0,
            fields: (0, 0),
            events: (0, 0),
            not_shown: Vec::new(),
        }
    }

    pub(super) fn unproven(&mut self, at: Pointer, why: impl Into<String>) {
        self.judge.unproven.push((at, why.into()));
    }

    /// Validates a value against a schema, and notes which parts it shows.
    pub(super) fn value(
        &mut self,
        value: &Value,
        at: &Pointer,
        schema: &'a Schema,
        schema_at: &Pointer,
    ) {
        if let Some(by) = self.judge.rule(schema, schema_at) {
            let role = Role::Example;
            self.judge.judge(Judged { value, at, role }, &by);
        }
        let filled = self.judge.filling.value(value);
        self.coverage.see(schema, &filled);
    }

    pub(super) fn finish(mut self) -> Proof {
        let mut findings = std::mem::take(&mut self.judge.findings);
        // A field that is invalid in an example would be reported twice: as invalid and as not
        // shown.
        let is_sound = !findings.iter().any(|one| one.severity == Severity::Error);
        if is_sound {
            findings.append(&mut self.not_shown);
        }
        for part in &self.schemas {
            if part.is_shown && is_sound {
                self.coverage.ask(part.schema, &part.at, &mut findings);
            }
        }
        for part in self.schemas.iter().filter(|part| part.is_shown) {
            let mut unseen = Vec::new();
            self.coverage.count(part.schema, &part.at, &mut unseen);
            let unproven = unseen
                .into_iter()
                .map(|at| (at, "in no example".to_owned()));
            self.judge.unproven.extend(unproven);
        }
        // A schema without any example is reported as a whole; its fields are only counted.
        for part in self.schemas.iter().filter(|part| !part.is_shown) {
            self.coverage.count(part.schema, &part.at, &mut Vec::new());
        }
        let unproven = self.judge.unproven.into_iter();
        let mut unproven: Vec<Unproven> = unproven
            .map(|(at, why)| Unproven {
                at: at.to_string(),
                why,
            })
            .collect();
        unproven.dedup();
        Proof {
            findings,
            proven: Proven {
                examples: self.examples,
                fields: self.fields.0 + self.coverage.fields,
                fields_shown: self.fields.1 + self.coverage.fields_shown,
                events: self.events.0,
                events_shown: self.events.1,
                unproven,
                waived: Vec::new(),
            },
        }
    }
}
