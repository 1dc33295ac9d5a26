//! A list of bots is reported on or read; one that is written has exactly the values that were
//! written, in each format.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use botdocs::check::bot::{self, List, ListFormat};
use botdocs::check::{CheckCache, check};
use botdocs::hole::roster::{Bot, Roster};
use botdocs::hole::spool::Spool;
use botdocs::hole::{VariableId, is_reserved};
use botdocs::input::diagnostic::Report;
use botdocs::input::load::Inputs;
use botdocs::model::Model;
use botdocs::output::TreePath;
use botdocs_fuzz::{print, project};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

const API: &str = include_str!("../seeds/spec/small");
const NAMES: [&str; 3] = ["bot_id", "bot_name", "docs_url"];
const ENDPOINTS: [&str; 2] = ["chat", "search"];

thread_local! {
    static MODEL: Model = {
        let mut report = Report::default();
        let inputs = project(API, &mut report);
        check(&inputs, &mut CheckCache::default(), &mut report).expect("the small project is right")
    };
}

fuzz_target!(|data: &[u8]| {
    MODEL.with(|model| {
        for format in [ListFormat::Yaml, ListFormat::Csv, ListFormat::JsonLines] {
            if let Some(bots) = read(data, format, model) {
                judge(&bots, model);
            }
        }
        if let Ok(list) = Written::new(data) {
            list.judge(model);
        }
    });
});

fn read(data: &[u8], format: ListFormat, model: &Model) -> Option<Roster> {
    let (mut report, mut inputs) = (Report::default(), Inputs::default());
    let list = List {
        path: "bots".to_owned(),
        text: data,
        format: Some(format),
        ignored: Vec::new(),
        skips: false,
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

/// What holds of any list that was read.
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

/// A bot as it is written: a value of each variable or none, and perhaps a choice of endpoints.
#[derive(Clone, Debug, PartialEq)]
struct Record {
    values: [Option<String>; 3],
    endpoints: Option<BTreeSet<&'static str>>,
}

/// A list as it is written, and how.
struct Written {
    records: Vec<Record>,
    order: Vec<usize>,
    line_end: &'static str,
    quotes_all: bool,
    has_mark: bool,
    has_last_end: bool,
}

impl Written {
    fn new(data: &[u8]) -> Result<Written> {
        let mut from = Unstructured::new(data);
        let mut records = Vec::new();
        for _ in 0..from.int_in_range(1..=4)? {
            let id = from.choose(&["ada", "bob", "Cy-1", "d_2", "e", "ADA", "a b", "con"])?;
            let mut values = [Some((*id).to_owned()), None, None];
            if from.ratio(3, 4)? {
                values[1] = Some(text(&mut from)?);
            }
            if from.ratio(1, 2)? {
                let rest = from.choose(&["", "/x?y=1,2", "/'a'", "/\"", "/;a:b#c"])?;
                values[2] = Some(format!("https://example.com{rest}"));
            }
            let choice: u8 = from.arbitrary()?;
            let endpoints = (choice < 64).then(|| {
                let pairs = ENDPOINTS.into_iter().enumerate();
                let chosen = pairs.filter(|(index, _)| choice >> index & 1 == 0 || choice == 3);
                chosen.map(|(_, name)| name).collect()
            });
            records.push(Record { values, endpoints });
        }
        let mut order = vec![0, 1, 2, 3];
        order.rotate_left(from.int_in_range(0..=3)?);
        Ok(Written {
            records,
            order,
            line_end: if from.arbitrary()? { "\r\n" } else { "\n" },
            quotes_all: from.arbitrary()?,
            has_mark: from.arbitrary()?,
            has_last_end: from.arbitrary()?,
        })
    }

    /// The list by RFC 4180.
    fn csv(&self) -> String {
        let head = self.order.iter().map(|&column| match column {
            3 => "endpoints".to_owned(),
            column => NAMES[column].to_owned(),
        });
        let mut lines = vec![head.collect::<Vec<_>>().join(",")];
        for record in &self.records {
            let fields = self.order.iter().map(|&column| match column {
                3 => {
                    let names = record.endpoints.iter().flatten().copied();
                    names.collect::<Vec<_>>().join(";")
                }
                column => self.field(record.values[column].as_deref().unwrap_or_default()),
            });
            lines.push(fields.collect::<Vec<_>>().join(","));
        }
        let mark = if self.has_mark { "\u{feff}" } else { "" };
        let end = if self.has_last_end { self.line_end } else { "" };
        format!("{mark}{}{end}", lines.join(self.line_end))
    }

    fn field(&self, value: &str) -> String {
        match self.quotes_all || value.contains([',', '"', '\r', '\n']) {
            true => format!("\"{}\"", value.replace('"', "\"\"")),
            false => value.to_owned(),
        }
    }

    fn json(record: &Record) -> serde_json::Value {
        let mut object = serde_json::Map::new();
        for (name, value) in NAMES.into_iter().zip(&record.values) {
            if let Some(value) = value {
                object.insert(name.to_owned(), value.as_str().into());
            }
        }
        if let Some(endpoints) = &record.endpoints {
            let endpoints: Vec<&str> = endpoints.iter().copied().collect();
            object.insert("endpoints".to_owned(), endpoints.into());
        }
        object.into()
    }

    /// Holds each format to what was written.
    fn judge(&self, model: &Model) {
        let objects: Vec<_> = self.records.iter().map(Written::json).collect();
        let lines: String = objects
            .iter()
            .map(|it| format!("{it}{}", self.line_end))
            .collect();
        let yaml = serde_json::Value::from(objects).to_string();
        // In CSV nothing is no value; so is no endpoint.
        let mut in_csv = self.records.clone();
        for record in &mut in_csv {
            for value in &mut record.values {
                // Ends of lines are read as one character in every text.
                let folded = |value: String| value.replace("\r\n", "\n").replace('\r', "\n");
                *value = value.take().map(folded).filter(|value| !value.is_empty());
            }
            record.endpoints = record.endpoints.take().filter(|names| !names.is_empty());
        }
        for (text, format, records) in [
            (self.csv(), ListFormat::Csv, &in_csv),
            (lines, ListFormat::JsonLines, &self.records),
            (yaml, ListFormat::Yaml, &self.records),
        ] {
            let found = read(text.as_bytes(), format, model);
            let found = found.map(|roster| found_in(&roster, model));
            assert_eq!(found, expected(records, model), "{format:?}\n{text}");
        }
    }
}

/// Text of which each part is one that a format must not change.
fn text(from: &mut Unstructured<'_>) -> Result<String> {
    const PARTS: [&str; 22] = [
        "Ada", " ", "  ", ",", "\"", "'", "\n", "\r\n", "\r", "\t", ";", "é", "🙂", "{", "}", "#",
        ": ", "- ", "null", "007", "\\", "<b>",
    ];
    let mut text = String::new();
    for _ in 0..from.int_in_range(0..=6)? {
        text.push_str(from.choose(&PARTS)?);
    }
    Ok(text)
}

/// The bots in the order of their IDs; their values, what stands in for none included.
type Bots = BTreeMap<String, (Vec<String>, Option<BTreeSet<String>>)>;

fn found_in(roster: &Roster, model: &Model) -> Bots {
    let mut bots = Bots::new();
    each(roster, |bot| {
        let ids = (0..NAMES.len()).map(|index| VariableId::new(index).expect("a project has more"));
        let values = ids.map(|id| bot.values.get(id).to_owned()).collect();
        let choice = roster.choices()[bot.choice].clone();
        bots.insert(bot.id.clone(), (values, choice));
    });
    assert_eq!(model.variables.names(), NAMES);
    bots
}

/// What a list holds, unless something is wrong with it.
fn expected(records: &[Record], model: &Model) -> Option<Bots> {
    let mut bots = Bots::new();
    let mut seen = BTreeSet::new();
    let none = model.variables.placeholders();
    for record in records {
        let id = record.values[0].clone()?;
        if !seen.insert(id.to_lowercase()) {
            return None;
        }
        let mut values = Vec::new();
        for (index, variable) in model.variables.iter().enumerate() {
            let stand_in = none.get(VariableId::new(index)?).to_owned();
            if let Some(value) = &record.values[index]
                && (value.contains(is_reserved) || variable.refuses(value).is_some())
            {
                return None;
            }
            values.push(record.values[index].clone().unwrap_or(stand_in));
        }
        let endpoints = record.endpoints.as_ref();
        if endpoints.is_some_and(BTreeSet::is_empty) {
            // A bot without endpoints has no page here.
            return None;
        }
        let endpoints = endpoints.map(|names| names.iter().map(|&name| name.to_owned()).collect());
        bots.insert(id, (values, endpoints));
    }
    Some(bots)
}
