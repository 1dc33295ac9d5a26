//! Validates each `default` against its own schema.

use crate::model::Api;

use super::judge::{Judged, Role};
use super::prover::Prover;
use super::walk::schemas;

/// Validates the defaults of all schemas.
pub(super) fn prove<'a>(prover: &mut Prover<'a>, api: &'a Api) {
    schemas(api, &mut |schema, at| {
        let Some(value) = &schema.default else {
            return;
        };
        if let Some(by) = prover.judge.rule(schema, at) {
            let (at, role) = (&at.to("default"), Role::Default);
            prover.judge.judge(Judged { value, at, role }, &by);
        }
    });
}
