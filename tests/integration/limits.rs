//! The limits that the documents name are those of the code.

use std::fs;

use regex::Regex;

use crate::project::repository;

/// The limits: the constant and its file, and what the table of docs/spec.md and the text of
/// `input-too-large` have for it.
const LIMITS: [(&str, &str, &str, &str); 28] = [
    (
        "src/input/load.rs",
        "MAX_TEXT",
        "A file has at most {}",
        "A text file has at most {}",
    ),
    (
        "src/input/yaml.rs",
        "MAX_NODES",
        "16 MiB, {} values",
        "A YAML file has at most {} values",
    ),
    (
        "src/input/yaml.rs",
        "MAX_DEPTH",
        "and {} levels",
        "lists and maps nest at most {} deep in it",
    ),
    (
        "src/check/join/navigation.rs",
        "MOST_PAGES",
        "shows the navigation | {} |",
        "A site has at most {} pages",
    ),
    (
        "src/hole/mod.rs",
        "MAX_VARIABLES",
        "variables of a project | {} |",
        "a project {} variables",
    ),
    (
        "src/check/named.rs",
        "MOST_IN_SCHEMA",
        "followed | {} and ",
        "shows at most {} fields",
    ),
    (
        "src/check/named.rs",
        "MOST_ON_PAGE",
        "followed | 2,000 and {} |",
        "",
    ),
    (
        "src/check/named.rs",
        "MOST_DEEP",
        "levels of fields and alternatives | {} |",
        "fields and alternatives nest at most {} deep",
    ),
    (
        "src/check/site.rs",
        "MOST_REDIRECTS",
        "redirects of a site | {} |",
        "pages and {} redirects",
    ),
    (
        "src/check/named.rs",
        "MOST_STEPS",
        "levels of references and items | {} |",
        "references at most {}.",
    ),
    (
        "src/check/schema.rs",
        "MOST_FORMS",
        "a `oneOf` | {} |",
        "`oneOf` {} alternatives",
    ),
    (
        "src/check/stream.rs",
        "MOST_EVENTS",
        "events of a stream | {} |",
        "a stream {} events",
    ),
    (
        "src/check/body.rs",
        "MOST_EXAMPLES",
        "of an endpoint | {} |",
        "a body or a stream {} examples",
    ),
    (
        "src/check/bot/limit.rs",
        "LONGEST_RECORD",
        "JSON | {}; ",
        "JSON Lines, has at most {}",
    ),
    (
        "src/check/bot/limit.rs",
        "LONGEST_TREE",
        "1 MiB; {} |",
        "A list in YAML or JSON has at most {},",
    ),
    (
        "src/rich/markdown/document.rs",
        "MOST_DEEP",
        "emphasis and links | {} |",
        "of Markdown nest at most {} deep",
    ),
    (
        "src/rich/picture.rs",
        "MOST_NAMESPACES",
        "a warning | {} and ",
        "",
    ),
    (
        "src/rich/picture.rs",
        "MOST_ATTRIBUTES",
        "a warning | 256 and {} |",
        "",
    ),
    (
        "src/pages/template/depth.rs",
        "MOST",
        "expressions, nest at most {} deep",
        "",
    ),
    (
        "src/rich/messages/depth.rs",
        "MOST",
        "Braces nest at most {} deep in a file of messages",
        "",
    ),
    (
        "src/hole/pattern.rs",
        "MOST_STATES",
        "written out | {} |",
        "A pattern of a variable has at most {} states",
    ),
    (
        "src/check/proof/states.rs",
        "MOST_IN_PATTERN",
        "a quarter of this number | {} and ",
        "The pattern of a field has at most {} states",
    ),
    (
        "src/check/proof/states.rs",
        "MOST_ON_PAGE",
        "500,000 and {} |",
        "all patterns of a page have at most {} together",
    ),
    (
        "src/check/proof/states.rs",
        "MOST_GROUPS",
        "levels of groups in a pattern | {} |",
        "",
    ),
    (
        "src/pages/template/limit.rs",
        "MOST_COUNTED",
        "characters of each | {} and 65,000 |",
        "A template has at most {} lines",
    ),
    (
        "src/pages/template/limit.rs",
        "MOST_COUNTED",
        "65,000 and {} |",
        "lines of {} characters",
    ),
    (
        "src/pages/template/limit.rs",
        "MOST_STEPS",
        "one each | {} |",
        "Templates take at most {} steps",
    ),
    (
        "src/pages/template/weight.rs",
        "MOST_NESTED",
        "lists and maps in a template | {} |",
        "The lists and maps of a template nest at most {} deep",
    ),
];

/// A number of the code as documents have it: `2_000` is 2,000, `16 << 20` is 16 MiB.
fn shown(written: &str) -> String {
    if let Some(mebibytes) = written.strip_suffix(" << 20") {
        return format!("{mebibytes} MiB");
    }
    written.replace('_', ",")
}

#[test]
fn limits_are_those_of_the_code() {
    let read = |path: &str| fs::read_to_string(repository().join(path)).unwrap();
    let (spec, explained) = (
        read("docs/spec.md"),
        read("src/input/explain/input-too-large.md"),
    );
    for (file, name, in_table, in_words) in LIMITS {
        let constant = Regex::new(&format!(r"const {name}: \w+ = ([0-9_]+(?: << 20)?);")).unwrap();
        let source = read(file);
        let found = constant.captures(&source);
        let most = shown(&found.unwrap_or_else(|| panic!("{file} has no {name}"))[1]);
        for (text, phrase) in [(&spec, in_table), (&explained, in_words)] {
            let phrase = phrase.replace("{}", &most);
            assert!(text.contains(&phrase), "{name} of {file}: no `{phrase}`");
        }
    }
}
