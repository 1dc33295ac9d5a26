//! Rich text and pictures: Markdown, code, markup, messages, and what they become in a page.

pub mod accent;
pub mod code;
pub mod highlight;
pub mod html;
pub mod markdown;
pub mod markup;
pub mod messages;
pub mod phrase;
pub mod picture;
pub mod sse;
