//! Proves a page's examples before they are published: each against its schema, each stream against
//! its events and against the response that it spells.
//!
//! The model is judged, and what is found says its two places, the example's and the field's, as
//! pointers into the page as it is written; [`check`](mod@crate::check) follows them in the tree and
//! reports. One page is proven by itself: nothing here looks at another.
//!
//! Holes are filled with the variables' examples first. What can't be judged is not passed over in
//! silence: it stands in [`Proven::unproven`], with its reason.

mod body;
mod coverage;
mod default;
mod finding;
mod held;
mod join;
mod judge;
mod limits;
mod lower;
mod names;
mod near;
mod placeholder;
mod prose;
mod rule;
mod rules;
mod sequence;
mod states;
mod stream;
mod value;
mod walk;

use std::rc::Rc;

use serde_json::Value;

use crate::hole::variable::Variables;
use crate::input::diagnostic::Severity;
use crate::model::{Api, Proven, Schema, Unproven};

use coverage::Coverage;
use judge::{Judge, Judged};
use value::Filling;

pub use coverage::listed;
pub use finding::{Finding, Mark, Pointer};
pub use judge::Role;
pub use limits::Validators;
pub use lower::lower;
pub use names::{NameKind, Names, Slip, is_call, is_name};
pub use near::NameSet;
pub use rule::Rule;
pub use value::key;

/// What a proof finds, and what it covers.
#[derive(Debug, Default)]
pub struct Proof {
    /// Faults, in the order of the page.
    pub findings: Vec<Finding>,
    /// What holds.
    pub proven: Proven,
}

/// Proves the examples of a page.
// It keeps its name in the finished program, so that `benches/measure.py` can count what it costs.
#[inline(never)]
pub fn prove(api: &Api, variables: &Variables) -> Proof {
    let filling = Rc::new(Filling::new(variables));
    let mut prover = Prover {
        judge: Judge::new(api, Rc::clone(&filling)),
        coverage: Coverage::new(api, filling),
        schemas: Vec::new(),
        examples: 0,
        fields: (0, 0),
        events: (0, 0),
        not_shown: Vec::new(),
    };
    for endpoint in &api.endpoints {
        let at = Pointer::from("/endpoints").to(&endpoint.id);
        prover.parameters(endpoint, &at);
        prover.request(endpoint, &at);
        prover.responses(endpoint, &at);
        if let Some(stream) = &endpoint.stream {
            prover.stream(endpoint, stream, &at);
        }
    }
    // Also where no example is held to it, a schema must be one: the mock holds requests to it.
    walk::used(api, &mut |schema, at| prover.judge.prepare(schema, at));
    prover.defaults(api);
    prover.placeholders(api);
    prover.prose(api, variables);
    prover.finish()
}

/// A schema of a body or event, and where it stands.
struct Where<'a> {
    schema: &'a Schema,
    at: Pointer,
    /// Whether there is an example that could show it.
    is_shown: bool,
}

/// The proof of a page while it is made.
struct Prover<'a> {
    judge: Judge<'a>,
    coverage: Coverage<'a>,
    schemas: Vec<Where<'a>>,
    examples: usize,
    /// Parameters and headers: all, and those with an example.
    fields: (usize, usize),
    /// Events: all, and those that a stream example has.
    events: (usize, usize),
    /// What is not shown of streams: told of only where what is shown is right.
    not_shown: Vec<Finding>,
}

impl<'a> Prover<'a> {
    fn unproven(&mut self, at: Pointer, why: impl Into<String>) {
        self.judge.unproven.push((at, why.into()));
    }

    /// Holds a value to a schema, and notes what it shows.
    fn value(&mut self, value: &Value, at: &Pointer, schema: &'a Schema, schema_at: &Pointer) {
        if let Some(by) = self.judge.rule(schema, schema_at) {
            let role = Role::Example;
            self.judge.judge(Judged { value, at, role }, &by);
        }
        let filled = self.judge.filling.value(value);
        self.coverage.see(schema, &filled);
    }

    fn finish(mut self) -> Proof {
        let mut findings = std::mem::take(&mut self.judge.findings);
        // What an example shows wrongly is told of as that, and not as not shown.
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
            let told = unseen
                .into_iter()
                .map(|at| (at, "in no example".to_owned()));
            self.judge.unproven.extend(told);
        }
        // Of what has no example at all, the whole is told of, and its fields only counted.
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
