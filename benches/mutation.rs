//! How many changes of right examples the proof finds: `cargo bench --bench mutation`.
//!
//! The examples of the shipped spec and of the one that uses every construct are changed, one change
//! at a time, by the operators below. A key gets another name; a value becomes one of each other
//! type; a `const` is an `enum` of one. It prints, by operator, how many mutants
//!
//! - an error stops: a build fails;
//! - a warning tells of: `check --strict` fails;
//! - the report says: a field that no example shows any more. It is no finding, so it counts for nothing.
//!
//! A mutant is killed if one of the first two is new. Each other one is listed with the reason why it
//! is no fault, which is derived here from what the spec says, not from the proof: the key is not
//! `required`, the type is allowed, the order is free, the piece is empty, the stream fails. It ends
//! with an error if there is none for one of them, or if fewer than 97 % are killed, be it with one
//! change of type for each value or with all.
//!
//! Another value of the same type is a figure of its own, in neither sum and with no goal: where
//! nothing ties a value (a limit, an `enum`, `equals`, a response that a stream joins into), nobody but
//! its author can know that it is wrong.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark prints what it measures, and fails by panicking"
)]

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use botdocs::check::proof::prove;
use botdocs::hole::variable::Variables;
use botdocs::input::diagnostic::{Report, Severity};
use botdocs::input::load::{self, FileCache, Folders, ListChoice};
use botdocs::model::example::stream_text;
use botdocs::model::{
    Additional, Api, Event, EventData, LimitKeyword, Occurs, Schema, Stream, StreamExample,
    StreamFormat, StreamItem, Type,
};
use botdocs::pages::site::{self, SiteCache};
use botdocs::rich::sse;
use serde_json::{Number, Value, json};

/// The operators, in the order of the table.
const OPERATORS: [&str; 15] = [
    "delete a key",
    "rename a key",
    CHANGE_TYPE,
    FURTHER_TYPE,
    "a value out of its enum",
    "beyond a limit",
    "a number under `equals`",
    "a text under `equals`",
    "a second event under `equals`",
    "the first event again later",
    "drop an event",
    "double an event",
    "swap two neighbours",
    "alter a joined piece",
    "cut the last blank line",
];

/// One change of its type for each value, and those to the types that are left: they are many, so
/// they are counted apart.
const CHANGE_TYPE: &str = "change a type";
const FURTHER_TYPE: &str = "change a type to each other";

/// A right value in place of another, of which no rule needs to know.
const SAME_TYPE: &str = "another value of the same type";

/// The least share of mutants that is killed, in percent.
const LEAST: f64 = 97.0;

/// What a mutant is noticed by, the loudest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Notice {
    Nothing,
    Report,
    Warning,
    Error,
}

/// A page, and what becomes of its mutants.
struct Bench<'a> {
    page: String,
    api: &'a Api,
    variables: &'a Variables,
    /// What is found without a change.
    before: HashSet<(Notice, String)>,
    counts: BTreeMap<&'static str, Count>,
    survivors: Vec<Survivor>,
}

/// A mutant that is not killed.
struct Survivor {
    what: String,
    notice: Notice,
    /// Why it is no fault.
    reason: Option<String>,
}

/// What became of the mutants of an operator.
#[derive(Clone, Copy, Default)]
struct Count {
    errors: usize,
    warnings: usize,
    reported: usize,
    all: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.reported += other.reported;
        self.all += other.all;
    }

    fn without(self, other: Count) -> Count {
        Count {
            errors: self.errors - other.errors,
            warnings: self.warnings - other.warnings,
            reported: self.reported - other.reported,
            all: self.all - other.all,
        }
    }

    fn killed(self) -> f64 {
        100.0 * (self.errors + self.warnings) as f64 / self.all.max(1) as f64
    }
}

/// An example of a page.
#[derive(Clone, Copy, Debug)]
enum Place {
    Parameter(usize, usize),
    Header(usize, usize, usize),
    Request(usize, usize),
    Response(usize, usize, usize),
    /// An endpoint, a stream example, and an item of it.
    Item(usize, usize, usize),
}

fn main() {
    let mut total: BTreeMap<&str, Count> = BTreeMap::new();
    let mut survivors = Vec::new();
    for project in ["", "tests/golden/everything"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(project);
        let mut report = Report::default();
        let inputs = load::load(
            &Folders::of_project(&folder),
            &ListChoice::OfSite,
            &mut FileCache::default(),
            &mut report,
        );
        let project = site::project(&inputs, &mut SiteCache::default(), &mut report).unwrap();
        for page in &project.model.pages {
            let Some(api) = page.api() else {
                continue;
            };
            let mut bench = Bench {
                page: page.name.clone(),
                api,
                variables: &project.model.variables,
                before: HashSet::new(),
                counts: BTreeMap::new(),
                survivors: Vec::new(),
            };
            bench.before = bench.found(api);
            bench.run();
            for (operator, count) in bench.counts {
                total.entry(operator).or_default().add(count);
            }
            survivors.extend(bench.survivors);
        }
    }
    print(&total, &survivors);
}

fn print(total: &BTreeMap<&str, Count>, survivors: &[Survivor]) {
    println!("| operator | mutants | error | warning | killed | only reported |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    let row = |name: &str, count: Count| {
        let Count {
            errors,
            warnings,
            reported,
            all,
        } = count;
        let killed = count.killed();
        println!("| {name} | {all} | {errors} | {warnings} | {killed:.1} % | {reported} |");
    };
    let mut sum = Count::default();
    for operator in OPERATORS {
        let count = total.get(operator).copied().unwrap_or_default();
        assert!(count.all > 0, "no mutant by `{operator}`");
        row(operator, count);
        sum.add(count);
    }
    let further = total.get(FURTHER_TYPE).copied().unwrap_or_default();
    let rest = sum.without(further);
    row("**all, with one type each**", rest);
    row("**all**", sum);
    let same = total.get(SAME_TYPE).copied().unwrap_or_default();
    assert!(same.all > 0, "no mutant by `{SAME_TYPE}`");
    row(SAME_TYPE, same);
    println!("\n{} that are no faults:\n", survivors.len());
    for Survivor {
        what,
        notice,
        reason,
    } in survivors
    {
        let reason = reason.as_deref().unwrap_or("NO REASON");
        let told = match notice {
            Notice::Report => " (the report says that no example shows it)",
            _ => "",
        };
        println!("- {what}: {reason}{told}");
    }
    let faults = survivors.iter().filter(|one| one.reason.is_none()).count();
    assert!(faults == 0, "{faults} faults that the proof does not find");
    for killed in [rest.killed(), sum.killed()] {
        assert!(killed >= LEAST, "the proof finds too few: {killed:.1} %");
    }
}

impl<'a> Bench<'a> {
    fn found(&self, api: &Api) -> HashSet<(Notice, String)> {
        let proof = prove(api, self.variables);
        let findings = proof.findings.into_iter().map(|one| {
            let notice = match one.severity {
                Severity::Error => Notice::Error,
                Severity::Warning => Notice::Warning,
            };
            let said = format!("{} {} {}", one.code.as_str(), one.at, one.message);
            (notice, said)
        });
        let unproven = proof.proven.unproven.into_iter();
        let unproven = unproven.map(|one| (Notice::Report, format!("{} {}", one.at, one.why)));
        findings.chain(unproven).collect()
    }

    /// Judges a page with a change in it.
    fn judge(&mut self, operator: &'static str, what: &str, reason: Option<String>, api: &Api) {
        let found = self.found(api);
        let new = found.difference(&self.before).map(|(notice, _)| *notice);
        let notice = new.max().unwrap_or(Notice::Nothing);
        self.note(operator, what, reason, notice);
    }

    fn note(&mut self, operator: &'static str, what: &str, reason: Option<String>, notice: Notice) {
        let count = self.counts.entry(operator).or_default();
        count.add(Count {
            errors: usize::from(notice == Notice::Error),
            warnings: usize::from(notice == Notice::Warning),
            reported: usize::from(notice == Notice::Report),
            all: 1,
        });
        if notice < Notice::Warning && operator != SAME_TYPE {
            let what = format!("{operator}: {} {what}", self.page);
            self.survivors.push(Survivor {
                what,
                notice,
                reason,
            });
        }
    }

    fn run(&mut self) {
        for place in self.places() {
            let value = self.value(place).clone();
            let mut parts = Vec::new();
            visit(
                self.api,
                self.schema(place),
                &value,
                String::new(),
                &mut parts,
            );
            for part in &parts {
                self.value_mutants(place, &value, part);
            }
        }
        self.streams();
    }

    fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for (index, endpoint) in self.api.endpoints.iter().enumerate() {
            let parameters = endpoint.parameters.iter().enumerate();
            let shown = parameters.filter(|(_, one)| one.field.example.is_some());
            places.extend(shown.map(|(one, _)| Place::Parameter(index, one)));
            let request = endpoint.request.iter().flat_map(|body| &body.examples);
            places.extend(
                request
                    .enumerate()
                    .map(|(one, _)| Place::Request(index, one)),
            );
            for (number, response) in endpoint.responses.iter().enumerate() {
                let headers = response.headers.iter().enumerate();
                let shown = headers.filter(|(_, one)| one.example.is_some());
                places.extend(shown.map(|(one, _)| Place::Header(index, number, one)));
                let examples = response.body.examples.iter().enumerate();
                places.extend(examples.map(|(one, _)| Place::Response(index, number, one)));
            }
            let streams = endpoint.stream.iter().flat_map(|stream| &stream.examples);
            for (number, example) in streams.enumerate() {
                let items = example.items.iter().enumerate();
                let events = items.filter(|(_, item)| matches!(item, StreamItem::Event { .. }));
                places.extend(events.map(|(item, _)| Place::Item(index, number, item)));
            }
        }
        places
    }

    fn schema(&self, place: Place) -> Option<&'a Schema> {
        let api = self.api;
        let endpoint = |index: usize| &api.endpoints[index];
        match place {
            Place::Parameter(at, one) => Some(&endpoint(at).parameters[one].field.schema),
            Place::Header(at, response, one) => {
                Some(&endpoint(at).responses[response].headers[one].schema)
            }
            Place::Request(at, _) => endpoint(at).request.as_ref()?.schema.as_ref(),
            Place::Response(at, response, _) => {
                endpoint(at).responses[response].body.schema.as_ref()
            }
            Place::Item(at, example, item) => {
                let stream = endpoint(at).stream.as_ref()?;
                let StreamItem::Event { event, .. } = &stream.examples[example].items[item] else {
                    return None;
                };
                match &stream.events[*event].data {
                    EventData::Json(schema) => schema.as_deref(),
                    EventData::Text | EventData::Empty => None,
                }
            }
        }
    }

    fn value(&self, place: Place) -> &Value {
        let endpoint = |index: usize| &self.api.endpoints[index];
        match place {
            Place::Parameter(at, one) => {
                endpoint(at).parameters[one].field.example.as_ref().unwrap()
            }
            Place::Header(at, response, one) => endpoint(at).responses[response].headers[one]
                .example
                .as_ref()
                .unwrap(),
            Place::Request(at, one) => &endpoint(at).request.as_ref().unwrap().examples[one].value,
            Place::Response(at, response, one) => {
                &endpoint(at).responses[response].body.examples[one].value
            }
            Place::Item(at, example, item) => {
                match &endpoint(at).stream.as_ref().unwrap().examples[example].items[item] {
                    StreamItem::Event { data, .. } => data,
                    StreamItem::Comment(_) | StreamItem::Chunk(_) => &Value::Null,
                }
            }
        }
    }

    /// What a place is called.
    fn called(&self, place: Place) -> String {
        let endpoint = |at: usize| &self.api.endpoints[at];
        let parameter = |at: usize, one: usize| &endpoint(at).parameters[one].field.name;
        match place {
            Place::Parameter(at, one) => {
                format!("{} parameter `{}`", endpoint(at).id, parameter(at, one))
            }
            Place::Header(at, response, one) => {
                let response = &endpoint(at).responses[response];
                let name = &response.headers[one].name;
                format!("{} {} header `{name}`", endpoint(at).id, response.status)
            }
            Place::Request(at, one) => {
                let example = &endpoint(at).request.as_ref().unwrap().examples[one];
                format!("{} request `{}`", endpoint(at).id, example.name)
            }
            Place::Response(at, response, one) => {
                let response = &endpoint(at).responses[response];
                let name = &response.body.examples[one].name;
                format!("{} {} `{name}`", endpoint(at).id, response.status)
            }
            Place::Item(at, example, item) => {
                let example = &endpoint(at).stream.as_ref().unwrap().examples[example];
                format!("{} stream `{}` item {item}", endpoint(at).id, example.name)
            }
        }
    }

    /// The page with another value in a place.
    fn with(&self, place: Place, value: Value) -> Api {
        let mut api = self.api.clone();
        match place {
            Place::Parameter(at, one) => {
                api.endpoints[at].parameters[one].field.example = Some(value)
            }
            Place::Header(at, response, one) => {
                api.endpoints[at].responses[response].headers[one].example = Some(value);
            }
            Place::Request(at, one) => {
                api.endpoints[at].request.as_mut().unwrap().examples[one].value = value;
            }
            Place::Response(at, response, one) => {
                api.endpoints[at].responses[response].body.examples[one].value = value;
            }
            Place::Item(at, example, item) => {
                let stream = api.endpoints[at].stream.as_mut().unwrap();
                if let StreamItem::Event { data, .. } = &mut stream.examples[example].items[item] {
                    *data = value;
                }
            }
        }
        api
    }

    fn value_mutants(&mut self, place: Place, whole: &Value, part: &Part<'_>) {
        let (pointer, schema) = (part.pointer.as_str(), part.schema);
        let what = format!("{} {pointer}", self.called(place));
        let here = whole.pointer(pointer).unwrap().clone();
        let api = self.api;
        let mut try_it = |operator, what: String, reason: Option<String>, new: Value| {
            let mut changed = whole.clone();
            *changed.pointer_mut(pointer).unwrap() = new;
            let changed = self.with(place, changed);
            self.judge(operator, &what, reason, &changed);
        };
        if let Value::Object(members) = &here {
            for key in members.keys() {
                let mut without = members.clone();
                without.shift_remove(key);
                let what = format!("{what}/{key}");
                let reason = may_be_missing(schema, key);
                try_it("delete a key", what.clone(), reason.clone(), without.into());
                let renamed = members.iter().map(|(name, value)| {
                    let name = if name == key {
                        format!("{name}_2")
                    } else {
                        name.clone()
                    };
                    (name, value.clone())
                });
                let reason = reason.and_then(|_| takes_any_key(schema));
                try_it(
                    "rename a key",
                    what,
                    reason,
                    Value::Object(renamed.collect()),
                );
            }
        }
        let Some(schema) = schema else { return };
        for (number, other) in of_other_types(&here, schema).into_iter().enumerate() {
            let reason = part.said.and_then(|said| takes(api, said, &other));
            let operator = if number == 0 {
                CHANGE_TYPE
            } else {
                FURTHER_TYPE
            };
            let what = format!("{what} to {other}");
            try_it(operator, what, reason, other);
        }
        if let Some(other) = other_of_type(&here, schema) {
            try_it(SAME_TYPE, what.clone(), None, other);
        }
        if !schema.values.is_empty() || schema.constant.is_some() {
            let other = match &here {
                Value::Number(_) => json!(987_654),
                Value::Bool(value) => json!(!value),
                _ => json!("none-of-these"),
            };
            try_it("a value out of its enum", what.clone(), None, other);
        }
        for limit in &schema.limits {
            if let Some(new) = beyond(limit.keyword, &limit.value, &here) {
                let what = format!("{what} {}", limit.keyword.as_str());
                try_it("beyond a limit", what, None, new);
            }
        }
    }

    fn streams(&mut self) {
        for (at, endpoint) in self.api.endpoints.iter().enumerate() {
            let Some(stream) = &endpoint.stream else {
                continue;
            };
            for (number, example) in stream.examples.iter().enumerate() {
                let streamed = Streamed {
                    at,
                    number,
                    stream,
                    example,
                };
                for index in 0..example.items.len() {
                    let what = format!("{} `{}` item {index}", endpoint.id, example.name);
                    self.event_mutants(streamed, index, &what);
                    self.value_of_event_mutants(streamed, index, &what);
                }
                if stream.format == StreamFormat::Sse {
                    let text = stream_text(stream, example);
                    let cut = text.strip_suffix('\n').unwrap();
                    let notice = match sse::parse(cut).faults.is_empty() {
                        true => Notice::Nothing,
                        false => Notice::Error,
                    };
                    let what = format!("{} `{}`", endpoint.id, example.name);
                    self.note("cut the last blank line", &what, None, notice);
                }
            }
        }
    }

    fn event_mutants(&mut self, streamed: Streamed<'_>, index: usize, what: &str) {
        let items = &streamed.example.items;
        let is_event = |item: &StreamItem| !matches!(item, StreamItem::Comment(_));
        if !is_event(&items[index]) {
            return;
        }
        let mut without = items.clone();
        without.remove(index);
        let changed = streamed.with(self.api, without);
        self.judge(
            "drop an event",
            what,
            streamed.may_be_missing(index),
            &changed,
        );
        let mut doubled = items.clone();
        doubled.insert(index, items[index].clone());
        let changed = streamed.with(self.api, doubled);
        self.judge(
            "double an event",
            what,
            streamed.may_repeat(index),
            &changed,
        );
        let is_first = streamed.event(index).is_some_and(|event| event.first);
        if is_first && items.len() > index + 1 {
            let mut again = items.clone();
            again.insert(index + 2, items[index].clone());
            let changed = streamed.with(self.api, again);
            self.judge("the first event again later", what, None, &changed);
        }
        let next = items.get(index + 1).filter(|item| is_event(item));
        if next.is_some_and(|next| *next != items[index]) {
            let mut swapped = items.clone();
            swapped.swap(index, index + 1);
            let changed = streamed.with(self.api, swapped);
            let reason = streamed.may_be_swapped(index);
            self.judge("swap two neighbours", what, reason, &changed);
        }
    }

    fn value_of_event_mutants(&mut self, streamed: Streamed<'_>, index: usize, what: &str) {
        let event = streamed.event(index);
        let mut items = streamed.example.items.clone();
        let join = event.and_then(|event| event.joins.as_ref());
        let piece = match (&mut items[index], join) {
            (StreamItem::Chunk(text), _) => Some(text),
            (StreamItem::Event { data, .. }, Some(join)) => match data.pointer_mut(&join.from) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            },
            _ => None,
        };
        if let Some(text) = piece {
            text.push('x');
            let changed = streamed.with(self.api, items);
            self.judge("alter a joined piece", what, streamed.fails(), &changed);
        }
        let StreamItem::Event { data, .. } = &streamed.example.items[index] else {
            return;
        };
        let pointers = event.iter().flat_map(|event| &event.equals);
        for pointer in pointers.flat_map(|join| scalars(data, &join.from)) {
            let operator = match data.pointer(&pointer) {
                Some(Value::String(_)) => "a text under `equals`",
                _ => "a number under `equals`",
            };
            let mut items = streamed.example.items.clone();
            if let StreamItem::Event { data, .. } = &mut items[index] {
                alter(data.pointer_mut(&pointer).unwrap());
            }
            let what = format!("{what} {pointer}");
            let altered = items[index].clone();
            let changed = streamed.with(self.api, items);
            self.judge(operator, &what, streamed.fails(), &changed);
            let mut items = streamed.example.items.clone();
            items.insert(index + 1, altered);
            let changed = streamed.with(self.api, items);
            let operator = "a second event under `equals`";
            self.judge(operator, &what, streamed.fails(), &changed);
        }
    }
}

/// A stream example and where it stands: the endpoint's number, and its own.
#[derive(Clone, Copy)]
struct Streamed<'a> {
    at: usize,
    number: usize,
    stream: &'a Stream,
    example: &'a StreamExample,
}

impl Streamed<'_> {
    fn event(&self, index: usize) -> Option<&Event> {
        match &self.example.items[index] {
            StreamItem::Event { event, .. } => Some(&self.stream.events[*event]),
            StreamItem::Chunk(_) | StreamItem::Comment(_) => None,
        }
    }

    /// The page with other items in the example.
    fn with(&self, api: &Api, items: Vec<StreamItem>) -> Api {
        let mut api = api.clone();
        let stream = api.endpoints[self.at].stream.as_mut().unwrap();
        stream.examples[self.number].items = items;
        api
    }

    /// Whether what the example has is no response.
    fn fails(&self) -> Option<String> {
        let mut all = 0..self.example.items.len();
        let fails = all.any(|index| self.event(index).is_some_and(|event| event.fails));
        fails.then(|| "what comes before a failure is not the response".to_owned())
    }

    /// What an item adds to the response.
    fn piece(&self, index: usize) -> &str {
        match (&self.example.items[index], self.event(index)) {
            (StreamItem::Chunk(text), _) => text,
            (StreamItem::Event { data, .. }, Some(event)) => {
                let join = event.joins.as_ref();
                let piece = join.and_then(|join| data.pointer(&join.from)?.as_str());
                piece.unwrap_or_default()
            }
            _ => "",
        }
    }

    /// Why nothing of the response changes with an item.
    fn adds_nothing(&self, index: usize) -> Option<String> {
        let is_empty = self.piece(index).is_empty();
        let empty = is_empty.then(|| "it adds nothing to the response".to_owned());
        empty.or_else(|| self.fails())
    }

    fn may_be_missing(&self, index: usize) -> Option<String> {
        let event = self.event(index)?;
        let must = event.first || event.ends || event.occurs == Occurs::Once;
        let why = self.adds_nothing(index).filter(|_| !must)?;
        Some(format!("`{}` need not come, and {why}", event.label))
    }

    fn may_repeat(&self, index: usize) -> Option<String> {
        let event = self.event(index)?;
        let repeats = event.occurs == Occurs::Repeats && !event.first && !event.ends;
        let why = self.adds_nothing(index).filter(|_| repeats)?;
        Some(format!(
            "`{}` may come any number of times, and {why}",
            event.label
        ))
    }

    fn may_be_swapped(&self, index: usize) -> Option<String> {
        let (one, next) = (self.event(index)?, self.event(index + 1)?);
        let (piece, after) = (self.piece(index), self.piece(index + 1));
        let is_fixed = |event: &Event| event.first || event.ends;
        if is_fixed(one) || is_fixed(next) {
            return None;
        }
        let is_free = |event: &Event| event.occurs == Occurs::Repeats && event.joins.is_none();
        if let Some(free) = [one, next].into_iter().find(|event| is_free(event)) {
            return Some(format!("`{}` may come anywhere", free.label));
        }
        let commutes = format!("{piece}{after}") == format!("{after}{piece}");
        let why = match commutes {
            true => Some("joined they are the same".to_owned()),
            false => self.fails(),
        };
        why.filter(|_| one.label == next.label || !self.stream.ordered)
    }
}

/// Why an object may be without a key: it is not required.
fn may_be_missing(schema: Option<&Schema>, key: &str) -> Option<String> {
    let fields = &schema?.fields;
    match fields.iter().find(|field| field.name == key) {
        Some(field) => (!field.required).then(|| format!("`{key}` is not required")),
        None => takes_any_key(schema),
    }
}

/// Why an object may have a key that no field names.
fn takes_any_key(schema: Option<&Schema>) -> Option<String> {
    let schema = schema?;
    let is_open = match &schema.additional {
        Additional::Allowed | Additional::Like(_) => true,
        Additional::Forbidden => false,
        Additional::Unspecified => schema.fields.is_empty(),
    };
    is_open.then(|| "the object may have any keys".to_owned())
}

/// A value of each type that another value does not have; of an integer also a fraction.
fn of_other_types(here: &Value, schema: &Schema) -> Vec<Value> {
    let all = [
        json!({}),
        json!("text"),
        json!(7),
        json!(true),
        Value::Null,
        json!([]),
    ];
    let is_other = |other: &Value| std::mem::discriminant(other) != std::mem::discriminant(here);
    let is_integer = here.is_number() && schema.types.contains(&Type::Integer);
    let fraction = is_integer.then(|| json!(0.5));
    all.into_iter().filter(is_other).chain(fraction).collect()
}

/// Why a schema takes a value of another type: it says none, or this one too.
fn takes(api: &Api, schema: &Schema, value: &Value) -> Option<String> {
    let schema = api.resolve(schema);
    let of_type = |kind: &Type| match (kind, value) {
        (Type::Integer, Value::Number(number)) => number.is_i64(),
        (Type::String, Value::String(_))
        | (Type::Number, Value::Number(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Object, Value::Object(_))
        | (Type::Array, Value::Array(_))
        | (Type::Null, Value::Null) => true,
        _ => false,
    };
    let is_named = schema.values.is_empty() || schema.values.contains(value);
    if !is_named || schema.constant.as_ref().is_some_and(|it| it != value) {
        return None;
    }
    if !schema.one_of.is_empty() {
        let mut fits = schema
            .one_of
            .iter()
            .filter_map(|one| takes(api, one, value));
        return fits
            .next()
            .map(|_| "another alternative takes it".to_owned());
    }
    match schema.types.as_slice() {
        [] => Some("the schema gives no type".to_owned()),
        types if types.iter().any(of_type) => Some("the schema takes this type too".to_owned()),
        _ => None,
    }
}

/// A part of a value.
struct Part<'a> {
    pointer: String,
    /// What describes it, of several alternatives the one that it is.
    schema: Option<&'a Schema>,
    /// What describes it, with all alternatives.
    said: Option<&'a Schema>,
}

/// Each part of a value, with the schema that it has.
fn visit<'a>(
    api: &'a Api,
    schema: Option<&'a Schema>,
    value: &Value,
    pointer: String,
    parts: &mut Vec<Part<'a>>,
) {
    visit_of(api, schema, (schema, value), pointer, parts);
}

fn visit_of<'a>(
    api: &'a Api,
    said: Option<&'a Schema>,
    (schema, value): (Option<&'a Schema>, &Value),
    pointer: String,
    parts: &mut Vec<Part<'a>>,
) {
    let schema = schema.map(|schema| api.resolve(schema));
    // A value of an alternative has the alternative's fields.
    let of_kind = |one: &&Schema| {
        let one = api.resolve(one);
        one.fields.iter().all(
            |field| match (value.get(&field.name), &field.schema.constant) {
                (Some(value), Some(constant)) => value == constant,
                (None, _) => !field.required,
                _ => true,
            },
        ) && (value.is_object() || one.fields.is_empty())
    };
    let alternative = schema.and_then(|schema| schema.one_of.iter().find(of_kind));
    if let Some(alternative) = alternative {
        return visit_of(api, said, (Some(alternative), value), pointer, parts);
    }
    parts.push(Part {
        pointer: pointer.clone(),
        schema,
        said,
    });
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let field = schema.and_then(|schema| {
                    let field = schema.fields.iter().find(|field| field.name == *name);
                    let like = match &schema.additional {
                        Additional::Like(like) => Some(&**like),
                        _ => None,
                    };
                    field.map(|field| &field.schema).or(like)
                });
                // What no schema describes, nothing can be said of.
                if field.is_some() {
                    visit(
                        api,
                        field,
                        value,
                        format!("{pointer}/{}", escaped(name)),
                        parts,
                    );
                }
            }
        }
        Value::Array(items) => {
            let of = schema.and_then(|schema| schema.items.as_deref());
            for (index, item) in items.iter().enumerate().filter(|_| of.is_some()) {
                visit(api, of, item, format!("{pointer}/{index}"), parts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A value just beyond a limit.
fn beyond(keyword: LimitKeyword, limit: &Value, here: &Value) -> Option<Value> {
    use LimitKeyword as L;
    let number = |change: f64| {
        let number = limit.as_f64()? + change;
        Number::from_f64(number).map(Value::Number)
    };
    let count = limit.as_u64().unwrap_or_default() as usize;
    let text = here.as_str();
    let items = here.as_array();
    match keyword {
        L::Minimum => number(-1.0),
        L::ExclusiveMinimum | L::ExclusiveMaximum => number(0.0),
        L::Maximum => number(1.0),
        L::MultipleOf => {
            Number::from_f64(here.as_f64()? + limit.as_f64()? / 2.0).map(Value::Number)
        }
        L::MinLength => Some(
            text?
                .chars()
                .take(count.checked_sub(1)?)
                .collect::<String>()
                .into(),
        ),
        L::MaxLength => text.map(|_| "x".repeat(count + 1).into()),
        L::Pattern => text.map(|_| "☃".into()),
        L::MinItems => Some(items?[..count.checked_sub(1)?].to_vec().into()),
        L::MaxItems => {
            let first = items?.first()?.clone();
            Some(vec![first; count + 1].into())
        }
        L::UniqueItems => {
            let mut doubled = items?.clone();
            doubled.push(doubled.first()?.clone());
            Some(doubled.into())
        }
    }
}

/// Another value of the type that a value has, which its schema names if it names any.
fn other_of_type(here: &Value, schema: &Schema) -> Option<Value> {
    if schema.constant.is_some() {
        return None;
    }
    if !schema.values.is_empty() {
        return schema.values.iter().find(|other| *other != here).cloned();
    }
    let mut other = here.clone();
    match &mut other {
        Value::Bool(value) => *value = !*value,
        Value::Number(_) | Value::String(_) => alter(&mut other),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    }
    Some(other)
}

/// A name as a step of a pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Where in a value, below a pointer, numbers and texts stand.
fn scalars(value: &Value, below: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![below.to_owned()];
    while let Some(pointer) = open.pop() {
        match value.pointer(&pointer) {
            Some(Value::Number(_) | Value::String(_)) => found.push(pointer),
            Some(Value::Object(members)) => open.extend(
                members
                    .keys()
                    .map(|key| format!("{pointer}/{}", escaped(key))),
            ),
            Some(Value::Array(items)) => {
                open.extend((0..items.len()).map(|index| format!("{pointer}/{index}")))
            }
            _ => {}
        }
    }
    found
}

/// Makes a number greater, or a text longer.
fn alter(value: &mut Value) {
    if let Value::String(text) = value {
        text.push('x');
        return;
    }
    let whole = value.as_i64().and_then(|whole| whole.checked_add(1));
    let number = value.as_f64().map(|number| (number, number + 1.0));
    *value = match (whole, number) {
        (Some(whole), _) => json!(whole),
        (None, Some((number, greater))) if greater > number && greater.is_finite() => {
            json!(greater)
        }
        // Where no float tells the two apart, the digits do.
        _ => match value.to_string() {
            text if text.starts_with('-') => json!(0),
            text => serde_json::from_str(&format!("1{text}")).unwrap(),
        },
    };
}
