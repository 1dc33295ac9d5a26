//! The project's files as they are written: texts with their places, trees, and what is reported about them.

pub mod diagnostic;
pub mod embedded;
pub mod escape;
pub mod explain;
pub mod load;
pub mod meant;
pub mod secret;
pub mod source;
pub mod spec;
pub mod yaml;
