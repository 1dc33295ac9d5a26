//! Parts of regular expressions in words, which look like references.

/// Returns whether the words between two brackets are a class of characters, such as `a-z0-9_`,
/// `\\d` or `:alpha:`.
pub(super) fn is_class(words: &str) -> bool {
    let negated = words.strip_prefix('^');
    let class = negated.unwrap_or(words);
    if class.starts_with('\\') || (class.starts_with(':') && class.ends_with(':')) {
        return true;
    }
    let characters: Vec<char> = class.chars().take(40).collect();
    let is_range = |at: usize| {
        matches!(characters[at..], [first, '-', last, ..]
            if first.is_ascii_alphanumeric()
                && last.is_ascii_alphanumeric()
                && first < last
                && first.is_ascii_digit() == last.is_ascii_digit())
    };
    let mut at = 0;
    let mut ranges = 0;
    while at < characters.len() {
        if is_range(at) {
            ranges += 1;
            at += 3;
        } else if characters[at].is_ascii_alphabetic() {
            // A word, such as `a-team`.
            return false;
        } else {
            at += 1;
        }
    }
    ranges > 0
}

#[cfg(test)]
mod tests {
    use super::is_class;

    #[test]
    fn classes_of_characters_are_told_from_labels() {
        for class in [
            "a-z", "a-z0-9_-", "A-F0-9", "^a-z", "\\w.-", ":alpha:", "0-9,.", "_a-z",
        ] {
            assert!(is_class(class), "{class}");
        }
        for label in [
            "a-team",
            "a",
            "1",
            "200",
            "z-a",
            "rate-limits",
            "e",
            "",
            "a-zb",
            "x-9",
        ] {
            assert!(!is_class(label), "{label}");
        }
    }
}
