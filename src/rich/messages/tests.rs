//! Tests of the whole module: the texts of messages.

use super::*;

fn shown(phrase: &Phrase) -> String {
    use crate::rich::phrase::PhrasePart;
    let parts = phrase.parts().iter().map(|part| match part {
        PhrasePart::Words(words) => words.clone(),
        PhrasePart::Code(code) => format!("`{code}`"),
    });
    parts.collect()
}

#[test]
fn code_stands_where_the_language_puts_it() {
    let ends = || {
        let [low, high] = ["0", "2"].map(|code| Phrase::code(code).into());
        [("low", low), ("high", high)]
    };
    let english = Messages::new("en", []);
    assert_eq!(
        shown(&english.phrase("fact-range", ends())),
        "from `0` to `2`"
    );
    let other = Messages::new("xx", [("xx", "fact-range = { $high } ≥ x ≥ { $low }")]);
    assert_eq!(shown(&other.phrase("fact-range", ends())), "`2` ≥ x ≥ `0`");
}

#[test]
fn plurals_are_those_of_the_language() {
    let own = "inside-fields = { $count ->\n    [one] { $count } pole\n    [few] { $count } pola\n   *[many] { $count } pól\n }\n";
    let messages = Messages::new("pl", [("pl", own)]);
    let of = |count: usize| messages.text_with("inside-fields", [("count", count.into())]);
    assert_eq!(
        [1, 2, 5, 22].map(of),
        ["1 pole", "2 pola", "5 pól", "22 pola"]
    );
    // A variant of a language has its plurals.
    let messages = Messages::new("pl-PL", [("pl-pl", own)]);
    assert_eq!(
        messages.text_with("inside-fields", [("count", 2_usize.into())]),
        "2 pola"
    );
}

#[test]
fn what_a_language_lacks_is_looked_for_in_wider_ones_and_then_in_english() {
    let own = [("de-AT", "menu = Speisekarte"), ("de", "required = muss")];
    let messages = Messages::new("de-AT", own);
    assert_eq!(messages.text("menu"), "Speisekarte");
    assert_eq!(messages.text("required"), "muss");
    assert_eq!(messages.text("copy"), "Kopieren");
    assert_eq!(Messages::new("fr-CA", own).text("copy"), "Copy");
    assert_eq!(
        Messages::new("en-GB", [("EN", "copy = Take")]).text("copy"),
        "Take"
    );
}

#[test]
fn words_are_kept_apart_where_writing_goes_from_right_to_left() {
    let messages = Messages::new("he", []);
    let version = [("version", "2024-05".into())];
    assert_eq!(messages.text_with("since", version), "since 2024-05");
    let messages = Messages::new(
        "he",
        [("he", "since = מאז { $version }\nfact-default = `{ $value }")],
    );
    let version = [("version", "2024-05".into())];
    assert_eq!(
        messages.text_with("since", version),
        "מאז \u{2068}2024-05\u{2069}"
    );
    // The element of code isolates its direction.
    let value = messages.phrase("fact-default", [("value", Phrase::code("0").into())]);
    assert_eq!(shown(&value), "``0`");
}

#[test]
fn directions_are_those_of_script_or_language() {
    for rtl in [
        "ar",
        "he",
        "fa",
        "ur",
        "ar-EG",
        "AR",
        "az-Arab",
        "uz-Arab-AF",
        "he-Hebr",
        "ckb",
        "yi",
        "ps",
        "dv",
        "sd",
        "ug",
        "ar-u-nu-latn",
    ] {
        assert!(is_rtl(rtl), "{rtl}");
    }
    for ltr in [
        "en",
        "de-AT",
        "ar-Latn",
        "az",
        "ur-Deva",
        "zh-Hant-TW",
        "tr",
        "x",
    ] {
        assert!(!is_rtl(ltr), "{ltr}");
    }
}

#[test]
fn text_that_holds_a_sign_of_our_own_does_no_harm() {
    let messages = Messages::new("en", [("en", "copy = a\u{fdd0}b\u{fdef}c")]);
    assert_eq!(messages.text("copy"), "abc");
}
