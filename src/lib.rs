//! botdocs
pub mod code;
pub mod highlight;
pub mod hole;
pub mod html;
pub mod markdown;
pub mod sse;
