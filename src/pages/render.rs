//! Renders the model to pages with holes.

mod body;
mod edition;

use std::sync::Arc;

use crate::pages::asset::Asset;

pub use crate::pages::view::{IndexPlace, RenderMode, SearchIndex, ViewOptions};
pub use body::{Deciding, Fillable};
pub use edition::{Edition, Leaf, PageFrame};

/// A page of the site, with its holes.
#[derive(Clone, Debug)]
pub struct HoledPage {
    /// Its path in the output directory, or in a bot's folder.
    pub path: String,
    /// Its HTML, or Markdown.
    pub body: Arc<Fillable>,
}

/// The pages of a site, or of the bots with the same endpoints, and what goes with them.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The pages.
    pub pages: Vec<HoledPage>,
    /// The search index over them, which contains no value of a bot.
    pub index: Asset,
}

impl HoledPage {
    /// Returns whether it is for browsers: neither a twin nor a list of twins.
    pub fn is_html(&self) -> bool {
        self.path.ends_with(".html")
    }
}

#[cfg(test)]
mod tests;
