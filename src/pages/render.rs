//! The model to pages with holes.

mod body;
mod edition;

use std::sync::Arc;

use crate::pages::asset::Asset;

pub use crate::pages::view::{Making, Options};
pub use body::{Body, Deciding};
pub use edition::{Edition, Frame, Leaf};

/// A page of the site, with its holes.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it stands in the output directory, or in a bot's folder.
    pub path: String,
    /// Its HTML, or Markdown.
    pub body: Arc<Body>,
}

/// The pages of a site, or of the bots with the same endpoints, and what goes with them.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The pages.
    pub pages: Vec<Page>,
    /// The search index over them, which holds no value of a bot.
    pub index: Asset,
}

impl Page {
    /// Whether it is for browsers: no twin, and no list of twins.
    pub fn is_html(&self) -> bool {
        self.path.ends_with(".html")
    }
}

#[cfg(test)]
mod tests;
