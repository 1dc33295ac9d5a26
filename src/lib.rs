//! botdocs
