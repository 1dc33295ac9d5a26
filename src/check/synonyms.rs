//! `search` in `site.yaml`: the words that readers type, and the words of the pages for them.

use std::collections::HashSet;

use crate::input::explain::Code;
use crate::input::yaml::{Node, Value};
use crate::model::Synonym;

use super::reader::{Map, Reader};

pub(super) const SEARCH_KEYS: &[&str] = &["synonyms"];

/// How many words may have synonyms, and how many one may have: every query is looked up again for
/// each synonym of its words.
const MOST_WORDS: usize = 1_000;
const MOST_SYNONYMS: usize = 20;

/// The help for a value that contains no word.
const WORDS: &str = "write one or more words, such as `sse` or `event stream`";

/// Lowers the synonyms of `site.yaml`.
pub(super) fn lower(reader: &mut Reader<'_>, map: &Map<'_>) -> Vec<Synonym> {
    let Some(node) = map.get("search") else {
        return Vec::new();
    };
    let Some(search) = reader.map(node, "the search", SEARCH_KEYS) else {
        return Vec::new();
    };
    let Some(node) = reader.require(&search, "synonyms") else {
        return Vec::new();
    };
    let entries = reader.entries(node).unwrap_or_default();
    if !reader.is_few(entries.len(), MOST_WORDS, "words with synonyms", node.place) {
        return Vec::new();
    }
    if entries.is_empty() && matches!(node.value, Value::Mapping(_)) {
        let help = "write a word and its synonyms, as `sse: [stream]`, or remove the key";
        reader.error(Code::EmptyValue, node.place, "no synonyms", help);
    }
    let mut known = HashSet::new();
    let mut synonyms = Vec::new();
    for entry in entries {
        let word = normal(&entry.key);
        if word.is_empty() {
            let message = format!("`{}` contains no word", entry.key);
            reader.error(Code::InvalidValue, entry.key_span, message, WORDS);
        } else if !known.insert(word.clone()) {
            let message = format!("`{}` is in the list twice", entry.key);
            let help = "the search ignores case and punctuation: write all synonyms into one list";
            reader.error(Code::InvalidValue, entry.key_span, message, help);
        }
        synonyms.push(Synonym {
            also: others(reader, &word, &entry.value),
            word,
        });
    }
    synonyms
}

/// Lowers the synonyms of a word.
fn others(reader: &mut Reader<'_>, word: &str, node: &Node) -> Vec<String> {
    let Some(items) = reader.list(node) else {
        return Vec::new();
    };
    if items.is_empty() {
        let help = "write the words of the pages that it stands for, or remove the line";
        reader.error(Code::EmptyValue, node.place, "no synonyms", help);
    }
    if !reader.is_few(items.len(), MOST_SYNONYMS, "synonyms of a word", node.place) {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for item in items {
        let Some(written) = reader.word(item) else {
            continue;
        };
        let other = normal(written);
        let (message, help) = if other.is_empty() {
            (format!("`{written}` contains no word"), WORDS)
        } else if other == word {
            (format!("`{written}` is its own synonym"), "remove it")
        } else if found.contains(&other) {
            (format!("`{written}` is in the list twice"), "remove one")
        } else {
            found.push(other);
            continue;
        };
        reader.error(Code::InvalidValue, item.span, message, help);
    }
    found
}

/// Returns the words of a text in lower case, with one space between them.
fn normal(text: &str) -> String {
    let words = text.split(|character: char| !character.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
