//! Code that several test targets share: projects in folders of their own, running servers, and readers
//! of the output. Each target except `integration` also includes `tool.rs`, which starts other programs.

pub(crate) mod blocks;
pub(crate) mod bots;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod everything;
pub(crate) mod forms;
pub(crate) mod golden;
pub(crate) mod inside;
pub(crate) mod mock;
pub(crate) mod page;
pub(crate) mod payloads;
pub(crate) mod preview;
pub(crate) mod project;
pub(crate) mod reports;
pub(crate) mod running;
pub(crate) mod samples;
pub(crate) mod sent;
pub(crate) mod skip;
pub(crate) mod streams;
pub(crate) mod transcripts;
