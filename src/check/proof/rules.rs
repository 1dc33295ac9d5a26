//! The rules of a page, each compiled once.

use std::collections::HashMap;
use std::rc::Rc;

use crate::model::{Api, Schema};

use super::finding::Pointer;
use super::limits::{NotReady, Validators};
use super::lower::lower;
use super::rule::Rule;
use super::value::Filling;

/// The rules of a page.
pub(super) struct Rules<'a> {
    api: &'a Api,
    filling: Rc<Filling<'a>>,
    /// By the address of the schemas in the model; `None` for one that does not compile.
    made: HashMap<*const Schema, Option<Rc<Rule>>>,
    validators: Validators,
}

impl<'a> Rules<'a> {
    pub(super) fn new(api: &'a Api, filling: Rc<Filling<'a>>) -> Rules<'a> {
        Rules {
            api,
            filling,
            made: HashMap::new(),
            validators: Validators::of_page(),
        }
    }

    /// Returns the rule of a schema at a place; none if it was rejected before, or if another
    /// pattern needed more states than were left.
    pub(super) fn rule(
        &mut self,
        schema: &'a Schema,
        at: &Pointer,
    ) -> Result<Option<Rc<Rule>>, Box<NotReady>> {
        let (schema, at) = match schema.reference.map(|index| &self.api.schemas[index]) {
            Some(named) => (&named.schema, &Pointer::from("/schemas").to(&named.name)),
            None => (schema, at),
        };
        if let Some(known) = self.made.get(&(schema as *const _)) {
            return Ok(known.clone());
        }
        self.made.insert(schema, None);
        if self.validators.are_used_up() {
            return Ok(None);
        }
        let lowered = self.filling.value(&lower(self.api, schema));
        let rule = Rc::new(Rule::new(&lowered, at, &mut self.validators)?);
        self.made.insert(schema, Some(Rc::clone(&rule)));
        Ok(Some(rule))
    }
}
