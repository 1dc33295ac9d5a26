//! botdocs
pub mod output;
