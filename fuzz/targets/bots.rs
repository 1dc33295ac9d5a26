//! A list of bots is reported on or read, and means the same in each format.
#![no_main]

use std::collections::BTreeSet;

use botdocs::bot::{self, Format, List};
use botdocs::check::check;
use botdocs::diagnostic::Report;
use botdocs::hole::VariableId;
use botdocs::load::Inputs;
use botdocs::model::Model;
use botdocs::output::TreePath;
use botdocs::roster::{Bot, Roster};
use botdocs::spool::Spool;
use botdocs_fuzz::{print, project};
use libfuzzer_sys::fuzz_target;

const API: &str = include_str!("../seeds/spec/small");

thread_local! {
    static MODEL: Model = {
        let mut report = Report::default();
        let inputs = project(API, &mut report);
        check(&inputs, &mut report).expect("the small project is right")
    };
}

fuzz_target!(|data: &[u8]| {
    MODEL.with(|model| {
        for format in [Format::Yaml, Format::Csv, Format::JsonLines] {
            let Some(bots) = read(data, format, model) else {
                continue;
            };
            judge(&bots, model);
            // Said in another format it is the same list.
            let lines = lines(&bots, model);
            let again = read(lines.as_bytes(), Format::JsonLines, model);
            let again = again.unwrap_or_else(|| panic!("{format:?} as JSON Lines: {lines}"));
            assert_eq!(self::lines(&again, model), lines);
        }
    });
});

fn read(data: &[u8], format: Format, model: &Model) -> Option<Roster> {
    let (mut report, mut inputs) = (Report::default(), Inputs::default());
    let list = List {
        path: "bots".to_owned(),
        text: data,
        format: Some(format),
        records: Spool::in_memory(),
    };
    let bots = bot::parse(list, model, &[], &mut inputs.sources, &mut report);
    let has_errors = report.has_errors();
    print(&mut report, &inputs);
    bots.ok().filter(|_| !has_errors)
}

fn each(roster: &Roster, mut work: impl FnMut(&Bot)) {
    let mut bot = roster.blank();
    for number in 0..roster.len() {
        roster.read(number, &mut bot).expect("it is in memory");
        work(&bot);
    }
}

fn lines(roster: &Roster, model: &Model) -> String {
    let mut lines = String::new();
    each(roster, |bot| lines.push_str(&line(roster, bot, model)));
    lines
}

fn judge(roster: &Roster, model: &Model) {
    assert!(!roster.is_empty());
    let mut seen = BTreeSet::new();
    each(roster, |bot| {
        let path = TreePath::new(format!("bots/{}/index.html", bot.id)).expect("an ID is a name");
        assert_eq!(path.as_str().split('/').count(), 3);
        assert!(bot.id.is_ascii() && bot.id.len() <= 63, "{}", bot.id);
        assert!(seen.insert(bot.id.to_lowercase()), "{} twice", bot.id);
        for (index, variable) in model.variables.iter().enumerate() {
            let id = VariableId::new(index).expect("a project has no more");
            let value = bot.values.get(id);
            assert_eq!(variable.refuses(value), None, "{value}");
        }
        assert_eq!(
            bot.values.get(VariableId::new(0).expect("the first")),
            bot.id
        );
    });
}

/// A bot as a line of JSON Lines, with every value.
fn line(roster: &Roster, bot: &Bot, model: &Model) -> String {
    let mut object = serde_json::Map::new();
    for (index, name) in model.variables.names().into_iter().enumerate() {
        let id = VariableId::new(index).expect("a project has no more");
        object.insert(name.to_owned(), bot.values.get(id).into());
    }
    if let Some(endpoints) = &roster.choices()[bot.choice] {
        let endpoints: Vec<&str> = endpoints.iter().map(String::as_str).collect();
        object.insert("endpoints".to_owned(), endpoints.into());
    }
    format!("{}\n", serde_json::Value::from(object))
}
