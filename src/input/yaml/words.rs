//! Words that YAML 1.1 reads as booleans, and YAML 1.2 as text.

/// The spellings of `true` and `false` in YAML 1.1 (<https://yaml.org/type/bool.html>), in lower
/// case.
const BOOLEANS: [(&str, bool); 8] = [
    ("y", true),
    ("yes", true),
    ("on", true),
    ("true", true),
    ("n", false),
    ("no", false),
    ("off", false),
    ("false", false),
];

/// Returns the boolean that YAML 1.1 reads in a word without quotes.
pub fn boolean_of_yaml_1_1(word: &str) -> Option<bool> {
    // Longer texts are not searched.
    if word.len() > 5 {
        return None;
    }
    // In three forms each: `no`, `No`, `NO`, but not `nO`.
    let rest = word.get(1..)?;
    let is_even = !rest.contains(|c: char| c.is_ascii_uppercase())
        || !word.contains(|c: char| c.is_ascii_lowercase());
    let mut words = BOOLEANS.iter();
    let found = words.find(|(known, _)| known.eq_ignore_ascii_case(word))?;
    is_even.then_some(found.1)
}

/// Returns whether the value at an offset of a text is a block after `|` or `>`.
pub fn is_block_scalar(text: &str, start: usize) -> bool {
    // The span of a block begins at its first character, so its `|` or `>` is on the line before
    // (YAML 1.2.2 §8.1).
    let indent = |c: char| c != '\n' && c.is_whitespace();
    let before = text[..start].trim_end_matches(indent);
    let Some(before) = before.strip_suffix('\n') else {
        return false;
    };
    let line = before.rsplit('\n').next().unwrap_or(before);
    let header = line.split(" #").next().unwrap_or(line).trim_end();
    let header = header.trim_end_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
    header.ends_with(['|', '>'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_yaml_1_1_are_booleans_in_three_forms() {
        for word in [
            "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE",
        ] {
            assert_eq!(boolean_of_yaml_1_1(word), Some(true), "{word}");
        }
        for word in [
            "n", "N", "no", "No", "NO", "off", "Off", "OFF", "False", "false",
        ] {
            assert_eq!(boolean_of_yaml_1_1(word), Some(false), "{word}");
        }
        for word in ["", "nO", "yEs", "none", "yes.", "on ", "ja", "ñ", "1"] {
            assert_eq!(boolean_of_yaml_1_1(word), None, "{word}");
        }
    }
}
