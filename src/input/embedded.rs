//! The files that come with the program: the theme, its words, and what a new project begins with.

use include_dir::{Dir, File};

/// The files of a folder and of those in it, by path, in order.
pub fn files(folder: &'static Dir<'static>) -> Vec<(&'static str, &'static [u8])> {
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        let files = folder.files();
        found.extend(files.filter_map(|file| Some((file.path().to_str()?, file.contents()))));
    }
    // Sorted, so that the order of the disk on which botdocs was compiled reaches no list.
    found.sort_unstable();
    found
}

/// The texts of a folder, without those of folders in it, by name, in order.
pub fn texts(folder: &'static Dir<'static>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = |file: &'static File<'static>| Some((file.path().to_str()?, file.contents_utf8()?));
    let mut texts: Vec<_> = folder.files().filter_map(text).collect();
    texts.sort_unstable();
    texts.into_iter()
}
