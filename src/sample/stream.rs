//! What a sample does with the items of a stream: which it prints, which end it, which say that it
//! failed. A list of cases, which every language writes as its own conditions.

use serde_json::Value;

use crate::model::{Event, EventData, Match, Stream, StreamFormat, StreamItem};

/// How a stream is read.
#[derive(Clone, Debug)]
pub struct Reader {
    /// How its items are written.
    pub format: StreamFormat,
    /// What to do with items whose name or whole data tells them apart, in the spec's order.
    pub named: Vec<Case>,
    /// What to do with items that are told apart by values in their data, which is JSON.
    pub valued: Vec<Case>,
    /// Whether no case prints anything: then every item is printed as it comes.
    pub prints_all: bool,
}

/// A kind of item, and what is done with it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What the item must be; all must hold.
    pub tests: Vec<Test>,
    /// What is done with it.
    pub action: Action,
}

/// Something that must hold of an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The event's name.
    Name(String),
    /// The whole data.
    Data(String),
    /// A value in the data.
    Value(Vec<Step>, Value),
}

/// One step into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A member of an object.
    Key(String),
    /// An item of an array.
    Index(usize),
}

/// What is done with an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Its whole data is printed.
    Print,
    /// A text in its JSON is printed.
    PrintAt {
        /// Where it is.
        path: Vec<Step>,
        /// Whether it is there in every example.
        always: bool,
    },
    /// Nothing comes after it.
    Stop,
    /// The answer failed; the data says why.
    Fail,
    /// Nothing: only that what it carries is no JSON.
    Skip,
}

impl Reader {
    /// How the items of a stream are read.
    pub(super) fn new(stream: &Stream) -> Reader {
        let to = joined_to(stream);
        let mut named = Vec::new();
        let mut valued = Vec::new();
        for (index, event) in stream.events.iter().enumerate() {
            let action = action(stream, index, event, to);
            let tests = tests(event);
            // What nothing tells apart comes last, after what is.
            let is_valued =
                tests.is_empty() || tests.iter().any(|test| matches!(test, Test::Value(..)));
            let cases = if is_valued { &mut valued } else { &mut named };
            cases.push((Case { tests, action }, &event.data));
        }
        // A text among the names is told apart only to keep it from being read as JSON.
        let parses = !valued.is_empty();
        let matters = |(case, data): (Case, &EventData)| {
            let is_needed =
                case.action != Action::Skip || parses && !matches!(data, EventData::Json(_));
            is_needed.then_some(case)
        };
        let named: Vec<Case> = named.into_iter().filter_map(matters).collect();
        let valued: Vec<Case> = valued.into_iter().map(|(case, _)| case).collect();
        let (rest, valued): (Vec<Case>, Vec<Case>) = valued
            .into_iter()
            .filter(|case| case.action != Action::Skip)
            .partition(|case| case.tests.is_empty());
        let valued: Vec<Case> = valued.into_iter().chain(rest.into_iter().take(1)).collect();
        let is_text = stream.format == StreamFormat::Text;
        let prints = |case: &Case| matches!(case.action, Action::Print | Action::PrintAt { .. });
        Reader {
            format: stream.format,
            prints_all: !is_text && !named.iter().chain(&valued).any(prints),
            named,
            valued,
        }
    }

    /// All cases.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.named.iter().chain(&self.valued)
    }

    /// Whether a case looks at the name of an event.
    pub fn has_names(&self) -> bool {
        let mut tests = self.cases().flat_map(|case| &case.tests);
        tests.any(|test| matches!(test, Test::Name(_)))
    }

    /// Whether a text may be missing in an item that can have it.
    pub fn may_miss(&self) -> bool {
        self.cases()
            .any(|case| matches!(case.action, Action::PrintAt { always: false, .. }))
    }

    /// Whether data is read as JSON.
    pub fn parses(&self) -> bool {
        let mut named = self.named.iter();
        !self.valued.is_empty() || named.any(|case| matches!(case.action, Action::PrintAt { .. }))
    }
}

/// The place of the response that the first pieces to be joined belong to.
fn joined_to(stream: &Stream) -> Option<&str> {
    let mut joins = stream
        .events
        .iter()
        .filter_map(|event| event.joins.as_ref());
    joins.next().map(|join| join.to.as_str())
}

fn tests(event: &Event) -> Vec<Test> {
    let name = event.wire_name.iter().map(|name| Test::Name(name.clone()));
    let matching = match &event.matching {
        None => Vec::new(),
        Some(Match::Whole(text)) => vec![Test::Data(text.clone())],
        Some(Match::Pointers(pairs)) => {
            let test =
                |(pointer, value): &(String, Value)| Test::Value(steps(pointer), value.clone());
            pairs.iter().map(test).collect()
        }
    };
    name.chain(matching).collect()
}

fn action(stream: &Stream, index: usize, event: &Event, to: Option<&str>) -> Action {
    if event.fails {
        return Action::Fail;
    }
    if event.ends && event.joins.is_none() {
        return Action::Stop;
    }
    match event.joins.as_ref().filter(|join| to == Some(&join.to)) {
        None => Action::Skip,
        Some(join) if join.from.is_empty() && matches!(event.data, EventData::Text) => {
            Action::Print
        }
        Some(join) => Action::PrintAt {
            path: steps(&join.from),
            always: is_always_there(stream, index, &join.from),
        },
    }
}

/// Whether every example of an event has a text at a place.
fn is_always_there(stream: &Stream, index: usize, pointer: &str) -> bool {
    let items = stream.examples.iter().flat_map(|example| &example.items);
    let mut data = items.filter_map(|item| match item {
        StreamItem::Event { event, data, .. } if *event == index => Some(data),
        StreamItem::Event { .. } | StreamItem::Comment(_) | StreamItem::Chunk(_) => None,
    });
    data.all(|data| data.pointer(pointer).is_some_and(Value::is_string))
}

/// The steps of a JSON pointer (RFC 6901); digits are taken for an index.
fn steps(pointer: &str) -> Vec<Step> {
    let step = |part: &str| match part.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Key(part.replace("~1", "/").replace("~0", "~")),
    };
    pointer.split('/').skip(1).map(step).collect()
}
