//! The part of a project that a bot with only some endpoints has.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Api, Endpoint, Model, Page, Target};
use crate::hole::VariableId;

/// A condition on the value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The variable.
    pub variable: VariableId,
    /// The values, of which it must be one.
    pub values: Vec<String>,
}

impl Model {
    /// Returns the endpoints of a bot that names none, chosen by its values; none if it has all of
    /// them.
    pub fn choice<'v>(&self, value: impl Fn(VariableId) -> &'v str) -> Option<BTreeSet<String>> {
        let holds = |condition: &Condition| {
            let value = value(condition.variable);
            condition.values.iter().any(|wanted| wanted == value)
        };
        let all = || self.apis().flat_map(|api| &api.endpoints);
        let has = |endpoint: &&Endpoint| endpoint.when.iter().all(holds);
        // `None`, so that bots with all endpoints share one edition and one index with the generic
        // site.
        if all().all(|endpoint| has(&endpoint)) {
            return None;
        }
        // A sorted set, so that bots with the same endpoints share one choice, whatever the order
        // of their conditions.
        Some(
            all()
                .filter(has)
                .map(|endpoint| endpoint.id.clone())
                .collect(),
        )
    }

    /// Returns whether there is an endpoint with this ID.
    pub fn has_endpoint(&self, id: &str) -> bool {
        let mut all = self.apis().flat_map(|api| &api.endpoints);
        all.any(|endpoint| endpoint.id == id)
    }

    /// Returns the model of a bot with only these endpoints. API pages without any of them are
    /// removed, and with them navigation and redirects to them.
    pub fn with_endpoints(&self, ids: &BTreeSet<String>) -> Model {
        // Pages are shared, so this copies addresses; only pages that lose an endpoint are copied.
        let mut model = self.clone();
        for page in &mut model.pages {
            let lacks = |api: &Api| api.endpoints.iter().any(|it| !ids.contains(&it.id));
            // A page that keeps all its endpoints keeps its address, and with it everything that
            // was rendered from it.
            if !page.api().is_some_and(lacks) {
                continue;
            }
            let page = Arc::make_mut(page);
            let name = page.name.clone();
            let Some(api) = page.api_mut() else {
                continue;
            };
            let (kept, left_out) = std::mem::take(&mut api.endpoints)
                .into_iter()
                .partition(|endpoint| ids.contains(&endpoint.id));
            let left_out: Vec<Endpoint> = left_out;
            api.endpoints = kept;
            // Links in prose still name them, and then show their words without a link.
            model
                .hidden
                .extend(left_out.into_iter().map(|endpoint| Target {
                    page: name.clone(),
                    anchor: Some(endpoint.id),
                }));
        }
        let is_empty = |page: &Page| page.api().is_some_and(|api| api.endpoints.is_empty());
        model.pages.retain(|page| !is_empty(page));
        for group in &mut model.navigation {
            let names = group.pages.iter().map(|&index| &self.pages[index].name);
            group.pages = names
                .filter_map(|name| model.pages.iter().position(|page| page.name == *name))
                .collect();
        }
        // Indices count the remaining pages.
        model.navigation.retain(|group| !group.pages.is_empty());
        let pages = &model.pages;
        let hidden = model.hidden.clone();
        let lives = |target: &Target| {
            pages.iter().any(|page| page.name == target.page) && !hidden.contains(target)
        };
        // A redirect to a removed place would end at a missing page: a host follows a redirect
        // before any page can report that.
        model.redirects.retain(|redirect| lives(&redirect.to));
        model
    }
}
