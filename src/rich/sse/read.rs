//! Parses a stream by the standard's rules for interpreting it (9.2.6), and finds what clients
//! would read differently than intended.

use std::ops::Range;

/// A parsed stream.
#[derive(Debug, Default)]
pub struct Read {
    /// The received parts, in order.
    pub frames: Vec<Frame>,
    /// What a client ignores or never dispatches.
    pub faults: Vec<(Range<usize>, StreamLoss)>,
}

/// A part of a stream, up to a blank line.
#[derive(Debug, PartialEq)]
pub struct Frame {
    /// Its lines in the text.
    pub range: Range<usize>,
    /// What a client receives.
    pub received: Received,
    /// Whether its lines seem to be those of several events ([`StreamLoss::NotEnded`]).
    pub is_joined: bool,
}

/// What a client receives.
#[derive(Debug, PartialEq)]
pub enum Received {
    /// An event that it dispatches.
    Event {
        /// The last `event` line's value; none if there is none, or if it is empty.
        name: Option<String>,
        /// The last `id` line's value.
        id: Option<String>,
        /// The last `retry` line's value.
        retry: Option<u64>,
        /// The values of the `data` lines, joined by line feeds.
        data: String,
    },
    /// A comment, without its colon and the one space.
    Comment(String),
}

/// A part of a stream that a client does not pass to its program.
#[derive(Debug, PartialEq, Eq)]
pub enum StreamLoss {
    /// A line with an unknown field; it is ignored.
    UnknownField(String),
    /// An event without a `data` line, which is never dispatched.
    NoData,
    /// The last event has no blank line after it, and is never dispatched.
    Unfinished,
    /// A line that begins an event while another one is not ended by an empty line; clients join the
    /// two.
    NotEnded,
    /// A `retry` that is not a number of milliseconds; it is ignored.
    BadRetry,
    /// An `id` that contains NUL; it is ignored.
    BadId,
}

/// An event as a client dispatches it.
#[derive(Debug, PartialEq, Eq)]
pub struct Dispatched {
    /// Its type; `message` if the stream has none.
    pub name: String,
    /// Its data.
    pub data: String,
    /// The last ID that came with it or before it.
    pub last_id: String,
}

/// The fields of an incomplete event.
#[derive(Default)]
struct Pending {
    start: Option<usize>,
    name: Option<String>,
    id: Option<String>,
    retry: Option<u64>,
    data: Option<String>,
    /// Whether its first line of data is an object or array of JSON.
    is_json: bool,
    /// Whether a line in it seems to begin another event.
    has_another: bool,
}

impl Pending {
    /// Returns whether a field can only be of another event.
    fn is_ended_by(&self, name: &str, value: &str) -> bool {
        // The standard joins such lines; a server has no reason to send them in one event.
        match name {
            "event" => self.name.is_some(),
            "id" => self.id.is_some(),
            // Lines of one text are common; two values of JSON are not one text.
            "data" => self.is_json && (is_object(value) || value.trim() == "[DONE]"),
            _ => false,
        }
    }
}

/// Returns whether a text is an object or array of JSON.
fn is_object(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Parses a stream.
pub fn parse(text: &str) -> Read {
    let mut read = Read::default();
    let mut pending = Pending::default();
    // One byte-order mark is removed by the UTF-8 decoding that the standard requires.
    let begin = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut end = begin;
    for (range, line) in lines(text, begin) {
        end = range.end;
        if line.is_empty() {
            let blank = range.start;
            finish(std::mem::take(&mut pending), blank, &mut read);
        } else if let Some(comment) = line.strip_prefix(':') {
            let comment = comment.strip_prefix(' ').unwrap_or(comment);
            read.frames.push(Frame {
                range,
                received: Received::Comment(comment.to_owned()),
                is_joined: false,
            });
        } else {
            pending.start.get_or_insert(range.start);
            field(line, range, &mut pending, &mut read);
        }
    }
    if let Some(start) = pending.start.filter(|_| !pending.has_another) {
        read.faults.push((start..end, StreamLoss::Unfinished));
    }
    read
}

fn field(line: &str, range: Range<usize>, pending: &mut Pending, read: &mut Read) {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    let value = value.strip_prefix(' ').unwrap_or(value);
    if !pending.has_another && pending.is_ended_by(name, value) {
        // Once for all lines up to the next empty one.
        pending.has_another = true;
        read.faults.push((range.clone(), StreamLoss::NotEnded));
    }
    match name {
        "event" => pending.name = Some(value.to_owned()),
        "data" => match &mut pending.data {
            Some(data) => {
                data.push('\n');
                data.push_str(value);
            }
            None => {
                pending.is_json = is_object(value);
                pending.data = Some(value.to_owned());
            }
        },
        // An ID with NUL is ignored (WHATWG HTML §9.2.6), since a header could not send it back.
        "id" if value.contains('\0') => read.faults.push((range, StreamLoss::BadId)),
        "id" => pending.id = Some(value.to_owned()),
        "retry" => {
            // Rust's parser accepts a sign, but the standard only ASCII digits.
            let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            match value.parse() {
                Ok(retry) if is_number => pending.retry = Some(retry),
                _ => read.faults.push((range, StreamLoss::BadRetry)),
            }
        }
        other => {
            let fault = StreamLoss::UnknownField(other.to_owned());
            read.faults.push((range, fault));
        }
    }
}

fn finish(pending: Pending, end: usize, read: &mut Read) {
    let Some(start) = pending.start else {
        return;
    };
    match pending.data {
        Some(data) => read.frames.push(Frame {
            range: start..end,
            received: Received::Event {
                // An empty `event` line resets the type to `message`.
                name: pending.name.filter(|name| !name.is_empty()),
                id: pending.id,
                retry: pending.retry,
                data,
            },
            is_joined: pending.has_another,
        }),
        // An ID or a retry time is accepted without an event, too. If a line was ignored, that
        // was the data.
        None if pending.name.is_some() && !read.faults.iter().any(|(at, _)| at.start > start) => {
            read.faults.push((start..end, StreamLoss::NoData));
        }
        None => {}
    }
}

/// Returns the lines of a text with their places; a line ends with CR LF, LF or CR.
fn lines(text: &str, begin: usize) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = begin;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.find(['\n', '\r']);
        let end = start + length.unwrap_or(rest.len());
        let line = &text[start..end];
        let range = start..end;
        start = if text[end..].starts_with("\r\n") {
            end + 2
        } else {
            (end + 1).min(text.len())
        };
        Some((range, line))
    })
}

/// Returns the events that a client dispatches.
pub fn dispatched(read: &Read) -> Vec<Dispatched> {
    let mut last_id = String::new();
    let mut events = Vec::new();
    for frame in &read.frames {
        if let Received::Event { name, id, data, .. } = &frame.received {
            // The last ID applies to events without one (WHATWG HTML §9.2.6), and a client sends
            // it when it reconnects.
            if let Some(id) = id {
                last_id.clone_from(id);
            }
            events.push(Dispatched {
                name: name.clone().unwrap_or_else(|| "message".to_owned()),
                data: data.clone(),
                last_id: last_id.clone(),
            });
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<(String, String)> {
        let events = dispatched(&parse(text)).into_iter();
        events.map(|event| (event.name, event.data)).collect()
    }

    fn unnamed(data: &str) -> (String, String) {
        ("message".to_owned(), data.to_owned())
    }

    #[test]
    fn the_examples_of_the_standard_are_read_as_specified() {
        // Section 9.2.6 has these four.
        let stocks = "data: YHOO\ndata: +2\ndata: 10\n\n";
        assert_eq!(events(stocks), [unnamed("YHOO\n+2\n10")]);
        let four = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n";
        assert_eq!(
            events(four),
            [unnamed("first event"), unnamed("second event")]
        );
        assert_eq!(parse(four).faults[0].1, StreamLoss::Unfinished);
        assert_eq!(
            events("data\n\ndata\ndata\n\ndata:"),
            [unnamed(""), unnamed("\n")]
        );
        assert_eq!(
            events("data:test\n\ndata: test\n\n"),
            [unnamed("test"), unnamed("test")]
        );
    }

    #[test]
    fn every_line_end_ends_a_line() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("\u{feff}event: a{end}data: 1{end}{end}: c{end}data: 2{end}{end}");
            let expected = [("a".to_owned(), "1".to_owned()), unnamed("2")];
            assert_eq!(events(&text), expected, "{end:?}");
            assert_eq!(parse(&text).faults, []);
        }
    }

    #[test]
    fn an_id_lasts_and_a_retry_is_digits() {
        let read = parse("id: 7\ndata: a\n\ndata: b\nretry: 50\n\nid\ndata: c\n\n");
        let ids: Vec<_> = dispatched(&read).into_iter().map(|e| e.last_id).collect();
        assert_eq!(ids, ["7", "7", ""]);
        assert!(matches!(
            read.frames[1].received,
            Received::Event {
                retry: Some(50),
                ..
            }
        ));
    }

    #[test]
    fn what_no_client_gets_is_a_fault() {
        let fault = |text: &str| {
            parse(text)
                .faults
                .into_iter()
                .map(|(_, fault)| fault)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            fault("Data: x\ndata: y\n\n"),
            [StreamLoss::UnknownField("Data".into())]
        );
        assert_eq!(
            fault("data : x\n\n"),
            [StreamLoss::UnknownField("data ".into())]
        );
        assert_eq!(fault("event: done\n\n"), [StreamLoss::NoData]);
        assert_eq!(fault("data: x\n"), [StreamLoss::Unfinished]);
        assert_eq!(fault("retry: 5s\ndata: x\n\n"), [StreamLoss::BadRetry]);
        assert_eq!(fault("retry: +5\ndata: x\n\n"), [StreamLoss::BadRetry]);
        assert_eq!(fault("id: a\0\ndata: x\n\n"), [StreamLoss::BadId]);
        for joined in [
            "event: a\ndata: 1\nevent: b\ndata: 2\n\n",
            "event: a\ndata: 1\nevent: b\ndata: 2\n",
            "id: 1\ndata: a\nid: 2\ndata: b\n\n",
            "data: {\"a\": 1}\ndata: {\"a\": 2}\ndata: [DONE]\n",
            "data: {\"a\": 1}\ndata: [DONE]\n\n",
        ] {
            assert_eq!(fault(joined), [StreamLoss::NotEnded], "{joined}");
        }
        for one in [
            "data: {\ndata: \"a\": 1}\n\n",
            "data: a\ndata: b\nid: 1\nevent: x\n\n",
            "data: {}\ndata: is empty\n\n",
        ] {
            assert_eq!(fault(one), [], "{one}");
        }
        assert_eq!(fault("id: 4\n\n:\n\ndata\n\n"), []);
    }
}
