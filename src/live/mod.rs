//! A site that is watched, shown and tried: changes of files, the preview, the mock, the trial of samples.

pub mod listen;
pub mod mock;
pub mod serve;
pub mod trial;
pub mod watch;
