//! A site that runs: watch mode, the preview, the mock and the trial of samples.

pub mod listen;
pub mod mock;
pub mod serve;
pub mod trial;
pub mod watch;
