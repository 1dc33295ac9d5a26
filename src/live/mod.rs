//! A site that runs: watch mode, the preview, the mock and the trial of samples.

pub mod listen;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "serve")]
pub mod serve;
#[cfg(feature = "mock")]
pub mod trial;
#[cfg(feature = "serve")]
pub mod watch;
