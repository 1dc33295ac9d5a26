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
//!      | check::check: ALL faults |                   |                   |
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
//! Disk is touched at the two ends, by [`load`] and [`output`], and nowhere between; new files of a
//! project are put there by [`scaffold`]. [`watch`] says when to begin again, and [`serve`] shows a
//! site in a browser instead of writing it.
//! [`site`] is the whole pipeline in memory, and the first function to read.
//!
//! The modules below stand in reading order, in groups: a module uses its own group and those
//! above it, never one below, and no two modules use each other. A test holds them to it.

// What differs from bot to bot.
pub mod hole;

// The project's files, and what is reported about them.
pub mod input;

// Rich text and pictures.
pub mod rich;

// What the files mean.
pub mod model;

// From the files to what they mean, with all that is wrong in them.
pub mod check;

// Pages, and the site that they make.
pub mod pages;

// The output directory.
pub mod output;

// The site in a browser, the API that it documents, and changes one after the other.
pub mod live;

// The program.
pub mod cli;
