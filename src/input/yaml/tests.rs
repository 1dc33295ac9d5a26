//! Tests of the whole module: the trees of YAML texts, and their errors.

use super::*;

fn read(text: &str) -> (Option<Node>, Vec<String>) {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", text);
    let mut report = Report::default();
    let node = parse(&sources, file, &mut report);
    let messages = report.iter().map(|d| {
        let place = sources.text(d.labels[0].span).to_owned();
        format!("{} `{place}`: {}", d.code.as_str(), d.message)
    });
    (node, messages.collect())
}

fn shown(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(written) => written.clone(),
        Value::String(text) => format!("{text:?}"),
        Value::Sequence(items) => {
            format!(
                "[{}]",
                items.iter().map(shown).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Mapping(entries) => {
            let entries = entries
                .iter()
                .map(|e| format!("{}: {}", e.key, shown(&e.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

#[track_caller]
fn reads(text: &str, wanted: &str) {
    let (node, messages) = read(text);
    assert_eq!(messages, Vec::<String>::new(), "{text}");
    assert_eq!(shown(&node.unwrap()), wanted, "{text}");
}

#[track_caller]
fn refuses(text: &str, wanted: &str) {
    let (_, messages) = read(text);
    assert_eq!(messages, [wanted], "{text}");
}

#[test]
fn numbers_keep_their_digits() {
    let long = "1234567890123456789012345678901234567890123456789012345";
    for number in ["9223372036854775807", "1.10", "1e400", "-0", "1E+2", long] {
        reads(number, number);
    }
}

#[test]
fn numbers_that_json_cannot_write_are_faults() {
    for number in [
        "0x10", "0o7", ".5", "1.", "+1", ".inf", "-.INF", ".nan", "007", "1_000",
    ] {
        refuses(
            number,
            &format!("invalid-number `{number}`: `{number}` is not a JSON number"),
        );
    }
    for text in ["\"007\"", "'1_000'"] {
        reads(text, &format!("{:?}", text.trim_matches(['"', '\''])));
    }
    reads("a: |\n  007\n", "{a: \"007\\n\"}");
    reads("a: >-  # how\n  007", "{a: \"007\"}");
    reads("12:30", "\"12:30\"");
}

#[test]
fn only_true_and_false_are_booleans() {
    reads(
        "[true, false, no, yes, on, y]",
        "[true, false, \"no\", \"yes\", \"on\", \"y\"]",
    );
    refuses(
        "True",
        "invalid-boolean `True`: `True` is not a boolean here",
    );
}

#[test]
fn every_equal_key_is_reported_and_the_first_kept() {
    let (node, messages) = read("a: 1\nb: 2\na: 3\nc: {d: 1, d: 2}\n");
    assert_eq!(
        messages,
        [
            "duplicate-key `a`: duplicate key `a`",
            "duplicate-key `d`: duplicate key `d`"
        ]
    );
    assert_eq!(shown(&node.unwrap()), "{a: 1, b: 2, c: {d: 1}}");
}

#[test]
fn keys_are_text() {
    reads(
        "{200: a, true: b, 1.50: c}",
        "{200: \"a\", true: \"b\", 1.50: \"c\"}",
    );
    refuses("[1]: a", "invalid-key `[`: a key must be text");
    refuses(
        "a: &x {b: 1}\nc: {<<: *x}",
        "invalid-key `<<`: `<<` merges maps only in YAML 1.1",
    );
}

#[test]
fn a_variable_without_quotes_is_named() {
    refuses(
        "path: {{ bot_id }}",
        "unquoted-variable `{`: a variable that YAML reads as a map",
    );
    reads("path: /a/{{ bot_id }}", "{path: \"/a/{{ bot_id }}\"}");
}

#[test]
fn a_fault_in_an_alias_is_shown_where_it_can_be_mended() {
    let (_, messages) = read("a: &x {n: 007}\nb: *x\n");
    assert_eq!(messages.len(), 2);
    assert!(
        messages[1].starts_with("invalid-number `007`"),
        "{messages:?}"
    );
}

#[test]
fn bombs_and_towers_are_refused() {
    let lines = (1..12).map(|n| {
        let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
        format!("a{n}: &a{n} [{aliases}]\n")
    });
    let bomb: String = std::iter::once("a0: &a0 [x]\n".to_owned())
        .chain(lines)
        .collect();
    let tower: String = (0..3000)
        .map(|n| format!("{}a:\n", " ".repeat(n)))
        .collect();
    for text in [
        bomb,
        tower,
        "[".repeat(100_000),
        "a: &a [*a]".to_owned(),
        "a: [".repeat(5000),
    ] {
        let (node, messages) = read(&text);
        assert!(node.is_none());
        assert!(messages[0].starts_with("input-too-large"), "{messages:?}");
    }
}

#[test]
fn a_syntax_error_has_its_place() {
    refuses(
        "a: 1\nb: c: d\n",
        "invalid-yaml `:`: a key's `:` where no key is allowed",
    );
    refuses("a: \"open\n", "invalid-yaml `\"`: quotes that never close");
    refuses(
        "é: [1\nb: 2",
        "invalid-yaml `:`: a key's `:` where no key is allowed",
    );
}

#[test]
fn a_part_of_a_file_has_the_file_s_places() {
    let mut sources = Sources::default();
    let file = sources.add("a.md", "---\ntitle: 007\n---\n");
    let mut report = Report::default();
    parse_part(&sources, Span::new(file, 4..15), &mut report).unwrap();
    let first = report.iter().next().unwrap();
    assert_eq!(sources.text(first.labels[0].span), "007");
}
