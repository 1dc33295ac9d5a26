//! Text of a spec that looks like markup is shown as text, in every field.

use std::collections::BTreeSet;

use crate::page::{Element, Page};
use crate::project::Project;
use crate::support::payloads::{GUIDE, escaped, payloads, project};

/// Elements with the names of their attributes, in order.
fn shape(page: &Page) -> Vec<(String, Vec<String>)> {
    let names = |attributes: Vec<(String, String)>| attributes.into_iter().map(|(name, _)| name);
    let elements = page.elements().into_iter();
    elements
        .map(|element| (element.name(), names(element.attributes()).collect()))
        .collect()
}

fn pages(project: &Project) -> Vec<(String, Page)> {
    let html = project
        .tree("out")
        .into_iter()
        .filter(|(path, _)| path.ends_with(".html"));
    html.map(|(path, bytes)| (path, Page::parse(std::str::from_utf8(&bytes).unwrap())))
        .collect()
}

#[test]
fn markup_in_any_text_is_shown_as_text() {
    let clean = project("w plain");
    clean.run(&["build", "--out", "out"]).exits(0);
    let clean: Vec<_> = pages(&clean)
        .into_iter()
        .map(|(path, page)| (path, shape(&page), shown(&page, "w plain")))
        .collect();
    assert!(clean.len() >= 3 && clean[0].1.len() > 20);
    let times: usize = clean.iter().map(|(_, _, times)| times).sum();
    assert!(times > 100, "only {times} places");
    for payload in payloads() {
        // With a word before it, Markdown has nothing to read in it either.
        let text = format!("w {payload}");
        let project = project(&text);
        project.run(&["build", "--out", "out"]).exits(0);
        for ((path, page), (_, clean, times)) in pages(&project).iter().zip(&clean) {
            // The pieces of highlighted code may differ: they are all of one kind.
            let without_pieces = |shape: &[(String, Vec<String>)]| {
                let pieces = |(name, attributes): &&(String, Vec<String>)| {
                    !(name == "b" && *attributes == ["class"])
                };
                shape.iter().filter(pieces).cloned().collect::<Vec<_>>()
            };
            assert_eq!(
                without_pieces(&shape(page)),
                without_pieces(clean),
                "{path} has other elements with {payload}"
            );
            // Markdown reads a reference to a character as that character.
            let is_markdown = payload.contains('&');
            let found = shown(page, &text);
            assert!(
                found == *times || is_markdown && found > 0,
                "{path} shows it {found} times, not {times}: {payload}"
            );
        }
    }
}

/// How often a page shows a text, as it is or as JSON writes it.
fn shown(page: &Page, text: &str) -> usize {
    // Samples quote it in ways of their own; `samples.rs` reads them by their languages.
    let is_sample = |element: &Element| {
        element
            .attribute("data-sample")
            .is_some_and(|name| !name.is_empty())
    };
    let shown = page.text_without(&is_sample);
    let json = serde_json::Value::from(text).to_string();
    let json = json.trim_start_matches('"').strip_suffix('"').unwrap();
    let in_json = (json != text).then(|| shown.matches(json).count());
    shown.matches(text).count() + in_json.unwrap_or_default()
}

/// The same of what a list says of bots, which is no part of the spec: one bot for each payload.
#[test]
fn markup_in_a_value_of_any_bot_is_shown_as_text() {
    let project = project("w {{ name }}");
    project.write(
        "spec/site.yaml",
        "title: 'w {{ name }}'\nnavigation: [api, guide]\nvariables: {bot_id: {}, name: {placeholder: w}}\n",
    );
    let mut api = project.read("spec/api.yaml");
    // Where one line must do, a value with several may not stand.
    for (key, place) in [
        ("comment", "{comment: @@"),
        ("id", ", id: @@"),
        ("text/plain", "content_type: text/plain, example: @@"),
        ("match", "match: {/kind: @@"),
        ("kind", "data: {kind: @@"),
    ] {
        let place = place.replace("@@", "\"w {{ name }}\"");
        assert!(api.contains(&place), "{key}");
        let end = place.rfind("\"w").unwrap();
        api = api.replace(&place, &format!("{}w", &place[..end]));
    }
    project.write("spec/api.yaml", api);
    let guide = GUIDE.split("```").next().unwrap();
    let guide = guide
        .replace("@@", "'w {{ name }}'")
        .replace("@#", "w {{ name }}");
    project.write("spec/guide.md", guide.replace("@|", "{{ name }}"));
    let others = ["plain", "line\nbreak\r\n\u{2028}end"].map(str::to_owned);
    let values = payloads().into_iter().chain(others);
    let line = |(number, value): (usize, String)| {
        let bot = serde_json::json!({"bot_id": format!("bot-{number}"), "name": value});
        format!("{bot}\n")
    };
    let lines: String = values.clone().enumerate().map(line).collect();
    project.write("bots.jsonl", lines);
    project
        .run(&["build", "--bots", "bots.jsonl", "--out", "out"])
        .exits(0);
    let page = |number: usize, name: &str| {
        Page::parse(&project.read(&format!("out/bots/bot-{number}/{name}.html")))
    };
    for (number, value) in values.enumerate() {
        for name in ["index", "guide"] {
            let (page, clean) = (page(number, name), page(payloads().len(), name));
            assert_eq!(shape(&page), shape(&clean), "{name} of {value}");
            let shown = page.text_without(&|_| false);
            let value = value.replace("\r\n", "\n");
            let is_shown = shown.replace("\r\n", "\n").contains(&value);
            assert!(is_shown, "{name} does not show {value}");
        }
    }
}

/// Where Markdown can begin a block of HTML, and what Markdown itself makes into links.
#[test]
fn markdown_gives_no_script_a_place() {
    let links = [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#x6a;avascript:alert(1))",
        "[x](\tjavascript:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
        "[x](vbscript:x)",
        "[x](data:text/html,x)",
        "[x](//evil.example)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
    ];
    let mut refused = 0;
    // HTML is refused as it is; escaped, it is text.
    let raw = payloads();
    let written: Vec<String> = raw.iter().map(|text| escaped(text)).collect();
    let texts = raw.into_iter().chain(written);
    for payload in texts.chain(links.map(str::to_owned)) {
        let guide = format!("---\ntitle: G\n---\n{payload}\n\nx\n\n- {payload}\n\n> {payload}\n");
        let project = Project::new().file("spec/guide.md", guide);
        let ran = project.run(&["build", "--out", "out"]);
        if ran.code == Some(1) {
            // It is not silently dropped.
            assert!(
                ran.stderr.contains("spec/guide.md:"),
                "{payload}: {}",
                ran.stderr
            );
            refused += usize::from(!ran.stderr.contains("[unknown-markup]"));
            continue;
        }
        let ran = ran.exits(0);
        for (path, page) in pages(&project) {
            check_harmless(&page, &format!("{path} with {payload}\n{}", ran.stderr));
        }
    }
    assert!(refused < links.len() + 3, "{refused} refused");
}

/// Keys, IDs and the like: refused with a place, or shown as text.
#[test]
fn markup_in_any_name_is_refused_or_shown_as_text() {
    let places = [
        (
            "        bot_id: {type",
            "        @@: {type: string}\n        bot_id: {type",
        ),
        ("example: {bot_id", "example: {@@: 1, bot_id"),
        ("  chat:", "  @@:"),
        ("path: /chat", "path: @@"),
        ("path: /chat", "path: \"/chat/<b>\""),
        (
            "title: API",
            "title: API\nsections: [{title: T, id: @@, body: b}]",
        ),
        ("title: API", "title: API\nschemas: {@@: {type: string}}"),
        ("title: API", "title: API\nauth: {type: bearer, env: @@}"),
        (
            "title: API",
            "title: API\nauth: {type: apiKey, in: query, name: @@, env: X}",
        ),
        (
            "https://api.example.com",
            "https://api.example.com/<b>\\\"'",
        ),
        ("    request:", "    request:\n      content_type: @@"),
        ("  200:", "  @@:"),
        (
            "{response: {type: string}}",
            "{response: {type: string, format: @@, pattern: @@}}",
        ),
        (
            "example: {response: Hello}",
            "examples: {@@: {response: Hello}}",
        ),
        (
            "{description: The answer.,",
            "{description: The answer., headers: {@@: {type: string}},",
        ),
    ];
    let all = payloads();
    let some = [0, 14, 18, 20, 57].map(|number| all[number].as_str());
    let payloads = [&some[..], &["__proto__", "a b"]].concat();
    for (from, to) in places {
        assert!(crate::project::API.contains(from), "{from}");
        for &payload in &payloads {
            let quoted = serde_json::Value::from(payload).to_string();
            let text = crate::project::API.replacen(from, &to.replace("@@", &quoted), 1);
            let project = Project::new().file("spec/api.yaml", text);
            let ran = project.run(&["build", "--out", "out"]);
            if ran.code == Some(1) {
                assert!(
                    ran.stderr.contains("spec/api.yaml:"),
                    "{to}: {}",
                    ran.stderr
                );
                continue;
            }
            let ran = ran.exits(0);
            for (path, page) in pages(&project) {
                check_harmless(
                    &page,
                    &format!("{path} with {payload} in {to}\n{}", ran.stderr),
                );
            }
        }
    }
}

/// Fails if a page has an element or attribute that could do something, or a link to somewhere odd.
fn check_harmless(page: &Page, what: &str) {
    let own_scripts = page.all("script");
    let sources = own_scripts.iter().map(|it| it.attribute("src").unwrap());
    let sources: Vec<_> = sources.collect();
    assert_eq!(sources.len(), 2, "{what}");
    assert!(sources[0].contains("assets/theme."), "{what}");
    assert!(sources[1].contains("assets/script."), "{what}");
    let metas = page.all("meta").len();
    assert!(metas <= 7, "{what}: {metas} meta elements");
    let never: BTreeSet<&str> = [
        "iframe", "object", "embed", "base", "style", "svg", "math", "form", "template",
        "noscript", "video", "marquee", "x", "frame",
    ]
    .into();
    for element in page.elements() {
        let name = element.name();
        // The reader's own values are entered in a form of the theme's.
        let is_themes = name == "form" && element.attributes().is_empty();
        assert!(
            is_themes || !never.contains(name.as_str()),
            "{what}: <{name}>"
        );
        for (attribute, value) in element.attributes() {
            assert!(!attribute.starts_with("on"), "{what}: {attribute}");
            assert!(
                !["style", "srcdoc", "formaction", "action"].contains(&attribute.as_str()),
                "{what}: {attribute}"
            );
            if ["href", "src"].contains(&attribute.as_str()) {
                let seen: String = value
                    .chars()
                    .filter(|c| !c.is_whitespace() && !c.is_control())
                    .collect();
                let seen = seen.to_lowercase();
                let scheme = seen
                    .split_once([':', '/', '?', '#'])
                    .filter(|(s, _)| seen[s.len()..].starts_with(':'));
                let allowed = scheme
                    .is_none_or(|(scheme, _)| ["https", "http", "mailto", "tel"].contains(&scheme));
                assert!(
                    allowed && !seen.starts_with("//"),
                    "{what}: {attribute}={value}"
                );
            }
        }
    }
}
