//! What several test targets share: projects in folders of their own, servers that run, and readers of
//! what is printed. A test target needs Rust alone as long as it does not name `tool.rs`.

pub(crate) mod blocks;
pub(crate) mod page;
pub(crate) mod project;
