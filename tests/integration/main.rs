//! The integration tests: the program as its users run it, on real files. They need Rust and nothing
//! else, and start no program but botdocs.
//!
//! One binary, so that it is linked once. [`project::Project`] is the language that the tests are
//! written in.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, works on real files, and says what it can't try"
)]

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of what all share")]
mod support;

use support::{blocks, page, project};

mod bots;
mod cli;
mod clients;
mod cors;
mod diagnostics;
mod docs;
mod door;
mod edits;
mod endless;
mod explain;
mod formats;
mod forms;
mod full;
mod gallery;
mod golden;
mod holes;
mod init;
mod injection;
mod inside;
mod leaving;
mod library;
mod limits;
mod listed;
mod look;
mod marked;
mod merge;
mod mock;
mod mock_changes;
mod names;
mod places;
mod preview;
mod published;
mod readers;
mod readme;
mod reproducible;
mod samples;
mod scale;
mod schema;
mod search;
mod secrets;
mod seen;
mod sent;
mod serve;
mod shapes;
mod skipped;
mod streams;
mod supply;
mod terminal;
mod theme;
mod tidy;
mod twin;
mod watch;
mod words;
