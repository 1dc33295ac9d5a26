//! What several test targets share: projects in folders of their own, servers that run, and readers of
//! what is printed. A test target needs Rust alone as long as it does not name `tool.rs`.

pub(crate) mod blocks;
pub(crate) mod bots;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod everything;
pub(crate) mod forms;
pub(crate) mod golden;
pub(crate) mod mock;
pub(crate) mod page;
pub(crate) mod payloads;
pub(crate) mod preview;
pub(crate) mod project;
pub(crate) mod running;
pub(crate) mod samples;
pub(crate) mod sent;
pub(crate) mod streams;
