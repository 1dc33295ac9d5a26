//! The files of a built site in memory, checked against each other.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::manifest::{ListedPage, PageHash};
use super::path::{self, InvalidPath, TreePath};
use super::reserved::{BOTS, is_reserved};
use crate::hole::roster::{Bot, Roster, Share};
use crate::hole::{Gzip, Holed, Values, gzipped};
use crate::pages::render::Fillable;

/// The files of a built site by their path below the output directory.
///
/// No two paths are the same on a file system that ignores case, and no file is also a folder.
#[derive(Clone, Debug, Default)]
pub struct Tree<'a> {
    /// The files outside the folders of bots, of which a million bots would have three million.
    files: BTreeMap<TreePath, FileContent<'a>>,
    /// Every file and folder by its lower-case path, in the case of its first mention.
    names: BTreeMap<String, PathName>,
    bots: Option<BotFolders<'a>>,
}

/// A folder for each bot, with the pages of its choice.
///
/// Folders with the same pages are stored once: names are checked once for all bots that have them,
/// and a bot takes only the memory of its entry in the roster.
#[derive(Clone, Debug)]
pub(super) struct BotFolders<'a> {
    pub(super) roster: &'a Roster,
    /// The pages of each choice by its number in the roster, in the order of their names.
    pub(super) choices: Vec<Vec<BotPage<'a>>>,
    /// The files, if they were built before.
    built: Option<&'a dyn BuiltFiles>,
}

/// Files of bots that were built before, such as those of the parts of a site.
pub(super) trait BuiltFiles: fmt::Debug + Sync {
    /// Returns the hash of the values that the files of a bot were filled with.
    fn hash(&self, bot: &Values) -> u64;

    /// Writes the file at a place in the bot's list to the end of `out`.
    ///
    /// # Errors
    /// If it is not as it was built.
    fn push_to(&self, bot: &Values, at: usize, name: &str, out: &mut Vec<u8>)
    -> anyhow::Result<()>;
}

/// A page in the folders of bots.
#[derive(Clone, Debug)]
pub(super) struct BotPage<'a> {
    pub(super) name: String,
    pub(super) body: BotBody<'a>,
    pub(super) hash: PageHash,
}

/// A page for any bot, in the form in which it is written.
#[derive(Clone, Debug)]
pub(super) enum BotBody<'a> {
    /// It is filled with the values of the bot.
    Page {
        page: &'a Fillable,
        form: BotForm<'a>,
    },
    /// It was built before: its files, and its place and name in the list of each bot.
    Built(&'a dyn BuiltFiles, usize, String),
}

#[derive(Clone, Debug)]
pub(super) enum BotForm<'a> {
    Plain,
    Gzip(Arc<Gzip<'a>>),
}

/// The form in which a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// Compressed, in gzip's form.
    Gzip,
}

/// The content of a file.
///
/// A page is filled again each time it is needed, which costs a copy.
#[derive(Clone, Debug)]
pub enum FileContent<'a> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A page with a bot's values.
    Filled(&'a Holed, &'a Values),
}

impl FileContent<'_> {
    /// Returns the bytes, for which `buffer` may be used.
    pub fn bytes<'b>(&'b self, buffer: &'b mut Vec<u8>) -> &'b [u8] {
        match self {
            FileContent::Bytes(bytes) => bytes,
            FileContent::Filled(page, values) => {
                buffer.clear();
                page.fill_into(values, buffer);
                buffer
            }
        }
    }

    /// Writes the bytes to the end of `out`.
    pub(super) fn push_to(&self, out: &mut Vec<u8>) {
        match self {
            FileContent::Bytes(bytes) => out.extend_from_slice(bytes),
            FileContent::Filled(page, values) => page.fill_into(values, out),
        }
    }
}

impl From<Vec<u8>> for FileContent<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        FileContent::Bytes(bytes)
    }
}

#[derive(Clone, Debug)]
struct PathName {
    path: String,
    is_file: bool,
}

/// Why a file cannot be in the same tree as those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collision {
    /// The path is not valid on every system.
    Invalid(InvalidPath),
    /// The path is in the tree already.
    Twice(TreePath),
    /// The path, or a folder of it, differs only in case from one in the tree.
    Case {
        /// The new path or folder.
        path: String,
        /// The one in the tree.
        other: String,
    },
    /// The path is a file here and a folder there.
    FileAndFolder(String),
    /// The path is one that botdocs keeps for its own use.
    Reserved(TreePath),
}

impl<'a> Tree<'a> {
    /// Adds a file, unless its path collides with another.
    pub fn insert(
        &mut self,
        path: TreePath,
        content: impl Into<FileContent<'a>>,
    ) -> Result<(), Collision> {
        if is_reserved(&path) {
            return Err(Collision::Reserved(path));
        }
        if self.files.contains_key(&path) {
            return Err(Collision::Twice(path));
        }
        let file = [(path.as_str(), true)].into_iter();
        let names: Vec<_> = file
            .chain(path.folders().map(|folder| (folder, false)))
            .collect();
        for &(name, is_file) in &names {
            self.check(name, is_file)?;
        }
        for (name, is_file) in names {
            let path = name.to_owned();
            // Not only in ASCII: macOS and Windows take `Ä.html` and `ä.html` for one file.
            self.names
                .entry(name.to_lowercase())
                .or_insert(PathName { path, is_file });
        }
        self.files.insert(path, content.into());
        Ok(())
    }

    /// Adds a folder for each bot; `choices` has the pages of each choice of the roster by their
    /// names.
    pub fn insert_bots(
        &mut self,
        roster: &'a Roster,
        variables: &[&str],
        choices: impl IntoIterator<Item = Vec<(String, &'a Fillable, Form)>>,
    ) -> Result<(), Collision> {
        let choices = choices.into_iter();
        let choices = choices.map(|pages| folder_of(pages, variables, roster));
        let choices = choices.collect::<Result<_, _>>()?;
        self.insert_folders(BotFolders {
            roster,
            choices,
            built: None,
        })
    }

    /// Adds a folder for each bot with files that were built before; `choices` lists those of each
    /// choice of the roster.
    pub(super) fn insert_built(
        &mut self,
        roster: &'a Roster,
        built: &'a dyn BuiltFiles,
        choices: impl IntoIterator<Item = &'a [ListedPage]>,
    ) -> Result<(), Collision> {
        let page = |(at, page): (usize, &ListedPage)| BotPage {
            name: page.name.clone(),
            body: BotBody::Built(built, at, page.name.clone()),
            hash: page.hash,
        };
        let choices = choices.into_iter();
        let choices = choices.map(|pages| pages.iter().enumerate().map(page).collect());
        self.insert_folders(BotFolders {
            roster,
            choices: choices.collect(),
            built: Some(built),
        })
    }

    fn insert_folders(&mut self, bots: BotFolders<'a>) -> Result<(), Collision> {
        // A shard may have no bots.
        if !bots.roster.is_empty() {
            self.check(BOTS, false)?;
            let (path, is_file) = (BOTS.to_owned(), false);
            self.names.insert(path.clone(), PathName { path, is_file });
        }
        self.bots = Some(bots);
        Ok(())
    }

    /// Returns the folders of bots, if there are any.
    pub(super) fn bots(&self) -> Option<&BotFolders<'a>> {
        self.bots.as_ref().filter(|bots| !bots.roster.is_empty())
    }

    /// Returns whether a file or folder has this path in any case.
    pub(super) fn has_name(&self, path: &TreePath) -> bool {
        self.names.contains_key(&path.as_str().to_lowercase())
    }

    /// Returns the list of bots, if there is one.
    pub(super) fn roster(&self) -> Option<&'a Roster> {
        self.bots.as_ref().map(|bots| bots.roster)
    }

    /// Returns the share of all bots that the list has, if it is a shard.
    pub(super) fn share(&self) -> Option<Share> {
        self.roster().and_then(Roster::share)
    }

    /// Returns whether it was built from a list of bots.
    pub(super) fn has_list(&self) -> bool {
        self.bots.as_ref().is_some_and(|bots| {
            let roster = bots.roster;
            bots.built.is_some() || !roster.is_empty() || roster.share().is_some()
        })
    }

    /// Returns the content of a file.
    pub fn get(&self, path: &str) -> Option<&FileContent<'a>> {
        self.files.get(path)
    }

    /// Iterates over the files outside the folders of bots, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&TreePath, &FileContent<'a>)> {
        self.files.iter()
    }

    /// Returns the number of files outside the folders of bots.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns whether there is no such file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns whether a file of the tree lies in the folder `path`.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.names
            .get(&path.to_lowercase())
            .is_some_and(|name| !name.is_file && name.path == path)
    }

    /// Returns whether an old file at `path` is in the way of a file of the tree: it is where the
    /// tree has a folder, or the other way round, or the same file on a system that ignores case.
    pub(super) fn needs_place_of(&self, path: &TreePath) -> bool {
        let lower = path.as_str().to_lowercase();
        let is_file = |folder: &str| self.names.get(folder).is_some_and(|name| name.is_file);
        self.names.contains_key(&lower) || path::folders(&lower).any(is_file)
    }

    fn check(&self, name: &str, is_file: bool) -> Result<(), Collision> {
        match self.names.get(&name.to_lowercase()) {
            Some(taken) if taken.path != name => Err(Collision::Case {
                path: name.to_owned(),
                other: taken.path.clone(),
            }),
            Some(taken) if taken.is_file || is_file => {
                Err(Collision::FileAndFolder(name.to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// Checks the names of the pages in a bot's folder, which has no folders.
fn folder_of<'a>(
    pages: Vec<(String, &'a Fillable, Form)>,
    variables: &[&str],
    roster: &Roster,
) -> Result<Vec<BotPage<'a>>, Collision> {
    let mut names = Tree::default();
    let mut folder = Vec::with_capacity(pages.len());
    for (name, page, form) in pages {
        let path = TreePath::new(name.as_str()).map_err(Collision::Invalid)?;
        if path.folder().is_some() {
            return Err(Collision::FileAndFolder(name));
        }
        names.insert(path, Vec::new())?;
        // Of the page with its holes: computed once for all bots, where a hash of each file would
        // take 15 µs for each page of each bot.
        let hash = page.hash(variables);
        let (form, hash) = match form {
            Form::Plain => (BotForm::Plain, hash),
            Form::Gzip => {
                // IDs mostly have one length.
                let is_id = |variable| Some(variable) == roster.id_variable();
                let gzip = Gzip::new(page.holed(), is_id);
                (BotForm::Gzip(Arc::new(gzip)), compressed_hash(hash))
            }
        };
        let body = BotBody::Page { page, form };
        let hash = hash.as_bytes().first_chunk().copied();
        let hash = hash.expect("a half of 32 bytes is 16");
        folder.push(BotPage { name, body, hash });
    }
    folder.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(folder)
}

/// Returns the hash of a page's compressed form, whose bytes may differ in another version.
fn compressed_hash(page: blake3::Hash) -> blake3::Hash {
    let version = concat!("gzip by ", env!("CARGO_PKG_VERSION"));
    blake3::hash(&[page.as_bytes(), version.as_bytes()].concat())
}

impl BotFolders<'_> {
    /// Returns the hash of the values that the pages of a bot are filled with.
    pub(super) fn hash(&self, bot: &Bot) -> u64 {
        self.built.map_or(bot.hash, |built| built.hash(&bot.values))
    }
}

impl BotBody<'_> {
    /// Writes the page with a bot's values to the end of `out`; `plain` is a buffer, and `path`
    /// gives the path of the page for messages.
    ///
    /// # Errors
    /// If a template can't render the page for this bot, or a file is not as it was built.
    pub(super) fn fill(
        &self,
        values: &Values,
        path: impl Fn() -> String,
        plain: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> anyhow::Result<()> {
        let (page, form) = match self {
            BotBody::Built(files, at, name) => return files.push_to(values, *at, name, out),
            BotBody::Page { page, form } => (page, form),
        };
        let start = out.len();
        let again = page.rendered_again(values);
        match (form, again.map_err(|fault| fault.of_page(&path()))?) {
            (BotForm::Plain, Some(text)) => out.extend_from_slice(text.as_bytes()),
            (BotForm::Plain, None) => page.holed().fill_into(values, out),
            (BotForm::Gzip(gzip), text) => {
                plain.clear();
                gzip.fill_into(values, plain, out);
                // Only the holed page was compressed beforehand; a page that is rendered again for
                // this bot is compressed as a whole.
                if let Some(text) = text.filter(|text| text.as_bytes() != plain.as_slice()) {
                    out.truncate(start);
                    out.extend(gzipped(text.as_bytes()));
                }
            }
        }
        Ok(())
    }

    /// Returns the number of bytes that [`fill`](Self::fill) would write.
    ///
    /// # Errors
    /// As there: a page that is rendered for each bot is rendered to be counted.
    pub(super) fn size(&self, values: &Values, path: impl Fn() -> String) -> anyhow::Result<usize> {
        match self {
            BotBody::Page { page, form } if !page.is_rendered_again(values) => Ok(match form {
                BotForm::Plain => page.holed().filled_size(values),
                BotForm::Gzip(gzip) => gzip.filled_size(values),
            }),
            _ => {
                let (mut plain, mut out) = (Vec::new(), Vec::new());
                self.fill(values, path, &mut plain, &mut out)?;
                Ok(out.len())
            }
        }
    }
}

impl fmt::Display for Collision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Collision::Invalid(error) => error.fmt(f),
            Collision::Twice(path) => write!(f, "two files are to be written to `{path}`"),
            Collision::Case { path, other } => {
                write!(f, "the paths `{path}` and `{other}` differ only in case")
            }
            Collision::FileAndFolder(path) => {
                write!(f, "the path `{path}` is a file and a folder at once")
            }
            Collision::Reserved(path) => {
                write!(f, "the path `{path}` is reserved for botdocs")
            }
        }
    }
}

impl std::error::Error for Collision {}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert_all(paths: &[&str]) -> Result<Tree<'static>, Collision> {
        let mut tree = Tree::default();
        for path in paths {
            tree.insert(TreePath::new(*path).unwrap(), Vec::new())?;
        }
        Ok(tree)
    }

    #[test]
    fn keeps_files_in_order() {
        let tree = insert_all(&["b", "a/y", "a/x", "a-b/x"]).unwrap();
        let paths: Vec<_> = tree.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["a-b/x", "a/x", "a/y", "b"]);
        assert!(tree.has_folder("a") && !tree.has_folder("b") && !tree.has_folder("A"));
    }

    #[test]
    fn refuses_collisions() {
        for (paths, message) in [
            (["a", "a"], "two files are to be written to `a`"),
            (
                ["of/Ab/x", "of/ab/y"],
                "the paths `of/ab` and `of/Ab` differ only in case",
            ),
            (
                ["ä.html", "Ä.html"],
                "the paths `Ä.html` and `ä.html` differ only in case",
            ),
            (["a", "A/b"], "the paths `A` and `a` differ only in case"),
            (["a", "a/b"], "the path `a` is a file and a folder at once"),
            (["a/b", "a"], "the path `a` is a file and a folder at once"),
            (
                ["a", "botdocs-manifest.json"],
                "the path `botdocs-manifest.json` is reserved for botdocs",
            ),
            (
                ["a", "x/.Botdocs-journal/0"],
                "the path `x/.Botdocs-journal/0` is reserved for botdocs",
            ),
            (
                ["a", "Bots/ada"],
                "the path `Bots/ada` is reserved for botdocs",
            ),
        ] {
            assert_eq!(insert_all(&paths).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn refuses_pages_of_bots_that_collide() {
        let (roster, page) = (Roster::empty(), Fillable::from(Holed::cut("", &[])));
        for (names, message) in [
            (&["a", "a"][..], "two files are to be written to `a`"),
            (&["a", "A"], "the paths `A` and `a` differ only in case"),
            (
                &["con.html"],
                "the path `con.html` has a part that is the name of a device on Windows",
            ),
            (&["a/b"], "the path `a/b` is a file and a folder at once"),
            (
                &[".botdocs-x"],
                "the path `.botdocs-x` is reserved for botdocs",
            ),
        ] {
            let pages = names
                .iter()
                .map(|name| ((*name).to_owned(), &page, Form::Plain))
                .collect();
            let refused = Tree::default().insert_bots(&roster, &[], [pages]);
            assert_eq!(refused.unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_refused_file_leaves_no_trace() {
        let mut tree = insert_all(&["a/b"]).unwrap();
        assert!(tree.insert(TreePath::new("x/y").unwrap(), vec![]).is_ok());
        assert!(
            tree.insert(TreePath::new("A/c/d").unwrap(), vec![])
                .is_err()
        );
        assert!(!tree.has_folder("A/c"));
        assert_eq!(tree.len(), 2);
    }
}
