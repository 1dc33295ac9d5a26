//! The project's files: texts with places, the trees parsed from them, and the report of errors.

pub mod diagnostic;
pub mod embedded;
pub mod escape;
pub mod explain;
mod front_matter;
pub mod load;
pub mod meant;
pub mod name;
pub mod page_kind;
pub mod secret;
pub mod source;
pub mod spec;
pub mod system;
pub mod yaml;
