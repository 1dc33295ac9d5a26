//! What of a project a bot has that has only some endpoints.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Content, Endpoint, Model, Page, Target};
use crate::hole::VariableId;

/// What the value of a variable must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The variable.
    pub variable: VariableId,
    /// Any of these.
    pub values: Vec<String>,
}

impl Model {
    /// The endpoints of a bot that names none, by its values; none where it has them all.
    pub fn choice<'v>(&self, value: impl Fn(VariableId) -> &'v str) -> Option<BTreeSet<String>> {
        let holds = |condition: &Condition| {
            let value = value(condition.variable);
            condition.values.iter().any(|wanted| wanted == value)
        };
        let all = || {
            let pages = self.pages.iter();
            pages.flat_map(|page| match &page.content {
                Content::Api(api) => api.endpoints.as_slice(),
                Content::Guide(_) => &[],
            })
        };
        let has = |endpoint: &&Endpoint| endpoint.when.iter().all(holds);
        // All is no choice, so bots with all endpoints share the pages of the generic site.
        if all().all(|endpoint| has(&endpoint)) {
            return None;
        }
        // In a sorted set: bots of the same endpoints are one choice, whatever the order of their
        // conditions.
        Some(
            all()
                .filter(has)
                .map(|endpoint| endpoint.id.clone())
                .collect(),
        )
    }

    /// What a bot has that has only some endpoints: API pages without any of them go, and with
    /// them what led there.
    pub fn with_endpoints(&self, ids: &BTreeSet<String>) -> Model {
        // Pages are shared, so this copies addresses; only pages that lose an endpoint are copied.
        let mut model = self.clone();
        for page in &mut model.pages {
            let has_all = |page: &Page| match &page.content {
                Content::Api(api) => api.endpoints.iter().all(|it| ids.contains(&it.id)),
                Content::Guide(_) => true,
            };
            if has_all(page) {
                continue;
            }
            // A page that stays whole keeps its address, and with it all that was made from it.
            let page = Arc::make_mut(page);
            let Content::Api(api) = &mut page.content else {
                continue;
            };
            let (kept, left_out) = std::mem::take(&mut api.endpoints)
                .into_iter()
                .partition(|endpoint| ids.contains(&endpoint.id));
            let left_out: Vec<Endpoint> = left_out;
            api.endpoints = kept;
            model
                .hidden
                .extend(left_out.into_iter().map(|endpoint| Target {
                    page: page.name.clone(),
                    anchor: Some(endpoint.id),
                }));
        }
        let is_empty =
            |page: &Page| matches!(&page.content, Content::Api(api) if api.endpoints.is_empty());
        model.pages.retain(|page| !is_empty(page));
        for group in &mut model.navigation {
            let names = group.pages.iter().map(|&index| &self.pages[index].name);
            group.pages = names
                .filter_map(|name| model.pages.iter().position(|page| page.name == *name))
                .collect();
        }
        model.navigation.retain(|group| !group.pages.is_empty());
        let pages = &model.pages;
        let hidden = model.hidden.clone();
        let lives = |target: &Target| {
            pages.iter().any(|page| page.name == target.page) && !hidden.contains(target)
        };
        // A host follows a redirect before a page is there to say that it is missing.
        model.redirects.retain(|redirect| lives(&redirect.to));
        model
    }
}
