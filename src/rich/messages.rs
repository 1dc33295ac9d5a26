//! The words of the pages in the language of the site: a file of messages for each language.
//!
//! The files are those of [Project Fluent](https://projectfluent.org). Of a language's messages a
//! project's own come first, then the built-in ones; what `de-AT` lacks is looked for in `de`, and
//! in the end in English, which has them all. They are read once per build.

mod depth;
mod judge;

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use unic_langid::{CharacterDirection, LanguageIdentifier};

use crate::input::embedded;
use crate::rich::phrase::Phrase;

pub use judge::{is_translated, judge};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/messages");

/// The language in which every message is there.
const ENGLISH: &str = "en";

/// Stand for the arguments while a message is put together: characters that are in no text.
// Noncharacters, which Unicode (23.7) keeps for use inside of a program: the result is cut at them,
// so code in a message stays code, and HTML in a template stays HTML.
const ARGUMENTS: std::ops::RangeInclusive<char> = '\u{fdd0}'..='\u{fdef}';

/// Characters that keep what is between them out of the direction of the words around it.
pub const ISOLATES: [&str; 2] = ["\u{2068}", "\u{2069}"];

/// The messages of a site.
pub struct Messages {
    /// One for each language, the site's own first, English last.
    bundles: Vec<FluentBundle<FluentResource>>,
    /// The texts that they were made of.
    sources: Vec<String>,
}

/// An argument of a message.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A number of things, by which a message may choose its words.
    Count(u64),
    /// Words and code that are put in as they are.
    Phrase(Phrase),
}

/// A part of a message that was put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words of the message.
    Words(String),
    /// The argument of this index, and whether its direction must be kept apart.
    Argument(usize, bool),
}

/// What stands for an argument while its message is put together.
#[derive(Clone, Copy, Debug)]
pub enum ArgumentShape {
    /// A number, which becomes words of the message.
    Count(u64),
    /// Anything else, which becomes a piece of its own.
    Opaque,
}

/// Why a message can't be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageError {
    /// No language has it.
    Unknown,
    /// It needs what it was not given.
    Incomplete(String),
}

impl Messages {
    /// The messages of a language, a BCP 47 tag; `own` are a project's files by their tags.
    ///
    /// What can't be read of a file is passed over: [`judge()`] has reported it.
    pub fn new<'a>(language: &str, own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Messages {
        let own: Vec<_> = own.into_iter().collect();
        let mut sources = Vec::new();
        let bundles = chain(language).into_iter().map(|tag| {
            let mut bundle = FluentBundle::new_concurrent(vec![identifier(tag)]);
            // Isolates would stand in every text, and only texts from right to left need them
            // (Unicode UAX #9, FSI and PDI).
            bundle.set_use_isolating(is_rtl(tag));
            let own = own
                .iter()
                .filter(|(other, _)| other.eq_ignore_ascii_case(tag));
            let texts = built_in_text(tag)
                .into_iter()
                .chain(own.map(|&(_, text)| text));
            // A message of the project is added behind the built-in one, and replaces it: so a file
            // with one message is enough.
            for text in texts {
                bundle.add_resource_overriding(parse(text));
                sources.extend([tag.to_owned(), text.to_owned()]);
            }
            bundle
        });
        Messages {
            bundles: bundles.collect(),
            sources,
        }
    }

    /// All that the messages were made of.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(String::as_str)
    }

    /// The built-in files of messages by name, in order.
    pub fn built_in() -> impl Iterator<Item = (&'static str, &'static str)> {
        embedded::texts(&BUILT_IN)
    }

    /// A message without arguments.
    pub fn text(&self, id: &str) -> String {
        self.phrase(id, []).into_text()
    }

    /// A message whose arguments are words alone, as text.
    pub fn text_with<'a>(
        &self,
        id: &str,
        arguments: impl IntoIterator<Item = (&'a str, Argument)>,
    ) -> String {
        self.phrase(id, arguments).into_text()
    }

    /// A message with its arguments; the name of one that is not there.
    pub fn phrase<'a>(
        &self,
        id: &str,
        arguments: impl IntoIterator<Item = (&'a str, Argument)>,
    ) -> Phrase {
        let arguments: Vec<_> = arguments.into_iter().collect();
        let shapes = arguments.iter().map(|(name, argument)| match argument {
            Argument::Count(count) => (*name, ArgumentShape::Count(*count)),
            Argument::Phrase(_) => (*name, ArgumentShape::Opaque),
        });
        let shapes: Vec<_> = shapes.collect();
        let Ok(pieces) = self.pieces(id, &shapes) else {
            return Phrase::words(id);
        };
        let mut phrase = Phrase::default();
        for piece in pieces {
            match piece {
                Piece::Words(words) => phrase.push_words(&words),
                Piece::Argument(index, is_apart) => {
                    let Some((_, Argument::Phrase(argument))) = arguments.get(index) else {
                        continue;
                    };
                    let argument = argument.clone();
                    // A code element is isolated by its own direction in the style sheet.
                    let is_apart = is_apart && !argument.is_code();
                    let [open, close] = if is_apart { ISOLATES } else { ["", ""] };
                    phrase.push_words(open);
                    phrase.push(argument);
                    phrase.push_words(close);
                }
            }
        }
        phrase
    }

    /// A message as pieces, in its own order, for whoever puts other things in than phrases.
    ///
    /// # Errors
    /// When it is not there, or needs what it was not given.
    pub fn pieces(
        &self,
        id: &str,
        arguments: &[(&str, ArgumentShape)],
    ) -> Result<Vec<Piece>, MessageError> {
        let with = |bundle: &'_ &FluentBundle<FluentResource>| bundle.has_message(id);
        let bundle = self
            .bundles
            .iter()
            .find(with)
            .ok_or(MessageError::Unknown)?;
        let message = bundle.get_message(id).and_then(|message| message.value());
        let pattern = message.ok_or(MessageError::Unknown)?;
        let mut given = FluentArgs::with_capacity(arguments.len());
        for ((name, shape), sign) in arguments.iter().zip(ARGUMENTS) {
            given.set(
                *name,
                match shape {
                    ArgumentShape::Count(count) => FluentValue::from(*count),
                    ArgumentShape::Opaque => FluentValue::from(sign.to_string()),
                },
            );
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&given), &mut errors);
        // Fluent formats on and writes `{$name}` in place of what is missing. Such a text must not
        // be published.
        match errors.first() {
            Some(error) => Err(MessageError::Incomplete(error.to_string())),
            None => Ok(split(&text)),
        }
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let languages = self.bundles.iter().flat_map(|bundle| &bundle.locales);
        let languages = languages.map(ToString::to_string);
        f.debug_tuple("Messages")
            .field(&languages.collect::<Vec<_>>())
            .finish()
    }
}

impl From<Phrase> for Argument {
    fn from(phrase: Phrase) -> Argument {
        Argument::Phrase(phrase)
    }
}

impl From<&str> for Argument {
    fn from(words: &str) -> Argument {
        Argument::Phrase(Phrase::words(words))
    }
}

impl From<usize> for Argument {
    fn from(count: usize) -> Argument {
        Argument::Count(count as u64)
    }
}

/// Whether a language is written from right to left, by its script or usually.
pub fn is_rtl(language: &str) -> bool {
    // By the script where the tag has one, and by CLDR's likely script of the language otherwise:
    // `az-Arab` is from right to left, `az` is not.
    identifier(language).character_direction() == CharacterDirection::RTL
}

/// A language and those in which its missing messages are looked for: `de-AT`, `de`, `en`.
fn chain(language: &str) -> Vec<&str> {
    let mut chain = widened(language);
    if !chain.iter().any(|tag| is_english(tag)) {
        chain.push(ENGLISH);
    }
    chain
}

/// A language and those that it is a kind of: `de-AT`, `de`.
fn widened(language: &str) -> Vec<&str> {
    let ends = language.match_indices('-').map(|(at, _)| at);
    let mut ends: Vec<usize> = ends.chain([language.len()]).collect();
    ends.reverse();
    ends.into_iter().map(|end| &language[..end]).collect()
}

fn is_english(tag: &str) -> bool {
    tag.eq_ignore_ascii_case(ENGLISH)
}

/// What of a tag says which plurals and which direction a language has.
fn identifier(language: &str) -> LanguageIdentifier {
    let found = chain(language).into_iter().find_map(|tag| tag.parse().ok());
    found.unwrap_or_default()
}

fn built_in_text(tag: &str) -> Option<&'static str> {
    let is_of_tag = |name: &str| tag_of(name).is_some_and(|other| other.eq_ignore_ascii_case(tag));
    let found = Messages::built_in().find(|(name, _)| is_of_tag(name));
    found.map(|(_, text)| text)
}

/// The language of a file of messages, by its name.
pub fn tag_of(name: &str) -> Option<&str> {
    name.strip_suffix(".ftl")
}

/// The messages of a text, as far as it can be read; what is too deep is told of by the judge.
fn parse(text: &str) -> FluentResource {
    let text = match depth::beyond(text) {
        Some(_) => "",
        None => text,
    };
    match FluentResource::try_new(text.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    }
}

/// Cuts a text where the signs of arguments stand.
fn split(text: &str) -> Vec<Piece> {
    let [open, close] = ISOLATES;
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((at, sign)) = rest.char_indices().find(|(_, c)| ARGUMENTS.contains(c)) {
        let (before, after) = (&rest[..at], &rest[at + sign.len_utf8()..]);
        let apart = before.strip_suffix(open).zip(after.strip_prefix(close));
        let (before, after) = apart.unwrap_or((before, after));
        if !before.is_empty() {
            pieces.push(Piece::Words(before.to_owned()));
        }
        let index = sign as usize - *ARGUMENTS.start() as usize;
        pieces.push(Piece::Argument(index, apart.is_some()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests;
