//! Tests of whole pages: their links, anchors and words.

use std::collections::BTreeMap;

use super::*;
use crate::check::{CheckCache, check};
use crate::input::diagnostic::Report;
use crate::input::load::{Inputs, PageFile, SettingsFile, decode};
use crate::input::page_kind::PageKind;
use crate::model::anchor::anchors;
use crate::model::{Content, Model};
use crate::pages::asset::Assets;
use crate::pages::template::Templates;
use crate::rich::messages::Messages;

const SITE: &str = r#"
title: Docs & more
banner: "**New** for {{ bot_name }}"
navigation: [chat, {title: Guides, pages: [guide]}]
header: [{title: Home, url: "https://a.example/{{ bot_id }}"}]
variables:
  bot_id: {title: Bot ID, placeholder: YOUR_BOT_ID}
  bot_name: {title: Name, placeholder: "your <bot>"}
redirects: {old: chat, chat#was: chat#say.request.to}
"#;

const CHAT: &str = r##"
title: Chat
servers: [{url: "https://a.example", title: Real}, {url: "https://b.example"}]
auth: {type: bearer, env: KEY}
endpoints:
  say:
    title: "Say <script>alert(1)</script>"
    description: "Some *text*.\n\n# A heading"
    method: POST
    path: "/{{ bot_name }}/say/{room}"
    servers: [{url: "https://c.example", title: Own, description: "*Another* one."}]
    deprecated: "Use \"tell\" <now>."
    parameters:
      path: {room: {type: string, example: a/b}}
      query: {n: {type: integer, minimum: 1, maximum: 9, example: 3}}
    request:
      fields:
        to: {$ref: "#/schemas/Node", required: true}
        text: {type: string, maxLength: 80}
        loud: {type: boolean, default: false}
        shape:
          oneOf:
            - {title: Round, type: object, fields: {radius: {type: number, required: true}}}
            - {title: Square, type: object, fields: {side: {type: number, required: true}}}
      example: {to: {id: 1}, text: "</code><script>{{ bot_name }}"}
    responses:
      200:
        description: Said.
        headers: {X-Left: {type: integer, example: 41}}
        fields: {answer: {type: string, required: true}}
        example: {answer: ab}
      4XX: {description: "Not <said>.", fields: {why: {type: string}}, example: {why: "no"}}
    stream:
      format: sse
      request: {loud: true}
      events:
        piece: {data: text, joins: {to: /answer}}
        end: {data: json, fields: {ok: {type: boolean}}, ends: true}
      example: [{event: piece, data: a}, {event: piece, data: b}, {event: end, data: {ok: true}}]
  hum:
    title: Hum
    method: POST
    path: /hum
    request: {content_type: text/plain, example: la}
    responses: {200: {content_type: text/plain, example: lala}}
    stream:
      format: text
      joins: {to: ""}
      example: [la, la]
  fail:
    title: Fail
    method: POST
    path: /fail
    request: {example: {}}
    responses: {200: {fields: {answer: {type: string}}, example: {answer: never}}}
    stream:
      format: sse
      events: {piece: {data: text, joins: {to: /answer}}, error: {data: text, fails: true}}
      example: [{event: piece, data: ne}, {event: error, data: broken}]
schemas:
  Node:
    type: object
    fields:
      id: {type: integer, required: true}
      next: {type: array, items: {$ref: "#/schemas/Node"}}
sections: [{title: Credentials, body: "Text.\n\n### More\n\nSee [the room](#say.path.room)."}]
"##;

const GUIDE: &str = "---\ntitle: A guide\n---\n## Part\nSee [chat](chat.yaml#say.stream.end.ok).\n";

fn index_at(path: &str) -> SearchIndex {
    SearchIndex {
        path: path.to_owned(),
        place: IndexPlace::Root,
    }
}

fn model() -> Model {
    let mut inputs = Inputs::default();
    let mut report = Report::default();
    let mut add = |inputs: &mut Inputs, path: &str, text: &str| {
        decode(path, text.as_bytes(), &mut inputs.sources, &mut report).unwrap()
    };
    let site = add(&mut inputs, "spec/site.yaml", SITE);
    inputs.site = Some(SettingsFile::parse(site, &inputs.sources));
    for (kind, name, text) in [
        (PageKind::Api, "chat", CHAT),
        (PageKind::Guide, "guide", GUIDE),
    ] {
        let path = format!("spec/{name}.{}", kind.ending());
        let file = add(&mut inputs, &path, text);
        inputs.pages.push(PageFile {
            name: name.to_owned(),
            kind,
            file,
        });
    }
    check(&inputs, &mut CheckCache::default(), &mut report).unwrap_or_else(|| panic!("{report:#?}"))
}

fn frame(model: &Model, templates: Templates, options: &ViewOptions) -> PageFrame {
    PageFrame {
        outline: model.outline(),
        templates: Arc::new(templates),
        assets: Arc::new(Assets::new([], [], None)),
        highlighter: Arc::default(),
        options: options.clone(),
        index: index_at("search.json"),
    }
}

fn built_in() -> Templates {
    Templates::new([], Messages::new("en", [])).unwrap()
}

/// The pages as they are written, by path.
fn pages(options: &ViewOptions) -> BTreeMap<String, String> {
    let model = model();
    let templates = built_in();
    let rendered = Edition::new(frame(&model, templates, options), &model.pages, None);
    let rendered = rendered.rendered().unwrap();
    let values = model.variables.placeholders();
    let fill = |page: HoledPage| {
        let mut bytes = Vec::new();
        page.body.fill_into(&values, &mut bytes).unwrap();
        (page.path, String::from_utf8(bytes).unwrap())
    };
    rendered.pages.into_iter().map(fill).collect()
}

/// The values of an attribute, in order.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let parts = page.split(attribute).skip(1);
    parts.map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn every_anchor_is_on_the_page_once() {
    let pages = pages(&ViewOptions::default());
    for page in &model().pages {
        let html = &pages[&model().outline().file_name(&page.name)];
        let ids = values(html, " id=\"");
        for anchor in anchors(page) {
            let count = ids.iter().filter(|id| **id == anchor).count();
            assert_eq!(count, 1, "{anchor} in {ids:#?}");
        }
    }
}

#[test]
fn every_link_within_a_page_leads_somewhere() {
    for (path, html) in pages(&ViewOptions::default()) {
        let ids = values(&html, " id=\"");
        for link in values(&html, "href=\"#") {
            assert!(ids.contains(&link), "{path}#{link}");
        }
    }
}

#[test]
fn text_of_the_spec_stays_text() {
    let mut pages = pages(&ViewOptions::default());
    pages.retain(|path, _| path.ends_with(".html"));
    for (path, html) in pages {
        // The one for the colours and the one for the controls.
        assert_eq!(html.matches("<script").count(), 2, "{path}");
        assert!(!html.contains("<now>") && !html.contains("<said>") && !html.contains("<bot>"));
    }
}

#[test]
fn a_schema_inside_itself_is_shown_once() {
    let html = &pages(&ViewOptions::default())["index.html"];
    assert!(html.contains("see <a href=\"#say.request.to\">Node</a>"));
}

#[test]
fn the_streaming_request_is_the_example_with_the_patch() {
    let html = &pages(&ViewOptions::default())["index.html"];
    assert!(html.contains("<b class=k>\"loud\"</b>: <b class=w>true</b>"));
    assert!(
        html.contains("<code>answer</code></small> <span><span>a</span><span>b</span></span></p>")
    );
}

#[test]
fn servers_say_what_they_are_for() {
    let page = &pages(&ViewOptions::default())["index.html"];
    for shown in [
        "<dt id=\"_base-url\">Base URL · Real</dt>",
        "<dt>Another base URL</dt>",
        "<dt id=\"_say.base-url\">Own</dt>",
        "<dd class=\"more\"><em>Another</em> one.</dd>",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
}

#[test]
fn a_headers_example_is_shown() {
    let page = &pages(&ViewOptions::default())["index.html"];
    let header = page.split("id=\"say.response.200.header.X-Left\"").nth(1);
    assert!(header.is_some_and(|rest| rest[..400].contains("example <code>41</code>")));
}

#[test]
fn a_variable_in_a_path_is_one_component_of_it() {
    let page = &pages(&ViewOptions::default())["index.html"];
    let bot = "<data class=hole value=bot_name data-as=\"url\">your%20%3Cbot%3E</data>";
    assert!(page.contains(&format!(
        "<span>https://c.example</span><wbr>/{bot}/say/<var>{{room}}</var>"
    )));
    assert!(page.contains(&format!("https://c.example/{bot}/say/a%2Fb")));
}

#[test]
fn the_pieces_of_a_stream_are_joined_only_if_it_succeeds() {
    let page = &pages(&ViewOptions::default())["index.html"];
    let joined: Vec<_> = page.split("<p class=\"joined\">").skip(1).collect();
    assert_eq!(joined.len(), 2);
    assert!(joined[0].starts_with(
        "<small>Joined, the pieces are <code>answer</code></small> <span><span>a</span><span>b<"
    ));
    assert!(joined[1].starts_with(
        "<small>Joined, the pieces are the whole response</small> <span><span>la</span><span>la<"
    ));
    assert!(page.contains("<span>joined, the pieces are the whole response</span>"));
}

#[test]
fn a_streams_items_stand_apart_and_say_which_add_to_the_text() {
    let page = &pages(&ViewOptions::default())["index.html"];
    assert!(page.contains(
        "<span class=\"sent\" data-adds=\"\"><span><b class=c>event:</b> <b class=e>piece</b>\n</span>\
         <span><b class=c>data:</b> a\n</span>\n</span>"
    ));
    assert!(
        page.contains(
            "<span class=\"sent\"><span><b class=c>event:</b> <b class=e>end</b>\n</span>"
        )
    );
}

#[test]
fn a_generic_page_says_where_its_twin_takes_the_readers_values() {
    let pages = pages(&ViewOptions::default());
    let recipe = "data-holes=\"";
    let (_, after) = pages["index.html"].split_once(recipe).expect("a recipe");
    let (recipe, _) = after.split_once('"').expect("a quoted recipe");
    let twin: Vec<u16> = pages["index.md"].encode_utf16().collect();
    let mut at = 0;
    for hole in recipe.split(';') {
        let mut parts = hole.split(' ');
        let mut number = || parts.next().unwrap().parse::<usize>().unwrap();
        let (before, length) = (number(), number());
        at += before;
        let value = String::from_utf16(&twin[at..at + length]).unwrap();
        assert!(
            [
                "your \\<bot>",
                "your <bot>",
                "your%20%3Cbot%3E",
                "YOUR_BOT_ID"
            ]
            .contains(&value.as_str()),
            "{value} as {hole}"
        );
        at += length;
    }
    let bot = ViewOptions {
        for_bot: true,
        ..ViewOptions::default()
    };
    assert!(!self::pages(&bot)["index.html"].contains("data-holes"));
}

#[test]
fn a_bots_pages_are_its_own() {
    let generic = pages(&ViewOptions::default());
    let bot = ViewOptions {
        for_bot: true,
        root: "../../".to_owned(),
        site_url: None,
        ..ViewOptions::default()
    };
    let bot = pages(&bot);
    assert!(generic["index.html"].contains("<form>") && !generic["index.html"].contains("noindex"));
    assert!(!bot["index.html"].contains("<form>") && bot["index.html"].contains("noindex"));
    assert!(bot["index.html"].contains("href=\"../../assets/style."));
    for path in ["404.html", "llms-full.txt"] {
        assert!(
            generic.contains_key(path) && !bot.contains_key(path),
            "{path}"
        );
    }
}

#[test]
fn twins_are_for_whom_the_pages_are() {
    let site_url = Some("https://a.example/sub/".to_owned());
    let generic = ViewOptions {
        site_url: site_url.clone(),
        ..ViewOptions::default()
    };
    let folder = ViewOptions {
        for_bot: true,
        root: "../../".to_owned(),
        site_url,
        ..ViewOptions::default()
    };
    let (generic, bot) = (pages(&generic), pages(&folder));
    assert!(generic["index.md"].contains("> - <code>your \\<bot></code>: Name\n"));
    assert!(generic["llms.txt"].contains("- [Chat](https://a.example/sub/index.md)"));
    assert!(bot["index.md"].contains("> For the bot `YOUR_BOT_ID`.\n"));
    assert!(bot["llms.txt"].contains("- [Chat](index.md)\n"));
    assert!(!bot["llms.txt"].contains("llms-full") && !bot["index.md"].contains("llms-full"));
    assert!(bot["guide.md"].contains("[chat](index.md#say.stream.end.ok)"));
}

#[test]
fn search_engines_are_told_of_generic_pages_only() {
    let indexed = |for_bot| {
        let options = ViewOptions {
            for_bot,
            ..ViewOptions::default()
        };
        let model = model();
        Edition::new(frame(&model, built_in(), &options), &model.pages, None).indexed()
    };
    assert_eq!(indexed(false), ["index.html", "guide.html"]);
    assert!(indexed(true).is_empty());
}

#[test]
fn old_names_lead_to_where_things_are() {
    let pages = pages(&ViewOptions::default());
    assert!(pages["old.html"].contains("content=\"0; url=index.html\""));
    assert!(pages["index.html"].contains("<a id=\"was\" href=\"#say.request.to\">"));
}

#[test]
fn the_page_for_missing_addresses_starts_at_the_sites_path() {
    let url = Some("https://a.example/sub/".to_owned());
    let pages = pages(&ViewOptions {
        site_url: url,
        ..ViewOptions::default()
    });
    let html = &pages["404.html"];
    assert!(html.contains("href=\"/sub/index.html\"") && html.contains("\"/sub/assets/style."));
    assert!(!html.contains("href=\"index.html\""));
    let canonical = "<link rel=\"canonical\" href=\"https://a.example/sub/\">";
    assert!(pages["index.html"].contains(canonical));
}

#[test]
fn a_fault_of_a_template_is_told_once() {
    let templates = Templates::new(
        [("_side.html".to_owned(), "{{ nothing }}".to_owned())],
        Messages::new("en", []),
    )
    .unwrap();
    let model = model();
    let edition = Edition::new(
        frame(&model, templates, &ViewOptions::default()),
        &model.pages,
        None,
    );
    let errors = edition.rendered().unwrap_err();
    let names: Vec<_> = errors.iter().map(|error| error.template.as_str()).collect();
    assert_eq!(names, ["_side.html"]);
}

#[test]
fn an_edition_takes_over_what_is_the_same_in_the_same_frame() {
    let options = ViewOptions::default();
    let mut model = model();
    let frame = frame(&model, built_in(), &options);
    let first = Edition::new(frame.clone(), &model.pages, None);
    let pages = |edition: &Edition| edition.rendered().unwrap().pages;
    let before = pages(&first);
    let shared = |edition: &Edition| {
        let now = pages(edition);
        let pairs = before.iter().zip(&now);
        let shared = pairs.filter(|(old, new)| Arc::ptr_eq(&old.body, &new.body));
        let mut shared: Vec<_> = shared.map(|(page, _)| page.path.clone()).collect();
        shared.sort();
        shared
    };
    let same = Edition::new(frame.clone(), &model.pages, Some(&first));
    let all = ["guide.html", "guide.md", "index.html", "index.md"];
    assert_eq!(shared(&same), all);
    assert_eq!(same.count(Some(&first)), (4, 0));

    let Content::Guide(text) = &mut Arc::make_mut(&mut model.pages[1]).content else {
        panic!("the second page is a guide");
    };
    text.0.push_str("\nMore.\n");
    let edited = Edition::new(frame.clone(), &model.pages, Some(&first));
    assert_eq!(shared(&edited), ["index.html", "index.md"]);
    assert_eq!(edited.count(Some(&first)), (4, 1));

    Arc::make_mut(&mut model.pages[1]).title.push('!');
    let outline = model.outline();
    let others: [PageFrame; 4] = [
        PageFrame {
            outline,
            ..frame.clone()
        },
        PageFrame {
            templates: Arc::new(built_in()),
            ..frame.clone()
        },
        PageFrame {
            assets: Arc::default(),
            ..frame.clone()
        },
        PageFrame {
            index: index_at("other.json"),
            ..frame
        },
    ];
    for frame in others {
        let other = Edition::new(frame, &model.pages, Some(&first));
        assert!(shared(&other).is_empty());
        assert_eq!(other.count(Some(&first)), (4, 4));
    }
}

#[test]
fn pages_are_proved_from_the_likeliest_to_be_looked_at() {
    let own = [("guide.html".to_owned(), "{{ nothing }}".to_owned())];
    let templates = Templates::new(own, Messages::new("en", [])).unwrap();
    let mut model = model();
    let mut second = (*model.pages[1]).clone();
    second.name = "second".to_owned();
    model.pages.push(Arc::new(second));
    let frame = frame(&model, templates, &ViewOptions::default());
    let edition = Edition::new(frame.clone(), &model.pages, None);
    let asked = ["second.html".to_owned()];
    let (api, guide, second) = (Leaf::Page(0), Leaf::Page(1), Leaf::Page(2));
    let unjudged = |edition: &Edition, asked: &[String]| {
        let mut leaves = edition.unjudged(asked);
        leaves.retain(|leaf| matches!(leaf, Leaf::Page(_)));
        leaves
    };
    assert_eq!(
        unjudged(&edition, &[]),
        [api.clone(), guide.clone(), second.clone()]
    );
    assert_eq!(unjudged(&edition, &asked)[0], second);
    assert!(edition.prove(&api).is_ok());
    assert!(edition.prove(&second).is_err());
    assert_eq!(unjudged(&edition, &[]), [second.clone(), guide.clone()]);
    let next = Edition::new(frame, &model.pages, Some(&edition));
    assert_eq!(
        unjudged(&next, &[]),
        [second, guide],
        "what was found out is remembered"
    );
}
