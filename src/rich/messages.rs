//! The messages of the pages in the language of the site, from a file for each language.
//!
//! The files are in the format of [Project Fluent](https://projectfluent.org). A project's own
//! messages take precedence over the built-in ones; messages missing in `de-AT` come from `de`,
//! and finally from English, which has all of them. They are parsed once per build.

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

/// The language that has every message.
const ENGLISH: &str = "en";

/// Placeholders for the arguments while a message is formatted: characters that occur in no text.
// Noncharacters, which Unicode (23.7) reserves for use inside a program: the result is split at
// them, so code in a message stays code, and HTML in a template stays HTML.
const ARGUMENTS: std::ops::RangeInclusive<char> = '\u{fdd0}'..='\u{fdef}';

/// Characters that isolate the text between them from the direction of the text around it.
pub const ISOLATES: [&str; 2] = ["\u{2068}", "\u{2069}"];

/// The messages of a site.
pub struct Messages {
    /// One bundle for each language, the site's own first, English last.
    bundles: Vec<FluentBundle<FluentResource>>,
    /// The texts that they were parsed from.
    sources: Vec<String>,
}

/// An argument of a message.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A number, by which a message may select its words.
    Count(u64),
    /// Words and code that are inserted as they are.
    Phrase(Phrase),
}

/// A part of a formatted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words of the message.
    Words(String),
    /// The argument of this index, and whether its direction must be isolated.
    Argument(usize, bool),
}

/// The placeholder of an argument while its message is formatted.
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
    /// No language has the message.
    Unknown,
    /// An argument is missing.
    Incomplete(String),
}

impl Messages {
    /// Loads the messages of a language, a BCP 47 tag; `own` are a project's files by their tags.
    ///
    /// Parts of a file that can't be parsed are skipped: [`judge()`] has reported them.
    pub fn new<'a>(language: &str, own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Messages {
        let own: Vec<_> = own.into_iter().collect();
        let mut sources = Vec::new();
        let bundles = chain(language).into_iter().map(|tag| {
            let mut bundle = FluentBundle::new_concurrent(vec![identifier(tag)]);
            // Otherwise every text would contain isolates, and only right-to-left texts need them
            // (Unicode UAX #9, FSI and PDI).
            bundle.set_use_isolating(is_rtl(tag));
            let own = own
                .iter()
                .filter(|(other, _)| other.eq_ignore_ascii_case(tag));
            let texts = built_in_text(tag)
                .into_iter()
                .chain(own.map(|&(_, text)| text));
            // A message of the project is added after the built-in one and replaces it: so a file
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

    /// Returns the texts that the messages were parsed from.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(String::as_str)
    }

    /// Returns the built-in files of messages, sorted by name.
    pub fn built_in() -> impl Iterator<Item = (&'static str, &'static str)> {
        embedded::texts(&BUILT_IN)
    }

    /// Returns a message without arguments.
    pub fn text(&self, id: &str) -> String {
        self.phrase(id, []).into_text()
    }

    /// Returns a message whose arguments are words alone, as text.
    pub fn text_with<'a>(
        &self,
        id: &str,
        arguments: impl IntoIterator<Item = (&'a str, Argument)>,
    ) -> String {
        self.phrase(id, arguments).into_text()
    }

    /// Returns a message with its arguments, or its name if it does not exist.
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

    /// Returns a message as pieces in its own order, for callers that insert other things than
    /// phrases.
    ///
    /// # Errors
    /// If it does not exist, or if an argument is missing.
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
        // Fluent continues and writes `{$name}` in place of a missing argument. Such a text must
        // not be published.
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

/// Returns whether a language is written from right to left, by its script or usually.
pub fn is_rtl(language: &str) -> bool {
    // By the script if the tag has one, else by CLDR's likely script of the language: `az-Arab` is
    // written from right to left, `az` is not.
    identifier(language).character_direction() == CharacterDirection::RTL
}

/// Returns a language and its fallbacks: `de-AT`, `de`, `en`.
fn chain(language: &str) -> Vec<&str> {
    let mut chain = widened(language);
    if !chain.iter().any(|tag| is_english(tag)) {
        chain.push(ENGLISH);
    }
    chain
}

/// Returns a language and those that it is a variant of: `de-AT`, `de`.
fn widened(language: &str) -> Vec<&str> {
    let ends = language.match_indices('-').map(|(at, _)| at);
    let mut ends: Vec<usize> = ends.chain([language.len()]).collect();
    ends.reverse();
    ends.into_iter().map(|end| &language[..end]).collect()
}

fn is_english(tag: &str) -> bool {
    tag.eq_ignore_ascii_case(ENGLISH)
}

/// Parses the part of a tag that determines a language's plurals and direction.
fn identifier(language: &str) -> LanguageIdentifier {
    let found = chain(language).into_iter().find_map(|tag| tag.parse().ok());
    found.unwrap_or_default()
}

fn built_in_text(tag: &str) -> Option<&'static str> {
    let is_of_tag = |name: &str| tag_of(name).is_some_and(|other| other.eq_ignore_ascii_case(tag));
    let found = Messages::built_in().find(|(name, _)| is_of_tag(name));
    found.map(|(_, text)| text)
}

/// Returns the language of a file of messages, by its name.
pub fn tag_of(name: &str) -> Option<&str> {
    name.strip_suffix(".ftl")
}

/// Parses the messages of a text as far as possible; [`judge()`] reports what is too deep.
fn parse(text: &str) -> FluentResource {
    let text = match depth::beyond(text) {
        Some(_) => "",
        None => text,
    };
    match FluentResource::try_new(text.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    }
}

/// Splits a text at the placeholders of arguments.
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
