//! Tests that kill, limit and trace the program. They need Linux: strace, unshare, setpriv, mounts, the
//! limits of a shell and `/proc`. Some of them need root.

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

mod clients;
mod door;
mod endless;
mod fixed;
mod hostile;
mod inside;
mod loss;
mod mock;
mod permissions;
mod process;
mod serve;
mod terminal;
mod traces;
mod watch;
