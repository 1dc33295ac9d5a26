//! botdocs
pub mod diagnostic;
pub mod explain;
pub mod hole;
pub mod html;
pub mod model;
pub mod pattern;
pub mod source;
pub mod variable;
pub mod yaml;
