//! What the fuzz targets share: projects in memory.

use botdocs::check::{CheckCache, check};
use botdocs::hole::is_reserved;
use botdocs::hole::roster::Roster;
use botdocs::input::diagnostic::{HumanStyle, Report};
use botdocs::input::load::{self, Inputs, PageFile, SettingsFile};
use botdocs::input::page_kind::PageKind;
use botdocs::output::layout::{BotPages, Forms, tree};
use botdocs::pages::render::ViewOptions;
use botdocs::pages::site::{self, SiteCache};

pub mod structured;

/// What stands between the files of an input.
pub(crate) const NEXT_FILE: &str = "\n=====\n";

/// The `site.yaml` of inputs that have none of their own.
const SITE: &str = "\
title: Docs of {{ bot_name }}
navigation: [api]
variables:
  bot_id: {placeholder: YOUR_BOT_ID}
  bot_name: {placeholder: your bot, max_length: 40}
  docs_url: {type: url, default: https://docs.example.com/}
";

/// The project of an input: an API page, then perhaps `site.yaml` and a guide.
pub fn project(text: &str, report: &mut Report) -> Inputs {
    let mut files = text.splitn(3, NEXT_FILE);
    let mut inputs = Inputs::default();
    let api = files.next().unwrap_or_default();
    add_page("api", PageKind::Api, api, &mut inputs, report);
    let site = files.next().unwrap_or(SITE);
    let site = site.as_bytes();
    let site = load::decode("spec/site.yaml", site, &mut inputs.sources, report);
    inputs.site = site.map(|site| SettingsFile::parse(site, &inputs.sources));
    if let Some(guide) = files.next() {
        add_page("guide", PageKind::Guide, guide, &mut inputs, report);
    }
    inputs
}

fn add_page(name: &str, kind: PageKind, text: &str, inputs: &mut Inputs, report: &mut Report) {
    let path = format!("spec/{name}.{}", kind.ending());
    let name = name.to_owned();
    match load::decode(&path, text.as_bytes(), &mut inputs.sources, report) {
        Some(file) => inputs.pages.push(PageFile { name, kind, file }),
        None => inputs.unread.push(name),
    }
}

/// Lays a report out in every form that it has.
pub fn print(report: &mut Report, inputs: &Inputs) {
    report.sort(&inputs.sources);
    for (color, width) in [(false, 40), (true, 100)] {
        let style = HumanStyle { color, width };
        report.to_human(&inputs.sources, &style);
    }
    report.to_github(&inputs.sources, &str::to_owned);
    let json = report.to_json(&inputs.sources);
    serde_json::from_str::<serde_json::Value>(&json).expect("the report is JSON");
}

/// Reports on the project of an input, or renders it, whatever it says; whether it was rendered.
pub fn render(text: &str) -> bool {
    let mut report = Report::default();
    let inputs = project(text, &mut report);
    let model = check(&inputs, &mut CheckCache::default(), &mut report);
    let has_errors = report.has_errors();
    print(&mut report, &inputs);
    let Some(model) = model.filter(|_| !has_errors) else {
        return false;
    };
    let mut again = Report::default();
    let mut cache = SiteCache::default();
    let project =
        site::project(&inputs, &mut cache, &mut again).expect("it was right the first time");
    let options = ViewOptions::default();
    let site = project.site(&options, &inputs, &mut cache, &mut again);
    let site = site.expect("the built-in theme renders what is right");
    assert!(!again.has_errors());
    let values = model.variables.placeholders();
    let (roster, pages) = (&Roster::empty(), &[]);
    let tree = tree(
        &site,
        &model,
        &values,
        BotPages { roster, pages },
        Forms::Plain,
    );
    let tree = tree.expect("no two pages have one path");
    let mut buffer = Vec::new();
    for (path, content) in tree.iter() {
        let bytes = content.bytes(&mut buffer);
        if path.as_str().ends_with(".html") {
            let page = std::str::from_utf8(bytes).expect("a page is text");
            assert!(!page.contains(is_reserved), "a hole was left in {path}");
        }
    }
    true
}
