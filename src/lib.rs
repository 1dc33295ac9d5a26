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
//! A project with errors does not load: the error contains the report of all errors, as `botdocs
//! check` prints it. Then answer requests. [`Docs::file`] returns the files of the site, in which
//! readers enter the ID of their bot, and [`Docs::bot`] checks the values of one bot and returns its
//! pages. Provide the files of the site at one path, such as `/docs/`, and the pages of a bot below
//! it, at `bots/ID/`: their links expect this layout. [`Docs::headers`] returns the headers of a
//! response, among them its `Content-Type` and the Content Security Policy of the pages, and
//! [`Docs::not_found`] the page for missing addresses.
//!
//! botdocs does not know which bots exist. Look the bot up before you call this function:
//!
//! ```
//! use botdocs::{Docs, PageError, ValueErrorKind};
//!
//! /// Returns the page of a bot, or the status of the response.
//! fn page_of_bot(docs: &Docs, id: &str, path: &str) -> Result<Vec<u8>, u16> {
//!     let bot = docs.bot([("bot_id", id)]).map_err(|error| match error.kind() {
//!         ValueErrorKind::Refused => 404,
//!         _ => 500_u16,
//!     })?;
//!     bot.file(path).map_err(|error| match error {
//!         PageError::NotFound => 404,
//!         _ => 500,
//!     })
//! }
//! # let docs = Docs::load(env!("CARGO_MANIFEST_DIR")).unwrap();
//! # assert_eq!(page_of_bot(&docs, "no-uuid", "index.html"), Err(404));
//! # let id = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";
//! # assert!(page_of_bot(&docs, id, "index.html").is_ok());
//! # assert_eq!(page_of_bot(&docs, id, "no-such.html"), Err(404));
//! ```
//!
//! `examples/server.rs` is a small complete server. A server needs no feature of this crate:
//!
//! ```toml
//! botdocs = { version = "0.1", default-features = false }
//! ```
//!
//! | feature | adds |
//! | --- | --- |
//! | `cli` (default) | the program, which needs the three features below |
//! | `output` | writing a site to a folder or an archive |
//! | `serve` | the preview, and watching files |
//! | `mock` | the mock of the API, and running samples against it |
//!
//! # How it works
//!
//! **A page is rendered once, with holes; the holes are filled once per bot.** YAML, Markdown,
//! highlighting and templates are processed once per page; each bot then needs only a copy.
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
//! render::Edition ---> HoledPage { path, body }     once per page        |
//!                                 |                                       v
//!                                 | Holed::fill_into                Roster, Values
//!                                 v
//!                               bytes ---> output::write, or serve
//! ```

// Only the two ends access the disk: `input::load` reads a project, and `output` writes the site;
// ARCHITECTURE.md lists the few exceptions.
// `cli::scaffold` writes new projects, `live::watch` detects changes, and `live::serve` answers a
// browser instead of writing files. `pages::site` is the whole pipeline in memory, and the first
// module to read.
//
// The folders below are in reading order: a folder uses itself and those above it, never one below.
// Inside a folder, no two modules use each other. A test enforces both. Their items are public for
// the program, the benchmarks and the tests, and can change with each version.

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

pub use docs::{BotDocs, Docs, LoadError, PageError, ValueError, ValueErrorKind};

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
