//! The crate eventsource-stream reads every example of an event stream as our reader does.

use botdocs::rich::sse;

use crate::support::events::{rusts, streams};

#[test]
fn rust_reads_the_events_that_we_read() {
    for text in streams() {
        let ours = sse::dispatched(&sse::parse(&text)).into_iter();
        let ours: Vec<_> = ours.map(|one| (one.name, one.data, one.last_id)).collect();
        assert_eq!(rusts(&text), ours, "{text}");
    }
}
