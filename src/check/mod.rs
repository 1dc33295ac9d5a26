//! Checks the files of a spec and makes the valid model: all errors of all files in one report.
//!
//! First, each page is checked alone: a `Reader` lowers its tree in one pass, reports errors and
//! continues, and notes what depends on other pages, such as links. The result is cached while the
//! file and the variables stay the same. Then, in each run, `join` checks what depends on several
//! pages: names, navigation, links, redirects. The [`Model`] contains no files or places; later
//! stages need nothing else.

pub mod bot;
pub mod proof;

mod address;
mod api;
mod body;
mod branding;
mod dialect;
mod findings;
mod foreign;
mod header;
mod id;
mod join;
mod keywords;
mod level;
mod limit;
mod locator;
mod markdown;
mod named;
mod navigation;
mod noted;
mod origin;
mod page;
mod parameter;
mod reader;
mod reference;
mod refused;
mod route;
mod sample;
mod schema;
mod sent;
mod shown;
mod site;
mod stream;
mod synonyms;
mod variable;
mod waiver;
mod when;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::hole::variable::Variables;
use crate::input::diagnostic::Report;
use crate::input::load::{Inputs, PageFile};
use crate::input::source::FileId;
use crate::input::spec;
use crate::input::yaml::Node;
use crate::model::Model;

use join::{Joiner, Published};
use page::Checked;
use reader::Reader;

pub use address::{NO_CREDENTIALS, has_credentials, normal_site_url};
pub use join::deciding;
pub use refused::{has_own_policy, own_policy};
pub use site::output_folder;

/// Cached results of each file; the next check uses them for unchanged files.
///
/// A build begins with an empty cache; `serve` keeps one for all its builds.
#[derive(Debug, Default)]
pub struct CheckCache {
    /// The variables with which the pages were read.
    variables: Variables,
    pages: BTreeMap<FileId, Arc<Checked>>,
    /// The published files, by their paths in messages.
    files: BTreeMap<String, Arc<Published>>,
}

/// Creates the model, or reports the errors that prevent it; the report gets warnings too.
pub fn check(inputs: &Inputs, cache: &mut CheckCache, report: &mut Report) -> Option<Model> {
    let mut found = Report::default();
    // In a report of its own: errors that were reported before do not belong to this spec.
    let site = inputs.site.as_ref();
    found.extend(site.map(|site| site.syntax.clone()).unwrap_or_default());
    // A syntax error is the only error that hides others, and only in its own file: without a tree
    // of `site.yaml` the syntax errors of all pages can still be reported.
    let model = match site.and_then(|site| site.tree.as_ref()) {
        Some(site) => check_all(site, inputs, cache, &mut found),
        None => cache.syntax_alone(inputs, &mut found),
    };
    let failed = found.has_errors();
    report.extend(found);
    model.filter(|_| !failed)
}

fn check_all(
    node: &Node,
    inputs: &Inputs,
    cache: &mut CheckCache,
    report: &mut Report,
) -> Option<Model> {
    // The variables come first: each other text may name a variable, and a page is read with all of
    // them.
    let variables = variable::variables(node, inputs, report);
    let reader = Reader::new(&inputs.sources, &variables, report);
    let Some(site) = site::lower(reader, node, inputs) else {
        return cache.syntax_alone(inputs, report);
    };
    report.set_levels(site.levels.clone());
    let checked = cache.pages(inputs, &variables);
    for page in &checked {
        report.extend(page.syntax.clone());
        report.extend(page.faults.clone());
    }
    let mut joiner = Joiner {
        sources: &inputs.sources,
        variables: &variables,
        report,
    };
    join::join(&mut joiner, site, inputs, &checked, &mut cache.files)
}

impl CheckCache {
    /// Returns the result of each page's file, from the cache where nothing has changed.
    fn pages(&mut self, inputs: &Inputs, variables: &Variables) -> Vec<Arc<Checked>> {
        // Any text of any page may name any variable, so a finer comparison is not possible.
        if self.variables != *variables {
            self.pages.clear();
            self.variables = variables.clone();
        }
        let there: BTreeSet<FileId> = inputs.pages.iter().map(|page| page.file).collect();
        // Otherwise the cache of a long `serve` grows with each renamed page.
        self.pages.retain(|file, _| there.contains(file));
        let mut checked = Vec::new();
        for page in &inputs.pages {
            let known = self.known(page, inputs).map(Arc::clone);
            let now = known.unwrap_or_else(|| Arc::new(Checked::new(page, inputs, variables)));
            self.pages.insert(page.file, Arc::clone(&now));
            checked.push(now);
        }
        checked
    }

    /// Returns the cached result of a page's file, if the file is unchanged.
    fn known(&self, page: &PageFile, inputs: &Inputs) -> Option<&Arc<Checked>> {
        let known = self.pages.get(&page.file)?;
        // A file's text keeps its address as long as the file is the same, so this compares
        // pointers. A hash of the text would have to read all of it, and could be wrong.
        Arc::ptr_eq(&known.text, inputs.sources.get(page.file)).then_some(known)
    }

    /// Reports the syntax errors of pages: without a tree of `site.yaml` nothing else can be
    /// checked.
    fn syntax_alone(&self, inputs: &Inputs, report: &mut Report) -> Option<Model> {
        for page in &inputs.pages {
            match self.known(page, inputs) {
                Some(known) => report.extend(known.syntax.clone()),
                None => drop(spec::parse_page(&inputs.sources, page, report)),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    /// What `botdocs schema` prints, which only the feature `cli` has.
    const SCHEMA: &str = include_str!("../../schema/botdocs.schema.json");

    /// The published schema and the parser know the same keys.
    #[test]
    fn every_key_is_in_the_schema_and_the_other_way_round() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let field: Vec<&str> = super::schema::SCHEMA_KEYS
            .iter()
            .copied()
            .chain(["required"])
            .collect();
        let parameter: Vec<&str> = field.iter().copied().chain(["example"]).collect();
        for (name, known) in [
            ("site", super::site::SITE_KEYS),
            ("bots", super::site::BOTS_KEYS),
            ("accent", super::branding::ACCENT_KEYS),
            ("logo", super::branding::LOGO_KEYS),
            ("search", super::synonyms::SEARCH_KEYS),
            ("sample-choice", super::sample::CHOICE_KEYS),
            ("own-sample", super::sample::OWN_KEYS),
            ("variable", super::variable::VARIABLE_KEYS),
            ("api", super::api::PAGE_KEYS),
            ("guide", super::page::GUIDE_KEYS),
            ("endpoint", super::api::ENDPOINT_KEYS),
            ("request", super::body::BODY_KEYS),
            ("response", super::body::RESPONSE_KEYS),
            ("schema", super::schema::SCHEMA_KEYS),
            ("field", &field),
            ("parameter", &parameter),
            ("stream", super::stream::STREAM_KEYS),
            ("event", super::stream::EVENT_KEYS),
        ] {
            let properties = schema["$defs"][name]["properties"].as_object().unwrap();
            let properties: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
            assert_eq!(properties, known.iter().copied().collect(), "{name}");
        }
    }
}
