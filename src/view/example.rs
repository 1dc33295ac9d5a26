//! The examples of an endpoint, with their colours.

use serde::Serialize;

use crate::code::Code;
use crate::example::{self, ExampleGroup, Pane};
use crate::html::Html;
use crate::model::{Api, Endpoint};

/// The examples of one name.
#[derive(Debug, Serialize)]
pub struct GroupView {
    /// Its `id`.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The requests: as usual and, where it differs, for a stream.
    pub requests: Vec<PaneView>,
    /// The answers: responses and the stream.
    pub answers: Vec<PaneView>,
}

/// One piece of code with a title.
#[derive(Debug, Serialize)]
pub struct PaneView {
    /// Its `id`.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Whether it belongs to streaming; such panes are chosen together.
    pub streams: bool,
    /// Where the request goes, above its body.
    pub head: Option<Html>,
    /// The code.
    pub code: Html,
    /// What the pieces of a stream join into.
    pub joined: Option<JoinedView>,
}

/// What the pieces of a stream join into.
#[derive(Debug, Serialize)]
pub struct JoinedView {
    /// Where the response has it, if it is not all of it.
    pub to: Option<String>,
    /// The text.
    pub text: Html,
}

/// The examples of an endpoint by name.
pub(super) fn groups(api: &Api, endpoint: &Endpoint) -> Vec<GroupView> {
    let groups = example::groups(api, endpoint).into_iter();
    groups.map(GroupView::new).collect()
}

impl GroupView {
    fn new(group: ExampleGroup) -> GroupView {
        let panes = |panes: Vec<Pane>| panes.into_iter().map(PaneView::new).collect();
        GroupView {
            id: group.id,
            title: group.title,
            requests: panes(group.requests),
            answers: panes(group.answers),
        }
    }
}

impl PaneView {
    fn new(pane: Pane) -> PaneView {
        PaneView {
            id: pane.id,
            title: pane.title,
            streams: pane.streams,
            head: pane.head.as_ref().map(Code::to_html),
            code: pane.code.to_html(),
            joined: pane.joined.map(|joined| JoinedView {
                to: joined.to,
                text: Html::text(&joined.text),
            }),
        }
    }
}
