//! The files of a site by the paths that they are written to.

use std::collections::BTreeMap;

use crate::hole::roster::Roster;
use crate::hole::{Values, gzipped};
use crate::input::diagnostic::{Diagnostic, Severity};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::model::Model;
use crate::output::{Collision, FileContent, Form, Tree, TreePath};
use crate::pages::asset::Asset;
use crate::pages::render::Rendered;
use crate::pages::site::{self, Site};
use crate::pages::template::TemplateError;

/// The bots of a site, and the pages of each of their choices.
#[derive(Clone, Copy, Debug)]
pub struct BotPages<'a> {
    /// The bots.
    pub roster: &'a Roster,
    /// The rendered pages of each choice of endpoints, by its number.
    pub pages: &'a [Rendered],
}

/// Why a site can't be laid out.
#[derive(Clone, Debug)]
pub enum LayoutError {
    /// Two of its files can't be in one folder.
    Collision(Collision),
    /// A template can't render a page for these values.
    Template(TemplateError),
}

impl LayoutError {
    /// Returns the error as a diagnostic.
    pub fn diagnostic(self, inputs: &Inputs) -> Diagnostic {
        match self {
            LayoutError::Template(fault) => site::in_template(fault, inputs),
            LayoutError::Collision(collision) => Diagnostic {
                severity: Severity::Error,
                code: Code::MisnamedFile,
                message: collision.to_string(),
                labels: Vec::new(),
                path: None,
                help: Some("rename the file or page that it is built from".to_owned()),
            },
        }
    }
}

impl From<Collision> for LayoutError {
    fn from(collision: Collision) -> LayoutError {
        LayoutError::Collision(collision)
    }
}

/// The forms in which pages and other texts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forms {
    /// As they are.
    #[default]
    Plain,
    /// As they are, and compressed beside them.
    Both,
    /// Compressed alone.
    Gzip,
}

impl Forms {
    /// Returns the names under which a file is written, with the form of each.
    fn of(self, path: &str) -> Vec<(String, Form)> {
        let is_text = path
            .rsplit_once('.')
            .is_some_and(|(stem, ending)| !stem.is_empty() && TEXTS.contains(&ending));
        let plain = || (path.to_owned(), Form::Plain);
        let gzip = || (format!("{path}.gz"), Form::Gzip);
        match self {
            Forms::Both if is_text => vec![plain(), gzip()],
            Forms::Gzip if is_text => vec![gzip()],
            _ => vec![plain()],
        }
    }
}

/// The extensions of files that are worth compressing.
// Images and fonts are compressed already.
const TEXTS: [&str; 9] = [
    "css", "html", "js", "json", "md", "mjs", "svg", "txt", "xml",
];

/// Returns why the files of a site can't be in one folder on every system, if they can't.
pub fn collision(site: &Site) -> Option<LayoutError> {
    let mut tree = Tree::default();
    let pages = site.pages.iter().map(|page| &page.path);
    let mut paths = pages.chain(site.files.iter().map(|(path, _)| path));
    let found = paths.find_map(|path| match TreePath::new(path.as_str()) {
        Ok(path) => tree.insert(path, Vec::new()).err(),
        Err(invalid) => Some(Collision::Invalid(invalid)),
    });
    found.map(LayoutError::Collision)
}

/// Lays out every file of a site by its path, with a folder for each bot.
pub fn tree<'a>(
    site: &'a Site,
    model: &Model,
    values: &'a Values,
    bots: BotPages<'a>,
    forms: Forms,
) -> Result<Tree<'a>, LayoutError> {
    let mut tree = Tree::default();
    let mut add = |path: String, content: FileContent<'a>| {
        for (path, form) in forms.of(&path) {
            let path = TreePath::new(path).map_err(Collision::Invalid)?;
            let content = match form {
                Form::Plain => content.clone(),
                Form::Gzip => gzipped(content.bytes(&mut Vec::new())).into(),
            };
            tree.insert(path, content)?;
        }
        Ok::<_, LayoutError>(())
    };
    for page in &site.pages {
        let content = match page
            .body
            .rendered_again(values)
            .map_err(LayoutError::Template)?
        {
            Some(text) => FileContent::Bytes(text.into_bytes()),
            None => FileContent::Filled(page.body.holed(), values),
        };
        add(page.path.clone(), content)?;
    }
    for (path, bytes) in &site.files {
        add(path.clone(), FileContent::Bytes(bytes.clone()))?;
    }
    // Bots with the same endpoints share an index.
    let indexes = bots.pages.iter().map(|rendered| &rendered.index);
    let indexes: BTreeMap<&str, &Asset> = indexes.map(|index| (&*index.path, index)).collect();
    for (path, index) in indexes {
        if site.files.iter().all(|(other, _)| other != path) {
            add(path.to_owned(), FileContent::Bytes(index.bytes.to_vec()))?;
        }
    }
    let pages = bots.pages.iter().map(|rendered| {
        let pages = rendered.pages.iter().flat_map(|page| {
            let names = forms.of(&page.path).into_iter();
            names.map(|(name, form)| (name, &*page.body, form))
        });
        pages.collect()
    });
    tree.insert_bots(bots.roster, &model.variables.names(), pages)?;
    Ok(tree)
}
