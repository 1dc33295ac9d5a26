//! The words of the interface: none stands in the code or in a template, each is a message.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use botdocs::model::Language;
use botdocs::rich::messages::{MessageError, Messages};
use regex::Regex;

use crate::page::{Element, Page};
use crate::project::{Project, repository, tree};

/// Begin and end every message of the language in which the tests read pages.
const BRACKETS: [char; 2] = ['⟦', '⟧'];

/// Projects that together hold what a page can.
const PROJECTS: [&str; 3] = [
    "tests/golden/everything",
    "tests/golden/german",
    "tests/golden/arabic",
];

/// Attributes that people read or hear.
const READ: [&str; 5] = ["aria-label", "alt", "title", "data-copy", "data-tabs"];

/// The English messages, each between brackets.
fn bracketed() -> String {
    let english = fs::read_to_string(repository().join("templates/messages/en.ftl")).unwrap();
    let message = Regex::new(r"(?m)^([a-z][a-z-]*) =(?: (.+)|\n((?:    .*\n)+))").unwrap();
    let [open, close] = BRACKETS;
    let mut out = String::new();
    for found in message.captures_iter(&english) {
        let text = found.get(2).or(found.get(3)).unwrap().as_str().trim_end();
        let _ = writeln!(out, "{} = {open}{}{close}", &found[1], text.trim_start());
    }
    assert!(out.lines().count() > 150);
    out
}

/// A project in the language of brackets, and its files as one text.
fn project(path: &str) -> (Project, String) {
    let project = Project::copy_of(path);
    let mut written = String::new();
    for (_, bytes) in project.tree("spec") {
        written += &String::from_utf8_lossy(&bytes);
        written.push('\n');
    }
    let site = project.read("spec/site.yaml");
    let language = Regex::new(r"(?m)^language: .*$").unwrap();
    let site = language.replace(&site, "language: en-XA").into_owned();
    assert!(site.contains("en-XA"));
    project.write("spec/site.yaml", site);
    project.write("templates/messages/en-XA.ftl", bracketed());
    project.run(&["check", "--strict"]).exits(0);
    (project, written)
}

/// What is left of a text without the messages in it.
fn outside(text: &str) -> String {
    let [open, close] = BRACKETS;
    let (mut out, mut depth) = (String::new(), 0_usize);
    for character in text.chars() {
        match character {
            c if c == open => depth += 1,
            c if c == close => {
                depth = depth.checked_sub(1).expect("a message that begins");
                out.push(' ');
            }
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "a message that ends: {text}");
    out
}

/// The words of a text that are neither in a message nor in the project's files.
fn foreign<'a>(texts: impl IntoIterator<Item = &'a str>, written: &str) -> Vec<String> {
    let word = Regex::new(r"\p{L}{2,}").unwrap();
    let media_type = Regex::new(r"[a-z]+/[a-z.+-]+").unwrap();
    let written: Vec<&str> = word
        .find_iter(written)
        .map(|found| found.as_str())
        .collect();
    let mut foreign = Vec::new();
    for text in texts {
        let text = outside(text);
        let text = media_type.replace_all(&text, " ");
        let words = word.find_iter(&text).map(|found| found.as_str());
        foreign.extend(
            words
                .filter(|word| !written.contains(word))
                .map(str::to_owned),
        );
    }
    foreign.sort_unstable();
    foreign.dedup();
    foreign
}

/// Texts that people meet on a page, one for each run of text and each attribute that is read.
fn texts(html: &str) -> Vec<String> {
    // Words of two elements are two words.
    let page = Page::parse(&html.replace('<', " <"));
    let is_code = |element: &Element| {
        ["pre", "code", "data", "style", "script", "meta"].contains(&element.name().as_str())
    };
    let mut texts = vec![page.text_without(&is_code)];
    for element in page.elements() {
        for (name, value) in element.attributes() {
            let is_said = name.starts_with("data-say-");
            if is_said || READ.contains(&name.as_str()) {
                texts.push(value);
            }
        }
    }
    texts
}

/// What isn't a message though no spec says it.
const NAMES: [&str; 12] = [
    // Languages of the requests beside those of samples.
    "HTTP",
    "JSON",
    // The heading that the form of llmstxt.org gives a meaning, and names of files.
    "Optional",
    "full",
    "llms",
    "md",
    "txt",
    // The bot.
    "salma",
    // Examples whose names are in lower case.
    "Both",
    "Cut",
    "Default",
    "Overloaded",
];

#[test]
fn every_word_of_a_page_that_its_spec_does_not_say_is_a_message() {
    let languages = Language::ALL.map(Language::title);
    for path in PROJECTS {
        let (project, written) = project(path);
        for arguments in [
            &["build", "--out", "out"][..],
            &["build", "--out", "bot", "--bot", "salma"],
        ] {
            let built = project.run(arguments);
            // Some projects narrow the ID of a bot.
            if built.code != Some(0) {
                assert!(built.stderr.contains("bot_id"), "{}", built.stderr);
                continue;
            }
            for (name, bytes) in project.tree(arguments[2]) {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let texts = match name.rsplit_once('.') {
                    Some((_, "html")) => texts(&text),
                    Some((_, "md")) if name.starts_with("llms") => continue,
                    Some((_, "md")) => vec![without_code(&text)],
                    _ if name.ends_with("llms.txt") => vec![without_code(&text)],
                    _ => continue,
                };
                let mut foreign = foreign(texts.iter().map(String::as_str), &written);
                let is_language = |word: &str| languages.contains(&word);
                foreign.retain(|word| !NAMES.contains(&word.as_str()) && !is_language(word));
                assert!(foreign.is_empty(), "{path}, {name}: {foreign:?}");
            }
        }
    }
}

/// A Markdown text without its fences, spans of code, labels of footnotes, and addresses.
fn without_code(markdown: &str) -> String {
    let code =
        Regex::new(r"(?ms)^ *(```+|~~~+).*?^ *(```+|~~~+)$|`+[^`]*`+|\[\^[^\]]*\]|\]\([^)]*\)|<code>.*?</code>")
            .unwrap();
    code.replace_all(markdown, "]").into_owned()
}

#[test]
fn a_page_is_in_the_language_and_direction_of_its_site() {
    for (case, language, direction) in [
        ("german", "de", None),
        ("arabic", "ar", Some("rtl")),
        ("everything", "en-GB", None),
    ] {
        for (name, bytes) in tree(
            &repository()
                .join("tests/golden")
                .join(case)
                .join("expected"),
        ) {
            if !name.ends_with(".html") {
                continue;
            }
            let page = Page::parse(std::str::from_utf8(&bytes).unwrap());
            let root = page.all("html").remove(0);
            assert_eq!(
                root.attribute("lang").as_deref(),
                Some(language),
                "{case}, {name}"
            );
            assert_eq!(
                root.attribute("dir").as_deref(),
                direction,
                "{case}, {name}"
            );
        }
    }
}

/// What has sides is turned around with the page: a rule that names one must say for which
/// direction it holds.
#[test]
fn the_style_sheet_has_a_beginning_and_an_end_and_no_sides() {
    let sheet = fs::read_to_string(repository().join("static/style.css")).unwrap();
    let rules = Regex::new(r"(?s)([^{}]*)\{([^{}]*)\}").unwrap();
    let side = Regex::new(
        r"(?:margin|padding|border)-(?:left|right)|(?:^|[\s;])(?:left|right):|text-align: (?:left|right)",
    )
    .unwrap();
    let four = Regex::new(r"(?:margin|padding): [-\w.]+ ([-\w.]+) [-\w.]+ ([-\w.]+)").unwrap();
    for rule in rules.captures_iter(&sheet) {
        let (selector, body) = (rule[1].trim(), &rule[2]);
        let uneven = four.captures_iter(body).any(|sides| sides[1] != sides[2]);
        let is_sided = side.is_match(body) || uneven;
        assert!(
            !is_sided || selector.contains("[dir="),
            "{selector} {{{body}}}"
        );
    }
}

/// A word here and there changes without a file of all words, and in a kind of a language too.
#[test]
fn single_words_can_be_changed_without_a_warning() {
    let project = Project::new()
        .file(
            "spec/site.yaml",
            "title: Docs\nlanguage: de-AT\nnavigation: [api]\n",
        )
        .file("templates/messages/de.ftl", "copy = Übernehmen\n")
        .file("templates/messages/de-AT.ftl", "required = Pflicht\n");
    project.run(&["build", "--strict", "--out", "out"]).exits(0);
    let page = project.read("out/index.html");
    assert!(page.contains("data-say-copy=\"Übernehmen\""), "{page}");
    assert!(
        page.contains("<b>Pflicht</b>") && page.contains(">Auf dieser Seite<"),
        "{page}"
    );
}

#[test]
fn a_template_of_the_project_may_bring_its_own_messages() {
    let project = Project::new()
        .file(
            "templates/404.html",
            "{{ message(\"lost\", page=page.title) }}",
        )
        .file(
            "templates/messages/en.ftl",
            "lost = { $page }: lost & found\n",
        );
    project.run(&["build", "--strict", "--out", "out"]).exits(0);
    let page = project.read("out/404.html");
    assert_eq!(page, "There is no page here: lost &amp; found");
}

/// The code and the built-in templates as one text.
fn sources() -> String {
    let files = ["src", "templates"].map(|folder| tree(&repository().join(folder)));
    let files = files.into_iter().flatten();
    let files = files.filter(|(path, _)| path.ends_with(".rs") || path.ends_with(".html"));
    let texts = files.map(|(_, bytes)| String::from_utf8(bytes).unwrap());
    texts.collect()
}

#[test]
fn every_message_is_named_by_the_code_or_a_template() {
    let text = sources();
    let (_, english) = Messages::built_in()
        .find(|(name, _)| *name == "en.ftl")
        .unwrap();
    let name = Regex::new("(?m)^[a-z][a-z-]*").unwrap();
    let names: Vec<&str> = name
        .find_iter(english)
        .map(|found| found.as_str())
        .collect();
    assert!(names.len() > 150);
    for id in names {
        assert!(text.contains(&format!("\"{id}\"")), "nothing says `{id}`");
    }
}

#[test]
fn every_message_that_is_named_is_there() {
    let text = sources();
    let call = r#"(?:message|text|text_with|phrase|say)\(\s*"([a-z][a-z-]*)""#;
    let calls = Regex::new(call).unwrap();
    let ids = calls
        .captures_iter(&text)
        .map(|call| call.get(1).unwrap().as_str());
    let ids: BTreeSet<&str> = ids.collect();
    assert!(ids.len() > 60, "{ids:?}");
    let english = Messages::new("en", []);
    for id in ids {
        assert_ne!(
            english.pieces(id, &[]),
            Err(MessageError::Unknown),
            "no message `{id}`"
        );
    }
}
