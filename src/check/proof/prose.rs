//! Names in the prose of a page that look like the page's own but are not.

use pulldown_cmark::{Event as Piece, Parser};

use crate::hole::variable::Variables;
use crate::input::explain::Code;
use crate::model::{Api, Markdown};

use super::finding::{Finding, Pointer};
use super::names::{NameKind, Names, Slip};
use super::prover::Prover;
use super::walk::schemas;

/// Reports names in the page's prose that are misspelt.
pub(super) fn prove(prover: &mut Prover<'_>, api: &Api, variables: &Variables) {
    let mut names = Names::of(variables);
    names.page(api);
    let mut texts = Texts(Vec::new());
    texts.page(api);
    for (at, text) in texts.0 {
        for (name, kind) in code(text) {
            if let Some(slip) = names.slip(name, kind) {
                prover.judge.push(finding(&slip, name, &at));
            }
        }
    }
}

/// Returns the code in a text, and the kind that the text gives it.
fn code(text: &str) -> Vec<(&str, Option<NameKind>)> {
    // Only code spans: a word of prose that equals a field's name is most often just the word.
    let pieces = Parser::new(text).into_offset_iter();
    let found = pieces.filter_map(|(piece, range)| {
        let Piece::Code(_) = piece else {
            return None;
        };
        let name = text[range.clone()].trim_matches('`').trim();
        Some((name, NameKind::called(text, &range)))
    });
    found.collect()
}

fn finding(slip: &Slip<'_>, shown: &str, at: &Pointer) -> Finding {
    let message = format!("no {} `{}` on this page", slip.what, slip.name);
    let finding = Finding::error(Code::UnknownName, at.clone(), message).within(shown);
    let finding = match &slip.meant {
        Some(meant) => finding.label(format!("did you mean `{meant}`?")),
        None => finding,
    };
    finding.help(match slip.what {
        "endpoint" if shown.contains(" /") => "write the method and the path of the endpoint",
        _ => "write the name as it is sent, or explain it in `waivers`",
    })
}

/// Returns every prose text of a page, and its place.
struct Texts<'a>(Vec<(Pointer, &'a str)>);

impl<'a> Texts<'a> {
    fn add(&mut self, at: &Pointer, key: &str, text: Option<&'a Markdown>) {
        self.0
            .extend(text.map(|text| (at.to(key), text.0.as_str())));
    }

    fn page(&mut self, api: &'a Api) {
        let page = Pointer::page();
        self.add(&page, "intro", api.intro.as_ref());
        self.add(
            &page.to("auth"),
            "description",
            api.auth.description.as_ref(),
        );
        for endpoint in &api.endpoints {
            let at = page.to("endpoints").to(&endpoint.id);
            self.0.extend(
                endpoint
                    .summary
                    .as_deref()
                    .map(|text| (at.to("summary"), text)),
            );
            self.add(&at, "description", endpoint.description.as_ref());
            if let Some(body) = &endpoint.request {
                self.add(&at.to("request"), "description", body.description.as_ref());
            }
            for response in &endpoint.responses {
                let at = at.to("responses").to(response.status);
                self.add(&at, "description", response.body.description.as_ref());
            }
            if let Some(stream) = &endpoint.stream {
                let at = at.to("stream");
                self.add(&at, "description", stream.description.as_ref());
                for event in &stream.events {
                    let at = at.to("events").to(&event.label);
                    self.add(&at, "description", event.description.as_ref());
                }
            }
        }
        schemas(api, &mut |schema, at| {
            self.add(at, "description", schema.description.as_ref());
        });
        for (index, section) in api.sections.iter().enumerate() {
            self.add(&page.to("sections").to(index), "body", Some(&section.body));
        }
    }
}
