//! botdocs
pub mod hole;
pub mod html;
pub mod model;
pub mod variable;
