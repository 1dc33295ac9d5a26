//! botdocs
pub mod hole;
pub mod html;
