//! Tests of filling and encoding against slow and obvious forms.

use super::*;

/// Numbers that look like chance and are the same in every run.
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    pub(super) fn text(&mut self, longest: usize) -> String {
        const CHARACTERS: [char; 20] = [
            'a', 'B', '0', ' ', '\n', '\r', '\t', '"', '\'', '<', '>', '&', '\\', '%', '{', 'é',
            '漢', '👩', '\u{202e}', '\u{2028}',
        ];
        let length = self.below(longest + 1);
        (0..length)
            .map(|_| CHARACTERS[self.below(CHARACTERS.len())])
            .collect()
    }

    pub(super) fn hole(&mut self, variables: usize) -> Hole {
        let inner = [Encoding::Json, Encoding::Url, Encoding::Sse];
        let outer = [Encoding::Text, Encoding::Attribute];
        let mut hole = Hole::new(VariableId::new(self.below(variables)).unwrap());
        for _ in 0..self.below(3) {
            hole = hole.inside(inner[self.below(inner.len())]);
        }
        match self.below(3) {
            0 => hole,
            kind => hole.inside(outer[kind - 1]),
        }
    }
}

/// Fills a page the slow, obvious way: each marker is replaced in the whole page.
fn fill_slowly(page: &str, names: &[&str], values: &[String]) -> String {
    let mut filled = page.to_owned();
    for character in page.chars() {
        let Some(hole) = Hole::from_marker(character) else {
            continue;
        };
        let index = hole.variable.index();
        let mut text = values[index].clone();
        let mut inner = Vec::new();
        for encoding in hole.encodings() {
            text = match encoding {
                // Quotes of a value are escaped everywhere in a page.
                Encoding::Text => Encoding::Attribute.encode(&text),
                _ => encoding.encode(&text),
            };
            if encoding != Encoding::Text {
                inner.push(encoding.name());
            }
        }
        if hole.encodings().last() == Some(Encoding::Text) {
            let encodings = match inner.is_empty() {
                true => String::new(),
                false => format!(" data-as=\"{}\"", inner.join(" ")),
            };
            text = format!(
                "<data class=hole value={}{encodings}>{text}</data>",
                names[index]
            );
        }
        filled = filled.replace(character, &text);
    }
    filled
}

#[test]
fn filling_equals_replacing_every_marker() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let names = ["bot_id", "bot_name", "docs_url", "last"];
    let mut out = Vec::new();
    for _ in 0..2_000 {
        let count = 1 + numbers.below(names.len());
        let values: Vec<String> = (0..count).map(|_| numbers.text(12)).collect();
        let mut page = String::new();
        for _ in 0..numbers.below(30) {
            page += &numbers.text(8);
            if numbers.below(2) == 0 {
                page.push(numbers.hole(count).marker());
            }
        }
        let pairs = names.iter().zip(&values);
        let filling = Values::new(pairs.map(|(name, value)| ((*name).to_owned(), value.clone())));
        out.clear();
        Holed::cut(&page, &names).fill_into(&filling, &mut out);
        let filled = std::str::from_utf8(&out).unwrap();
        assert_eq!(
            filled,
            fill_slowly(&page, &names, &values),
            "{page:?} with {values:?}"
        );
    }
}

/// The same cases are put to the browser's encoders.
#[test]
fn encoders_agree_with_the_shared_table() {
    let table: Vec<std::collections::BTreeMap<String, String>> =
        serde_json::from_str(include_str!("../../tests/encodings.json")).unwrap();
    assert!(table.len() > 10);
    for case in table {
        for (name, expected) in case.iter().filter(|(name, _)| *name != "value") {
            let encoding = Encoding::ALL
                .into_iter()
                .find(|encoding| encoding.name() == name);
            let encoded = encoding
                .unwrap_or_else(|| panic!("no encoding {name}"))
                .encode(&case["value"]);
            assert_eq!(&encoded, expected, "{name} of {:?}", case["value"]);
        }
    }
}

/// An encoding that meets a marker joins the hole's, and the value goes through all of them.
#[test]
fn encoding_a_text_before_filling_is_encoding_it_after() {
    let mut numbers = Numbers(7);
    let variable = VariableId::new(0).unwrap();
    for _ in 0..500 {
        let (before, value, after) = (numbers.text(5), numbers.text(10), numbers.text(5));
        for encodings in [
            [Encoding::Json, Encoding::Text],
            [Encoding::Url, Encoding::Attribute],
            [Encoding::Json, Encoding::Shell],
            [Encoding::Json, Encoding::GoRaw],
            [Encoding::Url, Encoding::Single],
            [Encoding::PowerShell, Encoding::Text],
        ] {
            let encode = |text: &str| {
                encodings
                    .iter()
                    .fold(text.to_owned(), |text, e| e.encode(&text))
            };
            let template = encode(&format!("{before}{}{after}", Hole::new(variable).marker()));
            let values = Values::new([("x".to_owned(), value.clone())]);
            // A value in text has its quotes escaped too, which reads the same.
            let same = |text: &str| text.replace("&quot;", "\"").replace("&#39;", "'");
            assert_eq!(
                same(&values.fill(&template)),
                same(&encode(&format!("{before}{value}{after}")))
            );
        }
    }
}

#[test]
fn what_an_encoding_leaves_is_written_as_it_is() {
    for encoding in Encoding::ALL {
        for character in '\0'..='\u{100}' {
            let text = character.to_string();
            if encoding.left(&text) > 0 {
                let mut out = String::new();
                encoding.push(character, &mut out);
                assert_eq!(out, text, "{encoding:?}");
            }
        }
    }
    assert_eq!(
        Encoding::Sse.encode("a\r\nb\n\r"),
        "a\ndata: b\ndata: \ndata: "
    );
}

#[test]
fn the_first_marker_is_found_among_characters_that_begin_alike() {
    let hole = Hole::new(VariableId::new(3).unwrap());
    let before = "a\u{e0100}é\u{c0000}";
    let text = format!("{before}{}{}", hole.marker(), FIRST_MARKER);
    assert_eq!(Hole::first_in(&text), Some((before.len(), hole)));
    assert_eq!(Hole::first_in(before), None);
}

#[test]
fn every_hole_has_a_marker_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for index in 0..MAX_VARIABLES {
        let mut holes = vec![Hole::new(VariableId::new(index).unwrap())];
        while let Some(hole) = holes.pop() {
            if seen.insert(hole.marker()) {
                assert_eq!(Hole::from_marker(hole.marker()), Some(hole));
                holes.extend(Encoding::ALL.map(|encoding| hole.inside(encoding)));
            }
        }
    }
    // The numbers of nestings that the comment at `ROOM` names.
    assert_eq!(seen.len(), MAX_VARIABLES * 265);
    assert_eq!(VariableId::new(MAX_VARIABLES), None);
    assert_eq!(Hole::from_marker('a'), None);
    for character in FIRST_MARKER..=char::MAX {
        assert_eq!(
            Hole::from_marker(character).is_some(),
            seen.contains(&character)
        );
    }
}

/// Encodings of code, which only HTML shows, are as many as programs have in each other.
#[test]
fn two_encodings_of_code_and_one_of_a_page_are_kept() {
    use Encoding::{Attribute, Indent, Markdown, Name, Text};
    let of_page = [Text, Attribute, Markdown, Indent];
    let of_code = Encoding::ALL.map(|it| (it != Name && !of_page.contains(&it)).then_some(it));
    let of_code: Vec<_> = of_code.into_iter().flatten().collect();
    assert_eq!(of_code.len(), 7);
    let variable = VariableId::new(0).unwrap();
    let value = "a'b\"c\\d`e\r\nf<g>%&‘";
    let values = Values::new([("x".to_owned(), value.to_owned())]);
    for &inner in &of_code {
        for &outer in &of_code {
            for page in of_page {
                let all = [inner, outer, page];
                let encode = |text: String| all.iter().fold(text, |text, it| it.encode(&text));
                let marked = encode(Hole::new(variable).marker().to_string());
                // A value in text has its quotes escaped too, which reads the same.
                let same = |text: &str| text.replace("&quot;", "\"").replace("&#39;", "'");
                let encoded = encode(value.to_owned());
                assert_eq!(same(&values.fill(&marked)), same(&encoded), "{all:?}");
            }
        }
    }
}

/// However many encodings are around a value, one of letters and digits arrives unchanged, and none
/// leaves the innermost quotes.
#[test]
fn no_number_of_encodings_lets_a_value_out() {
    let mut numbers = Numbers(0x1dea);
    let variable = VariableId::new(MAX_VARIABLES - 1).unwrap();
    let fill = |marked: &str, value: &str| {
        let pairs = (0..MAX_VARIABLES).map(|_| ("x".to_owned(), value.to_owned()));
        Values::new(pairs).fill(marked)
    };
    let mut deep = 0;
    for _ in 0..5_000 {
        let count = numbers.below(9);
        let all: Vec<_> = (0..count)
            .map(|_| Encoding::ALL[numbers.below(Encoding::ALL.len())])
            .collect();
        let hole = all
            .iter()
            .fold(Hole::new(variable), |hole, &it| hole.inside(it));
        let marked = hole.marker().to_string();
        let is_name = hole.encodings().next() == Some(Encoding::Name);
        assert_eq!(fill(&marked, "Ada7"), if is_name { "x" } else { "Ada7" });
        let Some(&last) = all.last() else { continue };
        let filled = fill(&marked, "a'b\"c\\d`e\r\nf<g>%&");
        let is_out = match last {
            Encoding::Json => {
                filled.contains(['\n', '\r'])
                    || filled.replace("\\\\", "").replace("\\\"", "").contains('"')
            }
            Encoding::Url => filled.contains(['\'', '"', '<', '&', '\\', '\n']),
            Encoding::Sse => filled.replace("\ndata: ", "").contains(['\r', '\n']),
            Encoding::Text | Encoding::Attribute => filled.contains(['<', '>', '"', '\'', '\r']),
            Encoding::Name => filled != "x",
            Encoding::Markdown => filled.contains(['\n', '\r']),
            Encoding::Indent => filled.replace("\n    ", "").contains(['\r', '\n']),
            Encoding::Shell => filled.replace(r"'\''", "").contains('\''),
            Encoding::Single => filled.replace(r"\\", "").replace(r"\'", "").contains('\''),
            Encoding::PowerShell => filled.replace("''", "").contains('\''),
            Encoding::GoRaw => filled.replace("` + \"`\" + `", "").contains('`'),
        };
        assert!(!is_out, "{all:?}: {filled:?}");
        deep += usize::from(hole.encodings().count() < count);
    }
    assert!(deep > 1_000, "{deep}");
}

/// The browser fills a filled text again from its recipe, with other values.
#[test]
fn a_recipe_fills_a_filled_text_anew() {
    let variable = VariableId::new(0).unwrap();
    let hole = Hole::new(variable).inside(Encoding::Json).marker();
    let text = format!("é🐈 \"{hole}\" and {hole}{}", Hole::new(variable).marker());
    let values = |value: &str| Values::new([("name".to_owned(), value.to_owned())]);
    let before = values("a \"b\"");
    let recipe = Holed::cut(&text, &["name"]).recipe(&before);
    assert_eq!(recipe, "5 7 name json;6 7 name json;0 5 name");
    assert_eq!(Holed::cut("none", &["name"]).recipe(&before), "");
}
