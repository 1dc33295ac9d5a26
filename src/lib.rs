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

// Text, and what we say of it.
pub mod diagnostic;
pub mod embedded;
pub mod escape;
pub mod explain;
pub mod meant;
pub mod secret;
pub mod source;

// What differs from bot to bot.
pub mod hole;
pub mod pattern;
pub mod roster;
pub mod spool;
pub mod variable;

// The project's files.
pub mod load;
pub mod spec;
pub mod yaml;

// Rich text and pictures.
pub mod code;
pub mod highlight;
pub mod html;
pub mod markdown;
pub mod markup;
pub mod messages;
pub mod phrase;
pub mod picture;
pub mod sse;

// What the files mean.
pub mod accent;
pub mod anchor;
pub mod bot;
pub mod check;
pub mod example;
pub mod link;
pub mod model;
pub mod proof;
pub mod sample;
pub mod wording;

// Pages.
pub mod asset;
pub mod hosting;
pub mod render;
pub mod search;
pub mod template;
pub mod theme;
pub mod twin;
pub mod view;

// The site, and where it goes.
pub mod output;
pub mod site;
pub mod tree;

// New projects, and files to change in them.
pub mod json_schema;
pub mod scaffold;
pub mod starter;

// Changes of the files, one after the other.
pub mod watch;

// The site in a browser, and the API that it documents.
pub mod listen;
pub mod mock;
pub mod serve;
pub mod trial;

// The program.
pub mod cli;
