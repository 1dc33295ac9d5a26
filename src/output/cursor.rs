//! Opens the folders above one path after another, and deletes files and empty folders on the way.

use std::collections::BTreeSet;

use super::error::IoContext;
use super::folder::Folder;
use super::path::TreePath;
use super::system;

/// Opens the folders above one path after another; those that the next path shares stay open.
pub(super) struct Cursor<'a> {
    root: &'a Folder,
    open: Vec<(String, Folder)>,
}

impl<'a> Cursor<'a> {
    /// Starts at `root`.
    pub(super) fn new(root: &'a Folder) -> Cursor<'a> {
        let open = Vec::new();
        Cursor { root, open }
    }

    /// Returns the folder of `path`, unless one above it is missing or not a folder.
    pub(super) fn reach(&mut self, path: &TreePath) -> anyhow::Result<Option<&Folder>> {
        self.walk(path, false)
    }

    /// Fails where `path` can't be changed, as far as can be known before.
    pub(super) fn may_change(&mut self, path: &TreePath) -> anyhow::Result<()> {
        match self.reach(path)? {
            Some(folder) => folder.may_change(path.name()),
            None => Ok(()),
        }
    }

    /// Returns the folder of `path`; missing ones above it are made.
    pub(super) fn make(&mut self, path: &TreePath) -> anyhow::Result<&Folder> {
        let at = self.root.path_of(path.as_str());
        let folder = self.walk(path, true)?.ok_or_else(system::not_a_folder);
        folder.at("make the folders above", at)
    }

    fn walk(&mut self, path: &TreePath, make: bool) -> anyhow::Result<Option<&Folder>> {
        let mut folders: Vec<&str> = path.folders().collect();
        folders.reverse();
        let shared = self.open.iter().zip(&folders);
        let shared = shared.take_while(|((open, _), folder)| open == *folder);
        let shared = shared.count();
        self.open.truncate(shared);
        for folder in &folders[shared..] {
            let above = self.innermost();
            let name = folder.rsplit('/').next().unwrap_or(folder);
            if make {
                above.make(name)?;
            }
            let Some(opened) = above.child(name)? else {
                return Ok(None);
            };
            self.open.push(((*folder).to_owned(), opened));
        }
        Ok(Some(self.innermost()))
    }

    fn innermost(&self) -> &Folder {
        self.open.last().map_or(self.root, |(_, folder)| folder)
    }
}

/// Deletes files, and the folders that become empty.
///
/// A path without a file is passed over, so an interrupted deletion can be done again. In the order
/// of paths, deletions need memory only for the folders above one path.
pub(super) struct Deleter<'a> {
    cursor: Cursor<'a>,
    /// The folders above the last path, which are deleted once no further path is in them.
    above: BTreeSet<String>,
}

impl<'a> Deleter<'a> {
    /// Starts at `root`.
    pub(super) fn new(root: &'a Folder) -> Deleter<'a> {
        let (cursor, above) = (Cursor::new(root), BTreeSet::new());
        Deleter { cursor, above }
    }

    /// Deletes the file at `path` by calling `take` with its folder.
    pub(super) fn delete(
        &mut self,
        path: &TreePath,
        take: impl FnOnce(&Folder) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let holds = |folder: &str| path.folders().any(|above| above == folder);
        let left: BTreeSet<String> = self.above.extract_if(.., |folder| !holds(folder)).collect();
        delete_if_empty(self.cursor.root, left.iter().map(String::as_str).collect())?;
        if let Some(folder) = self.cursor.reach(path)? {
            take(folder)?;
        }
        self.above.extend(path.folders().map(str::to_owned));
        Ok(())
    }

    /// Deletes the last folders.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let above = self.above.iter().map(String::as_str).collect();
        delete_if_empty(self.cursor.root, above)
    }
}

/// Deletes those folders that are empty, or become so on the way.
pub(super) fn delete_if_empty(root: &Folder, folders: BTreeSet<&str>) -> anyhow::Result<()> {
    let mut cursor = Cursor::new(root);
    // In reverse order, a folder comes after those in it.
    for folder in folders.into_iter().rev() {
        let path = TreePath::new(folder).expect("a part of a valid path is valid");
        if let Some(above) = cursor.reach(&path)? {
            above.remove_folder(path.name())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests look at real folders")]

    use std::fs;

    use super::*;

    fn path(path: &str) -> TreePath {
        TreePath::new(path).unwrap()
    }

    #[test]
    fn deletes_files_and_emptied_folders_only() {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir_all(temp.path().join("a/b/c")).unwrap();
        fs::create_dir_all(temp.path().join("d")).unwrap();
        for name in ["a/b/c/1", "a/b/2", "a/3", "d/4", "d/5"] {
            fs::write(temp.path().join(name), name).unwrap();
        }
        let root = Folder::open(temp.path()).unwrap();
        let mut deleter = Deleter::new(&root);
        for path in ["a/b/2", "a/b/c/1", "d/4", "e/6"].map(path) {
            let take = |folder: &Folder| folder.remove_file(path.name());
            deleter.delete(&path, take).unwrap();
        }
        deleter.finish().unwrap();
        assert!(temp.path().join("a/3").exists() && !temp.path().join("a/b").exists());
        assert!(temp.path().join("d/5").exists() && !temp.path().join("d/4").exists());
    }

    #[test]
    fn deletes_nothing_elsewhere_when_a_folder_becomes_a_link() {
        let temp = tempfile::tempdir().unwrap();
        let elsewhere = temp.path().join("elsewhere");
        let site = temp.path().join("site");
        fs::create_dir_all(site.join("bots/b")).unwrap();
        fs::create_dir_all(elsewhere.join("b")).unwrap();
        fs::write(elsewhere.join("b/index.html"), "precious").unwrap();
        fs::write(site.join("bots/b/index.html"), "ours").unwrap();

        let root = Folder::open(&site).unwrap();
        let paths = [path("bots/b/index.html")];
        fs::rename(site.join("bots"), temp.path().join("moved")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, site.join("bots")).unwrap();
        let mut deleter = Deleter::new(&root);
        let take = |folder: &Folder| folder.remove_file("index.html");
        deleter.delete(&paths[0], take).unwrap();
        deleter.finish().unwrap();

        assert_eq!(
            fs::read(elsewhere.join("b/index.html")).unwrap(),
            b"precious"
        );
        assert!(Cursor::new(&root).make(&paths[0]).is_err());
    }
}
