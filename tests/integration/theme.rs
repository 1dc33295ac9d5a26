//! `docs/theme.md` against the theme: its list of templates and fields is made from the sources.
//!
//! `UPDATE_GOLDEN=1 cargo test theme` writes the list anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use botdocs::pages::template::Templates;
use botdocs::pages::theme::VERSION;
use regex::Regex;

use crate::project::{Project, difference, repository, tree, updates_expectations};

const BEGIN: &str =
    "<!-- A test generates the rest from the sources: UPDATE_GOLDEN=1 cargo test theme -->\n";

/// A struct that templates get, as its source says it.
struct View {
    name: String,
    doc: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    doc: String,
}

/// The structs of `src/pages/view` that are serialized, in the order of the files.
fn views() -> Vec<View> {
    let item = Regex::new(
        r"(?m)((?:^/// .*\n)+)#\[derive\([^)]*Serialize[^)]*\)\]\npub(?:\([a-z]+\))? struct (\w+) \{\n((?:    .*\n)*)\}",
    )
    .unwrap();
    let field =
        Regex::new(r"((?:    /// .*\n)+)    pub(?:\([a-z]+\))? (\w+): ([^\n]+),\n").unwrap();
    let mut views = Vec::new();
    for (path, bytes) in tree(&repository().join("src/pages/view")) {
        let text = String::from_utf8(bytes).unwrap();
        for found in item.captures_iter(&text) {
            let fields = field.captures_iter(&found[3]).map(|field| Field {
                name: field[2].to_owned(),
                kind: field[3].to_owned(),
                doc: doc(&field[1]),
            });
            let fields: Vec<Field> = fields.collect();
            let lines = found[3].lines();
            let declared = lines
                .filter(|line| line.trim_start().starts_with("pub"))
                .count();
            assert_eq!(
                fields.len(),
                declared,
                "{path}: a field of {} without a sentence",
                &found[2]
            );
            views.push(View {
                name: found[2].to_owned(),
                doc: doc(&found[1]),
                fields,
            });
        }
        let derived = text.matches("Serialize)]").count();
        let read = views.len();
        assert!(read >= derived, "{path}: {derived} structs for templates");
    }
    views
}

/// The words of doc comments.
fn doc(comment: &str) -> String {
    let lines = comment
        .lines()
        .map(|line| line.trim().trim_start_matches("///").trim());
    lines.collect::<Vec<_>>().join(" ")
}

/// A Rust type as template authors see it.
fn kind(rust: &str, views: &[View]) -> String {
    let inner = |outer: &str| rust.strip_prefix(outer)?.strip_suffix('>');
    if let Some(one) = inner("Option<") {
        return format!("{}, or none", kind(one, views));
    }
    if let Some(one) = inner("Vec<") {
        return format!("list of {}", kind(one, views));
    }
    match rust {
        "Html" => "HTML".to_owned(),
        "String" | "&'static str" => "text".to_owned(),
        "bool" => "boolean".to_owned(),
        "BTreeMap<String, String>" => "map of texts".to_owned(),
        "usize" => "number".to_owned(),
        _ => {
            assert!(
                views.iter().any(|view| view.name == rust),
                "no words for the type {rust}"
            );
            format!("[{rust}](#{})", rust.to_lowercase())
        }
    }
}

/// What a template's blocks and macros are, and what it takes from others.
fn parts(text: &str) -> String {
    let tag = Regex::new(
        r#"\{% *(block|macro|extends|include|from) +"?([^%"]+?)"? *(?:import [^%]*)?%\}"#,
    )
    .unwrap();
    let mut parts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for found in tag.captures_iter(text) {
        let word = match &found[1] {
            "block" => "blocks",
            "macro" => "macros",
            "extends" => "extends",
            _ => "uses",
        };
        let named = format!("`{}`", found[2].trim());
        let names = parts.entry(word).or_default();
        if !names.contains(&named) {
            names.push(named);
        }
    }
    let parts = parts
        .iter()
        .map(|(word, names)| format!("{word} {}", names.join(", ")));
    parts.collect::<Vec<_>>().join("; ")
}

/// What a template is: its view's sentence, or its own first comment's.
fn purpose(name: &str, text: &str, views: &[View]) -> String {
    let quoted = format!("`{name}`: ");
    if let Some(view) = views.iter().find(|view| view.doc.starts_with(&quoted)) {
        return format!(
            "{} Its values: [{}](#{}).",
            capital(&view.doc[quoted.len()..]),
            view.name,
            view.name.to_lowercase()
        );
    }
    let comment = text
        .strip_prefix("{# ")
        .and_then(|text| text.split_once(" #}"));
    let comment = comment.unwrap_or_else(|| panic!("{name} does not say what it is"));
    let words: Vec<&str> = comment.0.split_whitespace().collect();
    words.join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn generated() -> String {
    let views = views();
    let mut out = format!("{BEGIN}\n## Templates\n\nThis is version {VERSION} of the theme.\n\n");
    out += "| template | content | parts |\n| --- | --- | --- |\n";
    for (name, text) in Templates::built_in() {
        let _ = writeln!(
            out,
            "| `{name}` | {} | {} |",
            purpose(name, text, &views),
            parts(text)
        );
    }
    out += "\n## Fields\n";
    let mut shown: Vec<&str> = Vec::new();
    let pages = views.iter().filter(|view| view.doc.starts_with('`'));
    let mut next: Vec<&View> = pages.collect();
    while !next.is_empty() {
        let view = next.remove(0);
        if shown.contains(&view.name.as_str()) {
            continue;
        }
        shown.push(&view.name);
        let _ = write!(out, "\n### {}\n\n{}\n\n", view.name, view.doc);
        out += "| field | type | meaning |\n| --- | --- | --- |\n";
        for field in &view.fields {
            let _ = writeln!(
                out,
                "| `{}` | {} | {} |",
                field.name,
                kind(&field.kind, &views),
                field.doc
            );
            let inside = views.iter().find(|view| {
                Regex::new(&format!(r"\b{}\b", view.name))
                    .unwrap()
                    .is_match(&field.kind)
            });
            next.extend(inside);
        }
    }
    let missing: Vec<_> = views
        .iter()
        .filter(|view| !shown.contains(&view.name.as_str()))
        .map(|view| &view.name)
        .collect();
    assert!(missing.is_empty(), "no template gets {missing:?}");
    out
}

#[test]
fn the_list_of_templates_and_fields_is_that_of_the_sources() {
    let path = repository().join("docs/theme.md");
    let text = fs::read_to_string(&path).unwrap();
    let (prose, _) = text
        .split_once(BEGIN)
        .expect("the line where the list begins");
    let expected = format!("{prose}{}", generated());
    if updates_expectations() {
        fs::write(&path, expected).unwrap();
    } else {
        assert!(
            text == expected,
            "docs/theme.md {}",
            difference(&text, &expected)
        );
    }
}

#[test]
fn every_colour_and_measure_of_the_style_sheet_is_explained() {
    let sheet = fs::read_to_string(repository().join("static/style.css")).unwrap();
    let first = sheet
        .split(":root {")
        .nth(1)
        .unwrap()
        .split('}')
        .next()
        .unwrap();
    let name = Regex::new(r"--[a-z0-9-]+").unwrap();
    let declared = Regex::new(r"(--[a-z0-9-]+):").unwrap();
    let mut known: Vec<&str> = declared
        .captures_iter(first)
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    let text = fs::read_to_string(repository().join("docs/theme.md")).unwrap();
    let table = text
        .split("| property | is |\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let mut explained: Vec<&str> = name
        .find_iter(table)
        .map(|found| found.as_str())
        .filter(|name| name.len() > 3 && !name.starts_with("---"))
        .collect();
    known.sort_unstable();
    explained.sort_unstable();
    assert_eq!(explained, known);
}

/// The attributes by which the script finds its places.
#[test]
fn every_attribute_that_the_script_looks_for_is_explained() {
    let scripts = ["script.js", "search.js"].map(|name| {
        let path = repository().join("static").join(name);
        fs::read_to_string(path).unwrap()
    });
    let script = scripts.concat();
    let text = fs::read_to_string(repository().join("docs/theme.md")).unwrap();
    let attribute = Regex::new(r"data-([a-z]+)").unwrap();
    for (_, template) in Templates::built_in() {
        for found in attribute.captures_iter(template) {
            assert!(script.contains(&found[1]), "{}", &found[0]);
            assert!(
                text.contains(&format!("`{}`", &found[0])),
                "{} is not explained",
                &found[0]
            );
        }
    }
}

/// Each field that the list has is there when a page is rendered: a template may name it.
#[test]
fn every_field_of_the_list_can_be_named_by_a_template() {
    let views = views();
    let project = Project::copy_of("tests/golden/everything");
    for (template, root) in [
        ("api.html", "ApiPage"),
        ("guide.html", "GuidePage"),
        ("404.html", "NotFoundPage"),
        ("redirect.html", "RedirectPage"),
    ] {
        let view = views.iter().find(|view| view.name == root).unwrap();
        let mut text = String::new();
        for outer in ["", "site", "page"] {
            let fields = match outer {
                "" => &view.fields,
                outer => {
                    let field = view
                        .fields
                        .iter()
                        .find(|field| field.name == outer)
                        .unwrap();
                    &views
                        .iter()
                        .find(|view| view.name == field.kind)
                        .unwrap()
                        .fields
                }
            };
            for field in fields {
                let dot = if outer.is_empty() { "" } else { "." };
                let _ = writeln!(
                    text,
                    "{{% if {outer}{dot}{} is undefined %}}{{{{ gone.{} }}}}{{% endif %}}",
                    field.name, field.name
                );
            }
        }
        project.write(&format!("templates/{template}"), text);
    }
    project.run(&["check"]).exits(0);
}

/// What the input of a variable has that a link can set.
const LINKABLE: &str = "&quot;linkable&quot;:true";

/// Ways of a template to print the bot's ID into a host that no reading of the template finds.
#[test]
fn a_value_of_a_link_is_found_in_a_host_however_a_template_puts_it_there() {
    let project = Project::new()
        .file("spec/site.yaml", "title: Docs\nnavigation: [api, guide]\n")
        .file("spec/guide.md", "---\ntitle: Guide\n---\nA text.\n");
    let check = |printed: &str| {
        let template = format!(
            "{{% extends \"base.html\" %}}\n{{% block main %}}\n{printed}\n{{% endblock %}}\n"
        );
        project.write("templates/guide.html", template);
        project.run(&["check"])
    };
    for printed in [
        "<pre>curl https://{{- site.bot_id -}}.example.com -H \"A: $KEY\"</pre>",
        "https://{{ (site.bot_id) }}.example.com",
        "https://{{ site[\"bot_id\"] }}.example.com",
        "https://{{ site[\"bot\" ~ \"_id\"] }}.example.com",
        "{{ site.bot_id ~ \".eu\" }}",
        "{{ \"https://\" ~ site.bot_id }}",
        "{{ [\"https://\", site.bot_id]|join }}",
        "{{ \"https://HOST\"|replace(\"HOST\", site.bot_id) }}",
        "{% set h = site.bot_id %}<p>https://{{ h }}/v1</p>",
        "{% with h = site.bot_id %}<p>https://{{ h }}/v1</p>{% endwith %}",
        "{% set d = {\"h\": site.bot_id} %}https://{{ d.h }}/v1",
        "https://{{ site.bot_id if page.title else \"a\" }}/v1",
        "{% if page.title %}https://{% else %}/{% endif %}{{ (site.bot_id) }}.example.com",
        "{% macro m(x) %}https://{{ x }}{% endmacro %}{{ m(site.bot_id) }}",
        "{% for x in [site.bot_id] %}https://{{ x }}{% endfor %}",
        "<b>https://</b><i>{{ site.bot_id }}</i>.example.com",
        "<b>{{ site.bot_id }}</b>.example.com",
        "<pre><span>curl</span> <span>-H a:b</span> {{ (site.bot_id) }}</pre>",
        "<pre>BOT={{ (site.bot_id) }}\ncurl https://$BOT.example.com</pre>",
        "<table><tr><td>Host</td><td>bot-{{ (site.bot_id) }}</td></tr></table>",
        "https://<data class=hole value=bot_id></data>.example.com",
        "<a href=\"#\" data-fill-href='[\"https://\",[\"bot_id\"],\".example.com\"]'>a</a>",
    ] {
        let ran = check(printed).exits(1);
        let wanted =
            "error[conflicting-keys]: a link can set `bot_id`, which can change the host of";
        assert!(ran.stderr.contains(wanted), "{printed}\n{}", ran.stderr);
    }
    for printed in [
        "<p>{{ site.bot_id }}</p>",
        "https://api.example.com/{{ (site.bot_id) }}",
        "<dl><dt>Host</dt><dd>api.example.com</dd><dt>Bot</dt><dd>{{ site.bot_id }}</dd></dl>",
        "<p>Use <code>curl</code> {{ site.bot_id }}</p>",
        "{% if site.for_bot %}https://{{ (site.bot_id) }}.example.com{% endif %}",
        "https://{{ \"{{\" ~ \" bot_id }}.example.com\" }}",
    ] {
        check(printed).exits(0);
        project.run(&["build", "--out", "out"]).exits(0);
        assert!(
            project.read("out/guide.html").contains(LINKABLE),
            "{printed}"
        );
    }
}

/// The built-in pages show the ID in addresses, tables and code, but in no host.
#[test]
fn a_file_that_is_taken_over_as_it_is_lets_links_bring_the_id() {
    for project in ["everything", "german"] {
        let project = Project::copy_of(&format!("tests/golden/{project}"));
        project.run(&["theme", "eject"]).exits(0);
        project.run(&["check"]).exits(0);
    }
    for (name, _) in Templates::built_in() {
        let project = Project::copy_of_folders(&["spec"]);
        project.run(&["theme", "eject", name]).exits(0);
        project.run(&["build", "--out", "out"]).exits(0);
        assert!(project.read("out/index.html").contains(LINKABLE), "{name}");
    }
}
