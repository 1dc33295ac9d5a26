//! botdocs
pub mod anchor;
pub mod asset;
pub mod code;
pub mod highlight;
pub mod hole;
pub mod hosting;
pub mod html;
pub mod markdown;
pub mod model;
pub mod render;
pub mod sse;
pub mod template;
pub mod variable;
pub mod view;
