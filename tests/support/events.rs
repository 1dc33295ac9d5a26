//! The printed streams, and what our reader and Rust's clients read of them.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use botdocs::input::diagnostic::Report;
use botdocs::input::load::{self, FileCache, Folders, ListChoice};
use botdocs::model::StreamFormat;
use botdocs::model::example::stream_text;
use botdocs::pages::site::{self, SiteCache};
use botdocs::rich::sse::{self, Received};
use eventsource_stream::Eventsource as _;
use futures_core::Stream;

use super::project::repository;

/// An event: its type, its data, and its own ID.
pub(crate) type Event = (String, String, Option<String>);

/// The printed streams of the specs that we ship and test with.
pub(crate) fn streams() -> Vec<String> {
    let mut streams = Vec::new();
    for folder in [
        "",
        "starter",
        "tests/golden/everything",
        "tests/golden/arabic",
    ] {
        let mut report = Report::default();
        let inputs = load::load(
            &Folders::of_project(&repository().join(folder)),
            &ListChoice::OfSite,
            &mut FileCache::default(),
            &mut report,
        );
        let project = site::project(&inputs, &mut SiteCache::default(), &mut report)
            .unwrap_or_else(|| panic!("{folder}"));
        let example = |name: &str| {
            let mut variables = project.model.variables.iter();
            variables
                .find(|variable| variable.name == name)?
                .example
                .clone()
        };
        let values = project.model.variables.values(example);
        for api in project.model.apis() {
            let streamed = api
                .endpoints
                .iter()
                .filter_map(|endpoint| endpoint.stream.as_ref());
            for stream in streamed.filter(|stream| stream.format == StreamFormat::Sse) {
                let printed = stream.examples.iter().map(|one| stream_text(stream, one));
                streams.extend(printed.map(|text| values.fill(&text)));
            }
        }
    }
    assert!(streams.len() >= 10, "{}", streams.len());
    let with_crlf: Vec<String> = streams
        .iter()
        .map(|text| text.replace('\n', "\r\n"))
        .collect();
    streams.extend(with_crlf);
    streams
}

/// What we read.
pub(crate) fn ours(text: &str) -> Vec<Event> {
    let read = sse::parse(text);
    assert_eq!(read.faults, [], "{text}");
    let frames = read.frames.into_iter();
    let events = frames.filter_map(|frame| match frame.received {
        Received::Event { name, id, data, .. } => {
            Some((name.unwrap_or_else(|| "message".to_owned()), data, id))
        }
        Received::Comment(_) => None,
    });
    events.collect()
}

/// A text in pieces, as a network brings it.
struct Pieces(Vec<Vec<u8>>);

impl Stream for Pieces {
    type Item = Result<Vec<u8>, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop().map(Ok))
    }
}

/// What Rust's client reads of a text: name, data and ID of each event.
pub(crate) fn rusts(text: &str) -> Vec<(String, String, String)> {
    let pieces = text.as_bytes().chunks(7).rev().map(<[u8]>::to_vec);
    let mut stream = pin!(Pieces(pieces.collect()).eventsource());
    let mut read = Vec::new();
    while let Poll::Ready(Some(event)) = stream
        .as_mut()
        .poll_next(&mut Context::from_waker(Waker::noop()))
    {
        let event = event.unwrap();
        read.push((event.event, event.data, event.id));
    }
    read
}
