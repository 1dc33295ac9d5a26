//! The examples of an endpoint, with their colours.

use serde::Serialize;

use super::{Context, phrase};
use crate::model::example::{self, ExampleGroup, Pane, SentItem};
use crate::model::sample::Sample;
use crate::model::wording::example_joined;
use crate::model::{Api, Endpoint};
use crate::rich::code::ClassedCode;
use crate::rich::html::Html;

/// The examples of the same name.
#[derive(Debug, Serialize)]
pub struct GroupView {
    /// The `id` of its HTML element.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The requests: the normal one and, if it differs, the one for a stream.
    pub requests: Vec<PaneView>,
    /// The responses, and the stream.
    pub answers: Vec<PaneView>,
}

/// One piece of code with a title.
#[derive(Debug, Serialize)]
pub struct PaneView {
    /// The `id` of its HTML element.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether it is about streaming; the script selects such panes together.
    pub streams: bool,
    /// The method, address and headers of the request, above its body.
    pub head: Option<Html>,
    /// The code; of a stream, each item is a `span class="sent"` and each line of it a `span`.
    pub code: Html,
    /// Whether it is a stream, which the reader can play.
    pub plays: bool,
    /// The joined text of a stream.
    pub joined: Option<JoinedView>,
    /// The label of the plain request, such as `JSON`, beside the names of the languages.
    pub language: String,
    /// The request as code in the languages of the site.
    pub samples: Vec<SampleView>,
}

/// A request as code in one language.
#[derive(Debug, Serialize)]
pub struct SampleView {
    /// The `id` of its HTML element.
    pub id: String,
    /// The name under which the script stores the choice of the reader.
    pub name: String,
    /// The name of the language.
    pub title: Html,
    /// The code.
    pub code: Html,
}

/// The joined text of a stream.
#[derive(Debug, Serialize)]
pub struct JoinedView {
    /// The place of the text in the response, in words.
    pub to: Html,
    /// The text, in which each piece is a `span`.
    pub text: Html,
}

/// Returns the examples of an endpoint by name.
pub(super) fn groups(context: &Context<'_>, api: &Api, endpoint: &Endpoint) -> Vec<GroupView> {
    let samples = &context.outline.site.samples;
    let groups = example::groups(context.messages, samples, api, endpoint).into_iter();
    groups.map(|group| GroupView::new(context, group)).collect()
}

impl GroupView {
    fn new(context: &Context<'_>, group: ExampleGroup) -> GroupView {
        let pane = |pane| PaneView::new(context, pane);
        let panes = |panes: Vec<Pane>| panes.into_iter().map(pane).collect();
        GroupView {
            id: group.id,
            title: group.title,
            requests: panes(group.requests),
            answers: panes(group.answers),
        }
    }
}

impl PaneView {
    fn new(context: &Context<'_>, pane: Pane) -> PaneView {
        let plays = !pane.items.is_empty();
        let sample = |sample: Sample| SampleView {
            id: format!("{}.{}", pane.id, sample.name),
            title: Html::text(&sample.title),
            code: if sample.is_own {
                let code = sample.code.to_text();
                context
                    .highlighter
                    .highlight(code, &sample.fence)
                    .code
                    .to_html()
            } else {
                sample.code.to_html()
            },
            name: sample.name,
        };
        let samples = pane.samples.into_iter().map(sample).collect();
        PaneView {
            samples,
            language: match pane.language {
                // Names of formats are the same in every language, so they are no messages.
                "json" => "JSON".to_owned(),
                "xml" => "XML".to_owned(),
                "http" => "HTTP".to_owned(),
                _ => context.messages.text("raw"),
            },
            id: pane.id,
            title: pane.title,
            streams: pane.streams,
            head: pane.head.as_ref().map(ClassedCode::to_html),
            code: if plays {
                items(&pane.items)
            } else {
                pane.code.to_html()
            },
            plays,
            joined: pane.joined.map(|joined| JoinedView {
                to: phrase(&example_joined(context.messages, joined.to.as_deref())),
                text: pieces(&pane.items),
            }),
        }
    }
}

/// Returns the items of a stream, each in an element of its own, to be laid out and played one by
/// one.
///
/// The text content is what a client receives, byte for byte, so a copy of it is right. The style
/// sheet lays the items out as rows or, in *Raw*, as they are sent: one text in two layouts,
/// switched by a checkbox without a script. A name that is not sent (data identified by `match`) is
/// generated content from `data-event`, which is shown but never copied.
fn items(items: &[SentItem]) -> Html {
    let mut html = Html::new();
    for item in items {
        html.element("span")
            .attribute("class", "sent")
            .attribute_if("data-event", item.event.as_deref())
            // An empty attribute: the script only asks whether an item adds text.
            .attribute_if("data-adds", (!item.adds.is_empty()).then_some(""))
            .open();
        // *Play* dims the elements of later items in their places, so nothing moves.
        for line in item.code.lines() {
            // A blank line gets no element, or the rows would show it as an empty row.
            if line.to_text() == "\n" {
                html.push_text("\n");
            } else {
                html.push_markup("<span>");
                html.push(&line.to_html());
                html.push_markup("</span>");
            }
        }
        html.push_markup("</span>");
    }
    html
}

/// Writes the joined text of a stream, piece by piece.
fn pieces(items: &[SentItem]) -> Html {
    let mut html = Html::new();
    for item in items.iter().filter(|item| !item.adds.is_empty()) {
        html.element("span").text(&item.adds);
    }
    html
}
