//! The files of a site by the paths that they are written to.

use std::collections::BTreeMap;

use crate::asset::Asset;
use crate::hole::Values;
use crate::model::Model;
use crate::output::{Collision, Content, Tree, TreePath};
use crate::render::Rendered;
use crate::roster::Roster;
use crate::site::Site;

/// The bots of a site, and the pages of each of their choices.
#[derive(Clone, Copy, Debug)]
pub struct Bots<'a> {
    /// The bots.
    pub roster: &'a Roster,
    /// What was rendered for each choice of endpoints, by its number.
    pub pages: &'a [Rendered],
}

/// Every file of a site by its path, with the pages of bots in a folder each.
pub fn tree<'a>(
    site: &'a Site,
    model: &Model,
    values: &'a Values,
    bots: Bots<'a>,
) -> Result<Tree<'a>, Collision> {
    let mut tree = Tree::default();
    let mut add = |path: String, content: Content<'a>| {
        let path = TreePath::new(path).map_err(Collision::Invalid)?;
        tree.insert(path, content)
    };
    for page in &site.pages {
        add(page.path.clone(), Content::Filled(&page.body, values))?;
    }
    for (path, bytes) in &site.files {
        add(path.clone(), Content::Bytes(bytes.clone()))?;
    }
    // Bots with the same endpoints share an index.
    let indexes = bots.pages.iter().map(|rendered| &rendered.index);
    let indexes: BTreeMap<&str, &Asset> = indexes.map(|index| (&*index.path, index)).collect();
    for (path, index) in indexes {
        if site.files.iter().all(|(other, _)| other != path) {
            add(path.to_owned(), Content::Bytes(index.bytes.to_vec()))?;
        }
    }
    if !bots.roster.is_empty() {
        let pages = bots.pages.iter().map(|rendered| {
            let pages = rendered.pages.iter();
            pages.map(|page| (page.path.clone(), &*page.body)).collect()
        });
        tree.insert_bots(bots.roster, &model.variables.names(), pages)?;
    }
    Ok(tree)
}
