//! The words of an index, by which its synonyms are chosen.

use super::shown::words;

/// The words of rows, in lower case and in order.
#[derive(Debug, Default)]
pub(super) struct KnownWords {
    sorted: Vec<String>,
}

impl KnownWords {
    pub(super) fn of(rows: &[&str]) -> KnownWords {
        let all = rows.iter().flat_map(|row| words(row));
        let mut sorted: Vec<String> = all.map(str::to_lowercase).collect();
        sorted.sort_unstable();
        sorted.dedup();
        KnownWords { sorted }
    }

    /// Returns whether the search can find each word of a phrase.
    pub(super) fn has(&self, phrase: &str) -> bool {
        phrase.split(' ').all(|word| self.has_word(word))
    }

    fn has_word(&self, word: &str) -> bool {
        // The search of the browser finds other forms of a word: by its stem, by its beginning, and
        // with a typing error near its end.
        let length = word.chars().count();
        let kept = (2 * length).div_ceil(3).max(3);
        let stem: String = word.chars().take(kept).collect();
        let at = self
            .sorted
            .partition_point(|known| known.as_str() < stem.as_str());
        let begins = self
            .sorted
            .get(at)
            .is_some_and(|known| known.starts_with(&stem));
        // Chinese and Japanese have no spaces, so a word of theirs is a part of a longer one here.
        let is_within = |known: &String| known.contains(word);
        begins || !word.is_ascii() && self.sorted.iter().any(is_within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_other_forms() {
        let known = KnownWords::of(&[
            "[0,\"heading\",\"Streams & events\"]",
            "[1,\"日本語の文書\"]",
        ]);
        for phrase in ["stream", "streaming", "events", "event stream", "文書"] {
            assert!(known.has(phrase), "{phrase}");
        }
        for phrase in ["refund", "stream refund", "文字"] {
            assert!(!known.has(phrase), "{phrase}");
        }
    }
}
