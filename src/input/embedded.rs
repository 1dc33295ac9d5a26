//! The files embedded in the program: the theme, its messages, and the files of a new project.

use include_dir::{Dir, File};

/// Returns the files of a folder and its subfolders, sorted by path.
pub fn files(folder: &'static Dir<'static>) -> Vec<(&'static str, &'static [u8])> {
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        let files = folder.files();
        found.extend(files.filter_map(|file| Some((file.path().to_str()?, file.contents()))));
    }
    // Sorted, so that no list depends on the file order of the disk on which botdocs was compiled.
    found.sort_unstable();
    found
}

/// Returns the texts of a folder without its subfolders, sorted by name.
pub fn texts(folder: &'static Dir<'static>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = |file: &'static File<'static>| Some((file.path().to_str()?, file.contents_utf8()?));
    let mut texts: Vec<_> = folder.files().filter_map(text).collect();
    texts.sort_unstable();
    texts.into_iter()
}
