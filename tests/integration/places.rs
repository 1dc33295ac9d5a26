//! The places of a page: each has an ID of its own, and what leads to it arrives.

use std::collections::BTreeSet;

use super::page::Page;
use super::project::Project;

const SITE: &str = "title: Docs\nnavigation: [api]\n";

/// An API whose author did not choose its names.
const API: &str = "\
title: API
intro: |
  First[^1].

  [^1]: The first note.
servers: [{url: https://api.example.com}]
endpoints:
  chat:
    title: Chat
    description: |
      Second[^1].

      [^1]: The second note.
    method: POST
    path: /chat
    request:
      description: |
        ## id

        ## Own {#credentials}
      schema:
        fields:
          a.b: {type: string}
          a: {fields: {b: {type: string}}}
          id: {type: string}
          x y: {type: string}
          x-y: {type: string}
          kind:
            oneOf:
              - {title: Text, fields: {t: {type: string}}}
              - {title: text, fields: {t: {type: string}}}
      example: {id: a}
    responses: {200: {description: Fine.}}
    stream:
      format: sse
      events:
        message: {data: json, fields: {created: {type: string}}}
        message.created: {data: empty, ends: true}
      example: [{event: message, data: {created: now}}, {event: message.created}]
sections:
  - title: Credentials
    body: |
      Third[^1].

      [^1]: The third note.

      ### fn-1
  - title: Limits
    body: |
      Fourth[^1].

      [^1]: The fourth note.
";

#[test]
fn every_place_has_an_id_of_its_own() {
    let project = Project::empty()
        .file("spec/site.yaml", SITE)
        .file("spec/api.yaml", API);
    project.run(&["build"]).exits(0);
    let page = Page::parse(&project.read("site/index.html"));
    let elements = page.elements();
    let ids: Vec<String> = elements.iter().filter_map(|e| e.attribute("id")).collect();
    let different: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(different.len(), ids.len(), "{ids:?}");
    for id in [
        "chat.request.a..b",
        "chat.request.a.b",
        "chat.request.x-y-2",
        "credentials",
    ] {
        assert!(different.contains(&id.to_owned()), "{id}: {ids:?}");
    }
    for link in page.all("a").iter().filter_map(|a| a.attribute("href")) {
        if let Some(anchor) = link.strip_prefix('#').filter(|anchor| !anchor.is_empty()) {
            assert!(
                different.contains(&anchor.to_owned()),
                "nothing is at {link}"
            );
        }
    }
}

/// A footnote of one text is not that of another on the same page.
#[test]
fn a_footnote_leads_to_the_note_of_its_own_text() {
    let project = Project::empty()
        .file("spec/site.yaml", SITE)
        .file("spec/api.yaml", API);
    project.run(&["build"]).exits(0);
    let page = Page::parse(&project.read("site/index.html"));
    let references = page
        .all("a")
        .into_iter()
        .filter(|a| a.attribute("class").as_deref() == Some("footnote"));
    let notes: Vec<String> = references
        .map(|reference| {
            let id = reference.attribute("href").unwrap()[1..].to_owned();
            let mut all = page.elements().into_iter();
            let note = all
                .find(|element| element.attribute("id").as_deref() == Some(&id))
                .unwrap();
            note.text().split(" note").next().unwrap().trim().to_owned()
        })
        .collect();
    assert_eq!(
        notes,
        ["The first", "The second", "The third", "The fourth"]
    );
}
