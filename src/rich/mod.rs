//! Markdown, code, markup and pictures, and their HTML.

pub mod accent;
pub mod address;
pub mod code;
pub mod console;
pub mod highlight;
pub mod html;
pub mod markdown;
pub mod markup;
pub mod messages;
pub mod phrase;
pub mod picture;
pub mod policy;
pub mod sse;
pub mod style_sheet;
