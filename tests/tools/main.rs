//! Tests that run other programs than botdocs: interpreters, compilers, formatters, shells and servers.
//! `./test` installs them.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, works on real files, and says what it can't try"
)]

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of what all share")]
mod support;
#[path = "../support/tool.rs"]
mod tool;

use support::{blocks, project};

mod cli;
mod compressed;
mod docs;
mod forms;
mod hosting;
mod identity;
mod listed;
mod mock;
mod printed;
mod readers;
mod reports;
mod samples;
mod scale;
mod sent;
mod streams;
mod supply;
mod trial;
mod watch;
