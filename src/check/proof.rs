//! Proves a page's examples before they are published: each against its schema, each stream against
//! its events and against the response that its pieces join into.
//!
//! The input is the model, which has no places. A finding has two pointers into the page as
//! written, to the example and to the field; [`check`](mod@crate::check) follows them in the tree
//! and reports. Each page is proven by itself.
//!
//! Holes are filled with the variables' examples first. What can't be proven is listed in
//! [`Proven::unproven`](crate::model::Proven::unproven), with its reason.

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
mod prover;
mod rule;
mod rules;
mod sequence;
mod states;
mod stream;
mod value;
mod walk;

use crate::hole::variable::Variables;
use crate::model::Api;

use prover::Prover;

pub use coverage::listed;
pub use finding::{Finding, Mark, Pointer};
pub use judge::Role;
pub use limits::Validators;
pub use lower::lower;
pub use names::{NameKind, Names, Slip, is_call, is_name};
pub use near::NameSet;
pub use prover::Proof;
pub use rule::Rule;
pub use value::key;

/// Proves the examples of a page.
// Not inlined, so that `benches/measure.py` can count its instructions by its name.
#[inline(never)]
pub fn prove(api: &Api, variables: &Variables) -> Proof {
    let mut prover = Prover::new(api, variables);
    for endpoint in &api.endpoints {
        let at = Pointer::from("/endpoints").to(&endpoint.id);
        body::parameters(&mut prover, endpoint, &at);
        body::request(&mut prover, endpoint, &at);
        body::responses(&mut prover, endpoint, &at);
        if let Some(stream) = &endpoint.stream {
            stream::prove(&mut prover, endpoint, stream, &at);
        }
    }
    // A schema without examples is compiled too: the mock validates requests against it.
    walk::used(api, &mut |schema, at| prover.judge.prepare(schema, at));
    default::prove(&mut prover, api);
    placeholder::prove(&mut prover, api);
    prose::prove(&mut prover, api, variables);
    prover.finish()
}
