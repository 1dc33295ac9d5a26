//! Parts of a project: what is published of it, and what a reader or a bot with only some endpoints
//! has.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::outline::is_below;
use super::{Api, Endpoint, Model, Page, Target};
use crate::hole::VariableId;
use crate::input::name::normal;

/// A condition on the value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The variable.
    pub variable: VariableId,
    /// The values in the one form of names, of which it must be one.
    pub values: Vec<String>,
}

/// For whom a site is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: pages and endpoints with `internal: true` are left out.
    #[default]
    Public,
    /// The people of the project, for whom these are included.
    Internal,
}

impl Model {
    /// Returns the endpoints of a reader or a bot that names none, chosen by the values of
    /// variables; none if all conditions hold. A condition on a variable without a value excludes
    /// nothing.
    pub fn choice<'v>(
        &self,
        value: impl Fn(VariableId) -> Option<&'v str>,
    ) -> Option<BTreeSet<String>> {
        let holds = |condition: &Condition| {
            let is_value = |value: &str| {
                let value = normal(value);
                condition.values.iter().any(|wanted| *wanted == value)
            };
            value(condition.variable).is_none_or(is_value)
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

    /// Returns the IDs of all endpoints.
    pub fn endpoint_ids(&self) -> BTreeSet<&str> {
        let all = self.apis().flat_map(|api| &api.endpoints);
        all.map(|endpoint| endpoint.id.as_str()).collect()
    }

    /// Returns the model with what an audience may see.
    pub fn for_audience(self, audience: Audience) -> Model {
        let is_internal = |page: &Arc<Page>| {
            let mut endpoints = page.api().into_iter().flat_map(|api| &api.endpoints);
            page.internal || endpoints.any(|endpoint| endpoint.internal)
        };
        if audience == Audience::Internal || !self.pages.iter().any(is_internal) {
            return self;
        }
        let internal = |page: &Arc<Page>| -> Vec<String> {
            let endpoints = page.api().into_iter().flat_map(|api| &api.endpoints);
            let internal = endpoints.filter(|endpoint| page.internal || endpoint.internal);
            internal.map(|endpoint| endpoint.id.clone()).collect()
        };
        let internal = self.pages.iter().flat_map(internal).collect();
        let (mut model, left_out) = self.keeping(|endpoint| !endpoint.internal);
        model.internal_endpoints = internal;
        // A page that is still being written has no endpoint, and stays.
        let lost = |page: &Page| left_out.iter().any(|target| target.page == page.name);
        let is_empty = |page: &Page| page.api().is_some_and(|api| api.endpoints.is_empty());
        model.keep_pages(
            |page| !(page.internal || is_empty(page) && lost(page)),
            &left_out,
        );
        // `check` refuses links to them, so nothing is shown of the endpoints that are left out.
        let is_published = |file: &String| self.internal_files.binary_search(file).is_err();
        model.files.retain(is_published);
        model.home = model
            .pages
            .first()
            .map_or_else(String::new, |it| it.name.clone());
        model
    }

    /// Returns the model of a reader or a bot with only these endpoints. API pages without any of
    /// them are removed, and with them navigation and redirects to them.
    pub fn with_endpoints(&self, ids: &BTreeSet<String>) -> Model {
        let (mut model, left_out) = self.keeping(|endpoint| ids.contains(&endpoint.id));
        // Links in prose still name them, and then show their words without a link.
        model.hidden.extend(left_out);
        let hidden = model.hidden.clone();
        let is_empty = |page: &Page| page.api().is_some_and(|api| api.endpoints.is_empty());
        model.keep_pages(|page| !is_empty(page), &hidden);
        model
    }

    /// Returns the model with some of the endpoints, and the places of the others.
    fn keeping(&self, keeps: impl Fn(&Endpoint) -> bool) -> (Model, Vec<Target>) {
        // Pages are shared, so this copies addresses; only pages that lose an endpoint are copied.
        let mut model = self.clone();
        let mut all_left_out = Vec::new();
        for page in &mut model.pages {
            let lacks = |api: &Api| !api.endpoints.iter().all(&keeps);
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
                .partition(&keeps);
            let left_out: Vec<Endpoint> = left_out;
            api.endpoints = kept;
            all_left_out.extend(left_out.into_iter().map(|endpoint| Target {
                page: name.clone(),
                anchor: Some(endpoint.id),
            }));
        }
        (model, all_left_out)
    }

    /// Removes the other pages, navigation to them, and redirects to them and to endpoints that
    /// were left out.
    fn keep_pages(&mut self, keeps: impl Fn(&Page) -> bool, left_out: &[Target]) {
        let before = self.pages.clone();
        self.pages.retain(|page| keeps(page));
        for group in &mut self.navigation {
            let names = group.pages.iter().map(|&index| &before[index].name);
            group.pages = names
                .filter_map(|name| self.pages.iter().position(|page| page.name == *name))
                .collect();
        }
        // Indices count the remaining pages.
        self.navigation.retain(|group| !group.pages.is_empty());
        let pages = &self.pages;
        let lives = |target: &Target| {
            pages.iter().any(|page| page.name == target.page)
                && !left_out.iter().any(|other| is_below(target, other))
        };
        // A redirect to a removed place would end at a missing page: a host follows a redirect
        // before any page can report that.
        self.redirects.retain(|redirect| lives(&redirect.to));
    }
}
