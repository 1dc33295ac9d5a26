//! botdocs makes the documentation site of a chat-bot API from a YAML spec.
//!
//! Most people run the program `botdocs`. This library is for servers that fill a bot's page on
//! request. Load the project once:
//!
//! ```
//! # fn main() -> Result<(), botdocs::LoadError> {
//! # let project = env!("CARGO_MANIFEST_DIR");
//! let docs = botdocs::Docs::load(project)?;
//! # assert!(docs.paths().any(|path| path == "index.html"));
//! # Ok(())
//! # }
//! ```
//!
//! A project with errors does not load; the error prints the report of all of them, as
//! `botdocs check` does. Then answer requests: [`Docs::file`] has the files of the site, for readers
//! who enter the ID of their bot themselves, and [`Docs::bot`] checks the values of one bot and has
//! its pages.
//!
//! ```
//! use botdocs::{Docs, PageError};
//!
//! /// The page of a bot, or the status of the answer.
//! fn page_of_bot(docs: &Docs, id: &str, path: &str) -> Result<Vec<u8>, u16> {
//!     let bot = docs.bot([("bot_id", id)]).map_err(|_| 404_u16)?;
//!     bot.page(path).map_err(|error| match error {
//!         PageError::NotFound => 404,
//!         PageError::Template(_) => 500,
//!     })
//! }
//! # let docs = Docs::load(env!("CARGO_MANIFEST_DIR")).unwrap();
//! # assert_eq!(page_of_bot(&docs, "no-uuid", "index.html"), Err(404));
//! # let id = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";
//! # assert!(page_of_bot(&docs, id, "index.html").is_ok());
//! # assert_eq!(page_of_bot(&docs, id, "no-such.html"), Err(404));
//! ```
//!
//! `examples/server.rs` is a whole server of this kind. A server needs no feature of this crate:
//!
//! ```toml
//! botdocs = { version = "0.1", default-features = false }
//! ```
//!
//! | feature | adds |
//! | --- | --- |
//! | `cli` (default) | the program, with the three below |
//! | `output` | writing a site to a folder or an archive |
//! | `serve` | the preview, and watching files |
//! | `mock` | the mock of the API, and running samples against it |
//!
//! # How it works
//!
//! **A page is rendered once, with holes; the holes are filled once per bot.** YAML, Markdown,
//! highlighting and templates cost once per page; a bot costs a copy.
//!
//! ```text
//! spec/*.yaml, *.md         templates/*.html      static/*          --bot, --bots, --set
//!      | load::load               |                   |                   |
//!      v                          |                   |                   |
//! Inputs (text with lines)        |                   |                   |
//!      | spec::parse_page: a tree | Templates::new    | Assets::new       | bot::parse
//!      | with places per file     |                   |                   |
//!      | check::check: ALL errors |                   |                   |
//!      v                          |                   |                   |
//! Model (valid, no places)        |                   |                   |
//!      | view: one struct per     |                   |                   |
//!      | template; twin: Markdown;|                   |                   |
//!      | search: the index        |                   |                   |
//!      v                          v                   v                   |
//! render::Edition ---> Page { path, body: Holed }    once per page        |
//!                                 |                                       v
//!                                 | Holed::fill_into                Roster, Values
//!                                 v
//!                               bytes ---> output::write, or serve
//! ```
//!
//! Only the two ends access the disk: `input::load` reads a project, and `output` writes the site.
//! `cli::scaffold` writes new projects, `live::watch` detects changes, and `live::serve` answers a
//! browser instead of writing files. `pages::site` is the whole pipeline in memory, and the first
//! module to read.
//!
//! The folders below are in reading order: a folder uses itself and those above it, never one below.
//! Inside a folder, no two modules use each other. A test enforces both. Their items are public for
//! the program, the benchmarks and the tests, and can change with each version.

// Text with gaps that differ from bot to bot.
#[doc(hidden)]
pub mod hole;

// The project's files as texts and trees with places, and the report of errors in them.
#[doc(hidden)]
pub mod input;

// Markdown, code, markup and pictures, and their HTML.
#[doc(hidden)]
pub mod rich;

// The checked description of an API: no places, no unresolved reference.
#[doc(hidden)]
pub mod model;

// From the project's files to the model, with every error in one report.
#[doc(hidden)]
pub mod check;

// Pages: views of the model, through templates, as documents with holes.
#[doc(hidden)]
pub mod pages;

// The library's entrance.
mod docs;

pub use docs::{BotDocs, Docs, LoadError, PageError, ValueError};

// The output directory.
#[doc(hidden)]
#[cfg(feature = "output")]
pub mod output;

// A site that runs: watch mode, the preview, the mock and the trial of samples.
#[doc(hidden)]
#[cfg(feature = "listen")]
pub mod live;

// The program `botdocs`.
#[doc(hidden)]
#[cfg(feature = "cli")]
pub mod cli;
