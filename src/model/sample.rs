//! Samples: a request as code in the reader's language, plain and, if the endpoint streams, with a
//! reader of its items.
//!
//! A [`Request`] is lowered from the model once. A printer for each language writes it as pieces
//! with classes, so no lexer runs over it. There is no template for a sample: imports, a variable
//! for the key, or a loop depend on the request in ways that a template would hide.
//!
//! Texts go through the language's quoting function ([`quote`]), in which holes stay holes.
//! Printers write as the language's formatter would, and tests run the formatters. Keys come from
//! the environment variable that `auth` names, never from a literal.
//!
//! A new language is a row in `model/language.rs`, a printer here, and its line in the list of
//! printers.

mod curl;
mod file;
mod go;
mod javascript;
mod literal;
mod pen;
mod php;
mod powershell;
mod python;
pub mod quote;
mod request;
mod ruby;
mod stream;

use javascript::Dialect;

pub use file::FileName;
pub use request::{
    Credentials, Payload, Request, always_streams, merged, names_files, placeholder, plain, texts,
};
pub use stream::{Action, Case, ItemTest, PathStep, StreamReader};

use crate::model::{Client, Language, OwnSample, SampleChoice};
use crate::rich::code::ClassedCode;

/// Code that sends a request.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The language's name in anchors and in the reader's choice; of a hand-written sample, a
    /// number.
    pub name: String,
    /// The language's name for people.
    pub title: String,
    /// The language's name after fences.
    pub fence: String,
    /// Whether twins have it.
    pub twin: bool,
    /// Whether the author wrote it; then its code is not highlighted yet.
    pub is_own: bool,
    /// The code.
    pub code: ClassedCode,
}

/// Returns a request in a language that the site shows.
pub fn print(request: &Request, choice: &SampleChoice) -> Sample {
    let language = choice.language;
    Sample {
        name: language.name().to_owned(),
        title: language.title().to_owned(),
        fence: language.row().fence.to_owned(),
        twin: choice.twin,
        is_own: false,
        code: printer(language, choice.client)(request),
    }
}

/// Returns a sample of the author's own, the `index`th of its endpoint.
pub fn own(sample: &OwnSample, index: usize) -> Sample {
    Sample {
        // Numbered, since two samples of an author may have one title.
        name: format!("own-{}", index + 1),
        title: sample.title.clone(),
        fence: sample.language.clone(),
        twin: false,
        is_own: true,
        // Only the page highlights it: a twin shows it in a fence.
        code: ClassedCode::plain(&sample.code),
    }
}

/// Returns the printer of a language with a client.
///
/// It is not in the language's row, since printers use the model to which the row belongs.
fn printer(language: Language, client: Client) -> fn(&Request) -> ClassedCode {
    match (language, client) {
        (Language::Curl, _) => curl::print,
        (Language::PowerShell, _) => powershell::print,
        (Language::Python, Client::Usual) => python::print,
        (Language::Python, Client::Urllib) => python::urllib::print,
        (Language::JavaScript, _) => |it| javascript::print(it, Dialect::JavaScript),
        (Language::TypeScript, _) => |it| javascript::print(it, Dialect::TypeScript),
        (Language::Php, _) => php::print,
        (Language::Go, _) => go::print,
        (Language::Ruby, _) => ruby::print,
    }
}
