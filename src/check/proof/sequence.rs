//! The order of a stream's events: the first one, how often each occurs, in which order, and which
//! ones end it.

use crate::input::explain::Code;
use crate::model::{Event, Occurs, Stream};

use super::finding::{Finding, Pointer};

/// An event of a stream example.
#[derive(Clone, Copy)]
pub(super) struct SentEvent<'a> {
    pub(super) event: usize,
    /// Its index in the example's list, which contains comments too.
    pub(super) index: usize,
    pub(super) data: &'a serde_json::Value,
}

/// Compares the events of one example with the stream's description.
pub(super) struct Sequence<'a> {
    pub(super) stream: &'a Stream,
    pub(super) sent: &'a [SentEvent<'a>],
    /// The example.
    pub(super) at: &'a Pointer,
    /// Where the events are described.
    pub(super) events_at: &'a Pointer,
}

impl Sequence<'_> {
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        self.first(&mut found);
        self.how_often(&mut found);
        self.order(&mut found);
        self.end(&mut found);
        found
    }

    fn event(&self, sent: SentEvent<'_>) -> &Event {
        &self.stream.events[sent.event]
    }

    /// Returns whether it has an event that `fails`: then it may be incomplete.
    fn fails(&self) -> bool {
        self.sent.iter().any(|&sent| self.event(sent).fails)
    }

    fn place(&self, sent: SentEvent<'_>) -> Pointer {
        self.at.to(sent.index).to("event")
    }

    fn fault(
        &self,
        code: Code,
        at: Pointer,
        message: String,
        event: &Event,
        key: &str,
        note: &str,
    ) -> Finding {
        let other = self.events_at.to(&event.label).to(key);
        Finding::error(code, at, message).and(other, note)
    }

    fn first(&self, found: &mut Vec<Finding>) {
        let Some(first) = self.stream.events.iter().position(|event| event.first) else {
            return;
        };
        let event = &self.stream.events[first];
        let Some(&begins) = self.sent.first() else {
            return;
        };
        let label = &event.label;
        if !self.stream.events[begins.event].first && !self.event(begins).fails {
            let message = format!(
                "the stream begins with `{}` instead of `{label}`",
                self.event(begins).label
            );
            let finding = self.fault(
                Code::StreamOrder,
                self.place(begins),
                message,
                event,
                "first",
                "declared here",
            );
            found.push(finding.help(format!("begin with `{label}`, or remove `first`")));
            return;
        }
        for &late in self
            .sent
            .iter()
            .skip(1)
            .filter(|sent| self.event(**sent).first)
        {
            let event = self.event(late);
            let message = format!("`{}` is allowed only at the beginning", event.label);
            let finding = self.fault(
                Code::StreamOrder,
                self.place(late),
                message,
                event,
                "first",
                "declared here",
            );
            found.push(finding.help("remove the item, or `first`"));
        }
    }

    fn how_often(&self, found: &mut Vec<Finding>) {
        for (index, event) in self.stream.events.iter().enumerate() {
            let mut times = self.sent.iter().filter(|sent| sent.event == index);
            let first = times.next();
            if event.occurs == Occurs::Repeats || event.ends {
                continue;
            }
            if let Some(&again) = times.next() {
                let (key, note) = match event.occurs {
                    Occurs::Once => ("occurs", "declared to occur once here"),
                    _ => ("occurs", "at most once, unless `occurs: repeats` is set"),
                };
                let message = format!("duplicate event `{}`", event.label);
                let finding = self.fault(
                    Code::StreamOrder,
                    self.place(again),
                    message,
                    event,
                    key,
                    note,
                );
                found.push(finding.help("remove it, or write `occurs: repeats` at the event"));
            } else if first.is_none()
                && event.occurs == Occurs::Once
                && !self.fails()
                && !event.first
            {
                let message = format!("missing event `{}` in this stream", event.label);
                let finding = self.fault(
                    Code::StreamOrder,
                    self.at.clone(),
                    message,
                    event,
                    "occurs",
                    "declared to occur once here",
                );
                found.push(finding.at_key().help("add it, or write `occurs: optional`"));
            }
        }
    }

    /// Reports events that are out of the described order. Only events that occur at most once, and
    /// pieces that are joined, have an order; repeated events, such as keep-alives, may come between.
    fn order(&self, found: &mut Vec<Finding>) {
        if !self.stream.ordered {
            return;
        }
        let is_free = |event: &Event| {
            event.occurs == Occurs::Repeats && event.joins.is_none()
                || event.fails
                || event.ends
                || event.first
        };
        let mut latest: Option<SentEvent<'_>> = None;
        for &sent in self.sent.iter().filter(|sent| !is_free(self.event(**sent))) {
            match latest {
                Some(before) if before.event > sent.event => {
                    let (event, before) = (self.event(sent), self.event(before));
                    let message = format!("`{}` after `{}`", event.label, before.label);
                    let note = format!("described before `{}`", before.label);
                    let other = self.events_at.to(&event.label);
                    let finding = Finding::error(Code::StreamOrder, self.place(sent), message)
                        .and(other, note);
                    found.push(finding.help(
                        "describe the events in the order in which they occur, or write `order: any` at the stream",
                    ));
                    return;
                }
                _ => latest = Some(sent),
            }
        }
    }

    fn end(&self, found: &mut Vec<Finding>) {
        let ends: Vec<&Event> = self
            .stream
            .events
            .iter()
            .filter(|event| event.ends)
            .collect();
        let ending = self
            .sent
            .iter()
            .position(|&sent| self.event(sent).ends || self.event(sent).fails);
        let after = ending.and_then(|index| Some((self.sent[index], *self.sent.get(index + 1)?)));
        if let Some((end, after)) = after {
            let (event, label) = (self.event(end), &self.event(after).label);
            let (key, what) = if event.ends {
                ("ends", "ends the stream")
            } else {
                ("fails", "reports that it failed")
            };
            let message = format!("`{label}` after `{}`, which {what}", event.label);
            let finding = self.fault(
                Code::StreamEnd,
                self.place(after),
                message,
                event,
                key,
                "declared here",
            );
            found.push(finding.help("remove what comes after, or correct which event ends it"));
        }
        if ending.is_some() {
            return;
        }
        let labels: Vec<String> = ends
            .iter()
            .map(|event| format!("`{}`", event.label))
            .collect();
        let Some(first) = ends.first() else {
            return;
        };
        let message = "a stream that never ends";
        let at = self
            .sent
            .last()
            .map_or(self.at.clone(), |&last| self.place(last));
        let finding = self.fault(
            Code::StreamEnd,
            at,
            message.to_owned(),
            first,
            "ends",
            "this ends it",
        );
        let finding = finding.label("nothing comes after this");
        found.push(finding.help(format!("end it with {}", labels.join(" or "))));
    }
}
