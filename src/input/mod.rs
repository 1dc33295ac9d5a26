//! The project's files: texts with places, the trees that they parse to, and the report of faults.

pub mod diagnostic;
pub mod embedded;
pub mod escape;
pub mod explain;
pub mod load;
pub mod meant;
pub mod secret;
pub mod source;
pub mod spec;
pub mod system;
pub mod yaml;
