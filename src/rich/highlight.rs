//! Splits code of authors into classed pieces.
//!
//! Generated code never comes here. JSON, event streams and HTTP have small lexers of their own,
//! which are faster and distinguish keys from strings; other languages use the grammars of Sublime
//! Text, loaded when the first fence needs them. [`language()`] contains the whole list: an
//! unknown name gets plain text and a note, never a guess.

mod language;
mod lex;
mod palette;

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use syntect::parsing::{BasicScopeStackOp, ParseState, ScopeStack, SyntaxReference, SyntaxSet};

use crate::rich::code::{Class, ClassedCode};
use language::Grammar;
pub use language::{CodeLanguage, language};
use palette::Palette;

/// The longest code that is highlighted: the grammars read about 0.5 MB a second, so an ordinary
/// block takes 0.13 s at most.
const LONGEST_CODE: usize = 64 * 1024;

/// The grammars' time can grow with the square of a line's length: JavaScript's takes 1.2 s for a
/// line of 5,000 times `a`. This limit of the summed squares takes 0.8 s then: one line of 4,000
/// bytes, or sixteen of 1,000.
const MOST_SQUARED: usize = 16_000_000;

/// Why code is shown without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// No language has that name; this name is similar, if there is one.
    UnknownLanguage(Option<&'static str>),
    /// The code or one of its lines is too long to be highlighted in bounded time.
    TooLong,
    /// The language's grammar failed on this code.
    Failed,
}

/// Code in classed pieces, its language, and a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlighted {
    /// The code, every character of it.
    pub code: ClassedCode,
    /// Its language; plain text if that is unknown.
    pub language: &'static CodeLanguage,
    /// Why there are no colours, if they were requested.
    pub note: Option<Note>,
}

/// Returns whether code is too long for its language's grammar, and is shown plain.
///
/// Our own lexers read each character once, so they have no limit.
pub fn is_too_long(code: &str, language: &CodeLanguage) -> bool {
    use Grammar::{EventStream, Http, Json, Plain};
    let squared = code.lines().map(|line| line.len().pow(2));
    !matches!(language.grammar, Plain | Json | EventStream | Http)
        && (code.len() > LONGEST_CODE || squared.sum::<usize>() > MOST_SQUARED)
}

/// How many bytes of code the recent half of the cache contains; the older half has as many.
// Two halves instead of a list by age: requested entries move to the recent half, and the older
// half is dropped at once.
const MOST_REMEMBERED: usize = 1 << 20;

/// Owns the grammars, which it loads when they are first needed, and a cache of highlighted code:
/// a page is often rendered again with the same code.
#[derive(Default)]
pub struct Highlighter {
    // Initialised on first use: loading the default set takes 0.7 ms and the larger one 1.9 ms,
    // and most builds need only one of them.
    grammars: OnceLock<SyntaxSet>,
    extra_grammars: OnceLock<SyntaxSet>,
    palette: OnceLock<Palette>,
    read: Mutex<Remembered>,
}

/// A cache of highlighted code by grammar and code. Entries not used while as much code was read
/// as a half contains are dropped.
#[derive(Default)]
struct Remembered {
    recent: HashMap<(String, String), ClassedCode>,
    older: HashMap<(String, String), ClassedCode>,
    /// How many bytes of code `recent` contains.
    size: usize,
}

impl Remembered {
    fn get(&mut self, key: &(String, String)) -> Option<ClassedCode> {
        if let Some(code) = self.recent.get(key) {
            return Some(code.clone());
        }
        let (key, code) = self.older.remove_entry(key)?;
        self.insert(key, code.clone());
        Some(code)
    }

    fn insert(&mut self, key: (String, String), code: ClassedCode) {
        if self.size > MOST_REMEMBERED {
            self.older = std::mem::take(&mut self.recent);
            self.size = 0;
        }
        self.size += key.1.len();
        self.recent.insert(key, code);
    }
}

impl Highlighter {
    /// Creates a highlighter that has loaded nothing yet.
    pub fn new() -> Highlighter {
        Highlighter::default()
    }

    /// Splits `code` into pieces; `name` is the language's name as after a fence.
    pub fn highlight(&self, code: &str, name: &str) -> Highlighted {
        let (language, pieces) = match language(name) {
            Ok(language) if is_too_long(code, language) => (language, Err(Note::TooLong)),
            Ok(language) => (language, self.pieces(code, language.grammar)),
            Err(meant) => (language::plain(), Err(Note::UnknownLanguage(meant))),
        };
        match pieces {
            Ok(code) => Highlighted {
                code,
                language,
                note: None,
            },
            Err(note) => Highlighted {
                code: ClassedCode::plain(code),
                language,
                note: Some(note),
            },
        }
    }

    fn pieces(&self, code: &str, grammar: Grammar) -> Result<ClassedCode, Note> {
        match grammar {
            Grammar::Plain => Ok(ClassedCode::plain(code)),
            Grammar::Json => Ok(lex::json(code)),
            Grammar::EventStream => Ok(lex::event_stream(code)),
            Grammar::Http => Ok(lex::http(code)),
            Grammar::Php => self.php(code),
            Grammar::Own(name) => self.by_grammar(self.grammars(), name, code),
            Grammar::Extra(name) => {
                let grammars = self
                    .extra_grammars
                    // Not this set for all languages: two-face's has newer and more grammars, but
                    // takes longer to load.
                    .get_or_init(two_face::syntax::extra_newlines);
                self.by_grammar(grammars, name, code)
            }
        }
    }

    fn grammars(&self) -> &SyntaxSet {
        self.grammars.get_or_init(SyntaxSet::load_defaults_newlines)
    }

    /// Highlights PHP; examples often omit its opening tag.
    ///
    /// The grammar for whole pages would read such code as HTML, so it gets only code that leaves
    /// PHP.
    fn php(&self, code: &str) -> Result<ClassedCode, Note> {
        let inner = code.trim_start().strip_prefix("<?php").unwrap_or(code);
        let is_page = inner.contains("<?") || inner.contains("?>");
        let name = if is_page { "PHP" } else { "PHP Source" };
        self.by_grammar(self.grammars(), name, code)
    }

    fn by_grammar(
        &self,
        grammars: &SyntaxSet,
        name: &str,
        code: &str,
    ) -> Result<ClassedCode, Note> {
        // The lock is not held while a grammar reads: pages are rendered in parallel.
        let cache = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (name.to_owned(), code.to_owned());
        if let Some(code) = cache().get(&key) {
            return Ok(code);
        }
        // Scopes are mapped to classes here. syntect's own `ClassedHTMLGenerator` writes 17 bytes
        // of HTML for a byte of JSON; this writes 1.8.
        let palette = self.palette.get_or_init(Palette::new);
        let syntax = grammars.find_syntax_by_name(name).ok_or(Note::Failed)?;
        let pieces = read(code, grammars, syntax, palette).ok_or(Note::Failed)?;
        cache().insert(key, pieces.clone());
        Ok(pieces)
    }
}

/// Highlights code by a grammar; returns nothing if the grammar fails.
fn read(
    code: &str,
    grammars: &SyntaxSet,
    syntax: &SyntaxReference,
    palette: &Palette,
) -> Option<ClassedCode> {
    let mut pieces = ClassedCode::new();
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    // For each scope on the stack the class that applies there: its own, else that of the
    // enclosing scope.
    let mut classes = vec![None];
    for line in code.split_inclusive('\n') {
        // These grammars require a line end, which the last line may lack.
        let text = line.strip_suffix('\n').unwrap_or(line);
        let mut from = 0;
        for (to, change) in state.parse_line(&format!("{text}\n"), grammars).ok()? {
            let to = to.min(text.len());
            push(&mut pieces, *classes.last()?, text.get(from..to)?);
            from = to;
            let follow = |change: BasicScopeStackOp, _: &[_]| match change {
                BasicScopeStackOp::Push(scope) => {
                    let around = classes.last().copied().flatten();
                    classes.push(palette.class(scope).unwrap_or(around));
                }
                BasicScopeStackOp::Pop => classes.truncate(classes.len().max(2) - 1),
            };
            scopes.apply_with_hook(&change, follow).ok()?;
        }
        push(&mut pieces, *classes.last()?, text.get(from..)?);
        pieces.push_plain(&line[text.len()..]);
    }
    Some(pieces)
}

/// Appends a piece; grammars classify operators as keywords too, but these have no letters.
fn push(pieces: &mut ClassedCode, class: Option<Class>, text: &str) {
    let is_name = matches!(class, Some(Class::Word | Class::Function | Class::Type));
    // TextMate's convention is `keyword.operator`; a colour for each sign would leave nothing
    // plain.
    let class = class.filter(|_| !is_name || text.contains(char::is_alphabetic));
    pieces.push_piece(class, text);
}

#[cfg(test)]
mod tests {
    use super::language::LANGUAGES;
    use super::*;
    use crate::hole::{Hole, VariableId};

    /// Writes classed pieces as `‹s:"text"›`.
    fn show(code: &ClassedCode) -> String {
        let mut out = String::new();
        for (class, text) in code.pieces() {
            match class {
                Some(class) => out += &format!("‹{class:?} {text}›"),
                None => out += text,
            }
        }
        out
    }

    #[test]
    fn what_is_asked_for_is_remembered_and_the_rest_forgotten() {
        let mut cache = Remembered::default();
        let key = |number: usize| ("Rust".to_owned(), format!("{number:0>50000}"));
        for number in 0..100 {
            cache.insert(key(number), ClassedCode::plain("x"));
            assert!(cache.get(&key(0)).is_some());
        }
        assert!(cache.get(&key(99)).is_some());
        assert!(cache.get(&key(1)).is_none());
        assert!(cache.recent.len() + cache.older.len() < 50);
    }

    #[test]
    fn the_same_code_in_another_language_is_other_code() {
        let highlighter = Highlighter::new();
        let once = |language| show(&highlighter.highlight("let a = 1; // x", language).code);
        let (rust, python) = (once("rust"), once("python"));
        assert_ne!(rust, python);
        assert_eq!((once("rust"), once("python")), (rust, python));
    }

    #[track_caller]
    fn check(language: &str, code: &str, expected: &str) {
        let highlighted = Highlighter::new().highlight(code, language);
        assert_eq!(show(&highlighted.code), expected);
        assert_eq!(highlighted.code.to_text(), code);
        assert_eq!(highlighted.note, None);
    }

    #[test]
    fn every_language_has_a_grammar_in_the_set_that_it_names() {
        let own = SyntaxSet::load_defaults_newlines();
        let extra = two_face::syntax::extra_newlines();
        let highlighter = Highlighter::new();
        for language in LANGUAGES {
            match language.grammar {
                Grammar::Own(name) => assert!(own.find_syntax_by_name(name).is_some(), "{name}"),
                Grammar::Extra(name) => {
                    assert!(extra.find_syntax_by_name(name).is_some(), "{name}")
                }
                _ => {}
            }
            let code = "a = \"b\" # 1\n<?x>\n\u{1f600} {";
            let pieces = highlighter.pieces(code, language.grammar);
            assert_eq!(pieces.unwrap().to_text(), code, "{}", language.title);
        }
    }

    #[test]
    fn every_scope_of_the_palette_is_one() {
        assert_eq!(Palette::new().len(), palette::SCOPES.len());
    }

    #[test]
    fn names_strings_and_words_are_told_apart() {
        check(
            "js",
            "const r = await fetch(`${base}/x`, { n: 1 }); // go\n",
            "‹Word const› r = ‹Word await› ‹Function fetch›(‹String `›${base}‹String /x`›, \
             { ‹Key n›: ‹Number 1› }); ‹Comment // go›\n",
        );
        check(
            "sh",
            "curl -H \"Bearer $KEY\"",
            "‹Function curl›‹Key  -H› ‹String \"Bearer ›‹Variable $KEY›‹String \"›",
        );
    }

    #[test]
    fn php_needs_no_opening_tag() {
        let expected = "‹Function strlen›(‹Variable $a›);";
        check("php", "strlen($a);", expected);
        check("php", "<?php strlen($a);", &format!("<?php {expected}"));
        check(
            "php",
            "<b><?php echo $a; ?></b>",
            "<‹Word b›><?php ‹Word echo› ‹Variable $a›; ?></‹Word b›>",
        );
    }

    #[test]
    fn a_marker_does_not_break_the_string_around_it() {
        let marker = Hole::new(VariableId::new(3).unwrap()).marker();
        for (language, quote) in [
            ("js", '"'),
            ("py", '\''),
            ("php", '\''),
            ("go", '"'),
            ("rb", '\''),
        ] {
            let code = format!("f({quote}a{marker}b{quote})");
            let Highlighted { code, .. } = Highlighter::new().highlight(&code, language);
            let string = code
                .pieces()
                .find(|(class, _)| *class == Some(Class::String));
            assert_eq!(
                string.unwrap().1,
                format!("{quote}a{marker}b{quote}"),
                "{language}"
            );
        }
    }

    /// Returns the class of each visible character; the grammar has no class for keys.
    fn per_character(code: &ClassedCode) -> Vec<(char, Option<Class>)> {
        let like_grammar = |class| match class {
            Class::Key => Class::String,
            class => class,
        };
        let pieces = code.pieces();
        let characters = pieces.flat_map(|(class, text)| text.chars().map(move |c| (c, class)));
        let visible = characters.filter(|(c, _)| !c.is_whitespace());
        visible
            .map(|(c, class)| (c, class.map(like_grammar)))
            .collect()
    }

    #[track_caller]
    fn check_against_grammar(codes: &[ClassedCode]) {
        let set = SyntaxSet::load_defaults_newlines();
        let syntax = set.find_syntax_by_name("JSON").unwrap();
        let palette = Palette::new();
        for code in codes {
            let theirs = read(code.to_text(), &set, syntax, &palette).unwrap();
            assert_eq!(per_character(code), per_character(&theirs));
        }
    }

    #[test]
    fn json_has_the_classes_that_its_grammar_gives_but_for_keys() {
        let sample =
            r#"{"a": [1.50, -2e9, true, null, "x\n\u00e9", "a: 1", {}, []], "b": {"c": "d"}}"#;
        let value: serde_json::Value = serde_json::from_str(sample).unwrap();
        check_against_grammar(&[lex::json(sample), crate::rich::code::json_line(&value)]);
    }

    #[test]
    fn the_shipped_examples_have_the_classes_that_their_grammar_gives() {
        let page = include_str!("../../site/index.html");
        let blocks = page.split("<pre tabindex=\"0\"><code>").skip(1);
        let texts = blocks.map(|block| {
            let html = block.split("</code></pre>").next().unwrap();
            let pieces = html
                .split('<')
                .map(|tag| tag.split_once('>').map_or(tag, |(_, text)| text));
            let text = pieces.collect::<String>();
            text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
        });
        let printed: Vec<ClassedCode> = texts
            .filter_map(|text| {
                let value: serde_json::Value = serde_json::from_str(&text).ok()?;
                let code = crate::rich::code::json(&value);
                assert_eq!(code.to_text(), text);
                Some(code)
            })
            .collect();
        assert!(printed.len() >= 12, "{} examples of JSON", printed.len());
        check_against_grammar(&printed);
    }

    #[test]
    fn what_is_unknown_or_too_long_stays_plain() {
        let highlighter = Highlighter::new();
        let unknown = highlighter.highlight("let a", "javscript");
        assert_eq!(
            unknown.note,
            Some(Note::UnknownLanguage(Some("javascript")))
        );
        assert_eq!(show(&unknown.code), "let a");
        for code in ["[".repeat(100_000), "[\n".repeat(40_000), "a".repeat(4_001)] {
            assert_eq!(highlighter.highlight(&code, "js").note, Some(Note::TooLong));
        }
        let deep = highlighter.highlight(&"[\n".repeat(LONGEST_CODE / 2), "json");
        assert_eq!(deep.note, None);
    }

    #[test]
    fn ten_megabytes_of_json_on_one_line_are_coloured_and_stay_whole() {
        let code = format!("[{}1]", r#"{"key": "value", "n": 12.5}, "#.repeat(350_000));
        let highlighted = Highlighter::new().highlight(&code, "json");
        assert_eq!(highlighted.note, None);
        assert_eq!(highlighted.code.to_text(), code);
    }
}
