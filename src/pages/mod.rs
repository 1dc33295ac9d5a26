//! Pages: views of the model, through templates, as documents with holes.
//!
//! [`site`] is the whole pipeline in memory.

pub mod asset;
pub mod few;
pub mod hosting;
pub mod render;
pub mod root;
pub mod search;
pub mod site;
pub mod template;
pub mod theme;
pub mod twin;
pub mod view;
