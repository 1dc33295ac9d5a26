//! The files of a spec to the valid model: every fault of all files in one report.
//!
//! First each page by itself: its tree is lowered in one pass by a reader that reports and goes on,
//! and what depends on other pages, such as links, is noted. That is remembered for as long as the
//! file and the variables stay the same. Then, each time, what joins the pages is judged: names,
//! navigation, links, redirects. Afterwards nothing knows of files and places any more; what later
//! stages need is in the [`Model`].

pub mod bot;
pub mod proof;

mod active;
mod api;
mod body;
mod findings;
mod join;
mod links;
mod locator;
mod look;
mod names;
mod origin;
mod page;
mod published;
mod reader;
mod reference;
mod sample;
mod schema;
mod secret;
mod sent;
mod site;
mod stream;
mod variable;
mod waiver;
mod when;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::hole::variable::Variables;
use crate::input::diagnostic::Report;
use crate::input::explain::Code;
use crate::input::load::{Inputs, PageFile};
use crate::input::source::{FileId, Span};
use crate::input::spec;
use crate::input::yaml::Node;
use crate::model::Model;

use join::Pages;
use page::Checked;
use published::{Published, published};
use reader::Reader;

pub use site::{normal_site_url, output_folder};
pub use variable::deciding;

/// Names that pages can't have, since the output has them for something else.
const TAKEN: [&str; 4] = ["bots", "assets", WRITTEN[0], WRITTEN[1]];

/// Names of which the output always has the page, so that no redirect can begin there.
const WRITTEN: [&str; 2] = ["404", "index"];

/// What came of each page's file, for the next time.
#[derive(Debug, Default)]
pub struct CheckCache {
    /// What all of them were read with.
    variables: Variables,
    pages: BTreeMap<FileId, Arc<Checked>>,
    /// By their paths in messages.
    files: BTreeMap<String, Arc<Published>>,
}

/// Makes the model, or reports why there is none; warnings go to the report too.
pub fn check(inputs: &Inputs, report: &mut Report) -> Option<Model> {
    check_again(inputs, &mut CheckCache::default(), report)
}

/// Like [`check`], but of pages whose files are as they were the last time, what was found then
/// is taken.
pub fn check_again(inputs: &Inputs, memory: &mut CheckCache, report: &mut Report) -> Option<Model> {
    let mut found = Report::default();
    let site = inputs.site.as_ref();
    found.extend(site.map(|site| site.syntax.clone()).unwrap_or_default());
    let model = match site.and_then(|site| site.tree.as_ref()) {
        Some(site) => check_all(site, inputs, memory, &mut found),
        None => memory.syntax_alone(inputs, &mut found),
    };
    let failed = found.has_errors();
    report.extend(found);
    model.filter(|_| !failed)
}

fn check_all(
    node: &Node,
    inputs: &Inputs,
    memory: &mut CheckCache,
    report: &mut Report,
) -> Option<Model> {
    let variables = variable::variables(node, inputs, report);
    let mut reader = Reader::new(&inputs.sources, &variables, report);
    let Some(map) = reader.map(node, "site.yaml", site::SITE_KEYS) else {
        return memory.syntax_alone(inputs, report);
    };
    let site = reader.site(&map, inputs);
    let waivers = reader.site_waivers(&map);
    let checked = memory.pages(inputs, &variables);
    for page in &checked {
        reader.report.extend(page.syntax.clone());
        reader.report.extend(page.faults.clone());
    }
    let read = (inputs, &*checked);
    let linked = variable::kept_from_links(&variables, node, read, reader.report);
    reader.names_of_pages(&checked);
    let (pages, navigation) = reader.navigation(&map, inputs, &checked);
    let files = inputs.files.iter().map(|file| file.path.clone()).collect();
    let home = pages
        .first()
        .map_or_else(String::new, |page| page.name.clone());
    let mut model = Model {
        site: site?,
        variables: Variables::default(),
        pages,
        navigation,
        redirects: Vec::new(),
        hidden: Vec::new(),
        home,
        files,
        waived: Vec::new(),
    };
    let pages = Pages::new(&model, inputs, &checked);
    let files = reader.judge_links(&pages);
    let mut files: Vec<String> = files.into_iter().map(str::to_owned).collect();
    if let Some(node) = map.get("redirects") {
        let redirects = reader.redirects(node, &pages);
        model.redirects = redirects;
    }
    files.extend(model.site.look.files().map(str::to_owned));
    files.sort_unstable();
    files.dedup();
    reader.unused_files(inputs, &files);
    model.files = files;
    let files = published(inputs, &model.files, &mut memory.files);
    model.waived = reader.judge_names(&model, &variables, &checked, &waivers.names);
    model.site.public = reader.all_secrets(inputs, waivers.values, &checked, &files);
    reader.active_drawings(&files);
    model.variables = linked;
    Some(model)
}

impl CheckCache {
    /// What is in each page's file, read again where it may not be what it was.
    fn pages(&mut self, inputs: &Inputs, variables: &Variables) -> Vec<Arc<Checked>> {
        if self.variables != *variables {
            self.pages.clear();
            self.variables = variables.clone();
        }
        let there: BTreeSet<FileId> = inputs.pages.iter().map(|page| page.file).collect();
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

    /// What was found in a page's file, if it is the same file now.
    fn known(&self, page: &PageFile, inputs: &Inputs) -> Option<&Arc<Checked>> {
        let known = self.pages.get(&page.file)?;
        Arc::ptr_eq(&known.text, inputs.sources.get(page.file)).then_some(known)
    }

    /// Reports faults of pages' syntax: without `site.yaml` nothing more can be judged.
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

impl Reader<'_> {
    /// Reports an ID that could not stand in a file name and an address everywhere.
    fn safe_id(&mut self, id: &str, span: Span, what: &str) {
        if is_safe_id(id) {
            return;
        }
        let better = slug(id);
        let help = match id.is_ascii() && is_safe_id(&better) {
            true => format!("write lower-case letters, digits and hyphens: `{better}`"),
            false => "write lower-case letters, digits and hyphens".to_owned(),
        };
        self.error(
            Code::InvalidId,
            span,
            format!("`{id}` can't be {what}"),
            help,
        );
    }
}

fn start_of(span: Span) -> Span {
    let start = span.range().start;
    Span::new(span.file, start..start)
}

/// Whether an ID is lower-case letters, digits and single hyphens between them.
fn is_safe_id(id: &str) -> bool {
    (1..=80).contains(&id.len())
        && id.split('-').all(|part| !part.is_empty())
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The ID that a title makes.
fn slug(title: &str) -> String {
    let letters = title
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|&c| c != '\'' && c != '’');
    let spaced: String = letters
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    spaced
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Whether a character can't be seen, or changes the direction of what follows (CVE-2021-42574).
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::cli::json_schema::SCHEMA;

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
            ("accent", super::look::ACCENT_KEYS),
            ("logo", super::look::LOGO_KEYS),
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
