//! The spec as written to the valid model: every fault of all files in one report.
//!
//! The tree of each file is lowered in one pass by a reader that reports and goes on. What depends
//! on other pages, such as links, is noted on the way and judged at the end. Afterwards nothing
//! knows of files and places any more; what later stages need is in the [`Model`].

mod active;
mod api;
mod body;
mod links;
mod look;
mod reader;
mod schema;
mod secret;
mod site;
mod stream;

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Report};
use crate::explain::Code;
use crate::load::Inputs;
use crate::model::{Content, Model, Page};
use crate::source::Span;
use crate::spec::{PageBody, PageSpec, Spec};
use crate::variable::Variables;
use crate::yaml::{Node, Value};

use reader::{Map, Reader};
use secret::Waiver;

pub use site::{normal_site_url, output_folder};

/// Names that pages can't have, since the output has them for something else.
const TAKEN: [&str; 4] = ["bots", "assets", "404", "index"];

/// Makes the model, or reports why there is none; warnings go to the report too.
pub fn check(spec: &Spec, inputs: &Inputs, report: &mut Report) -> Option<Model> {
    let mut found = Report::default();
    let model = spec
        .site
        .as_ref()
        .and_then(|site| check_site(site, spec, inputs, &mut found));
    let failed = found.has_errors();
    report.extend(found);
    model.filter(|_| !failed)
}

fn check_site(node: &Node, spec: &Spec, inputs: &Inputs, report: &mut Report) -> Option<Model> {
    let variables = site::variables(node, inputs, report);
    let mut reader = Reader::new(inputs, &variables, report);
    let map = reader.map(node, "site.yaml", site::SITE_KEYS)?;
    let site = reader.site(&map);
    let mut waivers = reader.waivers(&map);
    let mut pages: Vec<(Page, Span)> = Vec::new();
    for page in &spec.pages {
        reader.page.clone_from(&page.name);
        let faults = reader.report.counts().0;
        let built = reader.page(page, &mut waivers);
        if reader.report.counts().0 > faults {
            reader.broken.push(page.name.clone());
        }
        pages.extend(built.map(|built| (built, page.span)));
    }
    reader.page.clear();
    reader.names_of_pages(&pages);
    reader.all_secrets(&waivers);
    reader.active_drawings();
    let spans: Vec<_> = pages
        .iter()
        .map(|(page, span)| (page.name.clone(), start_of(*span)))
        .collect();
    let (pages, navigation) = reader.navigation(&map, pages);
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
    };
    reader.judge_anchors(&model, &spans);
    reader.judge_links(&model);
    if let Some(node) = map.get("redirects") {
        model.redirects = reader.redirects(node, &model);
    }
    model.variables = variables;
    Some(model)
}

impl<'a> Reader<'a> {
    fn new(inputs: &'a Inputs, variables: &'a Variables, report: &'a mut Report) -> Reader<'a> {
        Reader {
            inputs,
            variables,
            report,
            links: Vec::new(),
            page: String::new(),
            broken: Vec::new(),
            rows: 0,
            places: Vec::new(),
        }
    }

    fn page(&mut self, page: &PageSpec, waivers: &mut Vec<Waiver>) -> Option<Page> {
        let (front, what, known): (_, _, &[&str]) = match &page.body {
            PageBody::Api(node) => (node, "an API page", api::PAGE_KEYS),
            PageBody::Guide(node, _) => (node, "a guide's front matter", &["title", "description"]),
        };
        let map = self.map(front, what, known)?;
        let title = self.require(&map, "title").and_then(|node| self.text(node));
        let description = map.get("description").and_then(|node| self.text(node));
        let content = match &page.body {
            PageBody::Api(_) => {
                waivers.extend(self.waivers(&map));
                Content::Api(Box::new(self.api(&map)?))
            }
            PageBody::Guide(_, body) => Content::Guide(self.guide(*body)),
        };
        Some(Page {
            name: page.name.clone(),
            title: title?,
            description,
            content,
        })
    }

    fn guide(&mut self, body: Span) -> crate::model::Markdown {
        let written = self.sources().text(body).to_owned();
        let node = Node {
            value: Value::Null,
            span: body,
            place: body,
        };
        let outline = crate::markdown::outline(&written, "");
        let mut level = 1;
        let locator = self.locator(&node, &written);
        for heading in &outline.headings {
            let span = locator.place(heading.range.clone());
            self.note_place(&heading.id, span);
            if heading.level == 1 {
                let help = "the page's title is its first heading; begin headings with `##`";
                self.report.push(
                    Diagnostic::warning(
                        Code::HeadingLevel,
                        span,
                        "a heading beside the page's title",
                    )
                    .help(help),
                );
            } else if heading.level > level + 1 {
                let help = format!("write `{}`", "#".repeat(usize::from(level) + 1));
                self.report.push(
                    Diagnostic::warning(Code::HeadingLevel, span, "a heading that skips a level")
                        .help(help),
                );
            }
            level = heading.level;
        }
        self.markdown_text(&node, &written)
    }

    fn waivers(&mut self, map: &Map<'_>) -> Vec<Waiver> {
        let node = map.get("waivers");
        let items = node.and_then(|node| self.list(node)).unwrap_or_default();
        items.iter().filter_map(|item| self.waiver(item)).collect()
    }

    fn waiver(&mut self, node: &Node) -> Option<Waiver> {
        let map = self.map(node, "a waiver", &["code", "value", "reason"])?;
        let codes = [("live-secret", Code::LiveSecret)];
        let code = self
            .require(&map, "code")
            .and_then(|node| self.choice(node, "code that can be waived", &codes));
        self.require(&map, "reason")
            .and_then(|node| self.text(node));
        let value_node = self.require(&map, "value")?;
        let value = self.word(value_node)?;
        code.map(|_| Waiver {
            value: value.to_owned(),
            span: value_node.span,
        })
    }

    fn all_secrets(&mut self, waivers: &[Waiver]) {
        let inputs = self.inputs;
        let mut used = Vec::new();
        for file in inputs
            .site
            .iter()
            .copied()
            .chain(inputs.pages.iter().map(|page| page.file))
        {
            self.secrets(file, waivers, &mut used);
        }
        for (index, waiver) in waivers.iter().enumerate() {
            // Once in the waiver itself; a second time where the value is used.
            if used.iter().filter(|&&other| other == index).count() < 2 {
                let diagnostic = Diagnostic::warning(
                    Code::UnusedWaiver,
                    waiver.span,
                    "a waiver for a value that nothing holds",
                );
                self.report.push(
                    diagnostic.help("remove it, or write the value as it stands in the example"),
                );
            }
        }
    }

    fn names_of_pages(&mut self, pages: &[(Page, Span)]) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for (page, span) in pages {
            let span = start_of(*span);
            self.safe_id(&page.name, span, "a page's name, which is its file's");
            if TAKEN.contains(&page.name.as_str()) {
                let help = format!("rename the file; taken are: {}", TAKEN.join(", "));
                self.error(
                    Code::InvalidId,
                    span,
                    format!("the name `{}` is taken", page.name),
                    help,
                );
            }
            if let Some(first) = seen.insert(&page.name, span) {
                let diagnostic = Diagnostic::error(
                    Code::DuplicateId,
                    span,
                    format!("two files for the page `{}`", page.name),
                );
                self.report.push(
                    diagnostic
                        .and(first, "the other one")
                        .help("rename one of them"),
                );
            }
        }
    }

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

    use crate::json_schema::SCHEMA;

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
            ("accent", super::look::ACCENT_KEYS),
            ("logo", super::look::LOGO_KEYS),
            ("variable", super::site::VARIABLE_KEYS),
            ("api", super::api::PAGE_KEYS),
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
