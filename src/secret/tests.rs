//! Tests of the shapes of keys and of what is shown of them.

use super::*;

const RANDOM: &str = "Xq3ZtV81mNcR5bYwKd7ePq2LsT9uHjF4";

#[test]
fn no_shape_is_shorter_than_what_is_passed_over() {
    let shortest = ["AK", "IA", "Q3ZV81NC5BYW7K2L"].concat();
    assert_eq!(find_in_value("x", &shortest), vec![0..shortest.len()]);
    let password = ["a://:", "h8nter", "@"].concat();
    assert_eq!(password.len(), SHORTEST);
    assert_eq!(find_in_value("x", &password), vec![0..SHORTEST]);
    let aws = ["wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYZ3XAMPLEKEY"].concat();
    assert_eq!(
        find_in_value("aws_secret_access_key", &aws[..40]),
        vec![0..40]
    );
    let private = ["-----BEGIN", " PRIVATE KEY"].concat();
    assert_eq!(find_in_value("x", &private), vec![0..private.len()]);
}

/// The first two characters of what a shape matches; of groups and sets each.
fn beginnings(shape: &str) -> Vec<String> {
    let open = shape.strip_prefix("(?i:").or(shape.strip_prefix("(?:"));
    if let Some(rest) = open {
        let (inner, _) = rest.split_once(')').unwrap();
        return inner.split('|').flat_map(beginnings).collect();
    }
    if let Some((set, rest)) = shape
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        let second = &rest[..1];
        return set
            .chars()
            .map(|first| format!("{first}{second}"))
            .collect();
    }
    match shape
        .get(1..2)
        .filter(|&second| second == "[" || second == "(")
    {
        Some(_) => {
            let second = shape[1..]
                .trim_start_matches(['[', '('])
                .trim_start_matches("?:");
            vec![format!("{}{}", &shape[..1], &second[..1])]
        }
        None => vec![shape[..2].to_owned()],
    }
}

#[test]
fn keys_that_begin_as_any_word_are_found_in_values() {
    let telegram = ["8123456789", ":AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"].concat();
    let discord = ["MTk4NjIyNDgzNDcxOTI1MjQ4", ".Cl2FMQ.", &RANDOM[..27]].concat();
    let address = ["https://ada:", "hunter2x@db.example.com"].concat();
    let basic = ["Basic ", "YWRhOmh1bnRlcjJ4eXo="].concat();
    for (key, length) in [
        (&telegram, telegram.len()),
        (&discord, discord.len()),
        (&address, "https://ada:hunter2x@".len()),
        (&basic, basic.len()),
    ] {
        assert_eq!(find_in_value("x", key), vec![0..length], "{key}");
    }
    for placeholder in [
        "https://user:password@example.com/",
        "https://USER:PASS@example.com/path",
        "https://ada:$PASSWORD1@example.com/",
        "Basic dXNlcjpwYXNzd29yZA==",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
        "at 12:30, of https://example.com/a@b",
    ] {
        assert!(find_in_value("x", placeholder).is_empty(), "{placeholder}");
    }
}

#[test]
fn keys_are_found_however_they_are_written() {
    let key = ["sk", "_live_", RANDOM].concat();
    let with = |sign: &str| key.replace('_', sign);
    for text in [
        with("\\_"),
        with("\\x5f"),
        with("&#95;"),
        with("%5F"),
        format!("Use:\\n{key}"),
        format!("a%3D{key}"),
    ] {
        let found = find(&text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(text[found[0].clone()].starts_with("sk"), "{text}");
        let shown = masked(&text);
        assert!(!shown.contains(&RANDOM[..7]), "{shown}");
        assert_eq!(joined(&text[found[0].clone()]), key);
    }
    let split = [&key[..12], "**", &key[12..], "**"].concat();
    assert_eq!(in_published("a.md", &split), [key.as_str()]);
    let split = [
        "<td>Key</td><td>",
        &key[..12],
        "<em>",
        &key[12..],
        "</em></td>",
    ]
    .concat();
    assert_eq!(in_published("a.html", &split), [key.as_str()]);
    let text = format!("a\u{a0}b**{}** c", &key[12..]);
    let part = Parts::<PART>::new([&*key], [&*text]).first(&key);
    assert_eq!(word_around(&text, part.unwrap().1), 3..key.len() - 4);
}

#[test]
fn every_shape_begins_as_a_glance_expects() {
    for shape in WRITTEN {
        for two in beginnings(shape) {
            assert!(
                may_begin([two.as_bytes()[0], two.as_bytes()[1]]),
                "{shape}: {two}"
            );
            let rest = "x".repeat(SHORTEST);
            for before in ["", "a ", "%20", "\\n", "é", "-"] {
                assert!(may_hold(&format!("{before}{two}{rest}")), "{before}{two}");
            }
        }
    }
    for text in [
        "019dd3d4-4b7e-71eb-9561-5cf790a5da57",
        "Ada of the corner, number 7",
        "The assistant of the shop on the corner",
        "%20 a key of the shop of Ada",
    ] {
        assert!(!may_hold(text), "{text}");
    }
}

#[test]
fn a_glance_misses_no_key_over_several_lines_or_behind_a_name() {
    let pieces: Vec<&str> = (0..8).map(|at| &RANDOM[4 * at..4 * at + 4]).collect();
    for text in [
        format!("sk_li\\\n ve_{}", pieces.join("\\\n ")),
        format!("see sk_live_{RANDOM}"),
        format!("the shop: sk_live_{RANDOM}"),
        format!("the token {RANDOM}"),
        "the head -----BEGIN PRIVATE KEY-----".to_owned(),
    ] {
        assert!(may_hold(&text), "{text}");
        assert!(!find_in_value("name", &text).is_empty(), "{text}");
    }
}

#[test]
fn a_random_value_is_a_key_where_its_name_tells() {
    for (name, is_key) in [
        ("token", true),
        ("bot_token", true),
        ("API_KEY", true),
        ("tokens", false),
        ("bot_id", false),
        ("é", false),
    ] {
        let found = find_in_value(name, RANDOM);
        assert_eq!(found.first() == Some(&(0..32)), is_key, "{name}: {found:?}");
    }
    let key = ["sk", "_live_", RANDOM].concat();
    let all = 2..key.len() + 2;
    for name in ["bot_token", "bot_name"] {
        assert_eq!(
            find_in_value(name, &format!("a {key} b")),
            vec![all.clone()]
        );
    }
}

#[test]
fn nothing_of_a_private_key_is_shown_but_that_it_is_one() {
    for end in ["\n", "\\n"] {
        let body = [RANDOM, RANDOM, end, RANDOM, "=="].concat();
        let key = ["-----BEGIN", " PRIVATE KEY-----", end, &body, end].concat();
        for text in [
            [key.as_str(), "-----END PRIVATE KEY-----", end, "and more"].concat(),
            [key.as_str(), "\" and more"].concat(),
        ] {
            let shown = masked(&text);
            assert!(!shown.contains(&RANDOM[..7]), "{shown}");
            assert!(shown.ends_with(" more"), "{shown}");
        }
    }
}
