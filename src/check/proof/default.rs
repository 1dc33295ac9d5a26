//! What is taken where a value is missing, held to the schema that says so.

use crate::model::Api;

use super::Prover;
use super::judge::{Judged, Role};
use super::walk::schemas;

impl<'a> Prover<'a> {
    pub(super) fn defaults(&mut self, api: &'a Api) {
        schemas(api, &mut |schema, at| {
            let Some(value) = &schema.default else {
                return;
            };
            if let Some(by) = self.judge.rule(schema, at) {
                let (at, role) = (&at.to("default"), Role::Default);
                self.judge.judge(Judged { value, at, role }, &by);
            }
        });
    }
}
