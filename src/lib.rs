//! botdocs
pub mod source;
pub mod explain;
pub mod diagnostic;
pub mod hole;
pub mod pattern;
pub mod variable;
pub mod yaml;
pub mod load;
pub mod spec;
pub mod model;
pub mod html;
pub mod code;
pub mod sse;
pub mod highlight;
pub mod markdown;
pub mod check;
