//! Tests that stop, starve and watch the program by means of Linux: strace, unshare, setpriv, mounts,
//! limits of a shell and `/proc`. Root can run all of them.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, works on real files, and says what it can't try"
)]

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of what all share")]
mod support;

use support::project;

mod hostile;
mod loss;
