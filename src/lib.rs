//! botdocs turns a YAML endpoint spec into the documentation site that integrators of a chat-bot
//! platform read.
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
//! Only the two ends access the disk: [`load`](input::load) reads a project, and [`output`] writes
//! the site. [`scaffold`](cli::scaffold) writes new projects, [`watch`](live::watch) detects
//! changes, and [`serve`](live::serve) answers a browser instead of writing files.
//! [`site`](pages::site) is the whole pipeline in memory, and the first module to read.
//!
//! The folders below are in reading order: a folder uses itself and those above it, never one below.
//! Inside a folder, no two modules use each other. A test enforces both.

// Text with gaps that differ from bot to bot.
pub mod hole;

// The project's files as texts and trees with places, and the report of errors in them.
pub mod input;

// Markdown, code, markup and pictures, and their HTML.
pub mod rich;

// The checked description of an API: no places, no unresolved reference.
pub mod model;

// From the project's files to the model, with every error in one report.
pub mod check;

// Pages: views of the model, through templates, as documents with holes.
pub mod pages;

// The output directory.
#[cfg(feature = "output")]
pub mod output;

// A site that runs: watch mode, the preview, the mock and the trial of samples.
#[cfg(feature = "listen")]
pub mod live;

// The program `botdocs`.
#[cfg(feature = "cli")]
pub mod cli;
