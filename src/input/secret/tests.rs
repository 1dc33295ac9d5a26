//! Tests of the shapes of keys and of what is shown of them.

use super::*;

const RANDOM: &str = "Xq3ZtV81mNcR5bYwKd7ePq2LsT9uHjF4";

#[test]
fn the_shortest_keys_are_found_in_values() {
    let shortest = ["AK", "IA", "Q3ZV81NC5BYW7K2L"].concat();
    assert_eq!(find_in_value("x", &shortest), vec![0..shortest.len()]);
    let password = ["a://:", "h8nter", "@"].concat();
    assert_eq!(find_in_value("x", &password), vec![0..password.len()]);
    let aws = ["wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYZ3XAMPLEKEY"].concat();
    assert_eq!(
        find_in_value("aws_secret_access_key", &aws[..40]),
        vec![0..40]
    );
    let private = ["-----BEGIN", " PRIVATE KEY"].concat();
    assert_eq!(find_in_value("x", &private), vec![0..private.len()]);
}

#[test]
fn keys_that_begin_as_any_word_are_found_in_values() {
    let telegram = ["8123456789", ":AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"].concat();
    let discord = ["MTk4NjIyNDgzNDcxOTI1MjQ4", ".Cl2FMQ.", &RANDOM[..27]].concat();
    let address = ["https://ada:", "hunter2x@db.example.com"].concat();
    let basic = ["Basic ", "YWRhOmh1bnRlcjJ4eXo="].concat();
    let of_user = ["https://", &RANDOM[..24], "@"].concat();
    let (bare, with_word) = (
        format!("{of_user}api.example.com/"),
        of_user.replace('@', ":x-oauth-basic@"),
    );
    let entra = ["a.b", "8Q", "~", RANDOM].concat();
    for (key, length) in [
        (&bare, of_user.len()),
        (&with_word, with_word.len()),
        (&entra, entra.len()),
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
        "https://YOUR_BOT_TOKEN_GOES_HERE_1234@api.example.com/",
        "https://019dd3d4-4b7e-71eb-9561-5cf790a5da57@api.example.com/",
        "ssh://git@example.com/ada/shop-of-the-corner-2.git",
        "https://xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1@example.com/",
        "ABC1Q~abababababababababababababababab",
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
fn keys_over_several_lines_and_behind_a_name_are_found_in_values() {
    let pieces: Vec<&str> = (0..8).map(|at| &RANDOM[4 * at..4 * at + 4]).collect();
    for text in [
        format!("sk_li\\\n ve_{}", pieces.join("\\\n ")),
        format!("see sk_live_{RANDOM}"),
        format!("the shop: sk_live_{RANDOM}"),
        format!("the token {RANDOM}"),
        "the head -----BEGIN PRIVATE KEY-----".to_owned(),
    ] {
        assert!(!find_in_value("name", &text).is_empty(), "{text}");
    }
}

#[test]
fn letters_alone_are_a_key_where_their_case_is_random() {
    let hugging = ["hf", "_XqZTvRMncbYWkdPELsTuhjFGArBNczDkEV"].concat();
    assert_eq!(find_in_value("x", &hugging), vec![0..hugging.len()]);
    for placeholder in [
        "hf_YourHuggingFaceAccessTokenGoesHereAda",
        "hf_abcdefghijklmnopqrstuvwxyzabcdefgh",
        "hf_ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH",
        "Authorization: Bearer ThisIsWhereTheValueOfTheBotGoesInTheEnd",
    ] {
        assert!(find(placeholder).is_empty(), "{placeholder}");
    }
}

#[test]
fn placeholders_of_every_vendor_are_no_keys() {
    for placeholder in [
        "https://discord.com/api/webhooks/123456789012345678/YOUR_WEBHOOK_TOKEN",
        "https://discord.com/api/webhooks/{webhook.id}/{webhook.token}",
        "nvapi-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "AccountKey=YOUR_ACCOUNT_KEY==",
        "EAAYourPageAccessToken",
        "https://example.webhook.office.com/webhookb2/YOUR_WEBHOOK",
        "glpat-xxxxxxxxxxxxxxxxxxxx",
    ] {
        assert!(find(placeholder).is_empty(), "{placeholder}");
    }
}

#[test]
fn a_random_value_is_a_key_if_its_name_indicates_one() {
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

/// A key in the lines of a private one is a part of it.
#[test]
fn a_key_within_another_is_masked_once() {
    let body = "MC4CAQAwBQYDK2VwBCIEIJ7qYw3TzK0mW9xFhRt5uLbN1cGd8sVoP2aX";
    let inner = ["sk_live", "_Xq3ZtV81mNcR5bYwKd7ePq2LsT9uHjF4"].concat();
    let text = format!("a -----BEGIN PRIVATE KEY-----\n{body}\n{inner}\n");
    assert_eq!(find(&text).len(), 1);
    let masked = masked(&text);
    assert!(
        !masked.contains(&inner[8..]) && masked.starts_with("a "),
        "{masked}"
    );
}
