//! The actions of a sample for the items of a stream: which it prints, which end the stream, which
//! report a failure. It is a list of cases, which every printer writes as its language's
//! conditions.

use serde_json::Value;

use crate::model::{Event, EventData, Match, Stream, StreamFormat, StreamItem};

/// The reader of a stream.
#[derive(Clone, Debug)]
pub struct StreamReader {
    /// The form of its items.
    pub format: StreamFormat,
    /// The cases of items with a name or fixed data, in the spec's order.
    pub named: Vec<Case>,
    /// The cases of items with fixed values in their JSON data.
    pub valued: Vec<Case>,
    /// Whether no text is joined: then every item is printed on a line of its own.
    pub prints_lines: bool,
    /// Whether the names of events are compared or printed.
    pub has_names: bool,
}

/// A kind of item, and the action for it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The tests of the item, all of which must hold.
    pub tests: Vec<ItemTest>,
    /// The action for it.
    pub action: Action,
}

/// A test of an item.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemTest {
    /// The event's name.
    Name(String),
    /// The whole data.
    Data(String),
    /// A value in the data.
    Value(Vec<PathStep>, Value),
}

/// One step into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// A member of an object.
    Key(String),
    /// An item of an array.
    Index(usize),
}

/// The action for an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Its whole data is printed.
    Print,
    /// A text in its JSON is printed.
    PrintAt {
        /// Its place.
        path: Vec<PathStep>,
        /// Whether it is there in every example.
        always: bool,
    },
    /// It is printed on lines of its own, after its name if the stream names its events.
    Line,
    /// The same, and nothing comes after it.
    LastLine,
    /// Nothing comes after it.
    Stop,
    /// The answer failed; the data contains the reason.
    Fail,
    /// Nothing is done. The case only keeps data that is no JSON from the parser.
    Skip,
}

impl Action {
    /// Returns whether it is the last item that is read.
    pub fn ends(&self) -> bool {
        match self {
            Action::LastLine | Action::Stop | Action::Fail => true,
            Action::Print | Action::PrintAt { .. } | Action::Line | Action::Skip => false,
        }
    }
}

impl StreamReader {
    /// Returns the reader of a stream.
    pub(super) fn new(stream: &Stream) -> StreamReader {
        let is_text = stream.format == StreamFormat::Text;
        let to = joined_to(stream);
        let prints_lines = !is_text && to.is_none();
        let mut named = Vec::new();
        let mut valued = Vec::new();
        for (index, event) in stream.events.iter().enumerate() {
            // Joined pieces go on one line; if nothing is joined, every item is printed on its own
            // line, so that the reader sees the stream.
            let action = if prints_lines {
                line_action(event)
            } else {
                action(stream, index, event, to)
            };
            let tests = tests(event);
            // An event without tests matches everything, so it comes after all others.
            let is_valued =
                tests.is_empty() || tests.iter().any(|test| matches!(test, ItemTest::Value(..)));
            let cases = if is_valued { &mut valued } else { &mut named };
            cases.push((Case { tests, action }, &event.data));
        }
        // The action for all other items needs no case of its own.
        let usual = if prints_lines {
            Action::Line
        } else {
            Action::Skip
        };
        let valued = valued.into_iter().map(|(case, _)| case);
        let (rest, valued): (Vec<Case>, Vec<Case>) = valued
            .filter(|case| case.action != usual)
            .partition(|case| case.tests.is_empty());
        // Only the first case without a test can ever be reached.
        let mut valued: Vec<Case> = valued.into_iter().chain(rest.into_iter().take(1)).collect();
        // A named event with text is a case only if the JSON parser must not get it.
        let parses = !valued.is_empty();
        let matters = |(case, data): (Case, &EventData)| {
            let is_needed = case.action != usual || parses && !matches!(data, EventData::Json(_));
            is_needed.then_some(case)
        };
        let mut named: Vec<Case> = named.into_iter().filter_map(matters).collect();
        if prints_lines {
            let cases = if parses { &mut valued } else { &mut named };
            if cases.last().is_none_or(|case| !case.tests.is_empty()) {
                let tests = Vec::new();
                cases.push(Case {
                    tests,
                    action: usual,
                });
            }
        }
        let prints_names = prints_lines && stream.events.iter().any(|it| it.wire_name.is_some());
        let mut tests = named.iter().chain(&valued).flat_map(|case| &case.tests);
        StreamReader {
            format: stream.format,
            prints_lines,
            has_names: prints_names || tests.any(|test| matches!(test, ItemTest::Name(_))),
            named,
            valued,
        }
    }

    /// Returns the same for a language that reads until the server closes: it prints the last line
    /// like any other.
    // In a language with callbacks (PHP's cURL, Ruby's blocks), an early end would look like a
    // failed request.
    pub(super) fn until_closed(&self) -> StreamReader {
        let mut reader = self.clone();
        let is_other = |case: &Case| case.tests.is_empty() || case.action != Action::LastLine;
        reader.named.retain(is_other);
        reader.valued.retain(is_other);
        if reader.prints_lines && reader.valued.iter().all(|case| case.tests.is_empty()) {
            // No case compares values any more, so no JSON is parsed and the two lists become one.
            let is_other = |case: &Case| case.tests.is_empty() || case.action != Action::Line;
            reader.named.retain(is_other);
            reader.named.append(&mut reader.valued);
        }
        reader
    }

    /// Returns all cases.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.named.iter().chain(&self.valued)
    }

    /// Returns whether the name of an event is printed with its data.
    pub fn prints_names(&self) -> bool {
        self.prints_lines && self.has_names
    }

    /// Returns whether a text may be missing in an item that can have it.
    pub fn may_miss(&self) -> bool {
        self.cases()
            .any(|case| matches!(case.action, Action::PrintAt { always: false, .. }))
    }

    /// Returns whether data is read as JSON.
    pub fn parses(&self) -> bool {
        let mut named = self.named.iter();
        !self.valued.is_empty() || named.any(|case| matches!(case.action, Action::PrintAt { .. }))
    }
}

/// Returns the place in the response of the first text that is joined. A sample prints one text, so
/// of several the first.
// Two joined texts would mix on the terminal.
fn joined_to(stream: &Stream) -> Option<&str> {
    let mut joins = stream
        .events
        .iter()
        .filter_map(|event| event.joins.as_ref());
    joins.next().map(|join| join.to.as_str())
}

fn tests(event: &Event) -> Vec<ItemTest> {
    let name = event
        .wire_name
        .iter()
        .map(|name| ItemTest::Name(name.clone()));
    let matching = match &event.matching {
        None => Vec::new(),
        Some(Match::Whole(text)) => vec![ItemTest::Data(text.clone())],
        Some(Match::Pointers(pairs)) => {
            let test =
                |(pointer, value): &(String, Value)| ItemTest::Value(steps(pointer), value.clone());
            pairs.iter().map(test).collect()
        }
    };
    name.chain(matching).collect()
}

/// Returns the action for an item if no text is joined.
fn line_action(event: &Event) -> Action {
    // An end mark such as `[DONE]` contains nothing to print; printing it would add a line that no
    // example has.
    let is_mark =
        matches!(event.data, EventData::Empty) || matches!(event.matching, Some(Match::Whole(_)));
    match (event.fails, event.ends) {
        (true, _) => Action::Fail,
        (false, true) if is_mark => Action::Stop,
        (false, true) => Action::LastLine,
        (false, false) => Action::Line,
    }
}

fn action(stream: &Stream, index: usize, event: &Event, to: Option<&str>) -> Action {
    if event.fails {
        return Action::Fail;
    }
    // An end that contains text is printed like any other item.
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

/// Returns whether every example of an event has a text at a place.
fn is_always_there(stream: &Stream, index: usize, pointer: &str) -> bool {
    // By the examples, not by `required`: a printer without a guard fails on the first piece that
    // lacks the text.
    let items = stream.examples.iter().flat_map(|example| &example.items);
    let mut data = items.filter_map(|item| match item {
        StreamItem::Event { event, data, .. } if *event == index => Some(data),
        StreamItem::Event { .. } | StreamItem::Comment(_) | StreamItem::Chunk(_) => None,
    });
    data.all(|data| data.pointer(pointer).is_some_and(Value::is_string))
}

/// Returns the steps of a JSON pointer (RFC 6901). Digits count as an index, since the pointer
/// alone does not show whether its target is an array.
fn steps(pointer: &str) -> Vec<PathStep> {
    // Without the schema an index looks like a key of digits, which JSON of APIs hardly has.
    let step = |part: &str| match part.parse() {
        Ok(index) => PathStep::Index(index),
        Err(_) => PathStep::Key(part.replace("~1", "/").replace("~0", "~")),
    };
    pointer.split('/').skip(1).map(step).collect()
}
