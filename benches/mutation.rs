//! How many changes of right examples the proof finds: `cargo bench --bench mutation`.
//!
//! The examples of the shipped spec and of the one that uses every construct are changed, one change
//! at a time, by eleven operators. A mutant is killed if the proof then finds what it did not find
//! before. It prints the kills by operator, and each survivor with the reason why it is no fault.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark prints what it measures, and fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;

use botdocs::diagnostic::Report;
use botdocs::example::stream_text;
use botdocs::load::{self, Folders};
use botdocs::model::{
    Additional, Api, Content, Event, EventData, LimitKeyword, Occurs, Schema, Stream,
    StreamExample, StreamFormat, StreamItem, Type,
};
use botdocs::proof::prove;
use botdocs::variable::Variables;
use botdocs::{site, sse};
use serde_json::{Number, Value, json};

/// The operators, in the order of the table.
const OPERATORS: [&str; 11] = [
    "delete a key",
    "rename a key",
    "change a type",
    "a value out of its enum",
    "beyond a limit",
    "a number under `equals`",
    "drop an event",
    "double an event",
    "swap two neighbours",
    "alter a joined piece",
    "cut the last blank line",
];

/// What only the report says begins with this.
const TOLD: &str = "told: ";

/// A page, and what becomes of its mutants.
struct Bench<'a> {
    page: String,
    api: &'a Api,
    variables: &'a Variables,
    /// What is found without a change.
    before: Vec<String>,
    counts: BTreeMap<&'static str, Count>,
    survivors: Vec<String>,
}

/// What became of the mutants of an operator.
#[derive(Clone, Copy, Default)]
struct Count {
    stopped: usize,
    told: usize,
    all: usize,
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
        let inputs = load::load(&Folders::of_project(&folder), &mut report);
        let project = site::project(&inputs, &mut report).unwrap();
        for page in &project.model.pages {
            let Content::Api(api) = &page.content else {
                continue;
            };
            let mut bench = Bench {
                page: page.name.clone(),
                api,
                variables: &project.model.variables,
                before: Vec::new(),
                counts: BTreeMap::new(),
                survivors: Vec::new(),
            };
            bench.before = bench.found(api);
            bench.run();
            for (operator, count) in bench.counts {
                let sum = total.entry(operator).or_default();
                sum.stopped += count.stopped;
                sum.told += count.told;
                sum.all += count.all;
            }
            survivors.extend(bench.survivors);
        }
    }
    println!("| operator | mutants | stopped | told | killed |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let percent =
        |count: Count| 100.0 * (count.stopped + count.told) as f64 / count.all.max(1) as f64;
    let row = |name: &str, count: Count| {
        let Count { stopped, told, all } = count;
        println!(
            "| {name} | {all} | {stopped} | {told} | {:.1} % |",
            percent(count)
        );
    };
    let mut sum = Count::default();
    for operator in OPERATORS {
        let count = total.get(operator).copied().unwrap_or_default();
        row(operator, count);
        sum.stopped += count.stopped;
        sum.told += count.told;
        sum.all += count.all;
    }
    row("**all**", sum);
    let share = percent(sum);
    println!("\n{} survivors:", survivors.len());
    for survivor in &survivors {
        println!("- {survivor}");
    }
    assert!(share >= 97.0, "the proof finds too few: {share:.1} %");
}

impl<'a> Bench<'a> {
    fn found(&self, api: &Api) -> Vec<String> {
        let proof = prove(api, self.variables);
        let findings = proof.findings.into_iter();
        let said = findings.map(|one| format!("{} {} {}", one.code.as_str(), one.at, one.message));
        let unproven = proof.proven.unproven.into_iter();
        said.chain(unproven.map(|one| format!("{TOLD}{} {}", one.at, one.why)))
            .collect()
    }

    /// Judges a page with a change in it.
    fn judge(&mut self, operator: &'static str, what: &str, reason: &str, api: &Api) {
        let found = self.found(api);
        let is_new = |one: &String| !self.before.contains(one);
        let is_told = found.iter().any(|one| one.starts_with(TOLD) && is_new(one));
        let is_stopped = found
            .iter()
            .any(|one| !one.starts_with(TOLD) && is_new(one));
        self.note(operator, what, reason, (is_stopped, is_told));
    }

    fn note(
        &mut self,
        operator: &'static str,
        what: &str,
        reason: &str,
        (is_stopped, is_told): (bool, bool),
    ) {
        let count = self.counts.entry(operator).or_default();
        count.stopped += usize::from(is_stopped);
        count.told += usize::from(is_told && !is_stopped);
        count.all += 1;
        if !is_stopped && !is_told {
            let page = &self.page;
            self.survivors
                .push(format!("{operator}: {page} {what}: {reason}"));
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
            for (pointer, schema) in parts {
                self.value_mutants(place, &value, &pointer, schema);
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

    fn value_mutants(
        &mut self,
        place: Place,
        whole: &Value,
        pointer: &str,
        schema: Option<&Schema>,
    ) {
        let what = format!("{place:?} {pointer}");
        let here = whole.pointer(pointer).unwrap().clone();
        let mut try_it = |operator, reason: &str, new: Value| {
            let mut changed = whole.clone();
            *changed.pointer_mut(pointer).unwrap() = new;
            let api = self.with(place, changed);
            self.judge(operator, &what, reason, &api);
        };
        if let Value::Object(members) = &here {
            for key in members.keys() {
                let mut without = members.clone();
                without.shift_remove(key);
                let reason = format!("`{key}` may be missing, and another example shows it");
                try_it("delete a key", &reason, without.into());
                let renamed = members.iter().map(|(name, value)| {
                    let name = if name == key {
                        format!("{name}_2")
                    } else {
                        name.clone()
                    };
                    (name, value.clone())
                });
                let reason = format!("`{key}` is one of any keys that the object may have");
                try_it("rename a key", &reason, Value::Object(renamed.collect()));
            }
        }
        let has_type = schema.is_some_and(|schema| {
            !schema.types.is_empty() || schema.constant.is_some() || !schema.one_of.is_empty()
        });
        let is_data = schema.is_none();
        let other = match &here {
            Value::String(_) => json!(7),
            Value::Number(_) | Value::Bool(_) => Value::String(here.to_string()),
            Value::Null => json!({"a": 1}),
            Value::Array(_) | Value::Object(_) => json!("text"),
        };
        if !is_data {
            let reason = match has_type {
                true => "it fits another alternative of `oneOf`",
                false => "the schema gives no type",
            };
            try_it("change a type", reason, other);
        }
        let Some(schema) = schema else { return };
        if !schema.values.is_empty() {
            let other = match schema.types.contains(&Type::Integer) {
                true => json!(987_654),
                false => json!("none-of-these"),
            };
            try_it("a value out of its enum", "?", other);
        }
        for limit in &schema.limits {
            if let Some(new) = beyond(limit.keyword, &limit.value, &here) {
                try_it("beyond a limit", "?", new);
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
                    let is_stopped = !sse::parse(cut).faults.is_empty();
                    let operator = "cut the last blank line";
                    self.note(operator, &example.name, "?", (is_stopped, false));
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
        let reason = streamed.reason(index);
        let mut without = items.clone();
        without.remove(index);
        self.judge(
            "drop an event",
            what,
            &reason,
            &streamed.with(self.api, without),
        );
        let mut doubled = items.clone();
        doubled.insert(index, items[index].clone());
        self.judge(
            "double an event",
            what,
            &reason,
            &streamed.with(self.api, doubled),
        );
        let next = items.get(index + 1).filter(|item| is_event(item));
        if next.is_some_and(|next| *next != items[index]) {
            let mut swapped = items.clone();
            swapped.swap(index, index + 1);
            let reason = "one of the two may come anywhere, or adds nothing to the response";
            self.judge(
                "swap two neighbours",
                what,
                reason,
                &streamed.with(self.api, swapped),
            );
        }
    }

    fn value_of_event_mutants(&mut self, streamed: Streamed<'_>, index: usize, what: &str) {
        let event = streamed.event(index);
        let reason = streamed.reason(index);
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
            self.judge(
                "alter a joined piece",
                what,
                &reason,
                &streamed.with(self.api, items),
            );
        }
        let StreamItem::Event { data, .. } = &streamed.example.items[index] else {
            return;
        };
        let pointers = event.iter().flat_map(|event| &event.equals);
        for pointer in pointers.flat_map(|join| numbers(data, &join.from)) {
            let mut items = streamed.example.items.clone();
            if let StreamItem::Event { data, .. } = &mut items[index] {
                increase(data.pointer_mut(&pointer).unwrap());
            }
            let what = format!("{what} {pointer}");
            let changed = streamed.with(self.api, items);
            self.judge("a number under `equals`", &what, &reason, &changed);
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

    /// Why a change of an event may be no fault.
    fn reason(&self, index: usize) -> String {
        let event = self.event(index);
        let label = event.map_or("a chunk", |event| event.label.as_str());
        let mut all = 0..self.example.items.len();
        let fails = all.any(|index| self.event(index).is_some_and(|event| event.fails));
        let repeats = event.is_some_and(|event| event.occurs == Occurs::Repeats);
        match (fails, repeats) {
            (true, _) => format!(
                "what comes before a failure is not the response, and `{label}` need not come"
            ),
            (false, true) => format!(
                "`{label}` may come any number of times, and adds nothing to the response here"
            ),
            (false, false) => format!("`{label}` may be missing"),
        }
    }
}

/// Each part of a value, with the schema that it has.
fn visit<'a>(
    api: &'a Api,
    schema: Option<&'a Schema>,
    value: &Value,
    pointer: String,
    parts: &mut Vec<(String, Option<&'a Schema>)>,
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
        return visit(api, Some(alternative), value, pointer, parts);
    }
    parts.push((pointer.clone(), schema));
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
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

/// Where in a value, below a pointer, numbers stand.
fn numbers(value: &Value, below: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![below.to_owned()];
    while let Some(pointer) = open.pop() {
        match value.pointer(&pointer) {
            Some(Value::Number(_)) => found.push(pointer),
            Some(Value::Object(members)) => {
                open.extend(members.keys().map(|key| format!("{pointer}/{key}")))
            }
            Some(Value::Array(items)) => {
                open.extend((0..items.len()).map(|index| format!("{pointer}/{index}")))
            }
            _ => {}
        }
    }
    found
}

fn increase(value: &mut Value) {
    let number = value.as_f64().unwrap() + 1.0;
    *value = match value.as_i64() {
        Some(whole) => json!(whole + 1),
        None => json!(number),
    };
}
