//! Tests that run programs beside botdocs: interpreters, compilers, formatters, shells and servers.
//! `./test` installs what is missing.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, works on real files, and says what it can't try"
)]

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of what all share")]
mod support;

use support::{blocks, project};

mod docs;
mod identity;
mod samples;
mod trial;
